// What reading a table in CSV is mostly made of, once for each set of vector instructions: any machine, AVX2 and AVX-512, NEON.
// The best one that this machine has is chosen when it is first asked for; every arm64 machine has NEON. Whatever is not of the plain kind that
// nearly all text is, is left to others; what is taken is taken exactly.
// Tested by tests/screening/kernels_test.cpp, for every set that the machine has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eligo::io {

// Texts that are given to kernels have so many bytes that may be read before and behind them.
inline constexpr std::size_t text_margin = 64;

struct Survey {
    std::size_t feeds = 0;  // line feeds
    bool quotes = false;    // any "
};

// What find_ends has found.
struct Ends {
    std::size_t ends = 0, feeds = 0;  // how many
    bool returns = false;             // any carriage return
    bool lone_returns = false;        // any that has no line feed behind it
    std::size_t beyond_ascii = 0;     // bytes that may be anything but ASCII, and some around them
};

// The cells of one column in rows that lie anywhere: row i's begins behind ends[rows[i] + column] and ends before
// ends[rows[i] + column + 1], or `behind` bytes earlier. One that would end a byte before it begins is empty.
struct ColumnCells {
    const char* text = nullptr;
    const std::uint32_t* ends = nullptr;
    const std::uint32_t* rows = nullptr;
    std::size_t count = 0;
    std::uint32_t column = 0, behind = 0;
};

// A number of at most so many decimals, as a whole multiple of 1 / 10^decimals.
struct Decimals {
    int decimals = 0;  // 0 .. 6
    std::int64_t least = 0, greatest = 0;
};

// What became of a column of numbers: how many rows were left, and what all others lie within, 0 included.
struct DecimalsRead {
    std::size_t left = 0;
    std::int64_t least = 0, greatest = 0;
};

// States of cells, numbered as in vm::CellState.
inline constexpr std::uint8_t cell_absent = 0, cell_known = 2;

struct Kernels {
    const char* name = "";

    Survey (*survey)(const char* text, std::size_t size);

    // Where the separators and line feeds of a text stand, and which of these are line feeds. In `beyond_ascii` is put together what
    // may be anything but ASCII, by pieces with ASCII around them: it is UTF-8 if and only if the text is. All three have room
    // for `size` + 64.
    Ends (*find_ends)(const char* text, std::size_t size, char separator, std::uint32_t* ends, std::uint32_t* feeds, char* beyond_ascii);

    // The values of a column. An empty cell is absent. A cell that is not of the plain kind, or whose value is not allowed,
    // is left: its row goes to `left`, which has room for all, and its state means nothing. How many were left.
    DecimalsRead (*read_decimals)(const ColumnCells& cells, const Decimals& decimals, std::int64_t* values, std::uint8_t* states, std::uint32_t* left);
    // 2018-06-01: days since 1970.
    std::size_t (*read_dates)(const ColumnCells& cells, std::int64_t least, std::int64_t greatest, std::int64_t* values, std::uint8_t* states, std::uint32_t* left);
    // true, false
    std::size_t (*read_truths)(const ColumnCells& cells, std::int64_t* values, std::uint8_t* states, std::uint32_t* left);

    // Bit i: the lowest bit of values[i]; of whole words, the rest 0.
    void (*find_odd)(const std::int64_t* values, std::size_t count, std::uint64_t* bits);
    // Bit i: whether bytes[i] == byte; of whole words, the rest 0. How many are.
    std::size_t (*find_bytes)(const std::uint8_t* bytes, std::size_t count, std::uint8_t byte, std::uint64_t* bits);
};

[[nodiscard]] const Kernels& kernels();

extern const Kernels kernels_plain;
#if defined(__x86_64__)
extern const Kernels kernels_avx2, kernels_avx512;
[[nodiscard]] bool machine_has_avx2();
// With the byte-wise compression that came with Ice Lake and Zen 4.
[[nodiscard]] bool machine_has_avx512();
#elif defined(__aarch64__)
extern const Kernels kernels_neon;
#endif

}  // namespace eligo::io
