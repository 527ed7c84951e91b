// Rows in which something is open, worked out again. Tested by tests/engines/columnar.cpp.
#include "steps.hpp"

namespace eligo::columnar {

Draft Steps::patch_draft(const Again& patch, Form form, std::uint32_t as_if_known, Place patched) {
    Draft draft = fast_draft(Action::Patch);
    draft.step.form = form;
    draft.fast->patched = patched;
    draft.fast->truths.push_back(as_if_known);
    for (const std::uint32_t source : patch.open.sources) draft.fast->truths.push_back(known_of(source));
    draft.fast->step.known_count = patch.open.sources.size();
    for (const NodeId condition : patch.open.conditions) {
        const Place ends = lanes(condition, here_.level, Form::Truth);
        draft.fast->truths.push_back(ends.low);
        draft.fast->truths.push_back(ends.high);
    }
    draft.fast->truths.insert(draft.fast->truths.end(), patch_wanted_.begin(), patch_wanted_.end());
    draft.fast->step.wanted_count = patch_wanted_.size();
    draft.fast->step.level = patch.level;
    return draft;
}

// The comparison again, over sets, for the rows where something it reads is open.
Place Steps::patched(NodeId id, Place bits) {
    const Node& node = code_.nodes[id];
    Again patch{.level = drafts_.new_level()};
    const Place a = again(node.a, patch), b = again(node.b, patch);
    const Place result = add_plain(node, patch.level, Form::Truth, false, false, [&](NodeId operand, Form) { return operand == node.a ? a : b; });
    Draft draft = patch_draft(patch, Form::Truth, bits.low, result);
    draft.result = drafts_.new_place(Form::Truth, here_.level, false);
    drafts_.add(here_.level, draft);
    return draft.result;
}

// A number likewise. Its low end is put right where it is: whatever else reads it has no use for it in those rows.
Place Steps::patched_number(NodeId id) {
    const std::uint32_t low = fast_place(id).buffer;
    Again patch{.level = drafts_.new_level()};
    const Place result = again(id, patch);
    Draft draft = patch_draft(patch, Form::Number, low, result);
    draft.result = {low, drafts_.buffer(Form::Number, here_.level)};
    drafts_.add(here_.level, draft);
    return draft.result;
}

Place Steps::again(NodeId id, Again& patch) {
    const Node& node = code_.nodes[id];
    if (node.constant) return drafts_.constant(node, Form::Number);
    if (const auto found = patch.made.find(id); found != patch.made.end()) return found->second;
    Place place;
    if (node.opcode == Opcode::Input) {
        if (!sources_exact(node.number)) patch.open.sources.push_back(node.number);
        place = value_of(node.number, patch.level, false, patch.values);
    } else if (node.form == Form::Truth) {
        const Place ends = lanes(id, here_.level, Form::Truth);
        if (ends.low != ends.high) patch.open.conditions.push_back(id);
        Draft draft;
        draft.step = {.action = Action::Expand, .form = Form::Truth, .id = patch.level};
        draft.a = ends;
        draft.result = drafts_.new_place(Form::Truth, patch.level, ends.low == ends.high);
        drafts_.add(patch.level, draft);
        place = draft.result;
    } else {
        std::map<NodeId, Place> operands;
        for (const NodeId operand : {node.a, node.b, node.c})
            if (operand != no_node) operands[operand] = again(operand, patch);
        place = add_plain(node, patch.level, Form::Number, false, false, [&](NodeId operand, Form) { return operands.at(operand); });
    }
    patch.made.emplace(id, place);
    return place;
}

}  // namespace eligo::columnar
