// Closed intervals of whole numbers and exact arithmetic on them: what the compiler's proofs are made of.
//
// The result of an operation is the smallest interval that holds every result of its operands' members. It is
// nullopt when that interval does not fit in 128 bits. All binary operations have one signature, so that a
// table may name them; minimum, maximum and hull always answer.
#pragma once

#include <optional>

#include "int128.hpp"
#include "round.hpp"

namespace eligo::value {

// Both ends belong to it; low <= high.
struct Range {
    Int128 low = 0;
    Int128 high = 0;
    friend bool operator==(const Range&, const Range&) = default;
};

[[nodiscard]] constexpr Range point(Int128 value) { return {value, value}; }
[[nodiscard]] constexpr bool contains(const Range& range, Int128 value) {
    return range.low <= value && value <= range.high;
}
[[nodiscard]] constexpr bool contains(const Range& outer, const Range& inner) {
    return outer.low <= inner.low && inner.high <= outer.high;
}
[[nodiscard]] constexpr bool is_point(const Range& range) { return range.low == range.high; }
[[nodiscard]] constexpr bool fits_int64(const Range& range) {
    return fits_int64(range.low) && fits_int64(range.high);
}

[[nodiscard]] std::optional<Range> add(const Range& a, const Range& b);
[[nodiscard]] std::optional<Range> subtract(const Range& a, const Range& b);
[[nodiscard]] std::optional<Range> multiply(const Range& a, const Range& b);
[[nodiscard]] std::optional<Range> minimum(const Range& a, const Range& b);
[[nodiscard]] std::optional<Range> maximum(const Range& a, const Range& b);
// The smallest interval that holds both.
[[nodiscard]] std::optional<Range> hull(const Range& a, const Range& b);
// What both hold; nullopt when that is nothing.
[[nodiscard]] std::optional<Range> intersect(const Range& a, const Range& b);

[[nodiscard]] std::optional<Range> negate(const Range& a);
[[nodiscard]] std::optional<Range> absolute(const Range& a);
// Every member times `factor`, which is positive; nullopt for any other factor.
[[nodiscard]] std::optional<Range> scale(const Range& a, Int128 factor);
// Every quotient, rounded to a whole number; nullopt when the denominator is not proved positive.
[[nodiscard]] std::optional<Range> divide_rounded(const Range& numerator, const Range& denominator,
                                                  Rounding rounding);

}  // namespace eligo::value
