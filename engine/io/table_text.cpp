#include "table_text.hpp"

#include <algorithm>

#include "formats.hpp"

namespace eligo::io {

std::size_t lines_in(std::string_view text) {
    const std::size_t feeds = kernels().survey(text.data(), text.size()).feeds;
    return feeds > 0 ? feeds : static_cast<std::size_t>(std::count(text.begin(), text.end(), '\r'));
}

bool TextTable::next(Chunk& chunk) {
    chunk.begin = position_;
    chunk.is_too_long = false;
    PaddedText& text = chunk.text;
    text.assign(rest_.view());
    std::size_t wanted = options_.chunk_bytes;
    while (true) {
        (void)fill(text, wanted);
        if (failure_ || stopped_) return false;
        const Survey survey = kernels().survey(text.data(), text.size());
        const std::size_t end = ended_ ? text.size() : end_of_rows(text.view(), survey.quotes);
        if (end > 0) {
            cut(chunk, end, survey);
            return true;
        }
        if (ended_) return false;
        if (text.size() > options_.longest_row) return pass_over_row(chunk);
        wanted = text.size() + options_.chunk_bytes;
    }
}

bool TextTable::go_to(const Position& position) {
    rest_.clear();
    ended_ = false;
    position_ = position;
    return stream_->go_to(position.offset);
}

bool TextTable::fill(PaddedText& text, std::size_t wanted) {
    constexpr std::size_t least = 64 * 1024;
    while (text.size() < wanted && !ended_ && !failure_) {
        const std::size_t more = std::max(wanted - text.size(), least);
        text.reserve(text.size() + more);
        const std::size_t got = stream_->read(text.data() + text.size(), more);
        text.set_size(text.size() + got);
        if (got > 0) continue;
        input_ended();
        no_line_end_ = !text.empty() && text.back() != '\n';
    }
    return text.size() >= wanted;
}

void TextTable::input_ended() {
    failure_ = stream_->failure();
    ended_ = !failure_;
    // Reading that was stopped ends somewhere in a row, which is not the end of the input.
    stopped_ = options_.stream.stop != nullptr && options_.stream.stop->load();
}

void TextTable::cut(Chunk& chunk, std::size_t end, const Survey& survey) {
    PaddedText& text = chunk.text;
    rest_.assign(text.view().substr(end));
    text.set_size(end);
    position_.offset += end;
    // Outside quotes no line feed stands behind the last row's.
    position_.line += survey.quotes || survey.feeds == 0 ? lines_in(text.view()) : survey.feeds;
    chunk.end = position_;
    chunk.quotes = survey.quotes;
}

// How the row begins is kept; the rest is read and forgotten.
bool TextTable::pass_over_row(Chunk& chunk) {
    constexpr std::size_t kept = 1024;
    PaddedText& text = chunk.text;
    rest_.assign(text.view());
    text.set_size(kept);
    chunk.is_too_long = true;
    std::size_t end = rest_.view().find_first_of(line_ends_);
    while (end == std::string_view::npos && !ended_) {
        position_.offset += rest_.size();
        rest_.clear();
        (void)fill(rest_, options_.chunk_bytes);
        if (failure_ || stopped_) return false;
        end = rest_.view().find_first_of(line_ends_);
    }
    std::size_t behind = end == std::string_view::npos ? rest_.size() : end + 1;
    // A return may be half of a line end.
    if (end != std::string_view::npos && rest_.data()[end] == '\r' && fill(rest_, behind + 1) && rest_.data()[behind] == '\n') ++behind;
    rest_.erase_front(behind);
    position_.offset += behind;
    ++position_.line;
    chunk.end = position_;
    return !failure_ && !stopped_;
}

bool LongRow::next(TableRow& row) {
    if (chunk_ == nullptr || std::exchange(told_, true)) return false;
    problem_ = row_too_long(chunk_->text.view());
    row = {};
    row.line = chunk_->begin.line;
    row.source = chunk_->text.view();
    row.problem = &*problem_;
    return true;
}

}  // namespace eligo::io
