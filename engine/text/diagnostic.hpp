// A diagnostic as data: code, place, second places, hint. Passes collect them into a sink and go on;
// the terminal, --json and the goldens render the same struct.
//
// The wording of every diagnostic stands in diagnostics.def, in English and Chinese, with {0}, {1} ... for
// the arguments:  DIAGNOSTIC(E0302, Error, money_compared_with_number, "en", "zh", "en help", "zh help")
// `Code::money_compared_with_number` names it in code; "E0302" is what a person sees.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../value/allowance.hpp"
#include "../value/visible_text.hpp"
#include "source.hpp"

namespace eligo::text {

enum class Severity : std::uint8_t { Error, Warning };
enum class Language : std::uint8_t { Chinese, English };

enum class Code : std::uint16_t {
#define DIAGNOSTIC(number, severity, name, english, chinese, english_help, chinese_help) name,
#include "diagnostics.def"
#undef DIAGNOSTIC
};

struct Wording {
    std::string_view number;  // "E0302"
    Severity severity;
    std::string_view name;
    std::string_view english, chinese;            // one sentence, lower-case start, no full stop
    std::string_view english_help, chinese_help;  // what to write instead; may be empty
};
[[nodiscard]] const Wording& wording(Code code);
[[nodiscard]] std::size_t wording_count();

// A text beside a place, in both languages. A label with empty texts only underlines.
struct PlaceLabel {
    Span span;
    std::string english, chinese;
};

// Replace the bytes of `span` by `replacement`.
struct FixIt {
    Span span;
    std::string replacement;
};

struct Diagnostic {
    Code code{};
    Span span;                            // the place shown on the first line
    std::vector<std::string> arguments;   // {0}, {1} ... of the wording
    std::string english, chinese;         // text under the caret of `span`; may be empty
    std::vector<PlaceLabel> places;       // further places, in any file
    std::vector<std::string> help_arguments;  // if not empty, used for the help's {0} ... in place of `arguments`
    bool no_help = false;                 // leave the wording's help out
    bool no_guess = false;                // look for no name that might have been meant
    std::size_t compared = 0;             // names that were looked through for one
    std::optional<FixIt> fix;

    Diagnostic& here(std::string_view in_english, std::string_view in_chinese) &;
    Diagnostic& also(Span place, std::string_view in_english, std::string_view in_chinese) &;
    Diagnostic& fix_with(Span place, std::string replacement) &;
    Diagnostic& help_with(std::vector<std::string> args) &;
};

// What the passes throw where the caller has had enough: its allowance tells why. It is caught where the passes are called.
struct Stopped {};

// Collects; sorts by place when asked; drops exact repetitions (same code and span). All passes have it, so that it is also where they count
// what they take.
class Sink {
public:
    Sink() = default;
    explicit Sink(value::Allowance* allowance) : allowance_(allowance) {}
    // Collects for itself and counts with the other.
    [[nodiscard]] Sink beside() const { return Sink(allowance_); }

    // Steps and bytes of memory that the work takes; throws Stopped where it may not.
    void spend(std::uint64_t steps) {
        if (allowance_ != nullptr && !allowance_->spend(steps)) throw Stopped();
    }
    void take(std::uint64_t bytes) {
        if (allowance_ != nullptr && !allowance_->take(bytes)) throw Stopped();
    }

    // The reference stays valid until the next report.
    Diagnostic& report(Code code, Span span, std::vector<std::string> arguments = {});
    [[nodiscard]] bool has_errors() const;
    [[nodiscard]] std::size_t error_count() const;
    // By file, then place; repetitions dropped.
    [[nodiscard]] std::vector<Diagnostic> sorted() const;

private:
    std::vector<Diagnostic> diagnostics_;
    std::size_t compared_ = 0;
    value::Allowance* allowance_ = nullptr;
};

// One line, with the arguments filled in as they are shown (see value/visible_text.hpp); a help may be empty.
[[nodiscard]] std::string message(const Diagnostic& diagnostic, Language language);
[[nodiscard]] std::string help(const Diagnostic& diagnostic, Language language);

using value::Color;
// The layout of docs/language.md "Diagnostics": gutter, carets by display width, second places, "= help".
[[nodiscard]] value::VisibleText render_text(const SourceSet& sources, const Diagnostic& diagnostic, Language language, Color color);
// A JSON object on one line: code, severity, message, help, file, line, column, end_line, end_column, places, fix.
[[nodiscard]] std::string render_json(const SourceSet& sources, const Diagnostic& diagnostic, Language language);

}  // namespace eligo::text
