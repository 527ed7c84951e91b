#include "csv_rows.hpp"

#include <algorithm>

#include "../vm/spelling.hpp"

namespace eligo::io {
namespace {

constexpr std::size_t none = std::string_view::npos;

bool is_line_end(char c) { return c == '\n' || c == '\r'; }

// Goes through the cells of a row. A quote opens only at the beginning of a cell; anywhere else it is a character like others.
class Walk {
public:
    Walk(std::string_view text, std::size_t at, const CsvShape& shape) : text_(text), at_(at), shape_(shape) {}

    // To the end of the row, or to where a bound or the text ends it.
    void row(std::size_t most_lines) {
        while (true) {
            const std::size_t begin = at_;
            quoted();
            if (is_open || lines > most_lines) return;
            while (!ends_cell(at_)) ++at_;
            count_cell(text_.substr(begin, at_ - begin));
            if (at_ == text_.size() || is_line_end(text_[at_])) return;
            ++at_;
        }
    }
    // The row is a line: a quote that is not closed in it is a character like others.
    void line() {
        while (true) {
            const std::size_t begin = at_;
            const std::size_t closed = begins_quote() ? behind_closing_quote(text_, at_) : none;
            if (closed != none && ends_cell(closed)) at_ = closed;
            while (!ends_cell(at_)) ++at_;
            count_cell(text_.substr(begin, at_ - begin));
            if (at_ == text_.size()) return;
            ++at_;
        }
    }

    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] bool has_its_cells() const { return is_sound && count >= shape_.needed && filled <= shape_.columns; }

    bool is_sound = true;  // behind each closing quote its cell ends
    bool is_open = false;  // the text has ended within quotes
    std::size_t lines = 1, count = 0;
    std::size_t filled = 0;  // up to the last cell that is not blank

private:
    [[nodiscard]] bool begins_quote() const { return at_ < text_.size() && text_[at_] == '"'; }
    [[nodiscard]] bool ends_cell(std::size_t at) const { return at == text_.size() || text_[at] == shape_.separator || is_line_end(text_[at]); }

    void quoted() {
        if (!begins_quote()) return;
        const std::size_t closed = behind_closing_quote(text_, at_);
        is_open = closed == none;
        if (is_open) return;
        const std::string_view cell = text_.substr(at_, closed - at_);
        lines += static_cast<std::size_t>(std::count(cell.begin(), cell.end(), '\n'));
        at_ = closed;
        is_sound = is_sound && ends_cell(at_);
    }

    void count_cell(std::string_view cell) {
        ++count;
        if (count <= shape_.columns || !vm::trimmed(between_quotes(cell)).empty()) filled = count;
    }

    std::string_view text_;
    std::size_t at_;
    const CsvShape& shape_;
};

std::size_t end_of_line(std::string_view text, std::size_t at) { return std::min(text.find_first_of("\r\n", at), text.size()); }

std::size_t behind_line_end(std::string_view text, std::size_t at) {
    if (at < text.size() && text[at] == '\r') ++at;
    return at < text.size() && text[at] == '\n' ? at + 1 : at;
}

// How the lines of a row look, each read by itself. Blank ones count for nothing, as between rows.
struct ByLine {
    bool first_is_row = false;
    std::size_t further = 0, further_rows = 0;

    ByLine(std::string_view row, const CsvShape& shape) {
        for (std::size_t at = 0; at < row.size();) {
            const std::size_t end = end_of_line(row, at);
            const std::string_view line = row.substr(at, end - at);
            const bool is_first = at == 0;
            at = behind_line_end(row, end);
            if (vm::trimmed(line).empty()) continue;
            Walk walk(line, 0, shape);
            walk.line();
            if (is_first) {
                first_is_row = walk.has_its_cells();
            } else {
                ++further;
                if (walk.has_its_cells()) ++further_rows;
            }
        }
    }
};

// A quote opens only at the beginning of a cell; anywhere else it is a character like others, as in `5" pipe`.
bool opens_cell(std::string_view text, std::size_t quote, char separator) { return quote == 0 || text[quote - 1] == separator || is_line_end(text[quote - 1]); }

}  // namespace

std::size_t behind_closing_quote(std::string_view text, std::size_t quote) {
    std::size_t at = quote + 1;
    while (true) {
        at = text.find('"', at);
        if (at == none) return none;
        if (at + 1 >= text.size() || text[at + 1] != '"') return at + 1;
        at += 2;
    }
}

ManyLines judge_lines(std::string_view text, std::size_t begin, const CsvShape& shape, bool is_all) {
    const std::string_view window = text.substr(begin, shape.longest + 1);
    Walk walk(window, 0, shape);
    walk.row(most_lines_of_row);
    if (walk.lines > most_lines_of_row) return {Lines::Spoilt};
    const std::size_t end = walk.is_open ? window.size() : walk.at();
    if (end > shape.longest) return {Lines::Spoilt};
    // A quote that is the last byte may be half of two, and a return half of a line end.
    const bool is_cut = end == window.size() || (window[end] == '\r' && end + 1 == window.size());
    if (!is_all && is_cut) return {Lines::Open};
    if (walk.is_open) return {Lines::Spoilt};
    const ByLine lines(window.substr(0, end), shape);
    // Of a single column every line is a row.
    const bool in_two_ways = shape.columns > 1 && lines.first_is_row && 2 * lines.further_rows > lines.further;
    if (walk.has_its_cells() ? in_two_ways : lines.further_rows > 0) return {Lines::Spoilt};
    return {Lines::One, begin + behind_line_end(window, end)};
}

std::size_t behind_last_row(std::string_view text, const CsvShape& shape) {
    std::size_t end = 0, at = 0, row = 0;  // `row`: where the row at hand begins
    const auto pass = [&](std::size_t up_to) {
        const std::string_view plain = text.substr(at, up_to - at);
        if (const std::size_t feed = plain.rfind('\n'); feed != none) end = at + feed + 1;
        if (const std::size_t last = plain.find_last_of("\r\n"); last != none) row = at + last + 1;
        at = up_to;
    };
    while (true) {
        std::size_t quote = text.find('"', at);
        while (quote != none && !opens_cell(text, quote, shape.separator)) quote = text.find('"', quote + 1);
        if (quote == none) {
            if (const std::size_t feed = text.substr(at).rfind('\n'); feed != none) end = at + feed + 1;
            return end;
        }
        pass(quote);
        const std::size_t closed = behind_closing_quote(text, quote);
        if (closed < text.size() && text.substr(quote, closed - quote).find_first_of("\r\n") == none) {
            at = closed;
            continue;
        }
        const ManyLines many = judge_lines(text, row, shape, false);
        if (many.lines == Lines::Open) return end;
        if (many.lines == Lines::One) {
            at = row = many.end;
            if (text[at - 1] == '\n') end = at;
            continue;
        }
        const std::size_t first = end_of_line(text, row);
        if (first == text.size()) return end;
        at = row = behind_line_end(text, first);
        if (text[at - 1] == '\n') end = at;
    }
}

}  // namespace eligo::io
