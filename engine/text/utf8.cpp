#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>

#include "unicode_tables.hpp"

namespace eligo::text {
namespace {

bool contains(std::span<const CodePointRange> ranges, char32_t code_point) {
    const auto after = std::upper_bound(ranges.begin(), ranges.end(), code_point,
                                        [](char32_t point, const CodePointRange& range) { return point < range.first; });
    return after != ranges.begin() && code_point <= std::prev(after)->last;
}

bool is_ascii_letter(char32_t code_point) {
    return (code_point >= U'a' && code_point <= U'z') || (code_point >= U'A' && code_point <= U'Z');
}

}  // namespace

bool is_name_start(char32_t code_point) {
    if (code_point < 0x80) return is_ascii_letter(code_point) || code_point == U'_';
    return contains(name_letters, code_point);
}

bool is_name_character(char32_t code_point) {
    return is_name_start(code_point) || (code_point >= U'0' && code_point <= U'9');
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char byte) { return static_cast<unsigned char>(byte) < 0x80; });
}

bool is_han(char32_t code_point) {
    static constexpr std::array<CodePointRange, 9> han{{{0x2E80, 0x2FDF},
                                                        {0x3005, 0x3005},
                                                        {0x3007, 0x3007},
                                                        {0x3021, 0x3029},
                                                        {0x3038, 0x303B},
                                                        {0x3400, 0x4DBF},
                                                        {0x4E00, 0x9FFF},
                                                        {0xF900, 0xFAFF},
                                                        {0x20000, 0x323AF}}};
    return contains(han, code_point);
}

bool holds_han(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        if (point.valid && is_han(point.value)) return true;
        at += point.length;
    }
    return false;
}

int display_width(char32_t code_point) {
    if (code_point < 0x80) return 1;
    if (contains(zero_width_characters, code_point)) return 0;
    return contains(wide_characters, code_point) ? 2 : 1;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        width += point.valid ? static_cast<std::size_t>(display_width(point.value)) : 1;
        at += point.length;
    }
    return width;
}

std::size_t code_point_count(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count) at += decode(text, at).length;
    return count;
}

std::u32string code_points(std::string_view text) {
    std::u32string points;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode(text, at);
        points += point.valid ? point.value : char32_t{0xFFFD};
        at += point.length;
    }
    return points;
}

}  // namespace eligo::text
