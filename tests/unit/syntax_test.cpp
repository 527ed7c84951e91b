// The parser: every construct of the language as it is understood, and every mistake as it is told. What a person
// sees of a mistake is in tests/golden/syntax; here it is only which one, and where.
#include "syntax/parse.hpp"

#include "syntax/keywords.hpp"
#include "syntax/lexemes.hpp"
#include "text/diagnostic.hpp"
#include "text/source.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace eligo::syntax {
namespace {

struct Parsed {
    text::SourceSet sources;
    text::Sink sink;
    File file;
    explicit Parsed(std::string source) { file = parse(sources, sources.add("test.policy", std::move(source)), sink); }

    // "line:column name" of every diagnostic, in the order of the file.
    [[nodiscard]] std::vector<std::string> told() const {
        std::vector<std::string> all;
        for (const text::Diagnostic& each : sink.sorted()) {
            const text::Position at = sources.file(each.span.file).position(each.span.begin);
            const std::string_view name = text::wording(each.code).name;
            all.push_back(std::to_string(at.line) + ":" + std::to_string(at.column) + " " + std::string(name));
        }
        return all;
    }
    [[nodiscard]] std::string_view text(Span span) const { return sources.text(span); }
};

// The value of `let x = …`, printed.
std::string expression(const std::string& source) {
    const Parsed parsed("let x = " + source + "\n");
    EXPECT_EQ(parsed.told(), std::vector<std::string>{}) << source;
    const std::string printed = print(parsed.file);
    return printed.substr(8, printed.size() - 9);
}

struct Good {
    const char* name;
    const char* source;
    const char* printed;
    friend std::ostream& operator<<(std::ostream& out, const Good& good) { return out << good.name; }
};

const Good good_sources[] = {
    {"vocabulary", R"~(vocabulary company "企业" | "Company" {
  registered_on     : date fixed                      "注册成立日期" | "Date of registration"
  resident          : bool                            "居民企业" | "Resident enterprise"
  industry          : code gbt4754                    "国民经济行业代码" | "Industry code"
  employees         : number in 0..5_000_000 rising   "职工总数" | "Employees"
  rd_staff          : number in 0..employees          "研发人员数" | "R&D staff"
  revenue           : yearly money in 0元..10万亿元 default 0元 "销售收入" | "Revenue"
  tech_field        : one of { none "无" | "None", ict "电子信息"
                               biomed "生物与新医药" }
  angel_investments : list of investment up to 50     "天使投资项目" | "Angel investments"
  method : one of { actual, best } default best @ measures 3
  blocked : money default if industry in {C16, F51} then unknown else 0元
  let age = months from registered_on to as_of "成立月数" | "Age in months"
}
)~",
     R"~(vocabulary company "企业" | "Company"
  registered_on : date fixed "注册成立日期" | "Date of registration"
  resident : bool "居民企业" | "Resident enterprise"
  industry : code gbt4754 "国民经济行业代码" | "Industry code"
  employees : number in 0 .. 5000000 rising "职工总数" | "Employees"
  rd_staff : number in 0 .. employees "研发人员数" | "R&D staff"
  revenue : yearly money in 0元 .. 10000000000000元 default 0元 "销售收入" | "Revenue"
  tech_field : one of {none "无" | "None", ict "电子信息", biomed "生物与新医药"}
  angel_investments : list of investment up to 50 "天使投资项目" | "Angel investments"
  method : one of {actual, best} default best @ measures 3
  blocked : money default (if (industry in {C16, F51}) then unknown else 0元)
  let age = (months from registered_on to as_of) "成立月数" | "Age in months"
)~"},
    {"record", R"~(record investment {
  invested_on : date,  paid_in : money in 0元 .., proceeds : money in .. 5亿元

  exited : bool default false, company : company
  let loss = max(paid_in - proceeds, 0元)
  let rate_of(c : claim, share) = if c.young then 60% else 30%
}
)~",
     R"~(record investment
  invested_on : date
  paid_in : money in 0元 ..
  proceeds : money in .. 500000000元
  exited : bool default false
  company : company
  let loss = max((paid_in - proceeds), 0元)
  let rate_of(c : claim, share) = (if c.young then 60% else 30%)
)~"},
    {"expressions", R"~(policy p for company {
  let precedence = a or b and not c = d + e * -f otherwise false
  let sums = a - b - c + d / e / f
  let brackets = (a + b) * (rd / revenue otherwise 0%)
  let ranges = x in 1 .. 2 and y in 1 <.. 2 and z in 1 ..< 2 and u in 1 <..< 2 and v in 3 .. and w in .. 4
  let sets = industry in {C16, F51, K70} and not tech_field in { none,
    ict }
  let outside = industry not in {A, B}
  let years = year_end[0] + 5 months <= as_of and sum(revenue[-3..-1]) > 2亿元
  let over_years = all(rd_expense[y] >= 3% * revenue[y] for y in -2 .. -1)
  let loop = sum(revenue[y] for y in -3 .. -1 where year_end[y] >= registered_on)
  let many = count(x in claims where x.exited) + count(x in claims)
  let calls = round(min(a, 0.01元), 200 yuan) + clamp(x, 1 .. 2) + rounded()
  let other = technology_sme(company).score + technology_sme.rate
  let dated = super_deduction_rate as of 2017-12-31 + rate as of year_end[-1]
  let spans = (months from registered_on to as_of) / 12 months + days from year_end[0] to (as_of + 3 days)
  let choice = if a then b else if c then d else e + 1
  let 研发占比 = 研发费用 / 销售收入 otherwise unknown
  let units = 500 万元 + 1.2亿 + 2万亿元 + 75% + 3‰ + 12 months + 3年 + 365天 + 12个月 + 1 year + 5_000_000
  let several_lines = a
    + b
    * (c -
       d)
}
)~",
     R"~(policy p for company
  let precedence = ((a or (b and (not (c = (d + (e * (- f))))))) otherwise false)
  let sums = (((a - b) - c) + ((d / e) / f))
  let brackets = ((a + b) * ((rd / revenue) otherwise 0%))
  let ranges = ((((((x in 1 .. 2) and (y in 1 <.. 2)) and (z in 1 ..< 2)) and (u in 1 <..< 2)) and (v in 3 ..)) and (w in .. 4))
  let sets = ((industry in {C16, F51, K70}) and (not (tech_field in {none, ict})))
  let outside = (not (industry in {A, B}))
  let years = (((year_end[0] + 5 months) <= as_of) and (sum(revenue[(- 3) .. (- 1)]) > 200000000元))
  let over_years = all((rd_expense[y] >= (3% * revenue[y])) for y in (- 2) .. (- 1))
  let loop = sum(revenue[y] for y in (- 3) .. (- 1) where (year_end[y] >= registered_on))
  let many = (count(x in claims where x.exited) + count(x in claims))
  let calls = ((round(min(a, 0.01元), 200元) + clamp(x, 1 .. 2)) + rounded())
  let other = (technology_sme(company).score + technology_sme.rate)
  let dated = ((super_deduction_rate as of 2017-12-31) + (rate as of year_end[(- 1)]))
  let spans = (((months from registered_on to as_of) / 12 months) + (days from year_end[0] to (as_of + 3 days)))
  let choice = (if a then b else (if c then d else (e + 1)))
  let 研发占比 = ((研发费用 / 销售收入) otherwise unknown)
  let units = ((((((((((5000000元 + 120000000) + 2000000000000元) + 75%) + 3‰) + 12 months) + 36 months (years)) + 365 days) + 12 months) + 12 months (years)) + 5000000)
  let several_lines = (a + (b * (c - d)))
)~"},
    {"policy", R"~(policy high_tech_enterprise for company "高新技术企业认定" | "High-tech enterprise status" {
  authority "科技部 财政部 国家税务总局" | "Ministries"
  source measures "国科发火〔2016〕32号"
  in force 2016-01-01 .. 2020-12-31
  assessed on year_end[0]
  conflicts with other_policy @ measures 9 @ "财税〔2018〕99号"

  require established   registered_on + 365 days <= as_of   "注册成立一年以上" | "A year old"  @ measures 11(1)
  require rd_share      rd_ratio >= rd_floor(revenue[-1])   @ measures 11(5) "研发费用占比达标"
  require young         age <= 3 unless exempt              "三年以内"  @ "财税〔2018〕99号" 一 @ measures 2   # a remark
  exclude incident      major_incident when resident        "发生重大安全、质量事故"      @ measures 11(8)
  any of stage "种子期或初创期" @ measures 6 {
    all of seed    "种子期" @ measures 6(1) {
      require seed_staff staff <= 50 "职工人数"
    }

    at least 2 of startup "初创期" {
      require startup_staff staff <= 200 "职工人数"
      require startup_sales sales <= 2000万元 "销售额"
    }
  }

  benefit tax_rate : percent = 15%  "减按15%税率"  @ "企业所得税法 28(2)"
  benefit score : int = points always "得分"
  benefit amount : money = round(x, 0.01元) when rd_share "金额"
}
)~",
     R"~(policy high_tech_enterprise for company "高新技术企业认定" | "High-tech enterprise status"
  authority "科技部 财政部 国家税务总局" | "Ministries"
  source measures "国科发火〔2016〕32号"
  in force 2016-01-01 .. 2020-12-31
  assessed on year_end[0]
  conflicts with other_policy @ measures 9 @ "财税〔2018〕99号"
  require established : ((registered_on + 365 days) <= as_of) "注册成立一年以上" | "A year old" @ measures 11(1)
  require rd_share : (rd_ratio >= rd_floor(revenue[(- 1)])) "研发费用占比达标" @ measures 11(5)
  require young : (age <= 3) unless exempt "三年以内" @ "财税〔2018〕99号 一" @ measures 2
  exclude incident : major_incident when resident "发生重大安全、质量事故" @ measures 11(8)
  any of stage "种子期或初创期" @ measures 6
    all of seed "种子期" @ measures 6(1)
      require seed_staff : (staff <= 50) "职工人数"
    at least 2 of startup "初创期"
      require startup_staff : (staff <= 200) "职工人数"
      require startup_sales : (sales <= 20000000元) "销售额"
  benefit tax_rate : percent = 15% "减按15%税率" @ "企业所得税法 28(2)"
  benefit score : int = points always "得分"
  benefit amount : money = round(x, 0.01元) when rd_share "金额"
)~"},
    {"parameter", R"~(parameter super_deduction_rate : percent "加计扣除比例" @ law 30 {
  2008-01-01 ..  50%    @ "企业所得税法实施条例 95"
  2018-01-01 .. published 2018-09-20  75%    @ "财税〔2018〕99号"
  2021-01-01 .. 2022-12-31 published 2021-03-15 100%
  2023-01-01 .. 2023-12-31  if resident then 100% else 75%
  2024-01-01 ..  -5%
}

parameter deadline : date {
  2016-01-01 ..  2016-05-31
  2017-01-01 .. 2017-12-31  2017-06-30
  .. 2007-12-31 2007-06-30
}
)~",
     R"~(parameter super_deduction_rate : percent "加计扣除比例" @ law 30
  2008-01-01 .. : 50% @ "企业所得税法实施条例 95"
  2018-01-01 .. published 2018-09-20 : 75% @ "财税〔2018〕99号"
  2021-01-01 .. 2022-12-31 published 2021-03-15 : 100%
  2023-01-01 .. 2023-12-31 : (if resident then 100% else 75%)
  2024-01-01 .. : (- 5%)
parameter deadline : date
  2016-01-01 .. : 2016-05-31
  2017-01-01 .. 2017-12-31 : 2017-06-30
  .. 2007-12-31 : 2007-06-30
)~"},
    {"table", R"~(table rd_floor(latest_revenue) : percent "下限" | "Floor" {
  latest_revenue        | floor
  .. 5000万元           | 5%      @ measures 11(5)
  5000万元 <.. 2亿元     | 4%
  2亿元 <..              | 3%
}

table spread(x : int, kind, on) : (low : int, high : money) first {
  x        | kind        | on                                   | low | high
  5        | { ict, none } | 2018-01-01 .. published 2018-09-20 | 1   | x * 2元
  -        | biomed      | -                                    | -1  | if x > 3 then 1元 else 2元

  otherwise | 0 | 0元
}
)~",
     R"~(table rd_floor(latest_revenue) : (percent) "下限" | "Floor"
  header latest_revenue | floor
  row .. 50000000元 => 5% @ measures 11(5)
  row 50000000元 <.. 200000000元 => 4%
  row 200000000元 <.. => 3%
table spread(x : int, kind, on) : (low : int, high : money) first
  header x | kind | on | low | high
  row 5 | {ict, none} | 2018-01-01 .. published 2018-09-20 => 1, (x * 2元)
  row - | biomed | - => (- 1), (if (x > 3) then 1元 else 2元)
  row otherwise => 0, 0元
)~"},
    {"scenario", R"~(scenario "研发人员刚好10%" for high_tech_enterprise as of 2018-06-01 {
  given registered_on = 2015-03-01, employees = 100, rd_staff = unknown
        revenue[-1] = 3000万元, industry = C39, tech_field = none
  given claims = [ { paid_in = 5元, exited = true },
                   { paid_in = 8 .. 12 } ], claims[1].paid_in = 6元, staff = 3 ..
  expect eligible, tax_rate = 15%, other.rate = none
  expect compensation in 60万元 .. 120万元
}

scenario "缺研发人员数" for high_tech_enterprise as of 2018-06-01 known on 2018-05-01 like "研发人员刚好10%" {
  given rd_staff = unknown
  expect undetermined needs rd_staff, revenue[-1], claims[0].investee_staff, stage.seed holds
  expect ineligible because established, stage.seed, tax_rate = 15%
  expect not in force
  expect owns_ip fails, rd_share unknown
}
)~",
     R"~(scenario "研发人员刚好10%" for high_tech_enterprise as of 2018-06-01
  given registered_on = 2015-03-01
  given employees = 100
  given rd_staff = unknown
  given revenue[(- 1)] = 30000000元
  given industry = C39
  given tech_field = none
  given claims = [{paid_in = 5元, exited = true}, {paid_in = 8 .. 12}]
  given claims[1].paid_in = 6元
  given staff = 3 ..
  expect eligible
  expect tax_rate = 15%
  expect other.rate = none
  expect compensation in 600000元 .. 1200000元
scenario "缺研发人员数" for high_tech_enterprise as of 2018-06-01 known on 2018-05-01 like "研发人员刚好10%"
  given rd_staff = unknown
  expect undetermined
  expect needs rd_staff, revenue[(- 1)], claims[0].investee_staff
  expect stage.seed holds
  expect ineligible
  expect because established, stage.seed
  expect tax_rate = 15%
  expect not in force
  expect owns_ip fails
  expect rd_share unknown
)~"},
    {"file", R"~(import "../vocabulary/company.policy"

source law "企业所得税法"
let stray = 5

policy first for company {
  in force .. 2015-12-31
}
policy second for company
{
  in force 2016-01-01 ..
}
)~",
     R"~(import "../vocabulary/company.policy"
source law "企业所得税法"
let stray = 5
policy first for company
  in force .. 2015-12-31
policy second for company
  in force 2016-01-01 ..
)~"},
};

struct Bad {
    const char* name;
    const char* source;
    std::vector<std::string> told;
    friend std::ostream& operator<<(std::ostream& out, const Bad& bad) { return out << bad.name; }
};

const Bad bad_sources[] = {
    {"aggregate_without_for", R"~(policy p for company "政策" | "Policy" {
  let total = sum(c.amount where c.exited)
}
)~",
     {"2:27 expected"}},
    {"assignment_sign", R"~(policy p for company "政策" | "Policy" {
  let age := 5
}
)~",
     {"2:11 foreign_operator"}},
    {"at_least_without_number", R"~(policy p for company "政策" | "Policy" {
  at least of stage "阶段" @ measures 1 {
    require seed young "种子期"
  }
}
)~",
     {"2:12 whole_number_expected"}},
    {"benefit_without_type", R"~(policy p for company "政策" | "Policy" {
  benefit rate = 15% "税率"
}
)~",
     {"2:15 expected"}},
    {"brace_not_closed", R"~(vocabulary company "企业" {
  name : text

policy p for company {
  in force 2016-01-01 ..
}
)~",
     {"1:25 unclosed_bracket"}},
    {"brace_not_closed_at_end", R"~(vocabulary company "企业" {
  name : text
)~",
     {"1:25 unclosed_bracket"}},
    {"brace_not_opened", R"~(vocabulary company "企业" | "Company" {
  name : text
}
}
)~",
     {"4:1 unopened_bracket"}},
    {"bracket_not_closed", R"~(policy p for company "政策" | "Policy" {
  let total = (1 + 2
  let next = round(total, 0.01
}
)~",
     {"2:15 unclosed_bracket", "3:19 unclosed_bracket"}},
    {"bracket_not_opened", R"~(policy p for company "政策" | "Policy" {
  let total = 1 + 2)
}
)~",
     {"2:20 unopened_bracket"}},
    {"chained_comparison", R"~(policy p for company "政策" | "Policy" {
  require between 0 < staff < 50 "人数" @ measures 1
}
)~",
     {"2:21 chained_comparison"}},
    {"citation_missing", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 500万元 "规模" @
}
)~",
     {"2:43 expected_citation"}},
    {"clause_without_condition", R"~(policy p for company "政策" | "Policy" {
  require audited_books "查账征收" @ measures 1
  exclude incident
}
)~",
     {"2:11 clause_without_condition", "3:11 clause_without_condition"}},
    {"clause_without_name", R"~(policy p for company "政策" | "Policy" {
  require revenue[-1] <= 500万元 "规模" @ measures 1
  require staff >= 5 "人数" @ measures 2
  exclude (a or b) "其他" @ measures 3
  require industry in {C39} "行业" @ measures 4
}
)~",
     {"2:11 clause_without_name", "3:11 clause_without_name", "4:11 clause_without_name", "5:11 clause_without_name"}},
    {"comparison_in_cell", R"~(policy p for company "政策" | "Policy" {
  table floor(revenue) : percent {
    revenue | floor
    < 5000万元 | 5%
    >= 5000万元 | 4%
  }
}
)~",
     {"4:5 comparison_in_cell", "5:5 comparison_in_cell"}},
    {"count_with_value", R"~(policy p for company "政策" | "Policy" {
  let many = count(c.amount for c in claims)
}
)~",
     {"2:20 count_with_value"}},
    {"date_missing", R"~(policy p for company "政策" | "Policy" {
  parameter rate : percent {
    2018-01-01 .. published 75%
  }
}
)~",
     {"3:29 expected_date"}},
    {"date_out_of_range", R"~(policy p for company "政策" | "Policy" {
  in force 1850-01-01 ..
}
)~",
     {"2:12 date_out_of_range"}},
    {"digits_grouped", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 5,000,000元 "规模" @ measures 1
}
)~",
     {"2:32 digits_grouped"}},
    {"elseif", R"~(policy p for company "政策" | "Policy" {
  let rate = if a then 1 elseif b then 2 else 3
}
)~",
     {"2:26 foreign_operator"}},
    {"empty_cell", R"~(policy p for company "政策" | "Policy" {
  table t(x, y) : int {
    x | y | r
    .. 5 | | 1
    5 <.. | - | 2
  }
}
)~",
     {"4:12 empty_cell"}},
    {"equals_written_twice", R"~(policy p for company "政策" | "Policy" {
  require listed industry == C39 "行业" @ measures 1
}
)~",
     {"2:27 double_equals"}},
    {"expectation_missing", R"~(scenario "情形" for p as of 2018-06-01 {
  given staff = 5
  expect
}
)~",
     {"3:9 expected_expectation"}},
    {"field_expected", R"~(vocabulary company "企业" | "Company" {
  5 : int
  name : text
}
)~",
     {"2:3 expected_field"}},
    {"field_without_colon", R"~(vocabulary company "企业" | "Company" {
  revenue yearly money
  name : text
}
)~",
     {"2:10 expected"}},
    {"field_without_type", R"~(vocabulary company "企业" | "Company" {
  revenue :
  name : text
}
)~",
     {"2:12 expected_type"}},
    {"fraction_of_a_duration", R"~(policy p for company "政策" | "Policy" {
  require old registered_on + 1.5 months <= as_of "成立" @ measures 1
}
)~",
     {"2:31 fraction_of_a_duration"}},
    {"given_missing", R"~(scenario "情形" for p as of 2018-06-01 {
  given
  expect eligible
}
)~",
     {"2:8 expected_given"}},
    {"group_without_name", R"~(policy p for company "政策" | "Policy" {
  all of "阶段" @ measures 1 {
    require seed young "种子期"
    require early
  }
}
)~",
     {"2:10 expected_name", "4:13 clause_without_condition"}},
    {"group_without_of", R"~(policy p for company "政策" | "Policy" {
  any stage "阶段" @ measures 1 {
    require seed young "种子期"
  }
}
)~",
     {"2:6 expected"}},
    {"header_without_brace", R"~(policy p for company "政策"
  in force 2016-01-01 ..
  require small revenue[-1] <= 
}
)~",
     {"1:26 expected", "3:31 expected_expression"}},
    {"if_without_else", R"~(policy p for company "政策" | "Policy" {
  let rate = if small then 60%
  let next = if small 60% else 30%
}
)~",
     {"2:31 if_without_else", "3:23 if_without_else"}},
    {"in_force_twice", R"~(policy p for company "政策" | "Policy" {
  in force 2016-01-01 ..
  in force 2017-01-01 ..
}
)~",
     {"3:3 declared_twice_in_policy"}},
    {"let_without_equals", R"~(policy p for company "政策" | "Policy" {
  let age 5
  let next = 6
}
)~",
     {"2:10 expected"}},
    {"list_without_of", R"~(vocabulary company "企业" | "Company" {
  claims : list claim
}
)~",
     {"2:16 expected"}},
    {"malformed_number", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 5__000元 "规模" @ measures 1
}
)~",
     {"2:32 malformed_number"}},
    {"members_without_comma", R"~(vocabulary company "企业" | "Company" {
  tech_field : one of { none "无" ict "电子信息" }
}
)~",
     {"2:33 expected"}},
    {"misspelt_declaration", R"~(polcy p for company "政策" {
  in force 2016-01-01 ..
}
)~",
     {"1:1 misspelt_word"}},
    {"misspelt_entry", R"~(policy p for company "政策" | "Policy" {
  requre small revenue[-1] <= 500万元 "规模" @ measures 1
}
)~",
     {"2:3 misspelt_word"}},
    {"misspelt_expect", R"~(scenario "情形" for p as of 2018-06-01 {
  given staff = 5
  expct eligible
}
)~",
     {"3:3 misspelt_word"}},
    {"misspelt_given", R"~(scenario "情形" for p as of 2018-06-01 {
  givn staff = 5
  expect eligible
}
)~",
     {"2:3 misspelt_word"}},
    {"misspelt_outcome", R"~(scenario "情形" for p as of 2018-06-01 {
  expect stage hold
}
)~",
     {"2:16 misspelt_word"}},
    {"misspelt_then", R"~(policy p for company "政策" | "Policy" {
  let rate = if small thn 60% else 30%
}
)~",
     {"2:23 misspelt_word"}},
    {"misspelt_verdict", R"~(scenario "情形" for p as of 2018-06-01 {
  expect eligble
}
)~",
     {"2:10 misspelt_word"}},
    {"name_missing", R"~(policy p for company "政策" | "Policy" {
  let = 5
}
)~",
     {"2:7 expected_name"}},
    {"no_such_date", R"~(policy p for company "政策" | "Policy" {
  in force 2018-02-30 ..
  let first = 2018-1-1
  let second = 2018年1月1日
}
)~",
     {"2:12 no_such_date", "3:15 no_such_date", "4:16 no_such_date"}},
    {"not_an_aggregate", R"~(policy p for company "政策" | "Policy" {
  let mean = avg(c.amount for c in claims)
}
)~",
     {"2:14 not_an_aggregate"}},
    {"number_too_large", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 999999999999999999999999999999999999999元 "规模" @ measures 1
}
)~",
     {"2:32 number_too_large"}},
    {"number_without_zero", R"~(policy p for company "政策" | "Policy" {
  require share ratio >= .5 "占比" @ measures 1
}
)~",
     {"2:26 malformed_number"}},
    {"operators_of_other_languages", R"~(policy p for company "政策" | "Policy" {
  require a x && y || !z "一" @ measures 1
  require b x => 5 and y =< 6 "二" @ measures 2
  require c x <> 7 "三" @ measures 3
}
)~",
     {"2:15 foreign_operator", "2:20 foreign_operator", "2:23 foreign_operator", "3:15 foreign_operator", "3:26 foreign_operator", "4:15 foreign_operator"}},
    {"otherwise_beside_comparison", R"~(policy p for company "政策" | "Policy" {
  require share rd / revenue otherwise 0% >= 4% "占比" @ measures 1
  require part rd >= revenue / total otherwise 0% "占比" @ measures 1
}
)~",
     {"2:30 otherwise_needs_brackets", "3:38 otherwise_needs_brackets"}},
    {"period_missing", R"~(policy p for company "政策" | "Policy" {
  in force 2016-01-01
  parameter rate : percent {
    2018-01-01 75%
    "2018-01-01" .. 75%
  }
}
)~",
     {"2:22 expected_period", "4:16 expected_period", "5:5 expected_period"}},
    {"question_mark", R"~(policy p for company "政策" | "Policy" {
  let rate = small ? 60% : 30%
}
)~",
     {"2:20 foreign_operator"}},
    {"range_missing", R"~(vocabulary company "企业" | "Company" {
  staff : int in 5 "职工" | "Staff"
}
)~",
     {"2:20 expected_range"}},
    {"reserved_word_as_name", R"~(vocabulary company "企业" | "Company" {
  when : bool
  staff : int
}
policy p for company "政策" | "Policy" {
  let not = 5
}
)~",
     {"2:3 reserved_word", "6:7 reserved_word"}},
    {"rest_of_line", R"~(policy p for company "政策" | "Policy" {
  let total = 1 2
}
)~",
     {"2:17 unexpected_rest_of_line"}},
    {"result_missing", R"~(policy p for company "政策" | "Policy" {
  table t(x) : int {
    x | r
    .. 5 | -
    5 <.. |
  }
}
)~",
     {"4:12 expected_expression", "5:12 expected_expression"}},
    {"said_twice", R"~(vocabulary company "企业" | "Company" {
  staff : int default 3 default 4 "职工" "人数"
}
)~",
     {"2:25 said_twice", "2:40 said_twice"}},
    {"scenario_entry_expected", R"~(scenario "情形" for p as of 2018-06-01 {
  5 = x
  expect eligible
}
)~",
     {"2:3 scenario_entry_expected"}},
    {"set_or_range_missing", R"~(policy p for company "政策" | "Policy" {
  require listed industry in C39 "行业" @ measures 1
}
)~",
     {"2:30 expected_set_or_range"}},
    {"table_without_header", R"~(policy p for company "政策" | "Policy" {
  table t(x) : int {
    .. 5 | 1
    5 <.. | 2
  }
}
)~",
     {"3:5 expected_table_header"}},
    {"text_for_date", R"~(scenario "情形" for p as of "2018-06-01" {
  expect eligible
}
)~",
     {"1:27 expected_date"}},
    {"text_missing", R"~(import company.policy

source measures
)~",
     {"1:8 expected_text", "3:16 expected_text"}},
    {"three_broken_entries", R"~(policy p for company "政策" | "Policy" {
  let a 5
  require b >= 6 "二" @ measures 2
  require c staff >= 7 "三" @ measures 3
  benefit d = 8
}
scenario "情形" for p as of 2018-06-01 {
  expect eligible
}
)~",
     {"2:8 expected", "3:11 clause_without_name", "5:12 expected"}},
    {"two_clauses_on_a_line", R"~(policy p for company "政策" | "Policy" {
  require a x >= 5 , require b y >= 6
}
)~",
     {"2:20 comma_between_entries"}},
    {"type_missing", R"~(policy p for company "政策" | "Policy" {
  benefit rate : = 15% "税率"
}
)~",
     {"2:18 expected_type"}},
    {"unknown_declaration", R"~(2016-01-01 .. 75%

vocabulary company "企业" {
  name : text
}
)~",
     {"1:1 expected_declaration"}},
    {"unknown_entry", R"~(policy p for company "政策" | "Policy" {
  foo bar
  in force 2016-01-01 ..
}
)~",
     {"2:3 expected_clause"}},
    {"unknown_unit", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 500rmb "规模" @ measures 1
}
)~",
     {"2:35 unknown_unit"}},
    {"unknown_unit_behind_blank", R"~(policy p for company "政策" | "Policy" {
  require small revenue[-1] <= 500 rmb "规模" @ measures 1
}
)~",
     {"2:36 unknown_unit"}},
    {"value_missing", R"~(policy p for company "政策" | "Policy" {
  let total = 1 +
  let next = * 2
}
)~",
     {"2:18 expected_expression", "3:14 expected_expression"}},
};

class SyntaxGood : public testing::TestWithParam<Good> {};
TEST_P(SyntaxGood, IsUnderstood) {
    const Parsed parsed(GetParam().source);
    EXPECT_EQ(parsed.told(), std::vector<std::string>{});
    EXPECT_EQ(print(parsed.file), GetParam().printed);
}
INSTANTIATE_TEST_SUITE_P(Sources, SyntaxGood, testing::ValuesIn(good_sources), [](const auto& each) { return each.param.name; });

class SyntaxBad : public testing::TestWithParam<Bad> {};
TEST_P(SyntaxBad, IsTold) {
    const Parsed parsed(GetParam().source);
    EXPECT_EQ(parsed.told(), GetParam().told);
}
TEST_P(SyntaxBad, IsToldInBothLanguages) {
    const Parsed parsed(GetParam().source);
    for (const text::Diagnostic& each : parsed.sink.sorted()) {
        EXPECT_FALSE(text::message(each, text::Language::Chinese).empty());
        EXPECT_FALSE(text::message(each, text::Language::English).empty());
        EXPECT_EQ(text::message(each, text::Language::English).find('{' + std::string("0}")), std::string::npos);
    }
}
INSTANTIATE_TEST_SUITE_P(Sources, SyntaxBad, testing::ValuesIn(bad_sources), [](const auto& each) { return each.param.name; });

// Writing what the fix-its say takes the diagnostics away.
TEST(SyntaxFixIts, RepairWhatTheyStandBeside) {
    int repaired_sources = 0;
    for (const Bad& bad : bad_sources) {
        std::vector<text::Diagnostic> told = Parsed(bad.source).sink.sorted();
        if (!std::ranges::all_of(told, [](const text::Diagnostic& each) { return each.fix.has_value(); })) continue;
        std::string repaired = bad.source;
        std::ranges::reverse(told);
        for (const text::Diagnostic& each : told) {
            repaired.replace(each.fix->span.begin, each.fix->span.end - each.fix->span.begin, each.fix->replacement);
        }
        EXPECT_EQ(Parsed(repaired).told(), std::vector<std::string>{}) << bad.name << "\n" << repaired;
        ++repaired_sources;
    }
    EXPECT_GE(repaired_sources, 15);
}

// ---- Expressions -----------------------------------------------------------------------------------------------

TEST(SyntaxExpressions, BindFromOtherwiseDownToParts) {
    EXPECT_EQ(expression("a otherwise b or c"), "(a otherwise (b or c))");
    EXPECT_EQ(expression("a or b and c"), "(a or (b and c))");
    EXPECT_EQ(expression("not a and b"), "((not a) and b)");
    EXPECT_EQ(expression("not a = b"), "(not (a = b))");
    EXPECT_EQ(expression("a + b <= c * d"), "((a + b) <= (c * d))");
    EXPECT_EQ(expression("-a.b * c"), "((- a.b) * c)");
    EXPECT_EQ(expression("rate as of year_end[0] * 2"), "((rate as of year_end[0]) * 2)");
}

TEST(SyntaxExpressions, AreLeftAssociative) {
    EXPECT_EQ(expression("a - b - c"), "((a - b) - c)");
    EXPECT_EQ(expression("a / b / c"), "((a / b) / c)");
    EXPECT_EQ(expression("a otherwise b otherwise c"), "((a otherwise b) otherwise c)");
}

TEST(SyntaxExpressions, NamesMayBeginWithKeywords) {
    EXPECT_EQ(expression("income + notes + android + order + 不含税"), "((((income + notes) + android) + order) + 不含税)");
    EXPECT_EQ(expression("months + days + source + name"), "(((months + days) + source) + name)");
}

TEST(SyntaxExpressions, RangesNeedNoBlanks) {
    EXPECT_EQ(expression("a in 0..5_000_000"), "(a in 0 .. 5000000)");
    EXPECT_EQ(expression("a in 1.5..<2.5"), "(a in 1.5 ..< 2.5)");
    EXPECT_EQ(expression("a < 5 and b<5"), "((a < 5) and (b < 5))");
}

TEST(SyntaxExpressions, NumbersAreExact) {
    const Parsed parsed("let x = 1.2亿元 + 75% + 3‰ + 0.1\n");
    std::vector<value::Rational> numbers;
    for (const Expr& each : parsed.file.exprs) {
        if (each.kind == ExprKind::Number) numbers.push_back(each.number);
    }
    const std::vector<value::Rational> expected{value::Rational(120'000'000), value::Rational::of(3, 4), value::Rational::of(3, 1000),
                                                value::Rational::of(1, 10)};
    EXPECT_EQ(numbers, expected);
}

TEST(SyntaxExpressions, SpansCoverWhatWasWritten) {
    const Parsed parsed("let x = (a + b) * revenue[-1]\n");
    const Expr& product = parsed.file.expr(parsed.file.lets[0].value);
    EXPECT_EQ(parsed.text(product.span), "(a + b) * revenue[-1]");
    EXPECT_EQ(parsed.text(product.op_span), "*");
    const Expr& sum = parsed.file.expr(product.args[0]);
    EXPECT_EQ(parsed.text(sum.span), "a + b");
    EXPECT_TRUE(sum.bracketed);
    EXPECT_EQ(parsed.text(parsed.file.expr(product.args[1]).span), "revenue[-1]");
}

TEST(SyntaxExpressions, LabelsOfOneLanguageStandForBoth) {
    const Parsed parsed("record r {\n  a : int \"人数\"\n  b : int \"Staff\"\n  c : int \"人数\" | \"Staff\"\n}\n");
    const std::vector<Field>& fields = parsed.file.subjects.at(0).fields;
    EXPECT_EQ(fields.at(0).label.english, "人数");
    EXPECT_EQ(fields.at(1).label.chinese, "Staff");
    EXPECT_EQ(fields.at(2).label.chinese, "人数");
    EXPECT_EQ(fields.at(2).label.english, "Staff");
}

TEST(SyntaxCitations, KeepFreeText) {
    const Parsed parsed("policy p for c {\n  conflicts with q @ \"财税〔2018〕99号 一，（二）\" 三 @ measures 11(1)  # remark\n}\n");
    const std::vector<Citation>& cited = parsed.file.policies.at(0).conflicts.at(0).citations;
    ASSERT_EQ(cited.size(), 2U);
    EXPECT_TRUE(cited[0].quoted);
    EXPECT_EQ(cited[0].raw, "财税〔2018〕99号 一，（二） 三");
    EXPECT_FALSE(cited[1].quoted);
    EXPECT_EQ(cited[1].raw, "measures 11(1)");
}

// ---- Recovery --------------------------------------------------------------------------------------------------

TEST(SyntaxRecovery, KeepsTheNamesOfBrokenEntries) {
    const Parsed parsed("policy p for c {\n  let a = *\n  let f(x : r = 3\n  require b a +\n  benefit d : money = \n}\n");
    const Policy& policy = parsed.file.policies.at(0);
    EXPECT_EQ(parsed.told().size(), 4U);
    EXPECT_EQ(policy.lets.at(0).name.text, "a");
    EXPECT_EQ(parsed.file.expr(policy.lets.at(0).value).kind, ExprKind::Broken);
    EXPECT_TRUE(policy.lets.at(1).is_function);
    EXPECT_EQ(policy.clauses.at(0).name.text, "b");
    EXPECT_EQ(policy.benefits.at(0).type.kind, TypeKind::Money);
}

TEST(SyntaxRecovery, ReadsTheBodyBehindABrokenHeader) {
    const Parsed parsed("policy p company {\n  let a = 1\n  any of \"x\" {\n    require b a > 0\n  }\n}\n");
    EXPECT_EQ(parsed.told(), (std::vector<std::string>{"1:9 expected", "3:10 expected_name"}));
    const Policy& policy = parsed.file.policies.at(0);
    EXPECT_EQ(policy.lets.size(), 1U);
    EXPECT_EQ(policy.clauses.at(0).children.at(0).name.text, "b");
}

TEST(SyntaxRecovery, ReadsAMisspeltEntryAsWhatWasMeant) {
    const Parsed parsed("policy p for c {\n  exclde a b = 1\n  benfit d : int = 2\n}\nscenaro \"s\" for p as of 2018-01-01 {\n  expect eligible\n}\n");
    EXPECT_EQ(parsed.told().size(), 3U);
    EXPECT_EQ(parsed.file.policies.at(0).clauses.at(0).kind, ClauseKind::Exclude);
    EXPECT_EQ(parsed.file.policies.at(0).benefits.size(), 1U);
    EXPECT_EQ(parsed.file.scenarios.at(0).expects.size(), 1U);
}

std::string repeated(std::string_view text, std::size_t times) {
    std::string all;
    for (std::size_t i = 0; i < times; ++i) all += text;
    return all;
}

TEST(SyntaxLimits, DepthIsRefusedPolitely) {
    for (const std::string& deep : {repeated("(", 50'000), repeated("not ", 50'000), repeated("- ", 50'000), repeated("f(", 50'000),
                                    repeated("if a then ", 50'000), repeated("if a then b else ", 50'000), repeated("a in {", 50'000)}) {
        const Parsed parsed("let x = " + deep + "1\n");
        ASSERT_EQ(parsed.told().size(), 1U);
        EXPECT_NE(parsed.told()[0].find("nesting_too_deep"), std::string::npos) << parsed.told()[0];
    }
    EXPECT_EQ(expression(repeated("(", 90) + "1" + repeated(")", 90)), "1");
}

TEST(SyntaxLimits, LengthOfAChainIsRefusedPolitely) {
    EXPECT_EQ(Parsed("let x = 1" + repeated(" + 1", 400) + "\n").told(), std::vector<std::string>{});
    EXPECT_EQ(Parsed("let x = 1" + repeated(" + 1", 50'000) + "\n").told(), std::vector<std::string>{"1:9 expression_too_long"});
}

// Whatever is cut off or left out, the parser says something and stays inside the text.
TEST(SyntaxLimits, AnyPieceOfASourceCanBeRead) {
    for (const Good& each : good_sources) {
        const std::string source = each.source;
        for (std::size_t at = 0; at < source.size(); ++at) {
            for (const std::string& piece : {source.substr(0, at), source.substr(at), source.substr(0, at) + source.substr(at + 1)}) {
                const Parsed parsed(piece);
                for (const text::Diagnostic& told : parsed.sink.sorted()) ASSERT_LE(told.span.end, piece.size());
                for (const Expr& expr : parsed.file.exprs) ASSERT_LE(expr.span.end, piece.size());
            }
        }
    }
}

// ---- Words -----------------------------------------------------------------------------------------------------

TEST(SyntaxWords, NumbersAreSplit) {
    const NumberParts parts = split_number("5_000 万亿 元");
    EXPECT_EQ(parts.digits, "5_000");
    EXPECT_EQ(parts.zeros, 12);
    EXPECT_EQ(parts.unit, "元");
    EXPECT_EQ(split_number("12个月").unit, "个月");
    EXPECT_EQ(split_number("0.75").digits, "0.75");
}

TEST(SyntaxWords, NumbersEndWhereTheyShould) {
    EXPECT_EQ(end_of_number("5..6", 0), 1U);
    EXPECT_EQ(end_of_number("500 万元 when", 0), std::string("500 万元").size());
    EXPECT_EQ(end_of_number("5 otherwise", 0), 1U);
    EXPECT_EQ(end_of_number("12 months from", 0), std::string("12 months").size());
    EXPECT_EQ(end_of_number("x", 0), npos);
}

TEST(SyntaxWords, FewWordsAreReserved) {
    EXPECT_TRUE(is_reserved("otherwise"));
    EXPECT_FALSE(is_reserved("source"));
    EXPECT_FALSE(is_reserved("sum"));
    EXPECT_EQ(nearest_keyword("requre", OpensPolicyEntry), "require");
    EXPECT_EQ(nearest_keyword("zzzzzz", OpensPolicyEntry), std::nullopt);
}

TEST(SyntaxWords, SpellingsAreUnique) {
    for (const Keyword& each : keywords()) {
        EXPECT_EQ(std::ranges::count(keywords(), each.spelling, &Keyword::spelling), 1) << each.spelling;
    }
    for (const UnitSpelling& each : units()) {
        EXPECT_EQ(std::ranges::count(units(), each.spelling, &UnitSpelling::spelling), 1) << each.spelling;
    }
}

}  // namespace
}  // namespace eligo::syntax
