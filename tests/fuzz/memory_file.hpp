// Bytes as a file that is nowhere but in memory, for what is given paths.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "target.hpp"

namespace eligo::fuzz {

class MemoryFile {
public:
    explicit MemoryFile(std::string_view bytes = {}) : number_(memfd_create("fuzz", 0)) {
        require(number_ >= 0, "no memory for a file");
        while (!bytes.empty()) {
            const ssize_t written = write(number_, bytes.data(), bytes.size());
            require(written > 0, "no memory for a file");
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }
    MemoryFile(const MemoryFile&) = delete;
    MemoryFile& operator=(const MemoryFile&) = delete;
    ~MemoryFile() { close(number_); }
    [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(number_); }
    // What stands in it now.
    [[nodiscard]] std::string bytes() const {
        std::string text(static_cast<std::size_t>(lseek(number_, 0, SEEK_END)), '\0');
        require(pread(number_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()), "a file that cannot be read");
        return text;
    }

private:
    int number_;
};

}  // namespace eligo::fuzz
