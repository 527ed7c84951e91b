// Which facts the chosen policies read on the day that is asked about: what must be taken out of a table, and nothing else.
// Tested by screen_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/run.hpp"

namespace eligo::screen {

struct ListNeed {
    bytecode::Index column = bytecode::none;  // of the subject
    bytecode::Index element = bytecode::none;
    std::vector<bytecode::Index> fields;      // columns of the element's subject
};

struct Needs {
    bytecode::Index subject = bytecode::none;
    std::vector<bytecode::Index> policies;
    vm::Question question;
    std::vector<bytecode::Index> columns;     // of the subject, ascending; without lists
    std::vector<std::vector<std::int32_t>> year_offsets;  // one a column: counted from the fiscal year; empty when not yearly
    std::vector<ListNeed> lists;

    [[nodiscard]] bool reads(bytecode::Index column) const;
    [[nodiscard]] const ListNeed* list(bytecode::Index column) const;
};

// `further` are columns that are wanted for other reasons, such as groups of a report.
[[nodiscard]] Needs needs_of(const bytecode::Pack& pack, bytecode::Index subject, std::span<const bytecode::Index> policies, const vm::Question& question,
                             std::span<const bytecode::Index> further = {});

[[nodiscard]] const bytecode::Fact& fact_of(const bytecode::Pack& pack, bytecode::Index subject, bytecode::Index column);
// Whether a version may be in force on the day; of one that asks another day than the as-of date, it may.
[[nodiscard]] bool may_be_in_force(const bytecode::Pack& pack, bytecode::Index subject, const bytecode::Version& version, const vm::Question& question);

}  // namespace eligo::screen
