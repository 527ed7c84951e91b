// What is learned of conditions, and what a conjunction of comparisons leaves of each value. Door: conditions.hpp.
#include "conditions.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace eligo::codegen {

text::Diagnostic* Conditions::certain(sema::ExprId condition, bool holds) {
    Seen& seen = seen_[condition];
    (holds ? seen.holds : seen.fails) = true;
    if (seen.said) return nullptr;
    return &seen.said.emplace();
}

void Conditions::never_taken(sema::ExprId condition, text::Span branch) {
    if (const auto found = seen_.find(condition); found != seen_.end()) found->second.branch = branch;
}

void Conditions::rows(sema::Id table, std::span<const sema::RowReach> rows) {
    const auto [found, first] = rows_.try_emplace(table, rows.begin(), rows.end());
    for (std::size_t i = 0; !first && i < rows.size(); ++i)
        // Where a place has it covered and another has nothing come there, neither word is false; the first stays.
        if (rows[i] == sema::RowReach::Reached) found->second[i] = rows[i];
}

void Conditions::report(const sema::Model& model, text::Sink& sink) const {
    for (const auto& [table, rows] : rows_) sema::report_rows(model, table, rows, sink);
    for (const auto& [condition, seen] : seen_) {
        if (seen.open || !seen.said || seen.holds == seen.fails) continue;
        text::Diagnostic& reported = sink.report(seen.said->code, seen.said->span, seen.said->arguments);
        reported = *seen.said;
        if (seen.branch) reported.also(*seen.branch, "so this is never taken", "因此不会取到这里");
    }
}

namespace {

// Both are ascending and apart.
bool lie_apart(const std::vector<Range>& a, const std::vector<Range>& b) {
    for (auto one = a.begin(), other = b.begin(); one != a.end() && other != b.end();) {
        if (value::intersect(*one, *other)) return false;
        if (one->high < other->high) ++one;
        else ++other;
    }
    return true;
}

// What is left of a value's range when more and more is taken out of it.
class Left {
public:
    explicit Left(const Range& range) : ranges_{{range.low, range.high}} {}

    void keep_within(const std::vector<Range>& allowed) {
        if (ranges_.empty()) return;
        Int128 from = ranges_.begin()->first;
        const Int128 to = ranges_.rbegin()->second;
        for (const Range& one : allowed) {
            if (one.low > from) take_out(from, std::min(one.low - 1, to));
            if (one.high >= to) return;
            from = std::max(from, one.high + 1);
        }
        take_out(from, to);
    }
    [[nodiscard]] bool empty() const { return ranges_.empty(); }

private:
    void take_out(Int128 low, Int128 high) {
        if (low > high) return;
        auto at = ranges_.lower_bound(low);
        if (at != ranges_.begin() && std::prev(at)->second >= low) {
            const Int128 end = std::exchange(std::prev(at)->second, low - 1);
            if (end > high) {
                ranges_.emplace(high + 1, end);
                return;
            }
        }
        while (at != ranges_.end() && at->first <= high) {
            const Int128 end = at->second;
            at = ranges_.erase(at);
            if (end > high) ranges_.emplace(high + 1, end);
        }
    }

    std::map<Int128, Int128> ranges_;  // by their low ends
};

std::vector<Range> outside(const std::vector<Range>& inner, const Range& whole) {
    std::vector<Range> result;
    Int128 next = whole.low;
    for (const Range& one : inner) {
        if (one.low > next) result.push_back({next, std::min(one.low - 1, whole.high)});
        if (one.high >= whole.high) return result;
        next = std::max(next, one.high + 1);
    }
    if (next <= whole.high) result.push_back({next, whole.high});
    return result;
}

// One comparison with constants; nothing when it is none.
std::optional<Piece> piece(const Graph& graph, NodeId id, bool holds) {
    const Node& node = graph.node(id);
    const auto said = [&](NodeId of, std::vector<Range> allowed) {
        return Piece{of, holds ? std::move(allowed) : outside(allowed, graph.node(of).range), id};
    };
    switch (node.opcode) {
        case Opcode::Less:
        case Opcode::LessEqual: {
            const Int128 apart = node.opcode == Opcode::Less ? 1 : 0;
            const Range left = graph.node(node.a).range, right = graph.node(node.b).range;
            if (graph.is_constant(node.b)) return said(node.a, {{left.low, right.low - apart}});
            if (graph.is_constant(node.a)) return said(node.b, {{left.low + apart, right.high}});
            return std::nullopt;
        }
        case Opcode::Equal:
            if (graph.is_constant(node.b)) return said(node.a, {graph.node(node.b).range});
            if (graph.is_constant(node.a)) return said(node.b, {graph.node(node.a).range});
            return std::nullopt;
        case Opcode::InSet: {
            std::vector<Range> allowed;
            for (const auto& interval : graph.sets()[node.number].intervals) allowed.push_back({interval.low, interval.high});
            return said(node.a, std::move(allowed));
        }
        default: return std::nullopt;
    }
}

}  // namespace

std::vector<Piece> pieces(const Graph& graph, NodeId truth, bool holds) {
    constexpr std::size_t most = 256;  // a longer conjunction is not looked through to its end
    std::vector<Piece> result;
    std::vector<std::pair<NodeId, bool>> open{{truth, holds}};
    std::set<std::pair<NodeId, bool>> seen;
    while (!open.empty() && result.size() < most) {
        const auto [id, wanted] = open.back();
        open.pop_back();
        if (id == no_node || graph.is_constant(id) || !seen.insert({id, wanted}).second) continue;
        const Node& node = graph.node(id);
        if (node.opcode == Opcode::Not) {
            open.emplace_back(node.a, !wanted);
        } else if (node.opcode == (wanted ? Opcode::And : Opcode::Or)) {
            open.emplace_back(node.a, wanted);
            open.emplace_back(node.b, wanted);
        } else if (auto one = piece(graph, id, wanted)) {
            result.push_back(std::move(*one));
        } else {
            // Of any other truth at least this is certain: what it is.
            result.push_back({id, {value::point(wanted ? 1 : 0)}, id});
        }
    }
    return result;
}

std::optional<Clash> clash(const Graph& graph, std::span<const Piece> all) {
    std::map<NodeId, Left> left;  // of each value
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto [found, first] = left.try_emplace(all[i].of, graph.node(all[i].of).range);
        found->second.keep_within(all[i].allowed);
        if (!found->second.empty() || first) continue;
        // Rather one that alone excludes it than one of several that do so together.
        std::optional<std::size_t> last;
        for (std::size_t k = 0; k < i; ++k) {
            if (all[k].of != all[i].of) continue;
            if (lie_apart(all[k].allowed, all[i].allowed)) return Clash{k, i};
            last = k;
        }
        if (last) return Clash{*last, i};
    }
    return std::nullopt;
}

}  // namespace eligo::codegen
