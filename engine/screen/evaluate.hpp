// Verdicts and benefits for the rows of a block: every policy against every company, by the columnar engine.
// Tested by screen_test.cpp, against `explain::answer`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../columnar/run.hpp"
#include "../value/int128.hpp"
#include "../value/truth.hpp"
#include "../vm/run.hpp"
#include "block.hpp"
#include "needs.hpp"

namespace eligo::screen {

// A benefit as a column of the output: one for all versions of the policy that have a benefit of that name.
struct BenefitColumn {
    std::string name;
    bytecode::Label label;
    struct InVersion {
        std::int32_t number = -1;   // of the version's benefits; -1: the version has none of that name
        bool always = false;
        bytecode::Measure measure;  // kind and unit of the amounts
    };
    std::vector<InVersion> versions;
};

struct PolicyColumns {
    bytecode::Index policy = bytecode::none;
    std::string name;
    std::vector<BenefitColumn> benefits;  // by first appearance
};

enum class FiscalYears : std::uint8_t { OfTheDay, ByRow };
[[nodiscard]] columnar::Plan plan_of(const bytecode::Pack& pack, const Needs& needs, FiscalYears years);
// The columns, in the plan's order and in its units.
[[nodiscard]] std::vector<PolicyColumns> columns_of(const bytecode::Pack& pack, const Needs& needs, const columnar::Plan& plan);

// Of one benefit in one row. False: it has no value (a verdict that is not reached has none either, unless it is always given).
struct Amount {
    value::Truth given = value::Truth::False;
    value::Int128 low = 0, high = 0;  // in units of the version's measure
    [[nodiscard]] bool open() const { return given == value::Truth::Unknown || low != high; }
};

struct PolicyResults {
    std::vector<vm::Verdict> verdicts;          // one a row
    std::vector<std::uint8_t> versions;         // in force; without meaning where none is
    std::vector<std::vector<Amount>> amounts;   // one a benefit column, then one a row
};
using Results = std::vector<PolicyResults>;     // one a policy

// One a thread. What it is given must outlive it.
class Evaluator {
public:
    Evaluator(const columnar::Plan& plan, const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns);
    void evaluate(const Block& block, Results& results);

private:
    using Bitmap = std::vector<std::uint8_t>;
    void lay_out(const Block& block);
    [[nodiscard]] columnar::Column column_of(const Values& values, std::size_t rows);
    [[nodiscard]] columnar::Bits bits(const std::vector<vm::CellState>& states, std::size_t rows, vm::CellState state);
    void read_amounts(std::size_t policy, std::size_t rows, Results& results) const;

    const columnar::Plan& plan_;
    const bytecode::Pack& pack_;
    const Needs& needs_;
    const std::vector<PolicyColumns>& columns_;
    columnar::Memory memory_;
    columnar::Batch batch_;
    std::vector<columnar::Batch> elements_;
    std::vector<Bitmap> bitmaps_;
    std::size_t bitmaps_used_ = 0;
    std::vector<std::int32_t> fiscal_years_;
    // Where the engine writes: by policy, then by benefit.
    struct AmountMemory {
        std::vector<std::int64_t> low, high;
        std::vector<value::Int128> wide_low, wide_high;
        std::vector<columnar::Given> given;
    };
    struct PolicyMemory {
        std::vector<columnar::Verdict> verdicts;
        std::vector<AmountMemory> amounts;
    };
    std::vector<PolicyMemory> written_;
};

}  // namespace eligo::screen
