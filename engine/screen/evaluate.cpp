#include "evaluate.hpp"

#include <algorithm>

#include "../io/bits.hpp"
#include "../value/date.hpp"

namespace eligo::screen {

using bytecode::Index;
using vm::CellState;

columnar::Plan plan_of(const bytecode::Pack& pack, const Needs& needs, Index where, FiscalYears years, Clauses clauses) {
    columnar::PlanOptions options;
    options.as_of = needs.question.as_of;
    options.known_on = needs.question.known_on;
    options.fiscal_year_by_row = years == FiscalYears::ByRow;
    options.clauses = clauses == Clauses::Told;
    std::vector<Index> policies = needs.policies;
    if (where != bytecode::none) policies.push_back(where);
    return columnar::Plan(pack, needs.subject, policies, options);
}

namespace {

// Of each register, whether facts go into it, or the policy itself leaves it open.
std::vector<bool> may_be_open(const bytecode::Program& program) {
    std::vector<bool> open(program.code.size(), false);
    for (std::size_t i = 0; i < open.size(); ++i) {
        const bytecode::Instruction& instruction = program.code[i];
        const auto& row = bytecode::row(instruction.opcode);
        const std::uint16_t operands[] = {instruction.a, instruction.b, instruction.c};
        open[i] = row.name.starts_with("OrUnknown");
        for (std::size_t k = 0; k < std::size(operands) && !open[i]; ++k) {
            const std::string_view kind = row.operands[k];
            open[i] = kind == "slot" || kind == "field" || kind == "list" || ((kind == "N" || kind == "W" || kind == "B" || kind == "L") && open[operands[k]]);
        }
    }
    return open;
}

}  // namespace

std::vector<PolicyColumns> columns_of(const bytecode::Pack& pack, const Needs& needs, const columnar::Plan& plan) {
    std::vector<PolicyColumns> result;
    const std::vector<bool> open = may_be_open(pack.subjects[needs.subject].program);
    for (std::size_t p = 0; p < needs.policies.size(); ++p) {
        const bytecode::Policy& policy = pack.policies[needs.policies[p]];
        PolicyColumns columns{needs.policies[p], pack.string(policy.name), {}};
        for (const columnar::BenefitColumn& of : plan.policies()[p].benefits) {
            BenefitColumn column{pack.string(of.name), {}, std::vector<BenefitColumn::InVersion>(policy.versions.size())};
            for (std::size_t version = 0; version < policy.versions.size(); ++version) {
                const auto& benefits = policy.versions[version].benefits;
                const auto benefit = std::find_if(benefits.begin(), benefits.end(), [&](const bytecode::Benefit& each) { return pack.string(each.name) == column.name; });
                if (benefit == benefits.end()) continue;
                column.label = benefit->label;
                column.versions[version] = {static_cast<std::int32_t>(benefit - benefits.begin()), benefit->always, benefit->measure};
                column.versions[version].measure.unit = of.unit;
                column.may_be_open = column.may_be_open || open[benefit->measure.value] || (benefit->when != bytecode::no_register && open[benefit->when]);
            }
            columns.benefits.push_back(std::move(column));
        }
        result.push_back(std::move(columns));
    }
    return result;
}

Evaluator::Evaluator(const columnar::Plan& plan, const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns)
    : plan_(plan), pack_(pack), needs_(needs), columns_(columns), memory_(plan), elements_(needs.lists.size()) {
    batch_.subject = needs.subject;
    for (std::size_t i = 0; i < needs.lists.size(); ++i) elements_[i].subject = needs.lists[i].element;
    for (const columnar::PolicyColumns& policy : plan.policies()) {
        output_.policies.emplace_back();
        output_.policies.back().amounts.resize(policy.benefits.size());
    }
}

Evaluator::Bitmap& Evaluator::bitmap(std::size_t rows) {
    Bitmap& of = bitmaps_[bitmaps_used_];
    // A word to spare: engines read ahead.
    if (of.size() < rows / 64 + 2) of.resize(rows / 64 + 2);
    return of;
}

columnar::Bits Evaluator::bits(const std::vector<CellState>& states, std::size_t rows, CellState state, std::size_t& count) {
    Bitmap& of = bitmap(rows);
    count = io::find_bytes(reinterpret_cast<const std::uint8_t*>(states.data()), rows, static_cast<std::uint8_t>(state), of.data());
    return {reinterpret_cast<const std::uint8_t*>(of.data()), 0};
}

columnar::Column Evaluator::column_of(Index subject, const Values& values, std::size_t rows) {
    const bytecode::Fact& fact = fact_of(pack_, subject, values.column);
    columnar::Column column;
    std::size_t known = 0, defaults = 0;
    columnar::Bits known_bits = bits(values.states, rows, CellState::Known, known);
    ++bitmaps_used_;
    // Where absent rows have the default for their value, they are as good as known.
    if (known < rows && values.has_defaults && fact.default_kind == bytecode::DefaultKind::Constant) {
        Bitmap& all = bitmaps_[bitmaps_used_ - 1];
        (void)bits(values.states, rows, CellState::Absent, defaults);
        for (std::size_t i = 0; i < rows / 64 + 1; ++i) all[i] |= bitmaps_[bitmaps_used_][i];
        known += defaults;
    }
    if (known > 0) point_to(column, fact, values, rows);
    if (known == rows) return column;
    if (known > 0) column.known = known_bits;
    std::size_t unknown = 0, ranges = 0;
    const columnar::Bits unknown_bits = bits(values.states, rows, CellState::Unknown, unknown);
    if (unknown > 0) {
        column.unknown = unknown_bits;
        ++bitmaps_used_;
    }
    const columnar::Bits range_bits = bits(values.states, rows, CellState::Range, ranges);
    if (ranges > 0) {
        column.ranged = range_bits;
        column.low = values.low.data();
        column.high = values.high.data();
        ++bitmaps_used_;
    }
    return column;
}

// The values as narrow as they are there.
void Evaluator::point_to(columnar::Column& column, const bytecode::Fact& fact, const Values& values, std::size_t rows) {
    column.values = values.low.data();
    column.bounded = values.is_bounded;
    column.least = values.least;
    column.greatest = values.greatest;
    if (fact.kind == bytecode::Kind::Bool) {
        Bitmap& truths = bitmap(rows);
        io::find_odd(values.low.data(), rows, truths.data());
        column.values = truths.data();
        column.element = columnar::Element::Bit;
        ++bitmaps_used_;
    } else if (values.is_narrow) {
        column.values = values.narrow.data();
        column.element = columnar::Element::UInt8;
        column.dictionary = values.dictionary;
        column.dictionary_size = values.dictionary_size;
    }
}

void Evaluator::lay_out(const Block& block) {
    bitmaps_used_ = 0;
    // Bitmaps must not move while columns point to them.
    std::size_t columns = block.values().size();
    for (const Elements& list : block.lists()) columns += list.fields.size() + 1;
    if (bitmaps_.size() < columns * 4 + 1) bitmaps_.resize(columns * 4 + 1);
    batch_.rows = block.rows();
    batch_.columns.clear();
    batch_.lists.clear();
    const auto year_of = [&](Index subject, const Values& values) { return values.year != 0 && fact_of(pack_, subject, values.column).yearly ? values.year : columnar::any_year; };
    for (const Values& values : block.values()) batch_.columns.push_back({values.column, year_of(needs_.subject, values), column_of(needs_.subject, values, block.rows())});
    for (std::size_t i = 0; i < block.lists().size(); ++i) {
        const Elements& list = block.lists()[i];
        columnar::Batch& elements = elements_[i];
        elements.rows = static_cast<std::size_t>(list.offsets[block.rows()]);
        elements.columns.clear();
        for (const Values& field : list.fields) {
            if (elements.rows == 0) continue;
            elements.columns.push_back({field.column, year_of(list.need->element, field), column_of(list.need->element, field, elements.rows)});
        }
        columnar::ListColumn column;
        column.column = list.need->column;
        column.offsets = list.offsets.data();
        column.elements = &elements;
        std::size_t known = 0;
        column.known = bits(list.states, block.rows(), CellState::Known, known);
        ++bitmaps_used_;
        batch_.lists.push_back(column);
    }
    batch_.fiscal_years = nullptr;
    if (!plan_.options().fiscal_year_by_row) return;
    fiscal_years_ = block.fiscal_years();
    for (std::int32_t& year : fiscal_years_) {
        if (year == 0) year = value::year_of(needs_.question.as_of);
    }
    batch_.fiscal_years = fiscal_years_.data();
}

void Evaluator::evaluate(const Block& block, Results& results) {
    lay_out(block);
    const std::size_t rows = block.rows();
    results.policies.resize(columns_.size());
    for (std::size_t p = 0; p < output_.policies.size(); ++p) {
        columnar::PolicyOutput& output = output_.policies[p];
        const bool is_where = p == columns_.size();
        std::vector<columnar::Verdict>& verdicts = is_where ? results.where : results.policies[p].verdicts;
        verdicts.resize(rows);
        output.verdicts = verdicts.data();
        if (is_where) continue;
        PolicyResults& of = results.policies[p];
        of.versions.resize(rows);
        output.versions = of.versions.data();
        if (plan_.options().clauses) lay_out_clauses(p, rows, of);
        of.amounts.resize(output.amounts.size());
        for (std::size_t b = 0; b < of.amounts.size(); ++b) {
            Amounts& amounts = of.amounts[b];
            columnar::AmountOutput& amount = output.amounts[b];
            amounts.given.resize(rows);
            amount.given = amounts.given.data();
            amounts.wide = plan_.policies()[p].benefits[b].wide;
            if (amounts.wide) {
                amounts.wide_low.resize(rows);
                amounts.wide_high.resize(rows);
                amount.wide_low = amounts.wide_low.data();
                amount.wide_high = amounts.wide_high.data();
            } else {
                amounts.low.resize(rows);
                amounts.high.resize(rows);
                amount.low = amounts.low.data();
                amount.high = amounts.high.data();
            }
        }
    }
    columnar::run(plan_, memory_, batch_, 0, rows, output_);
    for (std::size_t p = 0; p < columns_.size(); ++p) leave_out_untold(p, rows, results.policies[p]);
}

void Evaluator::lay_out_clauses(std::size_t policy, std::size_t rows, PolicyResults& results) {
    if (results.clauses.empty()) {
        const auto& versions = pack_.policies[columns_[policy].policy].versions;
        for (std::uint32_t v = 0; v < versions.size(); ++v) {
            if (!may_be_in_force(pack_, needs_.subject, versions[v], needs_.question)) continue;
            for (std::uint32_t c = 0; c < versions[v].clauses.size(); ++c) results.clauses.push_back({v, c, {}, {}});
        }
    }
    std::vector<columnar::ClauseOutput>& outputs = output_.policies[policy].clauses;
    outputs.clear();
    for (ClauseOutcomes& clause : results.clauses) {
        clause.certainly.resize((rows + 63) / 64);
        clause.possibly.resize((rows + 63) / 64);
        outputs.push_back({clause.version, clause.clause, clause.certainly.data(), clause.possibly.data()});
    }
}

// What a verdict that may still fail would bring is not told: `check` does not, either.
void Evaluator::leave_out_untold(std::size_t policy, std::size_t rows, PolicyResults& results) const {
    using columnar::Given;
    using columnar::Verdict;
    for (std::size_t b = 0; b < results.amounts.size(); ++b) {
        Given* const given = results.amounts[b].given.data();
        const Verdict* const verdicts = results.verdicts.data();
        const auto& versions = columns_[policy].benefits[b].versions;
        if (!plan_.policies()[policy].benefits[b].always) {
            for (std::size_t row = 0; row < rows; ++row) given[row] = verdicts[row] == Verdict::Eligible ? given[row] : Given::No;
            continue;
        }
        for (std::size_t row = 0; row < rows; ++row) {
            const bool told = verdicts[row] == Verdict::Eligible || (verdicts[row] != Verdict::NotInForce && versions[results.versions[row]].always);
            if (!told) given[row] = Given::No;
        }
    }
}

}  // namespace eligo::screen
