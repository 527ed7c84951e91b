// Interval arithmetic held to all members of all small ranges, and to big integers at the ends of 128 bits.
#include "value/range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

#include "big_integer.hpp"

namespace {

using namespace eligo::value;
using eligo::test::BigInteger;
using eligo::test::BorderNumbers;
using eligo::test::fits_int128;
using eligo::test::to_big;

std::vector<Range> small_ranges(int least, int most) {
    std::vector<Range> ranges;
    for (int low = least; low <= most; ++low) {
        for (int high = low; high <= most; ++high) ranges.push_back({low, high});
    }
    return ranges;
}

template <class Operation>
Range over_members(const Range& a, const Range& b, Operation operation) {
    std::optional<Range> result;
    for (Int128 x = a.low; x <= a.high; ++x) {
        for (Int128 y = b.low; y <= b.high; ++y) {
            const Int128 z = operation(x, y);
            if (!result) result = point(z);
            result = Range{std::min(result->low, z), std::max(result->high, z)};
        }
    }
    return *result;
}

template <class Operation>
Range over_members(const Range& a, Operation operation) {
    return over_members(a, point(0), [&](Int128 x, Int128) { return operation(x); });
}

TEST(ValueRange, BinaryOperationsAreTightOnSmallRanges) {
    const auto ranges = small_ranges(-6, 6);
    for (const Range& a : ranges) {
        for (const Range& b : ranges) {
            ASSERT_EQ(add(a, b), over_members(a, b, [](Int128 x, Int128 y) { return x + y; }));
            ASSERT_EQ(subtract(a, b), over_members(a, b, [](Int128 x, Int128 y) { return x - y; }));
            ASSERT_EQ(multiply(a, b), over_members(a, b, [](Int128 x, Int128 y) { return x * y; }));
            ASSERT_EQ(minimum(a, b), over_members(a, b, [](Int128 x, Int128 y) { return std::min(x, y); }));
            ASSERT_EQ(maximum(a, b), over_members(a, b, [](Int128 x, Int128 y) { return std::max(x, y); }));
        }
    }
}

TEST(ValueRange, UnaryOperationsAreTightOnSmallRanges) {
    for (const Range& a : small_ranges(-12, 12)) {
        ASSERT_EQ(negate(a), over_members(a, [](Int128 x) { return -x; }));
        ASSERT_EQ(absolute(a), over_members(a, [](Int128 x) { return x < 0 ? -x : x; }));
        for (Int128 factor = -3; factor <= 0; ++factor) ASSERT_EQ(scale(a, factor), std::nullopt);
        for (Int128 factor = 1; factor <= 5; ++factor) {
            ASSERT_EQ(scale(a, factor), over_members(a, [&](Int128 x) { return x * factor; }));
        }
    }
}

TEST(ValueRange, SetsOfMembers) {
    const auto ranges = small_ranges(-4, 4);
    for (const Range& a : ranges) {
        ASSERT_EQ(is_point(a), a.low == a.high);
        for (const Range& b : ranges) {
            const auto both = intersect(a, b);
            const auto around = hull(a, b);
            ASSERT_TRUE(around.has_value());
            int shared = 0;
            for (Int128 x = -5; x <= 5; ++x) {
                const bool in_both = contains(a, x) && contains(b, x);
                ASSERT_EQ(both && contains(*both, x), in_both);
                ASSERT_TRUE(contains(*around, x) || !(contains(a, x) || contains(b, x)));
                if (in_both) ++shared;
            }
            ASSERT_EQ(both.has_value(), shared > 0);
            ASSERT_TRUE(contains(a, around->low) || contains(b, around->low));
            ASSERT_TRUE(contains(a, around->high) || contains(b, around->high));
            ASSERT_EQ(contains(a, b), both == b);
        }
    }
}

TEST(ValueRange, RoundedQuotientsAreTightOnSmallRanges) {
    const auto numerators = small_ranges(-13, 13);
    for (const Range& denominator : small_ranges(-2, 7)) {
        for (const Range& numerator : numerators) {
            for (const Rounding rounding : {Rounding::HalfUp, Rounding::Down, Rounding::Up, Rounding::HalfEven}) {
                const auto quotient = divide_rounded(numerator, denominator, rounding);
                ASSERT_EQ(quotient.has_value(), denominator.low > 0);
                if (!quotient) continue;
                ASSERT_EQ(*quotient, over_members(numerator, denominator, [&](Int128 x, Int128 y) {
                    return divide_rounded(x, y, rounding);
                }));
            }
        }
    }
}

TEST(ValueRange, WhatDoesNotFitIsRefusedAndNothingElse) {
    BorderNumbers numbers(21);
    const auto next_range = [&] {
        const Int128 a = numbers.next();
        const Int128 b = numbers.next();
        return Range{std::min(a, b), std::max(a, b)};
    };
    const auto expect_ends = [](const std::optional<Range>& range, const BigInteger& low, const BigInteger& high) {
        ASSERT_EQ(range.has_value(), fits_int128(low) && fits_int128(high)) << low << " .. " << high;
        if (!range) return;
        ASSERT_EQ(to_big(range->low), low);
        ASSERT_EQ(to_big(range->high), high);
    };
    for (int i = 0; i < 30'000; ++i) {
        const Range a = next_range();
        const Range b = next_range();
        const BigInteger al = to_big(a.low), ah = to_big(a.high), bl = to_big(b.low), bh = to_big(b.high);
        expect_ends(add(a, b), al + bl, ah + bh);
        expect_ends(subtract(a, b), al - bh, ah - bl);
        expect_ends(negate(a), -ah, -al);
        const std::vector<BigInteger> corners{al * bl, al * bh, ah * bl, ah * bh};
        expect_ends(multiply(a, b), *std::min_element(corners.begin(), corners.end()),
                    *std::max_element(corners.begin(), corners.end()));
        const BigInteger farthest = std::max(abs(al), abs(ah));
        expect_ends(absolute(a), al <= 0 && ah >= 0 ? BigInteger(0) : std::min(abs(al), abs(ah)), farthest);
        const Int128 factor = numbers.next_positive(40);
        expect_ends(scale(a, factor), al * to_big(factor), ah * to_big(factor));
    }
}

TEST(ValueRange, SixtyFourBits) {
    constexpr Int128 least = std::numeric_limits<std::int64_t>::min();
    constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
    EXPECT_TRUE(fits_int64(Range{least, most}));
    EXPECT_FALSE(fits_int64(Range{least - 1, most}));
    EXPECT_FALSE(fits_int64(Range{least, most + 1}));
    EXPECT_FALSE(fits_int64(point(int128_max)));
}

}  // namespace
