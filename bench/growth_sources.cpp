#include "growth_sources.hpp"

#include <cstdio>
#include <functional>

namespace eligo::bench {
namespace {

using Sources = std::vector<GrowthSource>;

std::string number(std::size_t n) { return std::to_string(n); }

// `#` in a line is its number.
std::string lines(std::size_t n, const std::string& line) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) {
        for (const char sign : line) {
            if (sign == '#') text += number(i);
            else text += sign;
        }
    }
    return text;
}

std::string each(std::size_t n, const std::function<std::string(std::size_t)>& line) {
    std::string text;
    for (std::size_t i = 0; i < n; ++i) text += line(i);
    return text;
}

// The n-th day of the calendar that rules are written in: 1900-01-01 is the first.
std::string day(std::size_t n) {
    const std::size_t year = 1900 + n / 336, month = n / 28 % 12 + 1, of_month = n % 28 + 1;
    char text[32];
    (void)std::snprintf(text, sizeof text, "%04zu-%02zu-%02zu", year, month, of_month);
    return text;
}

// A subject with a fact of most kinds, some that a source needs besides, and a policy about it.
std::string firm(const std::string& facts = "") {
    return "vocabulary firm \"企业\" | \"Firm\" {\n"
           "  a : bool \"甲\" | \"A\"\n  b : int in 0 .. 1_000_000 \"乙\" | \"B\"\n  c : int in 0 .. 1_000_000 \"丙\" | \"C\"\n  m : money in 0元 .. 1亿元 \"金额\" | \"M\"\n  d : date \"日期\" | \"D\"\n"
           "  trade : code gbt4754 \"行业\" | \"Trade\"\n  town : text \"市\" | \"Town\"\n  sales : yearly money in 0元 .. 1亿元 \"销售\" | \"Sales\"\n" +
           facts + "}\n";
}
std::string policy(const std::string& body, const std::string& name = "p") {
    return "policy " + name + " for firm \"政策\" | \"Policy\" {\n  source s \"办法\"\n  in force 2016-01-01 ..\n" + body + "}\n";
}
std::string clause(const std::string& name, const std::string& condition) { return "  require " + name + " " + condition + " \"条\" | \"Clause\" @ s 1\n"; }

Sources one(std::string text) { return {{"p.policy", std::move(text)}}; }
Sources one_policy(const std::string& body, const std::string& facts = "") { return one(firm(facts) + policy(body)); }

// ---- policies, versions, clauses

Sources policies(std::size_t n) {
    return one(firm() + each(n, [](std::size_t i) { return policy(clause("r", "b >= " + number(i)), "p" + number(i)); }));
}
Sources policies_in_files(std::size_t n) {
    Sources sources{{"p.policy", firm() + "import \"f0.policy\"\n"}};
    for (std::size_t i = 0; i < n; ++i)
        sources.push_back({"f" + number(i) + ".policy", (i + 1 < n ? "import \"f" + number(i + 1) + ".policy\"\n" : "") + policy(clause("r", "b >= " + number(i % 9)), "p" + number(i))});
    return sources;
}
Sources versions(std::size_t n) {
    return one(firm() + each(n, [](std::size_t i) {
        return "policy p for firm \"政策\" | \"Policy\" {\n  source s \"办法\"\n  in force " + day(3 * i) + " .. " + day(3 * i + 2) + "\n" + clause("r", "b >= " + number(i)) + "}\n";
    }));
}
Sources clauses(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "b + c >= " + number(i)); })); }
Sources clauses_of_a_fact(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "b != " + number(i)); })); }
Sources groups(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  any of g" + number(i) + " \"组\" | \"Group\" @ s 1 {\n  " + clause("x", "b >= " + number(i)) + "  " + clause("y", "a") + "  }\n"; }));
}
Sources members_of_a_group(std::size_t n) {
    return one_policy("  any of g \"组\" | \"Group\" @ s 1 {\n" + each(n, [](std::size_t i) { return clause("r" + number(i), "b + c = " + number(i)); }) + "  }\n");
}
Sources at_least(std::size_t n) {
    return one_policy("  at least " + number(n / 2 + 1) + " of g \"组\" | \"Group\" @ s 1 {\n" + each(n, [](std::size_t i) { return clause("r" + number(i), "b + c = " + number(i)); }) + "  }\n");
}
Sources guards(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  require r" + number(i) + " b + c >= " + number(i) + " when a \"条\" | \"Clause\" @ s 1\n"; }));
}
Sources asking_policies(std::size_t n) {
    return one(firm() + each(n, [](std::size_t i) { return policy(clause("r", "b >= " + number(i)), "p" + number(i)); }) +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "p" + number(i) + ".eligible"); }), "all"));
}
Sources conflicts(std::size_t n) {
    return one(firm() + each(n, [](std::size_t i) { return policy("  conflicts with p" + number(i == 0 ? 1 : 0) + " @ s 2\n" + clause("r", "b >= " + number(i)), "p" + number(i)); }));
}
Sources benefits(std::size_t n) {
    return one(firm() + each(n, [](std::size_t i) {
        return policy(clause("r", "b >= " + number(i)) + "  benefit x : money = min(m, " + number(i + 1) + "元) \"补\" | \"Benefit\"\n  benefit y : int = b + " + number(i) + " \"数\" | \"Count\"\n", "p" + number(i));
    }));
}

// ---- facts

Sources facts(std::size_t n) { return one_policy(clause("r", "f0"), lines(n, "  f# : bool \"事\" | \"Fact\"\n")); }
Sources inputs(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "f" + number(i)); }), lines(n, "  f# : bool \"事\" | \"Fact\"\n"));
}
// A sum of n facts, in parts that are no longer than an expression may be.
std::string sum_of_facts(std::size_t n) {
    std::string text;
    std::size_t parts = 0;
    for (std::size_t i = 0; i < n; i += 50) {
        text += "  let s" + number(parts++) + " = f" + number(i);
        for (std::size_t k = i + 1; k < n && k < i + 50; ++k) text += " + f" + number(k);
        text += "\n";
    }
    std::size_t first = 0;
    while (parts - first > 1) {
        const std::size_t end = parts;
        for (std::size_t i = first; i < end; i += 50) {
            text += "  let s" + number(parts++) + " = s" + number(i);
            for (std::size_t k = i + 1; k < end && k < i + 50; ++k) text += " + s" + number(k);
            text += "\n";
        }
        first = end;
    }
    return text + "  let total = s" + number(parts - 1) + "\n";
}
Sources sums(std::size_t n) {
    return one(firm(lines(n, "  f# : int in 0 .. 100 \"事\" | \"Fact\"\n") + sum_of_facts(n)) + policy(clause("r", "total >= 10")));
}
// As many policies as facts, and each of them asks of all.
Sources sums_of_policies(std::size_t n) {
    return one(firm(lines(n, "  f# : int in 0 .. 100 \"事\" | \"Fact\"\n") + sum_of_facts(n)) + each(n, [](std::size_t i) { return policy(clause("r", "total >= " + number(i + 1)), "p" + number(i)); }));
}
Sources ranges(std::size_t n) {
    return one_policy(clause("r", "f" + number(n - 1) + " >= 3"), lines(n, "  f# : int in 0 .. b \"事\" | \"Fact\"\n"));
}
Sources defaults(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "f" + number(i) + " >= 3"); }), lines(n, "  f# : int in 0 .. 1_000_000 default b \"事\" | \"Fact\"\n"));
}
Sources texts(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "town != \"市" + number(i) + "\""); })); }
Sources years(std::size_t n) {
    const std::size_t facts = (n + 99) / 100;
    return one_policy(each(facts, [](std::size_t i) { return clause("r" + number(i), "sum(y" + number(i) + "[y] for y in -100 .. -1) >= 3元"); }),
                      lines(facts, "  y# : yearly money in 0元 .. 1亿元 \"事\" | \"Fact\"\n"));
}
Sources fields_of_a_record(std::size_t n) {
    return one("record part \"部\" | \"Part\" {\n" + lines(n, "  f# : int in 0 .. 9 \"事\" | \"Fact\"\n") + "}\n" + firm("  x : part \"部\" | \"Part\"\n") +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "x.f" + number(i) + " >= 3"); })));
}
Sources records(std::size_t n) {
    return one(lines(n, "record part# \"部\" | \"Part\" { f : int in 0 .. 9 \"事\" | \"Fact\", g : bool \"事\" | \"Fact\" }\n") + firm(lines(n, "  x# : part# \"部\" | \"Part\"\n")) +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "x" + number(i) + ".f >= 3"); })));
}
Sources members(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "e != m" + number(i)); }), "  e : one of { " + lines(n, "m# \"员\" | \"Member\", ") + "last \"末\" | \"Last\" } \"类\" | \"Kind\"\n");
}
Sources enumerations(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "e" + number(i) + " = x"); }), lines(n, "  e# : one of { x \"一\" | \"X\", y \"二\" | \"Y\" } \"类\" | \"Kind\"\n"));
}

// ---- expressions

Sources lets(std::size_t n) {
    return one_policy(lines(n, "  let l# = b + c + # \"数\" | \"Let\"\n") + each(n, [](std::size_t i) { return clause("r" + number(i), "l" + number(i) + " >= 3"); }));
}
Sources lets_upon_lets(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  let l" + number(i) + " = " + (i % 100 == 0 ? "b" : "min(l" + number(i - 1) + ", c + " + number(i) + ")") + "\n"; }) +
                      each((n + 99) / 100, [&](std::size_t i) { return clause("r" + number(i), "l" + number(std::min(n - 1, i * 100 + 99)) + " >= 3"); }));
}
Sources calls(std::size_t n) {
    return one_policy("  let f(x : int) = x * 2 + c\n" + each(n, [](std::size_t i) { return clause("r" + number(i), "f(b + " + number(i) + ") >= 3"); }));
}
Sources arguments(std::size_t n) { return one_policy(clause("r", "max(b" + each(n, [](std::size_t i) { return ", c + " + number(i); }) + ") >= 3")); }
// In parts: an expression holds no more than some hundred.
Sources alternatives(std::size_t n) {
    const std::size_t parts = (n + 49) / 50;
    return one_policy(each(parts, [&](std::size_t part) {
        return clause("r" + number(part), each(std::min<std::size_t>(50, n - part * 50), [&](std::size_t i) { return std::string(i == 0 ? "" : " or ") + "b + c = " + number(part * 50 + i); }));
    }));
}
Sources conjunctions(std::size_t n) {
    const std::size_t parts = (n + 49) / 50;
    return one_policy(each(parts, [&](std::size_t part) {
        return clause("r" + number(part), each(std::min<std::size_t>(50, n - part * 50), [&](std::size_t i) { return std::string(i == 0 ? "" : " and ") + "b + c != " + number(part * 50 + i); }));
    }));
}
Sources choices(std::size_t n) {
    const std::size_t parts = (n + 24) / 25;
    return one_policy(each(parts, [&](std::size_t part) {
        return clause("r" + number(part), each(25, [&](std::size_t i) { return "if b <= " + number(part * 25 + i) + " then c >= " + number(part + i) + " else "; }) + "a");
    }));
}
// A choice within a choice, by way of lets.
Sources choices_upon_choices(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  let l" + number(i) + " = if b <= " + number(i) + " then c + " + number(i) + " else " + (i % 100 == 0 ? "0" : "l" + number(i - 1)) + "\n"; }) +
                      each((n + 99) / 100, [&](std::size_t i) { return clause("r" + number(i), "l" + number(std::min(n - 1, i * 100 + 99)) + " >= 3"); }));
}
Sources sets(std::size_t n) { return one_policy(clause("r", "b in {" + lines(n, "#, ") + "9}")); }
Sources many_sets(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "b in {" + number(i) + ", " + number(2 * i + 3) + "}"); })); }
Sources constants(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "m != " + number(i) + ".5元"); })); }
Sources aggregates(std::size_t n) {
    return one("record item \"项\" | \"Item\" { cost : money in 0元 .. 1万元 \"费\" | \"Cost\", kind : int in 0 .. 1_000_000 \"类\" | \"Kind\" }\n" + firm("  items : list of item up to 10 \"项\" | \"Items\"\n") +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "sum(i.cost for i in items where i.kind = " + number(i) + ") <= 3元"); })));
}
Sources lists(std::size_t n) {
    return one("record item \"项\" | \"Item\" { cost : money in 0元 .. 1万元 \"费\" | \"Cost\" }\n" + firm(lines(n, "  l# : list of item up to 10 \"项\" | \"Items\"\n")) +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "sum(i.cost for i in l" + number(i) + ") >= 3元"); })));
}
Sources elements_that_are_asked(std::size_t n) {
    return one("record item \"项\" | \"Item\" { kind : int in 0 .. 1_000_000 \"类\" | \"Kind\" }\n" + firm("  items : list of item up to 10 \"项\" | \"Items\"\n") +
               each(n, [](std::size_t i) { return "policy q" + number(i) + " for item \"项\" | \"Item\" {\n  in force 2016-01-01 ..\n  require r kind >= " + number(i) + " \"条\" | \"Clause\" @ \"1\"\n}\n"; }) +
               policy(each(n, [](std::size_t i) { return clause("r" + number(i), "any(q" + number(i) + "(i).eligible for i in items)"); })));
}

// ---- parameters and tables

Sources parameters(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  parameter q" + number(i) + " : int \"参\" | \"Parameter\" {\n    1900-01-01 .. " + number(i) + " @ s 1\n  }\n"; }) +
                      each(n, [](std::size_t i) { return clause("r" + number(i), "b >= q" + number(i)); }));
}
Sources entries(std::size_t n) {
    return one_policy("  parameter q : int \"参\" | \"Parameter\" {\n" + each(n, [](std::size_t i) { return "    " + day(i) + " .. " + number(i % 9) + " @ s 1\n"; }) + "  }\n" + clause("r", "b >= q"));
}
Sources published_entries(std::size_t n) {
    return one_policy("  parameter q : int \"参\" | \"Parameter\" {\n" +
                      each(n, [](std::size_t i) { return "    " + day(i) + (i == 0 ? " .. " : " .. published " + day(i + 7) + " ") + number(i % 9) + " @ s 1\n"; }) + "  }\n" + clause("r", "b >= q"));
}
// Bands of one input, next to each other.
std::string bands(std::size_t n, const std::string& result) {
    return "    x | v\n" + each(n, [&](std::size_t i) {
        return std::string("    ") + (i == 0 ? ".. 0" : i + 1 == n ? number(i - 1) + " <.." : number(i - 1) + " <.. " + number(i)) + " | " + (result.empty() ? number(i) : result) + "\n";
    });
}
Sources rows_of_1(std::size_t n) { return one_policy("  table t(x : int) : int {\n" + bands(n, "") + "  }\n" + clause("r", "t(b) >= 3")); }
Sources rows_that_calculate(std::size_t n) { return one_policy("  table t(x : int) : int {\n" + bands(n, "x * 3 + c") + "  }\n" + clause("r", "t(b) >= 3")); }
Sources rows_asked_twice(std::size_t n) { return one_policy("  table t(x : int) : int {\n" + bands(n, "") + "  }\n" + clause("r", "t(b) >= 3") + clause("r2", "t(c) >= 3")); }
Sources rows_of_points(std::size_t n) {
    return one_policy("  table t(x : int) : int first {\n    x | v\n" + lines(n, "    # | #\n") + "    otherwise | 0\n  }\n" + clause("r", "t(b) >= 3"));
}
Sources rows_downward(std::size_t n) {
    return one_policy("  table t(x : int) : int first {\n    x | v\n" + each(n, [&](std::size_t i) { return "    " + number(n - i) + " .. | " + number(i) + "\n"; }) + "    otherwise | 0\n  }\n" + clause("r", "t(b) >= 3"));
}
Sources rows_of_members(std::size_t n) {
    return one_policy("  table t(x) : int {\n    x | v\n" + lines(n, "    m# | #\n") + "    last | 0\n  }\n" + clause("r", "t(e) >= 3"),
                      "  e : one of { " + lines(n, "m# \"员\" | \"Member\", ") + "last \"末\" | \"Last\" } \"类\" | \"Kind\"\n");
}
// A grid: all of the columns together make n rows.
std::string grid(std::size_t n, std::size_t columns, bool first) {
    std::size_t side = 1;
    const auto rows = [&](std::size_t each_side) {
        std::size_t all = 1;
        for (std::size_t k = 0; k < columns; ++k) all *= each_side;
        return all;
    };
    while (rows(side + 1) <= n) ++side;
    std::string text = "  table t(";
    for (std::size_t k = 0; k < columns; ++k) text += (k == 0 ? "x" : ", x") + number(k) + " : int";
    text += first ? ") : int first {\n    " : ") : int {\n    ";
    for (std::size_t k = 0; k < columns; ++k) text += "x" + number(k) + " | ";
    text += "v\n";
    for (std::size_t row = 0; row < rows(side); ++row) {
        text += "    ";
        std::size_t rest = row;
        for (std::size_t k = 0; k < columns; ++k, rest /= side) {
            const std::size_t at = rest % side;
            text += (at == 0 ? ".. 0" : at + 1 == side ? number(at - 1) + " <.." : number(at - 1) + " <.. " + number(at)) + " | ";
        }
        text += number(row) + "\n";
    }
    return text + "  }\n";
}
Sources rows_of_2(std::size_t n) { return one_policy(grid(n, 2, false) + clause("r", "t(b, c) >= 3")); }
Sources rows_of_3(std::size_t n) { return one_policy(grid(n, 3, false) + clause("r", "t(b, c, b + c) >= 3")); }
Sources rows_of_4(std::size_t n) { return one_policy(grid(n, 4, true) + clause("r", "t(b, c, b + c, b + 2) >= 3")); }
// In one column all rows are alike, in the other they follow each other.
Sources rows_alike_in_a_column(std::size_t n) {
    return one_policy("  table t(x : int, y : int) : int {\n    x | y | v\n" +
                      each(n, [&](std::size_t i) { return std::string("    ..") + " | " + (i == 0 ? ".. 0" : i + 1 == n ? number(i - 1) + " <.." : number(i - 1) + " <.. " + number(i)) + " | " + number(i) + "\n"; }) + "  }\n" +
                      clause("r", "t(c, b) >= 3"));
}
Sources rows_with_sets(std::size_t n) {
    return one_policy("  table t(x : int) : int first {\n    x | v\n" + each(n, [](std::size_t i) { return "    {" + number(3 * i) + ", " + number(3 * i + 2) + "} | " + number(i) + "\n"; }) + "    otherwise | 0\n  }\n" + clause("r", "t(b) >= 3"));
}
Sources rows_published(std::size_t n) {
    return one_policy("  table t(as_of) : int first {\n    as_of | v\n" + each(n, [&](std::size_t i) { return "    " + day(n - i) + " .. published " + day(n - i + 3) + " | " + number(i) + "\n"; }) + "    .. | 0\n  }\n" + clause("r", "t(as_of) >= 3"));
}
Sources tables(std::size_t n) {
    return one_policy(each(n, [](std::size_t i) { return "  table t" + number(i) + "(x : int) : int {\n    x | v\n    .. " + number(i) + " | 1\n    " + number(i) + " <.. | 2\n  }\n"; }) +
                      each(n, [](std::size_t i) { return clause("r" + number(i), "t" + number(i) + "(b) >= 2"); }));
}

// ---- scenarios and texts

std::string scenario(const std::string& title, const std::string& body, const std::string& more = "") {
    return "scenario \"" + title + "\" for p as of 2018-06-01" + more + " {\n" + body + "}\n";
}
Sources scenarios(std::size_t n) {
    return one(firm() + policy(clause("r", "b >= 3")) + each(n, [](std::size_t i) { return scenario("s" + number(i), "  given b = " + number(i) + "\n  expect " + (i >= 3 ? "eligible" : "ineligible") + "\n"); }));
}
Sources scenarios_alike(std::size_t n) {
    return one(firm() + policy(clause("r", "b >= 3")) + scenario("s0", "  given b = 5\n  expect eligible\n") +
               each(n, [](std::size_t i) { return scenario("s" + number(i + 1), "  given c = " + number(i) + "\n  expect eligible\n", " like \"s" + number(i % 100 == 0 ? 0 : i) + "\""); }));
}
Sources givens(std::size_t n) {
    return one(firm(lines(n, "  f# : bool \"事\" | \"Fact\"\n")) + policy(each(n, [](std::size_t i) { return clause("r" + number(i), "f" + number(i)); })) +
               scenario("s", lines(n, "  given f# = true\n") + "  expect eligible\n"));
}
Sources expectations(std::size_t n) {
    return one(firm() + policy(each(n, [](std::size_t i) { return clause("r" + number(i), "b + c >= " + number(i)); })) +
               scenario("s", "  given b = 1_000_000, c = 0\n  expect eligible\n" + lines(n, "  expect r# holds\n")));
}
Sources elements_given(std::size_t n) {
    return one("record item \"项\" | \"Item\" { cost : money in 0元 .. 1万元 \"费\" | \"Cost\" }\n" + firm("  items : list of item \"项\" | \"Items\"\n") +
               policy(clause("r", "sum(i.cost for i in items) >= 3元")) + scenario("s", "  given items = [ " + each(std::min<std::size_t>(n, 10'000), [](std::size_t i) { return (i == 0 ? "{ cost = " : ", { cost = ") + number(i % 9) + "元 }"; }) + " ]\n  expect eligible\n"));
}
Sources sources(std::size_t n) {
    return one(firm() + lines(n, "source s# \"办法#\"\n") + policy(clause("r", "b >= 3") + "  require q a \"条\" | \"Clause\" @ s0 1\n"));
}
Sources citations(std::size_t n) { return one_policy("  require r b >= 3 \"条\" | \"Clause\"" + lines(n, " @ s #") + "\n"); }
Sources comments(std::size_t n) { return one(firm() + each(n, [](std::size_t i) { return "# 注 note " + number(i) + "\n"; }) + policy(clause("r", "b >= 3"))); }
Sources imports(std::size_t n) {
    Sources all{{"p.policy", lines(n, "import \"f#.policy\"\n") + firm() + policy(clause("r", "b >= 3"))}};
    for (std::size_t i = 0; i < n; ++i) all.push_back({"f" + number(i) + ".policy", "import \"p.policy\"\n"});
    return all;
}

// ---- mistakes and doubts

Sources mistakes(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "f" + number(i) + " >= 3"); })); }
Sources unreadable_lines(std::size_t n) { return one_policy(lines(n, "  require r# b >= >= 3 \"条\" @ s 1\n")); }
Sources doubts(std::size_t n) { return one_policy(each(n, [](std::size_t i) { return clause("r" + number(i), "b + c >= " + number(i) + " or b >= 2_000_000"); })); }
Sources unused_lets(std::size_t n) { return one_policy(lines(n, "  let l# = b + #\n") + clause("r", "b >= 3")); }

constexpr GrowthKind kinds[] = {
    {"policies", "policies of one clause", policies},
    {"policies_in_files", "files, each with a policy, each importing the next", policies_in_files},
    {"versions", "versions of a policy", versions},
    {"clauses", "clauses that compare a sum", clauses},
    {"clauses_of_a_fact", "clauses about one fact", clauses_of_a_fact},
    {"groups", "groups of two clauses", groups},
    {"members_of_a_group", "clauses of one group", members_of_a_group},
    {"at_least", "clauses of a group of which half must hold", at_least},
    {"guards", "clauses with a guard", guards},
    {"asking_policies", "policies that one policy asks", asking_policies},
    {"conflicts", "policies with a conflict", conflicts},
    {"benefits", "policies with two benefits", benefits},
    {"facts", "facts, one of them read", facts},
    {"inputs", "facts, each in a clause", inputs},
    {"sums", "facts in a sum", sums},
    {"sums_of_policies", "facts in a sum that as many policies ask", sums_of_policies},
    {"ranges", "facts whose range ends at another", ranges},
    {"defaults", "facts with a computed default", defaults},
    {"texts", "texts compared with", texts},
    {"years", "years read, a hundred a fact", years},
    {"fields_of_a_record", "facts of a record", fields_of_a_record},
    {"records", "records", records},
    {"members", "members of an enumeration", members},
    {"enumerations", "enumerations", enumerations},
    {"lets", "lets", lets},
    {"lets_upon_lets", "lets, each upon the one before, a hundred deep", lets_upon_lets},
    {"calls", "calls of a let", calls},
    {"arguments", "arguments of one function", arguments},
    {"alternatives", "parts of `or`, fifty a clause", alternatives},
    {"conjunctions", "parts of `and`, fifty a clause", conjunctions},
    {"choices", "`if`s, 25 within each other", choices},
    {"choices_upon_choices", "`if`s, a hundred within each other by way of lets", choices_upon_choices},
    {"sets", "members of one set", sets},
    {"many_sets", "sets", many_sets},
    {"constants", "different amounts", constants},
    {"aggregates", "sums over one list", aggregates},
    {"lists", "lists, each summed up", lists},
    {"elements_that_are_asked", "policies asked of the elements of a list", elements_that_are_asked},
    {"parameters", "parameters", parameters},
    {"entries", "entries of a parameter", entries},
    {"published_entries", "entries with a day of publication", published_entries},
    {"rows_of_1", "rows of a table of one column", rows_of_1},
    {"rows_that_calculate", "rows whose results are calculated", rows_that_calculate},
    {"rows_asked_twice", "rows of a table that two clauses ask", rows_asked_twice},
    {"rows_of_points", "rows of a `first` table for a number each", rows_of_points},
    {"rows_downward", "rows of a `first` table, each within the next", rows_downward},
    {"rows_of_members", "rows for a member each", rows_of_members},
    {"rows_of_2", "rows of a grid of two columns", rows_of_2},
    {"rows_of_3", "rows of a grid of three columns", rows_of_3},
    {"rows_of_4", "rows of a grid of four columns", rows_of_4},
    {"rows_alike_in_a_column", "rows that are alike in the first of two columns", rows_alike_in_a_column},
    {"rows_with_sets", "rows for a set each", rows_with_sets},
    {"rows_published", "rows with a day of publication", rows_published},
    {"tables", "tables of two rows", tables},
    {"scenarios", "scenarios", scenarios},
    {"scenarios_alike", "scenarios like another, up to a hundred one upon the other", scenarios_alike},
    {"givens", "facts that a scenario gives", givens},
    {"expectations", "expectations of a scenario", expectations},
    {"elements_given", "elements that a scenario gives, 10,000 at most", elements_given},
    {"sources", "declared sources", sources},
    {"citations", "citations of a clause", citations},
    {"comments", "lines of comments", comments},
    {"imports", "imports of one file", imports},
    {"mistakes", "names that are not declared", mistakes},
    {"unreadable_lines", "clauses that cannot be read", unreadable_lines},
    {"doubts", "conditions that are doubted", doubts},
    {"unused_lets", "lets that nothing reads", unused_lets},
};

}  // namespace

std::span<const GrowthKind> growth_kinds() { return kinds; }

}  // namespace eligo::bench
