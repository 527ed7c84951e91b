// The columnar engine: a pack's program run over blocks of rows, for several policies together. It gives every row what
// vm::Checker gives it.
//
//     Plan plan(pack, subject, policies, {.as_of = day});       once; immutable, shared between threads
//     for (const Input& input : plan.inputs()) …                 which columns to fill
//     Memory memory(plan);                                       once a thread
//     run(plan, memory, batch, first, count, output);            as often as there are rows
//
// Tested by tests/engines/columnar.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/date.hpp"
#include "../value/int128.hpp"
#include "batch.hpp"

namespace eligo::columnar {

struct PlanOptions {
    value::Day as_of = 0;
    value::Day known_on = value::last_day;     // what was published later is left out
    std::optional<std::int32_t> fiscal_year;   // of every row of a batch without fiscal_years; else the year of as_of
    bool fiscal_year_by_row = false;           // whether batches may say a fiscal year for each row
    bool clauses = false;                      // work out the outcome of every clause, for reports
    std::uint32_t block_rows = 2048;           // rows a pass, 64 .. 65,536, a multiple of 64; 0: the engine's own choice
};

// A column that the plan reads. With fiscal_year_by_row the years are those that the batch has columns for.
struct Input {
    bytecode::Index column = bytecode::none;   // of the subject, or of the list's elements
    bytecode::Index list = bytecode::none;     // the subject's column that is the list, for a fact of its elements
    bool is_list = false;                      // the list itself: who its elements are
    bool yearly = false;
    std::int32_t year_offset = 0;              // yearly: counted from the fiscal year
    std::int32_t year = any_year;              // yearly and one fiscal year for all rows: the year itself
};

// A benefit of a policy, one for all versions that have it.
struct BenefitColumn {
    bytecode::Index name = bytecode::none;     // of the pack's strings
    bytecode::Unit unit;                       // of the amounts: the same in every version
    bool wide = false;                         // amounts that may need 128 bits: AmountOutput::wide_low, wide_high
    value::Int128 least = 0, greatest = 0;     // what amounts lie within
    bytecode::Kind kind = bytecode::Kind::Money;
    bool percent = false;
    bytecode::Index ref = bytecode::none;      // Enum, Code
    bool always = false;                       // in some version: it may have a value whatever the verdict
};

struct PolicyColumns {
    bytecode::Index policy = bytecode::none;
    std::vector<BenefitColumn> benefits;       // by first appearance in the versions
};

class Plan {
public:
    // `policies` are of `subject`, each once; the pack must have been verified and must outlive the plan.
    Plan(const bytecode::Pack& pack, bytecode::Index subject, std::span<const bytecode::Index> policies, const PlanOptions& options);
    Plan(Plan&&) noexcept;
    Plan& operator=(Plan&&) noexcept;
    ~Plan();

    [[nodiscard]] const bytecode::Pack& pack() const;
    [[nodiscard]] bytecode::Index subject() const;
    [[nodiscard]] const PlanOptions& options() const;
    // Facts of the subject first, then lists and the facts of their elements.
    [[nodiscard]] std::span<const Input> inputs() const;
    // In the order of `policies`.
    [[nodiscard]] std::span<const PolicyColumns> policies() const;
    [[nodiscard]] std::size_t block_rows() const;
    // How many instructions a row goes through, shared ones once: what the time grows with.
    [[nodiscard]] std::size_t instruction_count() const;

    struct Code;
    [[nodiscard]] const Code& code() const { return *code_; }

private:
    std::unique_ptr<Code> code_;
};

// The numbers are vm::Verdict's.
enum class Verdict : std::uint8_t { Eligible, Ineligible, Undetermined, NotInForce };

// The numbers are value::Truth's.
enum class Given : std::uint8_t {
    No,    // no value: not eligible, or its condition does not hold; the amounts are 0
    Open,  // it may have one, which then lies within low .. high
    Yes,
};

// Where the results of one benefit go; row i of the run to element i. What is nullptr is not written. Where an amount is
// known, low and high are the same.
struct AmountOutput {
    std::int64_t* low = nullptr;
    std::int64_t* high = nullptr;
    value::Int128* wide_low = nullptr;   // benefits with `wide`, in place of low and high
    value::Int128* wide_high = nullptr;
    Given* given = nullptr;
};

// The outcome of one clause of one version, told from the subject's side, as bitmaps: bit i of word i / 64 is row i of the run.
// Rows where another version is in force, or none, have bits without meaning: see PolicyOutput::versions.
struct ClauseOutput {
    std::uint32_t version = 0;  // of bytecode::Policy::versions
    std::uint32_t clause = 0;   // of bytecode::Version::clauses
    std::uint64_t* certainly = nullptr;  // it holds
    std::uint64_t* possibly = nullptr;   // it holds or may hold: possibly and not certainly is unknown
};

struct PolicyOutput {
    Verdict* verdicts = nullptr;
    std::uint16_t* versions = nullptr;   // the version in force; 0 where none is
    std::vector<AmountOutput> amounts;   // one a benefit of PolicyColumns, or fewer
    std::vector<ClauseOutput> clauses;   // needs PlanOptions::clauses
};

struct Output {
    std::vector<PolicyOutput> policies;  // one a policy of the plan
};

// Working memory for a plan: not for two threads at once. It grows to what the batches need, then stays.
class Memory {
public:
    explicit Memory(const Plan& plan);
    Memory(Memory&&) noexcept;
    Memory& operator=(Memory&&) noexcept;
    ~Memory();

    struct State;
    [[nodiscard]] State& state() { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// Rows first .. first + count - 1 of the batch, block by block. Results go to the output from element 0 on.
// Nothing can fail: a column that the plan does not read is ignored, one that is not there is absent.
void run(const Plan& plan, Memory& memory, const Batch& batch, std::size_t first, std::size_t count, const Output& output);

}  // namespace eligo::columnar
