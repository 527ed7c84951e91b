// The pipeline, as a list of calls: files -> parse -> check -> generate.
#include "compile_internal.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "../bytecode/image.hpp"
#include "../codegen/generate.hpp"
#include "../io/files.hpp"
#include "../io/formats.hpp"
#include "../sema/check.hpp"
#include "../syntax/parse.hpp"

namespace eligo::api {
namespace {

namespace fs = std::filesystem;

bool is_image(const std::string& path) { return path.ends_with(".eligo"); }

// A hundred times the longest policy there is. The passes keep some hundred bytes for every one of a source, and count
// its places in 32 bits.
constexpr std::size_t most_source_bytes = 4'000'000;

// What is at the end of a path that an import names; nothing when there is no such file.
using Reader = std::function<std::optional<std::string>(const std::string& path)>;
// One name for each file, however it is spelled.
using Identity = std::function<std::string(const std::string& path)>;

std::string normal(const std::string& path) { return fs::path(path).lexically_normal().generic_string(); }

std::string identity_on_disk(const std::string& path) {
    std::error_code error;
    const fs::path canonical = fs::weakly_canonical(path, error);
    return error ? normal(path) : canonical.generic_string();
}

void refuse(Compilation& result, const std::string& path, io::ProblemKind kind, std::string chinese, std::string english) {
    io::Problem problem = io::malformed({}, std::move(chinese), std::move(english));
    problem.kind = kind;
    problem.file = path;
    result.problems.push_back(std::move(problem));
}

// Files parsed one after another; imports come behind the files that ask for them, and each file once.
class Loader {
public:
    Loader(Compilation& result, text::Sink& sink, Reader reader, Identity identity)
        : result_(result), sink_(sink), reader_(std::move(reader)), identity_(std::move(identity)) {}

    void add(const std::string& path, std::string text) {
        if (!known_.emplace(identity_(path), true).second) return;
        if (text.size() > most_source_bytes) return refuse_large(path);
        const text::FileId file = result_.sources.add(path, std::move(text));
        files_.push_back(syntax::parse(result_.sources, file, sink_));
    }
    [[nodiscard]] bool has(const std::string& path) const { return known_.contains(identity_(path)); }

    // Until no file asks for another that is not there yet: cycles end by themselves.
    void follow_imports() {
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const std::vector<syntax::Import> imports = files_[i].imports;
            for (const syntax::Import& import : imports) follow(import);
        }
    }

    [[nodiscard]] std::vector<syntax::File> take_files() { return std::move(files_); }

private:
    void refuse_large(const std::string& path) {
        const std::string most = std::to_string(most_source_bytes / 1'000'000);
        refuse(result_, path, io::ProblemKind::CannotRead, "文件过大，规则文件至多" + most + "MB，请分成几个文件", "the file is too large; rules may have " + most + " MB at most, split it into several files");
    }

    void follow(const syntax::Import& import) {
        if (import.path.empty()) return;
        const fs::path importing = result_.sources.file(import.span.file).path();
        const std::string path = (importing.parent_path() / import.path).lexically_normal().generic_string();
        if (has(path)) return;
        if (auto text = reader_(path)) {
            add(path, std::move(*text));
        } else {
            sink_.report(text::Code::import_not_found, import.span, {import.path});
        }
    }

    Compilation& result_;
    text::Sink& sink_;
    Reader reader_;
    Identity identity_;
    std::map<std::string, bool> known_;
    std::vector<syntax::File> files_;
};

void compile(Compilation& result, Loader& loader, text::Sink& sink) {
    result.files = loader.take_files();
    result.model = sema::check(result.files, result.sources, sink);
    if (!sink.has_errors() && result.problems.empty()) result.pack = codegen::generate(result.model, result.sources, sink);
    if (sink.has_errors() || !result.problems.empty()) result.pack.reset();
    result.diagnostics = sink.sorted();
}

Compilation load_image(const std::string& path) {
    Compilation result;
    result.from_image = true;
    const auto bytes = io::read_file(path, result.problems);
    if (!bytes) return result;
    bytecode::Fault fault;
    result.pack = bytecode::read_image({reinterpret_cast<const std::uint8_t*>(bytes->data()), bytes->size()}, fault);
    if (!result.pack) refuse(result, path, io::ProblemKind::Malformed, "不是可用的规则包：" + fault.chinese, "this is not a pack that can run: " + fault.english);
    return result;
}

std::optional<std::string> read_import(const std::string& path) {
    if (path == "-") return std::nullopt;  // standard input is nobody's neighbour
    std::vector<io::Problem> unheard;      // that it cannot be read is told at the import
    return io::read_file(path, unheard);
}

void add_path(const std::string& path, Loader& loader, Compilation& result) {
    for (const std::string& file : io::policy_files(path, result.problems)) {
        if (loader.has(file)) continue;
        if (auto text = io::read_file(file, result.problems)) loader.add(file, std::move(*text));
    }
}

}  // namespace

Compilation compile_paths(std::span<const std::string> paths, std::span<const SourceText> further) {
    if (paths.size() == 1 && is_image(paths[0]) && further.empty()) return load_image(paths[0]);
    Compilation result;
    text::Sink sink;
    Loader loader(result, sink, read_import, identity_on_disk);
    for (const std::string& path : paths) {
        if (is_image(path)) {
            refuse(result, path, io::ProblemKind::CannotRead, "规则包须单独使用，不能与其他规则一起给出", "a compiled pack stands alone, not beside other rules");
        } else {
            add_path(path, loader, result);
        }
    }
    for (const SourceText& source : further) loader.add(source.path, source.text);
    loader.follow_imports();
    compile(result, loader, sink);
    return result;
}

Compilation compile_sources(std::span<const SourceText> sources) {
    std::map<std::string, const SourceText*> by_path;
    for (const SourceText& source : sources) by_path.emplace(normal(source.path), &source);
    const auto read = [&](const std::string& path) -> std::optional<std::string> {
        const auto found = by_path.find(normal(path));
        return found == by_path.end() ? std::nullopt : std::optional<std::string>(found->second->text);
    };
    Compilation result;
    text::Sink sink;
    Loader loader(result, sink, read, normal);
    for (const SourceText& source : sources) loader.add(source.path, source.text);
    loader.follow_imports();
    compile(result, loader, sink);
    return result;
}

}  // namespace eligo::api
