// What the grammar missed, put into the words of the person who wrote the policy.
// Tested by syntax_test.cpp.
#pragma once

#include "grammar/cst.hpp"

#include "../text/diagnostic.hpp"

#include <string_view>

namespace eligo::syntax {

// Reports one mistake of the grammar. It looks at what stands there instead, so that a sign of another language, a
// misspelt word or a forgotten name is told as what it is. `source` is the file as it was written, which alone knows
// where lines end: something missing at the end of a line is told there, not on the next one.
void tell(const grammar::Mistake& mistake, std::string_view text, std::string_view source, text::FileId file, text::Sink& sink);

}  // namespace eligo::syntax
