// What the code of one program can come to: that every number fits its register, that divisors are positive and days within the
// calendar, worked out forwards from what facts, parameters and constants may be, as the compiler did when it chose the widths.
// And that a fact with a computed default, which has no value where it is left out, is looked at only where it is given.
// Tested by tests/unit/pack_test.cpp.
#include <algorithm>
#include <optional>

#include "../value/date.hpp"
#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

using In = Place::In;
using I = Invariant;
using value::Range;

constexpr Range days{value::first_day, value::last_day};
constexpr Range calendar{value::first_calculated_day, value::last_calculated_day};
constexpr Range most_months{-7200, 7200};

class Ranges {
public:
    Ranges(Verification& here, Index subject) : here_(here), subject_(subject), program_(here.pack.subjects[subject].program) { ranges_.reserve(program_.code.size()); }

    std::vector<Range> find() {
        for (Index i = 0; i < program_.code.size(); ++i) {
            here_.stand({In::Instruction, subject_, i});
            const auto range = range_of(program_.code[i]);
            // Of a choice between nothing and a value, the value's; nothing itself is no value.
            const bool fits = is_empty(program_, i) || (range && (result_of(program_.code[i].opcode) != 'N' || value::fits_int64(*range)));
            if (!here_.require(fits, I::number_fits)) return {};
            if (!here_.sound()) return {};
            ranges_.push_back(range.value_or(Range{}));
        }
        return std::move(ranges_);
    }

private:
    const Fact& fact_of(const Instruction& instruction) const {
        const Subject& subject = here_.pack.subjects[subject_];
        if (instruction.opcode == Opcode::Input || instruction.opcode == Opcode::InputB) return here_.leaf(subject.columns[program_.slots[instruction.a].column]);
        const ListInput& list = program_.lists[program_.code[instruction.b].a];
        return here_.leaf(here_.pack.subjects[list.element].columns[list.fields[instruction.a].column]);
    }

    std::optional<Range> quotient(const Instruction& instruction, value::Rounding rounding) {
        if (!here_.require(b(instruction).low >= 1, I::divisor_is_positive)) return std::nullopt;
        return value::divide_rounded(a(instruction), b(instruction), rounding);
    }

    std::optional<Range> later(const Instruction& instruction) {
        const Range day = a(instruction), months = b(instruction);
        if (!here_.require(value::contains(calendar, day) && value::contains(most_months, months), I::day_in_calendar)) return std::nullopt;
        const Range range{value::add_months(static_cast<value::Day>(day.low), static_cast<std::int32_t>(months.low)), value::add_months(static_cast<value::Day>(day.high), static_cast<std::int32_t>(months.high))};
        here_.require(value::contains(calendar, range), I::day_in_calendar);
        return range;
    }

    std::optional<Range> between(const Instruction& instruction) {
        const Range from = a(instruction), to = b(instruction);
        if (!here_.require(value::contains(calendar, from) && value::contains(calendar, to), I::day_in_calendar)) return std::nullopt;
        return Range{value::months_between(static_cast<value::Day>(from.high), static_cast<value::Day>(to.low)), value::months_between(static_cast<value::Day>(from.low), static_cast<value::Day>(to.high))};
    }

    // Of what an element may count for, as often as there may be elements.
    std::optional<Range> sum(const Instruction& instruction) const {
        const ListInput& list = program_.lists[program_.code[instruction.c].a];
        const Fact& fact = here_.leaf(here_.pack.subjects[subject_].columns[list.column]);
        return value::scale(*value::hull(a(instruction), Range{0, 0}), value::Int128{fact.up_to});
    }

    // Beside the empty interval a choice is the other one.
    Range choice(Index first, Index second) const {
        if (is_empty(program_, first)) return ranges_[second];
        if (is_empty(program_, second)) return ranges_[first];
        return *value::hull(ranges_[first], ranges_[second]);
    }

    [[nodiscard]] const Range& a(const Instruction& instruction) const { return ranges_[instruction.a]; }
    [[nodiscard]] const Range& b(const Instruction& instruction) const { return ranges_[instruction.b]; }

    std::optional<Range> range_of(const Instruction& instruction) {
        const Opcode opcode = instruction.opcode;
        if (result_of(opcode) == 'B' || opcode == Opcode::Truth) return Range{0, 1};
        if (result_of(opcode) == 'L' || result_of(opcode) == '-') return Range{};
        switch (opcode) {
            case Opcode::Constant: case Opcode::ConstantW: return constant_range(program_, instruction);
            case Opcode::Input: case Opcode::Field: return Range{fact_of(instruction).low, fact_of(instruction).high};
            case Opcode::AsOf: case Opcode::KnownOn: return days;
            case Opcode::YearEnd: {
                const auto years = static_cast<std::int16_t>(instruction.a);
                return Range{value::year_end(1900 + years), value::year_end(2199 + years)};
            }
            case Opcode::Parameter: return Range{here_.pack.parameters[instruction.a].low, here_.pack.parameters[instruction.a].high};
            case Opcode::Add: case Opcode::AddW: return value::add(a(instruction), b(instruction));
            case Opcode::Subtract: case Opcode::SubtractW: return value::subtract(a(instruction), b(instruction));
            case Opcode::Multiply: case Opcode::MultiplyW: case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW:
                return value::multiply(a(instruction), b(instruction));
            case Opcode::Minimum: case Opcode::MinimumW: return value::minimum(a(instruction), b(instruction));
            case Opcode::Maximum: case Opcode::MaximumW: return value::maximum(a(instruction), b(instruction));
            case Opcode::Absolute: case Opcode::AbsoluteW: return value::absolute(a(instruction));
            case Opcode::DivideHalfUp: case Opcode::DivideHalfUpW: return quotient(instruction, value::Rounding::HalfUp);
            case Opcode::DivideDown: case Opcode::DivideDownW: return quotient(instruction, value::Rounding::Down);
            case Opcode::DivideUp: case Opcode::DivideUpW: return quotient(instruction, value::Rounding::Up);
            case Opcode::DivideHalfEven: case Opcode::DivideHalfEvenW: return quotient(instruction, value::Rounding::HalfEven);
            case Opcode::Widen: case Opcode::Narrow: case Opcode::Swap: case Opcode::SwapW: return a(instruction);
            case Opcode::Ends: case Opcode::EndsW: return b(instruction);
            case Opcode::AddMonths: return later(instruction);
            case Opcode::MonthsBetween: return between(instruction);
            case Opcode::Select: case Opcode::SelectW: case Opcode::SelectEnds: case Opcode::SelectEndsW: return choice(instruction.b, instruction.c);
            case Opcode::OrUnknown: return value::hull(b(instruction), Range{program_.constants[instruction.c].low, program_.constants[instruction.c].high});
            case Opcode::OrUnknownW: return value::hull(b(instruction), Range{program_.wide_constants[instruction.c].low, program_.wide_constants[instruction.c].high});
            case Opcode::ReduceSum: case Opcode::ReduceSumW: return sum(instruction);
            case Opcode::ReduceMinimum: case Opcode::ReduceMinimumW: case Opcode::ReduceMaximum: case Opcode::ReduceMaximumW: return value::hull(a(instruction), Range{0, 0});
            default: return std::nullopt;
        }
    }

    Verification& here_;
    Index subject_;
    const Program& program_;
    std::vector<Range> ranges_;
};

// ---- facts that may be left out

class Guards {
public:
    Guards(Verification& here, Index subject) : here_(here), subject_(subject), program_(here.pack.subjects[subject].program), left_out_(program_.code.size()) {}

    std::vector<bool> find() {
        std::vector<bool> unguarded(program_.code.size(), false);
        if (!here_.any_computed_default()) return unguarded;
        for (Index i = 0; i < program_.code.size() && here_.sound(); ++i) {
            here_.stand({In::Instruction, subject_, i});
            follow(i);
            unguarded[i] = !left_out_[i].empty();
        }
        return unguarded;
    }

private:
    // Inputs are told by the slot, fields by the loop and the field behind it.
    using Fact = std::uint64_t;
    static constexpr std::size_t most_together = 16;

    [[nodiscard]] static Fact fact_read(const Instruction& instruction) {
        const bool field = instruction.opcode == Opcode::Field || instruction.opcode == Opcode::FieldB || instruction.opcode == Opcode::FieldGiven;
        return field ? Fact{instruction.b + 1U} << 32 | instruction.a : Fact{instruction.a};
    }
    [[nodiscard]] bool reads_computed(const Instruction& instruction) const {
        const Subject& subject = here_.pack.subjects[subject_];
        switch (instruction.opcode) {
            case Opcode::Input: case Opcode::InputB: return here_.leaf(subject.columns[program_.slots[instruction.a].column]).default_kind == DefaultKind::Computed;
            case Opcode::Field: case Opcode::FieldB: {
                const ListInput& list = program_.lists[program_.code[instruction.b].a];
                return here_.leaf(here_.pack.subjects[list.element].columns[list.fields[instruction.a].column]).default_kind == DefaultKind::Computed;
            }
            default: return false;
        }
    }

    [[nodiscard]] bool says_given(const Instruction& instruction) const { return instruction.opcode == Opcode::Given || instruction.opcode == Opcode::FieldGiven; }
    // The fact whose being given a condition says.
    [[nodiscard]] std::optional<Fact> given(Register number) const {
        const Instruction& asked = program_.code[number];
        const bool choice = asked.opcode == Opcode::Choice || asked.opcode == Opcode::ChoiceW;
        const Instruction& condition = choice ? program_.code[asked.a] : asked;
        return says_given(condition) ? std::optional<Fact>(fact_read(condition)) : std::nullopt;
    }
    // The same of the opposite.
    [[nodiscard]] std::optional<Fact> not_given(Register number) const {
        const Instruction& condition = program_.code[number];
        if (condition.opcode != Opcode::Not || !says_given(program_.code[condition.a])) return std::nullopt;
        return fact_read(program_.code[condition.a]);
    }

    void take_over(Index number, Register from, std::optional<Fact> but_for = std::nullopt) {
        auto& facts = left_out_[number];
        for (const Fact fact : left_out_[from])
            if (fact != but_for && std::ranges::find(facts, fact) == facts.end()) facts.push_back(fact);
        here_.require(facts.size() <= most_together, I::default_is_guarded);
    }

    void follow(Index number) {
        const Instruction& instruction = program_.code[number];
        if (reads_computed(instruction)) return left_out_[number].push_back(fact_read(instruction));
        switch (instruction.opcode) {
            case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: case Opcode::SelectEnds: case Opcode::SelectEndsW:
                take_over(number, instruction.a);
                take_over(number, instruction.b, given(instruction.a));
                return take_over(number, instruction.c, not_given(instruction.a));
            case Opcode::Choice: case Opcode::ChoiceW:
                // Over known values it is its condition, and over sets nothing is left out.
                return take_over(number, instruction.a);
            case Opcode::And:
                take_over(number, instruction.a, given(instruction.b));
                return take_over(number, instruction.b, given(instruction.a));
            case Opcode::Or:
                take_over(number, instruction.a, not_given(instruction.b));
                return take_over(number, instruction.b, not_given(instruction.a));
            default: break;
        }
        for (std::size_t k = 0; k < 3; ++k)
            if (takes_register(row(instruction.opcode).operands[k]) && result_of(program_.code[operand(instruction, k)].opcode) != 'L') take_over(number, operand(instruction, k));
    }

    Verification& here_;
    Index subject_;
    const Program& program_;
    std::vector<std::vector<Fact>> left_out_;  // of each register: the facts without which it means nothing
};

}  // namespace

Proofs verify_ranges(Verification& here, Index subject) {
    Proofs proofs{.ranges = Ranges(here, subject).find(), .unguarded = {}};
    if (here.sound()) proofs.unguarded = Guards(here, subject).find();
    return proofs;
}

}  // namespace eligo::bytecode
