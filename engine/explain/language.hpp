// In which language people are told an answer, and whether its colours are wanted.
#pragma once

#include <cstdint>
#include <string_view>

#include "../value/visible_text.hpp"
#include "answer.hpp"

namespace eligo::explain {

enum class Language : std::uint8_t { Chinese, English };
using value::Color;

// The label in the language asked for, or in the other where that is all there is.
[[nodiscard]] inline std::string_view pick(const Label& label, Language language) {
    const bool chinese = language == Language::Chinese ? !label.chinese.empty() : label.english.empty();
    return chinese ? label.chinese : label.english;
}

}  // namespace eligo::explain
