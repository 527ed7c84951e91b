// An answer as people read it on a terminal, in Chinese or English: the verdict in words, what it brings, then clause
// by clause what was measured against what, with the article beside it, and last what is missing or was assumed.
// Tested by explain_test.cpp.
#pragma once

#include <string>
#include <string_view>

#include "answer.hpp"
#include "language.hpp"

namespace eligo::explain {

struct Manner {
    Language language = Language::Chinese;
    Color color = Color::Off;
    const bytecode::Pack* pack = nullptr;  // where the labels of facts are looked up that no clause reads by itself
};

[[nodiscard]] value::VisibleText say(const Answer& answer, const Manner& manner);
[[nodiscard]] value::VisibleText say(const PolicyAnswer& result, value::Day as_of, const Manner& manner);

// A line a policy: its verdict, and what it brings, the clauses that fail or the facts that it waits for.
[[nodiscard]] value::VisibleText say_briefly(const Answer& answer, const Manner& manner);

// "符合条件", "eligible".
[[nodiscard]] std::string_view say_verdict(Verdict verdict, Language language);
// A value in a reader's notation: 1,200万元, 4.12%, 2018-06-01, 是; a range while it is open; ≈ when decimals were cut.
[[nodiscard]] std::string say_value(const Shown& shown, Language language);

}  // namespace eligo::explain
