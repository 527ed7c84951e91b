// Units that columns of a table are in, as offices write them at the head of a column or in a map: 万元, %, 年. A unit is never passed
// over: it is the fact's own, or the map says it, or the column is refused. Tested by unit_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "../bytecode/pack.hpp"

namespace eligo::io {

struct ColumnUnit {
    enum class Of : std::uint8_t { Money, Anything, Count, Share, Time, Foreign };
    std::string_view name;      // as labels are compared: plain signs, no blanks, small letters
    Of of{};
    std::int64_t numerator = 1, denominator = 1;  // of the fact's own unit; of Time, in months, or in days where it is less than a month
    bool is_days = false;
};

// By its name, in the way labels are compared; nothing when it is none.
[[nodiscard]] const ColumnUnit* find_unit(std::string_view name);

// The unit at the head of a column and what is left without it: `营业收入(万元)`, `2017年营业收入(万元)`, `营业收入/万元`, `营业收入万元`.
// The name is one as labels are compared.
struct NameAndUnit {
    std::string name;
    const ColumnUnit* unit = nullptr;
};
[[nodiscard]] std::optional<NameAndUnit> split_unit(std::string_view name);

// What values in a unit are to a fact.
enum class UnitFits : std::uint8_t {
    Own,        // its own unit
    Converted,  // a multiple of it
    NoUnit,     // the word is none where such a fact is meant
    Not,        // no value of such a fact
};
[[nodiscard]] UnitFits fits(const ColumnUnit& unit, const bytecode::Fact& fact);

// A number or a range of numbers in a unit, in the fact's own. Nothing when it is none, or says another unit itself.
[[nodiscard]] std::optional<std::string> in_own_unit(std::string_view text, const ColumnUnit& unit, const bytecode::Fact& fact);

}  // namespace eligo::io
