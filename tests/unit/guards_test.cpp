// What is needed only in a branch of a branch, and what is open by the rule there: over known values it stands behind guards within
// guards, or behind jumps, and may be anything where the branch is not taken. Every assignment of few facts, each of them unknown in
// turn, is checked against the same written in C++, which reads what it needs and nothing else.
// Broken when: a check over known values stumbles over what it need not look at, or takes for known what it gave up.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../../engine/vm/plan.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "../../engine/vm/run.hpp"
#include "compiled.hpp"

namespace eligo::vm {
namespace {

constexpr const char* source = R"(vocabulary company "企业" | "Company" {
  a : bool        "甲" | "A"
  b : bool        "乙" | "B"
  c : bool        "丙" | "C"
  x : int in 0..9 "一" | "X"
  y : int in 0..9 "二" | "Y"
  z : int in 0..9 "三" | "Z"
  w : int in 0..9 "四" | "W"
  v : int in 0..9 "五" | "V"
  u : int in 0..9 "六" | "U"
  t : int in 0..9 "七" | "T"
}
policy nested for company "甲" | "Nested" {
  in force 2020-01-01 ..
  require deep  (if a then (if b then (if c then x * y else z) else w) else v) >= 3  "一" | "Deep"  @ "一"
  require other t <= 5                                                               "二" | "Other" @ "二"
}
policy long for company "乙" | "Long" {
  in force 2020-01-01 ..
  require deep  (if a then (if b then x * y + x * x * y + x * y * y + x * x * x * y + x * y * y * y + (if c then z * z * y else w * w * x) else v) else u) >= 30  "一" | "Deep" @ "一"
  require other t <= 5  "二" | "Other" @ "二"
}
policy open for company "丙" | "Open" {
  in force 2020-01-01 ..
  require rate  (if a then (if b then (x / y otherwise unknown) else 5) else z) >= 3  "一" | "Rate" @ "一"
  require other w >= 1  "二" | "Other" @ "二"
}
policy truth for company "丁" | "Truth" {
  in force 2020-01-01 ..
  require said  (if a then (if b then (x / y >= 3 otherwise unknown) else c) else z >= 3)  "一" | "Said" @ "一"
  require other w >= 1  "二" | "Other" @ "二"
}
policy shared for company "戊" | "Shared" {
  in force 2020-01-01 ..
  require deep  (if a then (if b then (if c then x * y else z) else w) else x + w) >= 3  "一" | "Deep"  @ "一"
  require other z <= 5                                                                   "二" | "Other" @ "二"
}
)";

constexpr std::array names{"a", "b", "c", "x", "y", "z", "w", "v", "u", "t"};
constexpr std::size_t truths = 3;

// Each fact one of three: unknown, or the one or the other value.
struct Facts {
    std::array<std::optional<int>, names.size()> values;
};

// Reads what is asked, and remembers whether something was that is not known.
class Reader {
public:
    explicit Reader(const Facts& facts) : facts_(facts) {}
    int operator()(char name) {
        const auto at = std::find_if(names.begin(), names.end(), [&](const char* one) { return *one == name; }) - names.begin();
        const auto& value = facts_.values[static_cast<std::size_t>(at)];
        if (!value) open = true;
        return value.value_or(0);
    }
    bool open = false;

private:
    const Facts& facts_;
};

using Clause = std::function<bool(Reader&)>;

class Guards : public testing::Test {
protected:
    void SetUp() override {
        auto [pack, told] = tests::compiled("guards.policy", source);
        EXPECT_EQ(told, "");
        ASSERT_TRUE(pack);
        pack_ = std::move(*pack);
    }

    Plan plan(bytecode::Index policy) const {
        const auto& version = pack_.policies[policy].versions[0];
        std::vector<bytecode::Register> stops;
        for (const auto clause : version.top_clauses) stops.push_back(version.clauses[clause].outcome);
        const bytecode::Register roots[] = {version.in_force};
        return make_plan(pack_, 0, {.roots = roots, .stop_at = stops, .verdict = version.verdict, .first = version.in_force});
    }

    // Of each clause whether it holds; nothing where that hangs on what is not known.
    static std::vector<std::optional<bool>> outcomes(const Facts& facts, const std::vector<Clause>& clauses) {
        std::vector<std::optional<bool>> all;
        for (const Clause& clause : clauses) {
            Reader reader(facts);
            const bool holds = clause(reader);
            all.push_back(reader.open ? std::nullopt : std::optional(holds));
        }
        return all;
    }

    // What it comes to over known values; nothing where they do not settle it.
    static std::optional<Verdict> settled(const std::vector<std::optional<bool>>& outcomes) {
        if (std::find(outcomes.begin(), outcomes.end(), std::optional(false)) != outcomes.end()) return Verdict::Ineligible;
        if (std::find(outcomes.begin(), outcomes.end(), std::nullopt) != outcomes.end()) return std::nullopt;
        return Verdict::Eligible;
    }

    // Whether every completion of the facts comes to this.
    static bool stays(Facts facts, const std::vector<Clause>& clauses, Verdict verdict, const std::array<int, 2>& numbers) {
        const auto unknown = std::find(facts.values.begin(), facts.values.end(), std::nullopt);
        if (unknown == facts.values.end()) return settled(outcomes(facts, clauses)) == verdict;
        for (const int value : numbers) {
            *unknown = static_cast<std::size_t>(unknown - facts.values.begin()) < truths ? static_cast<int>(value != 0) : value;
            if (!stays(facts, clauses, verdict, numbers)) return false;
        }
        return true;
    }

    // Whether a fact that several branches ask for is read in any case; then only sets may settle what known values could.
    enum class Branches : std::uint8_t { Apart, Sharing };

    void try_all(bytecode::Index policy, const std::vector<Clause>& clauses, const std::array<int, 2>& numbers, Branches branches = Branches::Apart) {
        const Checker checker(pack_, policy, Checker::Answer::Verdict);
        auto memory = checker.memory();
        std::size_t over_known = 0, over_sets = 0;
        std::size_t assignments = 1;
        for (std::size_t i = 0; i < names.size(); ++i) assignments *= 3;
        for (std::size_t number = 0; number < assignments && !HasFailure(); ++number) {
            Facts facts;
            Profile profile = empty_profile(pack_, 0);
            std::string told;
            for (std::size_t i = 0, rest = number; i < names.size(); ++i, rest /= 3) {
                if (rest % 3 == 0) continue;
                const int value = numbers[rest % 3 - 1];
                facts.values[i] = i < truths ? static_cast<int>(value != 0) : value;
                const std::string text = i < truths ? (value != 0 ? "true" : "false") : std::to_string(value);
                ASSERT_FALSE(set_value(profile, names[i], Scalar::Plain, text));
                told += std::string(names[i]) + " = " + text + ", ";
            }
            const Verdict verdict = checker.check(profile, {.as_of = value::day_from_civil(2021, 1, 1)}, memory).verdict;
            const bool sets = memory.frames[0].over_sets();
            if (const auto expected = settled(outcomes(facts, clauses))) {
                EXPECT_EQ(verdict, *expected) << told;
                EXPECT_TRUE(branches == Branches::Sharing || !sets) << "what is known settles it; " << told;
            } else if (verdict != Verdict::Undetermined) {
                EXPECT_TRUE(stays(facts, clauses, verdict, numbers)) << told;
            }
            ++(sets ? over_sets : over_known);
        }
        EXPECT_GT(over_known, 100u);
        EXPECT_GT(over_sets, 100u);
    }

    bytecode::Pack pack_;
};

bool is(const Step& step, Control control) { return step.opcode == static_cast<std::uint16_t>(control); }

std::size_t count(const Plan& plan, const std::function<bool(const Step&)>& wanted) {
    const auto& steps = plan.steps[static_cast<std::size_t>(Domain::Known)];
    return static_cast<std::size_t>(std::count_if(steps.begin(), steps.end(), wanted));
}

bool is_guarded_check(const Step& step) {
    for (const Control check : {Control::GiveUpUnless, Control::GiveUpIf, Control::GiveUpIfEqual, Control::GiveUpIfInSet, Control::GiveUpUnlessLast, Control::GiveUpIfLast, Control::GiveUpIfEqualLast})
        if (is(step, check)) return step.c != no_guard;
    return false;
}

TEST_F(Guards, stand_within_each_other) {
    const Plan made = plan(0);
    EXPECT_EQ(count(made, [](const Step& step) { return is(step, Control::SkipIfFalse) || is(step, Control::SkipIfTrue); }), 0u) << "little work is done without a jump";
    EXPECT_TRUE(std::any_of(made.guards.begin(), made.guards.end(), [&](const Guard& guard) { return guard.outer != no_guard && made.guards[guard.outer].outer != no_guard; })) << "three deep";
    try_all(0,
            {[](Reader& of) { return (of('a') != 0 ? (of('b') != 0 ? (of('c') != 0 ? of('x') * of('y') : of('z')) : of('w')) : of('v')) >= 3; },
             [](Reader& of) { return of('t') <= 5; }},
            {0, 6});
}

TEST_F(Guards, leave_out_what_several_branches_ask_for) {
    try_all(4,
            {[](Reader& of) { return (of('a') != 0 ? (of('b') != 0 ? (of('c') != 0 ? of('x') * of('y') : of('z')) : of('w')) : of('x') + of('w')) >= 3; },
             [](Reader& of) { return of('z') <= 5; }},
            {0, 4}, Branches::Sharing);
}

TEST_F(Guards, stand_within_jumps) {
    EXPECT_GT(count(plan(1), [](const Step& step) { return is(step, Control::SkipIfFalse) || is(step, Control::SkipIfTrue); }), 0u);
    const auto product = [](Reader& of) {
        const int x = of('x'), y = of('y');
        const int all = x * y + x * x * y + x * y * y + x * x * x * y + x * y * y * y;
        return all + (of('c') != 0 ? of('z') * of('z') * y : of('w') * of('w') * x);
    };
    try_all(1, {[&](Reader& of) { return (of('a') != 0 ? (of('b') != 0 ? product(of) : of('v')) : of('u')) >= 30; }, [](Reader& of) { return of('t') <= 5; }}, {1, 6});
}

// A quotient by nothing leaves its clause open, where it is asked for.
TEST_F(Guards, keep_what_is_open_by_the_rule) {
    EXPECT_EQ(count(plan(2), is_guarded_check), 1u);
    try_all(2,
            {[](Reader& of) {
                 if (of('a') == 0) return of('z') >= 3;
                 if (of('b') == 0) return true;
                 const int x = of('x'), y = of('y');
                 of.open = of.open || y == 0;
                 return x >= 3 * y;
             },
             [](Reader& of) { return of('w') >= 1; }},
            {0, 3});
}

TEST_F(Guards, keep_a_truth_that_is_open_by_the_rule) {
    EXPECT_EQ(count(plan(3), is_guarded_check), 1u);
    try_all(3,
            {[](Reader& of) {
                 if (of('a') == 0) return of('z') >= 3;
                 if (of('b') == 0) return of('c') != 0;
                 const int x = of('x'), y = of('y');
                 of.open = of.open || y == 0;
                 return x >= 3 * y;
             },
             [](Reader& of) { return of('w') >= 1; }},
            {0, 3});
}

}  // namespace
}  // namespace eligo::vm
