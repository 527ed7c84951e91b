// What people are shown of texts from outside: properties that hold for every sequence of bytes.
#include "value/json_string.hpp"
#include "value/utf8.hpp"
#include "value/visible_text.hpp"

#include <gtest/gtest.h>
#include <simdjson.h>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace eligo::value {
namespace {

TEST(VisibleText, NamesWhatNobodySees) {
    EXPECT_EQ(visible("A\n✓ eligible"), "A<U+000A>✓ eligible");
    EXPECT_EQ(visible("\x1b]0;title\x07"), "<U+001B>]0;title<U+0007>");
    EXPECT_EQ(visible(std::string_view("a\0b", 3)), "a<U+0000>b");
    EXPECT_EQ(visible("\x7F\u009B31m"), "<U+007F><U+009B>31m");
    EXPECT_EQ(visible("\u202Ea\u2066\u2069\u200F\u061C"), "<U+202E>a<U+2066><U+2069><U+200F><U+061C>");
    EXPECT_EQ(visible("a\u2028b\u2029c\u0085"), "a<U+2028>b<U+2029>c<U+0085>");
    EXPECT_EQ(visible("zero\u200Bwidth\uFEFF\U000E0041\u3164"), "zero<U+200B>width<U+FEFF><U+E0041><U+3164>");
    EXPECT_EQ(visible("\xFF\xC3("), "<0xFF><0xC3>(");
    EXPECT_EQ(visible("\t\r"), "<U+0009><U+000D>");
}

TEST(VisibleText, LeavesWhatIsSeenAsItIs) {
    for (const char* seen : {"", "上海某某科技有限公司（分公司）", "Ünïcödé · € 😀", "<U+202E> & <b>", "e\u0301 \u00A0\u3000", "R&D \"quoted\" \\n"}) EXPECT_EQ(visible(seen), seen);
}

// Pieces of which hostile texts are made, put together at random.
std::string random_text(std::mt19937& random) {
    static const std::array<std::string_view, 26> pieces{"a",      "Z9 ",    "研",     "\n",     "\r\n",         "\x1b[31m", "\x1b]8;;x\x1b\\", "\t",     "\x7F",
                                                         "\u0085", "\u009B", "\u202E", "\u2069", "\U000E0001",    "\u200B",   "\uFEFF",         "\xFF",   "\xE7\xA0",
                                                         "\xC0",   "\xED\xA0\x80", "\u2028", "<U+", "\"", "\\", "😀", "\u0301"};
    std::string text;
    for (std::size_t length = random() % 12; length > 0; --length) {
        if (random() % 4 == 0) text += static_cast<char>(random() % 256);
        else text += pieces[random() % pieces.size()];
    }
    return text;
}

bool shows_all(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        if (!point.valid || is_hidden(point.value)) return false;
        at += point.length;
    }
    return true;
}

TEST(VisibleText, HoldsForWhateverIsGiven) {
    std::mt19937 random(20181);
    for (int i = 0; i < 200'000; ++i) {
        const std::string text = random_text(random), shown = visible(text);
        ASSERT_TRUE(shows_all(shown)) << shown;
        ASSERT_EQ(visible(shown), shown);
        ASSERT_EQ(shows_all(text), shown == text) << shown;
        ASSERT_EQ((VisibleText(text) + text).text(), shown + shown);
        ASSERT_EQ(VisibleText(text).painted(Paint::Red, Color::Off).end_line().text(), shown + "\n");
    }
}

// Among plain text, which is passed over many bytes at a time.
TEST(VisibleText, OneByteIsSeenWhereverItStands) {
    const std::string plain = "0123456789 abcdefghij~ABCDEF";
    for (int byte = 0; byte < 256; ++byte) {
        for (std::size_t place = 0; place < plain.size(); ++place) {
            std::string text = plain;
            text[place] = static_cast<char>(byte);
            ASSERT_EQ(visible(text) == text, byte >= 0x20 && byte < 0x7F) << byte << " at " << place;
            ASSERT_EQ(VisibleText(std::string(text)).text(), visible(text));
        }
    }
}

// What a hidden character is, told once more by hand: all that a terminal acts upon, and no letter of any script.
TEST(VisibleText, EveryControlIsHidden) {
    for (char32_t point = 0; point <= 0x10FFFF; ++point) {
        const bool control = point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0x2028 || point == 0x2029;
        const bool direction = point == 0x61C || point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
        if (control || direction) {
            ASSERT_TRUE(is_hidden(point)) << code_point_name(point);
        }
        ASSERT_EQ(turns_direction(point), direction) << code_point_name(point);
        if ((point >= 0x4E00 && point <= 0x9FFF) || (point >= 0x20 && point < 0x7F) || (point >= 0xA1 && point < 0x300 && point != 0xAD)) {
            ASSERT_FALSE(is_hidden(point)) << code_point_name(point);
        }
    }
}

TEST(VisibleText, ColoursAndLineEndsAreOurs) {
    EXPECT_EQ((VisibleText("a\n").painted(Paint::BoldGreen, Color::On) + " b").end_line().text(), "\033[1;32ma<U+000A>\033[0m b\n");
    EXPECT_EQ(VisibleText().painted(Paint::Bold, Color::On).text(), "");
    EXPECT_EQ(VisibleText::lines("{\n  \"a\": \"\u202E\"\n}\n").text(), "{\n  \"a\": \"<U+202E>\"\n}\n");
    EXPECT_EQ(VisibleText::lines("no end").text(), "no end");
}

// JSON is data: what is read back is what was written, but for bytes that no JSON can hold; and it is seen as it stands.
TEST(JsonString, IsReadBackAsItWasAndShowsAll) {
    std::mt19937 random(20182);
    simdjson::dom::parser parser;
    for (int i = 0; i < 100'000; ++i) {
        const std::string text = random_text(random), json = json_string(text);
        ASSERT_TRUE(shows_all(json)) << json;
        std::string expected;
        for (std::size_t at = 0; at < text.size();) {
            const CodePoint point = decode(text, at);
            append(expected, point.valid ? point.value : char32_t{0xFFFD});
            at += point.length;
        }
        std::string_view read;
        ASSERT_EQ(parser.parse(json).get_string().get(read), simdjson::SUCCESS) << json;
        ASSERT_EQ(read, expected);
    }
    EXPECT_EQ(json_string("\u202E\x7F\U000E0041\n"), R"("\u202e\u007f\udb40\udc41\n")");
}

}  // namespace
}  // namespace eligo::value
