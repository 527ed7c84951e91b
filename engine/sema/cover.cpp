// The proof that a table has a row for everything, and, unless it takes the first row that matches, no two rows
// for anything. A row is a box over all columns; the space of inputs is cut column by column at the boxes' edges,
// and what remains of the rows is followed into each slice. Slices with the same rows are looked at once.
// Tested by sema_test.cpp.
#include <algorithm>
#include <set>

#include "check.hpp"
#include "describe.hpp"

namespace eligo::sema {

using text::Code;
using value::Int128;
using value::Range;
using value::Rational;

namespace {

using RowNumbers = std::vector<std::uint32_t>;
using Boxes = std::vector<std::vector<std::vector<Range>>>;  // row, column, intervals

// Region of the inputs that a message speaks of, one interval a column; columns behind its end are unconstrained.
using Region = std::vector<Range>;

bool is_counted(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// ---- constants as whole multiples of a column's unit ----

Rational position(const Constant& constant, Kind kind, const Rational& unit) {
    if (!is_counted(kind)) return Rational(constant.integer);
    const auto quotient = value::divide(constant.number, unit);
    // Only constants far beyond any range cannot be divided in 128 bits; they lie outside on their own side.
    if (quotient) return *quotient;
    return Rational(constant.number.sign() < 0 ? INT64_MIN : INT64_MAX);
}

std::optional<Range> in_units(const CellInterval& interval, Kind kind, const InputRange& input) {
    Range range = input.range;
    if (interval.low) {
        const Rational low = position(*interval.low, kind, input.unit);
        range.low = std::max(range.low, interval.lower_open ? value::floor(low) + 1 : value::ceil(low));
    }
    if (interval.high) {
        const Rational high = position(*interval.high, kind, input.unit);
        range.high = std::min(range.high, interval.upper_open ? value::ceil(high) - 1 : value::floor(high));
    }
    if (range.low > range.high) return std::nullopt;
    return range;
}

// ---- regions in words ----

std::string value_text(const Model& model, const Type& type, const InputRange& input, Int128 number) {
    Constant constant;
    if (is_counted(type.kind)) {
        const auto whole = Rational::make(number, 1);
        const auto product = whole ? value::multiply(*whole, input.unit) : std::nullopt;
        if (!product) return value::to_string(number);
        constant.number = *product;
    } else {
        constant.integer = static_cast<std::int64_t>(number);
    }
    return spell(model, type, constant);
}

std::string interval_text(const Model& model, const Variable& variable, const InputRange& input, const Range& range) {
    const auto text = [&](Int128 number) { return value_text(model, variable.type, input, number); };
    if (range.low == range.high || !(is_counted(variable.type.kind) || variable.type.kind == Kind::Date)) return variable.name + " = " + text(range.low);
    std::string result = variable.name + " in ";
    if (range.low != input.range.low) result.append(text(range.low)).append(" ");
    result += "..";
    if (range.high != input.range.high) result.append(" ").append(text(range.high));
    return result;
}

// ---- the walk ----

class Cover {
public:
    Cover(const Model& model, const Table& table, std::span<const InputRange> inputs) : model_(model), table_(table), inputs_(inputs) {
        for (const TableRow& row : table.rows) boxes_.push_back(box(row));
    }

    // For every day on which more was known than before. With fewer rows more is left uncovered and less overlaps, but a row
    // that a later one supersedes is reached only while that is not known.
    void walk() {
        std::set<value::Day> turns{value::first_day};
        for (std::uint32_t row = 0; row < boxes_.size(); ++row) turns.insert(known_from(row));
        for (const value::Day known_on : turns) {
            RowNumbers known;
            for (std::uint32_t row = 0; row < boxes_.size(); ++row) {
                const bool empty = std::ranges::any_of(boxes_[row], [](const auto& intervals) { return intervals.empty(); });
                if (!table_.rows[row].otherwise && !empty && known_from(row) <= known_on) known.push_back(row);
            }
            seen_.clear();
            explore(0, known, {});
        }
    }

    std::optional<Region> uncovered;
    std::set<std::pair<std::uint32_t, std::uint32_t>> overlaps;
    std::set<std::uint32_t> reached;

    // The part of the inputs that two rows share, for the message.
    [[nodiscard]] std::string shared_text(std::uint32_t first, std::uint32_t second) const {
        Region region;
        for (std::size_t column = 0; column < inputs_.size(); ++column) region.push_back(shared(column, first, second));
        return text(region);
    }

    [[nodiscard]] std::string text(const Region& region) const {
        std::string result;
        for (std::size_t column = 0; column < region.size(); ++column) {
            if (region[column] == inputs_[column].range && inputs_.size() > 1) continue;
            if (!result.empty()) result += ", ";
            result += interval_text(model_, variable(column), inputs_[column], region[column]);
        }
        if (!result.empty() || inputs_.empty()) return result;
        return interval_text(model_, variable(0), inputs_[0], inputs_[0].range);
    }

private:
    // A row is known once all that its cells say of publication has happened.
    [[nodiscard]] value::Day known_from(std::uint32_t row) const {
        value::Day day = value::first_day;
        for (const TableCell& cell : table_.rows[row].cells) day = std::max(day, cell.published.value_or(value::first_day));
        return day;
    }

    [[nodiscard]] const Variable& variable(std::size_t column) const { return model_.variables[table_.inputs[column]]; }

    [[nodiscard]] std::vector<std::vector<Range>> box(const TableRow& row) const {
        std::vector<std::vector<Range>> columns;
        for (std::size_t column = 0; column < inputs_.size(); ++column) {
            std::vector<Range>& intervals = columns.emplace_back();
            if (row.otherwise || row.cells.size() <= column || row.cells[column].any) {
                intervals.push_back(inputs_[column].range);
                continue;
            }
            for (const CellInterval& interval : row.cells[column].intervals)
                if (const auto range = in_units(interval, variable(column).type.kind, inputs_[column])) intervals.push_back(*range);
        }
        return columns;
    }

    [[nodiscard]] Range shared(std::size_t column, std::uint32_t first, std::uint32_t second) const {
        for (const Range& a : boxes_[first][column])
            for (const Range& b : boxes_[second][column])
                if (const auto both = value::intersect(a, b); both && representable(column, *both)) return narrowed(column, *both);
        return inputs_[column].range;
    }

    // Between the numbers of two codes lie numbers that are no code; a slice of those alone is nothing.
    [[nodiscard]] bool representable(std::size_t column, const Range& range) const {
        return variable(column).type.kind != Kind::Code || !spell(model_, variable(column).type, code_at(column, range)).empty();
    }
    [[nodiscard]] Constant code_at(std::size_t column, const Range& range) const {
        Constant constant;
        for (Int128 number = range.low; number <= range.high; ++number) {
            constant.integer = static_cast<std::int64_t>(number);
            if (!spell(model_, variable(column).type, constant).empty()) break;
        }
        return constant;
    }
    [[nodiscard]] Range narrowed(std::size_t column, const Range& range) const {
        return variable(column).type.kind == Kind::Code ? value::point(code_at(column, range).integer) : range;
    }

    [[nodiscard]] std::vector<Range> slices(std::size_t column, const RowNumbers& rows) const {
        const Range whole = inputs_[column].range;
        std::set<Int128> begins{whole.low};
        for (const std::uint32_t row : rows)
            for (const Range& interval : boxes_[row][column]) {
                begins.insert(interval.low);
                if (interval.high < whole.high) begins.insert(interval.high + 1);
            }
        std::vector<Range> result;
        for (auto it = begins.begin(); it != begins.end(); ++it) {
            const auto next = std::next(it);
            const Range slice{*it, next == begins.end() ? whole.high : *next - 1};
            if (representable(column, slice)) result.push_back(slice);
        }
        return result;
    }

    void explore(std::size_t column, const RowNumbers& rows, Region region) {
        if (rows.empty()) {
            if (!uncovered) uncovered = std::move(region);
            return;
        }
        if (!seen_.insert({column, rows}).second) return;
        if (column == inputs_.size()) {
            reached.insert(rows.front());
            for (std::size_t i = 1; i < rows.size(); ++i) overlaps.insert({rows[0], rows[i]});
            return;
        }
        for (const Range& slice : slices(column, rows)) {
            RowNumbers remaining;
            for (const std::uint32_t row : rows)
                if (std::ranges::any_of(boxes_[row][column], [&](const Range& interval) { return value::contains(interval, slice); }))
                    remaining.push_back(row);
            Region longer = region;
            longer.push_back(narrowed(column, slice));
            explore(column + 1, remaining, std::move(longer));
        }
    }

    const Model& model_;
    const Table& table_;
    std::span<const InputRange> inputs_;
    Boxes boxes_;
    std::set<std::pair<std::size_t, RowNumbers>> seen_;
};

void report_overlaps(const Table& table, const Cover& cover, text::Sink& sink) {
    for (const auto& [first, second] : cover.overlaps)
        sink.report(Code::table_overlap, table.rows[second].span, {table.name, cover.shared_text(first, second)})
            .here("this row", "这一行")
            .also(table.rows[first].span, "and this one", "与这一行");
}

void report_unreached(const Table& table, const Cover& cover, text::Sink& sink) {
    for (std::uint32_t row = 0; row < table.rows.size(); ++row) {
        const bool reached = table.rows[row].otherwise ? cover.uncovered.has_value() : cover.reached.contains(row);
        if (!reached) sink.report(Code::row_never_applies, table.rows[row].span, {table.name});
    }
}

}  // namespace

void check_table(const Model& model, Id id, std::span<const InputRange> inputs, text::Sink& sink) {
    const Table& table = model.tables[id];
    if (inputs.size() != table.inputs.size() || table.rows.empty()) return;
    Cover cover(model, table, inputs);
    cover.walk();
    const bool closed = std::ranges::any_of(table.rows, &TableRow::otherwise);
    if (cover.uncovered && !closed) {
        const std::string region = cover.text(*cover.uncovered);
        sink.report(Code::table_incomplete, table.span, {table.name, region});
    }
    if (table.first) report_unreached(table, cover, sink);
    else report_overlaps(table, cover, sink);
}

}  // namespace eligo::sema
