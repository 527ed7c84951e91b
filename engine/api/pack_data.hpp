// What stands behind the handles of <eligo/pack.hpp>. Made once, then only read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "../../include/eligo/pack.hpp"
#include "../bytecode/pack.hpp"
#include "../value/allowance.hpp"
#include "../vm/profile.hpp"
#include "../vm/profile_set.hpp"
#include "../vm/run.hpp"

namespace eligo::detail {

struct PackData {
    bytecode::Pack pack;
    std::vector<vm::Checker> checkers;          // one a policy; they point into `pack`
    std::vector<vm::Checker> verdict_checkers;  // the same, for verdicts alone
    std::vector<Cost> costs;                    // one a policy

    // The pack must have been verified. Refuses one that gives more benefits than a result can hold.
    [[nodiscard]] static Result<Pack> make(bytecode::Pack pack, value::Allowance& allowance);
    // What stands behind a pack.
    [[nodiscard]] static const std::shared_ptr<const PackData>& of(const Pack& pack) { return pack.data_; }
};

struct PolicyMemory {
    vm::Checker::Memory memory, verdict_memory;
};

struct ProfileData {
    std::shared_ptr<const PackData> pack;
    vm::Profile profile;
    std::vector<vm::Problem> refused;  // values that were refused and not replaced since
};

// What the C half needs to see of the C++ handles.
struct Inside {
    [[nodiscard]] static const std::shared_ptr<const PackData>& pack(const Policy& policy) { return policy.pack_; }
    [[nodiscard]] static bytecode::Index number(const Policy& policy) { return policy.number_; }
    // Null of one that is none.
    [[nodiscard]] static const ProfileData* data(const Profile& profile) { return profile.data_.get(); }
    // The benefits of a result by number; only amount() allocates.
    [[nodiscard]] static std::size_t benefit_count(const CheckResult& result) { return result.benefit_count_; }
    [[nodiscard]] static const std::string& benefit_name(const CheckResult& result, std::size_t index);
    [[nodiscard]] static Truth given(const CheckResult& result, std::size_t index) { return result.benefits_[index].truth; }
    [[nodiscard]] static Amount amount(const CheckResult& result, std::size_t index) { return result.amount_at(index); }
    // Both ends of what has a value, where it is money and fits.
    [[nodiscard]] static std::optional<std::pair<std::int64_t, std::int64_t>> fen(const CheckResult& result, std::size_t index);
};

// The question in the engine's day numbers. Nothing on a day on which nothing can be asked: one that the calendar does not
// have, or an as-of date outside 1900 .. 2199. To know what was known beyond these years is to know all or nothing of it.
[[nodiscard]] std::optional<vm::Question> asked(const Question& question);

// A whole file, of at most as many bytes as a pack may have.
[[nodiscard]] Result<std::vector<std::uint8_t>> read_bytes(const std::string& path);

// What a caller's limits allow; they must outlive it.
[[nodiscard]] inline value::Allowance allowance_of(const Limits& limits) { return {limits.memory, limits.steps, limits.cancelled}; }
// Why what was asked ended, in words.
[[nodiscard]] Error ended(value::Allowance::Stop stop);

}  // namespace eligo::detail
