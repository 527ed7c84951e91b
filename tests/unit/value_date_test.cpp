// Calendar arithmetic, held to std::chrono on every day of 1900 .. 2100.
#include "value/date.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <random>
#include <string>

namespace {

using namespace eligo::value;
namespace chrono = std::chrono;

chrono::year_month_day chrono_date(Day day) {
    return chrono::year_month_day{chrono::sys_days{chrono::days{day}}};
}

Day chrono_day(const chrono::year_month_day& date) {
    return static_cast<Day>(chrono::sys_days{date}.time_since_epoch().count());
}

chrono::year_month_day chrono_civil(int year, int month, int day) {
    return chrono::year{year} / chrono::month{static_cast<unsigned>(month)} /
           chrono::day{static_cast<unsigned>(day)};
}

// Moves the year and the month, then takes the month's last day where the day does not exist.
Day chrono_add_months(Day day, int months) {
    const chrono::year_month_day moved = chrono_date(day) + chrono::months{months};
    if (moved.ok()) return chrono_day(moved);
    return chrono_day(moved.year() / moved.month() / chrono::last);
}

const Day first_tested = day_from_civil(1900, 1, 1);
const Day last_tested = day_from_civil(2100, 12, 31);

Day day_of(const char* text) {
    const auto day = parse_date(text);
    EXPECT_TRUE(day.has_value()) << text;
    return day.value_or(0);
}

TEST(ValueDate, CivilRoundTripMatchesChronoOnEveryDay) {
    EXPECT_EQ(day_from_civil(1970, 1, 1), 0);
    for (Day day = first_tested; day <= last_tested; ++day) {
        const chrono::year_month_day expected = chrono_date(day);
        const CivilDate civil = civil_from_day(day);
        ASSERT_EQ(civil.year, static_cast<int>(expected.year())) << day;
        ASSERT_EQ(civil.month, static_cast<int>(static_cast<unsigned>(expected.month()))) << day;
        ASSERT_EQ(civil.day, static_cast<int>(static_cast<unsigned>(expected.day()))) << day;
        ASSERT_EQ(day_from_civil(civil.year, civil.month, civil.day), day);
        ASSERT_EQ(year_of(day), civil.year);
    }
}

TEST(ValueDate, TextRoundTripOnEveryDayOfTheLanguage) {
    for (Day day = first_day; day <= last_day; ++day) ASSERT_EQ(parse_date(format_date(day)), day);
    EXPECT_EQ(format_date(first_day), "1900-01-01");
    EXPECT_EQ(format_date(last_day), "2199-12-31");
}

TEST(ValueDate, DaysInMonthMatchesChrono) {
    for (int year = 1600; year <= 2600; ++year) {
        for (int month = 1; month <= 12; ++month) {
            const auto last = chrono::year{year} / chrono::month{static_cast<unsigned>(month)} / chrono::last;
            ASSERT_EQ(days_in_month(year, month), static_cast<int>(static_cast<unsigned>(last.day())))
                << year << '-' << month;
        }
    }
}

TEST(ValueDate, AddMonthsMatchesChronoOnEveryDay) {
    constexpr std::array<int, 16> steps{0, 1, -1, 2, 11, 12, -12, 13, 36, -36, 48, 600, -1199, 1200, 7200, -7200};
    for (Day day = first_tested; day <= last_tested; ++day) {
        for (const int months : steps) {
            ASSERT_EQ(add_months(day, months), chrono_add_months(day, months))
                << format_date(day) << " + " << months;
        }
    }
}

TEST(ValueDate, AddMonthsHoldsAtTheEndsOfItsDomain) {
    for (const Day day : {day_from_civil(1600, 1, 1), day_from_civil(1600, 2, 29), day_from_civil(2600, 12, 31)}) {
        for (const int months : {-7200, -1, 0, 1, 7200}) {
            EXPECT_EQ(add_months(day, months), chrono_add_months(day, months)) << format_date(day) << months;
        }
    }
}

// Nothing promises these, but an unknown date moved twice should not meet a cliff.
TEST(ValueDate, ArithmeticGoesOnBeforeTheFirstYear) {
    for (Day day = day_from_civil(-401, 1, 1); day <= day_from_civil(2, 1, 1); day += 13) {
        ASSERT_EQ(chrono_day(chrono_date(day)), day);
        ASSERT_EQ(year_of(day), static_cast<int>(chrono_date(day).year()));
        for (const int months : {-25, -12, -1, 0, 1, 12}) {
            ASSERT_EQ(add_months(day, months), chrono_add_months(day, months)) << day << " + " << months;
        }
    }
}

TEST(ValueDate, AddMonthsClampsToTheMonthsEnd) {
    EXPECT_EQ(add_months(day_of("2016-01-31"), 1), day_of("2016-02-29"));
    EXPECT_EQ(add_months(day_of("2015-01-31"), 1), day_of("2015-02-28"));
    EXPECT_EQ(add_months(day_of("2016-02-29"), 12), day_of("2017-02-28"));
    EXPECT_EQ(add_months(day_of("2016-02-29"), 48), day_of("2020-02-29"));
    EXPECT_EQ(add_months(day_of("2016-03-31"), -1), day_of("2016-02-29"));
    EXPECT_EQ(add_months(day_of("2016-01-15"), -1), day_of("2015-12-15"));
    EXPECT_EQ(add_months(day_of("1900-03-31"), -1), day_of("1900-02-28"));
}

// The definition, word for word: the most whole months m with add_months(from, m) <= to.
void expect_months_between(Day from, Day to) {
    const std::int32_t months = months_between(from, to);
    ASSERT_LE(chrono_add_months(from, months), to) << format_date(from) << " .. " << format_date(to);
    ASSERT_GT(chrono_add_months(from, months + 1), to) << format_date(from) << " .. " << format_date(to);
}

TEST(ValueDate, MonthsBetweenIsWhatItsDefinitionSays) {
    std::mt19937_64 engine(20180601);
    const auto length = static_cast<std::uint64_t>(last_tested - first_tested + 1);
    for (Day from = first_tested; from <= last_tested; ++from) {
        for (const int distance : {0, 1, -1, 28, -28, 30, 31, -31, 365, -365, 366}) {
            expect_months_between(from, from + distance);
        }
        expect_months_between(from, first_tested + static_cast<Day>(engine() % length));
    }
}

TEST(ValueDate, MonthsBetweenMatchesACountOnShortSpans) {
    for (Day from = day_of("2015-12-01"); from <= day_of("2016-04-30"); ++from) {
        for (Day to = from; to <= from + 100; ++to) {
            int count = 0;
            while (add_months(from, count + 1) <= to) ++count;
            ASSERT_EQ(months_between(from, to), count) << format_date(from) << " .. " << format_date(to);
        }
    }
}

TEST(ValueDate, MonthsBetweenAtTheTurns) {
    EXPECT_EQ(months_between(day_of("2016-03-15"), day_of("2016-03-14")), -1);
    EXPECT_EQ(months_between(day_of("2016-03-15"), day_of("2016-02-15")), -1);
    EXPECT_EQ(months_between(day_of("2016-03-15"), day_of("2016-02-14")), -2);
    EXPECT_EQ(months_between(day_of("2016-01-31"), day_of("2016-02-28")), 0);
    EXPECT_EQ(months_between(day_of("2016-01-31"), day_of("2016-02-29")), 1);
    EXPECT_EQ(months_between(day_of("2015-06-01"), day_of("2018-06-21")), 36);
}

TEST(ValueDate, LastDayReachingIsWhatItsDefinitionSays) {
    for (Day to = day_from_civil(2015, 12, 25); to <= day_from_civil(2020, 3, 5); ++to) {
        for (const int months : {-25, -12, -1, 0, 1, 11, 12, 13, 36, 37, 61}) {
            const Day last = last_day_reaching(to, months);
            ASSERT_LE(add_months(last, months), to) << format_date(to) << " " << months;
            ASSERT_GT(add_months(last + 1, months), to) << format_date(to) << " " << months;
        }
    }
    EXPECT_EQ(last_day_reaching(day_from_civil(2020, 1, 1), 7200), first_calculated_day - 1);
    EXPECT_EQ(last_day_reaching(day_from_civil(2199, 12, 31), 7199), day_from_civil(1600, 1, 31));
    EXPECT_EQ(last_day_reaching(day_from_civil(2020, 1, 1), -7200), last_calculated_day);
}

TEST(ValueDate, YearEnd) {
    EXPECT_EQ(year_end(2017), day_of("2017-12-31"));
    for (int year = 1900; year <= 2199; ++year) {
        ASSERT_EQ(year_end(year) + 1, chrono_day(chrono_civil(year + 1, 1, 1)));
    }
}

TEST(ValueDate, ParseAcceptsExactlyTheDaysOfTheCalendar) {
    for (int year = 1899; year <= 2200; ++year) {
        for (int month = 0; month <= 13; ++month) {
            for (int day = 0; day <= 32; ++day) {
                const auto digits = [](int number) { return std::to_string(100 + number).substr(1); };
                const std::string text = std::to_string(year) + '-' + digits(month) + '-' + digits(day);
                const chrono::year_month_day expected = chrono_civil(year, month, day);
                const bool is_date = expected.ok() && year >= 1900 && year <= 2199;
                ASSERT_EQ(parse_date(text).has_value(), is_date) << text;
                if (!is_date) continue;
                ASSERT_EQ(parse_date(text), chrono_day(expected)) << text;
            }
        }
    }
}

TEST(ValueDate, ParseRefusesEveryOtherSpelling) {
    for (const char* text :
         {"", "2018", "2018-06", "2018-6-1", "2018-06-1", "2018-6-01", "18-06-01", "2018/06/01", "20180601",
          "2018-06-01 ", " 2018-06-01", "2018-06-01T00:00", "2018-06-0a", "2018-0 -01", "2018-+6-01", "-018-06-01",
          "02018-06-01", "2018-06-1x", "2018-06-0:", "2018-0/-01", "２０１８-06-01", "2018年6月1日"}) {
        EXPECT_EQ(parse_date(text), std::nullopt) << text;
    }
}

}  // namespace
