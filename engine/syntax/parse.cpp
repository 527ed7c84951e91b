// The pipeline of the folder: text laid out, read into a concrete tree, made into the Ast.
#include "parse.hpp"

#include "from_cst.hpp"
#include "grammar/cst.hpp"
#include "mistakes.hpp"

#include "../text/layout.hpp"

namespace eligo::syntax {

File parse(const text::SourceSet& sources, text::FileId file, text::Sink& sink) {
    const text::Layout layout = text::lay_out(sources, file, sink);
    if (!layout.usable) return {};
    const grammar::Tree tree = grammar::parse_tree(layout.text);
    const std::string_view source = sources.file(file).text();
    for (const grammar::Mistake& mistake : tree.mistakes) tell(mistake, layout.text, source, file, sink);
    return make_ast(tree, layout.text, file, sink);
}

}  // namespace eligo::syntax
