// Reads profiles through io/ and tells what is wrong with them on standard error.
#include "profiles.hpp"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

#include "print.hpp"

namespace eligo::cli {
namespace {

void tell(const Settings& settings, const std::vector<io::Problem>& problems) {
    // Beyond what a person reads, the problems are counted; a program reads them all.
    constexpr std::size_t most_shown = 100;
    const std::size_t shown = settings.json ? problems.size() : std::min(problems.size(), most_shown);
    for (std::size_t i = 0; i < shown; ++i) print_problem(settings, problems[i]);
    if (const std::size_t rest = problems.size() - shown; rest > 0) {
        print_error_line(settings.in("另有 " + std::to_string(rest) + " 处问题未列出", "and " + std::to_string(rest) + " more"));
    }
}

}  // namespace

bool each_profile(const Settings& settings, const bytecode::Pack& pack, const io::ProfileFile& file, bytecode::Index subject, const io::TakeProfile& take) {
    std::vector<io::Problem> problems;
    (void)file.each(pack, subject, take, problems);
    tell(settings, problems);
    return problems.empty();
}

std::optional<io::ProfileFile> open_profiles(const Settings& settings, const std::string& path) {
    std::vector<io::Problem> problems;
    auto file = io::ProfileFile::open(path, problems);
    tell(settings, problems);
    return file;
}

}  // namespace eligo::cli
