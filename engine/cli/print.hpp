// The two streams: results go to standard output, everything else to standard error.
#pragma once

#include <string_view>

#include "settings.hpp"

namespace eligo::cli {

void print(std::string_view text);
// One line, with "eligo: " before it.
void complain(std::string_view text);
// As it is.
void print_error(std::string_view text);
// Whether a person looks on, so that progress may be shown.
[[nodiscard]] bool is_terminal(Stream stream);
// Whether everything printed has arrived where it should; a reader that went away is no mistake.
[[nodiscard]] bool finish_output();

}  // namespace eligo::cli
