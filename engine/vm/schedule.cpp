// Tested by tests/unit/plan_test.cpp and tests/engines/.
#include "schedule.hpp"

#include <algorithm>
#include <queue>
#include <unordered_map>

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

namespace {

using Branch = Schedule::Branch;

// Blocks within blocks: deeper than any policy nests its choices, and a bound on the work for programs that are not policies.
constexpr int deepest = 12;
// A jump that the processor guesses wrong costs about as much as so many light steps.
constexpr int worth_a_jump = 6;
// A fact that is not known costs the whole run, so that it is read only where it must be.
constexpr int unknown_weight = worth_a_jump;

int weight_of(Opcode opcode) {
    switch (opcode) {
        case Opcode::Constant: case Opcode::ConstantW: case Opcode::ConstantB: return 0;
        case Opcode::Loop: return 20;
        case Opcode::DivideHalfUp: case Opcode::DivideDown: case Opcode::DivideUp: case Opcode::DivideHalfEven:
        case Opcode::DivideHalfUpW: case Opcode::DivideDownW: case Opcode::DivideUpW: case Opcode::DivideHalfEvenW:
        case Opcode::AddMonths: case Opcode::MonthsBetween: return 6;
        case Opcode::Parameter: case Opcode::ParameterGiven: return 3;
        default: return 1;
    }
}

// The operands of an instruction that it looks at only where another says so.
std::vector<Branch> branches(const Instruction& instruction) {
    const Register a = instruction.a, b = instruction.b, c = instruction.c;
    switch (instruction.opcode) {
        case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: case Opcode::SelectEnds: case Opcode::SelectEndsW: return {{a, b, true}, {a, c, false}};
        case Opcode::ReduceSum: case Opcode::ReduceSumW: case Opcode::ReduceMinimum: case Opcode::ReduceMaximum: case Opcode::ReduceMinimumW: case Opcode::ReduceMaximumW:
            return {{b, a, true}};
        default: return {};
    }
}

}  // namespace

Schedule::Schedule(const bytecode::Pack& pack, bytecode::Index subject, Domain domain, Effort effort)
    : pack_(pack), subject_(subject), program_(pack.subjects[subject].program), domain_(domain), effort_(effort), checks_(program_.code.size()),
      needed_(program_.code.size()), pinned_(program_.code.size()), taken_(program_.code.size()), read_by_choice_(program_.code.size()), region_(program_.code.size(), no_register), operands_(program_.code.size()), use_count_(program_.code.size()) {
    find_regions();
    for (std::size_t i = 0; i < program_.code.size(); ++i)
        if (const auto constant = constant_at(static_cast<Register>(i)); constant && region_[i] == no_register) constants_.emplace(*constant, static_cast<Register>(i));
    resolve(std::vector<Alone>(program_.code.size(), Alone::Neither));
}

void Schedule::find_regions() {
    std::vector<Register> open;
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        const Instruction& instruction = program_.code[i];
        if (!open.empty()) region_[i] = open.back();
        if (instruction.opcode == Opcode::Loop) open.push_back(static_cast<Register>(i));
        if (instruction.opcode == Opcode::EndLoop) open.pop_back();
    }
}

// ---- over known values: what is worked out for another register, or beforehand, or not at all

std::optional<value::Int128> Schedule::constant_at(Register number) const {
    const Instruction& instruction = program_.code[number];
    if (instruction.opcode == Opcode::Constant || instruction.opcode == Opcode::ConstantB) {
        const auto& constant = program_.constants[instruction.a];
        if (constant.low == constant.high) return constant.low;
    } else if (instruction.opcode == Opcode::ConstantW) {
        const auto& constant = program_.wide_constants[instruction.a];
        if (constant.low == constant.high && value::fits_int64(constant.low)) return constant.low;
    }
    return std::nullopt;
}

Register Schedule::constant_of(value::Int128 wanted) const {
    const auto found = constants_.find(wanted);
    return found == constants_.end() ? no_register : found->second;
}

// Makes a register stand for another, with the checks of all these; false, and nothing done, where they are too many to be kept
// beside every value.
bool Schedule::take_over(Register number, Register same, std::initializer_list<std::span<const Register>> all) {
    constexpr std::size_t most_checks = 8;
    Items checks;
    for (const auto& some : all)
        for (const Register check : some)
            if (std::find(checks.begin(), checks.end(), check) == checks.end()) checks.push_back(check);
    if (checks.size() > most_checks) return false;
    resolved_[number] = same;
    checks_[number] = std::move(checks);
    return true;
}
void Schedule::take_over(Register number, Register operand) {
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
void Schedule::resolve_constant(Register number) {
    const Instruction& instruction = program_.code[number];
    if (operand_kind(instruction.opcode, 0) != Operand::Result || operand_kind(instruction.opcode, 1) != Operand::Result) return;
    const auto a = constant_at(resolved_[instruction.a]), b = constant_at(resolved_[instruction.b]);
    Register same = no_register;
    if (is_product(instruction.opcode)) same = a == 1 ? resolved_[instruction.b] : b == 1 ? resolved_[instruction.a] : no_register;
    if (same == no_register && a && b)
        if (const auto value = worked_out(instruction.opcode, *a, *b)) same = constant_of(*value);
    if (same == no_register) return;
    (void)take_over(number, same, {checks_[instruction.a], checks_[instruction.b]});
}

// A choice whose one branch comes to nothing but that a clause is given up is the other one, with that check.
void Schedule::resolve_choice(Register number, Alone alone) {
    const Instruction& instruction = program_.code[number];
    const Register condition = resolved_[instruction.a];
    const auto check = std::find_if(checks_[instruction.c].begin(), checks_[instruction.c].end(), [&](Register one) { return resolved_[program_.code[one].a] == condition; });
    if (alone == Alone::Neither && check == checks_[instruction.c].end()) return;
    const Register taken = alone == Alone::Second ? instruction.c : instruction.b;
    std::span<const Register> other;
    if (alone != Alone::Second && check != checks_[instruction.c].end()) other = {&*check, 1};
    (void)take_over(number, resolved_[taken], {checks_[taken], other, checks_[instruction.a]});
}

// Those before a register are resolved already. `alone`: of choices.
void Schedule::resolve(const std::vector<Alone>& alone) {
    resolved_.clear();
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        const auto number = static_cast<Register>(i);
        resolved_.push_back(number);
        if (domain_ == Domain::Sets) continue;
        checks_[i].clear();
        const Instruction& instruction = program_.code[i];
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
std::vector<Schedule::Alone> Schedule::choices_of_one_branch() const {
    const std::size_t count = program_.code.size();
    std::vector<Conditions> needs(count);  // or else the register means nothing
    const auto checked = [this](Register number) {
        Conditions conditions;
        for (const Register check : checks_[number]) add(conditions, must_be(resolved_[program_.code[check].a], true));
        return conditions;
    };
    for (std::size_t i = 0; i < count; ++i) {
        const Instruction& instruction = program_.code[i];
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
        const Instruction& instruction = program_.code[i];
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
        const Instruction& instruction = program_.code[i];
        if (is_greater(instruction.opcode) && is_above(instruction.b, instruction.a, *matters[i])) result[i] = Alone::Second;
        if (is_greater(instruction.opcode) && is_above(instruction.a, instruction.b, *matters[i])) result[i] = Alone::First;
        if (!is_choice(instruction.opcode)) continue;
        const auto asked_only = [&](bool when) { return std::binary_search(matters[i]->begin(), matters[i]->end(), must_be(resolved_[program_.code[i].a], when)); };
        if (asked_only(true)) result[i] = Alone::First;
        else if (asked_only(false)) result[i] = Alone::Second;
    }
    return result;
}

// Whether a register is at least a constant wherever all conditions hold: it is at least the number before, and not that. So it is
// with divisors that are kept from being zero.
bool Schedule::is_above(Register number, Register constant, const std::vector<std::uint32_t>& conditions) const {
    const auto least = constant_at(resolved_[constant]);
    const Instruction& floor = program_.code[resolved_[number]];
    if (!least || !is_greater(floor.opcode)) return false;
    const auto is_before = [&](Register one) { return constant_at(resolved_[one]) == *least - 1; };
    if (!is_before(floor.a) && !is_before(floor.b)) return false;
    return std::any_of(conditions.begin(), conditions.end(), [&](std::uint32_t condition) {
        const Instruction& outer = program_.code[condition / 2];
        if (condition % 2 == 0 || outer.opcode != Opcode::Not) return false;
        const Instruction& inner = program_.code[resolved_[outer.a]];
        if (inner.opcode != Opcode::Equal && inner.opcode != Opcode::EqualW) return false;
        const Register same = resolved_[number];
        return (resolved_[inner.a] == same && is_before(inner.b)) || (resolved_[inner.b] == same && is_before(inner.a));
    });
}

// Whether an operand is the value of a register that a step looks at.
bool Schedule::uses(const Instruction& instruction, std::size_t index) const {
    if (operand_kind(instruction.opcode, index) != Operand::Result) return false;
    return domain_ == Domain::Sets || !is_or_unknown(instruction.opcode) || index == 0;
}

void Schedule::want(Register number) {
    if (number != no_register) wanted_.push_back(number);
}

void Schedule::prepare() {
    if (domain_ == Domain::Known) {
        find_needed();
        resolve(choices_of_one_branch());
        needed_.assign(program_.code.size(), false);
    }
    find_needed();
    for (const Register number : wanted_) {
        pin(resolved(number));
        for (const Register check : checks(number)) pin(check);
    }
    find_uses();
}

// And the loop that it comes of.
void Schedule::pin(Register number) {
    for (Register at = number; at != no_register; at = region_[at]) pinned_[at] = true;
}

void Schedule::find_needed() {
    for (const Register number : wanted_) {
        needed_[resolved(number)] = true;
        for (const Register check : checks(number)) needed_[check] = true;
    }
    for (std::size_t i = program_.code.size(); i-- > 0;) {
        if (!needed_[i]) continue;
        visit_operands(static_cast<Register>(i), [this](Register used) {
            needed_[used] = true;
            if (program_.code[used].opcode == Opcode::Loop) needed_[program_.code[used].b] = true;
        });
        if (region_[i] != no_register) needed_[region_[i]] = true;
    }
}

// The register of a level (no_register: outside all loops) that a register is, or stands in; no_register when it is neither.
Register Schedule::item_at(Register number, Register level) const {
    while (region_[number] != level) {
        number = region_[number];
        if (number == no_register) return no_register;
    }
    return number;
}

// An edge between two registers is one between two items of the deepest level that holds both.
void Schedule::find_uses() {
    const auto add_edge = [this](Register from, Register used) {
        if (program_.code[used].opcode == Opcode::Loop) return;
        Register level = region_[used], user = item_at(from, level);
        while (user == no_register && level != no_register) {
            level = region_[level];
            user = item_at(from, level);
        }
        const Register item = item_at(used, level);
        if (user == no_register || item == no_register || item == user) return;
        operands_[user].push_back(item);
        ++use_count_[item];
    };
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        if (!needed_[i] || program_.code[i].opcode == Opcode::EndLoop) continue;
        visit_operands(static_cast<Register>(i), [&](Register used) { add_edge(static_cast<Register>(i), used); });
    }
}

// A fact that may be unknown: then reading it costs the whole run.
bool Schedule::may_be_unknown(const Instruction& instruction) const {
    bytecode::Index subject = subject_, column = 0;
    switch (instruction.opcode) {
        case Opcode::Input: case Opcode::InputB: column = program_.slots[instruction.a].column; break;
        case Opcode::Field: case Opcode::FieldB: {
            const auto& list = program_.lists[program_.code[instruction.b].a];
            subject = list.element;
            column = list.fields[instruction.a].column;
            break;
        }
        case Opcode::OrUnknown: case Opcode::OrUnknownW: case Opcode::OrUnknownB: return domain_ == Domain::Known;
        default: return false;
    }
    const bytecode::Column& described = pack_.subjects[subject].columns[column];
    return pack_.subjects[described.subject].facts[described.fact()].default_kind != bytecode::DefaultKind::Constant;
}

int Schedule::weight(std::span<const Register> items) const {
    int total = 0;
    for (const Register item : items) total += may_be_unknown(program_.code[item]) ? unknown_weight : weight_of(program_.code[item].opcode);
    return total;
}

int Schedule::work(const std::vector<ScheduledItem>& items) const {
    int total = 0;
    for (const ScheduledItem& item : items) {
        total += weight_of(program_.code[item.number].opcode);
        for (const ScheduledBlock& block : item.guarded) total += work(block.items);
    }
    return total;
}

int Schedule::work_for(Register number) const {
    std::vector<bool> met(program_.code.size());
    int total = 0;
    for (const Register item : rests_on(number, met)) total += weight_of(program_.code[item].opcode);
    return total;
}

Schedule::Items Schedule::rests_on(Register number, std::vector<bool>& met) const {
    Items items, open{item_of(number)};
    for (const Register check : checks(number)) open.push_back(item_at(check, no_register));
    while (!open.empty()) {
        const Register item = open.back();
        open.pop_back();
        if (met[item]) continue;
        met[item] = true;
        items.push_back(item);
        open.insert(open.end(), operands_[item].begin(), operands_[item].end());
    }
    return items;
}

// What nothing but these uses leads to, ascending.
Schedule::Items Schedule::cone(const std::vector<std::pair<Register, Register>>& edges, const std::vector<std::uint8_t>& among) const {
    std::unordered_map<Register, std::uint32_t> met;  // how many of an item's uses lie within
    std::priority_queue<Register> open;
    const auto use = [&](Register item) {
        if (among[item] == 0 || pinned_[item] || is_constant(program_.code[item].opcode)) return;
        if (++met[item] == use_count_[item]) open.push(item);
    };
    for (const auto& [user, chosen] : edges)
        // What is used as condition and as branch at once is needed in any case.
        if (std::count(operands_[user].begin(), operands_[user].end(), chosen) == 1) use(chosen);
    Items result;
    while (!open.empty()) {
        const Register item = open.top();
        open.pop();
        result.push_back(item);
        // A choice of the group may lie in the cone of another: its branch is counted already.
        for (const Register used : operands_[item])
            if (std::find(edges.begin(), edges.end(), std::pair{item, used}) == edges.end()) use(used);
    }
    std::reverse(result.begin(), result.end());  // they came from the last to the first
    return result;
}

// A year's value or 0, which is one step that looks at the condition itself (ReadYearWhere).
bool Schedule::is_read_by_choice(Register user, Register chosen) const {
    const Instruction &choice = program_.code[user], &read = program_.code[chosen];
    if (domain_ != Domain::Known || read.opcode != Opcode::Input || choice.opcode != Opcode::Select || resolved(choice.b) != chosen) return false;
    const Instruction& otherwise = program_.code[resolved(choice.c)];
    const bytecode::Column& column = pack_.subjects[subject_].columns[program_.slots[read.a].column];
    const bytecode::Fact& fact = pack_.subjects[column.subject].facts[column.fact()];
    const bool zero = otherwise.opcode == Opcode::Constant && program_.constants[otherwise.a] == bytecode::Constant{0, 0};
    const bool unchecked = checks(choice.a).empty() && checks(choice.b).empty() && checks(choice.c).empty();
    return zero && unchecked && use_count_[chosen] == 1 && fact.yearly && fact.default_kind != bytecode::DefaultKind::Computed;
}

void Schedule::gather(const std::vector<ScheduledBlock>& blocks, Items& items) {
    for (const ScheduledBlock& block : blocks)
        for (const ScheduledItem& item : block.items) {
            items.push_back(item.number);
            gather(item.guarded, items);
        }
}

// Whether nothing but these uses those from `first` on. Two choices of one condition may wait for the same, which then
// stands before the first of them and is there for the second: it cannot follow the first to where only that is asked.
bool Schedule::is_closed(const Items& all, std::size_t first) const {
    if (first == all.size()) return true;
    std::unordered_map<Register, std::uint32_t> met;
    for (const Register item : all)
        for (const Register used : operands_[item]) ++met[used];
    return std::all_of(all.begin() + static_cast<std::ptrdiff_t>(first), all.end(), [&](Register item) { return met[item] == use_count_[item]; });
}

// Takes a cone out of a level and puts it before the choices that hang on its condition: each item before the first of
// them that comes after it.
void Schedule::guard(const Group& group, const Items& cone, Level& level) {
    std::size_t begin = 0;
    for (const auto& [user, chosen] : group.edges) {
        if (std::binary_search(cone.begin(), cone.end(), user)) continue;
        std::size_t end = begin;
        while (end < cone.size() && cone[end] < user) ++end;
        const auto part = std::span(cone).subspan(begin, end - begin);
        begin = end;
        if (weight(part) < worth_a_jump) continue;
        if (part.size() == 1 && is_read_by_choice(user, part.front())) {
            read_by_choice_[part.front()] = true;
            continue;
        }
        Items all(part.begin(), part.end());
        // What already waits for one of them goes with it.
        for (const Register inside : part)
            if (const auto behind = level.guarded.find(inside); behind != level.guarded.end()) gather(behind->second, all);
        if (!is_closed(all, part.size())) continue;
        for (const Register inside : part) {
            level.among[inside] = 0;
            level.guarded.erase(inside);
        }
        std::sort(all.begin(), all.end());
        level.guarded[user].push_back({.condition = group.condition, .when = group.when, .items = arrange(all, level.depth + 1)});
    }
}

void Schedule::guard_choices(const Items& ascending, Level& level) {
    std::vector<Group> groups;
    for (const Register item : ascending)
        for (const Branch& branch : branches_of(item)) {
            const Register chosen = item_at(branch.value, region_[item]);
            if (chosen == no_register) continue;
            auto found = std::find_if(groups.begin(), groups.end(), [&](const Group& one) { return one.condition == branch.condition && one.when == branch.when; });
            if (found == groups.end()) found = groups.insert(groups.end(), {branch.condition, branch.when, {}});
            found->edges.emplace_back(item, chosen);
        }
    // The choice that comes last has the others in its cone.
    std::sort(groups.begin(), groups.end(), [](const Group& one, const Group& other) { return one.edges.back().first > other.edges.back().first; });
    for (Group& group : groups) {
        std::erase_if(group.edges, [&](const auto& edge) { return level.among[edge.first] == 0; });
        const Items inside = cone(group.edges, level.among);
        if (weight(inside) >= worth_a_jump) guard(group, inside, level);
    }
}

// Of two conditions the one that is more work waits for the other.
void Schedule::guard_conditions(const Items& ascending, Level& level) {
    for (std::size_t i = ascending.size(); i-- > 0;) {
        const Register item = ascending[i];
        const Instruction& instruction = program_.code[item];
        if (level.among[item] == 0 || (instruction.opcode != Opcode::And && instruction.opcode != Opcode::Or)) continue;
        const bool when = instruction.opcode == Opcode::And;
        const Register a = resolved(instruction.a), b = resolved(instruction.b);
        const auto edges = [&](Register operand) {
            std::vector<std::pair<Register, Register>> result{{item, item_at(resolved(operand), region_[item])}};
            for (const Register check : checks(operand)) result.emplace_back(item, item_at(check, region_[item]));
            std::erase_if(result, [](const auto& edge) { return edge.second == no_register; });
            return result;
        };
        Items light = cone(edges(instruction.a), level.among), heavy = cone(edges(instruction.b), level.among);
        Register first = a;
        if (weight(light) > weight(heavy)) {
            std::swap(light, heavy);
            first = b;
        }
        if (weight(heavy) < worth_a_jump) continue;
        guard({first, when, {{item, item}}}, heavy, level);
    }
}

std::vector<Schedule::Branch> Schedule::branches_of(Register item) const {
    const Instruction& instruction = program_.code[item];
    std::vector<Branch> result;
    for (const Branch& branch : branches(instruction)) {
        const Register condition = resolved(branch.condition);
        result.push_back({condition, resolved(branch.value), branch.when});
        for (const Register check : checks(branch.value)) result.push_back({condition, check, branch.when});
    }
    return result;
}

std::vector<ScheduledItem> Schedule::arrange(const Items& ascending, int depth) {
    Level level{.among = std::vector<std::uint8_t>(program_.code.size(), 0), .guarded = {}, .depth = depth};
    for (const Register item : ascending) level.among[item] = 1;
    if (effort_ == Effort::Lazy && depth < deepest) {
        guard_choices(ascending, level);
        guard_conditions(ascending, level);
    }
    std::vector<ScheduledItem> result;
    for (const Register item : ascending)
        if (level.among[item] != 0) result.push_back({.number = item, .guarded = std::move(level.guarded[item])});
    if (domain_ == Domain::Known) bring_checks_forward(result);
    return result;
}

// A check is made where its condition was just worked out.
void Schedule::bring_checks_forward(std::vector<ScheduledItem>& items) const {
    for (std::size_t i = 0; i < items.size(); ++i) {
        const Instruction& instruction = program_.code[items[i].number];
        if (!is_or_unknown(instruction.opcode) || !items[i].guarded.empty()) continue;
        const auto here = items.begin() + static_cast<std::ptrdiff_t>(i);
        const auto condition = std::find_if(items.begin(), here, [&](const ScheduledItem& one) { return one.number == resolved(instruction.a); });
        if (condition != here) std::rotate(condition + 1, here, here + 1);
    }
}

std::vector<ScheduledItem> Schedule::take(Register number) {
    Items items = rests_on(number, taken_);
    std::sort(items.begin(), items.end());
    return arrange(items, 0);
}

std::vector<ScheduledItem> Schedule::take_rest() {
    Items items;
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        if (!needed_[i] || taken_[i] || region_[i] != no_register) continue;
        taken_[i] = true;
        items.push_back(static_cast<Register>(i));
    }
    return arrange(items, 0);
}

std::vector<ScheduledItem> Schedule::body(Register loop) {
    Items items;
    for (std::size_t i = loop + 1U; i < program_.code[loop].b; ++i)
        if (needed_[i] && region_[i] == loop) items.push_back(static_cast<Register>(i));
    return arrange(items, 0);
}

}  // namespace eligo::vm
