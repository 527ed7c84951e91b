#include "suggest.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "utf8.hpp"

namespace eligo::text {
namespace {

// Distances are counted in halves, so that a difference in capitals can cost less than a different letter.
constexpr std::size_t whole = 2;
constexpr std::size_t longest_compared = 200;

bool separates_words(char32_t point) {
    return point == U'_' || point == U'-' || point == U' ' || point == U'.';
}

std::u32string folded(std::u32string_view text) {
    std::u32string result(text);
    for (char32_t& point : result) {
        if (point >= U'A' && point <= U'Z') point += U'a' - U'A';
    }
    return result;
}

// The words of a name in alphabetical order: `staff_rd` meets `rd_staff` here.
std::vector<std::u32string> words(std::u32string_view text) {
    std::vector<std::u32string> result(1);
    for (const char32_t point : text) {
        if (separates_words(point)) {
            result.emplace_back();
        } else {
            result.back() += point;
        }
    }
    std::erase_if(result, [](const std::u32string& word) { return word.empty(); });
    std::sort(result.begin(), result.end());
    return result;
}

std::u32string without_separators(std::u32string text) {
    std::erase_if(text, separates_words);
    return text;
}

std::size_t distance(std::u32string_view wanted, std::u32string_view known) {
    if (wanted == known) return 0;
    const std::u32string wanted_folded = folded(wanted);
    const std::u32string known_folded = folded(known);
    if (wanted_folded == known_folded) return 1;
    if (without_separators(wanted_folded) == without_separators(known_folded)) return 1;
    if (words(wanted_folded) == words(known_folded)) return 1;
    return whole * edit_distance(wanted_folded, known_folded);
}

// One change is near from two code points on, and then one in every three: `年令` is near `年龄`. A name of one code
// point is near its other capital only.
std::size_t furthest(std::size_t length) {
    return length < 2 ? 1 : whole * std::max<std::size_t>(1, length / 3);
}

}  // namespace

std::size_t edit_distance(std::u32string_view from, std::u32string_view to) {
    std::vector<std::size_t> before_last(to.size() + 1), last(to.size() + 1), current(to.size() + 1);
    for (std::size_t column = 0; column <= to.size(); ++column) last[column] = column;
    for (std::size_t row = 1; row <= from.size(); ++row) {
        current[0] = row;
        for (std::size_t column = 1; column <= to.size(); ++column) {
            const bool same = from[row - 1] == to[column - 1];
            current[column] = std::min({last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0U : 1U)});
            const bool swapped = row > 1 && column > 1 && from[row - 1] == to[column - 2] && from[row - 2] == to[column - 1];
            if (swapped) current[column] = std::min(current[column], before_last[column - 2] + 1);
        }
        std::swap(before_last, last);
        std::swap(last, current);
    }
    return last[to.size()];
}

std::optional<std::string> nearest(std::string_view wanted, std::span<const std::string> known) {
    const std::u32string wanted_points = code_points(wanted);
    if (wanted_points.size() > longest_compared) return std::nullopt;
    std::size_t best = furthest(wanted_points.size()) + 1;
    std::optional<std::string> result;
    for (const std::string& name : known) {
        const std::u32string points = code_points(name);
        if (points.empty() || points.size() > longest_compared) continue;
        const std::size_t found = distance(wanted_points, points);
        if (found < best) {
            best = found;
            result = name;
        }
    }
    return result;
}

}  // namespace eligo::text
