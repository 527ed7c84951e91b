#include "look_alike.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>

#include "look_alike_tables.hpp"
#include "utf8.hpp"

namespace eligo::text {
namespace {

template <class Range>
const Range* range_of(const Range* begin, const Range* end, char32_t letter) {
    const auto* after = std::upper_bound(begin, end, letter, [](char32_t point, const Range& range) { return point < range.first; });
    return after != begin && letter <= std::prev(after)->last ? std::prev(after) : nullptr;
}

std::uint8_t script_of(char32_t letter) {
    const ScriptRange* range = range_of(std::begin(scripts), std::end(scripts), letter);
    return range == nullptr ? std::uint8_t{0} : range->script;
}

void append_skeleton(std::u32string& out, char32_t letter) {
    const auto* several = std::lower_bound(std::begin(look_alikes_of_several), std::end(look_alikes_of_several), letter,
                                           [](const LookAlikeSeveral& each, char32_t point) { return each.letter < point; });
    if (several != std::end(look_alikes_of_several) && several->letter == letter) {
        for (const char32_t like : several->like) {
            if (like != 0) out += like;
        }
        return;
    }
    const LookAlike* alike = range_of(std::begin(look_alikes), std::end(look_alikes), letter);
    out += alike == nullptr ? letter : alike->like + (letter - alike->first);
}

bool go_together(std::uint8_t one, std::uint8_t other) { return one == other || (one <= east_asian && other <= east_asian); }

}  // namespace

std::u32string skeleton(std::string_view name) {
    std::u32string out;
    for (const char32_t letter : code_points(name)) append_skeleton(out, letter);
    return out;
}

std::optional<MixedScripts> mixed_scripts(std::string_view name) {
    char32_t first = 0;
    std::uint8_t script = 0;  // of `first`; 0 until a letter belongs to one
    for (const char32_t letter : code_points(name)) {
        const std::uint8_t its = script_of(letter);
        if (its == 0) continue;
        if (script != 0 && !go_together(script, its)) return MixedScripts{first, letter};
        first = letter;
        script = its;
    }
    return std::nullopt;
}

}  // namespace eligo::text
