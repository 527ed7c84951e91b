#include "agreement.hpp"

#include <algorithm>
#include <cstdio>

#include "../../engine/vm/profile_set.hpp"

namespace eligo::oracle {
namespace {

std::string word(const Amount& amount) { return amount.low == amount.high ? amount.low.str() : amount.low.str() + " .. " + amount.high.str(); }

void gather(const std::vector<explain::Clause>& clauses, std::map<std::string, Truth>& outcomes) {
    for (const auto& clause : clauses) {
        if (clause.is_element) continue;
        outcomes[clause.id] = clause.outcome;
        gather(clause.clauses, outcomes);
    }
}

// A day that is shown, which a calculation may have brought beyond those that are written.
std::optional<value::Day> day_in(const std::string& text) {
    int year = 0, month = 0, day = 0;
    char after = 0;
    if (std::sscanf(text.c_str(), "%4d-%2d-%2d%c", &year, &month, &day, &after) != 3) return std::nullopt;
    return value::day_from_civil(year, month, day);
}

std::optional<Number> number_in(const std::string& text) {
    if (text == "true" || text == "false") return Number(text == "true" ? 1 : 0);
    if (const auto day = day_in(text)) return Number(*day);
    // Of any length; what is a member's name is no number.
    const std::size_t sign = text.starts_with('-') ? 1 : 0, point = std::min(text.find('.'), text.size());
    if (text.size() == sign || text.find_first_not_of("0123456789.", sign) != std::string::npos) return std::nullopt;
    Number number = 0;
    for (const char c : text.substr(sign))
        if (c != '.') number = number * Number(10) + Number(c - '0');
    for (std::size_t i = point + 1; i < text.size(); ++i) number = number / Number(10);
    return sign == 0 ? number : -number;
}

// What people are shown of a benefit: those that have a value or may have one, once the verdict is eligible or always.
std::map<std::string, Amount> shown_benefits(const Answer& answer) {
    std::map<std::string, Amount> shown;
    for (const auto& [name, amount] : answer.benefits)
        if (amount.given != Truth::False && (answer.verdict == Verdict::Eligible || amount.always)) shown[name] = amount;
    return shown;
}

std::string list(const std::vector<std::string>& names) {
    std::string all;
    for (const auto& name : names) all += " " + name;
    return all;
}

Verdict verdict_of(Truth in_force, Truth holds) {
    if (in_force == Truth::False) return Verdict::NotInForce;
    if (in_force == Truth::True && holds == Truth::True) return Verdict::Eligible;
    if (in_force == Truth::True && holds == Truth::False) return Verdict::Ineligible;
    return Verdict::Undetermined;
}

Verdict verdict_of(vm::Verdict verdict) {
    static constexpr Verdict verdicts[] = {Verdict::Eligible, Verdict::Ineligible, Verdict::Undetermined, Verdict::NotInForce};
    return verdicts[static_cast<std::size_t>(verdict)];
}

Amount amount_of(const vm::Result& result, const bytecode::Unit& unit, Truth given) {
    const auto number = [&](value::Int128 value) { return number_of(value::Rational::of(value, 1)) * Number(unit.numerator, unit.denominator); };
    return {given, number(result.low), number(result.high)};
}

// What a let is shown as, value over denominator, in its unit.
Amount amount_of(const vm::Frame& frame, const bytecode::Measure& measure) {
    const Truth defined = measure.defined == bytecode::no_register ? Truth::True : frame.result(measure.defined).truth();
    Amount amount = amount_of(frame.result(measure.value), measure.unit, defined);
    if (measure.denominator == bytecode::no_register) return amount;
    const vm::Result below = frame.result(measure.denominator);
    amount.low = amount.low / number_of(value::Rational::of(below.low, 1));
    amount.high = amount.high / number_of(value::Rational::of(below.high, 1));
    return amount;
}

// Two that leave something open may leave open more or less, but not have nothing in common.
bool may_be_the_same(const Amount& a, const Amount& b) {
    if (a.given != Truth::True || b.given != Truth::True) return a.given == b.given || a.given == Truth::Unknown || b.given == Truth::Unknown;
    return a.low <= b.high && b.low <= a.high;
}

// Verdict, clauses, benefits and what is shown beside them; nothing of missing facts.
std::string unlike(const Answer& a, const Answer& b) {
    std::string text;
    if (a.verdict != b.verdict) return "  verdict: " + oracle::word(a.verdict) + " and " + oracle::word(b.verdict) + "\n";
    for (const auto& [path, outcome] : a.clauses) {
        const auto other = b.clauses.find(path);
        if (other == b.clauses.end()) text += "  clause " + path + " is told by one only\n";
        else if (other->second != outcome) text += "  clause " + path + ": " + oracle::word(outcome) + " and " + oracle::word(other->second) + "\n";
    }
    for (const auto& [name, amount] : a.benefits) {
        const auto other = b.benefits.find(name);
        if (other == b.benefits.end()) text += "  benefit " + name + " is told by one only\n";
        else if (other->second.given != amount.given) text += "  benefit " + name + " given: " + oracle::word(amount.given) + " and " + oracle::word(other->second.given) + "\n";
        else if (amount.given != Truth::False && (other->second.low != amount.low || other->second.high != amount.high)) text += "  benefit " + name + ": " + word(amount) + " and " + word(other->second) + "\n";
    }
    for (const auto& [name, amount] : a.lets)
        if (const auto other = b.lets.find(name); other != b.lets.end() && !may_be_the_same(amount, other->second))
            text += "  let " + name + ": " + (amount.given == Truth::False ? "none" : word(amount)) + " and " + (other->second.given == Truth::False ? "none" : word(other->second)) + "\n";
    return text;
}

// Whether one answer decides all that another does, in the same way, and more: the compiler sees ranges of whole steps and
// branches that are alike, where the oracle looks at one interval after another.
bool is_sharper(const Answer& found, const Answer& than) {
    if (than.verdict != found.verdict && than.verdict != Verdict::Undetermined) return false;
    for (const auto& [path, outcome] : than.clauses) {
        const auto other = found.clauses.find(path);
        if (other == found.clauses.end() || (outcome != Truth::Unknown && other->second != outcome)) return false;
    }
    for (const auto& [name, amount] : than.benefits) {
        const auto other = found.benefits.find(name);
        if (other == found.benefits.end()) return false;
        if (amount.given != Truth::Unknown && other->second.given != amount.given) return false;
        if (other->second.given != Truth::False && (other->second.low < amount.low || other->second.high > amount.high)) return false;
    }
    return true;
}

// Takes a place of a record ("revenue.2015", "claims[1].paid", "claims") over from another.
void take(Record& to, const Record& from, const std::string& path) {
    const auto bracket = path.find('[');
    if (bracket == std::string::npos) {
        if (const auto found = from.lists.find(path); found != from.lists.end()) to.lists[path] = found->second;
        else if (const auto scalar = from.scalars.find(path); scalar != from.scalars.end()) to.scalars[path] = scalar->second;
        return;
    }
    const std::string key = path.substr(0, bracket);
    const auto element = static_cast<std::size_t>(std::stoul(path.substr(bracket + 1)));
    take(to.lists.at(key).elements.at(element), from.lists.at(key).elements.at(element), path.substr(path.find("].") + 2));
}

// A fact that was left out was taken to be what its default may come to, and anything else is another question.
void hold_within(Record& record, const std::string& path, const std::pair<Number, Number>& taken) {
    if (const auto bracket = path.find('['); bracket != std::string::npos) {
        const auto element = static_cast<std::size_t>(std::stoul(path.substr(bracket + 1)));
        return hold_within(record.lists.at(path.substr(0, bracket)).elements.at(element), path.substr(path.find("].") + 2), taken);
    }
    Scalar& scalar = record.scalars.at(path);
    if (taken.first > taken.second) scalar = {};
    else scalar.low = scalar.high = std::clamp(scalar.low, taken.first, taken.second);
}

bool is_open(const Record& record, const std::string& path) {
    const auto bracket = path.find('[');
    if (bracket != std::string::npos) {
        const auto found = record.lists.find(path.substr(0, bracket));
        if (found == record.lists.end() || !found->second.known) return false;
        const auto element = static_cast<std::size_t>(std::stoul(path.substr(bracket + 1)));
        return element < found->second.elements.size() && is_open(found->second.elements[element], path.substr(path.find("].") + 2));
    }
    if (const auto found = record.lists.find(path); found != record.lists.end()) return !found->second.known;
    const auto found = record.scalars.find(path);
    return found == record.scalars.end() || found->second.state != Scalar::State::Known;
}

}  // namespace

std::string word(Verdict verdict) {
    switch (verdict) {
        case Verdict::Eligible: return "eligible";
        case Verdict::Ineligible: return "ineligible";
        case Verdict::Undetermined: return "undetermined";
        case Verdict::NotInForce: return "not_in_force";
    }
    return "";
}
std::string word(Truth truth) { return truth == Truth::True ? "holds" : truth == Truth::False ? "fails" : "unknown"; }

Answer translated(const explain::PolicyAnswer& from) {
    Answer answer;
    for (const Verdict verdict : {Verdict::Eligible, Verdict::Ineligible, Verdict::Undetermined, Verdict::NotInForce})
        if (explain::verdict_name(from.verdict) == word(verdict)) answer.verdict = verdict;
    gather(from.clauses, answer.clauses);
    answer.missing = from.missing;
    std::sort(answer.missing.begin(), answer.missing.end());
    for (const auto& benefit : from.benefits) {
        Amount amount;
        amount.given = Truth::True;
        const auto low = number_in(benefit.shown.low), high = number_in(benefit.shown.high.empty() ? benefit.shown.low : benefit.shown.high);
        // A truth of which nothing is known is not shown as anything.
        amount.low = low.value_or(0);
        amount.high = high ? *high : benefit.shown.kind == bytecode::Kind::Bool ? Number(1) : amount.low;
        answer.benefits[benefit.name] = amount;
    }
    return answer;
}

std::string differences(const Answer& expected, const Answer& found) {
    std::string text;
    if (expected.verdict != found.verdict) text += "verdict: oracle " + word(expected.verdict) + ", engine " + word(found.verdict) + "\n";
    for (const auto& [path, outcome] : expected.clauses) {
        const auto other = found.clauses.find(path);
        if (other == found.clauses.end()) text += "clause " + path + ": the engine does not tell it\n";
        else if (other->second != outcome) text += "clause " + path + ": oracle " + word(outcome) + ", engine " + word(other->second) + "\n";
    }
    const auto shown = shown_benefits(expected);
    for (const auto& [name, amount] : shown) {
        const auto other = found.benefits.find(name);
        if (other == found.benefits.end()) text += "benefit " + name + ": oracle " + word(amount) + ", engine nothing\n";
        else if (other->second.low != amount.low || other->second.high != amount.high) text += "benefit " + name + ": oracle " + word(amount) + ", engine " + word(other->second) + "\n";
    }
    for (const auto& [name, amount] : found.benefits)
        if (!shown.contains(name)) text += "benefit " + name + ": oracle nothing, engine " + word(amount) + "\n";
    if (expected.missing != found.missing) text += "missing: oracle" + list(expected.missing) + ", engine" + list(found.missing) + "\n";
    return text;
}

Agreement::Prepared::Prepared(const bytecode::Pack& pack, bytecode::Index subject, const bytecode::Version& version)
    : plan([&] {
          std::vector<bytecode::Register> roots{version.day, version.in_force, version.verdict};
          for (const auto& clause : version.clauses) roots.push_back(clause.outcome);
          for (const auto& benefit : version.benefits) {
              roots.push_back(benefit.measure.value);
              if (benefit.when != bytecode::no_register) roots.push_back(benefit.when);
          }
          for (const auto& let : version.lets)
              for (const bytecode::Register shown : {let.measure.value, let.measure.denominator, let.measure.defined})
                  if (shown != bytecode::no_register) roots.push_back(shown);
          return vm::make_plan(pack, subject, {.roots = roots});
      }()),
      known(vm::make_frame(pack, plan)), sets(vm::make_frame(pack, plan)) {}

Agreement::Agreement(const Rules& rules, sema::Id policy)
    : rules_(rules), policy_(policy), oracle_(rules.model, policy), checker_(*rules.pack, policy), memory_(checker_.memory()), explainer_(*rules.pack, policy, explain::unbounded) {
    const bytecode::Policy& compiled = rules.pack->policies[policy];
    for (const auto& version : compiled.versions) versions_.push_back(std::make_unique<Prepared>(*rules.pack, compiled.subject, version));
}

Agreement::Found Agreement::run(const vm::Profile& profile, const Question& question, bool over_sets) {
    const bytecode::Pack& pack = *rules_.pack;
    const bytecode::Policy& policy = pack.policies[policy_];
    const std::int32_t fiscal_year = profile.fiscal_year.value_or(value::year_of(question.as_of));
    Found found;
    for (std::size_t i = 0; i < versions_.size(); ++i) {
        Prepared& prepared = *versions_[i];
        const bytecode::Version& version = policy.versions[i];
        vm::Frame& frame = over_sets ? prepared.sets : prepared.known;
        const vm::Question asked{question.as_of, question.known_on};
        if (over_sets) vm::run_over_sets(frame, profile.row, asked, fiscal_year);
        else vm::run(frame, profile.row, asked, fiscal_year);
        note_opcodes(prepared, profile, frame.over_sets() ? reached_sets_ : reached_known_);
        found.in_force = frame.result(version.in_force).truth();
        found.answer.verdict = verdict_of(found.in_force, frame.result(version.verdict).truth());
        if (found.answer.verdict == Verdict::NotInForce) continue;
        found.version = i;
        for (const auto& clause : version.clauses) found.answer.clauses[pack.string(clause.path)] = frame.result(clause.outcome).truth();
        const Truth verdict = frame.result(version.verdict).truth();
        for (const auto& benefit : version.benefits) {
            const Truth when = benefit.when == bytecode::no_register ? Truth::True : frame.result(benefit.when).truth();
            found.answer.benefits[pack.string(benefit.name)] = amount_of(frame.result(benefit.measure.value), benefit.measure.unit, truth_and(found.in_force, truth_and(when, benefit.always ? Truth::True : verdict)));
        }
        for (const auto& let : version.lets) found.answer.lets[pack.string(let.name)] = amount_of(frame, let.measure);
        break;
    }
    return found;
}

// Straight-line code runs as a whole; what stands between a loop and its end runs when there is an element.
void Agreement::note_opcodes(const Prepared& prepared, const vm::Profile& profile, Opcodes& reached) const {
    const bytecode::Program& program = rules_.pack->subjects[prepared.plan.subject].program;
    for (std::size_t i = 0; i < program.code.size(); ++i) {
        const bytecode::Instruction& instruction = program.code[i];
        const bool loop = instruction.opcode == bytecode::Opcode::Loop;
        const bool planned = loop ? std::ranges::any_of(prepared.plan.loops, [i](const vm::LoopPlan& one) { return one.loop_register == i; }) : prepared.plan.seats.find(static_cast<bytecode::Register>(i)) != nullptr;
        if (!planned) continue;
        reached.set(static_cast<std::size_t>(instruction.opcode));
        if (!loop) continue;
        reached.set(static_cast<std::size_t>(bytecode::Opcode::EndLoop));
        const vm::List& list = profile.row.list(program.lists[instruction.a].column);
        if (list.state == vm::CellState::Known && list.rows.empty()) i = instruction.b;
    }
}

// The short way to a verdict, which stops early and tells nothing, must come to the same.
std::string Agreement::check(const vm::Profile& profile, const Question& question) {
    Answer found = told_;
    const auto outcome = checker_.check(profile, {question.as_of, question.known_on}, memory_);
    found.verdict = verdict_of(outcome.verdict);
    if (found.verdict == Verdict::NotInForce) return unlike(told_, found);
    const auto& benefits = checker_.policy().versions[outcome.version].benefits;
    for (std::size_t i = 0; i < benefits.size(); ++i) {
        const auto result = checker_.benefit(memory_, outcome, i);
        found.benefits[rules_.pack->string(benefits[i].name)] = amount_of(result.amount, benefits[i].measure.unit, result.given);
    }
    return unlike(told_, found);
}

// What the verdict and the benefits wait for after the last run over sets.
explain::Open Agreement::still_open(const vm::Profile& profile, const Question& question) {
    const bytecode::Version& version = rules_.pack->policies[policy_].versions[found_.version];
    std::vector<bytecode::Register> registers{version.in_force, version.verdict};
    for (const auto& benefit : version.benefits) {
        if (told_.verdict != Verdict::Eligible) break;
        if (benefit.when != bytecode::no_register) registers.push_back(benefit.when);
        if (told_.benefits.at(rules_.pack->string(benefit.name)).given != Truth::False) registers.push_back(benefit.measure.value);
    }
    explain::Room room(explain::unbounded);
    return explain::find_open(versions_[found_.version]->sets, *rules_.pack, profile.row, profile.fiscal_year.value_or(value::year_of(question.as_of)), registers, explain::unbounded.facts, room);
}

std::string Agreement::differences(const Case& made) {
    std::string problems;
    const vm::Profile given = engine_profile(rules_.model, *rules_.pack, made.profile, problems);
    if (!problems.empty()) return "refused: " + problems;
    told_ = oracle_.ask(made.profile, made.question);
    const Found known = run(given, made.question, false);
    found_ = run(given, made.question, true);
    const bool own_opinion = unlike(known.answer, found_.answer).empty() && !unlike(told_, found_.answer).empty();
    sharper_ = own_opinion && is_sharper(found_.answer, told_);
    blunter_ = own_opinion && !sharper_ && is_sharper(told_, found_.answer);
    eligible_after_all_ = sharper_ && told_.verdict != Verdict::Eligible && found_.answer.verdict == Verdict::Eligible;
    if (sharper_ || blunter_) {
        Answer taken = found_.answer;
        taken.missing = std::move(told_.missing);
        taken.defaults = std::move(told_.defaults);
        for (auto& [name, amount] : taken.benefits) amount.always = told_.benefits.at(name).always;
        told_ = std::move(taken);
    }
    const std::string a = unlike(told_, known.answer), b = unlike(told_, found_.answer), c = unlike(known.answer, found_.answer);
    std::string text;
    if (!a.empty() && !b.empty() && c.empty()) text += "the VM agrees with itself, the oracle differs (oracle and VM):\n" + a;
    else if (!a.empty() && b.empty()) text += "the oracle and the VM over sets agree, the VM over known values differs (oracle and VM):\n" + a;
    else if (a.empty() && !b.empty()) text += "the oracle and the VM over known values agree, the VM over sets differs (oracle and VM):\n" + b;
    else if (!a.empty()) text += "no two agree (oracle and known, oracle and sets):\n" + a + b;
    if (const std::string short_way = check(given, made.question); text.empty() && !short_way.empty()) text += "the short check differs (oracle and check):\n" + short_way;
    if (!text.empty()) return text;
    const auto explained = explainer_.why(given, {made.question.as_of, made.question.known_on});
    Answer shown = translated(explained);
    // The fewer facts it waits for the better, since with them given nothing is left open (not_settled).
    if (blunter_ || eligible_after_all_ || std::ranges::includes(told_.missing, shown.missing)) told_.missing = shown.missing;
    text = oracle::differences(told_, shown);
    if (!text.empty()) text = "the explanation differs:\n" + text;
    open_by_rule_ = (told_.verdict == Verdict::Undetermined || !told_.missing.empty()) && still_open(given, made.question).by_rule;
    return text;
}

std::string Agreement::broken_by(const Case& closed) {
    std::string problems;
    const vm::Profile given = engine_profile(rules_.model, *rules_.pack, closed.profile, problems);
    if (!problems.empty()) return "a completion is refused: " + problems;
    // A fact beyond one that is left to its default, which no door lets in, completes nothing.
    if (!vm::contradictions(given).empty()) return {};
    const Found found = run(given, closed.question, false);
    std::string broken;
    // What the oracle did not see itself it is asked about here, where nothing is left to see.
    if (sharper_)
        if (const Answer exact = oracle_.ask(closed.profile, closed.question); exact.verdict != found.answer.verdict && exact.verdict != Verdict::Undetermined)
            broken += "with everything given the oracle says " + word(exact.verdict) + ", the engine " + word(found.answer.verdict) + "\n";
    if (told_.verdict != Verdict::Undetermined && found.answer.verdict != told_.verdict) broken += "was " + word(told_.verdict) + ", became " + word(found.answer.verdict) + "\n";
    // Another version turned out to be in force: nothing was told of it.
    if (found.version != found_.version || found.answer.verdict == Verdict::NotInForce) return broken;
    for (const auto& [path, outcome] : told_.clauses)
        if (outcome != Truth::Unknown && found.answer.clauses.at(path) != outcome) broken += "clause " + path + " was decided and turned\n";
    for (const auto& [name, amount] : found.answer.benefits) {
        const Amount& before = told_.benefits.at(name);
        if (before.given != Truth::Unknown && amount.given != before.given && amount.given != Truth::Unknown) broken += "benefit " + name + " was decided and turned\n";
        // What is open still, by the rule or because it was left out, may be seen less sharply now: the two must have something in common.
        const bool apart = amount.low == amount.high ? amount.low < before.low || amount.high > before.high : amount.high < before.low || amount.low > before.high;
        if (amount.given == Truth::True && apart) broken += "benefit " + name + " was " + word(before) + ", became " + word(amount) + "\n";
    }
    return broken;
}

std::string Agreement::not_settled(const Case& open, const Case& settled) {
    std::string text;
    for (const auto& path : told_.missing)
        if (!is_open(open.profile.facts, path)) text += path + " is missing, but it was given\n";
    if (!text.empty() || told_.missing.empty() || found_.in_force != Truth::True) return text;
    Case answered = open;
    for (const auto& path : told_.missing) take(answered.profile.facts, settled.profile.facts, path);
    for (const auto& [path, taken] : told_.defaults)
        if (std::ranges::binary_search(told_.missing, path)) hold_within(answered.profile.facts, path, taken);
    std::string problems;
    const vm::Profile given = engine_profile(rules_.model, *rules_.pack, answered.profile, problems);
    if (!problems.empty()) return "with all that was missing given, refused: " + problems;
    if (!vm::contradictions(given).empty()) return text;
    const Found found = run(given, answered.question, true);
    std::string left;
    if (found.answer.verdict == Verdict::Undetermined) left += " the verdict";
    if (told_.verdict == Verdict::Eligible)
        for (const auto& [name, amount] : found.answer.benefits)
            if (amount.given == Truth::Unknown || (amount.given == Truth::True && amount.low != amount.high)) left += " " + name;
    if (left.empty()) return text;
    const explain::Open rest = still_open(given, answered.question);
    if (rest.places.empty() && rest.by_rule) return text;
    text += "given" + list(told_.missing) + ", still open:" + left + "\n";
    for (const auto& place : rest.places) text += "waiting for " + explain::place_text(*rules_.pack, given.subject, place) + "\n";
    return text;
}

Verdict Agreement::verdict(const Case& made) {
    std::string problems;
    const vm::Profile given = engine_profile(rules_.model, *rules_.pack, made.profile, problems);
    if (!problems.empty()) throw std::logic_error(problems);
    return verdict_of(checker_.check(given, {made.question.as_of, made.question.known_on}, memory_).verdict);
}

}  // namespace eligo::oracle
