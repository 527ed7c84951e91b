// One instruction over the lanes of a block, for any operands: the plain way, which is always right. What a block is
// mostly made of goes the faster ways of kernels/.
#pragma once

#include <cstddef>
#include <cstdint>

#include "code.hpp"

namespace eligo::columnar {

// A register of a block. Numbers are std::int64_t or Int128, one a lane; truths are bitmaps of 64 lanes a word. Where every
// lane is known, both ends are the same memory.
struct Lanes {
    void* low = nullptr;   // truths: certainly
    void* high = nullptr;  // truths: possibly
    [[nodiscard]] bool exact() const { return low == high; }
};

struct Arguments {
    Lanes result, a, b, c;
    std::size_t count = 0;  // lanes
    const bytecode::Parameter* parameter = nullptr;
    const bytecode::Set* set = nullptr;
    Int128 low = 0, high = 0;              // constants, and what OrUnknown leaves open
    std::int64_t known_on = 0;
    const std::int32_t* years = nullptr;   // the fiscal year of each lane
    std::int32_t year_offset = 0;
};

// `result` is exact only where everything read is.
void execute(Opcode opcode, const Arguments& arguments);

// Gathers over the elements of a level into the lanes of its parent, one chunk after another. Lanes of the result were cleared
// (numbers 0, truths false, flags 0) before the first.
struct Gathering {
    const std::uint32_t* parent = nullptr;  // of each element's lane
    const std::uint8_t* any = nullptr;      // an element that stands for a list of which nothing is known; nullptr: none does
    std::int64_t most = 0;
    std::uint8_t* flags = nullptr;          // of a least or greatest, one a lane of the parent
};
void reduce(Opcode opcode, const Arguments& arguments, const Gathering& gathering);

}  // namespace eligo::columnar
