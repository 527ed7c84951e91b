#include "output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

namespace eligo::io {
namespace {

// errno, or 0. ESTALE: there are not as many bytes.
int read_again(int file, std::uint64_t size, Checksum& checksum) {
    std::string piece(256 * 1024, '\0');
    while (size > 0) {
        const ssize_t got = ::read(file, piece.data(), static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), size)));
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0 ? ESTALE : errno;
        checksum.add({piece.data(), static_cast<std::size_t>(got)});
        size -= static_cast<std::uint64_t>(got);
    }
    return 0;
}

}  // namespace

OutputFile::~OutputFile() { close(); }

bool OutputFile::fail(int reason) {
    error_ = reason;
    return false;
}

bool OutputFile::open_as(const Destination& destination, std::string name, int file) {
    if (file < 0) return fail(errno);
    destination_ = &destination;
    name_ = std::move(name);
    file_ = file;
    owns_ = true;
    size_ = 0;
    checksum_ = {};
    return true;
}

bool OutputFile::create(const Destination& destination) {
    if (!destination.is_file()) return open_as(destination, "", destination.open_in_place());
    if (!open_as(destination, destination.partial(), open_own(destination.partial(), O_RDWR | O_CREAT, 0600))) return false;
    return ::ftruncate(file_, 0) == 0 || fail(errno);
}

bool OutputFile::create_temporary(const Destination& destination) {
    if (!destination.is_file()) return create(destination);
    return open_as(destination, destination.temporary(), destination.create_temporary());
}

bool OutputFile::take_up(const Destination& destination, std::uint64_t size, std::uint64_t checksum) {
    if (!open_as(destination, destination.partial(), open_own(destination.partial(), O_RDWR))) return false;
    if (const int reason = read_again(file_, size, checksum_)) return fail(reason);
    // What a checkpoint has promised is not there, or not what is there any more.
    if (checksum_.value() != checksum) return fail(ESTALE);
    size_ = size;
    return ::ftruncate(file_, static_cast<off_t>(size)) == 0 || fail(errno);
}

void OutputFile::use(int file) {
    file_ = file;
    owns_ = false;
    name_.clear();
    size_ = 0;
    checksum_ = {};
}

bool OutputFile::append(std::string_view bytes) {
    if (const int reason = write_all(file_, bytes)) return fail(reason);
    size_ += bytes.size();
    if (has_name()) checksum_.add(bytes);
    return true;
}

bool OutputFile::sync() {
    if (!has_name()) return true;
    return ::fdatasync(file_) == 0 || fail(errno);
}

bool OutputFile::finish() {
    const int file = std::exchange(file_, -1);
    if (has_name()) return destination_->put_in_place(name_, file) || fail(errno);
    return file < 0 || !owns_ || ::close(file) == 0 || fail(errno);
}

void OutputFile::close() {
    if (file_ >= 0 && owns_) ::close(file_);
    file_ = -1;
}

void OutputFile::discard() {
    close();
    if (has_name()) std::remove(name_.c_str());
}

}  // namespace eligo::io
