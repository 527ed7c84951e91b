// Periods: when the versions of a policy are in force, and when the values of a parameter hold. Overlaps are
// mistakes, holes are doubts. Tested by sema_test.cpp.
#include "checking.hpp"

#include <algorithm>

#include "../value/date.hpp"

namespace eligo::sema {

using text::Code;

namespace {

// One end of a written period; nullopt when it is open or wrong.
std::optional<value::Day> read_end(Checking& checking, const syntax::File& file, syntax::ExprId id) {
    if (id == syntax::no_expr) return std::nullopt;
    const syntax::Expr& end = file.exprs[id];
    if (end.kind == syntax::ExprKind::Broken) return std::nullopt;
    if (end.kind != syntax::ExprKind::Date) {
        checking.sink.report(Code::expected_date, end.span);
        return std::nullopt;
    }
    return in_calendar(checking, end.date, end.span) ? std::optional(end.date) : std::nullopt;
}

std::string day_text(value::Day day) { return value::format_date(day); }

void report_overlap(Checking& checking, const std::string& name, Span later, Span earlier, value::Day from, value::Day to) {
    checking.sink.report(Code::periods_overlap, later, {name, day_text(from), day_text(to)})
        .also(earlier, "the other period is this one", "另一期间在此");
}

void report_hole(Checking& checking, const std::string& name, Span later, Span earlier, value::Day from, value::Day to) {
    checking.sink.report(Code::period_hole, later, {name, day_text(from), day_text(to)}).also(earlier, "the period before ends here", "前一期间至此为止");
}

Span period_span(const VersionOrigin& origin) {
    return origin.written->in_force_span.exists() ? origin.written->in_force_span : origin.written->name.span;
}

void check_versions(Checking& checking, std::size_t number) {
    const Policy& policy = checking.model.policies[number];
    const auto& origins = checking.versions[number];
    for (const VersionOrigin& origin : origins) {
        const bool missing = origin.written->in_force == syntax::no_expr && !origin.written->in_force_span.exists();
        if (missing && !origin.written->name.text.empty() && !broken_within(checking, origin.written->span))
            checking.sink.report(Code::in_force_missing, origin.written->name.span, {policy.name});
    }
    for (std::size_t i = 1; i < origins.size(); ++i) {
        if (origins[i].written->in_force == syntax::no_expr || origins[i - 1].written->in_force == syntax::no_expr) continue;
        const Period before = policy.versions[i - 1].in_force, after = policy.versions[i].in_force;
        const Span before_span = period_span(origins[i - 1]), after_span = period_span(origins[i]);
        if (after.from <= before.to) report_overlap(checking, policy.name, after_span, before_span, after.from, std::min(before.to, after.to));
        else if (after.from > before.to + 1) report_hole(checking, policy.name, after_span, before_span, before.to + 1, after.from - 1);
    }
}

// An entry that writes no end holds until the next begins, so only written ends can leave holes or overlap.
void check_entries(Checking& checking, std::size_t number) {
    Parameter& parameter = checking.model.parameters[number];
    const ParameterOrigin& origin = checking.parameters[number];
    if (parameter.entries.empty()) {
        if (!parameter.name.empty() && !broken_within(checking, origin.written->span)) checking.sink.report(Code::parameter_without_entries, parameter.span, {parameter.name});
        return;
    }
    for (std::size_t i = 0; i < parameter.entries.size(); ++i) {
        ParameterEntry& entry = parameter.entries[i];
        entry.period = read_period(checking, *origin.file, origin.written->entries[i].period);
        if (entry.published) in_calendar(checking, *entry.published, entry.span);
        if (i > 0 && entry.period.from < parameter.entries[i - 1].period.from)
            checking.sink.report(Code::entries_out_of_order, entry.span, {parameter.name})
                .also(parameter.entries[i - 1].span, "this entry begins later", "这一条开始得更晚");
    }
    std::vector<std::size_t> order(parameter.entries.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::ranges::stable_sort(order, {}, [&](std::size_t i) { return parameter.entries[i].period.from; });
    for (std::size_t i = 1; i < order.size(); ++i) {
        const ParameterEntry &before = parameter.entries[order[i - 1]], &after = parameter.entries[order[i]];
        const bool open = before.period.to == value::last_day;
        const bool same_start = after.period.from == before.period.from;
        if (same_start || (!open && after.period.from <= before.period.to))
            report_overlap(checking, parameter.name, after.span, before.span, after.period.from, std::min(before.period.to, after.period.to));
        else if (!open && after.period.from > before.period.to + 1)
            report_hole(checking, parameter.name, after.span, before.span, before.period.to + 1, after.period.from - 1);
    }
}

}  // namespace

bool in_calendar(Checking& checking, value::Day day, Span span) {
    if (day >= value::first_day && day <= value::last_day) return true;
    checking.sink.report(Code::date_out_of_range, span);
    return false;
}

Period read_period(Checking& checking, const syntax::File& file, syntax::ExprId id) {
    Period period;
    if (id == syntax::no_expr) return period;
    const syntax::Expr& range = file.exprs[id];
    if (range.kind == syntax::ExprKind::Broken) return period;
    if (range.kind != syntax::ExprKind::Range) {
        checking.sink.report(Code::expected_period, range.span);
        return period;
    }
    if (const auto from = read_end(checking, file, range.args[0])) period.from = *from + (range.lower_open ? 1 : 0);
    if (const auto to = read_end(checking, file, range.args[1])) period.to = *to - (range.upper_open ? 1 : 0);
    if (period.to < period.from) {
        checking.sink.report(Code::period_reversed, range.span);
        period.to = period.from;
    }
    return period;
}

void check_periods(Checking& checking) {
    for (std::size_t i = 0; i < checking.model.policies.size(); ++i) check_versions(checking, i);
    for (std::size_t i = 0; i < checking.model.parameters.size(); ++i) check_entries(checking, i);
}

}  // namespace eligo::sema
