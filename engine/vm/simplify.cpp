// Tested by tests/unit/plan_test.cpp and tests/engines/.
#include "simplify.hpp"

#include <algorithm>

namespace eligo::vm {

using bytecode::Instruction;
using bytecode::no_register;
using bytecode::Opcode;
using bytecode::Register;

Operand operand_kind(Opcode opcode, std::size_t index) {
    const std::string_view spelled = bytecode::row(opcode).operands[index];
    if (spelled == "-") return Operand::Unused;
    if (spelled == "N" || spelled == "W" || spelled == "B" || spelled == "L") return Operand::Result;
    return Operand::Number;
}

std::uint16_t operand(const Instruction& instruction, std::size_t index) { return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c; }

bool is_constant(Opcode opcode) { return opcode == Opcode::Constant || opcode == Opcode::ConstantW || opcode == Opcode::ConstantB; }
bool is_or_unknown(Opcode opcode) { return opcode == Opcode::OrUnknown || opcode == Opcode::OrUnknownW || opcode == Opcode::OrUnknownB; }
bool is_reduction(Opcode opcode) { return bytecode::row(opcode).name.starts_with("Reduce"); }

Simplified::Simplified(const bytecode::Program& program, std::span<const Instruction> code, Domain domain)
    : program_(program), code_(code), domain_(domain), checks_(code.size()), needed_(code.size()), loop_around_(code.size(), no_register) {
    find_loops();
    for (std::size_t i = 0; i < code_.size(); ++i)
        if (const auto constant = constant_at(static_cast<Register>(i)); constant && loop_around_[i] == no_register) constants_.emplace(*constant, static_cast<Register>(i));
    resolve(std::vector<Alone>(code_.size(), Alone::Neither));
}

void Simplified::simplify() {
    find_needed();
    if (domain_ == Domain::Sets) return;
    resolve(choices_of_one_branch());
    needed_.assign(code_.size(), false);
    find_needed();
}

void Simplified::find_loops() {
    std::vector<Register> open;
    for (std::size_t i = 0; i < code_.size(); ++i) {
        const Instruction& instruction = code_[i];
        if (!open.empty()) loop_around_[i] = open.back();
        if (instruction.opcode == Opcode::Loop) open.push_back(static_cast<Register>(i));
        if (instruction.opcode == Opcode::EndLoop) open.pop_back();
    }
}

void Simplified::find_needed() {
    for (const Register number : wanted_) {
        needed_[resolved(number)] = true;
        for (const Register check : checks(number)) needed_[check] = true;
    }
    for (std::size_t i = code_.size(); i-- > 0;) {
        if (!needed_[i]) continue;
        visit_operands(static_cast<Register>(i), [this](Register used) {
            needed_[used] = true;
            if (code_[used].opcode == Opcode::Loop) needed_[code_[used].b] = true;
        });
        if (loop_around_[i] != no_register) needed_[loop_around_[i]] = true;
    }
}

// ---- over known values: what is worked out for another register, or beforehand, or not at all

std::optional<value::Int128> Simplified::constant_at(Register number) const {
    const Instruction& instruction = code_[number];
    if (instruction.opcode == Opcode::Constant || instruction.opcode == Opcode::ConstantB) {
        const auto& constant = program_.constants[instruction.a];
        if (constant.low == constant.high) return constant.low;
    } else if (instruction.opcode == Opcode::ConstantW) {
        const auto& constant = program_.wide_constants[instruction.a];
        if (constant.low == constant.high && value::fits_int64(constant.low)) return constant.low;
    }
    return std::nullopt;
}

std::optional<Simplified::MonthsAsked> Simplified::months_asked_of(Register number) const {
    const Instruction& compared = code_[number];
    if (domain_ == Domain::Sets || (compared.opcode != Opcode::Less && compared.opcode != Opcode::LessEqual)) return std::nullopt;
    const bool strict = compared.opcode == Opcode::Less;
    const Register left = resolved(compared.a), right = resolved(compared.b);
    const auto is = [this](Register one, Opcode opcode) { return code_[one].opcode == opcode; };
    MonthsAsked asked;
    std::optional<value::Int128> months;
    // fact + months <= the day, or the day < fact + months
    if (const Register later = strict ? right : left; is(later, Opcode::AddMonths) && is(strict ? left : right, Opcode::AsOf)) {
        asked = {.fact = resolved(code_[later].a), .until = !strict};
        months = constant_at(resolved(code_[later].b));
    } else {
        // months <= those between, or less; those between < months, or at most
        const bool until = is(right, Opcode::MonthsBetween);
        const Register between = until ? right : left;
        if (!is(between, Opcode::MonthsBetween) || !is(resolved(code_[between].b), Opcode::AsOf)) return std::nullopt;
        asked = {.fact = resolved(code_[between].a), .until = until};
        months = constant_at(until ? left : right);
        if (months && until == strict) ++*months;
    }
    constexpr int most = 7200;
    if (!months || *months < -most || *months > most || (!is(asked.fact, Opcode::Input) && !is(asked.fact, Opcode::Field))) return std::nullopt;
    asked.months = static_cast<std::int32_t>(*months);
    return asked;
}

// The empty interval, which stands behind a table's last row.
bool Simplified::is_nothing(Register number) const {
    const Instruction& instruction = code_[number];
    if (instruction.opcode == Opcode::Constant) return program_.constants[instruction.a].low > program_.constants[instruction.a].high;
    return instruction.opcode == Opcode::ConstantW && program_.wide_constants[instruction.a].low > program_.wide_constants[instruction.a].high;
}

Register Simplified::constant_of(value::Int128 wanted) const {
    const auto found = constants_.find(wanted);
    return found == constants_.end() ? no_register : found->second;
}

// Makes a register stand for another, with the checks of all these; false, and nothing done, where they are too many to be kept
// beside every value.
bool Simplified::take_over(Register number, Register same, std::initializer_list<std::span<const Register>> all) {
    constexpr std::size_t most_checks = 8;
    std::vector<Register> checks;
    for (const auto& some : all)
        for (const Register check : some)
            if (std::find(checks.begin(), checks.end(), check) == checks.end()) checks.push_back(check);
    if (checks.size() > most_checks) return false;
    resolved_[number] = same;
    checks_[number] = std::move(checks);
    return true;
}
void Simplified::take_over(Register number, Register operand) {
    resolved_[number] = resolved_[operand];
    checks_[number] = checks_[operand];
}

namespace {

// Of operands of 64 bits, so that nothing overflows.
std::optional<value::Int128> worked_out(Opcode opcode, value::Int128 a, value::Int128 b) {
    switch (opcode) {
        case Opcode::Add: case Opcode::AddW: return a + b;
        case Opcode::Subtract: case Opcode::SubtractW: return a - b;
        case Opcode::Multiply: case Opcode::MultiplyW: case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW: return a * b;
        case Opcode::Minimum: case Opcode::MinimumW: case Opcode::And: return std::min(a, b);
        case Opcode::Maximum: case Opcode::MaximumW: case Opcode::Or: return std::max(a, b);
        case Opcode::Less: case Opcode::LessW: return a < b;
        case Opcode::LessEqual: case Opcode::LessEqualW: case Opcode::Lesser: case Opcode::LesserW: return a <= b;
        case Opcode::Equal: case Opcode::EqualW: return a == b;
        default: return std::nullopt;
    }
}

bool is_product(Opcode opcode) {
    switch (opcode) {
        case Opcode::Multiply: case Opcode::MultiplyW: case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW: return true;
        default: return false;
    }
}

bool is_greater(Opcode opcode) { return opcode == Opcode::Maximum || opcode == Opcode::MaximumW; }

bool is_choice(Opcode opcode) {
    switch (opcode) {
        case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: case Opcode::SelectEnds: case Opcode::SelectEndsW: return true;
        default: return false;
    }
}

}  // namespace

// Where an operation of two operands is a constant the program has already, or one of its operands.
void Simplified::resolve_constant(Register number) {
    const Instruction& instruction = code_[number];
    if (operand_kind(instruction.opcode, 0) != Operand::Result || operand_kind(instruction.opcode, 1) != Operand::Result) return;
    const auto a = constant_at(resolved_[instruction.a]), b = constant_at(resolved_[instruction.b]);
    Register same = no_register;
    if (is_product(instruction.opcode)) same = a == 1 ? resolved_[instruction.b] : b == 1 ? resolved_[instruction.a] : no_register;
    if (same == no_register && a && b)
        if (const auto value = worked_out(instruction.opcode, *a, *b)) same = constant_of(*value);
    if (same == no_register) return;
    (void)take_over(number, same, {checks_[instruction.a], checks_[instruction.b]});
}

// A choice whose one branch comes to nothing but that a clause is given up is the other one, with that check. So is one of a table's last
// row or nothing: where all is known some row is met.
void Simplified::resolve_choice(Register number, Alone alone) {
    const Instruction& instruction = code_[number];
    if (is_nothing(instruction.b)) alone = Alone::Second;
    if (is_nothing(instruction.c)) alone = Alone::First;
    const Register condition = resolved_[instruction.a];
    const auto check = std::find_if(checks_[instruction.c].begin(), checks_[instruction.c].end(), [&](Register one) { return resolved_[code_[one].a] == condition; });
    if (alone == Alone::Neither && check == checks_[instruction.c].end()) return;
    const Register taken = alone == Alone::Second ? instruction.c : instruction.b;
    std::span<const Register> other;
    if (alone != Alone::Second && check != checks_[instruction.c].end()) other = {&*check, 1};
    (void)take_over(number, resolved_[taken], {checks_[taken], other, checks_[instruction.a]});
}

// Those before a register are resolved already. `alone`: of choices.
void Simplified::resolve(const std::vector<Alone>& alone) {
    resolved_.clear();
    for (std::size_t i = 0; i < code_.size(); ++i) {
        const auto number = static_cast<Register>(i);
        resolved_.push_back(number);
        if (domain_ == Domain::Sets) continue;
        checks_[i].clear();
        const Instruction& instruction = code_[i];
        switch (instruction.opcode) {
            case Opcode::Ends: case Opcode::EndsW: take_over(number, instruction.b); break;
            case Opcode::Swap: case Opcode::SwapW: case Opcode::Choice: case Opcode::ChoiceW:
            case Opcode::Widen: case Opcode::Narrow: case Opcode::Truth: take_over(number, instruction.a); break;
            case Opcode::OrUnknown: case Opcode::OrUnknownW: case Opcode::OrUnknownB:
                // Its own check, which rests on those of its value.
                resolved_[number] = resolved_[instruction.b];
                checks_[i] = {number};
                break;
            default:
                if (is_choice(instruction.opcode)) resolve_choice(number, alone[i]);
                else if (alone[i] != Alone::Neither) take_over(number, alone[i] == Alone::First ? instruction.a : instruction.b);
                else resolve_constant(number);
                break;
        }
    }
}

// Truths of which one value makes another register mean nothing: twice the register, and one where it must be true.
namespace {

using Conditions = std::vector<std::uint32_t>;
constexpr std::size_t most_conditions = 16;  // to forget one only leaves more to be worked out

constexpr std::uint32_t must_be(Register condition, bool when) { return std::uint32_t{condition} * 2 + (when ? 1 : 0); }
void add(Conditions& to, std::uint32_t condition) {
    const auto at = std::lower_bound(to.begin(), to.end(), condition);
    if ((at == to.end() || *at != condition) && to.size() < most_conditions) to.insert(at, condition);
}
void add(Conditions& to, const Conditions& more) {
    for (const std::uint32_t condition : more) add(to, condition);
}

// The operands without whose value an instruction has none.
bool looks_at(Opcode opcode, std::size_t operand) {
    if (is_choice(opcode)) return operand == 0;
    return opcode != Opcode::And && opcode != Opcode::Or && !is_reduction(opcode);
}

}  // namespace

// A choice that only matters where its condition has one value: what looks at it means nothing where it has the other, because of
// a check, or is itself looked at on one side only. A condition is worked out before what hangs on it, so that no two can
// each be right only because of the other.
std::vector<Simplified::Alone> Simplified::choices_of_one_branch() const {
    const std::size_t count = code_.size();
    std::vector<Conditions> needs(count);  // or else the register means nothing
    const auto checked = [this](Register number) {
        Conditions conditions;
        for (const Register check : checks_[number]) add(conditions, must_be(resolved_[code_[check].a], true));
        return conditions;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const Instruction& instruction = code_[i];
        for (std::size_t k = 0; needed_[i] && k < 3; ++k) {
            if (!uses(instruction, k) || !looks_at(instruction.opcode, k)) continue;
            const Register used = operand(instruction, k);
            add(needs[i], needs[resolved_[used]]);
            add(needs[i], checked(used));
        }
    }
    std::vector<std::optional<Conditions>> matters(count);  // where it is looked at at all
    const auto meet = [&](Register used, const Conditions& here) {
        auto& one = matters[used];
        if (!one) one = here;
        else std::erase_if(*one, [&](std::uint32_t condition) { return !std::binary_search(here.begin(), here.end(), condition); });
    };
    for (const Register number : wanted_) {
        const Conditions here = checked(number);
        meet(resolved_[number], here);
        for (const Register check : checks_[number]) meet(check, {});
    }
    for (std::size_t i = count; i-- > 0;) {
        if (!needed_[i] || !matters[i]) continue;
        const Instruction& instruction = code_[i];
        if (is_or_unknown(instruction.opcode))
            for (const Register check : checks_[instruction.b]) meet(check, *matters[i]);
        Conditions whole = *matters[i];
        add(whole, needs[i]);
        for (std::size_t k = 0; k < 3; ++k) {
            if (!uses(instruction, k)) continue;
            const Register used = operand(instruction, k);
            Conditions here = whole;
            if (is_choice(instruction.opcode) && k != 0) add(here, must_be(resolved_[instruction.a], k == 1));
            for (const Register check : checks_[used]) meet(check, here);
            add(here, checked(used));
            meet(resolved_[used], here);
        }
    }
    std::vector<Alone> result(count, Alone::Neither);
    for (std::size_t i = 0; i < count; ++i) {
        if (!matters[i]) continue;
        const Instruction& instruction = code_[i];
        if (is_greater(instruction.opcode) && is_above(instruction.b, instruction.a, *matters[i])) result[i] = Alone::Second;
        if (is_greater(instruction.opcode) && is_above(instruction.a, instruction.b, *matters[i])) result[i] = Alone::First;
        if (!is_choice(instruction.opcode)) continue;
        const auto asked_only = [&](bool when) { return std::binary_search(matters[i]->begin(), matters[i]->end(), must_be(resolved_[code_[i].a], when)); };
        if (asked_only(true)) result[i] = Alone::First;
        else if (asked_only(false)) result[i] = Alone::Second;
    }
    return result;
}

// Whether a register is at least a constant wherever all conditions hold: it is at least the number before, and not that. So it is
// with divisors that are kept from being zero.
bool Simplified::is_above(Register number, Register constant, const std::vector<std::uint32_t>& conditions) const {
    const auto least = constant_at(resolved_[constant]);
    const Instruction& floor = code_[resolved_[number]];
    if (!least || !is_greater(floor.opcode)) return false;
    const auto is_before = [&](Register one) { return constant_at(resolved_[one]) == *least - 1; };
    if (!is_before(floor.a) && !is_before(floor.b)) return false;
    return std::any_of(conditions.begin(), conditions.end(), [&](std::uint32_t condition) {
        const Instruction& outer = code_[condition / 2];
        if (condition % 2 == 0 || outer.opcode != Opcode::Not) return false;
        const Instruction& inner = code_[resolved_[outer.a]];
        if (inner.opcode != Opcode::Equal && inner.opcode != Opcode::EqualW) return false;
        const Register same = resolved_[number];
        return (resolved_[inner.a] == same && is_before(inner.b)) || (resolved_[inner.b] == same && is_before(inner.a));
    });
}

// Whether an operand is the value of a register that a step looks at.
bool Simplified::uses(const Instruction& instruction, std::size_t index) const {
    if (operand_kind(instruction.opcode, index) != Operand::Result) return false;
    return domain_ == Domain::Sets || !is_or_unknown(instruction.opcode) || index == 0;
}

}  // namespace eligo::vm
