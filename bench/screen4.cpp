// The screening workload in memory and in cache: by hand row at a time, by hand in columns, and by the engine; one check by
// hand and by the engine; in memory also with two threads. The engine reads the very columns that the hand-written code reads. Counts and sums must be the
// workload's own, and every verdict of a check the hand-written one's; else nothing is measured.
//
// The workload's file is made by its own generator when it is not there: ELIGO_SCREEN4_ROWS rows (1,000,000).
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "../engine/columnar/run.hpp"
#include "../engine/value/code.hpp"
#include "../engine/vm/profile_set.hpp"
#include "../engine/vm/run.hpp"
#include "order.hpp"
#include "rules.hpp"
#include "screen4_hand.hpp"

namespace eligo::bench {
namespace {

using bytecode::Index;

constexpr std::size_t cached_rows = 2'048;
constexpr std::size_t checked_rows = 512;
constexpr std::size_t rows_a_part = 1'024;  // threads take whole blocks of the columns by hand
const char* const policy_names[screen4_policies] = {"hnte", "tech_sme", "rd_deduction", "angel"};
constexpr value::Day as_of = value::day_from_civil(2018, 6, 1);

const std::map<std::size_t, std::string> reference = {
    {2'000, "hnte=32/1953/15 tech_sme=656/1297/47 rd_deduction=1544/456/0 angel=111/1887/2 rd_fen=2996837670759 angel_fen=13425494697"},
    {20'000, "hnte=364/19536/100 tech_sme=6550/12927/523 rd_deduction=15526/4474/0 angel=1031/18931/38 rd_fen=31316844646266 angel_fen=124898939090"},
    {100'000, "hnte=1934/97624/442 tech_sme=32683/64661/2656 rd_deduction=77459/22541/0 angel=5296/94530/174 rd_fen=157943220685080 angel_fen=629310774731"},
    {1'000'000, "hnte=19855/976000/4145 tech_sme=326135/647350/26515 rd_deduction=776131/223869/0 angel=53780/944439/1781 rd_fen=1587720663705624 angel_fen=6369158657903"},
};

Index column_named(const bytecode::Pack& pack, Index subject, const std::string& name) {
    Index column = 0;
    while (pack.string(pack.subjects[subject].columns[column].name) != name) ++column;
    return column;
}
// ---- the workload's columns as a batch

class Screen {
public:
    explicit Screen(const bytecode::Pack& pack) : pack_(pack), from_(screen4_columns()) {
        batch_.subject = 0;
        batch_.rows = from_.rows;
        add("registered_on", from_.registered_on, columnar::Element::Int32);
        add("employees", from_.employees, columnar::Element::UInt16);
        add("rd_staff", from_.rd_staff, columnar::Element::UInt16, from_.rd_staff_known);
        add("rd_domestic_share", from_.domestic_share, columnar::Element::UInt16, from_.share_known, 100);
        add("ip_class1", from_.ip_class1, columnar::Element::UInt8);
        add("ip_class2", from_.ip_class2, columnar::Element::UInt8);
        add("tech_field", from_.tech_field, columnar::Element::UInt8);
        add("innovation_score", from_.innovation_score, columnar::Element::UInt8, from_.score_known);
        add_divisions();
        for (int year = 0; year < 3; ++year) {
            add("revenue_y" + std::to_string(year + 1), from_.revenue[year], columnar::Element::Int64);
            add("rd_y" + std::to_string(year + 1), from_.rd[year], columnar::Element::Int64);
        }
        add("total_income", from_.total_income, columnar::Element::Int64);
        add("high_tech_income", from_.high_tech_income, columnar::Element::Int64);
        add("total_assets", from_.total_assets, columnar::Element::Int64, from_.assets_known);
        add("rd_own", from_.rd_own, columnar::Element::Int64);
        add("rd_contract_domestic", from_.rd_domestic, columnar::Element::Int64);
        add("rd_contract_foreign", from_.rd_foreign, columnar::Element::Int64);
        add("loss_on_exit", from_.loss_on_exit, columnar::Element::Int64);
        add("resident", from_.resident, columnar::Element::Bit);
        add("audited_books", from_.audited, columnar::Element::Bit);
        add("serious_incident", from_.incident, columnar::Element::Bit);
        std::vector<Index> policies;
        for (const char* const name : policy_names) policies.push_back(policy_named(pack, name));
        plan_ = std::make_unique<columnar::Plan>(pack, 0, policies, columnar::PlanOptions{.as_of = as_of, .block_rows = block_rows()});
        for (auto& memory : memories_) memory = std::make_unique<columnar::Memory>(*plan_);
        for (const auto& policy : plan_->policies()) {
            columnar::PolicyOutput& output = output_.policies.emplace_back();
            output.verdicts = static_cast<columnar::Verdict*>(screen4_memory(from_.rows));
            for (std::size_t i = 0; i < policy.benefits.size(); ++i) output.amounts.push_back({.low = static_cast<std::int64_t*>(screen4_memory(from_.rows * sizeof(std::int64_t)))});
        }
    }

    void run(std::size_t rows) { run(0, rows, 0); }
    // Rows `first` .. `last` - 1, with the working memory of one thread.
    void run(std::size_t first, std::size_t last, std::size_t thread) {
        columnar::Output output = output_;
        for (columnar::PolicyOutput& policy : output.policies) {
            policy.verdicts += first;
            for (columnar::AmountOutput& amounts : policy.amounts) amounts.low += first;
        }
        columnar::run(*plan_, *memories_[thread], batch_, first, last - first, output);
    }

    void forget() {
        for (const auto& policy : output_.policies) {
            std::fill_n(policy.verdicts, from_.rows, columnar::Verdict::NotInForce);
            for (const auto& amounts : policy.amounts) std::fill_n(amounts.low, from_.rows, -1);
        }
    }

    [[nodiscard]] std::string counts() const {
        std::string text;
        std::array<std::int64_t, screen4_amounts> sums{};
        std::size_t amount = 0;
        for (std::size_t policy = 0; policy < screen4_policies; ++policy) {
            std::array<std::size_t, 4> counts{};
            const auto& output = output_.policies[policy];
            for (std::size_t row = 0; row < from_.rows; ++row) {
                ++counts[static_cast<std::size_t>(output.verdicts[row])];
                // What may still become an amount is none yet.
                if (!output.amounts.empty() && output.verdicts[row] == columnar::Verdict::Eligible) sums[amount] += output.amounts.front().low[row];
            }
            if (!output.amounts.empty()) ++amount;
            text += std::string(policy_names[policy]) + "=" + std::to_string(counts[0]) + "/" + std::to_string(counts[1]) + "/" + std::to_string(counts[2]) + " ";
        }
        return text + "rd_fen=" + std::to_string(sums[0]) + " angel_fen=" + std::to_string(sums[1]);
    }

private:
    // ELIGO_SCREEN4_BLOCK: rows a pass, to try others than the engine's own choice.
    static std::uint32_t block_rows() {
        const char* const given = std::getenv("ELIGO_SCREEN4_BLOCK");
        return given != nullptr ? static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10)) : 0;
    }

    template <class T>
    void add(const std::string& name, const T* values, columnar::Element element, const std::uint64_t* known = nullptr, std::int64_t multiplier = 1) {
        columnar::Column column;
        column.values = values;
        column.element = element;
        column.multiplier = multiplier;
        column.known.bytes = reinterpret_cast<const std::uint8_t*>(known);
        if (element != columnar::Element::Bit) {
            const auto [least, greatest] = std::minmax_element(values, values + from_.rows);
            column.bounded = true;
            column.least = static_cast<std::int64_t>(*least) * multiplier;
            column.greatest = static_cast<std::int64_t>(*greatest) * multiplier;
        }
        batch_.columns.push_back({column_named(pack_, 0, name), columnar::any_year, column});
    }

    // Divisions are stored by their number; the sections they belong to make codes of them.
    void add_divisions() {
        static constexpr struct { char section; int first, last; } sections[] = {
            {'A', 1, 5}, {'B', 6, 12}, {'C', 13, 43}, {'D', 44, 46}, {'E', 47, 50}, {'F', 51, 52}, {'G', 53, 60}, {'H', 61, 62}, {'I', 63, 65}, {'J', 66, 69},
            {'K', 70, 70}, {'L', 71, 72}, {'M', 73, 75}, {'N', 76, 79}, {'O', 80, 82}, {'P', 83, 83}, {'Q', 84, 85}, {'R', 86, 90}, {'S', 91, 96}, {'T', 97, 97}};
        divisions_.assign(98, 0);
        for (const auto& [section, first, last] : sections)
            for (int division = first; division <= last; ++division) {
                const std::string code{section, static_cast<char>('0' + division / 10), static_cast<char>('0' + division % 10)};
                divisions_[static_cast<std::size_t>(division)] = *value::parse_code(value::Classification::Gbt4754, code);
            }
        columnar::Column column;
        column.values = from_.division;
        column.element = columnar::Element::UInt8;
        column.dictionary = divisions_.data();
        column.dictionary_size = divisions_.size();
        batch_.columns.push_back({column_named(pack_, 0, "industry"), columnar::any_year, column});
    }

    const bytecode::Pack& pack_;
    const Screen4Columns& from_;
    std::vector<std::int64_t> divisions_;
    columnar::Batch batch_;
    std::unique_ptr<columnar::Plan> plan_;
    std::array<std::unique_ptr<columnar::Memory>, 2> memories_;
    columnar::Output output_;
};

// ---- single checks

std::string yuan(std::int64_t fen) {
    std::string cents = std::to_string(fen % 100);
    return std::to_string(fen / 100) + "." + (cents.size() == 1 ? "0" : "") + cents;
}
std::string four_decimals(std::int32_t share) {
    const std::string digits = std::to_string(share % 10'000);
    return std::to_string(share / 10'000) + "." + std::string(4 - digits.size(), '0') + digits;
}

// A profile filled as a host program fills it.
vm::Profile profile_of(const bytecode::Pack& pack, const Screen4Company& company) {
    vm::Profile profile = vm::empty_profile(pack, 0);
    const auto set = [&](const std::string& name, const std::string& text) { (void)vm::set_value(profile, name, vm::Scalar::Plain, text); };
    const auto set_if = [&](bool known, const std::string& name, const std::string& text) {
        if (known) set(name, text);
        else (void)vm::set_unknown(profile, name);
    };
    const auto truth = [](bool value) { return std::string(value ? "true" : "false"); };
    static constexpr char sections[] = "AAAAABBBBBBBCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCDDDEEEEFFGGGGGGGGHHIIIJJJJKLLMMMNNNNOOOPQQRRRRRSSSSSST";
    set("industry", sections[company.division - 1] + std::string(company.division < 10 ? "0" : "") + std::to_string(company.division));
    set("resident", truth(company.resident));
    set("audited_books", truth(company.audited));
    set("serious_incident", truth(company.incident));
    set("registered_on", value::format_date(company.registered_on));
    set("employees", std::to_string(company.employees));
    set_if(company.rd_staff_known, "rd_staff", std::to_string(company.rd_staff));
    set("ip_class1", std::to_string(company.ip_class1));
    set("ip_class2", std::to_string(company.ip_class2));
    const auto& fact = pack.subjects[0].facts[pack.subjects[0].columns[column_named(pack, 0, "tech_field")].fact()];
    set("tech_field", pack.string(pack.enumerations[fact.ref].members[static_cast<std::size_t>(company.tech_field)].name));
    set_if(company.share_known, "rd_domestic_share", four_decimals(company.domestic_share));
    set_if(company.score_known, "innovation_score", std::to_string(company.innovation_score));
    for (int year = 0; year < 3; ++year) {
        set("revenue_y" + std::to_string(year + 1), yuan(company.revenue[year]));
        set("rd_y" + std::to_string(year + 1), yuan(company.rd[year]));
    }
    set("total_income", yuan(company.total_income));
    set("high_tech_income", yuan(company.high_tech_income));
    set_if(company.assets_known, "total_assets", yuan(company.total_assets));
    set("rd_own", yuan(company.rd_own));
    set("rd_contract_domestic", yuan(company.rd_domestic));
    set("rd_contract_foreign", yuan(company.rd_foreign));
    set("loss_on_exit", yuan(company.loss_on_exit));
    return profile;
}

class Checks {
public:
    explicit Checks(const bytecode::Pack& pack) : pack_(pack) {
        for (const char* const name : policy_names) {
            checkers_.emplace_back(pack, policy_named(pack, name));
            memories_.push_back(checkers_.back().memory());
        }
        for (const auto& checker : checkers_) add_trace(checker.policy());
        for (std::size_t row = 0; row < std::min(checked_rows, screen4_rows()); ++row) profiles_.push_back(profile_of(pack, screen4_company(row)));
        for (const auto& plan : plans_) frames_.push_back(vm::make_frame(pack, plan));
    }

    // All four policies of one company.
    std::uint64_t check(std::size_t number) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < checkers_.size(); ++i) {
            const auto outcome = checkers_[i].check(profiles_[number], question_, memories_[i]);
            sum += static_cast<std::uint64_t>(outcome.verdict);
            if (outcome.verdict == vm::Verdict::Eligible && !checkers_[i].policy().versions[outcome.version].benefits.empty())
                sum += static_cast<std::uint64_t>(checkers_[i].benefit(memories_[i], outcome, 0).amount.low);
        }
        return sum;
    }

    // The same with the outcome of every clause, as data.
    std::uint64_t check_with_trace(std::size_t number) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i < plans_.size(); ++i) {
            vm::run(frames_[i], profiles_[number].row, question_, 2018);
            for (const auto outcome : outcomes_[i]) sum = 3 * sum + static_cast<std::uint64_t>(frames_[i].truth(outcome));
        }
        return sum;
    }

    [[nodiscard]] std::size_t size() const { return profiles_.size(); }

    // The first company whose answers differ from the hand-written ones, if any.
    [[nodiscard]] std::optional<std::size_t> first_difference() {
        for (std::size_t row = 0; row < profiles_.size(); ++row) {
            const Screen4Result expected = screen4_result(row);
            std::size_t amount = 0;
            for (std::size_t i = 0; i < checkers_.size(); ++i) {
                static constexpr vm::Verdict verdicts[] = {vm::Verdict::Ineligible, vm::Verdict::Undetermined, vm::Verdict::Eligible};
                const auto outcome = checkers_[i].check(profiles_[row], question_, memories_[i]);
                if (outcome.verdict != verdicts[expected.verdicts[i]]) return row;
                if (checkers_[i].policy().versions[outcome.version].benefits.empty()) continue;
                const std::int64_t expected_amount = expected.amounts[amount++];
                if (outcome.verdict == vm::Verdict::Eligible && checkers_[i].benefit(memories_[i], outcome, 0).amount.low != expected_amount) return row;
            }
        }
        return std::nullopt;
    }

private:
    void add_trace(const bytecode::Policy& policy) {
        const bytecode::Version& version = policy.versions.front();
        auto& outcomes = outcomes_.emplace_back();
        std::vector<bytecode::Register> roots{version.in_force, version.verdict};
        for (const auto& clause : version.clauses) outcomes.push_back(clause.outcome);
        for (const auto& benefit : version.benefits) roots.push_back(benefit.measure.value);
        roots.insert(roots.end(), outcomes.begin(), outcomes.end());
        plans_.push_back(vm::make_plan(pack_, policy.subject, {.roots = roots, .stop_at = {}, .verdict = version.verdict, .first = version.in_force}));
    }

    const bytecode::Pack& pack_;
    vm::Question question_{as_of};
    std::vector<vm::Checker> checkers_;
    std::vector<vm::Checker::Memory> memories_;
    std::vector<vm::Profile> profiles_;
    std::vector<vm::Plan> plans_;
    std::vector<vm::Frame> frames_;
    std::vector<std::vector<bytecode::Register>> outcomes_;
};

// ---- measuring

bool is_right(const char* what, const std::string& found) {
    const auto expected = reference.find(screen4_rows());
    const std::string& counts = expected == reference.end() ? screen4_counts_of_rows() : expected->second;
    if (found == counts) return true;
    std::fprintf(stderr, "%s differs:\n  found    %s\n  expected %s\n", what, found.c_str(), counts.c_str());
    return false;
}

bool make_file(const std::string& path, const std::string& rows) {
    if (std::filesystem::exists(path)) return true;
    const std::string part = path + ".part";
    const std::string command = std::string("\"") + ELIGO_SCREEN4_GENERATOR + "\" " + rows + " > \"" + part + "\"";
    if (std::system(command.c_str()) != 0) return false;
    std::filesystem::rename(part, path);
    return true;
}

template <class Run>
void measure(const char* name, std::size_t rows, Run run) {
    benchmark::RegisterBenchmark(name, [rows, run](benchmark::State& state) {
        for (auto _ : state) {
            run(rows);
            benchmark::ClobberMemory();
        }
        state.SetItemsProcessed(static_cast<std::int64_t>(rows) * state.iterations());
    })->Unit(benchmark::kMicrosecond);
}

// The first half of the rows on this thread, the others on another one; time is that of the clock.
template <class Run>
void measure_two_threads(const char* name, std::size_t rows, Run run) {
    benchmark::RegisterBenchmark(name, [rows, run](benchmark::State& state) {
        const std::size_t half = rows / 2 / rows_a_part * rows_a_part;
        for (auto _ : state) {
            std::thread other([&] { run(half, rows, 1); });
            run(0, half, 0);
            other.join();
            benchmark::ClobberMemory();
        }
        state.SetItemsProcessed(static_cast<std::int64_t>(rows) * state.iterations());
    })->Unit(benchmark::kMicrosecond)->UseRealTime();
}

template <class Check>
void measure_check(const char* name, std::size_t count, Check check) {
    benchmark::RegisterBenchmark(name, [count, check](benchmark::State& state) {
        Order order(count);
        for (auto _ : state) benchmark::DoNotOptimize(check(order.next()));
        state.SetItemsProcessed(state.iterations());
    });
}

int run(int argc, char** argv) {
    const char* const given = std::getenv("ELIGO_SCREEN4_ROWS");
    const std::string rows = given != nullptr && std::strtoul(given, nullptr, 10) > 0 ? std::to_string(std::strtoul(given, nullptr, 10)) : "1000000";
    const std::string path = std::string(ELIGO_BINARY_DIR) + "/screen4_" + rows + ".csv";
    if (!make_file(path, rows)) {
        std::fprintf(stderr, "%s cannot be made\n", path.c_str());
        return 1;
    }
    screen4_load(path.c_str());
    const auto pack = compile({read_source(std::string(ELIGO_SOURCE_DIR) + "/bench/rules/screen4.policy")});
    if (!pack) {
        std::fprintf(stderr, "the rules of the workload do not compile\n");
        return 1;
    }
    Screen screen(*pack);
    Checks checks(*pack);
    screen4_rows_by_hand(0, screen4_rows());
    screen4_columns_by_hand(0, screen4_rows());
    screen.run(screen4_rows());
    if (!is_right("rows by hand", screen4_counts_of_rows()) || !is_right("columns by hand", screen4_counts_of_columns()) || !is_right("eligo", screen.counts())) return 1;
    screen.forget();
    screen.run(0, screen4_rows() / 2, 0);
    screen.run(screen4_rows() / 2, screen4_rows(), 1);
    if (!is_right("eligo in two parts", screen.counts())) return 1;
    if (const auto row = checks.first_difference()) {
        std::fprintf(stderr, "a check of row %zu differs from the hand-written one\n", *row);
        return 1;
    }
    const std::size_t all = screen4_rows(), few = std::min(cached_rows, all);
    measure("rows_by_hand", all, [](std::size_t count) { screen4_rows_by_hand(0, count); });
    measure("columns_by_hand", all, [](std::size_t count) { screen4_columns_by_hand(0, count); });
    measure("eligo", all, [&](std::size_t count) { screen.run(count); });
    measure_two_threads("columns_by_hand_two_threads", all, [](std::size_t first, std::size_t last, std::size_t) { screen4_columns_by_hand(first, last); });
    measure_two_threads("eligo_two_threads", all, [&](std::size_t first, std::size_t last, std::size_t thread) { screen.run(first, last, thread); });
    measure("columns_by_hand_in_cache", few, [](std::size_t count) { screen4_columns_by_hand(0, count); });
    measure("eligo_in_cache", few, [&](std::size_t count) { screen.run(count); });
    measure_check("check_by_hand", checks.size(), [](std::size_t row) { return screen4_check_by_hand(row); });
    measure_check("check", checks.size(), [&](std::size_t row) { return checks.check(row); });
    measure_check("check_with_trace", checks.size(), [&](std::size_t row) { return checks.check_with_trace(row); });
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}

}  // namespace
}  // namespace eligo::bench

int main(int argc, char** argv) { return eligo::bench::run(argc, argv); }
