// Loads rules through api/ and tells what is wrong with them on standard error.
#include "rules.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "../api/compile_internal.hpp"
#include "../io/files.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

using text::Diagnostic;
using text::Severity;

std::vector<std::string> chosen_paths(const Settings& settings, std::span<const std::string> paths) {
    if (!paths.empty()) return {paths.begin(), paths.end()};
    if (!settings.rules.empty()) return settings.rules;
    const std::string shipped = io::default_rules_path();
    return shipped.empty() ? std::vector<std::string>{} : std::vector<std::string>{shipped};
}

void print_diagnostic(const Settings& settings, const text::SourceSet& sources, const Diagnostic& diagnostic) {
    if (settings.json) return print_error_line(text::render_json(sources, diagnostic, settings.language));
    print_error_line(text::render_text(sources, diagnostic, settings.language, settings.color_of(Stream::Errors)));
}

// More than a person reads; the rest is counted.
constexpr std::size_t most_shown = 100;

void print_rest(const Settings& settings, std::size_t rest) {
    if (rest == 0 || settings.json) return;
    print_error_line(settings.in("另有 " + std::to_string(rest) + " 处未列出", "and " + std::to_string(rest) + " more"));
}

std::string counted(const Settings& settings, std::size_t number, std::string_view chinese, std::string_view one, std::string_view many) {
    return std::to_string(number) + " " + settings.in(chinese, number == 1 ? one : many);
}

// "3 errors, 1 warning".
void print_count(const Settings& settings, std::size_t errors, std::size_t warnings) {
    if (settings.json) return;
    std::string line = errors > 0 ? counted(settings, errors, "个错误", "error", "errors") : "";
    if (warnings > 0) line += (line.empty() ? "" : settings.in("，", ", ")) + counted(settings, warnings, "个疑点", "warning", "warnings");
    if (!line.empty()) print_error_line(line);
}

void tell(const Settings& settings, const api::Compilation& compiled, Warnings warnings) {
    const bool show_warnings = warnings == Warnings::Shown || !compiled.ok();
    const auto is_error = [](const Diagnostic& each) { return text::wording(each.code).severity == Severity::Error; };
    for (const io::Problem& problem : compiled.problems) print_problem(settings, problem);
    std::size_t shown = 0;
    for (const Diagnostic& each : compiled.diagnostics) {
        if (!show_warnings && !is_error(each)) continue;
        if (settings.json || shown < most_shown) print_diagnostic(settings, compiled.sources, each);
        ++shown;
    }
    print_rest(settings, shown - std::min(shown, most_shown));
    const auto errors = static_cast<std::size_t>(std::count_if(compiled.diagnostics.begin(), compiled.diagnostics.end(), is_error));
    const std::size_t doubts = show_warnings ? compiled.diagnostics.size() - errors : 0;
    print_count(settings, errors + compiled.problems.size(), doubts);
}

}  // namespace

std::optional<Rules> load_rules(const Settings& settings, std::span<const std::string> paths, Warnings warnings, const api::Selection* selection) {
    const std::vector<std::string> chosen = chosen_paths(settings, paths);
    if (chosen.empty()) {
        complain(settings.in("没有找到随程序提供的规则，请用 --rules 指定", "the shipped rules were not found; name rules with --rules"));
        return std::nullopt;
    }
    api::Compilation compiled = api::compile_paths(chosen, selection);
    tell(settings, compiled, warnings);
    if (!compiled.ok()) return std::nullopt;
    std::vector<std::string> read;
    if (compiled.from_image) read = chosen;
    for (text::FileId file = 0; file < compiled.sources.size(); ++file) read.push_back(compiled.sources.file(file).path());
    return Rules{std::move(compiled.sources), std::move(compiled.files), std::move(compiled.model), std::move(*compiled.pack), !compiled.from_image, std::move(read)};
}

}  // namespace eligo::cli
