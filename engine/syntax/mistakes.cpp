// From "the grammar missed X at Y" to a diagnostic.
#include "mistakes.hpp"

#include "keywords.hpp"
#include "lexemes.hpp"

#include "../text/suggest.hpp"
#include "../value/date.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace eligo::syntax {

namespace {

using grammar::Missing;
using grammar::Mistake;
using text::Code;

class Teller {
public:
    Teller(const Mistake& mistake, std::string_view text, std::string_view source, text::FileId file, text::Sink& sink)
        : mistake_(mistake), text_(text), source_(source), file_(file), sink_(sink) {}

    void run() {
        switch (mistake_.missing) {
            case Missing::EndOfEntry:
            case Missing::EndOfItem: return rest_of_line(Code::unexpected_rest_of_line);
            case Missing::EndOfText: return rest_of_line(Code::expression_has_ended);
            case Missing::Sign: return sign();
            case Missing::Name: return name();
            case Missing::ClauseName: return clause_name();
            case Missing::Condition: return condition();
            case Missing::Expression: return expression();
            case Missing::Type: return plain(Code::expected_type);
            case Missing::Text: return plain(Code::expected_text);
            case Missing::Date: return date();
            case Missing::Count: return plain(Code::whole_number_expected);
            case Missing::Range: return plain(Code::expected_range);
            case Missing::Period: return plain(Code::expected_period);
            case Missing::RangeOrSet: return plain(Code::expected_set_or_range);
            case Missing::TableHeader: return plain(Code::expected_table_header);
            case Missing::Expectation: return plain(Code::expected_expectation);
            case Missing::ExpectedValue: return expected_value();
            case Missing::Given: return plain(Code::expected_given);
            case Missing::ClosingBrace: report(Code::unclosed_bracket, span(mistake_.at, mistake_.at + 1), {"{", "}"}); return;
            case Missing::OpeningBrace: report(Code::unopened_bracket, span(mistake_.at, mistake_.at + 1), {"}"}); return;
            case Missing::Declaration: return opening(Code::expected_declaration);
            case Missing::PolicyEntry: return opening(Code::expected_clause);
            case Missing::SubjectEntry: return opening(Code::expected_field);
            case Missing::ScenarioEntry: return opening(Code::scenario_entry_expected);
            case Missing::Shallowness:
                report(Code::nesting_too_deep, found(), {std::to_string(grammar::deepest_nesting)});
                return;
        }
    }

private:
    [[nodiscard]] text::Span span(std::size_t begin, std::size_t end) const {
        return {file_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    }
    text::Diagnostic& report(Code code, text::Span place, std::vector<std::string> arguments = {}) {
        return sink_.report(code, place, std::move(arguments));
    }

    // The token that stands where something else was looked for; nothing, just behind the token before, at the end
    // of the line.
    [[nodiscard]] text::Span found() const {
        return at_line_end() ? span(mistake_.after, mistake_.after) : next_token();
    }
    [[nodiscard]] std::string found_text() const { return std::string(text_.substr(mistake_.at, found().end - mistake_.at)); }
    [[nodiscard]] text::Span next_token() const { return span(mistake_.at, end_of_any_token(text_, mistake_.at)); }
    [[nodiscard]] bool at_line_end() const {
        return mistake_.at >= text_.size() || source_.substr(mistake_.after, mistake_.at - mistake_.after + 1).find('\n') != npos;
    }
    // Nothing of the entry's own matter follows.
    [[nodiscard]] bool at_entry_end() const {
        return at_line_end() || std::string_view("}{@\"").find(text_[mistake_.at]) != npos;
    }
    [[nodiscard]] std::string_view word() const { return word_at(text_, mistake_.at); }
    [[nodiscard]] std::string_view rest() const { return text_.substr(mistake_.at); }

    void plain(Code code) { report(code, found()); }

    void misspelt(std::size_t begin, std::string_view wrong, std::string_view meant) {
        const text::Span place = span(begin, begin + wrong.size());
        report(Code::misspelt_word, place, {std::string(wrong), std::string(meant)}).fix_with(place, std::string(meant));
    }

    // The word found is most likely the wanted one, misspelt.
    bool misspelt_for(std::string_view wanted) {
        if (word().empty() || wanted.size() < 2) return false;
        const std::array<std::string, 1> known{std::string(wanted)};
        if (!text::nearest(word(), known)) return false;
        misspelt(mistake_.at, word(), wanted);
        return true;
    }

    void sign() {
        const std::string wanted(mistake_.sign);
        if (wanted == "=" && sign_of_other_languages()) return;
        if (wanted == "=" && misspelt_section()) return;
        if ((wanted == ")" || wanted == "]" || wanted == "}") && closing(wanted)) return;
        if (misspelt_for(wanted)) return;
        if (wanted == "then" || wanted == "else") return plain(Code::if_without_else);
        const text::Span behind = span(mistake_.after, mistake_.after);
        text::Diagnostic& told = report(Code::expected, behind, {wanted});
        // Where `:` is missing before `=`, the type behind it is missing too.
        const bool repairs = wanted != ":" || !rest().starts_with("=");
        if (repairs) told.fix_with(behind, " " + wanted);
    }

    bool sign_of_other_languages() {
        const text::Span place = span(mistake_.at, mistake_.at + 2);
        if (rest().starts_with("==")) {
            report(Code::double_equals, place).fix_with(place, "=");
        } else if (rest().starts_with(":=")) {
            report(Code::foreign_operator, place, {":=", "="}).fix_with(place, "=");
        } else {
            return false;
        }
        return true;
    }

    // `expct eligible` behind a `given` looks like one more fact.
    bool misspelt_section() {
        const std::string_view first = word_at(text_, mistake_.entry);
        const auto meant = nearest_keyword(first, OpensScenarioEntry);
        if (!meant || word().empty() || mistake_.entry + first.size() != mistake_.after) return false;
        misspelt(mistake_.entry, first, *meant);
        return true;
    }

    bool closing(const std::string& wanted) {
        if (unit()) return true;
        const std::size_t opening = innermost_opening();
        if (opening == npos) return false;
        if (!at_entry_end()) return wanted != ")" && missing_comma();
        report(Code::unclosed_bracket, span(opening, opening + 1), {std::string(1, text_[opening]), wanted})
            .also(span(mistake_.after, mistake_.after), "", "");
        return true;
    }

    // Another member or element follows at once.
    bool missing_comma() {
        if (word().empty()) return false;
        const text::Span behind = span(mistake_.after, mistake_.after);
        report(Code::expected, behind, {","}).fix_with(behind, ",");
        return true;
    }

    // The last bracket of the entry that is still open where the mistake is.
    [[nodiscard]] std::size_t innermost_opening() const {
        std::vector<std::size_t> open;
        for (std::size_t at = mistake_.entry; at < mistake_.after; at = pass_token(text_, at)) {
            if (std::string_view("([{").find(text_[at]) != npos) open.push_back(at);
            if (std::string_view(")]}").find(text_[at]) != npos && !open.empty()) open.pop_back();
        }
        return open.empty() ? npos : open.back();
    }

    void name() {
        if (is_reserved(word())) {
            report(Code::reserved_word, found(), {std::string(word())});
        } else {
            plain(Code::expected_name);
        }
    }

    [[nodiscard]] std::string keyword() const { return std::string(word_at(text_, mistake_.entry)); }

    void clause_name() { report(Code::clause_without_name, found(), {keyword()}); }

    // Behind `require name` no condition follows: either there is none, or what looked like the name begins it.
    void condition() {
        const std::size_t begin = skip_blanks(text_, mistake_.entry + keyword().size());
        const text::Span named = span(begin, mistake_.after);
        const std::string name(text_.substr(begin, mistake_.after - begin));
        if (at_entry_end()) {
            report(Code::clause_without_condition, named, {name, keyword()});
            return;
        }
        const bool operation = std::string_view("=<>!.[+-*/&|").find(text_[mistake_.at]) != npos;
        const bool joined = word() == "and" || word() == "or" || word() == "in" || word() == "otherwise";
        if (operation || joined) {
            report(Code::clause_without_name, named, {keyword()});
        } else {
            plain(Code::expected_expression);
        }
    }

    void expression() {
        if (rest().starts_with("?")) {
            report(Code::foreign_operator, found(), {"?", "if … then … else …"});
        } else if (rest().starts_with(".") && rest().size() > 1 && end_of_digits(text_, mistake_.at + 1) != npos) {
            const std::size_t end = end_of_number(text_, mistake_.at + 1);
            const std::string wrong(text_.substr(mistake_.at, end - mistake_.at));
            const text::Span place = span(mistake_.at, end);
            report(Code::malformed_number, place, {wrong}).fix_with(place, "0" + wrong);
        } else {
            plain(Code::expected_expression);
        }
    }

    void date() {
        text::Diagnostic& told = report(Code::expected_date, found());
        const std::string quoted = found_text();
        if (!quoted.starts_with('"') || quoted.size() < 2) return;
        const std::string inside = quoted.substr(1, quoted.size() - 2);
        if (value::parse_date(inside)) told.fix_with(found(), inside);
    }

    void expected_value() {
        const std::string_view first = word_at(text_, mistake_.entry);
        const bool alone = mistake_.entry + first.size() == mistake_.after;
        if (const auto meant = nearest_keyword(first, OpensExpectation); alone && meant) {
            misspelt(mistake_.entry, first, *meant);
        } else if (!misspelt_for("holds") && !misspelt_for("fails")) {
            plain(Code::expected_expectation);
        }
    }

    void opening(Code code) {
        if (!mistake_.sign.empty()) {
            misspelt(mistake_.at, word(), mistake_.sign);
        } else if (mistake_.missing == Missing::SubjectEntry && is_reserved(word())) {
            name();
        } else {
            plain(code);
        }
    }

    void rest_of_line(Code otherwise) {
        if (text_[mistake_.at] == ',') return comma(otherwise == Code::unexpected_rest_of_line ? Code::comma_between_entries : otherwise);
        if (text_[mistake_.at] == ')' || text_[mistake_.at] == ']') {
            report(Code::unopened_bracket, next_token(), {std::string(1, text_[mistake_.at])});
            return;
        }
        if (unit() || foreign_question()) return;
        if (const auto meant = nearest_keyword(word(), Reserved); meant && !is_reserved(word()) && word().size() > 2) {
            return misspelt(mistake_.at, word(), *meant);
        }
        report(otherwise, next_token());
    }

    bool foreign_question() {
        if (!rest().starts_with("?")) return false;
        report(Code::foreign_operator, found(), {"?", "if … then … else …"});
        return true;
    }

    [[nodiscard]] bool is_digit(std::size_t at) const { return at < text_.size() && text_[at] >= '0' && text_[at] <= '9'; }

    void comma(Code otherwise) {
        const std::size_t at = mistake_.at;
        const bool grouped = at > 0 && is_digit(at - 1) && is_digit(at + 1) && is_digit(at + 2) && is_digit(at + 3);
        if (!grouped) {
            report(otherwise, found());
            return;
        }
        std::size_t begin = at;
        std::size_t end = at;
        while (begin > 0 && (is_digit(begin - 1) || text_[begin - 1] == '_')) --begin;
        while (end < text_.size() && (is_digit(end) || text_[end] == ',')) ++end;
        std::string repaired(text_.substr(begin, end - begin));
        std::ranges::replace(repaired, ',', '_');
        report(Code::digits_grouped, span(begin, end), {repaired}).fix_with(span(begin, end), repaired);
    }

    // A word behind a number and a blank, which is no unit: `500 rmb`.
    bool unit() {
        std::size_t begin = mistake_.after;
        const auto of_word = [&](char sign) { return (sign & 0x80) != 0 || sign == '_' || (sign >= '0' && sign <= '9') ||
                                                     (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'); };
        while (begin > 0 && of_word(text_[begin - 1])) --begin;
        const bool behind_number = begin < mistake_.after && is_digit(begin) && is_digit(mistake_.after - 1);
        const bool is_word = !word().empty() && !is_digit(mistake_.at) && !is_reserved(word());
        if (!behind_number || !is_word) return false;
        report(Code::unknown_unit, found(), {std::string(word())});
        return true;
    }

    const Mistake& mistake_;
    std::string_view text_;
    std::string_view source_;
    text::FileId file_;
    text::Sink& sink_;
};

}  // namespace

void tell(const Mistake& mistake, std::string_view text, std::string_view source, text::FileId file, text::Sink& sink) {
    Teller(mistake, text, source, file, sink).run();
}

}  // namespace eligo::syntax
