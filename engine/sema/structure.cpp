// What every policy must have to be told to a person: labels, citations, groups that can be met, benefits of one
// type throughout. Tested by sema_test.cpp.
#include "checking.hpp"

namespace eligo::sema {

using text::Code;

namespace {

bool is_group(syntax::ClauseKind kind) {
    return kind == syntax::ClauseKind::AllOf || kind == syntax::ClauseKind::AnyOf || kind == syntax::ClauseKind::AtLeast;
}

void check_clause(Checking& checking, const Clause& clause, const syntax::Clause& written) {
    if (clause.name.empty() || broken_within(checking, written.span)) return;
    if (!clause.label.exists()) checking.sink.report(Code::clause_without_label, clause.span, {clause.path});
    if (clause.citations.empty()) checking.sink.report(Code::clause_without_citation, clause.span, {clause.path});
    if (!is_group(clause.kind)) return;
    if (clause.children.empty()) {
        checking.sink.report(Code::empty_group, clause.span, {clause.path});
        return;
    }
    if (clause.kind != syntax::ClauseKind::AtLeast) return;
    const std::string wanted = value::to_string(written.at_least), present = std::to_string(clause.children.size());
    if (written.at_least == 0) checking.sink.report(Code::at_least_zero, clause.span, {clause.path});
    if (written.at_least > static_cast<value::Int128>(clause.children.size())) checking.sink.report(Code::at_least_too_many, clause.span, {wanted, present});
}

}  // namespace

void check_structure(Checking& checking) {
    for (std::size_t policy = 0; policy < checking.versions.size(); ++policy)
        for (std::size_t number = 0; number < checking.versions[policy].size(); ++number) {
            const Version& version = checking.model.policies[policy].versions[number];
            const VersionOrigin& origin = checking.versions[policy][number];
            for (std::size_t i = 0; i < version.clauses.size(); ++i) check_clause(checking, version.clauses[i], *origin.clauses[i]);
        }
}

}  // namespace eligo::sema
