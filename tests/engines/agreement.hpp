// One case through everything that can answer it: the oracle, the VM on known facts, the VM on sets, the short check and
// the explanation. They must say the same, and what they promise must hold of every way the open facts may turn out.
// Used by compare.cpp on the shipped rules and by agree.cpp on generated ones.
#pragma once

#include <bitset>
#include <memory>
#include <string>
#include <vector>

#include "../../engine/bytecode/opcode.hpp"
#include "../../engine/explain/missing.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/vm/plan.hpp"
#include "../../engine/vm/run.hpp"
#include "oracle.hpp"
#include "profiles.hpp"
#include "rules.hpp"

namespace eligo::oracle {

[[nodiscard]] std::string word(Verdict verdict);
[[nodiscard]] std::string word(Truth truth);

// What the engine explains, in the oracle's terms.
[[nodiscard]] Answer translated(const explain::PolicyAnswer& from);
// In what an explanation differs from the oracle; empty when in nothing.
[[nodiscard]] std::string differences(const Answer& expected, const Answer& found);

using Opcodes = std::bitset<bytecode::opcode_count>;

class Agreement {
public:
    // The rules must outlive it and must have compiled.
    Agreement(const Rules& rules, sema::Id policy);

    // In what the engines and the oracle differ on one case; empty when in nothing. Keeps the answer for what follows.
    [[nodiscard]] std::string differences(const Case& made);
    [[nodiscard]] const Answer& told() const { return told_; }

    // What was promised of the last case and does not hold of a case in which its open facts are settled.
    [[nodiscard]] std::string broken_by(const Case& closed);
    // The facts named as missing are open, and when they are given as `settled` has them, nothing is left open.
    [[nodiscard]] std::string not_settled(const Case& open, const Case& settled);

    // Whether the engine decided more of the last case than the oracle; then broken_by asks the oracle too.
    [[nodiscard]] bool sharper() const { return sharper_; }
    // Whether it left more of it open.
    [[nodiscard]] bool blunter() const { return blunter_; }

    // Only the verdict, by the short check.
    [[nodiscard]] Verdict verdict(const Case& made);
    // Whether the rule itself is silent somewhere in what is open in the last case.
    [[nodiscard]] bool open_by_rule() const { return open_by_rule_; }

    // Instructions that have run, over known values and over sets.
    [[nodiscard]] const Opcodes& reached_known() const { return reached_known_; }
    [[nodiscard]] const Opcodes& reached_sets() const { return reached_sets_; }

private:
    struct Prepared {
        vm::Plan plan;
        vm::Frame known, sets;
        Prepared(const bytecode::Pack& pack, bytecode::Index subject, const bytecode::Version& version);
        Prepared(const Prepared&) = delete;
        Prepared& operator=(const Prepared&) = delete;
    };
    // An engine's answer without its missing facts, and which version gave it.
    struct Found {
        Answer answer;
        std::size_t version = 0;
        Truth in_force = Truth::False;
    };
    [[nodiscard]] Found run(const vm::Profile& profile, const Question& question, bool over_sets);
    [[nodiscard]] explain::Open still_open(const vm::Profile& profile, const Question& question);
    [[nodiscard]] std::string check(const vm::Profile& profile, const Question& question);
    void note_opcodes(const Prepared& prepared, const vm::Profile& profile, Opcodes& reached) const;

    const Rules& rules_;
    sema::Id policy_;
    Oracle oracle_;
    vm::Checker checker_;
    vm::Checker::Memory memory_;
    explain::Explainer explainer_;
    std::vector<std::unique_ptr<Prepared>> versions_;
    Answer told_;
    Found found_;
    bool open_by_rule_ = false, sharper_ = false, blunter_ = false;
    bool eligible_after_all_ = false;  // by what the engine saw more: then benefits wait, of which the oracle did not tell
    Opcodes reached_known_, reached_sets_;
};

}  // namespace eligo::oracle
