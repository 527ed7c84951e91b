// Which facts the columns of a table give, and what is told of them before the work begins. Tested by screen_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../io/absent.hpp"
#include "../io/columns.hpp"
#include "../io/problem.hpp"
#include "../io/table.hpp"
#include "children.hpp"
#include "needs.hpp"

namespace eligo::screen {

// The columns of a table and what they give. Made once, looked at before the work begins.
struct Matching {
    std::vector<io::Target> targets;             // one a column of the table
    std::vector<std::string> unmatched;          // columns that are no facts
    std::vector<std::string> unread;             // facts, but no policy that was chosen reads them
    std::vector<std::string> missing;            // facts that are read and have no column, and so are unknown
    std::vector<std::string> assumed;            // the same, but the vocabulary says what they are then taken for
    std::vector<io::Problem> problems;           // nothing can begin before these are put right
    bool has_company = false, has_fiscal_year = false;
    std::optional<std::int32_t> latest_year;     // of yearly facts
    io::AbsentTexts absent;                      // cells that say nothing
    // Of each column of the table, whether its cells are looked at.
    [[nodiscard]] std::vector<bool> read(const std::vector<std::string>& header) const;
};
[[nodiscard]] Matching match_columns(const bytecode::Pack& pack, const Needs& needs, const io::ColumnFinder& finder, const io::Table& table, const Children& children);

}  // namespace eligo::screen
