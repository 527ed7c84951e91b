// Invents companies for trying out bulk screening: the same ones on every machine, and none that exists.
//
//     make_companies 1000000 > companies.csv
//     make_companies 1000000 projects > projects.csv     their R&D projects
//
// The facts are those of rules/vocabulary/company.policy, for the fiscal year 2018. Most companies are complete; some lack
// a fact or give a range, and about one in a thousand has a mistake in it, so that there is something to reject.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

namespace {

// One company's own source of numbers, from its number alone.
class Chance {
public:
    explicit Chance(std::uint64_t company) : state_(company * 0x9E3779B97F4A7C15ULL + 0x2545F4914F6CDD1DULL) {}
    std::uint64_t next() {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31);
    }
    std::int64_t within(std::int64_t low, std::int64_t high) { return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1)); }
    bool one_in(std::int64_t count) { return within(1, count) == 1; }
    bool percent(std::int64_t of_a_hundred) { return within(1, 100) <= of_a_hundred; }

private:
    std::uint64_t state_;
};

struct Industry {
    const char* code;
    int weight;      // of a hundred
    int technology;  // how likely it works in a high-tech field, of a hundred
};
constexpr Industry industries[] = {{"C35", 9, 55}, {"C39", 11, 75}, {"C27", 5, 70}, {"C33", 7, 30}, {"C16", 1, 5}, {"E47", 6, 8}, {"F51", 14, 6}, {"F52", 8, 5}, {"G54", 3, 10},
                                   {"H62", 4, 2}, {"I64", 4, 60}, {"I65", 12, 85}, {"J69", 1, 20}, {"K70", 3, 3}, {"L72", 5, 12}, {"M73", 4, 80}, {"M75", 3, 65}};
constexpr const char* fields[] = {"ict", "biomed", "aerospace", "materials", "services", "energy", "environment", "manufacturing"};

const Industry& industry_of(Chance& chance) {
    std::int64_t place = chance.within(1, 100);
    for (const Industry& industry : industries) {
        place -= industry.weight;
        if (place <= 0) return industry;
    }
    return industries[0];
}

class Line {
public:
    void text(const std::string& value) {
        if (!line_.empty()) line_ += ',';
        line_ += value;
    }
    void empty() { line_ += ','; }
    void number(std::int64_t value) { text(std::to_string(value)); }
    void truth(bool value) { text(value ? "true" : "false"); }
    void money(std::int64_t fen) {
        const std::int64_t rest = fen % 100;
        text(std::to_string(fen / 100) + (rest < 10 ? ".0" : ".") + std::to_string(rest));
    }
    void print() {
        line_ += '\n';
        std::fwrite(line_.data(), 1, line_.size(), stdout);
        line_.clear();
    }

private:
    std::string line_;
};

std::string id_of(std::uint64_t company) {
    char text[16];
    std::snprintf(text, sizeof text, "X%08llu", static_cast<unsigned long long>(company));
    return text;
}

std::string date_of(Chance& chance, std::int64_t first_year, std::int64_t last_year) {
    char text[16];
    std::snprintf(text, sizeof text, "%04lld-%02lld-%02lld", static_cast<long long>(chance.within(first_year, last_year)), static_cast<long long>(chance.within(1, 12)), static_cast<long long>(chance.within(1, 28)));
    return text;
}

constexpr const char* header =
    "company_id,name,registered_on,resident,audited_books,industry,employees,rd_staff,tech_field,class1_ip,class2_ip,innovation_score,major_incident,"
    "revenue.2015,revenue.2016,revenue.2017,rd_expense.2015,rd_expense.2016,rd_expense.2017,rd_expense_domestic.2015,rd_expense_domestic.2016,rd_expense_domestic.2017,"
    "total_income.2017,high_tech_income.2017,rd_expense_tax_scope.2017,cost_expense.2017,total_assets,income_art6.2018,negative_list_income.2018,manufacturing_income.2018,special_income.2018,on_abnormal_list\n";

void company(std::uint64_t number, Line& line) {
    Chance chance(number);
    const Industry& industry = industry_of(chance);
    const bool technology = chance.percent(industry.technology);
    // Many are small, few are large.
    const std::int64_t size = chance.within(0, 9), employees = size < 5 ? chance.within(2, 40) : size < 9 ? chance.within(20, 420) : chance.within(300, 4000);
    std::int64_t rd_staff = technology ? employees * chance.within(4, 45) / 100 : employees * chance.within(0, 8) / 100;
    if (chance.one_in(1500)) rd_staff = employees + chance.within(1, 20);  // more than there are people
    const bool slip = chance.one_in(2000);
    line.text(id_of(number));
    line.text((technology ? "虚构科技" : "虚构商贸") + std::to_string(number) + "号有限公司");
    line.text(slip && chance.percent(40) ? "2017年3月" : date_of(chance, 1998, 2017));
    line.truth(!chance.one_in(60));
    line.truth(!chance.one_in(25));
    line.text(industry.code);
    if (chance.one_in(50)) {
        line.text(std::to_string(employees) + " .. " + std::to_string(employees + employees / 5 + 1));
    } else {
        line.text(slip ? "约" + std::to_string(employees) : std::to_string(employees));
    }
    if (chance.one_in(20)) {
        line.text("?");
    } else {
        line.number(rd_staff);
    }
    line.text(technology ? fields[chance.within(0, 7)] : chance.one_in(30) ? "" : "none");
    line.number(technology ? chance.within(0, 4) : chance.one_in(12) ? 1 : 0);
    line.number(technology ? chance.within(0, 15) : chance.within(0, 2));
    if (chance.one_in(16)) {
        line.empty();
    } else {
        line.number(technology ? chance.within(52, 96) : chance.within(30, 75));
    }
    line.truth(chance.one_in(250));
    std::int64_t revenue[3], expense[3];
    revenue[0] = employees * chance.within(12'000'000, 90'000'000);
    for (int year = 1; year < 3; ++year) revenue[year] = revenue[year - 1] * chance.within(85, 130) / 100;
    const std::int64_t intensity = technology ? chance.within(15, 95) : chance.within(0, 12);
    for (int year = 0; year < 3; ++year) {
        expense[year] = revenue[year] * intensity / 1000;
        line.money(revenue[year]);
    }
    for (const std::int64_t each : expense) line.money(each);
    const std::int64_t domestic = chance.within(55, 100);
    for (const std::int64_t each : expense) {
        if (chance.one_in(90)) {
            line.empty();
        } else {
            line.money(each * domestic / 100);
        }
    }
    const std::int64_t income = revenue[2] * chance.within(100, 108) / 100;
    line.money(income);
    line.money(income * (technology ? chance.within(40, 99) : chance.within(0, 30)) / 100);
    line.money(expense[2] * chance.within(80, 100) / 100);
    line.money(revenue[2] * chance.within(75, 104) / 100);
    line.money(revenue[2] * chance.within(60, 260) / 100);
    const std::int64_t gross = income * chance.within(95, 125) / 100;
    line.money(gross);
    line.money(gross * (std::strchr("CFHKL", industry.code[0]) != nullptr && industry.code[0] != 'C' ? chance.within(30, 98) : 0) / 100);
    line.money(industry.code[0] == 'C' ? gross * chance.within(60, 100) / 100 : 0);
    line.money(chance.one_in(40) ? expense[2] / 50 : 0);
    line.truth(chance.one_in(120));
    line.print();
}

void projects(std::uint64_t number, Line& line) {
    Chance chance(number ^ 0x5DEECE66DULL);
    if (!chance.percent(55)) return;
    constexpr const char* modes[] = {"self", "self", "self", "commissioned_domestic", "cooperative", "commissioned_overseas"};
    for (std::int64_t count = chance.within(1, 4); count > 0; --count) {
        const char* const mode = modes[chance.within(0, 5)];
        const bool commissioned = std::strncmp(mode, "commissioned", 12) == 0;
        line.text(id_of(number));
        line.text(mode);
        for (int category = 0; category < 4; ++category) line.money(commissioned ? 0 : chance.within(100'000, 90'000'000));
        line.money(commissioned ? chance.within(5'000'000, 200'000'000) : 0);
        line.truth(chance.one_in(12));
        line.print();
    }
}

}  // namespace

int main(int count, char** arguments) {
    const std::uint64_t companies = count > 1 ? std::strtoull(arguments[1], nullptr, 10) : 0;
    if (companies == 0) {
        std::fprintf(stderr, "usage: make_companies NUMBER [projects]\n");
        return 2;
    }
    const bool lists = count > 2 && std::strcmp(arguments[2], "projects") == 0;
    std::fputs(lists ? "company_id,mode,personnel,direct_input,depreciation,other,paid_to_contractor,capitalised\n" : header, stdout);
    Line line;
    for (std::uint64_t number = 1; number <= companies; ++number) {
        if (lists) {
            projects(number, line);
        } else {
            company(number, line);
        }
    }
    return std::fflush(stdout) == 0 ? 0 : 2;
}
