// The one way in which a text becomes a JSON string. Tested by explain_test.cpp and visible_text_test.cpp.
#pragma once

#include <string>
#include <string_view>

namespace eligo::value {

// The text as a JSON string, quotes included. What is hidden (see visible_text.hpp) is escaped as well, so that JSON may be
// shown on a terminal and has no line end within a text; a byte that is not UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace eligo::value
