// Images and their verifier: a small pack made by hand goes to bytes and back; each way of breaking it is refused
// with its reason; and no bytes whatever crash the reader. Broken when: packs are refused, or accepted and unsafe.
#include "../../engine/bytecode/image.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <random>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"

namespace eligo::bytecode {
namespace {

Index text(Pack& pack, const std::string& content) {
    pack.strings.push_back(content);
    return static_cast<Index>(pack.strings.size() - 1);
}

Fact fact(Pack& pack, const std::string& name, Kind kind, std::int64_t low, std::int64_t high) {
    Fact made;
    made.name = text(pack, name);
    made.kind = kind;
    made.low = low;
    made.high = high;
    return made;
}

Column column(const Pack& pack, Index subject, std::vector<Index> path) {
    Index reached = subject;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) reached = pack.subjects[reached].facts[path[i]].ref;
    return {.path = path, .name = pack.subjects[reached].facts[path.back()].name, .subject = reached};
}

// Company: employees, rd_staff (at most employees), revenue by year, sector, claims. Claim: amount, exited.
void add_subjects(Pack& pack) {
    pack.enumerations.push_back({{{.name = text(pack, "farm"), .label = {}}, {.name = text(pack, "shop"), .label = {}}}});
    pack.subjects.resize(2);
    Subject& claim = pack.subjects[1];
    claim.name = text(pack, "claim");
    claim.is_record = true;
    claim.facts = {fact(pack, "amount", Kind::Money, 0, 1'000'000), fact(pack, "exited", Kind::Bool, 0, 1)};
    claim.columns = {column(pack, 1, {0}), column(pack, 1, {1})};
    Subject& company = pack.subjects[0];
    company.name = text(pack, "company");
    company.label = {.chinese = text(pack, "企业"), .english = text(pack, "Company")};
    company.facts = {fact(pack, "employees", Kind::Number, 0, 5000), fact(pack, "rd_staff", Kind::Number, 0, 5000),
                     fact(pack, "revenue", Kind::Money, 0, 1'000'000'000), fact(pack, "sector", Kind::Enum, 0, 1), fact(pack, "claims", Kind::List, 0, 0)};
    company.facts[1].high_fact = 0;
    company.facts[2].yearly = true;
    company.facts[2].unit = {1, 100};
    company.facts[3].ref = 0;
    company.facts[3].default_kind = DefaultKind::Constant;
    company.facts[4].ref = 1;
    company.facts[4].up_to = 100;
    for (Index i = 0; i < company.facts.size(); ++i) company.columns.push_back(column(pack, 0, {i}));
}

void add_program(Pack& pack) {
    pack.parameters.push_back({.name = text(pack, "floor"), .label = {}, .kind = Kind::Number, .percent = true, .ref = none, .unit = {1, 100},
                               .entries = {{.from = 0, .to = value::last_day, .published = value::first_day, .value = 10, .citations = {text(pack, "第一条")}}},
                               .low = 10, .high = 10});
    Program& program = pack.subjects[0].program;
    program.slots = {{0, 0}, {1, 0}, {2, -1}, {3, 0}};
    program.lists = {{.column = 4, .element = 1, .fields = {{0, 0}, {1, 0}}}};
    program.constants = {{100, 100}, {0, 1000}};
    program.wide_constants = {{value::Int128{1} << 70, value::Int128{1} << 71}};
    program.sets = {{{{0, 0}, {2, 3}}}};
    program.code = {
        {Opcode::Input, 1, 0, 0},          // 0 rd_staff
        {Opcode::Constant, 0, 0, 0},       // 1
        {Opcode::Multiply, 0, 1, 0},       // 2
        {Opcode::Input, 0, 0, 0},          // 3 employees
        {Opcode::AsOf, 0, 0, 0},           // 4
        {Opcode::Parameter, 0, 4, 0},      // 5
        {Opcode::Multiply, 3, 5, 0},       // 6
        {Opcode::LessEqual, 6, 2, 0},      // 7 B
        {Opcode::Loop, 0, 13, 0},          // 8
        {Opcode::Field, 0, 8, 0},          // 9
        {Opcode::Field, 1, 8, 0},          // 10 (as a number)
        {Opcode::Equal, 10, 10, 0},        // 11 B
        {Opcode::ReduceSum, 9, 11, 8},     // 12
        {Opcode::EndLoop, 8, 0, 0},        // 13
        {Opcode::Less, 12, 2, 0},          // 14 B
        {Opcode::And, 7, 14, 0},           // 15 B
        {Opcode::ConstantW, 0, 0, 0},      // 16 W
        {Opcode::Widen, 12, 0, 0},         // 17 W
        {Opcode::OrUnknownW, 7, 17, 0},    // 18 W
        {Opcode::Input, 3, 0, 0},          // 19 sector
        {Opcode::InSet, 19, 0, 0},         // 20 B
        {Opcode::YearEnd, 0xFFFF, 0, 0},   // 21: year_end[-1]
    };
}

Measure measure(Register value, Kind kind = Kind::Number) {
    Measure made;
    made.value = value;
    made.kind = kind;
    return made;
}

void add_policies(Pack& pack) {
    const Index name = text(pack, "small_firms"), group = text(pack, "group"), staff = text(pack, "staff");
    pack.policies.resize(2);
    pack.policies[1] = {.name = text(pack, "claim_rule"), .subject = 1, .versions = {}};
    Policy& policy = pack.policies[0];
    policy.name = name;
    policy.subject = 0;
    Version& version = policy.versions.emplace_back();
    version = {.from = 0, .to = 20'000, .day = 4, .in_force = 20, .verdict = 15};
    version.clauses.resize(3);
    version.clauses[0] = {.kind = ClauseKind::AtLeast, .at_least = 1, .name = group, .path = group, .parent = none, .children = {1, 2}, .outcome = 15};
    version.clauses[1] = {.kind = ClauseKind::Require, .guard_kind = Guard::When, .name = staff, .path = staff,
                          .label = {.chinese = text(pack, "人员"), .english = text(pack, "Staff")}, .citations = {text(pack, "11(1)")}, .parent = 0, .outcome = 7, .guard = 14};
    version.clauses[2] = {.kind = ClauseKind::Exclude, .name = staff, .path = staff, .parent = 0, .outcome = 14};
    version.clauses[1].readings = {{.name = staff, .measure = measure(0), .slot = 1}};
    Comparison comparison{.left_text = staff, .right_text = staff, .left = measure(2), .right = measure(6), .relation = Relation::GreaterEqual, .outcome = 7};
    comparison.left.denominator = 3;
    comparison.left.defined = 14;
    version.clauses[1].comparisons = {comparison};
    version.clauses[2].questions = {{.policy = 1, .list = 0}};
    version.top_clauses = {0};
    version.benefits = {{.name = staff, .always = true, .when = 7, .measure = measure(12, Kind::Money)}};
    version.lets = {{.name = staff, .is_let = true, .year_offset = -1, .yearly = true, .measure = measure(7, Kind::Bool)}};
    version.conflicts = {{.policy = 1, .citations = {}}};
}

Pack small_pack() {
    Pack pack;
    add_subjects(pack);
    add_program(pack);
    add_policies(pack);
    pack.texts = {0};
    state_bounds(pack);
    return pack;
}

// FNV-1a over the body, so that a changed body reaches the reader and the verifier instead of ending at the checksum.
void seal(std::vector<std::uint8_t>& image) {
    std::uint64_t hash = 0xCBF29CE484222325;
    for (std::size_t i = 18; i < image.size(); ++i) hash = (hash ^ image[i]) * 0x100000001B3;
    for (std::size_t i = 0; i < 8; ++i) image[10 + i] = static_cast<std::uint8_t>(hash >> (8 * i));
}

TEST(Image, comes_back_byte_for_byte) {
    const Pack pack = small_pack();
    ASSERT_EQ(verify(pack), "");
    const auto image = write_image(pack);
    std::string reason;
    const auto read = read_image(image, reason);
    ASSERT_TRUE(read) << reason;
    EXPECT_EQ(write_image(*read), image);
    EXPECT_EQ(read->strings, pack.strings);
    EXPECT_EQ(read->subjects[0].program.code, pack.subjects[0].program.code);
    EXPECT_EQ(read->subjects[0].program.wide_constants, pack.subjects[0].program.wide_constants);
    EXPECT_EQ(read->subjects[0].facts[2].unit, (Unit{1, 100}));
}

TEST(Image, of_an_empty_pack) {
    std::string reason;
    EXPECT_TRUE(read_image(write_image(Pack{}), reason)) << reason;
}

TEST(Image, begins_as_documented) {
    const auto image = write_image(small_pack());
    EXPECT_EQ(std::string(image.begin(), image.begin() + 6), std::string("ELIGO\0", 6));
    EXPECT_EQ(image[6], 2);  // the format, little-endian
    EXPECT_EQ(image[7], 0);
    auto sealed = image;
    seal(sealed);
    EXPECT_EQ(sealed, image);
}

TEST(Image, says_why_it_refuses) {
    const auto reason_of = [](std::vector<std::uint8_t> bytes) {
        std::string reason;
        EXPECT_FALSE(read_image(bytes, reason));
        return reason;
    };
    const auto image = write_image(small_pack());
    EXPECT_EQ(reason_of({}), "this is not a compiled pack");
    EXPECT_EQ(reason_of({'P', 'K', 3, 4}), "this is not a compiled pack");
    std::vector<std::uint8_t> other_format(image.begin(), image.end());
    other_format.at(6) = 7;
    EXPECT_EQ(reason_of(other_format), "the pack has format 7, this program reads format 2");
    auto damaged = image;
    damaged.at(damaged.size() - 1) ^= 1;
    EXPECT_EQ(reason_of(damaged), "the pack is damaged: its checksum does not fit its content");
    auto longer = image;
    longer.push_back(0);
    seal(longer);
    EXPECT_EQ(reason_of(longer), "the pack is damaged: its content ends too early or too late");
}

TEST(Image, every_truncation_is_refused) {
    const auto image = write_image(small_pack());
    for (std::size_t length = 0; length < image.size(); ++length) {
        std::vector<std::uint8_t> cut(image.begin(), image.begin() + static_cast<std::ptrdiff_t>(length));
        if (length >= 18) seal(cut);
        std::string reason;
        EXPECT_FALSE(read_image(cut, reason)) << length;
        EXPECT_FALSE(reason.empty()) << length;
    }
}

TEST(Image, a_huge_length_allocates_nothing) {
    auto image = write_image(Pack{});
    for (std::size_t i = 18; i < 22; ++i) image[i] = 0xFF;  // four thousand million texts
    seal(image);
    std::string reason;
    EXPECT_FALSE(read_image(image, reason));
}

// What is accepted must be safe to look at and must have one spelling.
void expect_sound_or_refused(std::vector<std::uint8_t> image) {
    seal(image);
    std::string reason;
    const auto pack = read_image(image, reason);
    EXPECT_NE(pack.has_value(), !reason.empty());
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

struct Break {
    const char* name;
    std::function<void(Pack&)> apply;
    const char* reason;  // a part of it
};

Instruction& code(Pack& pack, std::size_t i) { return pack.subjects[0].program.code[i]; }
Version& version(Pack& pack) { return pack.policies[0].versions[0]; }

const Break breaks[] = {
    {"opcode", [](Pack& p) { code(p, 2).opcode = static_cast<Opcode>(opcode_count); }, "unknown instruction"},
    {"later register", [](Pack& p) { code(p, 2).a = 2; }, "read before it is written"},
    {"no such register", [](Pack& p) { code(p, 2).a = 999; }, "read before it is written"},
    {"kind", [](Pack& p) { code(p, 15).a = 2; }, "register of another kind"},
    {"wide for narrow", [](Pack& p) { code(p, 19) = {Opcode::Absolute, 16, 0, 0}; }, "register of another kind"},
    {"unused operand", [](Pack& p) { code(p, 4).c = 1; }, "does not have"},
    {"slot", [](Pack& p) { code(p, 0).a = 4; }, "input out of range"},
    {"constant", [](Pack& p) { code(p, 1).a = 2; }, "constant out of range"},
    {"wide constant", [](Pack& p) { code(p, 18).c = 1; }, "wide constant out of range"},
    {"set", [](Pack& p) { code(p, 20).b = 1; }, "set out of range"},
    {"parameter", [](Pack& p) { code(p, 5).a = 1; }, "parameter out of range"},
    {"list", [](Pack& p) { code(p, 8).a = 1; }, "list out of range"},
    {"field", [](Pack& p) { code(p, 9).a = 2; }, "field out of range"},
    {"field of no loop", [](Pack& p) { code(p, 9).b = 3; }, "field outside its loop"},
    {"field after its loop", [](Pack& p) { code(p, 19) = {Opcode::Field, 0, 8, 0}; }, "field outside its loop"},
    {"loop's end", [](Pack& p) { code(p, 8).b = 14; }, "loop without its end"},
    {"loop's end before it", [](Pack& p) { code(p, 8).b = 3; }, "loop without its end"},
    {"end of no loop", [](Pack& p) { code(p, 19) = {Opcode::EndLoop, 8, 0, 0}; }, "loop that is not open"},
    {"loop never closed", [](Pack& p) { code(p, 21) = {Opcode::Loop, 0, 22, 0}; }, "loop without its end"},
    {"element read outside", [](Pack& p) { code(p, 14).a = 9; }, "read outside its loop"},
    {"sum read inside", [](Pack& p) { code(p, 12) = code(p, 11), code(p, 11) = {Opcode::ReduceSum, 9, 7, 8}, code(p, 12) = {Opcode::Equal, 11, 11, 0}; }, "read outside its loop"},
    {"sum after its loop", [](Pack& p) { code(p, 14) = {Opcode::ReduceAny, 7, 0, 8}; }, "loop that is not open"},
    {"crossed loops", [](Pack& p) {
         auto& all = p.subjects[0].program.code;
         all.insert(all.end(), {{Opcode::Loop, 0, 24, 0}, {Opcode::Loop, 0, 25, 0}, {Opcode::EndLoop, 22, 0, 0}, {Opcode::EndLoop, 23, 0, 0}});
     }, "closed before the one inside"},
    {"too deep", [](Pack& p) {
         auto& all = p.subjects[0].program.code;
         for (std::uint16_t i = 0; i < 5; ++i) all.push_back({Opcode::Loop, 0, static_cast<std::uint16_t>(31 - i), 0});
         for (std::uint16_t i = 0; i < 5; ++i) all.push_back({Opcode::EndLoop, static_cast<std::uint16_t>(26 - i), 0, 0});
     }, "nested too deeply"},
    {"number as a truth", [](Pack& p) { code(p, 7) = {Opcode::InputB, 0, 0, 0}; }, "no truth read as one"},
    {"element's number as a truth", [](Pack& p) { code(p, 11) = {Opcode::FieldB, 0, 8, 0}; }, "no truth read as one"},
    {"constant as a truth", [](Pack& p) { code(p, 7) = {Opcode::ConstantB, 0, 0, 0}; }, "neither 0 nor 1"},
    {"too long", [](Pack& p) { p.subjects[1].program.code.assign(65'001, {Opcode::AsOf, 0, 0, 0}); }, "65,000"},
    {"too wide", [](Pack& p) {
         p.subjects[1].program.wide_constants = {{0, 0}};
         p.subjects[1].program.code.assign(40'000, {Opcode::ConstantW, 0, 0, 0});
     }, "more registers"},
    {"set order", [](Pack& p) { p.subjects[0].program.sets[0].intervals[1].low = 0; }, "intervals out of order"},
    {"empty interval", [](Pack& p) { p.subjects[0].program.sets[0].intervals[1].low = 9; }, "low end lies above"},
    {"slot column", [](Pack& p) { p.subjects[0].program.slots[0].column = 5; }, "input that the subject does not have"},
    {"list as a value", [](Pack& p) { p.subjects[0].program.slots[0].column = 4; }, "list read as a value"},
    {"year of a fact without years", [](Pack& p) { p.subjects[0].program.slots[0].year_offset = 1; }, "year that does not exist"},
    {"far year", [](Pack& p) { p.subjects[0].program.slots[2].year_offset = 2'000'000'000; }, "year that does not exist"},
    {"list of a value", [](Pack& p) { p.subjects[0].program.lists[0].column = 0; }, "list of other elements"},
    {"list's element", [](Pack& p) { p.subjects[0].program.lists[0].element = 0; }, "list of other elements"},
    {"list's field", [](Pack& p) { p.subjects[0].program.lists[0].fields[0].column = 2; }, "input that the subject does not have"},
    {"text", [](Pack& p) { p.strings[0] = "\xC0\x80"; }, "not UTF-8"},
    {"surrogate", [](Pack& p) { p.strings[0] = "\xED\xA0\x80"; }, "not UTF-8"},
    {"cut text", [](Pack& p) { p.strings[0] = "\xE4\xBC"; }, "not UTF-8"},
    {"beyond Unicode", [](Pack& p) { p.strings[0] = "\xF4\x90\x80\x80"; }, "not UTF-8"},
    {"text number", [](Pack& p) { p.texts = {999}; }, "text that the pack does not have"},
    {"name", [](Pack& p) { p.policies[0].name = none; }, "text that the pack does not have"},
    {"unit", [](Pack& p) { p.subjects[0].facts[0].unit.denominator = 0; }, "unit that is not positive"},
    {"fact range", [](Pack& p) { p.subjects[0].facts[0].low = 6000; }, "low end lies above"},
    {"fact kind", [](Pack& p) { p.subjects[0].facts[0].kind = static_cast<Kind>(99); }, "unknown kind"},
    {"enumeration", [](Pack& p) { p.subjects[0].facts[3].ref = 1; }, "enumeration that the pack does not have"},
    {"member", [](Pack& p) { p.subjects[0].facts[3].high = 2; }, "member that the enumeration"},
    {"default", [](Pack& p) { p.subjects[0].facts[3].default_value = 5; }, "default outside"},
    {"later bound", [](Pack& p) { p.subjects[0].facts[0].high_fact = 1; }, "not an earlier one"},
    {"own bound", [](Pack& p) { p.subjects[0].facts[1].high_fact = 1; }, "not an earlier one"},
    {"bound of another kind", [](Pack& p) { p.subjects[0].facts[2].low_fact = 1; }, "fact of another kind"},
    {"path", [](Pack& p) { p.subjects[0].columns[0].path = {9}; }, "fact that does not exist"},
    {"empty path", [](Pack& p) { p.subjects[0].columns[0].path = {}; }, "path without an end"},
    {"path through a value", [](Pack& p) { p.subjects[0].columns[0].path = {0, 0}; }, "does not end at a value"},
    {"column's subject", [](Pack& p) { p.subjects[0].columns[0].subject = 1; }, "column of another subject"},
    {"list within a list", [](Pack& p) {
         p.subjects[1].facts[0].kind = Kind::List;
         p.subjects[1].facts[0].ref = 0;
         p.subjects[0].program.lists.clear();
     }, "list within a list"},
    {"parameter order", [](Pack& p) {
         auto entry = p.parameters[0].entries[0];
         entry.from = -5;
         p.parameters[0].entries.push_back(entry);
     }, "periods out of order"},
    {"parameter period", [](Pack& p) { p.parameters[0].entries[0].to = -1; }, "ends before it begins"},
    {"parameter value", [](Pack& p) { p.parameters[0].entries[0].value = 11; }, "outside the parameter's range"},
    {"parameter day", [](Pack& p) { p.parameters[0].entries[0].published = -900'000; }, "outside 1900"},
    {"version order", [](Pack& p) { p.policies[0].versions.push_back(p.policies[0].versions[0]); }, "overlapping"},
    {"verdict", [](Pack& p) { version(p).verdict = 2; }, "register of another kind"},
    {"no verdict", [](Pack& p) { version(p).verdict = no_register; }, "does not exist"},
    {"day", [](Pack& p) { version(p).day = 7; }, "register of another kind"},
    {"outcome in a loop", [](Pack& p) { version(p).clauses[1].outcome = 11; }, "inside a loop"},
    {"clause with another parent", [](Pack& p) { version(p).clauses[1].parent = 2; }, "another than its parent"},
    {"clause before its parent", [](Pack& p) { version(p).clauses[0].parent = 0; }, "before its parent"},
    {"clause in no list", [](Pack& p) { version(p).clauses[0].children = {1}; }, "no list names"},
    {"clause in two lists", [](Pack& p) { version(p).top_clauses = {0, 1}; }, "has a parent"},
    {"clause twice", [](Pack& p) { version(p).clauses[0].children = {1, 1}; }, "out of order"},
    {"top clause", [](Pack& p) { version(p).top_clauses = {7}; }, "clause that does not exist"},
    {"at least", [](Pack& p) { version(p).clauses[0].at_least = 3; }, "more than it has"},
    {"guard", [](Pack& p) { version(p).clauses[1].guard = no_register; }, "does not exist"},
    {"guard of none", [](Pack& p) { version(p).clauses[2].guard = 7; }, "guard that nothing asks for"},
    {"reading's slot", [](Pack& p) { version(p).clauses[1].readings[0].slot = 4; }, "input out of range"},
    {"measure", [](Pack& p) { version(p).clauses[1].readings[0].measure.value = 7; }, "register of another kind"},
    {"bool measure", [](Pack& p) { version(p).lets[0].measure.value = 16; }, "register of another kind"},
    {"measure's unit", [](Pack& p) { version(p).lets[0].measure.unit.numerator = -1; }, "unit that is not positive"},
    {"relation", [](Pack& p) { version(p).clauses[1].comparisons[0].relation = static_cast<Relation>(6); }, "unknown relation"},
    {"question's policy", [](Pack& p) { version(p).clauses[2].questions[0].policy = 2; }, "policy that the pack does not have"},
    {"question's list", [](Pack& p) { version(p).clauses[2].questions[0].list = 1; }, "list out of range"},
    {"question about another", [](Pack& p) { version(p).clauses[2].questions[0].policy = 0; }, "not about the list's elements"},
    {"benefit", [](Pack& p) { version(p).benefits[0].measure.denominator = 2; }, "benefit that is a quotient"},
    {"conflict", [](Pack& p) { version(p).conflicts[0].policy = 2; }, "policy that the pack does not have"},
    {"bounds too low", [](Pack& p) { --version(p).bounds.instructions; }, "costs other than the pack says"},
    {"bounds too high", [](Pack& p) { ++version(p).bounds.words; }, "costs other than the pack says"},
    {"longer list than stated", [](Pack& p) { ++p.subjects[0].facts[4].up_to; }, "costs other than the pack says"},
    {"policy's subject", [](Pack& p) { p.policies[0].subject = 2; }, "subject that the pack does not have"},
};

TEST(Verify, refuses_each_broken_pack_with_its_reason) {
    for (const Break& one : breaks) {
        Pack pack = small_pack();
        one.apply(pack);
        EXPECT_NE(verify(pack).find(one.reason), std::string::npos) << one.name << ": " << verify(pack);
        std::string reason;
        EXPECT_FALSE(read_image(write_image(pack), reason)) << one.name;
    }
}

TEST(Verify, accepts_a_sum_within_a_loop_over_another_once_that_is_closed) {
    Pack pack = small_pack();
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {
        {Opcode::Loop, 0, 28, 0},         // 22
        {Opcode::Loop, 0, 26, 0},         // 23
        {Opcode::Field, 0, 22, 0},        // 24: of the outer loop's element
        {Opcode::ReduceSum, 24, 7, 23},   // 25
        {Opcode::EndLoop, 23, 0, 0},      // 26
        {Opcode::ReduceSum, 25, 7, 22},   // 27
        {Opcode::EndLoop, 22, 0, 0},      // 28
        {Opcode::Absolute, 27, 0, 0},     // 29
    });
    EXPECT_EQ(verify(pack), "");
    all.back().a = 25;  // the inner sum belongs to the outer element
    EXPECT_NE(verify(pack).find("read outside its loop"), std::string::npos);
}

// Counted by hand: instructions 0 to 7, 14, 15, 19, 20 and the loop once, 9 to 13 a hundred times; once more for 15 (an `and`) and 12 (a sum); one top
// clause, and the end.
TEST(Bounds, of_a_loop_over_a_hundred_elements) {
    const Pack pack = small_pack();
    EXPECT_EQ(pack.policies[0].versions[0].bounds, (Bounds{.instructions = 13 + 1 + 100 * (5 + 1) + 2 + 3, .words = 8 + 4 + 3 + 2 + 4}));
    const Cost cost = cost_of(pack, pack.policies[0]);
    EXPECT_EQ(cost.instructions, 619U);
    EXPECT_EQ(cost.instructions_with_sets, 1238U);
    EXPECT_EQ(cost.bytes, 168U);
    EXPECT_EQ(cost.bytes_of_sets, 336U);
}

TEST(Bounds, of_a_loop_within_a_loop_are_a_product) {
    Pack pack = small_pack();
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {{Opcode::Loop, 0, 28, 0},        // 22
                           {Opcode::Loop, 0, 26, 0},        // 23
                           {Opcode::Field, 0, 22, 0},       // 24: of the outer loop's element
                           {Opcode::ReduceSum, 24, 7, 23},  // 25
                           {Opcode::EndLoop, 23, 0, 0},     // 26
                           {Opcode::ReduceSum, 25, 7, 22},  // 27
                           {Opcode::EndLoop, 22, 0, 0}});   // 28
    EXPECT_EQ(verify(pack), "") << "what nothing needs costs nothing";
    version(pack).benefits[0].measure.value = 27;
    EXPECT_NE(verify(pack), "");
    state_bounds(pack);
    EXPECT_EQ(verify(pack), "");
    EXPECT_EQ(version(pack).bounds, (Bounds{.instructions = 619 + 1 + 4 * 100 + 4 * 10'000, .words = 21 + 8 + 1 + 2 + 2}));
}

TEST(Bounds, of_a_policy_whose_versions_find_their_own_day_are_a_sum) {
    Pack pack = small_pack();
    pack.policies[0].versions.push_back(version(pack));
    EXPECT_EQ(cost_of(pack, pack.policies[0]).instructions, 619U) << "of two versions on the day of the check only one runs";
    EXPECT_EQ(cost_of(pack, pack.policies[0]).bytes, 2 * 168U);
    for (auto& one : pack.policies[0].versions) one.day = 0;
    EXPECT_EQ(cost_of(pack, pack.policies[0]).instructions, 2 * 619U);
}

TEST(Bounds, beyond_all_counting_stay_at_the_greatest_number) {
    Pack pack = small_pack();
    pack.subjects[0].facts[4].up_to = 4'000'000'000;
    auto& all = pack.subjects[0].program.code;
    all.insert(all.end(), {{Opcode::Loop, 0, 31, 0},        // 22
                           {Opcode::Loop, 0, 29, 0},        // 23
                           {Opcode::Loop, 0, 27, 0},        // 24
                           {Opcode::Field, 0, 22, 0},       // 25
                           {Opcode::ReduceSum, 25, 7, 24},  // 26
                           {Opcode::EndLoop, 24, 0, 0},     // 27
                           {Opcode::ReduceSum, 26, 7, 23},  // 28
                           {Opcode::EndLoop, 23, 0, 0},     // 29
                           {Opcode::ReduceSum, 28, 7, 22},  // 30
                           {Opcode::EndLoop, 22, 0, 0}});   // 31
    version(pack).benefits[0].measure.value = 30;
    state_bounds(pack);
    EXPECT_EQ(verify(pack), "");
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
    has("   16  ConstantW        wide 0            # 1180591620717411303424 .. 2361183241434822606848\n");
    has("   20  InSet            r19 set 0         # in {0, 2 .. 3}\n");
    has("   21  YearEnd          -1                # year_end[-1]\n");
    has("policy small_firms for company in force 1970-01-01 .. 2024-10-04\n");
    has("  day r4, in force r20, verdict r15\n");
    has("    require staff  r7 when r14  # 人员 | Staff\n");
    has("        compares r2 / r3 where r14 >= r6  r7  # staff >= staff\n");
    has("        asks claim_rule of each element\n");
    has("  benefit staff  r12 when r7 always\n");
}

TEST(Disassembly, names_every_instruction_of_the_table) {
    for (const OpcodeRow& opcode : opcode_rows) EXPECT_FALSE(opcode.name.empty() || opcode.meaning.empty());
    EXPECT_EQ(row(Opcode::ReduceMaximumW).name, "ReduceMaximumW");
}

}  // namespace
}  // namespace eligo::bytecode
