// Where the tokens of the language end: plain functions over bytes, asked by the grammar and, for numbers, again
// by from_cst. Each takes the text and an offset inside it and answers the offset behind the token, or `npos`.
// Tested by syntax_test.cpp.
#pragma once

#include <cstddef>
#include <string_view>

namespace eligo::syntax {

inline constexpr std::size_t npos = std::string_view::npos;

[[nodiscard]] std::size_t skip_blanks(std::string_view text, std::size_t at);
// Letters, digits and `_`, beginning with anything of these; the offset itself when there are none.
[[nodiscard]] std::size_t end_of_word(std::string_view text, std::size_t at);
[[nodiscard]] std::string_view word_at(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_name(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_digits(std::string_view text, std::size_t at);
// Digits, a magnitude and a unit, with or without blanks between: `500万元`, `12 months`, `75%`. A word that
// touches the digits belongs to the number even when it is no unit, so that it can be told as an unknown one.
[[nodiscard]] std::size_t end_of_number(std::string_view text, std::size_t at);
// Anything of the shape 2018-1-1; whether it is a day of the calendar is asked later.
[[nodiscard]] std::size_t end_of_date(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_text(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_citation(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_comparison_sign(std::string_view text, std::size_t at);
[[nodiscard]] std::size_t end_of_range_sign(std::string_view text, std::size_t at);

// `policy name`, `scenario "title"` and the like stand in no body: where they begin, every body has ended.
[[nodiscard]] bool begins_other_declaration(std::string_view text, std::size_t at);
// Passes over one sign, or over a whole text or citation, so that a sign inside them ends nothing.
[[nodiscard]] std::size_t pass_token(std::string_view text, std::size_t at);
// The end of whatever token begins there, for pointing at it: a word, a number, a text, an operator, one character.
[[nodiscard]] std::size_t end_of_any_token(std::string_view text, std::size_t at);

// A number's token in its three parts; `unit` is whatever stands behind digits and magnitude.
struct NumberParts {
    std::string_view digits;
    int zeros = 0;
    std::string_view unit;
};
[[nodiscard]] NumberParts split_number(std::string_view token);

}  // namespace eligo::syntax
