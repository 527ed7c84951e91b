// Names: every declaration gets its number in the model and its place among the names. Nothing is typed yet.
// Tested by sema_test.cpp.
#include "checking.hpp"

#include <algorithm>
#include <array>

#include "../value/exactly.hpp"
#include "describe.hpp"

namespace eligo::sema {

using text::Code;

namespace {

Label label_of(const syntax::Label& written) {
    Label label{written.chinese, written.english};
    if (label.chinese.empty()) label.chinese = label.english;
    if (label.english.empty()) label.english = label.chinese;
    return label;
}

Span place_of(const syntax::Name& name, Span otherwise) { return name.span.exists() ? name.span : otherwise; }

// ---- claiming a name ----

enum class Called : std::uint8_t { Bare, WithArguments };

bool reserved(std::string_view name, Called called) {
    static constexpr std::array always{"as_of", "year_end", "fiscal_year", "company_id"};
    static constexpr std::array functions{"round", "round_down", "round_up", "round_even", "min", "max", "abs", "clamp", "sum", "count", "any", "all"};
    if (std::ranges::find(always, name) != always.end()) return true;
    return called == Called::WithArguments && std::ranges::find(functions, name) != functions.end();
}

void report_duplicate(Checking& checking, std::string_view name, Span here, Span first) {
    checking.sink.report(Code::duplicate_name, here, {std::string(name)}).also(first, "first declared here", "首次声明于此");
}

void claim(Checking& checking, Names& names, const syntax::Name& name, NameKind kind, Id id, Called called = Called::Bare) {
    if (name.text.empty()) return;
    if (reserved(name.text, called)) {
        checking.sink.report(Code::reserved_name, name.span, {name.text});
        return;
    }
    const auto [it, inserted] = names.try_emplace(name.text, Named{kind, id, name.span});
    if (!inserted) report_duplicate(checking, name.text, name.span, it->second.span);
}

bool claim(Checking& checking, Ids& names, const syntax::Name& name, Id id) {
    if (name.text.empty()) return false;
    const auto [it, inserted] = names.try_emplace(name.text, NamedId{id, name.span});
    if (!inserted) report_duplicate(checking, name.text, name.span, it->second.span);
    return inserted;
}

void declare_sources(Checking& checking, Sources& sources, const std::vector<syntax::Source>& written) {
    for (const syntax::Source& source : written) {
        if (source.name.text.empty()) continue;
        const auto [it, inserted] = sources.try_emplace(source.name.text, SourceTitle{source.title, source.name.span});
        if (!inserted) report_duplicate(checking, source.name.text, source.name.span, it->second.span);
    }
}

// ---- citations ----

const SourceTitle* find_source(const Checking& checking, const Sources* own, std::string_view name) {
    if (own != nullptr)
        if (const auto it = own->find(name); it != own->end()) return &it->second;
    const auto it = checking.global_sources.find(name);
    return it == checking.global_sources.end() ? nullptr : &it->second;
}

std::string cite_declared(Checking& checking, const Sources* own, const syntax::Citation& citation) {
    const std::size_t end = std::min(citation.raw.find_first_of(" \t"), citation.raw.size());
    const std::string name = citation.raw.substr(0, end);
    if (const SourceTitle* const source = find_source(checking, own, name)) return source->title + citation.raw.substr(end);
    std::vector<std::string> known;
    if (own != nullptr)
        for (const auto& [own_name, source] : *own) known.push_back(own_name);
    for (const auto& [global_name, source] : checking.global_sources) known.push_back(global_name);
    auto& diagnostic = checking.sink.report(Code::unknown_source, citation.span, {name});
    const std::string list = [&] {
        std::string text;
        for (const std::string& each : known) text += (text.empty() ? "" : ", ") + each;
        return text;
    }();
    if (!list.empty()) diagnostic.here("declared sources: " + list, "已声明的文件：" + list);
    return citation.raw;
}

Citations cite(Checking& checking, const Sources* own, const std::vector<syntax::Citation>& written) {
    Citations citations;
    for (const syntax::Citation& citation : written) {
        if (citation.raw.empty()) continue;
        citations.push_back(citation.quoted ? citation.raw : cite_declared(checking, own, citation));
    }
    return citations;
}

// ---- subjects ----

Id add_variable(Checking& checking, const syntax::LetParameter& written, Span otherwise) {
    Variable variable;
    variable.name = written.name.text;
    variable.span = place_of(written.name, otherwise);
    checking.model.variables.push_back(std::move(variable));
    return static_cast<Id>(checking.model.variables.size() - 1);
}

std::vector<Id> add_parameters(Checking& checking, const std::vector<syntax::LetParameter>& written, Span otherwise) {
    std::vector<Id> ids;
    Ids seen;
    for (const syntax::LetParameter& parameter : written) {
        ids.push_back(add_variable(checking, parameter, otherwise));
        claim(checking, seen, parameter.name, ids.back());
    }
    return ids;
}

Id add_let(Checking& checking, const syntax::File& file, const syntax::Let& written, Id subject, Id policy, std::uint32_t version, const Sources* own) {
    Let let;
    let.name = written.name.text;
    let.label = label_of(written.label);
    let.citations = cite(checking, own, written.citations);
    let.parameters = add_parameters(checking, written.parameters, written.span);
    let.subject = subject;
    let.policy = policy;
    let.span = place_of(written.name, written.span);
    checking.model.lets.push_back(std::move(let));
    checking.lets.push_back({&file, &written, version, Progress::Waiting});
    return static_cast<Id>(checking.model.lets.size() - 1);
}

void declare_subject(Checking& checking, const syntax::File& file, const syntax::Subject& written) {
    const Id id = static_cast<Id>(checking.model.subjects.size());
    claim(checking, checking.subject_names, written.name, id);
    Subject subject;
    subject.name = written.name.text;
    subject.label = label_of(written.label);
    subject.is_record = written.is_record;
    subject.span = place_of(written.name, written.span);
    SubjectOrigin origin{&file, &written, {}};
    for (const syntax::Field& field : written.fields) {
        Fact fact;
        fact.name = field.name.text;
        fact.label = label_of(field.label);
        fact.change = field.change;
        fact.span = place_of(field.name, field.span);
        claim(checking, origin.names, field.name, NameKind::Fact, static_cast<Id>(subject.facts.size()));
        subject.facts.push_back(std::move(fact));
    }
    for (const syntax::Let& let : written.lets) {
        subject.lets.push_back(add_let(checking, file, let, id, no_id, 0, nullptr));
        claim(checking, origin.names, let.name, NameKind::Let, subject.lets.back(), let.is_function ? Called::WithArguments : Called::Bare);
    }
    checking.model.subjects.push_back(std::move(subject));
    checking.subjects.push_back(std::move(origin));
}

// ---- parameters and tables ----

Id add_parameter(Checking& checking, const syntax::File& file, const syntax::Parameter& written, const Sources* own) {
    Parameter parameter;
    parameter.name = written.name.text;
    parameter.label = label_of(written.label);
    parameter.citations = cite(checking, own, written.citations);
    parameter.span = place_of(written.name, written.span);
    for (const syntax::ParameterEntry& entry : written.entries) {
        ParameterEntry made;
        made.published = entry.published;
        made.citations = cite(checking, own, entry.citations);
        made.span = entry.span;
        parameter.entries.push_back(std::move(made));
    }
    checking.model.parameters.push_back(std::move(parameter));
    checking.parameters.push_back({&file, &written});
    return static_cast<Id>(checking.model.parameters.size() - 1);
}

Id add_table(Checking& checking, const syntax::File& file, const syntax::Table& written, Id subject, Id policy, std::uint32_t version, const Sources* own) {
    Table table;
    table.name = written.name.text;
    table.label = label_of(written.label);
    table.citations = cite(checking, own, written.citations);
    table.first = written.first;
    table.inputs = add_parameters(checking, written.parameters, written.span);
    Ids seen;
    for (const syntax::TableResult& result : written.results) {
        table.result_names.push_back(result.name.text);
        claim(checking, seen, result.name, static_cast<Id>(seen.size()));
    }
    table.subject = subject;
    table.policy = policy;
    table.span = place_of(written.name, written.span);
    for (const syntax::TableRow& row : written.rows) {
        TableRow made;
        made.otherwise = row.otherwise;
        made.citations = cite(checking, own, row.citations);
        made.span = row.span;
        table.rows.push_back(std::move(made));
    }
    checking.model.tables.push_back(std::move(table));
    checking.tables.push_back({&file, &written, version, false, false});
    return static_cast<Id>(checking.model.tables.size() - 1);
}

// ---- policies ----

struct Declaration {
    const syntax::File* file = nullptr;
    const syntax::Policy* written = nullptr;
    Period period;
};

Id declare_policy_name(Checking& checking, const syntax::Policy& written) {
    if (const auto it = checking.policy_names.find(written.name.text); it != checking.policy_names.end()) return it->second.id;
    const Id id = static_cast<Id>(checking.model.policies.size());
    Policy policy;
    policy.name = written.name.text;
    policy.span = place_of(written.name, written.span);
    if (!written.name.text.empty()) checking.policy_names.try_emplace(written.name.text, NamedId{id, policy.span});
    checking.model.policies.push_back(std::move(policy));
    checking.versions.emplace_back();
    return id;
}

void resolve_subject(Checking& checking, Id id, const syntax::Policy& written) {
    if (written.subject.text.empty()) return;
    Policy& policy = checking.model.policies[id];
    const auto it = checking.subject_names.find(written.subject.text);
    if (it == checking.subject_names.end()) {
        auto& diagnostic = checking.sink.report(Code::unknown_subject, written.subject.span, {written.subject.text});
        suggest(diagnostic, written.subject.span, written.subject.text, [&] { return names_of(checking.subject_names); });
        return;
    }
    if (policy.subject == no_id) {
        policy.subject = it->second.id;
    } else if (policy.subject != it->second.id) {
        const std::string first = checking.model.subjects[policy.subject].name;
        checking.sink.report(Code::version_subject_differs, written.subject.span, {policy.name, written.subject.text, first})
            .also(policy.span, "first declared here", "首次声明于此");
    }
}

// Parents before children; a clause's citations are its own, or else its group's.
Id add_clause(Checking& checking, Version& version, VersionOrigin& origin, const syntax::Clause& written, Id parent) {
    const Id id = static_cast<Id>(version.clauses.size());
    Clause clause;
    clause.kind = written.kind;
    clause.at_least = value::exactly<std::uint32_t>(written.at_least).value_or(0);  // more than there are clauses: structure.cpp tells
    clause.name = written.name.text;
    clause.path = parent == no_id ? clause.name : version.clauses[parent].path + "." + clause.name;
    clause.label = label_of(written.label);
    clause.citations = cite(checking, &origin.sources, written.citations);
    if (clause.citations.empty() && parent != no_id) clause.citations = version.clauses[parent].citations;
    clause.guard_kind = written.guard_kind;
    clause.parent = parent;
    clause.span = place_of(written.name, written.span);
    version.clauses.push_back(std::move(clause));
    origin.clauses.push_back(&written);
    Ids siblings;
    for (const syntax::Clause& child : written.children) {
        const Id child_id = add_clause(checking, version, origin, child, id);
        version.clauses[id].children.push_back(child_id);
        claim(checking, siblings, child.name, child_id);
    }
    return id;
}

void add_benefit(Checking& checking, Version& version, VersionOrigin& origin, const syntax::Benefit& written) {
    Benefit benefit;
    benefit.name = written.name.text;
    benefit.label = label_of(written.label);
    benefit.citations = cite(checking, &origin.sources, written.citations);
    benefit.always = written.always;
    benefit.span = place_of(written.name, written.span);
    if (benefit.name == "eligible") checking.sink.report(Code::reserved_name, written.name.span, {benefit.name});
    else claim(checking, origin.names, written.name, NameKind::Benefit, static_cast<Id>(version.benefits.size()));
    version.benefits.push_back(std::move(benefit));
}

// A policy's names and its subject's are one set.
void check_against_subject(Checking& checking, Id subject, const VersionOrigin& origin) {
    if (subject == no_id) return;
    for (const auto& [name, named] : origin.names) {
        const Names& facts = checking.subjects[subject].names;
        if (const auto it = facts.find(name); it != facts.end()) report_duplicate(checking, name, named.span, it->second.span);
    }
}

void add_version(Checking& checking, Id policy, const Declaration& declaration) {
    const syntax::Policy& written = *declaration.written;
    const auto number = static_cast<Id>(checking.versions[policy].size());
    const auto own_subject = checking.subject_names.find(written.subject.text);
    const bool readable = own_subject != checking.subject_names.end() && own_subject->second.id == checking.model.policies[policy].subject;
    const Id subject = readable ? own_subject->second.id : no_id;
    VersionOrigin origin{declaration.file, &written, {}, {}, {}, readable};
    Version version;
    version.in_force = declaration.period;
    version.label = label_of(written.label);
    version.authority = label_of(written.authority);
    version.span = place_of(written.name, written.span);
    declare_sources(checking, origin.sources, written.sources);
    for (const syntax::Let& let : written.lets) {
        version.lets.push_back(add_let(checking, *declaration.file, let, subject, policy, number, &origin.sources));
        claim(checking, origin.names, let.name, NameKind::Let, version.lets.back(), let.is_function ? Called::WithArguments : Called::Bare);
    }
    for (const syntax::Table& table : written.tables) {
        const Id id = add_table(checking, *declaration.file, table, subject, policy, number, &origin.sources);
        claim(checking, origin.names, table.name, NameKind::Table, id, Called::WithArguments);
    }
    for (const syntax::Parameter& parameter : written.parameters) {
        const Id id = add_parameter(checking, *declaration.file, parameter, &origin.sources);
        claim(checking, origin.names, parameter.name, NameKind::Parameter, id);
    }
    for (const syntax::Clause& clause : written.clauses) {
        const Id id = add_clause(checking, version, origin, clause, no_id);
        version.top_clauses.push_back(id);
        claim(checking, origin.names, clause.name, NameKind::Clause, id);
    }
    for (const syntax::Benefit& benefit : written.benefits) add_benefit(checking, version, origin, benefit);
    check_against_subject(checking, subject, origin);
    checking.model.policies[policy].versions.push_back(std::move(version));
    checking.versions[policy].push_back(std::move(origin));
}

// The versions of a policy in the order of their periods, wherever they are written.
void declare_policies(Checking& checking) {
    std::vector<std::vector<Declaration>> declarations;
    for (const syntax::File& file : checking.files)
        for (const syntax::Policy& written : file.policies) {
            const Id id = declare_policy_name(checking, written);
            resolve_subject(checking, id, written);
            declarations.resize(checking.model.policies.size());
            declarations[id].push_back({&file, &written, read_period(checking, file, written.in_force)});
        }
    for (std::size_t policy = 0; policy < declarations.size(); ++policy) {
        std::ranges::stable_sort(declarations[policy], {}, [](const Declaration& each) { return each.period.from; });
        for (const Declaration& each : declarations[policy]) add_version(checking, static_cast<Id>(policy), each);
    }
}

void declare_conflicts(Checking& checking) {
    for (std::size_t policy = 0; policy < checking.versions.size(); ++policy)
        for (std::size_t number = 0; number < checking.versions[policy].size(); ++number) {
            const VersionOrigin& origin = checking.versions[policy][number];
            for (const syntax::Conflict& written : origin.written->conflicts) {
                if (written.policy.text.empty()) continue;
                const auto it = checking.policy_names.find(written.policy.text);
                if (it == checking.policy_names.end()) {
                    auto& diagnostic = checking.sink.report(Code::unknown_policy, written.policy.span, {written.policy.text});
                    suggest(diagnostic, written.policy.span, written.policy.text, [&] { return names_of(checking.policy_names); });
                    continue;
                }
                if (it->second.id == policy) {
                    checking.sink.report(Code::conflict_with_itself, written.policy.span, {written.policy.text});
                    continue;
                }
                Conflict conflict{it->second.id, cite(checking, &origin.sources, written.citations), written.span};
                checking.model.policies[policy].versions[number].conflicts.push_back(std::move(conflict));
            }
        }
}

void declare_globals(Checking& checking) {
    for (const syntax::File& file : checking.files) {
        for (const syntax::Let& let : file.lets) checking.sink.report(Code::let_outside, place_of(let.name, let.span), {let.name.text});
        for (const syntax::Parameter& parameter : file.parameters) {
            const Id id = add_parameter(checking, file, parameter, nullptr);
            claim(checking, checking.global_names, parameter.name, NameKind::Parameter, id);
        }
        for (const syntax::Table& table : file.tables) {
            const Id id = add_table(checking, file, table, no_id, no_id, 0, nullptr);
            claim(checking, checking.global_names, table.name, NameKind::Table, id, Called::WithArguments);
        }
    }
    for (const auto& [name, named] : checking.global_names)
        if (const auto it = checking.policy_names.find(name); it != checking.policy_names.end())
            report_duplicate(checking, name, named.span, it->second.span);
}

void declare_scenarios(Checking& checking) {
    for (const syntax::File& file : checking.files)
        for (const syntax::Scenario& written : file.scenarios) {
            const Id id = static_cast<Id>(checking.model.scenarios.size());
            Scenario scenario;
            scenario.title = written.title;
            scenario.span = written.title_span;
            checking.model.scenarios.push_back(std::move(scenario));
            checking.scenarios.push_back({&file, &written, Progress::Waiting});
            if (written.title.empty()) continue;
            const auto [it, inserted] = checking.scenario_titles.try_emplace(written.title, NamedId{id, written.title_span});
            if (!inserted)
                checking.sink.report(Code::duplicate_scenario, written.title_span, {written.title}).also(it->second.span, "first used here", "首次使用于此");
        }
}

}  // namespace

Id find_clause(const Version& version, std::string_view path) {
    const auto it = std::ranges::find(version.clauses, path, &Clause::path);
    return it == version.clauses.end() ? no_id : static_cast<Id>(it - version.clauses.begin());
}

void declare_names(Checking& checking) {
    for (const syntax::File& file : checking.files) declare_sources(checking, checking.global_sources, file.sources);
    for (const syntax::File& file : checking.files)
        for (const syntax::Subject& subject : file.subjects) declare_subject(checking, file, subject);
    declare_policies(checking);
    declare_globals(checking);
    declare_conflicts(checking);
    declare_scenarios(checking);
}

}  // namespace eligo::sema
