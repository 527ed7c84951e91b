// A measure of a frame as people are shown it: exact decimals, dates, members by name.
#pragma once

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"
#include "answer.hpp"

namespace eligo::explain {

[[nodiscard]] Shown show(const bytecode::Pack& pack, const vm::Profile& profile, const vm::Frame& frame, const bytecode::Measure& measure);

}  // namespace eligo::explain
