// Columns of bytes and of truths as bits, 64 rows a word, by the best instructions there are.
// Tested by tests/screening/kernels_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eligo::io {

// Bit i: whether bytes[i] == byte; of whole words, the rest 0. How many are.
std::size_t find_bytes(const std::uint8_t* bytes, std::size_t count, std::uint8_t byte, std::uint64_t* bits);
// Bit i: the lowest bit of values[i]; of whole words, the rest 0.
void find_odd(const std::int64_t* values, std::size_t count, std::uint64_t* bits);

}  // namespace eligo::io
