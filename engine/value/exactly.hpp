// The one way from the compiler's exact numbers to a machine's: the number itself, or nothing. It never clamps, wraps or
// rounds, so that whoever asks has to say of the source what does not fit. Where a proof was made that it does, `.value()`
// throws should the proof be wrong. sema, codegen and scenario hold no cast of their own: see
// tests/unit/value_exactly_test.cpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>

#include "int128.hpp"
#include "rational.hpp"

namespace eligo::value {

// What a fact can be given as, in its steps. In a row the two least numbers of 64 bits say that nothing is known of one.
inline constexpr std::int64_t least_given = std::numeric_limits<std::int64_t>::min() + 2;
inline constexpr std::int64_t greatest_given = std::numeric_limits<std::int64_t>::max();

template <std::integral Machine>
[[nodiscard]] constexpr std::optional<Machine> exactly(Int128 number) {
    const auto held = static_cast<Machine>(number);
    if (static_cast<Int128>(held) != number) return std::nullopt;
    return held;
}
// Of a whole number.
template <std::integral Machine>
[[nodiscard]] constexpr std::optional<Machine> exactly(const Rational& number) {
    if (!number.is_whole()) return std::nullopt;
    return exactly<Machine>(number.numerator());
}
// How many steps it is.
template <std::integral Machine>
[[nodiscard]] std::optional<Machine> exactly(const Rational& number, const Rational& step) {
    const auto steps = divide(number, step);
    if (!steps) return std::nullopt;
    return exactly<Machine>(*steps);
}

}  // namespace eligo::value
