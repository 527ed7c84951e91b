// Packs whose lengths claim what is not there, or whose tables are as large as their bytes allow.
// Broken when: the loader believes a length, or looks at everything for everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/value/date.hpp"
#include "../../engine/vm/profile.hpp"
#include "within.hpp"

namespace eligo::limits {
namespace {

using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t header = 18;

// A header of today's format before a body, with the checksum that fits.
Bytes sealed(const Bytes& body) {
    Bytes image = bytecode::write_image({});
    image.resize(header);
    image.insert(image.end(), body.begin(), body.end());
    std::uint64_t hash = 0xCBF29CE484222325;
    for (const std::uint8_t byte : body) hash = (hash ^ byte) * 0x100000001B3;
    for (std::size_t i = 0; i < 8; ++i) image[header - 8 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
    return image;
}

std::string outcome(const Bytes& image) {
    std::string reason;
    return bytecode::read_image(image, reason) ? "loaded" : reason;
}

std::string within_bounds(const std::function<std::string()>& action) {
    const Ended ended = within({.seconds = 20, .megabytes = 1'500}, action);
    return ended.ended ? ended.said : ended.because;
}

constexpr const char* too_short = "the pack is damaged: its content ends too early or too late";

TEST(Packs, that_are_cut_anywhere_are_refused) {
    bytecode::Pack pack;
    pack.strings = {"a", "b"};
    const Bytes whole = bytecode::write_image(pack);
    for (std::size_t length = 0; length < whole.size(); ++length) {
        Bytes image(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_NE(outcome(image), "loaded");
        EXPECT_FALSE(outcome(image).empty());
        if (length < header) continue;
        EXPECT_EQ(outcome(sealed(Bytes(image.begin() + header, image.end()))), too_short) << length;
    }
}

TEST(Packs, whose_lengths_are_enormous_are_refused_at_once) {
    EXPECT_EQ(within_bounds([] { return outcome(sealed(Bytes(4, 0xFF))); }), too_short);
    EXPECT_EQ(within_bounds([] { return outcome(sealed(Bytes(1'000'000, 0xFF))); }), too_short);
    // A million texts, each of which claims four thousand million bytes.
    EXPECT_EQ(within_bounds([] {
        Bytes body(4'000'004, 0xFF);
        const Bytes million = {0x40, 0x42, 0x0F, 0x00};
        std::copy(million.begin(), million.end(), body.begin());
        return outcome(sealed(body));
    }), too_short);
    EXPECT_EQ(within_bounds([] { return outcome(sealed(Bytes(64'000'000, 0))); }), too_short);
}

TEST(Packs, of_millions_of_empty_texts_take_memory_in_proportion) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        pack.strings.resize(4'000'000);
        return outcome(bytecode::write_image(pack));
    }), "loaded");
}

// Every list asks whether its elements hold lists: once a subject, not once a list.
TEST(Packs, of_many_lists_are_verified_in_time) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        pack.strings = {"a"};
        bytecode::Fact number, list;
        number.name = list.name = 0;
        number.kind = bytecode::Kind::Number;
        list.kind = bytecode::Kind::List;
        list.ref = 1;
        bytecode::Subject owner, element;
        owner.name = element.name = 0;
        owner.facts.assign(100'000, list);
        element.facts = {number};
        bytecode::Column column;
        column.path = {0};
        column.name = 0;
        column.subject = 1;
        element.columns.assign(300'000, column);
        pack.subjects = {owner, element};
        return outcome(bytecode::write_image(pack));
    }), "loaded");
}

// ---- what is explained of code that nobody wrote

// A policy that asks whether the last register of `code` lies below one; register 0 is a fact.
bytecode::Pack asking(std::vector<bytecode::Instruction> code) {
    using bytecode::Opcode;
    bytecode::Pack pack;
    pack.strings = {"firm", "staff", "grant", "small"};
    bytecode::Fact fact;
    fact.name = 1;
    fact.kind = bytecode::Kind::Number;
    fact.low = 0;
    fact.high = 1;
    bytecode::Column column;
    column.path = {0};
    column.name = 1;
    column.subject = 0;
    bytecode::Subject subject;
    subject.name = 0;
    subject.facts = {fact};
    subject.columns = {column};
    subject.program.slots = {{0, 0}};
    subject.program.constants = {{1, 1}};
    const auto last = static_cast<bytecode::Register>(code.size() - 1);
    code.push_back({Opcode::Constant, 0});
    code.push_back({Opcode::Less, last, static_cast<bytecode::Register>(last + 1)});
    code.push_back({Opcode::AsOf});
    code.push_back({Opcode::ConstantB, 0});
    subject.program.code = std::move(code);
    bytecode::Clause clause;
    clause.name = clause.path = 3;
    clause.outcome = static_cast<bytecode::Register>(last + 2);
    bytecode::Version version;
    version.from = value::first_day;
    version.to = value::last_day;
    version.verdict = clause.outcome;
    version.day = static_cast<bytecode::Register>(last + 3);
    version.in_force = static_cast<bytecode::Register>(last + 4);
    version.clauses = {clause};
    version.top_clauses = {0};
    bytecode::Policy policy;
    policy.name = 2;
    policy.subject = 0;
    policy.versions = {version};
    pack.subjects = {subject};
    pack.policies = {policy};
    bytecode::state_bounds(pack);
    return pack;
}

std::string explained(const bytecode::Pack& pack) {
    const std::string fault = bytecode::verify(pack);
    if (!fault.empty()) return fault;
    const auto answer = explain::why(pack, 0, vm::empty_profile(pack, 0), {.as_of = value::day_from_civil(2018, 6, 1)});
    std::string said(explain::verdict_name(answer.verdict));
    for (const std::string& missing : answer.missing) said += " " + missing;
    return said;
}

TEST(Packs, that_multiply_a_register_with_itself_are_explained_in_time) {
    EXPECT_EQ(within_bounds([] {
        std::vector<bytecode::Instruction> code = {{bytecode::Opcode::Input, 0}};
        for (bytecode::Register i = 0; i < 200; ++i) code.push_back({bytecode::Opcode::MultiplyAlong, i, i});
        return explained(asking(code));
    }), "undetermined staff");
}

TEST(Packs, that_add_as_often_as_code_may_are_explained_without_depth) {
    EXPECT_EQ(within_bounds([] {
        std::vector<bytecode::Instruction> code = {{bytecode::Opcode::Input, 0}};
        for (bytecode::Register i = 0; i < 64'000; ++i) code.push_back({bytecode::Opcode::Maximum, i, 0});
        return explained(asking(code));
    }), "undetermined staff");
}

TEST(Packs, whose_clauses_stand_within_one_another_without_end_are_refused) {
    bytecode::Pack pack = asking({{bytecode::Opcode::Input, 0}});
    bytecode::Version& version = pack.policies[0].versions[0];
    const bytecode::Clause clause = version.clauses[0];
    for (bytecode::Index i = 1; i < 100'000; ++i) {
        version.clauses.back().children = {i};
        version.clauses.push_back(clause);
        version.clauses.back().parent = i - 1;
    }
    EXPECT_EQ(explained(pack), "policy `grant`: clauses nested too deeply");
}

// Found by damage: the texts of a comparison may not be left out, since they are shown without a look.
TEST(Packs, whose_comparisons_have_no_texts_are_refused) {
    bytecode::Pack pack = asking({{bytecode::Opcode::Input, 0}});
    bytecode::Clause& clause = pack.policies[0].versions[0].clauses[0];
    bytecode::Comparison comparison;
    comparison.left_text = comparison.right_text = 1;
    comparison.left.kind = comparison.right.kind = bytecode::Kind::Number;
    comparison.left.value = comparison.right.value = 0;
    comparison.outcome = clause.outcome;
    clause.comparisons = {comparison};
    EXPECT_EQ(explained(pack), "undetermined staff");
    clause.comparisons[0].right_text = bytecode::none;
    EXPECT_EQ(explained(pack), "policy `grant`: a text that the pack does not have");
}

}  // namespace
}  // namespace eligo::limits
