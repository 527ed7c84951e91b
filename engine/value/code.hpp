// Classification codes and their prefixes. A code is one whole number in which every code below another
// lies in one contiguous range, so that "a division is in its section" is a comparison of whole numbers.
//
// gbt4754 is GB/T 4754-2017 (national industry classification): a section letter A .. T, then up to four
// digits: division (two, bound to its section), group, class. `C`, `C39`, `C391`, `C3911`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eligo::value {

enum class Classification : std::uint8_t { Gbt4754 };

struct CodeRange {
    std::int32_t first = 0;  // both ends belong to it
    std::int32_t last = 0;
};

[[nodiscard]] std::optional<Classification> find_classification(std::string_view name);
[[nodiscard]] std::string_view classification_name(Classification classification);
// The number of one code; nullopt when it is not a code of that classification (an unknown section, a
// division of another section, a letter in lower case, too many digits).
[[nodiscard]] std::optional<std::int32_t> parse_code(Classification classification, std::string_view text);
// The number of the code itself and of every code below it.
[[nodiscard]] CodeRange codes_below(Classification classification, std::int32_t code);
[[nodiscard]] std::string format_code(Classification classification, std::int32_t code);
[[nodiscard]] CodeRange all_codes(Classification classification);

}  // namespace eligo::value
