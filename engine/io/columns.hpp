// Which fact the cells of a column give: by the fact's name, or by its label in either language. What a person wrote at
// the head of a column is seldom exactly the label, so brackets, blanks and the place of the year do not matter.
// Tested by table_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "problem.hpp"
#include "unit.hpp"

namespace eligo::io {

enum class TargetKind : std::uint8_t {
    None,        // no fact
    LeftOut,     // the map says that it is none
    CompanyId,
    FiscalYear,
    Value,       // of a fact
    NeedsYear,   // a yearly fact, but no year is said
    NoYear,      // a year is said, but the fact has none
    BadYear,
    List,        // a list: its elements come from elsewhere
    NeedsUnit,   // the head says a unit other than the fact's, and the map does not
    WrongUnit,   // no value of the fact is in this unit
    TwoUnits,    // the head says one, the map another
};

struct Target {
    TargetKind kind = TargetKind::None;
    bytecode::Index column = bytecode::none;  // of the subject
    std::int32_t year = 0;                    // yearly facts
    const ColumnUnit* unit = nullptr;         // that its values are in, where that is not the fact's own; or that something is wrong with
    friend bool operator==(const Target&, const Target&) = default;
};

// Names of columns -> names of facts ("销售额2015" -> "revenue.2015"), and the unit that they are in; an empty fact leaves the column out.
struct MappedColumn {
    std::string fact;
    std::string unit;  // as labels are compared; empty for the fact's own
};
using ColumnMap = std::map<std::string, MappedColumn, std::less<>>;
// A CSV of two columns or three: the column of the table, the fact, the unit. Nothing, and problems, when it cannot be read.
[[nodiscard]] std::optional<ColumnMap> read_column_map(const std::string& path, std::vector<Problem>& problems);

class ColumnFinder {
public:
    ColumnFinder(const bytecode::Pack& pack, bytecode::Index subject, ColumnMap map);
    [[nodiscard]] Target find(std::string_view name) const;
    // "revenue.2015", the way the target is written; empty for no fact.
    [[nodiscard]] std::string key_of(const Target& target) const;
    // Why nothing can begin with a column of this name that is to give this, and what to write; nothing where it can, or where that is
    // not a question of the year or the unit.
    struct Mistake {
        ProblemKind kind = ProblemKind::BadPlace;
        std::string chinese, english;
    };
    [[nodiscard]] std::optional<Mistake> mistake_of(const Target& target, std::string_view name) const;
    // The fact whose name is nearest, with the year that was said; empty when none is near.
    [[nodiscard]] std::string nearest(std::string_view name) const;

private:
    [[nodiscard]] Target by_name(std::string_view name) const;
    [[nodiscard]] Target by_label(std::string_view name) const;
    [[nodiscard]] Target by_either(std::string_view name) const;
    [[nodiscard]] Target with_unit(Target target, const ColumnUnit* head, const ColumnUnit* mapped) const;
    [[nodiscard]] Target target_of(bytecode::Index column, std::string_view year) const;

    const bytecode::Pack& pack_;
    bytecode::Index subject_;
    ColumnMap map_;
    std::map<std::string, bytecode::Index, std::less<>> names_, labels_;
};

}  // namespace eligo::io
