// The two streams: results go to standard output, everything else to standard error.
#pragma once

#include <concepts>
#include <string_view>

#include "../io/problem.hpp"
#include "../value/visible_text.hpp"
#include "settings.hpp"

namespace eligo::cli {

using value::Paint;
using value::VisibleText;

// One line: what is put in may come from anywhere, its line end is ours.
void print_line(const VisibleText& line = {});
void print_error_line(const VisibleText& line);
// One line on standard error, with "eligo: " before it.
void complain(const VisibleText& line);
// What has its line ends already: explanations, rendered diagnostics, JSON (by VisibleText::lines).
void print(const VisibleText& lines);
void print_error(const VisibleText& lines);
// Nobody can tell which line ends of a plain text are ours.
template <std::convertible_to<std::string_view> Text>
void print(const Text&) = delete;
template <std::convertible_to<std::string_view> Text>
void print_error(const Text&) = delete;
// On standard error, in words or as JSON.
void print_problem(const Settings& settings, const io::Problem& problem);
// Whether a person looks on, so that progress may be shown.
[[nodiscard]] bool is_terminal(Stream stream);
// Whether everything printed has arrived where it should; a reader that went away is no mistake.
[[nodiscard]] bool finish_output();

}  // namespace eligo::cli
