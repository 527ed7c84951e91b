// Rows and what keeps their certain values beside their cells. Tested by tests/unit/profile_test.cpp.
#include "profile.hpp"

#include <algorithm>
#include <utility>

namespace eligo::vm {
namespace {

const bytecode::Fact& fact_of(const bytecode::Pack& pack, const bytecode::Column& column) { return pack.subjects[column.subject].facts[column.fact()]; }

Cell empty_cell(const bytecode::Fact& fact) {
    if (fact.default_kind != bytecode::DefaultKind::Constant) return {};
    return {fact.default_value, fact.default_value, CellState::Assumed};
}

std::int64_t known_of(const Cell& cell) {
    if (cell.state == CellState::Known || cell.state == CellState::Assumed) return cell.low;
    return cell.state == CellState::Absent ? left_out : not_known;
}

}  // namespace

YearlyColumns yearly_columns(const bytecode::Pack& pack, bytecode::Index subject) {
    const auto& columns = pack.subjects[subject].columns;
    YearlyColumns yearly;
    for (bytecode::Index i = 0; i < columns.size(); ++i) {
        if (!fact_of(pack, columns[i]).yearly) continue;
        if (yearly.count == 0) yearly.first = i;
        yearly.count = i - yearly.first + 1;
    }
    return yearly;
}

Row::Row(const bytecode::Pack& pack, bytecode::Index subject) : yearly_(yearly_columns(pack, subject)) {
    const auto& columns = pack.subjects[subject].columns;
    bool lists = false;
    cells_.reserve(columns.size());
    known_.reserve(columns.size());
    for (const auto& column : columns) {
        const bytecode::Fact& fact = fact_of(pack, column);
        lists = lists || fact.kind == bytecode::Kind::List;
        cells_.push_back(empty_cell(fact));
        known_.push_back(known_of(cells_.back()));
    }
    if (yearly_.count != 0) years_.resize(columns.size());
    if (lists) lists_.resize(columns.size());
}

void Row::set(bytecode::Index column, const Cell& cell) {
    ranges_ += std::uint32_t{cell.state == CellState::Range} - std::uint32_t{cells_[column].state == CellState::Range};
    cells_[column] = cell;
    known_[column] = known_of(cell);
    if (column - yearly_.first < yearly_.count) hold_again(column);
}

std::size_t Row::find_year(bytecode::Index column, std::int32_t year) const {
    const auto begin = year_cells_.begin() + years_[column].begin, end = begin + years_[column].count;
    return static_cast<std::size_t>(std::lower_bound(begin, end, year, [](const YearCell& entry, std::int32_t wanted) { return entry.year < wanted; }) - year_cells_.begin());
}

bool Row::holds_year(bytecode::Index column, std::int32_t year, std::size_t at) const {
    return at < std::size_t{years_[column].begin} + years_[column].count && year_cells_[at].year == year;
}

std::span<const YearCell> Row::years(bytecode::Index column) const {
    if (years_.empty()) return {};
    return std::span(year_cells_).subspan(years_[column].begin, years_[column].count);
}

const Cell& Row::cell_among_years(bytecode::Index column, std::int32_t year) const {
    const std::size_t at = find_year(column, year);
    return holds_year(column, year, at) ? year_cells_[at].cell : cells_[column];
}

std::int64_t Row::known_in_other_year(bytecode::Index column, std::int32_t year) const { return known_of(cell_in_year(column, year)); }

// The years that are held end one after `last`; what lies behind those held so far is given for no column. Room is made before
// anything is changed, so that nothing is when there is none.
void Row::hold_years_up_to(std::int32_t last) {
    constexpr std::int32_t most = 8;
    const std::int32_t first = last + 2 - most, later = years_held_ == 0 ? most : std::min(most, first - first_held_);
    if (later <= 0) return;
    known_years_.reserve(std::size_t{most} * yearly_.count);
    const auto kept = known_years_.begin() + std::ptrdiff_t{years_held_ == 0 ? 0 : later} * yearly_.count;
    known_years_.erase(known_years_.begin(), kept);
    for (std::int32_t year = 0; year < later; ++year)
        known_years_.insert(known_years_.end(), known_.begin() + yearly_.first, known_.begin() + yearly_.first + yearly_.count);
    const bool anew = later == most;
    first_held_ = first;
    years_held_ = most;
    // Behind a leap there may be years that were given before.
    for (bytecode::Index i = 0; anew && i < yearly_.count; ++i) hold_again(yearly_.first + i);
}

void Row::hold_again(bytecode::Index column) {
    for (std::uint32_t i = 0; i < years_held_; ++i)
        known_years_[std::size_t{i} * yearly_.count + (column - yearly_.first)] = known_of(cell_in_year(column, first_held_ + static_cast<std::int32_t>(i)));
}

void Row::set_year(bytecode::Index column, std::int32_t year, const Cell& cell) {
    const std::size_t at = find_year(column, year);
    if (holds_year(column, year, at)) {
        year_cells_[at].cell = cell;
    } else {
        if (years_held_ == 0 || year + 1 >= first_held_ + static_cast<std::int32_t>(years_held_)) hold_years_up_to(year);
        year_cells_.insert(year_cells_.begin() + static_cast<std::ptrdiff_t>(at), {year, cell});
        ++years_[column].count;
        for (std::size_t later = column + 1; later < years_.size(); ++later) ++years_[later].begin;
    }
    if (const auto held = static_cast<std::uint32_t>(year - first_held_); held < years_held_) known_years_[std::size_t{held} * yearly_.count + (column - yearly_.first)] = known_of(cell);
}

void Row::drop_year(bytecode::Index column, std::int32_t year) {
    const std::size_t at = find_year(column, year);
    if (!holds_year(column, year, at)) return;
    year_cells_.erase(year_cells_.begin() + static_cast<std::ptrdiff_t>(at));
    --years_[column].count;
    for (std::size_t later = column + 1; later < years_.size(); ++later) --years_[later].begin;
    hold_again(column);
}

void Row::drop_years(bytecode::Index column) {
    if (years_.empty() || years_[column].count == 0) return;
    const auto begin = year_cells_.begin() + years_[column].begin;
    const std::uint32_t count = std::exchange(years_[column].count, 0);
    year_cells_.erase(begin, begin + count);
    for (std::size_t later = column + 1; later < years_.size(); ++later) years_[later].begin -= count;
    hold_again(column);
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
