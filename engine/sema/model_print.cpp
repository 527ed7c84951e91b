// The model as text for goldens: one entity or expression node a line, indented.
#include "check.hpp"
#include "describe.hpp"

#include "../value/date.hpp"

namespace eligo::sema {

namespace {

constexpr const char* expression_names[] = {
    "error", "constant", "unknown", "as_of", "year_end", "variable", "fact", "let", "parameter", "table", "policy", "clause",
    "not", "negate", "abs", "+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "and", "or", "in range", "in set", "if", "otherwise",
    "round", "min", "max", "clamp", "months from", "days from", "aggregate"};
constexpr const char* aggregate_names[] = {"sum", "count", "any", "all", "min", "max"};
constexpr const char* rounding_names[] = {"half up", "down", "up", "half even"};
constexpr const char* clause_names[] = {"require", "exclude", "all of", "any of", "at least"};
constexpr const char* verdict_names[] = {"eligible", "ineligible", "undetermined", "not in force"};

class Printer {
public:
    explicit Printer(const Model& model) : model_(model) {}

    std::string run() {
        for (const Subject& each : model_.subjects) subject(each);
        for (const Parameter& each : model_.parameters) parameter(each);
        for (const Table& each : model_.tables)
            if (each.policy == no_id) table(each);
        for (Id id = 0; id < model_.policies.size(); ++id) policy(id);
        for (const Scenario& each : model_.scenarios) scenario(each);
        return std::move(out_);
    }

private:
    void line(const std::string& text) {
        out_.append(depth_ * 2, ' ');
        out_ += text;
        out_ += '\n';
    }
    [[nodiscard]] static std::string labelled(const Label& label, const Citations& citations) {
        std::string text;
        if (label.exists()) text += " \"" + label.chinese + "\" | \"" + label.english + "\"";
        for (const std::string& citation : citations) text += " @ " + citation;
        return text;
    }
    [[nodiscard]] std::string type(const Type& type) const {
        std::string text = spell_type(model_, type);
        if (type.kind == Kind::Number && type.percent && type.whole) text += " whole";
        return std::string(" : ").append(text);
    }
    [[nodiscard]] static std::string period(const Period& period) {
        return value::format_date(period.from) + " .. " + value::format_date(period.to);
    }

    // ---- expressions ----

    [[nodiscard]] std::string head(const Expr& expr) const {
        std::string text = expression_names[static_cast<std::size_t>(expr.kind)];
        switch (expr.kind) {
            case ExprKind::Constant: return text + " " + spell(model_, expr.type, expr.constant);
            case ExprKind::Variable: return text + " " + model_.variables[expr.ref].name;
            case ExprKind::Fact: return text + " " + model_.subjects[expr.index].facts[expr.ref].name;
            case ExprKind::LetUse: return text + " " + model_.lets[expr.ref].name;
            case ExprKind::ParameterUse: return text + " " + model_.parameters[expr.ref].name;
            case ExprKind::TableUse: return text + " " + model_.tables[expr.ref].name + " column " + std::to_string(expr.index);
            case ExprKind::PolicyUse: return text + " " + model_.policies[expr.ref].name + "." + expr.member;
            case ExprKind::ClauseUse: return text + " " + std::to_string(expr.ref);
            case ExprKind::Round: return text + " " + rounding_names[static_cast<std::size_t>(expr.rounding)];
            case ExprKind::InRange:
                return text + (expr.lower_open ? " <" : " ") + ".." + (expr.upper_open ? "<" : "");
            case ExprKind::Aggregate: {
                text = std::string(aggregate_names[static_cast<std::size_t>(expr.aggregate)]) + " for " + model_.variables[expr.variable].name;
                if (expr.list == no_expr) text += " in " + std::to_string(expr.first_year) + " .. " + std::to_string(expr.last_year);
                return text;
            }
            default: return text;
        }
    }

    void expression(ExprId id, const std::string& role = {}) {
        const std::string prefix = role.empty() ? "" : role + ": ";
        if (id == no_expr) {
            if (!role.empty()) return;
            line("open");
            return;
        }
        const Expr& expr = model_.exprs[id];
        line(prefix + head(expr) + type(expr.type));
        ++depth_;
        if (expr.base != no_expr) expression(expr.base, "of");
        if (expr.list != no_expr) expression(expr.list, "list");
        for (const ExprId argument : expr.args) expression(argument);
        --depth_;
    }

    // ---- entities ----

    [[nodiscard]] std::string end(const Subject& subject, const Fact& fact, const RangeEnd& range_end) const {
        if (range_end.constant) return spell(model_, fact.type, *range_end.constant);
        return range_end.fact == no_id ? "" : subject.facts[range_end.fact].name;
    }

    void subject(const Subject& subject) {
        line((subject.is_record ? "record " : "vocabulary ") + subject.name + labelled(subject.label, {}));
        ++depth_;
        for (const Fact& fact : subject.facts) {
            std::string text = "fact " + fact.name + type(fact.type);
            const std::string low = end(subject, fact, fact.low), high = end(subject, fact, fact.high);
            if (!low.empty() || !high.empty()) text += " in " + low + (fact.low.open ? " <" : " ") + ".." + (fact.high.open ? "< " : " ") + high;
            if (fact.change == syntax::Change::Fixed) text += " fixed";
            if (fact.change == syntax::Change::Rising) text += " rising";
            line(text + labelled(fact.label, {}));
            ++depth_;
            expression(fact.default_value, "default");
            --depth_;
        }
        for (const Id id : subject.lets) let(model_.lets[id]);
        --depth_;
    }

    [[nodiscard]] std::string inputs(const std::vector<Id>& variables) const {
        std::string text = "(";
        for (const Id id : variables) text += (text.size() > 1 ? ", " : "") + model_.variables[id].name + type(model_.variables[id].type);
        return text + ")";
    }

    void let(const Let& let) {
        line("let " + let.name + (let.parameters.empty() ? "" : inputs(let.parameters)) + type(let.type) + labelled(let.label, let.citations));
        ++depth_;
        expression(let.value, "value");
        --depth_;
    }

    void parameter(const Parameter& parameter) {
        line("parameter " + parameter.name + type(parameter.type) + labelled(parameter.label, parameter.citations));
        ++depth_;
        for (const ParameterEntry& entry : parameter.entries) {
            std::string text = period(entry.period);
            if (entry.published) text += " published " + value::format_date(*entry.published);
            line(text + labelled({}, entry.citations));
            ++depth_;
            expression(entry.value, "value");
            --depth_;
        }
        --depth_;
    }

    [[nodiscard]] std::string cell(const TableCell& cell, const Type& type) const {
        if (cell.any) return "-";
        std::string text;
        for (const CellInterval& interval : cell.intervals) {
            if (!text.empty()) text += " or ";
            const std::string low = interval.low ? spell(model_, type, *interval.low) : "", high = interval.high ? spell(model_, type, *interval.high) : "";
            text += interval.low == interval.high && interval.low ? low : low + (interval.lower_open ? "<" : "") + ".." + (interval.upper_open ? "<" : "") + high;
        }
        return text;
    }

    void table(const Table& table) {
        std::string text = "table " + table.name + inputs(table.inputs) + (table.first ? " first" : "");
        for (std::size_t i = 0; i < table.result_types.size(); ++i) text += " " + table.result_names[i] + type(table.result_types[i]);
        line(text + labelled(table.label, table.citations));
        ++depth_;
        for (const TableRow& row : table.rows) {
            std::string cells = row.otherwise ? "otherwise" : "row";
            for (std::size_t i = 0; i < row.cells.size(); ++i) cells += " | " + cell(row.cells[i], model_.variables[table.inputs[i]].type);
            line(cells + labelled({}, row.citations));
            ++depth_;
            for (const ExprId result : row.results) expression(result, "result");
            --depth_;
        }
        --depth_;
    }

    void clause(const Version& version, const Clause& clause) {
        std::string text = clause_names[static_cast<std::size_t>(clause.kind)];
        if (clause.kind == syntax::ClauseKind::AtLeast) text.append(" ").append(std::to_string(clause.at_least));
        line(text + " " + clause.path + labelled(clause.label, clause.citations));
        ++depth_;
        expression(clause.condition, "condition");
        expression(clause.guard, clause.guard_kind == syntax::Guard::Unless ? "unless" : "when");
        for (const Id child : clause.children) this->clause(version, version.clauses[child]);
        --depth_;
    }

    void version(const Version& version) {
        line("in force " + period(version.in_force) + labelled(version.label, {}));
        ++depth_;
        expression(version.assessed_on, "assessed on");
        for (const Conflict& conflict : version.conflicts) line("conflicts with " + model_.policies[conflict.policy].name + labelled({}, conflict.citations));
        for (const Id id : version.lets) let(model_.lets[id]);
        for (const Id id : version.top_clauses) clause(version, version.clauses[id]);
        for (const Benefit& benefit : version.benefits) {
            line("benefit " + benefit.name + type(benefit.type) + (benefit.always ? " always" : "") + labelled(benefit.label, benefit.citations));
            ++depth_;
            expression(benefit.value, "value");
            expression(benefit.when, "when");
            --depth_;
        }
        --depth_;
    }

    void policy(Id id) {
        const Policy& policy = model_.policies[id];
        line("policy " + policy.name + " for " + (policy.subject == no_id ? "?" : model_.subjects[policy.subject].name));
        ++depth_;
        for (const Version& each : policy.versions) version(each);
        for (const Table& each : model_.tables)
            if (each.policy == id) table(each);
        --depth_;
    }

    // ---- scenarios ----

    [[nodiscard]] static std::string given_text(const GivenValue& value) {
        switch (value.form) {
            case GivenValue::Form::Constant: return "constant";
            case GivenValue::Form::Unknown: return "unknown";
            case GivenValue::Form::Range: return "range";
            case GivenValue::Form::List: return "list of " + std::to_string(value.elements.size());
            case GivenValue::Form::Record: return "record";
        }
        return {};
    }

    void scenario(const Scenario& scenario) {
        line("scenario \"" + scenario.title + "\" for " + (scenario.policy == no_id ? "?" : model_.policies[scenario.policy].name) + " as of " +
             value::format_date(scenario.as_of));
        ++depth_;
        for (const Given& given : scenario.givens) line("given " + given.path.text + " " + given_text(given.value));
        for (const Expect& expect : scenario.expects) {
            std::string text = "expect";
            if (expect.kind == syntax::ExpectKind::Verdict) text += std::string(" ") + verdict_names[static_cast<std::size_t>(expect.verdict)];
            if (expect.kind == syntax::ExpectKind::Because) text += " because";
            if (expect.kind == syntax::ExpectKind::Needs) text += " needs";
            for (const std::string& name : expect.names) text += " " + name;
            if (expect.none) text += " none";
            if (expect.low) text += " from " + spell(model_, expect.type, *expect.low);
            if (expect.high) text += " to " + spell(model_, expect.type, *expect.high);
            if (expect.kind == syntax::ExpectKind::ClauseOutcome) text += expect.outcome == 2 ? " holds" : expect.outcome == 1 ? " unknown" : " fails";
            line(text);
        }
        --depth_;
    }

    const Model& model_;
    std::string out_;
    std::size_t depth_ = 0;
};

}  // namespace

std::string print(const Model& model) { return Printer(model).run(); }

}  // namespace eligo::sema
