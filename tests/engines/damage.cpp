// A pack that the verifier accepts can be run, whatever bytes it came from: a pack with bytes changed (and its
// checksum made to fit) is either refused, or checked, explained and listed without harm. What it then answers does not matter.
// Broken when: the verifier lets something through that the engine trusts. Most telling under the sanitizers.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/vm/run.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

constexpr std::size_t header = 18;

// FNV-1a over the body, where image.cpp looks for it.
void seal(std::vector<std::uint8_t>& image) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t i = header; i < image.size(); ++i) hash = (hash ^ image[i]) * 0x100000001B3;
    for (std::size_t i = 0; i < 8; ++i) image[header - 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
}

// One element in every list, so that loops run.
vm::Profile some_profile(const bytecode::Pack& pack, bytecode::Index subject) {
    vm::Profile profile = vm::empty_profile(pack, subject);
    const auto& columns = pack.subjects[subject].columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& fact = pack.subjects[columns[i].subject].facts[columns[i].fact()];
        if (fact.kind != bytecode::Kind::List) continue;
        profile.row.list(static_cast<bytecode::Index>(i)).state = vm::CellState::Known;
        profile.row.list(static_cast<bytecode::Index>(i)).rows.emplace_back(pack, fact.ref);
    }
    return profile;
}

void run_everything(const bytecode::Pack& pack) {
    const vm::Question question{.as_of = value::day_from_civil(2018, 6, 1)};
    for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy) {
        const vm::Profile profile = some_profile(pack, pack.policies[policy].subject);
        const vm::Checker checker(pack, policy);
        auto memory = checker.memory();
        (void)checker.check(profile, question, memory);
        (void)explain::why(pack, policy, profile, question);
    }
    EXPECT_FALSE(bytecode::disassemble(pack).empty());
}

class Damage : public testing::TestWithParam<const Rules& (*)()> {};

TEST_P(Damage, is_refused_or_harmless) {
    ASSERT_TRUE(GetParam()().pack) << GetParam()().errors;
    const auto image = bytecode::write_image(*GetParam()().pack);
    std::mt19937 random(20180601);
    int accepted = 0, refused = 0;
    for (int round = 0; round < 1'000; ++round) {
        auto damaged = image;
        for (auto changes = 1 + random() % 3; changes > 0; --changes) {
            std::uint8_t& byte = damaged[header + random() % (damaged.size() - header)];
            byte = static_cast<std::uint8_t>(random() % 2 == 0 ? random() : byte ^ (1U << (random() % 8)));
        }
        seal(damaged);
        std::string reason;
        const auto pack = bytecode::read_image(damaged, reason);
        ++(pack ? accepted : refused);
        if (pack) run_everything(*pack);
    }
    EXPECT_GT(accepted, 0) << "nothing was run";
    EXPECT_GT(refused, 0) << "nothing was refused";
}

// The same where it hurts most: in the instructions.
TEST_P(Damage, of_instructions_is_refused_or_harmless) {
    ASSERT_TRUE(GetParam()().pack) << GetParam()().errors;
    const bytecode::Pack whole = *GetParam()().pack;
    std::mt19937 random(20180602);
    int accepted = 0;
    for (int round = 0; round < 4'000; ++round) {
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
        if (!bytecode::verify(pack).empty()) continue;
        ++accepted;
        run_everything(pack);
    }
    EXPECT_GT(accepted, 0) << "nothing was run";
}

INSTANTIATE_TEST_SUITE_P(Packs, Damage, testing::Values(&shipped_rules, &feature_rules), [](const auto& rules) { return std::string(rules.index == 0 ? "shipped" : "features"); });

}  // namespace
}  // namespace eligo::oracle
