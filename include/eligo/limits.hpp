// What a caller allows a piece of work, and why something was not done.
#pragma once

#include <cstdint>
#include <functional>

namespace eligo {

// For a piece of work that may be large: compiling, loading a pack, explaining, a batch; and for a check. What would go beyond them is
// refused or ends with Refusal::Limit, and nothing is given out. They are looked at while the work goes on, at short intervals of its own
// (mostly well below a tenth of a second; half a second in sources of megabytes), by the thread that does it.
struct Limits {
    // Bytes that the work may hold at once, what it makes included; 0: as many as there are. Counted is what grows with the input, in the
    // library's own reckoning, which errs on the side of more: a program that allows 100 MB is not taken more.
    std::uint64_t memory = 0;
    // 0: as many as it takes. A step is an instruction of a check, a value that is compiled or explained, or a small fixed number of bytes that
    // are read: some nanoseconds to some hundred. A check's steps are known beforehand (`eligo inspect --bounds`).
    std::uint64_t steps = 0;
    // Asked now and then; true ends the work with Refusal::Cancelled, and so does an exception. It may read an atomic flag, a clock, a
    // stop token; it must not use what the work is about.
    std::function<bool()> cancelled;
};

// Why something was not done. The error, where there is one, says it in words.
enum class Refusal : std::uint8_t {
    None,
    NoPolicy,      // the policy is none: the pack has none of that name, or it was moved from
    OtherProfile,  // the profile is of another pack or another subject, or none
    Limit,         // it takes more than the caller allows
    Cancelled,     // the caller's wish
};

}  // namespace eligo
