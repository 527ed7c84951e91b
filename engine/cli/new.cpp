// `eligo new`: a blank profile to fill in, as JSON, YAML or the header of a CSV table.
#include <CLI/CLI.hpp>
#include <functional>
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

using bytecode::DefaultKind;
using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;

enum class Form : std::uint8_t { Json, Yaml, Csv };

struct Request {
    std::string subject;
    std::vector<std::string> policies;
    Form form = Form::Json;
};

// What a blank profile asks for: the facts that the policies read, in the years that they read.
struct Blank {
    const Settings& settings;
    const Pack& pack;
    const FactUses& uses;
    std::int32_t fiscal_year;

    [[nodiscard]] const std::vector<Fact>& facts(Index subject) const { return pack.subjects[subject].facts; }
    [[nodiscard]] bool asks(Index subject, std::size_t fact) const { return uses[subject][fact].is_read(); }
    [[nodiscard]] std::vector<std::string> years(Index subject, std::size_t fact) const {
        std::vector<std::string> years;
        for (const std::int32_t offset : uses[subject][fact].years) years.push_back(std::to_string(fiscal_year + offset));
        return years;
    }
    [[nodiscard]] std::string remark(Index subject, const Fact& fact) const {
        std::string text = label_text(settings, pack, fact.label);
        text += (text.empty() ? "" : "  ") + type_text(pack, fact);
        if (fact.kind == Kind::Enum) {
            for (const std::string& name : member_names(pack, fact)) text += " " + name;
        }
        if (const std::string range = range_text(pack, subject, fact); !range.empty()) text += " " + range;
        if (const std::string_view unit = unit_text(fact); !unit.empty()) text += " " + std::string(unit);
        return text;
    }
};

// What is printed says nothing of anybody: null is unknown, for a list as well, whose elements nobody has counted. A fact with a
// default is left out: absent, it is taken for its default, and null would undo that.
class JsonForm {
public:
    explicit JsonForm(const Blank& blank) : blank_(blank) {}
    std::string write(Index subject) {
        writer_.begin_object();
        writer_.text("company_id", "");
        writer_.number("fiscal_year", blank_.fiscal_year);
        members(subject);
        writer_.end_object();
        return writer_.take();
    }

private:
    void members(Index subject) {
        for (std::size_t i = 0; i < blank_.facts(subject).size(); ++i) {
            const Fact& fact = blank_.facts(subject)[i];
            if (!blank_.asks(subject, i) || fact.default_kind != DefaultKind::None) continue;
            writer_.key(blank_.pack.string(fact.name));
            if (fact.kind == Kind::Record) object([&] { members(fact.ref); });
            else if (fact.yearly) object([&] { for (const std::string& year : blank_.years(subject, i)) { writer_.key(year); writer_.null(); } });
            else writer_.null();
        }
    }
    void object(const std::function<void()>& write_members) {
        writer_.begin_object();
        write_members();
        writer_.end_object();
    }

    const Blank& blank_;
    explain::JsonWriter writer_;
};

// Facts with a default and elements of lists stand in comments: taking the # away is saying something of them.
class YamlForm {
public:
    explicit YamlForm(const Blank& blank) : blank_(blank) {}
    VisibleText write(Index subject) {
        line("company_id:");
        line("fiscal_year: " + std::to_string(blank_.fiscal_year));
        members(subject, "");
        return std::move(out_);
    }

private:
    void line(const VisibleText& text) { (out_ += text).end_line(); }
    void members(Index subject, const std::string& indent) {
        for (std::size_t i = 0; i < blank_.facts(subject).size(); ++i) {
            if (blank_.asks(subject, i)) member(subject, i, indent);
        }
    }
    void member(Index subject, std::size_t number, const std::string& indent) {
        const Fact& fact = blank_.facts(subject)[number];
        const bool has_default = fact.default_kind != DefaultKind::None;
        const std::string begin = indent + (has_default ? "# " : "");
        line(begin + blank_.pack.string(fact.name) + ":  # " + blank_.remark(subject, fact) + (has_default ? default_remark(fact) : ""));
        if (fact.kind == Kind::Record) members(fact.ref, indent + "  ");
        if (fact.kind == Kind::List) element(fact.ref, indent);
        if (!fact.yearly) return;
        for (const std::string& year : blank_.years(subject, number)) line(begin + "  " + year + ":");
    }
    [[nodiscard]] std::string default_remark(const Fact& fact) const {
        const std::string constant = default_text(blank_.pack, fact).value_or(blank_.settings.in("由其他事实算出", "worked out from other facts"));
        return blank_.settings.in("；不填则默认：", "; taken by default: ") + (fact.kind == Kind::Text ? "\"" + constant + "\"" : constant);
    }
    void element(Index record, const std::string& indent) {
        bool first = true;
        for (std::size_t i = 0; i < blank_.facts(record).size(); ++i) {
            if (!blank_.asks(record, i)) continue;
            const Fact& fact = blank_.facts(record)[i];
            line(indent + (first ? "#   - " : "#     ") + blank_.pack.string(fact.name) + ":  # " + blank_.remark(record, fact) + (fact.default_kind != DefaultKind::None ? default_remark(fact) : ""));
            first = false;
        }
    }

    const Blank& blank_;
    VisibleText out_;
};

// Names need no quotes. A list comes as a table of its own, whose header is that of its record.
class CsvForm {
public:
    explicit CsvForm(const Blank& blank) : blank_(blank) {}
    std::string write(Index subject) {
        const bool is_record = blank_.pack.subjects[subject].is_record;
        out_ = "company_id";
        if (!is_record) out_ += ",fiscal_year";
        columns(subject, "");
        return out_;
    }

private:
    void columns(Index subject, const std::string& prefix) {
        for (std::size_t i = 0; i < blank_.facts(subject).size(); ++i) {
            const Fact& fact = blank_.facts(subject)[i];
            if (!blank_.asks(subject, i) || fact.kind == Kind::List) continue;
            const std::string name = prefix + blank_.pack.string(fact.name);
            if (fact.kind == Kind::Record) columns(fact.ref, name + ".");
            else if (!fact.yearly) out_ += "," + name;
            else for (const std::string& year : blank_.years(subject, i)) out_ += "," + name + "." + year;
        }
    }

    const Blank& blank_;
    std::string out_;
};

void tell_lists(const Blank& blank, Index subject) {
    for (std::size_t i = 0; i < blank.facts(subject).size(); ++i) {
        const Fact& fact = blank.facts(subject)[i];
        if (fact.kind != Kind::List || !blank.asks(subject, i)) continue;
        const std::string name = blank.pack.string(fact.name), record = blank.pack.string(blank.pack.subjects[fact.ref].name);
        print_error_line(blank.settings.in("列表 " + name + " 放在另一个表中（--list " + name + "=文件），表头见 eligo new " + record + " --format csv",
                                      "the list " + name + " comes as a table of its own (--list " + name + "=FILE); eligo new " + record + " --format csv prints its header"));
    }
}

Status make(const Settings& settings, const Request& request) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const Pack& pack = rules->pack;
    const auto chosen = chosen_policies(settings, pack, request.policies);
    if (!chosen) return Status::Wrong;
    const auto subject = subject_named(settings, pack, request.subject);
    if (!subject) return Status::Wrong;
    if (pack.subjects[*subject].is_record && request.form != Form::Csv) {
        complain(settings.in("`" + request.subject + "` 是记录，不是一类对象；它只能作为表头：--format csv", "`" + request.subject + "` is a record and no profile of its own; it can only be the header of a table: --format csv"));
        return Status::Wrong;
    }
    const FactUses uses = fact_uses(pack, *chosen, {settings.as_of, value::last_day});
    const Blank blank{settings, pack, uses, value::year_of(settings.as_of)};
    switch (request.form) {
        case Form::Json: print(VisibleText::lines(JsonForm(blank).write(*subject))); break;
        case Form::Yaml: print(YamlForm(blank).write(*subject)); break;
        case Form::Csv: print_line(CsvForm(blank).write(*subject)); tell_lists(blank, *subject); break;
    }
    return Status::Ran;
}

}  // namespace

void add_new(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto request = std::make_shared<Request>();
    CLI::App* command = app.add_subcommand("new", settings.in("输出一份待填写的空白资料", "Print a blank profile to fill in"));
    command->add_option("SUBJECT", request->subject, settings.in("词汇表，如 company；--format csv 时也可为记录", "A vocabulary, such as company; with --format csv also a record"))->required()->type_name("");
    command->add_option("--policy", request->policies, settings.in("只列出这项政策读取的事实，可重复", "Only what this policy reads; may be repeated"))->type_name("NAME")->allow_extra_args(false);
    command->add_option_function<std::string>(
               "--format",
               [request, &settings](const std::string& text) {
                   if (text != "json" && text != "yaml" && text != "csv") throw CLI::ValidationError("--format", settings.in("应为 json、yaml、csv 之一，现为 \"" + text + "\"", "expected one of json, yaml, csv, found \"" + text + "\""));
                   request->form = text == "json" ? Form::Json : text == "yaml" ? Form::Yaml : Form::Csv;
               },
               settings.in("格式（默认 json；yaml 带说明）", "The form (default: json; yaml has remarks)"))
        ->type_name("json|yaml|csv");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo new company --policy technology_sme --format yaml > company.yaml");
    command->callback([&program, request] { program.run = [&program, request] { return make(program.settings, *request); }; });
}

}  // namespace eligo::cli
