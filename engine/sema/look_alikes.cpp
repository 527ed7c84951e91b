// Names that readers take for each other, or for a word of the language, though they are spelled with other letters. All
// names of a pack are held against each other: which of them can be meant in a place is not what a reader asks.
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "../syntax/keywords.hpp"
#include "../text/look_alike.hpp"
#include "../text/utf8.hpp"
#include "checking.hpp"

namespace eligo::sema {
namespace {

// Every name that a file declares, in no particular order.
class DeclaredNames {
public:
    explicit DeclaredNames(const syntax::File& file) {
        for (const syntax::Source& source : file.sources) add(source.name);
        for (const syntax::Subject& each : file.subjects) subject(each);
        for (const syntax::Policy& each : file.policies) policy(each);
        for (const syntax::Expr& expr : file.exprs) add(expr.variable);
        entries(file.parameters, file.tables, file.lets);
    }
    [[nodiscard]] const std::vector<const syntax::Name*>& names() const { return names_; }

private:
    void add(const syntax::Name& name) {
        if (!name.text.empty()) names_.push_back(&name);
    }

    void type(const syntax::TypeRef& written) {
        for (const syntax::EnumMember& member : written.members) add(member.name);
    }

    void subject(const syntax::Subject& written) {
        add(written.name);
        for (const syntax::Field& field : written.fields) {
            add(field.name);
            type(field.type);
        }
        entries({}, {}, written.lets);
    }

    void policy(const syntax::Policy& written) {
        add(written.name);
        for (const syntax::Source& source : written.sources) add(source.name);
        for (const syntax::Benefit& benefit : written.benefits) add(benefit.name);
        clauses(written.clauses);
        entries(written.parameters, written.tables, written.lets);
    }

    // No deeper than the grammar lets them nest.
    void clauses(const std::vector<syntax::Clause>& written) {
        for (const syntax::Clause& clause : written) {
            add(clause.name);
            clauses(clause.children);
        }
    }

    void entries(const std::vector<syntax::Parameter>& parameters, const std::vector<syntax::Table>& tables, const std::vector<syntax::Let>& lets) {
        for (const syntax::Parameter& parameter : parameters) {
            add(parameter.name);
            type(parameter.type);
        }
        for (const syntax::Table& table : tables) {
            add(table.name);
            for (const syntax::LetParameter& input : table.parameters) add(input.name);
            for (const syntax::TableResult& result : table.results) add(result.name);
        }
        for (const syntax::Let& let : lets) {
            add(let.name);
            for (const syntax::LetParameter& input : let.parameters) add(input.name);
        }
    }

    std::vector<const syntax::Name*> names_;
};

struct First {
    std::string spelling;
    Span span;  // does not exist for a word of the language
};

// `а` is U+0430
std::string where_it_differs(const std::string& name, const std::string& from) {
    const std::u32string letters = text::code_points(name), others = text::code_points(from);
    const auto [letter, other] = std::mismatch(letters.begin(), letters.end(), others.begin(), others.end());
    if (letter == letters.end()) return {};
    return "`" + text::encode(*letter) + "` " + text::code_point_name(*letter);
}

void report(Checking& checking, const syntax::Name& name, const First& first) {
    auto& told = checking.sink.report(text::Code::names_look_alike, name.span, {name.text, first.spelling});
    const std::string here = where_it_differs(name.text, first.spelling), there = where_it_differs(first.spelling, name.text);
    told.here(here, here);
    if (first.span.exists()) told.also(first.span, there, there);
}

}  // namespace

void check_look_alikes(Checking& checking) {
    std::map<std::u32string, First> by_skeleton;
    std::map<std::string, bool, std::less<>> seen;
    for (const syntax::Keyword& keyword : syntax::keywords()) by_skeleton.emplace(text::skeleton(keyword.spelling), First{std::string(keyword.spelling), {}});
    for (const syntax::File& file : checking.files) {
        const DeclaredNames declared(file);
        for (const syntax::Name* name : declared.names()) {
            checking.sink.spend(2);
            if (!seen.emplace(name->text, true).second) continue;
            const auto [first, is_new] = by_skeleton.try_emplace(text::skeleton(name->text), First{name->text, name->span});
            // `l1` and `ll` are told apart by whoever writes in plain letters.
            const bool plain = text::is_ascii(name->text) && text::is_ascii(first->second.spelling);
            if (!is_new && !plain) report(checking, *name, first->second);
        }
    }
}

}  // namespace eligo::sema
