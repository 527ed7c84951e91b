// The only door of codegen: a Model without errors -> Pack. Proves on the way that nothing can fail, and reports to
// the sink what it cannot prove: a quotient whose denominator may be zero, a number that may need more than 128
// bits, money that may not be whole fen, a table that leaves a gap.
#pragma once

#include <optional>

#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../text/diagnostic.hpp"
#include "../text/source.hpp"
#include "probes.hpp"

namespace eligo::codegen {

// The same with a register for every probe: answers are the same, and the program is longer.
struct Probed {
    bytecode::Pack pack;
    Probes probes;
};
[[nodiscard]] std::optional<Probed> generate_probed(const sema::Model& model, const text::SourceSet& sources, text::Sink& sink);

[[nodiscard]] std::optional<bytecode::Pack> generate(const sema::Model& model, const text::SourceSet& sources, text::Sink& sink);

}  // namespace eligo::codegen
