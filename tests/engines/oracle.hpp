// A slow, obvious evaluator of a checked Model: a walk over its expressions with rationals of any size and
// intervals of them. What docs/language.md says is written here a second time, so that a mistake in the compiler or in an
// engine shows as a difference. Of the engine it uses nothing but the calendar, the codes and Kleene's tables.
// Compared with the engines by compare.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../engine/sema/model.hpp"
#include "../../engine/value/date.hpp"
#include "../../engine/value/truth.hpp"
#include "number.hpp"

namespace eligo::oracle {

using value::Truth;

[[nodiscard]] Number number_of(const value::Rational& rational);

// What a profile says of one fact. Money in yuan; truths 0 and 1; dates as day numbers; members and codes by number.
struct Scalar {
    enum class State : std::uint8_t { Absent, Unknown, Known, Range } state = State::Absent;
    Number low = 0, high = 0;  // Known: low is the value
    std::string text;          // of text facts, in place of a number
    friend bool operator==(const Scalar&, const Scalar&) = default;
};

struct List;
// By path within the subject: "employees", "revenue.2015", "company.employees". What is not there is absent.
struct Record {
    std::map<std::string, Scalar> scalars;
    std::map<std::string, List> lists;
    friend bool operator==(const Record&, const Record&);
};
// Not there, or there and not known: any list.
struct List {
    bool known = false;
    std::vector<Record> elements;
    friend bool operator==(const List&, const List&) = default;
};
inline bool operator==(const Record&, const Record&) = default;

struct Profile {
    sema::Id subject = sema::no_id;
    Record facts;
    std::optional<std::int32_t> fiscal_year;  // else the year of the day
};

struct Question {
    value::Day as_of = 0;
    value::Day known_on = value::last_day;
};

enum class Verdict : std::uint8_t { Eligible, Ineligible, Undetermined, NotInForce };

// A benefit: whether it has a value, and between which ends it lies.
struct Amount {
    Truth given = Truth::False;
    Number low = 0, high = 0;
    bool always = false;  // whatever the verdict
};

// A fact that was looked at: by which key, in which list ("" for the subject's own).
struct Read {
    std::string list, key;
    sema::Id subject = sema::no_id, fact = sema::no_id;
    auto operator<=>(const Read&) const = default;
};

struct Answer {
    Verdict verdict = Verdict::NotInForce;
    std::map<std::string, Amount> benefits;   // of the version in force
    std::map<std::string, Truth> clauses;     // outcomes by path, from the subject's side
    std::map<std::string, Amount> lets;       // those that are shown; given: it has a value
    std::vector<std::string> missing;         // sorted
    // Between which of its values an absent fact was taken to lie by its default, where that is open; by path.
    std::map<std::string, std::pair<Number, Number>> defaults;
};

// Asks about one policy again and again; what does not depend on the profile is worked out once.
class Oracle {
public:
    Oracle(const sema::Model& model, sema::Id policy);
    ~Oracle();
    [[nodiscard]] Answer ask(const Profile& profile, const Question& question);

private:
    struct Kept;
    const sema::Model& model_;
    sema::Id policy_;
    std::unique_ptr<Kept> kept_;
};

[[nodiscard]] Answer ask(const sema::Model& model, sema::Id policy, const Profile& profile, const Question& question);
// All facts that any version of the policy looks at, sorted.
[[nodiscard]] std::vector<Read> reads(const sema::Model& model, sema::Id policy, const Question& question, std::int32_t fiscal_year);

// The ends of what a fact may be by its own declaration (a bound that is another fact taken at its widest), and the
// step between two neighbouring values.
struct Declared {
    Number low, high, step;
};
[[nodiscard]] Declared declared(const sema::Model& model, sema::Id subject, sema::Id fact);

}  // namespace eligo::oracle
