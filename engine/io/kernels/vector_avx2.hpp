#include "digits_sse.hpp"

struct Bytes {
    __m256i low, high;
};
inline Bytes load_bytes(const char* p) { return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32))}; }
inline void store_bytes(Bytes bytes, char* p) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), bytes.low);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p + 32), bytes.high);
}
inline std::uint64_t equal(Bytes bytes, char wanted) {
    const __m256i each = _mm256_set1_epi8(wanted);
    const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.low, each)));
    const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.high, each)));
    return static_cast<std::uint64_t>(high) << 32 | low;
}
inline bool is_ascii(Bytes bytes) { return _mm256_movemask_epi8(_mm256_or_si256(bytes.low, bytes.high)) == 0; }
// Eight at a time, so that how many there are is seldom guessed wrong.
inline void put_places(std::uint64_t bits, std::uint32_t first, std::uint32_t* to) {
    const int count = __builtin_popcountll(bits);
    for (int done = 0; done < count; done += 8) {
        for (int i = 0; i < 8; ++i) {
            to[done + i] = first + static_cast<std::uint32_t>(_tzcnt_u64(bits));
            bits = _blsr_u64(bits);
        }
    }
}

struct Within {
    alignas(16) unsigned char bytes[32][16]{};
    constexpr Within() {
        for (int size = 0; size <= 16; ++size) {
            for (int lane = 16 - size; lane < 16; ++lane) bytes[size][lane] = 0xFF;
        }
    }
};
constexpr Within within_size;

inline void read_alike(const ColumnCells& cells, std::size_t first, std::size_t count, const Alike& alike, std::int64_t* values, std::uint8_t* states, std::uint32_t* odd) {
    const auto constant = [](const void* p) { return _mm_load_si128(static_cast<const __m128i*>(p)); };
    const __m128i taken_off = constant(alike.written.taken_off), most = constant(alike.written.most), places = constant(alike.written.places);
    for (std::size_t i = 0; i < count; ++i) {
        if (i % 16 == 0) odd[i / 16] = 0;
        const std::uint32_t* const at = cells.ends + cells.rows[first + i] + cells.column;
        const std::uint32_t end = at[1] - cells.behind, size = end - at[0] - 1;
        const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells.text + end - 16));
        const __m128i digits = _mm_and_si128(_mm_xor_si128(text, taken_off), constant(within_size.bytes[size & 31]));
        const __m128i wrong = _mm_subs_epu8(digits, most);
        const __m128i pairs = _mm_maddubs_epi16(_mm_shuffle_epi8(digits, places), _mm_set1_epi16(0x010A));
        const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
        const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
        const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
        const auto number = static_cast<std::int64_t>((both & 0xFFFFFFFFU) * 100'000'000 + (both >> 32));
        values[i] = static_cast<std::int64_t>(static_cast<std::uint64_t>(number) * static_cast<std::uint64_t>(alike.scale));
        states[i] = is_empty(size) ? cell_absent : cell_known;
        const bool is_odd = (!is_empty(size)) & ((size - alike.written.shortest > alike.written.span) | (_mm_testz_si128(wrong, wrong) == 0) | (number < alike.written.smallest[size & 31]) |
                            (number < alike.least) | (number > alike.greatest));
        odd[i / 16] |= static_cast<std::uint32_t>(is_odd) << (i % 16);
    }
}

inline std::uint64_t odd_of_64(const std::int64_t* values) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 4) {
        const __m256i four = _mm256_slli_epi64(_mm256_loadu_si256(reinterpret_cast<const __m256i*>(values + i)), 63);
        bits |= static_cast<std::uint64_t>(_mm256_movemask_pd(_mm256_castsi256_pd(four))) << i;
    }
    return bits;
}
