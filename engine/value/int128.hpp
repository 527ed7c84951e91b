// 128-bit integers: the ground on which every exact number of the engine stands.
//
// `Int128` is the compiler's own type, so that the runtime needs no library. Everything here is
// `constexpr` or inline, throws nothing and allocates nothing; overflow is reported, never wrapped.
#pragma once

#include <cstdint>
#include <optional>

namespace eligo::value {

__extension__ typedef __int128 Int128;
__extension__ typedef unsigned __int128 UInt128;

inline constexpr Int128 int128_max = static_cast<Int128>(~UInt128{0} >> 1);
inline constexpr Int128 int128_min = -int128_max - 1;

[[nodiscard]] constexpr std::optional<Int128> checked_add(Int128 a, Int128 b) {
    Int128 result = 0;
    if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
    return result;
}
[[nodiscard]] constexpr std::optional<Int128> checked_sub(Int128 a, Int128 b) {
    Int128 result = 0;
    if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
    return result;
}
[[nodiscard]] constexpr std::optional<Int128> checked_mul(Int128 a, Int128 b) {
    Int128 result = 0;
    if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
    return result;
}
[[nodiscard]] constexpr bool fits_int64(Int128 value) { return value == static_cast<std::int64_t>(value); }
// Of every value but int128_min, whose absolute value is no Int128.
[[nodiscard]] constexpr Int128 absolute(Int128 value) { return value < 0 ? -value : value; }
// Greatest common divisor; never negative; gcd(0, 0) is 0. Neither operand may be int128_min.
[[nodiscard]] constexpr Int128 gcd(Int128 a, Int128 b) {
    a = absolute(a);
    b = absolute(b);
    while (b != 0) {
        const Int128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

}  // namespace eligo::value
