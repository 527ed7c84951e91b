// From what is known of a graph (analysis.hpp) to steps, in the order of the graph. Internal to columnar/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

#include "analysis.hpp"
#include "drafts.hpp"

namespace eligo::columnar {

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

class Steps : private Analysis {
public:
    Steps(const Plan::Code& code, const BlockKind& kind, Buffers& buffers) : Analysis(code, kind), drafts_(code.levels.size(), buffers), here_(0, code.nodes.size()) {}
    [[nodiscard]] std::unique_ptr<Specialisation> make();

private:
    // Instructions as they stand.
    Place lanes(NodeId id, std::uint16_t level, Form form);
    Place converted(NodeId id, Form form);
    Place expanded(NodeId id, Place from, Form form, std::uint16_t level);
    void make_level(std::uint16_t number);
    void make_loop(std::uint16_t number, std::uint16_t outside);
    void make_node(NodeId id);
    void make_plain(NodeId id);
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
        draft.result = drafts_.new_place(form, level, exact);
        drafts_.add(level, draft);
        return draft.result;
    }
    void alias(NodeId id, NodeId from);
    void describe(Arguments& arguments, const Node& node) const;
    Place value_of(std::uint32_t number);
    Place value_of(std::uint32_t number, std::uint16_t level, bool exact, std::map<std::uint32_t, Place>& values);
    Place truth_of(const Node& node);
    void keep_roots(const VersionRoots& version);
    void keep(NodeId id);
    void find_readers_of_rows(Specialisation& made) const;
    // 64 bits an element, which are the value.
    [[nodiscard]] bool lies_as_it_is(std::uint32_t source) const {
        const SourceKind& kind = kind_.sources[source];
        return kind.element == Element::Int64 && kind.multiplier == 1 && kind.dictionary == nullptr;
    }

    // Numbers for kernels.
    FastPlace fast_place(NodeId id);
    std::uint32_t as_if_known(NodeId id, std::uint32_t from);
    FastPlace fast_input(std::uint32_t number);
    static Draft fast_draft(Action action);
    FastPlace term_place(NodeId term);
    Draft sum_draft(Action action, const Sum& sum);
    void make_fast(NodeId id);
    Draft kernel_of(NodeId id);

    // Truths from kernels.
    std::uint32_t known_of(std::uint32_t source);
    Place settled(std::uint32_t bits, std::uint32_t source, bool sure, bool may);
    bool made_fast_truth(NodeId id);
    Place bound_truth(NodeId id);
    void compare_bounds(std::uint32_t source);
    Place member_truth(NodeId id);
    Place compared_truth(NodeId id);
    Place narrow_truth(NodeId id);
    bool made_logic(NodeId id);
    // Both ends of a truth; those of a `not` are its operand's, inverted, as long as nothing needs it by itself.
    std::pair<Turned, Turned> ends_of(NodeId id);
    Place inverted(NodeId id);
    std::uint32_t logic(Action action, const std::vector<Turned>& operands);
    static void add_truths(FastDraft& draft, const std::vector<Turned>& truths);

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
    Draft patch_draft(const Again& patch, Form form, std::uint32_t as_if_known, Place patched);
    Place patched(NodeId id, Place bits);
    Place patched_number(NodeId id);
    Place again(NodeId id, Again& patch);

    // What waits.
    void make_and_group(const std::vector<NodeId>& operands, const Waiting& waiting);
    void make_group(const std::vector<Turned>& wanted, const std::vector<NodeId>& group, const std::vector<NodeId>& results);
    Place copied(Place from, Form form, bool exact);
    void make_where_they_lie(const std::vector<NodeId>& group);

    Drafts drafts_;
    Here here_;                                  // the rows, or some of them
    const Here* rows_ = nullptr;                 // while here_ is some of them: all of them
    const std::vector<NodeId>* group_ = nullptr; // and what is worked out for those
    bool whole_group_ = false;                   // while a group is made for all rows
    std::vector<std::uint32_t> patch_wanted_;    // truths outside which no row need be put right
    std::map<std::pair<NodeId, Form>, Place> converted_;
    std::map<std::tuple<NodeId, Form, std::uint16_t>, Place> expanded_;
    std::vector<std::pair<NodeId, Place>> root_places_;
};

}  // namespace eligo::columnar
