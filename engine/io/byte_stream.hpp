// The bytes of an input, however large: a file or standard input, unpacked when it is compressed, as UTF-8. What the
// bytes are is looked at, not what the file is called. Memory does not grow with the input.
// Tested by table_test.cpp.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "problem.hpp"

namespace eligo::io {

enum class Encoding : std::uint8_t { Detect, Utf8, Gb18030 };

// One link of the chain from the file to the text. Nothing is read after a failure.
class ByteSource {
public:
    ByteSource() = default;
    virtual ~ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    // At most `size` bytes; 0 at the end and on a failure.
    [[nodiscard]] virtual std::size_t read(char* into, std::size_t size) = 0;
    [[nodiscard]] const std::optional<Problem>& failure() const { return failure_; }

protected:
    std::size_t fail(Problem problem) {
        failure_ = std::move(problem);
        return 0;
    }
    std::optional<Problem> failure_;
};

struct StreamOptions {
    Encoding encoding = Encoding::Detect;
    const std::atomic<bool>* stop = nullptr;  // set by another thread or a signal: reading ends as if the input did
};

class ByteStream {
public:
    // `-` is standard input. Nothing, and a problem, when it cannot be opened.
    [[nodiscard]] static std::unique_ptr<ByteStream> open(const std::string& path, const StreamOptions& options, std::vector<Problem>& problems);
    ~ByteStream();

    // UTF-8 without a byte order mark; 0 at the end and on a failure.
    [[nodiscard]] std::size_t read(char* into, std::size_t size);
    [[nodiscard]] const std::optional<Problem>& failure() const { return failure_; }
    // Whether the text begins with this character, blanks aside; before anything was read.
    [[nodiscard]] bool begins_with(char character) const;
    // Goes to a place of the text that was met before, in this run or another. False when the input is shorter.
    [[nodiscard]] bool go_to(std::uint64_t offset);

    // How far the file itself has been read, for telling progress; its size is 0 when it is not known.
    [[nodiscard]] std::uint64_t bytes_read() const { return bytes_read_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::uint64_t bytes_in_all() const { return bytes_in_all_; }
    // The encoding that the text had to be turned from, "GB18030" or "UTF-16"; nothing when it was UTF-8.
    [[nodiscard]] const std::vector<std::string>& turned_from() const { return turned_from_; }
    // Whether the input can be opened again later and be the same.
    [[nodiscard]] bool is_regular() const { return is_regular_; }

private:
    ByteStream() = default;
    void unpack();
    void decode(Encoding encoding);
    void look_ahead(std::size_t least);

    int file_ = -1;
    bool owns_file_ = false;
    bool is_regular_ = false;
    bool is_plain_ = true;      // offsets of the text are offsets of the file
    std::uint64_t mark_ = 0;    // bytes of a byte order mark before the text
    std::uint64_t position_ = 0;
    std::uint64_t bytes_in_all_ = 0;
    std::atomic<std::uint64_t> bytes_read_{0};
    std::vector<std::string> turned_from_;
    std::vector<std::unique_ptr<ByteSource>> links_;  // the file first
    std::string ahead_;         // read already, by whoever looked at how the text begins
    std::size_t ahead_at_ = 0;
    std::optional<Problem> failure_;
};

}  // namespace eligo::io
