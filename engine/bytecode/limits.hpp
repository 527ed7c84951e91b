// What a pack may have of everything: the loader refuses more, and so does the compiler, at the place in the source.
// docs/limits.md lists them; invariants.def says which invariant holds a pack to which.
#pragma once

#include <cstddef>
#include <cstdint>

namespace eligo::bytecode {

inline constexpr std::size_t most_pack_bytes = std::size_t{64} << 20;
inline constexpr std::size_t most_loaded_instructions = 65'000;  // of one program; the compiler writes 60,000 at most
inline constexpr std::size_t most_words = 65'535;                // the engines address working memory by 16 bits
inline constexpr std::size_t most_entries = 65'536;              // of a table that 16-bit operands point into
inline constexpr std::size_t most_versions = 65'536;             // of a policy; a result names one by 16 bits
inline constexpr std::size_t most_benefits = 16;                 // of a version; a result of the library has room for as many
inline constexpr std::size_t longest_path = 16;                  // records within records, and the fact itself
inline constexpr std::size_t deepest_clauses = 200;              // explanations go as deep as clauses stand within clauses
inline constexpr std::int32_t farthest_year = 1'000;             // before or after the fiscal year
inline constexpr std::uint32_t most_elements = 10'000;           // of a list
// Values that the lists of one subject hold, if they are as long as they may be: some forty bytes each in memory.
inline constexpr std::uint64_t most_list_values = 10'000'000;
// How many facts a range may lean on one after another: both ends may, so that what is left to an unknown fact is found in
// so many doublings.
inline constexpr std::uint32_t deepest_range = 8;
// How many lists are gone through within each other: a check may take as many steps as the product of their lengths.
inline constexpr std::size_t deepest_loops = 4;

}  // namespace eligo::bytecode
