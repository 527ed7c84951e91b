// The work: chunks are cut off the table, made into rows of results, and these are taken in the order of the table. Every
// thread does all three, so that a chunk stays in the cache of one processor; of cutting and of taking, one at a time. Only
// so many chunks are on their way that memory does not depend on how large the table is.
// Tested by screen_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../io/columns.hpp"
#include "../io/table.hpp"
#include "children.hpp"
#include "evaluate.hpp"
#include "intake.hpp"
#include "output.hpp"
#include "tally.hpp"

namespace eligo::screen {

// Everything the stages share; nothing of it changes while they run.
struct Work {
    const bytecode::Pack* pack = nullptr;
    Needs needs;
    const columnar::Plan* plan = nullptr;
    std::vector<PolicyColumns> columns;
    const io::ColumnFinder* finder = nullptr;
    const Matching* matching = nullptr;
    const Children* children = nullptr;
    std::vector<Kept> kept;
    const TallyLayout* layout = nullptr;
    RowFormat format = RowFormat::Csv;
    Reasons reasons = Reasons::LeftOut;
    explain::Language language = explain::Language::English;
    Cells cells = Cells::AsTheyAre, reject_cells = Cells::AsTheyAre;
    bool only_eligible = false;               // leave out who is eligible for nothing
    bytecode::Index where = bytecode::none;   // a policy that selects companies
    std::size_t threads = 1;
    bool is_read_once = false;                // the table cannot be read again
    const std::atomic<bool>* stop = nullptr;
};

struct ChunkResult {
    std::uint64_t number = 0;
    io::Position end;
    io::PaddedText rows;
    std::string rejects;                 // lines for the rejects file
    std::vector<Reject> first_rejects;   // a few, for people
    io::CountedRows many_lines;             // rows with cells that hold line ends
    IdsOfRows ids;
    std::vector<UnknownKey> unknown;        // that no earlier chunk of this thread had
    Tally tally;

    // Ready for another chunk; memory stays, but for what a chunk of enormous rows took.
    void clear();
};

// Called for one chunk after another, by any of the threads; false ends the work.
using TakeResult = std::function<bool(const ChunkResult&)>;

// The table's failure, if it had one. `stop` may be set by anyone: chunks that are not done by then are left. Throws what any of
// the threads has thrown, such as that memory ran out, once all of them have ended.
[[nodiscard]] std::optional<io::Problem> run_pipeline(const Work& work, io::Table& table, const TakeResult& take);

// How long the chunks of a table should be for so many threads, so that all of them together stay within the memory there is.
[[nodiscard]] std::size_t chunk_bytes_for(std::size_t threads);

}  // namespace eligo::screen
