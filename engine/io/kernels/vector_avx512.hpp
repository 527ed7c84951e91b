#include "digits_sse.hpp"

struct Bytes {
    __m512i v;
};
inline Bytes load_bytes(const char* p) { return {_mm512_loadu_si512(p)}; }
inline std::uint64_t equal(Bytes bytes, char wanted) { return _mm512_cmpeq_epi8_mask(bytes.v, _mm512_set1_epi8(wanted)); }
inline void put_places(std::uint64_t bits, std::uint32_t first, std::uint32_t* to) {
    alignas(64) static constexpr unsigned char numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                                              32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    const __m512i packed = _mm512_maskz_compress_epi8(bits, _mm512_load_si512(numbers));
    const __m512i base = _mm512_set1_epi32(static_cast<int>(first));
    const auto put = [&](__m128i sixteen, int at) { _mm512_storeu_si512(to + at, _mm512_add_epi32(_mm512_cvtepu8_epi32(sixteen), base)); };
    put(_mm512_castsi512_si128(packed), 0);
    const int count = __builtin_popcountll(bits);
    if (count <= 16) return;
    put(_mm512_extracti32x4_epi32(packed, 1), 16);
    if (count <= 32) return;
    put(_mm512_extracti32x4_epi32(packed, 2), 32);
    put(_mm512_extracti32x4_epi32(packed, 3), 48);
}
