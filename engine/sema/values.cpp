// What can be a value of a fact: a whole number of its steps, of which 64 bits count as many as anyone needs. A default and the
// ends of a range are such values, or they are told; nothing rounds them. Tested by tests/golden/sema/bad and sema_test.cpp.
#include "../value/exactly.hpp"
#include "../value/round.hpp"
#include "check.hpp"
#include "checking.hpp"
#include "describe.hpp"

namespace eligo::sema {

using text::Code;
using value::Rational;

namespace {

bool is_counted(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

std::string spell_number(const Checking& checking, const Type& type, const Rational& number) {
    Constant constant;
    constant.number = number;
    return spell(checking.model, type, constant);
}

void tell_not_a_value(Checking& checking, const Fact& fact, const Rational& number, Span span) {
    const Rational step = step_of(fact.type);
    auto& told = checking.sink.report(Code::no_value_of_fact, span, {std::string(checking.sources.text(span)), fact.name, spell_number(checking, fact.type, step)});
    told.also(fact.span, "declared here", "声明于此");
    const auto steps = value::divide(number, step);
    const auto whole = steps ? Rational::make(value::divide_rounded(steps->numerator(), steps->denominator(), value::Rounding::HalfUp), 1) : std::nullopt;
    const auto nearest = whole ? value::multiply(*whole, step) : std::nullopt;
    if (nearest) told.help_with({spell_number(checking, fact.type, *nearest)});
    else told.no_help = true;
}

}  // namespace

Rational step_of(const Type& type) {
    if (type.kind == Kind::Money) return Rational::of(1, 100);
    if (type.kind == Kind::Number && !type.whole) return Rational::of(1, 1'000'000);
    return Rational(1);
}

bool check_value(Checking& checking, const Fact& fact, const Constant& constant, Span span) {
    // A number is a multiple of one over a whole number just where its denominator divides that.
    if (!is_counted(fact.type.kind) || step_of(fact.type).denominator() % constant.number.denominator() == 0) return true;
    tell_not_a_value(checking, fact, constant.number, span);
    return false;
}

bool check_range_end(Checking& checking, const Fact& fact, const RangeEnd& end, bool low) {
    if (!check_value(checking, fact, *end.constant, end.span)) return false;
    if (!is_counted(fact.type.kind)) return true;
    const Rational step = step_of(fact.type);
    const auto steps = value::exactly<std::int64_t>(end.constant->number, step);
    if (steps && *steps >= value::least_given) return true;
    const auto farthest = value::multiply(Rational(low ? value::least_given : value::greatest_given), step).value();
    checking.sink.report(Code::range_beyond_64_bits, end.span, {fact.name, spell_number(checking, fact.type, step), spell_number(checking, fact.type, farthest)});
    return false;
}

void check_default_values(Checking& checking, const Fact& fact, ExprId id) {
    const Expr& value = checking.model.expr(id);
    if (value.kind == ExprKind::Constant) check_value(checking, fact, value.constant, value.span);
    if (value.kind != ExprKind::If && value.kind != ExprKind::Otherwise) return;
    const std::size_t first = value.kind == ExprKind::If ? 1 : 0;  // behind the condition
    const std::vector<ExprId> branches(value.args.begin() + static_cast<std::ptrdiff_t>(first), value.args.end());
    for (const ExprId branch : branches) check_default_values(checking, fact, branch);
}

}  // namespace eligo::sema
