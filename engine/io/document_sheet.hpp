// The sheets of an OpenDocument workbook (.ods, ISO/IEC 26300). Tested by workbook_test.cpp.
#pragma once

#include <memory>
#include <vector>

#include "office_package.hpp"
#include "sheet_rows.hpp"
#include "table.hpp"

namespace eligo::io {

[[nodiscard]] bool is_document(Package& package);
// As open_excel_sheet.
[[nodiscard]] std::unique_ptr<Sheet> open_document_sheet(std::unique_ptr<Package> package, const TablePlace& place, std::vector<Problem>& problems);

}  // namespace eligo::io
