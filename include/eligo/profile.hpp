// One company's (or investor's, or person's) facts. A fact that is not set is absent: its declared default, else unknown.
//
// Keys are paths: "employees"; "revenue.2015", a fiscal year of a yearly fact; "claims[0].paid_in", a fact of an element
// of a list, counted from 0; "company.employees", a fact of a record. "fiscal_year" and "company_id" are keys of every
// subject; without a fiscal year, the year of the as-of date is taken.
#pragma once

#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace eligo {

namespace detail {
struct PackData;
struct ProfileData;
struct Inside;
}  // namespace detail

enum class ProblemKind : std::uint8_t {
    UnknownKey,       // no such fact
    WrongType,        // not a value of the fact's type
    OutOfRange,       // outside the range that the vocabulary declares
    TooManyDecimals,  // money has at most 2 decimals, other numbers at most 6
    EmptyRange,       // a range without a value in it
    Contradiction,    // two facts that cannot both be so
    TooManyElements,  // a list longer than the vocabulary allows
    BadYear,          // not a fiscal year from 1900 to 2199
    BadPlace,         // a year where the fact has none, no year where it has one, and the like
};

// What is wrong with a fact, in words for whoever knows the company.
struct Problem {
    ProblemKind kind{};
    std::string key;
    std::string found;                               // what was given; may be empty
    std::string expected_chinese, expected_english;  // "a number from 0 to 5000000"
    // "employees: expected a number from 0 to 5000000, found "-3""
    [[nodiscard]] std::string chinese() const;
    [[nodiscard]] std::string english() const;
};

// What became of setting a fact: nothing wrong, or one problem.
class Status {
public:
    Status() = default;
    Status(Problem problem) : problem_(std::move(problem)) {}  // NOLINT: a problem is a status
    [[nodiscard]] bool ok() const { return !problem_; }
    explicit operator bool() const { return ok(); }
    // Only when it is not ok().
    [[nodiscard]] const Problem& problem() const { return *problem_; }

private:
    std::optional<Problem> problem_;
};

// A profile belongs to the pack it was made by and keeps it alive. It is a value: copies are independent. One thread at
// a time may change it; any number may read it meanwhile unchanged.
//
// A value that cannot be is refused. So that nobody is judged by what was refused, its fact becomes unknown, and
// problems() goes on naming it until it is set, made unknown or forgotten (of more than 1,000 refused values the first 1,000).
//
// Keys and texts are UTF-8; a key, a company_id and a fiscal_year have at most 10,000 bytes, any other value 16,000,000. Years are 1900 to 2199,
// and a list has at most as many elements as its vocabulary says, never more than 10,000.
class Profile {
public:
    Profile(const Profile& other);
    Profile(Profile&& other) noexcept;
    Profile& operator=(const Profile& other);
    Profile& operator=(Profile&& other) noexcept;
    ~Profile();

    // Truths.
    template <std::same_as<bool> Bool>
    Status set(std::string_view key, Bool value) {
        return set_truth(key, value);
    }
    // Whole numbers: of units, of yuan for money, of months or days for durations.
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    Status set(std::string_view key, Integer value) {
        return set_number(key, std::to_string(value));
    }
    // Binary floating point holds no amount exactly: write the decimal as a text, "0.15".
    template <std::floating_point Floating>
    Status set(std::string_view key, Floating value) = delete;
    // Any value as text: a decimal in plain notation ("12000000.00", in yuan for money; "0.15" or "15%" for
    // percentages), a date "2018-06-01", a member's name, a code, a text, "true", "false". A number, date or duration may
    // be given as a range: "8 .. 12", "3 ..", ".. 500", "0 <..< 1".
    Status set(std::string_view key, std::string_view value);
    Status set(std::string_view key, const char* value) { return set(key, std::string_view(value)); }
    Status set(std::string_view key, const std::string& value) { return set(key, std::string_view(value)); }
    Status set(std::string_view key, std::chrono::year_month_day value);

    // Given as unknown, which a default does not replace. A yearly fact without a year: in all years; a list: of
    // unknown length; a record: all of its facts.
    Status set_unknown(std::string_view key);
    // As if it had never been set.
    Status forget(std::string_view key);
    // A list of `count` elements; those it had stay, new ones have no facts yet. Setting a fact of an element that is
    // not there makes it and those before it; a list that was never set is unknown, not empty.
    Status set_list(std::string_view key, std::size_t count);

    // All that is wrong: values that were refused, and facts that contradict each other (more R&D staff than
    // employees). A check of a profile with problems still answers, but look here first.
    [[nodiscard]] std::vector<Problem> problems() const;

    // The name of the vocabulary, "company".
    [[nodiscard]] std::string subject() const;

private:
    friend class Pack;
    friend class Policy;
    friend struct detail::Inside;
    explicit Profile(std::unique_ptr<detail::ProfileData> data);
    Status set_truth(std::string_view key, bool value);
    Status set_number(std::string_view key, const std::string& digits);

    std::unique_ptr<detail::ProfileData> data_;
};

}  // namespace eligo
