// An answer as the JSON of `eligo check --json`: its keys are a promise to those who read it.
// meaning or goes away, new ones may stand beside them. Amounts are texts, so that no reader rounds them.
// Tested by explain_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "answer.hpp"
#include "json_writer.hpp"
#include "language.hpp"

namespace eligo::explain {

void write_json(JsonWriter& writer, const Answer& answer, Language language);
// A value: a text, {"from", "to"} while it is open, a JSON boolean, or null while nothing is known of it.
void write_json(JsonWriter& writer, const Shown& shown);

// One answer is an object, closed by a line end.
[[nodiscard]] std::string to_json(const Answer& answer, Language language);

[[nodiscard]] std::string_view outcome_name(value::Truth outcome);              // "holds", "fails", "unknown"
[[nodiscard]] std::string_view clause_kind_name(bytecode::ClauseKind kind);     // "require", "at_least"
[[nodiscard]] std::string_view relation_sign(bytecode::Relation relation);      // as the language writes it: ">="

}  // namespace eligo::explain
