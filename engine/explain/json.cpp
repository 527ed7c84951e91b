// An answer as JSON: the keys that everyone needs, then those that tell it in more detail.
#include "json.hpp"

#include <algorithm>
#include <utility>

namespace eligo::explain {
namespace {

using value::Truth;

void write_range(JsonWriter& writer, std::string_view low, std::string_view high) {
    writer.begin_object();
    writer.text("from", low);
    writer.text("to", high);
    writer.end_object();
}

bool has_near(const Shown& shown) { return !shown.low_near.empty() || !shown.high_near.empty(); }

// A decimal near a quotient, for people to read: the value itself is what stands among the values.
void write_near(JsonWriter& writer, const Shown& shown) {
    const std::string &low = shown.low_near.empty() ? shown.low : shown.low_near, &high = shown.high_near.empty() ? shown.high : shown.high_near;
    if (shown.state == Shown::State::Known) return writer.text(low);
    write_range(writer, low, high);
}

void write_values(JsonWriter& writer, std::string_view name, std::span<const Value> values) {
    writer.key(name);
    writer.begin_object();
    for (const Value& value : values) {
        writer.key(value.name);
        write_json(writer, value.shown);
    }
    writer.end_object();
}

void write_near(JsonWriter& writer, std::span<const Value> values) {
    if (std::none_of(values.begin(), values.end(), [](const Value& value) { return has_near(value.shown); })) return;
    writer.key("near");
    writer.begin_object();
    for (const Value& value : values) {
        if (!has_near(value.shown)) continue;
        writer.key(value.name);
        write_near(writer, value.shown);
    }
    writer.end_object();
}

void write_comparison(JsonWriter& writer, const Comparison& comparison) {
    writer.begin_object();
    writer.key("left");
    write_json(writer, comparison.left);
    writer.text("relation", relation_sign(comparison.relation));
    writer.key("right");
    write_json(writer, comparison.right);
    writer.text("left_text", comparison.left_text);
    writer.text("right_text", comparison.right_text);
    writer.text("outcome", outcome_name(comparison.outcome));
    for (const auto& [name, shown] : {std::pair("left_near", &comparison.left), std::pair("right_near", &comparison.right)}) {
        if (!has_near(*shown)) continue;
        writer.key(name);
        write_near(writer, *shown);
    }
    writer.end_object();
}

void write_comparisons(JsonWriter& writer, std::span<const Comparison> comparisons) {
    if (comparisons.empty()) return;
    writer.key("comparisons");
    writer.begin_array();
    for (const Comparison& comparison : comparisons) write_comparison(writer, comparison);
    writer.end_array();
}

void write_guard(JsonWriter& writer, const Clause& clause) {
    if (!clause.asked) writer.boolean("asked", false);
    if (clause.guard == bytecode::Guard::None) return;
    writer.key("guard");
    writer.begin_object();
    writer.text("kind", clause.guard == bytecode::Guard::When ? "when" : "unless");
    writer.text("outcome", outcome_name(clause.guard_outcome));
    writer.end_object();
}

void write_clauses(JsonWriter& writer, std::span<const Clause> clauses, Language language);

void write_left_out(JsonWriter& writer, std::string_view name, std::size_t count) {
    if (count > 0) writer.number(name, static_cast<std::int64_t>(count));
}

void write_clause(JsonWriter& writer, const Clause& clause, Language language) {
    writer.begin_object();
    writer.text("id", clause.id);
    writer.text("outcome", outcome_name(clause.outcome));
    writer.text("label", pick(clause.label, language));
    writer.texts("cite", clause.citations);
    write_values(writer, "values", clause.values);
    write_clauses(writer, clause.clauses, language);
    write_left_out(writer, "left_out", clause.left_out);
    if (clause.is_element) {
        writer.boolean("element", true);
    } else {
        writer.text("kind", clause_kind_name(clause.kind));
    }
    if (clause.kind == bytecode::ClauseKind::AtLeast) writer.text("at_least", std::to_string(clause.at_least));
    write_guard(writer, clause);
    if (clause.open_by_rule) writer.boolean("open_by_rule", true);
    write_comparisons(writer, clause.comparisons);
    write_near(writer, clause.values);
    writer.end_object();
}

void write_clauses(JsonWriter& writer, std::span<const Clause> clauses, Language language) {
    writer.key("clauses");
    writer.begin_array();
    for (const Clause& clause : clauses) write_clause(writer, clause, language);
    writer.end_array();
}

void write_benefits(JsonWriter& writer, std::span<const Benefit> benefits) {
    writer.key("benefits");
    writer.begin_object();
    for (const Benefit& benefit : benefits) {
        if (benefit.shown.state == Shown::State::NoValue) continue;
        writer.key(benefit.name);
        write_json(writer, benefit.shown);
    }
    writer.end_object();
}

void write_conflicts(JsonWriter& writer, std::span<const Conflict> conflicts) {
    writer.key("conflicts");
    writer.begin_array();
    for (const Conflict& conflict : conflicts) {
        writer.begin_object();
        writer.text("policy", conflict.policy);
        writer.texts("cite", conflict.citations);
        writer.end_object();
    }
    writer.end_array();
}

void write_result(JsonWriter& writer, const PolicyAnswer& result, Language language) {
    writer.begin_object();
    writer.text("policy", result.policy);
    writer.text("verdict", verdict_name(result.verdict));
    write_benefits(writer, result.benefits);
    writer.texts("missing", result.missing);
    writer.texts("assumed", result.assumed);
    write_clauses(writer, result.clauses, language);
    write_left_out(writer, "left_out", result.left_out);
    write_left_out(writer, "clauses_left_out", result.clauses_left_out);
    write_left_out(writer, "missing_left_out", result.missing_left_out);
    if (result.missing_cut_short) writer.boolean("missing_cut_short", true);
    write_left_out(writer, "assumed_left_out", result.assumed_left_out);
    writer.text("label", pick(result.label, language));
    writer.text("day", value::format_date(result.day));
    write_values(writer, "lets", result.lets);
    write_near(writer, result.lets);
    write_conflicts(writer, result.conflicts);
    writer.end_object();
}

}  // namespace

std::string_view verdict_name(Verdict verdict) {
    switch (verdict) {
        case Verdict::Eligible: return "eligible";
        case Verdict::Ineligible: return "ineligible";
        case Verdict::Undetermined: return "undetermined";
        case Verdict::NotInForce: return "not_in_force";
    }
    return "not_in_force";
}

std::string_view outcome_name(Truth outcome) {
    switch (outcome) {
        case Truth::True: return "holds";
        case Truth::False: return "fails";
        case Truth::Unknown: return "unknown";
    }
    return "unknown";
}

std::string_view clause_kind_name(bytecode::ClauseKind kind) {
    switch (kind) {
        case bytecode::ClauseKind::Require: return "require";
        case bytecode::ClauseKind::Exclude: return "exclude";
        case bytecode::ClauseKind::AllOf: return "all_of";
        case bytecode::ClauseKind::AnyOf: return "any_of";
        case bytecode::ClauseKind::AtLeast: return "at_least";
    }
    return "require";
}

std::string_view relation_sign(bytecode::Relation relation) {
    switch (relation) {
        case bytecode::Relation::Equal: return "=";
        case bytecode::Relation::NotEqual: return "!=";
        case bytecode::Relation::Less: return "<";
        case bytecode::Relation::LessEqual: return "<=";
        case bytecode::Relation::Greater: return ">";
        case bytecode::Relation::GreaterEqual: return ">=";
    }
    return "=";
}

void write_json(JsonWriter& writer, const Shown& shown) {
    switch (shown.state) {
        case Shown::State::Open: return write_range(writer, shown.low, shown.high);
        case Shown::State::Unknown:
        case Shown::State::NoValue: return writer.null();
        case Shown::State::Known: break;
    }
    if (shown.kind == bytecode::Kind::Bool) return writer.boolean(shown.low == "true");
    writer.text(shown.low);
}

void write_json(JsonWriter& writer, const Answer& answer, Language language) {
    writer.begin_object();
    writer.text("as_of", value::format_date(answer.as_of));
    if (answer.known_on) writer.text("known_on", value::format_date(*answer.known_on));
    writer.key("results");
    writer.begin_array();
    for (const PolicyAnswer& result : answer.results) write_result(writer, result, language);
    writer.end_array();
    if (!answer.company_id.empty()) writer.text("company_id", answer.company_id);
    writer.text("subject", answer.subject);
    writer.text("fiscal_year", std::to_string(answer.fiscal_year));
    writer.end_object();
}

std::string to_json(const Answer& answer, Language language) {
    JsonWriter writer;
    write_json(writer, answer, language);
    return writer.take();
}

}  // namespace eligo::explain
