// Steps are made in the order of the graph, with numbers for the buffers they use; when the last use of each is known, buffers
// are given memory, which is used again as soon as nothing reads it, so that a block stays in the cache.
// Tested by tests/engines/columnar.cpp.
#include "specialise.hpp"

#include "kernels/kernels.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <tuple>

namespace eligo::columnar {

std::size_t Buffers::bytes_of(Form form) const {
    switch (form) {
        case Form::Number: return lanes_ * sizeof(std::int64_t);
        case Form::Wide: return lanes_ * sizeof(Int128);
        case Form::Truth: return lanes_ / 8;
    }
    return 0;
}

namespace {

constexpr std::size_t line = 64;  // bytes of the cache's lines, which buffers begin on

std::byte* aligned(const Buffer& buffer) {
    const auto address = reinterpret_cast<std::uintptr_t>(buffer.get());
    return buffer.get() + (line - address % line) % line;
}

}  // namespace

std::byte* Buffers::at(Form form, std::size_t number) {
    auto& pool = pools_[static_cast<std::size_t>(form)];
    while (pool.size() <= number) pool.push_back(std::make_unique<std::byte[]>(bytes_of(form) + line));
    return aligned(pool[number]);
}

std::byte* Buffers::constant(Form form, Int128 value) {
    Buffer& buffer = constants_[{form, value}];
    if (buffer != nullptr) return aligned(buffer);
    buffer = std::make_unique<std::byte[]>(bytes_of(form) + line);
    static constexpr Opcode opcodes[] = {Opcode::Constant, Opcode::ConstantW, Opcode::ConstantB};
    Arguments arguments;
    arguments.count = lanes_;
    arguments.low = arguments.high = value;
    arguments.result = {aligned(buffer), aligned(buffer)};
    execute(opcodes[static_cast<std::size_t>(form)], arguments);
    return aligned(buffer);
}

namespace {

constexpr std::uint32_t nowhere = ~std::uint32_t{0};
constexpr std::uint32_t deepest_patch = 64;
constexpr int deepest_sum = 16;
constexpr std::size_t much_to_read = 12;  // bytes a row

// A register while its memory is not yet there: numbers of buffers.
struct Place {
    std::uint32_t low = nowhere, high = nowhere;
};

struct BufferUse {
    Form form = Form::Number;
    std::uint16_t level = 0;
    std::size_t first = 0, last = 0;  // steps of its level
    bool for_ever = false;            // read from another level, or at the end
    std::byte* memory = nullptr;
};

// A number for a kernel, while its memory is not yet there.
struct FastPlace {
    std::uint32_t source = no_input, buffer = nowhere;
    std::int64_t coefficient = 1;
};

struct FastDraft {
    FastStep step;
    std::vector<FastPlace> operands;
    std::vector<std::uint32_t> truths, results;
    struct Move {
        Form form = Form::Number;
        std::uint32_t from = nowhere, to = nowhere;
    };
    std::vector<Move> moves;
    Place patched;
};

struct Draft {
    Step step;
    Place result, a, b, c;
    bool has_flags = false;
    std::shared_ptr<FastDraft> fast;
};

// What was made where steps are added now: for the rows of a block, or for some of them.
struct Here {
    Here(std::uint16_t number, std::size_t nodes) : level(number), places(nodes), fast_places(nodes) {}
    std::uint16_t level;
    std::vector<Place> places;                                               // by node
    std::vector<FastPlace> fast_places;                                      // by node: its number as if all were known
    std::map<std::uint32_t, Place> values;                                   // by source
    std::map<std::uint32_t, FastPlace> raw;                                  // by source
    std::map<NodeId, std::uint32_t> as_if_known;                             // by node: from outside a group, without what is open
    std::map<std::uint32_t, std::uint32_t> known;                            // by source: the bitmap of rows with a value
    std::map<std::uint32_t, std::map<std::int64_t, std::uint32_t>> bounds;   // by source, by bound: the bitmap
};

// What of an `and` waits for the rest: what reads little first, then what reads much. In the order of the graph.
struct Waiting {
    std::array<std::vector<NodeId>, 2> groups;
};

// What a sum is made of.
struct Sum {
    std::vector<std::pair<NodeId, std::int64_t>> terms;
    Int128 constant = 0;
};

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

class Specialiser {
public:
    Specialiser(const Plan::Code& code, const BlockKind& kind, Buffers& buffers)
        : code_(code), kind_(kind), buffers_(buffers), made_(std::make_unique<Specialisation>()), drafts_(code.levels.size()), here_(0, code.nodes.size()) {}

    std::unique_ptr<Specialisation> specialise() {
        made_->kind = kind_;
        settle_ranges();
        settle_forms();
        settle_exactness();
        settle_needs();
        make_level(0);
        made_->roots.resize(code_.nodes.size());
        for (const auto& versions : code_.roots)
            for (const auto& version : versions) keep_roots(version);
        give_memory();
        finish();
        return std::move(made_);
    }

private:
    // ---- ranges, forms and exactness

    // What is not known may be anything its fact declares; what is known, what the columns say.
    void settle_ranges() {
        std::vector<Interval<std::int64_t>> all, known;
        for (std::size_t i = 0; i < code_.sources.size(); ++i) {
            const bytecode::Fact& fact = *code_.sources[i].fact;
            known.push_back(kind_.sources[i].range);
            all.push_back(sources_exact(i) ? kind_.sources[i].range : Interval<std::int64_t>{fact.low, fact.high});
        }
        ranges_ = find_ranges(code_, all, Lane::Any);
        known_ranges_ = find_ranges(code_, known, Lane::Known);
    }
    [[nodiscard]] bool sources_exact(std::size_t number) const { return columnar::is_exact(kind_.sources[number].openness); }

    // A number of 128 bits that is seen to fit 64, and so do all that make it up.
    void settle_forms() {
        made_->forms.resize(code_.nodes.size());
        for (NodeId id = 0; id < code_.nodes.size(); ++id) {
            const Node& node = code_.nodes[id];
            Form& form = made_->forms[id];
            form = node.form;
            if (form != Form::Wide || is_reduction(node.opcode) || !fits_number(ranges_[id])) continue;
            if (node.constant || node.opcode == Opcode::Widen || all_narrow(node)) form = Form::Number;
        }
    }

    [[nodiscard]] Form form_of(NodeId id) const { return made_->forms[id]; }

    // Every 128-bit operand is stored in 64 bits: the instruction's narrow form does.
    [[nodiscard]] bool all_narrow(const Node& node) const {
        const NodeId operands[] = {node.a, node.b, node.c};
        for (std::size_t k = 0; k < 3; ++k)
            if (operands[k] != no_node && is_wide_operand(node.opcode, k) && form_of(operands[k]) == Form::Wide) return false;
        return narrow_form(node.opcode) != node.opcode;
    }

    void settle_exactness() {
        exact_.assign(code_.nodes.size(), false);
        for (NodeId id = 0; id < code_.nodes.size(); ++id) exact_[id] = is_exact(code_.nodes[id]);
    }

    [[nodiscard]] bool is_exact(const Node& node) const {
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

    // A table's rows end in a choice that is never empty, because one of them is always met: what is known is the other one.
    [[nodiscard]] NodeId only_choice(const Node& node) const {
        if (node.opcode != Opcode::Select && node.opcode != Opcode::SelectW) return no_node;
        const auto is_empty = [&](NodeId id) { return code_.nodes[id].constant && code_.nodes[id].low > code_.nodes[id].high; };
        return is_empty(node.c) ? node.b : is_empty(node.b) ? node.c : no_node;
    }

    // ---- the faster ways. A number at the rows' level may be worked out as if every row had values: it then means nothing in rows
    // where something it reads is open. Truths made of such numbers are put right in those rows afterwards, which are few.

    static constexpr std::uint8_t needs_full = 1, needs_fast = 2;

    // What an instruction does to known values, by another name.
    static Opcode known_form(Opcode opcode) {
        switch (opcode) {
            case Opcode::MultiplyAlong:
            case Opcode::MultiplyAcross: return Opcode::Multiply;
            case Opcode::SelectEnds: return Opcode::Select;
            default: return opcode;
        }
    }

    // The node that a number is the same as where all is known.
    [[nodiscard]] NodeId same_as(NodeId id) const {
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

    [[nodiscard]] bool is_exact_constant(NodeId id) const { return code_.nodes[id].constant && code_.nodes[id].low == code_.nodes[id].high; }
    [[nodiscard]] bool is_divisor(NodeId id) const { return is_exact_constant(id) && code_.nodes[id].low >= 1 && code_.nodes[id].low <= INT32_MAX; }
    static bool is_division(Opcode opcode) { return opcode == Opcode::DivideHalfUp || opcode == Opcode::DivideDown || opcode == Opcode::DivideUp; }
    static Int128 largest(const Interval<Int128>& range) { return value::domain::maximum(value::domain::absolute(range.low), value::domain::absolute(range.high)); }

    // What is added before a division that rounds down, so that it rounds as it is told.
    static std::int64_t rounding_up(Opcode opcode, std::int64_t divisor) {
        return opcode == Opcode::DivideHalfUp ? divisor / 2 : opcode == Opcode::DivideUp ? divisor - 1 : 0;
    }

    // Whether a kernel works this number out where all is known: an instruction that has one, of numbers of 64 bits.
    [[nodiscard]] bool has_kernel(NodeId id) const {
        const Node& node = code_.nodes[id];
        if (node.level != 0 || form_of(id) != Form::Number || !fits_number(known_ranges_[id])) return false;
        switch (known_form(narrow_form(node.opcode))) {
            case Opcode::Input: return true;
            case Opcode::Add:
            case Opcode::Subtract:
            case Opcode::Multiply:
            case Opcode::Minimum:
            case Opcode::Maximum: return form_of(node.a) == Form::Number && form_of(node.b) == Form::Number;
            case Opcode::Select: return form_of(node.b) == Form::Number && form_of(node.c) == Form::Number;
            case Opcode::DivideHalfUp:
            case Opcode::DivideDown:
            case Opcode::DivideUp: return form_of(node.a) == Form::Number && is_divisor(node.b) && largest(known_ranges_[node.a]) + code_.nodes[node.b].low < Int128{1} << 50;
            default: return false;
        }
    }

    [[nodiscard]] bool is_ready(NodeId id) const { return code_.nodes[id].constant ? is_exact_constant(id) : exact_[id] || nearly_[id]; }

    // Open in some rows only: those in which a fact has no value, or a truth that it is chosen by is open.
    [[nodiscard]] bool is_nearly(NodeId id) const {
        if (exact_[id] || code_.nodes[id].constant) return false;
        const NodeId same = same_as(id);
        if (same != id) return is_ready(same);
        if (!has_kernel(id)) return false;
        const Node& node = code_.nodes[id];
        if (node.opcode == Opcode::Input) return kind_.sources[node.number].in_place;
        const bool choice = known_form(node.opcode) == Opcode::Select;
        return (choice || is_ready(node.a)) && is_ready(node.b) && (!choice || is_ready(node.c));
    }

    [[nodiscard]] static bool is_comparison(Opcode opcode) { return opcode == Opcode::LessEqual || opcode == Opcode::Less || opcode == Opcode::Equal; }
    [[nodiscard]] Opcode comparison_of(const Node& node) const { return all_narrow(node) ? narrow_form(node.opcode) : node.opcode; }

    // column <= constant.
    [[nodiscard]] bool is_bound(NodeId id) const {
        const Node& node = code_.nodes[id];
        return node.level == 0 && node.opcode == Opcode::LessEqual && code_.nodes[node.a].opcode == Opcode::Input && is_exact_constant(node.b);
    }
    [[nodiscard]] bool is_plain_source(std::uint32_t number) const {
        const SourceKind& kind = kind_.sources[number];
        return kind.openness == Openness::Plain && kind.in_place;
    }
    [[nodiscard]] bool is_fast_bound(NodeId id) const {
        if (!is_bound(id)) return false;
        const std::uint32_t source = code_.nodes[code_.nodes[id].a].number;
        return sources_exact(source) || is_plain_source(source);
    }
    [[nodiscard]] bool is_fast_member(NodeId id) const {
        const Node& node = code_.nodes[id];
        if (node.level != 0 || node.opcode != Opcode::InSet || code_.nodes[node.a].opcode != Opcode::Input) return false;
        const std::uint32_t source = code_.nodes[node.a].number;
        const SourceKind& kind = kind_.sources[source];
        return kind.in_place && kind.element == Element::UInt8 && (kind.openness == Openness::AllKnown || is_plain_source(source));
    }
    // A comparison that kernels make and, where something is open, a patch puts right.
    [[nodiscard]] bool is_fast_comparison(NodeId id) const {
        const Node& node = code_.nodes[id];
        if (node.level != 0 || node.form != Form::Truth || node.constant || !is_comparison(comparison_of(node))) return false;
        if (form_of(node.a) != Form::Number || form_of(node.b) != Form::Number || !is_ready(node.a) || !is_ready(node.b)) return false;
        if (largest(known_ranges_[node.a]) + largest(known_ranges_[node.b]) >= Int128{1} << 62) return false;
        return exact_[id] || (can_patch(node.a) && can_patch(node.b));
    }
    // What a patch works out again must be there again: numbers of 64 bits, and the truths they are chosen by; not endlessly many.
    [[nodiscard]] bool can_patch(NodeId id) const { return code_.nodes[id].constant || (patch_depth_[id] != 0 && patch_depth_[id] <= deepest_patch); }
    [[nodiscard]] std::uint32_t patch_depth(const Node& node) const {
        if (node.level != 0) return 0;
        if (node.form == Form::Truth) return 1;
        if ( node.form != Form::Number || is_reduction(node.opcode) || node.opcode == Opcode::YearEnd) return 0;
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

    void settle_needs() {
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
            for (const auto& version : versions) {
                full(version.in_force);
                full(version.verdict);
                for (const auto& benefit : version.benefits) {
                    full(benefit.value);
                    full(benefit.when);
                }
                for (const NodeId clause : version.clauses) full(clause);
            }
        for (NodeId id = static_cast<NodeId>(code_.nodes.size()); id-- > 0;) {
            reader_now_ = id;
            if (needs_[id] != 0 && !code_.nodes[id].constant) need_operands(id);
        }
        put_off_what_can_wait();
    }

    void need(NodeId id, std::uint8_t what, Opcode reader = Opcode::Constant) {
        if (id == no_node) return;
        if (what == needs_fast) id = same_as(id);
        needs_[id] |= what;
        if (reader_now_ != no_node) reads_[reader_now_].push_back(id);
        reader_[id] = reader;
        ++readers_[id];
    }
    void need_all(const Node& node, std::uint8_t what) {
        for (const NodeId operand : {node.a, node.b, node.c}) need(operand, what, node.level == 0 ? node.opcode : Opcode::Constant);
    }

    void need_operands(NodeId id) {
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

    [[nodiscard]] bool is_fast_number(NodeId id) const {
        if (!has_kernel(id)) return false;
        const Node& node = code_.nodes[id];
        const bool choice = known_form(narrow_form(node.opcode)) == Opcode::Select;
        return node.opcode == Opcode::Input || ((choice || is_ready(node.a)) && is_ready(node.b) && (!choice || is_ready(node.c)));
    }

    // A number that is wanted with both its ends, and that kernels make but for some rows.
    [[nodiscard]] bool is_fast_open(NodeId id) const {
        return (needs_[id] & needs_full) != 0 && nearly_[id] && code_.nodes[id].opcode != Opcode::Input && same_as(id) == id && can_patch(id);
    }

    // The truths that a patch chooses by.
    void need_conditions(NodeId top) {
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

    // ---- numbers for kernels

    FastPlace fast_place(NodeId id) {
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
    std::uint32_t as_if_known(NodeId id, std::uint32_t from) {
        if (const auto whole = expanded_.find({id, Form::Number, here_.level}); whole != expanded_.end()) return whole->second.low;
        if (const auto found = here_.as_if_known.find(id); found != here_.as_if_known.end()) return found->second;
        Draft draft;
        draft.step = {.action = Action::Expand, .form = Form::Number, .id = here_.level};
        draft.result = new_place(Form::Number, here_.level, true);
        draft.a = {from, from};
        add(here_.level, draft);
        return here_.as_if_known[id] = draft.result.low;
    }

    // In place where it can be; else its elements as numbers.
    FastPlace fast_input(std::uint32_t number) {
        const SourceKind& kind = kind_.sources[number];
        if (kind.openness == Openness::Defaulted || !kind.in_place) return {.buffer = value_of(number).low};
        const bool as_it_is = kind.element == Element::Int64 && kind.multiplier == 1 && kind.dictionary == nullptr;
        if (as_it_is && group_ == nullptr) return {.source = number};
        const auto found = here_.raw.find(number);
        if (found != here_.raw.end()) return found->second;
        Draft draft;
        draft.step = {.action = as_it_is ? Action::RawOrInPlace : Action::Raw, .form = Form::Number, .id = number};
        draft.result = new_place(Form::Number, here_.level, true);
        add(here_.level, draft);
        return here_.raw[number] = {.source = as_it_is ? number : no_input, .buffer = draft.result.low};
    }

    static Draft fast_draft(Action action) {
        Draft draft;
        draft.step = {.action = action};
        draft.fast = std::make_shared<FastDraft>();
        return draft;
    }

    // What a sum that reads it takes apart, when it alone does.
    [[nodiscard]] bool is_absorbable(NodeId id) const {
        const Node& node = code_.nodes[id];
        if (readers_[id] != 1 || (needs_[id] & needs_full) != 0 || node.level != 0 || !has_kernel(id)) return false;
        const Opcode opcode = known_form(narrow_form(node.opcode));
        return opcode == Opcode::Add || opcode == Opcode::Subtract || (opcode == Opcode::Multiply && (is_exact_constant(same_as(node.a)) || is_exact_constant(same_as(node.b))));
    }

    // Takes sums and multiples apart, but for sums that would then be multiplied one by one.
    void collect(Sum& sum, NodeId id, std::int64_t coefficient, bool top, int depth = 0) const {
        id = same_as(id);
        const Node& node = code_.nodes[id];
        if (node.constant) {
            sum.constant += Int128{coefficient} * node.low;
            return;
        }
        if (depth < deepest_sum && (top || is_absorbable(id)) && has_kernel(id)) {
            const Opcode opcode = known_form(narrow_form(node.opcode));
            if (opcode == Opcode::Add || opcode == Opcode::Subtract) {
                if (coefficient == 1 || coefficient == -1) {
                    collect(sum, node.a, coefficient, false, depth + 1);
                    return collect(sum, node.b, opcode == Opcode::Add ? coefficient : -coefficient, false, depth + 1);
                }
            } else if (opcode == Opcode::Multiply) {
                const bool right = is_exact_constant(same_as(node.b));
                if (right || is_exact_constant(same_as(node.a))) {
                    const Int128 factor = code_.nodes[same_as(right ? node.b : node.a)].low;
                    if (factor <= INT32_MAX && factor >= -INT32_MAX && factor * coefficient <= INT32_MAX && factor * coefficient >= -INT32_MAX)
                        return collect(sum, right ? node.a : node.b, static_cast<std::int64_t>(factor * coefficient), false, depth + 1);
                }
            }
        }
        for (auto& [term, times] : sum.terms)
            if (term == id) {
                times += coefficient;
                return;
            }
        sum.terms.emplace_back(id, coefficient);
    }

    // Sums are exact however their parts wrap, since what they come to fits.
    [[nodiscard]] static bool is_kernel_sum(const Sum& sum) {
        return sum.terms.size() <= most_terms && value::fits_int64(sum.constant) &&
               std::all_of(sum.terms.begin(), sum.terms.end(), [](const auto& term) { return term.second <= INT32_MAX && term.second >= -INT32_MAX; });
    }

    // coefficient of a + coefficient of b + constant; taken apart where kernels take it so.
    Sum sum_of(NodeId a, std::int64_t a_times, NodeId b, std::int64_t b_times, std::int64_t constant) const {
        Sum sum{.constant = constant};
        collect(sum, a, a_times, false);
        if (b != no_node) collect(sum, b, b_times, false);
        if (is_kernel_sum(sum)) return sum;
        sum = {.constant = constant};
        collect(sum, a, a_times, false, deepest_sum);
        if (b != no_node) collect(sum, b, b_times, false, deepest_sum);
        return sum;
    }

    Draft sum_draft(Action action, const Sum& sum) {
        Draft draft = fast_draft(action);
        for (const auto& [term, times] : sum.terms) {
            FastPlace place = fast_place(term);
            place.coefficient = times;
            draft.fast->operands.push_back(place);
        }
        draft.fast->step.constant = static_cast<std::int64_t>(sum.constant);
        return draft;
    }

    void make_fast(NodeId id) {
        const Node& node = code_.nodes[id];
        if (node.constant || node.opcode == Opcode::Input || same_as(id) != id || node.form == Form::Truth || here_.fast_places[id].buffer != nowhere) return;
        Draft draft = kernel_of(id);
        draft.result = new_place(Form::Number, here_.level, true);
        add(here_.level, draft);
        here_.fast_places[id] = {.buffer = draft.result.low};
        if (exact_[id]) here_.places[id] = draft.result;
    }

    Draft kernel_of(NodeId id) {
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
            draft.fast->operands.push_back(spread ? FastPlace{.buffer = constant(read, Form::Number).low} : fast_place(operand));
        }
        return draft;
    }

    // ---- truths from kernels

    std::uint32_t known_of(std::uint32_t source) {
        const auto found = here_.known.find(source);
        if (found != here_.known.end()) return found->second;
        Draft draft;
        draft.step = {.action = Action::Known, .form = Form::Truth, .id = source};
        draft.result = new_place(Form::Truth, here_.level, true);
        add(here_.level, draft);
        return here_.known[source] = draft.result.low;
    }

    // What rows without a value come to, once for all of them.
    Place settled(std::uint32_t bits, std::uint32_t source, bool sure, bool may) {
        Draft draft = fast_draft(Action::Settle);
        draft.fast->truths = {bits, known_of(source)};
        draft.fast->step.sure = sure;
        draft.fast->step.may = may;
        draft.result = new_place(Form::Truth, here_.level, false);
        add(here_.level, draft);
        return draft.result;
    }

    bool made_fast_truth(NodeId id) {
        if (code_.nodes[id].form != Form::Truth || code_.nodes[id].level != 0) return false;
        if (is_fast_bound(id)) here_.places[id] = bound_truth(id);
        else if (is_fast_member(id)) here_.places[id] = member_truth(id);
        else if (is_fast_comparison(id)) here_.places[id] = compared_truth(id);
        else return made_logic(id);
        return true;
    }

    // All bounds that a column is compared with are looked at together.
    Place bound_truth(NodeId id) {
        const Node& node = code_.nodes[id];
        const std::uint32_t source = code_.nodes[node.a].number;
        const auto bound = static_cast<std::int64_t>(code_.nodes[node.b].low);
        if (!here_.bounds.contains(source)) compare_bounds(source);
        const std::uint32_t bits = here_.bounds.at(source).at(bound);
        if (sources_exact(source)) return {bits, bits};
        const bytecode::Fact& fact = *code_.sources[source].fact;
        return settled(bits, source, fact.high <= bound, fact.low <= bound);
    }

    void compare_bounds(std::uint32_t source) {
        auto& made = here_.bounds[source];
        for (NodeId id = 0; id < code_.nodes.size(); ++id)
            if (needs_[id] != 0 && is_bound(id) && code_.nodes[code_.nodes[id].a].number == source) made.try_emplace(static_cast<std::int64_t>(code_.nodes[code_.nodes[id].b].low), nowhere);
        const SourceKind& kind = kind_.sources[source];
        const bool in_place = kind.in_place && kind.openness != Openness::Defaulted && kind.dictionary == nullptr;
        const FastPlace values = in_place ? FastPlace{.source = source} : fast_input(source);
        for (auto at = made.begin(); at != made.end();) {
            Draft draft = fast_draft(Action::Bounds);
            draft.step.id = source;
            draft.fast->operands.push_back(values);
            for (; at != made.end() && draft.fast->results.size() < most_bounds; ++at) {
                // In the column's own steps: value <= bound where element <= floor(bound / multiplier).
                const std::int64_t bound = in_place ? value::divide_floor(at->first, kind.multiplier) : at->first;
                const Interval<std::int64_t> type = range_of(in_place ? kind.element : Element::Int64);
                at->second = bound < type.low ? constant({.form = Form::Truth, .constant = true}, Form::Truth).low : buffer(Form::Truth, here_.level);
                if (bound < type.low) continue;
                draft.fast->results.push_back(at->second);
                draft.fast->step.bounds.push_back(std::min(bound, type.high));
            }
            add(here_.level, draft);
        }
    }

    Place member_truth(NodeId id) {
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
        draft.result = new_place(Form::Truth, here_.level, true);
        add(here_.level, draft);
        if (sources_exact(source)) return draft.result;
        const bytecode::Fact& fact = *code_.sources[source].fact;
        const bool sure = std::any_of(intervals.begin(), intervals.end(), [&](const auto& interval) { return interval.low <= fact.low && fact.high <= interval.high; });
        const bool may = std::any_of(intervals.begin(), intervals.end(), [&](const auto& interval) { return interval.low <= fact.high && fact.low <= interval.high; });
        return settled(draft.result.low, source, sure, may);
    }

    Sum difference_of(NodeId id) const {
        const Node& node = code_.nodes[id];
        return sum_of(node.a, 1, node.b, -1, comparison_of(node) == Opcode::Less ? 1 : 0);
    }

    Place compared_truth(NodeId id) {
        Draft draft = sum_draft(comparison_of(code_.nodes[id]) == Opcode::Equal ? Action::SumIsZero : Action::SumNotAbove, difference_of(id));
        draft.result = new_place(Form::Truth, here_.level, true);
        add(here_.level, draft);
        return exact_[id] ? draft.result : patched(id, draft.result);
    }

    // The rows in which something is open that a patch looks at.
    struct OpenRows {
        std::vector<std::uint32_t> sources;
        std::vector<NodeId> conditions;
    };
    struct Again {
        std::uint16_t level = 0;
        std::map<NodeId, Place> made;
        std::map<std::uint32_t, Place> values;
        OpenRows open;
    };

    Again new_patch() {
        Again patch{.level = static_cast<std::uint16_t>(drafts_.size())};
        drafts_.emplace_back();
        return patch;
    }

    Draft patch_draft(const Again& patch, Form form, std::uint32_t as_if_known, Place patched) {
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
        draft.fast->step.level = patch.level;
        return draft;
    }

    // The comparison again, over sets, for the rows where something it reads is open.
    Place patched(NodeId id, Place bits) {
        const Node& node = code_.nodes[id];
        Again patch = new_patch();
        const Place a = again(node.a, patch), b = again(node.b, patch);
        const Place result = add_plain(node, patch.level, Form::Truth, false, false, [&](NodeId operand, Form) { return operand == node.a ? a : b; });
        Draft draft = patch_draft(patch, Form::Truth, bits.low, result);
        draft.result = new_place(Form::Truth, here_.level, false);
        add(here_.level, draft);
        return draft.result;
    }

    // A number likewise. Its low end is put right where it is: whatever else reads it has no use for it in those rows.
    Place patched_number(NodeId id) {
        const std::uint32_t low = fast_place(id).buffer;
        Again patch = new_patch();
        const Place result = again(id, patch);
        Draft draft = patch_draft(patch, Form::Number, low, result);
        draft.result = {low, buffer(Form::Number, here_.level)};
        add(here_.level, draft);
        return draft.result;
    }

    Place again(NodeId id, Again& patch) {
        const Node& node = code_.nodes[id];
        if (node.constant) return constant(node, Form::Number);
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
            draft.result = new_place(Form::Truth, patch.level, ends.low == ends.high);
            add(patch.level, draft);
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

    // `and` and `or` of many, in one step; `not`.
    bool made_logic(NodeId id) {
        const Node& node = code_.nodes[id];
        if (node.opcode == Opcode::Not) {
            const Place from = lanes(node.a, here_.level, Form::Truth);
            here_.places[id].low = logic(Action::Invert, {from.high});
            here_.places[id].high = from.low == from.high ? here_.places[id].low : logic(Action::Invert, {from.low});
            return true;
        }
        if (node.opcode != Opcode::And && node.opcode != Opcode::Or) return false;
        if (is_absorbed(id)) return true;
        std::vector<NodeId> operands;
        gather_logic(id, node.opcode, operands);
        if (const auto group = groups_.find(id); group != groups_.end() && group_ == nullptr) make_and_group(operands, group->second);
        std::vector<std::uint32_t> sure, may;
        for (const NodeId operand : operands) {
            const Place place = lanes(operand, here_.level, Form::Truth);
            sure.push_back(place.low);
            may.push_back(place.high);
        }
        const Action action = node.opcode == Opcode::And ? Action::AndAll : Action::OrAll;
        here_.places[id].low = logic(action, sure);
        here_.places[id].high = sure == may ? here_.places[id].low : logic(action, may);
        return true;
    }

    std::uint32_t logic(Action action, const std::vector<std::uint32_t>& operands) {
        Draft draft = fast_draft(action);
        draft.fast->truths = operands;
        draft.result = new_place(Form::Truth, here_.level, true);
        add(here_.level, draft);
        return draft.result.low;
    }

    // ---- what can wait. A condition that takes work is asked only of the rows that the cheap ones have left in play, an amount only of
    // those that may have it. What nothing else reads waits with it.

    // `top` and all that is read by way of it alone; in the order of the graph.
    [[nodiscard]] std::vector<NodeId> group_of(NodeId top) const {
        std::map<NodeId, std::uint32_t, std::greater<>> seen{{top, readers_[top]}};
        std::vector<NodeId> group;
        while (!seen.empty()) {
            const auto [id, times] = *seen.begin();
            seen.erase(seen.begin());
            if (times != readers_[id] || !may_wait(id)) continue;
            group.push_back(id);
            for (const NodeId read : reads_[id]) ++seen[read];
        }
        std::reverse(group.begin(), group.end());
        return group;
    }
    [[nodiscard]] bool may_wait(NodeId id) const {
        const Node& node = code_.nodes[id];
        if (node.constant || node.level != 0 || form_of(id) == Form::Wide || is_reduction(node.opcode) || is_fast_bound(id) || is_fast_member(id)) return false;
        if (node.opcode == Opcode::Input || node.opcode == Opcode::InputB || node.opcode == Opcode::Given) return false;
        return std::none_of(reads_[id].begin(), reads_[id].end(), [&](NodeId read) { return form_of(read) == Form::Wide; });
    }
    // More than one comparison of one column.
    [[nodiscard]] bool takes_work(const std::vector<NodeId>& group) const {
        return std::any_of(group.begin(), group.end(), [&](NodeId id) { return code_.nodes[id].form != Form::Truth; });
    }
    // Columns of money, read whole: what they cost is their memory, so they wait longest.
    [[nodiscard]] bool reads_much(const std::vector<NodeId>& group) const {
        std::vector<std::uint32_t> sources;
        std::size_t bytes = 0;
        for (const NodeId id : group) {
            const Node& node = code_.nodes[id];
            for (const NodeId operand : {node.a, node.b, node.c}) {
                if (operand == no_node || code_.nodes[operand].opcode != Opcode::Input) continue;
                const std::uint32_t source = code_.nodes[operand].number;
                if (std::find(sources.begin(), sources.end(), source) != sources.end()) continue;
                sources.push_back(source);
                bytes += kind_.sources[source].in_place ? bytes_of(kind_.sources[source].element) : sizeof(std::int64_t);
            }
        }
        return bytes >= much_to_read;
    }
    void put_off(const std::vector<NodeId>& group) {
        for (const NodeId id : group) put_off_[id] = 1;
    }

    void put_off_what_can_wait() {
        put_off_.assign(code_.nodes.size(), 0);
        for (NodeId id = 0; id < code_.nodes.size(); ++id) {
            const Node& node = code_.nodes[id];
            if ((needs_[id] & needs_full) == 0 || node.constant || node.level != 0 || node.opcode != Opcode::And || is_absorbed(id)) continue;
            std::vector<NodeId> operands;
            Waiting waiting;
            gather_logic(id, Opcode::And, operands);
            std::size_t wait = 0;
            for (const NodeId operand : operands) {
                if (code_.nodes[operand].constant || readers_[operand] != 1) continue;
                const std::vector<NodeId> group = group_of(operand);
                if (!takes_work(group)) continue;
                auto& group_of_kind = waiting.groups[reads_much(group) ? 1 : 0];
                group_of_kind.insert(group_of_kind.end(), group.begin(), group.end());
                ++wait;
            }
            if (wait == 0 || wait == operands.size()) continue;
            for (auto& group : waiting.groups) {
                std::sort(group.begin(), group.end());
                put_off(group);
            }
            groups_.emplace(id, std::move(waiting));
        }
        for (const auto& versions : code_.roots)
            for (const auto& version : versions)
                for (const auto& benefit : version.benefits) {
                    if (benefit.always || code_.nodes[benefit.value].constant || readers_[benefit.value] != 1 || put_off_[benefit.value] != 0) continue;
                    const std::vector<NodeId> group = group_of(benefit.value);
                    // What a group that waits for a verdict has put off already is not there for another.
                    if (!group.empty() && std::none_of(group.begin(), group.end(), [&](NodeId id) { return put_off_[id] != 0; })) put_off(group);
                }
    }

    void make_and_group(const std::vector<NodeId>& operands, const Waiting& waiting) {
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
    void make_group(const std::vector<std::uint32_t>& wanted, const std::vector<NodeId>& group, const std::vector<NodeId>& results) {
        Here rows = std::move(here_);
        here_ = Here(static_cast<std::uint16_t>(drafts_.size()), code_.nodes.size());
        drafts_.emplace_back();
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
            to = new_place(form, here_.level, made[i].low == made[i].high);
            draft.fast->moves.push_back({form, made[i].low, to.low});
            if (made[i].low != made[i].high) draft.fast->moves.push_back({form, made[i].high, to.high});
        }
        add(here_.level, draft);
    }

    // Read once, by one of its kind.
    [[nodiscard]] bool is_absorbed(NodeId id) const { return readers_[id] == 1 && reader_[id] == code_.nodes[id].opcode; }
    void gather_logic(NodeId id, Opcode opcode, std::vector<NodeId>& operands) const {
        std::vector<NodeId> open{id};
        while (!open.empty()) {
            const Node& node = code_.nodes[open.back()];
            open.pop_back();
            for (const NodeId operand : {node.b, node.a}) {
                if (!code_.nodes[operand].constant && code_.nodes[operand].level == 0 && code_.nodes[operand].opcode == opcode && is_absorbed(operand)) open.push_back(operand);
                else operands.push_back(operand);
            }
        }
    }

    // ---- buffers

    std::uint32_t buffer(Form form, std::uint16_t level) {
        uses_.push_back({.form = form, .level = level, .first = drafts_[level].size(), .last = drafts_[level].size()});
        return static_cast<std::uint32_t>(uses_.size() - 1);
    }
    Place new_place(Form form, std::uint16_t level, bool exact) {
        Place place;
        place.low = buffer(form, level);
        place.high = exact ? place.low : buffer(form, level);
        return place;
    }
    void touch(const Place& place, std::uint16_t level) {
        for (const std::uint32_t number : {place.low, place.high}) {
            if (number == nowhere) continue;
            BufferUse& use = uses_[number];
            if (use.level != level) use.for_ever = true;
            else use.last = drafts_[level].size();
        }
    }
    Draft& add(std::uint16_t level, Draft draft) {
        for (const Place& place : {draft.result, draft.a, draft.b, draft.c}) touch(place, level);
        if (draft.fast != nullptr) {
            for (const FastPlace& operand : draft.fast->operands) touch({operand.buffer, nowhere}, level);
            for (const std::uint32_t truth : draft.fast->truths) touch({truth, nowhere}, level);
            for (const std::uint32_t result : draft.fast->results) touch({result, nowhere}, level);
            touch(draft.fast->patched, level);
            for (const auto& move : draft.fast->moves) {
                touch({move.from, nowhere}, level);
                touch({move.to, nowhere}, level);
            }
        }
        drafts_[level].push_back(draft);
        return drafts_[level].back();
    }

    // ---- nodes

    // Where a node's lanes are, at a level and in a form.
    Place lanes(NodeId id, std::uint16_t level, Form form) {
        const Node& node = code_.nodes[id];
        if (node.constant) return constant(node, form);
        if (group_ != nullptr && level == here_.level) return here_.places[id].low != nowhere ? here_.places[id] : expanded(id, rows_->places[id], form, level);
        Place place = here_.places[id];
        if (form != form_of(id)) place = converted(id, form);
        return node.level == level ? place : expanded(id, place, form, level);
    }

    Place constant(const Node& node, Form form) {
        const auto one = [&](Int128 value) {
            const auto [found, added] = constants_.try_emplace({form, value}, static_cast<std::uint32_t>(uses_.size()));
            if (added) uses_.push_back({.form = form, .for_ever = true, .memory = buffers_.constant(form, value)});
            return found->second;
        };
        const std::uint32_t low = one(node.low);
        return {low, one(node.high)};
    }

    // The other width of a number, at its own level, made when it is first asked for.
    Place converted(NodeId id, Form form) {
        const auto found = converted_.find(id);
        if (found != converted_.end()) return found->second;
        const std::uint16_t level = code_.nodes[id].level;
        Draft draft;
        draft.step = {.action = Action::Execute, .opcode = form == Form::Wide ? Opcode::Widen : Opcode::Narrow, .form = form};
        draft.result = new_place(form, level, exact_[id]);
        draft.a = here_.places[id];
        add(level, draft);
        converted_.emplace(id, draft.result);
        return draft.result;
    }

    Place expanded(NodeId id, Place from, Form form, std::uint16_t level) {
        const auto key = std::tuple(id, form, level);
        const auto found = expanded_.find(key);
        if (found != expanded_.end()) return found->second;
        const std::uint16_t parent = level < code_.levels.size() ? code_.levels[level].parent : std::uint16_t{0};
        if (code_.nodes[id].level != parent) from = expanded(id, from, form, parent);
        Draft draft;
        draft.step = {.action = Action::Expand, .form = form, .id = level};
        draft.result = new_place(form, level, exact_[id]);
        draft.a = from;
        add(level, draft);
        // The body runs many times: what it reads from outside stays.
        expanded_.emplace(key, draft.result);
        return draft.result;
    }

    void make_level(std::uint16_t number) {
        for (const Item& item : code_.levels[number].items) {
            if (item.is_level) make_loop(static_cast<std::uint16_t>(item.id), number);
            else make_node(item.id);
        }
    }

    void make_loop(std::uint16_t number, std::uint16_t outside) {
        std::vector<Place> flags;
        for (const NodeId id : code_.levels[number].reductions) {
            const Node& node = code_.nodes[id];
            Draft clear;
            clear.step = {.action = Action::Clear, .form = node.form};
            clear.result = here_.places[id] = new_place(node.form, outside, exact_[id]);
            clear.has_flags = node.opcode != Opcode::ReduceSum && node.opcode != Opcode::ReduceSumW && node.opcode != Opcode::ReduceAny;
            if (clear.has_flags) clear.b.low = buffer(Form::Number, outside);  // one byte a lane of it is used
            flags.push_back(clear.b);
            add(outside, clear);
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
            add(number, draft);
        }
        Draft run;
        run.step = {.action = Action::Level, .id = number};
        add(outside, run);
    }

    void make_node(NodeId id) {
        const Node& node = code_.nodes[id];
        const std::uint8_t needs = needs_[id];
        if (put_off_[id] != 0 && group_ == nullptr) return;
        if ((needs & needs_fast) != 0 && !is_absorbable(id)) make_fast(id);
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
    void make_plain(NodeId id) {
        const Node& node = code_.nodes[id];
        const std::uint16_t level = node.level == 0 ? here_.level : node.level;
        const Form form = form_of(id);
        const bool narrow = node.form == Form::Wide ? form == Form::Number : node.form == Form::Truth && all_narrow(node);
        // What has no narrow form was left wide, but for Widen, which then does nothing, and Narrow of what is narrow already.
        if (node.opcode == Opcode::Widen && narrow) return alias(id, node.a);
        if (node.opcode == Opcode::Narrow && form_of(node.a) == Form::Number) return alias(id, node.a);
        here_.places[id] = add_plain(node, level, form, narrow, exact_[id], [&](NodeId operand, Form wanted) { return lanes(operand, level, wanted); });
    }

    template <class Operand>
    Place add_plain(const Node& node, std::uint16_t level, Form form, bool narrow, bool exact, Operand operand_place) {
        Draft draft;
        Place* const places[] = {&draft.a, &draft.b, &draft.c};
        const NodeId operands[] = {node.a, node.b, node.c};
        for (std::size_t k = 0; k < 3; ++k) {
            if (operands[k] == no_node) continue;
            // Parameter and InSet have a table beside their one register, which the graph keeps first.
            const auto spelled = bytecode::row(node.opcode).operands[k];
            *places[k] = operand_place(operands[k], spelled == "B" ? Form::Truth : spelled == "W" && !narrow ? Form::Wide : Form::Number);
        }
        draft.step = {.action = Action::Execute, .opcode = narrow ? narrow_form(node.opcode) : node.opcode, .form = form, .id = level};
        describe(draft.step.arguments, node);
        draft.result = new_place(form, level, exact);
        add(level, draft);
        return draft.result;
    }

    void alias(NodeId id, NodeId from) { here_.places[id] = lanes(from, code_.nodes[id].level == 0 ? here_.level : code_.nodes[id].level, form_of(id)); }

    void describe(Arguments& arguments, const Node& node) const {
        arguments.low = node.low;
        arguments.high = node.high;
        arguments.known_on = code_.options.known_on;
        if (node.opcode == Opcode::Parameter || node.opcode == Opcode::ParameterGiven) arguments.parameter = &code_.pack->parameters[node.number];
        if (node.opcode == Opcode::InSet) arguments.set = &code_.pack->subjects[code_.subject].program.sets[node.number];
        if (node.opcode == Opcode::YearEnd) arguments.year_offset = static_cast<std::int32_t>(node.number);
    }

    // A column as 64-bit numbers, with its bounds before it.
    Place value_of(std::uint32_t number) {
        const std::uint16_t level = code_.sources[number].level;
        return value_of(number, level == 0 ? here_.level : level, sources_exact(number), here_.values);
    }
    Place value_of(std::uint32_t number, std::uint16_t level, bool exact, std::map<std::uint32_t, Place>& values) {
        const auto found = values.find(number);
        if (found != values.end()) return found->second;
        const InputSource& source = code_.sources[number];
        Draft draft;
        draft.step = {.action = Action::Value, .form = Form::Number, .id = number};
        const auto bound = [&](std::uint32_t other) { return value_of(other, level, exact || (&values == &here_.values && sources_exact(other)), values); };
        if (!exact && source.low_bound != no_input) draft.a = bound(source.low_bound);
        if (!exact && source.high_bound != no_input) draft.b = bound(source.high_bound);
        draft.result = new_place(Form::Number, level, exact);
        add(level, draft);
        values.emplace(number, draft.result);
        return draft.result;
    }

    Place truth_of(const Node& node) {
        Draft draft;
        const bool given = node.opcode == Opcode::Given;
        draft.step = {.action = given ? Action::Given : Action::Truth, .form = Form::Truth, .id = node.number};
        draft.result = new_place(Form::Truth, node.level, given || sources_exact(node.number));
        add(node.level, draft);
        return draft.result;
    }

    // ---- memory

    void keep_roots(const VersionRoots& version) {
        keep(version.in_force);
        keep(version.verdict);
        for (const auto& benefit : version.benefits) {
            keep(benefit.when);
            if (put_off_[benefit.value] != 0) {
                std::vector<std::uint32_t> wanted{lanes(version.verdict, 0, Form::Truth).high};
                if (benefit.when != no_node) wanted.push_back(lanes(benefit.when, 0, Form::Truth).high);
                make_group(wanted, group_of(benefit.value), {benefit.value});
            }
            keep(benefit.value);
        }
        for (const NodeId clause : version.clauses) keep(clause);
    }
    void keep(NodeId id) {
        if (id == no_node) return;
        const Place place = lanes(id, 0, form_of(id));
        root_places_.emplace_back(id, place);
        for (const std::uint32_t number : {place.low, place.high}) uses_[number].for_ever = true;
    }

    // Level by level, in the order of the steps; buffers of different levels never share memory, since a level runs within a step of
    // its parent.
    void give_memory() {
        std::array<std::size_t, 3> next{};
        for (std::size_t level = 0; level < drafts_.size(); ++level) {
            std::array<std::vector<std::size_t>, 3> free;
            std::vector<std::vector<std::uint32_t>> begin(drafts_[level].size() + 1), end(drafts_[level].size() + 1);
            for (std::uint32_t i = 0; i < uses_.size(); ++i) {
                if (uses_[i].level != level || uses_[i].memory != nullptr) continue;
                begin[uses_[i].first].push_back(i);
                if (!uses_[i].for_ever) end[uses_[i].last].push_back(i);
            }
            std::vector<std::size_t> number_of(uses_.size());
            for (std::size_t step = 0; step < begin.size(); ++step) {
                for (const std::uint32_t i : begin[step]) {
                    auto& pool = free[static_cast<std::size_t>(uses_[i].form)];
                    std::size_t& fresh = next[static_cast<std::size_t>(uses_[i].form)];
                    std::size_t number = fresh;
                    if (pool.empty()) {
                        ++fresh;
                    } else {
                        number = pool.back();
                        pool.pop_back();
                    }
                    number_of[i] = number;
                    uses_[i].memory = buffers_.at(uses_[i].form, number);
                }
                for (const std::uint32_t i : end[step]) free[static_cast<std::size_t>(uses_[i].form)].push_back(number_of[i]);
            }
        }
    }

    [[nodiscard]] Lanes memory_of(const Place& place) const {
        if (place.low == nowhere) return {};
        return {uses_[place.low].memory, place.high == nowhere ? uses_[place.low].memory : uses_[place.high].memory};
    }

    void finish() {
        for (auto& drafts : drafts_) {
            auto& steps = made_->steps.emplace_back();
            for (Draft& draft : drafts) {
                draft.step.arguments.result = memory_of(draft.result);
                draft.step.arguments.a = memory_of(draft.a);
                draft.step.arguments.b = memory_of(draft.b);
                draft.step.arguments.c = memory_of(draft.c);
                if (draft.fast != nullptr) finish_fast(draft);
                if (draft.has_flags) draft.step.flags = static_cast<std::uint8_t*>((draft.step.action == Action::Clear ? draft.step.arguments.b : draft.step.arguments.c).low);
                steps.push_back(draft.step);
            }
        }
        for (const auto& [id, place] : root_places_) made_->roots[id] = memory_of(place);
    }

    void finish_fast(Draft& draft) {
        FastDraft& from = *draft.fast;
        FastStep& step = from.step;
        const auto words = [&](std::uint32_t number) { return reinterpret_cast<std::uint64_t*>(uses_[number].memory); };
        for (const FastPlace& operand : from.operands)
            step.operands.push_back({operand.source, operand.buffer == nowhere ? nullptr : reinterpret_cast<const std::int64_t*>(uses_[operand.buffer].memory), operand.coefficient});
        for (const std::uint32_t truth : from.truths) step.truths.push_back(words(truth));
        for (const std::uint32_t result : from.results) step.results.push_back(words(result));
        step.patched = memory_of(from.patched);
        for (const auto& move : from.moves) step.moves.push_back({move.form, uses_[move.from].memory, uses_[move.to].memory});
        draft.step.fast = static_cast<std::uint32_t>(made_->fast.size());
        made_->fast.push_back(std::move(step));
    }

    const Plan::Code& code_;
    const BlockKind& kind_;
    Buffers& buffers_;
    std::unique_ptr<Specialisation> made_;
    std::vector<Interval<Int128>> ranges_, known_ranges_;  // by node: whatever is open; where all that is read is known
    std::vector<std::vector<Draft>> drafts_;     // by level
    Here here_;                                  // the rows, or some of them
    std::vector<std::vector<NodeId>> reads_;     // by node: what it reads
    NodeId reader_now_ = no_node;
    std::vector<std::uint8_t> put_off_;          // by node: it is worked out for some rows only
    const Here* rows_ = nullptr;                 // while here_ is some of them: all of them
    const std::vector<NodeId>* group_ = nullptr; // and what is worked out for those
    std::map<NodeId, Waiting> groups_;           // by `and`: what is put off until the rest of it is known
    std::vector<bool> nearly_;                   // by node
    std::vector<std::uint8_t> needs_;            // by node
    std::vector<std::uint32_t> readers_;         // by node: how many read it
    std::vector<Opcode> reader_;                 // by node: one that does
    std::vector<std::uint32_t> patch_depth_;     // by node: how deep a patch goes; 0: it cannot
    std::vector<BufferUse> uses_;
    std::vector<bool> exact_;                    // by node
    std::map<std::pair<Form, Int128>, std::uint32_t> constants_;
    std::map<NodeId, Place> converted_;
    std::map<std::tuple<NodeId, Form, std::uint16_t>, Place> expanded_;
    std::vector<std::pair<NodeId, Place>> root_places_;
};

}  // namespace

std::unique_ptr<Specialisation> specialise(const Plan::Code& code, const BlockKind& kind, Buffers& buffers) {
    return Specialiser(code, kind, buffers).specialise();
}

}  // namespace eligo::columnar
