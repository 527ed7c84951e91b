// What is generated from invariants.def, and how a pack that breaks one is refused.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "limits.hpp"

namespace eligo::bytecode {

enum class Invariant : std::uint8_t {
#define INVARIANT(name, limit, chinese, english, readers) name,
#include "invariants.def"
#undef INVARIANT
};

struct InvariantRow {
    std::string_view name;
    std::uint64_t limit;
    std::string_view chinese, english, readers;
};

inline constexpr InvariantRow invariant_rows[] = {
#define INVARIANT(name, limit, chinese, english, readers) InvariantRow{#name, limit, chinese, english, readers},
#include "invariants.def"
#undef INVARIANT
};

[[nodiscard]] constexpr const InvariantRow& row(Invariant invariant) { return invariant_rows[static_cast<std::size_t>(invariant)]; }
// What holds, with its limit, in one language.
[[nodiscard]] std::string rule_of(const InvariantRow& invariant, bool chinese);

// Why a pack is refused: where it breaks which invariant. Texts are empty where nothing is broken.
struct Fault {
    Invariant invariant{};
    std::string chinese, english;  // "policy `grant`: a policy has at least one version [policy_has_versions]"
    [[nodiscard]] bool found() const { return !english.empty(); }
};

}  // namespace eligo::bytecode
