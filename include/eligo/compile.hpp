// Policies in source -> a pack, or what is wrong with them. Needs the full library (eligo::eligo); everything else in
// this folder but diagnostics.hpp needs only the runtime.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "diagnostics.hpp"
#include "limits.hpp"
#include "pack.hpp"

namespace eligo {

// A source in memory. Imports are looked for among the sources given together, by path: no file is read.
struct Source {
    std::string path;  // as diagnostics name it
    std::string text;  // UTF-8
};

struct Compiled {
    std::optional<Pack> pack;              // nothing when there is an error
    std::vector<Diagnostic> diagnostics;  // errors and warnings, by file and place
    Refusal refusal = Refusal::None;      // Limit or Cancelled: the work was ended, and its diagnostics say no more than that
    [[nodiscard]] bool ok() const { return pack.has_value(); }
};

// A source has 4,000,000 bytes at most, all together 80,000,000.
[[nodiscard]] Compiled compile(std::span<const Source> sources, const Limits& limits = {});
[[nodiscard]] Compiled compile(std::initializer_list<Source> sources, const Limits& limits = {});
// Files ending in .policy, folders of them (and the folders in these), or one .eligo pack. Imports are followed within the
// folders that are named, and for a file within the one that it lies in; regular files only are read, of 4 MB at most
// (a pack: 67 MB). Links that are named are followed, those within a folder only where they stay in it.
[[nodiscard]] Compiled compile_files(std::span<const std::string> paths, const Limits& limits = {});

}  // namespace eligo
