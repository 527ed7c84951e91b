// From rules on disk or in memory to a pack, with everything that was learned on the way: what the command line, the
// scenarios and the tests need more than <eligo/compile.hpp> offers.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../io/problem.hpp"
#include "../sema/model.hpp"
#include "../syntax/ast.hpp"
#include "../text/diagnostic.hpp"
#include "../text/source.hpp"
#include "../value/allowance.hpp"

namespace eligo::api {

struct Compilation {
    text::SourceSet sources;
    std::vector<text::Diagnostic> diagnostics;  // by file and place; errors and warnings
    std::vector<io::Problem> problems;          // paths that cannot be read, packs that are none
    std::vector<syntax::File> files;            // what was written, in the order of the sources; empty likewise
    sema::Model model;                          // empty when the rules came as a pack
    std::optional<bytecode::Pack> pack;         // nothing when there is an error or a problem
    bool from_image = false;                    // the rules came as a compiled pack
    [[nodiscard]] bool ok() const { return pack.has_value(); }
};

struct SourceText {
    std::string path;
    std::string text;
};

// A condition by which companies are selected, as a user wrote it: an expression of the policy language and nothing else.
// It is compiled to a policy of its own for `subject`.
struct Selection {
    std::string subject;
    std::string expression;
};
// Its policy and clause: a name, as the verifier asks, but a reserved word, which no source can declare.
inline constexpr std::string_view selection_name = "where";
// Where it stands, in messages.
inline constexpr std::string_view selection_place = "--where";

// Each path is a .policy file, a folder of them, or (then the only one) a .eligo pack. Imports are followed, relative to the
// importing file and within the folders that were named, or that a file was named in; a file is read once however often it
// is named. With a pack there can be no selection.
// `allowance`: what the caller allows; null: everything. Where it is used up there is no pack, and it tells why.
[[nodiscard]] Compilation compile_paths(std::span<const std::string> paths, const Selection* selection = nullptr, value::Allowance* allowance = nullptr);
// Imports are looked for among the sources only: no file is read.
[[nodiscard]] Compilation compile_sources(std::span<const SourceText> sources, value::Allowance* allowance = nullptr);

}  // namespace eligo::api
