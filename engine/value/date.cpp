// The calendar: day numbers to civil dates and back, and months added with the clamp the language promises.
//
// A year begins on 1 March, so that the leap day is its last, and 400 years are one era of 146097 days: Howard Hinnant,
// "chrono-Compatible Low-Level Date Algorithms". From a day to its date the quotients and remainders are had by
// multiplication: Cassio Neri and Lorenz Schneider, "Euclidean affine functions and their application to calendar
// algorithms" (2022). Checks add months to a company's dates, and have no tens of nanoseconds for it.
// Tested by tests/unit/value_date_test.cpp, against std::chrono.
#include "date.hpp"

#include <algorithm>
#include <cstddef>

namespace eligo::value {

namespace {

constexpr std::int64_t days_of_era = 146097;
constexpr std::int64_t days_to_epoch = 719468;  // from 0000-03-01, where the first era begins, to 1970-01-01
constexpr int eras_before = 15000;              // so many that every day number lies behind the first of them

// Every fourth year, of the hundreds every fourth hundred: what is divisible by 25 and by 4 is by 100, by 25 and 16 by 400.
bool is_leap_year(int year) { return (year & (year % 25 == 0 ? 15 : 3)) == 0; }

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
    const auto quarter_days = static_cast<std::uint64_t>(day + days_to_epoch + eras_before * days_of_era) * 4 + 3;
    const std::uint64_t century = quarter_days / days_of_era;
    const std::uint32_t of_century = static_cast<std::uint32_t>(quarter_days % days_of_era) | 3U;
    // 2^32 / 1461, so that the upper half of the product is the year of the century and the lower half what is left.
    constexpr std::uint64_t per_year = 2939745;
    const std::uint64_t years = per_year * of_century;
    const auto year_of_century = static_cast<std::uint32_t>(years >> 32);
    const std::uint32_t day_of_year = static_cast<std::uint32_t>(years) / static_cast<std::uint32_t>(per_year) / 4;
    // 2^16 / 30.6, the days of a month from March on.
    constexpr std::uint32_t per_month = 2141;
    const std::uint32_t months = per_month * day_of_year + 197913;
    const bool next_year = day_of_year >= 306;  // January and February
    const auto month = static_cast<int>(months >> 16) - (next_year ? 12 : 0);
    const auto year = static_cast<int>(static_cast<std::int64_t>(100 * century + year_of_century) - 400 * std::int64_t{eras_before}) + (next_year ? 1 : 0);
    return {year, month, static_cast<int>((months & 0xFFFF) / per_month) + 1};
}

int year_of(Day day) { return civil_from_day(day).year; }

int days_in_month(int year, int month) {
    if (month == 2) return is_leap_year(year) ? 29 : 28;
    return 30 | (month ^ (month >> 3));  // the odd months up to July, the even ones from August on
}

Day add_months(Day day, std::int32_t months) {
    const CivilDate from = civil_from_day(day);
    const YearMonth target = shift(from, months);
    const int length = days_in_month(target.year, target.month);
    return day_from_civil(target.year, target.month, from.day < length ? from.day : length);
}

// `from` moved by the plain difference of the months lands in the month of `to`, at the latest on its last day; it can only be
// too late there, and one month less is then surely early enough.
std::int32_t months_between(Day from, Day to) {
    const CivilDate start = civil_from_day(from);
    const CivilDate end = civil_from_day(to);
    const int difference = (end.year - start.year) * 12 + (end.month - start.month);
    const int length = days_in_month(end.year, end.month);
    return (start.day < length ? start.day : length) <= end.day ? difference : difference - 1;
}

// Going back from `to` loses at most the days by which months differ.
Day last_day_reaching(Day to, std::int32_t months) {
    Day day = std::clamp(add_months(to, -months), first_calculated_day, last_calculated_day);
    while (day < last_calculated_day && add_months(day + 1, months) <= to) ++day;
    return add_months(day, months) <= to ? day : first_calculated_day - 1;
}

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
