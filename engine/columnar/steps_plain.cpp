// Instructions as they stand, loops over lists, columns as numbers. Tested by tests/engines/columnar.cpp.
#include "steps.hpp"

namespace eligo::columnar {

// Where a node's lanes are, at a level and in a form.
Place Steps::lanes(NodeId id, std::uint16_t level, Form form) {
    const Node& node = code_.nodes[id];
    if (node.constant) return drafts_.constant(node, form);
    const bool is_not_there = here_.places[id].low == nowhere && (group_ == nullptr || rows_->places[id].low == nowhere);
    if (node.opcode == Opcode::Not && node.level == 0 && is_not_there) here_.places[id] = inverted(id);
    if (group_ != nullptr && level == here_.level) return here_.places[id].low != nowhere ? here_.places[id] : expanded(id, rows_->places[id], form, level);
    Place place = here_.places[id];
    if (form != form_of(id)) place = converted(id, form);
    return node.level == level ? place : expanded(id, place, form, level);
}

// The other width of a number, at its own level, made when it is first asked for.
Place Steps::converted(NodeId id, Form form) {
    const auto found = converted_.find({id, form});
    if (found != converted_.end()) return found->second;
    const std::uint16_t level = code_.nodes[id].level;
    Draft draft;
    draft.step = {.action = Action::Execute, .opcode = form == Form::Wide ? Opcode::Widen : Opcode::Narrow, .form = form};
    draft.result = drafts_.new_place(form, level, exact_[id]);
    draft.a = here_.places[id];
    drafts_.add(level, draft);
    converted_.emplace(std::pair(id, form), draft.result);
    return draft.result;
}

Place Steps::expanded(NodeId id, Place from, Form form, std::uint16_t level) {
    const auto key = std::tuple(id, form, level);
    const auto found = expanded_.find(key);
    if (found != expanded_.end()) return found->second;
    const std::uint16_t parent = level < code_.levels.size() ? code_.levels[level].parent : std::uint16_t{0};
    if (code_.nodes[id].level != parent) from = expanded(id, from, form, parent);
    Draft draft;
    draft.step = {.action = Action::Expand, .form = form, .id = level};
    draft.result = drafts_.new_place(form, level, exact_[id]);
    draft.a = from;
    drafts_.add(level, draft);
    // The body runs many times: what it reads from outside stays.
    expanded_.emplace(key, draft.result);
    return draft.result;
}

void Steps::make_level(std::uint16_t number) {
    for (const Item& item : code_.levels[number].items) {
        if (item.is_level) make_loop(static_cast<std::uint16_t>(item.id), number);
        else make_node(item.id);
    }
}

void Steps::make_loop(std::uint16_t number, std::uint16_t outside) {
    std::vector<Place> flags;
    for (const NodeId id : code_.levels[number].reductions) {
        const Node& node = code_.nodes[id];
        Draft clear;
        clear.step = {.action = Action::Clear, .form = node.form};
        clear.result = here_.places[id] = drafts_.new_place(node.form, outside, exact_[id]);
        clear.has_flags = node.opcode != Opcode::ReduceSum && node.opcode != Opcode::ReduceSumW && node.opcode != Opcode::ReduceAny;
        if (clear.has_flags) clear.b.low = drafts_.buffer(Form::Number, outside);  // one byte a lane of it is used
        flags.push_back(clear.b);
        drafts_.add(outside, clear);
    }
    make_level(number);
    for (std::size_t i = 0; i < code_.levels[number].reductions.size(); ++i) {
        const NodeId id = code_.levels[number].reductions[i];
        const Node& node = code_.nodes[id];
        Draft draft;
        draft.step = {.action = Action::Reduce, .opcode = node.opcode, .form = node.form, .id = number};
        draft.result = here_.places[id];
        draft.a = lanes(node.a, number, is_wide_operand(node.opcode, 0) ? Form::Wide : bytecode::row(node.opcode).operands[0] == "B" ? Form::Truth : Form::Number);
        if (node.b != no_node) draft.b = lanes(node.b, number, Form::Truth);
        draft.c = flags[i];
        draft.has_flags = flags[i].low != nowhere;
        drafts_.add(number, draft);
    }
    Draft run;
    run.step = {.action = Action::Level, .id = number};
    drafts_.add(outside, run);
}

void Steps::make_node(NodeId id) {
    const Node& node = code_.nodes[id];
    const std::uint8_t needs = needs_[id];
    if (put_off_[id] != 0 && group_ == nullptr && !whole_group_) return;
    if ((needs & needs_fast) != 0 && !is_lazy(id)) make_fast(id);
    if ((needs & needs_full) == 0 || (exact_[id] && here_.fast_places[id].buffer != nowhere)) return;
    if (is_fast_open(id)) {
        here_.places[id] = patched_number(id);
        return;
    }
    if (made_fast_truth(id)) return;
    if (node.opcode == Opcode::Input || node.opcode == Opcode::InputB || node.opcode == Opcode::Given) {
        here_.places[id] = node.opcode == Opcode::Input ? value_of(node.number) : truth_of(node);
        return;
    }
    if (exact_[id])
        if (const NodeId only = only_choice(node); only != no_node) return alias(id, only);
    make_plain(id);
}

// An instruction as it stands.
void Steps::make_plain(NodeId id) {
    const Node& node = code_.nodes[id];
    const std::uint16_t level = node.level == 0 ? here_.level : node.level;
    const Form form = form_of(id);
    const bool narrow = node.form == Form::Wide ? form == Form::Number : node.form == Form::Truth && all_narrow(node);
    // What has no narrow form was left wide, but for Widen, which then does nothing, and Narrow of what is narrow already.
    if (node.opcode == Opcode::Widen && narrow) return alias(id, node.a);
    if (node.opcode == Opcode::Narrow && form_of(node.a) == Form::Number) return alias(id, node.a);
    here_.places[id] = add_plain(node, level, form, narrow, exact_[id], [&](NodeId operand, Form wanted) { return lanes(operand, level, wanted); });
}

void Steps::alias(NodeId id, NodeId from) { here_.places[id] = lanes(from, code_.nodes[id].level == 0 ? here_.level : code_.nodes[id].level, form_of(id)); }

void Steps::describe(Arguments& arguments, const Node& node) const {
    arguments.low = node.low;
    arguments.high = node.high;
    arguments.known_on = code_.options.known_on;
    if (node.opcode == Opcode::Parameter || node.opcode == Opcode::ParameterGiven) arguments.parameter = &code_.pack->parameters[node.number];
    if (node.opcode == Opcode::InSet) arguments.set = &code_.pack->subjects[code_.subject].program.sets[node.number];
    if (node.opcode == Opcode::YearEnd) arguments.year_offset = static_cast<std::int32_t>(node.number);
}

// A column as 64-bit numbers, with its bounds before it.
Place Steps::value_of(std::uint32_t number) {
    const std::uint16_t level = code_.sources[number].level;
    return value_of(number, level == 0 ? here_.level : level, sources_exact(number), here_.values);
}

Place Steps::value_of(std::uint32_t number, std::uint16_t level, bool exact, std::map<std::uint32_t, Place>& values) {
    const auto found = values.find(number);
    if (found != values.end()) return found->second;
    const InputSource& source = code_.sources[number];
    Draft draft;
    draft.step = {.action = Action::Value, .form = Form::Number, .id = number};
    const auto bound = [&](std::uint32_t other) { return value_of(other, level, exact || (&values == &here_.values && sources_exact(other)), values); };
    if (!exact && source.low_bound != no_input) draft.a = bound(source.low_bound);
    if (!exact && source.high_bound != no_input) draft.b = bound(source.high_bound);
    draft.result = drafts_.new_place(Form::Number, level, exact);
    drafts_.add(level, draft);
    values.emplace(number, draft.result);
    return draft.result;
}

Place Steps::truth_of(const Node& node) {
    Draft draft;
    const bool given = node.opcode == Opcode::Given;
    draft.step = {.action = given ? Action::Given : Action::Truth, .form = Form::Truth, .id = node.number};
    draft.result = drafts_.new_place(Form::Truth, node.level, given || sources_exact(node.number));
    drafts_.add(node.level, draft);
    return draft.result;
}

void Steps::keep_roots(const VersionRoots& version) {
    keep(version.in_force);
    keep(version.verdict);
    for (const auto& benefit : version.benefits) {
        keep(benefit.when);
        if (put_off_[benefit.value] != 0) {
            std::vector<Turned> wanted{ends_of(version.verdict).second};
            if (benefit.when != no_node) wanted.push_back(ends_of(benefit.when).second);
            make_group(wanted, group_of(benefit.value), {benefit.value});
        }
        keep(benefit.value);
    }
    for (const NodeId clause : version.clauses) keep(clause);
}

void Steps::keep(NodeId id) {
    if (id == no_node) return;
    root_places_.emplace_back(id, lanes(id, 0, form_of(id)));
    drafts_.keep(root_places_.back().second);
}

}  // namespace eligo::columnar
