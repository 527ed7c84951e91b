// Scenarios: what is given (own lines after those of `like`), and what is expected. Years are kept as offsets, so
// that an inherited line counts from the new date. Tested by sema_test.cpp.
#include <algorithm>

#include "../value/date.hpp"
#include "../value/exactly.hpp"
#include "describe.hpp"
#include "expressions.hpp"

namespace eligo::sema {

using text::Code;

namespace {

bool is_number(Kind kind) { return kind == Kind::Number || kind == Kind::Money; }

// Where a path has led: to a value of this type, declared at `span`.
struct Reached {
    Id subject = no_id;
    Id fact = no_id;
    Type type;  // of the fact
};

class Reader {
public:
    Reader(Checking& checking, const syntax::File& file, Id subject) : checking_(checking), file_(file), subject_(subject) { place_.file = &file; }

    // ---- paths ----

    std::optional<Reached> path(syntax::ExprId id, Path& path) {
        path.span = node(id).span;
        path.text = written(id);
        const auto reached = walk(id, path);
        if (!reached) return std::nullopt;
        if (reached->type.yearly && !path.steps.back().year_offset) {
            checking_.sink.report(Code::yearly_without_year, path.span, {path.text});
            return std::nullopt;
        }
        return reached;
    }

    // ---- values ----

    std::optional<GivenValue> value(syntax::ExprId id, Type type, const Fact& fact) {
        type.yearly = false;
        GivenValue result;
        result.span = node(id).span;
        switch (node(id).kind) {
            case syntax::ExprKind::Broken: return std::nullopt;
            case syntax::ExprKind::Unknown: result.form = GivenValue::Form::Unknown; return result;
            case syntax::ExprKind::Range: return range(id, type, fact, result) ? std::optional(result) : std::nullopt;
            case syntax::ExprKind::List: return list(id, type, result) ? std::optional(result) : std::nullopt;
            case syntax::ExprKind::Record: {
                if (type.kind != Kind::Record) return misplaced(id, type);
                result.form = GivenValue::Form::Record;
                result.elements.emplace_back();
                return record(id, type.ref, result.elements.back()) ? std::optional(result) : std::nullopt;
            }
            default: break;
        }
        if (type.kind == Kind::Record || type.kind == Kind::List) return misplaced(id, type);
        const auto constant = this->constant(id, type, fact);
        if (!constant) return std::nullopt;
        result.form = GivenValue::Form::Constant;
        result.constant = *constant;
        return result;
    }

    // A constant of a benefit's type.
    std::optional<Constant> plain(syntax::ExprId id, const Type& type) {
        return Expressions(checking_, place_).constant(id, type, Code::constant_expected);
    }

    [[nodiscard]] const syntax::Expr& node(syntax::ExprId id) const { return file_.exprs[id]; }
    [[nodiscard]] std::string written(syntax::ExprId id) const { return std::string(checking_.sources.text(node(id).span)); }

private:
    std::optional<Reached> walk(syntax::ExprId id, Path& path) {
        const syntax::Expr& here = node(id);
        switch (here.kind) {
            case syntax::ExprKind::Name: return step(subject_, here.name, path);
            case syntax::ExprKind::None: return step(subject_, {"none", here.span}, path);
            case syntax::ExprKind::Member: return member(here, path);
            case syntax::ExprKind::Index: return index(here, path);
            case syntax::ExprKind::Broken: return std::nullopt;
            default: return std::nullopt;  // the parser has refused it
        }
    }

    std::optional<Reached> step(Id subject, const syntax::Name& name, Path& path) {
        if (name.text.empty()) return std::nullopt;
        const Names& names = checking_.subjects[subject].names;
        const auto it = names.find(name.text);
        const std::string& owner = checking_.model.subjects[subject].name;
        if (it == names.end() || it->second.kind != NameKind::Fact) {
            auto& diagnostic = checking_.sink.report(Code::unknown_fact_given, name.span, {name.text, owner});
            suggest(diagnostic, name.span, name.text, [&] {
                std::vector<std::string> known;
                for (const Fact& fact : checking_.model.subjects[subject].facts) known.push_back(fact.name);
                return known;
            });
            if (it != names.end()) diagnostic.also(it->second.span, "this is computed, not given", "这是计算得出的，不能给出");
            return std::nullopt;
        }
        const Type type = checking_.model.subjects[subject].facts[it->second.id].type;
        if (type.kind == Kind::Error) return std::nullopt;
        PathStep made;
        made.fact = it->second.id;
        path.steps.push_back(made);
        return Reached{subject, it->second.id, type};
    }

    std::optional<Reached> member(const syntax::Expr& here, Path& path) {
        const auto outer = walk(here.args[0], path);
        if (!outer) return std::nullopt;
        const bool element = outer->type.kind == Kind::List && path.steps.back().element;
        if (outer->type.kind != Kind::Record && !element) {
            if (outer->type.kind == Kind::List)
                checking_.sink.report(Code::element_number_missing, node(here.args[0]).span, {written(here.args[0])});
            else
                checking_.sink.report(Code::no_such_part, here.name.span, {quoted(written(here.args[0])), here.name.text}).no_help = true;
            return std::nullopt;
        }
        return step(outer->type.ref, here.name, path);
    }

    std::optional<Reached> index(const syntax::Expr& here, Path& path) {
        const auto outer = walk(here.args[0], path);
        if (!outer) return std::nullopt;
        const bool list = outer->type.kind == Kind::List;
        const bool indexed = path.steps.back().element || path.steps.back().year_offset;
        if (indexed || (!outer->type.yearly && !list)) {
            checking_.sink.report(Code::not_yearly, here.span, {written(here.args[0])});
            return std::nullopt;
        }
        const auto number = Expressions(checking_, place_).constant(here.args[1], Type{Kind::Number, true}, Code::year_not_constant);
        if (!number) return std::nullopt;
        const Span span = node(here.args[1]).span;
        if (list) {
            const auto element = value::exactly<std::uint32_t>(number->number);
            if (!element || *element >= outer->type.up_to) {
                checking_.sink.report(Code::element_out_of_range, span, {written(here.args[0]), std::to_string(outer->type.up_to - 1)});
                return std::nullopt;
            }
            path.steps.back().element = *element;
            return outer;
        }
        const auto year = value::exactly<std::int32_t>(number->number);
        if (!year || *year < -farthest_year || *year > farthest_year) {
            checking_.sink.report(Code::years_out_of_range, span);
            return std::nullopt;
        }
        path.steps.back().year_offset = *year;
        return outer;
    }

    std::optional<GivenValue> misplaced(syntax::ExprId id, const Type& type) {
        const Words words = kind_words(checking_.model, type);
        checking_.sink.report(Code::given_not_constant, node(id).span).here("expected: " + words.english, "应为" + words.chinese);
        return std::nullopt;
    }

    std::optional<Constant> constant(syntax::ExprId id, const Type& type, const Fact& fact) {
        const auto constant = Expressions(checking_, place_).constant(id, type, Code::given_not_constant);
        if (!constant || !has_few_decimals(id, type, *constant) || !lies_in_range(id, type, *constant, fact)) return std::nullopt;
        return constant;
    }

    // What a profile could not say, a scenario does not say either.
    bool has_few_decimals(syntax::ExprId id, const Type& type, const Constant& constant) {
        if (!is_number(type.kind)) return true;
        const int most = type.kind == Kind::Money ? 2 : 6;
        const auto decimals = constant.number.decimals();
        if (decimals && *decimals <= most) return true;
        checking_.sink.report(Code::too_many_decimals, node(id).span, {quoted(written(id)), std::to_string(most)});
        return false;
    }

    bool lies_in_range(syntax::ExprId id, const Type& type, const Constant& constant, const Fact& fact) {
        const auto outside = [&](const RangeEnd& end, bool low) {
            if (!end.constant) return false;
            const auto order = compare_constants(type.kind, constant, *end.constant);
            return low ? order < 0 || (order == 0 && end.open) : order > 0 || (order == 0 && end.open);
        };
        if (!outside(fact.low, true) && !outside(fact.high, false)) return true;
        const auto text = [&](const RangeEnd& end) { return end.constant ? spell(checking_.model, type, *end.constant) : std::string(); };
        const std::string range = text(fact.low) + (fact.low.open ? " <.." : " ..") + (fact.high.open ? "< " : " ") + text(fact.high);
        checking_.sink.report(Code::given_out_of_range, node(id).span, {quoted(written(id)), fact.name, quoted(range)})
            .also(fact.span, "declared here", "声明于此");
        return false;
    }

    bool range(syntax::ExprId id, const Type& type, const Fact& fact, GivenValue& result) {
        const syntax::Expr& written_range = node(id);
        if (!has_order(type.kind)) {
            misplaced(id, type);
            return false;
        }
        if (written_range.lower_open || written_range.upper_open) {
            checking_.sink.report(Code::given_range_closed, written_range.span);
            return false;
        }
        result.form = GivenValue::Form::Range;
        const auto end = [&](syntax::ExprId end_id, std::optional<Constant>& target) {
            if (end_id == syntax::no_expr) return true;
            target = constant(end_id, type, fact);
            return target.has_value();
        };
        if (!end(written_range.args[0], result.low) || !end(written_range.args[1], result.high)) return false;
        if (result.low && result.high && compare_constants(type.kind, *result.low, *result.high) > 0) {
            checking_.sink.report(Code::range_reversed, written_range.span);
            return false;
        }
        return true;
    }

    bool list(syntax::ExprId id, const Type& type, GivenValue& result) {
        const syntax::Expr& written_list = node(id);
        if (type.kind != Kind::List) {
            misplaced(id, type);
            return false;
        }
        result.form = GivenValue::Form::List;
        if (written_list.args.size() > type.up_to) {
            checking_.sink.report(Code::list_too_long, written_list.span, {std::to_string(written_list.args.size()), std::to_string(type.up_to)});
            return false;
        }
        bool good = true;
        for (const syntax::ExprId element : written_list.args) {
            if (node(element).kind == syntax::ExprKind::Broken) return false;
            if (node(element).kind != syntax::ExprKind::Record) {
                Type record_type = type;
                record_type.kind = Kind::Record;
                misplaced(element, record_type);
                return false;
            }
            result.elements.emplace_back();
            good = record(element, type.ref, result.elements.back()) && good;
        }
        return good;
    }

    bool record(syntax::ExprId id, Id subject, GivenRecord& result) {
        const syntax::Expr& written_record = node(id);
        bool good = true;
        std::map<std::string, Span> seen;
        for (std::size_t i = 0; i < written_record.args.size() && i < written_record.fields.size(); ++i) {
            const syntax::Name& field = written_record.fields[i];
            const auto [it, inserted] = seen.try_emplace(field.text, field.span);
            if (!inserted) {
                checking_.sink.report(Code::fact_given_twice, field.span, {field.text}).also(it->second, "given here first", "首次给出于此");
                good = false;
                continue;
            }
            Path path;
            const auto reached = step(subject, field, path);
            if (!reached) {
                good = false;
                continue;
            }
            if (reached->type.yearly) {
                checking_.sink.report(Code::yearly_without_year, field.span, {field.text});
                good = false;
                continue;
            }
            const Fact fact = checking_.model.subjects[reached->subject].facts[reached->fact];
            auto value = this->value(written_record.args[i], reached->type, fact);
            if (value) result.fields.push_back({reached->fact, std::move(*value)});
            good = good && value;
        }
        return good;
    }

    Checking& checking_;
    const syntax::File& file_;
    Id subject_;
    Place place_;
};

bool same_place(const std::vector<PathStep>& a, const std::vector<PathStep>& b) {
    const auto same = [](const PathStep& x, const PathStep& y) { return x.fact == y.fact && x.year_offset == y.year_offset && x.element == y.element; };
    return std::ranges::equal(a, b, same);
}

// `claims[1].paid_in` speaks of a second element, so a list of two or more must have been given before.
bool element_given(Checking& checking, const Scenario& scenario, const Path& path) {
    for (std::size_t i = 0; i < path.steps.size(); ++i) {
        if (!path.steps[i].element) continue;
        std::vector<PathStep> list(path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(i) + 1);
        list.back().element.reset();
        std::size_t length = 0;
        for (const Given& given : scenario.givens)
            if (same_place(given.path.steps, list)) length = given.value.elements.size();
        if (*path.steps[i].element < length) continue;
        checking.sink.report(Code::element_not_given, path.span, {path.text, std::to_string(length)});
        return false;
    }
    return true;
}

// ---- given ----

bool is_fiscal_year(const syntax::File& file, syntax::ExprId path) {
    return file.exprs[path].kind == syntax::ExprKind::Name && file.exprs[path].name.text == "fiscal_year";
}

void read_fiscal_year(Checking& checking, Reader& reader, const syntax::Given& written, Scenario& scenario) {
    const auto year = reader.plain(written.value, Type{Kind::Number, true});
    if (!year) return;
    const value::Int128 number = year->number.numerator();
    if (number < 1900 || number > 2199) {
        checking.sink.report(Code::date_out_of_range, reader.node(written.value).span);
        return;
    }
    Given given;
    given.is_fiscal_year = true;
    given.path.text = "fiscal_year";
    given.path.span = written.span;
    given.value.form = GivenValue::Form::Constant;
    given.value.constant = *year;
    given.value.span = reader.node(written.value).span;
    scenario.givens.push_back(std::move(given));
}

void read_given(Checking& checking, Reader& reader, const syntax::File& file, const syntax::Given& written, Scenario& scenario, std::size_t inherited) {
    if (written.path == syntax::no_expr || written.value == syntax::no_expr) return;
    if (is_fiscal_year(file, written.path)) {
        read_fiscal_year(checking, reader, written, scenario);
        return;
    }
    Given given;
    const auto reached = reader.path(written.path, given.path);
    if (!reached) return;
    for (std::size_t i = inherited; i < scenario.givens.size(); ++i)
        if (!scenario.givens[i].is_fiscal_year && same_place(scenario.givens[i].path.steps, given.path.steps)) {
            checking.sink.report(Code::fact_given_twice, given.path.span, {given.path.text}).also(scenario.givens[i].path.span, "given here first", "首次给出于此");
            return;
        }
    if (!element_given(checking, scenario, given.path)) return;
    const Fact fact = checking.model.subjects[reached->subject].facts[reached->fact];
    Type type = reached->type;
    if (type.kind == Kind::List && given.path.steps.back().element) type.kind = Kind::Record;
    auto value = reader.value(written.value, type, fact);
    if (!value) return;
    given.value = std::move(*value);
    scenario.givens.push_back(std::move(given));
}

// ---- expect ----

const Benefit* find_benefit(const Policy& policy, std::string_view name) {
    for (const Version& version : policy.versions)
        for (const Benefit& benefit : version.benefits)
            if (benefit.name == name) return &benefit;
    return nullptr;
}

void report_unknown_part(Checking& checking, const Policy& policy, Span span, const std::string& name) {
    auto& diagnostic = checking.sink.report(Code::expected_clause_unknown, span, {policy.name, name});
    suggest(diagnostic, span, name, [&] {
        std::vector<std::string> known;
        for (const Version& version : policy.versions) {
            for (const Clause& clause : version.clauses) known.push_back(clause.path);
            for (const Benefit& benefit : version.benefits) known.push_back(benefit.name);
        }
        return known;
    });
}

bool has_clause(const Policy& policy, std::string_view path) {
    return std::ranges::any_of(policy.versions, [&](const Version& version) { return find_clause(version, path) != no_id; });
}

void read_clause_name(Checking& checking, const Reader& reader, const Policy& policy, syntax::ExprId id, Expect& expect) {
    if (id == syntax::no_expr || reader.node(id).kind == syntax::ExprKind::Broken) return;
    const std::string name = reader.written(id);
    if (!has_clause(policy, name)) report_unknown_part(checking, policy, reader.node(id).span, name);
    expect.names.push_back(name);
}

void read_benefit(Checking& checking, Reader& reader, const Policy& policy, const syntax::Expect& written, Expect& expect) {
    if (written.subject == syntax::no_expr || reader.node(written.subject).kind == syntax::ExprKind::Broken) return;
    const std::string name = reader.written(written.subject);
    expect.names.push_back(name);
    const Benefit* const benefit = find_benefit(policy, name);
    if (benefit == nullptr) {
        report_unknown_part(checking, policy, reader.node(written.subject).span, name);
        return;
    }
    expect.type = benefit->type;
    if (written.value == syntax::no_expr || benefit->type.kind == Kind::Error) return;
    const syntax::Expr& value = reader.node(written.value);
    Type type = benefit->type;
    type.whole = false;
    if (written.kind == syntax::ExpectKind::BenefitEquals) {
        expect.none = value.kind == syntax::ExprKind::None && type.kind != Kind::Enum;
        if (!expect.none) expect.low = reader.plain(written.value, type);
        return;
    }
    if (value.kind != syntax::ExprKind::Range) {
        if (value.kind != syntax::ExprKind::Broken) checking.sink.report(Code::expected_range, value.span);
        return;
    }
    if (value.lower_open || value.upper_open) checking.sink.report(Code::given_range_closed, value.span);
    expect.low = reader.plain(value.args[0], type);
    expect.high = reader.plain(value.args[1], type);
}

void read_expect(Checking& checking, Reader& reader, const Policy& policy, const syntax::Expect& written, Scenario& scenario) {
    Expect expect;
    expect.kind = written.kind;
    expect.verdict = written.verdict;
    expect.span = written.span;
    switch (written.kind) {
        case syntax::ExpectKind::Verdict: break;
        case syntax::ExpectKind::Because:
            for (const syntax::ExprId id : written.paths) read_clause_name(checking, reader, policy, id, expect);
            break;
        case syntax::ExpectKind::Needs:
            for (const syntax::ExprId id : written.paths) {
                Path path;
                if (!reader.path(id, path)) continue;
                expect.names.push_back(path.text);
                expect.needs.push_back(std::move(path));
            }
            break;
        case syntax::ExpectKind::BenefitEquals:
        case syntax::ExpectKind::BenefitIn: read_benefit(checking, reader, policy, written, expect); break;
        case syntax::ExpectKind::ClauseOutcome:
            read_clause_name(checking, reader, policy, written.subject, expect);
            expect.outcome = static_cast<int>(written.outcome);
            break;
    }
    scenario.expects.push_back(std::move(expect));
}

// ---- one scenario ----

std::optional<value::Day> read_day(Checking& checking, const syntax::File& file, syntax::ExprId id) {
    if (id == syntax::no_expr) return std::nullopt;  // the parser has said that it is missing
    const syntax::Expr& node = file.exprs[id];
    if (node.kind == syntax::ExprKind::Date) return node.date;
    if (node.kind != syntax::ExprKind::Broken) checking.sink.report(Code::expected_date, node.span);
    return std::nullopt;
}

void resolve_policy(Checking& checking, Scenario& scenario, const syntax::Name& name) {
    if (name.text.empty()) return;
    const auto it = checking.policy_names.find(name.text);
    if (it != checking.policy_names.end()) {
        scenario.policy = it->second.id;
        return;
    }
    auto& diagnostic = checking.sink.report(Code::unknown_policy, name.span, {name.text});
    suggest(diagnostic, name.span, name.text, [&] { return names_of(checking.policy_names); });
}

void read_scenario(Checking& checking, Id id);

void inherit(Checking& checking, Id id) {
    const syntax::Scenario& written = *checking.scenarios[id].written;
    if (written.like.empty()) return;
    const auto it = checking.scenario_titles.find(written.like);
    if (it == checking.scenario_titles.end()) {
        auto& diagnostic = checking.sink.report(Code::like_not_found, written.like_span, {written.like});
        suggest(diagnostic, {}, written.like, [&] { return names_of(checking.scenario_titles); });
        diagnostic.fix.reset();
        return;
    }
    const Id other = it->second.id;
    if (checking.scenarios[other].progress == Progress::Running) {
        checking.sink.report(Code::cycle, written.like_span, {written.title, written.title + " → " + written.like});
        return;
    }
    read_scenario(checking, other);
    const Scenario& model = checking.model.scenarios[other];
    const Id own_policy = checking.model.scenarios[id].policy;
    if (model.policy == no_id || own_policy == no_id) return;
    if (checking.model.policies[model.policy].subject != checking.model.policies[own_policy].subject) {
        checking.sink.report(Code::like_other_subject, written.like_span, {written.like}).also(model.span, "declared here", "声明于此");
        return;
    }
    checking.model.scenarios[id].givens = model.givens;
}

void read_scenario(Checking& checking, Id id) {
    if (checking.scenarios[id].progress != Progress::Waiting) return;
    checking.scenarios[id].progress = Progress::Running;
    const syntax::File& file = *checking.scenarios[id].file;
    const syntax::Scenario& written = *checking.scenarios[id].written;
    resolve_policy(checking, checking.model.scenarios[id], written.policy);
    inherit(checking, id);
    Scenario scenario = checking.model.scenarios[id];
    if (const auto day = read_day(checking, file, written.as_of)) scenario.as_of = *day;
    if (written.known_on != syntax::no_expr) scenario.known_on = read_day(checking, file, written.known_on);
    if (written.expects.empty() && !broken_within(checking, written.span)) checking.sink.report(Code::scenario_without_expectation, written.title_span);
    const Id subject = scenario.policy == no_id ? no_id : checking.model.policies[scenario.policy].subject;
    if (subject != no_id) {
        Reader reader(checking, file, subject);
        const std::size_t inherited = scenario.givens.size();
        for (const syntax::Given& given : written.givens) read_given(checking, reader, file, given, scenario, inherited);
        const Policy policy = checking.model.policies[scenario.policy];
        for (const syntax::Expect& expect : written.expects) read_expect(checking, reader, policy, expect, scenario);
    }
    checking.model.scenarios[id] = std::move(scenario);
    checking.scenarios[id].progress = Progress::Done;
}

}  // namespace

void check_scenarios(Checking& checking) {
    for (Id id = 0; id < checking.scenarios.size(); ++id) read_scenario(checking, id);
}

}  // namespace eligo::sema
