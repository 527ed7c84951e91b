#include "sheet_rows.hpp"

#include <algorithm>
#include <utility>

#include "../vm/spelling.hpp"
#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t most_ranges = 100'000;

}  // namespace

void SheetRow::add_value(std::size_t column, std::string_view value, bool has_many_digits) {
    value = vm::trimmed(value);
    if (value.empty()) return;
    cells.push_back({column, value == "?" ? NodeKind::Null : NodeKind::Plain, CellFault::None, has_many_digits, text.size(), value.size()});
    text += value;
}

void SheetRow::add_fault(std::size_t column, CellFault fault, std::string_view found) {
    constexpr std::size_t longest = 200;
    found = found.substr(0, longest);
    cells.push_back({column, NodeKind::Wrong, fault, false, text.size(), found.size()});
    text += found;
}

void SheetRow::refuse(std::string chinese, std::string english, std::string_view found) {
    if (problem) return;
    problem = malformed({}, std::move(chinese), std::move(english));
    problem->found = as_text(found);
}

void SheetRow::put_in_order() {
    const auto is_before = [](const SheetCell& a, const SheetCell& b) { return a.column < b.column; };
    if (!std::is_sorted(cells.begin(), cells.end(), is_before)) std::stable_sort(cells.begin(), cells.end(), is_before);
    const auto twice = std::adjacent_find(cells.begin(), cells.end(), [](const SheetCell& a, const SheetCell& b) { return a.column == b.column; });
    if (twice == cells.end()) return;
    const std::string column = std::to_string(twice->column + 1);
    refuse("第" + column + "列在本行中出现两次", "column " + column + " occurs twice in this row", text_of(*(twice + 1)));
}

bool MergedRanges::add(const MergedRange& range) {
    if (ranges_.size() == most_ranges) return false;
    ranges_.push_back(range);
    return true;
}

bool MergedRanges::finish() {
    std::sort(ranges_.begin(), ranges_.end(), [](const MergedRange& a, const MergedRange& b) { return a.first_row < b.first_row; });
    std::vector<std::uint64_t> begins, ends;
    for (const MergedRange& range : ranges_) {
        begins.push_back(range.first_row);
        ends.push_back(range.last_row);
    }
    std::sort(ends.begin(), ends.end());
    // No more of them can be in one row than it has columns.
    std::size_t ended = 0;
    for (std::size_t begun = 0; begun < begins.size(); ++begun) {
        while (ended < ends.size() && ends[ended] < begins[begun]) ++ended;
        if (begun + 1 - ended > most_columns) return false;
    }
    return true;
}

const std::vector<MergedRange>& MergedRanges::in_row(std::uint64_t row) {
    std::erase_if(in_row_, [&](const MergedRange& range) { return range.last_row < row; });
    for (; next_ < ranges_.size() && ranges_[next_].first_row <= row; ++next_) {
        if (ranges_[next_].last_row >= row) in_row_.push_back(ranges_[next_]);
    }
    return in_row_;
}

}  // namespace eligo::io
