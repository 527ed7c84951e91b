// Types as they are written, and the pass that gives every fact, let, parameter, clause and benefit its own.
// Tested by sema_test.cpp.
#include <algorithm>

#include "../value/exactly.hpp"
#include "describe.hpp"
#include "expressions.hpp"

namespace eligo::sema {

using text::Code;

namespace {

constexpr std::uint32_t most_elements = 10'000;

Label label_of(const syntax::Label& written) {
    Label label{written.chinese, written.english};
    if (label.chinese.empty()) label.chinese = label.english;
    if (label.english.empty()) label.english = label.chinese;
    return label;
}

// ---- enumerations ----

bool same_members(const Enumeration& known, const std::vector<EnumMember>& members) {
    const auto same = [](const EnumMember& a, const EnumMember& b) {
        const bool labels = !b.label.exists() || (a.label.chinese == b.label.chinese && a.label.english == b.label.english);
        return a.name == b.name && labels;
    };
    return std::ranges::equal(known.members, members, same);
}

// Two facts with the same members are of the same type: an enumeration has no name of its own.
std::uint32_t add_enumeration(Checking& checking, const syntax::TypeRef& written, std::string_view owner) {
    std::vector<EnumMember> members;
    std::map<std::string, Span> seen;
    for (const syntax::EnumMember& member : written.members) {
        if (member.name.text.empty()) continue;
        const auto [it, inserted] = seen.try_emplace(member.name.text, member.name.span);
        if (!inserted) {
            checking.sink.report(Code::duplicate_name, member.name.span, {member.name.text}).also(it->second, "first declared here", "首次声明于此");
            continue;
        }
        members.push_back({member.name.text, label_of(member.label)});
    }
    auto& all = checking.model.enumerations;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (same_members(all[i], members)) return static_cast<Id>(i);
    all.push_back({std::string(owner), std::move(members)});
    return static_cast<Id>(all.size() - 1);
}

// ---- named types ----

std::optional<Id> find_subject(Checking& checking, const syntax::Name& name, bool other_types_too) {
    if (name.text.empty()) return std::nullopt;
    const auto it = checking.subject_names.find(name.text);
    if (it != checking.subject_names.end()) return it->second.id;
    auto& diagnostic = checking.sink.report(other_types_too ? Code::unknown_type : Code::unknown_subject, name.span, {name.text});
    suggest(diagnostic, name.span, name.text, [&] {
        std::vector<std::string> known = names_of(checking.subject_names);
        if (other_types_too)
            for (const char* const type : {"bool", "int", "number", "percent", "money", "date", "months", "days", "text"}) known.emplace_back(type);
        return known;
    });
    return std::nullopt;
}

Type code_type(Checking& checking, const syntax::Name& name) {
    if (name.text.empty()) return {};
    const auto classification = value::find_classification(name.text);
    if (!classification) {
        auto& diagnostic = checking.sink.report(Code::unknown_classification, name.span, {name.text});
        suggest(diagnostic, name.span, name.text, [] { return std::vector<std::string>{"gbt4754"}; });
        return {};
    }
    Type type{Kind::Code};
    type.ref = static_cast<Id>(*classification);
    return type;
}

Type subject_type(Checking& checking, const syntax::TypeRef& written, Kind kind) {
    const auto subject = find_subject(checking, written.name, kind == Kind::Record);
    if (!subject) return {};
    Type type{kind};
    type.ref = *subject;
    if (kind != Kind::List) return type;
    const auto up_to = value::exactly<std::uint32_t>(written.up_to.value_or(most_elements));
    const bool possible = up_to && 0 < *up_to && *up_to <= most_elements;
    if (!possible) checking.sink.report(Code::list_length, written.span);
    type.up_to = possible ? *up_to : most_elements;
    return type;
}

}  // namespace

Type resolve_type(Checking& checking, const syntax::TypeRef& written, std::string_view owner) {
    using enum syntax::TypeKind;
    Type type;
    switch (written.kind) {
        case Broken: return {};
        case Bool: type.kind = Kind::Bool; break;
        case Int: type = Type{Kind::Number, true}; break;
        case Number: type.kind = Kind::Number; break;
        case Percent: type = Type{Kind::Number, false, true}; break;
        case Money: type.kind = Kind::Money; break;
        case Date: type.kind = Kind::Date; break;
        case Months: type.kind = Kind::Months; break;
        case Days: type.kind = Kind::Days; break;
        case Text: type.kind = Kind::Text; break;
        case OneOf:
            if (std::ranges::all_of(written.members, [](const syntax::EnumMember& member) { return member.name.text.empty(); })) {
                if (!broken_within(checking, written.span)) checking.sink.report(text::Code::enumeration_without_members, written.span);
                return {};
            }
            type.kind = Kind::Enum;
            type.ref = add_enumeration(checking, written, owner);
            break;
        case Code: type = code_type(checking, written.name); break;
        case List: type = subject_type(checking, written, Kind::List); break;
        case Named: type = subject_type(checking, written, Kind::Record); break;
    }
    if (written.yearly && (type.kind == Kind::List || type.kind == Kind::Record)) {
        checking.sink.report(text::Code::type_not_possible, written.span, {spell_type(checking.model, type)});
        return {};
    }
    type.yearly = written.yearly && type.kind != Kind::Error;
    return type;
}

// ---- facts ----

namespace {

Place place_in_subject(Checking& checking, Id subject, Inside inside) {
    Place place;
    place.file = checking.subjects[subject].file;
    place.subject = subject;
    place.inside = inside;
    return place;
}

// A value type only: no record, no list, no years. `What` it is for stands in the source under the span.
Type scalar(Checking& checking, const syntax::TypeRef& written, std::string_view owner) {
    const Type type = resolve_type(checking, written, owner);
    if (type.kind != Kind::Record && type.kind != Kind::List && !type.yearly) return type;
    checking.sink.report(Code::type_not_possible, written.span, {spell_type(checking.model, type)});
    return {};
}

// ---- ranges ----

// An earlier fact of the same subject by its bare name; nullopt when the end is something else.
std::optional<Id> fact_end(Checking& checking, Id subject, const syntax::Expr& end) {
    if (end.kind != syntax::ExprKind::Name) return std::nullopt;
    const Names& names = checking.subjects[subject].names;
    const auto it = names.find(end.name.text);
    if (it == names.end() || it->second.kind != NameKind::Fact) return std::nullopt;
    return it->second.id;
}

void read_fact_end(Checking& checking, Id subject, Id fact, Id other, const syntax::Expr& end, RangeEnd& result) {
    const Fact& bounded = checking.model.subjects[subject].facts[fact];
    const Fact& bound = checking.model.subjects[subject].facts[other];
    if (bound.type.kind == Kind::Error) return;
    if (other >= fact || (bound.type.yearly && !bounded.type.yearly)) {
        checking.sink.report(Code::range_end_not_earlier, end.span, {end.name.text}).also(bound.span, "declared here", "声明于此");
        return;
    }
    // A whole number counts in other steps than one with decimals; a range has one step.
    if (!same_kind(bound.type, bounded.type) || bound.type.whole != bounded.type.whole) {
        const Words words = kind_words(checking.model, bound.type);
        checking.sink.report(Code::type_mismatch, end.span,
                             {quoted(checking.model, bound.type), quoted(checking.model, bounded.type)})
            .here("this is " + words.english, "这是" + words.chinese);
        return;
    }
    result.fact = other;
}

void read_range_end(Checking& checking, Id subject, Id fact, syntax::ExprId id, RangeEnd& result) {
    if (id == syntax::no_expr) return;
    const syntax::File& file = *checking.subjects[subject].file;
    const syntax::Expr& end = file.exprs[id];
    result.span = end.span;
    if (const auto other = fact_end(checking, subject, end)) {
        read_fact_end(checking, subject, fact, *other, end, result);
        return;
    }
    const Type type = checking.model.subjects[subject].facts[fact].type;
    Type any_number = type;
    any_number.whole = false;
    result.constant = Expressions(checking, place_in_subject(checking, subject, Inside::Default)).constant(id, any_number, Code::range_end_not_earlier);
}

void check_range(Checking& checking, Id subject, Id number, const syntax::Field& field) {
    if (field.range == syntax::no_expr) return;
    const syntax::Expr& range = checking.subjects[subject].file->exprs[field.range];
    const Type type = checking.model.subjects[subject].facts[number].type;
    if (range.kind != syntax::ExprKind::Range || type.kind == Kind::Error) return;
    if (!has_order(type.kind)) {
        checking.sink.report(Code::range_not_possible, range.span, {field.name.text, quoted(checking.model, type)});
        return;
    }
    RangeEnd low, high;
    low.open = range.lower_open;
    high.open = range.upper_open;
    read_range_end(checking, subject, number, range.args[0], low);
    read_range_end(checking, subject, number, range.args[1], high);
    const Fact declared = checking.model.subjects[subject].facts[number];
    if (low.constant && !check_range_end(checking, declared, low, true)) low.constant.reset();
    if (high.constant && !check_range_end(checking, declared, high, false)) high.constant.reset();
    if (low.constant && high.constant) {
        const auto order = compare_constants(type.kind, *low.constant, *high.constant);
        if (order > 0 || (order == 0 && (low.open || high.open))) checking.sink.report(Code::range_reversed, range.span);
    }
    Fact& fact = checking.model.subjects[subject].facts[number];
    fact.low = low;
    fact.high = high;
}

void check_default(Checking& checking, Id subject, Id number, const syntax::Field& field) {
    if (field.default_value == syntax::no_expr) return;
    const Fact fact = checking.model.subjects[subject].facts[number];
    if (fact.type.kind == Kind::Error) return;
    if (fact.type.kind == Kind::Record || fact.type.kind == Kind::List) {
        checking.sink.report(Code::type_not_possible, field.type.span, {spell_type(checking.model, fact.type)})
            .also(checking.subjects[subject].file->exprs[field.default_value].span, "has no default", "不能有默认值");
        return;
    }
    Expressions expressions(checking, place_in_subject(checking, subject, fact.type.yearly ? Inside::YearlyDefault : Inside::Default));
    const ExprId value = expressions.fitting(field.default_value, fact.type, fact.name, fact.span, Open::Yes);
    checking.model.subjects[subject].facts[number].default_value = value;
    check_default_values(checking, fact, value);
}

// ---- records within records ----

bool holds_list(const Checking& checking, Id subject, std::vector<bool>& seen) {
    if (seen[subject]) return false;
    seen[subject] = true;
    for (const Fact& fact : checking.model.subjects[subject].facts) {
        if (fact.type.kind == Kind::List) return true;
        if (fact.type.kind == Kind::Record && holds_list(checking, fact.type.ref, seen)) return true;
    }
    return false;
}

void check_nesting(Checking& checking) {
    for (std::size_t subject = 0; subject < checking.subjects.size(); ++subject) {
        const auto& fields = checking.subjects[subject].written->fields;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const Type type = checking.model.subjects[subject].facts[i].type;
            std::vector<bool> seen(checking.model.subjects.size());
            if (type.kind == Kind::List && holds_list(checking, type.ref, seen))
                checking.sink.report(Code::list_within_list, fields[i].type.span).also(checking.model.subjects[type.ref].span, "this holds a list itself", "它自身含有列表");
        }
    }
}

// Which record leads back to itself; each circle is told once, at its first declaration.
bool find_circle(const Checking& checking, Id start, Id at, std::vector<bool>& seen, std::string& way) {
    for (const Fact& fact : checking.model.subjects[at].facts) {
        if (fact.type.kind != Kind::Record && fact.type.kind != Kind::List) continue;
        const std::string step = way + " → " + checking.model.subjects[fact.type.ref].name;
        if (fact.type.ref == start) {
            way = step;
            return true;
        }
        if (fact.type.ref < start || seen[fact.type.ref]) continue;
        seen[fact.type.ref] = true;
        std::string longer = step;
        if (find_circle(checking, start, fact.type.ref, seen, longer)) {
            way = longer;
            return true;
        }
    }
    return false;
}

// The fact that leads on is broken, so that nothing after this walks in a circle.
bool check_record_circles(Checking& checking) {
    bool found = false;
    for (Id subject = 0; subject < checking.model.subjects.size(); ++subject) {
        std::vector<bool> seen(checking.model.subjects.size());
        std::string way = checking.model.subjects[subject].name;
        if (!find_circle(checking, subject, subject, seen, way)) continue;
        found = true;
        checking.sink.report(Code::cycle, checking.model.subjects[subject].span, {checking.model.subjects[subject].name, way});
        for (Fact& fact : checking.model.subjects[subject].facts)
            if (fact.type.kind == Kind::Record || fact.type.kind == Kind::List) fact.type = {};
    }
    return found;
}

// ---- declared types of the rest ----

void type_parameters(Checking& checking, const std::vector<Id>& variables, const std::vector<syntax::LetParameter>& written) {
    for (std::size_t i = 0; i < variables.size() && i < written.size(); ++i) {
        const syntax::LetParameter& parameter = written[i];
        if (parameter.type.kind == syntax::TypeKind::Broken) continue;
        Type type = resolve_type(checking, parameter.type, parameter.name.text);
        if (type.kind == Kind::List || type.yearly) {
            checking.sink.report(Code::type_not_possible, parameter.type.span, {spell_type(checking.model, type)});
            type = {};
        }
        checking.model.variables[variables[i]].type = type;
    }
}

void type_let_parameters(Checking& checking, std::size_t let) {
    const syntax::Let& written = *checking.lets[let].written;
    type_parameters(checking, checking.model.lets[let].parameters, written.parameters);
    for (const syntax::LetParameter& parameter : written.parameters) {
        const bool missing = parameter.type.kind == syntax::TypeKind::Broken && !parameter.type.span.exists();
        if (missing && !parameter.name.text.empty())
            checking.sink.report(Code::parameter_type_missing, parameter.name.span, {parameter.name.text});
    }
}

void type_table_header(Checking& checking, std::size_t number) {
    const syntax::Table& written = *checking.tables[number].written;
    type_parameters(checking, checking.model.tables[number].inputs, written.parameters);
    for (const syntax::TableResult& result : written.results)
        checking.model.tables[number].result_types.push_back(scalar(checking, result.type, result.name.text.empty() ? written.name.text : result.name.text));
}

void type_benefits(Checking& checking, std::size_t policy, std::size_t version) {
    const auto& written = checking.versions[policy][version].written->benefits;
    for (std::size_t i = 0; i < written.size(); ++i) {
        Type type = scalar(checking, written[i].type, written[i].name.text);
        if (type.kind == Kind::Text) {
            checking.sink.report(Code::benefit_is_text, written[i].type.span, {written[i].name.text});
            type = {};
        }
        checking.model.policies[policy].versions[version].benefits[i].type = type;
    }
}

// A benefit read by another policy has one type, whatever version gives it.
void compare_benefits(Checking& checking, const Policy& policy) {
    std::map<std::string, const Benefit*> first;
    for (const Version& version : policy.versions)
        for (const Benefit& benefit : version.benefits) {
            const auto [it, inserted] = first.try_emplace(benefit.name, &benefit);
            if (inserted || benefit.type.kind == Kind::Error || it->second->type.kind == Kind::Error || benefit.type == it->second->type) continue;
            const Words here = kind_words(checking.model, benefit.type), there = kind_words(checking.model, it->second->type);
            checking.sink.report(Code::benefit_types_differ, benefit.span,
                                 {benefit.name, quoted(checking.model, benefit.type), quoted(checking.model, it->second->type)})
                .here("here it is " + here.english, "这里是" + here.chinese)
                .also(it->second->span, "here it is " + there.english, "这里是" + there.chinese);
        }
}

void type_declarations(Checking& checking) {
    for (std::size_t i = 0; i < checking.lets.size(); ++i) type_let_parameters(checking, i);
    for (std::size_t i = 0; i < checking.tables.size(); ++i) type_table_header(checking, i);
    for (std::size_t i = 0; i < checking.parameters.size(); ++i)
        checking.model.parameters[i].type = scalar(checking, checking.parameters[i].written->type, checking.model.parameters[i].name);
    for (std::size_t policy = 0; policy < checking.versions.size(); ++policy) {
        for (std::size_t version = 0; version < checking.versions[policy].size(); ++version) type_benefits(checking, policy, version);
        compare_benefits(checking, checking.model.policies[policy]);
    }
}

void type_parameter_values(Checking& checking, std::size_t number) {
    const ParameterOrigin origin = checking.parameters[number];
    Place place;
    place.file = origin.file;
    Expressions expressions(checking, place);
    const Type type = checking.model.parameters[number].type;
    for (std::size_t i = 0; i < origin.written->entries.size(); ++i) {
        const syntax::ExprId id = origin.written->entries[i].value;
        if (id == syntax::no_expr) continue;
        const auto constant = expressions.constant(id, type, Code::constant_expected);
        if (!constant) continue;
        Expr value;
        value.kind = ExprKind::Constant;
        value.type = type;
        value.span = origin.file->exprs[id].span;
        value.constant = *constant;
        checking.model.exprs.push_back(std::move(value));
        checking.model.parameters[number].entries[i].value = static_cast<ExprId>(checking.model.exprs.size() - 1);
    }
}

}  // namespace

void check_facts(Checking& checking) {
    for (Id subject = 0; subject < checking.subjects.size(); ++subject) {
        const auto& fields = checking.subjects[subject].written->fields;
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const Type type = resolve_type(checking, fields[i].type, fields[i].name.text);
            checking.model.subjects[subject].facts[i].type = type;
        }
    }
    if (!check_record_circles(checking)) check_nesting(checking);
    type_declarations(checking);
    for (std::size_t i = 0; i < checking.parameters.size(); ++i) type_parameter_values(checking, i);
    for (Id subject = 0; subject < checking.subjects.size(); ++subject) {
        const auto& fields = checking.subjects[subject].written->fields;
        for (Id i = 0; i < fields.size(); ++i) check_range(checking, subject, i, fields[i]);
    }
    for (Id subject = 0; subject < checking.subjects.size(); ++subject) {
        const auto& fields = checking.subjects[subject].written->fields;
        for (Id i = 0; i < fields.size(); ++i) check_default(checking, subject, i, fields[i]);
    }
}

// ---- lets ----

namespace {

void report_let_circle(Checking& checking, Id let) {
    const auto& running = checking.lets_running;
    const auto first = std::ranges::find(running, let);
    std::string way;
    for (auto it = first; it != running.end(); ++it) way += checking.model.lets[*it].name + " → ";
    const Let& start = checking.model.lets[let];
    auto& diagnostic = checking.sink.report(Code::cycle, start.span, {start.name, way + start.name});
    for (auto it = first; it != running.end(); ++it)
        if (*it != let) diagnostic.also(checking.model.lets[*it].span, "the way round leads through this", "循环经过此处");
}

Place place_of_let(Checking& checking, Id let) {
    const LetOrigin& origin = checking.lets[let];
    const Let& declared = checking.model.lets[let];
    return {origin.file, declared.subject, declared.policy, origin.version, declared.parameters, Inside::Rule};
}

}  // namespace

void require_let(Checking& checking, Id let, Span) {
    LetOrigin& origin = checking.lets[let];
    if (origin.progress == Progress::Done) return;
    if (origin.progress == Progress::Running) {
        report_let_circle(checking, let);
        return;
    }
    origin.progress = Progress::Running;
    checking.lets_running.push_back(let);
    const bool readable = origin.written->value != syntax::no_expr && checking.model.lets[let].subject != no_id;
    if (readable) {
        const ExprId value = Expressions(checking, place_of_let(checking, let)).value(origin.written->value);
        checking.model.lets[let].value = value;
        checking.model.lets[let].type = checking.model.exprs[value].type;
    }
    checking.lets_running.pop_back();
    origin.progress = Progress::Done;
}

// ---- policies ----

namespace {

void check_clauses(Checking& checking, const Place& place, std::size_t policy, std::size_t version) {
    const auto written = checking.versions[policy][version].clauses;
    for (std::size_t i = 0; i < written.size(); ++i) {
        Expressions expressions(checking, place);
        const ExprId condition = expressions.condition(written[i]->condition);
        const ExprId guard = expressions.condition(written[i]->guard);
        Clause& clause = checking.model.policies[policy].versions[version].clauses[i];
        clause.condition = condition;
        clause.guard = guard;
    }
}

void check_benefits(Checking& checking, const Place& place, std::size_t policy, std::size_t version) {
    const auto& written = checking.versions[policy][version].written->benefits;
    for (std::size_t i = 0; i < written.size(); ++i) {
        const Benefit declared = checking.model.policies[policy].versions[version].benefits[i];
        Expressions expressions(checking, place);
        const ExprId value = written[i].value == syntax::no_expr
                                 ? no_expr
                                 : expressions.fitting(written[i].value, declared.type, declared.name, written[i].type.span);
        const ExprId when = expressions.condition(written[i].when);
        Benefit& benefit = checking.model.policies[policy].versions[version].benefits[i];
        benefit.value = value;
        benefit.when = when;
    }
}

void check_assessed_on(Checking& checking, const Place& place, std::size_t policy, std::size_t version) {
    const syntax::ExprId written = checking.versions[policy][version].written->assessed_on;
    if (written == syntax::no_expr) return;
    Expressions expressions(checking, place);
    const Span span = place.file->exprs[written].span;
    const ExprId day = expressions.fitting(written, Type{Kind::Date}, "assessed on", span);
    checking.model.policies[policy].versions[version].assessed_on = day;
}

}  // namespace

void check_rules(Checking& checking) {
    for (Id let = 0; let < checking.lets.size(); ++let) require_let(checking, let, {});
    for (Id policy = 0; policy < checking.versions.size(); ++policy) {
        for (std::uint32_t version = 0; version < checking.versions[policy].size(); ++version) {
            // Without its subject nothing in a policy can be read, and that has been said.
            if (!checking.versions[policy][version].readable) continue;
            const Place place{checking.versions[policy][version].file, checking.model.policies[policy].subject, policy, version, {}, Inside::Rule};
            check_assessed_on(checking, place, policy, version);
            check_clauses(checking, place, policy, version);
            check_benefits(checking, place, policy, version);
        }
    }
}

}  // namespace eligo::sema
