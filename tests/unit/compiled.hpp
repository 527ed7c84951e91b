// One source, compiled.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../../engine/codegen/generate.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"

namespace eligo::tests {

struct Compiled {
    std::optional<bytecode::Pack> pack;  // none where there are errors
    std::string told;                    // every diagnostic, warnings too
};

inline Compiled compiled(const std::string& name, const std::string& source) {
    text::SourceSet sources;
    text::Sink sink;
    std::vector<syntax::File> files;
    files.push_back(syntax::parse(sources, sources.add(name, source), sink));
    const sema::Model model = sema::check(files, sources, sink);
    Compiled result;
    if (!sink.has_errors()) result.pack = codegen::generate(model, sources, sink);
    for (const auto& diagnostic : sink.sorted()) result.told += text::render_text(sources, diagnostic, text::Language::English, text::Color::Off).text();
    return result;
}

}  // namespace eligo::tests
