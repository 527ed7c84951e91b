// Rows that do not stand in a text of the input, such as those of a database: their cells, one behind the other, in the
// bytes of a chunk. What table_sqlite.cpp and table_workbook.cpp share.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "formats.hpp"
#include "table.hpp"

namespace eligo::io {

inline void pack_cell(std::string& bytes, NodeKind kind, std::string_view text) {
    const auto size = static_cast<std::uint32_t>(text.size());
    bytes += static_cast<char>(kind);
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes += text;
}

// Beside the kind of a cell.
inline constexpr unsigned char many_digits_mark = 0x80;

// Of a cell that is wrong, the fault stands before what was found.
inline void pack_cell(std::string& bytes, const TableCell& cell) {
    if (cell.kind != NodeKind::Wrong) return pack_cell(bytes, cell.has_many_digits ? static_cast<NodeKind>(static_cast<unsigned char>(cell.kind) | many_digits_mark) : cell.kind, cell.text);
    pack_cell(bytes, cell.kind, static_cast<char>(cell.fault) + std::string(cell.text));
}

// Behind the cell at `at`, which it reads.
inline std::size_t unpack_cell(std::string_view bytes, std::size_t at, TableCell& cell) {
    std::uint32_t size = 0;
    const auto kind = static_cast<unsigned char>(bytes[at]);
    cell = {{}, static_cast<NodeKind>(kind & ~many_digits_mark), 0, CellFault::None, (kind & many_digits_mark) != 0};
    std::memcpy(&size, bytes.data() + at + 1, sizeof size);
    at += 1 + sizeof size;
    cell.text = bytes.substr(at, size);
    if (cell.kind == NodeKind::Wrong) {
        cell.fault = static_cast<CellFault>(cell.text.front());
        cell.text.remove_prefix(1);
    }
    return at + size;
}

// Stands before the cells of a row: how many columns it has, which may be more than the header's (then those are not here).
inline void pack_row(std::string& bytes, std::size_t columns) {
    const auto count = static_cast<std::uint32_t>(columns);
    bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
}

// In place of a row that is refused as a whole.
constexpr std::size_t refused_row = 0xFFFFFFFF;
inline void pack_refusal(std::string& bytes, const Problem& problem) {
    pack_row(bytes, refused_row);
    for (const std::string* const part : {&problem.chinese, &problem.english, &problem.found}) pack_cell(bytes, NodeKind::Text, *part);
}

class PackedReader : public RowReader {
public:
    explicit PackedReader(std::size_t columns) { cells_.resize(columns); }

    void begin(const Chunk& chunk) override {
        chunk_ = &chunk;
        at_ = row_ = 0;
    }

    bool next(TableRow& row) override {
        if (row_ >= chunk_->lines.size()) return false;
        row = {};
        row.line = chunk_->lines[row_++];
        std::uint32_t count = 0;
        std::memcpy(&count, chunk_->bytes.data() + at_, sizeof count);
        at_ += sizeof count;
        if (count == refused_row) {
            TableCell chinese, english, found;
            for (TableCell* const part : {&chinese, &english, &found}) at_ = unpack_cell(chunk_->bytes, at_, *part);
            problem_ = malformed({}, std::string(chinese.text), std::string(english.text));
            problem_.found = found.text;
            row.problem = &problem_;
            return true;
        }
        for (TableCell& cell : cells_) at_ = unpack_cell(chunk_->bytes, at_, cell);
        row.cells = cells_;
        if (count == cells_.size()) return true;
        const std::string found = std::to_string(count), columns = std::to_string(cells_.size());
        problem_ = malformed({}, "本行有" + found + "格，标题行有" + columns + "列", "this row has " + found + " cells, the header " + columns + " columns");
        problem_.found = cells_.empty() ? "" : clipped(cells_[0].text);
        row.problem = &problem_;
        return true;
    }

private:
    const Chunk* chunk_ = nullptr;
    std::size_t at_ = 0, row_ = 0;
    std::vector<TableCell> cells_;
    Problem problem_;
};

}  // namespace eligo::io
