// A small pack made by hand, register by register, for tests of what is counted and listed. It is a pack that can run.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/pack.hpp"
#include "../../engine/value/date.hpp"

namespace eligo::bytecode {

inline Index text(Pack& pack, const std::string& content) {
    const auto found = std::find(pack.strings.begin(), pack.strings.end(), content);
    if (found != pack.strings.end()) return static_cast<Index>(found - pack.strings.begin());
    pack.strings.push_back(content);
    return static_cast<Index>(pack.strings.size() - 1);
}

inline Fact fact(Pack& pack, const std::string& name, Kind kind, std::int64_t low, std::int64_t high) {
    Fact made;
    made.name = text(pack, name);
    made.kind = kind;
    made.low = low;
    made.high = high;
    return made;
}

inline Column column(const Pack& pack, Index subject, std::vector<Index> path) {
    Index reached = subject;
    for (std::size_t i = 0; i + 1 < path.size(); ++i) reached = pack.subjects[reached].facts[path[i]].ref;
    return {.path = path, .name = pack.subjects[reached].facts[path.back()].name, .subject = reached};
}

// Company: employees, rd_staff (at most employees), revenue by year, sector, claims. Claim: amount, exited.
inline void add_subjects(Pack& pack) {
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

inline void add_program(Pack& pack) {
    pack.parameters.push_back({.name = text(pack, "floor"), .label = {}, .kind = Kind::Number, .percent = true, .ref = none, .unit = {1, 100},
                               .entries = {{.from = 0, .to = value::last_day, .published = value::first_day, .value = 10, .citations = {text(pack, "第一条")}}},
                               .low = 10, .high = 10});
    Program& program = pack.subjects[0].program;
    program.slots = {{0, 0}, {1, 0}, {2, -1}, {3, 0}};
    program.lists = {{.column = 4, .element = 1, .fields = {{0, 0}, {1, 0}}}};
    program.constants = {{100, 100}, {0, 0}, {20'000, 20'000}};
    program.wide_constants = {{value::Int128{1} << 70, value::Int128{1} << 70}, {value::Int128{1} << 70, value::Int128{1} << 71}};
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
        {Opcode::OrUnknownW, 7, 17, 1},    // 18 W
        {Opcode::Input, 3, 0, 0},          // 19 sector
        {Opcode::InSet, 19, 0, 0},         // 20 B
        {Opcode::YearEnd, 0xFFFF, 0, 0},   // 21: year_end[-1]
        {Opcode::Constant, 1, 0, 0},       // 22
        {Opcode::LessEqual, 22, 4, 0},     // 23 B
        {Opcode::Constant, 2, 0, 0},       // 24
        {Opcode::LessEqual, 4, 24, 0},     // 25 B
        {Opcode::And, 23, 25, 0},          // 26 B: in force
    };
}

inline Measure measure(Register value, Kind kind = Kind::Number) {
    Measure made;
    made.value = value;
    made.kind = kind;
    return made;
}

inline void add_policies(Pack& pack) {
    const Index name = text(pack, "small_firms"), group = text(pack, "group"), staff = text(pack, "staff"), others = text(pack, "others");
    pack.policies.resize(2);
    Program& of_claims = pack.subjects[1].program;
    of_claims.constants = {{1, 1}};
    of_claims.code = {{Opcode::AsOf, 0, 0, 0}, {Opcode::ConstantB, 0, 0, 0}};
    pack.policies[1] = {.name = text(pack, "claim_rule"), .subject = 1, .versions = {{.from = value::first_day, .to = value::last_day, .day = 0, .in_force = 1, .verdict = 1}}};
    Policy& policy = pack.policies[0];
    policy.name = name;
    policy.subject = 0;
    Version& version = policy.versions.emplace_back();
    version = {.from = 0, .to = 20'000, .day = 4, .in_force = 26, .verdict = 15};
    version.clauses.resize(3);
    version.clauses[0] = {.kind = ClauseKind::AllOf, .name = group, .path = group, .parent = none, .children = {1, 2}, .outcome = 15};
    version.clauses[1] = {.kind = ClauseKind::Require, .guard_kind = Guard::When, .name = staff, .path = text(pack, "group.staff"),
                          .label = {.chinese = text(pack, "人员"), .english = text(pack, "Staff")}, .citations = {text(pack, "11(1)")}, .parent = 0, .outcome = 7, .guard = 14};
    version.clauses[2] = {.kind = ClauseKind::Exclude, .name = others, .path = text(pack, "group.others"), .parent = 0, .outcome = 14};
    version.clauses[1].readings = {{.name = text(pack, "rd_staff"), .measure = measure(0), .slot = 1}};
    Comparison comparison{.left_text = staff, .right_text = staff, .left = measure(2), .right = measure(6), .relation = Relation::GreaterEqual, .outcome = 7};
    comparison.left.denominator = 1;
    comparison.left.defined = 14;
    version.clauses[1].comparisons = {comparison};
    version.clauses[2].questions = {{.policy = 1, .list = 0}};
    version.top_clauses = {0};
    version.benefits = {{.name = staff, .always = true, .when = 7, .measure = measure(12, Kind::Money)}};
    version.lets = {{.name = staff, .is_let = true, .year_offset = -1, .yearly = true, .measure = measure(7, Kind::Bool)}};
    version.conflicts = {{.policy = 1, .citations = {}}};
}

inline Pack small_pack() {
    Pack pack;
    add_subjects(pack);
    add_program(pack);
    add_policies(pack);
    pack.texts = {0};
    state_bounds(pack);
    return pack;
}

}  // namespace eligo::bytecode
