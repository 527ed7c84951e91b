// The facts of some hundreds or thousands of companies, column by column: what rows of a table are read into, and what
// the engines are given. One a thread; its memory is used again for the next rows.
// Tested by screen_test.cpp.
#pragma once

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
    std::vector<std::int64_t> low, high;   // as in vm::Cell
    std::vector<vm::CellState> states;

    void reserve(std::size_t rows) {
        if (states.size() >= rows) return;
        low.resize(rows);
        high.resize(rows);
        states.resize(rows, vm::CellState::Absent);
    }
    void set(std::size_t row, const vm::Cell& cell) {
        low[row] = cell.low;
        high[row] = cell.high;
        states[row] = cell.state;
    }
    [[nodiscard]] vm::Cell cell(std::size_t row) const { return {low[row], high[row], states[row]}; }
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
    Block(const bytecode::Pack& pack, const Needs& needs);

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
    void set_company(std::string_view id);
    void set_fiscal_year(std::int32_t year) { fiscal_years_[rows_] = year; }
    void add_element(std::size_t list);
    void set_field(std::size_t list, std::size_t field, const vm::Cell& cell);
    void set_list(std::size_t list, vm::CellState state) { lists_[list].states[rows_] = state; }
    // All that the needs read of a profile, lists and years included.
    void set_profile(const vm::Profile& profile);
    void set_element(std::size_t list, const vm::Row& element);
    void keep_row(std::uint64_t line);
    // A yearly fact that a row gives as unknown as a whole is so in each year that other rows have a value for. Once all
    // rows are there.
    void spread_unknown_years();

    [[nodiscard]] std::string_view company(std::size_t row) const { return std::string_view(companies_).substr(company_ends_[row], company_ends_[row + 1] - company_ends_[row]); }
    [[nodiscard]] std::uint64_t line(std::size_t row) const { return lines_[row]; }
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
    };
    void grow(std::size_t rows);
    void set_row(const vm::Row& row, bytecode::Index column);
    void find_bounds();

    const bytecode::Pack& pack_;
    const Needs& needs_;
    vm::Profile empty_;
    std::size_t rows_ = 0, capacity_ = 0;
    std::vector<Values> values_;
    std::vector<Elements> lists_;
    std::vector<std::int32_t> fiscal_years_;
    std::vector<std::uint64_t> lines_;
    std::string companies_;
    std::vector<std::size_t> company_ends_{0};
    std::vector<Bound> bounds_;
    bool list_bounds_ = false;  // elements whose facts bound each other
};

}  // namespace eligo::screen
