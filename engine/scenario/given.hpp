// What a scenario asks: the policy, the day, and from its `given` lines a profile of the pack. Internal to scenario/; its only door is run.hpp.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../vm/profile.hpp"
#include "run.hpp"

namespace eligo::scenario {

// The fiscal year a scenario counts from: the one it gives, else the year of its date.
[[nodiscard]] std::int32_t fiscal_year_of(const sema::Scenario& scenario);

// The day it asks of, and the day up to which what was published counts.
[[nodiscard]] explain::Question question_of(const sema::Scenario& scenario);
// Its number in the pack, or bytecode::none.
[[nodiscard]] bytecode::Index policy_named(const bytecode::Pack& pack, const std::string& name);

// What a fact cannot hold is added to `mismatches` and left out.
[[nodiscard]] vm::Profile make_profile(const sema::Model& model, const bytecode::Pack& pack, const sema::Scenario& scenario,
                                       std::vector<Mismatch>& mismatches);

}  // namespace eligo::scenario
