// Files by their paths: reading them whole, finding the policies in a folder and the rules that are shipped.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "problem.hpp"

namespace eligo::io {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// A file that can be read again from its beginning: what is none, such as standard input or a pipe, is copied into a temporary one.
// Nothing, and a problem, when it cannot be read.
[[nodiscard]] File open_to_read_again(const std::string& path, std::vector<Problem>& problems);

// False of standard input, pipes and devices: what is read of them is gone.
[[nodiscard]] bool can_be_read_again(const std::string& path);

// A path as given -> the .policy files it stands for: itself, or all of a folder and the folders in it, sorted.
[[nodiscard]] std::vector<std::string> policy_files(const std::string& path, std::vector<Problem>& problems);

// The rules that are used when none are named: what the environment variable ELIGO_RULES says, else the folder
// share/eligo/rules beside the program's own (or one of the folders above it). Empty when there is none.
[[nodiscard]] std::string default_rules_path();

// A folder that is installed with the program, share/eligo/NAME, found as the rules are. Empty when there is none.
[[nodiscard]] std::string shipped_folder(const std::string& name);

}  // namespace eligo::io
