// From an exact number to its text: the one way for all that is printed or written. All digits are there, as many as there are;
// nothing rounds, overflows or passes through a floating-point number. Tested by tests/unit/value_exact_text_test.cpp.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "int128.hpp"

namespace eligo::value {

// numerator / denominator, counted in units of unit_numerator / unit_denominator, as a register holds it. All but the numerator
// are positive. Any such parts can be written, also those of which no Rational holds the product.
struct Parts {
    Int128 numerator = 0, denominator = 1;
    Int128 unit_numerator = 1, unit_denominator = 1;
};

// "12", "-0.75"; with at least two decimals "12.00". A number that is no finite decimal is its quotient in lowest terms, "1/3".
[[nodiscard]] std::string exact_text(const Parts& parts, int least_decimals = 0);

// The nearest number of at most so many decimals, a half away from zero: what people read beside the exact number, never in place
// of it.
[[nodiscard]] std::string near_text(const Parts& parts, int most_decimals, int least_decimals = 0);

// The number as a whole number of 1 / 10^decimals in two's complement, the lowest 64 bits first: what columns of decimals hold. It
// must be one, of fewer than 256 bits.
[[nodiscard]] std::array<std::uint64_t, 4> exact_decimal(const Parts& parts, int decimals);

// The order of two decimals that exact_text wrote, of any length.
[[nodiscard]] std::strong_ordering compare_decimals(std::string_view a, std::string_view b);

}  // namespace eligo::value
