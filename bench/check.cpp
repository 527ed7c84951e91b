// One process, all figures of a single check: the shipped rules compiled, then one firm against one policy by hand, by the
// engine, with reasons as data, and with reasons as text. Before anything is measured the engine and the hand-written
// rules are compared on every firm; where they differ the program says where and measures nothing.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "../engine/bytecode/image.hpp"
#include "../engine/explain/say.hpp"
#include "../engine/explain/why.hpp"
#include "../engine/vm/run.hpp"
#include "firms.hpp"
#include "hand_written.hpp"
#include "order.hpp"
#include "rules.hpp"

namespace eligo::bench {
namespace {

constexpr std::size_t firm_count = 512;

// ---- what is checked: firms as structs and as profiles

struct Bench {
    std::vector<Source> rules = shipped_rules();
    bytecode::Pack pack;
    std::vector<std::uint8_t> image;
    std::vector<Firm> firms[2];  // by Knowledge
    std::vector<vm::Profile> profiles[2];

    bool prepare() {
        auto compiled = compile(rules);
        if (!compiled) return false;
        pack = std::move(*compiled);
        image = bytecode::write_image(pack);
        for (const Knowledge knowledge : {Knowledge::Complete, Knowledge::Gaps}) {
            const auto which = static_cast<std::size_t>(knowledge);
            firms[which] = make_firms(firm_count, knowledge);
            for (const Firm& firm : firms[which]) profiles[which].push_back(profile_of(pack, firm));
        }
        return true;
    }
};

Bench& bench() {
    static Bench made;
    return made;
}

// The 2016 rules are asked on 1 June of the fiscal year, the deduction in the spring after.
Day high_tech_day(const Firm& firm) { return value::day_from_civil(firm.fiscal_year, 6, 1); }
Day deduction_day(const Firm& firm) { return value::day_from_civil(firm.fiscal_year + 1, 5, 31); }

Truth truth_of(vm::Verdict verdict) { return verdict == vm::Verdict::Eligible ? Truth::True : verdict == vm::Verdict::Undetermined ? Truth::Unknown : Truth::False; }

// ---- the two must agree

bool differ(const char* policy, std::size_t firm, const char* what) {
    std::fprintf(stderr, "%s, firm %zu: %s differs between the engine and the rules written by hand\n", policy, firm, what);
    return true;
}

bool high_tech_differs(Knowledge knowledge) {
    const auto which = static_cast<std::size_t>(knowledge);
    const vm::Checker checker(bench().pack, policy_named(bench().pack, "high_tech_enterprise"));
    auto memory = checker.memory();
    for (std::size_t i = 0; i < firm_count; ++i) {
        const Firm& firm = bench().firms[which][i];
        const auto outcome = checker.check(bench().profiles[which][i], {.as_of = high_tech_day(firm)}, memory);
        if (outcome.verdict == vm::Verdict::NotInForce || truth_of(outcome.verdict) != high_tech_enterprise(firm, high_tech_day(firm))) return differ("high_tech_enterprise", i, "the verdict");
    }
    return false;
}

// The amount of a benefit in fen; the rate in percent.
Int128 amount_of(const vm::Checker& checker, const vm::Checker::Memory& memory, const vm::Outcome& outcome, std::size_t benefit, Int128 scale) {
    const auto& unit = checker.policy().versions[outcome.version].benefits[benefit].measure.unit;
    return checker.benefit(memory, outcome, benefit).amount.low * unit.numerator * scale / unit.denominator;
}

bool deduction_differs(Knowledge knowledge) {
    const auto which = static_cast<std::size_t>(knowledge);
    const vm::Checker checker(bench().pack, policy_named(bench().pack, "rd_super_deduction"));
    auto memory = checker.memory();
    for (std::size_t i = 0; i < firm_count; ++i) {
        const Firm& firm = bench().firms[which][i];
        const auto outcome = checker.check(bench().profiles[which][i], {.as_of = deduction_day(firm)}, memory);
        const Deduction expected = rd_super_deduction(firm);
        if (outcome.verdict == vm::Verdict::NotInForce || truth_of(outcome.verdict) != expected.verdict) return differ("rd_super_deduction", i, "the verdict");
        if (expected.verdict != Truth::True) continue;
        if (checker.benefit(memory, outcome, 0).given != value::truth_of(!expected.two_rates)) return differ("rd_super_deduction", i, "whether there is one rate");
        if (!expected.two_rates && amount_of(checker, memory, outcome, 0, 100) != expected.rate) return differ("rd_super_deduction", i, "the rate");
        if (amount_of(checker, memory, outcome, 1, 100) != expected.base) return differ("rd_super_deduction", i, "the base");
        if (amount_of(checker, memory, outcome, 2, 100) != expected.deduction) return differ("rd_super_deduction", i, "the deduction");
    }
    return false;
}

// ---- measurements

using DayOf = Day (*)(const Firm&);

// Which day is asked about is the caller's to say, and no part of a check.
std::vector<Day> days_of(const std::vector<Firm>& firms, DayOf day) {
    std::vector<Day> days;
    for (const Firm& firm : firms) days.push_back(day(firm));
    return days;
}

void compile_rules(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(compile(bench().rules));
}

void load_pack(benchmark::State& state) {
    bytecode::Fault fault;
    for (auto _ : state) benchmark::DoNotOptimize(bytecode::read_image(bench().image, fault));
}

void high_tech_by_hand(benchmark::State& state, Knowledge knowledge) {
    const auto& firms = bench().firms[static_cast<std::size_t>(knowledge)];
    const auto days = days_of(firms, high_tech_day);
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        benchmark::DoNotOptimize(high_tech_enterprise(firms[i], days[i]));
    }
}

void deduction_verdict_by_hand(benchmark::State& state, Knowledge knowledge) {
    const auto& firms = bench().firms[static_cast<std::size_t>(knowledge)];
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        benchmark::DoNotOptimize(may_deduct(firms[i]));
    }
}

void deduction_by_hand(benchmark::State& state, Knowledge knowledge) {
    const auto& firms = bench().firms[static_cast<std::size_t>(knowledge)];
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        benchmark::DoNotOptimize(rd_super_deduction(firms[i]));
    }
}

void check(benchmark::State& state, const char* policy, DayOf day, Knowledge knowledge, vm::Checker::Answer answer) {
    const auto which = static_cast<std::size_t>(knowledge);
    const vm::Checker checker(bench().pack, policy_named(bench().pack, policy), answer);
    auto memory = checker.memory();
    const auto& profiles = bench().profiles[which];
    const auto days = days_of(bench().firms[which], day);
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        benchmark::DoNotOptimize(checker.check(profiles[i], {.as_of = days[i]}, memory));
    }
}

void reasons(benchmark::State& state, const char* policy, DayOf day, Knowledge knowledge) {
    const auto which = static_cast<std::size_t>(knowledge);
    explain::Explainer explainer(bench().pack, policy_named(bench().pack, policy));
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        benchmark::DoNotOptimize(explainer.why(bench().profiles[which][i], {.as_of = day(bench().firms[which][i])}));
    }
}

void reasons_as_text(benchmark::State& state, const char* policy, DayOf day, Knowledge knowledge) {
    const auto which = static_cast<std::size_t>(knowledge);
    explain::Explainer explainer(bench().pack, policy_named(bench().pack, policy));
    Order order(firm_count);
    for (auto _ : state) {
        const std::size_t i = order.next();
        const Day as_of = day(bench().firms[which][i]);
        benchmark::DoNotOptimize(explain::say(explainer.why(bench().profiles[which][i], {.as_of = as_of}), as_of, {}).text());
    }
}

void announce() {
    benchmark::RegisterBenchmark("compile_all_shipped_rules", compile_rules)->Unit(benchmark::kMillisecond);
    benchmark::RegisterBenchmark("load_compiled_pack", load_pack)->Unit(benchmark::kMicrosecond);
    for (const Knowledge knowledge : {Knowledge::Complete, Knowledge::Gaps}) {
        const std::string facts = knowledge == Knowledge::Complete ? "/all_known" : "/some_missing";
        benchmark::RegisterBenchmark(("high_tech_enterprise/verdict_by_hand" + facts).c_str(), high_tech_by_hand, knowledge);
        benchmark::RegisterBenchmark(("rd_super_deduction/verdict_by_hand" + facts).c_str(), deduction_verdict_by_hand, knowledge);
        benchmark::RegisterBenchmark(("rd_super_deduction/check_by_hand" + facts).c_str(), deduction_by_hand, knowledge);
        for (const auto& [policy, day] : {std::pair("high_tech_enterprise", &high_tech_day), std::pair("rd_super_deduction", &deduction_day)}) {
            const std::string name = policy;
            benchmark::RegisterBenchmark((name + "/verdict" + facts).c_str(), check, policy, day, knowledge, vm::Checker::Answer::Verdict);
            benchmark::RegisterBenchmark((name + "/check" + facts).c_str(), check, policy, day, knowledge, vm::Checker::Answer::VerdictAndBenefits);
            benchmark::RegisterBenchmark((name + "/reasons" + facts).c_str(), reasons, policy, day, knowledge);
            benchmark::RegisterBenchmark((name + "/reasons_as_text" + facts).c_str(), reasons_as_text, policy, day, knowledge);
        }
    }
}

}  // namespace
}  // namespace eligo::bench

int main(int count, char** arguments) {
    using namespace eligo::bench;
    if (!bench().prepare()) {
        std::fprintf(stderr, "the shipped rules do not compile\n");
        return 1;
    }
    for (const Knowledge knowledge : {Knowledge::Complete, Knowledge::Gaps})
        if (high_tech_differs(knowledge) || deduction_differs(knowledge)) return 1;
    announce();
    benchmark::Initialize(&count, arguments);
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
    benchmark::RunSpecifiedBenchmarks();
}
