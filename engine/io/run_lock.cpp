#include "run_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <string_view>
#include <utility>

#include "destination.hpp"
#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::string_view title = "eligo lock 1\n";
constexpr std::size_t longest = 64 * 1024;
constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";
constexpr std::size_t token_size = 10;

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r' || c == '\t') c = ' ';
    }
    return text.substr(0, longest / 2);
}

std::string now() {
    const std::time_t seconds = std::time(nullptr);
    std::tm local{};
    localtime_r(&seconds, &local);
    std::array<char, 64> text{};
    return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S", &local)};
}

std::string host() {
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "?";
}

std::string all_of(int file) {
    std::string text(longest, '\0');
    const ssize_t got = ::pread(file, text.data(), text.size(), 0);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

// What stands behind a name in the file of a lock; empty when there is no such line.
std::string_view entry(std::string_view text, std::string_view name) {
    const std::string begun = "\n" + std::string(name) + "\t";
    const std::size_t at = text.find(begun);
    if (at == std::string_view::npos) return {};
    const std::size_t begin = at + begun.size();
    return text.substr(begin, std::min(text.find('\n', begin), text.size()) - begin);
}

Problem held(const std::string& path, const std::string& text) {
    Problem problem;
    problem.kind = ProblemKind::CannotRead;
    problem.file = path;
    const std::string_view pid = entry(text, "pid"), on = entry(text, "host"), since = entry(text, "since"), command = entry(text, "command");
    // Between taking it and saying so.
    if (command.empty()) {
        problem.chinese = "另一次运行正在写它；请等它结束，或换一个文件名";
        problem.english = "another run is writing it; wait until it has ended, or name another file";
        return problem;
    }
    problem.chinese = fmt::format("另一次运行正在写它（主机 {} 上的进程 {}，始于 {}：{}）；请等它结束，或换一个文件名", on, pid, since, command);
    problem.english = fmt::format("another run is writing it (process {} on {}, since {}: {}); wait until it has ended, or name another file", pid, on, since, command);
    return problem;
}

Problem no_lock(const std::string& name) {
    Problem problem = malformed({}, "这里要放运行锁，但已有一个别的文件；请把它移开，或换一个输出文件名",
                                "a lock belongs here, but there is another file already; move it away, or name another output");
    problem.kind = ProblemKind::CannotRead;
    problem.file = name;
    return problem;
}

// Whoever may not write the lock can still see that it is held.
std::optional<Problem> held_by_someone_else(const std::string& named, const std::string& name) {
    const int file = ::open(name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (file < 0) return std::nullopt;
    std::optional<Problem> problem;
    if (::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK) problem = held(named, all_of(file));
    ::close(file);
    return problem;
}

// Whether the name still leads to the file: who gives a lock up removes its file, and so locks what nobody will find.
bool is_still_there(int file, const std::string& name) {
    struct stat open{}, named{};
    return ::fstat(file, &open) == 0 && ::lstat(name.c_str(), &named) == 0 && open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

// A killed run has left it. It is known by the token in the lock's file, which is ours.
void remove_left(const std::string& path, std::string_view token) {
    if (token.size() != token_size || token.find_first_not_of(letters) != std::string_view::npos) return;
    const std::string left = path + "." + std::string(token);
    ::unlink(left.c_str());
    ::unlink((left + ".record").c_str());
}

}  // namespace

std::string RunLock::make_token() {
    std::array<unsigned char, token_size> bytes{};
    std::size_t got = 0;
    while (got < bytes.size()) {
        const ssize_t more = ::getrandom(bytes.data() + got, bytes.size() - got, 0);
        if (more > 0) got += static_cast<std::size_t>(more);
    }
    std::string token;
    for (const unsigned char byte : bytes) token += letters[byte % letters.size()];
    return token;
}

RunLock::~RunLock() {
    if (file_ < 0) return;
    // While the lock is held, so that nobody else's file of that name goes.
    ::unlink(name_.c_str());
    ::close(file_);
}

void RunLock::swap(RunLock& other) noexcept {
    std::swap(name_, other.name_);
    std::swap(file_, other.file_);
    std::swap(was_left_, other.was_left_);
}

std::optional<RunLock> RunLock::take(const std::string& path, const std::string& named, const std::string& token, const std::string& command, std::vector<Problem>& problems) {
    const std::string name = name_of(path), shown = name_of(named);
    const auto refuse = [&](int file, Problem problem) {
        if (file >= 0) ::close(file);
        problems.push_back(std::move(problem));
        return std::nullopt;
    };
    while (true) {
        const int file = open_own(name, O_RDWR | O_CREAT);
        if (file < 0) {
            const int reason = errno;
            problems.push_back(held_by_someone_else(named, name).value_or(cannot_write(shown, reason)));
            return std::nullopt;
        }
        if (::flock(file, LOCK_EX | LOCK_NB) != 0) return refuse(file, errno == EWOULDBLOCK ? held(named, all_of(file)) : cannot_write(shown, errno));
        if (!is_still_there(file, name)) {
            ::close(file);
            continue;
        }
        const std::string before = all_of(file);
        if (!before.empty() && !before.starts_with(title)) return refuse(file, no_lock(shown));
        remove_left(path, entry(before, "temporary"));
        RunLock lock;
        lock.name_ = name;
        lock.file_ = file;
        lock.was_left_ = !before.empty();
        const std::string text = fmt::format("{}pid\t{}\nhost\t{}\nsince\t{}\ntemporary\t{}\ncommand\t{}\n", title, ::getpid(), host(), now(), token, one_line(command));
        if (::ftruncate(file, 0) != 0) return refuse(-1, cannot_write(shown, errno));
        if (const int reason = write_all(file, text)) return refuse(-1, cannot_write(shown, reason));
        return lock;
    }
}

}  // namespace eligo::io
