#include "run_everything.hpp"

#include "../../engine/bytecode/image.hpp"
#include "../../engine/explain/json.hpp"
#include "../../engine/explain/say.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/value/date.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "../../engine/vm/run.hpp"

namespace eligo::oracle {
namespace {

const bytecode::Fact& leaf(const bytecode::Pack& pack, const bytecode::Column& column) { return pack.subjects[column.subject].facts[column.fact()]; }

// All facts at the low end of what they may be, a list with one element: this goes the way of known values as far as it leads.
vm::Profile low_profile(const bytecode::Pack& pack, bytecode::Index subject, value::Day as_of) {
    vm::Profile profile = vm::empty_profile(pack, subject);
    for (bytecode::Index i = 0; i < pack.subjects[subject].columns.size(); ++i) {
        const bytecode::Column& column = pack.subjects[subject].columns[i];
        const bytecode::Fact& fact = leaf(pack, column);
        if (fact.kind == bytecode::Kind::List) {
            if (fact.up_to > 0) (void)vm::set_list(profile, pack.string(column.name), 1);
            continue;
        }
        if (fact.kind == bytecode::Kind::Text) continue;  // numbers a text that the profile would have to hold
        const vm::Cell cell{fact.low, fact.low, vm::CellState::Known};
        const std::int32_t year = value::year_of(as_of);
        for (std::int32_t back = 0; back < (fact.yearly ? 4 : 1); ++back) vm::put(pack, subject, profile.row, i, year - back, cell);
    }
    return profile;
}

// Lists with an element of which nothing is known.
vm::Profile open_profile(const bytecode::Pack& pack, bytecode::Index subject) {
    vm::Profile profile = vm::empty_profile(pack, subject);
    for (const bytecode::Column& column : pack.subjects[subject].columns)
        if (leaf(pack, column).kind == bytecode::Kind::List && leaf(pack, column).up_to > 0) (void)vm::set_list(profile, pack.string(column.name), 1);
    return profile;
}

constexpr value::Day asked_on = value::day_from_civil(2018, 6, 1);

}  // namespace

std::size_t run_everything(const bytecode::Pack& pack, bytecode::Index policy, const vm::Profile& profile) {
    const vm::Question question{.as_of = asked_on};
    const vm::Checker checker(pack, policy);
    auto memory = checker.memory();
    const vm::Outcome outcome = checker.check(profile, question, memory);
    if (outcome.verdict != vm::Verdict::NotInForce)
        for (std::size_t i = 0; i < checker.policy().versions[outcome.version].benefits.size(); ++i) (void)checker.benefit(memory, outcome, i);
    const bytecode::Index policies[] = {policy};
    const explain::Answer answer = explain::answer(pack, policies, profile, question);
    std::size_t said = 0;
    for (const auto language : {explain::Language::Chinese, explain::Language::English}) {
        said += explain::to_json(answer, language).size();
        said += explain::say(answer, {.language = language, .pack = &pack}).size();
    }
    return said;
}

std::size_t run_everything(const bytecode::Pack& pack) {
    std::size_t said = bytecode::disassemble(pack).size();
    for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy) {
        const bytecode::Index subject = pack.policies[policy].subject;
        said += run_everything(pack, policy, vm::empty_profile(pack, subject));
        said += run_everything(pack, policy, open_profile(pack, subject));
        said += run_everything(pack, policy, low_profile(pack, subject, asked_on));
    }
    return said;
}

}  // namespace eligo::oracle
