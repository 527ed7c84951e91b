// How the time and the memory of each pass grow with the number of policies, clauses, rows and all else that a source may have
// many of (growth_sources.cpp). Each source is worked on in a process of its own, so that its memory is its own.
//
//     bench_growth                       a line for each kind and number: seconds of each pass, memory, and how they grow
//     bench_growth rows_of_1 entries     of these kinds alone
//     ELIGO_GROWTH=1000,32000            with these numbers in place of 1,000 to 32,000
//
// `growth` is the time of all passes by that of the number before, divided by what n log n would make of it: about 1 for what grows
// so, and twice as much each time for what grows with the square.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "../engine/api/compile_internal.hpp"
#include "../engine/bytecode/image.hpp"
#include "../engine/codegen/generate.hpp"
#include "../engine/columnar/run.hpp"
#include "../engine/explain/json.hpp"
#include "../engine/explain/say.hpp"
#include "../engine/explain/why.hpp"
#include "../engine/scenario/run.hpp"
#include "../engine/sema/check.hpp"
#include "../engine/syntax/parse.hpp"
#include "../engine/vm/profile_set.hpp"
#include "../engine/vm/run.hpp"
#include "growth_sources.hpp"

namespace eligo::bench {
namespace {

constexpr std::size_t numbers[] = {1'000, 2'000, 4'000, 8'000, 16'000, 32'000};
constexpr const char* passes[] = {"parse", "check", "generate", "write", "load", "plan", "ask", "explain", "screen", "test", "list"};
constexpr std::size_t pass_count = std::size(passes);
constexpr rlim_t most_seconds = 120;  // of one source
constexpr value::Day as_of = value::day_from_civil(2018, 6, 1);

struct Measured {
    double seconds[pass_count] = {};
    std::size_t bytes = 0, instructions = 0, megabytes = 0;
    char refused[8] = {};  // the code of the first error
    char ended[16] = {};   // how the process ended, if not well
    [[nodiscard]] double all() const {
        double sum = 0;
        for (const double one : seconds) sum += one;
        return sum;
    }
};

double now() {
    timespec time{};
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

class Clock {
public:
    explicit Clock(Measured& measured) : measured_(measured) {}
    template <class Action>
    auto operator()(const char* pass, Action&& action) {
        std::size_t at = 0;
        while (std::string_view(passes[at]) != pass) ++at;
        const double begin = now();
        auto result = action();
        measured_.seconds[at] += now() - begin;
        return result;
    }

private:
    Measured& measured_;
};

// The least value of everything, one element a list.
void fill(const bytecode::Pack& pack, bytecode::Index subject, vm::Row& row) {
    const auto& columns = pack.subjects[subject].columns;
    for (bytecode::Index i = 0; i < columns.size(); ++i) {
        const auto& fact = pack.subjects[columns[i].subject].facts[columns[i].fact()];
        if (fact.kind != bytecode::Kind::List) {
            vm::put(pack, subject, row, i, 2018, {fact.low, fact.low, vm::CellState::Known});
            continue;
        }
        row.list(i).state = vm::CellState::Known;
        fill(pack, fact.ref, row.list(i).rows.emplace_back(pack, fact.ref));
    }
}

void ask(const bytecode::Pack& pack, Clock& clock) {
    std::vector<vm::Checker> checkers;
    std::vector<vm::Checker::Memory> memories;
    clock("plan", [&] {
        for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy) checkers.emplace_back(pack, policy);
        for (const auto& checker : checkers) memories.push_back(checker.memory());
        return 0;
    });
    std::vector<vm::Profile> profiles;
    for (bytecode::Index subject = 0; subject < pack.subjects.size(); ++subject) {
        std::vector<bytecode::Index> policies;
        for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy)
            if (pack.policies[policy].subject == subject) policies.push_back(policy);
        if (policies.empty()) continue;
        vm::Profile nothing = vm::empty_profile(pack, subject), all = vm::empty_profile(pack, subject);
        fill(pack, subject, all.row);
        for (const vm::Profile* const profile : {&nothing, &all}) {
            clock("ask", [&] {
                int eligible = 0;
                for (const bytecode::Index policy : policies) eligible += checkers[policy].check(*profile, {.as_of = as_of}, memories[policy]).verdict == vm::Verdict::Eligible ? 1 : 0;
                return eligible;
            });
            (void)clock("explain", [&] {
                const explain::Answer answer = explain::answer(pack, policies, *profile, {.as_of = as_of});
                return explain::say(answer, {explain::Language::Chinese, explain::Color::Off, &pack}).text().size() + explain::to_json(answer, explain::Language::English).size();
            });
        }
        clock("screen", [&] {
            const columnar::Plan plan(pack, subject, policies, {.as_of = as_of});
            columnar::Memory memory(plan);
            columnar::Batch batch;
            batch.subject = subject;
            batch.rows = 64;
            std::vector<columnar::Verdict> verdicts(policies.size() * batch.rows);
            columnar::Output output;
            for (std::size_t i = 0; i < policies.size(); ++i) output.policies.emplace_back().verdicts = verdicts.data() + i * batch.rows;
            columnar::run(plan, memory, batch, 0, batch.rows, output);
            return 0;
        });
    }
}

Measured measure(const std::vector<GrowthSource>& given) {
    Measured measured;
    Clock clock(measured);
    text::SourceSet sources;
    text::Sink sink;
    for (const GrowthSource& source : given) measured.bytes += source.text.size();
    // Files that import each other go through all passes at once, since the door of the compiler is what gathers them.
    if (given.size() > 1) {
        std::vector<api::SourceText> texts;
        for (const GrowthSource& source : given) texts.push_back({source.path, source.text});
        if (!clock("parse", [&] { return api::compile_sources(texts); }).ok()) std::strncpy(measured.refused, "error", sizeof measured.refused);
        return measured;
    }
    const auto files = clock("parse", [&] {
        std::vector<syntax::File> parsed;
        for (const GrowthSource& source : given) parsed.push_back(syntax::parse(sources, sources.add(source.path, source.text), sink));
        return parsed;
    });
    const sema::Model model = clock("check", [&] { return sema::check(files, sources, sink); });
    std::optional<bytecode::Pack> pack;
    if (!sink.has_errors()) pack = clock("generate", [&] { return codegen::generate(model, sources, sink); });
    if (!pack) {
        for (const text::Diagnostic& diagnostic : sink.sorted())
            if (text::wording(diagnostic.code).severity == text::Severity::Error) {
                std::strncpy(measured.refused, std::string(text::wording(diagnostic.code).number).c_str(), sizeof measured.refused - 1);
                break;
            }
        return measured;
    }
    for (const auto& subject : pack->subjects) measured.instructions += subject.program.code.size();
    const auto image = clock("write", [&] { return bytecode::write_image(*pack); });
    bytecode::Fault fault;
    const auto loaded = clock("load", [&] { return bytecode::read_image(image, fault); });
    if (!loaded) {
        std::fprintf(stderr, "%s\n", fault.english.c_str());
        std::strncpy(measured.refused, "pack", sizeof measured.refused);
        return measured;
    }
    ask(*loaded, clock);
    clock("test", [&] {
        scenario::Runner runner(model, *pack);
        for (const auto& one : model.scenarios)
            if (!runner.run(one).passed()) std::strncpy(measured.ended, "failed", sizeof measured.ended);
        return 0;
    });
    (void)clock("list", [&] { return bytecode::disassemble(*loaded).size(); });
    return measured;
}

// In a process of its own.
Measured measured_apart(const GrowthKind& kind, std::size_t n) {
    int ends[2];
    if (pipe(ends) != 0) return {};
    const auto sources = kind.make(n);
    const pid_t child = fork();
    if (child == 0) {
        const rlimit most{most_seconds, most_seconds};
        (void)setrlimit(RLIMIT_CPU, &most);
        const Measured measured = measure(sources);
        _exit(write(ends[1], &measured, sizeof measured) == sizeof measured ? 0 : 1);
    }
    close(ends[1]);
    Measured measured;
    const bool told = read(ends[0], &measured, sizeof measured) == sizeof measured;
    close(ends[0]);
    int status = 0;
    rusage usage{};
    (void)wait4(child, &status, 0, &usage);
    if (!told) std::snprintf(measured.ended, sizeof measured.ended, WIFSIGNALED(status) ? "signal %d" : "status %d", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    measured.megabytes = static_cast<std::size_t>(usage.ru_maxrss) / 1024;
    return measured;
}

std::vector<std::size_t> chosen_numbers() {
    const char* given = std::getenv("ELIGO_GROWTH");
    if (given == nullptr) return {std::begin(numbers), std::end(numbers)};
    std::vector<std::size_t> chosen;
    for (char* end = nullptr; *given != '\0'; given = *end == ',' ? end + 1 : end) chosen.push_back(std::strtoul(given, &end, 10));
    return chosen;
}

void tell(const GrowthKind& kind, const std::vector<std::size_t>& wanted) {
    std::printf("%s: %s\n  %6s", kind.name, kind.what, "n");
    for (const char* const pass : passes) std::printf(" %8s", pass);
    std::printf(" %8s %6s %8s %8s %7s\n", "all", "growth", "source", "code", "memory");
    Measured before;
    std::size_t number_before = 0;
    for (const std::size_t n : wanted) {
        const Measured measured = measured_apart(kind, n);
        std::printf("  %6zu", n);
        for (const double seconds : measured.seconds) std::printf(" %8.4f", seconds);
        std::printf(" %8.3f", measured.all());
        const double expected = number_before == 0 ? 0 : static_cast<double>(n) * std::log(static_cast<double>(n)) / (static_cast<double>(number_before) * std::log(static_cast<double>(number_before)));
        if (number_before == 0) std::printf(" %6s", "");
        else std::printf(" %6.2f", measured.all() / before.all() / expected);
        std::printf(" %5zu KB %8zu %4zu MB %s %s\n", measured.bytes / 1000, measured.instructions, measured.megabytes, measured.refused, measured.ended);
        std::fflush(stdout);
        before = measured;
        number_before = n;
    }
}

}  // namespace
}  // namespace eligo::bench

int main(int argc, char** argv) {
    using namespace eligo::bench;
    const auto wanted = chosen_numbers();
    for (const GrowthKind& kind : growth_kinds()) {
        bool chosen = argc == 1;
        for (int i = 1; i < argc; ++i) chosen = chosen || std::string_view(argv[i]) == kind.name;
        if (chosen) tell(kind, wanted);
    }
}
