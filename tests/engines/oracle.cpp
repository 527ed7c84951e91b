#include "oracle.hpp"

#include <algorithm>
#include <compare>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <stdexcept>

#include "../../engine/value/code.hpp"

namespace eligo::oracle {
namespace {

using sema::Expr;
using sema::ExprId;
using sema::ExprKind;
using sema::Id;
using sema::Kind;
using sema::no_expr;

// Facts that are not known, by the number of their paths: see Evaluator::wait_for.
class Waits {
public:
    [[nodiscard]] bool empty() const { return first_ == 0 && more_.empty(); }
    void clear() {
        first_ = 0;
        more_.clear();
    }
    void insert(std::size_t number) {
        const std::size_t word = number / 64;
        if (word > more_.size()) more_.resize(word);
        (word == 0 ? first_ : more_[word - 1]) |= std::uint64_t{1} << number % 64;
    }
    void insert(const Waits& other) {
        first_ |= other.first_;
        if (other.more_.size() > more_.size()) more_.resize(other.more_.size());
        for (std::size_t i = 0; i < other.more_.size(); ++i) more_[i] |= other.more_[i];
    }
    [[nodiscard]] bool contains(std::size_t number) const {
        const std::size_t word = number / 64;
        return word <= more_.size() && ((word == 0 ? first_ : more_[word - 1]) >> number % 64 & 1) != 0;
    }
    auto operator<=>(const Waits&) const = default;

private:
    std::uint64_t first_ = 0;
    std::vector<std::uint64_t> more_;  // its last is not zero, since nothing is taken out
};

bool is_whole(const Number& number) { return number.is_whole(); }
Number magnitude_of(const Number& number) { return number < 0 ? Number(-number) : number; }

struct Interval {
    Number low = 0, high = 0;
};
Interval operator+(const Interval& a, const Interval& b) { return {a.low + b.low, a.high + b.high}; }
Interval operator-(const Interval& a) { return {-a.high, -a.low}; }
Interval operator*(const Interval& a, const Interval& b) {
    const Number products[] = {a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high};
    return {*std::min_element(products, products + 4), *std::max_element(products, products + 4)};
}
Interval operator*(const Interval& a, const Number& factor) { return a * Interval{factor, factor}; }
Interval hull(const Interval& a, const Interval& b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }
Interval at_least(const Interval& a, const Number& bound) { return {std::max(a.low, bound), std::max(a.high, bound)}; }
Interval at_most(const Interval& a, const Number& bound) { return {std::min(a.low, bound), std::min(a.high, bound)}; }
bool is_point(const Interval& a) { return a.low == a.high; }

// A truth and what it waits for while it is open.
struct Open {
    Truth truth = Truth::True;
    Waits waits;
};
Open settled(Open open) {
    if (open.truth != Truth::Unknown) open.waits.clear();
    return open;
}
Waits united(const Waits& a, const Waits& b) {
    Waits all = a;
    all.insert(b);
    return all;
}
Open operator&&(const Open& a, const Open& b) { return settled({truth_and(a.truth, b.truth), united(a.waits, b.waits)}); }
Open operator||(const Open& a, const Open& b) { return settled({truth_or(a.truth, b.truth), united(a.waits, b.waits)}); }
Open operator!(const Open& a) { return {truth_not(a.truth), a.waits}; }
Open known(bool truth) { return {value::truth_of(truth), {}}; }

// A name that conditions may say something of, by number: see Evaluator::called.
using Identity = std::uint32_t;
constexpr Identity no_identity = 0;

// What an expression comes to: anything within an interval of exact numbers.
struct Value {
    sema::Type type;
    Interval value;
    Number step = 1;             // values lie this far apart; means nothing of a quotient
    bool quotient = false;       // has no steps
    Open truth;                  // Bool
    std::optional<std::string> text;
    bool constant = false;       // the same for every profile
    Open defined;                // whether it has a value at all
    Waits waits;                 // while it is open
    std::optional<std::size_t> binding;  // Record
    Identity identity = no_identity;  // what it is called, where conditions may say something of it
};

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

Value settled(Value value) {
    const bool open = value.type.kind == Kind::Text ? !value.text : !is_point(value.value);
    // Of a quotient both parts are looked at, until it is rounded or compared.
    if (!open && !value.quotient) value.waits.clear();
    return value;
}

Value number_value(sema::Type type, Interval interval, Number step) {
    Value value;
    value.type = type;
    value.value = std::move(interval);
    value.step = std::move(step);
    return value;
}
Value constant_value(sema::Type type, const Number& number) {
    Value value = number_value(type, {number, number}, number.step());
    value.constant = true;
    return value;
}
Value whole_value(Kind kind, const Number& number) {
    sema::Type type;
    type.kind = kind;
    type.whole = true;
    return constant_value(type, number);
}
Value truth_value(Open truth, Open defined = {}) {
    Value value;
    value.type.kind = Kind::Bool;
    value.truth = std::move(truth);
    value.defined = std::move(defined);
    return value;
}
bool is_zero(const Value& value) { return value.constant && value.value.low == 0; }

// The step of something that may be either of two values, or their sum.
Number joint_step(const Value& a, const Value& b) {
    if (!is_numeric(a.type.kind) || a.quotient || b.quotient) return 1;
    return is_zero(a) ? b.step : is_zero(b) ? a.step : common_step(a.step, b.step);
}

Value negated(Value value) {
    value.value = -value.value;
    value.identity = no_identity;
    return value;
}

// The calendar and the codes of a classification, as whole steps.
Interval type_range(const sema::Model& model, const sema::Type& type) {
    switch (type.kind) {
        case Kind::Number: return {-1'000'000'000, 1'000'000'000};
        case Kind::Money: return {Number(-10'000'000'000'000), Number(10'000'000'000'000)};
        case Kind::Months: return {-3600, 3600};
        case Kind::Days: return {-110'000, 110'000};
        case Kind::Date: return {value::first_day, value::last_day};
        case Kind::Enum: return {0, Number(static_cast<std::int64_t>(model.enumerations[type.ref].members.size()) - 1)};
        case Kind::Code: {
            const auto all = value::all_codes(static_cast<value::Classification>(type.ref));
            return {all.first, all.last};
        }
        default: return {0, 1};
    }
}

Number fact_step(const sema::Type& type) {
    if (type.kind == Kind::Money) return Number(1, 100);
    if (type.kind == Kind::Number && !type.whole) return Number(1, 1'000'000);
    return 1;
}

// Where facts come from: a record of the profile, perhaps a part of it, or an element of a list that is not known.
struct Binding {
    const Record* record = nullptr;  // nothing: an element of any list
    std::string prefix;              // "company.": within the record
    std::string list;                // "claims": the list it is an element of
    std::string shown;               // "claims[1].": what paths that people read begin with
    Id subject = sema::no_id;
    Id variable = sema::no_id;       // what the element is called: by two names it is told for two, though it may be one
};

struct Clamp {
    std::optional<Number> low, high;
};

// The variables around, and what conditions around say of names: the newest first, the older ones shared.
struct Bound {
    Id variable = sema::no_id;
    Value value;
    std::shared_ptr<const Bound> before;
};
struct Narrowed {
    Identity identity = no_identity;
    Clamp clamp;
    std::shared_ptr<const Narrowed> before;
};

struct Scope {
    std::size_t binding = 0;
    Interval day;
    Waits day_waits;
    Id policy = sema::no_id;
    std::size_t version = 0;
    std::shared_ptr<const Bound> variables;
    std::shared_ptr<const Narrowed> narrowed;
    std::optional<Interval> unknown;  // of a default: what `unknown` means

    void bind(Id variable, Value value) { variables = std::make_shared<const Bound>(Bound{variable, std::move(value), std::move(variables)}); }
    [[nodiscard]] const Value& variable(Id wanted) const {
        const Bound* at = variables.get();
        while (at->variable != wanted) at = at->before.get();
        return at->value;
    }
};

struct VersionValue {
    Scope scope;
    Open in_force, verdict;
};

// What a model says, whoever asks: constants by expression, and what facts may be by subject and fact.
struct Said {
    std::vector<std::optional<Value>> constants;
    std::map<std::pair<Id, Id>, Declared> facts;
};

class Evaluator {
public:
    Evaluator(const sema::Model& model, const Profile& profile, const Question& question, Said& said)
        : model_(model), question_(question), fiscal_year_(profile.fiscal_year.value_or(value::year_of(question.as_of))), said_(said) {
        bindings_.push_back({.record = &profile.facts, .prefix = "", .list = "", .shown = "", .subject = profile.subject});
        said_.constants.resize(model.exprs.size());
    }

    Answer ask(Id policy) {
        Answer answer;
        const auto& versions = model_.policies[policy].versions;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            const VersionValue here = version(policy, i, 0, {question_.as_of, question_.as_of}, {});
            if (here.in_force.truth == Truth::False) continue;
            tell(answer, versions[i], here);
            break;
        }
        return answer;
    }

    // Evaluates all versions whatever their period, so that what any day may read is named.
    std::vector<Read> reads(Id policy) {
        touching_ = true;
        for (std::size_t i = 0; i < model_.policies[policy].versions.size(); ++i) touch(policy, i);
        return {reads_.begin(), reads_.end()};
    }

private:
    void touch(Id policy, std::size_t number) {
        const VersionValue here = version(policy, number, 0, {question_.as_of, question_.as_of}, {});
        for (const auto& benefit : model_.policies[policy].versions[number].benefits) {
            (void)eval(benefit.value, given_scope(benefit, here.scope));
            if (benefit.when != no_expr) (void)eval(benefit.when, here.scope);
        }
    }

    void tell(Answer& answer, const sema::Version& version, const VersionValue& here) {
        const Truth verdict = here.verdict.truth;
        const bool certain = here.in_force.truth == Truth::True;
        answer.verdict = certain && verdict == Truth::True ? Verdict::Eligible : certain && verdict == Truth::False ? Verdict::Ineligible : Verdict::Undetermined;
        for (std::size_t i = 0; i < version.clauses.size(); ++i) answer.clauses[version.clauses[i].path] = clause(version, static_cast<Id>(i), here.scope).truth;
        for (const Id id : version.lets)
            if (const sema::Let& let = model_.lets[id]; let.parameters.empty() && let.label.exists()) answer.lets[let.name] = amount_of(eval(let.value, here.scope));
        Waits missing;
        if (answer.verdict == Verdict::Undetermined) missing = united(here.in_force.waits, here.verdict.waits);
        for (const auto& benefit : version.benefits) {
            const Value value = eval(benefit.value, given_scope(benefit, here.scope));
            const Open when = benefit.when == no_expr ? known(true) : eval(benefit.when, here.scope).truth;
            const bool is_truth = value.type.kind == Kind::Bool;
            Amount amount = amount_of(value);
            amount.always = benefit.always;
            amount.given = truth_and(here.in_force.truth, truth_and(when.truth, benefit.always ? Truth::True : verdict));
            answer.benefits[benefit.name] = amount;
            if (answer.verdict != Verdict::Eligible) continue;
            missing.insert(when.waits);
            if (when.truth != Truth::False) {
                missing.insert(is_truth ? value.truth.waits : value.waits);
            }
        }
        for (std::size_t i = 0; i < paths_.size(); ++i)
            if (missing.contains(i)) answer.missing.push_back(paths_[i]);
        std::sort(answer.missing.begin(), answer.missing.end());
        answer.defaults = defaults_;
    }

    static Amount amount_of(const Value& value) {
        if (value.type.kind != Kind::Bool) return {value.defined.truth, value.value.low, value.value.high};
        return {value.defined.truth, Number(value.truth.truth == Truth::True ? 1 : 0), Number(value.truth.truth == Truth::False ? 0 : 1)};
    }

    // ---- policies and clauses

    VersionValue version(Id policy, std::size_t number, std::size_t binding, const Interval& day, const Waits& day_waits) {
        const sema::Version& written = model_.policies[policy].versions[number];
        VersionValue here;
        here.scope.binding = binding;
        here.scope.day = day;
        here.scope.day_waits = day_waits;
        here.scope.policy = policy;
        here.scope.version = number;
        if (written.assessed_on != no_expr) {
            const Value assessed = eval(written.assessed_on, here.scope);
            here.scope.day = assessed.value;
            here.scope.day_waits = assessed.waits;
        }
        const Interval& asked = here.scope.day;
        // The last day there is means that no end is written; dates in a calculation may lie beyond it.
        const Number from = written.in_force.from;
        const Number to = written.in_force.to == value::last_day ? Number(1'000'000) : Number(written.in_force.to);
        here.in_force = settled(Open{value::truth_of(from <= asked.low && asked.high <= to, from <= asked.high && asked.low <= to), here.scope.day_waits});
        for (const Id top : written.top_clauses) here.verdict = here.verdict && clause(written, top, here.scope);
        return here;
    }

    // Where a benefit's `when` holds, which is where it is given.
    Scope given_scope(const sema::Benefit& benefit, const Scope& scope) { return benefit.when == no_expr ? scope : branch(scope, benefit.when, true); }

    Open clause(const sema::Version& version, Id number, const Scope& scope) {
        const auto key = std::make_pair(number, place_of(scope, scope.binding));
        if (const auto found = clauses_.find(key); found != clauses_.end()) return found->second;
        return clauses_[key] = outcome_of(version, number, scope);
    }

    Open outcome_of(const sema::Version& version, Id number, const Scope& scope) {
        const sema::Clause& written = version.clauses[number];
        const Scope asked = written.guard_kind == syntax::Guard::None ? scope : branch(scope, written.guard, written.guard_kind == syntax::Guard::When);
        Open outcome;
        switch (written.kind) {
            case syntax::ClauseKind::Require: outcome = eval(written.condition, asked).truth; break;
            case syntax::ClauseKind::Exclude: outcome = !eval(written.condition, asked).truth; break;
            case syntax::ClauseKind::AllOf:
                for (const Id child : written.children) outcome = outcome && clause(version, child, scope);
                break;
            case syntax::ClauseKind::AnyOf:
                outcome = known(false);
                for (const Id child : written.children) outcome = outcome || clause(version, child, scope);
                break;
            case syntax::ClauseKind::AtLeast: outcome = at_least_of(version, written, scope); break;
        }
        if (written.guard_kind == syntax::Guard::None) return outcome;
        const Open guard = eval(written.guard, scope).truth;
        return outcome || (written.guard_kind == syntax::Guard::When ? !guard : guard);
    }

    Open at_least_of(const sema::Version& version, const sema::Clause& written, const Scope& scope) {
        std::size_t certainly = 0, possibly = 0;
        Open outcome;
        for (const Id child : written.children) {
            const Open one = clause(version, child, scope);
            certainly += one.truth == Truth::True ? 1U : 0U;
            possibly += one.truth != Truth::False ? 1U : 0U;
            outcome.waits = united(outcome.waits, one.waits);
        }
        outcome.truth = value::truth_of(certainly >= written.at_least, possibly >= written.at_least);
        return settled(std::move(outcome));
    }

    // ---- expressions

    Value eval(ExprId id, const Scope& scope) {
        const Expr& expr = model_.expr(id);
        switch (expr.kind) {
            case ExprKind::Error: throw std::logic_error("a model with errors");
            case ExprKind::Constant: {
                auto& constant = said_.constants[id];
                if (!constant) constant = constant_of(expr.type, expr.constant);
                return *constant;
            }
            case ExprKind::Unknown: return unknown_value(expr.type, scope);
            case ExprKind::AsOf: return eval_day(expr, scope);
            case ExprKind::YearEnd: {
                Value end = whole_value(Kind::Date, value::year_end(fiscal_year_ + offset(expr.args[0], scope)));
                end.constant = false;  // another profile has another year
                return end;
            }
            case ExprKind::Variable: return narrowed(scope.variable(expr.ref), scope);
            case ExprKind::Fact: return eval_fact(expr, scope);
            case ExprKind::LetUse: return eval_let(expr, scope);
            case ExprKind::ParameterUse: return eval_parameter(expr, scope);
            case ExprKind::TableUse: return eval_table(expr, scope);
            case ExprKind::PolicyUse: return eval_policy(expr, scope);
            case ExprKind::ClauseUse: {
                Scope own;
                own.binding = scope.binding;
                own.day = scope.day;
                own.day_waits = scope.day_waits;
                own.policy = scope.policy;
                own.version = scope.version;
                return truth_value(clause(model_.policies[scope.policy].versions[scope.version], expr.ref, own));
            }
            case ExprKind::Not: {
                const Value a = eval(expr.args[0], scope);
                return truth_value(!a.truth, a.defined);
            }
            case ExprKind::And:
            case ExprKind::Or: {
                const Value a = eval(expr.args[0], scope), b = eval(expr.args[1], scope);
                return truth_value(expr.kind == ExprKind::And ? a.truth && b.truth : a.truth || b.truth, a.defined && b.defined);
            }
            case ExprKind::Negate: return typed(negated(eval(expr.args[0], scope)), expr.type);
            case ExprKind::Absolute: return typed(absolute(eval(expr.args[0], scope)), expr.type);
            case ExprKind::Add:
            case ExprKind::Subtract: return eval_sum(expr, scope);
            case ExprKind::Multiply: return typed(multiply(eval(expr.args[0], scope), eval(expr.args[1], scope)), expr.type);
            case ExprKind::Divide: return typed(divide(eval(expr.args[0], scope), eval(expr.args[1], scope)), expr.type);
            case ExprKind::MonthsBetween:
            case ExprKind::DaysBetween: return eval_between(expr, scope);
            case ExprKind::Equal: case ExprKind::NotEqual: case ExprKind::Less: case ExprKind::LessEqual: case ExprKind::Greater: case ExprKind::GreaterEqual:
                return eval_comparison(expr, scope);
            case ExprKind::InRange: return eval_in_range(expr, scope);
            case ExprKind::InSet: return eval_in_set(expr, scope);
            case ExprKind::If: return eval_if(expr, scope);
            case ExprKind::Otherwise: return eval_otherwise(expr, scope);
            case ExprKind::Round: return eval_round(expr, scope);
            case ExprKind::Minimum:
            case ExprKind::Maximum: return eval_extreme(expr, scope);
            case ExprKind::Clamp: return eval_clamp(expr, scope);
            case ExprKind::Aggregate: return expr.list == no_expr ? over_years(expr, scope) : over_list(expr, scope);
        }
        throw std::logic_error("an expression of no kind");
    }

    static Value typed(Value value, const sema::Type& type) {
        value.type = type;
        return value;
    }

    static Value constant_of(const sema::Type& type, const sema::Constant& constant) {
        if (type.kind == Kind::Bool) return truth_value(known(constant.integer != 0));
        Value value = constant_value(type, is_numeric(type.kind) ? number_of(constant.number) : Number(constant.integer));
        if (type.kind == Kind::Text) value.text = constant.text;
        return value;
    }

    Value unknown_value(const sema::Type& type, const Scope& scope) const {
        if (type.kind == Kind::Bool) return truth_value({Truth::Unknown, {}});
        return number_value(type, scope.unknown ? *scope.unknown : type_range(model_, type), fact_step(type));
    }

    Value eval_day(const Expr& expr, const Scope& scope) {
        Value value = number_value(expr.type, scope.day, 1);
        value.waits = scope.day_waits;
        value.identity = called("as_of");
        return value;
    }

    std::int32_t offset(ExprId id, const Scope& scope) { return static_cast<std::int32_t>(small(eval(id, scope).value.low)); }

    // ---- facts and lets

    std::size_t binding_of(ExprId base, const Scope& scope) { return base == no_expr ? scope.binding : *eval(base, scope).binding; }

    std::size_t bind(Binding binding) {
        for (std::size_t i = 0; i < bindings_.size(); ++i) {
            const Binding& known = bindings_[i];
            if (known.record == binding.record && known.prefix == binding.prefix && known.shown == binding.shown && known.subject == binding.subject && known.variable == binding.variable) return i;
        }
        bindings_.push_back(std::move(binding));
        return bindings_.size() - 1;
    }

    Value eval_fact(const Expr& expr, const Scope& scope) {
        const std::size_t from = binding_of(expr.base, scope);
        const Binding& binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[expr.ref];
        if (fact.type.kind == Kind::Record) {
            Value record;
            record.type = fact.type;
            record.binding = bind({binding.record, binding.prefix + fact.name + ".", binding.list, binding.shown, fact.type.ref, binding.variable});
            return record;
        }
        const std::int32_t year = fiscal_year_ + (expr.args.empty() ? 0 : offset(expr.args[0], scope));
        return narrowed(fact_value(from, expr.ref, year, scope), scope);
    }

    static std::string key_of(const Binding& binding, const sema::Fact& fact, std::int32_t year) {
        return binding.prefix + fact.name + (fact.type.yearly ? "." + std::to_string(year) : "");
    }

    const Scalar& scalar(const Binding& binding, const std::string& key) const {
        static const Scalar absent, unknown{Scalar::State::Unknown, 0, 0, ""};
        if (binding.record == nullptr) return unknown;
        const auto found = binding.record->scalars.find(key);
        return found == binding.record->scalars.end() ? absent : found->second;
    }

    // What depends on nothing but the place it is asked from is worked out once.
    using Place = std::tuple<std::size_t, Id, std::size_t, std::int64_t, std::int64_t, Waits>;
    static Place place_of(const Scope& scope, std::size_t binding) { return {binding, scope.policy, scope.version, small(scope.day.low), small(scope.day.high), scope.day_waits}; }

    // The number of a path of a fact.
    std::size_t wait_for(const std::string& path) {
        const auto number = static_cast<std::size_t>(std::find(paths_.begin(), paths_.end(), path) - paths_.begin());
        if (number == paths_.size()) paths_.push_back(path);
        return number;
    }
    Identity called(const std::string& name) { return names_.try_emplace(name, static_cast<Identity>(names_.size() + 1)).first->second; }

    Value fact_value(std::size_t from, Id number, std::int32_t year, const Scope& scope) {
        const auto key = std::make_tuple(number, year, place_of(scope, from));
        if (const auto found = facts_.find(key); found != facts_.end()) return found->second;
        return facts_[key] = found_fact(from, number, year, scope);
    }

    Value found_fact(std::size_t from, Id number, std::int32_t year, const Scope& scope) {
        const Binding& binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[number];
        const std::string key = key_of(binding, fact, year);
        const Scalar& given = scalar(binding, key);
        if (touching_) reads_.insert({binding.list, key, binding.subject, number});
        sema::Type type = fact.type;
        type.yearly = false;
        const bool by_default = given.state == Scalar::State::Absent && fact.default_value != no_expr;
        // What only the default of an element's fact reads is read too, although no element is there to have left it out.
        if (touching_ && !by_default && fact.default_value != no_expr) (void)default_value(fact, from, year, scope);
        Value value;
        if (by_default) value = default_value(fact, from, year, scope);
        else if (type.kind == Kind::Bool) value = truth_value(given.state == Scalar::State::Known ? known(given.low != 0) : Open{Truth::Unknown, {}});
        else value = number_value(type, possible(from, number, year), fact_step(type));
        if (type.kind == Kind::Text && given.state == Scalar::State::Known) value.text = given.text;
        value.type = type;
        value.constant = false;
        value.identity = called(binding.shown + "|" + key + (binding.variable == sema::no_id ? "" : "|" + std::to_string(binding.variable)));
        // An element of a list of which nothing is known waits for the list.
        const std::string path = binding.record == nullptr ? binding.list : binding.shown + key;
        if (type.kind == Kind::Bool) {
            if (value.truth.truth == Truth::Unknown) value.truth.waits.insert(wait_for(path));
        } else if (type.kind == Kind::Text ? !value.text : !is_point(value.value)) {
            value.waits.insert(wait_for(path));
        }
        if (by_default && (is_numeric(type.kind) || type.kind == Kind::Date || type.kind == Kind::Enum) && !is_point(value.value)) {
            const Number step = fact_step(type);
            defaults_[path] = {ceiling_of(value.value.low / step) * step, floor_of(value.value.high / step) * step};
        }
        return value;
    }

    Value default_value(const sema::Fact& fact, std::size_t from, std::int32_t year, const Scope& scope) {
        Scope inside = scope;
        inside.binding = from;
        inside.variables.reset();
        inside.narrowed.reset();
        inside.unknown = declared_range(from, static_cast<Id>(&fact - model_.subjects[bindings_[from].subject].facts.data()), year);
        Value value = eval(fact.default_value, inside);
        if (fact.type.kind != Kind::Bool) value.step = fact_step(fact.type);
        return value;
    }

    // Everything a fact may be: what is given, or what its declaration leaves.
    Interval possible(std::size_t from, Id number, std::int32_t year) {
        const Binding& binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[number];
        const Scalar& given = scalar(binding, key_of(binding, fact, year));
        if (given.state == Scalar::State::Known) return {given.low, given.low};
        const Interval declared = declared_range(from, number, year);
        if (given.state != Scalar::State::Range) return declared;
        const Interval both{std::max(given.low, declared.low), std::min(given.high, declared.high)};
        return both.low <= both.high ? both : Interval{given.low, given.high};
    }

    Interval declared_range(std::size_t from, Id number, std::int32_t year) {
        const Binding& binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[number];
        const auto [found, first] = said_.facts.try_emplace({binding.subject, number});
        if (first) found->second = declared(model_, binding.subject, number);
        const Declared& own = found->second;
        Interval range{own.low, own.high};
        // A bound given for a part of the profile only: what its default says is a value like any other.
        if (fact.low.fact != sema::no_id) range.low = std::max(range.low, bound(from, fact.low.fact, year).low);
        if (fact.high.fact != sema::no_id) range.high = std::min(range.high, bound(from, fact.high.fact, year).high);
        return range.low <= range.high ? range : Interval{own.low, own.high};
    }

    Interval bound(std::size_t from, Id number, std::int32_t year) {
        const Binding& binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[number];
        const bool constant_default = fact.default_value != no_expr && model_.expr(fact.default_value).kind == ExprKind::Constant;
        if (constant_default && scalar(binding, key_of(binding, fact, year)).state == Scalar::State::Absent) return constant_of(model_.expr(fact.default_value).type, model_.expr(fact.default_value).constant).value;
        return possible(from, number, year);
    }

    Value eval_let(const Expr& expr, const Scope& scope) {
        const sema::Let& let = model_.lets[expr.ref];
        Scope inside = scope;
        inside.binding = binding_of(expr.base, scope);
        inside.variables.reset();
        inside.unknown.reset();
        for (std::size_t i = 0; i < let.parameters.size(); ++i) inside.bind(let.parameters[i], eval(expr.args[i], scope));
        const bool once = let.parameters.empty() && scope.narrowed == nullptr;
        const auto key = std::make_pair(expr.ref, place_of(scope, inside.binding));
        if (once)
            if (const auto found = lets_.find(key); found != lets_.end()) return found->second;
        Value value = eval(let.value, inside);
        if (value.identity == no_identity && let.parameters.empty()) value.identity = called("let " + std::to_string(expr.ref) + " of " + std::to_string(inside.binding));
        if (once) lets_[key] = value;
        return narrowed(std::move(value), scope);
    }

    // ---- what a condition says of a name, in its branches

    static Value narrowed(Value value, const Scope& scope) {
        if (scope.narrowed == nullptr || value.quotient || value.identity == no_identity) return value;
        const bool said = narrow(value, scope.narrowed.get());
        return said ? settled(std::move(value)) : value;
    }
    // What was said first goes first.
    static bool narrow(Value& value, const Narrowed* newest) {
        if (newest == nullptr) return false;
        const bool said = narrow(value, newest->before.get());
        if (newest->identity != value.identity) return said;
        if (newest->clamp.low) value.value = at_least(value.value, *newest->clamp.low);
        if (newest->clamp.high) value.value = at_most(value.value, *newest->clamp.high);
        return true;
    }

    Scope branch(const Scope& scope, ExprId condition, bool holds) {
        Scope inside = scope;
        narrow_by(inside, model_.expr(condition), holds);
        return inside;
    }

    void narrow_by(Scope& scope, const Expr& expr, bool holds) {
        if (expr.kind == ExprKind::Not) return narrow_by(scope, model_.expr(expr.args[0]), !holds);
        if ((expr.kind == ExprKind::And && holds) || (expr.kind == ExprKind::Or && !holds)) {
            for (const ExprId part : expr.args) narrow_by(scope, model_.expr(part), holds);
            return;
        }
        if (expr.kind == ExprKind::InRange && holds) {
            std::optional<Value> low, high;
            if (expr.args[1] != no_expr) low = eval(expr.args[1], scope);
            if (expr.args[2] != no_expr) high = eval(expr.args[2], scope);
            if (low && low->constant) narrow_to(scope, expr.args[0], expr.lower_open ? ExprKind::Greater : ExprKind::GreaterEqual, low->value.low);
            if (high && high->constant) narrow_to(scope, expr.args[0], expr.upper_open ? ExprKind::Less : ExprKind::LessEqual, high->value.low);
            return;
        }
        ExprKind relation = expr.kind;
        static const std::map<ExprKind, ExprKind> opposite = {{ExprKind::Equal, ExprKind::NotEqual}, {ExprKind::NotEqual, ExprKind::Equal}, {ExprKind::Less, ExprKind::GreaterEqual},
                                                              {ExprKind::GreaterEqual, ExprKind::Less}, {ExprKind::Greater, ExprKind::LessEqual}, {ExprKind::LessEqual, ExprKind::Greater}};
        static const std::map<ExprKind, ExprKind> mirrored = {{ExprKind::Equal, ExprKind::Equal}, {ExprKind::NotEqual, ExprKind::NotEqual}, {ExprKind::Less, ExprKind::Greater},
                                                              {ExprKind::Greater, ExprKind::Less}, {ExprKind::LessEqual, ExprKind::GreaterEqual}, {ExprKind::GreaterEqual, ExprKind::LessEqual}};
        if (!opposite.contains(relation)) return;
        ExprId what = expr.args[0];
        Value threshold = eval(expr.args[1], scope);
        if (!threshold.constant) {
            threshold = eval(expr.args[0], scope);
            what = expr.args[1];
            relation = mirrored.at(relation);
        }
        if (!threshold.constant || threshold.quotient) return;
        narrow_to(scope, what, holds ? relation : opposite.at(relation), threshold.value.low);
    }

    void narrow_to(Scope& scope, ExprId what, ExprKind relation, const Number& threshold) {
        const Expr& expr = model_.expr(what);
        if (expr.kind != ExprKind::Fact && expr.kind != ExprKind::LetUse && expr.kind != ExprKind::Variable) return;
        if (!is_numeric(expr.type.kind) && expr.type.kind != Kind::Date) return;
        Scope before = scope;
        before.narrowed.reset();
        const Value named = eval(what, before);
        if (named.quotient || named.constant || named.identity == no_identity) return;
        const Number steps = threshold / named.step;
        Clamp clamp;
        if (relation == ExprKind::Equal || relation == ExprKind::GreaterEqual) clamp.low = ceiling_of(steps) * named.step;
        if (relation == ExprKind::Greater) clamp.low = Number(floor_of(steps) + 1) * named.step;
        if (relation == ExprKind::Equal || relation == ExprKind::LessEqual) clamp.high = floor_of(steps) * named.step;
        if (relation == ExprKind::Less) clamp.high = Number(ceiling_of(steps) - 1) * named.step;
        if (clamp.low || clamp.high) scope.narrowed = std::make_shared<const Narrowed>(Narrowed{named.identity, std::move(clamp), std::move(scope.narrowed)});
    }

    // ---- arithmetic

    static Value absolute(Value a) {
        a.identity = no_identity;
        if (a.value.low >= 0) return a;
        a.value = a.value.high <= 0 ? -a.value : Interval{0, std::max(Number(-a.value.low), a.value.high)};
        return settled(std::move(a));
    }

    static Value combined(const Value& a, const Value& b) {
        Value result;
        result.type = a.type;
        result.constant = a.constant && b.constant;
        result.quotient = a.quotient || b.quotient;
        result.defined = a.defined && b.defined;
        result.waits = united(a.waits, b.waits);
        return result;
    }

    static Value add(const Value& a, const Value& b) {
        Value result = combined(a, b);
        result.value = a.value + b.value;
        result.step = joint_step(a, b);
        return settled(std::move(result));
    }

    static Value multiply(const Value& a, const Value& b) {
        if (is_zero(a) || is_zero(b)) {
            Value zero = constant_value(a.type, 0);
            zero.defined = a.defined && b.defined;
            return zero;
        }
        Value result = combined(a, b);
        result.value = a.value * b.value;
        // A constant factor stretches the steps; constants among themselves are written anew.
        const Number left = a.constant ? magnitude_of(a.value.low) : a.step, right = b.constant ? magnitude_of(b.value.low) : b.step;
        result.step = result.constant ? result.value.low.step() : left * right;
        return settled(std::move(result));
    }

    // Of a divisor that may be zero only the other values are divided by, the least of them being one step.
    static Value divide(const Value& a, const Value& b) {
        if (b.constant) {
            if (b.value.low != 0) {
                Value factor = constant_value(b.type, 1 / b.value.low);
                factor.defined = b.defined;
                return multiply(a, factor);
            }
            Value none = a;
            none.defined = known(false);
            return none;
        }
        Value result = combined(a, b);
        result.quotient = true;
        const Truth zero = value::truth_of(b.value.low == 0 && b.value.high == 0, b.value.low <= 0 && b.value.high >= 0);
        result.defined = result.defined && !settled(Open{zero, b.waits});
        Interval above = a.value, below = b.value;
        if (below.high < 0) above = -above;
        else if (below.low < 0) above = oracle::hull(above, -above);
        if (below.low < 0) below = below.high < 0 ? -below : Interval{0, std::max(Number(-below.low), below.high)};
        if (below.low <= 0) {
            if (b.quotient) throw std::logic_error("the oracle does not divide by a quotient that may be zero");
            below = at_least(below, b.step);
        }
        result.value = {above.low / (above.low < 0 ? below.low : below.high), above.high / (above.high < 0 ? below.high : below.low)};
        return settled(std::move(result));
    }

    Value eval_sum(const Expr& expr, const Scope& scope) {
        const Value a = eval(expr.args[0], scope), b = eval(expr.args[1], scope);
        const bool minus = expr.kind == ExprKind::Subtract;
        if (a.type.kind != Kind::Date && b.type.kind != Kind::Date) return typed(add(a, minus ? negated(b) : b), expr.type);
        Value result = combined(a, b);
        if (a.type.kind == Kind::Date && b.type.kind == Kind::Date) {
            result.value = a.value + -b.value;
        } else {
            const Value& day = a.type.kind == Kind::Date ? a : b;
            const Value& length = a.type.kind == Kind::Date ? b : a;
            const Interval steps = minus ? -length.value : length.value;
            if (length.type.kind == Kind::Days) result.value = day.value + steps;
            else result.value = {months_after(day.value.low, steps.low), months_after(day.value.high, steps.high)};
        }
        return typed(settled(std::move(result)), expr.type);
    }

    static Number months_after(const Number& day, const Number& months) {
        return value::add_months(static_cast<value::Day>(small(day)), static_cast<std::int32_t>(small(months)));
    }

    Value eval_between(const Expr& expr, const Scope& scope) {
        const Value from = eval(expr.args[0], scope), to = eval(expr.args[1], scope);
        Value result = combined(from, to);
        if (expr.kind == ExprKind::DaysBetween) result.value = to.value + -from.value;
        else result.value = {months_between(from.value.high, to.value.low), months_between(from.value.low, to.value.high)};
        return typed(settled(std::move(result)), expr.type);
    }

    static Number months_between(const Number& from, const Number& to) {
        return value::months_between(static_cast<value::Day>(small(from)), static_cast<value::Day>(small(to)));
    }

    // ---- comparisons

    static Open compare(ExprKind relation, const Value& a, const Value& b) {
        switch (relation) {
            case ExprKind::NotEqual: return !compare(ExprKind::Equal, a, b);
            case ExprKind::Greater: return compare(ExprKind::Less, b, a);
            case ExprKind::GreaterEqual: return compare(ExprKind::LessEqual, b, a);
            default: break;
        }
        if (a.type.kind == Kind::Bool) return (a.truth && b.truth) || (!a.truth && !b.truth);
        const Waits waits = united(a.waits, b.waits);
        if (a.type.kind == Kind::Text) {
            if (!a.text || !b.text) return {Truth::Unknown, waits};
            return known(*a.text == *b.text);
        }
        if (relation == ExprKind::Equal) {
            // A constant between two steps is never met.
            if (b.constant && !a.constant && !a.quotient && !is_whole(b.value.low / a.step)) return known(false);
            if (a.constant && !b.constant && !b.quotient && !is_whole(a.value.low / b.step)) return known(false);
        }
        const Interval &x = a.value, &y = b.value;
        Truth truth = Truth::Unknown;
        if (relation == ExprKind::Less) truth = value::truth_of(x.high < y.low, x.low < y.high);
        else if (relation == ExprKind::LessEqual) truth = value::truth_of(x.high <= y.low, x.low <= y.high);
        else truth = value::truth_of(is_point(x) && is_point(y) && x.low == y.low, x.low <= y.high && y.low <= x.high);
        return settled(Open{truth, waits});
    }

    // Whether a value lies in one of some intervals, neighbours taken together.
    static Open within(const Value& a, std::vector<Interval> intervals) {
        std::sort(intervals.begin(), intervals.end(), [](const Interval& x, const Interval& y) { return x.low < y.low; });
        std::vector<Interval> joined;
        for (const Interval& one : intervals) {
            if (!joined.empty() && one.low <= joined.back().high + a.step) joined.back().high = std::max(joined.back().high, one.high);
            else joined.push_back(one);
        }
        bool certainly = false, possibly = false;
        for (const Interval& one : joined) {
            certainly = certainly || (one.low <= a.value.low && a.value.high <= one.high);
            possibly = possibly || (one.low <= a.value.high && a.value.low <= one.high);
        }
        return settled(Open{value::truth_of(certainly, possibly), a.waits});
    }

    static Interval below_code(const sema::Type& type, const Number& code) {
        const auto range = value::codes_below(static_cast<value::Classification>(type.ref), static_cast<std::int32_t>(small(code)));
        return {range.first, range.last};
    }

    Value eval_comparison(const Expr& expr, const Scope& scope) {
        const Value a = eval(expr.args[0], scope), b = eval(expr.args[1], scope);
        const Open defined = a.defined && b.defined;
        if (a.type.kind == Kind::Code && a.constant != b.constant) {
            const Open inside = within(a.constant ? b : a, {below_code(a.type, a.constant ? a.value.low : b.value.low)});
            return truth_value(expr.kind == ExprKind::NotEqual ? !inside : inside, defined);
        }
        return truth_value(compare(expr.kind, a, b), defined);
    }

    Value eval_in_range(const Expr& expr, const Scope& scope) {
        const Value a = eval(expr.args[0], scope);
        Value result = truth_value(known(true), a.defined);
        if (expr.args[1] != no_expr) {
            const Value low = eval(expr.args[1], scope);
            result = truth_value(result.truth && compare(expr.lower_open ? ExprKind::Greater : ExprKind::GreaterEqual, a, low), result.defined && low.defined);
        }
        if (expr.args[2] != no_expr) {
            const Value high = eval(expr.args[2], scope);
            result = truth_value(result.truth && compare(expr.upper_open ? ExprKind::Less : ExprKind::LessEqual, a, high), result.defined && high.defined);
        }
        return result;
    }

    Value eval_in_set(const Expr& expr, const Scope& scope) {
        const Value a = eval(expr.args[0], scope);
        Open holds = known(false);
        std::vector<Interval> intervals;
        for (std::size_t i = 1; i < expr.args.size(); ++i) {
            const Value member = eval(expr.args[i], scope);
            if (a.type.kind == Kind::Bool || a.type.kind == Kind::Text || a.quotient || !member.constant) holds = holds || compare(ExprKind::Equal, a, member);
            else if (a.type.kind == Kind::Code) intervals.push_back(below_code(a.type, member.value.low));
            else if (is_whole(member.value.low / a.step)) intervals.push_back(member.value);
        }
        if (!intervals.empty()) holds = holds || within(a, intervals);
        return truth_value(holds, a.defined);
    }

    // ---- choices

    // a where the condition holds, else b; while it is open, anything that either may be.
    static Value choose(const Open& condition, const Value& a, const Value& b) {
        // Nothing waits for a choice between twice the same, but perhaps to know whether it is there.
        if (a.identity != no_identity && a.identity == b.identity && a.value.low == b.value.low && a.value.high == b.value.high) {
            Value same = a;
            same.defined = condition.truth == Truth::True ? a.defined : condition.truth == Truth::False ? b.defined : hull(a.defined, b.defined, condition);
            return same;
        }
        if (condition.truth != Truth::Unknown) {
            Value chosen = condition.truth == Truth::True ? a : b;
            chosen.constant = false;
            chosen.identity = no_identity;
            // No one knew beforehand which it would be.
            chosen.quotient = a.quotient || b.quotient;
            if (is_numeric(a.type.kind)) chosen.step = joint_step(a, b);
            return chosen;
        }
        Value result = a;
        result.constant = false;
        result.identity = no_identity;
        result.defined = hull(a.defined, b.defined, condition);
        if (a.type.kind == Kind::Bool) {
            result.truth = hull(a.truth, b.truth, condition);
            return result;
        }
        result.waits = united(condition.waits, united(a.waits, b.waits));
        if (a.type.kind == Kind::Text) {
            if (a.text != b.text) result.text.reset();
            return settled(std::move(result));
        }
        result.value = oracle::hull(a.value, b.value);
        result.quotient = a.quotient || b.quotient;
        result.step = joint_step(a, b);
        return settled(std::move(result));
    }

    static Open hull(const Open& a, const Open& b, const Open& condition) {
        if (a.truth == b.truth && a.truth != Truth::Unknown) return {a.truth, {}};
        return {Truth::Unknown, united(condition.waits, united(a.waits, b.waits))};
    }

    // a where it is known that there is one; else any value of its type.
    Value or_unknown(const Open& condition, const Value& a, const Scope& scope) {
        Value unknown = unknown_value(a.type, scope);
        // Among the values that the expression can come to at all.
        if (is_numeric(a.type.kind) && !a.quotient) unknown.value = {ceiling_of(unknown.value.low / a.step) * a.step, floor_of(unknown.value.high / a.step) * a.step};
        Value result = choose(condition, a, unknown);
        if (condition.truth == Truth::True) result = a;
        result.defined = {};
        return result;
    }

    bool same(ExprId left, ExprId right) const {
        if (left == right || left == no_expr || right == no_expr) return left == right;
        const Expr &a = model_.expr(left), &b = model_.expr(right);
        if (a.kind != b.kind || a.type != b.type || a.ref != b.ref || a.member != b.member || a.index != b.index || a.constant != b.constant || a.rounding != b.rounding ||
            a.kind == ExprKind::Aggregate || a.lower_open != b.lower_open || a.upper_open != b.upper_open || a.args.size() != b.args.size() || !same(a.base, b.base))
            return false;
        return std::equal(a.args.begin(), a.args.end(), b.args.begin(), [&](ExprId x, ExprId y) { return same(x, y); });
    }

    Value eval_if(const Expr& expr, const Scope& scope) {
        const Value condition = eval(expr.args[0], scope);
        const Value yes = eval(expr.args[1], branch(scope, expr.args[0], true)), no = eval(expr.args[2], branch(scope, expr.args[0], false));
        // Nothing waits for a choice between twice the same.
        const bool alike = same(expr.args[1], expr.args[2]) && yes.value.low == no.value.low && yes.value.high == no.value.high;
        Value result = choose(alike && condition.truth.truth == Truth::Unknown ? known(true) : condition.truth, yes, no);
        // But what a branch knows of a name may leave it without a value.
        if (alike && condition.truth.truth == Truth::Unknown) result.defined = hull(yes.defined, no.defined, condition.truth);
        result.defined = result.defined && condition.defined;
        return typed(std::move(result), expr.type);
    }

    Value eval_otherwise(const Expr& expr, const Scope& scope) {
        Value a = eval(expr.args[0], scope);
        const Open defined = a.defined;
        a.defined = {};
        if (model_.expr(expr.args[1]).kind == ExprKind::Unknown) return or_unknown(defined, a, scope);
        Value b = eval(expr.args[1], scope);
        return choose(defined, a, b);
    }

    Value eval_round(const Expr& expr, const Scope& scope) {
        const Value a = eval(expr.args[0], scope);
        const Number step = eval(expr.args[1], scope).value.low;
        Value result = number_value(expr.type, {rounded(a.value.low / step, expr.rounding) * step, rounded(a.value.high / step, expr.rounding) * step}, step);
        result.constant = a.constant;
        result.defined = a.defined;
        result.waits = a.waits;
        return settled(std::move(result));
    }

    static Number rounded(const Number& number, sema::Rounding rounding) {
        const Number down = floor_of(number), rest = number - down, half(1, 2);
        switch (rounding) {
            case sema::Rounding::Down: return down;
            case sema::Rounding::Up: return ceiling_of(number);
            case sema::Rounding::HalfUp: return rest >= half ? down + 1 : down;
            case sema::Rounding::HalfEven: return rest > half || (rest == half && is_odd(down)) ? down + 1 : down;
        }
        return number;
    }

    static Value extreme(bool least, const Value& a, const Value& b) {
        Value result = combined(a, b);
        result.value = least ? Interval{std::min(a.value.low, b.value.low), std::min(a.value.high, b.value.high)}
                             : Interval{std::max(a.value.low, b.value.low), std::max(a.value.high, b.value.high)};
        result.step = is_numeric(a.type.kind) && !result.quotient ? common_step(a.step, b.step) : Number(1);
        // Of two that lie apart only the one that is taken is waited for.
        const Value &lesser = a.value.high <= b.value.low ? a : b, &greater = a.value.high <= b.value.low ? b : a;
        if (!result.quotient && lesser.value.high <= greater.value.low) result.waits = (least ? lesser : greater).waits;
        return settled(std::move(result));
    }

    Value eval_extreme(const Expr& expr, const Scope& scope) {
        Value best = eval(expr.args[0], scope);
        for (std::size_t i = 1; i < expr.args.size(); ++i) best = extreme(expr.kind == ExprKind::Minimum, best, eval(expr.args[i], scope));
        best.identity = no_identity;
        return typed(std::move(best), expr.type);
    }

    Value eval_clamp(const Expr& expr, const Scope& scope) {
        Value result = eval(expr.args[0], scope);
        if (expr.args[1] != no_expr) result = extreme(false, result, eval(expr.args[1], scope));
        if (expr.args[2] != no_expr) result = extreme(true, result, eval(expr.args[2], scope));
        result.identity = no_identity;
        return typed(std::move(result), expr.type);
    }

    // ---- parameters and tables

    // The entry of a day is the last to begin by then, of those that were published.
    // Beyond the first and the last day there are it is as on those.
    static const sema::ParameterEntry* entry_on(const sema::Parameter& parameter, const Number& asked, value::Day known_on) {
        const Number day = std::clamp(asked, Number(value::first_day), Number(value::last_day));
        const sema::ParameterEntry* found = nullptr;
        for (const auto& entry : parameter.entries)
            if (entry.period.from <= day && entry.published.value_or(value::first_day) <= known_on) found = &entry;
        return found != nullptr && day <= found->period.to ? found : nullptr;
    }

    // Whether a parameter has a value on every day of the policy's period, whatever of it has been published.
    bool always_there(const sema::Parameter& parameter, const Scope& scope) const {
        const sema::Period& period = model_.policies[scope.policy].versions[scope.version].in_force;
        std::set<Number> days{period.from};
        std::set<value::Day> known{value::first_day};
        for (const auto& entry : parameter.entries) {
            for (const Number& turn : {Number(entry.period.from), Number(entry.period.to) + 1})
                if (period.from < turn && turn <= period.to) days.insert(turn);
            if (entry.published) known.insert(*entry.published);
        }
        return std::all_of(days.begin(), days.end(), [&](const Number& day) {
            return std::all_of(known.begin(), known.end(), [&](value::Day known_on) { return entry_on(parameter, day, known_on) != nullptr; });
        });
    }

    Value eval_parameter(const Expr& expr, const Scope& scope) {
        const sema::Parameter& parameter = model_.parameters[expr.ref];
        Interval day = scope.day;
        Open defined;
        Waits waits = scope.day_waits;
        bool own_day = true;
        if (!expr.args.empty() && expr.args[0] != no_expr) {
            const Value other = eval(expr.args[0], scope);
            day = other.value;
            defined = other.defined;
            waits = other.waits;
            own_day = other.identity == called("as_of");
        }
        // On one day it has one value; over several, any it has on a day on which it may change.
        std::set<Number> days = {day.low};
        for (const auto& entry : parameter.entries)
            for (const Number& turn : {Number(entry.period.from), Number(entry.period.to) + 1})
                if (day.low < turn && turn <= day.high) days.insert(turn);
        std::optional<Value> result;
        bool always = true, ever = false;
        for (const Number& one : days) {
            const auto* entry = entry_on(parameter, one, question_.known_on);
            always = always && entry != nullptr;
            ever = ever || entry != nullptr;
            if (entry == nullptr) continue;
            const Value value = eval(entry->value, scope);
            result = result ? choose({Truth::Unknown, waits}, *result, value) : value;
        }
        // Nowhere defined: any value will do, since no one may look at it; but what is open around it is told by it, so the same
        // as the engine takes, which is the least.
        if (!result) {
            for (const auto& entry : parameter.entries) {
                Value value = eval(entry.value, scope);
                const auto number = [](const Value& of) { return of.type.kind == Kind::Bool ? Number(of.truth.truth == Truth::True ? 1 : 0) : of.value.low; };
                if (!result || number(value) < number(*result)) result = std::move(value);
            }
        }
        result->constant = false;
        // Outside the policy's own period nothing is asked of it.
        const bool there = own_day && scope.policy != sema::no_id && always_there(parameter, scope);
        result->defined = there ? defined : defined && settled(Open{value::truth_of(always, ever), waits});
        if (is_numeric(parameter.type.kind))
            for (const auto& entry : parameter.entries) result->step = common_step(result->step, eval(entry.value, scope).step);
        return typed(std::move(*result), parameter.type);
    }

    Open cell_holds(const sema::TableCell& cell, const Value& input) {
        Open holds = known(cell.any);
        for (const auto& interval : cell.intervals) {
            Open inside = known(true);
            for (const bool lower : {true, false}) {
                const auto& end = lower ? interval.low : interval.high;
                if (!end) continue;
                const Value constant = constant_of(input.type, *end);
                if (input.type.kind == Kind::Bool || input.type.kind == Kind::Text) inside = inside && compare(ExprKind::Equal, input, constant);
                else inside = inside && compare(lower ? (interval.lower_open ? ExprKind::Greater : ExprKind::GreaterEqual) : (interval.upper_open ? ExprKind::Less : ExprKind::LessEqual), input, constant);
            }
            holds = holds || inside;
        }
        return holds && known(!cell.published || *cell.published <= question_.known_on);
    }

    // In a row the input lies within what the row's cell says of it.
    static Value in_row(Value input, const sema::TableCell& cell) {
        input.defined = {};
        if (input.quotient || cell.intervals.size() != 1 || input.type.kind == Kind::Bool || input.type.kind == Kind::Text) return input;
        const auto end = [&](const sema::Constant& constant) { return (is_numeric(input.type.kind) ? number_of(constant.number) : Number(constant.integer)) / input.step; };
        const auto& interval = cell.intervals.front();
        const Interval before = input.value;
        if (interval.low) input.value = at_least(input.value, ceiling_of(end(*interval.low)) * input.step);
        if (interval.high) input.value = at_most(input.value, floor_of(end(*interval.high)) * input.step);
        if (before.low != input.value.low || before.high != input.value.high) input.identity = no_identity;
        input.constant = input.constant && is_point(input.value);
        return settled(std::move(input));
    }

    Value eval_table(const Expr& expr, const Scope& scope) {
        const sema::Table& table = model_.tables[expr.ref];
        std::vector<Value> inputs;
        Open defined;
        for (const ExprId argument : expr.args) {
            inputs.push_back(eval(argument, scope));
            defined = defined && inputs.back().defined;
        }
        std::optional<Value> result;
        Waits waits;
        for (std::size_t number = 0; number < table.rows.size(); ++number) {
            const sema::TableRow& row = table.rows[number];
            Open holds;
            Scope inside = scope;
            for (std::size_t i = 0; i < inputs.size(); ++i) {
                if (!row.otherwise) holds = holds && cell_holds(row.cells[i], inputs[i]);
                inside.bind(table.inputs[i], row.otherwise ? in_row(inputs[i], {}) : in_row(inputs[i], row.cells[i]));
            }
            if (holds.truth == Truth::False && !touching_) continue;
            const Value value = eval(row.results[expr.index], inside);
            if (holds.truth == Truth::False) continue;
            waits = united(waits, holds.waits);
            result = result ? choose({Truth::Unknown, waits}, *result, value) : value;
            if (holds.truth == Truth::True && !touching_) break;
        }
        // No row is left only where an input has no value.
        if (!result) {
            Scope inside = scope;
            for (std::size_t i = 0; i < inputs.size(); ++i) inside.bind(table.inputs[i], inputs[i]);
            result = eval(table.rows.back().results[expr.index], inside);
        }
        if (result->type.kind != Kind::Bool) *result = settled(std::move(*result));
        result->constant = false;
        result->identity = no_identity;
        result->defined = result->defined && defined;
        return typed(std::move(*result), table.result_types[expr.index]);
    }

    // ---- other policies

    Value eval_policy(const Expr& expr, const Scope& scope) {
        const auto& versions = model_.policies[expr.ref].versions;
        const std::size_t binding = binding_of(expr.base, scope);
        Open eligible = known(false), defined = known(false);
        std::optional<Value> result;
        for (std::size_t i = 0; i < versions.size(); ++i) {
            const VersionValue asked = version(expr.ref, i, binding, scope.day, scope.day_waits);
            eligible = eligible || (asked.in_force && asked.verdict);
            if (expr.member == "eligible") continue;
            for (const auto& benefit : versions[i].benefits) {
                if (benefit.name != expr.member) continue;
                Open given = asked.in_force;
                if (!benefit.always) given = given && asked.verdict;
                if (benefit.when != no_expr) given = given && eval(benefit.when, asked.scope).truth;
                defined = defined || given;
                const Value value = eval(benefit.value, given_scope(benefit, asked.scope));
                result = result ? choose(asked.in_force, value, *result) : value;
            }
        }
        if (expr.member == "eligible") return truth_value(eligible);
        result->constant = false;
        result->defined = defined;
        return *result;
    }

    // ---- aggregates

    // What one element (or year) adds to an aggregate.
    struct Part {
        Value condition, body;
    };

    Part part(const Expr& expr, const Scope& inside) {
        Part result{truth_value(known(true)), whole_value(Kind::Number, 1)};
        if (expr.args.size() > 1 && expr.args[1] != no_expr) result.condition = eval(expr.args[1], inside);
        const bool conditional = expr.args.size() > 1 && expr.args[1] != no_expr;
        if (expr.args[0] != no_expr) result.body = eval(expr.args[0], conditional ? branch(inside, expr.args[1], true) : inside);
        return result;
    }

    static Open part_defined(const Part& part) { return part.condition.defined && (!part.condition.truth || part.body.defined); }

    Value over_years(const Expr& expr, const Scope& scope) {
        std::vector<Part> parts;
        for (std::int32_t year = expr.first_year; year <= expr.last_year; ++year) {
            Scope inside = scope;
            inside.bind(expr.variable, whole_value(Kind::Number, year));
            parts.push_back(part(expr, inside));
        }
        return gathered(expr, parts, 1);
    }

    Value over_list(const Expr& expr, const Scope& scope) {
        const Expr& source = model_.expr(expr.list);
        const Binding& owner = bindings_[binding_of(source.base, scope)];
        const sema::Fact& fact = model_.subjects[owner.subject].facts[source.ref];
        const std::string key = owner.prefix + fact.name;
        if (touching_) reads_.insert({owner.list, key, owner.subject, source.ref});
        const List* list = nullptr;
        if (owner.record != nullptr)
            if (const auto found = owner.record->lists.find(key); found != owner.record->lists.end() && found->second.known) list = &found->second;
        std::vector<Part> parts;
        for (std::size_t i = 0; i < (list == nullptr ? 1 : list->elements.size()); ++i) {
            Scope inside = scope;
            Value element;
            element.type.kind = Kind::Record;
            element.type.ref = fact.type.ref;
            const std::string shown = list == nullptr ? key + "[]." : key + "[" + std::to_string(i) + "].";
            element.binding = bind({list == nullptr ? nullptr : &list->elements[i], "", key, shown, fact.type.ref, expr.variable});
            inside.bind(expr.variable, element);
            parts.push_back(part(expr, inside));
        }
        // Of a list that is not known, any element may be there or not, up to the most there can be.
        if (list == nullptr) {
            Part& any = parts.front();
            Open there{Truth::Unknown, {}};
            there.waits.insert(wait_for(key));
            any.condition.truth = any.condition.truth && there;
            any.condition.defined = any.condition.defined || !there;
        }
        return gathered(expr, parts, list == nullptr ? fact.type.up_to : 1);
    }

    static Value gathered(const Expr& expr, const std::vector<Part>& parts, std::uint32_t times) {
        Open defined, some = known(false), holds = known(expr.aggregate == syntax::AggregateKind::All);
        for (const Part& one : parts) {
            defined = defined && part_defined(one);
            some = some || one.condition.truth;
            if (expr.aggregate == syntax::AggregateKind::Any) holds = holds || (one.condition.truth && one.body.truth);
            if (expr.aggregate == syntax::AggregateKind::All) holds = holds && (!one.condition.truth || one.body.truth);
        }
        switch (expr.aggregate) {
            case syntax::AggregateKind::Any:
            case syntax::AggregateKind::All: return truth_value(holds, defined);
            case syntax::AggregateKind::Sum:
            case syntax::AggregateKind::Count: {
                Value total = constant_value(expr.type, 0);
                for (const Part& one : parts) {
                    Value counted = choose(one.condition.truth, without_doubt(one.body), constant_value(one.body.type, 0));
                    counted.value = counted.value * Number(times);
                    total = add(total, counted);
                }
                total.constant = expr.list == no_expr && (expr.args.size() < 2 || expr.args[1] == no_expr) && std::all_of(parts.begin(), parts.end(), [](const Part& one) { return one.body.constant; });
                total.defined = defined;
                return typed(std::move(total), expr.type);
            }
            case syntax::AggregateKind::Min:
            case syntax::AggregateKind::Max: {
                Value best = expr.list == no_expr ? best_year(expr, parts) : best_element(expr, parts);
                best.defined = defined && some;
                return typed(std::move(best), expr.type);
            }
        }
        throw std::logic_error("an aggregate of no kind");
    }

    static Value without_doubt(Value value) {
        value.defined = {};
        return value;
    }

    // Years one after another: the better of what there is and the next, where the next counts.
    static Value best_year(const Expr& expr, const std::vector<Part>& parts) {
        Value best = without_doubt(parts.front().body);
        Open some = parts.front().condition.truth;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            const Open better = compare(expr.aggregate == syntax::AggregateKind::Min ? ExprKind::Less : ExprKind::Greater, parts[i].body, best);
            best = choose(parts[i].condition.truth && (!some || better), without_doubt(parts[i].body), best);
            some = some || parts[i].condition.truth;
        }
        return best;
    }

    // Elements together: those that may count stretch the far end, those that do count hold the near one.
    static Value best_element(const Expr& expr, const std::vector<Part>& parts) {
        const bool least = expr.aggregate == syntax::AggregateKind::Min;
        std::optional<Number> far, near_certain, near_possible;
        Value result = number_value(expr.type, {0, 0}, 1);
        bool first = true;
        for (const Part& one : parts) {
            result.step = first ? one.body.step : joint_step(result, one.body);
            first = false;
            if (one.condition.truth.truth == Truth::False) continue;
            const Interval& value = one.body.value;
            const Number far_end = least ? value.low : value.high, near_end = least ? value.high : value.low;
            far = !far ? far_end : least ? std::min(*far, far_end) : std::max(*far, far_end);
            if (one.condition.truth.truth == Truth::True) near_certain = !near_certain ? near_end : least ? std::min(*near_certain, near_end) : std::max(*near_certain, near_end);
            else near_possible = !near_possible ? near_end : least ? std::max(*near_possible, near_end) : std::min(*near_possible, near_end);
            result.waits = united(result.waits, united(one.condition.truth.waits, one.body.waits));
        }
        if (!far) return result;
        const Number near_end = near_certain ? *near_certain : *near_possible;
        result.value = least ? Interval{*far, near_end} : Interval{near_end, *far};
        return settled(std::move(result));
    }

    const sema::Model& model_;
    Question question_;
    std::int32_t fiscal_year_;
    std::deque<Binding> bindings_;  // which stay where they are
    std::map<std::tuple<Id, std::int32_t, Place>, Value> facts_;
    std::map<std::pair<Id, Place>, Value> lets_;
    std::map<std::pair<Id, Place>, Open> clauses_;
    std::vector<std::string> paths_;          // of facts that are not known
    std::map<std::string, Identity> names_;
    std::set<Read> reads_;
    std::map<std::string, std::pair<Number, Number>> defaults_;
    bool touching_ = false;  // every row of a table is looked at, whether it applies or not
    Said& said_;
};

}  // namespace

struct Oracle::Kept : Said {};

Number number_of(const value::Rational& rational) { return Number::of(rational.numerator(), rational.denominator()); }

Declared declared(const sema::Model& model, sema::Id subject, sema::Id number) {
    const sema::Fact& fact = model.subjects[subject].facts[number];
    const Interval type = type_range(model, fact.type);
    Declared result{type.low, type.high, fact_step(fact.type)};
    const auto end = [&](const sema::Constant& constant) { return is_numeric(fact.type.kind) ? number_of(constant.number) : Number(constant.integer); };
    if (fact.low.constant) {
        const Number steps = end(*fact.low.constant) / result.step;
        result.low = Number(fact.low.open ? floor_of(steps) + 1 : ceiling_of(steps)) * result.step;
    }
    if (fact.high.constant) {
        const Number steps = end(*fact.high.constant) / result.step;
        result.high = Number(fact.high.open ? ceiling_of(steps) - 1 : floor_of(steps)) * result.step;
    }
    if (fact.low.fact != sema::no_id) result.low = std::max(result.low, declared(model, subject, fact.low.fact).low);
    if (fact.high.fact != sema::no_id) result.high = std::min(result.high, declared(model, subject, fact.high.fact).high);
    return result;
}

Oracle::Oracle(const sema::Model& model, sema::Id policy) : model_(model), policy_(policy), kept_(std::make_unique<Kept>()) {}
Oracle::~Oracle() = default;

Answer Oracle::ask(const Profile& profile, const Question& question) { return Evaluator(model_, profile, question, *kept_).ask(policy_); }

Answer ask(const sema::Model& model, sema::Id policy, const Profile& profile, const Question& question) { return Oracle(model, policy).ask(profile, question); }

std::vector<Read> reads(const sema::Model& model, sema::Id policy, const Question& question, std::int32_t fiscal_year) {
    Profile nothing;
    nothing.subject = model.policies[policy].subject;
    nothing.fiscal_year = fiscal_year;
    Said said;
    return Evaluator(model, nothing, question, said).reads(policy);
}

}  // namespace eligo::oracle
