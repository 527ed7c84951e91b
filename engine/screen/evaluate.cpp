#include "evaluate.hpp"

#include <algorithm>

#include "../value/date.hpp"

namespace eligo::screen {

using bytecode::Index;
using vm::CellState;

columnar::Plan plan_of(const bytecode::Pack& pack, const Needs& needs, FiscalYears years) {
    columnar::PlanOptions options;
    options.as_of = needs.question.as_of;
    options.known_on = needs.question.known_on;
    options.fiscal_year_by_row = years == FiscalYears::ByRow;
    return columnar::Plan(pack, needs.subject, needs.policies, options);
}

std::vector<PolicyColumns> columns_of(const bytecode::Pack& pack, const Needs& needs, const columnar::Plan& plan) {
    std::vector<PolicyColumns> result;
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
    for (const PolicyColumns& policy : columns) {
        written_.emplace_back();
        written_.back().amounts.resize(policy.benefits.size());
    }
}

columnar::Bits Evaluator::bits(const std::vector<CellState>& states, std::size_t rows, CellState state) {
    if (bitmaps_used_ == bitmaps_.size()) bitmaps_.emplace_back();
    Bitmap& bitmap = bitmaps_[bitmaps_used_++];
    // Whole words, and one to spare: engines read ahead.
    bitmap.assign((rows + 63) / 64 * 8 + 8, 0);
    for (std::size_t row = 0; row < rows; ++row) bitmap[row >> 3] |= static_cast<std::uint8_t>((states[row] == state ? 1U : 0U) << (row & 7));
    return {bitmap.data(), 0};
}

columnar::Column Evaluator::column_of(const Values& values, std::size_t rows) {
    columnar::Column column;
    std::size_t known = 0, ranges = 0, unknown = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        known += values.states[row] == CellState::Known;
        ranges += values.states[row] == CellState::Range;
        unknown += values.states[row] == CellState::Unknown;
    }
    column.values = known > 0 ? values.low.data() : nullptr;
    if (known > 0 && known < rows) column.known = bits(values.states, rows, CellState::Known);
    if (unknown > 0) column.unknown = bits(values.states, rows, CellState::Unknown);
    if (ranges > 0) {
        column.ranged = bits(values.states, rows, CellState::Range);
        column.low = values.low.data();
        column.high = values.high.data();
    }
    return column;
}

void Evaluator::lay_out(const Block& block) {
    bitmaps_used_ = 0;
    // Bitmaps must not move while columns point to them.
    std::size_t columns = block.values().size();
    for (const Elements& list : block.lists()) columns += list.fields.size() + 1;
    if (bitmaps_.size() < columns * 3) bitmaps_.resize(columns * 3);
    batch_.rows = block.rows();
    batch_.columns.clear();
    batch_.lists.clear();
    const auto year_of = [&](Index subject, const Values& values) { return values.year != 0 && fact_of(pack_, subject, values.column).yearly ? values.year : columnar::any_year; };
    for (const Values& values : block.values()) batch_.columns.push_back({values.column, year_of(needs_.subject, values), column_of(values, block.rows())});
    for (std::size_t i = 0; i < block.lists().size(); ++i) {
        const Elements& list = block.lists()[i];
        columnar::Batch& elements = elements_[i];
        elements.rows = static_cast<std::size_t>(list.offsets[block.rows()]);
        elements.columns.clear();
        for (const Values& field : list.fields) {
            if (elements.rows == 0) continue;
            elements.columns.push_back({field.column, year_of(list.need->element, field), column_of(field, elements.rows)});
        }
        columnar::ListColumn column;
        column.column = list.need->column;
        column.offsets = list.offsets.data();
        column.elements = &elements;
        column.known = bits(list.states, block.rows(), CellState::Known);
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
    results.resize(written_.size());
    columnar::Output output;
    for (std::size_t p = 0; p < written_.size(); ++p) {
        PolicyMemory& memory = written_[p];
        memory.verdicts.resize(rows);
        results[p].versions.resize(rows);
        columnar::PolicyOutput policy;
        policy.verdicts = memory.verdicts.data();
        policy.versions = results[p].versions.data();
        for (std::size_t b = 0; b < memory.amounts.size(); ++b) {
            AmountMemory& amounts = memory.amounts[b];
            amounts.given.resize(rows);
            columnar::AmountOutput amount;
            amount.given = amounts.given.data();
            if (plan_.policies()[p].benefits[b].wide) {
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
            policy.amounts.push_back(amount);
        }
        output.policies.push_back(std::move(policy));
    }
    columnar::run(plan_, memory_, batch_, 0, rows, output);
    for (std::size_t p = 0; p < written_.size(); ++p) {
        results[p].verdicts.resize(rows);
        std::transform(written_[p].verdicts.begin(), written_[p].verdicts.begin() + static_cast<std::ptrdiff_t>(rows), results[p].verdicts.begin(),
                       [](columnar::Verdict verdict) { return static_cast<vm::Verdict>(verdict); });
        read_amounts(p, rows, results);
    }
}

void Evaluator::read_amounts(std::size_t policy, std::size_t rows, Results& results) const {
    PolicyResults& of = results[policy];
    of.amounts.resize(columns_[policy].benefits.size());
    for (std::size_t b = 0; b < of.amounts.size(); ++b) {
        const AmountMemory& from = written_[policy].amounts[b];
        const bool wide = plan_.policies()[policy].benefits[b].wide;
        of.amounts[b].resize(rows);
        for (std::size_t row = 0; row < rows; ++row) {
            Amount& amount = of.amounts[b][row];
            amount = {};
            const vm::Verdict verdict = of.verdicts[row];
            if (from.given[row] == columnar::Given::No || verdict == vm::Verdict::NotInForce) continue;
            // What a verdict that may still fail would bring is not told: `check` does not, either.
            if (verdict != vm::Verdict::Eligible && !columns_[policy].benefits[b].versions[of.versions[row]].always) continue;
            amount.given = from.given[row] == columnar::Given::Yes ? value::Truth::True : value::Truth::Unknown;
            amount.low = wide ? from.wide_low[row] : from.low[row];
            amount.high = wide ? from.wide_high[row] : from.high[row];
        }
    }
}

}  // namespace eligo::screen
