// How much an answer tells at most, so that it stays readable and its cost bounded, whatever the pack and the profile. What decides
// is told first; what is left out is counted where it is missing. Verdicts, benefits and outcomes never depend on it.
// Stated in docs/limits.md and in the public headers. Tested by tests/limits/explanations.cpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "../value/allowance.hpp"

namespace eligo::explain {

inline constexpr std::size_t longest_text = 1'000;  // bytes of a text fact's value; a longer one ends with …

inline constexpr std::size_t bytes_of_a_part = 64;  // that a clause, value or comparison counts for besides its texts

struct Extent {
    std::size_t elements = 50;            // of lists, in one clause
    std::size_t measures = 100;           // values of a clause, and comparisons
    std::size_t bytes = 1'000'000;        // of one policy: a clause, value or comparison counts for its texts and 64 more
    std::size_t bytes_of_all = 4'000'000; // of all policies of an answer together
    std::size_t facts = 1'000;            // missing ones, and assumed ones
    std::uint64_t steps = 100'000'000;    // of looking for elements that decide and for facts that are missing
};

// For tests and scenarios, whose profiles are written by hand.
inline constexpr Extent unbounded{std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max(),
                                   std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::size_t>::max(), std::numeric_limits<std::uint64_t>::max()};

// What is left of an extent while one policy's answer is made.
class Room {
public:
    // `allowance`: what the caller allows beside it; null: everything. A byte told is taken for four of memory.
    explicit Room(const Extent& extent, bool deciding_first = false, value::Allowance* allowance = nullptr)
        : bytes_(extent.bytes), steps_(extent.steps), deciding_first_(deciding_first), allowance_(allowance) {}

    // Whether so many more bytes may be told. Unless what decides is told first, nothing more may once they may not.
    bool take(std::size_t bytes) {
        if (bytes > bytes_) ran_out_ = true;
        if (bytes > bytes_ || (ran_out_ && !deciding_first_)) return false;
        bytes_ -= bytes;
        return allowance_ == nullptr || (allowance_->take(bytes * 4) && allowance_->spend(bytes));
    }
    // Whether so many more steps may be taken. Once they may not, no more may.
    bool spend(std::uint64_t steps) {
        steps_ = steps > steps_ ? 0 : steps_ - steps;
        return steps_ != 0 && (allowance_ == nullptr || allowance_->spend(steps));
    }
    void leave_out(std::size_t count) { left_out_ += count; }

    // Does something within one of so many equal shares of the bytes that are left, or what a single clause needs; what it
    // does not need is there for the others.
    template <class Action>
    auto share(std::size_t shares, Action action) {
        constexpr std::size_t least = 2'000;
        const std::size_t kept = bytes_ - std::min(bytes_, std::max(bytes_ / shares, least));
        bytes_ -= kept;
        auto result = action();
        bytes_ += kept;
        return result;
    }

    // Nothing fits any more, so that there is no need to try.
    [[nodiscard]] bool is_full() const { return bytes_ < bytes_of_a_part || (ran_out_ && !deciding_first_) || !may_go_on(); }
    // The caller has not had enough of it.
    [[nodiscard]] bool may_go_on() const { return allowance_ == nullptr || allowance_->may_go_on(); }
    [[nodiscard]] bool ran_out() const { return ran_out_; }
    [[nodiscard]] std::size_t left() const { return bytes_; }
    [[nodiscard]] std::size_t left_out() const { return left_out_; }
    // There is not room for all: what decides is told before the rest.
    [[nodiscard]] bool deciding_first() const { return deciding_first_; }

private:
    std::size_t bytes_;
    std::uint64_t steps_;
    std::size_t left_out_ = 0;
    bool deciding_first_;
    bool ran_out_ = false;
    value::Allowance* allowance_;
};

}  // namespace eligo::explain
