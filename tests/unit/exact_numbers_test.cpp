// Numbers on the way from a source into a pack: each is there as it was written, or the source is refused at its place.
// Broken when: something between sema and the pack rounds, clamps or wraps. At random, with the oracle: tests/engines/edges.cpp.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/value/date.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "compiled.hpp"

namespace eligo::tests {
namespace {

using Facts = std::vector<std::pair<std::string, std::string>>;

std::string source_of(const std::string& facts, const std::string& body, const std::string& before = "") {
    return before + "vocabulary firm \"企业\" | \"Firm\" {\n" + facts + "\n}\npolicy p for firm \"策\" | \"P\" {\nin force 2016-01-01 ..\n" + body + "\n}\n";
}
std::string require(const std::string& condition) { return "require c " + condition + " \"条\" | \"C\" @ \"甲\"\n"; }
std::string benefit(const std::string& rest) { return "benefit b : " + rest + " \"惠\" | \"B\"\n"; }

// The codes of what is said, at which lines and columns.
std::string said(const std::string& source) {
    const Compiled compiled_ = compiled("p.policy", source);
    if (compiled_.pack) {
        EXPECT_EQ(bytecode::verify(*compiled_.pack).english, "") << source;
    }
    EXPECT_EQ(compiled_.told.find("E0729"), std::string::npos) << compiled_.told;
    std::string codes;
    for (std::size_t at = compiled_.told.find(" [E"); at != std::string::npos; at = compiled_.told.find(" [E", at + 1)) codes += (codes.empty() ? "" : " ") + compiled_.told.substr(at + 2, 5);
    return codes;
}

explain::PolicyAnswer answer(const bytecode::Pack& pack, const Facts& facts) {
    vm::Profile profile = vm::empty_profile(pack, 0);
    for (const auto& [key, text] : facts) EXPECT_FALSE(vm::set_value(profile, key, vm::Scalar::Plain, text)) << key;
    return explain::Explainer(pack, 0).why(profile, {value::day_from_civil(2018, 6, 1), value::last_day});
}

// "left relation right" of the only comparison of the only clause, and whether it holds.
std::string compared(const std::string& source, const Facts& facts) {
    const Compiled compiled_ = compiled("p.policy", source);
    if (!compiled_.pack) return compiled_.told;
    const auto told = answer(*compiled_.pack, facts);
    const auto& clause = told.clauses.front();
    return clause.comparisons.front().left.low + " " + clause.comparisons.front().right.low + (clause.outcome == value::Truth::True ? " holds" : " fails");
}

TEST(ExactNumbers, units_beyond_64_bits_are_shown_as_they_are) {
    const std::string shares = "x : percent in 0% .. 100%\ny : percent in 0% .. 100%\nz : percent in 0% .. 100%\nloss : money in 0元 .. 1万元";
    const Facts halves = {{"x", "0.5"}, {"y", "0.5"}, {"z", "0.5"}, {"loss", "10000"}};
    EXPECT_EQ(compared(source_of(shares, require("loss * x * y * z <= 2000元")), halves), "1250.00 2000.00 holds");
    EXPECT_EQ(compared(source_of(shares, require("loss * x * y * z * x * y <= 312元")), halves), "312.50 312.00 fails");
    EXPECT_EQ(compared(source_of(shares, require("x * y * z >= 1/8")), halves), "0.125 0.125 holds");
    // Coarse as well: in hundreds of quintillions.
    EXPECT_EQ(compared(source_of("n : int in 0 .. 9", require("n * 100000000000000000000 > 299999999999999999999")), {{"n", "3"}}), "300000000000000000000 299999999999999999999 holds");
    // Steps of a rounding.
    EXPECT_EQ(compared(source_of("n : number in 0 .. 9", require("round(n / 3, 0.00000000000000000001) > 0.5")), {{"n", "1.5"}}), "0.5 0.5 fails");
}

TEST(ExactNumbers, a_benefit_has_a_unit_of_64_bits_or_is_refused) {
    const std::string shares = "x : percent in 0% .. 100%";
    EXPECT_EQ(said(source_of(shares, benefit("number = x * x * x"))), "");
    EXPECT_EQ(said(source_of(shares, benefit("number = x * x * x * x"))), "E0724");
    EXPECT_EQ(said(source_of(shares, benefit("number = round(x * x * x * x, 0.000000000000000001)"))), "");
    EXPECT_EQ(said(source_of(shares, benefit("number = round(x, 0.0000000000000000001)"))), "E0724");
    EXPECT_EQ(said(source_of("n : int in 0 .. 9", benefit("int = n * 100000000000000000000"))), "");
    EXPECT_EQ(said(source_of("n : int in 0 .. 9", benefit("number = n / 9223372036854775808"))), "E0724");
    EXPECT_EQ(said(source_of("n : int in 0 .. 9", benefit("number = n / 4611686018427387904"))), "");
}

TEST(ExactNumbers, ranges_end_where_64_bits_do) {
    const auto range = [](const std::string& written) { return said(source_of("f : " + written, "")); };
    EXPECT_EQ(range("int in -9223372036854775806 .. 9223372036854775807"), "");
    EXPECT_EQ(range("int in -9223372036854775807 .. 0"), "E0722");
    EXPECT_EQ(range("int in 0 .. 9223372036854775808"), "E0722");
    EXPECT_EQ(range("money in 0元 .. 92233720368547758.07元"), "");
    EXPECT_EQ(range("money in 0元 .. 92233720368547758.08元"), "E0722");
    EXPECT_EQ(range("money in 10_0000万亿元 .. 10_0000_0000万亿元"), "E0722 E0722");
    EXPECT_EQ(range("number in 0 .. 9223372036854.775807"), "");
    EXPECT_EQ(range("number in 0 .. 9223372036854.775808"), "E0722");
    EXPECT_EQ(range("int in 9223372036854775807 <.."), "E0706");
    EXPECT_EQ(range("number in 0.0000001 .. 1"), "E0721");
    EXPECT_EQ(range("number in 0 ..< 99999999999999999999999999999999999999.5"), "E0111");
}

TEST(ExactNumbers, a_default_is_a_value_of_its_fact) {
    const auto fact = [](const std::string& written) { return said(source_of("b : bool\nf : " + written, "")); };
    EXPECT_EQ(fact("percent in 0% .. 100% default 33.3333%"), "");
    EXPECT_EQ(fact("percent in 0% .. 100% default 1/3"), "E0721");
    EXPECT_EQ(fact("money in 0元 .. 1元 default 0.005元"), "E0721");
    EXPECT_EQ(fact("number in 0 .. 1 default 0.0000001"), "E0721");
    EXPECT_EQ(fact("number in 0 .. 1 default if b then 0.0000001 else 0"), "E0721");
    EXPECT_EQ(fact("int default 9223372036854775808"), "E0708");
    EXPECT_EQ(fact("int in 0 .. 9223372036854775807 default 9223372036854775807"), "");
}

TEST(ExactNumbers, entries_of_a_parameter_are_counted_together_or_refused) {
    const auto parameter = [](const std::string& type, const std::string& entries, const std::string& asked) {
        return said(source_of("n : number\nm : money\nt : text", require(asked), "parameter v : " + type + " \"数\" | \"V\" {\n" + entries + "}\n"));
    };
    EXPECT_EQ(parameter("number", "2000-01-01 .. 0.0000000001\n2001-01-01 .. 10000000000\n", "n >= v"), "E0723");
    EXPECT_EQ(parameter("number", "2000-01-01 .. 0.000000001\n2001-01-01 .. 1000000000\n", "n >= v"), "");
    EXPECT_EQ(parameter("number", "2000-01-01 .. 1000000000000000000000000000000\n", "n <= v"), "");  // in steps of 10^12
    EXPECT_EQ(parameter("number", "2000-01-01 .. 170141183460469231731687303715884105727\n", "n <= v"), "E0723");
    EXPECT_EQ(parameter("money", "2000-01-01 .. 92233720368547758.07元\n", "m <= v"), "");
    EXPECT_EQ(parameter("money", "2000-01-01 .. 92233720368547758.08元\n", "m <= v"), "E0723");
    EXPECT_EQ(parameter("number", "2000-01-01 .. 1/9223372036854775807\n", "n >= v"), "");
    EXPECT_EQ(parameter("number", "2000-01-01 .. 1/9223372036854775808\n", "n >= v"), "E0723");
    EXPECT_EQ(parameter("number", "2000-01-01 .. 1/9223372036854775807\n2001-01-01 .. 1/9223372036854775806\n", "n >= v"), "E0723");
    const std::string texts = source_of("t : text", require("t = v"), "parameter v : text \"文\" | \"V\" {\n2000-01-01 .. \"a\"\n2017-01-01 .. \"b\"\n}\n");
    const Compiled rules = compiled("p.policy", texts);
    ASSERT_TRUE(rules.pack) << rules.told;
    EXPECT_EQ(answer(*rules.pack, {{"t", "b"}}).verdict, explain::Verdict::Eligible);
    EXPECT_EQ(answer(*rules.pack, {{"t", "a"}}).verdict, explain::Verdict::Ineligible);
}

TEST(ExactNumbers, members_of_a_set_beyond_64_bits_are_met) {
    const std::string facts = "n : int in 0 .. 9000000000000000000";
    const auto in = [&](const std::string& set, const std::string& n) {
        const Compiled rules = compiled("p.policy", source_of(facts, require("n * n in " + set)));
        return rules.pack ? std::string(explain::verdict_name(answer(*rules.pack, {{"n", n}}).verdict)) : rules.told;
    };
    EXPECT_EQ(in("{1, 10000000000000000000000}", "100000000000"), "eligible");
    EXPECT_EQ(in("{1, 10000000000000000000000}", "99999999999"), "ineligible");
    EXPECT_EQ(in("{9223372036854775807, 9223372036854775808, 4}", "2"), "eligible");
    EXPECT_EQ(said(source_of("n : int in -9223372036854775806 .. 9223372036854775807", require("n in {9223372036854775807, 9223372036854775806, -9223372036854775808}"))), "");
}

TEST(ExactNumbers, a_table_of_quotients_is_proved_between_its_thresholds) {
    const std::string facts = "a : int in 0 .. 9\nc : int in 1 .. 9";
    const auto table = [&](const std::string& first, const std::string& second) {
        return said(source_of(facts, "table level(q : number) : int {\nq | level\n" + first + " | 1\n" + second + " | 2\n}\n" + benefit("int = level(a / c)")));
    };
    EXPECT_EQ(table(".. 0.0000000001", "0.0000000001 <.."), "");
    EXPECT_EQ(table(".. 0.0000000001", "0.0000000002 .."), "E0601");  // 1.5 ten-billionths have no row
    EXPECT_EQ(table(".. 0.0000000002", "0.0000000001 <.."), "E0602");
    EXPECT_EQ(table("..< 1/3", "1/3 <.."), "E0601");
    EXPECT_EQ(table("..< 1/3", "1/3 .."), "");
    EXPECT_EQ(table("0 .. 2", "2 <.. 9"), "");
    EXPECT_EQ(table("0 <.. 2", "2 <.. 9"), "E0601");
}

TEST(ExactNumbers, years_stay_within_a_hundred_whatever_the_variable) {
    const auto years = [](const std::string& condition) { return said(source_of("x : yearly int in 0 .. 9", require(condition))); };
    EXPECT_EQ(years("any(x[y + 100] >= 5 for y in -200 + 100 .. 0)"), "");
    EXPECT_EQ(years("any(x[y + 100] >= 5 for y in 0 .. 1)"), "E0326");
    EXPECT_EQ(years("any(x[y + 4294967296] >= 5 for y in 0 .. 0)"), "E0326");
    EXPECT_EQ(years("any(x[y - 18446744073709551616] >= 5 for y in 0 .. 0)"), "E0326");
    EXPECT_EQ(years("any(x[170141183460469231731687303715884105727 + y] >= 5 for y in 1 .. 1)"), "E0326");
    EXPECT_EQ(years("x[-100] >= 5 and x[100] >= 5 and year_end[100] >= as_of"), "");
}

TEST(ExactNumbers, an_unknown_is_as_wide_as_its_type_or_refused) {
    const std::string facts = "a : number in 0 .. 1\nb : number in 0 .. 1";
    EXPECT_EQ(said(source_of(facts, require("(a / b otherwise unknown) * 3 > 1"))), "");
    EXPECT_EQ(said(source_of(facts, require("((a * 0.00000000000000000000000000000000001) / b otherwise unknown) > 1"))), "E0703");
}

TEST(ExactNumbers, days_stay_within_the_calendar) {
    const auto days = [](const std::string& condition) { return said(source_of("d : date\nn : days", require(condition))); };
    EXPECT_EQ(days("d + 100000 days >= as_of"), "");
    EXPECT_EQ(days("d + 200000 days >= as_of"), "E0713");
    EXPECT_EQ(days("d + 18446744073709551616 days >= as_of"), "E0713");
    EXPECT_EQ(days("months from (d - 100000 days) to as_of >= 1 months"), "");
    EXPECT_EQ(days("months from (d - 200000 days) to as_of >= 1 months"), "E0713");
    EXPECT_EQ(days("d + 3 days - n >= 2000-01-01"), "E0713");
}

}  // namespace
}  // namespace eligo::tests
