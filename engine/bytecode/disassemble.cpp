// A pack as text: the programs an instruction a line, then the policies with the registers their clauses stand in.
// Driven by opcodes.def, so that a new instruction needs nothing here. For packs that verify() accepts.
// Door: image.hpp. Tested by tests/unit/bytecode_test.cpp.
#include "image.hpp"

#include <algorithm>
#include <string_view>

#include "../value/visible_text.hpp"

namespace eligo::bytecode {
namespace {

inline constexpr std::size_t name_width = 16, operands_width = 18;

std::string padded(std::string text, std::size_t width) {
    if (text.size() < width) text.append(width - text.size(), ' ');
    return text;
}

std::string number_text(value::Int128 number) {
    std::string digits;
    const bool negative = number < 0;
    auto rest = negative ? ~static_cast<value::UInt128>(number) + 1 : static_cast<value::UInt128>(number);
    do digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    while ((rest /= 10) != 0);
    if (negative) digits.push_back('-');
    std::reverse(digits.begin(), digits.end());
    return digits;
}

std::string interval_text(value::Int128 low, value::Int128 high) {
    return low == high ? number_text(low) : number_text(low) + " .. " + number_text(high);
}

std::string set_text(const Set& set) {
    std::string text;
    for (const Constant& interval : set.intervals) text += (text.empty() ? "" : ", ") + interval_text(interval.low, interval.high);
    return "{" + text + "}";
}

std::string register_text(Register number) {
    std::string text = std::to_string(number);
    text.insert(text.begin(), 'r');
    return text;
}

std::uint16_t operand(const Instruction& instruction, std::size_t index) {
    return index == 0 ? instruction.a : index == 1 ? instruction.b : instruction.c;
}

std::string_view word(ClauseKind kind) {
    switch (kind) {
        case ClauseKind::Require: return "require";
        case ClauseKind::Exclude: return "exclude";
        case ClauseKind::AllOf: return "all of";
        case ClauseKind::AnyOf: return "any of";
        case ClauseKind::AtLeast: return "at least";
    }
    return "";
}

std::string_view word(Relation relation) {
    switch (relation) {
        case Relation::Equal: return "=";
        case Relation::NotEqual: return "!=";
        case Relation::Less: return "<";
        case Relation::LessEqual: return "<=";
        case Relation::Greater: return ">";
        case Relation::GreaterEqual: return ">=";
    }
    return "";
}

class Disassembler {
public:
    explicit Disassembler(const Pack& pack) : pack_(pack) {}

    std::string run() {
        for (const Parameter& parameter : pack_.parameters) parameter_block(parameter);
        for (const Subject& subject : pack_.subjects) subject_block(subject);
        for (const Policy& policy : pack_.policies)
            for (const Version& version : policy.versions) version_block(policy, version);
        return std::move(text_);
    }

private:
    // Names and labels are whatever the bytes of the pack say.
    void line(std::string_view content) {
        text_ += value::visible(content);
        text_ += '\n';
    }
    std::string string(Index index) const { return index == none ? std::string() : pack_.strings[index]; }
    std::string label(const Label& both) const {
        const std::string chinese = string(both.chinese), english = string(both.english);
        return chinese == english || english.empty() ? chinese : chinese.empty() ? english : chinese + " | " + english;
    }
    static std::string comment(const std::string& content) { return content.empty() ? content : "  # " + content; }

    void parameter_block(const Parameter& parameter) {
        line("parameter " + string(parameter.name) + comment(label(parameter.label)));
        for (const ParameterEntry& entry : parameter.entries) {
            std::string content = "  " + value::format_date(entry.from) + " .. " + value::format_date(entry.to);
            if (entry.published != value::first_day) content += " published " + value::format_date(entry.published);
            line(content + "  " + number_text(entry.value) + unit_text(parameter.unit));
        }
        line("");
    }

    static std::string unit_text(const Unit& unit) {
        if (unit == Unit{}) return "";
        return " * " + std::to_string(unit.numerator) + (unit.denominator == 1 ? "" : "/" + std::to_string(unit.denominator));
    }

    void subject_block(const Subject& subject) {
        line((subject.is_record ? "record " : "vocabulary ") + string(subject.name) + comment(label(subject.label)));
        const Program& program = subject.program;
        std::size_t depth = 0;
        for (std::size_t i = 0; i < program.code.size(); ++i) {
            const Instruction& instruction = program.code[i];
            if (instruction.opcode == Opcode::EndLoop) --depth;
            instruction_line(subject, i, depth);
            if (instruction.opcode == Opcode::Loop) ++depth;
        }
        line("");
    }

    void instruction_line(const Subject& subject, std::size_t number, std::size_t depth) {
        const Instruction& instruction = subject.program.code[number];
        const OpcodeRow& opcode = row(instruction.opcode);
        std::string operands, said;
        for (std::size_t k = 0; k < 3; ++k) {
            const std::string_view kind = opcode.operands[k];
            if (kind == "-") continue;
            const bool is_register = kind == "N" || kind == "W" || kind == "B" || kind == "L";
            operands += operands.empty() ? "" : " ";
            if (is_register) operands += register_text(operand(instruction, k));
            else if (kind == "offset") operands += std::to_string(static_cast<std::int16_t>(operand(instruction, k)));
            else operands += std::string(kind) + " " + std::to_string(operand(instruction, k));
            if (!is_register) said += (said.empty() ? "" : " ") + spelled(subject, instruction, kind, operand(instruction, k));
        }
        std::string content = std::to_string(number);
        content.insert(0, content.size() < 5 ? 5 - content.size() : 0, ' ');
        content += "  " + std::string(2 * depth, ' ') + padded(std::string(opcode.name), name_width) + " " + padded(operands, operands_width);
        line(content + "# " + (said.empty() ? std::string(opcode.meaning) : said));
    }

    // A number into one of the pack's tables, by name.
    std::string spelled(const Subject& subject, const Instruction& instruction, std::string_view kind, std::uint16_t given) const {
        const Program& program = subject.program;
        if (kind == "slot") return slot_text(subject, program.slots[given]);
        if (kind == "constant") return interval_text(program.constants[given].low, program.constants[given].high);
        if (kind == "wide") return interval_text(program.wide_constants[given].low, program.wide_constants[given].high);
        if (kind == "set") return "in " + set_text(program.sets[given]);
        if (kind == "parameter") return string(pack_.parameters[given].name);
        if (kind == "list") return string(subject.columns[program.lists[given].column].name);
        if (kind == "field") {
            const ListInput& list = program.lists[program.code[instruction.b].a];
            return string(subject.columns[list.column].name) + "[]." + slot_text(pack_.subjects[list.element], list.fields[given]);
        }
        if (kind == "offset") return "year_end[" + std::to_string(static_cast<std::int16_t>(given)) + "]";
        return "up to " + std::to_string(given);  // the end of a loop
    }

    std::string slot_text(const Subject& subject, const Slot& slot) const {
        const Column& column = subject.columns[slot.column];
        const bool yearly = pack_.subjects[column.subject].facts[column.fact()].yearly;
        return string(column.name) + (yearly ? "[" + std::to_string(slot.year_offset) + "]" : "");
    }

    void version_block(const Policy& policy, const Version& version) {
        line("policy " + string(policy.name) + " for " + string(pack_.subjects[policy.subject].name) + " in force " + value::format_date(version.from) + " .. " +
             value::format_date(version.to) + comment(label(version.label)));
        line("  day " + register_text(version.day) + ", in force " + register_text(version.in_force) + ", verdict " + register_text(version.verdict));
        for (const Index clause : version.top_clauses) clause_block(version, version.clauses[clause], 1);
        for (const Reading& reading : version.lets) line("  let " + reading_text(reading) + comment(label(reading.label)));
        for (const Benefit& benefit : version.benefits) {
            std::string content = "  benefit " + string(benefit.name) + "  " + measure_text(benefit.measure);
            if (benefit.when != no_register) content += " when " + register_text(benefit.when);
            line(content + (benefit.always ? " always" : "") + comment(label(benefit.label)));
        }
        for (const Conflict& conflict : version.conflicts) line("  conflicts with " + string(pack_.policies[conflict.policy].name));
        line("");
    }

    void clause_block(const Version& version, const Clause& clause, std::size_t depth) {
        const std::string indent(2 * depth, ' ');
        std::string content = indent + std::string(word(clause.kind));
        if (clause.kind == ClauseKind::AtLeast) content += " " + std::to_string(clause.at_least) + " of";
        content += " " + string(clause.name) + "  " + register_text(clause.outcome);
        if (clause.guard_kind != Guard::None) content += (clause.guard_kind == Guard::When ? " when " : " unless ") + register_text(clause.guard);
        line(content + comment(label(clause.label)));
        for (const Reading& reading : clause.readings) line(indent + "    reads " + reading_text(reading));
        for (const Comparison& comparison : clause.comparisons)
            line(indent + "    compares " + measure_text(comparison.left) + " " + std::string(word(comparison.relation)) + " " + measure_text(comparison.right) + "  " +
                 register_text(comparison.outcome) + comment(string(comparison.left_text) + " " + std::string(word(comparison.relation)) + " " + string(comparison.right_text)));
        for (const Question& question : clause.questions) line(indent + "    asks " + string(pack_.policies[question.policy].name) + " of each element");
        for (const Index child : clause.children) clause_block(version, version.clauses[child], depth + 1);
    }

    std::string reading_text(const Reading& reading) const {
        return string(reading.name) + (reading.yearly ? "[" + std::to_string(reading.year_offset) + "]" : "") + "  " + measure_text(reading.measure);
    }

    static std::string measure_text(const Measure& measure) {
        std::string content = register_text(measure.value);
        if (measure.denominator != no_register) content += " / " + register_text(measure.denominator);
        content += unit_text(measure.unit);
        if (measure.defined != no_register) content += " where " + register_text(measure.defined);
        return content;
    }

    const Pack& pack_;
    std::string text_;
};

}  // namespace

std::string disassemble(const Pack& pack) { return Disassembler(pack).run(); }

}  // namespace eligo::bytecode
