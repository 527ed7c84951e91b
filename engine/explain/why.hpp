// From a run of the engine to the reasons: the door of explain/. Allocates; a verdict alone does not need it.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "../bytecode/pack.hpp"
#include "../value/date.hpp"
#include "../vm/profile.hpp"
#include "../vm/run.hpp"
#include "answer.hpp"
#include "extent.hpp"

namespace eligo::explain {

using Question = vm::Question;

// Explains one policy, and the policies its clauses ask of the elements of lists. Holds its working memory, so that
// explaining again is cheap; not for two threads at once. The pack must outlive it and must have been verified.
class Explainer {
public:
    // `allowance`: what the caller allows; null: everything. Once it is used up, what is told stays incomplete.
    Explainer(const bytecode::Pack& pack, bytecode::Index policy, const Extent& extent = {}, value::Allowance* allowance = nullptr);
    // The whole answer for one profile of the policy's subject.
    [[nodiscard]] PolicyAnswer why(const vm::Profile& profile, const Question& question) { return why(profile, question, extent_.bytes); }
    // The same within so many bytes, if the extent allows them.
    [[nodiscard]] PolicyAnswer why(const vm::Profile& profile, const Question& question, std::size_t bytes);

private:
    struct Prepared;  // a version: plan and frame
    struct Asked {    // of whom, and when
        const vm::Profile& profile;
        const vm::Row& row;
        const Question& question;
        std::int32_t fiscal_year;
        std::string prefix;  // of paths: "claims[0].", empty for the subject itself
        Room& room;
        const PolicyAnswer* before;  // the same without room for all, whose facts are right
    };
    [[nodiscard]] PolicyAnswer why(const Asked& asked);
    void add_facts(Prepared& prepared, const Asked& asked, PolicyAnswer& answer);
    void add_benefits(Prepared& prepared, const Asked& asked, PolicyAnswer& answer);
    void add_rest(Prepared& prepared, const Asked& asked, PolicyAnswer& answer);
    // `deciding`: the outcome that made what they belong to come out as it did. Answers how many were left out.
    [[nodiscard]] std::size_t add_clauses(Prepared& prepared, const Asked& asked, std::span<const bytecode::Index> numbers, value::Truth deciding, std::vector<Clause>& told);
    // False where there is no room for it.
    [[nodiscard]] bool clause(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& result);
    void add_values(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& clause);
    void add_comparisons(Prepared& prepared, const Asked& asked, const bytecode::Clause& from, Clause& clause);
    void add_elements(const Asked& asked, const bytecode::Clause& from, Clause& clause);
    [[nodiscard]] std::optional<Clause> element(Explainer& explainer, const Asked& asked, const std::string& list, const vm::Row& row, std::size_t number);
    // Which elements are told, those that came to what the clause came to first.
    [[nodiscard]] std::vector<std::size_t> chosen(const vm::List& list, const Asked& asked, value::Truth deciding, std::size_t most);
    [[nodiscard]] value::Truth outcome(const Asked& asked, const vm::Row& row);

    const bytecode::Pack* pack_;
    const bytecode::Policy* policy_;
    Extent extent_;
    value::Allowance* allowance_;
    std::vector<std::shared_ptr<Prepared>> versions_;
    std::map<bytecode::Index, std::unique_ptr<Explainer>> element_policies_;
};

// The registers that decide: the verdict, the benefits, the outcome of every clause. What else an answer shows rests on
// nothing that could change them.
[[nodiscard]] std::vector<bytecode::Register> deciding(const bytecode::Version& version);

// One answer, made and forgotten.
[[nodiscard]] PolicyAnswer why(const bytecode::Pack& pack, bytecode::Index policy, const vm::Profile& profile, const Question& question, const Extent& extent = {}, value::Allowance* allowance = nullptr);
// The same for several policies of the profile's subject.
[[nodiscard]] Answer answer(const bytecode::Pack& pack, std::span<const bytecode::Index> policies, const vm::Profile& profile, const Question& question, const Extent& extent = {}, value::Allowance* allowance = nullptr);

}  // namespace eligo::explain
