// What no pack may hold, told at its place in the source: bytecode/limits.hpp and invariants.def say how much of everything there
// may be. Ranges, widths and instructions are told where they are worked out.
#pragma once

#include <map>
#include <tuple>

#include "../bytecode/pack.hpp"
#include "../sema/model.hpp"
#include "../text/diagnostic.hpp"
#include "../value/range.hpp"

namespace eligo::codegen {

// Before anything is laid out: records within records, lists, benefits.
void check_structure(const sema::Model& model, text::Sink& sink);
// Of one program: its working memory and its tables.
void check_program(const sema::Subject& subject, const bytecode::Program& program, text::Sink& sink);
// What the amounts of a benefit lie within, in its unit: by policy, version and benefit.
using Amounts = std::map<std::tuple<sema::Id, sema::Id, sema::Id>, value::Range>;
// Of the whole: benefits over all versions of their policies, and its bytes.
void check_pack(const sema::Model& model, const bytecode::Pack& pack, const Amounts& amounts, text::Sink& sink);

}  // namespace eligo::codegen
