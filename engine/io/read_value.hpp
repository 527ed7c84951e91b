// From the text of a cell to a value, exactly as vm::read_cell reads it, but faster where the text is of the plain kind
// that nearly every cell is: digits with a point, a date, a truth, a member's name, a code. Whatever is anything else, or
// wrong, is left to vm::read_cell, which also says what is wrong with it.
// Tested by table_test.cpp, against vm::read_cell.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/profile_set.hpp"

namespace eligo::io {

class ValueReader {
public:
    ValueReader(const bytecode::Pack& pack, const bytecode::Fact& fact);
    // `texts` as in vm::read_cell.
    [[nodiscard]] std::optional<vm::Problem> read(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell);

private:
    [[nodiscard]] bool read_digits(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_date(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool read_known(std::string_view text, vm::Cell& cell) const;
    [[nodiscard]] bool within(std::int64_t value, vm::Cell& cell) const;

    const bytecode::Pack& pack_;
    const bytecode::Fact& fact_;
    int decimals_ = -1;  // of the unit, when it is 1 / 10^decimals
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };
    // Members and codes that were met, which are few: their numbers are found once.
    std::unordered_map<std::string, std::int64_t, Hash, std::equal_to<>> met_;
};

}  // namespace eligo::io
