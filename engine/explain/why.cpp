// Running a policy with everything kept, and reading the reasons out of the frame.
// Tested by tests/unit/explain_test.cpp, tests/engines/ and every scenario.
#include "why.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "missing.hpp"
#include "shown.hpp"

namespace eligo::explain {

using bytecode::Index;
using bytecode::Register;
using value::Truth;

namespace {

void want(std::vector<Register>& roots, const bytecode::Measure& measure) {
    for (const Register wanted : {measure.value, measure.denominator, measure.defined})
        if (wanted != bytecode::no_register) roots.push_back(wanted);
}

}  // namespace

std::vector<Register> deciding(const bytecode::Version& version) {
    std::vector<Register> roots{version.day, version.in_force, version.verdict};
    for (const auto& clause : version.clauses) {
        roots.push_back(clause.outcome);
        if (clause.guard != bytecode::no_register) roots.push_back(clause.guard);
    }
    for (const auto& benefit : version.benefits) {
        want(roots, benefit.measure);
        if (benefit.when != bytecode::no_register) roots.push_back(benefit.when);
    }
    return roots;
}

namespace {

std::vector<Register> everything(const bytecode::Version& version) {
    std::vector<Register> roots = deciding(version);
    for (const auto& clause : version.clauses) {
        for (const auto& reading : clause.readings) want(roots, reading.measure);
        for (const auto& comparison : clause.comparisons) {
            want(roots, comparison.left);
            want(roots, comparison.right);
            roots.push_back(comparison.outcome);
        }
    }
    for (const auto& let : version.lets) want(roots, let.measure);
    return roots;
}

Label label_of(const bytecode::Pack& pack, const bytecode::Label& label) {
    return {label.chinese == bytecode::none ? std::string_view() : pack.string(label.chinese), label.english == bytecode::none ? std::string_view() : pack.string(label.english)};
}

std::vector<std::string_view> texts_of(const bytecode::Pack& pack, const std::vector<Index>& numbers) {
    std::vector<std::string_view> texts;
    texts.reserve(numbers.size());
    for (const Index number : numbers) texts.push_back(pack.string(number));
    return texts;
}

Verdict verdict_of(Truth in_force, Truth holds) {
    if (in_force == Truth::False) return Verdict::NotInForce;
    if (in_force == Truth::True && holds == Truth::True) return Verdict::Eligible;
    if (in_force == Truth::True && holds == Truth::False) return Verdict::Ineligible;
    return Verdict::Undetermined;
}

}  // namespace

struct Explainer::Prepared {
    const bytecode::Version* version = nullptr;
    vm::Plan plan;
    vm::Frame frame;
    std::optional<Waiting> waiting;  // after a run over sets, while its row is still there

    Prepared(const bytecode::Pack& pack, Index subject, const bytecode::Version& of)
        : version(&of), plan(vm::make_plan(pack, subject, {.roots = everything(of)})), frame(vm::make_frame(pack, plan)) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
};

Explainer::Explainer(const bytecode::Pack& pack, Index policy) : pack_(&pack), policy_(&pack.policies[policy]) {
    for (const auto& version : policy_->versions) {
        versions_.push_back(std::make_shared<Prepared>(pack, policy_->subject, version));
        for (const auto& clause : version.clauses)
            for (const auto& question : clause.questions)
                if (!element_policies_.contains(question.policy)) element_policies_[question.policy] = std::make_unique<Explainer>(pack, question.policy);
    }
}

PolicyAnswer Explainer::why(const vm::Profile& profile, const Question& question) {
    return why({profile, profile.row, question, profile.fiscal_year ? *profile.fiscal_year : value::year_of(question.as_of), {}});
}

PolicyAnswer Explainer::why(const Asked& asked) {
    PolicyAnswer answer;
    answer.policy = pack_->string(policy_->name);
    answer.day = asked.question.as_of;
    for (const auto& prepared : versions_) {
        const bytecode::Version& version = *prepared->version;
        vm::run(prepared->frame, asked.row, asked.question, asked.fiscal_year);
        const vm::Frame& frame = prepared->frame;
        // Not in force: the name of the version that lies nearest before, so that there is a name at all.
        answer.verdict = verdict_of(frame.result(version.in_force).truth(), frame.result(version.verdict).truth());
        if (answer.verdict == Verdict::NotInForce && !answer.label.chinese.empty() && version.from > asked.question.as_of) continue;
        answer.label = label_of(*pack_, version.label);
        answer.authority = label_of(*pack_, version.authority);
        answer.day = static_cast<value::Day>(frame.result(version.day).low);
        if (answer.verdict == Verdict::NotInForce) continue;
        prepared->waiting.reset();
        if (frame.over_sets()) prepared->waiting.emplace(prepared->frame, *pack_, asked.row, asked.fiscal_year);
        answer.clauses = clauses(*prepared, asked, version.top_clauses);
        for (const auto& let : version.lets)
            answer.lets.push_back({pack_->string(let.name), label_of(*pack_, let.label), true, show(*pack_, asked.profile, frame, let.measure)});
        for (const auto& conflict : version.conflicts) answer.conflicts.push_back({pack_->string(pack_->policies[conflict.policy].name), texts_of(*pack_, conflict.citations)});
        std::vector<Register> open;
        if (answer.verdict == Verdict::Undetermined) open = {version.in_force, version.verdict};
        for (const auto& benefit : version.benefits) {
            const Truth when = benefit.when == bytecode::no_register ? Truth::True : frame.result(benefit.when).truth();
            if (when == Truth::False || (answer.verdict != Verdict::Eligible && !benefit.always)) continue;
            answer.benefits.push_back({pack_->string(benefit.name), label_of(*pack_, benefit.label), texts_of(*pack_, benefit.citations), show(*pack_, asked.profile, frame, benefit.measure)});
            if (when == Truth::Unknown || frame.result(version.in_force).truth() == Truth::Unknown) answer.benefits.back().shown.state = Shown::State::Open;
            if (answer.verdict != Verdict::Eligible) continue;
            open.push_back(benefit.measure.value);
            if (benefit.when != bytecode::no_register) open.push_back(benefit.when);
        }
        const auto add_places = [&](const std::vector<Place>& places, std::vector<std::string>& texts) {
            for (const Place& place : places) texts.push_back(asked.prefix + place_text(*pack_, policy_->subject, place));
        };
        add_places(find_assumed(frame, *pack_, asked.row, asked.fiscal_year), answer.assumed);
        if (prepared->waiting) add_places(prepared->waiting->find(open).places, answer.missing);
        return answer;
    }
    return answer;
}

std::vector<Clause> Explainer::clauses(Prepared& prepared, const Asked& asked, std::span<const Index> numbers) {
    std::vector<Clause> result;
    result.reserve(numbers.size());
    for (const Index number : numbers) result.push_back(clause(prepared, asked, prepared.version->clauses[number]));
    return result;
}

Clause Explainer::clause(Prepared& prepared, const Asked& asked, const bytecode::Clause& from) {
    vm::Frame& frame = prepared.frame;
    Clause result;
    result.id = asked.prefix + pack_->string(from.path);
    result.kind = from.kind;
    result.at_least = from.at_least;
    result.outcome = frame.result(from.outcome).truth();
    result.guard = from.guard_kind;
    if (from.guard != bytecode::no_register) {
        result.guard_outcome = frame.result(from.guard).truth();
        result.asked = result.guard_outcome != (from.guard_kind == bytecode::Guard::When ? Truth::False : Truth::True);
    }
    result.label = label_of(*pack_, from.label);
    result.citations = texts_of(*pack_, from.citations);
    result.values.reserve(from.readings.size());
    for (const auto& reading : from.readings) {
        Value value{pack_->string(reading.name), label_of(*pack_, reading.label), reading.is_let, show(*pack_, asked.profile, frame, reading.measure)};
        if (reading.yearly) value.name += "." + std::to_string(asked.fiscal_year + reading.year_offset);
        if (reading.slot != bytecode::none && value.shown.state == Shown::State::Open) {
            // Nothing at all is known of it: its declared range would say nothing to anyone.
            const auto& slot = pack_->subjects[policy_->subject].program.slots[reading.slot];
            const auto state = vm::cell_of(*pack_, policy_->subject, asked.row, slot.column, asked.fiscal_year + slot.year_offset).state;
            if (state == vm::CellState::Absent || state == vm::CellState::Unknown) value.shown.state = Shown::State::Unknown;
        }
        result.values.push_back(std::move(value));
    }
    result.comparisons.reserve(from.comparisons.size());
    for (const auto& comparison : from.comparisons) {
        result.comparisons.push_back({pack_->string(comparison.left_text), pack_->string(comparison.right_text), label_of(*pack_, comparison.left_label), comparison.relation,
                                      show(*pack_, asked.profile, frame, comparison.left), show(*pack_, asked.profile, frame, comparison.right), frame.result(comparison.outcome).truth()});
        // What is compared with a percentage is read as one.
        Shown& left = result.comparisons.back().left;
        Shown& right = result.comparisons.back().right;
        left.percent = right.percent = left.percent || right.percent;
    }
    if (result.outcome == Truth::Unknown && frame.over_sets())
        result.open_by_rule = prepared.waiting->is_open_by_rule(from.outcome);
    result.clauses = clauses(prepared, asked, from.children);
    for (Clause& element : elements(from, asked)) result.clauses.push_back(std::move(element));
    return result;
}

std::vector<Clause> Explainer::elements(const bytecode::Clause& from, const Asked& asked) {
    std::vector<Clause> result;
    const bytecode::Subject& subject = pack_->subjects[policy_->subject];
    for (const auto& question : from.questions) {
        const bytecode::Index column = subject.program.lists[question.list].column;
        const vm::List& list = asked.row.list(column);
        if (list.state != vm::CellState::Known) continue;
        Explainer& explainer = *element_policies_.at(question.policy);
        for (std::size_t i = 0; i < list.rows.size(); ++i) {
            Clause element;
            element.id = asked.prefix + pack_->string(subject.columns[column].name) + "[" + std::to_string(i) + "]";
            element.is_element = true;
            element.kind = bytecode::ClauseKind::AllOf;
            PolicyAnswer told = explainer.why({asked.profile, list.rows[i], asked.question, asked.fiscal_year, element.id + "."});
            element.label = std::move(told.label);
            element.outcome = told.verdict == Verdict::Eligible ? Truth::True : told.verdict == Verdict::Undetermined ? Truth::Unknown : Truth::False;
            element.clauses = std::move(told.clauses);
            result.push_back(std::move(element));
        }
    }
    return result;
}

PolicyAnswer why(const bytecode::Pack& pack, Index policy, const vm::Profile& profile, const Question& question) { return Explainer(pack, policy).why(profile, question); }

Answer answer(const bytecode::Pack& pack, std::span<const Index> policies, const vm::Profile& profile, const Question& question) {
    Answer result;
    result.company_id = profile.company_id;
    result.subject = pack.string(pack.subjects[profile.subject].name);
    result.as_of = question.as_of;
    if (question.known_on != value::last_day) result.known_on = question.known_on;
    result.fiscal_year = profile.fiscal_year ? *profile.fiscal_year : value::year_of(question.as_of);
    for (const Index policy : policies) result.results.push_back(why(pack, policy, profile, question));
    return result;
}

}  // namespace eligo::explain
