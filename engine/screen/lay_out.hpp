// The end of a run whose output cannot grow a row at a time: rows were collected as CSV, and now become a database, a workbook, a
// file that is packed, or the best N of them. Tested by screen_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../io/destination.hpp"
#include "../io/packed_file.hpp"
#include "../io/problem.hpp"
#include "output.hpp"

namespace eligo::screen {

enum class OutputKind : std::uint8_t { Csv, Tsv, Ndjson, Sqlite, Excel };

struct Top {
    static constexpr std::uint64_t most = 100'000;
    std::uint64_t count = 0;  // at most `most`
    std::string benefit;  // a column of the output: "NAME.BENEFIT"
};

struct Layout {
    OutputKind kind = OutputKind::Csv;
    io::Packing packing = io::Packing::None; // of text
    bool as_collected = false;               // the rows are text as it goes out already, and are only packed
    std::string table;                       // of a database
    std::vector<bool> numeric;               // which columns are amounts
    Cells cells = Cells::AsTheyAre;          // of CSV
    std::optional<std::uint64_t> top;        // only so many rows, those with the greatest amounts
    std::size_t top_column = 0;
    bool top_may_be_open = false;            // then the column behind it says what it is at least
    const std::atomic<bool>* stop = nullptr;  // set by a signal: no more rows are taken, and `before_seen` should say no

    [[nodiscard]] bool stopped() const { return stop != nullptr && stop->load(); }
};

// From the file `collected`. `before_seen` is asked when all is on the disk and has yet to get its name; false ends it. What went
// wrong; nothing when all is well, or when `before_seen` ended it. `notes` are told of what the format cannot hold as it is.
[[nodiscard]] std::optional<io::Problem> lay_out(const std::string& collected, const io::Destination& destination, const Layout& layout, const std::function<bool()>& before_seen, std::vector<io::Problem>& notes);

}  // namespace eligo::screen
