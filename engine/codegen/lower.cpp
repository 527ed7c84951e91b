// Lowering expressions: constants, facts, arithmetic, comparisons, choices. Aggregates, tables, policies and clauses
// stand in lower_policies.cpp.
#include "lower.hpp"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "../sema/describe.hpp"
#include "../value/exactly.hpp"
#include "emit.hpp"

namespace eligo::codegen {

using bytecode::Relation;
using sema::Expr;
using sema::ExprKind;
using sema::Kind;
using text::Code;

namespace {

// Some twenty for each instruction that a program may have.
constexpr std::uint32_t most_lowered = 1'000'000;

value::Rounding rounding_of(sema::Rounding rounding) {
    switch (rounding) {
        case sema::Rounding::HalfUp: return value::Rounding::HalfUp;
        case sema::Rounding::Down: return value::Rounding::Down;
        case sema::Rounding::Up: return value::Rounding::Up;
        case sema::Rounding::HalfEven: return value::Rounding::HalfEven;
    }
    return value::Rounding::HalfUp;
}

// A set has neither the first number of 64 bits nor the last, so that there are neighbours to all of its members.
bool fits_set(std::int64_t number) { return std::numeric_limits<std::int64_t>::min() < number && number < std::numeric_limits<std::int64_t>::max(); }

// Adjacent intervals become one, so that a set lies ascending and apart.
bytecode::Set make_set(std::vector<bytecode::Constant> intervals) {
    std::sort(intervals.begin(), intervals.end(), [](const auto& a, const auto& b) { return a.low < b.low; });
    bytecode::Set set;
    for (const auto& interval : intervals) {
        if (!set.intervals.empty() && interval.low <= set.intervals.back().high + 1) set.intervals.back().high = std::max(set.intervals.back().high, interval.high);
        else set.intervals.push_back(interval);
    }
    return set;
}

}  // namespace

std::int64_t text_number(Layout& layout, const std::string& text) {
    const auto found = std::find(layout.texts.begin(), layout.texts.end(), text);
    const auto number = found - layout.texts.begin();
    if (found == layout.texts.end()) layout.texts.push_back(text);
    return number;
}

Relation relation_of(ExprKind kind) {
    switch (kind) {
        case ExprKind::NotEqual: return Relation::NotEqual;
        case ExprKind::Less: return Relation::Less;
        case ExprKind::LessEqual: return Relation::LessEqual;
        case ExprKind::Greater: return Relation::Greater;
        case ExprKind::GreaterEqual: return Relation::GreaterEqual;
        default: return Relation::Equal;
    }
}

std::int64_t Layout::text_number(const std::string& text) {
    const auto [found, is_new] = text_numbers.try_emplace(text, value::exactly<std::int64_t>(Int128{texts.size()}).value());
    if (is_new) texts.push_back(text);
    return found->second;
}

Lowering::Lowering(const sema::Model& model, const text::SourceSet& sources, Layout& layout, Conditions& conditions, text::Sink& sink, Id subject)
    : model_(model), sources_(sources), layout_(layout), conditions_(conditions), sink_(&sink), subject_(subject) {
    (void)bind({.root = subject, .subject = subject});
}

std::uint32_t Lowering::bind(Binding binding) {
    const auto [found, is_new] = binding_numbers_.try_emplace(binding, static_cast<NodeId>(bindings_.size()));
    if (is_new) bindings_.push_back(std::move(binding));
    return found->second;
}

std::string Lowering::source_text(Span span) const { return span.exists() ? std::string(sources_.text(span)) : std::string(); }

// ---- making and reading values

Lowered Lowering::make_number(sema::Type type, NodeId value, Rational unit, NodeId defined, NodeId denominator) {
    Lowered result;
    result.type = type;
    result.value = value;
    result.unit = unit;
    result.defined = defined;
    result.denominator = denominator;
    if (denominator != no_node && graph_.is_constant(denominator)) {
        // A constant denominator belongs to the unit.
        const auto folded = value::divide(unit, *Rational::make(graph_.node(denominator).range.low, 1));
        if (folded) {
            result.unit = *folded;
            result.denominator = no_node;
        }
    }
    return result;
}

Lowered Lowering::make_truth(NodeId value, NodeId defined) {
    Lowered result;
    result.type.kind = Kind::Bool;
    result.value = value;
    result.defined = defined;
    return result;
}

Lowered Lowering::constant_number(sema::Type type, const Rational& number) {
    return make_number(type, graph_.constant(number.numerator()), *Rational::make(1, number.denominator()));
}

std::optional<Rational> Lowering::constant_value(const Lowered& a) const {
    if (a.broken || a.denominator != no_node || !graph_.is_constant(a.value)) return std::nullopt;
    const auto whole = Rational::make(graph_.node(a.value).range.low, 1);
    return whole ? value::multiply(*whole, a.unit) : std::nullopt;
}

NodeId Lowering::both(NodeId a, NodeId b) {
    if (a == no_node) return b;
    if (b == no_node) return a;
    return graph_.conjunction(a, b);
}

// All values of a type, in whole multiples of a unit; nothing where 128 bits do not count them.
std::optional<Range> Lowering::type_range(const sema::Type& type, const Rational& unit) const {
    const auto within = [&unit](std::int64_t low, std::int64_t high) -> std::optional<Range> {
        const auto least = value::divide(Rational(low), unit), most = value::divide(Rational(high), unit);
        if (!least || !most) return std::nullopt;
        return Range{value::ceil(*least), value::floor(*most)};
    };
    switch (type.kind) {
        case Kind::Bool: return Range{0, 1};
        case Kind::Number: return within(-1'000'000'000, 1'000'000'000);
        case Kind::Money: return within(-10'000'000'000'000, 10'000'000'000'000);
        case Kind::Months: return within(-3600, 3600);
        case Kind::Days: return within(-110'000, 110'000);
        case Kind::Date: return Range{value::first_day, value::last_day};
        case Kind::Enum: return Range{0, static_cast<Int128>(model_.enumerations[type.ref].members.size()) - 1};
        case Kind::Code: {
            const auto all = value::all_codes(static_cast<value::Classification>(type.ref));
            return Range{all.first, all.last};
        }
        case Kind::Text: return Range{0, 0x7FFFFFFF};
        case Kind::Error: case Kind::Record: case Kind::List: break;
    }
    return Range{0, 0};
}

std::optional<Lowered> Lowering::in_unit(const Lowered& a, const Rational& unit) {
    const auto factor = value::divide(a.unit, unit);
    if (!factor) return std::nullopt;
    Lowered result = a;
    result.unit = unit;
    const auto scaled = stretched(a, factor->numerator());
    if (!scaled) return std::nullopt;
    result.value = *scaled;
    if (factor->denominator() == 1) return result;
    // Not a whole multiple: only a quotient, or a constant that happens to divide, can be written in that unit.
    if (graph_.is_constant(*scaled) && graph_.node(*scaled).range.low % factor->denominator() == 0) {
        result.value = graph_.constant(graph_.node(*scaled).range.low / factor->denominator());
        return result;
    }
    const NodeId by = graph_.constant(factor->denominator());
    const auto denominator = a.denominator == no_node ? std::optional<NodeId>(by) : graph_.multiply_along(a.denominator, by);
    if (!denominator) return std::nullopt;
    result.denominator = *denominator;
    return result;
}

std::optional<std::pair<Lowered, Lowered>> Lowering::same_unit(const Lowered& a, const Lowered& b) {
    const auto unit = value::unit_gcd(a.unit, b.unit);
    if (!unit) return std::nullopt;
    auto x = in_unit(a, *unit), y = in_unit(b, *unit);
    if (!x || !y) return std::nullopt;
    return std::make_pair(*x, *y);
}

std::optional<Lowered> Lowering::add(const Lowered& a, const Lowered& b, sema::Type type) {
    // Zero has every unit.
    if (const auto zero = constant_value(a); zero && zero->is_zero()) return make_number(type, b.value, b.unit, both(a.defined, b.defined), b.denominator);
    if (const auto zero = constant_value(b); zero && zero->is_zero()) return make_number(type, a.value, a.unit, both(a.defined, b.defined), a.denominator);
    const auto pair = same_unit(a, b);
    if (!pair) return std::nullopt;
    auto [x, y] = *pair;
    const NodeId defined = both(a.defined, b.defined);
    if (x.denominator == y.denominator) {
        const auto sum = graph_.add(x.value, y.value);
        if (!sum) return std::nullopt;
        return make_number(type, *sum, x.unit, defined, x.denominator);
    }
    const auto left = graph_.multiply_along(x.value, below(y)), right = graph_.multiply_along(y.value, below(x)), denominator = graph_.multiply_along(below(x), below(y));
    if (!left || !right || !denominator) return std::nullopt;
    const auto sum = graph_.add(*left, *right);
    if (!sum) return std::nullopt;
    return make_number(type, *sum, x.unit, defined, *denominator);
}

// The ends of a quotient's numerator stay where they are: either may be the lesser.
std::optional<NodeId> Lowering::stretched(const Lowered& a, value::Int128 factor) {
    return a.denominator == no_node ? graph_.multiply(a.value, factor) : graph_.multiply_along(a.value, graph_.constant(factor));
}

NodeId Lowering::below(const Lowered& a) { return a.denominator == no_node ? graph_.constant(1) : a.denominator; }

std::optional<Lowered> Lowering::negate(const Lowered& a) {
    const auto value = graph_.subtract(graph_.constant(0), a.value);
    if (!value) return std::nullopt;
    Lowered result = a;
    result.value = *value;
    if (a.denominator != no_node) result.denominator = graph_.swap(a.denominator);
    return result;
}

std::optional<Lowered> Lowering::multiply(const Lowered& a, const Lowered& b, sema::Type type) {
    const NodeId defined = both(a.defined, b.defined);
    // A constant factor changes the unit, not the number: 80 % of an amount counts in other steps.
    for (const auto& [constant, other] : {std::pair(&a, &b), std::pair(&b, &a)}) {
        const auto factor = constant_value(*constant);
        if (!factor) continue;
        if (factor->is_zero()) return make_number(type, graph_.constant(0), Rational(1), defined);
        const auto magnitude = factor->sign() < 0 ? value::negate(*factor) : factor;
        const auto unit = magnitude ? value::multiply(other->unit, *magnitude) : std::nullopt;
        if (!unit) return std::nullopt;
        auto result = factor->sign() < 0 ? negate(*other) : std::optional<Lowered>(*other);
        if (!result) return std::nullopt;
        return make_number(type, result->value, *unit, defined, result->denominator);
    }
    const auto unit = value::multiply(a.unit, b.unit);
    if (!unit) return std::nullopt;
    if (a.denominator == no_node && b.denominator == no_node) {
        const auto product = graph_.multiply(a.value, b.value);
        return product ? std::optional<Lowered>(make_number(type, *product, *unit, defined)) : std::nullopt;
    }
    // Only a factor that cannot be negative leaves the ends of a quotient where they are.
    const bool first_positive = graph_.node(a.value).range.low >= 0, second_positive = graph_.node(b.value).range.low >= 0;
    const bool plain = (a.denominator == no_node && first_positive) || (b.denominator == no_node && second_positive);
    if (!plain && !(first_positive && second_positive)) {
        // A quotient of at least zero times a number of either sign: the number's sign says which end goes where.
        const Lowered& quotient = b.denominator == no_node ? a : b;
        const Lowered& number = b.denominator == no_node ? b : a;
        if (number.denominator != no_node || graph_.node(quotient.value).range.low < 0) return std::nullopt;
        const auto product = graph_.multiply_along(graph_.ends(number.value, graph_.swap(quotient.value)), number.value);
        if (!product) return std::nullopt;
        return make_number(type, *product, *unit, defined, graph_.ends(number.value, graph_.swap(quotient.denominator)));
    }
    // A factor that cannot be negative goes to whichever end it makes less or greater.
    const auto by = [&](NodeId quotient, NodeId factor) { return graph_.multiply_along(quotient, graph_.ends(quotient, graph_.swap(factor))); };
    const auto product = !plain ? graph_.multiply_along(a.value, b.value) : a.denominator != no_node ? by(a.value, b.value) : by(b.value, a.value);
    const auto denominator = graph_.multiply_along(below(a), below(b));
    if (!product || !denominator) return std::nullopt;
    return make_number(type, *product, *unit, defined, *denominator);
}

std::optional<Lowered> Lowering::divide(const Lowered& a, const Lowered& b, sema::Type type) {
    NodeId defined = both(a.defined, b.defined);
    if (const auto divisor = constant_value(b)) {
        if (divisor->is_zero()) return make_number(type, a.value, a.unit, graph_.truth(false), a.denominator);
        const auto inverse = value::divide(Rational(1), *divisor);
        if (!inverse) return std::nullopt;
        Lowered factor = constant_number(b.type, *inverse);
        factor.defined = b.defined;
        return multiply(a, factor, type);
    }
    const auto unit = value::divide(a.unit, b.unit);
    if (!unit) return std::nullopt;
    // The sign moves up, so that a denominator is positive wherever it is looked at.
    NodeId numerator = a.value, own_denominator = a.denominator, divisor = b.value, divisor_denominator = b.denominator;
    const Range range = graph_.node(divisor).range;
    const NodeId zero = graph_.constant(0);
    if (range.low < 0) {
        // Of a quotient whose sign is open nothing tells which denominator belongs to which end.
        if (own_denominator != no_node || divisor_denominator != no_node) return std::nullopt;
        const auto opposite = graph_.subtract(zero, numerator);
        const auto magnitude = graph_.absolute(divisor);
        if (!opposite || !magnitude) return std::nullopt;
        numerator = graph_.select(graph_.less(divisor, zero), *opposite, numerator);
        divisor = *magnitude;
    }
    if (range.low <= 0 && range.high >= 0) {
        defined = both(defined, graph_.negation(graph_.equal(b.value, zero)));
        divisor = graph_.maximum(divisor, graph_.constant(1));
    }
    // a / (n / d) is a * d / n.
    NodeId denominator = graph_.ends(numerator, divisor);
    if (own_denominator != no_node) {
        const auto product = graph_.multiply_along(own_denominator, denominator);
        if (!product) return std::nullopt;
        denominator = *product;
    }
    if (divisor_denominator != no_node) {
        const auto product = graph_.multiply_along(numerator, graph_.ends(numerator, divisor_denominator));
        if (!product) return std::nullopt;
        numerator = *product;
    }
    return make_number(type, numerator, *unit, defined, denominator);
}

std::optional<Lowered> Lowering::choose(NodeId condition, const Lowered& a, const Lowered& b) {
    // A branch that has a value just where it is taken always has one: `if n != 0 then 1 / n else 0`.
    const NodeId first = a.defined == condition ? no_node : a.defined, second = b.defined == graph_.negation(condition) ? no_node : b.defined;
    NodeId defined = no_node;
    if (first != no_node || second != no_node)
        defined = graph_.select(condition, first == no_node ? graph_.truth(true) : first, second == no_node ? graph_.truth(true) : second);
    if (defined != no_node && graph_.is_true(defined)) defined = no_node;
    if (!is_numeric(a.type.kind)) {
        Lowered result = a;
        result.value = graph_.select(condition, a.value, b.value);
        result.defined = defined;
        return result;
    }
    sema::Type type = a.type;
    type.whole = a.type.whole && b.type.whole;
    type.percent = a.type.percent || b.type.percent;
    if (graph_.is_true(condition)) return make_number(type, a.value, a.unit, defined, a.denominator);
    if (graph_.is_false(condition)) return make_number(type, b.value, b.unit, defined, b.denominator);
    // Zero needs no unit of its own.
    const auto zero_a = constant_value(a), zero_b = constant_value(b);
    Lowered x = a, y = b;
    if (zero_b && zero_b->is_zero()) {
        y = make_number(type, graph_.constant(0), a.unit);
    } else if (zero_a && zero_a->is_zero()) {
        x = make_number(type, graph_.constant(0), b.unit);
    } else {
        const auto pair = same_unit(a, b);
        if (!pair) return std::nullopt;
        std::tie(x, y) = *pair;
    }
    if (x.denominator == no_node && y.denominator == no_node) return make_number(type, graph_.select(condition, x.value, y.value), x.unit, defined);
    // Beside a quotient that cannot be negative, zero is its low end, over whatever denominator.
    if (y.denominator == no_node && graph_.is_constant(y.value) && graph_.node(y.value).range.low == 0 && graph_.node(x.value).range.low >= 0)
        return make_number(type, graph_.select(condition, x.value, y.value), x.unit, defined, x.denominator);
    const auto left = graph_.multiply_along(x.value, below(y)), right = graph_.multiply_along(y.value, below(x));
    if (!left || !right) return std::nullopt;
    const NodeId which = graph_.choice(condition, *left, *right);
    return make_number(type, graph_.select_ends(which, x.value, y.value), x.unit, defined, graph_.select_ends(which, below(x), below(y)));
}

std::optional<NodeId> Lowering::compare(Relation relation, const Lowered& a, const Lowered& b) {
    switch (relation) {
        case Relation::NotEqual: {
            const auto equal = compare(Relation::Equal, a, b);
            return equal ? std::optional<NodeId>(graph_.negation(*equal)) : std::nullopt;
        }
        case Relation::Greater: return compare(Relation::Less, b, a);
        case Relation::GreaterEqual: return compare(Relation::LessEqual, b, a);
        default: break;
    }
    const auto answer = [&](NodeId x, NodeId y) {
        return relation == Relation::Equal ? graph_.equal(x, y) : relation == Relation::Less ? graph_.less(x, y) : graph_.less_equal(x, y);
    };
    if (!is_numeric(a.type.kind)) {
        if (a.type.kind == Kind::Bool) return graph_.disjunction(graph_.conjunction(a.value, b.value), graph_.conjunction(graph_.negation(a.value), graph_.negation(b.value)));
        return answer(a.value, b.value);
    }
    // Beside a constant the threshold moves to the nearest whole step, so that nothing is multiplied.
    const auto left = constant_value(a), right = constant_value(b);
    if (right && !left && a.denominator == no_node) {
        const auto steps = value::divide(*right, a.unit);
        if (!steps) return std::nullopt;
        if (relation == Relation::Equal) return steps->is_whole() ? graph_.equal(a.value, graph_.constant(steps->numerator())) : graph_.truth(false);
        if (relation == Relation::LessEqual) return graph_.less_equal(a.value, graph_.constant(value::floor(*steps)));
        return steps->is_whole() ? graph_.less(a.value, graph_.constant(steps->numerator())) : graph_.less_equal(a.value, graph_.constant(value::floor(*steps)));
    }
    if (left && !right && b.denominator == no_node) {
        const auto steps = value::divide(*left, b.unit);
        if (!steps) return std::nullopt;
        if (relation == Relation::Equal) return steps->is_whole() ? graph_.equal(b.value, graph_.constant(steps->numerator())) : graph_.truth(false);
        if (relation == Relation::LessEqual) return graph_.less_equal(graph_.constant(value::ceil(*steps)), b.value);
        return steps->is_whole() ? graph_.less(graph_.constant(steps->numerator()), b.value) : graph_.less_equal(graph_.constant(value::ceil(*steps)), b.value);
    }
    // a.value * a.unit / a.denominator against the same of b, multiplied across.
    const auto ratio = value::divide(a.unit, b.unit);
    if (!ratio) return std::nullopt;
    auto x = stretched(a, ratio->numerator()), y = stretched(b, ratio->denominator());
    if (x && b.denominator != no_node) x = graph_.multiply_across(*x, b.denominator);
    if (y && a.denominator != no_node) y = graph_.multiply_across(*y, a.denominator);
    if (!x || !y) return std::nullopt;
    return answer(*x, *y);
}

std::optional<Lowered> Lowering::or_unknown(NodeId known, const Lowered& a) {
    Lowered result = a;
    result.defined = no_node;
    if (a.type.kind == Kind::Bool) {
        result.value = graph_.or_unknown(known, a.value, {0, 1});
        return result;
    }
    const auto any = type_range(a.type, a.unit);
    if (!any) return std::nullopt;
    if (a.denominator == no_node) {
        result.value = graph_.or_unknown(known, a.value, *any);
        return result;
    }
    return choose(known, result, make_number(a.type, graph_.or_unknown(known, graph_.constant(0), *any), a.unit));
}

// Refused, with the smallest part that would do if it were rounded, which is tried.
Lowered Lowering::too_wide(const Expr& expr, const Scope& scope) {
    Lowered broken;
    broken.broken = true;
    if (trial_) return broken;
    const auto part = part_to_round(expr, scope, false);
    if (part) sink_->report(Code::too_wide_for_exactness, expr.span, {source_text(model_.expr(part->first).span), spelled(model_.expr(part->first).type, part->second)});
    else too_wide_in_any_case(expr.span);
    return broken;
}

// Months are counted on the calendar, days by their number.
Lowered Lowering::beyond_calendar(Span span, bool months) {
    auto& report = sink_->report(Code::date_beyond_calendar, span);
    report.no_help = !months;
    if (!months) report.here("narrow the range of the date or of the days", "请缩小日期或天数的范围");
    Lowered broken;
    broken.broken = true;
    return broken;
}

void Lowering::too_wide_in_any_case(Span span) {
    auto& report = sink_->report(Code::too_wide_for_exactness, span);
    report.no_help = true;
    report.here("narrow the ranges of the facts that it reads", "请缩小其所读事实的范围");
}

namespace {

bool is_arithmetic(ExprKind kind) {
    switch (kind) {
        case ExprKind::Negate: case ExprKind::Absolute: case ExprKind::Add: case ExprKind::Subtract: case ExprKind::Multiply: case ExprKind::Divide:
        case ExprKind::Minimum: case ExprKind::Maximum: case ExprKind::Clamp: case ExprKind::If: case ExprKind::Otherwise: case ExprKind::Aggregate:
            return true;
        default: return false;
    }
}

// The finest first.
std::vector<Rational> steps_of(const sema::Type& type) {
    if (type.kind == Kind::Money) return {Rational::of(1, 100), Rational(1)};
    if (type.kind == Kind::Number) return {Rational::of(1, 1'000'000), Rational::of(1, 10'000), Rational::of(1, 100), Rational(1)};
    return {};
}

}  // namespace

// What stands inside an expression and might be rounded: what is calculated before what is only named, and of each the
// smaller before the larger.
std::vector<ExprId> Lowering::parts_of(const Expr& expr) const {
    constexpr std::size_t most = 100;  // tried; an expression with more of them is a page long
    std::vector<std::pair<std::size_t, ExprId>> found;
    const auto size = [this](const auto& self, ExprId id) -> std::size_t {
        std::size_t sum = 1;
        for (const ExprId part : model_.expr(id).args)
            if (part != sema::no_expr) sum += self(self, part);
        return sum;
    };
    std::vector<ExprId> open(expr.args.rbegin(), expr.args.rend());
    while (!open.empty() && found.size() < most) {
        const ExprId id = open.back();
        open.pop_back();
        if (id == sema::no_expr) continue;
        const Expr& part = model_.expr(id);
        if (part.kind != ExprKind::Constant && part.kind != ExprKind::Round && part.kind != ExprKind::Unknown && !steps_of(part.type).empty())
            found.emplace_back(is_arithmetic(part.kind) ? size(size, id) : 1'000'000, id);
        if (is_arithmetic(part.kind)) open.insert(open.end(), part.args.rbegin(), part.args.rend());
    }
    std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<ExprId> parts;
    for (const auto& [length, id] : found) parts.push_back(id);
    return parts;
}

// `shown`: so that the whole can be shown, to which end it may be rounded itself.
std::optional<std::pair<ExprId, Rational>> Lowering::part_to_round(const Expr& expr, const Scope& scope, bool shown) {
    text::Sink unheard;
    text::Sink* const heard = std::exchange(sink_, &unheard);
    Scope inside = scope;
    inside.dead = true;  // nothing is learned from a trial
    const auto whole = static_cast<ExprId>(&expr - model_.exprs.data());
    std::optional<std::pair<ExprId, Rational>> found;
    bool enough = false;  // for all that is asked, and not only for what failed first
    std::vector<ExprId> parts = parts_of(expr);
    if (shown) parts.push_back(whole);
    for (const ExprId part : parts) {
        for (const Rational& step : steps_of(model_.expr(part).type)) {
            trial_ = {part, step};
            const Lowered tried = lower(whole, inside);
            if (tried.broken || (shown && !measured(tried))) continue;
            Scope outside = asked_ ? asked_->second : inside;
            outside.dead = true;
            enough = !asked_ || !lower(asked_->first, outside).broken;
            if (enough || !found) found = trial_;
            if (enough) break;
        }
        if (enough) break;
    }
    trial_.reset();
    sink_ = heard;
    return found;
}

// ---- expressions

Lowered Lowering::lower_total(ExprId id, const Scope& scope) {
    const bool outermost = !asked_;
    if (outermost) asked_.emplace(id, scope);
    Lowered result = lower(id, scope);
    if (outermost) asked_.reset();
    if (!result.broken && result.defined != no_node && !graph_.is_true(result.defined)) {
        const Span span = model_.expr(without_value(id, scope)).span;
        sink_->report(Code::may_have_no_value, span, {source_text(span), source_text(span)});
        result.broken = true;
    }
    return result;
}

// The innermost part that has no value where the whole has none: what the reader has to look at.
ExprId Lowering::without_value(ExprId id, const Scope& scope) {
    const Expr& expr = model_.expr(id);
    switch (expr.kind) {
        case ExprKind::Not: case ExprKind::Negate: case ExprKind::Absolute: case ExprKind::Add: case ExprKind::Subtract: case ExprKind::Multiply: case ExprKind::Divide:
        case ExprKind::Equal: case ExprKind::NotEqual: case ExprKind::Less: case ExprKind::LessEqual: case ExprKind::Greater: case ExprKind::GreaterEqual:
        case ExprKind::And: case ExprKind::Or: case ExprKind::InRange: case ExprKind::InSet: case ExprKind::Round: case ExprKind::Minimum: case ExprKind::Maximum: case ExprKind::Clamp:
            for (const ExprId part : expr.args) {
                if (part == sema::no_expr) continue;
                const Lowered lowered = lower(part, scope);
                if (!lowered.broken && lowered.defined != no_node && !graph_.is_true(lowered.defined)) return without_value(part, scope);
            }
            return id;
        case ExprKind::If:
            for (const std::size_t part : {std::size_t{0}, std::size_t{1}, std::size_t{2}}) {
                const Scope inside = part == 0 ? scope : narrow(scope, expr.args[0], part == 1);
                if (model_.expr(expr.args[part]).kind == ExprKind::Unknown) continue;
                const Lowered lowered = lower(expr.args[part], inside);
                if (!lowered.broken && lowered.defined != no_node && !graph_.is_true(lowered.defined)) return without_value(expr.args[part], inside);
            }
            return id;
        default: return id;
    }
}

NodeId Lowering::truth(ExprId id, const Scope& scope) {
    if (id == sema::no_expr) return graph_.truth(true);
    const Lowered result = lower_total(id, scope);
    return result.broken || result.value == no_node || !graph_.node(result.value).truth ? graph_.truth(true) : result.value;
}

// Whole, and within a hundred years: sema has seen to that.
std::int32_t Lowering::year_offset(ExprId id, const Scope& scope) {
    const Lowered result = lower(id, scope);
    return result.broken ? 0 : value::exactly<std::int32_t>(constant_value(result).value()).value();
}

Lowered Lowering::lower(ExprId id, const Scope& scope) {
    Lowered result;
    result.broken = true;
    if (id == sema::no_expr) return result;
    result = lower_written(model_.expr(id), scope);
    if (!trial_ || trial_->first != id || result.broken || result.value == no_node) return result;
    const auto rounded = round_to(result, trial_->second, value::Rounding::HalfUp);
    if (rounded) return *rounded;
    result.broken = true;
    return result;
}

Lowered Lowering::lower_written(const Expr& expr, const Scope& scope) {
    Lowered broken;
    broken.broken = true;
    // Definitions that use one another twice are written out twice as often with each; what comes of that is no program.
    if (lowered_ == most_lowered) {
        if (!sink_->has_errors()) sink_->report(Code::program_too_large, expr.span, {model_.subjects[subject_].name, std::to_string(most_instructions)});
        return broken;
    }
    ++lowered_;
    sink_->spend(1);
    if (graph_.size() > counted_nodes_) {
        sink_->take((graph_.size() - counted_nodes_) * bytes_of_a_node);
        counted_nodes_ = graph_.size();
    }
    switch (expr.kind) {
        case ExprKind::Error: return broken;
        case ExprKind::Constant: return lower_constant(expr);
        case ExprKind::Unknown: {
            // Alone, it is unknown whatever happens; `if` and `otherwise` look at it before.
            Lowered result = make_number(expr.type, graph_.constant(0), Rational(1));
            if (expr.type.kind == Kind::Bool) result = make_truth(graph_.truth(false));
            result.type = expr.type;
            return or_unknown(graph_.truth(false), result).value();  // in whole numbers there is room for every type
        }
        case ExprKind::AsOf: return make_number(expr.type, scope.day, Rational(1));
        case ExprKind::YearEnd: return make_number(expr.type, graph_.year_end(year_offset(expr.args[0], scope)), Rational(1));
        case ExprKind::Variable: {
            const auto found = scope.variables.find(expr.ref);
            if (found == scope.variables.end()) return broken;
            Lowered result = found->second;
            if (const auto narrowed = scope.narrowed.find(result.value); narrowed != scope.narrowed.end() && result.denominator == no_node) result.value = narrowed->second;
            return result;
        }
        case ExprKind::Fact: return lower_fact(expr, scope);
        case ExprKind::LetUse: return lower_let(expr, scope);
        case ExprKind::ParameterUse: return lower_parameter(expr, scope);
        case ExprKind::TableUse: return lower_table(expr, scope);
        case ExprKind::PolicyUse: return lower_policy(expr, scope);
        case ExprKind::ClauseUse: {
            const auto key = std::make_tuple(scope.policy, scope.version, scope.binding, scope.day);
            const auto found = verdicts_.find(key);
            if (found == verdicts_.end()) return broken;
            return make_truth(clause(found->second, model_.policies[scope.policy].versions[scope.version], expr.ref));
        }
        case ExprKind::Not: {
            const Lowered a = lower(expr.args[0], scope);
            return a.broken ? a : make_truth(graph_.negation(a.value), a.defined);
        }
        case ExprKind::And:
        case ExprKind::Or: {
            const Lowered a = lower(expr.args[0], scope), b = lower(expr.args[1], scope);
            if (a.broken || b.broken) return broken;
            note_pair(expr, scope, a, b);
            return make_truth(expr.kind == ExprKind::And ? graph_.conjunction(a.value, b.value) : graph_.disjunction(a.value, b.value), both(a.defined, b.defined));
        }
        case ExprKind::Negate: case ExprKind::Absolute: case ExprKind::Add: case ExprKind::Subtract: case ExprKind::Multiply: case ExprKind::Divide:
        case ExprKind::MonthsBetween: case ExprKind::DaysBetween:
            return lower_arithmetic(expr, scope);
        case ExprKind::Equal: case ExprKind::NotEqual: case ExprKind::Less: case ExprKind::LessEqual: case ExprKind::Greater: case ExprKind::GreaterEqual:
            return lower_comparison(expr, scope);
        case ExprKind::InRange: return lower_in_range(expr, scope);
        case ExprKind::InSet: return lower_in_set(expr, scope);
        case ExprKind::If: return lower_if(expr, scope);
        case ExprKind::Otherwise: return lower_otherwise(expr, scope);
        case ExprKind::Round: return lower_round(expr, scope);
        case ExprKind::Minimum: case ExprKind::Maximum: return lower_extreme(expr, scope);
        case ExprKind::Clamp: return lower_clamp(expr, scope);
        case ExprKind::Aggregate: return lower_aggregate(expr, scope);
    }
    return broken;
}

Lowered Lowering::lower_constant(const Expr& expr) {
    Lowered result;
    switch (expr.type.kind) {
        case Kind::Number: case Kind::Money: case Kind::Months: case Kind::Days: return constant_number(expr.type, expr.constant.number);
        case Kind::Bool: return make_truth(graph_.truth(expr.constant.integer != 0));
        case Kind::Text: return make_number(expr.type, graph_.constant(layout_.text_number(expr.constant.text)), Rational(1));
        case Kind::Date: case Kind::Enum: case Kind::Code: return make_number(expr.type, graph_.constant(expr.constant.integer), Rational(1));
        case Kind::Error: case Kind::Record: case Kind::List: break;
    }
    result.broken = true;
    return result;
}

std::uint32_t Lowering::record_binding(ExprId base, const Scope& scope) {
    if (base == sema::no_expr) return scope.binding;
    const Lowered record = lower(base, scope);
    return record.broken ? ~0U : record.binding;
}

// Columns stand in the order of their paths.
std::uint32_t Lowering::column(const Binding& binding, Id fact) const {
    const auto& columns = layout_.columns[binding.root];
    std::vector<bytecode::Index> path = binding.path;
    path.push_back(fact);
    const auto found = std::ranges::lower_bound(columns, path, {}, &bytecode::Column::path);
    return found == columns.end() || found->path != path ? bytecode::none : static_cast<bytecode::Index>(found - columns.begin());
}

std::uint32_t Lowering::slot(std::uint32_t list, bytecode::Slot wanted) {
    auto& slots = list == no_list ? slots_ : lists_[list].fields;
    const auto [found, is_new] = slot_numbers_.try_emplace({list, wanted.column, wanted.year_offset}, static_cast<NodeId>(slots.size()));
    if (is_new) slots.push_back(wanted);
    return found->second;
}

std::uint32_t Lowering::list(std::uint32_t column_number, Id element) {
    const auto [found, is_new] = list_numbers_.try_emplace(column_number, static_cast<NodeId>(lists_.size()));
    if (!is_new) return found->second;
    bytecode::ListInput input;
    input.column = column_number;
    input.element = element;
    lists_.push_back(std::move(input));
    return found->second;
}

Lowered Lowering::fact_value(std::uint32_t binding_number, Id fact_number, std::int32_t year_offset, const Scope& scope, Span span) {
    const Binding binding = bindings_[binding_number];
    const sema::Fact& fact = model_.subjects[binding.subject].facts[fact_number];
    if (fact.type.kind == Kind::Record) {
        Binding inner = binding;
        inner.path.push_back(fact_number);
        inner.subject = fact.type.ref;
        Lowered result;
        result.type = fact.type;
        result.binding = bind(std::move(inner));
        return result;
    }
    const bytecode::Slot wanted{.column = column(binding, fact_number), .year_offset = year_offset};
    const bytecode::Fact& laid_out = layout_.facts[binding.subject][fact_number];
    const Range range{laid_out.low, laid_out.high};
    const bool is_truth = fact.type.kind == Kind::Bool;
    sema::Type type = fact.type;
    type.yearly = false;
    NodeId value = no_node, given = no_node;
    if (binding.loop == no_node) {
        const std::uint32_t number = slot(no_list, wanted);
        value = graph_.input(number, range, is_truth);
        given = laid_out.default_kind == bytecode::DefaultKind::Computed ? graph_.given(number) : no_node;
    } else {
        const std::uint32_t number = slot(graph_.node(binding.loop).number, wanted);
        value = graph_.field(number, binding.loop, range, is_truth);
        given = laid_out.default_kind == bytecode::DefaultKind::Computed ? graph_.field_given(number, binding.loop) : no_node;
    }
    const Rational unit = *Rational::make(laid_out.unit.numerator, laid_out.unit.denominator);
    Lowered result = is_truth ? make_truth(value) : make_number(type, value, unit);
    // A default may read facts that have one too, each of them more than once: what was worked out is kept.
    const auto key = std::make_tuple(binding_number, fact_number, year_offset, scope.day, scope.loop);
    if (const auto kept = given == no_node ? defaults_.end() : defaults_.find(key); kept != defaults_.end()) {
        result = kept->second;
    } else if (given != no_node) {
        Scope inside = scope;
        inside.binding = binding_number;
        inside.variables.clear();
        inside.narrowed.clear();
        Lowered otherwise = lower_total(fact.default_value, inside);
        if (otherwise.broken) return otherwise;
        // Whatever it comes to, it is a value of this fact: `unknown` is no wider than its range.
        if (!is_truth && otherwise.denominator == no_node) {
            const auto step = value::divide(unit, otherwise.unit);
            const auto low = step ? value::scale(value::point(range.low), step->numerator()) : std::nullopt;
            const auto high = step ? value::scale(value::point(range.high), step->numerator()) : std::nullopt;
            if (!low || !high) {
                too_wide_in_any_case(span);
                result.broken = true;
                return result;
            }
            const Int128 divisor = step->denominator();
            const NodeId least = graph_.constant(value::divide_rounded(low->low, divisor, value::Rounding::Up));
            const NodeId greatest = graph_.constant(value::divide_rounded(high->high, divisor, value::Rounding::Down));
            otherwise.value = graph_.maximum(graph_.minimum(otherwise.value, greatest), least);
        }
        const auto chosen = choose(given, result, otherwise);
        if (!chosen) {
            too_wide_in_any_case(span);
            result.broken = true;
            return result;
        }
        result = *chosen;
        result.type = type;
        if (!scope.dead) defaults_[key] = result;
    }
    if (const auto narrowed = scope.narrowed.find(result.value); narrowed != scope.narrowed.end()) result.value = narrowed->second;
    return result;
}

// What a value can be on the days that matter: those of the period in which the policy is in force.
Range Lowering::range_on_its_days(NodeId id, const Scope& scope) const {
    if (scope.period.from <= value::first_day && scope.period.to >= value::last_day) return graph_.node(id).range;
    Range days = graph_.node(scope.day).range;
    if (scope.period.from > value::first_day) days.low = scope.period.from;
    if (scope.period.to < value::last_day) days.high = scope.period.to;
    return graph_.range_where(id, scope.day, days);
}

// The least and the greatest a number can be whose value lies within a range.
std::optional<std::pair<Rational, Rational>> Lowering::ends_of(const Lowered& a, const Range& range) const {
    const Range below = a.denominator == no_node ? value::point(1) : graph_.node(a.denominator).range;
    const auto end = [&](Int128 numerator, Int128 denominator) {
        const auto number = Rational::make(numerator, denominator);
        return number ? value::multiply(*number, a.unit) : std::nullopt;
    };
    const auto low = end(range.low, range.low < 0 ? below.low : below.high), high = end(range.high, range.high < 0 ? below.high : below.low);
    return low && high ? std::make_optional(std::make_pair(*low, *high)) : std::nullopt;
}

void Lowering::check_defaults() {
    Scope scope;
    scope.day = graph_.as_of();
    const auto& facts = model_.subjects[subject_].facts;
    for (Id fact = 0; fact < facts.size(); ++fact)
        if (layout_.facts[subject_][fact].default_kind == bytecode::DefaultKind::Computed) check_default(facts[fact], fact, facts[fact].default_value, scope);
}

// A computed default is a value like one that is given, so it must lie within the fact's range, but where it is unknown.
void Lowering::check_default(const sema::Fact& fact, Id number, ExprId id, const Scope& scope) {
    const Expr& expr = model_.expr(id);
    if (expr.kind == ExprKind::Unknown) return;
    if (expr.kind == ExprKind::If) {
        check_default(fact, number, expr.args[1], narrow(scope, expr.args[0], true));
        return check_default(fact, number, expr.args[2], narrow(scope, expr.args[0], false));
    }
    if (expr.kind == ExprKind::Otherwise) {
        check_default(fact, number, expr.args[0], scope);
        return check_default(fact, number, expr.args[1], scope);
    }
    const Lowered lowered = lower(id, scope);
    if (lowered.broken || !(is_numeric(lowered.type.kind) || lowered.type.kind == Kind::Date)) return;
    const bytecode::Fact& laid_out = layout_.facts[subject_][number];
    const auto unit = Rational::make(laid_out.unit.numerator, laid_out.unit.denominator);
    const auto least = unit ? value::multiply(*unit, Rational(laid_out.low)) : std::nullopt, most = unit ? value::multiply(*unit, Rational(laid_out.high)) : std::nullopt;
    const auto own = ends_of(lowered, graph_.node(lowered.value).range);
    if (!least || !most || (own && value::compare(*least, own->first) <= 0 && value::compare(own->second, *most) <= 0)) return;
    auto& report = sink_->report(Code::default_may_lie_outside, expr.span, {fact.name, spelled(fact.type, *least), spelled(fact.type, *most), source_text(expr.span)});
    if (const auto lies = where_it_lies(lowered, scope)) report.here("this " + lies->first, "此处" + lies->second);
}

Lowered Lowering::lower_fact(const Expr& expr, const Scope& scope) {
    const std::uint32_t binding = record_binding(expr.base, scope);
    Lowered broken;
    broken.broken = true;
    if (binding == ~0U) return broken;
    const std::int32_t offset = expr.args.empty() ? 0 : year_offset(expr.args[0], scope);
    return fact_value(binding, expr.ref, offset, scope, expr.span);
}

Lowered Lowering::lower_let(const Expr& expr, const Scope& scope) {
    const sema::Let& let = model_.lets[expr.ref];
    Scope inside = scope;
    inside.binding = record_binding(expr.base, scope);
    Lowered result;
    result.broken = true;
    if (inside.binding == ~0U) return result;
    inside.variables.clear();
    for (std::size_t i = 0; i < let.parameters.size(); ++i) inside.variables[let.parameters[i]] = lower(expr.args[i], scope);
    // Written out once for the same row on the same day; what a condition around says of a value makes another.
    const auto key = std::make_tuple(expr.ref, inside.binding, scope.day, scope.loop, scope.period.from, scope.period.to);
    const bool once = let.parameters.empty() && scope.narrowed.empty() && !scope.dead;
    if (once)
        if (const auto found = lets_.find(key); found != lets_.end()) return found->second;
    result = lower(let.value, inside);
    if (!result.broken && result.type.kind == let.type.kind) {
        result.type.whole = let.type.whole;
        result.type.percent = let.type.percent;
    }
    if (once) lets_[key] = result;
    if (!result.broken && result.denominator == no_node)
        if (const auto narrowed = scope.narrowed.find(result.value); narrowed != scope.narrowed.end()) result.value = narrowed->second;
    return result;
}

Lowered Lowering::lower_arithmetic(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope);
    const Lowered b = expr.args.size() > 1 ? lower(expr.args[1], scope) : a;
    Lowered broken;
    broken.broken = true;
    if (a.broken || b.broken) return broken;
    const NodeId defined = both(a.defined, b.defined);
    std::optional<Lowered> result;
    const auto dated = [&](std::optional<NodeId> day) { return day ? std::optional<Lowered>(make_number(expr.type, *day, Rational(1), defined)) : std::nullopt; };
    const bool on_date = a.type.kind == Kind::Date || b.type.kind == Kind::Date;
    switch (expr.kind) {
        case ExprKind::Negate: result = negate(a); break;
        case ExprKind::Absolute:
            if (a.denominator == no_node) {
                if (const auto magnitude = graph_.absolute(a.value)) result = make_number(expr.type, *magnitude, a.unit, a.defined);
            } else if (const auto opposite = negate(a)) {
                const auto greater = extreme(false, a, *opposite);
                result = greater ? extreme(false, *greater, constant_number(a.type, Rational(0))) : std::nullopt;
                if (result) result->defined = a.defined;
            }
            break;
        case ExprKind::MonthsBetween: result = dated(graph_.months_between(a.value, b.value)); break;
        case ExprKind::DaysBetween: result = dated(graph_.subtract(b.value, a.value)); break;
        case ExprKind::Add:
        case ExprKind::Subtract: {
            const bool minus = expr.kind == ExprKind::Subtract;
            if (!on_date) {
                const auto other = minus ? negate(b) : std::optional<Lowered>(b);
                if (other) result = add(a, *other, expr.type);
                break;
            }
            if (b.type.kind == Kind::Date && minus) {
                result = dated(graph_.subtract(a.value, b.value));
                break;
            }
            const Lowered& day = a.type.kind == Kind::Date ? a : b;
            const Lowered& length = a.type.kind == Kind::Date ? b : a;
            if (length.denominator != no_node || !length.unit.is_whole()) break;
            auto steps = graph_.multiply(length.value, length.unit.numerator());
            if (steps && minus) steps = graph_.subtract(graph_.constant(0), *steps);
            if (steps) result = dated(length.type.kind == Kind::Months ? graph_.add_months(day.value, *steps) : graph_.add_days(day.value, *steps));
            break;
        }
        case ExprKind::Multiply: result = multiply(a, b, expr.type); break;
        case ExprKind::Divide: result = divide(a, b, expr.type); break;
        default: break;
    }
    if (!result && on_date) return beyond_calendar(expr.span, a.type.kind != Kind::Days && b.type.kind != Kind::Days);
    if (!result) return too_wide(expr, scope);
    result->type = expr.type;
    return *result;
}

Lowered Lowering::lower_comparison(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope), b = lower(expr.args[1], scope);
    Lowered broken;
    broken.broken = true;
    if (a.broken || b.broken) return broken;
    const NodeId defined = both(a.defined, b.defined);
    // A code equals a constant code when it lies below it, as in `in {…}`.
    if (a.type.kind == Kind::Code && (graph_.is_constant(a.value) != graph_.is_constant(b.value))) {
        const Lowered& constant = graph_.is_constant(a.value) ? a : b;
        const Lowered& code = graph_.is_constant(a.value) ? b : a;
        const auto below = value::codes_below(static_cast<value::Classification>(code.type.ref), value::exactly<std::int32_t>(graph_.node(constant.value).range.low).value());
        const NodeId inside = graph_.in_set(code.value, make_set({{below.first, below.last}}));
        const NodeId outcome = expr.kind == ExprKind::NotEqual ? graph_.negation(inside) : inside;
        note(expr, scope, outcome, {{expr.args[graph_.is_constant(a.value) ? 1 : 0], &code}});
        return make_truth(outcome, defined);
    }
    const auto outcome = compare(relation_of(expr.kind), a, b);
    if (!outcome) return too_wide(expr, scope);
    probe_threshold(expr.span, expr.kind == ExprKind::Equal || expr.kind == ExprKind::NotEqual, a, b, *outcome, scope);
    note(expr, scope, *outcome, {{expr.args[0], &a}, {expr.args[1], &b}});
    return make_truth(*outcome, defined);
}

Lowered Lowering::lower_in_range(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope);
    if (a.broken) return a;
    NodeId holds = graph_.truth(true), defined = a.defined;
    for (const std::size_t end : {std::size_t{1}, std::size_t{2}}) {
        if (expr.args[end] == sema::no_expr) continue;
        const Lowered b = lower(expr.args[end], scope);
        if (b.broken) return b;
        const bool open = end == 1 ? expr.lower_open : expr.upper_open;
        const Relation relation = end == 1 ? (open ? Relation::Greater : Relation::GreaterEqual) : (open ? Relation::Less : Relation::LessEqual);
        const auto outcome = compare(relation, a, b);
        if (!outcome) return too_wide(expr, scope);
        probe_threshold(model_.expr(expr.args[end]).span, false, a, b, *outcome, scope);
        holds = graph_.conjunction(holds, *outcome);
        defined = both(defined, b.defined);
    }
    note(expr, scope, holds, {{expr.args[0], &a}});
    return make_truth(holds, defined);
}

Lowered Lowering::lower_in_set(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope);
    if (a.broken) return a;
    const bool steps = a.denominator == no_node && a.type.kind != Kind::Bool;
    std::vector<bytecode::Constant> intervals;
    NodeId holds = graph_.truth(false);
    for (std::size_t i = 1; i < expr.args.size(); ++i) {
        const Lowered member = lower(expr.args[i], scope);
        if (member.broken) return member;
        const auto number = constant_value(member);
        if (steps && number) {
            const auto at = value::divide(*number, a.unit);
            if (at && !at->is_whole()) continue;
            const auto first = at ? value::exactly<std::int64_t>(*at) : std::nullopt;
            if (first && fits_set(*first)) {
                std::int64_t last = *first;
                if (a.type.kind == Kind::Code) last = value::codes_below(static_cast<value::Classification>(a.type.ref), value::exactly<std::int32_t>(*first).value()).last;
                intervals.push_back({*first, last});
                continue;
            }
        }
        const auto equal = compare(Relation::Equal, a, member);
        if (!equal) return too_wide(expr, scope);
        holds = graph_.disjunction(holds, *equal);
    }
    if (!intervals.empty()) holds = graph_.disjunction(holds, graph_.in_set(a.value, make_set(std::move(intervals))));
    note(expr, scope, holds, {{expr.args[0], &a}});
    return make_truth(holds, a.defined);
}

Lowered Lowering::lower_if(const Expr& expr, const Scope& scope) {
    const Lowered condition = lower(expr.args[0], scope);
    if (condition.broken) return condition;
    const bool then_unknown = model_.expr(expr.args[1]).kind == ExprKind::Unknown, else_unknown = model_.expr(expr.args[2]).kind == ExprKind::Unknown;
    if (then_unknown || else_unknown) {
        const Lowered known = lower(expr.args[then_unknown ? 2 : 1], narrow(scope, expr.args[0], !then_unknown));
        if (known.broken) return known;
        const NodeId holds = then_unknown ? graph_.negation(condition.value) : condition.value;
        const auto open = or_unknown(holds, known);
        if (!open) return too_wide(expr, scope);
        Lowered result = *open;
        // Where it is unknown by the rule it does not matter whether the other branch would have a value.
        if (known.defined != no_node) result.defined = graph_.disjunction(graph_.negation(holds), known.defined);
        result.defined = both(result.defined, condition.defined);
        return result;
    }
    Scope then = narrow(scope, expr.args[0], true), otherwise = narrow(scope, expr.args[0], false);
    if (graph_.is_constant(condition.value)) {
        const bool holds = graph_.is_true(condition.value);
        (holds ? otherwise : then).dead = true;
        if (!scope.dead) conditions_.never_taken(expr.args[0], model_.expr(expr.args[holds ? 2 : 1]).span);
    }
    const Lowered a = lower(expr.args[1], then), b = lower(expr.args[2], otherwise);
    if (a.broken) return a;
    if (b.broken) return b;
    auto result = choose(condition.value, a, b);
    if (!result) return too_wide(expr, scope);
    result->defined = both(result->defined, condition.defined);
    return *result;
}

Lowered Lowering::lower_otherwise(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope);
    if (a.broken) return a;
    const bool unknown = model_.expr(expr.args[1]).kind == ExprKind::Unknown;
    if (a.defined == no_node || graph_.is_true(a.defined)) {
        Lowered result = a;
        result.defined = no_node;
        return result;
    }
    if (unknown) {
        const auto open = or_unknown(a.defined, a);
        return open ? *open : too_wide(expr, scope);
    }
    const Lowered b = lower(expr.args[1], scope);
    if (b.broken) return b;
    Lowered given = a;
    given.defined = no_node;
    const auto result = choose(a.defined, given, b);
    if (!result) return too_wide(expr, scope);
    return *result;
}

Lowered Lowering::lower_round(const Expr& expr, const Scope& scope) {
    const Lowered a = lower(expr.args[0], scope), step = lower(expr.args[1], scope);
    if (a.broken) return a;
    if (step.broken) return step;
    const auto size = constant_value(step);
    Lowered broken;
    broken.broken = true;
    if (!size || size->sign() <= 0) {
        sink_->report(Code::rounding_step_not_positive, model_.expr(expr.args[1]).span);
        return broken;
    }
    auto rounded = round_to(a, *size, rounding_of(expr.rounding));
    if (!rounded) return too_wide(expr, scope);
    rounded->type = expr.type;
    return *rounded;
}

std::optional<Lowered> Lowering::round_to(const Lowered& a, const Rational& step, value::Rounding rounding) {
    const auto factor = value::divide(a.unit, step);
    if (!factor) return std::nullopt;
    const auto numerator = stretched(a, factor->numerator());
    std::optional<NodeId> denominator = graph_.constant(factor->denominator());
    if (a.denominator != no_node) denominator = graph_.multiply_along(a.denominator, graph_.constant(factor->denominator()));
    if (!numerator || !denominator) return std::nullopt;
    const auto rounded = graph_.divide(*numerator, *denominator, rounding);
    if (!rounded) return std::nullopt;
    return make_number(a.type, *rounded, step, a.defined);
}

Lowered Lowering::lower_extreme(const Expr& expr, const Scope& scope) {
    const bool least = expr.kind == ExprKind::Minimum;
    Lowered best = lower(expr.args[0], scope);
    for (std::size_t i = 1; i < expr.args.size() && !best.broken; ++i) {
        const Lowered next = lower(expr.args[i], scope);
        if (next.broken) return next;
        const NodeId defined = both(best.defined, next.defined);
        if (best.denominator == no_node && next.denominator == no_node) {
            const auto pair = is_numeric(best.type.kind) ? same_unit(best, next) : std::make_optional(std::make_pair(best, next));
            if (!pair) return too_wide(expr, scope);
            const auto& [x, y] = *pair;
            best = make_number(expr.type, least ? graph_.minimum(x.value, y.value) : graph_.maximum(x.value, y.value), x.unit, defined);
            continue;
        }
        const auto chosen = extreme(least, best, next);
        if (!chosen) return too_wide(expr, scope);
        best = *chosen;
        best.defined = defined;
    }
    if (!best.broken) best.type = expr.type;
    return best;
}

// The lesser or greater of two of which one at least is a quotient.
std::optional<Lowered> Lowering::extreme(bool least, const Lowered& a, const Lowered& b) {
    const auto pair = same_unit(a, b);
    if (!pair) return std::nullopt;
    const auto& [x, y] = *pair;
    const auto left = graph_.multiply_along(x.value, below(y)), right = graph_.multiply_along(y.value, below(x));
    if (!left || !right) return std::nullopt;
    const NodeId first = least ? graph_.lesser(*left, *right) : graph_.lesser(*right, *left);
    return make_number(a.type, graph_.select_ends(first, x.value, y.value), x.unit, no_node, graph_.select_ends(first, below(x), below(y)));
}

Lowered Lowering::lower_clamp(const Expr& expr, const Scope& scope) {
    Lowered result = lower(expr.args[0], scope);
    for (const std::size_t end : {std::size_t{1}, std::size_t{2}}) {
        if (result.broken || expr.args[end] == sema::no_expr) continue;
        const Lowered bound = lower(expr.args[end], scope);
        if (bound.broken) return bound;
        const NodeId defined = both(result.defined, bound.defined);
        std::optional<Lowered> next;
        if (result.denominator == no_node && bound.denominator == no_node) {
            if (const auto pair = is_numeric(result.type.kind) ? same_unit(result, bound) : std::make_optional(std::make_pair(result, bound)))
                next = make_number(expr.type, end == 1 ? graph_.maximum(pair->first.value, pair->second.value) : graph_.minimum(pair->first.value, pair->second.value), pair->first.unit);
        } else {
            next = extreme(end == 2, result, bound);
        }
        if (!next) return too_wide(expr, scope);
        result = *next;
        result.defined = defined;
    }
    return result;
}

// ---- conditions that always come to the same

std::string Lowering::spelled(const sema::Type& type, const Rational& number) const {
    sema::Constant constant;
    constant.number = number;
    if (!is_numeric(type.kind)) constant.integer = value::exactly<std::int64_t>(number).value();
    return sema::spell(model_, type, constant);
}

// "lies in 0 .. 100". Of what cannot be said in few words, nothing.
std::optional<std::pair<std::string, std::string>> Lowering::where_it_lies(const Lowered& a, const Scope& scope) const {
    if (graph_.is_constant(a.value) && a.denominator == no_node) return std::nullopt;
    if (a.type.kind == Kind::Enum) {
        const std::string members = sema::member_list(model_.enumerations[a.type.ref]);
        return std::pair("is one of " + members, "取值为" + members);
    }
    if (!is_numeric(a.type.kind) && a.type.kind != Kind::Date) return std::nullopt;
    const auto bounds = ends_of(a, range_on_its_days(a.value, scope));
    if (!bounds) return std::nullopt;
    const std::string ends = spelled(a.type, bounds->first) + " .. " + spelled(a.type, bounds->second);
    return std::pair("lies in " + ends, "在" + ends + "之内");
}

void Lowering::note(const Expr& expr, const Scope& scope, NodeId outcome, std::initializer_list<std::pair<ExprId, const Lowered*>> compared) {
    if (scope.dead) return;
    const auto id = static_cast<ExprId>(&expr - model_.exprs.data());
    // What compares constants, or the arguments of a let, says nothing of the facts.
    const bool reads = std::any_of(compared.begin(), compared.end(), [&](const auto& one) { return !graph_.is_constant(one.second->value); });
    const Range certain = range_on_its_days(outcome, scope);
    if (!reads || graph_.node(outcome).partial || !value::is_point(certain)) return conditions_.open(id);
    const bool holds = certain.low == 1;
    text::Diagnostic* const said = conditions_.certain(id, holds);
    if (said == nullptr) return;
    said->code = holds ? Code::condition_always_holds : Code::condition_never_holds;
    said->span = expr.span;
    said->arguments = {source_text(expr.span)};
    std::string english, chinese;
    for (const auto& [operand, lowered] : compared) {
        const auto lies = where_it_lies(*lowered, scope);
        if (!lies) continue;
        const std::string name = "`" + source_text(model_.expr(operand).span) + "`";
        english += (english.empty() ? "" : ", ") + name + " " + lies->first;
        chinese += (chinese.empty() ? "" : "，") + name + lies->second;
    }
    said->here(english, chinese);
}

// Two parts of an `and` that exclude each other, or of an `or` that leave nothing out.
void Lowering::note_pair(const Expr& expr, const Scope& scope, const Lowered& a, const Lowered& b) {
    if (scope.dead) return;
    const auto id = static_cast<ExprId>(&expr - model_.exprs.data());
    const bool all = expr.kind == ExprKind::And;
    std::vector<Piece> said = pieces(graph_, a.value, all);
    const std::size_t of_first = said.size();
    for (Piece& piece : pieces(graph_, b.value, all)) said.push_back(std::move(piece));
    const auto found = clash(graph_, said);
    if (!found || found->first >= of_first || found->second < of_first) return conditions_.open(id);
    text::Diagnostic* const diagnostic = conditions_.certain(id, !all);
    if (diagnostic == nullptr) return;
    const Part first = part_saying(expr.args[0], scope, said[found->first].condition, all);
    const Part second = part_saying(expr.args[1], scope, said[found->second].condition, all);
    diagnostic->code = all ? Code::conditions_exclude_each_other : Code::conditions_leave_nothing_out;
    diagnostic->span = model_.expr(second.expr).span;
    diagnostic->arguments = {text_of(first, all), text_of(second, all)};
    diagnostic->also(model_.expr(first.expr).span, "", "");
}

std::string Lowering::text_of(const Part& part, bool wanted) const {
    const std::string text = source_text(model_.expr(part.expr).span);
    return part.holds == wanted ? text : "not (" + text + ")";
}

// Through `and` (or `or`, where it does not hold), `not` and lets.
Lowering::Part Lowering::part_saying(ExprId id, const Scope& scope, NodeId condition, bool holds) {
    const Expr& expr = model_.expr(id);
    const auto says = [&](ExprId part, const Scope& in) {
        const Lowered lowered = lower(part, in);
        if (lowered.broken || lowered.value == no_node) return false;
        const auto said = pieces(graph_, lowered.value, holds);
        return std::any_of(said.begin(), said.end(), [&](const Piece& piece) { return piece.condition == condition; });
    };
    if (expr.kind == ExprKind::Not) return part_saying(expr.args[0], scope, condition, !holds);
    if (expr.kind == (holds ? ExprKind::And : ExprKind::Or))
        for (const ExprId part : expr.args)
            if (says(part, scope)) return part_saying(part, scope, condition, holds);
    if (expr.kind == ExprKind::LetUse && model_.lets[expr.ref].parameters.empty()) {
        const ExprId body = model_.lets[expr.ref].value;
        Scope inside = scope;
        inside.binding = record_binding(expr.base, scope);
        inside.variables.clear();
        if (inside.binding != ~0U && says(body, inside)) return part_saying(body, inside, condition, holds);
    }
    return {id, holds};
}

// ---- what a condition says of a name in its branches

Lowering::Scope Lowering::narrow(const Scope& scope, ExprId condition, bool holds) {
    Scope narrowed = scope;
    narrow_by(narrowed, model_.expr(condition), holds);
    return narrowed;
}

void Lowering::narrow_by(Scope& scope, const Expr& expr, bool holds) {
    switch (expr.kind) {
        case ExprKind::And:
            if (holds) for (const ExprId part : expr.args) narrow_by(scope, model_.expr(part), true);
            return;
        case ExprKind::Or:
            if (!holds) for (const ExprId part : expr.args) narrow_by(scope, model_.expr(part), false);
            return;
        case ExprKind::Not: narrow_by(scope, model_.expr(expr.args[0]), !holds); return;
        case ExprKind::InRange: {
            if (!holds) return;
            std::optional<Rational> low, high;
            if (expr.args[1] != sema::no_expr) low = constant_value(lower(expr.args[1], scope));
            if (expr.args[2] != sema::no_expr) high = constant_value(lower(expr.args[2], scope));
            narrow_to(scope, expr.args[0], low, expr.lower_open, high, expr.upper_open);
            return;
        }
        case ExprKind::Equal: case ExprKind::NotEqual: case ExprKind::Less: case ExprKind::LessEqual: case ExprKind::Greater: case ExprKind::GreaterEqual: break;
        default: return;
    }
    Relation relation = relation_of(expr.kind);
    ExprId what = expr.args[0];
    Lowered threshold = lower(expr.args[1], scope);
    if (threshold.broken || !constant_value(threshold)) {
        static constexpr Relation mirrored[] = {Relation::Equal, Relation::NotEqual, Relation::Greater, Relation::GreaterEqual, Relation::Less, Relation::LessEqual};
        what = expr.args[1];
        threshold = lower(expr.args[0], scope);
        relation = mirrored[static_cast<std::size_t>(relation)];
    }
    if (threshold.broken) return;
    const auto number = constant_value(threshold);
    if (!number) return;
    if (!holds) {
        static constexpr Relation opposite[] = {Relation::NotEqual, Relation::Equal, Relation::GreaterEqual, Relation::Greater, Relation::LessEqual, Relation::Less};
        relation = opposite[static_cast<std::size_t>(relation)];
    }
    switch (relation) {
        case Relation::Equal: narrow_to(scope, what, number, false, number, false); return;
        case Relation::Less: narrow_to(scope, what, std::nullopt, false, number, true); return;
        case Relation::LessEqual: narrow_to(scope, what, std::nullopt, false, number, false); return;
        case Relation::Greater: narrow_to(scope, what, number, true, std::nullopt, false); return;
        case Relation::GreaterEqual: narrow_to(scope, what, number, false, std::nullopt, false); return;
        case Relation::NotEqual: return;
    }
}

void Lowering::narrow_to(Scope& scope, ExprId what, std::optional<Rational> low, bool low_open, std::optional<Rational> high, bool high_open) {
    const Expr& expr = model_.expr(what);
    if (expr.kind != ExprKind::Fact && expr.kind != ExprKind::LetUse && expr.kind != ExprKind::Variable) return;
    if (!is_numeric(expr.type.kind) && expr.type.kind != Kind::Date) return;
    Scope before = scope;
    before.narrowed.clear();
    const Lowered named = lower(what, before);
    if (named.broken || named.denominator != no_node || graph_.is_constant(named.value)) return;
    const auto already = scope.narrowed.find(named.value);
    NodeId value = already == scope.narrowed.end() ? named.value : already->second;
    if (low) {
        const auto steps = value::divide(*low, named.unit);
        const auto least = steps ? low_open ? value::checked_add(value::floor(*steps), 1) : value::ceil(*steps) : std::nullopt;
        if (least) value = graph_.maximum(value, graph_.constant(*least));
    }
    if (high) {
        const auto steps = value::divide(*high, named.unit);
        const auto most = steps ? high_open ? value::checked_sub(value::ceil(*steps), 1) : value::floor(*steps) : std::nullopt;
        if (most) value = graph_.minimum(value, graph_.constant(*most));
    }
    scope.narrowed[named.value] = value;
}

}  // namespace eligo::codegen
