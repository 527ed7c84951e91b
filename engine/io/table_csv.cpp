// CSV and TSV (RFC 4180, and what Excel and WPS write): a byte order mark, CRLF, a first line `sep=;`, separators that are
// `;` or tabs. The thread that cuts chunks finds where rows end; taking cells out of rows is the others' work.
#include <simdjson.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>

#include "../text/utf8.hpp"
#include "formats.hpp"
#include "table_text.hpp"

namespace eligo::io {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

// A quote opens only at the beginning of a cell; anywhere else it is a character like others, as in `5" pipe`.
bool opens_cell(std::string_view text, std::size_t quote, char separator) {
    if (quote == 0) return true;
    const char before = text[quote - 1];
    return before == separator || before == '\n' || before == '\r';
}

// Behind the quote that closes a cell which begins at `quote`; npos when none does.
std::size_t behind_closing_quote(std::string_view text, std::size_t quote) {
    std::size_t at = quote + 1;
    while (true) {
        at = text.find('"', at);
        if (at == std::string_view::npos) return std::string_view::npos;
        if (at + 1 >= text.size() || text[at + 1] != '"') return at + 1;
        at += 2;
    }
}

// Finds the ends of rows in a text that grows behind.
class RowEnds {
public:
    RowEnds(std::string_view text, char separator, bool all, std::size_t longest) : text_(text), separator_(separator), all_(all), longest_(longest) {}

    // Behind the last row that is complete; 0 when none is.
    std::size_t last() {
        std::size_t end = 0, at = 0;
        while (at < text_.size()) {
            const std::size_t quote = next_opening_quote(at);
            const std::size_t plain_end = quote == std::string_view::npos ? text_.size() : quote;
            if (const std::size_t line = text_.substr(at, plain_end - at).rfind('\n'); line != std::string_view::npos) end = at + line + 1;
            if (quote == std::string_view::npos) return end;
            const std::size_t closed = behind_closing_quote(text_, quote);
            const bool too_long = (closed == std::string_view::npos ? text_.size() : closed) - end > longest_;
            if (closed == std::string_view::npos || too_long) {
                // Wait for the rest; or take the quote for one that nobody closes.
                if (!too_long && !all_) return end;
                at = quote + 1;
                const std::size_t line = text_.find('\n', at);
                if (line == std::string_view::npos) return end;
                at = end = line + 1;
            } else if (closed == text_.size() && !all_) {
                return end;  // the next byte may be a quote as well
            } else {
                at = closed;
            }
        }
        return end;
    }

private:
    std::size_t next_opening_quote(std::size_t at) const {
        while (true) {
            const std::size_t quote = text_.find('"', at);
            if (quote == std::string_view::npos || opens_cell(text_, quote, separator_)) return quote;
            at = quote + 1;
        }
    }

    std::string_view text_;
    char separator_;
    bool all_;
    std::size_t longest_;
};

// What is said of text in another encoding than its input seems to have.
struct NotText {
    std::string chinese = "不是UTF-8文本；如果是GBK或GB18030编码，请加 --encoding gb18030", english = "is not UTF-8 text; if it is GBK or GB18030, say --encoding gb18030";

    explicit NotText(const std::vector<std::string>& turned_from) {
        if (turned_from.empty()) return;
        chinese = "不是" + turned_from.front() + "文本";
        english = "is not " + turned_from.front() + " text";
    }
};

class CsvReader : public RowReader {
public:
    CsvReader(std::size_t columns, char separator, std::size_t longest, NotText not_text) : columns_(columns), separator_(separator), longest_(longest), not_text_(std::move(not_text)) { cells_.resize(columns); }

    void begin(const Chunk& chunk) override {
        text_ = chunk.text.view();
        at_ = 0;
        line_ = first_line_ = chunk.begin.line;
        quotes_ = chunk.quotes;
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
        const std::string_view inside = written.substr(1, written.size() - 2);
        set(result, inside.find('"') == std::string_view::npos ? inside : unescaped(inside));
        return result;
    }

    void go_to(std::size_t at, std::uint64_t line) override {
        at_ = at;
        line_ = line;
    }

    bool next(TableRow& row) override { return long_.is_all() ? long_.next(row) : next_within(row, text_.size()); }

private:
    bool all_utf8() {
        if (!all_utf8_) all_utf8_ = simdjson::validate_utf8(text_.data(), text_.size());
        return *all_utf8_;
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
            if (count == 1 && !problem_ && is_blank(row.source)) continue;
            if (row.source.size() > longest_) problem_ = row_too_long(row.source);
            if (!problem_ && !all_utf8()) check_utf8(row.source);
            if (!problem_ && count != columns_) {
                problem_ = malformed({}, fmt::format("本行有{}格，标题行有{}列", count, columns_), fmt::format("this row has {} cells, the header {} columns", count, columns_));
            }
            if (problem_) {
                if (problem_->found.empty()) problem_->found = all_utf8() ? clipped(row.source) : as_text(row.source);
                row.problem = &*problem_;
            } else {
                row.cells = cells_;
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
            if (found.returns) index_.behind = has_return(index_.ends[index_.feeds[0] + 1]) ? 1 : 0;
            index_.rows.resize(found.feeds);
            index_.lines.resize(found.feeds);
            if (reader_.quotes_ || found.lone_returns || !reader_.all_utf8() || columns_ == 1) {
                all_lines(found, [&](std::uint32_t begin, std::uint32_t end) { return !is_plain(begin, end); });
            } else if (found.returns) {
                all_lines(found, [&](std::uint32_t, std::uint32_t end) { return has_return(end) != (index_.behind == 1); });
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
            if (has_return(end) != (index_.behind == 1) || cells.find_first_of("\"\r") != std::string_view::npos) return false;
            return !(columns_ == 1 && is_blank(line)) && (reader_.all_utf8() || simdjson::validate_utf8(line.data(), line.size()));
        }

        void all_lines(const Ends& found, auto is_odd) {
            std::uint32_t first = 0;  // where the line's cells begin in `ends`
            for (std::uint32_t line = 0; line < found.feeds; ++line) {
                const std::uint32_t last = index_.feeds[line] + 1;
                const std::uint32_t begin = index_.ends[first] + 1, end = index_.ends[last];
                if (last - first != columns_ || begin < behind_odd_ || is_odd(begin, end)) {
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
                for (std::uint32_t i = 0; i < columns_; ++i) ends[i + 1] = i + 1 < columns_ ? begin + row.cells[i + 1].at - 1 : begin + static_cast<std::uint32_t>(row.source.size()) + index_.behind;
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
    };

    // Takes one row's cells; how many there are. What stands beyond the header's columns is only counted.
    std::size_t cells() {
        const std::size_t begin = at_;
        std::size_t count = 0;
        unescaped_.clear();
        while (true) {
            TableCell cell;
            cell.at = static_cast<std::uint32_t>(at_ - begin);
            if (at_ < text_.size() && text_[at_] == '"') {
                quoted(cell, begin);
            } else {
                plain(cell);
            }
            if (count < columns_) cells_[count] = cell;
            ++count;
            end_of_row_ = at_;
            if (at_ >= text_.size()) break;
            if (text_[at_] == separator_) {
                ++at_;
                continue;
            }
            if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
            ++at_;
            ++line_;
            break;
        }
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
        const auto is_small = [](char c) { return static_cast<unsigned char>(c) <= ' '; };
        if (!text.empty() && (is_small(text.front()) || is_small(text.back()))) text = trimmed(text);
        cell.text = text;
        cell.kind = text.empty() ? NodeKind::Absent : text.size() == 1 && text.front() == '?' ? NodeKind::Null : NodeKind::Plain;
    }

    void refuse(std::size_t at, std::size_t begin, const char* chinese, const char* english) {
        if (problem_) return;
        problem_ = malformed({0, column_at(text_.substr(begin, at - begin), at - begin)}, chinese, english);
    }

    void quoted(TableCell& cell, std::size_t begin) {
        const std::size_t open = at_;
        const std::size_t closed = behind_closing_quote(text_, open);
        if (closed == std::string_view::npos || closed - begin > longest_) {
            refuse(open, begin, "引号没有配对", "this quote is not closed");
            at_ = end_of_line(open);
            return;
        }
        const std::string_view inside = text_.substr(open + 1, closed - open - 2);
        line_ += static_cast<std::uint64_t>(std::count(inside.begin(), inside.end(), '\n'));
        set(cell, inside.find('"') == std::string_view::npos ? inside : unescaped(inside));
        at_ = closed;
        if (at_ >= text_.size() || text_[at_] == separator_ || text_[at_] == '\n' || text_[at_] == '\r') return;
        refuse(at_, begin, "引号之后应为分隔符或换行", "a separator or the end of the line was expected after the quote");
        at_ = end_of_plain();
    }

    std::size_t end_of_line(std::size_t at) const {
        const std::size_t end = text_.find('\n', at);
        if (end == std::string_view::npos) return text_.size();
        return end > at && text_[end - 1] == '\r' ? end - 1 : end;
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
        problem_ = malformed({0, column_at(row, *invalid)}, not_text_.chinese, "this " + not_text_.english);
        problem_->found = as_text(row);
    }

    std::size_t columns_;
    char separator_;
    std::size_t longest_;  // row
    NotText not_text_;
    std::string_view text_;
    std::size_t at_ = 0, end_of_row_ = 0;
    std::uint64_t line_ = 1, first_line_ = 1;
    std::optional<bool> all_utf8_;  // whether the whole text is, once that was asked
    bool quotes_ = true;
    LongRow long_;
    std::vector<TableCell> cells_;
    std::vector<std::unique_ptr<std::string>> unescaped_;
    std::optional<Problem> problem_;
};

// Rows that a chunk holds are counted by the thread that takes it apart; the position counts lines only.
class CsvTable : public TextTable {
public:
    CsvTable(std::unique_ptr<ByteStream> stream, const TableOptions& options) : TextTable(std::move(stream), options, "\r\n") {}

    bool open(std::optional<char> separator, std::vector<Problem>& problems) {
        if (!fill(rest_, 1) && rest_.empty()) return refuse_opening(problems, {}, "输入是空的", "the input is empty");
        skip_separator_line(separator);
        separator_ = separator ? *separator : guess_separator();
        while (RowEnds(rest_.view(), separator_, ended_, options_.longest_row).last() == 0 && !ended_ && rest_.size() <= options_.longest_row) (void)fill(rest_, rest_.size() + 1);
        if (rest_.size() > options_.longest_row && end_of_rows(rest_.view(), true) == 0) {
            return refuse_opening(problems, {static_cast<std::uint32_t>(position_.line), 0}, "标题行超过1 MiB：这不是CSV表格", "the header is longer than 1 MiB: the input is no table in CSV");
        }
        return read_header(problems);
    }

    std::unique_ptr<RowReader> reader() const override { return std::make_unique<CsvReader>(header_.size(), separator_, options_.longest_row, NotText(stream_->turned_from())); }

protected:
    // Where nothing but returns ends lines, as of old on a Macintosh, the last of them does, unless it may be half of a line end.
    std::size_t end_of_rows(std::string_view text, bool quotes) const override {
        const std::size_t end = quotes ? RowEnds(text, separator_, false, options_.longest_row).last() : text.rfind('\n') + 1;
        if (end > 0 || text.size() <= options_.longest_row) return end;
        const std::string_view plain = text.substr(0, std::min(text.size() - 1, text.find('"')));
        return plain.rfind('\r') + 1;
    }

private:
    bool refuse_opening(std::vector<Problem>& problems, Place place, const char* chinese, const char* english) {
        if (failure_) {
            problems.push_back(*failure_);
        } else {
            problems.push_back(malformed(place, chinese, english));
        }
        return false;
    }

    // Excel reads a first line `sep=;` as an order and not as a row.
    void skip_separator_line(std::optional<char>& separator) {
        (void)fill(rest_, 8);
        const std::string_view text = rest_.view();
        if (!text.starts_with("sep=") || text.size() < 6) return;
        std::size_t end = 5;
        if (text[end] == '\r') ++end;
        if (end >= text.size() || text[end] != '\n') return;
        separator = text[4];
        rest_.erase_front(end + 1);
        position_ = {end + 1, 2, 0};
    }

    // The one that occurs most often in the first line, outside quotes.
    char guess_separator() {
        (void)fill(rest_, 64 * 1024);
        constexpr std::array<char, 3> separators{',', '\t', ';'};
        std::array<std::size_t, 3> counts{};
        bool in_quotes = false;
        for (const char c : rest_.view()) {
            if (c == '"') in_quotes = !in_quotes;
            if (in_quotes) continue;
            if (c == '\n') break;
            for (std::size_t i = 0; i < separators.size(); ++i) counts[i] += c == separators[i];
        }
        return separators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
    }

    bool read_header(std::vector<Problem>& problems) {
        HeaderReader reader(separator_, NotText(stream_->turned_from()));
        std::size_t end = 0;
        if (!reader.read(rest_.view(), position_.line, header_, end, problems)) return false;
        position_.offset += end;
        position_.line += lines_in(rest_.view().substr(0, end));
        rest_.erase_front(end);
        return true;
    }

    // The first row, whose number of cells is what every other row is held to.
    class HeaderReader {
    public:
        HeaderReader(char separator, NotText not_text) : separator_(separator), not_text_(std::move(not_text)) {}
        bool read(std::string_view text, std::uint64_t line, std::vector<std::string>& header, std::size_t& end, std::vector<Problem>& problems) const {
            std::size_t at = 0;
            while (true) {
                const std::size_t begin = at;
                std::string name;
                if (at < text.size() && text[at] == '"') {
                    const std::size_t closed = behind_closing_quote(text, at);
                    if (closed == std::string_view::npos) {
                        problems.push_back(malformed({static_cast<std::uint32_t>(line), column_at(text.substr(0, at), at)}, "引号没有配对", "this quote is not closed"));
                        return false;
                    }
                    for (std::size_t i = at + 1; i + 1 < closed; ++i) {
                        name += text[i];
                        if (text[i] == '"') ++i;
                    }
                    at = closed;
                }
                while (at < text.size() && text[at] != separator_ && text[at] != '\n' && text[at] != '\r') name += text[at++];
                const std::string_view shown = trimmed(name);
                if (text::first_invalid(shown)) {
                    problems.push_back(malformed({static_cast<std::uint32_t>(line), 0}, "标题行" + not_text_.chinese, "the header " + not_text_.english));
                    return false;
                }
                if (shown.empty()) {
                    problems.push_back(malformed({static_cast<std::uint32_t>(line), column_at(text.substr(0, begin), begin)}, "标题行的这一列没有名称", "this column of the header has no name"));
                    return false;
                }
                if (header.size() == most_columns) {
                    problems.push_back(too_many_columns(line));
                    return false;
                }
                header.emplace_back(shown);
                if (at >= text.size()) break;
                if (text[at] == separator_) {
                    ++at;
                    continue;
                }
                if (text[at] == '\r' && at + 1 < text.size() && text[at + 1] == '\n') ++at;
                ++at;
                break;
            }
            end = at;
            return true;
        }

    private:
        char separator_;
        NotText not_text_;
    };

    char separator_ = ',';
};

}  // namespace

std::unique_ptr<Table> open_csv(std::unique_ptr<ByteStream> stream, std::optional<char> separator, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<CsvTable>(std::move(stream), options);
    if (!table->open(separator, problems)) return nullptr;
    return table;
}

std::uint32_t column_at(std::string_view row, std::size_t at) {
    return static_cast<std::uint32_t>(text::code_point_count(row.substr(0, std::min(at, row.size())))) + 1;
}

}  // namespace eligo::io
