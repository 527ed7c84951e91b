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
    : pack_(pack), subject_(subject), program_(pack.subjects[subject].program), domain_(domain), effort_(effort), simplified_(program_, domain),
      pinned_(program_.code.size()), taken_(program_.code.size()), read_by_choice_(program_.code.size()), operands_(program_.code.size()), use_count_(program_.code.size()) {}

void Schedule::prepare() {
    simplified_.simplify();
    for (const Register number : simplified_.wanted()) {
        pin(resolved(number));
        for (const Register check : checks(number)) pin(check);
    }
    find_uses();
}

// And the loop that it comes of.
void Schedule::pin(Register number) {
    for (Register at = number; at != no_register; at = loop_around(at)) pinned_[at] = true;
}

// The register of a level (no_register: outside all loops) that a register is, or stands in; no_register when it is neither.
Register Schedule::item_at(Register number, Register level) const {
    while (loop_around(number) != level) {
        number = loop_around(number);
        if (number == no_register) return no_register;
    }
    return number;
}

// An edge between two registers is one between two items of the deepest level that holds both.
void Schedule::find_uses() {
    const auto add_edge = [this](Register from, Register used) {
        if (program_.code[used].opcode == Opcode::Loop) return;
        Register level = loop_around(used), user = item_at(from, level);
        while (user == no_register && level != no_register) {
            level = loop_around(level);
            user = item_at(from, level);
        }
        const Register item = item_at(used, level);
        if (user == no_register || item == no_register || item == user) return;
        operands_[user].push_back(item);
        ++use_count_[item];
    };
    for (std::size_t i = 0; i < program_.code.size(); ++i) {
        if (!needed(static_cast<Register>(i)) || program_.code[i].opcode == Opcode::EndLoop) continue;
        simplified_.visit_operands(static_cast<Register>(i), [&](Register used) { add_edge(static_cast<Register>(i), used); });
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
            const Register chosen = item_at(branch.value, loop_around(item));
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
            std::vector<std::pair<Register, Register>> result{{item, item_at(resolved(operand), loop_around(item))}};
            for (const Register check : checks(operand)) result.emplace_back(item, item_at(check, loop_around(item)));
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
        const auto number = static_cast<Register>(i);
        if (!needed(number) || taken_[i] || loop_around(number) != no_register) continue;
        taken_[i] = true;
        items.push_back(number);
    }
    return arrange(items, 0);
}

std::vector<ScheduledItem> Schedule::body(Register loop) {
    Items items;
    for (std::size_t i = loop + 1U; i < program_.code[loop].b; ++i)
        if (const auto number = static_cast<Register>(i); needed(number) && loop_around(number) == loop) items.push_back(number);
    return arrange(items, 0);
}

}  // namespace eligo::vm
