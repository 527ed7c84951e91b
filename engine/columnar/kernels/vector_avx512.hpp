// Eight lanes of 64 bits, and comparisons that are bits to begin with.
struct Vector {
    static constexpr std::size_t lanes = 8;
    __m512i v;
};
inline __m512i load_bytes(const void* p) { return _mm512_loadu_si512(p); }
inline Vector load(const std::int64_t* p) { return {load_bytes(p)}; }
inline void store(std::int64_t* p, Vector a) { _mm512_storeu_si512(p, a.v); }
// Of the first `count` lanes; of the others 0.
inline __mmask8 first_lanes(std::size_t count) { return static_cast<__mmask8>(count < 8 ? (1U << count) - 1 : 0xFFU); }
inline Vector load_first(const std::int64_t* p, std::size_t count) { return {_mm512_maskz_loadu_epi64(first_lanes(count), p)}; }
inline void store_first(std::int64_t* p, Vector a, std::size_t count) { _mm512_mask_storeu_epi64(p, first_lanes(count), a.v); }
inline void store_past_cache(std::int64_t* p, Vector a) { _mm512_stream_si512(reinterpret_cast<__m512i*>(p), a.v); }
inline void settle_stores() { _mm_sfence(); }
inline Vector all(std::int64_t a) { return {_mm512_set1_epi64(a)}; }
inline Vector add(Vector a, Vector b) { return {_mm512_add_epi64(a.v, b.v)}; }
inline Vector multiply(Vector a, Vector b) { return {_mm512_mullo_epi64(a.v, b.v)}; }
inline Vector multiply_by(Vector a, std::int64_t b) { return multiply(a, all(b)); }
struct Shift {
    __m512i v;
};
inline Shift shift(std::int64_t bits) { return {_mm512_set1_epi64(bits)}; }
inline Vector shifted(Vector a, Shift by) { return {_mm512_sllv_epi64(a.v, by.v)}; }
inline Vector lesser(Vector a, Vector b) { return {_mm512_min_epi64(a.v, b.v)}; }
inline Vector greater(Vector a, Vector b) { return {_mm512_max_epi64(a.v, b.v)}; }
inline std::uint64_t at_most(Vector a, Vector b) { return _mm512_cmple_epi64_mask(a.v, b.v); }
inline std::uint64_t equal(Vector a, Vector b) { return _mm512_cmpeq_epi64_mask(a.v, b.v); }
inline Vector choose(std::uint64_t bits, Vector a, Vector b) { return {_mm512_mask_blend_epi64(static_cast<__mmask8>(bits), b.v, a.v)}; }

inline Vector both(Vector a, Vector b) { return {_mm512_and_si512(a.v, b.v)}; }
inline Vector either(Vector a, Vector b) { return {_mm512_or_si512(a.v, b.v)}; }
inline Vector exclusive_or(Vector a, Vector b) { return {_mm512_xor_si512(a.v, b.v)}; }
inline Vector gathered(const std::int64_t* x, const std::uint32_t* lanes) { return {_mm512_i32gather_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(lanes)), x, 8)}; }

struct Narrow {
    static constexpr std::size_t lanes = 16;
    __m512i v;
};
inline Narrow load_narrow(const std::int8_t* p) { return {_mm512_cvtepi8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::uint8_t* p) { return {_mm512_cvtepu8_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::int16_t* p) { return {_mm512_cvtepi16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))}; }
inline Narrow load_narrow(const std::uint16_t* p) { return {_mm512_cvtepu16_epi32(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))}; }
inline Narrow load_narrow(const std::int32_t* p) { return {load_bytes(p)}; }
inline Narrow all_narrow(std::int32_t a) { return {_mm512_set1_epi32(a)}; }
inline Narrow add(Narrow a, Narrow b) { return {_mm512_add_epi32(a.v, b.v)}; }
inline Narrow multiply(Narrow a, Narrow b) { return {_mm512_mullo_epi32(a.v, b.v)}; }
inline Narrow lesser(Narrow a, Narrow b) { return {_mm512_min_epi32(a.v, b.v)}; }
inline Narrow greater(Narrow a, Narrow b) { return {_mm512_max_epi32(a.v, b.v)}; }
inline std::uint64_t at_most(Narrow a, Narrow b) { return _mm512_cmple_epi32_mask(a.v, b.v); }
inline std::uint64_t equal(Narrow a, Narrow b) { return _mm512_cmpeq_epi32_mask(a.v, b.v); }

struct Short {
    static constexpr std::size_t lanes = 32;
    __m512i v;
};
inline Short all_short(std::uint16_t a) { return {_mm512_set1_epi16(static_cast<short>(a))}; }
inline Short load_short(const std::int8_t* p) { return {_mm512_cvtepi8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))}; }
inline Short load_short(const std::uint8_t* p) { return {_mm512_cvtepu8_epi16(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)))}; }
inline Short load_short(const std::int16_t* p) { return {load_bytes(p)}; }
inline Short load_short(const std::uint16_t* p) { return {load_bytes(p)}; }
inline Short add(Short a, Short b) { return {_mm512_add_epi16(a.v, b.v)}; }
inline Short multiply(Short a, Short b) { return {_mm512_mullo_epi16(a.v, b.v)}; }
inline Short lesser(Short a, Short b) { return {_mm512_min_epu16(a.v, b.v)}; }
inline Short greater(Short a, Short b) { return {_mm512_max_epu16(a.v, b.v)}; }
// Of 64 lanes each.
inline std::uint64_t at_most_word(const Short* a, const Short* b) {
    return _mm512_cmple_epu16_mask(a[0].v, b[0].v) | static_cast<std::uint64_t>(_mm512_cmple_epu16_mask(a[1].v, b[1].v)) << 32;
}
inline std::uint64_t equal_word(const Short* a, const Short* b) {
    return _mm512_cmpeq_epi16_mask(a[0].v, b[0].v) | static_cast<std::uint64_t>(_mm512_cmpeq_epi16_mask(a[1].v, b[1].v)) << 32;
}

// floor(a / b), as kernels.hpp says why.
struct Divisor {
    __m512d inverse, half_inverse;
};
inline Divisor divisor(std::int64_t a) { return {_mm512_set1_pd(1.0 / static_cast<double>(a)), _mm512_set1_pd(0.5 / static_cast<double>(a))}; }
inline Vector floor_divide(Vector a, const Divisor& b) {
    const __m512d quotient = _mm512_fmadd_pd(_mm512_cvtepi64_pd(a.v), b.inverse, b.half_inverse);
    return {_mm512_cvt_roundpd_epi64(quotient, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC)};
}

// Comparisons of one vector of narrow lanes with a bound.
inline std::uint64_t lanes_at_most(const std::int8_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epi8_mask(x, _mm512_set1_epi8(static_cast<char>(bound))); }
inline std::uint64_t lanes_at_most(const std::uint8_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epu8_mask(x, _mm512_set1_epi8(static_cast<char>(bound))); }
inline std::uint64_t lanes_at_most(const std::int16_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epi16_mask(x, _mm512_set1_epi16(static_cast<short>(bound))); }
inline std::uint64_t lanes_at_most(const std::uint16_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epu16_mask(x, _mm512_set1_epi16(static_cast<short>(bound))); }
inline std::uint64_t lanes_at_most(const std::int32_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epi32_mask(x, _mm512_set1_epi32(static_cast<int>(bound))); }
inline std::uint64_t lanes_at_most(const std::uint32_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epu32_mask(x, _mm512_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(bound)))); }
inline std::uint64_t lanes_at_most(const std::int64_t*, __m512i x, std::int64_t bound) { return _mm512_cmple_epi64_mask(x, _mm512_set1_epi64(bound)); }
// A word of lanes is read once for all bounds.
template <class T, class Put>
inline void at_most_words(const T* x, const std::int64_t* bounds, std::size_t bound_count, Put put) {
    __m512i vectors[sizeof(T)];
    for (std::size_t i = 0; i < sizeof(T); ++i) vectors[i] = load_bytes(x + i * (64 / sizeof(T)));
    for (std::size_t k = 0; k < bound_count; ++k) {
        std::uint64_t word = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) word |= lanes_at_most(x, vectors[i], bounds[k]) << (i * (64 / sizeof(T)));
        put(k, word);
    }
}
// Of every 16 lanes those that are set, packed; what is written behind them is written over.
inline std::uint32_t* put_indices(std::uint64_t word, std::uint32_t first, std::uint32_t* out) {
    if (word == 0) return out;
    const __m512i each = _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    for (std::uint32_t i = 0; i < 64; i += 16) {
        const auto mask = static_cast<__mmask16>(word >> i);
        _mm512_storeu_si512(out, _mm512_maskz_compress_epi32(mask, _mm512_add_epi32(each, _mm512_set1_epi32(static_cast<int>(first + i)))));
        out += __builtin_popcount(mask);
    }
    return out;
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
