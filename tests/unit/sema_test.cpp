// What the passes of sema say about small sources: the code of each message and the text it points at; and that
// the shipped rules are clean.
#include "sema/check.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "syntax/parse.hpp"

namespace eligo::sema {
namespace {

constexpr const char* prelude = R"(
vocabulary company "企业" | "Company" {
  registered_on : date fixed
  resident      : bool
  industry      : code gbt4754
  employees     : number in 0 .. 5_000_000
  rd_staff      : number in 0 .. employees
  patents       : int in 0 .. 100
  field         : one of { none "无", ict "电子", biomed "医药" }
  revenue       : yearly money in 0元 .. 10万亿元
  assets        : money
  share         : percent in 0% .. 100%
  title         : text
  audits        : yearly bool
  claims        : list of claim up to 50
  lender        : bank
  let staff_ratio = rd_staff / employees otherwise 0%
}
record claim { paid_in : money, recovered : money, exited_on : date, staff : int in 0 .. 1000
  let loss = max(paid_in - recovered, 0元)
}
record bank { name : text, capital : money }
vocabulary investor { granted : money, claims : list of claim }
parameter rate : percent { 2008-01-01 .. 50%
  2018-01-01 .. 75% }
table scale(x : number) : int { x | points
  .. 5 | 1
  5 <.. | 2 }
policy other for company { in force 2010-01-01 ..
  require small employees <= 10 "小" @ "甲 1"
  benefit score : int = patents always "分"
}
policy claim_policy for claim { in force 2010-01-01 ..
  require lost loss > 0元 "亏" @ "甲 2"
  benefit amount : money = round(loss, 0.01元) "额"
}
)";

struct Checked {
    text::SourceSet sources;
    text::Sink sink;
    std::vector<syntax::File> files;
    Model model;
};

void add(Checked& checked, const std::string& path, const std::string& source) {
    const text::FileId id = checked.sources.add(path, source);
    checked.files.push_back(syntax::parse(checked.sources, id, checked.sink));
}

// The span of a row ends with its line.
std::string spanned(const Checked& checked, const text::Diagnostic& diagnostic) {
    std::string text(checked.sources.text(diagnostic.span));
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
    return std::string(text::wording(diagnostic.code).number) + " " + text;
}

std::vector<std::string> said(const Checked& checked) {
    std::vector<std::string> messages;
    for (const text::Diagnostic& diagnostic : checked.sink.sorted())
        messages.push_back(spanned(checked, diagnostic));
    std::ranges::sort(messages);
    return messages;
}

void check_all(Checked& checked) { checked.model = check(checked.files, checked.sources, checked.sink); }

std::vector<std::string> messages_of(const std::string& source) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy", source);
    check_all(checked);
    return said(checked);
}

using Messages = std::vector<std::string>;

// The messages about one condition in a policy for a company.
Messages about_condition(const std::string& condition) {
    return messages_of("policy p for company { in force 2016-01-01 ..\n require c " + condition + " \"条\" @ \"甲 1\"\n}\n");
}
// The messages about lines in a policy for a company.
Messages about_policy(const std::string& lines) {
    return messages_of("policy p for company {\n in force 2016-01-01 ..\n" + lines + "\n}\n");
}

struct Case {
    const char* source;
    Messages expected;
};

void expect_conditions(const std::vector<Case>& cases) {
    for (const Case& each : cases) EXPECT_EQ(about_condition(each.source), each.expected) << each.source;
}
void expect_policies(const std::vector<Case>& cases) {
    for (const Case& each : cases) EXPECT_EQ(about_policy(each.source), each.expected) << each.source;
}
void expect_sources(const std::vector<Case>& cases) {
    for (const Case& each : cases) EXPECT_EQ(messages_of(each.source), each.expected) << each.source;
}

TEST(Sema, AcceptsGoodConditions) {
    for (const char* const condition : {
             "revenue[-1] <= 500万元",
             "revenue[-1] / revenue[-2] >= 4% otherwise false",
             "(rd_staff / employees otherwise 0%) >= 10%",
             "registered_on + 365 days <= as_of",
             "as_of <= registered_on + 3 years",
             "months from registered_on to as_of >= 12 months",
             "months from registered_on to (year_end[-1] + 5 months) < 36 months",
             "round_down((months from registered_on to as_of) / 12 months, 1) <= 60",
             "days from registered_on to as_of > 10 days",
             "as_of - registered_on > 10 days",
             "field = ict",
             "none != field",
             "field in {ict, biomed}",
             "field = (if resident then ict else biomed)",
             "industry in {C16, F, K70}",
             "industry = C3911",
             "sum(revenue[-3..-1]) > 0元",
             "sum(revenue[y] for y in -3 .. -1 where year_end[y] >= registered_on) > 0元",
             "all(revenue[y] >= revenue[y - 1] for y in -2 .. -1)",
             "max(revenue[-3..-1]) > min(revenue[-1], 5元)",
             "any(c.loss > 0元 and claim_policy(c).eligible for c in claims)",
             "count(c in claims where c.staff >= 10) >= 2",
             "sum(c.paid_in for c in claims) - assets <= 3 * assets",
             "other.eligible and other.score > 5",
             "scale(employees) + patents in 0 .. 5",
             "share + 1% <= rate and share in 0% <..< 50%",
             "rate as of 2017-12-31 = 50%",
             "clamp(share, .. 10%) = abs(-share)",
             "lender.capital >= 1亿元 and lender.name = \"甲\"",
             "12 months * 3 = 36 months and 24 months / 12 months = 2",
             "title != \"\"",
             "audits[0] or not audits[-1]",
         })
        EXPECT_EQ(about_condition(condition), Messages{}) << condition;
}

TEST(Sema, MoneyAndNumbers) {
    expect_conditions({
        {"revenue[-1] <= 500万", {"E0302 revenue[-1]"}},
        {"500 < assets", {"E0302 500"}},
        {"assets in 5 .. 10元", {"E0302 assets"}},
        {"assets + 5 > 0元", {"E0303 assets"}},
        {"assets * assets > 0元", {"E0304 assets"}},
        {"assets > share", {"E0302 assets"}},
        {"5 / assets > 1", {"E0306 5"}},
        {"round(assets, 1) > 0元", {"E0302 assets"}},
        {"max(assets, 0) > 0元", {"E0302 assets"}},
        {"registered_on > 5元", {"E0305 registered_on"}},
        {"resident + 1 > 2", {"E0306 resident"}},
        {"assets / 0 > 1元", {"E0711 0"}},
        {"assets / (5 - 5) > 1元", {"E0711 5 - 5"}},
    });
}

TEST(Sema, WhatToWriteForMoney) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy", "policy p for company { in force 2016-01-01 ..\n require c revenue[-1] <= 500万 \"条\" @ \"甲\"\n}\n");
    check_all(checked);
    const auto diagnostics = checked.sink.sorted();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(text::help(diagnostics[0], text::Language::English), "write 500万元 for an amount of money");
    EXPECT_EQ(diagnostics[0].english, "this is money");
    ASSERT_EQ(diagnostics[0].places.size(), 1U);
    EXPECT_EQ(diagnostics[0].places[0].english, "this is the number 5000000");
    EXPECT_EQ(diagnostics[0].places[0].chinese, "这是数字 5000000");
    EXPECT_EQ(checked.sources.text(diagnostics[0].places[0].span), "500万");
}

TEST(Sema, Durations) {
    expect_conditions({
        {"months from registered_on to as_of >= 12", {"E0322 months from registered_on to as_of"}},
        {"12 months + 3 days > 1 days", {"E0307 12 months"}},
        {"12 months > 300 days", {"E0307 12 months"}},
        {"registered_on + 5 <= as_of", {"E0306 registered_on"}},
        {"registered_on + as_of > as_of", {"E0306 registered_on"}},
        {"12 months * share > 1 months", {"E0316 share"}},
        {"months from assets to as_of > 1 months", {"E0301 assets"}},
        {"as_of > year_end", {"E0311 year_end"}},
    });
}

TEST(Sema, DoubtsUpperBoundsOnMonths) {
    expect_conditions({
        {"months from registered_on to as_of <= 36 months", {"W0001 months from registered_on to as_of <= 36 months"}},
        {"36 months >= months from registered_on to as_of", {"W0001 36 months >= months from registered_on to as_of"}},
        {"(months from registered_on to as_of) in 0 months .. 36 months", {"W0001 (months from registered_on to as_of) in 0 months .. 36 months"}},
        {"(months from registered_on to as_of) / 12 months <= 3", {"W0001 (months from registered_on to as_of) / 12 months <= 3"}},
        {"months from registered_on to as_of < 36 months", {}},
        {"round_down((months from registered_on to as_of) / 12 months, 1) <= 3", {}},
    });
    EXPECT_EQ(about_policy(" let age = months from registered_on to as_of\n require c age <= 36 months \"条\" @ \"甲\""), Messages{"W0001 age <= 36 months"});
}

TEST(Sema, ConditionsAndOrder) {
    expect_conditions({
        {"assets", {"E0308 assets"}},
        {"resident and employees", {"E0308 employees"}},
        {"not employees", {"E0308 employees"}},
        {"resident > true", {"E0324 resident"}},
        {"field < ict", {"E0324 field"}},
        {"title >= \"a\"", {"E0324 title"}},
        {"if resident then 5 else 3元", {"E0314 5"}},
        {"(assets otherwise 5) > 3元", {"E0338 assets"}},
        {"unknown", {"E0328 unknown"}},
        {"claims", {"E0410 claims"}},
        {"lender = 5", {"E0410 lender"}},
        {"-resident", {"E0337 resident"}},
    });
}

TEST(Sema, MembersAndCodes) {
    expect_conditions({
        {"field = itc", {"E0315 itc"}},
        {"field in {ict, bio}", {"E0315 bio"}},
        {"industry in {C99}", {"E0320 C99"}},
        {"industry = X", {"E0320 X"}},
        {"field = industry", {"E0305 field"}},
        {"share in {5%, assets}", {"E0301 assets"}},
        {"share in {5%, rate}", {"E0325 rate"}},
    });
}

TEST(Sema, Years) {
    expect_conditions({
        {"revenue > 5元", {"E0311 revenue"}},
        {"assets[-1] > 5元", {"E0312 assets[-1]"}},
        {"revenue[employees] > 5元", {"E0317 employees"}},
        {"revenue[0.5] > 5元", {"E0317 0.5"}},
        {"revenue[-500] > 5元", {"E0326 -500"}},
        {"revenue[-3..-1] > 5元", {"E0327 revenue[-3..-1]"}},
        {"sum(assets[-3..-1]) > 5元", {"E0312 assets[-3..-1]"}},
        {"sum(revenue[-1..-3]) > 5元", {"E0706 revenue[-1..-3]"}},
        {"sum(revenue[y] for y in -3 ..) > 5元", {"E0345 -3 .."}},
        {"sum(audits[-3..-1]) > 5", {"E0343 audits[-3..-1]"}},
        {"fiscal_year > 5", {"E0417 fiscal_year"}},
    });
}

TEST(Sema, Aggregates) {
    expect_conditions({
        {"sum(x.paid_in for x in assets) > 5元", {"E0313 assets"}},
        {"sum(x.paid for x in claims) > 5元", {"E0407 paid"}},
        {"sum(x.exited_on for x in claims) > 5元", {"E0343 x.exited_on"}},
        {"any(x.paid_in for x in claims)", {"E0308 x.paid_in"}},
        {"sum(assets) > 5元", {"E0342 sum(assets)"}},
        {"max(assets) > 5元", {"E0341 max(assets)"}},
        {"claims[0].paid_in > 5元", {"E0420 claims[0]"}},
        {"any(assets.paid_in > 5元 for assets in claims)", {"E0419 assets"}},
        {"sum(x.paid_in for x in claims where x.staff) > 5元", {"E0308 x.staff"}},
    });
}

TEST(Sema, UnknownNamesSuggestTheNearest) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy", "policy p for company { in force 2016-01-01 ..\n require c emploees > 5 \"条\" @ \"甲\"\n}\n");
    check_all(checked);
    const auto diagnostics = checked.sink.sorted();
    ASSERT_EQ(diagnostics.size(), 1U);
    EXPECT_EQ(text::help(diagnostics[0], text::Language::English), "did you mean `employees`?");
    ASSERT_TRUE(diagnostics[0].fix.has_value());
    EXPECT_EQ(diagnostics[0].fix->replacement, "employees");
}

TEST(Sema, Names) {
    expect_conditions({
        {"zzz > 5", {"E0401 zzz"}},
        {"paid_in > 5元", {"E0401 paid_in"}},
        {"frobnicate(5) > 5", {"E0401 frobnicate"}},
        {"employees(5) > 5", {"E0309 employees"}},
        {"scale > 5", {"E0413 scale"}},
        {"scale(5, 6) > 5", {"E0310 scale(5, 6)"}},
        {"scale(5元) > 5", {"E0301 5元"}},
        {"scale(5).low > 5", {"E0407 low"}},
        {"other", {"E0414 other"}},
        {"other.scor > 5", {"E0407 scor"}},
        {"claim_policy.eligible", {"E0807 claim_policy"}},
        {"other(lender).eligible", {"E0807 other"}},
        {"other(employees).eligible", {"E0301 employees"}},
        {"assets.name = \"a\"", {"E0407 name"}},
        {"employees as of 2017-01-01 > 5", {"E0332 employees"}},
        {"round(assets, 0元) > 5元", {"E0710 0元"}},
        {"round(assets) > 5元", {"E0310 round(assets)"}},
        {"clamp(assets, 0元 <.. 5元) > 5元", {"E0344 0元 <.. 5元"}},
        {"c", {"E0408 c"}},
    });
}

TEST(Sema, LetsAndBenefits) {
    const std::string clause = "\n require k resident \"条\" @ \"甲\"\n";
    expect_policies({
        {" let a = b + 1\n let b = a + 1", {"E0408 a"}},
        {" let f(x) = 5", {"E0333 x"}},
        {" let f(x : money) = x * 2\n require k f(5) > 0元 \"条\" @ \"甲\"", {"E0321 5"}},
        {" let f(x : claim) = x.loss\n require k any(f(c) > 0元 for c in claims) \"条\" @ \"甲\"", {}},
        {" let f(x : claim) = x.loss\n require k f > 0元 \"条\" @ \"甲\"", {"E0413 f"}},
        {" let a = 5\n let a = 6", {"E0403 a"}},
        {" let assets = 5元", {"E0403 assets"}},
        {" let as_of = 5元", {"E0412 as_of"}},
        {" let a = lender", {"E0410 lender"}},
        {" let a = zzz\n require k a > 5 and a + 1元 > a \"条\" @ \"甲\"", {"E0401 zzz"}},
        {" benefit x : int = share \"益\"", {"E0323 share"}},
        {" benefit x : int = round(share * 100, 1) \"益\"", {}},
        {" benefit x : money = 500万 \"益\"", {"E0321 500万"}},
        {" benefit x : percent = assets / assets otherwise 0% \"益\"", {}},
        {" benefit x : money = other.score \"益\"", {"E0301 other.score"}},
        {" benefit x : claim = 5 \"益\"", {"E0329 claim"}},
        {" benefit x : int = 5 when employees \"益\"", {"E0308 employees"}},
        {" benefit x : int = 5 \"益\"\n benefit y : int = x + 1 \"益\"", {"E0415 x"}},
        {" benefit eligible : int = 5 \"益\"", {"E0412 eligible"}},
        {" assessed on assets", {"E0301 assets"}},
        {" conflicts with othr @ \"甲\"", {"E0404 othr"}},
        {" conflicts with p @ \"甲\"", {"E0812 p"}},
    });
}

TEST(Sema, PercentIsKeptWhereItIsShown) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy",
        "policy p for company { in force 2016-01-01 ..\n let a = assets / assets otherwise 0% \"甲\"\n let b = share + 1 \"乙\"\n let c = share * 2 \"丙\"\n let d = patents + 1 \"丁\"\n let e = patents / 2 \"戊\"\n}\n");
    check_all(checked);
    ASSERT_EQ(said(checked), Messages{});
    const auto type = [&](const std::string& name) {
        return std::ranges::find(checked.model.lets, name, &Let::name)->type;
    };
    EXPECT_TRUE(type("a").percent);
    EXPECT_TRUE(type("b").percent);
    EXPECT_FALSE(type("c").percent);
    EXPECT_TRUE(type("d").whole);
    EXPECT_FALSE(type("e").whole);
}

TEST(Sema, Clauses) {
    expect_policies({
        {" require k resident @ \"甲\"", {"E0801 k"}},
        {" require k resident \"条\"", {"E0802 k"}},
        {" all of g \"组\" @ \"甲\" {\n require k resident \"条\"\n }", {}},
        {" all of g \"组\" {\n require k resident \"条\" @ \"甲\"\n }", {"E0802 g"}},
        {" all of g \"组\" @ \"甲\" {\n }", {"E0803 g"}},
        {" at least 3 of g \"组\" @ \"甲\" {\n require k resident \"条\"\n require m resident \"条\"\n }", {"E0804 g"}},
        {" require k resident \"条\" @ \"甲\"\n exclude k resident \"条\" @ \"甲\"", {"E0403 k"}},
        {" all of g \"组\" @ \"甲\" {\n require k resident \"条\"\n require k resident \"条\"\n }", {"E0403 k"}},
        {" all of g \"组\" @ \"甲\" {\n require k resident \"条\"\n }\n require m g.k \"条\" @ \"甲\"", {}},
        {" all of g \"组\" @ \"甲\" {\n require k resident \"条\"\n }\n require m g.z \"条\" @ \"甲\"", {"E0407 z"}},
        {" require k m \"条\" @ \"甲\"\n require m k \"条\" @ \"甲\"", {"E0408 k"}},
        {" require k resident \"条\" @ nowhere 3", {"E0406 @ nowhere 3"}},
        {" source here \"某文件\"\n require k resident \"条\" @ here 3", {}},
        {" require k resident when employees \"条\" @ \"甲\"", {"E0308 employees"}},
    });
}

TEST(Sema, CitationsCarryTheSourcesTitle) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy",
        "source law \"某法\"\npolicy p for company { in force 2016-01-01 ..\n source here \"某文件\"\n all of g \"组\" @ here 3 @ law 28(2) {\n require k resident \"条\"\n require m resident \"条\" @ \"甲 一\"\n }\n}\n");
    check_all(checked);
    ASSERT_EQ(said(checked), Messages{});
    const auto& clauses = checked.model.policies.back().versions[0].clauses;
    EXPECT_EQ(clauses[0].citations, (Citations{"某文件 3", "某法 28(2)"}));
    EXPECT_EQ(clauses[1].citations, clauses[0].citations);
    EXPECT_EQ(clauses[1].path, "g.k");
    EXPECT_EQ(clauses[2].citations, Citations{"甲 一"});
}

TEST(Sema, Periods) {
    const std::string body = "\n require k resident \"条\" @ \"甲\"\n}\n";
    const auto policy = [&](const std::string& period) { return "policy q for company { " + period + body; };
    EXPECT_EQ(messages_of(policy("")), Messages{"E0507 q"});
    EXPECT_EQ(messages_of(policy("in force 2018-01-01 .. 2017-01-01")), Messages{"E0502 2018-01-01 .. 2017-01-01"});
    EXPECT_EQ(messages_of(policy("in force 2016-01-01 ..") + policy("in force 2008-01-01 .. 2015-12-31")), Messages{});
    const Messages overlap = messages_of(policy("in force 2008-01-01 .. 2016-01-01") + policy("in force 2016-01-01 .."));
    ASSERT_EQ(overlap.size(), 1U);
    EXPECT_EQ(overlap[0].substr(0, 5), "E0503");
    const Messages hole = messages_of(policy("in force 2008-01-01 .. 2015-12-30") + policy("in force 2016-01-01 .."));
    ASSERT_EQ(hole.size(), 1U);
    EXPECT_EQ(hole[0].substr(0, 5), "W0005");
}

TEST(Sema, ParameterEntries) {
    const auto entries = [](const std::string& lines) {
        Messages codes;
        for (const std::string& message : messages_of("parameter q : percent {\n" + lines + "\n}\n")) codes.push_back(message.substr(0, 5));
        return codes;
    };
    EXPECT_EQ(entries("2008-01-01 .. 5%\n2018-01-01 .. 6%"), Messages{});
    EXPECT_EQ(entries("2008-01-01 .. 2018-01-01 5%\n2018-01-01 .. 6%"), Messages{"E0503"});
    EXPECT_EQ(entries("2008-01-01 .. 2016-12-31 5%\n2018-01-01 .. 6%"), Messages{"W0005"});
    EXPECT_EQ(entries("2018-01-01 .. 5%\n2008-01-01 .. 6%"), Messages{"E0506"});
    EXPECT_EQ(entries("2018-01-01 .. 2017-01-01 5%"), Messages{"E0502"});
    EXPECT_EQ(entries("2018-01-01 .. 5元"), Messages{"E0301"});
    EXPECT_EQ(entries("2018-01-01 .. 5%\n2018-01-01 .. 6%"), Messages{"E0503"});
    EXPECT_EQ(entries(""), Messages{"E0508"});
}

TEST(Sema, PolicyDeclarations) {
    const std::string body = " { in force 2016-01-01 ..\n require k resident \"条\" @ \"甲\"\n";
    expect_sources({
        {"policy q for compny { in force 2016-01-01 ..\n require k zzz \"条\" @ \"甲\"\n}", {"E0405 compny"}},
        {"policy other for investor { in force 2000-01-01 .. 2009-12-31\n benefit score : int = 5 \"分\"\n}", {"E0813 investor"}},
        {"policy other for company { in force 2000-01-01 .. 2009-12-31\n benefit score : money = 5元 \"分\"\n}", {"E0814 score"}},
        {"let outside = 5", {"E0808 outside"}},
        {"policy a for company { in force 2016-01-01 ..\n require k b.eligible \"条\" @ \"甲\"\n}\n"
         "policy b for company { in force 2016-01-01 ..\n require k a.eligible \"条\" @ \"甲\"\n}", {"E0408 a"}},
        {"table other(x : int) : int { x | y\n - | 1 }", {"E0403 other"}},
    });
}

TEST(Sema, Facts) {
    const auto fields = [](const std::string& lines) { return messages_of("record r {\n" + lines + "\n}\n"); };
    const std::vector<Case> cases{
        {"a : money in 0元 .. 5元", {}},
        {"a : money in 0 .. 5元", {"E0321 0"}},
        {"a : money in 5元 .. 0元", {"E0706 5元 .. 0元"}},
        {"a : bool in 0 .. 5", {"E0331 0 .. 5"}},
        {"a : number in 0 .. b\nb : number", {"E0707 b"}},
        {"b : money\na : number in 0 .. b", {"E0301 b"}},
        {"b : number\na : number in 0 .. b", {}},
        {"a : money default 5", {"E0321 5"}},
        {"a : int default 2.5", {"E0323 2.5"}},
        {"a : number default a", {"E0810 a"}},
        {"a : number default b\nb : number default a", {"E0408 a"}},
        {"a : bool\nb : money default if a then unknown else 0元", {}},
        {"a : yearly money\nb : yearly money default a[0]", {"E0334 a"}},
        {"a : bool default other.eligible", {"E0335 other.eligible"}},
        {"a : one of { x, y } default z", {"E0315 z"}},
        {"a : one of { x, x }", {"E0403 x"}},
        {"a : mony", {"E0330 mony"}},
        {"a : code gb4754", {"E0411 gb4754"}},
        {"a : list of clam", {"E0405 clam"}},
        {"a : list of company", {"E0319 list of company"}},
        {"a : yearly claim", {"E0329 yearly claim"}},
        {"a : r", {"E0408 r"}},
        {"a : money\na : number", {"E0403 a"}},
    };
    for (const Case& each : cases) EXPECT_EQ(fields(each.source), each.expected) << each.source;
}

TEST(Sema, TableBodies) {
    expect_sources({
        {"table t(x) : int { x | y\n .. 5元 | 1\n 5元 <.. | 2 }", {}},
        {"table t(x) : int { z | y\n - | 1 }", {"E0604 z | y", "E0609 x"}},
        {"table t(x : int) : int { x | y\n - | 1 | 2 }", {"E0603 - | 1 | 2"}},
        {"table t(x : int) : int { x | y\n otherwise | 1\n 5 | 2 }", {"E0605 otherwise | 1"}},
        {"table t(x : money) : int { x | y\n 5 | 1\n otherwise | 2 }", {"E0321 5"}},
        {"table t(x : int) : int { x | y\n 5 .. 3 | 1\n otherwise | 2 }", {"E0706 5 .. 3"}},
        {"table t(x : int) : int { x | y\n 5 | 1元\n otherwise | 2 }", {"E0301 1元"}},
        {"table t(x : int) : int { x | y\n 5 | 1.5\n otherwise | 2 }", {"E0323 1.5"}},
        {"table t(x : int) : int { x | y\n 5 | x + 1\n otherwise | 2 }", {}},
        {"table t(x : text) : int { x | y\n - | 1 }", {"E0329 x"}},
        {"table t(x : int) : (low : int, high : int) { x | low | high\n - | 1 | 2 }", {}},
        {"table t(x : int) : (low : int, high : int) { x | high | low\n - | 1 | 2 }", {"E0604 x | high | low"}},
    });
    expect_policies({
        {" table t(field) : int { field | y\n ict | 1\n {none, biomed} | 2 }\n require k t(field) > 1 \"条\" @ \"甲\"", {}},
        {" table t(f) : int { f | y\n ict | 1\n zzz | 2 }\n require k t(field) > 1 \"条\" @ \"甲\"", {"E0315 zzz"}},
        {" table t(i) : int { i | y\n C | 1\n otherwise | 2 }\n require k t(industry) > 1 \"条\" @ \"甲\"", {}},
        {" table t(x : int) : (low : int, high : int) { x | low | high\n - | 1 | 2 }\n require k t(patents).low > 1 and t(patents) > 1 \"条\" @ \"甲\"", {"E0416 t(patents)"}},
        {" table t(x : int) : int { x | y\n - | 1 }\n require k t(share) > 1 \"条\" @ \"甲\"", {"E0323 share"}},
    });
}

// ---- completeness of tables ----

struct Proof {
    Messages codes;
    std::string first_argument;  // the region of the first message
};

Proof prove(const std::string& table, const std::vector<InputRange>& inputs) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy", table);
    check_all(checked);
    EXPECT_EQ(said(checked), Messages{});
    const auto it = std::ranges::find(checked.model.tables, std::string("t"), &Table::name);
    text::Sink sink;
    const auto table_id = static_cast<Id>(it - checked.model.tables.begin());
    report_rows(checked.model, table_id, check_table(checked.model, table_id, inputs, sink), sink);
    Proof proof;
    for (const text::Diagnostic& diagnostic : sink.sorted()) {
        proof.codes.push_back(spanned(checked, diagnostic));
        if (proof.first_argument.empty() && diagnostic.arguments.size() > 1) proof.first_argument = diagnostic.arguments[1];
    }
    return proof;
}

InputRange money_range(std::int64_t low, std::int64_t high) { return {{value::Int128{low} * 100, value::Int128{high} * 100}, value::Rational::of(1, 100)}; }
InputRange whole_range(std::int64_t low, std::int64_t high) { return {{low, high}, value::Rational(1)}; }

TEST(SemaTables, CompleteAndFreeOfOverlap) {
    const Proof proof = prove("table t(x) : percent { x | y\n .. 5000万元 | 5%\n 5000万元 <.. 2亿元 | 4%\n 2亿元 <.. | 3% }", {money_range(0, 10'000'000'000'000)});
    EXPECT_EQ(proof.codes, Messages{});
}

TEST(SemaTables, GapOfOneFenIsShown) {
    const Proof proof = prove("table t(x) : percent { x | y\n ..< 5000万元 | 5%\n 5000万元 <.. | 3% }", {money_range(0, 10'000'000'000)});
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "x = 5000万元");
}

TEST(SemaTables, GapIsARegionInThePolicysUnits) {
    const Proof proof = prove("table t(x) : percent { x | y\n .. 5000万元 | 5%\n 2亿元 .. | 3% }", {money_range(0, 10'000'000'000)});
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "x in 50000000.01元 .. 199999999.99元");
}

TEST(SemaTables, OverlapAtTheSharedEnd) {
    const Proof proof = prove("table t(x) : percent { x | y\n .. 5000万元 | 5%\n 5000万元 .. | 3% }", {money_range(0, 10'000'000'000)});
    EXPECT_EQ(proof.codes, Messages{"E0602 5000万元 .. | 3%"});
    EXPECT_EQ(proof.first_argument, "x = 5000万元");
}

TEST(SemaTables, AllColumnsTogether) {
    const std::string table = "table t(a : int, b : int) : int { a | b | y\n 1 .. | - | 30\n 0 | 4 .. | 24\n 0 | 1 .. 3 | 18\n 0 | 0 | 0 }";
    EXPECT_EQ(prove(table, {whole_range(0, 100), whole_range(0, 100)}).codes, Messages{});
    const Proof proof = prove(table, {whole_range(-1, 100), whole_range(0, 100)});
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "a = -1");
    const Proof hole = prove("table t(a : int, b : int) : int { a | b | y\n 1 .. | - | 30\n 0 | 4 .. | 24\n 0 | 0 .. 2 | 0 }", {whole_range(0, 9), whole_range(0, 9)});
    EXPECT_EQ(hole.first_argument, "a = 0, b = 3");
}

TEST(SemaTables, WholeInputsLeaveNoGapBetweenNeighbours) {
    const std::string table = "table t(a : number) : int { a | y\n .. 3 | 1\n 4 .. | 2 }";
    EXPECT_EQ(prove(table, {whole_range(0, 10)}).codes, Messages{});
    const Proof proof = prove(table, {InputRange{{0, 100}, value::Rational::of(1, 10)}});
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "a in 3.1 .. 3.9");
}

TEST(SemaTables, DatesPercentagesSetsAndOpenEnds) {
    const InputRange days{{value::day_from_civil(2016, 1, 1), value::day_from_civil(2030, 12, 31)}, value::Rational(1)};
    const Proof hole = prove("table t(d : date) : int { d | y\n .. 2017-12-31 | 1\n 2018-01-02 .. | 2 }", {days});
    EXPECT_EQ(hole.first_argument, "d = 2018-01-01");
    EXPECT_EQ(prove("table t(d : date) : int { d | y\n ..< 2018-01-01 | 1\n 2018-01-01 .. | 2 }", {days}).codes, Messages{});
    const InputRange shares{{0, 1000}, value::Rational::of(1, 1000)};
    EXPECT_EQ(prove("table t(p : percent) : int { p | y\n .. 5% | 1\n 5% <..< 60% | 2\n 60% .. | 3 }", {shares}).codes, Messages{});
    EXPECT_EQ(prove("table t(p : percent) : int { p | y\n ..< 5% | 1\n 5% <..< 60% | 2\n 60% .. | 3 }", {shares}).first_argument, "p = 5%");
    EXPECT_EQ(prove("table t(a : int, b : bool) : int { a | b | y\n {1, 3} | - | 1\n {0, 2} | true | 2\n {0, 2} | false | 3 }", {whole_range(0, 3), whole_range(0, 1)}).codes, Messages{});
    EXPECT_EQ(prove("table t(a : int, b : bool) : int { a | b | y\n {1, 3} | - | 1\n {0, 2} | true | 2\n 0 | false | 3 }", {whole_range(0, 3), whole_range(0, 1)}).first_argument, "a = 2, b = false");
    EXPECT_EQ(prove("table t(a : int, b : bool) : int { a | b | y\n {1, 3} | - | 1\n {0, 2} | - | 2\n 3 | false | 3 }", {whole_range(0, 3), whole_range(0, 1)}).first_argument, "a = 3, b = false");
}

TEST(SemaTables, RowsThatNothingReaches) {
    EXPECT_EQ(prove("table t(a : int) : int first { a | y\n .. 5 | 1\n 4 .. 9 | 2\n {2, 8} | 3\n - | 4 }", {whole_range(0, 10)}).codes, Messages{"W0020 {2, 8} | 3"});
    EXPECT_EQ(prove("table t(a : int) : int { a | y\n ..< 0 | 1\n 0 .. | 2 }", {whole_range(0, 10)}).codes, Messages{"W0025 ..< 0 | 1"});
    // Two rows take together what neither takes alone.
    EXPECT_EQ(prove("table t(a : int, b : int) : int first { a | b | y\n .. 5 | - | 1\n - | .. 5 | 2\n 3 .. 8 | 0 .. 4 | 3\n - | - | 4 }", {whole_range(0, 10), whole_range(0, 10)}).codes,
              Messages{"W0020 3 .. 8 | 0 .. 4 | 3"});
}

// Six columns of three ranges each, every combination: 729 rows that fit together.
std::string grid(std::size_t without) {
    static constexpr const char* cells[] = {".. 30", "31 .. 60", "61 .."};
    std::string table = "table t(a : int, b : int, c : int, d : int, e : int, f : int) : int { a | b | c | d | e | f | y\n";
    for (std::size_t row = 0; row < 729; ++row) {
        if (row == without) continue;
        for (std::size_t column = 0, rest = row; column < 6; ++column, rest /= 3) table += std::string(cells[rest % 3]) + " | ";
        table += std::to_string(row) + "\n";
    }
    return table + "}";
}

TEST(SemaTables, ManyRowsAndColumnsAreProved) {
    const std::vector<InputRange> inputs(6, whole_range(0, 100));
    EXPECT_EQ(prove(grid(729), inputs).codes, Messages{});
    const Proof proof = prove(grid(0), inputs);
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "a in .. 30, b in .. 30, c in .. 30, d in .. 30, e in .. 30, f in .. 30");
}

// Nine columns of eight kinds each, and a row for every two columns and kind: two of nine must be of one kind, so that nothing is
// left out, though no proof of that is short. An answer in bounded time, which is that there is none.
TEST(SemaTables, WhatCannotBeProvedInTimeIsRefused) {
    constexpr int columns = 9, kinds = 8;
    std::string table = "table t(a : int, b : int, c : int, d : int, e : int, f : int, g : int, h : int, i : int) : int first { a | b | c | d | e | f | g | h | i | y\n";
    for (int first = 0; first < columns; ++first)
        for (int second = first + 1; second < columns; ++second)
            for (int kind = 0; kind < kinds; ++kind) {
                const std::string both = std::to_string(kind * 10) + " .. " + std::to_string(kind * 10 + 9);
                for (int column = 0; column < columns; ++column) table += (column == first || column == second ? both : "-") + " | ";
                table += "1\n";
            }
    const std::vector<InputRange> inputs(columns, whole_range(0, kinds * 10 - 1));
    const auto begin = std::chrono::steady_clock::now();
    const Proof proof = prove(table + "}", inputs);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60)) << "bounded, on the slowest of machines";
    EXPECT_TRUE(std::ranges::find(proof.codes, "E0610 t") != proof.codes.end()) << testing::PrintToString(proof.codes);
    const Messages closed = prove(table + "otherwise | 0\n}", inputs).codes;
    EXPECT_TRUE(std::ranges::none_of(closed, [](const std::string& one) { return one.starts_with("E"); })) << "what is closed needs no proof";
}

TEST(SemaTables, EnumerationsConditionsAndCodes) {
    const std::string members = "policy q for company { in force 2016-01-01 ..\n table t(field) : int { field | y\n ict | 1\n none | 2 }\n require k t(field) > 1 \"条\" @ \"甲\"\n}";
    const Proof proof = prove(members, {whole_range(0, 2)});
    EXPECT_EQ(proof.codes, Messages{"E0601 t"});
    EXPECT_EQ(proof.first_argument, "field = biomed");
    EXPECT_EQ(prove("table t(b : bool) : int { b | y\n true | 1\n false | 2 }", {whole_range(0, 1)}).codes, Messages{});
    EXPECT_EQ(prove("table t(b : bool) : int { b | y\n true | 1 }", {whole_range(0, 1)}).first_argument, "b = false");
    const value::CodeRange codes = value::all_codes(value::Classification::Gbt4754);
    std::string sections = "table t(i : code gbt4754) : int { i | y\n {A, B, C, D, E, F, G, H, I, J, K, L, M, N, O, P, Q, R, S} | 1\n";
    EXPECT_EQ(prove(sections + " T | 2 }", {whole_range(codes.first, codes.last)}).codes, Messages{});
    EXPECT_EQ(prove(sections + " T97 | 2 }", {whole_range(codes.first, codes.last)}).first_argument, "i = T");
    EXPECT_EQ(prove(sections + " T | 2\n C39 | 3 }", {whole_range(codes.first, codes.last)}).first_argument, "i = C39");
}

TEST(SemaTables, FirstTablesAndOtherwise) {
    const Proof proof = prove("table t(a : int) : int first { a | y\n .. 5 | 1\n .. 3 | 2\n - | 3 }", {whole_range(0, 10)});
    EXPECT_EQ(proof.codes, Messages{"W0020 .. 3 | 2"});
    EXPECT_EQ(prove("table t(a : int) : int { a | y\n 5 | 1\n otherwise | 0 }", {whole_range(0, 10)}).codes, Messages{});
    EXPECT_EQ(prove("table t(a : int) : int first { a | y\n - | 1\n otherwise | 0 }", {whole_range(0, 10)}).codes, Messages{"W0020 otherwise | 0"});
}

TEST(SemaTables, AgreesWithEveryPointOfSmallTables) {
    // Each pair of boxes in a 4 by 4 grid, against looking at all sixteen points.
    for (int seed = 0; seed < 300; ++seed) {
        std::uint32_t state = static_cast<std::uint32_t>(seed) * 7919U + 13U;
        const auto next = [&](int below) {
            state = (state * 1103U + 12345U) & 0x7fffffffU;
            return static_cast<int>((state >> 4) % static_cast<std::uint32_t>(below));
        };
        std::string table = "table t(a : int, b : int) : int { a | b | y\n";
        std::vector<std::array<int, 4>> boxes;
        const int rows = 1 + next(5);
        for (int row = 0; row < rows; ++row) {
            std::array<int, 4> box{};
            for (const std::size_t at : {0U, 2U}) {
                const int low = next(4), high = low + next(4 - low);
                box[at] = low;
                box[at + 1] = high;
            }
            boxes.push_back(box);
            std::ostringstream line;
            line << ' ' << box[0] << " .. " << box[1] << " | " << box[2] << " .. " << box[3] << " | 1\n";
            table += line.str();
        }
        bool gap = false, overlap = false;
        for (int a = 0; a < 4; ++a)
            for (int b = 0; b < 4; ++b) {
                const auto hits = std::ranges::count_if(boxes, [&](const auto& box) { return box[0] <= a && a <= box[1] && box[2] <= b && b <= box[3]; });
                gap = gap || hits == 0;
                overlap = overlap || hits > 1;
            }
        const Proof proof = prove(table + "}", {whole_range(0, 3), whole_range(0, 3)});
        const auto has = [&](const char* code) { return std::ranges::any_of(proof.codes, [&](const std::string& each) { return each.starts_with(code); }); };
        EXPECT_EQ(has("E0601"), gap) << table;
        EXPECT_EQ(has("E0602"), overlap) << table;
    }
}

// ---- scenarios ----

Messages about_scenario(const std::string& lines, const std::string& more = {}) {
    return messages_of("scenario \"甲\" for other as of 2018-06-01 {\n" + lines + "\n}\n" + more);
}

TEST(Sema, Scenarios) {
    const std::vector<Case> cases{
        {" given employees = 5, revenue[-1] = 3000万元, field = ict, industry = C39\n expect eligible", {}},
        {" given claims = [ { paid_in = 5元, staff = 3 }, { paid_in = 6元 } ], claims[1].paid_in = 7元\n expect eligible", {}},
        {" given lender.capital = 5元, fiscal_year = 2017\n expect eligible", {}},
        {" given employees = 3 .. 5, assets = unknown\n expect undetermined needs assets, revenue[-1], claims[0].paid_in", {}},
        {" given emploees = 5\n expect eligible", {"E0904 emploees"}},
        {" given revenue = 5元\n expect eligible", {"E0311 revenue"}},
        {" given assets[-1] = 5元\n expect eligible", {"E0312 assets[-1]"}},
        {" given assets = 5\n expect eligible", {"E0321 5"}},
        {" given assets = 5.001元\n expect eligible", {"E0709 5.001元"}},
        {" given patents = 2.5\n expect eligible", {"E0316 2.5"}},
        {" given employees = 6_000_000\n expect eligible", {"E0907 6_000_000"}},
        {" given employees = 5, employees = 6\n expect eligible", {"E0905 employees"}},
        {" given field = itc\n expect eligible", {"E0315 itc"}},
        {" given claims[0].paid_in = 5元\n expect eligible", {"E0913 claims[0].paid_in"}},
        {" given claims.paid_in = 5元\n expect eligible", {"E0911 claims"}},
        {" given claims[60].paid_in = 5元\n expect eligible", {"E0912 60"}},
        {" given claims = [ { paid = 5元 } ]\n expect eligible", {"E0904 paid"}},
        {" given claims = 5\n expect eligible", {"E0906 5"}},
        {" given employees = 5 <.. 6\n expect eligible", {"E0915 5 <.. 6"}},
        {" given staff_ratio = 5%\n expect eligible", {"E0904 staff_ratio"}},
        {" expect ineligible because smal", {"E0909 smal"}},
        {" expect eligible, score = 5, small holds", {}},
        {" expect eligible, score in 3 .. 5", {}},
        {" expect scor = 5", {"E0909 scor"}},
        {" expect score = 5元", {"E0301 5元"}},
        {" expect undetermined needs employes", {"E0904 employes"}},
        {" given employees = 5", {"E0908 \"甲\""}},
    };
    for (const Case& each : cases) EXPECT_EQ(about_scenario(each.source), each.expected) << each.source;
}

TEST(Sema, ScenarioNamesAndLike) {
    const std::string ok = " expect eligible";
    EXPECT_EQ(about_scenario(ok, "scenario \"甲\" for other as of 2018-06-01 {\n expect eligible\n}"), Messages{"E0901 \"甲\""});
    EXPECT_EQ(about_scenario(ok, "scenario \"乙\" for other as of 2018-06-01 like \"丙\" {\n expect eligible\n}"), Messages{"E0902 \"丙\""});
    EXPECT_EQ(about_scenario(ok, "scenario \"乙\" for claim_policy as of 2018-06-01 like \"甲\" {\n expect eligible\n}"), Messages{"E0903 \"甲\""});
    EXPECT_EQ(about_scenario(ok, "scenario \"乙\" for othr as of 2018-06-01 {\n expect eligible\n}"), Messages{"E0404 othr"});
    const Messages circle = messages_of("scenario \"甲\" for other as of 2018-06-01 like \"乙\" {\n expect eligible\n}\nscenario \"乙\" for other as of 2018-06-01 like \"甲\" {\n expect eligible\n}");
    EXPECT_EQ(circle, Messages{"E0408 \"甲\""});
}

TEST(Sema, WhatFollowsFromASyntaxErrorStaysUnsaid) {
    // The broken field is not told as unknown where it is read; the broken clause not as one without a label.
    EXPECT_EQ(messages_of("record r { amount : money in , other : bool }\npolicy q for r { in force 2016-01-01 ..\n require k amount > 5元 \"条\" @ \"甲\"\n}").size(), 1U);
    EXPECT_EQ(about_policy(" require k employees > ) \"条\"").size(), 1U);
    // A mistake of its own is still told.
    const Messages both = about_policy(" require k employees > ) \"条\"\n require m zzz \"条\" @ \"甲\"");
    EXPECT_EQ(both.size(), 2U);
    EXPECT_NE(std::ranges::find(both, "E0401 zzz"), both.end());
}

TEST(Sema, LikeInheritsAndKeepsYearOffsets) {
    Checked checked;
    add(checked, "prelude.policy", prelude);
    add(checked, "test.policy",
        "scenario \"乙\" for other as of 2020-06-01 like \"甲\" {\n given employees = 6\n expect eligible\n}\n"
        "scenario \"甲\" for other as of 2018-06-01 {\n given employees = 5, revenue[-1] = 3元\n expect eligible\n}\n");
    check_all(checked);
    ASSERT_EQ(said(checked), Messages{});
    const Scenario& later = checked.model.scenarios[0];
    ASSERT_EQ(later.givens.size(), 3U);
    EXPECT_EQ(later.givens[1].path.steps[0].year_offset, -1);
    EXPECT_EQ(later.givens[2].value.constant.number, value::Rational(6));
    EXPECT_EQ(value::format_date(later.as_of), "2020-06-01");
}

// ---- the shipped rules ----

TEST(Sema, ShippedRulesAreClean) {
    Checked checked;
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(ELIGO_SOURCE_DIR "/rules")) {
        if (entry.path().extension() != ".policy") continue;
        std::ifstream stream(entry.path());
        std::stringstream text;
        text << stream.rdbuf();
        add(checked, entry.path().string(), text.str());
        ++files;
    }
    check_all(checked);
    ASSERT_GE(files, 6U);
    std::string rendered;
    for (const text::Diagnostic& diagnostic : checked.sink.sorted())
        rendered += text::render_text(checked.sources, diagnostic, text::Language::English, text::Color::Off).text() + "\n";
    EXPECT_EQ(rendered, "");
    for (const char* const name : {"high_tech_enterprise", "technology_sme", "rd_super_deduction", "angel_compensation", "angel_claim"})
        EXPECT_NE(std::ranges::find(checked.model.policies, std::string(name), &Policy::name), checked.model.policies.end()) << name;
    EXPECT_FALSE(print(checked.model).empty());
}

TEST(Sema, PrintsTheModel) {
    Checked checked;
    add(checked, "test.policy", "vocabulary c { a : money in 0元 .. 5万元 }\npolicy p for c { in force 2016-01-01 ..\n require k a * 2 <= 500元 \"条\" @ \"甲 1\"\n}\n");
    check_all(checked);
    EXPECT_EQ(print(checked.model),
              "vocabulary c\n"
              "  fact a : money in 0元 .. 5万元\n"
              "policy p for c\n"
              "  in force 2016-01-01 .. 2199-12-31\n"
              "    require k \"条\" | \"条\" @ 甲 1\n"
              "      condition: <= : bool\n"
              "        * : money\n"
              "          fact a : money\n"
              "          constant 2 : int\n"
              "        constant 500元 : money\n");
}

}  // namespace
}  // namespace eligo::sema
