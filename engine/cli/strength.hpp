// What `eligo test --coverage` and `--mutate` print: as text, or as members of the JSON object that `eligo test` writes.
#pragma once

#include "../explain/json_writer.hpp"
#include "../scenario/coverage.hpp"
#include "../scenario/mutate.hpp"
#include "rules.hpp"
#include "settings.hpp"

namespace eligo::cli {

void print_coverage(const Settings& settings, const Rules& rules, const scenario::Coverage& coverage);
void write_coverage(explain::JsonWriter& writer, const Rules& rules, const scenario::Coverage& coverage);

void print_mutants(const Settings& settings, const Rules& rules, const scenario::Mutants& mutants);
void write_mutants(explain::JsonWriter& writer, const Rules& rules, const scenario::Mutants& mutants);

// Whether `reached` of `of` is at least that many percent, exactly; nothing to reach is all of it.
[[nodiscard]] bool reaches(std::size_t reached, std::size_t of, int percent);

}  // namespace eligo::cli
