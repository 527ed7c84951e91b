// The facts of some hundreds or thousands of companies, column by column: what rows of a table are read into, and what
// the engines are given. One a thread; its memory is used again for the next rows.
// Tested by screen_test.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "needs.hpp"

namespace eligo::screen {

// One fact (in one fiscal year) of every row.
struct Values {
    bytecode::Index column = bytecode::none;
    std::int32_t year = 0;                 // facts that are not yearly: 0
    std::vector<std::int64_t> low, high;   // as in vm::Cell, but `high` of ranges alone
    std::vector<vm::CellState> states;
    // The values once more as bytes, where `is_narrow`: numbers of members, or places in a dictionary. What is absent has the
    // fact's constant default, also in `low` when the rows were filled in a column at a time.
    std::vector<std::uint8_t> narrow;
    bool is_narrow = false, has_defaults = false;
    // What is known lies within, where `is_bounded`. The bounds are never drawn closer again, so that they seldom change.
    bool is_bounded = false;
    std::int64_t least = 0, greatest = 0;
    const std::int64_t* dictionary = nullptr;
    std::size_t dictionary_size = 0;

    void reserve(std::size_t rows) {
        if (states.size() >= rows) return;
        low.resize(rows);
        high.resize(rows);
        states.resize(rows, vm::CellState::Absent);
        narrow.resize(rows);
    }
    void set(std::size_t row, const vm::Cell& cell) {
        low[row] = cell.low;
        high[row] = cell.high;
        states[row] = cell.state;
    }
    [[nodiscard]] vm::Cell cell(std::size_t row) const { return {low[row], states[row] == vm::CellState::Range ? high[row] : low[row], states[row]}; }
};

// A list of every row: the elements of all rows, one behind the other.
struct Elements {
    const ListNeed* need = nullptr;
    std::vector<std::int32_t> offsets{0};  // one more than rows
    std::vector<vm::CellState> states;     // Known, or nothing is known of the row's list
    std::vector<Values> fields;            // of yearly facts one a year
};

class Block {
public:
    // `kept` columns of the table are carried through, as texts.
    Block(const bytecode::Pack& pack, const Needs& needs, std::size_t kept = 0);

    [[nodiscard]] std::size_t rows() const { return rows_; }
    void clear();

    // The slot of a fact in a year; made when there is none yet, absent in all rows so far.
    [[nodiscard]] std::size_t slot(bytecode::Index column, std::int32_t year);
    [[nodiscard]] std::size_t field_slot(std::size_t list, bytecode::Index field, std::int32_t year);
    [[nodiscard]] const std::vector<Values>& values() const { return values_; }
    [[nodiscard]] const std::vector<Elements>& lists() const { return lists_; }

    // A row is filled in after `begin_row` and counts once it is kept; without that, the next takes its place.
    void begin_row();
    void set(std::size_t slot, const vm::Cell& cell) { values_[slot].set(rows_, cell); }
    [[nodiscard]] bool is_set(std::size_t slot) const { return values_[slot].states[rows_] != vm::CellState::Absent; }
    void set_company(std::string_view id);
    void set_kept(std::size_t number, std::string_view text) { set_text(kept_[number][rows_], text); }
    void set_fiscal_year(std::int32_t year) { fiscal_years_[rows_] = year; }
    void add_element(std::size_t list);
    void set_field(std::size_t list, std::size_t field, const vm::Cell& cell);
    void set_list(std::size_t list, vm::CellState state) { lists_[list].states[rows_] = state; }
    // All that the needs read of a profile, lists and years included.
    void set_profile(const vm::Profile& profile);
    void set_element(std::size_t list, const vm::Row& element);
    void keep_row();

    // Rows can also be filled in a column at a time: all of them are candidates, of which some are then kept, in their order.
    // Of an empty block. Every slot must be filled in every candidate.
    void begin_candidates(std::size_t count);
    [[nodiscard]] std::int64_t* candidate_values(std::size_t slot) { return values_[slot].low.data(); }
    [[nodiscard]] vm::CellState* candidate_states(std::size_t slot) { return values_[slot].states.data(); }
    [[nodiscard]] std::uint8_t* candidate_bytes(std::size_t slot) { return values_[slot].narrow.data(); }
    // The slot's bytes mean something, and what; no dictionary: themselves.
    void set_narrow(std::size_t slot, const std::vector<std::int64_t>& dictionary);
    // What is known in the slot's candidates lies within.
    void widen_bounds(std::size_t slot, std::int64_t least, std::int64_t greatest) {
        Values& values = values_[slot];
        values.least = std::min(values.least, least);
        values.greatest = std::max(values.greatest, greatest);
    }
    void set_bounded(std::size_t slot) { values_[slot].is_bounded = true; }
    void set_candidate(std::size_t slot, std::size_t candidate, const vm::Cell& cell, std::uint8_t byte) {
        values_[slot].set(candidate, cell);
        values_[slot].narrow[candidate] = byte;
    }
    // The name lives somewhere else, and longer than the block's rows.
    void set_candidate_company(std::size_t candidate, std::string_view id) { companies_[candidate] = {id.data(), 0, id.size()}; }
    // `lives_on`: as the name; else the text is copied.
    void set_candidate_kept(std::size_t number, std::size_t candidate, std::string_view text, bool lives_on) {
        if (lives_on) {
            kept_[number][candidate] = {text.data(), 0, text.size()};
        } else {
            set_text(kept_[number][candidate], text);
        }
    }
    void set_candidate_fiscal_year(std::size_t candidate, std::int32_t year) { fiscal_years_[candidate] = year; }
    // Marks those that hold two facts that cannot both be so, as far as a glance tells. False: none does.
    [[nodiscard]] bool mark_contradictions(std::size_t count, std::vector<std::uint8_t>& marks);
    // All of the first `count`, with nothing said of their lists.
    void keep_candidates(std::size_t count);
    // As begin_row, with what the candidate holds; then for keep_row.
    void begin_row_with(std::size_t candidate);

    // A yearly fact that a row gives as unknown as a whole is so in each year that other rows have a value for. Once all
    // rows are there.
    void spread_unknown_years();

    [[nodiscard]] std::string_view company(std::size_t row) const { return text_of(companies_[row]); }
    [[nodiscard]] std::string_view kept(std::size_t number, std::size_t row) const { return text_of(kept_[number][row]); }
    [[nodiscard]] std::size_t kept_columns() const { return kept_.size(); }
    // 0: the year of the as-of date.
    [[nodiscard]] std::int32_t fiscal_year(std::size_t row) const { return fiscal_years_[row]; }
    [[nodiscard]] const std::vector<std::int32_t>& fiscal_years() const { return fiscal_years_; }

    // One row, kept or being filled in, as the profile that `eligo check` would make of it.
    void fill_profile(std::size_t row, vm::Profile& profile) const;
    // The row that is being filled in holds two facts that cannot both be so, as far as a glance tells: when this says
    // no, there is no contradiction.
    [[nodiscard]] bool may_contradict_itself() const;

private:
    struct Bound {  // `slot` ends at `other`
        std::size_t slot, other;
        bool high;
        bool same_unit;
    };
    struct Text {
        const char* elsewhere = nullptr;  // else in `texts_`
        std::size_t at = 0, size = 0;
    };
    [[nodiscard]] std::string_view text_of(const Text& of) const { return {of.elsewhere != nullptr ? of.elsewhere : texts_.data() + of.at, of.size}; }
    void set_text(Text& to, std::string_view text) {
        to = {nullptr, texts_.size(), text.size()};
        texts_ += text;
    }
    void grow(std::size_t rows);
    void begin_lists();
    void set_row(const vm::Row& row, bytecode::Index column);
    void find_bounds();
    // The rows that do not plainly lie within a bound.
    void list_odd_rows(const Bound& bound, std::size_t count);
    [[nodiscard]] bool plainly_within(const Bound& bound, std::size_t row) const;
    [[nodiscard]] bool may_contradict(const Bound& bound, std::size_t row) const;

    const bytecode::Pack& pack_;
    const Needs& needs_;
    vm::Profile empty_;
    std::size_t rows_ = 0, capacity_ = 0;
    bool by_row_ = false;  // the row at hand is filled in a cell at a time
    std::vector<Values> values_;
    std::vector<Elements> lists_;
    std::vector<std::int32_t> fiscal_years_;
    std::vector<Text> companies_;
    std::vector<std::vector<Text>> kept_;  // by column
    std::string texts_;
    std::vector<Bound> bounds_;
    std::vector<std::uint32_t> odd_rows_;  // of one bound
    bool list_bounds_ = false;  // elements whose facts bound each other
};

}  // namespace eligo::screen
