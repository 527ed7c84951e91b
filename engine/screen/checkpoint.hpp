// Where an interrupted run can go on: up to where the input was read, how much of each output belongs to that, and what
// was counted. Written beside the output (`out.csv.resume`), each time whole. Tested by screen_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../io/table.hpp"

namespace eligo::screen {

struct Checkpoint {
    // What must be the same for going on to make sense: name and value, compared one by one so that a person can be told
    // what has changed.
    std::vector<std::pair<std::string, std::string>> same;
    io::Position position;
    std::uint64_t output_size = 0, rejects_size = 0;
    std::uint64_t output_sum = 0, rejects_sum = 0;  // io::Checksum of these bytes
    bool complete = false;  // all rows are written: only renaming and the report were left
    std::string made;       // of an output that is made of the rows: the file that is it, as the system numbers files
    std::string tally;
    std::string lists;      // which rows of lists were asked for
};

// The record as it stands in its file, and back; nothing when the text is not such a record to the last sign.
[[nodiscard]] std::string text_of(const Checkpoint& checkpoint);
[[nodiscard]] std::optional<Checkpoint> checkpoint_of(std::string_view text);

// What its file is called, behind the output's name, and how it begins.
inline constexpr std::string_view checkpoint_ending = ".resume";
inline constexpr std::string_view checkpoint_title = "eligo screen checkpoint";
// Nothing when there is none, or what is there is not whole.
[[nodiscard]] std::optional<Checkpoint> read_checkpoint(const std::string& path);
// The first of the things that must be the same and is not.
[[nodiscard]] std::optional<std::string> changed_since(const Checkpoint& before, const Checkpoint& now);

}  // namespace eligo::screen
