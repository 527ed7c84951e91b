// What is generated from opcodes.def.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace eligo::bytecode {

enum class Opcode : std::uint16_t {
#define OP(name, result, a, b, c, meaning) name,
#include "opcodes.def"
#undef OP
};

inline constexpr std::size_t opcode_count = 0
#define OP(name, result, a, b, c, meaning) +1
#include "opcodes.def"
#undef OP
    ;

struct OpcodeRow {
    std::string_view name, result, meaning;
    std::array<std::string_view, 3> operands;  // "N", "W", "B", "L", "-", or the table the operand is a number into
};

inline constexpr std::array<OpcodeRow, opcode_count> opcode_rows = {{
#define OP(name, result, a, b, c, meaning) OpcodeRow{#name, #result, meaning, {#a, #b, #c}},
#include "opcodes.def"
#undef OP
}};

[[nodiscard]] constexpr const OpcodeRow& row(Opcode opcode) { return opcode_rows[static_cast<std::size_t>(opcode)]; }

}  // namespace eligo::bytecode
