// Tested by tests/engines/columnar.cpp.
#include "specialise.hpp"

#include "steps.hpp"

namespace eligo::columnar {

std::unique_ptr<Specialisation> Steps::make() {
    auto made = std::make_unique<Specialisation>();
    made->kind = kind_;
    make_level(0);
    for (const auto& versions : code_.roots)
        for (const auto& version : versions) keep_roots(version);
    drafts_.give_memory();
    drafts_.finish(*made);
    made->roots.resize(code_.nodes.size());
    for (const auto& [id, place] : root_places_) made->roots[id] = drafts_.memory_of(place);
    made->forms = forms();
    return made;
}

std::unique_ptr<Specialisation> specialise(const Plan::Code& code, const BlockKind& kind, Buffers& buffers) { return Steps(code, kind, buffers).make(); }

}  // namespace eligo::columnar
