// <eligo/eligo.h> over the C++ interface: screenings. Part of the runtime.
// Tested by tests/unit/capi_test.cpp, tests/limits/no_memory.cpp and tests/fuzz/capi.cpp.
#include <algorithm>
#include <string_view>
#include <vector>

#include "../../include/eligo/batch.hpp"
#include "capi.hpp"

using eligo::api::fail;
using eligo::api::give;
using eligo::api::guarded;
using eligo::api::refuse_null;
using eligo::api::status_of;
using eligo::api::succeed;
using eligo::api::text_at;
using eligo::api::understand;

struct eligo_screening {
    eligo::Screening screening;
    std::vector<std::string> fields;
};

namespace {

// What was handed over is released, come what may, unless the run has taken it.
template <class Structure>
struct Handed {
    Structure* structure;
    ~Handed() {
        if (structure != nullptr && structure->release != nullptr) structure->release(structure);
    }
};

}  // namespace

eligo_status eligo_screening_new(const eligo_pack* pack, const char* const* policies, size_t count, const eligo_question* question, eligo_screening** screening,
                                 eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (screening == nullptr) return refuse_null(error, "screening");
        *screening = nullptr;
        if (pack == nullptr) return refuse_null(error, "pack");
        if (count > 0 && (policies == nullptr || std::any_of(policies, policies + count, [](const char* name) { return name == nullptr; }))) return refuse_null(error, "policies");
        eligo::api::Asked asked;
        if (const eligo_status status = understand(question, asked, error); status != ELIGO_OK) return status;
        const std::vector<std::string_view> names(policies, policies + count);
        const auto unknown = std::find_if(names.begin(), names.end(), [&](std::string_view name) { return std::find(pack->policies.begin(), pack->policies.end(), name) == pack->policies.end(); });
        auto made = eligo::Screening::make(pack->pack, names, asked.question);
        if (!made) return fail(error, status_of(made.error().refusal, unknown == names.end() ? ELIGO_BAD_ARGUMENT : ELIGO_NOT_FOUND), made.error().chinese, made.error().english);
        auto fields = made.value().fields();
        return give(screening, error, std::move(made).value(), std::move(fields));
    });
}

void eligo_screening_free(eligo_screening* screening) {
    return guarded([&] { delete screening; });
}

size_t eligo_screening_field_count(const eligo_screening* screening) {
    return guarded([&]() -> size_t { return screening == nullptr ? 0 : screening->fields.size(); });
}

const char* eligo_screening_field(const eligo_screening* screening, size_t index) {
    return guarded([&] { return screening == nullptr ? nullptr : text_at(screening->fields, index); });
}

eligo_status eligo_screening_run(eligo_screening* screening, ArrowSchema* schema, ArrowArray* array, const eligo_limits* limits, ArrowSchema* out_schema,
                                 ArrowArray* out_array, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        const Handed<ArrowSchema> handed_schema{schema};
        const Handed<ArrowArray> handed_array{array};
        if (screening == nullptr) return refuse_null(error, "screening");
        if (schema == nullptr) return refuse_null(error, "schema");
        if (array == nullptr) return refuse_null(error, "array");
        if (out_schema == nullptr) return refuse_null(error, "out_schema");
        if (out_array == nullptr) return refuse_null(error, "out_array");
        eligo::Limits given;
        if (const eligo_status status = understand(limits, given, error); status != ELIGO_OK) return status;
        const auto ran = screening->screening.run(schema, array, out_schema, out_array, given);
        if (!ran) return fail(error, status_of(ran.error().refusal, ELIGO_BAD_VALUE), ran.error().chinese, ran.error().english);
        return succeed(error);
    });
}
