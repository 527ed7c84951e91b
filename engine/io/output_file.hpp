// A file that is there whole or not at all: it grows under a name of its own (`out.csv.partial`) and gets its own when it is
// finished. What was written before can be taken up again by another run. What has no name of a file is written in place.
// Tested by tests/screening/destination_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "checksum.hpp"
#include "destination.hpp"

namespace eligo::io {

class OutputFile {
public:
    OutputFile() = default;
    ~OutputFile();
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;

    // Each answers false when it failed: then error() says why, as in errno. The destination must outlive the file.
    [[nodiscard]] bool create(const Destination& destination);
    // Under the destination's temporary name: nobody can go on with it.
    [[nodiscard]] bool create_temporary(const Destination& destination);
    // Goes on behind the first `size` bytes of what an earlier run has written, which must still have this checksum.
    [[nodiscard]] bool take_up(const Destination& destination, std::uint64_t size, std::uint64_t checksum);
    // A file that has no name, which stays the caller's.
    void use(int file);
    [[nodiscard]] bool append(std::string_view bytes);
    // Until everything written is on the disk.
    [[nodiscard]] bool sync();
    // Gets its own name. Nothing to do for what has none.
    [[nodiscard]] bool finish();
    // Closes it and leaves what there is under the name it has.
    void close();
    // Removes it.
    void discard();
    // For what stands before it: false, and error() says this.
    bool fail(int reason);

    [[nodiscard]] bool is_open() const { return file_ >= 0; }
    // For reading again what was written.
    [[nodiscard]] int descriptor() const { return file_; }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    // Of all that was written.
    [[nodiscard]] std::uint64_t checksum() const { return checksum_.value(); }
    [[nodiscard]] int error() const { return error_; }

private:
    bool open_as(const Destination& destination, std::string name, int file);
    [[nodiscard]] bool has_name() const { return !name_.empty(); }

    const Destination* destination_ = nullptr;
    std::string name_;  // the one that it has until it is finished; empty where it has none
    int file_ = -1;
    bool owns_ = false;
    std::uint64_t size_ = 0;
    Checksum checksum_;
    int error_ = 0;
};

}  // namespace eligo::io
