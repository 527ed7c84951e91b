#include "digits_sse.hpp"

struct Bytes {
    __m256i low, high;
};
inline Bytes load_bytes(const char* p) {
    return {_mm256_loadu_si256(reinterpret_cast<const __m256i*>(p)), _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p + 32))};
}
inline std::uint64_t equal(Bytes bytes, char wanted) {
    const __m256i each = _mm256_set1_epi8(wanted);
    const auto low = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.low, each)));
    const auto high = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes.high, each)));
    return static_cast<std::uint64_t>(high) << 32 | low;
}
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
