// Each invariant of engine/bytecode/invariants.def broken alone in a pack that is otherwise whole, and refused by its name; and the
// page docs/pack.md, which repeats the table. Broken when: a pack is accepted that a reader would stumble over, or refused for
// another reason than the one that holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <iterator>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "../../engine/bytecode/bounds.hpp"
#include "../../engine/bytecode/image.hpp"
#include "compiled.hpp"

namespace eligo::bytecode {
namespace {

using I = Invariant;

constexpr const char* source = R"(
record place "地点" | "Place" {
  district : text "区" | "District"
  rent     : yearly money in 0元 .. 1亿元 "租金" | "Rent"
}
record claim "索赔" | "Claim" {
  amount : money in 0元 .. 1亿元 "金额" | "Amount"
  exited : bool "退出" | "Exited"
}
vocabulary firm "企业" | "Firm" {
  staff    : int in 0 .. 5_000                    "职工" | "Staff"
  rd_staff : int in 0 .. staff                    "研发人员" | "R&D staff"
  share    : percent in 0% .. 100%                "比例" | "Share"
  revenue  : yearly money in 0元 .. 1000亿元      "收入" | "Revenue"
  sector   : one of { farm, shop } default farm   "类别" | "Sector"
  industry : code gbt4754                         "行业" | "Industry"
  city     : text default "上海"                  "城市" | "City"
  founded  : date in 1990-01-01 .. 2030-12-31 fixed "成立" | "Founded"
  lease    : months in 1 months .. 240 months     "租期" | "Lease"
  listed   : bool                                 "上市" | "Listed"
  seat     : place                                "住所" | "Seat"
  spent    : money in 0元 .. 1亿元 default if listed then 5元 else 7元 "支出" | "Spent"
  claims   : list of claim up to 100              "索赔" | "Claims"
}
parameter floor : percent "下限" | "Floor" {
  2010-01-01 .. 2014-12-31  4% @ "甲"
  2015-01-01 ..             5% @ "乙"
}
parameter town : text "城市" | "Town" {
  2010-01-01 .. "上海" @ "丙"
}
policy small_claim for claim "小额" | "Small claim" {
  in force 2010-01-01 ..
  require small amount <= 1万元 "小额" | "Small" @ "子一"
}
policy grant for firm "补助" | "Grant" {
  in force 2010-01-01 .. 2015-12-31
  require staffed staff >= 10 "职工" | "Staffed" @ "一"
  benefit support : money = round(revenue[-1] * 1%, 0.01元) "支持" | "Support" @ "二"
}
policy grant for firm "补助" | "Grant" {
  in force 2016-01-01 .. 2020-12-31
  conflicts with other @ "三"
  let ratio = rd_staff / staff otherwise 0% "占比" | "Ratio"
  let age   = months from founded to as_of  "年龄" | "Age"
  table fee(sector, staff) : money {
    sector | staff    | fee
    farm   | -        | 1元
    shop   | ..< 100  | 2元
    shop   | 100 ..   | 3元
  }
  all of people unless listed "人员" | "People" @ "四" {
    require skilled ratio >= floor when staff > 5 "占比" | "Skilled" @ "五"
    at least 1 of either "其一" | "Either" @ "六" {
      require near city = "上海" "上海" | "Near" @ "七"
      require old age >= 12 months "年龄" | "Old" @ "八"
    }
  }
  exclude trade industry in {K, F52} "行业" | "Trade" @ "九"
  require claimed any(small_claim(c).eligible for c in claims) "索赔" | "Claimed" @ "十"
  require spending spent + seat.rent[0] >= 1元 "支出" | "Spending" @ "十一"
  benefit support : money = round(revenue[-1] * 2%, 0.01元) + fee(sector, staff) when staff > 1 "支持" | "Support" @ "十二"
  benefit days    : int = round(lease / 1 months, 1) "天" | "Days" @ "十三"
}
policy other for firm "其他" | "Other" {
  in force 2010-01-01 ..
  require sum_claims sum(c.amount for c in claims where not c.exited) <= 10亿元 "合计" | "Sum" @ "十四"
}
)";

const Pack& whole() {
    static const Pack pack = [] {
        tests::Compiled made = tests::compiled("pack.policy", source);
        EXPECT_TRUE(made.pack) << made.told;
        return made.pack ? std::move(*made.pack) : Pack{};
    }();
    return pack;
}

// ---- finding one's way in it

Index text(Pack& pack, const std::string& content) {
    const auto found = std::ranges::find(pack.strings, content);
    if (found != pack.strings.end()) return static_cast<Index>(found - pack.strings.begin());
    pack.strings.push_back(content);
    return static_cast<Index>(pack.strings.size() - 1);
}
template <class Named>
Named& named(Pack& pack, std::vector<Named>& all, const std::string& name) {
    const auto found = std::ranges::find_if(all, [&](const Named& each) { return pack.string(each.name) == name; });
    EXPECT_NE(found, all.end()) << name;
    return *found;
}
Subject& firm(Pack& pack) { return named(pack, pack.subjects, "firm"); }
Subject& claim(Pack& pack) { return named(pack, pack.subjects, "claim"); }
Fact& fact(Pack& pack, const std::string& name) { return named(pack, firm(pack).facts, name); }
Program& program(Pack& pack) { return firm(pack).program; }
Policy& grant(Pack& pack) { return named(pack, pack.policies, "grant"); }
Version& version(Pack& pack) { return grant(pack).versions[1]; }
Clause& clause(Pack& pack, const std::string& name) { return named(pack, version(pack).clauses, name); }
Benefit& benefit(Pack& pack, const std::string& name) { return named(pack, version(pack).benefits, name); }
Measure& measure(Pack& pack, const std::string& let) { return named(pack, version(pack).lets, let).measure; }

std::uint16_t place(Index index) { return static_cast<std::uint16_t>(index); }
// The first instruction of a kind.
std::uint16_t first(Pack& pack, Opcode opcode) {
    const auto& code = program(pack).code;
    const auto found = std::ranges::find_if(code, [&](const Instruction& each) { return each.opcode == opcode; });
    EXPECT_NE(found, code.end()) << row(opcode).name;
    return static_cast<std::uint16_t>(found - code.begin());
}
Instruction& instruction(Pack& pack, Opcode opcode) { return program(pack).code[first(pack, opcode)]; }
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max(), least = std::numeric_limits<std::int64_t>::min();
std::uint16_t constant(Pack& pack, std::int64_t low, std::int64_t high) {
    program(pack).constants.push_back({low, high});
    return place(static_cast<Index>(program(pack).constants.size() - 1));
}
// Code behind all that there is; the register of the last of it.
std::uint16_t append(Pack& pack, std::initializer_list<Instruction> more) {
    auto& code = program(pack).code;
    code.insert(code.end(), more);
    return static_cast<std::uint16_t>(code.size() - 1);
}
std::uint16_t number(Pack& pack, std::int64_t value) { return append(pack, {{Opcode::Constant, constant(pack, value, value)}}); }
std::uint16_t end(Pack& pack) { return static_cast<std::uint16_t>(program(pack).code.size()); }
std::uint16_t input(Pack& pack, const std::string& name) {
    const auto& columns = firm(pack).columns;
    const auto column = std::ranges::find_if(columns, [&](const Column& each) { return pack.string(each.name) == name; });
    EXPECT_NE(column, columns.end()) << name;
    const Slot wanted{static_cast<Index>(column - columns.begin()), 0};
    auto& slots = program(pack).slots;
    const auto number = place(static_cast<Index>(std::ranges::find(slots, wanted) - slots.begin()));
    if (number == slots.size()) slots.push_back(wanted);
    const auto& code = program(pack).code;
    const auto read = std::ranges::find_if(code, [&](const Instruction& each) { return each.opcode == Opcode::Input && each.a == number; });
    return read != code.end() ? static_cast<std::uint16_t>(read - code.begin()) : append(pack, {{Opcode::Input, number}});
}

bool is_gathering(Opcode opcode) { return row(opcode).name.starts_with("Reduce"); }

// What is broken, how, and whether the bounds are stated anew, as whoever damages a pack on purpose would.
struct Break {
    I invariant;
    const char* name;
    std::function<void(Pack&)> apply;
    bool restated = true;
};

const Break breaks[] = {
    {I::texts_are_utf8, "overlong", [](Pack& p) { p.strings.push_back("\xC0\x80"); }},
    {I::texts_are_utf8, "surrogate", [](Pack& p) { p.strings.push_back("\xED\xA0\x80"); }},
    {I::texts_are_utf8, "cut", [](Pack& p) { p.strings.push_back("\xE4\xBC"); }},
    {I::texts_are_utf8, "beyond Unicode", [](Pack& p) { p.strings.push_back("\xF4\x90\x80\x80"); }},
    {I::texts_stand_once, "twice", [](Pack& p) { p.strings.push_back(p.strings[0]); }},
    {I::text_exists, "of texts", [](Pack& p) { p.texts.push_back(999); }},
    {I::text_exists, "label", [](Pack& p) { firm(p).label.english = 999; }},
    {I::text_exists, "name", [](Pack& p) { grant(p).name = none; }},
    {I::text_exists, "citation", [](Pack& p) { clause(p, "near").citations = {999}; }},
    {I::text_exists, "comparison", [](Pack& p) { clause(p, "skilled").comparisons[0].right_text = none; }},
    {I::names_are_names, "dot in a fact", [](Pack& p) { fact(p, "listed").name = text(p, "a.b"); }},
    {I::names_are_names, "bracket", [](Pack& p) { firm(p).name = text(p, "firm[0]"); }},
    {I::names_are_names, "digit", [](Pack& p) { grant(p).name = text(p, "1st"); }},
    {I::names_are_names, "empty", [](Pack& p) { benefit(p, "days").name = text(p, ""); }},
    {I::names_are_names, "reserved", [](Pack& p) { fact(p, "listed").name = text(p, "company_id"); }},
    {I::names_are_names, "line end", [](Pack& p) { clause(p, "near").name = text(p, "near\n"); }},
    {I::names_are_names, "parameter", [](Pack& p) { p.parameters[0].name = text(p, "a b"); }},
    {I::names_are_names, "member", [](Pack& p) { p.enumerations[0].members[0].name = text(p, " farm"); }},
    {I::compared_texts_differ, "twice", [](Pack& p) { p.texts.push_back(p.texts[0]); }},
    {I::enumeration_has_members, "none", [](Pack& p) { p.enumerations.emplace_back(); }},
    {I::members_differ, "same", [](Pack& p) { p.enumerations[0].members[1].name = p.enumerations[0].members[0].name; }},
    {I::kind_exists, "of a fact", [](Pack& p) { fact(p, "staff").kind = static_cast<Kind>(99); }},
    {I::kind_exists, "enumeration", [](Pack& p) { fact(p, "sector").ref = 1; }},
    {I::kind_exists, "classification", [](Pack& p) { fact(p, "industry").ref = 1; }},
    {I::kind_exists, "record", [](Pack& p) { fact(p, "seat").ref = 9; }},
    {I::kind_exists, "measure", [](Pack& p) { measure(p, "age").kind = Kind::List; }},
    {I::unit_is_positive, "parameter", [](Pack& p) { p.parameters[0].unit.denominator = 0; }},
    {I::unit_is_positive, "measure", [](Pack& p) { measure(p, "age").unit.numerator = -1; }},

    {I::parameters_differ, "same", [](Pack& p) { p.parameters[1].name = p.parameters[0].name; }},
    {I::parameter_kind, "list", [](Pack& p) { p.parameters[0].kind = Kind::List, p.parameters[0].ref = 0; }},
    {I::parameter_range, "wider", [](Pack& p) { ++p.parameters[0].high; }},
    {I::parameter_range, "narrower", [](Pack& p) { p.parameters[0].low = p.parameters[0].high; }},
    {I::parameter_value, "text", [](Pack& p) { p.parameters[1].entries[0].value = p.parameters[1].low = p.parameters[1].high = 5; }},
    {I::parameter_value, "member", [](Pack& p) {
         p.parameters[1].kind = Kind::Enum, p.parameters[1].ref = 0;
         p.parameters[1].entries[0].value = p.parameters[1].low = p.parameters[1].high = 2;
     }},
    {I::parameter_period, "ends first", [](Pack& p) { p.parameters[0].entries[0].to = p.parameters[0].entries[0].from - 1; }},
    {I::parameter_period, "published", [](Pack& p) { p.parameters[0].entries[0].published = -900'000; }},
    {I::parameter_order, "swapped", [](Pack& p) { std::swap(p.parameters[0].entries[0], p.parameters[0].entries[1]); }},

    {I::subjects_differ, "same", [](Pack& p) { claim(p).name = firm(p).name; }},
    {I::facts_differ, "same", [](Pack& p) { fact(p, "listed").name = fact(p, "staff").name; }},
    {I::fact_unit, "no power of ten", [](Pack& p) { fact(p, "staff").unit = {1, 3}; }},
    {I::fact_unit, "greater than one", [](Pack& p) { fact(p, "staff").unit = {2, 1}; }},
    {I::fact_unit, "of months", [](Pack& p) { fact(p, "lease").unit = {1, 10}; }},
    {I::unit_is_positive, "fact", [](Pack& p) { fact(p, "staff").unit.denominator = 0; }},
    {I::fact_range, "reversed", [](Pack& p) { fact(p, "staff").low = 6'000; }},
    {I::fact_range, "what is not known", [](Pack& p) { fact(p, "staff").low = std::numeric_limits<std::int64_t>::min(); }},
    {I::fact_range, "what is left out", [](Pack& p) { fact(p, "staff").low = std::numeric_limits<std::int64_t>::min() + 1; }},
    {I::fact_range_of_kind, "bool", [](Pack& p) { fact(p, "listed").high = 0; }},
    {I::fact_range_of_kind, "member", [](Pack& p) { fact(p, "sector").high = 2; }},
    {I::fact_range_of_kind, "code", [](Pack& p) { ++fact(p, "industry").high; }},
    {I::fact_range_of_kind, "text", [](Pack& p) { fact(p, "city").high = 1; }},
    {I::fact_range_of_kind, "date", [](Pack& p) { fact(p, "founded").high = value::last_day + 1; }},
    {I::fact_range_of_kind, "list", [](Pack& p) { fact(p, "claims").high = 1; }},
    {I::fact_default, "outside", [](Pack& p) { fact(p, "sector").default_value = 5; }},
    {I::fact_default, "text", [](Pack& p) { fact(p, "city").default_value = 7; }},
    {I::fact_default, "kind", [](Pack& p) { fact(p, "staff").default_kind = static_cast<DefaultKind>(3); }},
    {I::fact_default, "of a list", [](Pack& p) { fact(p, "claims").default_kind = DefaultKind::Constant; }},
    {I::fact_change, "unknown", [](Pack& p) { fact(p, "staff").change = static_cast<Change>(3); }},
    {I::fact_bound, "later", [](Pack& p) { fact(p, "staff").high_fact = 1; }},
    {I::fact_bound, "itself", [](Pack& p) { fact(p, "rd_staff").high_fact = 1; }},
    {I::fact_bound, "kind", [](Pack& p) { fact(p, "revenue").low_fact = 1; }},
    {I::fact_bound, "unit", [](Pack& p) { fact(p, "share").low_fact = 0; }},
    {I::fact_bound, "years", [](Pack& p) { fact(p, "spent").low_fact = 3; }},
    {I::fact_bound, "no order", [](Pack& p) { firm(p).facts.push_back(fact(p, "listed")), firm(p).facts.back().name = text(p, "more"), firm(p).facts.back().low_fact = 9; }},
    {I::fact_bound_depth, "nine", [](Pack& p) {
         for (int i = 0; i < 9; ++i) {
             Fact next = fact(p, "staff");
             next.name = text(p, "s" + std::to_string(i));
             next.high_fact = i == 0 ? 0 : static_cast<Index>(firm(p).facts.size() - 1);
             firm(p).facts.push_back(next);
         }
     }},
    {I::fact_years, "record", [](Pack& p) { fact(p, "seat").yearly = true; }},
    {I::list_length, "none", [](Pack& p) { fact(p, "claims").up_to = 0; }},
    {I::list_length, "too many", [](Pack& p) { fact(p, "claims").up_to = 10'001; }},
    {I::list_length, "of a number", [](Pack& p) { fact(p, "staff").up_to = 1; }},
    {I::list_values, "wide elements", [](Pack& p) {
         fact(p, "claims").up_to = 10'000;
         Subject& element = claim(p);
         const Fact more = element.facts[1];
         const Column column = element.columns[1];
         while (element.facts.size() <= 1'000) {
             const Index name = text(p, "m" + std::to_string(element.facts.size()));
             element.columns.push_back(column);
             element.columns.back().path = {static_cast<Index>(element.facts.size())};
             element.columns.back().name = name;
             element.facts.push_back(more);
             element.facts.back().name = name;
         }
     }},
    {I::list_within_list, "itself", [](Pack& p) { fact(p, "claims").ref = static_cast<Index>(&firm(p) - p.subjects.data()); }},
    {I::records_end, "itself", [](Pack& p) { fact(p, "seat").ref = static_cast<Index>(&firm(p) - p.subjects.data()); }},
    {I::records_end, "each other", [](Pack& p) { named(p, p.subjects, "place").facts[0] = fact(p, "seat"); named(p, p.subjects, "place").facts[0].name = text(p, "back"); named(p, p.subjects, "place").facts[0].ref = static_cast<Index>(&firm(p) - p.subjects.data()); }},
    {I::records_end, "sixteen deep", [](Pack& p) {
         const Fact seat = fact(p, "seat");
         for (int i = 0; i < 16; ++i) {
             Subject next;
             next.name = text(p, "deep" + std::to_string(i));
             next.facts = {seat};
             next.facts[0].ref = i == 0 ? seat.ref : static_cast<Index>(p.subjects.size() - 1);
             p.subjects.push_back(std::move(next));
         }
     }},
    {I::columns_are_leaves, "a fact without a column", [](Pack& p) { firm(p).columns.pop_back(); }},
    {I::columns_are_leaves, "two of one", [](Pack& p) { firm(p).columns.push_back(firm(p).columns[0]); }},
    {I::columns_are_leaves, "another path", [](Pack& p) { firm(p).columns[0].path = {9}; }},
    {I::columns_are_leaves, "no path", [](Pack& p) { firm(p).columns[0].path = {}; }},
    {I::columns_are_leaves, "too far", [](Pack& p) { firm(p).columns[0].path = {0, 0}; }},
    {I::columns_are_leaves, "subject", [](Pack& p) { firm(p).columns[0].subject = 0; }},
    {I::columns_are_leaves, "swapped", [](Pack& p) { std::swap(firm(p).columns[0], firm(p).columns[1]); }},
    {I::column_name, "another", [](Pack& p) { firm(p).columns[0].name = firm(p).columns[1].name; }},
    {I::column_name, "of a record", [](Pack& p) {
         for (Column& column : firm(p).columns)
             if (p.string(column.name) == "seat.rent") column.name = text(p, "seat.lent");
     }},

    {I::table_size, "constants", [](Pack& p) { program(p).constants.resize(65'537); }},
    {I::table_size, "fields", [](Pack& p) { program(p).lists[0].fields.resize(65'537, program(p).lists[0].fields[0]); }},
    {I::slot, "column", [](Pack& p) { program(p).slots[0].column = 99; }},
    {I::slot, "list", [](Pack& p) { program(p).slots[0].column = program(p).lists[0].column; }},
    {I::slot, "field", [](Pack& p) { program(p).lists[0].fields[0].column = 99; }},
    {I::slot_year, "of no year", [](Pack& p) {
         program(p).slots.push_back({0, 1});
     }},
    {I::slot_year, "far", [](Pack& p) {
         for (Slot& slot : program(p).slots)
             if (slot.year_offset != 0) slot.year_offset = -1'001;
     }},
    {I::slots_differ, "inputs", [](Pack& p) { program(p).slots.push_back(program(p).slots[0]); }},
    {I::slots_differ, "fields", [](Pack& p) { program(p).lists[0].fields.push_back(program(p).lists[0].fields[0]); }},
    {I::list_input, "no list", [](Pack& p) { program(p).lists[0].column = 0; }},
    {I::list_input, "elements", [](Pack& p) { program(p).lists[0].element = 0; }},
    {I::set_order, "empty", [](Pack& p) { program(p).sets[0].intervals.clear(); }},
    {I::set_order, "reversed", [](Pack& p) { std::swap(program(p).sets[0].intervals[0].low, program(p).sets[0].intervals[0].high); }},
    {I::set_order, "swapped", [](Pack& p) { std::swap(program(p).sets[0].intervals[0], program(p).sets[0].intervals[1]); }},

    {I::code_size, "too long", [](Pack& p) { p.subjects[0].program.code.assign(65'001, {Opcode::AsOf}); }},
    {I::code_words, "too wide", [](Pack& p) {
         p.subjects[0].program.wide_constants = {{0, 0}};
         p.subjects[0].program.code.assign(40'000, {Opcode::ConstantW});
     }},
    {I::instruction_exists, "none", [](Pack& p) { append(p, {{static_cast<Opcode>(opcode_count)}}); }},
    {I::operand_register, "itself", [](Pack& p) { append(p, {{Opcode::Absolute, end(p)}}); }},
    {I::operand_register, "later", [](Pack& p) { append(p, {{Opcode::Absolute, 60'000}}); }},
    {I::operand_register, "a truth", [](Pack& p) { append(p, {{Opcode::Absolute, first(p, Opcode::LessEqual)}}); }},
    {I::operand_register, "narrow", [](Pack& p) { append(p, {{Opcode::Narrow, first(p, Opcode::AsOf)}}); }},
    {I::operand_register, "no loop", [](Pack& p) { append(p, {{Opcode::EndLoop, first(p, Opcode::AsOf)}}); }},
    {I::operand_number, "unused", [](Pack& p) { instruction(p, Opcode::AsOf).c = 1; }},
    {I::operand_number, "slot", [](Pack& p) { instruction(p, Opcode::Input).a = 999; }},
    {I::operand_number, "constant", [](Pack& p) { instruction(p, Opcode::Constant).a = 999; }},
    {I::operand_number, "wide", [](Pack& p) { append(p, {{Opcode::ConstantW, 9}}); }},
    {I::operand_number, "set", [](Pack& p) { instruction(p, Opcode::InSet).b = 99; }},
    {I::operand_number, "parameter", [](Pack& p) { instruction(p, Opcode::Parameter).a = 9; }},
    {I::operand_number, "list", [](Pack& p) { instruction(p, Opcode::Loop).a = 9; }},
    {I::operand_number, "field", [](Pack& p) { instruction(p, Opcode::Field).a = 99; }},
    {I::loop_is_closed, "another end", [](Pack& p) { ++instruction(p, Opcode::Loop).b; }},
    {I::loop_is_closed, "end before it", [](Pack& p) { instruction(p, Opcode::Loop).b = 0; }},
    {I::loop_is_closed, "no end", [](Pack& p) { append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(end(p) + 1)}}); }},
    {I::loop_is_closed, "crossed", [](Pack& p) {
         const std::uint16_t at = end(p);
         append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(at + 2)}, {Opcode::Loop, 0, static_cast<std::uint16_t>(at + 3)}, {Opcode::EndLoop, at}, {Opcode::EndLoop, static_cast<std::uint16_t>(at + 1)}});
     }},
    {I::loop_is_open, "field behind it", [](Pack& p) { append(p, {{Opcode::Field, 0, first(p, Opcode::Loop)}}); }},
    {I::loop_is_open, "element behind it", [](Pack& p) { append(p, {{Opcode::Absolute, first(p, Opcode::Field)}}); }},
    {I::loop_is_open, "closed twice", [](Pack& p) { append(p, {{Opcode::EndLoop, first(p, Opcode::Loop)}}); }},
    {I::loop_is_open, "sum within", [](Pack& p) {
         const std::uint16_t at = end(p);
         append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(at + 3)}, {Opcode::ReduceAny, first(p, Opcode::LessEqual), 0, at}, {Opcode::Not, static_cast<std::uint16_t>(at + 1)}, {Opcode::EndLoop, at}});
     }},
    {I::loop_depth, "five", [](Pack& p) {
         const std::uint16_t at = end(p);
         for (std::uint16_t i = 0; i < 5; ++i) append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(at + 9 - i)}});
         for (std::uint16_t i = 0; i < 5; ++i) append(p, {{Opcode::EndLoop, static_cast<std::uint16_t>(at + 4 - i)}});
     }},
    {I::input_is_read_once, "input", [](Pack& p) { append(p, {instruction(p, Opcode::Input)}); }},
    {I::input_is_read_once, "field", [](Pack& p) {
         auto& code = program(p).code;
         const std::uint16_t loop = first(p, Opcode::Loop), at = first(p, Opcode::Field);
         code.push_back({Opcode::Loop, code[loop].a, static_cast<std::uint16_t>(code.size() + 3)});
         const std::uint16_t again = static_cast<std::uint16_t>(code.size() - 1);
         append(p, {{Opcode::Field, code[at].a, again}, {Opcode::Field, code[at].a, again}, {Opcode::EndLoop, again}});
     }},
    {I::truth_is_truth, "number", [](Pack& p) {
         instruction(p, Opcode::Input).opcode = Opcode::InputB;
     }},
    {I::truth_is_truth, "constant", [](Pack& p) { append(p, {{Opcode::ConstantB, constant(p, 2, 2)}}); }},
    {I::truth_is_truth, "either", [](Pack& p) { append(p, {{Opcode::ConstantB, constant(p, 0, 1)}}); }},
    {I::truth_is_truth, "element", [](Pack& p) {
         const std::uint16_t at = end(p);
         append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(at + 2)}, {Opcode::FieldB, instruction(p, Opcode::Field).a, at}, {Opcode::EndLoop, at}});
     }},
    {I::constant_is_single, "interval", [](Pack& p) { append(p, {{Opcode::Constant, constant(p, 1, 2)}}); }},
    {I::constant_is_single, "empty added", [](Pack& p) {
         const std::uint16_t nothing = append(p, {{Opcode::Constant, constant(p, greatest, least)}});
         append(p, {{Opcode::Add, nothing, first(p, Opcode::AsOf)}});
     }},
    {I::constant_is_single, "two empty branches", [](Pack& p) {
         const std::uint16_t nothing = append(p, {{Opcode::Constant, constant(p, greatest, least)}});
         append(p, {{Opcode::Select, first(p, Opcode::LessEqual), nothing, nothing}});
     }},
    {I::constant_is_single, "shown", [](Pack& p) { measure(p, "age").value = append(p, {{Opcode::Constant, constant(p, greatest, least)}}); }},
    {I::constant_is_single, "another empty one", [](Pack& p) { append(p, {{Opcode::Constant, constant(p, 2, 1)}}); }},
    {I::unknown_interval, "reversed", [](Pack& p) { append(p, {{Opcode::OrUnknown, first(p, Opcode::LessEqual), first(p, Opcode::AsOf), constant(p, 2, 1)}}); }},
    {I::year_end, "far", [](Pack& p) { append(p, {{Opcode::YearEnd, 1'001}}); }},
    {I::number_fits, "64 bits", [](Pack& p) {
         const std::uint16_t large = number(p, std::int64_t{1} << 62);
         append(p, {{Opcode::Add, large, large}});
     }},
    {I::number_fits, "128 bits", [](Pack& p) {
         program(p).wide_constants.push_back({value::int128_max, value::int128_max});
         const std::uint16_t large = append(p, {{Opcode::ConstantW, place(static_cast<Index>(program(p).wide_constants.size() - 1))}});
         append(p, {{Opcode::AddW, large, large}});
     }},
    {I::number_fits, "narrowed", [](Pack& p) {
         program(p).wide_constants.push_back({value::int128_max, value::int128_max});
         append(p, {{Opcode::Narrow, append(p, {{Opcode::ConstantW, place(static_cast<Index>(program(p).wide_constants.size() - 1))}})}});
     }},
    {I::number_fits, "a wider fact", [](Pack& p) { claim(p).facts[0].high = std::numeric_limits<std::int64_t>::max(); }},
    {I::number_fits, "a sum over a list", [](Pack& p) {
         const std::uint16_t large = number(p, std::int64_t{1} << 60), holds = first(p, Opcode::LessEqual), at = end(p);
         append(p, {{Opcode::Loop, 0, static_cast<std::uint16_t>(at + 2)}, {Opcode::ReduceSum, large, holds, at}, {Opcode::EndLoop, at}});
     }},
    {I::divisor_is_positive, "zero", [](Pack& p) {
         const std::uint16_t staff = input(p, "staff");
         append(p, {{Opcode::DivideDown, staff, staff}});
     }},
    {I::day_in_calendar, "far day", [](Pack& p) {
         const std::uint16_t day = number(p, 1'000'000), months = number(p, 1);
         append(p, {{Opcode::AddMonths, day, months}});
     }},
    {I::day_in_calendar, "many months", [](Pack& p) { append(p, {{Opcode::AddMonths, first(p, Opcode::AsOf), number(p, 7'201)}}); }},
    {I::day_in_calendar, "leads out", [](Pack& p) { append(p, {{Opcode::AddMonths, first(p, Opcode::AsOf), number(p, 7'000)}}); }},
    {I::day_in_calendar, "between", [](Pack& p) { append(p, {{Opcode::MonthsBetween, first(p, Opcode::AsOf), number(p, 1'000'000)}}); }},
    {I::default_is_guarded, "shown as it is", [](Pack& p) { measure(p, "age").value = input(p, "spent"); }},
    {I::default_is_guarded, "asked as it is", [](Pack& p) { benefit(p, "support").when = append(p, {{Opcode::Less, number(p, 5), input(p, "spent")}}); }},

    {I::policies_differ, "same", [](Pack& p) { named(p, p.policies, "other").name = grant(p).name; }},
    {I::policy_subject, "none", [](Pack& p) { grant(p).subject = 99; }},
    {I::policy_has_versions, "none", [](Pack& p) { named(p, p.policies, "other").versions.clear(); }},
    {I::policy_has_versions, "too many", [](Pack& p) { grant(p).versions.resize(65'537, grant(p).versions[0]); }, false},
    {I::version_period, "ends first", [](Pack& p) { std::swap(version(p).from, version(p).to); }},
    {I::version_period, "beyond 2199", [](Pack& p) { named(p, p.policies, "other").versions[0].to = value::last_day + 1; }},
    {I::version_order, "twice", [](Pack& p) { grant(p).versions.push_back(version(p)); }},
    {I::version_order, "swapped", [](Pack& p) { std::swap(grant(p).versions[0], grant(p).versions[1]); }},
    {I::version_day, "no day", [](Pack& p) { version(p).day = number(p, 1'000'000); }},
    {I::in_force_is_the_period, "longer", [](Pack& p) { ++version(p).to; }},
    {I::in_force_is_the_period, "later", [](Pack& p) { ++version(p).from; }},
    {I::in_force_is_the_period, "another truth", [](Pack& p) { version(p).in_force = version(p).verdict; }},
    {I::in_force_is_the_period, "another day", [](Pack& p) { version(p).day = input(p, "founded"); }},
    {I::in_force_is_the_period, "always", [](Pack& p) { version(p).in_force = append(p, {{Opcode::ConstantB, constant(p, 1, 1)}}); }},
    {I::verdict_is_its_clauses, "one of them", [](Pack& p) { version(p).verdict = clause(p, "trade").outcome; }},
    {I::verdict_is_its_clauses, "another clause", [](Pack& p) { clause(p, "trade").outcome = clause(p, "claimed").outcome; }},
    {I::register_exists, "none", [](Pack& p) { version(p).verdict = no_register; }},
    {I::register_exists, "a number", [](Pack& p) { version(p).verdict = version(p).day; }},
    {I::register_exists, "in a loop", [](Pack& p) {
         const std::uint16_t loop = first(p, Opcode::Loop);
         std::uint16_t inside = loop;
         while (row(program(p).code[inside].opcode).result != "B" || is_gathering(program(p).code[inside].opcode)) ++inside;
         clause(p, "claimed").outcome = inside;
     }},
    {I::bounds_are_stated, "too low", [](Pack& p) { --version(p).bounds.instructions; }, false},
    {I::bounds_are_stated, "too high", [](Pack& p) { ++version(p).bounds.words; }, false},
    {I::bounds_are_stated, "a longer list", [](Pack& p) { ++fact(p, "claims").up_to; }, false},

    {I::clause_kind, "clause", [](Pack& p) { clause(p, "near").kind = static_cast<ClauseKind>(5); }},
    {I::clause_kind, "guard", [](Pack& p) { clause(p, "near").guard_kind = static_cast<Guard>(3); }},
    {I::clause_tree, "another parent", [](Pack& p) { clause(p, "near").parent = 0; }},
    {I::clause_tree, "its own parent", [](Pack& p) { version(p).clauses[0].parent = 0; }},
    {I::clause_tree, "in no list", [](Pack& p) { clause(p, "either").children.pop_back(); }},
    {I::clause_tree, "in two lists", [](Pack& p) { version(p).top_clauses.push_back(1); }},
    {I::clause_tree, "twice", [](Pack& p) { version(p).top_clauses.push_back(version(p).top_clauses.back()); }},
    {I::clause_tree, "not there", [](Pack& p) { version(p).top_clauses.push_back(99); }},
    {I::clause_depth, "too deep", [](Pack& p) {
         Version& deep = version(p);
         const Clause last = clause(p, "near");
         for (int i = 0; i < 200; ++i) {
             deep.clauses.push_back(last);
             deep.clauses.back().parent = static_cast<Index>(deep.clauses.size() - 2);
         }
     }},
    {I::clause_parts, "more than it has", [](Pack& p) { clause(p, "either").at_least = 3; }},
    {I::clause_parts, "a number without a group", [](Pack& p) { clause(p, "near").at_least = 1; }},
    {I::clause_parts, "parts of a requirement", [](Pack& p) { clause(p, "either").kind = ClauseKind::Require, clause(p, "either").at_least = 0; }},
    {I::clause_outcome, "at least", [](Pack& p) { clause(p, "either").at_least = 2; }},
    {I::clause_outcome, "another kind", [](Pack& p) { clause(p, "people").kind = ClauseKind::AnyOf; }},
    {I::clause_outcome, "another guard", [](Pack& p) { clause(p, "people").guard = clause(p, "near").outcome; }},
    {I::clause_outcome, "guard the other way", [](Pack& p) { clause(p, "people").guard_kind = Guard::When; }},
    {I::clause_outcome, "a child's", [](Pack& p) { clause(p, "old").outcome = clause(p, "trade").outcome; }},
    {I::clause_guard, "none", [](Pack& p) { clause(p, "skilled").guard = no_register; }},
    {I::clause_guard, "nobody asks for it", [](Pack& p) { clause(p, "near").guard = clause(p, "near").outcome; }},
    {I::clause_path, "another", [](Pack& p) { clause(p, "near").path = clause(p, "near").name; }},
    {I::clause_path, "the same", [](Pack& p) {
         Clause& old = clause(p, "old");
         old.name = clause(p, "near").name, old.path = clause(p, "near").path;
     }},

    {I::measure_register, "a truth as a number", [](Pack& p) { measure(p, "age").value = version(p).verdict; }},
    {I::measure_register, "a number as a truth", [](Pack& p) { measure(p, "age").kind = Kind::Bool; }},
    {I::measure_register, "none", [](Pack& p) { measure(p, "age").value = no_register; }},
    {I::measure_value, "member", [](Pack& p) { measure(p, "age").kind = Kind::Enum, measure(p, "age").ref = 0; }},
    {I::measure_value, "date", [](Pack& p) { measure(p, "age").kind = Kind::Date, measure(p, "age").value = number(p, 1'000'000); }},
    {I::measure_value, "code", [](Pack& p) { measure(p, "age").kind = Kind::Code, measure(p, "age").ref = 0; }},
    {I::measure_quotient, "zero", [](Pack& p) { measure(p, "age").denominator = input(p, "staff"); }},
    {I::measure_quotient, "of dates", [](Pack& p) { measure(p, "age").kind = Kind::Date, measure(p, "age").value = version(p).day, measure(p, "age").denominator = number(p, 2); }},
    {I::reading, "slot", [](Pack& p) { clause(p, "near").readings[0].slot = 999; }},
    {I::reading, "another input", [](Pack& p) { clause(p, "near").readings[0].slot = clause(p, "spending").readings[0].slot; }},
    {I::reading, "another year", [](Pack& p) {
         for (Reading& reading : clause(p, "spending").readings)
             if (reading.yearly) ++reading.year_offset;
     }},
    {I::reading, "far year", [](Pack& p) { version(p).lets[0].year_offset = 1'001; }},
    {I::reading, "twice", [](Pack& p) { clause(p, "near").readings.push_back(clause(p, "near").readings[0]); }},
    {I::lets_differ, "same", [](Pack& p) { version(p).lets.push_back(version(p).lets[0]); }},
    {I::comparison, "relation", [](Pack& p) { clause(p, "skilled").comparisons[0].relation = static_cast<Relation>(6); }},
    {I::question, "policy", [](Pack& p) { clause(p, "claimed").questions[0].policy = 99; }},
    {I::question, "list", [](Pack& p) { clause(p, "claimed").questions[0].list = 99; }},
    {I::question, "about another", [](Pack& p) { clause(p, "claimed").questions[0].policy = static_cast<Index>(&grant(p) - p.policies.data()); }},
    {I::benefits_differ, "same", [](Pack& p) { benefit(p, "days").name = benefit(p, "support").name; }},
    {I::benefits_differ, "too many", [](Pack& p) {
         for (int i = 0; i < 16; ++i) {
             version(p).benefits.push_back(benefit(p, "days"));
             version(p).benefits.back().name = text(p, "b" + std::to_string(i));
         }
     }},
    {I::benefit_is_no_quotient, "quotient", [](Pack& p) { benefit(p, "days").measure.denominator = number(p, 2); }},
    {I::benefit_is_no_quotient, "perhaps", [](Pack& p) { benefit(p, "days").measure.defined = version(p).verdict; }},
    {I::benefit_kind, "another", [](Pack& p) { benefit(p, "support").measure.kind = Kind::Number; }},
    {I::benefit_unit, "no common one", [](Pack& p) {
         benefit(p, "support").measure.unit = {1, (std::int64_t{1} << 62) - 57};
         grant(p).versions[0].benefits[0].measure.unit = {1, (std::int64_t{1} << 62) - 87};
     }},
    {I::benefit_unit, "too large in it", [](Pack& p) {
         program(p).wide_constants.push_back({value::int128_max / 2, value::int128_max / 2});
         benefit(p, "support").measure.value = append(p, {{Opcode::ConstantW, place(static_cast<Index>(program(p).wide_constants.size() - 1))}});
         benefit(p, "support").measure.unit = {10, 1};
     }},
    {I::conflict, "none", [](Pack& p) { version(p).conflicts[0].policy = 99; }},
};

TEST(Invariants, each_is_broken_alone_and_refused_by_its_name) {
    ASSERT_FALSE(verify(whole()).found()) << verify(whole()).english;
    for (const Break& one : breaks) {
        Pack pack = whole();
        one.apply(pack);
        if (one.restated) state_bounds(pack);
        const Fault fault = verify(pack);
        EXPECT_TRUE(fault.found() && fault.invariant == one.invariant) << row(one.invariant).name << ", " << one.name << ": " << fault.english;
        const std::string name = " [" + std::string(row(one.invariant).name) + "]";
        EXPECT_TRUE(fault.english.ends_with(name) && fault.chinese.ends_with(name)) << fault.chinese << "\n" << fault.english;
        Fault read;
        EXPECT_FALSE(read_image(write_image(pack), read));
        EXPECT_EQ(read.english, fault.english);
    }
}

TEST(Invariants, of_the_bytes_are_refused_by_their_names) {
    const std::vector<std::uint8_t> image = write_image(whole());
    const auto refused = [&](const std::function<void(std::vector<std::uint8_t>&)>& change) {
        std::vector<std::uint8_t> bytes = image;
        change(bytes);
        Fault fault;
        EXPECT_FALSE(read_image(bytes, fault));
        return fault.invariant;
    };
    EXPECT_EQ(refused([](auto& bytes) { bytes[0] = 'e'; }), I::pack_mark);
    EXPECT_EQ(refused([](auto& bytes) { bytes[6] = 99; }), I::pack_format);
    EXPECT_EQ(refused([](auto& bytes) { bytes.back() ^= 1; }), I::pack_checksum);
    EXPECT_EQ(refused([](auto& bytes) { bytes.resize(most_pack_bytes + 1); }), I::pack_size);
    // The checksum of no bytes, before no bytes.
    EXPECT_EQ(refused([](auto& bytes) {
                  bytes.resize(18);
                  for (std::size_t i = 0; i < 8; ++i) bytes[10 + i] = static_cast<std::uint8_t>(0xCBF29CE484222325 >> (8 * i));
              }),
              I::pack_length);
}

TEST(Invariants, are_all_broken_by_some_test) {
    std::set<I> broken{I::pack_size, I::pack_mark, I::pack_format, I::pack_checksum, I::pack_length};
    for (const Break& one : breaks) broken.insert(one.invariant);
    for (std::size_t i = 0; i < std::size(invariant_rows); ++i) EXPECT_TRUE(broken.contains(static_cast<I>(i))) << invariant_rows[i].name;
}

// A name that is none may be anything, and is not repeated to a terminal.
TEST(Invariants, are_told_without_what_is_no_name) {
    Pack pack = whole();
    grant(pack).name = text(pack, "x\x1b[2J");
    EXPECT_EQ(verify(pack).english, "policy `?`: a name is of letters, digits and _, begins with no digit, and is neither company_id nor fiscal_year [names_are_names]");
}

// ---- the page

std::string cell(std::string_view text) {
    std::string escaped;
    for (const char c : text) escaped += c == '|' ? std::string("\\|") : std::string(1, c);
    return escaped;
}

TEST(Invariants, stand_in_docs_pack_md) {
    std::ifstream file(ELIGO_SOURCE_DIR "/docs/pack.md", std::ios::binary);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    std::string rows;
    for (const InvariantRow& each : invariant_rows)
        rows += "| `" + std::string(each.name) + "` | " + cell(rule_of(each, false)) + " | " + cell(rule_of(each, true)) + " | " + cell(each.readers) + " |\n";
    EXPECT_NE(page.find(rows), std::string::npos) << "docs/pack.md should have these rows:\n" << rows;
}

}  // namespace
}  // namespace eligo::bytecode
