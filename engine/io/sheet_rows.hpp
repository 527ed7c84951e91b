// Rows of cells, as the sheets of both kinds of workbooks give them to the table that is made of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "office_package.hpp"
#include "table.hpp"

namespace eligo::io {

// As many as a sheet of Excel has.
inline constexpr std::uint64_t most_sheet_rows = 1'048'576;

struct SheetCell {
    std::size_t column = 0;
    NodeKind kind = NodeKind::Absent;  // Plain, Null or Wrong
    CellFault fault = CellFault::None;
    bool has_many_digits = false;
    std::size_t at = 0, size = 0;      // in the row's text
};

struct SheetRow {
    std::uint64_t number = 0;
    std::vector<SheetCell> cells;       // those in which anything stands, by their columns
    std::string text;
    bool is_merged = false;             // a part of merged cells is in it
    std::optional<Problem> problem;     // it cannot be read

    void clear(std::uint64_t of) {
        number = of;
        cells.clear();
        text.clear();
        is_merged = false;
        problem.reset();
    }
    [[nodiscard]] std::string_view text_of(const SheetCell& cell) const { return std::string_view(text).substr(cell.at, cell.size); }
    // A value: blanks at its ends are cut, nothing is no cell, and `?` is unknown.
    void add_value(std::size_t column, std::string_view value, bool has_many_digits = false);
    void add_fault(std::size_t column, CellFault fault, std::string_view found);
    void refuse(std::string chinese, std::string english, std::string_view found);
    // Cells in the order of their columns. A column that is there twice makes the row a wrong one.
    void put_in_order();
};

// Takes rows as they are read.
class RowTaker {
public:
    RowTaker() = default;
    virtual ~RowTaker() = default;
    RowTaker(const RowTaker&) = delete;
    RowTaker& operator=(const RowTaker&) = delete;
    // True: enough for now.
    [[nodiscard]] virtual bool take(const SheetRow& row) = 0;
};

// The rows of a sheet, one behind the other.
class Sheet {
public:
    Sheet() = default;
    virtual ~Sheet() = default;
    Sheet(const Sheet&) = delete;
    Sheet& operator=(const Sheet&) = delete;
    // Gives some more rows to the taker, perhaps none. False behind the last, on a failure, and when someone has asked to stop.
    [[nodiscard]] virtual bool advance(RowTaker& taker) = 0;
    // How many columns the table has, once its header is known: what stands further right in merged cells is not looked for.
    virtual void set_columns(std::size_t) {}
    [[nodiscard]] virtual const std::optional<Problem>& failure() const = 0;
    [[nodiscard]] virtual Table::Progress progress() const = 0;
};

// The cells of merged ranges hold one value. Each covers further rows or columns.
struct MergedRange {
    std::uint64_t first_row = 0, last_row = 0;
    std::size_t first_column = 0, last_column = 0;
};

// Which cells of a row are a part of merged ranges, for rows that come in their order.
class MergedRanges {
public:
    // False: too many.
    [[nodiscard]] bool add(const MergedRange& range);
    // Before the first row. False: they lie upon each other.
    [[nodiscard]] bool finish();
    // Those that have cells in this row.
    [[nodiscard]] const std::vector<MergedRange>& in_row(std::uint64_t row);

private:
    std::vector<MergedRange> ranges_, in_row_;
    std::size_t next_ = 0;
};

}  // namespace eligo::io
