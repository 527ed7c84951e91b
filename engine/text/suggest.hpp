// The nearest known name, for "did you mean". Tested by text_test.cpp.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace eligo::text {

// The known name that `wanted` was most likely meant to be, or nothing when none is near. Nearness is the number of
// code points to insert, leave out, change or swap with a neighbour (about one in three is still near); a name that
// differs only in capitals, in `_`, `-` and blanks or in the order of its words is always near. Of equally near ones
// the first wins.
[[nodiscard]] std::optional<std::string> nearest(std::string_view wanted, std::span<const std::string> known);

// Insertions, deletions, changes and swaps of neighbours that turn one text into the other, each part at most once.
[[nodiscard]] std::size_t edit_distance(std::u32string_view from, std::u32string_view to);

}  // namespace eligo::text
