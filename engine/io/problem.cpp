#include "problem.hpp"

#include <fmt/format.h>

#include "../value/json_string.hpp"
#include "../value/visible_text.hpp"

namespace eligo::io {
namespace {

void append_member(std::string& out, std::string_view name, std::string_view text) {
    if (text.empty()) return;
    if (out.size() > 1) out += ", ";
    out += value::json_string(name) + ": " + value::json_string(text);
}

void append_number(std::string& out, std::string_view name, std::uint32_t value) {
    if (value == 0) return;
    out += fmt::format(", \"{}\": {}", name, value);
}

const std::string& sentence(const Problem& problem, text::Language language) {
    return language == text::Language::Chinese ? problem.chinese : problem.english;
}

}  // namespace

std::string_view name_of(ProblemKind kind) {
    switch (kind) {
        case ProblemKind::CannotRead: return "cannot_read";
        case ProblemKind::Malformed: return "malformed";
        case ProblemKind::UnknownKey: return "unknown_key";
        case ProblemKind::WrongType: return "wrong_type";
        case ProblemKind::OutOfRange: return "out_of_range";
        case ProblemKind::TooManyDecimals: return "too_many_decimals";
        case ProblemKind::EmptyRange: return "empty_range";
        case ProblemKind::Contradiction: return "contradiction";
        case ProblemKind::Duplicate: return "duplicate";
        case ProblemKind::TooManyElements: return "too_many_elements";
        case ProblemKind::BadYear: return "bad_year";
        case ProblemKind::BadPlace: return "bad_place";
    }
    return "";
}

std::string clipped(std::string_view text) {
    constexpr std::size_t longest = 80;
    if (text.size() <= longest) return std::string(text);
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "…";
}

void stop_telling(std::vector<Problem>& problems, const std::string& file) {
    if (problems.size() > most_problems) problems.resize(most_problems);
    const std::string many = std::to_string(most_problems);
    Problem& last = problems.emplace_back();
    last.kind = ProblemKind::Malformed;
    last.file = file;
    last.chinese = "已有" + many + "处问题，其余不再检查";
    last.english = "there are " + many + " problems already; the rest was not looked at";
}

void word_expectation(Problem& problem) {
    problem.chinese = "应为" + problem.expected_chinese;
    problem.english = "expected " + problem.expected_english;
    if (problem.found.empty()) return;
    problem.chinese += "，实际为“" + problem.found + "”";
    problem.english += ", found \"" + problem.found + "\"";
}

std::string say(const Problem& problem, text::Language language) {
    std::string out = problem.file;
    if (problem.place.line != 0) {
        out += fmt::format("{}{}", out.empty() ? "" : ":", problem.place.line);
        if (problem.place.column != 0) out += fmt::format(":{}", problem.place.column);
    }
    for (const std::string& part : {problem.key, sentence(problem, language)}) {
        if (part.empty()) continue;
        if (!out.empty()) out += ": ";
        out += part;
    }
    return value::visible(out);
}

std::string to_json(const Problem& problem, text::Language language) {
    std::string out = "{";
    append_member(out, "kind", name_of(problem.kind));
    append_member(out, "file", problem.file);
    append_number(out, "line", problem.place.line);
    append_number(out, "column", problem.place.column);
    append_member(out, "key", problem.key);
    append_member(out, "found", problem.found);
    append_member(out, "expected", language == text::Language::Chinese ? problem.expected_chinese : problem.expected_english);
    append_member(out, "nearest", problem.nearest);
    append_member(out, "message", sentence(problem, language));
    return out + "}";
}

}  // namespace eligo::io
