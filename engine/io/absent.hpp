// Texts that say that nothing is said: `N/A`, `-`, `/`, 无. Only those that somebody has named count as such.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace eligo::io {

struct AbsentTexts {
    std::vector<std::string> texts;  // without blanks at their ends

    [[nodiscard]] bool empty() const { return texts.empty(); }
    [[nodiscard]] bool has(std::string_view text) const { return std::find(texts.begin(), texts.end(), text) != texts.end(); }
    // One of them may be read as a number, a date or a truth by whoever does not ask.
    [[nodiscard]] bool may_be_values() const {
        return std::any_of(texts.begin(), texts.end(), [](const std::string& text) { return text == "true" || text == "false" || text.find_first_of("0123456789") != std::string::npos; });
    }
};

}  // namespace eligo::io
