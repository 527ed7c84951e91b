// What was written, as plain data: one node for one thing in the source, names still unresolved.
// Nothing of Boost reaches this header. Expressions live in one arena per file, children by number.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../text/source.hpp"
#include "../value/date.hpp"
#include "../value/rational.hpp"
#include "../value/truth.hpp"

namespace eligo::syntax {

using text::Span;

struct Name {
    std::string text;  // empty when it was left out or broken
    Span span;
};

// "…" | "…": Chinese first, English after the bar. One text alone is Chinese when it holds a Han character, else
// English; it then stands for both.
struct Label {
    std::string chinese, english;
    Span span;  // does not exist when there is no label
    [[nodiscard]] bool exists() const { return span.exists(); }
};

// `@ measures 11(1)` or `@ "财税〔2018〕99号 一"`: raw is what follows the @, trimmed, without the quotes.
struct Citation {
    std::string raw;
    bool quoted = false;
    Span span;
};

using ExprId = std::uint32_t;
inline constexpr ExprId no_expr = ~ExprId{0};

enum class ExprKind : std::uint8_t {
    Broken,     // recovered from a syntax error: say nothing more about it
    Bool,       // boolean
    Number,     // number, unit
    Date,       // date
    Duration,   // number (whole), unit Months or Days ("3 years" is 36 months: years = true)
    Text,       // name.text
    Unknown,    // `unknown`
    None,       // `none` only in an `expect`: a benefit has no value
    Name,       // name: fact, let, parameter, member, clause, policy, code, as_of
    Member,     // args[0] . name: c.paid_in, technology_sme.eligible, rd_floor(x).low
    Call,       // name(args...): let function, table, policy of a record, round, min, max, abs, clamp, year-slice sum
    Index,      // args[0] [ args[1] ]: revenue[-1], year_end[0], claims[1] in scenarios
    Slice,      // args[0] [ args[1] .. args[2] ]: revenue[-3..-1], only inside sum(), min(), max(), count-like calls
    Unary,      // op args[0]
    Binary,     // args[0] op args[1]
    In,         // args[0] in args[1] (Range or Set)
    Range,      // args[0] .. args[1]; an open end is no_expr; lower_open: `<..`, upper_open: `..<`
    Set,        // { args... }
    If,         // args[0], args[1], args[2]
    Otherwise,  // args[0] otherwise args[1] (the latter may be Unknown)
    AsOf,       // args[0] as of args[1]
    Between,    // months/days from args[0] to args[1]; unit says which
    Aggregate,  // aggregate( args[0] for variable in args[1] where args[2] ); count( variable in args[1] where args[2] )
                // has args[0] == no_expr; without where args[2] == no_expr; args[1] is a Name/Member (list) or a Range (years)
    List,       // [ args... ] of Record, in scenarios
    Record,     // { field = value, ... }: fields[i] = args[i], in scenarios
};

enum class Unit : std::uint8_t { None, Percent, Permille, Money, Months, Days };
enum class Op : std::uint8_t { Add, Subtract, Multiply, Divide, Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual, And, Or, Not, Negate };
enum class AggregateKind : std::uint8_t { Sum, Count, Any, All, Min, Max };

struct Expr {
    ExprKind kind = ExprKind::Broken;
    Span span;     // the whole expression, brackets around it not included
    Span op_span;  // the operator, keyword or function name
    std::vector<ExprId> args;
    Name name;
    std::vector<Name> fields;
    value::Rational number;  // percent and magnitude worked in: 75% is 3/4, 500万元 is 5000000
    Unit unit = Unit::None;
    Op op = Op::Add;
    AggregateKind aggregate = AggregateKind::Sum;
    Name variable;
    value::Day date = 0;
    bool boolean = false;
    bool years = false;
    bool lower_open = false, upper_open = false;
    bool bracketed = false;  // stood in ( )
};

struct EnumMember {
    Name name;
    Label label;
};

enum class TypeKind : std::uint8_t { Broken, Bool, Int, Number, Percent, Money, Date, Months, Days, Text, OneOf, Code, List, Named };

struct TypeRef {
    TypeKind kind = TypeKind::Broken;
    bool yearly = false;
    Name name;                        // Code: classification; List: record; Named: vocabulary or record
    std::vector<EnumMember> members;  // OneOf
    std::optional<value::Int128> up_to;  // List
    Span span;
};

struct LetParameter {
    Name name;
    TypeRef type;        // kind Broken with no span when left out (table parameters)
};

struct Let {
    Name name;
    std::vector<LetParameter> parameters;
    bool is_function = false;
    ExprId value = no_expr;
    Label label;
    std::vector<Citation> citations;
    Span span;
};

enum class Change : std::uint8_t { Workable, Fixed, Rising };

struct Field {
    Name name;
    TypeRef type;
    ExprId range = no_expr;          // a Range
    ExprId default_value = no_expr;  // may be or contain Unknown
    Change change = Change::Workable;
    Label label;
    std::vector<Citation> citations;
    Span span;
};

struct Source {
    Name name;
    std::string title;
    Span span;
};

struct ParameterEntry {
    ExprId period = no_expr;  // a Range of dates; an open upper end holds until the next entry begins
    std::optional<value::Day> published;
    ExprId value = no_expr;
    std::vector<Citation> citations;
    Span span;
};

struct Parameter {
    Name name;
    TypeRef type;
    Label label;
    std::vector<Citation> citations;
    std::vector<ParameterEntry> entries;
    Span span;
};

struct TableCell {
    bool any = false;         // `-`
    ExprId condition = no_expr;  // a constant, a Range or a Set
    std::optional<value::Day> published;
    Span span;
};

struct TableRow {
    bool otherwise = false;  // `otherwise | result`: no cells
    std::vector<TableCell> cells;
    std::vector<ExprId> results;
    std::vector<Citation> citations;
    Span span;
};

struct TableResult {
    Name name;  // empty for a single unnamed result
    TypeRef type;
};

struct Table {
    Name name;
    std::vector<LetParameter> parameters;
    std::vector<TableResult> results;
    bool first = false;
    Label label;
    std::vector<Citation> citations;
    std::vector<Name> header;  // one name a column, inputs then results
    std::vector<TableRow> rows;
    Span span;
};

enum class ClauseKind : std::uint8_t { Require, Exclude, AllOf, AnyOf, AtLeast };
enum class Guard : std::uint8_t { None, When, Unless };

struct Clause {
    ClauseKind kind = ClauseKind::Require;
    value::Int128 at_least = 0;
    Name name;
    ExprId condition = no_expr;
    Guard guard_kind = Guard::None;
    ExprId guard = no_expr;
    Label label;
    std::vector<Citation> citations;
    std::vector<Clause> children;
    Span span;
};

struct Benefit {
    Name name;
    TypeRef type;
    ExprId value = no_expr;
    ExprId when = no_expr;
    bool always = false;
    Label label;
    std::vector<Citation> citations;
    Span span;
};

struct Conflict {
    Name policy;
    std::vector<Citation> citations;
    Span span;
};

struct Subject {  // vocabulary or record
    bool is_record = false;
    Name name;
    Label label;
    std::vector<Field> fields;
    std::vector<Let> lets;
    Span span;
};

struct Policy {
    Name name;
    Name subject;
    Label label;
    Label authority;
    std::vector<Source> sources;
    ExprId in_force = no_expr;  // a Range of dates
    Span in_force_span;
    ExprId assessed_on = no_expr;
    std::vector<Conflict> conflicts;
    std::vector<Let> lets;
    std::vector<Table> tables;
    std::vector<Parameter> parameters;
    std::vector<Clause> clauses;
    std::vector<Benefit> benefits;
    Span span;
};

struct Given {
    ExprId path = no_expr;   // Name, Member, Index combinations
    ExprId value = no_expr;  // constant, Unknown, Range, List, Record
    Span span;
};

enum class ExpectKind : std::uint8_t { Verdict, Because, Needs, BenefitEquals, BenefitIn, ClauseOutcome };
enum class Verdict : std::uint8_t { Eligible, Ineligible, Undetermined, NotInForce };

struct Expect {
    ExpectKind kind = ExpectKind::Verdict;
    Verdict verdict = Verdict::Eligible;
    ExprId subject = no_expr;        // the benefit's name
    std::vector<ExprId> paths;       // clauses of `because`, facts of `needs`
    ExprId value = no_expr;          // constant, None, or a Range
    value::Truth outcome = value::Truth::Unknown;  // ClauseOutcome: holds, fails or unknown
    Span span;
};

struct Scenario {
    std::string title;
    Span title_span;
    Name policy;
    ExprId as_of = no_expr;  // a Date
    ExprId known_on = no_expr;
    std::string like;
    Span like_span;
    std::vector<Given> givens;
    std::vector<Expect> expects;
    Span span;
};

struct Import {
    std::string path;  // relative to the importing file
    Span span;
};

struct File {
    std::vector<Expr> exprs;
    std::vector<Import> imports;
    std::vector<Source> sources;
    std::vector<Subject> subjects;
    std::vector<Parameter> parameters;
    std::vector<Table> tables;
    std::vector<Let> lets;  // a `let` outside everything is a mistake sema tells; kept so that it can be told
    std::vector<Policy> policies;
    std::vector<Scenario> scenarios;

    [[nodiscard]] const Expr& expr(ExprId id) const { return exprs[id]; }
};

}  // namespace eligo::syntax
