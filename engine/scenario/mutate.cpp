// Compiles each changed tree in memory and stops at the first scenario that notices.
#include "mutate.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "../codegen/generate.hpp"
#include "../sema/check.hpp"
#include "meaning.hpp"
#include "mutations.hpp"
#include "run.hpp"

namespace eligo::scenario {
namespace {

struct Compiled {
    sema::Model model;
    std::optional<bytecode::Pack> pack;
};

Compiled compile(const std::vector<syntax::File>& files, const text::SourceSet& sources) {
    text::Sink sink;
    Compiled result{sema::check(files, sources, sink), std::nullopt};
    if (!sink.has_errors()) result.pack = codegen::generate(result.model, sources, sink);
    if (sink.has_errors()) result.pack.reset();
    return result;
}

// One thread's own: the trees, and the numbers of what they mean.
class Worker {
public:
    Worker(const std::vector<syntax::File>& files, const text::SourceSet& sources, const std::vector<std::size_t>& judges, const bytecode::Pack& before)
        : original_(files), files_(files), sources_(sources), judges_(judges), before_(meanings_.of(before)) {}

    void decide(const Mutation& mutation, Mutant& mutant) {
        mutation.apply(files_[mutation.file]);
        const Compiled compiled = compile(files_, sources_);
        files_[mutation.file] = original_[mutation.file];
        mutant.fate = Fate::Refused;
        if (!compiled.pack) return;
        const auto after = meanings_.of(*compiled.pack);
        mutant.fate = Fate::Equivalent;
        if (after == before_) return;
        mutant.fate = Fate::Unnoticed;
        Runner runner(compiled.model, *compiled.pack);
        for (const std::size_t judge : judges_) {
            const sema::Scenario& scenario = compiled.model.scenarios[judge];
            // What is computed as before comes out as before.
            if (after[scenario.policy] == before_[scenario.policy] || runner.run(scenario).passed()) continue;
            mutant.fate = Fate::Noticed;
            mutant.noticed_by = scenario.title;
            return;
        }
    }

private:
    const std::vector<syntax::File>& original_;
    std::vector<syntax::File> files_;
    const text::SourceSet& sources_;
    const std::vector<std::size_t>& judges_;
    Meanings meanings_;
    std::vector<std::vector<std::uint32_t>> before_;
};

// The scenarios that hold before anything is changed, by number.
std::vector<std::size_t> judges_among(const Compiled& compiled, const MutateRequest& request) {
    std::vector<std::size_t> judges;
    Runner runner(compiled.model, *compiled.pack);
    for (const std::size_t number : request.scenarios)
        if (runner.run(compiled.model.scenarios[number]).passed()) judges.push_back(number);
    return judges;
}

}  // namespace

std::size_t Mutants::count(Fate fate) const {
    return static_cast<std::size_t>(std::count_if(each.begin(), each.end(), [fate](const Mutant& one) { return one.fate == fate; }));
}

Mutants mutate(const std::vector<syntax::File>& files, const text::SourceSet& sources, const MutateRequest& request) {
    const Compiled before = compile(files, sources);
    if (!before.pack) return {};
    const std::vector<std::size_t> judges = judges_among(before, request);
    std::vector<Mutation> mutations = list_mutations(files, sources);
    std::erase_if(mutations, [&](const Mutation& each) { return request.changes && !request.changes(each.span); });
    Mutants result;
    for (const Mutation& each : mutations) result.each.push_back({each.span, each.from, each.into, Fate::Unnoticed, {}});

    std::atomic<std::size_t> next = 0;
    std::mutex telling;
    std::size_t done = 0;
    std::exception_ptr failure;
    const auto decide_all = [&] {
        Worker worker(files, sources, judges, *before.pack);
        for (std::size_t i = next++; i < mutations.size(); i = next++) {
            worker.decide(mutations[i], result.each[i]);
            const std::lock_guard lock(telling);
            ++done;
            if (request.progress) request.progress(done, mutations.size());
        }
    };
    // Whatever is thrown ends the work of all, and is thrown again once they have ended.
    const auto fail = [&] {
        const std::lock_guard lock(telling);
        if (!failure) failure = std::current_exception();
        next = mutations.size();
    };
    const auto work = [&]() noexcept {
        try {
            decide_all();
        } catch (...) {
            fail();
        }
    };
    const unsigned wanted = request.threads > 0 ? request.threads : std::max(1U, std::thread::hardware_concurrency());
    std::vector<std::thread> others;
    try {
        others.reserve(wanted);
        for (unsigned i = 1; i < wanted && i < mutations.size(); ++i) others.emplace_back(work);
    } catch (...) {
        fail();
    }
    work();
    for (std::thread& each : others) each.join();
    if (failure) std::rethrow_exception(failure);
    return result;
}

}  // namespace eligo::scenario
