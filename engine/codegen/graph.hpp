// The values of one subject's program as a graph: each thing once, with the range it can lie in, still without
// widths or registers. Building a node proves its range; what is the same everywhere becomes a constant.
// Tested by tests/golden/bytecode, tests/golden/codegen and tests/engines.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/range.hpp"
#include "../value/rational.hpp"

namespace eligo::codegen {

using bytecode::Opcode;
using value::Int128;
using value::Range;

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};

// Opcodes name the 64-bit form; emit.cpp chooses the width from the ranges.
struct Node {
    Opcode opcode = Opcode::Constant;
    NodeId a = no_node, b = no_node, c = no_node;
    std::uint32_t number = 0;   // slot, field, set, parameter, list, offset
    Range range;                // of a truth: within 0 .. 1
    bool truth = false;
    bool empty = false;         // the empty interval: `else` of a table's last row
    bool partial = false;       // may come to the empty interval: never folded
    Range unknown;              // OrUnknown: what it is taken for where it is not known
    NodeId region = no_node;    // the innermost Loop it belongs to
    std::uint32_t depends = 0;  // the loops whose reductions it rests on
    std::uint32_t stage = 0;    // Loop: the how-manieth pass over its list
};

class Graph {
public:
    Graph();

    [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id]; }
    [[nodiscard]] std::size_t size() const { return nodes_.size(); }

    [[nodiscard]] NodeId constant(Int128 value);
    [[nodiscard]] NodeId truth(bool value);
    [[nodiscard]] NodeId empty() const { return empty_; }
    [[nodiscard]] bool is_constant(NodeId id) const { return !nodes_[id].empty && !nodes_[id].partial && value::is_point(nodes_[id].range); }
    [[nodiscard]] bool is_true(NodeId id) const { return is_constant(id) && nodes_[id].range.low == 1; }
    [[nodiscard]] bool is_false(NodeId id) const { return is_constant(id) && nodes_[id].range.low == 0; }

    [[nodiscard]] NodeId input(std::uint32_t slot, Range range, bool truth);
    [[nodiscard]] NodeId given(std::uint32_t slot);
    [[nodiscard]] NodeId field(std::uint32_t field, NodeId loop, Range range, bool truth);
    [[nodiscard]] NodeId field_given(std::uint32_t field, NodeId loop);
    [[nodiscard]] NodeId as_of();
    [[nodiscard]] NodeId known_on();
    [[nodiscard]] NodeId year_end(std::int32_t offset);
    [[nodiscard]] NodeId parameter(std::uint32_t number, NodeId day, Range range);
    [[nodiscard]] NodeId parameter_given(std::uint32_t number, NodeId day);

    // Arithmetic answers nothing where the result might need more than 128 bits (or leave the calendar).
    [[nodiscard]] std::optional<NodeId> add(NodeId a, NodeId b);
    [[nodiscard]] std::optional<NodeId> subtract(NodeId a, NodeId b);
    [[nodiscard]] std::optional<NodeId> multiply(NodeId a, NodeId b);
    [[nodiscard]] std::optional<NodeId> multiply(NodeId a, Int128 factor);
    [[nodiscard]] NodeId minimum(NodeId a, NodeId b);
    [[nodiscard]] NodeId maximum(NodeId a, NodeId b);
    [[nodiscard]] std::optional<NodeId> absolute(NodeId a);
    [[nodiscard]] std::optional<NodeId> divide(NodeId a, NodeId b, value::Rounding rounding);  // b proved positive
    [[nodiscard]] std::optional<NodeId> add_months(NodeId day, NodeId months);
    [[nodiscard]] std::optional<NodeId> add_days(NodeId day, NodeId days);
    [[nodiscard]] std::optional<NodeId> months_between(NodeId from, NodeId to);

    [[nodiscard]] NodeId less(NodeId a, NodeId b);
    [[nodiscard]] NodeId less_equal(NodeId a, NodeId b);
    [[nodiscard]] NodeId equal(NodeId a, NodeId b);
    [[nodiscard]] NodeId in_set(NodeId a, const bytecode::Set& set);
    [[nodiscard]] NodeId negation(NodeId a);
    [[nodiscard]] NodeId conjunction(NodeId a, NodeId b);
    [[nodiscard]] NodeId disjunction(NodeId a, NodeId b);
    [[nodiscard]] NodeId as_number(NodeId truth);
    [[nodiscard]] NodeId select(NodeId condition, NodeId a, NodeId b);  // of numbers or of truths
    // Of quotients, end by end: see opcodes.def.
    [[nodiscard]] std::optional<NodeId> multiply_along(NodeId a, NodeId b);
    [[nodiscard]] std::optional<NodeId> multiply_across(NodeId a, NodeId b);
    [[nodiscard]] NodeId ends(NodeId a, NodeId b);
    [[nodiscard]] NodeId swap(NodeId a);
    [[nodiscard]] NodeId lesser(NodeId a, NodeId b);
    [[nodiscard]] NodeId choice(NodeId condition, NodeId a, NodeId b);
    [[nodiscard]] NodeId select_ends(NodeId which, NodeId a, NodeId b);
    [[nodiscard]] NodeId or_unknown(NodeId condition, NodeId a, Range unknown);

    [[nodiscard]] NodeId loop(std::uint32_t list, NodeId parent, std::uint32_t stage);
    [[nodiscard]] std::optional<NodeId> reduce_sum(NodeId a, NodeId counts, NodeId loop, std::uint32_t most);
    [[nodiscard]] NodeId reduce_any(NodeId holds, NodeId loop);
    [[nodiscard]] NodeId reduce_extreme(bool greatest, NodeId a, NodeId counts, NodeId loop);

    // The first pass over a list that may rest on nothing that these nodes rest on: greater than every
    // stage of the same list (and parent) among their dependencies, and none that one of those rests on.
    [[nodiscard]] std::uint32_t stage_after(std::span<const NodeId> nodes, std::uint32_t list, NodeId parent) const;
    // True when `inner` is `outer` or lies within it.
    [[nodiscard]] bool within(NodeId inner, NodeId outer) const;
    // How many nodes these are and rest on.
    [[nodiscard]] std::size_t count_below(std::span<const NodeId> nodes) const;
    // How many loops it stands in, itself one of them.
    [[nodiscard]] std::size_t depth(NodeId loop) const;

    // Between what ends a value lies where another is within a range; as far as a few steps of dates and comparisons tell.
    [[nodiscard]] Range range_where(NodeId id, NodeId of, const Range& within, int steps = 8) const;

    [[nodiscard]] const std::vector<bytecode::Set>& sets() const { return sets_; }

private:
    struct Hash {
        std::size_t operator()(const Node& node) const;
    };
    struct Same {
        bool operator()(const Node& a, const Node& b) const;
    };
    NodeId make(Node node);
    // Loops that something rests on: one, or those of two others. Many nodes rest on very many, and few ask on which.
    struct Dependency {
        NodeId loop = no_node;
        std::uint32_t a = 0, b = 0;
    };
    enum class Below : std::uint8_t { Said, All };
    // The loops that these say; or with those that they rest on in turn, by way of whatever else their passes gather.
    [[nodiscard]] std::set<NodeId> loops_of(std::vector<std::uint32_t> dependencies, Below below) const;
    std::uint32_t merge(std::uint32_t a, std::uint32_t b);
    std::uint32_t own_dependency(NodeId loop);
    void inherit(Node& node, NodeId operand);

    std::vector<Node> nodes_;
    std::unordered_map<Node, NodeId, Hash, Same> known_;
    std::vector<Dependency> dependencies_;  // the first is none
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> merged_;
    std::map<NodeId, std::uint32_t> own_dependencies_;              // of loops
    std::map<std::tuple<std::uint32_t, NodeId, std::uint32_t>, NodeId> passes_;  // loops by list, the loop around it and stage
    std::unordered_map<NodeId, std::set<std::uint32_t>> needed_;    // of each loop: what its reductions rest on
    std::vector<bytecode::Set> sets_;
    std::map<std::vector<std::pair<std::int64_t, std::int64_t>>, std::uint32_t> set_numbers_;
    NodeId empty_ = no_node;
};

}  // namespace eligo::codegen
