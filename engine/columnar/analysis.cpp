// What is found out of a graph before steps are made of it. Tested by tests/engines/columnar.cpp.
#include "analysis.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <set>

namespace eligo::columnar {
namespace {

constexpr std::uint32_t deepest_patch = 64;

}  // namespace

Opcode narrow_form(Opcode opcode) {
    switch (opcode) {
        case Opcode::AddW: return Opcode::Add;
        case Opcode::SubtractW: return Opcode::Subtract;
        case Opcode::MultiplyW: return Opcode::Multiply;
        case Opcode::MinimumW: return Opcode::Minimum;
        case Opcode::MaximumW: return Opcode::Maximum;
        case Opcode::AbsoluteW: return Opcode::Absolute;
        case Opcode::DivideHalfUpW: return Opcode::DivideHalfUp;
        case Opcode::DivideDownW: return Opcode::DivideDown;
        case Opcode::DivideUpW: return Opcode::DivideUp;
        case Opcode::DivideHalfEvenW: return Opcode::DivideHalfEven;
        case Opcode::MultiplyAlongW: return Opcode::MultiplyAlong;
        case Opcode::MultiplyAcrossW: return Opcode::MultiplyAcross;
        case Opcode::EndsW: return Opcode::Ends;
        case Opcode::SwapW: return Opcode::Swap;
        case Opcode::LesserW: return Opcode::Lesser;
        case Opcode::ChoiceW: return Opcode::Choice;
        case Opcode::SelectEndsW: return Opcode::SelectEnds;
        case Opcode::LessW: return Opcode::Less;
        case Opcode::LessEqualW: return Opcode::LessEqual;
        case Opcode::EqualW: return Opcode::Equal;
        case Opcode::SelectW: return Opcode::Select;
        case Opcode::OrUnknownW: return Opcode::OrUnknown;
        default: return opcode;
    }
}

// Which operands of an instruction are numbers of the width its name says.
bool is_wide_operand(Opcode opcode, std::size_t index) { return bytecode::row(opcode).operands[index] == "W"; }

Analysis::Analysis(const Plan::Code& code, const BlockKind& kind) : code_(code), kind_(kind) {
    settle_ranges();
    settle_forms();
    settle_exactness();
    settle_needs();
    find_narrow();
    put_off_what_can_wait();
}

// ---- ranges, forms and exactness

// What is not known may be anything its fact declares; what is known, what the columns say.
void Analysis::settle_ranges() {
    std::vector<Interval<std::int64_t>> all, known;
    for (std::size_t i = 0; i < code_.sources.size(); ++i) {
        const bytecode::Fact& fact = *code_.sources[i].fact;
        known.push_back(kind_.sources[i].range);
        all.push_back(sources_exact(i) ? kind_.sources[i].range : Interval<std::int64_t>{fact.low, fact.high});
    }
    ranges_ = find_ranges(code_, all, Lane::Any);
    known_ranges_ = find_ranges(code_, known, Lane::Known);
}

// A number of 128 bits that is seen to fit 64, and so do all that make it up.
void Analysis::settle_forms() {
    forms_.resize(code_.nodes.size());
    for (NodeId id = 0; id < code_.nodes.size(); ++id) {
        const Node& node = code_.nodes[id];
        Form& form = forms_[id];
        form = node.form;
        if (form != Form::Wide || is_reduction(node.opcode) || !fits_number(ranges_[id])) continue;
        if (node.constant || node.opcode == Opcode::Widen || all_narrow(node)) form = Form::Number;
    }
}

// Every 128-bit operand is stored in 64 bits: the instruction's narrow form does.
bool Analysis::all_narrow(const Node& node) const {
    const NodeId operands[] = {node.a, node.b, node.c};
    for (std::size_t k = 0; k < 3; ++k)
        if (operands[k] != no_node && is_wide_operand(node.opcode, k) && form_of(operands[k]) == Form::Wide) return false;
    return narrow_form(node.opcode) != node.opcode;
}

void Analysis::settle_exactness() {
    may_be_empty_.assign(code_.nodes.size(), false);
    exact_.assign(code_.nodes.size(), false);
    for (NodeId id = 0; id < code_.nodes.size(); ++id) exact_[id] = is_exact(code_.nodes[id]);
    if (!find_what_may_be_empty()) return;
    for (NodeId id = 0; id < code_.nodes.size(); ++id) exact_[id] = !may_be_empty_[id] && is_exact(code_.nodes[id]);
}

// A table is a chain of choices, of which one is always met: it is never empty. The end of one may be, in rows where a choice
// before it is open; and that although all that the end itself reads is known. Where a chain ends and what it stands in begins,
// no instruction says: a whole table that an open choice takes or leaves counts as the end of one, which is never wrong.
bool Analysis::find_what_may_be_empty() {
    std::vector<bool> ends_empty(code_.nodes.size(), false);
    const auto each_branch = [&](const Node& node, auto visit) {
        if (node.opcode == Opcode::Widen || node.opcode == Opcode::Narrow) return visit(node.a);
        if (node.opcode != Opcode::Select && node.opcode != Opcode::SelectW) return;
        visit(node.b);
        visit(node.c);
    };
    bool any = false;
    for (NodeId id = 0; id < code_.nodes.size(); ++id) {
        const Node& node = code_.nodes[id];
        if (node.constant) continue;
        ends_empty[id] = only_choice(node) != no_node;
        each_branch(node, [&](NodeId branch) { ends_empty[id] = ends_empty[id] || ends_empty[branch]; });
        any = any || ends_empty[id];
    }
    if (!any) return false;
    any = false;
    // What is left of the graph but never worked out has nothing to say: of what it reads nothing is known.
    std::vector<bool> worked_out(code_.nodes.size(), false);
    for (const Level& level : code_.levels)
        for (const Item& item : level.items)
            if (!item.is_level) worked_out[item.id] = true;
    for (NodeId id = static_cast<NodeId>(code_.nodes.size()); id-- > 0;) {
        const Node& node = code_.nodes[id];
        if (!ends_empty[id] || !worked_out[id]) continue;
        const bool is_choice = node.opcode == Opcode::Select || node.opcode == Opcode::SelectW;
        if (!may_be_empty_[id] && !(is_choice && !exact_[node.a])) continue;
        each_branch(node, [&](NodeId branch) {
            if (!ends_empty[branch]) return;
            may_be_empty_[branch] = true;
            any = true;
        });
    }
    return any;
}

bool Analysis::is_exact(const Node& node) const {
    if (node.constant) return node.low == node.high;
    switch (node.opcode) {
        case Opcode::Input:
        case Opcode::InputB: return sources_exact(node.number);
        case Opcode::Given:
        case Opcode::YearEnd: return true;
        case Opcode::OrUnknown:
        case Opcode::OrUnknownW:
        case Opcode::OrUnknownB: return false;
        default: break;
    }
    if (is_reduction(node.opcode) && kind_.open_lists[node.number] != 0) return false;
    if (const NodeId only = only_choice(node); only != no_node) return exact_[node.a] && exact_[only];
    for (const NodeId operand : {node.a, node.b, node.c})
        if (operand != no_node && !exact_[operand]) return false;
    return true;
}

// A table's rows end in a choice that is not empty where all of them are known, because one of them is always met: what is known
// is the other one.
NodeId Analysis::only_choice(const Node& node) const {
    if (node.opcode != Opcode::Select && node.opcode != Opcode::SelectW) return no_node;
    const auto is_empty = [&](NodeId id) { return code_.nodes[id].constant && code_.nodes[id].low > code_.nodes[id].high; };
    return is_empty(node.c) ? node.b : is_empty(node.b) ? node.c : no_node;
}

// What an instruction does to known values, by another name.
Opcode Analysis::known_form(Opcode opcode) {
    switch (opcode) {
        case Opcode::MultiplyAlong:
        case Opcode::MultiplyAcross: return Opcode::Multiply;
        case Opcode::SelectEnds: return Opcode::Select;
        default: return opcode;
    }
}

// The node that a number is the same as where all is known.
NodeId Analysis::same_as(NodeId id) const {
    for (;;) {
        const Node& node = code_.nodes[id];
        if (node.constant || node.level != 0) return id;
        if (node.opcode == Opcode::Ends) id = node.b;
        else if (node.opcode == Opcode::Swap) id = node.a;
        else if ((node.opcode == Opcode::Widen || node.opcode == Opcode::Narrow) && form_of(id) == Form::Number && form_of(node.a) == Form::Number) id = node.a;
        else if (const NodeId only = only_choice(node); only != no_node) id = only;
        else return id;
    }
}

// What is added before a division that rounds down, so that it rounds as it is told.
std::int64_t Analysis::rounding_up(Opcode opcode, std::int64_t divisor) {
    return opcode == Opcode::DivideHalfUp ? divisor / 2 : opcode == Opcode::DivideUp ? divisor - 1 : 0;
}

// Whether a kernel works this number out where all is known: an instruction that has one, of numbers of 64 bits.
bool Analysis::has_kernel(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (node.level != 0 || form_of(id) != Form::Number || !fits_number(known_ranges_[id])) return false;
    // A choice beside nothing is its other side, which may be a constant: kernels take a column at least.
    const auto is_constant = [this](NodeId operand) { return code_.nodes[same_as(operand)].constant; };
    switch (known_form(narrow_form(node.opcode))) {
        case Opcode::Input: return true;
        case Opcode::Add:
        case Opcode::Subtract:
        case Opcode::Multiply:
        case Opcode::Minimum:
        case Opcode::Maximum: return form_of(node.a) == Form::Number && form_of(node.b) == Form::Number && !(is_constant(node.a) && is_constant(node.b));
        case Opcode::Select: return form_of(node.b) == Form::Number && form_of(node.c) == Form::Number;
        case Opcode::DivideHalfUp:
        case Opcode::DivideDown:
        case Opcode::DivideUp: return form_of(node.a) == Form::Number && !is_constant(node.a) && is_divisor(node.b) && largest(known_ranges_[node.a]) + code_.nodes[node.b].low < Int128{1} << 50;
        default: return false;
    }
}

// Open in some rows only: those in which a fact has no value, or a truth that it is chosen by is open.
bool Analysis::is_nearly(NodeId id) const {
    if (exact_[id] || code_.nodes[id].constant) return false;
    const NodeId same = same_as(id);
    if (same != id) return is_ready(same);
    if (!has_kernel(id)) return false;
    const Node& node = code_.nodes[id];
    if (node.opcode == Opcode::Input) return kind_.sources[node.number].in_place;
    const bool choice = known_form(node.opcode) == Opcode::Select;
    return (choice || is_ready(node.a)) && is_ready(node.b) && (!choice || is_ready(node.c));
}

// column <= constant.
bool Analysis::is_bound(NodeId id) const {
    const Node& node = code_.nodes[id];
    return node.level == 0 && node.opcode == Opcode::LessEqual && code_.nodes[node.a].opcode == Opcode::Input && is_exact_constant(node.b);
}

bool Analysis::is_plain_source(std::uint32_t number) const {
    const SourceKind& kind = kind_.sources[number];
    return kind.openness == Openness::Plain && kind.in_place;
}

bool Analysis::is_fast_bound(NodeId id) const {
    if (!is_bound(id)) return false;
    const std::uint32_t source = code_.nodes[code_.nodes[id].a].number;
    return sources_exact(source) || is_plain_source(source);
}

bool Analysis::is_fast_member(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (node.level != 0 || node.opcode != Opcode::InSet || code_.nodes[node.a].opcode != Opcode::Input) return false;
    const std::uint32_t source = code_.nodes[node.a].number;
    const SourceKind& kind = kind_.sources[source];
    return kind.in_place && kind.element == Element::UInt8 && (kind.openness == Openness::AllKnown || is_plain_source(source));
}

// A comparison that kernels make and, where something is open, a patch puts right.
bool Analysis::is_fast_comparison(NodeId id) const {
    const Node& node = code_.nodes[id];
    if (node.level != 0 || node.form != Form::Truth || node.constant || !is_comparison(comparison_of(node))) return false;
    if (form_of(node.a) != Form::Number || form_of(node.b) != Form::Number || !is_ready(node.a) || !is_ready(node.b)) return false;
    if (largest(known_ranges_[node.a]) + largest(known_ranges_[node.b]) >= Int128{1} << 62) return false;
    return exact_[id] || (can_patch(node.a) && can_patch(node.b));
}

// What a patch works out again must be there again: numbers of 64 bits, and the truths they are chosen by; not endlessly many.
bool Analysis::can_patch(NodeId id) const { return code_.nodes[id].constant || (patch_depth_[id] != 0 && patch_depth_[id] <= deepest_patch); }
std::uint32_t Analysis::patch_depth(const Node& node) const {
    if (node.level != 0) return 0;
    if (node.form == Form::Truth) return 1;
    if (node.form != Form::Number || is_reduction(node.opcode) || node.opcode == Opcode::YearEnd) return 0;
    // Of a column that is not there, no row has a value: that is no matter of some rows.
    if (node.opcode == Opcode::Input && !sources_exact(node.number) && !kind_.sources[node.number].in_place) return 0;
    std::uint32_t depth = 1;
    for (const NodeId operand : {node.a, node.b, node.c}) {
        if (operand == no_node || code_.nodes[operand].constant) continue;
        if (patch_depth_[operand] == 0) return 0;
        depth = std::max(depth, patch_depth_[operand] + 1);
    }
    return depth;
}

void Analysis::settle_needs() {
    nearly_.assign(code_.nodes.size(), false);
    patch_depth_.assign(code_.nodes.size(), 0);
    for (NodeId id = 0; id < code_.nodes.size(); ++id) {
        nearly_[id] = is_nearly(id);
        patch_depth_[id] = patch_depth(code_.nodes[id]);
    }
    needs_.assign(code_.nodes.size(), 0);
    readers_.assign(code_.nodes.size(), 0);
    reader_.assign(code_.nodes.size(), Opcode::Constant);
    reads_.assign(code_.nodes.size(), {});
    const auto full = [&](NodeId id) { need(id, needs_full); };
    for (const auto& versions : code_.roots)
        for (const auto& version : versions) version.each(full);
    for (NodeId id = static_cast<NodeId>(code_.nodes.size()); id-- > 0;) {
        reader_now_ = id;
        if (needs_[id] != 0 && !code_.nodes[id].constant) need_operands(id);
    }
}

void Analysis::need(NodeId id, std::uint8_t what, Opcode reader) {
    if (id == no_node) return;
    if (what == needs_fast) id = same_as(id);
    needs_[id] |= what;
    if (reader_now_ != no_node) reads_[reader_now_].push_back(id);
    reader_[id] = reader;
    ++readers_[id];
}

void Analysis::need_all(const Node& node, std::uint8_t what) {
    for (const NodeId operand : {node.a, node.b, node.c}) need(operand, what, node.level == 0 ? node.opcode : Opcode::Constant);
}

void Analysis::need_operands(NodeId id) {
    const Node& node = code_.nodes[id];
    if (node.opcode == Opcode::Input) return;
    if (node.form == Form::Truth) {
        if (is_fast_bound(id) || is_fast_member(id)) return;
        if (!is_fast_comparison(id)) return need_all(node, needs_full);
        need(node.a, needs_fast);
        need(node.b, needs_fast);
        if (!exact_[id]) need_conditions(id);
        return;
    }
    // What is known is the same in both ways: kernels make it, where there is one.
    const bool kernel = is_fast_number(id);
    if (exact_[id]) needs_[id] = kernel ? static_cast<std::uint8_t>(needs_[id] | needs_fast) : needs_full;
    else if (is_fast_open(id)) needs_[id] |= needs_fast;
    else if ((needs_[id] & needs_full) != 0) need_all(node, needs_full);
    if (!exact_[id] && is_fast_open(id)) need_conditions(id);
    if (exact_[id] && !kernel) return need_all(node, needs_full);
    if ((needs_[id] & needs_fast) == 0) return;
    const bool choice = known_form(narrow_form(node.opcode)) == Opcode::Select;
    need(node.a, choice ? needs_full : needs_fast);
    need(node.b, needs_fast);
    if (choice) need(node.c, needs_fast);
}

bool Analysis::is_fast_number(NodeId id) const {
    if (!has_kernel(id)) return false;
    const Node& node = code_.nodes[id];
    const bool choice = known_form(narrow_form(node.opcode)) == Opcode::Select;
    return node.opcode == Opcode::Input || ((choice || is_ready(node.a)) && is_ready(node.b) && (!choice || is_ready(node.c)));
}

// A number that is wanted with both its ends, and that kernels make but for some rows: those in which something it reads is open,
// which tell nothing of where it is empty.
bool Analysis::is_fast_open(NodeId id) const {
    return (needs_[id] & needs_full) != 0 && nearly_[id] && !may_be_empty_[id] && code_.nodes[id].opcode != Opcode::Input && same_as(id) == id && can_patch(id);
}

// The truths that a patch chooses by.
void Analysis::need_conditions(NodeId top) {
    // Each reader says of itself what it reads, or what only it reads could not be told.
    std::set<NodeId> seen;
    std::vector<NodeId> open{top};
    while (!open.empty()) {
        const Node& node = code_.nodes[open.back()];
        open.pop_back();
        for (const NodeId operand : {node.a, node.b, node.c}) {
            if (operand == no_node || code_.nodes[operand].constant || !seen.insert(operand).second) continue;
            if (code_.nodes[operand].form == Form::Truth) need(operand, needs_full);
            else open.push_back(operand);
        }
    }
}

}  // namespace eligo::columnar
