// Reads profiles through io/ and tells what is wrong with them on standard error.
#include "profiles.hpp"

#include <utility>

#include "../io/profile.hpp"
#include "print.hpp"

namespace eligo::cli {

std::optional<std::vector<vm::Profile>> read_profiles(const Settings& settings, const bytecode::Pack& pack, const std::string& path, bytecode::Index subject) {
    io::Profiles read = io::read_profile_file(pack, path, subject);
    for (const io::Problem& problem : read.problems) {
        print_error((settings.json ? io::to_json(problem, settings.language) : io::say(problem, settings.language)) + "\n");
    }
    if (!read.ok()) return std::nullopt;
    return std::move(read.profiles);
}

}  // namespace eligo::cli
