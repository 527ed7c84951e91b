// <eligo/eligo.h> as a C program uses it, and above all what it answers to mistakes. That it is C at all is tested in
// tests/package/.
#include <eligo/arrow.h>
#include <eligo/eligo.h>

#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

constexpr const char* path = "small.policy";
constexpr const char* source = R"(vocabulary company "企业" | "Company" {
  registered_on : date fixed "注册成立日期" | "Date of registration"
  resident : bool default true "居民企业" | "Resident enterprise"
  employees : number in 0..5_000_000 "职工总数" | "Employees"
  rd_staff : number in 0..employees "研发人员数" | "R&D staff"
  revenue : yearly money in 0元..10万亿元 "销售收入" | "Revenue"
  claims : list of claim up to 5 "项目" | "Claims"
}
record claim { paid_in : money in 0元..1亿元 "投入" | "Paid in" }
parameter rate : percent "比例" | "Rate" {
  2016-01-01 ..                       50%  @ "甲"
  2018-01-01 .. published 2018-09-20  75%  @ "乙"
}
policy small_firm for company "小企业" | "Small firm" {
  in force 2016-01-01 .. 2019-12-31
  require here resident and registered_on <= as_of "已注册的居民企业" | "A registered resident firm" @ "示例 1"
  require staff employees <= 300 "职工不超过300人" | "At most 300 employees" @ "示例 2"
  benefit grant : money = round(revenue[-1] * 1%, 0.01元) "补助" | "Grant" @ "示例 3"
  benefit rate_then : percent = rate "比例" | "Rate" @ "示例 4"
  benefit extra : money = 5元 when rd_staff >= 10 "另加" | "Extra" @ "示例 5"
}
policy of_claims for claim "项目" | "Claims" {
  in force 2016-01-01 ..
  require paid paid_in > 0元 "已投入" | "Paid in" @ "示例 6"
}
)";

template <auto free>
struct Freed {
    template <class Handle>
    void operator()(Handle* handle) const {
        free(handle);
    }
};
using Error = std::unique_ptr<eligo_error, Freed<eligo_error_free>>;
using Pack = std::unique_ptr<eligo_pack, Freed<eligo_pack_free>>;
using Profile = std::unique_ptr<eligo_profile, Freed<eligo_profile_free>>;
using Policy = std::unique_ptr<eligo_policy, Freed<eligo_policy_free>>;
using Result = std::unique_ptr<eligo_result, Freed<eligo_result_free>>;
using Explanation = std::unique_ptr<eligo_explanation, Freed<eligo_explanation_free>>;
using Bytes = std::unique_ptr<eligo_bytes, Freed<eligo_bytes_free>>;

Pack compiled() {
    eligo_pack* pack = nullptr;
    eligo_error* error = nullptr;
    EXPECT_EQ(eligo_compile(&path, &source, 1, &pack, &error), ELIGO_OK);
    for (size_t i = 0; i < eligo_error_count(error); ++i) ADD_FAILURE() << eligo_error_message(error, i, ELIGO_ENGLISH);
    eligo_error_free(error);
    return Pack(pack);
}

Profile profile_of(const Pack& pack, const char* subject = "company") {
    eligo_profile* profile = nullptr;
    EXPECT_EQ(eligo_profile_new(pack.get(), subject, &profile, nullptr), ELIGO_OK);
    return Profile(profile);
}

Policy policy_of(const Pack& pack, const char* name = "small_firm") {
    eligo_policy* policy = nullptr;
    EXPECT_EQ(eligo_policy_new(pack.get(), name, &policy, nullptr), ELIGO_OK);
    return Policy(policy);
}

Result new_result() {
    eligo_result* result = nullptr;
    EXPECT_EQ(eligo_result_new(&result, nullptr), ELIGO_OK);
    return Result(result);
}

class CApiTest : public testing::Test {
protected:
    CApiTest() : pack_(compiled()), company_(profile_of(pack_)), policy_(policy_of(pack_)), result_(new_result()) {
        EXPECT_EQ(eligo_profile_set_date(company_.get(), "registered_on", {2015, 3, 1}, nullptr), ELIGO_OK);
        EXPECT_EQ(eligo_profile_set_int(company_.get(), "employees", 100, nullptr), ELIGO_OK);
        EXPECT_EQ(eligo_profile_set(company_.get(), "rd_staff", "10", nullptr), ELIGO_OK);
        EXPECT_EQ(eligo_profile_set(company_.get(), "revenue.2017", "1234567.89", nullptr), ELIGO_OK);
    }

    // What a function refuses, by its status and message; the error is the function's last argument.
    template <class Call>
    static std::string refusal(eligo_status status, Call call) {
        eligo_error* given = nullptr;
        EXPECT_EQ(call(&given), status);
        const Error error(given);
        EXPECT_EQ(eligo_error_status(given), status);
        EXPECT_EQ(call(nullptr), status) << "without an error to fill";
        if (eligo_error_count(given) == 0) return "no error";
        EXPECT_STRNE(eligo_error_message(given, 0, ELIGO_CHINESE), "");
        return eligo_error_message(given, 0, ELIGO_ENGLISH);
    }

    eligo_status check(const eligo_question& question) { return eligo_policy_check(policy_.get(), company_.get(), &question, result_.get(), nullptr); }
    std::string benefit(std::size_t index) {
        const char* low = eligo_result_benefit_low(result_.get(), index);
        const char* high = eligo_result_benefit_high(result_.get(), index);
        if (low == nullptr || high == nullptr) return "none";
        return std::strcmp(low, high) == 0 ? low : std::string(low) + " .. " + high;
    }

    Pack pack_;
    Profile company_;
    Policy policy_;
    Result result_;
    eligo_question question_{sizeof(eligo_question), {2018, 6, 1}, {}};
};

TEST_F(CApiTest, VerdictAndBenefits) {
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_ELIGIBLE);
    ASSERT_EQ(eligo_result_benefit_count(result_.get()), 3U);
    EXPECT_STREQ(eligo_result_benefit_name(result_.get(), 0), "grant");
    EXPECT_EQ(eligo_result_benefit_given(result_.get(), 0), ELIGO_TRUE);
    EXPECT_EQ(benefit(0), "12345.68");
    std::int64_t low = 0, high = 0;
    EXPECT_EQ(eligo_result_benefit_fen(result_.get(), 0, &low, &high), 1);
    EXPECT_EQ(low, 1'234'568);
    EXPECT_EQ(high, 1'234'568);
    EXPECT_EQ(benefit(1), "0.75");
    EXPECT_EQ(eligo_result_benefit_fen(result_.get(), 1, &low, &high), 0) << "a rate is no money";
    EXPECT_EQ(benefit(2), "5.00");
    EXPECT_EQ(eligo_result_benefit_name(result_.get(), 3), nullptr);
    EXPECT_EQ(eligo_result_benefit_given(result_.get(), 3), ELIGO_FALSE);
    EXPECT_EQ(benefit(3), "none");
}

TEST_F(CApiTest, OpenAmountsAndGivenOrNot) {
    ASSERT_EQ(eligo_profile_set(company_.get(), "revenue.2017", "100 .. 200", nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_profile_set_unknown(company_.get(), "rd_staff", nullptr), ELIGO_OK);
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(benefit(0), "1.00 .. 2.00");
    EXPECT_EQ(eligo_result_benefit_given(result_.get(), 2), ELIGO_UNKNOWN);
    EXPECT_EQ(benefit(2), "5.00");
    ASSERT_EQ(eligo_profile_set_int(company_.get(), "rd_staff", 9, nullptr), ELIGO_OK);
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(eligo_result_benefit_given(result_.get(), 2), ELIGO_FALSE);
    EXPECT_EQ(benefit(2), "none");
    ASSERT_EQ(eligo_profile_forget(company_.get(), "employees", nullptr), ELIGO_OK);
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_UNDETERMINED);
    question_.as_of = {2020, 1, 1};
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_NOT_IN_FORCE);
    EXPECT_EQ(eligo_result_benefit_count(result_.get()), 0U);
}

TEST_F(CApiTest, WhatWasNotPublishedIsLeftOut) {
    for (const auto& [known_on, rate] : {std::pair{eligo_date{2018, 9, 19}, "0.5"}, {eligo_date{2018, 9, 20}, "0.75"}, {eligo_date{2018, 9, 21}, "0.75"}, {eligo_date{}, "0.75"}}) {
        question_.known_on = known_on;
        ASSERT_EQ(check(question_), ELIGO_OK);
        EXPECT_EQ(benefit(1), rate) << known_on.day;
    }
}

TEST_F(CApiTest, Explanations) {
    ASSERT_EQ(eligo_profile_set_unknown(company_.get(), "employees", nullptr), ELIGO_OK);
    question_.known_on = {2018, 9, 19};
    for (const auto language : {ELIGO_CHINESE, ELIGO_ENGLISH}) {
        eligo_explanation* made = nullptr;
        ASSERT_EQ(eligo_policy_explain(policy_.get(), company_.get(), &question_, language, &made, nullptr), ELIGO_OK);
        const Explanation why(made);
        EXPECT_EQ(eligo_explanation_verdict(made), ELIGO_UNDETERMINED);
        ASSERT_EQ(eligo_explanation_missing_count(made), 1U);
        EXPECT_STREQ(eligo_explanation_missing(made, 0), "employees");
        EXPECT_EQ(eligo_explanation_missing(made, 1), nullptr);
        const std::string text = eligo_explanation_text(made), json = eligo_explanation_json(made);
        EXPECT_NE(text.find(language == ELIGO_CHINESE ? "职工不超过300人" : "At most 300 employees"), std::string::npos) << text;
        EXPECT_NE(text.find(language == ELIGO_CHINESE ? "仅计 2018-09-19 及以前公布的规定" : "as known on 2018-09-19"), std::string::npos) << text;
        EXPECT_NE(json.find("\"known_on\": \"2018-09-19\""), std::string::npos) << json;
        EXPECT_NE(json.find(language == ELIGO_CHINESE ? "职工不超过300人" : "At most 300 employees"), std::string::npos) << json;
        EXPECT_EQ(text.find('\033'), std::string::npos) << "no colours";
    }
    EXPECT_EQ(refusal(ELIGO_BAD_ARGUMENT,
                      [&](eligo_error** error) {
                          eligo_explanation* none = nullptr;
                          return eligo_policy_explain(policy_.get(), company_.get(), &question_, 2, &none, error);
                      }),
              "there is no such language");
}

TEST_F(CApiTest, PacksAreListedAndCarriedOver) {
    ASSERT_EQ(eligo_pack_policy_count(pack_.get()), 2U);
    EXPECT_STREQ(eligo_pack_policy_name(pack_.get(), 0), "small_firm");
    EXPECT_EQ(eligo_pack_policy_name(pack_.get(), 2), nullptr);
    ASSERT_EQ(eligo_pack_subject_count(pack_.get()), 2U);
    EXPECT_STREQ(eligo_pack_subject_name(pack_.get(), 0), "company");
    EXPECT_STREQ(eligo_policy_name(policy_.get()), "small_firm");
    EXPECT_STREQ(eligo_policy_subject(policy_.get()), "company");
    EXPECT_STREQ(eligo_profile_subject(company_.get()), "company");
    ASSERT_EQ(eligo_policy_period_count(policy_.get()), 1U);
    eligo_date from{}, to{};
    ASSERT_EQ(eligo_policy_period(policy_.get(), 0, &from, &to, nullptr), ELIGO_OK);
    EXPECT_TRUE(from.year == 2016 && from.month == 1 && from.day == 1);
    EXPECT_TRUE(to.year == 2019 && to.month == 12 && to.day == 31);
    EXPECT_EQ(refusal(ELIGO_BAD_ARGUMENT, [&](eligo_error** error) { return eligo_policy_period(policy_.get(), 1, &from, &to, error); }), "the policy has fewer periods");

    const std::string file = std::filesystem::temp_directory_path() / ("capi_test." + std::to_string(::testing::UnitTest::GetInstance()->random_seed()) + ".eligo");
    ASSERT_EQ(eligo_pack_save(pack_.get(), file.c_str(), nullptr), ELIGO_OK);
    eligo_pack *loaded = nullptr, *read = nullptr;
    ASSERT_EQ(eligo_pack_load(file.c_str(), &loaded, nullptr), ELIGO_OK);
    const Pack own(loaded);
    std::filesystem::remove(file);
    eligo_bytes* made = nullptr;
    ASSERT_EQ(eligo_pack_bytes(loaded, &made, nullptr), ELIGO_OK);
    const Bytes bytes(made);
    ASSERT_EQ(eligo_pack_read(eligo_bytes_data(made), eligo_bytes_size(made), &read, nullptr), ELIGO_OK);
    const Pack again(read);
    EXPECT_EQ(eligo_pack_policy_count(read), 2U);
}

TEST_F(CApiTest, HandlesKeepAliveWhatTheyNeed) {
    pack_.reset();
    ASSERT_EQ(check(question_), ELIGO_OK);
    eligo_policy* another = nullptr;
    eligo_profile* twin = nullptr;
    ASSERT_EQ(eligo_policy_copy(policy_.get(), &another, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_profile_copy(company_.get(), &twin, nullptr), ELIGO_OK);
    policy_.reset();
    company_.reset();
    EXPECT_EQ(benefit(0), "12345.68") << "looked at only now";
    policy_.reset(another);
    company_.reset(twin);
    ASSERT_EQ(eligo_profile_set_int(company_.get(), "employees", 301, nullptr), ELIGO_OK);
    ASSERT_EQ(check(question_), ELIGO_OK);
    EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_INELIGIBLE);
}

TEST_F(CApiTest, RefusedFacts) {
    const auto set = [&](const char* key, const char* value) {
        eligo_error* given = nullptr;
        EXPECT_EQ(eligo_profile_set(company_.get(), key, value, &given), ELIGO_BAD_VALUE);
        const Error error(given);
        EXPECT_EQ(eligo_error_count(given), 1U);
        EXPECT_EQ(eligo_error_severity(given, 0), ELIGO_ERROR);
        EXPECT_STREQ(eligo_error_where(given, 0), key);
        return std::string(eligo_error_code(given, 0));
    };
    EXPECT_EQ(set("staff", "1"), "unknown_key");
    EXPECT_EQ(set("employees", "many"), "wrong_type");
    EXPECT_EQ(set("employees", "5000001"), "out_of_range");
    EXPECT_EQ(set("revenue.2017", "0.001"), "too_many_decimals");
    EXPECT_EQ(set("employees", "5 .. 4"), "empty_range");
    EXPECT_EQ(set("revenue.1", "5"), "bad_year");
    EXPECT_EQ(set("employees.2017", "5"), "bad_place");
    EXPECT_EQ(eligo_profile_set_list(company_.get(), "claims", 6, nullptr), ELIGO_BAD_VALUE);
    EXPECT_EQ(eligo_profile_set_list(company_.get(), "claims", 2, nullptr), ELIGO_OK);
    EXPECT_EQ(eligo_profile_set_bool(company_.get(), "resident", 2, nullptr), ELIGO_OK) << "whatever is not 0 is true";
    EXPECT_EQ(eligo_profile_set_bool(company_.get(), "employees", 1, nullptr), ELIGO_BAD_VALUE);
    EXPECT_EQ(eligo_profile_set_date(company_.get(), "registered_on", {2015, 2, 29}, nullptr), ELIGO_BAD_VALUE);
    EXPECT_EQ(eligo_profile_set_date(company_.get(), "registered_on", {2015, 2, 28}, nullptr), ELIGO_OK);
}

TEST_F(CApiTest, AllProblemsAtOnce) {
    EXPECT_EQ(eligo_profile_problems(company_.get(), nullptr), ELIGO_OK);
    EXPECT_EQ(eligo_profile_set(company_.get(), "revenue.2016", "-1", nullptr), ELIGO_BAD_VALUE);
    EXPECT_EQ(eligo_profile_set(company_.get(), "rd_staff", "101", nullptr), ELIGO_OK);
    eligo_error* given = nullptr;
    ASSERT_EQ(eligo_profile_problems(company_.get(), &given), ELIGO_BAD_VALUE);
    const Error error(given);
    ASSERT_EQ(eligo_error_count(given), 2U);
    EXPECT_STREQ(eligo_error_code(given, 0), "out_of_range");
    EXPECT_STREQ(eligo_error_where(given, 0), "revenue.2016");
    EXPECT_STREQ(eligo_error_code(given, 1), "contradiction");
    EXPECT_EQ(eligo_error_code(given, 2), nullptr);
    EXPECT_EQ(eligo_error_message(given, 0, 2), nullptr) << "an unknown language";
}

TEST_F(CApiTest, QuestionsThatCannotBeAsked) {
    const auto refused = [&](eligo_question question) {
        return refusal(ELIGO_BAD_ARGUMENT, [&](eligo_error** error) { return eligo_policy_check(policy_.get(), company_.get(), &question, result_.get(), error); });
    };
    ASSERT_EQ(check(question_), ELIGO_OK);
    for (const eligo_date day : {eligo_date{}, eligo_date{2018, 2, 29}, eligo_date{1899, 12, 31}, eligo_date{2200, 1, 1}, eligo_date{2018, 0, 1}, eligo_date{70000, 1, 1},
                                 eligo_date{-2018, 1, 1}, eligo_date{2018, 257, 1}}) {
        EXPECT_EQ(refused({sizeof(eligo_question), day, {}}), "as_of is no day of the years 1900 to 2199") << day.year;
        EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_NOT_IN_FORCE) << "the result before is gone";
        if (day.year == 0) continue;  // all zero: no limit
        EXPECT_EQ(refused({sizeof(eligo_question), {2018, 6, 1}, day}), "known_on is no day of the years 1900 to 2199, nor all zero") << day.year;
    }
    EXPECT_NE(refused({0, {2018, 6, 1}, {}}).find("struct_size"), std::string::npos) << "forgotten";

    struct LaterQuestion {
        eligo_question known;
        std::int64_t added;
    };
    LaterQuestion later{{sizeof(LaterQuestion), {2018, 6, 1}, {}}, 0};
    EXPECT_EQ(check(later.known), ELIGO_OK) << "what is not used does not matter";
    later.added = 1;
    EXPECT_EQ(check(later.known), ELIGO_BAD_ARGUMENT) << "what is not understood does";
}

TEST_F(CApiTest, ProfilesOfOthersAreRefused) {
    const auto refused = [&](const Profile& profile) {
        return refusal(ELIGO_BAD_ARGUMENT, [&](eligo_error** error) { return eligo_policy_check(policy_.get(), profile.get(), &question_, result_.get(), error); });
    };
    const Pack other = compiled();
    EXPECT_EQ(refused(profile_of(other)), "the profile is of another pack or another subject than the policy");
    EXPECT_EQ(refused(profile_of(pack_, "claim")), "the profile is of another pack or another subject than the policy");
}

TEST_F(CApiTest, WhatIsNotThere) {
    eligo_pack* pack = pack_.get();
    EXPECT_NE(refusal(ELIGO_FILE_FAILED, [&](eligo_error** error) { return eligo_pack_load("nowhere.eligo", &pack, error); }).find("nowhere.eligo"), std::string::npos);
    EXPECT_EQ(pack, nullptr);
    EXPECT_NE(refusal(ELIGO_BAD_PACK, [&](eligo_error** error) { return eligo_pack_read("no pack", 7, &pack, error); }).find("not a pack"), std::string::npos);
    EXPECT_NE(refusal(ELIGO_FILE_FAILED, [&](eligo_error** error) { return eligo_pack_save(pack_.get(), "/nowhere/pack.eligo", error); }).find("/nowhere/pack.eligo"),
              std::string::npos);
    eligo_policy* policy = policy_.get();
    EXPECT_EQ(refusal(ELIGO_NOT_FOUND, [&](eligo_error** error) { return eligo_policy_new(pack_.get(), "large_firm", &policy, error); }), "the pack has no policy `large_firm`");
    EXPECT_EQ(policy, nullptr);
    eligo_profile* profile = company_.get();
    EXPECT_EQ(refusal(ELIGO_NOT_FOUND, [&](eligo_error** error) { return eligo_profile_new(pack_.get(), "person", &profile, error); }), "the pack has no vocabulary `person`");
    EXPECT_EQ(profile, nullptr);
}

TEST_F(CApiTest, NullIsRefusedByName) {
    eligo_pack* pack = nullptr;
    eligo_bytes* bytes = nullptr;
    eligo_profile* profile = nullptr;
    eligo_policy* policy = nullptr;
    eligo_explanation* why = nullptr;
    const auto null = [&](auto call) { return refusal(ELIGO_BAD_ARGUMENT, call); };
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_load(nullptr, &pack, e); }), "path is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_load("x", nullptr, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_read(nullptr, 0, &pack, e); }), "bytes is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_read("x", 1, nullptr, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_save(nullptr, "x", e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_save(pack_.get(), nullptr, e); }), "path is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_bytes(nullptr, &bytes, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_pack_bytes(pack_.get(), nullptr, e); }), "bytes is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_new(nullptr, "company", &profile, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_new(pack_.get(), nullptr, &profile, e); }), "subject is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_new(pack_.get(), "company", nullptr, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_copy(nullptr, &profile, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_copy(company_.get(), nullptr, e); }), "copy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set(nullptr, "employees", "1", e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set(company_.get(), nullptr, "1", e); }), "key is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set(company_.get(), "employees", nullptr, e); }), "value is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set_int(nullptr, "employees", 1, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set_bool(company_.get(), nullptr, 1, e); }), "key is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set_date(company_.get(), nullptr, {}, e); }), "key is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set_unknown(nullptr, "employees", e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_set_list(nullptr, "claims", 1, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_forget(nullptr, "claims", e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_profile_problems(nullptr, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_new(nullptr, "small_firm", &policy, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_new(pack_.get(), nullptr, &policy, e); }), "name is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_new(pack_.get(), "small_firm", nullptr, e); }), "policy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_copy(nullptr, &policy, e); }), "policy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_copy(policy_.get(), nullptr, e); }), "copy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_period(nullptr, 0, nullptr, nullptr, e); }), "policy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_check(nullptr, company_.get(), &question_, result_.get(), e); }), "policy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_check(policy_.get(), nullptr, &question_, result_.get(), e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_check(policy_.get(), company_.get(), nullptr, result_.get(), e); }), "question is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_check(policy_.get(), company_.get(), &question_, nullptr, e); }), "result is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_explain(nullptr, company_.get(), &question_, ELIGO_ENGLISH, &why, e); }), "policy is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_explain(policy_.get(), nullptr, &question_, ELIGO_ENGLISH, &why, e); }), "profile is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_explain(policy_.get(), company_.get(), nullptr, ELIGO_ENGLISH, &why, e); }), "question is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_policy_explain(policy_.get(), company_.get(), &question_, ELIGO_ENGLISH, nullptr, e); }), "explanation is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_result_new(nullptr, e); }), "result is NULL");
    const char* no_text = nullptr;
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_compile(nullptr, &source, 1, &pack, e); }), "paths is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_compile(&path, &no_text, 1, &pack, e); }), "texts is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_compile(&path, &source, 1, nullptr, e); }), "pack is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_compile_files(&no_text, 1, &pack, e); }), "paths is NULL");
    EXPECT_EQ(null([&](eligo_error** e) { return eligo_compile_files(&path, 1, nullptr, e); }), "pack is NULL");
}

eligo_limits limits_of(std::uint64_t memory, std::uint64_t steps, int (*cancelled)(void*) = nullptr, void* context = nullptr) {
    return {sizeof(eligo_limits), memory, steps, cancelled, context};
}

TEST_F(CApiTest, LimitsOfChecksAndExplanations) {
    std::uint64_t steps = 0, memory = 0;
    ASSERT_EQ(eligo_policy_cost(policy_.get(), &steps, &memory, nullptr), ELIGO_OK);
    eligo_explanation* why = nullptr;
    const auto ask = [&](const eligo_limits& limits) {
        question_.limits = &limits;
        eligo_error* given = nullptr;
        const eligo_status status = eligo_policy_check(policy_.get(), company_.get(), &question_, result_.get(), &given);
        const Error error(given);
        const eligo_status explained = eligo_policy_explain(policy_.get(), company_.get(), &question_, ELIGO_ENGLISH, &why, nullptr);
        EXPECT_EQ(explained, status);
        EXPECT_EQ(why != nullptr, explained == ELIGO_OK);
        eligo_explanation_free(why);
        question_.limits = nullptr;
        return status == ELIGO_OK ? std::string("answered") : std::to_string(status) + " " + eligo_error_message(given, 0, ELIGO_ENGLISH);
    };
    EXPECT_EQ(ask(limits_of(0, 0)), "answered");
    EXPECT_EQ(ask(limits_of(100'000'000, 100'000'000)), "answered");
    EXPECT_NE(ask(limits_of(memory - 1, 0)).find("9 one check may take"), std::string::npos);
    EXPECT_NE(ask(limits_of(0, steps - 1)).find("9 one check may take"), std::string::npos);
    EXPECT_EQ(ask(limits_of(0, 0, [](void*) { return 1; })), "10 cancelled by the caller");
    EXPECT_EQ(eligo_result_verdict(result_.get()), ELIGO_NOT_IN_FORCE);
    int asked = 0;
    EXPECT_EQ(ask(limits_of(0, 0, [](void* count) { return ++*static_cast<int*>(count) < 0 ? 1 : 0; }, &asked)), "answered");
    EXPECT_GE(asked, 2);
    eligo_limits wrong = limits_of(0, 0);
    wrong.struct_size = 3;
    EXPECT_NE(ask(wrong).find("struct_size of the limits"), std::string::npos);
}

// Whatever the n-th question is answered, the work ends or goes on to the same end.
TEST_F(CApiTest, CancelledAnywhere) {
    struct Countdown {
        int left, asked;
    };
    const auto countdown = [](void* context) {
        auto& count = *static_cast<Countdown*>(context);
        ++count.asked;
        return count.left-- == 0 ? 1 : 0;
    };
    const std::string many = [] {
        std::string text = source;
        for (int i = 0; i < 600; ++i) text += "policy p" + std::to_string(i) + " for company \"p\" { in force 2016-01-01 ..\n require a employees + rd_staff * " + std::to_string(i) + " <= 300 \"a\" @ \"b\" }\n";
        return text;
    }();
    const char* const text = many.c_str();
    std::vector<std::uint8_t> image;
    int compiled = 0, loaded = 0;
    for (int n = 0; compiled == 0; ++n) {
        Countdown count{n, 0};
        const eligo_limits limits = limits_of(0, 0, countdown, &count);
        eligo_pack* pack = nullptr;
        const eligo_status status = eligo_compile_within(&path, &text, 1, &limits, &pack, nullptr);
        const Pack own(pack);
        ASSERT_EQ(pack != nullptr, status == ELIGO_OK) << n;
        if (status != ELIGO_OK) {
            ASSERT_EQ(status, ELIGO_CANCELLED) << n;
        }
        if (status != ELIGO_OK) continue;
        compiled = n;
        eligo_bytes* bytes = nullptr;
        ASSERT_EQ(eligo_pack_bytes(pack, &bytes, nullptr), ELIGO_OK);
        const Bytes kept(bytes);
        image.assign(eligo_bytes_data(bytes), eligo_bytes_data(bytes) + eligo_bytes_size(bytes));
    }
    for (int n = 0; loaded == 0; ++n) {
        Countdown count{n, 0};
        const eligo_limits limits = limits_of(0, 0, countdown, &count);
        eligo_pack* pack = nullptr;
        const eligo_status status = eligo_pack_read_within(image.data(), image.size(), &limits, &pack, nullptr);
        const Pack own(pack);
        if (status == ELIGO_OK) loaded = n;
        else ASSERT_EQ(status, ELIGO_CANCELLED) << n;
    }
    EXPECT_GT(compiled, 5);
    EXPECT_GT(loaded, 2);
}

TEST_F(CApiTest, TextsThatAreNotUtf8) {
    const auto status = [&](const char* key, const char* value) { return eligo_profile_set(company_.get(), key, value, nullptr); };
    EXPECT_EQ(status("company_id", "\xff"), ELIGO_BAD_VALUE);
    EXPECT_EQ(status("\xff\xfe", "1"), ELIGO_BAD_VALUE);
    EXPECT_EQ(status("employees", "\xff"), ELIGO_BAD_VALUE);
    eligo_error* given = nullptr;
    ASSERT_EQ(eligo_profile_problems(company_.get(), &given), ELIGO_BAD_VALUE);
    const Error error(given);
    ASSERT_EQ(eligo_error_count(given), 3U);
    for (std::size_t i = 0; i < 3; ++i)
        for (const char* text : {eligo_error_where(given, i), eligo_error_message(given, i, ELIGO_CHINESE), eligo_error_message(given, i, ELIGO_ENGLISH)})
            EXPECT_EQ(std::string(text).find('\xff'), std::string::npos) << text;
    EXPECT_STREQ(eligo_error_where(given, 1), "<0xFF><0xFE>");
}

// One column of employees, and what comes back.
TEST_F(CApiTest, ScreeningsTakeColumns) {
    struct Column {
        std::vector<std::int32_t> values{10, 500, 300};
        const void* buffers[2]{nullptr, nullptr};
        const void* none[1]{nullptr};
        ArrowSchema field{}, schema{};
        ArrowArray child{}, array{};
        ArrowSchema* fields[1]{};
        ArrowArray* children[1]{};
        Column() {
            buffers[1] = values.data();
            field = {.format = "i", .name = "employees", .release = [](ArrowSchema* one) { one->release = nullptr; }};
            child = {.length = 3, .n_buffers = 2, .buffers = buffers, .release = [](ArrowArray* one) { one->release = nullptr; }};
            fields[0] = &field;
            children[0] = &child;
            schema = {.format = "+s", .name = "", .n_children = 1, .children = fields, .release = [](ArrowSchema* one) { one->release = nullptr; }};
            array = {.length = 3, .n_buffers = 1, .n_children = 1, .buffers = none, .children = children, .release = [](ArrowArray* one) { one->release = nullptr; }};
        }
    };
    const char* const name = "small_firm";
    eligo_screening* made = nullptr;
    ASSERT_EQ(eligo_screening_new(pack_.get(), &name, 1, &question_, &made, nullptr), ELIGO_OK);
    const std::unique_ptr<eligo_screening, Freed<eligo_screening_free>> screening(made);
    ASSERT_GT(eligo_screening_field_count(made), 2U);
    EXPECT_NE(eligo_screening_field(made, 0), nullptr);
    EXPECT_EQ(eligo_screening_field(made, 99), nullptr);
    ArrowSchema out_schema{};
    ArrowArray out_array{};
    const auto run = [&](Column& column, const eligo_limits* limits) {
        const eligo_status status = eligo_screening_run(made, &column.schema, &column.array, limits, &out_schema, &out_array, nullptr);
        EXPECT_EQ(column.schema.release, nullptr) << "taken over, whatever comes of it";
        EXPECT_EQ(column.array.release, nullptr);
        return status;
    };
    const eligo_limits few_bytes = limits_of(50, 0), few_steps = limits_of(0, 3), cancelled = limits_of(0, 0, [](void*) { return 1; }), plenty = limits_of(1'000'000, 1'000'000);
    for (const auto& [limits, expected] : {std::pair(&few_bytes, ELIGO_LIMIT), {&few_steps, ELIGO_LIMIT}, {&cancelled, ELIGO_CANCELLED}}) {
        Column column;
        EXPECT_EQ(run(column, limits), expected);
        EXPECT_EQ(out_array.release, nullptr) << "nothing is given out";
    }
    Column wrong, right;
    wrong.field.format = "g";
    EXPECT_EQ(run(wrong, nullptr), ELIGO_BAD_VALUE);
    ASSERT_EQ(run(right, &plenty), ELIGO_OK);
    ASSERT_EQ(out_array.length, 3);
    const auto* const verdicts = static_cast<const std::uint8_t*>(out_array.children[0]->buffers[1]);
    EXPECT_EQ(verdicts[0], 2) << "nothing is known of the day of its registration";
    EXPECT_EQ(verdicts[1], 1);
    out_schema.release(&out_schema);
    out_array.release(&out_array);
    const char* const unknown = "nobody";
    EXPECT_EQ(eligo_screening_new(pack_.get(), &unknown, 1, &question_, &made, nullptr), ELIGO_NOT_FOUND);
    const char* const twice[] = {name, name};
    EXPECT_EQ(eligo_screening_new(pack_.get(), twice, 2, &question_, &made, nullptr), ELIGO_BAD_ARGUMENT);
    Column left;
    EXPECT_EQ(eligo_screening_run(nullptr, &left.schema, &left.array, nullptr, &out_schema, &out_array, nullptr), ELIGO_BAD_ARGUMENT);
    EXPECT_EQ(left.array.release, nullptr);
}

TEST(CApi, GettersOfNull) {
    EXPECT_EQ(eligo_error_status(nullptr), ELIGO_OK);
    EXPECT_EQ(eligo_error_count(nullptr), 0U);
    EXPECT_EQ(eligo_error_severity(nullptr, 0), ELIGO_ERROR);
    EXPECT_EQ(eligo_error_code(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_error_where(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_error_message(nullptr, 0, ELIGO_ENGLISH), nullptr);
    EXPECT_EQ(eligo_pack_policy_count(nullptr), 0U);
    EXPECT_EQ(eligo_pack_policy_name(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_pack_subject_count(nullptr), 0U);
    EXPECT_EQ(eligo_pack_subject_name(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_bytes_data(nullptr), nullptr);
    EXPECT_EQ(eligo_bytes_size(nullptr), 0U);
    EXPECT_EQ(eligo_profile_subject(nullptr), nullptr);
    EXPECT_EQ(eligo_policy_name(nullptr), nullptr);
    EXPECT_EQ(eligo_policy_subject(nullptr), nullptr);
    EXPECT_EQ(eligo_policy_period_count(nullptr), 0U);
    EXPECT_EQ(eligo_result_verdict(nullptr), ELIGO_NOT_IN_FORCE);
    EXPECT_EQ(eligo_result_benefit_count(nullptr), 0U);
    EXPECT_EQ(eligo_result_benefit_name(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_result_benefit_given(nullptr, 0), ELIGO_FALSE);
    EXPECT_EQ(eligo_result_benefit_low(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_result_benefit_fen(nullptr, 0, nullptr, nullptr), 0);
    EXPECT_EQ(eligo_explanation_text(nullptr), nullptr);
    EXPECT_EQ(eligo_explanation_json(nullptr), nullptr);
    EXPECT_EQ(eligo_explanation_verdict(nullptr), ELIGO_NOT_IN_FORCE);
    EXPECT_EQ(eligo_explanation_missing_count(nullptr), 0U);
    EXPECT_EQ(eligo_explanation_missing(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_explanation_left_out(nullptr), 0U);
    EXPECT_EQ(eligo_explanation_missing_left_out(nullptr), 0U);
    eligo_error_free(nullptr);
    eligo_pack_free(nullptr);
    eligo_bytes_free(nullptr);
    eligo_profile_free(nullptr);
    eligo_policy_free(nullptr);
    eligo_result_free(nullptr);
    eligo_explanation_free(nullptr);
    eligo_screening_free(nullptr);
    EXPECT_EQ(eligo_screening_field_count(nullptr), 0U);
    EXPECT_EQ(eligo_screening_field(nullptr, 0), nullptr);
    EXPECT_EQ(eligo_policy_cost(nullptr, nullptr, nullptr, nullptr), ELIGO_BAD_ARGUMENT);
}

// The names that `text` holds before a parenthesis at the beginning of lines that do not begin within something else.
std::set<std::string> functions(const std::string& text) {
    std::set<std::string> names;
    static const std::regex function(R"(^\S[^(\n]*?\b(eligo_\w+)\()", std::regex::multiline);
    for (std::sregex_iterator at(text.begin(), text.end(), function), end; at != end; ++at) names.insert((*at)[1]);
    return names;
}

std::string content(const std::filesystem::path& file) {
    std::ifstream stream(file);
    return {std::istreambuf_iterator<char>(stream), {}};
}

// By the shape of the definitions: each C function is one call of guarded(), and each that is declared is among them.
TEST(CApi, EveryFunctionIsGuarded) {
    const std::filesystem::path root = ELIGO_SOURCE_DIR;
    std::set<std::string> defined, guarded;
    for (const auto& entry : std::filesystem::directory_iterator(root / "engine/api")) {
        if (!entry.path().filename().string().starts_with("capi") || entry.path().extension() != ".cpp") continue;
        const std::string text = content(entry.path());
        defined.merge(functions(text));
        static const std::regex shape(R"(^\S[^(\n]*?\b(eligo_\w+)\([^{;]*\) \{\n    return guarded\((error, )?\[&\](\(\) -> [\w *]+)? ?\{(?:.*\}\);|\n(?:        .*\n|\n)*    \}\);)\n\}\n)", std::regex::multiline);
        for (std::sregex_iterator at(text.begin(), text.end(), shape), end; at != end; ++at) guarded.insert((*at)[1]);
    }
    EXPECT_EQ(defined, guarded);
    EXPECT_EQ(defined, functions(content(root / "include/eligo/eligo.h")));
    EXPECT_GT(defined.size(), 50U);
}

TEST(CApi, VersionsAndNames) {
    EXPECT_EQ(eligo_abi_version(), ELIGO_ABI_VERSION);
    EXPECT_STREQ(eligo_version(), ELIGO_VERSION_STRING);
    EXPECT_STREQ(eligo_verdict_name(ELIGO_ELIGIBLE), "eligible");
    EXPECT_STREQ(eligo_verdict_name(ELIGO_NOT_IN_FORCE), "not_in_force");
    EXPECT_EQ(eligo_verdict_name(4), nullptr);
}

TEST(CApi, AFreshResultHoldsNothing) {
    const Result result = new_result();
    EXPECT_EQ(eligo_result_verdict(result.get()), ELIGO_NOT_IN_FORCE);
    EXPECT_EQ(eligo_result_benefit_count(result.get()), 0U);
}

TEST(CApi, SourcesThatDoNotCompile) {
    const char* broken = "policy one for company {\n  in force 2016-01-01 ..\n  require a b\n}\n";
    eligo_pack* pack = nullptr;
    eligo_error* given = nullptr;
    ASSERT_EQ(eligo_compile(&path, &broken, 1, &pack, &given), ELIGO_BAD_SOURCE);
    const Error error(given);
    EXPECT_EQ(pack, nullptr);
    EXPECT_EQ(eligo_error_status(given), ELIGO_BAD_SOURCE);
    ASSERT_GE(eligo_error_count(given), 1U);
    EXPECT_EQ(eligo_error_code(given, 0)[0], 'E');
    EXPECT_EQ(std::string(eligo_error_where(given, 0)).rfind("small.policy:1:", 0), 0U) << eligo_error_where(given, 0);
    EXPECT_NE(std::string(eligo_error_message(given, 0, ELIGO_ENGLISH)).find("small.policy"), std::string::npos);
    EXPECT_STRNE(eligo_error_message(given, 0, ELIGO_ENGLISH), eligo_error_message(given, 0, ELIGO_CHINESE));

    const char* nowhere = "/nowhere/at_all.policy";
    eligo_error* unread = nullptr;
    ASSERT_EQ(eligo_compile_files(&nowhere, 1, &pack, &unread), ELIGO_BAD_SOURCE);
    const Error second(unread);
    EXPECT_STREQ(eligo_error_where(unread, 0), nowhere);
    EXPECT_STREQ(eligo_error_code(unread, 0), "");
}

TEST(CApi, WarningsComeWithAPack) {
    const char* doubtful = R"(vocabulary firm "企业" | "Firm" { staff : int in 0 .. 100 "人数" | "Staff" }
parameter unused : int "未用" | "Unused" { 2016-01-01 .. 2016-12-31  1
  2018-01-01 ..  2 }
policy small for firm "小" | "Small" {
  in force 2016-01-01 ..
  require few staff <= 50 "不超过50人" | "At most 50" @ "办法 1"
}
)";
    eligo_pack* pack = nullptr;
    eligo_error* given = nullptr;
    ASSERT_EQ(eligo_compile(&path, &doubtful, 1, &pack, &given), ELIGO_OK);
    const Pack own(pack);
    const Error warnings(given);
    ASSERT_NE(pack, nullptr);
    EXPECT_EQ(eligo_error_status(given), ELIGO_OK);
    ASSERT_GE(eligo_error_count(given), 1U);
    EXPECT_EQ(eligo_error_severity(given, 0), ELIGO_WARNING);
    EXPECT_EQ(eligo_error_code(given, 0)[0], 'W');
}

TEST(CApi, TheShippedRulesFromTheirFolder) {
    const std::string rules = std::string(ELIGO_SOURCE_DIR) + "/rules";
    const char* folder = rules.c_str();
    eligo_pack* given = nullptr;
    ASSERT_EQ(eligo_compile_files(&folder, 1, &given, nullptr), ELIGO_OK);
    const Pack pack(given);
    EXPECT_GE(eligo_pack_policy_count(given), 4U);
}

}  // namespace
