// Runs each scenario with the probes of codegen/probes.hpp beside the answers, and gathers by place what came out.
#include "coverage.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "../codegen/generate.hpp"
#include "../explain/why.hpp"
#include "../vm/run.hpp"
#include "given.hpp"

namespace eligo::scenario {
namespace {

using bytecode::Index;
using bytecode::Register;
using codegen::Probe;
using codegen::ProbeKind;
using value::Truth;

// A version, ready to run with every probe that is about what its answers rest on.
struct Prepared {
    std::vector<const Probe*> probes;
    vm::Plan plan;
    vm::Frame frame;

    Prepared(const bytecode::Pack& pack, Index subject, const bytecode::Version& version, const std::vector<Probe>& all)
        : probes(relevant(pack, subject, version, all)), plan(vm::make_plan(pack, subject, {.roots = roots(version, probes)})), frame(vm::make_frame(pack, plan)) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;

    static std::vector<const Probe*> relevant(const bytecode::Pack& pack, Index subject, const bytecode::Version& version, const std::vector<Probe>& all) {
        const vm::Plan deciding = vm::make_plan(pack, subject, {.roots = explain::deciding(version)});
        std::vector<const Probe*> result;
        for (const Probe& probe : all)
            if (deciding.seats.find(probe.of) != nullptr) result.push_back(&probe);
        return result;
    }

    static std::vector<Register> roots(const bytecode::Version& version, const std::vector<const Probe*>& probes) {
        std::vector<Register> result = explain::deciding(version);
        for (const Probe* probe : probes) result.push_back(probe->happened);
        return result;
    }
};

Reach& side(ThresholdCoverage& threshold, ProbeKind kind) {
    switch (kind) {
        case ProbeKind::Below: return threshold.below;
        case ProbeKind::Above: return threshold.above;
        case ProbeKind::Apart: return threshold.apart;
        default: return threshold.border;
    }
}

// Where a probe stands, and whether it is a row, a value or a threshold.
using Key = std::pair<int, std::pair<text::FileId, std::pair<std::uint32_t, std::uint32_t>>>;

Key key(const Probe& probe) {
    const int kind = probe.kind == ProbeKind::Row ? 0 : probe.kind == ProbeKind::Entry ? 1 : 2;
    return {kind, {probe.span.file, {probe.span.begin, probe.span.end}}};
}

class Coverer {
public:
    Coverer(const std::vector<syntax::File>& files, const sema::Model& model, codegen::Probed probed)
        : model_(model), probed_(std::move(probed)) {
        result_.versions.emplace_back();  // what stands outside the policies
        lay_out_clauses(files);
        for (Index subject = 0; subject < probed_.probes.size(); ++subject)
            for (const Probe& probe : probed_.probes[subject]) place(probe);
    }

    void run(const sema::Scenario& scenario) {
        std::vector<Mismatch> ignored;
        const Index policy = policy_named(probed_.pack, model_.policies[scenario.policy].name);
        const vm::Profile profile = make_profile(model_, probed_.pack, scenario, ignored);
        run(policy, profile.row, question_of(scenario), fiscal_year_of(scenario));
    }

    Coverage take(const std::function<bool(text::Span)>& within) {
        const auto outside = [&](const auto& each) { return within && !within(each.span); };
        VersionCoverage& others = result_.versions.front();
        std::erase_if(others.rows, outside);
        std::erase_if(others.values, outside);
        std::erase_if(others.thresholds, outside);
        result_.versions.erase(std::remove_if(result_.versions.begin() + 1, result_.versions.end(), outside), result_.versions.end());
        for (VersionCoverage& version : result_.versions) in_order(version);
        // What stands outside comes last, where there is any.
        VersionCoverage shared = std::move(result_.versions.front());
        result_.versions.erase(result_.versions.begin());
        if (!shared.rows.empty() || !shared.values.empty() || !shared.thresholds.empty()) result_.versions.push_back(std::move(shared));
        return std::move(result_);
    }

private:
    // ---- where everything stands

    void lay_out_clauses(const std::vector<syntax::File>& files) {
        for (std::size_t policy = 0; policy < model_.policies.size(); ++policy)
            for (std::size_t number = 0; number < model_.policies[policy].versions.size(); ++number) {
                const sema::Version& from = model_.policies[policy].versions[number];
                const bytecode::Policy& compiled = probed_.pack.policies[policy];
                VersionCoverage& version = result_.versions.emplace_back();
                version.policy = model_.policies[policy].name;
                version.in_force = from.in_force;
                version.span = from.span;
                for (std::size_t i = 0; i < from.clauses.size(); ++i) {
                    const Register outcome = compiled.versions[number].clauses[i].outcome;
                    const bytecode::Program& program = probed_.pack.subjects[compiled.subject].program;
                    const bytecode::Instruction& instruction = program.code[outcome];
                    const bool constant = instruction.opcode == bytecode::Opcode::ConstantB;
                    const bool holds = constant && program.constants[instruction.a].low != 0;
                    version.clauses.push_back({from.clauses[i].path, from.clauses[i].span, {.can = !constant || holds}, {.can = !constant || !holds}});
                }
                whole_.push_back({span_of(files, from.span), result_.versions.size() - 1});
                first_version_.try_emplace(policy, result_.versions.size() - 1);
            }
    }

    // The whole declaration, of which a version knows the name.
    static text::Span span_of(const std::vector<syntax::File>& files, text::Span name) {
        for (const syntax::File& file : files)
            for (const syntax::Policy& policy : file.policies)
                if (policy.span.file == name.file && policy.span.begin <= name.begin && name.end <= policy.span.end) return policy.span;
        return name;
    }

    VersionCoverage& owner(text::Span span) {
        for (const auto& [whole, number] : whole_)
            if (whole.file == span.file && whole.begin <= span.begin && span.end <= whole.end) return result_.versions[number];
        return result_.versions.front();
    }

    struct Entry {
        std::size_t version = 0, number = 0;
    };

    void place(const Probe& probe) {
        VersionCoverage& version = owner(probe.span);
        const auto [found, added] = entries_.try_emplace(key(probe));
        if (added) {
            std::size_t number = 0;
            if (probe.kind == ProbeKind::Row) {
                number = version.rows.size();
                version.rows.push_back({model_.tables[probe.entity].name, probe.span, false});
            } else if (probe.kind == ProbeKind::Entry) {
                number = version.values.size();
                version.values.push_back({model_.parameters[probe.entity].name, probe.span, false});
            } else {
                number = version.thresholds.size();
                version.thresholds.push_back({.span = probe.span});
            }
            found->second = {static_cast<std::size_t>(&version - result_.versions.data()), number};
        }
        if (probe.kind != ProbeKind::Row && probe.kind != ProbeKind::Entry) side(version.thresholds[found->second.number], probe.kind).can = true;
    }

    // ---- what happens

    void run(Index number, const vm::Row& row, const explain::Question& question, std::int32_t fiscal_year) {
        const bytecode::Policy& policy = probed_.pack.policies[number];
        for (std::size_t i = 0; i < policy.versions.size(); ++i) {
            auto& prepared = prepared_[{number, i}];
            if (!prepared) prepared = std::make_unique<Prepared>(probed_.pack, policy.subject, policy.versions[i], probed_.probes[policy.subject]);
            vm::run(prepared->frame, row, question, fiscal_year);
            if (prepared->frame.result(policy.versions[i].in_force).truth() != Truth::True) continue;
            see(*prepared, policy.versions[i], result_.versions[first_version_.at(number) + i]);
            for (const bytecode::Clause& clause : policy.versions[i].clauses)
                for (const auto& asked : clause.questions) run_elements(policy.subject, asked, row, question, fiscal_year);
        }
    }

    void run_elements(Index subject, const bytecode::Question& asked, const vm::Row& row, const explain::Question& question, std::int32_t fiscal_year) {
        const vm::List& list = row.list(probed_.pack.subjects[subject].program.lists[asked.list].column);
        if (list.state != vm::CellState::Known) return;
        for (const vm::Row& element : list.rows) run(asked.policy, element, question, fiscal_year);
    }

    void see(const Prepared& prepared, const bytecode::Version& version, VersionCoverage& seen) {
        for (std::size_t i = 0; i < version.clauses.size(); ++i) {
            const bytecode::Clause& clause = version.clauses[i];
            const Truth outcome = prepared.frame.result(clause.outcome).truth();
            // One that is not asked holds without having been tried.
            const bool asked = clause.guard == bytecode::no_register ||
                               prepared.frame.result(clause.guard).truth() == (clause.guard_kind == bytecode::Guard::When ? Truth::True : Truth::False);
            if (outcome == Truth::True && asked) seen.clauses[i].holds.seen = true;
            if (outcome == Truth::False) seen.clauses[i].fails.seen = true;
        }
        for (const Probe* probe : prepared.probes) {
            if (prepared.frame.result(probe->happened).truth() != Truth::True) continue;
            const Entry entry = entries_.at(key(*probe));
            VersionCoverage& owner = result_.versions[entry.version];
            if (probe->kind == ProbeKind::Row) owner.rows[entry.number].chosen = true;
            else if (probe->kind == ProbeKind::Entry) owner.values[entry.number].chosen = true;
            else side(owner.thresholds[entry.number], probe->kind).seen = true;
        }
    }

    static void in_order(VersionCoverage& version) {
        const auto by_place = [](const auto& a, const auto& b) { return std::pair(a.span.file, a.span.begin) < std::pair(b.span.file, b.span.begin); };
        std::sort(version.rows.begin(), version.rows.end(), by_place);
        std::sort(version.values.begin(), version.values.end(), by_place);
        std::sort(version.thresholds.begin(), version.thresholds.end(), by_place);
    }

    const sema::Model& model_;
    codegen::Probed probed_;
    Coverage result_;
    std::vector<std::pair<text::Span, std::size_t>> whole_;  // of each version's declaration
    std::map<std::size_t, std::size_t> first_version_;       // of each policy
    std::map<Key, Entry> entries_;
    std::map<std::pair<Index, std::size_t>, std::unique_ptr<Prepared>> prepared_;
};

template <class Count>
Share total(const Coverage& coverage, Count count) {
    Share sum;
    for (const VersionCoverage& version : coverage.versions) {
        const Share share = count(version);
        sum.reached += share.reached, sum.of += share.of;
    }
    return sum;
}

template <class T, class Reached>
Share share_of(const std::vector<T>& list, Reached reached) {
    return {static_cast<std::size_t>(std::count_if(list.begin(), list.end(), reached)), list.size()};
}

}  // namespace

Share clause_outcomes(const VersionCoverage& version) {
    Share share;
    for (const ClauseCoverage& clause : version.clauses)
        for (const Reach& reach : {clause.holds, clause.fails}) share.of += reach.can ? 1 : 0, share.reached += reach.can && reach.seen ? 1 : 0;
    return share;
}

Share Coverage::clauses() const { return total(*this, clause_outcomes); }
Share Coverage::rows() const {
    return total(*this, [](const VersionCoverage& it) { return share_of(it.rows, [](const RowCoverage& row) { return row.chosen; }); });
}
Share Coverage::values() const {
    return total(*this, [](const VersionCoverage& it) { return share_of(it.values, [](const RowCoverage& row) { return row.chosen; }); });
}
Share Coverage::thresholds() const {
    return total(*this, [](const VersionCoverage& it) { return share_of(it.thresholds, [](const ThresholdCoverage& one) { return one.tried(); }); });
}

std::optional<Coverage> cover(const std::vector<syntax::File>& files, const text::SourceSet& sources, const sema::Model& model,
                              const CoverRequest& request) {
    text::Sink sink;
    auto probed = codegen::generate_probed(model, sources, sink);
    if (!probed) return std::nullopt;
    Coverer coverer(files, model, std::move(*probed));
    for (const std::size_t number : request.scenarios) coverer.run(model.scenarios[number]);
    return coverer.take(request.within);
}

}  // namespace eligo::scenario
