// What a check came to, as plain data: what the text and JSON renderings, scenarios and tests read. Numbers are exact
// and already in plain decimal notation with all their digits, money in yuan with at least two decimals; one that is no finite
// decimal is its quotient, "1/3". Texts of the pack are views of it: an
// answer must not outlive its pack.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/date.hpp"
#include "../value/truth.hpp"

namespace eligo::explain {

enum class Verdict : std::uint8_t { Eligible, Ineligible, Undetermined, NotInForce };
[[nodiscard]] std::string_view verdict_name(Verdict verdict);  // "eligible", "not_in_force"

struct Label {
    std::string_view chinese, english;
};

// A value as people are shown it.
struct Shown {
    enum class State : std::uint8_t {
        Known,    // low
        Open,     // between low and high
        Unknown,  // nothing is known of it (a truth, a member, a code, a text)
        NoValue,  // a quotient by zero and the like
    } state = State::Unknown;
    bytecode::Kind kind = bytecode::Kind::Bool;
    bool percent = false;
    std::string low, high;  // "0.15" for 15 %, "1200.00" for money, "1/3", "2018-06-01", "true", a member's name, "C39"
    std::string low_near, high_near;  // where that is a quotient, the nearest of ten decimals, "0.3333333333", to read beside it
    Label low_label;        // an enum member's
};

struct Value {
    std::string name;  // "employees", "revenue.2015", "rd_ratio"
    Label label;
    bool is_let = false;
    Shown shown;
};

// What is measured against its threshold.
struct Comparison {
    std::string_view left_text, right_text;  // as the policy writes them
    Label left_label;                   // of the let or fact measured; may be empty
    bytecode::Relation relation = bytecode::Relation::Equal;
    Shown left, right;
    value::Truth outcome = value::Truth::Unknown;
};

struct Clause {
    std::string id;  // path from the top: "stage.seed"; an element: "claims[0]", a clause of it "claims[0].in_pool"
    bool is_element = false;
    bytecode::ClauseKind kind = bytecode::ClauseKind::Require;
    std::uint32_t at_least = 0;
    value::Truth outcome = value::Truth::Unknown;  // from the subject's side
    bool asked = true;               // false: its `when` does not hold, or its `unless` does
    bytecode::Guard guard = bytecode::Guard::None;
    value::Truth guard_outcome = value::Truth::True;
    bool open_by_rule = false;       // the text itself leaves it open (`otherwise unknown`)
    Label label;
    std::vector<std::string_view> citations;
    std::vector<Value> values;
    std::vector<Comparison> comparisons;
    std::vector<Clause> clauses;
    std::size_t left_out = 0;  // of its values, comparisons, clauses and elements, for want of room (extent.hpp)
};

struct Benefit {
    std::string name;
    Label label;
    std::vector<std::string_view> citations;
    Shown shown;
};

struct Conflict {
    std::string policy;
    std::vector<std::string_view> citations;
};

struct PolicyAnswer {
    std::string policy;
    Label label;
    Label authority;
    Verdict verdict = Verdict::NotInForce;
    value::Day day = 0;              // the day its date questions were asked of
    std::vector<Benefit> benefits;   // those that have a value, or may have one
    std::vector<std::string> missing;  // paths, in the order of the vocabulary
    std::vector<std::string> assumed;  // paths of facts read that were taken for their default
    std::vector<Value> lets;         // labelled lets
    std::vector<Clause> clauses;
    std::vector<Conflict> conflicts;
    std::size_t left_out = 0;  // in all: of clauses, elements, values, comparisons, lets and conflicts
    std::size_t clauses_left_out = 0;  // of `clauses`
    std::size_t missing_left_out = 0, assumed_left_out = 0;
    bool missing_cut_short = false;  // there may be more: looking for all of them would have taken too long
    std::size_t bytes = 0;     // that it counts for
};

struct Answer {
    std::string company_id;
    std::string subject;             // "company"
    value::Day as_of = 0;
    std::optional<value::Day> known_on;  // what was published later was left out; nothing when nothing was
    std::int32_t fiscal_year = 0;
    std::vector<PolicyAnswer> results;
};

}  // namespace eligo::explain
