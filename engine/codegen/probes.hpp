// What a run can be asked beside its answers, so that the strength of scenarios can be told: whether a row of a table or
// a value of a parameter was the one that counted, and on which side of a threshold a value lay. Probes are made only
// on request (generate.hpp): an ordinary pack holds none and pays nothing for them.
// Tested by tests/unit/strength_test.cpp.
#pragma once

#include <cstdint>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../text/source.hpp"

namespace eligo::codegen {

enum class ProbeKind : std::uint8_t {
    Row,     // of a table
    Entry,   // of a parameter
    Below,   // of a threshold: the left side lay below the right
    Border,  // both were the same
    Above,
    Apart,   // of a comparison with = or !=: they were not the same
};

struct Probe {
    ProbeKind kind = ProbeKind::Row;
    sema::Id entity = sema::no_id;   // Row: table; Entry: parameter
    std::uint32_t part = 0;          // Row, Entry: number of the row or entry
    text::Span span;                 // the row, the entry, the comparison, or the written end of a range
    bytecode::Register happened = bytecode::no_register;  // a truth; of an element of a list: of any of them
    bytecode::Register of = bytecode::no_register;        // the value it is about: who does not rest on that, is not asked
};

// The probes of each subject's program, in the order of the subjects. One place in the source may have several: one for
// each use.
using Probes = std::vector<std::vector<Probe>>;

}  // namespace eligo::codegen
