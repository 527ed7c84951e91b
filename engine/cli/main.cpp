// The program `eligo`: understands the command line, runs one command, and turns what came of it into an exit status.
#include <eligo/version.hpp>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <new>
#include <sstream>
#include <string>
#include <system_error>

#include "commands.hpp"
#include "mistakes.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

void label_help(CLI::App& app, const Settings& settings) {
    if (!settings.chinese()) return;
    const auto formatter = app.get_formatter();
    formatter->label("Usage", "用法");
    formatter->label("OPTIONS", "选项");
    formatter->label("SUBCOMMAND", "命令");
    formatter->label("Subcommands", "命令");
    formatter->label("Positionals", "参数");
    formatter->label("REQUIRED", "必填");
}

void describe_program(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    app.description(settings.in("eligo：按政策逐条判断企业能否享受，并说明理由。", "eligo: whether a company qualifies under a policy, clause by clause, and why."));
    app.footer(settings.in("示例：\n", "Example:\n") +
               "  echo '{\"registered_on\": \"2015-03-01\", \"resident\": true}' | eligo check - --as-of 2018-06-01\n" +
               settings.in("\n退出状态：0 已执行；1 所要求的检查未通过；2 命令行、规则或输入有误。",
                           "\nExit status: 0 it ran; 1 a check that was asked for did not hold; 2 the command line, the rules or the input are wrong."));
    app.set_version_flag("--version", "eligo " ELIGO_VERSION_STRING, settings.in("显示版本", "Show the version"))->group(settings.in("选项", "Options"));
    app.require_subcommand(1);
    app.get_formatter()->column_width(34);
    label_help(app, settings);
    app.option_defaults()->group(settings.in("选项", "Options"));
    add_settings(app, program.settings);
    add_check(app, program);
    add_screen(app, program);
    add_test(app, program);
    add_compile(app, program);
    add_inspect(app, program);
    add_list(app, program);
    add_facts(app, program);
    add_new(app, program);
    add_schema(app, program);
    add_explain(app, program);
    add_completion(app, program);
    add_help(app, program);
    for (CLI::App* command : app.get_subcommands({})) {
        command->group(settings.in("命令", "Commands"));
        add_settings(*command, program.settings);
    }
}

Status refuse_command_line(const CLI::App& app, const Settings& settings, const CLI::ParseError& error) {
    complain(say_mistake(app, settings, error));
    const auto chosen = app.get_subcommands();
    const std::string help = "eligo " + (chosen.empty() ? "" : chosen.front()->get_name() + " ") + "--help";
    print_error_line(settings.in("  用法与示例见 `" + help + "`", "  see `" + help + "` for usage and an example"));
    return Status::Wrong;
}

std::string command_line(int count, char** arguments) {
    std::string line = "eligo";
    for (int i = 1; i < count; ++i) {
        const std::string argument = arguments[i];
        const bool plain = !argument.empty() && argument.find_first_of(" \t\n\"'\\$`<>|&;()*?[]{}#~!") == std::string::npos;
        line += ' ';
        if (plain) {
            line += argument;
            continue;
        }
        line += '\'';
        for (const char c : argument) line += c == '\'' ? std::string("'\\''") : std::string(1, c);
        line += '\'';
    }
    return line;
}

Status run(int count, char** arguments) {
    Program program;
    program.command_line = command_line(count, arguments);
    program.settings = default_settings(count, arguments);
    CLI::App app;
    app.name("eligo");
    describe_program(app, program);
    try {
        app.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
        if (error.get_exit_code() != 0) return refuse_command_line(app, program.settings, error);
        std::ostringstream told;  // help or version
        app.exit(error, told, told);
        print(VisibleText::lines(told.str()));
        return Status::Ran;
    }
    return program.run();
}

}  // namespace
}  // namespace eligo::cli

int main(int count, char** arguments) {
    using namespace eligo::cli;
    // A reader that has seen enough (`| head`) ends the program without a word, even where a parent ignores the signal.
    std::signal(SIGPIPE, SIG_DFL);
    Status status = Status::Wrong;
    try {
        status = run(count, arguments);
    } catch (const std::bad_alloc&) {
        complain(default_settings(count, arguments).in("内存不足", "there is not enough memory"));
    } catch (const std::system_error& error) {
        const std::string why = error.code().message();
        complain(default_settings(count, arguments).in("系统不再给予资源：" + why, "the system gives no more: " + why));
    } catch (const std::exception& error) {
        complain(error.what());
    }
    if (!finish_output()) {
        complain(default_settings(count, arguments).in("无法写入标准输出", "could not write to standard output"));
        status = Status::Wrong;
    }
    return static_cast<int>(status);
}
