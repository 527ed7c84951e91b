// 64 bytes as four vectors; numbers and dates in 16 bytes, counted from their ends, as digits_sse.hpp has them.
#include "over_point.hpp"

struct Bytes {
    uint8x16_t a, b, c, d;
};
inline uint8x16_t sixteen(const void* p) { return vld1q_u8(static_cast<const std::uint8_t*>(p)); }
inline Bytes load_bytes(const char* p) { return {sixteen(p), sixteen(p + 16), sixteen(p + 32), sixteen(p + 48)}; }
inline void store_bytes(const Bytes& bytes, char* p) {
    auto* const to = reinterpret_cast<std::uint8_t*>(p);
    vst1q_u8(to, bytes.a);
    vst1q_u8(to + 16, bytes.b);
    vst1q_u8(to + 32, bytes.c);
    vst1q_u8(to + 48, bytes.d);
}

// There is no instruction that makes bits of a comparison: each byte keeps the bit of its place, and they are added up.
inline uint8x16_t bit_of_place() { return vreinterpretq_u8_u64(vdupq_n_u64(0x8040201008040201ULL)); }
inline unsigned sixteen_bits(uint8x16_t mask) {
    const uint8x16_t bits = vandq_u8(mask, bit_of_place());
    return static_cast<unsigned>(vaddv_u8(vget_low_u8(bits))) | static_cast<unsigned>(vaddv_u8(vget_high_u8(bits))) << 8;
}
inline std::uint64_t word_of_bits(const Bytes& masks) {
    const uint8x16_t each = bit_of_place();
    const uint8x16_t first = vpaddq_u8(vandq_u8(masks.a, each), vandq_u8(masks.b, each)), second = vpaddq_u8(vandq_u8(masks.c, each), vandq_u8(masks.d, each));
    const uint8x16_t all = vpaddq_u8(first, second);
    return vgetq_lane_u64(vreinterpretq_u64_u8(vpaddq_u8(all, all)), 0);
}
inline std::uint64_t equal(const Bytes& bytes, char wanted) {
    const uint8x16_t each = vdupq_n_u8(static_cast<std::uint8_t>(wanted));
    return word_of_bits({vceqq_u8(bytes.a, each), vceqq_u8(bytes.b, each), vceqq_u8(bytes.c, each), vceqq_u8(bytes.d, each)});
}
inline bool is_ascii(const Bytes& bytes) { return vmaxvq_u8(vorrq_u8(vorrq_u8(bytes.a, bytes.b), vorrq_u8(bytes.c, bytes.d))) < 0x80; }

inline void put_places(std::uint64_t bits, std::uint32_t first, std::uint32_t* to) {
    for (; bits != 0; bits &= bits - 1) *to++ = first + static_cast<std::uint32_t>(__builtin_ctzll(bits));
}

// Bytes with so many or fewer behind them.
inline uint8x16_t within_size(std::uint32_t size) {
    static constexpr std::int8_t from_end[16] = {15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0};
    return vcgtq_s8(vdupq_n_s8(static_cast<std::int8_t>(size)), vld1q_s8(from_end));
}
inline uint16x8_t pairs_of(uint8x16_t digits) { return vpaddlq_u8(vmulq_u8(digits, vreinterpretq_u8_u16(vdupq_n_u16(0x010A)))); }
inline std::uint64_t number_of(uint8x16_t digits) {
    const uint32x4_t fours = vpaddlq_u16(vmulq_u16(pairs_of(digits), vreinterpretq_u16_u32(vdupq_n_u32(0x00010064))));
    const uint64x2_t eights = vpaddlq_u32(vmulq_u32(fours, vreinterpretq_u32_u64(vdupq_n_u64(0x0000000100002710ULL))));
    return vgetq_lane_u64(eights, 0) * 100'000'000 + vgetq_lane_u64(eights, 1);
}

inline Digits read_digits(const char* end, std::size_t size) {
    const uint8x16_t digits = vandq_u8(vsubq_u8(sixteen(end - 16), vdupq_n_u8('0')), within_size(static_cast<std::uint32_t>(size)));
    const unsigned others = sixteen_bits(vcleq_u8(digits, vdupq_n_u8(9))) ^ 0xFFFFU;
    // With none, the point is thought to stand behind the last digit.
    const unsigned point = 15 - static_cast<unsigned>(__builtin_ctz(others | 0x8000U));
    const bool whole = others == 0;
    const bool one_point = ((others & (others - 1)) == 0) & (end[-1 - static_cast<int>(point)] == '.') & (point != 0) & (size > point + 1);
    return {number_of(vqtbl1q_u8(digits, sixteen(over_point.places[point]))), point, whole || one_point};
}

inline Day read_day(const char* end) {
    static constexpr std::uint8_t places[16] = {6, 7, 8, 9, 11, 12, 14, 15, 255, 255, 255, 255, 255, 255, 255, 255};
    const uint8x16_t text = sixteen(end - 16), digits = vsubq_u8(text, vdupq_n_u8('0'));
    const unsigned is_digit = sixteen_bits(vcleq_u8(digits, vdupq_n_u8(9))), is_dash = sixteen_bits(vceqq_u8(text, vdupq_n_u8('-')));
    const uint16x8_t pairs = pairs_of(vqtbl1q_u8(digits, vld1q_u8(places)));
    return {vgetq_lane_u16(pairs, 0) * 100U + vgetq_lane_u16(pairs, 1), vgetq_lane_u16(pairs, 2), vgetq_lane_u16(pairs, 3), (is_digit & 0xDBC0U) == 0xDBC0U && (is_dash & 0x2400U) == 0x2400U};
}

inline void read_alike(const ColumnCells& cells, std::size_t first, std::size_t count, const Alike& alike, std::int64_t* values, std::uint8_t* states, std::uint32_t* odd) {
    const uint8x16_t taken_off = sixteen(alike.written.taken_off), most = sixteen(alike.written.most), places = sixteen(alike.written.places);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 16 == 0) odd[i / 16] = 0;
        const std::uint32_t* const at = cells.ends + cells.rows[first + i] + cells.column;
        const std::uint32_t end = at[1] - cells.behind, size = end - at[0] - 1;
        const uint8x16_t digits = vandq_u8(veorq_u8(sixteen(cells.text + end - 16), taken_off), within_size(size));
        const bool wrong = vmaxvq_u8(vqsubq_u8(digits, most)) != 0;
        const auto number = static_cast<std::int64_t>(number_of(vqtbl1q_u8(digits, places)));
        values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) * static_cast<std::uint64_t>(alike.scale));
        states[i] = is_empty(size) ? cell_absent : cell_known;
        const bool is_odd = (!is_empty(size)) & ((size - alike.written.shortest > alike.written.span) | wrong | (number < alike.written.smallest[size & 31]) | (number < alike.least) | (number > alike.greatest));
        odd[i / 16] |= static_cast<std::uint32_t>(is_odd) << (i % 16);
    }
}

// The lowest bytes, packed, against their lowest bit.
inline std::uint64_t odd_of_64(const std::int64_t* values) {
    const auto four = [](const std::int64_t* p) { return vreinterpretq_u16_u32(vuzp1q_u32(vreinterpretq_u32_s64(vld1q_s64(p)), vreinterpretq_u32_s64(vld1q_s64(p + 2)))); };
    const auto eight = [&](const std::int64_t* p) { return vreinterpretq_u8_u16(vuzp1q_u16(four(p), four(p + 4))); };
    const auto is_odd = [&](const std::int64_t* p) { return vtstq_u8(vuzp1q_u8(eight(p), eight(p + 8)), vdupq_n_u8(1)); };
    return word_of_bits({is_odd(values), is_odd(values + 16), is_odd(values + 32), is_odd(values + 48)});
}
