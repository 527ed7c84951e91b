// Profiles that are too deep, too long or too many, in every format.
// Broken when: a reader recurses as deep as its input, keeps far more than it was given, or repeats it in its messages.
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

#include "../../engine/api/compile_internal.hpp"
#include "../../engine/io/profile.hpp"
#include "within.hpp"

namespace eligo::limits {
namespace {

std::string repeated(std::string_view what, std::size_t count) {
    std::string text;
    text.reserve(what.size() * count);
    for (std::size_t i = 0; i < count; ++i) text += what;
    return text;
}

const bytecode::Pack& pack() {
    static const api::Compilation compiled = api::compile_sources(std::vector<api::SourceText>{{"p.policy",
        "vocabulary firm \"f\" {\n employees : int in 0..5_000_000 \"e\"\n city : text \"c\"\n revenue : yearly money \"r\"\n claims : list of claim \"cs\"\n}\n"
        "record claim { paid : money \"p\" }\n"
        "policy p for firm \"p\" {\n source m \"m\"\n in force 2016-01-01 ..\n require r employees >= 3 \"r\" @ m 1\n}\n"}});
    return *compiled.pack;
}

// "N profiles", or the first problem and how many more there are.
std::string outcome(const std::string& text, io::Format format) {
    const io::Profiles read = io::read_profiles(pack(), text, format, "in");
    if (read.problems.empty()) return std::to_string(read.profiles.size()) + " profiles";
    for (const io::Problem& problem : read.problems)
        if (io::say(problem, text::Language::Chinese).size() > 2'000 || io::to_json(problem, text::Language::English).size() > 4'000) return "a message that nobody reads";
    const std::string more = read.problems.size() > 1 ? " and " + std::to_string(read.problems.size() - 1) + " more" : "";
    return io::say(read.problems.front(), text::Language::English) + more;
}

// Each line stands for three times the one before.
std::string alias_bomb() {
    std::string text = "a0: &a0 x\n";
    for (int i = 1; i < 60; ++i) {
        const std::string before = "*a" + std::to_string(i - 1), own = "a" + std::to_string(i);
        text += own + ": &" + own + " [" + before + ", " + before + ", " + before + "]\n";
    }
    return text;
}

// What is kept for an anchor is kept for those around it too.
std::string nested_anchors() {
    std::string text;
    for (int i = 0; i < 60; ++i) text += "&a" + std::to_string(i) + " [";
    return text + repeated("x, ", 300'000) + repeated("]", 60);
}

std::string many_columns() {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += "a" + std::to_string(i) + ".b,";
    return text + "employees\n" + std::string(100'000, ',') + "1\n";
}

struct Case {
    const char* name;
    io::Format format;
    std::string (*text)();
    const char* said;
    friend std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }
};

class Profiles : public testing::TestWithParam<Case> {};

TEST_P(Profiles, are_answered_within_bounds) {
    (void)pack();
    const Ended ended = within({}, [] { return outcome(GetParam().text(), GetParam().format); });
    EXPECT_EQ(ended.ended ? ended.said : ended.because, GetParam().said);
}

constexpr std::size_t huge = 64'000'000;   // beyond what is read
constexpr std::size_t large = 4'000'000;   // nearly as much as a profile of JSON may have
constexpr std::size_t million = 1'000'000;
using enum io::Format;

const Case cases[] = {
    Case{"json_beyond_the_bound", Json, [] { return "{\"employees\": " + std::string(huge, '7') + "}"; }, "in:1:1: a profile may have 4 MiB at most"},
    Case{"json_element_beyond_the_bound", Json, [] { return "[{},\n {\"employees\": " + std::string(huge, '7') + "}]"; }, "in:2:2: a profile may have 4 MiB at most"},
    Case{"json_values", Json, [] { return "{\"claims\": [" + repeated("{},", million) + "{}]}"; }, "in:1:750007: this holds more objects, lists and values than a profile may have"},
    Case{"json_digits", Json, [] { return "{\"employees\": " + std::string(large, '7') + "}"; }, "in:1:15: employees: expected a whole number from 0 to 5000000, found \"77777777777777777777777777777777777777777777777777777777777777777777777777777777…\""},
    Case{"json_decimals", Json, [] { return "{\"employees\": 1." + std::string(large, '0') + "}"; }, "1 profiles"},
    Case{"json_exponent", Json, [] { return std::string("{\"employees\": 1e999999999999999999999999}"); }, "in:1:15: employees: expected a whole number from 0 to 5000000, found \"1e999999999999999999999999\""},
    Case{"json_text", Json, [] { return "{\"employees\": \"" + std::string(large, 'x') + "\"}"; }, "in:1:15: employees: expected a whole number from 0 to 5000000, found \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…\""},
    Case{"json_long_city", Json, [] { return "{\"city\": \"" + std::string(large, 'x') + "\"}"; }, "1 profiles"},
    Case{"json_key", Json, [] { return "{\"" + std::string(large, 'k') + "\": 1}"; }, "in:1:2: kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk…: not a fact of firm"},
    Case{"json_commas", Json, [] { return "[" + std::string(million, ',') + "]"; }, "in:1:2: this is not JSON: a comma, colon, quote or bracket is missing or superfluous here or just before"},
    Case{"json_deep_lists", Json, [] { return std::string(million, '['); }, "in:1:66: this is nested too deeply"},
    Case{"json_deep_closed", Json, [] { return std::string(million, '[') + std::string(million, ']'); }, "in:1:66: this is nested too deeply"},
    Case{"json_deep_objects", Json, [] { return repeated("{\"a\":", 800'000); }, "in:1:326: this is nested too deeply"},
    Case{"json_keys", Json, [] { return "{" + repeated("\"a\": 1, ", 200'000) + "\"b\": 1}"; }, "in:1:2: a: not a fact of firm and 1000 more"},
    Case{"json_same_key", Json, [] { return "{" + repeated("\"employees\": 1, ", 200'000) + "\"b\": 1}"; }, "in:1:18: employees: given twice and 1000 more"},
    Case{"json_elements", Json, [] { return "{\"claims\": [" + repeated("{\"paid\": 1}, ", 100'000) + "{}]}"; }, "in:1:12: claims: expected a list of at most 10000 elements, found \"100001\""},
    Case{"json_profiles", Json, [] { return "[" + repeated("{\"employees\": -1}, ", 200'000) + "{}]"; }, "in:1:16: employees: expected a whole number from 0 to 5000000, found \"-1\" and 1000 more"},
    Case{"json_spaces", Json, [] { return std::string(large, ' '); }, "in: the input is empty"},
    Case{"json_invalid_utf8", Json, [] { return "{\"city\": \"" + std::string(million, 'x') + "\xFF\"}"; }, "in:1:1000011: this is not UTF-8 text; save the file in the UTF-8 encoding"},
    Case{"json_zeros", Json, [] { return std::string(million, '\0'); }, "in:1:1: this is not JSON: a comma, colon, quote or bracket is missing or superfluous here or just before"},
    Case{"yaml_digits", Yaml, [] { return "employees: " + std::string(8'000'000, '7'); }, "in:1:12: employees: expected a whole number from 0 to 5000000, found \"77777777777777777777777777777777777777777777777777777777777777777777777777777777…\""},
    Case{"yaml_beyond_the_bound", Yaml, [] { return "employees: " + std::string(huge, '7'); }, "in: YAML may have 64 MB at most; write it as JSON or CSV"},
    Case{"yaml_deep_lists", Yaml, [] { return std::string(million, '['); }, "in:1:33: this is nested too deeply"},
    Case{"yaml_deep_objects", Yaml, [] { return repeated("{a: ", 200'000); }, "in:1:253: this is nested too deeply"},
    Case{"yaml_deep_blocks", Yaml, [] { return repeated("- ", 200'000); }, "in:1:129: this is nested too deeply"},
    Case{"yaml_deep_keys", Yaml, [] { return repeated("? ", 200'000); }, "in:1:129: this is nested too deeply"},
    Case{"yaml_alias_bomb", Yaml, alias_bomb, "in:12:18: this holds too much"},
    Case{"yaml_alias_of_long_text", Yaml, [] { return "a: &a " + std::string(million, 'x') + "\nb: [" + repeated("*a, ", 10'000) + "]\n"; }, "in:2:65: this holds too much"},
    Case{"yaml_nested_anchors", Yaml, nested_anchors, "in:1:750171: this holds too much"},
    Case{"yaml_commas", Yaml, [] { return "a: [" + std::string(million, ',') + "]"; }, "in:1:250002: this holds too much"},
    Case{"yaml_documents", Yaml, [] { return repeated("---\n", 200'000); }, "in:2:1: expected an object with facts, found \"null\" and 1000 more"},
    Case{"yaml_keys", Yaml, [] { return repeated("a: 1\n", 100'000); }, "in:1:1: a: not a fact of firm and 1000 more"},
    Case{"csv_digits", Csv, [] { return "company_id,employees\na," + std::string(60'000'000, '7') + "\n"; }, "in:2:3: employees: expected a whole number from 0 to 5000000, found \"77777777777777777777777777777777777777777777777777777777777777777777777777777777…\""},
    Case{"csv_beyond_the_bound", Csv, [] { return "company_id,employees\na," + std::string(huge, '7') + "\n"; }, "in: CSV may have 64 MB at most here; for more companies use `eligo screen`"},
    Case{"csv_column_name", Csv, [] { return std::string(large, 'n') + "\n1\n"; }, "in:2:1: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn…: not a fact of firm"},
    Case{"csv_commas", Csv, [] { return std::string(million, ','); }, "in:1:1: this column of the header has no name and 1000 more"},
    Case{"csv_commas_in_a_row", Csv, [] { return "employees\n" + std::string(million, ','); }, "in:2:1: this row has 1000001 cells, the header 1 columns"},
    Case{"csv_dots", Csv, [] { return std::string(million, '.') + "\n1\n"; }, "in:1:1: this is nested too deeply"},
    Case{"csv_columns", Csv, many_columns, "in:2:1: a0: not a fact of firm and 1000 more"},
    Case{"csv_far_element", Csv, [] { return "claims[9999].paid\n" + repeated("1\n", 100'000); }, "in:1:1: \"claims[9999].paid\" comes before any column of element 0"},
    Case{"csv_wrong_rows", Csv, [] { return "employees\n" + repeated("-1\n", 200'000); }, "in:2:1: employees: expected a whole number from 0 to 5000000, found \"-1\" and 1000 more"},
    Case{"csv_unknown_column", Csv, [] { return "employes\n" + repeated("1\n", 20'000); }, "in:2:1: employes: not a fact of firm; did you mean \"employees\"?"},
    Case{"csv_open_quote", Csv, [] { return "city\n\"" + std::string(large, 'x'); }, "in:2:1: this quote is not closed"},
    Case{"csv_quotes", Csv, [] { return "city\n" + std::string(million, '"'); }, "1 profiles"},
};

INSTANTIATE_TEST_SUITE_P(Limits, Profiles, testing::ValuesIn(cases), [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace eligo::limits
