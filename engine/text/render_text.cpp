// A diagnostic as a person sees it in a terminal:
//
//   rules/shanghai/angel.policy:31:18: error: money compared with a number [E0302]
//      31 |   require small  revenue[-1] <= 500万
//         |                  ^^^^^^^^^^^    ^^^^^ this is the number 5000000
//         |                  this is money
//         = write 500万元 for an amount of money
//
// The column in the first line counts code points; carets are placed by display width. Tested by text_test.cpp.
#include "diagnostic.hpp"

#include <algorithm>
#include <iterator>

#include "utf8.hpp"

namespace eligo::text {
namespace {

constexpr std::size_t tab_stop = 4;
constexpr std::size_t number_width = 5;

using value::Paint;
using value::VisibleText;

// A line of source as it is printed, and the cell at which each of its bytes begins.
struct Laid {
    VisibleText shown;
    std::vector<std::size_t> cells;  // one a byte, and one for the end of the line
};

Laid lay(std::string_view line) {
    Laid laid;
    std::size_t cell = 0;
    for (std::size_t at = 0; at < line.size();) {
        const CodePoint point = decode(line, at);
        laid.cells.insert(laid.cells.end(), point.length, cell);
        const VisibleText piece = line[at] == '\t' ? VisibleText(std::string(tab_stop - cell % tab_stop, ' ')) : VisibleText(line.substr(at, point.length));
        laid.shown += piece;
        cell += display_width(piece.text());
        at += point.length;
    }
    laid.cells.push_back(cell);
    return laid;
}

// What is shown of a line: all of it, or a stretch around a place of it.
struct Window {
    std::string text;
    std::uint32_t begin = 0;  // in the file, of the first byte of `text`
};

constexpr std::size_t longest_line = 400;       // bytes
constexpr std::size_t shown_before = 120;
constexpr std::string_view left_out = "…";

std::size_t at_code_point(std::string_view text, std::size_t at) {
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

std::string clipped(std::string_view label) {
    constexpr std::size_t longest = 300;
    if (label.size() <= longest) return std::string(label);
    return std::string(label.substr(0, at_code_point(label, longest))).append(left_out);
}

// A line may be as long as the file; carets under its ten-thousandth cell would tell nobody anything.
Window window_of(std::string_view line, std::uint32_t line_begin, std::uint32_t place) {
    if (line.size() <= longest_line) return {std::string(line), line_begin};
    const std::size_t within = std::min<std::size_t>(place - line_begin, line.size());
    const std::size_t first = at_code_point(line, within > shown_before ? within - shown_before : 0);
    const std::size_t end = at_code_point(line, std::min(first + longest_line, line.size()));
    const std::string_view front = first > 0 ? left_out : std::string_view{};
    const std::string_view back = end < line.size() ? left_out : std::string_view{};
    Window window{std::string(front).append(line.substr(first, end - first)).append(back), 0};
    window.begin = line_begin + static_cast<std::uint32_t>(first - std::min(first, front.size()));
    return window;
}

// One underlined stretch of a line with the text that belongs to it.
struct Mark {
    Span span;
    std::string label;
    bool primary = false;
    std::size_t begin = 0, end = 0;  // cells
};

// All marks of one line of one file.
struct Block {
    FileId file = no_file;
    std::uint32_t line = 0;
    std::vector<Mark> marks;
};

class TextRenderer {
public:
    TextRenderer(const SourceSet& sources, const Diagnostic& diagnostic, Language language, Color color)
        : sources_(sources), diagnostic_(diagnostic), language_(language), color_(color) {}

    VisibleText render() {
        headline();
        const std::vector<Block> blocks = gather();
        for (const Block& each : blocks) block(each);
        help_line();
        return std::move(output_);
    }

private:
    [[nodiscard]] Severity severity() const { return wording(diagnostic_.code).severity; }
    [[nodiscard]] Paint severity_paint() const { return severity() == Severity::Error ? Paint::BoldRed : Paint::BoldYellow; }
    [[nodiscard]] VisibleText painted(Paint paint, const VisibleText& text) const { return text.painted(paint, color_); }
    [[nodiscard]] bool known(Span span) const { return span.exists() && span.file < sources_.size(); }
    [[nodiscard]] std::string_view pick(std::string_view english, std::string_view chinese) const {
        return language_ == Language::Chinese ? chinese : english;
    }

    [[nodiscard]] std::string place(Span span) const {
        const SourceFile& file = sources_.file(span.file);
        const Position position = file.position(span.begin);
        return file.path() + ":" + std::to_string(position.line) + ":" + std::to_string(position.column);
    }

    void headline() {
        if (known(diagnostic_.span)) output_ += painted(Paint::Bold, place(diagnostic_.span) + ":") + " ";
        const std::string_view word = severity() == Severity::Error ? pick("error", "错误") : pick("warning", "警告");
        output_ += painted(severity_paint(), std::string(word) + ":") + " ";
        output_ += painted(Paint::Bold, message(diagnostic_, language_));
        output_ += " [" + std::string(wording(diagnostic_.code).number) + "]";
        output_.end_line();
    }

    // The primary's line first, then the other lines in the order in which they were named.
    [[nodiscard]] std::vector<Block> gather() const {
        std::vector<Block> blocks;
        const auto add = [&](Span span, std::string_view label, bool primary) {
            if (!known(span)) return;
            const std::uint32_t line = sources_.file(span.file).position(span.begin).line;
            auto found = std::find_if(blocks.begin(), blocks.end(),
                                      [&](const Block& each) { return each.file == span.file && each.line == line; });
            if (found == blocks.end()) found = blocks.insert(blocks.end(), Block{span.file, line, {}});
            found->marks.push_back({span, clipped(label), primary});
        };
        add(diagnostic_.span, pick(diagnostic_.english, diagnostic_.chinese), true);
        for (const PlaceLabel& each : diagnostic_.places) add(each.span, pick(each.english, each.chinese), false);
        return blocks;
    }

    void block(Block each) {
        const bool told_above = std::any_of(each.marks.begin(), each.marks.end(), [](const Mark& mark) { return mark.primary; });
        if (!told_above) (output_ += painted(Paint::Blue, "     -->") + " " + place(each.marks.front().span)).end_line();
        const SourceFile& file = sources_.file(each.file);
        const Window window = window_of(file.line(each.line), file.line_begin(each.line), each.marks.front().span.begin);
        const Laid laid = lay(window.text);
        measure(each, laid, window.begin);
        const std::string number = std::to_string(each.line);
        const std::string padding(number.size() < number_width ? number_width - number.size() : 0, ' ');
        output_ += painted(Paint::Blue, padding + number + " |");
        if (!laid.shown.empty()) output_ += " " + laid.shown;
        output_.end_line();
        carets(each.marks);
    }

    // From bytes to cells; a mark ends with its line and has at least one caret.
    static void measure(Block& each, const Laid& laid, std::uint32_t begin) {
        const std::size_t last = laid.cells.size() - 1;
        const auto cell = [&](std::uint32_t offset) { return laid.cells[std::min<std::size_t>(offset - std::min(offset, begin), last)]; };
        for (Mark& mark : each.marks) {
            mark.begin = cell(mark.span.begin);
            mark.end = std::max(cell(mark.span.end), mark.begin + 1);
        }
        std::stable_sort(each.marks.begin(), each.marks.end(),
                         [](const Mark& left, const Mark& right) { return left.begin < right.begin; });
    }

    [[nodiscard]] Paint mark_paint(const Mark& mark) const { return mark.primary ? severity_paint() : Paint::BoldCyan; }

    [[nodiscard]] VisibleText gutter(const char* sign) const {
        return painted(Paint::Blue, std::string(number_width + 1, ' ') + sign) + " ";
    }

    // Under the line the carets and, beside the last of them, its label; below, the other labels from right to
    // left, each under the first caret of its mark, with strokes leading to those still to come.
    void carets(const std::vector<Mark>& marks) {
        VisibleText row = gutter("|");
        std::size_t cell = 0;
        std::size_t last = 0;
        for (std::size_t i = 0; i < marks.size(); ++i) {
            if (marks[i].end >= marks[last].end) last = i;
            const std::size_t begin = std::max(cell, marks[i].begin);
            if (marks[i].end <= begin) continue;
            row += std::string(begin - cell, ' ');
            row += painted(mark_paint(marks[i]), std::string(marks[i].end - begin, '^'));
            cell = marks[i].end;
        }
        if (!marks[last].label.empty()) row += " " + painted(mark_paint(marks[last]), marks[last].label);
        (output_ += row).end_line();
        for (std::size_t i = marks.size(); i-- > 0;) {
            if (i != last && !marks[i].label.empty()) label_row(marks, i, last);
        }
    }

    void label_row(const std::vector<Mark>& marks, std::size_t shown, std::size_t beside) {
        VisibleText row = gutter("|");
        std::size_t cell = 0;
        for (std::size_t i = 0; i < shown; ++i) {
            const bool waits = i != beside && !marks[i].label.empty() && marks[i].begin < marks[shown].begin;
            if (!waits || marks[i].begin < cell) continue;
            row += std::string(marks[i].begin - cell, ' ');
            row += painted(mark_paint(marks[i]), "|");
            cell = marks[i].begin + 1;
        }
        row += std::string(marks[shown].begin - cell, ' ');
        row += painted(mark_paint(marks[shown]), marks[shown].label);
        (output_ += row).end_line();
    }

    void help_line() {
        const std::string text = help(diagnostic_, language_);
        if (text.empty()) return;
        (output_ += gutter("=") + text).end_line();
    }

    const SourceSet& sources_;
    const Diagnostic& diagnostic_;
    Language language_;
    Color color_;
    VisibleText output_;
};

}  // namespace

VisibleText render_text(const SourceSet& sources, const Diagnostic& diagnostic, Language language, Color color) {
    return TextRenderer(sources, diagnostic, language, color).render();
}

}  // namespace eligo::text
