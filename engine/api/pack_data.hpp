// What stands behind the handles of <eligo/pack.hpp>. Made once, then only read.
#pragma once

#include <memory>
#include <vector>

#include "../../include/eligo/pack.hpp"
#include "../bytecode/pack.hpp"
#include "../vm/profile.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/run.hpp"

namespace eligo::detail {

struct PackData {
    bytecode::Pack pack;
    std::vector<vm::Checker> checkers;          // one a policy; they point into `pack`
    std::vector<vm::Checker> verdict_checkers;  // the same, for verdicts alone

    // The pack must have been verified. Refuses one that gives more benefits than a result can hold.
    [[nodiscard]] static Result<Pack> make(bytecode::Pack pack);
};

struct PolicyMemory {
    vm::Checker::Memory memory, verdict_memory;
};

struct ProfileData {
    std::shared_ptr<const PackData> pack;
    vm::Profile profile;
    std::vector<vm::Problem> refused;  // values that were refused and not replaced since
};

}  // namespace eligo::detail
