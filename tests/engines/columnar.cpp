// The columnar engine against the VM and the oracle: every scenario, and made-up profiles of every policy, all policies of a
// subject in one plan, in batches laid out every way a batch may be, a row, three, 1,024 and 8,192 at a time; fewer ways for
// directed and generated policies. ELIGO_PROFILES says how many profiles: a three-hundredth of them are tried here for each
// policy. ELIGO_PAIRS says how many generated sources: one for 60 pairs, from ELIGO_SEED on.
// Broken when: an engine misreads the bytecode, a fast path is taken where it does not hold, a column is misread.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>

#include "../../engine/columnar/run.hpp"
#include "../../engine/vm/run.hpp"
#include "agreement.hpp"
#include "batches.hpp"
#include "columnar_ways.hpp"
#include "environment.hpp"
#include "generate.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {
namespace {

using bytecode::Index;

static_assert(static_cast<int>(columnar::Verdict::NotInForce) == static_cast<int>(vm::Verdict::NotInForce));
static_assert(static_cast<int>(columnar::Given::Yes) == static_cast<int>(Truth::True));

std::size_t profile_count() { return std::max<std::size_t>(1, from_environment("ELIGO_PROFILES", 20'000) / 300); }

// Everything that a plan can give of some rows.
struct Results {
    struct Amounts {
        std::vector<std::int64_t> low, high;
        std::vector<value::Int128> wide_low, wide_high;
        std::vector<columnar::Given> given;
    };
    struct Clause {
        std::uint32_t version = 0, clause = 0;
        std::vector<std::uint64_t> certainly, possibly;
    };
    struct Policy {
        std::vector<columnar::Verdict> verdicts;
        std::vector<std::uint16_t> versions;
        std::vector<Amounts> amounts;
        std::vector<Clause> clauses;
    };
    std::vector<Policy> policies;

    Results(const columnar::Plan& plan, std::size_t rows) {
        for (const auto& columns : plan.policies()) {
            Policy& policy = policies.emplace_back();
            policy.verdicts.resize(rows, static_cast<columnar::Verdict>(0x55));
            policy.versions.resize(rows, 0x55);
            policy.amounts.resize(columns.benefits.size());
            for (auto& amounts : policy.amounts) {
                amounts.low.resize(rows, 0x55);
                amounts.high.resize(rows, 0x55);
                amounts.wide_low.resize(rows, 0x55);
                amounts.wide_high.resize(rows, 0x55);
                amounts.given.resize(rows, static_cast<columnar::Given>(0x55));
            }
            const auto& versions = plan.pack().policies[columns.policy].versions;
            for (std::uint32_t version = 0; version < versions.size(); ++version)
                for (std::uint32_t clause = 0; clause < versions[version].clauses.size(); ++clause)
                    policy.clauses.push_back({version, clause, std::vector<std::uint64_t>(rows / 64 + 1), std::vector<std::uint64_t>(rows / 64 + 1)});
        }
    }

    // Where rows from `first` on go; clauses only where that is a whole word.
    columnar::Output from(std::size_t first) {
        columnar::Output output;
        for (Policy& policy : policies) {
            columnar::PolicyOutput& to = output.policies.emplace_back();
            to.verdicts = policy.verdicts.data() + first;
            to.versions = policy.versions.data() + first;
            for (Amounts& amounts : policy.amounts)
                to.amounts.push_back({amounts.low.data() + first, amounts.high.data() + first, amounts.wide_low.data() + first, amounts.wide_high.data() + first, amounts.given.data() + first});
            if (first % 64 != 0) continue;
            for (Clause& clause : policy.clauses) to.clauses.push_back({clause.version, clause.clause, clause.certainly.data() + first / 64, clause.possibly.data() + first / 64});
        }
        return output;
    }
};

enum class Wanted : std::uint8_t { Results, Clauses };

struct Row {
    Profile profile;
    vm::Profile given;
};

class Comparison {
public:
    Comparison(const Rules& rules, sema::Id subject, const Question& question, const std::vector<Row>& rows) : rules_(rules), question_(question), rows_(rows) {
        for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy)
            if (rules.model.policies[policy].subject == subject) policies_.push_back(policy);
        for (Index i = 0; i < rules.pack->subjects.size(); ++i)
            if (rules.pack->string(rules.pack->subjects[i].name) == rules.model.subjects[subject].name) subject_ = i;
        for (const sema::Id policy : policies_) {
            std::vector<Answer>& answers = answers_.emplace_back();
            Agreement agreement(rules, policy);
            for (const Row& row : rows_) {
                // Where the VM sees more than the oracle, it is the VM's answer; that they agree otherwise is agree.cpp's matter.
                (void)agreement.differences({row.profile, question});
                answers.push_back(agreement.told());
            }
        }
    }

    // One way to store the batch, one size of block; for verdicts and amounts alone, or for the outcome of every clause too, which
    // leaves nothing that may wait.
    void run(Layout layout, std::size_t rows_a_run, std::uint32_t block, bool by_row, Wanted wanted, std::uint32_t seed) {
        std::vector<const Profile*> profiles;
        for (const Row& row : rows_) profiles.push_back(&row.profile);
        const Batches batches(rules_.model, *rules_.pack, subject_, profiles, layout, seed);
        columnar::Batch batch = batches.batch();
        columnar::PlanOptions options{.as_of = question_.as_of, .known_on = question_.known_on, .fiscal_year_by_row = by_row, .clauses = wanted == Wanted::Clauses, .block_rows = block};
        if (!by_row) {
            options.fiscal_year = rows_.front().profile.fiscal_year;
            batch.fiscal_years = nullptr;
        }
        const columnar::Plan plan(*rules_.pack, subject_, policies_, options);
        columnar::Memory memory(plan);
        Results results(plan, rows_.size());
        for (std::size_t first = 0; first < rows_.size(); first += rows_a_run)
            columnar::run(plan, memory, batch, first, std::min(rows_a_run, rows_.size() - first), results.from(first));
        for (std::size_t i = 0; i < policies_.size(); ++i)
            for (std::size_t row = 0; row < rows_.size(); ++row) compare(plan, results.policies[i], i, row, wanted == Wanted::Results ? 0 : rows_a_run % 64 == 0 ? 64 : rows_a_run);
    }

private:
    void fail(const std::string& what, std::size_t policy, std::size_t row) {
        if (++failures_ > 3) return;
        ADD_FAILURE() << rules_.model.policies[policies_[policy]].name << " as of " << value::format_date(question_.as_of) << " known on " << value::format_date(question_.known_on) << "\n"
                      << what << print(rules_.model, rows_[row].profile);
    }

    void compare(const columnar::Plan& plan, const Results::Policy& found, std::size_t policy, std::size_t row, std::size_t clauses_every) {
        const Answer& expected = answers_[policy][row];
        const auto verdict = static_cast<Verdict>(found.verdicts[row]);
        if (verdict != expected.verdict) return fail("verdict: oracle " + word(expected.verdict) + ", columns " + std::to_string(static_cast<int>(found.verdicts[row])) + "\n", policy, row);
        compare_with_vm(plan, found, policy, row);
        if (verdict == Verdict::NotInForce) return;
        compare_amounts(plan, found, policy, row);
        const auto& version = rules_.pack->policies[policies_[policy]].versions[found.versions[row]];
        for (const auto& clause : found.clauses) {
            if (clause.version != found.versions[row] || (clauses_every != 64 && row >= clauses_every)) continue;
            const bool certainly = (clause.certainly[row / 64] >> (row % 64) & 1) != 0, possibly = (clause.possibly[row / 64] >> (row % 64) & 1) != 0;
            const std::string& path = rules_.pack->string(version.clauses[clause.clause].path);
            if (expected.clauses.contains(path) && expected.clauses.at(path) != value::truth_of(certainly, possibly)) fail("clause " + path + "\n", policy, row);
        }
    }

    void compare_amounts(const columnar::Plan& plan, const Results::Policy& found, std::size_t policy, std::size_t row) {
        const Answer& expected = answers_[policy][row];
        const auto& columns = plan.policies()[policy];
        for (std::size_t i = 0; i < columns.benefits.size(); ++i) {
            const std::string& name = rules_.pack->string(columns.benefits[i].name);
            const auto& amounts = found.amounts[i];
            const auto at = expected.benefits.find(name);
            const Truth given = at == expected.benefits.end() ? Truth::False : at->second.given;
            if (static_cast<int>(amounts.given[row]) != static_cast<int>(given)) {
                fail("benefit " + name + ": given is " + std::to_string(static_cast<int>(amounts.given[row])) + ", not " + std::to_string(static_cast<int>(given)) + "\n", policy, row);
                continue;
            }
            const auto number = [&](value::Int128 value) { return number_of(value::Rational::of(value, 1)) * Number(columns.benefits[i].unit.numerator, columns.benefits[i].unit.denominator); };
            const Number low = number(amounts.wide_low[row]), high = number(amounts.wide_high[row]);
            if (low != (given == Truth::False ? Number(0) : at->second.low) || high != (given == Truth::False ? Number(0) : at->second.high))
                fail("benefit " + name + ": " + low.str() + " .. " + high.str() + (given == Truth::False ? ", not 0\n" : ", not " + at->second.low.str() + " .. " + at->second.high.str() + "\n"), policy, row);
            if (columns.benefits[i].wide) continue;
            if (amounts.wide_low[row] != amounts.low[row] || amounts.wide_high[row] != amounts.high[row]) fail("benefit " + name + ": 64 bits differ from 128\n", policy, row);
        }
    }

    void compare_with_vm(const columnar::Plan&, const Results::Policy& found, std::size_t policy, std::size_t row) {
        const auto made = checkers_.try_emplace(policy, *rules_.pack, policies_[policy]);
        if (made.second) memories_.emplace(policy, made.first->second.memory());
        const auto outcome = made.first->second.check(rows_[row].given, {question_.as_of, question_.known_on}, memories_.at(policy));
        if (static_cast<int>(outcome.verdict) != static_cast<int>(found.verdicts[row])) fail("the VM has another verdict\n", policy, row);
        if (outcome.verdict != vm::Verdict::NotInForce && outcome.version != found.versions[row]) fail("the VM has another version\n", policy, row);
    }

    const Rules& rules_;
    Question question_;
    const std::vector<Row>& rows_;
    std::vector<sema::Id> policies_;
    Index subject_ = 0;
    std::vector<std::vector<Answer>> answers_;  // by policy, by row
    std::map<std::size_t, vm::Checker> checkers_;
    std::map<std::size_t, vm::Checker::Memory> memories_;
    int failures_ = 0;
};

// Facts that lie outside their declarations, for a day or a year they were not made for, are no input of an engine.
bool accepted(const Rules& rules, Row& row) {
    std::string problems;
    row.given = engine_profile(rules.model, *rules.pack, row.profile, problems);
    return problems.empty();
}

void run_every_way(const Rules& rules, sema::Id subject, const Question& question, const std::vector<Row>& rows, std::uint32_t seed) {
    Comparison comparison(rules, subject, question, rows);
    const bool uniform = std::all_of(rows.begin(), rows.end(), [&](const Row& row) { return row.profile.fiscal_year == rows.front().profile.fiscal_year; });
    for (const Layout layout : {Layout::Plain, Layout::Narrow, Layout::Mixed}) {
        const std::uint32_t sizes[] = {1, 3, 1'024, 8'192};
        for (const std::uint32_t size : sizes) {
            const std::uint32_t block = size < 64 ? 64 : size;
            for (const Wanted wanted : {Wanted::Results, Wanted::Clauses}) {
                if (size == 3 && wanted == Wanted::Clauses) continue;
                if (uniform) comparison.run(layout, size, block, false, wanted, seed);
                comparison.run(layout, size, block, true, wanted, seed + 1);
            }
        }
    }
    comparison.run(Layout::Mixed, 64, 64, true, Wanted::Clauses, seed + 2);
    comparison.run(Layout::Mixed, 64, 64, uniform ? false : true, Wanted::Results, seed + 3);
}

// Profiles of one subject by day and fiscal year, so that many go into one batch.
void compare_made_up(const Rules& rules, sema::Id policy, std::size_t count, std::uint32_t seed) {
    Maker maker(rules.model, policy, seed);
    std::map<std::int32_t, std::pair<Question, std::vector<Row>>> by_year;
    std::vector<Row> all;
    Question last;
    for (std::size_t i = 0; i < count; ++i) {
        Case made = maker.make();
        Row row{std::move(made.profile), {}};
        if (!accepted(rules, row)) continue;
        last = made.question;
        auto& [question, rows] = by_year.try_emplace(*row.profile.fiscal_year, made.question, std::vector<Row>{}).first->second;
        if (i % 7 == 0) all.push_back(row);
        rows.push_back(std::move(row));
    }
    const sema::Id subject = rules.model.policies[policy].subject;
    for (const auto& [year, group] : by_year) run_every_way(rules, subject, group.first, group.second, seed + static_cast<std::uint32_t>(year));
    run_every_way(rules, subject, last, all, seed);
}

}  // namespace

void run_some_ways(const Rules& rules, sema::Id subject, std::size_t count, std::uint32_t seed) {
    std::optional<Question> question;
    std::vector<Row> rows;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) {
        if (rules.model.policies[policy].subject != subject) continue;
        Maker maker(rules.model, policy, seed + policy);
        for (std::size_t i = 0; i < count; ++i) {
            Case made = maker.make();
            if (!question) question = made.question;
            Row row{std::move(made.profile), {}};
            if (accepted(rules, row)) rows.push_back(std::move(row));
        }
    }
    if (rows.empty()) return;
    Comparison comparison(rules, subject, *question, rows);
    comparison.run(Layout::Plain, 8'192, 8'192, true, Wanted::Results, seed);
    comparison.run(Layout::Narrow, 3, 64, true, Wanted::Results, seed + 1);
    comparison.run(Layout::Mixed, 64, 64, true, Wanted::Clauses, seed + 2);
}

namespace {

TEST(Columnar, scenarios_come_to_the_same_as_in_the_oracle_and_the_vm) {
    const Rules& rules = shipped_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    std::map<std::pair<sema::Id, std::pair<value::Day, value::Day>>, std::vector<Row>> groups;
    for (const auto& scenario : rules.model.scenarios) {
        Row row{profile_of(rules.model, scenario), {}};
        ASSERT_TRUE(accepted(rules, row)) << scenario.title;
        groups[{row.profile.subject, {scenario.as_of, scenario.known_on.value_or(value::last_day)}}].push_back(std::move(row));
    }
    for (const auto& [key, rows] : groups) run_every_way(rules, key.first, {key.second.first, key.second.second}, rows, 1);
}

TEST(Columnar, made_up_profiles_come_to_the_same_as_in_the_oracle_and_the_vm) {
    const Rules& rules = shipped_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) compare_made_up(rules, policy, profile_count(), 20180101 + policy);
}

TEST(Columnar, directed_policies_come_to_the_same_as_in_the_oracle_and_the_vm) {
    for (const auto& [name, rules] : directed_rules()) {
        SCOPED_TRACE(name);
        ASSERT_TRUE(rules.pack) << rules.errors;
        for (sema::Id subject = 0; subject < rules.model.subjects.size(); ++subject) run_some_ways(rules, subject, 100, 20110101);
    }
}

TEST(Columnar, generated_policies_come_to_the_same_as_in_the_oracle_and_the_vm) {
    const std::size_t sources = from_environment("ELIGO_PAIRS", 5'000) / 60;
    const auto first = static_cast<std::uint32_t>(from_environment("ELIGO_SEED", 1));
    std::size_t tried = 0;
    std::size_t taken = 0;
    for (; taken < sources && !HasFailure(); ++taken) {
        const std::uint32_t seed = first + static_cast<std::uint32_t>(taken);
        const std::string source = generate(seed);
        const Rules rules = compiled("generated.policy", source);
        if (!rules.pack) continue;  // refused, which agree.cpp looks at
        ++tried;
        SCOPED_TRACE("seed " + std::to_string(seed) + "\n" + source);
        for (sema::Id subject = 0; subject < rules.model.subjects.size(); ++subject) run_some_ways(rules, subject, 12, seed);
    }
    EXPECT_GE(tried * 2, taken) << "most of what is generated should compile";
}

// A column of which no row is known has no values, and may have no bitmap of what is known either; yet a block of it may say nothing, or
// that all is as by default, and the next be of ranges. What is done for one kind of block must not be done for the other.
TEST(Columnar, blocks_of_ranges_are_told_from_blocks_that_say_nothing) {
    const Rules rules = compiled("shop.policy", R"(
vocabulary shop "商店" | "Shop" {
  staff : int in 0 .. 1_000            "职工" | "Staff"
  rooms : int in 0 .. 100 default 5    "房间" | "Rooms"
}
policy manned for shop "人员" | "Manned" {
  in force 2010-01-01 ..
  require enough  staff >= 10          "人数" | "Enough staff"  @ "一"
}
policy roomy for shop "房间" | "Roomy" {
  in force 2010-01-01 ..
  require few     rooms <= 50          "不多" | "Few rooms"     @ "一"
}
)");
    ASSERT_TRUE(rules.pack) << rules.errors;
    constexpr std::size_t block = 64;
    enum Said : std::uint8_t { Nothing, Inside, Outside, Across, Unknown };
    // Ranges of ten beside the threshold, or with it in their middle.
    const auto fact = [](Said said, int inside, int outside) {
        Scalar scalar;
        if (said == Unknown) scalar.state = Scalar::State::Unknown;
        if (said == Nothing || said == Unknown) return scalar;
        const int low = said == Inside ? inside : said == Outside ? outside : (inside + outside) / 2;
        return Scalar{Scalar::State::Range, low, low + 9, {}};
    };
    for (const auto& blocks : {std::array{Nothing, Inside, Across, Outside}, std::array{Inside, Nothing, Unknown, Across}, std::array{Unknown, Across, Nothing, Inside}}) {
        std::vector<Row> rows;
        for (const Said said : blocks) {
            for (std::size_t i = 0; i < block; ++i) {
                Row row{{0, {}, 2020}, {}};
                row.profile.facts.scalars = {{"staff", fact(said, 10, 0)}, {"rooms", fact(said, 41, 51)}};
                ASSERT_TRUE(accepted(rules, row));
                rows.push_back(std::move(row));
            }
        }
        Comparison comparison(rules, 0, {value::day_from_civil(2020, 6, 1), value::last_day}, rows);
        // By chance with values that nobody may look at, or without.
        for (std::uint32_t seed = 1; seed <= 8; ++seed)
            for (const Wanted wanted : {Wanted::Results, Wanted::Clauses}) comparison.run(Layout::Mixed, rows.size(), block, seed % 2 == 0, wanted, seed);
    }
}

TEST(Columnar, features_come_to_the_same_as_in_the_oracle_and_the_vm) {
    const Rules& rules = feature_rules();
    ASSERT_TRUE(rules.pack) << rules.errors;
    for (sema::Id policy = 0; policy < rules.model.policies.size(); ++policy) compare_made_up(rules, policy, profile_count(), 20190101 + policy);
}

}  // namespace
}  // namespace eligo::oracle
