// UTF-8: decoding, encoding, validity. What characters are good for in a policy is told by text/utf8.hpp.
// Tested by text_test.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace eligo::value {

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

// `U+3000`
[[nodiscard]] std::string code_point_name(char32_t code_point);

}  // namespace eligo::value
