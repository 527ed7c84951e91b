// A pack that the verifier accepts can be run, whatever bytes it came from: a damaged pack (with a checksum that fits)
// is either refused with a reason, or checked, explained and listed without harm. What it then answers does not matter.
// ELIGO_DAMAGE in the environment says how many packs are damaged in each way (1,000), ELIGO_SEED which ones.
// Broken when: the verifier lets something through that the engine trusts. Most telling under the sanitizers.
#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "damaging.hpp"
#include "rules.hpp"
#include "run_everything.hpp"

namespace eligo::oracle {
namespace {

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
    const char* const given = std::getenv(name);
    return given != nullptr ? std::strtoull(given, nullptr, 10) : otherwise;
}

// How often which reason was given, so that a run shows what it tried.
class Tally {
public:
    void load(const Image& image, std::uint64_t seed) {
        std::string reason;
        const auto pack = bytecode::read_image(image, reason);
        if (pack) {
            ++accepted_;
            EXPECT_TRUE(reason.empty()) << reason << ", and yet accepted; seed " << seed;
            EXPECT_GT(run_everything(*pack), 0u);
        } else {
            ++refused_;
            EXPECT_FALSE(reason.empty()) << "refused without a reason; seed " << seed;
        }
    }
    void expect_both() const {
        EXPECT_GT(accepted_, 0u) << "nothing was run";
        EXPECT_GT(refused_, 0u) << "nothing was refused";
        testing::Test::RecordProperty("accepted", std::to_string(accepted_));
        testing::Test::RecordProperty("refused", std::to_string(refused_));
    }

private:
    std::uint64_t accepted_ = 0, refused_ = 0;
};

class Damage : public testing::TestWithParam<const Rules& (*)()> {
protected:
    void SetUp() override { ASSERT_TRUE(GetParam()().pack) << GetParam()().errors; }
    static std::uint64_t rounds() { return from_environment("ELIGO_DAMAGE", 1'000); }
    // Each round has a seed of its own, so that one that fails can be run alone.
    static std::uint64_t first_seed() { return from_environment("ELIGO_SEED", 20180601); }
};

TEST_P(Damage, of_bytes_is_refused_or_harmless) {
    const Image whole = bytecode::write_image(*GetParam()().pack);
    const std::vector<Image> others = {bytecode::write_image(*shipped_rules().pack), bytecode::write_image(*feature_rules().pack)};
    Tally tally;
    for (std::uint64_t seed = first_seed(); seed < first_seed() + rounds() && !HasFailure(); ++seed) {
        Random random(seed);
        Image image = whole;
        for (auto changes = 1 + random() % 3; changes > 0; --changes) damage_bytes(image, others, random);
        seal(image);
        tally.load(image, seed);
    }
    tally.expect_both();
}

TEST_P(Damage, of_fields_is_refused_or_harmless) {
    const bytecode::Pack whole = *GetParam()().pack;
    Tally tally;
    for (std::uint64_t seed = first_seed(); seed < first_seed() + rounds() && !HasFailure(); ++seed) {
        Random random(seed);
        bytecode::Pack pack = whole;
        for (auto changes = 1 + random() % 2; changes > 0; --changes) damage_field(pack, random);
        // Half of them with the bounds that the damaged code has, so that it is not refused for those alone.
        if (seed % 2 == 0) bytecode::state_bounds(pack);
        tally.load(bytecode::write_image(pack), seed);
    }
    tally.expect_both();
}

// The bytes of a pack whose checksum was not made to fit are refused, whichever of them changed.
TEST_P(Damage, is_noticed_by_the_checksum) {
    const Image whole = bytecode::write_image(*GetParam()().pack);
    for (std::uint64_t seed = first_seed(); seed < first_seed() + 100; ++seed) {
        Random random(seed);
        Image image = whole;
        image[random() % image.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        std::string reason;
        EXPECT_FALSE(bytecode::read_image(image, reason)) << "seed " << seed;
        EXPECT_FALSE(reason.empty()) << "seed " << seed;
    }
}

// The same where it hurts most: in the instructions.
TEST_P(Damage, of_instructions_is_refused_or_harmless) {
    ASSERT_TRUE(GetParam()().pack) << GetParam()().errors;
    const bytecode::Pack whole = *GetParam()().pack;
    std::mt19937 random(20180602);
    int accepted = 0;
    for (int round = 0; round < static_cast<int>(rounds()); ++round) {
        bytecode::Pack pack = whole;
        for (auto& subject : pack.subjects) {
            auto& code = subject.program.code;
            if (code.empty()) continue;
            bytecode::Instruction& instruction = code[random() % code.size()];
            const auto other = static_cast<std::uint16_t>(random() % code.size());
            switch (random() % 4) {
                case 0: instruction.opcode = static_cast<bytecode::Opcode>(random() % bytecode::opcode_count); break;
                case 1: instruction.a = other; break;
                case 2: instruction.b = other; break;
                default: std::swap(instruction, code[other]); break;
            }
        }
        // Other code costs other than the pack says, which alone would be refused.
        bytecode::state_bounds(pack);
        if (!bytecode::verify(pack).empty()) continue;
        ++accepted;
        run_everything(pack);
    }
    EXPECT_GT(accepted, 0) << "nothing was run";
}

INSTANTIATE_TEST_SUITE_P(Packs, Damage, testing::Values(&shipped_rules, &feature_rules), [](const auto& rules) { return std::string(rules.index == 0 ? "shipped" : "features"); });

}  // namespace
}  // namespace eligo::oracle
