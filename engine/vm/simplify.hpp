// The program as one domain looks at it: which registers are needed, and which have the value of another. Over sets each has its own.
// Over known values "otherwise unknown" is a check beside the value, constants are worked out beforehand, and a choice of which
// one side means nothing is no choice.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/int128.hpp"
#include "plan.hpp"

namespace eligo::vm {

enum class Operand : std::uint8_t { Unused, Result, Number };
[[nodiscard]] Operand operand_kind(bytecode::Opcode opcode, std::size_t index);
[[nodiscard]] std::uint16_t operand(const bytecode::Instruction& instruction, std::size_t index);
// Put into the frame before a run, or read from the facts: no step of its own.
[[nodiscard]] bool is_constant(bytecode::Opcode opcode);
[[nodiscard]] bool is_reduction(bytecode::Opcode opcode);
[[nodiscard]] bool is_or_unknown(bytecode::Opcode opcode);

class Simplified {
public:
    // `code`: of the program, or a slice of it (bytecode/slice.hpp), whose numbers all registers are. Both must outlive it.
    Simplified(const bytecode::Program& program, std::span<const bytecode::Instruction> code, Domain domain);

    void want(bytecode::Register number) {
        if (number != bytecode::no_register) wanted_.push_back(number);
    }
    // After all that is wanted is named.
    void simplify();

    [[nodiscard]] std::span<const bytecode::Register> wanted() const { return wanted_; }
    // The register whose value a register has in this domain: itself over sets; over known values another, where an
    // instruction does nothing but say which end belongs where, or how wide the value is held, or when it means nothing
    // (OrUnknown), and where the outcome is plain beforehand.
    [[nodiscard]] bytecode::Register resolved(bytecode::Register number) const { return resolved_[number]; }
    // Over known values: the OrUnknowns whose conditions must hold, or else what the register is worth means nothing. What uses
    // the register rests on them too.
    [[nodiscard]] std::span<const bytecode::Register> checks(bytecode::Register number) const { return checks_[number]; }
    [[nodiscard]] bool needed(bytecode::Register number) const { return needed_[number]; }
    // The loop a register stands in, directly; no_register outside all loops.
    [[nodiscard]] bytecode::Register loop_around(bytecode::Register number) const { return loop_around_[number]; }
    // The value of a constant register, where 64 bits hold it.
    [[nodiscard]] std::optional<value::Int128> constant_at(bytecode::Register number) const;
    // Over known values: a comparison that asks whether so many months from a fact end by the day that is asked about, which is so up
    // to some day of the fact's.
    struct MonthsAsked {
        bytecode::Register fact = bytecode::no_register;
        std::int32_t months = 0;
        bool until = true;  // true for the days up to that one; else for those behind it
    };
    [[nodiscard]] std::optional<MonthsAsked> months_asked_of(bytecode::Register number) const;
    // The registers whose values a step of the register looks at, and the checks that go with them.
    template <class Visit>
    void visit_operands(bytecode::Register number, Visit&& visit) const;

private:
    // The branch of a choice, or the operand of a greater of two, that alone is looked at.
    enum class Alone : std::uint8_t { Neither, First, Second };
    void find_loops();
    void find_needed();
    void resolve(const std::vector<Alone>& alone);
    void resolve_choice(bytecode::Register number, Alone alone);
    void resolve_constant(bytecode::Register number);
    void take_over(bytecode::Register number, bytecode::Register operand);
    bool take_over(bytecode::Register number, bytecode::Register same, std::initializer_list<std::span<const bytecode::Register>> all);
    [[nodiscard]] std::vector<Alone> choices_of_one_branch() const;
    [[nodiscard]] bool is_above(bytecode::Register number, bytecode::Register constant, const std::vector<std::uint32_t>& conditions) const;
    [[nodiscard]] bytecode::Register constant_of(value::Int128 wanted) const;
    [[nodiscard]] bool is_nothing(bytecode::Register number) const;
    [[nodiscard]] bool uses(const bytecode::Instruction& instruction, std::size_t index) const;

    const bytecode::Program& program_;
    std::span<const bytecode::Instruction> code_;
    Domain domain_;
    std::vector<bytecode::Register> resolved_, wanted_;
    std::vector<std::vector<bytecode::Register>> checks_;
    std::vector<bool> needed_;
    std::vector<bytecode::Register> loop_around_;
    std::map<value::Int128, bytecode::Register> constants_;
};

template <class Visit>
void Simplified::visit_operands(bytecode::Register number, Visit&& visit) const {
    const bytecode::Instruction& instruction = code_[number];
    if (const auto asked = months_asked_of(number)) return visit(asked->fact);
    for (std::size_t k = 0; k < 3; ++k) {
        if (!uses(instruction, k)) continue;
        visit(resolved(operand(instruction, k)));
        for (const bytecode::Register check : checks(operand(instruction, k))) visit(check);
    }
    // A check is no value; but its value's checks go with it.
    if (is_or_unknown(instruction.opcode))
        for (const bytecode::Register check : checks(instruction.b)) visit(check);
}

}  // namespace eligo::vm
