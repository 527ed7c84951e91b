#include "profile.hpp"

namespace eligo::vm {
namespace {

Cell empty_cell(const bytecode::Fact& fact) {
    if (fact.default_kind != bytecode::DefaultKind::Constant) return {};
    return {fact.default_value, fact.default_value, CellState::Assumed};
}

}  // namespace

Row empty_row(const bytecode::Pack& pack, bytecode::Index subject) {
    const auto& columns = pack.subjects[subject].columns;
    Row row;
    row.years.resize(columns.size());
    row.lists.resize(columns.size());
    row.cells.reserve(columns.size());
    for (const auto& column : columns) row.cells.push_back(empty_cell(pack.subjects[column.subject].facts[column.fact()]));
    return row;
}

Profile empty_profile(const bytecode::Pack& pack, bytecode::Index subject) {
    Profile profile;
    profile.pack = &pack;
    profile.subject = subject;
    profile.row = empty_row(pack, subject);
    return profile;
}

Cell cell_of(const bytecode::Pack& pack, bytecode::Index subject, const Row& row, bytecode::Index column, std::int32_t year) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()].yearly ? cell_in_year(row, column, year) : row.cells[column];
}

}  // namespace eligo::vm
