// Files that are no table which can be read: told by how they begin, and named with what to do. Tested by foreign_test.cpp.
#pragma once

#include <optional>
#include <string_view>

#include "problem.hpp"

namespace eligo::io {

// Bytes by which all of them are told apart.
inline constexpr std::size_t foreign_looked_at = 4096;

// Of a file that begins so, or of a text as UTF-8. Nothing where it may be a table of text.
[[nodiscard]] std::optional<Problem> foreign_format(std::string_view begin);

}  // namespace eligo::io
