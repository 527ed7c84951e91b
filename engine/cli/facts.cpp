// `eligo facts`: what may be said of a subject: names, types, ranges, members, defaults, and which policy reads what.
#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "../explain/json_writer.hpp"
#include "../value/date.hpp"
#include "commands.hpp"
#include "policies.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "vocabulary.hpp"

namespace eligo::cli {
namespace {

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;

struct Request {
    std::string subject;
    std::vector<std::string> policies;
};

std::vector<std::string> names_of(const Pack& pack, const std::vector<Index>& policies) {
    std::vector<std::string> names;
    for (const Index policy : policies) names.push_back(pack.string(pack.policies[policy].name));
    return names;
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : std::string(between)) + part;
    return text;
}

std::string_view change_name(bytecode::Change change) {
    switch (change) {
        case bytecode::Change::Workable: return {};
        case bytecode::Change::Fixed: return "fixed";
        case bytecode::Change::Rising: return "rising";
    }
    return {};
}

// A fact of a record is listed with the record, which comes after the subject that has it.
void add_subject(const Pack& pack, Index subject, std::vector<Index>& order) {
    if (std::find(order.begin(), order.end(), subject) != order.end()) return;
    order.push_back(subject);
    for (const Fact& fact : pack.subjects[subject].facts) {
        if (fact.kind == Kind::Record || fact.kind == Kind::List) add_subject(pack, fact.ref, order);
    }
}

std::string years_text(const YearOffsets& years) {
    if (years.empty()) return {};
    std::string text;
    for (const std::int32_t year : years) text += (text.empty() ? "[" : ", ") + std::to_string(year);
    return text + "]";
}

std::string described(const Settings& settings, const Pack& pack, Index subject, const Fact& fact) {
    std::string text = type_text(pack, fact);
    if (fact.kind == Kind::Enum) text += " { " + joined(member_names(pack, fact), ", ") + " }";
    if (const std::string range = range_text(pack, subject, fact); !range.empty()) text += " in " + range;
    if (const std::string_view unit = unit_text(fact); !unit.empty()) text += settings.in("，单位：", ", in ") + (settings.chinese() ? std::string(unit == "yuan" ? "元" : unit == "months" ? "月" : "天") : std::string(unit));
    if (const auto constant = default_text(pack, fact)) text += settings.in("，默认 ", ", default ") + (fact.kind == Kind::Text ? "\"" + *constant + "\"" : *constant);
    if (fact.default_kind == bytecode::DefaultKind::Computed) text += settings.in("，默认由其他事实算出", ", default worked out from other facts");
    if (const std::string_view change = change_name(fact.change); !change.empty()) text += ", " + std::string(change);
    return text;
}

void print_facts(const Settings& settings, const Pack& pack, const std::vector<Index>& subjects, const FactUses& uses) {
    const std::string day = value::format_date(settings.as_of);
    bool first = true;
    for (const Index number : subjects) {
        const bytecode::Subject& subject = pack.subjects[number];
        if (!first) print_line();
        print_line(std::string(subject.is_record ? "record " : "vocabulary ") + pack.string(subject.name) + "  " + label_text(settings, pack, subject.label));
        first = false;
        for (std::size_t i = 0; i < subject.facts.size(); ++i) {
            const Fact& fact = subject.facts[i];
            const FactUse& use = uses[number][i];
            print_line("  " + pack.string(fact.name) + "  " + label_text(settings, pack, fact.label));
            print_line("      " + described(settings, pack, number, fact));
            if (use.is_read()) print_line("      " + settings.in("读取它的政策：", "read by ") + joined(names_of(pack, use.policies), settings.in("、", ", ")) + (use.years.empty() ? "" : "  " + years_text(use.years)));
        }
    }
    print_line();
    print_line(settings.in("“读取它的政策”以 " + day + " 为准；[-1] 是年度 0 的上一年。", "\"read by\" is as of " + day + "; [-1] is the year before year 0."));
}

void write_fact(explain::JsonWriter& writer, const Settings& settings, const Pack& pack, Index subject, const Fact& fact, const FactUse& use) {
    writer.begin_object();
    writer.text("name", pack.string(fact.name));
    writer.text("label", label_text(settings, pack, fact.label));
    writer.text("type", type_text(pack, fact));
    if (const std::string range = range_text(pack, subject, fact); !range.empty()) writer.text("range", range);
    if (const std::string_view unit = unit_text(fact); !unit.empty()) writer.text("unit", unit);
    if (fact.kind == Kind::Enum) {
        writer.key("members");
        writer.begin_array();
        for (const bytecode::EnumMember& member : pack.enumerations[fact.ref].members) {
            writer.begin_object();
            writer.text("name", pack.string(member.name));
            writer.text("label", label_text(settings, pack, member.label));
            writer.end_object();
        }
        writer.end_array();
    }
    if (const auto constant = default_text(pack, fact)) writer.text("default", *constant);
    if (fact.default_kind == bytecode::DefaultKind::Computed) writer.boolean("default_computed", true);
    if (const std::string_view change = change_name(fact.change); !change.empty()) writer.text("change", change);
    writer.texts("read_by", names_of(pack, use.policies));
    if (fact.yearly) {
        writer.key("years");
        writer.begin_array();
        for (const std::int32_t year : use.years) writer.number(year);
        writer.end_array();
    }
    writer.end_object();
}

void print_json(const Settings& settings, const Pack& pack, const std::vector<Index>& subjects, const FactUses& uses) {
    explain::JsonWriter writer;
    writer.begin_object();
    writer.text("as_of", value::format_date(settings.as_of));
    writer.key("subjects");
    writer.begin_array();
    for (const Index number : subjects) {
        const bytecode::Subject& subject = pack.subjects[number];
        writer.begin_object();
        writer.text("name", pack.string(subject.name));
        writer.text("label", label_text(settings, pack, subject.label));
        writer.boolean("record", subject.is_record);
        writer.key("facts");
        writer.begin_array();
        for (std::size_t i = 0; i < subject.facts.size(); ++i) write_fact(writer, settings, pack, number, subject.facts[i], uses[number][i]);
        writer.end_array();
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    print(VisibleText::lines(writer.take()));
}

Status facts(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const Pack& pack = rules->pack;
    const auto chosen = chosen_policies(settings, pack, request.policies);
    if (!chosen) return Status::Wrong;
    std::vector<Index> subjects;
    if (!request.subject.empty()) {
        const auto subject = subject_named(settings, pack, request.subject);
        if (!subject) return Status::Wrong;
        add_subject(pack, *subject, subjects);
    } else {
        for (Index i = 0; i < pack.subjects.size(); ++i) {
            if (!pack.subjects[i].is_record) add_subject(pack, i, subjects);
        }
    }
    const FactUses uses = fact_uses(pack, *chosen, {settings.as_of, value::last_day});
    if (settings.json) print_json(settings, pack, subjects, uses);
    else print_facts(settings, pack, subjects, uses);
    return Status::Ran;
}

}  // namespace

void add_facts(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("facts", settings.in("列出可以填写的事实：名称、类型、范围、默认值，以及哪些政策读取", "List the facts: names, types, ranges, defaults, and which policies read them"));
    command->add_option("SUBJECT", request->subject, settings.in("词汇表或记录，如 company（默认全部）", "A vocabulary or record, such as company (default: all)"))->type_name("");
    command->add_option("--policy", request->policies, settings.in("“读取”只看这项政策，可重复", "Tell only what this policy reads; may be repeated"))->type_name("NAME")->allow_extra_args(false);
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo facts company --policy high_tech_enterprise");
    command->callback([&program, request] { program.run = [&program, request] { return facts(program.settings, *request); }; });
}

}  // namespace eligo::cli
