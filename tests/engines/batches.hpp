// Profiles as a batch of columns, laid out in as many ways as a batch may be: by chance narrow or wide, with multipliers,
// dictionaries, one constant element, bitmaps that begin anywhere, and rubbish where a row says nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/pack.hpp"
#include "../../engine/columnar/batch.hpp"
#include "oracle.hpp"

namespace eligo::oracle {

// How a batch's columns are stored.
enum class Layout : std::uint8_t {
    Plain,   // 64 bits a number, no bounds
    Narrow,  // as narrow as the values allow, bounded
    Mixed,   // by chance
};

// A batch and what it points to.
class Batches {
public:
    Batches(const sema::Model& model, const bytecode::Pack& pack, bytecode::Index subject, const std::vector<const Profile*>& profiles, Layout layout, std::uint32_t seed);
    [[nodiscard]] const columnar::Batch& batch() const { return batch_; }

private:
    // What one row says of one column.
    struct Cell {
        Scalar::State state = Scalar::State::Absent;
        std::int64_t low = 0, high = 0;
    };

    void add_columns(columnar::Batch& batch, bytecode::Index subject, sema::Id model_subject, const std::vector<const Record*>& records);
    void add_lists(columnar::Batch& batch, bytecode::Index subject, sema::Id model_subject, const std::vector<const Record*>& records);
    [[nodiscard]] Cell cell_of(const bytecode::Fact& fact, const Scalar& scalar);
    [[nodiscard]] columnar::Column column_of(const bytecode::Fact& fact, const std::vector<Cell>& cells);
    [[nodiscard]] columnar::Bits bits_of(const std::vector<bool>& bits);
    void store(columnar::Column& column, const bytecode::Fact& fact, std::vector<std::int64_t> values, const std::vector<bool>& known);
    void store_dictionary(columnar::Column& column, std::vector<std::int64_t>& values, const std::vector<bool>& known);
    void store_elements(columnar::Column& column, const std::vector<std::int64_t>& values);
    [[nodiscard]] std::vector<std::byte>& keep(std::size_t bytes);
    std::uint32_t below(std::uint32_t count) { return static_cast<std::uint32_t>(random_() % count); }
    [[nodiscard]] bool by_chance(std::uint32_t one_in) { return layout_ == Layout::Mixed && below(one_in) == 0; }

    const sema::Model& model_;
    const bytecode::Pack& pack_;
    Layout layout_;
    std::mt19937 random_;
    columnar::Batch batch_;
    std::vector<std::unique_ptr<std::vector<std::byte>>> kept_;
    std::vector<std::unique_ptr<columnar::Batch>> elements_;
    std::vector<std::unique_ptr<Record>> rubbish_;
    std::vector<std::int32_t> fiscal_years_;
    std::vector<std::string> other_texts_;  // that the pack does not know
};

}  // namespace eligo::oracle
