// Rows that do not stand in a text of the input, such as those of a database: their cells, one behind the other, in the
// bytes of a chunk. What table_sqlite.cpp and table_excel.cpp share.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
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

// Stands before the cells of a row: how many columns it has, which may be more than the header's (then those are not here).
inline void pack_row(std::string& bytes, std::size_t columns) {
    const auto count = static_cast<std::uint32_t>(columns);
    bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
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
        for (TableCell& cell : cells_) {
            std::uint32_t size = 0;
            cell.kind = static_cast<NodeKind>(chunk_->bytes[at_]);
            std::memcpy(&size, chunk_->bytes.data() + at_ + 1, sizeof size);
            at_ += 1 + sizeof size;
            cell.text = std::string_view(chunk_->bytes).substr(at_, size);
            at_ += size;
        }
        row.cells = cells_;
        if (count == cells_.size()) return true;
        const std::string found = std::to_string(count), columns = std::to_string(cells_.size());
        problem_ = malformed({}, "本行有" + found + "格，标题行有" + columns + "列", "this row has " + found + " cells, the header " + columns + " columns");
        problem_.found = cells_.empty() ? "" : std::string(cells_[0].text);
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
