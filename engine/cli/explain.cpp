// `eligo explain E0302`: what a diagnostic means, with a wrong and a repaired example: its page of docs/diagnostics/.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../io/fence.hpp"
#include "../io/files.hpp"
#include "../text/diagnostic.hpp"
#include "../text/suggest.hpp"
#include "commands.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

std::vector<std::string> all_codes() {
    std::vector<std::string> codes;
    for (std::size_t i = 0; i < text::wording_count(); ++i) codes.emplace_back(text::wording(static_cast<text::Code>(i)).number);
    return codes;
}

Status explain(const Settings& settings, std::string code) {
    std::transform(code.begin(), code.end(), code.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    const std::vector<std::string> codes = all_codes();
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) {
        const auto near = text::nearest(code, codes);
        complain(settings.in("没有诊断代码 `" + code + "`", "there is no diagnostic `" + code + "`") + (near ? settings.in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : ""));
        return Status::Wrong;
    }
    const std::string folder = io::shipped_folder("diagnostics");
    constexpr std::size_t most_bytes = 1'000'000;
    const auto page = folder.empty() ? std::nullopt : io::read_named(folder + "/" + code + ".md", most_bytes).bytes;
    if (!page) {
        complain(settings.in("没有找到随程序安装的诊断说明（share/eligo/diagnostics/" + code + ".md）", "the pages that are installed with the program were not found (share/eligo/diagnostics/" + code + ".md)"));
        return Status::Wrong;
    }
    print(VisibleText::lines(*page));
    return Status::Ran;
}

}  // namespace

void add_explain(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto code = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("explain", settings.in("解释一个诊断代码，附错误与正确的例子", "Explain a diagnostic's code, with a wrong and a repaired example"));
    command->add_option("CODE", *code, settings.in("错误或疑点之后方括号里的代码，如 E0302", "The code in brackets behind a message, such as E0302"))->required()->type_name("");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo explain E0302");
    command->callback([&program, code] { program.run = [&program, code] { return explain(program.settings, *code); }; });
}

}  // namespace eligo::cli
