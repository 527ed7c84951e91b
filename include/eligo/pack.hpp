// A compiled pack of policies: load it, look into it, check companies by it. Immutable and shared between threads; a
// copy is another handle to the same pack. Whatever bytes it comes from are verified before anything runs.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "limits.hpp"
#include "profile.hpp"
#include "result.hpp"
#include "verdict.hpp"

namespace eligo {

namespace detail {
struct PackData;
struct PolicyMemory;
struct Inside;
}  // namespace detail

// What is asked besides the facts.
struct Question {
    // The day of the evaluation, from 1900-01-01 to 2199-12-31. On any other day, or one that the calendar does not
    // have, no policy is in force.
    std::chrono::year_month_day as_of{};
    // Leave out what was published after this day; what does not say when it was published was always known. On a day
    // that the calendar does not have, no policy is in force.
    std::optional<std::chrono::year_month_day> known_on;
    // Bounds on what the answer may take; null: none. What a check takes at most is known beforehand (Policy::cost), so that it is made or
    // refused at once; an explanation is ended. They must live until the answer is there.
    const Limits* limits = nullptr;
};

// What one check takes at most, whatever the profile and the day: steps, and bytes of the working memory that its policy holds.
struct Cost {
    std::uint64_t steps = 0, memory = 0;
};

// The days on which one version of a policy is in force, both included.
struct Period {
    std::chrono::year_month_day from{}, to{};
};

// A policy ready to be checked. It holds the working memory of its checks, made once, so that a check allocates
// nothing; therefore one thread at a time may use it. Make one a thread, or copy it: both are cheap beside a check's
// thousandfold. It keeps its pack alive. One that is none (Refusal::NoPolicy) has no name, no subject and no period.
class Policy {
public:
    Policy(const Policy& other);
    Policy(Policy&& other) noexcept;
    Policy& operator=(const Policy& other);
    Policy& operator=(Policy&& other) noexcept;
    ~Policy();

    // Allocates nothing, throws nothing, and always answers. What it cannot or must not be asked (a profile of another subject or
    // pack, the question's limits) is refused: CheckResult::refusal() says why, the verdict is Undetermined, and there are no benefits.
    CheckResult check(const Profile& profile, const Question& question) noexcept;
    // The verdict alone, for who lists many policies: several times faster where amounts are much work. As check(), but that a
    // refusal, which refuses() tells, is Undetermined like any other.
    Verdict verdict(const Profile& profile, const Question& question) noexcept;
    // Why check() would refuse the question; Refusal::None when it would answer.
    [[nodiscard]] Refusal refuses(const Profile& profile, const Question& question) const noexcept;
    // The verdict again, with its reasons. Allocates. A refusal is told in the explanation, of which the rest is then empty.
    [[nodiscard]] Explanation explain(const Profile& profile, const Question& question) const;

    [[nodiscard]] Cost cost() const noexcept;
    [[nodiscard]] std::string name() const;
    // The vocabulary it is about, "company".
    [[nodiscard]] std::string subject() const;
    [[nodiscard]] std::vector<Period> in_force() const;

private:
    friend class Pack;
    friend struct detail::Inside;
    Policy() = default;
    Policy(std::shared_ptr<const detail::PackData> pack, std::uint32_t number);

    std::shared_ptr<const detail::PackData> pack_;
    std::uint32_t number_ = 0;
    std::unique_ptr<detail::PolicyMemory> memory_;
};

class Pack {
public:
    // From a .eligo file of at most 64 MiB.
    [[nodiscard]] static Result<Pack> load(const std::string& path, const Limits& limits = {});
    // From bytes, at most as many, which are copied.
    [[nodiscard]] static Result<Pack> read(std::span<const std::uint8_t> bytes, const Limits& limits = {});

    // The bytes that read() takes.
    [[nodiscard]] std::vector<std::uint8_t> bytes() const;
    // Into a .eligo file; true, or why it could not be written.
    [[nodiscard]] Result<bool> save(const std::string& path) const;

    [[nodiscard]] std::vector<std::string> policies() const;
    // The vocabularies and records that policies are about.
    [[nodiscard]] std::vector<std::string> subjects() const;

    // A name that is not there gives a policy, or a profile, that is none: every check by it or of it is refused, and so is every fact
    // that is set; find_... answers nothing instead.
    [[nodiscard]] Policy policy(std::string_view name) const;
    [[nodiscard]] std::optional<Policy> find_policy(std::string_view name) const;
    // An empty profile of a vocabulary.
    [[nodiscard]] Profile profile(std::string_view subject) const;
    [[nodiscard]] std::optional<Profile> find_profile(std::string_view subject) const;

private:
    friend struct detail::PackData;
    explicit Pack(std::shared_ptr<const detail::PackData> data) : data_(std::move(data)) {}

    std::shared_ptr<const detail::PackData> data_;
};

}  // namespace eligo
