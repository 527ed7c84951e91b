// Facts whose declared range ends at another fact, held against that other fact: `rd_staff : number in 0 .. employees`.
// Only what cannot be so is a problem: ranges that leave room for each other are not.
#include "profile_set.hpp"

#include <algorithm>

#include "../value/rational.hpp"

namespace eligo::vm {
namespace {

using bytecode::Column;
using bytecode::Fact;
using bytecode::Index;
using bytecode::Pack;
using value::Rational;

enum class Bound : std::uint8_t { Low, High };

bool has_value(const Cell& cell) { return cell.state == CellState::Known || cell.state == CellState::Range || cell.state == CellState::Assumed; }

// The facts may count in different units.
bool lies_above(std::int64_t a, bytecode::Unit a_unit, std::int64_t b, bytecode::Unit b_unit) {
    const auto left = Rational::make(value::Int128{a} * a_unit.numerator, a_unit.denominator);
    const auto right = Rational::make(value::Int128{b} * b_unit.numerator, b_unit.denominator);
    return left && right && compare(*left, *right) == std::strong_ordering::greater;
}

bool impossible(const Fact& fact, const Cell& cell, const Fact& other, const Cell& other_cell, Bound bound) {
    if (!has_value(cell) || !has_value(other_cell)) return false;
    if (cell.state == CellState::Assumed && other_cell.state == CellState::Assumed) return false;
    return bound == Bound::High ? lies_above(cell.low, fact.unit, other_cell.high, other.unit) : lies_above(other_cell.low, other.unit, cell.high, fact.unit);
}

std::string shown(const Pack& pack, const Fact& fact, const Cell& cell) {
    std::string text = plain_value(pack, fact, cell.low);
    if (cell.low != cell.high) text += " .. " + plain_value(pack, fact, cell.high);
    return text;
}

class Search {
public:
    explicit Search(const Pack& pack) : pack_(pack) {}

    void row(const Row& row, Index subject, const std::string& prefix) {
        const auto& columns = pack_.subjects[subject].columns;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto number = static_cast<Index>(i);
            const Fact& fact = fact_of(columns[i]);
            bounds(row, subject, number, prefix);
            const std::string key = prefix + pack_.string(columns[i].name);
            if (fact.kind != bytecode::Kind::List) continue;
            const auto& elements = row.list(number).rows;
            for (std::size_t element = 0; element < elements.size(); ++element) {
                this->row(elements[element], fact.ref, key + "[" + std::to_string(element) + "].");
            }
        }
    }

    std::vector<Problem> take() { return std::move(problems_); }

private:
    const Fact& fact_of(const Column& column) const { return pack_.subjects[column.subject].facts[column.fact()]; }

    void bounds(const Row& row, Index subject, Index column, const std::string& prefix) {
        const Fact& fact = fact_of(pack_.subjects[subject].columns[column]);
        if (fact.low_fact != bytecode::none) bound(row, subject, column, fact.low_fact, Bound::Low, prefix);
        if (fact.high_fact != bytecode::none) bound(row, subject, column, fact.high_fact, Bound::High, prefix);
    }

    void bound(const Row& row, Index subject, Index column, Index other_fact, Bound bound, const std::string& prefix) {
        const auto& columns = pack_.subjects[subject].columns;
        std::vector<Index> path = columns[column].path;
        path.back() = other_fact;
        const Index other = find_column(pack_, subject, path);
        if (other == bytecode::none) return;
        if (!fact_of(columns[column]).yearly) {
            if (!fact_of(columns[other]).yearly) pair(row, subject, column, other, 0, bound, prefix);
            return;
        }
        for (const std::int32_t year : years_of(row, column, other)) pair(row, subject, column, other, year, bound, prefix);
    }

    static std::vector<std::int32_t> years_of(const Row& row, Index column, Index other) {
        std::vector<std::int32_t> years;
        for (const Index of : {column, other}) {
            for (const YearCell& entry : row.years(of)) years.push_back(entry.year);
        }
        std::sort(years.begin(), years.end());
        years.erase(std::unique(years.begin(), years.end()), years.end());
        return years;
    }

    std::string key_of(Index subject, Index column, std::int32_t year, const std::string& prefix) const {
        const Column& described = pack_.subjects[subject].columns[column];
        const std::string key = prefix + pack_.string(described.name);
        return fact_of(described).yearly ? key + "." + std::to_string(year) : key;
    }

    void pair(const Row& row, Index subject, Index column, Index other, std::int32_t year, Bound bound, const std::string& prefix) {
        const auto& columns = pack_.subjects[subject].columns;
        const Fact& fact = fact_of(columns[column]);
        const Fact& other_fact = fact_of(columns[other]);
        const Cell cell = cell_of(pack_, subject, row, column, year);
        const Cell other_cell = cell_of(pack_, subject, row, other, year);
        if (!impossible(fact, cell, other_fact, other_cell, bound)) return;
        const std::string other_key = key_of(subject, other, year, prefix);
        const std::string other_shown = shown(pack_, other_fact, other_cell);
        const bool assumed = other_cell.state == CellState::Assumed;
        Problem problem{ProblemKind::Contradiction, key_of(subject, column, year, prefix), shown(pack_, fact, cell), {}, {}, other_key};
        problem.expected_chinese = (bound == Bound::High ? "不大于" : "不小于") + other_key + (assumed ? "（默认为" : "（") + other_shown + "）";
        problem.expected_english = (bound == Bound::High ? "at most " : "at least ") + other_key + (assumed ? " (by default " : " (") + other_shown + ")";
        problems_.push_back(std::move(problem));
    }

    const Pack& pack_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> contradictions(const Profile& profile) {
    Search search(*profile.pack);
    search.row(profile.row, profile.subject, "");
    return search.take();
}

}  // namespace eligo::vm
