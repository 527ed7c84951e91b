// The policies a command is asked about, by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "settings.hpp"

namespace eligo::cli {

// Nothing when one of them does not exist: that has been told.
[[nodiscard]] std::optional<std::vector<bytecode::Index>> chosen_policies(const Settings& settings, const bytecode::Pack& pack, const std::vector<std::string>& wanted);
// The one subject that the chosen policies are for: none when nothing was chosen, nothing (told) when they differ.
[[nodiscard]] std::optional<bytecode::Index> common_subject(const Settings& settings, const bytecode::Pack& pack, const std::vector<bytecode::Index>& chosen);

}  // namespace eligo::cli
