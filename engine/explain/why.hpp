// From a run of the engine to the reasons: the door of explain/. Allocates; a verdict alone does not need it.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/date.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"
#include "answer.hpp"

namespace eligo::explain {

using Question = vm::Question;

// Explains one policy, and the policies its clauses ask of the elements of lists. Holds its working memory, so that
// explaining again is cheap; not for two threads at once. The pack must outlive it and must have been verified.
class Explainer {
public:
    Explainer(const bytecode::Pack& pack, bytecode::Index policy);
    // The whole answer for one profile of the policy's subject.
    [[nodiscard]] PolicyAnswer why(const vm::Profile& profile, const Question& question);

private:
    struct Prepared;  // a version: plan and frame
    struct Asked {    // of whom, and when
        const vm::Profile& profile;
        const vm::Row& row;
        const Question& question;
        std::int32_t fiscal_year;
        std::string prefix;  // of paths: "claims[0]."
    };
    [[nodiscard]] PolicyAnswer why(const Asked& asked);
    [[nodiscard]] std::vector<Clause> clauses(Prepared& prepared, const Asked& asked, std::span<const bytecode::Index> numbers);
    [[nodiscard]] Clause clause(Prepared& prepared, const Asked& asked, const bytecode::Clause& from);
    [[nodiscard]] std::vector<Clause> elements(const bytecode::Clause& from, const Asked& asked);

    const bytecode::Pack* pack_;
    const bytecode::Policy* policy_;
    std::vector<std::shared_ptr<Prepared>> versions_;
    std::map<bytecode::Index, std::unique_ptr<Explainer>> element_policies_;
};

// The registers that decide: the verdict, the benefits, the outcome of every clause. What else an answer shows rests on
// nothing that could change them.
[[nodiscard]] std::vector<bytecode::Register> deciding(const bytecode::Version& version);

// One answer, made and forgotten.
[[nodiscard]] PolicyAnswer why(const bytecode::Pack& pack, bytecode::Index policy, const vm::Profile& profile, const Question& question);
// The same for several policies of the profile's subject.
[[nodiscard]] Answer answer(const bytecode::Pack& pack, std::span<const bytecode::Index> policies, const vm::Profile& profile, const Question& question);

}  // namespace eligo::explain
