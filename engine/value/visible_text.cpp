#include "visible_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "utf8.hpp"

namespace eligo::value {
namespace {

struct Range {
    char32_t first, last;
};

// C0, DEL and C1; line and paragraph separator; interlinear annotation; and Default_Ignorable_Code_Point as of Unicode 15.
constexpr std::array<Range, 19> hidden{{{0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x034F, 0x034F},   {0x061C, 0x061C},
                                        {0x115F, 0x1160}, {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F},   {0x2028, 0x202E},
                                        {0x2060, 0x206F}, {0x3164, 0x3164}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},
                                        {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}}};

constexpr std::array<Range, 4> turning{{{0x061C, 0x061C}, {0x200E, 0x200F}, {0x202A, 0x202E}, {0x2066, 0x2069}}};

bool contains(std::span<const Range> ranges, char32_t code_point) {
    return std::any_of(ranges.begin(), ranges.end(), [code_point](const Range& range) { return range.first <= code_point && code_point <= range.last; });
}

bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Of eight bytes at once: whether all are plain ASCII.
bool is_plain_ascii(std::uint64_t bytes) {
    constexpr std::uint64_t each = 0x0101010101010101U, highest = each * 0x80;
    const std::uint64_t below_blank = bytes - each * 0x20, beyond_tilde = bytes + each;
    return ((bytes | below_blank | beyond_tilde) & highest) == 0;
}

// Where what is seen for certain ends: plain ASCII, and the blocks of three bytes in which Chinese texts lie and nothing is hidden:
// U+2080 to U+2FFF (mathematical signs, marks), U+3000 to U+313F (punctuation), U+4000 to U+CFFF (most Chinese) and U+FF00 to
// U+FF7F (full-width signs).
std::size_t end_of_plain(std::string_view text, std::size_t at) {
    const auto byte = [text](std::size_t place) { return static_cast<unsigned char>(text[place]); };
    while (at < text.size()) {
        const unsigned char first = byte(at);
        if (first < 0x80) {
            if (std::uint64_t eight = 0; text.size() - at >= sizeof eight) {
                std::memcpy(&eight, text.data() + at, sizeof eight);
                if (is_plain_ascii(eight)) {
                    at += sizeof eight;
                    continue;
                }
            }
            if (first < 0x20 || first == 0x7F) return at;
            ++at;
            continue;
        }
        if (text.size() - at < 3 || !goes_on(text[at + 1]) || !goes_on(text[at + 2])) return at;
        const unsigned char second = byte(at + 1);
        const bool plain = (first >= 0xE4 && first <= 0xEC) || (first == 0xE2 && second >= 0x82) || (first == 0xE3 && second <= 0x84) ||
                           (first == 0xEF && (second == 0xBC || second == 0xBD));
        if (!plain) return at;
        at += 3;
    }
    return at;
}

void append_made_visible(std::string& out, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t plain = end_of_plain(text, at);
        out.append(text, at, plain - at);
        at = plain;
        if (at == text.size()) return;
        const CodePoint point = decode(text, at);
        if (!point.valid) {
            const std::string name = code_point_name(point.value);
            out += "<0x" + name.substr(name.size() - 2) + ">";
        } else if (is_hidden(point.value)) {
            out += "<" + code_point_name(point.value) + ">";
        } else {
            out.append(text, at, point.length);
        }
        at += point.length;
    }
}

std::string_view escape_of(Paint paint) {
    switch (paint) {
        case Paint::Bold: return "\033[1m";
        case Paint::Dim: return "\033[2m";
        case Paint::Red: return "\033[31m";
        case Paint::Green: return "\033[32m";
        case Paint::Yellow: return "\033[33m";
        case Paint::Blue: return "\033[34m";
        case Paint::BoldRed: return "\033[1;31m";
        case Paint::BoldGreen: return "\033[1;32m";
        case Paint::BoldYellow: return "\033[1;33m";
        case Paint::BoldCyan: return "\033[1;36m";
    }
    return "";
}

}  // namespace

bool is_hidden(char32_t code_point) { return contains(hidden, code_point); }
bool turns_direction(char32_t code_point) { return contains(turning, code_point); }

std::string visible(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    append_made_visible(out, text);
    return out;
}

VisibleText::VisibleText(std::string&& piece) : text_(std::move(piece)) {
    if (end_of_plain(text_, 0) != text_.size()) text_ = visible(text_);
}

void VisibleText::add(std::string_view piece) { append_made_visible(text_, piece); }

VisibleText VisibleText::lines(std::string_view text) {
    VisibleText result;
    result.text_.reserve(text.size());
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        append_made_visible(result.text_, text.substr(begin, end - begin));
        if (end < text.size()) result.end_line();
        begin = end + 1;
    }
    return result;
}

VisibleText VisibleText::rewind() {
    VisibleText result;
    result.text_ = "\r\033[K";
    return result;
}

VisibleText VisibleText::painted(Paint paint, Color color) const {
    if (color == Color::Off || text_.empty()) return *this;
    VisibleText result;
    result.text_.append(escape_of(paint)).append(text_).append("\033[0m");
    return result;
}

}  // namespace eligo::value
