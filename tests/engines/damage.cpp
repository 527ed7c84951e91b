// A pack that the verifier accepts can be run, whatever bytes it came from: a damaged pack (with a checksum that fits)
// is either refused with a reason, or checked, explained and listed without harm. What it then answers does not matter.
// ELIGO_DAMAGE in the environment says how many packs are damaged in each of three ways (20,000), ELIGO_SEED which ones. Nearly all
// are packs of the directed policies, which are small and have among them every instruction: what holds of a large pack takes
// a hundred times as long to try. The shipped rules and the policy of all features have a share each.
// Broken when: the verifier lets something through that the engine trusts. Most telling under the sanitizers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "damaging.hpp"
#include "environment.hpp"
#include "rules.hpp"
#include "run_everything.hpp"

namespace eligo::oracle {
namespace {

// How often which reason was given, so that a run shows what it tried.
class Tally {
public:
    void load(const Image& image, std::uint64_t seed) {
        bytecode::Fault fault;
        const auto pack = bytecode::read_image(image, fault);
        if (pack) {
            EXPECT_FALSE(fault.found()) << fault.english << ", and yet accepted; seed " << seed;
            run(*pack);
        } else {
            refuse();
            EXPECT_TRUE(fault.found()) << "refused without a reason; seed " << seed;
        }
    }
    void refuse() { ++refused_; }
    void run(const bytecode::Pack& pack) {
        ++accepted_;
        EXPECT_GT(run_everything(pack), 0u);
    }
    void expect_both() const {
        EXPECT_GT(accepted_, 0u) << "nothing was run";
        EXPECT_GT(refused_, 0u) << "nothing was refused";
        std::cout << accepted_ + refused_ << " damaged packs: " << refused_ << " refused with a reason, " << accepted_ << " run\n";
    }

private:
    std::uint64_t accepted_ = 0, refused_ = 0;
};

// What is damaged in turn, and in how many of a hundred rounds.
struct Packs {
    const char* name;
    std::uint64_t share;
    std::vector<const Rules*> (*all)();
    friend std::ostream& operator<<(std::ostream& out, const Packs& packs) { return out << packs.name; }
};

class Damage : public testing::TestWithParam<Packs> {
protected:
    void SetUp() override {
        for (const Rules* rules : GetParam().all()) {
            ASSERT_TRUE(rules->pack) << rules->errors;
            packs_.push_back(&*rules->pack);
        }
        ASSERT_FALSE(packs_.empty());
    }
    // So many at least that some are accepted and some refused.
    static std::uint64_t rounds() { return std::max<std::uint64_t>(60, from_environment("ELIGO_DAMAGE", 20'000) * GetParam().share / 100); }
    const bytecode::Pack& pack(std::uint64_t seed) const { return *packs_[seed % packs_.size()]; }
    // Each round has a seed of its own, so that one that fails can be run alone.
    static std::uint64_t first_seed() { return from_environment("ELIGO_SEED", 20180601); }

    std::vector<const bytecode::Pack*> packs_;
};

TEST_P(Damage, of_bytes_is_refused_or_harmless) {
    std::vector<Image> whole;
    for (const bytecode::Pack* each : packs_) whole.push_back(bytecode::write_image(*each));
    const std::vector<Image> others = {bytecode::write_image(*shipped_rules().pack), bytecode::write_image(*feature_rules().pack)};
    Tally tally;
    for (std::uint64_t seed = first_seed(); seed < first_seed() + rounds() && !HasFailure(); ++seed) {
        Random random(seed);
        Image image = whole[seed % whole.size()];
        for (auto changes = 1 + random() % 3; changes > 0; --changes) damage_bytes(image, others, random);
        seal(image);
        tally.load(image, seed);
    }
    tally.expect_both();
}

TEST_P(Damage, of_fields_is_refused_or_harmless) {
    Tally tally;
    for (std::uint64_t seed = first_seed(); seed < first_seed() + rounds() && !HasFailure(); ++seed) {
        Random random(seed);
        bytecode::Pack damaged = pack(seed);
        for (auto changes = 1 + random() % 2; changes > 0; --changes) damage_field(damaged, random);
        // Half of them with the bounds that the damaged code has, so that it is not refused for those alone.
        if (random() % 2 == 0) bytecode::state_bounds(damaged);
        tally.load(bytecode::write_image(damaged), seed);
    }
    tally.expect_both();
}

// The bytes of a pack whose checksum was not made to fit are refused, whichever of them changed.
TEST_P(Damage, is_noticed_by_the_checksum) {
    for (std::uint64_t seed = first_seed(); seed < first_seed() + 100; ++seed) {
        Random random(seed);
        Image image = bytecode::write_image(pack(seed));
        image[random() % image.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        bytecode::Fault fault;
        EXPECT_FALSE(bytecode::read_image(image, fault)) << "seed " << seed;
        EXPECT_TRUE(fault.found()) << "seed " << seed;
    }
}

// The same where it hurts most: in the instructions.
TEST_P(Damage, of_instructions_is_refused_or_harmless) {
    Tally tally;
    for (std::uint64_t seed = first_seed(); seed < first_seed() + rounds() && !HasFailure(); ++seed) {
        Random random(seed);
        bytecode::Pack damaged = pack(seed);
        if (auto& code = damaged.subjects[random() % damaged.subjects.size()].program.code; !code.empty()) {
            bytecode::Instruction& instruction = code[random() % code.size()];
            const auto other = static_cast<std::uint16_t>(random() % code.size());
            switch (random() % 5) {
                case 0: instruction.opcode = static_cast<bytecode::Opcode>(random() % bytecode::opcode_count); break;
                case 1: instruction.a = other; break;
                case 2: instruction.b = other; break;
                case 3: instruction.c = other; break;
                default: std::swap(instruction, code[other]); break;
            }
        }
        // Other code costs other than the pack says, which alone would be refused.
        bytecode::state_bounds(damaged);
        if (!bytecode::verify(damaged).found()) tally.run(damaged);
        else tally.refuse();
    }
    tally.expect_both();
}

std::vector<const Rules*> directed() {
    std::vector<const Rules*> all;
    for (const auto& [name, rules] : directed_rules()) all.push_back(&rules);
    return all;
}
const Packs all_packs[] = {
    {"shipped", 1, [] { return std::vector<const Rules*>{&shipped_rules()}; }},
    {"features", 4, [] { return std::vector<const Rules*>{&feature_rules()}; }},
    {"directed", 95, directed},
};

INSTANTIATE_TEST_SUITE_P(All, Damage, testing::ValuesIn(all_packs), [](const auto& packs) { return std::string(packs.param.name); });

}  // namespace
}  // namespace eligo::oracle
