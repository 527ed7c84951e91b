#include "bits.hpp"

#include "kernels/kernels.hpp"

namespace eligo::io {

std::size_t find_bytes(const std::uint8_t* bytes, std::size_t count, std::uint8_t byte, std::uint64_t* bits) { return kernels().find_bytes(bytes, count, byte, bits); }
void find_odd(const std::int64_t* values, std::size_t count, std::uint64_t* bits) { kernels().find_odd(values, count, bits); }

}  // namespace eligo::io
