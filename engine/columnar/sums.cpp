// What a sum is made of. Tested by tests/engines/columnar.cpp.
#include "analysis.hpp"

#include <algorithm>
#include "kernels/kernels.hpp"

namespace eligo::columnar {
namespace {

constexpr int deepest_sum = 16;

}  // namespace

// What a sum that reads it takes apart, when it alone does.
bool Analysis::is_absorbable(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (readers_[id] != 1 || (needs_[id] & needs_full) != 0 || node.level != 0 || !has_kernel(id)) return false;
    const Opcode opcode = known_form(narrow_form(node.opcode));
    return opcode == Opcode::Add || opcode == Opcode::Subtract || (opcode == Opcode::Multiply && (is_exact_constant(same_as(node.a)) || is_exact_constant(same_as(node.b))));
}

// Takes sums and multiples apart, but for sums that would then be multiplied one by one.
void Analysis::collect(Sum& sum, NodeId id, std::int64_t coefficient, bool top, int depth) const {
    id = same_as(id);
    const Node& node = code_.nodes[id];
    if (node.constant) {
        sum.constant += Int128{coefficient} * node.low;
        return;
    }
    if (depth < deepest_sum && (top || is_absorbable(id)) && has_kernel(id)) {
        const Opcode opcode = known_form(narrow_form(node.opcode));
        if (opcode == Opcode::Add || opcode == Opcode::Subtract) {
            if (coefficient == 1 || coefficient == -1) {
                collect(sum, node.a, coefficient, false, depth + 1);
                return collect(sum, node.b, opcode == Opcode::Add ? coefficient : -coefficient, false, depth + 1);
            }
        } else if (opcode == Opcode::Multiply) {
            const bool right = is_exact_constant(same_as(node.b));
            if (right || is_exact_constant(same_as(node.a))) {
                const Int128 factor = code_.nodes[same_as(right ? node.b : node.a)].low;
                if (factor <= INT32_MAX && factor >= -INT32_MAX && factor * coefficient <= INT32_MAX && factor * coefficient >= -INT32_MAX)
                    return collect(sum, right ? node.a : node.b, static_cast<std::int64_t>(factor * coefficient), false, depth + 1);
            }
        }
    }
    for (auto& [term, times] : sum.terms)
        if (term == id) {
            times += coefficient;
            return;
        }
    sum.terms.emplace_back(id, coefficient);
}

// Sums are exact however their parts wrap, since what they come to fits.
bool Analysis::is_kernel_sum(const Sum& sum) {
    return sum.terms.size() <= most_terms && value::fits_int64(sum.constant) &&
           std::all_of(sum.terms.begin(), sum.terms.end(), [](const auto& term) { return term.second <= INT32_MAX && term.second >= -INT32_MAX; });
}

// coefficient of a + coefficient of b + constant; taken apart where kernels take it so.
Sum Analysis::sum_of(NodeId a, std::int64_t a_times, NodeId b, std::int64_t b_times, std::int64_t constant) const {
    Sum sum{.constant = constant};
    collect(sum, a, a_times, false);
    if (b != no_node) collect(sum, b, b_times, false);
    if (is_kernel_sum(sum)) return sum;
    sum = {.constant = constant};
    collect(sum, a, a_times, false, deepest_sum);
    if (b != no_node) collect(sum, b, b_times, false, deepest_sum);
    return sum;
}

Sum Analysis::difference_of(NodeId id) const {
    const Node& node = code_.nodes[id];
    return sum_of(node.a, 1, node.b, -1, comparison_of(node) == Opcode::Less ? 1 : 0);
}

bool Analysis::is_lesser_or_greater(NodeId id) const {
    const Node& node = code_.nodes[id];
    const Opcode opcode = narrow_form(node.opcode);
    return (opcode == Opcode::Minimum || opcode == Opcode::Maximum) && readers_[id] == 1 && (needs_[id] & needs_full) == 0 && has_kernel(id);
}

// ---- narrow sums

std::optional<NarrowSum> Analysis::narrow_sum(NodeId id) const {
    const Sum sum = difference_of(id);
    if (sum.terms.empty() || !is_kernel_sum(sum)) return std::nullopt;
    NarrowSum made{.operands = {}, .within_16_bits = true};
    // What is added and what is subtracted, at most.
    Int128 added = value::domain::maximum(sum.constant, Int128{0}), subtracted = value::domain::maximum(-sum.constant, Int128{0});
    for (const auto& [term, times] : sum.terms) {
        const auto operand = narrow_operand(term, times);
        if (!operand) return std::nullopt;
        made.operands.push_back(*operand);
        if (operand->term.type == NarrowTerm::Type::I32 || kind_.sources[operand->source].range.low < 0 || known_ranges_[term].low < 0) made.within_16_bits = false;
        (times < 0 ? subtracted : added) += largest(known_ranges_[term]) * value::domain::absolute(Int128{times});
        if (value::domain::absolute(Int128{operand->term.coefficient}) > UINT16_MAX) made.within_16_bits = false;
    }
    if (added > UINT16_MAX || subtracted > UINT16_MAX) made.within_16_bits = false;
    return added + subtracted <= INT32_MAX ? std::optional(made) : std::nullopt;
}

std::optional<NarrowOperand> Analysis::narrow_operand(NodeId id, std::int64_t times) const {
    const Node& node = code_.nodes[id];
    if (node.opcode == Opcode::Input) return narrow_column(node.number, times);
    if (!is_lesser_or_greater(id)) return std::nullopt;
    const NodeId a = same_as(node.a), b = same_as(node.b);
    const NodeId limit = is_exact_constant(b) ? b : a, column = limit == b ? a : b;
    if (!is_exact_constant(limit) || code_.nodes[column].opcode != Opcode::Input) return std::nullopt;
    auto operand = narrow_column(code_.nodes[column].number, times);
    const Int128 bound = code_.nodes[limit].low;
    if (!operand || kind_.sources[operand->source].multiplier != 1 || bound > INT32_MAX || bound < INT32_MIN) return std::nullopt;
    (narrow_form(node.opcode) == Opcode::Minimum ? operand->term.most : operand->term.least) = static_cast<std::int32_t>(bound);
    return operand;
}

std::optional<NarrowOperand> Analysis::narrow_column(std::uint32_t source, std::int64_t times) const {
    const SourceKind& kind = kind_.sources[source];
    if (!kind.in_place || kind.dictionary != nullptr || kind.openness == Openness::Defaulted) return std::nullopt;
    NarrowOperand operand{.source = source, .term = {}};
    switch (kind.element) {
        case Element::Int8: operand.term.type = NarrowTerm::Type::I8; break;
        case Element::UInt8: operand.term.type = NarrowTerm::Type::U8; break;
        case Element::Int16: operand.term.type = NarrowTerm::Type::I16; break;
        case Element::UInt16: operand.term.type = NarrowTerm::Type::U16; break;
        case Element::Int32: operand.term.type = NarrowTerm::Type::I32; break;
        default: return std::nullopt;
    }
    const Int128 coefficient = Int128{times} * kind.multiplier;
    if (coefficient > INT32_MAX || coefficient < -INT32_MAX) return std::nullopt;
    operand.term.coefficient = static_cast<std::int32_t>(coefficient);
    return operand;
}

void Analysis::find_narrow() {
    for (NodeId id = 0; id < code_.nodes.size(); ++id) {
        if ((needs_[id] & needs_full) == 0 || !is_fast_comparison(id)) continue;
        if (auto sum = narrow_sum(id)) narrow_.emplace(id, *std::move(sum));
    }
}

}  // namespace eligo::columnar
