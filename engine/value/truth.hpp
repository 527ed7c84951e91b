// Kleene's three truth values, once, for every engine and every report.
//
// A truth is a pair (certainly, possibly): false = (0,0), unknown = (0,1), true = (1,1). That makes it an
// interval of {0, 1}, so `and` is the lesser on both ends, `or` the greater, and `not` swaps and inverts.
#pragma once

#include <cstdint>

namespace eligo::value {

enum class Truth : std::uint8_t { False, Unknown, True };

[[nodiscard]] constexpr Truth truth_and(Truth a, Truth b) { return a < b ? a : b; }
[[nodiscard]] constexpr Truth truth_or(Truth a, Truth b) { return a < b ? b : a; }
[[nodiscard]] constexpr Truth truth_not(Truth a) { return static_cast<Truth>(2 - static_cast<int>(a)); }
[[nodiscard]] constexpr Truth truth_of(bool value) { return value ? Truth::True : Truth::False; }
[[nodiscard]] constexpr Truth truth_of(bool certainly, bool possibly) {
    return certainly ? Truth::True : possibly ? Truth::Unknown : Truth::False;
}

}  // namespace eligo::value
