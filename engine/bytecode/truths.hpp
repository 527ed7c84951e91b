// Truths of a program by what they say, so that two of them can be compared: constants folded, operands in either order, the
// same thing said twice one thing. What a version claims of its registers is built again from their parts, by the rules by which
// the compiler builds it, and must be there. Internal to bytecode/.
#pragma once

#include <tuple>
#include <unordered_map>
#include <vector>

#include "verifying.hpp"

namespace eligo::bytecode {

class Truths {
public:
    // The program must have been verified, and outlive it.
    Truths(const Program& program, const std::vector<value::Range>& ranges);

    // What a truth says: one of these three, or a number that stands for it.
    using Said = std::uint32_t;
    static constexpr Said no = none - 1, yes = none - 2;
    static constexpr Said nowhere = none;  // the program does not say it anywhere

    [[nodiscard]] Said of(Register number) const { return said_[number]; }
    [[nodiscard]] Said both(Said a, Said b) const;
    [[nodiscard]] Said either(Said a, Said b) const;
    [[nodiscard]] Said opposite(Said a) const;
    // Whether a register that holds a day lies within a period.
    [[nodiscard]] Said within(Register day, value::Day from, value::Day to) const;
    // Whether at least so many of them hold.
    [[nodiscard]] Said at_least(std::uint32_t count, const std::vector<Said>& all) const;

private:
    using Key = std::tuple<Opcode, std::uint64_t, std::uint64_t, std::uint64_t>;
    struct Hash {
        std::size_t operator()(const Key& key) const;
    };
    [[nodiscard]] Said said_by(Index number);
    [[nodiscard]] Key key_of(const Instruction& instruction) const;
    [[nodiscard]] Said find(const Key& key) const;
    [[nodiscard]] Said find_either_way(Opcode opcode, Said a, Said b) const { return a < b ? find({opcode, a, b, 0}) : find({opcode, b, a, 0}); }
    [[nodiscard]] Said number(std::int64_t value) const { return find({Opcode::Constant, static_cast<std::uint64_t>(value), 0, 0}); }
    [[nodiscard]] Said not_above(Said a, const value::Range& a_range, Said b, const value::Range& b_range) const;

    const Program& program_;
    const std::vector<value::Range>& ranges_;
    std::vector<Said> said_;  // by register
    std::unordered_map<Key, Said, Hash> known_;
};

}  // namespace eligo::bytecode
