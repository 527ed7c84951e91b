// UTF-8: decoding, validity, which characters stand in a name, how many cells of a terminal a character takes.
// Tested by text_test.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eligo::text {

// One code point as it was read. What is not UTF-8 comes out as `valid == false`, one byte long.
struct CodePoint {
    char32_t value = 0;
    std::size_t length = 1;  // bytes
    bool valid = false;
};

// The code point at byte `offset`, which lies inside `text`. Overlong forms, surrogates and values above 10FFFF are
// not valid.
[[nodiscard]] CodePoint decode(std::string_view text, std::size_t offset);

void append(std::string& text, char32_t code_point);
[[nodiscard]] std::string encode(char32_t code_point);

// The byte offset of the first byte that is not UTF-8; nothing when all of it is.
[[nodiscard]] std::optional<std::size_t> first_invalid(std::string_view text);

// A name begins with a letter or `_` and goes on with letters, ASCII digits and `_`. Full-width letters and digits,
// U+3000 and combining marks do not belong to names, so that a name has one spelling in bytes.
[[nodiscard]] bool is_name_start(char32_t code_point);
[[nodiscard]] bool is_name_character(char32_t code_point);

[[nodiscard]] bool is_han(char32_t code_point);
[[nodiscard]] bool holds_han(std::string_view text);

// Cells of a terminal: 2 for East Asian wide and full-width characters, 0 for combining ones, else 1.
[[nodiscard]] int display_width(char32_t code_point);
[[nodiscard]] std::size_t display_width(std::string_view text);

// Code points; a byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t code_point_count(std::string_view text);
[[nodiscard]] std::u32string code_points(std::string_view text);

// `U+3000`
[[nodiscard]] std::string code_point_name(char32_t code_point);

}  // namespace eligo::text
