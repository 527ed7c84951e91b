// From a pack's program, which holds everything its policies ask, to the steps that some registers need, in order,
// with every register at a place of the working memory. Made once; immutable.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"

namespace eligo::vm {

using Place = std::uint32_t;  // in words
inline constexpr std::uint32_t no_place = 0xFFFFFFFF;
inline constexpr std::uint16_t stop_if_false = static_cast<std::uint16_t>(bytecode::opcode_count);
inline constexpr std::uint16_t read_input = stop_if_false + 1;  // a: number of the input
inline constexpr std::uint16_t finish = read_input + 1;

struct Step {
    std::uint16_t opcode = 0;  // a bytecode::Opcode, stop_if_false (a: a truth), read_input or finish
    std::uint16_t loop = 0;    // Loop, EndLoop, Reduce: number of the loop in the plan
    Place result = 0;
    std::uint32_t a = 0, b = 0, c = 0;  // places, or numbers into the pack's tables as opcodes.def says
    Place flags = 0;                    // Reduce of a least or greatest: where its two flags are
};

struct InputBinding {
    bytecode::Slot slot;
    bool yearly = false;
    bool computed_default = false;         // left out, it is looked at only by way of its Given
    std::int64_t low = 0;                  // the least value of the fact
    std::uint32_t place = no_place;        // of the Input
    std::uint32_t given_place = no_place;  // of the Given
};

struct LoopPlan {
    bytecode::Index list = bytecode::none;  // of the program's lists
    bytecode::Register loop_register = bytecode::no_register;
    std::uint32_t begin = 0, end = 0;       // steps: the Loop, the EndLoop
    std::vector<InputBinding> fields;
    struct Reduction {
        Place place = 0;
        bool wide = false;
        std::uint32_t flags = no_place;
    };
    std::vector<Reduction> reductions;
};

struct Plan {
    bytecode::Index subject = bytecode::none;
    std::vector<Step> steps;
    std::vector<std::uint32_t> places;  // of each register of the program; no_place when the plan does not need it
    std::vector<bool> wide;             // of each register
    std::uint32_t words = 0;
    std::vector<InputBinding> inputs;
    std::vector<LoopPlan> loops;
};

struct PlanRequest {
    std::span<const bytecode::Register> roots;        // registers whose values are asked for
    // Truths that end the run as soon as one is certainly false; `verdict` is then false. Of the rest only `first`, which
    // comes before any such end, may be read after one.
    std::span<const bytecode::Register> stop_at;
    bytecode::Register verdict = bytecode::no_register;
    bytecode::Register first = bytecode::no_register;
};

[[nodiscard]] Plan make_plan(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request);

}  // namespace eligo::vm
