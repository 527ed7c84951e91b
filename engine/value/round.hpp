// The four roundings, each written once, as integer division of a number of any sign by a positive one.
#pragma once

#include <cstdint>

#include "int128.hpp"

namespace eligo::value {

enum class Rounding : std::uint8_t {
    HalfUp,    // round:       the nearest, a half goes up (towards plus infinity): 四舍五入
    Down,      // round_down:  towards minus infinity
    Up,        // round_up:    towards plus infinity
    HalfEven,  // round_even:  the nearest, a half goes to the even neighbour
};

template <class Integer>
[[nodiscard]] constexpr Integer divide_floor(Integer numerator, Integer denominator) {
    const Integer quotient = numerator / denominator;
    return quotient - (numerator % denominator < 0 ? 1 : 0);
}

// numerator / denominator rounded to a whole number; denominator > 0. Never overflows.
template <class Integer>
[[nodiscard]] constexpr Integer divide_rounded(Integer numerator, Integer denominator, Rounding rounding) {
    const Integer low = divide_floor(numerator, denominator);
    // By the remainder, not by numerator - low * denominator: that product may lie below the least Integer.
    const Integer remainder = numerator % denominator;
    const Integer rest = remainder < 0 ? remainder + denominator : remainder;  // 0 .. denominator - 1
    switch (rounding) {
        case Rounding::Down: return low;
        case Rounding::Up: return low + (rest > 0 ? 1 : 0);
        case Rounding::HalfUp: return low + (rest >= denominator - rest ? 1 : 0);
        case Rounding::HalfEven:
            if (rest == denominator - rest) return low + ((low & 1) != 0 ? 1 : 0);
            return low + (rest > denominator - rest ? 1 : 0);
    }
    return low;
}

}  // namespace eligo::value
