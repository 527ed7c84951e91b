// What every command is told: which rules, which day, which language, which form of output.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../explain/language.hpp"
#include "../text/diagnostic.hpp"
#include "../value/date.hpp"

namespace CLI {
class App;
}

namespace eligo::cli {

enum class Status : int {
    Ran = 0,
    DidNotHold = 1,  // a check that was asked for did not hold
    Wrong = 2,       // the command line, the rules or the input are wrong
    Interrupted = 130,  // by Ctrl-C, as shells count it
};

enum class ColorWish : std::uint8_t { Auto, Always, Never };
enum class Stream : std::uint8_t { Output, Errors };

struct Settings {
    std::vector<std::string> rules;  // none: the rules that are shipped
    value::Day as_of = 0;
    text::Language language = text::Language::English;
    bool json = false;
    ColorWish color = ColorWish::Auto;

    [[nodiscard]] bool chinese() const { return language == text::Language::Chinese; }
    // The wording for the language that was chosen.
    [[nodiscard]] std::string in(std::string_view in_chinese, std::string_view in_english) const {
        return std::string(chinese() ? in_chinese : in_english);
    }
    [[nodiscard]] explain::Language answer_language() const {
        return chinese() ? explain::Language::Chinese : explain::Language::English;
    }
    [[nodiscard]] value::Color color_of(Stream stream) const;
};

// The defaults: today, and the language of `--lang` where the command line has it, else of the environment. The
// language is looked for before anything is parsed, so that help and mistakes are told in it as well.
[[nodiscard]] Settings default_settings(int argument_count, const char* const* arguments);

// --rules, --as-of, --lang, --json and --color: they may stand before the command or behind it.
void add_settings(CLI::App& app, Settings& settings);

}  // namespace eligo::cli
