// Facts given from outside: a place in a profile by its key, a value from its text, what may be wrong with either.
// Whatever comes from outside, JSON, CSV or a host program, is checked here and nowhere else. Values are exact: a text
// becomes a whole multiple of its fact's unit or a problem, never a rounded number.
// Tested by profile_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "profile.hpp"

namespace eligo::vm {

enum class ProblemKind : std::uint8_t {
    UnknownKey,       // no such fact
    WrongType,        // not a value of the fact's type
    OutOfRange,       // outside the range that the fact declares
    TooManyDecimals,  // finer than the fact's unit
    EmptyRange,       // a range without a value in it
    Contradiction,    // two facts that cannot both be so
    Duplicate,        // a key given twice
    TooManyElements,  // a list longer than its fact allows
    BadYear,          // a fiscal year that is none
    BadPlace,         // a key that leads to no value: a year where there is none, or none where there is one
};

struct Problem {
    ProblemKind kind{};
    std::string key;                                // path of the fact, "claims[0].paid_in"
    std::string found;                              // what was given, as it was written; may be empty
    std::string expected_chinese, expected_english;  // "a number from 0 to 5000000"
    std::string other_key;                          // Contradiction: the fact it clashes with
};

// How a value was written. A text facts' value is no number, and a bool's no text.
enum class Scalar : std::uint8_t {
    Bool,    // true, false
    Number,  // a number of JSON or of the host program
    Text,    // in quotes
    Plain,   // without quotes, of any type: a cell of CSV, a scalar of YAML, a text of the host program
};

inline constexpr std::int32_t first_fiscal_year = 1900;
inline constexpr std::int32_t last_fiscal_year = 2199;

// "2015"; nullopt when it is no year of four digits within 1900 .. 2199.
[[nodiscard]] std::optional<std::int32_t> parse_year(std::string_view text);

// The value of a fact (of any kind but Record and List) from its text: a single value or a range. New texts are added
// to `texts` (Profile::texts). On a problem, `cell` is left alone.
[[nodiscard]] std::optional<Problem> read_cell(const bytecode::Pack& pack, const bytecode::Fact& fact, Scalar scalar, std::string_view text,
                                               std::vector<std::string>& texts, Cell& cell);

// What a fact's value must be, for people.
struct Expectation {
    std::string chinese, english;
};
[[nodiscard]] Expectation expectation_of(const bytecode::Pack& pack, const bytecode::Fact& fact);
// A value of the fact in plain notation: "120", "12000000.00", "2018-06-01", a member's name.
[[nodiscard]] std::string plain_value(const bytecode::Pack& pack, const bytecode::Fact& fact, std::int64_t value);

// The fact of a subject with that name, and the column whose path is `prefix` (facts of records) and then that fact.
[[nodiscard]] bytecode::Index find_fact(const bytecode::Pack& pack, bytecode::Index subject, std::string_view name);
[[nodiscard]] bytecode::Index find_column(const bytecode::Pack& pack, bytecode::Index subject, const std::vector<bytecode::Index>& path);

// Puts a value where it belongs; `year` is ignored for columns that are not yearly.
void put(const bytecode::Pack& pack, bytecode::Index subject, Row& row, bytecode::Index column, std::int32_t year, const Cell& cell);

// Given as unknown: all columns at the path, a fact or (a record) what lies below it.
void put_unknown(const bytecode::Pack& pack, bytecode::Index subject, Row& row, const std::vector<bytecode::Index>& path);

// Setting by key: "employees", "revenue.2015", "company.employees", "claims[0].paid_in", "fiscal_year", "company_id".
// Element n of a list is made when it is not there yet, with those before it. Where memory runs out, here and in the three
// below, nothing is changed.
[[nodiscard]] std::optional<Problem> set_value(Profile& profile, std::string_view key, Scalar scalar, std::string_view text);
// Given as unknown: a value, all years of a yearly fact, a list, or all facts of a record.
[[nodiscard]] std::optional<Problem> set_unknown(Profile& profile, std::string_view key);
// As if it had never been given; the same places.
[[nodiscard]] std::optional<Problem> forget(Profile& profile, std::string_view key);
// A list of `count` elements; those it had stay, new ones are empty.
[[nodiscard]] std::optional<Problem> set_list(Profile& profile, std::string_view key, std::size_t count);

// Facts that cannot both be so: `rd_staff` above `employees`. One problem a pair, in the order of the vocabulary.
[[nodiscard]] std::vector<Problem> contradictions(const Profile& profile);

}  // namespace eligo::vm
