// Dates of the standard library and the engine's day numbers.
#pragma once

#include <chrono>
#include <optional>

#include "../value/date.hpp"

namespace eligo::api {

// Nothing for what is no day of the calendar, or none within 1900 .. 2199.
[[nodiscard]] inline std::optional<value::Day> day_of(std::chrono::year_month_day date) {
    if (!date.ok()) return std::nullopt;
    const value::Day day = value::day_from_civil(static_cast<int>(date.year()), static_cast<int>(static_cast<unsigned>(date.month())),
                                                 static_cast<int>(static_cast<unsigned>(date.day())));
    if (day < value::first_day || day > value::last_day) return std::nullopt;
    return day;
}

[[nodiscard]] inline std::chrono::year_month_day date_of(value::Day day) {
    const value::CivilDate civil = value::civil_from_day(day);
    return {std::chrono::year(civil.year), std::chrono::month(static_cast<unsigned>(civil.month)), std::chrono::day(static_cast<unsigned>(civil.day))};
}

}  // namespace eligo::api
