// The doors of an expression, literals, `if`, `otherwise`, `as of`, `months from … to …`.
// Tested by sema_test.cpp.
#include "expressions.hpp"

#include "describe.hpp"

namespace eligo::sema {

using text::Code;

bool has_order(Kind kind) {
    return kind == Kind::Number || kind == Kind::Money || kind == Kind::Date || kind == Kind::Months || kind == Kind::Days;
}

bool same_kind(const Type& a, const Type& b) {
    if (a.kind != b.kind) return false;
    switch (a.kind) {
        case Kind::Enum:
        case Kind::Code:
        case Kind::Record:
        case Kind::List: return a.ref == b.ref;
        default: return true;
    }
}

// ---- making nodes ----

ExprId Expressions::add(Expr expr) {
    checking_.sink.spend(1);
    model().exprs.push_back(std::move(expr));
    return static_cast<ExprId>(model().exprs.size() - 1);
}

ExprId Expressions::error(Span span) {
    Expr expr;
    expr.span = span;
    return add(std::move(expr));
}

// A node of arguments; it becomes a constant when all of them are.
ExprId Expressions::made(ExprKind kind, Type type, Span span, std::vector<ExprId> args) {
    Expr expr;
    expr.kind = kind;
    expr.type = type;
    expr.span = span;
    expr.args = std::move(args);
    const auto constant = fold(model(), expr);
    if (!constant) return add(std::move(expr));
    if (type.kind == Kind::Number) type.whole = constant->number.is_whole();
    return constant_node(type, span, *constant);
}

ExprId Expressions::constant_node(Type type, Span span, Constant constant) {
    Expr expr;
    expr.kind = ExprKind::Constant;
    expr.type = type;
    expr.span = span;
    expr.constant = std::move(constant);
    return add(std::move(expr));
}

// ---- doors ----

ExprId Expressions::value(syntax::ExprId id, Type expected, Open open) {
    const ExprId result = any(id, expected, open);
    const Type type = expr(result).type;
    if (type.kind != Kind::Record && type.kind != Kind::List) return result;
    const Span span = node(id).span;
    report(Code::not_a_value, span, {written(span), quoted(model(), type)})
        .here("name a fact of it", "请写明其中的某个事实");
    return error(span);
}

ExprId Expressions::condition(syntax::ExprId id) {
    if (id == syntax::no_expr) return no_expr;
    const ExprId result = value(id);
    const Type type = expr(result).type;
    if (type.kind == Kind::Error || type.kind == Kind::Bool) return result;
    const Words words = this_is(model(), expr(result));
    const Span span = node(id).span;
    auto& diagnostic = report(Code::condition_expected, span, {quoted(model(), type), written(span)});
    diagnostic.here(words.english, words.chinese);
    if (!has_order(type.kind)) diagnostic.no_help = true;
    return error(span);
}

ExprId Expressions::fitting(syntax::ExprId id, Type declared, const std::string& name, Span declared_at, Open open) {
    declared.yearly = false;
    const bool record = declared.kind == Kind::Record;
    const ExprId result = record ? any(id, declared, open) : value(id, declared, open);
    if (failed(result) || declared.kind == Kind::Error) return result;
    return fits(result, node(id), declared, name, declared_at) ? result : error(node(id).span);
}

bool Expressions::fits(ExprId value, const syntax::Expr& node, const Type& declared, const std::string& name, Span declared_at) {
    const Type type = expr(value).type;
    const std::string wanted = quoted(model(), declared);
    const Words words = this_is(model(), expr(value));
    const Words target = {"`" + name + "` is declared here", "`" + name + "`在此声明"};
    if (same_kind(type, declared)) {
        if (!declared.whole || type.whole || type.kind != Kind::Number) return true;
        report(Code::not_known_whole, node.span, {name, written(node.span)}).also(declared_at, target.english, target.chinese);
        return false;
    }
    const std::string money = declared.kind == Kind::Money ? as_money(node) : std::string();
    if (!money.empty()) {
        report(Code::number_for_money, node.span, {money}).here(words.english, words.chinese).also(declared_at, target.english, target.chinese);
        return false;
    }
    report(Code::type_mismatch, node.span, {quoted(model(), type), wanted})
        .here(words.english, words.chinese)
        .also(declared_at, target.english, target.chinese);
    return false;
}

std::optional<Constant> Expressions::constant(syntax::ExprId id, Type type, Code otherwise) {
    if (id == syntax::no_expr) return std::nullopt;
    type.yearly = false;
    const ExprId result = value(id, type);
    if (failed(result) || type.kind == Kind::Error) return std::nullopt;
    const Expr found = expr(result);
    const Words words = this_is(model(), found);
    if (!same_kind(found.type, type)) {
        const std::string money = type.kind == Kind::Money ? as_money(node(id)) : std::string();
        if (!money.empty()) {
            report(Code::number_for_money, node(id).span, {money}).here(words.english, words.chinese);
        } else {
            report(Code::type_mismatch, node(id).span, {quoted(model(), found.type), quoted(model(), type)})
                .here(words.english, words.chinese);
        }
        return std::nullopt;
    }
    if (found.kind != ExprKind::Constant) {
        report(otherwise, node(id).span, {written(node(id).span)});
        return std::nullopt;
    }
    if (type.kind == Kind::Number && type.whole && !found.constant.number.is_whole()) {
        report(Code::whole_number_expected, node(id).span).here(words.english, words.chinese);
        return std::nullopt;
    }
    return found.constant;
}

// ---- dispatch ----

namespace {

// Far more than anyone writes, and little enough for every stack that a rule is ever read on.
constexpr std::uint32_t deepest = 500;

}  // namespace

ExprId Expressions::any(syntax::ExprId id, Type expected, Open open) {
    const syntax::Expr& node = this->node(id);
    if (checking_.depth == deepest) {
        report(Code::nested_too_deep, node.span, {std::to_string(deepest)});
        return error(node.span);
    }
    ++checking_.depth;
    const ExprId result = dispatch(node, expected, open);
    --checking_.depth;
    return result;
}

ExprId Expressions::dispatch(const syntax::Expr& node, Type expected, Open open) {
    using enum syntax::ExprKind;
    switch (node.kind) {
        case Broken: return error(node.span);
        case Bool:
        case Number:
        case Date:
        case Duration:
        case Text: return literal(node);
        case Unknown: {
            if (open == Open::No) {
                report(Code::unknown_in_wrong_place, node.span);
                return error(node.span);
            }
            return made(ExprKind::Unknown, expected, node.span, {});
        }
        case None:
        case Name: return name(node, nullptr, expected);
        case Member: return member(node, nullptr);
        case Call: return call(node, expected);
        case Index: return indexed(node);
        case Unary: return unary(node);
        case Binary: return binary(node);
        case In: return membership(node);
        case If: return branches(node, expected, open);
        case Otherwise: return otherwise(node, expected);
        case AsOf: return as_of(node);
        case Between: return between(node);
        case Aggregate: return aggregate(node);
        case Slice: report(Code::slice_outside_sum, node.span, {written(node.span)}); return error(node.span);
        case Range:
        case Set:
        case List:
        case Record: report(Code::not_a_single_value, node.span); return error(node.span);
    }
    return error(node.span);
}

ExprId Expressions::literal(const syntax::Expr& node) {
    Constant constant;
    Type type;
    switch (node.kind) {
        case syntax::ExprKind::Bool:
            type.kind = Kind::Bool;
            constant.integer = node.boolean ? 1 : 0;
            break;
        case syntax::ExprKind::Date:
            type.kind = Kind::Date;
            constant.integer = node.date;
            break;
        case syntax::ExprKind::Text:
            type.kind = Kind::Text;
            constant.text = node.name.text;
            break;
        default:
            constant.number = node.number;
            type.kind = node.unit == syntax::Unit::Money    ? Kind::Money
                        : node.unit == syntax::Unit::Months ? Kind::Months
                        : node.unit == syntax::Unit::Days   ? Kind::Days
                                                            : Kind::Number;
            type.percent = node.unit == syntax::Unit::Percent || node.unit == syntax::Unit::Permille;
            type.whole = type.kind == Kind::Number && node.number.is_whole();
    }
    return constant_node(type, node.span, std::move(constant));
}

ExprId Expressions::unary(const syntax::Expr& node) {
    if (node.op == syntax::Op::Not) {
        const ExprId inner = condition(node.args[0]);
        if (failed(inner)) return error(node.span);
        return made(ExprKind::Not, Type{Kind::Bool}, node.span, {inner});
    }
    const ExprId inner = value(node.args[0]);
    if (failed(inner)) return error(node.span);
    const Type type = expr(inner).type;
    if (type.kind == Kind::Date || !has_order(type.kind)) {
        const Words words = this_is(model(), expr(inner));
        report(Code::bad_sign, this->node(node.args[0]).span, {"-", quoted(model(), type)}).here(words.english, words.chinese);
        return error(node.span);
    }
    return made(ExprKind::Negate, type, node.span, {inner});
}

// ---- if, otherwise ----

// Gives an `unknown` the type of what it stands beside.
void Expressions::settle(ExprId id, const Type& type) {
    Expr& target = model().exprs[id];
    if (target.kind == ExprKind::Unknown) {
        target.type = type;
    } else if (target.kind == ExprKind::If && target.type.kind == Kind::Error) {
        target.type = type;
        const ExprId then_id = target.args[1], else_id = target.args[2];
        settle(then_id, type);
        settle(else_id, type);
    }
}

namespace {

bool is_open(const Model& model, ExprId id) {
    const Expr& expr = model.expr(id);
    if (expr.kind == ExprKind::Unknown) return true;
    return expr.kind == ExprKind::If && is_open(model, expr.args[1]) && is_open(model, expr.args[2]);
}

Type joined(const Type& a, const Type& b) {
    Type type = a;
    type.whole = a.whole && b.whole;
    type.percent = a.percent || b.percent;
    return type;
}

}  // namespace

ExprId Expressions::branches(const syntax::Expr& node, Type expected, Open open) {
    const ExprId condition_id = condition(node.args[0]);
    const bool then_later = expected.kind == Kind::Error && needs_context(node.args[1]);
    ExprId then_id = no_expr, else_id = no_expr;
    if (then_later) {
        else_id = value(node.args[2], expected, open);
        then_id = value(node.args[1], expr(else_id).type, open);
    } else {
        then_id = value(node.args[1], expected, open);
        else_id = value(node.args[2], expected.kind == Kind::Error ? expr(then_id).type : expected, open);
    }
    const bool then_open = is_open(model(), then_id), else_open = is_open(model(), else_id);
    if (failed(condition_id) || (failed(then_id) && !then_open) || (failed(else_id) && !else_open)) return error(node.span);
    if (then_open && else_open) return made(ExprKind::If, expected, node.span, {condition_id, then_id, else_id});
    if (then_open) settle(then_id, expr(else_id).type);
    if (else_open) settle(else_id, expr(then_id).type);
    const Type then_type = expr(then_id).type, else_type = expr(else_id).type;
    if (!same_kind(then_type, else_type)) {
        report_operands(Code::unlike_branches, then_id, else_id,
                        {quoted(model(), then_type), quoted(model(), else_type)},
                        this->node(node.args[1]), this->node(node.args[2]));
        return error(node.span);
    }
    return made(ExprKind::If, joined(then_type, else_type), node.span, {condition_id, then_id, else_id});
}

ExprId Expressions::otherwise(const syntax::Expr& node, Type expected) {
    const ExprId first = value(node.args[0], expected);
    const ExprId second = value(node.args[1], failed(first) ? expected : expr(first).type, Open::Yes);
    if (failed(first)) return error(node.span);
    const Type type = expr(first).type;
    if (is_open(model(), second)) {
        settle(second, type);
        return made(ExprKind::Otherwise, type, node.span, {first, second});
    }
    if (failed(second)) return error(node.span);
    if (!same_kind(type, expr(second).type)) {
        report_operands(Code::unlike_fallback, first, second,
                        {quoted(model(), type), quoted(model(), expr(second).type)},
                        this->node(node.args[0]), this->node(node.args[1]));
        return error(node.span);
    }
    if (expr(first).kind == ExprKind::Constant) return first;
    return made(ExprKind::Otherwise, joined(type, expr(second).type), node.span, {first, second});
}

// ---- dates ----

ExprId Expressions::as_of(const syntax::Expr& node) {
    const ExprId day = value(node.args[1], Type{Kind::Date});
    const ExprId what = value(node.args[0]);
    if (failed(day) || failed(what)) return error(node.span);
    if (expr(what).kind != ExprKind::ParameterUse) {
        report(Code::as_of_needs_parameter, this->node(node.args[0]).span, {written(this->node(node.args[0]).span)});
        return error(node.span);
    }
    if (expr(day).type.kind != Kind::Date) {
        const Words words = this_is(model(), expr(day));
        report(Code::type_mismatch, this->node(node.args[1]).span, {quoted(model(), expr(day).type), "`date`"})
            .here(words.english, words.chinese);
        return error(node.span);
    }
    model().exprs[what].args = {day};
    model().exprs[what].span = node.span;
    return what;
}

ExprId Expressions::between(const syntax::Expr& node) {
    bool good = true;
    std::vector<ExprId> ends;
    for (const syntax::ExprId id : node.args) {
        const ExprId end = value(id, Type{Kind::Date});
        ends.push_back(end);
        if (failed(end)) {
            good = false;
        } else if (expr(end).type.kind != Kind::Date) {
            const Words words = this_is(model(), expr(end));
            report(Code::type_mismatch, this->node(id).span, {quoted(model(), expr(end).type), "`date`"})
                .here(words.english, words.chinese);
            good = false;
        }
    }
    if (!good) return error(node.span);
    const bool days = node.unit == syntax::Unit::Days;
    return made(days ? ExprKind::DaysBetween : ExprKind::MonthsBetween, Type{days ? Kind::Days : Kind::Months}, node.span, ends);
}

}  // namespace eligo::sema
