// What the compiler proves of small policies, or refuses, or doubts: the code of each message and the text it points at.
// Broken when: a promise of docs/language.md (nothing overflows, no denominator is zero, money is whole fen) is not kept, a
// sound policy is refused, or a condition is doubted that can go either way.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/codegen/generate.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"

namespace eligo::codegen {
namespace {

using Messages = std::vector<std::string>;

constexpr const char* prelude = R"(
vocabulary firm "企业" | "Firm" {
  founded   : date in 1990-01-01 .. 2030-12-31
  staff     : int in 0 .. 1000
  experts   : int in 0 .. staff
  score     : number in 0 .. 100
  margin    : number in -5 .. 5
  stake     : percent in 0% <.. 100%
  assets    : money in 0元 .. 10亿元
  costs     : money in 0元 .. 10亿元
  sales     : yearly money in 0元 .. 10亿元
  resident  : bool
  trade     : code gbt4754
  kind      : one of { shop "店", plant "厂", farm "场" }
  claims    : list of claim up to 50
}
record claim { paid : money in 0元 .. 1亿元, lost : money in 0元 .. paid, parts : int in 0 .. 9, ended : bool }
)";

struct Compiled {
    Messages said;       // "E0702 assets / costs"
    Messages arguments;  // of the first message
    std::string code;    // disassembled; empty when it does not compile
};

Compiled compile(const std::string& body) {
    text::SourceSet sources;
    text::Sink sink;
    const std::string source = prelude + std::string("policy p for firm \"策\" | \"P\" {\nin force 2016-01-01 .. 2020-12-31\n") + body + "\n}\n";
    const auto file = sources.add("p.policy", source);
    const std::vector<syntax::File> files{syntax::parse(sources, file, sink)};
    const sema::Model model = sema::check(files, sources, sink);
    Compiled result;
    if (!sink.has_errors())
        if (const auto pack = generate(model, sources, sink)) {
            EXPECT_EQ(bytecode::verify(*pack).english, "") << body;
            result.code = bytecode::disassemble(*pack);
        }
    for (const auto& diagnostic : sink.sorted()) {
        std::string place(sources.text(diagnostic.span));
        if (place.ends_with('\n')) place.pop_back();  // of a table's row
        result.said.push_back(std::string(text::wording(diagnostic.code).number) + " " + place);
        if (result.arguments.empty()) result.arguments = diagnostic.arguments;
    }
    return result;
}

std::string require(const std::string& condition) { return "require c " + condition + " \"条\" | \"C\" @ \"甲\"\n"; }
std::string benefit(const std::string& rest) { return "benefit b : " + rest + " \"惠\" | \"B\"\n"; }

void expect(const std::vector<std::pair<std::string, Messages>>& cases) {
    for (const auto& [body, said] : cases) EXPECT_EQ(compile(body).said, said) << body;
}

// ---- denominators

TEST(Proofs, ADenominatorThatMayBeZeroNeedsOtherwise) {
    expect({
        {require("assets / costs > 2"), {"E0702 assets / costs"}},
        {require("(assets / costs otherwise 0) > 2"), {}},
        {require("score / margin > 2"), {"E0702 score / margin"}},
        {require("assets / (costs + 1元) > 2"), {}},
        {require("assets / max(costs, 1元) > 2"), {}},
        {require("score / stake > 2"), {}},  // its range leaves zero out
        {require("score / (margin + 6) > 2"), {}},
        {require("score / (margin - 5) < -2"), {"E0702 score / (margin - 5)"}},
        {require("staff / (staff - staff) > 2"), {"E0702 staff / (staff - staff)"}},
        {benefit("percent = round(sum(sales[-2..-1]) / sales[0], 0.01)"), {"E0702 sum(sales[-2..-1]) / sales[0]"}},
    });
}

TEST(Proofs, ABranchKnowsItsCondition) {
    expect({
        {require("(if costs > 0元 then assets / costs else 0) > 2"), {}},
        {require("(if costs = 0元 then 0 else assets / (costs + 1元)) > 2"), {}},
        {require("(if costs >= 0.01元 then assets / costs else 0) > 2"), {}},
        {require("(if costs >= 0元 then assets / costs else 0) > 2"), {"E0702 assets / costs"}},
        {require("(if 0元 < costs then assets / costs else 0) > 2"), {}},
        {require("(if not (costs <= 0元) then assets / costs else 0) > 2"), {}},
        {require("(if costs <= 0元 then 0 else assets / costs) > 2"), {}},
        {require("(if costs in 1元 .. 5元 then assets / costs else 0) > 2"), {}},
        {require("(if costs in 0元 <.. 5元 then assets / costs else 0) > 2"), {}},
        {require("(if resident and costs > 0元 then assets / costs else 0) > 2"), {}},
        {require("(if resident or costs > 0元 then assets / costs else 0) > 2"), {"E0702 assets / costs"}},
        {require("(if margin > 0 then score / margin else 0) > 2"), {}},
        {require("(if margin > -1 then score / margin else 0) > 2"), {"E0702 score / margin"}},
        {"let base = costs + 5元 - 5元\n" + require("(if base > 0元 then assets / base else 0) > 2"), {}},
        {require("costs > 0元 and assets / costs > 2"), {"E0702 assets / costs"}},
    });
}

TEST(Proofs, AGuardSaysAsMuch) {
    expect({
        {require("assets / costs > 2 when costs > 0元"), {}},
        {require("assets / costs > 2 unless costs <= 0元"), {}},
        {require("assets / costs > 2 unless costs > 0元"), {"E0702 assets / costs"}},
        {require("assets / costs > 2 when resident"), {"E0702 assets / costs"}},
        {"exclude c assets / costs > 2 when costs > 0元 \"条\" | \"C\" @ \"甲\"\n", {}},
        {benefit("percent = round(assets / costs, 0.01) when costs > 0元"), {}},
        {benefit("percent = round(assets / costs, 0.01) when resident"), {"E0702 assets / costs"}},
        {require("sum(round(c.lost / c.parts, 1元) for c in claims where c.parts > 0) >= 1元"), {}},
        {require("sum(round(c.lost / c.parts, 1元) for c in claims where c.ended) >= 1元"), {"E0702 sum(round(c.lost / c.parts, 1元) for c in claims where c.ended)"}},
        {require("any(c.lost / c.paid >= 50% for c in claims where c.paid > 0元)"), {}},
        {require("all(sales[y] / sales[y - 1] >= 2 for y in -2 .. -1 where sales[y - 1] > 0元)"), {}},
    });
}

// ---- widths

TEST(Proofs, TheNarrowestWidthThatIsExact) {
    EXPECT_EQ(compile(require("assets * staff >= 5元")).code.find("MultiplyW"), std::string::npos) << "10^11 fen times 1000 fit 64 bits";
    EXPECT_NE(compile(require("assets * staff * staff * staff >= 5元")).code.find("MultiplyW"), std::string::npos);
    EXPECT_EQ(compile(require("assets * 80% * 75% * staff >= 5元")).code.find("MultiplyW"), std::string::npos) << "a percentage changes the unit, not the number";
}

// What the message says to round is tried: with that it compiles.
TEST(Proofs, WhatIsToBeRoundedDoes) {
    const std::pair<std::string, std::string> cases[] = {
        {"score * score * score * score * score >= 1", "score * score"},
        {"score * score * score * score * (score + margin * margin) >= 1", "score * score"},
        {"(assets * score / staff otherwise 0元) * (score / staff otherwise 0) * (score / staff otherwise 0) * (score / staff otherwise 0) * (score / staff otherwise 0) >= 1元",
         "(assets * score / staff otherwise 0元) * (score / staff otherwise 0)"},
        {"staff * (score * score * score) * score * score >= 1", "score * score"},
    };
    for (const auto& [condition, part] : cases) {
        const Compiled refused = compile(require(condition));
        ASSERT_EQ(refused.said.size(), 1U) << condition;
        EXPECT_TRUE(refused.said.front().starts_with("E0703 ")) << condition;
        ASSERT_EQ(refused.arguments.size(), 2U) << condition;
        EXPECT_EQ(refused.arguments[0], part) << condition;
        // In brackets where it stood, so that nothing around binds otherwise; some place where it stands will do.
        bool done = false;
        for (std::size_t at = condition.find(part); at != std::string::npos && !done; at = condition.find(part, at + 1)) {
            std::string rounded = condition;
            rounded.replace(at, part.size(), "round(" + refused.arguments[0] + ", " + refused.arguments[1] + ")");
            done = compile(require(rounded)).said.empty();
        }
        EXPECT_TRUE(done) << condition << ": round(" << refused.arguments[0] << ", " << refused.arguments[1] << ")";
    }
}

TEST(Proofs, WhatNoRoundingHelpsIsSaidToo) {
    std::string condition = "staff";
    for (int i = 0; i < 14; ++i) condition += " * staff";
    const Compiled refused = compile(require(condition + " >= 1"));
    ASSERT_EQ(refused.said.size(), 1U);
    EXPECT_TRUE(refused.said.front().starts_with("E0703 "));
    EXPECT_TRUE(refused.arguments.empty());
}

// ---- money and numbers that are handed out

TEST(Proofs, BenefitsAreWholeFenOrFiniteNumbers) {
    expect({
        {benefit("money = assets * 10%"), {"E0704 assets * 10%"}},
        {benefit("money = assets * 100%"), {}},
        {benefit("money = assets * 3"), {}},
        {benefit("money = assets / 3"), {"E0704 assets / 3"}},
        {benefit("money = round(assets / 3, 0.01元)"), {}},
        {benefit("money = min(assets * 10%, 5元)"), {"E0704 min(assets * 10%, 5元)"}},
        {benefit("money = 1.5元"), {}},
        {benefit("money = 0.005元"), {"E0704 0.005元"}},
        {benefit("percent = score / 3"), {"E0705 score / 3"}},
        {benefit("percent = score / 4"), {}},
    });
}

// ---- defaults

TEST(Proofs, AComputedDefaultStaysWithinItsRange) {
    const auto with = [](const std::string& fact) {
        return compile("require c resident \"条\" | \"C\" @ \"甲\"\n}\nvocabulary other { a : int in 0 .. 10, b : money in 0元 .. 5元, " + fact + " }\npolicy q for other \"乙\" | \"Q\" { in force 2016-01-01 ..\n require d x >= 1 \"条\" | \"D\" @ \"甲\"").said;
    };
    EXPECT_EQ(with("x : int in 0 .. 10 default a"), Messages{});
    EXPECT_EQ(with("x : int in 0 .. 9 default a"), Messages{"E0715 a"});
    EXPECT_EQ(with("x : int in 0 .. 9 default min(a, 9)"), Messages{});
    EXPECT_EQ(with("x : int in 0 .. 9 default clamp(a + 5, 0 .. 9)"), Messages{});
    EXPECT_EQ(with("x : int in 0 .. 9 default if a > 9 then unknown else a"), Messages{});
    EXPECT_EQ(with("x : int in 0 .. 9 default if a > 5 then a else 0"), Messages{"E0715 a"});
    EXPECT_EQ(with("x : int in 0 .. 10 default 10 - a"), Messages{});
    EXPECT_EQ(with("x : int in 1 .. 10 default 10 - a"), Messages{"E0715 10 - a"});
}

// ---- conditions

TEST(Doubts, OfSingleConditions) {
    expect({
        {require("score > 100"), {"W0021 score > 100"}},
        {require("score >= 100"), {}},
        {require("score >= 0"), {"W0022 score >= 0"}},
        {require("score > 0"), {}},
        {require("score = 101"), {"W0021 score = 101"}},
        {require("score != 101"), {"W0022 score != 101"}},
        {require("staff = 0.5"), {"W0021 staff = 0.5"}},
        {require("stake > 0"), {"W0022 stake > 0"}},
        {require("score in 0 .. 100"), {"W0022 score in 0 .. 100"}},
        {require("score in 0 .. 99"), {}},
        {require("score in 101 .. 200"), {"W0021 score in 101 .. 200"}},
        {require("kind in {shop, plant, farm}"), {"W0022 kind in {shop, plant, farm}"}},
        {require("kind in {shop, plant}"), {}},
        {require("trade in {C}"), {}},
        {require("resident or score > 100"), {"W0021 score > 100"}},
        {require("resident and not (score > 100)"), {"W0021 score > 100"}},
        {require("founded >= 1980-01-01"), {"W0022 founded >= 1980-01-01"}},
        {require("assets + costs > 20亿元"), {"W0021 assets + costs > 20亿元"}},
        {require("count(c in claims where c.ended) > 50"), {"W0021 count(c in claims where c.ended) > 50"}},
        {require("any(c.parts > 9 for c in claims)"), {"W0021 c.parts > 9"}},
        {require("any(c.ended for c in claims where c.parts >= 0)"), {"W0022 c.parts >= 0"}},
        {require("resident when score > 100"), {"W0021 score > 100"}},
        {require("resident unless score > 100"), {"W0021 score > 100"}},
        {require("score >= 10 when score >= 20"), {"W0022 score >= 10"}},
        {require("score >= 20 when score >= 10"), {}},
        {require("(score / (margin + 6)) > 100"), {"W0021 (score / (margin + 6)) > 100"}},
        {benefit("money = if score > 100 then 5元 else 3元"), {"W0021 score > 100"}},
        {benefit("money = if score > 50 then (if score > 40 then 5元 else 4元) else 3元"), {"W0022 score > 40"}},
        {benefit("money = 5元 when score < 0"), {"W0021 score < 0"}},
    });
}

// On the days on which the policy is in force: 2016-01-01 .. 2020-12-31.
TEST(Doubts, OfTheDayOfAPolicyInForce) {
    expect({
        {require("as_of >= 2016-01-01"), {"W0022 as_of >= 2016-01-01"}},
        {require("as_of >= 2016-01-02"), {}},
        {require("as_of <= 2020-12-31"), {"W0022 as_of <= 2020-12-31"}},
        {require("as_of < 2020-12-31"), {}},
        {require("resident or as_of > 2020-12-31"), {"W0021 as_of > 2020-12-31"}},
        {require("as_of in 2016-01-01 .. 2021-06-30"), {"W0022 as_of in 2016-01-01 .. 2021-06-30"}},
        {require("as_of + 3 months >= 2016-04-01"), {"W0022 as_of + 3 months >= 2016-04-01"}},
        {require("as_of + 3 months >= 2016-04-02"), {}},
        {require("(months from 2015-01-01 to as_of) >= 12 months"), {"W0022 (months from 2015-01-01 to as_of) >= 12 months"}},
        {require("(months from 2015-01-01 to as_of) >= 13 months"), {}},
        {require("(as_of - 2016-01-01) < 0 days"), {"W0021 (as_of - 2016-01-01) < 0 days"}},
        {require("as_of = 2021-01-01 or resident"), {"W0021 as_of = 2021-01-01"}},
        {require("min(as_of, founded) > 2020-12-31 or resident"), {"W0021 min(as_of, founded) > 2020-12-31"}},
        {"let late = as_of >= 2018-01-01\n" + require("late"), {}},
        {"let late = as_of >= 2015-01-01\n" + require("late"), {"W0022 as_of >= 2015-01-01"}},
        // Of policies that are in force at other times nothing is certain that holds of this one only.
        {require("as_of >= 2016-01-01") + "}\npolicy p for firm \"策\" | \"P\" {\nin force 2021-01-01 ..\n" + require("as_of >= 2016-01-01"), {"W0022 as_of >= 2016-01-01", "W0022 as_of >= 2016-01-01"}},
    });
    // The same let, asked in two periods and certain in one of them.
    EXPECT_EQ(compile(require("resident") + "}\nvocabulary other { x : bool, let recent = as_of >= 2018-01-01 }\npolicy q for other \"乙\" | \"Q\" { in force 2019-01-01 ..\n" + require("recent") +
                      "}\npolicy r for other \"丙\" | \"R\" { in force 2016-01-01 ..\n" + require("recent"))
                  .said,
              Messages{});
}

TEST(Doubts, OnlyOfWhatComesToTheSameEverywhere) {
    expect({
        // True of one year and not of another, of one argument and not of another, on one day and not on another.
        {require("count(y in -3 .. -1 where y > -2 or sales[y] > 5元) >= 2"), {}},
        {"let better(x : number) = x > 100\n" + require("better(score) or better(score + 50)"), {}},
        {"let better(x : number) = x > 100\n" + require("better(score)"), {"W0021 x > 100"}},
        {"let large = staff > 50\n" + require("(if staff > 60 then (if large then 1 else 2) else (if large then 3 else 4)) > 1"), {}},
        // Constants compared with constants are what a let is asked for, or a parameter of today.
        {"let rate(n : int) = if n > 3 then 60% else 30%\n" + require("score >= rate(2)"), {}},
        {"parameter least : number { 2016-01-01 .. 5 }\n" + require("least > 3 or resident"), {}},
        {require("1 > 2 or resident"), {}},
        // Behind a condition that never holds nothing more is said.
        {benefit("money = if score > 100 then (if score > 200 then 5元 else 4元) else 3元"), {"W0021 score > 100"}},
        {require("trade in {C} and trade not in {C15, C16}"), {}},
    });
}

TEST(Doubts, OfConditionsThatExcludeEachOther) {
    expect({
        {require("score > 5 and score < 3"), {"W0023 score < 3"}},
        {require("score > 5 and resident and score < 3"), {"W0023 score < 3"}},
        {require("score > 5 and not (score > 2)"), {"W0023 score > 2"}},
        {require("score > 5 and (resident or score < 3)"), {}},
        {require("score >= 5 and score <= 5"), {}},
        {require("score > 5 and score <= 5"), {"W0023 score <= 5"}},
        {require("kind = shop and kind = plant"), {"W0023 kind = plant"}},
        {require("trade = C and trade in {F, G}"), {"W0023 trade in {F, G}"}},
        {require("trade = C39 and trade not in {C}"), {"W0023 trade not in {C}"}},
        {require("resident and not resident"), {"W0023 resident"}},
        {require("sales[-1] > 5元 and sales[-2] < 3元"), {}},
        {require("sales[-1] > 5元 and sales[-1] < 3元"), {"W0023 sales[-1] < 3元"}},
        {require("any(c.paid > 5元 and c.paid < 3元 for c in claims)"), {"W0023 c.paid < 3元"}},
        {"let large = staff > 500\nlet small = staff < 50\n" + require("large and small"), {"W0023 staff < 50"}},
        {require("score < 3 or score > 5"), {}},
        {require("score < 5 or score > 3"), {"W0024 score > 3"}},
        {require("kind in {shop, plant} or kind = farm"), {"W0024 kind = farm"}},
        {require("resident or not resident"), {"W0024 resident"}},
    });
}

TEST(Doubts, OfClausesThatExcludeEachOther) {
    const auto clause = [](const std::string& name, const std::string& condition) { return "require " + name + " " + condition + " \"条\" | \"C\" @ \"甲\"\n"; };
    const auto exclude = [](const std::string& name, const std::string& condition) { return "exclude " + name + " " + condition + " \"条\" | \"C\" @ \"甲\"\n"; };
    const auto group = [](const std::string& kind, const std::string& clauses) { return kind + " g \"组\" | \"G\" @ \"甲\" {\n" + clauses + "}\n"; };
    expect({
        {clause("a", "score > 5") + clause("b", "score < 3"), {"W0023 score < 3"}},
        {clause("a", "score > 5") + clause("b", "score < 30"), {}},
        {clause("a", "score > 5") + exclude("b", "score > 3"), {"W0023 score > 3"}},
        {clause("a", "score > 5") + exclude("b", "score < 6 or resident"), {}},
        {clause("a", "score > 5") + exclude("b", "score < 6 or score > 5.5"), {"W0024 score > 5.5"}},
        {clause("a", "score > 5") + clause("b", "score < 3 when resident"), {}},
        {group("any of", clause("a", "score > 5") + clause("b", "score < 3")), {}},
        {group("any of", clause("a", "score > 3") + clause("b", "score < 5")), {"W0024 score < 5"}},
        {group("all of", clause("a", "score > 5") + clause("b", "score < 3")), {"W0023 score < 3"}},
        {group("all of", clause("a", "score > 5")) + clause("b", "score < 3"), {"W0023 score < 3"}},
        {group("any of", group("all of", clause("a", "score > 5")) + clause("b", "score < 3")), {}},
    });
}

// ---- tables, from the places that ask them

TEST(Doubts, OfRowsThatNoPlaceReaches) {
    const std::string table = "table t(x : number) : int first { x | y\n .. 10 | 1\n 5 .. 8 | 2\n 9 .. 20 | 3\n - | 4 }\n";
    EXPECT_EQ(compile(table + require("t(score) > 1")).said, Messages{"W0020 5 .. 8 | 2"});
    // Asked only of what is small, the third row is reached by nothing; asked elsewhere too, it is.
    EXPECT_EQ(compile(table + require("t(min(score, 7)) > 1")).said, (Messages{"W0020 5 .. 8 | 2", "W0025 9 .. 20 | 3", "W0020 - | 4"}));
    EXPECT_EQ(compile(table + require("t(min(score, 7)) > 1 or t(score) > 2")).said, Messages{"W0020 5 .. 8 | 2"});
}

}  // namespace
}  // namespace eligo::codegen
