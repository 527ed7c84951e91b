// What `eligo screen` tells on standard error: what the columns were taken for, how far it is, and how it ended.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "../screen/screen.hpp"
#include "settings.hpp"

namespace eligo::cli {

void tell_problems(const Settings& settings, const std::vector<io::Problem>& problems);

class Teller {
public:
    Teller(const Settings& settings, const screen::Request& request, bool terminal) : settings_(settings), request_(request), terminal_(terminal) {}

    // The teller must outlive it.
    [[nodiscard]] screen::Listener listener();
    void tell_end(const screen::Outcome& outcome);

private:
    void start(const screen::Start& start);
    void progress(const screen::Progress& progress);
    void clear_progress();
    void counts(const screen::Outcome& outcome) const;
    void verdicts(const screen::Outcome& outcome) const;
    void rejects(const screen::Outcome& outcome) const;
    void ids(const screen::Outcome& outcome) const;
    void what_was_odd(const screen::Outcome& outcome) const;
    void what_is_left(const screen::Outcome& outcome) const;
    void line(const std::string& chinese, const std::string& english) const;

    using Clock = std::chrono::steady_clock;
    const Settings& settings_;
    const screen::Request& request_;
    bool terminal_;
    bool shown_ = false;
    Clock::time_point begun_ = Clock::now(), last_;
};

}  // namespace eligo::cli
