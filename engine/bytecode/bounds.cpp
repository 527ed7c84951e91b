// The bounds of a check: bounds.hpp says by which formula.
#include "bounds.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "slice.hpp"

namespace eligo::bytecode {
namespace {

constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t words_of_a_loop = 4;
constexpr std::uint64_t bytes_of_a_word = 8;

std::uint64_t sum(std::uint64_t a, std::uint64_t b) { return a > most - b ? most : a + b; }
std::uint64_t product(std::uint64_t a, std::uint64_t b) { return b != 0 && a > most / b ? most : a * b; }

// The code may be anything: what is not sound is passed over, since the verifier has the word on it.
class Counting {
public:
    Counting(const Pack& pack, const Subject& subject) : pack_(pack), subject_(subject) {}

    Bounds count(const Version& version) {
        std::vector<Register> roots{version.in_force, version.verdict};
        for (const Index top : version.top_clauses)
            if (top < version.clauses.size()) roots.push_back(version.clauses[top].outcome);
        for (const Benefit& benefit : version.benefits) roots.insert(roots.end(), {benefit.measure.value, benefit.when});
        Bounds bounds{.instructions = sum(product(version.top_clauses.size(), 2), 3)};
        std::vector<std::uint64_t> times{1};  // how often what stands here runs: outermost first
        for (const Instruction& instruction : slice_of(subject_.program, roots).code) add(instruction, times, bounds);
        return bounds;
    }

private:
    void add(const Instruction& instruction, std::vector<std::uint64_t>& times, Bounds& bounds) const {
        if (static_cast<std::size_t>(instruction.opcode) >= opcode_count) return;
        bounds.instructions = sum(bounds.instructions, product(times.back(), 1 + left_out(instruction.opcode)));
        bounds.words = sum(bounds.words, words(instruction.opcode));
        if (instruction.opcode == Opcode::Loop) times.push_back(product(times.back(), elements(instruction)));
        if (instruction.opcode == Opcode::EndLoop && times.size() > 1) times.pop_back();
    }

    // Operands that an engine may find it need not work out.
    static std::uint64_t left_out(Opcode opcode) {
        const std::string_view name = row(opcode).name;
        if (name.starts_with("Select")) return 2;
        return name.starts_with("Reduce") || opcode == Opcode::And || opcode == Opcode::Or ? 1 : 0;
    }

    static std::uint64_t words(Opcode opcode) {
        const char result = row(opcode).result.front();
        if (result == 'L') return words_of_a_loop;
        if (result == '-') return 0;
        return (result == 'W' ? 2U : 1U) + (row(opcode).name.starts_with("Reduce") ? 1U : 0U);
    }

    // An unknown list runs its loop once, on an element of which nothing is known.
    std::uint64_t elements(const Instruction& loop) const {
        if (loop.a >= subject_.program.lists.size()) return 1;
        const Index column = subject_.program.lists[loop.a].column;
        if (column >= subject_.columns.size() || subject_.columns[column].path.empty()) return 1;
        const Column& leaf = subject_.columns[column];
        if (leaf.subject >= pack_.subjects.size() || leaf.fact() >= pack_.subjects[leaf.subject].facts.size()) return 1;
        return std::max<std::uint64_t>(1, pack_.subjects[leaf.subject].facts[leaf.fact()].up_to);
    }

    const Pack& pack_;
    const Subject& subject_;
};

}  // namespace

Bounds bounds_of(const Pack& pack, const Policy& policy, const Version& version) {
    if (policy.subject >= pack.subjects.size()) return {};
    return Counting(pack, pack.subjects[policy.subject]).count(version);
}

void state_bounds(Pack& pack) {
    for (Policy& policy : pack.policies)
        for (Version& version : policy.versions) version.bounds = bounds_of(pack, policy, version);
}

Cost cost_of(const Bounds& bounds) {
    const std::uint64_t bytes = product(bounds.words, bytes_of_a_word);
    return {bounds.instructions, product(bounds.instructions, 2), bytes, product(bytes, 2)};
}

Cost cost_of(const Pack& pack, const Policy& policy) {
    const auto& code = pack.subjects[policy.subject].program.code;
    Bounds always, greatest, all;
    for (const Version& version : policy.versions) {
        all.words = sum(all.words, version.bounds.words);
        if (code[version.day].opcode == Opcode::AsOf) greatest.instructions = std::max(greatest.instructions, version.bounds.instructions);
        else always.instructions = sum(always.instructions, version.bounds.instructions);
    }
    all.instructions = sum(always.instructions, greatest.instructions);
    return cost_of(all);
}

}  // namespace eligo::bytecode
