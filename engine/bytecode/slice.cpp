#include "slice.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace eligo::bytecode {
namespace {

bool is_register(std::string_view operand) { return operand == "N" || operand == "W" || operand == "B" || operand == "L"; }

// The operands of an instruction that are numbers of instructions: registers, and of a loop its end.
template <class Visit>
void visit_numbers(Instruction& instruction, Visit&& visit) {
    if (static_cast<std::size_t>(instruction.opcode) >= opcode_count) return;
    const auto& operands = row(instruction.opcode).operands;
    std::uint16_t* const numbers[] = {&instruction.a, &instruction.b, &instruction.c};
    for (std::size_t k = 0; k < 3; ++k)
        if (is_register(operands[k]) || operands[k] == "end") visit(*numbers[k]);
}

}  // namespace

Register Slice::number_of(Register in_program) const {
    const auto found = std::lower_bound(registers.begin(), registers.end(), in_program);
    return found == registers.end() || *found != in_program ? no_register : static_cast<Register>(found - registers.begin());
}

Slice slice_of(const Program& program, std::span<const Register> roots) {
    Slice slice;
    std::vector<bool> met(program.code.size(), false);
    const auto meet = [&](Register number) {
        if (number >= met.size() || met[number]) return;
        met[number] = true;
        slice.registers.push_back(number);
    };
    for (const Register root : roots) meet(root);
    for (std::size_t i = 0; i < slice.registers.size(); ++i) {
        Instruction instruction = program.code[slice.registers[i]];
        visit_numbers(instruction, meet);
    }
    std::sort(slice.registers.begin(), slice.registers.end());
    slice.code.reserve(slice.registers.size());
    for (const Register number : slice.registers) {
        slice.code.push_back(program.code[number]);
        visit_numbers(slice.code.back(), [&](Register& used) { used = slice.number_of(used); });
    }
    return slice;
}

}  // namespace eligo::bytecode
