// Probes as lowering meets their places. They are built from the nodes that the answers rest on, so that what they say is
// what was evaluated. Tested by tests/unit/strength_test.cpp.
#include "probes.hpp"

#include "lower.hpp"

namespace eligo::codegen {

using bytecode::Relation;
using sema::Kind;

// A version that is not in force at the time decides nothing, so nothing of it happens.
void Lowering::probe(Probe probe, NodeId happened, NodeId of, const Scope& scope) {
    if (probes_ == nullptr || trial_ || graph_.is_constant(of) || graph_.is_false(happened)) return;
    if (scope.period.from > value::first_day) happened = graph_.conjunction(happened, graph_.less_equal(graph_.constant(scope.period.from), scope.day));
    if (scope.period.to < value::last_day) happened = graph_.conjunction(happened, graph_.less_equal(scope.day, graph_.constant(scope.period.to)));
    probes_->push_back({probe, happened, of});
}

void Lowering::probe_threshold(Span span, bool equality, const Lowered& a, const Lowered& b, NodeId outcome, const Scope& scope) {
    if (probes_ == nullptr || !(is_numeric(a.type.kind) || a.type.kind == Kind::Date)) return;
    const NodeId defined = both(a.defined, b.defined);
    const auto tell = [&](ProbeKind kind, std::optional<NodeId> happened) {
        if (happened) probe({.kind = kind, .span = span}, both(defined, *happened), outcome, scope);
    };
    tell(ProbeKind::Border, compare(Relation::Equal, a, b));
    if (equality) return tell(ProbeKind::Apart, compare(Relation::NotEqual, a, b));
    tell(ProbeKind::Below, compare(Relation::Less, a, b));
    tell(ProbeKind::Above, compare(Relation::Greater, a, b));
}

void Lowering::probe_rows(Id table, const std::vector<std::pair<std::uint32_t, NodeId>>& rows, const Lowered& result, const Scope& scope) {
    for (const auto& [row, chosen] : rows)
        probe({.kind = ProbeKind::Row, .entity = table, .part = row, .span = model_.tables[table].rows[row].span}, chosen, result.value, scope);
}

// The entry that counts is the last to begin of those in force that were published by then.
void Lowering::probe_entries(Id parameter, NodeId day, NodeId value, const Scope& scope) {
    if (probes_ == nullptr) return;
    const auto& entries = model_.parameters[parameter].entries;
    NodeId later = graph_.truth(false);
    for (std::size_t i = entries.size(); i-- > 0;) {
        const sema::ParameterEntry& entry = entries[i];
        NodeId holds = graph_.conjunction(graph_.less_equal(graph_.constant(entry.period.from), day), graph_.less_equal(day, graph_.constant(entry.period.to)));
        if (entry.published) holds = graph_.conjunction(holds, graph_.less_equal(graph_.constant(*entry.published), graph_.known_on()));
        probe({.kind = ProbeKind::Entry, .entity = parameter, .part = static_cast<Id>(i), .span = entry.span}, graph_.conjunction(holds, graph_.negation(later)), value, scope);
        later = graph_.disjunction(later, holds);
    }
}

NodeId Lowering::of_any_element(NodeId happened) {
    while (graph_.node(happened).region != no_node) {
        const NodeId loop = graph_.node(happened).region;
        // Lowered in a pass that turned out too early for what it reads; the later pass has probes of its own.
        if (graph_.stage_after(std::vector<NodeId>{happened}, graph_.node(loop).number, graph_.node(loop).region) > graph_.node(loop).stage) return no_node;
        happened = graph_.reduce_any(happened, loop);
    }
    return graph_.is_false(happened) ? no_node : happened;
}

}  // namespace eligo::codegen
