// What the compiler has to say about a policy, as data and as text. Needs the full library.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace eligo {

enum class Severity : std::uint8_t { Error, Warning };
enum class Language : std::uint8_t { Chinese, English };

// Lines and columns count from 1; columns in characters. The end lies behind the last character. Line 0: no place.
struct SourcePlace {
    std::string file;
    std::uint32_t line = 0, column = 0;
    std::uint32_t end_line = 0, end_column = 0;
};

struct Note {
    SourcePlace place;
    std::string chinese, english;
};

// Write `replacement` in place of what stands there.
struct Fix {
    SourcePlace place;
    std::string replacement;
};

struct Diagnostic {
    Severity severity = Severity::Error;
    std::string code;  // "E0302"; empty when a file could not be read
    std::string chinese, english;
    std::string help_chinese, help_english;  // what to write instead; may be empty
    SourcePlace place;
    std::vector<Note> notes;
    std::optional<Fix> fix;
    // With the source line, carets and help, as a terminal shows it (several lines), and as one JSON object.
    std::string text_chinese, text_english;
    std::string json_chinese, json_english;

    [[nodiscard]] const std::string& text(Language language) const { return language == Language::Chinese ? text_chinese : text_english; }
    [[nodiscard]] const std::string& json(Language language) const { return language == Language::Chinese ? json_chinese : json_english; }
};

}  // namespace eligo
