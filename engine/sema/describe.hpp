// Types and constants in a reader's words, in both languages, for messages.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "../text/diagnostic.hpp"
#include "../value/rational.hpp"
#include "model.hpp"

namespace eligo::sema {

struct Words {
    std::string english, chinese;
};

// "money", "金额".
[[nodiscard]] Words kind_words(const Model& model, const Type& type);
// The text under a caret: "this is money", or for a constant number "this is the number 5000000".
[[nodiscard]] Words this_is(const Model& model, const Expr& expr);
// The type as it is written in the language: `money`, `one of { a, b }`.
[[nodiscard]] std::string spell_type(const Model& model, const Type& type);
// A constant as one would write it in a policy: 500万元, 15%, 36 months, 2018-01-01, ict, C39.
[[nodiscard]] std::string spell(const Model& model, const Type& type, const Constant& constant);
[[nodiscard]] std::string spell_money(const value::Rational& yuan);
// Between backticks, as messages show the words of a policy.
[[nodiscard]] std::string quoted(std::string_view text);
[[nodiscard]] std::string quoted(const Model& model, const Type& type);
// The names of an enumeration's members, "a, b, c"; of very many the first.
[[nodiscard]] std::string member_list(const Enumeration& enumeration);
// Completes a "did you mean {0}?" with the nearest of the known names, or takes the help away. The names are asked for only
// where one is looked for at all: after thousands of mistakes none is.
using KnownNames = std::function<std::vector<std::string>()>;
void suggest(text::Diagnostic& diagnostic, Span place, std::string_view wanted, const KnownNames& known);
template <class Map>
[[nodiscard]] std::vector<std::string> names_of(const Map& by_name) {
    std::vector<std::string> names;
    for (const auto& [name, named] : by_name) names.push_back(name);
    return names;
}

}  // namespace eligo::sema
