// The two domains the instructions run over: known values, and sets of values kept as intervals. Every
// operation stands here twice, under one name, so that each engine is written once and all of them mean the same.
//
// Ranges proved by the compiler keep every result within its width; arithmetic still wraps rather than
// traps, because a value that no one will select (the branch not taken) may lie outside.
#pragma once

#include <cstdint>

#include "date.hpp"
#include "int128.hpp"
#include "round.hpp"

namespace eligo::value::domain {

template <class T>
struct Interval {
    T low, high;
};

template <class T>
struct unsigned_of;
template <>
struct unsigned_of<std::int64_t> {
    using type = std::uint64_t;
};
template <>
struct unsigned_of<value::Int128> {
    using type = value::UInt128;
};

// ---- known values

template <class T>
constexpr T add(T a, T b) {
    using U = typename unsigned_of<T>::type;
    return static_cast<T>(static_cast<U>(a) + static_cast<U>(b));
}
template <class T>
constexpr T subtract(T a, T b) {
    using U = typename unsigned_of<T>::type;
    return static_cast<T>(static_cast<U>(a) - static_cast<U>(b));
}
template <class T>
constexpr T multiply(T a, T b) {
    using U = typename unsigned_of<T>::type;
    return static_cast<T>(static_cast<U>(a) * static_cast<U>(b));
}
// A register of 128 bits that is held in 64: whether its value is too much for that.
inline bool add_overflows(std::int64_t a, std::int64_t b, std::int64_t* result) { return __builtin_add_overflow(a, b, result); }
inline bool subtract_overflows(std::int64_t a, std::int64_t b, std::int64_t* result) { return __builtin_sub_overflow(a, b, result); }
inline bool multiply_overflows(std::int64_t a, std::int64_t b, std::int64_t* result) { return __builtin_mul_overflow(a, b, result); }
// Choices without a jump. Which way one goes depends on the company, so that the processor cannot guess it; and a jump that
// goes now this way, now that spoils its guesses for all the steps that follow.
template <class T>
constexpr T chosen(bool condition, T a, T b) {
    using U = typename unsigned_of<T>::type;
    const U mask = U{0} - U{condition};
    return static_cast<T>((static_cast<U>(a) & mask) | (static_cast<U>(b) & ~mask));
}
template <class T>
constexpr T minimum(T a, T b) { return b < a ? b : a; }
template <class T>
constexpr T maximum(T a, T b) { return a < b ? b : a; }
template <class T>
constexpr T absolute(T a) { return chosen(a < 0, subtract(T{0}, a), a); }
// A divisor that no one will look at may be zero or negative; it is then taken for one.
template <class T>
constexpr T divide(T a, T b, value::Rounding rounding) { return value::divide_rounded(a, b < 1 ? T{1} : b, rounding); }
// The calendar is total only near the language's own dates. The compiler proves that days stay there; code that was merely
// verified, and a branch not taken, may say anything.
inline value::Day calendar_day(std::int64_t day) {
    constexpr std::int64_t begin = value::first_calculated_day, end = value::last_calculated_day;
    return static_cast<value::Day>(day < begin ? begin : day > end ? end : day);
}
inline std::int64_t add_months(std::int64_t day, std::int64_t months) {
    constexpr std::int64_t most = 7200;
    return value::add_months(calendar_day(day), static_cast<std::int32_t>(months < -most ? -most : months > most ? most : months));
}
inline std::int64_t months_between(std::int64_t from, std::int64_t to) { return value::months_between(calendar_day(from), calendar_day(to)); }
template <class T>
constexpr std::int64_t less(T a, T b) { return a < b; }
template <class T>
constexpr std::int64_t less_equal(T a, T b) { return a <= b; }
template <class T>
constexpr std::int64_t equal(T a, T b) { return a == b; }
constexpr std::int64_t negation(std::int64_t a) { return a ^ 1; }
template <class T>
constexpr T select(std::int64_t condition, T a, T b) { return chosen(condition != 0, a, b); }
template <class T>
constexpr T multiply_along(T a, T b) { return multiply(a, b); }
template <class T>
constexpr T multiply_across(T a, T b) { return multiply(a, b); }
template <class T>
constexpr T ends(T, T b) { return b; }
template <class T>
constexpr T swap_ends(T a) { return a; }
template <class T>
constexpr std::int64_t lesser(T a, T b) { return a <= b; }
template <class T>
constexpr std::int64_t choice(std::int64_t condition, T, T) { return condition; }
template <class T>
constexpr T select_ends(std::int64_t condition, T a, T b) { return select(condition, a, b); }

// ---- sets of values

template <class T>
constexpr Interval<T> add(Interval<T> a, Interval<T> b) { return {add(a.low, b.low), add(a.high, b.high)}; }
template <class T>
constexpr Interval<T> subtract(Interval<T> a, Interval<T> b) { return {subtract(a.low, b.high), subtract(a.high, b.low)}; }
template <class T>
constexpr Interval<T> hull(Interval<T> a, Interval<T> b) { return {minimum(a.low, b.low), maximum(a.high, b.high)}; }
template <class T>
constexpr Interval<T> multiply(Interval<T> a, Interval<T> b) {
    const T p = multiply(a.low, b.low), q = multiply(a.low, b.high), r = multiply(a.high, b.low), s = multiply(a.high, b.high);
    return {minimum(minimum(p, q), minimum(r, s)), maximum(maximum(p, q), maximum(r, s))};
}
template <class T>
constexpr Interval<T> minimum(Interval<T> a, Interval<T> b) { return {minimum(a.low, b.low), minimum(a.high, b.high)}; }
template <class T>
constexpr Interval<T> maximum(Interval<T> a, Interval<T> b) { return {maximum(a.low, b.low), maximum(a.high, b.high)}; }
template <class T>
constexpr Interval<T> absolute(Interval<T> a) {
    if (a.low >= 0) return a;
    if (a.high <= 0) return {subtract(T{0}, a.high), subtract(T{0}, a.low)};
    return {0, maximum(subtract(T{0}, a.low), a.high)};
}
template <class T>
constexpr Interval<T> divide(Interval<T> a, Interval<T> b, value::Rounding rounding) {
    return {divide(a.low, b.low, rounding), divide(a.high, b.high, rounding)};
}
inline Interval<std::int64_t> add_months(Interval<std::int64_t> day, Interval<std::int64_t> months) {
    return {add_months(day.low, months.low), add_months(day.high, months.high)};
}
inline Interval<std::int64_t> months_between(Interval<std::int64_t> from, Interval<std::int64_t> to) {
    return {months_between(from.high, to.low), months_between(from.low, to.high)};
}
template <class T>
constexpr Interval<std::int64_t> less(Interval<T> a, Interval<T> b) { return {a.high < b.low, a.low < b.high}; }
template <class T>
constexpr Interval<std::int64_t> less_equal(Interval<T> a, Interval<T> b) { return {a.high <= b.low, a.low <= b.high}; }
// Certainly where neither has room on either side of the other: also of quotients multiplied across, of which the ends of one
// and the same number, over denominators that are open, lie apart.
template <class T>
constexpr Interval<std::int64_t> equal(Interval<T> a, Interval<T> b) {
    return {a.low == b.high && a.high == b.low, a.low <= b.high && b.low <= a.high};
}
constexpr Interval<std::int64_t> negation(Interval<std::int64_t> a) { return {a.high ^ 1, a.low ^ 1}; }
template <class T>
constexpr Interval<T> select(Interval<std::int64_t> condition, Interval<T> a, Interval<T> b) {
    if (condition.low != 0) return a;
    if (condition.high == 0) return b;
    return hull(a, b);
}
// A quotient keeps which denominator belongs to which end, so these look at the ends one by one.
template <class T>
constexpr Interval<T> multiply_along(Interval<T> a, Interval<T> b) { return {multiply(a.low, b.low), multiply(a.high, b.high)}; }
template <class T>
constexpr Interval<T> multiply_across(Interval<T> a, Interval<T> b) { return {multiply(a.low, b.high), multiply(a.high, b.low)}; }
template <class T>
constexpr Interval<T> ends(Interval<T> a, Interval<T> b) { return {a.low < 0 ? b.low : b.high, a.high < 0 ? b.high : b.low}; }
template <class T>
constexpr Interval<T> swap_ends(Interval<T> a) { return {a.high, a.low}; }
template <class T>
constexpr Interval<std::int64_t> lesser(Interval<T> a, Interval<T> b) { return {a.low <= b.low, a.high <= b.high}; }
template <class T>
constexpr Interval<std::int64_t> choice(Interval<std::int64_t> condition, Interval<T> a, Interval<T> b) {
    if (condition.low == condition.high) return condition;
    return {a.low <= b.low, a.high >= b.high};
}
template <class T>
constexpr Interval<T> select_ends(Interval<std::int64_t> which, Interval<T> a, Interval<T> b) {
    return {which.low != 0 ? a.low : b.low, which.high != 0 ? a.high : b.high};
}

}  // namespace eligo::value::domain
