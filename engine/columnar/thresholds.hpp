// A comparison with a constant, taken back through ages, shares and sums with constants to the one column it is about.
// `months from registered_on to as_of >= 12` is `registered_on <= 2017-06-01`: one comparison of a date.
#pragma once

#include <optional>

#include "code.hpp"

namespace eligo::columnar {

struct Threshold {
    NodeId column = no_node;   // an Input
    std::int64_t bound = 0;
    bool below = true;         // holds where column <= bound; else where column > bound
    bool always = false;       // the column's whole range answers alike
    bool holds = false;        // always: what it answers
};

// Nothing when the node is no such comparison.
[[nodiscard]] std::optional<Threshold> find_threshold(const Plan::Code& code, const Node& node);

}  // namespace eligo::columnar
