// Policies of which there are many, through the columnar engine in a few ways. Used by columnar.cpp and agree.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "rules.hpp"

namespace eligo::oracle {

// Some profiles made up for each policy of a subject, in one batch; fails the test where verdicts, clauses or amounts are others
// than the oracle's.
void run_some_ways(const Rules& rules, sema::Id subject, std::size_t count, std::uint32_t seed);

}  // namespace eligo::oracle
