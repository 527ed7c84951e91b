// The pass before parsing: makes of a source file a text that the grammar can read without caring for comments,
// signs typed by habit, or where an entry ends. Its only door is lay_out. Tested by text_test.cpp.
#pragma once

#include <cstddef>
#include <string>

#include "diagnostic.hpp"
#include "source.hpp"

namespace eligo::text {

// How deep brackets ( [ { may be nested: the grammar is recursive, and a stack has an end.
inline constexpr std::size_t deepest_nesting = 200;

// `text` has exactly as many bytes as the source, and what stands at an offset in it came from there, so that spans
// are true of both. In it
//   - comments, a byte order mark and carriage returns are blanks;
//   - full-width signs outside texts, comments and citations are plain ones (each was reported);
//   - every text is closed on its line (what was not has been reported);
//   - a newline means "the entry ends here": those within an entry are blanks.
// `usable` is false when there is no sense in parsing: the file is not UTF-8, or is nested too deeply.
struct Layout {
    std::string text;
    bool usable = true;
};

[[nodiscard]] Layout lay_out(const SourceSet& sources, FileId file, Sink& sink);

}  // namespace eligo::text
