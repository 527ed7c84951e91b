// A plan's insides: the instructions that the chosen policies need, as a graph in which everything fixed for a batch is a
// constant and everything said twice stands once. Internal to columnar/; the door is run.hpp.
#pragma once

#include <cstdint>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/domain.hpp"
#include "run.hpp"

namespace eligo::columnar {

using bytecode::Opcode;
using value::Int128;
using value::domain::Interval;

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = ~NodeId{0};
inline constexpr std::uint32_t no_input = ~std::uint32_t{0};

enum class Form : std::uint8_t { Number, Wide, Truth };

struct Node {
    Opcode opcode{};
    Form form = Form::Number;
    bool constant = false;       // low .. high says which
    std::uint16_t level = 0;     // of Code::levels: the rows, or the elements of a loop
    NodeId a = no_node, b = no_node, c = no_node;
    std::uint32_t number = 0;    // Input, Given: the input; Parameter, InSet: the table; YearEnd: the offset; Reduce: the level gathered over
    Int128 low = 0, high = 0;    // constants; OrUnknown: what is not known then
};

// What stands in an engine's loop over one level: a node to work out, or a deeper level to run through.
struct Item {
    bool is_level = false;
    std::uint32_t id = 0;
};

// Lanes: level 0 is the rows of a block, every other the elements of a list, once for each lane of its parent.
struct Level {
    std::uint16_t parent = 0;
    bytecode::Index list = bytecode::none;  // of the program's lists
    std::int64_t most = 0;                  // elements that a list of which nothing is known may have
    std::vector<Item> items;                // in an order in which everything is known when it is needed
    std::vector<NodeId> reductions;         // over this level; they belong to the parent
};

// A fact that is read, at its level.
struct InputSource {
    bytecode::Index subject = bytecode::none, column = bytecode::none;
    std::int32_t year_offset = 0;
    bool yearly = false;
    std::uint16_t level = 0;
    const bytecode::Fact* fact = nullptr;
    std::uint32_t low_bound = no_input, high_bound = no_input;  // earlier facts that bound it
    bool value_read = false, given_read = false;
};

struct VersionRoots {
    NodeId in_force = no_node, verdict = no_node;
    struct Benefit {
        std::uint32_t column = 0;      // of PolicyColumns::benefits
        NodeId value = no_node, when = no_node;
        bool always = false;
        std::int64_t factor = 1;       // from its own unit to the column's
    };
    std::vector<Benefit> benefits;
    std::vector<NodeId> clauses;       // with PlanOptions::clauses

    // Every node that is asked for; no_node for what there is not.
    template <class Take>
    void each(Take take) const {
        take(in_force);
        take(verdict);
        for (const Benefit& benefit : benefits) {
            take(benefit.value);
            take(benefit.when);
        }
        for (const NodeId clause : clauses) take(clause);
    }
};

struct Plan::Code {
    const bytecode::Pack* pack = nullptr;
    bytecode::Index subject = bytecode::none;
    PlanOptions options;
    std::int32_t fiscal_year = 0;
    std::size_t block = 0;
    std::vector<Node> nodes;
    std::vector<Level> levels;
    std::vector<InputSource> sources;
    std::vector<std::vector<VersionRoots>> roots;  // by policy, by version
    std::vector<Input> inputs;
    std::vector<PolicyColumns> policies;
};

// The registers that an instruction reads, as its row of opcodes.def says.
[[nodiscard]] bool is_register_operand(Opcode opcode, std::size_t index);
[[nodiscard]] bool is_reduction(Opcode opcode);

}  // namespace eligo::columnar
