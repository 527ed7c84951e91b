#include "source.hpp"

#include <algorithm>
#include <utility>

#include "utf8.hpp"

namespace eligo::text {

Span join(Span first, Span last) {
    if (!first.exists()) return last;
    if (!last.exists() || first.file != last.file) return first;
    return {first.file, std::min(first.begin, last.begin), std::max(first.end, last.end)};
}

SourceFile::SourceFile(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
    line_begins_.push_back(0);
    for (std::size_t at = 0; at < text_.size(); ++at) {
        if (text_[at] == '\n') line_begins_.push_back(static_cast<std::uint32_t>(at + 1));
    }
}

Position SourceFile::position(std::uint32_t offset) const {
    const std::size_t within = std::min<std::size_t>(offset, text_.size());
    const auto after = std::upper_bound(line_begins_.begin(), line_begins_.end(), static_cast<std::uint32_t>(within));
    const auto number = static_cast<std::uint32_t>(after - line_begins_.begin());
    const std::uint32_t begin = line_begins_[number - 1];
    const std::string_view before = text().substr(begin, within - begin);
    return {number, static_cast<std::uint32_t>(code_point_count(before)) + 1};
}

std::uint32_t SourceFile::line_count() const {
    return static_cast<std::uint32_t>(line_begins_.size());
}

std::string_view SourceFile::line(std::uint32_t number) const {
    const std::uint32_t begin = line_begin(number);
    std::string_view rest = text().substr(begin);
    rest = rest.substr(0, rest.find('\n'));
    if (!rest.empty() && rest.back() == '\r') rest.remove_suffix(1);
    return rest;
}

std::uint32_t SourceFile::line_begin(std::uint32_t number) const {
    return number - 1 < line_begins_.size() ? line_begins_[number - 1] : static_cast<std::uint32_t>(text_.size());
}

FileId SourceSet::add(std::string path, std::string text) {
    files_.emplace_back(std::move(path), std::move(text));
    return static_cast<FileId>(files_.size() - 1);
}

std::string_view SourceSet::text(Span span) const {
    if (!span.exists() || span.file >= files_.size()) return {};
    const std::string_view all = files_[span.file].text();
    const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
    const std::size_t end = std::clamp<std::size_t>(span.end, begin, all.size());
    return all.substr(begin, end - begin);
}

}  // namespace eligo::text
