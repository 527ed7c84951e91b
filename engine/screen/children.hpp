// Tables of lists: the elements of all companies in one table, each with the company it belongs to. They may come in any
// order, so they are first laid out by company in a temporary file, which has no name any more once it is open: however the
// program ends, nothing is left of it. Of every row a bit stays in memory, and nothing else.
// Tested by screen_test.cpp.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../io/absent.hpp"
#include "../io/columns.hpp"
#include "../io/problem.hpp"
#include "../io/table.hpp"
#include "../text/diagnostic.hpp"
#include "block.hpp"
#include "ids.hpp"
#include "needs.hpp"

struct sqlite3;

namespace eligo::screen {

struct ListInput {
    std::string list;   // the fact
    std::string input;  // the table
};

// How columns and cells of all tables of a run are taken.
struct Reading {
    io::ColumnMap map;
    io::AbsentTexts absent;
};

class ChildReader;

// Thrown through what takes long when someone has asked to stop.
struct Stopped {};

// What is told of the columns of lists before the work starts.
struct ListColumns {
    std::vector<std::string> unmatched;  // columns that are no facts: "projects.csv: title"
    std::vector<std::string> missing;    // facts that are read and have no column, and so are unknown: "rd_projects.mode"
    std::vector<std::string> assumed;    // the same, but the vocabulary says what they are then taken for
};

class Children {
public:
    Children();
    ~Children();
    Children(const Children&) = delete;
    Children& operator=(const Children&) = delete;

    // Reads all tables; false, and problems, when one cannot be read or does not fit, and without any when someone has asked to
    // stop. For at most so many readers.
    [[nodiscard]] bool load(const bytecode::Pack& pack, const Needs& needs, std::span<const ListInput> inputs, const Reading& reading,
                            const io::TableOptions& options, std::size_t readers, std::vector<io::Problem>& problems, ListColumns& columns);
    [[nodiscard]] bool has(bytecode::Index column) const;
    [[nodiscard]] bool empty() const { return tables_.empty(); }
    [[nodiscard]] std::unique_ptr<ChildReader> reader() const;
    // The ids that several companies of the table have: rows of lists are not told by them.
    void set_same_ids(SameIds ids) { same_ids_ = std::move(ids); }
    [[nodiscard]] const SameIds& same_ids() const { return same_ids_; }
    // How many rows of lists there are, and which belong to no company that was asked for.
    [[nodiscard]] std::uint64_t rows() const;
    struct Orphan {
        std::string table;
        std::uint64_t line = 0;
        std::string company;
        std::string chinese, english, found;  // what is wrong with the row itself; empty where nothing is
    };
    // Which rows were asked for, as a text, for a run that goes on; false when the text is not of these tables.
    [[nodiscard]] std::string asked_for() const;
    [[nodiscard]] bool set_asked_for(const std::string& text);
    // Those that no company has asked for, in their order; `tell` answers false when it has seen enough. How many were told.
    std::uint64_t each_orphan(const std::function<bool(const Orphan&)>& tell) const;

private:
    friend class ChildReader;
    struct Table {
        bytecode::Index column = bytecode::none;
        std::size_t list = 0;  // of the needs
        std::string name;      // of the file
        std::vector<std::string> header;
        std::vector<io::Target> targets;
        bytecode::Index element = bytecode::none;
    };
    struct Store;
    [[nodiscard]] bool load_rows(io::Table& table, std::size_t company, const Table& described, const io::AbsentTexts& absent, std::vector<io::Problem>& problems);
    const bytecode::Pack* pack_ = nullptr;
    const Needs* needs_ = nullptr;
    std::vector<Table> tables_;
    std::unique_ptr<Store> store_;
    const std::atomic<bool>* stop_ = nullptr;
    SameIds same_ids_;
};

// The elements of one company after another; one a thread. Throws `Stopped`, and what failed where the elements cannot be had.
class ChildReader {
public:
    explicit ChildReader(const Children& children);
    ~ChildReader();
    // Adds the elements to the row that is being filled in. `texts`: of that row, as in vm::read_cell. What is wrong with them: a
    // problem, with the place in their table.
    void add(std::string_view company, Block& block, std::vector<std::string>& texts, std::vector<io::Problem>& problems);

private:
    void mark_rest(std::size_t table, std::string_view company, std::uint64_t row);
    void check(int status) const;
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace eligo::screen
