// Rows and what keeps their certain values beside their cells. Tested by tests/unit/profile_test.cpp.
#include "profile.hpp"

#include <algorithm>

namespace eligo::vm {
namespace {

const bytecode::Fact& fact_of(const bytecode::Pack& pack, const bytecode::Column& column) { return pack.subjects[column.subject].facts[column.fact()]; }

Cell empty_cell(const bytecode::Fact& fact) {
    if (fact.default_kind != bytecode::DefaultKind::Constant) return {};
    return {fact.default_value, fact.default_value, CellState::Assumed};
}

std::int64_t known_of(const Cell& cell) { return cell.state == CellState::Known || cell.state == CellState::Assumed ? cell.low : not_known; }

}  // namespace

Row::Row(const bytecode::Pack& pack, bytecode::Index subject) {
    const auto& columns = pack.subjects[subject].columns;
    bool yearly = false, lists = false;
    columns_ = static_cast<std::uint32_t>(columns.size());
    cells_.reserve(columns.size());
    known_.reserve(columns.size());
    for (const auto& column : columns) {
        const bytecode::Fact& fact = fact_of(pack, column);
        yearly = yearly || fact.yearly;
        lists = lists || fact.kind == bytecode::Kind::List;
        cells_.push_back(empty_cell(fact));
        known_.push_back(known_of(cells_.back()));
    }
    if (yearly) years_.resize(columns.size() + 1);
    if (lists) lists_.resize(columns.size());
}

void Row::set(bytecode::Index column, const Cell& cell) {
    cells_[column] = cell;
    known_[column] = known_of(cell);
}

std::size_t Row::find_year(bytecode::Index column, std::int32_t year) const {
    const auto begin = year_cells_.begin() + years_[column].begin, end = year_cells_.begin() + years_[column + 1].begin;
    return static_cast<std::size_t>(std::lower_bound(begin, end, year, [](const YearCell& entry, std::int32_t wanted) { return entry.year < wanted; }) - year_cells_.begin());
}

bool Row::holds_year(bytecode::Index column, std::int32_t year, std::size_t at) const { return at < years_[column + 1].begin && year_cells_[at].year == year; }

std::span<const YearCell> Row::years(bytecode::Index column) const {
    if (years_.empty()) return {};
    return std::span(year_cells_).subspan(years_[column].begin, years_[column + 1].begin - years_[column].begin);
}

const Cell& Row::cell_among_years(bytecode::Index column, std::int32_t year) const {
    const std::size_t at = find_year(column, year);
    return holds_year(column, year, at) ? year_cells_[at].cell : cells_[column];
}

std::int64_t Row::known_in_broken_years(bytecode::Index column, std::int32_t year) const { return known_of(cell_in_year(column, year)); }

// After `grown` cells came into (or, negative, went out of) a column's years.
void Row::refresh(bytecode::Index column, std::int64_t grown) {
    for (std::size_t later = column + 1; later < years_.size(); ++later) years_[later].begin = static_cast<std::uint32_t>(years_[later].begin + grown);
    const auto own = years(column);
    years_[column].first = own.empty() ? std::int16_t{0} : static_cast<std::int16_t>(own.front().year);
    const bool unbroken = !own.empty() && own.back().year - own.front().year + 1 == static_cast<std::int32_t>(own.size());
    years_[column].unbroken = unbroken ? static_cast<std::uint16_t>(own.size()) : std::uint16_t{0};
    known_.resize(cells_.size() + year_cells_.size());
    for (std::size_t i = years_[column].begin; i < year_cells_.size(); ++i) known_[cells_.size() + i] = known_of(year_cells_[i].cell);
}

void Row::set_year(bytecode::Index column, std::int32_t year, const Cell& cell) {
    const std::size_t at = find_year(column, year);
    if (holds_year(column, year, at)) {
        year_cells_[at].cell = cell;
        known_[cells_.size() + at] = known_of(cell);
        return;
    }
    year_cells_.insert(year_cells_.begin() + static_cast<std::ptrdiff_t>(at), {year, cell});
    refresh(column, 1);
}

void Row::drop_year(bytecode::Index column, std::int32_t year) {
    const std::size_t at = find_year(column, year);
    if (!holds_year(column, year, at)) return;
    year_cells_.erase(year_cells_.begin() + static_cast<std::ptrdiff_t>(at));
    refresh(column, -1);
}

void Row::drop_years(bytecode::Index column) {
    const auto count = static_cast<std::int64_t>(years(column).size());
    if (count == 0) return;
    const auto begin = year_cells_.begin() + years_[column].begin;
    year_cells_.erase(begin, begin + count);
    refresh(column, -count);
}

Profile empty_profile(const bytecode::Pack& pack, bytecode::Index subject) {
    Profile profile;
    profile.pack = &pack;
    profile.subject = subject;
    profile.row = Row(pack, subject);
    return profile;
}

const Cell& cell_of(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, bytecode::Index column, std::int32_t year) {
    return fact_of(pack, pack.subjects[subject].columns[column]).yearly ? row.cell_in_year(column, year) : row.cell(column);
}

}  // namespace eligo::vm
