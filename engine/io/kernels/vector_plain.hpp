// Eight bytes at a time in an ordinary register.
struct Bytes {
    const char* p;
};
inline Bytes load_bytes(const char* p) { return {p}; }
inline void store_bytes(Bytes bytes, char* p) { __builtin_memcpy(p, bytes.p, 64); }

// Of the bytes that are wanted the top bit; bit by bit exact, unlike the shorter form, which takes a byte above one that is
// wanted for another.
inline std::uint64_t equal(Bytes bytes, char wanted) {
    std::uint64_t result = 0;
    for (unsigned i = 0; i < 8; ++i) {
        std::uint64_t eight = 0;
        for (unsigned k = 0; k < 8; ++k) eight |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.p[8 * i + k])) << (8 * k);
        constexpr std::uint64_t ones = 0x0101010101010101ULL, lower = 0x7F7F7F7F7F7F7F7FULL;
        const std::uint64_t differ = eight ^ (ones * static_cast<unsigned char>(wanted));
        const std::uint64_t same = ~(((differ & lower) + lower) | differ | lower);
        result |= (same >> 7) * 0x0102040810204080ULL >> 56 << (8 * i);
    }
    return result;
}
inline bool is_ascii(Bytes bytes) {
    std::uint64_t all = 0;
    for (unsigned i = 0; i < 64; i += 8) {
        std::uint64_t eight = 0;
        __builtin_memcpy(&eight, bytes.p + i, sizeof eight);
        all |= eight;
    }
    return (all & 0x8080808080808080ULL) == 0;
}

inline void put_places(std::uint64_t bits, std::uint32_t first, std::uint32_t* to) {
    for (; bits != 0; bits &= bits - 1) *to++ = first + static_cast<std::uint32_t>(__builtin_ctzll(bits));
}

inline Digits read_digits(const char* end, std::size_t size) {
    Digits result{0, 0, true};
    bool point = false;
    for (const char* at = end - size; at < end; ++at) {
        const auto digit = static_cast<unsigned>(*at - '0');
        if (digit < 10) {
            result.value = result.value * 10 + digit;
            result.decimals += point ? 1 : 0;
        } else {
            result.good = result.good && *at == '.' && !point && at != end - size && at + 1 != end;
            point = true;
        }
    }
    return result;
}

inline Day read_day(const char* end) {
    const char* const text = end - 10;
    unsigned digits[10];
    bool good = text[4] == '-' && text[7] == '-';
    for (int i = 0; i < 10; ++i) {
        digits[i] = static_cast<unsigned>(text[i] - '0');
        good = good && (i == 4 || i == 7 || digits[i] < 10);
    }
    return {digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3], digits[5] * 10 + digits[6], digits[8] * 10 + digits[9], good};
}

inline void read_alike(const ColumnCells&, std::size_t, std::size_t count, const Alike&, std::int64_t*, std::uint8_t*, std::uint32_t* odd) {
    for (std::size_t i = 0; i < count / 16; ++i) odd[i] = 0xFFFF;
}

inline std::uint64_t odd_of_64(const std::int64_t* values) {
    std::uint64_t bits = 0;
    for (unsigned i = 0; i < 64; ++i) bits |= static_cast<std::uint64_t>(values[i] & 1) << i;
    return bits;
}
