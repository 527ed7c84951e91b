// Door: kernels.hpp.
#include "kernels.hpp"

namespace eligo::io {
namespace {

#define ELIGO_VECTOR "vector_plain.hpp"
#include "kernels.inl"

}  // namespace

extern const Kernels kernels_plain = table("plain");

}  // namespace eligo::io
