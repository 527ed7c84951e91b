// From the Model of one subject's policies to its graph: units and quotients worked out, ranges proved, definedness
// carried along, lets and policies of records written out where they are used.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../sema/check.hpp"
#include "../sema/model.hpp"
#include "../text/diagnostic.hpp"
#include "../text/source.hpp"
#include "conditions.hpp"
#include "graph.hpp"
#include "probes.hpp"

namespace eligo::codegen {

using sema::ExprId;
using sema::Id;
using text::Span;
using value::Rational;

// Kinds whose values count in a unit.
[[nodiscard]] constexpr bool is_numeric(sema::Kind kind) {
    return kind == sema::Kind::Number || kind == sema::Kind::Money || kind == sema::Kind::Months || kind == sema::Kind::Days;
}

// A unit as a pack states it; nothing where 64 bits do not hold both its parts.
[[nodiscard]] std::optional<bytecode::Unit> machine_unit(const Rational& unit);

// The relation a comparison asks for.
[[nodiscard]] bytecode::Relation relation_of(sema::ExprKind kind);

// What an expression comes to: value, or value / denominator, in multiples of a unit.
struct Lowered {
    bool broken = false;               // already reported; stay silent
    sema::Type type;
    NodeId value = no_node;
    NodeId denominator = no_node;      // proved positive
    Rational unit{1};
    NodeId defined = no_node;          // where it has a value; no_node: everywhere
    std::uint32_t binding = ~0U;       // of a record: where its facts come from
};

// What is shown of a clause, a comparison, a benefit, before registers are known.
struct ReadingNodes {
    std::string name;
    bool is_let = false, yearly = false;
    std::int32_t year_offset = 0;
    sema::Label label;
    Lowered lowered;
    std::optional<std::uint32_t> slot;
};

struct ComparisonNodes {
    std::string left_text, right_text;
    sema::Label left_label;
    Lowered left, right;
    bytecode::Relation relation = bytecode::Relation::Equal;
    NodeId outcome = no_node;
};

struct QuestionNodes {
    Id policy = sema::no_id;
    std::uint32_t list = 0;
};

struct ClauseNodes {
    NodeId outcome = no_node, guard = no_node;
    std::vector<ReadingNodes> readings;
    std::vector<ComparisonNodes> comparisons;
    std::vector<QuestionNodes> questions;
    std::set<std::pair<std::string, std::int32_t>> names_read;  // and the year
    std::set<std::pair<sema::Id, std::uint32_t>> asked;         // policy and list
    std::set<std::pair<sema::Id, std::uint32_t>> lets_read, lets_asked;  // by binding: a let used twice is walked once
};

struct BenefitNodes {
    Lowered lowered;
    NodeId when = no_node;
};

struct VersionNodes {
    NodeId day = no_node, in_force = no_node, verdict = no_node;
    std::vector<ClauseNodes> clauses;
    std::vector<BenefitNodes> benefits;
    std::vector<ReadingNodes> lets;
};

// A probe before registers are known. What happens inside a loop is still told of one element.
struct ProbeNodes {
    Probe probe;
    NodeId happened = no_node, of = no_node;
};

// What the pack and the lowering agree on about facts, made before any program.
struct Layout {
    std::vector<std::vector<bytecode::Column>> columns;  // of each subject
    std::vector<std::vector<bytecode::Fact>> facts;      // of each subject; names and labels left to generate.cpp
    struct Parameter {
        std::vector<std::int64_t> values;  // of its entries, in its unit; none where one of them is no constant
        Rational unit;
        Range range;                        // of its values
        std::vector<sema::Period> left_out;  // days on which it may have none
    };
    std::vector<Parameter> parameters;
    std::vector<std::string> texts;                      // compared with; numbered as in the pack
    std::map<std::string, std::int64_t> text_numbers;
    std::int64_t text_number(const std::string& text);
};

class Lowering {
public:
    Lowering(const sema::Model& model, const text::SourceSet& sources, Layout& layout, Conditions& conditions, text::Sink& sink, Id subject);

    // Reports the computed defaults of the subject that may lie outside their ranges, whether a policy reads them or not. Of
    // a lowering that this was asked of nothing else is to be asked: it counts inputs that no policy has.
    void check_defaults();
    // The version of a policy for this subject; worked out once.
    const VersionNodes& version(Id policy, std::size_t number);

    // From here on, what is lowered leaves its probes here.
    void probe_into(std::vector<ProbeNodes>& probes) { probes_ = &probes; }
    // The same of any element of the lists around it; no_node where that cannot be asked, or cannot happen.
    [[nodiscard]] NodeId of_any_element(NodeId happened);

    [[nodiscard]] Graph& graph() { return graph_; }
    [[nodiscard]] const std::vector<bytecode::Slot>& slots() const { return slots_; }
    [[nodiscard]] const std::vector<bytecode::ListInput>& lists() const { return lists_; }

private:
    // Where the facts of a subject come from: the program's own row or the element a loop stands at, by way of
    // record facts.
    struct Binding {
        NodeId loop = no_node;
        std::vector<bytecode::Index> path;
        Id root = sema::no_id;     // the subject whose columns the path counts in
        Id subject = sema::no_id;  // the subject reached
        friend auto operator<=>(const Binding&, const Binding&) = default;
    };
    struct Scope {
        std::uint32_t binding = 0;
        NodeId day = no_node;
        sema::Period period{};              // within which `day` matters
        Id policy = sema::no_id;            // whose clauses are in sight
        std::size_t version = 0;
        NodeId loop = no_node;              // the innermost loop around
        std::map<Id, Lowered> variables;
        std::map<NodeId, NodeId> narrowed;  // what a condition around says of a value
        bool dead = false;                  // a condition around never lets it come to this
    };
    struct Verdict {
        bool done = false, busy = false;
        bool told = false;  // what is shown of it is gathered
        VersionNodes nodes;
        std::vector<bool> clause_done;
        Scope scope;
    };

    std::uint32_t bind(Binding binding);
    Verdict& verdict(Id policy, std::size_t number, std::uint32_t binding, NodeId day, sema::Period period, NodeId loop);
    NodeId clause(Verdict& verdict, const sema::Version& version, Id clause);
    void finish(Verdict& verdict, const sema::Version& version);

    Lowered lower(ExprId id, const Scope& scope);
    Lowered lower_written(const sema::Expr& expr, const Scope& scope);
    Lowered lower_total(ExprId id, const Scope& scope);  // reports a value that may not exist
    ExprId without_value(ExprId id, const Scope& scope);
    NodeId truth(ExprId id, const Scope& scope);         // total, a truth; constant true when broken
    Lowered lower_constant(const sema::Expr& expr);
    Lowered lower_fact(const sema::Expr& expr, const Scope& scope);
    Lowered fact_value(std::uint32_t binding, Id fact, std::int32_t year_offset, const Scope& scope, Span span);
    Lowered lower_let(const sema::Expr& expr, const Scope& scope);
    Lowered lower_parameter(const sema::Expr& expr, const Scope& scope);
    Lowered lower_table(const sema::Expr& expr, const Scope& scope);
    Lowered write_out(const sema::Expr& expr, const std::vector<Lowered>& inputs, const Scope& scope);
    bool is_too_large(const Lowered& result) const;
    Lowered lower_policy(const sema::Expr& expr, const Scope& scope);
    Lowered ask_versions(const sema::Expr& expr, std::uint32_t binding, const Scope& scope);
    Lowered lower_arithmetic(const sema::Expr& expr, const Scope& scope);
    Lowered lower_comparison(const sema::Expr& expr, const Scope& scope);
    Lowered lower_in_range(const sema::Expr& expr, const Scope& scope);
    Lowered lower_in_set(const sema::Expr& expr, const Scope& scope);
    Lowered lower_if(const sema::Expr& expr, const Scope& scope);
    Lowered lower_otherwise(const sema::Expr& expr, const Scope& scope);
    Lowered lower_round(const sema::Expr& expr, const Scope& scope);
    Lowered lower_extreme(const sema::Expr& expr, const Scope& scope);
    Lowered lower_clamp(const sema::Expr& expr, const Scope& scope);
    Lowered lower_aggregate(const sema::Expr& expr, const Scope& scope);
    struct Around {
        NodeId loop = no_node;
        bool variables = false;  // whether it looks at any that is bound around it
    };
    Around looked_at(ExprId id, const Scope& scope) const;
    Lowered aggregate_list(const sema::Expr& expr, const Scope& scope);
    Lowered aggregate_years(const sema::Expr& expr, const Scope& scope);

    std::int32_t year_offset(ExprId id, const Scope& scope);
    std::uint32_t record_binding(ExprId base, const Scope& scope);
    Scope narrow(const Scope& scope, ExprId condition, bool holds);
    Scope counting(const Scope& scope, ExprId condition, const Lowered& lowered);
    void narrow_by(Scope& scope, const sema::Expr& expr, bool holds);
    void narrow_to(Scope& scope, ExprId what, std::optional<Rational> low, bool low_open, std::optional<Rational> high, bool high_open);

    // Conditions that always come to the same: what is compared, for the words beside it.
    void note(const sema::Expr& expr, const Scope& scope, NodeId outcome, std::initializer_list<std::pair<ExprId, const Lowered*>> compared);
    void note_pair(const sema::Expr& expr, const Scope& scope, const Lowered& a, const Lowered& b);
    [[nodiscard]] Range range_on_its_days(NodeId id, const Scope& scope) const;
    [[nodiscard]] std::optional<std::pair<std::string, std::string>> where_it_lies(const Lowered& a, const Scope& scope) const;
    [[nodiscard]] std::optional<std::pair<Rational, Rational>> ends_of(const Lowered& a, const Range& range) const;
    [[nodiscard]] std::string spelled(const sema::Type& type, const Rational& number) const;
    void check_default(const sema::Fact& fact, Id number, ExprId id, const Scope& scope);
    // The part of a condition that holds (or does not) only where a comparison does.
    struct Part {
        ExprId expr = sema::no_expr;
        bool holds = true;  // or does not, behind a `not`
    };
    Part part_saying(ExprId id, const Scope& scope, NodeId condition, bool holds);
    std::string text_of(const Part& part, bool wanted) const;
    std::pair<Span, std::string> clause_saying(Verdict& verdict, const sema::Version& version, Id clause, NodeId condition, bool holds);
    void check_group(Verdict& verdict, const sema::Version& version, std::span<const Id> children, bool all);

    // Arithmetic on lowered values; broken (and reported) where 128 bits may not do.
    Lowered too_wide(const sema::Expr& expr, const Scope& scope);
    Lowered beyond_calendar(Span span, bool months);
    void too_wide_in_any_case(Span span);
    std::vector<ExprId> parts_of(const sema::Expr& expr) const;
    std::optional<std::pair<ExprId, Rational>> part_to_round(const sema::Expr& expr, const Scope& scope, bool shown);
    std::optional<Lowered> round_to(const Lowered& a, const Rational& step, value::Rounding rounding);
    Lowered make_number(sema::Type type, NodeId value, Rational unit, NodeId defined = no_node, NodeId denominator = no_node);
    Lowered make_truth(NodeId value, NodeId defined = no_node);
    std::optional<std::pair<Lowered, Lowered>> same_unit(const Lowered& a, const Lowered& b);
    std::optional<Lowered> in_unit(const Lowered& a, const Rational& unit);
    std::optional<Lowered> add(const Lowered& a, const Lowered& b, sema::Type type);
    std::optional<Lowered> negate(const Lowered& a);
    std::optional<Lowered> multiply(const Lowered& a, const Lowered& b, sema::Type type);
    std::optional<Lowered> divide(const Lowered& a, const Lowered& b, sema::Type type);
    std::optional<Lowered> choose(NodeId condition, const Lowered& a, const Lowered& b);
    std::optional<Lowered> extreme(bool least, const Lowered& a, const Lowered& b);
    std::optional<NodeId> stretched(const Lowered& a, value::Int128 factor);
    NodeId below(const Lowered& a);  // its denominator, or one
    std::optional<NodeId> compare(bytecode::Relation relation, const Lowered& a, const Lowered& b);
    std::optional<Rational> constant_value(const Lowered& a) const;
    Lowered constant_number(sema::Type type, const Rational& number);
    NodeId both(NodeId a, NodeId b);  // of definedness
    std::optional<Lowered> or_unknown(NodeId known, const Lowered& a);
    std::optional<Range> type_range(const sema::Type& type, const Rational& unit) const;

    // Measures: what people are shown, in units that a pack can state.
    std::optional<Lowered> measured(const Lowered& a);
    std::optional<Lowered> shown(ExprId id, const Lowered& a, const Scope& scope);  // told where it cannot be

    std::optional<Lowered> choose_row(std::vector<std::pair<NodeId, Lowered>>& rows, bool may_lie_outside);
    NodeId cell_condition(const sema::TableCell& cell, const Lowered& input, const sema::Type& type);
    bool check_inputs(const sema::Expr& expr, const std::vector<Lowered>& inputs, const Scope& scope);
    std::optional<sema::InputRange> between_thresholds(const Lowered& quotient, const sema::Table& table, std::size_t column) const;

    void probe(Probe probe, NodeId happened, NodeId of, const Scope& scope);
    void probe_threshold(Span span, bool equality, const Lowered& a, const Lowered& b, NodeId outcome, const Scope& scope);
    void probe_rows(Id table, const std::vector<std::pair<std::uint32_t, NodeId>>& rows, const Lowered& result, const Scope& scope);
    void probe_entries(Id parameter, NodeId day, NodeId value, const Scope& scope);

    void read_all(const sema::Clause& from, const Scope& scope, ClauseNodes& clause);
    void read(ExprId id, const Scope& scope, ClauseNodes& clause);
    void read_comparisons(ExprId id, const Scope& scope, ClauseNodes& clause);
    void add_reading(ClauseNodes& clause, ReadingNodes reading, ExprId id, const Lowered& value, const Scope& scope);
    void ask(ExprId id, const Scope& scope, ClauseNodes& clause);
    sema::Label label_of(const sema::Expr& expr, const Scope& scope) const;
    void check_benefit(const sema::Benefit& benefit, BenefitNodes& nodes, const Scope& scope);
    std::string source_text(Span span) const;
    static constexpr std::uint32_t no_list = ~0U;
    std::uint32_t slot(std::uint32_t list, bytecode::Slot slot);
    std::uint32_t list(std::uint32_t column, Id element);
    std::uint32_t column(const Binding& binding, Id fact) const;

    const sema::Model& model_;
    const text::SourceSet& sources_;
    Layout& layout_;
    Conditions& conditions_;
    text::Sink* sink_;
    static constexpr std::size_t bytes_of_a_node = 1'000;  // in the graph, its tables and all that is made of it
    std::size_t counted_nodes_ = 0;  // of the graph, whose memory was counted
    std::uint32_t lowered_ = 0;  // expressions so far, one as often as it is written out
    std::optional<std::pair<ExprId, Scope>> asked_;         // the outermost expression being lowered, where it must have a value
    std::optional<std::pair<ExprId, Rational>> trial_;  // an expression taken as rounded, to see whether that would do
    Id subject_;
    Graph graph_;
    std::vector<Binding> bindings_;
    std::vector<bytecode::Slot> slots_;
    std::vector<bytecode::ListInput> lists_;
    std::map<Binding, std::uint32_t> binding_numbers_;
    std::map<std::tuple<std::uint32_t, std::uint32_t, std::int32_t>, std::uint32_t> slot_numbers_;  // by list (no_list: of the subject), column and year
    std::map<std::uint32_t, std::uint32_t> list_numbers_;                                           // by column
    std::map<std::tuple<Id, std::size_t, std::uint32_t, NodeId>, Verdict> verdicts_;
    std::map<std::tuple<Id, std::uint32_t, NodeId, NodeId, value::Day, value::Day>, Lowered> lets_;
    std::map<std::tuple<std::uint32_t, Id, std::int32_t, NodeId, NodeId>, Lowered> defaults_;
    std::map<std::tuple<const sema::Expr*, std::uint32_t, NodeId, value::Day, value::Day>, Lowered> aggregates_;
    using TableKey = std::tuple<Id, std::uint32_t, std::vector<Int128>, std::uint32_t, NodeId, NodeId, value::Day, value::Day>;
    std::map<TableKey, Lowered> tables_;
    std::map<std::tuple<Id, std::string, std::uint32_t, NodeId, NodeId>, Lowered> policies_;  // by what of it is asked, of whom, on which day and within which loop
    std::size_t shown_ = 0;  // values, by all clauses so far
    std::set<std::pair<Id, std::vector<std::tuple<Int128, Int128, Int128, Int128>>>> checked_tables_;  // with the ranges and units of their inputs
    std::vector<ProbeNodes>* probes_ = nullptr;
};

}  // namespace eligo::codegen
