#include "block.hpp"

#include <algorithm>

#include "../vm/profile_set.hpp"

namespace eligo::screen {

using bytecode::Index;
using vm::CellState;

Block::Block(const bytecode::Pack& pack, const Needs& needs, std::size_t kept) : pack_(pack), needs_(needs), empty_(vm::empty_profile(pack, needs.subject)), kept_(kept) {
    for (const ListNeed& need : needs.lists) {
        Elements elements;
        elements.need = &need;
        for (const Index field : need.fields) {
            if (!fact_of(pack, need.element, field).yearly) elements.fields.push_back({field, 0, {}, {}, {}, {}});
            const bytecode::Fact& fact = fact_of(pack, need.element, field);
            list_bounds_ = list_bounds_ || fact.low_fact != bytecode::none || fact.high_fact != bytecode::none;
        }
        lists_.push_back(std::move(elements));
    }
    grow(256);
}

void Block::clear() {
    rows_ = 0;
    texts_.clear();
    for (Elements& list : lists_) list.offsets.resize(1);
}

void Block::grow(std::size_t rows) {
    capacity_ = rows;
    for (Values& values : values_) values.reserve(rows);
    for (Elements& list : lists_) list.states.resize(rows, CellState::Absent);
    fiscal_years_.resize(rows);
    companies_.resize(rows);
    for (std::vector<Text>& kept : kept_) kept.resize(rows);
}

std::size_t Block::slot(Index column, std::int32_t year) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
        if (values_[i].column == column && values_[i].year == year) return i;
    }
    values_.push_back({column, year, {}, {}, {}, {}});
    values_.back().reserve(capacity_);
    find_bounds();
    return values_.size() - 1;
}

std::size_t Block::field_slot(std::size_t list, Index field, std::int32_t year) {
    auto& fields = lists_[list].fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (fields[i].column == field && fields[i].year == year) return i;
    }
    fields.push_back({field, year, {}, {}, {}, {}});
    fields.back().reserve(std::max<std::size_t>(64, static_cast<std::size_t>(lists_[list].offsets.back()) * 2));
    return fields.size() - 1;
}

void Block::begin_row() {
    by_row_ = true;
    if (rows_ == capacity_) grow(capacity_ * 2);
    for (Values& values : values_) values.states[rows_] = CellState::Absent;
    fiscal_years_[rows_] = 0;
    companies_[rows_] = {};
    for (std::vector<Text>& kept : kept_) kept[rows_] = {};
    begin_lists();
}

void Block::begin_lists() {
    for (Elements& list : lists_) {
        list.states[rows_] = CellState::Absent;
        list.offsets.resize(rows_ + 1);
        list.offsets.push_back(list.offsets.back());
    }
}

void Block::begin_candidates(std::size_t count) {
    if (count > capacity_) grow(count);
    std::fill_n(fiscal_years_.begin(), count, 0);
    std::fill_n(companies_.begin(), count, Text{});
    for (std::vector<Text>& kept : kept_) std::fill_n(kept.begin(), count, Text{});
    for (Values& values : values_) {
        values.is_narrow = values.is_bounded = false;
        values.has_defaults = true;
    }
}

void Block::set_narrow(std::size_t slot, const std::vector<std::int64_t>& dictionary) {
    Values& values = values_[slot];
    values.is_narrow = true;
    values.dictionary = dictionary.empty() ? nullptr : dictionary.data();
    values.dictionary_size = dictionary.size();
}

void Block::keep_candidates(std::size_t count) {
    rows_ = count;
    for (Elements& list : lists_) {
        std::fill_n(list.states.begin(), count, CellState::Absent);
        list.offsets.assign(count + 1, 0);
    }
}

void Block::begin_row_with(std::size_t candidate) {
    by_row_ = false;
    if (candidate != rows_) {
        for (Values& values : values_) {
            values.low[rows_] = values.low[candidate];
            values.high[rows_] = values.high[candidate];
            values.states[rows_] = values.states[candidate];
            values.narrow[rows_] = values.narrow[candidate];
        }
        fiscal_years_[rows_] = fiscal_years_[candidate];
        companies_[rows_] = companies_[candidate];
        for (std::vector<Text>& kept : kept_) kept[rows_] = kept[candidate];
    }
    begin_lists();
}

void Block::set_company(std::string_view id) { set_text(companies_[rows_], id); }

void Block::add_element(std::size_t list) {
    Elements& elements = lists_[list];
    elements.states[rows_] = CellState::Known;
    const auto at = static_cast<std::size_t>(elements.offsets.back()++);
    for (Values& field : elements.fields) {
        if (field.states.size() <= at) field.reserve(std::max<std::size_t>(64, at * 2));
        field.states[at] = CellState::Absent;
    }
}

void Block::set_field(std::size_t list, std::size_t field, const vm::Cell& cell) {
    lists_[list].fields[field].set(static_cast<std::size_t>(lists_[list].offsets.back()) - 1, cell);
}

// A yearly fact that was given as unknown is so in every year.
void Block::set_row(const vm::Row& row, Index column) {
    const bool yearly = fact_of(pack_, needs_.subject, column).yearly;
    if (!yearly || row.cell(column).state == CellState::Unknown) set(slot(column, 0), row.cell(column));
    if (!yearly) return;
    for (const vm::YearCell& entry : row.years(column)) set(slot(column, entry.year), entry.cell);
}

void Block::set_element(std::size_t list, const vm::Row& element) {
    add_element(list);
    const ListNeed& need = *lists_[list].need;
    for (const Index field : need.fields) {
        const bool yearly = fact_of(pack_, need.element, field).yearly;
        if (!yearly || element.cell(field).state == CellState::Unknown) set_field(list, field_slot(list, field, 0), element.cell(field));
        if (!yearly) continue;
        for (const vm::YearCell& entry : element.years(field)) set_field(list, field_slot(list, field, entry.year), entry.cell);
    }
}

void Block::set_profile(const vm::Profile& profile) {
    set_company(profile.company_id);
    if (profile.fiscal_year) set_fiscal_year(*profile.fiscal_year);
    for (const Index column : needs_.columns) set_row(profile.row, column);
    for (std::size_t i = 0; i < lists_.size(); ++i) {
        const vm::List& list = profile.row.list(lists_[i].need->column);
        set_list(i, list.state);
        for (const vm::Row& element : list.rows) set_element(i, element);
    }
}

void Block::keep_row() {
    ++rows_;
    if (!by_row_) return;
    for (Values& values : values_) values.is_narrow = values.is_bounded = values.has_defaults = false;
}

namespace {

void spread(std::vector<Values>& values, std::size_t rows) {
    for (const Values& whole : values) {
        if (whole.year != 0) continue;
        for (Values& year : values) {
            if (year.column != whole.column || year.year == 0) continue;
            for (std::size_t row = 0; row < rows; ++row) {
                if (whole.states[row] == CellState::Unknown && year.states[row] == CellState::Absent) year.states[row] = CellState::Unknown;
            }
        }
    }
}

}  // namespace

void Block::spread_unknown_years() {
    spread(values_, rows_);
    for (Elements& list : lists_) spread(list.fields, static_cast<std::size_t>(list.offsets[rows_]));
}

void Block::fill_profile(std::size_t row, vm::Profile& profile) const {
    profile = empty_;
    if (fiscal_years_[row] != 0) profile.fiscal_year = fiscal_years_[row];
    const auto put = [this](Index subject, vm::Row& into, const Values& values, std::size_t at) {
        const vm::Cell cell = values.cell(at);
        if (cell.state == CellState::Absent || cell.state == CellState::Assumed) return;
        if (cell.state == CellState::Unknown && values.year == 0) {
            vm::put_unknown(pack_, subject, into, pack_.subjects[subject].columns[values.column].path);
        } else {
            vm::put(pack_, subject, into, values.column, values.year, cell);
        }
    };
    for (const Values& values : values_) put(needs_.subject, profile.row, values, row);
    for (const Elements& list : lists_) {
        vm::List& filled = profile.row.list(list.need->column);
        filled.state = list.states[row];
        if (filled.state != CellState::Known) continue;
        const auto begin = static_cast<std::size_t>(list.offsets[row]), end = static_cast<std::size_t>(list.offsets[row + 1]);
        filled.rows.assign(end - begin, vm::Row(pack_, list.need->element));
        for (std::size_t i = begin; i < end; ++i) {
            for (const Values& field : list.fields) put(list.need->element, filled.rows[i - begin], field, i);
        }
    }
}

// Slots come one by one, and either end of a bound may come first.
void Block::find_bounds() {
    bounds_.clear();
    for (std::size_t i = 0; i < values_.size(); ++i) {
        const bytecode::Fact& fact = fact_of(pack_, needs_.subject, values_[i].column);
        std::vector<Index> path = pack_.subjects[needs_.subject].columns[values_[i].column].path;
        for (const Index bound : {fact.low_fact, fact.high_fact}) {
            if (bound == bytecode::none) continue;
            path.back() = bound;
            const Index other = vm::find_column(pack_, needs_.subject, path);
            for (std::size_t k = 0; k < values_.size(); ++k) {
                if (values_[k].column != other || values_[k].year != values_[i].year) continue;
                bounds_.push_back({i, k, bound == fact.high_fact, fact.unit == fact_of(pack_, needs_.subject, other).unit});
            }
            // Held against a default, which stands in no slot.
            const bool has_slot = std::any_of(bounds_.begin(), bounds_.end(), [i](const Bound& each) { return each.slot == i; });
            if (!has_slot && other != bytecode::none && fact_of(pack_, needs_.subject, other).default_kind == bytecode::DefaultKind::Constant)
                bounds_.push_back({i, i, true, false});
        }
    }
}

// What nearly all rows say: two values, the one within the other.
bool Block::plainly_within(const Bound& bound, std::size_t row) const {
    const Values &values = values_[bound.slot], &others = values_[bound.other];
    const bool known = values.states[row] == CellState::Known && others.states[row] == CellState::Known;
    return known && (bound.high ? values.low[row] <= others.low[row] : others.low[row] <= values.low[row]);
}

bool Block::may_contradict(const Bound& bound, std::size_t row) const {
    const vm::Cell cell = values_[bound.slot].cell(row), other = values_[bound.other].cell(row);
    if (bound.slot == bound.other) return cell.state == CellState::Known || cell.state == CellState::Range;
    if (bound.same_unit && plainly_within(bound, row)) return false;
    const bytecode::Fact& fact = fact_of(pack_, needs_.subject, values_[bound.slot].column);
    const bytecode::Fact& other_fact = fact_of(pack_, needs_.subject, values_[bound.other].column);
    const auto nothing = [](const vm::Cell& of, const bytecode::Fact& its) {
        return (of.state == CellState::Absent || of.state == CellState::Unknown) && (of.state == CellState::Unknown || its.default_kind != bytecode::DefaultKind::Constant);
    };
    return !nothing(cell, fact) && !nothing(other, other_fact);
}

bool Block::may_contradict_itself() const {
    if (std::any_of(bounds_.begin(), bounds_.end(), [this](const Bound& bound) { return may_contradict(bound, rows_); })) return true;
    if (!list_bounds_) return false;
    return std::any_of(lists_.begin(), lists_.end(), [this](const Elements& list) { return list.offsets[rows_] != list.offsets[rows_ + 1]; });
}

// plainly_within of all rows at once: which are not so is hard to guess, and they are listed before any is looked at.
void Block::list_odd_rows(const Bound& bound, std::size_t count) {
    odd_rows_.resize(count + 1);
    const Values &values = values_[bound.slot], &others = values_[bound.other];
    const vm::CellState *const states = values.states.data(), *const other_states = others.states.data();
    const std::int64_t *const less = bound.high ? values.low.data() : others.low.data(), *const greater = bound.high ? others.low.data() : values.low.data();
    std::uint32_t* const to = odd_rows_.data();
    std::size_t listed = 0;
    for (std::size_t row = 0; row < count; ++row) {
        const bool plain = (states[row] == CellState::Known) & (other_states[row] == CellState::Known) & (less[row] <= greater[row]) & bound.same_unit;
        to[listed] = static_cast<std::uint32_t>(row);
        listed += !plain;
    }
    odd_rows_.resize(listed);
}

bool Block::mark_contradictions(std::size_t count, std::vector<std::uint8_t>& marks) {
    bool any = false;
    for (const Bound& bound : bounds_) {
        list_odd_rows(bound, count);
        for (const std::uint32_t row : odd_rows_) {
            if (!may_contradict(bound, row)) continue;
            marks[row] = 1;
            any = true;
        }
    }
    return any;
}

}  // namespace eligo::screen
