#include "spelling.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <utility>

namespace eligo::vm {
namespace {

using Replacement = std::pair<std::string_view, std::string_view>;

// Signs as an input method writes them. Ten digits besides, which lie together from U+FF10 on.
constexpr std::array<Replacement, 9> narrow_signs{{{"．", "."}, {"，", ","}, {"－", "-"}, {"−", "-"}, {"％", "%"}, {"／", "/"}, {"￥", "¥"}, {"：", ":"}, {"＋", "+"}}};

constexpr std::array<std::string_view, 22> wide_blanks{"\u00A0", "\u3000", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
                                                       "\u2008", "\u2009", "\u200A", "\u202F", "\u205F", "\uFEFF", "\u0085", "\u2028", "\u2029", "\u200B", "\u2060"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The first byte of every wide blank is one of these; of Chinese characters it is none, nearly always.
bool may_begin_blank(char c) { return c == '\xC2' || c == '\xE1' || c == '\xE2' || c == '\xE3' || c == '\xEF'; }

bool may_have_wide_blank(std::string_view text) {
    const std::size_t size = text.size();
    return may_begin_blank(text.front()) || (size >= 2 && may_begin_blank(text[size - 2])) || (size >= 3 && may_begin_blank(text[size - 3]));
}

// The same text with plain signs in place of full-width ones.
std::string narrow(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const std::string_view rest = text.substr(at);
        if (rest.size() >= 3 && rest.substr(0, 2) == "\xEF\xBC" && rest[2] >= '\x90' && rest[2] <= '\x99') {
            out += static_cast<char>('0' + (rest[2] - '\x90'));
            at += 3;
            continue;
        }
        const auto sign = std::find_if(narrow_signs.begin(), narrow_signs.end(), [&](const Replacement& each) { return rest.starts_with(each.first); });
        out += sign == narrow_signs.end() ? rest.substr(0, 1) : sign->second;
        at += sign == narrow_signs.end() ? 1 : sign->first.size();
    }
    return out;
}

// Takes `prefix` off the front.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// Takes up to `most` digits off the front; none when there is not one.
std::string take_digits(std::string_view& text, std::size_t most) {
    std::size_t count = 0;
    while (count < text.size() && count < most && is_digit(text[count])) ++count;
    std::string digits(text.substr(0, count));
    text.remove_prefix(count);
    return digits;
}

bool is_midnight(std::string_view text) {
    if (text.empty()) return true;
    if (text.front() != ' ' && text.front() != 'T') return false;
    text.remove_prefix(1);
    return text == "0:00" || text == "00:00" || text == "0:00:00" || text == "00:00:00" || text == "00:00:00.000";
}

std::string two_digits(const std::string& digits) { return digits.size() == 1 ? "0" + digits : digits; }

// `1,234,567`: the first group has one to three digits, each other three.
std::optional<std::string> ungrouped(std::string_view text) {
    std::string digits = take_digits(text, 3);
    if (digits.empty()) return std::nullopt;
    while (take(text, ",")) {
        const std::string group = take_digits(text, 3);
        if (group.size() != 3) return std::nullopt;
        digits += group;
    }
    if (!text.empty()) return std::nullopt;
    return digits;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    const auto is_blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
    for (bool again = true; again;) {
        again = false;
        while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
        while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
        if (text.empty() || !may_have_wide_blank(text)) break;
        for (const std::string_view blank : wide_blanks) {
            while (text.starts_with(blank)) text.remove_prefix(blank.size()), again = true;
            while (text.ends_with(blank)) text.remove_suffix(blank.size()), again = true;
        }
    }
    return text;
}

std::optional<std::string> plain_date(std::string_view written) {
    const std::string plain = narrow(written);
    std::string_view text = plain;
    const std::string year = take_digits(text, 4);
    if (year.size() != 4) return std::nullopt;
    std::string month, day;
    if (take(text, "年")) {
        month = take_digits(text, 2);
        if (!take(text, "月")) return std::nullopt;
        day = take_digits(text, 2);
        if (!take(text, "日")) return std::nullopt;
    } else if (const char separator = text.empty() ? '\0' : text.front(); separator == '-' || separator == '/' || separator == '.') {
        text.remove_prefix(1);
        month = take_digits(text, 2);
        if (text.empty() || text.front() != separator) return std::nullopt;
        text.remove_prefix(1);
        day = take_digits(text, 2);
    } else {
        month = take_digits(text, 2);
        day = take_digits(text, 2);
        if (month.size() != 2 || day.size() != 2) return std::nullopt;
    }
    if (month.empty() || day.empty() || !is_midnight(text)) return std::nullopt;
    return year + "-" + two_digits(month) + "-" + two_digits(day);
}

std::optional<std::string> plain_number(std::string_view written, Currency currency) {
    const std::string plain = narrow(written);
    std::string_view text = trimmed(plain);
    const auto take_sign = [&] { return currency == Currency::Yes && take(text, "¥"); };
    const bool sign_first = take_sign();
    const bool negative = take(text, "-");
    if (!sign_first) (void)take_sign();
    text = trimmed(text);
    if (currency == Currency::Yes && text.ends_with("元")) text = trimmed(text.substr(0, text.size() - std::string_view("元").size()));
    const std::size_t end = std::min(text.find_first_of(".%"), text.size());
    const std::string_view whole = text.substr(0, end);
    const auto digits = whole.find(',') == std::string_view::npos ? std::optional<std::string>(whole) : ungrouped(whole);
    if (!digits || digits->empty() || !std::all_of(digits->begin(), digits->end(), is_digit)) return std::nullopt;
    return (negative ? "-" : "") + *digits + std::string(text.substr(end));
}

std::optional<bool> plain_truth(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, bool>, 10> words{{{"是", true}, {"否", false}, {"真", true}, {"假", false}, {"yes", true}, {"no", false}, {"y", true}, {"n", false}, {"1", true}, {"0", false}}};
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    const auto found = std::find_if(words.begin(), words.end(), [&](const auto& each) { return each.first == lower; });
    if (found == words.end()) return std::nullopt;
    return found->second;
}

}  // namespace eligo::vm
