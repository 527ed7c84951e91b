// What stands behind the handles of <eligo/eligo.h> that both of its halves make: packs and errors.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../include/eligo/eligo.h"
#include "../../include/eligo/pack.hpp"

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

namespace eligo::api {

// Every function of the C interface ends in one of these two.
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
    return fail(error, status, {{ELIGO_ERROR, {}, std::string(where), std::string(chinese), std::string(english)}});
}

// `what` is the parameter's name in the header.
inline eligo_status refuse_null(eligo_error** error, const char* what) {
    if (error == nullptr) return ELIGO_BAD_ARGUMENT;
    return fail(error, ELIGO_BAD_ARGUMENT, std::string(what) + " 不能为 NULL", std::string(what) + " is NULL");
}

}  // namespace eligo::api
