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
