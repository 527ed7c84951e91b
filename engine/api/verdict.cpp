// <eligo/verdict.hpp>: results and explanations. Part of the runtime.
#include "../../include/eligo/verdict.hpp"

#include <utility>

#include "../explain/shown.hpp"
#include "../value/int128.hpp"
#include "../value/rational.hpp"
#include "dates.hpp"
#include "explanation.hpp"
#include "pack_data.hpp"

namespace eligo {
namespace {

using bytecode::Kind;
using value::Int128;

std::optional<std::int64_t> fen(const bytecode::Measure& measure, Int128 value) {
    if (measure.kind != Kind::Money) return std::nullopt;
    const auto units = value::Rational::make(Int128{measure.unit.numerator} * 100, measure.unit.denominator);
    const auto whole = value::Rational::make(value, 1);
    const auto number = units && whole ? value::multiply(*units, *whole) : std::nullopt;
    if (!number || !number->is_whole() || !value::fits_int64(number->numerator())) return std::nullopt;
    return static_cast<std::int64_t>(number->numerator());
}

// A 128-bit number, as a result holds it.
template <class Wide>
Int128 joined(const Wide& wide) {
    return static_cast<Int128>((static_cast<value::UInt128>(static_cast<std::uint64_t>(wide.high)) << 64) | wide.low);
}

// The engine's answers may look into the pack's texts; what a host program is given owns its own.
std::string owned(std::string_view text) { return std::string(text); }

template <class Texts>
std::vector<std::string> all_owned(const Texts& texts) {
    return std::vector<std::string>(texts.begin(), texts.end());
}

Label to_public(const explain::Label& label) { return {owned(label.chinese), owned(label.english)}; }

Shown to_public(const explain::Shown& shown) {
    Shown result;
    result.state = static_cast<Shown::State>(shown.state);
    result.percent = shown.percent;
    result.money = shown.kind == Kind::Money;
    result.low = owned(shown.low);
    const bool known = shown.state == explain::Shown::State::Known;
    result.high = known ? result.low : owned(shown.high);
    result.low_near = owned(shown.low_near);
    result.high_near = known ? result.low_near : owned(shown.high_near);
    result.label = to_public(shown.low_label);
    return result;
}

std::vector<NamedValue> to_public(const std::vector<explain::Value>& values) {
    std::vector<NamedValue> result;
    for (const auto& value : values) result.push_back({owned(value.name), to_public(value.label), value.is_let, to_public(value.shown)});
    return result;
}

std::vector<Comparison> to_public(const std::vector<explain::Comparison>& comparisons) {
    std::vector<Comparison> result;
    for (const auto& each : comparisons) {
        result.push_back({owned(each.left_text), owned(each.right_text), to_public(each.left_label), static_cast<Relation>(each.relation), to_public(each.left),
                          to_public(each.right), static_cast<Truth>(each.outcome)});
    }
    return result;
}

std::vector<Clause> to_public(const std::vector<explain::Clause>& clauses) {
    std::vector<Clause> result;
    for (const auto& each : clauses) {
        Clause clause;
        clause.id = owned(each.id);
        clause.is_element = each.is_element;
        clause.kind = static_cast<ClauseKind>(each.kind);
        clause.at_least = each.at_least;
        clause.outcome = static_cast<Truth>(each.outcome);
        clause.asked = each.asked;
        clause.open_by_rule = each.open_by_rule;
        clause.label = to_public(each.label);
        clause.citations = all_owned(each.citations);
        clause.values = to_public(each.values);
        clause.comparisons = to_public(each.comparisons);
        clause.clauses = to_public(each.clauses);
        clause.left_out = each.left_out;
        result.push_back(std::move(clause));
    }
    return result;
}

}  // namespace

std::string_view name_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Eligible: return "eligible";
        case Verdict::Ineligible: return "ineligible";
        case Verdict::Undetermined: return "undetermined";
        case Verdict::NotInForce: return "not_in_force";
    }
    return "";
}

std::vector<std::string> CheckResult::benefit_names() const {
    std::vector<std::string> names;
    if (verdict_ == Verdict::NotInForce) return names;
    for (const auto& benefit : pack_->pack.policies[policy_].versions[version_].benefits) names.push_back(pack_->pack.string(benefit.name));
    return names;
}

std::optional<std::size_t> CheckResult::index_of(std::string_view benefit) const {
    if (verdict_ == Verdict::NotInForce) return std::nullopt;
    const auto& benefits = pack_->pack.policies[policy_].versions[version_].benefits;
    for (std::size_t i = 0; i < benefit_count_; ++i) {
        if (pack_->pack.string(benefits[i].name) == benefit) return i;
    }
    return std::nullopt;
}

Truth CheckResult::gives(std::string_view benefit) const {
    const auto index = index_of(benefit);
    return index ? benefits_[*index].truth : Truth::False;
}

std::optional<Amount> CheckResult::benefit(std::string_view benefit) const {
    const auto index = index_of(benefit);
    if (!index || benefits_[*index].truth == Truth::False) return std::nullopt;
    return amount_at(*index);
}

Amount CheckResult::amount_at(std::size_t index) const {
    const auto& measure = pack_->pack.policies[policy_].versions[version_].benefits[index].measure;
    const Int128 low = joined(benefits_[index].low), high = joined(benefits_[index].high);
    return {low != high, explain::plain_text(pack_->pack, measure, low), explain::plain_text(pack_->pack, measure, high), fen(measure, low), fen(measure, high)};
}

const std::string& detail::Inside::benefit_name(const CheckResult& result, std::size_t index) {
    return result.pack_->pack.string(result.pack_->pack.policies[result.policy_].versions[result.version_].benefits[index].name);
}

std::optional<std::pair<std::int64_t, std::int64_t>> detail::Inside::fen(const CheckResult& result, std::size_t index) {
    if (given(result, index) == Truth::False) return std::nullopt;
    const auto& measure = result.pack_->pack.policies[result.policy_].versions[result.version_].benefits[index].measure;
    const auto low = eligo::fen(measure, joined(result.benefits_[index].low)), high = eligo::fen(measure, joined(result.benefits_[index].high));
    if (!low || !high) return std::nullopt;
    return std::pair(*low, *high);
}

namespace api {

Explanation to_public(const explain::PolicyAnswer& answer) {
    Explanation result;
    result.policy = owned(answer.policy);
    result.label = eligo::to_public(answer.label);
    result.authority = eligo::to_public(answer.authority);
    result.verdict = static_cast<Verdict>(answer.verdict);
    result.day = date_of(answer.day);
    for (const auto& each : answer.benefits) {
        result.benefits.push_back({owned(each.name), eligo::to_public(each.label), all_owned(each.citations), eligo::to_public(each.shown)});
    }
    result.missing = all_owned(answer.missing);
    result.assumed = all_owned(answer.assumed);
    result.lets = eligo::to_public(answer.lets);
    result.clauses = eligo::to_public(answer.clauses);
    result.left_out = answer.left_out;
    result.clauses_left_out = answer.clauses_left_out;
    result.missing_left_out = answer.missing_left_out;
    result.assumed_left_out = answer.assumed_left_out;
    result.missing_cut_short = answer.missing_cut_short;
    for (const auto& each : answer.conflicts) result.conflicts.push_back({owned(each.policy), all_owned(each.citations)});
    return result;
}

Explanation not_asked(const bytecode::Pack& pack, bytecode::Index policy) {
    Explanation result;
    result.policy = pack.string(pack.policies[policy].name);
    return result;
}

}  // namespace api
}  // namespace eligo
