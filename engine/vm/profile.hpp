// One company's facts, as the engine holds them: whole multiples of each fact's unit, intervals for what is only
// partly known. Filling a profile may allocate; reading it does not.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"

namespace eligo::vm {

enum class CellState : std::uint8_t {
    Absent,   // not mentioned, and without a constant default: its computed default, or unknown
    Assumed,  // not mentioned: low is the fact's constant default
    Known,    // low == high
    Range,    // given as a range, low <= high
    Unknown,  // given as unknown
};

struct Cell {
    std::int64_t low = 0, high = 0;  // in units of the fact; meaningful for Assumed, Known and Range
    CellState state = CellState::Absent;
};

struct YearCell {
    std::int32_t year = 0;  // the fiscal year itself, 2015
    Cell cell;
};

struct Row;

struct List {
    CellState state = CellState::Absent;  // Absent and Unknown: any list; Known: `rows`
    std::vector<Row> rows;
};

// The facts of one subject (or of one element of a list), by column of the pack's Subject.
struct Row {
    std::vector<Cell> cells;                    // one a column; unused for yearly ones and lists
    std::vector<std::vector<YearCell>> years;   // one a column, by year; filled for yearly columns only
    std::vector<List> lists;                    // one a column; filled for lists only
};

// A row in which nothing is given: constant defaults are Assumed, all else Absent.
[[nodiscard]] Row empty_row(const bytecode::Pack& pack, bytecode::Index subject);

struct Profile {
    const bytecode::Pack* pack = nullptr;  // must outlive the profile
    bytecode::Index subject = bytecode::none;
    Row row;
    std::optional<std::int32_t> fiscal_year;  // else the year of the as-of date
    std::string company_id;
    // Texts of this profile that the pack does not compare with anything: text number pack.texts.size() + i.
    std::vector<std::string> texts;
};

[[nodiscard]] Profile empty_profile(const bytecode::Pack& pack, bytecode::Index subject);

// The cell of a yearly column in a year. A fact has a handful of years, so they are looked through; the column's own cell
// says what a year is that is not listed: its default, or unknown when the whole fact was given as unknown.
[[nodiscard]] inline const Cell& cell_in_year(const Row& row, bytecode::Index column, std::int32_t year) {
    for (const YearCell& entry : row.years[column])
        if (entry.year == year) return entry.cell;
    return row.cells[column];
}

// The cell of a column in a year (yearly columns; `year` is ignored for others). What is not there is Absent or Assumed.
[[nodiscard]] Cell cell_of(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, bytecode::Index column, std::int32_t year);

}  // namespace eligo::vm
