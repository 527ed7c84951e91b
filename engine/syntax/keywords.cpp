// The tables behind keywords.hpp, read from keywords.def.
#include "keywords.hpp"

#include "../text/suggest.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace eligo::syntax {

namespace {

constexpr Keyword keyword_table[] = {
#define KEYWORD(spelling, roles) {spelling, roles},
#include "keywords.def"
#undef KEYWORD
};

constexpr Magnitude magnitude_table[] = {
#define MAGNITUDE(spelling, zeros) {spelling, zeros},
#include "keywords.def"
#undef MAGNITUDE
};

constexpr UnitSpelling unit_table[] = {
#define UNIT(spelling, kind, factor) {spelling, Unit::kind, factor},
#include "keywords.def"
#undef UNIT
};

}  // namespace

std::span<const Keyword> keywords() { return keyword_table; }
std::span<const Magnitude> magnitudes() { return magnitude_table; }
std::span<const UnitSpelling> units() { return unit_table; }

bool has_role(std::string_view word, Role role) {
    return std::ranges::any_of(keyword_table, [&](const Keyword& keyword) {
        return (keyword.roles & role) != 0 && keyword.spelling == word;
    });
}

bool is_reserved(std::string_view word) { return has_role(word, Reserved); }

std::optional<std::string_view> nearest_keyword(std::string_view word, Role role) {
    std::vector<std::string> known;
    for (const Keyword& keyword : keyword_table) {
        if ((keyword.roles & role) != 0) known.emplace_back(keyword.spelling);
    }
    const auto near = text::nearest(word, known);
    if (!near) return std::nullopt;
    const auto* found = std::ranges::find(keyword_table, *near, &Keyword::spelling);
    return found->spelling;
}

const UnitSpelling* find_unit(std::string_view spelling) {
    const auto* found = std::ranges::find(unit_table, spelling, &UnitSpelling::spelling);
    return found == std::end(unit_table) ? nullptr : found;
}

const Magnitude* leading_magnitude(std::string_view text) {
    const Magnitude* longest = nullptr;
    for (const Magnitude& magnitude : magnitude_table) {
        const bool longer = longest == nullptr || magnitude.spelling.size() > longest->spelling.size();
        if (text.starts_with(magnitude.spelling) && longer) longest = &magnitude;
    }
    return longest;
}

}  // namespace eligo::syntax
