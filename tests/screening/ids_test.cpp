// Ids that occur more than once, held to a map of all of them; in memory and beyond it.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "screen/ids.hpp"

namespace {

using namespace eligo::screen;

TEST(Ids, OrderOfNumberedIds) {
    std::vector<std::string> ids{"", "9", "10", "A1", "A2", "Z9", "A10", "1234567", "12345678", "12345679", "1234567\x80", "123456789", "A0000000000000001", "A0000000000000002", "B0000000000000000", "9131000012345678901"};
    for (const std::string& a : ids) {
        for (const std::string& b : ids) {
            const bool after = a.size() != b.size() ? a.size() > b.size() : a > b;
            EXPECT_EQ(is_after(a, b), after) << a << " " << b;
        }
    }
    std::mt19937 random(3);
    for (int i = 0; i < 100'000; ++i) {
        std::string a(random() % 20, 'x'), b(a.size(), 'x');
        for (char& c : a) c = static_cast<char>("\x01" "0a\xFF"[random() % 4]);
        b = a;
        for (char& c : b) c = random() % 8 == 0 ? static_cast<char>("\x01" "0a\xFF"[random() % 4]) : c;
        ASSERT_EQ(is_after(a, b), a > b);
    }
}

TEST(Ids, NumbersOfFloatingPoint) {
    for (const char* const id : {"9.131E+17", "9.13100001234568e+17", "1E+17", "1e-5", "123.0", "913100001234567.5", "9.131E17"}) EXPECT_TRUE(is_number_of_floating_point(id)) << id;
    for (const char* const id : {"", "1", "123", "1E5", "9131E", "E+17", "1.", ".5", "1.2.3", "9.1E+", "A1.0", "1.0A", "91310000MA1K", "1+2", "913100001234567891", "12E5-7"}) EXPECT_FALSE(is_number_of_floating_point(id)) << id;
}

// Ids of every length, many of them twice or more often.
TEST(Ids, AreHeldToAMapOfAll) {
    std::mt19937 random(11);
    for (const std::size_t rows : {0UL, 1UL, 2UL, 5'000UL, 60'000UL}) {
        Ids ids;
        std::map<std::string, std::vector<std::uint64_t>> all;
        for (std::size_t line = 2; line < rows + 2;) {
            IdsOfRows some;
            for (std::size_t i = 0; i < 3'000 && line < rows + 2; ++i, ++line) {
                const std::string id = std::to_string(random() % (rows * 2)) + std::string(random() % 3 * 9, 'x');
                some.met.push_back(met_id(id, line));
                all[id].push_back(line);
            }
            ids.add(some);
        }
        EXPECT_FALSE(ids.must_see_all());
        const SameIds same = ids.finish(rows);
        SameIds wanted;
        for (const auto& [id, lines] : all) {
            EXPECT_EQ(same.has(met_id(id, 0)), lines.size() > 1) << id;
            if (lines.size() < 2) continue;
            wanted.rows += lines.size();
            ++wanted.ids;
            if (wanted.first == 0 || lines[0] < wanted.first) {
                wanted.first = lines[0];
                wanted.second = lines[1];
            }
        }
        EXPECT_TRUE(same.is_whole);
        EXPECT_EQ(same.rows, wanted.rows);
        EXPECT_EQ(same.ids, wanted.ids);
        EXPECT_EQ(same.first, wanted.first);
        EXPECT_EQ(same.second, wanted.second);
        EXPECT_EQ(same.kept.size(), wanted.ids);
    }
}

// More than memory takes: three times that, each id of the last third met before.
TEST(Ids, BeyondMemory) {
    constexpr std::uint64_t third = 1'100'000;
    const auto add_all = [](Ids& ids) {
        for (std::uint64_t line = 0; line < 3 * third; line += third / 100) {
            IdsOfRows some;
            for (std::uint64_t i = line; i < line + third / 100; ++i) some.met.push_back(met_id("C" + std::to_string(i < 2 * third ? i : i - third), i + 2));
            ids.add(some);
        }
    };
    Ids ids;
    add_all(ids);
    const SameIds same = ids.finish(2 * third);
    EXPECT_TRUE(same.is_whole);
    EXPECT_EQ(same.ids, third);
    EXPECT_EQ(same.rows, 2 * third);
    EXPECT_EQ(same.first, third + 2);
    EXPECT_EQ(same.second, 2 * third + 2);
    for (std::uint64_t i = 0; i < 2 * third; i += 997) EXPECT_EQ(same.has(met_id("C" + std::to_string(i), 0)), i >= third) << i;
    Ids again;
    add_all(again);
    EXPECT_FALSE(again.finish(third / 2).is_whole);
}

// One id everywhere takes no more memory than others.
TEST(Ids, OneIdEverywhere) {
    Ids ids;
    std::uint64_t line = 2;
    for (int i = 0; i < 400; ++i) {
        IdsOfRows some;
        for (int row = 0; row < 5'000; ++row) some.met.push_back(met_id(row == 7 ? std::to_string(i) : "same", line++));
        ids.add(some);
    }
    const SameIds same = ids.finish(10);
    EXPECT_EQ(same.rows, 400U * 4'999U);
    EXPECT_EQ(same.ids, 1U);
    EXPECT_EQ(same.first, 2U);
    EXPECT_EQ(same.second, 3U);
}

TEST(Ids, RunsInOrderNeedNoLook) {
    Ids ids;
    IdsOfRows some;
    some.runs = {{"A1", "A7"}, {"A8", "A10"}};
    ids.add(some);
    EXPECT_FALSE(ids.must_see_all());
    EXPECT_EQ(ids.finish(0).rows, 0U);
    Ids overlapping;
    some.runs = {{"A1", "A7"}, {"A7", "A10"}};
    overlapping.add(some);
    EXPECT_TRUE(overlapping.must_see_all());
    Ids mixed;
    some.runs = {{"A1", "A7"}};
    mixed.add(some);
    some.runs.clear();
    some.met = {met_id("A1", 9)};
    mixed.add(some);
    EXPECT_TRUE(mixed.must_see_all());
}

}  // namespace
