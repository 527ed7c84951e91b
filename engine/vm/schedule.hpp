// The order in which a plan's registers are worked out, and which of them only under a condition: what nothing but
// one branch of a choice asks for is worked out where that branch is taken, so that a check neither spends time on the
// other nor stumbles over an unknown fact that only the other reads.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/int128.hpp"
#include "plan.hpp"

namespace eligo::vm {

struct ScheduledBlock;

enum class Operand : std::uint8_t { Unused, Result, Number };
[[nodiscard]] Operand operand_kind(bytecode::Opcode opcode, std::size_t index);
[[nodiscard]] std::uint16_t operand(const bytecode::Instruction& instruction, std::size_t index);

// A register of one level (outside all loops, or directly in the body of one); a loop is its Loop register.
struct ScheduledItem {
    bytecode::Register number = bytecode::no_register;
    // Worked out before it, each only where the condition says so.
    std::vector<ScheduledBlock> guarded;
};

struct ScheduledBlock {
    bytecode::Register condition = bytecode::no_register;
    bool when = true;  // the condition's value for which the block is run
    std::vector<ScheduledItem> items;
};

class Schedule {
public:
    enum class Effort : std::uint8_t { Everything, Lazy };
    // An operand that is looked at only where a condition has one value.
    struct Branch {
        bytecode::Register condition, value;
        bool when;
    };

    Schedule(const bytecode::Pack& pack, bytecode::Index subject, Domain domain, Effort effort);

    // In the order they are wanted; pinned: their values are read from outside.
    void want(bytecode::Register number);
    // After all that is wanted is named.
    void prepare();

    // What a register needs that is not yet scheduled, and itself.
    [[nodiscard]] std::vector<ScheduledItem> take(bytecode::Register number);
    // All the rest, in the program's order.
    [[nodiscard]] std::vector<ScheduledItem> take_rest();
    // What stands in the body of a loop.
    [[nodiscard]] std::vector<ScheduledItem> body(bytecode::Register loop);

    // The register whose value a register has in this domain: itself over sets; over known values another, where an
    // instruction does nothing but say which end belongs where, or how wide the value is held, or when it means nothing
    // (OrUnknown), and where the outcome is plain beforehand.
    [[nodiscard]] bytecode::Register resolved(bytecode::Register number) const { return resolved_[number]; }
    // Over known values: the OrUnknowns whose conditions must hold, or else what the register is worth means nothing. What uses
    // the register rests on them too.
    [[nodiscard]] std::span<const bytecode::Register> checks(bytecode::Register number) const { return checks_[number]; }
    // The item outside all loops that a register is or stands in.
    [[nodiscard]] bytecode::Register item_of(bytecode::Register number) const { return item_at(resolved(number), bytecode::no_register); }
    // The registers whose values a step of the register looks at, and the checks that go with them.
    template <class Visit>
    void visit_operands(bytecode::Register number, Visit&& visit) const;
    [[nodiscard]] bool needed(bytecode::Register number) const { return needed_[number]; }
    [[nodiscard]] bool pinned(bytecode::Register item) const { return pinned_[item]; }
    [[nodiscard]] std::uint32_t times_used(bytecode::Register item) const { return use_count_[item]; }
    // The loop a register stands in, directly; no_register outside all loops.
    [[nodiscard]] bytecode::Register loop_around(bytecode::Register number) const { return region_[number]; }
    // A year's value that nothing reads but a choice between it and 0.
    [[nodiscard]] bool read_by_choice(bytecode::Register number) const { return read_by_choice_[number]; }
    // The value of a constant register, where 64 bits hold it.
    [[nodiscard]] std::optional<value::Int128> constant_at(bytecode::Register number) const;
    // About how many steps.
    [[nodiscard]] int work(const std::vector<ScheduledItem>& items) const;
    // Of all that a register rests on.
    [[nodiscard]] int work_for(bytecode::Register number) const;

private:
    using Items = std::vector<bytecode::Register>;
    // The branches of all choices that hang on the same condition.
    struct Group {
        bytecode::Register condition;
        bool when;
        std::vector<std::pair<bytecode::Register, bytecode::Register>> edges;  // the item that chooses, the item chosen
    };
    // Items that are being arranged.
    struct Level {
        std::vector<std::uint8_t> among;  // of each register: whether it is one of them and not yet behind a guard
        std::unordered_map<bytecode::Register, std::vector<ScheduledBlock>> guarded;
        int depth = 0;
    };
    [[nodiscard]] std::vector<ScheduledItem> arrange(const Items& ascending, int depth);
    void bring_checks_forward(std::vector<ScheduledItem>& items) const;
    static void gather(const std::vector<ScheduledBlock>& blocks, Items& items);
    void guard_choices(const Items& ascending, Level& level);
    void guard_conditions(const Items& ascending, Level& level);
    [[nodiscard]] bool is_closed(const Items& all, std::size_t first) const;
    void guard(const Group& group, const Items& cone, Level& level);
    [[nodiscard]] std::vector<Branch> branches_of(bytecode::Register item) const;
    [[nodiscard]] Items cone(const std::vector<std::pair<bytecode::Register, bytecode::Register>>& edges, const std::vector<std::uint8_t>& among) const;
    [[nodiscard]] bool is_read_by_choice(bytecode::Register user, bytecode::Register chosen) const;
    // A register's item and all that it rests on, but what is met already.
    [[nodiscard]] Items rests_on(bytecode::Register number, std::vector<bool>& met) const;
    [[nodiscard]] int weight(std::span<const bytecode::Register> items) const;
    [[nodiscard]] bool may_be_unknown(const bytecode::Instruction& instruction) const;
    [[nodiscard]] bytecode::Register item_at(bytecode::Register number, bytecode::Register level) const;
    // The branch of a choice, or the operand of a greater of two, that alone is looked at.
    enum class Alone : std::uint8_t { Neither, First, Second };
    void resolve(const std::vector<Alone>& alone);
    void resolve_choice(bytecode::Register number, Alone alone);
    void resolve_constant(bytecode::Register number);
    void take_over(bytecode::Register number, bytecode::Register operand);
    bool take_over(bytecode::Register number, bytecode::Register same, std::initializer_list<std::span<const bytecode::Register>> all);
    [[nodiscard]] std::vector<Alone> choices_of_one_branch() const;
    [[nodiscard]] bool is_above(bytecode::Register number, bytecode::Register constant, const std::vector<std::uint32_t>& conditions) const;
    [[nodiscard]] bytecode::Register constant_of(value::Int128 wanted) const;
    [[nodiscard]] bool uses(const bytecode::Instruction& instruction, std::size_t index) const;
    void pin(bytecode::Register number);
    void find_regions();
    void find_needed();
    void find_uses();

    const bytecode::Pack& pack_;
    bytecode::Index subject_;
    const bytecode::Program& program_;
    Domain domain_;
    Effort effort_;
    std::vector<bytecode::Register> resolved_, wanted_;
    std::vector<Items> checks_;
    std::map<value::Int128, bytecode::Register> constants_;
    std::vector<bool> needed_, pinned_, taken_, read_by_choice_;
    std::vector<bytecode::Register> region_;  // the innermost loop a register stands in
    std::vector<Items> operands_;
    std::vector<std::uint32_t> use_count_;
};

[[nodiscard]] bool is_or_unknown(bytecode::Opcode opcode);

template <class Visit>
void Schedule::visit_operands(bytecode::Register number, Visit&& visit) const {
    const bytecode::Instruction& instruction = program_.code[number];
    for (std::size_t k = 0; k < 3; ++k) {
        if (!uses(instruction, k)) continue;
        visit(resolved(operand(instruction, k)));
        for (const bytecode::Register check : checks(operand(instruction, k))) visit(check);
    }
    // A check is no value; but its value's checks go with it.
    if (is_or_unknown(instruction.opcode))
        for (const bytecode::Register check : checks(instruction.b)) visit(check);
}

// Put into the frame before a run, or read from the facts: no step of its own.
[[nodiscard]] bool is_constant(bytecode::Opcode opcode);
[[nodiscard]] bool is_reduction(bytecode::Opcode opcode);

}  // namespace eligo::vm
