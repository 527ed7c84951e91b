#include "rules.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "../engine/codegen/generate.hpp"
#include "../engine/sema/check.hpp"
#include "../engine/syntax/parse.hpp"
#include "../engine/text/diagnostic.hpp"

namespace eligo::bench {

Source read_source(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {path, {std::istreambuf_iterator<char>(stream), {}}};
}

std::vector<Source> shipped_rules() {
    std::vector<Source> rules;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(ELIGO_SOURCE_DIR) / "rules"))
        if (entry.path().extension() == ".policy") rules.push_back(read_source(entry.path().string()));
    std::sort(rules.begin(), rules.end(), [](const Source& a, const Source& b) { return a.path < b.path; });
    return rules;
}

std::optional<bytecode::Pack> compile(const std::vector<Source>& rules) {
    text::SourceSet sources;
    text::Sink sink;
    std::vector<syntax::File> files;
    for (const Source& source : rules) files.push_back(syntax::parse(sources, sources.add(source.path, source.text), sink));
    const sema::Model model = sema::check(files, sources, sink);
    auto pack = sink.has_errors() ? std::nullopt : codegen::generate(model, sources, sink);
    if (!pack)
        for (const auto& diagnostic : sink.sorted())
            if (text::wording(diagnostic.code).severity == text::Severity::Error) std::fputs(text::render_text(sources, diagnostic, text::Language::English, text::Color::Off).text().c_str(), stderr);
    return pack;
}

bytecode::Index policy_named(const bytecode::Pack& pack, const std::string& name) {
    bytecode::Index policy = 0;
    while (pack.string(pack.policies[policy].name) != name) ++policy;
    return policy;
}

}  // namespace eligo::bench
