#include "program.hpp"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace eligo::screening {
namespace {

[[noreturn]] void become_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments, const Manner& manner) {
    const auto to = [&](const char* name) { return open((folder / name).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600); };
    const int out = to("stdout"), errors = to("stderr");
    if (chdir(folder.c_str()) != 0 || dup2(out, 1) < 0 || dup2(errors, 2) < 0) _exit(126);
    const int input = open(manner.input.c_str(), O_RDONLY);
    if (dup2(input, 0) < 0) _exit(126);
    if (manner.before) manner.before();
    std::vector<char*> raw{const_cast<char*>("eligo")};
    for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    execv(ELIGO_PROGRAM, raw.data());
    _exit(127);
}

// The most memory that a process has held since it became the program, in KiB: what its parent held before does not count.
long peak_of(pid_t child) {
    const std::string process = "/proc/" + std::to_string(child);
    std::error_code error;
    if (!std::filesystem::equivalent(process + "/exe", ELIGO_PROGRAM, error)) return 0;
    std::ifstream status(process + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
    }
    return 0;
}

}  // namespace

std::string read_file(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

Ran run_program(const std::filesystem::path& folder, const std::vector<std::string>& arguments, const Manner& manner) {
    using Clock = std::chrono::steady_clock;
    const pid_t child = fork();
    if (child == 0) become_program(folder, arguments, manner);
    const auto begun = Clock::now();
    int status = 0, sent = 0;
    long peak = 0;
    while (waitpid(child, &status, WNOHANG) == 0) {
        peak = std::max(peak, peak_of(child));
        const auto time = Clock::now() - begun;
        if (sent == 0 && time > std::chrono::seconds(manner.seconds)) {
            kill(child, sent = manner.signal == 0 ? SIGKILL : manner.signal);
        } else if (time > std::chrono::seconds(manner.seconds + 20)) {
            kill(child, SIGKILL);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    Ran ran;
    ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    ran.peak_kib = peak;
    ran.out = read_file(folder / "stdout");
    ran.err = read_file(folder / "stderr");
    return ran;
}

}  // namespace eligo::screening
