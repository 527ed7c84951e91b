// From the concrete tree to the Ast. Used by parse.cpp alone. Tested by syntax_test.cpp.
#pragma once

#include "ast.hpp"
#include "grammar/cst.hpp"

#include "../text/diagnostic.hpp"

#include <string_view>

namespace eligo::syntax {

// `text` is the laid-out text from which the tree was read. Errors that take two nodes to see are reported here;
// what the grammar marked broken has been reported and is passed on as Broken, in silence.
[[nodiscard]] File make_ast(const grammar::Tree& tree, std::string_view text, text::FileId file, text::Sink& sink);
// The same for the tree of an expression alone, whose expressions become those of `ast`.
[[nodiscard]] ExprId make_expression(const grammar::Tree& tree, std::string_view text, text::FileId file, text::Sink& sink, File& ast);

}  // namespace eligo::syntax
