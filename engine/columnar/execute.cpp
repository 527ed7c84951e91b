// Instruction by instruction, in the order of vm/run.cpp. Tested by tests/engines/columnar.cpp.
#include "execute.hpp"

namespace eligo::columnar {
namespace {

namespace domain = value::domain;
using value::Rounding;

using N = std::int64_t;
using W = Int128;

template <class T>
T* low(const Lanes& lanes) { return static_cast<T*>(lanes.low); }
template <class T>
T* high(const Lanes& lanes) { return static_cast<T*>(lanes.high); }

bool bit(const void* words, std::size_t lane) { return (static_cast<const std::uint64_t*>(words)[lane >> 6] >> (lane & 63) & 1) != 0; }
Interval<N> truth_at(const Lanes& lanes, std::size_t lane) { return {bit(lanes.low, lane), bit(lanes.high, lane)}; }
template <class T>
Interval<T> at(const Lanes& lanes, std::size_t lane) { return {low<T>(lanes)[lane], high<T>(lanes)[lane]}; }
template <class T>
void put(const Lanes& lanes, std::size_t lane, Interval<T> value) {
    low<T>(lanes)[lane] = value.low;
    high<T>(lanes)[lane] = value.high;
}

// Truths are put together a word at a time.
template <class Function>
void truths(const Arguments& x, Function function) {
    auto* const certainly = low<std::uint64_t>(x.result);
    auto* const possibly = high<std::uint64_t>(x.result);
    for (std::size_t first = 0; first < x.count; first += 64) {
        const std::size_t lanes = x.count - first < 64 ? x.count - first : 64;
        std::uint64_t sure = 0, may = 0;
        for (std::size_t i = 0; i < lanes; ++i) {
            const Interval<N> truth = function(first + i);
            sure |= static_cast<std::uint64_t>(truth.low != 0) << i;
            may |= static_cast<std::uint64_t>(truth.high != 0) << i;
        }
        certainly[first >> 6] = sure;
        possibly[first >> 6] = may;
    }
}

template <class T, class Function>
void unary(const Arguments& x, Function function) {
    if (x.result.exact()) {
        for (std::size_t i = 0; i < x.count; ++i) low<T>(x.result)[i] = function(low<T>(x.a)[i]);
    } else {
        for (std::size_t i = 0; i < x.count; ++i) put<T>(x.result, i, function(at<T>(x.a, i)));
    }
}
template <class T, class Function>
void binary(const Arguments& x, Function function) {
    if (x.result.exact()) {
        for (std::size_t i = 0; i < x.count; ++i) low<T>(x.result)[i] = function(low<T>(x.a)[i], low<T>(x.b)[i]);
    } else {
        for (std::size_t i = 0; i < x.count; ++i) put<T>(x.result, i, function(at<T>(x.a, i), at<T>(x.b, i)));
    }
}
template <class T, class Function>
void comparison(const Arguments& x, Function function) {
    truths(x, [&](std::size_t i) { return function(at<T>(x.a, i), at<T>(x.b, i)); });
}
// b or c by the truth a.
template <class T, class Function>
void choosing(const Arguments& x, Function function) {
    for (std::size_t i = 0; i < x.count; ++i) put<T>(x.result, i, function(truth_at(x.a, i), at<T>(x.b, i), at<T>(x.c, i)));
}
template <class T>
void or_unknown(const Arguments& x) {
    const Interval<T> unknown{static_cast<T>(x.low), static_cast<T>(x.high)};
    for (std::size_t i = 0; i < x.count; ++i) put<T>(x.result, i, domain::select(truth_at(x.a, i), at<T>(x.b, i), unknown));
}
template <class T>
void constant(const Arguments& x) {
    for (std::size_t i = 0; i < x.count; ++i) put<T>(x.result, i, {static_cast<T>(x.low), static_cast<T>(x.high)});
}
template <class Function>
void words(const Arguments& x, Function function) {
    for (std::size_t i = 0; i < (x.count + 63) / 64; ++i) function(i);
}

// A calculated day may lie before the first or behind the last there is; what holds on those, holds there too.
const bytecode::ParameterEntry* entry_on(const bytecode::Parameter& parameter, N day, N known_on) {
    day = domain::minimum(domain::maximum(day, N{value::first_day}), N{value::last_day});
    for (std::size_t i = parameter.entries.size(); i-- > 0;) {
        const auto& entry = parameter.entries[i];
        if (entry.from <= day && entry.published <= known_on) return day <= entry.to ? &entry : nullptr;
    }
    return nullptr;
}
Interval<N> value_on(const bytecode::Parameter& parameter, Interval<N> day, N known_on) {
    // What it has nowhere it adds nothing to what it has elsewhere.
    const auto* const first = entry_on(parameter, day.low, known_on);
    bool ever = first != nullptr;
    const N begin = ever ? first->value : parameter.low;
    Interval<N> result{begin, begin};
    for (const auto& entry : parameter.entries) {
        if (entry.from <= day.low || entry.from > day.high || entry.published > known_on) continue;
        result = ever ? domain::hull(result, {entry.value, entry.value}) : Interval<N>{entry.value, entry.value};
        ever = true;
    }
    return result;
}
Interval<N> given_on(const bytecode::Parameter& parameter, Interval<N> day, N known_on) {
    const auto on = [&](N one) { return Interval<N>{entry_on(parameter, one, known_on) != nullptr, entry_on(parameter, one, known_on) != nullptr}; };
    Interval<N> result = on(day.low);
    // Whether it is given changes only where an entry begins or on the day after one ends.
    for (const auto& entry : parameter.entries)
        for (const N turn : {N{entry.from}, N{entry.to} + 1})
            if (day.low < turn && turn <= day.high) result = domain::hull(result, on(turn));
    return result;
}
Interval<N> in_set(const bytecode::Set& set, Interval<N> a) {
    Interval<N> result{0, 0};
    for (const auto& interval : set.intervals) {
        if (interval.low <= a.low && a.high <= interval.high) return {1, 1};
        if (interval.low <= a.high && a.low <= interval.high) result.high = 1;
    }
    return result;
}

template <class T>
Interval<T> sum_with(Interval<T> total, Interval<T> element, Interval<N> counts, bool any, N most) {
    if (counts.high == 0) return total;
    if (counts.low == 0 || any) element = domain::hull(element, Interval<T>{0, 0});
    if (any) element = domain::multiply(element, Interval<T>{T{most}, T{most}});
    return domain::add(total, element);
}

// `flags`: bit 0, some element may have counted; bit 1, some element certainly did.
template <bool greatest, class T>
Interval<T> extreme_with(Interval<T> best, Interval<T> element, Interval<N> counts, bool any, std::uint8_t& flags) {
    if (counts.high == 0) return best;
    const bool certain = counts.low != 0 && !any;
    const std::uint8_t before = flags;
    flags = static_cast<std::uint8_t>(flags | (certain ? 3 : 1));
    if (before == 0) return element;
    Interval<T> result = best;
    // Among the near ends only what certainly counts can raise (or lower) the result.
    if (greatest) {
        result.high = domain::maximum(best.high, element.high);
        if (certain) result.low = (before & 2) != 0 ? domain::maximum(best.low, element.low) : element.low;
        else if ((before & 2) == 0) result.low = domain::minimum(best.low, element.low);
    } else {
        result.low = domain::minimum(best.low, element.low);
        if (certain) result.high = (before & 2) != 0 ? domain::minimum(best.high, element.high) : element.high;
        else if ((before & 2) == 0) result.high = domain::maximum(best.high, element.high);
    }
    return result;
}

template <class T>
void reduce_sum(const Arguments& x, const Gathering& over) {
    for (std::size_t i = 0; i < x.count; ++i) {
        const std::uint32_t lane = over.parent[i];
        put<T>(x.result, lane, sum_with<T>(at<T>(x.result, lane), at<T>(x.a, i), truth_at(x.b, i), over.any != nullptr && over.any[i] != 0, over.most));
    }
}
template <bool greatest, class T>
void reduce_extreme(const Arguments& x, const Gathering& over) {
    for (std::size_t i = 0; i < x.count; ++i) {
        const std::uint32_t lane = over.parent[i];
        put<T>(x.result, lane, extreme_with<greatest, T>(at<T>(x.result, lane), at<T>(x.a, i), truth_at(x.b, i), over.any != nullptr && over.any[i] != 0, over.flags[lane]));
    }
}
void reduce_any(const Arguments& x, const Gathering& over) {
    for (std::size_t i = 0; i < x.count; ++i) {
        const std::uint32_t lane = over.parent[i];
        Interval<N> holds = truth_at(x.a, i);
        if (over.any != nullptr && over.any[i] != 0) holds.low = 0;
        low<std::uint64_t>(x.result)[lane >> 6] |= static_cast<std::uint64_t>(holds.low) << (lane & 63);
        high<std::uint64_t>(x.result)[lane >> 6] |= static_cast<std::uint64_t>(holds.high) << (lane & 63);
    }
}

}  // namespace

void execute(Opcode opcode, const Arguments& x) {
    const auto* const a_sure = low<std::uint64_t>(x.a), * const a_may = high<std::uint64_t>(x.a);
    const auto* const b_sure = low<std::uint64_t>(x.b), * const b_may = high<std::uint64_t>(x.b);
    const auto* const c_sure = low<std::uint64_t>(x.c), * const c_may = high<std::uint64_t>(x.c);
    auto* const sure = low<std::uint64_t>(x.result);
    auto* const may = high<std::uint64_t>(x.result);
    switch (opcode) {
        case Opcode::Constant: return constant<N>(x);
        case Opcode::ConstantW: return constant<W>(x);
        case Opcode::ConstantB: return truths(x, [&](std::size_t) { return Interval<N>{x.low != 0, x.high != 0}; });
        // Columns and what is fixed for a batch: never steps.
        case Opcode::Input:
        case Opcode::InputB:
        case Opcode::Given:
        case Opcode::Field:
        case Opcode::FieldB:
        case Opcode::FieldGiven:
        case Opcode::AsOf:
        case Opcode::KnownOn: return;
        case Opcode::YearEnd:
            for (std::size_t i = 0; i < x.count; ++i) low<N>(x.result)[i] = value::year_end(x.years[i] + x.year_offset);
            return;
        case Opcode::Parameter:
            for (std::size_t i = 0; i < x.count; ++i) put<N>(x.result, i, value_on(*x.parameter, at<N>(x.a, i), x.known_on));
            return;
        case Opcode::ParameterGiven: return truths(x, [&](std::size_t i) { return given_on(*x.parameter, at<N>(x.a, i), x.known_on); });

        case Opcode::Add: return binary<N>(x, [](auto a, auto b) { return domain::add(a, b); });
        case Opcode::Subtract: return binary<N>(x, [](auto a, auto b) { return domain::subtract(a, b); });
        case Opcode::Multiply: return binary<N>(x, [](auto a, auto b) { return domain::multiply(a, b); });
        case Opcode::Minimum: return binary<N>(x, [](auto a, auto b) { return domain::minimum(a, b); });
        case Opcode::Maximum: return binary<N>(x, [](auto a, auto b) { return domain::maximum(a, b); });
        case Opcode::Absolute: return unary<N>(x, [](auto a) { return domain::absolute(a); });
        case Opcode::DivideHalfUp: return binary<N>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::HalfUp); });
        case Opcode::DivideDown: return binary<N>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::Down); });
        case Opcode::DivideUp: return binary<N>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::Up); });
        case Opcode::DivideHalfEven: return binary<N>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::HalfEven); });
        case Opcode::Widen:
            for (std::size_t i = 0; i < x.count; ++i) put<W>(x.result, i, {low<N>(x.a)[i], high<N>(x.a)[i]});
            return;
        case Opcode::Narrow:
            for (std::size_t i = 0; i < x.count; ++i) put<N>(x.result, i, {static_cast<N>(low<W>(x.a)[i]), static_cast<N>(high<W>(x.a)[i])});
            return;
        case Opcode::AddW: return binary<W>(x, [](auto a, auto b) { return domain::add(a, b); });
        case Opcode::SubtractW: return binary<W>(x, [](auto a, auto b) { return domain::subtract(a, b); });
        case Opcode::MultiplyW: return binary<W>(x, [](auto a, auto b) { return domain::multiply(a, b); });
        case Opcode::MinimumW: return binary<W>(x, [](auto a, auto b) { return domain::minimum(a, b); });
        case Opcode::MaximumW: return binary<W>(x, [](auto a, auto b) { return domain::maximum(a, b); });
        case Opcode::AbsoluteW: return unary<W>(x, [](auto a) { return domain::absolute(a); });
        case Opcode::DivideHalfUpW: return binary<W>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::HalfUp); });
        case Opcode::DivideDownW: return binary<W>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::Down); });
        case Opcode::DivideUpW: return binary<W>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::Up); });
        case Opcode::DivideHalfEvenW: return binary<W>(x, [](auto a, auto b) { return domain::divide(a, b, Rounding::HalfEven); });

        case Opcode::MultiplyAlong: return binary<N>(x, [](auto a, auto b) { return domain::multiply_along(a, b); });
        case Opcode::MultiplyAcross: return binary<N>(x, [](auto a, auto b) { return domain::multiply_across(a, b); });
        case Opcode::Ends: return binary<N>(x, [](auto a, auto b) { return domain::ends(a, b); });
        case Opcode::Swap: return unary<N>(x, [](auto a) { return domain::swap_ends(a); });
        case Opcode::Lesser: return comparison<N>(x, [](auto a, auto b) { return domain::lesser(a, b); });
        case Opcode::Choice: return truths(x, [&](std::size_t i) { return domain::choice(truth_at(x.a, i), at<N>(x.b, i), at<N>(x.c, i)); });
        case Opcode::SelectEnds: return choosing<N>(x, [](auto a, auto b, auto c) { return domain::select_ends(a, b, c); });
        case Opcode::MultiplyAlongW: return binary<W>(x, [](auto a, auto b) { return domain::multiply_along(a, b); });
        case Opcode::MultiplyAcrossW: return binary<W>(x, [](auto a, auto b) { return domain::multiply_across(a, b); });
        case Opcode::EndsW: return binary<W>(x, [](auto a, auto b) { return domain::ends(a, b); });
        case Opcode::SwapW: return unary<W>(x, [](auto a) { return domain::swap_ends(a); });
        case Opcode::LesserW: return comparison<W>(x, [](auto a, auto b) { return domain::lesser(a, b); });
        case Opcode::ChoiceW: return truths(x, [&](std::size_t i) { return domain::choice(truth_at(x.a, i), at<W>(x.b, i), at<W>(x.c, i)); });
        case Opcode::SelectEndsW: return choosing<W>(x, [](auto a, auto b, auto c) { return domain::select_ends(a, b, c); });

        case Opcode::AddMonths: return binary<N>(x, [](auto a, auto b) { return domain::add_months(a, b); });
        case Opcode::MonthsBetween: return binary<N>(x, [](auto a, auto b) { return domain::months_between(a, b); });

        case Opcode::Less: return comparison<N>(x, [](auto a, auto b) { return domain::less(a, b); });
        case Opcode::LessEqual: return comparison<N>(x, [](auto a, auto b) { return domain::less_equal(a, b); });
        case Opcode::Equal: return comparison<N>(x, [](auto a, auto b) { return domain::equal(a, b); });
        case Opcode::LessW: return comparison<W>(x, [](auto a, auto b) { return domain::less(a, b); });
        case Opcode::LessEqualW: return comparison<W>(x, [](auto a, auto b) { return domain::less_equal(a, b); });
        case Opcode::EqualW: return comparison<W>(x, [](auto a, auto b) { return domain::equal(a, b); });
        case Opcode::InSet: return truths(x, [&](std::size_t i) { return in_set(*x.set, at<N>(x.a, i)); });

        case Opcode::Not:
            return words(x, [&](std::size_t i) {
                const std::uint64_t certainly = ~a_may[i];
                may[i] = ~a_sure[i];
                sure[i] = certainly;
            });
        case Opcode::And:
            return words(x, [&](std::size_t i) {
                const std::uint64_t possibly = a_may[i] & b_may[i];
                sure[i] = a_sure[i] & b_sure[i];
                may[i] = possibly;
            });
        case Opcode::Or:
            return words(x, [&](std::size_t i) {
                const std::uint64_t possibly = a_may[i] | b_may[i];
                sure[i] = a_sure[i] | b_sure[i];
                may[i] = possibly;
            });
        case Opcode::Truth:
            for (std::size_t i = 0; i < x.count; ++i) put<N>(x.result, i, truth_at(x.a, i));
            return;
        case Opcode::Select: return choosing<N>(x, [](auto a, auto b, auto c) { return domain::select(a, b, c); });
        case Opcode::SelectW: return choosing<W>(x, [](auto a, auto b, auto c) { return domain::select(a, b, c); });
        // Where a is open: the hull, certain where both are and possible where one is.
        case Opcode::SelectB:
            return words(x, [&](std::size_t i) {
                const std::uint64_t possibly = (a_may[i] & b_may[i]) | (~a_sure[i] & c_may[i]);
                sure[i] = (a_sure[i] & b_sure[i]) | (~a_may[i] & c_sure[i]) | (a_may[i] & ~a_sure[i] & b_sure[i] & c_sure[i]);
                may[i] = possibly;
            });
        case Opcode::OrUnknown: return or_unknown<N>(x);
        case Opcode::OrUnknownW: return or_unknown<W>(x);
        case Opcode::OrUnknownB:
            return words(x, [&](std::size_t i) {
                const std::uint64_t possibly = (a_may[i] & b_may[i]) | ~a_sure[i];
                sure[i] = a_sure[i] & b_sure[i];
                may[i] = possibly;
            });

        // Lists are gone through by run.cpp.
        case Opcode::Loop:
        case Opcode::EndLoop:
        case Opcode::ReduceSum:
        case Opcode::ReduceSumW:
        case Opcode::ReduceAny:
        case Opcode::ReduceMinimum:
        case Opcode::ReduceMaximum:
        case Opcode::ReduceMinimumW:
        case Opcode::ReduceMaximumW: return;
    }
}

void reduce(Opcode opcode, const Arguments& x, const Gathering& over) {
    switch (opcode) {
        case Opcode::ReduceSum: return reduce_sum<N>(x, over);
        case Opcode::ReduceSumW: return reduce_sum<W>(x, over);
        case Opcode::ReduceAny: return reduce_any(x, over);
        case Opcode::ReduceMinimum: return reduce_extreme<false, N>(x, over);
        case Opcode::ReduceMaximum: return reduce_extreme<true, N>(x, over);
        case Opcode::ReduceMinimumW: return reduce_extreme<false, W>(x, over);
        case Opcode::ReduceMaximumW: return reduce_extreme<true, W>(x, over);
        default: return;
    }
}

}  // namespace eligo::columnar
