#include "byte_stream.hpp"

#include <fcntl.h>
#include <iconv.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "../text/utf8.hpp"
#include "foreign.hpp"
#include "formats.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t link_buffer = 128 * 1024;
constexpr std::size_t looked_at = 64 * 1024;  // bytes by which the encoding is told

Problem cannot_read(std::string chinese, std::string english) {
    Problem problem;
    problem.kind = ProblemKind::CannotRead;
    problem.chinese = std::move(chinese);
    problem.english = std::move(english);
    return problem;
}

class FileSource : public ByteSource {
public:
    FileSource(int file, bool may_wait, const std::atomic<bool>* stop, std::atomic<std::uint64_t>& counter) : file_(file), may_wait_(may_wait), stop_(stop), counter_(counter) {}

    std::size_t read(char* into, std::size_t size) override {
        if (failure_) return 0;
        while (true) {
            if (stop_ != nullptr && stop_->load(std::memory_order_relaxed)) return 0;
            // The signal that asks to stop may reach another thread than the one that waits here.
            pollfd ready{file_, POLLIN, 0};
            constexpr int milliseconds = 200;
            if (may_wait_ && stop_ != nullptr) {
                const int events = ::poll(&ready, 1, milliseconds);
                if (events == 0 || (events < 0 && errno == EINTR)) continue;
            }
            const ssize_t got = ::read(file_, into, size);
            if (got >= 0) {
                counter_.fetch_add(static_cast<std::uint64_t>(got), std::memory_order_relaxed);
                return static_cast<std::size_t>(got);
            }
            if (errno == EINTR) continue;
            const std::string why = std::strerror(errno);
            return fail(cannot_read("读取时出错：" + why, "reading failed: " + why));
        }
    }

private:
    int file_;
    bool may_wait_;  // a pipe, a terminal
    const std::atomic<bool>* stop_;
    std::atomic<std::uint64_t>& counter_;
};

Problem cut_off() { return cannot_read("压缩数据不完整：文件可能在传输或复制时被截断", "the compressed data ends too early: the file was probably cut off when it was copied"); }
Problem damaged() { return cannot_read("压缩数据已损坏", "the compressed data is damaged"); }

// A link that reads from the one before it, by way of a buffer.
class Link : public ByteSource {
public:
    Link(ByteSource& from, std::string begun) : from_(from), buffer_(std::move(begun)) {}

protected:
    // What was not used moves to the front, and more is read behind it. False at the end.
    bool refill() {
        buffer_.erase(0, at_);
        at_ = 0;
        const std::size_t kept = buffer_.size();
        buffer_.resize(std::max(kept, link_buffer) + link_buffer);
        const std::size_t got = from_.read(buffer_.data() + kept, link_buffer);
        buffer_.resize(kept + got);
        if (from_.failure()) failure_ = from_.failure();
        return got > 0;
    }
    [[nodiscard]] std::size_t left() const { return buffer_.size() - at_; }

    ByteSource& from_;
    std::string buffer_;
    std::size_t at_ = 0;
};

// Several members may follow each other, as `cat a.gz b.gz` makes them.
class GzipSource : public Link {
public:
    GzipSource(ByteSource& from, std::string begun) : Link(from, std::move(begun)) {
        constexpr int detect_header = 15 + 32;
        if (inflateInit2(&stream_, detect_header) != Z_OK) failure_ = damaged();
    }
    ~GzipSource() override { inflateEnd(&stream_); }

    std::size_t read(char* into, std::size_t size) override {
        while (!failure_ && !ended_) {
            if (left() == 0 && !refill()) {
                if (!failure_ && !between_) failure_ = cut_off();
                return 0;
            }
            if (between_ && !next_member()) continue;
            const std::size_t made = inflate_some(into, size);
            if (made > 0) return made;
        }
        return 0;
    }

private:
    // Blocks of tape are filled up with zeros, which are no member.
    bool next_member() {
        if (buffer_[at_] == '\0') {
            ++at_;
            return false;
        }
        inflateReset(&stream_);
        between_ = false;
        return true;
    }

    std::size_t inflate_some(char* into, std::size_t size) {
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data() + at_);
        stream_.avail_in = static_cast<uInt>(left());
        stream_.next_out = reinterpret_cast<Bytef*>(into);
        stream_.avail_out = static_cast<uInt>(size);
        const int status = inflate(&stream_, Z_NO_FLUSH);
        at_ = buffer_.size() - stream_.avail_in;
        if (status == Z_STREAM_END) between_ = true;
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR) return fail(damaged());
        return size - stream_.avail_out;
    }

    z_stream stream_{};
    bool between_ = false, ended_ = false;
};

constexpr std::string_view zstd_frame = "\x28\xb5\x2f\xfd";
// A frame that a reader passes over; the first four bits of its number may be any.
bool begins_skippable_frame(std::string_view text) { return text.size() >= 4 && (static_cast<unsigned char>(text[0]) & 0xF0U) == 0x50 && text.substr(1, 3) == "\x2a\x4d\x18"; }

Problem too_long_a_window(int log) {
    const std::string megabytes = std::to_string(std::uint64_t{1} << (log - 20));
    return cannot_read("解压需要" + megabytes + " MiB内存（zstd --long 或 --ultra 压缩）；请先解压：zstd -dc --long=" + std::to_string(log) + " 文件 | eligo screen -",
                       "unpacking this takes " + megabytes + " MiB of memory (it was packed with zstd --long or --ultra); unpack it beside: zstd -dc --long=" + std::to_string(log) + " FILE | eligo screen -");
}

class ZstdSource : public Link {
public:
    ZstdSource(ByteSource& from, std::string begun) : Link(from, std::move(begun)), context_(ZSTD_createDCtx()) {
        // As long as zstd itself takes without being asked. Of a window that is that long, memory is only what the text fills.
        ZSTD_DCtx_setParameter(context_, ZSTD_d_windowLogMax, longest_window);
    }
    ~ZstdSource() override { ZSTD_freeDCtx(context_); }

    std::size_t read(char* into, std::size_t size) override {
        ZSTD_outBuffer out{into, size, 0};
        while (!failure_ && out.pos == 0) {
            if (left() == 0 && !refill()) {
                if (failure_ || whole_) return 0;
                // What is still held back inside comes before the verdict on the end.
                ZSTD_inBuffer none{nullptr, 0, 0};
                const std::size_t status = ZSTD_decompressStream(context_, &out, &none);
                if (out.pos > 0) return counted(out.pos);
                whole_ = status == 0;
                return whole_ ? 0 : fail(cut_off());
            }
            if (whole_) begin_frame();
            ZSTD_inBuffer in{buffer_.data(), buffer_.size(), at_};
            const std::size_t status = ZSTD_decompressStream(context_, &out, &in);
            if (ZSTD_getErrorCode(status) == ZSTD_error_frameParameter_windowTooLarge) return fail(too_long_a_window(window_));
            if (ZSTD_isError(status) != 0) return fail(damaged());
            whole_ = status == 0;
            at_ = in.pos;
        }
        return failure_ ? 0 : counted(out.pos);
    }

private:
    static constexpr int longest_window = 27, usual_window = 23;
    static constexpr std::uint64_t most_of_a_long_one = std::uint64_t{16} << 20;

    // Longer windows than usual are filled only as far as there is memory for.
    std::size_t counted(std::size_t made) {
        of_frame_ += made;
        if (window_ > usual_window && of_frame_ > most_of_a_long_one) return fail(too_long_a_window(window_));
        return made;
    }

    // The window that the frame which begins here asks for (RFC 8878, 3.1.1.1).
    void begin_frame() {
        constexpr std::size_t longest_header = 18;
        of_frame_ = 0;
        window_ = 0;
        while (left() < longest_header && refill()) {
        }
        const std::string_view header = std::string_view(buffer_).substr(at_, longest_header);
        if (!header.starts_with(zstd_frame) || header.size() < longest_header) return;
        const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(header[at]); };
        const unsigned descriptor = byte(4);
        const bool is_one_piece = (descriptor & 0x20U) != 0;
        if (!is_one_piece) {
            window_ = 10 + (byte(5) >> 3) + ((byte(5) & 7U) != 0 ? 1 : 0);
            return;
        }
        // Then it is as long as its content.
        constexpr std::array<std::size_t, 4> bytes_of_dictionary{0, 1, 2, 4}, bytes_of_size{1, 2, 4, 8};
        const std::size_t at = 5 + bytes_of_dictionary[descriptor & 3U], count = bytes_of_size[descriptor >> 6];
        std::uint64_t size = 0;
        for (std::size_t i = 0; i < count; ++i) size |= std::uint64_t{byte(at + i)} << (8 * i);
        window_ = static_cast<int>(std::bit_width(size));
    }

    ZSTD_DCtx* context_;
    bool whole_ = true;  // nothing of a frame is left to come
    int window_ = 0;     // of this frame, as a power of two
    std::uint64_t of_frame_ = 0;
};

// A byte that the encoding does not know becomes one that UTF-8 does not know either, so that the row that holds it is
// refused by whoever reads rows, with its line.
class DecodedSource : public Link {
public:
    DecodedSource(ByteSource& from, std::string begun, const char* encoding) : Link(from, std::move(begun)), converter_(iconv_open("UTF-8", encoding)) {
        if (converter_ == reinterpret_cast<iconv_t>(-1)) failure_ = cannot_read(std::string("系统不支持编码") + encoding, std::string("the system does not know the encoding ") + encoding);
    }
    ~DecodedSource() override {
        if (converter_ != reinterpret_cast<iconv_t>(-1)) iconv_close(converter_);
    }

    std::size_t read(char* into, std::size_t size) override {
        // A character may need more room than there is: it is made aside, and handed over in pieces.
        if (aside_at_ == aside_size_ && size < sizeof aside_) {
            aside_at_ = 0;
            aside_size_ = convert(aside_, sizeof aside_);
        }
        if (aside_at_ == aside_size_) return convert(into, size);
        const std::size_t count = std::min(size, aside_size_ - aside_at_);
        std::memcpy(into, aside_ + aside_at_, count);
        aside_at_ += count;
        return count;
    }

private:
    std::size_t convert(char* into, std::size_t size) {
        std::size_t made = 0;
        while (!failure_ && made == 0) {
            if (left() == 0 && !refill()) return 0;
            char* in = buffer_.data() + at_;
            std::size_t in_left = left();
            char* out = into;
            std::size_t out_left = size;
            const std::size_t status = iconv(converter_, &in, &in_left, &out, &out_left);
            const int reason = status == static_cast<std::size_t>(-1) ? errno : 0;
            at_ = buffer_.size() - in_left;
            made = size - out_left;
            if (made > 0 || reason == 0 || reason == E2BIG) continue;
            // A character that goes on in what was not read yet, or one that is none.
            if (reason == EINVAL && refill()) continue;
            if (failure_ || left() == 0) return 0;
            ++at_;
            *into = static_cast<char>(0xFF);
            made = 1;
        }
        return made;
    }

    iconv_t converter_;
    char aside_[16] = {};
    std::size_t aside_at_ = 0, aside_size_ = 0;
};

// Before GB18030 is decoded: a line that is UTF-8, with characters of three bytes or four, would come out as characters that nobody has
// written. Its bytes become ones that are no GB18030, so that its row is refused as any other that is none.
class LinesInUtf8 : public Link {
public:
    using Link::Link;

    std::size_t read(char* into, std::size_t size) override {
        if (at_ == looked_at_ && !look()) return 0;
        const std::size_t count = std::min(size, looked_at_ - at_);
        std::memcpy(into, buffer_.data() + at_, count);
        at_ += count;
        return count;
    }

private:
    // At the whole lines that are there.
    bool look() {
        constexpr std::size_t longest = 1024 * 1024;
        const auto behind_last = [this] { return buffer_.rfind('\n') + 1; };
        while (behind_last() <= at_ && left() <= longest && refill()) {
        }
        const std::size_t end = behind_last() > at_ ? behind_last() : buffer_.size();
        for (std::size_t line = at_; line < end;) {
            const std::size_t next = std::min(buffer_.find('\n', line), end - 1) + 1;
            if (is_utf8(std::string_view(buffer_).substr(line, next - line))) {
                constexpr char no_character = '\x80';
                std::replace_if(buffer_.begin() + static_cast<std::ptrdiff_t>(line), buffer_.begin() + static_cast<std::ptrdiff_t>(next), [](char c) { return c < 0; }, no_character);
            }
            line = next;
        }
        looked_at_ = end;
        return at_ < end && !failure_;
    }

    static bool is_utf8(std::string_view line) {
        const auto begins_long = [](char c) { return static_cast<unsigned char>(c) >= 0xE0; };
        return std::any_of(line.begin(), line.end(), begins_long) && !text::first_invalid(line);
    }

    std::size_t looked_at_ = 0;
};

// Whether it is UTF-8, but for a character that is cut at the end and for a few bytes that spoil their rows: there are more characters
// of three bytes or four than bytes of no character. In GB18030 hardly anything looks like those.
bool begins_as_utf8(std::string_view text, bool all) {
    std::size_t characters = 0, invalid = 0;
    for (std::size_t at = text::first_invalid(text) ? 0 : text.size(); at < text.size();) {
        const text::CodePoint point = text::decode(text, at);
        const bool is_cut = !point.valid && !all && at + 4 > text.size();
        if (!point.valid && !is_cut) ++invalid;
        if (point.valid && point.length > 2) ++characters;
        at += point.length;
    }
    return invalid == 0 || characters > invalid;
}

// Which UTF-16 it is, by its units of ASCII: separators, digits, line ends. They are one unit of eight at least, a line feed among them, and
// the other way round there are fewer. A text of another encoding has no zeros beside its line feeds.
const char* utf16_without_mark(std::string_view text) {
    std::array<std::size_t, 2> letters{}, feeds{};
    for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
        for (const std::size_t zero : {0U, 1U}) {
            const char letter = text[at + 1 - zero];
            if (text[at + zero] != '\0' || letter <= '\0') continue;
            ++letters[zero];
            if (letter == '\n') ++feeds[zero];
        }
    }
    const std::size_t little = letters[1] > letters[0] ? 1 : 0;
    constexpr std::size_t units = 8;
    if (feeds[little] == 0 || letters[little] * 2 * units < text.size()) return nullptr;
    return little == 1 ? "UTF-16LE" : "UTF-16BE";
}

}  // namespace

std::unique_ptr<ByteStream> ByteStream::open(const std::string& path, const StreamOptions& options, std::vector<Problem>& problems) {
    const auto refuse = [&](const char* chinese, const char* english) {
        Problem problem = cannot_read(chinese, english);
        problem.file = path;
        problems.push_back(std::move(problem));
        return nullptr;
    };
    std::unique_ptr<ByteStream> stream(new ByteStream);
    if (path == "-") {
        stream->file_ = STDIN_FILENO;
    } else {
        // Opening a pipe waits for who writes into it.
        do {
            stream->file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        } while (stream->file_ < 0 && errno == EINTR && (options.stop == nullptr || !options.stop->load()));
        if (stream->file_ < 0 && errno == ENOENT) return refuse("没有这个文件", "there is no such file");
        if (stream->file_ < 0) return refuse("无法打开文件，请检查读取权限", "the file cannot be opened; look at its permissions");
        stream->owns_file_ = true;
    }
    struct stat status{};
    bool may_wait = true;
    if (fstat(stream->file_, &status) == 0) {
        may_wait = !S_ISREG(status.st_mode);
        if (S_ISDIR(status.st_mode)) return refuse("这是文件夹，不是文件", "this is a folder, not a file");
        stream->is_regular_ = S_ISREG(status.st_mode) && path != "-";
        if (S_ISREG(status.st_mode)) stream->bytes_in_all_ = static_cast<std::uint64_t>(status.st_size);
    }
    if (stream->is_regular_) (void)posix_fadvise(stream->file_, 0, 0, POSIX_FADV_SEQUENTIAL);
    stream->links_.push_back(std::make_unique<FileSource>(stream->file_, may_wait, options.stop, stream->bytes_read_));
    stream->unpack();
    stream->decode(options.encoding);
    if (stream->failure_) {
        stream->failure_->file = path;
        problems.push_back(*stream->failure_);
        return nullptr;
    }
    return stream;
}

ByteStream::~ByteStream() {
    links_.clear();
    if (owns_file_) ::close(file_);
}

void ByteStream::look_ahead(std::size_t least) {
    ByteSource& source = *links_.back();
    while (ahead_.size() < least) {
        const std::size_t before = ahead_.size();
        ahead_.resize(least);
        const std::size_t got = source.read(ahead_.data() + before, least - before);
        ahead_.resize(before + got);
        if (got == 0) break;
    }
    if (source.failure()) failure_ = source.failure();
}

void ByteStream::unpack() {
    look_ahead(4);
    const std::string begun = std::exchange(ahead_, {});
    if (begun.starts_with("\x1f\x8b")) {
        links_.push_back(std::make_unique<GzipSource>(*links_.back(), begun));
    } else if (begun.starts_with(zstd_frame) || begins_skippable_frame(begun)) {
        links_.push_back(std::make_unique<ZstdSource>(*links_.back(), begun));
    } else {
        ahead_ = begun;
        return;
    }
    is_plain_ = false;
}

void ByteStream::decode(Encoding encoding) {
    look_ahead(looked_at);
    if (!failure_) failure_ = foreign_format(ahead_);
    if (failure_) return;
    const std::string_view begun = ahead_;
    const char* from = nullptr;
    if (begun.starts_with("\xEF\xBB\xBF")) {
        mark_ = ahead_at_ = 3;
        return;
    }
    if (begun.starts_with("\xFF\xFE") || begun.starts_with("\xFE\xFF")) {
        from = "UTF-16";  // the mark says which end comes first
    } else if (encoding == Encoding::Detect && utf16_without_mark(begun) != nullptr) {
        from = utf16_without_mark(begun);
    } else if (encoding == Encoding::Gb18030 || (encoding == Encoding::Detect && !begins_as_utf8(begun, begun.size() < looked_at))) {
        from = "GB18030";
    }
    if (from == nullptr) return;
    if (std::string_view(from) == "GB18030") {
        links_.push_back(std::make_unique<LinesInUtf8>(*links_.back(), std::exchange(ahead_, {})));
        links_.push_back(std::make_unique<DecodedSource>(*links_.back(), std::string(), from));
    } else {
        links_.push_back(std::make_unique<DecodedSource>(*links_.back(), std::exchange(ahead_, {}), from));
    }
    turned_from_.push_back(std::string_view(from).starts_with("UTF-16") ? "UTF-16" : from);
    is_plain_ = false;
    look_ahead(looked_at);
    if (!failure_) failure_ = foreign_format(ahead_);
    if (std::string_view(ahead_).starts_with("\xEF\xBB\xBF")) ahead_at_ = 3;
}

bool ByteStream::begins_with(char character) const {
    const std::size_t first = ahead_.find_first_not_of(" \t\r\n", ahead_at_);
    return first != std::string::npos && ahead_[first] == character;
}

std::size_t ByteStream::read(char* into, std::size_t size) {
    if (ahead_at_ < ahead_.size()) {
        const std::size_t count = std::min(size, ahead_.size() - ahead_at_);
        std::memcpy(into, ahead_.data() + ahead_at_, count);
        ahead_at_ += count;
        if (ahead_at_ == ahead_.size()) {
            ahead_ = {};
            ahead_at_ = 0;
        }
        position_ += count;
        return count;
    }
    if (failure_) return 0;
    ByteSource& source = *links_.back();
    const std::size_t got = source.read(into, size);
    if (got == 0 && source.failure()) failure_ = source.failure();
    position_ += got;
    return got;
}

bool ByteStream::go_to(std::uint64_t offset) {
    if (is_plain_ && is_regular_) {
        const std::uint64_t at = mark_ + offset;
        if (at > bytes_in_all_ || lseek(file_, static_cast<off_t>(at), SEEK_SET) < 0) return false;
        ahead_ = {};
        ahead_at_ = 0;
        position_ = offset;
        bytes_read_ = at;
        return true;
    }
    std::string thrown_away(link_buffer, '\0');
    while (position_ < offset) {
        const std::size_t got = read(thrown_away.data(), static_cast<std::size_t>(std::min<std::uint64_t>(thrown_away.size(), offset - position_)));
        if (got == 0) return false;
    }
    return position_ == offset;
}

}  // namespace eligo::io
