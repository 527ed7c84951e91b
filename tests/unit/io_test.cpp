// Profiles from JSON, YAML and CSV: what is right comes out exactly, what is wrong is named with its place, all of it.
#include "../../engine/io/profile.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "../../engine/io/files.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "small_pack.hpp"

namespace eligo::io {

std::ostream& operator<<(std::ostream& out, ProblemKind kind) { return out << name_of(kind); }

namespace {

using bytecode::Index;
namespace fs = std::filesystem;

class IoTest : public testing::Test {
protected:
    Profiles json(std::string_view text, Index subject = bytecode::none) const { return read_profiles(pack_, text, Format::Json, "company.json", subject); }
    Profiles yaml(std::string_view text) const { return read_profiles(pack_, text, Format::Yaml, "company.yaml"); }
    Profiles csv(std::string_view text) const { return read_profiles(pack_, text, Format::Csv, "company.csv"); }

    vm::Profile one(Profiles read) const {
        for (const Problem& problem : read.problems) ADD_FAILURE() << say(problem, text::Language::English);
        EXPECT_EQ(read.profiles.size(), 1U);
        return read.profiles.size() == 1 ? std::move(read.profiles[0]) : vm::empty_profile(pack_, tests::SmallPack::company);
    }

    vm::Cell cell_in(const vm::Row& row, Index subject, std::string_view name, std::int32_t year) const {
        const auto& columns = pack_.subjects[subject].columns;
        for (std::size_t i = 0; i < columns.size(); ++i) {
            if (pack_.string(columns[i].name) == name) return vm::cell_of(pack_, subject, row, static_cast<Index>(i), year);
        }
        ADD_FAILURE() << "no column " << name;
        return {};
    }

    std::int64_t known(const vm::Profile& profile, std::string_view name, std::int32_t year = 0) const {
        const vm::Cell cell = cell_in(profile.row, profile.subject, name, year);
        EXPECT_EQ(cell.state, vm::CellState::Known) << name;
        return cell.low;
    }
    vm::CellState state(const vm::Profile& profile, std::string_view name, std::int32_t year = 0) const {
        return cell_in(profile.row, profile.subject, name, year).state;
    }
    const vm::List& claims(const vm::Profile& profile) const { return profile.row.list(13); }

    // The only problem of a reading, as English text.
    std::string only(const Profiles& read) const {
        EXPECT_EQ(read.problems.size(), 1U);
        EXPECT_TRUE(read.profiles.empty());
        if (read.problems.empty()) return "no problem at all";
        EXPECT_FALSE(read.problems[0].chinese.empty());
        return say(read.problems[0], text::Language::English);
    }

    const bytecode::Pack pack_ = tests::SmallPack::make();
};

// ---- JSON

TEST_F(IoTest, JsonOfEveryType) {
    const vm::Profile profile = one(json(R"({
      "company_id": "9131", "fiscal_year": 2017,
      "resident": true, "employees": 120, "rd_staff": "8 .. 12", "class1_ip": 3, "share": "15%",
      "revenue": {"2015": "12000000.00", "2016": 15000000, "2017": null},
      "net_assets": -0.01, "registered_on": "2015-03-01", "city": "上海", "tech_field": "ict", "industry": "C3911",
      "claims": [{"paid_in": 5.5, "exited": false}, {}],
      "address": {"district": "杨浦", "rent": {"2016": 3}}
    })"));
    EXPECT_EQ(profile.subject, tests::SmallPack::company);
    EXPECT_EQ(profile.company_id, "9131");
    EXPECT_EQ(profile.fiscal_year, 2017);
    EXPECT_EQ(known(profile, "resident"), 1);
    EXPECT_EQ(known(profile, "employees"), 120'000'000);
    EXPECT_EQ(state(profile, "rd_staff"), vm::CellState::Range);
    EXPECT_EQ(known(profile, "share"), 150'000);
    EXPECT_EQ(known(profile, "revenue", 2015), 1'200'000'000);
    EXPECT_EQ(known(profile, "revenue", 2016), 1'500'000'000);
    EXPECT_EQ(state(profile, "revenue", 2017), vm::CellState::Unknown);
    EXPECT_EQ(state(profile, "revenue", 2018), vm::CellState::Absent);
    EXPECT_EQ(known(profile, "net_assets"), -1);
    EXPECT_EQ(known(profile, "city"), 0);
    EXPECT_EQ(known(profile, "address.rent", 2016), 300);
    ASSERT_EQ(claims(profile).rows.size(), 2U);
    EXPECT_EQ(cell_in(claims(profile).rows[0], tests::SmallPack::claim, "paid_in", 0).low, 550);
    EXPECT_EQ(state(profile, "months_2022"), vm::CellState::Assumed);
}

TEST_F(IoTest, JsonNumbersNeverPassThroughADouble) {
    // None of these survives a double: each needs more than 53 bits or is no binary fraction.
    EXPECT_EQ(known(one(json(R"({"net_assets": 9999999999999.99})")), "net_assets"), 999'999'999'999'999);
    EXPECT_EQ(known(one(json(R"({"net_assets": -9007199254740.93})")), "net_assets"), -900'719'925'474'093);
    EXPECT_EQ(known(one(json(R"({"net_assets": 0.29})")), "net_assets"), 29);
    EXPECT_EQ(known(one(json(R"({"net_assets": 29e-2})")), "net_assets"), 29);
    EXPECT_EQ(known(one(json(R"({"net_assets": 1.5E+3})")), "net_assets"), 150'000);
    EXPECT_NE(only(json(R"({"net_assets": 0.30000000000000004})")).find("at most 2 decimals"), std::string::npos);
}

TEST_F(IoTest, NullIsUnknownAndAbsentIsNot) {
    const vm::Profile profile = one(json(R"({"employees": null, "months_2022": null, "revenue": null, "special_income": null, "claims": null, "address": null,
                                             "company_id": null})"));
    EXPECT_EQ(state(profile, "employees"), vm::CellState::Unknown);
    EXPECT_EQ(state(profile, "months_2022"), vm::CellState::Unknown);
    EXPECT_EQ(state(profile, "special_income", 2015), vm::CellState::Unknown);
    EXPECT_EQ(state(profile, "address.district"), vm::CellState::Unknown);
    EXPECT_EQ(claims(profile).state, vm::CellState::Unknown);
    EXPECT_FALSE(profile.fiscal_year);
    EXPECT_EQ(state(profile, "rd_staff"), vm::CellState::Absent);
}

TEST_F(IoTest, AnUnknownFiscalYearIsNotTakenForThisYear) {
    EXPECT_EQ(only(json(R"({"fiscal_year": null})")), "company.json:1:17: fiscal_year: expected a fiscal year of four digits from 1900 to 2199, found \"null\"");
}

TEST_F(IoTest, AnEmptyListIsKnown) {
    const vm::Profile profile = one(json(R"({"claims": []})"));
    EXPECT_EQ(claims(profile).state, vm::CellState::Known);
    EXPECT_TRUE(claims(profile).rows.empty());
}

TEST_F(IoTest, EachProblemNamesPlaceKeyAndWhatWasExpected) {
    EXPECT_EQ(only(json("{\"employees\": \"-3\"}")), "company.json:1:15: employees: expected a number from 0 to 5000000, found \"-3\"");
    EXPECT_EQ(only(json("{\n  \"名称\": 1}")), "company.json:2:3: 名称: not a fact of company");
    EXPECT_EQ(only(json("{\"city\": \"一二\", \"employes\": 1}")), "company.json:1:16: employes: not a fact of company; did you mean \"employees\"?");
    EXPECT_EQ(only(json("{\"claims\": [{}, {\"paidin\": 1}]}")), "company.json:1:18: claims[1].paidin: not a fact of claim; did you mean \"claims[1].paid_in\"?");
    EXPECT_EQ(only(json("{\"address\": {\"distrct\": \"x\"}}")), "company.json:1:14: address.distrct: not a fact of address; did you mean \"address.district\"?");
    EXPECT_EQ(only(json("{\"fiscal_yaer\": 2015}")), "company.json:1:2: fiscal_yaer: not a fact of company; did you mean \"fiscal_year\"?");
    EXPECT_EQ(only(json("{\"employees\": 1, \"employees\": 2}")), "company.json:1:18: employees: given twice");
    EXPECT_EQ(only(json("{\"revenue\": {\"20x5\": 1}}")), "company.json:1:14: revenue.20x5: expected a fiscal year of four digits from 1900 to 2199, found \"20x5\"");
    EXPECT_EQ(only(json("{\"revenue\": {\"2015\": 1, \"2015\": 2}}")), "company.json:1:25: revenue.2015: given twice");
    EXPECT_EQ(only(json("{\"revenue\": 5}")), "company.json:1:13: revenue: expected a value for each fiscal year: { \"2015\": … }, found \"5\"");
    EXPECT_EQ(only(json("{\"employees\": {\"2015\": 5}}")), "company.json:1:15: employees: expected a number from 0 to 5000000, found \"{ … }\"");
    EXPECT_EQ(only(json("{\"claims\": {}}")), "company.json:1:12: claims: expected a list: [ { … }, … ], found \"{ … }\"");
    EXPECT_EQ(only(json("{\"claims\": [5]}")), "company.json:1:13: claims[0]: expected an object: { … }, found \"5\"");
    EXPECT_EQ(only(json("{\"claims\": [{},{},{},{}]}")), "company.json:1:12: claims: expected a list of at most 3 elements, found \"4\"");
    EXPECT_EQ(only(json("{\"address\": \"x\"}")), "company.json:1:13: address: expected an object: { … }, found \"x\"");
    EXPECT_EQ(only(json("{\"resident\": \"true\"}")), "company.json:1:14: resident: expected true or false, found \"true\"");
    EXPECT_EQ(only(json("{\"city\": 12}")), "company.json:1:10: city: expected a text, found \"12\"");
    EXPECT_EQ(only(json("{\"employees\": true}")), "company.json:1:15: employees: expected a number from 0 to 5000000, found \"true\"");
    EXPECT_EQ(only(json("{\"fiscal_year\": \"FY17\"}")), "company.json:1:17: fiscal_year: expected a fiscal year of four digits from 1900 to 2199, found \"FY17\"");
    EXPECT_EQ(only(json("{\"employees\": 10, \"rd_staff\": 11}")), "company.json:1:31: rd_staff: expected at most employees (10), found \"11\"");
}

TEST_F(IoTest, ChineseProblems) {
    const auto read = json("{\"employes\": 1, \"rd_staff\": -1}");
    ASSERT_EQ(read.problems.size(), 2U);
    EXPECT_EQ(say(read.problems[0], text::Language::Chinese), "company.json:1:2: employes: 不是“company”的事实，是否应为“employees”？");
    EXPECT_EQ(say(read.problems[1], text::Language::Chinese), "company.json:1:29: rd_staff: 应为0至5000000之间的数，实际为“-1”");
    EXPECT_EQ(to_json(read.problems[1], text::Language::English),
              "{\"kind\": \"out_of_range\", \"file\": \"company.json\", \"line\": 1, \"column\": 29, \"key\": \"rd_staff\", \"found\": \"-1\", "
              "\"expected\": \"a number from 0 to 5000000\", \"message\": \"expected a number from 0 to 5000000, found \\\"-1\\\"\"}");
}

TEST_F(IoTest, AllProblemsAreCollected) {
    const auto read = json(R"({"employes": 1, "resident": 1, "class1_ip": 2.5, "claims": [{"paid_in": "x"}, {"exited": 0}], "revenue": {"15": 1, "2015": -1}})");
    EXPECT_EQ(read.problems.size(), 7U);
    EXPECT_TRUE(read.profiles.empty());
}

TEST_F(IoTest, BrokenJson) {
    for (const char* text : {"", " ", "{", "}", "{\"employees\"", "{\"employees\":", "{\"employees\":}", "{\"employees\": 1", "{\"employees\": 1,}", "{employees: 1}",
                             "{'employees': 1}", "{\"employees\": 01}", "{\"employees\": 1.}", "{\"employees\": .5}", "{\"employees\": +5}", "{\"employees\": 1e}",
                             "{\"employees\": 12abc}", "{\"employees\": NaN}", "{\"employees\": tru}", "{\"employees\": nul}", "{\"employees\": nullx}",
                             "{\"employees\": 1} x", "{\"employees\": 1}{}", "{\"employees\": 1}}", "[{\"employees\": 1}", "{\"employees\": [1 2]}", "{\"employees\" 1}",
                             "{\"city\": \"a}", "{\"city\": \"\\q\"}", "{\"city\": \"\\ud800\"}", "{\"city\": \"a\nb\"}", "{\"city\": \"\xFF\"}", "\"x\"", "12", "null",
                             "{\"a\": {\"b\": ]}}"}) {
        const auto read = json(text);
        EXPECT_TRUE(read.profiles.empty()) << text;
        ASSERT_FALSE(read.problems.empty()) << text;
        EXPECT_EQ(read.problems[0].kind, ProblemKind::Malformed) << text;
        EXPECT_EQ(read.problems[0].file, "company.json");
        EXPECT_FALSE(read.problems[0].english.empty());
    }
    EXPECT_EQ(json("{\n  \"employees\": 12abc\n}").problems.at(0).place.line, 2U);
    EXPECT_EQ(json("{\n  \"employees\": 12abc\n}").problems.at(0).place.column, 16U);
    EXPECT_EQ(json("{\n\n  \"city\": \"a}").problems.at(0).place.line, 3U);
}

TEST_F(IoTest, DeepNestingIsRefusedAndDoesNotCrash) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "{\"claims\":[";
    EXPECT_FALSE(json(text).problems.empty());
    text.assign(100'000, '[');
    EXPECT_FALSE(json(text).problems.empty());
}

TEST_F(IoTest, SeveralProfilesInAnArray) {
    const auto read = json(R"([{"company_id": "a", "employees": 1}, {"company_id": "b", "employees": 2}])");
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read.profiles.size(), 2U);
    EXPECT_EQ(read.profiles[1].company_id, "b");
    EXPECT_NE(only(json("[5]")).find("an object with facts"), std::string::npos);
}

TEST_F(IoTest, AByteOrderMarkIsPassedOver) { EXPECT_EQ(known(one(json("\xEF\xBB\xBF{\"employees\": 1}")), "employees"), 1'000'000); }

TEST_F(IoTest, TheSubjectIsTheOneThatKnowsMostKeys) {
    EXPECT_EQ(one(json(R"({"born_on": "1990-01-01", "resident": true})")).subject, tests::SmallPack::person);
    EXPECT_EQ(one(json(R"({"employees": 1, "resident": true})")).subject, tests::SmallPack::company) << "a tie goes to the one declared first";
    EXPECT_EQ(one(json("{}")).subject, tests::SmallPack::company);
    EXPECT_EQ(one(json(R"({"resident": true})", tests::SmallPack::person)).subject, tests::SmallPack::person);
    EXPECT_EQ(one(json(R"({"paid_in": 1})", tests::SmallPack::claim)).subject, tests::SmallPack::claim);
    EXPECT_NE(only(json(R"({"paid_in": 1})")).find("not a fact of company"), std::string::npos) << "a record is only what it is said to be";
}

// ---- YAML

TEST_F(IoTest, YamlScalarsStayExact) {
    const vm::Profile profile = one(yaml("company_id: 0012\nresident: true\nemployees: 120\nrd_staff: 8 .. 12\nnet_assets: 9999999999999.99\n"
                                         "registered_on: 2015-03-01\ncity: 12\nshare: ~\n"
                                         "revenue:\n  2015: 12000000.00\n  '2016': \"15000000\"\nclaims:\n  - paid_in: 5.5\n    exited: False\n  - {}\n"));
    EXPECT_EQ(profile.company_id, "0012");
    EXPECT_EQ(known(profile, "net_assets"), 999'999'999'999'999);
    EXPECT_EQ(known(profile, "revenue", 2015), 1'200'000'000);
    EXPECT_EQ(known(profile, "revenue", 2016), 1'500'000'000);
    EXPECT_EQ(state(profile, "share"), vm::CellState::Unknown);
    EXPECT_EQ(state(profile, "rd_staff"), vm::CellState::Range);
    EXPECT_EQ(claims(profile).rows.size(), 2U);
    EXPECT_EQ(profile.texts, (std::vector<std::string>{"12"}));
}

TEST_F(IoTest, YamlProblems) {
    EXPECT_EQ(only(yaml("employees: 5\nrd_staff: -1\n")), "company.yaml:2:11: rd_staff: expected a number from 0 to 5000000, found \"-1\"");
    EXPECT_EQ(only(yaml("employees: 5\nemployees: 6\n")), "company.yaml:2:1: employees: given twice");
    EXPECT_EQ(only(yaml("resident: \"true\"\n")), "company.yaml:1:11: resident: expected true or false, found \"true\"");
    for (const char* text : {"", "a: [1", "a: b: c", "\tx: 1", "? [1, 2]\n: 3", "city: \xFF", "&a [*a, *a]", "5", ",", ",a: 1", "employees: 1\n--- ,\n", "%x\n,", "]", "}"}) {
        const auto read = yaml(text);
        EXPECT_FALSE(read.problems.empty()) << text;
        EXPECT_TRUE(read.profiles.empty()) << text;
    }
}

TEST_F(IoTest, YamlAliasesCannotGrowWithoutBound) {
    std::string text = "a: &a0 [1,1,1,1,1,1,1,1,1,1]\n";
    for (int i = 1; i < 12; ++i) {
        const std::string alias = "*a" + std::to_string(i - 1);
        text += "b" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
        for (int j = 0; j < 10; ++j) text += (j > 0 ? ", " : "") + alias;
        text += "]\n";
    }
    EXPECT_EQ(only(yaml(text)).find("company.yaml:"), 0U);
}

TEST_F(IoTest, SeveralYamlDocuments) { EXPECT_EQ(yaml("employees: 1\n---\nemployees: 2\n").profiles.size(), 2U); }

// ---- CSV

TEST_F(IoTest, CsvRow) {
    const vm::Profile profile = one(csv("\xEF\xBB\xBF" "company_id,employees,rd_staff,revenue.2015,revenue.2016,city,share,resident,claims[0].paid_in,claims[1].paid_in,address.rent.2015\r\n"
                                        "91,120,8 .. 12,12000000.00,,\"a,\"\"b\"\"\r\nc\",?,TRUE,5.5,,3\r\n"));
    EXPECT_EQ(profile.company_id, "91");
    EXPECT_EQ(known(profile, "employees"), 120'000'000);
    EXPECT_EQ(state(profile, "rd_staff"), vm::CellState::Range);
    EXPECT_EQ(known(profile, "revenue", 2015), 1'200'000'000);
    EXPECT_EQ(state(profile, "revenue", 2016), vm::CellState::Absent);
    EXPECT_EQ(state(profile, "share"), vm::CellState::Unknown);
    EXPECT_EQ(profile.texts, (std::vector<std::string>{"a,\"b\"\r\nc"}));
    EXPECT_EQ(claims(profile).rows.size(), 1U) << "an element of empty cells is none";
    EXPECT_EQ(known(profile, "address.rent", 2015), 300);
}

TEST_F(IoTest, CsvEmptyCellsAreAbsent) {
    const vm::Profile profile = one(csv("employees,months_2022,revenue.2015,claims[0].paid_in,address.district\n,,,,\n"));
    EXPECT_EQ(state(profile, "employees"), vm::CellState::Absent);
    EXPECT_EQ(state(profile, "months_2022"), vm::CellState::Assumed);
    EXPECT_EQ(claims(profile).state, vm::CellState::Absent);
}

TEST_F(IoTest, CsvSeveralRowsAreSeveralProfiles) {
    const auto read = csv("company_id,employees\na,1\n\nb,2\r\nc,3");
    ASSERT_TRUE(read.ok());
    ASSERT_EQ(read.profiles.size(), 3U);
    EXPECT_EQ(read.profiles[2].company_id, "c");
}

TEST_F(IoTest, CsvProblems) {
    EXPECT_EQ(only(csv("employees,rd_staff\n5,-1\n")), "company.csv:2:3: rd_staff: expected a number from 0 to 5000000, found \"-1\"");
    EXPECT_EQ(only(csv("employes\n5\n")), "company.csv:2:1: employes: not a fact of company; did you mean \"employees\"?");
    EXPECT_EQ(only(csv("employees,employees\n5,6\n")), "company.csv:2:3: employees: given twice");
    EXPECT_EQ(only(csv("revenue\n5\n")), "company.csv:2:1: revenue: expected a value for each fiscal year: revenue.2015, found \"5\"");
    EXPECT_EQ(only(csv("revenue.15\n5\n")), "company.csv:2:1: revenue.15: expected a fiscal year of four digits from 1900 to 2199, found \"15\"");
    EXPECT_EQ(only(csv("employees,rd_staff\n5\n")), "company.csv:2:1: this row has 1 cells, the header 2 columns");
    EXPECT_EQ(only(csv("employees\n5,6\n")), "company.csv:2:1: this row has 2 cells, the header 1 columns");
    EXPECT_EQ(only(csv("employees,\n5,\n")), "company.csv:1:11: this column of the header has no name");
    EXPECT_EQ(only(csv("employees\n")), "company.csv: no row follows the header");
    EXPECT_EQ(only(csv("")), "company.csv: the input is empty");
    EXPECT_EQ(only(csv("city\n\"a\n")), "company.csv:2:1: this quote is not closed");
    EXPECT_EQ(only(csv("city,employees\n\"a\"b,5\n")), "company.csv:2:4: a comma or the end of the line was expected after the quote");
    EXPECT_EQ(only(csv("city\n\xFF\n")), "company.csv:2:1: this is not UTF-8 text; save the file in the UTF-8 encoding");
}

TEST_F(IoTest, CsvColumnsThatAreNoFactsAreToldEvenWhenEmptyAndOnce) {
    EXPECT_EQ(only(csv("employees,nothing\n5,\n6,\n7,x\n")), "company.csv:2:3: nothing: not a fact of company");
    EXPECT_FALSE(csv("claims[0].nothing\n\n").ok());
    EXPECT_FALSE(csv("claims[0].nothing,employees\n,1\n").ok());
    EXPECT_FALSE(csv("claims[x].paid_in,employees\n,1\n").ok());
    EXPECT_FALSE(csv("employees.2015,rd_staff\n,1\n").ok());
    EXPECT_FALSE(csv("revenue.15,rd_staff\n,1\n").ok());
}

TEST_F(IoTest, AProblemInOneRowLeavesTheOthers) {
    const auto read = csv("company_id,employees\na,1\nb,x\nc,3\n");
    EXPECT_EQ(read.profiles.size(), 2U);
    EXPECT_EQ(read.problems.size(), 1U);
    EXPECT_EQ(read.problems.at(0).place.line, 3U);
}

// ---- files

class IoFilesTest : public IoTest {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_io_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "b");
    }
    void TearDown() override { fs::remove_all(folder_); }
    std::string write(const std::string& name, const std::string& text) const {
        std::ofstream(folder_ / name, std::ios::binary) << text;
        return (folder_ / name).string();
    }
    fs::path folder_;
};

TEST_F(IoFilesTest, TheFormatFollowsFromTheEndingOrTheText) {
    EXPECT_TRUE(read_profile_file(pack_, write("a.json", "{\"employees\": 1}")).ok());
    EXPECT_TRUE(read_profile_file(pack_, write("a.yaml", "employees: 1")).ok());
    EXPECT_TRUE(read_profile_file(pack_, write("a.csv", "employees\n1\n")).ok());
    EXPECT_TRUE(read_profile_file(pack_, write("a", "{\"employees\": 1}")).ok());
    EXPECT_TRUE(read_profile_file(pack_, write("a", "employees: 1")).ok());
    EXPECT_TRUE(read_profile_file(pack_, write("a", "employees,rd_staff\n1,1\n")).ok());
    EXPECT_EQ(guess_format("  [ {} ]"), Format::Json);
    EXPECT_EQ(guess_format("---\nx"), Format::Yaml);
    EXPECT_EQ(guess_format("a,b:c"), Format::Csv);
}

TEST_F(IoFilesTest, FilesThatCannotBeRead) {
    EXPECT_EQ(only(read_profile_file(pack_, (folder_ / "none.json").string())), (folder_ / "none.json").string() + ": there is no such file");
    EXPECT_EQ(only(read_profile_file(pack_, folder_.string())), folder_.string() + ": this is a folder, not a file");
    EXPECT_EQ(only(read_profile_file(pack_, write("empty.json", ""))), (folder_ / "empty.json").string() + ": the input is empty");
}

TEST_F(IoFilesTest, PoliciesOfAFolderAreSorted) {
    write("z.policy", "");
    write("b/a.policy", "");
    write("a.policy", "");
    write("a.txt", "");
    std::vector<Problem> problems;
    const auto files = policy_files(folder_.string(), problems);
    ASSERT_EQ(files.size(), 3U);
    EXPECT_TRUE(files[0].ends_with("/a.policy"));
    EXPECT_TRUE(files[1].ends_with("/b/a.policy"));
    EXPECT_TRUE(files[2].ends_with("/z.policy"));
    EXPECT_TRUE(problems.empty());
    fs::create_directories(folder_ / "empty");
    EXPECT_TRUE(policy_files((folder_ / "empty").string(), problems).empty());
    EXPECT_EQ(problems.size(), 1U);
}

}  // namespace
}  // namespace eligo::io
