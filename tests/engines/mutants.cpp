// Packs that were changed in one field and are still whole as bytes: lengths, checksum and the bounds of a check fit. The verifier
// refuses such a mutant with the name of an invariant, or every reader reads it, and all of them say the same. ELIGO_MUTANTS in the
// environment says how many (2,000), ELIGO_SEED from which on. Most are made of the directed policies, which are small, so that many
// can be tried; each eighth of generated ones, a few of the policy of all features and of the shipped rules. An eighth of those that
// are accepted goes through the commands of the program too.
// Broken when: a reader relies on what no invariant says, or two read a pack differently. Most telling under the sanitizers.
#include <gtest/gtest.h>

#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "commands.hpp"
#include "damaging.hpp"
#include "environment.hpp"
#include "generate.hpp"
#include "readers.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

class Originals {
public:
    Originals() {
        for (const auto& [name, rules] : directed_rules()) directed_.push_back(&rules);
    }
    // By the number of a mutant.
    const bytecode::Pack& of(std::uint64_t seed) {
        if (seed % 1'000 == 0) return *shipped_rules().pack;
        if (seed % 100 == 1) return *feature_rules().pack;
        if (seed % 8 == 3) return generated(static_cast<std::uint32_t>(seed / seeds_a_source * 100));
        return *directed_[seed % directed_.size()]->pack;
    }

private:
    static constexpr std::uint64_t seeds_a_source = 256;  // of which an eighth are mutants of it

    // The next that compiles.
    const bytecode::Pack& generated(std::uint32_t seed) {
        if (made_ == seed && rules_.pack) return *rules_.pack;
        made_ = seed;
        do rules_ = compiled("generated.policy", generate(seed++));
        while (!rules_.pack);
        return *rules_.pack;
    }

    std::vector<const Rules*> directed_;
    Rules rules_;
    std::uint32_t made_ = 0;
};

struct Tally {
    std::uint64_t accepted = 0, refused = 0, through_commands = 0;
    std::map<std::string, std::uint64_t> refusals;

    void print() const {
        std::cout << accepted + refused << " mutants: " << refused << " refused, " << accepted << " read by everyone, " << through_commands << " of these by the commands, " << holes_met() << " times with a hole in a table\n";
        for (const auto& [name, count] : refusals) std::cout << "  " << name << " " << count;
        std::cout << "\n";
    }
};

// Where something was wrong once: numbers of mutants, as they are made today.
constexpr std::uint64_t once_wrong[] = {100000430, 100040374, 100068067, 500140984};

TEST(Mutants, are_refused_by_name_or_read_alike_by_everyone) {
    const std::uint64_t first = from_environment("ELIGO_SEED", 20180601), count = from_environment("ELIGO_MUTANTS", 2'000);
    Originals originals;
    Commands commands;
    Tally tally;
    std::vector<std::uint64_t> seeds(std::begin(once_wrong), std::end(once_wrong));
    for (std::uint64_t seed = first; seed < first + count; ++seed) seeds.push_back(seed);
    for (const std::uint64_t seed : seeds) {
        if (HasFailure()) break;
        Random random(seed);
        bytecode::Pack mutant = originals.of(seed);
        damage_field(mutant, random);
        bytecode::state_bounds(mutant);
        if (const bytecode::Fault fault = bytecode::verify(mutant); fault.found()) {
            ++tally.refused;
            ++tally.refusals[std::string(bytecode::row(fault.invariant).name)];
            continue;
        }
        ++tally.accepted;
        SCOPED_TRACE("ELIGO_MUTANTS=1 ELIGO_SEED=" + std::to_string(seed));
        if (const std::string differences = read_by_everyone(mutant, seed); !differences.empty()) ADD_FAILURE() << differences << "\n" << bytecode::disassemble(mutant);
        if (seed / 8 % 8 != 0) continue;
        ++tally.through_commands;
        EXPECT_EQ(commands.run_all(mutant), "");
    }
    tally.print();
    if (count < 1'000) return;
    EXPECT_GT(tally.accepted, count / 20);
    EXPECT_GT(tally.refused, count / 20);
}

}  // namespace
}  // namespace eligo::oracle
