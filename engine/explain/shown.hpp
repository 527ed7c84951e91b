// A measure of a frame as people are shown it: exact numbers, dates, members by name.
#pragma once

#include <optional>
#include <string>

#include "../bytecode/pack.hpp"
#include "../value/exact_text.hpp"
#include "../value/int128.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"
#include "answer.hpp"

namespace eligo::explain {

[[nodiscard]] Shown show(const bytecode::Pack& pack, const vm::Profile& profile, const vm::Frame& frame, const bytecode::Measure& measure);

// A number that is known, or open up to another one.
[[nodiscard]] Shown show_number(bytecode::Kind kind, bool percent, const value::Parts& low, const std::optional<value::Parts>& high = std::nullopt);
// A value of a measure's kind and unit, for who has no frame.
[[nodiscard]] Shown show_known(const bytecode::Pack& pack, const bytecode::Measure& measure, value::Int128 value);
// A value of a measure's kind and unit in plain notation with all its digits, "1200.00", "0.15", "2018-06-01", a member's name,
// for who has no frame: a benefit, never a quotient.
[[nodiscard]] std::string plain_text(const bytecode::Pack& pack, const bytecode::Measure& measure, value::Int128 value);

}  // namespace eligo::explain
