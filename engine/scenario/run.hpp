// Runs the scenarios that stand beside the policies, and says of each what was expected and what came instead.
// Tested by scenario_test.cpp and by every scenario of rules/.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../explain/answer.hpp"
#include "../explain/why.hpp"
#include "../sema/model.hpp"
#include "../text/source.hpp"

namespace eligo::scenario {

struct Mismatch {
    text::Span span;               // of the expectation
    std::string chinese, english;  // what was expected, what came, and why
};

struct Outcome {
    std::string title, policy;
    text::Span span;
    std::vector<Mismatch> mismatches;
    [[nodiscard]] bool passed() const { return mismatches.empty(); }
};

// `pack` is what `model` was compiled to.
[[nodiscard]] Outcome run(const sema::Model& model, const bytecode::Pack& pack, const sema::Scenario& scenario);

// Runs many scenarios, making once a policy what all of its scenarios need. Not for two threads at once; model and pack
// must outlive it.
class Runner {
public:
    Runner(const sema::Model& model, const bytecode::Pack& pack) : model_(&model), pack_(&pack) {}
    [[nodiscard]] Outcome run(const sema::Scenario& scenario);

private:
    const sema::Model* model_;
    const bytecode::Pack* pack_;
    std::map<bytecode::Index, explain::Explainer> explainers_;  // by policy
};

// All of them, in the order of the model.
[[nodiscard]] std::vector<Outcome> run_all(const sema::Model& model, const bytecode::Pack& pack);

// Only the comparison: what an answer lacks of what a scenario expects. Paths are counted from `fiscal_year`.
[[nodiscard]] std::vector<Mismatch> compare(const sema::Model& model, const sema::Scenario& scenario, const explain::PolicyAnswer& answer,
                                            std::int32_t fiscal_year);

}  // namespace eligo::scenario
