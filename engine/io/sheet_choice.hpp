// Which sheet of a workbook is read.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "table.hpp"

namespace eligo::io {

struct SheetName {
    std::string name;
    bool is_table = true;  // and not a chart, a dialog
    bool is_hidden = false;
};
// The one that `place` names, hidden or not; else the only one that is to be seen and not empty. Nothing, and a problem, when that says
// nothing, or not which.
[[nodiscard]] std::optional<std::size_t> choose_sheet(const std::vector<SheetName>& sheets, const TablePlace& place, const std::function<bool(std::size_t)>& is_empty, std::vector<Problem>& problems);

}  // namespace eligo::io
