// What is wrong with an input, as data and in words, in both languages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../text/diagnostic.hpp"
#include "tree.hpp"

namespace eligo::io {

enum class ProblemKind : std::uint8_t {
    CannotRead,       // the file is missing, is a folder, may not be read
    Malformed,        // not JSON, YAML or CSV
    UnknownKey,
    WrongType,
    OutOfRange,
    TooManyDecimals,
    EmptyRange,
    Contradiction,
    Duplicate,
    TooManyElements,
    BadYear,
    BadPlace,
};
// "unknown_key"
[[nodiscard]] std::string_view name_of(ProblemKind kind);

// `chinese` and `english` say all of it in one sentence but for the place and the key.
struct Problem {
    ProblemKind kind{};
    std::string file;     // as it was named to us; "-" is standard input
    Place place;
    std::string key;      // path of the fact; empty when it is about the whole input
    std::string found;    // as it was written; may be empty
    std::string expected_chinese, expected_english;
    std::string nearest;  // UnknownKey: the key that was probably meant; may be empty
    std::string chinese, english;
};

// A key or a value of the input at a length that a person reads: the rest of a long one is left out, between characters.
[[nodiscard]] std::string clipped(std::string_view text);

// More problems than this in one input are not told: reading stops with a last one that says so.
inline constexpr std::size_t most_problems = 1'000;
void stop_telling(std::vector<Problem>& problems, const std::string& file);

// "expected a number from 0 to 5000000, found `-3`" from what was expected and found.
void word_expectation(Problem& problem);
// "company.json:3:16: employees: expected a number from 0 to 5000000, found `-3`"
[[nodiscard]] std::string say(const Problem& problem, text::Language language);
// A JSON object on one line: kind, file, line, column, key, found, expected, nearest, message.
[[nodiscard]] std::string to_json(const Problem& problem, text::Language language);

}  // namespace eligo::io
