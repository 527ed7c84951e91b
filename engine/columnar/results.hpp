// From the registers of a block to verdicts and amounts. Internal to columnar/.
#pragma once

#include <cstddef>

#include "run.hpp"
#include "specialise.hpp"

namespace eligo::columnar {

// Writes `count` rows of every result that the output has room for, from its element `at` on.
void write_results(const Plan& plan, const Specialisation& made, std::size_t count, std::size_t at, const Output& output, bool past_cache);

}  // namespace eligo::columnar
