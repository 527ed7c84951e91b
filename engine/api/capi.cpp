// <eligo/eligo.h> over the C++ interface: versions, errors, packs and profiles. Part of the runtime.
// Tested by tests/unit/capi_test.cpp, tests/limits/no_memory.cpp and tests/package/.
#include <optional>

#include "capi.hpp"
#include "pack_data.hpp"

using eligo::api::fail;
using eligo::api::give;
using eligo::api::guarded;
using eligo::api::refuse_null;
using eligo::api::status_of;
using eligo::api::succeed;
using eligo::api::text_at;
using eligo::api::understand;

struct eligo_bytes {
    std::vector<std::uint8_t> bytes;
};

namespace {

// What an error says at one place; texts live as long as it does.
struct Said {
    eligo_severity severity = ELIGO_ERROR;
    const char *code = nullptr, *where = nullptr, *chinese = nullptr, *english = nullptr;
};

Said said_by_status(eligo_status status) {
    if (status == ELIGO_NO_MEMORY) return {ELIGO_ERROR, "no_memory", "", "内存不足", "there is no memory left"};
    return {ELIGO_ERROR, "internal", "", "eligo 内部出错，请报告", "a fault of eligo itself, please report it"};
}

std::optional<Said> said_at(const eligo_error* error, size_t index) {
    if (error == nullptr || index >= eligo_error_count(error)) return std::nullopt;
    if (error->items.empty()) return said_by_status(error->status);
    const eligo_error::Item& item = error->items[index];
    return Said{item.severity, item.code.c_str(), item.where.c_str(), item.chinese.c_str(), item.english.c_str()};
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

eligo_error::Item item_of(const eligo::Problem& problem) { return {ELIGO_ERROR, code_of(problem.kind), eligo::value::visible(problem.key), problem.chinese(), problem.english()}; }

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

}  // namespace

eligo_error* eligo::api::wordless_error(eligo_status status) {
    static constinit eligo_error no_memory{ELIGO_NO_MEMORY, {}}, internal{ELIGO_INTERNAL, {}};
    return status == ELIGO_NO_MEMORY ? &no_memory : &internal;
}

// ---- version

int32_t eligo_abi_version(void) {
    return guarded([&] { return ELIGO_ABI_VERSION; });
}

const char* eligo_version(void) {
    return guarded([&] { return ELIGO_VERSION_STRING; });
}

const char* eligo_verdict_name(eligo_verdict verdict) {
    return guarded([&]() -> const char* {
        switch (verdict) {
            case ELIGO_ELIGIBLE: return "eligible";
            case ELIGO_INELIGIBLE: return "ineligible";
            case ELIGO_UNDETERMINED: return "undetermined";
            case ELIGO_NOT_IN_FORCE: return "not_in_force";
            default: return nullptr;
        }
    });
}

// ---- what went wrong

eligo_status eligo_error_status(const eligo_error* error) {
    return guarded([&]() -> eligo_status { return error == nullptr ? ELIGO_OK : error->status; });
}

size_t eligo_error_count(const eligo_error* error) {
    return guarded([&]() -> size_t {
        if (error == nullptr) return 0;
        return error->items.empty() ? 1 : error->items.size();
    });
}

eligo_severity eligo_error_severity(const eligo_error* error, size_t index) {
    return guarded([&]() -> eligo_severity { return said_at(error, index).value_or(Said{}).severity; });
}

const char* eligo_error_code(const eligo_error* error, size_t index) {
    return guarded([&] { return said_at(error, index).value_or(Said{}).code; });
}

const char* eligo_error_where(const eligo_error* error, size_t index) {
    return guarded([&] { return said_at(error, index).value_or(Said{}).where; });
}

const char* eligo_error_message(const eligo_error* error, size_t index, eligo_language language) {
    return guarded([&]() -> const char* {
        const Said said = said_at(error, index).value_or(Said{});
        if (language == ELIGO_CHINESE) return said.chinese;
        return language == ELIGO_ENGLISH ? said.english : nullptr;
    });
}

void eligo_error_free(eligo_error* error) {
    return guarded([&] {
        if (error != nullptr && error != eligo::api::wordless_error(error->status)) delete error;
    });
}

// ---- packs

eligo_status eligo_pack_load(const char* path, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status { return eligo_pack_load_within(path, nullptr, pack, error); });
}

eligo_status eligo_pack_read(const void* bytes, size_t size, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status { return eligo_pack_read_within(bytes, size, nullptr, pack, error); });
}

eligo_status eligo_pack_load_within(const char* path, const eligo_limits* limits, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (pack == nullptr) return refuse_null(error, "pack");
        *pack = nullptr;
        if (path == nullptr) return refuse_null(error, "path");
        eligo::Limits given;
        if (const eligo_status status = understand(limits, given, error); status != ELIGO_OK) return status;
        const auto bytes = eligo::detail::read_bytes(path);
        if (!bytes) return fail(error, ELIGO_FILE_FAILED, bytes.error().chinese, bytes.error().english, path);
        auto read = eligo::Pack::read(bytes.value(), given);
        if (!read) return fail(error, status_of(read.error().refusal, ELIGO_BAD_PACK), std::string(path) + "：" + read.error().chinese, std::string(path) + ": " + read.error().english, path);
        return give(pack, error, std::move(read).value());
    });
}

eligo_status eligo_pack_read_within(const void* bytes, size_t size, const eligo_limits* limits, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (pack == nullptr) return refuse_null(error, "pack");
        *pack = nullptr;
        if (bytes == nullptr) return refuse_null(error, "bytes");
        eligo::Limits given;
        if (const eligo_status status = understand(limits, given, error); status != ELIGO_OK) return status;
        auto read = eligo::Pack::read({static_cast<const std::uint8_t*>(bytes), size}, given);
        if (!read) return fail(error, status_of(read.error().refusal, ELIGO_BAD_PACK), read.error().chinese, read.error().english);
        return give(pack, error, std::move(read).value());
    });
}

void eligo_pack_free(eligo_pack* pack) {
    return guarded([&] { delete pack; });
}

eligo_status eligo_pack_save(const eligo_pack* pack, const char* path, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (pack == nullptr) return refuse_null(error, "pack");
        if (path == nullptr) return refuse_null(error, "path");
        const auto saved = pack->pack.save(path);
        if (!saved) return fail(error, ELIGO_FILE_FAILED, saved.error().chinese, saved.error().english, path);
        return succeed(error);
    });
}

eligo_status eligo_pack_bytes(const eligo_pack* pack, eligo_bytes** bytes, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (bytes == nullptr) return refuse_null(error, "bytes");
        *bytes = nullptr;
        if (pack == nullptr) return refuse_null(error, "pack");
        return give(bytes, error, pack->pack.bytes());
    });
}

const uint8_t* eligo_bytes_data(const eligo_bytes* bytes) {
    return guarded([&] { return bytes == nullptr ? nullptr : bytes->bytes.data(); });
}

size_t eligo_bytes_size(const eligo_bytes* bytes) {
    return guarded([&] { return bytes == nullptr ? 0 : bytes->bytes.size(); });
}

void eligo_bytes_free(eligo_bytes* bytes) {
    return guarded([&] { delete bytes; });
}

size_t eligo_pack_policy_count(const eligo_pack* pack) {
    return guarded([&] { return pack == nullptr ? 0 : pack->policies.size(); });
}

const char* eligo_pack_policy_name(const eligo_pack* pack, size_t index) {
    return guarded([&] { return pack == nullptr ? nullptr : text_at(pack->policies, index); });
}

size_t eligo_pack_subject_count(const eligo_pack* pack) {
    return guarded([&] { return pack == nullptr ? 0 : pack->subjects.size(); });
}

const char* eligo_pack_subject_name(const eligo_pack* pack, size_t index) {
    return guarded([&] { return pack == nullptr ? nullptr : text_at(pack->subjects, index); });
}

// ---- profiles

eligo_status eligo_profile_new(const eligo_pack* pack, const char* subject, eligo_profile** profile, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (profile == nullptr) return refuse_null(error, "profile");
        *profile = nullptr;
        if (pack == nullptr) return refuse_null(error, "pack");
        if (subject == nullptr) return refuse_null(error, "subject");
        auto found = pack->pack.find_profile(subject);
        if (!found) return fail(error, ELIGO_NOT_FOUND, std::string("规则包中没有 `") + subject + "`", std::string("the pack has no vocabulary `") + subject + "`", subject);
        return give(profile, error, std::move(*found), std::string(subject));
    });
}

eligo_status eligo_profile_copy(const eligo_profile* profile, eligo_profile** copy, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (copy == nullptr) return refuse_null(error, "copy");
        *copy = nullptr;
        if (profile == nullptr) return refuse_null(error, "profile");
        return give(copy, error, *profile);
    });
}

void eligo_profile_free(eligo_profile* profile) {
    return guarded([&] { delete profile; });
}

const char* eligo_profile_subject(const eligo_profile* profile) {
    return guarded([&] { return profile == nullptr ? nullptr : profile->subject.c_str(); });
}

eligo_status eligo_profile_set(eligo_profile* profile, const char* key, const char* value, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (value == nullptr) return refuse_null(error, "value");
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value); });
    });
}

eligo_status eligo_profile_set_int(eligo_profile* profile, const char* key, int64_t value, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value); });
    });
}

eligo_status eligo_profile_set_bool(eligo_profile* profile, const char* key, int value, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, value != 0); });
    });
}

eligo_status eligo_profile_set_date(eligo_profile* profile, const char* key, eligo_date value, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set(key, eligo::api::day_of(value)); });
    });
}

eligo_status eligo_profile_set_unknown(eligo_profile* profile, const char* key, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set_unknown(key); });
    });
}

eligo_status eligo_profile_set_list(eligo_profile* profile, const char* key, size_t count, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.set_list(key, count); });
    });
}

eligo_status eligo_profile_forget(eligo_profile* profile, const char* key, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        return set_fact(profile, key, error, [&](eligo::Profile& facts) { return facts.forget(key); });
    });
}

eligo_status eligo_profile_problems(const eligo_profile* profile, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (profile == nullptr) return refuse_null(error, "profile");
        std::vector<eligo_error::Item> items;
        for (const eligo::Problem& problem : profile->profile.problems()) items.push_back(item_of(problem));
        return items.empty() ? succeed(error) : fail(error, ELIGO_BAD_VALUE, std::move(items));
    });
}
