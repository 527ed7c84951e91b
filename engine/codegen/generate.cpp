// Model -> Pack: facts laid out, each subject's policies lowered and emitted, everything named.
#include "generate.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "../bytecode/bounds.hpp"
#include "../bytecode/image.hpp"
#include "../sema/describe.hpp"
#include "../value/exactly.hpp"
#include "emit.hpp"
#include "left_out.hpp"
#include "lower.hpp"
#include "structure.hpp"

namespace eligo::codegen {
namespace {

using bytecode::Index;
using sema::Kind;
using text::Code;

bytecode::Kind kind_of(Kind kind) {
    switch (kind) {
        case Kind::Bool: case Kind::Error: return bytecode::Kind::Bool;
        case Kind::Number: return bytecode::Kind::Number;
        case Kind::Money: return bytecode::Kind::Money;
        case Kind::Date: return bytecode::Kind::Date;
        case Kind::Months: return bytecode::Kind::Months;
        case Kind::Days: return bytecode::Kind::Days;
        case Kind::Text: return bytecode::Kind::Text;
        case Kind::Enum: return bytecode::Kind::Enum;
        case Kind::Code: return bytecode::Kind::Code;
        case Kind::Record: return bytecode::Kind::Record;
        case Kind::List: return bytecode::Kind::List;
    }
    return bytecode::Kind::Bool;
}

// A constant in the steps of a fact, of which it is a whole number; nothing where 64 bits do not count them.
std::optional<std::int64_t> steps_of(const sema::Constant& constant, const sema::Type& type) {
    return is_numeric(type.kind) ? value::exactly<std::int64_t>(constant.number, sema::step_of(type)) : constant.integer;
}

class Generator {
public:
    // `probes`: where registers for probes go, or nothing when none are asked for.
    Generator(const sema::Model& model, const text::SourceSet& sources, text::Sink& sink, Probes* probes)
        : model_(model), sources_(sources), sink_(sink), probes_(probes), probe_nodes_(model.subjects.size()) {}

    std::optional<bytecode::Pack> generate() {
        check_structure(model_, sink_);
        if (sink_.has_errors()) return std::nullopt;
        lay_out_facts();
        lay_out_columns();
        lay_out_parameters();
        for (Id subject = 0; subject < model_.subjects.size(); ++subject) {
            Conditions unused;  // of a default alone: what is learned of conditions comes from the policies
            Lowering(model_, sources_, layout_, unused, sink_, subject).check_defaults();
        }
        policies_.resize(model_.subjects.size());
        for (Id policy = 0; policy < model_.policies.size(); ++policy)
            if (model_.policies[policy].subject < policies_.size()) policies_[model_.policies[policy].subject].push_back(policy);
        std::vector<Lowering> lowerings;
        lowerings.reserve(model_.subjects.size());
        for (Id subject = 0; subject < model_.subjects.size(); ++subject) {
            lowerings.emplace_back(model_, sources_, layout_, conditions_, sink_, subject);
            if (probes_ != nullptr) lowerings.back().probe_into(probe_nodes_[subject]);
            each_version(lowerings.back(), subject, [](const VersionNodes&, Id, std::size_t) {});
        }
        if (sink_.has_errors()) return std::nullopt;
        conditions_.report(model_, sink_);
        name_everything();
        for (Id subject = 0; subject < model_.subjects.size(); ++subject) write_subject(lowerings[subject], subject);
        for (const std::string& text : layout_.texts) pack_.texts.push_back(string(text));
        check_pack(model_, pack_, amounts_, sink_);
        if (sink_.has_errors()) return std::nullopt;
        bytecode::state_bounds(pack_);
        // What the compiler writes the loader accepts: all that it might refuse was told above, with its place.
        if (const bytecode::Fault fault = bytecode::verify(pack_); fault.found()) {
            sink_.report(Code::pack_not_sound, model_.policies.empty() ? text::Span{} : model_.policies.front().span).here(fault.english, fault.chinese);
            return std::nullopt;
        }
        return std::move(pack_);
    }

private:
    // ---- facts, columns, parameters

    void lay_out_facts() {
        for (const auto& subject : model_.subjects) {
            std::vector<bytecode::Fact> facts;
            range_depths_.clear();
            for (const auto& fact : subject.facts) facts.push_back(lay_out(fact, facts));
            layout_.facts.push_back(std::move(facts));
        }
    }

    Range type_ends(const sema::Type& type) const {
        switch (type.kind) {
            case Kind::Bool: return {0, 1};
            case Kind::Number: return type.whole ? Range{-1'000'000'000, 1'000'000'000} : Range{-1'000'000'000'000'000, 1'000'000'000'000'000};
            case Kind::Money: return {-1'000'000'000'000'000, 1'000'000'000'000'000};
            case Kind::Date: return {value::first_day, value::last_day};
            case Kind::Months: return {-3600, 3600};
            case Kind::Days: return {-110'000, 110'000};
            case Kind::Text: return {0, 0x7FFFFFFF};
            case Kind::Enum: return {0, static_cast<value::Int128>(model_.enumerations[type.ref].members.size()) - 1};
            case Kind::Code: {
                const auto all = value::all_codes(static_cast<value::Classification>(type.ref));
                return {all.first, all.last};
            }
            case Kind::Record: case Kind::List: case Kind::Error: break;
        }
        return {0, 0};
    }

    bytecode::Fact lay_out(const sema::Fact& fact, const std::vector<bytecode::Fact>& earlier) {
        bytecode::Fact result;
        result.kind = kind_of(fact.type.kind);
        result.whole = fact.type.whole;
        result.percent = fact.type.percent;
        result.yearly = fact.type.yearly;
        result.up_to = fact.type.up_to;
        result.change = static_cast<bytecode::Change>(fact.change);
        if (fact.type.kind == Kind::Enum || fact.type.kind == Kind::Code || fact.type.kind == Kind::Record || fact.type.kind == Kind::List) result.ref = fact.type.ref;
        result.unit = machine_unit(sema::step_of(fact.type)).value();
        Range range = type_ends(fact.type);
        // sema has told of an end that cannot be counted; one that is left out goes a step further in.
        if (fact.low.constant) range.low = value::Int128{steps_of(*fact.low.constant, fact.type).value()} + (fact.low.open ? 1 : 0);
        if (fact.high.constant) range.high = value::Int128{steps_of(*fact.high.constant, fact.type).value()} - (fact.high.open ? 1 : 0);
        if (fact.low.fact != sema::no_id && fact.low.fact < earlier.size()) {
            result.low_fact = fact.low.fact;
            range.low = std::max<value::Int128>(range.low, earlier[fact.low.fact].low);
        }
        if (fact.high.fact != sema::no_id && fact.high.fact < earlier.size()) {
            result.high_fact = fact.high.fact;
            range.high = std::min<value::Int128>(range.high, earlier[fact.high.fact].high);
        }
        bound_range_depth(fact, result);
        if (range.low > range.high) {
            sink_.report(Code::range_reversed, fact.span);
            range = type_ends(fact.type);
        }
        result.low = value::exactly<std::int64_t>(range.low).value();
        result.high = value::exactly<std::int64_t>(range.high).value();
        lay_out_default(fact, result);
        return result;
    }

    void bound_range_depth(const sema::Fact& fact, bytecode::Fact& result) {
        std::uint32_t depth = 0;
        for (const Index bound : {result.low_fact, result.high_fact})
            if (bound != bytecode::none) depth = std::max(depth, range_depths_[bound] + 1);
        range_depths_.push_back(depth);
        if (depth == bytecode::deepest_range + 1) sink_.report(Code::range_leans_too_far, fact.span, {fact.name, std::to_string(bytecode::deepest_range)});
    }

    void lay_out_default(const sema::Fact& fact, bytecode::Fact& result) {
        if (fact.default_value == sema::no_expr) return;
        const sema::Expr& value = model_.expr(fact.default_value);
        if (value.kind == sema::ExprKind::Unknown) return;
        result.default_kind = bytecode::DefaultKind::Computed;
        if (value.kind != sema::ExprKind::Constant) return;
        result.default_kind = bytecode::DefaultKind::Constant;
        if (fact.type.kind == Kind::Text) {
            result.default_value = layout_.text_number(value.constant.text);
            return;
        }
        const auto number = steps_of(value.constant, fact.type);
        if (number && result.low <= *number && *number <= result.high) result.default_value = *number;
        else sink_.report(Code::default_outside_range, value.span, {fact.name});
    }

    void lay_out_columns() {
        for (Id subject = 0; subject < model_.subjects.size(); ++subject) {
            std::vector<bytecode::Column> columns;
            add_columns(subject, {}, columns);
            layout_.columns.push_back(std::move(columns));
        }
    }

    void add_columns(Id subject, const std::vector<Index>& path, std::vector<bytecode::Column>& columns) const {
        const auto& facts = model_.subjects[subject].facts;
        for (Id i = 0; i < facts.size(); ++i) {
            std::vector<Index> longer = path;
            longer.push_back(i);
            if (facts[i].type.kind == Kind::Record) {
                add_columns(facts[i].type.ref, longer, columns);
                continue;
            }
            bytecode::Column column;
            column.path = std::move(longer);
            column.subject = subject;
            columns.push_back(std::move(column));
        }
    }

    void lay_out_parameters() {
        for (const auto& parameter : model_.parameters) {
            std::vector<const sema::Expr*> entries;
            for (const auto& entry : parameter.entries)
                if (entry.value != sema::no_expr && model_.expr(entry.value).kind == sema::ExprKind::Constant) entries.push_back(&model_.expr(entry.value));
            std::vector<std::int64_t> values;
            Rational unit(1);
            if (entries.size() == parameter.entries.size()) lay_out_entries(parameter, entries, values, unit);
            Layout::Parameter& laid_out = layout_.parameters.emplace_back();
            if (!values.empty()) laid_out.range = {*std::min_element(values.begin(), values.end()), *std::max_element(values.begin(), values.end())};
            laid_out.values = std::move(values);
            laid_out.unit = unit;
            laid_out.left_out = days_left_out(parameter);
        }
    }

    // All entries in one unit: fen or whole numbers, or a finer one that is the greatest of which all are multiples. Of large
    // numbers that all end in zeros it is coarser.
    void lay_out_entries(const sema::Parameter& parameter, const std::vector<const sema::Expr*>& entries, std::vector<std::int64_t>& values, Rational& unit) {
        if (!is_numeric(parameter.type.kind)) {
            for (const sema::Expr* entry : entries) values.push_back(parameter.type.kind == Kind::Text ? layout_.text_number(entry->constant.text) : entry->constant.integer);
            return;
        }
        if (parameter.type.kind == Kind::Money) unit = Rational::of(1, 100);
        const sema::Expr* finest = nullptr;
        for (const sema::Expr* entry : entries) {
            const auto finer = value::unit_gcd(unit, entry->constant.number);
            if (!finer || !machine_unit(*finer)) return tell_entry(parameter, *entry, finest);
            if (*finer != unit) finest = entry;
            unit = *finer;
        }
        const auto all_fit = [&](const Rational& in) {
            return std::ranges::all_of(entries, [&](const sema::Expr* entry) { return value::exactly<std::int64_t>(entry->constant.number, in).has_value(); });
        };
        for (auto coarser = std::optional<Rational>(unit); coarser && machine_unit(*coarser); coarser = value::multiply(*coarser, Rational(10)))
            if (all_fit(*coarser)) {
                unit = *coarser;
                break;
            }
        for (const sema::Expr* entry : entries) {
            const auto number = value::exactly<std::int64_t>(entry->constant.number, unit);
            if (!number) {
                values.clear();
                return tell_entry(parameter, *entry, finest);
            }
            values.push_back(*number);
        }
    }

    // An entry that cannot be counted in the steps of the others, which one of them may ask for.
    void tell_entry(const sema::Parameter& parameter, const sema::Expr& entry, const sema::Expr* finest) {
        auto& told = sink_.report(Code::parameter_beyond_64_bits, entry.span, {std::string(sources_.text(entry.span)), parameter.name});
        if (finest != nullptr && finest != &entry) told.also(finest->span, "this asks for the finest steps", "此处需要最细的单位");
    }

    // ---- texts and names

    Index string(const std::string& text) {
        const auto [found, added] = strings_.try_emplace(text, static_cast<Index>(pack_.strings.size()));
        if (added) pack_.strings.push_back(text);
        return found->second;
    }

    bytecode::Label label(const sema::Label& from) {
        bytecode::Label result;
        if (!from.chinese.empty()) result.chinese = string(from.chinese);
        if (!from.english.empty()) result.english = string(from.english);
        return result;
    }

    std::vector<Index> citations(const sema::Citations& from) {
        std::vector<Index> result;
        for (const std::string& citation : from) result.push_back(string(citation));
        return result;
    }

    void name_everything() {
        for (const auto& enumeration : model_.enumerations) {
            bytecode::Enumeration result;
            for (const auto& member : enumeration.members) result.members.push_back({string(member.name), label(member.label)});
            pack_.enumerations.push_back(std::move(result));
        }
        for (Id i = 0; i < model_.parameters.size(); ++i) name_parameter(i);
        for (const auto& policy : model_.policies) {
            bytecode::Policy result;
            result.name = string(policy.name);
            result.subject = policy.subject;
            pack_.policies.push_back(std::move(result));
        }
    }

    void name_parameter(Id number) {
        const sema::Parameter& parameter = model_.parameters[number];
        bytecode::Parameter result;
        result.name = string(parameter.name);
        result.label = label(parameter.label);
        result.kind = kind_of(parameter.type.kind);
        result.percent = parameter.type.percent;
        if (parameter.type.kind == Kind::Enum || parameter.type.kind == Kind::Code) result.ref = parameter.type.ref;
        result.unit = machine_unit(layout_.parameters[number].unit).value();
        const auto& values = layout_.parameters[number].values;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const auto& entry = parameter.entries[i];
            result.entries.push_back({entry.period.from, entry.period.to, entry.published.value_or(value::first_day), values[i], citations(entry.citations)});
        }
        if (!values.empty()) {
            result.low = value::exactly<std::int64_t>(layout_.parameters[number].range.low).value();
            result.high = value::exactly<std::int64_t>(layout_.parameters[number].range.high).value();
        }
        pack_.parameters.push_back(std::move(result));
    }

    // ---- one subject

    static void want(std::vector<NodeId>& roots, NodeId node) {
        if (node != no_node) roots.push_back(node);
    }
    static void want(std::vector<NodeId>& roots, const Lowered& lowered) {
        want(roots, lowered.value);
        want(roots, lowered.denominator);
        want(roots, lowered.defined);
    }

    static void want(std::vector<NodeId>& roots, const VersionNodes& version) {
        want(roots, version.day);
        want(roots, version.in_force);
        for (const auto& clause : version.clauses) {
            want(roots, clause.guard);
            want(roots, clause.outcome);
        }
        want(roots, version.verdict);
        for (const auto& benefit : version.benefits) {
            want(roots, benefit.lowered);
            want(roots, benefit.when);
        }
    }
    static void want_shown(std::vector<NodeId>& roots, const VersionNodes& version) {
        for (const auto& clause : version.clauses) {
            for (const auto& reading : clause.readings) want(roots, reading.lowered);
            for (const auto& comparison : clause.comparisons) {
                want(roots, comparison.left);
                want(roots, comparison.right);
                want(roots, comparison.outcome);
            }
        }
        for (const auto& let : version.lets) want(roots, let.lowered);
    }

    void write_subject(Lowering& lowering, Id number) {
        const sema::Subject& from = model_.subjects[number];
        bytecode::Subject subject;
        subject.name = string(from.name);
        subject.label = label(from.label);
        subject.is_record = from.is_record;
        subject.facts = layout_.facts[number];
        for (Id i = 0; i < from.facts.size(); ++i) {
            subject.facts[i].name = string(from.facts[i].name);
            subject.facts[i].label = label(from.facts[i].label);
        }
        subject.columns = layout_.columns[number];
        for (auto& column : subject.columns) column.name = string(path_text(number, column.path));
        std::vector<NodeId> roots;
        each_version(lowering, number, [&](const VersionNodes& nodes, Id, std::size_t) { want(roots, nodes); });
        // What is only shown comes last, so that a verdict's code lies close together.
        each_version(lowering, number, [&](const VersionNodes& nodes, Id, std::size_t) { want_shown(roots, nodes); });
        if (probes_ != nullptr) want_probes(roots, lowering, probe_nodes_[number]);
        Emission emission = emit(lowering.graph(), roots);
        if (probes_ != nullptr) write_probes(emission, probe_nodes_[number]);
        if (emission.too_large) sink_.report(Code::program_too_large, from.span, {from.name, std::to_string(most_instructions)});
        each_version(lowering, number, [&](const VersionNodes& nodes, Id policy, std::size_t version) {
            auto& versions = pack_.policies[policy].versions;
            for (Id i = 0; i < nodes.benefits.size(); ++i)
                if (const NodeId value = nodes.benefits[i].lowered.value; value != no_node) amounts_[{policy, static_cast<Id>(versions.size()), i}] = lowering.graph().node(value).range;
            versions.push_back(write_version(emission, nodes, model_.policies[policy].versions[version]));
        });
        subject.program = std::move(emission.program);
        subject.program.slots = lowering.slots();
        subject.program.lists = lowering.lists();
        check_program(from, subject.program, sink_);
        pack_.subjects.push_back(std::move(subject));
    }

    // What cannot happen is no gap: nobody can ask for it.
    static void want_probes(std::vector<NodeId>& roots, Lowering& lowering, std::vector<ProbeNodes>& probes) {
        std::erase_if(probes, [&](ProbeNodes& each) { return (each.happened = lowering.of_any_element(each.happened)) == no_node; });
        for (const ProbeNodes& each : probes) want(roots, each.happened);
    }

    void write_probes(const Emission& emission, const std::vector<ProbeNodes>& nodes) {
        std::vector<Probe>& result = probes_->emplace_back();
        for (const ProbeNodes& each : nodes) {
            result.push_back(each.probe);
            result.back().happened = emission.of(each.happened);
            result.back().of = emission.of(each.of);
        }
        std::erase_if(result, [](const Probe& each) { return each.of == bytecode::no_register; });
    }

    template <class Visit>
    void each_version(Lowering& lowering, Id subject, Visit visit) {
        for (const Id policy : policies_[subject])
            for (std::size_t i = 0; i < model_.policies[policy].versions.size(); ++i) visit(lowering.version(policy, i), policy, i);
    }

    std::string path_text(Id subject, const std::vector<Index>& path) const {
        std::string text;
        for (const Index step : path) {
            if (!text.empty()) text += '.';
            text += model_.subjects[subject].facts[step].name;
            subject = model_.subjects[subject].facts[step].type.ref;
        }
        return text;
    }

    bytecode::Measure measure(const Emission& emission, const Lowered& from) const {
        bytecode::Measure result;
        result.value = emission.of(from.value);
        result.denominator = emission.of(from.denominator);
        result.defined = emission.of(from.defined);
        result.unit = machine_unit(from.unit).value();  // lowering has seen to that
        result.kind = kind_of(from.type.kind);
        result.whole = from.type.whole;
        result.percent = from.type.percent;
        if (from.type.kind == Kind::Enum || from.type.kind == Kind::Code) result.ref = from.type.ref;
        return result;
    }

    bytecode::Reading reading(const Emission& emission, const ReadingNodes& from) {
        bytecode::Reading result;
        result.name = string(from.name);
        result.is_let = from.is_let;
        result.year_offset = from.year_offset;
        result.yearly = from.yearly;
        result.label = label(from.label);
        result.measure = measure(emission, from.lowered);
        if (from.slot) result.slot = *from.slot;
        return result;
    }

    bytecode::Version write_version(const Emission& emission, const VersionNodes& nodes, const sema::Version& from) {
        bytecode::Version result;
        result.from = from.in_force.from;
        result.to = from.in_force.to;
        result.day = emission.of(nodes.day);
        result.in_force = emission.of(nodes.in_force);
        result.verdict = emission.of(nodes.verdict);
        result.label = label(from.label);
        result.authority = label(from.authority);
        for (std::size_t i = 0; i < from.clauses.size(); ++i) result.clauses.push_back(write_clause(emission, nodes.clauses[i], from.clauses[i]));
        result.top_clauses.assign(from.top_clauses.begin(), from.top_clauses.end());
        for (std::size_t i = 0; i < from.benefits.size(); ++i) {
            bytecode::Benefit benefit;
            benefit.name = string(from.benefits[i].name);
            benefit.label = label(from.benefits[i].label);
            benefit.citations = citations(from.benefits[i].citations);
            benefit.always = from.benefits[i].always;
            benefit.when = emission.of(nodes.benefits[i].when);
            benefit.measure = measure(emission, nodes.benefits[i].lowered);
            result.benefits.push_back(std::move(benefit));
        }
        for (const auto& let : nodes.lets) result.lets.push_back(reading(emission, let));
        for (const auto& conflict : from.conflicts)
            if (conflict.policy != sema::no_id) result.conflicts.push_back({conflict.policy, citations(conflict.citations)});
        return result;
    }

    bytecode::Clause write_clause(const Emission& emission, const ClauseNodes& nodes, const sema::Clause& from) {
        bytecode::Clause result;
        result.kind = static_cast<bytecode::ClauseKind>(from.kind);
        result.guard_kind = static_cast<bytecode::Guard>(from.guard_kind);
        result.at_least = from.at_least;
        result.name = string(from.name);
        result.path = string(from.path);
        result.label = label(from.label);
        result.citations = citations(from.citations);
        result.parent = from.parent;
        result.children.assign(from.children.begin(), from.children.end());
        result.outcome = emission.of(nodes.outcome);
        result.guard = emission.of(nodes.guard);
        for (const auto& one : nodes.readings) result.readings.push_back(reading(emission, one));
        for (const auto& one : nodes.comparisons) {
            bytecode::Comparison comparison;
            comparison.left_text = string(one.left_text);
            comparison.right_text = string(one.right_text);
            comparison.left_label = label(one.left_label);
            comparison.left = measure(emission, one.left);
            comparison.right = measure(emission, one.right);
            comparison.relation = one.relation;
            comparison.outcome = emission.of(one.outcome);
            result.comparisons.push_back(comparison);
        }
        for (const auto& one : nodes.questions) result.questions.push_back({one.policy, one.list});
        return result;
    }

    const sema::Model& model_;
    const text::SourceSet& sources_;
    text::Sink& sink_;
    Layout layout_;
    std::vector<std::vector<Id>> policies_;    // of each subject
    std::vector<std::uint32_t> range_depths_;  // of the facts laid out so far of one subject
    Conditions conditions_;
    bytecode::Pack pack_;
    std::map<std::string, Index> strings_;
    Probes* probes_;
    std::vector<std::vector<ProbeNodes>> probe_nodes_;  // of each subject
    Amounts amounts_;
};

}  // namespace

std::optional<bytecode::Pack> generate(const sema::Model& model, const text::SourceSet& sources, text::Sink& sink) {
    return Generator(model, sources, sink, nullptr).generate();
}

std::optional<Probed> generate_probed(const sema::Model& model, const text::SourceSet& sources, text::Sink& sink) {
    Probes probes;
    auto pack = Generator(model, sources, sink, &probes).generate();
    if (!pack) return std::nullopt;
    return Probed{std::move(*pack), std::move(probes)};
}

}  // namespace eligo::codegen
