// Well-typed policies made at random, as source text, so that the whole way from text to verdict is tried: every
// type, vocabularies and records with ranges, defaults and lets, lists and years with their aggregates, tables, dated
// parameters, nested clauses, versions, policies that ask policies.
// Used by agree.cpp. The same seed gives the same text from the same build.
#pragma once

#include <cstdint>
#include <string>

namespace eligo::oracle {

// A complete pack. Every fact, let, clause, row and benefit stands on a line of its own, and every compound
// expression in brackets, so that shrink.hpp can take parts away.
[[nodiscard]] std::string generate(std::uint32_t seed);

}  // namespace eligo::oracle
