// <eligo/eligo.h> over the C++ interface: everything but compiling. Part of the runtime.
// Tested by tests/unit/capi_test.cpp and tests/package/.
#include "../../include/eligo/eligo.h"

#include <array>
#include <cstddef>
#include <optional>

#include "../explain/json.hpp"
#include "../explain/say.hpp"
#include "../explain/why.hpp"
#include "capi.hpp"
#include "dates.hpp"
#include "pack_data.hpp"

using eligo::api::fail;
using eligo::api::refuse_null;
using eligo::api::succeed;

struct eligo_bytes {
    std::vector<std::uint8_t> bytes;
};

struct eligo_profile {
    eligo::Profile profile;
    std::string subject;
};

struct eligo_policy {
    eligo::Policy policy;
    std::string name, subject;
    std::vector<eligo::Period> periods;
};

struct eligo_result {
    struct Benefit {
        std::string name;
        eligo::Truth given = eligo::Truth::False;
        std::optional<eligo::Amount> amount;
    };
    eligo::CheckResult result;
    std::optional<std::vector<Benefit>> benefits;  // nothing until they are first looked at
};

struct eligo_explanation {
    eligo_verdict verdict = ELIGO_NOT_IN_FORCE;
    std::string text, json;
    std::vector<std::string> missing;
};

namespace {

// The least a question can be, as it was when the ABI began; members added since stand behind these.
constexpr std::size_t least_question = offsetof(eligo_question, known_on) + sizeof(eligo_date);

eligo_verdict verdict_of(eligo::Verdict verdict) {
    switch (verdict) {
        case eligo::Verdict::Eligible: return ELIGO_ELIGIBLE;
        case eligo::Verdict::Ineligible: return ELIGO_INELIGIBLE;
        case eligo::Verdict::Undetermined: return ELIGO_UNDETERMINED;
        case eligo::Verdict::NotInForce: break;
    }
    return ELIGO_NOT_IN_FORCE;
}

const char* code_of(eligo::ProblemKind kind) {
    switch (kind) {
        case eligo::ProblemKind::UnknownKey: return "unknown_key";
        case eligo::ProblemKind::WrongType: return "wrong_type";
        case eligo::ProblemKind::OutOfRange: return "out_of_range";
        case eligo::ProblemKind::TooManyDecimals: return "too_many_decimals";
        case eligo::ProblemKind::EmptyRange: return "empty_range";
        case eligo::ProblemKind::Contradiction: return "contradiction";
        case eligo::ProblemKind::TooManyElements: return "too_many_elements";
        case eligo::ProblemKind::BadYear: return "bad_year";
        case eligo::ProblemKind::BadPlace: return "bad_place";
    }
    return "";
}

// Years beyond what the calendar of the library holds are made a day that does not exist.
std::chrono::year_month_day day_of(eligo_date date) {
    const bool possible = date.year >= 0 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31;
    if (!possible) return {};
    return {std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)), std::chrono::day(static_cast<unsigned>(date.day))};
}

eligo_date date_of(std::chrono::year_month_day day) {
    return {static_cast<int>(day.year()), static_cast<std::int32_t>(static_cast<unsigned>(day.month())), static_cast<std::int32_t>(static_cast<unsigned>(day.day()))};
}

const char* text_at(const std::vector<std::string>& texts, size_t index) { return index < texts.size() ? texts[index].c_str() : nullptr; }

// Gives a new handle out.
template <class Handle, class... Parts>
eligo_status give(Handle** handle, eligo_error** error, Parts&&... parts) {
    *handle = new Handle{std::forward<Parts>(parts)...};
    return succeed(error);
}

eligo_error::Item item_of(const eligo::Problem& problem) { return {ELIGO_ERROR, code_of(problem.kind), problem.key, problem.chinese(), problem.english()}; }

eligo_status told(const eligo::Status& status, eligo_error** error) {
    if (status.ok()) return succeed(error);
    if (error == nullptr) return ELIGO_BAD_VALUE;
    return fail(error, ELIGO_BAD_VALUE, {item_of(status.problem())});
}

// All that sets a fact: the profile and the key first, then what `set` does.
template <class Set>
eligo_status set_fact(eligo_profile* profile, const char* key, eligo_error** error, Set set) {
    if (profile == nullptr) return refuse_null(error, "profile");
    if (key == nullptr) return refuse_null(error, "key");
    return told(set(profile->profile), error);
}

// A later caller's question may be longer; what this library does not know of it must not have been used.
bool is_understood(const eligo_question& question) {
    if (question.struct_size < least_question) return false;
    const auto* bytes = reinterpret_cast<const unsigned char*>(&question);
    for (std::size_t i = sizeof(eligo_question); i < question.struct_size; ++i) {
        if (bytes[i] != 0) return false;
    }
    return true;
}

bool is_zero(eligo_date date) { return date.year == 0 && date.month == 0 && date.day == 0; }

bool can_be_asked(eligo_date date) { return eligo::api::day_of(day_of(date)).has_value(); }

// What a policy is asked of a profile, looked at before anything is run; the question is left where `asked` points.
eligo_status ask(const eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo::Question& asked, eligo_error** error) {
    if (policy == nullptr) return refuse_null(error, "policy");
    if (profile == nullptr) return refuse_null(error, "profile");
    if (question == nullptr) return refuse_null(error, "question");
    if (!is_understood(*question)) {
        return fail(error, ELIGO_BAD_ARGUMENT, "question 的 struct_size 有误，或用了此库不认识的成员",
                    "the struct_size of the question is wrong, or it uses members that this library does not know");
    }
    const bool limited = !is_zero(question->known_on);
    if (!can_be_asked(question->as_of)) return fail(error, ELIGO_BAD_ARGUMENT, "as_of 应为 1900 至 2199 年间的一天", "as_of is no day of the years 1900 to 2199", "as_of");
    if (limited && !can_be_asked(question->known_on)) {
        return fail(error, ELIGO_BAD_ARGUMENT, "known_on 应为 1900 至 2199 年间的一天，或全为零", "known_on is no day of the years 1900 to 2199, nor all zero", "known_on");
    }
    using eligo::detail::Inside;
    if (!eligo::detail::belong_together(*Inside::pack(policy->policy), Inside::number(policy->policy), Inside::data(profile->profile))) {
        return fail(error, ELIGO_BAD_ARGUMENT, "该资料不属于这项政策的规则包或对象", "the profile is of another pack or another subject than the policy");
    }
    asked.as_of = day_of(question->as_of);
    if (limited) asked.known_on = day_of(question->known_on);
    return ELIGO_OK;
}

const std::vector<eligo_result::Benefit>& benefits_of(eligo_result& result) {
    if (!result.benefits) {
        result.benefits.emplace();
        for (std::string& name : result.result.benefit_names()) {
            const eligo::Truth given = result.result.gives(name);
            auto amount = result.result.benefit(name);
            result.benefits->push_back({std::move(name), given, std::move(amount)});
        }
    }
    return *result.benefits;
}

const eligo_result::Benefit* benefit_at(eligo_result* result, size_t index) {
    if (result == nullptr) return nullptr;
    const auto& benefits = benefits_of(*result);
    return index < benefits.size() ? &benefits[index] : nullptr;
}

const eligo_error::Item* item_at(const eligo_error* error, size_t index) { return error != nullptr && index < error->items.size() ? &error->items[index] : nullptr; }

}  // namespace

// ---- version

int32_t eligo_abi_version(void) { return ELIGO_ABI_VERSION; }

const char* eligo_version(void) { return ELIGO_VERSION_STRING; }

const char* eligo_verdict_name(eligo_verdict verdict) {
    switch (verdict) {
        case ELIGO_ELIGIBLE: return "eligible";
        case ELIGO_INELIGIBLE: return "ineligible";
        case ELIGO_UNDETERMINED: return "undetermined";
        case ELIGO_NOT_IN_FORCE: return "not_in_force";
        default: return nullptr;
    }
}

// ---- what went wrong

eligo_status eligo_error_status(const eligo_error* error) { return error == nullptr ? ELIGO_OK : error->status; }

size_t eligo_error_count(const eligo_error* error) { return error == nullptr ? 0 : error->items.size(); }

eligo_severity eligo_error_severity(const eligo_error* error, size_t index) {
    const auto* item = item_at(error, index);
    return item == nullptr ? ELIGO_ERROR : item->severity;
}

const char* eligo_error_code(const eligo_error* error, size_t index) {
    const auto* item = item_at(error, index);
    return item == nullptr ? nullptr : item->code.c_str();
}

const char* eligo_error_where(const eligo_error* error, size_t index) {
    const auto* item = item_at(error, index);
    return item == nullptr ? nullptr : item->where.c_str();
}

const char* eligo_error_message(const eligo_error* error, size_t index, eligo_language language) {
    const auto* item = item_at(error, index);
    if (item == nullptr || (language != ELIGO_CHINESE && language != ELIGO_ENGLISH)) return nullptr;
    return language == ELIGO_CHINESE ? item->chinese.c_str() : item->english.c_str();
}

void eligo_error_free(eligo_error* error) { delete error; }

// ---- packs

eligo_status eligo_pack_load(const char* path, eligo_pack** pack, eligo_error** error) {
    if (pack == nullptr) return refuse_null(error, "pack");
    *pack = nullptr;
    if (path == nullptr) return refuse_null(error, "path");
    const auto bytes = eligo::detail::read_bytes(path);
    if (!bytes) return fail(error, ELIGO_FILE_FAILED, bytes.error().chinese, bytes.error().english, path);
    auto read = eligo::Pack::read(bytes.value());
    if (!read) return fail(error, ELIGO_BAD_PACK, std::string(path) + "：" + read.error().chinese, std::string(path) + ": " + read.error().english, path);
    return give(pack, error, std::move(read).value());
}

eligo_status eligo_pack_read(const void* bytes, size_t size, eligo_pack** pack, eligo_error** error) {
    if (pack == nullptr) return refuse_null(error, "pack");
    *pack = nullptr;
    if (bytes == nullptr) return refuse_null(error, "bytes");
    auto read = eligo::Pack::read({static_cast<const std::uint8_t*>(bytes), size});
    if (!read) return fail(error, ELIGO_BAD_PACK, read.error().chinese, read.error().english);
    return give(pack, error, std::move(read).value());
}

void eligo_pack_free(eligo_pack* pack) { delete pack; }

eligo_status eligo_pack_save(const eligo_pack* pack, const char* path, eligo_error** error) {
    if (pack == nullptr) return refuse_null(error, "pack");
    if (path == nullptr) return refuse_null(error, "path");
    const auto saved = pack->pack.save(path);
    if (!saved) return fail(error, ELIGO_FILE_FAILED, saved.error().chinese, saved.error().english, path);
    return succeed(error);
}

eligo_status eligo_pack_bytes(const eligo_pack* pack, eligo_bytes** bytes, eligo_error** error) {
    if (bytes == nullptr) return refuse_null(error, "bytes");
    *bytes = nullptr;
    if (pack == nullptr) return refuse_null(error, "pack");
    return give(bytes, error, pack->pack.bytes());
}

const uint8_t* eligo_bytes_data(const eligo_bytes* bytes) { return bytes == nullptr ? nullptr : bytes->bytes.data(); }

size_t eligo_bytes_size(const eligo_bytes* bytes) { return bytes == nullptr ? 0 : bytes->bytes.size(); }

void eligo_bytes_free(eligo_bytes* bytes) { delete bytes; }

size_t eligo_pack_policy_count(const eligo_pack* pack) { return pack == nullptr ? 0 : pack->policies.size(); }

const char* eligo_pack_policy_name(const eligo_pack* pack, size_t index) { return pack == nullptr ? nullptr : text_at(pack->policies, index); }

size_t eligo_pack_subject_count(const eligo_pack* pack) { return pack == nullptr ? 0 : pack->subjects.size(); }

const char* eligo_pack_subject_name(const eligo_pack* pack, size_t index) { return pack == nullptr ? nullptr : text_at(pack->subjects, index); }

// ---- profiles

eligo_status eligo_profile_new(const eligo_pack* pack, const char* subject, eligo_profile** profile, eligo_error** error) {
    if (profile == nullptr) return refuse_null(error, "profile");
    *profile = nullptr;
    if (pack == nullptr) return refuse_null(error, "pack");
    if (subject == nullptr) return refuse_null(error, "subject");
    auto found = pack->pack.find_profile(subject);
    if (!found) return fail(error, ELIGO_NOT_FOUND, std::string("规则包中没有 `") + subject + "`", std::string("the pack has no vocabulary `") + subject + "`", subject);
    return give(profile, error, std::move(*found), std::string(subject));
}

eligo_status eligo_profile_copy(const eligo_profile* profile, eligo_profile** copy, eligo_error** error) {
    if (copy == nullptr) return refuse_null(error, "copy");
    *copy = nullptr;
    if (profile == nullptr) return refuse_null(error, "profile");
    return give(copy, error, *profile);
}

void eligo_profile_free(eligo_profile* profile) { delete profile; }

const char* eligo_profile_subject(const eligo_profile* profile) { return profile == nullptr ? nullptr : profile->subject.c_str(); }

eligo_status eligo_profile_set(eligo_profile* profile, const char* key, const char* value, eligo_error** error) {
    if (value == nullptr) return refuse_null(error, "value");
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value); });
}

eligo_status eligo_profile_set_int(eligo_profile* profile, const char* key, int64_t value, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value); });
}

eligo_status eligo_profile_set_bool(eligo_profile* profile, const char* key, int value, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value != 0); });
}

eligo_status eligo_profile_set_date(eligo_profile* profile, const char* key, eligo_date value, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, day_of(value)); });
}

eligo_status eligo_profile_set_unknown(eligo_profile* profile, const char* key, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set_unknown(key); });
}

eligo_status eligo_profile_set_list(eligo_profile* profile, const char* key, size_t count, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set_list(key, count); });
}

eligo_status eligo_profile_forget(eligo_profile* profile, const char* key, eligo_error** error) {
    return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.forget(key); });
}

eligo_status eligo_profile_problems(const eligo_profile* profile, eligo_error** error) {
    if (profile == nullptr) return refuse_null(error, "profile");
    std::vector<eligo_error::Item> items;
    for (const eligo::Problem& problem : profile->profile.problems()) items.push_back(item_of(problem));
    return items.empty() ? succeed(error) : fail(error, ELIGO_BAD_VALUE, std::move(items));
}

// ---- policies

eligo_status eligo_policy_new(const eligo_pack* pack, const char* name, eligo_policy** policy, eligo_error** error) {
    if (policy == nullptr) return refuse_null(error, "policy");
    *policy = nullptr;
    if (pack == nullptr) return refuse_null(error, "pack");
    if (name == nullptr) return refuse_null(error, "name");
    auto found = pack->pack.find_policy(name);
    if (!found) return fail(error, ELIGO_NOT_FOUND, std::string("规则包中没有政策 `") + name + "`", std::string("the pack has no policy `") + name + "`", name);
    std::string subject = found->subject();
    auto periods = found->in_force();
    return give(policy, error, std::move(*found), std::string(name), std::move(subject), std::move(periods));
}

eligo_status eligo_policy_copy(const eligo_policy* policy, eligo_policy** copy, eligo_error** error) {
    if (copy == nullptr) return refuse_null(error, "copy");
    *copy = nullptr;
    if (policy == nullptr) return refuse_null(error, "policy");
    return give(copy, error, *policy);
}

void eligo_policy_free(eligo_policy* policy) { delete policy; }

const char* eligo_policy_name(const eligo_policy* policy) { return policy == nullptr ? nullptr : policy->name.c_str(); }

const char* eligo_policy_subject(const eligo_policy* policy) { return policy == nullptr ? nullptr : policy->subject.c_str(); }

size_t eligo_policy_period_count(const eligo_policy* policy) { return policy == nullptr ? 0 : policy->periods.size(); }

eligo_status eligo_policy_period(const eligo_policy* policy, size_t index, eligo_date* from, eligo_date* to, eligo_error** error) {
    if (policy == nullptr) return refuse_null(error, "policy");
    if (index >= policy->periods.size()) return fail(error, ELIGO_BAD_ARGUMENT, "该政策没有这么多期间", "the policy has fewer periods");
    if (from != nullptr) *from = date_of(policy->periods[index].from);
    if (to != nullptr) *to = date_of(policy->periods[index].to);
    return succeed(error);
}

eligo_status eligo_policy_check(eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_result* result, eligo_error** error) {
    if (result == nullptr) return refuse_null(error, "result");
    result->benefits.reset();
    result->result = {};
    eligo::Question asked;
    const eligo_status status = ask(policy, profile, question, asked, error);
    if (status != ELIGO_OK) return status;
    result->result = policy->policy.check(profile->profile, asked);
    return succeed(error);
}

eligo_status eligo_policy_explain(const eligo_policy* policy, const eligo_profile* profile, const eligo_question* question, eligo_language language,
                                  eligo_explanation** explanation, eligo_error** error) {
    namespace explain = eligo::explain;
    using eligo::detail::Inside;
    if (explanation == nullptr) return refuse_null(error, "explanation");
    *explanation = nullptr;
    if (language != ELIGO_CHINESE && language != ELIGO_ENGLISH) return fail(error, ELIGO_BAD_ARGUMENT, "没有这种语言", "there is no such language");
    eligo::Question asked;
    const eligo_status status = ask(policy, profile, question, asked, error);
    if (status != ELIGO_OK) return status;
    const eligo::bytecode::Pack& pack = Inside::pack(policy->policy)->pack;
    const std::array policies{Inside::number(policy->policy)};
    const explain::Answer answer = explain::answer(pack, policies, Inside::data(profile->profile).profile, *eligo::detail::asked(asked));
    const explain::PolicyAnswer& told = answer.results.front();
    const auto spoken = language == ELIGO_CHINESE ? explain::Language::Chinese : explain::Language::English;
    return give(explanation, error, verdict_of(static_cast<eligo::Verdict>(told.verdict)), explain::say(answer, {spoken, explain::Color::Off, &pack}),
                explain::to_json(answer, spoken), told.missing);
}

// ---- results

eligo_status eligo_result_new(eligo_result** result, eligo_error** error) {
    if (result == nullptr) return refuse_null(error, "result");
    return give(result, error);
}

void eligo_result_free(eligo_result* result) { delete result; }

eligo_verdict eligo_result_verdict(const eligo_result* result) { return result == nullptr ? ELIGO_NOT_IN_FORCE : verdict_of(result->result.verdict()); }

size_t eligo_result_benefit_count(eligo_result* result) { return result == nullptr ? 0 : benefits_of(*result).size(); }

const char* eligo_result_benefit_name(eligo_result* result, size_t index) {
    const auto* benefit = benefit_at(result, index);
    return benefit == nullptr ? nullptr : benefit->name.c_str();
}

eligo_truth eligo_result_benefit_given(eligo_result* result, size_t index) {
    const auto* benefit = benefit_at(result, index);
    return benefit == nullptr ? ELIGO_FALSE : static_cast<eligo_truth>(benefit->given);
}

const char* eligo_result_benefit_low(eligo_result* result, size_t index) {
    const auto* benefit = benefit_at(result, index);
    return benefit == nullptr || !benefit->amount ? nullptr : benefit->amount->low.c_str();
}

const char* eligo_result_benefit_high(eligo_result* result, size_t index) {
    const auto* benefit = benefit_at(result, index);
    return benefit == nullptr || !benefit->amount ? nullptr : benefit->amount->high.c_str();
}

int eligo_result_benefit_fen(eligo_result* result, size_t index, int64_t* low, int64_t* high) {
    const auto* benefit = benefit_at(result, index);
    if (benefit == nullptr || !benefit->amount || !benefit->amount->low_fen || !benefit->amount->high_fen) return 0;
    if (low != nullptr) *low = *benefit->amount->low_fen;
    if (high != nullptr) *high = *benefit->amount->high_fen;
    return 1;
}

// ---- explanations

const char* eligo_explanation_text(const eligo_explanation* explanation) { return explanation == nullptr ? nullptr : explanation->text.c_str(); }

const char* eligo_explanation_json(const eligo_explanation* explanation) { return explanation == nullptr ? nullptr : explanation->json.c_str(); }

eligo_verdict eligo_explanation_verdict(const eligo_explanation* explanation) { return explanation == nullptr ? ELIGO_NOT_IN_FORCE : explanation->verdict; }

size_t eligo_explanation_missing_count(const eligo_explanation* explanation) { return explanation == nullptr ? 0 : explanation->missing.size(); }

const char* eligo_explanation_missing(const eligo_explanation* explanation, size_t index) { return explanation == nullptr ? nullptr : text_at(explanation->missing, index); }

void eligo_explanation_free(eligo_explanation* explanation) { delete explanation; }
