// Everyone who reads a pack, on rows that are made up from it: the engines over known values, over sets and over blocks of rows,
// explanations in both languages and as JSON, the disassembler, bulk screening with its report, the library in C and over Arrow's
// columns. That they come to an end is one thing; the other is that they say the same.
#pragma once

#include <cstdint>
#include <string>

#include "../../engine/bytecode/pack.hpp"

namespace eligo::oracle {

// Runs all of them on a pack that the verifier accepts. In what two of them differ, or nothing.
[[nodiscard]] std::string read_by_everyone(const bytecode::Pack& pack, std::uint64_t seed);

// How often two of them differed and a table of the pack had no row for what was asked: then numbers of it mean nothing.
[[nodiscard]] std::uint64_t holes_met();

}  // namespace eligo::oracle
