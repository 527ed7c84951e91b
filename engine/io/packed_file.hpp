// An output that is compressed on its way, whole or not at all: one member of gzip or one frame of zstd, since many programs read the
// first one only. The same bytes every time. Tested by table_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "output_file.hpp"

namespace eligo::io {

enum class Packing : std::uint8_t { None, Gzip, Zstd };
// By the ending of a path: `.gz`, `.zst`.
[[nodiscard]] Packing packing_of(std::string_view path);

class PackedFile {
public:
    PackedFile();
    ~PackedFile();
    PackedFile(const PackedFile&) = delete;
    PackedFile& operator=(const PackedFile&) = delete;

    // Each answers false when it failed: then error() says why, as in errno. The destination must outlive the file.
    [[nodiscard]] bool create_temporary(const Destination& destination, Packing packing);
    [[nodiscard]] bool append(std::string_view bytes);
    // The end of what is packed, and all of it on the disk.
    [[nodiscard]] bool complete();
    [[nodiscard]] bool finish();
    [[nodiscard]] int error() const;

private:
    class Packer;
    class GzipPacker;
    class ZstdPacker;
    OutputFile file_;
    std::unique_ptr<Packer> packer_;
};

}  // namespace eligo::io
