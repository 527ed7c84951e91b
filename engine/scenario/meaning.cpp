// Numbers for values, an instruction a number: its opcode, the numbers of its operands, and what it reads from the pack's
// tables. Differences that no answer can show are left out of it: what a parameter is on days outside the policy's period, and
// what is only asked of a 31 December on other days.
#include "meaning.hpp"

#include <algorithm>
#include <string_view>

#include "../value/date.hpp"

namespace eligo::scenario {
namespace {

using bytecode::Index;
using bytecode::Instruction;
using bytecode::Opcode;
using bytecode::Program;
using Key = std::vector<std::int64_t>;

void add(Key& key, value::Int128 number) {
    key.push_back(static_cast<std::int64_t>(number));
    key.push_back(static_cast<std::int64_t>(number >> 64));
}

// What can be read on a day, the last published first. The last to begin counts among those in force and published, so one
// behind which another begins that was published no later is never read; and of two that say the same, when the second was
// published makes no difference.
std::vector<const bytecode::ParameterEntry*> read_on(const bytecode::Parameter& parameter, value::Day day) {
    std::vector<const bytecode::ParameterEntry*> entries;
    for (auto entry = parameter.entries.rbegin(); entry != parameter.entries.rend(); ++entry) {
        if (entry->from > day || day > entry->to || (!entries.empty() && entry->published >= entries.back()->published)) continue;
        if (!entries.empty() && entries.back()->value == entry->value) entries.back() = &*entry;
        else entries.push_back(&*entry);
    }
    return entries;
}

// What a parameter is on each of the days that it is asked of: where that changes, and into what.
void add_parameter(Key& key, const bytecode::Parameter& parameter, value::Day from, value::Day to, bool only_year_ends) {
    key.insert(key.end(), {parameter.unit.numerator, parameter.unit.denominator, parameter.low});
    std::vector<value::Day> days;
    if (only_year_ends) {
        for (int year = value::year_of(from); year <= value::year_of(to); ++year) days.push_back(value::year_end(year));
    } else {
        days.push_back(from);
        for (const auto& entry : parameter.entries)
            for (const value::Day day : {entry.from, entry.to + 1}) days.push_back(day);
        std::sort(days.begin(), days.end());
    }
    Key before;
    for (const value::Day day : days) {
        if (day < from || day > to) continue;
        Key there;
        for (const auto* entry : read_on(parameter, day)) there.insert(there.end(), {entry->published, entry->value});
        if (there == before) continue;
        key.insert(key.end(), {day, static_cast<std::int64_t>(there.size())});
        key.insert(key.end(), there.begin(), there.end());
        before = std::move(there);
    }
}

value::Day year_end_from(value::Day day) { return value::year_end(value::year_of(day)); }
value::Day year_end_until(value::Day day) { return day == year_end_from(day) ? day : value::year_end(value::year_of(day) - 1); }

// The day of a constant, when it is one.
const bytecode::Constant* day_of(const Program& program, const Instruction& instruction) {
    if (instruction.opcode != Opcode::Constant) return nullptr;
    const bytecode::Constant& constant = program.constants[instruction.a];
    return constant.low == constant.high && constant.low > value::first_day && constant.low < value::last_day ? &constant : nullptr;
}

}  // namespace

std::uint32_t Meanings::number(Key key) { return numbers_.try_emplace(std::move(key), static_cast<std::uint32_t>(numbers_.size())).first->second; }

std::vector<std::uint32_t> Meanings::of(const bytecode::Pack& pack, const Program& program, const bytecode::Version& version) {
    std::vector<std::uint32_t> values(program.code.size(), 0);
    const auto constant = [&](std::int64_t low, std::int64_t high) { return number({static_cast<std::int64_t>(Opcode::Constant), low, high}); };
    std::int64_t depth = 0;
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const Instruction& it = program.code[i];
        if (it.opcode == Opcode::EndLoop) {
            --depth;
            continue;
        }
        // Before or after a day, asked of a 31 December, is before or after the nearest 31 December.
        if (it.opcode == Opcode::LessEqual || it.opcode == Opcode::Less) {
            const Instruction &left = program.code[it.a], &right = program.code[it.b];
            const value::Day strict = it.opcode == Opcode::Less ? 1 : 0;
            if (const auto* day = day_of(program, left); day != nullptr && right.opcode == Opcode::YearEnd) {
                const value::Day from = year_end_from(static_cast<value::Day>(day->low) + strict);
                values[i] = number({static_cast<std::int64_t>(Opcode::LessEqual), constant(from, from), values[it.b]});
                continue;
            }
            if (const auto* day = day_of(program, right); day != nullptr && left.opcode == Opcode::YearEnd) {
                const value::Day until = year_end_until(static_cast<value::Day>(day->low) - strict);
                values[i] = number({static_cast<std::int64_t>(Opcode::LessEqual), values[it.a], constant(until, until)});
                continue;
            }
        }
        const auto& row = bytecode::row(it.opcode);
        Key key{static_cast<std::int64_t>(it.opcode)};
        const std::uint16_t operands[] = {it.a, it.b, it.c};
        for (std::size_t k = 0; k < 3; ++k) {
            const std::string_view kind = row.operands[k];
            const std::uint16_t operand = operands[k];
            if (kind == "N" || kind == "W" || kind == "B" || kind == "L") key.push_back(values[operand]);
            else if (kind == "slot") key.insert(key.end(), {program.slots[operand].column, program.slots[operand].year_offset});
            else if (kind == "field") {
                const auto& slot = program.lists[program.code[it.b].a].fields[operand];
                key.insert(key.end(), {slot.column, slot.year_offset});
            } else if (kind == "constant") key.insert(key.end(), {program.constants[operand].low, program.constants[operand].high});
            else if (kind == "wide") add(key, program.wide_constants[operand].low), add(key, program.wide_constants[operand].high);
            else if (kind == "set")
                for (const auto& interval : program.sets[operand].intervals) key.insert(key.end(), {interval.low, interval.high});
            else if (kind == "parameter") {
                // A policy answers nothing outside its period: on the day it is assessed on, which is certain unless a fact says it,
                // the parameter is asked of no day beyond.
                const Opcode day = program.code[it.b].opcode;
                const bool within = it.b == version.day && (day == Opcode::AsOf || day == Opcode::YearEnd);
                add_parameter(key, pack.parameters[operand], within ? version.from : value::first_day, within ? version.to : value::last_day, day == Opcode::YearEnd);
            }
            else if (kind == "list") key.insert(key.end(), {program.lists[operand].column, depth});  // not itself inside another over the same list
            else if (kind == "offset") key.push_back(static_cast<std::int16_t>(operand));
        }
        if (it.opcode == Opcode::Loop) ++depth;
        values[i] = number(std::move(key));
    }
    return values;
}

std::uint32_t Meanings::measure(const std::vector<std::uint32_t>& values, const bytecode::Measure& measure) {
    const auto of = [&](bytecode::Register at) { return at == bytecode::no_register ? std::int64_t{-1} : std::int64_t{values[at]}; };
    return number({-1, of(measure.value), of(measure.denominator), of(measure.defined), measure.unit.numerator, measure.unit.denominator});
}

std::vector<std::vector<std::uint32_t>> Meanings::of(const bytecode::Pack& pack) {
    std::vector<std::vector<std::uint32_t>> result;
    for (const bytecode::Policy& policy : pack.policies) {
        std::vector<std::uint32_t>& numbers = result.emplace_back();
        for (const bytecode::Version& version : policy.versions) {
            const std::vector<std::uint32_t> values = of(pack, pack.subjects[policy.subject].program, version);
            const auto of_register = [&](bytecode::Register at) { return at == bytecode::no_register ? ~std::uint32_t{0} : values[at]; };
            numbers.insert(numbers.end(), {of_register(version.in_force), of_register(version.verdict)});
            for (const bytecode::Clause& clause : version.clauses)
                numbers.insert(numbers.end(), {of_register(clause.outcome), of_register(clause.guard), static_cast<std::uint32_t>(clause.guard_kind)});
            for (const bytecode::Benefit& benefit : version.benefits)
                numbers.insert(numbers.end(), {measure(values, benefit.measure), of_register(benefit.when), benefit.always ? 1U : 0U});
        }
    }
    // A clause that asks a policy of a list's elements tells that policy's clauses below it.
    std::vector<std::vector<std::uint32_t>> with_asked = result;
    for (std::size_t i = 0; i < pack.policies.size(); ++i)
        for (const bytecode::Version& version : pack.policies[i].versions)
            for (const bytecode::Clause& clause : version.clauses)
                for (const auto& question : clause.questions) with_asked[i].insert(with_asked[i].end(), result[question.policy].begin(), result[question.policy].end());
    return with_asked;
}

}  // namespace eligo::scenario
