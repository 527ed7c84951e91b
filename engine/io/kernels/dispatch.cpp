// Door: kernels.hpp.
#include "kernels.hpp"

namespace eligo::io {

#if defined(__x86_64__)
bool machine_has_avx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt"); }
bool machine_has_avx512() {
    return machine_has_avx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi2");
}
#endif

const Kernels& kernels() {
#if defined(__x86_64__)
    static const Kernels& best = machine_has_avx512() ? kernels_avx512 : machine_has_avx2() ? kernels_avx2 : kernels_plain;
    return best;
#elif defined(__aarch64__)
    return kernels_neon;
#else
    return kernels_plain;
#endif
}

}  // namespace eligo::io
