// Explanations of packs and profiles that have far more to tell than anybody reads.
// Broken when: what is told grows with the product of what a pack says and what a profile has, or what decides is not among it.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include "../../engine/api/compile_internal.hpp"
#include "../../engine/explain/json.hpp"
#include "../../engine/explain/say.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/io/profile.hpp"
#include "../../engine/value/date.hpp"
#include "within.hpp"

namespace eligo::limits {
namespace {

constexpr int facts = 60;
constexpr int elements = 10'000;

// Each clause of a record's policy reads three facts; a firm's policy asks it of every element, in several ways.
const bytecode::Pack& pack() {
    static const api::Compilation compiled = [] {
        std::string given, asked;
        for (int i = 0; i < facts; ++i) {
            const auto name = [](int number) { return "f" + std::to_string(number % facts); };
            given += "  " + name(i) + " : number in 0..100 \"" + name(i) + "\"\n";
            asked += "  require c" + std::to_string(i) + " " + name(i) + " + " + name(i + 1) + " + " + name(i + 2) + " >= " + std::to_string(i + 1) + " \"c\" @ m 1\n";
        }
        const std::string text = "vocabulary firm \"f\" {\n  claims : list of claim up to 10000 \"cs\"\n  staff : number in 0..100 \"s\"\n}\nrecord claim {\n" + given +
                                 "}\npolicy good for claim \"g\" {\n  source m \"m\"\n  in force 2016-01-01 ..\n" + asked +
                                 "}\npolicy p for firm \"p\" {\n  source m \"m\"\n  in force 2016-01-01 ..\n"
                                 "  require some   any(good(c).eligible for c in claims) \"r\" @ m 1\n"
                                 "  require three  count(c in claims where good(c).eligible) >= 3 \"r\" @ m 1\n"
                                 "  exclude bad    any(not good(c).eligible for c in claims) \"r\" @ m 1\n"
                                 "  require staffed staff >= 1 \"s\" @ m 1\n}\n";
        return api::compile_sources(std::vector<api::SourceText>{{"p.policy", text}});
    }();
    return *compiled.pack;
}

// A list of elements all of whose facts are `usual`, but for element 7777, all of whose facts are 100; a fact may be left out.
std::string profile(const std::string& usual) {
    std::string text = "{\"claims\": [";
    for (int i = 0; i < elements; ++i) {
        text += i == 0 ? "{" : ", {";
        if (i == 7777)
            for (int k = 0; k < facts; ++k) text += (k == 0 ? "\"f" : ", \"f") + std::to_string(k) + "\": 100";
        else text += usual;
        text += "}";
    }
    return text + "], \"staff\": 1}";
}

constexpr bytecode::Index asking = 1;  // the policy of the firm

explain::Answer answer(const std::string& text, const explain::Extent& extent = {}) {
    const io::Profiles read = io::read_profiles(pack(), text, io::Format::Json, "in", pack().policies[asking].subject);
    return explain::answer(pack(), std::vector<bytecode::Index>{asking}, read.profiles.at(0), {.as_of = value::day_from_civil(2018, 6, 1)}, extent);
}

std::string told(const std::vector<explain::Clause>& clauses) {
    std::string text;
    for (const explain::Clause& clause : clauses) {
        const bool has = std::any_of(clause.clauses.begin(), clause.clauses.end(), [](const explain::Clause& element) { return element.id == "claims[7777]"; });
        text += " " + clause.id + (has ? " with 7777 " : " ") + std::to_string(clause.clauses.size()) + "+" + std::to_string(clause.left_out);
    }
    return text;
}

std::size_t left_out_below(const std::vector<explain::Clause>& clauses) {
    return std::accumulate(clauses.begin(), clauses.end(), std::size_t{0}, [](std::size_t sum, const explain::Clause& clause) { return sum + clause.left_out + left_out_below(clause.clauses); });
}

std::string summed_up(const std::string& text) {
    const explain::Answer given = answer(text);
    const explain::PolicyAnswer& policy = given.results.front();
    if (policy.left_out != policy.clauses_left_out + left_out_below(policy.clauses)) return "what is left out is not the sum of its parts";
    const std::string chinese = explain::say(given, {explain::Language::Chinese, explain::Color::Off, &pack()}).text();
    const std::string json = explain::to_json(given, explain::Language::English);
    if (chinese.size() > 3'000'000 || json.size() > 6'000'000) return "longer than stated";
    if (chinese.find("项未列出") == std::string::npos || json.find("\"left_out\": ") == std::string::npos) return "does not say that something was left out";
    return std::string(explain::verdict_name(policy.verdict)) + told(policy.clauses) + " missing " + std::to_string(policy.missing.size()) + "+" + std::to_string(policy.missing_left_out);
}

std::string within_bounds(const std::string& usual) {
    (void)pack();
    const Ended ended = within({.seconds = 30, .megabytes = 400}, [&] { return summed_up(profile(usual)); });
    return ended.ended ? ended.said : ended.because;
}

TEST(Explanations, OfManyElementsTellTheDecidingOnes) {
    // One element is good: `some` rests on it, and for the others it is the exception.
    EXPECT_EQ(within_bounds("\"f0\": 0, \"f1\": 0, \"f2\": 0"), "ineligible some with 7777 50+9950 three with 7777 50+9950 bad with 7777 50+9950 staffed 0+0 missing 0+0");
}

TEST(Explanations, OfElementsOfWhichNothingIsKnown) {
    EXPECT_EQ(within_bounds(""), "undetermined some with 7777 50+9950 three with 7777 50+9950 bad with 7777 50+9950 staffed 0+0 missing 1000+598940");
}

// What is told is the same as without bounds, but for what is left out; the verdict is the same.
TEST(Explanations, WithinTheBoundsNothingIsLeftOut) {
    const std::string small = "{\"claims\": [{\"f0\": 1}, {}, {\"f3\": 7}], \"staff\": 1}";
    const explain::Answer bounded = answer(small), whole = answer(small, explain::unbounded);
    EXPECT_EQ(explain::to_json(bounded, explain::Language::English), explain::to_json(whole, explain::Language::English));
    EXPECT_EQ(bounded.results.front().left_out, 0U);
}

}  // namespace
}  // namespace eligo::limits
