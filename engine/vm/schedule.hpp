// The order in which a plan's registers are worked out, and which of them only under a condition: what nothing but
// one branch of a choice asks for is worked out where that branch is taken, so that a check neither spends time on the
// other nor stumbles over an unknown fact that only the other reads.
#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "plan.hpp"
#include "simplify.hpp"

namespace eligo::vm {

struct ScheduledBlock;

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

    // `code` is of the subject's program: see Simplified.
    Schedule(const bytecode::Pack& pack, bytecode::Index subject, std::span<const bytecode::Instruction> code, Domain domain, Effort effort);

    // In the order they are wanted; pinned: their values are read from outside.
    void want(bytecode::Register number) { simplified_.want(number); }
    // After all that is wanted is named.
    void prepare();

    // What a register needs that is not yet scheduled, and itself.
    [[nodiscard]] std::vector<ScheduledItem> take(bytecode::Register number);
    // All the rest, in the program's order.
    [[nodiscard]] std::vector<ScheduledItem> take_rest();
    // What stands in the body of a loop.
    [[nodiscard]] std::vector<ScheduledItem> body(bytecode::Register loop);

    // What it orders: see Simplified.
    [[nodiscard]] const Simplified& simplified() const { return simplified_; }
    [[nodiscard]] bytecode::Register resolved(bytecode::Register number) const { return simplified_.resolved(number); }
    [[nodiscard]] std::span<const bytecode::Register> checks(bytecode::Register number) const { return simplified_.checks(number); }
    [[nodiscard]] bool needed(bytecode::Register number) const { return simplified_.needed(number); }
    [[nodiscard]] bytecode::Register loop_around(bytecode::Register number) const { return simplified_.loop_around(number); }
    // The item outside all loops that a register is or stands in.
    [[nodiscard]] bytecode::Register item_of(bytecode::Register number) const { return item_at(resolved(number), bytecode::no_register); }
    [[nodiscard]] bool pinned(bytecode::Register item) const { return pinned_[item]; }
    [[nodiscard]] std::uint32_t times_used(bytecode::Register item) const { return use_count_[item]; }
    // A year's value that nothing reads but a choice between it and 0.
    [[nodiscard]] bool read_by_choice(bytecode::Register number) const { return read_by_choice_[number]; }
    // About how many steps.
    [[nodiscard]] int work(const std::vector<ScheduledItem>& items) const;
    // Of all that a register rests on; so much that it is a lot, where it is more.
    [[nodiscard]] int work_for(bytecode::Register number);

private:
    using Items = std::vector<bytecode::Register>;
    // The branches of all choices that hang on the same condition.
    struct Group {
        bytecode::Register condition;
        bool when;
        std::vector<std::pair<bytecode::Register, bytecode::Register>> edges;  // the item that chooses, the item chosen
    };
    // Items that are being arranged: those of which level_of_ says so, which are not yet behind a guard.
    struct Level {
        std::uint32_t number = 0;
        std::unordered_map<bytecode::Register, std::vector<ScheduledBlock>> guarded;
        int depth = 0;
    };
    [[nodiscard]] std::vector<ScheduledItem> arrange(const Items& ascending, int depth);
    [[nodiscard]] bool is_among(bytecode::Register item, const Level& level) const { return level_of_[item] == level.number; }
    [[nodiscard]] std::vector<ScheduledItem> with_checks_brought_forward(std::vector<ScheduledItem> items) const;
    static void gather(const std::vector<ScheduledBlock>& blocks, Items& items);
    void guard_choices(const Items& ascending, Level& level);
    void guard_conditions(const Items& ascending, Level& level);
    [[nodiscard]] bool is_closed(const Items& all, std::size_t first) const;
    void guard(const Group& group, const Items& cone, Level& level);
    [[nodiscard]] std::vector<Branch> branches_of(bytecode::Register item) const;
    [[nodiscard]] Items cone(const std::vector<std::pair<bytecode::Register, bytecode::Register>>& edges, const Level& level);
    [[nodiscard]] bool is_read_by_choice(bytecode::Register user, bytecode::Register chosen) const;
    // A register's item and all that it rests on, but what is taken already.
    [[nodiscard]] Items rests_on(bytecode::Register number);
    // The items that a register rests on first of all.
    [[nodiscard]] Items items_of(bytecode::Register number) const;
    [[nodiscard]] int weight(std::span<const bytecode::Register> items) const;
    [[nodiscard]] bool may_be_unknown(const bytecode::Instruction& instruction) const;
    [[nodiscard]] bytecode::Register item_at(bytecode::Register number, bytecode::Register level) const;
    void pin(bytecode::Register number);
    void find_uses();

    const bytecode::Pack& pack_;
    bytecode::Index subject_;
    const bytecode::Program& program_;
    std::span<const bytecode::Instruction> code_;
    Domain domain_;
    Effort effort_;
    Simplified simplified_;
    std::vector<bool> pinned_, taken_, read_by_choice_;
    std::vector<Items> operands_;
    std::vector<std::uint32_t> use_count_;
    std::vector<std::uint32_t> level_of_;  // of each register: the last level that it was arranged in, 0 once it is behind a guard
    std::uint32_t levels_ = 0;
    std::vector<std::uint32_t> asked_by_;  // of each register: the last question of work_for that came by it
    std::uint32_t questions_ = 0;
    std::size_t looks_left_;  // at what may wait: when they are used up nothing more is made to
};

}  // namespace eligo::vm
