// The second half of lay_out: brackets are counted, and newlines that do not end an entry become blanks.
#include "layout.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "look_alike.hpp"
#include "plain_signs.hpp"
#include "utf8.hpp"

namespace eligo::text {
namespace {

enum class TokenKind : std::uint8_t { Word, Text, Citation, Sign, Other };

struct Token {
    TokenKind kind;
    std::size_t begin, end;
};

// Words, single signs, and the stretches that were already set apart: enough to see where entries end.
std::vector<Token> tokens_of(std::string_view text, std::span<const OpaqueStretch> stretches) {
    std::vector<Token> tokens;
    auto opaque = stretches.begin();
    for (std::size_t at = 0; at < text.size();) {
        if (opaque != stretches.end() && opaque->begin == at) {
            tokens.push_back({opaque->kind == Opaque::Text ? TokenKind::Text : TokenKind::Citation, at, opaque->end});
            at = (opaque++)->end;
            continue;
        }
        const CodePoint first = decode(text, at);
        std::size_t end = at + first.length;
        if (is_name_character(first.value)) {
            for (CodePoint next; end < text.size(); end += next.length) {
                next = decode(text, end);
                if (!is_name_character(next.value)) break;
            }
            tokens.push_back({is_name_start(first.value) ? TokenKind::Word : TokenKind::Other, at, end});
        } else if (first.value > U' ') {
            tokens.push_back({first.value < 0x80 ? TokenKind::Sign : TokenKind::Other, at, end});
        }
        at = end;
    }
    return tokens;
}

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 12> words_that_want_more{"and",  "or",   "not",    "in",        "then", "else", "if",
                                                                "where", "when", "unless", "otherwise", "for"};
constexpr std::array<std::string_view, 17> words_that_go_on{"and",  "or",  "then", "else", "where", "when",  "unless", "otherwise", "in",
                                                            "for", "to", "as",   "because", "needs",  "like", "published", "always"};
constexpr std::array<std::string_view, 14> words_that_begin{"import",  "vocabulary", "record",  "policy", "scenario", "table", "parameter",
                                                            "require", "exclude",    "benefit", "let",    "given",    "expect", "authority"};
struct WordPair {
    std::string_view first, second;
};
constexpr std::array<WordPair, 6> pairs_that_begin{
    {{"in", "force"}, {"assessed", "on"}, {"conflicts", "with"}, {"any", "of"}, {"all", "of"}, {"at", "least"}}};

enum class Bracket : std::uint8_t { Round, Square, Brace, Grid, Set };

class EntryMarker {
public:
    EntryMarker(PlainText plain, FileId file, Sink& sink)
        : text_(std::move(plain.text)), file_(file), sink_(sink), tokens_(tokens_of(text_, plain.opaque)) {}

    Layout run() {
        names_of_mixed_scripts();
        for (std::size_t i = 0; i < tokens_.size() && usable_; ++i) {
            if (i > 0) between(i);
            if (tokens_[i].kind == TokenKind::Sign) bracket(i);
        }
        return {std::move(text_), usable_};
    }

private:
    [[nodiscard]] Span span(const Token& token) const { return {file_, static_cast<std::uint32_t>(token.begin), static_cast<std::uint32_t>(token.end)}; }

    // Told once a name, where it is first written.
    void names_of_mixed_scripts() {
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (tokens_[i].kind != TokenKind::Word || is_ascii(spelling(i)) || !seen.insert(spelling(i)).second) continue;
            const auto mixed = mixed_scripts(spelling(i));
            if (!mixed) continue;
            sink_.report(Code::mixed_scripts, span(tokens_[i]),
                         {std::string(spelling(i)), encode(mixed->first), code_point_name(mixed->first), encode(mixed->other), code_point_name(mixed->other)});
        }
    }

    [[nodiscard]] std::string_view spelling(std::size_t i) const {
        return std::string_view(text_).substr(tokens_[i].begin, tokens_[i].end - tokens_[i].begin);
    }
    [[nodiscard]] bool is_sign(std::size_t i, char sign) const {
        return tokens_[i].kind == TokenKind::Sign && text_[tokens_[i].begin] == sign;
    }
    [[nodiscard]] bool is_word(std::size_t i) const { return i < tokens_.size() && tokens_[i].kind == TokenKind::Word; }

    void between(std::size_t next) {
        const std::size_t begin = tokens_[next - 1].end;
        const std::size_t end = tokens_[next].begin;
        const auto from = text_.begin() + static_cast<std::ptrdiff_t>(begin);
        const auto to = text_.begin() + static_cast<std::ptrdiff_t>(end);
        if (std::find(from, to, '\n') == to) return;
        if (ends_entry(next)) {
            entry_ = next;
        } else {
            std::replace(from, to, '\n', ' ');
        }
    }

    // Does the newline between `next - 1` and `next` end an entry?
    bool ends_entry(std::size_t next) {
        // A declaration or clause never begins within another entry: the one before it was left unfinished. Ending it
        // here keeps its mistake from spreading.
        if (begins_declaration(next) || (in_brackets() && is_sign(next, '}'))) {
            leave_brackets();
            return true;
        }
        if (in_brackets()) return false;
        if (within(Bracket::Grid) || is_sign(next - 1, '{')) return true;
        // A citation runs to the end of its line and would swallow anything else.
        if (tokens_[next - 1].kind == TokenKind::Citation) return tokens_[next].kind != TokenKind::Citation && !is_sign(next, '{');
        return !wants_more(next - 1) && !goes_on(next);
    }

    [[nodiscard]] bool begins_declaration(std::size_t i) const {
        if (!is_word(i) || i + 1 >= tokens_.size()) return false;
        const std::string_view word = spelling(i);
        const bool follows_word = is_word(i + 1);
        for (const WordPair& pair : pairs_that_begin) {
            if (follows_word && word == pair.first && spelling(i + 1) == pair.second) return true;
        }
        if (!is_one_of(word, words_that_begin)) return false;
        return tokens_[i + 1].kind == TokenKind::Text || (follows_word && !is_one_of(spelling(i + 1), words_that_go_on));
    }

    // Does the line that ends with this token go on in the next one? An open range (`2016-01-01 ..`, `5 ..<`) does not.
    [[nodiscard]] bool wants_more(std::size_t i) const {
        const Token& token = tokens_[i];
        if (token.kind == TokenKind::Word) return is_one_of(spelling(i), words_that_want_more);
        if (token.kind != TokenKind::Sign) return false;
        const char sign = text_[token.begin];
        if (sign == '<' && token.begin > 0 && text_[token.begin - 1] == '.') return false;
        return std::string_view("+-*/=<>|,:").find(sign) != std::string_view::npos;
    }

    // Does the line that begins with this token belong to the one before? `<..` begins a range, not a comparison; a
    // word before `:` is the name of a field.
    [[nodiscard]] bool goes_on(std::size_t i) const {
        const Token& token = tokens_[i];
        if (token.kind == TokenKind::Text || token.kind == TokenKind::Citation) return true;
        const char after = token.end < text_.size() ? text_[token.end] : '\n';
        if (token.kind == TokenKind::Word) {
            const bool names_field = i + 1 < tokens_.size() && is_sign(i + 1, ':');
            return !names_field && is_one_of(spelling(i), words_that_go_on);
        }
        if (token.kind != TokenKind::Sign) return false;
        const char sign = text_[token.begin];
        if (sign == '<' && after == '.') return false;
        if (sign == '!') return after == '=';
        return std::string_view("+-*/=<>|,:{").find(sign) != std::string_view::npos;
    }

    void bracket(std::size_t i) {
        switch (text_[tokens_[i].begin]) {
            case '(': return open(i, Bracket::Round);
            case '[': return open(i, Bracket::Square);
            case '{': return open_brace(i);
            case ')': return close_plain(Bracket::Round);
            case ']': return close_plain(Bracket::Square);
            case '}': return close_brace(i);
            default: return;
        }
    }

    void open(std::size_t i, Bracket kind) {
        open_.push_back(kind);
        if (open_.size() <= deepest_nesting) return;
        sink_.report(Code::nesting_too_deep, span(tokens_[i]), {std::to_string(deepest_nesting)});
        usable_ = false;
    }

    // The braces behind `of` and `in` hold members; those of a table or parameter hold lines; the others hold entries.
    void open_brace(std::size_t i) {
        const bool set = in_brackets() || (i > 0 && is_word(i - 1) && (spelling(i - 1) == "of" || spelling(i - 1) == "in"));
        if (set) return open(i, Bracket::Set);
        const bool grid = is_word(entry_) && (spelling(entry_) == "table" || spelling(entry_) == "parameter");
        entry_ = i + 1;
        open(i, grid ? Bracket::Grid : Bracket::Brace);
    }

    // A bracket that closes nothing is left for the grammar to tell.
    void close_plain(Bracket kind) {
        if (!open_.empty() && open_.back() == kind) open_.pop_back();
    }

    void close_brace(std::size_t i) {
        while (!open_.empty() && is_plain(open_.back())) open_.pop_back();
        if (open_.empty()) return;
        if (open_.back() != Bracket::Set) entry_ = i + 1;
        open_.pop_back();
    }

    static bool is_plain(Bracket kind) { return kind == Bracket::Round || kind == Bracket::Square; }
    [[nodiscard]] bool within(Bracket kind) const {
        return std::any_of(open_.begin(), open_.end(), [&](Bracket each) { return each == kind; });
    }
    [[nodiscard]] bool in_brackets() const { return within(Bracket::Round) || within(Bracket::Square); }

    void leave_brackets() {
        open_.erase(std::find_if(open_.begin(), open_.end(), is_plain), open_.end());
    }

    std::string text_;
    FileId file_;
    Sink& sink_;
    std::vector<Token> tokens_;
    std::vector<Bracket> open_;
    std::size_t entry_ = 0;  // the token with which the present entry began
    bool usable_ = true;
};

}  // namespace

Layout lay_out(const SourceSet& sources, FileId file, Sink& sink) {
    const std::string_view source = sources.file(file).text();
    if (const auto invalid = first_invalid(source)) {
        const auto at = static_cast<std::uint32_t>(*invalid);
        const std::string name = code_point_name(static_cast<unsigned char>(source[*invalid]));
        sink.report(Code::invalid_utf8, {file, at, at + 1}, {"0x" + name.substr(name.size() - 2)});
        return {std::string(source), false};
    }
    return EntryMarker(make_plain(source, file, sink), file, sink).run();
}

}  // namespace eligo::text
