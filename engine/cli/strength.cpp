// The reports on the strength of scenarios. Only gaps are listed; what is well tried is counted.
#include "strength.hpp"

#include <string>
#include <string_view>
#include <vector>

#include "../value/date.hpp"
#include "print.hpp"

namespace eligo::cli {
namespace {

using scenario::ClauseCoverage;
using scenario::Coverage;
using scenario::Fate;
using scenario::Mutant;
using scenario::Mutants;
using scenario::RowCoverage;
using scenario::Share;
using scenario::ThresholdCoverage;
using scenario::VersionCoverage;

text::Position position(const Rules& rules, text::Span span) { return rules.sources.file(span.file).position(span.begin); }

std::string place(const Rules& rules, text::Span span) {
    const text::Position at = position(rules, span);
    return rules.sources.file(span.file).path() + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
}

// Exact, to a tenth, and never rounded up to a hundred.
std::string percent(std::size_t reached, std::size_t of) {
    const std::size_t tenths = of == 0 ? 1000 : reached * 1000 / of;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + "%";
}

std::string shown(const Share& share) { return std::to_string(share.reached) + "/" + std::to_string(share.of); }

std::string period(const sema::Period& in_force) {
    std::string text;
    if (in_force.from > value::first_day) text += value::format_date(in_force.from) + " ";
    text += "..";
    if (in_force.to < value::last_day) text += " " + value::format_date(in_force.to);
    return text;
}

std::string heading(const Settings& settings, const VersionCoverage& version) {
    if (version.policy.empty()) return settings.in("政策之外的规则", "outside the policies");
    return version.policy + " " + period(version.in_force);
}

Share chosen(const std::vector<RowCoverage>& rows) {
    Share share{0, rows.size()};
    for (const RowCoverage& row : rows) share.reached += row.chosen ? 1U : 0U;
    return share;
}

Share tried(const std::vector<ThresholdCoverage>& thresholds) {
    Share share{0, thresholds.size()};
    for (const ThresholdCoverage& one : thresholds) share.reached += one.tried() ? 1U : 0U;
    return share;
}

// "clause outcomes 8/9, table rows 3/3": kinds of which there are none are left out.
std::string counts(const Settings& settings, const Share& clauses, const Share& rows, const Share& values, const Share& thresholds) {
    std::string line;
    const auto add = [&](const Share& share, std::string_view chinese, std::string_view english) {
        if (share.of == 0) return;
        line += (line.empty() ? "" : settings.in("，", ", ")) + settings.in(chinese, english) + " " + shown(share);
    };
    add(clauses, "条款结果", "clause outcomes");
    add(rows, "表行", "table rows");
    add(values, "参数取值", "parameter values");
    add(thresholds, "门槛", "thresholds");
    return line;
}

std::string listed(const Settings& settings, const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : settings.in("、", ", ")) + word;
    return text;
}

std::vector<std::string> untried_sides(const Settings& settings, const ThresholdCoverage& threshold) {
    std::vector<std::string> sides;
    if (threshold.below.lacking()) sides.push_back(settings.in("低于", "below"));
    if (threshold.border.lacking()) sides.push_back(settings.in("恰好等于", "at the border"));
    if (threshold.above.lacking()) sides.push_back(settings.in("高于", "above"));
    if (threshold.apart.lacking()) sides.push_back(settings.in("不等于", "apart"));
    return sides;
}

void print_gap(const Rules& rules, text::Span span, const std::string& message) { print_line("  " + place(rules, span) + ": " + message); }

void print_clause_gaps(const Settings& settings, const Rules& rules, const VersionCoverage& version) {
    for (const ClauseCoverage& clause : version.clauses) {
        if (clause.holds.lacking()) print_gap(rules, clause.span, settings.in("条款 " + clause.path + " 从未成立", "clause " + clause.path + " never held"));
        if (clause.fails.lacking()) print_gap(rules, clause.span, settings.in("条款 " + clause.path + " 从未不成立", "clause " + clause.path + " never failed"));
    }
}

void print_version(const Settings& settings, const Rules& rules, const VersionCoverage& version) {
    const auto source = [&](text::Span span) { return "`" + scenario::on_one_line(rules.sources.text(span)) + "`"; };
    const Share clauses = scenario::clause_outcomes(version);
    print_line(heading(settings, version) + settings.in("：", ": ") + counts(settings, clauses, chosen(version.rows), chosen(version.values), tried(version.thresholds)));
    print_clause_gaps(settings, rules, version);
    for (const RowCoverage& row : version.rows)
        if (!row.chosen) print_gap(rules, row.span, settings.in("表 " + row.name + " 的这一行从未选中：", "row of " + row.name + " never chosen: ") + source(row.span));
    for (const RowCoverage& value : version.values)
        if (!value.chosen) print_gap(rules, value.span, settings.in("参数 " + value.name + " 的这个取值从未用到：", "value of " + value.name + " never used: ") + source(value.span));
    for (const ThresholdCoverage& threshold : version.thresholds)
        if (!threshold.tried())
            print_gap(rules, threshold.span, settings.in("门槛 " + source(threshold.span) + " 从未试过：", "threshold " + source(threshold.span) + " never tried: ") + listed(settings, untried_sides(settings, threshold)));
}

void write_place(explain::JsonWriter& writer, const Rules& rules, text::Span span) {
    writer.text("file", rules.sources.file(span.file).path());
    writer.number("line", position(rules, span).line);
}

void write_share(explain::JsonWriter& writer, std::string_view name, const Share& share) {
    writer.key(name);
    writer.begin_object();
    writer.number("reached", static_cast<std::int64_t>(share.reached));
    writer.number("of", static_cast<std::int64_t>(share.of));
    writer.end_object();
}

void write_clause(explain::JsonWriter& writer, const Rules& rules, const ClauseCoverage& clause) {
    writer.begin_object();
    writer.text("id", clause.path);
    write_place(writer, rules, clause.span);
    writer.boolean("held", clause.holds.seen);
    writer.boolean("failed", clause.fails.seen);
    writer.end_object();
}

void write_rows(explain::JsonWriter& writer, const Rules& rules, std::string_view name, const std::vector<RowCoverage>& rows) {
    writer.key(name);
    writer.begin_array();
    for (const RowCoverage& row : rows) {
        writer.begin_object();
        writer.text("name", row.name);
        write_place(writer, rules, row.span);
        writer.text("text", scenario::on_one_line(rules.sources.text(row.span)));
        writer.boolean("chosen", row.chosen);
        writer.end_object();
    }
    writer.end_array();
}

// A side that cannot happen is not named.
void write_threshold(explain::JsonWriter& writer, const Rules& rules, const ThresholdCoverage& threshold) {
    writer.begin_object();
    write_place(writer, rules, threshold.span);
    writer.text("text", scenario::on_one_line(rules.sources.text(threshold.span)));
    if (threshold.below.can) writer.boolean("below", threshold.below.seen);
    if (threshold.border.can) writer.boolean("border", threshold.border.seen);
    if (threshold.above.can) writer.boolean("above", threshold.above.seen);
    if (threshold.apart.can) writer.boolean("apart", threshold.apart.seen);
    writer.end_object();
}

void write_version(explain::JsonWriter& writer, const Rules& rules, const VersionCoverage& version) {
    writer.begin_object();
    if (!version.policy.empty()) {
        writer.text("policy", version.policy);
        writer.text("in_force", period(version.in_force));
    }
    writer.key("clauses");
    writer.begin_array();
    for (const ClauseCoverage& clause : version.clauses) write_clause(writer, rules, clause);
    writer.end_array();
    write_rows(writer, rules, "table_rows", version.rows);
    write_rows(writer, rules, "parameter_values", version.values);
    writer.key("thresholds");
    writer.begin_array();
    for (const ThresholdCoverage& threshold : version.thresholds) write_threshold(writer, rules, threshold);
    writer.end_array();
    writer.end_object();
}

// "60% -> 60.01%", or what is left out.
std::string change(const Settings& settings, const Mutant& mutant) {
    const std::string from = "`" + mutant.from + "`";
    if (mutant.into.empty()) return settings.in("去掉 ", "left out: ") + from;
    return from + " → `" + mutant.into + "`";
}

std::string_view fate_name(Fate fate) {
    switch (fate) {
        case Fate::Noticed: return "noticed";
        case Fate::Unnoticed: return "unnoticed";
        case Fate::Equivalent: return "equivalent";
        case Fate::Refused: return "refused";
    }
    return {};
}

}  // namespace

bool reaches(std::size_t reached, std::size_t of, int percent) { return reached * 100 >= of * static_cast<std::size_t>(percent); }

void print_coverage(const Settings& settings, const Rules& rules, const Coverage& coverage) {
    for (const VersionCoverage& version : coverage.versions) print_version(settings, rules, version);
    // The same words in every language, as in the closing line: scripts look for them.
    const Share clauses = coverage.clauses();
    print_line("coverage: clause outcomes " + shown(clauses) + " (" + percent(clauses.reached, clauses.of) + "), table rows " + shown(coverage.rows()) +
          ", parameter values " + shown(coverage.values()) + ", thresholds " + shown(coverage.thresholds()));
}

void write_coverage(explain::JsonWriter& writer, const Rules& rules, const Coverage& coverage) {
    writer.key("coverage");
    writer.begin_object();
    write_share(writer, "clause_outcomes", coverage.clauses());
    write_share(writer, "table_rows", coverage.rows());
    write_share(writer, "parameter_values", coverage.values());
    write_share(writer, "thresholds", coverage.thresholds());
    writer.key("versions");
    writer.begin_array();
    for (const VersionCoverage& version : coverage.versions) write_version(writer, rules, version);
    writer.end_array();
    writer.end_object();
}

void print_mutants(const Settings& settings, const Rules& rules, const Mutants& mutants) {
    for (const Mutant& mutant : mutants.each)
        if (mutant.fate == Fate::Unnoticed) print_line(place(rules, mutant.span) + ": " + settings.in("没有情景发现：", "no scenario notices: ") + change(settings, mutant));
    const std::size_t equivalent = mutants.count(Fate::Equivalent), refused = mutants.count(Fate::Refused);
    if (equivalent + refused > 0)
        print_line(settings.in("不计：与原规则等同的改动 " + std::to_string(equivalent) + " 处，不能编译的改动 " + std::to_string(refused) + " 处",
                          "not counted: " + std::to_string(equivalent) + " changes that mean the same, " + std::to_string(refused) + " that do not compile"));
    const std::size_t noticed = mutants.count(Fate::Noticed), counted = mutants.counted();
    print_line("mutants: " + std::to_string(counted) + ", noticed " + std::to_string(noticed) + " (" + percent(noticed, counted) + ")");
}

void write_mutants(explain::JsonWriter& writer, const Rules& rules, const Mutants& mutants) {
    writer.key("mutants");
    writer.begin_object();
    writer.number("counted", static_cast<std::int64_t>(mutants.counted()));
    for (const Fate fate : {Fate::Noticed, Fate::Unnoticed, Fate::Equivalent, Fate::Refused}) writer.number(fate_name(fate), static_cast<std::int64_t>(mutants.count(fate)));
    writer.key("changes");
    writer.begin_array();
    for (const Mutant& mutant : mutants.each) {
        writer.begin_object();
        write_place(writer, rules, mutant.span);
        writer.number("column", position(rules, mutant.span).column);
        writer.text("from", mutant.from);
        writer.text("into", mutant.into);
        writer.text("fate", fate_name(mutant.fate));
        if (mutant.fate == Fate::Noticed) writer.text("noticed_by", mutant.noticed_by);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
}

}  // namespace eligo::cli
