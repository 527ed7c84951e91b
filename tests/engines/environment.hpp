// How much is tried: numbers from the environment.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace eligo::oracle {

inline std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

}  // namespace eligo::oracle
