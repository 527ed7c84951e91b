#include "digits_sse.hpp"

struct Bytes {
    __m512i v;
};
inline Bytes load_bytes(const char* p) { return {_mm512_loadu_si512(p)}; }
inline std::uint64_t equal(Bytes bytes, char wanted) { return _mm512_cmpeq_epi8_mask(bytes.v, _mm512_set1_epi8(wanted)); }
inline void put_places(std::uint64_t bits, std::uint32_t first, std::uint32_t* to) {
    alignas(64) static constexpr unsigned char numbers[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21,
                                                              22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43,
                                                              44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
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

inline void read_alike(const ColumnCells& cells, std::size_t first, std::size_t count, const Alike& alike, std::int64_t* values, std::uint32_t* odd) {
    const auto in_each = [](const void* p) { return _mm512_broadcast_i32x4(_mm_load_si128(static_cast<const __m128i*>(p))); };
    const __m512i taken_off = in_each(alike.written.taken_off), most = in_each(alike.written.most), places = in_each(alike.written.places);
    const __m512i from_end = _mm512_broadcast_i32x4(_mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const __m512i own_size = _mm512_setr_epi64(0, 0, 0x0404040404040404, 0x0404040404040404, 0x0808080808080808, 0x0808080808080808, 0x0C0C0C0C0C0C0C0C, 0x0C0C0C0C0C0C0C0C);
    // First where all cells are, so that nothing waits for that when they are read.
    alignas(64) std::uint32_t end_of[rows_together], size_of[rows_together];
    for (std::size_t i = 0; i < count; i += 16) {
        const __m512i rows = _mm512_add_epi32(_mm512_loadu_si512(cells.rows + first + i), _mm512_set1_epi32(static_cast<int>(cells.column)));
        // Where a cell begins and where it ends stand side by side.
        const __m512i first_eight = _mm512_i32gather_epi64(_mm512_castsi512_si256(rows), cells.ends, 4),
                      others = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(rows, 1), cells.ends, 4);
        const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
        const __m512i before = _mm512_permutex2var_epi32(first_eight, even, others),
                      behind = _mm512_permutex2var_epi32(first_eight, _mm512_add_epi32(even, _mm512_set1_epi32(1)), others);
        const __m512i ends = _mm512_sub_epi32(behind, _mm512_set1_epi32(static_cast<int>(cells.behind)));
        const __m512i sizes = _mm512_sub_epi32(_mm512_sub_epi32(ends, before), _mm512_set1_epi32(1));
        odd[i / 16] =
            _mm512_cmpgt_epu32_mask(_mm512_sub_epi32(sizes, _mm512_set1_epi32(static_cast<int>(alike.written.shortest))), _mm512_set1_epi32(static_cast<int>(alike.written.span)));
        _mm512_store_si512(end_of + i, ends);
        _mm512_store_si512(size_of + i, sizes);
    }
    // A zero that stands first, but where it stands alone before the point.
    const std::uint64_t alone = std::uint64_t{0x0001000100010001} << (alike.written.point == 0 ? 15 : 14 - alike.written.point);
    const __m512i scale = _mm512_set1_epi64(alike.scale), greatest = _mm512_set1_epi64(alike.greatest), least = _mm512_set1_epi64(alike.least);
    // Four numbers in groups of four digits; what is wrong with them, 16 bits a number.
    const auto fours = [&](std::size_t i, std::uint64_t& wrong) {
        const auto last = [&](std::size_t row) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells.text + end_of[row] - 16)); };
        __m512i text = _mm512_castsi128_si512(last(i));
        text = _mm512_inserti32x4(text, last(i + 1), 1);
        text = _mm512_inserti32x4(text, last(i + 2), 2);
        text = _mm512_inserti32x4(text, last(i + 3), 3);
        const __mmask64 within = _mm512_cmpgt_epi8_mask(_mm512_shuffle_epi8(in_each(size_of + i), own_size), from_end);
        const __m512i digits = _mm512_maskz_sub_epi8(within, text, taken_off);
        const std::uint64_t begins = within & ~(within << 1);
        wrong = _mm512_cmpgt_epu8_mask(digits, most) | (_mm512_testn_epi8_mask(digits, digits) & begins & ~alone);
        return _mm512_madd_epi16(_mm512_maddubs_epi16(_mm512_shuffle_epi8(digits, places), _mm512_set1_epi16(0x010A)), _mm512_set1_epi32(0x00010064));
    };
    for (std::size_t i = 0; i < count; i += 8) {
        const unsigned place = i % 16;
        std::uint64_t wrong_of_first = 0, wrong_of_others = 0;
        const __m512i first_four = fours(i, wrong_of_first), other_four = fours(i + 4, wrong_of_others);
        const __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(first_four, other_four), _mm512_set1_epi32(0x00012710));
        __m512i numbers = _mm512_add_epi64(_mm512_mul_epu32(eights, _mm512_set1_epi64(100'000'000)), _mm512_srli_epi64(eights, 32));
        numbers = _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), numbers);
        std::uint32_t outside = _mm512_cmpgt_epi64_mask(numbers, greatest);
        if (alike.least > 0) outside |= _mm512_cmplt_epi64_mask(numbers, least);
        _mm512_storeu_si512(values + i, alike.scale == 1 ? numbers : _mm512_mullo_epi64(numbers, scale));
        odd[i / 16] |= outside << place;
        if (__builtin_expect((wrong_of_first | wrong_of_others) != 0, 0)) {
            for (unsigned row = 0; row < 4; ++row) {
                odd[i / 16] |= static_cast<std::uint32_t>((wrong_of_first >> (16 * row) & 0xFFFF) != 0) << (place + row);
                odd[i / 16] |= static_cast<std::uint32_t>((wrong_of_others >> (16 * row) & 0xFFFF) != 0) << (place + 4 + row);
            }
        }
    }
}

inline std::uint64_t odd_of_64(const std::int64_t* values) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) bits |= static_cast<std::uint64_t>(_mm512_test_epi64_mask(_mm512_loadu_si512(values + i), _mm512_set1_epi64(1))) << i;
    return bits;
}
