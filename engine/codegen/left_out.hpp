// The days on which a parameter may have no value.
// Tested by tests/unit/proofs_test.cpp.
#pragma once

#include <span>
#include <vector>

#include "../sema/model.hpp"

namespace eligo::codegen {

// The days from 1900 to 2199 on which no entry holds, by what was published on some day or other: of those that were, the last to
// begin, unless it has ended. Ascending and apart.
[[nodiscard]] std::vector<sema::Period> days_left_out(const sema::Parameter& parameter);

// Whether a period has none of these days. What lies before or behind all there are is as the first or the last of them.
[[nodiscard]] bool leaves_none_out(std::span<const sema::Period> left_out, sema::Period period);

}  // namespace eligo::codegen
