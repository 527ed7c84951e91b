// What is counted while companies are screened: for the closing summary, and with a report for everything that the report
// shows. All counters stand in one row of whole numbers, so that a chunk's counts are added to the sum of all by adding two
// rows, and a checkpoint is that row. Tested by screen_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/int128.hpp"
#include "evaluate.hpp"
#include "needs.hpp"

namespace eligo::screen {

inline constexpr std::size_t verdict_count = 4;
inline constexpr std::size_t problem_kinds = 12;

// A way to part companies: bands of a fact. The last group holds those of which the fact is not known.
enum class GroupKind : std::uint8_t { Industry, Size, Age };
struct Grouping {
    GroupKind kind{};
    bytecode::Index column = bytecode::none;
    std::size_t groups = 0;
};
// What can be told of any vocabulary: the section of its first industry code, its count of people, its first fixed date.
[[nodiscard]] std::vector<Grouping> groupings_of(const bytecode::Pack& pack, bytecode::Index subject);
// The group of a value; of one that is not known, the last.
[[nodiscard]] std::size_t group_of(const Grouping& grouping, const bytecode::Fact& fact, const vm::Cell& cell, value::Day as_of);
inline constexpr std::int64_t size_bands[] = {10, 50, 300, 1000};  // people: below the first, below the second, …
inline constexpr std::int32_t age_bands[] = {12, 36, 60, 120};     // months

// Amounts of one benefit.
struct Sum {
    value::Int128 known = 0, open = 0;      // companies
    value::Int128 low = 0, high = 0;        // of all of them together, in the benefit's unit
    bool beyond = false;                    // 128 bits do not hold them: low and high mean nothing
};

// Margins: a measured value against its threshold, in tenths of it, or a date in months from it.
inline constexpr std::size_t margin_bars = 21;   // [0, 0.1), …, [1.9, 2), and what lies beyond
inline constexpr std::size_t margin_before = 21;  // what lies before all of them
inline constexpr std::size_t margin_none = 22;    // what has no place: a value that is not known, or takes more than 128 bits
inline constexpr std::size_t margin_bins = 23;

struct ClauseCounter {
    std::uint32_t version = 0, clause = 0;
    std::size_t at = 0;          // fails, alone, open
    std::size_t margins = 0;     // margin_bins of them, when the clause compares numbers
    bool has_margins = false;
};

class TallyLayout {
public:
    enum Head : std::size_t { Rows, Written, Rejected, WhereOut, WhereOpen, OnlyOut, Orphans, ManyLines, FirstOfManyLines, NoId, FirstNoId, OddId, FirstOddId, head_size };
    // With `detail`, what a report needs.
    TallyLayout(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, std::size_t table_columns, bool detail);

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool detail() const { return detail_; }
    [[nodiscard]] std::size_t reject(std::size_t kind, std::size_t column) const { return rejects_ + kind * (table_columns_ + 1) + column; }
    [[nodiscard]] std::size_t table_columns() const { return table_columns_; }
    [[nodiscard]] std::size_t verdict(std::size_t policy, vm::Verdict verdict) const { return policies_[policy].verdicts + static_cast<std::size_t>(verdict); }
    // Four counters: known, open, low, high. Group 0 of grouping none: all.
    [[nodiscard]] std::size_t sum(std::size_t policy, std::size_t benefit) const { return policies_[policy].sums + benefit * 4; }
    [[nodiscard]] std::size_t group_verdict(std::size_t policy, std::size_t grouping, std::size_t group, vm::Verdict verdict) const;
    [[nodiscard]] std::size_t group_sum(std::size_t policy, std::size_t grouping, std::size_t group, std::size_t benefit) const;
    [[nodiscard]] const std::vector<ClauseCounter>& clauses(std::size_t policy) const { return policies_[policy].clauses; }
    // Undetermined companies that wait for the fact, and those that wait for nothing else.
    [[nodiscard]] std::size_t missing(std::size_t policy, bytecode::Index column) const { return policies_[policy].missing + column * 2; }
    [[nodiscard]] const std::vector<Grouping>& groupings() const { return groupings_; }

private:
    struct OfPolicy {
        std::size_t verdicts = 0, sums = 0, missing = 0, benefits = 0;
        std::vector<std::size_t> groups;  // one a grouping
        std::vector<ClauseCounter> clauses;
    };
    [[nodiscard]] std::size_t take(std::size_t count);

    std::size_t size_ = head_size, rejects_ = 0, table_columns_ = 0;
    bool detail_ = false;
    std::vector<OfPolicy> policies_;
    std::vector<Grouping> groupings_;
};

class Tally {
public:
    explicit Tally(const TallyLayout& layout) : counters_(layout.size()) {}
    [[nodiscard]] value::Int128 operator[](std::size_t at) const { return counters_[at]; }
    void add(std::size_t at, value::Int128 by = 1) {
        if (__builtin_add_overflow(counters_[at], by, &counters_[at])) beyond_.insert(at);
    }
    void add(const Tally& other) {
        for (std::size_t i = 0; i < counters_.size(); ++i) add(i, other.counters_[i]);
        beyond_.insert(other.beyond_.begin(), other.beyond_.end());
    }
    void clear() {
        counters_.assign(counters_.size(), 0);
        beyond_.clear();
    }
    [[nodiscard]] Sum sum(std::size_t at) const {
        return {counters_[at], counters_[at + 1], counters_[at + 2], counters_[at + 3], beyond_.contains(at + 2) || beyond_.contains(at + 3)};
    }
    // Decimal numbers with blanks between, runs of zeros shortened, `x` for what 128 bits do not hold; and back. False when the text
    // is not such a row.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] bool set(std::string_view text);

private:
    std::vector<value::Int128> counters_;
    std::set<std::size_t> beyond_;  // sums that 128 bits do not hold, nor any treasury
};

// Counts the rows of blocks; one a thread.
class Counter {
public:
    Counter(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, const TallyLayout& layout);
    ~Counter();
    // `rows` of the block, in their order.
    void count(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally);

private:
    struct Prepared;
    void summary(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally) const;
    void groups(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally);
    void clauses(const Block& block, std::span<const std::uint32_t> rows, const Results& results, Tally& tally);
    void margins_and_missing(const Block& block, std::uint32_t row, const Results& results, Tally& tally);

    const bytecode::Pack& pack_;
    const Needs& needs_;
    const std::vector<PolicyColumns>& columns_;
    const TallyLayout& layout_;
    std::vector<std::vector<std::unique_ptr<Prepared>>> prepared_;  // by policy and version
    vm::Profile profile_;
    std::vector<std::uint8_t> group_of_row_;
    std::vector<std::uint64_t> counted_, once_, twice_;  // rows, as bits
    struct MetCode {
        std::int64_t code = -1;
        std::uint8_t group = 0;
    };
    std::vector<MetCode> met_codes_;  // groups of codes that were met, by the last bits of the code
};

}  // namespace eligo::screen
