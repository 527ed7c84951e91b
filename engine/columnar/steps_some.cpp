// What waits, for the rows for which it matters. Tested by tests/engines/columnar.cpp.
#include "steps.hpp"

#include <algorithm>

namespace eligo::columnar {

void Steps::make_and_group(const std::vector<NodeId>& operands, const Waiting& waiting) {
    std::vector<std::uint32_t> wanted;
    for (const NodeId operand : operands)
        if (code_.nodes[operand].constant || put_off_[operand] == 0) wanted.push_back(lanes(operand, 0, Form::Truth).high);
    for (const auto& group : waiting.groups) {
        std::vector<NodeId> results;
        for (const NodeId operand : operands)
            if (std::binary_search(group.begin(), group.end(), operand)) results.push_back(operand);
        if (results.empty()) continue;
        make_group(wanted, group, results);
        // What comes after looks at fewer rows still.
        for (const NodeId result : results) wanted.push_back(here_.places[result].high);
    }
}

// The steps of a group, for the rows of which all of `wanted` hold, and where its results go.
void Steps::make_group(const std::vector<std::uint32_t>& wanted, const std::vector<NodeId>& group, const std::vector<NodeId>& results) {
    Here rows = std::move(here_);
    here_ = Here(drafts_.new_level(), code_.nodes.size());
    rows_ = &rows;
    group_ = &group;
    for (const NodeId id : group) make_node(id);
    std::vector<Place> made;
    for (const NodeId id : results) made.push_back(here_.places[id]);
    const std::uint16_t level = here_.level;
    here_ = std::move(rows);
    rows_ = nullptr;
    group_ = nullptr;
    Draft draft = fast_draft(Action::Some);
    draft.fast->truths = wanted;
    draft.fast->step.level = level;
    for (std::size_t i = 0; i < results.size(); ++i) {
        const Form form = form_of(results[i]);
        Place& to = here_.places[results[i]];
        to = drafts_.new_place(form, here_.level, made[i].low == made[i].high);
        draft.fast->moves.push_back({form, made[i].low, to.low});
        if (made[i].low != made[i].high) draft.fast->moves.push_back({form, made[i].high, to.high});
    }
    drafts_.add(here_.level, draft);
}

}  // namespace eligo::columnar
