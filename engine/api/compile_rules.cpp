// The pipeline, as a list of calls: files -> parse -> check -> generate.
#include "compile_internal.hpp"

#include <algorithm>
#include <filesystem>
#include <functional>
#include <map>
#include <system_error>
#include <utility>

#include "../bytecode/image.hpp"
#include "../bytecode/limits.hpp"
#include "../codegen/generate.hpp"
#include "../io/fence.hpp"
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
constexpr std::size_t most_bytes_of_all = 80'000'000;

// About how much memory the trees and the model of a source take for each of its bytes (tests/limits/no_memory.cpp).
constexpr std::size_t bytes_for_each_byte = 170;

// What is at the end of a path that an import names.
using Reader = std::function<io::FileRead(const std::string& path)>;
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

void refuse(Compilation& result, const std::string& path, io::Refusal refusal, std::size_t most) {
    const io::Wording why = io::wording_of(refusal, most);
    refuse(result, path, io::ProblemKind::CannotRead, why.chinese, why.english);
}

// Files parsed one after another; imports come behind the files that ask for them, and each file once.
class Loader {
public:
    Loader(Compilation& result, text::Sink& sink, Reader reader, Identity identity)
        : result_(result), sink_(sink), reader_(std::move(reader)), identity_(std::move(identity)) {}

    void add(const std::string& path, std::string text) {
        if (!known_.emplace(identity_(path), true).second) return;
        if (text.size() > most_source_bytes) return refuse(result_, path, io::Refusal::TooLarge, most_source_bytes);
        total_ += text.size();
        if (total_ > most_bytes_of_all) return refuse(result_, path, io::Refusal::TooLarge, most_bytes_of_all);
        sink_.take(text.size() * bytes_for_each_byte);
        const text::FileId file = result_.sources.add(path, std::move(text));
        files_.push_back(syntax::parse(result_.sources, file, sink_));
    }
    // All that is told of the selection is told at its expression.
    void add(const Selection& selection) {
        const text::FileId file = result_.sources.add(std::string(selection_place), selection.expression);
        syntax::Expression condition = syntax::parse_expression(result_.sources, file, sink_);
        const syntax::Span span{file, 0, static_cast<std::uint32_t>(selection.expression.size())};
        const syntax::Name name{std::string(selection_name), span};
        const syntax::Label label{"符合 --where", "As --where says", span};
        syntax::Policy policy{.name = name, .subject = {selection.subject, span}, .label = label, .span = span};
        policy.in_force = static_cast<syntax::ExprId>(condition.file.exprs.size() + 1);
        policy.in_force_span = span;
        condition.file.exprs.push_back({.kind = syntax::ExprKind::Date, .span = span, .date = value::first_day});
        condition.file.exprs.push_back({.kind = syntax::ExprKind::Range, .span = span, .args = {policy.in_force - 1, syntax::no_expr}});
        policy.clauses.push_back({.name = name, .condition = condition.root, .label = label, .citations = {{std::string(selection_place), true, span}}, .span = span});
        condition.file.policies.push_back(std::move(policy));
        files_.push_back(std::move(condition.file));
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
    void follow(const syntax::Import& import) {
        if (import.path.empty()) return;
        if (!import.path.ends_with(".policy")) {
            sink_.report(text::Code::import_is_no_policy, import.span, {import.path});
            return;
        }
        const fs::path importing = result_.sources.file(import.span.file).path();
        const std::string path = (importing.parent_path() / import.path).lexically_normal().generic_string();
        if (has(path)) return;
        io::FileRead read = reader_(path);
        if (read.bytes) return add(path, std::move(*read.bytes));
        text::Diagnostic& told = sink_.report(code_of(read.refusal), import.span, {import.path});
        // That it lies outside or is not there has been said.
        if (read.refusal == io::Refusal::Outside || read.refusal == io::Refusal::NotFound) return;
        const io::Wording why = io::wording_of(read.refusal, most_source_bytes);
        told.here(why.english, why.chinese);
    }

    static text::Code code_of(io::Refusal refusal) {
        switch (refusal) {
            case io::Refusal::Outside: return text::Code::import_outside;
            case io::Refusal::Folder:
            case io::Refusal::NotRegular: return text::Code::import_is_no_policy;
            case io::Refusal::NotFound: return text::Code::import_not_found;
            case io::Refusal::Circle:
            case io::Refusal::TooLarge:
            case io::Refusal::CannotOpen: break;
        }
        return text::Code::import_unreadable;
    }

    Compilation& result_;
    text::Sink& sink_;
    Reader reader_;
    Identity identity_;
    std::map<std::string, bool> known_;
    std::size_t total_ = 0;  // bytes of all sources
    std::vector<syntax::File> files_;
};

void compile(Compilation& result, Loader& loader, text::Sink& sink) {
    result.files = loader.take_files();
    result.model = sema::check(result.files, result.sources, sink);
    if (!sink.has_errors() && result.problems.empty()) result.pack = codegen::generate(result.model, result.sources, sink);
    if (sink.has_errors() || !result.problems.empty()) result.pack.reset();
    result.diagnostics = sink.sorted();
}

Compilation load_image(const std::string& path, value::Allowance* allowance) {
    Compilation result;
    result.from_image = true;
    const io::FileRead read = io::read_named(path, bytecode::most_pack_bytes);
    if (!read.bytes) {
        refuse(result, path, read.refusal, bytecode::most_pack_bytes);
        return result;
    }
    bytecode::Fault fault;
    result.pack = bytecode::read_image({reinterpret_cast<const std::uint8_t*>(read.bytes->data()), read.bytes->size()}, fault, allowance);
    if (!result.pack && fault.found()) refuse(result, path, io::ProblemKind::Malformed, "不是可用的规则包：" + fault.chinese, "this is not a pack that can run: " + fault.english);
    return result;
}

// A file that the caller named may be a link; what was found in a folder must not lead out of it.
void add_path(const std::string& path, io::Fence& fence, Loader& loader, Compilation& result) {
    if (path != "-") fence.allow(path);  // standard input is nobody's neighbour
    for (const std::string& file : io::policy_files(path, result.problems)) {
        if (loader.has(file)) continue;
        io::FileRead read = file == path ? io::read_named(file, most_source_bytes) : fence.read(file, most_source_bytes);
        if (read.bytes) loader.add(file, std::move(*read.bytes));
        else refuse(result, file, read.refusal, most_source_bytes);
    }
}

}  // namespace

namespace {

// Where the caller has had enough, the passes leave nothing behind.
template <class Passes>
Compilation until_stopped(Passes passes) {
    try {
        return passes();
    } catch (const text::Stopped&) {
        return {};
    }
}

}  // namespace

Compilation compile_paths(std::span<const std::string> paths, const Selection* selection, value::Allowance* allowance) {
    if (paths.size() == 1 && is_image(paths[0]) && selection == nullptr) return load_image(paths[0], allowance);
    return until_stopped([&] {
        Compilation result;
        text::Sink sink(allowance);
        io::Fence fence;
        Loader loader(result, sink, [&fence](const std::string& path) { return fence.read(path, most_source_bytes); }, identity_on_disk);
        for (const std::string& path : paths) {
            if (is_image(path)) {
                refuse(result, path, io::ProblemKind::CannotRead, "规则包须单独使用，不能与其他规则一起给出", "a compiled pack stands alone, not beside other rules");
            } else {
                add_path(path, fence, loader, result);
            }
        }
        if (selection != nullptr) loader.add(*selection);
        loader.follow_imports();
        compile(result, loader, sink);
        return result;
    });
}

Compilation compile_sources(std::span<const SourceText> sources, value::Allowance* allowance) {
    std::map<std::string, const SourceText*> by_path;
    for (const SourceText& source : sources) by_path.emplace(normal(source.path), &source);
    const auto read = [&](const std::string& path) -> io::FileRead {
        const auto found = by_path.find(normal(path));
        if (found != by_path.end()) return {found->second->text, {}};
        return {std::nullopt, normal(path).starts_with("..") ? io::Refusal::Outside : io::Refusal::NotFound};
    };
    return until_stopped([&] {
        Compilation result;
        text::Sink sink(allowance);
        Loader loader(result, sink, read, normal);
        for (const SourceText& source : sources) loader.add(source.path, source.text);
        loader.follow_imports();
        compile(result, loader, sink);
        return result;
    });
}

}  // namespace eligo::api
