// One mistake, one message: what only follows from something that could not be read stays unsaid. It is said, if it
// is still true, once the syntax error is mended. Tested by sema_test.cpp.
#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "checking.hpp"

namespace eligo::sema {

using text::Code;

namespace {

using Line = std::pair<text::FileId, std::uint32_t>;

Line line_of(const text::SourceSet& sources, Span span) { return {span.file, sources.file(span.file).position(span.begin).line}; }

// The name that a message says is not there; it may have been declared on a line that could not be read.
std::string missing_name(const text::Diagnostic& diagnostic) {
    static constexpr std::array first{Code::unknown_name, Code::unknown_policy, Code::unknown_subject, Code::unknown_type, Code::unknown_source,
                                      Code::not_a_member, Code::unknown_fact_given, Code::like_not_found};
    static constexpr std::array second{Code::no_such_part, Code::expected_clause_unknown};
    const auto& arguments = diagnostic.arguments;
    if (std::ranges::find(first, diagnostic.code) != first.end() && !arguments.empty()) return arguments[0];
    if (std::ranges::find(second, diagnostic.code) != second.end() && arguments.size() > 1) return arguments[1];
    return {};
}

bool follows(const Checking& checking, const std::set<Line>& broken_lines, const text::Diagnostic& diagnostic) {
    if (broken_lines.contains(line_of(checking.sources, diagnostic.span))) return true;
    const std::string name = missing_name(diagnostic);
    if (name.empty()) return false;
    return std::ranges::any_of(broken_lines, [&](const Line& line) {
        return checking.sources.file(line.first).line(line.second).find(name) != std::string_view::npos;
    });
}

}  // namespace

bool broken_within(const Checking& checking, Span span) {
    return std::ranges::any_of(checking.broken, [&](Span each) { return each.file == span.file && each.begin >= span.begin && each.begin <= span.end; });
}

std::vector<Span> places_of_errors(const text::Sink& sink) {
    std::vector<Span> places;
    for (const text::Diagnostic& diagnostic : sink.sorted())
        if (diagnostic.span.exists() && text::wording(diagnostic.code).severity == text::Severity::Error) places.push_back(diagnostic.span);
    return places;
}

void tell(const Checking& checking, text::Sink& sink) {
    std::set<Line> broken_lines;
    for (const Span span : checking.broken) broken_lines.insert(line_of(checking.sources, span));
    for (const text::Diagnostic& diagnostic : checking.sink.sorted()) {
        if (!broken_lines.empty() && diagnostic.span.exists() && follows(checking, broken_lines, diagnostic)) continue;
        sink.report(diagnostic.code, diagnostic.span) = diagnostic;
    }
}

}  // namespace eligo::sema
