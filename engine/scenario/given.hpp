// From the `given` lines of a scenario to a profile of the pack. Internal to scenario/; its only door is run.hpp.
#pragma once

#include <cstdint>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../vm/profile.hpp"
#include "run.hpp"

namespace eligo::scenario {

// The fiscal year a scenario counts from: the one it gives, else the year of its date.
[[nodiscard]] std::int32_t fiscal_year_of(const sema::Scenario& scenario);

// What a fact cannot hold is added to `mismatches` and left out.
[[nodiscard]] vm::Profile make_profile(const sema::Model& model, const bytecode::Pack& pack, const sema::Scenario& scenario,
                                       std::vector<Mismatch>& mismatches);

}  // namespace eligo::scenario
