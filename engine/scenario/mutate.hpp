// Would a scenario notice? Each policy is changed in one place, compiled and tried by the scenarios of the policies whose
// answers the change can reach; changes that none of them notices are named. Tested by tests/unit/strength_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../sema/model.hpp"
#include "../syntax/ast.hpp"
#include "../text/source.hpp"

namespace eligo::scenario {

enum class Fate : std::uint8_t {
    Noticed,     // a scenario that passes before fails after
    Unnoticed,   // none does
    Equivalent,  // every verdict, clause and benefit is computed as before: nothing to notice
    Refused,     // the changed source does not compile: no rule, and so no mutant
};

struct Mutant {
    text::Span span;
    std::string from, into;  // as the language writes it, on one line; `into` is empty where something is left out
    Fate fate = Fate::Unnoticed;
    std::string noticed_by;  // Noticed: the title of the first scenario that does
};

struct Mutants {
    std::vector<Mutant> each;  // in the order of the sources
    [[nodiscard]] std::size_t count(Fate fate) const;
    // Mutants that could be noticed: noticed or not.
    [[nodiscard]] std::size_t counted() const { return count(Fate::Noticed) + count(Fate::Unnoticed); }
};

// Source text as reports quote it: on one line, with single blanks.
[[nodiscard]] std::string on_one_line(std::string_view text);

struct MutateRequest {
    std::vector<std::size_t> scenarios;                      // which try, by number in the model
    std::function<bool(text::Span)> changes;                 // which places are changed; empty: all
    std::function<void(std::size_t, std::size_t)> progress;  // done, of how many; from any thread, one call at a time
    unsigned threads = 0;                                    // 0: one a core
};

// `files` must compile without errors. What scenarios say before the change is what they are held to: those that fail
// already notice nothing. The answer does not depend on the number of threads.
[[nodiscard]] Mutants mutate(const std::vector<syntax::File>& files, const text::SourceSet& sources, const MutateRequest& request);

}  // namespace eligo::scenario
