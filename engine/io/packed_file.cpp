#include "packed_file.hpp"

#include <zlib.h>
#include <zstd.h>

#include <cerrno>
#include <string>

namespace eligo::io {
namespace {

constexpr std::size_t piece = 128 * 1024;

}  // namespace

Packing packing_of(std::string_view path) {
    if (path.ends_with(".gz") || path.ends_with(".GZ")) return Packing::Gzip;
    return path.ends_with(".zst") || path.ends_with(".ZST") ? Packing::Zstd : Packing::None;
}

class PackedFile::Packer {
public:
    Packer() = default;
    virtual ~Packer() = default;
    Packer(const Packer&) = delete;
    Packer& operator=(const Packer&) = delete;
    // errno, or 0.
    [[nodiscard]] virtual int pack(std::string_view bytes, bool last, OutputFile& to) = 0;
};

class PackedFile::GzipPacker : public Packer {
public:
    GzipPacker() {
        constexpr int window_of_gzip = 15 + 16, memory = 8;
        ready_ = deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, window_of_gzip, memory, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    ~GzipPacker() override { deflateEnd(&stream_); }

    int pack(std::string_view bytes, bool last, OutputFile& to) override {
        if (!ready_) return ENOMEM;
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<uInt>(bytes.size());
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(made_.data());
            stream_.avail_out = static_cast<uInt>(made_.size());
            if (deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) return EIO;
            if (!to.append({made_.data(), made_.size() - stream_.avail_out})) return to.error();
        } while (stream_.avail_out == 0);
        return 0;
    }

private:
    z_stream stream_{};
    std::string made_ = std::string(piece, '\0');
    bool ready_ = false;
};

class PackedFile::ZstdPacker : public Packer {
public:
    ZstdPacker() : context_(ZSTD_createCCtx()) {
        if (context_ != nullptr) ZSTD_CCtx_setParameter(context_, ZSTD_c_checksumFlag, 1);
    }
    ~ZstdPacker() override { ZSTD_freeCCtx(context_); }

    int pack(std::string_view bytes, bool last, OutputFile& to) override {
        if (context_ == nullptr) return ENOMEM;
        ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
        for (bool done = false; !done;) {
            ZSTD_outBuffer out{made_.data(), made_.size(), 0};
            const std::size_t left = ZSTD_compressStream2(context_, &out, &in, last ? ZSTD_e_end : ZSTD_e_continue);
            if (ZSTD_isError(left) != 0) return EIO;
            if (!to.append({made_.data(), out.pos})) return to.error();
            done = last ? left == 0 : in.pos == in.size;
        }
        return 0;
    }

private:
    ZSTD_CCtx* context_;
    std::string made_ = std::string(piece, '\0');
};

PackedFile::PackedFile() = default;
PackedFile::~PackedFile() {
    if (file_.is_open()) file_.discard();
}

bool PackedFile::create_temporary(const Destination& destination, Packing packing) {
    if (packing == Packing::Gzip) packer_ = std::make_unique<GzipPacker>();
    if (packing == Packing::Zstd) packer_ = std::make_unique<ZstdPacker>();
    return file_.create_temporary(destination);
}

// A piece at a time: zlib counts in 32 bits.
bool PackedFile::append(std::string_view bytes) {
    if (!packer_) return file_.append(bytes);
    for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
        if (const int reason = packer_->pack(bytes.substr(0, piece), false, file_)) return file_.fail(reason);
    }
    return true;
}

bool PackedFile::complete() {
    const int reason = packer_ ? packer_->pack({}, true, file_) : 0;
    return reason == 0 ? file_.sync() : file_.fail(reason);
}

bool PackedFile::finish() { return file_.finish(); }
int PackedFile::error() const { return file_.error(); }

}  // namespace eligo::io
