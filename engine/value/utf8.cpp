#include "utf8.hpp"

#include <cstdint>
#include <cstring>

namespace eligo::value {
namespace {

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

std::string code_point_name(char32_t code_point) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hexadecimal;
    for (char32_t rest = code_point; rest != 0; rest >>= 4U) hexadecimal.insert(hexadecimal.begin(), digits[rest & 0xFU]);
    if (hexadecimal.size() < 4) hexadecimal.insert(0, 4 - hexadecimal.size(), '0');
    return "U+" + hexadecimal;
}

}  // namespace eligo::value
