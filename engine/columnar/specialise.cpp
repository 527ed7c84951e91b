// Tested by tests/engines/columnar.cpp.
#include "specialise.hpp"

#include <algorithm>

#include "steps.hpp"

namespace eligo::columnar {

// What is gathered is found by its lane of the block; columns are also read by rows, lane by lane.
void Steps::find_readers_of_rows(Specialisation& made) const {
    const auto reads_rows = [&](const Step& step) {
        switch (step.action) {
            case Action::Value:
            case Action::Truth:
            case Action::Given: return true;
            case Action::Raw: return !lies_as_it_is(step.id);
            case Action::Some:
            case Action::Patch: return made.reads_rows[made.fast[step.fast].level] != 0;
            default: return false;
        }
    };
    made.reads_rows.resize(made.steps.size());
    // A level is made within the steps of one before it.
    for (std::size_t level = made.steps.size(); level-- > 0;) made.reads_rows[level] = std::any_of(made.steps[level].begin(), made.steps[level].end(), reads_rows) ? 1 : 0;
}

std::unique_ptr<Specialisation> Steps::make() {
    auto made = std::make_unique<Specialisation>();
    made->kind = kind_;
    make_level(0);
    for (const auto& versions : code_.roots)
        for (const auto& version : versions) keep_roots(version);
    drafts_.give_memory();
    drafts_.finish(*made);
    find_readers_of_rows(*made);
    made->roots.resize(code_.nodes.size());
    for (const auto& [id, place] : root_places_) made->roots[id] = drafts_.memory_of(place);
    made->forms = forms();
    return made;
}

std::unique_ptr<Specialisation> specialise(const Plan::Code& code, const BlockKind& kind, Buffers& buffers) { return Steps(code, kind, buffers).make(); }

}  // namespace eligo::columnar
