// What the parts of the verifier share: the pack, the first fault, and where they stand. Internal to bytecode/.
#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../value/range.hpp"
#include "invariant.hpp"
#include "pack.hpp"

namespace eligo::bytecode {

// Where in a pack, by numbers: put into words only where something is wrong.
struct Place {
    enum class In : std::uint8_t { Texts, Enumeration, Parameter, Subject, Fact, Column, Program, Instruction, Policy, Version, Clause, Benefit };
    In in = In::Texts;
    Index first = 0, second = 0, third = 0;
};

// The first fault is kept; after it every check is a formality.
class Verification {
public:
    explicit Verification(const Pack& of) : pack(of) {}

    // Whether any fact of the pack has a computed default; looked at once.
    [[nodiscard]] bool any_computed_default() {
        const auto computed = [](const Fact& fact) { return fact.default_kind == DefaultKind::Computed; };
        if (!any_computed_) any_computed_ = std::ranges::any_of(pack.subjects, [&](const Subject& subject) { return std::ranges::any_of(subject.facts, computed); });
        return *any_computed_;
    }
    [[nodiscard]] bool sound() const { return !fault_.found(); }
    [[nodiscard]] Fault take() { return std::move(fault_); }
    void stand(Place place) { place_ = place; }
    // Records the fault when `holds` is false; answers whether it holds.
    bool require(bool holds, Invariant invariant) {
        if (!holds && sound()) refuse(invariant);
        return holds;
    }

    bool require_string(Index index) { return require(index < pack.strings.size(), Invariant::text_exists); }
    void require_label(const Label& label);
    void require_strings(const std::vector<Index>& indices);
    // That it exists and is a name.
    bool require_name(Index index);
    void require_unit(const Unit& unit) { require(unit.numerator > 0 && unit.denominator > 0, Invariant::unit_is_positive); }
    // A kind and the table it points into.
    bool require_kind(Kind kind, Index ref);
    // The whole range of a kind: all members, all codes; of numbers the widest.
    [[nodiscard]] value::Range range_of_kind(Kind kind, Index ref) const;
    // Whether names differ, whatever they are of.
    template <class Named, class NameOf>
    void require_different(const std::vector<Named>& all, NameOf name_of, Invariant invariant) {
        std::vector<Index> names;
        names.reserve(all.size());
        for (const Named& each : all) names.push_back(name_of(each));
        require(all_differ(std::move(names)), invariant);
    }
    [[nodiscard]] static bool all_differ(std::vector<Index> names);
    // Of a column that verify_subjects has accepted.
    [[nodiscard]] const Fact& leaf(const Column& column) const { return pack.subjects[column.subject].facts[column.fact()]; }

    const Pack& pack;

private:
    void refuse(Invariant invariant);
    [[nodiscard]] std::string place_text(bool chinese) const;
    [[nodiscard]] std::string shown(Index name) const;

    Fault fault_;
    std::optional<bool> any_computed_;
    Place place_;
};

[[nodiscard]] bool is_name(std::string_view text);
[[nodiscard]] inline std::uint16_t operand(const Instruction& instruction, std::size_t index) {
    return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c;
}
// What a register holds: 'N', 'W', 'B', 'L' as in opcodes.def, '-' nothing.
[[nodiscard]] inline char result_of(Opcode opcode) { return row(opcode).result.front(); }
[[nodiscard]] inline bool is_reduction(Opcode opcode) { return row(opcode).name.starts_with("Reduce"); }
[[nodiscard]] constexpr bool takes_register(std::string_view operand) { return operand == "N" || operand == "W" || operand == "B" || operand == "L"; }

// The constant that an instruction stands for; of the empty interval the ends lie the wrong way round.
[[nodiscard]] value::Range constant_range(const Program& program, const Instruction& instruction);
// Whether a register is the empty interval.
[[nodiscard]] bool is_empty(const Program& program, Index number);

// What is proved of the registers of a program.
struct Proofs {
    std::vector<value::Range> ranges;  // what each can lie within, whatever the facts
    std::vector<bool> unguarded;       // it means nothing where some fact with a computed default is left out
};

// The parts, in this order: each relies on those before it.
void verify_texts(Verification& here);  // and enumerations
void verify_parameters(Verification& here);
void verify_subjects(Verification& here);
void verify_program(Verification& here, Index subject);  // tables and code
[[nodiscard]] Proofs verify_ranges(Verification& here, Index subject);
void verify_policies(Verification& here, Index subject, std::span<const Index> policies, const Proofs& proofs);  // those about the subject

}  // namespace eligo::bytecode
