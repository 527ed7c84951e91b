// The errors of the library that reads the command line, which speaks English only, told apart by their types and told
// again: their own texts are looked into for nothing but the names of options. Tested by tests/golden/cli/mistake_*.
#include "mistakes.hpp"

#include <CLI/CLI.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "../text/suggest.hpp"

namespace eligo::cli {
namespace {

class Teller {
public:
    Teller(const CLI::App& app, const Settings& settings) : app_(app), command_(chosen(app)), settings_(settings) {}

    std::string tell(const CLI::ParseError& error) const {
        if (const auto command = unknown_command()) {
            return in("没有命令 `" + *command + "`", "there is no command `" + *command + "`") + did_you_mean(*command, command_names());
        }
        // An option that does not exist is told before what else is missing: it may have been meant for that.
        if (const auto argument = left_over(); argument && (is<CLI::ExtrasError>(error) || is_option(*argument))) return unexpected(*argument);
        if (is<CLI::RequiredError>(error)) return missing();
        if (is<CLI::ArgumentMismatch>(error)) return mismatch(error.what());
        if (is<CLI::ConversionError>(error)) return unreadable(error.what());
        if (is<CLI::ExcludesError>(error)) return together(error.what());
        if (is<CLI::RequiresError>(error)) return alone(error.what());
        if (is<CLI::ValidationError>(error)) return error.what();  // our own checks, in both languages already
        return in("命令行有误：", "") + error.what();
    }

private:
    static const CLI::App& chosen(const CLI::App& app) {
        const auto commands = app.get_subcommands();
        return commands.empty() ? app : *commands.front();
    }

    template <class Kind>
    static bool is(const CLI::ParseError& error) {
        return dynamic_cast<const Kind*>(&error) != nullptr;
    }

    [[nodiscard]] std::string in(const std::string& chinese, const std::string& english) const { return settings_.in(chinese, english); }

    static bool is_option(const std::string& argument) { return argument.size() > 1 && argument.front() == '-'; }

    [[nodiscard]] std::vector<std::string> command_names() const {
        std::vector<std::string> names;
        for (const CLI::App* command : app_.get_subcommands({})) names.push_back(command->get_name());
        return names;
    }

    // Those of the command; the program's own are all among them.
    [[nodiscard]] std::vector<std::string> option_names() const {
        std::vector<std::string> names;
        for (const CLI::Option* option : command_.get_options()) {
            for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
        }
        return names;
    }

    // What stands where a command should, when it is none.
    [[nodiscard]] std::optional<std::string> unknown_command() const {
        if (&command_ != &app_) return std::nullopt;
        for (const std::string& rest : app_.remaining()) {
            if (!rest.empty() && rest.front() != '-') return rest;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::string> left_over() const {
        for (const CLI::App* app : {&command_, &app_}) {
            const std::vector<std::string> rest = app->remaining();
            if (!rest.empty()) return rest.front();
        }
        return std::nullopt;
    }

    [[nodiscard]] std::string did_you_mean(const std::string& wanted, const std::vector<std::string>& known) const {
        const auto near = text::nearest(wanted, known);
        return near ? in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : "";
    }

    [[nodiscard]] std::string unexpected(const std::string& argument) const {
        if (!is_option(argument)) return in("多出了 `" + argument + "`", "`" + argument + "` was not expected");
        const std::string name = argument.substr(0, argument.find('='));
        return in("没有选项 `" + name + "`", "there is no option `" + name + "`") + did_you_mean(name, option_names());
    }

    [[nodiscard]] std::string missing() const {
        if (&command_ == &app_) return in("缺少命令", "a command is missing");
        for (const CLI::Option* option : command_.get_options()) {
            if (!option->get_required() || option->count() > 0) continue;
            return in("缺少 " + option->get_name(), option->get_name() + " is missing");
        }
        return in("命令行不完整", "the command line is not complete");
    }

    // The option that a text of the library is about: the longest name in it, since one may begin as another does.
    [[nodiscard]] const CLI::Option* named_in(std::string_view text) const {
        const CLI::Option* found = nullptr;
        for (const CLI::App* app : {&command_, &app_}) {
            for (const CLI::Option* option : app->get_options()) {
                const bool longer = found == nullptr || option->get_name().size() > found->get_name().size();
                if (longer && text.find(option->get_name()) != std::string_view::npos) found = option;
            }
        }
        return found;
    }

    // Too few values or too many.
    [[nodiscard]] std::string mismatch(const std::string& text) const {
        const CLI::Option* option = named_in(text);
        if (option == nullptr) return in("选项的值数目不对", "an option has too few values or too many");
        const std::string name = "`" + option->get_name() + "`";
        if (option->get_items_expected_max() == 0) return in("选项 " + name + " 不带值", "the option " + name + " takes no value");
        if (option->count() > 1) return in("选项 " + name + " 只能写一次", "the option " + name + " may be given only once");
        const std::string type = option->get_type_name();
        return in("选项 " + name + " 后缺少值", "the option " + name + " needs a value") + (type.empty() ? "" : in("：" + type, ": " + type));
    }

    [[nodiscard]] std::string unreadable(const std::string& text) const {
        const CLI::Option* option = named_in(text);
        if (option == nullptr) return in("选项的值无法识别", "the value of an option cannot be read");
        const std::string name = "`" + option->get_name() + "`";
        if (option->get_items_expected_max() == 0) return in("选项 " + name + " 不带值", "the option " + name + " takes no value");
        const std::string value = option->results().empty() ? "" : "`" + option->results().back() + "`";
        return in("选项 " + name + " 的值 " + value + " 无法识别", "the option " + name + " cannot take " + value);
    }

    // "A excludes B", "A requires B": the names on the two sides of the verb.
    static std::pair<std::string, std::string> sides(const std::string& text, std::string_view verb) {
        const std::size_t at = text.find(verb);
        if (at == std::string::npos) return {text, ""};
        return {text.substr(0, at), text.substr(at + verb.size())};
    }

    [[nodiscard]] std::string together(const std::string& text) const {
        const auto [one, other] = sides(text, " excludes ");
        return in("`" + one + "` 与 `" + other + "` 不能同时使用", "`" + one + "` and `" + other + "` cannot be used together");
    }

    [[nodiscard]] std::string alone(const std::string& text) const {
        const auto [one, other] = sides(text, " requires ");
        return in("用 `" + one + "` 时还须写 `" + other + "`", "`" + one + "` needs `" + other + "` beside it");
    }

    const CLI::App& app_;
    const CLI::App& command_;
    const Settings& settings_;
};

}  // namespace

std::string say_mistake(const CLI::App& app, const Settings& settings, const CLI::ParseError& error) { return Teller(app, settings).tell(error); }

}  // namespace eligo::cli
