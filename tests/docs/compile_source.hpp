// Compiles one source and runs its scenarios, for examples in documents.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace eligo::docs {

struct Compiled {
    std::set<std::string> codes;         // of all diagnostics, warnings included
    std::string told;                    // the diagnostics as a person reads them
    bool has_pack = false;               // it compiled, and what came out can be loaded
    std::size_t scenarios = 0;
    std::vector<std::string> failures;   // what scenarios expected and did not get
};

[[nodiscard]] Compiled compile_source(const std::string& source);

}  // namespace eligo::docs
