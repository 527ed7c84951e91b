// The public headers as a host program uses them: compile, load, set facts, check, ask why.
#include <eligo/eligo.h>
#include <eligo/eligo.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "../../engine/api/compile_internal.hpp"
#include "../../engine/io/files.hpp"

namespace {

// Counted a thread, so that what other threads of the test program do is not seen.
thread_local std::size_t allocations = 0;

void* counted(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
    std::abort();
}

}  // namespace

void* operator new(std::size_t size) { return counted(size); }
void* operator new[](std::size_t size) { return counted(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void operator delete(void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete[](void* memory, const std::nothrow_t&) noexcept { std::free(memory); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace eligo {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* vocabulary = R"(vocabulary company "企业" | "Company" {
  registered_on : date fixed "注册成立日期" | "Date of registration"
  resident : bool default true "居民企业" | "Resident enterprise"
  employees : number in 0..5_000_000 "职工总数" | "Employees"
  rd_staff : number in 0..employees "研发人员数" | "R&D staff"
  revenue : yearly money in 0元..10万亿元 "销售收入" | "Revenue"
  city : text "城市" | "City"
  claims : list of claim up to 5 "项目" | "Claims"
}
record claim {
  paid_in : money in 0元..1亿元 "投入" | "Paid in"
}
)";

constexpr const char* policy = R"(import "vocabulary/company.policy"
policy small_firm for company "小企业" | "Small firm" {
  authority "市科委" | "The city"
  in force 2016-01-01 .. 2019-12-31
  let share = rd_staff / employees otherwise 0% "研发人员占比" | "Share of R&D staff"
  require here resident and registered_on <= as_of "已注册的居民企业" | "A registered resident firm" @ "示例 1"
  require staff employees <= 300 "职工不超过300人" | "At most 300 employees" @ "示例 2"
  require research share >= 10% "研发人员占比达标" | "Enough R&D staff" @ "示例 3"
  benefit grant : money = round(revenue[-1] * 1%, 0.01元) "补助" | "Grant" @ "示例 4"
  benefit rate : percent = 15% "税率" | "Rate" @ "示例 5"
  benefit paid : money = sum(c.paid_in for c in claims) always "投入合计" | "Total paid in" @ "示例 6"
}
)";

class ApiTest : public testing::Test {
protected:
    ApiTest() : pack_(make()) {}

    static Pack make() {
        auto compiled = compile({{"small.policy", policy}, {"vocabulary/company.policy", vocabulary}});
        for (const Diagnostic& diagnostic : compiled.diagnostics) ADD_FAILURE() << diagnostic.text(Language::English);
        return *compiled.pack;
    }

    Profile good_company() const {
        Profile company = pack_.profile("company");
        EXPECT_TRUE(company.set("registered_on", 2015y / 3 / 1).ok());
        EXPECT_TRUE(company.set("employees", 100).ok());
        EXPECT_TRUE(company.set("rd_staff", "10").ok());
        EXPECT_TRUE(company.set("revenue.2017", "1234567.89").ok());
        EXPECT_TRUE(company.set("claims[1].paid_in", 5).ok());
        EXPECT_TRUE(company.set("claims[0].paid_in", "0.01").ok());
        return company;
    }

    static constexpr Question question_{.as_of = 2018y / 6 / 1};
    Pack pack_;
};

TEST_F(ApiTest, VerdictAndBenefits) {
    const auto result = pack_.policy("small_firm").check(good_company(), question_);
    EXPECT_EQ(result.verdict(), Verdict::Eligible);
    EXPECT_EQ(name_of(result.verdict()), "eligible");
    EXPECT_EQ(result.benefit_names(), (std::vector<std::string>{"grant", "rate", "paid"}));
    EXPECT_EQ(result.gives("grant"), Truth::True);
    const auto grant = result.benefit("grant");
    ASSERT_TRUE(grant);
    EXPECT_FALSE(grant->open);
    EXPECT_EQ(grant->low, "12345.68");
    EXPECT_EQ(grant->low_fen, 1'234'568);
    EXPECT_EQ(result.benefit("rate")->low, "0.15");
    EXPECT_FALSE(result.benefit("rate")->low_fen);
    EXPECT_EQ(result.benefit("paid")->low, "5.01");
    EXPECT_FALSE(result.benefit("nothing"));
    EXPECT_EQ(result.gives("nothing"), Truth::False);
}

TEST_F(ApiTest, AMissingFactLeavesItOpenAndIsNamed) {
    Profile company = good_company();
    company.set_unknown("rd_staff");
    Policy small = pack_.policy("small_firm");
    EXPECT_EQ(small.check(company, question_).verdict(), Verdict::Undetermined);
    const auto why = small.explain(company, question_);
    EXPECT_EQ(why.verdict, Verdict::Undetermined);
    EXPECT_EQ(why.missing, (std::vector<std::string>{"rd_staff"}));
    EXPECT_EQ(why.assumed, (std::vector<std::string>{"resident"}));
    company.set("rd_staff", "10 .. 20");
    EXPECT_EQ(small.check(company, question_).verdict(), Verdict::Eligible);
    company.set("rd_staff", "..< 10");
    EXPECT_EQ(small.check(company, question_).verdict(), Verdict::Ineligible);
}

TEST_F(ApiTest, AnOpenAmountHasTwoEnds) {
    Profile company = good_company();
    company.set("revenue.2017", "100 .. 200");
    const auto result = pack_.policy("small_firm").check(company, question_);
    const auto grant = result.benefit("grant");
    ASSERT_TRUE(grant);
    EXPECT_TRUE(grant->open);
    EXPECT_EQ(grant->low, "1.00");
    EXPECT_EQ(grant->high_fen, 200);
}

TEST_F(ApiTest, Reasons) {
    Profile company = good_company();
    company.set("employees", 301);
    const auto why = pack_.policy("small_firm").explain(company, question_);
    EXPECT_EQ(why.policy, "small_firm");
    EXPECT_EQ(why.label.chinese, "小企业");
    EXPECT_EQ(why.verdict, Verdict::Ineligible);
    EXPECT_EQ(why.day, 2018y / 6 / 1);
    ASSERT_EQ(why.clauses.size(), 3U);
    EXPECT_EQ(why.clauses[0].outcome, Truth::True);
    EXPECT_EQ(why.clauses[1].id, "staff");
    EXPECT_EQ(why.clauses[1].outcome, Truth::False);
    EXPECT_EQ(why.clauses[1].label.english, "At most 300 employees");
    EXPECT_EQ(why.clauses[1].citations, (std::vector<std::string>{"示例 2"}));
    ASSERT_EQ(why.clauses[1].values.size(), 1U);
    EXPECT_EQ(why.clauses[1].values[0].name, "employees");
    EXPECT_EQ(why.clauses[1].values[0].value.low, "301");
}

TEST_F(ApiTest, DaysOutsideTheCalendarOrThePeriod) {
    Policy small = pack_.policy("small_firm");
    const Profile company = good_company();
    for (const auto day : {2015y / 12 / 31, 2020y / 1 / 1, 2018y / 2 / 30, 1800y / 1 / 1, std::chrono::year_month_day{}}) {
        EXPECT_EQ(small.check(company, {.as_of = day}).verdict(), Verdict::NotInForce);
        EXPECT_EQ(small.explain(company, {.as_of = day}).verdict, Verdict::NotInForce);
    }
    ASSERT_EQ(small.in_force().size(), 1U);
    EXPECT_EQ(small.in_force()[0].from, 2016y / 1 / 1);
    EXPECT_EQ(small.in_force()[0].to, 2019y / 12 / 31);
}

TEST_F(ApiTest, ACheckAllocatesNothing) {
    Policy small = pack_.policy("small_firm");
    const Profile company = good_company();
    Profile open = good_company();
    open.set_unknown("rd_staff");
    open.set_unknown("claims");
    const std::size_t before = allocations;
    const auto known = small.check(company, question_).verdict();
    const auto unknown = small.check(open, question_).verdict();
    const std::size_t after = allocations;
    EXPECT_EQ(after, before);
    EXPECT_EQ(known, Verdict::Eligible);
    EXPECT_EQ(unknown, Verdict::Undetermined);
    std::string grows(100, 'x');
    EXPECT_GT(allocations, after) << "the counter counts nothing";
}

TEST_F(ApiTest, ACheckInCAllocatesNothing) {
    const std::vector<std::uint8_t> bytes = pack_.bytes();
    eligo_pack* pack = nullptr;
    eligo_policy* small = nullptr;
    eligo_profile* company = nullptr;
    eligo_result* result = nullptr;
    ASSERT_EQ(eligo_pack_read(bytes.data(), bytes.size(), &pack, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_policy_new(pack, "small_firm", &small, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_profile_new(pack, "company", &company, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_result_new(&result, nullptr), ELIGO_OK);
    const eligo_question question{sizeof question, {2018, 6, 1}, {2018, 6, 1}};
    const eligo_question no_day{sizeof no_day, {2018, 2, 30}, {}};
    const std::size_t before = allocations;
    const eligo_status asked = eligo_policy_check(small, company, &question, result, nullptr);
    const eligo_verdict verdict = eligo_result_verdict(result);
    const eligo_status refused = eligo_policy_check(small, company, &no_day, result, nullptr);
    EXPECT_EQ(allocations, before);
    EXPECT_EQ(asked, ELIGO_OK);
    EXPECT_EQ(verdict, ELIGO_UNDETERMINED);
    EXPECT_EQ(refused, ELIGO_BAD_ARGUMENT);
    eligo_result_free(result);
    eligo_profile_free(company);
    eligo_policy_free(small);
    eligo_pack_free(pack);
}

TEST_F(ApiTest, RefusedValuesAreToldAndTheirFactsUnknown) {
    Profile company = good_company();
    const Status status = company.set("employees", -3);
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(status.problem().kind, ProblemKind::OutOfRange);
    EXPECT_EQ(status.problem().english(), "employees: expected a number from 0 to 5000000, found \"-3\"");
    EXPECT_EQ(status.problem().chinese(), "employees：应为0至5000000之间的数，实际为“-3”");
    EXPECT_EQ(company.problems().size(), 1U);
    EXPECT_EQ(pack_.policy("small_firm").check(company, question_).verdict(), Verdict::Undetermined);
    EXPECT_TRUE(company.set("employees", 120).ok());
    EXPECT_TRUE(company.problems().empty());
    EXPECT_EQ(company.set("employes", 1).problem().kind, ProblemKind::UnknownKey);
    EXPECT_EQ(company.set("employees", true).problem().kind, ProblemKind::WrongType);
    EXPECT_EQ(company.set("resident", 1).problem().kind, ProblemKind::WrongType);
    EXPECT_EQ(company.set("city", 1).problem().kind, ProblemKind::WrongType);
    EXPECT_TRUE(company.set("city", "上海").ok());
    EXPECT_EQ(company.set("registered_on", 2015y / 2 / 30).problem().kind, ProblemKind::WrongType);
    EXPECT_EQ(company.set("revenue.2017", "0.001").problem().kind, ProblemKind::TooManyDecimals);
    EXPECT_EQ(company.set_list("claims", 6).problem().kind, ProblemKind::TooManyElements);
    EXPECT_EQ(company.set("employees", ~std::uint64_t{0}).problem().kind, ProblemKind::OutOfRange);
}

TEST_F(ApiTest, ProblemsGoWithWhatTheyWereAbout) {
    Profile company = pack_.profile("company");
    company.set("claims[2].paid_in", -1);
    company.set("claims[0].paid_in", -1);
    company.set("revenue.2015", -1);
    EXPECT_EQ(company.problems().size(), 3U);
    company.set_list("claims", 2);
    EXPECT_EQ(company.problems().size(), 2U);
    company.forget("claims");
    company.set_unknown("revenue");
    EXPECT_TRUE(company.problems().empty());
}

TEST_F(ApiTest, ContradictionsArePartOfTheProblems) {
    Profile company = pack_.profile("company");
    company.set("rd_staff", 101);
    EXPECT_TRUE(company.problems().empty());
    company.set("employees", 100);
    ASSERT_EQ(company.problems().size(), 1U);
    EXPECT_EQ(company.problems()[0].kind, ProblemKind::Contradiction);
    EXPECT_EQ(company.problems()[0].english(), "rd_staff: expected at most employees (100), found \"101\"");
}

TEST_F(ApiTest, ProfilesAreValues) {
    Profile company = good_company();
    Profile copy = company;
    copy.set("employees", 1000);
    Policy small = pack_.policy("small_firm");
    EXPECT_EQ(small.check(company, question_).verdict(), Verdict::Eligible);
    EXPECT_EQ(small.check(copy, question_).verdict(), Verdict::Ineligible);
    company = copy;
    EXPECT_EQ(small.check(company, question_).verdict(), Verdict::Ineligible);
    EXPECT_EQ(company.subject(), "company");
}

TEST_F(ApiTest, APackOutlivesItsHandlesAsLongAsItIsUsed) {
    auto made = std::make_unique<Pack>(make());
    Policy small = made->policy("small_firm");
    Profile company = made->profile("company");
    made.reset();
    company.set("employees", 301);
    const auto result = small.check(company, question_);
    EXPECT_EQ(result.verdict(), Verdict::Ineligible);
    EXPECT_EQ(result.benefit_names().size(), 3U);
}

TEST_F(ApiTest, ThreadsShareAPack) {
    const Profile company = good_company();
    std::vector<std::thread> threads;
    std::vector<int> eligible(4, 0);
    for (int& count : eligible) {
        threads.emplace_back([&] {
            Policy small = pack_.policy("small_firm");
            for (int i = 0; i < 1000; ++i) count += small.check(company, question_).eligible() ? 1 : 0;
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(eligible, (std::vector<int>{1000, 1000, 1000, 1000}));
}

TEST_F(ApiTest, ThroughBytesAndFiles) {
    const auto again = Pack::read(pack_.bytes());
    ASSERT_TRUE(again.has_value());
    EXPECT_EQ(again.value().bytes(), pack_.bytes());
    EXPECT_EQ(again.value().policies(), (std::vector<std::string>{"small_firm"}));
    EXPECT_EQ(again.value().subjects(), (std::vector<std::string>{"company"}));
    const std::string path = testing::TempDir() + "eligo_api_test.eligo";
    ASSERT_TRUE(pack_.save(path).has_value());
    EXPECT_TRUE(Pack::load(path).has_value());
    fs::remove(path);
    const auto missing = Pack::load(path);
    ASSERT_FALSE(missing.has_value());
    EXPECT_NE(missing.error().english.find(path), std::string::npos);
    std::vector<std::uint8_t> bytes = pack_.bytes();
    bytes[bytes.size() / 2] ^= 1;
    EXPECT_FALSE(Pack::read(bytes).has_value());
    EXPECT_FALSE(Pack::read({}).has_value());
    EXPECT_FALSE(pack_.save("/nowhere/at/all.eligo").has_value());
}

TEST_F(ApiTest, NamesThatAreNotThere) {
    EXPECT_FALSE(pack_.find_policy("nothing"));
    EXPECT_FALSE(pack_.find_profile("nothing"));
    // What is none refuses everything and answers nothing.
    Policy none = pack_.policy("nothing");
    Profile nobody = pack_.profile("nothing");
    EXPECT_EQ(none.check(good_company(), question_).refusal(), Refusal::NoPolicy);
    EXPECT_EQ(none.check(good_company(), question_).verdict(), Verdict::Undetermined);
    EXPECT_EQ(none.verdict(good_company(), question_), Verdict::Undetermined);
    EXPECT_EQ(none.explain(good_company(), question_).refusal, Refusal::NoPolicy);
    EXPECT_EQ(none.name() + none.subject(), "");
    EXPECT_TRUE(none.in_force().empty());
    EXPECT_EQ(Policy(none).refuses(nobody, question_), Refusal::NoPolicy);
    for (const Status& status : {nobody.set("employees", 1), nobody.set_unknown("employees"), nobody.forget("employees"), nobody.set_list("claims", 1)}) {
        ASSERT_FALSE(status.ok());
        EXPECT_EQ(status.problem().kind, ProblemKind::UnknownKey);
    }
    EXPECT_TRUE(Profile(nobody).problems().empty());
    EXPECT_EQ(nobody.subject(), "");
}

TEST_F(ApiTest, WhatDoesNotBelongTogetherIsRefused) {
    Policy small = pack_.policy("small_firm");
    for (const Profile& foreign : {make().profile("company"), pack_.profile("claim"), pack_.profile("nothing")}) {
        const CheckResult result = small.check(foreign, question_);
        EXPECT_EQ(result.refusal(), Refusal::OtherProfile);
        EXPECT_EQ(result.verdict(), Verdict::Undetermined);
        EXPECT_FALSE(result.benefit("grant"));
        const Explanation told = small.explain(foreign, question_);
        EXPECT_EQ(told.refusal, Refusal::OtherProfile);
        EXPECT_EQ(told.policy, "small_firm");
        EXPECT_TRUE(told.clauses.empty());
    }
    Profile moved = good_company();
    const Profile taken = std::move(moved);
    EXPECT_EQ(small.check(moved, question_).refusal(), Refusal::OtherProfile);  // NOLINT: that it was moved from is the point
    const Policy another = std::move(small);
    EXPECT_EQ(small.check(taken, question_).refusal(), Refusal::NoPolicy);  // NOLINT
    EXPECT_EQ(another.refuses(taken, question_), Refusal::None);
}

TEST_F(ApiTest, WhatAResultDoesNotHoldIsThrown) {
    EXPECT_THROW(static_cast<void>(Pack::load("nowhere.eligo").value()), std::logic_error);
    EXPECT_THROW(static_cast<void>(Pack::read(pack_.bytes()).error()), std::logic_error);
}

TEST_F(ApiTest, AChecksLimitsAreAnsweredBeforehand) {
    Policy small = pack_.policy("small_firm");
    const Profile company = good_company();
    const Cost cost = small.cost();
    ASSERT_GT(cost.steps, 10U);
    ASSERT_GT(cost.memory, 10U);
    const auto refusal = [&](const Limits& limits) {
        Question question = question_;
        question.limits = &limits;
        EXPECT_EQ(small.check(company, question).refusal(), small.refuses(company, question));
        EXPECT_EQ(small.check(company, question).verdict(), small.verdict(company, question));
        return small.refuses(company, question);
    };
    EXPECT_EQ(refusal({.memory = cost.memory, .steps = cost.steps, .cancelled = {}}), Refusal::None);
    EXPECT_EQ(refusal({.memory = cost.memory - 1, .steps = 0, .cancelled = {}}), Refusal::Limit);
    EXPECT_EQ(refusal({.memory = 0, .steps = cost.steps - 1, .cancelled = {}}), Refusal::Limit);
    EXPECT_EQ(refusal({.memory = 0, .steps = 0, .cancelled = [] { return false; }}), Refusal::None);
    EXPECT_EQ(refusal({.memory = 0, .steps = 0, .cancelled = [] { return true; }}), Refusal::Cancelled);
    EXPECT_EQ(refusal({.memory = 0, .steps = 0, .cancelled = []() -> bool { throw std::runtime_error("a host's own"); }}), Refusal::Cancelled);
}

TEST_F(ApiTest, TextsThatAreNoTextsAndWhatIsTooLong) {
    Profile company = good_company();
    const auto kind = [&](std::string_view key, std::string_view value) {
        const Status status = company.set(key, value);
        return status.ok() ? std::optional<ProblemKind>() : status.problem().kind;
    };
    EXPECT_EQ(kind("city", "\xff\xfe"), ProblemKind::WrongType);
    EXPECT_EQ(kind("city", std::string(16'000'001, 'x')), ProblemKind::OutOfRange);
    EXPECT_EQ(kind("city", std::string(16'000'000, 'x')), std::nullopt);
    EXPECT_EQ(kind("company_id", "\xff"), ProblemKind::WrongType);
    EXPECT_EQ(kind("company_id", std::string(10'001, 'x')), ProblemKind::OutOfRange);
    EXPECT_EQ(kind("company_id", std::string(10'000, 'x')), std::nullopt);
    EXPECT_EQ(kind("\xff", "1"), ProblemKind::UnknownKey);
    EXPECT_EQ(kind(std::string(20'000'000, 'k'), "1"), ProblemKind::UnknownKey);
    EXPECT_EQ(kind("employees", std::string(20'000'000, '7')), ProblemKind::OutOfRange);
    EXPECT_EQ(pack_.policy("small_firm").check(company, question_).verdict(), Verdict::Undetermined) << "employees became unknown";
    for (int i = 0; i < 3'000; ++i) static_cast<void>(company.set("no_such_fact_" + std::to_string(i), "1"));
    EXPECT_EQ(company.problems().size(), 1'000U);
    for (const Problem& problem : company.problems()) EXPECT_LT(problem.chinese().size() + problem.english().size() + problem.key.size(), 2'000U);
}

TEST(KnownOn, WhatWasPublishedLaterIsLeftOut) {
    const auto compiled = compile({{"rate.policy", R"(vocabulary firm "企业" | "Firm" { staff : int in 0 .. 100 "人数" | "Staff" }
parameter rate : percent "比例" | "Rate" {
  2008-01-01 ..                       50%  @ "甲"
  2018-01-01 .. published 2018-09-20  75%  @ "乙"
}
policy deduction for firm "扣除" | "Deduction" {
  in force 2008-01-01 ..
  require few staff <= 50 "不超过50人" | "At most 50" @ "丙"
  benefit share : percent = rate "比例" | "Rate" @ "丁"
}
)"}});
    ASSERT_TRUE(compiled.ok());
    Policy deduction = compiled.pack->policy("deduction");
    Profile firm = compiled.pack->profile("firm");
    firm.set("staff", 1);
    const auto share = [&](std::optional<std::chrono::year_month_day> known_on) {
        const Question question{.as_of = 2018y / 6 / 1, .known_on = known_on};
        const auto result = deduction.check(firm, question);
        const auto why = deduction.explain(firm, question);
        EXPECT_EQ(why.known_on, known_on);
        EXPECT_EQ(why.verdict, result.verdict());
        const std::string low = result.benefit("share") ? result.benefit("share")->low : "none";
        EXPECT_EQ(why.benefits.empty() ? "none" : why.benefits[0].value.low, low);
        return low;
    };
    EXPECT_EQ(share(std::nullopt), "0.75");
    EXPECT_EQ(share(2018y / 9 / 19), "0.5");
    EXPECT_EQ(share(2018y / 9 / 20), "0.75");
    EXPECT_EQ(share(2018y / 9 / 21), "0.75");
    EXPECT_EQ(share(1850y / 1 / 1), "0.5") << "before the calendar of the engine begins, nothing was published";
    EXPECT_EQ(share(2300y / 1 / 1), "0.75") << "after it ends, everything";
    EXPECT_EQ(share(2018y / 2 / 29), "none") << "no day at all";
}

TEST(Compile, DiagnosticsCarryPlacesAndTexts) {
    const auto compiled = compile({{"bad.policy", "policy p for nobody \"x\" {\n}\n"}});
    EXPECT_FALSE(compiled.ok());
    ASSERT_FALSE(compiled.diagnostics.empty());
    const Diagnostic& first = compiled.diagnostics.front();
    EXPECT_EQ(first.place.file, "bad.policy");
    EXPECT_GT(first.place.line, 0U);
    EXPECT_EQ(first.code.size(), 5U);
    EXPECT_NE(first.text(Language::English).find(first.english), std::string::npos);
    EXPECT_NE(first.json(Language::Chinese).find(first.code), std::string::npos);
    EXPECT_NE(first.chinese, first.english);
}

TEST(Compile, APolicyWithTooManyBenefitsIsRefused) {
    std::string text = std::string(vocabulary) + "policy p for company \"p\" | \"p\" {\n  in force 2016-01-01 ..\n"
                                                  "  require r resident \"r\" | \"r\" @ \"1\"\n";
    for (std::size_t i = 0; i <= most_benefits; ++i) text += "  benefit b" + std::to_string(i) + " : int = 1 \"b\" | \"b\" @ \"1\"\n";
    const auto compiled = compile({{"p.policy", text + "}\n"}});
    EXPECT_FALSE(compiled.ok());
    ASSERT_FALSE(compiled.diagnostics.empty());
    EXPECT_NE(compiled.diagnostics.back().english.find("more than 16 benefits"), std::string::npos);
}

class RulesOnDisk : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_rules_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    std::string write(const std::string& name, const std::string& text) const {
        fs::create_directories((folder_ / name).parent_path());
        std::ofstream(folder_ / name, std::ios::binary) << text;
        return (folder_ / name).string();
    }
    static Compiled at(const std::string& path) { return compile_files(std::vector<std::string>{path}); }
    fs::path folder_;
};

TEST_F(RulesOnDisk, AFileBringsItsImports) {
    const std::string file = write("small.policy", policy);
    write("vocabulary/company.policy", vocabulary);
    EXPECT_TRUE(at(file).ok());
    EXPECT_TRUE(at(folder_.string()).ok()) << "a file that is both found and imported counts once";
    const std::vector<std::string> twice{file, file, (folder_ / "vocabulary" / ".." / "small.policy").string()};
    EXPECT_TRUE(compile_files(twice).ok());
}

TEST_F(RulesOnDisk, ImportsMayGoInCircles) {
    write("vocabulary/company.policy", "import \"../small.policy\"\nimport \"company.policy\"\n" + std::string(vocabulary));
    EXPECT_TRUE(at(write("small.policy", policy)).ok());
}

TEST_F(RulesOnDisk, AMissingImportIsToldWhereItIsAskedFor) {
    const std::string file = write("small.policy", policy);
    const auto compiled = at(file);
    EXPECT_FALSE(compiled.ok());
    ASSERT_FALSE(compiled.diagnostics.empty());
    EXPECT_EQ(compiled.diagnostics[0].code, "E0409");
    EXPECT_EQ(compiled.diagnostics[0].place.file, file);
    EXPECT_EQ(compiled.diagnostics[0].place.line, 1U);
}

TEST_F(RulesOnDisk, PathsThatAreNoRules) {
    for (const std::string& path : {(folder_ / "none.policy").string(), (folder_ / "none").string(), (folder_ / "none.eligo").string(),
                                    write("text.eligo", "not a pack")}) {
        const auto compiled = at(path);
        EXPECT_FALSE(compiled.ok()) << path;
        ASSERT_EQ(compiled.diagnostics.size(), 1U) << path;
        EXPECT_EQ(compiled.diagnostics[0].place.file, path);
    }
    fs::create_directories(folder_ / "empty");
    EXPECT_FALSE(at((folder_ / "empty").string()).ok());
}

TEST_F(RulesOnDisk, APackStandsAlone) {
    const std::string file = write("small.policy", policy);
    write("vocabulary/company.policy", vocabulary);
    const std::string image = (folder_ / "small.eligo").string();
    ASSERT_TRUE(at(file).pack->save(image).has_value());
    EXPECT_TRUE(at(image).ok());
    EXPECT_TRUE(api::compile_paths(std::vector<std::string>{image}).from_image);
    EXPECT_FALSE(compile_files(std::vector<std::string>{image, file}).ok());
}

TEST_F(RulesOnDisk, TheRulesOfTheEnvironmentComeFirst) {
    ASSERT_EQ(setenv("ELIGO_RULES", folder_.c_str(), 1), 0);
    EXPECT_EQ(io::default_rules_path(), folder_.string());
    unsetenv("ELIGO_RULES");
    const std::string found = io::default_rules_path();
    ASSERT_FALSE(found.empty()) << "the rules of the tree are not found from a build folder";
    EXPECT_TRUE(fs::is_directory(fs::path(found) / "vocabulary"));
}

}  // namespace
}  // namespace eligo
