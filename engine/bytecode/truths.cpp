// Tested by tests/unit/pack_test.cpp, and by every pack that is compiled.
#include "truths.hpp"

#include <utility>

namespace eligo::bytecode {

using value::Range;

std::size_t Truths::Hash::operator()(const Key& key) const {
    std::size_t hash = static_cast<std::size_t>(std::get<0>(key));
    for (const std::uint64_t part : {std::get<1>(key), std::get<2>(key), std::get<3>(key)}) hash = (hash ^ static_cast<std::size_t>(part)) * 0x9E3779B97F4A7C15ULL;
    return hash ^ (hash >> 32);
}

Truths::Truths(const Program& program, const std::vector<Range>& ranges) : program_(program), ranges_(ranges) {
    said_.reserve(program.code.size());
    known_.reserve(program.code.size());
    for (Index i = 0; i < program.code.size(); ++i) said_.push_back(said_by(i));
}

// Nothing is made of what is said nowhere: no instruction reads it.
Truths::Said Truths::find(const Key& key) const {
    const auto found = known_.find(key);
    return found == known_.end() ? nowhere : found->second;
}

// By what it reads; a constant by its value.
Truths::Key Truths::key_of(const Instruction& instruction) const {
    if (instruction.opcode == Opcode::Constant) return {Opcode::Constant, static_cast<std::uint64_t>(program_.constants[instruction.a].low), 0, 0};
    std::uint64_t parts[3];
    for (std::size_t k = 0; k < 3; ++k) {
        const std::uint16_t given = operand(instruction, k);
        parts[k] = takes_register(row(instruction.opcode).operands[k]) ? said_[given] : given;
    }
    const bool either_way = instruction.opcode == Opcode::And || instruction.opcode == Opcode::Or || instruction.opcode == Opcode::Add;
    if (either_way && parts[1] < parts[0]) std::swap(parts[0], parts[1]);
    return {instruction.opcode, parts[0], parts[1], parts[2]};
}

Truths::Said Truths::said_by(Index number) {
    const Instruction& instruction = program_.code[number];
    Said same = nowhere;
    switch (instruction.opcode) {
        case Opcode::ConstantB: return program_.constants[instruction.a].low != 0 ? yes : no;
        case Opcode::And: same = both(said_[instruction.a], said_[instruction.b]); break;
        case Opcode::Or: same = either(said_[instruction.a], said_[instruction.b]); break;
        case Opcode::Not: same = opposite(said_[instruction.a]); break;
        default: same = find(key_of(instruction)); break;
    }
    if (same != nowhere) return same;
    known_.emplace(key_of(instruction), number);
    return number;
}

Truths::Said Truths::both(Said a, Said b) const {
    if (a == no || b == no) return no;
    if (a == yes || a == b) return b;
    if (b == yes) return a;
    return find_either_way(Opcode::And, a, b);
}

Truths::Said Truths::either(Said a, Said b) const {
    if (a == yes || b == yes) return yes;
    if (a == no || a == b) return b;
    if (b == no) return a;
    return find_either_way(Opcode::Or, a, b);
}

Truths::Said Truths::opposite(Said a) const {
    if (a == yes || a == no) return a == yes ? no : yes;
    if (a != nowhere && program_.code[a].opcode == Opcode::Not) return said_[program_.code[a].a];
    return find({Opcode::Not, a, 0, 0});
}

Truths::Said Truths::not_above(Said a, const Range& a_range, Said b, const Range& b_range) const {
    if (a_range.high <= b_range.low) return yes;
    if (a_range.low > b_range.high) return no;
    return find({Opcode::LessEqual, a, b, 0});
}

Truths::Said Truths::within(Register day, value::Day from, value::Day to) const {
    const Range& days = ranges_[day];
    Said begun = yes, not_ended = yes;
    if (from > value::first_day) begun = not_above(number(from), value::point(from), said_[day], days);
    if (to < value::last_day) not_ended = not_above(said_[day], days, number(to), value::point(to));
    return both(begun, not_ended);
}

Truths::Said Truths::at_least(std::uint32_t count, const std::vector<Said>& all) const {
    Range range{0, 0};
    Said sum = nowhere;
    for (const Said each : all) {
        if (each == no) continue;
        const bool nothing = range.high == 0, certain = range.low == range.high;
        range.low += each == yes ? 1 : 0;
        ++range.high;
        // Sums of what is certain are certain: no instruction adds them.
        if (certain && each == yes) continue;
        const Said before = certain ? number(static_cast<std::int64_t>(range.low)) : sum;
        const Said one = each == yes ? number(1) : find({Opcode::Truth, each, 0, 0});
        sum = nothing ? one : find_either_way(Opcode::Add, before, one);
    }
    if (range.low == range.high) sum = number(static_cast<std::int64_t>(range.low));
    return not_above(number(count), value::point(count), sum, range);
}

}  // namespace eligo::bytecode
