#include "output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

namespace eligo::io {
namespace {

// errno, or 0.
int write_all(int file, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t written = ::write(file, bytes.data(), bytes.size());
        if (written < 0) {
            if (errno == EINTR) continue;
            return errno;
        }
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

}  // namespace

OutputFile::~OutputFile() { close(); }

void OutputFile::swap(OutputFile& other) noexcept {
    std::swap(file_, other.file_);
    std::swap(owns_, other.owns_);
    std::swap(path_, other.path_);
    std::swap(size_, other.size_);
    std::swap(error_, other.error_);
}

bool OutputFile::failed(int reason) {
    error_ = reason;
    return false;
}

// What stands under these names may be a plain file for the moment (`2> log`), but the name is no file's. In /dev/shm/ are files.
bool OutputFile::names_device(const std::string& path) { return (path.starts_with("/dev/") && !path.starts_with("/dev/shm/")) || path.starts_with("/proc/"); }

bool OutputFile::is_special(const std::string& path) {
    if (names_device(path)) return true;
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

bool OutputFile::create(const std::string& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode)) return failed(EISDIR);
    if (path == "/dev/stdout" || path == "/dev/stderr") {
        use(path == "/dev/stdout" ? STDOUT_FILENO : STDERR_FILENO);
        return true;
    }
    if (is_special(path)) {
        const int device = ::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
        if (device < 0) return failed(errno);
        use(device);
        owns_ = true;
        return true;
    }
    file_ = ::open(partial_name(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file_ < 0) return failed(errno);
    owns_ = true;
    path_ = path;
    size_ = 0;
    return true;
}

bool OutputFile::take_up(const std::string& path, std::uint64_t size) {
    file_ = ::open(partial_name(path).c_str(), O_WRONLY | O_CLOEXEC);
    if (file_ < 0) return failed(errno);
    owns_ = true;
    path_ = path;
    size_ = size;
    struct stat status{};
    // Less than a checkpoint has promised is a file that is not ours any more.
    if (::fstat(file_, &status) != 0 || static_cast<std::uint64_t>(status.st_size) < size) return failed(ESTALE);
    if (::ftruncate(file_, static_cast<off_t>(size)) != 0 || ::lseek(file_, 0, SEEK_END) < 0) return failed(errno);
    return true;
}

void OutputFile::use(int file) {
    file_ = file;
    owns_ = false;
    path_.clear();
    size_ = 0;
}

bool OutputFile::append(std::string_view bytes) {
    if (const int reason = write_all(file_, bytes)) return failed(reason);
    size_ += bytes.size();
    return true;
}

bool OutputFile::sync() {
    if (!has_name()) return true;
    return ::fdatasync(file_) == 0 || failed(errno);
}

bool OutputFile::finish() {
    if (!has_name()) {
        const int file = std::exchange(file_, -1);
        return !owns_ || file < 0 || ::close(file) == 0 || failed(errno);
    }
    if (::fsync(file_) != 0) return failed(errno);
    if (::close(std::exchange(file_, -1)) != 0) return failed(errno);
    if (std::rename(partial_name(path_).c_str(), path_.c_str()) != 0) return failed(errno);
    sync_folder_of(path_);
    return true;
}

void OutputFile::close() {
    if (file_ >= 0 && owns_) ::close(file_);
    file_ = -1;
}

void OutputFile::discard() {
    close();
    if (has_name()) std::remove(partial_name(path_).c_str());
}

bool replace_file(const std::string& path, std::string_view bytes) {
    const std::string beside = path + ".new";
    const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (file < 0) return false;
    int reason = write_all(file, bytes);
    if (reason == 0 && ::fsync(file) != 0) reason = errno;
    if (::close(file) != 0 && reason == 0) reason = errno;
    if (reason == 0 && std::rename(beside.c_str(), path.c_str()) != 0) reason = errno;
    if (reason == 0) {
        sync_folder_of(path);
        return true;
    }
    std::remove(beside.c_str());
    errno = reason;
    return false;
}

void sync_folder_of(const std::string& path) {
    const std::size_t slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
    const int file = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file < 0) return;
    (void)::fsync(file);
    ::close(file);
}

}  // namespace eligo::io
