// One run at a time for one output. The lock is the system's own, so that it ends with its process however that ends; the file
// that carries it (`out.csv.lock`) says who holds it, and which temporary file a killed run has left.
// Tested by tests/screening/destination_test.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "problem.hpp"

namespace eligo::io {

class RunLock {
public:
    RunLock() = default;
    ~RunLock();
    RunLock(RunLock&& other) noexcept { swap(other); }
    RunLock& operator=(RunLock&& other) noexcept {
        swap(other);
        return *this;
    }

    // The lock of the output at `path`, `named` so, for a run that writes under `path`.`token` and was started by `command`.
    // Nothing, and a problem that says who holds it, when another run does.
    [[nodiscard]] static std::optional<RunLock> take(const std::string& path, const std::string& named, const std::string& token, const std::string& command, std::vector<Problem>& problems);
    // A part of a name that nobody can guess.
    [[nodiscard]] static std::string make_token();
    [[nodiscard]] static std::string name_of(const std::string& path) { return path + ".lock"; }

    // A run before this one was killed while it held the lock.
    [[nodiscard]] bool was_left() const { return was_left_; }

private:
    void swap(RunLock& other) noexcept;

    std::string name_;
    int file_ = -1;
    bool was_left_ = false;
};

}  // namespace eligo::io
