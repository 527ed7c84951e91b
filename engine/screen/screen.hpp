// Bulk screening from beginning to end: a table of companies in, a table of verdicts out, with nothing lost on the way.
// The door of screen/. It prints nothing: what there is to tell comes back, or is told to a listener.
// Tested by screen_test.cpp and tests/golden/cli/.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../io/columns.hpp"
#include "../io/table.hpp"
#include "children.hpp"
#include "lay_out.hpp"
#include "output.hpp"
#include "pipeline.hpp"
#include "tally.hpp"

namespace eligo::screen {

// By the ending of a path; nothing for endings that are none of these.
[[nodiscard]] std::optional<OutputKind> output_kind_of(const std::string& path);

struct Outcome;

// What is made of all rows once they are there: a report.
struct Summary {
    std::string path, role;  // "report.html", "--report"
    std::function<std::string(const Outcome&)> text;
};

struct Request {
    const bytecode::Pack* pack = nullptr;
    bytecode::Index subject = bytecode::none;
    std::vector<bytecode::Index> policies;
    bytecode::Index where = bytecode::none;
    std::string where_text;                 // as it was written
    vm::Question question;
    std::string input;
    std::vector<ListInput> lists;
    io::Encoding encoding = io::Encoding::Detect;
    Reading reading;                        // how cells are taken, in the table and in lists
    std::string rules_hash;                 // hash_of the pack without `where`; empty: it is the pack
    std::vector<std::string> also_read;     // files that were read for the request: rules, the map
    std::string output;                     // empty: standard output
    OutputKind kind = OutputKind::Csv;
    std::string rejects;                    // empty: the default beside the output
    std::vector<Summary> summaries;
    std::string command;                    // as it was given: what others are told who want to write the same
    std::vector<std::string> keep;          // columns of the input that are carried through to the output
    bool detail = false;                    // count what a report needs
    bool strict = false, resume = false, only_eligible = false;
    Reasons reasons = Reasons::LeftOut;
    Cells cells = Cells::AsTheyAre;         // of CSV
    std::optional<Top> top;
    std::size_t threads = 1;
    explain::Language language = explain::Language::English;
    const std::atomic<bool>* stop = nullptr;
};

enum class Ending : std::uint8_t {
    Whole,
    Interrupted,    // someone asked to stop; `--resume` goes on
    StoppedAtBad,   // strict
    InputFailed,
    OutputFailed,   // `--resume` goes on once there is room
    Failed,         // no memory, no threads: `--resume` goes on
    CannotStart,    // nothing was read or written
};

// How far it is.
struct Progress {
    io::Table::Progress table;
    std::uint64_t rows = 0, rows_before = 0;  // in all, and of those by an earlier run
};

// What is known before the work starts.
struct Start {
    const Matching* matching = nullptr;
    ListColumns lists;
    std::vector<std::string> turned_from;
    std::uint64_t resumed_rows = 0;   // rows that an earlier run has done
    bool nothing_to_resume = false;   // asked to go on, but there was nothing: it begins at the beginning
    bool left_over = false;           // an earlier run was interrupted; this one begins anew
    const io::ColumnFinder* finder = nullptr;
};

struct Listener {
    std::function<void(const Start&)> on_start;
    std::function<void(const Progress&)> on_progress;
};

struct Outcome {
    Ending ending = Ending::CannotStart;
    std::vector<io::Problem> problems;      // why it could not start, or ended
    std::vector<PolicyColumns> columns;
    std::unique_ptr<TallyLayout> layout;
    std::unique_ptr<Tally> tally;
    std::vector<Reject> first_rejects;      // of this run
    std::vector<std::string> table_header;
    std::vector<UnknownKey> unknown;        // keys of NDJSON that are no facts, met behind the first rows; in the order of their lines
    std::string rejects_path;               // empty: none was written
    std::string partial_path;               // what `--resume` goes on with; empty where nothing is left
    SameIds same_ids;                       // rows of the table that share their id
    std::uint64_t orphans = 0;              // rows of lists that belong to no company of the table
    bool ends_without_line_end = false;
    std::chrono::nanoseconds time{0};
    std::uint64_t rows_before = 0;
    std::string pack_hash;                  // of the rules
    std::vector<io::Problem> notes;         // what the format of the output cannot hold as it is
};

[[nodiscard]] Outcome screen(const Request& request, const Listener& listener);

// SHA-256 of the pack's image, as `sha256sum pack.eligo` tells it of the compiled pack.
[[nodiscard]] std::string hash_of(const bytecode::Pack& pack);

}  // namespace eligo::screen
