// Where rows of CSV end. A quoted cell may hold line ends (RFC 4180), but so may a quote that somebody forgot to close, and then the
// rows behind it would vanish in its cell. Whoever cuts chunks and whoever takes rows apart ask the same functions, so that rows do not
// depend on where chunks are cut. Tested by csv_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "table.hpp"

namespace eligo::io {

// What rows are held to.
struct CsvShape {
    char separator = ',';
    std::size_t columns = 0;  // what stands behind them is blank
    std::size_t needed = 0;   // of these, in every row
    std::size_t longest = longest_row;
};

// Lines of one row; a quote that takes more is one that nobody closes.
inline constexpr std::size_t most_lines_of_row = 1000;

// Behind the quote that closes a cell which begins at `quote`; npos when none does.
[[nodiscard]] std::size_t behind_closing_quote(std::string_view text, std::size_t quote);
// Without the quotes around it; doubled quotes within stay as they are.
[[nodiscard]] inline std::string_view between_quotes(std::string_view cell) { return cell.size() >= 2 && cell.front() == '"' && cell.back() == '"' ? cell.substr(1, cell.size() - 2) : cell; }

// A row in which a quoted cell goes on behind its line.
//   One     it is a row, however many lines it takes.
//   Spoilt  its first line is wrong, and reading goes on at the second: the quote is not closed within the bounds; or the row has not
//           the cells that it should have, while one of its further lines has them; or the row has them, but so have its first line
//           and most of its further lines, so that it may be as many rows.
//   Open    the text ends before that can be told.
enum class Lines : std::uint8_t { One, Spoilt, Open };
struct ManyLines {
    Lines lines = Lines::Open;
    std::size_t end = 0;  // One: behind the row
};
// The row that begins at `begin`. `is_all`: the text does not go on.
[[nodiscard]] ManyLines judge_lines(std::string_view text, std::size_t begin, const CsvShape& shape, bool is_all);

// Behind the last line end of a text that ends a row, of a text that goes on; 0 when none does.
[[nodiscard]] std::size_t behind_last_row(std::string_view text, const CsvShape& shape);

}  // namespace eligo::io
