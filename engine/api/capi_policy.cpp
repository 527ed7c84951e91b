// <eligo/eligo.h> over the C++ interface: policies, results and explanations. Part of the runtime.
// Tested by tests/unit/capi_test.cpp, tests/limits/no_memory.cpp and tests/package/.
#include <array>
#include <cstddef>
#include <optional>

#include "../explain/amounts.hpp"
#include "../explain/json.hpp"
#include "../explain/say.hpp"
#include "../explain/why.hpp"
#include "capi.hpp"
#include "dates.hpp"
#include "pack_data.hpp"

using eligo::api::fail;
using eligo::api::give;
using eligo::api::guarded;
using eligo::api::refuse_null;
using eligo::api::succeed;
using eligo::api::text_at;
using eligo::detail::Inside;

struct eligo_policy {
    eligo::Policy policy;
    std::string name, subject;
    std::vector<eligo::Period> periods;
};

struct eligo_result {
    eligo::CheckResult result;
    std::vector<std::optional<eligo::Amount>> amounts;  // of the benefits whose texts were looked at, by index; empty until one was
};

struct eligo_explanation {
    eligo_verdict verdict = ELIGO_NOT_IN_FORCE;
    std::string text, json;
    std::vector<std::string> missing;
    size_t left_out = 0, missing_left_out = 0;
};

namespace {

// The least a question can be, as it was when the ABI began; members added since stand behind these.
constexpr std::size_t least_question = offsetof(eligo_question, known_on) + sizeof(eligo_date);
constexpr std::size_t least_limits = offsetof(eligo_limits, context) + sizeof(void*);

eligo_verdict verdict_of(eligo::Verdict verdict) {
    switch (verdict) {
        case eligo::Verdict::Eligible: return ELIGO_ELIGIBLE;
        case eligo::Verdict::Ineligible: return ELIGO_INELIGIBLE;
        case eligo::Verdict::Undetermined: return ELIGO_UNDETERMINED;
        case eligo::Verdict::NotInForce: break;
    }
    return ELIGO_NOT_IN_FORCE;
}

eligo_date date_of(std::chrono::year_month_day day) {
    return {static_cast<int>(day.year()), static_cast<std::int32_t>(static_cast<unsigned>(day.month())), static_cast<std::int32_t>(static_cast<unsigned>(day.day()))};
}

// A later caller's structure may be longer; what this library does not know of it must not have been used.
template <class Structure>
bool is_understood(const Structure& structure, std::size_t least) {
    if (structure.struct_size < least) return false;
    const auto* bytes = reinterpret_cast<const unsigned char*>(&structure);
    for (std::size_t i = sizeof(Structure); i < structure.struct_size; ++i) {
        if (bytes[i] != 0) return false;
    }
    return true;
}

bool is_zero(eligo_date date) { return date.year == 0 && date.month == 0 && date.day == 0; }

bool can_be_asked(eligo_date date) { return eligo::api::day_of(eligo::api::day_of(date)).has_value(); }

std::string grouped(std::uint64_t number) { return eligo::explain::say_number(std::to_string(number)); }

// What a refusal says in C.
eligo_status refuse(eligo::Refusal refusal, const eligo::Policy& policy, eligo_error** error) {
    if (refusal == eligo::Refusal::Limit) {
        const eligo::Cost cost = policy.cost();
        const std::string steps = grouped(cost.steps), memory = grouped(cost.memory);
        return fail(error, ELIGO_LIMIT, "一次判断至多需要 " + steps + " 步和 " + memory + " 字节内存，超出了调用方的限额",
                    "one check may take " + steps + " steps and " + memory + " bytes of memory, more than the caller allows");
    }
    if (refusal == eligo::Refusal::Cancelled) return fail(error, ELIGO_CANCELLED, "已由调用方取消", "cancelled by the caller");
    return fail(error, ELIGO_BAD_ARGUMENT, "该资料不属于这项政策的规则包或对象", "the profile is of another pack or another subject than the policy");
}

// A policy and a profile that belong together, and what is asked, within the limits.
eligo_status ask(const eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo::api::Asked& asked, eligo_error** error) {
    if (policy == nullptr) return refuse_null(error, "policy");
    if (profile == nullptr) return refuse_null(error, "profile");
    return eligo::api::understand(question, asked, error);
}

bool has_benefit(const eligo_result* result, size_t index) { return result != nullptr && index < Inside::benefit_count(result->result); }

// The texts of a benefit's value, made when they are first asked for; nothing where it has no value.
const eligo::Amount* amount_at(eligo_result* result, size_t index) {
    if (!has_benefit(result, index) || Inside::given(result->result, index) == eligo::Truth::False) return nullptr;
    result->amounts.resize(Inside::benefit_count(result->result));
    auto& amount = result->amounts[index];
    if (!amount) amount = Inside::amount(result->result, index);
    return &*amount;
}

}  // namespace

eligo_status eligo::api::understand(const eligo_limits* limits, Limits& given, eligo_error** error) {
    if (limits == nullptr) return ELIGO_OK;
    if (!is_understood(*limits, least_limits)) {
        return fail(error, ELIGO_BAD_ARGUMENT, "limits 的 struct_size 有误，或用了此库不认识的成员",
                    "the struct_size of the limits is wrong, or they use members that this library does not know");
    }
    given.memory = limits->memory;
    given.steps = limits->steps;
    // Small enough that no memory is taken for it.
    if (limits->cancelled != nullptr) given.cancelled = [cancelled = limits->cancelled, context = limits->context] { return cancelled(context) != 0; };
    return ELIGO_OK;
}

eligo_status eligo::api::understand(const eligo_question* question, Asked& asked, eligo_error** error) {
    if (question == nullptr) return refuse_null(error, "question");
    if (!is_understood(*question, least_question)) {
        return fail(error, ELIGO_BAD_ARGUMENT, "question 的 struct_size 有误，或用了此库不认识的成员",
                    "the struct_size of the question is wrong, or it uses members that this library does not know");
    }
    const bool limited = !is_zero(question->known_on);
    if (!can_be_asked(question->as_of)) return fail(error, ELIGO_BAD_ARGUMENT, "as_of 应为 1900 至 2199 年间的一天", "as_of is no day of the years 1900 to 2199", "as_of");
    if (limited && !can_be_asked(question->known_on)) {
        return fail(error, ELIGO_BAD_ARGUMENT, "known_on 应为 1900 至 2199 年间的一天，或全为零", "known_on is no day of the years 1900 to 2199, nor all zero", "known_on");
    }
    asked.question.as_of = day_of(question->as_of);
    if (limited) asked.question.known_on = day_of(question->known_on);
    if (question->struct_size < sizeof(eligo_question) || question->limits == nullptr) return ELIGO_OK;
    asked.question.limits = &asked.limits;
    return understand(question->limits, asked.limits, error);
}

// ---- policies

eligo_status eligo_policy_new(const eligo_pack* pack, const char* name, eligo_policy** policy, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (policy == nullptr) return refuse_null(error, "policy");
        *policy = nullptr;
        if (pack == nullptr) return refuse_null(error, "pack");
        if (name == nullptr) return refuse_null(error, "name");
        auto found = pack->pack.find_policy(name);
        if (!found) return fail(error, ELIGO_NOT_FOUND, std::string("规则包中没有政策 `") + name + "`", std::string("the pack has no policy `") + name + "`", name);
        std::string subject = found->subject();
        auto periods = found->in_force();
        return give(policy, error, std::move(*found), std::string(name), std::move(subject), std::move(periods));
    });
}

eligo_status eligo_policy_copy(const eligo_policy* policy, eligo_policy** copy, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (copy == nullptr) return refuse_null(error, "copy");
        *copy = nullptr;
        if (policy == nullptr) return refuse_null(error, "policy");
        return give(copy, error, *policy);
    });
}

void eligo_policy_free(eligo_policy* policy) {
    return guarded([&] { delete policy; });
}

const char* eligo_policy_name(const eligo_policy* policy) {
    return guarded([&] { return policy == nullptr ? nullptr : policy->name.c_str(); });
}

const char* eligo_policy_subject(const eligo_policy* policy) {
    return guarded([&] { return policy == nullptr ? nullptr : policy->subject.c_str(); });
}

size_t eligo_policy_period_count(const eligo_policy* policy) {
    return guarded([&] { return policy == nullptr ? 0 : policy->periods.size(); });
}

eligo_status eligo_policy_period(const eligo_policy* policy, size_t index, eligo_date* from, eligo_date* to, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (policy == nullptr) return refuse_null(error, "policy");
        if (index >= policy->periods.size()) return fail(error, ELIGO_BAD_ARGUMENT, "该政策没有这么多期间", "the policy has fewer periods");
        if (from != nullptr) *from = date_of(policy->periods[index].from);
        if (to != nullptr) *to = date_of(policy->periods[index].to);
        return succeed(error);
    });
}

eligo_status eligo_policy_cost(const eligo_policy* policy, uint64_t* steps, uint64_t* memory, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (policy == nullptr) return refuse_null(error, "policy");
        const eligo::Cost cost = policy->policy.cost();
        if (steps != nullptr) *steps = cost.steps;
        if (memory != nullptr) *memory = cost.memory;
        return succeed(error);
    });
}

eligo_status eligo_policy_check(eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_result* result, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (result == nullptr) return refuse_null(error, "result");
        result->amounts.clear();
        result->result = {};
        eligo::api::Asked asked;
        if (const eligo_status status = ask(policy, profile, question, asked, error); status != ELIGO_OK) return status;
        result->result = policy->policy.check(profile->profile, asked.question);
        if (result->result.refusal() == eligo::Refusal::None) [[likely]] return succeed(error);
        const eligo::Refusal refusal = std::exchange(result->result, {}).refusal();
        return refuse(refusal, policy->policy, error);
    });
}

eligo_status eligo_policy_explain(const eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_language language,
                                  eligo_explanation** explanation, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        namespace explain = eligo::explain;
        if (explanation == nullptr) return refuse_null(error, "explanation");
        *explanation = nullptr;
        if (language != ELIGO_CHINESE && language != ELIGO_ENGLISH) return fail(error, ELIGO_BAD_ARGUMENT, "没有这种语言", "there is no such language");
        eligo::api::Asked asked;
        if (const eligo_status status = ask(policy, profile, question, asked, error); status != ELIGO_OK) return status;
        if (const auto refusal = policy->policy.refuses(profile->profile, asked.question); refusal != eligo::Refusal::None) return refuse(refusal, policy->policy, error);
        const eligo::bytecode::Pack& pack = Inside::pack(policy->policy)->pack;
        const std::array policies{Inside::number(policy->policy)};
        eligo::value::Allowance allowance = eligo::detail::allowance_of(asked.limits);
        const explain::Answer answer = explain::answer(pack, policies, Inside::data(profile->profile)->profile, *eligo::detail::asked(asked.question), {}, &allowance);
        const explain::PolicyAnswer& told = answer.results.front();
        const auto spoken = language == ELIGO_CHINESE ? explain::Language::Chinese : explain::Language::English;
        if (!allowance.may_go_on()) {
            const eligo::Error why = eligo::detail::ended(allowance.stopped());
            return fail(error, eligo::api::status_of(why.refusal, ELIGO_INTERNAL), why.chinese, why.english);
        }
        return give(explanation, error, verdict_of(static_cast<eligo::Verdict>(told.verdict)), explain::say(answer, {spoken, explain::Color::Off, &pack}).text(),
                    explain::to_json(answer, spoken), told.missing, told.left_out, told.missing_left_out);
    });
}

// ---- results

eligo_status eligo_result_new(eligo_result** result, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (result == nullptr) return refuse_null(error, "result");
        return give(result, error);
    });
}

void eligo_result_free(eligo_result* result) {
    return guarded([&] { delete result; });
}

eligo_verdict eligo_result_verdict(const eligo_result* result) {
    return guarded([&]() -> eligo_verdict { return result == nullptr ? ELIGO_NOT_IN_FORCE : verdict_of(result->result.verdict()); });
}

size_t eligo_result_benefit_count(eligo_result* result) {
    return guarded([&]() -> size_t { return result == nullptr ? 0 : Inside::benefit_count(result->result); });
}

const char* eligo_result_benefit_name(eligo_result* result, size_t index) {
    return guarded([&] { return has_benefit(result, index) ? Inside::benefit_name(result->result, index).c_str() : nullptr; });
}

eligo_truth eligo_result_benefit_given(eligo_result* result, size_t index) {
    return guarded([&]() -> eligo_truth { return has_benefit(result, index) ? static_cast<eligo_truth>(Inside::given(result->result, index)) : ELIGO_FALSE; });
}

const char* eligo_result_benefit_low(eligo_result* result, size_t index) {
    return guarded([&]() -> const char* {
        const eligo::Amount* amount = amount_at(result, index);
        return amount == nullptr ? nullptr : amount->low.c_str();
    });
}

const char* eligo_result_benefit_high(eligo_result* result, size_t index) {
    return guarded([&]() -> const char* {
        const eligo::Amount* amount = amount_at(result, index);
        return amount == nullptr ? nullptr : amount->high.c_str();
    });
}

int eligo_result_benefit_fen(eligo_result* result, size_t index, int64_t* low, int64_t* high) {
    return guarded([&]() -> int {
        const auto fen = has_benefit(result, index) ? Inside::fen(result->result, index) : std::nullopt;
        if (!fen) return 0;
        if (low != nullptr) *low = fen->first;
        if (high != nullptr) *high = fen->second;
        return 1;
    });
}

// ---- explanations

const char* eligo_explanation_text(const eligo_explanation* explanation) {
    return guarded([&] { return explanation == nullptr ? nullptr : explanation->text.c_str(); });
}

const char* eligo_explanation_json(const eligo_explanation* explanation) {
    return guarded([&] { return explanation == nullptr ? nullptr : explanation->json.c_str(); });
}

eligo_verdict eligo_explanation_verdict(const eligo_explanation* explanation) {
    return guarded([&] { return explanation == nullptr ? ELIGO_NOT_IN_FORCE : explanation->verdict; });
}

size_t eligo_explanation_missing_count(const eligo_explanation* explanation) {
    return guarded([&] { return explanation == nullptr ? 0 : explanation->missing.size(); });
}

const char* eligo_explanation_missing(const eligo_explanation* explanation, size_t index) {
    return guarded([&] { return explanation == nullptr ? nullptr : text_at(explanation->missing, index); });
}

size_t eligo_explanation_left_out(const eligo_explanation* explanation) {
    return guarded([&]() -> size_t { return explanation == nullptr ? 0 : explanation->left_out; });
}

size_t eligo_explanation_missing_left_out(const eligo_explanation* explanation) {
    return guarded([&]() -> size_t { return explanation == nullptr ? 0 : explanation->missing_left_out; });
}

void eligo_explanation_free(eligo_explanation* explanation) {
    return guarded([&] { delete explanation; });
}
