// Sources whose numbers lie where machines end: constants, ranges, defaults, parameters, sets, cells, durations, years, counts and
// steps of roundings at and around every power of two and of ten up to 2^127, halves among them, with up to twenty decimals. What does
// not fit must be refused with its place, all else must come to what the oracle says.
// Used by agree.cpp. More is held to it by whoever compiles edge_source(seed) and asks what Maker (profiles.hpp) makes up: its
// profiles lie at the ends of ranges and on, above and below every constant.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace eligo::oracle {

// A number at an edge, as it is written: "170141183460469231731687303715884105728", "-0.00000018446744073709551616".
// Below so many bits, but for one or a half more, and with at most so many decimals.
[[nodiscard]] std::string edge_number(std::mt19937& random, int most_bits, int most_decimals);

// A complete pack, laid out as those of generate.hpp. The same seed gives the same text from the same build.
[[nodiscard]] std::string edge_source(std::uint32_t seed);

}  // namespace eligo::oracle
