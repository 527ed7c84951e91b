// Door: kernels.hpp.
#include "kernels.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace eligo::io {
namespace {

#define ELIGO_VECTOR "vector_neon.hpp"
#include "kernels.inl"

}  // namespace

extern const Kernels kernels_neon = table("neon");

}  // namespace eligo::io
#endif
