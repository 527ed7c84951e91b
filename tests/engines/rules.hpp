// The shipped rules, read and compiled once: what the engines are compared on.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../../engine/bytecode/pack.hpp"
#include "../../engine/sema/model.hpp"
#include "../../engine/text/diagnostic.hpp"
#include "../../engine/text/source.hpp"

namespace eligo::oracle {

struct Rules {
    text::SourceSet sources;
    sema::Model model;
    std::optional<bytecode::Pack> pack;
    std::string errors;  // rendered; empty when the rules compile and their pack verifies
    std::vector<text::Code> codes;  // of the errors
    bool placed = true;             // each of which says where
};

// All of rules/, in the order of their paths.
[[nodiscard]] const Rules& shipped_rules();
// One source.
[[nodiscard]] Rules compiled(const std::string& name, const std::string& source);
// Each file of directed/, by its name.
[[nodiscard]] const std::map<std::string, Rules>& directed_rules();
// features.policy: what the shipped rules do not use.
[[nodiscard]] const Rules& feature_rules();

}  // namespace eligo::oracle
