// Tables as they go out in formats that cannot grow a row at a time and be cut off anywhere: SQLite and Excel; and CSV and
// NDJSON, where rows are chosen once all are known. Each is written under a name of its own and renamed when it is whole.
// Tested by table_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
    [[nodiscard]] virtual bool finish() = 0;
    [[nodiscard]] const std::string& failure() const { return failure_; }

protected:
    std::string failure_;  // as the system or the library words it
};

// `numeric` says of each column whether its cells are amounts: Excel is given numbers for those that it can hold exactly.
[[nodiscard]] std::unique_ptr<TableWriter> write_sqlite(const std::string& path, const std::vector<std::string>& header);
[[nodiscard]] std::unique_ptr<TableWriter> write_excel(const std::string& path, const std::vector<std::string>& header, const std::vector<bool>& numeric);

}  // namespace eligo::io
