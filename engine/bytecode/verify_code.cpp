// The tables and the code of one program: no operand outside its table, no register read before it is written or out of its loop.
// A register belongs to the innermost loop that was open when it was written; the result of a reduction belongs to the loop around
// the one it gathers over, and is complete only when that one is closed. Tested by tests/unit/pack_test.cpp.
#include <limits>
#include <set>
#include <tuple>

#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

using In = Place::In;
using I = Invariant;

value::Range empty_range(Opcode opcode) {
    if (opcode == Opcode::ConstantW) return {value::int128_max, value::int128_min};
    return {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
}

class CodeVerifier {
public:
    CodeVerifier(Verification& here, Index subject) : here_(here), number_(subject), subject_(here.pack.subjects[subject]), program_(subject_.program) {}

    void verify() {
        here_.stand({In::Program, number_});
        verify_tables();
        if (here_.sound()) verify_code();
    }

private:
    // ---- tables

    void verify_tables() {
        for (const std::size_t size : {program_.constants.size(), program_.wide_constants.size(), program_.sets.size(), program_.slots.size(), program_.lists.size()})
            here_.require(size <= most_entries, I::table_size);
        verify_slots(subject_, program_.slots);
        for (const ListInput& list : program_.lists) verify_list(list);
        for (const Set& set : program_.sets) verify_set(set);
    }

    void verify_slots(const Subject& subject, const std::vector<Slot>& slots) {
        std::vector<std::pair<Index, std::int32_t>> seen;
        for (const Slot& slot : slots) {
            verify_slot(subject, slot);
            seen.emplace_back(slot.column, slot.year_offset);
        }
        std::ranges::sort(seen);
        here_.require(std::ranges::adjacent_find(seen) == seen.end(), I::slots_differ);
    }

    void verify_slot(const Subject& subject, const Slot& slot) {
        if (!here_.require(slot.column < subject.columns.size(), I::slot)) return;
        const Fact& fact = here_.leaf(subject.columns[slot.column]);
        here_.require(fact.kind != Kind::List, I::slot);
        here_.require(fact.yearly ? -farthest_year <= slot.year_offset && slot.year_offset <= farthest_year : slot.year_offset == 0, I::slot_year);
    }

    void verify_list(const ListInput& list) {
        if (!here_.require(list.column < subject_.columns.size(), I::list_input)) return;
        const Fact& fact = here_.leaf(subject_.columns[list.column]);
        if (!here_.require(fact.kind == Kind::List && fact.ref == list.element, I::list_input)) return;
        here_.require(list.fields.size() <= most_entries, I::table_size);
        verify_slots(here_.pack.subjects[list.element], list.fields);
    }

    void verify_set(const Set& set) {
        here_.require(!set.intervals.empty(), I::set_order);
        for (std::size_t i = 0; i < set.intervals.size(); ++i) {
            here_.require(set.intervals[i].low <= set.intervals[i].high, I::set_order);
            if (i > 0) here_.require(set.intervals[i - 1].high < set.intervals[i].low, I::set_order);
        }
    }

    // ---- code

    void verify_code() {
        const auto& code = program_.code;
        if (!here_.require(code.size() <= most_loaded_instructions, I::code_size)) return;
        home_.assign(code.size(), none);
        open_.assign(code.size(), false);
        std::size_t words = 0;
        for (Index i = 0; i < code.size() && here_.sound(); ++i) {
            here_.stand({In::Instruction, number_, i});
            if (!here_.require(static_cast<std::size_t>(code[i].opcode) < opcode_count, I::instruction_exists)) return;
            for (std::size_t k = 0; k < 3 && here_.sound(); ++k) verify_operand(i, k);
            if (here_.sound()) verify_truth(code[i]);
            if (here_.sound()) verify_reads(code[i]);
            if (here_.sound()) verify_constants(code[i]);
            if (here_.sound()) enter(i);
            words += result_of(code[i].opcode) == 'W' ? 2u : 1u;
            if (is_reduction(code[i].opcode)) ++words;  // whether anything was gathered
        }
        here_.stand({In::Program, number_});
        here_.require(loops_.empty(), I::loop_is_closed);
        here_.require(words <= most_words, I::code_words);
    }

    void verify_operand(Index number, std::size_t which) {
        const Instruction& instruction = program_.code[number];
        const std::string_view kind = row(instruction.opcode).operands[which];
        const std::uint16_t given = operand(instruction, which);
        if (takes_register(kind)) return verify_register(number, given, kind.front());
        if (kind == "field") return verify_field(instruction);
        if (kind == "end") return verify_end(number);
        if (kind == "offset") {
            const auto years = static_cast<std::int16_t>(given);
            here_.require(-farthest_year <= years && years <= farthest_year, I::year_end);
            return;
        }
        here_.require(given < size_of(kind), I::operand_number);
    }

    // Of what there is not, only 0 is possible.
    [[nodiscard]] std::size_t size_of(std::string_view table) const {
        if (table == "slot") return program_.slots.size();
        if (table == "constant") return program_.constants.size();
        if (table == "wide") return program_.wide_constants.size();
        if (table == "set") return program_.sets.size();
        if (table == "parameter") return here_.pack.parameters.size();
        if (table == "list") return program_.lists.size();
        return table == "-" ? 1 : 0;
    }

    void verify_register(Index number, Index given, char kind) {
        if (!here_.require(given < number && result_of(program_.code[given].opcode) == kind, I::operand_register)) return;
        here_.require(kind == 'L' ? open_[given] : readable(given), I::loop_is_open);
    }

    [[nodiscard]] bool readable(Index number) const {
        if (is_reduction(program_.code[number].opcode) && open_[program_.code[number].c]) return false;
        return home_[number] == none || open_[home_[number]];
    }

    void verify_field(const Instruction& instruction) {
        // The loop is operand b, which is checked after this one.
        const Index loop = instruction.b;
        if (!here_.require(loop < open_.size() && open_[loop], I::loop_is_open)) return;
        here_.require(instruction.a < program_.lists[program_.code[loop].a].fields.size(), I::operand_number);
    }

    void verify_end(Index number) {
        const Index end = program_.code[number].b;
        here_.require(end > number && end < program_.code.size() && program_.code[end].opcode == Opcode::EndLoop && program_.code[end].a == number, I::loop_is_closed);
    }

    // A truth is 0 or 1: where one comes from outside the code, the fact or the constant must be one.
    void verify_truth(const Instruction& instruction) {
        if (instruction.opcode == Opcode::ConstantB) {
            const Constant& constant = program_.constants[instruction.a];
            here_.require(constant == Constant{0, 0} || constant == Constant{1, 1}, I::truth_is_truth);
        } else if (instruction.opcode == Opcode::InputB) {
            here_.require(here_.leaf(subject_.columns[program_.slots[instruction.a].column]).kind == Kind::Bool, I::truth_is_truth);
        } else if (instruction.opcode == Opcode::FieldB) {
            const ListInput& list = program_.lists[program_.code[instruction.b].a];
            here_.require(here_.leaf(here_.pack.subjects[list.element].columns[list.fields[instruction.a].column]).kind == Kind::Bool, I::truth_is_truth);
        }
    }

    // A value has one place in working memory, by its input.
    void verify_reads(const Instruction& instruction) {
        using enum Opcode;
        const bool value = instruction.opcode == Input || instruction.opcode == InputB || instruction.opcode == Field || instruction.opcode == FieldB;
        const bool given = instruction.opcode == Given || instruction.opcode == FieldGiven;
        if (!value && !given) return;
        const bool field = instruction.opcode == Field || instruction.opcode == FieldB || instruction.opcode == FieldGiven;
        here_.require(read_.emplace(given, field ? instruction.b : none, instruction.a).second, I::input_is_read_once);
    }

    void verify_constants(const Instruction& instruction) {
        if (instruction.opcode == Opcode::OrUnknown) {
            const Constant& unknown = program_.constants[instruction.c];
            here_.require(unknown.low <= unknown.high, I::unknown_interval);
        } else if (instruction.opcode == Opcode::OrUnknownW) {
            const WideConstant& unknown = program_.wide_constants[instruction.c];
            here_.require(unknown.low <= unknown.high, I::unknown_interval);
        } else if (instruction.opcode == Opcode::Constant || instruction.opcode == Opcode::ConstantW) {
            // Beside any other range the empty one says nothing: the hull of both is the other one.
            const value::Range range = constant_range(program_, instruction), empty = empty_range(instruction.opcode);
            here_.require(range.low == range.high || range == empty, I::constant_is_single);
        }
        const bool choice = instruction.opcode == Opcode::Select || instruction.opcode == Opcode::SelectW;
        bool empty[3] = {};
        for (std::size_t k = 0; k < 3; ++k) empty[k] = takes_register(row(instruction.opcode).operands[k]) && is_empty(program_, operand(instruction, k));
        here_.require(!empty[0] && (choice ? !(empty[1] && empty[2]) : !empty[1] && !empty[2]), I::constant_is_single);
    }

    void enter(Index number) {
        const Instruction& instruction = program_.code[number];
        home_[number] = loops_.empty() ? none : loops_.back();
        if (instruction.opcode == Opcode::Loop) {
            here_.require(loops_.size() < deepest_loops, I::loop_depth);
            loops_.push_back(number);
            open_[number] = true;
        } else if (instruction.opcode == Opcode::EndLoop) {
            if (!here_.require(loops_.back() == instruction.a && program_.code[instruction.a].b == number, I::loop_is_closed)) return;
            open_[instruction.a] = false;
            loops_.pop_back();
        } else if (is_reduction(instruction.opcode)) {
            if (!here_.require(loops_.back() == instruction.c, I::loop_is_open)) return;
            home_[number] = loops_.size() < 2 ? none : loops_[loops_.size() - 2];
        }
    }

    Verification& here_;
    Index number_;
    const Subject& subject_;
    const Program& program_;
    std::vector<Index> home_;   // of each register: the loop it belongs to, or none
    std::vector<bool> open_;    // of each register: it is a loop, and open
    std::vector<Index> loops_;  // the open loops, outermost first
    std::set<std::tuple<bool, Index, std::uint16_t>> read_;  // whether given, the loop or none, and the input
};

}  // namespace

value::Range constant_range(const Program& program, const Instruction& instruction) {
    if (instruction.opcode == Opcode::ConstantW) return {program.wide_constants[instruction.a].low, program.wide_constants[instruction.a].high};
    return {program.constants[instruction.a].low, program.constants[instruction.a].high};
}

bool is_empty(const Program& program, Index number) {
    const Instruction& instruction = program.code[number];
    if (instruction.opcode != Opcode::Constant && instruction.opcode != Opcode::ConstantW) return false;
    const value::Range range = constant_range(program, instruction);
    return range.low > range.high;
}

void verify_program(Verification& here, Index subject) { CodeVerifier(here, subject).verify(); }

}  // namespace eligo::bytecode
