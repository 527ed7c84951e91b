// Compiles policies, one pack a file, into a folder: what the fuzzer of packs begins with. A source that does not compile,
// as many of a corpus do not, gives no pack.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/codegen/generate.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"

namespace {

using namespace eligo;

std::optional<bytecode::Pack> compiled(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    text::SourceSet sources;
    text::Sink sink;
    const text::FileId file = sources.add(path, {std::istreambuf_iterator<char>(stream), {}});
    std::vector<syntax::File> files;
    files.push_back(syntax::parse(sources, file, sink));
    const sema::Model model = sema::check(files, sources, sink);
    if (sink.has_errors()) return std::nullopt;
    auto pack = codegen::generate(model, sources, sink);
    return sink.has_errors() ? std::nullopt : std::move(pack);
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) return 2;
    const std::filesystem::path folder = arguments[1];
    int made = 0;
    for (int i = 2; i < count; ++i) {
        const auto pack = compiled(arguments[i]);
        if (!pack || pack->policies.empty()) continue;
        const auto image = bytecode::write_image(*pack);
        std::ofstream(folder / (std::filesystem::path(arguments[i]).stem().string() + ".eligo"), std::ios::binary)
            .write(reinterpret_cast<const char*>(image.data()), static_cast<std::streamsize>(image.size()));
        ++made;
    }
    return made > 0 ? 0 : 1;
}
