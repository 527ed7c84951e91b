#include "utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
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

struct Lead {
    std::size_t length;
    char32_t bits;
    char32_t least;  // anything smaller would be an overlong form
};

std::optional<Lead> lead(unsigned char byte) {
    if (byte < 0x80) return Lead{1, byte, 0};
    if (byte >= 0xC2 && byte <= 0xDF) return Lead{2, byte & 0x1FU, 0x80};
    if (byte >= 0xE0 && byte <= 0xEF) return Lead{3, byte & 0x0FU, 0x800};
    if (byte >= 0xF0 && byte <= 0xF4) return Lead{4, byte & 0x07U, 0x10000};
    return std::nullopt;
}

}  // namespace

CodePoint decode(std::string_view text, std::size_t offset) {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const CodePoint broken{byte(offset), 1, false};
    const auto first = lead(byte(offset));
    if (!first || first->length > text.size() - offset) return broken;
    char32_t value = first->bits;
    for (std::size_t i = 1; i < first->length; ++i) {
        if ((byte(offset + i) & 0xC0U) != 0x80U) return broken;
        value = (value << 6U) | (byte(offset + i) & 0x3FU);
    }
    const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
    if (value < first->least || value > 0x10FFFF || surrogate) return broken;
    return {value, first->length, true};
}

void append(std::string& text, char32_t code_point) {
    const auto byte = [&](char32_t bits) { text += static_cast<char>(static_cast<unsigned char>(bits)); };
    const auto tail = [&](unsigned shift) { byte(0x80U | ((code_point >> shift) & 0x3FU)); };
    if (code_point < 0x80) {
        byte(code_point);
    } else if (code_point < 0x800) {
        byte(0xC0U | (code_point >> 6U));
        tail(0);
    } else if (code_point < 0x10000) {
        byte(0xE0U | (code_point >> 12U));
        tail(6);
        tail(0);
    } else {
        byte(0xF0U | (code_point >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::string encode(char32_t code_point) {
    std::string text;
    append(text, code_point);
    return text;
}

std::optional<std::size_t> first_invalid(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        // ASCII, eight at a time: it is most of what there is, and there may be a lot of it.
        if (std::uint64_t eight = 0; at + sizeof eight <= text.size()) {
            std::memcpy(&eight, text.data() + at, sizeof eight);
            if ((eight & 0x8080'8080'8080'8080) == 0) {
                at += sizeof eight;
                continue;
            }
        }
        const CodePoint point = decode(text, at);
        if (!point.valid) return at;
        at += point.length;
    }
    return std::nullopt;
}

bool is_name_start(char32_t code_point) {
    if (code_point < 0x80) return is_ascii_letter(code_point) || code_point == U'_';
    return contains(name_letters, code_point);
}

bool is_name_character(char32_t code_point) {
    return is_name_start(code_point) || (code_point >= U'0' && code_point <= U'9');
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

std::string code_point_name(char32_t code_point) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hexadecimal;
    for (char32_t rest = code_point; rest != 0; rest >>= 4U) hexadecimal.insert(hexadecimal.begin(), digits[rest & 0xFU]);
    if (hexadecimal.size() < 4) hexadecimal.insert(0, 4 - hexadecimal.size(), '0');
    return "U+" + hexadecimal;
}

}  // namespace eligo::text
