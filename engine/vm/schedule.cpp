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
std::vector<Branch> branches(const Instruction& instruction, Register a, Register b, Register c) {
    switch (instruction.opcode) {
        case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: case Opcode::SelectEnds: case Opcode::SelectEndsW: return {{a, b, true}, {a, c, false}};
        case Opcode::ReduceSum: case Opcode::ReduceSumW: case Opcode::ReduceMinimum: case Opcode::ReduceMaximum: case Opcode::ReduceMinimumW: case Opcode::ReduceMaximumW:
            return {{b, a, true}};
        default: return {};
    }
}

}  // namespace

Schedule::Schedule(const bytecode::Pack& pack, bytecode::Index subject, Domain domain, Effort effort)
    : pack_(pack), subject_(subject), program_(pack.subjects[subject].program), domain_(domain), effort_(effort), needed_(program_.code.size()),
      pinned_(program_.code.size()), taken_(program_.code.size()), read_by_choice_(program_.code.size()), region_(program_.code.size(), no_register), operands_(program_.code.size()), use_count_(program_.code.size()) {
    resolve();
    find_regions();
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

// The register whose value one has over known values; those before it are resolved already.
Register Schedule::same_as(Register number) const {
    const Instruction& instruction = program_.code[number];
    switch (instruction.opcode) {
        case Opcode::Ends: case Opcode::EndsW: return resolved_[instruction.b];
        case Opcode::Swap: case Opcode::SwapW: case Opcode::Choice: case Opcode::ChoiceW:
        case Opcode::Widen: case Opcode::Narrow: case Opcode::Truth: return resolved_[instruction.a];
        case Opcode::Multiply: case Opcode::MultiplyW: case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW:
            return is_one(instruction.a) ? resolved_[instruction.b] : is_one(instruction.b) ? resolved_[instruction.a] : number;
        default: return number;
    }
}

void Schedule::resolve() {
    resolved_.reserve(program_.code.size());
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        const auto number = static_cast<Register>(i);
        resolved_.push_back(domain_ == Domain::Known ? same_as(number) : number);
    }
}

bool Schedule::is_one(Register number) const {
    const Instruction& instruction = program_.code[resolved_[number]];
    if (instruction.opcode == Opcode::Constant) return program_.constants[instruction.a].low == 1;
    return instruction.opcode == Opcode::ConstantW && program_.wide_constants[instruction.a].low == 1;
}

void Schedule::want(Register number) {
    if (number == no_register) return;
    number = resolved(number);
    wanted_.push_back(number);
    // And the loop that it comes of.
    for (Register at = number; at != no_register; at = region_[at]) pinned_[at] = true;
}

void Schedule::prepare() {
    find_needed();
    find_uses();
}

void Schedule::find_needed() {
    for (const Register number : wanted_) needed_[number] = true;
    for (std::size_t i = program_.code.size(); i-- > 0;) {
        if (!needed_[i]) continue;
        const Instruction& instruction = program_.code[i];
        for (std::size_t k = 0; k < 3; ++k) {
            if (operand_kind(instruction.opcode, k) != Operand::Result) continue;
            const Register used = resolved(operand(instruction, k));
            needed_[used] = true;
            if (program_.code[used].opcode == Opcode::Loop) needed_[program_.code[used].b] = true;
        }
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
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        if (!needed_[i]) continue;
        const Instruction& instruction = program_.code[i];
        if (instruction.opcode == Opcode::EndLoop) continue;
        for (std::size_t k = 0; k < 3; ++k) {
            if (operand_kind(instruction.opcode, k) != Operand::Result) continue;
            const Register used = resolved(operand(instruction, k));
            if (program_.code[used].opcode == Opcode::Loop) continue;
            Register level = region_[used], user = item_at(static_cast<Register>(i), level);
            while (user == no_register && level != no_register) {
                level = region_[level];
                user = item_at(static_cast<Register>(i), level);
            }
            const Register item = item_at(used, level);
            if (user == no_register || item == no_register || item == user) continue;
            operands_[user].push_back(item);
            ++use_count_[item];
        }
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
    const bool zero = otherwise.opcode == Opcode::Constant && program_.constants[otherwise.a] == bytecode::Constant{0, 0};
    return zero && use_count_[chosen] == 1 && pack_.subjects[column.subject].facts[column.fact()].yearly;
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
        Items light = cone({{item, item_at(a, region_[item])}}, level.among), heavy = cone({{item, item_at(b, region_[item])}}, level.among);
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
    const auto at = [&](std::size_t k) { return operand_kind(instruction.opcode, k) == Operand::Result ? resolved(operand(instruction, k)) : no_register; };
    return branches(instruction, at(0), at(1), at(2));
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
    return result;
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
