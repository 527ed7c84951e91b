// `eligo list`: which policies there are: for whom, in which periods, by which authority, with which benefits.
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

using bytecode::Index;
using bytecode::Pack;

// "2016-01-01 .. 2020-12-31", open where the language's own calendar ends.
std::string period_text(const bytecode::Version& version) {
    const std::string from = version.from <= value::first_day ? "" : value::format_date(version.from) + " ";
    return from + ".." + (version.to >= value::last_day ? "" : " " + value::format_date(version.to));
}

bool holds_on(const bytecode::Version& version, value::Day day) { return version.from <= day && day <= version.to; }

void print_version(const Settings& settings, const Pack& pack, const bytecode::Version& version) {
    std::string line = "    " + period_text(version);
    if (holds_on(version, settings.as_of)) line += settings.in("  （" + value::format_date(settings.as_of) + " 有效）", "  (in force on " + value::format_date(settings.as_of) + ")");
    if (const std::string authority = label_text(settings, pack, version.authority); !authority.empty()) line += "  " + authority;
    print_line(line);
    for (const bytecode::Benefit& benefit : version.benefits) print_line("      " + pack.string(benefit.name) + "  " + label_text(settings, pack, benefit.label));
}

void print_policies(const Settings& settings, const Pack& pack, const std::vector<Index>& policies) {
    for (const Index number : policies) {
        const bytecode::Policy& policy = pack.policies[number];
        print_line(pack.string(policy.name) + settings.in("（", " (") + pack.string(pack.subjects[policy.subject].name) + settings.in("）  ", ")  ") + label_text(settings, pack, policy.versions.back().label));
        for (const bytecode::Version& version : policy.versions) print_version(settings, pack, version);
    }
}

void write_version(explain::JsonWriter& writer, const Settings& settings, const Pack& pack, const bytecode::Version& version) {
    writer.begin_object();
    writer.text("from", value::format_date(version.from));
    writer.text("to", value::format_date(version.to));
    writer.boolean("in_force", holds_on(version, settings.as_of));
    writer.text("label", label_text(settings, pack, version.label));
    writer.text("authority", label_text(settings, pack, version.authority));
    writer.key("benefits");
    writer.begin_array();
    for (const bytecode::Benefit& benefit : version.benefits) {
        writer.begin_object();
        writer.text("name", pack.string(benefit.name));
        writer.text("label", label_text(settings, pack, benefit.label));
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
}

void print_json(const Settings& settings, const Pack& pack, const std::vector<Index>& policies) {
    explain::JsonWriter writer;
    writer.begin_object();
    writer.text("as_of", value::format_date(settings.as_of));
    writer.key("policies");
    writer.begin_array();
    for (const Index number : policies) {
        const bytecode::Policy& policy = pack.policies[number];
        writer.begin_object();
        writer.text("name", pack.string(policy.name));
        writer.text("label", label_text(settings, pack, policy.versions.back().label));
        writer.text("subject", pack.string(pack.subjects[policy.subject].name));
        writer.key("versions");
        writer.begin_array();
        for (const bytecode::Version& version : policy.versions) write_version(writer, settings, pack, version);
        writer.end_array();
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    print(VisibleText::lines(writer.take()));
}

Status list(const Settings& settings, const std::vector<std::string>& subjects) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const Pack& pack = rules->pack;
    std::vector<Index> wanted, policies;
    for (const std::string& name : subjects) {
        const auto subject = subject_named(settings, pack, name);
        if (!subject) return Status::Wrong;
        wanted.push_back(*subject);
    }
    for (Index i = 0; i < pack.policies.size(); ++i) {
        if (wanted.empty() || std::find(wanted.begin(), wanted.end(), pack.policies[i].subject) != wanted.end()) policies.push_back(i);
    }
    if (settings.json) print_json(settings, pack, policies);
    else print_policies(settings, pack, policies);
    return Status::Ran;
}

}  // namespace

void add_list(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto subjects = std::make_shared<std::vector<std::string>>();
    CLI::App* command = app.add_subcommand("list", settings.in("列出政策：对象、有效期、主管部门与优惠", "List the policies: subject, periods, authority and benefits"));
    command->add_option("SUBJECT", *subjects, settings.in("只列出这类对象的政策，如 company", "Only policies for this subject, such as company"))->type_name("");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo list company --as-of 2018-06-01");
    command->callback([&program, subjects] { program.run = [&program, subjects] { return list(program.settings, *subjects); }; });
}

}  // namespace eligo::cli
