// A condition that a user gives on the command line: one expression of the language, which nothing in it can leave.
#include "api/compile_internal.hpp"
#include "text/diagnostic.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace eligo::api {
namespace {

namespace fs = std::filesystem;

class WhereTest : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_where_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::create_directories(folder_);
        std::ofstream(folder_ / "rules.policy") << "vocabulary company \"企业\" | \"Company\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n  sales : yearly money in 0元 .. 1亿元 \"销售额\" | \"Sales\"\n"
                                                    "  sound : bool \"健全\" | \"Sound\"\n  kind : one of { a \"甲\", b \"乙\" } \"类\" | \"Kind\"\n}\n"
                                                    "policy small for company \"小\" | \"Small\" {\n  in force 2000-01-01 ..\n  require few staff <= 20 \"少\" | \"Few\" @ \"一\"\n}\n";
        std::ofstream(folder_ / "other.policy") << "vocabulary person \"人\" | \"Person\" { age : int \"岁\" | \"Age\" }\n";
    }
    void TearDown() override { fs::remove_all(folder_); }

    Compilation compiled(const std::string& expression) const {
        const Selection selection{"company", expression};
        return compile_paths(std::vector<std::string>{(folder_ / "rules.policy").string()}, &selection);
    }
    // "E0214 1:5" of what is told first; all that is told is told of the expression.
    std::string told(const std::string& expression) const {
        const Compilation result = compiled(expression);
        EXPECT_EQ(result.sources.size(), 2U) << "another file was read";
        EXPECT_TRUE(result.problems.empty());
        if (result.ok()) return "";
        for (const text::Diagnostic& each : result.diagnostics) {
            if (text::wording(each.code).severity != text::Severity::Error) continue;
            EXPECT_EQ(result.sources.file(each.span.file).path(), "--where") << expression;
            EXPECT_LE(each.span.end, expression.size());
            const std::string shown = text::render_text(result.sources, each, text::Language::English, text::Color::Off).text();
            for (const char* ours : {"As --where says", "符合", "`--where`", "policy `", "clause `"}) EXPECT_EQ(shown.find(ours), std::string::npos) << shown;
            const text::Position at = result.sources.file(each.span.file).position(each.span.begin);
            return std::string(text::wording(each.code).number) + " " + std::to_string(at.line) + ":" + std::to_string(at.column);
        }
        return "nothing";
    }

    fs::path folder_;
};

TEST_F(WhereTest, IsOneExpressionWithItsLinesAndComments) {
    for (const char* expression : {"true", "staff >= 100 and sales[-1] > 5000万元", "(staff > 1\n or sound)", "\n\n staff > 1\r\n\n", "staff > 1 # a comment: ) } @ \"", "staff > 1\n  and # on\n sound",
                                   "small.eligible", "kind in { a, b }", "if sound then staff > 1 else staff > 2", "staff in 1 .. 5", "sales[-1] / 2 > 3元", "sum(sales[-3..-1]) > 5元"}) {
        EXPECT_EQ(told(expression), "") << expression;
    }
}

TEST_F(WhereTest, IsATruth) {
    EXPECT_EQ(told("staff").substr(0, 3), "E03");
    EXPECT_EQ(told("\"a\"").substr(0, 3), "E03");
    EXPECT_EQ(told("none_such"), "E0401 1:1");
    EXPECT_EQ(told("\n\n   stafff > 1"), "E0401 3:4");
}

TEST_F(WhereTest, NothingStandsBehindIt) {
    struct Case {
        std::string expression, told;
    };
    const std::vector<Case> cases{
        {"true) \"a\" | \"b\" @ \"c\"\n} import \"other.policy\"", "E0214 1:5"},
        {"true)\n} import \"other.policy\"", "E0214 1:5"},
        {"true\n}\nimport \"other.policy\"", "E0113 2:1"},
        {"true\nimport \"other.policy\"", "E0113 2:1"},
        {"true import \"other.policy\"", "E0113 1:6"},
        {"import \"other.policy\"", "E0113 1:8"},
        {"true \"label\"", "E0113 1:6"},
        {"true @ \"cited\"", "E0113 1:6"},
        {"true, true", "E0113 1:5"},
        {"true true", "E0113 1:6"},
        {"true when sound", "E0113 1:6"},
        {"true }", "E0113 1:6"},
        {"true {", "E0113 1:6"},
        {"true ]", "E0214 1:6"},
        {"true\nfalse", "E0113 2:1"},
        {"true; false", "E0108 1:5"},
        {"1 .. 5", "E0113 1:3"},
        {"policy p for company { }", "E0113 1:8"},
    };
    for (const Case& each : cases) EXPECT_EQ(told(each.expression), each.told) << each.expression;
}

TEST_F(WhereTest, IsWhole) {
    for (const std::string expression : {"", " ", "\n", "# only a comment", "\t\r\n"}) EXPECT_EQ(told(expression).substr(0, 5), "E0205") << expression;
    EXPECT_EQ(told("(true"), "E0213 1:1");
    EXPECT_EQ(told("staff >"), "E0205 1:8");
    EXPECT_EQ(told("\"open"), "E0103 1:1");
    EXPECT_EQ(told(") true"), "E0205 1:1");
    EXPECT_EQ(told("} true"), "E0205 1:1");
    EXPECT_EQ(told("@ true"), "E0205 1:1");
    EXPECT_EQ(told("staff \u2265 5"), "E0102 1:7");
    EXPECT_EQ(told("sta\u200Bff > 5"), "E0107 1:4");
    EXPECT_EQ(told("\xFF"), "E0101 1:1");
    EXPECT_EQ(told(std::string(150, '(') + "true" + std::string(150, ')')).substr(0, 5), "E0104");
    EXPECT_EQ(told(std::string(100'000, '(')).substr(0, 5), "E0104");
}

TEST_F(WhereTest, NoSourceCanTakeItsName) {
    std::ofstream(folder_ / "rules.policy", std::ios::app) << "policy selected_by_where for company \"x\" | \"x\" {\n  in force 2000-01-01 ..\n  require selected sound \"x\" | \"x\" @ \"x\"\n}\n";
    EXPECT_EQ(told("true"), "");
    EXPECT_EQ(told("selected_by_where.eligible"), "");
}

}  // namespace
}  // namespace eligo::api
