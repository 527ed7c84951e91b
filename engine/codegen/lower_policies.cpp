// Lowering what policies are made of: parameters, tables, aggregates, uses of other policies, clauses, benefits, and
// what a clause reads, for its explanation.
#include "lower.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "emit.hpp"
#include "left_out.hpp"
#include "../value/exactly.hpp"

namespace eligo::codegen {

using bytecode::Relation;
using sema::Expr;
using sema::ExprKind;
using sema::Kind;
using syntax::AggregateKind;
using text::Code;

namespace {

bool is_comparison(ExprKind kind) {
    return kind == ExprKind::Equal || kind == ExprKind::NotEqual || kind == ExprKind::Less || kind == ExprKind::LessEqual || kind == ExprKind::Greater ||
           kind == ExprKind::GreaterEqual;
}

}  // namespace

// ---- parameters

Lowered Lowering::lower_parameter(const Expr& expr, const Scope& scope) {
    const sema::Parameter& parameter = model_.parameters[expr.ref];
    Lowered day = make_number({.kind = Kind::Date}, scope.day, Rational(1));
    if (!expr.args.empty() && expr.args[0] != sema::no_expr) day = lower(expr.args[0], scope);
    if (day.broken) return day;
    const Layout::Parameter& laid_out = layout_.parameters[expr.ref];
    if (laid_out.values.empty()) {
        day.broken = true;
        return day;
    }
    const Range range = graph_.node(day.value).range;
    // Outside the policy's own period nothing is asked of it.
    sema::Period period{value::exactly<value::Day>(range.low).value(), value::exactly<value::Day>(range.high).value()};
    if (day.value == scope.day) period = {std::max(period.from, scope.period.from), std::min(period.to, scope.period.to)};
    const NodeId defined = both(day.defined, leaves_none_out(laid_out.left_out, period) ? no_node : graph_.parameter_given(expr.ref, day.value));
    const NodeId value = graph_.parameter(expr.ref, day.value, laid_out.range);
    probe_entries(expr.ref, day.value, value, scope);
    if (parameter.type.kind == Kind::Bool) return make_truth(graph_.equal(value, graph_.constant(1)), defined);
    return make_number(parameter.type, value, laid_out.unit, defined);
}

// ---- tables

NodeId Lowering::cell_condition(const sema::TableCell& cell, const Lowered& input, const sema::Type& type) {
    NodeId holds = graph_.truth(cell.any);
    for (const auto& interval : cell.intervals) {
        NodeId inside = graph_.truth(true);
        for (const bool lower_end : {true, false}) {
            const auto& end = lower_end ? interval.low : interval.high;
            if (!end) continue;
            const bool numeric = type.kind == Kind::Number || type.kind == Kind::Money || type.kind == Kind::Months || type.kind == Kind::Days;
            if (type.kind == Kind::Bool) {
                inside = graph_.conjunction(inside, end->integer != 0 ? input.value : graph_.negation(input.value));
                continue;
            }
            Lowered bound;
            if (type.kind == Kind::Text) {
                Expr text;
                text.kind = ExprKind::Constant;
                text.type = type;
                text.constant = *end;
                bound = lower_constant(text);
            } else {
                bound = numeric ? constant_number(type, end->number) : make_number(type, graph_.constant(end->integer), Rational(1));
            }
            const bool open = lower_end ? interval.lower_open : interval.upper_open;
            const Relation relation = lower_end ? (open ? Relation::Greater : Relation::GreaterEqual) : (open ? Relation::Less : Relation::LessEqual);
            const auto outcome = compare(relation, input, bound);
            if (!outcome) return no_node;
            inside = graph_.conjunction(inside, *outcome);
        }
        holds = graph_.disjunction(holds, inside);
    }
    if (cell.published) holds = graph_.conjunction(holds, graph_.less_equal(graph_.constant(*cell.published), graph_.known_on()));
    return holds;
}

// A quotient has no steps. Where every threshold of a column is an even number of them, the odd numbers stand for all that lies
// between two neighbours, which no cell tells apart; so what is proved of whole numbers is proved of quotients.
std::optional<sema::InputRange> Lowering::between_thresholds(const Lowered& quotient, const sema::Table& table, std::size_t column) const {
    std::optional<Rational> common = Rational(0);
    for (const auto& row : table.rows)
        for (std::size_t i = 0; column < row.cells.size() && i < row.cells[column].intervals.size(); ++i)
            for (const auto& end : {row.cells[column].intervals[i].low, row.cells[column].intervals[i].high})
                if (end && common) common = value::unit_gcd(*common, end->number);
    if (common && common->is_zero()) common = Rational(1);
    const auto step = common ? value::divide(*common, Rational(2)) : std::nullopt;
    const auto steps = step ? value::divide(quotient.unit, *step) : std::nullopt;
    const auto scaled = steps ? value::scale(graph_.node(quotient.value).range, steps->numerator()) : std::nullopt;
    const auto divisor = steps ? value::scale(graph_.node(quotient.denominator).range, steps->denominator()) : std::nullopt;
    const auto down = scaled && divisor ? value::divide_rounded(*scaled, *divisor, value::Rounding::Down) : std::nullopt;
    const auto up = scaled && divisor ? value::divide_rounded(*scaled, *divisor, value::Rounding::Up) : std::nullopt;
    if (!down || !up) return std::nullopt;
    const auto odd = [](Int128 below, Int128 above) { return below % 2 == 0 ? above : below; };
    return sema::InputRange{{down->low == up->low ? down->low : odd(down->low, up->low), down->high == up->high ? up->high : odd(down->high, up->high)}, *step};
}

// False where it cannot be proved within 128 bits, which is then told.
bool Lowering::check_inputs(const Expr& expr, const std::vector<Lowered>& inputs, const Scope& scope) {
    std::vector<sema::InputRange> ranges;
    std::vector<std::tuple<Int128, Int128, Int128, Int128>> key;
    for (const Lowered& input : inputs) {
        sema::InputRange asked{graph_.node(input.value).range, input.unit};
        if (input.value == scope.day) {
            // A policy assessed on a day of its own may ask another one outside its period; nobody then looks at the answer.
            const Range in_force{std::max<Int128>(asked.range.low, scope.period.from), std::min<Int128>(asked.range.high, scope.period.to)};
            if (in_force.low <= in_force.high) asked.range = in_force;
        }
        if (input.denominator != no_node) {
            const auto between = between_thresholds(input, model_.tables[expr.ref], ranges.size());
            if (!between) {
                (void)too_wide(expr, scope);
                return false;
            }
            asked = *between;
        }
        ranges.push_back(asked);
        key.emplace_back(asked.range.low, asked.range.high, asked.unit.numerator(), asked.unit.denominator());
    }
    if (checked_tables_.contains({expr.ref, key})) return true;
    const auto rows = sema::check_table(model_, expr.ref, ranges, *sink_);
    if (rows.empty()) return false;
    checked_tables_.insert({expr.ref, std::move(key)});
    conditions_.rows(expr.ref, rows);
    return true;
}

Lowered Lowering::lower_table(const Expr& expr, const Scope& scope) {
    const sema::Table& table = model_.tables[expr.ref];
    Lowered broken;
    broken.broken = true;
    std::vector<Lowered> inputs;
    std::vector<Int128> asked;
    for (const ExprId argument : expr.args) {
        inputs.push_back(lower(argument, scope));
        const Lowered& input = inputs.back();
        if (input.broken) return broken;
        asked.insert(asked.end(), {input.value, input.denominator, input.defined, input.unit.numerator(), input.unit.denominator()});
    }
    if (inputs.size() != table.inputs.size()) return broken;
    // Written out once for the same inputs, as a let is.
    const auto key = std::make_tuple(expr.ref, expr.index, std::move(asked), scope.binding, scope.day, scope.loop, scope.period.from, scope.period.to);
    const bool once = scope.narrowed.empty() && !scope.dead;
    if (once)
        if (const auto found = tables_.find(key); found != tables_.end()) return found->second;
    // A table that may be more than a program can hold is counted first: then it needs no proof.
    const bool may_be_too_large = table.rows.size() * (3 * table.inputs.size() + 2) > most_instructions;
    if (!may_be_too_large && !check_inputs(expr, inputs, scope)) return broken;
    Lowered result = write_out(expr, inputs, scope);
    if (may_be_too_large && !result.broken && !scope.dead && is_too_large(result)) {
        sink_->report(Code::table_too_large, table.span, {table.name, std::to_string(most_instructions)});
        result.broken = true;
    }
    if (may_be_too_large && !result.broken && !check_inputs(expr, inputs, scope)) return broken;
    if (once) tables_[key] = result;
    return result;
}

// The two ends of each cell, whether both hold, and the row's result and its choice.
bool Lowering::is_too_large(const Lowered& result) const {
    return graph_.count_below(std::vector<NodeId>{result.value, result.denominator, result.defined}) > most_instructions;
}

Lowered Lowering::write_out(const Expr& expr, const std::vector<Lowered>& inputs, const Scope& scope) {
    const sema::Table& table = model_.tables[expr.ref];
    Lowered broken;
    broken.broken = true;
    NodeId defined = no_node;
    bool asks_day = false;
    for (const Lowered& input : inputs) {
        defined = both(defined, input.defined);
        asks_day = asks_day || input.value == scope.day;
    }
    std::vector<std::pair<NodeId, Lowered>> rows;
    std::vector<std::pair<std::uint32_t, NodeId>> chosen;
    NodeId earlier = graph_.truth(false);
    for (const auto& row : table.rows) {
        NodeId holds = graph_.truth(true);
        Scope inside = scope;
        for (std::size_t i = 0; i < inputs.size() && !row.otherwise; ++i) {
            const NodeId cell = cell_condition(row.cells[i], inputs[i], model_.variables[table.inputs[i]].type);
            if (cell == no_node) return too_wide(expr, scope);
            holds = graph_.conjunction(holds, cell);
        }
        for (std::size_t i = 0; i < inputs.size(); ++i) {
            Lowered input = inputs[i];
            input.defined = no_node;
            // In a row the compiler knows what the row says of its inputs.
            if (!row.otherwise && input.denominator == no_node && row.cells[i].intervals.size() == 1 && input.type.kind != Kind::Bool && input.type.kind != Kind::Text) {
                const auto& interval = row.cells[i].intervals.front();
                const bool numeric = input.type.kind != Kind::Date && input.type.kind != Kind::Enum && input.type.kind != Kind::Code;
                const auto step = [&](const sema::Constant& end) { return numeric ? value::divide(end.number, input.unit) : std::optional<Rational>(Rational(end.integer)); };
                if (interval.low)
                    if (const auto at = step(*interval.low)) input.value = graph_.maximum(input.value, graph_.constant(value::ceil(*at)));
                if (interval.high)
                    if (const auto at = step(*interval.high)) input.value = graph_.minimum(input.value, graph_.constant(value::floor(*at)));
            }
            inside.variables[table.inputs[i]] = input;
        }
        if (graph_.is_false(holds)) continue;
        const Lowered result = lower(row.results[expr.index], inside);
        if (result.broken) return broken;
        rows.emplace_back(holds, result);
        if (probes_ != nullptr) {
            // Rows of a unique table do not overlap; of others the first counts.
            const NodeId first = table.first || row.otherwise ? graph_.conjunction(holds, graph_.negation(earlier)) : holds;
            chosen.emplace_back(static_cast<Id>(&row - table.rows.data()), defined == no_node ? first : graph_.conjunction(defined, first));
            earlier = graph_.disjunction(earlier, holds);
        }
        if (graph_.is_true(holds)) break;
    }
    if (rows.empty()) return broken;
    const auto result_ = choose_row(rows, asks_day);
    if (!result_) return too_wide(expr, scope);
    Lowered result = *result_;
    result.defined = both(result.defined, defined);
    result.type = table.result_types[expr.index];
    probe_rows(expr.ref, chosen, result, scope);
    return result;
}

// All rows in one unit, then from the last row up. The last row's own condition is asked too, so that over sets a row
// that cannot apply adds nothing; where it is false nothing is left, which the proof of completeness excludes.
std::optional<Lowered> Lowering::choose_row(std::vector<std::pair<NodeId, Lowered>>& rows, bool may_lie_outside) {
    Lowered result = rows.back().second;
    const bool quotients = std::any_of(rows.begin(), rows.end(), [](const auto& row) { return row.second.denominator != no_node; });
    // Where every row says the same it does not matter which it is.
    const bool alike = std::ranges::all_of(rows, [&](const auto& row) { return row.second.value == result.value; });
    const bool closed = graph_.is_true(rows.back().first) || may_lie_outside || alike;
    // A truth cannot be nothing, a number can: two rows that say the same, of which one must hold, then leave nothing open.
    const bool counted = result.type.kind == Kind::Bool && !closed;
    if (counted)
        for (auto& [holds, row] : rows) row.value = graph_.as_number(row.value);
    const bool numbers = !quotients && (result.type.kind != Kind::Bool || counted);
    if (counted) {
        result = rows.back().second;
        result.value = graph_.select(rows.back().first, result.value, graph_.empty());
    } else if (numbers) {
        std::optional<Rational> unit;
        for (const auto& [holds, row] : rows) {
            if (const auto zero = constant_value(row); zero && zero->is_zero()) continue;
            unit = unit ? value::unit_gcd(*unit, row.unit) : std::optional<Rational>(row.unit);
            if (!unit) return std::nullopt;
        }
        for (auto& [holds, row] : rows) {
            const auto zero = constant_value(row);
            const Rational common = unit.value_or(Rational(1));
            const auto converted = zero && zero->is_zero() ? std::optional<Lowered>(row) : in_unit(row, common);
            if (!converted) return std::nullopt;
            row = *converted;
            row.unit = common;
        }
        result = rows.back().second;
        if (!closed) result.value = graph_.select(rows.back().first, result.value, graph_.empty());
    }
    for (std::size_t i = rows.size() - 1; i-- > 0;) {
        const auto& [holds, row] = rows[i];
        if (!numbers) {
            const auto chosen = choose(holds, row, result);
            if (!chosen) return std::nullopt;
            result = *chosen;
            continue;
        }
        const NodeId yes = graph_.truth(true);
        if (row.defined != no_node || result.defined != no_node)
            result.defined = graph_.select(holds, row.defined == no_node ? yes : row.defined, result.defined == no_node ? yes : result.defined);
        result.value = graph_.select(holds, row.value, result.value);
    }
    if (counted) result.value = graph_.equal(result.value, graph_.constant(1));
    if (result.defined != no_node && graph_.is_true(result.defined)) result.defined = no_node;
    return result;
}

// ---- aggregates

Lowered Lowering::lower_aggregate(const Expr& expr, const Scope& scope) {
    return expr.list == sema::no_expr ? aggregate_years(expr, scope) : aggregate_list(expr, scope);
}

// Only where its `where` holds does it matter what the body of an aggregate comes to.
Lowering::Scope Lowering::counting(const Scope& scope, ExprId condition, const Lowered& lowered) {
    if (condition == sema::no_expr || lowered.broken) return scope;
    Scope inside = narrow(scope, condition, true);
    inside.dead = inside.dead || graph_.is_false(lowered.value);
    return inside;
}

Lowered Lowering::aggregate_years(const Expr& expr, const Scope& scope) {
    Lowered total;
    bool started = false;
    NodeId defined = no_node, some = graph_.truth(false);
    const bool truths = expr.aggregate == AggregateKind::Any || expr.aggregate == AggregateKind::All;
    if (truths) total = make_truth(graph_.truth(expr.aggregate == AggregateKind::All));
    for (std::int32_t year = expr.first_year; year <= expr.last_year; ++year) {
        Scope inside = scope;
        inside.variables[expr.variable] = constant_number({.kind = Kind::Number, .whole = true}, Rational(year));
        const ExprId body_id = expr.args[0], condition_id = expr.args.size() > 1 ? expr.args[1] : sema::no_expr;
        Lowered condition = condition_id == sema::no_expr ? make_truth(graph_.truth(true)) : lower(condition_id, inside);
        Lowered body = body_id == sema::no_expr ? constant_number(expr.type, Rational(1)) : lower(body_id, counting(inside, condition_id, condition));
        if (condition.broken) return condition;
        if (body.broken) return body;
        defined = both(defined, condition.defined);
        if (body.defined != no_node) defined = both(defined, graph_.disjunction(graph_.negation(condition.value), body.defined));
        body.defined = no_node;
        if (truths) {
            total.value = expr.aggregate == AggregateKind::All ? graph_.conjunction(total.value, graph_.disjunction(graph_.negation(condition.value), body.value))
                                                               : graph_.disjunction(total.value, graph_.conjunction(condition.value, body.value));
            continue;
        }
        if (expr.aggregate == AggregateKind::Sum || expr.aggregate == AggregateKind::Count) {
            const auto counted = choose(condition.value, body, constant_number(body.type, Rational(0)));
            const auto sum = !counted ? std::nullopt : started ? add(total, *counted, expr.type) : counted;
            if (!sum) return too_wide(expr, scope);
            total = *sum;
        } else if (!started) {
            total = body;
        } else {
            const auto better = compare(expr.aggregate == AggregateKind::Min ? Relation::Less : Relation::Greater, body, total);
            const auto taken = better ? choose(graph_.conjunction(condition.value, graph_.disjunction(graph_.negation(some), *better)), body, total) : std::nullopt;
            if (!taken) return too_wide(expr, scope);
            total = *taken;
        }
        some = graph_.disjunction(some, condition.value);
        started = true;
    }
    if (!started && !truths) total = constant_number(expr.type, Rational(0));
    if (expr.aggregate == AggregateKind::Min || expr.aggregate == AggregateKind::Max) defined = both(defined, some);
    total.type = expr.type;
    total.defined = defined == no_node || graph_.is_true(defined) ? no_node : defined;
    return total;
}

// The innermost of the loops whose elements an expression looks at, told from the variables that are written in it. There
// a loop of its own belongs: no further in, so that it is gone through no oftener than what it looks at changes.
Lowering::Around Lowering::looked_at(ExprId id, const Scope& scope) const {
    Around around{.loop = graph_.node(scope.day).region};
    const auto look_at = [&](NodeId loop) {
        if (graph_.within(loop, around.loop)) around.loop = loop;
    };
    std::vector<ExprId> open{id};
    while (!open.empty()) {
        const ExprId at = open.back();
        open.pop_back();
        if (at == sema::no_expr) continue;
        const Expr& expr = model_.expr(at);
        open.insert(open.end(), expr.args.begin(), expr.args.end());
        open.push_back(expr.base);
        if (expr.kind != ExprKind::Variable) continue;
        const auto variable = scope.variables.find(expr.ref);
        if (variable == scope.variables.end() || variable->second.broken) continue;  // bound within
        const Lowered& lowered = variable->second;
        around.variables = true;
        if (lowered.type.kind == Kind::Record) look_at(bindings_[lowered.binding].loop);
        for (const NodeId node : {lowered.value, lowered.denominator, lowered.defined})
            if (node != no_node) look_at(graph_.node(node).region);
    }
    return around;
}

Lowered Lowering::aggregate_list(const Expr& expr, const Scope& scope) {
    Lowered broken;
    broken.broken = true;
    const Expr& source = model_.expr(expr.list);
    if (source.kind != ExprKind::Fact) return broken;
    const std::uint32_t from = record_binding(source.base, scope);
    if (from == ~0U) return broken;
    const Binding owner = bindings_[from];
    if (owner.loop != no_node) {
        sink_->report(Code::list_within_list, expr.span);
        return broken;
    }
    const sema::Fact& fact = model_.subjects[owner.subject].facts[source.ref];
    const Id element = fact.type.ref;
    const std::uint32_t list_number = list(column(owner, source.ref), element);
    const Around around = looked_at(static_cast<ExprId>(&expr - model_.exprs.data()), scope);
    const NodeId parent = around.loop;
    // A pass that comes too early makes all within be lowered again: what looks at nothing around it is kept.
    const auto key = std::make_tuple(&expr, scope.binding, scope.day, scope.period.from, scope.period.to);
    const bool once = parent == no_node && !around.variables && scope.narrowed.empty() && !scope.dead;
    if (once)
        if (const auto found = aggregates_.find(key); found != aggregates_.end()) return found->second;
    std::uint32_t stage = 0;
    while (true) {
        const NodeId loop = graph_.loop(list_number, parent, stage);
        if (graph_.depth(loop) > bytecode::deepest_loops) {
            sink_->report(Code::loops_too_deep, expr.span, {std::to_string(bytecode::deepest_loops)});
            return broken;
        }
        Scope inside = scope;
        Lowered variable;
        variable.type = {.kind = Kind::Record, .ref = element};
        variable.binding = bind({.loop = loop, .root = element, .subject = element});
        inside.variables[expr.variable] = variable;
        inside.loop = loop;
        const ExprId body_id = expr.args[0], condition_id = expr.args.size() > 1 ? expr.args[1] : sema::no_expr;
        const Lowered condition = condition_id == sema::no_expr ? make_truth(graph_.truth(true)) : lower(condition_id, inside);
        const Lowered body = body_id == sema::no_expr ? constant_number({.kind = Kind::Number, .whole = true}, Rational(1)) : lower(body_id, counting(inside, condition_id, condition));
        if (condition.broken) return condition;
        if (body.broken) return body;
        const std::uint32_t needed = graph_.stage_after(std::vector<NodeId>{condition.value, condition.defined, body.value, body.defined, body.denominator}, list_number, parent);
        if (needed > stage) {
            stage = needed;
            continue;
        }
        // A value is missed only where the element counts.
        NodeId bad = graph_.truth(false);
        if (condition.defined != no_node) bad = graph_.disjunction(bad, graph_.negation(condition.defined));
        if (body.defined != no_node) bad = graph_.disjunction(bad, graph_.conjunction(condition.value, graph_.negation(body.defined)));
        NodeId defined = graph_.is_false(bad) ? no_node : graph_.negation(graph_.reduce_any(bad, loop));
        if (body.denominator != no_node) {
            sink_->report(Code::quotient_over_list, model_.expr(body_id).span, {source_text(model_.expr(body_id).span), expr.type.kind == Kind::Money ? "0.01元" : "0.0001"});
            return broken;
        }
        std::optional<NodeId> value;
        switch (expr.aggregate) {
            case AggregateKind::Any: value = graph_.reduce_any(graph_.conjunction(condition.value, body.value), loop); break;
            case AggregateKind::All: value = graph_.negation(graph_.reduce_any(graph_.conjunction(condition.value, graph_.negation(body.value)), loop)); break;
            case AggregateKind::Sum:
            case AggregateKind::Count: value = graph_.reduce_sum(body.value, condition.value, loop, fact.type.up_to); break;
            case AggregateKind::Min:
            case AggregateKind::Max:
                value = graph_.reduce_extreme(expr.aggregate == AggregateKind::Max, body.value, condition.value, loop);
                defined = both(defined, graph_.reduce_any(condition.value, loop));
                break;
        }
        if (!value) return too_wide(expr, scope);
        const bool truths = expr.aggregate == AggregateKind::Any || expr.aggregate == AggregateKind::All;
        const Lowered result = truths ? make_truth(*value, defined) : make_number(expr.type, *value, body.unit, defined);
        if (once) aggregates_[key] = result;
        return result;
    }
}

// ---- policies

Lowered Lowering::lower_policy(const Expr& expr, const Scope& scope) {
    const std::uint32_t binding = record_binding(expr.base, scope);
    if (binding == ~0U) return {.broken = true};
    const auto key = std::make_tuple(expr.ref, expr.member, binding, scope.day, scope.loop);
    if (const auto found = policies_.find(key); found != policies_.end()) return found->second;
    const Lowered result = ask_versions(expr, binding, scope);
    if (!result.broken) policies_[key] = result;
    return result;
}

Lowered Lowering::ask_versions(const Expr& expr, std::uint32_t binding, const Scope& scope) {
    const sema::Policy& policy = model_.policies[expr.ref];
    Lowered result;
    result.broken = true;
    if (expr.member == "eligible") {
        NodeId holds = graph_.truth(false);
        for (std::size_t i = 0; i < policy.versions.size(); ++i) {
            Verdict& asked = verdict(expr.ref, i, binding, scope.day, policy.versions[i].in_force, scope.loop);
            finish(asked, policy.versions[i]);
            if (!asked.done) return result;  // a trial of what is to be rounded, from within that policy
            holds = graph_.disjunction(holds, graph_.conjunction(asked.nodes.in_force, asked.nodes.verdict));
        }
        return make_truth(holds);
    }
    NodeId defined = graph_.truth(false);
    for (std::size_t i = 0; i < policy.versions.size(); ++i) {
        const sema::Version& version = policy.versions[i];
        const auto benefit = std::find_if(version.benefits.begin(), version.benefits.end(), [&](const auto& one) { return one.name == expr.member; });
        if (benefit == version.benefits.end()) continue;
        Verdict& asked = verdict(expr.ref, i, binding, scope.day, version.in_force, scope.loop);
        finish(asked, version);
        if (!asked.done) return {.broken = true};
        const BenefitNodes& nodes = asked.nodes.benefits[static_cast<std::size_t>(benefit - version.benefits.begin())];
        if (nodes.lowered.broken) return result;
        NodeId given = asked.nodes.in_force;
        if (!benefit->always) given = graph_.conjunction(given, asked.nodes.verdict);
        if (nodes.when != no_node) given = graph_.conjunction(given, nodes.when);
        const auto chosen = result.broken ? std::optional<Lowered>(nodes.lowered) : choose(asked.nodes.in_force, nodes.lowered, result);
        if (!chosen) return too_wide(expr, scope);
        result = *chosen;
        defined = graph_.disjunction(defined, given);
    }
    if (!result.broken) result.defined = graph_.is_true(defined) ? no_node : defined;
    return result;
}

Lowering::Verdict& Lowering::verdict(Id policy, std::size_t number, std::uint32_t binding, NodeId day, sema::Period period, NodeId loop) {
    const sema::Version& version = model_.policies[policy].versions[number];
    Scope scope;
    scope.binding = binding;
    scope.day = day;
    scope.policy = policy;
    scope.version = number;
    scope.period = period;
    scope.loop = loop;
    if (version.assessed_on != sema::no_expr) {
        const Lowered assessed = lower_total(version.assessed_on, scope);
        if (!assessed.broken) scope.day = assessed.value;
    }
    // Clauses find each other by the day they are assessed on.
    const auto [found, added] = verdicts_.try_emplace(std::make_tuple(policy, number, binding, scope.day));
    Verdict& result = found->second;
    if (!added) return result;
    result.scope = scope;
    result.nodes.day = scope.day;
    result.nodes.clauses.resize(version.clauses.size());
    result.clause_done.assign(version.clauses.size(), false);
    NodeId in_force = graph_.truth(true);
    if (version.in_force.from > value::first_day) in_force = graph_.less_equal(graph_.constant(version.in_force.from), scope.day);
    if (version.in_force.to < value::last_day) in_force = graph_.conjunction(in_force, graph_.less_equal(scope.day, graph_.constant(version.in_force.to)));
    result.nodes.in_force = in_force;
    return result;
}

NodeId Lowering::clause(Verdict& verdict, const sema::Version& version, Id number) {
    ClauseNodes& nodes = verdict.nodes.clauses[number];
    if (verdict.clause_done[number]) return nodes.outcome;
    const sema::Clause& clause_ = version.clauses[number];
    NodeId outcome = graph_.truth(true);
    // Where it is not asked it does not matter what it comes to.
    Scope guarded = verdict.scope;
    if (clause_.guard_kind != syntax::Guard::None) {
        const bool wanted = clause_.guard_kind == syntax::Guard::When;
        nodes.guard = truth(clause_.guard, verdict.scope);
        guarded = narrow(verdict.scope, clause_.guard, wanted);
        guarded.dead = graph_.is_constant(nodes.guard) && graph_.is_true(nodes.guard) != wanted;
    }
    switch (clause_.kind) {
        case syntax::ClauseKind::Require: outcome = truth(clause_.condition, guarded); break;
        case syntax::ClauseKind::Exclude: outcome = graph_.negation(truth(clause_.condition, guarded)); break;
        case syntax::ClauseKind::AllOf:
            for (const Id child : clause_.children) outcome = graph_.conjunction(outcome, clause(verdict, version, child));
            break;
        case syntax::ClauseKind::AnyOf:
            outcome = graph_.truth(false);
            for (const Id child : clause_.children) outcome = graph_.disjunction(outcome, clause(verdict, version, child));
            break;
        case syntax::ClauseKind::AtLeast: {
            NodeId count = graph_.constant(0);
            for (const Id child : clause_.children) count = *graph_.add(count, graph_.as_number(clause(verdict, version, child)));
            outcome = graph_.less_equal(graph_.constant(clause_.at_least), count);
            break;
        }
    }
    if (clause_.guard_kind != syntax::Guard::None) {
        outcome = graph_.disjunction(outcome, clause_.guard_kind == syntax::Guard::When ? graph_.negation(nodes.guard) : nodes.guard);
    }
    nodes.outcome = outcome;
    verdict.clause_done[number] = true;
    return outcome;
}

void Lowering::finish(Verdict& verdict, const sema::Version& version) {
    if (verdict.done || verdict.busy) return;
    verdict.busy = true;
    NodeId holds = graph_.truth(true);
    for (const Id top : version.top_clauses) holds = graph_.conjunction(holds, clause(verdict, version, top));
    verdict.nodes.verdict = holds;
    for (const auto& benefit : version.benefits) {
        BenefitNodes nodes;
        // Where its `when` does not hold nobody is told what it comes to.
        const bool asked = benefit.when != sema::no_expr;
        if (asked) nodes.when = truth(benefit.when, verdict.scope);
        nodes.lowered = lower_total(benefit.value, asked ? narrow(verdict.scope, benefit.when, true) : verdict.scope);
        check_benefit(benefit, nodes, verdict.scope);
        verdict.nodes.benefits.push_back(std::move(nodes));
    }
    verdict.done = true;
    verdict.busy = false;
}

void Lowering::check_benefit(const sema::Benefit& benefit, BenefitNodes& nodes, const Scope& scope) {
    Lowered& lowered = nodes.lowered;
    if (lowered.broken || benefit.value == sema::no_expr) return;
    const Span span = model_.expr(benefit.value).span;
    lowered.type = benefit.type;
    if (benefit.type.kind == Kind::Money) {
        const auto fen = value::multiply(lowered.unit, Rational(100));
        const auto number = constant_value(lowered);
        const auto constant_fen = number ? value::multiply(*number, Rational(100)) : std::nullopt;
        const bool whole = constant_fen ? constant_fen->is_whole() : lowered.denominator == no_node && fen && fen->is_whole();
        if (!whole) sink_->report(Code::benefit_not_whole_fen, span, {benefit.name, source_text(span)});
        lowered.broken = !whole;
    } else if (benefit.type.kind == Kind::Number) {
        const bool finite = lowered.denominator == no_node && lowered.unit.is_finite_decimal();
        if (!finite) sink_->report(Code::benefit_not_finite, span, {benefit.name, source_text(span)});
        lowered.broken = !finite;
    }
    if (lowered.broken) return;
    const auto decimals = lowered.unit.decimals();
    const auto measure = shown(benefit.value, lowered, scope);
    lowered.broken = !measure;
    if (!measure) return;
    // A benefit is no quotient: all its decimals are in its unit.
    if (measure->denominator != no_node) sink_->report(Code::benefit_too_fine, span, {benefit.name, source_text(span), std::to_string(decimals.value())});
    lowered = *measure;
    lowered.broken = lowered.denominator != no_node;
}

const VersionNodes& Lowering::version(Id policy, std::size_t number) {
    const sema::Version& version = model_.policies[policy].versions[number];
    Verdict& asked = verdict(policy, number, 0, graph_.as_of(), version.in_force, no_node);
    if (std::exchange(asked.told, true)) return asked.nodes;
    finish(asked, version);
    for (std::size_t i = 0; i < version.clauses.size(); ++i) {
        (void)clause(asked, version, static_cast<Id>(i));
        read_all(version.clauses[i], asked.scope, asked.nodes.clauses[i]);
    }
    check_group(asked, version, version.top_clauses, true);
    for (const auto& group : version.clauses)
        if (group.kind == syntax::ClauseKind::AllOf || group.kind == syntax::ClauseKind::AnyOf) check_group(asked, version, group.children, group.kind == syntax::ClauseKind::AllOf);
    for (const Id let_id : version.lets) {
        const sema::Let& let = model_.lets[let_id];
        if (!let.parameters.empty() || !let.label.exists()) continue;
        ReadingNodes reading;
        reading.name = let.name;
        reading.is_let = true;
        reading.label = let.label;
        const Lowered value = lower(let.value, asked.scope);
        const auto measure = value.broken ? std::nullopt : shown(let.value, value, asked.scope);
        if (!measure) continue;
        reading.lowered = *measure;
        reading.lowered.type = let.type;
        asked.nodes.lets.push_back(std::move(reading));
    }
    return asked.nodes;
}

// ---- clauses that exclude each other, or leave nothing out

void Lowering::check_group(Verdict& verdict, const sema::Version& version, std::span<const Id> children, bool all) {
    std::vector<Piece> said;
    std::vector<Id> by;
    for (const Id child : children)
        for (Piece& piece : pieces(graph_, clause(verdict, version, child), all)) {
            said.push_back(std::move(piece));
            by.push_back(child);
        }
    const auto found = clash(graph_, said);
    // Within one clause it has been told already.
    if (!found || by[found->first] == by[found->second]) return;
    const auto [first, first_text] = clause_saying(verdict, version, by[found->first], said[found->first].condition, all);
    const auto [second, second_text] = clause_saying(verdict, version, by[found->second], said[found->second].condition, all);
    sink_->report(all ? Code::conditions_exclude_each_other : Code::conditions_leave_nothing_out, second, {first_text, second_text}).also(first, "", "");
}

// The words of a clause that say it.
std::pair<Span, std::string> Lowering::clause_saying(Verdict& verdict, const sema::Version& version, Id number, NodeId condition, bool holds) {
    const sema::Clause& clause_ = version.clauses[number];
    for (const Id child : clause_.children) {
        const auto said = pieces(graph_, clause(verdict, version, child), holds);
        if (std::any_of(said.begin(), said.end(), [&](const Piece& piece) { return piece.condition == condition; })) return clause_saying(verdict, version, child, condition, holds);
    }
    if (clause_.condition == sema::no_expr) return {clause_.span, clause_.name};
    const bool excludes = clause_.kind == syntax::ClauseKind::Exclude;
    const Part part = part_saying(clause_.condition, verdict.scope, condition, holds != excludes);
    return {model_.expr(part.expr).span, text_of(part, holds)};
}

// ---- what a clause reads

// Clauses that ask for the same by way of lets are told of it each, so that there may be far more to tell than was written.
void Lowering::read_all(const sema::Clause& from, const Scope& scope, ClauseNodes& nodes) {
    constexpr std::size_t most_shown = 200'000;
    if (shown_ > most_shown) return;
    read(from.condition, scope, nodes);
    read(from.guard, scope, nodes);
    read_comparisons(from.condition, scope, nodes);
    ask(from.condition, scope, nodes);
    nodes.names_read.clear();
    nodes.lets_read.clear();
    nodes.lets_asked.clear();
    nodes.asked.clear();
    shown_ += nodes.readings.size() + nodes.comparisons.size() + nodes.questions.size();
    if (shown_ > most_shown) sink_->report(Code::too_much_to_explain, from.span, {model_.subjects[subject_].name, std::to_string(most_shown)});
}

void Lowering::add_reading(ClauseNodes& clause, ReadingNodes reading, ExprId id, const Lowered& value, const Scope& scope) {
    if (!clause.names_read.insert({reading.name, reading.year_offset}).second) return;
    const auto measure = value.broken ? std::nullopt : shown(id, value, scope);
    if (!measure) return;
    reading.lowered = *measure;
    clause.readings.push_back(std::move(reading));
}

void Lowering::read(ExprId id, const Scope& scope, ClauseNodes& nodes) {
    if (id == sema::no_expr) return;
    const Expr& expr = model_.expr(id);
    if (expr.kind == ExprKind::Fact) {
        // Facts of an element are told with the element.
        const std::uint32_t from = record_binding(expr.base, scope);
        if (from == ~0U || bindings_[from].loop != no_node || expr.type.kind == Kind::List || expr.type.kind == Kind::Record) return;
        const Binding binding = bindings_[from];
        const sema::Fact& fact = model_.subjects[binding.subject].facts[expr.ref];
        ReadingNodes reading;
        const std::uint32_t at = column(binding, expr.ref);
        reading.name = fact.name;
        for (std::size_t i = binding.path.size(); i-- > 0;) {
            Id subject = binding.root;
            for (std::size_t k = 0; k < i; ++k) subject = model_.subjects[subject].facts[binding.path[k]].type.ref;
            reading.name.insert(0, model_.subjects[subject].facts[binding.path[i]].name + ".");
        }
        reading.label = fact.label;
        reading.yearly = fact.type.yearly;
        reading.year_offset = expr.args.empty() ? 0 : year_offset(expr.args[0], scope);
        reading.slot = slot(no_list, {.column = at, .year_offset = reading.year_offset});
        return add_reading(nodes, std::move(reading), id, fact_value(from, expr.ref, reading.year_offset, scope, expr.span), scope);
    }
    if (expr.kind == ExprKind::LetUse) {
        const sema::Let& let = model_.lets[expr.ref];
        const std::uint32_t from = record_binding(expr.base, scope);
        const bool own = from != ~0U && bindings_[from].loop == no_node;
        if (let.parameters.empty() && own && let.label.exists()) {
            ReadingNodes reading;
            reading.name = let.name;
            reading.is_let = true;
            reading.label = let.label;
            return add_reading(nodes, std::move(reading), id, lower_let(expr, scope), scope);
        }
        if (let.parameters.empty() && own) {
            if (!nodes.lets_read.insert({expr.ref, from}).second) return;
            Scope inside = scope;
            inside.binding = from;
            inside.variables.clear();
            read(let.value, inside, nodes);
            return;
        }
    }
    if (expr.kind == ExprKind::PolicyUse && expr.base == sema::no_expr) {
        ReadingNodes reading;
        reading.name = model_.policies[expr.ref].name + "." + expr.member;
        reading.is_let = true;
        const auto& versions = model_.policies[expr.ref].versions;
        if (!versions.empty()) reading.label = versions.back().label;
        return add_reading(nodes, std::move(reading), id, lower_policy(expr, scope), scope);
    }
    if (expr.kind == ExprKind::Aggregate) {
        if (expr.list != sema::no_expr) return;
        for (std::int32_t year = expr.first_year; year <= expr.last_year; ++year) {
            Scope inside = scope;
            inside.variables[expr.variable] = constant_number({.kind = Kind::Number, .whole = true}, Rational(year));
            for (const ExprId part : expr.args) read(part, inside, nodes);
        }
        return;
    }
    for (const ExprId part : expr.args) read(part, scope, nodes);
}

sema::Label Lowering::label_of(const Expr& expr, const Scope& scope) const {
    if (expr.kind == ExprKind::LetUse) return model_.lets[expr.ref].label;
    if (expr.kind == ExprKind::Fact && expr.base == sema::no_expr) return model_.subjects[bindings_[scope.binding].subject].facts[expr.ref].label;
    return {};
}

void Lowering::read_comparisons(ExprId id, const Scope& scope, ClauseNodes& nodes) {
    if (id == sema::no_expr) return;
    const Expr& expr = model_.expr(id);
    if (expr.kind == ExprKind::And || expr.kind == ExprKind::Or) {
        for (const ExprId part : expr.args) read_comparisons(part, scope, nodes);
        return;
    }
    const auto add_one = [&](ExprId left, ExprId right, Relation relation) {
        ComparisonNodes comparison;
        const Lowered a = lower(left, scope), b = lower(right, scope);
        if (a.broken || b.broken) return;
        const auto outcome = compare(relation, a, b);
        const auto measured_left = shown(left, a, scope), measured_right = shown(right, b, scope);
        if (!outcome || !measured_left || !measured_right) return;
        comparison.left = *measured_left;
        comparison.right = *measured_right;
        comparison.outcome = *outcome;
        comparison.relation = relation;
        comparison.left_text = source_text(model_.expr(left).span);
        comparison.right_text = source_text(model_.expr(right).span);
        comparison.left_label = label_of(model_.expr(left), scope);
        nodes.comparisons.push_back(std::move(comparison));
    };
    if (is_comparison(expr.kind) && expr.args.size() == 2) {
        if (model_.expr(expr.args[0]).type.kind == Kind::Code) return;
        add_one(expr.args[0], expr.args[1], relation_of(expr.kind));
    } else if (expr.kind == ExprKind::InRange) {
        if (expr.args[1] != sema::no_expr) add_one(expr.args[0], expr.args[1], expr.lower_open ? Relation::Greater : Relation::GreaterEqual);
        if (expr.args[2] != sema::no_expr) add_one(expr.args[0], expr.args[2], expr.upper_open ? Relation::Less : Relation::LessEqual);
    }
}

// Policies that are asked of the elements of a list, wherever in the condition that stands.
void Lowering::ask(ExprId id, const Scope& scope, ClauseNodes& nodes) {
    if (id == sema::no_expr) return;
    const Expr& expr = model_.expr(id);
    if (expr.kind == ExprKind::Aggregate && expr.list != sema::no_expr) {
        const Expr& source = model_.expr(expr.list);
        const std::uint32_t from = record_binding(source.base, scope);
        if (from == ~0U || bindings_[from].loop != no_node) return;
        const Binding owner = bindings_[from];
        const Id element = model_.subjects[owner.subject].facts[source.ref].type.ref;
        const std::uint32_t number = list(column(owner, source.ref), element);
        struct Inside {
            ExprId id;
            bool in_let;  // where the element has the name of an argument
        };
        std::vector<Inside> open;
        for (const ExprId part : expr.args) open.push_back({part, false});
        std::set<Id> lets;
        while (!open.empty()) {
            const auto [next, in_let] = open.back();
            open.pop_back();
            if (next == sema::no_expr) continue;
            const Expr& part = model_.expr(next);
            if (part.kind == ExprKind::PolicyUse && part.base != sema::no_expr && model_.expr(part.base).kind == ExprKind::Variable) {
                const Id variable = model_.expr(part.base).ref;
                if ((variable == expr.variable || (in_let && model_.variables[variable].type.ref == element)) && nodes.asked.insert({part.ref, number}).second)
                    nodes.questions.push_back({part.ref, number});
            }
            if (part.kind == ExprKind::LetUse && lets.insert(part.ref).second) open.push_back({model_.lets[part.ref].value, true});
            // A list within asks of its own elements.
            if (part.kind == ExprKind::Aggregate && part.list != sema::no_expr && !in_let) ask(next, scope, nodes);
            for (const ExprId inner : part.args) open.push_back({inner, in_let});
        }
        return;
    }
    if (expr.kind == ExprKind::LetUse && model_.lets[expr.ref].parameters.empty()) {
        Scope inside = scope;
        inside.binding = record_binding(expr.base, scope);
        if (inside.binding != ~0U && nodes.lets_asked.insert({expr.ref, inside.binding}).second) ask(model_.lets[expr.ref].value, inside, nodes);
    }
    for (const ExprId part : expr.args) ask(part, scope, nodes);
}

}  // namespace eligo::codegen
