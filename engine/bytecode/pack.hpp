// A compiled pack as data: what the compiler makes, image.cpp writes and reads, verify.cpp accepts or refuses, the
// engines run, and explain/ turns into reasons. Standard library only; texts stand once, in `strings`.
//
// Every number is a whole multiple of a unit that the compiler knows: money facts count fen (unit 1/100
// yuan), a ratio's register may count fifths of a fen. Dates are day numbers since 1970-01-01.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../value/date.hpp"
#include "../value/int128.hpp"
#include "limits.hpp"
#include "opcode.hpp"

namespace eligo::bytecode {

using Index = std::uint32_t;
inline constexpr Index none = ~Index{0};
using Register = std::uint16_t;
inline constexpr Register no_register = 0xFFFF;

struct Instruction {
    Opcode opcode{};
    std::uint16_t a = 0, b = 0, c = 0;
    friend bool operator==(const Instruction&, const Instruction&) = default;
};
static_assert(sizeof(Instruction) == 8);

struct Label {
    Index chinese = none, english = none;  // strings
};

// A positive rational: the value of 1 in a register, in yuan for money.
struct Unit {
    std::int64_t numerator = 1, denominator = 1;
    friend bool operator==(const Unit&, const Unit&) = default;
};

enum class Kind : std::uint8_t { Bool, Number, Money, Date, Months, Days, Text, Enum, Code, Record, List };
// Money is written with its fen, and with more decimals where it has more.
[[nodiscard]] constexpr int least_decimals(Kind kind) { return kind == Kind::Money ? 2 : 0; }
enum class Change : std::uint8_t { Workable, Fixed, Rising };

struct EnumMember {
    Index name = none;
    Label label;
};
struct Enumeration {
    std::vector<EnumMember> members;  // an enum fact holds the number of its member
};

enum class DefaultKind : std::uint8_t { None, Constant, Computed };

struct Fact {
    Index name = none;
    Label label;
    Kind kind = Kind::Bool;
    bool whole = false, percent = false, yearly = false;
    Index ref = none;              // Enum: enumeration; Code: classification; Record, List: subject
    Unit unit;                     // of the number a profile holds
    std::int64_t low = 0, high = 0;  // what a given value must lie within, both included, in units
    Index low_fact = none, high_fact = none;  // facts of the same subject (and year) that bound it further
    DefaultKind default_kind = DefaultKind::None;
    std::int64_t default_value = 0;  // Constant, in units
    Index up_to = 0;               // List: the most elements
    Change change = Change::Workable;
};

// A leaf a profile can hold a value for: a fact of the subject, or of a record the subject has (by way of
// record facts). Lists are leaves too; their elements are rows of the element's own subject.
struct Column {
    std::vector<Index> path;  // facts, each of the subject reached so far; the last is the leaf
    Index name = none;        // "revenue", "company.revenue"
    Index subject = none;     // that the leaf fact belongs to
    [[nodiscard]] Index fact() const { return path.back(); }
};

// An input of a program: a column, in a year counted from the fiscal year when it is yearly.
struct Slot {
    Index column = none;
    std::int32_t year_offset = 0;
    friend bool operator==(const Slot&, const Slot&) = default;
};

struct ListInput {
    Index column = none;               // of the program's subject
    Index element = none;              // the elements' subject
    std::vector<Slot> fields;          // columns of the element's subject
};

// Both ends are the same, but for what is `otherwise unknown`. An interval whose low lies above its high is empty
// and stands only where a table's rows are tried one after another.
struct Constant {
    std::int64_t low = 0, high = 0;
    friend bool operator==(const Constant&, const Constant&) = default;
};
struct WideConstant {
    value::Int128 low = 0, high = 0;
    friend bool operator==(const WideConstant&, const WideConstant&) = default;
};
struct Set {
    std::vector<Constant> intervals;  // ascending, apart from each other
    friend bool operator==(const Set&, const Set&) = default;
};

// An entry holds from `from` to `to`, both included; where several do, the one that begins last.
struct ParameterEntry {
    value::Day from = 0, to = 0;
    value::Day published = 0;         // value::first_day when the source does not say
    std::int64_t value = 0;
    std::vector<Index> citations;     // strings
};
struct Parameter {
    Index name = none;
    Label label;
    Kind kind = Kind::Number;
    bool percent = false;
    Index ref = none;
    Unit unit;
    std::vector<ParameterEntry> entries;  // by `from`
    std::int64_t low = 0, high = 0;   // the least and the greatest value
};

// The code of one subject: everything its policies ask, each thing once.
struct Program {
    std::vector<Instruction> code;
    std::vector<Slot> slots;
    std::vector<ListInput> lists;
    std::vector<Constant> constants;
    std::vector<WideConstant> wide_constants;
    std::vector<Set> sets;
};

// A value that people are shown: value, or value / denominator, of a unit; perhaps only where `defined`.
struct Measure {
    Register value = no_register;
    Register denominator = no_register;
    Register defined = no_register;
    Unit unit;
    Kind kind = Kind::Bool;
    bool whole = false, percent = false;
    Index ref = none;  // Enum, Code
};

// Something a clause reads, by the name it has in the source.
struct Reading {
    Index name = none;       // "employees", "revenue", "rd_ratio"
    bool is_let = false;
    std::int32_t year_offset = 0;  // yearly facts: the answer names the year, "revenue.2015"
    bool yearly = false;
    Label label;
    Measure measure;
    Index slot = none;       // facts of the subject itself: its input
};

enum class Relation : std::uint8_t { Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual };

// A comparison a clause makes: what is measured, how it is compared, the threshold.
struct Comparison {
    Index left_text = none, right_text = none;  // as written
    Label left_label;                           // of the let or fact measured, when it is one
    Measure left, right;
    Relation relation = Relation::Equal;
    Register outcome = no_register;
};

// A policy that a clause asks of each element of a list: its clauses are told below the clause.
struct Question {
    Index policy = none;
    Index list = none;  // of the program's lists
};

enum class ClauseKind : std::uint8_t { Require, Exclude, AllOf, AnyOf, AtLeast };
enum class Guard : std::uint8_t { None, When, Unless };

struct Clause {
    ClauseKind kind = ClauseKind::Require;
    Guard guard_kind = Guard::None;
    std::uint32_t at_least = 0;
    Index name = none, path = none;  // "seed", "stage.seed"
    Label label;
    std::vector<Index> citations;
    Index parent = none;             // clauses of the same version
    std::vector<Index> children;
    Register outcome = no_register;  // told from the subject's side: 1 holds
    Register guard = no_register;    // whether it is asked at all (when), or not (unless)
    std::vector<Reading> readings;
    std::vector<Comparison> comparisons;
    std::vector<Question> questions;
};

struct Benefit {
    Index name = none;
    Label label;
    std::vector<Index> citations;
    bool always = false;
    Register when = no_register;  // nothing: no condition of its own
    Measure measure;              // never a quotient, always defined
};

struct Conflict {
    Index policy = none;
    std::vector<Index> citations;
};

// The most that a check of a version costs: bounds.hpp says what is counted.
struct Bounds {
    std::uint64_t instructions = 0;
    std::uint64_t words = 0;
    friend bool operator==(const Bounds&, const Bounds&) = default;
};

struct Version {
    value::Day from = 0, to = 0;      // in force, both days included
    Register day = no_register;       // the day it asks its date questions of
    Register in_force = no_register;
    Register verdict = no_register;   // 1 eligible, 0 ineligible
    Label label, authority;
    std::vector<Clause> clauses;      // parents before children
    std::vector<Index> top_clauses;
    std::vector<Benefit> benefits;
    std::vector<Reading> lets;        // labelled lets, in the order of the source
    std::vector<Conflict> conflicts;
    Bounds bounds;                    // proved: verify.cpp works them out again
};

struct Policy {
    Index name = none;
    Index subject = none;
    std::vector<Version> versions;    // by `from`
};

struct Subject {
    Index name = none;
    Label label;
    bool is_record = false;
    std::vector<Fact> facts;
    std::vector<Column> columns;
    Program program;
};

struct Pack {
    std::vector<std::string> strings;
    std::vector<Enumeration> enumerations;
    std::vector<Parameter> parameters;
    std::vector<Subject> subjects;
    std::vector<Policy> policies;
    std::vector<Index> texts;         // strings that text facts are compared with: text number i is texts[i]

    [[nodiscard]] const std::string& string(Index index) const { return strings[index]; }
};

}  // namespace eligo::bytecode
