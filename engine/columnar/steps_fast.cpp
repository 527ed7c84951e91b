// Numbers and truths from kernels. Tested by tests/engines/columnar.cpp.
#include "steps.hpp"

#include <algorithm>

#include "kernels/kernels.hpp"

namespace eligo::columnar {

FastPlace Steps::fast_place(NodeId id) {
    id = same_as(id);
    const Node& node = code_.nodes[id];
    if (node.constant) return {.coefficient = static_cast<std::int64_t>(node.low)};
    if (node.opcode == Opcode::Input) return fast_input(node.number);
    if (group_ != nullptr && !std::binary_search(group_->begin(), group_->end(), id)) {
        const FastPlace& there = rows_->fast_places[id];
        return {.buffer = as_if_known(id, there.buffer != nowhere ? there.buffer : rows_->places[id].low)};
    }
    if (here_.fast_places[id].buffer == nowhere && (needs_[id] & needs_fast) != 0) make_fast(id);
    return here_.fast_places[id].buffer != nowhere ? here_.fast_places[id] : FastPlace{.buffer = here_.places[id].low};
}

// From the rows of the block to those of a group. Both ends of the same number may be wanted there too, which this is not.
std::uint32_t Steps::as_if_known(NodeId id, std::uint32_t from) {
    if (const auto whole = expanded_.find({id, Form::Number, here_.level}); whole != expanded_.end()) return whole->second.low;
    if (const auto found = here_.as_if_known.find(id); found != here_.as_if_known.end()) return found->second;
    Draft draft;
    draft.step = {.action = Action::Expand, .form = Form::Number, .id = here_.level};
    draft.result = drafts_.new_place(Form::Number, here_.level, true);
    draft.a = {from, from};
    drafts_.add(here_.level, draft);
    return here_.as_if_known[id] = draft.result.low;
}

// In place where it can be; else its elements as numbers.
FastPlace Steps::fast_input(std::uint32_t number) {
    const SourceKind& kind = kind_.sources[number];
    if (kind.openness == Openness::Defaulted || !kind.in_place) return {.buffer = value_of(number).low};
    if (lies_as_it_is(number) && group_ == nullptr) return {.source = number};
    const auto found = here_.raw.find(number);
    if (found != here_.raw.end()) return found->second;
    Draft draft;
    draft.step = {.action = Action::Raw, .form = Form::Number, .id = number};
    draft.result = drafts_.new_place(Form::Number, here_.level, true);
    drafts_.add(here_.level, draft);
    return here_.raw[number] = {.buffer = draft.result.low};
}

Draft Steps::fast_draft(Action action) {
    Draft draft;
    draft.step = {.action = action};
    draft.fast = std::make_shared<FastDraft>();
    return draft;
}

// A number, or the lesser or the greater of two multiples.
FastPlace Steps::term_place(NodeId term) {
    if (!is_lesser_or_greater(term) || here_.fast_places[term].buffer != nowhere) return fast_place(term);
    const Node& node = code_.nodes[term];
    const auto multiple_of = [&](NodeId id) {
        Sum sum;
        collect(sum, id, 1, false);
        if (sum.terms.size() == 1 && sum.constant == 0 && is_kernel_sum(sum)) return sum.terms.front();
        return std::pair(same_as(id), std::int64_t{1});
    };
    NodeId a = same_as(node.a), b = same_as(node.b);
    if (code_.nodes[a].constant) std::swap(a, b);
    const auto [first, factor] = multiple_of(a);
    FastPlace place = fast_place(first);
    place.factor = factor;
    place.kind = narrow_form(node.opcode) == Opcode::Minimum ? Term::Kind::Lesser : Term::Kind::Greater;
    if (code_.nodes[b].constant) {
        place.other_factor = static_cast<std::int64_t>(code_.nodes[b].low);
        return place;
    }
    const auto [second, other_factor] = multiple_of(b);
    const FastPlace other = fast_place(second);
    place.other_source = other.source;
    place.other_buffer = other.buffer;
    place.other_factor = other_factor;
    return place;
}

Draft Steps::sum_draft(Action action, const Sum& sum) {
    Draft draft = fast_draft(action);
    for (const auto& [term, times] : sum.terms) {
        FastPlace place = term_place(term);
        place.coefficient = times;
        draft.fast->operands.push_back(place);
    }
    draft.fast->step.constant = static_cast<std::int64_t>(sum.constant);
    return draft;
}

void Steps::make_fast(NodeId id) {
    const Node& node = code_.nodes[id];
    if (node.constant || node.opcode == Opcode::Input || same_as(id) != id || node.form == Form::Truth || here_.fast_places[id].buffer != nowhere) return;
    Draft draft = kernel_of(id);
    draft.result = drafts_.new_place(Form::Number, here_.level, true);
    drafts_.add(here_.level, draft);
    here_.fast_places[id] = {.buffer = draft.result.low};
    if (exact_[id]) here_.places[id] = draft.result;
}

Draft Steps::kernel_of(NodeId id) {
    const Node& node = code_.nodes[id];
    const Opcode opcode = known_form(narrow_form(node.opcode));
    if (is_division(opcode)) {
        const auto divisor = static_cast<std::int64_t>(code_.nodes[node.b].low);
        Draft draft = sum_draft(Action::SumDivided, sum_of(node.a, 1, no_node, 0, rounding_up(opcode, divisor)));
        draft.fast->step.divisor = divisor;
        return draft;
    }
    if (opcode == Opcode::Add || opcode == Opcode::Subtract) return sum_draft(Action::Sum, sum_of(node.a, 1, node.b, opcode == Opcode::Add ? 1 : -1, 0));
    if (opcode == Opcode::Multiply) {
        Sum sum;
        collect(sum, id, 1, true);
        if (is_kernel_sum(sum) && !(sum.terms.size() == 1 && sum.terms[0].first == id)) return sum_draft(Action::Sum, sum);
    }
    Draft draft = fast_draft(opcode == Opcode::Multiply ? Action::Multiply : opcode == Opcode::Minimum ? Action::Minimum : opcode == Opcode::Maximum ? Action::Maximum : Action::Select);
    const bool choice = opcode == Opcode::Select;
    if (choice) draft.fast->truths.push_back(lanes(node.a, here_.level, Form::Truth).low);
    for (const NodeId operand : {choice ? node.b : node.a, choice ? node.c : node.b}) {
        const Node& read = code_.nodes[same_as(operand)];
        const bool spread = read.constant && opcode == Opcode::Multiply;
        draft.fast->operands.push_back(spread ? FastPlace{.buffer = drafts_.constant(read, Form::Number).low} : fast_place(operand));
    }
    return draft;
}

// ---- truths from kernels

std::uint32_t Steps::known_of(std::uint32_t source) {
    const auto found = here_.known.find(source);
    if (found != here_.known.end()) return found->second;
    Draft draft;
    draft.step = {.action = Action::Known, .form = Form::Truth, .id = source};
    draft.result = drafts_.new_place(Form::Truth, here_.level, true);
    drafts_.add(here_.level, draft);
    return here_.known[source] = draft.result.low;
}

// What rows without a value come to, once for all of them.
Place Steps::settled(std::uint32_t bits, std::uint32_t source, bool sure, bool may) {
    Draft draft = fast_draft(Action::Settle);
    draft.fast->truths = {bits, known_of(source)};
    draft.fast->step.sure = sure;
    draft.fast->step.may = may;
    draft.result = drafts_.new_place(Form::Truth, here_.level, false);
    drafts_.add(here_.level, draft);
    return draft.result;
}

bool Steps::made_fast_truth(NodeId id) {
    if (code_.nodes[id].form != Form::Truth || code_.nodes[id].level != 0) return false;
    if (is_fast_bound(id)) here_.places[id] = bound_truth(id);
    else if (is_fast_member(id)) here_.places[id] = member_truth(id);
    else if (is_fast_comparison(id)) here_.places[id] = compared_truth(id);
    else return made_logic(id);
    return true;
}

// All bounds that a column is compared with are looked at together.
Place Steps::bound_truth(NodeId id) {
    const Node& node = code_.nodes[id];
    const std::uint32_t source = code_.nodes[node.a].number;
    const auto bound = static_cast<std::int64_t>(code_.nodes[node.b].low);
    if (!here_.bounds.contains(source)) compare_bounds(source);
    const std::uint32_t bits = here_.bounds.at(source).at(bound);
    if (sources_exact(source)) return {bits, bits};
    const bytecode::Fact& fact = *code_.sources[source].fact;
    return settled(bits, source, fact.high <= bound, fact.low <= bound);
}

void Steps::compare_bounds(std::uint32_t source) {
    auto& made = here_.bounds[source];
    for (NodeId id = 0; id < code_.nodes.size(); ++id)
        if (needs_[id] != 0 && is_bound(id) && code_.nodes[code_.nodes[id].a].number == source) made.try_emplace(static_cast<std::int64_t>(code_.nodes[code_.nodes[id].b].low), nowhere);
    const SourceKind& kind = kind_.sources[source];
    const bool in_place = group_ == nullptr && kind.in_place && kind.openness != Openness::Defaulted && kind.dictionary == nullptr;
    const FastPlace values = in_place ? FastPlace{.source = source} : fast_input(source);
    for (auto at = made.begin(); at != made.end();) {
        Draft draft = fast_draft(Action::Bounds);
        draft.step.id = source;
        draft.fast->operands.push_back(values);
        for (; at != made.end() && draft.fast->results.size() < most_bounds; ++at) {
            // In the column's own steps: value <= bound where element <= floor(bound / multiplier).
            const std::int64_t bound = in_place ? value::divide_floor(at->first, kind.multiplier) : at->first;
            const Interval<std::int64_t> type = range_of(in_place ? kind.element : Element::Int64);
            at->second = bound < type.low ? drafts_.constant({.form = Form::Truth, .constant = true}, Form::Truth).low : drafts_.buffer(Form::Truth, here_.level);
            if (bound < type.low) continue;
            draft.fast->results.push_back(at->second);
            draft.fast->step.bounds.push_back(std::min(bound, type.high));
        }
        drafts_.add(here_.level, draft);
    }
}

Place Steps::member_truth(NodeId id) {
    const Node& node = code_.nodes[id];
    const std::uint32_t source = code_.nodes[node.a].number;
    const SourceKind& kind = kind_.sources[source];
    const auto& intervals = code_.pack->subjects[code_.subject].program.sets[node.number].intervals;
    const auto is_member = [&](std::int64_t value) {
        return std::any_of(intervals.begin(), intervals.end(), [&](const auto& interval) { return interval.low <= value && value <= interval.high; });
    };
    Draft draft = fast_draft(Action::Member);
    draft.step.id = source;
    for (std::size_t element = 0; element < 256; ++element) {
        const auto raw = static_cast<std::int64_t>(element);
        const std::int64_t value = kind.dictionary == nullptr ? value::domain::multiply(raw, kind.multiplier) : element < kind.dictionary_size ? kind.dictionary[element] : 0;
        if (is_member(value)) draft.fast->step.set[element / 8] = static_cast<std::uint8_t>(draft.fast->step.set[element / 8] | 1U << (element % 8));
    }
    draft.result = drafts_.new_place(Form::Truth, here_.level, true);
    drafts_.add(here_.level, draft);
    if (sources_exact(source)) return draft.result;
    const bytecode::Fact& fact = *code_.sources[source].fact;
    const bool sure = std::any_of(intervals.begin(), intervals.end(), [&](const auto& interval) { return interval.low <= fact.low && fact.high <= interval.high; });
    const bool may = std::any_of(intervals.begin(), intervals.end(), [&](const auto& interval) { return interval.low <= fact.high && fact.low <= interval.high; });
    return settled(draft.result.low, source, sure, may);
}

// Of columns as they lie.
Place Steps::narrow_truth(NodeId id) {
    const NarrowSum& sum = narrow_.at(id);
    const bool equal = comparison_of(code_.nodes[id]) == Opcode::Equal;
    Draft draft = fast_draft(sum.within_16_bits ? (equal ? Action::ShortIsZero : Action::ShortNotAbove) : equal ? Action::NarrowIsZero : Action::NarrowNotAbove);
    draft.fast->step.narrow = sum.operands;
    draft.fast->step.constant = static_cast<std::int64_t>(difference_of(id).constant);
    draft.result = drafts_.new_place(Form::Truth, here_.level, true);
    drafts_.add(here_.level, draft);
    return exact_[id] ? draft.result : patched(id, draft.result);
}

Place Steps::compared_truth(NodeId id) {
    if (group_ == nullptr && narrow_.contains(id)) return narrow_truth(id);
    Draft draft = sum_draft(comparison_of(code_.nodes[id]) == Opcode::Equal ? Action::SumIsZero : Action::SumNotAbove, difference_of(id));
    draft.result = drafts_.new_place(Form::Truth, here_.level, true);
    drafts_.add(here_.level, draft);
    return exact_[id] ? draft.result : patched(id, draft.result);
}

// `and` and `or` of many, in one step; `not` where it is read.
bool Steps::made_logic(NodeId id) {
    const Node& node = code_.nodes[id];
    if (node.opcode == Opcode::Not) return true;
    if (node.opcode != Opcode::And && node.opcode != Opcode::Or) return false;
    if (is_absorbed(id)) return true;
    std::vector<NodeId> operands;
    gather_logic(id, node.opcode, operands);
    if (const auto group = groups_.find(id); group != groups_.end() && group_ == nullptr && !whole_group_) make_and_group(operands, group->second);
    std::vector<Turned> sure, may;
    for (const NodeId operand : operands) {
        const auto [low, high] = ends_of(operand);
        sure.push_back(low);
        may.push_back(high);
    }
    const Action action = node.opcode == Opcode::And ? Action::AndAll : Action::OrAll;
    here_.places[id].low = logic(action, sure);
    here_.places[id].high = sure == may ? here_.places[id].low : logic(action, may);
    return true;
}

std::pair<Turned, Turned> Steps::ends_of(NodeId id) {
    const Node& node = code_.nodes[id];
    const bool is_there = here_.places[id].low != nowhere || (group_ != nullptr && rows_->places[id].low != nowhere);
    if (!node.constant && node.opcode == Opcode::Not && node.level == 0 && !is_there) {
        const auto [sure, may] = ends_of(node.a);
        return {{may.buffer, !may.turned}, {sure.buffer, !sure.turned}};
    }
    const Place place = lanes(id, here_.level, Form::Truth);
    return {{place.low}, {place.high}};
}

Place Steps::inverted(NodeId id) {
    const auto [sure, may] = ends_of(id);
    Place place;
    place.low = logic(Action::AndAll, {sure});
    place.high = sure == may ? place.low : logic(Action::AndAll, {may});
    return place;
}

void Steps::add_truths(FastDraft& draft, const std::vector<Turned>& truths) {
    for (const auto& [buffer, turned] : truths) {
        draft.truths.push_back(buffer);
        draft.step.turns.push_back(turned ? ~std::uint64_t{0} : 0);
    }
}

std::uint32_t Steps::logic(Action action, const std::vector<Turned>& operands) {
    Draft draft = fast_draft(action);
    add_truths(*draft.fast, operands);
    draft.result = drafts_.new_place(Form::Truth, here_.level, true);
    drafts_.add(here_.level, draft);
    return draft.result.low;
}

}  // namespace eligo::columnar
