// Many subjects' facts as columns: what columnar::run reads. A batch describes columns of any length (a block of a file,
// a whole table); it owns nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "../bytecode/pack.hpp"
#include "column.hpp"

namespace eligo::columnar {

// The year of a column that holds for the years that have no column of their own; also of every fact that is not yearly.
inline constexpr std::int32_t any_year = std::numeric_limits<std::int32_t>::min();

struct BatchColumn {
    bytecode::Index column = bytecode::none;  // of the subject's columns (bytecode::Subject::columns)
    std::int32_t year = any_year;             // the fiscal year itself, 2015; facts that are not yearly: any_year
    Column data;
};

struct Batch;

// A list of each row: the elements of all rows one behind the other, as a batch of their own.
struct ListColumn {
    bytecode::Index column = bytecode::none;
    // Row i's elements are rows offsets[i] .. offsets[i + 1] - 1 of `elements`; one of the two is given.
    const std::int32_t* offsets = nullptr;
    const std::int64_t* long_offsets = nullptr;
    const Batch* elements = nullptr;
    Bits known;  // not set: nothing is known of the row's list (given as unknown, or absent). No bytes: all are known
    [[nodiscard]] std::int64_t begin(std::size_t row) const { return offsets != nullptr ? offsets[row] : long_offsets[row]; }
    [[nodiscard]] std::int64_t end(std::size_t row) const { return begin(row + 1); }
};

struct Batch {
    bytecode::Index subject = bytecode::none;
    std::size_t rows = 0;
    // A fact without a column is absent in every row; a list without one is not known in any. At most one of each (column, year).
    std::vector<BatchColumn> columns;
    std::vector<ListColumn> lists;
    // The fiscal year of each row, from 1900 to 2199; nullptr: that of PlanOptions, else the year of the as-of date. Not for elements, which
    // have their row's.
    const std::int32_t* fiscal_years = nullptr;
};

}  // namespace eligo::columnar
