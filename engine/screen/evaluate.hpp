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
    bool may_be_open = false;  // facts go into it, or the policy leaves it open: two more columns say between which amounts it lies
};

struct PolicyColumns {
    bytecode::Index policy = bytecode::none;
    std::string name;
    std::vector<BenefitColumn> benefits;  // by first appearance
};

enum class FiscalYears : std::uint8_t { OfTheDay, ByRow };
enum class Clauses : std::uint8_t { Untold, Told };
// `where` may be a policy that selects companies: it is asked behind the others.
[[nodiscard]] columnar::Plan plan_of(const bytecode::Pack& pack, const Needs& needs, bytecode::Index where, FiscalYears years, Clauses clauses);
// The columns, in the plan's order and in its units.
[[nodiscard]] std::vector<PolicyColumns> columns_of(const bytecode::Pack& pack, const Needs& needs, const columnar::Plan& plan);

// Of one benefit in one row. False: it has no value (a verdict that is not reached has none either, unless it is always given).
struct Amount {
    value::Truth given = value::Truth::False;
    value::Int128 low = 0, high = 0;  // in units of the version's measure
    [[nodiscard]] bool open() const { return given == value::Truth::Unknown || low != high; }
};

// Of one benefit in all rows, as the engine has written them.
struct Amounts {
    bool wide = false;
    std::vector<std::int64_t> low, high;            // where the benefit is not wide
    std::vector<value::Int128> wide_low, wide_high;
    std::vector<columnar::Given> given;

    [[nodiscard]] Amount operator[](std::size_t row) const {
        if (given[row] == columnar::Given::No) return {};
        const value::Truth truth = given[row] == columnar::Given::Yes ? value::Truth::True : value::Truth::Unknown;
        return wide ? Amount{truth, wide_low[row], wide_high[row]} : Amount{truth, low[row], high[row]};
    }
};

// The outcome of a clause in all rows, as bits: see columnar::ClauseOutput.
struct ClauseOutcomes {
    std::uint32_t version = 0, clause = 0;
    std::vector<std::uint64_t> certainly, possibly;
};

struct PolicyResults {
    std::vector<columnar::Verdict> verdicts;    // one a row
    std::vector<std::uint16_t> versions;        // in force; without meaning where none is
    std::vector<Amounts> amounts;               // one a benefit column
    std::vector<ClauseOutcomes> clauses;        // with Clauses::Told: those that may matter on the day
    // The numbers of columnar::Verdict are vm::Verdict's.
    [[nodiscard]] vm::Verdict verdict(std::size_t row) const { return static_cast<vm::Verdict>(verdicts[row]); }
};
struct Results {
    std::vector<PolicyResults> policies;        // one a policy
    std::vector<columnar::Verdict> where;       // of the policy that selects companies, where there is one
};

// One a thread. What it is given must outlive it.
class Evaluator {
public:
    Evaluator(const columnar::Plan& plan, const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns);
    void evaluate(const Block& block, Results& results);

private:
    using Bitmap = std::vector<std::uint64_t>;
    void lay_out(const Block& block);
    [[nodiscard]] columnar::Column column_of(bytecode::Index subject, const Values& values, std::size_t rows);
    void point_to(columnar::Column& column, const bytecode::Fact& fact, const Values& values, std::size_t rows);
    // The next bitmap, which is used up by counting it.
    [[nodiscard]] Bitmap& bitmap(std::size_t rows);
    // The rows in a state, in the next bitmap; how many there are.
    [[nodiscard]] columnar::Bits bits(const std::vector<vm::CellState>& states, std::size_t rows, vm::CellState state, std::size_t& count);
    void lay_out_clauses(std::size_t policy, std::size_t rows, PolicyResults& results);
    void leave_out_untold(std::size_t policy, std::size_t rows, PolicyResults& results) const;

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
    columnar::Output output_;
};

}  // namespace eligo::screen
