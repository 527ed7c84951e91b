// Arithmetic on constants, done before anyone is checked. What cannot be kept in 128 bits, or would leave the
// calendar, is left as it stands; the ranges' proof then speaks about it.
#include "expressions.hpp"

#include "../value/exactly.hpp"
#include "../value/round.hpp"

namespace eligo::sema {

namespace {

using value::Rational;

// The least number of 128 bits has no opposite, so that it is none of ours.
std::optional<Constant> number(std::optional<Rational> result) {
    if (!result || result->numerator() == value::int128_min) return std::nullopt;
    Constant constant;
    constant.number = *result;
    return constant;
}

std::optional<Constant> shift_date(const Constant& date, const Type& step_type, const Rational& step, int sign) {
    constexpr std::int32_t most_months = 7200;
    const auto from = value::exactly<value::Day>(date.integer), count = value::exactly<std::int32_t>(step);
    if (!from || !count) return std::nullopt;
    Constant to;
    if (step_type.kind != Kind::Months) to.integer = date.integer + std::int64_t{sign} * *count;
    else if (-most_months <= *count && *count <= most_months) to.integer = value::add_months(*from, sign * *count);
    else return std::nullopt;
    if (to.integer < value::first_day || to.integer > value::last_day) return std::nullopt;
    return to;
}

std::optional<Constant> sum(const Expr& left, const Expr& right, int sign) {
    if (left.type.kind == Kind::Date && right.type.kind == Kind::Date)
        return number(Rational(left.constant.integer - right.constant.integer));
    if (left.type.kind == Kind::Date) return shift_date(left.constant, right.type, right.constant.number, sign);
    return number(sign > 0 ? value::add(left.constant.number, right.constant.number)
                           : value::subtract(left.constant.number, right.constant.number));
}

std::optional<Constant> round(const Rational& amount, const Rational& step, Rounding rounding) {
    const auto steps = value::divide(amount, step);
    if (!steps) return std::nullopt;
    const auto whole = value::divide_rounded<value::Int128>(steps->numerator(), steps->denominator(),
                                                            static_cast<value::Rounding>(rounding));
    const auto rational = Rational::make(whole, 1);
    return rational ? number(value::multiply(*rational, step)) : std::nullopt;
}

std::optional<Constant> extremum(const Model& model, const Expr& expr) {
    const Constant* best = &model.expr(expr.args[0]).constant;
    for (const ExprId id : expr.args) {
        const Constant& other = model.expr(id).constant;
        const auto order = compare_constants(expr.type.kind, other, *best);
        if (expr.kind == ExprKind::Minimum ? order < 0 : order > 0) best = &other;
    }
    return *best;
}

bool all_constant(const Model& model, const Expr& expr) {
    if (expr.args.empty()) return false;
    for (const ExprId id : expr.args)
        if (id == no_expr || model.expr(id).kind != ExprKind::Constant) return false;
    return true;
}

}  // namespace

std::strong_ordering compare_constants(Kind kind, const Constant& a, const Constant& b) {
    switch (kind) {
        case Kind::Number:
        case Kind::Money:
        case Kind::Months:
        case Kind::Days: return value::compare(a.number, b.number);
        default: return a.integer <=> b.integer;
    }
}

std::optional<Constant> fold(const Model& model, const Expr& expr) {
    if (!all_constant(model, expr)) return std::nullopt;
    const Expr& first = model.expr(expr.args.front());
    const Expr& last = model.expr(expr.args.back());
    switch (expr.kind) {
        case ExprKind::Negate: return number(value::negate(first.constant.number));
        case ExprKind::Absolute:
            return first.constant.number.sign() < 0 ? number(value::negate(first.constant.number)) : first.constant;
        case ExprKind::Add: return sum(first, last, 1);
        case ExprKind::Subtract: return sum(first, last, -1);
        case ExprKind::Multiply: return number(value::multiply(first.constant.number, last.constant.number));
        case ExprKind::Divide: return number(value::divide(first.constant.number, last.constant.number));
        case ExprKind::Round: return round(first.constant.number, last.constant.number, expr.rounding);
        case ExprKind::Minimum:
        case ExprKind::Maximum: return extremum(model, expr);
        default: return std::nullopt;
    }
}

}  // namespace eligo::sema
