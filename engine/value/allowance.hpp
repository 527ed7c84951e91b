// What a piece of work may take: steps, memory, and whether it is to go on at all. Whoever works counts here at points where it
// can stop, and stops when it is told to.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>

namespace eligo::value {

class Allowance {
public:
    enum class Stop : std::uint8_t { None, Memory, Steps, Cancelled };

    // Everything.
    Allowance() = default;
    // 0: without limit. `cancelled` may be empty; true ends the work, and so does what it throws.
    Allowance(std::uint64_t bytes, std::uint64_t steps, const std::function<bool()>& cancelled)
        : bytes_(bytes == 0 ? unlimited : bytes), steps_(steps == 0 ? unlimited : steps), cancelled_(cancelled ? &cancelled : nullptr), until_asked_(cancelled_ == nullptr ? unlimited : 0) {}
    Allowance(std::uint64_t, std::uint64_t, const std::function<bool()>&&) = delete;  // which must outlive it

    // Counts, and answers whether the work may go on. Once it may not, it never may again.
    bool spend(std::uint64_t steps) {
        if (steps > steps_) stop(Stop::Steps);
        else steps_ -= steps;
        if (steps >= until_asked_) [[unlikely]] ask();
        else until_asked_ -= steps;
        return stop_ == Stop::None;
    }
    bool take(std::uint64_t bytes) {
        if (bytes > bytes_) stop(Stop::Memory);
        else bytes_ -= bytes;
        return stop_ == Stop::None;
    }
    void give_back(std::uint64_t bytes) {
        if (bytes_ != unlimited) bytes_ += bytes;
    }

    [[nodiscard]] bool may_go_on() const { return stop_ == Stop::None; }
    [[nodiscard]] Stop stopped() const { return stop_; }

private:
    static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
    static constexpr std::uint64_t interval = 5'000;  // of steps, between two questions

    void stop(Stop why) {
        if (stop_ == Stop::None) stop_ = why;
    }
    void ask();

    std::uint64_t bytes_ = unlimited, steps_ = unlimited;
    const std::function<bool()>* cancelled_ = nullptr;
    std::uint64_t until_asked_ = unlimited;
    Stop stop_ = Stop::None;
};

}  // namespace eligo::value
