// The engine against the oracle: every shipped scenario, and as many made-up profiles of every shipped policy as
// ELIGO_PROFILES says (20,000), half of them with facts left open. Verdict, benefits, clauses and missing facts must
// agree, and what is decided must stay decided however the open facts turn out.
// Broken when: an engine, the compiler or the oracle misreads the language. The message shows the profile.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "../../engine/explain/why.hpp"
#include "../../engine/scenario/given.hpp"
#include "../../engine/value/rational.hpp"
#include "../../engine/vm/run.hpp"
#include "oracle.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

std::string word(Verdict verdict) {
    switch (verdict) {
        case Verdict::Eligible: return "eligible";
        case Verdict::Ineligible: return "ineligible";
        case Verdict::Undetermined: return "undetermined";
        case Verdict::NotInForce: return "not_in_force";
    }
    return "";
}
std::string word(Truth truth) { return truth == Truth::True ? "holds" : truth == Truth::False ? "fails" : "unknown"; }
std::string word(const Amount& amount) { return amount.low == amount.high ? amount.low.str() : amount.low.str() + " .. " + amount.high.str(); }

// ---- the engine's answer in the oracle's terms

void gather(const std::vector<explain::Clause>& clauses, std::map<std::string, Truth>& outcomes) {
    for (const auto& clause : clauses) {
        if (clause.is_element) continue;
        outcomes[clause.id] = clause.outcome;
        gather(clause.clauses, outcomes);
    }
}

std::optional<Number> number_in(const std::string& text) {
    if (text == "true" || text == "false") return Number(text == "true" ? 1 : 0);
    const auto rational = value::parse_decimal(text);
    return rational ? std::optional<Number>(number_of(*rational)) : std::nullopt;
}

Answer translated(const explain::PolicyAnswer& from) {
    Answer answer;
    for (const Verdict verdict : {Verdict::Eligible, Verdict::Ineligible, Verdict::Undetermined, Verdict::NotInForce})
        if (explain::verdict_name(from.verdict) == word(verdict)) answer.verdict = verdict;
    gather(from.clauses, answer.clauses);
    answer.missing = from.missing;
    std::sort(answer.missing.begin(), answer.missing.end());
    for (const auto& benefit : from.benefits) {
        Amount amount;
        amount.given = Truth::True;
        const auto low = number_in(benefit.shown.low), high = number_in(benefit.shown.high.empty() ? benefit.shown.low : benefit.shown.high);
        amount.low = low.value_or(0);
        amount.high = high.value_or(amount.low);
        answer.benefits[benefit.name] = amount;
    }
    return answer;
}

// What people are shown of a benefit: those that have a value or may have one, once the verdict is eligible or always.
std::map<std::string, Amount> shown_benefits(const sema::Policy& policy, const Answer& answer) {
    std::map<std::string, Amount> shown;
    for (const auto& [name, amount] : answer.benefits) {
        const bool always = std::any_of(policy.versions.begin(), policy.versions.end(), [&](const auto& version) {
            return std::any_of(version.benefits.begin(), version.benefits.end(), [&](const auto& benefit) { return benefit.name == name && benefit.always; });
        });
        if (amount.given != Truth::False && (answer.verdict == Verdict::Eligible || always)) shown[name] = amount;
    }
    return shown;
}

std::string differences(const sema::Policy& policy, const Answer& expected, const Answer& found) {
    std::string text;
    if (expected.verdict != found.verdict) text += "verdict: oracle " + word(expected.verdict) + ", engine " + word(found.verdict) + "\n";
    for (const auto& [path, outcome] : expected.clauses) {
        const auto other = found.clauses.find(path);
        if (other == found.clauses.end()) text += "clause " + path + ": the engine does not tell it\n";
        else if (other->second != outcome) text += "clause " + path + ": oracle " + word(outcome) + ", engine " + word(other->second) + "\n";
    }
    const auto shown = shown_benefits(policy, expected);
    for (const auto& [name, amount] : shown) {
        const auto other = found.benefits.find(name);
        if (other == found.benefits.end()) text += "benefit " + name + ": oracle " + word(amount) + ", engine nothing\n";
        else if (other->second.low != amount.low || other->second.high != amount.high) text += "benefit " + name + ": oracle " + word(amount) + ", engine " + word(other->second) + "\n";
    }
    for (const auto& [name, amount] : found.benefits)
        if (!shown.contains(name)) text += "benefit " + name + ": oracle nothing, engine " + word(amount) + "\n";
    if (expected.missing != found.missing) {
        const auto list = [](const std::vector<std::string>& names) {
            std::string all;
            for (const auto& name : names) all += " " + name;
            return all;
        };
        text += "missing: oracle" + list(expected.missing) + ", engine" + list(found.missing) + "\n";
    }
    return text;
}

// The short way to a verdict, which stops early and tells nothing, must come to the same.
std::string check_differences(const bytecode::Pack& pack, const vm::Checker& checker, vm::Checker::Memory& memory, const vm::Profile& profile, const Question& question, const Answer& expected) {
    std::string text;
    const auto outcome = checker.check(profile, {question.as_of, question.known_on}, memory);
    static constexpr Verdict verdicts[] = {Verdict::Eligible, Verdict::Ineligible, Verdict::Undetermined, Verdict::NotInForce};
    const Verdict verdict = verdicts[static_cast<std::size_t>(outcome.verdict)];
    if (verdict != expected.verdict) return "check: oracle " + word(expected.verdict) + ", engine " + word(verdict) + "\n";
    if (verdict == Verdict::NotInForce) return text;
    const auto& benefits = checker.policy().versions[outcome.version].benefits;
    for (std::size_t i = 0; i < benefits.size(); ++i) {
        const auto result = checker.benefit(memory, outcome, i);
        const auto& amount = expected.benefits.at(pack.string(benefits[i].name));
        if (result.given != amount.given) text += "check of " + pack.string(benefits[i].name) + ": given, oracle " + word(amount.given) + ", engine " + word(result.given) + "\n";
        if (result.given == Truth::False || amount.given == Truth::False) continue;
        const auto& unit = benefits[i].measure.unit;
        const auto number = [&](value::Int128 value) { return number_of(value::Rational::of(value, 1)) * Number(unit.numerator, unit.denominator); };
        const Amount found{result.given, number(result.amount.low), number(result.amount.high)};
        if (found.low != amount.low || found.high != amount.high) text += "check of " + pack.string(benefits[i].name) + ": oracle " + word(amount) + ", engine " + word(found) + "\n";
    }
    return text;
}

// ---- scenarios

Verdict verdict_of(syntax::Verdict verdict) {
    switch (verdict) {
        case syntax::Verdict::Eligible: return Verdict::Eligible;
        case syntax::Verdict::Ineligible: return Verdict::Ineligible;
        case syntax::Verdict::Undetermined: return Verdict::Undetermined;
        case syntax::Verdict::NotInForce: return Verdict::NotInForce;
    }
    return Verdict::NotInForce;
}

TEST(Rules, compile_and_verify) { ASSERT_EQ(shipped_rules().errors, ""); }

TEST(Scenarios, come_to_the_same_in_the_oracle_and_the_engine) {
    const Rules& rules = shipped_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    ASSERT_FALSE(rules.model.scenarios.empty());
    for (const auto& scenario : rules.model.scenarios) {
        const Profile profile = profile_of(rules.model, scenario);
        const Question question{scenario.as_of, scenario.known_on.value_or(value::last_day)};
        const Answer expected = ask(rules.model, scenario.policy, profile, question);
        std::vector<scenario::Mismatch> mismatches;
        const vm::Profile given = scenario::make_profile(rules.model, *rules.pack, scenario, mismatches);
        const auto answer = explain::why(*rules.pack, scenario.policy, given, {question.as_of, question.known_on});
        EXPECT_EQ(differences(rules.model.policies[scenario.policy], expected, translated(answer)), "") << scenario.title << "\n" << print(rules.model, profile);
        for (const auto& expect : scenario.expects) {
            if (expect.kind != syntax::ExpectKind::Verdict) continue;
            EXPECT_EQ(word(expected.verdict), word(verdict_of(expect.verdict))) << scenario.title;
        }
    }
}

// ---- made-up profiles

std::size_t profile_count() {
    const char* const given = std::getenv("ELIGO_PROFILES");
    return given != nullptr ? std::strtoull(given, nullptr, 10) : 20'000;
}

class Comparison {
public:
    Comparison(const Rules& rules, sema::Id policy, std::uint32_t seed)
        : rules_(rules), policy_(policy), maker_(rules.model, policy, seed), checker_(*rules.pack, policy), memory_(checker_.memory()), explainer_(*rules.pack, policy) {}

    void run(std::size_t count) {
        for (std::size_t i = 0; i < count && failures_ < 3; ++i) try_one(maker_.make());
        const auto& versions = rules_.model.policies[policy_].versions;
        if (count < 1'000 || versions.empty()) return;
        EXPECT_GT(counts_[0], 0) << "no eligible profile was made, so that half of the policy was not tried";
        EXPECT_GT(counts_[1], 0) << "no ineligible profile was made";
        EXPECT_GT(counts_[2], 0) << "no undetermined profile was made";
    }

private:
    void fail(const std::string& what, const Case& made) {
        ++failures_;
        ADD_FAILURE() << rules_.model.policies[policy_].name << " as of " << value::format_date(made.question.as_of) << " known on " << value::format_date(made.question.known_on) << "\n"
                      << what << print(rules_.model, made.profile);
    }

    void try_one(const Case& made) {
        std::string problems;
        const vm::Profile given = engine_profile(rules_.model, *rules_.pack, made.profile, problems);
        if (!problems.empty()) return fail("refused: " + problems, made);
        const Answer expected = ask(rules_.model, policy_, made.profile, made.question);
        ++counts_[static_cast<std::size_t>(expected.verdict)];
        const auto answer = translated(explainer_.why(given, {made.question.as_of, made.question.known_on}));
        std::string different = differences(rules_.model.policies[policy_], expected, answer);
        different += check_differences(*rules_.pack, checker_, memory_, given, made.question, expected);
        if (!different.empty()) return fail(different, made);
        for (int i = 0; i < 2; ++i) try_completion(made, expected);
    }

    // What was decided stays decided, and amounts stay within what was told of them.
    void try_completion(const Case& open, const Answer& told) {
        const Case closed = maker_.complete(open);
        std::string problems;
        const vm::Profile given = engine_profile(rules_.model, *rules_.pack, closed.profile, problems);
        if (!problems.empty()) return fail("a completion is refused: " + problems, closed);
        const Answer found = translated(explainer_.why(given, {closed.question.as_of, closed.question.known_on}));
        std::string broken;
        if (told.verdict != Verdict::Undetermined && found.verdict != told.verdict) broken += "was " + word(told.verdict) + ", became " + word(found.verdict) + "\n";
        for (const auto& [path, outcome] : told.clauses)
            if (outcome != Truth::Unknown && found.clauses.contains(path) && found.clauses.at(path) != outcome) broken += "clause " + path + " was decided and turned\n";
        if (told.verdict == Verdict::Eligible)
            for (const auto& [name, amount] : found.benefits) {
                const Amount& before = told.benefits.at(name);
                if (before.given == Truth::False || amount.low < before.low || amount.high > before.high) broken += "benefit " + name + " was " + word(before) + ", became " + word(amount) + "\n";
            }
        if (!broken.empty()) fail(broken + "completed from:\n" + print(rules_.model, open.profile) + "to:\n", closed);
    }

    const Rules& rules_;
    sema::Id policy_;
    Maker maker_;
    vm::Checker checker_;
    vm::Checker::Memory memory_;
    explain::Explainer explainer_;
    int counts_[4] = {};
    int failures_ = 0;
};

class MadeUp : public testing::TestWithParam<const char*> {};

TEST_P(MadeUp, profiles_come_to_the_same_in_the_oracle_and_the_engine) {
    const Rules& rules = shipped_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy)
        if (rules.model.policies[policy].name == GetParam()) return Comparison(rules, policy, 20160101).run(profile_count());
    FAIL() << "no such policy";
}

INSTANTIATE_TEST_SUITE_P(Shipped, MadeUp, testing::Values("high_tech_enterprise", "technology_sme", "rd_super_deduction", "angel_claim", "angel_compensation"),
                         [](const auto& policy) { return std::string(policy.param); });

// The same on a policy that uses what the shipped ones do not.
TEST(Features, come_to_the_same_in_the_oracle_and_the_engine) {
    const Rules& rules = feature_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) Comparison(rules, policy, 20120101).run(profile_count());
}

TEST(Rules, are_all_compared) {
    static constexpr const char* compared[] = {"high_tech_enterprise", "technology_sme", "rd_super_deduction", "angel_claim", "angel_compensation"};
    for (const auto& policy : shipped_rules().model.policies)
        EXPECT_NE(std::find(std::begin(compared), std::end(compared), policy.name), std::end(compared)) << policy.name << " is shipped and not compared";
}

}  // namespace
}  // namespace eligo::oracle
