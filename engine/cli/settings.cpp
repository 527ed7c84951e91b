// The options that every command shares, and their defaults from the environment.
#include "settings.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <ctime>
#include <optional>
#include <utility>

namespace eligo::cli {
namespace {

template <class Value>
using Choices = std::vector<std::pair<std::string, Value>>;
const Choices<text::Language> languages{{"zh", text::Language::Chinese}, {"en", text::Language::English}};
const Choices<ColorWish> color_wishes{{"auto", ColorWish::Auto}, {"always", ColorWish::Always}, {"never", ColorWish::Never}};

template <class Value>
Value one_of(const Settings& settings, const std::string& option, const std::string& text, const Choices<Value>& choices) {
    std::string names;
    for (const auto& [name, value] : choices) {
        if (name == text) return value;
        names += (names.empty() ? "" : settings.in("、", ", ")) + name;
    }
    throw CLI::ValidationError(option, settings.in("应为 " + names + " 之一，现为 \"" + text + "\"", "expected one of " + names + ", found \"" + text + "\""));
}

std::string_view environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string_view() : std::string_view(value);
}

text::Language language_of_environment() {
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
        const std::string_view locale = environment(name);
        if (!locale.empty()) return locale.substr(0, 2) == "zh" ? text::Language::Chinese : text::Language::English;
    }
    return text::Language::English;
}

std::optional<text::Language> language_of_arguments(int count, const char* const* arguments) {
    std::optional<text::Language> language;
    for (int i = 1; i < count; ++i) {
        std::string_view argument = arguments[i];
        if (argument == "--") break;
        if (argument == "--lang" && i + 1 < count) {
            argument = arguments[i + 1];
        } else if (argument.substr(0, 7) == "--lang=") {
            argument.remove_prefix(7);
        } else {
            continue;
        }
        if (argument == "zh") language = text::Language::Chinese;
        if (argument == "en") language = text::Language::English;
    }
    return language;
}

value::Day today() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return value::day_from_civil(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

}  // namespace

value::Color Settings::color_of(Stream stream) const {
    using value::Color;
    if (color != ColorWish::Auto) return color == ColorWish::Always ? Color::On : Color::Off;
    if (!environment("NO_COLOR").empty() || environment("TERM") == "dumb") return Color::Off;
    return isatty(stream == Stream::Output ? STDOUT_FILENO : STDERR_FILENO) == 1 ? Color::On : Color::Off;
}

Settings default_settings(int argument_count, const char* const* arguments) {
    Settings settings;
    settings.as_of = today();
    settings.language = language_of_arguments(argument_count, arguments).value_or(language_of_environment());
    return settings;
}

void add_settings(CLI::App& app, Settings& settings) {
    const std::string group = settings.in("通用选项", "Everywhere");
    app.set_help_flag("-h,--help", settings.in("显示本帮助", "Show this help"))->group(group);
    app.add_option("--rules", settings.rules,
                   settings.in("规则：文件夹、.policy 或 .eligo，可重复；不写则用随程序提供的规则",
                               "The rules: a folder, a .policy or a .eligo; may be repeated; without it, the rules that are shipped"))
        ->type_name("PATH")
        ->allow_extra_args(false)
        ->group(group);
    app.add_option_function<std::string>(
           "--as-of",
           [&settings](const std::string& text) {
               const auto day = value::parse_date(text);
               if (!day) {
                   throw CLI::ValidationError("--as-of", settings.in("应为 1900-01-01 至 2199-12-31 之间的日期，如 2018-06-01，现为 \"" + text + "\"",
                                                                     "expected a date from 1900-01-01 to 2199-12-31 such as 2018-06-01, found \"" + text + "\""));
               }
               settings.as_of = *day;
           },
           settings.in("以哪一天为准（默认今天）", "The day that is asked about (default: today)"))
        ->type_name("DATE")
        ->group(group);
    app.add_option_function<std::string>(
           "--lang", [&settings](const std::string& text) { settings.language = one_of(settings, "--lang", text, languages); },
           settings.in("语言：zh 或 en（默认取自系统区域设置）", "The language: zh or en (default: from the locale)"))
        ->type_name("zh|en")
        ->group(group);
    app.add_flag("--json", settings.json, settings.in("以 JSON 输出", "Answer in JSON"))->group(group);
    app.add_option_function<std::string>(
           "--color", [&settings](const std::string& text) { settings.color = one_of(settings, "--color", text, color_wishes); },
           settings.in("颜色：auto、always 或 never", "Colours: auto, always or never"))
        ->type_name("auto|always|never")
        ->group(group);
}

}  // namespace eligo::cli
