// Which ids of a table occur more than once. Where each is greater than the one before, none does, and that is all there is to look at.
// Else of each id 88 bits of a hash are kept, whose seed nobody knows beforehand, with its line: that
// two different ids of a thousand million have the same is less likely than one in a hundred million. They are parted by their first bits
// (radix partitioning); what memory has no room for lies in a file without a name, and one part after another is looked through.
// Tested by ids_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "../io/table.hpp"

namespace eligo::screen {

struct MetId {
    static constexpr unsigned line_bits = 40;
    std::uint64_t high = 0, low = 0;  // `low`: 24 bits of the hash above the line
    [[nodiscard]] std::uint64_t line() const { return low & ((std::uint64_t{1} << line_bits) - 1); }
    [[nodiscard]] bool is_same(const MetId& other) const { return high == other.high && (low ^ other.low) >> line_bits == 0; }
};
[[nodiscard]] MetId met_id(std::string_view id, std::uint64_t line);

// An id as spreadsheets and databases spoil it: `9.131E+17` of 18 digits, `123.0`. Others of the kind have the same.
[[nodiscard]] bool is_number_of_floating_point(std::string_view id);

// The order in which numbered ids are greater one than another: by length, then by bytes.
[[nodiscard]] bool is_after(std::string_view id, std::string_view before);

// The ids of some rows, one behind the other: as they are met, or of rows in order the first and the last alone.
struct IdsOfRows {
    struct Run {
        std::string first, last;
    };
    std::vector<MetId> met;
    std::vector<Run> runs;
    io::CountedRows missing, odd;  // rows without an id; whose id is_number_of_floating_point
    void clear();
};

struct SameIds {
    std::uint64_t rows = 0, ids = 0;       // that have an id which another row has too; how many ids these are
    std::uint64_t first = 0, second = 0;   // the lines of the first that has, and of the next with its id
    bool is_whole = true;                  // false: there was no room for all
    std::vector<MetId> kept;               // of `ids`, in order; empty unless it was asked for
    [[nodiscard]] bool has(const MetId& id) const;
};

class Ids {
public:
    Ids();
    ~Ids();
    // In the order of their rows.
    void add(const IdsOfRows& ids);
    // Rows were not in order, and not all of their ids are here: they must be asked for once more, without runs.
    [[nodiscard]] bool must_see_all() const { return has_runs_ && (!in_order_ || has_met_); }
    // All of those that were added. `most_kept`: beyond so many ids that occur more than once none is kept, and `is_whole` is false.
    [[nodiscard]] SameIds finish(std::size_t most_kept);

private:
    struct Parts;
    void add(std::span<const MetId> ids);
    void spill();
    std::unique_ptr<Parts> parts_;
    std::string last_;  // of the runs
    bool has_runs_ = false, has_met_ = false, in_order_ = true;
};

}  // namespace eligo::screen
