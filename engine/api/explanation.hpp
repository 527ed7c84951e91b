// From the engine's answers to the plain structs of <eligo/verdict.hpp>.
#pragma once

#include "../../include/eligo/verdict.hpp"
#include "../bytecode/pack.hpp"
#include "../explain/answer.hpp"

namespace eligo::api {

[[nodiscard]] Explanation to_public(const explain::PolicyAnswer& answer);
// Of a question on a day on which nothing can be asked.
[[nodiscard]] Explanation not_asked(const bytecode::Pack& pack, bytecode::Index policy);

}  // namespace eligo::api
