// What a name in an expression means: variables, facts, lets, parameters, tables, policies, clauses, members.
// Tested by sema_test.cpp.
#include "expressions.hpp"

#include <algorithm>
#include <array>

#include "../value/exactly.hpp"
#include "describe.hpp"

namespace eligo::sema {

using text::Code;

namespace {

const syntax::Name& name_of(const syntax::Expr& node) {
    static const syntax::Name none{"none", {}};
    return node.kind == syntax::ExprKind::None ? none : node.name;
}

bool has_context(const Type& expected) { return expected.kind == Kind::Enum || expected.kind == Kind::Code; }

Span place_of(const syntax::Name& name, Span otherwise) { return name.span.exists() ? name.span : otherwise; }

}  // namespace

// ---- looking up ----

Expressions::Found Expressions::find(std::string_view name) const {
    for (auto it = place_.variables.rbegin(); it != place_.variables.rend(); ++it)
        if (checking_.model.variables[*it].name == name) return {Found::What::Variable, *it, {}};
    const auto among = [&](const Names& names) -> std::optional<Found> {
        const auto it = names.find(name);
        if (it == names.end()) return std::nullopt;
        return Found{Found::What::Named, no_id, it->second};
    };
    if (place_.policy != no_id)
        if (const auto found = among(checking_.versions[place_.policy][place_.version].names)) return *found;
    if (place_.subject != no_id)
        if (const auto found = among(checking_.subjects[place_.subject].names)) return *found;
    if (const auto found = among(checking_.global_names)) return *found;
    const auto policy = checking_.policy_names.find(name);
    if (policy != checking_.policy_names.end()) return {Found::What::Policy, policy->second.id, {}};
    return {};
}

Type Expressions::type_of(const Found& found, Span use) {
    if (found.what == Found::What::Variable) return model().variables[found.id].type;
    if (found.what != Found::What::Named) return {};
    switch (found.named.kind) {
        case NameKind::Fact: return model().subjects[place_.subject].facts[found.named.id].type;
        case NameKind::Let: require_let(checking_, found.named.id, use); return model().lets[found.named.id].type;
        case NameKind::Parameter: return model().parameters[found.named.id].type;
        case NameKind::Clause: return Type{Kind::Bool};
        case NameKind::Table:
        case NameKind::Benefit: return {};
    }
    return {};
}

// True for what only a neighbour's type explains: a bare name that is nothing else, or an `if` between such names.
bool Expressions::needs_context(syntax::ExprId id) const {
    const syntax::Expr& written = node(id);
    switch (written.kind) {
        case syntax::ExprKind::None: return true;
        case syntax::ExprKind::Unknown: return true;
        case syntax::ExprKind::Name:
            return written.name.text != "as_of" && find(written.name.text).what == Found::What::Nothing;
        case syntax::ExprKind::If: return needs_context(written.args[1]) && needs_context(written.args[2]);
        default: return false;
    }
}

std::vector<std::string> Expressions::names_in_scope() const {
    std::vector<std::string> names;
    for (const Id id : place_.variables) names.push_back(checking_.model.variables[id].name);
    const auto take = [&](const Names& from) {
        for (const auto& [name, named] : from)
            if (named.kind != NameKind::Benefit) names.push_back(name);
    };
    if (place_.policy != no_id) take(checking_.versions[place_.policy][place_.version].names);
    if (place_.subject != no_id) take(checking_.subjects[place_.subject].names);
    take(checking_.global_names);
    for (const auto& [name, policy] : checking_.policy_names) names.push_back(name);
    for (const char* const built_in : {"as_of", "year_end"}) names.emplace_back(built_in);
    return names;
}

ExprId Expressions::unknown_name(const syntax::Name& name, const Type& expected) {
    if (expected.kind == Kind::Enum) {
        const Enumeration& enumeration = model().enumerations[expected.ref];
        auto& diagnostic = report(Code::not_a_member, name.span, {name.text, enumeration.name});
        const std::string list = member_list(enumeration);
        diagnostic.here("the values are " + list, "取值有" + list);
        suggest(diagnostic, name.span, name.text, [&] {
            std::vector<std::string> members;
            for (const EnumMember& member : enumeration.members) members.push_back(member.name);
            return members;
        });
        return error(name.span);
    }
    if (expected.kind == Kind::Code) {
        report(Code::unknown_code, name.span,
               {name.text, std::string(value::classification_name(static_cast<value::Classification>(expected.ref)))});
        return error(name.span);
    }
    auto& diagnostic = report(Code::unknown_name, name.span, {name.text});
    suggest(diagnostic, name.span, name.text, [&] { return names_in_scope(); });
    for (std::size_t subject = 0; subject < checking_.subjects.size(); ++subject) {
        const auto it = checking_.subjects[subject].names.find(name.text);
        if (it == checking_.subjects[subject].names.end()) continue;
        const std::string& owner = model().subjects[subject].name;
        diagnostic.also(it->second.span, "this is `" + name.text + "` of `" + owner + "`", "这是`" + owner + "`的`" + name.text + "`");
    }
    return error(name.span);
}

// ---- bare names ----

std::optional<ExprId> Expressions::member_constant(std::string_view name, const Type& expected, Span span) {
    Constant constant;
    if (expected.kind == Kind::Enum) {
        auto& numbers = checking_.member_numbers[expected.ref];
        if (numbers.empty())
            for (const EnumMember& member : model().enumerations[expected.ref].members) numbers.try_emplace(member.name, value::exactly<std::int64_t>(numbers.size()).value());
        const auto found = numbers.find(name);
        if (found == numbers.end()) return std::nullopt;
        constant.integer = found->second;
    } else {
        const auto code = value::parse_code(static_cast<value::Classification>(expected.ref), name);
        if (!code) return std::nullopt;
        constant.integer = *code;
    }
    Type type = expected;
    type.yearly = false;
    return constant_node(type, span, constant);
}

ExprId Expressions::name(const syntax::Expr& node, const syntax::Expr* index, Type expected) {
    const syntax::Name name{name_of(node).text, place_of(node.name, node.span)};
    if (name.text.empty()) return error(node.span);
    if (name.text == "as_of") {
        if (index != nullptr) return no_index(*index, name);
        return made(ExprKind::AsOf, Type{Kind::Date}, node.span, {});
    }
    if (name.text == "year_end" || name.text == "fiscal_year") {
        report(name.text == "year_end" ? Code::yearly_without_year : Code::fiscal_year_in_rule, node.span, {name.text});
        return error(node.span);
    }
    const Found found = find(name.text);
    if (has_context(expected) && index == nullptr && !same_kind(type_of(found, node.span), expected))
        if (const auto constant = member_constant(name.text, expected, node.span)) return *constant;
    switch (found.what) {
        case Found::What::Nothing: return unknown_name(name, expected);
        case Found::What::Policy: report(Code::policy_is_no_value, node.span, {name.text}); return error(node.span);
        case Found::What::Named: return named_use(found.named, node, index);
        case Found::What::Variable: break;
    }
    const Variable variable = model().variables[found.id];
    if (index != nullptr) return variable.type.kind == Kind::Error ? error(node.span) : no_index(*index, name);
    const ExprId use = made(ExprKind::Variable, variable.type, node.span, {});
    model().exprs[use].ref = found.id;
    return use;
}

ExprId Expressions::no_index(const syntax::Expr& index, const syntax::Name& name) {
    auto& diagnostic = report(Code::not_yearly, index.span, {name.text});
    diagnostic.fix_with(index.span, name.text);
    return error(index.span);
}

ExprId Expressions::named_use(const Named& named, const syntax::Expr& node, const syntax::Expr* index) {
    const syntax::Name& name = node.name;
    switch (named.kind) {
        case NameKind::Fact: return fact_use(no_expr, place_.subject, named.id, node, index);
        case NameKind::Let: return let_use(no_expr, named.id, node, index);
        case NameKind::Parameter: {
            if (index != nullptr) return no_index(*index, name);
            const ExprId use = made(ExprKind::ParameterUse, model().parameters[named.id].type, node.span, {});
            model().exprs[use].ref = named.id;
            return use;
        }
        case NameKind::Table:
            report(Code::arguments_missing, node.span, {name.text}).also(named.span, "declared here", "声明于此");
            return error(node.span);
        case NameKind::Clause: return index != nullptr ? no_index(*index, name) : clause_use(named.id, node.span);
        case NameKind::Benefit:
            report(Code::benefit_read_inside, node.span, {name.text}).also(named.span, "declared here", "声明于此");
            return error(node.span);
    }
    return error(node.span);
}

ExprId Expressions::clause_use(Id clause, Span span) {
    const ExprId use = made(ExprKind::ClauseUse, Type{Kind::Bool}, span, {});
    model().exprs[use].ref = clause;
    return use;
}

// ---- facts and years ----

ExprId Expressions::fact_use(ExprId base, Id subject, Id fact, const syntax::Expr& node, const syntax::Expr* index) {
    const Fact& declared = model().subjects[subject].facts[fact];
    Type type = declared.type;
    if (type.kind == Kind::Error) return error(node.span);
    const Span declared_at = declared.span;
    std::vector<ExprId> args;
    if (!type.yearly && index != nullptr) {
        if (type.kind == Kind::List) report(Code::list_element_in_rule, index->span, {declared.name});
        else no_index(*index, {written(node.span), node.span});
        return error(node.span);
    }
    if (type.yearly && place_.inside == Inside::YearlyDefault) {
        report(Code::yearly_in_yearly_default, node.span, {written(node.span)});
        return error(node.span);
    }
    if (type.yearly && index == nullptr) {
        report(Code::yearly_without_year, node.span, {written(node.span)}).also(declared_at, "declared `yearly` here", "在此声明为`yearly`");
        return error(node.span);
    }
    if (type.yearly) {
        const ExprId year = year_offset(index->args[1]);
        if (failed(year)) return error(node.span);
        args.push_back(year);
    }
    type.yearly = false;
    Expr use;
    use.kind = ExprKind::Fact;
    use.type = type;
    use.span = index != nullptr ? index->span : node.span;
    use.args = std::move(args);
    use.base = base;
    use.ref = fact;
    use.index = subject;
    return add(std::move(use));
}

// A whole constant, a variable over years, or such a variable plus or minus a whole constant.
ExprId Expressions::year_offset(syntax::ExprId id) {
    const syntax::Expr& node = this->node(id);
    const ExprId offset = value(id);
    if (failed(offset)) return offset;
    const auto constant = [&](const Expr& e) { return e.kind == ExprKind::Constant && e.type.kind == Kind::Number && e.constant.number.is_whole(); };
    const auto year = [&](const Expr& e) { return e.kind == ExprKind::Variable && model().variables[e.ref].is_year; };
    const Expr& found = expr(offset);
    bool good = constant(found) || year(found);
    if (found.kind == ExprKind::Add || found.kind == ExprKind::Subtract) {
        const Expr &left = expr(found.args[0]), &right = expr(found.args[1]);
        good = (year(left) && constant(right)) || (found.kind == ExprKind::Add && constant(left) && year(right));
    }
    if (!good) {
        report(Code::year_not_constant, node.span);
        return error(node.span);
    }
    // Of a variable both its first year and its last must do.
    for (const bool last : {false, true}) {
        const auto counted = [&](const Expr& e) {
            if (e.kind == ExprKind::Constant) return e.constant.number;
            const Variable& variable = model().variables[e.ref];
            return value::Rational(last ? variable.last_year : variable.first_year);
        };
        std::optional<value::Rational> sum;
        if (found.args.empty()) sum = counted(found);
        else if (found.kind == ExprKind::Add) sum = value::add(counted(expr(found.args[0])), counted(expr(found.args[1])));
        else sum = value::subtract(counted(expr(found.args[0])), counted(expr(found.args[1])));
        const auto number = sum ? value::exactly<std::int32_t>(*sum) : std::nullopt;
        if (number && -farthest_year <= *number && *number <= farthest_year) continue;
        report(Code::years_out_of_range, node.span);
        return error(node.span);
    }
    return offset;
}

ExprId Expressions::indexed(const syntax::Expr& node) {
    const syntax::Expr& target = this->node(node.args[0]);
    if (target.kind == syntax::ExprKind::Broken) return error(node.span);
    if (target.kind == syntax::ExprKind::Name && target.name.text == "year_end") {
        const ExprId year = year_offset(node.args[1]);
        return failed(year) ? error(node.span) : made(ExprKind::YearEnd, Type{Kind::Date}, node.span, {year});
    }
    if (target.kind == syntax::ExprKind::Name) return name(target, &node, {});
    if (target.kind == syntax::ExprKind::Member) return member(target, &node);
    return no_index(node, {written(target.span), target.span});
}

// ---- members ----

// `stage.seed` as one text when it begins with the name of a clause of this version.
std::optional<std::string> Expressions::clause_path(const syntax::Expr& node) const {
    if (node.kind == syntax::ExprKind::Name) {
        const Found found = find(node.name.text);
        if (found.what == Found::What::Named && found.named.kind == NameKind::Clause) return node.name.text;
        return std::nullopt;
    }
    if (node.kind != syntax::ExprKind::Member) return std::nullopt;
    const auto outer = clause_path(this->node(node.args[0]));
    if (!outer) return std::nullopt;
    return *outer + "." + node.name.text;
}

ExprId Expressions::member(const syntax::Expr& node, const syntax::Expr* index) {
    if (node.name.text.empty()) return error(node.span);
    if (const auto path = clause_path(node)) {
        const Version& version = model().policies[place_.policy].versions[place_.version];
        const Id clause = find_clause(version, *path);
        if (clause != no_id) return index != nullptr ? no_index(*index, {*path, node.span}) : clause_use(clause, node.span);
        report(Code::no_such_part, node.name.span, {quoted(written(this->node(node.args[0]).span)), node.name.text}).no_help = true;
        return error(node.span);
    }
    const syntax::Expr& base = this->node(node.args[0]);
    if (base.kind == syntax::ExprKind::Broken) return error(node.span);
    if (base.kind == syntax::ExprKind::Name) {
        const Found found = find(base.name.text);
        if (found.what == Found::What::Policy) return policy_part(found.id, no_expr, base.name, node.name, node.span);
        if (found.what == Found::What::Named && found.named.kind == NameKind::Table) {
            report(Code::arguments_missing, base.span, {base.name.text}).also(found.named.span, "declared here", "声明于此");
            return error(node.span);
        }
    }
    if (base.kind == syntax::ExprKind::Call) {
        const Found found = find(base.name.text);
        if (found.what == Found::What::Policy) return call_policy(base, found.id, node.name, node.span);
        if (found.what == Found::What::Named && found.named.kind == NameKind::Table) {
            const ExprId use = call_table(base, found.named.id, &node.name);
            model().exprs[use].span = node.span;
            return use;
        }
    }
    const ExprId record = any(node.args[0], {}, Open::No);
    if (failed(record)) return error(node.span);
    return member_of(record, node, index);
}

ExprId Expressions::member_of(ExprId base, const syntax::Expr& node, const syntax::Expr* index) {
    const Type type = expr(base).type;
    const std::string base_text = quoted(written(this->node(node.args[0]).span));
    if (type.kind != Kind::Record) {
        const Words words = this_is(model(), expr(base));
        report(Code::no_such_part, node.name.span, {base_text, node.name.text})
            .also(this->node(node.args[0]).span, words.english, words.chinese)
            .no_help = true;
        return error(node.span);
    }
    const Names& names = checking_.subjects[type.ref].names;
    const auto it = names.find(node.name.text);
    if (it == names.end()) {
        auto& diagnostic = report(Code::no_such_part, node.name.span, {base_text, node.name.text});
        suggest(diagnostic, node.name.span, node.name.text, [&] { return names_of(names); });
        const std::string owner = model().subjects[type.ref].name;
        diagnostic.also(model().subjects[type.ref].span, "`" + owner + "` is declared here", "`" + owner + "`声明于此");
        return error(node.span);
    }
    if (it->second.kind == NameKind::Fact) return fact_use(base, type.ref, it->second.id, node, index);
    return let_use(base, it->second.id, node, index);
}

ExprId Expressions::let_use(ExprId base, Id let, const syntax::Expr& node, const syntax::Expr* index) {
    require_let(checking_, let, node.span);
    const Let& declared = model().lets[let];
    if (index != nullptr) {
        if (declared.type.kind != Kind::Error) no_index(*index, {written(node.span), node.span});
        return error(node.span);
    }
    if (!declared.parameters.empty() || checking_.lets[let].written->is_function) {
        report(Code::arguments_missing, node.span, {declared.name}).also(declared.span, "declared here", "声明于此");
        return error(node.span);
    }
    if (declared.type.kind == Kind::Error) return error(node.span);
    Expr use;
    use.kind = ExprKind::LetUse;
    use.type = declared.type;
    use.span = node.span;
    use.base = base;
    use.ref = let;
    return add(std::move(use));
}

// ---- policies ----

ExprId Expressions::policy_part(Id policy, ExprId base, const syntax::Name& of, const syntax::Name& part, Span span) {
    if (place_.inside != Inside::Rule) {
        report(Code::not_in_default, span, {written(span)});
        return error(span);
    }
    const Policy& asked = model().policies[policy];
    const Id subject = base == no_expr ? place_.subject : expr(base).type.ref;
    if (asked.subject == no_id) return error(span);
    if (subject != asked.subject) {
        const std::string own = subject == no_id ? "-" : model().subjects[subject].name;
        report(Code::subject_differs, of.span, {asked.name, model().subjects[asked.subject].name, own})
            .also(asked.span, "declared here", "声明于此");
        return error(span);
    }
    Type type{Kind::Bool};
    if (part.text != "eligible") {
        const Benefit* found = nullptr;
        std::vector<std::string> known{"eligible"};
        for (const Version& version : asked.versions)
            for (const Benefit& benefit : version.benefits) {
                known.push_back(benefit.name);
                if (benefit.name == part.text && found == nullptr) found = &benefit;
            }
        if (found == nullptr) {
            auto& diagnostic = report(Code::no_such_part, part.span, {quoted(asked.name), part.text});
            suggest(diagnostic, part.span, part.text, [&] { return known; });
            return error(span);
        }
        type = found->type;
    }
    if (type.kind == Kind::Error) return error(span);
    Expr use;
    use.kind = ExprKind::PolicyUse;
    use.type = type;
    use.span = span;
    use.base = base;
    use.ref = policy;
    use.member = part.text;
    return add(std::move(use));
}

ExprId Expressions::call_policy(const syntax::Expr& node, Id policy, const syntax::Name& part, Span span) {
    if (!arguments(node, node.name.text, 1)) return error(span);
    const ExprId record = any(node.args[0], {}, Open::No);
    if (failed(record)) return error(span);
    if (expr(record).type.kind != Kind::Record) {
        const Words words = this_is(model(), expr(record));
        const Id subject = model().policies[policy].subject;
        const std::string wanted = subject == no_id ? "record" : model().subjects[subject].name;
        report(Code::type_mismatch, this->node(node.args[0]).span, {quoted(model(), expr(record).type), quoted(wanted)})
            .here(words.english, words.chinese);
        return error(span);
    }
    return policy_part(policy, record, node.name, part, span);
}

// ---- calls ----

ExprId Expressions::call(const syntax::Expr& node, Type expected) {
    if (node.name.text.empty()) return error(node.span);
    const Found found = find(node.name.text);
    if (found.what == Found::What::Policy) {
        report(Code::policy_is_no_value, node.span, {written(node.span)});
        return error(node.span);
    }
    if (found.what == Found::What::Named && found.named.kind == NameKind::Let) return call_let(node, found.named.id, no_expr);
    if (found.what == Found::What::Named && found.named.kind == NameKind::Table) return call_table(node, found.named.id, nullptr);
    if (const auto result = builtin(node, expected)) return *result;
    const Span place = place_of(node.name, node.span);
    if (found.what != Found::What::Nothing) {
        report(Code::not_a_function, place, {node.name.text});
        return error(node.span);
    }
    auto& diagnostic = report(Code::unknown_name, place, {node.name.text});
    suggest(diagnostic, place, node.name.text, [&] {
        std::vector<std::string> known{"round", "round_down", "round_up", "round_even", "min", "max", "abs", "clamp", "sum", "count", "any", "all"};
        for (std::string& known_name : names_in_scope()) known.push_back(std::move(known_name));
        return known;
    });
    return error(node.span);
}

bool Expressions::arguments(const syntax::Expr& node, std::string_view name, std::size_t count) {
    if (node.args.size() == count) return true;
    report(Code::wrong_argument_count, node.span, {std::string(name), std::to_string(count), std::to_string(node.args.size())});
    return false;
}

ExprId Expressions::call_let(const syntax::Expr& node, Id let, ExprId base) {
    require_let(checking_, let, node.span);
    const Let declared = model().lets[let];
    if (!checking_.lets[let].written->is_function) {
        report(Code::not_a_function, place_of(node.name, node.span), {declared.name}).also(declared.span, "declared here", "声明于此");
        return error(node.span);
    }
    if (!arguments(node, declared.name, declared.parameters.size())) return error(node.span);
    Expr use;
    use.kind = ExprKind::LetUse;
    use.type = declared.type;
    use.span = node.span;
    use.base = base;
    use.ref = let;
    bool good = declared.type.kind != Kind::Error;
    for (std::size_t i = 0; i < node.args.size(); ++i) {
        const Variable parameter = model().variables[declared.parameters[i]];
        const ExprId argument = fitting(node.args[i], parameter.type, parameter.name, parameter.span);
        good = good && !failed(argument);
        use.args.push_back(argument);
    }
    return good ? add(std::move(use)) : error(node.span);
}

namespace {

// Which result column `t(x).name` means; without a name there must be one alone.
std::optional<std::uint32_t> result_column(const Table& table, const syntax::Name* result) {
    if (result == nullptr) {
        if (table.result_types.size() == 1) return 0U;
        return std::nullopt;
    }
    const auto it = std::ranges::find(table.result_names, result->text);
    if (it == table.result_names.end()) return std::nullopt;
    return static_cast<Id>(it - table.result_names.begin());
}

}  // namespace

ExprId Expressions::call_table(const syntax::Expr& node, Id table, const syntax::Name* result) {
    require_inputs(checking_, table);
    const Table declared = model().tables[table];
    if (!arguments(node, declared.name, declared.inputs.size())) return error(node.span);
    Expr use;
    use.kind = ExprKind::TableUse;
    use.span = node.span;
    use.ref = table;
    bool good = true;
    for (std::size_t i = 0; i < node.args.size(); ++i) {
        const Variable input = model().variables[declared.inputs[i]];
        ExprId argument = no_expr;
        if (input.type.kind == Kind::Error) {
            argument = value(node.args[i]);
            // The first call tells what the cells leave open; whether it is whole is only promised by a declaration.
            if (failed(argument)) checking_.tables[table].call_failed = true;
            Type type = expr(argument).type;
            type.whole = false;
            model().variables[declared.inputs[i]].type = type;
        } else {
            argument = fitting(node.args[i], input.type, input.name, input.span);
        }
        good = good && !failed(argument);
        use.args.push_back(argument);
    }
    const auto column = result_column(declared, result);
    if (!column) {
        if (result == nullptr) {
            if (declared.result_names.empty()) return error(node.span);
            report(Code::several_results, node.span, {declared.name, written(node.span) + "." + declared.result_names.front()})
                .also(declared.span, "declared here", "声明于此");
        } else {
            auto& diagnostic = report(Code::no_such_part, result->span, {quoted(declared.name), result->text});
            suggest(diagnostic, result->span, result->text, [&] { return declared.result_names; });
        }
        return error(node.span);
    }
    use.index = *column;
    use.type = declared.result_types[*column];
    if (use.type.kind == Kind::Error) good = false;
    return good ? add(std::move(use)) : error(node.span);
}

}  // namespace eligo::sema
