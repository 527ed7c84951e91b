// The screening workload from its CSV to a CSV of results: `eligo screen` in this process, with all it checks and promises,
// beside the hand-written pipeline that checks nothing. Both must write the same bytes, and before anything is measured the
// results must be there; else the program ends.
//
// ELIGO_SCREEN4_ROWS rows (1,000,000), as for bench_screen4. Results are written to ELIGO_BENCH_FOLDER, else beside the
// program: in a folder in memory what is measured is the work, on a disk the disk as well.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "../engine/api/compile_internal.hpp"
#include "../engine/screen/screen.hpp"
#include "csv_by_hand.hpp"

namespace eligo::bench {
namespace {

std::string environment(const char* name, const std::string& otherwise) {
    const char* const value = std::getenv(name);
    return value == nullptr ? otherwise : value;
}

const std::string& folder() {
    static const std::string path = environment("ELIGO_BENCH_FOLDER", ELIGO_BINARY_DIR) + "/";
    return path;
}

std::string input() {
    const std::string rows = environment("ELIGO_SCREEN4_ROWS", "1000000");
    std::string path = std::string(ELIGO_BINARY_DIR) + "/screen4_" + rows + ".csv";
    if (!std::filesystem::exists(path) && std::system((std::string(ELIGO_SCREEN4_GENERATOR) + " " + rows + " > " + path).c_str()) != 0) std::exit(2);
    return path;
}

std::string contents(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

const bytecode::Pack& pack() {
    static const api::Compilation compiled = api::compile_paths(std::vector<std::string>{std::string(ELIGO_SOURCE_DIR) + "/bench/rules/screen4.policy"});
    return *compiled.pack;
}

bool by_hand(const std::string& from, unsigned threads) { return csv_by_hand(from, folder() + "csv_by_hand.csv", threads); }

std::uint64_t eligo(const std::string& from, unsigned threads) {
    screen::Request request;
    request.pack = &pack();
    request.question.as_of = value::day_from_civil(2018, 6, 1);
    request.input = from;
    request.output = folder() + "csv_eligo.csv";
    request.threads = threads;
    const screen::Outcome outcome = screen::screen(request, {});
    if (outcome.ending != screen::Ending::Whole || outcome.tally == nullptr) return 0;
    return static_cast<std::uint64_t>((*outcome.tally)[screen::TallyLayout::Written]);
}

int run(int count, char** arguments) {
    const std::string from = input();
    const std::uint64_t rows = eligo(from, 2);
    if (rows == 0) {
        std::fputs("the table could not be screened\n", stderr);
        return 1;
    }
    const auto measure = [&](const char* name, auto work) {
        benchmark::RegisterBenchmark(name,
                                     [&from, rows, work](benchmark::State& state) {
                                         for (auto _ : state) {
                                             if (!work(from)) state.SkipWithError("failed");
                                         }
                                         state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(rows));
                                     })
            ->Unit(benchmark::kMillisecond)
            ->UseRealTime()
            ->MeasureProcessCPUTime();
    };
    if (by_hand(from, 2)) {
        if (contents(folder() + "csv_by_hand.csv") != contents(folder() + "csv_eligo.csv")) {
            std::fputs("the results of the two differ\n", stderr);
            return 1;
        }
        measure("csv_by_hand", [](const std::string& path) { return by_hand(path, 1); });
        measure("csv_by_hand_two_threads", [](const std::string& path) { return by_hand(path, 2); });
    } else {
        std::fputs("no hand-written pipeline for this machine\n", stderr);
    }
    measure("eligo", [](const std::string& path) { return eligo(path, 1) > 0; });
    measure("eligo_two_threads", [](const std::string& path) { return eligo(path, 2) > 0; });
    benchmark::Initialize(&count, arguments);
    benchmark::RunSpecifiedBenchmarks();
    for (const char* const name : {"csv_by_hand.csv", "csv_eligo.csv"}) std::filesystem::remove(folder() + name);
    return 0;
}

}  // namespace
}  // namespace eligo::bench

int main(int count, char** arguments) { return eligo::bench::run(count, arguments); }
