// Rows made up from a pack alone, whatever its facts are: nothing said, nothing known, all at one end, ranges, by chance. As profiles
// and as a batch of columns. Used by readers.cpp.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <vector>

#include "../../engine/bytecode/pack.hpp"
#include "../../engine/columnar/batch.hpp"
#include "../../engine/vm/profile.hpp"

namespace eligo::oracle {

inline constexpr std::int32_t made_year = 2018;  // of the day that is asked about

// Those of `known` have a value for every fact, and for every year that is likely to be asked for.
struct MadeRow {
    vm::Profile profile;
    bool known = false;
};
[[nodiscard]] std::vector<MadeRow> made_rows(const bytecode::Pack& pack, bytecode::Index subject, std::uint64_t seed);

// The rows as columns, which own what they point to.
class RowBatch {
public:
    RowBatch(const bytecode::Pack& pack, bytecode::Index subject, const std::vector<const vm::Row*>& rows);
    [[nodiscard]] const columnar::Batch& batch() const { return batch_; }

private:
    void add_column(bytecode::Index column, std::int32_t year, const std::vector<vm::Cell>& cells);
    void add_list(const bytecode::Pack& pack, bytecode::Index column, bytecode::Index element, const std::vector<const vm::Row*>& rows);
    [[nodiscard]] columnar::Bits bits_of(const std::vector<vm::Cell>& cells, vm::CellState state);

    columnar::Batch batch_;
    std::deque<std::vector<std::int64_t>> numbers_;
    std::deque<std::vector<std::uint8_t>> bits_;
    std::vector<std::unique_ptr<RowBatch>> elements_;
};

}  // namespace eligo::oracle
