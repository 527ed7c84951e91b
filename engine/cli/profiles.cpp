// Reads profiles through io/ and tells what is wrong with them on standard error.
#include "profiles.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "../io/profile.hpp"
#include "print.hpp"

namespace eligo::cli {

std::optional<std::vector<vm::Profile>> read_profiles(const Settings& settings, const bytecode::Pack& pack, const std::string& path, bytecode::Index subject) {
    io::Profiles read = io::read_profile_file(pack, path, subject);
    // Beyond what a person reads, the problems are counted; a program reads them all.
    constexpr std::size_t most_shown = 100;
    const std::size_t shown = settings.json ? read.problems.size() : std::min(read.problems.size(), most_shown);
    for (std::size_t i = 0; i < shown; ++i) print_problem(settings, read.problems[i]);
    if (const std::size_t rest = read.problems.size() - shown; rest > 0) {
        print_error_line(settings.in("另有 " + std::to_string(rest) + " 处问题未列出", "and " + std::to_string(rest) + " more"));
    }
    if (!read.ok()) return std::nullopt;
    return std::move(read.profiles);
}

}  // namespace eligo::cli
