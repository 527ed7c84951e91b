// Eight lanes of 64 bits, and comparisons that are bits to begin with.
struct Vector {
    static constexpr std::size_t lanes = 8;
    __m512i v;
};
inline __m512i load_bytes(const void* p) { return _mm512_loadu_si512(p); }
inline Vector load(const std::int64_t* p) { return {load_bytes(p)}; }
inline void store(std::int64_t* p, Vector a) { _mm512_storeu_si512(p, a.v); }
inline Vector all(std::int64_t a) { return {_mm512_set1_epi64(a)}; }
inline Vector add(Vector a, Vector b) { return {_mm512_add_epi64(a.v, b.v)}; }
inline Vector multiply(Vector a, Vector b) { return {_mm512_mullo_epi64(a.v, b.v)}; }
inline Vector multiply_by(Vector a, std::int64_t b) { return multiply(a, all(b)); }
inline Vector lesser(Vector a, Vector b) { return {_mm512_min_epi64(a.v, b.v)}; }
inline Vector greater(Vector a, Vector b) { return {_mm512_max_epi64(a.v, b.v)}; }
inline std::uint64_t at_most(Vector a, Vector b) { return _mm512_cmple_epi64_mask(a.v, b.v); }
inline std::uint64_t equal(Vector a, Vector b) { return _mm512_cmpeq_epi64_mask(a.v, b.v); }
inline Vector choose(std::uint64_t bits, Vector a, Vector b) { return {_mm512_mask_blend_epi64(static_cast<__mmask8>(bits), b.v, a.v)}; }

// The nearest whole number to a / b is the floor or one above it, which the sign of the remainder tells.
struct Divisor {
    __m512d value, inverse;
};
inline Divisor divisor(std::int64_t a) { return {_mm512_set1_pd(static_cast<double>(a)), _mm512_set1_pd(1.0 / static_cast<double>(a))}; }
inline Vector floor_divide(Vector a, const Divisor& b) {
    const __m512d magic = _mm512_set1_pd(6755399441055744.0);
    const __m512i magic_bits = _mm512_castpd_si512(magic);
    const __m512d number = _mm512_sub_pd(_mm512_castsi512_pd(_mm512_add_epi64(a.v, magic_bits)), magic);
    const __m512d near_bits = _mm512_add_pd(_mm512_mul_pd(number, b.inverse), magic);
    const __m512d rest = _mm512_fnmadd_pd(_mm512_sub_pd(near_bits, magic), b.value, number);
    const __m512i nearest = _mm512_sub_epi64(_mm512_castpd_si512(near_bits), magic_bits);
    return {_mm512_mask_sub_epi64(nearest, _mm512_cmp_pd_mask(rest, _mm512_setzero_pd(), _CMP_LT_OQ), nearest, _mm512_set1_epi64(1))};
}

inline std::uint64_t at_most_word(const std::uint8_t* x, std::int64_t bound) { return _mm512_cmple_epu8_mask(load_bytes(x), _mm512_set1_epi8(static_cast<char>(bound))); }
inline std::uint64_t at_most_word(const std::int8_t* x, std::int64_t bound) { return _mm512_cmple_epi8_mask(load_bytes(x), _mm512_set1_epi8(static_cast<char>(bound))); }
inline std::uint64_t at_most_word(const std::uint16_t* x, std::int64_t bound) {
    const __m512i most = _mm512_set1_epi16(static_cast<short>(bound));
    return static_cast<std::uint64_t>(_mm512_cmple_epu16_mask(load_bytes(x), most)) | static_cast<std::uint64_t>(_mm512_cmple_epu16_mask(load_bytes(x + 32), most)) << 32;
}
inline std::uint64_t at_most_word(const std::int16_t* x, std::int64_t bound) {
    const __m512i most = _mm512_set1_epi16(static_cast<short>(bound));
    return static_cast<std::uint64_t>(_mm512_cmple_epi16_mask(load_bytes(x), most)) | static_cast<std::uint64_t>(_mm512_cmple_epi16_mask(load_bytes(x + 32), most)) << 32;
}
inline std::uint64_t at_most_word(const std::int32_t* x, std::int64_t bound) {
    const __m512i most = _mm512_set1_epi32(static_cast<int>(bound));
    std::uint64_t word = 0;
    for (int i = 0; i < 4; ++i) word |= static_cast<std::uint64_t>(_mm512_cmple_epi32_mask(load_bytes(x + 16 * i), most)) << (16 * i);
    return word;
}
inline std::uint64_t at_most_word(const std::uint32_t* x, std::int64_t bound) {
    const __m512i most = _mm512_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(bound)));
    std::uint64_t word = 0;
    for (int i = 0; i < 4; ++i) word |= static_cast<std::uint64_t>(_mm512_cmple_epu32_mask(load_bytes(x + 16 * i), most)) << (16 * i);
    return word;
}
inline std::uint64_t at_most_word(const std::int64_t* x, std::int64_t bound) {
    const __m512i most = _mm512_set1_epi64(bound);
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word |= static_cast<std::uint64_t>(_mm512_cmple_epi64_mask(load_bytes(x + 8 * i), most)) << (8 * i);
    return word;
}
// Byte x / 8 of the set, from its lower or upper half, against bit x % 8.
inline std::uint64_t member_word(const std::uint8_t* x, const std::uint8_t* set) {
    const __m512i lower = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(set)));
    const __m512i upper = _mm512_broadcast_i32x4(_mm_loadu_si128(reinterpret_cast<const __m128i*>(set + 16)));
    const __m512i each = _mm512_set1_epi64(static_cast<std::int64_t>(0x8040201008040201ULL));
    const __m512i a = load_bytes(x);
    const __m512i byte = _mm512_and_si512(_mm512_srli_epi16(a, 3), _mm512_set1_epi8(15));
    const __m512i found = _mm512_mask_blend_epi8(_mm512_movepi8_mask(a), _mm512_shuffle_epi8(lower, byte), _mm512_shuffle_epi8(upper, byte));
    const __m512i bit = _mm512_shuffle_epi8(each, _mm512_and_si512(a, _mm512_set1_epi8(7)));
    return _mm512_test_epi8_mask(found, bit);
}
inline void codes_word(std::uint64_t one, std::uint64_t two, std::uint8_t* out) {
    const __m512i low = _mm512_maskz_set1_epi8(one, 1);
    _mm512_storeu_si512(out, _mm512_or_si512(low, _mm512_maskz_set1_epi8(two, 2)));
}

inline std::uint64_t extract_bits(std::uint64_t bits, std::uint64_t mask) { return _pext_u64(bits, mask); }
inline std::uint64_t deposit_bits(std::uint64_t packed, std::uint64_t mask) { return _pdep_u64(packed, mask); }
