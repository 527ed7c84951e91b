// Building the graph: every node once, its range from its operands' ranges.
#include "graph.hpp"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "../value/date.hpp"
#include "../value/exactly.hpp"

namespace eligo::codegen {
namespace {

constexpr Range truth_range{0, 1};
// What arithmetic on dates may reach; value/date.hpp is total there.
constexpr Range calendar{value::first_calculated_day, value::last_calculated_day};
constexpr Range month_counts{-7200, 7200};

// The least number of 128 bits has no opposite: who shows numbers relies on there being one.
std::optional<Range> held(std::optional<Range> range) { return range && range->low != value::int128_min ? range : std::nullopt; }

// Of days within the calendar, and of months by which it is moved through.
value::Day day_of(Int128 number) { return value::exactly<value::Day>(number).value(); }
std::int32_t months_of(Int128 number) { return value::exactly<std::int32_t>(number).value(); }
Range later(const Range& days, const Range& months) {
    return {value::add_months(day_of(days.low), months_of(months.low)), value::add_months(day_of(days.high), months_of(months.high))};
}
Range between(const Range& from, const Range& to) {
    return {value::months_between(day_of(from.high), day_of(to.low)), value::months_between(day_of(from.low), day_of(to.high))};
}

}  // namespace

std::size_t Graph::Hash::operator()(const Node& node) const {
    std::size_t hash = static_cast<std::size_t>(node.opcode);
    const auto mix = [&hash](value::UInt128 more) { hash = (hash ^ static_cast<std::size_t>(more)) * 0x9E3779B97F4A7C15ULL; };
    mix(node.a);
    mix(node.b);
    mix(node.c);
    mix(node.number);
    mix(node.stage);
    if (node.opcode == Opcode::Constant || node.opcode == Opcode::ConstantB) mix(static_cast<value::UInt128>(node.range.low));
    return hash ^ (hash >> 32);
}

bool Graph::Same::operator()(const Node& a, const Node& b) const {
    return a.opcode == b.opcode && a.a == b.a && a.b == b.b && a.c == b.c && a.number == b.number && a.truth == b.truth && a.range == b.range &&
           a.unknown == b.unknown && a.stage == b.stage && a.empty == b.empty && (a.opcode != Opcode::Loop || a.region == b.region);
}

Graph::Graph() : dependencies_(1) {
    Node node;
    node.empty = true;
    empty_ = make(node);
}

std::uint32_t Graph::merge(std::uint32_t a, std::uint32_t b) {
    if (a == b || b == 0) return a;
    if (a == 0) return b;
    const auto [found, is_new] = merged_.try_emplace(std::minmax(a, b), static_cast<NodeId>(dependencies_.size()));
    if (is_new) dependencies_.push_back({.a = a, .b = b});
    return found->second;
}

std::uint32_t Graph::own_dependency(NodeId loop) {
    const auto [found, is_new] = own_dependencies_.try_emplace(loop, static_cast<NodeId>(dependencies_.size()));
    if (is_new) dependencies_.push_back({.loop = loop});
    return found->second;
}

bool Graph::within(NodeId inner, NodeId outer) const {
    if (outer == no_node) return true;
    for (NodeId at = inner; at != no_node; at = nodes_[at].region)
        if (at == outer) return true;
    return false;
}

std::size_t Graph::depth(NodeId loop) const {
    std::size_t count = 0;
    for (NodeId at = loop; at != no_node; at = nodes_[at].region) ++count;
    return count;
}

void Graph::inherit(Node& node, NodeId operand) {
    if (operand == no_node) return;
    const Node& from = nodes_[operand];
    node.depends = merge(node.depends, from.depends);
    const NodeId region = from.opcode == Opcode::Loop ? operand : from.region;
    // Of two loops whose elements meet one lies in the other: lowering places them so.
    if (!within(node.region, region)) node.region = region;
}

NodeId Graph::make(Node node) {
    // Whatever can only come to one value is that value, whoever asks.
    const bool source = node.opcode == Opcode::Constant || node.opcode == Opcode::ConstantB || node.opcode == Opcode::Loop || node.empty || node.partial;
    if (!source && value::is_point(node.range) && node.opcode != Opcode::OrUnknown) return node.truth ? truth(node.range.low != 0) : constant(node.range.low);
    const auto found = known_.find(node);
    if (found != known_.end()) return found->second;
    // A reduction is told by its loop, but stands outside it.
    const bool reduction = bytecode::row(node.opcode).name.starts_with("Reduce");
    for (const NodeId operand : {node.a, node.b, node.c})
        if (!(reduction && operand == node.c)) inherit(node, operand);
    if (reduction) {
        const NodeId loop = node.c;
        node.region = nodes_[loop].region;
        if (node.depends != 0) needed_[loop].insert(node.depends);
        node.depends = merge(node.depends, own_dependency(loop));
    }
    const auto id = static_cast<NodeId>(nodes_.size());
    nodes_.push_back(node);
    if (node.opcode == Opcode::Loop) passes_[{node.number, node.region, node.stage}] = id;
    known_.emplace(node, id);
    return id;
}

NodeId Graph::constant(Int128 value) { return make({.opcode = Opcode::Constant, .range = value::point(value)}); }
NodeId Graph::truth(bool value) { return make({.opcode = Opcode::ConstantB, .range = value::point(value ? 1 : 0), .truth = true}); }

NodeId Graph::input(std::uint32_t slot, Range range, bool truth) { return make({.opcode = Opcode::Input, .number = slot, .range = range, .truth = truth}); }
NodeId Graph::given(std::uint32_t slot) { return make({.opcode = Opcode::Given, .number = slot, .range = truth_range, .truth = true}); }
NodeId Graph::field(std::uint32_t field, NodeId loop, Range range, bool truth) {
    return make({.opcode = Opcode::Field, .b = loop, .number = field, .range = range, .truth = truth});
}
NodeId Graph::field_given(std::uint32_t field, NodeId loop) {
    return make({.opcode = Opcode::FieldGiven, .b = loop, .number = field, .range = truth_range, .truth = true});
}
NodeId Graph::as_of() { return make({.opcode = Opcode::AsOf, .range = {value::first_day, value::last_day}}); }
NodeId Graph::known_on() { return make({.opcode = Opcode::KnownOn, .range = {value::first_day, value::last_day}}); }
NodeId Graph::year_end(std::int32_t offset) {
    return make({.opcode = Opcode::YearEnd,
                 .number = std::bit_cast<std::uint16_t>(value::exactly<std::int16_t>(offset).value()),
                 .range = {value::year_end(1900 + offset), value::year_end(2199 + offset)}});
}
NodeId Graph::parameter(std::uint32_t number, NodeId day, Range range) { return make({.opcode = Opcode::Parameter, .b = day, .number = number, .range = range}); }
NodeId Graph::parameter_given(std::uint32_t number, NodeId day) {
    return make({.opcode = Opcode::ParameterGiven, .b = day, .number = number, .range = truth_range, .truth = true});
}

std::optional<NodeId> Graph::add(NodeId a, NodeId b) {
    if (is_constant(a) && nodes_[a].range.low == 0) return b;
    if (is_constant(b) && nodes_[b].range.low == 0) return a;
    // a + (0 - b) is a - b.
    for (const auto& [kept, opposite] : {std::pair(a, b), std::pair(b, a)}) {
        const Node& node = nodes_[opposite];
        if (node.opcode == Opcode::Subtract && is_constant(node.a) && nodes_[node.a].range.low == 0) return subtract(kept, node.b);
    }
    const auto range = held(value::add(nodes_[a].range, nodes_[b].range));
    if (!range) return std::nullopt;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Add, .a = a, .b = b, .range = *range});
}
std::optional<NodeId> Graph::subtract(NodeId a, NodeId b) {
    if (is_constant(b) && nodes_[b].range.low == 0) return a;
    const auto range = held(value::subtract(nodes_[a].range, nodes_[b].range));
    if (!range) return std::nullopt;
    return make({.opcode = Opcode::Subtract, .a = a, .b = b, .range = *range});
}
std::optional<NodeId> Graph::multiply(NodeId a, NodeId b) {
    if (is_constant(a) && nodes_[a].range.low == 1) return b;
    if (is_constant(b) && nodes_[b].range.low == 1) return a;
    const auto range = held(value::multiply(nodes_[a].range, nodes_[b].range));
    if (!range) return std::nullopt;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Multiply, .a = a, .b = b, .range = *range});
}
std::optional<NodeId> Graph::multiply(NodeId a, Int128 factor) { return multiply(a, constant(factor)); }

NodeId Graph::minimum(NodeId a, NodeId b) {
    if (nodes_[a].range.high <= nodes_[b].range.low) return a;
    if (nodes_[b].range.high <= nodes_[a].range.low) return b;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Minimum, .a = a, .b = b, .range = *value::minimum(nodes_[a].range, nodes_[b].range)});
}
NodeId Graph::maximum(NodeId a, NodeId b) {
    if (nodes_[a].range.low >= nodes_[b].range.high) return a;
    if (nodes_[b].range.low >= nodes_[a].range.high) return b;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Maximum, .a = a, .b = b, .range = *value::maximum(nodes_[a].range, nodes_[b].range)});
}
std::optional<NodeId> Graph::absolute(NodeId a) {
    if (nodes_[a].range.low >= 0) return a;
    const auto range = value::absolute(nodes_[a].range);
    if (!range) return std::nullopt;
    return make({.opcode = Opcode::Absolute, .a = a, .range = *range});
}
std::optional<NodeId> Graph::divide(NodeId a, NodeId b, value::Rounding rounding) {
    if (is_constant(b) && nodes_[b].range.low == 1) return a;
    const auto range = value::divide_rounded(nodes_[a].range, nodes_[b].range, rounding);
    if (!range) return std::nullopt;
    const Opcode opcode = rounding == value::Rounding::HalfUp ? Opcode::DivideHalfUp
                          : rounding == value::Rounding::Down ? Opcode::DivideDown
                          : rounding == value::Rounding::Up   ? Opcode::DivideUp
                                                              : Opcode::DivideHalfEven;
    return make({.opcode = opcode, .a = a, .b = b, .range = *range});
}
std::optional<NodeId> Graph::add_months(NodeId day, NodeId months) {
    const Range days = nodes_[day].range, count = nodes_[months].range;
    if (is_constant(months) && count.low == 0) return day;
    if (!value::contains(calendar, days) || !value::contains(month_counts, count)) return std::nullopt;
    const Range range = later(days, count);
    if (!value::contains(calendar, range)) return std::nullopt;
    return make({.opcode = Opcode::AddMonths, .a = day, .b = months, .range = range});
}
std::optional<NodeId> Graph::add_days(NodeId day, NodeId days) {
    const auto sum = add(day, days);
    return sum && value::contains(calendar, nodes_[*sum].range) ? sum : std::nullopt;
}
std::optional<NodeId> Graph::months_between(NodeId from, NodeId to) {
    const Range a = nodes_[from].range, b = nodes_[to].range;
    if (!value::contains(calendar, a) || !value::contains(calendar, b)) return std::nullopt;
    return make({.opcode = Opcode::MonthsBetween, .a = from, .b = to, .range = between(a, b)});
}

Range Graph::range_where(NodeId id, NodeId of, const Range& within, int steps) const {
    const Node& node = nodes_[id];
    if (id == of) return value::intersect(node.range, within).value_or(node.range);
    if (steps == 0 || node.partial || node.empty || node.a == no_node) return node.range;
    const Range a = range_where(node.a, of, within, steps - 1), b = node.b == no_node ? Range{} : range_where(node.b, of, within, steps - 1);
    const auto truth_in = [](bool certainly, bool possibly) { return Range{certainly ? 1 : 0, possibly ? 1 : 0}; };
    std::optional<Range> range;
    switch (node.opcode) {
        case Opcode::Add: range = value::add(a, b); break;
        case Opcode::Subtract: range = value::subtract(a, b); break;
        case Opcode::Minimum: range = value::minimum(a, b); break;
        case Opcode::Maximum: range = value::maximum(a, b); break;
        case Opcode::AddMonths: range = later(a, b); break;
        case Opcode::MonthsBetween: range = between(a, b); break;
        case Opcode::Less: range = truth_in(a.high < b.low, a.low < b.high); break;
        case Opcode::LessEqual: range = truth_in(a.high <= b.low, a.low <= b.high); break;
        case Opcode::Equal: range = truth_in(value::is_point(a) && a == b, a.low <= b.high && b.low <= a.high); break;
        case Opcode::Not: range = Range{1 - a.high, 1 - a.low}; break;
        case Opcode::And: range = value::minimum(a, b); break;
        case Opcode::Or: range = value::maximum(a, b); break;
        default: break;
    }
    return range ? value::intersect(*range, node.range).value_or(node.range) : node.range;
}

NodeId Graph::less(NodeId a, NodeId b) {
    const Range x = nodes_[a].range, y = nodes_[b].range;
    if (x.high < y.low) return truth(true);
    if (x.low >= y.high) return truth(false);
    return make({.opcode = Opcode::Less, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::less_equal(NodeId a, NodeId b) {
    const Range x = nodes_[a].range, y = nodes_[b].range;
    if (x.high <= y.low) return truth(true);
    if (x.low > y.high) return truth(false);
    return make({.opcode = Opcode::LessEqual, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::equal(NodeId a, NodeId b) {
    const Range x = nodes_[a].range, y = nodes_[b].range;
    if (x.high < y.low || y.high < x.low) return truth(false);
    if (is_constant(a) && is_constant(b)) return truth(x.low == y.low);
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Equal, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::in_set(NodeId a, const bytecode::Set& set) {
    const Range x = nodes_[a].range;
    bool touched = false;
    for (const auto& interval : set.intervals) {
        if (interval.low <= x.low && x.high <= interval.high) return truth(true);
        touched = touched || (interval.low <= x.high && x.low <= interval.high);
    }
    if (!touched) return truth(false);
    // A set is one of 64 bits, and has neither their first number nor their last: what lies further out is as good as one step beside it.
    if (!value::fits_int64(x)) a = minimum(maximum(a, constant(Int128{set.intervals.front().low} - 1)), constant(Int128{set.intervals.back().high} + 1));
    std::vector<std::pair<std::int64_t, std::int64_t>> intervals;
    for (const auto& interval : set.intervals) intervals.emplace_back(interval.low, interval.high);
    const auto [found, is_new] = set_numbers_.try_emplace(std::move(intervals), static_cast<NodeId>(sets_.size()));
    if (is_new) sets_.push_back(set);
    return make({.opcode = Opcode::InSet, .a = a, .number = found->second, .range = truth_range, .truth = true});
}
NodeId Graph::negation(NodeId a) {
    if (is_constant(a)) return truth(nodes_[a].range.low == 0);
    if (nodes_[a].opcode == Opcode::Not) return nodes_[a].a;
    return make({.opcode = Opcode::Not, .a = a, .range = truth_range, .truth = true});
}
NodeId Graph::conjunction(NodeId a, NodeId b) {
    if (is_false(a) || is_false(b)) return truth(false);
    if (is_true(a) || a == b) return b;
    if (is_true(b)) return a;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::And, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::disjunction(NodeId a, NodeId b) {
    if (is_true(a) || is_true(b)) return truth(true);
    if (is_false(a) || a == b) return b;
    if (is_false(b)) return a;
    if (a > b) std::swap(a, b);
    return make({.opcode = Opcode::Or, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::as_number(NodeId a) {
    if (is_constant(a)) return constant(nodes_[a].range.low);
    return make({.opcode = Opcode::Truth, .a = a, .range = truth_range});
}
NodeId Graph::select(NodeId condition, NodeId a, NodeId b) {
    if (is_true(condition) || a == b) return a;
    if (is_false(condition)) return b;
    const bool is_truth = nodes_[a].truth;
    if (is_truth) {
        if (is_true(b)) return disjunction(negation(condition), a);
        if (is_true(a)) return disjunction(condition, b);
        if (is_false(b)) return conjunction(condition, a);
        if (is_false(a)) return conjunction(negation(condition), b);
    }
    const Range range = nodes_[a].empty ? nodes_[b].range : nodes_[b].empty ? nodes_[a].range : *value::hull(nodes_[a].range, nodes_[b].range);
    const bool partial = nodes_[a].empty || nodes_[b].empty || nodes_[a].partial || nodes_[b].partial;
    return make({.opcode = is_truth ? Opcode::SelectB : Opcode::Select, .a = condition, .b = a, .c = b, .range = range, .truth = is_truth, .partial = partial});
}
std::optional<NodeId> Graph::multiply_along(NodeId a, NodeId b) {
    // With a number that is the same at both ends it is the plain product.
    if (is_constant(a) && is_constant(b)) return multiply(a, b);
    if (is_constant(a) && nodes_[a].range.low == 1) return b;
    if (is_constant(b) && nodes_[b].range.low == 1) return a;
    const auto range = held(value::multiply(nodes_[a].range, nodes_[b].range));
    if (!range) return std::nullopt;
    return make({.opcode = Opcode::MultiplyAlong, .a = a, .b = b, .range = *range});
}
std::optional<NodeId> Graph::multiply_across(NodeId a, NodeId b) {
    if (is_constant(b)) return multiply_along(a, b);
    const auto range = held(value::multiply(nodes_[a].range, nodes_[b].range));
    if (!range) return std::nullopt;
    return make({.opcode = Opcode::MultiplyAcross, .a = a, .b = b, .range = *range});
}
NodeId Graph::ends(NodeId a, NodeId b) {
    if (is_constant(b)) return b;
    return make({.opcode = Opcode::Ends, .a = a, .b = b, .range = nodes_[b].range});
}
NodeId Graph::swap(NodeId a) {
    if (is_constant(a)) return a;
    return make({.opcode = Opcode::Swap, .a = a, .range = nodes_[a].range});
}
NodeId Graph::lesser(NodeId a, NodeId b) {
    if (nodes_[a].range.high <= nodes_[b].range.low) return truth(true);
    if (nodes_[a].range.low > nodes_[b].range.high) return truth(false);
    return make({.opcode = Opcode::Lesser, .a = a, .b = b, .range = truth_range, .truth = true});
}
NodeId Graph::choice(NodeId condition, NodeId a, NodeId b) {
    if (is_constant(condition)) return condition;
    return make({.opcode = Opcode::Choice, .a = condition, .b = a, .c = b, .range = truth_range, .truth = true});
}
NodeId Graph::select_ends(NodeId which, NodeId a, NodeId b) {
    if (is_true(which) || a == b) return a;
    if (is_false(which)) return b;
    return make({.opcode = Opcode::SelectEnds, .a = which, .b = a, .c = b, .range = *value::hull(nodes_[a].range, nodes_[b].range)});
}
NodeId Graph::or_unknown(NodeId condition, NodeId a, Range unknown) {
    if (is_true(condition)) return a;
    const bool is_truth = nodes_[a].truth;
    return make({.opcode = is_truth ? Opcode::OrUnknownB : Opcode::OrUnknown, .a = condition, .b = a, .range = *value::hull(nodes_[a].range, unknown), .truth = is_truth, .unknown = unknown});
}

NodeId Graph::loop(std::uint32_t list, NodeId parent, std::uint32_t stage) {
    return make({.opcode = Opcode::Loop, .number = list, .range = truth_range, .region = parent, .stage = stage});
}
std::optional<NodeId> Graph::reduce_sum(NodeId a, NodeId counts, NodeId loop, std::uint32_t most) {
    if (is_false(counts)) return constant(0);
    const auto element = *value::hull(nodes_[a].range, Range{0, 0});
    const auto range = held(value::scale(element, Int128{most}));
    if (!range) return std::nullopt;
    return make({.opcode = Opcode::ReduceSum, .a = a, .b = counts, .c = loop, .range = *range});
}
NodeId Graph::reduce_any(NodeId holds, NodeId loop) {
    if (is_false(holds)) return truth(false);
    return make({.opcode = Opcode::ReduceAny, .a = holds, .c = loop, .range = truth_range, .truth = true});
}
NodeId Graph::reduce_extreme(bool greatest, NodeId a, NodeId counts, NodeId loop) {
    const Range range = *value::hull(nodes_[a].range, Range{0, 0});
    return make({.opcode = greatest ? Opcode::ReduceMaximum : Opcode::ReduceMinimum, .a = a, .b = counts, .c = loop, .range = range});
}

std::uint32_t Graph::stage_after(std::span<const NodeId> nodes, std::uint32_t list, NodeId parent) const {
    std::vector<std::uint32_t> dependencies;
    for (const NodeId id : nodes)
        if (id != no_node && nodes_[id].depends != 0) dependencies.push_back(nodes_[id].depends);
    if (dependencies.empty()) return 0;
    std::uint32_t stage = 0;
    for (const NodeId loop : loops_of(dependencies, Below::Said))
        if (nodes_[loop].number == list && nodes_[loop].region == parent) stage = std::max(stage, nodes_[loop].stage + 1);
    // What else a pass gathers may be what one of these rests on, so that neither could come first.
    const std::set<NodeId> needed = loops_of(std::move(dependencies), Below::All);
    for (auto pass = passes_.find({list, parent, stage}); pass != passes_.end() && needed.contains(pass->second); pass = passes_.find({list, parent, stage})) ++stage;
    return stage;
}

std::set<NodeId> Graph::loops_of(std::vector<std::uint32_t> dependencies, Below below) const {
    std::set<NodeId> loops;
    std::set<std::uint32_t> met{0};
    while (!dependencies.empty()) {
        const std::uint32_t number = dependencies.back();
        dependencies.pop_back();
        if (!met.insert(number).second) continue;
        const Dependency& dependency = dependencies_[number];
        dependencies.insert(dependencies.end(), {dependency.a, dependency.b});
        if (dependency.loop == no_node) continue;
        loops.insert(dependency.loop);
        if (below == Below::Said) continue;
        if (const auto found = needed_.find(dependency.loop); found != needed_.end()) dependencies.insert(dependencies.end(), found->second.begin(), found->second.end());
    }
    return loops;
}

std::size_t Graph::count_below(std::span<const NodeId> nodes) const {
    std::vector<bool> met(nodes_.size(), false);
    std::vector<NodeId> open(nodes.begin(), nodes.end());
    std::size_t count = 0;
    while (!open.empty()) {
        const NodeId id = open.back();
        open.pop_back();
        if (id == no_node || met[id]) continue;
        met[id] = true;
        ++count;
        open.insert(open.end(), {nodes_[id].a, nodes_[id].b, nodes_[id].c});
    }
    return count;
}

}  // namespace eligo::codegen
