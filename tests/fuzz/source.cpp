// Any text as a policy: parsed, checked, compiled. What is said of it can be shown, what is accepted verifies, runs and
// comes back from its image. Broken when: the compiler trips over a source, or lets through what the promises exclude.
#include <string>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/codegen/generate.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"
#include "../../engine/value/visible_text.hpp"
#include "../engines/run_everything.hpp"
#include "target.hpp"

namespace eligo::fuzz {
namespace {

void show(const text::SourceSet& sources, const text::Sink& sink) {
    for (const text::Diagnostic& diagnostic : sink.sorted()) {
        for (const auto language : {text::Language::Chinese, text::Language::English}) {
            require(!text::message(diagnostic, language).empty(), "a diagnostic without words");
            const std::string shown = text::render_text(sources, diagnostic, language, text::Color::Off).text();
            require(!shown.empty(), "a diagnostic that shows nothing");
            require(value::VisibleText::lines(shown).text() == shown, "a diagnostic that steers a terminal");
            require(!text::render_json(sources, diagnostic, language).empty(), "a diagnostic that is no JSON");
        }
    }
}

// The same text as a condition of the command line: it is one expression to its end, or that is told.
void read_as_expression(const std::string& text) {
    text::SourceSet sources;
    const text::FileId file = sources.add("--where", text);
    text::Sink sink;
    const syntax::Expression expression = syntax::parse_expression(sources, file, sink);
    const bool broken = expression.file.expr(expression.root).kind == syntax::ExprKind::Broken;
    require(!broken || sink.has_errors(), "an expression is broken, and no word of why");
    require(expression.file.policies.empty() && expression.file.imports.empty(), "an expression that declares");
    show(sources, sink);
}

void run(const bytecode::Pack& pack) {
    bytecode::Fault fault = bytecode::verify(pack);
    require(!fault.found(), "the compiler made what the verifier refuses: " + fault.english);
    require(bytecode::read_image(bytecode::write_image(pack), fault).has_value(), "a pack does not come back from its image: " + fault.english);
    oracle::run_everything(pack);
}

}  // namespace
}  // namespace eligo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace eligo;
    text::SourceSet sources;
    const text::FileId file = sources.add("fuzz.policy", std::string(fuzz::text_of(data, size)));
    text::Sink sink;
    std::vector<syntax::File> files;
    files.push_back(syntax::parse(sources, file, sink));
    const sema::Model model = sema::check(files, sources, sink);
    if (!sink.has_errors()) {
        const auto pack = codegen::generate(model, sources, sink);
        fuzz::require(pack.has_value() || sink.has_errors(), "no pack, and no word of why");
        if (pack && !sink.has_errors()) fuzz::run(*pack);
    }
    fuzz::show(sources, sink);
    fuzz::read_as_expression(std::string(fuzz::text_of(data, size)));
    return 0;
}
