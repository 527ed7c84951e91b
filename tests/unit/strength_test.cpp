// What scenarios reach and what they would notice: coverage told from the evaluation, and changes one at a time.
#include <gtest/gtest.h>

#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "api/compile_internal.hpp"
#include "bytecode/image.hpp"
#include "codegen/generate.hpp"
#include "scenario/coverage.hpp"
#include "scenario/meaning.hpp"
#include "scenario/mutate.hpp"
#include "scenario/mutations.hpp"
#include "scenario/run.hpp"

namespace eligo::scenario {
namespace {

constexpr std::string_view vocabulary = R"(
vocabulary firm "企业" | "Firm" {
  staff    : int in 0 .. 1_000                 "人数" | "Staff"
  sales    : yearly money in 0元 .. 10亿元     "收入" | "Sales"
  research : yearly money in 0元 .. 10亿元     "研发" | "Research"
  clean    : bool                              "无违法" | "Clean"
  projects : list of project up to 10          "项目" | "Projects"
}
record project "项目" | "Project" {
  cost     : money in 0元 .. 1亿元             "费用" | "Cost"
  kind     : one of { own "自有" | "Own", bought "外购" | "Bought" }  "种类" | "Kind"
}
)";

api::Compilation compiled(const std::string& rules) {
    const std::vector<api::SourceText> sources{{"rules.policy", std::string(vocabulary) + rules}};
    api::Compilation result = api::compile_sources(sources);
    for (const auto& diagnostic : result.diagnostics)
        if (!result.ok()) ADD_FAILURE() << text::render_text(result.sources, diagnostic, text::Language::English, text::Color::Off).text();
    return result;
}

std::vector<std::size_t> all_scenarios(const api::Compilation& compilation) {
    std::vector<std::size_t> numbers(compilation.model.scenarios.size());
    std::iota(numbers.begin(), numbers.end(), std::size_t{0});
    return numbers;
}

Coverage covered(const api::Compilation& it) { return cover(it.files, it.sources, it.model, {all_scenarios(it), {}}).value(); }

Mutants mutated(const api::Compilation& it, unsigned threads = 1) { return mutate(it.files, it.sources, {all_scenarios(it), {}, {}, threads}); }

const ThresholdCoverage& threshold(const api::Compilation& it, const Coverage& coverage, std::string_view text) {
    static const ThresholdCoverage nothing;
    for (const VersionCoverage& version : coverage.versions)
        for (const ThresholdCoverage& each : version.thresholds)
            if (it.sources.text(each.span) == text) return each;
    ADD_FAILURE() << "no threshold " << text;
    return nothing;
}

// What becomes of the change of `from` into `into`; there must be exactly one.
Fate fate(const Mutants& mutants, std::string_view from, std::string_view into) {
    std::vector<Fate> found;
    for (const Mutant& each : mutants.each)
        if (each.from == from && each.into == into) found.push_back(each.fate);
    EXPECT_EQ(found.size(), 1U) << from << " -> " << into;
    return found.empty() ? Fate::Refused : found.front();
}

constexpr std::string_view small = R"(
policy small for firm "小企业" | "Small firm" {
  in force 2016-01-01 ..
  require few    staff <= 50   "不超过50人" | "At most 50" @ "办法 1"
  require clean_ clean         "无违法" | "Clean"          @ "办法 2"
}
)";

TEST(Coverage, TellsWhichOutcomesOfAClauseWereSeen) {
    const auto it = compiled(std::string(small) + R"(
scenario "合格" for small as of 2018-06-01 {
  given staff = 50, clean = true
  expect eligible
}
scenario "人太多" for small as of 2018-06-01 like "合格" {
  given staff = 51
  expect ineligible because few
}
)");
    const Coverage coverage = covered(it);
    ASSERT_EQ(coverage.versions.size(), 1U);
    const auto& clauses = coverage.versions[0].clauses;
    EXPECT_TRUE(clauses[0].holds.seen);
    EXPECT_TRUE(clauses[0].fails.seen);
    EXPECT_TRUE(clauses[1].holds.seen);
    EXPECT_FALSE(clauses[1].fails.seen);
    EXPECT_EQ(coverage.clauses().reached, 3U);
    EXPECT_EQ(coverage.clauses().of, 4U);
}

TEST(Coverage, UnknownIsNeitherOutcomeAndOutsideItsPeriodNothingIsReached) {
    const auto it = compiled(std::string(small) + R"(
scenario "未知" for small as of 2018-06-01 {
  given staff = unknown, clean = unknown
  expect undetermined
}
scenario "太早" for small as of 2015-06-01 {
  given staff = 5, clean = true
  expect not in force
}
)");
    const Coverage coverage = covered(it);
    EXPECT_EQ(coverage.clauses().reached, 0U);
    EXPECT_FALSE(threshold(it, coverage, "staff <= 50").below.seen);
}

TEST(Coverage, AThresholdHasTwoSidesAndABorder) {
    const auto it = compiled(std::string(small) + R"(
scenario "远" for small as of 2018-06-01 {
  given staff = 5, clean = true
  expect eligible
}
scenario "未知但在下" for small as of 2018-06-01 {
  given staff = 51 .. 60, clean = true
  expect ineligible
}
)");
    const auto coverage = covered(it);
    const auto& few = threshold(it, coverage, "staff <= 50");
    EXPECT_TRUE(few.below.seen);
    EXPECT_TRUE(few.border.lacking());
    EXPECT_TRUE(few.above.seen);  // wherever in the range it lies
    EXPECT_FALSE(few.tried());
}

TEST(Coverage, AClauseThatIsNotAskedWasNotSeenToHold) {
    const auto it = compiled(R"(
policy guarded for firm "有条件" | "Guarded" {
  in force 2016-01-01 ..
  require clean_  clean  when staff > 10  "无违法" | "Clean" @ "办法 1"
}
scenario "不问" for guarded as of 2018-06-01 {
  given staff = 10, clean = false
  expect eligible
}
)");
    const Coverage coverage = covered(it);
    EXPECT_FALSE(coverage.versions[0].clauses[0].holds.seen);
    EXPECT_TRUE(threshold(it, coverage, "staff > 10").border.seen);
}

constexpr std::string_view tabled = R"(
parameter share : percent "比例" | "Share" {
  2016-01-01 ..                       10%
  2018-01-01 .. published 2018-09-20  20%
  2019-01-01 ..                       30%
}
policy tabled for firm "分档" | "Tabled" {
  in force 2016-01-01 ..
  table floor(latest) : percent "下限" | "Floor" {
    latest              | floor
    .. 100元            | 5%
    100元 <.. 200元     | 4%
    200元 <..           | 3%
  }
  require enough  research[-1] >= floor(sales[-1]) * sales[-1]  "研发达标" | "Enough research" @ "办法 1"
  benefit grant : money = round(sales[-1] * share, 0.01元)  "补助" | "Grant" @ "办法 2"
}
)";

TEST(Coverage, TellsRowsAndValuesNeverChosen) {
    const auto it = compiled(std::string(tabled) + R"(
scenario "中档" for tabled as of 2018-06-01 {
  given sales[-1] = 200元, research[-1] = 8元
  expect eligible, grant = 40元
}
scenario "公布之前" for tabled as of 2018-06-01 known on 2018-09-19 like "中档" {
  expect grant = 20元
}
)");
    const Coverage coverage = covered(it);
    ASSERT_EQ(coverage.versions.size(), 2U);
    const auto& rows = coverage.versions[0].rows;
    ASSERT_EQ(rows.size(), 3U);
    EXPECT_FALSE(rows[0].chosen);
    EXPECT_TRUE(rows[1].chosen);
    EXPECT_FALSE(rows[2].chosen);
    const auto& values = coverage.versions[1].values;  // the parameter stands outside the policy
    ASSERT_EQ(values.size(), 3U);
    EXPECT_TRUE(values[0].chosen);  // by the scenario that knows nothing of the second yet
    EXPECT_TRUE(values[1].chosen);
    EXPECT_FALSE(values[2].chosen);
}

TEST(Coverage, LooksIntoListsAndIntoPoliciesAskedOfTheirElements) {
    const auto it = compiled(R"(
policy cheap for project "低价" | "Cheap" {
  in force 2016-01-01 ..
  require low   cost <= 100元  "不超过100元" | "At most 100" @ "办法 1"
}
policy holder for firm "有项目" | "Holder" {
  in force 2016-01-01 ..
  require some  any(cheap(p).eligible for p in projects)                     "有低价项目" | "A cheap one" @ "办法 2"
  require few   count(p in projects where p.cost > 10元) <= 1                "至多一个大项目" | "One big one" @ "办法 3"
}
scenario "一低一高" for holder as of 2018-06-01 {
  given projects = [ { cost = 100元 }, { cost = 10元 } ]
  expect eligible
}
)");
    const Coverage coverage = covered(it);
    ASSERT_EQ(coverage.versions.size(), 2U);
    EXPECT_TRUE(coverage.versions[0].clauses[0].holds.seen);
    EXPECT_FALSE(coverage.versions[0].clauses[0].fails.seen);
    const auto& low = threshold(it, coverage, "cost <= 100元");
    EXPECT_TRUE(low.border.seen && low.below.seen);
    EXPECT_TRUE(low.above.lacking());
    const auto& big = threshold(it, coverage, "p.cost > 10元");
    EXPECT_TRUE(big.border.seen && big.above.seen);
    EXPECT_TRUE(big.below.lacking());
}

TEST(Coverage, ProbesLeaveAnswersAsTheyAre) {
    const auto it = compiled(std::string(tabled) + R"(
scenario "低档" for tabled as of 2018-06-01 {
  given sales[-1] = 100元, research[-1] = 5元
  expect eligible, grant = 20元
}
scenario "高档" for tabled as of 2019-06-01 {
  given sales[-1] = 300元, research[-1] = 8.99元
  expect ineligible because enough
}
)");
    text::Sink sink;
    const auto probed = codegen::generate_probed(it.model, it.sources, sink);
    ASSERT_TRUE(probed);
    EXPECT_EQ(bytecode::verify(probed->pack).english, "");
    for (const sema::Scenario& scenario : it.model.scenarios) EXPECT_TRUE(run(it.model, probed->pack, scenario).passed()) << scenario.title;
    Meanings meanings;
    EXPECT_EQ(meanings.of(*it.pack), meanings.of(probed->pack));
}

TEST(Mutate, TellsWhatIsNoticedAndWhatIsNot) {
    const auto it = compiled(std::string(small) + R"(
scenario "刚好50人" for small as of 2018-06-01 {
  given staff = 50, clean = true
  expect eligible
}
scenario "违法" for small as of 2018-06-01 like "刚好50人" {
  given clean = false
  expect ineligible because clean_
}
)");
    const Mutants mutants = mutated(it);
    EXPECT_EQ(fate(mutants, "<=", "<"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "50", "49"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "50", "51"), Fate::Unnoticed);
    EXPECT_EQ(fate(mutants, "require few", ""), Fate::Unnoticed);
    EXPECT_EQ(fate(mutants, "require clean_", ""), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "2016-01-01", "2016-01-02"), Fate::Unnoticed);
}

TEST(Mutate, AScenarioThatFailsAnywayNoticesNothing) {
    const auto it = compiled(std::string(small) + R"(
scenario "写错了" for small as of 2018-06-01 {
  given staff = 50, clean = true
  expect ineligible
}
)");
    EXPECT_EQ(mutated(it).count(Fate::Noticed), 0U);
}

TEST(Mutate, ALimitMovesInBothOfItsRows) {
    const auto it = compiled(std::string(tabled) + R"(
scenario "刚好100元" for tabled as of 2019-06-01 {
  given sales[-1] = 100元, research[-1] = 4.99元
  expect ineligible
}
)");
    const Mutants mutants = mutated(it);
    EXPECT_EQ(fate(mutants, "100元", "99.99元"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "100元", "100.01元"), Fate::Unnoticed);
    EXPECT_EQ(fate(mutants, ".. 100元", "..< 100元"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "5%", "4.99%"), Fate::Noticed);
    // A row less leaves a gap: that is no rule, so no scenario is asked to notice it.
    EXPECT_EQ(fate(mutants, ".. 100元 | 5%", ""), Fate::Refused);
}

TEST(Mutate, APublicationIsNoticedByWhoKnewTheDayBefore) {
    const auto it = compiled(std::string(tabled) + R"(
scenario "公布前一日" for tabled as of 2018-06-01 known on 2018-09-19 {
  given sales[-1] = 100元, research[-1] = 9元
  expect grant = 10元
}
)");
    const Mutants mutants = mutated(it);
    EXPECT_EQ(fate(mutants, "published 2018-09-20", "published 2018-09-19"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "published 2018-09-20", "published 2018-09-21"), Fate::Unnoticed);
}

TEST(Mutate, ADayThatOnlyYearEndsAreAskedOfMeansTheSame) {
    const auto it = compiled(R"(
policy yearly_ for firm "按年" | "By year" {
  in force 2016-01-01 ..
  assessed on year_end[0]
  parameter rate : percent "比例" | "Rate" {
    2016-01-01 ..  10%
    2018-01-01 ..  20%
  }
  require clean_  clean  "无违法" | "Clean" @ "办法 1"
  benefit share : percent = rate "比例" | "Rate" @ "办法 2"
}
scenario "2017年" for yearly_ as of 2017-06-01 {
  given clean = true
  expect eligible, share = 10%
}
)");
    const Mutants mutants = mutated(it);
    EXPECT_EQ(fate(mutants, "2018-01-01", "2018-01-02"), Fate::Equivalent);
    EXPECT_EQ(fate(mutants, "2018-01-01", "2017-12-31"), Fate::Noticed);
    EXPECT_EQ(fate(mutants, "20%", "20.01%"), Fate::Unnoticed);
}

TEST(Mutate, WhatIsOnlyShownCannotBeNoticed) {
    const auto it = compiled(R"(
policy shown for firm "只显示" | "Shown" {
  in force 2016-01-01 ..
  let double = staff * 2 "两倍" | "Twice"
  require clean_  clean  "无违法" | "Clean" @ "办法 1"
}
scenario "合格" for shown as of 2018-06-01 {
  given staff = 1, clean = true
  expect eligible
}
)");
    EXPECT_EQ(fate(mutated(it), "2", "3"), Fate::Equivalent);
}

TEST(Mutate, GroupsMembersAndQuantifiersAreChanged) {
    const auto it = compiled(R"(
policy grouped for firm "分组" | "Grouped" {
  in force 2016-01-01 ..
  at least 2 of most "至少两项" | "At least two" @ "办法 1" {
    require a  staff >= 10 and staff < 20        "人数" | "Staff"
    require b  not clean                         "有违法" | "Not clean"
    require c  any(p.kind in {own, bought} for p in projects)  "有项目" | "A project"
  }
}
)");
    std::set<std::string> seen;
    for (const Mutation& each : list_mutations(it.files, it.sources)) seen.insert(each.from + " -> " + each.into);
    for (const char* wanted : {"at least 2 -> at least 1", "at least 2 -> at least 3", "and -> or", "not clean -> clean", "any -> all", "own -> ", "bought -> ",
                               ">= -> >", "< -> <=", "require a -> "})
        EXPECT_TRUE(seen.contains(wanted)) << wanted;
}

TEST(Mutate, TheNumberOfThreadsChangesNothing) {
    const auto it = compiled(std::string(tabled) + R"(
scenario "刚好100元" for tabled as of 2019-06-01 {
  given sales[-1] = 100元, research[-1] = 5元
  expect eligible, grant = 30元
}
)");
    const Mutants one = mutated(it, 1), three = mutated(it, 3);
    ASSERT_EQ(one.each.size(), three.each.size());
    for (std::size_t i = 0; i < one.each.size(); ++i) {
        EXPECT_EQ(one.each[i].fate, three.each[i].fate);
        EXPECT_EQ(one.each[i].noticed_by, three.each[i].noticed_by);
    }
}

TEST(Meanings, AreTheSameForTheSamePolicyAndOthersForAnother) {
    const auto it = compiled(std::string(small)), same = compiled(std::string(small)), other = compiled(R"(
policy small for firm "小企业" | "Small firm" {
  in force 2016-01-01 ..
  require few    staff <= 51   "不超过50人" | "At most 50" @ "办法 1"
  require clean_ clean         "无违法" | "Clean"          @ "办法 2"
}
)");
    Meanings meanings;
    const auto numbers = meanings.of(*it.pack);
    EXPECT_EQ(numbers, meanings.of(*same.pack));
    EXPECT_NE(numbers, meanings.of(*other.pack));
}

}  // namespace
}  // namespace eligo::scenario
