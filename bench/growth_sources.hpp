// Sources that have n of one thing and few of everything else: what the growth of a pass is seen by. Used by growth.cpp
// and by tests/limits/growth.cpp.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace eligo::bench {

struct GrowthSource {
    std::string path, text;
};

struct GrowthKind {
    const char* name;
    const char* what;  // n of what
    std::vector<GrowthSource> (*make)(std::size_t n);
};

[[nodiscard]] std::span<const GrowthKind> growth_kinds();

}  // namespace eligo::bench
