// Whether two packs answer alike because they compute alike: every value is given a number by what it is computed from,
// the same number in every pack that computes it so. Policies whose verdicts, clauses and benefits have the same numbers
// cannot be told apart by any profile. Internal to scenario/; tested by tests/unit/strength_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "../bytecode/pack.hpp"

namespace eligo::scenario {

class Meanings {
public:
    // One number a deciding register of each version of each policy, in the order of the pack; the packs compared must
    // have the same subjects. What is only shown beside an answer does not count.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> of(const bytecode::Pack& pack);

private:
    using Key = std::vector<std::int64_t>;
    [[nodiscard]] std::uint32_t number(Key key);
    [[nodiscard]] std::vector<std::uint32_t> of(const bytecode::Pack& pack, const bytecode::Program& program, const bytecode::Version& version);
    [[nodiscard]] std::uint32_t measure(const std::vector<std::uint32_t>& values, const bytecode::Measure& measure);

    std::map<Key, std::uint32_t> numbers_;
};

}  // namespace eligo::scenario
