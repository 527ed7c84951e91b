// `eligo test`: runs the scenarios that stand beside the policies; `--coverage` tells what they reach, `--mutate` what they
// would notice.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <vector>

#include "../explain/json_writer.hpp"
#include "../io/files.hpp"
#include "../scenario/run.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "strength.hpp"

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
    const VisibleText mark = VisibleText("✗").painted(Paint::Red, settings.color_of(Stream::Output));
    print_line(mark + " " + outcome.title + settings.in("（" + outcome.policy + "）", " (" + outcome.policy + ")"));
    for (const Mismatch& mismatch : outcome.mismatches) print_line("  " + place(rules, mismatch.span) + ": " + wording(settings, mismatch));
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

struct Wishes {
    std::vector<std::string> paths;
    std::string filter;  // of titles and names of policies; empty: all
    bool coverage = false, mutate = false;
    int at_least = 0;  // percent, of what was asked for
};

struct Report {
    std::vector<Outcome> outcomes;
    Count total;
    std::optional<scenario::Coverage> coverage;
    std::optional<scenario::Mutants> mutants;
};

void print_json(const Settings& settings, const Rules& rules, const Report& report) {
    explain::JsonWriter writer;
    writer.begin_object();
    writer.number("passed", static_cast<std::int64_t>(report.total.passed));
    writer.number("failed", static_cast<std::int64_t>(report.total.failed));
    writer.key("scenarios");
    writer.begin_array();
    for (const Outcome& outcome : report.outcomes) write_outcome(writer, settings, rules, outcome);
    writer.end_array();
    if (report.coverage) write_coverage(writer, rules, *report.coverage);
    if (report.mutants) write_mutants(writer, rules, *report.mutants);
    writer.end_object();
    print(VisibleText::lines(writer.take()));
}

void print_text(const Settings& settings, const Rules& rules, const Report& report) {
    for (const Outcome& outcome : report.outcomes) {
        if (!outcome.passed()) print_failure(settings, rules, outcome);
    }
    if (report.coverage) print_coverage(settings, rules, *report.coverage);
    if (report.mutants) print_mutants(settings, rules, *report.mutants);
    // The same words in every language: scripts look for this line.
    print_line(std::to_string(report.total.passed) + " passed, " + std::to_string(report.total.failed) + " failed");
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

// The rules that the paths are compiled with, besides themselves: those of --rules, or the shipped ones where the paths lie among
// them, since a part of these does not compile alone.
std::vector<std::string> compiled_with(const Settings& settings, const std::vector<std::string>& paths) {
    if (paths.empty() || !settings.rules.empty()) return settings.rules;
    const std::string shipped = io::default_rules_path();
    const bool all_among_them = !shipped.empty() && std::all_of(paths.begin(), paths.end(), [&](const std::string& path) { return lies_in(path, {shipped}); });
    return all_among_them ? std::vector<std::string>{shipped} : std::vector<std::string>{};
}

// Where paths are compiled with other rules, only the scenarios of the paths themselves are run; their strength is told of the
// policies that they are about, and of what else stands in the paths.
class Chosen {
public:
    Chosen(const Rules& rules, const Wishes& wishes, bool with_other_rules) {
        const bool all = wishes.paths.empty() || !with_other_rules;
        for (text::FileId id = 0; id < rules.sources.size(); ++id) files_.push_back(all || lies_in(rules.sources.file(id).path(), wishes.paths));
        std::set<std::string> policies;
        for (std::size_t i = 0; i < rules.model.scenarios.size(); ++i) {
            const sema::Scenario& each = rules.model.scenarios[i];
            if (!each.span.exists() || !files_[each.span.file]) continue;
            if (each.title.find(wishes.filter) == std::string::npos && rules.model.policies[each.policy].name.find(wishes.filter) == std::string::npos) continue;
            scenarios_.push_back(i);
            policies.insert(rules.model.policies[each.policy].name);
        }
        for (const syntax::File& file : rules.files)
            for (const syntax::Policy& policy : file.policies)
                if (policies.contains(policy.name.text)) declarations_.push_back(policy.span);
    }
    [[nodiscard]] const std::vector<std::size_t>& scenarios() const { return scenarios_; }
    [[nodiscard]] bool operator()(text::Span span) const {
        const auto holds = [span](text::Span whole) { return whole.file == span.file && whole.begin <= span.begin && span.end <= whole.end; };
        return span.exists() && (files_[span.file] || std::any_of(declarations_.begin(), declarations_.end(), holds));
    }

private:
    std::vector<bool> files_;
    std::vector<std::size_t> scenarios_;  // by number
    std::vector<text::Span> declarations_;
};

void run_scenarios(const Rules& rules, const std::vector<std::size_t>& numbers, Report& report) {
    scenario::Runner runner(rules.model, rules.pack);
    for (const std::size_t number : numbers) report.outcomes.push_back(runner.run(rules.model.scenarios[number]));
    report.total = count(report.outcomes);
}

void show_progress(const Settings& settings, std::size_t done, std::size_t of) {
    const VisibleText line = VisibleText::rewind() + settings.in("改动 ", "changes ") + std::to_string(done) + "/" + std::to_string(of);
    print_error(done == of ? VisibleText::rewind() : line);
}

scenario::Mutants mutate(const Settings& settings, const Rules& rules, const Chosen& chosen) {
    scenario::MutateRequest request;
    request.changes = [&](text::Span span) { return chosen(span); };
    request.scenarios = chosen.scenarios();
    if (is_terminal(Stream::Errors)) request.progress = [&](std::size_t done, std::size_t of) { show_progress(settings, done, of); };
    return scenario::mutate(rules.files, rules.sources, request);
}

bool strong_enough(const Report& report, int percent) {
    if (report.coverage && !reaches(report.coverage->clauses().reached, report.coverage->clauses().of, percent)) return false;
    return !report.mutants || reaches(report.mutants->count(scenario::Fate::Noticed), report.mutants->counted(), percent);
}

// A test that tests nothing has not passed.
std::string no_scenario(const Settings& settings, const Wishes& wishes) {
    if (!wishes.filter.empty()) return settings.in("没有标题或政策名含“" + wishes.filter + "”的情景", "no scenario has `" + wishes.filter + "` in its title or in its policy's name");
    return settings.in("这里没有情景；写法见 docs/scenarios.md", "there is no scenario here; docs/scenarios.md says how one is written");
}

Status test(const Settings& settings, const Wishes& wishes) {
    if (wishes.at_least < 0 || wishes.at_least > 100) {
        complain(settings.in("--at-least 须在 0 与 100 之间", "--at-least must lie between 0 and 100"));
        return Status::Wrong;
    }
    if (wishes.at_least > 0 && !wishes.coverage && !wishes.mutate) {
        complain(settings.in("--at-least 须与 --coverage 或 --mutate 一起使用", "--at-least goes with --coverage or --mutate"));
        return Status::Wrong;
    }
    std::vector<std::string> sources = wishes.paths;
    const std::vector<std::string> others = compiled_with(settings, wishes.paths);
    if (!sources.empty()) sources.insert(sources.end(), others.begin(), others.end());
    const auto rules = load_rules(settings, sources, Warnings::Shown);
    if (!rules) return Status::Wrong;
    if (!rules->from_sources) {
        complain(settings.in("编译后的包不含情景，请给出 .policy 源文件", "a compiled pack holds no scenarios; name the .policy sources instead"));
        return Status::Wrong;
    }
    const Chosen chosen(*rules, wishes, !others.empty());
    if (chosen.scenarios().empty()) {
        complain(no_scenario(settings, wishes));
        return Status::DidNotHold;
    }
    Report report;
    run_scenarios(*rules, chosen.scenarios(), report);
    if (wishes.coverage) report.coverage = scenario::cover(rules->files, rules->sources, rules->model, {chosen.scenarios(), chosen});
    if (wishes.coverage && !report.coverage) {
        complain(settings.in("规则太大，无法统计覆盖", "the rules are too large for their coverage to be told"));
        return Status::Wrong;
    }
    if (wishes.mutate) report.mutants = mutate(settings, *rules, chosen);
    if (settings.json) print_json(settings, *rules, report);
    else print_text(settings, *rules, report);
    return report.total.failed == 0 && strong_enough(report, wishes.at_least) ? Status::Ran : Status::DidNotHold;
}

}  // namespace

void add_test(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto wishes = std::make_shared<Wishes>();
    CLI::App* command = app.add_subcommand("test", settings.in("运行政策旁的情景", "Run the scenarios that stand beside the policies"));
    command->add_option("PATH", wishes->paths, settings.in("文件夹或 .policy 文件（默认为规则）；如另有 --rules，则与之一起编译；属于随程序提供的规则的，与其余规则一起编译", "Folders or .policy files (default: the rules); with --rules, compiled together with those; a part of the shipped rules, with the rest of them"))->type_name("");
    command->add_option("--filter", wishes->filter, settings.in("只运行标题或政策名含这段文字的情景", "Only scenarios with this text in their title or in their policy's name"))->type_name("TEXT");
    command->add_flag("--coverage", wishes->coverage, settings.in("列出情景没有走到的条款、表行、参数取值与门槛", "Name the clauses, table rows, parameter values and thresholds that no scenario reaches"));
    command->add_flag("--mutate", wishes->mutate, settings.in("逐处改动规则，列出没有情景发现的改动", "Change the rules one place at a time, and name the changes that no scenario notices"));
    command->add_option("--at-least", wishes->at_least, settings.in("条款结果覆盖率（--coverage）、发现率（--mutate）低于此百分比即不合格", "Fail below this percentage of clause outcomes (--coverage), of changes noticed (--mutate)"))
        ->type_name("N");
    const std::string lang = " --lang " + settings.in("zh", "en");
    command->footer(settings.in("示例：\n", "Examples:\n") + "  eligo test" + lang + "\n  eligo test --coverage --at-least 100" + lang + "\n  eligo test --mutate --at-least 95" + lang);
    command->callback([&program, wishes] { program.run = [&program, wishes] { return test(program.settings, *wishes); }; });
}

}  // namespace eligo::cli
