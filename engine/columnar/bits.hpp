// Bitmaps read a word at a time, wherever they begin. Internal to columnar/.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "column.hpp"

namespace eligo::columnar {

// The `count` (1 .. 64) bits from a row on; bits above are 0. No byte beyond the last of them is read.
[[nodiscard]] inline std::uint64_t bits_from(const Bits& bits, std::size_t row, std::size_t count) {
    const std::size_t first = bits.offset + row;
    const std::uint8_t* const bytes = bits.bytes + (first >> 3);
    const std::size_t shift = first & 7, whole = (shift + count + 7) / 8;  // bytes that hold them: up to 9
    std::uint64_t word = 0;
    if constexpr (std::endian::native == std::endian::little) {
        std::memcpy(&word, bytes, whole < 8 ? whole : 8);
    } else {
        for (std::size_t i = 0; i < (whole < 8 ? whole : 8); ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
    }
    word >>= shift;
    if (whole == 9) word |= std::uint64_t{bytes[8]} << (64 - shift);
    return count < 64 ? word & ((std::uint64_t{1} << count) - 1) : word;
}

// Of the lanes of a word that there are, all.
[[nodiscard]] inline std::uint64_t lanes_of_word(std::size_t lanes) { return lanes < 64 ? (std::uint64_t{1} << lanes) - 1 : ~std::uint64_t{0}; }

}  // namespace eligo::columnar
