// Runs a scenario and compares every expectation with the answer.
#include "run.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>

#include "../explain/say.hpp"
#include "../explain/shown.hpp"
#include "../explain/why.hpp"
#include "../value/exactly.hpp"
#include "given.hpp"

namespace eligo::scenario {
namespace {

using explain::Clause;
using explain::Language;
using explain::PolicyAnswer;
using explain::Shown;
using value::Truth;
using Names = std::set<std::string>;

struct Words {
    std::string chinese, english;
};

explain::Verdict verdict_of(syntax::Verdict verdict) {
    switch (verdict) {
        case syntax::Verdict::Eligible: return explain::Verdict::Eligible;
        case syntax::Verdict::Ineligible: return explain::Verdict::Ineligible;
        case syntax::Verdict::Undetermined: return explain::Verdict::Undetermined;
        case syntax::Verdict::NotInForce: return explain::Verdict::NotInForce;
    }
    return explain::Verdict::Eligible;
}

std::string_view outcome_words(Truth outcome, Language language) {
    const bool chinese = language == Language::Chinese;
    switch (outcome) {
        case Truth::True: return chinese ? "成立" : "holds";
        case Truth::False: return chinese ? "不成立" : "fails";
        case Truth::Unknown: return chinese ? "未知" : "unknown";
    }
    return {};
}

const Clause* find_clause(const std::vector<Clause>& clauses, const std::string& id) {
    for (const Clause& clause : clauses) {
        if (clause.id == id) return &clause;
        if (const Clause* inside = find_clause(clause.clauses, id)) return inside;
    }
    return nullptr;
}

std::string parent_of(const std::string& path) {
    const std::size_t dot = path.rfind('.');
    return dot == std::string::npos ? std::string() : path.substr(0, dot);
}

// "stage" and "stage.seed" for "stage.seed.staff": the levels above a clause.
std::vector<std::string> with_ancestors(const std::string& path) {
    std::vector<std::string> paths;
    for (std::string each = path; !each.empty(); each = parent_of(each)) paths.push_back(each);
    return paths;
}

Names failing_among(const std::vector<Clause>& clauses) {
    Names names;
    for (const Clause& clause : clauses) {
        if (!clause.is_element && clause.outcome == Truth::False) names.insert(clause.id);
    }
    return names;
}

std::string listed(const Names& names, std::string_view separator) {
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : std::string(separator)) + name;
    return out;
}

Words listed(const Names& names) {
    if (names.empty()) return {"（无）", "nothing"};
    return {listed(names, "、"), listed(names, ", ")};
}

Words labelled(const std::vector<Clause>& clauses, Truth outcome) {
    Words words;
    for (const Clause& clause : clauses) {
        if (clause.outcome != outcome) continue;
        words.chinese += (words.chinese.empty() ? "" : "、") + std::string(explain::pick(clause.label, Language::Chinese)) + "（" + clause.id + "）";
        words.english += (words.english.empty() ? "" : ", ") + clause.id + " \"" + std::string(explain::pick(clause.label, Language::English)) + "\"";
    }
    return words;
}

// The clauses that made a verdict so, and what it waits for.
Words reasons(const PolicyAnswer& answer) {
    Words words;
    const bool open = answer.verdict == explain::Verdict::Undetermined;
    if (!open && answer.verdict != explain::Verdict::Ineligible) return words;
    const Words clauses = labelled(answer.clauses, open ? Truth::Unknown : Truth::False);
    if (!clauses.chinese.empty()) {
        words.chinese = (open ? "，未定的条款：" : "，不成立的条款：") + clauses.chinese;
        words.english = (open ? "; open: " : "; failing: ") + clauses.english;
    }
    if (open && !answer.missing.empty()) {
        const Words missing = listed(Names(answer.missing.begin(), answer.missing.end()));
        words.chinese += "，尚缺：" + missing.chinese;
        words.english += "; missing: " + missing.english;
    }
    return words;
}

class Comparer {
public:
    Comparer(const sema::Model& model, const PolicyAnswer& answer, std::int32_t fiscal_year, sema::Id subject)
        : model_(model), answer_(answer), fiscal_year_(fiscal_year), subject_(subject) {}

    void compare(const sema::Expect& expect);
    [[nodiscard]] std::vector<Mismatch> take() { return std::move(mismatches_); }

private:
    void verdict(const sema::Expect& expect);
    void because(const sema::Expect& expect);
    void level(const sema::Expect& expect, const std::string& parent, const Names& named);
    void needs(const sema::Expect& expect);
    void benefit_equals(const sema::Expect& expect, const std::string& name);
    void benefit_in(const sema::Expect& expect, const std::string& name);
    void clause_outcome(const sema::Expect& expect, const std::string& name);
    [[nodiscard]] const Shown* benefit(const std::string& name) const;
    [[nodiscard]] std::string path_text(const sema::Path& path) const;
    [[nodiscard]] Shown expected_value(const sema::Type& type, const sema::Constant& constant) const;
    [[nodiscard]] bool same(const sema::Type& type, const sema::Constant& constant, const std::string& shown) const;
    [[nodiscard]] Words value_words(const sema::Type& type, const std::optional<sema::Constant>& constant) const;
    void mismatch(const sema::Expect& expect, const Words& words) { mismatches_.push_back({expect.span, words.chinese, words.english}); }

    const sema::Model& model_;
    const PolicyAnswer& answer_;
    std::int32_t fiscal_year_;
    sema::Id subject_;
    std::vector<Mismatch> mismatches_;
};

void Comparer::verdict(const sema::Expect& expect) {
    const explain::Verdict wanted = verdict_of(expect.verdict);
    if (wanted == answer_.verdict) return;
    const auto say = [](explain::Verdict verdict, Language language) { return std::string(explain::say_verdict(verdict, language)); };
    const Words why = reasons(answer_);
    mismatch(expect, {"期望“" + say(wanted, Language::Chinese) + "”，实为“" + say(answer_.verdict, Language::Chinese) + "”" + why.chinese,
                      "expected " + say(wanted, Language::English) + ", but it is " + say(answer_.verdict, Language::English) + why.english});
}

// Within one group (or at the top), the clauses named must be exactly those that fail.
void Comparer::level(const sema::Expect& expect, const std::string& parent, const Names& named) {
    const Clause* group = parent.empty() ? nullptr : find_clause(answer_.clauses, parent);
    if (!parent.empty() && group == nullptr) return;  // the named clause below it is reported as not failing
    const Names failing = failing_among(group == nullptr ? answer_.clauses : group->clauses);
    if (named == failing) return;
    const Words wanted = listed(named), came = listed(failing);
    const Words where = parent.empty() ? Words{} : Words{"（" + parent + " 之内）", " within " + parent};
    mismatch(expect, {"期望不成立的条款" + where.chinese + "为 " + wanted.chinese + "，实为 " + came.chinese,
                      "expected the failing clauses" + where.english + " to be " + wanted.english + ", but they are " + came.english});
}

void Comparer::because(const sema::Expect& expect) {
    std::set<std::string> parents{""};
    Names all;
    for (const std::string& name : expect.names) {
        parents.insert(parent_of(name));
        for (std::string& each : with_ancestors(name)) all.insert(std::move(each));
    }
    for (const std::string& parent : parents) {
        Names named;
        std::copy_if(all.begin(), all.end(), std::inserter(named, named.end()), [&](const std::string& each) { return parent_of(each) == parent; });
        level(expect, parent, named);
    }
    for (const std::string& name : expect.names) {
        const Clause* clause = find_clause(answer_.clauses, name);
        if (clause != nullptr || parent_of(name).empty()) continue;
        mismatch(expect, {"答案中没有条款 " + name, "the answer has no clause " + name});
    }
}

std::string Comparer::path_text(const sema::Path& path) const {
    std::string text;
    sema::Id subject = subject_;
    for (const sema::PathStep& step : path.steps) {
        const sema::Fact& fact = model_.subjects[subject].facts[step.fact];
        text += (text.empty() ? "" : ".") + fact.name;
        if (step.element) text.append("[").append(std::to_string(*step.element)).append("]");
        if (step.year_offset) text.append(".").append(std::to_string(fiscal_year_ + *step.year_offset));
        if (fact.type.kind == sema::Kind::Record || fact.type.kind == sema::Kind::List) subject = fact.type.ref;
    }
    return text;
}

void Comparer::needs(const sema::Expect& expect) {
    Names wanted;
    for (const sema::Path& path : expect.needs) wanted.insert(path_text(path));
    const Names came(answer_.missing.begin(), answer_.missing.end());
    if (wanted == came) return;
    const Words expected_words = listed(wanted), came_words = listed(came);
    mismatch(expect, {"期望尚缺 " + expected_words.chinese + "，实缺 " + came_words.chinese,
                      "expected to need " + expected_words.english + ", but it needs " + came_words.english});
}

const Shown* Comparer::benefit(const std::string& name) const {
    for (const explain::Benefit& each : answer_.benefits) {
        if (each.name == name && each.shown.state != Shown::State::NoValue) return &each.shown;
    }
    return nullptr;
}

// The expected constant in the form an answer has: a number has one text, so that texts are compared.
Shown Comparer::expected_value(const sema::Type& type, const sema::Constant& constant) const {
    const auto number = [&](bytecode::Kind kind) {
        return explain::show_number(kind, type.percent, {constant.number.numerator(), constant.number.denominator()});
    };
    Shown shown;
    shown.state = Shown::State::Known;
    switch (type.kind) {
        case sema::Kind::Error: break;
        case sema::Kind::Bool: shown.kind = bytecode::Kind::Bool, shown.low = constant.integer != 0 ? "true" : "false"; break;
        case sema::Kind::Number: return number(bytecode::Kind::Number);
        case sema::Kind::Money: return number(bytecode::Kind::Money);
        case sema::Kind::Months: return number(bytecode::Kind::Months);
        case sema::Kind::Days: return number(bytecode::Kind::Days);
        case sema::Kind::Date: shown.kind = bytecode::Kind::Date, shown.low = value::format_date(value::exactly<value::Day>(constant.integer).value()); break;
        case sema::Kind::Text: shown.kind = bytecode::Kind::Text, shown.low = constant.text; break;
        case sema::Kind::Enum:
            shown.kind = bytecode::Kind::Enum;
            shown.low = model_.enumerations[type.ref].members[static_cast<std::size_t>(constant.integer)].name;
            break;
        case sema::Kind::Code:
            shown.kind = bytecode::Kind::Code;
            shown.low = value::format_code(static_cast<value::Classification>(type.ref), value::exactly<std::int32_t>(constant.integer).value());
            break;
        case sema::Kind::Record:
        case sema::Kind::List: break;
    }
    shown.high = shown.low;
    return shown;
}

bool Comparer::same(const sema::Type& type, const sema::Constant& constant, const std::string& shown) const {
    return expected_value(type, constant).low == shown;
}

Words Comparer::value_words(const sema::Type& type, const std::optional<sema::Constant>& constant) const {
    if (!constant) return {"", ""};
    const Shown shown = expected_value(type, *constant);
    return {explain::say_value(shown, Language::Chinese), explain::say_value(shown, Language::English)};
}

Words came_words(const Shown* shown) {
    if (shown == nullptr) return {"无值", "it has no value"};
    return {explain::say_value(*shown, Language::Chinese), "it is " + explain::say_value(*shown, Language::English)};
}

void Comparer::benefit_equals(const sema::Expect& expect, const std::string& name) {
    const Shown* came = benefit(name);
    const bool agrees = expect.none ? came == nullptr
                                    : came != nullptr && expect.low && came->state == Shown::State::Known && same(expect.type, *expect.low, came->low);
    if (agrees) return;
    const Words wanted = expect.none ? Words{"无值", "to have no value"} : value_words(expect.type, expect.low);
    const Words got = came_words(came);
    mismatch(expect, {"期望 " + name + " = " + wanted.chinese + "，实为 " + got.chinese,
                      "expected " + name + (expect.none ? " " : " = ") + wanted.english + ", but " + got.english});
}

// An amount that is still open must lie exactly between the ends given; an end that is not written is not compared.
void Comparer::benefit_in(const sema::Expect& expect, const std::string& name) {
    const Shown* came = benefit(name);
    const bool has_ends = came != nullptr && (came->state == Shown::State::Known || came->state == Shown::State::Open);
    const bool agrees = has_ends && (!expect.low || same(expect.type, *expect.low, came->low)) &&
                        (!expect.high || same(expect.type, *expect.high, came->high.empty() ? came->low : came->high));
    if (agrees) return;
    const Words low = value_words(expect.type, expect.low), high = value_words(expect.type, expect.high), got = came_words(came);
    mismatch(expect, {"期望 " + name + " 为 " + low.chinese + " .. " + high.chinese + "，实为 " + got.chinese,
                      "expected " + name + " in " + low.english + " .. " + high.english + ", but " + got.english});
}

void Comparer::clause_outcome(const sema::Expect& expect, const std::string& name) {
    const Clause* clause = find_clause(answer_.clauses, name);
    const Truth wanted = static_cast<Truth>(expect.outcome);
    if (clause != nullptr && clause->outcome == wanted) return;
    const auto say = [](Truth outcome, Language language) { return std::string(outcome_words(outcome, language)); };
    const Words came = clause == nullptr ? Words{"答案中没有该条款", "the answer has no such clause"}
                                         : Words{"实为“" + say(clause->outcome, Language::Chinese) + "”", "it came out as: " + say(clause->outcome, Language::English)};
    mismatch(expect, {"期望条款 " + name + " “" + say(wanted, Language::Chinese) + "”，" + came.chinese,
                      "expected of clause " + name + ": " + say(wanted, Language::English) + ", but " + came.english});
}

void Comparer::compare(const sema::Expect& expect) {
    const std::string name = expect.names.empty() ? std::string() : expect.names.front();
    switch (expect.kind) {
        case syntax::ExpectKind::Verdict: return verdict(expect);
        case syntax::ExpectKind::Because: return because(expect);
        case syntax::ExpectKind::Needs: return needs(expect);
        case syntax::ExpectKind::BenefitEquals: return benefit_equals(expect, name);
        case syntax::ExpectKind::BenefitIn: return benefit_in(expect, name);
        case syntax::ExpectKind::ClauseOutcome: return clause_outcome(expect, name);
    }
}

}  // namespace

bytecode::Index policy_named(const bytecode::Pack& pack, const std::string& name) {
    for (bytecode::Index i = 0; i < pack.policies.size(); ++i) {
        if (pack.string(pack.policies[i].name) == name) return i;
    }
    return bytecode::none;
}

explain::Question question_of(const sema::Scenario& scenario) {
    explain::Question question;
    question.as_of = scenario.as_of;
    if (scenario.known_on) question.known_on = *scenario.known_on;
    return question;
}

std::vector<Mismatch> compare(const sema::Model& model, const sema::Scenario& scenario, const PolicyAnswer& answer, std::int32_t fiscal_year) {
    Comparer comparer(model, answer, fiscal_year, model.policies[scenario.policy].subject);
    for (const sema::Expect& expect : scenario.expects) comparer.compare(expect);
    return comparer.take();
}

Outcome Runner::run(const sema::Scenario& scenario) {
    const std::string& policy = model_->policies[scenario.policy].name;
    Outcome outcome{scenario.title, policy, scenario.span, {}};
    const bytecode::Index number = policy_named(*pack_, policy);
    if (number == bytecode::none) {
        outcome.mismatches.push_back({scenario.span, "编译结果中没有政策 " + policy, "the pack has no policy " + policy});
        return outcome;
    }
    const vm::Profile profile = make_profile(*model_, *pack_, scenario, outcome.mismatches);
    explain::Explainer& explainer = explainers_.try_emplace(number, *pack_, number, explain::unbounded).first->second;
    const PolicyAnswer answer = explainer.why(profile, question_of(scenario));
    for (Mismatch& each : compare(*model_, scenario, answer, fiscal_year_of(scenario))) outcome.mismatches.push_back(std::move(each));
    return outcome;
}

Outcome run(const sema::Model& model, const bytecode::Pack& pack, const sema::Scenario& scenario) { return Runner(model, pack).run(scenario); }

std::vector<Outcome> run_all(const sema::Model& model, const bytecode::Pack& pack) {
    Runner runner(model, pack);
    std::vector<Outcome> outcomes;
    outcomes.reserve(model.scenarios.size());
    for (const sema::Scenario& scenario : model.scenarios) outcomes.push_back(runner.run(scenario));
    return outcomes;
}

}  // namespace eligo::scenario
