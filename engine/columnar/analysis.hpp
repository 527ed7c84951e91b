// What is found out of a graph, for blocks of one kind, before steps are made of it: how far numbers reach and how they are
// stored, what is known throughout, what kernels can work out, who reads what, and what can wait. Internal to columnar/.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "code.hpp"
#include "specialise.hpp"

namespace eligo::columnar {

// What of an `and` waits for the rest: first what narrow columns tell, of all rows, so that only the rows where it is open wait;
// then what reads little, all of it together; then each operand that reads much, the one that reads least first, so that the next
// one's columns are looked at in fewer rows still. In the order of the graph.
struct Waiting {
    std::vector<NodeId> narrow, little;
    std::vector<std::vector<NodeId>> much;
};

// What a sum is made of.
struct Sum {
    std::vector<std::pair<NodeId, std::int64_t>> terms;
    Int128 constant = 0;
};

// An instruction of 128 bits, for 64.
[[nodiscard]] Opcode narrow_form(Opcode opcode);
// Whether an operand of an instruction is a number of the width its name says.
[[nodiscard]] bool is_wide_operand(Opcode opcode, std::size_t index);

class Analysis {
public:
    Analysis(const Plan::Code& code, const BlockKind& kind);
    [[nodiscard]] const std::vector<Form>& forms() const { return forms_; }

protected:
    // A number at the rows' level may be worked out as if every row had values: it then means nothing in rows where something it
    // reads is open (needs_fast). Truths made of such numbers are put right in those rows afterwards, which are few.
    static constexpr std::uint8_t needs_full = 1, needs_fast = 2;

    [[nodiscard]] Form form_of(NodeId id) const { return forms_[id]; }
    [[nodiscard]] bool sources_exact(std::size_t number) const { return columnar::is_exact(kind_.sources[number].openness); }
    // Every 128-bit operand is stored in 64 bits: the instruction's narrow form does.
    [[nodiscard]] bool all_narrow(const Node& node) const;
    [[nodiscard]] NodeId only_choice(const Node& node) const;

    // What an instruction does to known values, by another name.
    static Opcode known_form(Opcode opcode);
    static bool is_division(Opcode opcode) { return opcode == Opcode::DivideHalfUp || opcode == Opcode::DivideDown || opcode == Opcode::DivideUp; }
    static std::int64_t rounding_up(Opcode opcode, std::int64_t divisor);
    [[nodiscard]] NodeId same_as(NodeId id) const;
    [[nodiscard]] bool is_exact_constant(NodeId id) const { return code_.nodes[id].constant && code_.nodes[id].low == code_.nodes[id].high; }
    [[nodiscard]] Opcode comparison_of(const Node& node) const { return all_narrow(node) ? narrow_form(node.opcode) : node.opcode; }
    [[nodiscard]] bool is_bound(NodeId id) const;
    [[nodiscard]] bool is_fast_bound(NodeId id) const;
    [[nodiscard]] bool is_fast_member(NodeId id) const;
    [[nodiscard]] bool is_fast_comparison(NodeId id) const;
    [[nodiscard]] bool is_fast_open(NodeId id) const;

    [[nodiscard]] bool is_absorbable(NodeId id) const;
    [[nodiscard]] static bool is_kernel_sum(const Sum& sum);
    void collect(Sum& sum, NodeId id, std::int64_t coefficient, bool top, int depth = 0) const;
    [[nodiscard]] Sum sum_of(NodeId a, std::int64_t a_times, NodeId b, std::int64_t b_times, std::int64_t constant) const;
    // Not above 0 where the comparison holds; 0, where it is of equality.
    [[nodiscard]] Sum difference_of(NodeId id) const;
    // Worked out by whoever reads it, when it does.
    [[nodiscard]] bool is_lazy(NodeId id) const { return is_absorbable(id) || is_lesser_or_greater(id); }
    // The lesser or the greater of two numbers, read once, by what may be a sum.
    [[nodiscard]] bool is_lesser_or_greater(NodeId id) const;

    [[nodiscard]] std::vector<NodeId> group_of(NodeId top) const;
    // Read once, by one of its kind.
    [[nodiscard]] bool is_absorbed(NodeId id) const { return readers_[id] == 1 && reader_[id] == code_.nodes[id].opcode; }
    void gather_logic(NodeId id, Opcode opcode, std::vector<NodeId>& operands) const;

    const Plan::Code& code_;
    const BlockKind& kind_;
    std::vector<Interval<Int128>> ranges_, known_ranges_;  // by node: whatever is open; where all that is read is known
    std::vector<Form> forms_;                    // by node: how its number is stored
    std::vector<bool> exact_;                    // by node
    std::vector<bool> nearly_;                   // by node
    std::vector<std::uint8_t> needs_;            // by node
    std::vector<std::uint8_t> put_off_;          // by node: it is worked out for some rows only
    std::map<NodeId, Waiting> groups_;           // by `and`: what is put off until the rest of it is known
    // By comparison: what it is of, where columns of up to 32 bits, as they lie, decide it within 32 bits.
    std::map<NodeId, NarrowSum> narrow_;

private:
    void find_narrow();
    [[nodiscard]] std::optional<NarrowSum> narrow_sum(NodeId id) const;
    [[nodiscard]] std::optional<NarrowOperand> narrow_operand(NodeId id, std::int64_t times) const;
    [[nodiscard]] std::optional<NarrowOperand> narrow_column(std::uint32_t source, std::int64_t times) const;

    void settle_ranges();
    void settle_forms();
    void settle_exactness();
    void settle_needs();
    void put_off_what_can_wait();

    [[nodiscard]] bool is_exact(const Node& node) const;
    bool find_what_may_be_empty();
    [[nodiscard]] bool is_divisor(NodeId id) const { return is_exact_constant(id) && code_.nodes[id].low >= 1 && code_.nodes[id].low <= INT32_MAX; }
    static Int128 largest(const Interval<Int128>& range) { return value::domain::maximum(value::domain::absolute(range.low), value::domain::absolute(range.high)); }
    [[nodiscard]] bool has_kernel(NodeId id) const;
    [[nodiscard]] bool is_ready(NodeId id) const { return code_.nodes[id].constant ? is_exact_constant(id) : exact_[id] || nearly_[id]; }
    [[nodiscard]] bool is_nearly(NodeId id) const;
    [[nodiscard]] static bool is_comparison(Opcode opcode) { return opcode == Opcode::LessEqual || opcode == Opcode::Less || opcode == Opcode::Equal; }
    [[nodiscard]] bool is_plain_source(std::uint32_t number) const;
    [[nodiscard]] bool can_patch(NodeId id) const;
    [[nodiscard]] std::uint32_t patch_depth(const Node& node) const;
    [[nodiscard]] bool is_fast_number(NodeId id) const;

    void need(NodeId id, std::uint8_t what, Opcode reader = Opcode::Constant);
    void need_all(const Node& node, std::uint8_t what);
    void need_operands(NodeId id);
    void need_conditions(NodeId top);

    [[nodiscard]] bool may_wait(NodeId id) const;
    [[nodiscard]] bool is_wide_bound(NodeId id) const;
    [[nodiscard]] bool takes_work(const std::vector<NodeId>& group) const;
    [[nodiscard]] std::size_t bytes_read(const std::vector<NodeId>& group) const;
    void put_off(const std::vector<NodeId>& group);

    std::vector<bool> may_be_empty_;             // by node: the end of a table's rows, where one before it is open
    std::vector<std::vector<NodeId>> reads_;     // by node: what it reads
    NodeId reader_now_ = no_node;
    std::vector<std::uint32_t> readers_;         // by node: how many read it
    std::vector<Opcode> reader_;                 // by node: one that does
    std::vector<std::uint32_t> patch_depth_;     // by node: how deep a patch goes; 0: it cannot
};

}  // namespace eligo::columnar
