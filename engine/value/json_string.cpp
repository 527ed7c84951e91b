#include "json_string.hpp"

#include <algorithm>
#include <cstddef>

#include "utf8.hpp"
#include "visible_text.hpp"

namespace eligo::value {
namespace {

bool stays(char character) { return character >= 0x20 && character < 0x7F && character != '"' && character != '\\'; }

void append_unit(std::string& out, char32_t unit) {
    static constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U}) out += digits[(unit >> shift) & 0xFU];
}

void append_escape(std::string& out, char32_t point) {
    switch (point) {
        case U'"': out += "\\\""; return;
        case U'\\': out += "\\\\"; return;
        case U'\n': out += "\\n"; return;
        case U'\r': out += "\\r"; return;
        case U'\t': out += "\\t"; return;
        default: break;
    }
    if (point < 0x10000) return append_unit(out, point);
    append_unit(out, 0xD800 + ((point - 0x10000) >> 10U));
    append_unit(out, 0xDC00 + ((point - 0x10000) & 0x3FFU));
}

}  // namespace

std::string json_string(std::string_view text) {
    std::string out = "\"";
    out.reserve(text.size() + 2);
    for (std::size_t at = 0; at < text.size();) {
        const auto plain = static_cast<std::size_t>(std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), stays) - text.begin());
        out.append(text, at, plain - at);
        at = plain;
        if (at == text.size()) break;
        const CodePoint point = decode(text, at);
        const bool escaped = point.value == U'"' || point.value == U'\\' || is_hidden(point.value);
        if (!point.valid) append(out, 0xFFFD);
        else if (escaped) append_escape(out, point.value);
        else out.append(text, at, point.length);
        at += point.length;
    }
    return out += '"';
}

}  // namespace eligo::value
