// Running a policy with everything kept, and reading the reasons out of the frame.
// Tested by tests/unit/explain_test.cpp, tests/engines/ and every scenario.
#include "why.hpp"

#include <algorithm>
#include <array>
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

Truth truth_of(Verdict verdict) { return verdict == Verdict::Eligible ? Truth::True : verdict == Verdict::Undetermined ? Truth::Unknown : Truth::False; }

// What a part of an answer counts for.
std::size_t bytes_of(const Label& label) { return label.chinese.size() + label.english.size(); }
std::size_t bytes_of(const Shown& shown) {
    return shown.low.size() + shown.high.size() + shown.low_near.size() + shown.high_near.size() + bytes_of(shown.low_label);
}
std::size_t bytes_of(const Value& value) { return bytes_of_a_part + value.name.size() + bytes_of(value.label) + bytes_of(value.shown); }
std::size_t bytes_of(const Comparison& comparison) {
    return bytes_of_a_part + comparison.left_text.size() + comparison.right_text.size() + bytes_of(comparison.left_label) + bytes_of(comparison.left) + bytes_of(comparison.right);
}
std::size_t bytes_of(const std::vector<std::string_view>& texts) {
    std::size_t bytes = 0;
    for (const std::string_view text : texts) bytes += text.size();
    return bytes;
}

// 0 for what decides, then what fails, what is open, what holds.
int rank(Truth outcome, Truth deciding) { return outcome == deciding ? 0 : outcome == Truth::False ? 1 : outcome == Truth::Unknown ? 2 : 3; }

bool says_unknown(const bytecode::Program& program, const vm::Plan& plan) {
    const auto asks = [&](Register number) { return bytecode::row(program.code[number].opcode).name.starts_with("OrUnknown"); };
    return std::any_of(plan.seats.registers().begin(), plan.seats.registers().end(), asks);
}

// The numbers below `count`, the lowest rank first.
template <class Rank>
std::vector<std::size_t> by_rank(std::size_t count, Rank rank) {
    std::vector<std::pair<int, std::size_t>> ranked(count);
    for (std::size_t i = 0; i < count; ++i) ranked[i] = {rank(i), i};
    std::sort(ranked.begin(), ranked.end());
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = ranked[i].second;
    return order;
}

void take_facts(const PolicyAnswer& from, PolicyAnswer& answer) {
    answer.missing = from.missing;
    answer.missing_left_out = from.missing_left_out;
    answer.missing_cut_short = from.missing_cut_short;
    answer.assumed = from.assumed;
    answer.assumed_left_out = from.assumed_left_out;
}

// Parts that were made in the order of what decides, with their places, back in that of the policy.
template <class Part>
void put_back(std::vector<std::pair<std::size_t, Part>>& made, std::vector<Part>& told) {
    std::sort(made.begin(), made.end(), [](const auto& left, const auto& right) { return left.first < right.first; });
    for (auto& [place, part] : made) told.push_back(std::move(part));
}

}  // namespace

struct Explainer::Prepared {
    const bytecode::Version* version = nullptr;
    vm::Plan plan;
    vm::Frame frame;
    std::optional<Waiting> waiting;  // after a run over sets, while its row is still there
    bool may_leave_open;             // by the policy's own text

    Prepared(const bytecode::Pack& pack, Index subject, const bytecode::Version& of)
        : version(&of), plan(vm::make_plan(pack, subject, {.roots = everything(of)})), frame(vm::make_frame(pack, plan)), may_leave_open(says_unknown(pack.subjects[subject].program, plan)) {}
    Prepared(const Prepared&) = delete;
    Prepared& operator=(const Prepared&) = delete;
};

Explainer::Explainer(const bytecode::Pack& pack, Index policy, const Extent& extent, value::Allowance* allowance)
    : pack_(&pack), policy_(&pack.policies[policy]), extent_(extent), allowance_(allowance) {
    for (const auto& version : policy_->versions) {
        if (allowance != nullptr && !allowance->may_go_on()) return;
        versions_.push_back(std::make_shared<Prepared>(pack, policy_->subject, version));
        const vm::Plan& plan = versions_.back()->plan;
        if (allowance != nullptr && allowance->take(vm::bytes_of(plan) + plan.words * 3 * sizeof(std::int64_t))) allowance->spend(plan.steps[0].size() + plan.steps[1].size());
        for (const auto& clause : version.clauses)
            for (const auto& question : clause.questions)
                if (!element_policies_.contains(question.policy)) element_policies_[question.policy] = std::make_unique<Explainer>(pack, question.policy, extent, allowance);
    }
}

// Nearly always there is room for all. Where there is not, it is told again with what decides before the rest.
PolicyAnswer Explainer::why(const vm::Profile& profile, const Question& question, std::size_t bytes) {
    Extent extent = extent_;
    extent.bytes = std::min(extent.bytes, bytes);
    const std::int32_t fiscal_year = profile.fiscal_year ? *profile.fiscal_year : value::year_of(question.as_of);
    Room room(extent, false, allowance_);
    PolicyAnswer answer = why({profile, profile.row, question, fiscal_year, {}, room, nullptr});
    if (room.ran_out() && room.may_go_on()) {
        const PolicyAnswer before = std::exchange(answer, {});
        room = Room(extent, true, allowance_);
        answer = why({profile, profile.row, question, fiscal_year, {}, room, &before});
    }
    answer.left_out = room.left_out();
    answer.bytes = extent.bytes - room.left();
    return answer;
}

PolicyAnswer Explainer::why(const Asked& asked) {
    PolicyAnswer answer;
    answer.policy = pack_->string(policy_->name);
    answer.day = asked.question.as_of;
    for (const auto& prepared : versions_) {
        const bytecode::Version& version = *prepared->version;
        if (!asked.room.may_go_on()) return answer;
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
        if (frame.over_sets()) prepared->waiting.emplace(prepared->frame, *pack_, asked.row, asked.fiscal_year, asked.room);
        // Of an element only its clauses are told.
        const bool whole = asked.prefix.empty();
        if (whole && asked.before == nullptr) add_facts(*prepared, asked, answer);
        if (whole && asked.before != nullptr) take_facts(*asked.before, answer);
        answer.clauses_left_out = add_clauses(*prepared, asked, version.top_clauses, truth_of(answer.verdict), answer.clauses);
        if (whole) add_rest(*prepared, asked, answer);
        return answer;
    }
    return answer;
}

void Explainer::add_facts(Prepared& prepared, const Asked& asked, PolicyAnswer& answer) {
    const bytecode::Version& version = *prepared.version;
    const vm::Frame& frame = prepared.frame;
    const auto add_places = [&](const Found& found, std::vector<std::string>& texts, std::size_t& left_out) {
        for (const Place& place : found.places) texts.push_back(place_text(*pack_, policy_->subject, place));
        left_out = found.left_out;
    };
    add_places(find_assumed(frame, *pack_, asked.row, asked.fiscal_year, extent_.facts), answer.assumed, answer.assumed_left_out);
    if (!prepared.waiting) return;
    std::vector<Register> open;
    if (answer.verdict == Verdict::Undetermined) open = {version.in_force, version.verdict};
    for (const auto& benefit : version.benefits) {
        if (answer.verdict != Verdict::Eligible || (benefit.when != bytecode::no_register && frame.result(benefit.when).truth() == Truth::False)) continue;
        open.push_back(benefit.measure.value);
        if (benefit.when != bytecode::no_register) open.push_back(benefit.when);
    }
    const Open found = prepared.waiting->find(open, extent_.facts);
    add_places(found, answer.missing, answer.missing_left_out);
    answer.missing_cut_short = found.cut_short;
}

void Explainer::add_rest(Prepared& prepared, const Asked& asked, PolicyAnswer& answer) {
    const bytecode::Version& version = *prepared.version;
    const vm::Frame& frame = prepared.frame;
    answer.lets.reserve(version.lets.size());
    for (const auto& let : version.lets) {
        Value value{pack_->string(let.name), label_of(*pack_, let.label), true, show(*pack_, asked.profile, frame, let.measure)};
        if (asked.room.take(bytes_of(value))) answer.lets.push_back(std::move(value));
        else asked.room.leave_out(1);
    }
    for (const auto& conflict : version.conflicts) {
        Conflict told{pack_->string(pack_->policies[conflict.policy].name), texts_of(*pack_, conflict.citations)};
        if (asked.room.take(bytes_of_a_part + told.policy.size() + bytes_of(told.citations))) answer.conflicts.push_back(std::move(told));
        else asked.room.leave_out(1);
    }
    add_benefits(prepared, asked, answer);
}

void Explainer::add_benefits(Prepared& prepared, const Asked& asked, PolicyAnswer& answer) {
    const vm::Frame& frame = prepared.frame;
    for (const auto& benefit : prepared.version->benefits) {
        const Truth when = benefit.when == bytecode::no_register ? Truth::True : frame.result(benefit.when).truth();
        if (when == Truth::False || (answer.verdict != Verdict::Eligible && !benefit.always)) continue;
        answer.benefits.push_back({pack_->string(benefit.name), label_of(*pack_, benefit.label), texts_of(*pack_, benefit.citations), show(*pack_, asked.profile, frame, benefit.measure)});
        if (when == Truth::Unknown || frame.result(prepared.version->in_force).truth() == Truth::Unknown) answer.benefits.back().shown.state = Shown::State::Open;
    }
}

std::size_t Explainer::add_clauses(Prepared& prepared, const Asked& asked, std::span<const Index> numbers, Truth deciding, std::vector<Clause>& told) {
    const auto& clauses = prepared.version->clauses;
    if (!asked.room.deciding_first()) {
        told.reserve(numbers.size());
        for (std::size_t i = 0; i < numbers.size() && !asked.room.is_full(); ++i)
            if (!clause(prepared, asked, clauses[numbers[i]], told.emplace_back())) told.pop_back();
    } else {
        std::vector<std::pair<std::size_t, Clause>> made;
        std::size_t shares = numbers.size();
        for (const std::size_t place : by_rank(numbers.size(), [&](std::size_t i) { return rank(prepared.frame.result(clauses[numbers[i]].outcome).truth(), deciding); })) {
            if (asked.room.is_full()) break;
            Clause& one = made.emplace_back(place, Clause()).second;
            if (!asked.room.share(shares--, [&] { return clause(prepared, asked, clauses[numbers[place]], one); })) made.pop_back();
        }
        put_back(made, told);
    }
    asked.room.leave_out(numbers.size() - told.size());
    return numbers.size() - told.size();
}

bool Explainer::clause(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& result) {
    const vm::Frame& frame = prepared.frame;
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
    if (!asked.room.take(bytes_of_a_part + result.id.size() + bytes_of(result.label) + bytes_of(result.citations))) return false;
    add_values(prepared, asked, from, result);
    add_comparisons(prepared, asked, from, result);
    if (result.outcome == Truth::Unknown && prepared.may_leave_open && prepared.waiting) result.open_by_rule = prepared.waiting->is_open_by_rule(from.outcome);
    asked.room.leave_out(result.left_out);
    result.left_out += add_clauses(prepared, asked, from.children, result.outcome, result.clauses);
    add_elements(asked, from, result);
    return true;
}

void Explainer::add_values(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& clause) {
    clause.values.reserve(std::min(from.readings.size(), extent_.measures));
    for (const auto& reading : from.readings) {
        if (clause.values.size() == extent_.measures) break;
        Value value{pack_->string(reading.name), label_of(*pack_, reading.label), reading.is_let, show(*pack_, asked.profile, prepared.frame, reading.measure)};
        if (reading.yearly) value.name += "." + std::to_string(asked.fiscal_year + reading.year_offset);
        if (reading.slot != bytecode::none && value.shown.state == Shown::State::Open) {
            // Nothing at all is known of it: its declared range would say nothing to anyone.
            const auto& slot = pack_->subjects[policy_->subject].program.slots[reading.slot];
            const auto state = vm::cell_of(*pack_, policy_->subject, asked.row, slot.column, asked.fiscal_year + slot.year_offset).state;
            if (state == vm::CellState::Absent || state == vm::CellState::Unknown) value.shown.state = Shown::State::Unknown;
        }
        if (!asked.room.take(bytes_of(value))) break;
        clause.values.push_back(std::move(value));
    }
    clause.left_out += from.readings.size() - clause.values.size();
}

void Explainer::add_comparisons(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& clause) {
    const vm::Frame& frame = prepared.frame;
    const auto shown = [&](const bytecode::Comparison& comparison) {
        Comparison told{pack_->string(comparison.left_text), pack_->string(comparison.right_text), label_of(*pack_, comparison.left_label), comparison.relation,
                        show(*pack_, asked.profile, frame, comparison.left), show(*pack_, asked.profile, frame, comparison.right), frame.result(comparison.outcome).truth()};
        // What is compared with a percentage is read as one.
        told.left.percent = told.right.percent = told.left.percent || told.right.percent;
        return told;
    };
    const std::size_t count = from.comparisons.size();
    if (count <= extent_.measures && !asked.room.deciding_first()) {
        clause.comparisons.reserve(count);
        for (const auto& comparison : from.comparisons) {
            Comparison told = shown(comparison);
            if (!asked.room.take(bytes_of(told))) break;
            clause.comparisons.push_back(std::move(told));
        }
    } else {
        std::vector<std::pair<std::size_t, Comparison>> made;
        for (const std::size_t place : by_rank(count, [&](std::size_t i) { return rank(frame.result(from.comparisons[i].outcome).truth(), clause.outcome); })) {
            Comparison told = shown(from.comparisons[place]);
            if (made.size() == extent_.measures || !asked.room.take(bytes_of(told))) break;
            made.emplace_back(place, std::move(told));
        }
        put_back(made, clause.comparisons);
    }
    clause.left_out += count - clause.comparisons.size();
}

void Explainer::add_elements(const Asked& asked, const bytecode::Clause& from, Clause& clause) {
    const bytecode::Subject& subject = pack_->subjects[policy_->subject];
    std::size_t room = extent_.elements;
    for (const auto& question : from.questions) {
        const Index column = subject.program.lists[question.list].column;
        const vm::List& list = asked.row.list(column);
        if (list.state != vm::CellState::Known) continue;
        Explainer& explainer = *element_policies_.at(question.policy);
        std::vector<std::pair<std::size_t, Clause>> made;
        const std::vector<std::size_t> places = asked.room.is_full() ? std::vector<std::size_t>() : explainer.chosen(list, asked, clause.outcome, room);
        std::size_t shares = places.size();
        for (const std::size_t place : places) {
            if (asked.room.is_full()) break;
            const auto tell = [&] { return element(explainer, asked, pack_->string(subject.columns[column].name), list.rows[place], place); };
            if (auto told = asked.room.deciding_first() ? asked.room.share(shares--, tell) : tell()) made.emplace_back(place, std::move(*told));
        }
        room -= made.size();
        const std::size_t left_out = list.rows.size() - made.size();
        asked.room.leave_out(left_out);
        clause.left_out += left_out;
        put_back(made, clause.clauses);
    }
}

std::optional<Clause> Explainer::element(Explainer& explainer, const Asked& asked, const std::string& list, const vm::Row& row, std::size_t number) {
    Clause element;
    element.id = asked.prefix + list + "[" + std::to_string(number) + "]";
    if (!asked.room.take(bytes_of_a_part + element.id.size())) return std::nullopt;
    element.is_element = true;
    element.kind = bytecode::ClauseKind::AllOf;
    PolicyAnswer told = explainer.why({asked.profile, row, asked.question, asked.fiscal_year, element.id + ".", asked.room, nullptr});
    element.label = std::move(told.label);
    element.outcome = truth_of(told.verdict);
    element.clauses = std::move(told.clauses);
    element.left_out = told.clauses_left_out;
    return element;
}

std::vector<std::size_t> Explainer::chosen(const vm::List& list, const Asked& asked, Truth deciding, std::size_t most) {
    const std::size_t count = list.rows.size();
    std::vector<std::size_t> order;
    if (count <= most && !asked.room.deciding_first()) {
        order.resize(count);
        for (std::size_t i = 0; i < count; ++i) order[i] = i;
        return order;
    }
    std::array<std::vector<std::size_t>, 4> ranked;
    for (std::size_t i = 0; i < count; ++i) ranked[static_cast<std::size_t>(rank(outcome(asked, list.rows[i]), deciding))].push_back(i);
    // What the clause makes of its elements is not known here (all, any, a sum, none of them): so of each outcome some, in equal parts as far
    // as there are, and what is left of those that come first.
    const auto kinds = static_cast<std::size_t>(std::ranges::count_if(ranked, [](const auto& same) { return !same.empty(); }));
    std::array<std::size_t, 4> parts{};
    std::size_t left = std::min(count, most);
    for (const bool equally : {true, false})
        for (std::size_t i = 0; i < ranked.size() && left > 0; ++i) {
            const std::size_t part = std::min({ranked[i].size() - parts[i], equally ? most / kinds : left, left});
            parts[i] += part;
            left -= part;
        }
    for (std::size_t i = 0; i < ranked.size(); ++i) order.insert(order.end(), ranked[i].begin(), ranked[i].begin() + static_cast<std::ptrdiff_t>(parts[i]));
    return order;
}

// Whether this policy holds of an element; taken for holding where it would be too much work to look.
Truth Explainer::outcome(const Asked& asked, const vm::Row& row) {
    for (const auto& prepared : versions_) {
        if (!asked.room.spend(prepared->plan.steps[static_cast<std::size_t>(vm::Domain::Sets)].size())) return Truth::True;
        vm::run(prepared->frame, row, asked.question, asked.fiscal_year);
        const auto result = [&](Register number) { return prepared->frame.result(number).truth(); };
        const Verdict verdict = verdict_of(result(prepared->version->in_force), result(prepared->version->verdict));
        if (verdict != Verdict::NotInForce) return truth_of(verdict);
    }
    return Truth::False;
}

PolicyAnswer why(const bytecode::Pack& pack, Index policy, const vm::Profile& profile, const Question& question, const Extent& extent, value::Allowance* allowance) {
    return Explainer(pack, policy, extent, allowance).why(profile, question);
}

Answer answer(const bytecode::Pack& pack, std::span<const Index> policies, const vm::Profile& profile, const Question& question, const Extent& extent, value::Allowance* allowance) {
    Answer result;
    result.company_id = profile.company_id;
    result.subject = pack.string(pack.subjects[profile.subject].name);
    result.as_of = question.as_of;
    if (question.known_on != value::last_day) result.known_on = question.known_on;
    result.fiscal_year = profile.fiscal_year ? *profile.fiscal_year : value::year_of(question.as_of);
    std::size_t left = extent.bytes_of_all;
    for (const Index policy : policies) {
        result.results.push_back(Explainer(pack, policy, extent, allowance).why(profile, question, left));
        left -= result.results.back().bytes;
    }
    return result;
}

}  // namespace eligo::explain
