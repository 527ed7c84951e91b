// What comes back: a verdict with its benefits, and, when asked, the clauses that made it so and the facts that would
// settle it. Numbers are exact texts in plain decimal notation with all their digits, as many as there are: money in yuan
// with at least two decimals ("1200.00"), percentages as fractions ("0.15"). A benefit always is such a decimal. A value of an
// explanation may be a quotient that is none: it is then written as that quotient in lowest terms, "1/3", "-200/7".
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "limits.hpp"

namespace eligo {

namespace detail {
struct PackData;
struct Inside;
}  // namespace detail

enum class Verdict : std::uint8_t {
    Eligible,
    Ineligible,    // whatever is unknown
    Undetermined,  // it could still go either way
    NotInForce,    // the policy does not apply on that day
};
// "eligible", "ineligible", "undetermined", "not_in_force"
[[nodiscard]] std::string_view name_of(Verdict verdict);

// Of a condition whose facts may be unknown.
enum class Truth : std::uint8_t { False, Unknown, True };

// The most benefits a policy can give. Loading and compiling refuse a pack with more.
inline constexpr std::size_t most_benefits = 16;

// An amount, an age, a rate: exact, or between two ends while facts are missing.
struct Amount {
    bool open = false;      // then it lies between low and high
    std::string low, high;  // the same while it is not open
    // In fen, when it is money that fits: the ends.
    std::optional<std::int64_t> low_fen, high_fen;
};

// The result of a check: a value that holds no memory of its own. It keeps the pack alive.
class CheckResult {
public:
    [[nodiscard]] Verdict verdict() const { return verdict_; }
    // Why nothing was judged; None when it was.
    [[nodiscard]] Refusal refusal() const { return refusal_; }
    [[nodiscard]] bool eligible() const { return verdict_ == Verdict::Eligible; }

    // The names of the benefits that the policy gives on that day, in its order.
    [[nodiscard]] std::vector<std::string> benefit_names() const;
    // Whether a benefit has a value; False for a name that the policy does not know.
    [[nodiscard]] Truth gives(std::string_view benefit) const;
    // The value of a benefit; nothing when it has none. While gives() is Unknown, the value it would have.
    [[nodiscard]] std::optional<Amount> benefit(std::string_view benefit) const;

private:
    friend class Policy;
    friend struct detail::Inside;
    struct Wide {
        std::int64_t high = 0;
        std::uint64_t low = 0;
    };
    struct Given {
        Truth truth = Truth::False;
        Wide low, high;
    };
    [[nodiscard]] std::optional<std::size_t> index_of(std::string_view benefit) const;
    [[nodiscard]] Amount amount_at(std::size_t index) const;

    std::shared_ptr<const detail::PackData> pack_;
    std::uint32_t policy_ = 0, version_ = 0;
    Verdict verdict_ = Verdict::NotInForce;
    Refusal refusal_ = Refusal::None;
    std::size_t benefit_count_ = 0;
    std::array<Given, most_benefits> benefits_;
};

// ---- reasons, as plain data
//
// They stay readable and of bounded size whatever the pack and the profile. Of one policy at most 1,000,000 bytes are told (a clause, value or
// comparison counts for its texts and 64 more), of one clause 100 values, 100 comparisons and 50 elements of lists, and 1,000 facts each that are
// missing and that were assumed; a text fact's value is cut at 1,000 bytes and then ends with "…". What decides is told before the
// rest. What is left out is counted beside what it is left out of, and never changes a verdict, an outcome or a benefit.

struct Label {
    std::string chinese, english;
};

// A value as people are shown it.
struct Shown {
    enum class State : std::uint8_t {
        Known,    // low == high
        Open,     // between low and high
        Unknown,  // nothing is known of it
        NoValue,  // a quotient by zero and the like
    } state = State::Unknown;
    bool percent = false;
    bool money = false;
    std::string low, high;  // "0.15", "1200.00", "1/3", "2018-06-01", "true", a member's name, "C39"
    // Where low or high is a quotient: the nearest of ten decimals, a half away from zero, "0.3333333333", for people to read beside
    // it. Else empty.
    std::string low_near, high_near;
    Label label;            // a member's
};

// A fact or a named intermediate value that a clause reads.
struct NamedValue {
    std::string name;  // "employees", "revenue.2015", "rd_ratio"
    Label label;
    bool is_let = false;
    Shown value;
};

enum class Relation : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

// What is measured against its threshold.
struct Comparison {
    std::string left_text, right_text;  // as the policy writes them
    Label left_label;
    Relation relation = Relation::Equal;
    Shown left, right;
    Truth outcome = Truth::Unknown;
};

enum class ClauseKind : std::uint8_t { Require, Exclude, AllOf, AnyOf, AtLeast };

struct Clause {
    std::string id;          // "stage.seed", "claims[0].in_pool"
    bool is_element = false; // one element of a list, with the clauses asked of it
    ClauseKind kind = ClauseKind::Require;
    std::uint32_t at_least = 0;
    Truth outcome = Truth::Unknown;  // from the subject's side: an exclusion that is true is False
    bool asked = true;               // false: its `when` does not hold, or its `unless` does
    bool open_by_rule = false;       // the policy itself leaves it open
    Label label;
    std::vector<std::string> citations;
    std::vector<NamedValue> values;
    std::vector<Comparison> comparisons;
    std::vector<Clause> clauses;
    std::size_t left_out = 0;  // how many of its values, comparisons, clauses and elements are not told
};

struct Benefit {
    std::string name;
    Label label;
    std::vector<std::string> citations;
    Shown value;
};

struct Conflict {
    std::string policy;  // cannot be claimed together with it
    std::vector<std::string> citations;
};

struct Explanation {
    Refusal refusal = Refusal::None;   // then nothing was judged, and the verdict is Undetermined
    std::string policy;
    Label label, authority;
    Verdict verdict = Verdict::NotInForce;
    std::chrono::year_month_day day{};  // that its date questions were asked of
    std::optional<std::chrono::year_month_day> known_on;  // as the question had it
    std::vector<Benefit> benefits;     // those that have a value, or may have one
    std::vector<std::string> missing;  // keys of the facts that would settle it
    std::vector<std::string> assumed;  // keys of facts that were taken for their default
    std::vector<NamedValue> lets;
    std::vector<Clause> clauses;
    std::vector<Conflict> conflicts;
    std::size_t left_out = 0;          // how many clauses, elements, values, comparisons, lets and conflicts are not told, in all
    std::size_t clauses_left_out = 0;  // of `clauses`
    std::size_t missing_left_out = 0, assumed_left_out = 0;
    bool missing_cut_short = false;    // looking for all missing facts would have taken too long: there may be more
};

}  // namespace eligo
