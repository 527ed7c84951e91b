// Two lanes of 64 bits, which every arm64 machine has; narrow columns 16 lanes at a time. There is no instruction that makes bits of a
// comparison: its lanes are narrowed to bytes, of which each keeps the bit of its place, and the bytes are added up.
#include "bits_one_by_one.hpp"

struct Vector {
    static constexpr std::size_t lanes = 2;
    int64x2_t v;
};
inline Vector load(const std::int64_t* p) { return {vld1q_s64(p)}; }
inline void store(std::int64_t* p, Vector a) { vst1q_s64(p, a.v); }
// Of the first `count` lanes; of the others 0.
inline Vector load_first(const std::int64_t* p, std::size_t count) { return count >= Vector::lanes ? load(p) : Vector{vcombine_s64(vld1_s64(p), vcreate_s64(0))}; }
inline void store_first(std::int64_t* p, Vector a, std::size_t count) {
    if (count >= Vector::lanes) store(p, a);
    else vst1_s64(p, vget_low_s64(a.v));
}
inline void store_past_cache(std::int64_t* p, Vector a) { store(p, a); }
inline void settle_stores() {}
inline Vector all(std::int64_t a) { return {vdupq_n_s64(a)}; }
inline Vector add(Vector a, Vector b) { return {vaddq_s64(a.v, b.v)}; }
// Lanes of 64 bits are multiplied one by one.
inline Vector multiply(Vector a, Vector b) {
    const uint64x2_t x = vreinterpretq_u64_s64(a.v), y = vreinterpretq_u64_s64(b.v);
    const uint64x2_t product = vcombine_u64(vcreate_u64(vgetq_lane_u64(x, 0) * vgetq_lane_u64(y, 0)), vcreate_u64(vgetq_lane_u64(x, 1) * vgetq_lane_u64(y, 1)));
    return {vreinterpretq_s64_u64(product)};
}
// By a factor of 32 bits, of either sign: the low half's product, and the high half's above it.
inline Vector multiply_by(Vector a, std::int64_t b) {
    const uint32x2_t factor = vdup_n_u32(static_cast<std::uint32_t>(b < 0 ? -b : b));
    const uint64x2_t x = vreinterpretq_u64_s64(a.v);
    const uint64x2_t low = vmull_u32(vmovn_u64(x), factor), high = vmull_u32(vshrn_n_u64(x, 32), factor);
    const int64x2_t product = vreinterpretq_s64_u64(vaddq_u64(low, vshlq_n_u64(high, 32)));
    return {b < 0 ? vnegq_s64(product) : product};
}
struct Shift {
    int64x2_t v;
};
inline Shift shift(std::int64_t bits) { return {vdupq_n_s64(bits)}; }
inline Vector shifted(Vector a, Shift by) { return {vshlq_s64(a.v, by.v)}; }
inline Vector lesser(Vector a, Vector b) { return {vbslq_s64(vcgtq_s64(a.v, b.v), b.v, a.v)}; }
inline Vector greater(Vector a, Vector b) { return {vbslq_s64(vcgtq_s64(a.v, b.v), a.v, b.v)}; }
inline std::uint64_t bits_of(uint64x2_t mask) { return (vgetq_lane_u64(mask, 0) & 1) | (vgetq_lane_u64(mask, 1) & 2); }
inline std::uint64_t at_most(Vector a, Vector b) { return bits_of(vcleq_s64(a.v, b.v)); }
inline std::uint64_t equal(Vector a, Vector b) { return bits_of(vceqq_s64(a.v, b.v)); }
inline Vector choose(std::uint64_t bits, Vector a, Vector b) {
    const uint64x2_t each = vcombine_u64(vcreate_u64(1), vcreate_u64(2));
    return {vbslq_s64(vtstq_u64(vdupq_n_u64(bits), each), a.v, b.v)};
}

inline Vector both(Vector a, Vector b) { return {vandq_s64(a.v, b.v)}; }
inline Vector either(Vector a, Vector b) { return {vorrq_s64(a.v, b.v)}; }
inline Vector exclusive_or(Vector a, Vector b) { return {veorq_s64(a.v, b.v)}; }
inline Vector gathered(const std::int64_t* x, const std::uint32_t* lanes) { return {vcombine_s64(vld1_s64(x + lanes[0]), vld1_s64(x + lanes[1]))}; }

// Masks of bytes as bits.
inline uint8x16_t bit_of_place() { return vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201ULL)); }
inline std::uint64_t sixteen_bits(uint8x16_t mask) {
    const uint8x16_t bits = vandq_u8(mask, bit_of_place());
    return static_cast<std::uint64_t>(vaddv_u8(vget_low_u8(bits))) | static_cast<std::uint64_t>(vaddv_u8(vget_high_u8(bits))) << 8;
}
inline std::uint64_t word_of_bits(uint8x16_t a, uint8x16_t b, uint8x16_t c, uint8x16_t d) {
    const uint8x16_t each = bit_of_place();
    const uint8x16_t first = vpaddq_u8(vandq_u8(a, each), vandq_u8(b, each)), second = vpaddq_u8(vandq_u8(c, each), vandq_u8(d, each));
    const uint8x16_t all_four = vpaddq_u8(first, second);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all_four, all_four)), 0);
}
// Two masks of wider lanes as one of lanes of half the width, in order.
inline uint8x16_t narrowed(uint16x8_t a, uint16x8_t b) { return vuzp1q_u8(vreinterpretq_u8_u16(a), vreinterpretq_u8_u16(b)); }
inline uint16x8_t narrowed(uint32x4_t a, uint32x4_t b) { return vuzp1q_u16(vreinterpretq_u16_u32(a), vreinterpretq_u16_u32(b)); }
inline uint32x4_t narrowed(uint64x2_t a, uint64x2_t b) { return vuzp1q_u32(vreinterpretq_u32_u64(a), vreinterpretq_u32_u64(b)); }

struct Narrow {
    static constexpr std::size_t lanes = 16;
    int32x4_t v[4];
};
inline Narrow widened(int16x8_t a, int16x8_t b) { return {{vmovl_s16(vget_low_s16(a)), vmovl_high_s16(a), vmovl_s16(vget_low_s16(b)), vmovl_high_s16(b)}}; }
inline Narrow widened(uint16x8_t a, uint16x8_t b) {
    return {{vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(a))), vreinterpretq_s32_u32(vmovl_high_u16(a)), vreinterpretq_s32_u32(vmovl_u16(vget_low_u16(b))), vreinterpretq_s32_u32(vmovl_high_u16(b))}};
}
inline Narrow load_narrow(const std::int8_t* p) {
    const int8x16_t a = vld1q_s8(p);
    return widened(vmovl_s8(vget_low_s8(a)), vmovl_high_s8(a));
}
inline Narrow load_narrow(const std::uint8_t* p) {
    const uint8x16_t a = vld1q_u8(p);
    return widened(vmovl_u8(vget_low_u8(a)), vmovl_high_u8(a));
}
inline Narrow load_narrow(const std::int16_t* p) { return widened(vld1q_s16(p), vld1q_s16(p + 8)); }
inline Narrow load_narrow(const std::uint16_t* p) { return widened(vld1q_u16(p), vld1q_u16(p + 8)); }
inline Narrow load_narrow(const std::int32_t* p) { return {{vld1q_s32(p), vld1q_s32(p + 4), vld1q_s32(p + 8), vld1q_s32(p + 12)}}; }
inline Narrow all_narrow(std::int32_t a) {
    const int32x4_t v = vdupq_n_s32(a);
    return {{v, v, v, v}};
}
template <class Function>
inline Narrow each_four(const Narrow& a, const Narrow& b, Function function) {
    return {{function(a.v[0], b.v[0]), function(a.v[1], b.v[1]), function(a.v[2], b.v[2]), function(a.v[3], b.v[3])}};
}
inline Narrow add(const Narrow& a, const Narrow& b) { return each_four(a, b, [](int32x4_t x, int32x4_t y) { return vaddq_s32(x, y); }); }
inline Narrow multiply(const Narrow& a, const Narrow& b) { return each_four(a, b, [](int32x4_t x, int32x4_t y) { return vmulq_s32(x, y); }); }
inline Narrow lesser(const Narrow& a, const Narrow& b) { return each_four(a, b, [](int32x4_t x, int32x4_t y) { return vminq_s32(x, y); }); }
inline Narrow greater(const Narrow& a, const Narrow& b) { return each_four(a, b, [](int32x4_t x, int32x4_t y) { return vmaxq_s32(x, y); }); }
template <class Compare>
inline std::uint64_t narrow_bits(const Narrow& a, const Narrow& b, Compare compare) {
    return sixteen_bits(narrowed(narrowed(compare(a.v[0], b.v[0]), compare(a.v[1], b.v[1])), narrowed(compare(a.v[2], b.v[2]), compare(a.v[3], b.v[3]))));
}
inline std::uint64_t at_most(const Narrow& a, const Narrow& b) { return narrow_bits(a, b, [](int32x4_t x, int32x4_t y) { return vcleq_s32(x, y); }); }
inline std::uint64_t equal(const Narrow& a, const Narrow& b) { return narrow_bits(a, b, [](int32x4_t x, int32x4_t y) { return vceqq_s32(x, y); }); }

// floor(a / b), as kernels.hpp says why.
struct Divisor {
    float64x2_t inverse, half_inverse;
};
inline Divisor divisor(std::int64_t a) { return {vdupq_n_f64(1.0 / static_cast<double>(a)), vdupq_n_f64(0.5 / static_cast<double>(a))}; }
inline Vector floor_divide(Vector a, const Divisor& b) { return {vcvtmq_s64_f64(vfmaq_f64(b.half_inverse, vcvtq_f64_s64(a.v), b.inverse))}; }

struct Short {
    static constexpr std::size_t lanes = 8;
    uint16x8_t v;
};
inline Short all_short(std::uint16_t a) { return {vdupq_n_u16(a)}; }
inline Short load_short(const std::int8_t* p) { return {vreinterpretq_u16_s16(vmovl_s8(vld1_s8(p)))}; }
inline Short load_short(const std::uint8_t* p) { return {vmovl_u8(vld1_u8(p))}; }
inline Short load_short(const std::int16_t* p) { return {vreinterpretq_u16_s16(vld1q_s16(p))}; }
inline Short load_short(const std::uint16_t* p) { return {vld1q_u16(p)}; }
inline Short add(Short a, Short b) { return {vaddq_u16(a.v, b.v)}; }
inline Short multiply(Short a, Short b) { return {vmulq_u16(a.v, b.v)}; }
inline Short lesser(Short a, Short b) { return {vminq_u16(a.v, b.v)}; }
inline Short greater(Short a, Short b) { return {vmaxq_u16(a.v, b.v)}; }
// Of 64 lanes each.
template <class Compare>
inline std::uint64_t short_bits(const Short* a, const Short* b, Compare compare) {
    const auto pair = [&](int i) { return narrowed(compare(a[i].v, b[i].v), compare(a[i + 1].v, b[i + 1].v)); };
    return word_of_bits(pair(0), pair(2), pair(4), pair(6));
}
inline std::uint64_t equal_word(const Short* a, const Short* b) { return short_bits(a, b, [](uint16x8_t x, uint16x8_t y) { return vceqq_u16(x, y); }); }
inline std::uint64_t at_most_word(const Short* a, const Short* b) { return short_bits(a, b, [](uint16x8_t x, uint16x8_t y) { return vcleq_u16(x, y); }); }

// 64 lanes at most a bound, as masks: of one vector, then of twice as many lanes of half the width.
inline uint8x16_t lanes_at_most(const std::uint8_t* x, std::int64_t bound) { return vcleq_u8(vld1q_u8(x), vdupq_n_u8(static_cast<std::uint8_t>(bound))); }
inline uint8x16_t lanes_at_most(const std::int8_t* x, std::int64_t bound) { return vcleq_s8(vld1q_s8(x), vdupq_n_s8(static_cast<std::int8_t>(bound))); }
inline uint16x8_t lanes_at_most(const std::uint16_t* x, std::int64_t bound) { return vcleq_u16(vld1q_u16(x), vdupq_n_u16(static_cast<std::uint16_t>(bound))); }
inline uint16x8_t lanes_at_most(const std::int16_t* x, std::int64_t bound) { return vcleq_s16(vld1q_s16(x), vdupq_n_s16(static_cast<std::int16_t>(bound))); }
inline uint32x4_t lanes_at_most(const std::uint32_t* x, std::int64_t bound) { return vcleq_u32(vld1q_u32(x), vdupq_n_u32(static_cast<std::uint32_t>(bound))); }
inline uint32x4_t lanes_at_most(const std::int32_t* x, std::int64_t bound) { return vcleq_s32(vld1q_s32(x), vdupq_n_s32(static_cast<std::int32_t>(bound))); }
inline uint64x2_t lanes_at_most(const std::int64_t* x, std::int64_t bound) { return vcleq_s64(vld1q_s64(x), vdupq_n_s64(bound)); }
// The masks of `wanted` lanes.
template <std::size_t wanted, class T>
inline auto narrowed_at_most(const T* x, std::int64_t bound) {
    if constexpr (wanted * sizeof(T) == 16) return lanes_at_most(x, bound);
    else return narrowed(narrowed_at_most<wanted / 2>(x, bound), narrowed_at_most<wanted / 2>(x + wanted / 2, bound));
}
template <class T>
inline std::uint64_t at_most_word(const T* x, std::int64_t bound) {
    return word_of_bits(narrowed_at_most<16>(x, bound), narrowed_at_most<16>(x + 16, bound), narrowed_at_most<16>(x + 32, bound), narrowed_at_most<16>(x + 48, bound));
}
template <class T, class Put>
inline void at_most_words(const T* x, const std::int64_t* bounds, std::size_t bound_count, Put put) {
    for (std::size_t k = 0; k < bound_count; ++k) put(k, at_most_word(x, bounds[k]));
}
// Byte x / 8 of the set against bit x % 8.
inline std::uint64_t member_word(const std::uint8_t* x, const std::uint8_t* set) {
    const uint8x16x2_t bytes = {{vld1q_u8(set), vld1q_u8(set + 16)}};
    const auto found = [&](const std::uint8_t* p) {
        const uint8x16_t a = vld1q_u8(p);
        const uint8x16_t bit = vshlq_u8(vdupq_n_u8(1), vreinterpretq_s8_u8(vandq_u8(a, vdupq_n_u8(7))));
        return vtstq_u8(vqtbl2q_u8(bytes, vshrq_n_u8(a, 3)), bit);
    };
    return word_of_bits(found(x), found(x + 16), found(x + 32), found(x + 48));
}
inline void codes_word(std::uint64_t one, std::uint64_t two, std::uint8_t* out) {
    const auto mask = [](std::uint64_t bits) {
        const uint8x16_t spread = vcombine_u8(vdup_n_u8(static_cast<std::uint8_t>(bits)), vdup_n_u8(static_cast<std::uint8_t>(bits >> 8)));
        return vtstq_u8(spread, bit_of_place());
    };
    for (int i = 0; i < 4; ++i) {
        const uint8x16_t low = vandq_u8(mask(one >> (16 * i)), vdupq_n_u8(1)), high = vandq_u8(mask(two >> (16 * i)), vdupq_n_u8(2));
        vst1q_u8(out + 16 * i, vorrq_u8(low, high));
    }
}
