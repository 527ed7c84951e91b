// What keywords.def says, as tables: the words of the language by role, units and magnitudes.
// Tested by syntax_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "ast.hpp"

namespace eligo::syntax {

// Where a word stands; a word may have several roles.
enum Role : std::uint16_t {
    Reserved = 1,            // never a name
    OpensDeclaration = 2,    // begins a declaration of a file
    OpensPolicyEntry = 4,    // begins an entry of a policy
    OpensScenarioEntry = 8,  // begins an entry of a scenario
    OpensExpectation = 16,   // begins what a scenario expects
    Type = 32,               // names a type
    Modifier = 64,           // stands behind a type, a value or a date
    Joins = 128,             // stands between other words
};

struct Keyword {
    std::string_view spelling;
    unsigned roles;
};
[[nodiscard]] std::span<const Keyword> keywords();
[[nodiscard]] bool is_reserved(std::string_view word);
[[nodiscard]] bool has_role(std::string_view word, Role role);
// The keyword with that role that a misspelt word was most likely meant to be.
[[nodiscard]] std::optional<std::string_view> nearest_keyword(std::string_view word, Role role);

struct Magnitude {
    std::string_view spelling;
    int zeros;
};
[[nodiscard]] std::span<const Magnitude> magnitudes();

struct UnitSpelling {
    std::string_view spelling;
    Unit unit;
    int factor;  // 12 for years, which are months
};
[[nodiscard]] std::span<const UnitSpelling> units();
[[nodiscard]] const UnitSpelling* find_unit(std::string_view spelling);
// The longest magnitude with which the text begins; none when it begins with none.
[[nodiscard]] const Magnitude* leading_magnitude(std::string_view text);

}  // namespace eligo::syntax
