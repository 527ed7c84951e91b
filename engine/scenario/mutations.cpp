// A walk over the trees that leaves a mutation wherever a policy could have been written down wrongly.
#include "mutations.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "../value/date.hpp"
#include "../value/rational.hpp"
#include "mutate.hpp"

namespace eligo::scenario {
namespace {

using syntax::Clause;
using syntax::ClauseKind;
using syntax::Expr;
using syntax::ExprId;
using syntax::ExprKind;
using syntax::File;
using syntax::Op;
using syntax::Unit;
using text::Span;
using value::Rational;

std::string_view sign(Op op) {
    switch (op) {
        case Op::Less: return "<";
        case Op::LessEqual: return "<=";
        case Op::Greater: return ">";
        case Op::GreaterEqual: return ">=";
        case Op::Equal: return "=";
        case Op::NotEqual: return "!=";
        case Op::And: return "and";
        case Op::Or: return "or";
        default: return "";
    }
}

// The operator most easily written in its place, or nothing.
std::optional<Op> neighbour(Op op) {
    switch (op) {
        case Op::Less: return Op::LessEqual;
        case Op::LessEqual: return Op::Less;
        case Op::Greater: return Op::GreaterEqual;
        case Op::GreaterEqual: return Op::Greater;
        case Op::Equal: return Op::NotEqual;
        case Op::NotEqual: return Op::Equal;
        case Op::And: return Op::Or;
        case Op::Or: return Op::And;
        default: return std::nullopt;
    }
}

// Steps: a fen, a hundredth of a percent, a month, a day; of a plain number 1, or 1 in its last decimal.
Rational step_of(const Expr& expr) {
    switch (expr.unit) {
        case Unit::Percent: return *Rational::make(1, 10'000);
        case Unit::Permille: return *Rational::make(1, 100'000);
        case Unit::Money: return *Rational::make(1, 100);
        case Unit::Months: case Unit::Days: return Rational(1);
        case Unit::None: break;
    }
    value::Int128 denominator = 1;
    for (int i = expr.number.decimals().value_or(0); i > 0; --i) denominator *= 10;
    return *Rational::make(1, denominator);
}

std::string written(const Rational& number, Unit unit) {
    switch (unit) {
        case Unit::Percent: return value::to_string(number, 100) + "%";
        case Unit::Permille: return value::to_string(number, 1000) + "‰";
        case Unit::Money: return value::to_string(number) + "元";
        case Unit::Months: return value::to_string(number) + " months";
        case Unit::Days: return value::to_string(number) + " days";
        case Unit::None: break;
    }
    return value::to_string(number);
}

bool is_amount(const Expr& expr) { return expr.kind == ExprKind::Number || expr.kind == ExprKind::Duration; }
bool is_rounding(std::string_view name) { return name == "round" || name == "round_down" || name == "round_up" || name == "round_even"; }

class Lister {
public:
    Lister(const std::vector<File>& files, const text::SourceSet& sources) : files_(files), sources_(sources) {}

    std::vector<Mutation> list() {
        for (number_ = 0; number_ < files_.size(); ++number_) one_file(files_[number_]);
        // Stable, so that what is changed at one place stays in the order it was thought of.
        std::stable_sort(result_.begin(), result_.end(), [](const Mutation& a, const Mutation& b) {
            return std::pair(a.file, a.span.begin) < std::pair(b.file, b.span.begin);
        });
        return std::move(result_);
    }

private:
    using Apply = std::function<void(File&)>;

    void add(Span span, std::string from, std::string into, Apply apply) {
        result_.push_back({number_, span, std::move(from), std::move(into), std::move(apply)});
    }
    const Expr& expr(ExprId id) const { return files_[number_].exprs[id]; }
    std::string text(Span span) const { return span.exists() ? on_one_line(sources_.text(span)) : std::string(); }
    std::string text(ExprId id) const { return id == syntax::no_expr ? std::string() : text(expr(id).span); }

    void one_file(const File& file) {
        for (const syntax::Subject& subject : file.subjects)
            for (const syntax::Let& let : subject.lets) expression(let.value);
        for (std::size_t i = 0; i < file.parameters.size(); ++i)
            parameter(file.parameters[i], [i](File& it) -> syntax::Parameter& { return it.parameters[i]; });
        for (std::size_t i = 0; i < file.tables.size(); ++i)
            table(file.tables[i], [i](File& it) -> syntax::Table& { return it.tables[i]; });
        for (std::size_t i = 0; i < file.policies.size(); ++i) policy(file.policies[i], i);
    }

    void policy(const syntax::Policy& policy, std::size_t number) {
        if (policy.in_force != syntax::no_expr) period(policy.in_force);
        expression(policy.assessed_on);
        for (const syntax::Let& let : policy.lets) expression(let.value);
        for (std::size_t i = 0; i < policy.tables.size(); ++i)
            table(policy.tables[i], [number, i](File& it) -> syntax::Table& { return it.policies[number].tables[i]; });
        for (std::size_t i = 0; i < policy.parameters.size(); ++i)
            parameter(policy.parameters[i], [number, i](File& it) -> syntax::Parameter& { return it.policies[number].parameters[i]; });
        for (std::size_t i = 0; i < policy.clauses.size(); ++i)
            clause(policy.clauses[i], [number, i](File& it) -> Clause& { return it.policies[number].clauses[i]; });
        for (std::size_t i = 0; i < policy.benefits.size(); ++i) benefit(policy.benefits[i], number, i);
    }

    // ---- clauses and benefits

    void clause(const Clause& it, std::function<Clause&(File&)> find) {
        if (it.condition != syntax::no_expr) {
            expression(it.condition);
            const bool always = it.kind == ClauseKind::Require;
            const Span span = it.name.span;
            add(span, (always ? "require " : "exclude ") + it.name.text, "", [find, always](File& file) {
                Clause& changed = find(file);
                Expr constant{.kind = ExprKind::Bool, .span = file.exprs[changed.condition].span};
                constant.boolean = always;
                changed.condition = static_cast<ExprId>(file.exprs.size());
                file.exprs.push_back(std::move(constant));
            });
        }
        if (it.guard != syntax::no_expr) {
            expression(it.guard);
            const std::string_view word = it.guard_kind == syntax::Guard::When ? "when " : "unless ";
            add(expr(it.guard).span, std::string(word) + text(it.guard), "", [find](File& file) {
                find(file).guard_kind = syntax::Guard::None;
                find(file).guard = syntax::no_expr;
            });
        }
        group(it, find);
        for (std::size_t i = 0; i < it.children.size(); ++i) clause(it.children[i], [find, i](File& file) -> Clause& { return find(file).children[i]; });
    }

    void group(const Clause& it, const std::function<Clause&(File&)>& find) {
        const auto become = [&](ClauseKind kind, value::Int128 least, const char* from, std::string into) {
            add(it.name.span, from, std::move(into), [find, kind, least](File& file) {
                find(file).kind = kind;
                find(file).at_least = least;
            });
        };
        if (it.kind == ClauseKind::AtLeast) {
            const std::string from = "at least " + value::to_string(it.at_least);
            if (it.at_least > 1) become(it.kind, it.at_least - 1, from.c_str(), "at least " + value::to_string(it.at_least - 1));
            if (it.at_least < static_cast<value::Int128>(it.children.size())) become(it.kind, it.at_least + 1, from.c_str(), "at least " + value::to_string(it.at_least + 1));
        } else if (it.children.size() > 1) {
            if (it.kind == ClauseKind::AllOf) become(ClauseKind::AnyOf, 0, "all of", "any of");
            if (it.kind == ClauseKind::AnyOf) become(ClauseKind::AllOf, 0, "any of", "all of");
        }
    }

    void benefit(const syntax::Benefit& it, std::size_t policy, std::size_t number) {
        expression(it.value);
        if (it.when != syntax::no_expr) {
            expression(it.when);
            add(expr(it.when).span, "when " + text(it.when), "", [policy, number](File& file) { file.policies[policy].benefits[number].when = syntax::no_expr; });
        }
        if (it.always) add(it.name.span, "always", "", [policy, number](File& file) { file.policies[policy].benefits[number].always = false; });
    }

    // ---- parameters and tables

    void parameter(const syntax::Parameter& it, std::function<syntax::Parameter&(File&)> find) {
        for (std::size_t i = 0; i < it.entries.size(); ++i) {
            period(it.entries[i].period);
            chosen(it.entries[i].value);
            if (it.entries[i].published) published(it.entries[i].span, *it.entries[i].published, [find, i](File& file) -> auto& { return find(file).entries[i].published; });
        }
    }

    void table(const syntax::Table& it, std::function<syntax::Table&(File&)> find) {
        for (std::size_t column = 0; column < it.parameters.size(); ++column) limits(it, column);
        for (std::size_t i = 0; i < it.rows.size(); ++i) {
            const syntax::TableRow& row = it.rows[i];
            for (const ExprId result : row.results) chosen(result);
            for (std::size_t k = 0; k < row.cells.size(); ++k)
                if (row.cells[k].published)
                    published(row.cells[k].span, *row.cells[k].published, [find, i, k](File& file) -> auto& { return find(file).rows[i].cells[k].published; });
            if (it.rows.size() > 1)
                add(row.span, text(row.span), "", [find, i](File& file) { find(file).rows.erase(find(file).rows.begin() + static_cast<std::ptrdiff_t>(i)); });
        }
    }

    template <class Find>
    void published(Span span, value::Day day, Find find) {
        for (const value::Day step : {1, -1})
            add(span, "published " + value::format_date(day), "published " + value::format_date(day + step), [find, step](File& file) { *find(file) += step; });
    }

    // Neighbouring rows share a limit: it is moved in all of them, or goes from the one to the other.
    struct Limit {
        std::vector<ExprId> amounts, lower_of, upper_of;  // the constants; the ranges they begin or end
    };

    void limits(const syntax::Table& it, std::size_t column) {
        std::vector<std::pair<std::string, Limit>> found;
        const auto limit = [&](ExprId id) -> Limit& {
            const std::string key = text(id);
            const auto known = std::find_if(found.begin(), found.end(), [&](const auto& each) { return each.first == key; });
            if (known != found.end()) return known->second;
            return found.emplace_back(key, Limit{}).second;
        };
        for (const syntax::TableRow& row : it.rows) {
            if (column >= row.cells.size() || row.cells[column].condition == syntax::no_expr) continue;
            collect(row.cells[column].condition, limit);
        }
        for (const auto& [key, each] : found) move_limit(each);
    }

    template <class LimitOf>
    void collect(ExprId id, const LimitOf& limit) {
        const Expr& it = expr(id);
        if (is_amount(it) || it.kind == ExprKind::Date) limit(id).amounts.push_back(id);
        if (it.kind == ExprKind::Set)
            for (const ExprId part : it.args) collect(part, limit);
        if (it.kind != ExprKind::Range) return;
        for (const ExprId end : it.args) {
            if (end == syntax::no_expr || !(is_amount(expr(end)) || expr(end).kind == ExprKind::Date)) continue;
            Limit& at = limit(end);
            at.amounts.push_back(end);
            (end == it.args[0] ? at.lower_of : at.upper_of).push_back(id);
        }
    }

    void move_limit(const Limit& limit) {
        const Expr& first = expr(limit.amounts.front());
        for (const int direction : {1, -1}) {
            if (first.kind == ExprKind::Date) {
                add(first.span, text(first.span), value::format_date(first.date + direction), [ids = limit.amounts, direction](File& file) {
                    for (const ExprId id : ids) file.exprs[id].date += direction;
                });
            } else if (const auto moved = stepped(first, direction)) {
                add(first.span, text(first.span), written(*moved, first.unit), [ids = limit.amounts, moved](File& file) {
                    for (const ExprId id : ids) file.exprs[id].number = *moved;
                });
            }
        }
        if (limit.lower_of.empty() || limit.upper_of.empty()) return;
        const bool open = expr(limit.upper_of.front()).upper_open;
        add(first.span, (open ? "..< " : ".. ") + text(first.span), (open ? ".. " : "..< ") + text(first.span), [limit](File& file) {
            for (const ExprId id : limit.lower_of) file.exprs[id].lower_open = !file.exprs[id].lower_open;
            for (const ExprId id : limit.upper_of) file.exprs[id].upper_open = !file.exprs[id].upper_open;
        });
    }

    // ---- expressions

    static std::optional<Rational> stepped(const Expr& it, int direction) {
        const Rational step = step_of(it);
        return direction > 0 ? value::add(it.number, step) : value::subtract(it.number, step);
    }

    void day(ExprId id) {
        const Expr& it = expr(id);
        for (const int direction : {1, -1})
            add(it.span, text(it.span), value::format_date(it.date + direction), [id, direction](File& file) { file.exprs[id].date += direction; });
    }

    void period(ExprId range) {
        for (const ExprId end : expr(range).args)
            if (end != syntax::no_expr && expr(end).kind == ExprKind::Date) day(end);
    }

    void amount(ExprId id, bool negated) {
        const Expr& it = expr(id);
        for (const int direction : {1, -1}) {
            const auto moved = stepped(it, direction);
            const auto shown = moved && negated ? value::negate(*moved) : moved;
            if (!shown) continue;
            add(it.span, (negated ? "-" : "") + text(it.span), written(*shown, it.unit), [id, moved](File& file) { file.exprs[id].number = *moved; });
        }
    }

    // Zero among values to choose from says that there is none. It is no threshold either.
    void chosen(ExprId id) {
        if (id != syntax::no_expr && is_amount(expr(id)) && expr(id).number.is_zero()) return instead(id);
        expression(id);
    }

    // What is said where there is nothing to compute is no threshold, so it is not moved by a step but by a whole.
    void instead(ExprId id) {
        const Expr& it = expr(id);
        if (!is_amount(it)) return expression(id);
        const auto moved = value::add(it.number, Rational(1));
        if (moved) add(it.span, text(it.span), written(*moved, it.unit), [id, moved](File& file) { file.exprs[id].number = *moved; });
    }

    void replace_by_operand(ExprId id, ExprId operand) {
        add(expr(id).span, text(id), text(operand), [id, operand](File& file) {
            const Expr copy = file.exprs[operand];
            file.exprs[id] = copy;
        });
    }

    void expression(ExprId id) {
        if (id == syntax::no_expr) return;
        const Expr& it = expr(id);
        switch (it.kind) {
            case ExprKind::Number: case ExprKind::Duration: return amount(id, false);
            case ExprKind::Date: return day(id);
            case ExprKind::Bool:
                return add(it.span, text(it.span), it.boolean ? "false" : "true", [id](File& file) { file.exprs[id].boolean = !file.exprs[id].boolean; });
            case ExprKind::Unary:
                if (it.op == Op::Not) replace_by_operand(id, it.args[0]);
                if (it.op == Op::Negate && is_amount(expr(it.args[0]))) return amount(it.args[0], true);
                break;
            case ExprKind::Binary:
                if (const auto other = neighbour(it.op))
                    add(it.op_span, std::string(sign(it.op)), std::string(sign(*other)), [id, other](File& file) { file.exprs[id].op = *other; });
                break;
            case ExprKind::In: open_ends(it.args[1]); break;
            case ExprKind::Set: members(id); break;
            case ExprKind::Call: return call(id);
            case ExprKind::Otherwise:
                expression(it.args[0]);
                return instead(it.args[1]);
            case ExprKind::If:
                expression(it.args[0]);
                chosen(it.args[1]);
                return chosen(it.args[2]);
            case ExprKind::Aggregate: aggregate(id); break;
            default: break;
        }
        for (const ExprId part : it.args) expression(part);
    }

    void open_ends(ExprId range) {
        const Expr& it = expr(range);
        if (it.kind != ExprKind::Range) return;
        const auto flip = [&](ExprId end, bool open, bool Expr::*flag, bool lower) {
            if (end == syntax::no_expr) return;
            const auto dots = [&](bool is_open) { return std::string(lower ? (is_open ? "<.." : "..") : (is_open ? "..<" : "..")); };
            const std::string at = text(end);
            const auto whole = [&](bool is_open) { return lower ? at + " " + dots(is_open) : dots(is_open) + " " + at; };
            add(expr(end).span, whole(open), whole(!open), [range, flag](File& file) { file.exprs[range].*flag = !(file.exprs[range].*flag); });
        };
        flip(it.args[0], it.lower_open, &Expr::lower_open, true);
        flip(it.args[1], it.upper_open, &Expr::upper_open, false);
    }

    // Each member left out in turn.
    void members(ExprId set) {
        const Expr& it = expr(set);
        for (std::size_t i = 0; i < it.args.size() && it.args.size() > 1; ++i)
            add(expr(it.args[i]).span, text(it.args[i]), "", [set, i](File& file) { file.exprs[set].args.erase(file.exprs[set].args.begin() + static_cast<std::ptrdiff_t>(i)); });
    }

    void call(ExprId id) {
        const Expr& it = expr(id);
        const bool extreme = it.name.text == "min" || it.name.text == "max";
        if (extreme && it.args.size() > 1) {
            const std::string other = it.name.text == "min" ? "max" : "min";
            add(it.name.span.exists() ? it.name.span : it.op_span, it.name.text, other, [id, other](File& file) { file.exprs[id].name.text = other; });
        }
        // The step of a rounding belongs to the form of an amount, not to the policy.
        const std::size_t parts = is_rounding(it.name.text) && it.args.size() > 1 ? 1 : it.args.size();
        for (std::size_t i = 0; i < parts; ++i) expression(it.args[i]);
    }

    void aggregate(ExprId id) {
        const Expr& it = expr(id);
        using syntax::AggregateKind;
        const auto become = [&](AggregateKind kind, const char* from, const char* into) {
            add(it.op_span, from, into, [id, kind](File& file) { file.exprs[id].aggregate = kind; });
        };
        if (it.aggregate == AggregateKind::Any) become(AggregateKind::All, "any", "all");
        if (it.aggregate == AggregateKind::All) become(AggregateKind::Any, "all", "any");
        if (it.args.size() > 2 && it.args[2] != syntax::no_expr)
            add(expr(it.args[2]).span, "where " + text(it.args[2]), "", [id](File& file) { file.exprs[id].args[2] = syntax::no_expr; });
    }

    const std::vector<File>& files_;
    const text::SourceSet& sources_;
    std::size_t number_ = 0;
    std::vector<Mutation> result_;
};

}  // namespace

std::string on_one_line(std::string_view text) {
    std::string line;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank) line += c;
        else if (!line.empty() && line.back() != ' ') line += ' ';
    }
    while (!line.empty() && line.back() == ' ') line.pop_back();
    return line;
}

std::vector<Mutation> list_mutations(const std::vector<File>& files, const text::SourceSet& sources) { return Lister(files, sources).list(); }

}  // namespace eligo::scenario
