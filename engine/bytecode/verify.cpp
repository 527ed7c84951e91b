// Whether a pack can run, wherever it came from. The engines trust what passes here and check nothing again.
// Door: image.hpp. Tested by tests/unit/bytecode_test.cpp.
//
// What is proved is safety, not sense: no operand outside its table, no register read before it is written or out of
// its loop, no index out of range, no endless recursion. Operand kinds come from opcodes.def.
#include "image.hpp"

#include <algorithm>
#include <string_view>

#include "bounds.hpp"

namespace eligo::bytecode {
namespace {

inline constexpr std::size_t most_instructions = 65'000;
inline constexpr std::size_t most_words = 65'535;      // the engines address working memory by 16 bits
inline constexpr std::size_t most_entries = 65'536;    // of a table that 16-bit operands point into
inline constexpr std::size_t longest_path = 16;        // records within records
inline constexpr std::size_t deepest_clauses = 200;    // explanations go as deep as clauses stand within clauses
inline constexpr std::int32_t farthest_year = 1'000;

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
        if (length == 0 || i + length > text.size()) return false;
        for (std::size_t k = 1; k < length; ++k)
            if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
        const auto second = length > 1 ? static_cast<unsigned char>(text[i + 1]) : 0u;
        // Longer than needed, a half of a surrogate pair, beyond U+10FFFF.
        if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
            return false;
        i += length;
    }
    return true;
}

// What a register holds: 'N', 'W', 'B', 'L' as in opcodes.def, '-' nothing.
char result_of(Opcode opcode) { return row(opcode).result.front(); }

std::uint16_t operand(const Instruction& instruction, std::size_t index) {
    return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c;
}

bool is_reduction(Opcode opcode) { return row(opcode).name.starts_with("Reduce"); }

// The first fault is kept; after it every check is a formality.
class Verifier {
public:
    explicit Verifier(const Pack& pack) : pack_(pack) {}

    std::string run() {
        verify_strings();
        verify_enumerations();
        verify_parameters();
        verify_facts();
        for (Index i = 0; i < pack_.subjects.size() && sound(); ++i) verify_subject(i);
        for (Index i = 0; i < pack_.policies.size() && sound(); ++i) verify_policy(i);
        return std::move(fault_);
    }

private:
    [[nodiscard]] bool sound() const { return fault_.empty(); }

    // Records the fault when `holds` is false; answers whether it holds.
    bool require(bool holds, std::string_view what) {
        if (!holds && sound()) fault_ = place_ + std::string(what);
        return holds;
    }
    bool require_index(Index index, std::size_t size, std::string_view what) { return require(index < size, what); }
    bool require_string(Index index) { return require_index(index, pack_.strings.size(), "a text that the pack does not have"); }
    void require_optional_string(Index index) {
        if (index != none) require_string(index);
    }
    void require_label(const Label& label) {
        require_optional_string(label.chinese);
        require_optional_string(label.english);
    }
    void require_strings(const std::vector<Index>& indices) {
        for (const Index index : indices) require_string(index);
    }
    void require_unit(const Unit& unit) { require(unit.numerator > 0 && unit.denominator > 0, "a unit that is not positive"); }
    void require_day(value::Day day) { require(value::first_day <= day && day <= value::last_day, "a day outside 1900 .. 2199"); }
    // A kind and the table it points into.
    void require_kind(Kind kind, Index ref) {
        if (!require(kind <= Kind::List, "an unknown kind of value")) return;
        if (kind == Kind::Enum) require_index(ref, pack_.enumerations.size(), "an enumeration that the pack does not have");
        if (kind == Kind::Code) require(ref == 0, "an unknown classification");
        if (kind == Kind::Record || kind == Kind::List) require_index(ref, pack_.subjects.size(), "a record that the pack does not have");
    }
    // A range of values of a kind.
    void require_range(Kind kind, Index ref, std::int64_t low, std::int64_t high) {
        require(low <= high, "a range whose low end lies above its high end");
        if (kind == Kind::Bool) require(low >= 0 && high <= 1, "a truth that is neither 0 nor 1");
        if (kind == Kind::Enum && sound())
            require(low >= 0 && static_cast<std::uint64_t>(high) < pack_.enumerations[ref].members.size(), "a member that the enumeration does not have");
        // Day arithmetic is total only near the language's own dates.
        if (kind == Kind::Date) require(low >= value::first_day && high <= value::last_day, "a date outside 1900 .. 2199");
    }

    void verify_strings() {
        place_ = "texts: ";
        for (const std::string& text : pack_.strings) require(is_utf8(text), "a text that is not UTF-8");
        require_strings(pack_.texts);
    }

    void verify_enumerations() {
        place_ = "enumerations: ";
        for (const Enumeration& enumeration : pack_.enumerations) {
            require(!enumeration.members.empty(), "an enumeration without members");
            for (const EnumMember& member : enumeration.members) {
                require_string(member.name);
                require_label(member.label);
            }
        }
    }

    void verify_parameters() {
        for (const Parameter& parameter : pack_.parameters) {
            place_ = "parameters: ";
            if (!require_string(parameter.name)) return;
            place_ = "parameter `" + pack_.strings[parameter.name] + "`: ";
            require_label(parameter.label);
            require_kind(parameter.kind, parameter.ref);
            require(parameter.kind != Kind::Record && parameter.kind != Kind::List, "a value that no parameter can have");
            require_unit(parameter.unit);
            require_range(parameter.kind, parameter.ref, parameter.low, parameter.high);
            verify_entries(parameter);
        }
    }

    void verify_entries(const Parameter& parameter) {
        value::Day previous = value::first_day;
        for (const ParameterEntry& entry : parameter.entries) {
            require_day(entry.from);
            require_day(entry.to);
            require_day(entry.published);
            require(entry.from <= entry.to, "a period that ends before it begins");
            require(previous <= entry.from, "periods out of order");
            require(parameter.low <= entry.value && entry.value <= parameter.high, "a value outside the parameter's range");
            require_strings(entry.citations);
            previous = entry.from;
        }
    }

    // Facts of all subjects come before all columns, since a path runs through several subjects.
    void verify_facts() {
        for (const Subject& subject : pack_.subjects) {
            place_ = "subjects: ";
            if (!require_string(subject.name)) return;
            require_label(subject.label);
            for (Index i = 0; i < subject.facts.size() && sound(); ++i) verify_fact(subject, i);
        }
        for (Index i = 0; i < pack_.subjects.size() && sound(); ++i) verify_columns(i);
        if (sound()) verify_lists();
    }

    void verify_lists() {
        std::vector<bool> holds_list;  // of each subject, looked up once: there may be very many lists of one
        for (const Subject& subject : pack_.subjects) holds_list.push_back(has_list(subject));
        for (const Subject& subject : pack_.subjects)
            for (const Fact& fact : subject.facts)
                if (fact.kind == Kind::List) require(!holds_list[fact.ref], "a list within a list");
    }

    void verify_fact(const Subject& subject, Index number) {
        const Fact& fact = subject.facts[number];
        place_ = "facts of `" + pack_.strings[subject.name] + "`: ";
        if (!require_string(fact.name)) return;
        place_ = "fact `" + pack_.strings[fact.name] + "` of `" + pack_.strings[subject.name] + "`: ";
        require_label(fact.label);
        require_kind(fact.kind, fact.ref);
        require_unit(fact.unit);
        require_range(fact.kind, fact.ref, fact.low, fact.high);
        require(fact.default_kind <= DefaultKind::Computed, "an unknown kind of default");
        require(fact.change <= Change::Rising, "an unknown kind of change");
        if (fact.default_kind == DefaultKind::Constant && fact.kind != Kind::Text)
            require(fact.low <= fact.default_value && fact.default_value <= fact.high, "a default outside the fact's range");
        for (const Index bound : {fact.low_fact, fact.high_fact}) {
            if (bound == none) continue;
            // Earlier, so that following the bounds comes to an end.
            if (!require(bound < number, "a range that leans on a fact that is not an earlier one")) return;
            const Fact& other = subject.facts[bound];
            require(other.kind == fact.kind && other.unit == fact.unit && (fact.yearly || !other.yearly), "a range that leans on a fact of another kind");
        }
        require(range_depth(subject, number) <= deepest_range, "a range that leans on too many others");
    }

    // Facts are verified in order, so that of all but this one the depth is bounded.
    static std::uint32_t range_depth(const Subject& subject, Index number) {
        std::uint32_t deepest = 0;
        for (const Index bound : {subject.facts[number].low_fact, subject.facts[number].high_fact})
            if (bound != none) deepest = std::max(deepest, range_depth(subject, bound) + 1);
        return deepest;
    }

    bool has_list(const Subject& subject) const {
        return std::any_of(subject.columns.begin(), subject.columns.end(),
                           [&](const Column& column) { return leaf(column).kind == Kind::List; });
    }
    // Of a column that verify_columns has accepted.
    const Fact& leaf(const Column& column) const { return pack_.subjects[column.subject].facts[column.fact()]; }

    void verify_columns(Index number) {
        const Subject& subject = pack_.subjects[number];
        for (const Column& column : subject.columns) {
            place_ = "columns of `" + pack_.strings[subject.name] + "`: ";
            require_string(column.name);
            if (!require(!column.path.empty() && column.path.size() <= longest_path, "a path without an end")) return;
            Index reached = number;
            for (std::size_t i = 0; i < column.path.size(); ++i) {
                const auto& facts = pack_.subjects[reached].facts;
                if (!require_index(column.path[i], facts.size(), "a path to a fact that does not exist")) return;
                const Fact& fact = facts[column.path[i]];
                const bool last = i + 1 == column.path.size();
                if (!require((fact.kind == Kind::Record) != last, "a path that does not end at a value")) return;
                if (!last) {
                    require(!fact.yearly, "a path through a yearly record");
                    reached = fact.ref;
                }
            }
            if (!require(column.subject == reached, "a column of another subject")) return;
        }
    }

    void verify_subject(Index number) {
        const Subject& subject = pack_.subjects[number];
        place_ = "program of `" + pack_.strings[subject.name] + "`: ";
        verify_inputs(subject);
        for (const Set& set : subject.program.sets) verify_set(set);
        require(subject.program.constants.size() <= most_entries && subject.program.wide_constants.size() <= most_entries &&
                    subject.program.sets.size() <= most_entries && subject.program.slots.size() <= most_entries &&
                    subject.program.lists.size() <= most_entries,
                "a table too large");
        if (sound()) verify_code(subject);
    }

    void verify_slot(const Subject& subject, const Slot& slot) {
        if (!require_index(slot.column, subject.columns.size(), "an input that the subject does not have")) return;
        const Fact& fact = leaf(subject.columns[slot.column]);
        require(fact.kind != Kind::List, "a list read as a value");
        require(fact.yearly ? -farthest_year <= slot.year_offset && slot.year_offset <= farthest_year : slot.year_offset == 0, "an input of a year that does not exist");
    }

    void verify_inputs(const Subject& subject) {
        for (const Slot& slot : subject.program.slots) verify_slot(subject, slot);
        for (const ListInput& list : subject.program.lists) {
            if (!require_index(list.column, subject.columns.size(), "a list that the subject does not have")) return;
            const Fact& fact = leaf(subject.columns[list.column]);
            if (!require(fact.kind == Kind::List && fact.ref == list.element, "a list of other elements")) return;
            require(list.fields.size() <= most_entries, "a table too large");
            for (const Slot& slot : list.fields) verify_slot(pack_.subjects[list.element], slot);
        }
    }

    void verify_set(const Set& set) {
        for (std::size_t i = 0; i < set.intervals.size(); ++i) {
            require(set.intervals[i].low <= set.intervals[i].high, "a set's interval whose low end lies above its high end");
            if (i > 0) require(set.intervals[i - 1].high < set.intervals[i].low, "a set's intervals out of order");
        }
    }

    // ---- the code of one program. A register belongs to the innermost loop that was open when it was written; the result of a
    // reduction belongs to the loop around the one it gathers over, and is complete only when that one is closed.

    void verify_code(const Subject& subject) {
        const Program& program = subject.program;
        if (!require(program.code.size() <= most_instructions, "more than 65,000 instructions")) return;
        home_.assign(program.code.size(), none);
        open_.assign(program.code.size(), false);
        loops_.clear();
        std::size_t words = 0;
        const std::string where = place_;
        for (Index i = 0; i < program.code.size() && sound(); ++i) {
            const Instruction& instruction = program.code[i];
            place_ = where + "instruction " + std::to_string(i) + ": ";
            if (!require(static_cast<std::size_t>(instruction.opcode) < opcode_count, "an unknown instruction")) return;
            for (std::size_t k = 0; k < 3 && sound(); ++k) verify_operand(program, i, k);
            if (sound()) verify_truth(subject, instruction);
            if (sound()) enter(program, i);
            words += result_of(instruction.opcode) == 'W' ? 2u : 1u;
            if (is_reduction(instruction.opcode)) ++words;  // whether anything was gathered
        }
        place_ = where;
        require(loops_.empty(), "a loop that is not closed");
        require(words <= most_words, "more registers than an engine can address");
    }

    bool readable(const Program& program, Index number) const {
        if (is_reduction(program.code[number].opcode) && open_[program.code[number].c]) return false;
        return home_[number] == none || open_[home_[number]];
    }

    void verify_operand(const Program& program, Index number, std::size_t which) {
        const Instruction& instruction = program.code[number];
        const std::string_view kind = row(instruction.opcode).operands[which];
        const std::uint16_t given = operand(instruction, which);
        if (kind == "N" || kind == "W" || kind == "B" || kind == "L") return verify_register(program, number, given, kind.front());
        if (kind == "-") require(given == 0, "an operand that the instruction does not have");
        else if (kind == "slot") require_index(given, program.slots.size(), "an input out of range");
        else if (kind == "constant") require_index(given, program.constants.size(), "a constant out of range");
        else if (kind == "wide") require_index(given, program.wide_constants.size(), "a wide constant out of range");
        else if (kind == "set") require_index(given, program.sets.size(), "a set out of range");
        else if (kind == "parameter") require_index(given, pack_.parameters.size(), "a parameter out of range");
        else if (kind == "list") require_index(given, program.lists.size(), "a list out of range");
        else if (kind == "field") verify_field(program, instruction);
        else if (kind == "end") verify_end(program, number);
        else require(kind == "offset", "an operand that cannot be checked");  // any signed number of years will do
    }

    void verify_register(const Program& program, Index number, Index given, char kind) {
        if (!require(given < number, "a register read before it is written")) return;
        if (!require(result_of(program.code[given].opcode) == kind, "a register of another kind")) return;
        if (kind == 'L') require(open_[given], "a loop that is not open");
        else require(readable(program, given), "a register read outside its loop, or a reduction before its loop is closed");
    }

    // A truth is 0 or 1: where one comes from outside the code, the fact or the constant must be one.
    void verify_truth(const Subject& subject, const Instruction& instruction) {
        const Program& program = subject.program;
        if (instruction.opcode == Opcode::ConstantB) {
            const Constant& constant = program.constants[instruction.a];
            require(constant.low >= 0 && constant.low <= constant.high && constant.high <= 1, "a truth that is neither 0 nor 1");
        } else if (instruction.opcode == Opcode::InputB) {
            require(leaf(subject.columns[program.slots[instruction.a].column]).kind == Kind::Bool, "a fact that is no truth read as one");
        } else if (instruction.opcode == Opcode::FieldB) {
            const ListInput& list = program.lists[program.code[instruction.b].a];
            require(leaf(pack_.subjects[list.element].columns[list.fields[instruction.a].column]).kind == Kind::Bool, "a fact that is no truth read as one");
        }
    }

    void verify_field(const Program& program, const Instruction& instruction) {
        // The loop is operand b, which is checked after this one.
        const Index loop = instruction.b;
        if (!require(loop < open_.size() && open_[loop], "a field outside its loop")) return;
        require_index(instruction.a, program.lists[program.code[loop].a].fields.size(), "a field out of range");
    }

    void verify_end(const Program& program, Index number) {
        const Index end = program.code[number].b;
        require(end > number && end < program.code.size() && program.code[end].opcode == Opcode::EndLoop && program.code[end].a == number, "a loop without its end");
    }

    void enter(const Program& program, Index number) {
        const Instruction& instruction = program.code[number];
        home_[number] = loops_.empty() ? none : loops_.back();
        if (instruction.opcode == Opcode::Loop) {
            require(loops_.size() < deepest_loops, "loops nested too deeply");
            loops_.push_back(number);
            open_[number] = true;
        } else if (instruction.opcode == Opcode::EndLoop) {
            const bool innermost = loops_.back() == instruction.a && program.code[instruction.a].b == number;
            if (!require(innermost, "a loop closed before the one inside it")) return;
            open_[instruction.a] = false;
            loops_.pop_back();
        } else if (is_reduction(instruction.opcode)) {
            if (!require(loops_.back() == instruction.c, "a reduction over a loop that is not the innermost")) return;
            home_[number] = loops_.size() < 2 ? none : loops_[loops_.size() - 2];
        }
    }

    // ---- policies

    // A register that means something when the whole program has run.
    bool require_register(const Program& program, Register number, std::string_view kinds) {
        if (!require(number < program.code.size(), "a register that does not exist")) return false;
        if (!require(kinds.find(result_of(program.code[number].opcode)) != std::string_view::npos, "a register of another kind")) return false;
        const bool in_loop = in_loop_[number];
        return require(!in_loop, "a register inside a loop");
    }

    void find_loops(const Program& program) {
        in_loop_.assign(program.code.size(), false);
        std::size_t depth = 0;
        for (std::size_t i = 0; i < program.code.size(); ++i) {
            const Opcode opcode = program.code[i].opcode;
            if (opcode == Opcode::EndLoop) --depth;
            in_loop_[i] = depth > (is_reduction(opcode) ? 1u : 0u);
            if (opcode == Opcode::Loop) ++depth;
        }
    }

    void verify_policy(Index number) {
        const Policy& policy = pack_.policies[number];
        place_ = "policies: ";
        if (!require_string(policy.name)) return;
        place_ = "policy `" + pack_.strings[policy.name] + "`: ";
        if (!require_index(policy.subject, pack_.subjects.size(), "a subject that the pack does not have")) return;
        const Program& program = pack_.subjects[policy.subject].program;
        find_loops(program);
        for (std::size_t i = 0; i < policy.versions.size() && sound(); ++i) {
            const Version& version = policy.versions[i];
            if (i > 0) require(policy.versions[i - 1].to < version.from, "versions out of order, or overlapping");
            verify_version(program, version);
            if (sound()) require(version.bounds == bounds_of(pack_, policy, version), "a check that costs other than the pack says");
        }
    }

    void verify_version(const Program& program, const Version& version) {
        require_day(version.from);
        require_day(version.to);
        require(version.from <= version.to, "a version that ends before it begins");
        require_register(program, version.day, "N");
        require_register(program, version.in_force, "B");
        require_register(program, version.verdict, "B");
        require_label(version.label);
        require_label(version.authority);
        for (Index i = 0; i < version.clauses.size() && sound(); ++i) verify_clause(program, version, i);
        if (sound()) verify_depth(version);
        verify_top(version);
        for (const Benefit& benefit : version.benefits) verify_benefit(program, benefit);
        for (const Reading& reading : version.lets) verify_reading(program, reading);
        for (const Conflict& conflict : version.conflicts) {
            require_index(conflict.policy, pack_.policies.size(), "a policy that the pack does not have");
            require_strings(conflict.citations);
        }
    }

    // Parents come before their children.
    void verify_depth(const Version& version) {
        std::vector<std::size_t> depth;
        for (const Clause& clause : version.clauses) {
            depth.push_back(clause.parent == none ? 0 : depth[clause.parent] + 1);
            require(depth.back() < deepest_clauses, "clauses nested too deeply");
        }
    }

    // Every clause stands in exactly one list: its parent's, or the top's.
    void verify_top(const Version& version) {
        std::size_t listed = version.top_clauses.size();
        for (const Index clause : version.top_clauses) {
            if (!require_index(clause, version.clauses.size(), "a clause that does not exist")) return;
            require(version.clauses[clause].parent == none, "a clause at the top that has a parent");
        }
        const auto& top = version.top_clauses;
        require(std::adjacent_find(top.begin(), top.end(), [](Index a, Index b) { return a >= b; }) == top.end(), "clauses out of order");
        for (const Clause& clause : version.clauses) listed += clause.children.size();
        require(listed == version.clauses.size(), "a clause that no list names");
    }

    void verify_clause(const Program& program, const Version& version, Index number) {
        const Clause& clause = version.clauses[number];
        require(clause.kind <= ClauseKind::AtLeast, "an unknown kind of clause");
        require(clause.guard_kind <= Guard::Unless, "an unknown kind of guard");
        if (clause.kind == ClauseKind::AtLeast) require(clause.at_least <= clause.children.size(), "a clause that asks for more than it has");
        require_string(clause.name);
        require_string(clause.path);
        require_label(clause.label);
        require_strings(clause.citations);
        require_optional_string(clause.source_file);
        require(clause.parent == none || clause.parent < number, "a clause before its parent");
        Index previous = number;
        for (const Index child : clause.children) {
            if (!require(previous < child && child < version.clauses.size(), "clauses out of order")) return;
            require(version.clauses[child].parent == number, "a clause below another than its parent");
            previous = child;
        }
        require_register(program, clause.outcome, "B");
        if (clause.guard_kind == Guard::None) require(clause.guard == no_register, "a guard that nothing asks for");
        else require_register(program, clause.guard, "B");
        for (const Reading& reading : clause.readings) verify_reading(program, reading);
        for (const Comparison& comparison : clause.comparisons) verify_comparison(program, comparison);
        for (const Question& question : clause.questions) verify_question(program, question);
    }

    void verify_measure(const Program& program, const Measure& measure) {
        require_kind(measure.kind, measure.ref);
        require(measure.kind != Kind::Record && measure.kind != Kind::List, "a value that cannot be shown");
        require_unit(measure.unit);
        require_register(program, measure.value, measure.kind == Kind::Bool ? "BN" : "NW");
        if (measure.denominator != no_register) require_register(program, measure.denominator, "NW");
        if (measure.defined != no_register) require_register(program, measure.defined, "B");
    }

    void verify_reading(const Program& program, const Reading& reading) {
        require_string(reading.name);
        require_label(reading.label);
        require(-farthest_year <= reading.year_offset && reading.year_offset <= farthest_year, "a year that does not exist");
        if (reading.slot != none) require_index(reading.slot, program.slots.size(), "an input out of range");
        verify_measure(program, reading.measure);
    }

    void verify_comparison(const Program& program, const Comparison& comparison) {
        require_string(comparison.left_text);
        require_string(comparison.right_text);
        require_label(comparison.left_label);
        require(comparison.relation <= Relation::GreaterEqual, "an unknown relation");
        verify_measure(program, comparison.left);
        verify_measure(program, comparison.right);
        require_register(program, comparison.outcome, "B");
    }

    void verify_question(const Program& program, const Question& question) {
        if (!require_index(question.policy, pack_.policies.size(), "a policy that the pack does not have")) return;
        if (!require_index(question.list, program.lists.size(), "a list out of range")) return;
        require(pack_.policies[question.policy].subject == program.lists[question.list].element, "a policy that is not about the list's elements");
    }

    void verify_benefit(const Program& program, const Benefit& benefit) {
        require_string(benefit.name);
        require_label(benefit.label);
        require_strings(benefit.citations);
        if (benefit.when != no_register) require_register(program, benefit.when, "B");
        verify_measure(program, benefit.measure);
        require(benefit.measure.denominator == no_register && benefit.measure.defined == no_register, "a benefit that is a quotient");
    }

    const Pack& pack_;
    std::string fault_, place_;
    std::vector<Index> home_;     // of each register: the loop it belongs to, or none
    std::vector<bool> open_;      // of each register: it is a loop, and open
    std::vector<Index> loops_;    // the open loops, outermost first
    std::vector<bool> in_loop_;   // of each register: it means nothing after the run
};

}  // namespace

std::string verify(const Pack& pack) { return Verifier(pack).run(); }

}  // namespace eligo::bytecode
