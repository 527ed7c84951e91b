// The profiles a command is given: files, or standard input.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "settings.hpp"

namespace eligo::cli {

// All profiles of a file (`-`: standard input); `subject` is the vocabulary they must be of, or none: the one that knows
// most of their keys. Nothing when any of it is wrong: then every mistake has been printed to standard error.
[[nodiscard]] std::optional<std::vector<vm::Profile>> read_profiles(const Settings& settings, const bytecode::Pack& pack, const std::string& path,
                                                                    bytecode::Index subject);

}  // namespace eligo::cli
