// What a pack says a check costs at most is what the engine keeps to: steps really executed and words really used, on the
// profiles that cost most (every list full, facts known and not). Broken when: a bound is too low, or so high that it says nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/vm/run.hpp"
#include "counted_run.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

// Every list with as many elements as it may have, copies of those it has.
void fill_lists(const bytecode::Pack& pack, bytecode::Index subject, vm::Profile& profile) {
    const auto& columns = pack.subjects[subject].columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& fact = pack.subjects[columns[i].subject].facts[columns[i].fact()];
        if (fact.kind != bytecode::Kind::List) continue;
        auto& list = profile.row.list(static_cast<bytecode::Index>(i));
        list.state = vm::CellState::Known;
        if (list.rows.empty()) list.rows.emplace_back(pack, fact.ref);
        for (std::size_t k = 0; list.rows.size() < fact.up_to; ++k) list.rows.push_back(vm::Row(list.rows[k]));
    }
}

struct Named {
    const char* name;
    const Rules& (*rules)();
    friend std::ostream& operator<<(std::ostream& out, const Named& named) { return out << named.name; }
};

class Bounds : public testing::TestWithParam<Named> {};

TEST_P(Bounds, are_kept_with_every_list_full) {
    const Rules& rules = GetParam().rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    int over_sets = 0, tight = 0;
    for (bytecode::Index policy = 0; policy < rules.pack->policies.size(); ++policy) {
        const auto& compiled = rules.pack->policies[policy];
        const std::string name = rules.pack->string(compiled.name);
        const bytecode::Cost cost = bytecode::cost_of(*rules.pack, compiled);
        const vm::Checker checker(*rules.pack, policy);
        auto memory = checker.memory();
        ASSERT_EQ(memory.frames.size(), compiled.versions.size());
        for (std::size_t i = 0; i < memory.frames.size(); ++i)
            EXPECT_LE(memory.frames[i].plan().words, compiled.versions[i].bounds.words) << name;
        Maker maker(rules.model, policy, 20180901);
        std::uint64_t most = 0;
        for (int i = 0; i < 200; ++i) {
            const Case made = i % 2 == 0 ? maker.make() : maker.complete(maker.make());
            std::string problems;
            vm::Profile profile = engine_profile(rules.model, *rules.pack, made.profile, problems);
            ASSERT_EQ(problems, "");
            fill_lists(*rules.pack, compiled.subject, profile);
            const std::uint64_t before = executed_steps;
            const auto outcome = checker.check(profile, {made.question.as_of, made.question.known_on}, memory);
            const std::uint64_t steps = executed_steps - before;
            most = std::max(most, steps);
            const bool sets = outcome.verdict != vm::Verdict::NotInForce && memory.frames[outcome.version].over_sets();
            over_sets += sets ? 1 : 0;
            ASSERT_LE(steps, cost.instructions_with_sets) << name << "\n" << print(rules.model, made.profile);
            const bool certain = outcome.verdict != vm::Verdict::NotInForce && compiled.versions.size() == 1 && !sets;
            if (certain) {
                ASSERT_LE(steps, cost.instructions) << name << "\n" << print(rules.model, made.profile);
            }
        }
        tight += most * 4 >= cost.instructions ? 1 : 0;
    }
    EXPECT_GT(over_sets, 0) << "nothing was checked over sets";
    EXPECT_GT(tight, 0) << "the bounds say little";
}

INSTANTIATE_TEST_SUITE_P(Packs, Bounds, testing::Values(Named{"shipped", &shipped_rules}, Named{"features", &feature_rules}), [](const auto& named) { return std::string(named.param.name); });

}  // namespace
}  // namespace eligo::oracle
