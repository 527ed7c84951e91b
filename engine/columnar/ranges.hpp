// What every value of a graph can lie within, worked out forwards from what the columns can hold. Sound for every lane,
// whichever branch it takes; it decides how wide a block computes. Internal to columnar/.
#pragma once

#include <span>
#include <vector>

#include "code.hpp"

namespace eligo::columnar {

enum class Lane : std::uint8_t {
    Any,    // both ends of every interval lie within the range
    Known,  // only where all that is read is known: then no empty constant of a table is ever chosen
};

// From the range of each source's values; the result has one range a node.
[[nodiscard]] std::vector<Interval<Int128>> find_ranges(const Plan::Code& code, std::span<const Interval<std::int64_t>> sources, Lane lanes);
// From the declared ranges of the facts.
[[nodiscard]] std::vector<Interval<std::int64_t>> declared_ranges(const Plan::Code& code);

[[nodiscard]] constexpr bool fits_number(const Interval<Int128>& range) { return value::fits_int64(range.low) && value::fits_int64(range.high); }

}  // namespace eligo::columnar
