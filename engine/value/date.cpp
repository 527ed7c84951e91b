// The calendar: day numbers to civil dates and back, and months added with the clamp the language promises.
//
// The conversion is Howard Hinnant's ("chrono-Compatible Low-Level Date Algorithms"): a year begins on 1 March,
// so that the leap day is its last, and 400 years are one era of 146097 days.
// Tested by tests/unit/value_date_test.cpp, against std::chrono.
#include "date.hpp"

#include <cstddef>

namespace eligo::value {

namespace {

constexpr int days_of_era = 146097;
constexpr int days_to_epoch = 719468;  // from 0000-03-01, where the first era begins, to 1970-01-01

bool is_leap_year(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

struct YearMonth {
    int year = 0;
    int month = 1;
};

YearMonth shift(const CivilDate& from, int months) {
    const int index = from.year * 12 + (from.month - 1) + months;
    const int year = (index >= 0 ? index : index - 11) / 12;
    return {year, index - year * 12 + 1};
}

// The number that `count` digits at `position` write; -1 when one of them is no digit.
int read_digits(std::string_view text, std::size_t position, std::size_t count) {
    int number = 0;
    for (const char c : text.substr(position, count)) {
        if (c < '0' || c > '9') return -1;
        number = number * 10 + (c - '0');
    }
    return number;
}

std::string padded(int number, std::size_t width) {
    std::string digits = std::to_string(number);
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return digits;
}

}  // namespace

// Of any day: in 64 bits the shift cannot overflow.
CivilDate civil_from_day(Day day) {
    const std::int64_t shifted = std::int64_t{day} + days_to_epoch;
    const auto era = static_cast<int>((shifted >= 0 ? shifted : shifted - (days_of_era - 1)) / days_of_era);
    const auto day_of_era = static_cast<int>(shifted - std::int64_t{era} * days_of_era);
    const int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / (days_of_era - 1)) / 365;
    const int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int month_from_march = (5 * day_of_year + 2) / 153;
    const int month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    const int year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return {year, month, day_of_year - (153 * month_from_march + 2) / 5 + 1};
}

int year_of(Day day) { return civil_from_day(day).year; }

int days_in_month(int year, int month) {
    if (month == 2) return is_leap_year(year) ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

Day add_months(Day day, std::int32_t months) {
    const CivilDate from = civil_from_day(day);
    const YearMonth target = shift(from, months);
    const int length = days_in_month(target.year, target.month);
    return day_from_civil(target.year, target.month, from.day < length ? from.day : length);
}

// `from` moved by the plain difference of the months lands in the month of `to`; it can only be too late there,
// and one month less is then surely early enough.
std::int32_t months_between(Day from, Day to) {
    const CivilDate start = civil_from_day(from);
    const CivilDate end = civil_from_day(to);
    const int difference = (end.year - start.year) * 12 + (end.month - start.month);
    return add_months(from, difference) <= to ? difference : difference - 1;
}

Day year_end(int year) { return day_from_civil(year, 12, 31); }

std::optional<Day> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const int year = read_digits(text, 0, 4);
    const int month = read_digits(text, 5, 2);
    const int day = read_digits(text, 8, 2);
    if (year < 1900 || year > 2199 || month < 1 || month > 12) return std::nullopt;
    if (day < 1 || day > days_in_month(year, month)) return std::nullopt;
    return day_from_civil(year, month, day);
}

std::string format_date(Day day) {
    const CivilDate civil = civil_from_day(day);
    return padded(civil.year, 4) + '-' + padded(civil.month, 2) + '-' + padded(civil.day, 2);
}

}  // namespace eligo::value
