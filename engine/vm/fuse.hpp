// Two steps over known values that become one: what costs in a short check is going from step to step.
#pragma once

#include <optional>

#include "plan.hpp"

namespace eligo::vm {

// One step for `last` and `next`, where nothing but `next` reads what `last` comes to. `zero` is the place of the constant
// 0, or no_place.
[[nodiscard]] std::optional<Step> fused(const Step& last, const Step& next, Place zero);

}  // namespace eligo::vm
