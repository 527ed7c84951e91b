// The pipeline without files.
#include "compile_source.hpp"

#include "bytecode/image.hpp"
#include "codegen/generate.hpp"
#include "scenario/run.hpp"
#include "sema/check.hpp"
#include "syntax/parse.hpp"
#include "text/diagnostic.hpp"
#include "text/source.hpp"

#include <optional>

namespace eligo::docs {

namespace {

void run_scenarios(const sema::Model& model, const bytecode::Pack& pack, Compiled& result) {
    for (const scenario::Outcome& outcome : scenario::run_all(model, pack)) {
        ++result.scenarios;
        for (const scenario::Mismatch& mismatch : outcome.mismatches) result.failures.push_back(outcome.title + ": " + mismatch.english);
    }
}

}  // namespace

Compiled compile_source(const std::string& source) {
    text::SourceSet sources;
    text::Sink sink;
    const text::FileId file = sources.add("example.policy", source);
    const std::vector<syntax::File> files{syntax::parse(sources, file, sink)};
    const sema::Model model = sema::check(files, sources, sink);
    std::optional<bytecode::Pack> pack;
    if (!sink.has_errors()) pack = codegen::generate(model, sources, sink);

    Compiled result;
    for (const text::Diagnostic& diagnostic : sink.sorted()) {
        result.codes.emplace(text::wording(diagnostic.code).number);
        result.told += text::render_text(sources, diagnostic, text::Language::English, text::Color::Off).text();
    }
    if (!pack || sink.has_errors()) return result;
    const bytecode::Fault fault = bytecode::verify(*pack);
    result.has_pack = !fault.found();
    if (fault.found()) result.failures.push_back("the pack cannot be loaded: " + fault.english);
    run_scenarios(model, *pack, result);
    return result;
}

}  // namespace eligo::docs
