// `eligo schema`: the JSON Schema (2020-12) of a profile, for form builders, validators and editors.
//
// A schema says less than the engine: it cannot compare two facts, and a range such as "8 .. 12" is only recognised by its
// shape. What it refuses, `check` refuses; what it accepts, `check` still reads exactly.
#include <CLI/CLI.hpp>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "../explain/json_writer.hpp"
#include "../value/rational.hpp"
#include "../vm/profile_set.hpp"
#include "commands.hpp"
#include "print.hpp"
#include "rules.hpp"
#include "vocabulary.hpp"

namespace eligo::cli {
namespace {

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;
using explain::JsonWriter;

// How a value, or a range of them, is written as a text. An end of a range may be left out.
constexpr const char* number_pattern = R"(^\s*(-?\d+(\.\d+)?|(-?\d+(\.\d+)?)?\s*<?\.\.<?\s*(-?\d+(\.\d+)?)?)\s*$)";
constexpr const char* date_pattern = R"(^\s*(\d{4}-\d{2}-\d{2}|(\d{4}-\d{2}-\d{2})?\s*<?\.\.<?\s*(\d{4}-\d{2}-\d{2})?)\s*$)";
constexpr const char* year_pattern = R"(^(19|20|21)\d\d$)";

class SchemaWriter {
public:
    SchemaWriter(const Settings& settings, const Pack& pack) : settings_(settings), pack_(pack) {}

    std::string write(Index subject) {
        writer_.begin_object();
        writer_.text("$schema", "https://json-schema.org/draft/2020-12/schema");
        object(subject, Top::Yes);
        if (!records_.empty()) definitions();
        writer_.end_object();
        return writer_.take();
    }

private:
    enum class Top : std::uint8_t { No, Yes };

    // The members of an object that holds a subject's facts; the object itself is open already.
    void object(Index number, Top top) {
        const bytecode::Subject& subject = pack_.subjects[number];
        writer_.text("title", label_or_name(subject.label, subject.name));
        writer_.text("type", "object");
        writer_.key("properties");
        writer_.begin_object();
        if (top == Top::Yes) keys_of_every_subject();
        for (const Fact& fact : subject.facts) {
            writer_.key(pack_.string(fact.name));
            writer_.begin_object();
            property(number, fact);
            writer_.end_object();
        }
        writer_.end_object();
        writer_.boolean("additionalProperties", false);
    }

    void keys_of_every_subject() {
        writer_.key("company_id");
        writer_.begin_object();
        writer_.text("title", settings_.in("企业标识", "Identifier of the subject"));
        writer_.texts("type", std::vector<std::string>{"string", "number", "null"});
        writer_.end_object();
        writer_.key("fiscal_year");
        writer_.begin_object();
        writer_.text("title", settings_.in("年度（默认为所问日期的年份）", "Fiscal year (default: the year of the day asked about)"));
        writer_.text("type", "integer");
        writer_.number("minimum", vm::first_fiscal_year);
        writer_.number("maximum", vm::last_fiscal_year);
        writer_.end_object();
    }

    void property(Index subject, const Fact& fact) {
        writer_.text("title", label_or_name(fact.label, fact.name));
        if (const std::string text = description(subject, fact); !text.empty()) writer_.text("description", text);
        if (fact.kind == Kind::Record) return record(fact.ref);
        if (fact.kind == Kind::List) return list(fact);
        if (!fact.yearly) return value(fact);
        writer_.texts("type", std::vector<std::string>{"object", "null"});
        writer_.key("patternProperties");
        writer_.begin_object();
        writer_.key(year_pattern);
        writer_.begin_object();
        value(fact);
        writer_.end_object();
        writer_.end_object();
        writer_.boolean("additionalProperties", false);
    }

    void record(Index ref) {
        records_.insert(ref);
        writer_.key("anyOf");
        writer_.begin_array();
        reference(ref);
        null();
        writer_.end_array();
    }

    void list(const Fact& fact) {
        records_.insert(fact.ref);
        writer_.texts("type", std::vector<std::string>{"array", "null"});
        writer_.number("maxItems", fact.up_to);
        writer_.key("items");
        reference(fact.ref);
    }

    void reference(Index ref) {
        writer_.begin_object();
        writer_.text("$ref", "#/$defs/" + pack_.string(pack_.subjects[ref].name));
        writer_.end_object();
    }
    void null() {
        writer_.begin_object();
        writer_.text("type", "null");
        writer_.end_object();
    }

    void value(const Fact& fact) {
        switch (fact.kind) {
            case Kind::Bool: return writer_.texts("type", std::vector<std::string>{"boolean", "null"});
            case Kind::Text: return writer_.texts("type", std::vector<std::string>{"string", "null"});
            case Kind::Code: return writer_.texts("type", std::vector<std::string>{"string", "null"});
            case Kind::Enum: return members(fact);
            case Kind::Date: return text_or_null(date_pattern);
            case Kind::Number:
            case Kind::Money:
            case Kind::Months:
            case Kind::Days: return number(fact);
            case Kind::Record:
            case Kind::List: return;
        }
    }

    void members(const Fact& fact) {
        writer_.key("enum");
        writer_.begin_array();
        for (const std::string& name : member_names(pack_, fact)) writer_.text(name);
        writer_.null();
        writer_.end_array();
    }

    void text_or_null(const char* pattern) {
        writer_.texts("type", std::vector<std::string>{"string", "null"});
        writer_.text("pattern", pattern);
    }

    // A number, the same in quotes, a range in quotes, or unknown. Ends are written as they are, however many digits they have.
    void number(const Fact& fact) {
        writer_.key("anyOf");
        writer_.begin_array();
        writer_.begin_object();
        const bool whole = fact.unit.numerator % fact.unit.denominator == 0;
        writer_.text("type", whole ? "integer" : "number");
        writer_.digits("minimum", vm::plain_value(pack_, fact, fact.low));
        writer_.digits("maximum", vm::plain_value(pack_, fact, fact.high));
        writer_.end_object();
        writer_.begin_object();
        writer_.text("type", "string");
        writer_.text("pattern", number_pattern);
        writer_.end_object();
        null();
        writer_.end_array();
    }

    // In words, where a schema has none of its own: the unit, facts that bound it, the default.
    std::string description(Index subject, const Fact& fact) const {
        std::vector<std::string> parts{type_text(pack_, fact)};
        if (const std::string range = range_text(pack_, subject, fact); !range.empty()) parts.push_back(range);
        if (const std::string_view unit = unit_text(fact); !unit.empty()) parts.emplace_back(unit);
        if (const auto constant = default_text(pack_, fact)) parts.push_back("default " + (fact.kind == Kind::Text ? "\"" + *constant + "\"" : *constant));
        if (fact.default_kind == bytecode::DefaultKind::Computed) parts.push_back(settings_.in("默认由其他事实算出", "default worked out from other facts"));
        std::string text;
        for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
        return text;
    }

    std::string label_or_name(const bytecode::Label& label, Index name) const {
        const std::string text = label_text(settings_, pack_, label);
        return text.empty() ? pack_.string(name) : text;
    }

    // Describing one record may reach another.
    void definitions() {
        writer_.key("$defs");
        writer_.begin_object();
        std::set<Index> done;
        while (done.size() < records_.size()) {
            for (const Index ref : std::set<Index>(records_)) {
                if (!done.insert(ref).second) continue;
                writer_.key(pack_.string(pack_.subjects[ref].name));
                writer_.begin_object();
                object(ref, Top::No);
                writer_.end_object();
            }
        }
        writer_.end_object();
    }

    const Settings& settings_;
    const Pack& pack_;
    JsonWriter writer_;
    std::set<Index> records_;
};

Status schema(const Settings& settings, const std::string& name) {
    const auto rules = load_rules(settings, {}, Warnings::Hidden);
    if (!rules) return Status::Wrong;
    const auto subject = subject_named(settings, rules->pack, name);
    if (!subject) return Status::Wrong;
    print(VisibleText::lines(SchemaWriter(settings, rules->pack).write(*subject)));
    return Status::Ran;
}

}  // namespace

void add_schema(CLI::App& app, Program& program) {
    const Settings& settings = program.settings;
    const auto name = std::make_shared<std::string>();
    CLI::App* command = app.add_subcommand("schema", settings.in("输出企业资料的 JSON Schema（2020-12）", "Print the JSON Schema (2020-12) of a profile"));
    command->add_option("SUBJECT", *name, settings.in("词汇表，如 company（默认为政策最多的）", "A vocabulary, such as company (default: the one most policies are for)"))->type_name("");
    command->footer(settings.in("示例：\n", "Example:\n") + "  eligo schema company > company.schema.json");
    command->callback([&program, name] { program.run = [&program, name] { return schema(program.settings, *name); }; });
}

}  // namespace eligo::cli
