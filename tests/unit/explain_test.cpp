// Answers built by hand, as JSON and as text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "explain/amounts.hpp"
#include "explain/json.hpp"
#include "explain/say.hpp"
#include "explain/shown.hpp"

namespace eligo::explain {
namespace {

using bytecode::ClauseKind;
using bytecode::Kind;
using bytecode::Relation;
using value::Truth;

constexpr Manner chinese{Language::Chinese, Color::Off};
constexpr Manner english{Language::English, Color::Off};

Shown known(Kind kind, const std::string& text) {
    Shown shown;
    shown.state = Shown::State::Known;
    shown.kind = kind;
    shown.low = shown.high = text;
    return shown;
}

Shown percent(const std::string& text) {
    Shown shown = known(Kind::Number, text);
    shown.percent = true;
    return shown;
}

Shown between(Kind kind, const std::string& low, const std::string& high) {
    Shown shown = known(kind, low);
    shown.state = Shown::State::Open;
    shown.high = high;
    return shown;
}

Clause clause(const std::string& id, const Label& label, Truth outcome) {
    Clause made;
    made.id = id;
    made.label = label;
    made.outcome = outcome;
    return made;
}

Comparison comparison(const Label& label, const Shown& left, Relation relation, const Shown& right, Truth outcome) {
    Comparison made;
    made.left_text = "rd / revenue";
    made.right_text = "4%";
    made.left_label = label;
    made.left = left;
    made.right = right;
    made.relation = relation;
    made.outcome = outcome;
    return made;
}

PolicyAnswer result_with(Verdict verdict, std::vector<Clause> clauses) {
    PolicyAnswer result;
    result.policy = "demo";
    result.label = {"示范政策", "A demonstration"};
    result.verdict = verdict;
    result.clauses = std::move(clauses);
    return result;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

#define EXPECT_HAS(text, part) EXPECT_TRUE(contains(text, part)) << "missing: " << (part) << "\nin:\n" << (text)
#define EXPECT_LACKS(text, part) EXPECT_FALSE(contains(text, part)) << "not wanted: " << (part) << "\nin:\n" << (text)

TEST(Amounts, NumbersAreGroupedByThousands) {
    EXPECT_EQ(say_number("0"), "0");
    EXPECT_EQ(say_number("999"), "999");
    EXPECT_EQ(say_number("1000"), "1,000");
    EXPECT_EQ(say_number("-1234567.50"), "-1,234,567.50");
    EXPECT_EQ(say_number("1/3"), "1/3");
}

TEST(Amounts, PercentsMoveThePoint) {
    EXPECT_EQ(say_percent("0.15"), "15%");
    EXPECT_EQ(say_percent("0.0412"), "4.12%");
    EXPECT_EQ(say_percent("0.005"), "0.5%");
    EXPECT_EQ(say_percent("1"), "100%");
    EXPECT_EQ(say_percent("12.5"), "1,250%");
    EXPECT_EQ(say_percent("-0.04"), "-4%");
    EXPECT_EQ(say_percent("0"), "0%");
}

TEST(Amounts, MoneyTakesTheLargestWholeMagnitudeInChinese) {
    EXPECT_EQ(say_money("0.00", Language::Chinese), "0元");
    EXPECT_EQ(say_money("9999.00", Language::Chinese), "9,999元");
    EXPECT_EQ(say_money("10000.00", Language::Chinese), "1万元");
    EXPECT_EQ(say_money("12000000.00", Language::Chinese), "1,200万元");
    EXPECT_EQ(say_money("200000000.00", Language::Chinese), "2亿元");
    EXPECT_EQ(say_money("120000000.00", Language::Chinese), "12,000万元");
    EXPECT_EQ(say_money("10000000000000.00", Language::Chinese), "10万亿元");
    EXPECT_EQ(say_money("-10000.00", Language::Chinese), "-1万元");
    EXPECT_EQ(say_money("10000.01", Language::Chinese), "10,000.01元");
    EXPECT_EQ(say_money("1200.50", Language::English), "1,200.50 yuan");
    EXPECT_EQ(say_money("12000000.00", Language::English), "12,000,000 yuan");
}

TEST(SayValue, EveryStateAndKind) {
    EXPECT_EQ(say_value(known(Kind::Bool, "true"), Language::Chinese), "是");
    EXPECT_EQ(say_value(known(Kind::Bool, "false"), Language::English), "no");
    EXPECT_EQ(say_value(known(Kind::Months, "1"), Language::English), "1 month");
    EXPECT_EQ(say_value(known(Kind::Months, "39"), Language::Chinese), "39个月");
    EXPECT_EQ(say_value(known(Kind::Date, "2018-06-01"), Language::English), "2018-06-01");
    EXPECT_EQ(say_value(between(Kind::Money, "600000.00", "1200000.00"), Language::Chinese), "60万元 至 120万元");
    EXPECT_EQ(say_value(between(Kind::Number, "8", "12"), Language::English), "8 to 12");
    EXPECT_EQ(say_value(Shown{}, Language::English), "unknown");
    EXPECT_EQ(say_value(percent("0.123456789012345678"), Language::English), "12.3456789012345678%");
    EXPECT_EQ(say_value(show_number(Kind::Number, true, {1, 3}), Language::English), "≈33.33333333% (= 1/3)");
    EXPECT_EQ(say_value(show_number(Kind::Money, false, {2000000, 3}), Language::Chinese), "≈666,666.6666666667元（= 2,000,000/3元）");
    EXPECT_EQ(say_value(show_number(Kind::Number, false, {1, 8}, value::Parts{2, 3}), Language::English), "0.125 to ≈0.6666666667 (= 2/3)");
    EXPECT_EQ(say_value(show_number(Kind::Number, false, {0, 3}, value::Parts{0, 7}), Language::English), "0");
    EXPECT_EQ(say_value(show_number(Kind::Number, false, {2, 3}, value::Parts{200000000, 3}), Language::English), "at least ≈0.6666666667 (= 2/3)");
    Shown member = known(Kind::Enum, "ict");
    EXPECT_EQ(say_value(member, Language::Chinese), "ict");
    member.low_label = {"电子信息", "Electronics"};
    EXPECT_EQ(say_value(member, Language::Chinese), "电子信息");
}

TEST(Say, AFailingComparisonIsShownAsItCameOut) {
    Clause share = clause("rd_share", {"研发费用占比达标", "Enough R&D"}, Truth::False);
    share.citations = {"国科发火〔2016〕32号 11(5)"};
    share.comparisons = {comparison({"研发费用占比", "R&D share"}, percent("0.0399"), Relation::GreaterEqual, percent("0.04"), Truth::False)};
    const PolicyAnswer result = result_with(Verdict::Ineligible, {share});
    EXPECT_EQ(say(result, 0, chinese).text(),
              "示范政策  demo\n"
              "  ✗ 不符合条件\n"
              "\n"
              "  ✗ 研发费用占比达标  @ 国科发火〔2016〕32号 11(5)\n"
              "      研发费用占比 3.99% < 4%\n");
    EXPECT_HAS(say(result, 0, english).text(), "R&D share 3.99% < 4%\n");
}

TEST(Say, EveryRelationTurnsIntoItsOpposite) {
    const std::vector<std::pair<Relation, std::string>> turned{{Relation::Equal, "≠"}, {Relation::NotEqual, "="}, {Relation::Less, "≥"},
                                                               {Relation::LessEqual, ">"}, {Relation::Greater, "≤"}, {Relation::GreaterEqual, "<"}};
    for (const auto& [relation, sign] : turned) {
        Clause one = clause("a", {"甲", "A"}, Truth::False);
        one.comparisons = {comparison({"值", "value"}, known(Kind::Number, "5"), relation, known(Kind::Number, "7"), Truth::False)};
        EXPECT_HAS(say(result_with(Verdict::Ineligible, {one}), 0, english).text(), "value 5 " + sign + " 7\n");
    }
}

TEST(Say, AnOpenComparisonTellsWhatIsNeeded) {
    Clause open = clause("staff", {"职工人数", "Staff"}, Truth::Unknown);
    open.comparisons = {comparison({"职工总数", "Employees"}, between(Kind::Number, "0", "1000"), Relation::LessEqual, known(Kind::Number, "500"), Truth::Unknown)};
    const PolicyAnswer result = result_with(Verdict::Undetermined, {open});
    EXPECT_HAS(say(result, 0, chinese).text(), "职工总数 0 至 1,000，需 ≤ 500\n");
    EXPECT_HAS(say(result, 0, english).text(), "Employees 0 to 1,000, must be ≤ 500\n");
    open.kind = ClauseKind::Exclude;
    EXPECT_HAS(say(result_with(Verdict::Undetermined, {open}), 0, english).text(), "must not be ≤ 500\n");
}

TEST(Say, WithoutALabelTheSourceTextIsShown) {
    Clause one = clause("a", {"甲", "A"}, Truth::True);
    one.comparisons = {comparison({}, percent("0.05"), Relation::GreaterEqual, percent("0.04"), Truth::True)};
    EXPECT_HAS(say(result_with(Verdict::Eligible, {one}), 0, english).text(), "rd / revenue = 5% ≥ 4%\n");
    one.comparisons.front().left = show_number(Kind::Number, true, {1, 19});
    EXPECT_HAS(say(result_with(Verdict::Eligible, {one}), 0, english).text(), "rd / revenue ≈5.26% (= 1/19) ≥ 4%\n");
    Value revenue, other;
    revenue.name = "revenue.2017", revenue.label = {"销售收入", "Revenue"};
    other.name = "r", other.label = {"不是它", "not this"};
    one.values = {other, revenue};
    one.comparisons.front().left_text = "rd / revenue[-1] + c.revenue";
    EXPECT_HAS(say(result_with(Verdict::Eligible, {one}), 0, english).text(), "rd / Revenue[-1] + c.revenue ≈5.26% (= 1/19) ≥ 4%\n");
}

TEST(Say, DecimalsBesideAQuotientAreCutButNeverOntoTheThreshold) {
    Clause one = clause("a", {"甲", "A"}, Truth::False);
    const auto said = [&](const Shown& left, const Shown& right, Truth outcome) {
        one.comparisons = {comparison({"占比", "share"}, left, Relation::GreaterEqual, right, outcome)};
        return say(result_with(Verdict::Ineligible, {one}), 0, english).text();
    };
    const auto share = [](value::Int128 numerator, value::Int128 denominator) { return show_number(Kind::Number, true, {numerator, denominator}); };
    EXPECT_HAS(said(share(3999999, 100000007), percent("0.04"), Truth::False), "share ≈3.99% (= 3,999,999/100,000,007) < 4%\n");
    EXPECT_HAS(said(share(1, 3), percent("0.04"), Truth::True), "share ≈33.33% (= 1/3) ≥ 4%\n");
    EXPECT_HAS(said(share(12000001, 300000000), percent("0.04"), Truth::True), "share ≈4.00000033% (= 12,000,001/300,000,000) ≥ 4%\n");
    EXPECT_HAS(said(share(123770, 3000000), percent("0.041255"), Truth::True), "share ≈4.1256% (= 12,377/300,000) ≥ 4.1255%\n");
    EXPECT_HAS(said(share(1, 3), share(1, 7), Truth::True), "share ≈33.33333333% (= 1/3) ≥ ≈14.28571429% (= 1/7)\n");
    // A decimal is never cut, and as many decimals of a quotient as its threshold has are none too many.
    EXPECT_HAS(said(percent("0.0399999999"), percent("0.04"), Truth::False), "share 3.99999999% < 4%\n");
    EXPECT_HAS(said(show_number(Kind::Money, false, {600001, 300}), known(Kind::Money, "2000.00"), Truth::True), "share ≈2,000.0033333333 yuan (= 600,001/300 yuan) ≥ 2,000 yuan\n");
}

TEST(Say, AnExclusionTellsWhetherItIsSo) {
    Clause incident = clause("incident", {"发生重大事故", "A major incident"}, Truth::True);
    incident.kind = ClauseKind::Exclude;
    EXPECT_HAS(say(result_with(Verdict::Eligible, {incident}), 0, chinese).text(), "✓ 发生重大事故：否\n");
    incident.outcome = Truth::False;
    EXPECT_HAS(say(result_with(Verdict::Ineligible, {incident}), 0, english).text(), "✗ A major incident: yes\n");
}

TEST(Say, GroupsAreIndentedAndNamed) {
    Clause stage = clause("stage", {"阶段", "Stage"}, Truth::True);
    stage.kind = ClauseKind::AnyOf;
    stage.clauses = {clause("stage.seed", {"种子期", "Seed"}, Truth::False), clause("stage.startup", {"初创期", "Start-up"}, Truth::True)};
    EXPECT_HAS(say(result_with(Verdict::Eligible, {stage}), 0, chinese).text(), "  ✓ 阶段（满足其一）\n    ✗ 种子期\n    ✓ 初创期\n");
    stage.kind = ClauseKind::AtLeast;
    stage.at_least = 2;
    EXPECT_HAS(say(result_with(Verdict::Eligible, {stage}), 0, english).text(), "Stage (at least 2 of)\n");
}

TEST(Say, AClauseThatIsNotAskedShowsWhyAndNothingBelow) {
    Clause one = clause("a", {"甲", "A"}, Truth::True);
    one.asked = false;
    one.guard = bytecode::Guard::When;
    one.guard_outcome = Truth::False;
    one.comparisons = {comparison({"值", "value"}, known(Kind::Number, "5"), Relation::Less, known(Kind::Number, "7"), Truth::True)};
    const std::string text = say(result_with(Verdict::Eligible, {one}), 0, english).text();
    EXPECT_HAS(text, "– A (not asked: its condition does not hold)\n");
    EXPECT_LACKS(text, "value 5");
}

TEST(Say, MissingFactsHaveTheirLabelAndPath) {
    Clause one = clause("a", {"甲", "A"}, Truth::Unknown);
    Value revenue;
    revenue.name = "revenue.2015";
    revenue.label = {"销售收入", "Revenue"};
    revenue.shown = between(Kind::Money, "0.00", "100.00");
    one.values = {revenue};
    Clause element = clause("claims[1]", {}, Truth::Unknown);
    element.is_element = true;
    Clause inside = clause("claims[1].staff", {"人数", "Staff"}, Truth::Unknown);
    Value staff;
    staff.name = "investee_staff";
    staff.label = {"被投企业职工数", "Staff of the investee"};
    staff.shown = between(Kind::Number, "0", "9");
    inside.values = {staff};
    element.clauses = {inside};
    one.clauses = {element};
    PolicyAnswer result = result_with(Verdict::Undetermined, {one});
    result.missing = {"revenue.2015", "claims[1].investee_staff", "elsewhere"};
    const std::string text = say(result, 0, english).text();
    EXPECT_HAS(text, "  Still needed\n    Revenue (2015)  revenue\n    Staff of the investee  claims[1].investee_staff\n    elsewhere\n");
    EXPECT_HAS(text, "    ? claims[1]\n      ? Staff\n");
    EXPECT_HAS(say(result, 0, chinese).text(), "  尚需提供\n    销售收入（2015 年）  revenue\n");
}

TEST(Say, TheYearsOfAMissingFactStandOnOneLine) {
    PolicyAnswer result = result_with(Verdict::Undetermined, {});
    result.missing = {"revenue.2015", "revenue.2016", "rd.2016", "staff"};
    EXPECT_HAS(say(result, 0, chinese).text(), "    revenue（2015、2016 年）\n    rd（2016 年）\n    staff\n");
}

TEST(Say, LabelsOfFactsThatNoClauseReadsComeFromThePack) {
    bytecode::Pack pack;
    pack.strings = {"company", "claims", "天使投资", "Investments", "claim", "staff", "职工", "Staff", "demo"};
    bytecode::Fact claims, staff;
    claims.name = 1, claims.label = {2, 3}, claims.kind = Kind::List, claims.ref = 1;
    staff.name = 5, staff.label = {6, 7}, staff.kind = Kind::Number;
    bytecode::Subject company, claim;
    company.name = 0, company.facts = {claims};
    claim.name = 4, claim.facts = {staff};
    pack.subjects = {company, claim};
    bytecode::Policy policy;
    policy.name = 8, policy.subject = 0;
    pack.policies = {policy};
    PolicyAnswer result = result_with(Verdict::Undetermined, {});
    result.missing = {"claims", "claims[3].staff", "claims[3].nothing"};
    EXPECT_HAS(say(result, 0, {Language::English, Color::Off, &pack}).text(), "    Investments  claims\n    Staff  claims[3].staff\n    claims[3].nothing\n");
}

TEST(Say, RangesOutOfAllProportionAreNotWrittenOut) {
    EXPECT_EQ(say_value(between(Kind::Money, "0.00", "10000000000000.00"), Language::English), "unknown");
    EXPECT_EQ(say_value(between(Kind::Money, "-10000000000000.00", "500.00"), Language::English), "at most 500 yuan");
    EXPECT_EQ(say_value(between(Kind::Money, "500.00", "10000000000000.00"), Language::Chinese), "至少 500元");
    EXPECT_EQ(say_value(between(Kind::Number, "0", "5000000"), Language::English), "0 to 5,000,000");
    Shown share = between(Kind::Number, "0", "3000000000000000");
    share.percent = true;
    EXPECT_EQ(say_value(share, Language::Chinese), "未知");
}

TEST(Say, AFactOfWhichNothingIsKnownIsNotShownByItsRange) {
    Clause open = clause("staff", {"职工人数", "Staff"}, Truth::Unknown);
    open.comparisons = {comparison({"职工总数", "Employees"}, between(Kind::Number, "0", "1000"), Relation::LessEqual, known(Kind::Number, "500"), Truth::Unknown)};
    Value employees;
    employees.name = "employees", employees.label = {"职工总数", "Employees"};
    open.values = {employees};
    EXPECT_HAS(say(result_with(Verdict::Undetermined, {open}), 0, english).text(), "Employees unknown, must be ≤ 500\n");
}

TEST(Say, AssumedFactsStandOnOneLineWithTheirValue) {
    Clause one = clause("sound", {"核算健全", "Sound books"}, Truth::True);
    Value sound;
    sound.name = "accounting_sound";
    sound.label = {"会计核算健全", "Sound accounting"};
    sound.shown = known(Kind::Bool, "true");
    one.values = {sound};
    PolicyAnswer result = result_with(Verdict::Eligible, {one});
    result.assumed = {"accounting_sound"};
    EXPECT_HAS(say(result, 0, chinese).text(), "按默认值计：会计核算健全 = 是\n");
    EXPECT_HAS(say(result, 0, english).text(), "Assumed by default: Sound accounting = yes\n");
}

TEST(Say, ColoursAppearOnlyWhenAsked) {
    const PolicyAnswer result = result_with(Verdict::Eligible, {clause("a", {"甲", "A"}, Truth::True)});
    EXPECT_LACKS(say(result, 0, chinese).text(), "\033");
    EXPECT_HAS(say(result, 0, {Language::Chinese, Color::On}).text(), "\033[32m✓\033[0m");
}

TEST(Say, BenefitsAndAnOpenAmount) {
    PolicyAnswer result = result_with(Verdict::Eligible, {});
    Benefit benefit;
    benefit.name = "compensation";
    benefit.label = {"补偿上限", "Ceiling"};
    benefit.citations = {"沪科合〔2015〕27号 5"};
    benefit.shown = between(Kind::Money, "600000.00", "1200000.00");
    result.benefits = {benefit};
    result.missing = {"x"};
    EXPECT_EQ(say(result, 0, chinese).text(),
              "示范政策  demo\n"
              "  ✓ 符合条件\n"
              "    补偿上限  60万元 至 120万元  @ 沪科合〔2015〕27号 5\n"
              "\n"
              "  确定金额尚需提供\n"
              "    x\n");
}

TEST(Say, TheDayIsToldWhereItIsAnother) {
    PolicyAnswer result = result_with(Verdict::NotInForce, {});
    result.day = value::day_from_civil(2017, 12, 31);
    EXPECT_HAS(say(result, value::day_from_civil(2018, 5, 1), english).text(), "  – not in force  judged as of 2017-12-31\n");
    EXPECT_LACKS(say(result, result.day, english).text(), "judged");
}

TEST(Json, StringsAreEscaped) {
    EXPECT_EQ(json_string("a\"b\\c\nd\x01企业"), "\"a\\\"b\\\\c\\nd\\u0001企业\"");
}

TEST(Json, TheWholeAnswer) {
    Clause one = clause("established", {"注册成立一年以上", "At least a year old"}, Truth::True);
    one.citations = {"国科发火〔2016〕32号 11(1)"};
    Value date, open, truth, nothing;
    date.name = "registered_on", date.shown = known(Kind::Date, "2015-03-01");
    open.name = "employees", open.shown = between(Kind::Number, "8", "12");
    truth.name = "resident", truth.shown = known(Kind::Bool, "true");
    nothing.name = "industry", nothing.shown.kind = Kind::Code;
    one.values = {date, open, truth, nothing};
    PolicyAnswer result = result_with(Verdict::Eligible, {one});
    result.day = value::day_from_civil(2018, 6, 1);
    Benefit rate;
    rate.name = "tax_rate", rate.shown = percent("0.15");
    result.benefits = {rate};
    result.assumed = {"accounting_sound"};
    Answer answer;
    answer.as_of = result.day;
    answer.fiscal_year = 2018;
    answer.subject = "company";
    answer.results = {result};
    EXPECT_EQ(to_json(answer, Language::Chinese), R"json({
  "as_of": "2018-06-01",
  "results": [
    {
      "policy": "demo",
      "verdict": "eligible",
      "benefits": {
        "tax_rate": "0.15"
      },
      "missing": [],
      "assumed": ["accounting_sound"],
      "clauses": [
        {
          "id": "established",
          "outcome": "holds",
          "label": "注册成立一年以上",
          "cite": ["国科发火〔2016〕32号 11(1)"],
          "values": {
            "registered_on": "2015-03-01",
            "employees": {
              "from": "8",
              "to": "12"
            },
            "resident": true,
            "industry": null
          },
          "clauses": [],
          "kind": "require"
        }
      ],
      "label": "示范政策",
      "day": "2018-06-01",
      "lets": {},
      "conflicts": []
    }
  ],
  "subject": "company",
  "fiscal_year": "2018"
}
)json");
}

TEST(Answers, WhatWasKnownIsToldWhenItWasAsked) {
    Answer answer;
    answer.as_of = value::day_from_civil(2018, 6, 1);
    answer.fiscal_year = 2018;
    EXPECT_LACKS(to_json(answer, Language::English), "known_on");
    EXPECT_EQ(say(answer, english).text(), "as of 2018-06-01 · fiscal year 2018\n");
    answer.known_on = value::day_from_civil(2018, 9, 19);
    EXPECT_HAS(to_json(answer, Language::English), "\"known_on\": \"2018-09-19\"");
    EXPECT_EQ(say(answer, english).text(), "as of 2018-06-01 · as known on 2018-09-19 · fiscal year 2018\n");
    EXPECT_EQ(say(answer, chinese).text(), "截至 2018-06-01 · 仅计 2018-09-19 及以前公布的规定 · 2018 财年\n");
}

TEST(Json, GuardsComparisonsAndQuotients) {
    Clause one = clause("a", {"甲", "A"}, Truth::Unknown);
    one.asked = false;
    one.guard = bytecode::Guard::Unless;
    one.open_by_rule = true;
    one.comparisons = {comparison({}, percent("0.3333"), Relation::GreaterEqual, percent("0.04"), Truth::True)};
    one.comparisons.front().left = show_number(Kind::Number, true, {1, 3});
    Value ratio, bounds, whole;
    ratio.name = "ratio", ratio.shown = show_number(Kind::Number, false, {-200, 7});
    bounds.name = "bounds", bounds.shown = show_number(Kind::Money, false, {1, 8}, value::Parts{2, 3});
    whole.name = "whole", whole.shown = show_number(Kind::Money, false, {25});
    one.values = {ratio, bounds, whole};
    Answer answer;
    answer.results = {result_with(Verdict::Undetermined, {one})};
    const std::string text = to_json(answer, Language::English);
    EXPECT_HAS(text, "\"asked\": false");
    EXPECT_HAS(text, "\"kind\": \"unless\"");
    EXPECT_HAS(text, "\"open_by_rule\": true");
    EXPECT_HAS(text, "\"relation\": \">=\"");
    EXPECT_HAS(text, "\"left\": \"1/3\"");
    EXPECT_HAS(text, "\"left_near\": \"0.3333333333\"");
    EXPECT_LACKS(text, "right_near");
    EXPECT_HAS(text, "\"ratio\": \"-200/7\"");
    EXPECT_HAS(text, "\"from\": \"0.125\",\n              \"to\": \"2/3\"");
    EXPECT_HAS(text, "\"whole\": \"25.00\"");
    EXPECT_HAS(text, R"(          "near": {
            "ratio": "-28.5714285714",
            "bounds": {
              "from": "0.125",
              "to": "0.6666666667"
            }
          })");
    EXPECT_HAS(text, "\"left_text\": \"rd / revenue\"");
}

TEST(Json, SeveralAnswersAreAnArray) {
    JsonWriter writer;
    writer.begin_array();
    std::string text = writer.so_far();
    for (int i = 0; i < 2; ++i) {
        write_json(writer, Answer(), Language::English);
        text += writer.so_far();
    }
    writer.end_array();
    text += writer.take();
    EXPECT_HAS(text, "},\n  {");
    EXPECT_EQ(text.front(), '[');
    EXPECT_EQ(text.substr(text.size() - 2), "]\n");
}

}  // namespace
}  // namespace eligo::explain
