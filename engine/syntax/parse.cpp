// The pipeline of the folder: text laid out, read into a concrete tree, made into the Ast.
#include "parse.hpp"

#include "from_cst.hpp"
#include "grammar/cst.hpp"
#include "mistakes.hpp"

#include "../text/layout.hpp"

namespace eligo::syntax {

namespace {

// A step is eight bytes.
grammar::Progress progress_of(text::Sink& sink) {
    return [&sink](std::size_t bytes) { sink.spend(1 + bytes / 8); };
}

void tell_all(const grammar::Tree& tree, const text::Layout& layout, const text::SourceSet& sources, text::FileId file, text::Sink& sink) {
    for (const grammar::Mistake& mistake : tree.mistakes) tell(mistake, layout.text, sources.file(file).text(), file, sink);
}

}  // namespace

File parse(const text::SourceSet& sources, text::FileId file, text::Sink& sink) {
    const text::Layout layout = text::lay_out(sources, file, sink);
    if (!layout.usable) return {};
    const grammar::Tree tree = grammar::parse_tree(layout.text, progress_of(sink));
    tell_all(tree, layout, sources, file, sink);
    return make_ast(tree, layout.text, file, sink);
}

Expression parse_expression(const text::SourceSet& sources, text::FileId file, text::Sink& sink) {
    Expression made;
    const text::Layout layout = text::lay_out(sources, file, sink);
    if (layout.usable) {
        const grammar::Tree tree = grammar::parse_expression_tree(layout.text, progress_of(sink));
        tell_all(tree, layout, sources, file, sink);
        made.root = make_expression(tree, layout.text, file, sink, made.file);
    } else {
        made.file.exprs.push_back({.span = {file, 0, static_cast<std::uint32_t>(layout.text.size())}});
        made.root = 0;
    }
    return made;
}

}  // namespace eligo::syntax
