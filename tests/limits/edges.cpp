// Sources at the limits of a pack: just below, at and just above each, they compile to a pack that loads, or are refused with a code and
// a place. Broken when: the compiler writes what the loader refuses, or refuses without saying where.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "../../engine/api/compile_internal.hpp"
#include "../../engine/bytecode/image.hpp"
#include "within.hpp"

namespace eligo::limits {
namespace {

using Sources = std::vector<api::SourceText>;

std::string numbered(std::string_view pattern, int count, int first = 0) {
    std::string text;
    for (int i = first; i < first + count; ++i)
        for (const char c : pattern) text += c == '#' ? std::to_string(i) : std::string(1, c);
    return text;
}
std::string policy(const std::string& body) { return "policy p for firm \"p\" | \"p\" {\n in force 2016-01-01 ..\n" + body + "}\n"; }
std::string firm(const std::string& facts) { return "vocabulary firm \"f\" | \"f\" {\n" + facts + "}\n"; }
Sources one(const std::string& text) { return {{"p.policy", text}}; }

// "loads", or the code of the first error and the line it stands in.
std::string outcome(const Sources& sources) {
    const api::Compilation compiled = api::compile_sources(sources);
    if (compiled.pack) {
        bytecode::Fault fault;
        return bytecode::read_image(bytecode::write_image(*compiled.pack), fault) ? "loads" : fault.english;
    }
    for (const text::Diagnostic& diagnostic : compiled.diagnostics) {
        if (text::wording(diagnostic.code).severity != text::Severity::Error) continue;
        return std::string(text::wording(diagnostic.code).number) + (diagnostic.span.exists() ? " at a place" : " nowhere");
    }
    return "refused in silence";
}
std::string ended(const Sources& sources) {
    const Ended ended = within({.seconds = 120, .megabytes = 4'000}, [&] { return outcome(sources); });
    return ended.ended ? ended.said : ended.because;
}

struct Edge {
    const char* name;
    Sources (*sources)(int);
    int most;  // of what there may be
    const char* refused;
    friend std::ostream& operator<<(std::ostream& out, const Edge& edge) { return out << edge.name; }
};

class Edges : public testing::TestWithParam<Edge> {};

TEST_P(Edges, load_up_to_the_limit_and_are_refused_beyond_it_with_a_place) {
    const Edge& edge = GetParam();
    EXPECT_EQ(ended(edge.sources(edge.most - 1)), "loads");
    EXPECT_EQ(ended(edge.sources(edge.most)), "loads");
    EXPECT_EQ(ended(edge.sources(edge.most + 1)), std::string(edge.refused) + " at a place");
}

// Each record holds the one before it; the outermost is a fact of the firm.
Sources records(int count) {
    std::string text = "record r0 \"r\" | \"r\" { x : int in 0 .. 5 }\n";
    for (int i = 1; i < count; ++i) text += "record r" + std::to_string(i) + " \"r\" | \"r\" { q : r" + std::to_string(i - 1) + " }\n";
    return one(text + firm(" a : bool\n top : r" + std::to_string(count - 1) + "\n") + policy(" require r a \"r\" | \"r\" @ \"1\"\n"));
}
Sources list_values(int thousands) {
    const std::string element = "record c \"c\" | \"c\" {\n" + numbered(" x# : int in 0 .. 5\n", 100) + "}\n";
    return one(element + firm(" a : bool\n" + numbered(" l# : list of c up to 1000\n", thousands)) + policy(" require r a \"r\" | \"r\" @ \"1\"\n"));
}
Sources elements(int count) {
    return one("record c \"c\" | \"c\" { x : int in 0 .. 5 }\n" + firm(" l : list of c up to " + std::to_string(count) + "\n") + policy(" require r sum(e.x for e in l) >= 1 \"r\" | \"r\" @ \"1\"\n"));
}
Sources benefits(int count) { return one(firm(" a : bool\n") + policy(" require r a \"r\" | \"r\" @ \"1\"\n" + numbered(" benefit b# : int = # \"b\" | \"b\" @ \"1\"\n", count))); }
Sources loops(int count) {
    std::string condition = "e0.x >= 1";
    for (int i = 1; i < count; ++i) condition += " and e" + std::to_string(i) + ".x >= e" + std::to_string(i - 1) + ".x";
    for (int i = count; i-- > 0;) condition = "any(" + condition + " for e" + std::to_string(i) + " in l)";
    return one("record c \"c\" | \"c\" { x : int in 0 .. 5 }\n" + firm(" l : list of c up to 5\n") + policy(" require r " + condition + " \"r\" | \"r\" @ \"1\"\n"));
}
Sources leaning(int count) {
    std::string facts = " s0 : int in 0 .. 9\n";
    for (int i = 1; i <= count; ++i) facts += " s" + std::to_string(i) + " : int in 0 .. s" + std::to_string(i - 1) + "\n";
    return one(firm(facts) + policy(" require r s0 >= 1 \"r\" | \"r\" @ \"1\"\n"));
}
Sources years(int offset) { return one(firm(" s : yearly int in 0 .. 9\n") + policy(" require r s[-" + std::to_string(offset) + "] >= 1 \"r\" | \"r\" @ \"1\"\n")); }

const Edge edges[] = {
    {"records_within_records", records, 15, "E0418"},
    {"values_of_lists", list_values, 100, "E0717"},
    {"elements_of_a_list", elements, 10'000, "E0346"},
    {"benefits_of_a_version", benefits, 16, "E0730"},
    {"lists_within_each_other", loops, 4, "E0716"},
    {"facts_that_ranges_lean_on", leaning, 8, "E0720"},
    {"years_away", years, 100, "E0326"},
};
INSTANTIATE_TEST_SUITE_P(Limits, Edges, testing::ValuesIn(edges), [](const auto& edge) { return std::string(edge.param.name); });

// Where it is not plain how many there may be: the first that is refused is so with a place, and none before it.
struct Crossing {
    const char* name;
    Sources (*sources)(int);
    int loads, refused;
    const char* code;
    friend std::ostream& operator<<(std::ostream& out, const Crossing& crossing) { return out << crossing.name; }
};

class Crossings : public testing::TestWithParam<Crossing> {};

TEST_P(Crossings, load_or_are_refused_with_a_place) {
    const Crossing& crossing = GetParam();
    int loads = crossing.loads, refused = crossing.refused;
    ASSERT_EQ(ended(crossing.sources(loads)), "loads");
    while (refused - loads > 1) {
        const int middle = loads + (refused - loads) / 2;
        const std::string said = ended(crossing.sources(middle));
        if (said == "loads") loads = middle;
        else {
            ASSERT_EQ(said, std::string(crossing.code) + " at a place") << middle;
            refused = middle;
        }
    }
    EXPECT_EQ(ended(crossing.sources(refused)), std::string(crossing.code) + " at a place");
}

Sources instructions(int clauses) { return one(firm(" a : int in 0 .. 1_000_000\n") + policy(numbered(" require r# a != # \"r\" | \"r\" @ \"1\"\n", clauses))); }
// Products of 128 bits, each with a threshold of its own.
Sources words(int clauses) {
    return one(firm(" a : money in 1元 .. 1万亿元\n b : money in 1元 .. 1万亿元\n n : number in 1 .. 1000\n") +
               policy(numbered(" require r# (a + #元) * n * (1 + b / 1元) >= 1元 \"r\" | \"r\" @ \"1\"\n", clauses, 1)));
}

const Crossing crossings[] = {
    {"instructions", instructions, 14'980, 15'030, "E0712"},
    {"words_of_working_memory", words, 4'000, 11'500, "E0718"},
};
INSTANTIATE_TEST_SUITE_P(Limits, Crossings, testing::ValuesIn(crossings), [](const auto& crossing) { return std::string(crossing.param.name); });

// Texts of four million bytes, of which a pack holds sixteen.
TEST(PackSize, beyond_the_limit_is_refused_with_a_place) {
    const auto sources = [](int count) {
        Sources all;
        for (int i = 0; i < count; ++i)
            all.push_back({"p" + std::to_string(i) + ".policy", (i == 0 ? firm(" a : bool\n") : "") + "policy p" + std::to_string(i) + " for firm \"" + std::string(3'900'000, static_cast<char>('a' + i)) + "\" | \"p\" {\n in force 2016-01-01 ..\n require r a \"r\" | \"r\" @ \"1\"\n}\n"});
        return all;
    };
    EXPECT_EQ(ended(sources(17)), "loads");
    EXPECT_EQ(ended(sources(18)), "E0732 at a place");
}

}  // namespace
}  // namespace eligo::limits
