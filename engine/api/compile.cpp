// <eligo/compile.hpp>: what compile_internal.hpp finds out, in the public structs. Part of the full library only.
#include "../../include/eligo/compile.hpp"

#include <utility>

#include "compile_internal.hpp"
#include "pack_data.hpp"

namespace eligo {
namespace {

SourcePlace place_of(const text::SourceSet& sources, text::Span span) {
    if (!span.exists()) return {};
    const text::SourceFile& file = sources.file(span.file);
    const text::Position begin = file.position(span.begin), end = file.position(span.end);
    return {file.path(), begin.line, begin.column, end.line, end.column};
}

Diagnostic to_public(const text::SourceSet& sources, const text::Diagnostic& diagnostic) {
    const text::Wording& wording = text::wording(diagnostic.code);
    Diagnostic result;
    result.severity = wording.severity == text::Severity::Error ? Severity::Error : Severity::Warning;
    result.code = wording.number;
    result.chinese = text::message(diagnostic, text::Language::Chinese);
    result.english = text::message(diagnostic, text::Language::English);
    result.help_chinese = text::help(diagnostic, text::Language::Chinese);
    result.help_english = text::help(diagnostic, text::Language::English);
    result.place = place_of(sources, diagnostic.span);
    if (!diagnostic.english.empty()) result.notes.push_back({result.place, diagnostic.chinese, diagnostic.english});
    for (const text::PlaceLabel& label : diagnostic.places) result.notes.push_back({place_of(sources, label.span), label.chinese, label.english});
    if (diagnostic.fix) result.fix = Fix{place_of(sources, diagnostic.fix->span), diagnostic.fix->replacement};
    result.text_chinese = text::render_text(sources, diagnostic, text::Language::Chinese, text::Color::Off).text();
    result.text_english = text::render_text(sources, diagnostic, text::Language::English, text::Color::Off).text();
    result.json_chinese = text::render_json(sources, diagnostic, text::Language::Chinese);
    result.json_english = text::render_json(sources, diagnostic, text::Language::English);
    return result;
}

Diagnostic to_public(const io::Problem& problem) {
    Diagnostic result;
    result.chinese = value::visible(problem.chinese);
    result.english = value::visible(problem.english);
    result.place = {problem.file, problem.place.line, problem.place.column, problem.place.line, problem.place.column};
    result.text_chinese = io::say(problem, text::Language::Chinese);
    result.text_english = io::say(problem, text::Language::English);
    result.json_chinese = io::to_json(problem, text::Language::Chinese);
    result.json_english = io::to_json(problem, text::Language::English);
    return result;
}

Diagnostic refused(const Error& error) {
    io::Problem problem;
    problem.kind = io::ProblemKind::Malformed;
    problem.chinese = error.chinese;
    problem.english = error.english;
    return to_public(problem);
}

Compiled ended(value::Allowance::Stop stop) {
    const Error why = detail::ended(stop);
    Compiled result;
    result.diagnostics.push_back(refused(why));
    result.refusal = why.refusal;
    return result;
}

Compiled to_public(api::Compilation compilation, value::Allowance& allowance) {
    if (!allowance.may_go_on()) return ended(allowance.stopped());
    Compiled result;
    for (const io::Problem& problem : compilation.problems) result.diagnostics.push_back(to_public(problem));
    for (const text::Diagnostic& diagnostic : compilation.diagnostics) result.diagnostics.push_back(to_public(compilation.sources, diagnostic));
    if (!compilation.pack) return result;
    auto pack = detail::PackData::make(std::move(*compilation.pack), allowance);
    if (!allowance.may_go_on()) return ended(allowance.stopped());
    if (pack) {
        result.pack = std::move(pack).value();
    } else {
        result.diagnostics.push_back(refused(pack.error()));
    }
    return result;
}

}  // namespace

Compiled compile(std::span<const Source> sources, const Limits& limits) {
    std::vector<api::SourceText> texts;
    for (const Source& source : sources) texts.push_back({source.path, source.text});
    value::Allowance allowance = detail::allowance_of(limits);
    return to_public(api::compile_sources(texts, &allowance), allowance);
}

Compiled compile(std::initializer_list<Source> sources, const Limits& limits) { return compile(std::span<const Source>(sources.begin(), sources.size()), limits); }

Compiled compile_files(std::span<const std::string> paths, const Limits& limits) {
    value::Allowance allowance = detail::allowance_of(limits);
    return to_public(api::compile_paths(paths, nullptr, &allowance), allowance);
}

}  // namespace eligo
