// <eligo/eligo.h>: compiling. Part of the full library only.
// Tested by tests/unit/capi_test.cpp and tests/package/.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "../../include/eligo/compile.hpp"
#include "capi.hpp"

using eligo::api::guarded;
using eligo::api::refuse_null;

namespace {

eligo_error::Item item_of(const eligo::Diagnostic& diagnostic) {
    std::string where = diagnostic.place.file;
    if (diagnostic.place.line > 0) where += ":" + std::to_string(diagnostic.place.line) + ":" + std::to_string(diagnostic.place.column);
    return {diagnostic.severity == eligo::Severity::Error ? ELIGO_ERROR : ELIGO_WARNING, diagnostic.code, eligo::value::visible(where), diagnostic.text_chinese, diagnostic.text_english};
}

// Whatever has been made is given out when nothing can fail any more.
eligo_status told(eligo::Compiled compiled, eligo_pack** pack, eligo_error** error) {
    std::vector<eligo_error::Item> items;
    for (const eligo::Diagnostic& diagnostic : compiled.diagnostics) items.push_back(item_of(diagnostic));
    auto made = compiled.ok() ? std::make_unique<eligo_pack>(std::move(*compiled.pack)) : nullptr;
    const eligo_status status = made == nullptr ? eligo::api::status_of(compiled.refusal, ELIGO_BAD_SOURCE) : ELIGO_OK;
    if (items.empty()) eligo::api::succeed(error);
    else eligo::api::fail(error, status, std::move(items));
    *pack = made.release();
    return status;
}

bool any_null(const char* const* texts, size_t count) {
    return std::any_of(texts, texts + count, [](const char* text) { return text == nullptr; });
}

}  // namespace

eligo_status eligo_compile(const char* const* paths, const char* const* texts, size_t count, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status { return eligo_compile_within(paths, texts, count, nullptr, pack, error); });
}

eligo_status eligo_compile_files(const char* const* paths, size_t count, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status { return eligo_compile_files_within(paths, count, nullptr, pack, error); });
}

eligo_status eligo_compile_within(const char* const* paths, const char* const* texts, size_t count, const eligo_limits* limits, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (pack == nullptr) return refuse_null(error, "pack");
        *pack = nullptr;
        if (count > 0 && (paths == nullptr || any_null(paths, count))) return refuse_null(error, "paths");
        if (count > 0 && (texts == nullptr || any_null(texts, count))) return refuse_null(error, "texts");
        eligo::Limits given;
        if (const eligo_status status = eligo::api::understand(limits, given, error); status != ELIGO_OK) return status;
        std::vector<eligo::Source> sources;
        for (size_t i = 0; i < count; ++i) sources.push_back({paths[i], texts[i]});
        return told(eligo::compile(sources, given), pack, error);
    });
}

eligo_status eligo_compile_files_within(const char* const* paths, size_t count, const eligo_limits* limits, eligo_pack** pack, eligo_error** error) {
    return guarded(error, [&]() -> eligo_status {
        if (pack == nullptr) return refuse_null(error, "pack");
        *pack = nullptr;
        if (count > 0 && (paths == nullptr || any_null(paths, count))) return refuse_null(error, "paths");
        eligo::Limits given;
        if (const eligo_status status = eligo::api::understand(limits, given, error); status != ELIGO_OK) return status;
        return told(eligo::compile_files(std::vector<std::string>(paths, paths + count), given), pack, error);
    });
}
