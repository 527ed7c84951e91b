// What stands behind the handles of <eligo/eligo.h> that several of its files know; and the guard that every function of the C
// interface is one call of, so that nothing that is thrown leaves it.
#pragma once

#include <chrono>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "../../include/eligo/eligo.h"
#include "../../include/eligo/pack.hpp"
#include "../value/visible_text.hpp"

// One without items had no memory for words: its status says all.
struct eligo_error {
    struct Item {
        eligo_severity severity = ELIGO_ERROR;
        std::string code, where;
        std::string chinese, english;
    };
    eligo_status status = ELIGO_OK;
    std::vector<Item> items;
};

struct eligo_pack {
    eligo::Pack pack;
    std::vector<std::string> policies, subjects;

    explicit eligo_pack(eligo::Pack made) : pack(std::move(made)), policies(pack.policies()), subjects(pack.subjects()) {}
};

struct eligo_profile {
    eligo::Profile profile;
    std::string subject;
};

namespace eligo::api {

// The error of a status that there was no memory to put into words, or no knowledge of. It takes no memory and is nobody's to free.
[[nodiscard]] eligo_error* wordless_error(eligo_status status);

// Runs what a C function does. Nothing that is thrown leaves it: no memory becomes ELIGO_NO_MEMORY, all else, which would be
// a fault of ours, ELIGO_INTERNAL. Built without exceptions, it guards nothing, which eligo.h says.
template <class Work>
eligo_status guarded(eligo_error** error, Work&& work) {
    const auto failed = [error](eligo_status status) {
        if (error != nullptr) *error = wordless_error(status);
        return status;
    };
#ifdef __cpp_exceptions
    try {
        return std::forward<Work>(work)();
    } catch (const std::bad_alloc&) {
        return failed(ELIGO_NO_MEMORY);
    } catch (const std::length_error&) {  // more than a container can ever hold
        return failed(ELIGO_NO_MEMORY);
    } catch (...) {
        return failed(ELIGO_INTERNAL);
    }
#else
    static_cast<void>(failed);
    return std::forward<Work>(work)();
#endif
}

// The same for a getter, which then answers NULL, 0 or the first value of its enumeration.
template <class Work>
auto guarded(Work&& work) -> std::invoke_result_t<Work> {
#ifdef __cpp_exceptions
    try {
        return std::forward<Work>(work)();
    } catch (...) {
        return std::invoke_result_t<Work>();
    }
#else
    return std::forward<Work>(work)();
#endif
}

// What is guarded ends in one of these.
inline eligo_status succeed(eligo_error** error) {
    if (error != nullptr) *error = nullptr;
    return ELIGO_OK;
}

inline eligo_status fail(eligo_error** error, eligo_status status, std::vector<eligo_error::Item> items) {
    if (error != nullptr) *error = new eligo_error{status, std::move(items)};
    return status;
}

inline eligo_status fail(eligo_error** error, eligo_status status, std::string_view chinese, std::string_view english, std::string_view where = {}) {
    if (error == nullptr) return status;  // nobody listens: a status alone allocates nothing
    return fail(error, status, {{ELIGO_ERROR, {}, value::visible(where), value::visible(chinese), value::visible(english)}});
}

// `what` is the parameter's name in the header.
inline eligo_status refuse_null(eligo_error** error, const char* what) {
    if (error == nullptr) return ELIGO_BAD_ARGUMENT;
    return fail(error, ELIGO_BAD_ARGUMENT, std::string(what) + " 不能为 NULL", std::string(what) + " is NULL");
}

// Gives a new handle out.
template <class Handle, class... Parts>
eligo_status give(Handle** handle, eligo_error** error, Parts&&... parts) {
    *handle = new Handle{std::forward<Parts>(parts)...};
    return succeed(error);
}

[[nodiscard]] inline const char* text_at(const std::vector<std::string>& texts, size_t index) { return index < texts.size() ? texts[index].c_str() : nullptr; }

// Years beyond what the calendar of the library holds are made a day that does not exist.
[[nodiscard]] inline std::chrono::year_month_day day_of(eligo_date date) {
    const bool possible = date.year >= 0 && date.year <= 9999 && date.month >= 1 && date.month <= 12 && date.day >= 1 && date.day <= 31;
    if (!possible) return {};
    return {std::chrono::year(date.year), std::chrono::month(static_cast<unsigned>(date.month)), std::chrono::day(static_cast<unsigned>(date.day))};
}

// What is asked, with its limits, to which the question points.
struct Asked {
    Asked() = default;
    Asked(const Asked&) = delete;
    Asked& operator=(const Asked&) = delete;
    Question question;
    Limits limits;
};
// Looked at before anything is run. It is left where `asked` and `given` point.
[[nodiscard]] eligo_status understand(const eligo_question* question, Asked& asked, eligo_error** error);
[[nodiscard]] eligo_status understand(const eligo_limits* limits, Limits& given, eligo_error** error);

// The status of what was refused for `error`'s reason, and `otherwise` where that lies in the matter itself.
[[nodiscard]] inline eligo_status status_of(Refusal refusal, eligo_status otherwise) {
    switch (refusal) {
        case Refusal::Limit: return ELIGO_LIMIT;
        case Refusal::Cancelled: return ELIGO_CANCELLED;
        case Refusal::NoPolicy:
        case Refusal::OtherProfile: return ELIGO_BAD_ARGUMENT;
        case Refusal::None: break;
    }
    return otherwise;
}

}  // namespace eligo::api
