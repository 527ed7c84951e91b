// Door: kernels/kernels.hpp.
#include "kernels/kernels.hpp"

#include <cstdlib>
#include <string_view>

namespace eligo::columnar {
namespace {

const Kernels& chosen() {
    const char* const wanted = std::getenv("ELIGO_KERNELS");
    const std::string_view name = wanted != nullptr ? wanted : "";
    if (name == kernels_plain.name) return kernels_plain;
#if defined(__x86_64__)
    if (machine_has_avx512() && name != kernels_avx2.name) return kernels_avx512;
    return machine_has_avx2() ? kernels_avx2 : kernels_plain;
#elif defined(__aarch64__)
    return kernels_neon;
#else
    return kernels_plain;
#endif
}

}  // namespace

#if defined(__x86_64__)
bool machine_has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("popcnt"); }
bool machine_has_avx512() {
    return machine_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
}
#endif

const Kernels& kernels() {
    static const Kernels& best = chosen();
    return best;
}

}  // namespace eligo::columnar
