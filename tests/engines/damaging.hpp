// Ways to damage a pack, so that what comes of it can be loaded again: in its bytes, and in its fields. All of it is
// decided by the random numbers, so that a seed names a case. Used by damage.cpp and by tests/fuzz/.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <vector>

#include "../../engine/bytecode/pack.hpp"

namespace eligo::oracle {

using Image = std::vector<std::uint8_t>;
using Random = std::mt19937_64;

// Bytes before the body of an image; the last eight hold its checksum.
inline constexpr std::size_t image_header = 18;
// Makes the checksum fit the body, so that damage is met by whoever reads the body and not by the checksum. An image shorter
// than a header is left alone.
void seal(Image& image);

// One change of bytes: overwritten, flipped, cut out, cut off, doubled, swapped with other bytes, made a huge length, or
// replaced by a part of another image of `others`. The header stays whole.
void damage_bytes(Image& image, std::span<const Image> others, Random& random);

// One change of a field, whichever it is, to a value near the old one, to an end of its type, or to anything; or of a list:
// an element left out, doubled, swapped, or added with nothing in it.
void damage_field(bytecode::Pack& pack, Random& random);

}  // namespace eligo::oracle
