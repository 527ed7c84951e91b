// Whether a pack can run, wherever it came from: invariants.def says what is asked, the parts of verifying.hpp ask it. The engines
// and everyone else who reads a pack trust what passes here and check nothing again. Door: image.hpp. Tested by
// tests/unit/pack_test.cpp, which breaks each invariant alone, and by tests/engines/mutants.cpp.
#include <vector>

#include "image.hpp"
#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

void verify_named_policies(Verification& here) {
    const auto& policies = here.pack.policies;
    for (Index i = 0; i < policies.size() && here.sound(); ++i) {
        here.stand({Place::In::Policy, i});
        here.require_name(policies[i].name);
        here.require(policies[i].subject < here.pack.subjects.size(), Invariant::policy_subject);
    }
    here.require_different(policies, [](const Policy& policy) { return policy.name; }, Invariant::policies_differ);
}

}  // namespace

Fault verify(const Pack& pack) {
    Verification here(pack);
    for (const auto part : {verify_texts, verify_parameters, verify_subjects, verify_named_policies})
        if (here.sound()) part(here);
    // What a policy asks of a list's elements is looked up among all programs' lists.
    for (Index i = 0; i < pack.subjects.size() && here.sound(); ++i) verify_program(here, i);
    std::vector<std::vector<Index>> policies(here.sound() ? pack.subjects.size() : 0);
    for (Index i = 0; i < pack.policies.size() && here.sound(); ++i) policies[pack.policies[i].subject].push_back(i);
    for (Index i = 0; i < policies.size() && here.sound(); ++i) {
        const Proofs proofs = verify_ranges(here, i);
        if (here.sound()) verify_policies(here, i, policies[i], proofs);
    }
    return here.take();
}

}  // namespace eligo::bytecode
