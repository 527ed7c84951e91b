// The facts of a pack, described for people and for other programs: what `facts`, `schema`, `new` and `inspect` print.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../vm/run.hpp"
#include "settings.hpp"

namespace eligo::cli {

[[nodiscard]] std::string label_text(const Settings& settings, const bytecode::Pack& pack, const bytecode::Label& label);
// "yearly money", "one of", "list of claim up to 10": as the language writes it.
[[nodiscard]] std::string type_text(const bytecode::Pack& pack, const bytecode::Fact& fact);
// Both ends included, "0 .. 5000000"; the name of the fact that bounds it further stands for an end. Empty for kinds without order.
[[nodiscard]] std::string range_text(const bytecode::Pack& pack, bytecode::Index subject, const bytecode::Fact& fact);
// The unit that a value is written in: "yuan", "months", "days"; empty for others.
[[nodiscard]] std::string_view unit_text(const bytecode::Fact& fact);
// The constant an absent fact is taken for; nothing when it has none, or a computed one.
[[nodiscard]] std::optional<std::string> default_text(const bytecode::Pack& pack, const bytecode::Fact& fact);
[[nodiscard]] std::vector<std::string> member_names(const bytecode::Pack& pack, const bytecode::Fact& fact);

// The vocabulary or record of that name; without a name, the vocabulary that most policies are for. Nothing when there is none:
// then it has been told.
[[nodiscard]] std::optional<bytecode::Index> subject_named(const Settings& settings, const bytecode::Pack& pack, const std::string& name);

// The years of a fact that policies read, counted from the fiscal year: -1 is the year before it.
using YearOffsets = std::vector<std::int32_t>;

// One fact of a subject, and who reads it on the day that is asked about.
struct FactUse {
    std::vector<bytecode::Index> policies;  // ascending
    YearOffsets years;                      // of a yearly fact, ascending
    [[nodiscard]] bool is_read() const { return !policies.empty(); }
};
// By subject, then by fact. Records within records and elements of lists are facts of their own subjects.
using FactUses = std::vector<std::vector<FactUse>>;
// Without policies, all of the pack.
[[nodiscard]] FactUses fact_uses(const bytecode::Pack& pack, std::span<const bytecode::Index> policies, const vm::Question& question);

}  // namespace eligo::cli
