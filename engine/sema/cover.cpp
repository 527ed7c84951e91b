// The proof that a table has a row for everything, and, unless it takes the first row that matches, no two rows
// for anything. A row is a box over all columns together. The space of inputs is cut in two, again and again, at the edge of a
// box that has about as many edges on either side, until a part lies within one box or touches none (a gap), or until no box
// ends within it (overlaps, and rows that nothing reaches). That is quick for tables as people write them; the work is bounded,
// and a table whose gaps need more is refused rather than trusted.
// Tested by sema_test.cpp.
#include <algorithm>
#include <iterator>
#include <utility>

#include "../value/exact_text.hpp"
#include "../value/exactly.hpp"
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

// A part of the space of inputs, one interval a column.
using Region = std::vector<Range>;

// Boxes looked at for its gaps, and again for all its rows that may never apply, and for overlaps; some tenths of a second.
constexpr std::size_t most_looks = 5'000'000;
constexpr std::size_t most_overlaps_told = 20;

bool is_counted(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// ---- constants as whole multiples of a column's unit ----

// Nothing where 128 bits do not hold it.
std::optional<Rational> position(const Constant& constant, Kind kind, const Rational& unit) {
    return is_counted(kind) ? value::divide(constant.number, unit) : std::optional<Rational>(Rational(constant.integer));
}

// What a cell's interval leaves of a column. `exact` becomes false where an end has no position in 128 bits.
std::optional<Range> in_units(const CellInterval& interval, Kind kind, const InputRange& input, bool& exact) {
    Range range = input.range;
    const auto none = [&] {
        exact = false;
        return std::nullopt;
    };
    if (interval.low) {
        const auto low = position(*interval.low, kind, input.unit);
        const auto first = low ? interval.lower_open ? value::checked_add(value::floor(*low), 1) : value::ceil(*low) : std::nullopt;
        if (!first) return none();
        range.low = std::max(range.low, *first);
    }
    if (interval.high) {
        const auto high = position(*interval.high, kind, input.unit);
        const auto last = high ? interval.upper_open ? value::checked_sub(value::ceil(*high), 1) : value::floor(*high) : std::nullopt;
        if (!last) return none();
        range.high = std::min(range.high, *last);
    }
    if (range.low > range.high) return std::nullopt;
    return range;
}

// ---- regions in words ----

std::string value_text(const Model& model, const Type& type, const InputRange& input, Int128 number) {
    Constant constant;
    if (is_counted(type.kind)) {
        const auto product = value::multiply(Rational::of(number, 1), input.unit);
        if (!product) return value::exact_text({number, 1, input.unit.numerator(), input.unit.denominator()});
        constant.number = *product;
    } else {
        constant.integer = value::exactly<std::int64_t>(number).value();
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

// ---- the search ----

enum class Found : std::uint8_t { Nothing, Hole, GaveUp };

class Cover {
public:
    Cover(const Model& model, const Table& table, std::span<const InputRange> inputs, text::Sink& sink) : model_(model), table_(table), inputs_(inputs), sink_(sink) {
        for (const TableRow& row : table.rows) boxes_.push_back(box(row));
        apart_ = boxes_;
        for (auto& columns : apart_)
            for (auto& intervals : columns) put_apart(intervals);
    }

    // A cell whose ends cannot be told in the units of its column: then nothing is proved.
    [[nodiscard]] const TableCell* inexact() const { return inexact_; }

    // A part of the inputs that none of the rows holds for, but for those that have not always been known.
    Found search_gap(Region& hole) const {
        RowNumbers rows;
        for (std::uint32_t row = 0; row < boxes_.size(); ++row)
            if (!table_.rows[row].otherwise && !is_published(row)) rows.push_back(row);
        std::size_t looks = most_looks;
        return search(std::move(rows), hole, looks);
    }

    // What becomes of the rows of a table that takes the first one that holds, but for `otherwise`.
    [[nodiscard]] std::vector<RowReach> reaches() const {
        std::vector<RowReach> result(boxes_.size(), RowReach::Covered);
        RowNumbers rows;
        for (std::uint32_t row = 0; row < boxes_.size(); ++row) {
            if (is_empty(row)) result[row] = RowReach::Outside;
            else if (!table_.rows[row].otherwise) rows.push_back(row);
        }
        std::size_t looks = most_looks;
        const bool divided = divide(std::move(rows), looks, [&](const Region& region, RowNumbers& here) {
            // What stands below a row that always holds here is not come to.
            const auto last = std::ranges::find_if(here, [&](std::uint32_t row) { return !is_published(row) && holds_throughout(row, region); });
            if (last != here.end()) here.erase(last + 1, here.end());
            if (std::ranges::all_of(here, [&](std::uint32_t row) { return result[row] == RowReach::Reached; })) return Part::Done;
            if (!holds_all_throughout(here, region)) return Part::Divided;
            if (is_something(region))
                for (const std::uint32_t row : here) result[row] = RowReach::Reached;
            return Part::Done;
        });
        // Nothing is said of what was not looked at.
        if (!divided) std::ranges::replace(result, RowReach::Covered, RowReach::Reached);
        return result;
    }
    [[nodiscard]] bool is_outside(std::uint32_t row) const { return is_empty(row); }

    // For each row that another one above overlaps: the first such.
    [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint32_t>> overlaps() const {
        std::vector<std::uint32_t> first_of(boxes_.size());  // itself: none
        RowNumbers rows;
        for (std::uint32_t row = 0; row < boxes_.size(); ++row) {
            first_of[row] = row;
            if (!table_.rows[row].otherwise && !is_empty(row)) rows.push_back(row);
        }
        std::size_t looks = most_looks;
        const bool divided = divide(rows, looks, [&](const Region& region, const RowNumbers& here) {
            if (here.size() < 2) return Part::Done;
            if (!holds_all_throughout(here, region)) return Part::Divided;
            if (is_something(region))
                for (const std::uint32_t row : here) first_of[row] = std::min(first_of[row], here.front());
            return Part::Done;
        });
        std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
        for (auto second = rows.begin(); second != rows.end() && found.size() < most_overlaps_told; ++second) {
            if (!divided) {
                const auto first = std::find_if(rows.begin(), second, [&](std::uint32_t row) { return shared(row, *second).has_value(); });
                first_of[*second] = *first;
            }
            if (first_of[*second] != *second) found.emplace_back(first_of[*second], *second);
        }
        return found;
    }

    // What two rows both hold for; nothing when they lie apart.
    [[nodiscard]] std::optional<Region> shared(std::uint32_t first, std::uint32_t second) const {
        Region region;
        for (std::size_t column = 0; column < inputs_.size(); ++column) {
            std::optional<Range> both;
            for (const Range& a : boxes_[first][column])
                for (const Range& b : boxes_[second][column])
                    if (const auto common = value::intersect(a, b); !both && common && representable(column, *common)) both = common;
            if (!both) return std::nullopt;
            region.push_back(narrowed(column, *both));
        }
        return region;
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

    // One company that lies there: a value for every input. Empty where the region itself is no more than that.
    [[nodiscard]] std::string example(const Region& region, std::string_view comma) const {
        std::string result;
        bool one = true;
        for (std::size_t column = 0; column < region.size(); ++column) {
            one = one && value::is_point(region[column]);
            if (!result.empty()) result += comma;
            result += interval_text(model_, variable(column), inputs_[column], value::point(region[column].low));
        }
        return one ? "" : result;
    }

private:
    [[nodiscard]] const Variable& variable(std::size_t column) const { return model_.variables[table_.inputs[column]]; }
    [[nodiscard]] bool is_published(std::uint32_t row) const {
        return std::ranges::any_of(table_.rows[row].cells, [](const TableCell& cell) { return cell.published.has_value(); });
    }
    [[nodiscard]] bool is_empty(std::uint32_t row) const {
        return std::ranges::any_of(boxes_[row], [](const auto& intervals) { return intervals.empty(); });
    }

    [[nodiscard]] std::vector<std::vector<Range>> box(const TableRow& row) {
        std::vector<std::vector<Range>> columns;
        for (std::size_t column = 0; column < inputs_.size(); ++column) {
            std::vector<Range>& intervals = columns.emplace_back();
            if (row.otherwise || row.cells.size() <= column || row.cells[column].any) {
                intervals.push_back(inputs_[column].range);
                continue;
            }
            for (const CellInterval& interval : row.cells[column].intervals)
                add(intervals, interval, column, row.cells[column]);
        }
        return columns;
    }
    void add(std::vector<Range>& intervals, const CellInterval& interval, std::size_t column, const TableCell& cell) {
        bool exact = true;
        if (const auto range = in_units(interval, variable(column).type.kind, inputs_[column], exact)) intervals.push_back(*range);
        if (!exact && inexact_ == nullptr) inexact_ = &cell;
    }

    // Between the numbers of two codes lie numbers that are no code; a part of those alone is nothing.
    [[nodiscard]] bool representable(std::size_t column, const Range& range) const {
        return variable(column).type.kind != Kind::Code || !spell(model_, variable(column).type, code_at(column, range)).empty();
    }
    [[nodiscard]] Constant code_at(std::size_t column, const Range& range) const {
        Constant constant;
        for (Int128 number = range.low; number <= range.high; ++number) {
            constant.integer = value::exactly<std::int64_t>(number).value();
            if (!spell(model_, variable(column).type, constant).empty()) break;
        }
        return constant;
    }
    [[nodiscard]] Range narrowed(std::size_t column, const Range& range) const {
        return variable(column).type.kind == Kind::Code ? value::point(code_at(column, range).integer) : range;
    }

    // Ascending, those that meet made one.
    static void put_apart(std::vector<Range>& intervals) {
        std::ranges::sort(intervals, {}, &Range::low);
        std::vector<Range> apart;
        for (const Range& interval : intervals) {
            if (!apart.empty() && interval.low <= apart.back().high) apart.back().high = std::max(apart.back().high, interval.high);
            else apart.push_back(interval);
        }
        intervals = std::move(apart);
    }

    // The intervals of a row's cell that a range touches.
    [[nodiscard]] std::span<const Range> touched(std::uint32_t row, std::size_t column, const Range& range) const {
        const auto& intervals = apart_[row][column];
        const auto begin = std::ranges::lower_bound(intervals, range.low, {}, &Range::high);
        const auto end = std::upper_bound(begin, intervals.end(), range.high, [](Int128 high, const Range& interval) { return high < interval.low; });
        return {begin, end};
    }
    [[nodiscard]] bool touches(std::uint32_t row, std::size_t column, const Range& range) const { return !touched(row, column, range).empty(); }
    [[nodiscard]] bool touches(std::uint32_t row, const Region& region) const {
        for (std::size_t column = 0; column < region.size(); ++column)
            if (!touches(row, column, region[column])) return false;
        return true;
    }
    [[nodiscard]] bool holds_throughout(std::uint32_t row, const Region& region) const {
        for (std::size_t column = 0; column < region.size(); ++column) {
            const auto here = touched(row, column, region[column]);
            if (here.empty() || !value::contains(here.front(), region[column])) return false;
        }
        return true;
    }
    [[nodiscard]] bool holds_all_throughout(const RowNumbers& rows, const Region& region) const {
        return std::ranges::all_of(rows, [&](std::uint32_t row) { return holds_throughout(row, region); });
    }

    // Where to cut: the column with the most edges of rows inside, in the middle of them. A cut is the beginning of its upper half.
    struct Cut {
        std::size_t column = 0;
        Int128 at = 0;
    };
    [[nodiscard]] std::optional<Cut> cut_of(const Region& region, const RowNumbers& rows, std::size_t& looks) const {
        std::optional<Cut> best;
        std::size_t most = 0;
        for (std::size_t column = 0; column < region.size(); ++column) {
            std::vector<Int128> begins;
            for (const std::uint32_t row : rows)
                for (const Range& interval : touched(row, column, region[column])) {
                    if (region[column].low < interval.low) begins.push_back(interval.low);
                    if (interval.high < region[column].high) begins.push_back(interval.high + 1);
                }
            // A row of two edges is a look already; of a cell that is a set there may be very many.
            looks -= std::min(looks, begins.size() - std::min(begins.size(), 2 * rows.size()));
            if (begins.size() <= most) continue;
            most = begins.size();
            const auto middle = begins.begin() + static_cast<std::ptrdiff_t>(begins.size() / 2);
            std::ranges::nth_element(begins, middle);
            best = Cut{column, *middle};
        }
        return best;
    }

    enum class Part : std::uint8_t { Done, Divided, Last };
    // Shows parts of the whole space, with the rows that touch each, ascending; one that is not done with is divided further,
    // and behind the last none is shown. False when it took too many looks.
    template <class Visit>
    bool divide(RowNumbers rows, std::size_t& looks, Visit&& visit) const {
        std::vector<std::pair<Region, RowNumbers>> open;
        open.emplace_back(whole(), std::move(rows));
        while (!open.empty()) {
            Region region = std::move(open.back().first);
            RowNumbers here = std::move(open.back().second);
            open.pop_back();
            if (looks < here.size() + 1) return false;
            looks -= here.size() + 1;
            sink_.spend(here.size() + 1);
            std::erase_if(here, [&](std::uint32_t row) { return !touches(row, region); });
            const Part part = visit(region, here);
            if (part == Part::Last) return true;
            if (part == Part::Done) continue;
            const auto cut = cut_of(region, here, looks);
            if (!cut) continue;
            Region lower = region;
            lower[cut->column].high = cut->at - 1;
            region[cut->column].low = cut->at;
            open.emplace_back(std::move(region), here);
            open.emplace_back(std::move(lower), std::move(here));
        }
        return true;
    }

    Found search(RowNumbers candidates, Region& hole, std::size_t& looks) const {
        Found found = Found::Nothing;
        const bool divided = divide(std::move(candidates), looks, [&](const Region& region, const RowNumbers& rows) {
            if (std::ranges::any_of(rows, [&](std::uint32_t row) { return holds_throughout(row, region); })) return Part::Done;
            if (!rows.empty()) return Part::Divided;
            if (!is_something(region)) return Part::Done;
            hole = grown(region);
            found = Found::Hole;
            return Part::Last;
        });
        return divided ? found : Found::GaveUp;
    }

    [[nodiscard]] Region whole() const {
        Region region;
        for (const InputRange& input : inputs_) region.push_back(input.range);
        return region;
    }

    [[nodiscard]] bool is_something(const Region& region) const {
        for (std::size_t column = 0; column < region.size(); ++column)
            if (!representable(column, region[column])) return false;
        return true;
    }

    // As far as it goes without touching a row, one column after another, so that a message says as much as is so.
    [[nodiscard]] Region grown(Region region) const {
        for (std::size_t column = 0; column < region.size(); ++column) {
            Range& range = region[column];
            Range free = inputs_[column].range;
            for (std::uint32_t row = 0; row < boxes_.size(); ++row) {
                if (table_.rows[row].otherwise || is_published(row)) continue;
                Region others = region;
                others[column] = inputs_[column].range;
                if (!touches(row, others)) continue;
                for (const Range& interval : boxes_[row][column]) {
                    if (interval.high < range.low) free.low = std::max(free.low, interval.high + 1);
                    if (interval.low > range.high) free.high = std::min(free.high, interval.low - 1);
                }
            }
            range = narrowed(column, free.low <= free.high ? free : range);
        }
        return region;
    }

    const Model& model_;
    const Table& table_;
    std::span<const InputRange> inputs_;
    text::Sink& sink_;
    Boxes boxes_;
    Boxes apart_;  // the same, the intervals of each cell ascending
    const TableCell* inexact_ = nullptr;
};

void report_overlaps(const Table& table, const Cover& cover, text::Sink& sink) {
    for (const auto& [first, second] : cover.overlaps()) {
        const Region both = *cover.shared(first, second);
        const std::string english = cover.example(both, ", "), chinese = cover.example(both, "，");
        sink.report(Code::table_overlap, table.rows[second].span, {table.name, cover.text(both)})
            .here(english.empty() ? "this row" : "this row, for example for " + english, chinese.empty() ? "这一行" : "这一行，例如" + chinese)
            .also(table.rows[first].span, "and this one", "与这一行");
    }
}

void report_gap(const Table& table, const Cover& cover, const Region& hole, text::Sink& sink) {
    auto& report = sink.report(Code::table_incomplete, table.span, {table.name, cover.text(hole)});
    const std::string english = cover.example(hole, ", "), chinese = cover.example(hole, "，");
    if (!english.empty()) report.here("for example for " + english, "例如" + chinese);
}

}  // namespace

std::vector<RowReach> check_table(const Model& model, Id id, std::span<const InputRange> inputs, text::Sink& sink) {
    const Table& table = model.tables[id];
    std::vector<RowReach> rows(table.rows.size(), RowReach::Reached);
    if (inputs.size() != table.inputs.size() || table.rows.empty()) return rows;
    Cover cover(model, table, inputs, sink);
    if (const TableCell* const cell = cover.inexact()) {
        auto& told = sink.report(Code::too_wide_for_exactness, cell->span);
        told.no_help = true;
        told.here("too large or too fine beside the values that the table is asked for", "与查表的值相比过大或过细");
        return {};
    }
    Region hole;
    const Found gap = cover.search_gap(hole);
    const bool closed = std::ranges::any_of(table.rows, &TableRow::otherwise);
    if (gap == Found::Hole && !closed) report_gap(table, cover, hole, sink);
    if (gap == Found::GaveUp && !closed) sink.report(Code::table_not_proved, table.span, {table.name});
    if (!table.first) report_overlaps(table, cover, sink);
    // Overlaps are errors where rows do not come first and second.
    if (table.first) rows = cover.reaches();
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
        if (table.rows[row].otherwise) rows[row] = gap == Found::Nothing ? RowReach::Covered : RowReach::Reached;
        else if (cover.is_outside(row)) rows[row] = RowReach::Outside;
    }
    return rows;
}

void report_rows(const Model& model, Id id, std::span<const RowReach> rows, text::Sink& sink) {
    const Table& table = model.tables[id];
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row] == RowReach::Covered && (table.first || table.rows[row].otherwise)) sink.report(Code::row_never_applies, table.rows[row].span, {table.name});
        if (rows[row] == RowReach::Outside) sink.report(Code::row_outside_range, table.rows[row].span, {table.name});
    }
}

}  // namespace eligo::sema
