// Making a plan: backwards from the roots to what they need, then forwards to places and steps.
#include "plan.hpp"

#include <algorithm>

namespace eligo::vm {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;
using bytecode::Program;
using bytecode::Register;

enum class Operand : std::uint8_t { Unused, Result, Number };

Operand operand_kind(Opcode opcode, std::size_t index) {
    const std::string_view spelled = bytecode::row(opcode).operands[index];
    if (spelled == "-") return Operand::Unused;
    if (spelled == "N" || spelled == "W" || spelled == "B" || spelled == "L") return Operand::Result;
    return Operand::Number;
}

std::uint16_t operand(const Instruction& instruction, std::size_t index) {
    return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c;
}

bool is_reduction(Opcode opcode) { return bytecode::row(opcode).name.starts_with("Reduce"); }
bool is_least_or_greatest(Opcode opcode) {
    return opcode == Opcode::ReduceMinimum || opcode == Opcode::ReduceMaximum || opcode == Opcode::ReduceMinimumW || opcode == Opcode::ReduceMaximumW;
}
bool is_bound(Opcode opcode) {
    switch (opcode) {
        case Opcode::Constant: case Opcode::ConstantW: case Opcode::ConstantB: case Opcode::Input: case Opcode::InputB: case Opcode::Given: case Opcode::Field: case Opcode::FieldB: case Opcode::FieldGiven:
            return true;
        default: return false;
    }
}

class Maker {
public:
    Maker(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request)
        : pack_(pack), program_(pack.subjects[subject].program), request_(request), needed_(program_.code.size(), false) {
        plan_.subject = subject;
        plan_.places.assign(program_.code.size(), no_place);
        plan_.wide.assign(program_.code.size(), false);
    }

    Plan make() {
        for (const Register root : request_.roots) need(root);
        for (const Register stop : request_.stop_at) need(stop);
        need(request_.verdict);
        need(request_.first);
        for (std::size_t i = program_.code.size(); i-- > 0;) need_operands(i);
        for (std::size_t i = 0; i < program_.code.size(); ++i)
            if (needed_[i]) place(i);
        for (std::size_t i = 0; i < program_.code.size(); ++i)
            if (needed_[i]) {
                emit(static_cast<Register>(i));
                stop_after(static_cast<Register>(i));
            }
        plan_.steps.push_back(Step{.opcode = finish});
        return std::move(plan_);
    }

private:
    void need(Register number) {
        if (number != bytecode::no_register) needed_[number] = true;
    }

    void need_operands(std::size_t i) {
        const Instruction& instruction = program_.code[i];
        if (!needed_[i]) return;
        for (std::size_t k = 0; k < 3; ++k) {
            if (operand_kind(instruction.opcode, k) != Operand::Result) continue;
            const Register used = operand(instruction, k);
            needed_[used] = true;  // the end of a loop needs nothing else, so that it may still be marked from above
            if (program_.code[used].opcode == Opcode::Loop) needed_[program_.code[used].b] = true;
        }
    }

    void place(std::size_t i) {
        const auto& row = bytecode::row(program_.code[i].opcode);
        if (row.result == "-" || row.result == "L") return;
        plan_.wide[i] = row.result == "W";
        plan_.places[i] = plan_.words;
        plan_.words += plan_.wide[i] ? 2U : 1U;
    }

    std::uint32_t operand_of_step(const Instruction& instruction, std::size_t index) const {
        if (operand_kind(instruction.opcode, index) != Operand::Result) return operand(instruction, index);
        const std::uint32_t place = plan_.places[operand(instruction, index)];
        return place == no_place ? 0 : place;
    }

    std::uint16_t loop_number(Register loop) const {
        for (std::size_t k = 0; k < plan_.loops.size(); ++k)
            if (plan_.loops[k].loop_register == loop) return static_cast<std::uint16_t>(k);
        return 0;
    }

    void emit(Register i) {
        const Instruction& instruction = program_.code[i];
        switch (instruction.opcode) {
            case Opcode::Input:
            case Opcode::InputB: bind_input(program_.slots[instruction.a]).place = plan_.places[i]; return;
            case Opcode::Given: bind_input(program_.slots[instruction.a]).given_place = plan_.places[i]; return;
            case Opcode::Field:
            case Opcode::FieldB: bind_field(instruction).place = plan_.places[i]; return;
            case Opcode::FieldGiven: bind_field(instruction).given_place = plan_.places[i]; return;
            default: break;
        }
        if (is_bound(instruction.opcode)) return;
        Step step;
        step.opcode = static_cast<std::uint16_t>(instruction.opcode);
        step.result = plan_.places[i] == no_place ? Place{0} : plan_.places[i];
        step.a = operand_of_step(instruction, 0);
        step.b = operand_of_step(instruction, 1);
        step.c = operand_of_step(instruction, 2);
        if (instruction.opcode == Opcode::Loop) begin_loop(i, step);
        if (instruction.opcode == Opcode::EndLoop) end_loop(instruction, step);
        if (is_reduction(instruction.opcode)) add_reduction(i, step);
        plan_.steps.push_back(step);
    }

    // The ends that are due: not before `first` is known, and never between the elements of a list.
    void stop_after(Register i) {
        if (std::find(request_.stop_at.begin(), request_.stop_at.end(), i) != request_.stop_at.end()) due_.push_back(i);
        if (request_.first != bytecode::no_register && i < request_.first) return;
        if (open_loops_ != 0) return;
        for (const Register stop : due_)
            plan_.steps.push_back(Step{.opcode = stop_if_false, .result = plan_.places[request_.verdict], .a = plan_.places[stop]});
        due_.clear();
    }

    InputBinding& bind(std::vector<InputBinding>& bindings, bytecode::Index subject, bytecode::Slot slot) const {
        for (InputBinding& binding : bindings)
            if (binding.slot == slot) return binding;
        const bytecode::Column& column = pack_.subjects[subject].columns[slot.column];
        const bytecode::Fact& fact = pack_.subjects[column.subject].facts[column.fact()];
        return bindings.emplace_back(InputBinding{
            .slot = slot, .yearly = fact.yearly, .computed_default = fact.default_kind == bytecode::DefaultKind::Computed, .low = fact.low});
    }

    // A fact is read where it is first needed, so that a run that ends early has not looked at the rest.
    InputBinding& bind_input(bytecode::Slot slot) {
        const std::size_t before = plan_.inputs.size();
        InputBinding& binding = bind(plan_.inputs, plan_.subject, slot);
        if (plan_.inputs.size() != before) plan_.steps.push_back(Step{.opcode = read_input, .a = static_cast<std::uint32_t>(before)});
        return binding;
    }

    InputBinding& bind_field(const Instruction& instruction) {
        LoopPlan& loop = plan_.loops[loop_number(instruction.b)];
        return bind(loop.fields, program_.lists[loop.list].element, program_.lists[loop.list].fields[instruction.a]);
    }

    void begin_loop(Register i, Step& step) {
        step.loop = static_cast<std::uint16_t>(plan_.loops.size());
        LoopPlan loop;
        loop.list = program_.code[i].a;
        loop.loop_register = i;
        loop.begin = static_cast<std::uint32_t>(plan_.steps.size());
        plan_.loops.push_back(std::move(loop));
        ++open_loops_;
    }

    void end_loop(const Instruction& instruction, Step& step) {
        step.loop = loop_number(instruction.a);
        plan_.loops[step.loop].end = static_cast<std::uint32_t>(plan_.steps.size());
        --open_loops_;
    }

    void add_reduction(Register i, Step& step) {
        const Instruction& instruction = program_.code[i];
        step.loop = loop_number(instruction.c);
        LoopPlan::Reduction reduction{.place = step.result, .wide = plan_.wide[i]};
        if (is_least_or_greatest(instruction.opcode)) {
            reduction.flags = plan_.words;
            step.flags = plan_.words;
            plan_.words += 1;
        }
        plan_.loops[step.loop].reductions.push_back(reduction);
    }

    const bytecode::Pack& pack_;
    const Program& program_;
    const PlanRequest& request_;
    std::vector<bool> needed_;
    std::vector<Register> due_;
    int open_loops_ = 0;
    Plan plan_;
};

}  // namespace

Plan make_plan(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request) { return Maker(pack, subject, request).make(); }

}  // namespace eligo::vm
