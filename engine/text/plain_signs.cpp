#include "plain_signs.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "../value/visible_text.hpp"
#include "utf8.hpp"

namespace eligo::text {
namespace {

struct Sign {
    char32_t habit;
    std::string_view plain;
};

// Signs outside the block of full-width ASCII (U+FF01 to U+FF5E), which is translated by its order.
constexpr std::array<Sign, 25> signs{{
    {U'、', ","}, {U'【', "["}, {U'】', "]"}, {U'〔', "("}, {U'〕', ")"}, {U'｟', "("}, {U'｠', ")"},
    {U'≥', ">="}, {U'≧', ">="}, {U'⩾', ">="}, {U'≤', "<="}, {U'≦', "<="}, {U'⩽', "<="}, {U'≠', "!="},
    {U'×', "*"}, {U'÷', "/"}, {U'−', "-"}, {U'–', "-"}, {U'—', "-"}, {U'‐', "-"}, {U'‑', "-"},
    {U'…', ".."}, {U'～', ".."}, {U'〜', ".."}, {U'∼', ".."},
}};

// The plain spelling of a sign typed by habit; nothing for every other character.
std::optional<std::string> plain_spelling(char32_t point) {
    if (point < 0x80) return std::nullopt;
    const auto found = std::find_if(signs.begin(), signs.end(), [&](const Sign& each) { return each.habit == point; });
    if (found != signs.end()) return std::string(found->plain);
    if (point >= 0xFF01 && point <= 0xFF5E) return std::string(1, static_cast<char>(point - 0xFF01 + 0x21));
    return std::nullopt;
}

bool is_unusual_space(char32_t point) {
    return point == 0x3000 || point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200B) || point == 0x2028 ||
           point == 0x2029 || point == 0x202F || point == 0x205F || point == 0x3164 || point == 0xFEFF;
}

bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\r';
}

// Characters that must stay side by side to keep their meaning: a number with its point and unit, a date, a name; or
// the two halves of `>=`.
enum class Kin : std::uint8_t { None, Word, Comparison };

Kin kin(char32_t point) {
    const auto plain = plain_spelling(point);
    const char32_t sign = plain && plain->size() == 1 ? static_cast<char32_t>(static_cast<unsigned char>(plain->front())) : point;
    if (is_name_character(sign) || sign == U'.' || sign == U'%' || sign == U'‰' || sign == U'-') return Kin::Word;
    if (sign == U'=' || sign == U'<' || sign == U'>' || sign == U'!') return Kin::Comparison;
    return Kin::None;
}

bool is_quote(char32_t point) {
    return point == U'"' || point == U'“' || point == U'”' || point == U'＂' || point == U'‘' || point == U'’';
}

bool is_full_quote(char32_t point) {
    return point != U'"' && is_quote(point);
}

bool is_separator_by_habit(char32_t point) {
    return point == U';' || point == U'；' || point == U'。' || point == U'｡';
}

class PlainMaker {
public:
    PlainMaker(std::string_view source, FileId file, Sink& sink) : source_(source), file_(file), sink_(sink) {
        result_.text = std::string(source);
    }

    PlainText run() {
        blank_byte_order_mark();
        while (at_ < source_.size()) step();
        return std::move(result_);
    }

private:
    [[nodiscard]] Span span(std::size_t begin, std::size_t end) const {
        return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }

    void blank(std::size_t begin, std::size_t end) {
        std::fill(result_.text.begin() + static_cast<std::ptrdiff_t>(begin), result_.text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
    }

    // Puts `plain` over [begin, end), which is at least as long: at its beginning, blanks behind it, or at its end.
    enum class Side : std::uint8_t { Front, Back };
    void overwrite(std::size_t begin, std::size_t end, std::string_view plain, Side side) {
        blank(begin, end);
        const std::size_t from = side == Side::Front ? begin : end - plain.size();
        std::copy(plain.begin(), plain.end(), result_.text.begin() + static_cast<std::ptrdiff_t>(from));
    }

    [[nodiscard]] std::size_t line_end(std::size_t from) const { return std::min(source_.find('\n', from), source_.size()); }

    void blank_byte_order_mark() {
        if (!source_.starts_with("\xEF\xBB\xBF")) return;
        blank(0, 3);
        at_ = 3;
    }

    void step() {
        const CodePoint point = decode(source_, at_);
        if (point.value == U'#' || point.value == U'＃') return comment(point);
        if (point.value == U'@' || point.value == U'＠') return citation(point);
        if (is_quote(point.value)) return quotation(point);
        if (is_separator_by_habit(point.value)) return separator(point);
        if (plain_spelling(point.value)) return signs_by_habit();
        if (is_unusual_space(point.value)) return unusual_spaces(point);
        if (!belongs(point.value)) return stray(point);
        if (point.value == U'\r') blank(at_, at_ + 1);
        at_ += point.length;
    }

    static bool belongs(char32_t point) {
        if (point == U'\n' || point == U'\r' || point == U'\t') return true;
        if (point < 0x80) return point >= 0x20 && point != 0x7F;
        return is_name_character(point) || point == U'‰';
    }

    void report_full_width(std::size_t begin, std::size_t end, const std::string& plain) {
        sink_.report(Code::full_width_character, span(begin, end), {std::string(source_.substr(begin, end - begin)), plain})
            .fix_with(span(begin, end), plain);
    }

    void comment(CodePoint sign) {
        if (sign.length > 1) report_full_width(at_, at_ + sign.length, "#");
        const std::size_t end = line_end(at_);
        hidden_within(at_, end);
        blank(at_, end);
        at_ = end;
    }

    // What is read for its words alone is not made plain, but must say what it seems to say. A carriage return belongs to the
    // end of its line.
    void hidden_within(std::size_t begin, std::size_t end) {
        for (std::size_t at = begin; at < end;) {
            const CodePoint point = decode(source_, at);
            const std::size_t from = at;
            do at += point.length;
            while (at < end && decode(source_, at).value == point.value);
            const bool of_line = point.value == U'\t' || (point.value == U'\r' && at == end);
            if (!value::is_hidden(point.value) || of_line) continue;
            sink_.report(value::turns_direction(point.value) ? Code::turned_direction : Code::hidden_character, span(from, at), {code_point_name(point.value)}).fix_with(span(from, at), "");
        }
    }

    // Free text up to the next `@`, brace, `#` or the line's end; a text in it may hold those signs.
    void citation(CodePoint sign) {
        const std::size_t begin = at_;
        if (sign.length > 1) {
            report_full_width(at_, at_ + sign.length, "@");
            overwrite(at_, at_ + sign.length, "@", Side::Front);
        }
        at_ += sign.length;
        const std::size_t end = line_end(at_);
        while (at_ < end && std::string_view("@{}#").find(source_[at_]) == std::string_view::npos) {
            if (source_[at_] == '"') {
                at_ = end_of_quoted_citation(end);
            } else {
                if (source_[at_] == '\r') blank(at_, at_ + 1);
                ++at_;
            }
        }
        hidden_within(begin, at_);
        std::size_t last = at_;
        while (last > begin && is_blank(result_.text[last - 1])) --last;
        result_.opaque.push_back({Opaque::Citation, begin, last});
    }

    [[nodiscard]] std::size_t end_of_quoted_citation(std::size_t end) {
        const std::size_t closing = source_.find('"', at_ + 1);
        if (closing < end) return closing + 1;
        return close_by_force(at_, 1, end).resume;
    }

    // A text in plain or full-width quotes. The signs inside it are its own.
    void quotation(CodePoint opening) {
        const std::size_t begin = at_;
        const std::size_t inside = at_ + opening.length;
        const std::size_t end = line_end(at_);
        const auto closing = find_closing(opening.value, inside, end);
        hidden_within(inside, closing.value_or(end));
        if (is_full_quote(opening.value)) {
            report_full_width(begin, inside, "\"");
            overwrite(begin, inside, "\"", Side::Back);
        }
        if (!closing) {
            const ForcedText forced = close_by_force(begin, opening.length, end);
            if (forced.end > forced.begin) result_.opaque.push_back({Opaque::Text, forced.begin, forced.end});
            at_ = forced.resume;
            return;
        }
        const CodePoint mark = decode(source_, *closing);
        at_ = *closing + mark.length;
        if (is_full_quote(mark.value)) {
            report_full_width(*closing, at_, "\"");
            overwrite(*closing, at_, "\"", Side::Front);
        }
        result_.opaque.push_back({Opaque::Text, inside - 1, *closing + 1});
    }

    // A plain quote is closed by a plain one. A full-width closing quote stands in for it when it has no opening
    // quote of its own inside the text, as in `"中文” | "English"`.
    [[nodiscard]] std::optional<std::size_t> find_closing(char32_t opening, std::size_t inside, std::size_t end) const {
        std::size_t opened_inside = 0;
        for (std::size_t at = inside; at < end;) {
            const CodePoint point = decode(source_, at);
            if (point.value == U'"' || point.value == U'＂') return at;
            if (opening == U'‘' || opening == U'’') {
                if (point.value == U'’') return at;
            } else if (point.value == U'“') {
                ++opened_inside;
            } else if (point.value == U'”') {
                if (opened_inside == 0) return at;
                --opened_inside;
            }
            at += point.length;
        }
        return std::nullopt;
    }

    // Reports the text that begins at `begin` and closes it where it most likely should have been: before a citation,
    // before the brace that ends the line, or at the line's end.
    struct ForcedText {
        std::size_t begin, end;  // the closed text; empty when there was nothing behind the quote
        std::size_t resume;      // where reading goes on in the source
    };
    ForcedText close_by_force(std::size_t begin, std::size_t quote_length, std::size_t end) {
        const std::size_t inside = begin + quote_length;
        const std::size_t stop = likely_end(inside, end);
        sink_.report(Code::unclosed_text, span(begin, inside)).fix_with(span(stop, stop), "\"");
        if (stop == inside) {
            blank(begin, inside);
            return {begin, begin, inside};
        }
        if (stop < source_.size() && is_blank(source_[stop])) {
            result_.text[stop] = '"';
            return {inside - 1, stop + 1, stop + 1};
        }
        std::size_t last = stop - 1;
        while ((static_cast<unsigned char>(source_[last]) & 0xC0U) == 0x80U) --last;
        overwrite(last, stop, "\"", Side::Front);
        return {inside - 1, last + 1, stop};
    }

    [[nodiscard]] std::size_t likely_end(std::size_t inside, std::size_t end) const {
        std::size_t stop = std::min(source_.find(" @", inside), end);
        const auto skip_blanks = [&] {
            while (stop > inside && is_blank(source_[stop - 1])) --stop;
        };
        skip_blanks();
        if (stop > inside && source_[stop - 1] == '{') --stop;
        skip_blanks();
        return stop;
    }

    // Nothing is needed where a line, or what stands in braces, ends; elsewhere a comma is what was meant.
    void separator(CodePoint sign) {
        const std::size_t end = at_ + sign.length;
        const std::string shown(source_.substr(at_, sign.length));
        if (ends_the_line(end)) {
            sink_.report(Code::needless_line_end_sign, span(at_, end), {shown}).fix_with(span(at_, end), "");
            blank(at_, end);
        } else {
            sink_.report(Code::semicolon_for_comma, span(at_, end), {shown}).fix_with(span(at_, end), ",");
            overwrite(at_, end, ",", Side::Front);
        }
        at_ = end;
    }

    [[nodiscard]] bool ends_the_line(std::size_t from) const {
        while (from < source_.size()) {
            const CodePoint point = decode(source_, from);
            if (point.value == U'\n' || point.value == U'#' || point.value == U'}') return true;
            const bool passes = is_blank(source_[from]) || is_unusual_space(point.value) || is_separator_by_habit(point.value);
            if (!passes) return false;
            from += point.length;
        }
        return true;
    }

    // A sign typed by habit and all its kin behind it are written anew side by side: `１２万元`, `2018－01－01`, `！=`.
    // The blanks that are left over go to the side where no kin stands.
    void signs_by_habit() {
        const std::size_t begin = at_;
        const Kin family = kin(decode(source_, at_).value);
        std::string plain;
        while (at_ < source_.size()) {
            const CodePoint point = decode(source_, at_);
            if (at_ != begin && (family == Kin::None || kin(point.value) != family)) break;
            if (plain_spelling(point.value)) {
                plain += habit_run(family);
            } else {
                plain += source_.substr(at_, point.length);
                at_ += point.length;
            }
        }
        const bool kin_before = begin > 0 && family != Kin::None && kin_of_character_before(begin) == family;
        overwrite(begin, at_, plain, family == Kin::None || kin_before ? Side::Front : Side::Back);
    }

    // Reads adjacent signs typed by habit that are kin, and reports them as one.
    std::string habit_run(Kin family) {
        const std::size_t begin = at_;
        std::string plain;
        while (at_ < source_.size()) {
            const CodePoint point = decode(source_, at_);
            const auto spelling = plain_spelling(point.value);
            const bool goes_on = at_ == begin || (family != Kin::None && spelling && kin(point.value) == family);
            if (!goes_on) break;
            plain += *spelling;
            at_ += point.length;
        }
        report_full_width(begin, at_, plain);
        return plain;
    }

    [[nodiscard]] Kin kin_of_character_before(std::size_t offset) const {
        std::size_t at = offset - 1;
        while (at > 0 && (static_cast<unsigned char>(source_[at]) & 0xC0U) == 0x80U) --at;
        return kin(decode(source_, at).value);
    }

    void unusual_spaces(CodePoint first) {
        const std::size_t begin = at_;
        while (at_ < source_.size()) {
            const CodePoint point = decode(source_, at_);
            if (point.value != first.value) break;
            at_ += point.length;
        }
        const std::string plain(static_cast<std::size_t>(display_width(source_.substr(begin, at_ - begin))), ' ');
        sink_.report(Code::unusual_space, span(begin, at_), {code_point_name(first.value)}).fix_with(span(begin, at_), plain);
        blank(begin, at_);
    }

    void stray(CodePoint point) {
        const std::size_t end = at_ + point.length;
        const std::string shown = value::is_hidden(point.value) ? "\xEF\xBF\xBD" : std::string(source_.substr(at_, point.length));
        sink_.report(Code::stray_character, span(at_, end), {shown, code_point_name(point.value)});
        blank(at_, end);
        at_ = end;
    }

    std::string_view source_;
    FileId file_;
    Sink& sink_;
    std::size_t at_ = 0;
    PlainText result_;
};

}  // namespace

PlainText make_plain(std::string_view source, FileId file, Sink& sink) {
    return PlainMaker(source, file, sink).run();
}

}  // namespace eligo::text
