// The way from exact numbers to a machine's, held to big integers; and that sema, codegen and scenario know no other way.
// Broken when: a number is clamped, wrapped or rounded, or someone has cast one by hand.
#include "value/exactly.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <limits>
#include <regex>
#include <string>
#include <vector>

#include "big_integer.hpp"

namespace {

using namespace eligo::value;
using eligo::test::BigInteger;
using eligo::test::BigRational;
using eligo::test::BorderNumbers;
using eligo::test::to_big;

template <class Machine>
void expect_exactly(const std::optional<Machine>& found, const BigRational& number) {
    const bool whole = boost::multiprecision::denominator(number) == 1;
    const BigInteger least = std::numeric_limits<Machine>::min(), greatest = std::numeric_limits<Machine>::max();
    ASSERT_EQ(found.has_value(), whole && least <= number && number <= greatest) << number;
    if (found) {
        ASSERT_EQ(BigRational(BigInteger(*found)), number);
    }
}

template <class Machine>
void hold_to_big_integers(std::uint64_t seed) {
    BorderNumbers numbers(seed);
    for (int i = 0; i < 50'000; ++i) {
        const Int128 whole = numbers.next();
        expect_exactly(exactly<Machine>(whole), BigRational(to_big(whole)));
        const auto ratio = Rational::make(numbers.next(), numbers.below(3) == 0 ? numbers.next_positive() : Int128{1});
        if (ratio) expect_exactly(exactly<Machine>(*ratio), to_big(*ratio));
        const auto number = Rational::make(numbers.next(100), numbers.below(2) == 0 ? Int128{100} : numbers.next_positive(20)), step = Rational::make(numbers.next_positive(20), numbers.below(2) == 0 ? Int128{1'000'000} : numbers.next_positive(20));
        if (number && step && divide(*number, *step)) expect_exactly(exactly<Machine>(*number, *step), BigRational(to_big(*number) / to_big(*step)));
    }
}

TEST(ValueExactly, is_the_number_or_nothing) {
    hold_to_big_integers<std::int64_t>(1);
    hold_to_big_integers<std::int32_t>(2);
    hold_to_big_integers<std::uint32_t>(3);
    hold_to_big_integers<std::int16_t>(4);
    hold_to_big_integers<std::uint16_t>(5);
    hold_to_big_integers<std::uint64_t>(6);
}

TEST(ValueExactly, ends_where_the_machine_ends) {
    constexpr Int128 greatest = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
    EXPECT_EQ(exactly<std::int64_t>(greatest), greatest);
    EXPECT_EQ(exactly<std::int64_t>(greatest + 1), std::nullopt);
    EXPECT_EQ(exactly<std::int64_t>(least), least);
    EXPECT_EQ(exactly<std::int64_t>(least - 1), std::nullopt);
    EXPECT_EQ(exactly<std::uint32_t>(Int128{4'294'967'296}), std::nullopt);
    EXPECT_EQ(exactly<std::uint32_t>(Int128{-1}), std::nullopt);
    EXPECT_EQ(exactly<std::int64_t>(Rational::of(1, 2)), std::nullopt);
    EXPECT_EQ(exactly<std::int64_t>(Rational::of(5, 1000), Rational::of(1, 100)), std::nullopt);
    EXPECT_EQ(exactly<std::int64_t>(Rational::of(37, 100), Rational::of(1, 100)), 37);
}

// ---- no other way

std::string contents(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// Casts to machine numbers of a stated width, and what hides them. Numbers of things in memory have names of their own: Id, NodeId.
const std::regex& by_hand() {
    static const std::regex casts(R"((static_cast<(std::)?(u?int(8|16|32|64)_t|long|unsigned|(value::)?Day)>|\((std::)?u?int(16|32|64)_t\)|narrow_cast|clamp64|\bsto(i|l|ul|ll|ull)\(|\bsaturat))");
    return casts;
}

std::vector<std::string> casts_of(const std::filesystem::path& path) {
    std::vector<std::string> found;
    const std::string text = contents(path);
    for (std::size_t begin = 0, number = 1; begin < text.size(); ++number) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        const std::string line = text.substr(begin, end - begin);
        if (std::regex_search(line.substr(0, line.find("//")), by_hand())) found.push_back(path.filename().string() + ":" + std::to_string(number) + ": " + line);
        begin = end + 1;
    }
    return found;
}

TEST(ValueExactly, is_the_only_way) {
    const std::filesystem::path engine = std::filesystem::path(ELIGO_SOURCE_DIR) / "engine";
    std::size_t files = 0;
    for (const char* const folder : {"sema", "codegen", "scenario"})
        for (const auto& entry : std::filesystem::recursive_directory_iterator(engine / folder)) {
            if (!entry.is_regular_file()) continue;
            ++files;
            // Keys of what a program means are made of the bits of its numbers, and are no numbers.
            if (entry.path().filename() == "meaning.cpp") continue;
            for (const std::string& cast : casts_of(entry.path())) ADD_FAILURE() << "write value::exactly<…>(…) in place of " << cast;
        }
    EXPECT_GT(files, 40U);
    EXPECT_TRUE(std::regex_search("a = static_cast<std::int64_t>(b);", by_hand()));
    EXPECT_TRUE(std::regex_search("value::Day day = static_cast<value::Day>(b);", by_hand()));
    EXPECT_FALSE(std::regex_search("return static_cast<NodeId>(nodes.size());", by_hand()));
}

}  // namespace
