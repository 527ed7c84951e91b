// Declarations, entry by entry. A node's parts are found by kind and order, never by position alone: after an error
// some may be missing, and pieces of what was being read may be left over behind them.
#include "from_cst.hpp"

#include "expression_from_cst.hpp"
#include "lexemes.hpp"

#include "../text/utf8.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace eligo::syntax {

using grammar::Kind;
using grammar::Node;
using grammar::NodeId;
using grammar::Tree;
using text::Code;

namespace {

bool is_expression(Kind kind) {
    switch (kind) {
        case Kind::Name: case Kind::Number: case Kind::Date: case Kind::Text: case Kind::Constant: case Kind::Otherwise:
        case Kind::Binary: case Kind::Not: case Kind::Compare: case Kind::Negate: case Kind::AsOf: case Kind::Postfix:
        case Kind::Call: case Kind::Bracketed: case Kind::If: case Kind::Between: case Kind::Range: case Kind::Set:
        case Kind::List: case Kind::Record:
            return true;
        default: return false;
    }
}

TypeKind plain_type(std::string_view word) {
    constexpr std::array<std::pair<std::string_view, TypeKind>, 9> known{{{"bool", TypeKind::Bool},
                                                                          {"int", TypeKind::Int},
                                                                          {"number", TypeKind::Number},
                                                                          {"percent", TypeKind::Percent},
                                                                          {"money", TypeKind::Money},
                                                                          {"date", TypeKind::Date},
                                                                          {"months", TypeKind::Months},
                                                                          {"days", TypeKind::Days},
                                                                          {"text", TypeKind::Text}}};
    for (const auto& [spelling, kind] : known) {
        if (spelling == word) return kind;
    }
    if (word == "code") return TypeKind::Code;
    return word.starts_with("list") ? TypeKind::List : TypeKind::OneOf;
}

class AstMaker {
public:
    AstMaker(const Tree& tree, std::string_view text, text::FileId file, text::Sink& sink)
        : tree_(tree), text_(text), file_(file), sink_(sink), expressions_(tree, text, file, sink, ast_) {}

    File run() {
        for (const NodeId id : tree_.children(static_cast<NodeId>(tree_.nodes.size() - 1))) {
            sink_.spend(1);
            declaration(id);
        }
        return std::move(ast_);
    }

private:
    // A node with its children at hand.
    struct Parts {
        NodeId id;
        std::vector<NodeId> children;
    };
    [[nodiscard]] Parts parts(NodeId id) const { return {id, tree_.children(id)}; }
    [[nodiscard]] const Node& node(NodeId id) const { return tree_.nodes[id]; }
    [[nodiscard]] Kind kind(NodeId id) const { return tree_.nodes[id].kind; }
    [[nodiscard]] bool is_broken(const Parts& entry) const { return node(entry.id).broken; }
    [[nodiscard]] Span span(NodeId id) const { return expressions_.span(id); }

    static constexpr NodeId none = ~NodeId{0};
    [[nodiscard]] NodeId find(const Parts& entry, Kind wanted, std::size_t skip = 0) const {
        for (const NodeId child : entry.children) {
            if (kind(child) == wanted && skip-- == 0) return child;
        }
        return none;
    }
    // The first of its kind; a second one is told.
    NodeId only(const Parts& entry, Kind wanted) {
        const NodeId first = find(entry, wanted);
        const NodeId second = find(entry, wanted, 1);
        if (second != none && !is_broken(entry)) sink_.report(Code::said_twice, span(second)).also(span(first), "", "");
        return first;
    }

    [[nodiscard]] Name name(const Parts& entry, std::size_t skip = 0) const {
        const NodeId found = find(entry, Kind::Name, skip);
        return found == none ? Name{{}, Span{file_, node(entry.id).begin, node(entry.id).begin}} : expressions_.name(found);
    }
    ExprId broken(const Parts& entry) { return expressions_.broken(span(entry.id)); }
    // The entry's expression: the first child that is one, behind `skip` names; Broken when the entry is.
    ExprId expression(const Parts& entry, std::size_t skip) {
        if (is_broken(entry)) return broken(entry);
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Name && skip > 0) {
                --skip;
            } else if (is_expression(kind(child))) {
                return expressions_.make_whole(child);
            }
        }
        return broken(entry);
    }
    ExprId only_child(NodeId id) {
        const Parts inside = parts(id);
        return expression(inside, 0);
    }

    // ---- Labels, citations, types

    [[nodiscard]] std::string unquoted(NodeId id) const { return std::string(expressions_.unquoted(id)); }

    Label label_of(NodeId id) {
        Label label;
        if (id == none) return label;
        const std::vector<NodeId> texts = tree_.children(id);
        label.span = span(id);
        label.chinese = unquoted(texts[0]);
        label.english = texts.size() > 1 ? unquoted(texts[1]) : label.chinese;
        return label;
    }
    Label label(const Parts& entry) { return label_of(only(entry, Kind::Label)); }

    [[nodiscard]] std::vector<Citation> citations(const Parts& entry) {
        std::vector<Citation> found;
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Citation) found.push_back(citation(child));
        }
        return found;
    }

    Citation citation(NodeId id) {
        const std::string_view written = expressions_.text(id);
        Citation citation;
        citation.span = span(id);
        const std::string_view raw = written.substr(skip_blanks(written, 1));
        citation.quoted = raw.starts_with('"');
        const std::size_t closing = citation.quoted ? raw.find('"', 1) : npos;
        citation.raw = raw;
        if (closing != npos) {
            citation.raw = raw.substr(1, closing - 1);
            const std::string_view behind = raw.substr(skip_blanks(raw, closing + 1));
            if (!behind.empty()) citation.raw.append(" ").append(behind);
        }
        if (citation.raw.empty()) sink_.report(Code::expected_citation, citation.span);
        return citation;
    }

    // A number of clauses or elements. One that is told is taken for one, so that nothing follows from it.
    [[nodiscard]] value::Int128 count(NodeId id) {
        std::string digits(expressions_.text(id));
        std::erase(digits, '_');
        const auto number = value::parse_decimal(digits);
        if (!number) sink_.report(Code::number_too_large, span(id), {std::string(expressions_.text(id))});
        return number ? number->numerator() : 1;
    }

    [[nodiscard]] TypeRef type(NodeId id) {
        TypeRef type;
        if (id == none) return type;
        const Parts inside = parts(id);
        type.span = span(id);
        type.yearly = find(inside, Kind::Operator) != none;
        type.name = name(inside);
        const NodeId word = find(inside, Kind::Word);
        type.kind = word == none ? TypeKind::Named : plain_type(expressions_.text(word));
        if (type.name.text.empty()) type.name = {};
        for (const NodeId child : inside.children) {
            if (kind(child) == Kind::Member) type.members.push_back(member(child));
            if (kind(child) == Kind::UpTo) type.up_to = count(tree_.children(child)[0]);
        }
        return type;
    }
    TypeRef type(const Parts& entry) { return type(find(entry, Kind::Type)); }

    EnumMember member(NodeId id) {
        const Parts inside = parts(id);
        return {name(inside), label(inside)};
    }

    // ---- Declarations

    void declaration(NodeId id) {
        const Parts entry = parts(id);
        switch (kind(id)) {
            case Kind::Import: return import(entry);
            case Kind::Source: return ast_.sources.push_back(source(entry));
            case Kind::Vocabulary:
            case Kind::RecordDeclaration: return ast_.subjects.push_back(subject(entry));
            case Kind::Parameter: return ast_.parameters.push_back(parameter(entry));
            case Kind::Table: return ast_.tables.push_back(table(entry));
            case Kind::Let: return ast_.lets.push_back(let(entry));
            case Kind::Policy: return ast_.policies.push_back(policy(entry));
            case Kind::Scenario: return ast_.scenarios.push_back(scenario(entry));
            default: return;  // left over by an error
        }
    }

    void import(const Parts& entry) {
        const NodeId path = find(entry, Kind::Text);
        if (path != none) ast_.imports.push_back({unquoted(path), span(path)});
    }

    Source source(const Parts& entry) {
        const NodeId title = find(entry, Kind::Text);
        return {name(entry), title == none ? std::string{} : unquoted(title), span(entry.id)};
    }

    Let let(const Parts& entry) {
        Let let;
        let.name = name(entry);
        let.span = span(entry.id);
        const NodeId list = find(entry, Kind::Parameters);
        // A list of parameters in which the error was met still says that this is a function.
        const std::size_t behind = skip_blanks(text_, let.name.span.end);
        let.is_function = list != none || (is_broken(entry) && behind < text_.size() && text_[behind] == '(');
        let.parameters = parameters(list);
        let.value = expression(entry, 1);
        let.label = label(entry);
        let.citations = citations(entry);
        return let;
    }

    std::vector<LetParameter> parameters(NodeId id) {
        std::vector<LetParameter> found;
        if (id == none) return found;
        for (const NodeId child : tree_.children(id)) {
            const Parts inside = parts(child);
            found.push_back({name(inside), type(inside)});
        }
        return found;
    }

    // ---- Parameters and tables

    Parameter parameter(const Parts& entry) {
        Parameter parameter;
        parameter.name = name(entry);
        parameter.type = type(entry);
        parameter.label = label(entry);
        parameter.citations = citations(entry);
        parameter.span = span(entry.id);
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::ParameterEntry) parameter.entries.push_back(parameter_entry(parts(child)));
        }
        return parameter;
    }

    ParameterEntry parameter_entry(const Parts& entry) {
        ParameterEntry made;
        made.span = span(entry.id);
        const NodeId period = find(entry, Kind::Range);
        made.period = period == none ? broken(entry) : expressions_.make_whole(period);
        made.published = published(entry);
        made.citations = citations(entry);
        const auto behind_period = [&](NodeId child) { return child != period && is_expression(kind(child)); };
        const auto value = std::ranges::find_if(entry.children, behind_period);
        const bool readable = !is_broken(entry) && value != entry.children.end();
        made.value = readable ? expressions_.make_whole(*value) : broken(entry);
        return made;
    }

    std::optional<value::Day> published(const Parts& entry) {
        const NodeId found = find(entry, Kind::Published);
        if (found == none) return std::nullopt;
        const Expr& date = ast_.expr(only_child(found));
        if (date.kind != ExprKind::Date) return std::nullopt;
        return date.date;
    }

    Table table(const Parts& entry) {
        Table table;
        table.name = name(entry);
        table.parameters = parameters(find(entry, Kind::Parameters));
        table.results = results(find(entry, Kind::Results));
        const NodeId word = find(entry, Kind::Flag);
        table.first = word != none && expressions_.text(word) == "first";
        table.label = label(entry);
        table.citations = citations(entry);
        table.span = span(entry.id);
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Header) table.header = header(parts(child));
            if (kind(child) == Kind::Row) table.rows.push_back(row(parts(child), table));
        }
        return table;
    }

    std::vector<TableResult> results(NodeId id) {
        std::vector<TableResult> found;
        if (id == none) return found;
        for (const NodeId child : tree_.children(id)) {
            const bool named = kind(child) == Kind::Result;
            TableResult& result = found.emplace_back();
            if (!named) {
                result.type = type(child);
                continue;
            }
            const Parts inside = parts(child);
            result.name = name(inside);
            result.type = type(inside);
        }
        return found;
    }

    std::vector<Name> header(const Parts& entry) {
        std::vector<Name> names;
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Name) names.push_back(expressions_.name(child));
        }
        return names;
    }

    TableRow row(const Parts& entry, const Table& table) {
        TableRow row;
        row.span = span(entry.id);
        row.otherwise = find(entry, Kind::Word) != none;
        row.citations = citations(entry);
        if (is_broken(entry)) return broken_row(entry, table, std::move(row));
        std::vector<NodeId> cells;
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Cell) cells.push_back(child);
        }
        const std::size_t results = std::min(std::max<std::size_t>(table.results.size(), 1), cells.size());
        const std::size_t conditions = row.otherwise ? 0 : cells.size() - results;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i < conditions) {
                row.cells.push_back(cell(parts(cells[i])));
            } else {
                row.results.push_back(result(parts(cells[i])));
            }
        }
        return row;
    }

    // As many cells as the table has columns, so that nobody counts them again.
    TableRow broken_row(const Parts& entry, const Table& table, TableRow row) {
        const std::size_t conditions = row.otherwise ? 0 : table.parameters.size();
        for (std::size_t i = 0; i < conditions; ++i) {
            row.cells.push_back({false, broken(entry), std::nullopt, span(entry.id)});
        }
        for (std::size_t i = 0; i < std::max<std::size_t>(table.results.size(), 1); ++i) row.results.push_back(broken(entry));
        return row;
    }

    // Where a cell without contents would have stood.
    [[nodiscard]] Span cell_span(const Parts& cell) const {
        const Node& whole = node(cell.id);
        return cell.children.empty() ? Span{file_, whole.end, whole.end} : span(cell.id);
    }

    TableCell cell(const Parts& written) {
        TableCell cell;
        cell.span = cell_span(written);
        cell.published = published(written);
        if (find(written, Kind::Operator) != none) {
            cell.any = true;
        } else if (const NodeId compared = find(written, Kind::CellComparison); compared != none) {
            tell_comparison(compared);
            cell.condition = broken(written);
        } else {
            cell.condition = contents(written);
        }
        return cell;
    }

    ExprId contents(const Parts& cell) {
        if (!cell.children.empty()) return expression(cell, 0);
        sink_.report(Code::empty_cell, cell_span(cell));
        return broken(cell);
    }

    ExprId result(const Parts& cell) {
        if (cell.children.empty()) {
            sink_.report(Code::expected_expression, cell_span(cell));
            return broken(cell);
        }
        if (find(cell, Kind::Operator) != none || find(cell, Kind::CellComparison) != none) {
            sink_.report(Code::expected_expression, span(cell.id));
            return broken(cell);
        }
        return expression(cell, 0);
    }

    void tell_comparison(NodeId id) {
        const std::vector<NodeId> inside = tree_.children(id);
        const std::string_view sign = expressions_.text(inside[0]);
        const std::string bound(expressions_.text(inside[1]));
        std::string meant;
        if (sign == ">=" || sign == "=>") meant = bound + " ..";
        if (sign == ">") meant = bound + " <..";
        if (sign == "<=" || sign == "=<") meant = ".. " + bound;
        if (sign == "<") meant = "..< " + bound;
        if (sign == "=" || sign == "==") meant = bound;
        text::Diagnostic& told = sink_.report(Code::comparison_in_cell, span(id), {meant});
        if (meant.empty()) {
            told.no_help = true;  // `!=` has no range of its own
        } else {
            told.fix_with(span(id), meant);
        }
    }

    // ---- Vocabularies and records

    Subject subject(const Parts& entry) {
        Subject subject;
        subject.is_record = kind(entry.id) == Kind::RecordDeclaration;
        subject.name = name(entry);
        subject.label = label(entry);
        subject.span = span(entry.id);
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Field) subject.fields.push_back(field(parts(child)));
            if (kind(child) == Kind::Let) subject.lets.push_back(let(parts(child)));
        }
        return subject;
    }

    Field field(const Parts& entry) {
        Field field;
        field.name = name(entry);
        field.type = type(entry);
        field.span = span(entry.id);
        if (const NodeId range = only(entry, Kind::InRange); range != none) field.range = only_child(range);
        if (const NodeId value = only(entry, Kind::Default); value != none) field.default_value = only_child(value);
        if (const NodeId change = only(entry, Kind::Flag); change != none) {
            field.change = expressions_.text(change) == "fixed" ? Change::Fixed : Change::Rising;
        }
        field.label = label(entry);
        field.citations = citations(entry);
        return field;
    }

    // ---- Policies

    Policy policy(const Parts& entry) {
        Policy policy;
        policy.name = name(entry);
        policy.subject = name(entry, 1);
        policy.label = label(entry);
        policy.span = span(entry.id);
        for (const NodeId child : entry.children) policy_entry(policy, parts(child));
        return policy;
    }

    void policy_entry(Policy& policy, const Parts& entry) {
        switch (kind(entry.id)) {
            case Kind::Authority:
                if (policy.authority.exists()) tell_twice(policy, entry, "authority");
                policy.authority = label(entry);
                return;
            case Kind::InForce:
                if (is_understood(policy.in_force)) tell_twice(policy, entry, "in force");
                policy.in_force = expression(entry, 0);
                policy.in_force_span = span(entry.id);
                return;
            case Kind::AssessedOn:
                if (is_understood(policy.assessed_on)) tell_twice(policy, entry, "assessed on");
                policy.assessed_on = expression(entry, 0);
                return;
            case Kind::Source: return policy.sources.push_back(source(entry));
            case Kind::Conflict: return policy.conflicts.push_back({name(entry), citations(entry), span(entry.id)});
            case Kind::Let: return policy.lets.push_back(let(entry));
            case Kind::Table: return policy.tables.push_back(table(entry));
            case Kind::Parameter: return policy.parameters.push_back(parameter(entry));
            case Kind::Clause: return policy.clauses.push_back(clause(entry));
            case Kind::Benefit: return policy.benefits.push_back(benefit(entry));
            default: return;  // the header's parts, and what an error left over
        }
    }

    [[nodiscard]] bool is_understood(ExprId id) const { return id != no_expr && ast_.expr(id).kind != ExprKind::Broken; }
    void tell_twice(const Policy& policy, const Parts& entry, const char* what) {
        if (!is_broken(entry)) sink_.report(Code::declared_twice_in_policy, span(entry.id), {policy.name.text, what});
    }

    Clause clause(const Parts& entry) {
        Clause clause;
        clause.kind = clause_kind(entry);
        clause.name = name(entry);
        clause.label = label(entry);
        clause.citations = citations(entry);
        clause.span = span(entry.id);
        if (const NodeId number = find(entry, Kind::Count); number != none) clause.at_least = count(number);
        if (clause.kind == ClauseKind::Require || clause.kind == ClauseKind::Exclude) clause.condition = expression(entry, 1);
        if (const NodeId guard = only(entry, Kind::Guard); guard != none) {
            const std::vector<NodeId> inside = tree_.children(guard);
            clause.guard_kind = expressions_.text(inside[0]) == "when" ? Guard::When : Guard::Unless;
            clause.guard = expressions_.make_whole(inside[1]);
        }
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Clause) clause.children.push_back(this->clause(parts(child)));
        }
        return clause;
    }

    // The word may be a misspelt one that was told and read as what was meant; its first letters still tell.
    [[nodiscard]] ClauseKind clause_kind(const Parts& entry) const {
        const NodeId word = find(entry, Kind::Word);
        if (find(entry, Kind::Count) != none) return ClauseKind::AtLeast;
        if (word == none) return ClauseKind::Require;
        const std::string_view spelling = expressions_.text(word);
        if (spelling == "require") return ClauseKind::Require;  // also of a clause whose name is `least` or `of`
        if (spelling == "exclude") return ClauseKind::Exclude;
        const std::size_t next = skip_blanks(text_, node(word).end);
        const bool group = word_at(text_, next) == "of";
        if (group) return spelling.starts_with("al") ? ClauseKind::AllOf : ClauseKind::AnyOf;
        if (word_at(text_, next) == "least") return ClauseKind::AtLeast;
        return spelling.starts_with("e") || spelling.starts_with("E") ? ClauseKind::Exclude : ClauseKind::Require;
    }

    Benefit benefit(const Parts& entry) {
        Benefit benefit;
        benefit.name = name(entry);
        benefit.type = type(entry);
        benefit.value = expression(entry, 1);
        benefit.label = label(entry);
        benefit.citations = citations(entry);
        benefit.span = span(entry.id);
        if (const NodeId when = only(entry, Kind::When); when != none) {
            const std::vector<NodeId> inside = tree_.children(when);
            benefit.always = inside.size() == 1;
            if (!benefit.always) benefit.when = expressions_.make_whole(inside[1]);
        }
        return benefit;
    }

    // ---- Scenarios

    Scenario scenario(const Parts& entry) {
        Scenario scenario;
        scenario.span = span(entry.id);
        if (const NodeId title = find(entry, Kind::Text); title != none) {
            scenario.title = unquoted(title);
            scenario.title_span = span(title);
        }
        scenario.policy = name(entry);
        const NodeId as_of = find(entry, Kind::AsOfDate);
        scenario.as_of = as_of == none ? broken(entry) : only_child(as_of);
        if (const NodeId known = only(entry, Kind::KnownOn); known != none) scenario.known_on = only_child(known);
        if (const NodeId like = only(entry, Kind::Like); like != none) {
            const NodeId title = tree_.children(like)[0];
            scenario.like = unquoted(title);
            scenario.like_span = span(title);
        }
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Section) section(scenario, parts(child));
        }
        return scenario;
    }

    void section(Scenario& scenario, const Parts& entry) {
        for (const NodeId child : entry.children) {
            if (kind(child) == Kind::Given) given(scenario, parts(child));
            if (kind(child) == Kind::Expect) expect(scenario, parts(child));
        }
        const bool expects = expressions_.text(entry.id).starts_with("ex");
        if (is_broken(entry) && expects) scenario.expects.push_back(broken_expectation(entry));
    }

    void given(Scenario& scenario, const Parts& entry) {
        const bool complete = !is_broken(entry) && entry.children.size() == 2;
        const ExprId path = entry.children.empty() ? broken(entry) : expressions_.make_whole(entry.children[0]);
        scenario.givens.push_back({path, complete ? expressions_.make_whole(entry.children[1]) : broken(entry), span(entry.id)});
    }

    Expect broken_expectation(const Parts& entry) {
        Expect made;
        made.kind = ExpectKind::BenefitEquals;
        made.subject = broken(entry);
        made.value = broken(entry);
        made.span = span(entry.id);
        return made;
    }

    void expect(Scenario& scenario, const Parts& entry) {
        if (is_broken(entry)) return scenario.expects.push_back(broken_expectation(entry));
        const bool told = kind(entry.children[0]) == Kind::Verdict || kind(entry.children[0]) == Kind::Because ||
                          kind(entry.children[0]) == Kind::Needs;
        if (!told) return scenario.expects.push_back(value_expectation(entry));
        for (const NodeId child : entry.children) scenario.expects.push_back(verdict_expectation(child));
    }

    Expect verdict_expectation(NodeId id) {
        Expect made;
        made.span = span(id);
        if (kind(id) == Kind::Verdict) {
            made.verdict = verdict(expressions_.text(id));
            return made;
        }
        made.kind = kind(id) == Kind::Because ? ExpectKind::Because : ExpectKind::Needs;
        for (const NodeId path : tree_.children(id)) made.paths.push_back(expressions_.make_whole(path));
        return made;
    }

    static Verdict verdict(std::string_view words) {
        if (words == "eligible") return Verdict::Eligible;
        if (words == "ineligible") return Verdict::Ineligible;
        return words == "undetermined" ? Verdict::Undetermined : Verdict::NotInForce;
    }

    // name = value, name in lo .. hi, clause holds
    Expect value_expectation(const Parts& entry) {
        Expect made;
        made.span = span(entry.id);
        made.subject = expressions_.make_whole(entry.children[0]);
        if (const NodeId outcome = find(entry, Kind::Outcome); outcome != none) {
            const std::string_view word = expressions_.text(outcome);
            made.kind = ExpectKind::ClauseOutcome;
            made.outcome = word == "holds" ? value::Truth::True : word == "fails" ? value::Truth::False : value::Truth::Unknown;
            return made;
        }
        const NodeId value = entry.children.back();
        const bool within = expressions_.text(entry.children[1]) == "in";
        made.value = expressions_.make_whole(value);
        const bool range = ast_.expr(made.value).kind == ExprKind::Range;
        made.kind = within || range ? ExpectKind::BenefitIn : ExpectKind::BenefitEquals;
        if (within && !range) tell_missing_range(made, value);
        Expr& written = ast_.exprs[made.value];
        if (!within && written.kind == ExprKind::Name && written.name.text == "none") written.kind = ExprKind::None;
        return made;
    }

    void tell_missing_range(Expect& made, NodeId value) {
        if (ast_.expr(made.value).kind != ExprKind::Broken) sink_.report(Code::expected_range, span(value));
        made.value = expressions_.broken(span(value));
    }

    const Tree& tree_;
    std::string_view text_;
    text::FileId file_;
    text::Sink& sink_;
    File ast_;
    ExpressionMaker expressions_;
};

}  // namespace

File make_ast(const Tree& tree, std::string_view text, text::FileId file, text::Sink& sink) {
    return AstMaker(tree, text, file, sink).run();
}

ExprId make_expression(const Tree& tree, std::string_view text, text::FileId file, text::Sink& sink, File& ast) {
    ExpressionMaker maker(tree, text, file, sink, ast);
    const auto root = static_cast<NodeId>(tree.nodes.size() - 1);
    return tree.nodes[root].broken ? maker.broken(maker.span(root)) : maker.make_whole(tree.children(root).front());
}

}  // namespace eligo::syntax
