// What can wait until it is known for which rows it matters. Tested by tests/engines/columnar.cpp.
#include "analysis.hpp"

#include <algorithm>
#include <functional>
#include <map>

namespace eligo::columnar {
namespace {

constexpr std::size_t much_to_read = 12;  // bytes a row
constexpr std::size_t most_groups = 256;  // that wait: each takes a copy of what is known so far, so that the time grows with their number

}  // namespace

// `top` and all that is read by way of it alone; in the order of the graph.
std::vector<NodeId> Analysis::group_of(NodeId top) const {
    std::map<NodeId, std::uint32_t, std::greater<>> seen{{top, readers_[top]}};
    std::vector<NodeId> group;
    while (!seen.empty()) {
        const auto [id, times] = *seen.begin();
        seen.erase(seen.begin());
        if (times != readers_[id] || !(may_wait(id) || is_wide_bound(id))) continue;
        group.push_back(id);
        for (const NodeId read : reads_[id]) ++seen[read];
    }
    // A column that is read for all rows all the same is compared for all rows.
    const auto read_elsewhere = [&](NodeId id) {
        const NodeId column = code_.nodes[id].a;
        std::uint32_t here = 0;
        for (const NodeId other : group) here += static_cast<std::uint32_t>(std::count(reads_[other].begin(), reads_[other].end(), column));
        if (here != readers_[column]) return true;
        for (NodeId other = 0; other < code_.nodes.size(); ++other)
            if (needs_[other] != 0 && is_bound(other) && code_.nodes[other].a == column && std::find(group.begin(), group.end(), other) == group.end()) return true;
        return false;
    };
    std::erase_if(group, [&](NodeId id) { return is_wide_bound(id) && read_elsewhere(id); });
    std::reverse(group.begin(), group.end());
    return group;
}

// A comparison of a column of 64 bits with a number: it takes no time, but the column does.
bool Analysis::is_wide_bound(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (node.constant || node.level != 0 || !is_fast_bound(id)) return false;
    const SourceKind& kind = kind_.sources[code_.nodes[node.a].number];
    return kind.in_place && kind.element == Element::Int64 && kind.openness != Openness::Defaulted;
}

bool Analysis::may_wait(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (node.constant || node.level != 0 || form_of(id) == Form::Wide || is_reduction(node.opcode) || is_fast_bound(id) || is_fast_member(id)) return false;
    if (node.opcode == Opcode::Input || node.opcode == Opcode::InputB || node.opcode == Opcode::Given) return false;
    return std::none_of(reads_[id].begin(), reads_[id].end(), [&](NodeId read) { return form_of(read) == Form::Wide; });
}

// More than one comparison of one column.
bool Analysis::takes_work(const std::vector<NodeId>& group) const {
    return std::any_of(group.begin(), group.end(), [&](NodeId id) { return code_.nodes[id].form != Form::Truth; });
}

// Columns of money, read whole: what they cost is their memory, so those that read much of it wait longest. In bytes a row.
std::size_t Analysis::bytes_read(const std::vector<NodeId>& group) const {
    std::vector<std::uint32_t> sources;
    std::size_t bytes = 0;
    for (const NodeId id : group) {
        const Node& node = code_.nodes[id];
        for (const NodeId operand : {node.a, node.b, node.c}) {
            if (operand == no_node || code_.nodes[operand].opcode != Opcode::Input) continue;
            const std::uint32_t source = code_.nodes[operand].number;
            if (std::find(sources.begin(), sources.end(), source) != sources.end()) continue;
            sources.push_back(source);
            bytes += kind_.sources[source].in_place ? bytes_of(kind_.sources[source].element) : sizeof(std::int64_t);
        }
    }
    return bytes;
}

void Analysis::put_off(const std::vector<NodeId>& group) {
    for (const NodeId id : group) put_off_[id] = 1;
}

void Analysis::put_off_what_can_wait() {
    put_off_.assign(code_.nodes.size(), 0);
    std::size_t groups = 0;
    for (NodeId id = 0; id < code_.nodes.size() && groups < most_groups; ++id) {
        const Node& node = code_.nodes[id];
        if ((needs_[id] & needs_full) == 0 || node.constant || node.level != 0 || node.opcode != Opcode::And || is_absorbed(id)) continue;
        std::vector<NodeId> operands;
        Waiting waiting;
        gather_logic(id, Opcode::And, operands);
        std::size_t narrow_ones = 0, others = 0;
        for (const NodeId operand : operands) {
            if (code_.nodes[operand].constant || readers_[operand] != 1) continue;
            const std::vector<NodeId> group = group_of(operand);
            if (!takes_work(group)) continue;
            const bool narrow = narrow_.contains(operand);
            // What is known of all rows waits for nothing.
            if (narrow && exact_[operand]) continue;
            ++(narrow ? narrow_ones : others);
            if (!narrow && bytes_read(group) >= much_to_read) {
                waiting.much.push_back(group);
                continue;
            }
            auto& together = narrow ? waiting.narrow : waiting.little;
            together.insert(together.end(), group.begin(), group.end());
        }
        if (narrow_ones + others == 0 || others == operands.size()) continue;
        for (auto* const together : {&waiting.narrow, &waiting.little}) {
            std::sort(together->begin(), together->end());
            put_off(*together);
        }
        for (const auto& group : waiting.much) put_off(group);
        groups += 1 + waiting.much.size();
        std::stable_sort(waiting.much.begin(), waiting.much.end(), [this](const auto& a, const auto& b) { return bytes_read(a) < bytes_read(b); });
        groups_.emplace(id, std::move(waiting));
    }
    for (const auto& versions : code_.roots)
        for (const auto& version : versions)
            for (const auto& benefit : version.benefits) {
                if (groups >= most_groups || benefit.always || code_.nodes[benefit.value].constant || readers_[benefit.value] != 1 || put_off_[benefit.value] != 0) continue;
                const std::vector<NodeId> group = group_of(benefit.value);
                // What a group that waits for a verdict has put off already is not there for another.
                if (!group.empty() && std::none_of(group.begin(), group.end(), [&](NodeId id) { return put_off_[id] != 0; })) {
                    put_off(group);
                    ++groups;
                }
            }
}

void Analysis::gather_logic(NodeId id, Opcode opcode, std::vector<NodeId>& operands) const {
    std::vector<NodeId> open{id};
    while (!open.empty()) {
        const Node& node = code_.nodes[open.back()];
        open.pop_back();
        for (const NodeId operand : {node.b, node.a}) {
            if (!code_.nodes[operand].constant && code_.nodes[operand].level == 0 && code_.nodes[operand].opcode == opcode && is_absorbed(operand)) open.push_back(operand);
            else operands.push_back(operand);
        }
    }
}

}  // namespace eligo::columnar
