// Workbooks that somebody made to take all memory, or all time: the program answers, refuses the row or the workbook, and stays below 64 MiB.
// Broken when: something is kept as large as a workbook says it is.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "program.hpp"
#include "workbooks.hpp"

namespace eligo::screening {
namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t mebibyte = std::size_t{1} << 20;
using Pieces = std::vector<Repeated>;
using PiecedParts = std::vector<std::pair<std::string, Pieces>>;

// The usual parts, one of them in pieces where `@` stands.
PiecedParts with(ExcelParts parts, const std::string& name, const Pieces& pieces) {
    PiecedParts all;
    for (const auto& [part, bytes] : excel_parts(parts)) {
        const std::size_t at = part == name ? bytes.find('@') : std::string::npos;
        if (at == std::string::npos) {
            all.push_back({part, {{bytes, 1}}});
            continue;
        }
        Pieces split{{bytes.substr(0, at), 1}};
        split.insert(split.end(), pieces.begin(), pieces.end());
        split.push_back({bytes.substr(at + 1), 1});
        all.push_back({part, split});
    }
    return all;
}

const std::string head = R"(<row><c t="str"><v>company_id</v></c><c t="str"><v>staff</v></c></row>)";
const std::string a = R"(<row><c t="str"><v>A</v></c><c><v>10</v></c></row>)";
const std::string sheet = "xl/worksheets/sheet1.xml", texts = "xl/sharedStrings.xml";

struct Case {
    const char* name;
    std::function<PiecedParts()> parts;
    int status;
    const char* said;
    friend std::ostream& operator<<(std::ostream& out, const Case& each) { return out << each.name; }
};

const Case cases[] = {
    {"long_value", [] { return with({.rows = head + a + "<row><c t=\"str\"><v>@</v></c></row>" + a}, sheet, {{"x", 100 * mebibyte}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"long_text_in_place", [] { return with({.rows = head + a + "<row><c t=\"inlineStr\"><is><t>@</t></is></c></row>" + a}, sheet, {{"x", 100 * mebibyte}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"long_shared_text", [] { return with({.rows = head + a + "<row><c t=\"s\"><v>0</v></c></row>" + a, .texts = "<si><t>@</t></si>"}, texts, {{"x", 100 * mebibyte}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"long_formula", [] { return with({.rows = head + a + "<row><c t=\"str\"><v>B</v></c><c><f>@</f></c></row>" + a}, sheet, {{"A1+", 10 * mebibyte}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"row_of_shared_texts", [] { return with({.rows = head + a + "<row>@</row>" + a, .texts = "<si><t>" + std::string(1000, 'x') + "</t></si>"}, sheet, {{"<c t=\"s\"><v>0</v></c>", 16'000}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"one_shared_text_in_every_row",
     [] { return with({.rows = head + "@", .texts = "<si><t>" + std::string(900'000, 'x') + "</t></si>"}, sheet, {{"<row><c t=\"str\"><v>A</v></c><c><v>10</v></c></row>", 1}, {"<row><c t=\"s\"><v>0</v></c><c><v>10</v></c></row>", 500}}); }, 0, "501 rows as of 2020-06-01: 501 answered"},
    {"many_shared_texts", [] { return with({.rows = head + a, .texts = "@"}, texts, {{"<si><t>some words</t></si>", 5'000'000}}); }, 0, "1 row as of 2020-06-01: 1 answered"},
    {"many_cells_in_a_row", [] { return with({.rows = head + a + "<row>@</row>" + a}, sheet, {{"<c><v>1</v></c>", 1'000'000}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"one_cell_many_times", [] { return with({.rows = head + a + "<row r=\"3\">@</row>" + a}, sheet, {{"<c r=\"A3\"><v>1</v></c>", 1'000'000}}); }, 0, "3 rows as of 2020-06-01: 2 answered, 1 rejected"},
    {"wide_header", [] { return with({.rows = "<row><c t=\"str\"><v>company_id</v></c><c t=\"str\"><v>staff</v></c>@</row>"}, sheet, {{"<c t=\"str\"><v>x</v></c>", 16'382}, {"</row>" + a, 1}, {"<row><c><v>1</v></c><c><v>10</v></c></row>", 2'000}, {"<row>", 1}}); }, 0, "2,001 rows as of 2020-06-01: 2,001 answered"},
    {"empty_rows", [] { return with({.rows = head + "@" + a}, sheet, {{"<row/>", 1'000'000}}); }, 0, "1 row as of 2020-06-01: 1 answered"},
    {"blanks", [] { return with({.rows = head + "@" + a}, sheet, {{" ", 200 * mebibyte}}); }, 0, "1 row as of 2020-06-01: 1 answered"},
    {"endless_tag", [] { return with({.rows = head + a + "<row x=\"@\"/>"}, sheet, {{"x", 100 * mebibyte}}); }, 2, "the sheet is damaged or cut off"},
    {"deep", [] { return with({.rows = head + a + "@"}, sheet, {{"<a>", 1'000'000}}); }, 2, "the sheet is damaged or cut off"},
    {"many_merged_ranges", [] { return with({.rows = head + a, .behind = "<mergeCells>@</mergeCells>"}, sheet, {{"<mergeCell ref=\"D1:E2\"/>", 200'000}}); }, 2, "too many merged cells"},
    {"merged_upon_each_other", [] { return with({.rows = head + a, .behind = "<mergeCells>@</mergeCells>"}, sheet, {{"<mergeCell ref=\"D4:XFD1048576\"/>", 50'000}}); }, 2, "or they lie upon each other"},
    {"all_merged", [] { return with({.rows = head + a + "@", .behind = "<mergeCells><mergeCell ref=\"A3:XFD1048576\"/></mergeCells>"}, sheet, {{"<row/>", 20'000}}); }, 0, "20,001 rows as of 2020-06-01: 1 answered, 20,000 rejected"},
    {"all_merged_and_full", [] { return with({.rows = "<row><c t=\"str\"><v>company_id</v></c><c t=\"str\"><v>staff</v></c>@", .behind = "<mergeCells><mergeCell ref=\"A2:XFD1048576\"/></mergeCells>"}, sheet, {{"<c t=\"str\"><v>x</v></c>", 16'382}, {"</row>", 1}, {[] { std::string row = "<row>"; for (int i = 0; i < 16'384; ++i) row += "<c><v>1</v></c>"; return row + "</row>"; }(), 300}}); }, 0, "300 rows as of 2020-06-01: 0 answered, 300 rejected"},
    {"many_styles", [] { return with({.rows = head + a, .styles = "@"}, "xl/styles.xml", {{"<xf numFmtId=\"14\"/>", 1'000'000}}); }, 2, "the workbook has too many styles"},
    {"many_sheets", [] { return with({.rows = head + a, .sheets = "<sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/>@"}, "xl/workbook.xml", {{"<sheet name=\"T\" r:id=\"rId9\"/>", 1'000'000}}); }, 2, "the workbook is damaged or cut off"},
    {"large_book", [] { return with({.rows = head + a, .book = "@"}, "xl/workbook.xml", {{"<a/>", 20 * mebibyte}}); }, 2, "the workbook is damaged or cut off"},
};

class HostileWorkbook : public testing::TestWithParam<Case> {};

TEST_P(HostileWorkbook, IsToldAndTakesLittleMemory) {
    constexpr long most_kib = 64 * 1024;
    const fs::path folder = fs::path(testing::TempDir()) / ("eligo_hostile_workbook_" + std::string(GetParam().name));
    fs::remove_all(folder);
    fs::create_directories(folder);
    std::ofstream(folder / "rules.policy") << "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n}\n"
                                              "policy small for firm \"小\" | \"Small\" {\n  in force 2000-01-01 ..\n  require few staff <= 50 \"少\" | \"Few\" @ \"1\"\n}\n";
    write_archive(folder / "in.xlsx", GetParam().parts());
    const Ran ran = run_program(folder, {"screen", "in.xlsx", "--rules", "rules.policy", "--as-of", "2020-06-01", "--lang", "en", "--threads", "2", "-o", "out.csv"});
    EXPECT_EQ(ran.status, GetParam().status) << ran.err;
    EXPECT_NE(ran.err.find(GetParam().said), std::string::npos) << ran.err.substr(0, 2000);
    EXPECT_LT(ran.err.size(), 20'000U);
    EXPECT_TRUE(sanitized || ran.peak_kib < most_kib) << ran.peak_kib << " KiB";
    fs::remove_all(folder);
}

INSTANTIATE_TEST_SUITE_P(All, HostileWorkbook, testing::ValuesIn(cases), [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace eligo::screening
