// Expressions, node by node. Recursion is as deep as the grammar let brackets be nested; chains are folded in loops.
#include "expression_from_cst.hpp"

#include "keywords.hpp"
#include "lexemes.hpp"

#include "../text/suggest.hpp"
#include "../value/date.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

namespace eligo::syntax {

using grammar::Kind;
using grammar::NodeId;
using text::Code;

namespace {

// Passes that walk the Ast recurse; a chain of more operands than this is refused, so that no stack overflows.
constexpr std::uint16_t greatest_height = 500;

std::optional<AggregateKind> aggregate_named(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, AggregateKind>, 6> known{{{"sum", AggregateKind::Sum},
                                                                               {"count", AggregateKind::Count},
                                                                               {"any", AggregateKind::Any},
                                                                               {"all", AggregateKind::All},
                                                                               {"min", AggregateKind::Min},
                                                                               {"max", AggregateKind::Max}}};
    for (const auto& [spelling, kind] : known) {
        if (spelling == name) return kind;
    }
    return std::nullopt;
}

Op op_of(std::string_view sign) {
    constexpr std::array<std::pair<std::string_view, Op>, 12> known{{{"+", Op::Add},
                                                                     {"-", Op::Subtract},
                                                                     {"*", Op::Multiply},
                                                                     {"/", Op::Divide},
                                                                     {"=", Op::Equal},
                                                                     {"!=", Op::NotEqual},
                                                                     {"<", Op::Less},
                                                                     {"<=", Op::LessEqual},
                                                                     {">", Op::Greater},
                                                                     {">=", Op::GreaterEqual},
                                                                     {"and", Op::And},
                                                                     {"or", Op::Or}}};
    for (const auto& [spelling, op] : known) {
        if (spelling == sign) return op;
    }
    return Op::Add;
}

std::string without_underscores(std::string_view digits) {
    std::string plain(digits);
    std::erase(plain, '_');
    return plain;
}

bool is_grouped_well(std::string_view digits) {
    return !digits.ends_with('_') && digits.find("__") == npos && digits.find("_.") == npos && digits.find("._") == npos;
}

// 2018-1-1 as 2018-01-01.
std::string padded_date(std::string_view date) {
    std::string padded;
    for (std::size_t at = 0; at < date.size();) {
        const std::size_t end = std::min(date.find('-', at), date.size());
        if (at != 0) padded += '-';
        if (end - at == 1) padded += '0';
        padded += date.substr(at, end - at);
        at = end + 1;
    }
    return padded;
}

bool is_date_of_another_century(std::string_view date) {
    const std::string year(date.substr(0, 4));
    const bool outside = year < "1900" || year > "2199";
    // 2000 is a leap year, so it has every day that any year has.
    return outside && value::parse_date("2000" + std::string(date.substr(4))).has_value();
}

}  // namespace

Span ExpressionMaker::span(NodeId id) const { return {file_, node(id).begin, node(id).end}; }

std::string_view ExpressionMaker::text(NodeId id) const { return text_.substr(node(id).begin, node(id).end - node(id).begin); }

std::string_view ExpressionMaker::unquoted(NodeId id) const {
    std::string_view inside = text(id).substr(1);
    if (inside.ends_with('"')) inside.remove_suffix(1);
    return inside;
}

Name ExpressionMaker::name(NodeId id) const { return {std::string(text(id)), span(id)}; }

ExprId ExpressionMaker::make_whole(NodeId id) {
    too_long_told_ = false;
    return make(id);
}

ExprId ExpressionMaker::add(Expr expr) {
    sink_.spend(1);
    std::uint16_t height = 0;
    for (const ExprId argument : expr.args) {
        if (argument != no_expr) height = std::max(height, heights_[argument]);
    }
    ++height;
    if (height > greatest_height) {
        if (!too_long_told_) sink_.report(Code::expression_too_long, expr.span);
        too_long_told_ = true;
        return broken(expr.span);
    }
    ast_.exprs.push_back(std::move(expr));
    heights_.push_back(height);
    return static_cast<ExprId>(ast_.exprs.size() - 1);
}

ExprId ExpressionMaker::broken(Span where) {
    Expr expr;
    expr.span = where;
    return add(std::move(expr));
}

ExprId ExpressionMaker::make(NodeId id) {
    const std::vector<NodeId> parts = tree_.children(id);
    switch (kind(id)) {
        case Kind::Name: {
            Expr expr{.kind = ExprKind::Name, .span = span(id)};
            expr.name = name(id);
            return add(std::move(expr));
        }
        case Kind::Number: return number(id);
        case Kind::Date: return date(id);
        case Kind::Text: return quoted(id);
        case Kind::Constant: return constant(id);
        case Kind::Bracketed: return bracketed(id, parts);
        case Kind::Otherwise: return otherwise(id, parts);
        case Kind::Binary: return binary(parts);
        case Kind::Not: return prefix(id, parts, Op::Not);
        case Kind::Negate: return prefix(id, parts, Op::Negate);
        case Kind::Compare: return comparison(id, parts);
        case Kind::AsOf: return of_children(id, ExprKind::AsOf, parts);
        case Kind::Postfix: return postfix(parts);
        case Kind::Call: return call(id, parts);
        case Kind::If: return conditional(id, parts);
        case Kind::Between: return between(id, parts);
        case Kind::Range: return range(id, parts);
        case Kind::Set: return of_children(id, ExprKind::Set, parts);
        case Kind::List: return of_children(id, ExprKind::List, parts);
        case Kind::Record: return record(id, parts);
        default: return broken(span(id));  // no other kind stands in an expression
    }
}

// Every child that is no operator is an argument.
ExprId ExpressionMaker::of_children(NodeId id, ExprKind what, Children parts) {
    Expr expr{.kind = what, .span = span(id)};
    for (const NodeId child : parts) {
        if (kind(child) == Kind::Operator) {
            expr.op_span = span(child);
        } else {
            expr.args.push_back(make(child));
        }
    }
    return add(std::move(expr));
}

// ---- Literals --------------------------------------------------------------------------------------------------

ExprId ExpressionMaker::constant(NodeId id) {
    Expr expr{.kind = ExprKind::Bool, .span = span(id)};
    if (text(id) == "unknown") expr.kind = ExprKind::Unknown;
    expr.boolean = text(id) == "true";
    return add(std::move(expr));
}

ExprId ExpressionMaker::quoted(NodeId id) {
    Expr expr{.kind = ExprKind::Text, .span = span(id)};
    expr.name = {std::string(unquoted(id)), span(id)};
    return add(std::move(expr));
}

ExprId ExpressionMaker::date(NodeId id) {
    const std::string written(text(id));
    if (const auto day = value::parse_date(written)) {
        Expr expr{.kind = ExprKind::Date, .span = span(id)};
        expr.date = *day;
        return add(std::move(expr));
    }
    const std::string padded = padded_date(written);
    if (is_date_of_another_century(padded)) {
        sink_.report(Code::date_out_of_range, span(id));
    } else {
        text::Diagnostic& told = sink_.report(Code::no_such_date, span(id), {written});
        if (value::parse_date(padded)) told.fix_with(span(id), padded);
    }
    return broken(span(id));
}

ExprId ExpressionMaker::number(NodeId id) {
    const NumberParts parts = split_number(text(id));
    if (!is_grouped_well(parts.digits)) {
        sink_.report(Code::malformed_number, span(id), {std::string(text(id))});
        return broken(span(id));
    }
    std::string digits = without_underscores(parts.digits);
    if (parts.zeros > 0) digits.append("e").append(std::to_string(parts.zeros));
    const auto amount = value::parse_decimal(digits);
    if (!amount) {
        sink_.report(Code::number_too_large, span(id), {std::string(text(id))});
        return broken(span(id));
    }
    return quantity(id, *amount, parts.unit);
}

ExprId ExpressionMaker::quantity(NodeId id, value::Rational amount, std::string_view unit) {
    Expr expr{.kind = ExprKind::Number, .span = span(id)};
    expr.number = amount;
    if (unit.empty()) return add(std::move(expr));
    const UnitSpelling* known = find_unit(unit);
    if (known == nullptr) return unknown_unit(id, unit);
    expr.unit = known->unit;
    expr.years = known->factor != 1;
    const bool duration = known->unit == Unit::Months || known->unit == Unit::Days;
    if (duration) expr.kind = ExprKind::Duration;
    value::Rational factor(known->factor);
    if (known->unit == Unit::Percent) factor = value::Rational::of(1, 100);
    if (known->unit == Unit::Permille) factor = value::Rational::of(1, 1000);
    const auto scaled = value::multiply(amount, factor);
    if (!scaled) {
        sink_.report(Code::number_too_large, span(id), {std::string(text(id))});
        return broken(span(id));
    }
    if (duration && !scaled->is_whole()) {
        sink_.report(Code::fraction_of_a_duration, span(id));
        return broken(span(id));
    }
    expr.number = *scaled;
    return add(std::move(expr));
}

ExprId ExpressionMaker::unknown_unit(NodeId id, std::string_view unit) {
    const bool chinese_date = unit.starts_with("年") && unit.find("月") != npos;
    if (chinese_date) {
        sink_.report(Code::no_such_date, span(id), {std::string(text(id))});
        return broken(span(id));
    }
    const Span place{file_, node(id).end - static_cast<std::uint32_t>(unit.size()), node(id).end};
    text::Diagnostic& told = sink_.report(Code::unknown_unit, place, {std::string(unit)});
    std::vector<std::string> known;
    for (const UnitSpelling& each : units()) known.emplace_back(each.spelling);
    if (const auto near = text::nearest(unit, known)) told.fix_with(place, *near);
    return broken(span(id));
}

// ---- Operators -------------------------------------------------------------------------------------------------

void ExpressionMaker::foreign(NodeId id, std::string_view meant) {
    const std::string written(text(id));
    sink_.report(Code::foreign_operator, span(id), {written, std::string(meant)}).fix_with(span(id), std::string(meant));
}

std::string_view ExpressionMaker::operator_text(NodeId id) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> others{{{"&&", "and"},
                                                                                   {"&", "and"},
                                                                                   {"||", "or"},
                                                                                   {"<>", "!="},
                                                                                   {"=>", ">="},
                                                                                   {"=<", "<="},
                                                                                   {"!", "not"},
                                                                                   {"elseif", "else if"},
                                                                                   {"elsif", "else if"},
                                                                                   {"elif", "else if"}}};
    const std::string_view written = text(id);
    if (written == "==") {
        sink_.report(Code::double_equals, span(id)).fix_with(span(id), "=");
        return "=";
    }
    for (const auto& [other, meant] : others) {
        if (written != other) continue;
        foreign(id, meant);
        return meant;
    }
    return written;
}

ExprId ExpressionMaker::bracketed(NodeId, Children parts) {
    const ExprId inside = make(parts[0]);
    ast_.exprs[inside].bracketed = true;
    return inside;
}

ExprId ExpressionMaker::binary(Children parts) {
    ExprId left = make(parts[0]);
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
        Expr expr{.kind = ExprKind::Binary, .span = {file_, node(parts[0]).begin, node(parts[i + 1]).end}};
        expr.op_span = span(parts[i]);
        expr.op = op_of(operator_text(parts[i]));
        expr.args = {left, make(parts[i + 1])};
        left = add(std::move(expr));
    }
    return left;
}

ExprId ExpressionMaker::prefix(NodeId id, Children parts, Op op) {
    operator_text(parts[0]);
    Expr expr{.kind = ExprKind::Unary, .span = span(id), .op_span = span(parts[0])};
    expr.op = op;
    expr.args = {make(parts[1])};
    return add(std::move(expr));
}

ExprId ExpressionMaker::otherwise(NodeId id, Children parts) {
    if (lacks_brackets(parts)) return broken(span(id));
    ExprId left = make(parts[0]);
    for (std::size_t i = 1; i + 1 < parts.size(); i += 2) {
        Expr expr{.kind = ExprKind::Otherwise, .span = {file_, node(parts[0]).begin, node(parts[i + 1]).end}};
        expr.op_span = span(parts[i]);
        expr.args = {left, make(parts[i + 1])};
        left = add(std::move(expr));
    }
    return left;
}

// `a / b otherwise 0% >= 4%` reads as `a / b otherwise (0% >= 4%)`, which nobody means.
bool ExpressionMaker::lacks_brackets(Children parts) {
    const NodeId left = parts[0];
    const NodeId right = parts[2];
    const bool literal = kind(right) == Kind::Number || kind(right) == Kind::Date;
    NodeId wanting = left;
    if (kind(left) == Kind::Compare && literal) {
        wanting = tree_.children(left).back();
    } else if (kind(right) != Kind::Compare) {
        return false;
    }
    sink_.report(Code::otherwise_needs_brackets, span(parts[1]), {std::string(text(wanting))});
    return true;
}

ExprId ExpressionMaker::comparison(NodeId id, Children parts) {
    if (parts.size() > 3) {
        sink_.report(Code::chained_comparison, span(parts[1])).also(span(parts[3]), "", "");
        return broken(span(id));
    }
    const std::string_view sign = text(parts[1]);
    return sign == "in" || sign.starts_with("not") ? membership(id, parts) : binary(parts);
}

ExprId ExpressionMaker::membership(NodeId id, Children parts) {
    const NodeId right = parts[2];
    if (kind(right) != Kind::Set && kind(right) != Kind::Range) {
        sink_.report(Code::expected_set_or_range, span(right));
        return broken(span(id));
    }
    Expr expr{.kind = ExprKind::In, .span = span(id), .op_span = span(parts[1])};
    expr.args = {make(parts[0]), make(right)};
    const ExprId inside = add(std::move(expr));
    if (text(parts[1]) == "in") return inside;
    Expr negated{.kind = ExprKind::Unary, .span = span(id), .op_span = span(parts[1])};
    negated.op = Op::Not;
    negated.args = {inside};
    return add(std::move(negated));
}

// ---- Parts, calls, aggregates ----------------------------------------------------------------------------------

ExprId ExpressionMaker::postfix(Children parts) {
    ExprId base = make(parts[0]);
    for (const NodeId each : parts.subspan(1)) base = part(base, {file_, node(parts[0]).begin, node(each).end}, each);
    return base;
}

ExprId ExpressionMaker::part(ExprId base, Span whole, NodeId id) {
    const std::vector<NodeId> inside = tree_.children(id);
    Expr expr{.span = whole, .op_span = span(id), .args = {base}};
    if (kind(id) == Kind::MemberPart) {
        expr.kind = ExprKind::Member;
        expr.name = name(inside[0]);
        return add(std::move(expr));
    }
    expr.kind = inside.size() > 1 ? ExprKind::Slice : ExprKind::Index;
    if (inside.size() > 1 && text(inside[1]) != "..") foreign(inside[1], "..");
    for (const NodeId each : inside) {
        if (kind(each) != Kind::Operator) expr.args.push_back(make(each));
    }
    return add(std::move(expr));
}

bool ExpressionMaker::is_count_of(NodeId function, Children arguments) const {
    if (text(function) != "count" || arguments.empty() || kind(arguments[0]) != Kind::Compare) return false;
    const std::vector<NodeId> parts = tree_.children(arguments[0]);
    const bool only_where = arguments.size() == 1 || (arguments.size() == 2 && kind(arguments[1]) == Kind::WherePart);
    return only_where && parts.size() == 3 && kind(parts[0]) == Kind::Name && text(parts[1]) == "in";
}

ExprId ExpressionMaker::call(NodeId id, Children parts) {
    const std::vector<NodeId> arguments = tree_.children(parts[1]);
    if (is_count_of(parts[0], arguments)) return count_of(id, parts[0], arguments);
    const auto special = std::ranges::find_if(
        arguments, [&](NodeId each) { return kind(each) == Kind::ForPart || kind(each) == Kind::WherePart; });
    if (special != arguments.end()) return aggregate_over(id, parts, arguments);
    Expr expr{.kind = ExprKind::Call, .span = span(id), .op_span = span(parts[0])};
    expr.name = name(parts[0]);
    for (const NodeId each : arguments) expr.args.push_back(make(each));
    return add(std::move(expr));
}

// count( variable in list where condition )
ExprId ExpressionMaker::count_of(NodeId id, NodeId function, Children arguments) {
    const std::vector<NodeId> parts = tree_.children(arguments[0]);
    Expr expr{.kind = ExprKind::Aggregate, .span = span(id), .op_span = span(function)};
    expr.name = name(function);
    expr.aggregate = AggregateKind::Count;
    expr.variable = name(parts[0]);
    const ExprId list = make(parts[2]);
    const ExprId where = arguments.size() == 2 ? make(tree_.children(arguments[1])[0]) : no_expr;
    expr.args = {no_expr, list, where};
    return add(std::move(expr));
}

// aggregate( value for variable in list where condition )
ExprId ExpressionMaker::aggregate_over(NodeId id, Children parts, Children arguments) {
    const auto what = aggregate_named(text(parts[0]));
    const bool complete = arguments.size() == 2 && kind(arguments[1]) == Kind::ForPart;
    if (!what) {
        sink_.report(Code::not_an_aggregate, span(parts[0]), {std::string(text(parts[0]))});
    } else if (arguments.size() != 2) {
        sink_.report(Code::wrong_argument_count, span(id), {std::string(text(parts[0])), "1", std::to_string(arguments.size() - 1)});
    } else if (!complete) {
        const std::uint32_t before = node(arguments[0]).end;
        sink_.report(Code::expected, {file_, before, before}, {"for"});
    } else if (*what == AggregateKind::Count) {
        const std::vector<NodeId> loop = tree_.children(arguments[1]);
        sink_.report(Code::count_with_value, span(arguments[0]), {std::string(text(loop[0])), std::string(text(loop[1]))});
    } else {
        const std::vector<NodeId> loop = tree_.children(arguments[1]);
        Expr expr{.kind = ExprKind::Aggregate, .span = span(id), .op_span = span(parts[0])};
        expr.name = name(parts[0]);
        expr.aggregate = *what;
        expr.variable = name(loop[0]);
        const ExprId value = make(arguments[0]);
        const ExprId list = make(loop[1]);
        const ExprId where = loop.size() > 2 ? make(loop[2]) : no_expr;
        expr.args = {value, list, where};
        return add(std::move(expr));
    }
    return broken(span(id));
}

ExprId ExpressionMaker::conditional(NodeId id, Children parts) {
    operator_text(parts[0]);
    return of_children(id, ExprKind::If, parts);
}

ExprId ExpressionMaker::between(NodeId id, Children parts) {
    Expr expr{.kind = ExprKind::Between, .span = span(id), .op_span = span(parts[0])};
    expr.unit = text(parts[0]) == "days" ? Unit::Days : Unit::Months;
    expr.args = {make(parts[1]), make(parts[2])};
    return add(std::move(expr));
}

ExprId ExpressionMaker::range(NodeId id, Children parts) {
    Expr expr{.kind = ExprKind::Range, .span = span(id), .args = {no_expr, no_expr}};
    std::size_t end = 0;
    for (const NodeId each : parts) {
        if (kind(each) == Kind::Operator) {
            expr.op_span = span(each);
            expr.lower_open = text(each).starts_with('<');
            expr.upper_open = text(each).ends_with('<');
            end = 1;
        } else {
            expr.args[end] = make(each);
        }
    }
    return add(std::move(expr));
}

ExprId ExpressionMaker::record(NodeId id, Children parts) {
    Expr expr{.kind = ExprKind::Record, .span = span(id)};
    for (const NodeId each : parts) {
        const std::vector<NodeId> field = tree_.children(each);
        expr.fields.push_back(name(field[0]));
        expr.args.push_back(make(field[1]));
    }
    return add(std::move(expr));
}

}  // namespace eligo::syntax
