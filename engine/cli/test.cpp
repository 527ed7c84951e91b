// `eligo test`: runs the scenarios that stand beside the policies.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "../explain/json_writer.hpp"
#include "../scenario/run.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"

namespace eligo::cli {
namespace {

namespace fs = std::filesystem;
using scenario::Mismatch;
using scenario::Outcome;

const std::string& wording(const Settings& settings, const Mismatch& mismatch) { return settings.chinese() ? mismatch.chinese : mismatch.english; }

text::Position position(const Rules& rules, text::Span span) { return span.exists() ? rules.sources.file(span.file).position(span.begin) : text::Position{}; }
std::string file(const Rules& rules, text::Span span) { return span.exists() ? rules.sources.file(span.file).path() : std::string(); }

std::string place(const Rules& rules, text::Span span) {
    const text::Position at = position(rules, span);
    return file(rules, span) + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

void print_failure(const Settings& settings, const Rules& rules, const Outcome& outcome) {
    const bool colored = settings.colored(Stream::Output);
    const std::string mark = colored ? "\033[31m✗\033[0m" : "✗";
    print(mark + " " + outcome.title + settings.in("（" + outcome.policy + "）", " (" + outcome.policy + ")") + "\n");
    for (const Mismatch& mismatch : outcome.mismatches) print("  " + place(rules, mismatch.span) + ": " + wording(settings, mismatch) + "\n");
}

void write_mismatch(explain::JsonWriter& writer, const Settings& settings, const Rules& rules, const Mismatch& mismatch) {
    writer.begin_object();
    writer.text("file", file(rules, mismatch.span));
    writer.number("line", position(rules, mismatch.span).line);
    writer.text("message", wording(settings, mismatch));
    writer.end_object();
}

void write_outcome(explain::JsonWriter& writer, const Settings& settings, const Rules& rules, const Outcome& outcome) {
    writer.begin_object();
    writer.text("title", outcome.title);
    writer.text("policy", outcome.policy);
    writer.text("file", file(rules, outcome.span));
    writer.number("line", position(rules, outcome.span).line);
    writer.boolean("passed", outcome.passed());
    writer.key("mismatches");
    writer.begin_array();
    for (const Mismatch& mismatch : outcome.mismatches) write_mismatch(writer, settings, rules, mismatch);
    writer.end_array();
    writer.end_object();
}

struct Count {
    std::size_t passed = 0, failed = 0;
};

Count count(const std::vector<Outcome>& outcomes) {
    Count result;
    for (const Outcome& outcome : outcomes) ++(outcome.passed() ? result.passed : result.failed);
    return result;
}

void print_json(const Settings& settings, const Rules& rules, const std::vector<Outcome>& outcomes, const Count& total) {
    explain::JsonWriter writer;
    writer.begin_object();
    writer.number("passed", static_cast<std::int64_t>(total.passed));
    writer.number("failed", static_cast<std::int64_t>(total.failed));
    writer.key("scenarios");
    writer.begin_array();
    for (const Outcome& outcome : outcomes) write_outcome(writer, settings, rules, outcome);
    writer.end_array();
    writer.end_object();
    print(writer.take());
}

void print_text(const Settings& settings, const Rules& rules, const std::vector<Outcome>& outcomes, const Count& total) {
    for (const Outcome& outcome : outcomes) {
        if (!outcome.passed()) print_failure(settings, rules, outcome);
    }
    // The same words in every language: scripts look for this line.
    print(std::to_string(total.passed) + " passed, " + std::to_string(total.failed) + " failed\n");
}

// Whether a file is one of the paths, or lies in one of them.
bool lies_in(const std::string& name, const std::vector<std::string>& paths) {
    std::error_code failure;
    const fs::path wanted = fs::weakly_canonical(name, failure);
    return std::any_of(paths.begin(), paths.end(), [&](const std::string& each) {
        const fs::path path = fs::weakly_canonical(each, failure);
        return std::mismatch(path.begin(), path.end(), wanted.begin(), wanted.end()).first == path.end();
    });
}

// Where --rules says what to compile with, only the scenarios of the paths themselves are run.
std::vector<Outcome> run(const Settings& settings, const Rules& rules, const std::vector<std::string>& paths) {
    const bool all = paths.empty() || settings.rules.empty();
    std::vector<Outcome> outcomes;
    for (const sema::Scenario& each : rules.model.scenarios) {
        if (all || lies_in(file(rules, each.span), paths)) outcomes.push_back(scenario::run(rules.model, rules.pack, each));
    }
    return outcomes;
}

Status test(const Settings& settings, const std::vector<std::string>& paths) {
    std::vector<std::string> sources = paths;
    if (!paths.empty()) sources.insert(sources.end(), settings.rules.begin(), settings.rules.end());
    const auto rules = load_rules(settings, sources, Warnings::Shown);
    if (!rules) return Status::Wrong;
    if (!rules->from_sources) {
        complain(settings.in("编译后的包不含情景，请给出 .policy 源文件", "a compiled pack holds no scenarios; name the .policy sources instead"));
        return Status::Wrong;
    }
    const std::vector<Outcome> outcomes = run(settings, *rules, paths);
    const Count total = count(outcomes);
    if (settings.json) {
        print_json(settings, *rules, outcomes, total);
    } else {
        print_text(settings, *rules, outcomes, total);
    }
    return total.failed > 0 ? Status::DidNotHold : Status::Ran;
}

}  // namespace

void add_test(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto paths = std::make_shared<std::vector<std::string>>();
    CLI::App* command = app.add_subcommand("test", settings.in("运行政策旁的情景", "Run the scenarios that stand beside the policies"));
    command->add_option("PATH", *paths, settings.in("文件夹或 .policy 文件（默认为规则）；如另有 --rules，则与之一起编译", "Folders or .policy files (default: the rules); with --rules, compiled together with those"))->type_name("");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo test --lang " + settings.in("zh", "en"));
    command->callback([&program, paths] { program.run = [&program, paths] { return test(program.settings, *paths); }; });
}

}  // namespace eligo::cli
