// The oracle's numbers against Boost's, of which they are the short way: numbers of all lengths, most of them at the borders of
// 64 bits, through every operation.
// Broken when: an overflow goes unnoticed, or a number is not in lowest terms.
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <vector>

#include "number.hpp"

namespace eligo::oracle {
namespace {

using Big = Number::Big;
using Whole = Number::Whole;

std::vector<Number> numbers(std::mt19937_64& random, std::size_t count) {
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    const auto whole = [&]() -> Whole {
        switch (random() % 6) {
            case 0: return Whole(random() % 20);
            case 1: return Whole(random() % 1'000'000) * (random() % 2 == 0 ? 100 : 1'000'000);
            case 2: return Whole(most) - (random() % 4) + (random() % 4);
            case 3: return Whole(random() >> (random() % 64));
            case 4: return Whole(random()) * Whole(random());
            default: return Whole(1) << (random() % 100);
        }
    };
    std::vector<Number> made{Number(), Number(std::numeric_limits<std::int64_t>::min()), Number(std::numeric_limits<std::uint64_t>::max()), Number(most)};
    while (made.size() < count) {
        const Whole above = whole(), below = random() % 3 == 0 ? Whole(1) : whole();
        if (below != 0) made.emplace_back(random() % 2 == 0 ? above : Whole(-above), below);
    }
    return made;
}

// Says the same as Boost's, and is short where it can be.
void is(const Number& found, const Big& expected) {
    ASSERT_EQ(found.big(), expected);
    ASSERT_EQ(found.numerator(), numerator(expected));
    ASSERT_EQ(found.denominator(), denominator(expected));
    const Whole most = std::numeric_limits<std::int64_t>::max();
    ASSERT_EQ(found.is_small(), abs(numerator(expected)) <= most && denominator(expected) <= most) << expected;
    ASSERT_EQ(found, Number(numerator(expected), denominator(expected)));
}

TEST(Number, is_as_exact_as_boosts) {
    std::mt19937_64 random(20160101);
    const std::vector<Number> all = numbers(random, 400);
    for (const Number& a : all) {
        const Big x = a.big();
        ASSERT_NO_FATAL_FAILURE(is(-a, -x));
        const Whole down = numerator(x) / denominator(x), floor = numerator(x) < 0 && Whole(down * denominator(x)) != numerator(x) ? Whole(down - 1) : down;
        ASSERT_NO_FATAL_FAILURE(is(floor_of(a), Big(floor)));
        ASSERT_NO_FATAL_FAILURE(is(ceiling_of(a), denominator(x) == 1 ? Big(floor) : Big(floor + 1)));
        ASSERT_EQ(a.is_whole(), denominator(x) == 1);
        ASSERT_NO_FATAL_FAILURE(is(a.step(), Big(Whole(1), denominator(x))));
        ASSERT_EQ(is_odd(floor_of(a)), abs(floor) % 2 == 1);
        if (floor_of(a).is_small()) {
            ASSERT_EQ(small(a), static_cast<std::int64_t>(floor));
        }
        for (const Number& b : all) {
            const Big y = b.big();
            ASSERT_NO_FATAL_FAILURE(is(a + b, x + y));
            ASSERT_NO_FATAL_FAILURE(is(a - b, x - y));
            ASSERT_NO_FATAL_FAILURE(is(a * b, x * y));
            if (y != 0) {
                ASSERT_NO_FATAL_FAILURE(is(a / b, x / y));
            }
            ASSERT_EQ(a == b, x == y);
            ASSERT_EQ(a < b, x < y);
            ASSERT_EQ(a <= b, x <= y);
            ASSERT_NO_FATAL_FAILURE(
                is(common_step(a, b), Big(gcd(Whole(numerator(x) * denominator(y)), Whole(numerator(y) * denominator(x))), Whole(denominator(x) * denominator(y)))));
        }
    }
}

TEST(Number, is_copied_and_moved_whether_short_or_long) {
    const Number shorter(3, 4), longer = Number(Whole(1) << 80, Whole(3));
    for (const Number* from : {&shorter, &longer})
        for (const Number* to : {&shorter, &longer}) {
            Number number = *to;
            number = *from;
            EXPECT_EQ(number, *from);
            Number moved = std::move(number);
            EXPECT_EQ(moved, *from);
            number = std::move(moved);
            EXPECT_EQ(number, *from);
        }
}

}  // namespace
}  // namespace eligo::oracle
