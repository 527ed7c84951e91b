// From a pack's program to the graph of what some policies need: only what they need, what is fixed for a batch worked out,
// what is said twice said once, ages against thresholds turned into days. Tested by tests/engines/columnar.cpp.
#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>
#include <utility>

#include "code.hpp"
#include "execute.hpp"
#include "ranges.hpp"
#include "thresholds.hpp"

namespace eligo::columnar {

bool is_register_operand(Opcode opcode, std::size_t index) {
    const std::string_view spelled = bytecode::row(opcode).operands[index];
    return spelled == "N" || spelled == "W" || spelled == "B" || spelled == "L";
}
bool is_reduction(Opcode opcode) { return bytecode::row(opcode).name.starts_with("Reduce"); }

namespace {

using bytecode::Instruction;
using bytecode::Register;

constexpr std::size_t own_block = 2048;
constexpr std::size_t most_block_bytes = std::size_t{256} << 20;

Form form_of(Opcode opcode) {
    const char result = bytecode::row(opcode).result.front();
    return result == 'W' ? Form::Wide : result == 'B' ? Form::Truth : Form::Number;
}

std::uint16_t operand(const Instruction& instruction, std::size_t index) {
    return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c;
}

class Builder {
public:
    Builder(Plan::Code& code, std::span<const bytecode::Index> policies)
        : code_(code), pack_(*code.pack), program_(pack_.subjects[code.subject].program), policies_(policies) {}

    void build() {
        find_needed();
        code_.levels.emplace_back();
        nodes_of_.assign(program_.code.size(), no_node);
        level_of_loop_.assign(program_.code.size(), 0);
        open_.push_back(0);
        for (std::size_t i = 0; i < program_.code.size(); ++i)
            if (needed_[i]) translate(static_cast<Register>(i));
        for (std::size_t i = 0; i < policies_.size(); ++i) connect(i);
        drop_unused();
        list_inputs();
    }

private:
    // ---- what is needed

    template <class Visit>
    void each_root(const bytecode::Version& version, Visit visit) const {
        visit(version.in_force);
        visit(version.verdict);
        for (const auto& benefit : version.benefits) {
            visit(benefit.measure.value);
            visit(benefit.when);
        }
        if (code_.options.clauses)
            for (const auto& clause : version.clauses) visit(clause.outcome);
    }

    void find_needed() {
        needed_.assign(program_.code.size(), false);
        for (const bytecode::Index policy : policies_)
            for (const auto& version : pack_.policies[policy].versions)
                each_root(version, [&](Register root) {
                    if (root != bytecode::no_register) needed_[root] = true;
                });
        for (std::size_t i = program_.code.size(); i-- > 0;) {
            if (!needed_[i]) continue;
            const Instruction& instruction = program_.code[i];
            for (std::size_t k = 0; k < 3; ++k) {
                if (!is_register_operand(instruction.opcode, k)) continue;
                const Register used = operand(instruction, k);
                needed_[used] = true;  // the end of a loop needs nothing else, so that it may still be marked from above
                if (program_.code[used].opcode == Opcode::Loop) needed_[program_.code[used].b] = true;
            }
        }
    }

    // ---- nodes

    NodeId add(Node node) {
        const auto key = std::tuple(node.opcode, node.constant, node.level, node.a, node.b, node.c, node.number, node.low, node.high);
        if (!is_reduction(node.opcode)) {
            const auto found = known_.find(key);
            if (found != known_.end()) return found->second;
        }
        const auto id = static_cast<NodeId>(code_.nodes.size());
        code_.nodes.push_back(node);
        if (!is_reduction(node.opcode)) known_.emplace(key, id);
        if (!node.constant) code_.levels[node.level].items.push_back({false, id});
        return id;
    }

    NodeId constant(Form form, Int128 low, Int128 high) {
        static constexpr Opcode opcodes[] = {Opcode::Constant, Opcode::ConstantW, Opcode::ConstantB};
        Node node{.opcode = opcodes[static_cast<std::size_t>(form)], .form = form, .constant = true};
        node.low = low;
        node.high = high;
        return add(node);
    }

    const Node& at(NodeId id) const { return code_.nodes[id]; }
    bool is_constant(NodeId id) const { return id == no_node || at(id).constant; }
    bool is_truth(NodeId id, int truth) const { return at(id).constant && at(id).low == truth && at(id).high == truth; }

    // All operands are constants: what the instruction comes to is one too.
    NodeId folded(const Node& node, const Arguments& given) {
        struct Cell {
            std::int64_t number[2] = {};
            Int128 wide[2] = {};
        };
        std::array<Cell, 4> cells{};
        const auto ends = [](Cell& cell, Form form) { return form == Form::Wide ? Lanes{&cell.wide[0], &cell.wide[1]} : Lanes{&cell.number[0], &cell.number[1]}; };
        const auto operand_of = [&](Cell& cell, NodeId id) {
            if (id == no_node) return Lanes{};
            const Node& from = at(id);
            cell.wide[0] = from.low;
            cell.wide[1] = from.high;
            cell.number[0] = static_cast<std::int64_t>(from.low);
            cell.number[1] = static_cast<std::int64_t>(from.high);
            return ends(cell, from.form);
        };
        Arguments arguments = given;
        arguments.count = 1;
        arguments.result = ends(cells[0], node.form);
        arguments.a = operand_of(cells[1], node.a);
        arguments.b = operand_of(cells[2], node.b);
        arguments.c = operand_of(cells[3], node.c);
        execute(node.opcode, arguments);
        const Cell& result = cells[0];
        if (node.form == Form::Wide) return constant(node.form, result.wide[0], result.wide[1]);
        if (node.form == Form::Truth) return constant(node.form, result.number[0] & 1, result.number[1] & 1);
        return constant(node.form, result.number[0], result.number[1]);
    }

    // What an instruction comes to without being run, where that is plain to see.
    NodeId simplified(const Node& node) {
        const NodeId a = node.a, b = node.b, c = node.c;
        switch (node.opcode) {
            case Opcode::And:
                if (is_truth(a, 1) || a == b || is_truth(b, 0)) return b;
                if (is_truth(b, 1) || is_truth(a, 0)) return a;
                break;
            case Opcode::Or:
                if (is_truth(a, 0) || a == b || is_truth(b, 1)) return b;
                if (is_truth(b, 0) || is_truth(a, 1)) return a;
                break;
            case Opcode::Not:
                if (at(a).opcode == Opcode::Not) return at(a).a;
                break;
            case Opcode::Select:
            case Opcode::SelectW:
            case Opcode::SelectB:
            case Opcode::SelectEnds:
            case Opcode::SelectEndsW:
                if (is_truth(a, 1) || b == c) return b;
                if (is_truth(a, 0)) return c;
                break;
            case Opcode::OrUnknown:
            case Opcode::OrUnknownW:
            case Opcode::OrUnknownB:
                if (is_truth(a, 1)) return b;
                break;
            case Opcode::Ends:
            case Opcode::EndsW:
                if (at(b).constant && at(b).low == at(b).high) return b;
                break;
            case Opcode::Choice:
            case Opcode::ChoiceW:
                if (at(a).constant && at(a).low == at(a).high) return a;
                break;
            default: break;
        }
        return no_node;
    }

    // `chain <= constant` and its like, where the chain leads to one column and never turns: a comparison of that column, always
    // written `column <= bound` or its opposite, so that what means the same is the same.
    NodeId compared_at_the_column(const Node& node) {
        if (node.opcode == Opcode::Equal || node.opcode == Opcode::EqualW) return equal_to_constant(node);
        const auto threshold = find_threshold(code_, node);
        if (!threshold) return no_node;
        if (threshold->always) return constant(Form::Truth, threshold->holds, threshold->holds);
        Node simple{.opcode = Opcode::LessEqual, .form = Form::Truth, .level = at(threshold->column).level};
        simple.a = threshold->column;
        simple.b = constant(Form::Number, threshold->bound, threshold->bound);
        const NodeId below = add(simple);
        if (threshold->below) return below;
        return make({.opcode = Opcode::Not, .form = Form::Truth, .a = below}, {});
    }

    // Not above the constant, and not below it.
    NodeId equal_to_constant(const Node& node) {
        const bool right = at(node.b).constant;
        const Node& limit = at(right ? node.b : node.a);
        if (!limit.constant || limit.low != limit.high || limit.low == value::int128_min) return no_node;
        const Form form = node.opcode == Opcode::EqualW ? Form::Wide : Form::Number;
        if (form == Form::Number && limit.low == std::numeric_limits<std::int64_t>::min()) return no_node;
        Node side{.opcode = form == Form::Wide ? Opcode::LessEqualW : Opcode::LessEqual, .form = Form::Truth};
        side.a = right ? node.a : node.b;
        side.b = right ? node.b : node.a;
        if (!find_threshold(code_, side)) return no_node;
        const Int128 before = limit.low - 1;
        const NodeId not_above = make(side, {});
        side.b = constant(form, before, before);
        const NodeId not_below = make({.opcode = Opcode::Not, .form = Form::Truth, .a = make(side, {})}, {});
        return make({.opcode = Opcode::And, .form = Form::Truth, .a = not_above, .b = not_below}, {});
    }

    NodeId make(Node node, const Arguments& arguments) {
        for (const NodeId used : {node.a, node.b, node.c})
            if (used != no_node && at(used).level > node.level) node.level = at(used).level;
        if (is_constant(node.a) && is_constant(node.b) && is_constant(node.c) && node.opcode != Opcode::YearEnd) return folded(node, arguments);
        if (const NodeId same = simplified(node); same != no_node) return same;
        if (const NodeId simple = compared_at_the_column(node); simple != no_node) return simple;
        return add(node);
    }

    // ---- instructions

    void translate(Register i) {
        const Instruction& instruction = program_.code[i];
        const Opcode opcode = instruction.opcode;
        Node node{.opcode = opcode, .form = form_of(opcode)};
        Arguments arguments;
        arguments.known_on = code_.options.known_on;
        switch (opcode) {
            case Opcode::Constant:
            case Opcode::ConstantB: {
                const auto& value = program_.constants[instruction.a];
                nodes_of_[i] = constant(node.form, value.low, value.high);
                return;
            }
            case Opcode::ConstantW: {
                const auto& value = program_.wide_constants[instruction.a];
                nodes_of_[i] = constant(node.form, value.low, value.high);
                return;
            }
            case Opcode::Input:
            case Opcode::InputB:
            case Opcode::Given: nodes_of_[i] = read(node, code_.subject, program_.slots[instruction.a], 0); return;
            case Opcode::Field:
            case Opcode::FieldB:
            case Opcode::FieldGiven: {
                const bytecode::ListInput& list = program_.lists[program_.code[instruction.b].a];
                nodes_of_[i] = read(node, list.element, list.fields[instruction.a], level_of_loop_[instruction.b]);
                return;
            }
            case Opcode::AsOf: nodes_of_[i] = constant(Form::Number, code_.options.as_of, code_.options.as_of); return;
            case Opcode::KnownOn: nodes_of_[i] = constant(Form::Number, code_.options.known_on, code_.options.known_on); return;
            case Opcode::YearEnd: year_end(i, node); return;
            case Opcode::Loop: open_loop(i); return;
            case Opcode::EndLoop: close_loop(instruction.a); return;
            case Opcode::Parameter:
            case Opcode::ParameterGiven:
                node.number = instruction.a;
                node.a = nodes_of_[instruction.b];
                arguments.parameter = &pack_.parameters[instruction.a];
                break;
            case Opcode::InSet:
                node.number = instruction.b;
                node.a = nodes_of_[instruction.a];
                arguments.set = &program_.sets[instruction.b];
                break;
            default: set_operands(node, instruction); break;
        }
        if (is_reduction(opcode)) return add_reduction(i, node, instruction);
        arguments.low = node.low;
        arguments.high = node.high;
        nodes_of_[i] = make(node, arguments);
    }

    void set_operands(Node& node, const Instruction& instruction) const {
        if (is_register_operand(node.opcode, 0)) node.a = nodes_of_[instruction.a];
        if (is_register_operand(node.opcode, 1)) node.b = nodes_of_[instruction.b];
        if (is_register_operand(node.opcode, 2) && !is_reduction(node.opcode)) node.c = nodes_of_[instruction.c];
        if (node.opcode == Opcode::OrUnknown) {
            node.low = program_.constants[instruction.c].low;
            node.high = program_.constants[instruction.c].high;
        } else if (node.opcode == Opcode::OrUnknownW) {
            node.low = program_.wide_constants[instruction.c].low;
            node.high = program_.wide_constants[instruction.c].high;
        }
    }

    void year_end(Register i, Node node) {
        const auto offset = static_cast<std::int16_t>(program_.code[i].a);
        if (!code_.options.fiscal_year_by_row) {
            const std::int64_t day = value::year_end(code_.fiscal_year + offset);
            nodes_of_[i] = constant(Form::Number, day, day);
            return;
        }
        node.number = static_cast<std::uint32_t>(static_cast<std::int32_t>(offset));
        nodes_of_[i] = add(node);
    }

    // ---- facts

    NodeId read(Node node, bytecode::Index subject, bytecode::Slot slot, std::uint16_t level) {
        node.number = source(subject, slot.column, slot.year_offset, level);
        node.level = level;
        InputSource& read = code_.sources[node.number];
        const bool given = node.opcode == Opcode::Given || node.opcode == Opcode::FieldGiven;
        node.opcode = given ? Opcode::Given : node.form == Form::Truth ? Opcode::InputB : Opcode::Input;
        (given ? read.given_read : read.value_read) = true;
        return add(node);
    }

    std::uint32_t source(bytecode::Index subject, bytecode::Index column, std::int32_t year_offset, std::uint16_t level) {
        const bytecode::Column& described = pack_.subjects[subject].columns[column];
        const bytecode::Fact& fact = pack_.subjects[described.subject].facts[described.fact()];
        if (!fact.yearly) year_offset = 0;
        for (std::uint32_t i = 0; i < code_.sources.size(); ++i) {
            const InputSource& other = code_.sources[i];
            if (other.subject == subject && other.column == column && other.year_offset == year_offset && other.level == level) return i;
        }
        InputSource made{.subject = subject, .column = column, .year_offset = year_offset, .yearly = fact.yearly, .level = level, .fact = &fact};
        // Bounds are earlier facts: they end.
        if (fact.low_fact != bytecode::none) made.low_bound = sibling(subject, described, fact.low_fact, year_offset, level);
        if (fact.high_fact != bytecode::none) made.high_bound = sibling(subject, described, fact.high_fact, year_offset, level);
        code_.sources.push_back(made);
        return static_cast<std::uint32_t>(code_.sources.size() - 1);
    }

    // The input that is another fact of the same record: the same path but for its last step.
    std::uint32_t sibling(bytecode::Index subject, const bytecode::Column& column, bytecode::Index fact, std::int32_t year_offset, std::uint16_t level) {
        const auto& columns = pack_.subjects[subject].columns;
        for (bytecode::Index i = 0; i < columns.size(); ++i) {
            const auto& path = columns[i].path;
            if (path.size() == column.path.size() && path.back() == fact && std::equal(path.begin(), path.end() - 1, column.path.begin()))
                return source(subject, i, year_offset, level);
        }
        return no_input;
    }

    // ---- lists

    void open_loop(Register i) {
        Level level;
        level.parent = open_.back();
        level.list = program_.code[i].a;
        const bytecode::Column& column = pack_.subjects[code_.subject].columns[program_.lists[level.list].column];
        level.most = pack_.subjects[column.subject].facts[column.fact()].up_to;
        level_of_loop_[i] = static_cast<std::uint16_t>(code_.levels.size());
        open_.push_back(level_of_loop_[i]);
        code_.levels.push_back(std::move(level));
    }

    // All that the loop reads from outside was made by now, and nothing that needs its reductions.
    void close_loop(Register loop) {
        open_.pop_back();
        const std::uint16_t level = level_of_loop_[loop];
        code_.levels[code_.levels[level].parent].items.push_back({true, level});
    }

    void add_reduction(Register i, Node node, const Instruction& instruction) {
        const std::uint16_t over = level_of_loop_[instruction.c];
        node.number = over;
        node.level = code_.levels[over].parent;
        const auto id = static_cast<NodeId>(code_.nodes.size());
        code_.nodes.push_back(node);
        code_.levels[over].reductions.push_back(id);
        nodes_of_[i] = id;
    }

    // ---- results

    NodeId node_of(Register number) const { return number == bytecode::no_register ? no_node : nodes_of_[number]; }

    void connect(std::size_t number) {
        const bytecode::Policy& policy = pack_.policies[policies_[number]];
        PolicyColumns columns{.policy = policies_[number]};
        for (const auto& version : policy.versions)
            for (const auto& benefit : version.benefits) describe(columns, benefit);
        std::vector<VersionRoots> versions;
        for (const auto& version : policy.versions) {
            VersionRoots roots{.in_force = node_of(version.in_force), .verdict = node_of(version.verdict)};
            for (const auto& benefit : version.benefits) {
                const std::uint32_t column = column_of(columns, benefit.name);
                const bytecode::Unit& own = benefit.measure.unit;
                const bytecode::Unit& common = columns.benefits[column].unit;
                // own / common: whole, since the common unit divides every one of them.
                const Int128 factor = Int128{own.numerator} * common.denominator / (Int128{own.denominator} * common.numerator);
                roots.benefits.push_back({column, node_of(benefit.measure.value), node_of(benefit.when), benefit.always, static_cast<std::int64_t>(factor)});
            }
            if (code_.options.clauses)
                for (const auto& clause : version.clauses) roots.clauses.push_back(node_of(clause.outcome));
            versions.push_back(std::move(roots));
        }
        for (std::size_t i = 0; i < columns.benefits.size(); ++i) find_bounds(versions, i, columns.benefits[i]);
        code_.roots.push_back(std::move(versions));
        code_.policies.push_back(std::move(columns));
    }

    static std::uint32_t column_of(const PolicyColumns& columns, bytecode::Index name) {
        for (std::uint32_t i = 0; i < columns.benefits.size(); ++i)
            if (columns.benefits[i].name == name) return i;
        return static_cast<std::uint32_t>(columns.benefits.size());
    }

    static void describe(PolicyColumns& columns, const bytecode::Benefit& benefit) {
        const std::uint32_t number = column_of(columns, benefit.name);
        const bytecode::Measure& measure = benefit.measure;
        if (number == columns.benefits.size()) {
            columns.benefits.push_back({.name = benefit.name, .unit = measure.unit, .kind = measure.kind, .percent = measure.percent, .ref = measure.ref, .always = benefit.always});
            return;
        }
        BenefitColumn& column = columns.benefits[number];
        column.always = column.always || benefit.always;
        // The greatest unit that divides both: gcd(n1 d2, n2 d1) / (d1 d2), lowest terms.
        const Int128 over = Int128{column.unit.denominator} * measure.unit.denominator;
        const Int128 top = value::gcd(Int128{column.unit.numerator} * measure.unit.denominator, Int128{measure.unit.numerator} * column.unit.denominator);
        const Int128 common = value::gcd(top, over);
        column.unit = {static_cast<std::int64_t>(top / common), static_cast<std::int64_t>(over / common)};
    }

    // Of amounts in the unit that all versions share.
    void find_bounds(const std::vector<VersionRoots>& versions, std::size_t benefit, BenefitColumn& column) {
        if (ranges_.empty()) ranges_ = find_ranges(code_, declared_ranges(code_), Lane::Any);
        for (const auto& version : versions)
            for (const auto& root : version.benefits) {
                if (root.column != benefit) continue;
                const auto& range = ranges_[root.value];
                column.least = std::min(column.least, value::checked_mul(range.low, root.factor).value_or(value::int128_min));
                column.greatest = std::max(column.greatest, value::checked_mul(range.high, root.factor).value_or(value::int128_max));
            }
        column.wide = !value::fits_int64(column.least) || !value::fits_int64(column.greatest);
    }

    // ---- what is left

    void drop_unused() {
        std::vector<bool> used(code_.nodes.size(), false);
        std::vector<bool> level_used(code_.levels.size(), false);
        const auto use = [&](NodeId id) {
            if (id != no_node) used[id] = true;
        };
        for (const auto& versions : code_.roots)
            for (const auto& version : versions) version.each(use);
        for (NodeId id = static_cast<NodeId>(code_.nodes.size()); id-- > 0;) {
            if (!used[id]) continue;
            const Node& node = code_.nodes[id];
            for (const NodeId operand_ : {node.a, node.b, node.c}) use(operand_);
            if (is_reduction(node.opcode)) level_used[node.number] = true;
        }
        for (InputSource& input : code_.sources) input.value_read = input.given_read = false;
        for (NodeId id = 0; id < code_.nodes.size(); ++id) {
            if (!used[id]) continue;
            const Node& node = code_.nodes[id];
            if (node.opcode == Opcode::Given) code_.sources[node.number].given_read = true;
            if (node.opcode == Opcode::Input || node.opcode == Opcode::InputB) code_.sources[node.number].value_read = true;
        }
        // A bound comes before what it bounds.
        for (std::size_t i = code_.sources.size(); i-- > 0;)
            if (code_.sources[i].value_read)
                for (const std::uint32_t bound : {code_.sources[i].low_bound, code_.sources[i].high_bound})
                    if (bound != no_input) code_.sources[bound].value_read = true;
        for (std::size_t i = code_.levels.size(); i-- > 1;)  // a level within a level comes after it
            if (level_used[i]) level_used[code_.levels[i].parent] = true;
        for (Level& level : code_.levels) {
            std::erase_if(level.items, [&](const Item& item) { return item.is_level ? !level_used[item.id] : !used[item.id]; });
            std::erase_if(level.reductions, [&](NodeId id) { return !used[id]; });
        }
    }

    void list_inputs() {
        for (std::uint16_t level = 0; level < code_.levels.size(); ++level) {
            const bytecode::Index list = level == 0 ? bytecode::none : program_.lists[code_.levels[level].list].column;
            if (level != 0 && code_.levels[level].reductions.empty()) continue;
            if (level != 0) add_input({.column = list, .list = list, .is_list = true});
            for (const InputSource& input : code_.sources) {
                if (input.level != level || !(input.value_read || input.given_read)) continue;
                Input made{.column = input.column, .list = list, .yearly = input.yearly, .year_offset = input.year_offset};
                if (input.yearly && !code_.options.fiscal_year_by_row) made.year = code_.fiscal_year + input.year_offset;
                add_input(made);
            }
        }
    }

    void add_input(const Input& made) {
        for (const Input& other : code_.inputs)
            if (other.column == made.column && other.list == made.list && other.is_list == made.is_list && other.year_offset == made.year_offset) return;
        code_.inputs.push_back(made);
    }

    Plan::Code& code_;
    const bytecode::Pack& pack_;
    const bytecode::Program& program_;
    std::span<const bytecode::Index> policies_;
    std::vector<bool> needed_;
    std::vector<NodeId> nodes_of_;               // by register
    std::vector<std::uint16_t> level_of_loop_;   // by register
    std::vector<std::uint16_t> open_;            // levels around the instruction, innermost last
    std::vector<Interval<Int128>> ranges_;       // by node
    std::map<std::tuple<Opcode, bool, std::uint16_t, NodeId, NodeId, NodeId, std::uint32_t, Int128, Int128>, NodeId> known_;
};

}  // namespace

Plan::Plan(const bytecode::Pack& pack, bytecode::Index subject, std::span<const bytecode::Index> policies, const PlanOptions& options)
    : code_(std::make_unique<Code>()) {
    code_->pack = &pack;
    code_->subject = subject;
    code_->options = options;
    code_->fiscal_year = options.fiscal_year.value_or(value::year_of(options.as_of));
    const std::size_t block = options.block_rows == 0 ? own_block : options.block_rows;
    Builder(*code_, policies).build();
    // Of large programs fewer rows at a time, so that what is kept of each value stays within bounds.
    const std::size_t most = most_block_bytes / (2 * sizeof(std::int64_t) * std::max<std::size_t>(code_->nodes.size(), 1));
    code_->block = std::clamp<std::size_t>((std::min(block, most) + 63) / 64 * 64, 64, 65'536);
}
Plan::Plan(Plan&&) noexcept = default;
Plan& Plan::operator=(Plan&&) noexcept = default;
Plan::~Plan() = default;

const bytecode::Pack& Plan::pack() const { return *code_->pack; }
bytecode::Index Plan::subject() const { return code_->subject; }
const PlanOptions& Plan::options() const { return code_->options; }
std::span<const Input> Plan::inputs() const { return code_->inputs; }
std::span<const PolicyColumns> Plan::policies() const { return code_->policies; }
std::size_t Plan::block_rows() const { return code_->block; }
std::size_t Plan::instruction_count() const {
    return std::accumulate(code_->levels.begin(), code_->levels.end(), std::size_t{0},
                           [](std::size_t sum, const Level& level) { return sum + level.items.size() + level.reductions.size(); });
}

}  // namespace eligo::columnar
