// Profiles from the outside: the door of io/ for check, test and embedding. Every problem of an input is collected, not
// only the first. Tested by io_test.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "../vm/profile_set.hpp"
#include "files.hpp"
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
// Takes one profile after another, in their order; false ends the reading.
using TakeProfile = std::function<bool(vm::Profile&& profile)>;

// A file of profiles, however many: in JSON they are read one by one, so that memory does not grow with them; YAML and CSV have a
// stated length. What is no file, standard input (`-`) among it, is kept in a temporary one, so that it can be gone through again.
class ProfileFile {
public:
    // Nothing, and a problem, when it cannot be opened.
    [[nodiscard]] static std::optional<ProfileFile> open(const std::string& path, std::vector<Problem>& problems);
    // From the beginning, each time. What is wrong goes to `problems`. False when the text is none of its format, which may be
    // found at its end only: then the profiles before that do not count either.
    bool each(const bytecode::Pack& pack, bytecode::Index subject, const TakeProfile& take, std::vector<Problem>& problems) const;

private:
    ProfileFile(std::string path, File file) : path_(std::move(path)), file_(std::move(file)) {}
    std::string path_;
    File file_;
};
// All of a file, in memory.
[[nodiscard]] Profiles read_profile_file(const bytecode::Pack& pack, const std::string& path, bytecode::Index subject = bytecode::none);

// One tree -> one profile.
[[nodiscard]] std::optional<vm::Profile> build_profile(const bytecode::Pack& pack, const Node& root, const std::string& file,
                                                       std::vector<Problem>& problems, bytecode::Index subject = bytecode::none);
// How a scalar was written.
[[nodiscard]] vm::Scalar scalar_of(NodeKind kind);
// What the engine says of a value, in words; it stands nowhere yet.
[[nodiscard]] Problem problem_of(const vm::Problem& problem);
// The subject that a tree without a stated one is about.
[[nodiscard]] bytecode::Index subject_of(const bytecode::Pack& pack, const Node& root);

}  // namespace eligo::io
