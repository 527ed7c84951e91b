// A diagnostic as one line of JSON, for --json and the language server. Lines and columns count from 1, columns in
// code points; the end is behind the last character. Tested by text_test.cpp.
#include "diagnostic.hpp"

#include "../value/json_string.hpp"

namespace eligo::text {
namespace {

using value::json_string;

std::string member(std::string_view key, const std::string& value) {
    return ",\"" + std::string(key) + "\":" + value;
}

std::string place_members(const SourceSet& sources, Span span) {
    if (!span.exists() || span.file >= sources.size()) return member("file", "null");
    const SourceFile& file = sources.file(span.file);
    const Position begin = file.position(span.begin);
    const Position end = file.position(span.end);
    return member("file", json_string(file.path())) + member("line", std::to_string(begin.line)) +
           member("column", std::to_string(begin.column)) + member("end_line", std::to_string(end.line)) +
           member("end_column", std::to_string(end.column));
}

// The members above begin with a comma each; the first one of an object loses it.
std::string object(std::string members) {
    members[0] = '{';
    return members + "}";
}

std::string places(const SourceSet& sources, const Diagnostic& diagnostic, Language language) {
    std::string list;
    for (const PlaceLabel& each : diagnostic.places) {
        if (!list.empty()) list += ',';
        const std::string& label = language == Language::Chinese ? each.chinese : each.english;
        list += object(place_members(sources, each.span) + member("label", json_string(label)));
    }
    return "[" + list + "]";
}

std::string fix(const SourceSet& sources, const Diagnostic& diagnostic) {
    if (!diagnostic.fix) return "null";
    return object(place_members(sources, diagnostic.fix->span) + member("replacement", json_string(diagnostic.fix->replacement)));
}

}  // namespace

std::string render_json(const SourceSet& sources, const Diagnostic& diagnostic, Language language) {
    const Wording& row = wording(diagnostic.code);
    const std::string& label = language == Language::Chinese ? diagnostic.chinese : diagnostic.english;
    return object(member("code", json_string(row.number)) + member("name", json_string(row.name)) +
                  member("severity", row.severity == Severity::Error ? "\"error\"" : "\"warning\"") +
                  member("message", json_string(message(diagnostic, language))) + member("label", json_string(label)) +
                  member("help", json_string(help(diagnostic, language))) + place_members(sources, diagnostic.span) +
                  member("places", places(sources, diagnostic, language)) + member("fix", fix(sources, diagnostic)));
}

}  // namespace eligo::text
