// `eligo help COMMAND`: what `eligo COMMAND --help` prints; `--man` prints the manual page, made of the same texts.
#include <CLI/CLI.hpp>
#include <eligo/version.hpp>

#include <algorithm>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "../text/suggest.hpp"
#include "commands.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

struct Request {
    std::string command;
    bool manual = false;
};

// Text of a manual page: what troff would read as a request or an escape is guarded.
std::string plain_troff(const std::string& text) {
    std::string out;
    bool line_begins = true;
    for (const char c : text) {
        if (line_begins && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\') out += "\\e";
        else if (c == '-') out += "\\-";
        else out += c;
        line_begins = c == '\n';
    }
    return out;
}

void options_of(const CLI::App& app, std::ostringstream& page) {
    for (const CLI::Option* option : app.get_options()) {
        const std::string value = option->get_items_expected_max() > 0 && !option->get_type_name().empty() ? " " + option->get_type_name() : "";
        page << ".TP\n.B " << plain_troff(option->get_name(false, true) + value) << "\n" << plain_troff(option->get_description()) << "\n";
    }
}

std::string manual(const CLI::App& app) {
    std::ostringstream page;
    page << ".TH ELIGO 1 \"\" \"eligo " << ELIGO_VERSION_STRING << "\"\n.SH NAME\neligo \\- " << plain_troff(app.get_description()) << "\n";
    page << ".SH SYNOPSIS\n.B eligo\nCOMMAND [OPTIONS]\n";
    for (const CLI::App* command : app.get_subcommands({})) {
        page << ".SH \"" << plain_troff(command->get_name()) << "\"\n" << plain_troff(command->get_description()) << "\n";
        options_of(*command, page);
        page << ".PP\n.nf\n" << plain_troff(command->get_footer()) << "\n.fi\n";
    }
    page << ".SH OPTIONS\n";
    options_of(app, page);
    page << ".PP\n.nf\n" << plain_troff(app.get_footer()) << "\n.fi\n";
    return page.str();
}

Status help(const CLI::App& app, const Settings& settings, const Request& request) {
    if (request.manual) {
        print(VisibleText::lines(manual(app)));
        return Status::Ran;
    }
    if (request.command.empty()) {
        print(VisibleText::lines(app.help()));
        return Status::Ran;
    }
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands({})) {
        names.push_back(command->get_name());
        if (names.back() != request.command) continue;
        print(VisibleText::lines(command->help("eligo")));
        return Status::Ran;
    }
    const auto near = text::nearest(request.command, names);
    complain(settings.in("没有命令 `" + request.command + "`", "there is no command `" + request.command + "`") + (near ? settings.in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : ""));
    return Status::Wrong;
}

}  // namespace

void add_help(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("help", settings.in("显示一个命令的用法", "Show how a command is used"));
    command->add_option("COMMAND", request->command, settings.in("命令，如 check", "A command, such as check"))->type_name("");
    command->add_flag("--man", request->manual, settings.in("输出手册页（troff）", "Print the manual page (troff)"));
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo help check");
    command->callback([&app, &program, request] { program.run = [&app, &program, request] { return help(app, program.settings, *request); }; });
}

}  // namespace eligo::cli
