// Tested by tests/limits/edges.cpp and tests/golden/codegen.
#include "structure.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "../bytecode/image.hpp"
#include "../value/rational.hpp"
#include "emit.hpp"

namespace eligo::codegen {
namespace {

using sema::Id;
using sema::Kind;
using text::Code;

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

// How many facts a subject holds with those of its records, and how many steps the furthest is away. No record holds itself by now.
class Leaves {
public:
    Leaves(const sema::Model& model, text::Sink& sink) : model_(model), sink_(sink), of_(model.subjects.size()) {}

    struct Of {
        std::uint64_t count = 0;
        std::size_t steps = 0;
        bool known = false;
    };
    Of of(Id subject) {
        if (of_[subject].known) return of_[subject];
        Of sum{.known = true};
        for (const sema::Fact& fact : model_.subjects[subject].facts) {
            const Of inner = fact.type.kind == Kind::Record ? of(fact.type.ref) : Of{.count = 1};
            sum.count = std::min(sum.count + inner.count, std::uint64_t{1} << 32);
            // What lies further out than that is told once, where it begins to.
            if (inner.steps == bytecode::longest_path) sink_.report(Code::nested_too_deep, fact.span, {std::to_string(bytecode::longest_path - 1)});
            sum.steps = std::max(sum.steps, inner.steps + 1);
        }
        return of_[subject] = sum;
    }

private:
    const sema::Model& model_;
    text::Sink& sink_;
    std::vector<Of> of_;
};

void check_lists(const sema::Model& model, Leaves& leaves, text::Sink& sink) {
    // Of lists that a record has as many as there are records of that kind.
    std::vector<std::uint64_t> values(model.subjects.size(), 0);
    std::vector<bool> known(model.subjects.size(), false);
    const auto values_of = [&](const auto& self, Id subject) -> std::uint64_t {
        if (known[subject]) return values[subject];
        known[subject] = true;
        for (const sema::Fact& fact : model.subjects[subject].facts) {
            const bool list = fact.type.kind == Kind::List;
            if (!list && fact.type.kind != Kind::Record) continue;
            const bool before = values[subject] <= bytecode::most_list_values;
            values[subject] += list ? std::uint64_t{fact.type.up_to} * leaves.of(fact.type.ref).count : self(self, fact.type.ref);
            if (before && values[subject] > bytecode::most_list_values) sink.report(Code::lists_hold_too_much, fact.span, {model.subjects[subject].name, grouped(bytecode::most_list_values)});
            values[subject] = std::min(values[subject], bytecode::most_list_values + 1);
        }
        return values[subject];
    };
    for (Id subject = 0; subject < model.subjects.size(); ++subject) (void)values_of(values_of, subject);
}

// A benefit's amounts in one version.
struct Amount {
    value::Rational unit{1};
    value::Range range;
};

// Whether all amounts of a benefit can be told in one unit of 64 bits, and in that within 128.
bool share_a_unit(const std::vector<Amount>& amounts) {
    std::optional<value::Rational> common = amounts.front().unit;
    for (const Amount& amount : amounts) common = common ? value::unit_gcd(*common, amount.unit) : std::nullopt;
    if (!common || !value::fits_int64(common->numerator()) || !value::fits_int64(common->denominator())) return false;
    return std::ranges::all_of(amounts, [&](const Amount& amount) {
        const auto steps = value::divide(amount.unit, *common);
        return steps && steps->is_whole() && value::fits_int64(steps->numerator()) && value::scale(amount.range, steps->numerator());
    });
}

}  // namespace

void check_structure(const sema::Model& model, text::Sink& sink) {
    Leaves leaves(model, sink);
    for (Id subject = 0; subject < model.subjects.size(); ++subject) (void)leaves.of(subject);
    check_lists(model, leaves, sink);
    for (const sema::Policy& policy : model.policies)
        for (const sema::Version& version : policy.versions)
            if (version.benefits.size() > bytecode::most_benefits)
                sink.report(Code::too_many_benefits, version.benefits[bytecode::most_benefits].span, {policy.name, std::to_string(bytecode::most_benefits)});
}

void check_program(const sema::Subject& subject, const bytecode::Program& program, text::Sink& sink) {
    std::size_t words = 0;
    for (const bytecode::Instruction& instruction : program.code) {
        const bytecode::OpcodeRow& row = bytecode::row(instruction.opcode);
        words += (row.result == "W" ? 2u : 1u) + (row.name.starts_with("Reduce") ? 1u : 0u);
    }
    if (words > bytecode::most_words) sink.report(Code::program_too_wide, subject.span, {subject.name, grouped(bytecode::most_words)});
    std::size_t largest = std::max({program.slots.size(), program.lists.size(), program.sets.size(), program.constants.size(), program.wide_constants.size()});
    for (const bytecode::ListInput& list : program.lists) largest = std::max(largest, list.fields.size());
    if (largest > bytecode::most_entries) sink.report(Code::program_too_large, subject.span, {subject.name, std::to_string(most_instructions)});
}

void check_pack(const sema::Model& model, const bytecode::Pack& pack, const Amounts& amounts, text::Sink& sink) {
    for (Id number = 0; number < pack.policies.size(); ++number) {
        const bytecode::Policy& policy = pack.policies[number];
        std::vector<std::pair<bytecode::Index, std::pair<Id, Id>>> all;  // by name: version and benefit
        for (Id version = 0; version < policy.versions.size(); ++version)
            for (Id benefit = 0; benefit < policy.versions[version].benefits.size(); ++benefit) all.push_back({policy.versions[version].benefits[benefit].name, {version, benefit}});
        std::ranges::sort(all);
        for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
            std::vector<Amount> alike;
            for (last = first; last < all.size() && all[last].first == all[first].first; ++last) {
                const auto [version, benefit] = all[last].second;
                const auto found = amounts.find({number, version, benefit});
                if (found == amounts.end()) continue;
                const bytecode::Unit unit = policy.versions[version].benefits[benefit].measure.unit;
                alike.push_back({value::Rational::of(unit.numerator, unit.denominator), found->second});
                if (share_a_unit(alike)) continue;
                const sema::Benefit& written = model.policies[number].versions[version].benefits[benefit];
                sink.report(Code::benefit_steps_apart, written.span, {written.name});
                alike = {alike.back()};
            }
        }
    }
    if (const std::size_t bytes = bytecode::write_image(pack).size(); bytes > bytecode::most_pack_bytes && !model.policies.empty())
        sink.report(Code::pack_too_large, model.policies.front().versions.front().span, {grouped(bytes), grouped(bytecode::most_pack_bytes)});
}

}  // namespace eligo::codegen
