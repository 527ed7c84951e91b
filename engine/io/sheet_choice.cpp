#include "sheet_choice.hpp"

#include <algorithm>

#include "../text/suggest.hpp"
#include "office_package.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t most_told = 20;  // that a person reads

std::string listed(const std::vector<std::string>& names) {
    std::string all;
    for (std::size_t i = 0; i < std::min(names.size(), most_told); ++i) all += (i == 0 ? "" : ", ") + clipped(names[i]);
    return names.size() > most_told ? all + ", …" : all;
}

bool ask(const TablePlace& place, const std::vector<std::string>& names, const char* chinese, const char* english, std::vector<Problem>& problems) {
    const std::string example = place.path + "?table=" + names.front();
    return refuse_to_read(problems, std::string(chinese) + "；请写明工作表，如 " + example + "；有：" + listed(names), std::string(english) + ": say which, as in " + example + "; there are: " + listed(names));
}

}  // namespace

std::optional<std::size_t> choose_sheet(const std::vector<SheetName>& sheets, const TablePlace& place, const std::function<bool(std::size_t)>& is_empty, std::vector<Problem>& problems) {
    std::vector<std::string> names, seen_names, hidden_names;
    std::vector<std::size_t> seen;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        if (!sheets[i].is_table) continue;
        if (sheets[i].name == place.table && !place.table.empty()) return i;
        names.push_back(sheets[i].name);
        if (sheets[i].is_hidden) hidden_names.push_back(sheets[i].name);
        else seen.push_back(i);
    }
    if (names.empty()) return (void)refuse_to_read(problems, "工作簿中没有工作表", "the workbook has no sheets of cells"), std::nullopt;
    if (!place.table.empty()) {
        const auto near = text::nearest(place.table, names);
        (void)refuse_to_read(problems, "工作簿中没有工作表“" + place.table + "”" + (near ? "，是否应为“" + *near + "”？" : "；有：" + listed(names)),
                             "the workbook has no sheet \"" + place.table + "\"" + (near ? "; did you mean \"" + *near + "\"?" : "; it has: " + listed(names)));
        return std::nullopt;
    }
    if (seen.empty()) return (void)ask(place, hidden_names, "工作簿中的工作表都是隐藏的", "all sheets of the workbook are hidden", problems), std::nullopt;
    if (seen.size() == 1) return seen.front();
    std::vector<std::size_t> filled;
    for (const std::size_t i : seen) {
        if (is_empty(i)) continue;
        filled.push_back(i);
        seen_names.push_back(sheets[i].name);
    }
    if (filled.empty()) return seen.front();
    if (filled.size() == 1) return filled.front();
    (void)ask(place, seen_names, "工作簿中有几个工作表", "the workbook has several sheets", problems);
    return std::nullopt;
}

}  // namespace eligo::io
