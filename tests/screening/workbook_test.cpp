// Workbooks, written by hand at every edge: a cell is what it says it is, or it is told; nothing is left out, made up or rounded.
// Broken when: a cell that cannot be read counts as empty or as a text, parts are looked for by their usual names, or a sheet is read
// that nobody sees.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "io/sheet_number.hpp"
#include "io/table.hpp"
#include "workbooks.hpp"

namespace eligo::screening {
namespace {

namespace fs = std::filesystem;

class Workbooks : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_workbooks_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string excel(const ExcelParts& parts) const {
        write_archive(folder_ / "in.xlsx", excel_parts(parts));
        return (folder_ / "in.xlsx").string();
    }
    std::string archive(const Parts& parts) const {
        write_archive(folder_ / "in.xlsx", parts);
        return (folder_ / "in.xlsx").string();
    }
    std::string document(const std::string& tables, const std::string& styles = "") const {
        write_archive(folder_ / "in.ods", document_parts(tables, styles));
        return (folder_ / "in.ods").string();
    }
    // What a cell of the second row is read as.
    std::string cell(const std::string& xml, ExcelParts parts = {}) const {
        parts.rows = header + "<row r=\"2\">" + xml + "</row>";
        const std::string rows = shown_table(excel(parts));
        const std::string begin = "a\n2: ";
        if (rows == "a\n") return "no row";
        return rows.starts_with(begin) ? rows.substr(begin.size(), rows.size() - begin.size() - 1) : rows;
    }
    const std::string header = R"(<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>)";
    fs::path folder_;
};

constexpr const char* no_result = "this formula has no stored result: open the file in a spreadsheet program and save it there";
constexpr const char* merged = "this is a part of merged cells, whose value stands in the first of them: unmerge them and fill in every row";
std::string wrong(const std::string& found, const std::string& why) { return "!" + found + ": " + why; }

TEST_F(Workbooks, CellsAreWhatTheySayTheyAre) {
    const std::string truth = "this cell claims to be true or false and is neither 1, 0, true nor false", unknown = "the type of this cell is not known, or does not fit what it holds";
    const std::string number = "this cell claims to be a number and is none", error = "this is the error of a formula and no value", no_text = "the workbook has no shared text of this number";
    EXPECT_EQ(cell("<c><v>12</v></c>"), "12");
    EXPECT_EQ(cell("<c t=\"n\"><v> 12 </v></c>"), "12");
    EXPECT_EQ(cell("<c t=\"n\"><v>many</v></c>"), wrong("many", number));
    EXPECT_EQ(cell("<c><v>1,000</v></c>"), wrong("1,000", number));
    EXPECT_EQ(cell("<c><v>INF</v></c>"), wrong("INF", number));
    EXPECT_EQ(cell("<c r=\"A2\" s=\"0\"/>"), "no row");
    for (const char* const yes : {"1", "true"}) EXPECT_EQ(cell("<c t=\"b\"><v>" + std::string(yes) + "</v></c>"), "true");
    for (const char* const no : {"0", "false"}) EXPECT_EQ(cell("<c t=\"b\"><v>" + std::string(no) + "</v></c>"), "false");
    for (const char* const none : {"TRUE", "2", "yes", ""}) EXPECT_EQ(cell("<c t=\"b\"><v>" + std::string(none) + "</v></c>"), wrong(none, truth));
    EXPECT_EQ(cell("<c t=\"e\"><v>#N/A</v></c>"), wrong("#N/A", error));
    EXPECT_EQ(cell("<c t=\"e\"><f>1/0</f><v>#DIV/0!</v></c>"), wrong("#DIV/0!", error));
    EXPECT_EQ(cell("<c t=\"str\"><v>#N/A</v></c>"), "#N/A");
    EXPECT_EQ(cell("<c t=\"x\"><v>1</v></c>"), wrong("1", unknown));
    EXPECT_EQ(cell("<c t=\"inlineStr\"><v>1</v></c>"), wrong("1", unknown));
    EXPECT_EQ(cell("<c><is><t>1</t></is></c>"), wrong("1", unknown));
    ExcelParts texts;
    texts.texts = "<si><t>zero</t></si><si><r><t>wo</t></r><rPh><t>read aloud</t></rPh><r><rPr><b/></rPr><t xml:space=\"preserve\">rds </t></r><phoneticPr/></si><si><t/></si>";
    EXPECT_EQ(cell("<c t=\"s\"><v>0</v></c>", texts), "zero");
    EXPECT_EQ(cell("<c t=\"s\"><v>1</v></c>", texts), "words");
    EXPECT_EQ(cell("<c t=\"s\"><v>2</v></c>", texts), "no row");
    for (const char* const none : {"3", "-1", "1.5", "99999999999999999999", ""}) EXPECT_EQ(cell("<c t=\"s\"><v>" + std::string(none) + "</v></c>", texts), wrong(none, no_text));
    EXPECT_EQ(cell("<c t=\"inlineStr\"><is><r><t>wo</t></r><rPh sb=\"0\" eb=\"1\"><t>aloud</t></rPh><r><t>rds</t></r></is></c>"), "words");
    EXPECT_EQ(cell("<c><v>7</v></c><c><v>8</v></c>"), "! this row has 2 cells, the header 1 columns");
}

TEST_F(Workbooks, FormulasHaveResultsOrNone) {
    EXPECT_EQ(cell("<c><f>SUM(B1:B2)</f></c>"), wrong("=SUM(B1:B2)", no_result));
    EXPECT_EQ(cell("<c><f>SUM(B1:B2)</f><v/></c>"), wrong("=SUM(B1:B2)", no_result));
    EXPECT_EQ(cell("<c t=\"str\"><f>B1</f></c>"), wrong("=B1", no_result));
    EXPECT_EQ(cell("<c t=\"b\"><f>B1</f><v></v></c>"), wrong("=B1", no_result));
    EXPECT_EQ(cell("<c><f t=\"shared\" si=\"0\"/></c>"), wrong("=", no_result));
    EXPECT_EQ(cell("<c><f>B1</f><v>0</v></c>"), "0");
    EXPECT_EQ(cell("<c t=\"str\"><f>B1</f><v>x</v></c>"), "x");
    EXPECT_EQ(cell("<c t=\"str\"><f>B1</f><v></v></c>"), "no row");  // the text of no letters
    Parts parts = excel_parts({.rows = header + "<row r=\"2\"><c><f>B1</f><v>0</v></c></row><row r=\"3\"><c><f>B1</f><v>5</v></c></row>"});
    for (auto& [name, bytes] : parts) {
        if (name == "xl/workbook.xml") bytes.insert(bytes.find("</workbook>"), "<calcPr fullCalcOnLoad=\"1\"/>");
    }
    EXPECT_EQ(shown_table(archive(parts)), "a\n2: " + wrong("=B1", no_result) + "\n3: 5\n");
}

TEST_F(Workbooks, EscapesAreCharacters) {
    const auto text = [&](const std::string& of) { return cell("<c t=\"inlineStr\"><is><t>" + of + "</t></is></c>"); };
    const std::string none = "there is an escape (_xHHHH_) that stands for no character";
    EXPECT_EQ(text("a_x0041_b"), "aAb");
    EXPECT_EQ(text("a_x4e2D_b"), "a中b");
    EXPECT_EQ(text("a_xD83D__xDE00_b"), "a😀b");
    EXPECT_EQ(text("a_x005F_x0041_"), "a_x0041_");
    EXPECT_EQ(text("a_x41_b_x_y_xGGGG_"), "a_x41_b_x_y_xGGGG_");
    EXPECT_EQ(text("x_x000D_"), "x");
    for (const char* const odd : {"_xD83D_", "_xDE00_", "_x0000_", "_xFFFE_", "_xFFFF_"}) EXPECT_EQ(text("a" + std::string(odd) + "b"), wrong("a?b", none)) << odd;
    EXPECT_EQ(cell("<c t=\"str\"><v>_x0041_</v></c>"), "A");
    ExcelParts shared;
    shared.texts = "<si><t>_x0041_</t></si>";
    EXPECT_EQ(cell("<c t=\"s\"><v>0</v></c>", shared), "A");
}

TEST_F(Workbooks, NumbersKeepTheirDigits) {
    struct Case {
        const char* written;
        const char* read;  // ~: many digits
    };
    const Case cases[] = {
        {"0", "0"}, {"-0", "0"}, {"007", "7"}, {"+5", "5"}, {"1.50", "1.5"}, {"123.0", "123"}, {"-12.5", "-12.5"}, {".5", "0.5"}, {"5.", "5"},
        {"1E3", "1000"}, {"1.5e-3", "0.0015"}, {"123456789012345", "123456789012345"}, {"1234567890123.45", "1234567890123.45"},
        // As Excel writes 4.4, and sums whose rest is binary.
        {"4.4000000000000004", "4.4"}, {"0.30000000000000004", "0.3"}, {"1.1499999999999999", "1.15"}, {"-0.29999999999999999", "-0.3"}, {"100000000000000.004", "100000000000000"},
        {"9.9999999999999995E-2", "0.1"}, {"0.99999999999999989", "1"},
        // More digits than a cell keeps are never rounded away.
        {"913100001234567891", "913100001234567891~"}, {"9131000012345678", "9131000012345678~"}, {"9.13100001234567E+17", "913100001234567000~"}, {"9.131000012345679E+17", "913100001234567900~"},
        {"12345678901234.56", "12345678901234.56~"}, {"0.1234567890123456789", "0.1234567890123456789~"}, {"1000000000000000", "1000000000000000~"}, {"1E+300", "1E+300~"},
    };
    for (const Case& each : cases) {
        const auto number = io::sheet_number(each.written);
        ASSERT_TRUE(number) << each.written;
        EXPECT_EQ(number->text + (number->has_many_digits ? "~" : ""), each.read) << each.written;
        EXPECT_EQ(cell("<c><v>" + std::string(each.written) + "</v></c>"), each.read);
    }
    for (const char* const none : {"", "-", ".", "1e", "1e+", "0x10", "1 2", "nan", "1e99999999999", "１"}) EXPECT_FALSE(io::sheet_number(none)) << none;
}

TEST_F(Workbooks, DatesAreToldByTheirFormat) {
    using io::NumberKind;
    for (const char* const code : {"yyyy-mm-dd", "d/m/yy", "[$-804]yyyy\"年\"m\"月\"", "mmm", "e\"年\"", "[Red]d;@", "\\Yyyyy", "dd;General", "YYYY/M/D"}) EXPECT_EQ(io::kind_of_format(code), NumberKind::Date) << code;
    for (const char* const code : {"yyyy-mm-dd hh:mm", "m/d/yy h:mm AM/PM"}) EXPECT_EQ(io::kind_of_format(code), NumberKind::DateTime) << code;
    for (const char* const code : {"h:mm", "[h]:mm:ss", "mm:ss", "h AM/PM", "[mm]"}) EXPECT_EQ(io::kind_of_format(code), NumberKind::Time) << code;
    for (const char* const code : {"General", "0.00", "#,##0", "0.00E+00", "\"day\"0", "0;yyyy", "[Red]0", "_d0", "*d0", "\\d0", "0%", "@", "[>=100]0"}) EXPECT_EQ(io::kind_of_format(code), NumberKind::Number) << code;
    ExcelParts styles;
    styles.formats = R"(<numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="0.00&quot;d&quot;"/>)";
    styles.styles = R"(<xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="22"/><xf numFmtId="20"/><xf numFmtId="165"/><xf numFmtId="31"/>)";
    const auto of = [&](const std::string& style, const std::string& number) { return cell("<c s=\"" + style + "\"><v>" + number + "</v></c>", styles); };
    const std::string no_day = "this cell claims to be a date and is none (out of range, or 29 February 1900)";
    for (const char* const date : {"1", "2", "3", "6"}) EXPECT_EQ(of(date, "43252"), "2018-06-01") << date;
    EXPECT_EQ(of("0", "43252"), "43252");
    EXPECT_EQ(of("5", "43252"), "43252");
    EXPECT_EQ(of("3", "43252.5"), "2018-06-01 12:00:00");
    EXPECT_EQ(of("1", "43252.75"), "2018-06-01 18:00:00");
    EXPECT_EQ(of("3", "43252.99999999999"), "2018-06-02");
    EXPECT_EQ(of("4", "0.5"), "12:00:00");
    EXPECT_EQ(of("1", "1"), "1900-01-01");
    EXPECT_EQ(of("1", "59"), "1900-02-28");
    EXPECT_EQ(of("1", "61"), "1900-03-01");
    EXPECT_EQ(of("1", "2958465"), "9999-12-31");
    for (const char* const none : {"0", "60", "-1", "2958466", "913100001234567891", "1E+300"}) EXPECT_EQ(of("1", none), wrong(none, no_day)) << none;
    EXPECT_EQ(of("7", "1"), wrong("1", "the workbook has not the style of this cell, so that it may be a number or a date"));
    styles.book = "<workbookPr date1904=\"true\"/>";
    EXPECT_EQ(of("1", "0"), "1904-01-01");
    EXPECT_EQ(of("1", "41790"), "2018-06-01");
    EXPECT_EQ(of("1", "60"), "1904-03-01");
    EXPECT_EQ(cell("<c t=\"d\"><v>2018-06-01</v></c>"), "2018-06-01");
    EXPECT_EQ(cell("<c t=\"d\"><v>2018-06-01T00:00:00.000</v></c>"), "2018-06-01");
    EXPECT_EQ(cell("<c t=\"d\"><v>2018-06-01T08:30:00Z</v></c>"), "2018-06-01 08:30:00Z");
    for (const char* const none : {"2018-02-29", "2018-13-01", "2018-06-01x", "06/01/2018", "43252"}) EXPECT_EQ(cell("<c t=\"d\"><v>" + std::string(none) + "</v></c>"), wrong(none, no_day)) << none;
}

TEST_F(Workbooks, PartsOfMergedCellsHaveNoValue) {
    ExcelParts parts;
    parts.rows = R"(<row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c><c t="str"><v>c</v></c></row>)"
                 R"(<row r="2"><c><v>1</v></c><c><v>2</v></c><c><v>3</v></c></row><row r="3"><c><v>4</v></c><c r="C3"><v>6</v></c></row><row r="4"><c><v>7</v></c><c><v>8</v></c></row><row r="5"><c><v>9</v></c><c><v>9</v></c><c><v>9</v></c></row>)";
    parts.behind = R"(<mergeCells count="3"><mergeCell ref="B2:B3"/><mergeCell ref="A4:C4"/><mergeCell ref="C5"/><mergeCell ref="D2:E9"/></mergeCells>)";
    const std::string part = wrong("", merged);
    EXPECT_EQ(shown_table(excel(parts)), "a|b|c\n2: 1|2|3\n3: 4|" + part + "|6\n4: 7|" + part + "|" + part + "\n5: 9|9|9\n");
    parts.behind = R"(<mergeCells><mergeCell ref="A1:B1"/></mergeCells>)";
    EXPECT_EQ(shown_table(excel(parts)), "refused: there are merged cells in the header: the first row must name each column in a cell of its own");
}

TEST_F(Workbooks, RowsAndCellsOutOfOrder) {
    const auto rows = [&](const std::string& xml) { return shown_table(excel({.rows = R"(<row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>)" + xml})); };
    EXPECT_EQ(rows(R"(<row r="2"><c r="B2"><v>2</v></c><c r="A2"><v>1</v></c></row>)"), "a|b\n2: 1|2\n");
    EXPECT_EQ(rows(R"(<row r="2"><c r="A2"><v>1</v></c><c r="A2"><v>2</v></c></row>)"), "a|b\n2: ! column 1 occurs twice in this row\n");
    EXPECT_EQ(rows(R"(<row r="2"><c r="A3"><v>1</v></c></row><row r="3"><c><v>5</v></c></row>)"), "a|b\n2: ! the place of this cell is not in its row\n3: 5|\n");
    EXPECT_EQ(rows(R"(<row r="2"><c r="2A"><v>1</v></c></row>)"), "a|b\n2: ! the place of this cell is not in its row\n");
    EXPECT_EQ(rows(R"(<row r="5"><c><v>5</v></c></row><row r="2"><c><v>2</v></c></row><row r="6"><c><v>6</v></c></row>)"),
              "a|b\n5: 5|\n6: ! the number of this row is not greater than that of the row before, or beyond 1048576\n6: 6|\n");
    EXPECT_EQ(rows(R"(<row><c><v>2</v></c></row><row/><row><c><v>4</v></c></row>)"), "a|b\n2: 2|\n4: 4|\n");
    EXPECT_EQ(rows(R"(<row r="2"><c r="XFE2"><v>1</v></c></row>)"), "a|b\n2: ! the place of this cell is not in its row\n");
}

TEST_F(Workbooks, TheSheetThatIsSeenIsRead) {
    const std::string old = R"(<row r="1"><c t="str"><v>old</v></c></row>)", data = R"(<row r="1"><c t="str"><v>data</v></c></row>)", empty;
    const auto sheets = [&](const std::string& first, const std::string& second, const std::string& rows) {
        return excel({.rows = old, .sheets = "<sheet name=\"Old\" sheetId=\"1\"" + first + " r:id=\"rId1\"/><sheet name=\"Data\" sheetId=\"2\"" + second + " r:id=\"rId2\"/>", .more = {rows}});
    };
    for (const char* const state : {"hidden", "veryHidden"}) {
        const std::string file = sheets(" state=\"" + std::string(state) + "\"", "", data);
        EXPECT_EQ(shown_table(file), "data\n");
        EXPECT_EQ(shown_table(file + "?table=Old"), "old\n");
    }
    const std::string both = sheets("", " state=\"visible\"", data);
    EXPECT_EQ(shown_table(both), "refused: the workbook has several sheets: say which, as in " + both + "?table=Old; there are: Old, Data");
    EXPECT_EQ(shown_table(both + "?table=Data"), "data\n");
    EXPECT_EQ(shown_table(both + "?table=Dato"), "refused: the workbook has no sheet \"Dato\"; did you mean \"Data\"?");
    EXPECT_EQ(shown_table(sheets("", "", empty)), "old\n");
    EXPECT_EQ(shown_table(sheets("", "", R"(<row r="1"><c s="0"/></row>)")), "old\n");
    const std::string hidden = sheets(" state=\"hidden\"", " state=\"hidden\"", data);
    EXPECT_EQ(shown_table(hidden), "refused: all sheets of the workbook are hidden: say which, as in " + hidden + "?table=Old; there are: Old, Data");
}

TEST_F(Workbooks, RelationsLeadToTheParts) {
    const std::string rows = R"(<row r="1"><c t="s"><v>0</v></c></row><row r="2"><c><v>1</v></c></row>)";
    const Parts usual = excel_parts({.rows = rows, .texts = "<si><t>a</t></si>"});
    const auto changed = [&](const std::string& from, const std::string& to, const std::string& name_from = "", const std::string& name_to = "") {
        Parts parts = usual;
        for (auto& [name, bytes] : parts) {
            for (std::size_t at = bytes.find(from); at != std::string::npos && !from.empty(); at = bytes.find(from, at + to.size())) bytes.replace(at, from.size(), to);
            if (const std::size_t at = name.find(name_from); at != std::string::npos && !name_from.empty()) name.replace(at, name_from.size(), name_to);
        }
        return shown_table(archive(parts));
    };
    const std::string right = "a\n2: 1\n";
    EXPECT_EQ(changed("", ""), right);
    EXPECT_EQ(changed("worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"), right);
    EXPECT_EQ(changed("worksheets/sheet1.xml", "./worksheets/../worksheets/sheet1.xml"), right);
    EXPECT_EQ(changed("worksheets/sheet1.xml", "table%20one.bin", "worksheets/sheet1.xml", "table one.bin"), right);
    EXPECT_EQ(changed("sharedStrings.xml", "Strings.XML", "sharedStrings.xml", "strings.xml"), right);
    EXPECT_EQ(changed("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument"), right);
    Parts backslashes = usual;
    for (auto& [name, bytes] : backslashes) std::replace(name.begin(), name.end(), '/', '\\');
    EXPECT_EQ(shown_table(archive(backslashes)), right);
    Parts prefixed = usual;
    for (auto& [name, bytes] : prefixed) {
        if (name != "xl/worksheets/sheet1.xml") continue;
        bytes = R"(<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData><x:row r="1"><x:c t="s"><x:v>0</x:v></x:c></x:row><x:row r="2"><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>)";
    }
    EXPECT_EQ(shown_table(archive(prefixed)), right);
    EXPECT_EQ(changed("relationships/worksheet", "relationships/chartsheet"), "refused: the workbook has no sheets of cells");
    EXPECT_EQ(changed("", "", "sheet1.xml", "sheet9.xml"), "refused: the sheet is damaged or cut off");
    Parts twice = usual;
    twice.emplace_back("XL/worksheets/sheet1.xml", "<worksheet/>");
    EXPECT_EQ(shown_table(archive(twice)), "refused: the sheet is damaged or cut off");
    Parts entity = usual;
    for (auto& [name, bytes] : entity) {
        if (name == "xl/worksheets/sheet1.xml") bytes = "<!DOCTYPE worksheet [<!ENTITY a \"b\">]><worksheet/>";
    }
    EXPECT_EQ(shown_table(archive(entity)), "refused: the sheet is damaged or cut off");
    Parts binary = usual;
    for (auto& [name, bytes] : binary) {
        if (name == "[Content_Types].xml") bytes.insert(bytes.find("</Types>"), R"(<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>)");
    }
    EXPECT_EQ(shown_table(archive(binary)), "refused: this is a binary workbook (.xlsb); save it as .xlsx or CSV");
    EXPECT_EQ(shown_table(archive({{"a.txt", "words"}})), "refused: this is a zip archive and no Excel workbook; unpack it, and take the file in it");
    EXPECT_EQ(shown_table(archive({{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", "<office:document-content/>"}})),
              "refused: this is an OpenDocument file, but no spreadsheet; save the table as .xlsx, .ods or CSV");
}

TEST_F(Workbooks, AreReadAlikeInPieces) {
    std::string rows = R"(<row r="1"><c t="str"><v>a</v></c><c t="str"><v>b</v></c></row>)", wanted = "a|b\n", texts;
    for (int i = 2; i < 3000; ++i) {
        const std::string number = std::to_string(i);
        rows += "<row r=\"" + number + "\"><c t=\"s\"><v>" + std::to_string((i * 7919) % 2998) + "</v></c><c><v>" + number + "</v></c></row>";
        wanted += number + ": text " + std::to_string((i * 7919) % 2998) + "|" + number + "\n";
    }
    for (int i = 0; i < 2998; ++i) texts += "<si><t>text " + std::to_string(i) + "</t></si>";
    const std::string file = excel({.rows = rows, .texts = texts});
    for (const std::size_t piece : {1U, 40U, 1000U, 1'000'000U}) EXPECT_EQ(shown_table(file, piece), wanted) << piece;
}

// From a place between two rows, in another run.
TEST_F(Workbooks, AreGoneOnWith) {
    std::string rows = R"(<row r="1"><c t="str"><v>a</v></c></row>)";
    for (int i = 2; i < 200; ++i) rows += "<row r=\"" + std::to_string(2 * i) + "\"><c><v>" + std::to_string(i) + "</v></c></row>";
    const std::string repeated = R"(<table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>)"
                                 R"(<table:table-row table:number-rows-repeated="150"><table:table-cell office:value-type="float" office:value="7"/></table:table-row></table:table>)";
    for (const std::string& file : {excel({.rows = rows}), document(repeated)}) {
        io::TableOptions options;
        options.chunk_bytes = 50;
        std::vector<io::Problem> problems;
        const auto lines_behind = [&](const io::Position& position) {
            const auto table = io::open_table(file, options, problems);
            EXPECT_TRUE(table->go_to(position));
            std::vector<std::uint64_t> lines;
            for (io::Chunk chunk; table->next(chunk);) lines.insert(lines.end(), chunk.lines.begin(), chunk.lines.end());
            return lines;
        };
        const std::vector<std::uint64_t> all = lines_behind({});
        EXPECT_GT(all.size(), 100U);
        const auto table = io::open_table(file, options, problems);
        std::size_t chunks = 0;
        for (io::Chunk chunk; table->next(chunk); ++chunks) {
            const std::vector<std::uint64_t> wanted(all.begin() + static_cast<std::ptrdiff_t>(chunk.end.rows), all.end());
            EXPECT_EQ(lines_behind(chunk.end), wanted) << file << " behind " << chunk.end.rows;
        }
        EXPECT_GT(chunks, 10U);
        EXPECT_FALSE(io::open_table(file, options, problems)->go_to({0, 0, all.size() + 1}));
    }
}

// ---- OpenDocument

const std::string table_head = R"(<table:table table:name="T"><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>b</text:p></table:table-cell></table:table-row>)";

TEST_F(Workbooks, DocumentsHaveTheSameCells) {
    const auto of = [&](const std::string& cells) {
        const std::string rows = shown_table(document(table_head + "<table:table-row>" + cells + "</table:table-row></table:table>"));
        return rows == "a|b\n" ? "no row" : rows.substr(rows.find(": ") + 2, rows.size() - rows.find(": ") - 3);
    };
    EXPECT_EQ(of(R"(<table:table-cell office:value-type="float" office:value="913100001234567891"/><table:table-cell office:value-type="percentage" office:value="0.15"><text:p>15%</text:p></table:table-cell>)"), "913100001234567891~|0.15");
    EXPECT_EQ(of(R"(<table:table-cell office:value-type="date" office:date-value="2018-06-01"/><table:table-cell office:value-type="date" office:date-value="2018-06-01T12:30:00"/>)"), "2018-06-01|2018-06-01 12:30:00");
    EXPECT_EQ(of(R"(<table:table-cell office:value-type="boolean" office:boolean-value="true"/><table:table-cell office:value-type="time" office:time-value="PT12H30M05.5S"/>)"), "true|12:30:05");
    EXPECT_EQ(of(R"(<table:table-cell office:value-type="string" office:string-value="said"><text:p>shown</text:p></table:table-cell><table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation><text:p>a<text:s text:c="2"/>b<text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell>)"), "said|a  bc\nd");
    EXPECT_EQ(of(R"x(<table:table-cell office:value-type="string" calcext:value-type="error" office:string-value="" table:formula="of:=NA()"><text:p>#N/A</text:p></table:table-cell><table:table-cell table:formula="of:=[.A1]"/>)x"),
              wrong("#N/A", "this is the error of a formula and no value") + "|" + wrong("of:=[.A1]", no_result));
    EXPECT_EQ(of(R"(<table:table-cell office:value-type="float" office:value="many"/><table:table-cell office:value-type="void" office:value="1"/>)"),
              wrong("many", "this cell claims to be a number and is none") + "|" + wrong("void", "the type of this cell is not known, or does not fit what it holds"));
    EXPECT_EQ(of(R"(<table:table-cell table:number-columns-repeated="2" office:value-type="float" office:value="7"/><table:table-cell table:number-columns-repeated="16382"/>)"), "7|7");
    EXPECT_EQ(of(R"(<table:table-cell table:number-columns-spanned="2" office:value-type="float" office:value="7"/><table:covered-table-cell/>)"), "7|" + wrong("", merged));
    EXPECT_EQ(of(R"(<table:table-cell table:number-columns-repeated="16384"/>)"), "no row");
    EXPECT_EQ(of(R"(<table:table-cell table:number-columns-repeated="99999999999" office:value-type="float" office:value="7"/>)"), "! this row has more cells than a sheet has columns");
}

TEST_F(Workbooks, DocumentsRepeatTheirRows) {
    const std::string cell = R"(<table:table-cell office:value-type="float" office:value="7"/><table:table-cell/>)";
    const std::string file = document(table_head + "<table:table-row table:number-rows-repeated=\"3\">" + cell + "</table:table-row><table:table-row table:number-rows-repeated=\"100\"><table:table-cell/></table:table-row><table:table-row>" + cell +
                                      "</table:table-row><table:table-row table:number-rows-repeated=\"1048400\"><table:table-cell/></table:table-row></table:table>");
    for (const std::size_t piece : {1U, 1'000'000U}) EXPECT_EQ(shown_table(file, piece), "a|b\n2: 7|\n3: 7|\n4: 7|\n105: 7|\n");
    const std::string endless = shown_table(document(table_head + "<table:table-row table:number-rows-repeated=\"99999999999\">" + cell + "</table:table-row></table:table>"));
    EXPECT_TRUE(endless.ends_with(": 7|\nfailed: the sheet has more than 1048576 rows\n")) << endless.substr(endless.size() - 200);
}

TEST_F(Workbooks, SheetsOfDocumentsHaveStates) {
    const auto table = [](const std::string& name, const std::string& style) {
        return "<table:table table:name=\"" + name + "\" table:style-name=\"" + style + "\"><table:table-row><table:table-cell office:value-type=\"string\"><text:p>" + name + "</text:p></table:table-cell></table:table-row></table:table>";
    };
    const std::string styles = R"(<style:style style:name="ta1" style:family="table"><style:table-properties table:display="false"/></style:style><style:style style:name="ta2" style:family="table"><style:table-properties table:display="true"/></style:style>)";
    const std::string changes = R"(<table:tracked-changes><table:deletion><table:table-row><table:table-cell office:value-type="float" office:value="1"/></table:table-row></table:deletion></table:tracked-changes>)";
    const std::string file = document(changes + table("Old", "ta1") + table("Data", "ta2"), styles);
    EXPECT_EQ(shown_table(file), "Data\n");
    EXPECT_EQ(shown_table(file + "?table=Old"), "Old\n");
    const std::string both = document(table("Old", "ta2") + table("Data", "ta2"), styles);
    EXPECT_TRUE(shown_table(both).starts_with("refused: the workbook has several sheets: say which")) << shown_table(both);
}

}  // namespace
}  // namespace eligo::screening
