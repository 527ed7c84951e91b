// The numbers of a screening's report as JSON, for programs. Tested by screen_test.cpp.
#pragma once

#include <string>

#include "screening_report.hpp"

namespace eligo::book {

// Counts are numbers, amounts texts in plain decimal notation. Names are those of the rules, whatever the language.
[[nodiscard]] std::string screening_summary(const screen::Outcome& outcome, const ReportContext& context);

}  // namespace eligo::book
