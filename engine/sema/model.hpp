// What a set of sources means: names resolved, expressions typed, clauses nested, periods laid out. Plain data;
// entities refer to each other by number. Made by check.hpp, read by codegen/ and by the tests' oracle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../syntax/ast.hpp"
#include "../text/source.hpp"
#include "../value/code.hpp"
#include "../value/date.hpp"
#include "../value/rational.hpp"

namespace eligo::sema {

using text::Span;

struct Label {
    std::string chinese, english;
    [[nodiscard]] bool exists() const { return !chinese.empty() || !english.empty(); }
};

// A citation as people read it: "国科发火〔2016〕32号 11(1)" (a declared source's title in place of its name).
using Citations = std::vector<std::string>;

enum class Kind : std::uint8_t { Error, Bool, Number, Money, Date, Months, Days, Text, Enum, Code, Record, List };

struct Type {
    Kind kind = Kind::Error;
    bool whole = false;    // Number: known to be a whole number (`int`); Months and Days always are
    bool percent = false;  // Number: shown as a percentage
    bool yearly = false;   // facts only: one value a fiscal year
    std::uint32_t ref = 0;    // Enum: enumeration; Code: value::Classification; Record, List: subject
    std::uint32_t up_to = 0;  // List: the most elements
    friend bool operator==(const Type&, const Type&) = default;
};

using ExprId = std::uint32_t;
inline constexpr ExprId no_expr = ~ExprId{0};
using Id = std::uint32_t;  // number of a subject, fact, let ...
inline constexpr Id no_id = ~Id{0};

// A value known at compile time. `number` for Number, Money (yuan), Months, Days; `integer` for Bool (0/1), Date
// (value::Day), Enum (member), Code (its number in value/code.hpp); `text` for Text.
struct Constant {
    value::Rational number;
    std::int64_t integer = 0;
    std::string text;
    friend bool operator==(const Constant&, const Constant&) = default;
};

enum class ExprKind : std::uint8_t {
    Error,         // already reported
    Constant,      // constant
    Unknown,       // `unknown` in a default or after `otherwise`: any value of the type
    AsOf,          // the day of the evaluation (or the day the policy is assessed on)
    YearEnd,       // 31 December of fiscal year + offset (args[0])
    Variable,      // ref: a loop variable, a let's or a table's parameter
    Fact,          // ref: fact of the subject of `base`; args[0]: the year offset of a yearly fact
    LetUse,        // ref: let; args: arguments; base for the lets of a vocabulary or record
    ParameterUse,  // ref: parameter; args[0]: another date (`as of`), or none
    TableUse,      // ref: table; args: arguments; index: which result column
    PolicyUse,     // ref: policy; base: of whom (no_expr: the same subject); member: "eligible" or a benefit's name
    ClauseUse,     // ref: clause of the same version
    Not, Negate, Absolute,
    Add, Subtract, Multiply, Divide,
    // Date + Months, Date - Months, Date + Days, Date - Days, Date - Date (Days) are Add and Subtract by the types
    Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,  // Equal and NotEqual also on Bool, Enum, Code, Text
    And, Or,
    InRange,       // args: value, low, high; an open end is no_expr; lower_open, upper_open
    InSet,         // args: value, then constants of its type (codes match by prefix)
    If,            // condition, then, else
    Otherwise,     // value, what holds when it has none (may be Unknown)
    Round,         // args: value, step (a constant expression); rounding
    Minimum, Maximum,  // two arguments or more
    Clamp,         // args: value, low, high; an open end is no_expr
    MonthsBetween, DaysBetween,  // from, to
    Aggregate,     // aggregate over `variable` in `list` (a Fact of type List) or years first .. last; args: body (or no_expr for
                   // count), condition (or no_expr)
};

enum class Rounding : std::uint8_t { HalfUp, Down, Up, HalfEven };

struct Expr {
    ExprKind kind = ExprKind::Error;
    Type type;
    Span span;
    std::vector<ExprId> args;
    ExprId base = no_expr;  // an expression of type Record, or no_expr: the subject this is written about
    Id ref = no_id;
    std::string member;
    std::uint32_t index = 0;
    Constant constant;
    syntax::AggregateKind aggregate = syntax::AggregateKind::Sum;
    Id variable = no_id;
    ExprId list = no_expr;       // Aggregate over a list
    std::int32_t first_year = 0, last_year = 0;  // Aggregate over years, both included (when list is no_expr)
    Rounding rounding = Rounding::HalfUp;
    bool lower_open = false, upper_open = false;
};

struct Variable {
    std::string name;
    Type type;
    bool is_year = false;
    std::int32_t first_year = 0, last_year = 0;  // of a year: both included
    Span span;
};

struct EnumMember {
    std::string name;
    Label label;
};
struct Enumeration {
    std::string name;  // of the fact it was declared with, for messages
    std::vector<EnumMember> members;
};

// One end of a fact's range: a constant, an earlier fact of the same subject (and year), or open.
struct RangeEnd {
    std::optional<Constant> constant;
    Id fact = no_id;
    bool open = false;  // the end itself does not belong to the range (`<..`)
    Span span;
};

struct Fact {
    std::string name;
    Label label;
    Type type;
    RangeEnd low, high;          // an end neither constant nor fact is the type's own
    ExprId default_value = no_expr;
    syntax::Change change = syntax::Change::Workable;
    Span span;
};

struct Subject {
    std::string name;
    Label label;
    bool is_record = false;
    std::vector<Fact> facts;
    std::vector<Id> lets;
    Span span;
};

struct Let {
    std::string name;
    Label label;
    Citations citations;
    Type type;
    std::vector<Id> parameters;  // variables
    ExprId value = no_expr;
    Id subject = no_id;          // the subject its facts belong to
    Id policy = no_id;           // or no_id for a let of a vocabulary or record
    Span span;
};

struct Period {
    value::Day from = value::first_day;  // both days belong to it
    value::Day to = value::last_day;
};

struct ParameterEntry {
    Period period;             // `to` of an open entry is last_day: a later entry takes over
    std::optional<value::Day> published;
    ExprId value = no_expr;    // a Constant after folding
    Citations citations;
    Span span;
};

struct Parameter {
    std::string name;
    Label label;
    Citations citations;
    Type type;
    std::vector<ParameterEntry> entries;  // by `from`
    Span span;
};

// A cell is a union of intervals of constants; a single value has both ends equal. Codes stand as the
// interval of all codes below them.
struct CellInterval {
    std::optional<Constant> low, high;
    bool lower_open = false, upper_open = false;
};
struct TableCell {
    bool any = false;
    std::vector<CellInterval> intervals;
    std::optional<value::Day> published;
    Span span;
};
struct TableRow {
    bool otherwise = false;
    std::vector<TableCell> cells;   // one an input
    std::vector<ExprId> results;    // one a result column; may read the inputs (variables) and what the table's place can see
    Citations citations;
    Span span;
};
struct Table {
    std::string name;
    Label label;
    Citations citations;
    bool first = false;
    std::vector<Id> inputs;         // variables
    std::vector<std::string> result_names;
    std::vector<Type> result_types;
    std::vector<TableRow> rows;
    Id subject = no_id;             // of the policy or vocabulary it stands in; no_id outside
    Id policy = no_id;
    Span span;
};

struct Clause {
    syntax::ClauseKind kind = syntax::ClauseKind::Require;
    std::uint32_t at_least = 0;
    std::string name;               // its own: "seed"
    std::string path;               // from the top: "stage.seed"
    Label label;
    Citations citations;            // its own, or its group's
    ExprId condition = no_expr;
    syntax::Guard guard_kind = syntax::Guard::None;
    ExprId guard = no_expr;
    Id parent = no_id;
    std::vector<Id> children;
    Span span;
};

struct Benefit {
    std::string name;
    Label label;
    Citations citations;
    Type type;
    ExprId value = no_expr;
    ExprId when = no_expr;
    bool always = false;
    Span span;
};

struct Conflict {
    Id policy = no_id;
    Citations citations;
    Span span;
};

// One declaration of a policy, for one period. Versions of one name lie apart.
struct Version {
    Period in_force;
    ExprId assessed_on = no_expr;
    Label label;
    Label authority;
    std::vector<Conflict> conflicts;
    std::vector<Id> lets;
    std::vector<Clause> clauses;    // all of them, parents before children
    std::vector<Id> top_clauses;
    std::vector<Benefit> benefits;
    Span span;
};

struct Policy {
    std::string name;
    Id subject = no_id;
    std::vector<Version> versions;  // by `from`
    Span span;
};

// A place inside a profile: `revenue[-1]`, `claims[0].paid_in`, `company.employees`.
struct PathStep {
    Id fact = no_id;                          // of the subject reached so far
    std::optional<std::int32_t> year_offset;  // yearly facts
    std::optional<std::uint32_t> element;     // lists, from 0
};
struct Path {
    std::vector<PathStep> steps;
    std::string text;  // as written
    Span span;
};

struct GivenField;  // a record holds fields, a field a value, and a value may hold records
struct GivenRecord {
    std::vector<GivenField> fields;
};
struct GivenValue {
    enum class Form : std::uint8_t { Constant, Unknown, Range, List, Record } form = Form::Unknown;
    Constant constant;                        // Constant
    std::optional<Constant> low, high;        // Range, both ends included
    std::vector<GivenRecord> elements;        // List; Record has exactly one
    Span span;
};
struct GivenField {
    Id fact = no_id;  // of the record
    GivenValue value;
};
struct Given {
    Path path;        // empty steps and is_fiscal_year for `given fiscal_year = 2018`
    bool is_fiscal_year = false;
    GivenValue value;
};

struct Expect {
    syntax::ExpectKind kind = syntax::ExpectKind::Verdict;
    syntax::Verdict verdict = syntax::Verdict::Eligible;
    std::vector<std::string> names;  // Because: clause paths; Needs: fact paths as written; Benefit*: the benefit; ClauseOutcome: the clause
    std::vector<Path> needs;         // Needs, resolved
    std::optional<Constant> low, high;  // BenefitEquals: low; BenefitIn: both ends, an open one is nullopt
    bool none = false;               // BenefitEquals: it has no value
    int outcome = 0;                 // ClauseOutcome: 0 fails, 1 unknown, 2 holds
    Type type;                       // of the benefit
    Span span;
};

struct Scenario {
    std::string title;
    Id policy = no_id;
    value::Day as_of = 0;
    std::optional<value::Day> known_on;
    std::vector<Given> givens;       // those of `like` first, then its own (a later one for the same place wins)
    std::vector<Expect> expects;
    Span span;
};

struct Model {
    std::vector<Expr> exprs;
    std::vector<Variable> variables;
    std::vector<Enumeration> enumerations;
    std::vector<Subject> subjects;
    std::vector<Let> lets;
    std::vector<Parameter> parameters;
    std::vector<Table> tables;
    std::vector<Policy> policies;
    std::vector<Scenario> scenarios;

    [[nodiscard]] const Expr& expr(ExprId id) const { return exprs[id]; }
};

}  // namespace eligo::sema
