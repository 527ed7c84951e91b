// What blocks are mostly made of, once for each set of vector instructions: any machine, AVX2 and AVX-512, NEON. The best
// one that this machine has is chosen when it is first asked for; every arm64 machine has NEON. Every kernel is exact.
// Tested by tests/engines/kernels.cpp, against columnar/execute.cpp, for every set that the machine has.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eligo::columnar {

// coefficient * x, of a sum; or of the lesser or the greater of factor * x and other_factor * y. Coefficients and factors lie
// within 32 bits.
struct Term {
    enum class Kind : std::uint8_t { One, Lesser, Greater };
    const std::int64_t* values = nullptr;
    std::int64_t coefficient = 1;
    std::size_t ahead = 0;  // of a column in memory: how many elements on to fetch already; 0: nothing
    Kind kind = Kind::One;
    std::int64_t factor = 1, other_factor = 1;
    const std::int64_t* other = nullptr;  // nullptr: other_factor itself, which may be any number, in place of a product
    std::size_t other_ahead = 0;
    bool of_inner = false, other_of_inner = false;  // in place of values and of other: TermSum::inner
};

// constant + the sum of the terms. It and every partial sum fit 64 bits.
struct TermSum {
    const Term* terms = nullptr;
    std::size_t count = 0;
    std::int64_t constant = 0;
    const TermSum* inner = nullptr;  // of which some of the terms are, so that it need not be written and read again; it has none itself
};

// Of a sum within 32 bits: coefficient * x, where x, a column as it lies, is first taken into least .. most.
struct NarrowTerm {
    enum class Type : std::uint8_t { I8, U8, I16, U16, I32 };
    const void* values = nullptr;
    Type type = Type::I32;
    std::int32_t coefficient = 1;
    std::int32_t least = INT32_MIN, most = INT32_MAX;
    std::size_t ahead = 0;  // as of a Term
};

inline constexpr std::size_t most_terms = 6;
inline constexpr std::size_t most_bounds = 16;

// Lanes 0 .. count - 1 are read and written, no others. Bitmaps hold 64 lanes a word; bits past the last lane are 0.
struct Kernels {
    const char* name = "";

    // Bit i of out[k]: x[i] <= bounds[k], by the type of x. Bounds lie within the type. `ahead` as of a Term.
    using AtMost = void (*)(const void* x, std::size_t count, std::size_t ahead, const std::int64_t* bounds, std::size_t bound_count, std::uint64_t* const* out);
    AtMost at_most_i8, at_most_u8, at_most_i16, at_most_u16, at_most_i32, at_most_u32, at_most_i64;

    // out[i] = x[i] * multiplier.
    void (*widen_i8)(const std::int8_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);
    void (*widen_u8)(const std::uint8_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);
    void (*widen_i16)(const std::int16_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);
    void (*widen_u16)(const std::uint16_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);
    void (*widen_i32)(const std::int32_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);
    void (*widen_u32)(const std::uint32_t* x, std::size_t count, std::int64_t multiplier, std::int64_t* out);

    // Bit i: whether bit x[i] of `set`, 256 bits, is set.
    void (*member_u8)(const std::uint8_t* x, std::size_t count, std::size_t ahead, const std::uint8_t* set, std::uint64_t* out);

    void (*sum)(const TermSum& sum, std::size_t count, std::int64_t* out);
    // Bit i: that sum <= 0.
    void (*sum_at_most_zero)(const TermSum& sum, std::size_t count, std::uint64_t* out);
    void (*sum_is_zero)(const TermSum& sum, std::size_t count, std::uint64_t* out);
    // The same of narrow terms. The sum fits 32 bits wherever its bit is looked at.
    void (*narrow_sum_at_most_zero)(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out);
    void (*narrow_sum_is_zero)(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out);
    // The same of terms that are not negative and not I32, where what is added and what is subtracted, the constant included, stay within
    // 16 bits each wherever the bit is looked at.
    void (*short_sum_at_most_zero)(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out);
    void (*short_sum_is_zero)(const NarrowTerm* terms, std::size_t term_count, std::int32_t constant, std::size_t count, std::uint64_t* out);
    // floor(sum / divisor), where the sum lies within 2^50 and 1 <= divisor < 2^31. By floating hardware that is the floor of
    // (sum + 1/2) / divisor, which lies 1/2 / divisor or more from a whole number. Worked out as sum * inverse + inverse / 2, rounded
    // once, it is wrong by less than 2^-52 of itself, which is half of that.
    void (*sum_divided)(const TermSum& sum, std::int64_t divisor, std::size_t count, std::int64_t* out);

    void (*multiply)(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out);
    void (*minimum)(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out);
    void (*maximum)(const std::int64_t* a, const std::int64_t* b, std::size_t count, std::int64_t* out);
    void (*minimum_constant)(const std::int64_t* a, std::int64_t b, std::size_t count, std::int64_t* out);
    void (*maximum_constant)(const std::int64_t* a, std::int64_t b, std::size_t count, std::int64_t* out);
    // a[i] where bit i is set, else b[i]; nullptr: the constant in its place.
    void (*select)(const std::uint64_t* bits, const std::int64_t* a, std::int64_t a_constant, const std::int64_t* b, std::int64_t b_constant, std::size_t count, std::int64_t* out);
    // a[i] where bit i is set, else 0, into memory that is not read again soon: past the cache, where `out` begins on one of its lines.
    // Other threads see it after settle_stores.
    void (*put_amounts)(const std::uint64_t* bits, const std::int64_t* a, std::size_t count, std::int64_t* out);
    void (*settle_stores)();

    // Of whole words. An operand counts inverted where its turn is all ones, as it is where it is 0.
    void (*and_all)(const std::uint64_t* const* operands, const std::uint64_t* turns, std::size_t operand_count, std::size_t words, std::uint64_t* out);
    void (*or_all)(const std::uint64_t* const* operands, const std::uint64_t* turns, std::size_t operand_count, std::size_t words, std::uint64_t* out);

    // The bits of `bits` where `mask` has one, packed together; and back, 0 where it has none.
    void (*extract)(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words, std::uint64_t* out);
    void (*deposit)(const std::uint64_t* bits, const std::uint64_t* mask, std::size_t words, std::uint64_t* out);

    // How many bits of whole words are set; and their numbers, from the lowest on. More than that may be written, of 16 lanes.
    std::size_t (*count)(const std::uint64_t* words, std::size_t word_count);
    void (*indices)(const std::uint64_t* words, std::size_t word_count, std::uint32_t* out);
    // out[i] = x[lanes[i]].
    void (*gather)(const std::int64_t* x, const std::uint32_t* lanes, std::size_t count, std::int64_t* out);

    // A byte a lane: 0 where bit i of `sure` is set, else 2 where that of `may` is, else 1.
    void (*verdicts)(const std::uint64_t* sure, const std::uint64_t* may, std::size_t count, std::uint8_t* out);
    // The same past the cache, as put_amounts does.
    void (*put_verdicts)(const std::uint64_t* sure, const std::uint64_t* may, std::size_t count, std::uint8_t* out);
};

// ELIGO_KERNELS in the environment (plain, avx2) asks for less than the best, to compare them and to test them all on one machine.
[[nodiscard]] const Kernels& kernels();

extern const Kernels kernels_plain;
#if defined(__x86_64__)
extern const Kernels kernels_avx2, kernels_avx512;
[[nodiscard]] bool machine_has_avx2();
[[nodiscard]] bool machine_has_avx512();
#elif defined(__aarch64__)
extern const Kernels kernels_neon;
#endif

}  // namespace eligo::columnar
