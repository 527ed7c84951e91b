// Bits of a word that are set, one after another, for machines without instructions for them.
inline std::uint32_t* put_indices(std::uint64_t word, std::uint32_t first, std::uint32_t* out) {
    for (; word != 0; word &= word - 1) *out++ = first + static_cast<std::uint32_t>(__builtin_ctzll(word));
    return out;
}
inline std::uint64_t extract_bits(std::uint64_t bits, std::uint64_t mask) {
    std::uint64_t packed = 0;
    for (std::size_t at = 0; mask != 0; mask &= mask - 1) packed |= (bits >> __builtin_ctzll(mask) & 1) << at++;
    return packed;
}
inline std::uint64_t deposit_bits(std::uint64_t packed, std::uint64_t mask) {
    std::uint64_t bits = 0;
    for (; mask != 0; mask &= mask - 1, packed >>= 1) bits |= (packed & 1) << __builtin_ctzll(mask);
    return bits;
}
