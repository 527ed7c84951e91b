#include "missing.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace eligo::explain {

using bytecode::Instruction;
using bytecode::Opcode;
using bytecode::Register;

namespace {

// Places as they are found. Of a list with many elements there may be millions: each takes a bit.
class Places {
public:
    void add(const Place& place) { own_.insert(place); }
    void add(Place place, std::size_t elements) {
        const std::uint32_t element = std::exchange(place.element, 0);
        std::vector<bool>& found = of_elements_[place];
        if (found.empty()) found.resize(elements);
        found[element] = true;
    }

    // The first ones: of the subject itself, then of elements, one element after another.
    void tell(std::size_t most, Found& found) const {
        for (const Place& place : own_) tell(place, most, found);
        for (auto list = of_elements_.begin(); list != of_elements_.end();) {
            auto next = list;
            while (next != of_elements_.end() && next->first.column == list->first.column) ++next;
            for (std::uint32_t element = 0; element < list->second.size(); ++element)
                for (auto fact = list; fact != next; ++fact) {
                    if (!fact->second[element]) continue;
                    Place place = fact->first;
                    place.element = element;
                    tell(place, most, found);
                }
            list = next;
        }
        std::sort(found.places.begin(), found.places.end());
    }
    std::vector<bytecode::Index> columns() const {
        std::set<bytecode::Index> columns;
        for (const Place& place : own_) columns.insert(place.column);
        for (const auto& [place, elements] : of_elements_) columns.insert(place.column);
        return {columns.begin(), columns.end()};
    }

private:
    static void tell(const Place& place, std::size_t most, Found& found) {
        if (found.places.size() < most) found.places.push_back(place);
        else ++found.left_out;
    }

    std::set<Place> own_;
    std::map<Place, std::vector<bool>> of_elements_;  // by the place in the first element
};

}  // namespace

class Waiting::Walk {
public:
    Walk(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, Room& room)
        : frame_(frame), plan_(frame.plan()), pack_(pack), program_(pack.subjects[plan_.subject].program), row_(row), fiscal_year_(fiscal_year), room_(room) {}

    Open find(const std::vector<Register>& registers, std::size_t most) {
        Met met;
        Places places;
        begin(met, &places);
        for (const Register start : registers) visit(start);
        Open open;
        places.tell(most, open);
        open.columns = places.columns();
        open.cut_short = cut_short_;
        open.by_rule = open_by_rule_ != 0;
        return open;
    }

    bool is_open_by_rule(Register number) {
        begin(rules_, nullptr);
        visit(number);
        return open_by_rule_ != 0;
    }

private:
    enum class Gathering : std::uint8_t { Sum, Any, Extreme };
    // Registers that were looked at, and whether a rule leaves each open; twice each, once silent, where an open rule is no answer, since
    // a fact that was left out would settle it.
    using Met = std::unordered_map<std::uint32_t, bool>;
    // To be looked at; or, where `looked` is there, all that it waits for has been.
    struct Step {
        Register number;
        bool silent;
        Met::value_type* looked = nullptr;
        std::size_t open_by_rule = 0;  // by the time it was looked at
    };

    bool in_plan(Register number) const { return number != bytecode::no_register && plan_.seats.find(number) != nullptr; }

    // Whether a register is decided follows from its ends, or, for these, from other registers.
    static bool follows_from_others(Opcode opcode) {
        switch (opcode) {
            case Opcode::Ends: case Opcode::EndsW:
            case Opcode::Swap: case Opcode::SwapW: case Opcode::Widen: case Opcode::Narrow:
            case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW:
            case Opcode::SelectEnds: case Opcode::SelectEndsW: return true;
            default: return false;
        }
    }
    bool decided(Register number) {
        if (!in_plan(number)) return true;
        if (!follows_from_others(program_.code[number].opcode)) return frame_.result(number).known();
        refresh();
        return decided_[number];
    }
    // In the order of the code, where what a register follows from comes before it: asked one by one they could be asked
    // for the same ones again and again, and as deeply as the code is long.
    void refresh() {
        if (fresh_) return;
        fresh_ = true;
        if (decided_.empty()) {
            decided_.resize(program_.code.size());
            for (const Register number : plan_.seats.registers())
                if (follows_from_others(program_.code[number].opcode)) followers_.push_back(number);
        }
        static_cast<void>(go_on(followers_.size()));
        for (const Register number : followers_) decided_[number] = follows_decided(program_.code[number]);
    }
    bool follows_decided(const Instruction& instruction) {
        switch (instruction.opcode) {
            // The ends of a denominator may agree although it is open: they are taken by the numerator's.
            case Opcode::Ends: case Opcode::EndsW: return decided(instruction.b);
            case Opcode::Swap: case Opcode::SwapW: case Opcode::Widen: case Opcode::Narrow: return decided(instruction.a);
            case Opcode::MultiplyAlong: case Opcode::MultiplyAlongW: case Opcode::MultiplyAcross: case Opcode::MultiplyAcrossW:
                return decided(instruction.a) && decided(instruction.b);
            default: break;  // SelectEnds
        }
        const Instruction& which = program_.code[instruction.a];
        if (which.opcode != Opcode::Choice && which.opcode != Opcode::ChoiceW) return decided(instruction.b) && decided(instruction.c);
        if (!decided(which.a)) return false;
        return decided(frame_.result(which.a).low != 0 ? instruction.b : instruction.c);
    }

    void begin(Met& met, Places* places) {
        met_ = &met;
        places_ = places;
        open_by_rule_ = 0;
        cut_short_ = false;
    }

    bool go_on(std::uint64_t steps) {
        if (!room_.spend(steps)) cut_short_ = true;
        return !cut_short_;
    }

    // Those met of a register: of another element it is another question, but not where it lies outside of the loop.
    Met& met_of(Register number) {
        std::size_t depth = elements_.size();
        while (depth > 0 && !lies_within(number, elements_[depth - 1].first)) --depth;
        return depth == 0 ? *met_ : met_in_elements_[depth - 1];
    }
    bool lies_within(Register number, std::uint32_t loop) const {
        const Register begin = plan_.loops[loop].loop_register;
        return begin < number && number < program_.code[begin].b;
    }

    // Walks what is open below a register. Registers wait in a list and not on the stack, which a long sum would exhaust.
    void visit(Register start, bool silent = false) {
        std::vector<Step> before = std::exchange(waiting_, {});
        waiting_.push_back({start, silent});
        while (!waiting_.empty()) {
            const Step next = waiting_.back();
            waiting_.pop_back();
            silent_ = next.silent;
            if (next.looked != nullptr) finish(*next.looked, next.open_by_rule);
            else look_at(next.number);
        }
        waiting_ = std::move(before);
    }
    void wait(Register number) { waiting_.push_back({number, silent_}); }

    // All that a register waits for has been looked at: whether a rule was met by then, is known of it.
    void finish(Met::value_type& looked, std::size_t open_by_rule) const { looked.second = open_by_rule_ != open_by_rule; }

    void look_at(Register number) {
        if (decided(number)) return;
        const auto [looked, is_new] = met_of(number).try_emplace(std::uint32_t{number} << 1 | (silent_ ? 1U : 0U), false);
        if (!is_new) {
            if (looked->second) ++open_by_rule_;
            return;
        }
        if (!go_on(steps_of_a_look)) return;
        waiting_.push_back({number, silent_, &*looked, open_by_rule_});
        const Instruction& instruction = program_.code[number];
        switch (instruction.opcode) {
            case Opcode::Input:
            case Opcode::InputB: add(program_.slots[instruction.a]); return;
            case Opcode::Field:
            case Opcode::FieldB: add_field(instruction); return;
            case Opcode::Minimum: case Opcode::MinimumW: return visit_extreme(instruction, true);
            case Opcode::Maximum: case Opcode::MaximumW: return visit_extreme(instruction, false);
            case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: return visit_select(instruction, instruction.a);
            case Opcode::SelectEnds: case Opcode::SelectEndsW: return visit_select_ends(instruction);
            case Opcode::OrUnknown: case Opcode::OrUnknownW: case Opcode::OrUnknownB: return visit_or_unknown(instruction);
            case Opcode::ReduceSum: case Opcode::ReduceSumW: return visit_elements(instruction.c, instruction.a, instruction.b, Gathering::Sum);
            case Opcode::ReduceMinimum: case Opcode::ReduceMaximum: case Opcode::ReduceMinimumW: case Opcode::ReduceMaximumW:
                return visit_elements(instruction.c, instruction.a, instruction.b, Gathering::Extreme);
            case Opcode::ReduceAny: return visit_elements(instruction.c, bytecode::no_register, instruction.a, Gathering::Any);
            default: break;
        }
        const auto& operands = bytecode::row(instruction.opcode).operands;
        const std::uint16_t numbers[] = {instruction.a, instruction.b, instruction.c};
        for (std::size_t k = 0; k < 3; ++k)
            if (operands[k] == "N" || operands[k] == "W" || operands[k] == "B") wait(numbers[k]);
    }

    // The lesser of two numbers, or the greater: of two that lie apart only the one that is taken matters.
    void visit_extreme(const Instruction& instruction, bool least) {
        const vm::Result a = frame_.result(instruction.a), b = frame_.result(instruction.b);
        if (least ? !(b.high <= a.low) : !(a.high <= b.low)) wait(instruction.a);
        if (least ? !(a.high <= b.low) : !(b.high <= a.low)) wait(instruction.b);
    }

    // Which end comes from where is no question of its own: it follows from a condition, or from the two compared.
    void visit_select_ends(const Instruction& instruction) {
        const Instruction& which = program_.code[instruction.a];
        if (which.opcode == Opcode::Choice || which.opcode == Opcode::ChoiceW) return visit_select(instruction, which.a);
        wait(instruction.b);
        wait(instruction.c);
    }

    // The condition of a choice; no_register of what is none, and of a fact that may have been left out, which is its own answer.
    Register condition_of(const Instruction& instruction) const {
        Register asked = bytecode::no_register;
        switch (instruction.opcode) {
            case Opcode::Select: case Opcode::SelectW: case Opcode::SelectB: asked = instruction.a; break;
            case Opcode::SelectEnds: case Opcode::SelectEndsW: {
                const Instruction& which = program_.code[instruction.a];
                if (which.opcode == Opcode::Choice || which.opcode == Opcode::ChoiceW) asked = which.a;
                break;
            }
            default: break;
        }
        if (asked == bytecode::no_register) return asked;
        const Opcode condition = program_.code[asked].opcode;
        return condition == Opcode::Given || condition == Opcode::FieldGiven ? bytecode::no_register : asked;
    }

    // Beyond a table's last row there is nothing.
    bool is_nothing(Register number) const {
        const Opcode opcode = program_.code[number].opcode;
        return (opcode == Opcode::Constant || opcode == Opcode::ConstantW) && frame_.result(number).low > frame_.result(number).high;
    }

    // Past the choices whose conditions are decided.
    Register taken(Register number) {
        for (Register asked = condition_of(program_.code[number]); asked != bytecode::no_register && decided(asked); asked = condition_of(program_.code[number]))
            number = frame_.result(asked).low != 0 ? program_.code[number].b : program_.code[number].c;
        return number;
    }

    // What a choice comes to whichever way its condition turns out, and those in its branches; no_register where that differs.
    Register whichever(const Instruction& instruction) {
        int left = 200;  // looked at: of a table with more rows than that every condition is waited for
        const Register first = taken(instruction.b), second = taken(instruction.c);
        for (Register same = is_nothing(first) ? second : first; !is_nothing(same);) {
            std::vector<Register> open{second, first};
            bool differs = false;
            while (!open.empty() && !differs && --left > 0) {
                const Register number = open.back();
                open.pop_back();
                if (number == same || is_nothing(number)) continue;
                differs = condition_of(program_.code[number]) == bytecode::no_register;
                if (differs) continue;
                open.push_back(taken(program_.code[number].c));
                open.push_back(taken(program_.code[number].b));
            }
            if (left == 0) return bytecode::no_register;
            if (!differs) return same;
            if (condition_of(program_.code[same]) == bytecode::no_register) return bytecode::no_register;
            same = taken(program_.code[same].b);
        }
        return bytecode::no_register;
    }

    void visit_select(const Instruction& instruction, Register asked) {
        const Opcode condition = program_.code[asked].opcode;
        if (!decided(asked)) {
            if (const Register same = whichever(instruction); same != bytecode::no_register) return wait(same);
            wait(asked);
            wait(instruction.b);
            wait(instruction.c);
            return;
        }
        const bool first = frame_.result(asked).low != 0;
        if (!first && (condition == Opcode::Given || condition == Opcode::FieldGiven)) {
            // The fact was left out and its default is not known either: it is the fact that would settle it.
            if (condition == Opcode::Given) add(program_.slots[program_.code[asked].a]);
            else add_field(program_.code[asked]);
            silent_ = true;
            wait(instruction.c);
            return;
        }
        wait(first ? instruction.b : instruction.c);
    }

    void visit_or_unknown(const Instruction& instruction) {
        if (!decided(instruction.a)) wait(instruction.a);
        else if (frame_.result(instruction.a).low == 0 && !silent_) ++open_by_rule_;
        if (decided(instruction.a) && frame_.result(instruction.a).low == 0) return;
        wait(instruction.b);
    }

    std::uint32_t loop_number(Register loop) const {
        for (std::uint32_t i = 0; i < plan_.loops.size(); ++i)
            if (plan_.loops[i].loop_register == loop) return i;
        return 0;
    }

    // A gathering over elements waits for whatever an element that may count waits for.
    void visit_elements(Register loop, Register value, Register counts, Gathering gathering) {
        const std::uint32_t number = loop_number(loop);
        const bytecode::ListInput& list = program_.lists[plan_.loops[number].list];
        const vm::List& given = row_.list(list.column);
        if (given.state != vm::CellState::Known) {
            // The body has run once, on an element of which nothing is known; it may read what is not of the element.
            add(Place{.column = list.column});
            return visit_element({number, 0}, value, counts, gathering, silent_);
        }
        const bool silent = silent_;
        if (steps_of_bodies_.empty()) steps_of_bodies_ = steps_of_bodies();
        for (std::uint32_t i = 0; i < given.rows.size() && go_on(steps_of_bodies_[number]); ++i) {
            fresh_ = false;
            vm::replay(frame_, number, i);
            visit_element({number, i}, value, counts, gathering, silent);
        }
    }

    void visit_element(std::pair<std::uint32_t, std::uint32_t> element, Register value, Register counts, Gathering gathering, bool silent) {
        elements_.push_back(element);
        met_in_elements_.emplace_back();
        // Nothing waits for whether a zero is added.
        const bool zero = gathering == Gathering::Sum && frame_.result(value).low == 0 && frame_.result(value).high == 0;
        if (!zero) visit(counts, silent);
        if (value != bytecode::no_register && frame_.result(counts).high != 0) visit(value, silent);
        met_in_elements_.pop_back();
        elements_.pop_back();
    }

    // How many steps it is to run each loop's body once, the loops within it over all of their elements.
    std::vector<std::uint64_t> steps_of_bodies() const {
        constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
        const auto sets = static_cast<std::size_t>(vm::Domain::Sets);
        std::vector<std::uint32_t> order(plan_.loops.size());
        for (std::uint32_t i = 0; i < order.size(); ++i) order[i] = i;
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return plan_.loops[a].end[sets] < plan_.loops[b].end[sets]; });
        std::vector<std::uint64_t> steps(order.size());
        std::vector<std::uint32_t> inner;  // that no loop so far lies around
        for (const std::uint32_t loop : order) {
            steps[loop] = plan_.loops[loop].end[sets] - plan_.loops[loop].begin[sets];
            for (; !inner.empty() && plan_.loops[inner.back()].begin[sets] > plan_.loops[loop].begin[sets]; inner.pop_back()) {
                const std::uint64_t times = row_.list(program_.lists[plan_.loops[inner.back()].list].column).rows.size(), each = steps[inner.back()];
                const std::uint64_t all = times != 0 && each > most / times ? most : times * each;
                steps[loop] = all > most - steps[loop] ? most : steps[loop] + all;
            }
            inner.push_back(loop);
        }
        return steps;
    }

    void add(const Place& place) {
        if (places_ != nullptr) places_->add(place);
    }
    void add(bytecode::Slot slot) { add(Place{.column = slot.column, .year = is_yearly(plan_.subject, slot.column) ? fiscal_year_ + slot.year_offset : 0}); }

    void add_field(const Instruction& instruction) {
        const std::uint32_t number = loop_number(instruction.b);
        const bytecode::ListInput& list = program_.lists[plan_.loops[number].list];
        if (row_.list(list.column).state != vm::CellState::Known) {
            add(Place{.column = list.column});
            return;
        }
        const bytecode::Slot slot = list.fields[instruction.a];
        std::uint32_t element = 0;
        for (const auto& [loop, at] : elements_)
            if (loop == number) element = at;
        if (places_ == nullptr) return;
        places_->add({.column = list.column, .element = element, .field = slot.column, .in_element = true, .year = is_yearly(list.element, slot.column) ? fiscal_year_ + slot.year_offset : 0}, row_.list(list.column).rows.size());
    }

    bool is_yearly(bytecode::Index subject, bytecode::Index column) const {
        const auto& described = pack_.subjects[subject].columns[column];
        return pack_.subjects[described.subject].facts[described.fact()].yearly;
    }

    vm::Frame& frame_;
    const vm::Plan& plan_;
    const bytecode::Pack& pack_;
    const bytecode::Program& program_;
    const vm::Row& row_;
    std::int32_t fiscal_year_;
    Room& room_;
    static constexpr std::uint64_t steps_of_a_look = 20;  // about as long as it takes
    std::vector<Step> waiting_;
    bool silent_ = false;
    std::vector<bool> decided_;         // of those that follow from others, while `fresh_`
    std::vector<Register> followers_;
    bool fresh_ = false;                // nothing was run since
    std::vector<std::pair<std::uint32_t, std::uint32_t>> elements_;  // loops we stand in, and at which element
    Met* met_ = nullptr;                     // by this walk, outside of all elements
    std::vector<Met> met_in_elements_;       // in each of elements_, and forgotten when it is left: there may be thousands of them
    Met rules_;                              // by all walks of is_open_by_rule
    Places* places_ = nullptr;               // of this walk, where they are asked for
    std::size_t open_by_rule_ = 0;           // how often this walk has met what a rule leaves open
    std::vector<std::uint64_t> steps_of_bodies_;  // by loop; empty until one is run again
    bool cut_short_ = false;
};

namespace {

const bytecode::Fact& fact_of(const bytecode::Pack& pack, bytecode::Index subject, bytecode::Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()];
}

// The choices between a fact and its computed default, by the seat of whether it is given.
std::map<vm::Place, Register> choices_of_defaults(const vm::Plan& plan, const bytecode::Program& program) {
    std::map<vm::Place, Register> choices;
    for (const Register number : plan.seats.registers()) {
        const Instruction& instruction = program.code[number];
        if (instruction.opcode != Opcode::Select && instruction.opcode != Opcode::SelectB && instruction.opcode != Opcode::SelectW) continue;
        if (program.code[instruction.a].opcode == Opcode::Given) choices.try_emplace(plan.seats.find(instruction.a)->sets, number);
    }
    return choices;
}

}  // namespace

std::string place_text(const bytecode::Pack& pack, bytecode::Index subject, const Place& place) {
    std::string text = pack.string(pack.subjects[subject].columns[place.column].name);
    if (place.in_element) {
        const bytecode::Index element = fact_of(pack, subject, place.column).ref;
        text += "[" + std::to_string(place.element) + "].";
        text += pack.string(pack.subjects[element].columns[place.field].name);
    }
    if (place.year != 0) {
        text += '.';
        text += std::to_string(place.year);
    }
    return text;
}

Waiting::Waiting(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, Room& room) : walk_(std::make_unique<Walk>(frame, pack, row, fiscal_year, room)) {}
Waiting::~Waiting() = default;
Open Waiting::find(const std::vector<Register>& registers, std::size_t most) { return walk_->find(registers, most); }
bool Waiting::is_open_by_rule(Register number) { return walk_->is_open_by_rule(number); }

Open find_open(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, const std::vector<Register>& registers, std::size_t most, Room& room) {
    return Waiting(frame, pack, row, fiscal_year, room).find(registers, most);
}

Found find_assumed(const vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, std::size_t most) {
    const vm::Plan& plan = frame.plan();
    const bytecode::Program& program = pack.subjects[plan.subject].program;
    Places places;
    std::map<vm::Place, Register> choices;
    // Whether the computed default of a fact that was left out came to a value.
    const auto default_is_known = [&](const vm::InputBinding& binding) {
        if (choices.empty()) choices = choices_of_defaults(plan, program);
        const auto choice = choices.find(binding.given_place);
        return choice != choices.end() && frame.result(choice->second).known();
    };
    for (const vm::InputBinding& binding : plan.inputs) {
        const auto& fact = fact_of(pack, plan.subject, binding.slot.column);
        const std::int32_t year = fiscal_year + binding.slot.year_offset;
        const vm::Cell cell = vm::cell_of(pack, plan.subject, row, binding.slot.column, year);
        const bool computed = cell.state == vm::CellState::Absent && fact.default_kind == bytecode::DefaultKind::Computed && default_is_known(binding);
        if (cell.state == vm::CellState::Assumed || computed) places.add({.column = binding.slot.column, .year = fact.yearly ? year : 0});
    }
    for (const vm::LoopPlan& loop : plan.loops) {
        const bytecode::ListInput& list = program.lists[loop.list];
        const vm::List& given = row.list(list.column);
        if (given.state != vm::CellState::Known) continue;
        for (std::uint32_t i = 0; i < given.rows.size(); ++i)
            for (const vm::InputBinding& binding : loop.fields) {
                const auto& fact = fact_of(pack, list.element, binding.slot.column);
                const std::int32_t year = fiscal_year + binding.slot.year_offset;
                if (vm::cell_of(pack, list.element, given.rows[i], binding.slot.column, year).state != vm::CellState::Assumed) continue;
                places.add({.column = list.column, .element = i, .field = binding.slot.column, .in_element = true, .year = fact.yearly ? year : 0}, given.rows.size());
            }
    }
    Found found;
    places.tell(most, found);
    return found;
}

}  // namespace eligo::explain
