// The Ast as text for goldens: an entry a line, indented by what holds it, expressions as the language writes them
// but with every bracket shown. Spans are left out, so that a moved line changes nothing.
#include "parse.hpp"

#include "../value/date.hpp"
#include "../value/rational.hpp"

#include <string>
#include <string_view>

namespace eligo::syntax {

namespace {

std::string_view sign_of(Op op) {
    switch (op) {
        case Op::Add: return "+";
        case Op::Subtract: return "-";
        case Op::Multiply: return "*";
        case Op::Divide: return "/";
        case Op::Equal: return "=";
        case Op::NotEqual: return "!=";
        case Op::Less: return "<";
        case Op::LessEqual: return "<=";
        case Op::Greater: return ">";
        case Op::GreaterEqual: return ">=";
        case Op::And: return "and";
        case Op::Or: return "or";
        case Op::Not: return "not";
        case Op::Negate: return "-";
    }
    return "";
}

// The number in its unit: 3/4 in percent is 75%.
std::string amount(const value::Rational& number, Unit unit) {
    switch (unit) {
        case Unit::None: return value::to_string(number);
        case Unit::Percent: return value::to_string(number, 100) + "%";
        case Unit::Permille: return value::to_string(number, 1000) + "‰";
        case Unit::Money: return value::to_string(number) + "元";
        case Unit::Months: return value::to_string(number) + " months";
        case Unit::Days: return value::to_string(number) + " days";
    }
    return {};
}

std::string_view word_of(TypeKind kind) {
    switch (kind) {
        case TypeKind::Broken: return "<broken>";
        case TypeKind::Bool: return "bool";
        case TypeKind::Int: return "int";
        case TypeKind::Number: return "number";
        case TypeKind::Percent: return "percent";
        case TypeKind::Money: return "money";
        case TypeKind::Date: return "date";
        case TypeKind::Months: return "months";
        case TypeKind::Days: return "days";
        case TypeKind::Text: return "text";
        case TypeKind::OneOf: return "one of";
        case TypeKind::Code: return "code";
        case TypeKind::List: return "list of";
        case TypeKind::Named: return "";
    }
    return "";
}

std::string_view word_of(Verdict verdict) {
    switch (verdict) {
        case Verdict::Eligible: return "eligible";
        case Verdict::Ineligible: return "ineligible";
        case Verdict::Undetermined: return "undetermined";
        case Verdict::NotInForce: return "not in force";
    }
    return "";
}

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

class Printer {
public:
    explicit Printer(const File& file) : file_(file) {}

    std::string run() {
        for (const Import& import : file_.imports) line("import " + quoted(import.path));
        for (const Source& source : file_.sources) print(source);
        for (const Subject& subject : file_.subjects) print(subject);
        for (const Parameter& parameter : file_.parameters) print(parameter);
        for (const Table& table : file_.tables) print(table);
        for (const Let& let : file_.lets) print(let);
        for (const Policy& policy : file_.policies) print(policy);
        for (const Scenario& scenario : file_.scenarios) print(scenario);
        return std::move(out_);
    }

private:
    void line(const std::string& text) { out_.append(2 * depth_, ' ').append(text).append("\n"); }

    static std::string name(const Name& name) { return name.text.empty() ? "<nameless>" : name.text; }
    static std::string label(const Label& label) {
        if (!label.exists()) return {};
        if (label.chinese == label.english) return " " + quoted(label.chinese);
        return " " + quoted(label.chinese) + " | " + quoted(label.english);
    }
    static std::string citations(const std::vector<Citation>& citations) {
        std::string text;
        for (const Citation& citation : citations) {
            text += " @ " + (citation.quoted ? quoted(citation.raw) : citation.raw);
        }
        return text;
    }

    // ---- Expressions

    std::string expr(ExprId id) const {
        if (id == no_expr) return {};
        const Expr& e = file_.expr(id);
        switch (e.kind) {
            case ExprKind::Broken: return "<broken>";
            case ExprKind::Bool: return e.boolean ? "true" : "false";
            case ExprKind::Number: return amount(e.number, e.unit);
            case ExprKind::Date: return value::format_date(e.date);
            case ExprKind::Duration: return amount(e.number, e.unit) + (e.years ? " (years)" : "");
            case ExprKind::Text: return quoted(e.name.text);
            case ExprKind::Unknown: return "unknown";
            case ExprKind::None: return "none";
            case ExprKind::Name: return e.name.text;
            case ExprKind::Member: return expr(e.args[0]) + "." + e.name.text;
            case ExprKind::Call: return e.name.text + "(" + list(e.args) + ")";
            case ExprKind::Index: return expr(e.args[0]) + "[" + expr(e.args[1]) + "]";
            case ExprKind::Slice: return expr(e.args[0]) + "[" + expr(e.args[1]) + " .. " + expr(e.args[2]) + "]";
            case ExprKind::Unary: return "(" + std::string(sign_of(e.op)) + " " + expr(e.args[0]) + ")";
            case ExprKind::Binary: return infix(e, sign_of(e.op));
            case ExprKind::In: return infix(e, "in");
            case ExprKind::Range: return range(e);
            case ExprKind::Set: return "{" + list(e.args) + "}";
            case ExprKind::If: return "(if " + expr(e.args[0]) + " then " + expr(e.args[1]) + " else " + expr(e.args[2]) + ")";
            case ExprKind::Otherwise: return infix(e, "otherwise");
            case ExprKind::AsOf: return infix(e, "as of");
            case ExprKind::Between: return between(e);
            case ExprKind::Aggregate: return aggregate(e);
            case ExprKind::List: return "[" + list(e.args) + "]";
            case ExprKind::Record: return record(e);
        }
        return {};
    }

    std::string infix(const Expr& e, std::string_view sign) const {
        return "(" + expr(e.args[0]) + " " + std::string(sign) + " " + expr(e.args[1]) + ")";
    }
    std::string list(const std::vector<ExprId>& ids) const {
        std::string text;
        for (const ExprId id : ids) text += (text.empty() ? "" : ", ") + expr(id);
        return text;
    }
    std::string range(const Expr& e) const {
        std::string text = expr(e.args[0]);
        if (!text.empty()) text += " ";
        text += std::string(e.lower_open ? "<" : "") + ".." + (e.upper_open ? "<" : "");
        return e.args[1] == no_expr ? text : text + " " + expr(e.args[1]);
    }
    std::string between(const Expr& e) const {
        return "(" + std::string(e.unit == Unit::Days ? "days" : "months") + " from " + expr(e.args[0]) + " to " + expr(e.args[1]) + ")";
    }
    std::string aggregate(const Expr& e) const {
        const bool count = e.args[0] == no_expr;
        std::string text = e.name.text + "(" + (count ? "" : expr(e.args[0]) + " for ");
        text += e.variable.text + " in " + expr(e.args[1]);
        if (e.args[2] != no_expr) text += " where " + expr(e.args[2]);
        return text + ")";
    }
    std::string record(const Expr& e) const {
        std::string text;
        for (std::size_t i = 0; i < e.args.size(); ++i) {
            text += (i == 0 ? "" : ", ") + e.fields[i].text + " = " + expr(e.args[i]);
        }
        return "{" + text + "}";
    }

    // ---- Parts of declarations

    static std::string type(const TypeRef& type) {
        std::string text = type.yearly ? "yearly " : "";
        text += word_of(type.kind);
        if (!type.name.text.empty()) text += (type.kind == TypeKind::Named ? "" : " ") + type.name.text;
        if (type.kind == TypeKind::OneOf) {
            std::string members;
            for (const EnumMember& member : type.members) members += (members.empty() ? "" : ", ") + member.name.text + label(member.label);
            text += " {" + members + "}";
        }
        if (type.up_to) text += " up to " + value::to_string(*type.up_to);
        return text;
    }
    static std::string parameters(const std::vector<LetParameter>& parameters) {
        std::string text;
        for (const LetParameter& each : parameters) {
            const bool typed = each.type.span.exists();
            text += (text.empty() ? "" : ", ") + name(each.name) + (typed ? " : " + type(each.type) : "");
        }
        return "(" + text + ")";
    }

    void print(const Source& source) { line("source " + name(source.name) + " " + quoted(source.title)); }

    void print(const Let& let) {
        const std::string list = let.is_function ? parameters(let.parameters) : "";
        line("let " + name(let.name) + list + " = " + expr(let.value) + label(let.label) + citations(let.citations));
    }

    void print(const Subject& subject) {
        line(std::string(subject.is_record ? "record " : "vocabulary ") + name(subject.name) + label(subject.label));
        ++depth_;
        for (const Field& field : subject.fields) print(field);
        for (const Let& let : subject.lets) print(let);
        --depth_;
    }

    void print(const Field& field) {
        std::string text = name(field.name) + " : " + type(field.type);
        if (field.range != no_expr) text += " in " + expr(field.range);
        if (field.default_value != no_expr) text += " default " + expr(field.default_value);
        if (field.change == Change::Fixed) text += " fixed";
        if (field.change == Change::Rising) text += " rising";
        line(text + label(field.label) + citations(field.citations));
    }

    void print(const Parameter& parameter) {
        line("parameter " + name(parameter.name) + " : " + type(parameter.type) + label(parameter.label) + citations(parameter.citations));
        ++depth_;
        for (const ParameterEntry& entry : parameter.entries) {
            line(expr(entry.period) + published(entry.published) + " : " + expr(entry.value) + citations(entry.citations));
        }
        --depth_;
    }
    static std::string published(const std::optional<value::Day>& day) {
        return day ? " published " + value::format_date(*day) : std::string{};
    }

    void print(const Table& table) {
        line("table " + name(table.name) + parameters(table.parameters) + " : " + results(table) + (table.first ? " first" : "") +
             label(table.label) + citations(table.citations));
        ++depth_;
        std::string header;
        for (const Name& column : table.header) header += (header.empty() ? "" : " | ") + column.text;
        line("header " + header);
        for (const TableRow& row : table.rows) print(row);
        --depth_;
    }
    static std::string results(const Table& table) {
        std::string text;
        for (const TableResult& each : table.results) {
            text += (text.empty() ? "" : ", ") + (each.name.text.empty() ? "" : each.name.text + " : ") + type(each.type);
        }
        return "(" + text + ")";
    }
    void print(const TableRow& row) {
        std::string text = row.otherwise ? "otherwise" : "";
        for (const TableCell& cell : row.cells) {
            text += (text.empty() ? "" : " | ") + (cell.any ? "-" : expr(cell.condition)) + published(cell.published);
        }
        line("row " + text + " => " + list(row.results) + citations(row.citations));
    }

    // ---- Policies

    void print(const Policy& policy) {
        line("policy " + name(policy.name) + " for " + name(policy.subject) + label(policy.label));
        ++depth_;
        if (policy.authority.exists()) line("authority" + label(policy.authority));
        for (const Source& source : policy.sources) print(source);
        if (policy.in_force != no_expr) line("in force " + expr(policy.in_force));
        if (policy.assessed_on != no_expr) line("assessed on " + expr(policy.assessed_on));
        for (const Conflict& each : policy.conflicts) line("conflicts with " + name(each.policy) + citations(each.citations));
        for (const Let& let : policy.lets) print(let);
        for (const Table& table : policy.tables) print(table);
        for (const Parameter& parameter : policy.parameters) print(parameter);
        for (const Clause& clause : policy.clauses) print(clause);
        for (const Benefit& benefit : policy.benefits) print(benefit);
        --depth_;
    }

    static std::string opening(const Clause& clause) {
        switch (clause.kind) {
            case ClauseKind::Require: return "require ";
            case ClauseKind::Exclude: return "exclude ";
            case ClauseKind::AllOf: return "all of ";
            case ClauseKind::AnyOf: return "any of ";
            case ClauseKind::AtLeast: return "at least " + value::to_string(clause.at_least) + " of ";
        }
        return {};
    }

    void print(const Clause& clause) {
        std::string text = opening(clause) + name(clause.name);
        if (clause.condition != no_expr) text += " : " + expr(clause.condition);
        if (clause.guard_kind != Guard::None) text += (clause.guard_kind == Guard::When ? " when " : " unless ") + expr(clause.guard);
        line(text + label(clause.label) + citations(clause.citations));
        ++depth_;
        for (const Clause& child : clause.children) print(child);
        --depth_;
    }

    void print(const Benefit& benefit) {
        std::string text = "benefit " + name(benefit.name) + " : " + type(benefit.type) + " = " + expr(benefit.value);
        if (benefit.when != no_expr) text += " when " + expr(benefit.when);
        if (benefit.always) text += " always";
        line(text + label(benefit.label) + citations(benefit.citations));
    }

    // ---- Scenarios

    void print(const Scenario& scenario) {
        std::string text = "scenario " + quoted(scenario.title) + " for " + name(scenario.policy) + " as of " + expr(scenario.as_of);
        if (scenario.known_on != no_expr) text += " known on " + expr(scenario.known_on);
        if (scenario.like_span.exists()) text += " like " + quoted(scenario.like);
        line(text);
        ++depth_;
        for (const Given& given : scenario.givens) line("given " + expr(given.path) + " = " + expr(given.value));
        for (const Expect& expect : scenario.expects) line("expect " + expectation(expect));
        --depth_;
    }

    std::string expectation(const Expect& expect) const {
        switch (expect.kind) {
            case ExpectKind::Verdict: return std::string(word_of(expect.verdict));
            case ExpectKind::Because: return "because " + list(expect.paths);
            case ExpectKind::Needs: return "needs " + list(expect.paths);
            case ExpectKind::BenefitEquals: return expr(expect.subject) + " = " + expr(expect.value);
            case ExpectKind::BenefitIn: return expr(expect.subject) + " in " + expr(expect.value);
            case ExpectKind::ClauseOutcome: return expr(expect.subject) + outcome(expect.outcome);
        }
        return {};
    }
    static std::string outcome(value::Truth outcome) {
        if (outcome == value::Truth::True) return " holds";
        return outcome == value::Truth::False ? " fails" : " unknown";
    }

    const File& file_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string print(const File& file) { return Printer(file).run(); }

}  // namespace eligo::syntax
