// The part of a program that some registers rest on. A subject's program holds all that its policies ask: what is done for one
// of them is as much work as that one, however many others stand beside it.
// Tested by tests/unit/bytecode_test.cpp.
#pragma once

#include <span>
#include <vector>

#include "pack.hpp"

namespace eligo::bytecode {

struct Slice {
    std::vector<Instruction> code;    // registers, and the ends of loops, are numbers of the slice; all else is the program's
    std::vector<Register> registers;  // of each instruction here, its number in the program; ascending

    // The number here of a register of the program; no_register when it is not among them.
    [[nodiscard]] Register number_of(Register in_program) const;
};

// `roots` and what they rest on, loops with their ends. no_register among the roots is passed over, and so is whatever the program
// does not have.
[[nodiscard]] Slice slice_of(const Program& program, std::span<const Register> roots);

}  // namespace eligo::bytecode
