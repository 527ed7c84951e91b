// From the rows of a table to a block of facts, and to rejects for those that are wrong. One a thread.
// Tested by screen_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "../io/columns.hpp"
#include "../io/problem.hpp"
#include "../io/read_value.hpp"
#include "../io/table.hpp"
#include "block.hpp"
#include "children.hpp"
#include "ids.hpp"
#include "matching.hpp"
#include "needs.hpp"

namespace eligo::screen {

// A row that was left out, and why: its first problem, with the others in the reason.
struct Reject {
    std::string table;            // of a list; empty for the table of companies
    std::uint64_t line = 0;
    std::string column;           // by the name it has in the table
    std::string value;
    std::uint32_t position = 0;   // the character of the line at which the cell begins; 0 where there is no such thing
    std::string company;
    io::ProblemKind kind{};
    std::string chinese, english;
};

// A key that is no fact, and the line in which it is met first.
struct UnknownKey {
    std::uint64_t line = 0;
    std::string name;
};

// A column of the table that is carried through to the output.
struct Kept {
    std::string name;         // of tables whose rows are trees: the key
    std::size_t column = 0;   // of all others: its number
};

class Intake {
public:
    Intake(const bytecode::Pack& pack, const Needs& needs, const io::Table& table, const Matching& matching, const io::ColumnFinder& finder, const Children& children, const std::vector<Kept>& kept);
    ~Intake();

    // At most `most` further rows of the chunk; false when none is left.
    void begin(const io::Chunk& chunk);
    [[nodiscard]] bool take(Block& block, std::size_t most, std::vector<Reject>& rejects);
    // Of the chunk, the rows with cells that hold line ends.
    [[nodiscard]] io::CountedRows rows_of_many_lines() const { return rows_->rows_of_many_lines(); }
    // Of the chunk's rows that were taken. What cannot be read again is not gone through for runs.
    [[nodiscard]] IdsOfRows& ids() { return ids_; }
    void without_runs() { look_for_runs_ = false; }
    // Of trees: keys that are no facts and that no earlier row, and no header, had. They are told once.
    [[nodiscard]] std::vector<UnknownKey> take_unknown() { return std::exchange(unknown_, {}); }

private:
    struct Column {
        io::Target target;
        std::size_t slot = 0;
        std::unique_ptr<io::ValueReader> reader;  // nothing: the column is not read
        bool is_text = false;
        bool is_narrow = false, is_bounded = false;  // of the rows at hand: all can be had as bytes; all are within the slot's bounds
    };
    // Rows one at a time, or a column at a time where the table can say where the cells of all rows lie.
    [[nodiscard]] bool take_rows(Block& block, std::size_t most, std::vector<Reject>& rejects);
    [[nodiscard]] bool take_columns(Block& block, std::size_t most, std::vector<Reject>& rejects);
    void row(const io::TableRow& row, Block& block, std::vector<Reject>& rejects);
    // The cells are candidates from `from` on.
    void read_column(std::size_t number, const io::ColumnCells& cells, std::size_t from, Block& block);
    void read_companies(const io::ColumnCells& cells, std::size_t from, Block& block);
    void read_texts(std::size_t first, std::size_t count, Block& block);
    void read_kept(std::size_t first, std::size_t count, Block& block);
    // The row's columns that are carried through.
    [[nodiscard]] std::vector<std::string> kept_texts(const io::Node& root) const;
    // False: the row must be read as a tree.
    [[nodiscard]] bool keep_flat(const io::FlatValue& value, Block& block) const;
    // Whether the cell can be had as a byte; one that is wrong need not be.
    bool read_odd_cell(std::size_t number, const io::ColumnCells& cells, std::size_t row, std::size_t candidate, Block& block);
    void mark(std::size_t candidate) { marks_[candidate] = any_marked_ = 1; }
    void keep_one_by_one(std::size_t first, std::size_t count, Block& block, std::vector<Reject>& rejects);
    void cells(const io::TableRow& row, Block& block);
    void tree(const io::TableRow& row, Block& block);
    // A row of a tree that is flat; false when it must be read as a tree, whatever was filled in.
    [[nodiscard]] bool flat(Block& block);
    void cell(const io::TableRow& row, std::size_t column, Block& block);
    // As it is written, or absent where that is what it is to say.
    [[nodiscard]] io::TableCell taken(const io::TableCell& cell) const;
    [[nodiscard]] bool says_nothing(const io::Node& node) const;
    // A value of a tree in the fact's own unit; false, and a problem, where it cannot be had.
    [[nodiscard]] bool to_own_unit(io::Node& value, const io::Target& target, const std::string& key);
    void lists(Block& block);
    void note_id(std::string_view id, std::uint64_t line);
    // Of candidates; ids of marked ones may be left to the row.
    void note_ids(std::size_t first, std::size_t count, const Block& block);
    // Why rows of lists cannot be told by the id of the row at hand.
    [[nodiscard]] std::optional<io::Problem> why_no_lists() const;
    void look_for_contradictions(const io::TableRow& row, Block& block);
    void add_problem(io::Problem problem, std::size_t column, const io::TableRow& row);
    [[nodiscard]] io::Node wanted(io::Node& root);
    void note_unknown(std::string_view key, std::string_view member);
    [[nodiscard]] Reject reject_of(const io::TableRow& row);

    // What the values of a key, or of a key's member, are for. Found when they are first met.
    struct KeyUse {
        enum : std::uint8_t { Ignored, AsTree, Company, FiscalYear, Value, AllYears } kind = AsTree;
        std::size_t slot = 0;                     // Value; AllYears: of the fact as a whole
        std::shared_ptr<io::ValueReader> reader;  // Value; one for all years of a fact
        std::size_t column = 0;                   // of the subject, behind the company and the fiscal year
        bool is_year = false;                     // the key is one year of a fact, `revenue.2015`
    };
    struct KeyHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    template <class Value>
    using ByKey = std::unordered_map<std::string, Value, KeyHash, std::equal_to<>>;
    [[nodiscard]] KeyUse& use_of(const io::FlatValue& value, Block& block);
    [[nodiscard]] KeyUse find_use(std::string_view key, std::string_view member, Block& block);
    [[nodiscard]] bool put_flat(const io::FlatValue& value, Block& block);

    const bytecode::Pack& pack_;
    const Needs& needs_;
    const io::Table& table_;
    const Matching& matching_;
    const io::ColumnFinder& finder_;
    const std::vector<Kept>& kept_;
    std::unique_ptr<io::RowReader> rows_;
    std::unique_ptr<ChildReader> children_;
    const SameIds* same_ids_ = nullptr;  // of the table, where there are lists
    std::vector<Column> columns_;
    std::vector<std::size_t> read_;   // the columns whose cells are looked at
    std::vector<std::size_t> texts_read_;  // those of them that are texts, whose numbers hang together within a row
    std::vector<std::string> texts_;
    const Block* prepared_for_ = nullptr;
    std::string company_;
    IdsOfRows ids_;
    bool look_for_runs_ = true;
    bool id_is_noted_ = false;  // of a row that is read again by itself
    bool id_is_wrong_ = false;  // the cell of this row that is to give its id cannot be read as one
    std::vector<io::Problem> problems_;  // of the row at hand; `key` is the column's name in the table
    const io::Chunk* chunk_ = nullptr;
    bool by_column_ = false;
    io::CellIndex index_;
    std::size_t next_row_ = 0, next_irregular_ = 0;  // of the index
    std::vector<std::uint8_t> marks_;                // candidates that must be looked at one by one, from the text on
    std::uint8_t any_marked_ = 0;
    std::vector<std::uint32_t> left_;
    std::vector<io::FlatValue> flat_values_;
    ByKey<ByKey<KeyUse>> uses_;              // by key and member
    std::size_t uses_kept_ = 0;
    KeyUse as_tree_;
    std::uint64_t flat_row_ = 0;
    std::uint64_t row_line_ = 0;
    std::vector<std::string> told_keys_;
    std::set<std::string> unknown_seen_;
    std::vector<UnknownKey> unknown_;
    std::vector<std::uint64_t> column_rows_, year_rows_;  // by column: the last row that had it, that had a year of it alone
    std::map<std::pair<bytecode::Index, const io::ColumnUnit*>, std::shared_ptr<io::ValueReader>> readers_;
};

// Adds the ids of all rows of a table, whose columns are those of the matching, until someone asks to stop.
void each_id(const bytecode::Pack& pack, bytecode::Index subject, io::Table& table, const Matching& matching, const io::ColumnFinder& finder, const std::atomic<bool>* stop, Ids& ids);

}  // namespace eligo::screen
