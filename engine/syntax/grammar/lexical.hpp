// The tokens as X3 primitives. Every one of them works alike: pass over blanks, ask a plain function of
// lexemes.hpp where the token ends, and, unlike X3's own primitives, leave the iterator just behind the token
// before when there is none. An error can therefore be told at the place where something is missing.
#pragma once

#include "cst.hpp"

#include "../lexemes.hpp"

#include <boost/spirit/home/x3.hpp>

#include <utility>
#include <vector>

namespace eligo::syntax::grammar {

namespace x3 = boost::spirit::x3;

using Iterator = const char*;

// What the parse writes to; every parser reaches it through the X3 context.
struct Builder {
    std::string_view text;
    std::vector<Node> nodes;
    std::vector<Mistake> mistakes;
    int depth = 0;
    std::uint32_t entry = 0;  // where the innermost entry begins
    const Progress* progress = nullptr;
    std::size_t passed = 0;   // bytes of which `progress` was told

    // A misspelt word at the beginning of an entry, told once and from then on read as the word that was meant.
    std::size_t misspelt_at = npos;
    std::string_view meant;

    [[nodiscard]] std::uint32_t offset(Iterator at) const { return static_cast<std::uint32_t>(at - text.data()); }
    [[nodiscard]] Iterator at(std::size_t offset) const { return text.data() + offset; }
    [[nodiscard]] std::size_t next(Iterator first) const { return skip_blanks(text, offset(first)); }
};

// Tells how far the text was read.
inline void pass(Builder& builder, Iterator at) {
    const std::size_t offset = builder.offset(at);
    if (builder.progress == nullptr || offset <= builder.passed) return;
    const std::size_t before = std::exchange(builder.passed, offset);
    (*builder.progress)(offset - before);
}

struct BuilderTag;

template <class Derived>
struct Token : x3::parser<Derived> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Iterator begin = first;
        x3::skip_over(begin, last, context);
        const Builder& builder = x3::get<BuilderTag>(context);
        const std::size_t end = this->derived().end_of(builder, builder.offset(begin));
        if (end == npos) return false;
        first = builder.at(end);
        return true;
    }
};

// A token whose end a function of lexemes.hpp knows.
template <std::size_t (*Function)(std::string_view, std::size_t)>
struct Lexeme : Token<Lexeme<Function>> {
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const { return Function(builder.text, at); }
};

// A word of the language, never the beginning of a longer one.
struct Word : Token<Word> {
    std::string_view spelling;
    explicit constexpr Word(std::string_view word) : spelling(word) {}
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        if (builder.misspelt_at == at && builder.meant == spelling) return end_of_word(builder.text, at);
        if (!builder.text.substr(at).starts_with(spelling)) return npos;
        const std::size_t end = at + spelling.size();
        return end_of_word(builder.text, end) == end ? end : npos;
    }
};

// Two words with blanks between, taken together or not at all: `as of`, `months from`.
struct WordPair : Token<WordPair> {
    Word first_word, second_word;
    constexpr WordPair(std::string_view first, std::string_view second) : first_word(first), second_word(second) {}
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        const std::size_t middle = first_word.end_of(builder, at);
        return middle == npos ? npos : second_word.end_of(builder, skip_blanks(builder.text, middle));
    }
};

// A sign that is not the beginning of a longer one: `.` but not `..`.
struct Sign : Token<Sign> {
    std::string_view spelling, not_before;
    explicit constexpr Sign(std::string_view sign, std::string_view unless_followed_by = {})
        : spelling(sign), not_before(unless_followed_by) {}
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        if (!builder.text.substr(at).starts_with(spelling)) return npos;
        const std::size_t end = at + spelling.size();
        const bool longer = end < builder.text.size() && not_before.find(builder.text[end]) != npos;
        return longer ? npos : end;
    }
};

struct EndOfText : Token<EndOfText> {
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        return at == builder.text.size() ? at : npos;
    }
};

// Another declaration begins on this line: the braces before it were forgotten, and that has been told.
struct NewDeclaration : Token<NewDeclaration> {
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        const std::size_t before = builder.text.substr(0, at).find_last_not_of(" \t\r");
        const bool begins_line = before == npos || builder.text[before] == '\n';
        return begins_line && begins_other_declaration(builder.text, at) ? at : npos;
    }
};

// Something stands on this line with which a value can begin; used to tell the end of a parameter's period from
// its value.
struct ValueBegins : Token<ValueBegins> {
    [[nodiscard]] std::size_t end_of(const Builder& builder, std::size_t at) const {
        constexpr std::string_view no_value = "\n@}+*/|,";
        const bool ends = at == builder.text.size() || no_value.find(builder.text[at]) != npos;
        return ends ? npos : at;
    }
};

inline constexpr Lexeme<end_of_name> name_token;
inline constexpr Lexeme<end_of_number> number_token;
inline constexpr Lexeme<end_of_digits> count_token;
inline constexpr Lexeme<end_of_date> date_token;
inline constexpr Lexeme<end_of_text> text_token;
inline constexpr Lexeme<end_of_citation> citation_token;
inline constexpr Lexeme<end_of_comparison_sign> comparison_token;
inline constexpr Lexeme<end_of_range_sign> range_token;
inline constexpr EndOfText end_of_file;
inline constexpr ValueBegins value_begins;
inline constexpr NewDeclaration new_declaration;

}  // namespace eligo::syntax::grammar
