// One expression of the Ast -> one expression of the Model: names looked up, kinds and dimensions checked,
// constants folded. A mistake is reported once; the node is then ExprKind::Error and whatever contains it is
// silent. Private to sema.
//
//   expressions.cpp  the doors, literals, and what is not arithmetic
//   references.cpp   names, members, calls: facts, lets, parameters, tables, policies, clauses
//   operators.cpp    arithmetic, comparisons, dimensions
//   builtins.cpp     round, min, max, abs, clamp, and everything that runs over lists and years
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checking.hpp"

namespace eligo::sema {

// Fiscal years are counted from -100 to 100.
inline constexpr std::int32_t farthest_year = 100;

enum class Inside : std::uint8_t { Rule, Default, YearlyDefault };

// From where an expression is read: what its bare names may mean.
struct Place {
    const syntax::File* file = nullptr;
    Id subject = no_id;   // whose facts are readable by their bare names
    Id policy = no_id;
    std::uint32_t version = 0;  // of the policy, where there is one
    std::vector<Id> variables;  // the innermost last
    Inside inside = Inside::Rule;
};

enum class Open : std::uint8_t { No, Yes };  // may `unknown` stand here?

class Expressions {
public:
    Expressions(Checking& checking, Place place) : checking_(checking), place_(std::move(place)) {}

    // A value of any kind but records and lists. `expected` tells what a bare name of a member or a code means;
    // Kind::Error when nothing is known.
    ExprId value(syntax::ExprId id, Type expected = {}, Open open = Open::No);
    // A value that fits a declared type; reported with `name` and the place of its declaration otherwise.
    ExprId fitting(syntax::ExprId id, Type declared, const std::string& name, Span declared_at, Open open = Open::No);
    ExprId condition(syntax::ExprId id);
    // A constant of that very kind, or nothing (reported).
    std::optional<Constant> constant(syntax::ExprId id, Type type, text::Code otherwise);

    [[nodiscard]] Model& model() { return checking_.model; }

private:
    struct Found {
        enum class What : std::uint8_t { Nothing, Variable, Named, Policy } what = What::Nothing;
        Id id = no_id;  // of the variable or policy
        Named named;
    };

    // expressions.cpp
    ExprId any(syntax::ExprId id, Type expected, Open open);
    ExprId dispatch(const syntax::Expr& node, Type expected, Open open);
    ExprId literal(const syntax::Expr& node);
    ExprId unary(const syntax::Expr& node);
    ExprId branches(const syntax::Expr& node, Type expected, Open open);
    ExprId otherwise(const syntax::Expr& node, Type expected);
    ExprId as_of(const syntax::Expr& node);
    ExprId between(const syntax::Expr& node);
    void settle(ExprId id, const Type& type);
    [[nodiscard]] bool fits(ExprId value, const syntax::Expr& node, const Type& declared, const std::string& name, Span declared_at);

    // references.cpp
    ExprId name(const syntax::Expr& node, const syntax::Expr* index, Type expected);
    ExprId member(const syntax::Expr& node, const syntax::Expr* index);
    ExprId indexed(const syntax::Expr& node);
    ExprId call(const syntax::Expr& node, Type expected);
    ExprId call_let(const syntax::Expr& node, Id let, ExprId base);
    ExprId call_table(const syntax::Expr& node, Id table, const syntax::Name* result);
    ExprId call_policy(const syntax::Expr& node, Id policy, const syntax::Name& part, Span span);
    ExprId policy_part(Id policy, ExprId base, const syntax::Name& of, const syntax::Name& part, Span span);
    ExprId named_use(const Named& named, const syntax::Expr& node, const syntax::Expr* index);
    ExprId fact_use(ExprId base, Id subject, Id fact, const syntax::Expr& node, const syntax::Expr* index);
    ExprId let_use(ExprId base, Id let, const syntax::Expr& node, const syntax::Expr* index);
    ExprId member_of(ExprId base, const syntax::Expr& node, const syntax::Expr* index);
    ExprId clause_use(Id clause, Span span);
    std::optional<std::string> clause_path(const syntax::Expr& node) const;
    std::optional<ExprId> member_constant(std::string_view name, const Type& expected, Span span);
    ExprId unknown_name(const syntax::Name& name, const Type& expected);
    std::optional<std::int32_t> constant_year(syntax::ExprId id);
    ExprId year_offset(syntax::ExprId id);
    ExprId no_index(const syntax::Expr& node, const syntax::Name& name);
    [[nodiscard]] Found find(std::string_view name) const;
    [[nodiscard]] Type type_of(const Found& found, Span use);
    [[nodiscard]] bool needs_context(syntax::ExprId id) const;
    [[nodiscard]] std::vector<std::string> names_in_scope() const;

    // operators.cpp
    ExprId binary(const syntax::Expr& node);
    ExprId arithmetic(const syntax::Expr& node);
    ExprId comparison(const syntax::Expr& node);
    ExprId membership(const syntax::Expr& node);
    std::optional<Type> sum_type(ExprId left, ExprId right, syntax::Op op, const syntax::Expr& node);
    std::optional<Type> product_type(ExprId left, ExprId right, const syntax::Expr& node);
    std::optional<Type> quotient_type(ExprId left, ExprId right, const syntax::Expr& node);
    bool comparable(ExprId left, ExprId right, const syntax::Expr& left_node, const syntax::Expr& right_node);
    bool ordered(ExprId value, std::string_view operation, Span span);
    text::Diagnostic& report_operands(text::Code code, ExprId left, ExprId right, std::vector<std::string> arguments,
                                      const syntax::Expr& left_node, const syntax::Expr& right_node);
    void doubt_upper_bound(ExprId months, ExprId bound, bool exceeds, const syntax::Expr& bound_node, Span span);

    // builtins.cpp
    std::optional<ExprId> builtin(const syntax::Expr& node, Type expected);
    ExprId rounding(const syntax::Expr& node, Rounding rounding);
    ExprId extremum(const syntax::Expr& node, ExprKind kind, Type expected);
    ExprId absolute(const syntax::Expr& node);
    ExprId clamp(const syntax::Expr& node);
    ExprId slice_sum(const syntax::Expr& call, const syntax::Expr& slice, syntax::AggregateKind kind);
    ExprId aggregate(const syntax::Expr& node);
    bool aggregate_source(const syntax::Expr& node, Expr& result, Variable& variable);
    bool aggregate_body(syntax::ExprId body, syntax::AggregateKind kind, Expr& result);
    bool years(const syntax::Expr& range, syntax::ExprId low, syntax::ExprId high, Expr& result);
    [[nodiscard]] bool hides_value(std::string_view name) const;
    bool arguments(const syntax::Expr& node, std::string_view name, std::size_t count);

    // shared by all of them
    ExprId add(Expr expr);
    ExprId error(Span span);
    ExprId made(ExprKind kind, Type type, Span span, std::vector<ExprId> args);
    ExprId constant_node(Type type, Span span, Constant constant);
    [[nodiscard]] const syntax::Expr& node(syntax::ExprId id) const { return place_.file->exprs[id]; }
    [[nodiscard]] const Expr& expr(ExprId id) const { return checking_.model.exprs[id]; }
    [[nodiscard]] bool failed(ExprId id) const { return expr(id).type.kind == Kind::Error; }
    [[nodiscard]] std::string written(Span span) const { return std::string(checking_.sources.text(span)); }
    // A plain number as an amount of money would be written: `500万` -> `500万元`; empty when it is no literal.
    [[nodiscard]] std::string as_money(const syntax::Expr& node) const;
    [[nodiscard]] bool plain_number(const syntax::Expr& node) const;
    text::Diagnostic& report(text::Code code, Span span, std::vector<std::string> arguments = {}) {
        return checking_.sink.report(code, span, std::move(arguments));
    }

    Checking& checking_;
    Place place_;
};

// True for kinds that have an order: numbers, money, dates, months, days.
[[nodiscard]] bool has_order(Kind kind);
// The same kind of value, enumeration or classification; whole, percent and yearly apart.
[[nodiscard]] bool same_kind(const Type& a, const Type& b);
// fold.cpp: the value of an operation on constants, where it has one that can be kept.
[[nodiscard]] std::optional<Constant> fold(const Model& model, const Expr& expr);
// The order of two constants of an ordered kind (or two integers of the other kinds).
[[nodiscard]] std::strong_ordering compare_constants(Kind kind, const Constant& a, const Constant& b);

}  // namespace eligo::sema
