// The profiles a command is given: files, or standard input.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "../bytecode/pack.hpp"
#include "../io/profile.hpp"
#include "settings.hpp"

namespace eligo::cli {

// All profiles of a file, one after another; `subject` is the vocabulary they must be of, or none: the one that knows most of their
// keys. False when any of it is wrong: then every mistake has been printed to standard error.
[[nodiscard]] bool each_profile(const Settings& settings, const bytecode::Pack& pack, const io::ProfileFile& file, bytecode::Index subject, const io::TakeProfile& take);
// The file at a path (`-`: standard input). Nothing when it cannot be opened: then why has been printed.
[[nodiscard]] std::optional<io::ProfileFile> open_profiles(const Settings& settings, const std::string& path);

// When the latest year of yearly facts lies so far before the day that policies hardly ask of it: what to make of that, else nothing.
[[nodiscard]] std::optional<std::string> why_years_are_old(const Settings& settings, std::optional<std::int32_t> latest_year);

}  // namespace eligo::cli
