// Loads a compiled pack, sets a few facts, checks a policy and prints why.
//   eligo compile rules -o shanghai.eligo && embed_cpp shanghai.eligo
#include <eligo/pack.hpp>

#include <cstdio>

using namespace std::chrono_literals;

namespace {

void print_clause(const eligo::Clause& clause, int depth) {
    const char* marks[] = {"✗", "?", "✓"};
    std::printf("%*s%s %s", depth * 2, "", marks[static_cast<int>(clause.outcome)], clause.label.english.c_str());
    for (const std::string& citation : clause.citations) std::printf("  (%s)", citation.c_str());
    std::printf("\n");
    for (const eligo::Clause& part : clause.clauses) print_clause(part, depth + 1);
}

}  // namespace

int main(int argument_count, char** arguments) {
    auto pack = eligo::Pack::load(argument_count > 1 ? arguments[1] : "shanghai.eligo");
    if (!pack) return std::fprintf(stderr, "%s\n", pack.error().english.c_str()), 2;

    auto company = pack.value().profile("company");
    company.set("registered_on", 2012y / 3 / 1);
    company.set("employees", 120);
    company.set("rd_staff", "15 .. 20");
    company.set("revenue.2017", "46000000.00");
    company.set("major_incident", false);
    for (const eligo::Problem& problem : company.problems()) std::fprintf(stderr, "%s\n", problem.english().c_str());

    auto policy = pack.value().policy("high_tech_enterprise");
    const eligo::Question question{.as_of = 2018y / 6 / 1};
    const auto result = policy.check(company, question);
    std::printf("%s: %s\n", policy.name().c_str(), std::string(name_of(result.verdict())).c_str());

    const auto explanation = policy.explain(company, question);
    for (const eligo::Clause& clause : explanation.clauses) print_clause(clause, 1);
    for (const std::string& key : explanation.missing) std::printf("  needs %s\n", key.c_str());
}
