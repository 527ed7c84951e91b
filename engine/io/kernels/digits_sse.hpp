// Numbers and dates in 16 bytes, counted from their ends: what AVX2 and AVX-512 machines both do.
#include "over_point.hpp"

inline Digits read_digits(const char* end, std::size_t size) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16));
    const __m128i from_end = _mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
    const __m128i within = _mm_cmpgt_epi8(_mm_set1_epi8(static_cast<char>(size)), from_end);
    __m128i digits = _mm_and_si128(_mm_sub_epi8(text, _mm_set1_epi8('0')), within);
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
    const auto others = static_cast<unsigned>(_mm_movemask_epi8(is_digit)) ^ 0xFFFFU;
    // With none, the point is thought to stand behind the last digit.
    const unsigned point = 15 - static_cast<unsigned>(__builtin_ctz(others | 0x8000U));
    const bool whole = others == 0;
    const bool one_point = ((others & (others - 1)) == 0) & (end[-1 - static_cast<int>(point)] == '.') & (point != 0) & (size > point + 1);
    const bool good = whole | one_point;
    digits = _mm_shuffle_epi8(digits, _mm_load_si128(reinterpret_cast<const __m128i*>(over_point.places[point])));
    const __m128i pairs = _mm_maddubs_epi16(digits, _mm_set1_epi16(0x010A));
    const __m128i fours = _mm_madd_epi16(pairs, _mm_set1_epi32(0x00010064));
    const __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), _mm_set1_epi32(0x00012710));
    const auto both = static_cast<std::uint64_t>(_mm_cvtsi128_si64(eights));
    return {(both & 0xFFFFFFFFU) * 100'000'000 + (both >> 32), point, good};
}

inline Day read_day(const char* end) {
    const __m128i text = _mm_loadu_si128(reinterpret_cast<const __m128i*>(end - 16));
    const __m128i digits = _mm_sub_epi8(text, _mm_set1_epi8('0'));
    const auto is_digit = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits)));
    const auto is_dash = static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8('-'))));
    const __m128i packed = _mm_shuffle_epi8(digits, _mm_setr_epi8(6, 7, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1));
    const auto pairs = static_cast<std::uint64_t>(_mm_cvtsi128_si64(_mm_maddubs_epi16(packed, _mm_set1_epi16(0x010A))));
    const auto pair = [pairs](int i) { return static_cast<unsigned>(pairs >> (16 * i) & 0xFFFF); };
    return {pair(0) * 100 + pair(1), pair(2), pair(3), (is_digit & 0xDBC0U) == 0xDBC0U && (is_dash & 0x2400U) == 0x2400U};
}
