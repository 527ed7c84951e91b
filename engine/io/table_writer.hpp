// Tables as they go out in formats that cannot grow a row at a time and be cut off anywhere: SQLite and Excel.
// Tested by table_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "destination.hpp"
#include "problem.hpp"

namespace eligo::io {

class TableWriter {
public:
    TableWriter() = default;
    virtual ~TableWriter() = default;
    TableWriter(const TableWriter&) = delete;
    TableWriter& operator=(const TableWriter&) = delete;
    // False: failure() says why.
    [[nodiscard]] virtual bool row(std::span<const std::string_view> cells) = 0;
    // All is on the disk; `finish` then gives it its name.
    [[nodiscard]] virtual bool complete() = 0;
    [[nodiscard]] virtual bool finish() = 0;
    [[nodiscard]] const std::optional<Problem>& failure() const { return failure_; }
    // What a person should know of cells that the format cannot hold as they are.
    [[nodiscard]] virtual std::vector<Problem> notes() const { return {}; }

protected:
    std::optional<Problem> failure_;
};

// A table of a database that is there gets its rows in one transaction, and everything else in the database stays as it is; a
// database that is not there yet is there whole or not at all. What keeps the table from being written, before anything is.
[[nodiscard]] std::optional<Problem> why_no_table(const Destination& destination, const std::string& table, const std::vector<std::string>& header);
[[nodiscard]] std::unique_ptr<TableWriter> write_sqlite(const Destination& destination, const std::string& table, const std::vector<std::string>& header);
// `numeric` says of each column whether its cells are amounts: Excel is given numbers for those that it can hold exactly.
[[nodiscard]] std::unique_ptr<TableWriter> write_excel(const Destination& destination, const std::vector<std::string>& header, const std::vector<bool>& numeric);

}  // namespace eligo::io
