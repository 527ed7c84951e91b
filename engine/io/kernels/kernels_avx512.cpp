// Door: kernels.hpp.
#include "kernels.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace eligo::io {
namespace {

#define ELIGO_VECTOR "vector_avx512.hpp"
#include "kernels.inl"

}  // namespace

extern const Kernels kernels_avx512 = table("avx512");

}  // namespace eligo::io
#endif
