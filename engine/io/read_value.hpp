// From the text of a cell to a value, exactly as vm::read_cell reads it, but faster where the text is of the plain kind
// that nearly every cell is: digits with a point, a date, a truth, a member's name, a code. Whatever is anything else, or
// wrong, is left to vm::read_cell, which also says what is wrong with it.
// Tested by table_test.cpp, against vm::read_cell.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile_set.hpp"
#include "kernels/kernels.hpp"
#include "unit.hpp"

namespace eligo::io {

// Texts that were met and what they mean: members of enumerations and codes, of which a column holds few.
class MetTexts {
public:
    struct Meaning {
        std::int64_t value = 0;
        vm::CellState state = vm::CellState::Known;
        std::uint8_t narrow = 0;  // the value as a byte; see ValueReader::narrow_values
        bool is_narrow = false;   // there is such a byte
    };
    // The text lies in a PaddedText.
    [[nodiscard]] const Meaning* find_padded(const char* text, std::uint32_t size) const {
        if (size > longest) return nullptr;
        // Without branches: how long texts are is hard to guess.
        const Piece front = piece(text) & piece(within + (longest - size)), back = piece(text + sizeof(Piece)) & piece(within + (longest + sizeof(Piece) - size));
        const auto as_words = reinterpret_cast<Words>(front);
        const std::uint64_t last = eight(text + size - 8) & (size > 8 ? ~std::uint64_t{0} : 0);
        return find_in(mixed(as_words[0], last, size), [&](const Entry& entry) {
            const auto differ = reinterpret_cast<Words>((front ^ entry.front) | (back ^ entry.back));
            return (differ[0] | differ[1] | (size ^ entry.size)) == 0;
        });
    }
    // Of at most so many bytes, which one word tells apart.
    static constexpr std::uint32_t longest_of_a_word = 8;
    [[nodiscard]] const Meaning* find_word(const char* text, std::uint32_t size) const {
        std::uint64_t mask = 0;
        std::memcpy(&mask, within + (longest - size), sizeof mask);
        const std::uint64_t word = eight(text) & mask;
        return find_in(mixed(word, 0, size), [&](const Entry& entry) { return reinterpret_cast<Words>(entry.front)[0] == word && entry.size == size; });
    }
    [[nodiscard]] const Meaning* find(std::string_view text) const {
        if (text.size() > longest) return nullptr;
        const Padded padded(text);
        return find_padded(padded.text(), static_cast<std::uint32_t>(text.size()));
    }
    // Longer texts are not kept.
    void add(std::string_view text, const Meaning& meaning);
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    // Sixteen bytes, as every machine of 64 bits has them in one register.
    using Piece = unsigned char __attribute__((vector_size(16)));
    using Words = std::uint64_t __attribute__((vector_size(16)));
    static constexpr std::size_t longest = 2 * sizeof(Piece);
    // From `longest` - n on: n bytes that are all ones, and then none.
    static constexpr char within[2 * longest + 1] =
        "\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    static_assert(std::endian::native == std::endian::little, "the first bytes of a text are the lowest of a word");
    // On a line of its own.
    struct alignas(64) Entry {
        Piece front{}, back{};  // and zeros behind the text
        Meaning meaning;
        std::uint64_t mixed = 0;
        std::uint32_t size = 0;
    };
    template <class IsIt>
    [[nodiscard]] const Meaning* find_in(std::uint64_t from, IsIt is_it) const {
        for (std::size_t at = from & (slots_.size() - 1);; at = (at + 1) & (slots_.size() - 1)) {
            if (slots_[at] == 0) return nullptr;
            const Entry& entry = entries_[slots_[at] - 1U];
            if (is_it(entry)) return &entry.meaning;
        }
    }
    // Of the first eight bytes and the last, where it has more than eight.
    [[nodiscard]] static std::uint64_t mixed(std::uint64_t first, std::uint64_t last, std::uint32_t size) {
        return ((first * 0x9E3779B97F4A7C15ULL ^ last) * 0xC2B2AE3D27D4EB4FULL + size) >> 40;
    }
    [[nodiscard]] static std::uint64_t eight(const char* at) {
        std::uint64_t bytes = 0;
        std::memcpy(&bytes, at, sizeof bytes);
        return bytes;
    }
    [[nodiscard]] static Piece piece(const char* at) {
        Piece bytes{};
        std::memcpy(&bytes, at, sizeof bytes);
        return bytes;
    }
    struct Padded {
        static constexpr std::size_t margin = 16;  // as find_padded reads it
        char bytes[margin + longest + margin]{};
        explicit Padded(std::string_view from) { std::memcpy(bytes + margin, from.data(), from.size()); }
        [[nodiscard]] const char* text() const { return bytes + margin; }
    };
    void put(std::size_t entry);

    std::vector<Entry> entries_;
    // Entries by their texts, counted from 1: a power of two, so many that two seldom want the same.
    std::vector<std::uint16_t> slots_ = std::vector<std::uint16_t>(256);
};

class ValueReader {
public:
    // `unit`: that the cells are in, where it is not the fact's own.
    ValueReader(const bytecode::Pack& pack, const bytecode::Fact& fact, const ColumnUnit* unit = nullptr);
    // `texts` as in vm::read_cell.
    [[nodiscard]] std::optional<vm::Problem> read(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell);
    [[nodiscard]] bool reads_texts() const { return fact_.kind == bytecode::Kind::Text; }
    struct ColumnRead {
        std::size_t left = 0;    // how many rows were left
        bool is_narrow = false;  // all others have bytes
        bool is_bounded = false;  // of all others, what is known lies within
        std::int64_t least = 0, greatest = 0;
    };
    // A column of plain cells. What is not of the plain kind is left to `read`: the rows, in their order, in `left`, which has
    // room for all. Enumerations and codes are there once more as bytes, in `narrow`. A cell that is empty has the fact's constant
    // default for its value.
    [[nodiscard]] ColumnRead read_column(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint8_t* narrow, std::uint32_t* left) const;

    // What bytes of codes mean. It grows as codes are met, and never otherwise changes. Empty for enumerations, whose bytes are
    // the numbers of their members.
    [[nodiscard]] const std::vector<std::int64_t>& narrow_values() const { return narrow_values_; }
    // The byte of a value that `read` has read; nothing when it has none.
    [[nodiscard]] std::optional<std::uint8_t> narrow(std::int64_t value) const;

private:
    [[nodiscard]] std::optional<vm::Problem> read_in_unit(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell);
    [[nodiscard]] bool read_digits(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_date(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_known(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] ColumnRead read_decimals(const ColumnCells& cells, std::int64_t* values, std::uint8_t* states, std::uint32_t* left) const;
    [[nodiscard]] ColumnRead read_met(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint8_t* narrow, std::uint32_t* left) const;
    [[nodiscard]] MetTexts::Meaning meaning_of(std::int64_t value, vm::CellState state);
    [[nodiscard]] bool within(std::int64_t value, vm::Cell& cell) const;

    const bytecode::Pack& pack_;
    const bytecode::Fact& fact_;
    const ColumnUnit* unit_;
    int decimals_ = -1;  // of the unit, when it is 1 / 10^decimals
    // Members and codes that were met, which are few: their numbers are found once.
    MetTexts met_;
    std::vector<std::int64_t> narrow_values_;
};

}  // namespace eligo::io
