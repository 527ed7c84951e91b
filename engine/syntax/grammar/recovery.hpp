// The directives of the grammar: building nodes, insisting on what must come, and going on after an error.
//
//   node(kind, p)     what p reads becomes a node
//   chain(kind, p)    the same, but only when p built more than one node: no tower of one-armed operators
//   need(what, p)     there is no other reading: without p it is an error
//   ahead(p)          p comes next; nothing is read
//   nested(p)         counts depth, and refuses what is too deep
//   header(p)         what stands before a `{`: an error in it is told, and the body is read all the same
//   entry(kind, p)    a node that survives errors: told, and resynchronised behind the entry
//   body(...)         `{` entries `}`
//
// An error travels as a C++ exception of this file's own from `need` to the nearest `header` or `entry`, and no
// further. X3's own expectation point is not used: it reports names of parsers, and only behind skipped blanks.
#pragma once

#include "lexical.hpp"

#include "../keywords.hpp"

#include <algorithm>
#include <optional>

namespace eligo::syntax::grammar {

struct Failure {
    Mistake mistake;
    bool told = false;
};

inline Failure failure(const Builder& builder, Iterator first, Missing missing, std::string_view sign = {}) {
    const auto after = builder.offset(first);
    return {{missing, sign, after, static_cast<std::uint32_t>(builder.next(first)), builder.entry}, false};
}

inline void push(Builder& builder, Kind kind, std::size_t begin, Iterator end, std::size_t mark, bool broken = false) {
    const auto from = static_cast<std::uint32_t>(begin);
    const std::uint32_t to = std::max(builder.offset(end), from);
    builder.nodes.push_back({kind, broken, from, to, static_cast<NodeId>(mark)});
}

// What all directives share: they have no attribute, their results are nodes.
template <class Subject, class Derived>
struct Directive : x3::unary_parser<Subject, Derived> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    explicit constexpr Directive(const Subject& inner) : x3::unary_parser<Subject, Derived>(inner) {}
    template <class Context>
    bool read(Iterator& first, const Iterator& last, const Context& context) const {
        return this->subject.parse(first, last, context, x3::unused, x3::unused);
    }
};

enum class Keep : std::uint8_t { Always, WhenSeveral };

template <class Subject>
struct NodeDirective : Directive<Subject, NodeDirective<Subject>> {
    Kind kind;
    Keep keep;
    constexpr NodeDirective(const Subject& inner, Kind what, Keep when)
        : Directive<Subject, NodeDirective<Subject>>(inner), kind(what), keep(when) {}

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        const std::size_t begin = builder.next(first);
        const std::size_t mark = builder.nodes.size();
        if (!this->read(first, last, context)) {
            builder.nodes.resize(mark);
            return false;
        }
        // A lone operand is the last node, and its descendants reach down to where this chain began.
        const bool alone = builder.nodes.size() > mark && builder.nodes.back().first == mark;
        if (keep == Keep::Always || !alone || builder.nodes.back().kind == Kind::Operator) push(builder, kind, begin, first, mark);
        return true;
    }
};

template <class Subject>
struct NeedDirective : Directive<Subject, NeedDirective<Subject>> {
    Missing missing;
    std::string_view sign;
    constexpr NeedDirective(const Subject& inner, Missing what, std::string_view spelling)
        : Directive<Subject, NeedDirective<Subject>>(inner), missing(what), sign(spelling) {}

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        if (!this->read(first, last, context)) throw failure(x3::get<BuilderTag>(context), first, missing, sign);
        return true;
    }
};

template <class Subject>
struct AheadDirective : Directive<Subject, AheadDirective<Subject>> {
    using Directive<Subject, AheadDirective<Subject>>::Directive;

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        const std::size_t mark = builder.nodes.size();
        Iterator scout = first;
        const bool found = this->read(scout, last, context);
        builder.nodes.resize(mark);
        return found;
    }
};

template <class Subject>
struct NestedDirective : Directive<Subject, NestedDirective<Subject>> {
    using Directive<Subject, NestedDirective<Subject>>::Directive;

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        if (builder.depth >= deepest_nesting) throw failure(builder, first, Missing::Shallowness);
        ++builder.depth;  // on an exception, the entry that catches it sets the depth back
        const bool found = this->read(first, last, context);
        --builder.depth;
        return found;
    }
};

enum class Separator : std::uint8_t { Line, LineOrComma };

// The end of the entry in which an error was met: the end of the line or, where commas separate, the comma, but
// only outside brackets that opened since the entry began; or the closing brace of the surrounding body.
inline std::size_t end_of_broken_entry(std::string_view text, std::size_t begin, std::size_t error, Separator separator) {
    int braces = 0;
    int brackets = 0;
    for (std::size_t at = begin; at < text.size();) {
        const char sign = text[at];
        if (sign == '{') ++braces;
        if (sign == '}' && braces == 0) {
            if (at >= error) return at;
        } else if (sign == '}') {
            --braces;
        }
        if (sign == '(' || sign == '[') ++brackets;
        if (sign == ')' || sign == ']') --brackets;
        if (sign == '\n') brackets = 0;
        const bool comma = sign == ',' && separator == Separator::LineOrComma && brackets <= 0;
        if (at >= error && braces == 0 && (sign == '\n' || comma)) return at;
        at = pass_token(text, at);
    }
    return text.size();
}

template <class Subject>
struct EntryDirective : Directive<Subject, EntryDirective<Subject>> {
    Kind kind;
    Separator separator;
    constexpr EntryDirective(const Subject& inner, Kind what, Separator between)
        : Directive<Subject, EntryDirective<Subject>>(inner), kind(what), separator(between) {}

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        const std::size_t begin = builder.next(first);
        const std::size_t mark = builder.nodes.size();
        const std::uint32_t outer = builder.entry;
        const int depth = builder.depth;
        builder.entry = static_cast<std::uint32_t>(begin);
        const bool found = try_entry(first, last, context, builder, begin, mark, depth);
        builder.entry = outer;
        return found;
    }

private:
    template <class Context>
    bool try_entry(Iterator& first, const Iterator& last, const Context& context, Builder& builder, std::size_t begin,
                   std::size_t mark, int depth) const {
        try {
            if (!this->read(first, last, context)) {
                builder.nodes.resize(mark);
                return false;
            }
            push(builder, kind, begin, first, mark);
        } catch (const Failure& met) {
            if (!met.told) builder.mistakes.push_back(met.mistake);
            builder.depth = depth;
            first = builder.at(end_of_broken_entry(builder.text, begin, met.mistake.after, separator));
            push(builder, kind, begin, first, mark, true);
        }
        return true;
    }
};

template <class Subject>
struct HeaderDirective : Directive<Subject, HeaderDirective<Subject>> {
    using Directive<Subject, HeaderDirective<Subject>>::Directive;

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        const int depth = builder.depth;
        try {
            return this->read(first, last, context);
        } catch (Failure& met) {
            if (!met.told) builder.mistakes.push_back(met.mistake);
            met.told = true;
            builder.depth = depth;
            const std::size_t line_end = std::min(builder.text.find('\n', met.mistake.after), builder.text.size());
            const std::size_t brace = builder.text.substr(0, line_end).find('{', met.mistake.after);
            if (brace == npos) throw;
            first = builder.at(brace);
            return true;
        }
    }
};

// What stands between the braces of a body, or in the whole file.
struct Contents {
    Missing what = Missing::Declaration;  // an entry; decides how an unknown beginning is told
    Separator separator = Separator::Line;
    bool braces = true;
};

template <class Head, class Entry>
struct BodyParser : x3::parser<BodyParser<Head, Entry>> {
    using attribute_type = x3::unused_type;
    static constexpr bool has_attribute = false;
    Head head;  // read once, before the first entry: the header of a table
    Entry each;
    Contents contents;
    constexpr BodyParser(const Head& first_entry, const Entry& entry, Contents what)
        : head(first_entry), each(entry), contents(what) {}

    template <class Context, class RuleContext, class Attribute>
    bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext&, Attribute&) const {
        Builder& builder = x3::get<BuilderTag>(context);
        std::size_t brace = npos;
        if (contents.braces) brace = open(first, builder);
        bool after_broken = false;
        bool at_head = true;
        while (true) {
            pass(builder, first);
            pass_separators(first, builder);
            if (pass_stray_brace(first, builder, after_broken)) continue;
            if (at_end(first, builder, brace)) return true;
            const Iterator before = first;
            const bool known = read_entry(first, last, context, builder, at_head) ||
                               read_unknown(first, last, context, builder, after_broken);
            after_broken = !known || builder.nodes.back().broken;
            at_head = false;
            if (first == before) ++first;
        }
    }

private:
    // The `{`, which may stand on the next line. A body without one is taken to be open when its lines are indented
    // more deeply than the line before.
    std::size_t open(Iterator& first, Builder& builder) const {
        const std::string_view text = builder.text;
        const std::size_t next = std::min(text.find_first_not_of(" \t\r\n", builder.offset(first)), text.size());
        if (next < text.size() && text[next] == '{') {
            first = builder.at(next + 1);
            return next;
        }
        const bool rest_of_line = next < text.size() && builder.next(first) == next;
        if (rest_of_line) return pass_rest_of_header(first, builder, next);
        const Failure met = failure(builder, first, Missing::Sign, "{");
        const bool indented = next < text.size() && text[next] != '}' && indentation(text, next) > indentation(text, builder.entry);
        if (!indented) throw met;
        builder.mistakes.push_back(met.mistake);
        return npos;
    }

    // Something that does not belong there stands between the header and its `{`.
    std::size_t pass_rest_of_header(Iterator& first, Builder& builder, std::size_t rest) const {
        const std::size_t line_end = std::min(builder.text.find('\n', rest), builder.text.size());
        const std::size_t brace = builder.text.substr(0, line_end).find('{', rest);
        Failure met = failure(builder, first, brace == npos ? Missing::Sign : Missing::EndOfEntry, "{");
        if (brace == npos) throw met;
        builder.mistakes.push_back(met.mistake);
        first = builder.at(brace + 1);
        return brace;
    }

    static std::size_t indentation(std::string_view text, std::size_t at) {
        const std::size_t line = at == 0 ? npos : text.find_last_of('\n', at - 1);
        const std::size_t begin = line == npos ? 0 : line + 1;
        return skip_blanks(text, begin) - begin;
    }

    void pass_separators(Iterator& first, const Builder& builder) const {
        std::size_t at = builder.next(first);
        const auto separates = [&](char sign) {
            return sign == '\n' || (sign == ',' && contents.separator == Separator::LineOrComma);
        };
        while (at < builder.text.size() && separates(builder.text[at])) {
            first = builder.at(at + 1);
            at = builder.next(first);
        }
    }

    template <class Context>
    bool read_entry(Iterator& first, const Iterator& last, const Context& context, Builder& builder, bool at_head) const {
        const std::size_t mark = builder.nodes.size();
        if (at_head && head.parse(first, last, context, x3::unused, x3::unused)) return true;
        if (each.parse(first, last, context, x3::unused, x3::unused)) return true;
        builder.nodes.resize(mark);
        return false;
    }

    // Outside all bodies a brace closes nothing. One left over by a broken entry is passed over in silence.
    bool pass_stray_brace(Iterator& first, Builder& builder, bool& after_broken) const {
        const std::size_t at = builder.next(first);
        if (contents.braces || at == builder.text.size() || builder.text[at] != '}') return false;
        if (!after_broken) tell(builder, Missing::OpeningBrace, at);
        after_broken = true;
        first = builder.at(at + 1);
        return true;
    }

    bool at_end(Iterator& first, Builder& builder, std::size_t brace) const {
        const std::size_t at = builder.next(first);
        const bool ends = at == builder.text.size();
        if (!contents.braces) return ends;
        if (!ends && builder.text[at] == '}') {
            first = builder.at(at + 1);
            return true;
        }
        if (!ends && !begins_other_declaration(builder.text, at)) return false;
        if (brace != npos) tell(builder, Missing::ClosingBrace, brace);
        return true;
    }

    static void tell(Builder& builder, Missing missing, std::size_t at, std::string_view meant = {}) {
        const auto place = static_cast<std::uint32_t>(at);
        builder.mistakes.push_back({missing, meant, place, place, place});
    }

    // No entry begins here. A misspelt keyword is told and then read as the one that was meant; anything else is
    // told and passed over, in silence when it follows a broken entry, of which it is most likely a part. Answers
    // whether an entry was read after all.
    template <class Context>
    bool read_unknown(Iterator& first, const Iterator& last, const Context& context, Builder& builder, bool after_broken) const {
        const std::size_t at = builder.next(first);
        const std::string_view word = word_at(builder.text, at);
        const auto meant = nearest_opening(word);
        if (!after_broken || meant) tell(builder, contents.what, at, meant.value_or(std::string_view{}));
        if (meant) {
            builder.misspelt_at = at;
            builder.meant = *meant;
            if (each.parse(first, last, context, x3::unused, x3::unused)) return true;
        }
        first = builder.at(end_of_broken_entry(builder.text, at, at, contents.separator));
        return false;
    }

    // A word of the language that stands in the wrong place was not misspelt.
    [[nodiscard]] std::optional<std::string_view> nearest_opening(std::string_view word) const {
        const Role role = opening_role();
        const bool keyword = std::ranges::any_of(keywords(), [&](const Keyword& known) { return known.spelling == word; });
        return role == Reserved || word.empty() || keyword ? std::nullopt : nearest_keyword(word, role);
    }

    [[nodiscard]] Role opening_role() const {
        switch (contents.what) {
            case Missing::Declaration: return OpensDeclaration;
            case Missing::PolicyEntry: return OpensPolicyEntry;
            case Missing::ScenarioEntry: return OpensScenarioEntry;
            default: return Reserved;  // entries of other bodies begin with a name or a value, not with a word
        }
    }
};

template <class Parser>
constexpr auto node(Kind kind, const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return NodeDirective<Subject>(x3::as_parser(parser), kind, Keep::Always);
}
template <class Parser>
constexpr auto chain(Kind kind, const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return NodeDirective<Subject>(x3::as_parser(parser), kind, Keep::WhenSeveral);
}
template <class Parser>
constexpr auto need(Missing missing, const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return NeedDirective<Subject>(x3::as_parser(parser), missing, {});
}
template <class Parser>
constexpr auto need_sign(std::string_view sign, const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return NeedDirective<Subject>(x3::as_parser(parser), Missing::Sign, sign);
}
constexpr auto need(const Word& word) { return NeedDirective<Word>(word, Missing::Sign, word.spelling); }
constexpr auto need(const Sign& sign) { return NeedDirective<Sign>(sign, Missing::Sign, sign.spelling); }
template <class Parser>
constexpr auto ahead(const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return AheadDirective<Subject>(x3::as_parser(parser));
}
template <class Parser>
constexpr auto nested(const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return NestedDirective<Subject>(x3::as_parser(parser));
}
template <class Parser>
constexpr auto header(const Parser& parser) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return HeaderDirective<Subject>(x3::as_parser(parser));
}
template <class Parser>
constexpr auto entry(Kind kind, const Parser& parser, Separator separator = Separator::Line) {
    using Subject = typename x3::extension::as_parser<Parser>::value_type;
    return EntryDirective<Subject>(x3::as_parser(parser), kind, separator);
}
template <class Entry>
constexpr auto body(const Entry& each, Contents contents) {
    return BodyParser<Entry, Entry>(each, each, contents);
}
template <class Head, class Entry>
constexpr auto body(const Head& head, const Entry& each, Contents contents) {
    return BodyParser<Head, Entry>(head, each, contents);
}

}  // namespace eligo::syntax::grammar
