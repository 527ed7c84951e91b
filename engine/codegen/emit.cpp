// Emitting: a loop's body stands together, after all that it needs from outside and before what needs its
// reductions; a value proved to fit 64 bits is computed in 64.
#include "emit.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

#include "../value/exactly.hpp"

namespace eligo::codegen {
namespace {

using bytecode::Instruction;
using bytecode::Register;

Opcode wide_form(Opcode opcode) {
    switch (opcode) {
        case Opcode::Add: return Opcode::AddW;
        case Opcode::Subtract: return Opcode::SubtractW;
        case Opcode::Multiply: return Opcode::MultiplyW;
        case Opcode::Minimum: return Opcode::MinimumW;
        case Opcode::Maximum: return Opcode::MaximumW;
        case Opcode::Absolute: return Opcode::AbsoluteW;
        case Opcode::DivideHalfUp: return Opcode::DivideHalfUpW;
        case Opcode::DivideDown: return Opcode::DivideDownW;
        case Opcode::DivideUp: return Opcode::DivideUpW;
        case Opcode::DivideHalfEven: return Opcode::DivideHalfEvenW;
        case Opcode::Less: return Opcode::LessW;
        case Opcode::LessEqual: return Opcode::LessEqualW;
        case Opcode::Equal: return Opcode::EqualW;
        case Opcode::Select: return Opcode::SelectW;
        case Opcode::MultiplyAlong: return Opcode::MultiplyAlongW;
        case Opcode::MultiplyAcross: return Opcode::MultiplyAcrossW;
        case Opcode::Ends: return Opcode::EndsW;
        case Opcode::Swap: return Opcode::SwapW;
        case Opcode::Lesser: return Opcode::LesserW;
        case Opcode::Choice: return Opcode::ChoiceW;
        case Opcode::SelectEnds: return Opcode::SelectEndsW;
        case Opcode::OrUnknown: return Opcode::OrUnknownW;
        case Opcode::ReduceSum: return Opcode::ReduceSumW;
        case Opcode::ReduceMinimum: return Opcode::ReduceMinimumW;
        case Opcode::ReduceMaximum: return Opcode::ReduceMaximumW;
        default: return opcode;
    }
}

bool is_reduction(Opcode opcode) {
    return opcode == Opcode::ReduceSum || opcode == Opcode::ReduceAny || opcode == Opcode::ReduceMinimum || opcode == Opcode::ReduceMaximum;
}

class Emitter {
public:
    Emitter(const Graph& graph, std::span<const NodeId> roots)
        : graph_(graph), live_(graph.size(), false), wants_wide_(graph.size(), false), wants_narrow_(graph.size(), false) {
        result_.narrow.assign(graph.size(), no_node);
        result_.wide.assign(graph.size(), no_node);
        for (const NodeId root : roots) {
            mark(root);
            if (!graph_.node(root).empty) wants_narrow_[root] = true;
        }
        for (NodeId id = 0; id < graph_.size(); ++id) {
            if (!live_[id]) continue;
            want_operands(id);
            find_loops(id);
        }
    }

    Emission emit_all(std::span<const NodeId> roots) {
        for (const NodeId root : roots) emit(root);
        result_.program.sets = graph_.sets();
        return std::move(result_);
    }

private:
    void mark(NodeId root) {
        std::vector<NodeId> open{root};
        while (!open.empty()) {
            const NodeId id = open.back();
            open.pop_back();
            if (id == no_node || live_[id]) continue;
            live_[id] = true;
            const Node& node = graph_.node(id);
            for (const NodeId operand : {node.a, node.b, node.c}) open.push_back(operand);
        }
    }

    // In which loops a node stands.
    void find_loops(NodeId id) {
        const Node& node = graph_.node(id);
        if (is_reduction(node.opcode)) loops_[node.c].reductions.push_back(id);
        if (node.opcode == Opcode::Loop) return;
        for (NodeId loop = node.region; loop != no_node; loop = graph_.node(loop).region) loops_[loop].body.push_back(id);
    }

    bool fits(NodeId id) const { return graph_.node(id).empty || value::fits_int64(graph_.node(id).range); }

    // Whether the instruction of a node works in 128 bits.
    bool works_wide(const Node& node) const {
        switch (node.opcode) {
            case Opcode::Add: case Opcode::Subtract: case Opcode::Multiply: case Opcode::Minimum: case Opcode::Maximum: case Opcode::Absolute:
            case Opcode::DivideHalfUp: case Opcode::DivideDown: case Opcode::DivideUp: case Opcode::DivideHalfEven:
            case Opcode::MultiplyAlong: case Opcode::MultiplyAcross: case Opcode::Ends: case Opcode::Swap:
                return !value::fits_int64(node.range) || !fits(node.a) || (node.b != no_node && !fits(node.b));
            case Opcode::Less: case Opcode::LessEqual: case Opcode::Equal: case Opcode::Lesser: return !fits(node.a) || !fits(node.b);
            case Opcode::Choice: return !fits(node.b) || !fits(node.c);
            case Opcode::Select: case Opcode::SelectEnds: return !value::fits_int64(node.range) || !fits(node.b) || !fits(node.c);
            case Opcode::OrUnknown: return !value::fits_int64(node.range) || !fits(node.b);
            case Opcode::ReduceSum: case Opcode::ReduceMinimum: case Opcode::ReduceMaximum: return !value::fits_int64(node.range) || !fits(node.a);
            default: return false;
        }
    }

    // Which operands of an instruction are numbers of its own width.
    static bool is_own_width(Opcode opcode, int operand) {
        switch (opcode) {
            case Opcode::Select: case Opcode::SelectEnds: case Opcode::Choice: return operand != 0;
            case Opcode::OrUnknown: return operand == 1;
            case Opcode::ReduceSum: case Opcode::ReduceMinimum: case Opcode::ReduceMaximum: return operand == 0;
            default: return true;
        }
    }

    void want_operands(NodeId id) {
        const Node& node = graph_.node(id);
        const bool wide = works_wide(node);
        const NodeId operands[] = {node.a, node.b, node.c};
        for (int k = 0; k < 3; ++k) {
            if (operands[k] == no_node) continue;
            if (wide && is_own_width(node.opcode, k)) wants_wide_[operands[k]] = true;
            else wants_narrow_[operands[k]] = true;
        }
    }

    // Registers and entries of tables are named by 16 bits; of a program that needs more no more is kept.
    std::uint32_t append(Opcode opcode, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0) {
        auto& code = result_.program.code;
        const auto first = value::exactly<std::uint16_t>(a), second = value::exactly<std::uint16_t>(b), third = value::exactly<std::uint16_t>(c);
        result_.too_large = result_.too_large || code.size() == most_instructions || !first || !second || !third;
        if (!result_.too_large) code.push_back({opcode, *first, *second, *third});
        return code.empty() ? 0 : static_cast<NodeId>(code.size() - 1);
    }

    template <class T>
    struct Pool {
        std::map<std::pair<Int128, Int128>, std::uint32_t> numbers;
        std::uint32_t number_of(std::vector<T>& pool, const T& value) {
            const auto [found, is_new] = numbers.try_emplace({value.low, value.high}, static_cast<NodeId>(pool.size()));
            if (is_new) pool.push_back(value);
            return found->second;
        }
    };
    std::uint32_t pooled(const bytecode::Constant& value) { return constants_.number_of(result_.program.constants, value); }
    std::uint32_t pooled(const bytecode::WideConstant& value) { return wide_constants_.number_of(result_.program.wide_constants, value); }

    // Of what is proved to fit.
    static bytecode::Constant narrow_constant(const Range& range) { return {value::exactly<std::int64_t>(range.low).value(), value::exactly<std::int64_t>(range.high).value()}; }

    void emit_constant(NodeId id) {
        const Node& node = graph_.node(id);
        if (node.opcode == Opcode::ConstantB) {
            result_.narrow[id] = append(Opcode::ConstantB, pooled(narrow_constant(node.range)));
            return;
        }
        if (fits(id) && wants_narrow_[id]) {
            bytecode::Constant constant{std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()};
            if (!node.empty) constant = narrow_constant(node.range);
            result_.narrow[id] = append(Opcode::Constant, pooled(constant));
        }
        if (!fits(id) || wants_wide_[id]) {
            bytecode::WideConstant constant{node.range.low, node.range.high};
            if (node.empty) constant = {value::int128_max, value::int128_min};
            result_.wide[id] = append(Opcode::ConstantW, pooled(constant));
        }
    }

    // What is to be done stands in a list and not on the stack: a table has as many choices within each other as rows.
    enum class Task : std::uint8_t { Whole, One, BeginLoop, EndLoop };
    void emit(NodeId root) {
        tasks_.push_back({Task::Whole, root});
        while (!tasks_.empty()) {
            const auto [task, id] = tasks_.back();
            tasks_.pop_back();
            switch (task) {
                case Task::Whole: emit_whole(id); break;
                case Task::One: emit_one(id); break;
                case Task::BeginLoop: result_.narrow[id] = append(Opcode::Loop, graph_.node(id).number); break;
                case Task::EndLoop: end_loop(id); break;
            }
        }
    }

    // A node behind its operands.
    void emit_whole(NodeId id) {
        if (id == no_node || result_.narrow[id] != no_node || result_.wide[id] != no_node) return;
        const Node& node = graph_.node(id);
        if (node.empty || node.opcode == Opcode::Constant || node.opcode == Opcode::ConstantB) return emit_constant(id);
        const std::size_t first = tasks_.size();
        if (is_reduction(node.opcode)) {
            add_loop(node.c);
        } else {
            for (const NodeId operand : {node.a, node.b, node.c}) tasks_.push_back({Task::Whole, operand});
            tasks_.push_back({Task::One, id});
        }
        // The first is done first.
        std::reverse(tasks_.begin() + static_cast<std::ptrdiff_t>(first), tasks_.end());
    }

    void add_loop(NodeId loop) {
        const Loop& all = loops_[loop];
        for (const NodeId id : all.body) add_outside_operands(graph_.node(id), loop);
        for (const NodeId id : all.reductions) add_outside_operands(graph_.node(id), loop);
        tasks_.push_back({Task::BeginLoop, loop});
        for (const NodeId id : all.body)
            if (graph_.node(id).region == loop) tasks_.push_back({Task::Whole, id});
        tasks_.push_back({Task::EndLoop, loop});
    }
    void add_outside_operands(const Node& node, NodeId loop) {
        for (const NodeId operand_ : {node.a, node.b, node.c}) {
            if (operand_ == no_node || graph_.node(operand_).opcode == Opcode::Loop) continue;
            if (!graph_.within(graph_.node(operand_).region, loop)) tasks_.push_back({Task::Whole, operand_});
        }
    }
    void end_loop(NodeId loop) {
        const std::uint32_t begin = result_.narrow[loop];
        for (const NodeId id : loops_[loop].reductions) emit_one(id);
        const std::uint32_t end = append(Opcode::EndLoop, begin);
        if (!result_.too_large) result_.program.code[begin].b = value::exactly<std::uint16_t>(end).value();
        for (const NodeId id : loops_[loop].reductions) convert(id);
    }

    std::uint32_t operand(NodeId id, bool wide) const {
        if (id == no_node) return 0;
        return wide ? result_.wide[id] : result_.narrow[id];
    }

    // The instruction of a node whose operands are there.
    void emit_one(NodeId id) {
        const Node& node = graph_.node(id);
        const bool wide = works_wide(node);
        const auto place = [&](NodeId of, int k) { return operand(of, wide && is_own_width(node.opcode, k)); };
        std::uint32_t a = place(node.a, 0), b = place(node.b, 1), c = place(node.c, 2);
        Opcode opcode = wide ? wide_form(node.opcode) : node.opcode;
        switch (node.opcode) {
            case Opcode::Input:
                if (node.truth) opcode = Opcode::InputB;
                a = node.number;
                break;
            case Opcode::Field:
                if (node.truth) opcode = Opcode::FieldB;
                a = node.number;
                break;
            case Opcode::Given: case Opcode::FieldGiven: case Opcode::YearEnd: case Opcode::Parameter: case Opcode::ParameterGiven: a = node.number; break;
            case Opcode::InSet: b = node.number; break;
            case Opcode::ReduceAny: b = 0; break;
            case Opcode::OrUnknown:
                c = wide ? pooled(bytecode::WideConstant{node.unknown.low, node.unknown.high})
                         : pooled(narrow_constant(node.unknown));
                break;
            default: break;
        }
        const std::uint32_t at = append(opcode, a, b, c);
        (wide && !node.truth ? result_.wide : result_.narrow)[id] = at;
        if (!is_reduction(node.opcode)) convert(id);
    }

    // The other width of a value, where someone asks for it, right behind it: inside the same loop.
    void convert(NodeId id) {
        if (result_.narrow[id] == no_node && fits(id) && wants_narrow_[id]) result_.narrow[id] = append(Opcode::Narrow, result_.wide[id]);
        if (result_.wide[id] == no_node && wants_wide_[id]) result_.wide[id] = append(Opcode::Widen, result_.narrow[id]);
    }

    const Graph& graph_;
    std::vector<bool> live_, wants_wide_, wants_narrow_;
    struct Loop {
        std::vector<NodeId> body, reductions;  // what stands in it, loops in it and their bodies too; what it gathers
    };
    std::map<NodeId, Loop> loops_;
    std::vector<std::pair<Task, NodeId>> tasks_;
    Pool<bytecode::Constant> constants_;
    Pool<bytecode::WideConstant> wide_constants_;
    Emission result_;
};

}  // namespace

bytecode::Register Emission::of(NodeId node) const {
    if (node == no_node) return bytecode::no_register;
    return value::exactly<bytecode::Register>(narrow[node] != no_node ? narrow[node] : wide[node]).value();
}

Emission emit(const Graph& graph, std::span<const NodeId> roots) { return Emitter(graph, roots).emit_all(roots); }

}  // namespace eligo::codegen
