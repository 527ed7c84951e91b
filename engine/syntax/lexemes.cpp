// The ends of tokens. Bytes of ASCII are looked at directly; whatever is beyond asks text/utf8.
#include "lexemes.hpp"

#include "keywords.hpp"

#include "../text/utf8.hpp"

#include <algorithm>

namespace eligo::syntax {

namespace {

bool is_digit(std::string_view text, std::size_t at) { return at < text.size() && text[at] >= '0' && text[at] <= '9'; }

std::size_t end_of_plain_digits(std::string_view text, std::size_t at, std::size_t most) {
    const std::size_t begin = at;
    while (at - begin < most && is_digit(text, at)) ++at;
    return at;
}

std::size_t end_of_per_sign(std::string_view text, std::size_t at) {
    for (const std::string_view sign : {std::string_view("%"), std::string_view("‰")}) {
        if (text.substr(at).starts_with(sign)) return at + sign.size();
    }
    return npos;
}

bool is_unit_word(std::string_view word) {
    const Magnitude* magnitude = leading_magnitude(word);
    if (magnitude != nullptr) word.remove_prefix(magnitude->spelling.size());
    return word.empty() ? magnitude != nullptr : find_unit(word) != nullptr;
}

bool is_magnitude(std::string_view word) {
    const Magnitude* magnitude = leading_magnitude(word);
    return magnitude != nullptr && magnitude->spelling == word;
}

// The end of the unit that follows a number ending at `at`; `at` itself when none does.
std::size_t end_of_unit(std::string_view text, std::size_t at) {
    const std::size_t begin = skip_blanks(text, at);
    if (const std::size_t end = end_of_per_sign(text, begin); end != npos) return end;
    const std::size_t end = end_of_word(text, begin);
    const bool touches = begin == at;
    return touches || is_unit_word(text.substr(begin, end - begin)) ? end : at;
}

std::size_t end_of_quoted(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '\n'; ++at) {
        if (text[at] == '"') return at + 1;
    }
    return at;
}

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = skip_blanks(text, 0);
    return text.substr(begin);
}

}  // namespace

std::size_t skip_blanks(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\r')) ++at;
    return at;
}

std::size_t end_of_word(std::string_view text, std::size_t at) {
    while (at < text.size()) {
        const text::CodePoint point = text::decode(text, at);
        if (!point.valid || !text::is_name_character(point.value)) break;
        at += point.length;
    }
    return at;
}

std::string_view word_at(std::string_view text, std::size_t at) { return text.substr(at, end_of_word(text, at) - at); }

std::size_t end_of_name(std::string_view text, std::size_t at) {
    if (at >= text.size()) return npos;
    const text::CodePoint point = text::decode(text, at);
    if (!point.valid || !text::is_name_start(point.value)) return npos;
    const std::size_t end = end_of_word(text, at);
    return is_reserved(text.substr(at, end - at)) ? npos : end;
}

std::size_t end_of_digits(std::string_view text, std::size_t at) {
    if (!is_digit(text, at)) return npos;
    while (is_digit(text, at) || (at < text.size() && text[at] == '_')) ++at;
    return at;
}

std::size_t end_of_number(std::string_view text, std::size_t at) {
    std::size_t end = end_of_digits(text, at);
    if (end == npos) return npos;
    if (end < text.size() && text[end] == '.' && is_digit(text, end + 1)) end = end_of_digits(text, end + 1);
    const std::size_t behind = end_of_unit(text, end);
    const std::size_t word = skip_blanks(text, end);
    // A magnitude that stands alone may have its unit behind a blank: `500万 元`.
    return behind > word && is_magnitude(text.substr(word, behind - word)) ? end_of_unit(text, behind) : behind;
}

std::size_t end_of_date(std::string_view text, std::size_t at) {
    const std::size_t year = end_of_plain_digits(text, at, 4);
    if (year - at != 4 || year >= text.size() || text[year] != '-') return npos;
    const std::size_t month = end_of_plain_digits(text, year + 1, 2);
    if (month == year + 1 || month >= text.size() || text[month] != '-') return npos;
    const std::size_t day = end_of_plain_digits(text, month + 1, 2);
    if (day == month + 1 || end_of_word(text, day) != day) return npos;
    return day;
}

std::size_t end_of_text(std::string_view text, std::size_t at) {
    return at < text.size() && text[at] == '"' ? end_of_quoted(text, at) : npos;
}

std::size_t end_of_citation(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] != '@') return npos;
    std::size_t end = skip_blanks(text, at + 1);
    if (end < text.size() && text[end] == '"') end = end_of_quoted(text, end);
    end = std::min(text.find_first_of("@{}\n\"", end), text.size());
    while (end > at + 1 && skip_blanks(text, end - 1) != end - 1) --end;
    return end;
}

std::size_t end_of_comparison_sign(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    for (const std::string_view sign : {"==", "=>", "=<", "!=", "<>", "<=", ">="}) {
        if (rest.starts_with(sign)) return at + 2;
    }
    if (rest.starts_with("<..")) return npos;
    return !rest.empty() && (rest[0] == '=' || rest[0] == '<' || rest[0] == '>') ? at + 1 : npos;
}

std::size_t end_of_range_sign(std::string_view text, std::size_t at) {
    for (const std::string_view sign : {"<..<", "<..", "..<", ".."}) {
        if (text.substr(at).starts_with(sign)) return at + sign.size();
    }
    return npos;
}

bool begins_other_declaration(std::string_view text, std::size_t at) {
    const std::string_view word = word_at(text, at);
    const std::size_t next = skip_blanks(text, at + word.size());
    const bool titled = next < text.size() && text[next] == '"';
    if (word == "scenario" || word == "import") return titled;
    if (word == "policy" || word == "vocabulary" || word == "record") return end_of_name(text, next) != npos;
    return false;
}

std::size_t pass_token(std::string_view text, std::size_t at) {
    if (text[at] == '"') return end_of_text(text, at);
    if (text[at] == '@') return end_of_citation(text, at);
    return at + 1;
}

std::size_t end_of_any_token(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] == '\n') return at;
    using EndOf = std::size_t (*)(std::string_view, std::size_t);
    for (const EndOf end_of : {end_of_date, end_of_number, end_of_text, end_of_citation, end_of_range_sign, end_of_comparison_sign}) {
        if (const std::size_t end = end_of(text, at); end != npos) return end;
    }
    const std::size_t end = end_of_word(text, at);
    return end > at ? end : at + text::decode(text, at).length;
}

NumberParts split_number(std::string_view token) {
    NumberParts parts;
    std::size_t end = end_of_digits(token, 0);
    if (end < token.size() && token[end] == '.' && is_digit(token, end + 1)) end = end_of_digits(token, end + 1);
    parts.digits = token.substr(0, end);
    parts.unit = trimmed(token.substr(end));
    if (const Magnitude* magnitude = leading_magnitude(parts.unit)) {
        parts.zeros = magnitude->zeros;
        parts.unit = trimmed(parts.unit.substr(magnitude->spelling.size()));
    }
    return parts;
}

}  // namespace eligo::syntax
