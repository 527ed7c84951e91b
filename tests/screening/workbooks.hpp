// Workbooks written by hand, part by part, for tests.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace eligo::screening {

using Parts = std::vector<std::pair<std::string, std::string>>;  // their names in the archive and what they hold
void write_archive(const std::filesystem::path& path, const Parts& parts);

// The same of parts that are too large for memory: texts, each so many times over.
struct Repeated {
    std::string text;
    std::size_t count = 1;
};
void write_archive(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::vector<Repeated>>>& parts);

// An Excel workbook. `rows`: what stands in `sheetData` of the first sheet; `behind`: what follows it.
struct ExcelParts {
    std::string rows, behind;
    std::string texts;              // the `si` of the shared texts
    std::string formats;            // the `numFmt` of the styles
    std::string styles = R"(<xf numFmtId="0"/>)";
    std::string book;               // what stands before `sheets`
    std::string sheets = R"(<sheet name="S" sheetId="1" r:id="rId1"/>)";
    std::vector<std::string> more;  // the rows of further sheets, rId2 and so on
};
[[nodiscard]] Parts excel_parts(const ExcelParts& parts);

// An OpenDocument workbook. `tables`: what stands in `office:spreadsheet`; `styles`: in `office:automatic-styles`.
[[nodiscard]] Parts document_parts(const std::string& tables, const std::string& styles = "");

// All rows of a table, as "header|header\n2: cell|cell\n3: ! reason\n"; a cell that is wrong is "!found: why". Or "refused: why".
[[nodiscard]] std::string shown_table(const std::string& input, std::size_t chunk_bytes = 256 * 1024);

}  // namespace eligo::screening
