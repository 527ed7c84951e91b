// A pack to bytes and back. Bytes are little-endian, begin with "ELIGO\0", a format number and a checksum, and may
// come from anywhere: reading checks every length, and verify() what the bytes mean.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../value/allowance.hpp"
#include "invariant.hpp"
#include "pack.hpp"

namespace eligo::bytecode {

inline constexpr std::uint32_t image_format = 3;

[[nodiscard]] std::vector<std::uint8_t> write_image(const Pack& pack);
// Nothing, and why in `fault`, when the bytes are not a pack that can run safely. Nothing either, and `allowance` tells why, when they
// take more than is allowed: a step is a byte.
[[nodiscard]] std::optional<Pack> read_image(std::span<const std::uint8_t> bytes, Fault& fault, value::Allowance* allowance = nullptr);

// Whether a pack can run: the first of the invariants of invariants.def that it breaks, or none.
[[nodiscard]] Fault verify(const Pack& pack);

// The instructions of all programs with their operands spelled out, one a line.
[[nodiscard]] std::string disassemble(const Pack& pack);

}  // namespace eligo::bytecode
