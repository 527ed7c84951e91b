// A pack to bytes and back. Bytes are little-endian, begin with "ELIGO\0", a format number and a checksum, and may
// come from anywhere: reading checks every length, and verify() what the bytes mean.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "pack.hpp"

namespace eligo::bytecode {

inline constexpr std::uint32_t image_format = 2;

[[nodiscard]] std::vector<std::uint8_t> write_image(const Pack& pack);
// Nothing, and one English sentence in `reason`, when the bytes are not a pack that can run safely.
[[nodiscard]] std::optional<Pack> read_image(std::span<const std::uint8_t> bytes, std::string& reason);

// Whether a pack can run: every operand an earlier register of the right kind or a number within its table, loops
// closed and nested, reductions inside their loop and read outside it, every index of every table in range, sets and
// periods in order, texts valid UTF-8, bounds on sizes, and what it says a check costs at most (bounds.hpp). Empty when it can, else the reason.
[[nodiscard]] std::string verify(const Pack& pack);

// The instructions of all programs with their operands spelled out, one a line.
[[nodiscard]] std::string disassemble(const Pack& pack);

}  // namespace eligo::bytecode
