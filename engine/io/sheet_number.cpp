#include "sheet_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "../value/date.hpp"
#include "../vm/spelling.hpp"

namespace eligo::io {
namespace {

// What a cell of a spreadsheet keeps of a number.
constexpr std::size_t kept_digits = 15;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// 0.DIGITS * 10^point, without zeros at either end of the digits; no digits: 0.
struct Decimal {
    std::string digits;
    int point = 0;
    bool is_negative = false;
};

std::optional<Decimal> decimal_of(std::string_view text) {
    Decimal decimal;
    std::size_t at = 0;
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) decimal.is_negative = text[at++] == '-';
    bool is_behind = false, has_digits = false;
    for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !is_behind)); ++at) {
        if (text[at] == '.') {
            is_behind = true;
            continue;
        }
        has_digits = true;
        if (decimal.digits.empty() && text[at] == '0') {
            decimal.point -= is_behind ? 1 : 0;
            continue;
        }
        decimal.digits += text[at];
        decimal.point += is_behind ? 0 : 1;
    }
    if (!has_digits) return std::nullopt;
    if (at < text.size()) {
        if (lower(text[at]) != 'e') return std::nullopt;
        ++at;
        if (at < text.size() && text[at] == '+') ++at;
        int exponent = 0;
        const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), exponent);
        constexpr int most = 400;
        if (error != std::errc{} || end != text.data() + text.size() || exponent > most || exponent < -most) return std::nullopt;
        decimal.point += exponent;
    }
    while (!decimal.digits.empty() && decimal.digits.back() == '0') decimal.digits.pop_back();
    if (decimal.digits.empty()) return Decimal{};
    return decimal;
}

std::string written_out(const Decimal& decimal) {
    if (decimal.digits.empty()) return "0";
    std::string digits = decimal.digits;
    if (decimal.point <= 0) digits.insert(0, static_cast<std::size_t>(1 - decimal.point), '0');
    const std::size_t whole = decimal.point <= 0 ? 1 : static_cast<std::size_t>(decimal.point);
    if (digits.size() < whole) digits.append(whole - digits.size(), '0');
    std::string text = (decimal.is_negative ? "-" : "") + digits.substr(0, whole);
    return digits.size() > whole ? text + "." + digits.substr(whole) : text;
}

// Half away from zero.
Decimal rounded(Decimal decimal) {
    if (decimal.digits.size() <= kept_digits) return decimal;
    const bool up = decimal.digits[kept_digits] >= '5';
    decimal.digits.resize(kept_digits);
    if (up) {
        while (!decimal.digits.empty() && decimal.digits.back() == '9') decimal.digits.pop_back();
        if (decimal.digits.empty()) {
            decimal.digits = "1";
            ++decimal.point;
        } else {
            ++decimal.digits.back();
        }
    }
    while (decimal.digits.size() > 1 && decimal.digits.back() == '0') decimal.digits.pop_back();
    return decimal;
}

// The shortest decimal of the nearest binary number: the one that was typed, where it had 15 digits or fewer.
Decimal shortest(const Decimal& decimal) {
    const std::string text = fmt::format("0.{}e{}", decimal.digits, decimal.point);
    double binary = 0;
    if (std::from_chars(text.data(), text.data() + text.size(), binary).ec != std::errc{}) return decimal;
    Decimal result = decimal_of(fmt::format("{}", std::fabs(binary))).value_or(decimal);
    result.is_negative = decimal.is_negative;
    return result;
}

// The rest of binary behind digits that end in zeros or nines: 0.3|0000000000000004.
Decimal without_rest(const Decimal& decimal) {
    constexpr std::size_t zeros = 2;
    const Decimal near = shortest(decimal);
    if (near.digits.size() <= kept_digits) return near;
    const Decimal shown = rounded(near);
    return shown.digits.size() + zeros <= kept_digits ? shown : decimal;
}

}  // namespace

// The letters of a date and of a time of day outside of texts; an `m` beside an `h` or an `s` is minutes. Only what stands for
// positive numbers counts.
NumberKind kind_of_format(std::string_view code) {
    bool day = false, month = false, time = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = lower(code[i]);
        const auto next = [&](std::string_view text) {
            return code.size() - i >= text.size() && std::equal(text.begin(), text.end(), code.begin() + static_cast<std::ptrdiff_t>(i), [](char a, char b) { return a == lower(b); });
        };
        if (c == ';') break;
        if (c == '"') {
            i = std::min(code.find('"', i + 1), code.size());
        } else if (c == '[') {
            const std::size_t end = std::min(code.find(']', i), code.size());
            const std::string_view inside = code.substr(i + 1, end - i - 1);
            // [h], [mm], [ss]: how long something took.
            if (!inside.empty() && inside.find_first_not_of("hHmMsS") == std::string_view::npos) time = true;
            i = end;
        } else if (c == '\\' || c == '_' || c == '*') {
            ++i;
        } else if (next("general")) {
            i += 6;
        } else if (next("am/pm")) {
            time = true;
            i += 4;
        } else if (next("a/p")) {
            time = true;
            i += 2;
        } else if (c == 'e') {
            // An era's year, or the exponent of a number.
            if (i + 1 < code.size() && (code[i + 1] == '+' || code[i + 1] == '-')) ++i;
            else day = true;
        } else if (c == 'y' || c == 'd' || c == 'g' || c == 'b') {
            day = true;
        } else if (c == 'h' || c == 's') {
            time = true;
        } else if (c == 'm') {
            month = true;
        }
    }
    if (day || (month && !time)) return time ? NumberKind::DateTime : NumberKind::Date;
    return time ? NumberKind::Time : NumberKind::Number;
}

std::optional<SheetNumber> sheet_number(std::string_view written) {
    written = vm::trimmed(written);
    // Nearly all of them: digits of which none can be lost, and no zeros to be left out.
    const bool is_short = !written.empty() && written.size() <= kept_digits && std::all_of(written.begin(), written.end(), is_digit);
    if (is_short && (written[0] != '0' || written.size() == 1)) return SheetNumber{std::string(written), false};
    auto decimal = decimal_of(written);
    if (!decimal) return std::nullopt;
    const bool is_whole = decimal->point >= static_cast<int>(decimal->digits.size());
    // A whole number is what stands there, as whoever wrote it had it.
    if (decimal->digits.size() > kept_digits && !is_whole) decimal = without_rest(*decimal);
    constexpr int longest = 40;
    const bool is_far = decimal->point > longest || decimal->point < -longest;
    const bool has_many = decimal->digits.size() > kept_digits || decimal->point > static_cast<int>(kept_digits);
    return SheetNumber{is_far ? std::string(written) : written_out(*decimal), has_many};
}

std::optional<std::string> day_of_serial(std::string_view number, NumberKind kind, bool from_1904) {
    const auto decimal = decimal_of(vm::trimmed(number));
    if (!decimal || decimal->is_negative || decimal->point > 7) return std::nullopt;
    const std::string text = written_out(without_rest(*decimal));
    const std::size_t point = std::min(text.find('.'), text.size());
    long day = std::atol(text.substr(0, point).c_str());
    // A day has 86,400 seconds: nine digits of its fraction tell them apart.
    std::string fraction = text.substr(std::min(point + 1, text.size()), 9);
    fraction.append(9 - fraction.size(), '0');
    constexpr std::int64_t of_a_day = 86'400, billion = 1'000'000'000;
    std::int64_t second = (std::atoll(fraction.c_str()) * of_a_day + billion / 2) / billion;
    day += second / of_a_day;
    second %= of_a_day;
    const std::string time = fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
    if (kind == NumberKind::Time) return day == 0 ? time : fmt::format("{}:{}", day * 24 + second / 3600, time.substr(3));
    constexpr long false_leap_day = 60;
    if (!from_1904 && (day == 0 || day == false_leap_day)) return std::nullopt;
    const value::Day begin = from_1904 ? value::day_from_civil(1904, 1, 1) : value::day_from_civil(1899, 12, day < false_leap_day ? 31 : 30);
    const auto civil = begin + static_cast<value::Day>(day);
    if (civil > value::day_from_civil(9999, 12, 31)) return std::nullopt;
    const value::CivilDate date = value::civil_from_day(civil);
    const std::string shown = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    return second == 0 ? shown : shown + " " + time;
}

std::optional<std::string> day_of_iso(std::string_view text) {
    text = vm::trimmed(text);
    constexpr std::size_t of_a_date = 10;
    const std::string_view day = text.substr(0, of_a_date);
    int year = 0, month = 0, of_month = 0;
    const auto number = [&](std::size_t at, std::size_t size, int& into) {
        const std::string_view digits = day.substr(at, size);
        return std::all_of(digits.begin(), digits.end(), is_digit) && std::from_chars(digits.data(), digits.data() + digits.size(), into).ptr == digits.data() + digits.size();
    };
    if (day.size() != of_a_date || day[4] != '-' || day[7] != '-' || !number(0, 4, year) || !number(5, 2, month) || !number(8, 2, of_month)) return std::nullopt;
    if (month < 1 || month > 12 || of_month < 1 || of_month > value::days_in_month(year, month)) return std::nullopt;
    std::string_view time = text.substr(of_a_date);
    if (time.empty()) return std::string(day);
    if (time[0] != 'T' && time[0] != ' ') return std::nullopt;
    time.remove_prefix(1);
    // Midnight is no time of day, with a fraction of a second or without; a time zone is another moment.
    const bool is_midnight = time.starts_with("00:00") && time.find_first_not_of("0:.") == std::string_view::npos;
    return is_midnight ? std::string(day) : std::string(day) + " " + std::string(time);
}

}  // namespace eligo::io
