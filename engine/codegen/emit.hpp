// From a graph to a program: which nodes are needed, in which order, in which width.
#pragma once

#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "graph.hpp"

namespace eligo::codegen {

inline constexpr std::size_t most_instructions = 60'000;

struct Emission {
    bytecode::Program program;                   // code, constants, sets; slots and lists are the lowering's
    std::vector<std::uint32_t> narrow, wide;     // of each node: its register in 64 and in 128 bits, or no_node
    // The register of a node: the 64-bit one where it has one.
    [[nodiscard]] bytecode::Register of(NodeId node) const;
    bool too_large = false;  // more instructions than there may be, or an entry of a table that 16 bits do not name
};

// Emits everything the roots need, in the order of the roots as far as they allow.
[[nodiscard]] Emission emit(const Graph& graph, std::span<const NodeId> roots);

}  // namespace eligo::codegen
