// One lane at a time: what any machine can do. Compilers make vectors of some of it.
#include "bits_one_by_one.hpp"

struct Vector {
    static constexpr std::size_t lanes = 1;
    std::int64_t v;
};
inline Vector load(const std::int64_t* p) { return {*p}; }
inline void store(std::int64_t* p, Vector a) { *p = a.v; }
inline Vector load_first(const std::int64_t* p, std::size_t) { return load(p); }
inline void store_first(std::int64_t* p, Vector a, std::size_t) { store(p, a); }
inline void store_past_cache(std::int64_t* p, Vector a) { store(p, a); }
inline void settle_stores() {}
inline Vector all(std::int64_t a) { return {a}; }
inline Vector add(Vector a, Vector b) { return {static_cast<std::int64_t>(static_cast<std::uint64_t>(a.v) + static_cast<std::uint64_t>(b.v))}; }
inline Vector multiply(Vector a, Vector b) { return {static_cast<std::int64_t>(static_cast<std::uint64_t>(a.v) * static_cast<std::uint64_t>(b.v))}; }
inline Vector multiply_by(Vector a, std::int64_t b) { return multiply(a, all(b)); }
struct Shift {
    std::int64_t v;
};
inline Shift shift(std::int64_t bits) { return {bits}; }
inline Vector shifted(Vector a, Shift by) { return {static_cast<std::int64_t>(static_cast<std::uint64_t>(a.v) << by.v)}; }
inline Vector lesser(Vector a, Vector b) { return {b.v < a.v ? b.v : a.v}; }
inline Vector greater(Vector a, Vector b) { return {a.v < b.v ? b.v : a.v}; }
inline std::uint64_t at_most(Vector a, Vector b) { return a.v <= b.v; }
inline std::uint64_t equal(Vector a, Vector b) { return a.v == b.v; }
inline Vector choose(std::uint64_t bits, Vector a, Vector b) { return {(bits & 1) != 0 ? a.v : b.v}; }

inline Vector both(Vector a, Vector b) { return {a.v & b.v}; }
inline Vector either(Vector a, Vector b) { return {a.v | b.v}; }
inline Vector exclusive_or(Vector a, Vector b) { return {a.v ^ b.v}; }
inline Vector gathered(const std::int64_t* x, const std::uint32_t* lanes) { return {x[*lanes]}; }

struct Narrow {
    static constexpr std::size_t lanes = 1;
    std::uint32_t v;
};
template <class T>
inline Narrow load_narrow(const T* p) { return {static_cast<std::uint32_t>(*p)}; }
inline Narrow all_narrow(std::int32_t a) { return {static_cast<std::uint32_t>(a)}; }
inline Narrow add(Narrow a, Narrow b) { return {a.v + b.v}; }
inline Narrow multiply(Narrow a, Narrow b) { return {a.v * b.v}; }
inline Narrow lesser(Narrow a, Narrow b) { return static_cast<std::int32_t>(b.v) < static_cast<std::int32_t>(a.v) ? b : a; }
inline Narrow greater(Narrow a, Narrow b) { return static_cast<std::int32_t>(a.v) < static_cast<std::int32_t>(b.v) ? b : a; }
inline std::uint64_t at_most(Narrow a, Narrow b) { return static_cast<std::int32_t>(a.v) <= static_cast<std::int32_t>(b.v); }
inline std::uint64_t equal(Narrow a, Narrow b) { return a.v == b.v; }

struct Short {
    static constexpr std::size_t lanes = 1;
    std::uint16_t v;
};
inline Short all_short(std::uint16_t a) { return {a}; }
template <class T>
inline Short load_short(const T* p) { return {static_cast<std::uint16_t>(*p)}; }
inline Short add(Short a, Short b) { return {static_cast<std::uint16_t>(a.v + b.v)}; }
inline Short multiply(Short a, Short b) { return {static_cast<std::uint16_t>(std::uint32_t{a.v} * b.v)}; }
inline Short lesser(Short a, Short b) { return b.v < a.v ? b : a; }
inline Short greater(Short a, Short b) { return a.v < b.v ? b : a; }
inline std::uint64_t at_most_word(const Short* a, const Short* b) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(a[i].v <= b[i].v) << i;
    return word;
}
inline std::uint64_t equal_word(const Short* a, const Short* b) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(a[i].v == b[i].v) << i;
    return word;
}

struct Divisor {
    std::int64_t v;
};
inline Divisor divisor(std::int64_t a) { return {a}; }
inline Vector floor_divide(Vector a, Divisor b) { return {a.v / b.v - (a.v % b.v < 0 ? 1 : 0)}; }

template <class T>
inline std::uint64_t at_most_word(const T* x, std::int64_t bound) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(x[i] <= static_cast<T>(bound)) << i;
    return word;
}
template <class T, class Put>
inline void at_most_words(const T* x, const std::int64_t* bounds, std::size_t bound_count, Put put) {
    for (std::size_t k = 0; k < bound_count; ++k) put(k, at_most_word(x, bounds[k]));
}
inline std::uint64_t member_word(const std::uint8_t* x, const std::uint8_t* set) {
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < 64; ++i) word |= static_cast<std::uint64_t>(set[x[i] >> 3] >> (x[i] & 7) & 1) << i;
    return word;
}
inline void codes_word(std::uint64_t one, std::uint64_t two, std::uint8_t* out) {
    for (std::size_t i = 0; i < 64; ++i) out[i] = static_cast<std::uint8_t>((one >> i & 1) + 2 * (two >> i & 1));
}
