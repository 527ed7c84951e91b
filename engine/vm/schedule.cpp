// Tested by tests/unit/plan_test.cpp and tests/engines/.
#include "schedule.hpp"

#include <algorithm>
#include <list>
#include <map>
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
// Looks at what may wait, for each register; policies take some ten.
constexpr std::size_t looks_a_register = 64;
// Of registers that a clause rests on. How much more than that it is, is all the same.
constexpr int most_work_told = 1'000;

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

Schedule::Schedule(const bytecode::Pack& pack, bytecode::Index subject, std::span<const Instruction> code, Domain domain, Effort effort)
    : pack_(pack), subject_(subject), program_(pack.subjects[subject].program), code_(code), domain_(domain), effort_(effort), simplified_(program_, code, domain),
      pinned_(code.size()), taken_(code.size()), read_by_choice_(code.size()), operands_(code.size()), use_count_(code.size()),
      level_of_(code.size()), asked_by_(code.size()), looks_left_(code.size() * looks_a_register) {}

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
        if (code_[used].opcode == Opcode::Loop) return;
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
    for (std::size_t i = 0; i < code_.size(); ++i) {
        if (!needed(static_cast<Register>(i)) || code_[i].opcode == Opcode::EndLoop) continue;
        simplified_.visit_operands(static_cast<Register>(i), [&](Register used) { add_edge(static_cast<Register>(i), used); });
    }
}

// A fact that may be unknown: then reading it costs the whole run.
bool Schedule::may_be_unknown(const Instruction& instruction) const {
    bytecode::Index subject = subject_, column = 0;
    switch (instruction.opcode) {
        case Opcode::Input: case Opcode::InputB: column = program_.slots[instruction.a].column; break;
        case Opcode::Field: case Opcode::FieldB: {
            const auto& list = program_.lists[code_[instruction.b].a];
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
    for (const Register item : items) total += may_be_unknown(code_[item]) ? unknown_weight : weight_of(code_[item].opcode);
    return total;
}

int Schedule::work(const std::vector<ScheduledItem>& items) const {
    int total = 0;
    for (const ScheduledItem& item : items) {
        total += weight_of(code_[item.number].opcode);
        for (const ScheduledBlock& block : item.guarded) total += work(block.items);
    }
    return total;
}

Schedule::Items Schedule::items_of(Register number) const {
    Items items{item_of(number)};
    for (const Register check : checks(number)) items.push_back(item_at(check, no_register));
    return items;
}

int Schedule::work_for(Register number) {
    ++questions_;
    int total = 0;
    Items open = items_of(number);
    for (int met = 0; !open.empty() && met < most_work_told;) {
        const Register item = open.back();
        open.pop_back();
        if (std::exchange(asked_by_[item], questions_) == questions_) continue;
        ++met;
        total += weight_of(code_[item].opcode);
        open.insert(open.end(), operands_[item].begin(), operands_[item].end());
    }
    return total;
}

Schedule::Items Schedule::rests_on(Register number) {
    Items items, open = items_of(number);
    while (!open.empty()) {
        const Register item = open.back();
        open.pop_back();
        if (taken_[item]) continue;
        taken_[item] = true;
        items.push_back(item);
        open.insert(open.end(), operands_[item].begin(), operands_[item].end());
    }
    return items;
}

// What nothing but these uses leads to, ascending. The uses are by user.
Schedule::Items Schedule::cone(const std::vector<std::pair<Register, Register>>& edges, const Level& level) {
    std::unordered_map<Register, std::uint32_t> met;  // how many of an item's uses lie within
    std::priority_queue<Register> open;
    const auto use = [&](Register item) {
        if (!is_among(item, level) || pinned_[item] || is_constant(code_[item].opcode)) return;
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
        const auto of_item = std::equal_range(edges.begin(), edges.end(), std::pair{item, item}, [](const auto& one, const auto& other) { return one.first < other.first; });
        for (const Register used : operands_[item])
            if (std::find(of_item.first, of_item.second, std::pair{item, used}) == of_item.second) use(used);
    }
    looks_left_ -= std::min(looks_left_, edges.size() + result.size());
    std::reverse(result.begin(), result.end());  // they came from the last to the first
    return result;
}

// A year's value or 0, which is one step that looks at the condition itself (ReadYearWhere).
bool Schedule::is_read_by_choice(Register user, Register chosen) const {
    const Instruction &choice = code_[user], &read = code_[chosen];
    if (domain_ != Domain::Known || read.opcode != Opcode::Input || choice.opcode != Opcode::Select || resolved(choice.b) != chosen) return false;
    const Instruction& otherwise = code_[resolved(choice.c)];
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
        looks_left_ -= std::min(looks_left_, all.size());
        if (!is_closed(all, part.size())) continue;
        for (const Register inside : part) {
            level_of_[inside] = 0;
            level.guarded.erase(inside);
        }
        std::sort(all.begin(), all.end());
        level.guarded[user].push_back({.condition = group.condition, .when = group.when, .items = arrange(all, level.depth + 1)});
    }
}

void Schedule::guard_choices(const Items& ascending, Level& level) {
    std::vector<Group> groups;
    std::map<std::pair<Register, bool>, std::size_t> numbers;
    for (const Register item : ascending)
        for (const Branch& branch : branches_of(item)) {
            const Register chosen = item_at(branch.value, loop_around(item));
            if (chosen == no_register) continue;
            const auto [found, is_new] = numbers.try_emplace({branch.condition, branch.when}, groups.size());
            if (is_new) groups.push_back({branch.condition, branch.when, {}});
            groups[found->second].edges.emplace_back(item, chosen);
        }
    // The choice that comes last has the others in its cone.
    std::sort(groups.begin(), groups.end(), [](const Group& one, const Group& other) { return one.edges.back().first > other.edges.back().first; });
    for (Group& group : groups) {
        if (looks_left_ == 0) return;
        std::erase_if(group.edges, [&](const auto& edge) { return !is_among(edge.first, level); });
        const Items inside = cone(group.edges, level);
        if (weight(inside) >= worth_a_jump) guard(group, inside, level);
    }
}

// Of two conditions the one that is more work waits for the other.
void Schedule::guard_conditions(const Items& ascending, Level& level) {
    for (std::size_t i = ascending.size(); i-- > 0 && looks_left_ > 0;) {
        const Register item = ascending[i];
        const Instruction& instruction = code_[item];
        if (!is_among(item, level) || (instruction.opcode != Opcode::And && instruction.opcode != Opcode::Or)) continue;
        const bool when = instruction.opcode == Opcode::And;
        const Register a = resolved(instruction.a), b = resolved(instruction.b);
        const auto edges = [&](Register operand) {
            std::vector<std::pair<Register, Register>> result{{item, item_at(resolved(operand), loop_around(item))}};
            for (const Register check : checks(operand)) result.emplace_back(item, item_at(check, loop_around(item)));
            std::erase_if(result, [](const auto& edge) { return edge.second == no_register; });
            return result;
        };
        Items light = cone(edges(instruction.a), level), heavy = cone(edges(instruction.b), level);
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
    const Instruction& instruction = code_[item];
    std::vector<Branch> result;
    for (const Branch& branch : branches(instruction)) {
        const Register condition = resolved(branch.condition);
        result.push_back({condition, resolved(branch.value), branch.when});
        for (const Register check : checks(branch.value)) result.push_back({condition, check, branch.when});
    }
    return result;
}

std::vector<ScheduledItem> Schedule::arrange(const Items& ascending, int depth) {
    Level level{.number = ++levels_, .guarded = {}, .depth = depth};
    for (const Register item : ascending) level_of_[item] = level.number;
    if (effort_ == Effort::Lazy && depth < deepest) {
        guard_choices(ascending, level);
        guard_conditions(ascending, level);
    }
    std::vector<ScheduledItem> result;
    for (const Register item : ascending)
        if (is_among(item, level)) result.push_back({.number = item, .guarded = std::move(level.guarded[item])});
    return domain_ == Domain::Known ? with_checks_brought_forward(std::move(result)) : result;
}

// A check is made where its condition was just worked out.
std::vector<ScheduledItem> Schedule::with_checks_brought_forward(std::vector<ScheduledItem> items) const {
    const auto is_check = [this](const ScheduledItem& item) { return is_or_unknown(code_[item.number].opcode) && item.guarded.empty(); };
    if (std::none_of(items.begin(), items.end(), is_check)) return items;
    std::list<ScheduledItem> ordered;
    std::unordered_map<Register, std::list<ScheduledItem>::iterator> places;
    for (ScheduledItem& item : items) {
        const Register number = item.number;
        const auto condition = is_check(item) ? places.find(resolved(code_[number].a)) : places.end();
        places[number] = ordered.insert(condition == places.end() ? ordered.end() : std::next(condition->second), std::move(item));
    }
    return {std::make_move_iterator(ordered.begin()), std::make_move_iterator(ordered.end())};
}

std::vector<ScheduledItem> Schedule::take(Register number) {
    Items items = rests_on(number);
    std::sort(items.begin(), items.end());
    return arrange(items, 0);
}

std::vector<ScheduledItem> Schedule::take_rest() {
    Items items;
    for (std::size_t i = 0; i < code_.size(); ++i) {
        const auto number = static_cast<Register>(i);
        if (!needed(number) || taken_[i] || loop_around(number) != no_register) continue;
        taken_[i] = true;
        items.push_back(number);
    }
    return arrange(items, 0);
}

std::vector<ScheduledItem> Schedule::body(Register loop) {
    Items items;
    for (std::size_t i = loop + 1U; i < code_[loop].b; ++i)
        if (const auto number = static_cast<Register>(i); needed(number) && loop_around(number) == loop) items.push_back(number);
    return arrange(items, 0);
}

}  // namespace eligo::vm
