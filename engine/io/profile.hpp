// Profiles from the outside: the door of io/ for check, test and embedding. Every problem of an input is collected, not
// only the first. Tested by io_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "../vm/profile_set.hpp"
#include "problem.hpp"
#include "tree.hpp"

namespace eligo::io {

enum class Format : std::uint8_t { Json, Yaml, Csv };

// By the ending of a path: .json, .yaml, .yml, .csv. Nothing for others, and for standard input.
[[nodiscard]] std::optional<Format> format_of(std::string_view path);
// By the text itself: `{` or `[` begins JSON, a `:` before any comma YAML, everything else is CSV.
[[nodiscard]] Format guess_format(std::string_view text);

// Profiles that are right; one with a problem is left out, and its problems tell why.
struct Profiles {
    std::vector<vm::Profile> profiles;  // the pack must outlive them
    std::vector<Problem> problems;
    [[nodiscard]] bool ok() const { return problems.empty(); }
};

// `subject` says what the profiles are about; without it, the vocabulary with policies that knows most of the keys.
[[nodiscard]] Profiles read_profiles(const bytecode::Pack& pack, std::string_view text, Format format, const std::string& file,
                                     bytecode::Index subject = bytecode::none);
// From a file, or from standard input when the path is "-".
[[nodiscard]] Profiles read_profile_file(const bytecode::Pack& pack, const std::string& path, bytecode::Index subject = bytecode::none);

// One tree -> one profile.
[[nodiscard]] std::optional<vm::Profile> build_profile(const bytecode::Pack& pack, const Node& root, const std::string& file,
                                                       std::vector<Problem>& problems, bytecode::Index subject = bytecode::none);
// What the engine says of a value, in words; it stands nowhere yet.
[[nodiscard]] Problem problem_of(const vm::Problem& problem);
// The subject that a tree without a stated one is about.
[[nodiscard]] bytecode::Index subject_of(const bytecode::Pack& pack, const Node& root);

}  // namespace eligo::io
