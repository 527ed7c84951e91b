// Making a plan: places for all registers that are needed, then the steps of each domain as schedule.hpp orders them.
// Tested by tests/unit/plan_test.cpp and tests/engines/.
#include "plan.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <optional>
#include <tuple>
#include <utility>

#include "../bytecode/slice.hpp"
#include "../value/date.hpp"
#include "fuse.hpp"
#include "profile.hpp"
#include "schedule.hpp"

namespace eligo::vm {
namespace {

using bytecode::Instruction;
using bytecode::Opcode;
using bytecode::Program;
using bytecode::Register;

bool is_least_or_greatest(Opcode opcode) {
    return opcode == Opcode::ReduceMinimum || opcode == Opcode::ReduceMaximum || opcode == Opcode::ReduceMinimumW || opcode == Opcode::ReduceMaximumW;
}

// What an instruction comes to where nothing is open and every number is held in 64 bits. Only sums, differences and
// products of 128 bits keep their own row: they may overflow.
Opcode known_form(Opcode opcode) {
    switch (opcode) {
        case Opcode::MultiplyAlong: case Opcode::MultiplyAcross: return Opcode::Multiply;
        case Opcode::MultiplyAlongW: case Opcode::MultiplyAcrossW: return Opcode::MultiplyW;
        case Opcode::Lesser: case Opcode::LesserW: return Opcode::LessEqual;
        case Opcode::SelectEnds: case Opcode::SelectW: case Opcode::SelectEndsW: return Opcode::Select;
        case Opcode::LessW: return Opcode::Less;
        case Opcode::LessEqualW: return Opcode::LessEqual;
        case Opcode::EqualW: return Opcode::Equal;
        case Opcode::MinimumW: return Opcode::Minimum;
        case Opcode::MaximumW: return Opcode::Maximum;
        default: return opcode;
    }
}

bytecode::Slice slice_for(const Program& program, const PlanRequest& request) {
    std::vector<Register> wanted(request.roots.begin(), request.roots.end());
    wanted.insert(wanted.end(), request.stop_at.begin(), request.stop_at.end());
    wanted.insert(wanted.end(), {request.verdict, request.first});
    return bytecode::slice_of(program, wanted);
}

// All registers are numbers of a slice of the program: the work and the memory are those of what is asked for.
class Maker {
public:
    Maker(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request)
        : pack_(pack), program_(pack.subjects[subject].program), slice_(slice_for(program_, request)), code_(slice_.code), request_(request) {
        for (const Register root : request.roots) roots_.push_back(slice_.number_of(root));
        for (const Register stop : request.stop_at) stops_.push_back(slice_.number_of(stop));
        request_.roots = roots_;
        request_.stop_at = stops_;
        request_.verdict = slice_.number_of(request.verdict);
        request_.first = slice_.number_of(request.first);
        plan_.subject = subject;
        plan_.program = &program_;
        plan_.first_register = request.first;
        plan_.verdict_register = request.verdict;
        places_.assign(code_.size(), no_place);
        known_places_.assign(code_.size(), no_place);
        clauses_.assign(code_.size(), 0);
        flags_.assign(code_.size(), no_place);
        loop_numbers_.assign(code_.size(), 0);
    }

    Plan make() {
        const auto effort = request_.stop_at.empty() ? Schedule::Effort::Everything : Schedule::Effort::Lazy;
        Schedule over_sets(pack_, plan_.subject, code_, Domain::Sets, effort), over_known(pack_, plan_.subject, code_, Domain::Known, effort);
        want(over_sets, request_.verdict);
        want(over_known, request_.stop_at.empty() ? request_.verdict : bytecode::no_register);  // see write_known_clauses
        const auto each_needed = [&](auto visit) {
            for (std::size_t i = 0; i < code_.size(); ++i)
                if (const auto number = static_cast<Register>(i); over_sets.needed(number) || over_known.needed(number)) visit(number);
        };
        each_needed([this](Register number) { place(number); });
        each_needed([&](Register number) { known_places_[number] = places_[over_known.resolved(number)]; });
        plan_.first = request_.first != bytecode::no_register ? known_places_[request_.first] : plan_.words++;
        if (request_.verdict != bytecode::no_register) plan_.verdict = known_places_[request_.verdict];
        // Where a run may end early it is not worked out from its clauses; the register may have the place of some other one.
        if (!request_.stop_at.empty()) plan_.verdict = plan_.words++;
        lay_out(over_sets, Domain::Sets);
        lay_out(over_known, Domain::Known);
        seat_all();
        return std::move(plan_);
    }

private:
    void want(Schedule& schedule, Register verdict) const {
        schedule.want(request_.first);
        for (const Register stop : request_.stop_at) schedule.want(stop);
        schedule.want(verdict);
        for (const Register root : request_.roots) schedule.want(root);
        schedule.prepare();
    }

    void seat_all() {
        for (std::size_t i = 0; i < code_.size(); ++i) {
            if (places_[i] == no_place) continue;
            const bool is_verdict = i == request_.verdict;
            plan_.seats.add(slice_.registers[i], {.known = is_verdict ? plan_.verdict : known_places_[i], .sets = places_[i], .wide = is_wide(static_cast<Register>(i))});
        }
    }

    // ---- places

    void place(Register i) {
        const Instruction& instruction = code_[i];
        const auto& row = bytecode::row(instruction.opcode);
        if (instruction.opcode == Opcode::Loop) add_loop(i);
        if (row.result == "-" || row.result == "L") return;
        places_[i] = plan_.words;
        register_at_.emplace(plan_.words, i);
        plan_.words += is_wide(i) ? 2U : 1U;
        switch (instruction.opcode) {
            case Opcode::Input: case Opcode::InputB: bind_input(instruction).place = places_[i]; break;
            case Opcode::Given: bind_input(instruction).given_place = places_[i]; break;
            case Opcode::Field: case Opcode::FieldB: bind_field(instruction).place = places_[i]; break;
            case Opcode::FieldGiven: bind_field(instruction).given_place = places_[i]; break;
            default: break;
        }
        if (is_reduction(instruction.opcode)) add_reduction(i);
    }

    bool is_wide(Register i) const { return bytecode::row(code_[i].opcode).result == "W"; }

    // Where the fact of a slot stands among `bindings`, which are those of a loop, or of the subject itself.
    static constexpr std::uint32_t no_loop = ~0U;
    std::uint32_t number_of(std::uint32_t loop, bytecode::Slot slot) const { return binding_numbers_.at({loop, slot.column, slot.year_offset}); }
    InputBinding& bind(std::vector<InputBinding>& bindings, std::uint32_t loop, bytecode::Index subject, bytecode::Slot slot) {
        const auto [found, is_new] = binding_numbers_.try_emplace({loop, slot.column, slot.year_offset}, static_cast<std::uint32_t>(bindings.size()));
        if (!is_new) return bindings[found->second];
        const bytecode::Column& column = pack_.subjects[subject].columns[slot.column];
        const bytecode::Fact& fact = pack_.subjects[column.subject].facts[column.fact()];
        return bindings.emplace_back(InputBinding{
            .slot = slot, .yearly = fact.yearly, .computed_default = fact.default_kind == bytecode::DefaultKind::Computed});
    }

    std::uint32_t input_number(const Instruction& instruction) const { return number_of(no_loop, program_.slots[instruction.a]); }
    std::uint32_t field_number(const Instruction& instruction) const {
        const std::uint16_t loop = loop_number(instruction.b);
        return number_of(loop, program_.lists[plan_.loops[loop].list].fields[instruction.a]);
    }
    InputBinding& bind_input(const Instruction& instruction) { return bind(plan_.inputs, no_loop, plan_.subject, program_.slots[instruction.a]); }
    InputBinding& bind_field(const Instruction& instruction) {
        const std::uint16_t number = loop_number(instruction.b);
        LoopPlan& loop = plan_.loops[number];
        return bind(loop.fields, number, program_.lists[loop.list].element, program_.lists[loop.list].fields[instruction.a]);
    }

    std::uint16_t loop_number(Register loop) const { return loop_numbers_[loop]; }

    void add_loop(Register i) {
        loop_numbers_[i] = static_cast<std::uint16_t>(plan_.loops.size());
        LoopPlan loop;
        loop.list = code_[i].a;
        loop.loop_register = slice_.registers[i];
        plan_.loops.push_back(std::move(loop));
    }

    void add_reduction(Register i) {
        LoopPlan::Reduction reduction{.place = places_[i], .wide = is_wide(i)};
        if (is_least_or_greatest(code_[i].opcode)) {
            reduction.flags = flags_[i] = plan_.words;
            plan_.words += 1;
        }
        plan_.loops[loop_number(code_[i].c)].reductions.push_back(reduction);
    }

    // ---- steps

    void lay_out(Schedule& schedule, Domain domain) {
        schedule_ = &schedule;
        domain_ = domain;
        steps_ = &plan_.steps[static_cast<std::size_t>(domain)];
        barrier_ = 0;
        last_block_ = no_block;
        find_needed_loops();
        if (domain == Domain::Sets) return lay_out_sets();
        find_zero();
        find_wanted();
        find_clauses();
        find_day_turns();
        if (request_.first != bytecode::no_register) write(schedule.take(request_.first));
        write_known_clauses();
        write(schedule.take_rest());
        append(Control::Finish);
        chain();
    }

    void lay_out_sets() {
        if (request_.first != bytecode::no_register) write(schedule_->take(request_.first));
        for (const Register stop : request_.stop_at) {
            write(schedule_->take(stop));
            append(Control::StopIfFalse, {.result = places_[request_.verdict], .a = place_of(stop)});
        }
        write(schedule_->take_rest());
        append(Control::Finish);
    }

    void find_day_turns() {
        for (std::size_t i = 0; i < code_.size(); ++i) {
            const auto number = static_cast<Register>(i);
            const auto asked = schedule_->needed(number) ? schedule_->simplified().months_asked_of(number) : std::nullopt;
            if (asked && turn_places_.try_emplace(asked->months, plan_.words).second) plan_.day_turns.push_back({asked->months, plan_.words++});
        }
        if (!plan_.day_turns.empty()) append(Control::BeginDay);
    }

    // Which clauses hang on each register, as bits.
    void find_clauses() {
        clauses_.assign(code_.size(), 0);
        const auto hang = [this](Register asked, std::uint64_t bits) {
            clauses_[schedule_->resolved(asked)] |= bits;
            for (const Register check : schedule_->checks(asked)) clauses_[check] |= bits;
        };
        for (const Register root : request_.roots)
            if (root != request_.first) hang(root, rest_bit);
        if (request_.first != bytecode::no_register) hang(request_.first, first_bit);
        for (std::size_t k = 0; k < request_.stop_at.size(); ++k) hang(request_.stop_at[k], bit_of(k));
        if (request_.stop_at.empty() && request_.verdict != bytecode::no_register) hang(request_.verdict, rest_bit);
        for (std::size_t i = code_.size(); i-- > 0;) {
            if (clauses_[i] == 0) continue;
            const Register loop = schedule_->loop_around(static_cast<Register>(i));
            if (loop != bytecode::no_register) clauses_[loop] |= clauses_[i];
            schedule_->simplified().visit_operands(static_cast<Register>(i), [&](Register used) { clauses_[used] |= clauses_[i]; });
        }
    }

    static std::uint64_t bit_of(std::size_t clause) { return std::uint64_t{1} << std::min(clause, clause_bits - 1); }

    // Where the step before certainly ran just before.
    void chain() {
        std::vector<bool> arrived_at(steps_->size() + 1, false);
        for (std::size_t i = 0; i < steps_->size(); ++i) {
            const Step& step = (*steps_)[i];
            const auto is = [&step](auto one) { return step.opcode == static_cast<std::uint16_t>(one); };
            if (is(Control::SkipIfFalse) || is(Control::SkipIfTrue)) arrived_at[i + step.b + 1] = true;
            if (is(Opcode::Loop) || is(Opcode::EndLoop)) arrived_at[i + 1] = true;
        }
        for (std::size_t i = steps_->size(); i-- > 1;)
            if (!arrived_at[i])
                if (const auto step = chained((*steps_)[i - 1], (*steps_)[i])) (*steps_)[i] = *step;
    }

    // A top clause on its way into the steps.
    struct Clause {
        Register outcome = bytecode::no_register;
        std::uint64_t bit = 0;
        std::vector<ScheduledItem> items;
    };

    // The clauses that are little work come first. A jump that the processor cannot guess costs more than a few steps: so a
    // failed clause ends the run only where much of it is left.
    void write_known_clauses() {
        if (request_.stop_at.empty()) return;
        constexpr int enough_behind = 10, enough_left = 20;
        struct Next {
            int work;
            std::size_t clause;
        };
        std::vector<Next> order;
        for (std::size_t k = 0; k < request_.stop_at.size(); ++k) order.push_back({schedule_->work_for(request_.stop_at[k]), k});
        std::stable_sort(order.begin(), order.end(), [](const Next& one, const Next& other) { return one.work < other.work; });
        std::vector<Clause> clauses;
        std::vector<int> work;
        for (const Next& next : order) {
            const Register stop = request_.stop_at[next.clause];
            clauses.push_back({schedule_->resolved(stop), bit_of(next.clause), schedule_->take(stop)});
            work.push_back(schedule_->work(clauses.back().items));
        }
        int left = std::accumulate(work.begin(), work.end(), 0), since = 0;
        std::vector<Clause> together;
        for (std::size_t k = 0; k < clauses.size(); ++k) {
            if (!together.empty() && since + work[k] > enough_behind && left >= enough_left) {
                write_together(together);
                append(Control::Decide, {.result = plan_.verdict});
                since = 0;
            }
            since += work[k];
            left -= work[k];
            together.push_back(std::move(clauses[k]));
        }
        write_together(together);
        append(request_.verdict_alone ? Control::EndVerdict : Control::EndClauses, {.result = plan_.verdict});
    }

    void write_together(std::vector<Clause>& clauses) {
        const std::size_t first = plan_.requirements.size();
        std::uint64_t given_up = 0;
        std::erase_if(clauses, [&](const Clause& clause) { return write_requirement(clause, given_up); });
        if (plan_.requirements.size() > first)
            append(Control::RequireFacts, {.a = static_cast<std::uint32_t>(first), .b = static_cast<std::uint32_t>(plan_.requirements.size()), .clauses = given_up});
        std::vector<ScheduledItem> all;
        for (const Clause& clause : clauses) all.insert(all.end(), clause.items.begin(), clause.items.end());
        read_together(all);
        for (const Clause& clause : clauses) {
            write_all_but_reads(clause.items);
            fail_unless(clause);
        }
        clauses.clear();
    }

    // A clause that is a fact, or compares one with a constant, where nothing else asks for either. Where it is not open as long as
    // nothing is known of the fact, or shares its bit with others, it is given up then.
    bool write_requirement(const Clause& clause, std::uint64_t& given_up) {
        if (is_asked(clause.outcome) || !schedule_->checks(clause.outcome).empty()) return false;
        Register number = clause.outcome;
        std::size_t items = 1;
        bool negated = false;
        if (code_[number].opcode == Opcode::Not) {
            number = schedule_->resolved(code_[number].a);
            negated = true;
            ++items;
        }
        auto asked = asked_of(number);
        if (!asked) return false;
        for (const Register inside : {number, asked->fact})
            if (inside != clause.outcome && (schedule_->times_used(inside) != 1 || schedule_->pinned(inside))) return false;
        if (asked->fact != number) ++items;
        const auto is_step = [this](const ScheduledItem& item) { return !is_constant(code_[item.number].opcode); };
        if (static_cast<std::size_t>(std::count_if(clause.items.begin(), clause.items.end(), is_step)) != items) return false;
        const InputBinding& binding = plan_.inputs[input_number(code_[asked->fact])];
        if (binding.yearly || binding.computed_default) return false;
        if (negated && !negate(asked->values, binding.slot.column)) return false;
        const Requirement& requirement = plan_.requirements.emplace_back(
            Requirement{.column = binding.slot.column, .low = static_cast<std::int64_t>(asked->values.low),
                        .others = static_cast<std::uint64_t>(asked->values.high) - static_cast<std::uint64_t>(asked->values.low), .clauses = clause.bit});
        const bool shared = clause.bit == bit_of(clause_bits);
        if (!request_.verdict_alone || shared || !is_open_unless_known(binding.slot.column, requirement)) given_up |= clause.bit;
        return true;
    }

    // A fact, and the values of it for which a register is true.
    struct Asked {
        struct Values {
            value::Int128 low = 0, high = 0;
        };
        Register fact = bytecode::no_register;
        Values values;
    };
    std::optional<Asked> asked_of(Register number) const {
        const Instruction& instruction = code_[number];
        if (instruction.opcode == Opcode::InputB) return Asked{number, {1, 1}};
        if (instruction.opcode != Opcode::Less && instruction.opcode != Opcode::LessEqual && instruction.opcode != Opcode::Equal) return std::nullopt;
        const Register a = schedule_->resolved(instruction.a), b = schedule_->resolved(instruction.b);
        const bool is_left = code_[a].opcode == Opcode::Input;
        const Register fact = is_left ? a : b;
        const auto bound = schedule_->simplified().constant_at(is_left ? b : a);
        if (code_[fact].opcode != Opcode::Input || !bound) return std::nullopt;
        if (instruction.opcode == Opcode::Equal) return Asked{fact, {*bound, *bound}};
        const int apart = instruction.opcode == Opcode::Less ? 1 : 0;
        Asked asked{fact, {left_out + 1, std::numeric_limits<std::int64_t>::max()}};
        (is_left ? asked.values.high : asked.values.low) = is_left ? *bound - apart : *bound + apart;
        // No number may lie there.
        return asked.values.low <= asked.values.high ? std::optional(asked) : std::nullopt;
    }

    // To all other values of a fact, where these lie side by side.
    bool negate(Asked::Values& values, bytecode::Index column) const {
        const bytecode::Fact& fact = fact_at(column);
        if (values.low <= fact.low) values = {std::max<value::Int128>(values.high + 1, fact.low), fact.high};
        else if (values.high >= fact.high) values = {fact.low, std::min<value::Int128>(values.low - 1, fact.high)};
        else return false;
        return values.low <= values.high;
    }

    const bytecode::Fact& fact_at(bytecode::Index column) const {
        const bytecode::Column& described = pack_.subjects[plan_.subject].columns[column];
        return pack_.subjects[described.subject].facts[described.fact()];
    }

    // Whether some of the fact's values satisfy it and some do not. Where others limit it there may be fewer than are declared.
    bool is_open_unless_known(bytecode::Index column, const Requirement& requirement) const {
        const bytecode::Fact& fact = fact_at(column);
        if (fact.low_fact != bytecode::none || fact.high_fact != bytecode::none || fact.low >= fact.high) return false;
        const auto after_low = [&](std::int64_t value) { return static_cast<std::uint64_t>(value) - static_cast<std::uint64_t>(requirement.low); };
        const bool low = after_low(fact.low) <= requirement.others, high = after_low(fact.high) <= requirement.others;
        return low != high;
    }

    // Whether anything but the one clause looks at what it comes to.
    bool is_asked(Register outcome) const {
        return times_wanted_[outcome] > 1 || schedule_->times_used(outcome) != 0;
    }
    void find_wanted() {
        times_wanted_.assign(code_.size(), 0);
        for (const Register number : schedule_->simplified().wanted()) ++times_wanted_[schedule_->resolved(number)];
    }

    void fail_unless(const Clause& clause) {
        const Step end{.opcode = static_cast<std::uint16_t>(Control::FailIfFalse), .a = place_of(clause.outcome), .clauses = clause.bit};
        const bool is_last = !steps_->empty() && steps_->back().result == end.a && !is_constant(code_[clause.outcome].opcode);
        if (!is_last || is_asked(clause.outcome) || !fuse(end)) steps_->push_back(end);
    }

    // ---- facts over known values: many in one step, before what reads them

    // A fact that is read with others: InputBinding of a fact of the subject or of the element at hand; none when it needs a step of its own.
    const InputBinding* read_with_others(Register number) const {
        const Instruction& instruction = code_[number];
        switch (instruction.opcode) {
            case Opcode::Input: case Opcode::InputB: {
                if (schedule_->read_by_choice(number)) return nullptr;
                const InputBinding& binding = plan_.inputs[input_number(instruction)];
                return binding.computed_default ? nullptr : &binding;
            }
            case Opcode::Field: case Opcode::FieldB: {
                const std::uint16_t loop = loop_number(instruction.b);
                // The element at hand is the innermost loop's.
                if (open_loops_.empty() || open_loops_.back() != loop || (guarded_ && has_loop_inside(instruction.b))) return nullptr;
                const InputBinding& binding = field_binding(instruction);
                return binding.computed_default || binding.yearly ? nullptr : &binding;
            }
            default: return nullptr;
        }
    }

    const InputBinding& field_binding(const Instruction& instruction) const { return plan_.loops[loop_number(instruction.b)].fields[field_number(instruction)]; }

    void read_together(const std::vector<ScheduledItem>& items) {
        for (const Control control : {Control::ReadFacts, Control::ReadYears, Control::ReadElements}) {
            const std::size_t first = plan_.reads.size();
            for (const ScheduledItem& item : items) {
                const InputBinding* const binding = read_with_others(item.number);
                if (binding == nullptr) continue;
                const Opcode opcode = code_[item.number].opcode;
                const bool element = opcode == Opcode::Field || opcode == Opcode::FieldB;
                if (control == (element ? Control::ReadElements : binding->yearly ? Control::ReadYears : Control::ReadFacts)) plan_.reads.push_back(read_of(*binding, item.number));
            }
            if (control == Control::ReadFacts && plan_.reads.size() == first + 1) append_guarded(Control::ReadFact, {.result = plan_.reads.back().place, .a = static_cast<std::uint32_t>(first)});
            else if (plan_.reads.size() > first) append_guarded(control, {.a = static_cast<std::uint32_t>(first), .b = static_cast<std::uint32_t>(plan_.reads.size())});
        }
    }

    FactRead read_of(const InputBinding& binding, Register number) {
        const std::int32_t offset = binding.slot.year_offset;
        if (binding.yearly) {
            plan_.first_year = std::min(plan_.first_year, offset);
            plan_.last_year = std::max(plan_.last_year, offset);
        }
        return {.place = places_[number], .column = binding.slot.column, .year_offset = offset,
                .year_place = binding.yearly ? yearly().place(binding.slot.column, offset) : 0, .clauses = clauses_[number]};
    }
    // Looked for among all columns of the subject, when it is asked for.
    const YearlyColumns& yearly() {
        if (!yearly_) yearly_ = yearly_columns(pack_, plan_.subject);
        return *yearly_;
    }

    // What the block at hand needs only where its condition holds.
    void append_guarded(Control control, Step step) {
        step.c = guard_;
        append(control, step);
    }

    // ---- steps of a level

    void write(const std::vector<ScheduledItem>& items) {
        if (domain_ == Domain::Known) read_together(items);
        write_all_but_reads(items);
    }

    void write_all_but_reads(const std::vector<ScheduledItem>& items) {
        for (const ScheduledItem& item : items) {
            if (domain_ == Domain::Known && read_with_others(item.number) != nullptr) continue;
            const std::size_t behind = steps_->size();
            for (const ScheduledBlock& block : item.guarded) write(block);
            if (!join(behind, item)) write(item.number);
        }
    }

    // A sum or an extreme over the elements of which a condition holds goes into the block that is run where it does.
    bool join(std::size_t behind, const ScheduledItem& item) {
        const Instruction& instruction = code_[item.number];
        if (!is_reduction(instruction.opcode) || instruction.opcode == Opcode::ReduceAny) return false;
        // Behind its own block, or behind one that another of the same condition has just joined.
        if (steps_->size() != behind) last_block_ = behind;
        if (last_block_ == no_block || last_block_ >= steps_->size()) return false;
        Step& skip = (*steps_)[last_block_];
        if (skip.opcode != static_cast<std::uint16_t>(Control::SkipIfFalse) || skip.a != place_of(instruction.b) || last_block_ + skip.b + 1 != steps_->size()) return false;
        const std::size_t before = steps_->size();
        write(item.number);
        (*steps_)[last_block_].b += static_cast<std::uint32_t>(steps_->size() - before);
        barrier_ = steps_->size();
        return true;
    }

    // What is little work is done whether it is needed or not, where that costs less than a jump that cannot be guessed.
    void write(const ScheduledBlock& block) {
        constexpr int worth_a_jump = 16;
        const bool jump = domain_ == Domain::Sets || schedule_->work(block.items) >= worth_a_jump;
        const bool was_guarded = std::exchange(guarded_, true);
        if (jump) {
            const std::size_t at = steps_->size();
            append(block.when ? Control::SkipIfFalse : Control::SkipIfTrue, {.a = place_of(block.condition)});
            write(block.items);
            (*steps_)[at].b = static_cast<std::uint32_t>(steps_->size() - at - 1);
            barrier_ = steps_->size();
        } else {
            plan_.guards.push_back({.condition = place_of(block.condition), .when = block.when, .outer = guard_});
            const std::uint32_t outer = std::exchange(guard_, static_cast<std::uint32_t>(plan_.guards.size() - 1));
            write(block.items);
            guard_ = outer;
        }
        guarded_ = was_guarded;
    }

    void append(Control control, Step step = {}) {
        step.opcode = static_cast<std::uint16_t>(control);
        steps_->push_back(step);
    }

    std::uint32_t place_of(Register number) const {
        const std::uint32_t place = (domain_ == Domain::Known ? known_places_ : places_)[number];
        return place == no_place ? 0 : place;
    }

    std::uint32_t operand_of_step(const Instruction& instruction, std::size_t index) const {
        const std::uint16_t number = operand(instruction, index);
        return operand_kind(instruction.opcode, index) == Operand::Result ? place_of(number) : number;
    }

    void write(Register i) {
        const Instruction& instruction = code_[i];
        if (is_constant(instruction.opcode)) return write_constant(i);
        switch (instruction.opcode) {
            case Opcode::Input: case Opcode::InputB: return read_input(i);
            case Opcode::Given: return append(Control::ReadGiven, {.result = places_[i], .a = input_number(instruction)});
            case Opcode::Field: case Opcode::FieldB: return read_field(Control::ReadField, i);
            case Opcode::FieldGiven: return read_field(Control::ReadFieldGiven, i);
            case Opcode::Loop: return write_loop(i);
            case Opcode::OrUnknown: case Opcode::OrUnknownW: case Opcode::OrUnknownB:
                if (domain_ == Domain::Known)
                    return write_known(i, {.opcode = static_cast<std::uint16_t>(Control::GiveUpUnless), .result = places_[i], .a = place_of(instruction.a), .c = guard_, .clauses = clauses_[i]});
                break;
            default: break;
        }
        Step step;
        step.opcode = static_cast<std::uint16_t>(domain_ == Domain::Known ? known_form(instruction.opcode) : instruction.opcode);
        step.result = places_[i];
        step.a = operand_of_step(instruction, 0);
        step.b = operand_of_step(instruction, 1);
        step.c = operand_of_step(instruction, 2);
        if (instruction.opcode == Opcode::Parameter || instruction.opcode == Opcode::ParameterGiven) step.a = parameter_number(instruction.a);
        if (is_reduction(instruction.opcode)) {
            step.loop = loop_number(instruction.c);
            if (flags_[i] != no_place) step.flags = flags_[i];
        }
        if (domain_ == Domain::Known && instruction.opcode == Opcode::InSet) step.b = set_number(instruction.b);
        if (domain_ == Domain::Known) step.clauses = clauses_[i];
        if (domain_ == Domain::Known && !is_reduction(instruction.opcode)) write_known(i, step);
        else steps_->push_back(step);
    }

    void write_constant(Register i) {
        const Instruction& instruction = code_[i];
        if (domain_ == Domain::Sets || instruction.opcode != Opcode::ConstantW) return;
        const auto& constant = program_.wide_constants[instruction.a];
        if (!value::fits_int64(constant.low)) append_guarded(Control::GiveUp, {.clauses = clauses_[i]});
    }

    // A step of known values, in one with the step before it where that is possible.
    void write_known(Register i, Step step) {
        if (const auto asked = schedule_->simplified().months_asked_of(i)) {
            const Place fact = places_[asked->fact], turn = turn_places_.at(asked->months);
            return steps_->push_back({.opcode = static_cast<std::uint16_t>(asked->until ? Opcode::LessEqual : Opcode::Less), .result = step.result,
                                      .a = asked->until ? fact : turn, .b = asked->until ? turn : fact, .clauses = step.clauses});
        }
        if (const auto year = year_asked_of(i)) {
            step = *year;
            const Register end = year_end_of(i);
            if (!steps_->empty() && steps_->back().opcode == static_cast<std::uint16_t>(Opcode::YearEnd) && steps_->back().result == places_[end] && steps_->size() > barrier_ &&
                !schedule_->pinned(end) && schedule_->times_used(end) == 1)
                steps_->pop_back();
        }
        for (std::size_t k = 0; k < 3; ++k) {
            const Instruction& instruction = code_[i];
            if (operand_kind(instruction.opcode, k) != Operand::Result) continue;
            const Register used = schedule_->resolved(operand(instruction, k));
            if (steps_->empty() || steps_->back().result != places_[used] || schedule_->pinned(used) || schedule_->times_used(used) != 1) continue;
            if (!fuse(step)) continue;
            fuse_behind();
            return;
        }
        steps_->push_back(step);
    }

    // A step that was made of two may now go with the one before it.
    void fuse_behind() {
        while (steps_->size() >= 2 && steps_->size() - 1 > barrier_) {
            const Step last = *(steps_->end() - 2), next = steps_->back();
            const Register number = register_at(last.result);
            if (number == bytecode::no_register || schedule_->pinned(number) || schedule_->times_used(number) != 1) return;
            const auto one = fused(last, next, zero_);
            if (!one) return;
            steps_->pop_back();
            steps_->back() = *one;
        }
    }
    Register register_at(Place place) const {
        const auto found = register_at_.find(place);
        return found == register_at_.end() ? bytecode::no_register : found->second;
    }

    // The YearEnd that an instruction compares, or no register.
    Register year_end_of(Register number) const {
        const Instruction& instruction = code_[number];
        if (instruction.opcode != Opcode::Less && instruction.opcode != Opcode::LessEqual) return bytecode::no_register;
        for (const Register operand : {schedule_->resolved(instruction.a), schedule_->resolved(instruction.b)})
            if (code_[operand].opcode == Opcode::YearEnd) return operand;
        return bytecode::no_register;
    }

    // How the last day of a year lies to a day that is written down is a question of years alone.
    std::optional<Step> year_asked_of(Register number) const {
        const Register end = year_end_of(number);
        if (end == bytecode::no_register) return std::nullopt;
        const Instruction& instruction = code_[number];
        const bool end_first = schedule_->resolved(instruction.a) == end, strict = instruction.opcode == Opcode::Less;
        const auto day = schedule_->simplified().constant_at(schedule_->resolved(end_first ? instruction.b : instruction.a));
        if (!day || *day < value::first_day || *day > value::last_day) return std::nullopt;
        // The end of a year lies on or after a day from the day's own year on, and after it from the next one on where the day is itself such an end.
        std::int32_t year = value::year_of(static_cast<value::Day>(*day));
        if (end_first != strict && value::year_end(year) == *day) ++year;
        return Step{.opcode = static_cast<std::uint16_t>(end_first ? Control::YearBelow : Control::YearAtLeast), .result = places_[number],
                    .a = code_[end].a, .b = static_cast<std::uint32_t>(year), .clauses = clauses_[number]};
    }

    // Not across a place where a jump arrives.
    bool fuse(const Step& next) {
        if (steps_->size() <= barrier_) return false;
        const auto one = fused(steps_->back(), next, zero_);
        if (!one) return false;
        steps_->back() = *one;
        return true;
    }

    void find_zero() {
        for (std::size_t i = 0; i < code_.size(); ++i)
            if (code_[i].opcode == Opcode::Constant && program_.constants[code_[i].a] == bytecode::Constant{0, 0} && places_[i] != no_place) zero_ = places_[i];
    }

    std::uint32_t parameter_number(bytecode::Index parameter) {
        const auto [found, is_new] = parameter_numbers_.try_emplace(parameter, static_cast<std::uint32_t>(plan_.parameters.size()));
        if (!is_new) return found->second;
        const bytecode::Parameter& looked_up = pack_.parameters[parameter];
        ParameterPlan result{.low = looked_up.low, .entries = {}, .parameter = &looked_up};
        if (looked_up.entries.size() <= ParameterPlan::handful)
            for (const auto& entry : looked_up.entries) result.entries.push_back({entry.from, entry.to, entry.published, entry.value});
        plan_.parameters.push_back(std::move(result));
        return found->second;
    }

    std::uint32_t set_number(bytecode::Index set) {
        const auto [found, is_new] = set_numbers_.try_emplace(set, static_cast<std::uint32_t>(plan_.sets.size()));
        if (is_new) plan_.sets.push_back(make_set_plan(set, program_.sets[set]));
        return found->second;
    }

    void read_input(Register i) {
        const std::uint32_t number = input_number(code_[i]);
        if (domain_ == Domain::Known && schedule_->read_by_choice(i)) {
            append(Control::ReadYear, {.result = places_[i], .a = static_cast<std::uint32_t>(plan_.reads.size()), .clauses = clauses_[i]});
            return plan_.reads.push_back(read_of(plan_.inputs[number], i));
        }
        if (domain_ == Domain::Known && is_read_where_given(number)) {
            Step& given = steps_->back();
            given = {.opcode = static_cast<std::uint16_t>(plan_.inputs[number].yearly ? Control::ReadYearIfGiven : Control::ReadIfGiven), .result = given.result, .a = static_cast<std::uint32_t>(plan_.reads.size()),
                     .c = plan_.guards[guard_].outer, .clauses = clauses_[i]};
            return plan_.reads.push_back(read_of(plan_.inputs[number], i));
        }
        append_guarded(Control::ReadInput, {.a = number, .clauses = clauses_[i]});
    }

    // Just behind the step that says whether the fact is given, and only looked at where it is.
    bool is_read_where_given(std::uint32_t input) const {
        if (guard_ == no_guard || steps_->size() <= barrier_ || steps_->back().opcode != static_cast<std::uint16_t>(Control::ReadGiven) || steps_->back().a != input) return false;
        return plan_.guards[guard_].when && plan_.guards[guard_].condition == plan_.inputs[input].given_place;
    }

    void read_field(Control control, Register i) {
        append_guarded(control, {.loop = loop_number(code_[i].b), .a = field_number(code_[i]), .clauses = clauses_[i]});
    }

    bool has_loop_inside(Register loop) const {
        const auto inside = std::lower_bound(needed_loops_.begin(), needed_loops_.end(), loop + 1U);
        return inside != needed_loops_.end() && *inside < code_[loop].b;
    }
    void find_needed_loops() {
        needed_loops_.clear();
        for (std::size_t i = 0; i < code_.size(); ++i)
            if (const auto number = static_cast<Register>(i); code_[i].opcode == Opcode::Loop && schedule_->needed(number)) needed_loops_.push_back(number);
    }

    void write_loop(Register i) {
        const std::uint16_t number = loop_number(i);
        const auto at = [this] { return static_cast<std::uint32_t>(steps_->size()); };
        plan_.loops[number].begin[static_cast<std::size_t>(domain_)] = at();
        steps_->push_back({.opcode = static_cast<std::uint16_t>(Opcode::Loop), .loop = number, .clauses = clauses_[i]});
        barrier_ = at();
        open_loops_.push_back(number);
        const bool was_guarded = std::exchange(guarded_, false);
        write(schedule_->body(i));
        guarded_ = was_guarded;
        open_loops_.pop_back();
        plan_.loops[number].end[static_cast<std::size_t>(domain_)] = at();
        steps_->push_back({.opcode = static_cast<std::uint16_t>(Opcode::EndLoop), .loop = number});
        barrier_ = at();
    }

    const bytecode::Pack& pack_;
    const Program& program_;
    bytecode::Slice slice_;
    std::span<const Instruction> code_;
    PlanRequest request_;  // in the slice's numbers
    std::vector<Register> roots_, stops_;
    std::optional<YearlyColumns> yearly_;
    Plan plan_;
    std::vector<Place> places_, known_places_;  // of each register; no_place where the plan does not work it out
    std::vector<Place> flags_;                  // of each reduction that has any
    std::vector<std::uint16_t> loop_numbers_;   // of each register that is a loop
    std::vector<Register> needed_loops_;        // ascending
    std::vector<std::uint32_t> times_wanted_;   // of each register, over known values
    std::map<Place, Register> register_at_;
    std::map<std::tuple<std::uint32_t, bytecode::Index, std::int32_t>, std::uint32_t> binding_numbers_;
    std::map<bytecode::Index, std::uint32_t> parameter_numbers_, set_numbers_;
    std::map<std::int32_t, Place> turn_places_;
    Schedule* schedule_ = nullptr;
    Domain domain_ = Domain::Known;
    std::vector<Step>* steps_ = nullptr;
    std::vector<std::uint16_t> open_loops_;
    std::size_t barrier_ = 0;  // no step before it is changed any more
    Place zero_ = no_place;    // of the constant 0
    std::vector<std::uint64_t> clauses_;  // of each register: those that hang on it
    std::uint32_t guard_ = no_guard;  // over known values: of the block that is written without a jump
    bool guarded_ = false;  // in a block of the level at hand
    static constexpr std::size_t no_block = ~std::size_t{0};
    std::size_t last_block_ = no_block;  // the SkipIfFalse of the block a reduction belongs to
};

}  // namespace

SetPlan make_set_plan(bytecode::Index number, const bytecode::Set& set) {
    SetPlan plan{.number = number, .squares = {}};
    const auto& intervals = set.intervals;
    if (intervals.empty() || (intervals.front().low >= 0 && intervals.back().high <= 63)) {
        plan.form = SetPlan::Form::Bits;
        for (const auto& interval : intervals)
            for (std::int64_t i = interval.low; i <= interval.high; ++i) plan.bits |= std::uint64_t{1} << i;
        return plan;
    }
    // So small that products with the reciprocal are exact and fit 64 bits.
    constexpr std::uint64_t widest = 1U << 22, longest_side = 1U << 16, most_squares = 1U << 12;
    if (intervals.size() > most_squares / 2) return plan;
    plan.low = intervals.front().low;
    plan.span = static_cast<std::uint64_t>(intervals.back().high) - static_cast<std::uint64_t>(plan.low) + 1;
    if (plan.span == 0 || plan.span > widest) return plan;
    std::uint64_t side = 0;
    for (const auto& interval : intervals) side = std::gcd(side, std::gcd(static_cast<std::uint64_t>(interval.low - plan.low), static_cast<std::uint64_t>(interval.high - plan.low + 1)));
    if (side > longest_side || plan.span / side > most_squares) return plan;
    plan.form = SetPlan::Form::Grid;
    plan.reciprocal = ((std::uint64_t{1} << SetPlan::reciprocal_bits) + side - 1) / side;
    plan.squares.resize(plan.span / side / 64 + 1);
    for (const auto& interval : intervals)
        for (std::uint64_t at = static_cast<std::uint64_t>(interval.low - plan.low) / side; at * side <= static_cast<std::uint64_t>(interval.high - plan.low); ++at)
            plan.squares[at / 64] |= std::uint64_t{1} << (at % 64);
    return plan;
}

void Seats::add(bytecode::Register number, const Seat& seat) {
    std::uint16_t& its_page = page_of_[number / page];
    if (its_page == 0) {
        its_page = static_cast<std::uint16_t>(pages_.size());
        pages_.emplace_back();
    }
    registers_.push_back(number);
    seats_.push_back(seat);
    pages_[its_page][number % page] = static_cast<std::uint16_t>(seats_.size());
}

std::size_t bytes_of(const Plan& plan) {
    const auto held = [](const auto& list) { return list.capacity() * sizeof list[0]; };
    std::size_t bytes = sizeof(Plan) + plan.seats.bytes() + held(plan.steps[0]) + held(plan.steps[1]) + held(plan.inputs) + held(plan.loops) + held(plan.parameters) + held(plan.sets) +
                        held(plan.guards) + held(plan.reads) + held(plan.requirements) + held(plan.day_turns);
    for (const LoopPlan& loop : plan.loops) bytes += held(loop.fields) + held(loop.reductions);
    for (const ParameterPlan& parameter : plan.parameters) bytes += held(parameter.entries);
    for (const SetPlan& set : plan.sets) bytes += held(set.squares);
    return bytes;
}

Plan make_plan(const bytecode::Pack& pack, bytecode::Index subject, const PlanRequest& request) { return Maker(pack, subject, request).make(); }

}  // namespace eligo::vm
