// Policies that are too deep, too long or too many. What is said of them names the place and the limit; what is within
// the limits compiles, and takes time in proportion.
// Broken when: a pass recurses as deep as its input, or looks at everything for everything.
#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/api/compile_internal.hpp"
#include "within.hpp"

namespace eligo::limits {
namespace {

std::string repeated(std::string_view what, std::size_t count) {
    std::string text;
    text.reserve(what.size() * count);
    for (std::size_t i = 0; i < count; ++i) text += what;
    return text;
}

// `0`, `1` ... in place of `#`.
std::string numbered(std::string_view what, std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i)
        for (const char sign : what) text += sign == '#' ? std::to_string(i) : std::string(1, sign);
    return text;
}

std::string policy(const std::string& inside) {
    return "vocabulary firm \"f\" {\n a : bool \"a\"\n b : int in 0..9 \"b\"\n claims : list of claim up to 10 \"claims\"\n}\n"
           "record claim { paid : int in 0..9 \"paid\" }\n"
           "policy p for firm \"p\" {\n source m \"m\"\n in force 2016-01-01 ..\n" + inside + "\n}\n";
}
std::string clause(const std::string& condition) { return policy("require r " + condition + " \"r\" @ m 1"); }

// "compiled", or the first thing that is said, with its place and without its pictures.
std::string outcome(const std::vector<api::SourceText>& sources) {
    const api::Compilation compiled = api::compile_sources(sources);
    for (const io::Problem& problem : compiled.problems) return io::say(problem, text::Language::English);
    for (const text::Diagnostic& diagnostic : compiled.diagnostics) {
        if (text::wording(diagnostic.code).severity != text::Severity::Error) continue;
        std::string said = text::render_text(compiled.sources, diagnostic, text::Language::English, text::Color::Off).text();
        if (said.size() > 4'000) return "a message that nobody reads";
        said.resize(said.find('\n'));
        return said.size() <= 160 ? said : said.substr(0, 60) + " ... " + said.substr(said.size() - 60);
    }
    return compiled.pack ? "compiled" : "nothing";
}

std::string outcome_of(const std::string& text, const Bounds& bounds = {}) {
    const Ended ended = within(bounds, [&] { return outcome({{"p.policy", text}}); });
    return ended.ended ? ended.said : ended.because;
}

struct Case {
    const char* name;
    std::string (*text)();
    const char* said;
    friend std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }
};

class Sources : public testing::TestWithParam<Case> {};

TEST_P(Sources, are_answered_within_bounds) { EXPECT_EQ(outcome_of(GetParam().text()), GetParam().said); }

// Definitions, each built upon the one before in the way that `step` says: `#` its number, `<<` the number before.
std::string built_up(const std::string& step, int count) {
    std::string text;
    for (int i = 1; i < count; ++i)
        for (std::size_t at = 0; at < step.size(); ++at) {
            if (step[at] == '#') text += std::to_string(i);
            else if (step.compare(at, 2, "<<") == 0) text += std::to_string(i - 1), ++at;
            else text += step[at];
        }
    return text;
}

// Values of three thousand months.
std::string entries() {
    std::string text;
    for (int i = 0; i < 3'000; ++i) {
        const std::string month = std::to_string(i % 12 + 1);
        text += std::to_string(1900 + i / 12) + "-" + (month.size() < 2 ? "0" : "") + month + "-01 .. " + std::to_string(i % 9) + " @ m 1\n";
    }
    return text;
}

constexpr std::size_t many = 10'000;
constexpr std::size_t depth = 100'000;

const Case cases[] = {
    // Long and flat.
    Case{"or_chain", [] { return clause("a" + repeated(" or a", many)); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"and_chain", [] { return clause("a" + repeated(" and not a", many)); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"sum_chain", [] { return clause("b" + repeated(" + b", many) + " >= 3"); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"product_chain", [] { return clause("b" + repeated(" * b", many) + " >= 3"); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"compare_chain", [] { return clause("b" + repeated(" < b", many)); }, "p.policy:10:13: error: comparisons cannot be chained [E0218]"},
    Case{"otherwise_chain", [] { return clause("(b / b" + repeated(" otherwise b / b", many) + " otherwise 0) >= 1"); }, "p.policy:10:12: error: this expression has too many parts [E0236]"},
    Case{"member_chain", [] { return clause("a" + repeated(".a", many)); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"index_chain", [] { return clause("a" + repeated("[0]", many)); }, "p.policy:10:11: error: this expression has too many parts [E0236]"},
    Case{"argument_list", [] { return clause("max(b" + repeated(", b", many) + ") >= 3"); }, "compiled"},
    Case{"set_of_numbers", [] { return clause("b in {" + numbered("#, ", many) + "}"); }, "compiled"},
    Case{"let_chain", [] { return policy("let x0 = b\n" + built_up("let x# = min(x<< + b, 9)\n", 5'000) + "require r x4999 >= 3 \"r\" @ m 1"); }, "p.policy:177:5: error: this leads through more than 500 parts, one within the other [E0418]"},
    Case{"let_doubling", [] { return policy("let x0 = b\n" + built_up("let x# = x<< + x<<\n", 60) + "require r x59 >= 3 \"r\" @ m 1"); }, "compiled"},
    Case{"let_branches", [] { return policy("let x0 = b\n" + built_up("let x# = if b >= 3 then min(x<< + x<<, 9) else x<<\n", 60) + "require r x59 >= 3 \"r\" @ m 1"); }, "p.policy:10:10: error: the policies about `firm` need more than 60000 instructions [E0712]"},
    Case{"let_functions", [] { return policy("let f0(x : int) = x + b\n" + built_up("let f#(x : int) = f<<(x) + f<<(x + 1)\n", 40) + "require r f39(b) >= 3 \"r\" @ m 1"); }, "p.policy:11:30: error: the policies about `firm` need more than 60000 instructions [E0712]"},
    Case{"many_clauses", [] { return policy(numbered("require r# b >= 3 \"r\" @ m 1\n", 3'000)); }, "compiled"},
    Case{"many_groups", [] { return policy(numbered("any of g# \"g\" @ m 1 {\n require r b >= 3 \"r\"\n}\n", 2'000)); }, "compiled"},
    Case{"many_facts", [] { return "vocabulary firm \"f\" {\n" + numbered("a# : bool \"a\"\n", many) + "}\n"; }, "compiled"},
    Case{"many_members", [] { return "vocabulary firm \"f\" {\n a : one of {" + numbered("m# \"m\", ", many) + "} \"a\"\n}\n"; }, "compiled"},
    Case{"many_rows", [] { return policy("table t(x : int) : int first {\n x | v\n" + numbered("# | #\n", 2'000) + "otherwise | 0\n}\nrequire r t(b) >= 1 \"r\" @ m 1"); }, "compiled"},
    Case{"many_entries", [] { return policy("parameter q : int \"q\" {\n" + entries() + "}\nrequire r b >= q \"r\" @ m 1"); }, "compiled"},
    // Deep.
    Case{"brackets", [] { return clause(repeated("(", depth) + "a" + repeated(")", depth)); }, "p.policy:10:210: error: brackets are nested more than 200 deep [E0104]"},
    Case{"not", [] { return clause(repeated("not ", depth) + "a"); }, "p.policy:10:411: error: brackets are nested more than 100 deep [E0104]"},
    Case{"minus", [] { return clause(repeated("- ", depth) + "b >= 1"); }, "p.policy:10:211: error: brackets are nested more than 100 deep [E0104]"},
    Case{"if_else", [] { return clause(repeated("if a then a else ", depth) + "a"); }, "p.policy:10:1697: error: brackets are nested more than 100 deep [E0104]"},
    Case{"if_if", [] { return clause(repeated("if ", depth) + "a"); }, "p.policy:10:311: error: brackets are nested more than 100 deep [E0104]"},
    Case{"calls", [] { return clause(repeated("min(", depth) + "b" + repeated(")", depth) + " >= 1"); }, "p.policy:10:810: error: brackets are nested more than 200 deep [E0104]"},
    Case{"groups", [] { return policy(repeated("any of g \"g\" @ m 1 {\n", depth)); }, "p.policy:209:20: error: brackets are nested more than 200 deep [E0104]"},
    Case{"given_lists", [] { return "scenario \"s\" for p as of 2018-01-01 {\n given claims = " + repeated("[", depth) + "\n}\n"; }, "p.policy:2:216: error: brackets are nested more than 200 deep [E0104]"},
    Case{"closing", [] { return clause("a" + repeated(")", depth)); }, "p.policy:10:12: error: `)` closes nothing [E0214]"},
    // Long tokens.
    Case{"digits", [] { return clause("b >= " + std::string(2'000'000, '9')); }, "p.policy:10:16: error: the number `9999999999999999999999999 ... 9999999999999999…` is too large to be kept exactly [E0111]"},
    Case{"decimals", [] { return clause("b >= 0." + std::string(2'000'000, '9')); }, "p.policy:10:16: error: the number `0.99999999999999999999999 ... 9999999999999999…` is too large to be kept exactly [E0111]"},
    Case{"name", [] { return clause(std::string(2'000'000, 'n')); }, "p.policy:10:11: error: `nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn ... nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…` is not declared [E0401]"},
    Case{"label", [] { return policy("require r a \"" + repeated("长", 600'000) + "\" @ m 1"); }, "compiled"},
    Case{"open_quote", [] { return policy("require r a \"" + repeated("r ", 1'000'000)); }, "p.policy:10:13: error: this text is not closed on its line [E0103]"},
    Case{"citation", [] { return policy("require r a \"r\" @ m " + repeated("1 ", 1'000'000)); }, "compiled"},
    Case{"comment", [] { return clause("a") + "# " + std::string(2'000'000, '#'); }, "compiled"},
    Case{"commas", [] { return clause("max(" + std::string(1'000'000, ',') + ") >= 1"); }, "p.policy:10:15: error: `)` is missing here [E0201]"},
    Case{"blank_lines", [] { return std::string(2'000'000, '\n') + clause("a"); }, "compiled"},
    Case{"full_width", [] { return repeated("，", 600'000); }, "p.policy:1:1: error: a declaration was expected here [E0202]"},
    Case{"zeros", [] { return std::string(1'000'000, '\0'); }, "p.policy:1:1: error: the character `�` (U+0000) has no meaning here [E0106]"},
    Case{"invalid_utf8", [] { return clause("a") + "# \xFF"; }, "p.policy:12:3: error: this file is not UTF-8 text: byte 0xFF cannot be read [E0101]"},
    Case{"too_large", [] { return clause("b >= " + std::string(64'000'000, '9')); }, "p.policy: the file is too large; rules may have 4 MB at most, split it into several files"},
};

INSTANTIATE_TEST_SUITE_P(Limits, Sources, testing::ValuesIn(cases), [](const auto& each) { return std::string(each.param.name); });

// One mistake a line: the first of them are told, and that there are more.
TEST(Sources, with_thousands_of_mistakes_are_told_up_to_a_bound) {
    const Ended ended = within({}, [] {
        const api::Compilation compiled = api::compile_sources(std::vector<api::SourceText>{{"p.policy", policy(numbered("require r# c# >= 3 \"r\" @ m 1\n", 5'000))}});
        return std::to_string(compiled.diagnostics.size());
    });
    EXPECT_EQ(ended.said, "1000") << ended.because;
}

// As many wrong names as right ones: the first few are asked what they were meant to be, the others only told. Twice the names
// take about twice as long; comparing each with each would take minutes.
TEST(Sources, with_fifty_thousand_wrong_names_among_as_many_right_ones_end) {
    constexpr std::size_t names = 50'000;
    const std::string many_firms = "vocabulary firm \"f\" {\n" + numbered("fact# : bool\n", names) + "}\n";
    const std::pair<const char*, std::string> sources[] = {
        {"conditions", policy(numbered("require r# c# >= 3 \"r\" @ m 1\n", names))},
        {"calls", policy(numbered("require r# c#(b) >= 3 \"r\" @ m 1\n", names))},
        {"given facts", many_firms + "policy p for firm \"p\" {\n source m \"m\"\n in force 2016-01-01 ..\n require r fact1 \"r\" @ m 1\n}\nscenario \"s\" for p as of 2018-01-01 {\n given " +
                            numbered("fakt# = true, ", names) + "fact1 = true\n expect eligible\n}\n"},
        {"members", "vocabulary firm \"f\" {\n e : one of {" + numbered("m# \"m\", ", names) + "} \"e\"\n}\npolicy p for firm \"p\" {\n source m \"m\"\n in force 2016-01-01 ..\n" +
                        numbered("require r# e = n# \"r\" @ m 1\n", names) + "}\n"},
    };
    for (const auto& [name, source] : sources) {
        const Ended ended = within({}, [&] {
            const api::Compilation compiled = api::compile_sources(std::vector<api::SourceText>{{"p.policy", source}});
            const auto guessed = std::ranges::count_if(compiled.diagnostics, [](const text::Diagnostic& each) { return each.fix.has_value(); });
            return std::to_string(compiled.diagnostics.size()) + (guessed > 0 && guessed < 1'000 ? ", some guessed" : ", guessed " + std::to_string(guessed));
        });
        EXPECT_EQ(ended.said, "1000, some guessed") << name << ": " << ended.because;
    }
}

// Imports in a circle end, and a long chain of them is no recursion.
TEST(Sources, that_import_each_other_end) {
    const Ended ended = within({}, [] { return outcome({{"a.policy", "import \"b.policy\"\n" + clause("a")}, {"b.policy", "import \"a.policy\"\nimport \"b.policy\"\n"}}); });
    EXPECT_EQ(ended.said, "compiled") << ended.because;
}

TEST(Sources, that_import_one_another_in_a_long_chain_end) {
    const Ended ended = within({}, [] {
        std::vector<api::SourceText> sources;
        for (int i = 0; i < 3'000; ++i) sources.push_back({"f" + std::to_string(i) + ".policy", "import \"f" + std::to_string(i + 1) + ".policy\"\n"});
        sources.push_back({"f3000.policy", clause("a")});
        return outcome(sources);
    });
    EXPECT_EQ(ended.said, "compiled") << ended.because;
}

}  // namespace
}  // namespace eligo::limits
