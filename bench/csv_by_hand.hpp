// The hand-written pipeline from the screening workload's CSV to a CSV of results: what `eligo screen` is held against.
#pragma once

#include <string>

namespace eligo::bench {

// Reads a file that is as its specification says and writes what `eligo screen` writes of it. Nothing is checked: a file
// that is otherwise gives anything. False: it cannot be read or written.
[[nodiscard]] bool csv_by_hand(const std::string& input, const std::string& output, unsigned threads);

}  // namespace eligo::bench
