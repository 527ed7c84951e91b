// Names that readers take for each other (Unicode's UTS 39): `staff` in Latin letters, and with a Cyrillic `а` in it.
// The letters stand in look_alike_tables.hpp. Tested by text_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace eligo::text {

// Names that look alike have the same skeleton. `name` is made of characters that a name may have, so that no letter is
// spelled in two ways (see is_name_start).
[[nodiscard]] std::u32string skeleton(std::string_view name);

// Two letters of a name that belong to different scripts; nothing when all belong together. Latin letters stand beside those
// of China, Japan and Korea in ordinary names ("highly restrictive" in UTS 39), and beside no others.
struct MixedScripts {
    char32_t first = 0, other = 0;
};
[[nodiscard]] std::optional<MixedScripts> mixed_scripts(std::string_view name);

}  // namespace eligo::text
