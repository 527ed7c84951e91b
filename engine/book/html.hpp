// HTML as text: escapes, the page around a report, and its charts as SVG.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../value/int128.hpp"

namespace eligo::book {

// What nobody would see is named (see value/visible_text.hpp), and nothing in the text is taken for HTML.
[[nodiscard]] std::string escaped(std::string_view text);
// The same where it stands between other words, whose order its own direction of writing does not change.
[[nodiscard]] std::string isolated(std::string_view text);
// A whole page, style and script included.
[[nodiscard]] std::string page(std::string_view language, std::string_view title, std::string_view body);

// Parts of a whole, side by side in one bar.
struct Part {
    value::Int128 count = 0;
    std::string_view fill;
    std::string label;
};
[[nodiscard]] std::string stacked_bar(const std::vector<Part>& parts);

// How many lie where around a threshold. The bars before `threshold` are on its left.
struct Histogram {
    std::vector<value::Int128> bars;
    std::size_t threshold = 0;
    bool left_holds = false;            // which side of the threshold is the good one
    std::vector<std::pair<std::size_t, std::string>> marks;  // below the edge before a bar
    std::string description;            // for those who cannot see it
    std::string bar_unit, bar_unit_of_one;  // "companies", "company"
};
[[nodiscard]] std::string histogram(const Histogram& histogram);

// What surfaces are filled with: they differ in brightness and pattern too, and so in grey print. `swatch` shows one beside its name.
inline constexpr std::string_view fill_holds = "#1f6b4a", fill_fails = "url(#fails)", fill_open = "url(#open)", fill_out = "#dde2e8";
[[nodiscard]] std::string swatch(std::string_view fill);

}  // namespace eligo::book
