// What people are shown of a value, in units that a pack can state: the parts of such a unit have 64 bits, those of a unit of the
// compiler's 128. What is too much of a unit goes to the value, or to a denominator below it; the number stays what it is.
// Tested by tests/unit/proofs_test.cpp and tests/engines/edges.cpp.
#include "../value/exactly.hpp"
#include "lower.hpp"

namespace eligo::codegen {

using text::Code;

namespace {

// What a unit can keep of one of its parts.
Int128 kept_of(Int128 part) {
    while (!value::fits_int64(part) && part % 10 == 0) part /= 10;
    return value::fits_int64(part) ? part : 1;
}

}  // namespace

std::optional<bytecode::Unit> machine_unit(const Rational& unit) {
    const auto numerator = value::exactly<std::int64_t>(unit.numerator()), denominator = value::exactly<std::int64_t>(unit.denominator());
    if (!numerator || !denominator) return std::nullopt;
    return bytecode::Unit{*numerator, *denominator};
}

std::optional<Lowered> Lowering::measured(const Lowered& a) {
    if (machine_unit(a.unit)) return a;
    const Int128 above = kept_of(a.unit.numerator()), below = kept_of(a.unit.denominator());
    Lowered result = a;
    result.unit = Rational::make(above, below).value();
    const auto value = stretched(a, a.unit.numerator() / above);
    if (!value) return std::nullopt;
    result.value = *value;
    const NodeId rest = graph_.constant(a.unit.denominator() / below);
    if (graph_.node(rest).range.low == 1) return result;
    const auto denominator = a.denominator == no_node ? std::optional<NodeId>(rest) : graph_.multiply_along(a.denominator, rest);
    if (!denominator) return std::nullopt;
    result.denominator = *denominator;
    return result;
}

// Rounding it, or a part of it, leaves fewer digits to show.
std::optional<Lowered> Lowering::shown(ExprId id, const Lowered& a, const Scope& scope) {
    auto result = measured(a);
    if (result || trial_) return result;
    const sema::Expr& expr = model_.expr(id);
    const auto part = part_to_round(expr, scope, true);
    if (part) sink_->report(Code::too_wide_for_exactness, expr.span, {source_text(model_.expr(part->first).span), spelled(model_.expr(part->first).type, part->second)});
    else too_wide_in_any_case(expr.span);
    return result;
}

}  // namespace eligo::codegen
