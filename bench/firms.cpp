#include "firms.hpp"

#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>

#include "../engine/value/code.hpp"
#include "../engine/vm/profile_set.hpp"

namespace eligo::bench {
namespace {

constexpr const char* industries[] = {"C39", "C3911", "I65", "M73", "K70", "F51", "C16"};
constexpr std::size_t first_listed = 4;  // on the negative list
constexpr const char* fields[] = {"none", "ict", "biomed", "aerospace", "materials", "services", "energy", "environment", "manufacturing"};
constexpr const char* modes[] = {"self", "commissioned_domestic", "commissioned_overseas", "cooperative", "group"};
constexpr const char* methods[] = {"actual", "proportion", "best"};

class Draw {
public:
    explicit Draw(std::uint32_t seed) : random_(seed) {}
    std::int64_t upto(std::int64_t most) {
        const auto high = static_cast<std::uint64_t>(random_()) << 32;
        return static_cast<std::int64_t>((high | random_()) % static_cast<std::uint64_t>(most + 1));
    }
    bool one_in(std::int64_t count) { return upto(count - 1) == 0; }

private:
    std::mt19937 random_;
};

Project make_project(Draw& draw) {
    Project project;
    project.mode = static_cast<ProjectMode>(draw.upto(4));
    project.capitalised = draw.one_in(8);
    project.excluded_activity = draw.one_in(12);
    for (Fen* amount : {&project.personnel, &project.direct_input, &project.depreciation, &project.amortisation, &project.design, &project.other}) *amount = draw.upto(200'000'000);
    project.paid_to_contractor = draw.upto(300'000'000);
    project.non_taxable_funding = draw.one_in(3) ? draw.upto(100'000'000) : 0;
    project.contractor_individual = draw.one_in(6);
    project.contractor_related = draw.one_in(4);
    project.cost_statement = !draw.one_in(4);
    project.contract_registered = !draw.one_in(5);
    return project;
}

// Mostly firms that come close to the thresholds, so that neither way of writing them may guess.
Firm make_firm(Draw& draw) {
    Firm firm;
    firm.fiscal_year = static_cast<std::int32_t>(2017 + draw.upto(7));
    firm.registered_on = value::day_from_civil(static_cast<int>(firm.fiscal_year - 6 + draw.upto(6)), static_cast<int>(1 + draw.upto(11)), static_cast<int>(1 + draw.upto(27)));
    firm.resident = !draw.one_in(12);
    firm.audited_books = !draw.one_in(12);
    firm.major_incident = draw.one_in(12);
    firm.accounting_sound = !draw.one_in(12);
    const auto industry = static_cast<std::size_t>(draw.one_in(6) ? draw.upto(6) : draw.upto(3));
    firm.industry = value::parse_code(value::Classification::Gbt4754, industries[industry]).value_or(0);
    firm.employees = (20 + draw.upto(400)) * 1'000'000;
    firm.rd_staff = *firm.employees * (8 + draw.upto(20)) / 100;
    for (std::size_t back = 0; back < 4; ++back) {
        firm.revenue[back] = 100'000'000 + draw.upto(30'000'000'000);
        firm.rd_expense[back] = firm.revenue[back] * (2 + draw.upto(9)) / 100;
        firm.rd_expense_domestic[back] = firm.rd_expense[back] * (50 + draw.upto(50)) / 100;
    }
    firm.total_income = firm.revenue[1] + draw.upto(1'000'000'000);
    firm.high_tech_income = *firm.total_income * (50 + draw.upto(50)) / 100;
    firm.class1_ip = static_cast<std::int32_t>(draw.upto(3));
    firm.class2_ip = static_cast<std::int32_t>(draw.upto(3));
    firm.tech_field = static_cast<std::int32_t>(draw.one_in(10) ? 0 : 1 + draw.upto(7));
    firm.innovation_score = static_cast<std::int32_t>(60 + draw.upto(40));
    firm.income_art6 = firm.revenue[0] + draw.upto(1'000'000'000);
    if (industry >= first_listed || draw.one_in(4)) firm.negative_list_income = *firm.income_art6 * draw.upto(60) / 100;
    firm.non_taxable_income = draw.upto(10'000'000);
    firm.investment_income = draw.upto(20'000'000) - 10'000'000;
    firm.manufacturing_income = *firm.income_art6 * draw.upto(99) / 100;
    firm.special_income = draw.upto(10'000'000);
    firm.technology_sme_registered = draw.one_in(3);
    firm.ic_or_machine_tool_listed = draw.one_in(6);
    firm.q4_2022_method = static_cast<QuarterMethod>(draw.upto(2));
    firm.q4_2022_base = draw.upto(300'000'000);
    firm.months_2022 = static_cast<std::int32_t>(3 + draw.upto(9));
    firm.months_q4_2022 = static_cast<std::int32_t>(draw.upto(3));
    for (std::int64_t count = 1 + draw.upto(4); count > 0; --count) firm.projects.push_back(make_project(draw));
    return firm;
}

void forget_something(Firm& firm, Draw& draw) {
    switch (draw.upto(15)) {
        case 0: firm.resident.reset(); break;
        case 1: firm.audited_books.reset(); break;
        case 2: firm.major_incident.reset(); break;
        case 3: firm.rd_staff.reset(); break;
        case 4: firm.high_tech_income.reset(); break;
        case 5: firm.tech_field.reset(); break;
        case 6: firm.innovation_score.reset(); break;
        // So much that it may be above half of the income or below: what a range cannot decide either.
        case 7: firm.income_art6.reset(), firm.negative_list_income = 10'000'000'000; break;
        default: break;
    }
}

std::string decimal(std::int64_t number, std::int64_t scale) {
    const std::int64_t magnitude = number < 0 ? -number : number;
    std::string rest = std::to_string(scale + magnitude % scale);
    rest[0] = '.';
    return (number < 0 ? "-" : "") + std::to_string(magnitude / scale) + rest;
}
std::string money(Fen amount) { return decimal(amount, 100); }

class Filler {
public:
    explicit Filler(vm::Profile& profile) : profile_(profile) {}

    void set(const std::string& key, const std::string& text) {
        const auto problem = vm::set_value(profile_, key, vm::Scalar::Plain, text);
        if (!problem) return;
        std::fprintf(stderr, "%s: %s, expected %s\n", key.c_str(), text.c_str(), problem->expected_english.c_str());
        std::exit(1);
    }
    void set(const std::string& key, bool truth) { set(key, std::string(truth ? "true" : "false")); }
    void set(const std::string& key, std::optional<bool> truth) {
        if (truth) set(key, *truth);
    }
    void set_money(const std::string& key, std::optional<Fen> amount) {
        if (amount) set(key, money(*amount));
    }

private:
    vm::Profile& profile_;
};

void fill_project(Filler& filler, const std::string& at, const Project& project) {
    filler.set(at + "mode", std::string(modes[static_cast<std::size_t>(project.mode)]));
    filler.set(at + "capitalised", project.capitalised);
    filler.set(at + "excluded_activity", project.excluded_activity);
    filler.set_money(at + "personnel", project.personnel);
    filler.set_money(at + "direct_input", project.direct_input);
    filler.set_money(at + "depreciation", project.depreciation);
    filler.set_money(at + "amortisation", project.amortisation);
    filler.set_money(at + "design", project.design);
    filler.set_money(at + "other", project.other);
    filler.set_money(at + "paid_to_contractor", project.paid_to_contractor);
    filler.set_money(at + "non_taxable_funding", project.non_taxable_funding);
    filler.set(at + "contractor_individual", project.contractor_individual);
    filler.set(at + "contractor_related", project.contractor_related);
    filler.set(at + "cost_statement", project.cost_statement);
    filler.set(at + "contract_registered", project.contract_registered);
}

}  // namespace

std::vector<Firm> make_firms(std::size_t count, Knowledge knowledge) {
    Draw draw(2016);
    std::vector<Firm> firms;
    for (std::size_t i = 0; i < count; ++i) {
        firms.push_back(make_firm(draw));
        if (knowledge == Knowledge::Gaps) forget_something(firms.back(), draw);
    }
    return firms;
}

vm::Profile profile_of(const bytecode::Pack& pack, const Firm& firm) {
    bytecode::Index subject = 0;
    while (pack.string(pack.subjects[subject].name) != "company") ++subject;
    vm::Profile profile = vm::empty_profile(pack, subject);
    profile.fiscal_year = firm.fiscal_year;
    Filler filler(profile);
    const auto year = [&firm](const std::string& fact, int offset) { return fact + "." + std::to_string(firm.fiscal_year + offset); };
    filler.set("registered_on", value::format_date(firm.registered_on));
    filler.set("resident", firm.resident);
    filler.set("audited_books", firm.audited_books);
    filler.set("major_incident", firm.major_incident);
    filler.set("accounting_sound", firm.accounting_sound);
    filler.set("rd_accurately_collected", firm.rd_accurately_collected);
    filler.set("industry", value::format_code(value::Classification::Gbt4754, firm.industry));
    if (firm.employees) filler.set("employees", decimal(*firm.employees, 1'000'000));
    if (firm.rd_staff) filler.set("rd_staff", decimal(*firm.rd_staff, 1'000'000));
    for (int back = 0; back < 4; ++back) {
        filler.set_money(year("revenue", -back), firm.revenue[static_cast<std::size_t>(back)]);
        filler.set_money(year("rd_expense", -back), firm.rd_expense[static_cast<std::size_t>(back)]);
        filler.set_money(year("rd_expense_domestic", -back), firm.rd_expense_domestic[static_cast<std::size_t>(back)]);
    }
    filler.set_money(year("total_income", -1), firm.total_income);
    filler.set_money(year("high_tech_income", -1), firm.high_tech_income);
    filler.set("class1_ip", std::to_string(firm.class1_ip));
    filler.set("class2_ip", std::to_string(firm.class2_ip));
    if (firm.tech_field) filler.set("tech_field", std::string(fields[*firm.tech_field]));
    if (firm.innovation_score) filler.set("innovation_score", std::to_string(*firm.innovation_score));
    filler.set_money(year("income_art6", 0), firm.income_art6);
    filler.set_money(year("negative_list_income", 0), firm.negative_list_income);
    filler.set_money(year("non_taxable_income", 0), firm.non_taxable_income);
    filler.set_money(year("investment_income", 0), firm.investment_income);
    filler.set_money(year("manufacturing_income", 0), firm.manufacturing_income);
    filler.set_money(year("special_income", 0), firm.special_income);
    filler.set(year("technology_sme_registered", 0), firm.technology_sme_registered);
    filler.set(year("ic_or_machine_tool_listed", 0), firm.ic_or_machine_tool_listed);
    filler.set("q4_2022_method", std::string(methods[static_cast<std::size_t>(firm.q4_2022_method)]));
    filler.set_money("q4_2022_base", firm.q4_2022_base);
    filler.set("months_2022", std::to_string(firm.months_2022));
    filler.set("months_q4_2022", std::to_string(firm.months_q4_2022));
    for (std::size_t i = 0; i < firm.projects.size(); ++i) fill_project(filler, "rd_projects[" + std::to_string(i) + "].", firm.projects[i]);
    return profile;
}

}  // namespace eligo::bench
