// Block by block: find the columns, see of what kind the block is, go through the steps for that kind, write the verdicts
// and amounts. Tested by tests/engines/columnar.cpp.
#include "run.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "bits.hpp"
#include "kernels/kernels.hpp"
#include "results.hpp"
#include "sources.hpp"
#include "specialise.hpp"

namespace eligo::columnar {
namespace {

constexpr std::size_t most_specialisations = 24;
constexpr std::size_t many_rows = 262'144;
constexpr std::size_t rows_ahead = 512;  // a page of a column of money: far enough that it is there, near enough that it still is
constexpr std::size_t most_of_rows = 3;  // a third: gathering them would cost as much as working all of them out

// Ranges are widened to few numbers of bits, so that blocks which differ little are of one kind.
constexpr auto widened_bits = [] {
    std::array<int, 61> table{};
    std::size_t bits = 0;
    for (const int wide : {7, 8, 10, 12, 14, 15, 16, 20, 24, 28, 31, 32, 36, 40, 44, 48, 50, 52, 56, 60})
        for (; bits <= static_cast<std::size_t>(wide); ++bits) table[bits] = wide;
    return table;
}();
std::int64_t widened(std::int64_t most) {
    const auto bits = static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(most)));
    return bits < widened_bits.size() ? (std::int64_t{1} << widened_bits[bits]) - 1 : std::numeric_limits<std::int64_t>::max();
}

// What the known values of a column lie within.
Interval<std::int64_t> bounds_of(const Column& column, Interval<std::int64_t> declared) {
    Interval<std::int64_t> range = declared;
    if (column.bounded) {
        range = {std::max(range.low, column.least), std::min(range.high, column.greatest)};
    } else if (column.dictionary == nullptr) {
        const Interval<std::int64_t> element = range_of(column.element);
        std::int64_t low = 0, high = 0;
        if (!__builtin_mul_overflow(element.low, column.multiplier, &low)) range.low = std::max(range.low, low);
        if (!__builtin_mul_overflow(element.high, column.multiplier, &high)) range.high = std::min(range.high, high);
    }
    if (range.low > range.high) return declared;
    const Interval<std::int64_t> wide{range.low >= 0 ? 0 : -widened(range.low == INT64_MIN ? INT64_MAX : -range.low), range.high < 0 ? -1 : widened(range.high)};
    return {std::max(declared.low, wide.low), std::min(declared.high, wide.high)};
}

}  // namespace

struct Memory::State {
    explicit State(const Plan& plan) : buffers(plan.code().block), lanes(plan.code().levels.size()), roots(plan.code().levels.size()), views(plan.code().sources.size()) {
        kind.sources.resize(views.size());
        kind.open_lists.resize(lanes.size());
        declared = declared_ranges(plan.code());
        for (std::size_t i = 0; i < views.size(); ++i) kind.sources[i].range = declared[i];
        sources_at.resize(lanes.size());
        first_sources.resize(lanes.size());
        next_source.resize(views.size());
        for (auto i = static_cast<std::uint32_t>(views.size()); i-- > 0;) {
            const InputSource& source = plan.code().sources[i];
            sources_at[source.level].push_back(i);
            auto& first = first_sources[source.level];
            if (first.size() <= source.column) first.resize(source.column + std::size_t{1}, no_input);
            next_source[i] = first[source.column];
            first[source.column] = i;
        }
    }

    // The sources that read a column are a chain.
    [[nodiscard]] std::uint32_t first_source(std::size_t level, bytecode::Index column) const {
        return column < first_sources[level].size() ? first_sources[level][column] : no_input;
    }

    Buffers buffers;
    std::vector<LevelLanes> lanes;                                      // by level
    std::vector<std::vector<std::uint32_t>> roots;                      // by level: the row of the block of each lane
    std::vector<View> views;                                            // by source
    std::vector<std::vector<std::uint32_t>> sources_at, first_sources;  // by level; the latter then by column
    std::vector<std::uint32_t> next_source;                             // by source
    std::vector<std::uint32_t> varying;                                 // sources whose openness one block may have and another not
    std::vector<Interval<std::int64_t>> declared, bounds;               // by source: of its fact; of this batch's column
    BlockKind kind;
    std::vector<std::unique_ptr<Specialisation>> specialisations;
    std::size_t next_to_go = 0;
    Specialisation* last = nullptr;
};

namespace {

class Runner {
public:
    Runner(const Plan& plan, Memory::State& state, const Batch& batch, const Output& output)
        : code_(plan.code()), plan_(plan), state_(state), batch_(batch), output_(output), program_(code_.pack->subjects[code_.subject].program) {}

    void run(std::size_t first, std::size_t count) {
        find_lists();
        find_sources();
        past_cache_ = count >= many_rows;
        for (std::size_t done = 0; done < count; done += code_.block) {
            ahead_ = done + code_.block < count ? std::min(code_.block, rows_ahead) : 0;
            run_block(first + done, std::min(code_.block, count - done), done);
        }
        if (past_cache_) kernels_.settle_stores();
    }

private:
    // ---- what the batch has

    void find_lists() {
        state_.lanes[0].batch = &batch_;
        for (std::size_t level = 1; level < code_.levels.size(); ++level) {
            LevelLanes& lanes = state_.lanes[level];
            lanes.list = nullptr;
            lanes.batch = nullptr;
            for (const ListColumn& list : batch_.lists)
                if (list.column == program_.lists[code_.levels[level].list].column) lanes.list = &list;
            if (lanes.list != nullptr) lanes.batch = lanes.list->elements;
        }
    }

    void find_sources() {
        for (std::size_t level = 0; level < state_.lanes.size() && level < code_.levels.size(); ++level) {
            for (const std::uint32_t source : state_.sources_at[level]) find_nothing(state_.views[source], code_.sources[source], code_.options.fiscal_year_by_row);
            if (state_.lanes[level].batch == nullptr) continue;
            for (const BatchColumn& column : state_.lanes[level].batch->columns)
                for (std::uint32_t source = state_.first_source(level, column.column); source != no_input; source = state_.next_source[source])
                    offer_column(state_.views[source], code_.sources[source], column, code_.fiscal_year);
        }
        state_.varying.clear();
        state_.bounds.resize(code_.sources.size());
        for (std::uint32_t i = 0; i < code_.sources.size(); ++i) {
            const InputSource& source = code_.sources[i];
            View& view = state_.views[i];
            settle_columns(view);
            const bool same_throughout = source.level == 0 && !view.by_year && (view.column == nullptr || (view.column->values != nullptr && !view.column->known.exists()));
            if (source.value_read && !same_throughout) state_.varying.push_back(i);
            state_.bounds[i] = state_.declared[i];
            if (view.column == nullptr || view.column->values == nullptr) continue;
            state_.bounds[i] = bounds_of(*view.column, state_.declared[i]);
            if (source.fact->default_kind == bytecode::DefaultKind::Constant)
                state_.bounds[i] = value::domain::hull(state_.bounds[i], {source.fact->default_value, source.fact->default_value});
        }
    }

    // ---- one block

    void run_block(std::size_t first, std::size_t count, std::size_t done) {
        LevelLanes& rows = state_.lanes[0];
        rows.first = first;
        rows.count = count;
        if (code_.options.fiscal_year_by_row) {
            rows.years.resize(count);
            for (std::size_t i = 0; i < count; ++i) rows.years[i] = batch_.fiscal_years != nullptr ? batch_.fiscal_years[first + i] : code_.fiscal_year;
        }
        const Specialisation& steps = see_kind(first, count, done) ? specialisation() : *state_.last;
        if (state_.lanes.size() < steps.steps.size()) state_.lanes.resize(steps.steps.size());
        run_steps(steps, 0);
        write_results(plan_, steps, count, done, output_, past_cache_);
    }

    // Whether the block may be of another kind than the last one.
    bool see_kind(std::size_t first, std::size_t count, std::size_t done) {
        bool changed = false;
        for (std::size_t level = 1; level < code_.levels.size(); ++level) {
            if (code_.levels[level].reductions.empty()) continue;
            LevelLanes& lanes = state_.lanes[level];
            lanes.any_open = lanes.list == nullptr;
            for (std::size_t i = 0; i < count && !lanes.any_open; ++i) lanes.any_open = lanes.list->known.exists() && !lanes.list->known.at(first + i);
            changed = changed || state_.kind.open_lists[level] != static_cast<std::uint8_t>(lanes.any_open);
            state_.kind.open_lists[level] = lanes.any_open;
        }
        if (done == 0) {
            for (std::uint32_t i = 0; i < code_.sources.size(); ++i)
                if (code_.sources[i].value_read) state_.kind.sources[i] = kind_of(i, first, count);
            return true;
        }
        for (const std::uint32_t i : state_.varying) {
            const SourceKind kind = kind_of(i, first, count);
            if (kind == state_.kind.sources[i]) continue;
            state_.kind.sources[i] = kind;
            changed = true;
        }
        return changed;
    }

    SourceKind kind_of(std::uint32_t number, std::size_t first, std::size_t count) const {
        const InputSource& source = code_.sources[number];
        const View& view = state_.views[number];
        SourceKind kind;
        kind.range = state_.declared[number];
        if (source.level != 0) {
            if (elements_are_exact(number, first, count)) kind = {.openness = Openness::Defaulted, .range = state_.bounds[number]};
            return kind;
        }
        kind.openness = openness_of(view, source, first, count);
        if (view.column != nullptr && view.column->values != nullptr) kind.range = state_.bounds[number];
        kind.in_place = is_in_place(view, source);
        if (!kind.in_place) return kind;
        kind.element = view.column->element;
        kind.multiplier = view.column->multiplier;
        kind.dictionary = view.column->dictionary;
        kind.dictionary_size = view.column->dictionary_size;
        return kind;
    }

    bool elements_are_exact(std::uint32_t number, std::size_t first, std::size_t count) const {
        const InputSource& source = code_.sources[number];
        const LevelLanes& lanes = state_.lanes[source.level];
        if (lanes.any_open) return false;
        const std::int64_t begin = lanes.list->begin(first), end = lanes.list->begin(first + count);
        return is_exact(openness_of(state_.views[number], source, static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)));
    }

    const Specialisation& specialisation() {
        if (state_.last != nullptr && state_.last->kind == state_.kind) return *state_.last;
        for (const auto& made : state_.specialisations)
            if (made->kind == state_.kind) return *(state_.last = made.get());
        auto made = specialise(code_, state_.kind, state_.buffers);
        state_.last = made.get();
        if (state_.specialisations.size() < most_specialisations) {
            state_.specialisations.push_back(std::move(made));
        } else {
            state_.specialisations[state_.next_to_go++ % most_specialisations] = std::move(made);
        }
        return *state_.last;
    }

    // ---- steps

    void run_steps(const Specialisation& made, std::size_t level) {
        LevelLanes& lanes = state_.lanes[level];
        const std::vector<Step>& steps = made.steps[level];
        for (std::size_t next = 0; next < steps.size(); ++next) {
            const Step& step = steps[next];
            switch (step.action) {
                case Action::Execute: run_instruction(step, lanes); break;
                case Action::Value: read_value(state_.views[step.id], code_.sources[step.id], lanes, step.arguments.result, step.arguments.a, step.arguments.b); break;
                case Action::Truth: read_truth(state_.views[step.id], code_.sources[step.id], lanes, step.arguments.result); break;
                case Action::Given: read_given(state_.views[step.id], code_.sources[step.id], lanes, step.arguments.result); break;
                case Action::Expand: expand(step, lanes); break;
                case Action::Level: run_elements(made, step.id, level); break;
                case Action::Clear: clear(step, lanes.count); break;
                case Action::Reduce: run_reduction(step, lanes); break;
                case Action::Raw: read_raw(state_.views[step.id], lanes, static_cast<std::int64_t*>(step.arguments.result.low)); break;
                case Action::Known: read_known(state_.views[step.id], lanes, static_cast<std::uint64_t*>(step.arguments.result.low)); break;
                case Action::Bounds: compare_bounds(step, made.fast[step.fast], lanes); break;
                case Action::Settle: settle(step, made.fast[step.fast], lanes.count); break;
                case Action::Member:
                    kernels_.member_u8(in_place<std::uint8_t>(step.id, lanes), lanes.count, ahead_, made.fast[step.fast].set, words(step.arguments.result.low));
                    break;
                case Action::Sum:
                case Action::SumNotAbove:
                case Action::SumIsZero:
                case Action::SumDivided: run_sum(step, made.fast[step.fast], lanes); break;
                case Action::NarrowNotAbove:
                case Action::NarrowIsZero:
                case Action::ShortNotAbove:
                case Action::ShortIsZero: run_narrow_sum(step, made.fast[step.fast], lanes); break;
                case Action::Multiply:
                case Action::Minimum:
                case Action::Maximum: run_pair(step, made.fast[step.fast], lanes); break;
                case Action::Select: run_select(step, made.fast[step.fast], lanes); break;
                case Action::AndAll: join(kernels_.and_all, made.fast[step.fast], lanes.count, words(step.arguments.result.low)); break;
                case Action::OrAll: join(kernels_.or_all, made.fast[step.fast], lanes.count, words(step.arguments.result.low)); break;
                case Action::Copy: copy(step, lanes.count); break;
                case Action::Some:
                    if (run_some(made, made.fast[step.fast], lanes)) next += made.fast[step.fast].passed_over;
                    break;
                case Action::Patch: patch(made, step, made.fast[step.fast], lanes); break;
            }
        }
    }

    // ---- the faster ways

    static std::uint64_t* words(void* memory) { return static_cast<std::uint64_t*>(memory); }
    static std::int64_t* numbers(void* memory) { return static_cast<std::int64_t*>(memory); }
    template <class T>
    const T* in_place(std::uint32_t source, const LevelLanes& lanes) const {
        return static_cast<const T*>(state_.views[source].column->values) + lanes.first;
    }
    const std::int64_t* values_of(const FastOperand& operand, const LevelLanes& lanes) const {
        return operand.source == no_input ? operand.memory : in_place<std::int64_t>(operand.source, lanes);
    }

    void compare_bounds(const Step& step, const FastStep& fast, const LevelLanes& lanes) const {
        const FastOperand& operand = fast.operands.front();
        const auto run = [&](Kernels::AtMost kernel, const void* values) {
            kernel(values, lanes.count, operand.source == no_input ? 0 : ahead_, fast.bounds.data(), fast.bounds.size(), fast.results.data());
        };
        if (operand.source == no_input) return run(kernels_.at_most_i64, operand.memory);
        switch (state_.views[step.id].column->element) {
            case Element::Int8: return run(kernels_.at_most_i8, in_place<std::int8_t>(step.id, lanes));
            case Element::UInt8: return run(kernels_.at_most_u8, in_place<std::uint8_t>(step.id, lanes));
            case Element::Int16: return run(kernels_.at_most_i16, in_place<std::int16_t>(step.id, lanes));
            case Element::UInt16: return run(kernels_.at_most_u16, in_place<std::uint16_t>(step.id, lanes));
            case Element::Int32: return run(kernels_.at_most_i32, in_place<std::int32_t>(step.id, lanes));
            case Element::UInt32: return run(kernels_.at_most_u32, in_place<std::uint32_t>(step.id, lanes));
            case Element::Int64: return run(kernels_.at_most_i64, in_place<std::int64_t>(step.id, lanes));
            case Element::Bit: return;
        }
    }

    static void settle(const Step& step, const FastStep& fast, std::size_t count) {
        const std::uint64_t sure = fast.sure ? ~std::uint64_t{0} : 0, may = fast.may ? ~std::uint64_t{0} : 0;
        const std::uint64_t* const bits = fast.truths[0];
        const std::uint64_t* const known = fast.truths[1];
        for (std::size_t i = 0; i < (count + 63) / 64; ++i) {
            words(step.arguments.result.low)[i] = (bits[i] & known[i]) | (sure & ~known[i]);
            words(step.arguments.result.high)[i] = (bits[i] & known[i]) | (may & ~known[i]);
        }
    }

    void find_terms(const std::vector<FastOperand>& operands, const LevelLanes& lanes, Term* terms) const {
        for (std::size_t i = 0; i < operands.size(); ++i) {
            const FastOperand& operand = operands[i];
            terms[i] = {values_of(operand, lanes), operand.coefficient, operand.source != no_input ? ahead_ : 0};
            terms[i].of_inner = operand.of_inner;
            if (operand.kind == Term::Kind::One) continue;
            const bool in_column = operand.other_source != no_input;
            terms[i].kind = operand.kind;
            terms[i].factor = operand.factor;
            terms[i].other_factor = operand.other_factor;
            terms[i].other = in_column ? in_place<std::int64_t>(operand.other_source, lanes) : operand.other_memory;
            terms[i].other_ahead = in_column ? ahead_ : 0;
            terms[i].other_of_inner = operand.other_of_inner;
        }
    }
    void run_sum(const Step& step, const FastStep& fast, const LevelLanes& lanes) const {
        Term terms[most_terms], inner_terms[most_terms];
        find_terms(fast.operands, lanes, terms);
        find_terms(fast.inner, lanes, inner_terms);
        const TermSum inner{inner_terms, fast.inner.size(), fast.inner_constant};
        const TermSum sum{terms, fast.operands.size(), fast.constant, fast.inner.empty() ? nullptr : &inner};
        switch (step.action) {
            case Action::SumNotAbove: return kernels_.sum_at_most_zero(sum, lanes.count, words(step.arguments.result.low));
            case Action::SumIsZero: return kernels_.sum_is_zero(sum, lanes.count, words(step.arguments.result.low));
            case Action::SumDivided: return kernels_.sum_divided(sum, fast.divisor, lanes.count, numbers(step.arguments.result.low));
            default: return kernels_.sum(sum, lanes.count, numbers(step.arguments.result.low));
        }
    }

    void run_narrow_sum(const Step& step, const FastStep& fast, const LevelLanes& lanes) const {
        NarrowTerm terms[most_terms];
        for (std::size_t i = 0; i < fast.narrow.size(); ++i) {
            const Column& column = *state_.views[fast.narrow[i].source].column;
            terms[i] = fast.narrow[i].term;
            terms[i].values = static_cast<const std::byte*>(column.values) + lanes.first * bytes_of(column.element);
            terms[i].ahead = ahead_;
        }
        const auto kernel = step.action == Action::NarrowIsZero    ? kernels_.narrow_sum_is_zero
                            : step.action == Action::ShortIsZero   ? kernels_.short_sum_is_zero
                            : step.action == Action::ShortNotAbove ? kernels_.short_sum_at_most_zero
                                                                   : kernels_.narrow_sum_at_most_zero;
        kernel(terms, fast.narrow.size(), static_cast<std::int32_t>(fast.constant), lanes.count, words(step.arguments.result.low));
    }

    void run_pair(const Step& step, const FastStep& fast, const LevelLanes& lanes) const {
        const std::int64_t *a = values_of(fast.operands[0], lanes), *b = values_of(fast.operands[1], lanes);
        std::int64_t* const to = numbers(step.arguments.result.low);
        if (step.action == Action::Multiply) return kernels_.multiply(a, b, lanes.count, to);
        const bool least = step.action == Action::Minimum;
        if (a == nullptr || b == nullptr) {
            const std::int64_t constant = fast.operands[a == nullptr ? 0 : 1].coefficient;
            return (least ? kernels_.minimum_constant : kernels_.maximum_constant)(a == nullptr ? b : a, constant, lanes.count, to);
        }
        (least ? kernels_.minimum : kernels_.maximum)(a, b, lanes.count, to);
    }

    void run_select(const Step& step, const FastStep& fast, const LevelLanes& lanes) const {
        const FastOperand &a = fast.operands[0], &b = fast.operands[1];
        kernels_.select(fast.truths.front(), values_of(a, lanes), a.coefficient, values_of(b, lanes), b.coefficient, lanes.count, numbers(step.arguments.result.low));
    }

    void join(decltype(Kernels::and_all) kernel, const FastStep& fast, std::size_t count, std::uint64_t* to) const {
        kernel(fast.truths.data(), fast.turns.data(), fast.truths.size(), (count + 63) / 64, to);
    }

    static std::size_t bytes_of_lanes(Form form, std::size_t count) {
        return form == Form::Number ? count * sizeof(std::int64_t) : form == Form::Wide ? count * sizeof(Int128) : (count + 63) / 64 * sizeof(std::uint64_t);
    }
    static void copy(const Step& step, std::size_t count) {
        std::memcpy(step.arguments.result.low, step.arguments.a.low, bytes_of_lanes(step.form, count));
        if (!step.arguments.result.exact()) std::memcpy(step.arguments.result.high, step.arguments.a.high, bytes_of_lanes(step.form, count));
    }

    // The lanes of the rows that are chosen, and their rows of the batch where those are looked at.
    void pick(LevelLanes& lanes, const LevelLanes& rows, std::size_t count, bool with_rows) const {
        constexpr std::size_t written_behind = 16;
        lanes.count = count;
        lanes.among = rows.count;
        if (lanes.parent.size() < code_.block + written_behind) {
            lanes.parent.resize(code_.block + written_behind);
            lanes.rows.resize(code_.block);
        }
        kernels_.indices(lanes.chosen.data(), lanes.chosen.size(), lanes.parent.data());
        const auto first = static_cast<std::int64_t>(rows.first);
        if (!with_rows) {
            // They are as they were.
        } else if (rows.rows.empty()) {
            for (std::size_t i = 0; i < count; ++i) lanes.rows[i] = first + lanes.parent[i];
        } else {
            for (std::size_t i = 0; i < count; ++i) lanes.rows[i] = rows.rows[lanes.parent[i]];
        }
        lanes.years.clear();
        if (rows.years.empty()) return;
        for (std::size_t i = 0; i < count; ++i) lanes.years.push_back(rows.years[lanes.parent[i]]);
    }

    // The rows that a patch looks at.
    static void choose_open(std::vector<std::uint64_t>& open, const FastStep& fast, std::size_t count) {
        const std::size_t ends = fast.truths.size() - fast.wanted_count;
        std::fill(open.begin(), open.end(), 0);
        std::size_t next = 1;
        for (; next <= fast.known_count; ++next)
            for (std::size_t i = 0; i < open.size(); ++i) open[i] |= ~fast.truths[next][i];
        for (; next < ends; next += 2)
            for (std::size_t i = 0; i < open.size(); ++i) open[i] |= fast.truths[next][i] ^ fast.truths[next + 1][i];
        for (; next < fast.truths.size(); ++next)
            for (std::size_t i = 0; i < open.size(); ++i) open[i] &= fast.truths[next][i];
        open.back() &= lanes_of_word(count - (open.size() - 1) * 64);
    }

    // What was worked out as if nothing were open is worked out again, over sets, for the rows where something is.
    void patch(const Specialisation& made, const Step& step, const FastStep& fast, const LevelLanes& rows) {
        LevelLanes& lanes = state_.lanes[fast.level];
        lanes.chosen.resize((rows.count + 63) / 64);
        choose_open(lanes.chosen, fast, rows.count);
        pick(lanes, rows, kernels_.count(lanes.chosen.data(), lanes.chosen.size()), made.reads_rows[fast.level] != 0);
        const bool number = step.form == Form::Number;
        void *const low = step.arguments.result.low, *const high = step.arguments.result.high;
        if (number) {
            std::memcpy(high, low, rows.count * sizeof(std::int64_t));
        } else {
            std::memcpy(low, fast.truths.front(), (rows.count + 63) / 64 * sizeof(std::uint64_t));
            std::memcpy(high, fast.truths.front(), (rows.count + 63) / 64 * sizeof(std::uint64_t));
        }
        if (lanes.count == 0) return;
        run_steps(made, fast.level);
        for (const bool upper : {false, true}) {
            const void* const from = upper ? fast.patched.high : fast.patched.low;
            if (number)
                scatter_numbers(lanes, from, upper ? high : low);
            else
                replace_truths(lanes, from, upper ? high : low);
        }
    }

    // Steps for the rows that are still in play, unless most of them are.
    bool run_some(const Specialisation& made, const FastStep& fast, const LevelLanes& rows) {
        LevelLanes& lanes = state_.lanes[fast.level];
        lanes.first = rows.first;
        lanes.chosen.resize((rows.count + 63) / 64);
        join(kernels_.and_all, fast, rows.count, lanes.chosen.data());
        lanes.chosen.back() &= lanes_of_word(rows.count - (lanes.chosen.size() - 1) * 64);
        const std::size_t count = kernels_.count(lanes.chosen.data(), lanes.chosen.size());
        if (count > rows.count / most_of_rows) return false;
        pick(lanes, rows, count, made.reads_rows[fast.level] != 0);
        if (count != 0) run_steps(made, fast.level);
        for (const auto& move : fast.moves) {
            if (move.form == Form::Number)
                scatter_numbers(lanes, move.from, move.to);
            else
                kernels_.deposit(static_cast<const std::uint64_t*>(move.from), lanes.chosen.data(), lanes.chosen.size(), words(move.to));
        }
        return true;
    }

    static void scatter_numbers(const LevelLanes& lanes, const void* from, void* to) {
        for (std::size_t i = 0; i < lanes.count; ++i) numbers(to)[lanes.parent[i]] = static_cast<const std::int64_t*>(from)[i];
    }
    void replace_truths(const LevelLanes& lanes, const void* from, void* to) {
        if (lanes.count <= lanes.chosen.size()) {
            for (std::size_t i = 0; i < lanes.count; ++i) {
                const std::uint32_t lane = lanes.parent[i];
                const std::uint64_t truth = static_cast<const std::uint64_t*>(from)[i / 64] >> (i % 64) & 1;
                words(to)[lane / 64] = (words(to)[lane / 64] & ~(std::uint64_t{1} << (lane % 64))) | truth << (lane % 64);
            }
            return;
        }
        deposited_.resize(lanes.chosen.size());
        kernels_.deposit(static_cast<const std::uint64_t*>(from), lanes.chosen.data(), lanes.chosen.size(), deposited_.data());
        for (std::size_t i = 0; i < lanes.chosen.size(); ++i) words(to)[i] = (words(to)[i] & ~lanes.chosen[i]) | deposited_[i];
    }

    static void run_instruction(const Step& step, const LevelLanes& lanes) {
        Arguments arguments = step.arguments;
        arguments.count = lanes.count;
        arguments.years = lanes.years.data();
        execute(step.opcode, arguments);
    }

    template <class T>
    static void gather(const LevelLanes& lanes, const void* from, void* to) {
        for (std::size_t i = 0; i < lanes.count; ++i) static_cast<T*>(to)[i] = static_cast<const T*>(from)[lanes.parent[i]];
    }
    static void gather(Form form, const LevelLanes& lanes, const void* from, void* to) {
        if (form == Form::Number) return kernels().gather(static_cast<const std::int64_t*>(from), lanes.parent.data(), lanes.count, static_cast<std::int64_t*>(to));
        if (form == Form::Wide) return gather<Int128>(lanes, from, to);
        const auto* const bits = static_cast<const std::uint64_t*>(from);
        auto* const words = static_cast<std::uint64_t*>(to);
        for (std::size_t i = 0; i < lanes.count; ++i) {
            const std::uint32_t lane = lanes.parent[i];
            if (i % 64 == 0) words[i / 64] = 0;
            words[i / 64] |= (bits[lane / 64] >> (lane % 64) & 1) << (i % 64);
        }
    }
    void expand(const Step& step, const LevelLanes& lanes) const {
        if (step.form == Form::Truth && !lanes.chosen.empty()) {
            const auto pick = [&](const void* from, void* to) { kernels_.extract(static_cast<const std::uint64_t*>(from), lanes.chosen.data(), lanes.chosen.size(), words(to)); };
            pick(step.arguments.a.low, step.arguments.result.low);
            if (!step.arguments.result.exact()) pick(step.arguments.a.high, step.arguments.result.high);
            return;
        }
        gather(step.form, lanes, step.arguments.a.low, step.arguments.result.low);
        if (!step.arguments.result.exact()) gather(step.form, lanes, step.arguments.a.high, step.arguments.result.high);
    }

    static void clear(const Step& step, std::size_t count) {
        const std::size_t bytes = bytes_of_lanes(step.form, count);
        std::memset(step.arguments.result.low, 0, bytes);
        std::memset(step.arguments.result.high, 0, bytes);
        if (step.flags != nullptr) std::memset(step.flags, 0, count);
    }

    void run_reduction(const Step& step, const LevelLanes& lanes) const {
        Arguments arguments = step.arguments;
        arguments.count = lanes.count;
        reduce(step.opcode, arguments, {lanes.parent.data(), lanes.any_open ? lanes.any.data() : nullptr, code_.levels[step.id].most, step.flags});
    }

    // ---- lists: the elements of all rows, as many at a time as a block has lanes

    void run_elements(const Specialisation& made, std::size_t level, std::size_t outside) {
        LevelLanes& lanes = state_.lanes[level];
        const LevelLanes& parents = state_.lanes[outside];
        std::vector<std::uint32_t>& roots = state_.roots[level];
        const auto begin = [&] {
            lanes.parent.clear();
            lanes.rows.clear();
            lanes.any.clear();
            lanes.years.clear();
            roots.clear();
        };
        const auto run_chunk = [&] {
            lanes.count = lanes.parent.size();
            if (lanes.count != 0) run_steps(made, level);
            begin();
        };
        begin();
        for (std::size_t parent = 0; parent < parents.count; ++parent) {
            const std::uint32_t root = outside == 0 ? static_cast<std::uint32_t>(parent) : state_.roots[outside][parent];
            const std::size_t row = state_.lanes[0].first + root;
            const bool open = lanes.list == nullptr || (lanes.list->known.exists() && !lanes.list->known.at(row));
            const std::int64_t first = open ? -1 : lanes.list->begin(row), last = open ? 0 : lanes.list->end(row);
            for (std::int64_t element = first; element < last; ++element) {
                lanes.parent.push_back(static_cast<std::uint32_t>(parent));
                lanes.rows.push_back(element);
                lanes.any.push_back(open ? 1 : 0);
                roots.push_back(root);
                if (code_.options.fiscal_year_by_row) lanes.years.push_back(state_.lanes[0].years[root]);
                if (lanes.parent.size() == code_.block) run_chunk();
            }
        }
        run_chunk();
    }

    const Plan::Code& code_;
    const Plan& plan_;
    Memory::State& state_;
    const Batch& batch_;
    const Output& output_;
    const bytecode::Program& program_;
    const Kernels& kernels_ = kernels();
    std::vector<std::uint64_t> deposited_;
    std::size_t ahead_ = 0;    // how many rows on columns are fetched already; 0: there is no block after this one
    bool past_cache_ = false;  // results are so many that the first have left the cache before the last are there
};

}  // namespace

Memory::Memory(const Plan& plan) : state_(std::make_unique<State>(plan)) {}
Memory::Memory(Memory&&) noexcept = default;
Memory& Memory::operator=(Memory&&) noexcept = default;
Memory::~Memory() = default;

void run(const Plan& plan, Memory& memory, const Batch& batch, std::size_t first, std::size_t count, const Output& output) {
    Runner(plan, memory.state(), batch, output).run(first, count);
}

}  // namespace eligo::columnar
