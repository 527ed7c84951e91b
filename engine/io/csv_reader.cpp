#include "csv_reader.hpp"

#include <simdjson.h>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "../text/utf8.hpp"
#include "../vm/spelling.hpp"
#include "formats.hpp"
#include "table_text.hpp"

namespace eligo::io {
namespace {

class CsvReader : public RowReader {
public:
    CsvReader(const CsvShape& shape, std::size_t width, NotText not_text) : shape_(shape), columns_(shape.columns), width_(width), separator_(shape.separator), not_text_(std::move(not_text)) { cells_.resize(columns_); }

    void begin(const Chunk& chunk) override {
        text_ = chunk.text.view();
        at_ = 0;
        line_ = first_line_ = chunk.begin.line;
        quotes_ = chunk.quotes;
        has_feeds_ = text_.find('\n') != std::string_view::npos;
        many_lines_ = {};
        counted_ = 0;
        long_.begin(chunk);
        all_utf8_.reset();
    }

    bool find_cells(CellIndex& index) override {
        // The index takes nine times the memory of the text, and rows that make a piece so long are few.
        if (long_.is_all() || text_.size() > longest_row / 2) return false;
        CellFinder(*this, index).find();
        at_ = text_.size();
        return true;
    }

    TableCell cell(std::string_view written) override {
        unescaped_.clear();
        TableCell result;
        if (!written.starts_with('"')) {
            set(result, written);
            return result;
        }
        const std::string_view inside = between_quotes(written);
        set(result, inside.find('"') == std::string_view::npos ? inside : unescaped(inside));
        return result;
    }

    void go_to(std::size_t at, std::uint64_t line) override {
        at_ = at;
        line_ = line;
    }

    bool next(TableRow& row) override { return long_.is_all() ? next_long(row) : next_within(row, text_.size()); }

    CountedRows rows_of_many_lines() const override { return many_lines_; }

private:
    // A line without anything, or with nothing but separators as spreadsheets write rows that were once touched.
    static bool holds_nothing(std::string_view row, std::size_t count) { return row.size() + 1 == count || (count == 1 && vm::trimmed(row).empty()); }

    bool all_utf8() {
        if (!all_utf8_) all_utf8_ = simdjson::validate_utf8(text_.data(), text_.size());
        return *all_utf8_;
    }

    // Of a row that was passed over, the text is how it begins: its last cell is cut.
    bool next_long(TableRow& row) {
        if (!long_.next(row)) return false;
        problem_.reset();
        const std::size_t count = cells();
        row.cells = std::span<const TableCell>(cells_).first(std::min(known_, count - 1));
        return true;
    }

    // The next row that begins before `end`.
    bool next_within(TableRow& row, std::size_t end) {
        while (at_ < text_.size() && at_ <= end) {
            row = {};
            row.line = line_;
            const std::size_t begin = at_;
            problem_.reset();
            const std::size_t count = cells();
            row.source = text_.substr(begin, end_of_row_ - begin);
            if (!problem_ && holds_nothing(row.source, count)) continue;
            if (row.source.size() > shape_.longest) refuse_row(row_too_long(row.source), columns_);
            if (!problem_ && !all_utf8()) check_utf8(row.source);
            if (!problem_ && (count < shape_.needed || filled_ > columns_)) refuse_count(count);
            row.cells = std::span<const TableCell>(cells_).first(problem_ ? std::min(known_, count) : columns_);
            if (problem_) {
                if (problem_->found.empty()) problem_->found = all_utf8() ? clipped(row.source) : as_text(row.source);
                row.problem = &*problem_;
            } else if (judged_ && begin >= counted_) {
                counted_ = at_;
                many_lines_.add(row.line);
            }
            return true;
        }
        return false;
    }

    // Finds the cells of all rows. Lines of the plain kind, which is nearly all, are taken by where their separators stand
    // alone; the others go through `next`, whose answer is then written down as if they were plain, or left to others.
    class CellFinder {
    public:
        CellFinder(CsvReader& reader, CellIndex& index) : reader_(reader), text_(reader.text_), columns_(reader.columns_), index_(index) {}

        void find() {
            make_room();
            index_.rows.clear();
            index_.lines.clear();
            index_.irregular.clear();
            index_.behind = 0;
            if (text_.empty()) return;
            index_.ends[0] = CellIndex::none;  // the first cell begins at 0
            Ends found = kernels().find_ends(text_.data(), text_.size(), reader_.separator_, index_.ends.get() + 1, index_.feeds.get(), index_.beyond_ascii.get());
            reader_.all_utf8_ = simdjson::validate_utf8(index_.beyond_ascii.get(), found.beyond_ascii);
            if (text_.back() != '\n') {
                index_.ends[1 + found.ends] = static_cast<std::uint32_t>(text_.size());
                index_.feeds[found.feeds++] = static_cast<std::uint32_t>(found.ends++);
            }
            used_ = found.ends + 1;
            returns_ = found.returns && has_return(index_.ends[index_.feeds[0] + 1]) ? 1 : 0;
            // Behind the last column that has a name stands a separator, or the end of the line.
            index_.behind = reader_.width_ == columns_ ? returns_ : 0;
            index_.rows.resize(found.feeds);
            index_.lines.resize(found.feeds);
            if (reader_.quotes_ || found.lone_returns || !reader_.all_utf8() || columns_ == 1) {
                all_lines(found, [&](std::uint32_t begin, std::uint32_t end) { return !is_plain(begin, end); });
            } else if (found.returns) {
                all_lines(found, [&](std::uint32_t, std::uint32_t end) { return has_return(end) != (returns_ == 1); });
            } else {
                all_lines(found, [](std::uint32_t, std::uint32_t) { return false; });
            }
            index_.rows.resize(count_);
            index_.lines.resize(count_);
        }

    private:
        bool has_return(std::uint32_t end) const { return end > 0 && text_[end - 1] == '\r'; }

        bool is_plain(std::uint32_t begin, std::uint32_t end) const {
            const std::string_view line = text_.substr(begin, end - begin);
            const std::string_view cells = line.substr(0, line.size() - (has_return(end) ? 1 : 0));
            if (has_return(end) != (returns_ == 1) || cells.find_first_of("\"\r") != std::string_view::npos) return false;
            return !(columns_ == 1 && vm::trimmed(line).empty()) && (reader_.all_utf8() || simdjson::validate_utf8(line.data(), line.size()));
        }

        // What stands behind the last named column is as long as its separators.
        bool is_blank_behind(std::uint32_t first, std::uint32_t last) const { return index_.ends[last] - index_.ends[first + columns_] == last - first - columns_ + returns_; }

        void all_lines(const Ends& found, auto is_odd) {
            const std::size_t width = reader_.width_, separators_alone = width - 1 + returns_;
            std::uint32_t first = 0;  // where the line's cells begin in `ends`
            for (std::uint32_t line = 0; line < found.feeds; ++line) {
                const std::uint32_t last = index_.feeds[line] + 1;
                const std::uint32_t begin = index_.ends[first] + 1, end = index_.ends[last];
                if (last - first != width || begin < behind_odd_ || end - begin == separators_alone || is_odd(begin, end) || (width != columns_ && !is_blank_behind(first, last))) {
                    if (begin >= behind_odd_) odd_line(begin, end, line);
                    make_room_for_rows(count_ + (found.feeds - line));
                } else {
                    index_.rows[count_] = first;
                    index_.lines[count_++] = line;
                }
                first = last;
            }
        }

        // A line may hold several rows, by returns without line feeds, and a row several lines, by quotes.
        void odd_line(std::uint32_t begin, std::uint32_t end, std::uint32_t line) {
            reader_.go_to(begin, reader_.first_line_ + line);
            TableRow row;
            while (reader_.at_ < text_.size()) {
                if (reader_.at_ > end) {
                    if (text_[reader_.at_ - 1] == '\n') break;
                    // The row went on in a later line, and a return ended it there.
                    end = static_cast<std::uint32_t>(std::min(text_.find('\n', reader_.at_), text_.size()));
                }
                if (reader_.next_within(row, end)) put_row(row);
            }
            behind_odd_ = static_cast<std::uint32_t>(reader_.at_);
        }

        void put_row(const TableRow& row) {
            make_room_for_rows(count_ + 1);
            const auto begin = static_cast<std::uint32_t>(row.source.data() - text_.data());
            index_.rows[count_] = static_cast<std::uint32_t>(used_);
            index_.lines[count_] = static_cast<std::uint32_t>(row.line - reader_.first_line_);
            if (row.problem != nullptr) index_.irregular.push_back({static_cast<std::uint32_t>(count_), begin});
            ++count_;
            make_room_for_row();
            std::uint32_t* const ends = index_.ends.get() + used_;
            if (row.problem != nullptr) {
                std::fill_n(ends, columns_ + 1, begin);  // of cells that all end before they begin
                ends[columns_] += index_.behind;
            } else {
                ends[0] = begin - 1;
                for (std::uint32_t i = 1; i < columns_; ++i) ends[i] = begin + row.cells[i].at - 1;
                ends[columns_] = static_cast<std::uint32_t>(reader_.end_of_named_) + index_.behind;
            }
            used_ += columns_ + 1;
        }

        void make_room() {
            const std::size_t room = text_.size() + 64 + 2 * columns_;
            if (room <= index_.room) return;
            index_.ends.reset(new std::uint32_t[room]);
            index_.feeds.reset(new std::uint32_t[room]);
            index_.beyond_ascii.reset(new char[room]);
            index_.room = room;
        }
        void make_room_for_rows(std::size_t count) {
            if (count <= index_.rows.size()) return;
            index_.rows.resize(count + count / 2);
            index_.lines.resize(index_.rows.size());
        }
        void make_room_for_row() {
            if (used_ + columns_ + 1 <= index_.room) return;
            const std::size_t room = index_.room * 2 + columns_;
            std::unique_ptr<std::uint32_t[]> larger(new std::uint32_t[room]), feeds(new std::uint32_t[room]);
            std::copy_n(index_.ends.get(), used_, larger.get());
            std::copy_n(index_.feeds.get(), index_.room, feeds.get());
            index_.ends = std::move(larger);
            index_.feeds = std::move(feeds);
            index_.beyond_ascii.reset(new char[room]);  // what was in it was looked at
            index_.room = room;
        }

        CsvReader& reader_;
        std::string_view text_;
        std::size_t columns_;
        CellIndex& index_;
        std::size_t count_ = 0, used_ = 0;
        std::uint32_t behind_odd_ = 0;  // up to where odd lines were read
        std::uint32_t returns_ = 0;     // bytes of a return that ends lines of the plain kind
    };

    // Takes one row's cells; how many there are. What stands beyond the header's columns is only counted.
    std::size_t cells() {
        const std::size_t begin = at_;
        std::size_t count = 0;
        unescaped_.clear();
        judged_.reset();
        filled_ = 0;
        known_ = columns_;
        while (true) {
            TableCell cell;
            cell.at = static_cast<std::uint32_t>(at_ - begin);
            if (at_ < text_.size() && text_[at_] == '"') {
                quoted(cell, begin, count);
            } else {
                plain(cell);
            }
            if (count < columns_) {
                cells_[count] = cell;
                end_of_named_ = at_;
            }
            ++count;
            if (cell.kind != NodeKind::Absent) filled_ = count;
            end_of_row_ = at_;
            if (at_ >= text_.size()) break;
            if (text_[at_] == separator_) {
                ++at_;
                continue;
            }
            if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
            // A return by itself ends a line only where no line feed does.
            if (text_[at_] == '\n' || !has_feeds_) ++line_;
            ++at_;
            break;
        }
        for (std::size_t i = count; i < columns_; ++i) cells_[i] = {{}, NodeKind::Absent, static_cast<std::uint32_t>(end_of_row_ - begin + 1), CellFault::None};
        return count;
    }

    // Where the cell that begins here ends: the separator or the end of the line, whichever comes first. Eight bytes are
    // looked at together: a byte that is wanted becomes zero, and of zero bytes the lowest bit that is left is the first.
    std::size_t end_of_plain() const {
        const char* const data = text_.data();
        const std::size_t size = text_.size();
        std::size_t at = at_;
        if constexpr (std::endian::native == std::endian::little) {
            constexpr std::uint64_t ones = 0x0101010101010101ULL, tops = 0x8080808080808080ULL;
            const auto zeros = [](std::uint64_t bytes) { return (bytes - ones) & ~bytes & tops; };
            const std::uint64_t separators = ones * static_cast<unsigned char>(separator_);
            for (; at + 8 <= size; at += 8) {
                std::uint64_t bytes = 0;
                std::memcpy(&bytes, data + at, sizeof bytes);
                const std::uint64_t found = zeros(bytes ^ separators) | zeros(bytes ^ (ones * '\n')) | zeros(bytes ^ (ones * '\r'));
                if (found != 0) return at + static_cast<std::size_t>(std::countr_zero(found)) / 8;
            }
        }
        while (at < size && data[at] != separator_ && data[at] != '\n' && data[at] != '\r') ++at;
        return at;
    }

    void plain(TableCell& cell) {
        const std::size_t end = end_of_plain();
        set(cell, text_.substr(at_, end - at_));
        at_ = end;
    }

    static void set(TableCell& cell, std::string_view text) {
        const auto is_plain = [](char c) { return c > ' ' && c < '\x7F'; };
        if (!text.empty() && !(is_plain(text.front()) && is_plain(text.back()))) text = vm::trimmed(text);
        cell.text = text;
        cell.kind = text.empty() ? NodeKind::Absent : text.size() == 1 && text.front() == '?' ? NodeKind::Null : NodeKind::Plain;
    }

    // The cells before number `known` are what they seem to be, whatever is wrong with the row.
    void refuse_row(Problem problem, std::size_t known) {
        if (problem_) return;
        problem_ = std::move(problem);
        known_ = std::min(known, columns_);
    }
    void refuse(std::size_t at, std::size_t begin, std::size_t known, const char* chinese, const char* english) {
        if (!problem_) refuse_row(malformed({0, column_at(text_.substr(begin, at - begin), at - begin)}, chinese, english), known);
    }

    void refuse_count(std::size_t count) {
        if (count == width_) {
            refuse_row(malformed({}, fmt::format("第{}格有内容，而标题行的这一列没有名称", filled_), fmt::format("something stands in cell {}, but the header has no name for this column", filled_)), 1);
        } else {
            const std::size_t wanted = count < shape_.needed ? shape_.needed : columns_;
            refuse_row(malformed({}, fmt::format("本行有{}格，标题行有{}列", count, wanted), fmt::format("this row has {} cells, the header {} columns", count, wanted)), 1);
        }
    }

    void quoted(TableCell& cell, std::size_t begin, std::size_t number) {
        const std::size_t open = at_;
        const std::size_t closed = behind_closing_quote(text_, open);
        const bool is_closed = closed != std::string_view::npos;
        if (!is_closed || text_.substr(open, closed - open).find_first_of("\r\n") != std::string_view::npos) {
            if (!judged_) judged_ = judge_lines(text_, begin, shape_, true).lines;
            if (!is_closed || *judged_ != Lines::One) {
                refuse(open, begin, number, "引号在本行没有配对：请在本行补上，或去掉单元格内的换行", "this quote is not closed in its line: close it there, or take the line ends out of the cell");
                at_ = end_of_line(open);
                return;
            }
        }
        const std::string_view inside = text_.substr(open + 1, closed - open - 2);
        line_ += static_cast<std::uint64_t>(std::count(inside.begin(), inside.end(), '\n'));
        set(cell, inside.find('"') == std::string_view::npos ? inside : unescaped(inside));
        at_ = closed;
        if (at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r') return;
        refuse(at_, begin, number, "引号之后应为分隔符或换行", "a separator or the end of the line was expected after the quote");
        at_ = end_of_plain();
    }

    std::size_t end_of_line(std::size_t at) const {
        return std::min(text_.find_first_of("\r\n", at), text_.size());
    }

    // Kept until the next row; a deque of strings would do, but quotes within quotes are rare.
    std::string_view unescaped(std::string_view inside) {
        auto text = std::make_unique<std::string>();
        for (std::size_t at = 0; at < inside.size(); ++at) {
            *text += inside[at];
            if (inside[at] == '"') ++at;
        }
        unescaped_.push_back(std::move(text));
        return *unescaped_.back();
    }

    void check_utf8(std::string_view row) {
        const auto invalid = text::first_invalid(row);
        if (!invalid) return;
        refuse_row(malformed({0, column_at(row, *invalid)}, not_text_.chinese, "this " + not_text_.english), columns_);
        problem_->found = as_text(row);
    }

    CsvShape shape_;
    std::size_t columns_, width_;
    char separator_;
    NotText not_text_;
    std::string_view text_;
    std::size_t at_ = 0, end_of_row_ = 0, end_of_named_ = 0;
    std::uint64_t line_ = 1, first_line_ = 1;
    std::optional<bool> all_utf8_;  // whether the whole text is, once that was asked
    bool quotes_ = true, has_feeds_ = true;
    std::optional<Lines> judged_;              // of a row in which a quoted cell goes on behind its line
    std::size_t filled_ = 0, known_ = 0;       // cells of the row: up to the last that is not blank; that are what they seem to be
    CountedRows many_lines_;
    std::size_t counted_ = 0;                  // up to where rows are counted there
    LongRow long_;
    std::vector<TableCell> cells_;
    std::vector<std::unique_ptr<std::string>> unescaped_;
    std::optional<Problem> problem_;
};

}  // namespace

std::unique_ptr<RowReader> csv_reader(const CsvShape& shape, std::size_t width, NotText not_text) { return std::make_unique<CsvReader>(shape, width, std::move(not_text)); }

}  // namespace eligo::io
