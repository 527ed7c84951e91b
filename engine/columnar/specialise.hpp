// The steps for blocks of one kind: where every row of some columns is known, and how far the values reach. A graph's nodes
// become steps over memory; which of them need both ends, and which of 128 bits fit 64 after all, is settled here, once for
// all blocks of the kind. Internal to columnar/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "code.hpp"
#include "execute.hpp"
#include "kernels/kernels.hpp"
#include "ranges.hpp"
#include "sources.hpp"

namespace eligo::columnar {

enum class Action : std::uint8_t {
    Execute,  // an instruction
    Value,    // a number from its column
    Truth,    // a truth from its column
    Given,
    Expand,   // from the lanes of the parent level to those of this one
    Level,    // run through the elements of a list
    Clear,    // a reduction, before its level is run through
    Reduce,
    // The faster ways, of rows only. `fast` says the rest.
    Raw,           // a column's elements as numbers, whatever stands where a row has no value
    Known,         // which rows have a value
    Bounds,        // column <= bound, for several bounds
    Settle,        // what such a comparison comes to where rows have no value: the same for all of them
    Member,        // whether a column's elements are in a set
    Sum,
    SumNotAbove,   // sum <= 0
    SumIsZero,
    SumDivided,
    NarrowNotAbove,  // the same of columns as they lie, within 32 bits
    NarrowIsZero,
    ShortNotAbove,   // within 16 bits
    ShortIsZero,
    Multiply,
    Minimum,
    Maximum,
    Select,
    AndAll,
    OrAll,
    Copy,
    Some,          // run through some of the rows, those of which all of `truths` hold, and pass over the steps that come next; or,
                   // where those are many, go on with the steps that come next, which do the same for all rows
    Patch,         // a truth worked out as if every row had values, put right where one has not
};

// A number that a kernel reads: a buffer, or a column where it lies.
struct FastOperand {
    std::uint32_t source = no_input;
    const std::int64_t* memory = nullptr;
    std::int64_t coefficient = 1;  // of a sum; alone (no source, no memory): the number itself
    Term::Kind kind = Term::Kind::One;
    std::int64_t factor = 1, other_factor = 1;  // of what the lesser or the greater is of; other_factor without the other: a number
    std::uint32_t other_source = no_input;
    const std::int64_t* other_memory = nullptr;
    bool of_inner = false, other_of_inner = false;  // in place of either: FastStep::inner
};

// A column of a narrow sum.
struct NarrowOperand {
    std::uint32_t source = no_input;
    NarrowTerm term;
};
struct NarrowSum {
    std::vector<NarrowOperand> operands;
    bool within_16_bits = false;  // as the kernels of 16 bits ask
};

struct FastStep {
    std::vector<FastOperand> operands;
    std::vector<FastOperand> inner;  // of a sum that some of the operands are, and nothing else reads
    std::int64_t inner_constant = 0;
    std::vector<NarrowOperand> narrow;
    std::vector<const std::uint64_t*> truths;
    std::vector<std::uint64_t> turns;       // AndAll, OrAll, Some: all ones where a truth counts inverted, else 0
    std::vector<std::int64_t> bounds;
    std::vector<std::uint64_t*> results;    // one a bound
    std::int64_t constant = 0, divisor = 1;
    std::uint8_t set[32] = {};
    bool sure = false, may = false;         // Settle: what rows without a value come to
    std::size_t known_count = 0;            // Patch: truths are what to put right (numbers, if it is one), bitmaps of rows that are
                                            // known, as many as this, then pairs of ends, open where they differ, and last
    std::size_t wanted_count = 0;           // as many truths, outside which a row need not be put right
    std::size_t passed_over = 0;            // Some: steps that come next
    std::size_t level = 0;                  // Patch, Some: the level of the steps for those rows
    struct Move {
        Form form = Form::Number;
        const void* from = nullptr;
        void* to = nullptr;
    };
    std::vector<Move> moves;                // Some: what is wanted of them; of other rows, a truth is false and a number anything
    Lanes patched;                          // Patch: what they came to
};

struct Step {
    Action action = Action::Execute;
    Opcode opcode{};
    Form form = Form::Number;   // of the result
    std::uint32_t id = 0;       // Value, Truth, Given, Raw, Known, Bounds, Member: the source; Level, Reduce: the level
    std::uint32_t fast = 0;     // of Specialisation::fast
    Arguments arguments;        // Value: a and b are the bounds
    std::uint8_t* flags = nullptr;
};

// A stretch of memory for one register's lanes (one end of it), kept by a thread and shared by all kinds of blocks.
using Buffer = std::unique_ptr<std::byte[]>;

class Buffers {
public:
    explicit Buffers(std::size_t lanes) : lanes_(lanes) {}
    // The n-th buffer of a form.
    [[nodiscard]] std::byte* at(Form form, std::size_t number);
    // One in which every lane is the same, made once.
    [[nodiscard]] std::byte* constant(Form form, Int128 value);
    [[nodiscard]] std::size_t lanes() const { return lanes_; }

private:
    [[nodiscard]] std::size_t bytes_of(Form form) const;
    std::size_t lanes_;
    std::vector<Buffer> pools_[3];
    std::map<std::pair<Form, Int128>, Buffer> constants_;
};

// How a source's values lie in a block.
struct SourceKind {
    Openness openness = Openness::Complex;
    bool in_place = false;
    Element element = Element::Int64;           // in_place
    std::int64_t multiplier = 1;
    const std::int64_t* dictionary = nullptr;
    std::size_t dictionary_size = 0;
    Interval<std::int64_t> range{0, 0};         // of the rows that have a value
    friend bool operator==(const SourceKind& a, const SourceKind& b) {
        return a.openness == b.openness && a.in_place == b.in_place && a.element == b.element && a.multiplier == b.multiplier && a.dictionary == b.dictionary &&
               a.dictionary_size == b.dictionary_size && a.range.low == b.range.low && a.range.high == b.range.high;
    }
};

// What tells kinds of blocks apart.
struct BlockKind {
    std::vector<SourceKind> sources;
    std::vector<std::uint8_t> open_lists;               // by level: some list is not known
    friend bool operator==(const BlockKind&, const BlockKind&) = default;
};

struct Specialisation {
    BlockKind kind;
    std::vector<std::vector<Step>> steps;               // by level; behind them those of patches
    std::vector<FastStep> fast;
    std::vector<std::uint8_t> reads_rows;               // by level of `steps`: something is looked up there by the batch's own row
    std::vector<Lanes> roots;                           // by node; only those of VersionRoots are there
    std::vector<Form> forms;                            // by node: how its number is stored
};

[[nodiscard]] std::unique_ptr<Specialisation> specialise(const Plan::Code& code, const BlockKind& kind, Buffers& buffers);

}  // namespace eligo::columnar
