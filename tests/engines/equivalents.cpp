// Changes to the rules that are held to mean the same, so that no scenario is asked to notice them: no profile may tell the
// changed rules from the rules. Profiles are made up by the rules that are shipped and by features.policy.
// Broken when: scenario/meaning.cpp gives one number to two values that differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../../engine/codegen/generate.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/scenario/meaning.hpp"
#include "../../engine/scenario/mutations.hpp"
#include "../../engine/sema/check.hpp"
#include "../../engine/syntax/parse.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

std::vector<syntax::File> parsed(const Rules& rules) {
    std::vector<syntax::File> files;
    text::Sink sink;
    for (text::FileId id = 0; id < rules.sources.size(); ++id) files.push_back(syntax::parse(rules.sources, id, sink));
    return files;
}

void tell(const std::vector<explain::Clause>& clauses, std::string& text) {
    for (const explain::Clause& clause : clauses) {
        text += clause.id + (clause.outcome == value::Truth::True ? " holds\n" : clause.outcome == value::Truth::False ? " fails\n" : " unknown\n");
        tell(clause.clauses, text);
    }
}

// All that a scenario can expect of an answer.
std::string told(explain::Explainer& explainer, const vm::Profile& profile, const explain::Question& question) {
    const explain::PolicyAnswer answer = explainer.why(profile, question);
    std::string text = std::string(explain::verdict_name(answer.verdict)) + "\n";
    tell(answer.clauses, text);
    for (const auto& benefit : answer.benefits)
        text += std::string(benefit.name) + " = " + benefit.shown.low + " .. " + benefit.shown.high + " " + std::to_string(static_cast<int>(benefit.shown.state)) + "\n";
    for (const std::string& path : answer.missing) text += "missing " + path + "\n";
    return text;
}

// How many of the changes mean the same; each is tried on profiles of every policy.
std::size_t try_equivalents(const Rules& rules, std::uint32_t profiles) {
    const std::vector<syntax::File> files = parsed(rules);
    scenario::Meanings meanings;
    const auto before = meanings.of(*rules.pack);
    std::size_t equivalents = 0;
    for (const scenario::Mutation& mutation : scenario::list_mutations(files, rules.sources)) {
        std::vector<syntax::File> changed = files;
        mutation.apply(changed[mutation.file]);
        text::Sink sink;
        const sema::Model model = sema::check(changed, rules.sources, sink);
        const auto pack = sink.has_errors() ? std::nullopt : codegen::generate(model, rules.sources, sink);
        if (!pack || meanings.of(*pack) != before) continue;
        ++equivalents;
        for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) {
            Maker maker(rules.model, policy, 7 + policy);
            explain::Explainer explainer(*rules.pack, policy, explain::unbounded), other(*pack, policy, explain::unbounded);
            for (std::uint32_t i = 0; i < profiles; ++i) {
                const Case made = maker.make();
                std::string problems;
                const vm::Profile here = engine_profile(rules.model, *rules.pack, made.profile, problems), there = engine_profile(model, *pack, made.profile, problems);
                const explain::Question question{made.question.as_of, made.question.known_on};
                EXPECT_EQ(told(explainer, here, question), told(other, there, question))
                    << mutation.from << " -> " << mutation.into << "\n" << print(rules.model, made.profile);
                if (testing::Test::HasFailure()) return equivalents;
            }
        }
    }
    return equivalents;
}

TEST(Equivalents, OfTheShippedRulesCannotBeToldApart) { EXPECT_GT(try_equivalents(shipped_rules(), 40), 10U); }
TEST(Equivalents, OfTheFeaturesCannotBeToldApart) { EXPECT_GT(try_equivalents(feature_rules(), 100), 0U); }

}  // namespace
}  // namespace eligo::oracle
