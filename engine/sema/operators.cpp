// Arithmetic and comparisons: which kinds go together, what comes out, and what to write where they do not.
// Tested by sema_test.cpp.
#include "expressions.hpp"

#include <algorithm>

#include "describe.hpp"

namespace eligo::sema {

using text::Code;

namespace {

std::string_view sign(syntax::Op op) {
    switch (op) {
        case syntax::Op::Add: return "+";
        case syntax::Op::Subtract: return "-";
        case syntax::Op::Multiply: return "*";
        case syntax::Op::Divide: return "/";
        case syntax::Op::Equal: return "=";
        case syntax::Op::NotEqual: return "!=";
        case syntax::Op::Less: return "<";
        case syntax::Op::LessEqual: return "<=";
        case syntax::Op::Greater: return ">";
        case syntax::Op::GreaterEqual: return ">=";
        case syntax::Op::And: return "and";
        case syntax::Op::Or: return "or";
        case syntax::Op::Not: return "not";
        case syntax::Op::Negate: return "-";
    }
    return "";
}

ExprKind kind_of(syntax::Op op) {
    switch (op) {
        case syntax::Op::Add: return ExprKind::Add;
        case syntax::Op::Subtract: return ExprKind::Subtract;
        case syntax::Op::Multiply: return ExprKind::Multiply;
        case syntax::Op::Divide: return ExprKind::Divide;
        case syntax::Op::Equal: return ExprKind::Equal;
        case syntax::Op::NotEqual: return ExprKind::NotEqual;
        case syntax::Op::Less: return ExprKind::Less;
        case syntax::Op::LessEqual: return ExprKind::LessEqual;
        case syntax::Op::Greater: return ExprKind::Greater;
        case syntax::Op::GreaterEqual: return ExprKind::GreaterEqual;
        case syntax::Op::And: return ExprKind::And;
        case syntax::Op::Or: return ExprKind::Or;
        case syntax::Op::Not: return ExprKind::Not;
        case syntax::Op::Negate: return ExprKind::Negate;
    }
    return ExprKind::Error;
}

bool is_duration(Kind kind) { return kind == Kind::Months || kind == Kind::Days; }

Type plain(const Type& type) {
    Type result = type;
    result.whole = false;
    return result;
}

}  // namespace

bool Expressions::plain_number(const syntax::Expr& node) const {
    if (node.kind == syntax::ExprKind::Unary && node.op == syntax::Op::Negate) return plain_number(this->node(node.args[0]));
    return node.kind == syntax::ExprKind::Number && node.unit == syntax::Unit::None;
}

std::string Expressions::as_money(const syntax::Expr& node) const {
    return plain_number(node) ? written(node.span) + "元" : std::string();
}

text::Diagnostic& Expressions::report_operands(Code code, ExprId left, ExprId right, std::vector<std::string> arguments,
                                               const syntax::Expr& left_node, const syntax::Expr& right_node) {
    const Words left_words = this_is(model(), expr(left)), right_words = this_is(model(), expr(right));
    auto& diagnostic = report(code, left_node.span, std::move(arguments));
    diagnostic.here(left_words.english, left_words.chinese);
    diagnostic.also(right_node.span, right_words.english, right_words.chinese);
    return diagnostic;
}

ExprId Expressions::binary(const syntax::Expr& node) {
    switch (node.op) {
        case syntax::Op::And:
        case syntax::Op::Or: {
            const ExprId left = condition(node.args[0]), right = condition(node.args[1]);
            if (failed(left) || failed(right)) return error(node.span);
            return made(kind_of(node.op), Type{Kind::Bool}, node.span, {left, right});
        }
        case syntax::Op::Add:
        case syntax::Op::Subtract:
        case syntax::Op::Multiply:
        case syntax::Op::Divide: return arithmetic(node);
        default: return comparison(node);
    }
}

// ---- arithmetic ----

ExprId Expressions::arithmetic(const syntax::Expr& node) {
    ExprId left = value(node.args[0]), right = value(node.args[1]);
    if (failed(left) || failed(right)) return error(node.span);
    std::optional<Type> type;
    switch (node.op) {
        case syntax::Op::Multiply: type = product_type(left, right, node); break;
        case syntax::Op::Divide: type = quotient_type(left, right, node); break;
        default: type = sum_type(left, right, node.op, node);
    }
    if (!type) return error(node.span);
    // A date stands on the left, so that codegen meets one form only.
    if (node.op == syntax::Op::Add && expr(right).type.kind == Kind::Date) std::swap(left, right);
    return made(kind_of(node.op), *type, node.span, {left, right});
}

std::optional<Type> Expressions::sum_type(ExprId left, ExprId right, syntax::Op op, const syntax::Expr& node) {
    const Type a = expr(left).type, b = expr(right).type;
    const syntax::Expr &left_node = this->node(node.args[0]), &right_node = this->node(node.args[1]);
    if (a.kind == b.kind && (a.kind == Kind::Number || a.kind == Kind::Money || is_duration(a.kind))) {
        Type type = a;
        type.whole = a.whole && b.whole;
        type.percent = a.percent || b.percent;
        return type;
    }
    if (a.kind == Kind::Date && is_duration(b.kind)) return a;
    if (op == syntax::Op::Add && is_duration(a.kind) && b.kind == Kind::Date) return b;
    if (op == syntax::Op::Subtract && a.kind == Kind::Date && b.kind == Kind::Date) return Type{Kind::Days};
    if ((a.kind == Kind::Money && b.kind == Kind::Number) || (a.kind == Kind::Number && b.kind == Kind::Money)) {
        const std::string money = as_money(a.kind == Kind::Number ? left_node : right_node);
        report_operands(Code::money_and_number_added, left, right, {money}, left_node, right_node).no_help = money.empty();
        return std::nullopt;
    }
    if (is_duration(a.kind) && is_duration(b.kind)) {
        report_operands(Code::months_and_days_mixed, left, right, {}, left_node, right_node);
        return std::nullopt;
    }
    report_operands(Code::bad_operands, left, right, {std::string(sign(op)), quoted(model(), a), quoted(model(), b)}, left_node, right_node);
    return std::nullopt;
}

std::optional<Type> Expressions::product_type(ExprId left, ExprId right, const syntax::Expr& node) {
    const Type a = expr(left).type, b = expr(right).type;
    const syntax::Expr &left_node = this->node(node.args[0]), &right_node = this->node(node.args[1]);
    if (a.kind == Kind::Number && b.kind == Kind::Number) {
        Type type{Kind::Number};
        type.whole = a.whole && b.whole;
        return type;
    }
    const auto factor = [](const Type& type) { return type.kind == Kind::Number; };
    if ((a.kind == Kind::Money && factor(b)) || (b.kind == Kind::Money && factor(a))) return Type{Kind::Money};
    if (a.kind == Kind::Money && b.kind == Kind::Money) {
        report_operands(Code::money_multiplied_by_money, left, right, {}, left_node, right_node);
        return std::nullopt;
    }
    if ((is_duration(a.kind) && factor(b)) || (is_duration(b.kind) && factor(a))) {
        const bool number_left = factor(a);
        if (number_left ? a.whole : b.whole) return number_left ? b : a;
        const ExprId number = number_left ? left : right;
        const Words words = this_is(model(), expr(number));
        report(Code::whole_number_expected, (number_left ? left_node : right_node).span).here(words.english, words.chinese);
        return std::nullopt;
    }
    report_operands(Code::bad_operands, left, right, {"*", quoted(model(), a), quoted(model(), b)}, left_node, right_node);
    return std::nullopt;
}

std::optional<Type> Expressions::quotient_type(ExprId left, ExprId right, const syntax::Expr& node) {
    const Type a = expr(left).type, b = expr(right).type;
    const syntax::Expr &left_node = this->node(node.args[0]), &right_node = this->node(node.args[1]);
    const bool alike = a.kind == b.kind && (a.kind == Kind::Number || a.kind == Kind::Money || is_duration(a.kind));
    if (!alike && !(a.kind == Kind::Money && b.kind == Kind::Number)) {
        const bool mixed = is_duration(a.kind) && is_duration(b.kind);
        if (mixed) report_operands(Code::months_and_days_mixed, left, right, {}, left_node, right_node);
        else report_operands(Code::bad_operands, left, right, {"/", quoted(model(), a), quoted(model(), b)}, left_node, right_node);
        return std::nullopt;
    }
    const Expr& divisor = expr(right);
    if (divisor.kind == ExprKind::Constant && divisor.constant.number.is_zero()) {
        report(Code::division_by_zero, right_node.span);
        return std::nullopt;
    }
    return Type{alike ? Kind::Number : Kind::Money};
}

// ---- comparisons ----

ExprId Expressions::comparison(const syntax::Expr& node) {
    const syntax::Expr &left_node = this->node(node.args[0]), &right_node = this->node(node.args[1]);
    ExprId left = no_expr, right = no_expr;
    if (needs_context(node.args[0]) && !needs_context(node.args[1])) {
        right = value(node.args[1]);
        if (failed(right)) return error(node.span);
        left = value(node.args[0], expr(right).type);
    } else {
        left = value(node.args[0]);
        if (failed(left)) return error(node.span);
        right = value(node.args[1], expr(left).type);
    }
    if (failed(left) || failed(right)) return error(node.span);
    if (!comparable(left, right, left_node, right_node)) return error(node.span);
    const bool equality = node.op == syntax::Op::Equal || node.op == syntax::Op::NotEqual;
    if (!equality && !ordered(left, sign(node.op), left_node.span)) return error(node.span);
    const bool at_most = node.op == syntax::Op::LessEqual || node.op == syntax::Op::Greater;
    const bool at_least = node.op == syntax::Op::GreaterEqual || node.op == syntax::Op::Less;
    if (at_most) doubt_upper_bound(left, right, node.op == syntax::Op::Greater, right_node, node.span);
    if (at_least) doubt_upper_bound(right, left, node.op == syntax::Op::Less, left_node, node.span);
    return made(kind_of(node.op), Type{Kind::Bool}, node.span, {left, right});
}

bool Expressions::comparable(ExprId left, ExprId right, const syntax::Expr& left_node, const syntax::Expr& right_node) {
    const Type a = expr(left).type, b = expr(right).type;
    if (same_kind(a, b)) return true;
    const bool number_left = a.kind == Kind::Number, number_right = b.kind == Kind::Number;
    const Kind other = number_left ? b.kind : a.kind;
    if ((number_left || number_right) && (other == Kind::Money || is_duration(other))) {
        const syntax::Expr& number_node = number_left ? left_node : right_node;
        const bool literal = plain_number(number_node);
        const Code code = other == Kind::Money ? Code::money_compared_with_number : Code::duration_compared_with_number;
        const std::string_view unit = other == Kind::Money ? "元" : other == Kind::Months ? " months" : " days";
        report_operands(code, left, right, {written(number_node.span).append(unit)}, left_node, right_node).no_help = !literal;
        return false;
    }
    if (is_duration(a.kind) && is_duration(b.kind)) {
        report_operands(Code::months_and_days_mixed, left, right, {}, left_node, right_node);
        return false;
    }
    report_operands(Code::incomparable, left, right, {quoted(model(), a), quoted(model(), b)}, left_node, right_node);
    return false;
}

bool Expressions::ordered(ExprId value, std::string_view operation, Span span) {
    const Type type = expr(value).type;
    if (has_order(type.kind)) return true;
    const Words words = this_is(model(), expr(value));
    report(Code::no_order, span, {std::string(operation), quoted(model(), type)}).here(words.english, words.chinese);
    return false;
}

// ---- in ----

ExprId Expressions::membership(const syntax::Expr& node) {
    const syntax::Expr& left_node = this->node(node.args[0]);
    const syntax::Expr& right_node = this->node(node.args[1]);
    const ExprId left = value(node.args[0]);
    // Anything else behind `in` has been refused by the parser.
    if (right_node.kind != syntax::ExprKind::Range && right_node.kind != syntax::ExprKind::Set) return error(node.span);
    const Type type = plain(expr(left).type);
    const bool range = right_node.kind == syntax::ExprKind::Range;
    bool good = !failed(left);
    if (good && range) good = ordered(left, "in … .. …", left_node.span);
    Expr result;
    result.kind = range ? ExprKind::InRange : ExprKind::InSet;
    result.type = Type{Kind::Bool};
    result.span = node.span;
    result.args.push_back(left);
    result.lower_open = right_node.lower_open;
    result.upper_open = right_node.upper_open;
    for (const syntax::ExprId id : right_node.args) {
        if (id == syntax::no_expr) {
            result.args.push_back(no_expr);
            continue;
        }
        if (!good) break;
        if (range) {
            const ExprId end = value(id, type);
            good = !failed(end) && comparable(left, end, left_node, this->node(id));
            result.args.push_back(end);
        } else if (const auto element = constant(id, type, Code::constant_expected)) {
            result.args.push_back(constant_node(type, this->node(id).span, *element));
        } else {
            good = false;
        }
    }
    if (!good) return error(node.span);
    if (range && result.args.size() < 3) result.args.resize(3, no_expr);
    if (range && result.args[2] != no_expr && !result.upper_open)
        doubt_upper_bound(left, result.args[2], false, this->node(right_node.args[1]), node.span);
    return add(std::move(result));
}

// ---- the doubt about `months from a to b <= 36 months` ----

namespace {

// The `months from … to …` that a value counts, seen through names and divisions but not through a rounding.
ExprId counted_months(const Model& model, ExprId id) {
    const Expr& expr = model.expr(id);
    switch (expr.kind) {
        case ExprKind::MonthsBetween: return id;
        case ExprKind::LetUse: {
            const ExprId inner = model.lets[expr.ref].value;
            return expr.args.empty() && inner != no_expr ? counted_months(model, inner) : no_expr;
        }
        case ExprKind::Divide:
        case ExprKind::Otherwise: return counted_months(model, expr.args[0]);
        default: return no_expr;
    }
}

}  // namespace

void Expressions::doubt_upper_bound(ExprId months, ExprId bound, bool exceeds, const syntax::Expr& bound_node, Span span) {
    const ExprId counted = counted_months(model(), months);
    if (counted == no_expr) return;
    const Expr between = expr(counted);
    const std::string from = written(expr(between.args[0]).span), to = written(expr(between.args[1]).span);
    std::string length = written(bound_node.span);
    if (expr(bound).type.kind == Kind::Number) length = "(" + length + ") * 12 months";
    report(Code::upper_bound_on_months, span, {to + (exceeds ? " > " : " <= ") + from + " + " + length})
        .also(between.span, "this counts whole months only", "这里只计整月数");
}

}  // namespace eligo::sema
