// One meaning, three ways, on policies that nobody wrote: generated sources, made-up profiles at borders, and the oracle,
// the VM over known values and the VM over sets, which must agree on verdict, benefits, clauses and missing facts. What is
// decided must stay decided however the open facts turn out, and what is missing must settle what is open.
// In the environment, ELIGO_PAIRS says how many pairs of a policy and a profile (5,000), ELIGO_SEED where to begin, ELIGO_THREADS
// how many work at it (as many as there are processors). One source again: its seed, one pair.
// Broken when: an engine, the compiler or the oracle misreads the language. The message holds a source made as small as
// possible, the profile, the seed, and who agrees with whom.
#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "agreement.hpp"
#include "columnar_ways.hpp"
#include "edges.hpp"
#include "environment.hpp"
#include "generate.hpp"
#include "outputs.hpp"
#include "profiles.hpp"
#include "rules.hpp"
#include "shrink.hpp"

namespace eligo::oracle {
namespace {

// What a well-typed policy may still be refused for: a proof that does not succeed.
bool is_expected(text::Code code) {
    using text::Code;
    static const std::set<Code> expected = {Code::may_have_no_value, Code::too_wide_for_exactness, Code::benefit_not_whole_fen, Code::benefit_not_finite, Code::range_reversed,
                                            Code::default_outside_range, Code::program_too_large, Code::division_by_zero, Code::date_beyond_calendar, Code::quotient_over_list,
                                            Code::list_within_list, Code::not_known_whole, Code::default_may_lie_outside, Code::table_not_proved, Code::loops_too_deep, Code::no_value_of_fact,
                                            Code::range_beyond_64_bits, Code::parameter_beyond_64_bits, Code::benefit_too_fine, Code::number_too_large, Code::benefit_steps_apart, Code::program_too_wide};
    return expected.contains(code);
}
// What else a number at an edge may be refused for.
bool is_expected_at_edges(text::Code code) {
    using text::Code;
    static const std::set<Code> expected = {Code::years_out_of_range, Code::list_length, Code::at_least_too_many, Code::at_least_zero,
                                            Code::rounding_step_not_positive, Code::table_incomplete, Code::year_not_constant, Code::fraction_of_a_duration, Code::whole_number_expected};
    return expected.contains(code) || is_expected(code);
}

// Where sources come from, and how one is had again.
struct Origin {
    std::string (*source)(std::uint32_t seed);
    bool (*is_expected)(text::Code code);
    const char* test;
    int profiles_a_policy;
    bool everything;  // whether they go through the columnar engine and every output here
};
constexpr Origin of_features{generate, is_expected, "Generated*", 24, false}, of_edges{edge_source, is_expected_at_edges, "Edges*", 12, true};

// ---- one case, and its smallest likeness

// All that is wrong with one case, one way its open facts may turn out, and one in which what is missing is given.
std::string wrong(Agreement& agreement, const Case& made, const Case& closed, const Case& settled) {
    std::string text = agreement.differences(made);
    if (!text.empty()) return text;
    text = agreement.broken_by(closed);
    if (!text.empty()) return "a promise is broken: " + text;
    text = agreement.not_settled(made, settled);
    return text.empty() ? text : "not settled: " + text;
}

std::optional<sema::Id> find_policy(const sema::Model& model, const std::string& name) {
    for (sema::Id i = 0; i < model.policies.size(); ++i)
        if (model.policies[i].name == name) return i;
    return std::nullopt;
}

const sema::Fact* find_fact(const sema::Model& model, sema::Id subject, const std::string& key) {
    const std::string name = key.substr(0, key.find('.'));
    for (const auto& fact : model.subjects[subject].facts)
        if (fact.name == name) return fact.type.kind != sema::Kind::Record ? &fact : key.size() > name.size() ? find_fact(model, fact.type.ref, key.substr(name.size() + 1)) : nullptr;
    return nullptr;
}

// The same facts, as far as they are still declared.
Record adapted(const sema::Model& model, sema::Id subject, const Record& record) {
    Record result;
    for (const auto& [key, scalar] : record.scalars)
        if (find_fact(model, subject, key) != nullptr) result.scalars[key] = scalar;
    for (const auto& [key, list] : record.lists) {
        const sema::Fact* fact = find_fact(model, subject, key);
        if (fact == nullptr) continue;
        List& kept = result.lists[key];
        kept.known = list.known;
        for (const auto& element : list.elements) kept.elements.push_back(adapted(model, fact->type.ref, element));
    }
    return result;
}

struct Pair {
    std::string policy;
    Case made, closed, settled;
};

std::string wrong_in(const std::string& source, const Pair& pair) {
    const Rules rules = compiled("generated.policy", source);
    if (!rules.pack) return "";
    const auto policy = find_policy(rules.model, pair.policy);
    if (!policy) return "";
    Case made = pair.made, closed = pair.closed, settled = pair.settled;
    for (Case* one : {&made, &closed, &settled}) {
        one->profile.subject = rules.model.policies[*policy].subject;
        one->profile.facts = adapted(rules.model, one->profile.subject, one->profile.facts);
    }
    Agreement agreement(rules, *policy);
    const std::string text = wrong(agreement, made, closed, settled);
    return text.starts_with("refused") ? "" : text;
}

// Leaves facts and elements out for as long as something is wrong.
void shrink_profile(const std::string& source, Pair& pair, const std::string& kind) {
    const auto still = [&](const Pair& smaller) { return wrong_in(source, smaller).starts_with(kind); };
    for (bool smaller = true; smaller;) {
        smaller = false;
        const Record facts = pair.made.profile.facts;
        for (const auto& [key, scalar] : facts.scalars) {
            if (scalar.state == Scalar::State::Absent) continue;
            Pair fewer = pair;
            fewer.made.profile.facts.scalars.erase(key);
            if (!still(fewer)) continue;
            pair = std::move(fewer);
            smaller = true;
        }
        for (const auto& [key, list] : facts.lists)
            for (std::size_t i = list.elements.size(); i-- > 0;) {
                Pair fewer = pair;
                for (Case* one : {&fewer.made, &fewer.closed, &fewer.settled}) {
                    auto& elements = one->profile.facts.lists[key].elements;
                    if (i < elements.size()) elements.erase(elements.begin() + static_cast<std::ptrdiff_t>(i));
                }
                if (!still(fewer)) continue;
                pair = std::move(fewer);
                smaller = true;
            }
    }
}

std::string again_by(const Origin& origin, std::uint32_t seed) {
    return "once more: ELIGO_SEED=" + std::to_string(seed) + " ELIGO_PAIRS=1 ELIGO_THREADS=1 engines_tests --gtest_filter='" + origin.test + "'\n";
}

std::string report(const Origin& origin, const std::string& source, const sema::Model& model, std::uint32_t seed, Pair pair, const std::string& what) {
    const std::string kind = what.substr(0, what.find_first_of(":(\n"));
    const std::string small = shrink(source, [&](const std::string& smaller) { return wrong_in(smaller, pair).starts_with(kind); }, 4'000);
    if (!wrong_in(small, pair).empty()) shrink_profile(small, pair, kind);
    const Rules rules = compiled("generated.policy", small);
    std::string text = "seed " + std::to_string(seed) + ", policy " + pair.policy + " as of " + value::format_date(pair.made.question.as_of) + " known on " + value::format_date(pair.made.question.known_on) + "\n";
    const std::string again = wrong_in(small, pair);
    text += again.empty() ? what + print(model, pair.made.profile) : again + print(rules.model, [&] {
        Profile profile = pair.made.profile;
        profile.subject = rules.model.policies[*find_policy(rules.model, pair.policy)].subject;
        profile.facts = adapted(rules.model, profile.subject, profile.facts);
        return profile;
    }());
    return text + "source:\n" + small + "\n" + again_by(origin, seed);
}

// ---- many of them

struct Counts {
    std::size_t sources = 0, refused = 0, pairs = 0, open = 0, by_rule = 0, sharper = 0, blunter = 0;
    std::size_t completions = 0, kept = 0, settled = 0;  // kept: of verdicts that were decided although facts were open
    std::size_t verdicts[4] = {};
    std::map<std::string, std::size_t> refusals;  // by code
    NumbersHeld held;
    Opcodes known, sets;
    std::vector<std::string> failures;

    void add(const Counts& other) {
        sources += other.sources;
        refused += other.refused;
        pairs += other.pairs;
        open += other.open;
        completions += other.completions;
        kept += other.kept;
        by_rule += other.by_rule;
        settled += other.settled;
        sharper += other.sharper;
        blunter += other.blunter;
        for (std::size_t i = 0; i < 4; ++i) verdicts[i] += other.verdicts[i];
        for (const auto& [code, count] : other.refusals) refusals[code] += count;
        held.add(other.held);
        known |= other.known;
        sets |= other.sets;
        failures.insert(failures.end(), other.failures.begin(), other.failures.end());
    }
};

// Of each profile that leaves something open; more where nothing but they can confirm what the compiler saw.
constexpr int completions_a_profile = 8, completions_of_sharper = 30;

// Everything about one policy; false when something is wrong.
bool try_policy(const Origin& origin, const Rules& rules, const std::string& source, sema::Id policy, std::uint32_t seed, Counts& counts) {
    Maker maker(rules.model, policy, seed);
    Agreement agreement(rules, policy);
    std::optional<Outputs> outputs;
    if (origin.everything) outputs.emplace(rules, policy);
    bool right = true;
    for (int i = 0; i < origin.profiles_a_policy && right; ++i) {
        const Case made = maker.make();
        Case closed = made, settled = made;
        const auto failed = [&](const std::string& what) {
            right = false;
            counts.failures.push_back(report(origin, source, rules.model, seed, {rules.model.policies[policy].name, made, closed, settled}, what));
        };
        std::string what = agreement.differences(made);
        if (!what.empty()) {
            failed(what);
            break;
        }
        if (outputs) what = outputs->differences(made, agreement.told());
        if (!what.empty()) {
            right = false;
            counts.failures.push_back("seed " + std::to_string(seed) + ", as of " + value::format_date(made.question.as_of) + ", an output differs:\n" + what + print(rules.model, made.profile) + source + again_by(origin, seed));
            break;
        }
        ++counts.pairs;
        ++counts.verdicts[static_cast<std::size_t>(agreement.told().verdict)];
        if (agreement.told().verdict == Verdict::NotInForce) continue;
        const bool waits = !agreement.told().missing.empty();
        counts.open += waits ? 1U : 0U;
        counts.by_rule += agreement.open_by_rule() ? 1U : 0U;
        counts.sharper += agreement.sharper() ? 1U : 0U;
        counts.blunter += agreement.blunter() ? 1U : 0U;
        for (int completion = 0; completion < (agreement.sharper() ? completions_of_sharper : completions_a_profile) && right; ++completion) {
            closed = maker.complete(made);
            if (closed.profile.facts == made.profile.facts && !waits) break;
            ++counts.completions;
            counts.kept += agreement.told().verdict != Verdict::Undetermined ? 1U : 0U;
            what = agreement.broken_by(closed);
            if (!what.empty()) what.insert(0, "a promise is broken: ");
            if (what.empty() && waits) {
                settled = maker.complete(made, agreement.told().missing);
                what = agreement.not_settled(made, settled);
                if (!what.empty()) what.insert(0, "not settled: ");
                ++counts.settled;
            }
            if (!what.empty()) failed(what);
        }
    }
    if (outputs) counts.held.add(outputs->held());
    // Files take their time.
    constexpr std::uint32_t one_in = 64;
    if (outputs && right && seed % one_in == 0) {
        const std::string folder = testing::TempDir() + "eligo_edges_" + std::to_string(::getpid()) + "_" + std::to_string(seed);
        std::filesystem::create_directories(folder);
        const std::string what = outputs->tables(folder);
        std::filesystem::remove_all(folder);
        if (!what.empty()) counts.failures.push_back("seed " + std::to_string(seed) + ": " + what + source);
        right = what.empty();
    }
    counts.known |= agreement.reached_known();
    counts.sets |= agreement.reached_sets();
    return right;
}

void try_source(const Origin& origin, std::uint32_t seed, Counts& counts) {
    const std::string source = origin.source(seed);
    ++counts.sources;
    const Rules rules = compiled("generated.policy", source);
    if (!rules.pack) {
        ++counts.refused;
        for (const text::Code code : rules.codes) {
            ++counts.refusals[std::string(text::wording(code).number)];
            if (origin.is_expected(code) && rules.placed) continue;
            counts.failures.push_back("seed " + std::to_string(seed) + " is not well-typed, or the compiler is wrong:\n" + rules.errors + "\n" + source + again_by(origin, seed));
            break;
        }
        return;
    }
    if (!rules.errors.empty()) {
        const std::string small = shrink(source, [](const std::string& smaller) {
            const Rules again = compiled("generated.policy", smaller);
            return again.pack && !again.errors.empty();
        }, 2'000);
        return counts.failures.push_back("seed " + std::to_string(seed) + " does not verify:\n" + compiled("generated.policy", small).errors + "\n" + small + again_by(origin, seed));
    }
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy)
        if (!try_policy(origin, rules, source, policy, seed, counts)) return;
    if (!origin.everything) return;
    SCOPED_TRACE(source + again_by(origin, seed));
    for (sema::Id subject = 0; subject < rules.model.subjects.size(); ++subject) run_some_ways(rules, subject, 12, seed);
}

// Sources one after another, shared out among threads, until there are pairs enough. They count in the order of their seeds,
// however the threads fare, so that a run comes to the same again.
Counts try_many(const Origin& origin, std::size_t pairs) {
    constexpr std::size_t most_failures = 3;
    const auto first = static_cast<std::uint32_t>(from_environment("ELIGO_SEED", 1));
    const std::uint64_t wanted = from_environment("ELIGO_THREADS", std::thread::hardware_concurrency());
    std::uint32_t next = first, counted = first;
    std::map<std::uint32_t, Counts> waiting;  // done before others of lesser seeds
    std::mutex mutex;
    Counts all;
    const auto enough = [&] { return all.pairs >= pairs || all.failures.size() >= most_failures || testing::Test::HasFailure(); };
    const auto work = [&] {
        std::unique_lock lock(mutex);
        while (!enough()) {
            const std::uint32_t seed = next++;
            lock.unlock();
            Counts counts;
            try {
                try_source(origin, seed, counts);
            } catch (const std::exception& thrown) {
                counts.failures.push_back("seed " + std::to_string(seed) + " ends in an exception: " + thrown.what() + "\n" + again_by(origin, seed));
            }
            lock.lock();
            waiting.emplace(seed, std::move(counts));
            for (auto at = waiting.begin(); at != waiting.end() && at->first == counted && !enough(); at = waiting.erase(at), ++counted) all.add(at->second);
        }
    };
    std::vector<std::thread> threads;
    for (std::uint64_t i = 1; i < wanted; ++i) threads.emplace_back(work);
    work();
    for (auto& thread : threads) thread.join();
    return all;
}

std::string not_reached(const Opcodes& reached) {
    std::string names;
    for (std::size_t i = 0; i < bytecode::opcode_count; ++i)
        if (!reached.test(i)) names += std::string(bytecode::opcode_rows[i].name) + " ";
    return names;
}

void tell(const Counts& counts) {
    for (const auto& failure : counts.failures) ADD_FAILURE() << failure;
    std::cout << counts.pairs << " pairs of a policy and a profile agree, from " << counts.sources << " sources, " << counts.refused << " of which were refused:";
    for (const auto& [code, count] : counts.refusals) std::cout << " " << code << " " << count;
    std::cout << "\nverdicts: " << counts.verdicts[0] << " eligible, " << counts.verdicts[1] << " ineligible, " << counts.verdicts[2] << " undetermined, " << counts.verdicts[3] << " not in force; "
              << counts.open << " waited for facts, " << counts.by_rule << " were open by the rule; " << counts.completions << " completions of profiles with open facts, " << counts.kept
              << " of them of verdicts decided all the same; " << counts.settled << " times what was missing was given\n";
    std::cout << "in " << counts.sharper << " cases the compiler saw more than the oracle, which every completion confirmed; in " << counts.blunter << " it left more open\n";
}

TEST(Generated, policies_mean_the_same_three_ways) {
    const Counts counts = try_many(of_features, from_environment("ELIGO_PAIRS", 5'000));
    tell(counts);
    EXPECT_LT(counts.refused * 3, counts.sources) << "most of what is generated should compile";
    EXPECT_LE(counts.blunter * 1'000, counts.pairs + 1'000) << "the oracle is hardly ever the sharper of the two";
    if (counts.pairs < 5'000) return;  // too few to have met everything
    for (const std::size_t verdict : counts.verdicts) EXPECT_GT(verdict * 50, counts.pairs) << "a verdict is hardly ever tried";
    // With the directed policies, which have what chance seldom makes: quotients of 128 bits.
    Counts all = counts;
    for (const auto& [name, rules] : directed_rules())
        for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) EXPECT_TRUE(try_policy(of_features, rules, name, policy, 20110101, all)) << name;
    EXPECT_EQ(not_reached(all.known), "") << "over known values";
    EXPECT_EQ(not_reached(all.sets), "") << "over sets";
}

// Numbers where machines end: refused with their place, or the same in every way, the columns among them.
TEST(Edges, are_refused_or_mean_the_same_every_way) {
    const Counts counts = try_many(of_edges, from_environment("ELIGO_PAIRS", 5'000));
    tell(counts);
    const NumbersHeld& held = counts.held;
    std::cout << "numbers held to the oracle's digits: " << held.shown << " in explanations, as data, text and JSON; " << held.hosts << " in C++ and C; " << held.rows << " in CSV and NDJSON; " << held.columns << " in columns of Arrow\n";
    for (const std::size_t count : {held.shown, held.hosts, held.rows, held.columns}) EXPECT_GT(count * 10, counts.pairs) << "an output is hardly ever tried";
    EXPECT_LE(held.narrower * 1'000, held.shown + 1'000) << "the oracle's ranges are hardly ever wider";
    EXPECT_LT(counts.refused * 4, counts.sources * 3) << "a quarter of what lies at an edge should compile";
    // Each limit has been met from beyond.
    if (counts.pairs < 5'000) return;
    for (const char* const code : {"E0111", "E0326", "E0346", "E0703", "E0704", "E0713", "E0721", "E0722", "E0723", "E0724", "E0804"}) EXPECT_TRUE(counts.refusals.contains(code)) << code;
}

}  // namespace
}  // namespace eligo::oracle
