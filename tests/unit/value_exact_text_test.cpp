// Exact numbers as texts, held to big integers: by reading the text back, and by long division.
#include "value/exact_text.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <string>

#include "big_integer.hpp"
#include "value/rational.hpp"

namespace {

using namespace eligo::value;
using eligo::test::BigInteger;
using eligo::test::BigRational;
using eligo::test::BorderNumbers;
using eligo::test::to_big;

BigRational to_big(const Parts& parts) {
    return BigRational(eligo::test::to_big(parts.numerator) * eligo::test::to_big(parts.unit_numerator)) /
           BigRational(eligo::test::to_big(parts.denominator) * eligo::test::to_big(parts.unit_denominator));
}

// The nearest of so many decimals, a half away from zero.
std::string expected_near(const BigRational& number, int decimals) {
    BigRational scaled = abs(number);
    for (int i = 0; i < decimals; ++i) scaled *= 10;
    const BigRational doubled = scaled * 2 + 1;
    BigInteger nearest = boost::multiprecision::numerator(doubled) / (boost::multiprecision::denominator(doubled) * 2);
    if (nearest == 0) return "0";
    BigInteger power = 1;
    for (int i = 0; i < decimals; ++i) power *= 10;
    return eligo::test::exact_text(BigRational(number < 0 ? BigInteger(-nearest) : nearest, power), 0);
}

// Denominators of twos, fives and tens are drawn often, or nearly every number would be a quotient.
Int128 next_denominator(BorderNumbers& numbers) {
    const auto kind = numbers.below(5);
    if (kind == 0) return numbers.next_positive(128);
    const Int128 base = kind == 1 ? 2 : kind == 2 ? 5 : 10;
    Int128 power = kind == 4 && numbers.below(2) == 0 ? 3 : 1;
    for (auto times = numbers.below(base == 2 ? 127 : base == 5 ? 55 : 39); times > 0 && power <= int128_max / base; --times) power *= base;
    return power;
}

TEST(ValueExactText, Examples) {
    EXPECT_EQ(exact_text({0}), "0");
    EXPECT_EQ(exact_text({0}, 2), "0.00");
    EXPECT_EQ(exact_text({-5, 1, 1, 100}, 2), "-0.05");
    EXPECT_EQ(exact_text({120, 1, 1, 100}), "1.2");
    EXPECT_EQ(exact_text({120, 1, 1, 100}, 2), "1.20");
    EXPECT_EQ(exact_text({12345, 1, 1, 1000}, 2), "12.345");
    EXPECT_EQ(exact_text({100, 3}), "100/3");
    EXPECT_EQ(exact_text({100, 3, 1, 100}, 2), "1/3");
    EXPECT_EQ(exact_text({-10, 4}), "-2.5");
    EXPECT_EQ(exact_text({300, 9, 3, 100}, 2), "1.00");
    EXPECT_EQ(exact_text({1, 3, 100, 1}), "100/3");
    EXPECT_EQ(exact_text({int128_min}), "-170141183460469231731687303715884105728");
    EXPECT_EQ(exact_text({int128_max, 1, int128_max, 1}), "28948022309329048855892746252171976962977213799489202546401021394546514198529");
    EXPECT_EQ(near_text({1, 3}, 10), "0.3333333333");
    EXPECT_EQ(near_text({2, 3}, 10), "0.6666666667");
    EXPECT_EQ(near_text({-1, 200}, 2), "-0.01");
    EXPECT_EQ(near_text({-1, 201}, 2), "0");
    EXPECT_EQ(near_text({1999999, 2}, 0), "1000000");
    EXPECT_EQ(near_text({int128_max, 3, int128_max, 7}, 1), "1378477252825192802661559345341522712522724466642342978400048637835548295168");
}

TEST(ValueExactText, EveryDigitAgainstBigNumbers) {
    BorderNumbers numbers(31);
    int decimal = 0, long_ones = 0, beyond = 0;
    for (int i = 0; i < 30'000; ++i) {
        const Parts parts{numbers.next(), next_denominator(numbers), numbers.below(3) == 0 ? numbers.next_positive(128) : Int128{1}, next_denominator(numbers)};
        const BigRational number = to_big(parts);
        const int least = static_cast<int>(numbers.below(4));
        const std::string text = exact_text(parts, least);
        ASSERT_EQ(text, eligo::test::exact_text(number, static_cast<std::size_t>(least)));
        const int most = static_cast<int>(numbers.below(12));
        ASSERT_EQ(near_text(parts, most), expected_near(number, most)) << text;
        if (text.find('/') == std::string::npos) ++decimal;
        if (text.size() > 80) ++long_ones;
        if (!eligo::test::fits_rational(number)) ++beyond;
    }
    EXPECT_GT(decimal, 6'000);
    EXPECT_GT(long_ones, 6'000);
    EXPECT_GT(beyond, 6'000);  // what no Rational holds
}

// Numbers of one machine word have a way of their own; also where it ends.
TEST(ValueExactText, WordsAndWhereTheyEnd) {
    BorderNumbers numbers(33);
    int decimal = 0;
    for (int i = 0; i < 30'000; ++i) {
        Int128 denominator = 1;
        for (auto times = numbers.below(22); times > 0; --times) denominator *= numbers.below(3) == 0 ? 5 : 2;
        if (numbers.below(4) == 0) denominator = numbers.next_positive(64);
        const Parts parts{numbers.next(66), denominator, numbers.below(2) == 0 ? numbers.next_positive(12) : Int128{1}, numbers.below(2) == 0 ? Int128{1} : numbers.next_positive(20)};
        const auto number = to_big(parts);
        const int least = static_cast<int>(numbers.below(4)), most = static_cast<int>(numbers.below(22));
        const std::string text = exact_text(parts, least);
        ASSERT_EQ(text, eligo::test::exact_text(number, static_cast<std::size_t>(least)));
        ASSERT_EQ(near_text(parts, most), expected_near(number, most)) << text;
        if (text.find('.') != std::string::npos) ++decimal;
    }
    EXPECT_GT(decimal, 3'000);
}

// What 256 bits in two's complement mean.
BigInteger to_big(const std::array<std::uint64_t, 4>& limbs) {
    BigInteger number = 0;
    for (std::size_t i = limbs.size(); i-- > 0;) number = (number << 64) + limbs[i];
    return limbs[3] >> 63 == 0 ? number : BigInteger(number - (BigInteger(1) << 256));
}

TEST(ValueExactText, ColumnsOfDecimals) {
    EXPECT_EQ(to_big(exact_decimal({-5, 1, 1, 2}, 3)), -2500);
    EXPECT_EQ(to_big(exact_decimal({300, 9, 3, 100}, 2)), 100);
    EXPECT_EQ(to_big(exact_decimal({0}, 76)), 0);
    EXPECT_EQ(to_big(exact_decimal({int128_min}, 38)), eligo::test::to_big(int128_min) * boost::multiprecision::pow(BigInteger(10), 38));
    BorderNumbers numbers(32);
    int tried = 0;
    for (int i = 0; i < 30'000; ++i) {
        const Parts parts{numbers.next(), 1, numbers.below(3) == 0 ? numbers.next_positive(20) : Int128{1}, next_denominator(numbers)};
        const auto decimals = static_cast<int>(numbers.below(77));
        const BigRational counted = to_big(parts) * boost::multiprecision::pow(BigInteger(10), static_cast<unsigned>(decimals));
        if (boost::multiprecision::denominator(counted) != 1 || boost::multiprecision::msb(abs(boost::multiprecision::numerator(counted)) + 1) > 254) continue;
        ASSERT_EQ(to_big(exact_decimal(parts, decimals)), boost::multiprecision::numerator(counted)) << exact_text(parts);
        ++tried;
    }
    EXPECT_GT(tried, 3'000);
}

TEST(ValueExactText, DecimalsAreOrderedAsTexts) {
    BorderNumbers numbers(33);
    int tried = 0;
    for (int i = 0; i < 30'000; ++i) {
        const Parts a{numbers.next(), 1, 1, 1000}, near{a.numerator / 10 + static_cast<Int128>(numbers.below(3)), 1, 1, 100};
        for (const Parts& b : {Parts{numbers.next(), 1, 1, 100}, near, a}) {
            const int expected = to_big(a).compare(to_big(b));
            const auto order = compare_decimals(exact_text(a, 2), exact_text(b, 2));
            ASSERT_EQ(order < 0, expected < 0) << exact_text(a) << " and " << exact_text(b);
            ASSERT_EQ(order > 0, expected > 0) << exact_text(a) << " and " << exact_text(b);
            ++tried;
        }
    }
    EXPECT_EQ(tried, 90'000);
}

}  // namespace
