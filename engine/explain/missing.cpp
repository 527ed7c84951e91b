#include "missing.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

namespace eligo::explain {

using bytecode::Instruction;
using bytecode::Opcode;
using bytecode::Register;

class Waiting::Walk {
public:
    Walk(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year)
        : frame_(frame), plan_(frame.plan()), pack_(pack), program_(pack.subjects[plan_.subject].program), row_(row), fiscal_year_(fiscal_year) {}

    Open find(const std::vector<Register>& registers) {
        std::map<Looked, bool> met;
        std::set<Place> places;
        begin(met, &places);
        for (const Register start : registers) visit(start);
        return {{places.begin(), places.end()}, open_by_rule_ != 0};
    }

    bool is_open_by_rule(Register number) {
        begin(rules_, nullptr);
        visit(number);
        return open_by_rule_ != 0;
    }

private:
    enum class Gathering : std::uint8_t { Sum, Any, Extreme };
    // A register, of the elements that the loops around it stand at; silent where an open rule is no answer, since a fact that was
    // left out would settle it.
    using Looked = std::tuple<Register, bool, std::vector<std::pair<std::uint32_t, std::uint32_t>>>;
    // To be looked at; or, where `looked` is there, all that it waits for has been.
    struct Step {
        Register number;
        bool silent;
        std::pair<const Looked, bool>* looked = nullptr;
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

    void begin(std::map<Looked, bool>& met, std::set<Place>* places) {
        met_ = &met;
        places_ = places;
        open_by_rule_ = 0;
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
    void finish(std::pair<const Looked, bool>& looked, std::size_t open_by_rule) const { looked.second = open_by_rule_ != open_by_rule; }

    void look_at(Register number) {
        if (decided(number)) return;
        // The same register of another element is another question.
        const auto [looked, is_new] = met_->try_emplace({number, silent_, elements_}, false);
        if (!is_new) {
            if (looked->second) ++open_by_rule_;
            return;
        }
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
        for (std::uint32_t i = 0; i < given.rows.size(); ++i) {
            fresh_ = false;
            vm::replay(frame_, number, i);
            visit_element({number, i}, value, counts, gathering, silent);
        }
    }

    void visit_element(std::pair<std::uint32_t, std::uint32_t> element, Register value, Register counts, Gathering gathering, bool silent) {
        elements_.push_back(element);
        // Nothing waits for whether a zero is added.
        const bool zero = gathering == Gathering::Sum && frame_.result(value).low == 0 && frame_.result(value).high == 0;
        if (!zero) visit(counts, silent);
        if (value != bytecode::no_register && frame_.result(counts).high != 0) visit(value, silent);
        elements_.pop_back();
    }

    void add(const Place& place) {
        if (places_ != nullptr) places_->insert(place);
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
        add(Place{.column = list.column, .element = element, .field = slot.column, .in_element = true, .year = is_yearly(list.element, slot.column) ? fiscal_year_ + slot.year_offset : 0});
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
    std::vector<Step> waiting_;
    bool silent_ = false;
    std::vector<bool> decided_;         // of those that follow from others, while `fresh_`
    std::vector<Register> followers_;
    bool fresh_ = false;                // nothing was run since
    std::vector<std::pair<std::uint32_t, std::uint32_t>> elements_;  // loops we stand in, and at which element
    std::map<Looked, bool>* met_ = nullptr;   // by this walk: whether a rule leaves it open
    std::map<Looked, bool> rules_;            // by all walks of is_open_by_rule
    std::set<Place>* places_ = nullptr;       // of this walk, where they are asked for
    std::size_t open_by_rule_ = 0;            // how often this walk has met what a rule leaves open
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

Waiting::Waiting(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year) : walk_(std::make_unique<Walk>(frame, pack, row, fiscal_year)) {}
Waiting::~Waiting() = default;
Open Waiting::find(const std::vector<Register>& registers) { return walk_->find(registers); }
bool Waiting::is_open_by_rule(Register number) { return walk_->is_open_by_rule(number); }

Open find_open(vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year, const std::vector<Register>& registers) {
    return Waiting(frame, pack, row, fiscal_year).find(registers);
}

std::vector<Place> find_assumed(const vm::Frame& frame, const bytecode::Pack& pack, const vm::Row& row, std::int32_t fiscal_year) {
    const vm::Plan& plan = frame.plan();
    const bytecode::Program& program = pack.subjects[plan.subject].program;
    std::set<Place> places;
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
        if (cell.state == vm::CellState::Assumed || computed) places.insert({.column = binding.slot.column, .year = fact.yearly ? year : 0});
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
                places.insert({.column = list.column, .element = i, .field = binding.slot.column, .in_element = true, .year = fact.yearly ? year : 0});
            }
    }
    return {places.begin(), places.end()};
}

}  // namespace eligo::explain
