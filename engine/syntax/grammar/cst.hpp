// The concrete tree: what the grammar saw, token by token and rule by rule, before anything is understood.
// It is private to the syntax folder; from_cst turns it into the Ast. No header of Boost is needed to read it.
//
// Nodes lie in one vector in post-order: a node comes behind its children. That lets the grammar take back what
// a failed alternative has built by cutting the vector off, and costs one allocation for the whole tree.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace eligo::syntax::grammar {

enum class Kind : std::uint8_t {
    // Leaves
    Name, Number, Date, Text, Citation, Constant, Operator, Word, Flag, Count,
    // Expressions; a chain stands only where there is more than one operand
    Otherwise, Binary, Not, Compare, Negate, AsOf, Postfix, MemberPart, IndexPart, Call, Arguments, ForPart, WherePart,
    Bracketed, If, Between, Range, Set, List, Record, FieldValue,
    // Parts of declarations
    Label, Type, Member, UpTo, InRange, Default, Published, Guard, When, Parameters, LetParameter, Results, Result,
    CellComparison, Cell, AsOfDate, KnownOn, Like, Verdict, Because, Needs, Outcome,
    // Entries: what recovery keeps apart, broken or whole
    Import, Source, Vocabulary, RecordDeclaration, Field, Let, Parameter, ParameterEntry, Table, Header, Row, Policy,
    Authority, InForce, AssessedOn, Conflict, Clause, Benefit, Scenario, Section, Given, Expect, File,
};

using NodeId = std::uint32_t;

struct Node {
    Kind kind = Kind::File;
    bool broken = false;      // an error was told inside; children may be missing, and pieces left over
    std::uint32_t begin = 0;  // bytes of the text
    std::uint32_t end = 0;
    NodeId first = 0;  // where the vector of nodes stood when this node began: its descendants are [first, itself)
};

// What the grammar looked for and did not find.
enum class Missing : std::uint8_t {
    EndOfEntry,     // something is left over behind an entry; a comma may not follow
    EndOfItem,      // the same where commas separate
    EndOfText,      // behind an expression that is the whole text
    Sign,           // a sign or a word; `sign` says which
    Name,
    ClauseName,
    Condition,      // of a clause
    Expression,
    Type,
    Text,
    Date,
    Count,
    Range,          // behind `in` of a field
    Period,
    RangeOrSet,     // behind `in` of a condition
    TableHeader,
    Expectation,    // behind `expect`
    ExpectedValue,  // behind a path in an `expect`
    Given,
    ClosingBrace,   // `at` is the opening one
    OpeningBrace,   // a closing brace that nothing opened
    Declaration, PolicyEntry, SubjectEntry, ScenarioEntry,  // an unknown word at the beginning of an entry
    Shallowness,    // nested too deep
};

struct Mistake {
    Missing missing = Missing::Sign;
    std::string_view sign;         // for Sign, and the kept word for unknown words at the beginning of an entry
    std::uint32_t after = 0;       // where the token before ends
    std::uint32_t at = 0;          // where the next token begins
    std::uint32_t entry = 0;       // where the entry begins in which it happened
};

struct Tree {
    std::vector<Node> nodes;  // the last one is the File
    std::vector<Mistake> mistakes;

    // The children of a node, in the order of the text.
    [[nodiscard]] std::vector<NodeId> children(NodeId node) const;
};

// Told of every few bytes that were read, entry by entry; what it throws ends the reading.
using Progress = std::function<void(std::size_t bytes)>;

// Reads a text as it was laid out by text/layout. Throws nothing of its own; time is linear in the text.
[[nodiscard]] Tree parse_tree(std::string_view text, const Progress& progress);
// The same for a text that is one expression: the File is the expression's parent, and broken unless there is nothing else.
[[nodiscard]] Tree parse_expression_tree(std::string_view text, const Progress& progress);

// Brackets, braces, `not`, `-` and `if` within each other; deeper ones are refused, so that nothing overflows.
inline constexpr int deepest_nesting = 100;

}  // namespace eligo::syntax::grammar
