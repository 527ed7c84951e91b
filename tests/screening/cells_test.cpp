// What comes in is read right or refused, row by row: the program over small tables in every manner in which they arrive.
#include <gtest/gtest.h>

#include <sqlite3.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "program.hpp"

namespace eligo::screening {
namespace {

namespace fs = std::filesystem;

constexpr const char* rules = R"(vocabulary firm "企业" | "Firm" {
  opened_on : date fixed                    "成立日期" | "Opened on"
  staff     : int in 0 .. 5_000_000         "职工人数" | "Employees"
  fined     : bool default false            "受过处罚" | "Fined before"
  debt      : money in 0元 .. 1万亿元 default 0元 "欠税" | "Tax owed"
  sales     : yearly money in 0元 .. 1万亿元 "销售收入" | "Sales"
  share     : percent in 0% .. 100%         "占比" | "Share"
  city      : text                          "所在地" | "City"
  claims    : list of claim up to 100       "项目" | "Claims"
}
record claim "项目" | "Claim" {
  paid : money in 0元 .. 1亿元 "投入" | "Paid"
}
policy small for firm "小企业" | "Small firm" {
  in force 2000-01-01 ..
  require few     staff <= 50                    "不超过50人" | "At most 50"         @ "办法 1"
  exclude bad     fined                          "受过处罚" | "Fined before"          @ "办法 2"
  require paid_up debt <= 1000元                 "无欠税" | "No tax owed"             @ "办法 3"
}
policy rich for firm "大企业" | "Rich" {
  in force 2000-01-01 ..
  require sold sales[-1] >= 100万元              "收入" | "Sales" @ "办法 1"
  benefit bonus : money = round(sales[-1] * 1%, 0.01元) "奖" | "Bonus"
}
policy abroad for firm "外地" | "Elsewhere" {
  in force 2000-01-01 ..
  require away city != "上海"                    "不在上海" | "Not in Shanghai" @ "办法 1"
}
policy claimed for firm "项目" | "Claims" {
  in force 2000-01-01 ..
  require some sum(c.paid for c in claims) >= 100元  "有投入" | "Paid" @ "办法 1"
  benefit all_paid : money = sum(c.paid for c in claims) "合计" | "Total"
}
policy echo for firm "回显" | "Echo" {
  in force 1900-01-01 ..
  benefit day     : date = opened_on always "日" | "Day"
  benefit people  : int = staff always "人" | "People"
  benefit owed    : money = debt always "欠" | "Owed"
  benefit pct     : percent = share always "比" | "Pct"
  benefit sold    : money = sales[-1] always "收入" | "Sold"
  benefit bad     : bool = fined always "罚" | "Fined"
  benefit here    : bool = city = "上海" always "沪" | "Here"
}
)";

// The rows of an output without their header; the two columns of an open amount as its one.
std::string folded(const std::string& csv) {
    std::vector<std::vector<std::string>> lines(1, std::vector<std::string>(1));
    for (const char c : csv) {
        if (c == ',') lines.back().emplace_back();
        else if (c == '\n') lines.emplace_back(1);
        else lines.back().back() += c;
    }
    lines.pop_back();
    std::string text;
    for (std::size_t row = 1; row < lines.size(); ++row) {
        for (std::size_t i = 0; i < lines[row].size(); ++i) {
            const bool may_be_open = i + 1 < lines[0].size() && lines[0][i + 1] == lines[0][i] + ".from";
            text += (i == 0 ? "" : ",") + (may_be_open && !lines[row][i + 1].empty() ? lines[row][i + 1] + " .. " + lines[row][i + 2] : lines[row][i]);
            if (may_be_open) i += 2;
        }
        text += "\n";
    }
    return text;
}

class Cells : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_cells_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        write("firm.policy", rules);
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) const { std::ofstream(folder_ / name, std::ios::binary) << bytes; }

    Ran screen(const std::string& input, const std::string& policy, std::vector<std::string> further = {}) const {
        std::vector<std::string> arguments{"screen", input, "--rules", "firm.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", policy};
        arguments.insert(arguments.end(), further.begin(), further.end());
        return run_program(folder_, arguments);
    }
    // The rows behind the header.
    std::string answers(const std::string& input, const std::string& policy, const std::vector<std::string>& further = {}) const {
        const Ran ran = screen(input, policy, further);
        return ran.status == 0 ? ran.out.substr(ran.out.find('\n') + 1) : "status " + std::to_string(ran.status) + ": " + ran.err;
    }

    fs::path folder_;
};

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST_F(Cells, OneBadRowStopsNoFileOfProfiles) {
    const std::vector<std::pair<std::string, std::string>> bad = {
        {R"("staff":{"2019":1})", "expected a whole number from 0 to 5000000"},
        {R"("staff.2019":1)", "staff.2019: this fact is not yearly: write staff"},
        {R"("sales.19":1)", "sales.19: expected a fiscal year of four digits"},
        {R"("sales":{"19":1})", "expected a fiscal year of four digits"},
        {R"("staff":1,"职工人数":2)", "staff: given twice"},
        {R"("staff":)", "companies.ndjson:3:"},
    };
    for (const auto& [row, reason] : bad) {
        for (const bool late : {false, true}) {
            std::string csv = "{\"company_id\":\"A\",\"staff\":10}\n{\"company_id\":\"B\",\"职工人数\":60}\n", answered = "A,eligible,undetermined,,,\nB,ineligible,undetermined,,,\n";
            for (int i = 0; late && i < 1500; ++i) {
                csv += "{\"company_id\":\"F\",\"staff\":1}\n";
                answered += "F,eligible,undetermined,,,\n";
            }
            write("companies.ndjson", csv + "{\"company_id\":\"C\"," + row + "}\n{\"company_id\":\"D\",\"staff\":1}\n");
            const Ran ran = screen("companies.ndjson", "small", {"--policy", "rich"});
            EXPECT_EQ(ran.status, 0) << row;
            EXPECT_EQ(ran.out, "company_id,small,rich,rich.bonus,rich.bonus.from,rich.bonus.to\n" + answered + "D,eligible,undetermined,,,\n") << row << ran.err;
            EXPECT_TRUE(has(ran.err, std::string("companies.ndjson:") + (late ? "1503" : "3") + ":")) << ran.err;
            if (!late) {
                EXPECT_TRUE(has(ran.err, reason)) << row << ran.err;
            }
        }
    }
}

TEST_F(Cells, KeysThatAreNoFactsAreToldWhereverTheyAre) {
    std::string rows;
    for (int i = 0; i < 8000; ++i) rows += "{\"company_id\":\"F\",\"staff\":1}\n";
    write("companies.ndjson", rows + "{\"company_id\":\"A\",\"staff\":1,\"nobody\":2,\"other\":{\"x\":1}}\n" + rows + "{\"company_id\":\"B\",\"staff\":[],\"nobody\":2,\"late\":1}\n");
    for (const char* const threads : {"1", "4"}) {
        const Ran ran = screen("companies.ndjson", "small", {"--threads", threads});
        EXPECT_TRUE(has(ran.err, "keys of later rows that are no facts, left out: nobody (line 8001), other.x (line 8001), late (line 16002)\n")) << ran.err;
    }
}

TEST_F(Cells, ATableWithoutAnyFactIsRefused) {
    write("none.csv", "id,name\n1,x\n");
    write("none.ndjson", "{\"id\":1}\n");
    write("only_ids.csv", "company_id\nA\n");
    for (const char* const input : {"none.csv", "none.ndjson", "only_ids.csv"}) {
        const Ran ran = screen(input, "small");
        EXPECT_EQ(ran.status, 2) << input;
        EXPECT_EQ(ran.out, "");
        EXPECT_TRUE(has(ran.err, "no column is a fact")) << ran.err;
    }
    write("claims.csv", "company_id,paid\nA,100\n");
    EXPECT_EQ(answers("only_ids.csv", "claimed", {"--list", "claims=claims.csv"}), "A,eligible,100.00,,\n");
}

TEST_F(Cells, RowsWithLineEndsInCellsAreToldOnce) {
    write("few.csv", "company_id,city,staff\nA,\"上\n海\",1\nB,x,1\nC,\"y\nz\",1\n");
    EXPECT_TRUE(has(screen("few.csv", "small").err, "2 rows have cells that go on over several lines, the first in line 2: make sure that its quotes are right\n"));
    std::string rows = "company_id,city,staff\n";
    for (int i = 0; i < 40; ++i) rows += "A,\"上\n海\",1\n";
    write("usual.csv", rows);
    EXPECT_FALSE(has(screen("usual.csv", "small").err, "over several lines"));
}

// Ids that are missing, that occur twice, that a spreadsheet has made numbers of.
TEST_F(Cells, IdsAreToldAndCounted) {
    write("ids.csv", "company_id,staff\nB,1\n,1\nA,1\n?,1\n9.131E+17,1\n9.131E+17,60\nB,1\n\u3000B ,1\nC,many\n C,1\n123.0,1\n");
    write("ids.ndjson", "{\"company_id\":\"B\",\"staff\":1}\n{\"staff\":1}\n{\"company_id\":\"A\",\"staff\":1}\n{\"company_id\":null,\"staff\":1}\n{\"company_id\":9.131E+17,\"staff\":1}\n"
                        "{\"company_id\":\"9.131E+17\",\"staff\":1}\n{\"company_id\":\"B\",\"staff\":1}\n{\"company_id\":\"\u3000B \",\"staff\":1}\n{\"company_id\":\"C\",\"staff\":\"many\"}\n"
                        "{\"company_id\":\" C\",\"staff\":1}\n{\"company_id\":\"123.0\",\"staff\":1}\n");
    const auto told = [](const std::string& err, int header) {
        const auto line = [header](int row) { return std::to_string(row + header); };
        EXPECT_TRUE(has(err, "eligo: 2 rows have no company_id, the first in line " + line(2) + "\n")) << err;
        EXPECT_TRUE(has(err, "eligo: 3 rows have ids in floating point (as 9.131E+17), whose digits are not all there, the first in line " + line(5) + ": keep ids as texts\n")) << err;
        EXPECT_TRUE(has(err, "eligo: 7 rows have an id that another row has as well (3 ids), the first in lines " + line(1) + " and " + line(7) + "\n")) << err;
        EXPECT_TRUE(has(err, "11 rows as of 2020-06-01: 10 answered, 1 rejected")) << err;
    };
    for (const char* const threads : {"1", "3"}) {
        told(screen("ids.csv", "small", {"--threads", threads}).err, 1);
        told(screen("ids.ndjson", "small", {"--threads", threads}).err, 0);
        told(run_program(folder_, {"screen", "-", "--rules", "firm.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", "small", "--threads", threads}, {.input = (folder_ / "ids.csv").string()}).err, 1);
    }
}

// In order, out of order, in order but for one far behind: however many rows there are, and however they are read.
TEST_F(Cells, IdsOfManyRows) {
    constexpr int rows = 200'000;
    const auto csv = [](auto id) {
        std::string text = "company_id,staff\n";
        for (int i = 0; i < rows; ++i) text += id(i) + ",1\n";
        return text;
    };
    write("ordered.csv", csv([](int i) { return "C" + std::to_string(i); }));
    write("shuffled.csv", csv([](int i) { return "C" + std::to_string(i * 7919LL % rows); }));
    write("one.csv", csv([](int i) { return "C" + std::to_string(i == rows - 5 ? 5 : i); }));
    write("shuffled_one.csv", csv([](int i) { return "C" + std::to_string(i == rows - 5 ? 0 : i * 7919LL % rows); }));
    write("twice.csv", csv([](int i) { return "C" + std::to_string(i % (rows / 2)); }));
    const std::vector<std::pair<std::string, std::string>> wanted = {
        {"ordered.csv", ""},
        {"shuffled.csv", ""},
        {"one.csv", "2 rows have an id that another row has as well (1 id), the first in lines 7 and 199997\n"},
        {"shuffled_one.csv", "2 rows have an id that another row has as well (1 id), the first in lines 2 and 199997\n"},
        {"twice.csv", "200,000 rows have an id that another row has as well (100,000 ids), the first in lines 2 and 100002\n"},
    };
    for (const auto& [input, note] : wanted) {
        for (const bool piped : {false, true}) {
            const Ran ran = run_program(folder_, {"screen", piped ? "-" : input, "--rules", "firm.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", "small", "-o", "out.csv"}, {.input = piped ? (folder_ / input).string() : "/dev/null"});
            EXPECT_EQ(has(ran.err, "as well"), !note.empty()) << input << ran.err;
            EXPECT_TRUE(has(ran.err, note)) << input << ran.err;
        }
    }
}

TEST_F(Cells, ListsAreNotJoinedByIdsThatSayNothing) {
    write("ids.csv", "company_id,staff\nA,1\n9.131E+17,1\nB,1\n,1\nA,1\nC,1\n");
    write("claims.csv", "company_id,paid\nA,100\n9.131E+17,100\nB,100\n,100\n");
    const std::string wanted = "company_id,claimed,claimed.all_paid,claimed.all_paid.from,claimed.all_paid.to\nB,eligible,100.00,,\nC,ineligible,,,\n";
    for (const bool piped : {false, true}) {
        for (const char* const threads : {"1", "3"}) {
            const Ran ran = run_program(folder_, {"screen", piped ? "-" : "ids.csv", "--list", "claims=claims.csv", "--rules", "firm.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", "claimed", "--threads", threads},
                                        {.input = piped ? (folder_ / "ids.csv").string() : "/dev/null"});
            EXPECT_EQ(ran.out, wanted) << ran.err;
            EXPECT_TRUE(has(ran.err, "6 rows as of 2020-06-01: 2 answered, 4 rejected")) << ran.err;
            EXPECT_TRUE(has(ran.err, "2: company_id: another row has this id as well, so that rows of lists cannot be told by it")) << ran.err;
            EXPECT_TRUE(has(ran.err, "3: company_id: the id is a floating-point number")) << ran.err;
            EXPECT_TRUE(has(ran.err, "5: company_id: there is no id, by which rows of lists are told")) << ran.err;
            EXPECT_TRUE(has(ran.err, "6: company_id: another row has this id")) << ran.err;
            EXPECT_TRUE(has(ran.err, "claims.csv:3: the id is a floating-point number")) << ran.err;
            EXPECT_TRUE(has(ran.err, "2 rows of lists belong to no company of the table")) << ran.err;
        }
    }
    (void)screen("ids.csv", "claimed", {"--list", "claims=claims.csv", "--rejects", "rejects.csv"});
    EXPECT_TRUE(has(read_file(folder_ / "rejects.csv"), "\n5,,,\"there is no company_id, so that no company can be told\",,,claims.csv\n")) << read_file(folder_ / "rejects.csv");
    write("none.csv", "staff\n1\n");
    const Ran ran = screen("none.csv", "claimed", {"--list", "claims=claims.csv"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_TRUE(has(ran.err, "a table of companies with lists has a column company_id")) << ran.err;
}

// The office's spellings are one thing in CSV and in a database, whose columns have no booleans and dates.
TEST_F(Cells, AsAnOfficeSavesThem) {
    const std::vector<std::vector<const char*>> rows = {{"A", "2018/6/1", "1,000", "￥1,234.50", "15%", "是"},   {"B", "2018年6月1日", "１２", "¥1234.50", "15％", "真"}, {"C", "20180601", "12", "1234.5元", "0.15", "Yes"},
                                                        {"D", "2018.6.1", "12", "1,234.50", "15 %", "Y"},          {"E", "2018-06-01 00:00", "12", "1234.50", "15%", "1"}, {"F", "6/1/2018", "12", "1234.50", "15%", "1"},
                                                        {"G", "2018-06-01", "1,00", "1234.50", "15%", "1"},        {"H", "2018-06-01", "12", "$5", "15%", "1"},             {"I", "2018-06-01", "12", "12万元", "15%", "1"},
                                                        {"J", "2018-06-01", "12", "1234.50", "15%", "√"}};
    std::string csv = "company_id,opened_on,staff,debt,share,fined\n", values;
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < row.size(); ++i) csv += std::string(i == 0 ? "\"" : ",\"") + row[i] + "\"";
        csv += "\n";
        for (std::size_t i = 0; i < row.size(); ++i) values += std::string(i > 0 ? ",'" : values.empty() ? "('" : ",('") + row[i] + "'";
        values += ")";
    }
    write("c.csv", csv);
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "c.db").c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, ("CREATE TABLE c (company_id, opened_on, staff, debt, share, fined); INSERT INTO c VALUES " + values).c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(database);
    for (const char* const input : {"c.csv", "c.db"}) {
        const Ran ran = screen(input, "echo");
        std::string wanted;
        for (const char* const id : {"A", "B", "C", "D", "E"}) wanted += std::string(id) + ",eligible,2018-06-01," + (*id == 'A' ? "1000" : "12") + ",1234.50,0.15,0.00 .. 1000000000000.00,true,false .. true\n";
        EXPECT_EQ(folded(ran.out), wanted) << input << ran.err;
        EXPECT_TRUE(has(ran.err, "10 rows as of 2020-06-01: 5 answered, 5 rejected")) << ran.err;
    }
}

TEST_F(Cells, AbsentOnlyWhereItIsNamed) {
    write("c.csv", "company_id,staff,debt,fined,city\nA,N/A,-,/,无\nB, 无 ,1,1,x\n-,1,0,0,x\nC,9999,0,0,x\n");
    write("c.ndjson", "{\"company_id\":\"A\",\"staff\":\"N/A\",\"debt\":\"-\",\"fined\":\"/\",\"city\":\"无\"}\n{\"company_id\":\"B\",\"staff\":\" 无 \",\"debt\":1,\"fined\":true}\n"
                      "{\"company_id\":\"-\",\"staff\":1,\"claims\":[]}\n{\"company_id\":\"C\",\"staff\":\"9999\",\"claims\":[]}\n");
    const std::string wanted = "A,undetermined,undetermined\nB,ineligible,eligible\n,eligible,eligible\n";
    const std::vector<std::string> absent{"--policy", "abroad", "--absent", "N/A", "-", "/", "无", "--threads", "2"};
    EXPECT_EQ(answers("c.csv", "small", absent), wanted + "C,ineligible,eligible\n");
    EXPECT_TRUE(has(screen("c.csv", "small", absent).err, "1 row has no company_id, in line 4"));
    EXPECT_TRUE(has(screen("c.csv", "small", {"--policy", "abroad"}).err, "4 rows as of 2020-06-01: 2 answered, 2 rejected"));
    // What may be a value as well is none once it is named.
    EXPECT_EQ(answers("c.csv", "small", {"--absent", "N/A", "--absent", "-", "--absent", "/", "--absent", "无", "--absent", "9999", "--absent", "1"}), "A,undetermined\nB,undetermined\n,undetermined\nC,undetermined\n");
    EXPECT_EQ(answers("c.ndjson", "small", {"--absent", "N/A", "-", "/", "无", "9999"}), "A,undetermined\nB,ineligible\n,eligible\nC,undetermined\n");
    for (const char* const text : {"", " ", "?", "\u3000?"}) EXPECT_EQ(screen("c.csv", "small", {"--absent", text}).status, 2) << text;
    // Cells of lists, and whose they are.
    write("ids.csv", "company_id,staff\nA,1\nB,1\n");
    write("claims.csv", "company_id,paid\nA,100\nB,-\n/,100\n");
    const Ran ran = screen("ids.csv", "claimed", {"--list", "claims=claims.csv", "--absent", "-", "/"});
    EXPECT_EQ(folded(ran.out), "A,eligible,100.00\nB,undetermined,\n");
    EXPECT_TRUE(has(ran.err, "claims.csv:4: there is no company_id")) << ran.err;
}

TEST_F(Cells, UnitsAreNeverPassedOver) {
    write("c.csv", "company_id,销售收入（万元）2019,占比（％）,职工人数（人）,欠税（元）\nA,120,15,10,1000\nB,\"1,200.5\",15%,60,￥0\nC,100元,60,1,0\nD,80 .. 120,,1,0\nE,99.9999999,1,1,0\nF,?,1,1,\n");
    write("map.csv", "销售收入（万元）2019,sales.2019,万元\n占比（％）,share,%\n");
    const Ran refused = screen("c.csv", "echo");
    EXPECT_EQ(refused.status, 2);
    EXPECT_TRUE(has(refused.err, "销售收入（万元）2019: the name says that it is in 万元: write in a file for --map: 销售收入（万元）2019,sales.2019,万元\n")) << refused.err;
    EXPECT_TRUE(has(refused.err, "占比（％）: the name says that it is in %: write in a file for --map: 占比（％）,share,%\n")) << refused.err;
    const Ran ran = screen("c.csv", "echo", {"--map", "map.csv"});
    const std::string rest = ",false,false .. true\n";
    EXPECT_EQ(folded(ran.out), "A,eligible,1900-01-01 .. 2199-12-31,10,1000.00,0.15,1200000.00" + rest + "B,eligible,1900-01-01 .. 2199-12-31,60,0.00,0.15,12005000.00" + rest +
                                                          "D,eligible,1900-01-01 .. 2199-12-31,1,0.00,0 .. 1,800000.00 .. 1200000.00" + rest + "F,eligible,1900-01-01 .. 2199-12-31,1,0.00,0.01,0.00 .. 1000000000000.00" + rest);
    EXPECT_TRUE(has(ran.err, "c.csv:4:3: 销售收入（万元）2019: expected a number, as this column is in 万元, found \"100元\"")) << ran.err;
    EXPECT_TRUE(has(ran.err, "c.csv:6:3: 销售收入（万元）2019: expected an amount of money in yuan with at most 2 decimals; this column is in 万元, found \"99.9999999\"")) << ran.err;
    // A map without the unit, with another, with one that is none of the fact; and a head without one.
    const auto told = [&](const std::string& header, const std::string& map, const std::string& part) {
        write("one.csv", "company_id," + header + "\nA,12\n");
        write("one_map.csv", map + "\n");
        const Ran one = screen("one.csv", "echo", {"--map", "one_map.csv"});
        EXPECT_TRUE(has(one.out + one.err, part)) << header << " " << map << "\n" << one.out << one.err;
    };
    told("营收(万元)", "营收(万元),sales.2019", "write in a file for --map: 营收(万元),sales.2019,万元");
    told("营收(万元)", "营收(万元),sales.2019,亿元", "the name says that it is in 万元, the map says another unit");
    told("营收(美元)", "营收(美元),sales.2019", "美元 is no unit of this fact (sales.2019)");
    told("sales.2019(万元)", "x,y", "write in a file for --map: sales.2019(万元),sales.2019,万元");
    told("sales.2019(元)", "x,y", ",12.00,");
    told("sales.2019(万元)", "sales.2019(万元),sales.2019,万元", ",120000.00,");
    told("sales.19", "x,y", "expected a fiscal year of four digits");
    told("职工人数（万元）", "x,y", "万元 is no unit of this fact (staff)");
    told("营收", "营收,sales.2019,亿元", ",1200000000.00,,,");
    told("营收", "营收,sales.2019", ",12.00,");
    told("营收（元）", "营收（元）,sales.2019", ",12.00,");
    told("营收", "营收,sales.2019,斤", "this is no unit that is known");
    told("欠税,销售收入（不含税）2019", "x,y", "columns that are no facts, left out: 销售收入（不含税）2019") ;
}

TEST_F(Cells, UnitsOfProfilesAndLists) {
    write("map.csv", "营收（万元）,sales.2019,万元\n年营收,sales,万元\n投入（万元）,paid,万元\n");
    write("c.ndjson", "{\"company_id\":\"A\",\"营收（万元）\":\"1,2.5\"}\n{\"company_id\":\"B\",\"营收（万元）\":12.5}\n{\"company_id\":\"C\",\"年营收\":{\"2019\":12.5}}\n{\"company_id\":\"D\",\"销售收入（万元）2019\":1}\n"
                      "{\"company_id\":\"E\",\"营收（万元）\":12.5,\"claims\":[]}\n{\"company_id\":\"F\",\"年营收\":{\"2019\":\"12 .. 13\"},\"claims\":[]}\n");
    const Ran ran = screen("c.ndjson", "rich", {"--map", "map.csv"});
    EXPECT_EQ(folded(ran.out), "B,ineligible,\nC,ineligible,\nE,ineligible,\nF,ineligible,\n") << ran.err;
    EXPECT_TRUE(has(ran.err, "c.ndjson:4")) << ran.err;
    EXPECT_TRUE(has(ran.err, "销售收入（万元）2019: the name says that it is in 万元")) << ran.err;
    const Ran echo = screen("c.ndjson", "echo", {"--map", "map.csv"});
    EXPECT_TRUE(has(folded(echo.out), "B,eligible,1900-01-01 .. 2199-12-31,0 .. 5000000,0.00,0 .. 1,125000.00,")) << echo.out;
    EXPECT_TRUE(has(folded(echo.out), "F,eligible,1900-01-01 .. 2199-12-31,0 .. 5000000,0.00,0 .. 1,120000.00 .. 130000.00,")) << echo.out;
    write("ids.csv", "company_id,staff\nA,1\nB,1\n");
    write("claims.csv", "company_id,投入（万元）\nA,0.02\nB,0.002\n");
    EXPECT_TRUE(has(screen("ids.csv", "claimed", {"--list", "claims=claims.csv"}).err, "write in a file for --map: 投入（万元）,paid,万元"));
    EXPECT_EQ(answers("ids.csv", "claimed", {"--list", "claims=claims.csv", "--map", "map.csv"}), "A,eligible,200.00,,\nB,ineligible,,,\n");
}

TEST_F(Cells, BlanksAreOneThing) {
    const std::string company = "上海";
    std::string csv = "company_id,city\n", ndjson, wanted;
    for (const std::string blank : {" ", "\t", "\n", "\u3000", "\u00A0", "\u2003", "\uFEFF", " \u3000\n "}) {
        csv += "A,\"" + blank + company + blank + "\"\n";
        std::string escaped = blank;
        for (std::size_t at = 0; (at = escaped.find_first_of("\n\t", at)) != std::string::npos; at += 2) escaped.replace(at, 1, escaped[at] == '\n' ? "\\n" : "\\t");
        ndjson += "{\"company_id\":\"" + escaped + "A" + escaped + "\",\"city\":\"" + escaped + company + escaped + "\"}\n";
        wanted += "A,ineligible\n";
    }
    write("c.csv", csv);
    write("c.ndjson", ndjson);
    EXPECT_EQ(answers("c.csv", "abroad"), wanted);
    EXPECT_EQ(answers("c.ndjson", "abroad"), wanted);
    write("blank.csv", "company_id,staff,debt\nA,\u3000?\u3000,\u3000\nB,\u00A010\u3000,\u00A0\n");
    EXPECT_EQ(answers("blank.csv", "small"), "A,undetermined\nB,eligible\n");
}

TEST_F(Cells, CheckSaysWhatReadsATable) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open((folder_ / "c.db").c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "CREATE TABLE c (company_id TEXT, staff INTEGER)", nullptr, nullptr, nullptr);
    sqlite3_close(database);
    write("c.xlsx", std::string("PK\x03\x04", 4) + "rest");
    write("c.csv.gz", "\x1F\x8B" "rest");
    write("c.csv.zst", "\x28\xB5\x2F\xFD" "rest");
    write("c.csv", std::string("\xFF\xFE" "a\0", 4));
    for (const char* const name : {"c.db", "c.xlsx", "c.csv.gz", "c.csv.zst", "c.csv"}) {
        const Ran ran = run_program(folder_, {"check", name, "--rules", "firm.policy", "--lang", "en"});
        EXPECT_EQ(ran.status, 2) << name;
        EXPECT_TRUE(has(ran.err, "for such a table use `eligo screen`")) << ran.err;
    }
}

}  // namespace
}  // namespace eligo::screening
