#include "rules.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/codegen/generate.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"

namespace eligo::oracle {
namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

void compile(Rules& rules) {
    text::Sink sink;
    std::vector<syntax::File> files;
    for (text::FileId file = 0; file < rules.sources.size(); ++file) files.push_back(syntax::parse(rules.sources, file, sink));
    rules.model = sema::check(files, rules.sources, sink);
    if (!sink.has_errors()) rules.pack = codegen::generate(rules.model, rules.sources, sink);
    for (const auto& diagnostic : sink.sorted())
        if (text::wording(diagnostic.code).severity == text::Severity::Error) {
            rules.errors += text::render_text(rules.sources, diagnostic, text::Language::English, text::Color::Off).text();
            rules.codes.push_back(diagnostic.code);
            rules.placed = rules.placed && diagnostic.span.exists();
        }
    if (rules.pack) rules.errors += bytecode::verify(*rules.pack).english;
}

}  // namespace

const Rules& shipped_rules() {
    static const Rules rules = [] {
        std::vector<std::filesystem::path> paths;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(std::filesystem::path(ELIGO_SOURCE_DIR) / "rules"))
            if (entry.path().extension() == ".policy") paths.push_back(entry.path());
        std::sort(paths.begin(), paths.end());
        Rules made;
        for (const auto& path : paths) (void)made.sources.add(path.string(), contents(path));
        compile(made);
        return made;
    }();
    return rules;
}

const Rules& feature_rules() {
    static const Rules rules = [] {
        const auto path = std::filesystem::path(ELIGO_SOURCE_DIR) / "tests" / "engines" / "features.policy";
        return compiled(path.string(), contents(path));
    }();
    return rules;
}

const std::map<std::string, Rules>& directed_rules() {
    static const std::map<std::string, Rules> rules = [] {
        std::map<std::string, Rules> made;
        for (const auto& entry : std::filesystem::directory_iterator(std::filesystem::path(ELIGO_SOURCE_DIR) / "tests" / "engines" / "directed"))
            made[entry.path().filename().string()] = compiled(entry.path().string(), contents(entry.path()));
        return made;
    }();
    return rules;
}

Rules compiled(const std::string& name, const std::string& source) {
    Rules made;
    (void)made.sources.add(name, source);
    compile(made);
    return made;
}

}  // namespace eligo::oracle
