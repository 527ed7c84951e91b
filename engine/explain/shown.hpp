// A measure of a frame as people are shown it: exact decimals, dates, members by name.
#pragma once

#include <string>

#include "../bytecode/pack.hpp"
#include "../value/int128.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"
#include "answer.hpp"

namespace eligo::explain {

[[nodiscard]] Shown show(const bytecode::Pack& pack, const vm::Profile& profile, const vm::Frame& frame, const bytecode::Measure& measure);

// A value of a measure's kind and unit in plain notation, "1200.00", "0.15", "2018-06-01", a member's name, for who has no
// frame: a benefit, never a quotient.
[[nodiscard]] std::string plain_text(const bytecode::Pack& pack, const bytecode::Measure& measure, value::Int128 value);

}  // namespace eligo::explain
