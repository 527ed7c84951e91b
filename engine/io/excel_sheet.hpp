// The sheets of an Excel workbook (ECMA-376, part 1, 18.3). Tested by workbook_test.cpp.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "office_package.hpp"
#include "sheet_rows.hpp"
#include "table.hpp"

namespace eligo::io {

// The sheet that `place` names, or the only one that is to be seen and not empty. Nothing, and a problem, when there is none.
[[nodiscard]] std::unique_ptr<Sheet> open_excel_sheet(std::unique_ptr<Package> package, const TablePlace& place, std::vector<Problem>& problems);

}  // namespace eligo::io
