// The scalar loop: one function, written once for both domains, dispatching through a table made from opcodes.def.
// Tested by tests/engines/.
#include "run.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

#include "domain.hpp"

namespace eligo::vm {

using bytecode::Opcode;
using value::Int128;

namespace {

struct KnownDomain {
    static constexpr auto number_in_plan = static_cast<std::size_t>(Domain::Known);
    using Number = std::int64_t;
    using Wide = std::int64_t;  // what overflows is left to the sets
    static constexpr bool sets = false;
    static constexpr std::size_t words = 1;
    static Number narrow(Wide a) { return a; }
    static Wide widen(Number a) { return a; }
    static Number number(std::int64_t a) { return a; }
    // By bits, since a truth that no one asks for need not be one: not_known.
    static Number both(Number a, Number b) { return a & b; }
    static bool is_false(Number a) { return a == 0; }
    static bool is_true(Number a) { return a != 0; }
};

struct SetDomain {
    static constexpr auto number_in_plan = static_cast<std::size_t>(Domain::Sets);
    using Number = Interval<std::int64_t>;
    using Wide = Interval<Int128>;
    static constexpr bool sets = true;
    static constexpr std::size_t words = 2;
    static Number narrow(Wide a) { return {static_cast<std::int64_t>(a.low), static_cast<std::int64_t>(a.high)}; }
    static Wide widen(Number a) { return {a.low, a.high}; }
    static Number number(std::int64_t a) { return {a, a}; }
    static Number both(Number a, Number b) { return vm::minimum(a, b); }
    // Of a choice between ends (SelectEnds), each end by itself.
    static bool is_false(Number a) { return a.low == 0 && a.high == 0; }
    static bool is_true(Number a) { return a.low != 0 && a.high != 0; }
};

template <class T>
T load(const std::int64_t* word) {
    T loaded;
    std::memcpy(&loaded, word, sizeof loaded);
    return loaded;
}
// All of the bits, or none: `condition` is 1 or 0.
constexpr std::uint64_t where(std::uint64_t condition, std::uint64_t bits) { return bits & (std::uint64_t{0} - condition); }
template <class Number>
Number at_hand(std::int64_t last) {
    if constexpr (std::is_same_v<Number, std::int64_t>) return last;
    else return {last, last};  // never: over sets no step is of this form
}
template <class T>
void store(std::int64_t* word, T stored) {
    std::memcpy(word, &stored, sizeof stored);
}

// The entry of a parameter that holds on a day, of those published by another, is the last that has begun. There are a
// handful, and where it stands is anyone's guess: all are looked at, without a jump. A calculated day may lie before the first or
// behind the last there is; what holds on those, holds there too.
std::int64_t calendar_end(std::int64_t day) { return minimum(maximum(day, std::int64_t{value::first_day}), std::int64_t{value::last_day}); }

// Of more than a handful the last that has begun is found by halves; before it stand those that were published later.
[[gnu::noinline]] const bytecode::ParameterEntry* entry_on(const bytecode::Parameter& parameter, std::int64_t day, std::int64_t known_on) {
    const auto& entries = parameter.entries;
    auto at = std::upper_bound(entries.begin(), entries.end(), day, [](std::int64_t wanted, const bytecode::ParameterEntry& entry) { return wanted < entry.from; });
    while (at != entries.begin())
        if ((--at)->published <= known_on) return &*at;
    return nullptr;
}

std::int64_t parameter_on(const ParameterPlan& parameter, std::int64_t day, std::int64_t known_on) {
    day = calendar_end(day);
    if (parameter.entries.empty()) [[unlikely]] {
        const bytecode::ParameterEntry* const entry = entry_on(*parameter.parameter, day, known_on);
        return entry != nullptr && day <= entry->to ? entry->value : parameter.low;
    }
    std::int64_t value = parameter.low;
    for (const auto& entry : parameter.entries) {
        const bool begun = (std::uint64_t{entry.from <= day} & std::uint64_t{entry.published <= known_on}) != 0;
        value = chosen(begun, chosen(day <= entry.to, entry.value, parameter.low), value);
    }
    return value;
}
std::int64_t parameter_given(const ParameterPlan& parameter, std::int64_t day, std::int64_t known_on) {
    day = calendar_end(day);
    if (parameter.entries.empty()) [[unlikely]] {
        const bytecode::ParameterEntry* const entry = entry_on(*parameter.parameter, day, known_on);
        return entry != nullptr && day <= entry->to ? 1 : 0;
    }
    bool given = false;
    for (const auto& entry : parameter.entries)
        if (entry.from <= day && entry.published <= known_on) given = day <= entry.to;
    return given;
}
template <class Entries>
Interval<std::int64_t> parameter_among(const Entries& entries, const ParameterPlan& parameter, Interval<std::int64_t> day, std::int64_t known_on) {
    // What it has nowhere it adds nothing to what it has elsewhere.
    bool ever = parameter_given(parameter, day.low, known_on) != 0;
    const std::int64_t first = ever ? parameter_on(parameter, day.low, known_on) : parameter.low;
    Interval<std::int64_t> result{first, first};
    for (const auto& entry : entries) {
        if (entry.from <= day.low || entry.from > day.high || entry.published > known_on) continue;
        result = ever ? hull(result, {entry.value, entry.value}) : Interval<std::int64_t>{entry.value, entry.value};
        ever = true;
    }
    return result;
}
Interval<std::int64_t> parameter_on(const ParameterPlan& parameter, Interval<std::int64_t> day, std::int64_t known_on) {
    if (parameter.entries.empty()) return parameter_among(parameter.parameter->entries, parameter, day, known_on);
    return parameter_among(parameter.entries, parameter, day, known_on);
}
Interval<std::int64_t> parameter_given(const ParameterPlan& parameter, Interval<std::int64_t> day, std::int64_t known_on) {
    day = {calendar_end(day.low), calendar_end(day.high)};
    Interval<std::int64_t> result = SetDomain::number(parameter_given(parameter, day.low, known_on));
    // An entry holds from where it begins, so that the parameter is given there, until it ends or the next begins.
    const bytecode::ParameterEntry* before = nullptr;
    for (const auto& entry : parameter.parameter->entries) {
        if (entry.published > known_on) continue;
        if (entry.from > day.high) break;
        if (before != nullptr && before->to + 1 < entry.from && before->to + 1 > day.low) result.low = 0;
        if (entry.from > day.low) result.high = 1;
        before = &entry;
    }
    if (before != nullptr && before->to >= day.low && before->to < day.high) result.low = 0;
    return result;
}

[[gnu::noinline]] bool in_intervals(const bytecode::Set& set, std::int64_t a) {
    const auto after = std::upper_bound(set.intervals.begin(), set.intervals.end(), a, [](std::int64_t wanted, const bytecode::Constant& one) { return wanted < one.low; });
    return after != set.intervals.begin() && a <= std::prev(after)->high;
}
[[gnu::always_inline]] inline std::int64_t in_set(const SetPlan& set, const bytecode::Program& program, std::int64_t a) {
    switch (set.form) {
        case SetPlan::Form::Bits: return static_cast<std::int64_t>((set.bits >> (static_cast<std::uint64_t>(a) & 63)) & std::uint64_t{static_cast<std::uint64_t>(a) < 64});
        case SetPlan::Form::Grid: {
            // `square` is exact for what lies on the grid; what does not lies outside of the set.
            const std::uint64_t after = static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(set.low);
            const std::uint64_t square = (minimum(after, set.span) * set.reciprocal) >> SetPlan::reciprocal_bits;
            return static_cast<std::int64_t>((set.squares[square / 64] >> (square % 64)) & 1);
        }
        case SetPlan::Form::Intervals: break;
    }
    return in_intervals(program.sets[set.number], a);
}
Interval<std::int64_t> in_set(const bytecode::Set& set, Interval<std::int64_t> a) {
    Interval<std::int64_t> result{0, 0};
    for (const auto& interval : set.intervals) {
        if (interval.low <= a.low && a.high <= interval.high) return {1, 1};
        if (interval.low <= a.high && a.low <= interval.high) result.high = 1;
    }
    return result;
}

// What is left to a fact that is not known: its declared range, its ends taken from earlier facts where they say so.
Interval<std::int64_t> declared_range(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, const bytecode::Column& column, std::int32_t year);

Interval<std::int64_t> known_range(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, bytecode::Index column, std::int32_t year) {
    const Cell& cell = cell_of(pack, subject, row, column, year);
    const Interval<std::int64_t> declared = declared_range(pack, subject, row, pack.subjects[subject].columns[column], year);
    switch (cell.state) {
        case CellState::Known:
        case CellState::Assumed: return {cell.low, cell.high};
        case CellState::Range: {
            const Interval<std::int64_t> both{maximum(cell.low, declared.low), minimum(cell.high, declared.high)};
            return both.low <= both.high ? both : Interval<std::int64_t>{cell.low, cell.high};
        }
        case CellState::Absent:
        case CellState::Unknown: break;
    }
    return declared;
}

// The column of another fact of the same subject: the same path but for its last step.
bytecode::Index sibling(const bytecode::Subject& subject, const bytecode::Column& column, bytecode::Index fact) {
    for (bytecode::Index i = 0; i < subject.columns.size(); ++i) {
        const auto& path = subject.columns[i].path;
        if (path.size() == column.path.size() && path.back() == fact && std::equal(path.begin(), path.end() - 1, column.path.begin())) return i;
    }
    return bytecode::none;
}

Interval<std::int64_t> declared_range(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, const bytecode::Column& column, std::int32_t year) {
    const bytecode::Fact& fact = pack.subjects[column.subject].facts[column.fact()];
    Interval<std::int64_t> range{fact.low, fact.high};
    if (fact.low_fact != bytecode::none) {
        const bytecode::Index other = sibling(pack.subjects[subject], column, fact.low_fact);
        if (other != bytecode::none) range.low = maximum(range.low, known_range(pack, subject, row, other, year).low);
    }
    if (fact.high_fact != bytecode::none) {
        const bytecode::Index other = sibling(pack.subjects[subject], column, fact.high_fact);
        if (other != bytecode::none) range.high = minimum(range.high, known_range(pack, subject, row, other, year).high);
    }
    return range.low <= range.high ? range : Interval<std::int64_t>{fact.low, fact.high};
}

}  // namespace

// What runs a frame's plan; all it knows stands in the frame.
class Executor {
public:
    explicit Executor(Frame& frame) : frame_(frame) {}

    // `replayed`: the loop whose body is run once more, up to its EndLoop, for the element at which it stands; else `no_loop`.
    // Over known values what it came to, by way of a run over sets where these do not settle it; over sets nothing.
    template <class Domain>
    static Outcome execute(Frame& frame, std::uint32_t replayed);
    static constexpr std::uint32_t no_loop = ~0U;

    void ask(const Row& row, const Question& question, std::int32_t fiscal_year) const {
        frame_.row_ = &row;
        frame_.question_ = question;
        frame_.fiscal_year_ = fiscal_year;
    }
    // Part of a check, which is so short that a call more is felt.
    [[gnu::always_inline]] Outcome answer(const Row& row, const Question& question, std::int32_t fiscal_year) const {
        ask(row, question, fiscal_year);
        return execute<KnownDomain>(frame_, no_loop);
    }
    // The year of a day; mostly that of the check before.
    [[nodiscard]] std::int32_t year_of(value::Day day) const {
        if (day != frame_.year_day_) [[unlikely]] {
            frame_.year_day_ = day;
            frame_.year_ = value::year_of(day);
        }
        return frame_.year_;
    }
    void replay(std::uint32_t loop, std::uint32_t element) const {
        frame_.loops_[loop].element = element;
        (void)execute<SetDomain>(frame_, loop);
    }

private:
    [[nodiscard]] const Plan& plan() const { return *frame_.plan_; }
    [[nodiscard]] const bytecode::Pack& pack() const { return *frame_.pack_; }
    [[nodiscard]] const bytecode::Program& program() const { return *frame_.plan_->program; }
    [[nodiscard]] const Row& row() const { return *frame_.row_; }
    [[nodiscard]] const Question& question() const { return frame_.question_; }
    [[nodiscard]] std::int32_t fiscal_year() const { return frame_.fiscal_year_; }

    static Outcome outcome_over_sets(Frame& frame);

    [[gnu::noinline]] void begin_day() const {
        frame_.turns_day_ = question().as_of;
        for (const DayTurn& turn : plan().day_turns) frame_.known_[turn.place] = value::last_day_reaching(calendar_day(question().as_of), turn.months);
    }

    [[gnu::noinline]] void fetch_lists() const {
        for (const LoopPlan& loop : plan().loops) __builtin_prefetch(row().list(program().lists[loop.list].column).rows.data());
    }

    template <class Domain>
    std::int64_t* words() const {
        return Domain::sets ? frame_.sets_.data() : frame_.known_.data();
    }

    // Puts a fact where the program reads it; false when it is not known and the domain holds only known values.
    template <class Domain>
    bool bind(const InputBinding& binding, const Row& row, bytecode::Index subject) const {
        const std::int64_t known = value_of(binding, row);
        std::int64_t* const word = words<Domain>() + binding.place * Domain::words;
        if (!is_known(known)) [[unlikely]] {
            if constexpr (Domain::sets) {
                store(word, known_range(pack(), subject, row, binding.slot.column, fiscal_year() + binding.slot.year_offset));
                return true;
            }
        }
        store(word, Domain::number(known));
        return is_known(known) || (known == left_out && binding.computed_default);
    }
    // Row::known of it.
    std::int64_t value_of(const InputBinding& binding, const Row& row) const {
        return binding.yearly ? row.known_in_year(binding.slot.column, fiscal_year() + binding.slot.year_offset) : row.known(binding.slot.column);
    }

    template <class Domain>
    void bind_given(const InputBinding& binding, const Row& row) const {
        store(words<Domain>() + binding.given_place * Domain::words, Domain::number(value_of(binding, row) != left_out));
    }

    template <class Domain>
    bool bind_field(std::uint16_t number, std::uint32_t field) const {
        const LoopPlan& loop = plan().loops[number];
        const InputBinding& binding = loop.fields[field];
        const LoopState& state = frame_.loops_[number];
        const bytecode::Index element = program().lists[loop.list].element;
        if (state.any_list) {
            // An element of which nothing is known.
            const bytecode::Column& column = pack().subjects[element].columns[binding.slot.column];
            const bytecode::Fact& fact = pack().subjects[column.subject].facts[column.fact()];
            store(frame_.sets_.data() + binding.place * 2, Interval<std::int64_t>{fact.low, fact.high});
            return true;
        }
        return bind<Domain>(binding, state.list->rows[state.element], element);
    }

    template <class Domain>
    void bind_field_given(std::uint16_t number, std::uint32_t field) const {
        const LoopPlan& loop = plan().loops[number];
        const LoopState& state = frame_.loops_[number];
        // Of an element of which nothing is known, not even whether a fact is left to its default.
        if (state.any_list) store(frame_.sets_.data() + loop.fields[field].given_place * 2, Interval<std::int64_t>{1, 1});
        else bind_given<Domain>(loop.fields[field], state.list->rows[state.element]);
    }

    template <class Domain>
    void clear_reductions(const LoopPlan& loop) const {
        for (const auto& reduction : loop.reductions) {
            std::int64_t* const word = words<Domain>() + reduction.place * Domain::words;
            std::fill_n(word, Domain::words * (reduction.wide ? 2 : 1), 0);
            if (reduction.flags != no_place) words<Domain>()[reduction.flags * Domain::words] = 0;
        }
    }

    // 1: run the body; 0: no element; -1: the list is not known, which known values cannot say.
    template <class Domain>
    int begin_loop(std::uint16_t number) const {
        const LoopPlan& loop = plan().loops[number];
        LoopState& state = frame_.loops_[number];
        state.list = &row().list(program().lists[loop.list].column);
        state.element = 0;
        state.any_list = state.list->state != CellState::Known;
        clear_reductions<Domain>(loop);
        if (state.any_list && !Domain::sets) return -1;
        // What the next elements hold is fetched while this one is looked at.
        constexpr std::size_t ahead = 8;
        for (std::size_t i = 0; i < state.list->rows.size() && i < ahead; ++i) state.list->rows[i].fetch();
        return state.any_list || !state.list->rows.empty() ? 1 : 0;
    }

    const Row* element_at(std::uint16_t number) const {
        const LoopState& state = frame_.loops_[number];
        return state.any_list ? nullptr : &state.list->rows[state.element];
    }

    // The most elements an unknown list may have.
    std::int64_t most(std::uint16_t number) const {
        const bytecode::ListInput& list = program().lists[plan().loops[number].list];
        const bytecode::Column& column = pack().subjects[plan().subject].columns[list.column];
        return pack().subjects[column.subject].facts[column.fact()].up_to;
    }

    template <class T>
    static T sum_with(T total, T element, std::int64_t counts, const Executor&, std::uint16_t) {
        return vm::add(total, vm::select(counts, element, T{0}));
    }
    template <class T>
    static Interval<T> sum_with(Interval<T> total, Interval<T> element, Interval<std::int64_t> counts, const Executor& executor, std::uint16_t loop) {
        if (counts.high == 0) return total;
        const bool any = executor.frame_.loops_[loop].any_list;
        if (counts.low == 0 || any) element = hull(element, Interval<T>{0, 0});
        if (any) element = vm::multiply(element, Interval<T>{T{executor.most(loop)}, T{executor.most(loop)}});
        return vm::add(total, element);
    }

    static std::int64_t any_with(std::int64_t found, std::int64_t holds, const Executor&, std::uint16_t) { return found | holds; }
    static Interval<std::int64_t> any_with(Interval<std::int64_t> found, Interval<std::int64_t> holds, const Executor& executor, std::uint16_t loop) {
        if (executor.frame_.loops_[loop].any_list) holds.low = 0;
        return {found.low | holds.low, found.high | holds.high};
    }

    // `flags` of a least or greatest: bit 0, some element may have counted; bit 1, some element certainly did.
    template <bool Greatest, class T>
    static T extreme_with(T best, T element, std::int64_t counts, std::int64_t& flags, const Executor&, std::uint16_t) {
        if (counts == 0) return best;
        const bool first = flags == 0;
        flags = 3;
        if (first) return element;
        return Greatest ? vm::maximum(best, element) : vm::minimum(best, element);
    }
    template <bool Greatest, class T>
    static Interval<T> extreme_with(Interval<T> best, Interval<T> element, Interval<std::int64_t> counts, std::int64_t& flags, const Executor& executor, std::uint16_t loop) {
        if (counts.high == 0) return best;
        const bool certain = counts.low != 0 && !executor.frame_.loops_[loop].any_list;
        const std::int64_t before = flags;
        flags |= certain ? 3 : 1;
        if (before == 0) return element;
        Interval<T> result = best;
        // Among the near ends only what certainly counts can raise (or lower) the result.
        if (Greatest) {
            result.high = vm::maximum(best.high, element.high);
            if (certain) result.low = (before & 2) != 0 ? vm::maximum(best.low, element.low) : element.low;
            else if ((before & 2) == 0) result.low = vm::minimum(best.low, element.low);
        } else {
            result.low = vm::minimum(best.low, element.low);
            if (certain) result.high = (before & 2) != 0 ? vm::minimum(best.high, element.high) : element.high;
            else if ((before & 2) == 0) result.high = vm::maximum(best.high, element.high);
        }
        return result;
    }

    // 1 or 0.
    std::uint64_t is_needed(const std::int64_t* base, std::uint32_t guard) const {
        std::uint64_t needed = 1;
        for (; guard != no_guard; guard = plan().guards[guard].outer) needed &= std::uint64_t{(base[plan().guards[guard].condition] != 0) == plan().guards[guard].when};
        return needed;
    }

    [[nodiscard]] std::int64_t is_in_set(std::uint32_t set, std::int64_t a) const { return in_set(plan().sets[set], program(), a); }
    [[nodiscard]] Interval<std::int64_t> is_in_set(std::uint32_t set, Interval<std::int64_t> a) const { return in_set(program().sets[set], a); }

    Frame& frame_;
};

// Labels as values are a GNU extension that the compilers we build with share; a switch costs a bounds check and one
// shared, badly predicted jump for every instruction.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"

template <class Domain>
Outcome Executor::execute(Frame& frame, std::uint32_t replayed) {
    using Number = typename Domain::Number;
    using Wide = typename Domain::Wide;
    constexpr std::size_t words_a_place = Domain::words;
    static const void* const labels[] = {
#define OP(name, result, a, b, c, meaning) &&op_##name,
#include "../bytecode/opcodes.def"
#undef OP
#define FIRST_CONTROL(name, meaning) &&op_##name,
#define CONTROL(name, meaning) &&op_##name,
#include "controls.def"
#undef FIRST_CONTROL
#undef CONTROL
    };

    const Executor self(frame);
    const Plan& plan = *frame.plan_;
    std::int64_t* const base = self.words<Domain>();
    const Step* const steps = plan.steps[Domain::number_in_plan].data();
    const Step* step = steps;
    if (replayed != no_loop) {
        step += plan.loops[replayed].begin[Domain::number_in_plan] + 1;
    } else {
        frame.over_sets_ = Domain::sets;
        if (!plan.loops.empty()) self.fetch_lists();
    }
    [[maybe_unused]] const FactRead* const reads = plan.reads.data();
    [[maybe_unused]] const std::int64_t* const years_at_hand = Domain::sets ? nullptr : self.row().known_around(self.fiscal_year(), plan.first_year, plan.last_year);
    // Only over known values: which clauses are false, and which mean nothing because of what is not known, a bit each. What is not
    // known goes on as if it were a number; no one looks at what it comes to.
    std::uint64_t failed = 0, given_up = 0;
    const Row* element = nullptr;  // of the innermost loop
    std::int64_t last = 0;         // over known values: what the last step came to
    const auto settled = [&](Verdict verdict) -> Outcome {
        if constexpr (Domain::sets) return {};
        if (base[plan.first] == 0) [[unlikely]] verdict = Verdict::NotInForce;
        return {verdict, frame.version_};
    };

#define AT(place) (base + static_cast<std::size_t>(place) * words_a_place)
#define N(place) load<Number>(AT(place))
#define W(place) load<Wide>(AT(place))
// What a step comes to is stored, and kept at hand for a next step of the form …Last: the way through memory takes longer
// than most of the steps.
#define PUT(value)                                     \
    do {                                               \
        const auto put = (value);                      \
        if constexpr (!Domain::sets) last = put;       \
        store(AT(step->result), put);                  \
    } while (false)
#define BOTH_FORMS(name, a_or_last, action)            \
    op_##name: {                                       \
        const auto a_or_last = N(step->a);             \
        action;                                        \
        NEXT;                                          \
    }                                                  \
    op_##name##Last: {                                 \
        const auto a_or_last = at_hand<Number>(last);  \
        action;                                        \
        NEXT;                                          \
    }
#define EITHER(name, a_or_last, value) BOTH_FORMS(name, a_or_last, PUT(value))
// A clause of a run over known values.
#define FAIL_WHERE(fails) failed |= where(fails, step->clauses)
#define GIVE_UP_WHERE(met) given_up |= where(met, step->clauses)
// Whether what a guarded step reads is needed.
#define NEEDED (Domain::sets ? std::uint64_t{1} : self.is_needed(base, step->c))
#define GIVE_UP(name, a_or_last, met) BOTH_FORMS(name, a_or_last, GIVE_UP_WHERE(std::uint64_t{met} & NEEDED))
#define FAIL(name, a_or_last, fails) BOTH_FORMS(name, a_or_last, FAIL_WHERE(fails))
#define IN_SET(a) self.is_in_set(step->b, a)
// Registers of 128 bits, which known values hold in 64.
#define CHECKED(operation, overflows)                                        \
    do {                                                                     \
        if constexpr (Domain::sets) {                                        \
            PUT(operation(W(step->a), W(step->b)));                          \
        } else {                                                             \
            std::int64_t result;                                             \
            GIVE_UP_WHERE(overflows(W(step->a), W(step->b), &result));       \
            PUT(result);                                                     \
        }                                                                    \
    } while (false)
// Facts one after the other, known or not, without a jump that depends on the company.
#define READ_TOGETHER(known_value)                                                        \
    do {                                                                                  \
        if constexpr (!Domain::sets) {                                                    \
            std::int64_t least = std::numeric_limits<std::int64_t>::max();                \
            const FactRead* const end = reads + step->b;                                  \
            for (const FactRead* read = reads + step->a; read != end; ++read) {           \
                const std::int64_t known = known_value;                                   \
                least = minimum(least, known);                                            \
                base[read->place] = known;                                                \
            }                                                                             \
            if (!is_known(least)) [[unlikely]] {                                          \
                for (const FactRead* read = reads + step->a; read != end; ++read)         \
                    given_up |= where(std::uint64_t{!is_known(base[read->place])} & NEEDED, read->clauses); \
            }                                                                             \
        }                                                                                 \
    } while (false)
#define YEAR(read) (years_at_hand != nullptr ? years_at_hand[(read).year_place] : self.row().known_in_year((read).column, self.fiscal_year() + (read).year_offset))
// The next step is settled before it is looked at: else g++ puts that between the two halves of the jump.
#define NEXT                          \
    do {                              \
        ++step;                       \
        asm("" : "+r"(step));         \
        goto* labels[step->opcode];   \
    } while (false)

    // While one loop's body is replayed it ends where its EndLoop stands, and only its own reductions are left alone.
    goto* labels[step->opcode];

    // Constants are loaded once, facts by the reading steps below: never steps themselves.
op_Constant:
op_ConstantW:
op_ConstantB:
op_Input:
op_InputB:
op_Given:
op_Field:
op_FieldB:
op_FieldGiven:
    NEXT;

op_AsOf: PUT(Domain::number(self.question().as_of)); NEXT;
op_KnownOn: PUT(Domain::number(self.question().known_on)); NEXT;
op_YearEnd: PUT(Domain::number(value::year_end(self.fiscal_year() + static_cast<std::int16_t>(step->a)))); NEXT;
op_Parameter: PUT(parameter_on(plan.parameters[step->a], N(step->b), self.question().known_on)); NEXT;
op_ParameterGiven: PUT(parameter_given(plan.parameters[step->a], N(step->b), self.question().known_on)); NEXT;

EITHER(Add, a, vm::add(a, N(step->b)))
EITHER(Subtract, a, vm::subtract(a, N(step->b)))
EITHER(Multiply, a, vm::multiply(a, N(step->b)))
EITHER(Minimum, a, vm::minimum(a, N(step->b)))
EITHER(Maximum, a, vm::maximum(a, N(step->b)))
op_Absolute: PUT(vm::absolute(N(step->a))); NEXT;
op_DivideHalfUp: PUT(vm::divide(N(step->a), N(step->b), value::Rounding::HalfUp)); NEXT;
op_DivideDown: PUT(vm::divide(N(step->a), N(step->b), value::Rounding::Down)); NEXT;
op_DivideUp: PUT(vm::divide(N(step->a), N(step->b), value::Rounding::Up)); NEXT;
op_DivideHalfEven: PUT(vm::divide(N(step->a), N(step->b), value::Rounding::HalfEven)); NEXT;
op_Widen: PUT(Domain::widen(N(step->a))); NEXT;
op_Narrow: PUT(Domain::narrow(W(step->a))); NEXT;
op_AddW: CHECKED(vm::add, vm::add_overflows); NEXT;
op_SubtractW: CHECKED(vm::subtract, vm::subtract_overflows); NEXT;
op_MultiplyW: CHECKED(vm::multiply, vm::multiply_overflows); NEXT;
op_MinimumW: PUT(vm::minimum(W(step->a), W(step->b))); NEXT;
op_MaximumW: PUT(vm::maximum(W(step->a), W(step->b))); NEXT;
op_AbsoluteW:
    // Of the least number of 64 bits the magnitude needs one more.
    if constexpr (!Domain::sets) GIVE_UP_WHERE(std::uint64_t{W(step->a) == std::numeric_limits<std::int64_t>::min()});
    PUT(vm::absolute(W(step->a)));
    NEXT;
op_DivideHalfUpW: PUT(vm::divide(W(step->a), W(step->b), value::Rounding::HalfUp)); NEXT;
op_DivideDownW: PUT(vm::divide(W(step->a), W(step->b), value::Rounding::Down)); NEXT;
op_DivideUpW: PUT(vm::divide(W(step->a), W(step->b), value::Rounding::Up)); NEXT;
op_DivideHalfEvenW: PUT(vm::divide(W(step->a), W(step->b), value::Rounding::HalfEven)); NEXT;

op_MultiplyAlong: PUT(vm::multiply_along(N(step->a), N(step->b))); NEXT;
op_MultiplyAcross: PUT(vm::multiply_across(N(step->a), N(step->b))); NEXT;
op_Ends: PUT(vm::ends(N(step->a), N(step->b))); NEXT;
op_Swap: PUT(vm::swap_ends(N(step->a))); NEXT;
op_Lesser: PUT(vm::lesser(N(step->a), N(step->b))); NEXT;
op_Choice: PUT(vm::choice(N(step->a), N(step->b), N(step->c))); NEXT;
op_SelectEnds: PUT(vm::select_ends(N(step->a), N(step->b), N(step->c))); NEXT;
op_MultiplyAlongW: CHECKED(vm::multiply_along, vm::multiply_overflows); NEXT;
op_MultiplyAcrossW: CHECKED(vm::multiply_across, vm::multiply_overflows); NEXT;
op_EndsW: PUT(vm::ends(W(step->a), W(step->b))); NEXT;
op_SwapW: PUT(vm::swap_ends(W(step->a))); NEXT;
op_LesserW: PUT(vm::lesser(W(step->a), W(step->b))); NEXT;
op_ChoiceW: PUT(vm::choice(N(step->a), W(step->b), W(step->c))); NEXT;
op_SelectEndsW: PUT(vm::select_ends(N(step->a), W(step->b), W(step->c))); NEXT;

op_AddMonths: PUT(vm::add_months(N(step->a), N(step->b))); NEXT;
op_MonthsBetween: PUT(vm::months_between(N(step->a), N(step->b))); NEXT;

EITHER(Less, a, vm::less(a, N(step->b)))
EITHER(LessEqual, a, vm::less_equal(a, N(step->b)))
EITHER(Equal, a, vm::equal(a, N(step->b)))
op_LessW: PUT(vm::less(W(step->a), W(step->b))); NEXT;
op_LessEqualW: PUT(vm::less_equal(W(step->a), W(step->b))); NEXT;
op_EqualW: PUT(vm::equal(W(step->a), W(step->b))); NEXT;
EITHER(InSet, a, IN_SET(a))

EITHER(Not, a, vm::negation(a))
EITHER(And, a, Domain::both(a, N(step->b)))
EITHER(Or, a, vm::maximum(a, N(step->b)))
op_Truth: PUT(N(step->a)); NEXT;
EITHER(Select, a, vm::select(a, N(step->b), N(step->c)))
op_SelectW: PUT(vm::select(N(step->a), W(step->b), W(step->c))); NEXT;
op_SelectB: PUT(vm::select(N(step->a), N(step->b), N(step->c))); NEXT;

// Over known values: GiveUpUnless.
op_OrUnknown:
    if constexpr (Domain::sets) {
        const auto& unknown = self.program().constants[step->c];
        PUT(vm::select(N(step->a), N(step->b), Interval<std::int64_t>{unknown.low, unknown.high}));
    }
    NEXT;
op_OrUnknownW:
    if constexpr (Domain::sets) {
        const auto& unknown = self.program().wide_constants[step->c];
        PUT(vm::select(N(step->a), W(step->b), Interval<Int128>{unknown.low, unknown.high}));
    }
    NEXT;
op_OrUnknownB:
    if constexpr (Domain::sets) PUT(vm::select(N(step->a), N(step->b), Interval<std::int64_t>{0, 1}));
    NEXT;
GIVE_UP(GiveUpUnless, a, Domain::is_false(a))
GIVE_UP(GiveUpIf, a, Domain::is_true(a))
GIVE_UP(GiveUpIfEqual, a, Domain::is_true(vm::equal(a, N(step->b))))
op_GiveUpIfInSet: GIVE_UP_WHERE(std::uint64_t{Domain::is_true(IN_SET(N(step->a)))} & NEEDED); NEXT;
op_GiveUpIfFactInSet: {
    const std::int64_t known = self.row().known(reads[step->a].column);
    GIVE_UP_WHERE((std::uint64_t{!is_known(known)} | std::uint64_t{Domain::is_true(IN_SET(Domain::number(known)))}) & NEEDED);
    NEXT;
}

op_Loop: {
    const int begun = self.begin_loop<Domain>(step->loop);
    GIVE_UP_WHERE(begun < 0);
    if (begun <= 0) step = steps + plan.loops[step->loop].end[Domain::number_in_plan];
    else element = self.element_at(step->loop);
    NEXT;
}
op_EndLoop: {
    if (step->loop == replayed) return {};
    LoopState& state = frame.loops_[step->loop];
    if (!state.any_list && ++state.element < state.list->rows.size()) {
        step = steps + plan.loops[step->loop].begin[Domain::number_in_plan];
        element = &state.list->rows[state.element];
    }
    NEXT;
}
op_ReduceSum:
    if (step->loop != replayed) PUT(sum_with(N(step->result), N(step->a), N(step->b), self, step->loop));
    NEXT;
op_ReduceSumW:
    if constexpr (Domain::sets) {
        if (step->loop != replayed) PUT(sum_with(W(step->result), W(step->a), N(step->b), self, step->loop));
    } else {
        std::int64_t sum;
        GIVE_UP_WHERE(vm::add_overflows(W(step->result), vm::select(N(step->b), W(step->a), std::int64_t{0}), &sum));
        PUT(sum);
    }
    NEXT;
op_ReduceAny:
    if (step->loop != replayed) PUT(any_with(N(step->result), N(step->a), self, step->loop));
    NEXT;
op_ReduceMinimum:
    if (step->loop != replayed) PUT(extreme_with<false>(N(step->result), N(step->a), N(step->b), *AT(step->flags), self, step->loop));
    NEXT;
op_ReduceMaximum:
    if (step->loop != replayed) PUT(extreme_with<true>(N(step->result), N(step->a), N(step->b), *AT(step->flags), self, step->loop));
    NEXT;
op_ReduceMinimumW:
    if (step->loop != replayed) PUT(extreme_with<false>(W(step->result), W(step->a), N(step->b), *AT(step->flags), self, step->loop));
    NEXT;
op_ReduceMaximumW:
    if (step->loop != replayed) PUT(extreme_with<true>(W(step->result), W(step->a), N(step->b), *AT(step->flags), self, step->loop));
    NEXT;

op_StopIfFalse:
    if (Domain::is_false(N(step->a))) goto stop;
    NEXT;
stop:
    PUT(Domain::number(0));
    return settled(Verdict::Ineligible);

op_FailIfFalse: FAIL_WHERE(Domain::is_false(N(step->a))); NEXT;
op_FailIfTrue: FAIL_WHERE(Domain::is_true(N(step->a))); NEXT;
FAIL(FailUnlessLess, a, Domain::is_false(vm::less(a, N(step->b))))
FAIL(FailUnlessLessEqual, a, Domain::is_false(vm::less_equal(a, N(step->b))))
op_FailUnlessEqual: FAIL_WHERE(Domain::is_false(vm::equal(N(step->a), N(step->b)))); NEXT;
op_FailUnlessLessEqualProduct: FAIL_WHERE(Domain::is_false(vm::less_equal(N(step->a), vm::multiply(N(step->b), N(step->c))))); NEXT;
FAIL(FailUnlessProductLessEqual, a, Domain::is_false(vm::less_equal(vm::multiply(a, N(step->b)), N(step->c))))
op_FailUnlessInSet: FAIL_WHERE(Domain::is_false(IN_SET(N(step->a)))); NEXT;
op_FailIfInSet: FAIL_WHERE(Domain::is_true(IN_SET(N(step->a)))); NEXT;
op_RequireFacts: {
    const Requirement *const first = plan.requirements.data() + step->a, *const end = plan.requirements.data() + step->b;
    std::int64_t least = std::numeric_limits<std::int64_t>::max();
    std::uint64_t outside = 0;
    for (const Requirement* one = first; one != end; ++one) {
        const std::int64_t known = self.row().known(one->column);
        least = minimum(least, known);
        outside |= where(static_cast<std::uint64_t>(known) - static_cast<std::uint64_t>(one->low) > one->others, one->clauses);
    }
    failed |= outside;
    if (!is_known(least)) [[unlikely]] {
        std::uint64_t unsettled = 0;
        for (const Requirement* one = first; one != end; ++one) unsettled |= where(!is_known(self.row().known(one->column)), one->clauses);
        // What is not known lies outside of all values that are asked for. A range may decide what nothing at all cannot.
        failed &= ~unsettled;
        const std::uint64_t not_open = unsettled & (step->clauses | where(self.row().holds_ranges(), ~std::uint64_t{0}));
        given_up |= not_open | where(not_open != unsettled, open_bit);
    }
    NEXT;
}

op_ReadFact: {
    const std::int64_t known = self.row().known(reads[step->a].column);
    PUT(Domain::number(known));
    if (!is_known(known)) [[unlikely]] given_up |= where(NEEDED, reads[step->a].clauses);
    NEXT;
}
op_ReadFacts: READ_TOGETHER(self.row().known(read->column)); NEXT;
op_ReadYears:
    if (years_at_hand != nullptr) [[likely]] READ_TOGETHER(years_at_hand[read->year_place]);
    else READ_TOGETHER(self.row().known_in_year(read->column, self.fiscal_year() + read->year_offset));
    NEXT;
op_ReadElements: READ_TOGETHER(element->known(read->column)); NEXT;
op_ReadYear: {
    const std::int64_t known = YEAR(reads[step->a]);
    GIVE_UP_WHERE(!is_known(known));
    PUT(Domain::number(known));
    NEXT;
}
#define YEAR_WHERE                                             \
    const std::int64_t known = YEAR(reads[step->a]);           \
    const bool wanted = Domain::is_true(N(step->flags));       \
    GIVE_UP_WHERE(wanted & !is_known(known));                  \
    const auto counted = static_cast<std::int64_t>(where(wanted, static_cast<std::uint64_t>(known)))
op_ReadYearWhere: {
    YEAR_WHERE;
    PUT(Domain::number(counted));
    NEXT;
}
op_AddYearWhere: {
    YEAR_WHERE;
    PUT(vm::add(N(step->b), Domain::number(counted)));
    NEXT;
}
#undef YEAR_WHERE
#define READ_IF_GIVEN(known_value)                                    \
    const FactRead& read = reads[step->a];                            \
    const std::int64_t known = known_value;                           \
    store(AT(read.place), Domain::number(known));                     \
    PUT(Domain::number(known != left_out));                           \
    GIVE_UP_WHERE(std::uint64_t{known == not_known} & NEEDED)
op_ReadIfGiven: {
    READ_IF_GIVEN(self.row().known(read.column));
    NEXT;
}
op_ReadYearIfGiven: {
    READ_IF_GIVEN(YEAR(read));
    NEXT;
}
#undef READ_IF_GIVEN
op_ReadInput:
    GIVE_UP_WHERE(std::uint64_t{!self.bind<Domain>(plan.inputs[step->a], self.row(), plan.subject)} & NEEDED);
    NEXT;
op_ReadGiven:
    self.bind_given<Domain>(plan.inputs[step->a], self.row());
    NEXT;
op_ReadField:
    GIVE_UP_WHERE(std::uint64_t{!self.bind_field<Domain>(step->loop, step->a)} & NEEDED);
    NEXT;
op_ReadFieldGiven:
    self.bind_field_given<Domain>(step->loop, step->a);
    NEXT;

EITHER(LessEqualProduct, a, vm::less_equal(a, vm::multiply(N(step->b), N(step->c))))
EITHER(ProductLessEqual, a, vm::less_equal(vm::multiply(a, N(step->b)), N(step->c)))
op_SelectUnlessEqual: PUT(vm::select(vm::equal(N(step->a), N(step->b)), N(step->flags), N(step->c))); NEXT;
EITHER(AndNot, a, Domain::both(a, vm::negation(N(step->b))))
EITHER(Excess, a, vm::maximum(vm::subtract(a, N(step->b)), Domain::number(0)))
op_ExcessOverTwo: PUT(vm::maximum(vm::subtract(vm::subtract(N(step->a), N(step->b)), N(step->c)), Domain::number(0))); NEXT;
op_BeginDay:
    if (self.question().as_of != frame.turns_day_) [[unlikely]] self.begin_day();
    NEXT;
op_YearAtLeast: PUT(Domain::number(self.fiscal_year() + static_cast<std::int16_t>(step->a) >= static_cast<std::int32_t>(step->b))); NEXT;
op_YearBelow: PUT(Domain::number(self.fiscal_year() + static_cast<std::int16_t>(step->a) < static_cast<std::int32_t>(step->b))); NEXT;
op_LessEqualYearEnd: PUT(vm::less_equal(N(step->a), Domain::number(value::year_end(self.fiscal_year() + static_cast<std::int16_t>(step->b))))); NEXT;
op_NotInSet: PUT(vm::negation(IN_SET(N(step->a)))); NEXT;
EITHER(NotEqual, a, vm::negation(vm::equal(a, N(step->b))))
op_SkipIfFalse:
    if (Domain::is_false(N(step->a))) step += step->b;
    NEXT;
op_SkipIfTrue:
    if (Domain::is_true(N(step->a))) step += step->b;
    NEXT;

op_Decide:
    if ((failed & ~given_up) != 0) goto failed_for_certain;
    NEXT;
op_EndClauses:
    if ((failed & ~given_up) != 0) goto failed_for_certain;
    if (given_up != 0) goto over_sets;
    // All clauses hold: what their conjunction comes to needs no working out.
    PUT(Domain::number(1));
    NEXT;
failed_for_certain:
    if ((given_up & first_bit) != 0) goto over_sets;
    goto stop;
op_EndVerdict: {
    const bool fails = (failed & ~given_up) != 0;
    if (given_up == 0) [[likely]] return settled(fails ? Verdict::Ineligible : Verdict::Eligible);
    if ((given_up & (fails ? first_bit : ~open_bit)) != 0) goto over_sets;
    return settled(fails ? Verdict::Ineligible : Verdict::Undetermined);
}
op_GiveUp: GIVE_UP_WHERE(NEEDED); NEXT;
op_Finish:
    if (given_up == 0) return settled(base[plan.verdict] != 0 ? Verdict::Eligible : Verdict::Ineligible);
over_sets:
    if constexpr (!Domain::sets) return outcome_over_sets(frame);
    return {};

#undef AT
#undef N
#undef W
#undef PUT
#undef BOTH_FORMS
#undef EITHER
#undef CHECKED
#undef FAIL_WHERE
#undef GIVE_UP_WHERE
#undef NEEDED
#undef GIVE_UP
#undef FAIL
#undef IN_SET
#undef READ_TOGETHER
#undef YEAR
#undef NEXT
}

#pragma GCC diagnostic pop

namespace {

void load_constants(const bytecode::Program& program, const Plan& plan, std::int64_t* known, std::int64_t* sets) {
    for (const bytecode::Register number : plan.seats.registers()) {
        const Place place = plan.seats.find(number)->sets;
        const auto& instruction = program.code[number];
        if (instruction.opcode == Opcode::Constant || instruction.opcode == Opcode::ConstantB) {
            const auto& constant = program.constants[instruction.a];
            store(known + place, constant.low);
            store(sets + place * 2, Interval<std::int64_t>{constant.low, constant.high});
        } else if (instruction.opcode == Opcode::ConstantW) {
            const auto& constant = program.wide_constants[instruction.a];
            store(known + place, static_cast<std::int64_t>(constant.low));
            store(sets + place * 2, Interval<Int128>{constant.low, constant.high});
        }
    }
}

}  // namespace

Frame::Frame(const bytecode::Pack& pack, const Plan& plan, std::uint32_t version) : plan_(&plan), pack_(&pack), version_(version), known_(plan.words, 0), sets_(std::size_t{plan.words} * 2, 0), loops_(plan.loops.size()) {}

Result Frame::result(const Seat& seat) const {
    if (over_sets_) {
        if (seat.wide) {
            const auto interval = load<Interval<Int128>>(sets_.data() + seat.sets * 2);
            return {interval.low, interval.high};
        }
        const auto interval = load<Interval<std::int64_t>>(sets_.data() + seat.sets * 2);
        return {interval.low, interval.high};
    }
    const std::int64_t known = known_[seat.known];
    return {known, known};
}

Frame make_frame(const bytecode::Pack& pack, const Plan& plan, std::uint32_t version) {
    Frame frame(pack, plan, version);
    load_constants(pack.subjects[plan.subject].program, plan, frame.known_.data(), frame.sets_.data());
    if (plan.first_register == bytecode::no_register) store(frame.known_.data() + plan.first, std::int64_t{1});
    return frame;
}

namespace {

// By what is true of its being in force, then of its clauses.
Verdict verdict_of(value::Truth in_force, value::Truth holds) {
    if (in_force != value::Truth::True) return in_force == value::Truth::False ? Verdict::NotInForce : Verdict::Undetermined;
    return holds == value::Truth::True ? Verdict::Eligible : holds == value::Truth::False ? Verdict::Ineligible : Verdict::Undetermined;
}

}  // namespace

[[gnu::noinline]] Outcome Executor::outcome_over_sets(Frame& frame) {
    (void)execute<SetDomain>(frame, no_loop);
    const auto truth_at = [&frame](bytecode::Register number) { return number == bytecode::no_register ? value::Truth::True : frame.truth(number); };
    return {verdict_of(truth_at(frame.plan().first_register), truth_at(frame.plan().verdict_register)), frame.version_};
}

void run(Frame& frame, const Row& row, const Question& question, std::int32_t fiscal_year) {
    (void)Executor(frame).answer(row, question, fiscal_year);
}

void run_over_sets(Frame& frame, const Row& row, const Question& question, std::int32_t fiscal_year) {
    Executor(frame).ask(row, question, fiscal_year);
    (void)Executor::execute<SetDomain>(frame, Executor::no_loop);
}

void replay(Frame& frame, std::uint32_t loop, std::uint32_t element) { Executor(frame).replay(loop, element); }

inline std::uint32_t Checker::version_on(value::Day day, std::uint32_t number) const {
    const auto count = static_cast<std::uint32_t>(periods_.size());
    while (number < count && (day < periods_[number].from || day > periods_[number].to)) ++number;
    return number;
}

Outcome Checker::check(const Profile& profile, const Question& question, Memory& memory) const noexcept {
    const std::uint32_t number = version_on(question.as_of, 0);
    if (number == periods_.size()) [[unlikely]] return {};
    Frame& frame = memory.frames[number];
    const Executor executor(frame);
    const Outcome outcome = executor.answer(profile.row, question, profile.fiscal_year ? *profile.fiscal_year : executor.year_of(question.as_of));
    // One whose own day decides may have to be looked for further.
    if (outcome.verdict == Verdict::NotInForce) [[unlikely]] return check_behind(outcome.version, memory);
    return outcome;
}

[[gnu::noinline]] Outcome Checker::check_behind(std::uint32_t number, Memory& memory) const noexcept {
    const Frame& asked = memory.frames[number];
    while ((number = version_on(asked.question_.as_of, number + 1)) != periods_.size()) {
        const Outcome outcome = Executor(memory.frames[number]).answer(*asked.row_, asked.question_, asked.fiscal_year_);
        if (outcome.verdict != Verdict::NotInForce) return outcome;
    }
    return {};
}

}  // namespace eligo::vm
