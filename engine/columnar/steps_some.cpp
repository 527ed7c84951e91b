// What waits, for the rows for which it matters. Tested by tests/engines/columnar.cpp.
#include "steps.hpp"

#include <algorithm>

namespace eligo::columnar {

void Steps::make_and_group(const std::vector<NodeId>& operands, const Waiting& waiting) {
    std::vector<Turned> wanted;
    for (const NodeId operand : operands)
        if (code_.nodes[operand].constant || put_off_[operand] == 0) wanted.push_back(ends_of(operand).second);
    std::vector<const std::vector<NodeId>*> groups{&waiting.narrow, &waiting.little};
    for (const auto& group : waiting.much) groups.push_back(&group);
    for (const auto* const in_turn : groups) {
        const std::vector<NodeId>& group = *in_turn;
        std::vector<NodeId> results;
        for (const NodeId operand : operands)
            if (std::binary_search(group.begin(), group.end(), operand)) results.push_back(operand);
        if (results.empty()) continue;
        if (in_turn == &waiting.narrow) {
            if (!wanted.empty()) patch_wanted_ = {logic(Action::AndAll, wanted)};
            make_where_they_lie(group);
            patch_wanted_.clear();
        } else {
            make_group(wanted, group, results);
        }
        // What comes after looks at fewer rows still.
        for (const NodeId result : results) wanted.push_back(ends_of(result).second);
    }
}

void Steps::make_where_they_lie(const std::vector<NodeId>& group) {
    whole_group_ = true;
    for (const NodeId id : group) make_node(id);
    whole_group_ = false;
}

// The steps of a group twice: for the rows of which all of `wanted` hold, gathered; and for all rows, where they lie, for blocks
// in which those are many. Either way its results are in the same places.
void Steps::make_group(const std::vector<Turned>& wanted, const std::vector<NodeId>& group, const std::vector<NodeId>& results) {
    Here rows = std::move(here_);
    here_ = Here(drafts_.new_level(), code_.nodes.size());
    rows_ = &rows;
    group_ = &group;
    for (const NodeId id : group) make_node(id);
    std::vector<Place> made;
    for (const NodeId id : results) made.push_back(lanes(id, here_.level, form_of(id)));
    const std::uint16_t level = here_.level;
    here_ = std::move(rows);
    rows_ = nullptr;
    group_ = nullptr;

    const std::size_t step = drafts_.reserve(here_.level);
    const std::uint32_t first_buffer = drafts_.buffer_count();
    // What these steps leave is not there where they are passed over.
    Here before = here_;
    const auto converted_before = converted_;
    const auto expanded_before = expanded_;
    make_where_they_lie(group);
    Draft draft = fast_draft(Action::Some);
    for (std::size_t i = 0; i < results.size(); ++i) {
        const Form form = form_of(results[i]);
        Place to = lanes(results[i], here_.level, form);
        // Not what others read, too.
        if (to.low < first_buffer || to.high < first_buffer || (to.low == to.high && made[i].low != made[i].high)) to = copied(to, form, made[i].low == made[i].high && to.low == to.high);
        before.places[results[i]] = to;
        draft.fast->moves.push_back({form, made[i].low, to.low});
        if (to.low != to.high) draft.fast->moves.push_back({form, made[i].high, to.high});
    }
    here_ = std::move(before);
    converted_ = converted_before;
    expanded_ = expanded_before;
    add_truths(*draft.fast, wanted);
    draft.fast->step.level = level;
    draft.fast->step.passed_over = drafts_.step_count(here_.level) - step - 1;
    drafts_.fill(here_.level, step, draft);
}

Place Steps::copied(Place from, Form form, bool exact) {
    Draft draft;
    draft.step = {.action = Action::Copy, .form = form};
    draft.a = from;
    draft.result = drafts_.new_place(form, here_.level, exact);
    drafts_.add(here_.level, draft);
    return draft.result;
}

}  // namespace eligo::columnar
