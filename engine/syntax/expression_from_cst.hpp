// Expressions and literals of the concrete tree, made into those of the Ast: operators folded, numbers and dates
// read, signs of other languages told. Used by from_cst alone. Tested by syntax_test.cpp.
#pragma once

#include "ast.hpp"
#include "grammar/cst.hpp"

#include "../text/diagnostic.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace eligo::syntax {

class ExpressionMaker {
public:
    ExpressionMaker(const grammar::Tree& tree, std::string_view text, text::FileId file, text::Sink& sink, File& ast)
        : tree_(tree), text_(text), file_(file), sink_(sink), ast_(ast) {}

    // A whole expression, as it stands in an entry.
    ExprId make_whole(grammar::NodeId id);
    ExprId broken(Span span);
    [[nodiscard]] Name name(grammar::NodeId id) const;
    [[nodiscard]] Span span(grammar::NodeId id) const;
    [[nodiscard]] std::string_view text(grammar::NodeId id) const;
    // What stands between the quotes.
    [[nodiscard]] std::string_view unquoted(grammar::NodeId id) const;

private:
    using Children = std::span<const grammar::NodeId>;

    ExprId make(grammar::NodeId id);
    ExprId add(Expr expr);
    [[nodiscard]] const grammar::Node& node(grammar::NodeId id) const { return tree_.nodes[id]; }
    [[nodiscard]] grammar::Kind kind(grammar::NodeId id) const { return tree_.nodes[id].kind; }

    ExprId constant(grammar::NodeId id);
    ExprId number(grammar::NodeId id);
    ExprId quantity(grammar::NodeId id, value::Rational amount, std::string_view unit);
    ExprId unknown_unit(grammar::NodeId id, std::string_view unit);
    ExprId date(grammar::NodeId id);
    ExprId quoted(grammar::NodeId id);
    ExprId bracketed(grammar::NodeId id, Children parts);
    ExprId otherwise(grammar::NodeId id, Children parts);
    bool lacks_brackets(Children parts);
    ExprId binary(Children parts);
    ExprId prefix(grammar::NodeId id, Children parts, Op op);
    ExprId comparison(grammar::NodeId id, Children parts);
    ExprId membership(grammar::NodeId id, Children parts);
    ExprId postfix(Children parts);
    ExprId part(ExprId base, Span whole, grammar::NodeId id);
    ExprId call(grammar::NodeId id, Children parts);
    ExprId aggregate_over(grammar::NodeId id, Children parts, Children arguments);
    ExprId count_of(grammar::NodeId id, grammar::NodeId function, Children arguments);
    ExprId conditional(grammar::NodeId id, Children parts);
    ExprId between(grammar::NodeId id, Children parts);
    ExprId range(grammar::NodeId id, Children parts);
    ExprId record(grammar::NodeId id, Children parts);
    ExprId of_children(grammar::NodeId id, ExprKind kind, Children parts);
    [[nodiscard]] bool is_count_of(grammar::NodeId function, Children arguments) const;

    // The operator as the language writes it; what another language writes is told.
    std::string_view operator_text(grammar::NodeId id);
    void foreign(grammar::NodeId id, std::string_view meant);

    const grammar::Tree& tree_;
    std::string_view text_;
    text::FileId file_;
    text::Sink& sink_;
    File& ast_;
    std::vector<std::uint16_t> heights_;  // one an expression of the file
    bool too_long_told_ = false;
};

}  // namespace eligo::syntax
