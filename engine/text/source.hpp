// Source text: files by number, spans of bytes, lines and columns. Everything that talks about a place
// does so with a Span; only the renderers turn it into lines, columns and carets.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace eligo::text {

using FileId = std::uint32_t;
inline constexpr FileId no_file = ~FileId{0};

// Bytes [begin, end) of a file.
struct Span {
    FileId file = no_file;
    std::uint32_t begin = 0;
    std::uint32_t end = 0;
    [[nodiscard]] bool exists() const { return file != no_file; }
    friend bool operator==(const Span&, const Span&) = default;
};

[[nodiscard]] Span join(Span first, Span last);

// A place as people count it: line and column from 1, the column in code points.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;
};

class SourceFile {
public:
    SourceFile(std::string path, std::string text);
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] Position position(std::uint32_t offset) const;
    [[nodiscard]] std::uint32_t line_count() const;
    // The bytes of a line (from 1) without its line end.
    [[nodiscard]] std::string_view line(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t line_begin(std::uint32_t number) const;

private:
    std::string path_;
    std::string text_;
    std::vector<std::uint32_t> line_begins_;
};

// All the sources of one compilation. Files are only added; a FileId is its number.
class SourceSet {
public:
    FileId add(std::string path, std::string text);
    [[nodiscard]] const SourceFile& file(FileId id) const { return files_[id]; }
    [[nodiscard]] std::size_t size() const { return files_.size(); }
    [[nodiscard]] std::string_view text(Span span) const;

private:
    std::vector<SourceFile> files_;
};

}  // namespace eligo::text
