// What stands between a column and a constant is followed as a function of one number. Every step of it keeps or turns the
// order, so the comparison turns at most once over the column's range, and bisection finds where.
// Tested by tests/engines/columnar.cpp.
#include "thresholds.hpp"

#include <vector>

#include "execute.hpp"

namespace eligo::columnar {
namespace {

constexpr std::size_t longest_chain = 64;

struct Link {
    const Node* node = nullptr;
    bool first = true;  // the chain goes on in the first operand; the other one is a constant
    Int128 other = 0;
};

class Chain {
public:
    explicit Chain(const Plan::Code& code) : code_(code) {}

    // Down from a node to the column it depends on; false when it depends on anything else, or turns back on itself.
    bool follow(NodeId top) {
        for (NodeId id = top; links_.size() < longest_chain;) {
            const Node& node = code_.nodes[id];
            if (node.opcode == Opcode::Input) {
                column_ = id;
                return true;
            }
            const auto link = link_of(node);
            if (!link) return false;
            links_.push_back(*link);
            id = link->first ? node.a : node.b;
        }
        return false;
    }

    // What the chain makes of a column's value; nothing where it does not fit, so that the order would be lost.
    [[nodiscard]] std::optional<Int128> at(std::int64_t value) const {
        Int128 result = value;
        for (std::size_t i = links_.size(); i-- > 0;) {
            const auto next = step(links_[i], result);
            if (!next || (links_[i].node->form == Form::Number && !value::fits_int64(*next))) return std::nullopt;
            result = *next;
        }
        return result;
    }

    [[nodiscard]] NodeId column() const { return column_; }

private:
    [[nodiscard]] std::optional<Link> link_of(const Node& node) const {
        switch (node.opcode) {
            case Opcode::Widen:
            case Opcode::Narrow: return Link{&node, true, 0};
            case Opcode::Add:
            case Opcode::AddW:
            case Opcode::Subtract:
            case Opcode::SubtractW:
            case Opcode::Multiply:
            case Opcode::MultiplyW:
            case Opcode::Minimum:
            case Opcode::MinimumW:
            case Opcode::Maximum:
            case Opcode::MaximumW:
            case Opcode::AddMonths:
            case Opcode::MonthsBetween: return with_constant(node, true);
            case Opcode::DivideHalfUp:
            case Opcode::DivideDown:
            case Opcode::DivideUp:
            case Opcode::DivideHalfEven: return with_constant(node, false);
            default: return std::nullopt;
        }
    }

    [[nodiscard]] std::optional<Link> with_constant(const Node& node, bool either) const {
        const Node& a = code_.nodes[node.a];
        const Node& b = code_.nodes[node.b];
        if (b.constant && b.low == b.high) return Link{&node, true, b.low};
        if (either && a.constant && a.low == a.high) return Link{&node, false, a.low};
        return std::nullopt;
    }

    static std::optional<Int128> step(const Link& link, Int128 value) {
        const Int128 a = link.first ? value : link.other, b = link.first ? link.other : value;
        const auto n = [](Int128 number) { return static_cast<std::int64_t>(number); };
        using value::Rounding;
        switch (link.node->opcode) {
            case Opcode::Add:
            case Opcode::AddW: return value::checked_add(a, b);
            case Opcode::Subtract:
            case Opcode::SubtractW: return value::checked_sub(a, b);
            case Opcode::Multiply:
            case Opcode::MultiplyW: return value::checked_mul(a, b);
            case Opcode::Minimum:
            case Opcode::MinimumW: return value::domain::minimum(a, b);
            case Opcode::Maximum:
            case Opcode::MaximumW: return value::domain::maximum(a, b);
            case Opcode::DivideHalfUp: return value::domain::divide(n(a), n(b), Rounding::HalfUp);
            case Opcode::DivideDown: return value::domain::divide(n(a), n(b), Rounding::Down);
            case Opcode::DivideUp: return value::domain::divide(n(a), n(b), Rounding::Up);
            case Opcode::DivideHalfEven: return value::domain::divide(n(a), n(b), Rounding::HalfEven);
            case Opcode::AddMonths: return value::domain::add_months(n(a), n(b));
            case Opcode::MonthsBetween: return value::domain::months_between(n(a), n(b));
            default: return value;
        }
    }

    const Plan::Code& code_;
    std::vector<Link> links_;
    NodeId column_ = no_node;
};

}  // namespace

std::optional<Threshold> find_threshold(const Plan::Code& code, const Node& node) {
    bool strict = false;
    switch (node.opcode) {
        case Opcode::Less:
        case Opcode::LessW: strict = true; break;
        case Opcode::LessEqual:
        case Opcode::LessEqualW: break;
        default: return std::nullopt;
    }
    const Node& a = code.nodes[node.a];
    const Node& b = code.nodes[node.b];
    const bool constant_right = b.constant;
    const Node& limit = constant_right ? b : a;
    if (!limit.constant || limit.low != limit.high) return std::nullopt;
    Chain chain(code);
    if (!chain.follow(constant_right ? node.a : node.b)) return std::nullopt;
    const auto holds = [&](Int128 number) {
        const Int128 left = constant_right ? number : limit.low, right = constant_right ? limit.low : number;
        return strict ? left < right : left <= right;
    };
    const bytecode::Fact& fact = *code.sources[code.nodes[chain.column()].number].fact;
    const auto at_low = chain.at(fact.low), at_high = chain.at(fact.high);
    if (!at_low || !at_high) return std::nullopt;
    Threshold threshold{.column = chain.column()};
    threshold.below = holds(*at_low);
    if (holds(*at_high) == threshold.below) {
        threshold.always = true;
        threshold.holds = threshold.below;
        return threshold;
    }
    // The last value that answers as the low end does.
    std::int64_t low = fact.low, high = fact.high;
    while (Int128{high} - low > 1) {
        const auto middle = static_cast<std::int64_t>(low + (Int128{high} - low) / 2);
        const auto there = chain.at(middle);
        if (!there) return std::nullopt;
        (holds(*there) == threshold.below ? low : high) = middle;
    }
    threshold.bound = low;
    return threshold;
}

}  // namespace eligo::columnar
