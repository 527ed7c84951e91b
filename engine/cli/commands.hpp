// One function a command: it adds the command to the program, and what is to be run once the command line is understood.
#pragma once

#include <functional>
#include <string>

#include "settings.hpp"

namespace eligo::cli {

struct Program {
    Settings settings;
    std::string command_line;  // as it was given, quoted where a shell would need it
    std::function<Status()> run;
};

void add_check(CLI::App& app, Program& program);
void add_screen(CLI::App& app, Program& program);
void add_test(CLI::App& app, Program& program);
void add_compile(CLI::App& app, Program& program);
void add_inspect(CLI::App& app, Program& program);
void add_list(CLI::App& app, Program& program);
void add_facts(CLI::App& app, Program& program);
void add_new(CLI::App& app, Program& program);
void add_schema(CLI::App& app, Program& program);
void add_explain(CLI::App& app, Program& program);
void add_help(CLI::App& app, Program& program);
void add_completion(CLI::App& app, Program& program);

}  // namespace eligo::cli
