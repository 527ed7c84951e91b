// Tested by tests/engines/columnar.cpp.
#include "ranges.hpp"

#include <limits>

namespace eligo::columnar {
namespace {

namespace domain = value::domain;
using Range = Interval<Int128>;

constexpr Range whole_number{std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
constexpr Range whole_wide{value::int128_min, value::int128_max};
constexpr Range any_truth{0, 1};

Range everything(Form form) { return form == Form::Wide ? whole_wide : form == Form::Truth ? any_truth : whole_number; }

// What does not fit wraps, and may then be anything of its width.
Range within(Form form, std::optional<Range> range) {
    if (!range || (form == Form::Number && !fits_number(*range))) return everything(form);
    return *range;
}

std::optional<Range> sum(const Range& a, const Range& b) {
    const auto low = value::checked_add(a.low, b.low), high = value::checked_add(a.high, b.high);
    if (!low || !high) return std::nullopt;
    return Range{*low, *high};
}
std::optional<Range> difference(const Range& a, const Range& b) {
    const auto low = value::checked_sub(a.low, b.high), high = value::checked_sub(a.high, b.low);
    if (!low || !high) return std::nullopt;
    return Range{*low, *high};
}
std::optional<Range> product(const Range& a, const Range& b) {
    Range result{value::int128_max, value::int128_min};
    for (const Int128 left : {a.low, a.high})
        for (const Int128 right : {b.low, b.high}) {
            const auto one = value::checked_mul(left, right);
            if (!one) return std::nullopt;
            result = domain::hull(result, Range{*one, *one});
        }
    return result;
}
Range quotient(const Range& a, const Range& b, value::Rounding rounding) {
    Range result{value::int128_max, value::int128_min};
    for (const Int128 numerator : {a.low, a.high})
        for (const Int128 divisor : {b.low, b.high}) {
            const Int128 one = domain::divide(numerator, divisor, rounding);
            result = domain::hull(result, Range{one, one});
        }
    // A divisor within the range may be taken for 1.
    if (b.low < 1) result = domain::hull(result, a);
    return result;
}
// Of a constant: an empty interval has its ends the wrong way round.
Range hull_of_ends(Int128 low, Int128 high) { return {domain::minimum(low, high), domain::maximum(low, high)}; }

class Finder {
public:
    Finder(const Plan::Code& code, std::span<const Interval<std::int64_t>> sources, Lane lanes) : code_(code), sources_(sources), lanes_(lanes) { ranges_.reserve(code.nodes.size()); }

    std::vector<Range> find() {
        for (const Node& node : code_.nodes) ranges_.push_back(within(node.form, range_of(node)));
        return std::move(ranges_);
    }

private:
    [[nodiscard]] std::optional<Range> range_of(const Node& node) const {
        if (node.constant) return hull_of_ends(node.low, node.high);
        if (node.form == Form::Truth) return any_truth;
        const Range a = node.a == no_node ? Range{0, 0} : ranges_[node.a], b = node.b == no_node ? Range{0, 0} : ranges_[node.b], c = node.c == no_node ? Range{0, 0} : ranges_[node.c];
        switch (node.opcode) {
            case Opcode::Input: return Range{sources_[node.number].low, sources_[node.number].high};
            case Opcode::Parameter: {
                const auto& parameter = code_.pack->parameters[node.number];
                return Range{parameter.low, parameter.high};
            }
            case Opcode::YearEnd: return Range{value::domain::calendar_day(std::numeric_limits<std::int64_t>::min()) - 400'000, value::domain::calendar_day(std::numeric_limits<std::int64_t>::max()) + 400'000};
            case Opcode::Add:
            case Opcode::AddW: return sum(a, b);
            case Opcode::Subtract:
            case Opcode::SubtractW: return difference(a, b);
            case Opcode::Multiply:
            case Opcode::MultiplyW:
            case Opcode::MultiplyAlong:
            case Opcode::MultiplyAlongW:
            case Opcode::MultiplyAcross:
            case Opcode::MultiplyAcrossW: return product(a, b);
            case Opcode::Minimum:
            case Opcode::MinimumW: return Range{domain::minimum(a.low, b.low), domain::minimum(a.high, b.high)};
            case Opcode::Maximum:
            case Opcode::MaximumW: return Range{domain::maximum(a.low, b.low), domain::maximum(a.high, b.high)};
            case Opcode::Absolute:
            case Opcode::AbsoluteW: return a.low <= -value::int128_max ? std::nullopt : std::optional<Range>(domain::absolute(a));
            case Opcode::DivideHalfUp:
            case Opcode::DivideHalfUpW: return quotient(a, b, value::Rounding::HalfUp);
            case Opcode::DivideDown:
            case Opcode::DivideDownW: return quotient(a, b, value::Rounding::Down);
            case Opcode::DivideUp:
            case Opcode::DivideUpW: return quotient(a, b, value::Rounding::Up);
            case Opcode::DivideHalfEven:
            case Opcode::DivideHalfEvenW: return quotient(a, b, value::Rounding::HalfEven);
            case Opcode::Widen:
            case Opcode::Swap:
            case Opcode::SwapW: return a;
            case Opcode::Narrow: return fits_number(a) ? std::optional<Range>(a) : std::nullopt;
            case Opcode::Ends:
            case Opcode::EndsW: return b;
            case Opcode::AddMonths: return Range{-500'000, 600'000};       // the years from 1000 to 3199 and more
            case Opcode::MonthsBetween: return Range{-13'000, 13'000};     // a thousand years
            case Opcode::Truth: return any_truth;
            case Opcode::Select:
            case Opcode::SelectW:
            case Opcode::SelectEnds:
            case Opcode::SelectEndsW:
                if (lanes_ == Lane::Known && is_empty(node.c)) return b;
                if (lanes_ == Lane::Known && is_empty(node.b)) return c;
                return domain::hull(b, c);
            case Opcode::OrUnknown:
            case Opcode::OrUnknownW: return domain::hull(b, hull_of_ends(node.low, node.high));
            case Opcode::ReduceMinimum:
            case Opcode::ReduceMinimumW:
            case Opcode::ReduceMaximum:
            case Opcode::ReduceMaximumW: return domain::hull(a, Range{0, 0});
            case Opcode::ReduceSum:
            case Opcode::ReduceSumW: return product(domain::hull(a, Range{0, 0}), Range{0, code_.levels[node.number].most});
            default: return std::nullopt;
        }
    }

    [[nodiscard]] bool is_empty(NodeId id) const { return code_.nodes[id].constant && code_.nodes[id].low > code_.nodes[id].high; }

    const Plan::Code& code_;
    std::span<const Interval<std::int64_t>> sources_;
    Lane lanes_;
    std::vector<Range> ranges_;
};

}  // namespace

std::vector<Interval<Int128>> find_ranges(const Plan::Code& code, std::span<const Interval<std::int64_t>> sources, Lane lanes) {
    return Finder(code, sources, lanes).find();
}

std::vector<Interval<std::int64_t>> declared_ranges(const Plan::Code& code) {
    std::vector<Interval<std::int64_t>> ranges;
    for (const InputSource& source : code.sources) ranges.push_back({source.fact->low, source.fact->high});
    return ranges;
}

}  // namespace eligo::columnar
