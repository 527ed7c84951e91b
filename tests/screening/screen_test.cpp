// Screening whole tables in this process: against what `check` says of each row, over chunks and threads, with lists, with
// rows chosen, and its counts and reports.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "api/compile_internal.hpp"
#include "book/screening_report.hpp"
#include "explain/why.hpp"
#include "io/profile.hpp"
#include "screen/checkpoint.hpp"
#include "screen/screen.hpp"

namespace {

namespace fs = std::filesystem;
namespace screen = eligo::screen;
namespace explain = eligo::explain;
namespace io = eligo::io;
namespace bytecode = eligo::bytecode;
namespace value = eligo::value;
using eligo::screen::TallyLayout;

const bytecode::Pack& shipped() {
    static const eligo::api::Compilation compiled = eligo::api::compile_paths(std::vector<std::string>{std::string(ELIGO_SOURCE_DIR) + "/rules"});
    return *compiled.pack;
}

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class Screening : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_screening_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return (folder_ / name).string();
    }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    screen::Request request(const std::string& input, const std::string& output) const {
        screen::Request request;
        request.pack = &shipped();
        request.question.as_of = value::day_from_civil(2018, 6, 1);
        request.input = input;
        request.output = path(output);
        request.kind = *screen::output_kind_of(output);
        return request;
    }

    fs::path folder_;
};

// The same numbers on every machine.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
        return state_ >> 33;
    }
    std::size_t below(std::size_t count) { return next() % count; }

private:
    std::uint64_t state_;
};

const std::vector<std::string>& columns() {
    static const std::vector<std::string> names{
        "registered_on", "resident", "audited_books", "industry", "employees", "rd_staff", "class1_ip", "class2_ip", "tech_field", "innovation_score", "major_incident", "total_assets",
        "revenue.2015", "revenue.2016", "revenue.2017", "rd_expense.2015", "rd_expense.2016", "rd_expense.2017", "rd_expense_domestic.2015", "rd_expense_domestic.2016", "rd_expense_domestic.2017",
        "total_income.2017", "high_tech_income.2017", "rd_expense_tax_scope.2017", "cost_expense.2017", "income_art6.2018", "negative_list_income.2018", "special_income.2018", "on_abnormal_list"};
    return names;
}

std::string cell(const std::string& column, Chance& chance) {
    const std::size_t kind = chance.below(20);
    if (kind == 0) return "";
    if (kind == 1) return "?";
    const auto pick = [&](const std::vector<std::string>& values) { return values[chance.below(values.size())]; };
    if (column == "registered_on") return pick({"2016-01-31", "2017-06-01", "2017-06-02", "2010-02-28"});
    if (column == "resident" || column == "audited_books") return pick({"true", "true", "true", "false"});
    if (column == "major_incident" || column == "on_abnormal_list") return pick({"false", "false", "false", "true"});
    if (column == "industry") return pick({"C39", "I65", "K70", "F51", "M731"});
    if (column == "tech_field") return pick({"ict", "电子信息", "none", "Biology and new medicine"});
    if (column == "innovation_score") return kind == 2 ? "66 .. 78" : pick({"70", "71", "90", "95", "64"});
    if (column == "employees") return kind == 2 ? "90 ..< 200" : pick({"100", "500", "501", "80.5"});
    if (column == "rd_staff") return kind == 2 ? "8 .. 12" : pick({"10", "9", "50", "50.25"});
    if (column == "class1_ip" || column == "class2_ip") return pick({"0", "1", "3", "12"});
    if (kind == 2) return "1000000 ..";
    if (kind == 3) return "1000000.00 .. 9000000";
    if (column.starts_with("rd_expense_domestic")) return pick({"0", "100000", "240000.50"});
    if (column.starts_with("rd_expense")) return pick({"300000", "500000.00", "250000.01", "900000"});
    return pick({"5000000", "50000000.00", "8000000.5", "20000000", "9000000.01"});
}

std::string random_csv(std::size_t rows, std::uint64_t seed) {
    Chance chance(seed);
    std::string csv = "company_id";
    for (const std::string& name : columns()) csv += "," + name;
    csv += "\n";
    for (std::size_t row = 0; row < rows; ++row) {
        csv += "S" + std::to_string(row);
        for (const std::string& name : columns()) csv += "," + cell(name, chance);
        csv += "\n";
    }
    return csv;
}

// What `check` says, in the shape of the output.
std::string expected(const std::vector<eligo::vm::Profile>& profiles, const std::vector<bytecode::Index>& policies, const std::vector<screen::PolicyColumns>& columns) {
    std::string text;
    for (const auto& profile : profiles) {
        const explain::Answer answer = explain::answer(shipped(), policies, profile, {value::day_from_civil(2018, 6, 1), value::last_day});
        text += answer.company_id;
        for (std::size_t p = 0; p < policies.size(); ++p) {
            text += "," + std::string(explain::verdict_name(answer.results[p].verdict));
            for (const auto& column : columns[p].benefits) {
                text += ",";
                std::string ends = ",,";
                for (const auto& benefit : answer.results[p].benefits) {
                    if (benefit.name != column.name) continue;
                    const bool open = benefit.shown.state == explain::Shown::State::Open;
                    if (!open) text += benefit.shown.low;
                    ends = open ? "," + benefit.shown.low + "," + benefit.shown.high : ",,";
                }
                if (column.may_be_open) text += ends;
            }
        }
        text += "\n";
    }
    return text;
}

std::vector<bytecode::Index> company_policies() {
    std::vector<bytecode::Index> policies;
    for (bytecode::Index i = 0; i < shipped().policies.size(); ++i) {
        if (shipped().string(shipped().subjects[shipped().policies[i].subject].name) == "company") policies.push_back(i);
    }
    return policies;
}

std::string without_header(const std::string& csv) { return csv.substr(csv.find('\n') + 1); }

TEST_F(Screening, SaysWhatCheckSays) {
    const std::string csv = random_csv(600, 7);
    const std::string input = write("in.csv", csv);
    const auto outcome = screen::screen(request(input, "out.csv"), {});
    ASSERT_EQ(outcome.ending, screen::Ending::Whole);
    const io::Profiles profiles = io::read_profiles(shipped(), csv, io::Format::Csv, "in.csv");
    const auto rejected = static_cast<std::size_t>((*outcome.tally)[TallyLayout::Rejected]);
    // Rows that contradict themselves are refused by both.
    EXPECT_GT(rejected, 5U);
    EXPECT_EQ(profiles.profiles.size() + rejected, 600U);
    EXPECT_EQ(without_header(read(path("out.csv"))), expected(profiles.profiles, company_policies(), outcome.columns));
    for (const char* verdict : {"eligible", "ineligible", "undetermined"}) EXPECT_NE(read(path("out.csv")).find(verdict), std::string::npos) << verdict;
}

TEST_F(Screening, FiscalYearsByRow) {
    std::string csv = random_csv(200, 3);
    std::istringstream lines(csv);
    std::string with_year, line;
    std::getline(lines, line);
    with_year = line + ",fiscal_year\n";
    for (int row = 0; std::getline(lines, line); ++row) with_year += line + (row % 3 == 0 ? ",2018\n" : row % 3 == 1 ? ",2017\n" : ",\n");
    const auto outcome = screen::screen(request(write("in.csv", with_year), "out.csv"), {});
    ASSERT_EQ(outcome.ending, screen::Ending::Whole);
    const io::Profiles profiles = io::read_profiles(shipped(), with_year, io::Format::Csv, "in.csv");
    EXPECT_EQ(without_header(read(path("out.csv"))), expected(profiles.profiles, company_policies(), outcome.columns));
}

TEST_F(Screening, TheSameFromEveryFormat) {
    const std::string csv = random_csv(300, 11);
    const std::string input = write("in.csv", csv);
    ASSERT_EQ(screen::screen(request(input, "csv.csv"), {}).ending, screen::Ending::Whole);
    const std::string wanted = read(path("csv.csv"));
    // A profile a line, as JSON has it.
    std::istringstream lines(csv);
    std::string ndjson, line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        std::istringstream cells(line);
        std::string id, text;
        std::getline(cells, id, ',');
        ndjson += "{\"company_id\": \"" + id + "\", \"unheard_of\": 3";
        std::map<std::string, std::string> years;
        for (const std::string& name : columns()) {
            if (!std::getline(cells, text, ',')) text.clear();
            if (text.empty()) continue;
            const bool truth = text == "true" || text == "false";
            const std::string json = text == "?" ? "null" : truth ? text : "\"" + text + "\"";
            const std::size_t dot = name.find('.');
            if (dot == std::string::npos) {
                ndjson += ", \"" + name + "\": " + json;
            } else {
                std::string& year = years[name.substr(0, dot)];
                year += (year.empty() ? "" : ", ") + ("\"" + name.substr(dot + 1) + "\": " + json);
            }
        }
        for (const auto& [name, of] : years) ndjson += ", \"" + name + "\": {" + of + "}";
        ndjson += "}\n";
    }
    ASSERT_EQ(screen::screen(request(write("in.ndjson", ndjson), "ndjson.csv"), {}).ending, screen::Ending::Whole);
    EXPECT_EQ(read(path("ndjson.csv")), wanted);
    // Through a database and a workbook and back: their writers are tested with tables.
    for (const char* ending : {"db", "xlsx"}) {
        const std::string name = std::string("verdicts.") + ending;
        ASSERT_EQ(screen::screen(request(input, name), {}).ending, screen::Ending::Whole);
        EXPECT_TRUE(fs::exists(path(name)));
        EXPECT_FALSE(fs::exists(path(name) + ".partial"));
        EXPECT_FALSE(fs::exists(path(name) + ".resume"));
        std::vector<io::Problem> problems;
        const auto table = io::open_table(path(name), {}, problems);
        ASSERT_TRUE(table);
        io::Chunk chunk;
        const auto reader = table->reader();
        std::size_t rows = 0;
        while (table->next(chunk)) rows += chunk.lines.size();
        EXPECT_EQ(rows, static_cast<std::size_t>(std::count(wanted.begin(), wanted.end(), '\n')) - 1);
    }
}

// Years come and go from line to line, facts are unknown as a whole, lists stand within.
TEST_F(Screening, ProfilesALine) {
    Chance chance(17);
    std::string ndjson, json = "[";
    for (int row = 0; row < 300; ++row) {
        std::string line = "{\"company_id\": \"" + std::to_string(row) + "\", \"resident\": true, \"audited_books\": true, \"industry\": \"" + (chance.below(2) == 0 ? "C39" : "K70") + "\"";
        if (chance.below(3) == 0) line += ", \"fiscal_year\": " + std::to_string(2016 + chance.below(3));
        for (const char* name : {"income_art6", "negative_list_income", "technology_sme_registered", "special_income", "non_taxable_income"}) {
            const std::size_t kind = chance.below(4);
            const bool truth = std::string(name) == "technology_sme_registered";
            if (kind == 0) continue;
            line += ", \"" + std::string(name) + "\": ";
            if (kind == 1) {
                line += "null";
                continue;
            }
            line += "{\"2018\": " + std::string(kind == 2 ? (truth ? "true" : "\"1000.50\"") : "null") + ", \"" + std::to_string(2015 + chance.below(3)) + "\": " + (truth ? "false" : "7") + "}";
        }
        if (chance.below(3) > 0) {
            line += ", \"rd_projects\": ";
            const std::size_t count = chance.below(4);
            if (count == 3) {
                line += "null";
            } else {
                line += "[";
                for (std::size_t i = 0; i < count; ++i) line += std::string(i == 0 ? "" : ", ") + "{\"mode\": " + (chance.below(4) == 0 ? "null" : "\"self\"") + ", \"personnel\": " + std::to_string(chance.below(90000)) + "}";
                line += "]";
            }
        }
        line += "}";
        ndjson += line + "\n";
        json += (row == 0 ? "" : ", ") + line;
    }
    const auto outcome = screen::screen(request(write("in.ndjson", ndjson), "out.csv"), {});
    ASSERT_EQ(outcome.ending, screen::Ending::Whole);
    const io::Profiles profiles = io::read_profiles(shipped(), json + "]", io::Format::Json, "in.json");
    ASSERT_TRUE(profiles.ok()) << profiles.problems[0].english;
    ASSERT_EQ(profiles.profiles.size(), 300U);
    EXPECT_EQ(without_header(read(path("out.csv"))), expected(profiles.profiles, company_policies(), outcome.columns));
}

// A line with an array is read as a tree; the same line without it must come to the same.
TEST_F(Screening, FlatLinesAreReadAsTreesAre) {
    Chance chance(23);
    const std::vector<std::string> members = {
        "\"company_id\": \"x\"", "\"company_id\": 7", "\"企业编号\": \"y\"", "\"fiscal_year\": 2017", "\"fiscal_year\": \"2017\"", "\"fiscal_year\": 20170", "\"resident\": true", "\"resident\": \"true\"",
        "\"resident\": null", "\"resident\": {\"2017\": true}", "\"audited_books\": false", "\"industry\": \"C39\"", "\"industry\": \"XX\"", "\"industry\": 39", "\"employees\": 120", "\"employees\": -3",
        "\"employees\": \"90 .. 200\"", "\"employees\": 1e2", "\"rd_staff\": 300", "\"rd_staff\": 12", "\"revenue\": null", "\"revenue\": {\"2015\": 100, \"2016\": \"200.50\"}", "\"revenue\": {\"2015\": 100, \"2015\": 101}",
        "\"revenue\": {\"17\": 3}", "\"revenue\": {}", "\"revenue\": {\"\": 3}", "\"revenue\": 5", "\"revenue.2015\": 77", "\"revenue.2017\": 78", "\"2015年销售收入\": 79", "\"revenue.20\": 1", "\"unknown\": 12",
        "\"unknown\": {\"a\": {\"b\": 1}}", "\"unknown\": 01", "\"unknown\": nul", "\"unknown\": \"\\q\"", "\"reven\\u0075e\": {\"2016\": 4}", "\"\": 1", "\"innovation_score\": 88.5", "\"innovation_score\": 88", "\"total_assets\": \" 12 \"",
        "\"registered_on\": \"2015-03-01\"", "\"registered_on\": \"2015-3-1\"", "\"registered_on\": \"2015-02-30\"", "\"on_abnormal_list\": \"no\"", "\"tech_field\": \"电子信息\""};
    const std::string mark = ", \"zz\": []";
    std::string flat, trees;
    // The keys of the first rows are looked at before the work begins.
    for (int row = 0; row < 1000; ++row) flat += "{\"resident\": true, \"employees\": 1}\n";
    trees = flat;
    for (int row = 0; row < 3000; ++row) {
        std::string line = "{\"company_id\": \"" + std::to_string(row) + "\"";
        for (std::size_t i = 0, count = 1 + chance.below(6); i < count; ++i) line += ", " + members[chance.below(members.size())];
        const std::string end = chance.below(60) == 0 ? "" : chance.below(60) == 0 ? "}}" : "}";
        flat += line + end + "\n";
        trees += line + mark + end + "\n";
    }
    const auto as_flat = screen::screen(request(write("flat.ndjson", flat), "flat.csv"), {});
    const auto as_trees = screen::screen(request(write("trees.ndjson", trees), "trees.csv"), {});
    ASSERT_EQ(as_flat.ending, screen::Ending::Whole);
    ASSERT_EQ(as_trees.ending, screen::Ending::Whole);
    EXPECT_EQ(read(path("flat.csv")), read(path("trees.csv")));
    EXPECT_GT(read(path("flat.csv")).size(), 10'000U);
    // But for the mark in what is repeated of a line, and places behind it.
    const auto reasons = [&](const std::string& name) {
        std::istringstream lines(read(path(name)));
        std::string text;
        for (std::string line; std::getline(lines, line);) {
            for (std::size_t at = line.find("\"\"zz\"\""); at != std::string::npos; at = line.find("\"\"zz\"\"")) line.erase(at - 2, mark.size() + 4);
            const std::string number = line.substr(0, line.find(','));
            const bool is_json = line.find("not JSON") != std::string::npos || line.find("JSON ends") != std::string::npos;
            text += (is_json ? number + " no JSON" : line) + "\n";
        }
        return text;
    };
    EXPECT_EQ(reasons("flat.rejects.csv"), reasons("trees.rejects.csv"));
    EXPECT_GT(read(path("flat.rejects.csv")).size(), 10'000U);
}

TEST_F(Screening, AnyNumberOfThreads) {
    const std::string input = write("in.csv", random_csv(20000, 5));
    std::string wanted, rejects;
    for (const std::size_t threads : {1u, 2u, 5u}) {
        auto of = request(input, "out" + std::to_string(threads) + ".csv");
        of.threads = threads;
        of.detail = true;
        const auto outcome = screen::screen(of, {});
        ASSERT_EQ(outcome.ending, screen::Ending::Whole);
        const auto& tally = *outcome.tally;
        EXPECT_EQ(tally[TallyLayout::Rows], 20000);
        EXPECT_EQ(tally[TallyLayout::Written] + tally[TallyLayout::Rejected], 20000);
        if (threads == 1) {
            wanted = read(of.output);
            rejects = read(outcome.rejects_path);
        }
        EXPECT_EQ(read(of.output), wanted);
        EXPECT_EQ(read(outcome.rejects_path), rejects);
        EXPECT_EQ(static_cast<value::Int128>(std::count(rejects.begin(), rejects.end(), '\n')) - 1, tally[TallyLayout::Rejected]);
    }
}

TEST_F(Screening, Lists) {
    const std::string companies = write("in.csv", "company_id,resident,audited_books,industry,income_art6.2018\nA,true,true,C39,1000000\nB,true,true,C39,1000000\nC,true,true,C39,1000000\nD,true,true,C39,1000000\n");
    const std::string projects = write("p.csv", "company_id,mode,personnel,title\nB,self,100.00,x\nA,self,1000.00,x\nB,self,50,x\nnobody,self,1,x\nC,self,many,x\n");
    auto of = request(companies, "out.csv");
    of.lists = {{"rd_projects", projects}};
    for (const bytecode::Index policy : company_policies()) {
        if (shipped().string(shipped().policies[policy].name) == "rd_super_deduction") of.policies = {policy};
    }
    of.subject = shipped().policies[of.policies[0]].subject;
    screen::ListColumns lists;
    screen::Listener listener;
    listener.on_start = [&](const screen::Start& start) { lists = start.lists; };
    const auto outcome = screen::screen(of, listener);
    ASSERT_EQ(outcome.ending, screen::Ending::Whole) << (outcome.problems.empty() ? "" : outcome.problems[0].english);
    EXPECT_EQ(lists.unmatched, std::vector<std::string>{projects + ": title"});
    EXPECT_EQ(lists.missing, std::vector<std::string>{});  // every field has a default
    EXPECT_NE(std::find(lists.assumed.begin(), lists.assumed.end(), "rd_projects.capitalised"), lists.assumed.end());
    EXPECT_EQ(std::find(lists.assumed.begin(), lists.assumed.end(), "rd_projects.personnel"), lists.assumed.end());
    EXPECT_EQ(without_header(read(path("out.csv"))), "A,eligible,0.75,,,1000.00,,,750.00,,\nB,eligible,0.75,,,150.00,,,112.50,,\nD,eligible,0.75,,,0.00,,,0.00,,\n");
    EXPECT_EQ(outcome.orphans, 1U);
    const std::string rejects = read(path("out.rejects.csv"));
    EXPECT_NE(rejects.find("6,personnel,many,"), std::string::npos) << rejects;
    EXPECT_NE(rejects.find("5,company_id,nobody,the table of companies has no such company"), std::string::npos) << rejects;
}

// Texts that the rules do not name are told apart within a company, its lists included, however it is read.
TEST_F(Screening, Texts) {
    const std::string rules = write("texts.policy", R"(vocabulary firm "企业" | "Firm" {
  one : text "一" | "One"
  two : text "二" | "Two"
  claims : list of claim up to 5 "项目" | "Claims"
}
record claim {
  who : text "谁" | "Who"
}
policy same for firm "同" | "Same" {
  source rules "规则"
  in force 2008-01-01 ..
  require same_texts  one = two  "同" | "Same" @ rules 1
}
policy named for firm "名" | "Named" {
  source rules "规则"
  in force 2008-01-01 ..
  require is_named  any(c.who = one for c in claims)  "名" | "Named" @ rules 1
}
policy alike for firm "一样" | "Alike" {
  source rules "规则"
  in force 2008-01-01 ..
  require all_alike  all(all(c.who = d.who for c in claims) for d in claims)  "一样" | "Alike" @ rules 1
}
)");
    const eligo::api::Compilation compiled = eligo::api::compile_paths(std::vector<std::string>{rules});
    ASSERT_TRUE(compiled.pack);
    const std::string wanted = "A,ineligible,eligible,ineligible\nB,eligible,ineligible,eligible\nC,eligible,eligible,eligible\n";
    const auto verdicts = [&](const std::string& input, bool with_claims) {
        auto of = request(input, "out.csv");
        of.pack = &*compiled.pack;
        of.subject = of.pack->policies[0].subject;
        if (with_claims) of.lists = {{"claims", write("claims.csv", "company_id,who\nA,y\nB,y\nA,x\nC,z\nC,z\n")}};
        const auto outcome = screen::screen(of, {});
        EXPECT_EQ(outcome.ending, screen::Ending::Whole) << (outcome.problems.empty() ? "" : outcome.problems[0].english);
        return without_header(read(path("out.csv")));
    };
    EXPECT_EQ(verdicts(write("in.csv", "company_id,one,two\nA,x,y\nB,x,x\nC,z,z\n"), true), wanted);
    EXPECT_EQ(verdicts(write("in.ndjson", R"({"company_id": "A", "one": "x", "two": "y", "claims": [{"who": "y"}, {"who": "x"}]}
{"company_id": "B", "one": "x", "two": "x", "claims": [{"who": "y"}]}
{"company_id": "C", "one": "z", "two": "z", "claims": [{"who": "z"}, {"who": "z"}]}
)"), false), wanted);
    // Without lists, a column at a time.
    const std::string alone = verdicts(write("in.csv", "company_id,one,two\nA,x,y\nB,x,x\nC,z,z\n"), false);
    EXPECT_EQ(alone, "A,ineligible,undetermined,undetermined\nB,eligible,undetermined,undetermined\nC,eligible,undetermined,undetermined\n");
}

TEST_F(Screening, OnlyTopAndStrict) {
    const std::string input = write("in.csv", random_csv(2000, 9));
    auto all = request(input, "all.csv");
    ASSERT_EQ(screen::screen(all, {}).ending, screen::Ending::Whole);
    auto only = request(input, "only.csv");
    only.only_eligible = true;
    const auto outcome = screen::screen(only, {});
    std::istringstream lines(read(all.output));
    std::string wanted, line;
    while (std::getline(lines, line)) {
        if (wanted.empty() || line.find(",eligible") != std::string::npos) wanted += line + "\n";
    }
    EXPECT_EQ(read(only.output), wanted);
    const auto& tally = *outcome.tally;
    EXPECT_EQ(tally[TallyLayout::Written] + tally[TallyLayout::Rejected] + tally[TallyLayout::OnlyOut], 2000);

    auto top = request(input, "top.csv");
    top.top = screen::Top{3, "technology_sme.score"};
    ASSERT_EQ(screen::screen(top, {}).ending, screen::Ending::Whole);
    const std::string best = read(top.output);
    EXPECT_EQ(std::count(best.begin(), best.end(), '\n'), 4);

    auto strict = request(input, "strict.csv");
    strict.strict = true;
    const auto stopped = screen::screen(strict, {});
    EXPECT_EQ(stopped.ending, screen::Ending::StoppedAtBad);
    ASSERT_EQ(stopped.first_rejects.size(), 1U);
    for (const char* left : {"strict.csv", "strict.csv.partial", "strict.csv.resume", "strict.rejects.csv", "strict.rejects.csv.partial"}) EXPECT_FALSE(fs::exists(path(left))) << left;
}

TEST_F(Screening, WhatIsWrongIsToldBeforeTheWorkStarts) {
    const auto refusal = [&](const std::string& csv) {
        const auto outcome = screen::screen(request(write("in.csv", csv), "out.csv"), {});
        EXPECT_EQ(outcome.ending, screen::Ending::CannotStart);
        EXPECT_FALSE(fs::exists(path("out.csv.partial")));
        return outcome.problems.empty() ? "" : outcome.problems[0].key + ": " + outcome.problems[0].english;
    };
    EXPECT_EQ(refusal("company_id,revenue\nA,1\n"), "revenue: this fact has a value for each fiscal year: write revenue.2015");
    EXPECT_EQ(refusal("company_id,employees.2015\nA,1\n"), "employees.2015: this fact is not yearly: write employees");
    EXPECT_EQ(refusal("company_id,employees,职工总数（全年月平均）\nA,1,1\n"), "职工总数（全年月平均）: gives the same fact as the column \"employees\" (employees)");
    EXPECT_EQ(refusal("company_id,rd_projects\nA,1\n"), "rd_projects: a list comes as a table of its own, by company_id: --list rd_projects=FILE");
}

TEST_F(Screening, ATruncatedInputLeavesNothingBehind) {
    const std::string input = write("in.ndjson.gz", std::string("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03", 10));
    const auto outcome = screen::screen(request(input, "out.csv"), {});
    EXPECT_NE(outcome.ending, screen::Ending::Whole);
    ASSERT_FALSE(outcome.problems.empty());
    EXPECT_EQ(outcome.problems[0].english, "the compressed data ends too early: the file was probably cut off when it was copied");
    EXPECT_TRUE(fs::exists(input));
    EXPECT_EQ(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()), 1);
}

TEST_F(Screening, AFullDiskIsToldAndCanBeGoneOnFrom) {
    auto of = request(write("in.csv", random_csv(500, 1)), "out.csv");
    of.output = "/dev/full";
    of.kind = screen::OutputKind::Csv;
    const auto outcome = screen::screen(of, {});
    EXPECT_TRUE(outcome.ending == screen::Ending::OutputFailed || outcome.ending == screen::Ending::CannotStart);
    ASSERT_FALSE(outcome.problems.empty());
    EXPECT_EQ(outcome.problems[0].english, "cannot be written: the disk is full");
}

TEST_F(Screening, CountsAddUpInTheReport) {
    auto of = request(write("in.csv", random_csv(3000, 21)), "out.csv");
    of.detail = true;
    const auto outcome = screen::screen(of, {});
    ASSERT_EQ(outcome.ending, screen::Ending::Whole);
    const auto& tally = *outcome.tally;
    const auto& layout = *outcome.layout;
    ASSERT_EQ(layout.groupings().size(), 3U);
    for (std::size_t p = 0; p < outcome.columns.size(); ++p) {
        for (std::size_t verdict = 0; verdict < screen::verdict_count; ++verdict) {
            const auto of_verdict = static_cast<eligo::vm::Verdict>(verdict);
            for (std::size_t g = 0; g < layout.groupings().size(); ++g) {
                value::Int128 sum = 0;
                for (std::size_t group = 0; group < layout.groupings()[g].groups; ++group) sum += tally[layout.group_verdict(p, g, group, of_verdict)];
                EXPECT_EQ(sum, tally[layout.verdict(p, of_verdict)]);
            }
        }
        for (std::size_t b = 0; b < outcome.columns[p].benefits.size(); ++b) {
            for (std::size_t g = 0; g < layout.groupings().size(); ++g) {
                value::Int128 low = 0, known = 0;
                for (std::size_t group = 0; group < layout.groupings()[g].groups; ++group) {
                    const screen::Sum sum = tally.sum(layout.group_sum(p, g, group, b));
                    low += sum.low;
                    known += sum.known;
                }
                EXPECT_EQ(low, tally.sum(layout.sum(p, b)).low);
                EXPECT_EQ(known, tally.sum(layout.sum(p, b)).known);
            }
        }
        // A clause that fails makes a company ineligible; one that alone fails is among those that fail.
        const value::Int128 ineligible = tally[layout.verdict(p, eligo::vm::Verdict::Ineligible)];
        value::Int128 alone = 0;
        for (const auto& clause : layout.clauses(p)) {
            EXPECT_LE(tally[clause.at + 1], tally[clause.at]);
            alone += tally[clause.at + 1];
            if (!clause.has_margins) continue;
            value::Int128 placed = 0;
            for (std::size_t bin = 0; bin < screen::margin_bins; ++bin) placed += tally[clause.margins + bin];
            EXPECT_EQ(placed, tally[TallyLayout::Written]);
        }
        EXPECT_LE(alone, ineligible);
    }
    screen::Tally copy(layout);
    ASSERT_TRUE(copy.set(tally.text()));
    EXPECT_EQ(copy.text(), tally.text());
    EXPECT_FALSE(copy.set(tally.text() + " 1"));
    for (const auto language : {explain::Language::Chinese, explain::Language::English}) {
        const std::string html = eligo::book::screening_report(outcome, {&shipped(), of.question, "in.csv", "out.csv", "eligo screen in.csv", language});
        EXPECT_NE(html.find(outcome.pack_hash), std::string::npos);
        EXPECT_NE(html.find("<svg"), std::string::npos);
        EXPECT_EQ(html.find("http"), std::string::npos) << "a report needs nothing else";
        EXPECT_NE(html.find(language == explain::Language::Chinese ? "高新技术企业认定" : "High-tech enterprise status"), std::string::npos);
    }
}

TEST(Checkpoint, IsReadWholeOrNotAtAll) {
    const std::string file = (fs::path(testing::TempDir()) / "eligo_checkpoint.resume").string();
    screen::Checkpoint checkpoint;
    checkpoint.same = {{"rules", "abc"}, {"input", "x\ny"}};
    checkpoint.position = {12, 3, 2};
    checkpoint.output_size = 99;
    checkpoint.output_sum = 0xFFFF'FFFF'FFFF'FFFFULL;
    checkpoint.tally = "1 z5 2";
    std::ofstream(file, std::ios::binary) << screen::text_of(checkpoint);
    const auto again = screen::read_checkpoint(file);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->position, checkpoint.position);
    EXPECT_EQ(again->output_size, 99U);
    EXPECT_EQ(again->output_sum, checkpoint.output_sum);
    EXPECT_EQ(again->tally, checkpoint.tally);
    EXPECT_FALSE(screen::changed_since(*again, checkpoint));
    checkpoint.same[0].second = "abd";
    EXPECT_EQ(screen::changed_since(*again, checkpoint), "rules");
    checkpoint.same = {{"rules", "abc"}};
    EXPECT_EQ(screen::changed_since(*again, checkpoint), "input");
    const std::string text = read(file);
    for (const std::size_t size : {text.size() - 1, text.size() / 2, std::size_t{0}}) {
        std::ofstream(file, std::ios::binary | std::ios::trunc) << text.substr(0, size);
        EXPECT_FALSE(screen::read_checkpoint(file)) << size;
    }
    fs::remove(file);
}

}  // namespace
