// One policy, all its versions: what each is asked for, and what its benefits come to. The check itself stands beside the loop it
// runs (run.cpp).
#include "run.hpp"

namespace eligo::vm {
namespace {

// Whether the day asked about settles alone whether a version is in force: from some day on, until some day, or both.
bool hangs_on_the_day_alone(const std::vector<bytecode::Instruction>& code, bytecode::Register in_force) {
    const auto is = [&code](bytecode::Register number, bytecode::Opcode opcode) { return code[number].opcode == opcode; };
    const auto is_day = [&](bytecode::Register number) { return is(number, bytecode::Opcode::AsOf) || is(number, bytecode::Opcode::Constant); };
    const auto compares_days = [&](bytecode::Register number) { return is(number, bytecode::Opcode::LessEqual) && is_day(code[number].a) && is_day(code[number].b); };
    if (is(in_force, bytecode::Opcode::ConstantB) || compares_days(in_force)) return true;
    return is(in_force, bytecode::Opcode::And) && compares_days(code[in_force].a) && compares_days(code[in_force].b);
}

// `in_force`: it is only asked about where it is.
Plan plan_of(const bytecode::Pack& pack, const bytecode::Policy& policy, const bytecode::Version& version, Checker::Answer answer, bool in_force) {
    std::vector<bytecode::Register> roots;
    if (!in_force) roots.push_back(version.in_force);
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
    return make_plan(pack, policy.subject, {.roots = roots, .stop_at = stops, .verdict = version.verdict, .first = in_force ? bytecode::no_register : version.in_force,
                                            .verdict_alone = answer == Checker::Answer::Verdict || version.benefits.empty()});
}

}  // namespace

Checker::Checker(const bytecode::Pack& pack, bytecode::Index policy, Answer answer) : pack_(&pack), policy_(&pack.policies[policy]) {
    const auto& code = pack.subjects[policy_->subject].program.code;
    plans_.reserve(policy_->versions.size());
    periods_.reserve(policy_->versions.size());
    for (const auto& version : policy_->versions) {
        // Mostly the day does not depend on the company; then nothing needs to run to see whether it lies inside.
        const bool plain = code[version.day].opcode == bytecode::Opcode::AsOf && hangs_on_the_day_alone(code, version.in_force);
        plans_.push_back(plan_of(pack, *policy_, version, answer, plain));
        periods_.push_back(plain ? Period{version.from, version.to} : Period{});
        if (answer == Answer::VerdictAndBenefits) seats_.push_back(seats_in(plans_.back(), version));
    }
}

std::size_t Checker::bytes() const {
    std::size_t bytes = sizeof(Checker) + periods_.capacity() * sizeof periods_[0] + seats_.capacity() * sizeof seats_[0];
    for (const Plan& plan : plans_) bytes += bytes_of(plan);
    for (const VersionSeats& seats : seats_) bytes += seats.benefits.capacity() * sizeof seats.benefits[0];
    return bytes;
}

std::size_t Checker::steps() const {
    std::size_t steps = 0;
    for (const Plan& plan : plans_) steps += plan.steps[0].size() + plan.steps[1].size();
    return steps;
}

Checker::VersionSeats Checker::seats_in(const Plan& plan, const bytecode::Version& version) {
    const auto seat = [&plan](bytecode::Register number) {
        const Seat* const found = plan.seats.find(number);
        return found == nullptr ? Seat{} : *found;
    };
    VersionSeats seats{seat(version.in_force), seat(version.verdict), {}};
    for (const auto& benefit : version.benefits) seats.benefits.push_back({benefit.when == bytecode::no_register ? Seat{} : seat(benefit.when), seat(benefit.measure.value)});
    return seats;
}

Checker::Memory Checker::memory() const {
    Memory memory;
    for (std::uint32_t i = 0; i < plans_.size(); ++i) memory.frames.push_back(make_frame(*pack_, plans_[i], i));
    return memory;
}

Checker::BenefitResult Checker::benefit(const Memory& memory, const Outcome& outcome, std::size_t index) const {
    if (outcome.verdict == Verdict::NotInForce) return {};
    const bytecode::Benefit& benefit = policy_->versions[outcome.version].benefits[index];
    const VersionSeats& seats = seats_[outcome.version];
    const Frame& frame = memory.frames[outcome.version];
    // A failed clause ends the run, also where it is open whether the policy is in force: no benefit was worked out.
    value::Truth standing = frame.plan().first_register == bytecode::no_register ? value::Truth::True : frame.truth(seats.in_force);
    if (!benefit.always) standing = value::truth_and(standing, frame.truth(seats.verdict));
    if (standing == value::Truth::False) return {};
    const value::Truth when = benefit.when == bytecode::no_register ? value::Truth::True : frame.truth(seats.benefits[index].when);
    return {value::truth_and(standing, when), frame.result(seats.benefits[index].value)};
}

}  // namespace eligo::vm
