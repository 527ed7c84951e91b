// Door: kernels.hpp.
#include "kernels.hpp"

#if defined(__aarch64__)
#include <arm_neon.h>

namespace eligo::columnar {
namespace {

#include "vector_neon.hpp"
#include "kernels.inl"

}  // namespace

extern const Kernels kernels_neon = table("neon");

}  // namespace eligo::columnar
#endif
