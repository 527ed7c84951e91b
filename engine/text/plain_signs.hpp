// The first half of lay_out: comments blanked, signs typed by habit made plain, texts closed. Internal to layout.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "diagnostic.hpp"
#include "source.hpp"

namespace eligo::text {

enum class Opaque : std::uint8_t { Text, Citation };

// Bytes [begin, end) that later steps step over: a text with its quotes, or a citation with its `@`.
struct OpaqueStretch {
    Opaque kind;
    std::size_t begin, end;
};

struct PlainText {
    std::string text;  // as many bytes as the source
    std::vector<OpaqueStretch> opaque;  // in order, disjoint
};

// `source` is valid UTF-8.
[[nodiscard]] PlainText make_plain(std::string_view source, FileId file, Sink& sink);

}  // namespace eligo::text
