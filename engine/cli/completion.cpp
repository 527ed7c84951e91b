// `eligo completion bash`: a script by which a shell completes commands, options and their values. It is made of the very options
// that the program understands, so that it cannot lag behind.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "commands.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

std::string joined(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
    return text;
}

std::vector<std::string> option_names(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
}

// "zh|en" are values to choose from; "PATH" is none.
std::vector<std::string> choices_of(const CLI::Option& option) {
    std::vector<std::string> choices(1);
    const std::string type = option.get_type_name();
    if (type.find_first_of("abcdefghijklmnopqrstuvwxyz") == std::string::npos) return {};
    for (const char c : type) {
        if (c == '|') choices.emplace_back();
        else if (c == ' ' || c == '=') return {};
        else choices.back() += c;
    }
    return choices;
}

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }

std::string bash(const CLI::App& app) {
    std::string commands, cases, values;
    for (const CLI::App* command : app.get_subcommands({})) {
        commands += (commands.empty() ? "" : " ") + command->get_name();
        cases += "    " + command->get_name() + ") words=\"" + joined(option_names(*command), " ") + "\" ;;\n";
        for (const CLI::Option* option : command->get_options()) {
            const auto choices = choices_of(*option);
            if (choices.empty() || option->get_lnames().empty()) continue;
            values += "    " + command->get_name() + ":--" + option->get_lnames().front() + ") COMPREPLY=($(compgen -W \"" + joined(choices, " ") + "\" -- \"$word\")); return ;;\n";
        }
    }
    return "# bash completion for eligo\n"
           "_eligo() {\n"
           "  local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" command=\"\" words=\"\" i\n"
           "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
           "    case \" " + commands + " \" in *\" ${COMP_WORDS[i]} \"*) command=\"${COMP_WORDS[i]}\"; break ;; esac\n"
           "  done\n"
           "  if [[ -z $command ]]; then\n"
           "    COMPREPLY=($(compgen -W \"" + commands + " " + joined(option_names(app), " ") + "\" -- \"$word\"))\n"
           "    return\n"
           "  fi\n"
           "  case \"$command:$before\" in\n" + values +
           "    help:help) COMPREPLY=($(compgen -W \"" + commands + "\" -- \"$word\")); return ;;\n"
           "  esac\n"
           "  case \"$command\" in\n" + cases +
           "  esac\n"
           "  if [[ $word == -* ]]; then COMPREPLY=($(compgen -W \"$words\" -- \"$word\")); else COMPREPLY=($(compgen -f -- \"$word\")); fi\n"
           "}\n"
           "complete -o filenames -F _eligo eligo\n";
}

// In single quotes, as zsh and fish read them.
std::string shell_quoted(const std::string& text) {
    std::string out = "'";
    for (const char c : text) out += c == '\'' ? std::string("'\\''") : c == '\n' ? std::string(" ") : std::string(1, c);
    return out + "'";
}

std::string in_zsh(const CLI::Option& option) {
    std::string description;
    for (const char c : option.get_description()) description += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
    std::string spec = "--" + option.get_lnames().front() + "[" + description + "]";
    if (takes_value(option)) {
        const auto choices = choices_of(option);
        spec += ":value:" + (choices.empty() ? "_files" : "(" + joined(choices, " ") + ")");
    }
    return shell_quoted(spec);
}

std::string zsh(const CLI::App& app) {
    std::string commands, cases;
    for (const CLI::App* command : app.get_subcommands({})) {
        commands += "    " + shell_quoted(command->get_name() + ":" + command->get_description()) + "\n";
        cases += "    " + command->get_name() + ") _arguments";
        for (const CLI::Option* option : command->get_options()) {
            if (!option->get_lnames().empty()) cases += " \\\n      " + in_zsh(*option);
        }
        cases += " \\\n      '*:file:_files' ;;\n";
    }
    return "#compdef eligo\n"
           "_eligo() {\n"
           "  local -a commands=(\n" + commands + "  )\n"
           "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
           "  local command=$words[2]\n"
           "  shift words; (( CURRENT-- ))\n"
           "  case $command in\n" + cases +
           "  esac\n"
           "}\n"
           "_eligo \"$@\"\n";
}

std::string fish(const CLI::App& app) {
    std::string out = "# fish completion for eligo\n";
    for (const CLI::App* command : app.get_subcommands({})) {
        out += "complete -c eligo -n __fish_use_subcommand -a " + command->get_name() + " -d " + shell_quoted(command->get_description()) + "\n";
        for (const CLI::Option* option : command->get_options()) {
            if (option->get_lnames().empty()) continue;
            const auto choices = choices_of(*option);
            out += "complete -c eligo -n " + shell_quoted("__fish_seen_subcommand_from " + command->get_name()) + " -l " + option->get_lnames().front() + (takes_value(*option) ? " -r" : "");
            if (!choices.empty()) out += " -f -a " + shell_quoted(joined(choices, " "));
            out += " -d " + shell_quoted(option->get_description()) + "\n";
        }
    }
    return out;
}

}  // namespace

void add_completion(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto shell = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("completion", settings.in("输出命令行补全脚本", "Print a script by which a shell completes commands and options"));
    command->add_option_function<std::string>(
               "SHELL",
               [shell, &settings](const std::string& text) {
                   if (text != "bash" && text != "zsh" && text != "fish") throw CLI::ValidationError("SHELL", settings.in("应为 bash、zsh、fish 之一，现为 \"" + text + "\"", "expected one of bash, zsh, fish, found \"" + text + "\""));
                   *shell = text;
               },
               settings.in("bash、zsh 或 fish", "bash, zsh or fish"))
        ->required()
        ->type_name("bash|zsh|fish");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eval \"$(eligo completion bash)\"");
    command->callback([&app, &program, shell] {
        program.run = [&app, shell] {
            print(VisibleText::lines(*shell == "bash" ? bash(app) : *shell == "zsh" ? zsh(app) : fish(app)));
            return Status::Ran;
        };
    });
}

}  // namespace eligo::cli
