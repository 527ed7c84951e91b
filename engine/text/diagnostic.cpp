#include "diagnostic.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <utility>

#include "../value/visible_text.hpp"

namespace eligo::text {
namespace {

constexpr std::array wordings{
#define DIAGNOSTIC(number, severity, name, english, chinese, english_help, chinese_help) \
    Wording{#number, Severity::severity, #name, english, chinese, english_help, chinese_help},
#include "diagnostics.def"
#undef DIAGNOSTIC
};

struct Filled {
    std::string text;
    bool complete = true;  // every placeholder had its argument
};

// A name, a text or a number of the source may be as long as the source; nobody reads more than this of one.
constexpr std::size_t longest_argument = 200;

constexpr std::size_t most_diagnostics = 1'000;

// Names looked through for what might have been meant, over all diagnostics: hundreds of wrong names among thousands of right
// ones, which takes a second.
constexpr std::size_t most_compared = 2'000'000;

std::string clipped(const std::string& argument) {
    if (argument.size() <= longest_argument) return argument;
    std::size_t end = longest_argument;
    while (end > 0 && (static_cast<unsigned char>(argument[end]) & 0xC0) == 0x80) --end;
    return argument.substr(0, end) + "…";
}

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

// A placeholder is `{` one digit `}`; other braces are the policy language's own and stay.
Filled fill(std::string_view wording, std::span<const std::string> arguments) {
    Filled filled;
    for (std::size_t at = 0; at < wording.size(); ++at) {
        const bool placeholder = wording[at] == '{' && at + 2 < wording.size() && is_digit(wording[at + 1]) && wording[at + 2] == '}';
        if (!placeholder) {
            filled.text += wording[at];
            continue;
        }
        const auto index = static_cast<std::size_t>(wording[at + 1] - '0');
        if (index < arguments.size()) {
            filled.text += value::visible(clipped(arguments[index]));
        } else {
            filled.text += wording.substr(at, 3);
            filled.complete = false;
        }
        at += 2;
    }
    return filled;
}

}  // namespace

const Wording& wording(Code code) {
    return wordings[static_cast<std::size_t>(code)];
}

std::size_t wording_count() {
    return wordings.size();
}

Diagnostic& Diagnostic::here(std::string_view in_english, std::string_view in_chinese) & {
    english = value::visible(in_english);
    chinese = value::visible(in_chinese);
    return *this;
}

Diagnostic& Diagnostic::also(Span place, std::string_view in_english, std::string_view in_chinese) & {
    places.push_back({place, value::visible(in_english), value::visible(in_chinese)});
    return *this;
}

Diagnostic& Diagnostic::fix_with(Span place, std::string replacement) & {
    fix = FixIt{place, std::move(replacement)};
    return *this;
}

Diagnostic& Diagnostic::help_with(std::vector<std::string> args) & {
    help_arguments = std::move(args);
    return *this;
}

// Beyond what anybody reads, the last place is used again and again, but never for a warning in place of an error: whether
// there are errors stays true, and memory does not grow with the mistakes.
Diagnostic& Sink::report(Code code, Span span, std::vector<std::string> arguments) {
    static thread_local Diagnostic untold;
    const auto is_error = [](Code each) { return wording(each).severity == Severity::Error; };
    if (!diagnostics_.empty()) compared_ += std::exchange(diagnostics_.back().compared, 0);
    const bool full = diagnostics_.size() >= most_diagnostics;
    const bool dropped = full && is_error(diagnostics_.back().code) && !is_error(code);
    Diagnostic& diagnostic = dropped ? untold : full ? diagnostics_.back() : diagnostics_.emplace_back();
    if (full) diagnostic = {};
    diagnostic.no_guess = full || compared_ >= most_compared;
    diagnostic.code = code;
    diagnostic.span = span;
    diagnostic.arguments = std::move(arguments);
    return diagnostic;
}

bool Sink::has_errors() const {
    return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                       [](const Diagnostic& each) { return wording(each.code).severity == Severity::Error; });
}

// Repetitions count once, so that the closing summary agrees with what was shown.
std::size_t Sink::error_count() const {
    const std::vector<Diagnostic> shown = sorted();
    return static_cast<std::size_t>(std::count_if(
        shown.begin(), shown.end(), [](const Diagnostic& each) { return wording(each.code).severity == Severity::Error; }));
}

std::vector<Diagnostic> Sink::sorted() const {
    std::vector<Diagnostic> result = diagnostics_;
    const auto key = [](const Diagnostic& each) { return std::tuple(each.span.file, each.span.begin, each.span.end, each.code); };
    std::stable_sort(result.begin(), result.end(),
                     [&](const Diagnostic& left, const Diagnostic& right) { return key(left) < key(right); });
    // What has no place is told apart by its arguments instead.
    const auto repeats = [&](const Diagnostic& left, const Diagnostic& right) {
        return key(left) == key(right) && (left.span.exists() || left.arguments == right.arguments);
    };
    result.erase(std::unique(result.begin(), result.end(), repeats), result.end());
    return result;
}

std::string message(const Diagnostic& diagnostic, Language language) {
    const Wording& row = wording(diagnostic.code);
    return fill(language == Language::Chinese ? row.chinese : row.english, diagnostic.arguments).text;
}

// A help whose arguments are not known says nothing rather than something wrong.
std::string help(const Diagnostic& diagnostic, Language language) {
    if (diagnostic.no_help) return {};
    const Wording& row = wording(diagnostic.code);
    const auto& arguments = diagnostic.help_arguments.empty() ? diagnostic.arguments : diagnostic.help_arguments;
    Filled filled = fill(language == Language::Chinese ? row.chinese_help : row.english_help, arguments);
    return filled.complete ? std::move(filled.text) : std::string{};
}

}  // namespace eligo::text
