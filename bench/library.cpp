// What a library of policies costs for a million companies: the time grows with the number of distinct conditions, not with that
// of policies. Two made-up libraries of 1 to 128 policies, eight conditions each: in `own` no policy asks what another asks, in
// `shared` all ask among the same 32 conditions. `shipped` are the policies on companies in rules/. Of each: nanoseconds a
// company, the distinct conditions, and the instructions that a company goes through.
//
// Before anything is measured, each policy of a library must give what it gives alone. ELIGO_LIBRARY_ROWS: how many companies.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "../engine/columnar/run.hpp"
#include "rules.hpp"

namespace eligo::bench {
namespace {

using bytecode::Index;

constexpr std::size_t conditions_a_policy = 8, shared_conditions = 32, compared_rows = 10'000;
constexpr std::size_t library_sizes[] = {1, 2, 4, 8, 16, 32, 64, 128};
constexpr value::Day as_of = value::day_from_civil(2018, 6, 1);

std::size_t row_count() {
    const char* const given = std::getenv("ELIGO_LIBRARY_ROWS");
    const std::size_t rows = given != nullptr ? std::strtoul(given, nullptr, 10) : 0;
    return rows != 0 ? rows : 1'000'000;
}

// ---- made-up libraries

const char* const money_facts[] = {"sales", "income", "profit", "wages", "taxes", "assets", "research", "exports", "grants", "purchases"};
const char* const count_facts[] = {"staff", "engineers", "patents", "trademarks"};

// Condition `number` of all that there can be: every one differs from every other. Three in eight are of one column.
std::string condition(std::size_t number) {
    const std::size_t kind = number % 8, step = number / 8 + 1;
    const std::string a = money_facts[(number * 3) % 10], b = money_facts[(number * 3 + 1) % 10], c = money_facts[(number * 3 + 2) % 10];
    const std::string amount = std::to_string(3'000 + 37 * step) + "元", percent = std::to_string(20 + step % 60) + "." + std::to_string(step % 100 / 10) + std::to_string(step % 10) + "%";
    switch (kind) {
        case 0: return a + " >= " + amount;
        case 1: return std::string(count_facts[step % 4]) + " >= " + std::to_string(3 + step);
        case 2: return "founded_on <= 2015-01-01 + " + std::to_string(step) + " months";
        case 3: return a + " + " + b + " >= " + amount;
        case 4: return "(" + a + " / " + b + " >= " + percent + " otherwise unknown)";
        case 5: return "engineers >= " + percent + " * staff";
        case 6: return a + " + " + b + " - " + c + " <= " + std::to_string(90'000'000 + 11 * step) + "元";
        default: return "max(" + a + ", " + b + ") >= " + amount;
    }
}

struct Library {
    std::string text;
    std::set<std::size_t> conditions;  // distinct ones
};

Library made_library(std::size_t policies, bool shared) {
    Library library;
    std::mt19937 random(20180601);
    library.text = "vocabulary company \"企业\" | \"Company\" {\n  founded_on : date fixed \"成立日期\" | \"Founded on\"\n";
    for (const char* const fact : money_facts) library.text += std::string("  ") + fact + " : money in 0元 .. 1万亿元 \"金额\" | \"" + fact + "\"\n";
    for (const char* const fact : count_facts) library.text += std::string("  ") + fact + " : int in 0 .. 60_000 \"人数\" | \"" + fact + "\"\n";
    library.text += "}\n";
    for (std::size_t policy = 0; policy < policies; ++policy) {
        const std::string number = std::to_string(policy);
        library.text += "policy p" + number + " for company \"政策" + number + "\" | \"Policy " + number + "\" {\n  in force 2016-01-01 ..\n";
        std::set<std::size_t> asked;
        while (shared && asked.size() < conditions_a_policy) asked.insert(random() % shared_conditions);
        for (std::size_t i = 0; i < conditions_a_policy; ++i) {
            const std::size_t wanted = shared ? *std::next(asked.begin(), static_cast<std::ptrdiff_t>(i)) : policy * conditions_a_policy + i;
            library.conditions.insert(wanted);
            library.text += "  require c" + std::to_string(i) + " " + condition(wanted) + " \"条件\" | \"Condition\" @ \"" + std::to_string(i) + "\"\n";
        }
        library.text += "}\n";
    }
    return library;
}

// ---- companies: of every fact that a plan reads, what its range allows, small numbers more often than large ones

class Companies {
public:
    Companies(const bytecode::Pack& pack, Index subject) : pack_(pack) {
        batch_.subject = subject;
        batch_.rows = row_count();
    }

    // The columns that a plan reads and that are not there yet.
    void add(const columnar::Plan& plan) {
        for (const columnar::Input& input : plan.inputs()) {
            if (input.is_list) {
                add_list(input.column);
                continue;
            }
            columnar::Batch* const batch = input.list == bytecode::none ? &batch_ : elements_.at(input.list).get();
            const auto known = [&](const columnar::BatchColumn& column) { return column.column == input.column && column.year == input.year; };
            if (std::none_of(batch->columns.begin(), batch->columns.end(), known)) add_column(*batch, input);
        }
    }
    [[nodiscard]] const columnar::Batch& batch() const { return batch_; }

private:
    template <class T>
    T* memory(std::size_t count) {
        memory_.emplace_back((count * sizeof(T) + 7) / 8 + 1);
        return reinterpret_cast<T*>(memory_.back().data());
    }

    void add_list(Index column) {
        if (elements_.contains(column)) return;
        const bytecode::Column& described = pack_.subjects[batch_.subject].columns[column];
        auto& elements = elements_[column] = std::make_unique<columnar::Batch>();
        elements->subject = pack_.subjects[described.subject].facts[described.fact()].ref;
        auto* const offsets = memory<std::int32_t>(batch_.rows + 1);
        for (std::size_t row = 0; row < batch_.rows; ++row) offsets[row + 1] = offsets[row] + static_cast<std::int32_t>(random_() % 3);
        elements->rows = static_cast<std::size_t>(offsets[batch_.rows]);
        columnar::ListColumn& list = batch_.lists.emplace_back();
        list.column = column;
        list.offsets = offsets;
        list.elements = elements.get();
    }

    void add_column(columnar::Batch& batch, const columnar::Input& input) {
        const bytecode::Column& described = pack_.subjects[batch.subject].columns[input.column];
        const bytecode::Fact& fact = pack_.subjects[described.subject].facts[described.fact()];
        columnar::Column column;
        column.bounded = true;
        column.least = fact.low;
        column.greatest = fact.high;
        if (fact.kind == bytecode::Kind::Bool) {
            auto* const words = memory<std::uint64_t>(batch.rows / 64 + 1);
            for (std::size_t i = 0; i <= batch.rows / 64; ++i) words[i] = random_();
            column.values = words;
            column.element = columnar::Element::Bit;
            column.bounded = false;
        } else if (fact.kind == bytecode::Kind::Date) {
            column.least = std::max(fact.low, std::int64_t{value::day_from_civil(1995, 1, 1)});
            column.greatest = std::min(fact.high, std::int64_t{value::day_from_civil(2018, 1, 1)});
            fill<std::int32_t>(column, columnar::Element::Int32, batch.rows, false);
        } else if (fact.low >= 0 && fact.high <= UINT8_MAX) {
            fill<std::uint8_t>(column, columnar::Element::UInt8, batch.rows, false);
        } else if (fact.low >= 0 && fact.high <= UINT16_MAX) {
            fill<std::uint16_t>(column, columnar::Element::UInt16, batch.rows, true);
        } else if (fact.low >= INT32_MIN && fact.high <= INT32_MAX) {
            fill<std::int32_t>(column, columnar::Element::Int32, batch.rows, true);
        } else {
            fill<std::int64_t>(column, columnar::Element::Int64, batch.rows, true);
        }
        // One in fifty is not known.
        auto* const known = memory<std::uint64_t>(batch.rows / 64 + 1);
        for (std::size_t i = 0; i < batch.rows; ++i) known[i / 64] |= static_cast<std::uint64_t>(random_() % 50 != 0) << (i % 64);
        column.known.bytes = reinterpret_cast<const std::uint8_t*>(known);
        batch.columns.push_back({input.column, input.year, column});
    }

    template <class T>
    void fill(columnar::Column& column, columnar::Element element, std::size_t rows, bool small) {
        auto* const values = memory<T>(rows);
        const double span = static_cast<double>(column.greatest) - static_cast<double>(column.least) + 1;
        std::uniform_real_distribution<double> part(0, 1);
        for (std::size_t i = 0; i < rows; ++i) {
            const double drawn = small ? std::pow(span, part(random_)) - 1 : span * part(random_);
            values[i] = static_cast<T>(std::clamp(column.least + static_cast<std::int64_t>(drawn), column.least, column.greatest));
        }
        column.values = values;
        column.element = element;
    }

    const bytecode::Pack& pack_;
    columnar::Batch batch_;
    std::map<Index, std::unique_ptr<columnar::Batch>> elements_;  // by column of the list
    std::deque<std::vector<std::uint64_t>> memory_;
    std::mt19937_64 random_{20180601};
};

// ---- some policies for all companies

class Screen {
public:
    Screen(const bytecode::Pack& pack, const std::vector<Index>& policies, Companies& companies)
        : plan_(pack, companies.batch().subject, policies, columnar::PlanOptions{.as_of = as_of}), memory_(plan_), batch_(companies.batch()) {
        companies.add(plan_);
        for (const auto& policy : plan_.policies()) {
            columnar::PolicyOutput& output = output_.policies.emplace_back();
            verdicts_.emplace_back(batch_.rows);
            output.verdicts = verdicts_.back().data();
            for (const auto& benefit : policy.benefits) {
                amounts_.emplace_back(benefit.wide ? 0 : batch_.rows);
                output.amounts.push_back({.low = benefit.wide ? nullptr : amounts_.back().data()});
            }
        }
    }

    void run(std::size_t rows) { columnar::run(plan_, memory_, batch_, 0, rows, output_); }
    [[nodiscard]] std::size_t instructions() const { return plan_.instruction_count(); }
    [[nodiscard]] const std::deque<std::vector<columnar::Verdict>>& verdicts() const { return verdicts_; }

private:
    columnar::Plan plan_;
    columnar::Memory memory_;
    const columnar::Batch& batch_;
    std::deque<std::vector<columnar::Verdict>> verdicts_;
    std::deque<std::vector<std::int64_t>> amounts_;
    columnar::Output output_;
};

// The first policies of a subject, all in one plan. Packs and companies stay until the end: what is measured reads them.
struct Case {
    std::string name;
    std::size_t policies = 0, conditions = 0;
    std::unique_ptr<Screen> screen;
};

bool gives_what_it_gives_alone(const bytecode::Pack& pack, const std::vector<Index>& policies, Companies& companies, const std::string& name) {
    Screen together(pack, policies, companies);
    const std::size_t rows = std::min(compared_rows, companies.batch().rows);
    together.run(rows);
    for (std::size_t i = 0; i < policies.size(); ++i) {
        Screen alone(pack, {policies[i]}, companies);
        alone.run(rows);
        if (std::equal(alone.verdicts().front().begin(), alone.verdicts().front().begin() + static_cast<std::ptrdiff_t>(rows), together.verdicts()[i].begin())) continue;
        std::fprintf(stderr, "%s: policy %zu gives something else alone\n", name.c_str(), i);
        return false;
    }
    return true;
}

void measure(const Case& one) {
    benchmark::RegisterBenchmark(one.name.c_str(), [&one](benchmark::State& state) {
        for (auto _ : state) {
            one.screen->run(row_count());
            benchmark::ClobberMemory();
        }
        state.SetItemsProcessed(static_cast<std::int64_t>(row_count()) * state.iterations());
        state.counters["policies"] = static_cast<double>(one.policies);
        if (one.conditions != 0) state.counters["conditions"] = static_cast<double>(one.conditions);
        state.counters["instructions"] = static_cast<double>(one.screen->instructions());
        state.counters["s_per_company"] = benchmark::Counter(static_cast<double>(row_count()), benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
    })->Unit(benchmark::kMillisecond);
}

std::vector<Index> policies_on(const bytecode::Pack& pack, Index subject) {
    std::vector<Index> policies;
    for (Index policy = 0; policy < pack.policies.size(); ++policy)
        if (pack.policies[policy].subject == subject) policies.push_back(policy);
    return policies;
}

int run(int argc, char** argv) {
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    std::deque<bytecode::Pack> packs;
    std::deque<Companies> companies;
    std::deque<Case> cases;
    for (const bool shared : {false, true})
        for (const std::size_t size : library_sizes) {
            const Library library = made_library(size, shared);
            auto pack = compile({{"library.policy", library.text}});
            if (!pack) return 1;
            packs.push_back(std::move(*pack));
            if (companies.empty()) companies.emplace_back(packs.back(), Index{0});
            const std::string name = std::string(shared ? "shared/" : "own/") + std::to_string(size);
            const auto policies = policies_on(packs.back(), 0);
            if (!gives_what_it_gives_alone(packs.back(), policies, companies.back(), name)) return 1;
            cases.push_back({name, size, library.conditions.size(), std::make_unique<Screen>(packs.back(), policies, companies.back())});
        }
    auto pack = compile(shipped_rules());
    if (!pack) return 1;
    packs.push_back(std::move(*pack));
    const bytecode::Pack& shipped = packs.back();
    Index company = 0;
    while (shipped.string(shipped.subjects[company].name) != "company") ++company;
    companies.emplace_back(shipped, company);
    const std::vector<Index> all = policies_on(shipped, company);
    for (std::size_t size = 1; size <= all.size(); ++size) {
        const std::vector<Index> first(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(size));
        const std::string name = "shipped/" + std::to_string(size);
        if (!gives_what_it_gives_alone(shipped, first, companies.back(), name)) return 1;
        cases.push_back({name, size, 0, std::make_unique<Screen>(shipped, first, companies.back())});
    }
    for (const Case& one : cases) measure(one);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace
}  // namespace eligo::bench

int main(int argc, char** argv) { return eligo::bench::run(argc, argv); }
