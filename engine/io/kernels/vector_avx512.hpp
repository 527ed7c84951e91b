#include "digits_sse.hpp"

struct Bytes {
    __m512i v;
};
inline Bytes load_bytes(const char* p) { return {_mm512_loadu_si512(p)}; }
inline void store_bytes(Bytes bytes, char* p) { _mm512_storeu_si512(p, bytes.v); }
inline std::uint64_t equal(Bytes bytes, char wanted) { return _mm512_cmpeq_epi8_mask(bytes.v, _mm512_set1_epi8(wanted)); }
inline bool is_ascii(Bytes bytes) { return _mm512_movepi8_mask(bytes.v) == 0; }
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

// Where sixteen cells end, and how long they are.
struct SixteenCells {
    __m512i ends, sizes;
};
inline SixteenCells sixteen_cells(const ColumnCells& cells, std::size_t first) {
    const __m512i rows = _mm512_add_epi32(_mm512_loadu_si512(cells.rows + first), _mm512_set1_epi32(static_cast<int>(cells.column)));
    // Where a cell begins and where it ends stand side by side.
    const __m512i first_eight = _mm512_i32gather_epi64(_mm512_castsi512_si256(rows), cells.ends, 4),
                  others = _mm512_i32gather_epi64(_mm512_extracti64x4_epi64(rows, 1), cells.ends, 4);
    const __m512i even = _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    const __m512i before = _mm512_permutex2var_epi32(first_eight, even, others),
                  behind = _mm512_permutex2var_epi32(first_eight, _mm512_add_epi32(even, _mm512_set1_epi32(1)), others);
    const __m512i ends = _mm512_sub_epi32(behind, _mm512_set1_epi32(static_cast<int>(cells.behind)));
    return {ends, _mm512_sub_epi32(_mm512_sub_epi32(ends, before), _mm512_set1_epi32(1))};
}

inline void read_alike(const ColumnCells& cells, std::size_t first, std::size_t count, const Alike& alike, std::int64_t* values, std::uint8_t* states, std::uint32_t* odd) {
    const auto in_each = [](const void* p) { return _mm512_broadcast_i32x4(_mm_load_si128(static_cast<const __m128i*>(p))); };
    const __m512i taken_off = in_each(alike.written.taken_off), most = in_each(alike.written.most), places = in_each(alike.written.places);
    const __m512i from_end = _mm512_broadcast_i32x4(_mm_setr_epi8(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
    const __m512i own_size = _mm512_setr_epi64(0, 0, 0x0404040404040404, 0x0404040404040404, 0x0808080808080808, 0x0808080808080808, 0x0C0C0C0C0C0C0C0C, 0x0C0C0C0C0C0C0C0C);
    // First where all cells are, so that nothing waits for that when they are read.
    alignas(64) std::uint32_t end_of[rows_together], size_of[rows_together];
    std::uint16_t empty[rows_together / 16], longer[rows_together / 16];  // than eight bytes
    for (std::size_t i = 0; i < count; i += 16) {
        const auto [ends, sizes] = sixteen_cells(cells, first + i);
        empty[i / 16] = _mm512_cmple_epu32_mask(_mm512_add_epi32(sizes, _mm512_set1_epi32(1)), _mm512_set1_epi32(1));
        const __m512i beyond_shortest = _mm512_sub_epi32(sizes, _mm512_set1_epi32(static_cast<int>(alike.written.shortest)));
        odd[i / 16] = _mm512_cmpgt_epu32_mask(beyond_shortest, _mm512_set1_epi32(static_cast<int>(alike.written.span))) & static_cast<std::uint16_t>(~empty[i / 16]);
        _mm_storeu_si128(reinterpret_cast<__m128i*>(states + i), _mm_mask_blend_epi8(empty[i / 16], _mm_set1_epi8(cell_known), _mm_set1_epi8(cell_absent)));
        longer[i / 16] = _mm512_cmpgt_epu32_mask(sizes, _mm512_set1_epi32(8)) & static_cast<std::uint16_t>(~odd[i / 16]);
        _mm512_store_si512(end_of + i, ends);
        _mm512_store_si512(size_of + i, _mm512_maskz_mov_epi32(static_cast<__mmask16>(~empty[i / 16]), sizes));
    }
    // A zero that stands first, but where it stands alone before the point.
    const unsigned alone = alike.written.point == 0 ? 15 : 14 - alike.written.point;
    const std::uint64_t alone_of_16 = std::uint64_t{0x0001000100010001} << alone, alone_of_8 = std::uint64_t{0x0101010101010101} << (alone - 8);
    const __m512i pairs = _mm512_set1_epi16(0x010A), fours = _mm512_set1_epi32(0x00010064);
    // Four numbers in groups of four digits; what is wrong with them, 16 bits a number.
    const auto four_of_16 = [&](std::size_t i, std::uint64_t& wrong) {
        const auto last = [&](std::size_t row) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells.text + end_of[row] - 16)); };
        __m512i text = _mm512_castsi128_si512(last(i));
        text = _mm512_inserti32x4(text, last(i + 1), 1);
        text = _mm512_inserti32x4(text, last(i + 2), 2);
        text = _mm512_inserti32x4(text, last(i + 3), 3);
        const __mmask64 within = _mm512_cmpgt_epi8_mask(_mm512_shuffle_epi8(in_each(size_of + i), own_size), from_end);
        const __m512i digits = _mm512_maskz_sub_epi8(within, text, taken_off);
        const std::uint64_t begins = within & ~(within << 1);
        wrong = _mm512_cmpgt_epu8_mask(digits, most) | (_mm512_testn_epi8_mask(digits, digits) & begins & ~alone_of_16);
        return _mm512_madd_epi16(_mm512_maddubs_epi16(_mm512_shuffle_epi8(digits, places), pairs), fours);
    };
    // Eight numbers; which are wrong.
    const auto eight_of_16 = [&](std::size_t i, std::uint32_t& wrong) {
        std::uint64_t wrong_of_first = 0, wrong_of_others = 0;
        const __m512i first_four = four_of_16(i, wrong_of_first), other_four = four_of_16(i + 4, wrong_of_others);
        const __m512i eights = _mm512_madd_epi16(_mm512_packus_epi32(first_four, other_four), _mm512_set1_epi32(0x00012710));
        const __m512i numbers = _mm512_add_epi64(_mm512_mul_epu32(eights, _mm512_set1_epi64(100'000'000)), _mm512_srli_epi64(eights, 32));
        if (__builtin_expect((wrong_of_first | wrong_of_others) != 0, 0)) {
            for (unsigned row = 0; row < 4; ++row) {
                wrong |= static_cast<std::uint32_t>((wrong_of_first >> (16 * row) & 0xFFFF) != 0) << row;
                wrong |= static_cast<std::uint32_t>((wrong_of_others >> (16 * row) & 0xFFFF) != 0) << (4 + row);
            }
        }
        return _mm512_permutexvar_epi64(_mm512_setr_epi64(0, 2, 4, 6, 1, 3, 5, 7), numbers);
    };
    // The same of numbers of at most eight bytes.
    const auto last_eight = [](const void* p) { return _mm512_broadcastq_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(static_cast<const char*>(p) + 8))); };
    const __m512i taken_off_8 = last_eight(alike.written.taken_off), most_8 = last_eight(alike.written.most), from_end_8 = _mm512_set1_epi64(0x0001020304050607);
    const __m512i own_size_8 = _mm512_broadcast_i32x4(_mm_setr_epi32(0, 0, 0x08080808, 0x08080808));
    // What stood before them is nothing: a place with its top bit set.
    const __m512i place_in_8 = _mm512_sub_epi8(last_eight(alike.written.places), _mm512_set1_epi8(8));
    const __m512i places_8 = _mm512_mask_mov_epi8(_mm512_add_epi8(place_in_8, own_size_8), _mm512_movepi8_mask(place_in_8), _mm512_set1_epi8(-1));
    const auto eight_of_8 = [&](std::size_t i, std::uint32_t& wrong) {
        const auto in_64_bits = [i](const std::uint32_t* of) { return _mm512_cvtepu32_epi64(_mm256_load_si256(reinterpret_cast<const __m256i*>(of + i))); };
        const __m512i text = _mm512_i64gather_epi64(in_64_bits(end_of), cells.text - 8, 1);
        const __mmask64 within = _mm512_cmpgt_epi8_mask(_mm512_shuffle_epi8(in_64_bits(size_of), own_size_8), from_end_8);
        const __m512i digits = _mm512_maskz_sub_epi8(within, text, taken_off_8);
        const std::uint64_t begins = within & ~((within & 0x7F7F7F7F7F7F7F7F) << 1);
        const std::uint64_t wrong_bytes = _mm512_cmpgt_epu8_mask(digits, most_8) | (_mm512_testn_epi8_mask(digits, digits) & begins & ~alone_of_8);
        const __m512i numbers = _mm512_madd_epi16(_mm512_maddubs_epi16(_mm512_shuffle_epi8(digits, places_8), pairs), fours);
        if (__builtin_expect(wrong_bytes != 0, 0))
            for (unsigned row = 0; row < 8; ++row) wrong |= static_cast<std::uint32_t>((wrong_bytes >> (8 * row) & 0xFF) != 0) << row;
        return _mm512_add_epi64(_mm512_mul_epu32(numbers, _mm512_set1_epi64(10'000)), _mm512_srli_epi64(numbers, 32));
    };
    const __m512i scale = _mm512_set1_epi64(alike.scale), greatest = _mm512_set1_epi64(alike.greatest), least = _mm512_set1_epi64(alike.least);
    for (std::size_t i = 0; i < count; i += 8) {
        const unsigned place = i % 16;
        std::uint32_t wrong = 0;
        const __m512i numbers = (longer[i / 16] >> place & 0xFF) == 0 ? eight_of_8(i, wrong) : eight_of_16(i, wrong);
        wrong |= _mm512_cmpgt_epi64_mask(numbers, greatest);
        if (alike.least > 0) wrong |= _mm512_mask_cmplt_epi64_mask(static_cast<__mmask8>(~(empty[i / 16] >> place)), numbers, least);
        _mm512_storeu_si512(values + i, alike.scale == 1 ? numbers : _mm512_mullo_epi64(numbers, scale));
        odd[i / 16] |= wrong << place;
    }
}

#define ELIGO_SIXTEEN_CELLS
// Of the sixteen rows from `first` on; which of them are left.
inline std::uint32_t read_sixteen_truths(const ColumnCells& cells, std::size_t first, std::int64_t* values, std::uint8_t* states) {
    const auto [ends, sizes] = sixteen_cells(cells, first);
    const auto four_bytes = [&ends = ends](const char* from) {
        const auto eight = [from](__m256i of) { return _mm512_i64gather_epi32(_mm512_cvtepu32_epi64(of), from, 1); };
        return _mm512_inserti64x4(_mm512_castsi256_si512(eight(_mm512_castsi512_si256(ends))), eight(_mm512_extracti64x4_epi64(ends, 1)), 1);
    };
    const auto word = [](const char(&text)[5]) {
        int four = 0;
        __builtin_memcpy(&four, text, 4);
        return _mm512_set1_epi32(four);
    };
    const auto are_of = [&sizes = sizes](int size) { return _mm512_cmpeq_epi32_mask(sizes, _mm512_set1_epi32(size)); };
    const __m512i last = four_bytes(cells.text - 4);
    const __mmask16 yes = _mm512_mask_cmpeq_epi32_mask(are_of(4), last, word("true"));
    const __mmask16 perhaps_no = _mm512_mask_cmpeq_epi32_mask(are_of(5), last, word("alse"));
    const __mmask16 no = _mm512_mask_cmpeq_epi32_mask(perhaps_no, four_bytes(cells.text - 5), word("fals"));
    const __mmask16 empty = _mm512_cmple_epu32_mask(_mm512_add_epi32(sizes, _mm512_set1_epi32(1)), _mm512_set1_epi32(1));
    _mm512_storeu_si512(values, _mm512_maskz_set1_epi64(static_cast<__mmask8>(yes), 1));
    _mm512_storeu_si512(values + 8, _mm512_maskz_set1_epi64(static_cast<__mmask8>(yes >> 8), 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(states), _mm_mask_blend_epi8(empty, _mm_set1_epi8(cell_known), _mm_set1_epi8(cell_absent)));
    return static_cast<std::uint16_t>(~(yes | no | empty));
}

// The same of dates. Years are looked up in memory, months in registers.
inline std::uint32_t read_sixteen_dates(const ColumnCells& cells, std::size_t first, std::int64_t least, std::int64_t greatest, std::int64_t* values, std::uint8_t* states) {
    const auto [ends, sizes] = sixteen_cells(cells, first);
    const __mmask16 ten_bytes = _mm512_cmpeq_epi32_mask(sizes, _mm512_set1_epi32(10));
    const __mmask16 empty = _mm512_cmple_epu32_mask(_mm512_add_epi32(sizes, _mm512_set1_epi32(1)), _mm512_set1_epi32(1));
    alignas(64) std::uint32_t end_of[16];
    _mm512_store_si512(end_of, ends);
    const auto last = [&](std::size_t row) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(cells.text + end_of[row] - 16)); };
    const __m512i in_places = _mm512_broadcast_i32x4(_mm_setr_epi8(6, 7, 8, 9, 11, 12, 14, 15, -1, -1, -1, -1, -1, -1, -1, -1));
    // Of each of four: the year, and the month and the day in 7 bits.
    std::uint32_t written = 0;
    const auto four_dates = [&](std::size_t row) {
        __m512i text = _mm512_castsi128_si512(last(row));
        text = _mm512_inserti32x4(text, last(row + 1), 1);
        text = _mm512_inserti32x4(text, last(row + 2), 2);
        text = _mm512_inserti32x4(text, last(row + 3), 3);
        const __m512i digits = _mm512_sub_epi8(text, _mm512_set1_epi8('0'));
        constexpr std::uint64_t all_digits = 0xDBC0DBC0DBC0DBC0ULL, all_dashes = 0x2400240024002400ULL;
        const std::uint64_t right = (_mm512_cmple_epu8_mask(digits, _mm512_set1_epi8(9)) & all_digits) | (_mm512_cmpeq_epi8_mask(text, _mm512_set1_epi8('-')) & all_dashes);
        for (unsigned i = 0; i < 4; ++i) written |= static_cast<std::uint32_t>((right >> (16 * i) & 0xFFFF) == 0xFFC0) << (row + i);
        const __m512i pairs = _mm512_maddubs_epi16(_mm512_shuffle_epi8(digits, in_places), _mm512_set1_epi16(0x010A));
        return _mm512_madd_epi16(pairs, _mm512_broadcast_i32x4(_mm_setr_epi16(100, 1, 128, 1, 0, 0, 0, 0)));
    };
    const __m512i a = four_dates(0), b = four_dates(4), c = four_dates(8), d = four_dates(12);
    const auto of_all = [&](int place) {
        const __m512i each = _mm512_setr_epi32(place, place + 4, place + 8, place + 12, place + 16, place + 20, place + 24, place + 28, 0, 0, 0, 0, 0, 0, 0, 0);
        const __m512i low = _mm512_permutex2var_epi32(a, each, b), high = _mm512_permutex2var_epi32(c, each, d);
        return _mm512_inserti64x4(low, _mm512_castsi512_si256(high), 1);
    };
    const __m512i year = of_all(0), month_and_day = of_all(1);
    const __m512i month = _mm512_srli_epi32(month_and_day, 7), day = _mm512_and_si512(month_and_day, _mm512_set1_epi32(127));
    const __m512i since = _mm512_sub_epi32(year, _mm512_set1_epi32(1900));
    const __mmask16 in_calendar = _mm512_cmplt_epu32_mask(since, _mm512_set1_epi32(300)) & _mm512_cmplt_epu32_mask(month, _mm512_set1_epi32(16));
    const __mmask16 leap =
        _mm512_testn_epi32_mask(year, _mm512_set1_epi32(3)) & _mm512_cmpneq_epi32_mask(year, _mm512_set1_epi32(1900)) & _mm512_cmpneq_epi32_mask(year, _mm512_set1_epi32(2100));
    const auto of_month = [&](const auto& table) {
        return _mm512_mask_blend_epi32(leap, _mm512_permutexvar_epi32(month, _mm512_loadu_si512(table[0])), _mm512_permutexvar_epi32(month, _mm512_loadu_si512(table[1])));
    };
    const __m512i before = _mm512_mask_i32gather_epi32(_mm512_setzero_si512(), in_calendar, since, calendar.years, 4);
    const __m512i day_before = _mm512_sub_epi32(day, _mm512_set1_epi32(1));
    const __m512i value = _mm512_add_epi32(_mm512_add_epi32(before, of_month(calendar.months)), day_before);
    const __mmask16 in_month = _mm512_cmplt_epu32_mask(day_before, of_month(calendar.lengths));
    const __m512i low = _mm512_cvtepi32_epi64(_mm512_castsi512_si256(value)), high = _mm512_cvtepi32_epi64(_mm512_extracti64x4_epi64(value, 1));
    const auto allowed = [&](__m512i eight) {
        return static_cast<std::uint32_t>(_mm512_cmpge_epi64_mask(eight, _mm512_set1_epi64(least)) & _mm512_cmple_epi64_mask(eight, _mm512_set1_epi64(greatest)));
    };
    _mm512_storeu_si512(values, low);
    _mm512_storeu_si512(values + 8, high);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(states), _mm_mask_blend_epi8(ten_bytes, _mm_set1_epi8(cell_absent), _mm_set1_epi8(cell_known)));
    const std::uint32_t good = written & ten_bytes & in_calendar & in_month & (allowed(low) | allowed(high) << 8);
    return static_cast<std::uint16_t>(~(good | empty));
}

inline std::uint64_t odd_of_64(const std::int64_t* values) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; i += 8) bits |= static_cast<std::uint64_t>(_mm512_test_epi64_mask(_mm512_loadu_si512(values + i), _mm512_set1_epi64(1))) << i;
    return bits;
}
