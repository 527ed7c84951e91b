// The only door of the syntax folder: text -> Ast.
#pragma once

#include <string>

#include "../text/diagnostic.hpp"
#include "../text/source.hpp"
#include "ast.hpp"

namespace eligo::syntax {

// Parses a whole file. Always returns what could be understood; what could not is reported to the sink, once
// each, and left out or marked Broken, so that later passes can go on without a second message.
[[nodiscard]] File parse(const text::SourceSet& sources, text::FileId file, text::Sink& sink);

// A text that is one expression and nothing else, as a user gives it on the command line. What is wrong with it is told of this
// text; `root` is then Broken.
struct Expression {
    File file;  // holds the expression and no declaration
    ExprId root = no_expr;
};
[[nodiscard]] Expression parse_expression(const text::SourceSet& sources, text::FileId file, text::Sink& sink);

// For goldens: one node a line, indented.
[[nodiscard]] std::string print(const File& file);

}  // namespace eligo::syntax
