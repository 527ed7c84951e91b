// Rational numbers held to Boost's big rationals, above all where 128 bits end.
#include "value/rational.hpp"

#include <gtest/gtest.h>

#include <compare>
#include <cstdint>
#include <optional>
#include <string>

#include "big_integer.hpp"

namespace {

using namespace eligo::value;
using eligo::test::big_floor;
using eligo::test::BigInteger;
using eligo::test::BigRational;
using eligo::test::BorderNumbers;
using eligo::test::fits_int128;
using eligo::test::fits_rational;
using eligo::test::to_big;

Rational next_rational(BorderNumbers& numbers, int most_bits = 128) {
    const auto number = Rational::make(numbers.next(most_bits), numbers.next_positive(most_bits));
    return number.value_or(Rational(7));
}

std::string shown(const std::optional<Rational>& number) { return number ? to_string(*number) : "nothing"; }

// Invariant and value: in lowest terms, over a positive denominator.
void expect_value(const Rational& number, const BigRational& expected) {
    ASSERT_GT(number.denominator(), 0);
    ASSERT_EQ(to_big(number.numerator()), boost::multiprecision::numerator(expected));
    ASSERT_EQ(to_big(number.denominator()), boost::multiprecision::denominator(expected));
}

void expect_exactly(const std::optional<Rational>& number, const BigRational& expected) {
    ASSERT_EQ(number.has_value(), fits_rational(expected)) << expected;
    if (number) expect_value(*number, expected);
}

// A sum may also be refused because its terms over the least common denominator do not fit.
void expect_sum(const std::optional<Rational>& sum, const Rational& a, const Rational& b, int sign) {
    const BigRational expected = sign > 0 ? BigRational(to_big(a) + to_big(b)) : BigRational(to_big(a) - to_big(b));
    if (sum) return expect_value(*sum, expected);
    const BigInteger common = boost::multiprecision::lcm(to_big(a.denominator()), to_big(b.denominator()));
    const BigInteger left = to_big(a.numerator()) * (common / to_big(a.denominator()));
    const BigInteger right = to_big(b.numerator()) * (common / to_big(b.denominator()));
    const BigInteger top = left + sign * right;
    ASSERT_FALSE(fits_rational(expected) && fits_int128(left) && fits_int128(right) && fits_int128(top))
        << to_string(a) << " and " << to_string(b);
}

TEST(ValueRational, MakeNormalises) {
    EXPECT_EQ(Rational::of(6, 8), Rational::of(3, 4));
    EXPECT_EQ(Rational::of(6, -8), Rational::of(-3, 4));
    EXPECT_EQ(Rational::of(-6, -8), Rational::of(3, 4));
    EXPECT_EQ(Rational::of(0, -5), Rational(0));
    EXPECT_EQ(Rational::of(int128_min, int128_min), Rational(1));
    EXPECT_EQ(Rational::make(1, 0), std::nullopt);
    EXPECT_EQ(Rational::make(0, 0), std::nullopt);
    EXPECT_EQ(Rational::make(1, int128_min), std::nullopt);
    EXPECT_EQ(Rational::make(int128_min, -1), std::nullopt);
    EXPECT_EQ(Rational::make(int128_min, 1)->numerator(), int128_min);
}

TEST(ValueRational, Questions) {
    EXPECT_TRUE(Rational(5).is_whole());
    EXPECT_FALSE(Rational::of(5, 2).is_whole());
    EXPECT_TRUE(Rational().is_zero());
    EXPECT_EQ(Rational::of(-1, 3).sign(), -1);
    EXPECT_EQ(Rational(0).sign(), 0);
    EXPECT_EQ(Rational::of(1, 3).sign(), 1);
    EXPECT_EQ(Rational(12).decimals(), 0);
    EXPECT_EQ(Rational::of(1, 20).decimals(), 2);
    EXPECT_EQ(Rational::of(1, 8).decimals(), 3);
    EXPECT_EQ(Rational::of(1, 3).decimals(), std::nullopt);
    EXPECT_FALSE(Rational::of(1, 6).is_finite_decimal());
    EXPECT_TRUE(Rational::of(-3, 400).is_finite_decimal());
}

TEST(ValueRational, MakeMatchesBigRationals) {
    BorderNumbers numbers(11);
    for (int i = 0; i < 50'000; ++i) {
        const Int128 top = numbers.next();
        const Int128 bottom = numbers.next();
        if (bottom == 0) continue;
        expect_exactly(Rational::make(top, bottom), BigRational(to_big(top)) / BigRational(to_big(bottom)));
    }
}

TEST(ValueRational, ProductsAndQuotientsAreRefusedOnlyWhenTheyDoNotFit) {
    BorderNumbers numbers(12);
    for (int i = 0; i < 50'000; ++i) {
        const int bits = i % 2 == 0 ? 128 : 66;
        const Rational a = next_rational(numbers, bits);
        const Rational b = next_rational(numbers, bits);
        expect_exactly(multiply(a, b), to_big(a) * to_big(b));
        if (!b.is_zero()) expect_exactly(divide(a, b), to_big(a) / to_big(b));
    }
    EXPECT_EQ(divide(1, 0), std::nullopt);
    EXPECT_EQ(divide(0, 0), std::nullopt);
}

TEST(ValueRational, SumsAndDifferences) {
    BorderNumbers numbers(13);
    int answered = 0;
    for (int i = 0; i < 50'000; ++i) {
        const int bits = i % 2 == 0 ? 128 : 42;
        const Rational a = next_rational(numbers, bits);
        const Rational b = next_rational(numbers, bits);
        const auto sum = add(a, b);
        expect_sum(sum, a, b, 1);
        expect_sum(subtract(a, b), a, b, -1);
        expect_exactly(negate(a), -to_big(a));
        if (sum) ++answered;
    }
    EXPECT_GT(answered, 25'000);  // all of the narrow ones at least
}

TEST(ValueRational, CompareIsExactForAllValues) {
    BorderNumbers numbers(14);
    int wide = 0;
    for (int i = 0; i < 50'000; ++i) {
        const Rational a = next_rational(numbers);
        // Close neighbours share the beginning of their continued fractions, which is where mistakes would hide.
        const Rational near =
            Rational::make(a.numerator() / 2 + static_cast<Int128>(numbers.below(3)),
                           a.denominator() / 2 + static_cast<Int128>(numbers.below(3)) + 1)
                .value_or(Rational(1));
        for (const Rational& b : {next_rational(numbers), near, a}) {
            const int expected = to_big(a).compare(to_big(b));
            const auto order = compare(a, b);
            ASSERT_EQ(order < 0, expected < 0) << to_string(a) << " and " << to_string(b);
            ASSERT_EQ(order > 0, expected > 0) << to_string(a) << " and " << to_string(b);
            ASSERT_EQ(compare(b, a) < 0, expected > 0);
            if (!checked_mul(a.numerator(), b.denominator())) ++wide;
        }
    }
    EXPECT_GT(wide, 10'000);  // the long way was taken
}

TEST(ValueRational, CompareAtTheEnds) {
    const Rational least = Rational::of(int128_min, 1);
    const Rational most = Rational::of(int128_max, 1);
    EXPECT_TRUE(compare(least, most) < 0);
    EXPECT_TRUE(compare(least, Rational::of(int128_min + 1, 1)) < 0);
    EXPECT_TRUE(compare(least, Rational::of(int128_min, 3)) < 0);
    EXPECT_TRUE(compare(Rational::of(int128_max, int128_max - 1), Rational::of(int128_max - 1, int128_max - 2)) < 0);
    EXPECT_TRUE(compare(Rational::of(1, int128_max), Rational::of(1, int128_max - 1)) < 0);
    EXPECT_TRUE(compare(Rational::of(int128_min, int128_max), -1) < 0);
    EXPECT_TRUE(compare(Rational::of(int128_min, 3), Rational::of(int128_min, 3)) == 0);
}

TEST(ValueRational, FloorAndCeil) {
    EXPECT_EQ(floor(Rational::of(-1, 3)), -1);
    EXPECT_EQ(ceil(Rational::of(-1, 3)), 0);
    EXPECT_EQ(floor(Rational(-4)), -4);
    EXPECT_EQ(ceil(Rational(-4)), -4);
    BorderNumbers numbers(15);
    for (int i = 0; i < 50'000; ++i) {
        const Rational a = next_rational(numbers);
        ASSERT_EQ(to_big(floor(a)), big_floor(to_big(a.numerator()), to_big(a.denominator())));
        ASSERT_EQ(to_big(ceil(a)), -big_floor(-to_big(a.numerator()), to_big(a.denominator())));
    }
}

TEST(ValueRational, UnitOfTwo) {
    EXPECT_EQ(unit_gcd(Rational::of(1, 100), Rational::of(1, 6)), Rational::of(1, 300));
    EXPECT_EQ(unit_gcd(Rational::of(-1, 100), Rational::of(1, 20)), Rational::of(1, 100));
    EXPECT_EQ(unit_gcd(6, 4), Rational(2));
    EXPECT_EQ(unit_gcd(0, Rational::of(-3, 4)), Rational::of(3, 4));
    EXPECT_EQ(unit_gcd(Rational::of(3, 4), 0), Rational::of(3, 4));
    EXPECT_EQ(unit_gcd(0, 0), Rational(0));
}

TEST(ValueRational, UnitOfTwoIsTheLargest) {
    BorderNumbers numbers(16);
    for (int i = 0; i < 30'000; ++i) {
        const int bits = i % 2 == 0 ? 60 : 128;
        const Rational a = next_rational(numbers, bits);
        const Rational b = next_rational(numbers, bits);
        // Over a common denominator the unit is the greatest common divisor of the numerators.
        const BigInteger bottom = to_big(a.denominator()) * to_big(b.denominator());
        const BigInteger top =
            boost::multiprecision::gcd(BigInteger(to_big(a.numerator()) * to_big(b.denominator())),
                                       BigInteger(to_big(b.numerator()) * to_big(a.denominator())));
        expect_exactly(unit_gcd(a, b), BigRational(top, bottom));
    }
}

TEST(ValueRational, Text) {
    EXPECT_EQ(to_string(Rational(12)), "12");
    EXPECT_EQ(to_string(Rational::of(-3, 4)), "-0.75");
    EXPECT_EQ(to_string(Rational::of(1, 3)), "1/3");
    EXPECT_EQ(to_string(Rational::of(-7, 6)), "-7/6");
    EXPECT_EQ(to_string(Rational::of(1, 100)), "0.01");
    EXPECT_EQ(to_string(Rational(0)), "0");
    EXPECT_EQ(to_string(Rational::of(100001, 1000)), "100.001");
    EXPECT_EQ(to_string(int128_min), "-170141183460469231731687303715884105728");
    EXPECT_EQ(to_string(int128_max), "170141183460469231731687303715884105727");
    EXPECT_EQ(to_string(Int128{0}), "0");
    BorderNumbers numbers(17);
    for (int i = 0; i < 20'000; ++i) {
        const Int128 number = numbers.next();
        ASSERT_EQ(to_string(number), to_big(number).str());
    }
}

// The text of a finite decimal is read back as the same number, however many decimals it takes.
TEST(ValueRational, FiniteDecimalsRoundTrip) {
    BorderNumbers numbers(18);
    for (int twos = 0; twos <= 126; ++twos) {
        for (int fives = 0; fives <= 54; ++fives) {
            const BigInteger bottom =
                boost::multiprecision::pow(BigInteger(2), static_cast<unsigned>(twos)) *
                boost::multiprecision::pow(BigInteger(5), static_cast<unsigned>(fives));
            if (!fits_int128(bottom)) continue;
            Int128 denominator = 1;
            for (int i = 0; i < twos; ++i) denominator *= 2;
            for (int i = 0; i < fives; ++i) denominator *= 5;
            for (const Int128 numerator : {Int128{1}, Int128{-1}, int128_max, int128_min, numbers.next()}) {
                const Rational number = Rational::of(numerator, denominator);
                const auto again = parse_decimal(to_string(number));
                ASSERT_TRUE(number.is_finite_decimal());
                ASSERT_EQ(again, number) << to_string(number) << " gave " << shown(again);
            }
        }
    }
}

TEST(ValueRational, ReadsDecimals) {
    const auto expect_read = [](const char* text, const Rational& expected) {
        const auto number = parse_decimal(text);
        EXPECT_EQ(number, expected) << text << " gave " << shown(number);
    };
    expect_read("-12", -12);
    expect_read("0.10", Rational::of(1, 10));
    expect_read("1200000.00", 1200000);
    expect_read("0", 0);
    expect_read("-0", 0);
    expect_read("-0.00", 0);
    expect_read("007.5", Rational::of(15, 2));
    expect_read("1.2e3", 1200);
    expect_read("1.2E+3", 1200);
    expect_read("12e-1", Rational::of(6, 5));
    expect_read("-25e-2", Rational::of(-1, 4));
    expect_read("0e999999999999999999999999", 0);
    expect_read("0.0e-999999999999999999999999", 0);
    expect_read("1e0000000000000000000000000000002", 100);
    expect_read("1000e-3", 1);
    expect_read("0.001e3", 1);
    expect_read("170141183460469231731687303715884105727", Rational::of(int128_max, 1));
    expect_read("-170141183460469231731687303715884105728", Rational::of(int128_min, 1));
    expect_read("17014118346046923173168730371588410572.7e1", Rational::of(int128_max, 1));
}

TEST(ValueRational, RefusesNumbersBeyond128Bits) {
    for (const char* text :
         {"170141183460469231731687303715884105728", "-170141183460469231731687303715884105729",
          "340282366920938463463374607431768211456", "340282366920938463463374607431768211457", "1e39", "-1e39",
          "1e999999999999999999999999", "1e-39", "1e-999999999999999999999999", "2e38", "1e-9223372036854775808",
          "1e9223372036854775807", "0.100000000000000000000000000000000000000000001"}) {
        EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
    }
    EXPECT_TRUE(parse_decimal("1e38").has_value());
    EXPECT_TRUE(parse_decimal("1e-38").has_value());
}

TEST(ValueRational, ReadsAndRefusesHugeTexts) {
    const std::string zeros(100'000, '0');
    const std::string nines(100'000, '9');
    EXPECT_EQ(parse_decimal(zeros), Rational(0));
    EXPECT_EQ(parse_decimal("0." + zeros), Rational(0));
    EXPECT_EQ(parse_decimal(zeros + "7." + zeros), Rational(7));
    EXPECT_EQ(parse_decimal("7" + zeros + "e-100000"), Rational(7));
    EXPECT_EQ(parse_decimal("0." + zeros + "7e100001"), Rational(7));
    EXPECT_EQ(parse_decimal("7" + zeros), std::nullopt);
    EXPECT_EQ(parse_decimal("0." + zeros + "7"), std::nullopt);
    EXPECT_EQ(parse_decimal("1" + zeros + "1"), std::nullopt);
    EXPECT_EQ(parse_decimal(nines), std::nullopt);
    EXPECT_EQ(parse_decimal("0." + nines), std::nullopt);
    EXPECT_EQ(parse_decimal("1e" + nines), std::nullopt);
    EXPECT_EQ(parse_decimal("1e-" + nines), std::nullopt);
    EXPECT_EQ(parse_decimal(nines + "x"), std::nullopt);
}

TEST(ValueRational, RefusesWhatIsNoDecimal) {
    for (const char* text : {"",     "-",    ".",     "-.",    ".5",    "5.",    "-.5",  "+1",   "--1",  "1-",    "1e",
                             "1e+",  "1e-",  "e5",    "1e+-5", "1e5.0", "1.2.3", "1,000", "1_000", " 1",  "1 ",    "0x10",
                             "1/3",  "inf",  "nan",   "1.e5",  "1e5e5", "12a",   "a12",  "１２", "1.",   "-e1",   "1e 5"}) {
        EXPECT_EQ(parse_decimal(text), std::nullopt) << text;
    }
    EXPECT_EQ(parse_decimal(std::string_view("1\0", 2)), std::nullopt);
}

// Random digits with a point and an exponent, read by big integers as digits / 10^k.
TEST(ValueRational, ReadsWhatBigRationalsRead) {
    BorderNumbers numbers(19);
    int answered = 0;
    for (int i = 0; i < 50'000; ++i) {
        std::string digits = to_string(numbers.next_positive(100));
        digits.append(numbers.below(4), '0');
        const auto decimals = numbers.below(digits.size());
        const int exponent = static_cast<int>(numbers.below(60)) - 30;
        std::string text = numbers.below(2) == 0 ? "-" : "";
        text += digits.substr(0, digits.size() - decimals);
        if (decimals > 0) text.push_back('.');
        text += digits.substr(digits.size() - decimals);
        text.push_back('e');
        text += std::to_string(exponent);
        BigRational expected{BigInteger(digits)};
        const int power = exponent - static_cast<int>(decimals);
        // A rational, since Boost 1.81 takes 1 / 10^26 for 1 when the divisor is an integer.
        const BigRational scale{
            boost::multiprecision::pow(BigInteger(10), static_cast<unsigned>(power < 0 ? -power : power))};
        expected = power < 0 ? BigRational(expected / scale) : BigRational(expected * scale);
        if (text[0] == '-') expected = -expected;
        const auto number = parse_decimal(text);
        expect_exactly(number, expected);
        if (HasFatalFailure()) FAIL() << text;
        if (number) ++answered;
    }
    EXPECT_GT(answered, 10'000);
    EXPECT_LT(answered, 49'000);
}

}  // namespace
