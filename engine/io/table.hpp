// Tables as they come in, whatever their format: a header, and rows in chunks that are cut by one thread and taken apart
// by others. Each format has a file of its own: table_csv.cpp, table_ndjson.cpp, table_sqlite.cpp, table_workbook.cpp.
// Memory does not grow with the table. Tested by table_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "byte_stream.hpp"
#include "padded_text.hpp"
#include "problem.hpp"
#include "tree.hpp"

namespace eligo::io {

// A place between two rows, from which reading can go on in another run.
struct Position {
    std::uint64_t offset = 0;  // bytes of the text before it; 0 where the format has no text
    std::uint64_t line = 1;    // of the next row
    std::uint64_t rows = 0;    // rows before it
    friend bool operator==(const Position&, const Position&) = default;
};

// Whole rows, as one thread cuts them off and another takes them apart.
struct Chunk {
    std::uint64_t number = 0;
    Position begin, end;
    PaddedText text;                   // of formats that are text
    bool is_too_long = false;          // the text is how a single row begins, the rest of which was passed over
    bool quotes = true;                // there may be a " in it
    std::string bytes;                 // of formats whose rows are taken from elsewhere: their cells,
    std::vector<std::uint64_t> lines;  // and where each row stands
};

// Where the cells of all rows of a chunk lie, for reading them a column at a time. A row's cell is what was written between
// its separators, quotes and blanks included.
struct CellIndex {
    static constexpr std::uint32_t none = 0xFFFFFFFF;
    std::unique_ptr<std::uint32_t[]> ends, feeds;  // as ColumnCells::ends
    std::unique_ptr<char[]> beyond_ascii;          // as of Kernels::find_ends
    std::size_t room = 0;
    std::uint32_t behind = 0;                      // bytes between the last cell and its end
    std::vector<std::uint32_t> rows;               // as ColumnCells::rows
    std::vector<std::uint32_t> lines;              // of each row, counted from the chunk's first
    // Rows that cannot be read this way, by their number in `rows`, where all their cells seem to be empty. RowReader::go_to
    // leads to them.
    struct Irregular {
        std::uint32_t row = 0, at = 0;
    };
    std::vector<Irregular> irregular;
};

// Why a cell is not what it claims to be.
enum class CellFault : std::uint8_t {
    None,
    Blob,     // bytes, where a value is wanted
    NotText,  // a text that is no UTF-8
    // Of workbooks:
    NoResult,     // a formula without a stored result
    Error,        // #N/A and its like
    NoTruth,      // a cell of true or false with something else in it
    NoNumber,
    NoDay,        // a number that is shown as a date and stands for none
    NoSuchText,   // the number of a text that the workbook has not
    NoSuchStyle,
    NoCharacter,  // an escape that stands for no character
    UnknownType,
    Merged,       // a part of merged cells, of which the first has the value
};
// What is said of it, and what to do: "bytes (a BLOB) are no value".
struct FaultWords {
    std::string_view chinese, english;
};
[[nodiscard]] FaultWords words_of(CellFault fault);

// A cell as it was written. `text` lives until the next row. Of kind Wrong it is what a person would look for, and `fault` says
// why it cannot be read: a row whose cell is read is then refused.
struct TableCell {
    std::string_view text;
    NodeKind kind = NodeKind::Absent;
    std::uint32_t at = 0;  // bytes from the beginning of its row, for telling its column
    CellFault fault = CellFault::None;
    bool has_many_digits = false;  // a number with more digits than a cell of a spreadsheet keeps: no id, and no text
};
// The fault of a cell as a problem that stands nowhere yet.
[[nodiscard]] Problem problem_of(const TableCell& cell);
// What is said of a cell that is to be an id or a text and has many digits.
[[nodiscard]] Problem too_many_digits(const TableCell& cell);

// What an object of scalars, or of objects of scalars, says: `key` or `key`.`member`.
struct FlatValue {
    std::string_view key, member;
    NodeKind kind = NodeKind::Null;
    std::string_view text;  // as Node::text
    bool begins = true;     // the first of its key's
};

// One row, or why it is none.
struct TableRow {
    std::uint64_t line = 0;
    std::span<const TableCell> cells;      // one a column of the header; of a row that cannot be read, those at its front that can
    Node* tree = nullptr;                  // formats whose rows are trees: then there are no cells; it may be taken apart
    std::string_view source;               // the row as it stands in the chunk; empty where it has no text of its own
    const Problem* problem = nullptr;      // the row cannot be read
};

// Rows that have something in common, and the line of the first.
struct CountedRows {
    std::uint64_t count = 0, first = 0;
    void add(std::uint64_t line) {
        if (count++ == 0) first = line;
    }
};

class RowReader {
public:
    RowReader() = default;
    virtual ~RowReader() = default;
    RowReader(const RowReader&) = delete;
    RowReader& operator=(const RowReader&) = delete;
    // The rows of a chunk, one after another; false behind the last.
    virtual void begin(const Chunk& chunk) = 0;
    [[nodiscard]] virtual bool next(TableRow& row) = 0;

    // All rows of the chunk together; false where the format has no such thing, and rows come one at a time.
    [[nodiscard]] virtual bool find_cells(CellIndex&) { return false; }
    // The cell that was written so. Its text lives until the next call.
    [[nodiscard]] virtual TableCell cell(std::string_view written) { return {written, NodeKind::Plain, 0}; }
    // Of formats whose rows are trees: the next row without a tree, as far as it is flat and nothing is wrong with it. False:
    // `next` gives the same row. Its texts live until the next call.
    [[nodiscard]] virtual bool next_flat(TableRow&, std::vector<FlatValue>&) { return false; }
    // `next` gives the row that `next_flat` gave.
    virtual void again() {}
    // Of what was read of the chunk, the rows with cells that hold line ends.
    [[nodiscard]] virtual CountedRows rows_of_many_lines() const { return {}; }
    // `next` gives the row that begins at this byte of the chunk, in this line.
    virtual void go_to(std::size_t, std::uint64_t) {}
};

class Table {
public:
    Table() = default;
    virtual ~Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    // The names of the columns. Of formats whose rows are trees, the keys of the first rows: later ones may have others.
    [[nodiscard]] virtual const std::vector<std::string>& header() const = 0;
    [[nodiscard]] virtual bool rows_are_trees() const { return false; }
    // Before the first row: only the cells of these columns will be looked at, and the others may be given as absent.
    virtual void read_only(const std::vector<bool>&) {}
    // Only for one thread. False at the end, and on a failure.
    [[nodiscard]] virtual bool next(Chunk& chunk) = 0;
    [[nodiscard]] virtual const std::optional<Problem>& failure() const = 0;
    // Goes on from a place met in another run of the same input.
    [[nodiscard]] virtual bool go_to(const Position& position) = 0;
    // Takes chunks apart; one a thread, and the table must outlive it.
    [[nodiscard]] virtual std::unique_ptr<RowReader> reader() const = 0;

    // For telling progress: bytes of the file, or rows, done and in all; nothing in all when it is not known.
    struct Progress {
        std::uint64_t done = 0, in_all = 0;
    };
    [[nodiscard]] virtual Progress progress() const = 0;
    // What a person should know about how the input was taken: "GB18030".
    [[nodiscard]] virtual std::vector<std::string> turned_from() const { return {}; }
    // The last row has no line end: perhaps the file was cut off.
    [[nodiscard]] virtual bool ends_without_line_end() const { return false; }
};

enum class TableFormat : std::uint8_t { Csv, Tsv, Ndjson, Sqlite, Workbook };

// Where a table is: a path, and the table of a database or the sheet of a workbook (`companies.db?table=companies`).
struct TablePlace {
    std::string path;
    std::string table;
    std::optional<TableFormat> format;  // by the ending of the path; `.gz` and `.zst` are looked through
};
[[nodiscard]] TablePlace place_of(const std::string& input);
// Whatever its capitals; `ending` has none.
[[nodiscard]] bool has_ending(std::string_view path, std::string_view ending);

// Bytes of a row, in every format; a longer one is refused, and reading goes on behind it.
inline constexpr std::size_t longest_row = 1024 * 1024;

struct TableOptions {
    StreamOptions stream;
    std::size_t chunk_bytes = 256 * 1024;
    std::size_t longest_row = io::longest_row;  // of formats that are text
    // Of CSV, where a last column may be left out: at least so many columns, which are called nothing where the header has not got
    // them, and at least so many cells in a row, where that is not as many as the header has.
    std::size_t least_columns = 0, least_cells = 0;
};
// Nothing, and problems, when it cannot be opened or has no header.
[[nodiscard]] std::unique_ptr<Table> open_table(const std::string& input, const TableOptions& options, std::vector<Problem>& problems);

// ---- the formats

[[nodiscard]] std::unique_ptr<Table> open_csv(std::unique_ptr<ByteStream> stream, std::optional<char> separator, const TableOptions& options, std::vector<Problem>& problems);
[[nodiscard]] std::unique_ptr<Table> open_ndjson(std::unique_ptr<ByteStream> stream, const TableOptions& options, std::vector<Problem>& problems);
[[nodiscard]] std::unique_ptr<Table> open_sqlite(const TablePlace& place, const TableOptions& options, std::vector<Problem>& problems);
[[nodiscard]] std::unique_ptr<Table> open_workbook(const TablePlace& place, const TableOptions& options, std::vector<Problem>& problems);

// As many as a sheet of Excel has.
inline constexpr std::size_t most_columns = 16'384;
// Objects, lists and values in one row that is a tree.
inline constexpr std::size_t most_values = 65'536;

// What is said of a row that is longer than it may be; `begin`: how it begins.
[[nodiscard]] Problem row_too_long(std::string_view begin);
// What is said of a table with more columns than there may be.
[[nodiscard]] Problem too_many_columns(std::uint64_t line);

// The character column, from 1, of a byte of a row.
[[nodiscard]] std::uint32_t column_at(std::string_view row, std::size_t at);

}  // namespace eligo::io
