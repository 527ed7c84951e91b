// What a plan leaves undone, and that the answer is the same: branches not taken, clauses given up, registers of 128 bits
// held in 64, steps made one. Broken when: a check stumbles over a fact it need not look at, or goes on with what overflowed.
#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "../../engine/vm/fuse.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "../../engine/vm/run.hpp"
#include "compiled.hpp"

namespace eligo::vm {
namespace {

constexpr const char* source = R"(vocabulary company "企业" | "Company" {
  listed   : bool                          "上市" | "Listed"
  staff    : int in 0 .. 1_000             "职工" | "Staff"
  capital  : money in 0元 .. 1_000_000万元 "资本" | "Capital"
  turnover : money in 0元 .. 1_000_000万元 "营业额" | "Turnover"
  rate     : number in 0 .. 1000           "比率" | "Rate"
  months   : int in 1 .. 12                "月数" | "Months"
}
policy grant for company "补助" | "Grant" {
  source rules "规则"
  in force 2020-01-01 ..
  let large = capital * rate * (turnover / 1元) "乘积" | "Product"
  require small  staff <= 20                                             "小" | "Small"  @ rules 1
  require funded (if listed then capital else turnover) >= 10万元        "有资本" | "Funded" @ rules 2
  benefit amount : money = round(if listed then capital * 1/3 + turnover * 1/7 else turnover * rate / months, 0.01元) "金额" | "Amount" @ rules 3
  benefit product : money = round(large * 1/1_000_000, 0.01元) "乘积" | "Product" @ rules 4
}
)";

class PlanTest : public testing::Test {
protected:
    void SetUp() override {
        auto pack = tests::compiled("plan.policy", source).pack;
        ASSERT_TRUE(pack);
        pack_ = std::move(*pack);
        profile_ = empty_profile(pack_, 0);
    }

    void set(const char* key, const char* text) { ASSERT_FALSE(set_value(profile_, key, Scalar::Plain, text)); }

    // The verdict, and over which domain it was found.
    std::pair<Verdict, bool> check() {
        checker_.emplace(pack_, 0);
        memory_ = checker_->memory();
        outcome_ = checker_->check(profile_, {.as_of = value::day_from_civil(2021, 1, 1)}, memory_);
        return {outcome_.verdict, memory_.frames[0].over_sets()};
    }
    value::Int128 fen(std::size_t benefit) {
        const auto result = checker_->benefit(memory_, outcome_, benefit);
        EXPECT_EQ(result.amount.low, result.amount.high);
        const auto& unit = pack_.policies[0].versions[0].benefits[benefit].measure.unit;
        return result.amount.low * unit.numerator * 100 / unit.denominator;
    }

    bytecode::Pack pack_;
    Profile profile_;
    std::optional<Checker> checker_;
    Checker::Memory memory_;
    Outcome outcome_;
};

TEST_F(PlanTest, a_fact_that_only_the_branch_not_taken_reads_may_be_unknown) {
    set("staff", "5");
    set("listed", "false");
    set("turnover", "200000");
    set("rate", "1.5");
    set("months", "7");
    // The product asks for the capital; without that benefit nothing would.
    EXPECT_EQ(check(), (std::pair{Verdict::Eligible, true}));
    EXPECT_EQ(Checker(pack_, 0, Checker::Answer::Verdict).check(profile_, {.as_of = value::day_from_civil(2021, 1, 1)}, memory_).verdict, Verdict::Eligible);
    EXPECT_EQ(fen(0), 4285714);
}

TEST_F(PlanTest, a_verdict_alone_reads_what_its_clauses_read) {
    set("staff", "5");
    set("listed", "false");
    set("turnover", "200000");
    const Checker checker(pack_, 0, Checker::Answer::Verdict);
    auto memory = checker.memory();
    EXPECT_EQ(checker.check(profile_, {.as_of = value::day_from_civil(2021, 1, 1)}, memory).verdict, Verdict::Eligible);
    EXPECT_FALSE(memory.frames[0].over_sets()) << "the capital is read by the other branch only";
}

TEST_F(PlanTest, a_clause_that_fails_settles_what_an_unknown_one_before_it_cannot) {
    set("listed", "false");
    set("capital", "5");
    set("turnover", "99999.99");
    EXPECT_EQ(check(), (std::pair{Verdict::Ineligible, false}));
    set("turnover", "100000");
    EXPECT_EQ(check(), (std::pair{Verdict::Undetermined, true}));
}

// The compiler would have worked this out; a pack may be by another's hand.
TEST_F(PlanTest, a_clause_that_no_number_meets_fails) {
    set("staff", "5");
    set("listed", "true");
    set("capital", "100000");
    EXPECT_EQ(check().first, Verdict::Eligible);
    for (auto& constant : pack_.subjects[0].program.constants)
        if (constant == bytecode::Constant{20, 20}) constant = {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min()};
    const Checker changed(pack_, 0, Checker::Answer::Verdict);
    auto memory = changed.memory();
    EXPECT_EQ(changed.check(profile_, {.as_of = value::day_from_civil(2021, 1, 1)}, memory).verdict, Verdict::Ineligible);
}

TEST_F(PlanTest, what_overflows_64_bits_is_worked_out_in_128) {
    set("staff", "5");
    set("listed", "true");
    set("capital", "10000000000");
    set("turnover", "10000000000");
    set("rate", "1000");
    set("months", "12");
    EXPECT_EQ(check(), (std::pair{Verdict::Eligible, true}));
    EXPECT_EQ(fen(1), value::Int128{10'000'000'000} * 10'000'000'000 * 1000 / 1'000'000 * 100);
    set("capital", "100000");
    set("turnover", "100000");
    set("rate", "0.000001");
    EXPECT_EQ(check(), (std::pair{Verdict::Eligible, false}));
    EXPECT_EQ(fen(1), 1);
}

// Months up to the day that is asked about are compared by way of one day, which is worked out once a day; over sets they are counted.
TEST(DayTurns, months_up_to_the_day_are_as_they_are_counted) {
    auto pack = tests::compiled("months.policy", R"(vocabulary firm "企业" | "Firm" {
  founded : date fixed "成立日期" | "Founded on"
}
policy age for firm "年龄" | "Age" {
  source rules "规则"
  in force 2000-01-01 ..
  let months = months from founded to as_of "月数" | "Months"
  require ended   founded + 37 months <= as_of "满37个月" | "Ended"      @ rules 1
  require before  as_of < founded + 61 months  "未满61个月" | "Before"   @ rules 2
  require reached months >= 12 months "至少12个月" | "At least" @ rules 3
  require more    months > 12 months    "多于12个月" | "More"     @ rules 4
  require fewer   months < 37 months    "少于37个月" | "Fewer"    @ rules 5
  require most    months <= 37 months   "至多37个月" | "At most"  @ rules 6
}
)").pack;
    ASSERT_TRUE(pack);
    const bytecode::Version& version = pack->policies[0].versions[0];
    std::vector<bytecode::Register> roots;
    for (const auto& clause : version.clauses) roots.push_back(clause.outcome);
    const Plan plan = make_plan(*pack, 0, {.roots = roots});
    EXPECT_EQ(plan.day_turns.size(), 5U);  // 37, 61, 12, 13, 38
    Frame frame = make_frame(*pack, plan);
    Profile profile = empty_profile(*pack, 0);
    for (value::Day as_of = value::day_from_civil(2019, 2, 20); as_of <= value::day_from_civil(2020, 4, 2); ++as_of) {
        for (const int months : {12, 13, 37, 38, 61}) {
            for (int apart = -4; apart <= 4; ++apart) {
                const value::Day founded = value::add_months(as_of, -months) + apart;
                profile.row.set(0, {founded, founded, CellState::Known});
                run(frame, profile.row, {.as_of = as_of}, 2018);
                ASSERT_FALSE(frame.over_sets());
                const std::int32_t between = value::months_between(founded, as_of);
                const std::array wanted{value::add_months(founded, 37) <= as_of, as_of < value::add_months(founded, 61), between >= 12, between > 12, between < 37, between <= 37};
                for (std::size_t i = 0; i < wanted.size(); ++i)
                    ASSERT_EQ(frame.truth(roots[i]), value::truth_of(wanted[i])) << "clause " << i << ", " << value::format_date(founded) << " to " << value::format_date(as_of);
            }
        }
    }
}

Step step(bytecode::Opcode opcode, Place result, std::uint32_t a, std::uint32_t b = 0, std::uint32_t c = 0) {
    return {.opcode = static_cast<std::uint16_t>(opcode), .result = result, .a = a, .b = b, .c = c};
}
bool is(const Step& step, Control control) { return step.opcode == static_cast<std::uint16_t>(control); }
bool is(const Step& step, bytecode::Opcode opcode) { return step.opcode == static_cast<std::uint16_t>(opcode); }

TEST(FuseTest, the_opposite_of_a_comparison_is_a_comparison) {
    using bytecode::Opcode;
    const auto opposite = fused(step(Opcode::Less, 7, 1, 2), step(Opcode::Not, 8, 7), no_place);
    ASSERT_TRUE(opposite);
    EXPECT_TRUE(is(*opposite, Opcode::LessEqual));
    EXPECT_EQ((std::array{opposite->result, opposite->a, opposite->b}), (std::array<std::uint32_t, 3>{8, 2, 1}));
    EXPECT_TRUE(is(*fused(step(Opcode::Equal, 7, 1, 2), step(Opcode::Not, 8, 7), no_place), Control::NotEqual));
}

TEST(FuseTest, only_the_greater_of_a_difference_and_zero_is_an_excess) {
    using bytecode::Opcode;
    const auto excess = fused(step(Opcode::Subtract, 7, 1, 2), step(Opcode::Maximum, 8, 3, 7), 3);
    ASSERT_TRUE(excess);
    EXPECT_TRUE(is(*excess, Control::Excess));
    EXPECT_FALSE(fused(step(Opcode::Subtract, 7, 1, 2), step(Opcode::Maximum, 8, 4, 7), 3));
}

TEST(FuseTest, a_product_is_compared_in_one_step_on_either_side_of_at_most) {
    using bytecode::Opcode;
    const auto on_the_right = fused(step(Opcode::Multiply, 7, 1, 2), step(Opcode::LessEqual, 8, 3, 7), no_place);
    ASSERT_TRUE(on_the_right);
    EXPECT_TRUE(is(*on_the_right, Control::LessEqualProduct));
    EXPECT_EQ((std::array{on_the_right->a, on_the_right->b, on_the_right->c}), (std::array{3U, 1U, 2U}));
    const auto on_the_left = fused(step(Opcode::Multiply, 7, 1, 2), step(Opcode::LessEqual, 8, 7, 3), no_place);
    ASSERT_TRUE(on_the_left);
    EXPECT_TRUE(is(*on_the_left, Control::ProductLessEqual));
    EXPECT_EQ((std::array{on_the_left->a, on_the_left->b, on_the_left->c}), (std::array{1U, 2U, 3U}));
    EXPECT_FALSE(fused(step(Opcode::Multiply, 7, 1, 2), step(Opcode::LessEqual, 8, 7, 7), no_place));
    EXPECT_FALSE(fused(step(Opcode::Multiply, 7, 1, 2), step(Opcode::LessEqual, 8, 3, 4), no_place));
}

TEST(FuseTest, what_is_over_two_numbers_is_one_step) {
    using bytecode::Opcode;
    const Step excess{.opcode = static_cast<std::uint16_t>(Control::Excess), .result = 8, .a = 7, .b = 3};
    const auto one = fused(step(Opcode::Subtract, 7, 1, 2), excess, no_place);
    ASSERT_TRUE(one);
    EXPECT_TRUE(is(*one, Control::ExcessOverTwo));
    EXPECT_EQ((std::array{one->a, one->b, one->c}), (std::array{1U, 2U, 3U}));
    // What is taken off is the difference.
    EXPECT_FALSE(fused(step(Opcode::Subtract, 3, 1, 2), excess, no_place));
    EXPECT_FALSE(fused(step(Opcode::Subtract, 7, 1, 2), {.opcode = static_cast<std::uint16_t>(Control::Excess), .result = 8, .a = 7, .b = 7}, no_place));
}

TEST(FuseTest, a_fact_that_only_a_check_reads_is_read_by_it_where_both_are_needed_alike) {
    const Step read{.opcode = static_cast<std::uint16_t>(Control::ReadFact), .result = 7, .a = 5, .c = 1};
    Step check{.opcode = static_cast<std::uint16_t>(Control::GiveUpIfInSet), .a = 7, .b = 2, .c = 1, .clauses = 16};
    const auto one = fused(read, check, no_place);
    ASSERT_TRUE(one);
    EXPECT_TRUE(is(*one, Control::GiveUpIfFactInSet));
    EXPECT_EQ((std::array{one->a, one->b, one->c}), (std::array{5U, 2U, 1U}));
    EXPECT_EQ(one->clauses, 16U);
    check.c = no_guard;
    EXPECT_FALSE(fused(read, check, no_place));
}

TEST(FuseTest, what_the_step_before_came_to_is_taken_where_it_is_the_first_operand) {
    using bytecode::Opcode;
    EXPECT_TRUE(is(*chained(step(Opcode::Multiply, 7, 1, 2), step(Opcode::Subtract, 8, 7, 3)), Control::SubtractLast));
    EXPECT_FALSE(chained(step(Opcode::Multiply, 7, 1, 2), step(Opcode::Subtract, 8, 3, 7)));
    const auto sum = chained(step(Opcode::Multiply, 7, 1, 2), step(Opcode::Add, 8, 3, 7));
    ASSERT_TRUE(sum);
    EXPECT_EQ(sum->b, 3U);
    EXPECT_FALSE(chained({.opcode = static_cast<std::uint16_t>(Control::SkipIfFalse), .a = 4, .b = 1}, step(Opcode::Add, 8, 0, 3)));
}

}  // namespace
}  // namespace eligo::vm
