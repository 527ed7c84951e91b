// Four lanes of 64 bits; narrow columns 32 or 64 lanes at a time.
struct Vector {
    static constexpr std::size_t lanes = 4;
    __m256i v;
};
inline Vector load(const std::int64_t* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))}; }
inline void store(std::int64_t* p, Vector a) { _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), a.v); }
// Of the first `count` lanes; of the others 0.
inline __m256i first_lanes(std::size_t count) { return _mm256_cmpgt_epi64(_mm256_set1_epi64x(static_cast<std::int64_t>(count)), _mm256_set_epi64x(3, 2, 1, 0)); }
inline Vector load_first(const std::int64_t* p, std::size_t count) { return {_mm256_maskload_epi64(reinterpret_cast<const long long*>(p), first_lanes(count))}; }
inline void store_first(std::int64_t* p, Vector a, std::size_t count) { _mm256_maskstore_epi64(reinterpret_cast<long long*>(p), first_lanes(count), a.v); }
inline void store_past_cache(std::int64_t* p, Vector a) { _mm256_stream_si256(reinterpret_cast<__m256i*>(p), a.v); }
inline void settle_stores() { _mm_sfence(); }
inline Vector all(std::int64_t a) { return {_mm256_set1_epi64x(a)}; }
inline Vector add(Vector a, Vector b) { return {_mm256_add_epi64(a.v, b.v)}; }
// Modulo 2^64: the low halves' product, and both cross products above it.
inline Vector multiply(Vector a, Vector b) {
    const __m256i low = _mm256_mul_epu32(a.v, b.v);
    const __m256i cross = _mm256_add_epi64(_mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), b.v), _mm256_mul_epu32(a.v, _mm256_srli_epi64(b.v, 32)));
    return {_mm256_add_epi64(low, _mm256_slli_epi64(cross, 32))};
}
// By a factor of 32 bits, of either sign.
inline Vector multiply_by(Vector a, std::int64_t b) {
    const __m256i factor = _mm256_set1_epi64x(b < 0 ? -b : b);
    const __m256i low = _mm256_mul_epu32(a.v, factor), high = _mm256_mul_epu32(_mm256_srli_epi64(a.v, 32), factor);
    const __m256i product = _mm256_add_epi64(low, _mm256_slli_epi64(high, 32));
    return {b < 0 ? _mm256_sub_epi64(_mm256_setzero_si256(), product) : product};
}
struct Shift {
    __m256i v;
};
inline Shift shift(std::int64_t bits) { return {_mm256_set1_epi64x(bits)}; }
inline Vector shifted(Vector a, Shift by) { return {_mm256_sllv_epi64(a.v, by.v)}; }
inline Vector lesser(Vector a, Vector b) { return {_mm256_blendv_epi8(a.v, b.v, _mm256_cmpgt_epi64(a.v, b.v))}; }
inline Vector greater(Vector a, Vector b) { return {_mm256_blendv_epi8(b.v, a.v, _mm256_cmpgt_epi64(a.v, b.v))}; }
inline std::uint64_t bits_of(__m256i mask) { return static_cast<std::uint64_t>(static_cast<unsigned>(_mm256_movemask_pd(_mm256_castsi256_pd(mask)))); }
inline std::uint64_t at_most(Vector a, Vector b) { return bits_of(_mm256_cmpgt_epi64(a.v, b.v)) ^ 0xF; }
inline std::uint64_t equal(Vector a, Vector b) { return bits_of(_mm256_cmpeq_epi64(a.v, b.v)); }
inline Vector choose(std::uint64_t bits, Vector a, Vector b) {
    const __m256i each = _mm256_set_epi64x(8, 4, 2, 1);
    const __m256i mask = _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(static_cast<std::int64_t>(bits)), each), each);
    return {_mm256_blendv_epi8(b.v, a.v, mask)};
}

inline Vector both(Vector a, Vector b) { return {_mm256_and_si256(a.v, b.v)}; }
inline Vector either(Vector a, Vector b) { return {_mm256_or_si256(a.v, b.v)}; }
inline Vector exclusive_or(Vector a, Vector b) { return {_mm256_xor_si256(a.v, b.v)}; }
// Four loads: what a gather instruction is on many of these machines, too.
inline Vector gathered(const std::int64_t* x, const std::uint32_t* lanes) { return {_mm256_set_epi64x(x[lanes[3]], x[lanes[2]], x[lanes[1]], x[lanes[0]])}; }

struct Narrow {
    static constexpr std::size_t lanes = 8;
    __m256i v;
};
inline Narrow load_narrow(const std::int8_t* p) { return {_mm256_cvtepi8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::uint8_t* p) { return {_mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::int16_t* p) { return {_mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::uint16_t* p) { return {_mm256_cvtepu16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Narrow load_narrow(const std::int32_t* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p))}; }
inline Narrow all_narrow(std::int32_t a) { return {_mm256_set1_epi32(a)}; }
inline Narrow add(Narrow a, Narrow b) { return {_mm256_add_epi32(a.v, b.v)}; }
inline Narrow multiply(Narrow a, Narrow b) { return {_mm256_mullo_epi32(a.v, b.v)}; }
inline Narrow lesser(Narrow a, Narrow b) { return {_mm256_min_epi32(a.v, b.v)}; }
inline Narrow greater(Narrow a, Narrow b) { return {_mm256_max_epi32(a.v, b.v)}; }
inline std::uint64_t narrow_bits(__m256i mask) { return static_cast<std::uint64_t>(static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(mask)))); }
inline std::uint64_t at_most(Narrow a, Narrow b) { return narrow_bits(_mm256_cmpgt_epi32(a.v, b.v)) ^ 0xFF; }
inline std::uint64_t equal(Narrow a, Narrow b) { return narrow_bits(_mm256_cmpeq_epi32(a.v, b.v)); }

// floor(a / b), as kernels.hpp says why. A whole number below 2^51 becomes a double by adding it to the bits of 1.5 * 2^52, and back
// by subtracting them: exactly.
struct Divisor {
    __m256d inverse, half_inverse;
};
inline Divisor divisor(std::int64_t a) { return {_mm256_set1_pd(1.0 / static_cast<double>(a)), _mm256_set1_pd(0.5 / static_cast<double>(a))}; }
inline Vector floor_divide(Vector a, const Divisor& b) {
    const __m256d magic = _mm256_set1_pd(6755399441055744.0);
    const __m256i magic_bits = _mm256_castpd_si256(magic);
    const __m256d number = _mm256_sub_pd(_mm256_castsi256_pd(_mm256_add_epi64(a.v, magic_bits)), magic);
    const __m256d quotient = _mm256_floor_pd(_mm256_fmadd_pd(number, b.inverse, b.half_inverse));
    return {_mm256_sub_epi64(_mm256_castpd_si256(_mm256_add_pd(quotient, magic)), magic_bits)};
}

inline __m256i load_bytes(const void* p) { return _mm256_loadu_si256(static_cast<const __m256i*>(p)); }
inline std::uint64_t byte_bits(__m256i mask) { return static_cast<std::uint32_t>(_mm256_movemask_epi8(mask)); }
// Two masks of 16-bit lanes as one of bytes, in order.
inline std::uint64_t pair_bits(__m256i a, __m256i b) { return byte_bits(_mm256_permute4x64_epi64(_mm256_packs_epi16(a, b), 0xD8)); }

struct Short {
    static constexpr std::size_t lanes = 16;
    __m256i v;
};
inline Short all_short(std::uint16_t a) { return {_mm256_set1_epi16(static_cast<short>(a))}; }
inline Short load_short(const std::int8_t* p) { return {_mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Short load_short(const std::uint8_t* p) { return {_mm256_cvtepu8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(p)))}; }
inline Short load_short(const std::int16_t* p) { return {load_bytes(p)}; }
inline Short load_short(const std::uint16_t* p) { return {load_bytes(p)}; }
inline Short add(Short a, Short b) { return {_mm256_add_epi16(a.v, b.v)}; }
inline Short multiply(Short a, Short b) { return {_mm256_mullo_epi16(a.v, b.v)}; }
inline Short lesser(Short a, Short b) { return {_mm256_min_epu16(a.v, b.v)}; }
inline Short greater(Short a, Short b) { return {_mm256_max_epu16(a.v, b.v)}; }
// Of 64 lanes each.
inline std::uint64_t equal_word(const Short* a, const Short* b) {
    const auto mask = [&](int i) { return _mm256_cmpeq_epi16(a[i].v, b[i].v); };
    return pair_bits(mask(0), mask(1)) | pair_bits(mask(2), mask(3)) << 32;
}
inline std::uint64_t at_most_word(const Short* a, const Short* b) {
    const Short least[] = {lesser(a[0], b[0]), lesser(a[1], b[1]), lesser(a[2], b[2]), lesser(a[3], b[3])};
    return equal_word(least, a);
}

inline std::uint64_t at_most_word(const std::uint8_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi8(static_cast<char>(bound)), a = load_bytes(x), b = load_bytes(x + 32);
    return byte_bits(_mm256_cmpeq_epi8(_mm256_min_epu8(a, most), a)) | byte_bits(_mm256_cmpeq_epi8(_mm256_min_epu8(b, most), b)) << 32;
}
inline std::uint64_t at_most_word(const std::int8_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi8(static_cast<char>(bound));
    return ~(byte_bits(_mm256_cmpgt_epi8(load_bytes(x), most)) | byte_bits(_mm256_cmpgt_epi8(load_bytes(x + 32), most)) << 32);
}
inline std::uint64_t at_most_word(const std::uint16_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi16(static_cast<short>(bound));
    const auto mask = [&](const std::uint16_t* p) {
        const __m256i a = load_bytes(p);
        return _mm256_cmpeq_epi16(_mm256_min_epu16(a, most), a);
    };
    return pair_bits(mask(x), mask(x + 16)) | pair_bits(mask(x + 32), mask(x + 48)) << 32;
}
inline std::uint64_t at_most_word(const std::int16_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi16(static_cast<short>(bound));
    const auto mask = [&](const std::int16_t* p) { return _mm256_cmpgt_epi16(load_bytes(p), most); };
    return ~(pair_bits(mask(x), mask(x + 16)) | pair_bits(mask(x + 32), mask(x + 48)) << 32);
}
inline std::uint64_t at_most_word(const std::int32_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi32(static_cast<int>(bound));
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) word |= narrow_bits(_mm256_cmpgt_epi32(load_bytes(x + 8 * i), most)) << (8 * i);
    return ~word;
}
inline std::uint64_t at_most_word(const std::uint32_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi32(static_cast<int>(static_cast<std::uint32_t>(bound)));
    std::uint64_t word = 0;
    for (int i = 0; i < 8; ++i) {
        const __m256i a = load_bytes(x + 8 * i);
        word |= narrow_bits(_mm256_cmpeq_epi32(_mm256_min_epu32(a, most), a)) << (8 * i);
    }
    return word;
}
// The masks of 32 lanes, narrowed step by step to bytes. Narrowing works within halves, so that lanes 0 and 1 of all vectors come
// before lanes 2 and 3 of all, which the last shuffle puts right.
inline std::uint64_t half_word(const std::int64_t* x, __m256i most) {
    const auto pair = [&](int i) {
        const __m256 a = _mm256_castsi256_ps(_mm256_cmpgt_epi64(load_bytes(x + 4 * i), most)), b = _mm256_castsi256_ps(_mm256_cmpgt_epi64(load_bytes(x + 4 * i + 4), most));
        return _mm256_castps_si256(_mm256_shuffle_ps(a, b, 0x88));
    };
    const __m256i bytes = _mm256_packs_epi16(_mm256_packs_epi32(pair(0), pair(2)), _mm256_packs_epi32(pair(4), pair(6)));
    const __m256i each = _mm256_setr_epi8(0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15, 0, 1, 8, 9, 2, 3, 10, 11, 4, 5, 12, 13, 6, 7, 14, 15);
    return byte_bits(_mm256_shuffle_epi8(_mm256_permute4x64_epi64(bytes, 0xD8), each));
}
inline std::uint64_t at_most_word(const std::int64_t* x, std::int64_t bound) {
    const __m256i most = _mm256_set1_epi64x(bound);
    return ~(half_word(x, most) | half_word(x + 32, most) << 32);
}
template <class T, class Put>
inline void at_most_words(const T* x, const std::int64_t* bounds, std::size_t bound_count, Put put) {
    for (std::size_t k = 0; k < bound_count; ++k) put(k, at_most_word(x, bounds[k]));
}
inline std::uint32_t* put_indices(std::uint64_t word, std::uint32_t first, std::uint32_t* out) {
    for (; word != 0; word &= word - 1) *out++ = first + static_cast<std::uint32_t>(__builtin_ctzll(word));
    return out;
}
// Byte x / 8 of the set, from its lower or upper half, against bit x % 8.
inline std::uint64_t member_word(const std::uint8_t* x, const std::uint8_t* set) {
    const __m256i lower = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(set)));
    const __m256i upper = _mm256_broadcastsi128_si256(_mm_loadu_si128(reinterpret_cast<const __m128i*>(set + 16)));
    const __m256i each = _mm256_set1_epi64x(static_cast<std::int64_t>(0x8040201008040201ULL));
    const auto half = [&](const std::uint8_t* p) {
        const __m256i a = load_bytes(p);
        const __m256i byte = _mm256_and_si256(_mm256_srli_epi16(a, 3), _mm256_set1_epi8(15));
        const __m256i found = _mm256_blendv_epi8(_mm256_shuffle_epi8(lower, byte), _mm256_shuffle_epi8(upper, byte), a);
        const __m256i bit = _mm256_shuffle_epi8(each, _mm256_and_si256(a, _mm256_set1_epi8(7)));
        return byte_bits(_mm256_cmpeq_epi8(_mm256_and_si256(found, bit), bit));
    };
    return half(x) | half(x + 32) << 32;
}
// 32 bits as bytes of 0xFF and 0.
inline __m256i byte_mask(std::uint32_t bits) {
    const __m256i each = _mm256_set1_epi64x(static_cast<std::int64_t>(0x8040201008040201ULL));
    const __m256i where = _mm256_set_epi64x(0x0303030303030303, 0x0202020202020202, 0x0101010101010101, 0);
    const __m256i spread = _mm256_shuffle_epi8(_mm256_set1_epi32(static_cast<int>(bits)), where);
    return _mm256_cmpeq_epi8(_mm256_and_si256(spread, each), each);
}
inline void codes_word(std::uint64_t one, std::uint64_t two, std::uint8_t* out) {
    for (int i = 0; i < 2; ++i) {
        const __m256i low = _mm256_and_si256(byte_mask(static_cast<std::uint32_t>(one >> (32 * i))), _mm256_set1_epi8(1));
        const __m256i high = _mm256_and_si256(byte_mask(static_cast<std::uint32_t>(two >> (32 * i))), _mm256_set1_epi8(2));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 32 * i), _mm256_or_si256(low, high));
    }
}

inline std::uint64_t extract_bits(std::uint64_t bits, std::uint64_t mask) { return _pext_u64(bits, mask); }
inline std::uint64_t deposit_bits(std::uint64_t packed, std::uint64_t mask) { return _pdep_u64(packed, mask); }
