// Files by their paths: reading them whole, finding the policies in a folder and the rules that are shipped.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "problem.hpp"

namespace eligo::io {

// The bytes of a file, or of standard input when the path is "-". Nothing, and a problem, when it cannot be read.
[[nodiscard]] std::optional<std::string> read_file(const std::string& path, std::vector<Problem>& problems);

// A path as given -> the .policy files it stands for: itself, or all of a folder and the folders in it, sorted.
[[nodiscard]] std::vector<std::string> policy_files(const std::string& path, std::vector<Problem>& problems);

// The rules that are used when none are named: what the environment variable ELIGO_RULES says, else the folder
// share/eligo/rules beside the program's own (or one of the folders above it). Empty when there is none.
[[nodiscard]] std::string default_rules_path();

// A folder that is installed with the program, share/eligo/NAME, found as the rules are. Empty when there is none.
[[nodiscard]] std::string shipped_folder(const std::string& name);

}  // namespace eligo::io
