// The changes a set of sources can undergo, one at a time, in its trees: a threshold moved by a step, `>=` read as `>`, a
// clause left out. Internal to scenario/; its door is mutate.hpp. Tested by tests/unit/strength_test.cpp.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "../syntax/ast.hpp"
#include "../text/source.hpp"

namespace eligo::scenario {

struct Mutation {
    std::size_t file = 0;    // number among the files it was made from
    text::Span span;         // what is changed
    std::string from, into;  // as the language writes it, on one line; `into` is empty where something is left out
    std::function<void(syntax::File&)> apply;  // on a copy of that file
};

// All of them, in the order of the sources. Facts, their ranges and defaults, labels and scenarios stay as they are.
[[nodiscard]] std::vector<Mutation> list_mutations(const std::vector<syntax::File>& files, const text::SourceSet& sources);

}  // namespace eligo::scenario
