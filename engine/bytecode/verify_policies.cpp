// The policies about one subject: their versions, clauses and what is shown of them. Tested by tests/unit/pack_test.cpp.
#include <algorithm>

#include "../value/date.hpp"
#include "../value/rational.hpp"
#include "bounds.hpp"
#include "truths.hpp"
#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

using In = Place::In;
using I = Invariant;
using value::Range;

bool is_number(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }
bool is_group(ClauseKind kind) { return kind == ClauseKind::AllOf || kind == ClauseKind::AnyOf || kind == ClauseKind::AtLeast; }

class PolicyVerifier {
public:
    PolicyVerifier(Verification& here, Index subject, const Proofs& proofs)
        : here_(here), subject_(here.pack.subjects[subject]), program_(subject_.program), proofs_(proofs), truths_(program_, proofs.ranges) {
        std::size_t depth = 0;
        for (const Instruction& instruction : program_.code) {
            if (instruction.opcode == Opcode::EndLoop) --depth;
            in_loop_.push_back(depth > (is_reduction(instruction.opcode) ? 1u : 0u));
            if (instruction.opcode == Opcode::Loop) ++depth;
        }
    }

    void verify(Index number) {
        const Policy& policy = here_.pack.policies[number];
        here_.stand({In::Policy, number});
        here_.require(!policy.versions.empty() && policy.versions.size() <= most_versions, I::policy_has_versions);
        for (Index i = 0; i < policy.versions.size() && here_.sound(); ++i) {
            const Version& version = policy.versions[i];
            here_.stand({In::Version, number, i});
            if (i > 0) here_.require(policy.versions[i - 1].to < version.from, I::version_order);
            version_ = {In::Version, number, i};
            verify_version(version);
            here_.stand(version_);
            if (here_.sound()) here_.require(version.bounds == bounds_of(here_.pack, policy, version), I::bounds_are_stated);
        }
        here_.stand({In::Policy, number});
        if (here_.sound()) verify_benefits_alike(policy);
    }

private:
    // A register that means something when the whole program has run.
    bool require_register(Register number, std::string_view kinds, Invariant invariant) {
        const bool there = number < program_.code.size() && kinds.find(result_of(program_.code[number].opcode)) != std::string_view::npos && !in_loop_[number];
        return here_.require(there, invariant) && here_.require(!is_empty(program_, number), I::constant_is_single) && here_.require(!proofs_.unguarded[number], I::default_is_guarded);
    }

    void verify_version(const Version& version) {
        const auto is_day = [](value::Day day) { return value::first_day <= day && day <= value::last_day; };
        here_.require(is_day(version.from) && is_day(version.to) && version.from <= version.to, I::version_period);
        here_.require_label(version.label);
        here_.require_label(version.authority);
        const bool there = require_register(version.day, "N", I::register_exists) && require_register(version.in_force, "B", I::register_exists) && require_register(version.verdict, "B", I::register_exists);
        if (!there) return;
        here_.require(in_calendar(version.day), I::version_day);
        here_.require(truths_.within(version.day, version.from, version.to) == truths_.of(version.in_force), I::in_force_is_the_period);
        verify_clauses(version);
        here_.stand(version_);
        if (here_.sound()) verify_verdict(version);
        for (Index i = 0; i < version.benefits.size() && here_.sound(); ++i) verify_benefit(version.benefits[i], i);
        here_.stand(version_);
        here_.require(version.benefits.size() <= most_benefits, I::benefits_differ);
        here_.require_different(version.benefits, [](const Benefit& benefit) { return benefit.name; }, I::benefits_differ);
        for (const Reading& reading : version.lets) verify_reading(reading);
        here_.require_different(version.lets, [](const Reading& reading) { return reading.name; }, I::lets_differ);
        for (const Conflict& conflict : version.conflicts) {
            here_.require(conflict.policy < here_.pack.policies.size(), I::conflict);
            here_.require_strings(conflict.citations);
        }
    }

    [[nodiscard]] bool in_calendar(Register number) const { return value::contains(Range{value::first_calculated_day, value::last_calculated_day}, proofs_.ranges[number]); }

    // ---- clauses

    void verify_clauses(const Version& version) {
        for (Index i = 0; i < version.clauses.size() && here_.sound(); ++i) {
            stand_at_clause(i);
            verify_place(version, i);
            if (here_.sound()) verify_clause(version.clauses[i]);
        }
        here_.stand(version_);
        if (here_.sound()) verify_top(version);
        for (Index i = 0; i < version.clauses.size() && here_.sound(); ++i) {
            stand_at_clause(i);
            verify_path(version, version.clauses[i]);
            verify_group(version, version.clauses[i]);
        }
        here_.stand(version_);
        if (here_.sound()) here_.require_different(version.clauses, [](const Clause& clause) { return clause.path; }, I::clause_path);
    }
    void stand_at_clause(Index number) { here_.stand({In::Clause, version_.first, version_.second, number}); }

    // Parents come before their children.
    void verify_place(const Version& version, Index number) {
        const Clause& clause = version.clauses[number];
        if (number == 0) depths_.clear();
        if (!here_.require(clause.parent == none || clause.parent < number, I::clause_tree)) return;
        depths_.push_back(clause.parent == none ? 1 : depths_[clause.parent] + 1);
        here_.require(depths_.back() <= deepest_clauses, I::clause_depth);
        Index previous = number;
        for (const Index child : clause.children) {
            if (!here_.require(previous < child && child < version.clauses.size() && version.clauses[child].parent == number, I::clause_tree)) return;
            previous = child;
        }
    }

    // Every clause stands in exactly one list: its parent's, or the top's.
    void verify_top(const Version& version) {
        std::size_t listed = version.top_clauses.size();
        for (const Index clause : version.top_clauses)
            if (!here_.require(clause < version.clauses.size() && version.clauses[clause].parent == none, I::clause_tree)) return;
        const auto& top = version.top_clauses;
        here_.require(std::ranges::adjacent_find(top, std::ranges::greater_equal()) == top.end(), I::clause_tree);
        for (const Clause& clause : version.clauses) listed += clause.children.size();
        here_.require(listed == version.clauses.size(), I::clause_tree);
    }

    void verify_clause(const Clause& clause) {
        here_.require(clause.kind <= ClauseKind::AtLeast && clause.guard_kind <= Guard::Unless, I::clause_kind);
        here_.require(clause.children.empty() || is_group(clause.kind), I::clause_parts);
        here_.require(clause.kind == ClauseKind::AtLeast ? clause.at_least <= clause.children.size() : clause.at_least == 0, I::clause_parts);
        here_.require_name(clause.name);
        here_.require_string(clause.path);
        here_.require_label(clause.label);
        here_.require_strings(clause.citations);
        require_register(clause.outcome, "B", I::register_exists);
        here_.require((clause.guard_kind == Guard::None) == (clause.guard == no_register), I::clause_guard);
        if (clause.guard != no_register) require_register(clause.guard, "B", I::register_exists);
        for (const Reading& reading : clause.readings) verify_reading(reading);
        verify_names_of(clause.readings);
        for (const Comparison& comparison : clause.comparisons) verify_comparison(comparison);
        for (const Question& question : clause.questions) verify_question(question);
    }

    void verify_path(const Version& version, const Clause& clause) {
        const std::string& name = here_.pack.strings[clause.name];
        const std::string& path = here_.pack.strings[clause.path];
        if (clause.parent == none) {
            here_.require(path == name, I::clause_path);
            return;
        }
        const std::string& before = here_.pack.strings[version.clauses[clause.parent].path];
        here_.require(path.size() == before.size() + 1 + name.size() && path.starts_with(before) && path[before.size()] == '.' && path.ends_with(name), I::clause_path);
    }

    void verify_group(const Version& version, const Clause& clause) {
        if (!is_group(clause.kind)) return;
        Truths::Said expected = clause.kind == ClauseKind::AllOf ? Truths::yes : Truths::no;
        std::vector<Truths::Said> parts;
        for (const Index child : clause.children) parts.push_back(truths_.of(version.clauses[child].outcome));
        if (clause.kind == ClauseKind::AtLeast) expected = truths_.at_least(clause.at_least, parts);
        else
            for (const Truths::Said part : parts) expected = clause.kind == ClauseKind::AllOf ? truths_.both(expected, part) : truths_.either(expected, part);
        if (clause.guard_kind != Guard::None) {
            const Truths::Said guard = truths_.of(clause.guard);
            expected = truths_.either(expected, clause.guard_kind == Guard::When ? truths_.opposite(guard) : guard);
        }
        here_.require(expected == truths_.of(clause.outcome), I::clause_outcome);
    }

    void verify_verdict(const Version& version) {
        Truths::Said expected = Truths::yes;
        for (const Index top : version.top_clauses) expected = truths_.both(expected, truths_.of(version.clauses[top].outcome));
        here_.require(expected == truths_.of(version.verdict), I::verdict_is_its_clauses);
    }

    // ---- what is shown

    void verify_measure(const Measure& measure) {
        if (!here_.require_kind(measure.kind, measure.ref)) return;
        here_.require(measure.kind != Kind::Record && measure.kind != Kind::List, I::kind_exists);
        here_.require_unit(measure.unit);
        if (!require_register(measure.value, measure.kind == Kind::Bool ? "B" : is_number(measure.kind) ? "NW" : "N", I::measure_register)) return;
        const Range& range = proofs_.ranges[measure.value];
        if (measure.kind == Kind::Date) here_.require(in_calendar(measure.value), I::measure_value);
        else if (!is_number(measure.kind)) here_.require(value::contains(here_.range_of_kind(measure.kind, measure.ref), range), I::measure_value);
        if (measure.denominator != no_register && require_register(measure.denominator, "NW", I::measure_register))
            here_.require(is_number(measure.kind) && proofs_.ranges[measure.denominator].low >= 1, I::measure_quotient);
        if (measure.defined != no_register) require_register(measure.defined, "B", I::measure_register);
    }

    void verify_reading(const Reading& reading) {
        here_.require_string(reading.name);
        here_.require_label(reading.label);
        here_.require(-farthest_year <= reading.year_offset && reading.year_offset <= farthest_year, I::reading);
        verify_measure(reading.measure);
        if (reading.slot == none || !here_.require(reading.slot < program_.slots.size(), I::reading)) return;
        const Slot& slot = program_.slots[reading.slot];
        const Column& column = subject_.columns[slot.column];
        const Fact& fact = here_.leaf(column);
        here_.require(reading.name == column.name && reading.yearly == fact.yearly && reading.year_offset == slot.year_offset && reading.measure.kind == fact.kind &&
                          (is_number(fact.kind) || reading.measure.ref == fact.ref),
                      I::reading);
    }

    void verify_names_of(const std::vector<Reading>& readings) {
        std::vector<std::pair<Index, std::int64_t>> names;
        for (const Reading& reading : readings) names.emplace_back(reading.name, reading.yearly ? reading.year_offset : farthest_year + 1);
        std::ranges::sort(names);
        here_.require(std::ranges::adjacent_find(names) == names.end(), I::reading);
    }

    void verify_comparison(const Comparison& comparison) {
        here_.require_string(comparison.left_text);
        here_.require_string(comparison.right_text);
        here_.require_label(comparison.left_label);
        here_.require(comparison.relation <= Relation::GreaterEqual, I::comparison);
        verify_measure(comparison.left);
        verify_measure(comparison.right);
        require_register(comparison.outcome, "B", I::register_exists);
    }

    void verify_question(const Question& question) {
        const auto& policies = here_.pack.policies;
        here_.require(question.policy < policies.size() && question.list < program_.lists.size() && policies[question.policy].subject == program_.lists[question.list].element, I::question);
    }

    // ---- benefits

    void verify_benefit(const Benefit& benefit, Index number) {
        here_.stand({In::Benefit, version_.first, version_.second, number});
        here_.require_name(benefit.name);
        here_.require_label(benefit.label);
        here_.require_strings(benefit.citations);
        if (benefit.when != no_register) require_register(benefit.when, "B", I::register_exists);
        verify_measure(benefit.measure);
        here_.require(benefit.measure.denominator == no_register && benefit.measure.defined == no_register, I::benefit_is_no_quotient);
    }

    // A benefit is one column of the results, whichever version gives it.
    void verify_benefits_alike(const Policy& policy) {
        std::vector<std::pair<Index, const Measure*>> all;
        for (const Version& version : policy.versions)
            for (const Benefit& benefit : version.benefits) all.emplace_back(benefit.name, &benefit.measure);
        std::ranges::stable_sort(all, {}, [](const auto& each) { return each.first; });
        for (std::size_t first = 0, last = 0; first < all.size() && here_.sound(); first = last) {
            const Measure& one = *all[first].second;
            std::optional<value::Rational> unit = value::Rational::make(one.unit.numerator, one.unit.denominator);
            for (last = first; last < all.size() && all[last].first == all[first].first; ++last) {
                const Measure& other = *all[last].second;
                here_.require(other.kind == one.kind && one.kind != Kind::Text && (is_number(one.kind) || other.ref == one.ref), I::benefit_kind);
                const auto own = value::Rational::make(other.unit.numerator, other.unit.denominator);
                unit = unit && own ? value::unit_gcd(*unit, *own) : std::nullopt;
            }
            if (!here_.require(unit && value::fits_int64(unit->numerator()) && value::fits_int64(unit->denominator()), I::benefit_unit)) return;
            for (std::size_t i = first; i < last; ++i) here_.require(fits_in(*all[i].second, *unit), I::benefit_unit);
        }
    }

    [[nodiscard]] bool fits_in(const Measure& measure, const value::Rational& unit) const {
        const auto own = value::Rational::make(measure.unit.numerator, measure.unit.denominator);
        const auto steps = own ? value::divide(*own, unit) : std::nullopt;
        return steps && steps->is_whole() && value::fits_int64(steps->numerator()) && value::scale(proofs_.ranges[measure.value], steps->numerator()).has_value();
    }

    Verification& here_;
    const Subject& subject_;
    const Program& program_;
    const Proofs& proofs_;
    Truths truths_;
    Place version_;
    std::vector<bool> in_loop_;        // of each register: it means nothing after the run
    std::vector<std::size_t> depths_;  // of the clauses so far
};

}  // namespace

void verify_policies(Verification& here, Index subject, std::span<const Index> policies, const Proofs& proofs) {
    if (policies.empty()) return;
    PolicyVerifier verifier(here, subject, proofs);
    for (const Index policy : policies)
        if (here.sound()) verifier.verify(policy);
}

}  // namespace eligo::bytecode
