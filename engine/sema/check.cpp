// Ast -> Model: the passes in their order. Each stands in the file that checking.hpp names beside it.
// Tested by sema_test.cpp.
#include "check.hpp"

#include <utility>

#include "checking.hpp"

namespace eligo::sema {

Model check(const std::vector<syntax::File>& files, const text::SourceSet& sources, text::Sink& sink) {
    Checking checking{files, sources, places_of_errors(sink), sink.beside()};
    declare_names(checking);
    check_look_alikes(checking);
    check_structure(checking);
    check_periods(checking);
    check_facts(checking);
    check_rules(checking);
    check_table_bodies(checking);
    check_cycles(checking);
    check_unused(checking);
    check_scenarios(checking);
    tell(checking, sink);
    return std::move(checking.model);
}

}  // namespace eligo::sema
