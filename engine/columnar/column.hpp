// One column of a batch: the values of one fact for many rows, where they lie. Nothing is copied or owned; what a
// column points to must stay there, unchanged, while the batch is run. Bitmaps and layouts are Arrow's.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eligo::columnar {

// A bitmap: row i is bit (offset + i), counted from the least significant bit of the first byte. No bytes: all bits are
// the same, and the member that holds the bitmap says which.
struct Bits {
    const std::uint8_t* bytes = nullptr;
    std::size_t offset = 0;  // in bits
    [[nodiscard]] bool exists() const { return bytes != nullptr; }
    [[nodiscard]] bool at(std::size_t row) const { return (bytes[(offset + row) >> 3] >> ((offset + row) & 7) & 1) != 0; }
};

// How an element of `values` is stored. The narrower, the faster: a batch is bound by memory.
enum class Element : std::uint8_t {
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    Bit,  // a bitmap that begins at bit `first_bit` of `values`: truths
};

[[nodiscard]] constexpr std::size_t bytes_of(Element element) {
    switch (element) {
        case Element::Int8:
        case Element::UInt8: return 1;
        case Element::Int16:
        case Element::UInt16: return 2;
        case Element::Int32:
        case Element::UInt32: return 4;
        case Element::Int64: return 8;
        case Element::Bit: break;
    }
    return 0;
}

// The values of a fact, row by row. What a number of the column means is what a profile's cell means (vm::Cell): a whole
// multiple of the fact's unit (money in fen, days since 1970-01-01, the number of an enumeration's member, a
// classification code's number, a text's number in the pack or beyond it, a truth 0 or 1).
//
// Every row is in one of four states:
//     known    a value (it must lie within the fact's declared range: who fills a column checks it);
//     range    somewhere within low .. high, both included;
//     unknown  given as unknown;
//     absent   not mentioned: the fact's default, or else unknown.
// A fact's constant default need not be put in by whoever fills the column: the engine takes it for absent rows.
struct Column {
    const void* values = nullptr;  // one element a row; only those of known rows are looked at. nullptr: no row is known
    Element element = Element::Int64;
    std::size_t first_bit = 0;     // Bit only
    std::int64_t multiplier = 1;   // > 0: a value is element * multiplier, as with a rate in whole percent. Not for Bit

    bool constant = false;         // `values` has a single element, which is every known row's value

    // A dictionary: elements are indices into it, its entries the values. Indices are 0 .. dictionary_size - 1, which the
    // engine does not check. `multiplier` is then 1.
    const std::int64_t* dictionary = nullptr;
    std::size_t dictionary_size = 0;

    Bits known;    // set: known. No bytes: every row is known (or, without values, none is)
    Bits ranged;   // set, where `known` is not: a range. No bytes: none is
    Bits unknown;  // set, where neither of those is: given as unknown, else absent. No bytes: absent
    const std::int64_t* low = nullptr;   // of rows that are ranges
    const std::int64_t* high = nullptr;

    // Optional: the least and the greatest known value, in units of the fact. Bounds that hold allow narrower arithmetic;
    // bounds that do not hold give wrong results.
    bool bounded = false;
    std::int64_t least = 0, greatest = 0;
};

}  // namespace eligo::columnar
