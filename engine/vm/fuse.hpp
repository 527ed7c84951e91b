// Two steps over known values that become one: what costs in a short check is going from step to step.
#pragma once

#include <optional>

#include "plan.hpp"

namespace eligo::vm {

// One step for `last` and `next`, where nothing but `next` reads what `last` comes to. `zero` is the place of the constant
// 0, or no_place.
[[nodiscard]] std::optional<Step> fused(const Step& last, const Step& next, Place zero);

// The form of `next` that takes what `last` comes to without going through memory, where there is one.
[[nodiscard]] std::optional<Step> chained(const Step& last, const Step& next);

}  // namespace eligo::vm
