// Interval arithmetic. Every operation here is monotone in each operand on each side of zero, so that the ends
// of a result are results of ends.
// Tested by tests/unit/value_range_test.cpp, against all members of small ranges.
#include "range.hpp"

#include <algorithm>

namespace eligo::value {

namespace {

std::optional<Range> between(std::optional<Int128> low, std::optional<Int128> high) {
    if (!low || !high) return std::nullopt;
    return Range{*low, *high};
}

}  // namespace

std::optional<Range> add(const Range& a, const Range& b) {
    return between(checked_add(a.low, b.low), checked_add(a.high, b.high));
}

std::optional<Range> subtract(const Range& a, const Range& b) {
    return between(checked_sub(a.low, b.high), checked_sub(a.high, b.low));
}

// All four corners are products that can occur, so one that does not fit is reason enough to refuse.
std::optional<Range> multiply(const Range& a, const Range& b) {
    const auto low_low = checked_mul(a.low, b.low);
    const auto low_high = checked_mul(a.low, b.high);
    const auto high_low = checked_mul(a.high, b.low);
    const auto high_high = checked_mul(a.high, b.high);
    if (!low_low || !low_high || !high_low || !high_high) return std::nullopt;
    return Range{std::min({*low_low, *low_high, *high_low, *high_high}),
                 std::max({*low_low, *low_high, *high_low, *high_high})};
}

std::optional<Range> minimum(const Range& a, const Range& b) {
    return Range{std::min(a.low, b.low), std::min(a.high, b.high)};
}

std::optional<Range> maximum(const Range& a, const Range& b) {
    return Range{std::max(a.low, b.low), std::max(a.high, b.high)};
}

std::optional<Range> hull(const Range& a, const Range& b) {
    return Range{std::min(a.low, b.low), std::max(a.high, b.high)};
}

std::optional<Range> intersect(const Range& a, const Range& b) {
    const Range both{std::max(a.low, b.low), std::min(a.high, b.high)};
    if (both.low > both.high) return std::nullopt;
    return both;
}

std::optional<Range> negate(const Range& a) { return subtract(point(0), a); }

std::optional<Range> absolute(const Range& a) {
    const auto negated = negate(a);
    if (!negated) return std::nullopt;
    if (a.low >= 0) return a;
    if (a.high <= 0) return negated;
    return Range{0, std::max(negated->high, a.high)};
}

std::optional<Range> scale(const Range& a, Int128 factor) {
    if (factor <= 0) return std::nullopt;
    return between(checked_mul(a.low, factor), checked_mul(a.high, factor));
}

// A quotient grows with its numerator; with the denominator it shrinks towards zero, from either side. Rounding
// keeps the order.
std::optional<Range> divide_rounded(const Range& numerator, const Range& denominator, Rounding rounding) {
    if (denominator.low <= 0) return std::nullopt;
    const Int128 below = numerator.low < 0 ? denominator.low : denominator.high;
    const Int128 above = numerator.high < 0 ? denominator.high : denominator.low;
    return Range{divide_rounded(numerator.low, below, rounding), divide_rounded(numerator.high, above, rounding)};
}

}  // namespace eligo::value
