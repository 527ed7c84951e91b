// Bytes as a question and a profile, for the shipped rules and for features.policy: the engine over known values, the same
// over sets, the explanation and the oracle must come to one verdict, one outcome a clause, the same benefits and the
// same missing facts. Broken when: one of them means something else than the others; the message says which.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/explain/why.hpp"
#include "../../engine/value/code.hpp"
#include "../../engine/value/rational.hpp"
#include "../../engine/vm/run.hpp"
#include "../engines/oracle.hpp"
#include "../engines/profiles.hpp"
#include "../engines/rules.hpp"
#include "target.hpp"

namespace eligo::fuzz {
namespace {

using oracle::Number;
using sema::Kind;

// The input, byte by byte; zeros when it is used up.
class Bytes {
public:
    Bytes(const std::uint8_t* data, std::size_t size) : data_(data), rest_(size) {}
    std::uint32_t below(std::uint32_t count) { return count <= 256 ? next() % count : (next() << 8 | next()) % count; }
    std::uint64_t number() {
        std::uint64_t number = 0;
        for (int i = 0; i < 8; ++i) number = number << 8 | next();
        return number;
    }

private:
    std::uint32_t next() {
        if (rest_ == 0) return 0;
        --rest_;
        return *data_++;
    }
    const std::uint8_t* data_;
    std::size_t rest_;
};

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// The numbers that the rules compare with, by kind: where verdicts turn.
using Thresholds = std::map<Kind, std::vector<Number>>;
Thresholds thresholds_of(const sema::Model& model) {
    Thresholds thresholds;
    for (const sema::Expr& expr : model.exprs) {
        if (expr.kind != sema::ExprKind::Constant || expr.type.kind == Kind::Text) continue;
        thresholds[expr.type.kind].push_back(is_numeric(expr.type.kind) ? oracle::number_of(expr.constant.number) : Number(expr.constant.integer));
    }
    return thresholds;
}

struct Subject {
    explicit Subject(const oracle::Rules& given) : rules(given), thresholds(thresholds_of(given.model)) { require(rules.pack.has_value(), rules.errors); }
    const oracle::Rules& rules;
    Thresholds thresholds;
};

class ProfileMaker {
public:
    ProfileMaker(const Subject& subject, sema::Id policy, Bytes& bytes) : subject_(subject), model_(subject.rules.model), policy_(policy), bytes_(bytes) {}

    oracle::Case make() {
        oracle::Case made;
        made.question.as_of = value::day_from_civil(2008, 1, 1) + static_cast<value::Day>(bytes_.below(20 * 365));
        if (bytes_.below(8) == 1) made.question.known_on = made.question.as_of - static_cast<value::Day>(bytes_.below(256));
        made.profile.subject = model_.policies[policy_].subject;
        made.profile.fiscal_year = value::year_of(made.question.as_of) - static_cast<std::int32_t>(bytes_.below(8) == 1);
        // Bounds lean on earlier facts and lists come before their elements: in the order of the vocabulary.
        auto reads = oracle::reads(model_, policy_, made.question, *made.profile.fiscal_year);
        std::stable_sort(reads.begin(), reads.end(), [](const auto& a, const auto& b) { return std::pair(a.list, a.fact) < std::pair(b.list, b.fact); });
        for (const oracle::Read& read : reads) {
            if (!read.list.empty()) elements(made.profile.facts.lists[read.list], read);
            else if (type(read).kind == Kind::List) list(made.profile.facts.lists[read.key]);
            else made.profile.facts.scalars[read.key] = scalar(read);
        }
        return made;
    }

private:
    const sema::Type& type(const oracle::Read& read) const { return model_.subjects[read.subject].facts[read.fact].type; }

    void list(oracle::List& list) {
        const std::uint32_t count = bytes_.below(5);
        list.known = count < 4;
        if (list.known) list.elements.resize(count);
    }

    void elements(oracle::List& list, const oracle::Read& read) {
        for (oracle::Record& element : list.elements) element.scalars[read.key] = scalar(read);
    }

    oracle::Scalar scalar(const oracle::Read& read) {
        using State = oracle::Scalar::State;
        const std::uint32_t choice = bytes_.below(8);
        const Kind kind = type(read).kind;
        if (choice == 6) return {};
        if (choice == 7) return {State::Unknown, 0, 0, ""};
        if (kind == Kind::Text) return {State::Known, 0, 0, bytes_.below(2) == 0 ? "x" : "y"};
        Number low = number(read);
        if (choice != 5 || !(is_numeric(kind) || kind == Kind::Date)) return {State::Known, low, low, ""};
        Number high = number(read);
        if (high < low) std::swap(low, high);
        return {low == high ? State::Known : State::Range, low, high, ""};
    }

    Number number(const oracle::Read& read) {
        if (type(read).kind == Kind::Code) return code();
        const oracle::Declared range = oracle::declared(model_, read.subject, read.fact);
        return snapped(wanted(type(read).kind, range), range);
    }

    Number wanted(Kind kind, const oracle::Declared& range) {
        const auto known = subject_.thresholds.find(kind);
        switch (bytes_.below(6)) {
            case 0: return range.low;
            case 1: return range.high;
            case 2: return range.low + range.step * static_cast<std::int64_t>(bytes_.below(256));
            case 3: return range.low + range.step * Number(bytes_.number());
            default:
                if (known == subject_.thresholds.end()) return range.low + range.step * static_cast<std::int64_t>(bytes_.below(256));
                return known->second[bytes_.below(static_cast<std::uint32_t>(known->second.size()))] + range.step * (static_cast<std::int64_t>(bytes_.below(3)) - 1);
        }
    }

    static Number snapped(const Number& number, const oracle::Declared& range) {
        if (number <= range.low) return range.low;
        if (number >= range.high) return range.high;
        return range.low + range.step * floor_of((number - range.low) / range.step);
    }

    Number code() {
        const std::string section(1, static_cast<char>('A' + bytes_.below(20)));
        const std::string digits = std::to_string(1000 + bytes_.below(9000));
        for (std::size_t length = 1 + bytes_.below(5); length > 1; --length)
            if (const auto code = value::parse_code(value::Classification::Gbt4754, section + digits.substr(0, length - 1))) return *code;
        return *value::parse_code(value::Classification::Gbt4754, section);
    }

    const Subject& subject_;
    const sema::Model& model_;
    sema::Id policy_;
    Bytes& bytes_;
};

class Comparison {
public:
    Comparison(const Subject& subject, sema::Id policy, const oracle::Case& made, const vm::Profile& given)
        : model_(subject.rules.model), pack_(*subject.rules.pack), policy_(policy), made_(made), given_(given), question_{made.question.as_of, made.question.known_on} {}

    void run() {
        const oracle::Answer expected = oracle::ask(model_, policy_, made_.profile, made_.question);
        check(expected);
        explanation(expected, explain::why(pack_, policy_, given_, question_));
    }

private:
    void agree(bool holds, const std::string& what) const {
        if (holds) return;
        require(false, "policy " + model_.policies[policy_].name + " as of " + value::format_date(question_.as_of) + ": " + what + "\n" + oracle::print(model_, made_.profile));
    }

    void check(const oracle::Answer& expected) const {
        const vm::Checker checker(pack_, policy_);
        auto memory = checker.memory();
        const vm::Outcome outcome = checker.check(given_, question_, memory);
        agree(static_cast<int>(outcome.verdict) == static_cast<int>(expected.verdict), "the check and the oracle differ on the verdict");
        if (outcome.verdict == vm::Verdict::NotInForce) return;
        const bytecode::Version& version = checker.policy().versions[outcome.version];
        for (std::size_t i = 0; i < version.benefits.size(); ++i) benefit(version.benefits[i], checker.benefit(memory, outcome, i), expected);
        domains(version);
    }

    void benefit(const bytecode::Benefit& benefit, const vm::Checker::BenefitResult& found, const oracle::Answer& expected) const {
        const std::string& name = pack_.string(benefit.name);
        const oracle::Amount& amount = expected.benefits.at(name);
        agree(found.given == amount.given, "the check and the oracle differ on whether there is " + name);
        if (found.given == value::Truth::False) return;
        const Number unit(benefit.measure.unit.numerator, benefit.measure.unit.denominator);
        const auto in_units = [&](value::Int128 number) -> Number { return oracle::number_of(value::Rational::of(number, 1)) * unit; };
        agree(in_units(found.amount.low) == amount.low && in_units(found.amount.high) == amount.high, "the check and the oracle differ on " + name);
    }

    // Where known values were enough, sets must come to the same.
    void domains(const bytecode::Version& version) const {
        std::vector<bytecode::Register> roots{version.in_force, version.verdict};
        for (const bytecode::Clause& clause : version.clauses) roots.push_back(clause.outcome);
        const vm::Plan plan = vm::make_plan(pack_, given_.subject, {.roots = roots, .stop_at = {}});
        vm::Frame one = vm::make_frame(pack_, plan), other = vm::make_frame(pack_, plan);
        const std::int32_t fiscal_year = given_.fiscal_year.value_or(value::year_of(question_.as_of));
        vm::run(one, given_.row, question_, fiscal_year);
        vm::run_over_sets(other, given_.row, question_, fiscal_year);
        for (const bytecode::Register root : roots) {
            const vm::Result first = one.result(root), second = other.result(root);
            agree(first.low == second.low && first.high == second.high, "known values and sets differ on register " + std::to_string(root));
        }
    }

    void explanation(const oracle::Answer& expected, explain::PolicyAnswer answer) const {
        agree(static_cast<int>(answer.verdict) == static_cast<int>(expected.verdict), "the explanation and the oracle differ on the verdict");
        std::map<std::string, value::Truth> outcomes;
        gather(answer.clauses, outcomes);
        for (const auto& [path, outcome] : expected.clauses) agree(outcomes.contains(path) && outcomes.at(path) == outcome, "the explanation and the oracle differ on clause " + path);
        std::sort(answer.missing.begin(), answer.missing.end());
        agree(answer.missing == expected.missing, "the explanation and the oracle differ on what is missing");
    }

    static void gather(const std::vector<explain::Clause>& clauses, std::map<std::string, value::Truth>& outcomes) {
        for (const explain::Clause& clause : clauses) {
            if (clause.is_element) continue;
            outcomes[clause.id] = clause.outcome;
            gather(clause.clauses, outcomes);
        }
    }

    const sema::Model& model_;
    const bytecode::Pack& pack_;
    sema::Id policy_;
    const oracle::Case& made_;
    const vm::Profile& given_;
    vm::Question question_;
};

}  // namespace
}  // namespace eligo::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace eligo;
    static const fuzz::Subject shipped(oracle::shipped_rules()), features(oracle::feature_rules());
    fuzz::Bytes bytes(data, size);
    const fuzz::Subject& subject = bytes.below(2) == 0 ? shipped : features;
    const sema::Id policy = bytes.below(static_cast<std::uint32_t>(subject.rules.model.policies.size()));
    const oracle::Case made = fuzz::ProfileMaker(subject, policy, bytes).make();
    std::string problems;
    const vm::Profile given = oracle::engine_profile(subject.rules.model, *subject.rules.pack, made.profile, problems);
    if (!problems.empty()) return -1;  // facts that contradict their declared bounds, which the door refuses; not for the corpus
    fuzz::Comparison(subject, policy, made, given).run();
    return 0;
}
