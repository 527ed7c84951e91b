// Calendar dates as day numbers, and the arithmetic of months and days that the language promises.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace eligo::value {

// Days since 1970-01-01 in the proleptic Gregorian calendar. The language's dates lie within
// 1900-01-01 .. 2199-12-31; arithmetic is defined a little beyond, so that nothing can fail.
using Day = std::int32_t;

struct CivilDate {
    int year = 1970;
    int month = 1;  // 1 .. 12
    int day = 1;    // 1 .. 31
    friend bool operator==(const CivilDate&, const CivilDate&) = default;
};

[[nodiscard]] constexpr Day day_from_civil(int year, int month, int day) {
    year -= month <= 2;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int year_of_era = year - era * 400;
    const int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}
[[nodiscard]] CivilDate civil_from_day(Day day);
[[nodiscard]] int year_of(Day day);
[[nodiscard]] int days_in_month(int year, int month);

inline constexpr Day first_day = day_from_civil(1900, 1, 1);
inline constexpr Day last_day = day_from_civil(2199, 12, 31);

// d + n months, clamped to the month's end: 2016-01-31 + 1 month = 2016-02-29. n may be negative.
// Total for every day within 1600 .. 2600 and |n| <= 7200.
[[nodiscard]] Day add_months(Day day, std::int32_t months);
// The most whole months m with add_months(from, m) <= to; negative when to lies before from (then the
// greatest m for which it holds: from 2016-03-15 to 2016-03-14 is -1).
[[nodiscard]] std::int32_t months_between(Day from, Day to);
// The last day of the years 1600 to 2599 from which so many months (at most 7200, either way) end by `to`, which lies within them:
// add_months(day, months) <= to. The day before them all where there is none.
[[nodiscard]] Day last_day_reaching(Day to, std::int32_t months);
inline constexpr Day first_calculated_day = day_from_civil(1600, 1, 1), last_calculated_day = day_from_civil(2599, 12, 31);
[[nodiscard]] constexpr Day year_end(int year) { return day_from_civil(year + 1, 1, 1) - 1; }  // 31 December

// "2018-06-01", nothing else; nullopt when it is no such date of the calendar within 1900 .. 2199.
[[nodiscard]] std::optional<Day> parse_date(std::string_view text);
[[nodiscard]] std::string format_date(Day day);

}  // namespace eligo::value
