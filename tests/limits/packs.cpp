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
    bytecode::Fault fault;
    return bytecode::read_image(image, fault) ? "loaded" : fault.english;
}

std::string within_bounds(const std::function<std::string()>& action) {
    const Ended ended = within({.seconds = 20, .megabytes = 1'500}, action);
    return ended.ended ? ended.said : ended.because;
}

constexpr const char* too_short = "the pack is damaged: its content ends too early or too late [pack_length]";

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

TEST(Packs, of_millions_of_short_texts_take_memory_in_proportion) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        for (int i = 0; i < 4'000'000; ++i) pack.strings.push_back(std::to_string(i));
        return outcome(bytecode::write_image(pack));
    }), "loaded");
}

TEST(Packs, that_are_too_large_are_refused_unread) {
    EXPECT_EQ(outcome(Bytes((std::size_t{64} << 20) + 1, 0)), "a pack has at most 67,108,864 bytes [pack_size]");
}

bytecode::Index text(bytecode::Pack& pack, std::string content) {
    pack.strings.push_back(std::move(content));
    return static_cast<bytecode::Index>(pack.strings.size() - 1);
}

// A subject of facts of one kind, each with its column.
bytecode::Subject subject_of(bytecode::Pack& pack, const std::string& name, const bytecode::Fact& fact, std::size_t count) {
    bytecode::Subject subject;
    subject.name = text(pack, name);
    const auto number = static_cast<bytecode::Index>(pack.subjects.size());
    for (std::size_t i = 0; i < count; ++i) {
        subject.facts.push_back(fact);
        subject.facts.back().name = text(pack, name + std::to_string(i));
        subject.columns.push_back({{static_cast<bytecode::Index>(i)}, subject.facts.back().name, number});
    }
    return subject;
}

bytecode::Fact fact_of(bytecode::Kind kind, bytecode::Index ref = bytecode::none, bytecode::Index up_to = 0) {
    bytecode::Fact fact;
    fact.kind = kind;
    fact.ref = ref;
    fact.up_to = up_to;
    return fact;
}

// Every list asks whether its elements hold lists: once a subject, not once a list.
TEST(Packs, of_many_lists_are_verified_in_time) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        pack.subjects.push_back(subject_of(pack, "element", fact_of(bytecode::Kind::Number), 90));
        pack.subjects.push_back(subject_of(pack, "owner", fact_of(bytecode::Kind::List, 0, 1), 100'000));
        return outcome(bytecode::write_image(pack));
    }), "loaded");
}

// Records within records that have no facts of their own have no columns, however often they are held.
TEST(Packs, of_records_that_double_without_facts_are_verified_in_time) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        pack.subjects.push_back(subject_of(pack, "nothing", fact_of(bytecode::Kind::Number), 0));
        for (bytecode::Index i = 0; i < 14; ++i) {
            bytecode::Subject holder = subject_of(pack, "holder" + std::to_string(i) + "_", fact_of(bytecode::Kind::Record, i), 1'000);
            holder.columns.clear();
            pack.subjects.push_back(std::move(holder));
        }
        return outcome(bytecode::write_image(pack));
    }), "loaded");
}

TEST(Packs, of_records_that_double_with_facts_are_refused_in_time) {
    EXPECT_EQ(within_bounds([] {
        bytecode::Pack pack;
        pack.subjects.push_back(subject_of(pack, "number", fact_of(bytecode::Kind::Number), 1));
        for (bytecode::Index i = 0; i < 14; ++i) pack.subjects.push_back(subject_of(pack, "holder" + std::to_string(i) + "_", fact_of(bytecode::Kind::Record, i), 1'000));
        return outcome(bytecode::write_image(pack));
    }), "column 1 of `holder0_`: the columns of a subject are all of its facts in their order, those of its records in place of these, each once [columns_are_leaves]");
}

// A pack of some ten thousand bytes whose lists would take gigabytes if they were full.
TEST(Packs, of_long_lists_of_wide_records_are_refused) {
    bytecode::Pack pack;
    pack.subjects.push_back(subject_of(pack, "element", fact_of(bytecode::Kind::Number), 100));
    pack.subjects.push_back(subject_of(pack, "owner", fact_of(bytecode::Kind::List, 0, 10'000), 10));
    const Bytes image = bytecode::write_image(pack);
    EXPECT_LT(image.size(), 20'000u);
    EXPECT_EQ(outcome(image), "loaded");
    pack.subjects.pop_back();
    pack.subjects.push_back(subject_of(pack, "owner_of_more", fact_of(bytecode::Kind::List, 0, 10'000), 11));
    EXPECT_EQ(outcome(bytecode::write_image(pack)), "subject `owner_of_more`: the lists of a subject hold at most 10,000,000 values, if they are full [list_values]");
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
    const bytecode::Fault fault = bytecode::verify(pack);
    if (fault.found()) return fault.english;
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
    version.clauses[0].kind = bytecode::ClauseKind::AllOf;
    const bytecode::Clause clause = version.clauses[0];
    for (bytecode::Index i = 1; i < 100'000; ++i) {
        version.clauses.back().children = {i};
        version.clauses.push_back(clause);
        version.clauses.back().parent = i - 1;
    }
    EXPECT_EQ(explained(pack), "policy `grant`, version 1, clause 201: clauses are nested at most 200 deep [clause_depth]");
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
    EXPECT_EQ(explained(pack), "policy `grant`, version 1, clause 1: a text that is named exists [text_exists]");
}

}  // namespace
}  // namespace eligo::limits
