// Two policies as a good engineer writes them by hand over a struct: rules/national/high_tech_enterprise.policy (2016)
// and rd_super_deduction.policy. Exact integers throughout; a fact that is not known makes what reads it unknown. What the
// engine is measured against; check.cpp first makes sure that both say the same.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "../engine/value/code.hpp"
#include "../engine/value/date.hpp"
#include "../engine/value/int128.hpp"
#include "../engine/value/round.hpp"
#include "../engine/value/truth.hpp"

namespace eligo::bench {

using value::Day;
using value::Int128;
using value::Truth;
using Fen = std::int64_t;         // money
using Millionths = std::int64_t;  // of a number with decimals

enum class ProjectMode : std::uint8_t { Self, CommissionedDomestic, CommissionedOverseas, Cooperative, Group };
enum class QuarterMethod : std::uint8_t { Actual, Proportion, Best };

struct Project {
    ProjectMode mode = ProjectMode::Self;
    bool capitalised = false, excluded_activity = false;
    Fen personnel = 0, direct_input = 0, depreciation = 0, amortisation = 0, design = 0, other = 0;
    Fen paid_to_contractor = 0, non_taxable_funding = 0;
    bool contractor_individual = false, contractor_related = false, cost_statement = true, contract_registered = true;
};

// Years: [0] is the fiscal year, [1] the year before, and so on. No value: not known.
struct Firm {
    std::int32_t fiscal_year = 2018;
    Day registered_on = 0;
    std::optional<bool> resident, audited_books, major_incident;
    bool accounting_sound = true, rd_accurately_collected = true;
    std::int32_t industry = 0;  // value/code.hpp
    std::optional<Millionths> employees, rd_staff;
    std::array<Fen, 4> revenue{}, rd_expense{}, rd_expense_domestic{};
    std::optional<Fen> total_income, high_tech_income;  // of the year before
    std::int32_t class1_ip = 0, class2_ip = 0;
    std::optional<std::int32_t> tech_field, innovation_score;
    std::optional<Fen> income_art6, negative_list_income;
    Fen non_taxable_income = 0, investment_income = 0, manufacturing_income = 0, special_income = 0;
    bool technology_sme_registered = false, ic_or_machine_tool_listed = false;
    QuarterMethod q4_2022_method = QuarterMethod::Best;
    Fen q4_2022_base = 0;
    std::int32_t months_2022 = 12, months_q4_2022 = 3;
    std::vector<Project> projects;
};

constexpr Truth truth(bool holds) { return value::truth_of(holds); }
inline Truth truth(std::optional<bool> holds) { return holds ? value::truth_of(*holds) : Truth::Unknown; }

// above / below >= percent %, and 0% where there is nothing below.
inline Truth share_at_least(Int128 above, Int128 below, int percent) { return truth(below > 0 && above * 100 >= below * percent); }

// ---- high-tech enterprise, 2016

inline Truth high_tech_enterprise(const Firm& firm, Day as_of) {
    Fen revenue = 0, rd = 0, domestic = 0;
    for (std::size_t back = 1; back <= 3; ++back) {
        if (value::year_end(firm.fiscal_year - static_cast<int>(back)) < firm.registered_on) continue;
        revenue += firm.revenue[back];
        rd += firm.rd_expense[back];
        domestic += firm.rd_expense_domestic[back];
    }
    constexpr Fen small = 5'000'000'000, medium = 20'000'000'000;
    const int floor = firm.revenue[1] <= small ? 5 : firm.revenue[1] <= medium ? 4 : 3;

    Truth verdict = truth_and(truth(as_of >= value::day_from_civil(2016, 1, 1)), truth(firm.resident));
    const auto require = [&verdict](Truth holds) { verdict = truth_and(verdict, holds); };
    require(truth(firm.registered_on + 365 <= as_of));
    require(truth(firm.class1_ip + firm.class2_ip >= 1));
    require(firm.tech_field ? truth(*firm.tech_field != 0) : Truth::Unknown);
    require(firm.employees && firm.rd_staff ? share_at_least(*firm.rd_staff, *firm.employees, 10) : Truth::Unknown);
    require(share_at_least(rd, revenue, floor));
    require(share_at_least(domestic, rd, 60));
    require(firm.high_tech_income && firm.total_income ? share_at_least(*firm.high_tech_income, *firm.total_income, 60) : Truth::Unknown);
    require(firm.innovation_score ? truth(*firm.innovation_score > 70) : Truth::Unknown);
    require(truth_not(truth(firm.major_incident)));
    return verdict;
}

// ---- the extra deduction for R&D expense

struct Deduction {
    Truth verdict = Truth::Unknown;
    int rate = 0;  // percent; means nothing when two rates apply
    bool two_rates = false;
    Fen base = 0, deduction = 0;
};

struct Rates {
    int general = 0, technology_sme = 0, manufacturing = 0, listed = 0, fourth_quarter = 0;
};

inline Rates rates_of(int year) {
    Rates rates;
    rates.general = year < 2018 ? 50 : year < 2023 ? 75 : 100;
    rates.technology_sme = year >= 2017 && year <= 2019 ? 75 : year == 2022 ? 100 : 0;
    rates.manufacturing = year == 2021 || year == 2022 ? 100 : 0;
    rates.listed = year >= 2023 && year <= 2027 ? 120 : 0;
    rates.fourth_quarter = year == 2022 ? 100 : 0;
    return rates;
}

// Amounts are counted in 1/135 fen, so that a ninth, four fifths and two thirds of them are whole.
inline constexpr Int128 parts = 135;

inline Int128 eligible_expense(const Firm& firm) {
    Int128 core_total = 0, other_total = 0, other_by_project = 0, commissioned = 0, overseas_paid = 0;
    for (const Project& project : firm.projects) {
        if (project.excluded_activity || project.capitalised) continue;
        const Fen categories = project.personnel + project.direct_input + project.depreciation + project.amortisation + project.design;
        const Fen paid = std::max<Fen>(project.paid_to_contractor - project.non_taxable_funding, 0);
        const bool explained = project.cost_statement || !project.contractor_related;
        switch (project.mode) {
            case ProjectMode::Self:
            case ProjectMode::Cooperative:
            case ProjectMode::Group: {
                const Int128 core = std::max<Fen>(categories - project.non_taxable_funding, 0);
                const Int128 other = std::max<Fen>(project.other - std::max<Fen>(project.non_taxable_funding - categories, 0), 0);
                core_total += core;
                other_total += other;
                other_by_project += std::min(other * parts, core * parts / 9);
                break;
            }
            case ProjectMode::CommissionedDomestic:
                if (explained) commissioned += paid;
                break;
            case ProjectMode::CommissionedOverseas:
                if (explained && project.contract_registered && !project.contractor_individual) overseas_paid += paid;
                break;
        }
    }
    const Int128 other = firm.fiscal_year >= 2021 ? std::min(other_total * parts, core_total * parts / 9) : other_by_project;
    const Int128 domestic = core_total * parts + other + commissioned * parts * 4 / 5;
    const Int128 overseas = firm.fiscal_year >= 2018 ? std::min(overseas_paid * parts * 4 / 5, domestic * 2 / 3) : 0;
    return std::max<Int128>(domestic + overseas - Int128{firm.special_income} * parts, 0);
}

// Industries of the negative list.
inline const std::array<value::CodeRange, 6> listed_industries = [] {
    std::array<value::CodeRange, 6> ranges;
    std::size_t i = 0;
    for (const char* code : {"C16", "F", "H", "K", "L", "R90"})
        ranges[i++] = value::codes_below(value::Classification::Gbt4754, value::parse_code(value::Classification::Gbt4754, code).value_or(0));
    return ranges;
}();
inline bool is_listed(std::int32_t industry) {
    bool listed = false;
    for (const auto& range : listed_industries) listed |= (range.first <= industry) & (industry <= range.last);
    return listed;
}

inline Truth on_negative_list(const Firm& firm) {
    if (!firm.income_art6) return Truth::Unknown;
    const Fen ordinary = *firm.income_art6 - firm.non_taxable_income - firm.investment_income;
    if (ordinary <= 0) return Truth::Unknown;  // the text is silent
    if (!firm.negative_list_income && is_listed(firm.industry)) return Truth::Unknown;
    return truth(firm.negative_list_income.value_or(0) * Int128{2} > ordinary);
}

inline Truth may_deduct(const Firm& firm) {
    return truth_and(truth_and(truth_and(truth(firm.fiscal_year >= 2016), truth(firm.resident)), truth(firm.audited_books)),
                     truth_and(truth(firm.accounting_sound && firm.rd_accurately_collected), truth_not(on_negative_list(firm))));
}

inline Deduction rd_super_deduction(const Firm& firm) {
    Deduction result;
    result.verdict = may_deduct(firm);
    if (result.verdict != Truth::True) return result;
    const Rates rates = rates_of(firm.fiscal_year);
    const bool manufacturer = *firm.income_art6 > 0 && firm.manufacturing_income * Int128{2} >= *firm.income_art6;
    result.rate = std::max({rates.general, manufacturer ? rates.manufacturing : 0, firm.technology_sme_registered ? rates.technology_sme : 0,
                            firm.ic_or_machine_tool_listed ? rates.listed : 0});
    result.two_rates = rates.fourth_quarter > result.rate;
    const Int128 net = eligible_expense(firm);
    result.base = static_cast<Fen>(value::divide_rounded(net, parts, value::Rounding::HalfUp));
    // In 1/months_2022 of the parts above.
    const Int128 whole = net * firm.months_2022;
    Int128 raised = 0;
    if (result.two_rates) {
        const Int128 spent = std::min(Int128{firm.q4_2022_base} * parts * firm.months_2022, whole), by_month = std::min(net * firm.months_q4_2022, whole);
        const Int128 quarter = firm.q4_2022_method == QuarterMethod::Actual ? spent : firm.q4_2022_method == QuarterMethod::Proportion ? by_month : std::max(spent, by_month);
        raised = quarter * (rates.fourth_quarter - result.rate);
    }
    result.deduction = static_cast<Fen>(value::divide_rounded(whole * result.rate + raised, parts * 100 * firm.months_2022, value::Rounding::HalfUp));
    return result;
}

}  // namespace eligo::bench
