// What one check of a policy can cost at most, told from the pack alone. The compiler writes it into the pack
// (state_bounds), the verifier works it out again and refuses a pack that says otherwise, `eligo inspect --bounds` shows it.
// Tested by tests/unit/bytecode_test.cpp and, against what the engine really does, by tests/engines/bounds.cpp.
//
// The formula. Needed are the instructions that the version's verdict, its top clauses, its benefits and the truth that it
// is in force rest on, loops with their ends.
//   instructions  each needed instruction once, within a loop as often as the list may have elements (nested loops: as
//                 often as their product), two for every top clause, whose beginning and whose test, which may end the
//                 check, are steps too, and three for its own end. A choice counts one more for each operand that may be
//                 left out, since finding that is a step: Select two, Reduce, And and Or one.
//   words         of 8 bytes: two for a needed number of 128 bits, one for every other number or truth, one more for
//                 a reduction (whether anything was gathered), four for a loop (where in its list it stands).
// Both are of a run over known values. A run over sets takes as many instructions and twice the words; a check that meets
// something unknown is both, one after the other. An engine may take
// several instructions in one step.
#pragma once

#include "pack.hpp"

namespace eligo::bytecode {

// Answers for any pack, even one that `verify` would refuse; beyond 2^64 - 1 it is that number.
[[nodiscard]] Bounds bounds_of(const Pack& pack, const Policy& policy, const Version& version);

// Writes the bounds of every version into the pack.
void state_bounds(Pack& pack);

// One check of a policy, whatever the day and the company.
struct Cost {
    std::uint64_t instructions = 0;            // with all facts known
    std::uint64_t instructions_with_sets = 0;  // where something is unknown: known values first, then sets
    std::uint64_t bytes = 0;                   // of working memory for known values
    std::uint64_t bytes_of_sets = 0;           // of working memory for sets, beside it
};
[[nodiscard]] Cost cost_of(const Bounds& bounds);
// From the bounds its versions state. Versions whose day is the day of the check exclude each other; a version that
// finds its own day must run to know whether it is in force.
[[nodiscard]] Cost cost_of(const Pack& pack, const Policy& policy);

}  // namespace eligo::bytecode
