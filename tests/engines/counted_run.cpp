// The engine's own loop once more, counting: it goes from step to step by `goto`, so every goto counts one. It stands
// in bounds_tests in place of the library's.
#include "counted_run.hpp"

// What the loop includes comes first, so that only the loop itself is read with the counting goto.
#include <algorithm>
#include <cstring>
#include <type_traits>

#include "../../engine/vm/domain.hpp"
#include "../../engine/vm/run.hpp"

std::uint64_t eligo::oracle::executed_steps = 0;

#define goto for (++eligo::oracle::executed_steps;;) goto
#include "../../engine/vm/run.cpp"
