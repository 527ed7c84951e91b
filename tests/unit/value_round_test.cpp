// Integers of 128 bits and the four roundings, held to big integers, with ties and both ends of 64 and 128 bits.
#include "value/round.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <limits>

#include "big_integer.hpp"
#include "value/int128.hpp"
#include "value/rational.hpp"

namespace {

using namespace eligo::value;
using eligo::test::big_floor;
using eligo::test::BigInteger;
using eligo::test::BorderNumbers;
using eligo::test::fits_int128;
using eligo::test::to_big;

constexpr std::array<Rounding, 4> roundings{Rounding::HalfUp, Rounding::Down, Rounding::Up, Rounding::HalfEven};

// Each rounding by its definition: twice the number is compared with the odd number between two neighbours.
BigInteger big_rounded(const BigInteger& numerator, const BigInteger& denominator, Rounding rounding) {
    const BigInteger low = big_floor(numerator, denominator);
    const BigInteger middle = (2 * low + 1) * denominator;
    switch (rounding) {
        case Rounding::Down: return low;
        case Rounding::Up: return low * denominator == numerator ? low : BigInteger(low + 1);
        case Rounding::HalfUp: return 2 * numerator < middle ? low : BigInteger(low + 1);
        case Rounding::HalfEven:
            if (2 * numerator == middle) return low % 2 == 0 ? low : BigInteger(low + 1);
            return 2 * numerator < middle ? low : BigInteger(low + 1);
    }
    return low;
}

template <class Integer>
void expect_rounded(Integer numerator, Integer denominator) {
    for (const Rounding rounding : roundings) {
        ASSERT_EQ(to_big(Int128{divide_rounded(numerator, denominator, rounding)}),
                  big_rounded(to_big(Int128{numerator}), to_big(Int128{denominator}), rounding))
            << to_string(Int128{numerator}) << " / " << to_string(Int128{denominator}) << " by "
            << static_cast<int>(rounding);
    }
    ASSERT_EQ(to_big(Int128{divide_floor(numerator, denominator)}),
              big_floor(to_big(Int128{numerator}), to_big(Int128{denominator})));
}

TEST(ValueRound, TiesOnBothSidesOfZero) {
    EXPECT_EQ(divide_rounded(5, 2, Rounding::HalfUp), 3);
    EXPECT_EQ(divide_rounded(-5, 2, Rounding::HalfUp), -2);
    EXPECT_EQ(divide_rounded(5, 2, Rounding::HalfEven), 2);
    EXPECT_EQ(divide_rounded(7, 2, Rounding::HalfEven), 4);
    EXPECT_EQ(divide_rounded(-5, 2, Rounding::HalfEven), -2);
    EXPECT_EQ(divide_rounded(-7, 2, Rounding::HalfEven), -4);
    EXPECT_EQ(divide_rounded(-5, 2, Rounding::Down), -3);
    EXPECT_EQ(divide_rounded(-5, 2, Rounding::Up), -2);
}

TEST(ValueRound, AllSmallNumbers) {
    for (int denominator = 1; denominator <= 40; ++denominator) {
        for (int numerator = -200; numerator <= 200; ++numerator) expect_rounded(numerator, denominator);
    }
}

TEST(ValueRound, EndsOf64Bits) {
    constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t denominator :
         {std::int64_t{1}, std::int64_t{2}, std::int64_t{3}, std::int64_t{100}, most / 2, most - 1, most}) {
        for (std::int64_t step = 0; step < 300; ++step) {
            expect_rounded(least + step, denominator);
            expect_rounded(most - step, denominator);
        }
    }
}

TEST(ValueRound, RandomNumbersOf128Bits) {
    BorderNumbers numbers(1);
    for (int i = 0; i < 60'000; ++i) {
        const Int128 denominator = numbers.next_positive();
        expect_rounded(numbers.next(), denominator);
        expect_rounded(int128_min + static_cast<Int128>(numbers.below(1000)), denominator);
        expect_rounded(int128_max - static_cast<Int128>(numbers.below(1000)), denominator);
    }
}

TEST(ValueRound, RandomTiesAndTheirNeighbours) {
    BorderNumbers numbers(2);
    for (int i = 0; i < 60'000; ++i) {
        const Int128 half = numbers.next_positive(62);
        const Int128 tie = (numbers.next(62) * 2 + 1) * half;
        for (Int128 step = -1; step <= 1; ++step) expect_rounded(tie + step, half * 2);
    }
}

TEST(ValueInt128, CheckedOperationsReportExactlyWhatDoesNotFit) {
    BorderNumbers numbers(3);
    const auto expect_checked = [](std::optional<Int128> result, const BigInteger& expected) {
        ASSERT_EQ(result.has_value(), fits_int128(expected)) << expected;
        if (!result) return;
        ASSERT_EQ(to_big(*result), expected);
    };
    for (int i = 0; i < 100'000; ++i) {
        const Int128 a = numbers.next();
        const Int128 b = numbers.next();
        expect_checked(checked_add(a, b), to_big(a) + to_big(b));
        expect_checked(checked_sub(a, b), to_big(a) - to_big(b));
        expect_checked(checked_mul(a, b), to_big(a) * to_big(b));
        const bool fits = to_big(a) >= std::numeric_limits<std::int64_t>::min() &&
                          to_big(a) <= std::numeric_limits<std::int64_t>::max();
        ASSERT_EQ(fits_int64(a), fits);
    }
}

TEST(ValueInt128, GreatestCommonDivisor) {
    EXPECT_EQ(gcd(0, 0), 0);
    EXPECT_EQ(gcd(0, -6), 6);
    EXPECT_EQ(gcd(-12, 18), 6);
    BorderNumbers numbers(4);
    for (int i = 0; i < 20'000; ++i) {
        const Int128 shared = numbers.next_positive(50);
        const Int128 a = numbers.next(70) * shared;
        const Int128 b = numbers.next(70) * shared;
        ASSERT_EQ(to_big(gcd(a, b)), boost::multiprecision::gcd(to_big(a), to_big(b)));
    }
}

}  // namespace
