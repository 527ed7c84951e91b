// Tables in and out: every format, and what goes wrong with each.
#include <gtest/gtest.h>

#include <sqlite3.h>
#include <unzip.h>
#include <zlib.h>
#include <zstd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "api/compile_internal.hpp"
#include "io/columns.hpp"
#include "io/destination.hpp"
#include "io/read_value.hpp"
#include "io/table.hpp"
#include "io/table_writer.hpp"
#include "vm/profile_set.hpp"

namespace {

namespace fs = std::filesystem;
namespace io = eligo::io;
namespace vm = eligo::vm;
namespace bytecode = eligo::bytecode;

class Tables : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_tables_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return (folder_ / name).string();
    }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    fs::path folder_;
};

// A table as text: the header, then "line: cell|cell" or "line: ! reason" for each row. `?` and nothing stand for
// unknown and absent cells.
std::string shown(const std::string& input, std::size_t chunk_bytes = 512 * 1024, io::Encoding encoding = io::Encoding::Detect) {
    io::TableOptions options;
    options.chunk_bytes = chunk_bytes;
    options.stream.encoding = encoding;
    std::vector<io::Problem> problems;
    const auto table = io::open_table(input, options, problems);
    if (!table) return problems.empty() ? "nothing" : "refused: " + problems[0].english;
    std::string text;
    for (const std::string& name : table->header()) text += (text.empty() ? "" : "|") + name;
    text += "\n";
    const auto reader = table->reader();
    io::Chunk chunk;
    while (table->next(chunk)) {
        reader->begin(chunk);
        io::TableRow row;
        while (reader->next(row)) {
            text += std::to_string(row.line) + ": ";
            if (row.problem != nullptr) {
                text += "! " + row.problem->english;
            } else {
                for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i == 0 ? "" : "|") + std::string(row.cells[i].text);
            }
            text += "\n";
        }
    }
    if (table->failure()) text += "failed: " + table->failure()->english + "\n";
    return text;
}

std::string gzipped(const std::string& bytes) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string result(bytes.size() + 1024, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(stream.total_out);
    deflateEnd(&stream);
    return result;
}

std::string zstandard(const std::string& bytes) {
    std::string result(ZSTD_compressBound(bytes.size()), '\0');
    result.resize(ZSTD_compress(result.data(), result.size(), bytes.data(), bytes.size(), 3));
    return result;
}

TEST_F(Tables, CsvWithQuotesAndLinesWithin) {
    const std::string csv = write("a.csv", "a,b\n1,\"x, \"\"y\"\"\"\n2,\"two\nlines\"\n 3 , 5\" pipe \n4,\n\n5,?\n");
    EXPECT_EQ(shown(csv), "a|b\n2: 1|x, \"y\"\n3: 2|two\nlines\n5: 3|5\" pipe\n6: 4|\n8: 5|?\n");
}

TEST_F(Tables, CsvAsExcelWritesIt) {
    EXPECT_EQ(shown(write("bom.csv", "\xEF\xBB\xBF" "a,b\r\n1,2\r\n")), "a|b\n2: 1|2\n");
    EXPECT_EQ(shown(write("sep.csv", "sep=;\r\na;b\r\n1;2,5\r\n")), "a|b\n3: 1|2,5\n");
    EXPECT_EQ(shown(write("semicolons.csv", "a;b\n1;2\n")), "a|b\n2: 1|2\n");
    EXPECT_EQ(shown(write("tabs.tsv", "a\tb\n1\tx,y\n")), "a|b\n2: 1|x,y\n");
    EXPECT_EQ(shown(write("last.csv", "a,b\n1,2")), "a|b\n2: 1|2\n");
    EXPECT_EQ(shown(write("utf16.csv", std::string("\xFF\xFE" "a\0,\0b\0\n\0001\0,\0002\0\n\0", 16))), "a|b\n2: 1|2\n");
}

TEST_F(Tables, CsvRowsThatHaveLostTheirShape) {
    EXPECT_EQ(shown(write("a.csv", "a,b\n1\n1,2,3\n1,2\n")), "a|b\n2: ! this row has 1 cells, the header 2 columns\n3: ! this row has 3 cells, the header 2 columns\n4: 1|2\n");
    EXPECT_EQ(shown(write("b.csv", "a,b\n1,\"x\"y\n3,4\n")), "a|b\n2: ! a separator or the end of the line was expected after the quote\n3: 3|4\n");
    // Nobody closes the quote: the row is wrong, and the next one is read again.
    EXPECT_EQ(shown(write("c.csv", "a,b\n1,\"x\n3,4\n5,6\n")), "a|b\n2: ! this quote is not closed in its line: close it there, or take the line ends out of the cell\n3: 3|4\n4: 5|6\n");
    EXPECT_EQ(shown(write("d.csv", "a,b\n1,\xC4\xE3x\n\xE4\xBD\xA0,2\n"), 512 * 1024, io::Encoding::Utf8),
              "a|b\n2: ! this is not UTF-8 text; if it is GBK or GB18030, say --encoding gb18030\n3: 你|2\n");
}

TEST_F(Tables, CsvHeaders) {
    EXPECT_EQ(shown(write("empty.csv", "")), "refused: the input is empty");
    EXPECT_EQ(shown(write("blank.csv", "a,,c\n1,2,3\n")), "refused: this column of the header has no name");
    EXPECT_EQ(shown(write("quote.csv", "a,\"b\n1,2\n")), "refused: this quote is not closed");
    EXPECT_EQ(shown(path("none.csv")), "refused: there is no such file");
    EXPECT_EQ(shown(folder_.string()), "refused: this is a folder, not a file");
}

// Wherever the cuts fall, the rows are the same.
TEST_F(Tables, ChunksOfAnySize) {
    std::string csv = "a,b,c\r\n";
    for (int i = 0; i < 400; ++i) {
        csv += std::to_string(i) + (i % 3 == 0 ? ",\"q \"\"x\"\"\r\n, y\"," : i % 3 == 1 ? ",5\" pipe," : ",,") + (i % 7 == 0 ? "\"\"" : "z") + (i % 50 == 49 ? ",one more" : "") + "\r\n";
    }
    const std::string file = write("a.csv", csv);
    const std::string whole = shown(file);
    EXPECT_NE(whole.find("402: "), std::string::npos);
    for (const std::size_t bytes : {1u, 7u, 64u, 333u, 5000u}) EXPECT_EQ(shown(file, bytes), whole) << bytes;
    std::string lines;
    for (int i = 0; i < 50; ++i) lines += "{\"company_id\": \"" + std::to_string(i) + "\"}\n";
    const std::string ndjson = write("a.ndjson", lines);
    EXPECT_EQ(shown(ndjson, 1), shown(ndjson));
}

TEST_F(Tables, Gb18030IsDetected) {
    const std::string file = write("gb.csv", "\xC6\xF3\xD2\xB5,b\n\xC4\xE3\xBA\xC3,2\n");
    EXPECT_EQ(shown(file), "企业|b\n2: 你好|2\n");
    EXPECT_EQ(shown(file, 1), "企业|b\n2: 你好|2\n");
    // Whatever room there is for the last character of what is looked at first.
    for (std::size_t before = 0; before < 4; ++before) {
        std::string gb = std::string(before, 'x') + "\xC6\xF3\xD2\xB5,b\n", rows = std::string(before, 'x') + "企业|b\n";
        for (int i = 0; i < 9'000; ++i) {
            gb += "\xC4\xE3\xBA\xC3," + std::to_string(i) + "\n";
            rows += std::to_string(i + 2) + ": 你好|" + std::to_string(i) + "\n";
        }
        EXPECT_EQ(shown(write("long.csv", gb)), rows) << before;
    }
    // A byte that is no character spoils its row and no other.
    EXPECT_EQ(shown(write("bad.csv", "\xC6\xF3\xD2\xB5,b\n\xFF,2\n\xC4\xE3,3\n")),
              "企业|b\n2: ! this is not GB18030 text; if the file has rows of another encoding, save it in one\n3: 你|3\n");
}

// Nor does such a byte make GB18030 of a table that is UTF-8 otherwise.
TEST_F(Tables, AFewBytesThatAreNoTextSpoilTheirRows) {
    const std::string not_utf8 = "! this is not UTF-8 text; if it is GBK or GB18030, say --encoding gb18030\n";
    EXPECT_EQ(shown(write("few.csv", "企业,b\n甲\xFF,1\n乙,2\n")), "企业|b\n2: " + not_utf8 + "3: 乙|2\n");
    std::string csv = "企业,b\n", rows = "企业|b\n";
    for (int i = 0; i < 5000; ++i) {
        const bool spoilt = i % 1000 == 7;
        csv += (spoilt ? "\xB5\xE7\xD7\xD3," : "电子,") + std::to_string(i) + "\n";
        rows += std::to_string(i + 2) + ": " + (spoilt ? not_utf8 : "电子|" + std::to_string(i) + "\n");
    }
    EXPECT_EQ(shown(write("many.csv", csv)), rows);
    // Where UTF-8 is the exception, it is the other way round.
    const std::string not_gb = "! this is not GB18030 text; if the file has rows of another encoding, save it in one\n";
    EXPECT_EQ(shown(write("mixed.csv", "\xC6\xF3\xD2\xB5,b\n\xC4\xE3\xBA\xC3,2\n电,3\n")), "企业|b\n2: 你好|2\n3: " + not_gb);
    // Far behind what the encoding is told by, and in either order.
    std::string gb = "\xC6\xF3\xD2\xB5,b\n", utf8 = "企业,b\n", gb_rows = "企业|b\n", utf8_rows = gb_rows;
    for (int i = 0; i < 30'000; ++i) {
        const std::string number = std::to_string(i), line = std::to_string(i + 2);
        const bool other = i > 20'000 && i % 3 == 0;
        gb += (other ? "电子," : "\xB5\xE7\xD7\xD3,") + number + "\n";
        utf8 += (other ? "\xB5\xE7\xD7\xD3," : "电子,") + number + "\n";
        gb_rows += line + ": " + (other ? not_gb : "电子|" + number + "\n");
        utf8_rows += line + ": " + (other ? not_utf8 : "电子|" + number + "\n");
    }
    EXPECT_EQ(shown(write("gb_first.csv", gb)), gb_rows);
    EXPECT_EQ(shown(path("gb_first.csv"), 333), gb_rows);
    EXPECT_EQ(shown(write("utf8_first.csv", utf8)), utf8_rows);
}

TEST_F(Tables, CompressedInput) {
    std::string csv = "a,b\n";
    for (int i = 0; i < 20000; ++i) csv += std::to_string(i) + "," + std::to_string(i * 7919 % 10007) + "\n";
    const std::string plain = shown(write("a.csv", csv));
    const std::string gz = gzipped(csv), zst = zstandard(csv);
    EXPECT_EQ(shown(write("a.csv.gz", gz)), plain);
    EXPECT_EQ(shown(write("a.csv.zst", zst)), plain);
    const std::size_t half = csv.find('\n', csv.size() / 2) + 1;
    EXPECT_EQ(shown(write("two.csv.gz", gzipped(csv.substr(0, half)) + gzipped(csv.substr(half)))), plain);
    EXPECT_EQ(shown(write("two.csv.zst", zstandard(csv.substr(0, half)) + zstandard(csv.substr(half)))), plain);
    const std::string cut = "failed: the compressed data ends too early: the file was probably cut off when it was copied\n";
    EXPECT_TRUE(shown(write("cut.csv.gz", gz.substr(0, gz.size() - 100))).ends_with(cut) || shown(path("cut.csv.gz")).starts_with("refused: the compressed data ends too early"));
    EXPECT_TRUE(shown(write("cut.csv.zst", zst.substr(0, zst.size() - 10))).ends_with(cut) || shown(path("cut.csv.zst")).starts_with("refused: the compressed data ends too early"));
    std::string damaged = gz;
    damaged[gz.size() / 2] = static_cast<char>(damaged[gz.size() / 2] ^ 0x55);
    EXPECT_NE(shown(write("damaged.csv.gz", damaged)).find("the compressed data"), std::string::npos);
}

TEST_F(Tables, GoesOnWhereItWas) {
    std::string csv = "a,b\n";
    for (int i = 0; i < 80000; ++i) csv += std::to_string(i) + ",\"x\ny\"\n";  // many times what is read at once
    for (const std::string& input : {write("a.csv", csv), write("a.csv.gz", gzipped(csv))}) {
        io::TableOptions options;
        options.chunk_bytes = 1000;
        std::vector<io::Problem> problems;
        const auto first = io::open_table(input, options, problems);
        ASSERT_TRUE(first);
        io::Chunk chunk;
        for (int i = 0; i < 5; ++i) ASSERT_TRUE(first->next(chunk));
        const io::Position position = chunk.end;
        ASSERT_TRUE(first->next(chunk));
        const std::string wanted(chunk.text.view());
        const auto second = io::open_table(input, options, problems);
        ASSERT_TRUE(second->go_to(position));
        ASSERT_TRUE(second->next(chunk));
        EXPECT_EQ(chunk.text.view(), wanted);
        EXPECT_EQ(chunk.begin, position);
    }
}

io::Destination claimed(const std::string& path) {
    std::vector<io::Problem> problems;
    auto claimed = io::claim({{}, {{path, "-o", {}, {}}}, "eligo test"}, problems);
    EXPECT_TRUE(claimed) << (problems.empty() ? "" : problems[0].english);
    return std::move(claimed->front());
}

std::string failure_of(const io::TableWriter& writer) { return writer.failure() ? writer.failure()->english : ""; }

// A table of rows of two columns; what went wrong.
std::string write_table(const std::string& file, const std::string& table, const std::vector<std::vector<std::string_view>>& rows) {
    const io::Destination destination = claimed(file);
    const std::vector<std::string> header{"company_id", "policy.amount"};
    if (const auto problem = io::why_no_table(destination, table, header)) return problem->english;
    const auto writer = io::write_sqlite(destination, table, header);
    for (const auto& row : rows) {
        if (!writer->row(row)) return failure_of(*writer);
    }
    return writer->complete() && writer->finish() ? "" : failure_of(*writer);
}

// A part of a workbook.
std::string unzipped(const std::string& file, const char* part) {
    const unzFile workbook = unzOpen64(file.c_str());
    std::string text;
    std::array<char, 65536> piece{};
    if (workbook == nullptr || unzLocateFile(workbook, part, 1) != UNZ_OK || unzOpenCurrentFile(workbook) != UNZ_OK) return "no such part";
    for (int got = 1; got > 0;) {
        got = unzReadCurrentFile(workbook, piece.data(), piece.size());
        if (got > 0) text.append(piece.data(), static_cast<std::size_t>(got));
    }
    unzClose(workbook);
    return text;
}

// What a query comes to, a row a line.
std::string asked(const std::string& file, const std::string& query) {
    sqlite3* database = nullptr;
    EXPECT_EQ(sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr), SQLITE_OK);
    std::string text;
    char* message = nullptr;
    const auto line = [](void* to, int count, char** cells, char**) {
        for (int i = 0; i < count; ++i) *static_cast<std::string*>(to) += std::string(i == 0 ? "" : "|") + (cells[i] == nullptr ? "" : cells[i]);
        *static_cast<std::string*>(to) += "\n";
        return 0;
    };
    if (sqlite3_exec(database, query.c_str(), line, &text, &message) != SQLITE_OK) text = message;
    sqlite3_free(message);
    sqlite3_close(database);
    return text;
}

TEST_F(Tables, SqliteOutAndIn) {
    const std::string file = path("a.db");
    {
        const io::Destination destination = claimed(file);
        const auto writer = io::write_sqlite(destination, "screening", {"company_id", "policy.amount"});
        const std::vector<std::string_view> one{"A", "12.50"}, two{"B", ""};
        ASSERT_TRUE(writer->row(one));
        ASSERT_TRUE(writer->row(two));
        ASSERT_TRUE(writer->complete());
        EXPECT_FALSE(fs::exists(file));
        ASSERT_TRUE(writer->finish()) << failure_of(*writer);
    }
    EXPECT_EQ(shown(file + "?table=screening"), "company_id|policy.amount\n1: A|12.50\n2: B|\n");
    EXPECT_EQ(shown(file), shown(file + "?table=screening"));
    EXPECT_EQ(shown(file + "?table=screning"), "refused: the database has no table \"screning\"; did you mean \"screening\"?");
    EXPECT_EQ(shown(write("no.db", "SQLite format 3\0 but it is not")).substr(0, 44), "refused: the SQLite database cannot be read:");
}

// Of a database that is there nothing changes but the one table.
TEST_F(Tables, SqliteIntoADatabaseThatIsThere) {
    const std::string file = path("a.db");
    asked(file, "CREATE TABLE firms (id TEXT, n INTEGER); INSERT INTO firms VALUES ('A', 1), ('B', 2); CREATE TABLE log (n INTEGER);"
                "CREATE TABLE Screening (company_id TEXT PRIMARY KEY, old TEXT); INSERT INTO screening VALUES ('Z', 'old');"
                "CREATE INDEX by_company ON screening (company_id); CREATE TRIGGER noted AFTER INSERT ON screening BEGIN INSERT INTO log VALUES (1); END;"
                "CREATE VIEW eligible AS SELECT * FROM screening; CREATE INDEX by_n ON firms (n); PRAGMA user_version = 7; PRAGMA application_id = 12");
    for (int time = 0; time < 2; ++time) {
        ASSERT_EQ(write_table(file, "screening", {{"A", "12.50"}, {"B", ""}}), "");
        EXPECT_EQ(asked(file, "SELECT * FROM screening"), "A|12.50\nB|\n");
        EXPECT_EQ(asked(file, "SELECT name FROM sqlite_master ORDER BY name"), "by_company\nby_n\neligible\nfirms\nlog\nnoted\nscreening\n");
        EXPECT_EQ(asked(file, "SELECT * FROM firms; SELECT count(*) FROM log; SELECT count(*) FROM eligible; PRAGMA user_version; PRAGMA application_id; PRAGMA integrity_check"), "A|1\nB|2\n0\n2\n7\n12\nok\n");
    }
    ASSERT_EQ(write_table(file, "other", {{"C", "1"}}), "");
    EXPECT_EQ(asked(file, "SELECT * FROM other; SELECT count(*) FROM screening"), "C|1\n2\n");
    // What stood on the old table and cannot stand on the new one ends it, and nothing has changed.
    asked(file, "DROP TABLE screening; CREATE TABLE screening (old TEXT); INSERT INTO screening VALUES ('o'); CREATE INDEX by_old ON screening (old)");
    EXPECT_EQ(write_table(file, "screening", {{"A", "1"}}), "cannot be written: an index or trigger on the table screening does not fit the new columns (no such column: old); drop it first: CREATE INDEX by_old ON screening (old)");
    EXPECT_EQ(asked(file, "SELECT * FROM screening; SELECT count(*) FROM other"), "o\n1\n");
    EXPECT_EQ(write_table(file, "eligible", {}), "cannot be written: eligible is a view of the database and no table; name another table with \"?table=NAME\"");
    EXPECT_EQ(write_table(file, "sqlite_x", {}), "cannot be written: object name reserved for internal use: sqlite_x");
    EXPECT_EQ(write_table(file, "", {}), "cannot be written: a name is missing behind \"?table=\"");
    EXPECT_EQ(write_table(write("no.db", "these are notes and no database"), "screening", {}), "cannot be written: the file is no SQLite database and is not replaced; name another file");
    EXPECT_EQ(write_table(write("empty.db", ""), "screening", {{"A", "1"}}), "");
    EXPECT_EQ(asked(path("empty.db"), "SELECT * FROM screening"), "A|1\n");
    write("new.db-journal", "");
    EXPECT_TRUE(write_table(path("new.db"), "screening", {}).starts_with("cannot be written: a file stands there"));
}

TEST_F(Tables, SqliteThatIsInUseIsToldAndStays) {
    const std::string file = path("a.db");
    asked(file, "CREATE TABLE screening (old TEXT); INSERT INTO screening VALUES ('o')");
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(file.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    EXPECT_EQ(write_table(file, "screening", {{"A", "1"}}), "cannot be written: another program is using the database");
    sqlite3_close(other);
    // Half of the rows are none.
    {
        const io::Destination destination = claimed(file);
        const auto writer = io::write_sqlite(destination, "screening", {"company_id", "policy.amount"});
        const std::vector<std::string_view> one{"A", "12.50"};
        ASSERT_TRUE(writer->row(one));
        ASSERT_TRUE(writer->complete());
    }
    EXPECT_EQ(asked(file, "SELECT * FROM screening; PRAGMA integrity_check"), "o\nok\n");
}

TEST_F(Tables, ExcelOutAndIn) {
    const std::string file = path("a.xlsx");
    const io::Destination destination = claimed(file);
    const auto writer = io::write_excel(destination, {"编号", "amount", "text"}, {false, true, false});
    const std::vector<std::string_view> one{"001", "12.50", "x & <y>"}, two{"B", "", "?"}, three{"C", "1234567890123456.78", "z"};
    for (const auto& row : {one, two, three}) ASSERT_TRUE(writer->row(row));
    ASSERT_TRUE(writer->complete() && writer->finish()) << failure_of(*writer);
    // What a spreadsheet cannot hold exactly is written as text.
    EXPECT_EQ(shown(file), "编号|amount|text\n2: 001|12.5|x & <y>\n3: B||?\n4: C|1234567890123456.78|z\n");
    EXPECT_EQ(shown(file + "?table=Sheet1"), shown(file));
    EXPECT_EQ(shown(file + "?table=Shet1"), "refused: the workbook has no sheet \"Shet1\"; did you mean \"Sheet1\"?");
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    EXPECT_TRUE(shown(write("cut.xlsx", bytes.substr(0, bytes.size() / 2))).starts_with("refused: this is no Excel workbook"));
}

// What no cell of a workbook can hold is told; what XML has no character for is escaped as the standard says.
TEST_F(Tables, ExcelTellsWhatItCannotHold) {
    const std::string file = path("a.xlsx");
    const io::Destination destination = claimed(file);
    const auto writer = io::write_excel(destination, {"id", "amount"}, {false, true});
    const std::string long_one(40'000, 'x'), wide = [] {
        std::string text;
        for (int i = 0; i < 20'000; ++i) text += "\xF0\x9F\x8F\xA2";
        return text;
    }();
    const std::string fits(32'767, 'y');
    const std::vector<std::string> ids{std::string("A\0B", 3), std::string("A\0C", 3), "=1+1", "\xEF\xBF\xBE", "_x0041_", "a\rb", "\xFF", "-5", long_one, wide, fits};
    for (const std::string& id : ids) {
        const std::vector<std::string_view> row{id, "-12.50"};
        ASSERT_TRUE(writer->row(row));
    }
    ASSERT_TRUE(writer->complete() && writer->finish()) << failure_of(*writer);
    const auto notes = writer->notes();
    ASSERT_EQ(notes.size(), 2U);
    EXPECT_EQ(notes[0].english, "2 cells longer than the 32,767 characters of Excel kept the beginning only; .csv, .ndjson and .db hold all of it");
    EXPECT_EQ(notes[1].english, "5 cells with characters that a workbook cannot hold: these stand as _xHHHH_");
    const std::string sheet = unzipped(file, "xl/worksheets/sheet1.xml");
    for (const char* text : {">A_x0000_B<", ">A_x0000_C<", ">=1+1<", ">_xFFFE_<", ">_x005F_x0041_<", ">a_x000D_b<", ">\xEF\xBF\xBD<", ">-5<"}) {
        EXPECT_NE(sheet.find(text), std::string::npos) << text;
    }
    EXPECT_EQ(sheet.find("<f>"), std::string::npos) << "a formula";
    EXPECT_NE(sheet.find(">" + std::string(32'766, 'x') + "…<"), std::string::npos);
    EXPECT_NE(sheet.find(">" + fits + "<"), std::string::npos);
    EXPECT_NE(sheet.find("<v>-12.5</v>"), std::string::npos);
    // The first row is bold, stays in sight and filters; columns have room for what is in them.
    for (const char* part : {"<c r=\"A1\" s=\"1\"", "state=\"frozen\"", "<autoFilter ref=\"A1:B12\"/>", "<col min=\"1\" max=\"1\" width=\"63.", "<col min=\"2\" max=\"2\" width=\"9."}) {
        EXPECT_NE(sheet.find(part), std::string::npos) << part << sheet.substr(0, 1000);
    }
}

// ---- values and columns

const bytecode::Pack& shipped() {
    static const eligo::api::Compilation compiled = eligo::api::compile_paths(std::vector<std::string>{std::string(ELIGO_SOURCE_DIR) + "/rules"});
    return *compiled.pack;
}

bytecode::Index subject(const std::string& name) {
    for (bytecode::Index i = 0; i < shipped().subjects.size(); ++i) {
        if (shipped().string(shipped().subjects[i].name) == name) return i;
    }
    return bytecode::none;
}

TEST(ValueReader, ReadsWhatReadCellReads) {
    const std::vector<std::string> texts{
        "0", "1", "-1", "007", "12", "120", "5000000", "5000001", "1.5", "1.50", "1.500", "1.5000001", "0.000001", ".5", "5.", "-0", "-0.00", "1e3", "1,000", "+5", " 5 ",
        "12000000.00", "12000000.001", "99999999999999", "100000000000000.00", "123456789012345678901234567890", "8 .. 12", "3 ..", "..5", "1 <..< 3", "5 .. 3", "x", "",
        "2018-06-01", "2018-6-1", "2018-02-30", "1899-12-31", "2018/06/01", "true", "TRUE", "false", "True", "1", "yes", "是", "C39", "C391", "C3911", "c39", "Z1", "C99999",
        "ict", "电子信息", "Electronics and information", "ICT", "none", "15%", "0.15", "?"};
    for (const char* of : {"company", "rd_project", "claim", "investor"}) {
        for (const bytecode::Fact& fact : shipped().subjects[subject(of)].facts) {
            if (fact.kind == bytecode::Kind::Record || fact.kind == bytecode::Kind::List) continue;
            io::ValueReader reader(shipped(), fact);
            for (int round = 0; round < 2; ++round) {  // the second time members and codes are remembered
                for (const std::string& text : texts) {
                    vm::Cell fast, slow;
                    std::vector<std::string> fast_texts, slow_texts;
                    const auto fast_problem = reader.read(vm::Scalar::Plain, text, fast_texts, fast);
                    const auto slow_problem = vm::read_cell(shipped(), fact, vm::Scalar::Plain, text, slow_texts, slow);
                    ASSERT_EQ(fast_problem.has_value(), slow_problem.has_value()) << shipped().string(fact.name) << " " << text;
                    if (fast_problem) {
                        EXPECT_EQ(fast_problem->expected_english, slow_problem->expected_english);
                        EXPECT_EQ(fast_problem->kind, slow_problem->kind);
                        continue;
                    }
                    EXPECT_EQ(fast.low, slow.low) << shipped().string(fact.name) << " " << text;
                    EXPECT_EQ(fast.high, slow.high);
                    EXPECT_EQ(fast.state, slow.state);
                    EXPECT_EQ(fast_texts, slow_texts);
                }
            }
        }
    }
}

std::string found(const io::ColumnFinder& finder, const std::string& name) {
    const io::Target target = finder.find(name);
    switch (target.kind) {
        case io::TargetKind::None: return "none";
        case io::TargetKind::LeftOut: return "left out";
        case io::TargetKind::NeedsYear: return "needs a year";
        case io::TargetKind::NoYear: return "no year";
        case io::TargetKind::BadYear: return "bad year";
        case io::TargetKind::List: return "list";
        default: return finder.key_of(target);
    }
}

TEST(ColumnFinder, FindsFactsByNameAndLabel) {
    const io::ColumnFinder finder(shipped(), subject("company"), {{"人数", {"employees", ""}}, {"销售额(去年)", {"revenue.2017", ""}}, {"employees", {"", ""}}});
    EXPECT_EQ(found(finder, "company_id"), "company_id");
    EXPECT_EQ(found(finder, "统一社会信用代码"), "company_id");
    EXPECT_EQ(found(finder, "rd_staff"), "rd_staff");
    EXPECT_EQ(found(finder, "revenue.2015"), "revenue.2015");
    EXPECT_EQ(found(finder, "注册成立日期"), "registered_on");
    EXPECT_EQ(found(finder, "职工总数(全年月平均)"), "employees");
    EXPECT_EQ(found(finder, "date of registration"), "registered_on");
    EXPECT_EQ(found(finder, "年末净资产.2016"), "net_assets.2016");
    EXPECT_EQ(found(finder, "2016年年末净资产"), "net_assets.2016");
    EXPECT_EQ(found(finder, "Net assets at the year's end (2016)"), "net_assets.2016");
    EXPECT_EQ(found(finder, "销售收入（主营与其他业务收入）2015年"), "revenue.2015");
    EXPECT_EQ(found(finder, "人数"), "employees");
    EXPECT_EQ(found(finder, "销售额(去年)"), "revenue.2017");
    EXPECT_EQ(found(finder, "employees"), "left out");
    EXPECT_EQ(found(finder, "revenue"), "needs a year");
    EXPECT_EQ(found(finder, "rd_staff.2015"), "no year");
    EXPECT_EQ(found(finder, "revenue.15"), "bad year");
    EXPECT_EQ(found(finder, "rd_projects"), "list");
    EXPECT_EQ(found(finder, "地址"), "none");
    EXPECT_EQ(finder.nearest("employes"), "employees");
    EXPECT_EQ(finder.nearest("revenu.2015"), "revenue.2015");
    EXPECT_EQ(finder.nearest("电话号码"), "");
}

// The map as text, or the first thing that is wrong with it.
std::string map_in(const std::string& path) {
    std::vector<io::Problem> problems;
    const auto map = io::read_column_map(path, problems);
    EXPECT_EQ(map.has_value(), problems.empty());
    if (!map) return "refused: " + std::to_string(problems[0].place.line) + ": " + problems[0].english;
    std::string text;
    for (const auto& [column, mapped] : *map) text += column + "=" + mapped.fact + (mapped.unit.empty() ? "" : "," + mapped.unit) + "\n";
    return text;
}

TEST_F(Tables, MapsOfColumns) {
    EXPECT_EQ(map_in(write("a.csv", "人数,employees\n备注,\n")), "人数=employees\n备注=\n");
    EXPECT_EQ(map_in(write("heading.csv", "column,fact\n人数,employees\n")), "人数=employees\n");
    EXPECT_EQ(map_in(write("twice.csv", "a,b\nc,d\na,e\n")), "refused: 3: this column is mapped twice");
    EXPECT_EQ(map_in(write("units.csv", "销售额,revenue.2017,万元\n人数,employees\n备注,,\n占比,share,％\n")), "人数=employees\n占比=share,%\n备注=\n销售额=revenue.2017,万元\n");
    EXPECT_EQ(map_in(write("later.csv", "人数,employees\n销售额,revenue.2017, 万元 \n")), "人数=employees\n销售额=revenue.2017,万元\n");
    EXPECT_EQ(map_in(write("three.csv", "a,b,c\n")), "refused: 1: this is no unit that is known; there are 元, 千元, 万元, 百万元, 亿元, %, ‰, 人, 万人, months, years, days");
    EXPECT_EQ(map_in(write("four.csv", "a,b,元,x\n")), "refused: 1: a map has two columns or three: the name in the table, the fact, its unit");
    EXPECT_EQ(map_in(write("one.csv", "a,b\nc\n")), "refused: 2: this row has 1 cells, the header 2 columns");
    EXPECT_EQ(map_in(write("trees.ndjson", "{\"a\": 1, \"b\": 2}\n")), "refused: 1: a map has two columns or three: the name in the table, the fact, its unit");
}

// Of a map that was cut off, what is left is no map.
TEST_F(Tables, MapsThatAreCutOff) {
    std::string pairs;
    for (int i = 0; i < 20000; ++i) pairs += "column " + std::to_string(i) + "," + std::to_string(i * 7919 % 10007) + "\n";
    const std::string gz = gzipped(pairs);
    EXPECT_TRUE(map_in(write("whole.csv.gz", gz)).starts_with("column 0="));
    EXPECT_EQ(map_in(write("cut.csv.gz", gz.substr(0, gz.size() - 100))), "refused: 0: the compressed data ends too early: the file was probably cut off when it was copied");
}

TEST_F(Tables, MapsWithManyMistakes) {
    std::string pairs = "a,b\n";
    for (int i = 0; i < 20000; ++i) pairs += "c\n";
    std::vector<io::Problem> problems;
    EXPECT_FALSE(io::read_column_map(write("a.csv", pairs), problems));
    ASSERT_EQ(problems.size(), io::most_problems + 1);
    EXPECT_EQ(problems.back().english, "there are 1000 problems already; the rest was not looked at");
}

}  // namespace
