// One policy, all its versions: which is in force, what it comes to.
#include "run.hpp"

namespace eligo::vm {
namespace {

std::int32_t fiscal_year_of(const Profile& profile, const Question& question) {
    return profile.fiscal_year ? *profile.fiscal_year : value::year_of(question.as_of);
}

Plan plan_of(const bytecode::Pack& pack, const bytecode::Policy& policy, const bytecode::Version& version, Checker::Answer answer) {
    std::vector<bytecode::Register> roots{version.in_force};
    bool always = false;
    for (const auto& benefit : version.benefits) {
        if (answer == Checker::Answer::Verdict) break;
        roots.push_back(benefit.measure.value);
        if (benefit.when != bytecode::no_register) roots.push_back(benefit.when);
        always = always || benefit.always;
    }
    // Once a clause fails the verdict stands, and no benefit is left to work out but one that is always given.
    std::vector<bytecode::Register> stops;
    if (!always)
        for (const auto clause : version.top_clauses) stops.push_back(version.clauses[clause].outcome);
    return make_plan(pack, policy.subject, {.roots = roots, .stop_at = stops, .verdict = version.verdict, .first = version.in_force});
}

// By what is true of its being in force, then of its clauses. Looked up, since no one can guess which it will be.
Verdict verdict_of(const Standing& standing) {
    using enum Verdict;
    static constexpr Verdict verdicts[3][3] = {
        {NotInForce, NotInForce, NotInForce},
        {Undetermined, Undetermined, Undetermined},
        {Ineligible, Undetermined, Eligible},
    };
    return verdicts[static_cast<std::size_t>(standing.in_force)][static_cast<std::size_t>(standing.holds)];
}

}  // namespace

Checker::Checker(const bytecode::Pack& pack, bytecode::Index policy, Answer answer) : pack_(&pack), policy_(&pack.policies[policy]) {
    const auto& code = pack.subjects[policy_->subject].program.code;
    versions_.reserve(policy_->versions.size());
    for (const auto& version : policy_->versions) {
        versions_.push_back({.plan = plan_of(pack, *policy_, version, answer)});
        // Mostly the day does not depend on the company; then nothing needs to run to see that it lies outside.
        if (code[version.day].opcode != bytecode::Opcode::AsOf) continue;
        versions_.back().from = version.from;
        versions_.back().to = version.to;
    }
}

Checker::Memory Checker::memory() const {
    Memory memory;
    for (const Version& version : versions_) memory.frames.push_back(make_frame(*pack_, version.plan));
    return memory;
}

Outcome Checker::check(const Profile& profile, const Question& question, Memory& memory) const noexcept {
    const std::int32_t fiscal_year = fiscal_year_of(profile, question);
    Frame* frame = memory.frames.data();
    for (std::uint32_t i = 0; i < versions_.size(); ++i, ++frame) {
        if (question.as_of < versions_[i].from || question.as_of > versions_[i].to) continue;
        const Standing standing = run(*frame, *pack_, profile.row, question, fiscal_year);
        if (standing.in_force != value::Truth::False) return {verdict_of(standing), i};
    }
    return {};
}

Checker::BenefitResult Checker::benefit(const Memory& memory, const Outcome& outcome, std::size_t index) const {
    if (outcome.verdict == Verdict::NotInForce) return {};
    const bytecode::Version& version = policy_->versions[outcome.version];
    const bytecode::Benefit& benefit = version.benefits[index];
    const Frame& frame = memory.frames[outcome.version];
    // A failed clause ends the run, also where it is open whether the policy is in force: no benefit was worked out.
    value::Truth standing = frame.result(version.in_force).truth();
    if (!benefit.always) standing = value::truth_and(standing, frame.result(version.verdict).truth());
    if (standing == value::Truth::False) return {};
    const value::Truth when = benefit.when == bytecode::no_register ? value::Truth::True : frame.result(benefit.when).truth();
    return {value::truth_and(standing, when), frame.result(benefit.measure.value)};
}

}  // namespace eligo::vm
