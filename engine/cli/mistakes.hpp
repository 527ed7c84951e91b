// What is wrong with a command line, in our words and the language that was asked for.
#pragma once

#include <string>

#include "settings.hpp"

namespace CLI {
class ParseError;
}

namespace eligo::cli {

// One sentence without a full stop. `app` is the program, as far as it was parsed.
[[nodiscard]] std::string say_mistake(const CLI::App& app, const Settings& settings, const CLI::ParseError& error);

}  // namespace eligo::cli
