// From the columns of a batch to the registers that the program reads: which rows are open, and what they may be.
// Internal to columnar/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "code.hpp"
#include "execute.hpp"

namespace eligo::columnar {

// The lanes of one level while a block is run.
struct LevelLanes {
    std::size_t count = 0;
    const Batch* batch = nullptr;        // the rows, or the elements; nullptr: the batch has no such list
    const ListColumn* list = nullptr;
    std::size_t first = 0;               // level 0: lane 0 is this row of the batch
    bool any_open = false;               // some row of the block has a list of which nothing is known
    std::vector<std::uint32_t> parent;   // of each element's lane
    std::vector<std::int64_t> rows;      // of the batch, for each element; -1: an element of which nothing is known
    std::vector<std::uint8_t> any;       // that it is such an element
    std::vector<std::uint64_t> chosen;   // of some rows of the parent: which; empty where it is all of them, or a list
    std::size_t among = 0;               // and how many rows the parent has
    std::vector<std::int32_t> years;     // with fiscal_year_by_row
};

// What an element can hold.
[[nodiscard]] Interval<std::int64_t> range_of(Element element);

// Where a source finds its values in the batch that is run.
struct View {
    const Column* column = nullptr;      // nullptr: absent in every row, or by_year
    bool by_year = false;                // each row looks for its own year
    std::vector<std::pair<std::int32_t, const Column*>> years;
    const Column* other_years = nullptr;
};

// A source's columns in the batch it belongs to are found by starting from nothing, being offered every column of its fact, and
// settling for what there was. A uniform fiscal year unless by_row.
void find_nothing(View& view, const InputSource& source, bool by_row);
void offer_column(View& view, const InputSource& source, const BatchColumn& column, std::int32_t fiscal_year);
void settle_columns(View& view);

// What rows first .. first + count - 1 say of a source.
enum class Openness : std::uint8_t {
    AllKnown,   // every row has a value
    Defaulted,  // every row has a value or takes a constant default
    Plain,      // rows without a value may be anything that the fact declares, for all of them alike
    Complex,    // rows without a value differ: ranges, defaults, bounds that are other facts
};
[[nodiscard]] constexpr bool is_exact(Openness openness) { return openness <= Openness::Defaulted; }
[[nodiscard]] Openness openness_of(const View& view, const InputSource& source, std::size_t first, std::size_t count);

// Whether the elements lie in the batch as they are, so that kernels may read them there.
[[nodiscard]] bool is_in_place(const View& view, const InputSource& source);

// The value of a source in every lane of its level: what a profile's known_range is. `low_bound` and `high_bound` are the values
// of the facts that bound it, where there are such.
void read_value(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result, const Lanes& low_bound, const Lanes& high_bound);
// The elements as numbers, whatever stands where a row has no value. Only of what is_in_place.
void read_raw(const View& view, const LevelLanes& lanes, std::int64_t* to);
// Which rows have a value. Only of what is_in_place, of all rows of a block or of some.
void read_known(const View& view, const LevelLanes& lanes, std::uint64_t* to);
void read_truth(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result);
// Whether anything is said of the fact, as a bitmap.
void read_given(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result);

}  // namespace eligo::columnar
