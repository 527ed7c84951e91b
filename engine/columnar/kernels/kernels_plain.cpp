// Door: kernels.hpp.
#include "kernels.hpp"

namespace eligo::columnar {
namespace {

#include "vector_plain.hpp"
#include "kernels.inl"

}  // namespace

extern const Kernels kernels_plain = table("plain");

}  // namespace eligo::columnar
