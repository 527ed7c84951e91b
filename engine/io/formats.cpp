// What the formats share: places, byte order marks, UTF-8.
#include "formats.hpp"

#include <fmt/format.h>

#include <utility>

#include "../text/utf8.hpp"

namespace eligo::io {

Place PlaceFinder::place(std::size_t offset) {
    if (offset < offset_) {
        offset_ = 0;
        place_ = begin_;
    }
    while (offset_ < offset && offset_ < text_.size()) {
        if (text_[offset_] == '\n') {
            ++offset_;
            ++place_.line;
            place_.column = 1;
        } else {
            offset_ += text::decode(text_, offset_).length;
            ++place_.column;
        }
    }
    return place_;
}

std::string as_text(std::string_view bytes) {
    constexpr std::size_t longest = 80;
    std::string shown;
    for (std::size_t at = 0; at < bytes.size() && shown.size() < longest;) {
        const text::CodePoint point = text::decode(bytes, at);
        shown += point.valid ? std::string(bytes.substr(at, point.length)) : "\xEF\xBF\xBD";
        at += point.length;
    }
    return shown;
}

std::string_view without_byte_order_mark(std::string_view text) {
    constexpr std::string_view mark = "\xEF\xBB\xBF";
    if (text.starts_with(mark)) text.remove_prefix(mark.size());
    return text;
}

Problem malformed(Place place, std::string chinese, std::string english) {
    Problem problem;
    problem.kind = ProblemKind::Malformed;
    problem.place = place;
    problem.chinese = std::move(chinese);
    problem.english = std::move(english);
    return problem;
}

std::vector<Problem> utf8_problems(std::string_view text, Place begin) {
    const auto offset = text::first_invalid(text);
    if (!offset) return {};
    return {malformed(PlaceFinder(text, begin).place(*offset), "不是UTF-8文本，请以UTF-8编码保存文件", "this is not UTF-8 text; save the file in the UTF-8 encoding")};
}

}  // namespace eligo::io
