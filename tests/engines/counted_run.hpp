// How many steps the engine has executed, in the programs that link counted_run.cpp in place of the engine's own loop.
#pragma once

#include <cstdint>

namespace eligo::oracle {

extern std::uint64_t executed_steps;

}  // namespace eligo::oracle
