// The label of a fact by its path, for what an answer only names.
#pragma once

#include <string>
#include <string_view>

#include "../bytecode/pack.hpp"
#include "answer.hpp"

namespace eligo::explain {

// "revenue.2015", "claims[1].staff", "company.employees" of the subject that the policy is for; empty when the pack has
// no such policy or fact.
[[nodiscard]] Label label_of_path(const bytecode::Pack& pack, std::string_view policy, std::string_view path);

// A text as an answer shows it: one that is longer than longest_text is cut between characters and ends with ….
[[nodiscard]] std::string shortened_text(std::string_view text);

}  // namespace eligo::explain
