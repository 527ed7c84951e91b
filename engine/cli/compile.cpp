// `eligo compile`: rules to one portable file.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/image.hpp"
#include "../explain/json_writer.hpp"
#include "../io/destination.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "screen_tell.hpp"

namespace eligo::cli {
namespace {

struct Request {
    std::vector<std::string> paths;
    std::string output;
    bool check = false;   // compile, and write nothing
    std::string command;  // as it was given
};

std::string counts(const Settings& settings, const Rules& rules) {
    const std::size_t policies = rules.pack.policies.size();
    return std::to_string(policies) + settings.in(" 项政策", policies == 1 ? " policy" : " policies");
}

std::string summary_in_json(const Rules& rules, const std::string& path, std::optional<std::size_t> bytes) {
    explain::JsonWriter writer;
    writer.begin_object();
    if (!path.empty()) writer.text("file", path);
    writer.number("policies", static_cast<std::int64_t>(rules.pack.policies.size()));
    writer.number("scenarios_left_out", static_cast<std::int64_t>(rules.model.scenarios.size()));
    if (bytes) writer.number("bytes", static_cast<std::int64_t>(*bytes));
    writer.end_object();
    return writer.take();
}

VisibleText summary(const Settings& settings, const Rules& rules, const std::string& path, std::size_t bytes) {
    if (settings.json) return VisibleText::lines(summary_in_json(rules, path, bytes));
    const std::size_t scenarios = rules.model.scenarios.size();
    const std::string s = std::to_string(scenarios), b = std::to_string(bytes);
    VisibleText line(path + settings.in("：", ": ") + counts(settings, rules) +
                     settings.in("，" + b + " 字节（" + s + " 个情景不存入）", ", " + b + " bytes (" + s + (scenarios == 1 ? " scenario is" : " scenarios are") + " not stored)"));
    return std::move(line.end_line());
}

Status write_pack(const Settings& settings, const Request& request, const Rules& rules) {
    std::vector<io::Problem> problems;
    const auto claimed = io::claim({rules.read, {{request.output, "-o", {}, {}}}, request.command}, problems);
    tell_problems(settings, problems);
    if (!claimed) return Status::Wrong;
    const io::Destination& destination = claimed->front();
    const std::vector<std::uint8_t> image = bytecode::write_image(rules.pack);
    if (!io::write_whole(destination, {reinterpret_cast<const char*>(image.data()), image.size()})) {
        tell_problems(settings, {io::cannot_write(request.output, errno)});
        return Status::Wrong;
    }
    const VisibleText text = summary(settings, rules, request.output, image.size());
    // Behind the pack itself it would spoil it.
    destination.is_standard_output() ? print_error(text) : print(text);
    return Status::Ran;
}

Status compile(const Settings& settings, const Request& request) {
    if (request.check && !request.output.empty()) {
        complain(settings.in("`--check` 什么都不写，不能与 `-o` 同时使用", "`--check` writes nothing and cannot be used together with `-o`"));
        return Status::Wrong;
    }
    if (!request.check && request.output.empty()) {
        complain(settings.in("请用 -o 文件 写明写到哪里，或用 --check 只检查规则", "say with -o FILE where to write the pack, or with --check that the rules are only checked"));
        return Status::Wrong;
    }
    const auto rules = load_rules(settings, request.paths, Warnings::Shown);
    if (!rules) return Status::Wrong;
    if (!request.check) return write_pack(settings, request, *rules);
    if (settings.json) print(VisibleText::lines(summary_in_json(*rules, "", std::nullopt)));
    else print_line(settings.in("规则没有错误：", "the rules compile: ") + counts(settings, *rules));
    return Status::Ran;
}

}  // namespace

void add_compile(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    request->command = program.command_line;
    CLI::App* command = app.add_subcommand("compile", settings.in("把规则编译成一个可携带的包", "Compile rules to one portable pack"));
    command->add_option("PATH", request->paths, settings.in("文件夹或 .policy 文件（默认为规则）", "Folders or .policy files (default: the rules)"))->type_name("");
    command->add_option("-o,--output", request->output, settings.in("写到哪里", "Where to write it"))->type_name("FILE");
    command->add_flag("--check", request->check, settings.in("只检查规则，什么都不写", "Only check the rules, write nothing"));
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo compile --check\n  eligo compile -o pack.eligo && eligo inspect pack.eligo");
    command->callback([&program, request] { program.run = [&program, request] { return compile(program.settings, *request); }; });
}

}  // namespace eligo::cli
