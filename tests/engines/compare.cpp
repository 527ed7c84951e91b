// The engine against the oracle: every shipped scenario, and as many made-up profiles of every shipped policy as
// ELIGO_PROFILES says (20,000), half of them with facts left open. Verdict, benefits, clauses and missing facts must
// agree, and what is decided must stay decided however the open facts turn out.
// Broken when: an engine, the compiler or the oracle misreads the language. The message shows the profile.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <string>

#include "../../engine/explain/why.hpp"
#include "../../engine/scenario/given.hpp"
#include "../../engine/scenario/run.hpp"
#include "agreement.hpp"
#include "environment.hpp"
#include "oracle.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

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
        EXPECT_EQ(differences(expected, translated(answer)), "") << scenario.title << "\n" << print(rules.model, profile);
        for (const auto& expect : scenario.expects) {
            if (expect.kind != syntax::ExpectKind::Verdict) continue;
            EXPECT_EQ(word(expected.verdict), word(verdict_of(expect.verdict))) << scenario.title;
        }
    }
}

// ---- made-up profiles

std::size_t profile_count() { return from_environment("ELIGO_PROFILES", 20'000); }

class Comparison {
public:
    Comparison(const Rules& rules, sema::Id policy, std::uint32_t seed)
        : rules_(rules), policy_(policy), maker_(rules.model, policy, seed), agreement_(rules, policy) {}

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
        const std::string different = agreement_.differences(made);
        if (!different.empty()) return fail(different, made);
        ++counts_[static_cast<std::size_t>(agreement_.told().verdict)];
        for (int i = 0; i < 2; ++i) {
            const Case closed = maker_.complete(made);
            const std::string broken = agreement_.broken_by(closed) + agreement_.not_settled(made, maker_.complete(made, agreement_.told().missing));
            if (!broken.empty()) return fail(broken + "completed from:\n" + print(rules_.model, made.profile) + "to:\n", closed);
        }
    }

    const Rules& rules_;
    sema::Id policy_;
    Maker maker_;
    Agreement agreement_;
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

// What once went wrong, and what is told apart by a hair: directed/ holds a policy an aspect, each with its scenarios.
TEST(Directed, policies_do_as_their_scenarios_say_and_the_oracle_agrees) {
    std::size_t policies = 0;
    for (const auto& [name, rules] : directed_rules()) {
        ASSERT_TRUE(rules.pack && rules.errors.empty()) << name << ":\n" << rules.errors;
        for (const auto& outcome : scenario::run_all(rules.model, *rules.pack))
            for (const auto& mismatch : outcome.mismatches) ADD_FAILURE() << name << ", " << outcome.title << ": " << mismatch.english;
        for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy, ++policies) Comparison(rules, policy, 20110101).run(300);
    }
    EXPECT_GT(policies, 0U) << "nothing was tried";
}

// How often interval arithmetic is more cautious than the truth: of the shipped policies' verdicts that are undetermined, those
// that came to one and the same in every completion that was tried. Sampling finds too many of them rather than too few.
TEST(Caution, is_measured_on_the_shipped_rules) {
    constexpr int undetermined = 150, completions = 200, attempts = 20'000;
    const Rules& rules = shipped_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) {
        Maker maker(rules.model, policy, 20180101);
        Agreement agreement(rules, policy);
        int open = 0, by_rule = 0, cautious = 0;
        for (int attempt = 0; attempt < attempts && open < undetermined; ++attempt) {
            const Case made = maker.make();
            if (agreement.verdict(made) != Verdict::Undetermined) continue;
            ++open;
            const Verdict first = agreement.verdict(maker.complete(made));
            if (first == Verdict::Undetermined) {  // with everything known: the rule is silent
                ++by_rule;
                continue;
            }
            int alike = 1;
            while (alike < completions && agreement.verdict(maker.complete(made)) == first) ++alike;
            cautious += alike == completions ? 1 : 0;
        }
        std::cout << rules.model.policies[policy].name << ": " << open << " undetermined, of which " << by_rule << " by the rule and " << cautious << " came to the same in all of " << completions << " completions\n";
        EXPECT_GT(open, 0) << "no undetermined verdict was made";
        EXPECT_LT(cautious * 2, open + 1) << "most of what is called undetermined is not";
    }
}

TEST(Rules, are_all_compared) {
    static constexpr const char* compared[] = {"high_tech_enterprise", "technology_sme", "rd_super_deduction", "angel_claim", "angel_compensation"};
    for (const auto& policy : shipped_rules().model.policies)
        EXPECT_NE(std::find(std::begin(compared), std::end(compared), policy.name), std::end(compared)) << policy.name << " is shipped and not compared";
}

}  // namespace
}  // namespace eligo::oracle
