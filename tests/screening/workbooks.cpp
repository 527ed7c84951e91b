#include "workbooks.hpp"

#include <gtest/gtest.h>
#include <minizip/zip.h>
#include <zlib.h>

#include <algorithm>

#include "io/table.hpp"

namespace eligo::screening {

void write_archive(const std::filesystem::path& path, const std::vector<std::pair<std::string, std::vector<Repeated>>>& parts) {
    constexpr std::size_t together = 1 << 20;
    zipFile const archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    ASSERT_NE(archive, nullptr);
    for (const auto& [name, pieces] : parts) {
        EXPECT_EQ(zipOpenNewFileInZip64(archive, name.c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, Z_DEFLATED, 1, 0), ZIP_OK);
        for (const Repeated& piece : pieces) {
            const std::size_t at_once = std::clamp<std::size_t>(together / std::max<std::size_t>(piece.text.size(), 1), 1, std::max<std::size_t>(piece.count, 1));
            std::string bytes;
            for (std::size_t i = 0; i < at_once; ++i) bytes += piece.text;
            for (std::size_t left = piece.count; left > 0;) {
                const std::size_t now = std::min(left, at_once);
                EXPECT_EQ(zipWriteInFileInZip(archive, bytes.data(), static_cast<unsigned>(now * piece.text.size())), ZIP_OK);
                left -= now;
            }
        }
        EXPECT_EQ(zipCloseFileInZip(archive), ZIP_OK);
    }
    EXPECT_EQ(zipClose(archive, nullptr), ZIP_OK);
}

void write_archive(const std::filesystem::path& path, const Parts& parts) {
    std::vector<std::pair<std::string, std::vector<Repeated>>> pieces;
    for (const auto& [name, bytes] : parts) pieces.push_back({name, {{bytes, 1}}});
    write_archive(path, pieces);
}

Parts excel_parts(const ExcelParts& parts) {
    const std::string head = R"(<?xml version="1.0" encoding="UTF-8"?>)";
    const std::string main = R"( xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships")";
    const std::string package = R"( xmlns="http://schemas.openxmlformats.org/package/2006/relationships")";
    const auto relation = [](const std::string& id, const std::string& type, const std::string& target) {
        return "<Relationship Id=\"" + id + "\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/" + type + "\" Target=\"" + target + "\"/>";
    };
    std::string relations = relation("rId1", "worksheet", "worksheets/sheet1.xml") + relation("rIdA", "styles", "styles.xml") + relation("rIdB", "sharedStrings", "sharedStrings.xml");
    Parts all{{"[Content_Types].xml", head + R"(<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>)"},
              {"_rels/.rels", head + "<Relationships" + package + ">" + relation("rId1", "officeDocument", "xl/workbook.xml") + "</Relationships>"},
              {"xl/workbook.xml", head + "<workbook" + main + ">" + parts.book + "<sheets>" + parts.sheets + "</sheets></workbook>"},
              {"xl/styles.xml", head + "<styleSheet" + main + "><numFmts>" + parts.formats + "</numFmts><cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs><cellXfs>" + parts.styles + "</cellXfs></styleSheet>"},
              {"xl/sharedStrings.xml", head + "<sst" + main + ">" + parts.texts + "</sst>"},
              {"xl/worksheets/sheet1.xml", head + "<worksheet" + main + "><sheetData>" + parts.rows + "</sheetData>" + parts.behind + "</worksheet>"}};
    for (std::size_t i = 0; i < parts.more.size(); ++i) {
        const std::string number = std::to_string(i + 2);
        relations += relation("rId" + number, "worksheet", "worksheets/sheet" + number + ".xml");
        all.emplace_back("xl/worksheets/sheet" + number + ".xml", head + "<worksheet" + main + "><sheetData>" + parts.more[i] + "</sheetData></worksheet>");
    }
    all.emplace_back("xl/_rels/workbook.xml.rels", head + "<Relationships" + package + ">" + relations + "</Relationships>");
    return all;
}

Parts document_parts(const std::string& tables, const std::string& styles) {
    return {{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
            {"content.xml", R"(<?xml version="1.0" encoding="UTF-8"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" )"
                            R"(xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" )"
                            R"(xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"><office:automatic-styles>)" +
                                styles + "</office:automatic-styles><office:body><office:spreadsheet>" + tables + "</office:spreadsheet></office:body></office:document-content>"}};
}

std::string shown_table(const std::string& input, std::size_t chunk_bytes) {
    io::TableOptions options;
    options.chunk_bytes = chunk_bytes;
    std::vector<io::Problem> problems;
    const auto table = io::open_table(input, options, problems);
    if (!table) return problems.empty() ? "nothing" : "refused: " + problems[0].english;
    std::string text;
    for (const std::string& name : table->header()) text += (text.empty() ? "" : "|") + name;
    text += "\n";
    const auto reader = table->reader();
    for (io::Chunk chunk; table->next(chunk);) {
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row);) {
            text += std::to_string(row.line) + ": ";
            if (row.problem != nullptr) text += "! " + row.problem->english;
            for (std::size_t i = 0; row.problem == nullptr && i < row.cells.size(); ++i) {
                const io::TableCell& cell = row.cells[i];
                text += (i == 0 ? "" : "|");
                if (cell.kind == io::NodeKind::Wrong) text += "!" + std::string(cell.text) + ": " + std::string(io::words_of(cell.fault).english);
                else text += std::string(cell.text) + (cell.has_many_digits ? "~" : "");
            }
            text += "\n";
        }
    }
    if (table->failure()) text += "failed: " + table->failure()->english + "\n";
    return text;
}

}  // namespace eligo::screening
