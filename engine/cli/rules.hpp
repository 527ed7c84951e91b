// The rules a command works with, loaded and compiled, and everything that was found wrong with them told.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../api/compile_internal.hpp"
#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../syntax/ast.hpp"
#include "../text/source.hpp"
#include "settings.hpp"

namespace eligo::cli {

struct Rules {
    text::SourceSet sources;
    std::vector<syntax::File> files;  // as written; empty for a compiled pack
    sema::Model model;                // likewise
    bytecode::Pack pack;
    bool from_sources = false;
    std::vector<std::string> read;    // the files that they were read from
};

// Doubts about rules that compile are for those who write them.
enum class Warnings : std::uint8_t { Hidden, Shown };

// The rules of `paths`; without any, those of --rules; without these, the rules that are shipped. Nothing when they are
// wrong: then every mistake has been printed to standard error, and their number.
[[nodiscard]] std::optional<Rules> load_rules(const Settings& settings, std::span<const std::string> paths, Warnings warnings, const api::Selection* selection = nullptr);

}  // namespace eligo::cli
