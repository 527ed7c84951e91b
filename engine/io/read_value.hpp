// From the text of a cell to a value, exactly as vm::read_cell reads it, but faster where the text is of the plain kind
// that nearly every cell is: digits with a point, a date, a truth, a member's name, a code. Whatever is anything else, or
// wrong, is left to vm::read_cell, which also says what is wrong with it.
// Tested by table_test.cpp, against vm::read_cell.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile_set.hpp"
#include "kernels/kernels.hpp"

namespace eligo::io {

// Texts that were met and the values they have: members of enumerations and codes, of which a column holds few.
class MetTexts {
public:
    [[nodiscard]] const std::int64_t* find(std::string_view text) const {
        const Key key = key_of(text);
        for (std::size_t at = place_of(key);; at = (at + 1) & (entries_.size() - 1)) {
            const Entry& entry = entries_[at];
            if (!entry.used) return nullptr;
            if (entry.key.first == key.first && entry.key.last == key.last && entry.key.size == key.size && (key.size <= 16 || entry.text == text)) return &entry.value;
        }
    }
    void add(std::string_view text, std::int64_t value);

private:
    // Of up to 16 bytes the first and the last eight are all.
    struct Key {
        std::uint64_t first = 0, last = 0;
        std::size_t size = 0;
    };
    struct Entry {
        Key key;
        std::int64_t value = 0;
        bool used = false;
        std::string text;
    };
    [[nodiscard]] static Key key_of(std::string_view text) {
        Key key{0, 0, text.size()};
        if (text.size() >= 8) {
            std::memcpy(&key.first, text.data(), 8);
            std::memcpy(&key.last, text.data() + text.size() - 8, 8);
        } else if (text.size() >= 4) {
            std::uint32_t first = 0, last = 0;
            std::memcpy(&first, text.data(), 4);
            std::memcpy(&last, text.data() + text.size() - 4, 4);
            key.first = first;
            key.last = last;
        } else {
            for (const char c : text) key.first = key.first << 8 | static_cast<unsigned char>(c);
        }
        return key;
    }
    [[nodiscard]] std::size_t place_of(const Key& key) const {
        const std::uint64_t mixed = (key.first * 0x9E3779B97F4A7C15ULL ^ key.last) * 0xC2B2AE3D27D4EB4FULL + key.size;
        return static_cast<std::size_t>((mixed ^ mixed >> 29) >> 20) & (entries_.size() - 1);
    }

    std::vector<Entry> entries_ = std::vector<Entry>(64);  // a power of two, at most half of it used
    std::size_t used_ = 0;
};

class ValueReader {
public:
    ValueReader(const bytecode::Pack& pack, const bytecode::Fact& fact);
    // `texts` as in vm::read_cell.
    [[nodiscard]] std::optional<vm::Problem> read(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell);
    // A column of plain cells. What is not of the plain kind is left to `read`: the rows, in their order, in `left`, which has
    // room for all. How many were left.
    [[nodiscard]] std::size_t read_column(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint32_t* left) const;

private:
    [[nodiscard]] bool read_digits(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_date(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_known(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] std::size_t read_met(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint32_t* left) const;
    [[nodiscard]] bool within(std::int64_t value, vm::Cell& cell) const;

    const bytecode::Pack& pack_;
    const bytecode::Fact& fact_;
    int decimals_ = -1;  // of the unit, when it is 1 / 10^decimals
    // Members and codes that were met, which are few: their numbers are found once.
    MetTexts met_;
    std::size_t met_count_ = 0;
};

}  // namespace eligo::io
