#include "within.hpp"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>

namespace eligo::limits {
namespace {

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr int out_of_memory = 3;
constexpr int thrown = 4;

void hold_to(const Bounds& bounds) {
    const rlimit time{bounds.seconds * (sanitized ? 10u : 1u), RLIM_INFINITY};
    (void)setrlimit(RLIMIT_CPU, &time);
    const rlimit none{0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    if (sanitized) return;
    const rlimit memory{rlim_t{bounds.megabytes} << 20, RLIM_INFINITY};
    (void)setrlimit(RLIMIT_AS, &memory);
}

[[noreturn]] void act(int pipe, const Bounds& bounds, const std::function<std::string()>& action) {
    hold_to(bounds);
    int status = 0;
    try {
        const std::string said = action();
        if (write(pipe, said.data(), said.size()) != static_cast<ssize_t>(said.size())) status = thrown;
    } catch (const std::bad_alloc&) {
        status = out_of_memory;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        status = thrown;
    }
    _exit(status);
}

std::string reason_of(int status) {
    if (WIFSIGNALED(status)) {
        if (WTERMSIG(status) == SIGXCPU) return "it took longer than it may";
        return "signal " + std::to_string(WTERMSIG(status));
    }
    if (WEXITSTATUS(status) == out_of_memory) return "it took more memory than it may";
    return "status " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Ended within(const Bounds& bounds, const std::function<std::string()>& action) {
    int ends[2];
    if (pipe(ends) != 0) return {false, "", "no pipe"};
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        close(ends[0]);
        act(ends[1], bounds, action);
    }
    close(ends[1]);
    Ended result;
    char buffer[4096];
    for (ssize_t count; (count = read(ends[0], buffer, sizeof buffer)) > 0;) result.said.append(buffer, static_cast<std::size_t>(count));
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    result.ended = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!result.ended) result.because = reason_of(status);
    return result;
}

}  // namespace eligo::limits
