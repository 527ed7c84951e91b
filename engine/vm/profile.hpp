// One company's facts, as the engine holds them: whole multiples of each fact's unit, intervals for what is only
// partly known. Filling a profile may allocate; reading it does not.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/exactly.hpp"

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

struct List;

// No fact has these values: what Row::known answers where nothing certain is held, or where a fact is left out (Absent).
inline constexpr std::int64_t not_known = std::numeric_limits<std::int64_t>::min(), left_out = not_known + 1;
static_assert(left_out < value::least_given);
constexpr bool is_known(std::int64_t value) { return value > left_out; }

// The columns among which all yearly ones of a subject lie.
struct YearlyColumns {
    bytecode::Index first = 0;
    std::uint32_t count = 0;
    // Where a column's value of so many years later stands.
    [[nodiscard]] std::int32_t place(bytecode::Index column, std::int32_t years) const {
        return years * static_cast<std::int32_t>(count) + static_cast<std::int32_t>(column - first);
    }
};
[[nodiscard]] YearlyColumns yearly_columns(const bytecode::Pack& pack, bytecode::Index subject);

// The facts of one subject (or of one element of a list), by column of the pack's Subject. A check reads a fact or two a
// clause out of some hundred, for one company after another: so the certain values stand by themselves and close
// together, and all else a fact may be (a range, unknown, left out) is looked up only where there is no such value.
class Row {
public:
    Row() = default;
    // Nothing is given: constant defaults are Assumed, all else Absent.
    Row(const bytecode::Pack& pack, bytecode::Index subject);

    // The cell of a column that is not yearly; of a yearly one, what a year is that is not listed: its default, or
    // unknown when the whole fact was given as unknown.
    [[nodiscard]] const Cell& cell(bytecode::Index column) const { return cells_[column]; }
    void set(bytecode::Index column, const Cell& cell);

    // The cell of a yearly column in a year.
    [[nodiscard]] const Cell& cell_in_year(bytecode::Index column, std::int32_t year) const {
        if (years_[column].count == 0) return cells_[column];
        return cell_among_years(column, year);
    }
    void set_year(bytecode::Index column, std::int32_t year, const Cell& cell);
    void drop_year(bytecode::Index column, std::int32_t year);
    void drop_years(bytecode::Index column);
    // The years that are listed, ascending.
    [[nodiscard]] std::span<const YearCell> years(bytecode::Index column) const;

    // The value of a fact that is Known or Assumed, else `not_known` or `left_out`.
    [[nodiscard]] std::int64_t known(bytecode::Index column) const { return known_[column]; }
    [[nodiscard]] std::int64_t known_in_year(bytecode::Index column, std::int32_t year) const {
        const auto at = static_cast<std::uint32_t>(year - first_held_);
        if (at < years_held_) [[likely]] return known_years_[at * yearly_.count + (column - yearly_.first)];
        return known_in_other_year(column, year);
    }
    // The same of many facts about one year, from `first` to `last` years after it: its value where YearlyColumns::place says, counted
    // from here; null where not all of these years are held together.
    [[nodiscard]] const std::int64_t* known_around(std::int32_t year, std::int32_t first, std::int32_t last) const {
        const auto at = static_cast<std::uint32_t>(year + first - first_held_);
        if (std::uint64_t{at} + static_cast<std::uint32_t>(last - first) >= years_held_) return nullptr;
        return known_years_.data() + static_cast<std::size_t>(year - first_held_) * yearly_.count;
    }

    // Whether any fact that is not yearly is given as a range.
    [[nodiscard]] bool holds_ranges() const { return ranges_ != 0; }

    // Before reading the elements of a list: what was not looked at for a while lies far from the processor, and is better
    // fetched all at once than one by one. The facts of a company itself are read many at a time anyway (ReadFacts).
    void fetch() const {
        constexpr std::size_t line = 64;
        const auto* values = reinterpret_cast<const char*>(known_.data());
        for (std::size_t at = 0; at < known_.size() * sizeof(std::int64_t); at += line) __builtin_prefetch(values + at);
    }

    // The elements of a list column.
    [[nodiscard]] const List& list(bytecode::Index column) const;
    [[nodiscard]] List& list(bytecode::Index column);

private:
    // A column's part of `year_cells_`.
    struct Years {
        std::uint32_t begin = 0, count = 0;
    };
    [[nodiscard]] const Cell& cell_among_years(bytecode::Index column, std::int32_t year) const;
    [[nodiscard]] std::int64_t known_in_other_year(bytecode::Index column, std::int32_t year) const;
    [[nodiscard]] std::size_t find_year(bytecode::Index column, std::int32_t year) const;  // or where it would stand
    [[nodiscard]] bool holds_year(bytecode::Index column, std::int32_t year, std::size_t at) const;
    void hold_years_up_to(std::int32_t last);
    void hold_again(bytecode::Index column);

    YearlyColumns yearly_;
    std::int32_t first_held_ = 0;        // the first year of `known_years_`
    std::uint32_t years_held_ = 0;       // how many it has: none before a year is given
    std::uint32_t ranges_ = 0;           // how many of cells_ are ranges
    std::vector<std::int64_t> known_;    // of cells_
    std::vector<std::int64_t> known_years_;  // the last years that are given and one more, year after year, of every column from the first yearly one to the last
    std::vector<Years> years_;           // one a column, where the subject has yearly ones
    std::vector<List> lists_;            // one a column, where the subject has lists
    std::vector<Cell> cells_;            // one a column
    std::vector<YearCell> year_cells_;   // by column, then year
};

struct List {
    CellState state = CellState::Absent;  // Absent and Unknown: any list; Known: `rows`
    std::vector<Row> rows;
};

inline const List& Row::list(bytecode::Index column) const { return lists_[column]; }
inline List& Row::list(bytecode::Index column) { return lists_[column]; }

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

// The cell of a column in a year (yearly columns; `year` is ignored for others). What is not there is Absent or Assumed.
[[nodiscard]] const Cell& cell_of(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, bytecode::Index column, std::int32_t year);

}  // namespace eligo::vm
