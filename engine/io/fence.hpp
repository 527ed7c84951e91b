// The rules on disk. A source may name another one (`import`), and a folder may hold anything: so what is read lies within
// the folders that the caller named, by its canonical path, and is a regular file of a bounded size. Nothing else is
// opened for reading, whatever links are put in its way meanwhile. Tested by tests/unit/fence_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eligo::io {

enum class Refusal : std::uint8_t {
    NotFound,
    Outside,      // of all folders that were named
    Folder,
    NotRegular,   // a pipe, a socket, a device
    Circle,       // of links
    TooLarge,
    CannotOpen,
};
struct Wording {
    std::string chinese, english;
};
// One sentence. `most` is the bound that was given.
[[nodiscard]] Wording wording_of(Refusal refusal, std::size_t most);

struct FileRead {
    std::optional<std::string> bytes;
    Refusal refusal = Refusal::NotFound;  // when there are none
};

// A file that the caller named itself, `-` for standard input: links are followed, as the caller may mean them.
[[nodiscard]] FileRead read_named(const std::string& path, std::size_t most);

class Fence {
public:
    Fence() = default;
    Fence(const Fence&) = delete;
    Fence& operator=(const Fence&) = delete;
    ~Fence();

    // What lies in this folder, or in the one that this file lies in, may be read from now on.
    void allow(const std::string& path);
    [[nodiscard]] FileRead read(const std::string& path, std::size_t most) const;

private:
    struct Root {
        std::string path;  // canonical
        int descriptor = -1;
    };
    std::vector<Root> roots_;
};

}  // namespace eligo::io
