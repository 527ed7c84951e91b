// A file that is there whole or not at all: it grows under a name of its own (`out.csv.partial`) and gets its own when it is
// finished. What was written before can be taken up again by another run.
// Tested by table_test.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace eligo::io {

class OutputFile {
public:
    OutputFile() = default;
    ~OutputFile();
    OutputFile(OutputFile&& other) noexcept { swap(other); }
    OutputFile& operator=(OutputFile&& other) noexcept {
        swap(other);
        return *this;
    }

    // Each answers false when it failed: then error() says why, as in errno.
    [[nodiscard]] bool create(const std::string& path);
    // Goes on behind the first `size` bytes of what an earlier run has written.
    [[nodiscard]] bool take_up(const std::string& path, std::uint64_t size);
    // Standard output, a pipe or a device, which cannot be renamed.
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

    [[nodiscard]] bool is_open() const { return file_ >= 0; }
    [[nodiscard]] bool has_name() const { return !path_.empty(); }
    [[nodiscard]] std::uint64_t size() const { return size_; }
    [[nodiscard]] int error() const { return error_; }
    [[nodiscard]] const std::string& path() const { return path_; }

    [[nodiscard]] static std::string partial_name(const std::string& path) { return path + ".partial"; }
    // Whether a path is a name of something that is no file, whatever it leads to.
    [[nodiscard]] static bool names_device(const std::string& path);
    // Whether a path is something that must be written in place.
    [[nodiscard]] static bool is_special(const std::string& path);

private:
    bool failed(int reason);
    void swap(OutputFile& other) noexcept;

    int file_ = -1;
    bool owns_ = false;
    std::string path_;
    std::uint64_t size_ = 0;
    int error_ = 0;
};

// A small file, written under another name, put on the disk and renamed. False: errno says why.
[[nodiscard]] bool replace_file(const std::string& path, std::string_view bytes);
// After a rename, so that it lasts.
void sync_folder_of(const std::string& path);

}  // namespace eligo::io
