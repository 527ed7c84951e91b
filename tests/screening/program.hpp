// Runs the program `eligo` in a folder and tells what came of it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace eligo::screening {

struct Ran {
    int status = 0;          // 1000 + the signal when one has ended it
    long peak_kib = 0;       // the most memory that it has held
    std::string out, err;
};

// `before`: what its process does before the program begins. After so many seconds a signal asks it to stop, and, if that does not
// help, ends it.
struct Manner {
    std::function<void()> before = nullptr;
    unsigned seconds = 120;
    int signal = 0;
    std::string input = "/dev/null";
};
[[nodiscard]] Ran run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments, const Manner& manner = {});

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

}  // namespace eligo::screening
