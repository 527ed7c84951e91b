// Conditions that come to the same whatever the facts are: single ones, whose operands' ranges decide them, and two that
// exclude each other (or leave nothing out); and rows of tables that nothing comes to. A condition is asked in many places (of each year, in each version, for each
// argument of a let), and is doubted only if it comes to the same in all of them.
// Tested by tests/golden/codegen and tests/unit/proofs_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "../sema/check.hpp"
#include "../sema/model.hpp"
#include "../text/diagnostic.hpp"
#include "graph.hpp"

namespace eligo::codegen {

class Conditions {
public:
    // Asked where it may go either way, or where nothing can be said of it.
    void open(sema::ExprId condition) { seen_[condition].open = true; }
    // Asked where it always comes to the same. The diagnostic is to be filled in when this is the first time; else nothing.
    [[nodiscard]] text::Diagnostic* certain(sema::ExprId condition, bool holds);
    // A branch that a condition keeps from being taken: shown with the condition, if that is doubted.
    void never_taken(sema::ExprId condition, text::Span branch);
    // What becomes of a table's rows at one place that asks it.
    void rows(sema::Id table, std::span<const sema::RowReach> rows);
    void report(const sema::Model& model, text::Sink& sink) const;

private:
    struct Seen {
        bool open = false, holds = false, fails = false;
        std::optional<text::Diagnostic> said;
        std::optional<text::Span> branch;
    };
    std::map<sema::ExprId, Seen> seen_;
    std::map<sema::Id, std::vector<sema::RowReach>> rows_;
};

// What a truth says of one value: it lies in one of some intervals, which are ascending and apart.
struct Piece {
    NodeId of = no_node;
    std::vector<Range> allowed;
    NodeId condition = no_node;  // the comparison that says so
};

// What is certain of single values where a truth holds (or does not).
[[nodiscard]] std::vector<Piece> pieces(const Graph& graph, NodeId truth, bool holds);

// Two pieces that cannot both be, the later second; nothing when all of them can be at once.
struct Clash {
    std::size_t first = 0, second = 0;
};
[[nodiscard]] std::optional<Clash> clash(const Graph& graph, std::span<const Piece> all);

}  // namespace eligo::codegen
