// The report of a screening: one HTML file that needs nothing else, in Chinese or English, readable when printed.
// Tested by screen_test.cpp and looked at in a browser.
#pragma once

#include <string>

#include "../explain/language.hpp"
#include "../screen/screen.hpp"

namespace eligo::book {

struct ReportContext {
    const bytecode::Pack* pack = nullptr;
    vm::Question question;
    std::string input, output;
    std::string command;    // as it was given
    explain::Language language = explain::Language::Chinese;
};

[[nodiscard]] std::string screening_report(const screen::Outcome& outcome, const ReportContext& context);

}  // namespace eligo::book
