// What a scenario expects against answers built by hand: only exact agreement passes, and a mismatch says what came.
#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "scenario/run.hpp"

namespace eligo::scenario {
namespace {

using explain::Shown;
using value::Rational;
using value::Truth;

// A label is a view of a pack's text; here there is no pack, so the texts are kept for good.
std::string_view kept(std::string text) {
    static std::deque<std::string> texts;
    return texts.emplace_back(std::move(text));
}

explain::Clause clause(const std::string& id, Truth outcome, std::vector<explain::Clause> inside = {}) {
    explain::Clause made;
    made.id = id;
    made.label = {kept("条款" + id), kept("clause " + id)};
    made.outcome = outcome;
    made.clauses = std::move(inside);
    return made;
}

sema::Fact fact(const std::string& name, sema::Kind kind, std::uint32_t ref = 0) {
    sema::Fact made;
    made.name = name;
    made.type.kind = kind;
    made.type.ref = ref;
    return made;
}

// company { employees, revenue (yearly), claims : list of claim }; claim { staff }; one policy, `p`, for a company.
sema::Model model() {
    sema::Model made;
    sema::Subject company, claim;
    company.name = "company";
    company.facts = {fact("employees", sema::Kind::Number), fact("revenue", sema::Kind::Money), fact("claims", sema::Kind::List, 1)};
    claim.name = "claim";
    claim.facts = {fact("staff", sema::Kind::Number)};
    made.subjects = {company, claim};
    sema::Policy policy;
    policy.name = "p";
    policy.subject = 0;
    made.policies = {policy};
    return made;
}

std::vector<Mismatch> mismatches(const sema::Expect& expect, const explain::PolicyAnswer& answer) {
    sema::Scenario scenario;
    scenario.policy = 0;
    scenario.expects = {expect};
    return compare(model(), scenario, answer, 2018);
}

bool agrees(const sema::Expect& expect, const explain::PolicyAnswer& answer) { return mismatches(expect, answer).empty(); }

sema::Expect expecting(syntax::Verdict verdict) {
    sema::Expect expect;
    expect.kind = syntax::ExpectKind::Verdict;
    expect.verdict = verdict;
    return expect;
}

sema::Expect because(std::vector<std::string> names) {
    sema::Expect expect;
    expect.kind = syntax::ExpectKind::Because;
    expect.names = std::move(names);
    return expect;
}

// a fails; stage fails with seed (staff and assets fail) and startup (age fails); b holds.
explain::PolicyAnswer failing_answer() {
    explain::PolicyAnswer answer;
    answer.verdict = explain::Verdict::Ineligible;
    const auto seed = clause("stage.seed", Truth::False, {clause("stage.seed.staff", Truth::False), clause("stage.seed.assets", Truth::False), clause("stage.seed.age", Truth::True)});
    const auto startup = clause("stage.startup", Truth::False, {clause("stage.startup.age", Truth::False)});
    answer.clauses = {clause("a", Truth::False), clause("b", Truth::True), clause("stage", Truth::False, {seed, startup})};
    return answer;
}

TEST(Scenario, AWrongVerdictNamesTheClausesThatMadeItSo) {
    const auto wrong = mismatches(expecting(syntax::Verdict::Eligible), failing_answer());
    ASSERT_EQ(wrong.size(), 1U);
    EXPECT_EQ(wrong[0].english, "expected eligible, but it is ineligible; failing: a \"clause a\", stage \"clause stage\"");
    EXPECT_EQ(wrong[0].chinese, "期望“符合条件”，实为“不符合条件”，不成立的条款：条款a（a）、条款stage（stage）");
    EXPECT_TRUE(agrees(expecting(syntax::Verdict::Ineligible), failing_answer()));
}

TEST(Scenario, AnOpenVerdictNamesWhatItWaitsFor) {
    explain::PolicyAnswer answer;
    answer.verdict = explain::Verdict::Undetermined;
    answer.clauses = {clause("a", Truth::Unknown)};
    answer.missing = {"employees"};
    EXPECT_EQ(mismatches(expecting(syntax::Verdict::NotInForce), answer).at(0).english,
              "expected not in force, but it is undetermined; open: a \"clause a\"; missing: employees");
}

TEST(Scenario, BecauseNamesAllFailingTopLevelClauses) {
    EXPECT_TRUE(agrees(because({"a", "stage"}), failing_answer()));
    EXPECT_TRUE(agrees(because({"stage", "a"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "b", "stage"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "stage", "nowhere"}), failing_answer()));
}

TEST(Scenario, BecauseOfANestedClauseCountsForItsGroupAndNamesItsWholeLevel) {
    EXPECT_TRUE(agrees(because({"a", "stage.seed", "stage.startup"}), failing_answer()));
    EXPECT_TRUE(agrees(because({"a", "stage.seed.staff", "stage.seed.assets"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "stage.seed"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "stage.seed.staff"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "stage.seed.staff", "stage.seed.assets", "stage.seed.age"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"stage.seed", "stage.startup"}), failing_answer()));
    EXPECT_FALSE(agrees(because({"a", "stage.nowhere.staff"}), failing_answer()));
}

TEST(Scenario, NeedsNamesAllMissingFactsByTheirYearAndElement) {
    explain::PolicyAnswer answer;
    answer.missing = {"employees", "revenue.2017", "claims[1].staff"};
    sema::Path employees, revenue, staff;
    employees.steps = {{0, std::nullopt, std::nullopt}};
    revenue.steps = {{1, -1, std::nullopt}};
    staff.steps = {{2, std::nullopt, 1U}, {0, std::nullopt, std::nullopt}};
    sema::Expect expect;
    expect.kind = syntax::ExpectKind::Needs;
    expect.needs = {staff, revenue, employees};
    EXPECT_TRUE(agrees(expect, answer));
    expect.needs = {revenue, employees};
    EXPECT_EQ(mismatches(expect, answer).at(0).english,
              "expected to need employees, revenue.2017, but it needs claims[1].staff, employees, revenue.2017");
    answer.missing.clear();
    EXPECT_EQ(mismatches(expect, answer).at(0).english, "expected to need employees, revenue.2017, but it needs nothing");
}

explain::PolicyAnswer with_benefit(Shown::State state, const std::string& low, const std::string& high) {
    explain::PolicyAnswer answer;
    explain::Benefit benefit;
    benefit.name = "amount";
    benefit.shown.kind = bytecode::Kind::Money;
    benefit.shown.state = state;
    benefit.shown.low = low;
    benefit.shown.high = high;
    answer.benefits = {benefit};
    return answer;
}

sema::Expect benefit_expectation(syntax::ExpectKind kind, std::optional<Rational> low, std::optional<Rational> high) {
    sema::Expect expect;
    expect.kind = kind;
    expect.names = {"amount"};
    expect.type.kind = sema::Kind::Money;
    if (low) expect.low = sema::Constant{*low, 0, {}};
    if (high) expect.high = sema::Constant{*high, 0, {}};
    return expect;
}

TEST(Scenario, BenefitsAreComparedExactly) {
    const auto answer = with_benefit(Shown::State::Known, "1200000.00", "1200000.00");
    EXPECT_TRUE(agrees(benefit_expectation(syntax::ExpectKind::BenefitEquals, Rational(1200000), {}), answer));
    const auto a_fen_more = benefit_expectation(syntax::ExpectKind::BenefitEquals, Rational::of(120000001, 100), {});
    EXPECT_EQ(mismatches(a_fen_more, answer).at(0).english, "expected amount = 1,200,000.01 yuan, but it is 1,200,000 yuan");
    EXPECT_FALSE(agrees(a_fen_more, with_benefit(Shown::State::Open, "1200000.01", "1300000.00")));
}

TEST(Scenario, ABenefitWithoutAValue) {
    auto none = benefit_expectation(syntax::ExpectKind::BenefitEquals, {}, {});
    none.none = true;
    EXPECT_TRUE(agrees(none, explain::PolicyAnswer{}));
    EXPECT_TRUE(agrees(none, with_benefit(Shown::State::NoValue, "", "")));
    EXPECT_FALSE(agrees(none, with_benefit(Shown::State::Known, "0.00", "0.00")));
    EXPECT_EQ(mismatches(benefit_expectation(syntax::ExpectKind::BenefitEquals, Rational(1), {}), {}).at(0).english,
              "expected amount = 1 yuan, but it has no value");
}

TEST(Scenario, AnOpenBenefitMustHaveExactlyTheEndsGiven) {
    const auto answer = with_benefit(Shown::State::Open, "600000.00", "1200000.00");
    EXPECT_TRUE(agrees(benefit_expectation(syntax::ExpectKind::BenefitIn, Rational(600000), Rational(1200000)), answer));
    EXPECT_TRUE(agrees(benefit_expectation(syntax::ExpectKind::BenefitIn, Rational(600000), {}), answer));
    EXPECT_FALSE(agrees(benefit_expectation(syntax::ExpectKind::BenefitIn, Rational(500000), Rational(1200000)), answer));
    EXPECT_FALSE(agrees(benefit_expectation(syntax::ExpectKind::BenefitIn, Rational(600000), Rational(1300000)), answer));
}

TEST(Scenario, TheOutcomeOfOneClause) {
    sema::Expect expect;
    expect.kind = syntax::ExpectKind::ClauseOutcome;
    expect.names = {"stage.seed.age"};
    expect.outcome = 2;
    EXPECT_TRUE(agrees(expect, failing_answer()));
    expect.outcome = 0;
    EXPECT_EQ(mismatches(expect, failing_answer()).at(0).english, "expected of clause stage.seed.age: fails, but it came out as: holds");
    expect.names = {"nowhere"};
    EXPECT_FALSE(agrees(expect, failing_answer()));
}

}  // namespace
}  // namespace eligo::scenario
