// Texts as people are shown them, on a terminal, in a message, a log or an explanation.
//
// Whatever comes from outside (a company's name, a key, a path, a label, an argument) may hold line ends, escape
// sequences and characters that nobody sees or that turn the direction of writing. Shown as they are, they forge
// lines, colours and names. `visible` is the one function that makes such a text fit to be shown, and VisibleText the
// type that only it and we ourselves can add to: what the program prints is of that type.
// Tested by tests/unit/visible_text_test.cpp and, through every command, tests/screening/hostile_names_test.cpp.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace eligo::value {

// Controls, the line and paragraph separators, signs that turn the direction of writing, and what a reader is meant not to
// see at all: Unicode's property Default_Ignorable_Code_Point. A tab and a line end are among them.
[[nodiscard]] bool is_hidden(char32_t code_point);
// Those of them that turn the direction of writing (Unicode's UAX 9).
[[nodiscard]] bool turns_direction(char32_t code_point);

// `text` with every hidden character as `<U+202E>` and every byte that is not UTF-8 as `<0xFF>`: valid UTF-8, on one line.
// What is visible already stays as it is, so that twice does no more than once.
[[nodiscard]] std::string visible(std::string_view text);

enum class Color : std::uint8_t { Off, On };
enum class Paint : std::uint8_t { Bold, Dim, Red, Green, Yellow, Blue, BoldRed, BoldGreen, BoldYellow, BoldCyan };

// Every piece goes through `visible` as it is added; colours and line ends are added by functions of their own.
class VisibleText {
public:
    VisibleText() = default;
    template <std::convertible_to<std::string_view> Text>
    VisibleText(const Text& piece) : text_(visible(piece)) {}  // NOLINT: any text may be shown
    VisibleText(std::string&& piece);                          // NOLINT: kept where all of it is visible

    // Several lines whose ends are known to be ours: JSON, in which a text has none, and the help of the program.
    [[nodiscard]] static VisibleText lines(std::string_view text);
    // Back to the beginning of a line of progress, which is taken away.
    [[nodiscard]] static VisibleText rewind();

    VisibleText& operator+=(const VisibleText& more) {
        text_ += more.text_;
        return *this;
    }
    template <std::convertible_to<std::string_view> Text>
    VisibleText& operator+=(const Text& more) {
        add(more);
        return *this;
    }
    friend VisibleText operator+(VisibleText first, const VisibleText& second) { return std::move(first += second); }
    template <std::convertible_to<std::string_view> Text>
    friend VisibleText operator+(VisibleText first, const Text& second) {
        return std::move(first += second);
    }
    template <std::convertible_to<std::string_view> Text>
    friend VisibleText operator+(const Text& first, const VisibleText& second) {
        return VisibleText(first) += second;
    }

    VisibleText& end_line() {
        text_ += '\n';
        return *this;
    }
    [[nodiscard]] VisibleText painted(Paint paint, Color color) const;

    [[nodiscard]] bool empty() const { return text_.empty(); }
    [[nodiscard]] const std::string& text() const& { return text_; }
    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    void add(std::string_view piece);

    std::string text_;
};

}  // namespace eligo::value
