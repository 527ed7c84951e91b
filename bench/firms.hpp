// Invented firms, the same ones on every machine: as a struct for the rules written by hand, as a profile for the engine.
#pragma once

#include <cstdint>
#include <vector>

#include "../engine/bytecode/pack.hpp"
#include "../engine/vm/profile.hpp"
#include "hand_written.hpp"

namespace eligo::bench {

enum class Knowledge : std::uint8_t { Complete, Gaps };  // Gaps: one firm in two lacks a fact

[[nodiscard]] std::vector<Firm> make_firms(std::size_t count, Knowledge knowledge);
[[nodiscard]] vm::Profile profile_of(const bytecode::Pack& pack, const Firm& firm);

}  // namespace eligo::bench
