// CSV and TSV (RFC 4180, and what Excel and WPS write): a byte order mark, CRLF, a first line `sep=;`, separators that are
// `;` or tabs. The thread that cuts chunks finds where rows end; taking cells out of rows is the others' work.
#include <algorithm>
#include <array>
#include <utility>

#include "../text/utf8.hpp"
#include "../vm/spelling.hpp"
#include "csv_reader.hpp"
#include "csv_rows.hpp"
#include "formats.hpp"
#include "table_text.hpp"

namespace eligo::io {
namespace {

// The cells of the row that begins at a place of a text; of any number.
struct HeaderRow {
    struct Name {
        std::string text;
        std::size_t at = 0;
    };
    std::vector<Name> names;
    std::size_t end = 0;
    bool is_cut = false;              // the text ends before it is known to
    std::optional<std::size_t> open;  // the quote that is not closed

    HeaderRow(std::string_view text, std::size_t begin, char separator) : end(begin) {
        while (true) {
            cell(text, separator);
            if (open || end >= text.size() || text[end] != separator) break;
            ++end;
        }
        is_cut = end >= text.size() || (text[end] == '\r' && end + 1 == text.size());
        if (end < text.size() && text[end] == '\r') ++end;
        if (end < text.size() && text[end] == '\n') ++end;
    }

    [[nodiscard]] bool holds_nothing() const {
        return !open && std::all_of(names.begin(), names.end(), [](const Name& name) { return name.text.empty(); });
    }

private:
    void cell(std::string_view text, char separator) {
        const std::size_t begin = end;
        std::string name;
        bool goes_on = false;
        if (end < text.size() && text[end] == '"') {
            const std::size_t closed = behind_closing_quote(text, end);
            if (closed == std::string_view::npos) {
                open = begin;
                end = text.size();
                return;
            }
            for (std::size_t i = end + 1; i + 1 < closed; ++i) {
                name += text[i];
                if (text[i] == '"') ++i;
            }
            goes_on = name.find_first_of("\r\n") != std::string::npos;
            end = closed;
        }
        const std::size_t behind = end;
        while (end < text.size() && text[end] != separator && text[end] != '\n' && text[end] != '\r') name += text[end++];
        // Then it is the first quote of another row that seems to close it.
        if (goes_on && end != behind) open = begin;
        names.push_back({std::string(vm::trimmed(name)), begin});
    }
};

// Rows that a chunk holds are counted by the thread that takes it apart; the position counts lines only.
class CsvTable : public TextTable {
public:
    CsvTable(std::unique_ptr<ByteStream> stream, const TableOptions& options) : TextTable(std::move(stream), options, "\r\n") {}

    bool open(std::optional<char> separator, std::vector<Problem>& problems) {
        if (!fill(rest_, 1) && rest_.empty()) return refuse_opening(problems, {}, "输入是空的", "the input is empty");
        skip_separator_line(separator);
        shape_.separator = separator ? *separator : guess_separator();
        shape_.longest = options_.longest_row;
        return read_header(problems);
    }

    std::unique_ptr<RowReader> reader() const override { return csv_reader(shape_, width_, NotText(stream_->turned_from())); }

protected:
    // Where nothing but returns ends lines, as of old on a Macintosh, the last of them does, unless it may be half of a line end.
    std::size_t end_of_rows(std::string_view text, bool quotes) const override {
        const std::size_t end = quotes ? behind_last_row(text, shape_) : text.rfind('\n') + 1;
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

    // The one that occurs most often in the first line in which anything stands, outside quotes.
    char guess_separator() {
        (void)fill(rest_, 64 * 1024);
        constexpr std::array<char, 3> separators{',', '\t', ';'};
        std::array<std::size_t, 3> counts{};
        bool in_quotes = false, is_blank = true;
        for (const char c : rest_.view()) {
            if (c == '"') in_quotes = !in_quotes;
            const bool is_separator = std::find(separators.begin(), separators.end(), c) != separators.end();
            is_blank = is_blank && (is_separator || c == ' ' || c == '\r' || c == '\n');
            if (in_quotes) continue;
            if (c == '\n' && !is_blank) break;
            if (c == '\n') counts = {};
            for (std::size_t i = 0; i < separators.size(); ++i) counts[i] += c == separators[i];
        }
        return separators[static_cast<std::size_t>(std::max_element(counts.begin(), counts.end()) - counts.begin())];
    }

    // The first row in which anything stands names the columns.
    bool read_header(std::vector<Problem>& problems) {
        std::size_t at = 0;
        while (true) {
            const HeaderRow row(rest_.view(), at, shape_.separator);
            if (row.is_cut && !ended_) {
                pass_over(std::exchange(at, 0));
                if (rest_.size() <= options_.longest_row) {
                    (void)fill(rest_, rest_.size() + 1);
                    if (failure_) return refuse_opening(problems, {}, "", "");
                    continue;
                }
                return refuse_opening(problems, {static_cast<std::uint32_t>(position_.line), 0}, "标题行超过1 MiB：这不是CSV表格", "the header is longer than 1 MiB: the input is no table in CSV");
            }
            if (!row.holds_nothing()) {
                pass_over(at);
                return name_columns(row, at, problems) && (pass_over(row.end - at), true);
            }
            at = row.end;
            if (at == rest_.size() && ended_) return refuse_opening(problems, {}, "输入中没有内容，只有空行", "nothing stands in the input but blank lines");
        }
    }

    void pass_over(std::size_t bytes) {
        if (bytes == 0) return;
        position_.offset += bytes;
        position_.line += lines_in(rest_.view().substr(0, bytes));
        rest_.erase_front(bytes);
    }

    // Columns at the end that have no name are none, as long as nothing stands in them.
    bool name_columns(const HeaderRow& row, std::size_t begin, std::vector<Problem>& problems) {
        const auto refuse = [&](std::size_t at, const char* chinese, const char* english) {
            const std::string_view before = rest_.view().substr(0, at - begin);
            problems.push_back(malformed({static_cast<std::uint32_t>(position_.line), column_at(before, before.size())}, chinese, english));
            return false;
        };
        if (row.open) return refuse(*row.open, "引号没有配对", "this quote is not closed");
        width_ = row.names.size();
        std::size_t named = width_;
        while (row.names[named - 1].text.empty()) --named;
        for (std::size_t i = 0; i < named; ++i) {
            const HeaderRow::Name& name = row.names[i];
            if (text::first_invalid(name.text)) {
                const NotText not_text(stream_->turned_from());
                problems.push_back(malformed({static_cast<std::uint32_t>(position_.line), 0}, "标题行" + not_text.chinese, "the header " + not_text.english));
                return false;
            }
            if (name.text.empty()) return refuse(name.at, "标题行的这一列没有名称", "this column of the header has no name");
            if (i == most_columns) {
                problems.push_back(too_many_columns(position_.line));
                return false;
            }
            header_.push_back(name.text);
        }
        shape_.needed = options_.least_cells > 0 ? std::min(options_.least_cells, header_.size()) : header_.size();
        if (header_.size() < options_.least_columns) header_.resize(options_.least_columns);
        shape_.columns = header_.size();
        width_ = std::max(width_, shape_.columns);
        return true;
    }

    CsvShape shape_;
    std::size_t width_ = 0;  // columns with those at the end that have no name
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
