// Images: a small pack made by hand goes to bytes and back; and no bytes whatever crash the reader. Broken when: packs are refused, or accepted and unsafe.
#include "../../engine/bytecode/image.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "handmade_pack.hpp"

namespace eligo::bytecode {
namespace {

// FNV-1a over the body, so that a changed body reaches the reader and the verifier instead of ending at the checksum.
void seal(std::vector<std::uint8_t>& image) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t i = 18; i < image.size(); ++i) hash = (hash ^ image[i]) * 0x100000001B3;
    for (std::size_t i = 0; i < 8; ++i) image[10 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
}

TEST(Image, comes_back_byte_for_byte) {
    const Pack pack = small_pack();
    ASSERT_EQ(verify(pack).english, "");
    const auto image = write_image(pack);
    Fault fault;
    const auto read = read_image(image, fault);
    ASSERT_TRUE(read) << fault.english;
    EXPECT_EQ(write_image(*read), image);
    EXPECT_EQ(read->strings, pack.strings);
    EXPECT_EQ(read->subjects[0].program.code, pack.subjects[0].program.code);
    EXPECT_EQ(read->subjects[0].program.wide_constants, pack.subjects[0].program.wide_constants);
    EXPECT_EQ(read->subjects[0].facts[2].unit, (Unit{1, 100}));
}

TEST(Image, of_an_empty_pack) {
    Fault fault;
    EXPECT_TRUE(read_image(write_image(Pack{}), fault)) << fault.english;
}

TEST(Image, begins_as_documented) {
    const auto image = write_image(small_pack());
    EXPECT_EQ(std::string(image.begin(), image.begin() + 6), std::string("ELIGO\0", 6));
    EXPECT_EQ(image[6], 3);  // the format, little-endian
    EXPECT_EQ(image[7], 0);
    auto sealed = image;
    seal(sealed);
    EXPECT_EQ(sealed, image);
}

TEST(Image, says_why_it_refuses) {
    const auto reason_of = [](std::vector<std::uint8_t> bytes) {
        Fault fault;
        EXPECT_FALSE(read_image(bytes, fault));
        return fault.english;
    };
    const auto image = write_image(small_pack());
    EXPECT_EQ(reason_of({}), "this is not a compiled pack [pack_mark]");
    EXPECT_EQ(reason_of({'P', 'K', 3, 4}), "this is not a compiled pack [pack_mark]");
    std::vector<std::uint8_t> other_format(image.begin(), image.end());
    other_format.at(6) = 7;
    EXPECT_EQ(reason_of(other_format), "the pack has format 7, this program reads format 3 [pack_format]");
    auto damaged = image;
    damaged.at(damaged.size() - 1) ^= 1;
    EXPECT_EQ(reason_of(damaged), "the pack is damaged: its checksum does not fit its content [pack_checksum]");
    auto longer = image;
    longer.push_back(0);
    seal(longer);
    EXPECT_EQ(reason_of(longer), "the pack is damaged: its content ends too early or too late [pack_length]");
}

TEST(Image, every_truncation_is_refused) {
    const auto image = write_image(small_pack());
    for (std::size_t length = 0; length < image.size(); ++length) {
        std::vector<std::uint8_t> cut(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(length));
        if (length >= 18) seal(cut);
        Fault fault;
        EXPECT_FALSE(read_image(cut, fault)) << length;
        EXPECT_TRUE(fault.found()) << length;
    }
}

TEST(Image, a_huge_length_allocates_nothing) {
    auto image = write_image(Pack{});
    for (std::size_t i = 18; i < 22; ++i) image[i] = 0xFF;  // four thousand million texts
    seal(image);
    Fault fault;
    EXPECT_FALSE(read_image(image, fault));
}

// What is accepted must be safe to look at and must have one spelling.
void expect_sound_or_refused(std::vector<std::uint8_t> image) {
    seal(image);
    Fault fault;
    const auto pack = read_image(image, fault);
    EXPECT_NE(pack.has_value(), fault.found());
    if (!pack) return;
    EXPECT_EQ(write_image(*pack), image);
    EXPECT_FALSE(disassemble(*pack).empty() && !pack->subjects.empty());
}

TEST(Image, every_flipped_bit_is_refused_or_sound) {
    const auto image = write_image(small_pack());
    for (std::size_t i = 18; i < image.size(); ++i) {
        for (int bit = 0; bit < 8; ++bit) {
            auto flipped = image;
            flipped[i] = static_cast<std::uint8_t>(flipped[i] ^ (1 << bit));
            expect_sound_or_refused(std::move(flipped));
        }
    }
}

TEST(Image, random_damage_is_refused_or_sound) {
    const auto image = write_image(small_pack());
    std::mt19937 random(20160101);
    for (int round = 0; round < 20'000; ++round) {
        auto damaged = image;
        const auto changes = 1 + random() % 8;
        for (unsigned i = 0; i < changes; ++i) damaged[18 + random() % (damaged.size() - 18)] = static_cast<std::uint8_t>(random());
        expect_sound_or_refused(std::move(damaged));
    }
}

TEST(Image, random_bytes_are_refused_or_sound) {
    const auto image = write_image(small_pack());
    std::mt19937 random(7);
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::uint8_t> bytes(image.begin(), image.begin() + 18);
        const auto length = random() % 200;
        for (unsigned i = 0; i < length; ++i) bytes.push_back(static_cast<std::uint8_t>(random() % 3 == 0 ? random() : 0));
        expect_sound_or_refused(std::move(bytes));
    }
}

Version& version(Pack& pack) { return pack.policies[0].versions[0]; }

TEST(Verify, accepts_a_sum_within_a_loop_over_another_once_that_is_closed) {
    Pack pack = small_pack();
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {
        {Opcode::Loop, 0, 33, 0},         // 27
        {Opcode::Loop, 0, 31, 0},         // 28
        {Opcode::Field, 0, 27, 0},        // 29: of the outer loop's element
        {Opcode::ReduceSum, 29, 7, 28},   // 30
        {Opcode::EndLoop, 28, 0, 0},      // 31
        {Opcode::ReduceSum, 30, 7, 27},   // 32
        {Opcode::EndLoop, 27, 0, 0},      // 33
        {Opcode::Absolute, 32, 0, 0},     // 34
    });
    EXPECT_EQ(verify(pack).english, "");
    all.back().a = 30;  // the inner sum belongs to the outer element
    EXPECT_NE(verify(pack).english.find("[loop_is_open]"), std::string::npos);
}

// Counted by hand: instructions 0 to 7, 14, 15, 22 to 26 and the loop once, 9 to 13 a hundred times; once more for 15 and 26 (`and`) and 12 (a sum); one top
// clause, and the end.
TEST(Bounds, of_a_loop_over_a_hundred_elements) {
    const Pack pack = small_pack();
    EXPECT_EQ(pack.policies[0].versions[0].bounds, (Bounds{.instructions = 16 + 1 + 1 + 100 * (5 + 1) + 2 + 3, .words = 8 + 4 + 3 + 2 + 7}));
    const Cost cost = cost_of(pack, pack.policies[0]);
    EXPECT_EQ(cost.instructions, 623U);
    EXPECT_EQ(cost.instructions_with_sets, 1246U);
    EXPECT_EQ(cost.bytes, 192U);
    EXPECT_EQ(cost.bytes_of_sets, 384U);
}

TEST(Bounds, of_a_loop_within_a_loop_are_a_product) {
    Pack pack = small_pack();
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {{Opcode::Loop, 0, 33, 0},        // 27
                           {Opcode::Loop, 0, 31, 0},        // 28
                           {Opcode::Field, 0, 27, 0},       // 29: of the outer loop's element
                           {Opcode::ReduceSum, 29, 7, 28},  // 30
                           {Opcode::EndLoop, 28, 0, 0},     // 31
                           {Opcode::ReduceSum, 30, 7, 27},  // 32
                           {Opcode::EndLoop, 27, 0, 0}});   // 33
    EXPECT_EQ(verify(pack).english, "") << "what nothing needs costs nothing";
    version(pack).benefits[0].measure.value = 32;
    EXPECT_TRUE(verify(pack).found());
    state_bounds(pack);
    EXPECT_EQ(verify(pack).english, "");
    EXPECT_EQ(version(pack).bounds, (Bounds{.instructions = 623 + 1 + 4 * 100 + 4 * 10'000, .words = 24 + 8 + 1 + 2 + 2}));
}

TEST(Bounds, of_a_policy_whose_versions_find_their_own_day_are_a_sum) {
    Pack pack = small_pack();
    pack.policies[0].versions.push_back(version(pack));
    EXPECT_EQ(cost_of(pack, pack.policies[0]).instructions, 623U) << "of two versions on the day of the check only one runs";
    EXPECT_EQ(cost_of(pack, pack.policies[0]).bytes, 2 * 192U);
    for (auto& one : pack.policies[0].versions) one.day = 0;
    EXPECT_EQ(cost_of(pack, pack.policies[0]).instructions, 2 * 623U);
}

TEST(Bounds, beyond_all_counting_stay_at_the_greatest_number) {
    Pack pack = small_pack();
    pack.subjects[0].facts[4].up_to = 4'000'000'000;
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {{Opcode::Loop, 0, 36, 0},        // 27
                           {Opcode::Loop, 0, 34, 0},        // 28
                           {Opcode::Loop, 0, 32, 0},        // 29
                           {Opcode::Field, 0, 27, 0},       // 30
                           {Opcode::ReduceSum, 30, 7, 29},  // 31
                           {Opcode::EndLoop, 29, 0, 0},     // 32
                           {Opcode::ReduceSum, 31, 7, 28},  // 33
                           {Opcode::EndLoop, 28, 0, 0},     // 34
                           {Opcode::ReduceSum, 33, 7, 27},  // 35
                           {Opcode::EndLoop, 27, 0, 0}});   // 36
    version(pack).benefits[0].measure.value = 35;
    state_bounds(pack);
    EXPECT_EQ(version(pack).bounds.instructions, ~std::uint64_t{0});
    EXPECT_EQ(cost_of(pack, pack.policies[0]).instructions_with_sets, ~std::uint64_t{0});
}

TEST(Disassembly, spells_operands_out) {
    const std::string listing = disassemble(small_pack());
    const auto has = [&](const std::string& line) { EXPECT_NE(listing.find(line), std::string::npos) << line << "\n" << listing; };
    has("vocabulary company  # 企业 | Company\n");
    has("    0  Input            slot 1            # rd_staff\n");
    has("    1  Constant         constant 0        # 100\n");
    has("    7  LessEqual        r6 r2             # a <= b\n");
    has("    5  Parameter        parameter 0 r4    # floor\n");
    has("    8  Loop             list 0 end 13     # claims up to 13\n");
    has("    9    Field            field 0 r8        # claims[].amount\n");
    has("   16  ConstantW        wide 0            # 1180591620717411303424\n");
    has("   20  InSet            r19 set 0         # in {0, 2 .. 3}\n");
    has("   21  YearEnd          -1                # year_end[-1]\n");
    has("policy small_firms for company in force 1970-01-01 .. 2024-10-04\n");
    has("  day r4, in force r26, verdict r15\n");
    has("    require staff  r7 when r14  # 人员 | Staff\n");
    has("        compares r2 / r1 where r14 >= r6  r7  # staff >= staff\n");
    has("        asks claim_rule of each element\n");
    has("  benefit staff  r12 when r7 always\n");
}

TEST(Disassembly, names_every_instruction_of_the_table) {
    for (const OpcodeRow& opcode : opcode_rows) EXPECT_FALSE(opcode.name.empty() || opcode.meaning.empty());
    EXPECT_EQ(row(Opcode::ReduceMaximumW).name, "ReduceMaximumW");
}

}  // namespace
}  // namespace eligo::bytecode
