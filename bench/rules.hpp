// Policies compiled as they are measured.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../engine/bytecode/pack.hpp"

namespace eligo::bench {

struct Source {
    std::string path, text;
};

// The shipped rules, by path.
[[nodiscard]] std::vector<Source> shipped_rules();
[[nodiscard]] Source read_source(const std::string& path);

// Nothing when they do not compile; what is wrong is then said on standard error.
[[nodiscard]] std::optional<bytecode::Pack> compile(const std::vector<Source>& rules);

// There must be one of the name.
[[nodiscard]] bytecode::Index policy_named(const bytecode::Pack& pack, const std::string& name);

}  // namespace eligo::bench
