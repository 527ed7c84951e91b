// The built-in functions, and what runs over lists and fiscal years.
// Tested by sema_test.cpp.
#include "expressions.hpp"

#include <algorithm>

#include "../value/exactly.hpp"
#include "describe.hpp"

namespace eligo::sema {

using text::Code;

namespace {

bool can_be_summed(Kind kind) {
    return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days;
}

std::optional<syntax::AggregateKind> slice_kind(std::string_view name) {
    if (name == "sum") return syntax::AggregateKind::Sum;
    if (name == "min") return syntax::AggregateKind::Min;
    if (name == "max") return syntax::AggregateKind::Max;
    return std::nullopt;
}

}  // namespace

std::optional<ExprId> Expressions::builtin(const syntax::Expr& node, Type expected) {
    const std::string& name = node.name.text;
    if (const auto kind = slice_kind(name); kind && node.args.size() == 1) {
        const syntax::Expr& only = this->node(node.args[0]);
        if (only.kind == syntax::ExprKind::Slice) return slice_sum(node, only, *kind);
    }
    if (name == "round") return rounding(node, Rounding::HalfUp);
    if (name == "round_down") return rounding(node, Rounding::Down);
    if (name == "round_up") return rounding(node, Rounding::Up);
    if (name == "round_even") return rounding(node, Rounding::HalfEven);
    if (name == "min") return extremum(node, ExprKind::Minimum, expected);
    if (name == "max") return extremum(node, ExprKind::Maximum, expected);
    if (name == "abs") return absolute(node);
    if (name == "clamp") return clamp(node);
    if (name == "sum" || name == "count" || name == "any" || name == "all") {
        report(Code::aggregate_without_for, node.span, {name});
        return error(node.span);
    }
    return std::nullopt;
}

ExprId Expressions::rounding(const syntax::Expr& node, Rounding rounding) {
    if (!arguments(node, node.name.text, 2)) return error(node.span);
    const ExprId amount = value(node.args[0]), step = value(node.args[1]);
    if (failed(amount) || failed(step)) return error(node.span);
    const Type type = expr(amount).type, step_type = expr(step).type;
    const syntax::Expr &amount_node = this->node(node.args[0]), &step_node = this->node(node.args[1]);
    if (type.kind != Kind::Number && type.kind != Kind::Money) {
        const Words words = this_is(model(), expr(amount));
        report(Code::nothing_to_round, amount_node.span, {quoted(model(), type)}).here(words.english, words.chinese);
        return error(node.span);
    }
    if (type.kind != step_type.kind) {
        if (!comparable(amount, step, amount_node, step_node)) return error(node.span);
    }
    const Expr& step_expr = expr(step);
    if (step_expr.kind != ExprKind::Constant || step_expr.constant.number.sign() <= 0) {
        report(Code::rounding_step_not_positive, step_node.span);
        return error(node.span);
    }
    Expr result;
    result.kind = ExprKind::Round;
    result.type = type;
    result.type.whole = type.kind == Kind::Number && step_expr.constant.number.is_whole();
    result.span = node.span;
    result.args = {amount, step};
    result.rounding = rounding;
    if (const auto constant = fold(model(), result)) {
        result.type.whole = type.kind == Kind::Number && constant->number.is_whole();
        return constant_node(result.type, node.span, *constant);
    }
    return add(std::move(result));
}

ExprId Expressions::extremum(const syntax::Expr& node, ExprKind kind, Type expected) {
    if (node.args.size() < 2) {
        report(Code::two_arguments_expected, node.span, {node.name.text});
        return error(node.span);
    }
    std::vector<ExprId> args;
    bool good = true;
    Type type;
    for (const syntax::ExprId id : node.args) {
        const ExprId argument = value(id, expected);
        good = good && !failed(argument);
        if (good && args.empty()) {
            good = ordered(argument, node.name.text, this->node(id).span);
            type = expr(argument).type;
        } else if (good) {
            good = comparable(args.front(), argument, this->node(node.args.front()), this->node(id));
            type.whole = type.whole && expr(argument).type.whole;
            type.percent = type.percent || expr(argument).type.percent;
        }
        args.push_back(argument);
    }
    return good ? made(kind, type, node.span, std::move(args)) : error(node.span);
}

ExprId Expressions::absolute(const syntax::Expr& node) {
    if (!arguments(node, "abs", 1)) return error(node.span);
    const ExprId argument = value(node.args[0]);
    if (failed(argument)) return error(node.span);
    const Type type = expr(argument).type;
    if (!can_be_summed(type.kind)) {
        const Words words = this_is(model(), expr(argument));
        report(Code::bad_sign, this->node(node.args[0]).span, {"abs", quoted(model(), type)}).here(words.english, words.chinese);
        return error(node.span);
    }
    return made(ExprKind::Absolute, type, node.span, {argument});
}

ExprId Expressions::clamp(const syntax::Expr& node) {
    if (!arguments(node, "clamp", 2)) return error(node.span);
    const syntax::Expr& range = this->node(node.args[1]);
    const ExprId amount = value(node.args[0]);
    if (range.kind == syntax::ExprKind::Broken) return error(node.span);
    if (range.kind != syntax::ExprKind::Range || range.lower_open || range.upper_open) {
        report(Code::clamp_range_expected, range.span, {written(this->node(node.args[0]).span)});
        return error(node.span);
    }
    if (failed(amount) || !ordered(amount, "clamp", this->node(node.args[0]).span)) return error(node.span);
    Type type = expr(amount).type;
    std::vector<ExprId> args{amount};
    for (const syntax::ExprId id : range.args) {
        if (id == syntax::no_expr) {
            args.push_back(no_expr);
            continue;
        }
        const ExprId end = value(id, type);
        if (failed(end) || !comparable(amount, end, this->node(node.args[0]), this->node(id))) return error(node.span);
        type.whole = type.whole && expr(end).type.whole;
        type.percent = type.percent || expr(end).type.percent;
        args.push_back(end);
    }
    args.resize(3, no_expr);
    return made(ExprKind::Clamp, type, node.span, std::move(args));
}

// ---- years ----

std::optional<std::int32_t> Expressions::constant_year(syntax::ExprId id) {
    const ExprId year = value(id);
    if (failed(year)) return std::nullopt;
    const Expr& found = expr(year);
    if (found.kind == ExprKind::Constant && found.type.kind == Kind::Number && found.constant.number.is_whole()) {
        const auto number = value::exactly<std::int32_t>(found.constant.number);
        if (number && -farthest_year <= *number && *number <= farthest_year) return number;
        report(Code::years_out_of_range, node(id).span);
        return std::nullopt;
    }
    report(Code::year_not_constant, node(id).span);
    return std::nullopt;
}

bool Expressions::years(const syntax::Expr& range, syntax::ExprId low, syntax::ExprId high, Expr& result) {
    if (low == syntax::no_expr || high == syntax::no_expr) {
        report(Code::years_without_end, range.span);
        return false;
    }
    const auto first = constant_year(low), last = constant_year(high);
    if (!first || !last) return false;
    result.first_year = *first + (range.lower_open ? 1 : 0);
    result.last_year = *last - (range.upper_open ? 1 : 0);
    if (result.first_year <= result.last_year) return true;
    report(Code::range_reversed, range.span);
    return false;
}

// sum(revenue[-3..-1]) is sum(revenue[y] for y in -3 .. -1).
ExprId Expressions::slice_sum(const syntax::Expr& call, const syntax::Expr& slice, syntax::AggregateKind kind) {
    Expr result;
    if (!years(slice, slice.args[1], slice.args[2], result)) return error(call.span);
    const syntax::Expr& target = node(slice.args[0]);
    Variable variable;
    variable.name = "year";
    variable.type = Type{Kind::Number, true};
    variable.is_year = true;
    variable.first_year = result.first_year;
    variable.last_year = result.last_year;
    variable.span = slice.span;
    model().variables.push_back(variable);
    result.variable = static_cast<Id>(model().variables.size() - 1);

    // The fact is read at year 0 first, then the offset is replaced by the variable.
    syntax::Expr index;
    index.kind = syntax::ExprKind::Index;
    index.span = slice.span;
    index.args = {slice.args[0], slice.args[1]};
    ExprId fact = no_expr;
    if (target.kind == syntax::ExprKind::Name) fact = name(target, &index, {});
    else if (target.kind == syntax::ExprKind::Member) fact = member(target, &index);
    else if (target.kind == syntax::ExprKind::Broken) fact = error(target.span);
    else fact = no_index(slice, {written(target.span), target.span});
    if (failed(fact)) return error(call.span);
    const ExprId year = made(ExprKind::Variable, variable.type, slice.span, {});
    model().exprs[year].ref = result.variable;
    model().exprs[fact].args = {year};
    const Type type = expr(fact).type;
    const bool summed = kind == syntax::AggregateKind::Sum;
    if (summed ? !can_be_summed(type.kind) : !has_order(type.kind)) {
        const Words words = this_is(model(), expr(fact));
        report(Code::nothing_to_sum, slice.span, {call.name.text, quoted(model(), type)}).here(words.english, words.chinese);
        return error(call.span);
    }
    result.kind = ExprKind::Aggregate;
    result.type = type;
    result.span = call.span;
    result.aggregate = kind;
    result.args = {fact, no_expr};
    return add(std::move(result));
}

// ---- for x in … ----

bool Expressions::aggregate_source(const syntax::Expr& node, Expr& result, Variable& variable) {
    const syntax::Expr& source = this->node(node.args[1]);
    if (source.kind == syntax::ExprKind::Broken) return false;
    if (source.kind == syntax::ExprKind::Range) {
        variable.type = Type{Kind::Number, true};
        variable.is_year = true;
        if (!years(source, source.args[0], source.args[1], result)) return false;
        variable.first_year = result.first_year;
        variable.last_year = result.last_year;
        return true;
    }
    const ExprId list = any(node.args[1], {}, Open::No);
    if (failed(list)) return false;
    if (expr(list).kind != ExprKind::Fact || expr(list).type.kind != Kind::List) {
        const Words words = this_is(model(), expr(list));
        report(Code::not_a_list, source.span, {written(source.span)}).here(words.english, words.chinese);
        return false;
    }
    result.list = list;
    variable.type = Type{Kind::Record};
    variable.type.ref = expr(list).type.ref;
    return true;
}

bool Expressions::aggregate_body(syntax::ExprId body, syntax::AggregateKind kind, Expr& result) {
    using enum syntax::AggregateKind;
    if (kind == Count) {
        result.type = Type{Kind::Number, true};
        result.args[0] = no_expr;
        return true;
    }
    const bool condition_wanted = kind == Any || kind == All;
    result.args[0] = condition_wanted ? condition(body) : value(body);
    if (failed(result.args[0])) return false;
    result.type = expr(result.args[0]).type;
    if (condition_wanted) return true;
    if (kind == Sum ? can_be_summed(result.type.kind) : has_order(result.type.kind)) return true;
    const Words words = this_is(model(), expr(result.args[0]));
    const char* const name = kind == Sum ? "sum" : kind == Min ? "min" : "max";
    report(Code::nothing_to_sum, node(body).span, {name, quoted(model(), result.type)}).here(words.english, words.chinese);
    return false;
}

// A variable may be called like a clause or a policy, but not like a value that its body could mean to read.
bool Expressions::hides_value(std::string_view name) const {
    const Found found = find(name);
    if (found.what == Found::What::Variable) return true;
    if (found.what != Found::What::Named) return false;
    return found.named.kind == NameKind::Fact || found.named.kind == NameKind::Let;
}

ExprId Expressions::aggregate(const syntax::Expr& node) {
    Expr result;
    result.kind = ExprKind::Aggregate;
    result.span = node.span;
    result.aggregate = node.aggregate;
    result.args = {no_expr, no_expr};
    Variable variable;
    variable.name = node.variable.text;
    variable.span = node.variable.span;
    const bool source = aggregate_source(node, result, variable);
    const Type variable_type = variable.type;
    if (hides_value(variable.name)) {
        report(Code::variable_hides_name, variable.span, {variable.name});
        return error(node.span);
    }
    // The body of a broken source is read all the same, for mistakes that have nothing to do with it.
    model().variables.push_back(std::move(variable));
    result.variable = static_cast<Id>(model().variables.size() - 1);
    model().variables.back().type = source ? variable_type : Type{};
    place_.variables.push_back(result.variable);
    bool good = source;
    if (node.args[2] != syntax::no_expr) {
        result.args[1] = condition(node.args[2]);
        good = good && !failed(result.args[1]);
    }
    good = aggregate_body(node.args[0], node.aggregate, result) && good;
    place_.variables.pop_back();
    return good ? add(std::move(result)) : error(node.span);
}

}  // namespace eligo::sema
