// What the fuzz targets share. A target is one file with LLVMFuzzerTestOneInput: clang's libFuzzer drives it (preset `fuzz`),
// and replay.cpp hands it the corpus in every other build. What must hold is required, and a target that finds it broken
// ends the program, so that the input is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace eligo::fuzz {

inline void require(bool holds, const std::string& what) {
    if (holds) return;
    std::fprintf(stderr, "broken: %s\n", what.c_str());
    std::abort();
}

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) { return {reinterpret_cast<const char*>(data), size}; }

}  // namespace eligo::fuzz
