// Where a run may write. Nothing is opened for writing but by way of a Destination, and only `claim` makes one, so that no
// command can forget to ask: is it a file that is read, is it another output, is another run writing it?
// Tested by tests/screening/destination_test.cpp; tests/unit/writers_test.cpp holds the engine to it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "problem.hpp"
#include "run_lock.hpp"

namespace eligo::io {

// A file that a run shall write.
struct Output {
    std::string path;  // as it was given; empty or "-": standard output
    std::string role;  // what the command line calls it: "-o", "--report"
    // What an interrupted run leaves beside it to be gone on from, and how such a file begins: ".resume".
    std::string record_ending, record_title;
};

// What a run reads and writes, and what others are told of it who want to write the same.
struct Intent {
    std::vector<std::string> inputs;  // "-" is standard input
    std::vector<Output> outputs;
    std::string command;
};

enum class DestinationKind : std::uint8_t {
    StandardOutput,
    InPlace,  // a device or a pipe, which cannot be renamed
    File,     // which is there whole or not at all
};

// A place to write to. It belongs to this run until the object goes.
class Destination {
public:
    [[nodiscard]] bool is_file() const { return kind_ == DestinationKind::File; }
    [[nodiscard]] bool is_standard_output() const { return kind_ == DestinationKind::StandardOutput; }
    // Of a file, where it lies behind all links; else as it was given.
    [[nodiscard]] const std::string& path() const { return path_; }
    // For people: as it was given, or where a link leads.
    [[nodiscard]] const std::string& named() const { return named_; }

    // The names that a file has while it is not finished: one that a later run can go on with, and one that nobody can guess.
    [[nodiscard]] std::string partial() const { return path_ + ".partial"; }
    [[nodiscard]] std::string temporary() const { return path_ + "." + token_; }
    [[nodiscard]] std::string record() const { return path_ + record_ending_; }

    // What is written in place, open; -1: errno says why. The caller closes it.
    [[nodiscard]] int open_in_place() const;
    // A new and empty file under the temporary name, open; -1: errno says why.
    [[nodiscard]] int create_temporary() const;
    // The file that was written as `partial` or `temporary` gets its name once it is on the disk, with the mode and the owner of
    // the file that it replaces. It is closed, whatever comes of it. False: errno says why.
    [[nodiscard]] bool put_in_place(const std::string& written, int file) const;
    // False: errno says why.
    [[nodiscard]] bool replace_record(std::string_view bytes) const;

private:
    friend class Claims;
    Destination() = default;

    DestinationKind kind_ = DestinationKind::StandardOutput;
    std::string path_, named_, record_ending_, token_;
    mode_t mode_ = 0644;  // of a file that replaces none
    RunLock lock_;
};

// Whether a path leads to a file, or to where one can be, and not to what is written in place.
[[nodiscard]] bool leads_to_file(const std::string& path);

// One destination an output, in their order. Nothing, and a problem, when something may not be written: then nothing has been.
[[nodiscard]] std::optional<std::vector<Destination>> claim(const Intent& intent, std::vector<Problem>& problems);

// A whole file at once, or all that goes to what is written in place. False: errno says why.
[[nodiscard]] bool write_whole(const Destination& destination, std::string_view bytes);

// ---- what those who write share

// "cannot be written: the disk is full", of a reason as errno has it.
[[nodiscard]] Problem cannot_write(const std::string& path, int reason);
// A file beside an output that an earlier run of ours has left, opened without following links. -1: errno says why; ELOOP, EMLINK,
// EUSERS and ENXIO stand for a link, a file with a second name, one of someone else, and what is no file.
[[nodiscard]] int open_own(const std::string& path, int flags, mode_t mode = 0644);
// errno, or 0.
[[nodiscard]] int write_all(int file, std::string_view bytes);

}  // namespace eligo::io
