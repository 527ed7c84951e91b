// Two rows of a made-up subject as Arrow's columns through <eligo/batch.hpp>: every fact that is no list, at both its ends. Used by
// readers.cpp.
#pragma once

#include <string>
#include <vector>

#include "../../engine/bytecode/pack.hpp"

namespace eligo::oracle {

// What is wrong with it, or nothing: that the library does not take a column of a fact's own values.
[[nodiscard]] std::string screened_by_arrow(const bytecode::Pack& pack, bytecode::Index subject, const std::vector<bytecode::Index>& policies);

}  // namespace eligo::oracle
