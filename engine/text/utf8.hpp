// Which characters stand in a name, and how many cells of a terminal a character takes.
// Tested by text_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "../value/utf8.hpp"

namespace eligo::text {

using value::CodePoint;
using value::append;
using value::code_point_name;
using value::decode;
using value::encode;
using value::first_invalid;

// A name begins with a letter or `_` and goes on with letters, ASCII digits and `_`. Full-width letters and digits,
// U+3000 and combining marks do not belong to names, so that a name has one spelling in bytes.
[[nodiscard]] bool is_name_start(char32_t code_point);
[[nodiscard]] bool is_name_character(char32_t code_point);

[[nodiscard]] bool is_ascii(std::string_view text);
[[nodiscard]] bool is_han(char32_t code_point);
[[nodiscard]] bool holds_han(std::string_view text);

// Cells of a terminal: 2 for East Asian wide and full-width characters, 0 for combining ones, else 1.
[[nodiscard]] int display_width(char32_t code_point);
[[nodiscard]] std::size_t display_width(std::string_view text);

// Code points; a byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t code_point_count(std::string_view text);
[[nodiscard]] std::u32string code_points(std::string_view text);

}  // namespace eligo::text
