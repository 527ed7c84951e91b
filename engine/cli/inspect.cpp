// `eligo inspect`: what is in a pack: policies with their periods and what a check of them costs at most, subjects with
// their facts, parameters, code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../bytecode/bounds.hpp"
#include "../bytecode/image.hpp"
#include "../explain/json_writer.hpp"
#include "../explain/say.hpp"
#include "../explain/shown.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "vocabulary.hpp"

namespace eligo::cli {
namespace {

using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;
using explain::JsonWriter;
using explain::Shown;

struct Request {
    std::vector<std::string> paths;
    bool disassemble = false;
    bool bounds = false;
};

Shown shown_value(const Pack& pack, const bytecode::Parameter& parameter, std::int64_t number) {
    bytecode::Measure measure;
    measure.unit = parameter.unit;
    measure.kind = parameter.kind;
    measure.percent = parameter.percent;
    measure.ref = parameter.ref;
    return explain::show_known(pack, measure, number);
}

std::string period_text(value::Day from, value::Day to) {
    const std::string begin = from <= value::first_day ? "" : value::format_date(from);
    const std::string end = to >= value::last_day ? "" : " " + value::format_date(to);
    return begin + (begin.empty() ? ".." : " ..") + end;
}

std::string join(std::vector<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) {
        if (!part.empty()) out += (out.empty() ? "" : "  ") + part;
    }
    return out;
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
    return std::to_string(number) + " " + std::string(number == 1 ? one : many);
}

// 1234567 as 1,234,567.
std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

std::string cost_text(const Settings& settings, const bytecode::Cost& cost) {
    const std::string known = grouped(cost.instructions), sets = grouped(cost.instructions_with_sets);
    const std::string memory = grouped(cost.bytes), more = grouped(cost.bytes_of_sets);
    return settings.in("至多 " + known + " 步（有未知事实时 " + sets + " 步），工作内存 " + memory + " 字节（区间另需 " + more + " 字节）",
                       "at most " + known + " steps (" + sets + " with unknown facts), " + memory + " bytes of working memory (" + more + " more for ranges)");
}

void print_bounds(const Settings& settings, const Pack& pack) {
    print_line(settings.in("一次检查的上限", "bounds of one check"));
    for (const bytecode::Policy& policy : pack.policies) {
        const std::string label = policy.versions.empty() ? "" : label_text(settings, pack, policy.versions.back().label);
        print_line("  " + join({pack.string(policy.name), label}));
        print_line("    " + cost_text(settings, bytecode::cost_of(pack, policy)));
        if (policy.versions.size() < 2) continue;
        for (const bytecode::Version& version : policy.versions)
            print_line("    " + period_text(version.from, version.to) + "  " + cost_text(settings, bytecode::cost_of(version.bounds)));
    }
}

std::string version_text(const Settings& settings, const bytecode::Version& version) {
    const std::size_t clauses = version.clauses.size(), benefits = version.benefits.size();
    return period_text(version.from, version.to) + "  " +
           settings.in(std::to_string(clauses) + " 条，" + std::to_string(benefits) + " 项优惠",
                       counted(clauses, "clause", "clauses") + ", " + counted(benefits, "benefit", "benefits"));
}

void print_policies(const Settings& settings, const Pack& pack) {
    print_line(settings.in("政策", "policies"));
    for (const bytecode::Policy& policy : pack.policies) {
        const std::string label = policy.versions.empty() ? "" : label_text(settings, pack, policy.versions.back().label);
        print_line("  " + join({pack.string(policy.name) + " for " + pack.string(pack.subjects[policy.subject].name), label}));
        for (const bytecode::Version& version : policy.versions) print_line("    " + version_text(settings, version));
    }
}

void print_subjects(const Settings& settings, const Pack& pack) {
    for (const bytecode::Subject& subject : pack.subjects) {
        const std::size_t facts = subject.facts.size(), code = subject.program.code.size();
        const std::string what = subject.is_record ? "record " : "vocabulary ";
        print_line();
        print_line(join({what + pack.string(subject.name), label_text(settings, pack, subject.label)}) + "  " +
              settings.in(std::to_string(facts) + " 项事实，" + std::to_string(code) + " 条指令",
                          counted(facts, "fact", "facts") + ", " + counted(code, "instruction", "instructions")));
        for (const bytecode::Fact& fact : subject.facts) {
            print_line("  " + join({pack.string(fact.name) + " : " + type_text(pack, fact), label_text(settings, pack, fact.label)}));
        }
    }
}

void print_parameters(const Settings& settings, const Pack& pack) {
    if (pack.parameters.empty()) return;
    print_line();
    print_line(settings.in("参数", "parameters"));
    for (const bytecode::Parameter& parameter : pack.parameters) {
        print_line("  " + join({pack.string(parameter.name), label_text(settings, pack, parameter.label)}));
        for (const bytecode::ParameterEntry& entry : parameter.entries) {
            const std::string amount = explain::say_value(shown_value(pack, parameter, entry.value), settings.answer_language());
            print_line("    " + period_text(entry.from, entry.to) + "  " + amount);
        }
    }
}

void write_period(JsonWriter& writer, value::Day from, value::Day to) {
    writer.text("from", value::format_date(from));
    writer.text("to", value::format_date(to));
}

void write_cost(JsonWriter& writer, const bytecode::Cost& cost) {
    const auto number = [&](std::string_view name, std::uint64_t value) {
        writer.number(name, static_cast<std::int64_t>(std::min<std::uint64_t>(value, std::numeric_limits<std::int64_t>::max())));
    };
    writer.key("bounds");
    writer.begin_object();
    number("steps", cost.instructions);
    number("steps_with_unknown", cost.instructions_with_sets);
    number("bytes", cost.bytes);
    number("bytes_for_ranges", cost.bytes_of_sets);
    writer.end_object();
}

void write_version(JsonWriter& writer, const Pack& pack, const bytecode::Version& version, const Request& request) {
    std::vector<std::string> clauses, benefits;
    for (const bytecode::Clause& clause : version.clauses) clauses.push_back(pack.string(clause.path));
    for (const bytecode::Benefit& benefit : version.benefits) benefits.push_back(pack.string(benefit.name));
    writer.begin_object();
    write_period(writer, version.from, version.to);
    writer.texts("clauses", clauses);
    writer.texts("benefits", benefits);
    if (request.bounds) write_cost(writer, bytecode::cost_of(version.bounds));
    writer.end_object();
}

void write_policies(JsonWriter& writer, const Settings& settings, const Pack& pack, const Request& request) {
    writer.key("policies");
    writer.begin_array();
    for (const bytecode::Policy& policy : pack.policies) {
        writer.begin_object();
        writer.text("name", pack.string(policy.name));
        writer.text("label", policy.versions.empty() ? "" : label_text(settings, pack, policy.versions.back().label));
        writer.text("subject", pack.string(pack.subjects[policy.subject].name));
        writer.key("versions");
        writer.begin_array();
        for (const bytecode::Version& version : policy.versions) write_version(writer, pack, version, request);
        writer.end_array();
        if (request.bounds) write_cost(writer, bytecode::cost_of(pack, policy));
        writer.end_object();
    }
    writer.end_array();
}

void write_fact(JsonWriter& writer, const Settings& settings, const Pack& pack, const bytecode::Fact& fact) {
    writer.begin_object();
    writer.text("name", pack.string(fact.name));
    writer.text("type", type_text(pack, fact));
    writer.text("label", label_text(settings, pack, fact.label));
    if (fact.kind == Kind::Enum) writer.texts("members", member_names(pack, fact));
    writer.end_object();
}

void write_subjects(JsonWriter& writer, const Settings& settings, const Pack& pack) {
    writer.key("subjects");
    writer.begin_array();
    for (const bytecode::Subject& subject : pack.subjects) {
        writer.begin_object();
        writer.text("name", pack.string(subject.name));
        writer.text("label", label_text(settings, pack, subject.label));
        writer.boolean("record", subject.is_record);
        writer.number("instructions", static_cast<std::int64_t>(subject.program.code.size()));
        writer.key("facts");
        writer.begin_array();
        for (const bytecode::Fact& fact : subject.facts) write_fact(writer, settings, pack, fact);
        writer.end_array();
        writer.end_object();
    }
    writer.end_array();
}

void write_parameters(JsonWriter& writer, const Settings& settings, const Pack& pack) {
    writer.key("parameters");
    writer.begin_array();
    for (const bytecode::Parameter& parameter : pack.parameters) {
        writer.begin_object();
        writer.text("name", pack.string(parameter.name));
        writer.text("label", label_text(settings, pack, parameter.label));
        writer.key("entries");
        writer.begin_array();
        for (const bytecode::ParameterEntry& entry : parameter.entries) {
            writer.begin_object();
            write_period(writer, entry.from, entry.to);
            writer.text("value", shown_value(pack, parameter, entry.value).low);
            writer.end_object();
        }
        writer.end_array();
        writer.end_object();
    }
    writer.end_array();
}

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find('\n', begin), text.size());
        lines.push_back(text.substr(begin, end - begin));
        begin = end + 1;
    }
    return lines;
}

void print_json(const Settings& settings, const Pack& pack, const Request& request) {
    JsonWriter writer;
    writer.begin_object();
    write_policies(writer, settings, pack, request);
    write_subjects(writer, settings, pack);
    write_parameters(writer, settings, pack);
    if (request.disassemble) writer.texts("disassembly", lines_of(bytecode::disassemble(pack)));
    writer.end_object();
    print(VisibleText::lines(writer.take()));
}

Status inspect(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, request.paths, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    if (settings.json) {
        print_json(settings, rules->pack, request);
    } else if (request.disassemble || request.bounds) {
        if (request.bounds) print_bounds(settings, rules->pack);
        if (request.bounds && request.disassemble) print_line();
        if (request.disassemble) print(VisibleText::lines(bytecode::disassemble(rules->pack)));
    } else {
        print_policies(settings, rules->pack);
        print_subjects(settings, rules->pack);
        print_parameters(settings, rules->pack);
    }
    return Status::Ran;
}

}  // namespace

void add_inspect(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("inspect", settings.in("列出包里的政策、事实、参数和指令", "List the policies, facts, parameters and code of a pack"));
    command->add_option("PATH", request->paths, settings.in("一个 .eligo 包、文件夹或 .policy 文件（默认为规则）", "A .eligo pack, a folder or a .policy file (default: the rules)"))->type_name("");
    command->add_flag("--disassemble", request->disassemble, settings.in("打印字节码", "Print the bytecode"));
    command->add_flag("--bounds", request->bounds, settings.in("打印每项政策一次检查至多多少步、多少内存", "Print the most steps and memory that one check of each policy can take"));
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo compile -o pack.eligo && eligo inspect pack.eligo --disassemble");
    command->callback([&program, request] { program.run = [&program, request] { return inspect(program.settings, *request); }; });
}

}  // namespace eligo::cli
