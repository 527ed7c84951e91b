// `eligo compile`: rules to one portable file.
#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "../bytecode/image.hpp"
#include "../explain/json_writer.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"

namespace eligo::cli {
namespace {

struct Request {
    std::vector<std::string> paths;
    std::string output;
};

// Written beside its place and moved there, so that no reader ever meets half a pack.
bool write_file(const std::string& path, const std::vector<std::uint8_t>& bytes) {
    const std::string beside = path + ".new";
    std::FILE* file = std::fopen(beside.c_str(), "wb");
    if (file == nullptr) return false;
    const bool written = std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size();
    const bool closed = std::fclose(file) == 0;
    if (written && closed && std::rename(beside.c_str(), path.c_str()) == 0) return true;
    const int reason = errno;
    std::remove(beside.c_str());
    errno = reason;
    return false;
}

std::string why_not_written(const Settings& settings, int reason) {
    switch (reason) {
        case ENOENT: return settings.in("文件夹不存在", "the folder does not exist");
        case EACCES:
        case EPERM:
        case EROFS: return settings.in("没有写入权限", "writing there is not allowed");
        case EISDIR: return settings.in("这是一个文件夹", "it is a folder");
        case ENOSPC: return settings.in("磁盘已满", "the disk is full");
        default: return std::strerror(reason);
    }
}

void print_written(const Settings& settings, const Rules& rules, const std::string& path, std::size_t bytes) {
    const std::size_t policies = rules.pack.policies.size(), scenarios = rules.model.scenarios.size();
    if (settings.json) {
        explain::JsonWriter writer;
        writer.begin_object();
        writer.text("file", path);
        writer.number("policies", static_cast<std::int64_t>(policies));
        writer.number("scenarios_left_out", static_cast<std::int64_t>(scenarios));
        writer.number("bytes", static_cast<std::int64_t>(bytes));
        writer.end_object();
        return print(writer.take());
    }
    const std::string p = std::to_string(policies), s = std::to_string(scenarios), b = std::to_string(bytes);
    print(path + settings.in("：" + p + " 项政策，" + b + " 字节（" + s + " 个情景不存入）\n",
                             ": " + p + (policies == 1 ? " policy, " : " policies, ") + b + " bytes (" + s + (scenarios == 1 ? " scenario is" : " scenarios are") + " not stored)\n"));
}

Status compile(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, request.paths, Warnings::Shown);
    if (!rules) return Status::Wrong;
    const std::vector<std::uint8_t> image = bytecode::write_image(rules->pack);
    if (!write_file(request.output, image)) {
        const std::string reason = why_not_written(settings, errno);
        complain(settings.in("无法写入 " + request.output + "：" + reason, "could not write " + request.output + ": " + reason));
        return Status::Wrong;
    }
    print_written(settings, *rules, request.output, image.size());
    return Status::Ran;
}

}  // namespace

void add_compile(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("compile", settings.in("把规则编译成一个可携带的包", "Compile rules to one portable pack"));
    command->add_option("PATH", request->paths, settings.in("文件夹或 .policy 文件（默认为规则）", "Folders or .policy files (default: the rules)"))->type_name("");
    command->add_option("-o,--output", request->output, settings.in("写到哪里", "Where to write it"))->required()->type_name("FILE");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo compile -o pack.eligo && eligo inspect pack.eligo");
    command->callback([&program, request] { program.run = [&program, request] { return compile(program.settings, *request); }; });
}

}  // namespace eligo::cli
