// Codes of GB/T 4754-2017: which texts are codes, and that what is below a code is one range of numbers.
#include "value/code.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace eligo::value;

constexpr Classification industries = Classification::Gbt4754;

// The sections' divisions once more, written as the standard's table of contents has them.
const std::map<char, std::vector<int>>& divisions_by_section() {
    static const std::map<char, std::vector<int>> table{
        {'A', {1, 2, 3, 4, 5}},
        {'B', {6, 7, 8, 9, 10, 11, 12}},
        {'C', {13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28,
               29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43}},
        {'D', {44, 45, 46}},
        {'E', {47, 48, 49, 50}},
        {'F', {51, 52}},
        {'G', {53, 54, 55, 56, 57, 58, 59, 60}},
        {'H', {61, 62}},
        {'I', {63, 64, 65}},
        {'J', {66, 67, 68, 69}},
        {'K', {70}},
        {'L', {71, 72}},
        {'M', {73, 74, 75}},
        {'N', {76, 77, 78, 79}},
        {'O', {80, 81, 82}},
        {'P', {83}},
        {'Q', {84, 85}},
        {'R', {86, 87, 88, 89, 90}},
        {'S', {91, 92, 93, 94, 95, 96}},
        {'T', {97}},
    };
    return table;
}

std::string two_digits(int number) { return std::to_string(100 + number).substr(1); }

// Every text that is a code, in dictionary order, which is the order their numbers shall have.
std::vector<std::string> every_code() {
    std::vector<std::string> codes;
    for (const auto& [section, divisions] : divisions_by_section()) {
        codes.emplace_back(1, section);
        for (const int division : divisions) {
            const std::string text = section + two_digits(division);
            codes.push_back(text);
            for (char group = '0'; group <= '9'; ++group) {
                codes.push_back(text + group);
                for (char last = '0'; last <= '9'; ++last) codes.push_back(text + group + last);
            }
        }
    }
    return codes;
}

bool starts_with(const std::string& text, const std::string& prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
}

TEST(ValueCode, Names) {
    EXPECT_EQ(find_classification("gbt4754"), Classification::Gbt4754);
    EXPECT_EQ(find_classification("GBT4754"), std::nullopt);
    EXPECT_EQ(find_classification(""), std::nullopt);
    EXPECT_EQ(classification_name(industries), "gbt4754");
}

TEST(ValueCode, RoundTripInDictionaryOrder) {
    const CodeRange all = all_codes(industries);
    std::int32_t previous = all.first - 1;
    for (const std::string& text : every_code()) {
        const auto code = parse_code(industries, text);
        ASSERT_TRUE(code.has_value()) << text;
        ASSERT_GT(*code, previous) << text;
        ASSERT_LE(*code, all.last) << text;
        ASSERT_EQ(format_code(industries, *code), text);
        previous = *code;
    }
}

TEST(ValueCode, BelowMeansBeginningWith) {
    const std::vector<std::string> codes = every_code();
    for (const std::string prefix :
         {"A", "A01", "A05", "A019", "C", "C13", "C39", "C391", "C390", "C3911", "C3910", "C43", "D", "G60", "G609",
          "K", "K70", "K7010", "S", "S969", "T", "T97", "T970", "T9700"}) {
        const CodeRange range = codes_below(industries, *parse_code(industries, prefix));
        for (const std::string& text : codes) {
            const std::int32_t code = *parse_code(industries, text);
            ASSERT_EQ(range.first <= code && code <= range.last, starts_with(text, prefix)) << text << " in " << prefix;
        }
    }
}

TEST(ValueCode, AbsentLevelsAreNotTheDigitZero) {
    EXPECT_NE(parse_code(industries, "C39"), parse_code(industries, "C390"));
    EXPECT_NE(parse_code(industries, "C390"), parse_code(industries, "C3900"));
    EXPECT_NE(parse_code(industries, "C391"), parse_code(industries, "C3910"));
}

TEST(ValueCode, DivisionsBelongToTheirSections) {
    for (const auto& [section, divisions] : divisions_by_section()) {
        for (int division = 0; division <= 99; ++division) {
            bool listed = false;
            for (const int candidate : divisions) listed = listed || candidate == division;
            const std::string text = section + two_digits(division);
            ASSERT_EQ(parse_code(industries, text).has_value(), listed) << text;
            ASSERT_EQ(parse_code(industries, text + "11").has_value(), listed) << text;
        }
    }
}

TEST(ValueCode, RefusesWhatIsNoCode) {
    for (const char* text : {"",      "U",     "Z",     "c",    "c39",  "C3",     "C0",    "39",   "3911", "C39111", "C 39",
                             "C39 ",  " C39",  "C3x",   "Cx9",  "C391x", "C39x1", "C-39",  "CC39", "C３９", "制造业", "C39.",
                             "@",     "[",     "C/9",   "C:0",  "U98",  "C44"}) {
        EXPECT_EQ(parse_code(industries, text), std::nullopt) << text;
    }
}

// Ends of intervals may lie between two codes; asking for their text is harmless and gives none.
TEST(ValueCode, NumbersThatAreNoCodeHaveNoText) {
    const CodeRange all = all_codes(industries);
    EXPECT_EQ(format_code(industries, all.first), "A");
    int with_text = 0;
    for (std::int32_t code = all.first - 20'000; code <= all.last + 20'000; ++code) {
        const std::string text = format_code(industries, code);
        if (text.empty()) continue;
        ++with_text;
        ASSERT_EQ(parse_code(industries, text), code);
    }
    EXPECT_EQ(with_text, static_cast<int>(every_code().size()));
    EXPECT_EQ(format_code(industries, INT32_MAX), "");
    EXPECT_EQ(format_code(industries, INT32_MIN), "");
}

}  // namespace
