// What tables of lines share, CSV and NDJSON: text is read ahead, cut behind whole rows, and a row that is too long is passed
// over. What a row is, is the formats' own.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "byte_stream.hpp"
#include "table.hpp"

namespace eligo::io {

// Lines of a text that ends with one: by its line feeds, or by its returns where it has no line feed at all.
[[nodiscard]] std::size_t lines_in(std::string_view text);

class TextTable : public Table {
public:
    [[nodiscard]] const std::vector<std::string>& header() const override { return header_; }
    [[nodiscard]] bool next(Chunk& chunk) override;
    [[nodiscard]] const std::optional<Problem>& failure() const override { return failure_; }
    [[nodiscard]] bool go_to(const Position& position) override;
    [[nodiscard]] Progress progress() const override { return {stream_->bytes_read(), stream_->bytes_in_all()}; }
    [[nodiscard]] std::vector<std::string> turned_from() const override { return stream_->turned_from(); }
    [[nodiscard]] bool ends_without_line_end() const override { return ended_ && !stopped_ && no_line_end_; }

protected:
    // `line_ends`: the bytes that end a line outside of everything.
    TextTable(std::unique_ptr<ByteStream> stream, const TableOptions& options, std::string_view line_ends)
        : stream_(std::move(stream)), options_(options), line_ends_(line_ends) {}

    // Behind the last whole row of a text that goes on; 0 where none is.
    [[nodiscard]] virtual std::size_t end_of_rows(std::string_view text, bool quotes) const = 0;
    // At least so many bytes in a text, unless the input ends. True when there are.
    bool fill(PaddedText& text, std::size_t wanted);

    std::unique_ptr<ByteStream> stream_;
    TableOptions options_;
    std::string_view line_ends_;
    std::vector<std::string> header_;
    PaddedText rest_;  // read, but not yet cut off
    Position position_;
    std::optional<Problem> failure_;
    bool ended_ = false;

private:
    void input_ended();
    void cut(Chunk& chunk, std::size_t end, const Survey& survey);
    [[nodiscard]] bool pass_over_row(Chunk& chunk);

    bool no_line_end_ = false, stopped_ = false;
};

// The one row of a chunk that is too long.
class LongRow {
public:
    void begin(const Chunk& chunk) {
        chunk_ = chunk.is_too_long ? &chunk : nullptr;
        told_ = false;
    }
    [[nodiscard]] bool is_all() const { return chunk_ != nullptr; }
    [[nodiscard]] bool next(TableRow& row);

private:
    const Chunk* chunk_ = nullptr;
    std::optional<Problem> problem_;
    bool told_ = false;
};

}  // namespace eligo::io
