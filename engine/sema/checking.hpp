// What the passes of this folder share while they work: the model under construction, where each entity was
// written, and which name means what. Private to sema; everyone else sees check.hpp and model.hpp.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "../syntax/ast.hpp"
#include "../text/diagnostic.hpp"
#include "model.hpp"

namespace eligo::sema {

enum class NameKind : std::uint8_t { Fact, Let, Table, Parameter, Clause, Benefit };

// What a name stands for. `id` counts within the subject for facts, within the version for clauses and benefits,
// within the model for the rest.
struct Named {
    NameKind kind = NameKind::Fact;
    Id id = no_id;
    Span span;
};
using Names = std::map<std::string, Named, std::less<>>;

struct SourceTitle {
    std::string title;
    Span span;
};
using Sources = std::map<std::string, SourceTitle, std::less<>>;

struct NamedId {
    Id id = no_id;
    Span span;
};
using Ids = std::map<std::string, NamedId, std::less<>>;

enum class Progress : std::uint8_t { Waiting, Running, Done };

struct SubjectOrigin {
    const syntax::File* file = nullptr;
    const syntax::Subject* written = nullptr;
    Names names;  // facts and lets
};

// A version is numbered within its policy.
struct LetOrigin {
    const syntax::File* file = nullptr;
    const syntax::Let* written = nullptr;
    std::uint32_t version = 0;
    Progress progress = Progress::Waiting;
};

struct ParameterOrigin {
    const syntax::File* file = nullptr;
    const syntax::Parameter* written = nullptr;
};

struct TableOrigin {
    const syntax::File* file = nullptr;
    const syntax::Table* written = nullptr;
    std::uint32_t version = 0;
    bool inputs_typed = false;
    bool call_failed = false;  // an argument that would have told a type was itself wrong
};

struct VersionOrigin {
    const syntax::File* file = nullptr;
    const syntax::Policy* written = nullptr;
    Names names;  // lets, tables, parameters, top clauses, benefits
    Sources sources;
    std::vector<const syntax::Clause*> clauses;  // parallel to Version::clauses
    bool readable = true;  // its subject is known, and that of the other versions
};

struct ScenarioOrigin {
    const syntax::File* file = nullptr;
    const syntax::Scenario* written = nullptr;
    Progress progress = Progress::Waiting;
};

struct Checking {
    const std::vector<syntax::File>& files;
    const text::SourceSet& sources;
    std::vector<Span> broken;  // where something could not be read
    text::Sink sink{};
    Model model{};

    std::vector<SubjectOrigin> subjects{};
    std::vector<LetOrigin> lets{};
    std::vector<ParameterOrigin> parameters{};
    std::vector<TableOrigin> tables{};
    std::vector<std::vector<VersionOrigin>> versions{};  // by policy
    std::vector<ScenarioOrigin> scenarios{};

    Ids subject_names{};
    Ids policy_names{};
    Ids scenario_titles{};
    Names global_names{};  // parameters and tables that stand outside policies
    Sources global_sources{};
    std::map<Id, std::map<std::string, std::int64_t, std::less<>>> member_numbers{};  // by enumeration, once one is asked for
    std::uint32_t depth = 0;         // of the expression being read, through the lets that it is the first to need
    std::vector<Id> lets_running{};  // those being typed, outermost first: the way round of a cycle
};

// The passes, in the order in which check.cpp calls them.
void declare_names(Checking& checking);        // resolve.cpp
void check_look_alikes(Checking& checking);    // look_alikes.cpp
void check_structure(Checking& checking);      // structure.cpp
void check_periods(Checking& checking);        // periods.cpp
void check_facts(Checking& checking);          // types.cpp
void check_rules(Checking& checking);          // types.cpp
void check_table_bodies(Checking& checking);   // tables.cpp
void check_cycles(Checking& checking);         // cycles.cpp
void check_unused(Checking& checking);     // unused.cpp
void check_scenarios(Checking& checking);      // scenarios.cpp

// silence.cpp: hands the messages on, but for those that only follow from what could not be read.
void tell(const Checking& checking, text::Sink& sink);
[[nodiscard]] std::vector<Span> places_of_errors(const text::Sink& sink);
// Whether something inside could not be read, so that what seems missing there may have been written.
[[nodiscard]] bool broken_within(const Checking& checking, Span span);

// types.cpp: what a written type means. A mistake is reported and gives Kind::Error. `owner` names enumerations.
[[nodiscard]] Type resolve_type(Checking& checking, const syntax::TypeRef& written, std::string_view owner);
// types.cpp: types a let when it is first needed; its type is Error when it is wrong or goes round in a circle.
void require_let(Checking& checking, Id let, Span use);
// values.cpp: whether a constant can be a value of a fact, as its default and the ends of its range must be; told at `span`.
bool check_value(Checking& checking, const Fact& fact, const Constant& constant, Span span);
// An end that is a constant: that it can be counted, too.
bool check_range_end(Checking& checking, const Fact& fact, const RangeEnd& end, bool low);
// The constants that a default may come to.
void check_default_values(Checking& checking, const Fact& fact, ExprId id);
// tables.cpp: the types of a table's inputs as far as its own text tells them.
void require_inputs(Checking& checking, Id table);
// periods.cpp: whether a day that was written lies within 1900 .. 2199; a mistake is reported at `span`.
bool in_calendar(Checking& checking, value::Day day, Span span);
// periods.cpp: a range of dates as written, both days included.
[[nodiscard]] Period read_period(Checking& checking, const syntax::File& file, syntax::ExprId range);

// The clause `path` of a version ("stage.seed"), or no_id.
[[nodiscard]] Id find_clause(const Version& version, std::string_view path);

}  // namespace eligo::sema
