// Quotes, line ends and blank cells of CSV: whatever is wrong with a row, the rows beside it are read, and the same wherever chunks
// are cut.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "io/csv_rows.hpp"
#include "io/table.hpp"

namespace {

namespace fs = std::filesystem;
namespace io = eligo::io;

constexpr const char* not_closed = "! this quote is not closed in its line: close it there, or take the line ends out of the cell\n";

class Csv : public testing::Test {
protected:
    void SetUp() override { fs::create_directories(file_.parent_path()); }
    void TearDown() override { fs::remove(file_); }

    // The header, then "line: cell|cell" or "line: ! reason" for each row; what is said of rows of many lines, if there are any.
    std::string shown(const std::string& csv, std::size_t chunk_bytes = 512 * 1024, std::size_t longest = io::longest_row) const {
        std::ofstream(file_, std::ios::binary) << csv;
        io::TableOptions options;
        options.chunk_bytes = chunk_bytes;
        options.longest_row = longest;
        options.stream.encoding = io::Encoding::Utf8;
        std::vector<io::Problem> problems;
        const auto table = io::open_table(file_.string(), options, problems);
        if (!table) return "refused: " + problems.at(0).english + " (line " + std::to_string(problems[0].place.line) + ")";
        std::string text;
        for (const std::string& name : table->header()) text += (text.empty() ? "" : "|") + name;
        text += "\n";
        io::CountedRows many;
        const auto reader = table->reader();
        io::Chunk chunk;
        while (table->next(chunk)) {
            reader->begin(chunk);
            for (io::TableRow row; reader->next(row);) {
                text += std::to_string(row.line) + ": ";
                if (row.problem != nullptr) {
                    text += "! " + row.problem->english + "\n";
                    continue;
                }
                for (std::size_t i = 0; i < row.cells.size(); ++i) text += (i == 0 ? "" : "|") + std::string(row.cells[i].text);
                text += "\n";
            }
            const io::CountedRows found = reader->rows_of_many_lines();
            if (many.count == 0) many.first = found.first;
            many.count += found.count;
        }
        if (many.count > 0) text += std::to_string(many.count) + " of many lines, first " + std::to_string(many.first) + "\n";
        return text;
    }

    fs::path file_ = fs::path(testing::TempDir()) / "eligo_csv_test" / (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".csv");
};

// `rows` numbered rows of three columns; `instead` of some of them, by number.
std::string table_of(int rows, const std::vector<std::pair<int, std::string>>& instead) {
    std::string csv = "company_id,name,staff\n";
    for (int i = 1; i <= rows; ++i) {
        const auto other = std::find_if(instead.begin(), instead.end(), [i](const auto& each) { return each.first == i; });
        csv += other != instead.end() ? other->second : "C" + std::to_string(i) + ",firm,10";
        csv += "\n";
    }
    return csv;
}
std::string rows_of(int rows, const std::vector<std::pair<int, std::string>>& instead) {
    std::string text = "company_id|name|staff\n";
    for (int i = 1; i <= rows; ++i) {
        const auto other = std::find_if(instead.begin(), instead.end(), [i](const auto& each) { return each.first == i; });
        text += std::to_string(i + 1) + ": " + (other != instead.end() ? other->second : "C" + std::to_string(i) + "|firm|10\n");
    }
    return text;
}

// A quote that nobody closes spoils its row, whatever stands in later ones.
TEST_F(Csv, AQuoteThatNobodyClosesSpoilsItsRowOnly) {
    EXPECT_EQ(shown(table_of(5, {{2, "C2,\"Best & Co,10"}})), rows_of(5, {{2, not_closed}}));
    const std::vector<std::pair<std::string, std::string>> later = {
        {"C9,\"Smith, Sons\",10", "C9|Smith, Sons|10\n"},   // whose quote seems to close the first
        {"\"C9\",\"firm\",\"10\"", "C9|firm|10\n"},
        {"C9,\", Ltd\",10", "C9|, Ltd|10\n"},               // whose quote does, in the middle of a cell
        {"C9,\"\"\"A\"\" Co\",10", "C9|\"A\" Co|10\n"},
        {"C9,\"\",10", "C9||10\n"},
        {"C9,firm,\"10", not_closed},
    };
    for (const auto& [written, read] : later) {
        for (const char* const open : {"C1,\"Best & Co,10", "C1,firm,\"10", "\"C1,firm,10"}) {
            EXPECT_EQ(shown(table_of(10, {{1, open}, {9, written}})), rows_of(10, {{1, not_closed}, {9, read}})) << open << " / " << written;
        }
    }
    // Forty thousand rows, the later quote far behind: within the bounds and beyond them.
    for (const int behind : {500, 1200, 39'000}) {
        EXPECT_EQ(shown(table_of(40'000, {{100, "C,\"Best & Co,10"}, {100 + behind, "D,\"Smith, Sons\",10"}})), rows_of(40'000, {{100, not_closed}, {100 + behind, "D|Smith, Sons|10\n"}})) << behind;
    }
}

// Two stray quotes make one cell of many rows for who goes by RFC 4180; read line by line they are rows. What may be read in two ways
// is not answered.
TEST_F(Csv, StrayQuotesDoNotMergeRows) {
    for (const int last : {2, 3, 8}) {
        EXPECT_EQ(shown(table_of(9, {{1, "C1,\"Best & Co,60"}, {last, "C0,size 5\",10"}})), rows_of(9, {{1, not_closed}, {last, "C0|size 5\"|10\n"}})) << last;
    }
    // One of the lines between has lost its shape; blank lines count for nothing.
    EXPECT_EQ(shown("a,b,c\n1,\"x,2\n3,y\n\n5,y,6\n7,z\",8\n"), "a|b|c\n2: " + std::string(not_closed) + "3: ! this row has 2 cells, the header 3 columns\n5: 5|y|6\n6: 7|z\"|8\n");
    EXPECT_EQ(shown(table_of(40'000, {{100, "C,\"Best & Co,10"}, {900, "D,size 5\",10"}})), rows_of(40'000, {{100, not_closed}, {900, "D|size 5\"|10\n"}}));
}

// Cells with line ends are cells, in any column; how many rows have them is told.
TEST_F(Csv, CellsThatHoldLineEnds) {
    EXPECT_EQ(shown("a,b,c\n1,\"two\nlines\",x\n2,y,z\n"), "a|b|c\n2: 1|two\nlines|x\n4: 2|y|z\n1 of many lines, first 2\n");
    EXPECT_EQ(shown("a,b,c\n\"two\nlines\",1,x\n2,y,z\n"), "a|b|c\n2: two\nlines|1|x\n4: 2|y|z\n1 of many lines, first 2\n");
    EXPECT_EQ(shown("a,b,c\n1,x,\"two\r\n\r\nlines\"\r\n2,y,\"\n\"\"z\"\"\"\n"), "a|b|c\n2: 1|x|two\r\n\r\nlines\n5: 2|y|\"z\"\n2 of many lines, first 2\n");
    EXPECT_EQ(shown("a\n\"two\nlines\"\nx\n"), "a\n2: two\nlines\n4: x\n1 of many lines, first 2\n");
    EXPECT_EQ(shown("a,b\n\"1\n2\",\"3\n4\"\n5,6\n"), "a|b\n2: 1\n2|3\n4\n5: 5|6\n1 of many lines, first 2\n");
    // One that has not the cells it should have is one row that is wrong, unless a row may be hidden in it.
    EXPECT_EQ(shown("a,b,c\n1,\"two\nlines\"\n2,y,z\n"), "a|b|c\n2: ! this row has 2 cells, the header 3 columns\n4: 2|y|z\n");
    EXPECT_EQ(shown("a,b,c\n1,\"two\nl,in,es\"\n2,y,z\n"), "a|b|c\n2: " + std::string(not_closed) + "3: l|in|es\"\n4: 2|y|z\n");
    // A name of the header may have several lines.
    EXPECT_EQ(shown("a,\"b\n(c)\"\n1,2\n"), "a|b\n(c)\n3: 1|2\n");
    EXPECT_EQ(shown("a,\"b\n1,2\n3,\"x\"\n"), "refused: this quote is not closed (line 1)");
}

TEST_F(Csv, BoundsOfARow) {
    std::string cell(io::most_lines_of_row - 1, '\n'), longer(io::most_lines_of_row, '\n');
    EXPECT_EQ(shown("a,b\n1,\"x" + cell + "y\"\n2,3\n"), "a|b\n2: 1|x" + cell + "y\n1002: 2|3\n1 of many lines, first 2\n");
    EXPECT_EQ(shown("a,b\n1,\"x" + longer + "y\"\n2,3\n"), "a|b\n2: " + std::string(not_closed) + "1002: ! this row has 1 cells, the header 2 columns\n1003: 2|3\n");
    EXPECT_EQ(shown("a,b\n1,\"x\n" + std::string(100, 'y') + "\"\n2,3\n", 512 * 1024, 64), "a|b\n2: " + std::string(not_closed) + "3: ! this row is longer than 1 MiB and was not read\n4: 2|3\n");
}

// Columns without a name in which nothing stands, and lines in which nothing stands, as spreadsheets leave them.
TEST_F(Csv, BlankColumnsAndLines) {
    EXPECT_EQ(shown("a,b,,\n1,2,,\n3,4,,\n"), "a|b\n2: 1|2\n3: 3|4\n");
    EXPECT_EQ(shown("a,b, ,\"\"\n1,2,, \n3,4\n5,6,\n7,8,,,,\n"), "a|b\n2: 1|2\n3: 3|4\n4: 5|6\n5: 7|8\n");
    EXPECT_EQ(shown("a,b,,\r\n1,2,,\r\n3,4,\xE3\x80\x80,\xC2\xA0\r\n"), "a|b\n2: 1|2\n3: 3|4\n");
    EXPECT_EQ(shown("a,b\n1,2,\n3,4,,\n5,6\n"), "a|b\n2: 1|2\n3: 3|4\n4: 5|6\n");
    // A stray comma that a blank column would hide.
    EXPECT_EQ(shown("a,b,\n1,x,2\n3,4,\n"), "a|b\n2: ! something stands in cell 3, but the header has no name for this column\n3: 3|4\n");
    EXPECT_EQ(shown("a,b,\n1,2,3,4\n"), "a|b\n2: ! this row has 4 cells, the header 2 columns\n");
    EXPECT_EQ(shown("a,,c\n1,2,3\n"), "refused: this column of the header has no name (line 1)");
    EXPECT_EQ(shown("\n\na,b\n1,2\n"), "a|b\n4: 1|2\n");
    EXPECT_EQ(shown("\r\n ; \r\n;;\r\na;b\r\n1;2\r\n"), "a|b\n5: 1|2\n");
    EXPECT_EQ(shown("\n\t\t\n\na\tb\n1\t2\n"), "a|b\n5: 1|2\n");
    EXPECT_EQ(shown(std::string(3'000'000, '\n') + "a,b\n1,2\n"), "a|b\n3000002: 1|2\n");
    EXPECT_EQ(shown("\n,,\n"), "refused: nothing stands in the input but blank lines (line 0)");
    EXPECT_EQ(shown("a,b\n,\n1,2\n,,,\n\n3,4\n"), "a|b\n3: 1|2\n6: 3|4\n");
    EXPECT_EQ(shown("a,b\n\xE3\x80\x80\n\xE3\x80\x80" "1\xC2\xA0,\xE3\x80\x80?\n"), "a|b\n3: 1|?\n");
}

// The same rows, whatever the pieces that are read: of texts made of what is hard to cut.
TEST_F(Csv, TheSameWhereverChunksAreCut) {
    std::mt19937 random(7);
    const auto below = [&random](std::size_t bound) { return static_cast<std::size_t>(random()) % bound; };
    const std::vector<std::string> pieces = {"\"", "\"\"", ",", ",", ",", "\n", "\n", "\r\n", "\r", "a", "b c", "1,2,3\n", "x,\"y\",z\n", "x,\"y\nz\",w\n", ",,\n", " ", "\"p,q\"", "\n\n", "7,8,9\r\n"};
    for (int round = 0; round < 3000; ++round) {
        std::string csv = "a,b,c\n";
        for (std::size_t i = below(60); i > 0; --i) csv += pieces[below(pieces.size())];
        const std::size_t longest = below(3) == 0 ? 24 : io::longest_row;
        const std::string whole = shown(csv, 512 * 1024, longest);
        for (const std::size_t bytes : {std::size_t{1}, std::size_t{5}, 1 + below(40)}) ASSERT_EQ(shown(csv, bytes, longest), whole) << bytes << ", rows of " << longest << "\n" << csv;
    }
}

}  // namespace
