// Runs something that might not end, or take all memory, in a process of its own with bounds on both, so that a test can
// say how much an answer may cost. Seconds are of processor time: a busy machine changes nothing.
#pragma once

#include <functional>
#include <string>

namespace eligo::limits {

struct Bounds {
    unsigned seconds = 20;
    unsigned megabytes = 1'500;  // of address space; not held to under the sanitizers, which reserve far more
};

struct Ended {
    bool ended = false;   // within its bounds, by itself
    std::string said;     // what the action returned
    std::string because;  // when it did not end: the signal, or that memory ran out
};

// What is said must fit in a pipe: the action sums up what it saw.
[[nodiscard]] Ended within(const Bounds& bounds, const std::function<std::string()>& action);

}  // namespace eligo::limits
