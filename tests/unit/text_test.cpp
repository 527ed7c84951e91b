// Source text and talking about it: UTF-8, lines and columns, nearest names, the wording table, rendering, layout.
#include "text/diagnostic.hpp"
#include "text/layout.hpp"
#include "text/look_alike.hpp"
#include "text/source.hpp"
#include "text/suggest.hpp"
#include "text/utf8.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <vector>

namespace eligo::text {
namespace {

// ---- UTF-8 ----

TEST(Utf8, DecodesEveryLength) {
    const std::string text = "aé研𠀀";
    const std::array<char32_t, 4> expected{U'a', U'é', U'研', U'𠀀'};
    std::size_t at = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const CodePoint point = decode(text, at);
        EXPECT_TRUE(point.valid);
        EXPECT_EQ(point.value, expected[i]);
        EXPECT_EQ(point.length, i + 1);
        at += point.length;
    }
    EXPECT_EQ(at, text.size());
}

TEST(Utf8, RefusesWhatIsNotUtf8) {
    for (const char* broken : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF", "\x80", "\xE7\xA0", "\xB8\xDF"}) {
        EXPECT_EQ(first_invalid(broken), 0U) << code_point_name(static_cast<unsigned char>(broken[0]));
    }
    EXPECT_EQ(first_invalid("ab\xE7\xA0"), 2U);
    EXPECT_EQ(first_invalid("研发 \xF0\xA0\x80\x80"), std::nullopt);
}

TEST(Utf8, EncodesWhatItDecodes) {
    for (char32_t point = 1; point <= 0x10FFFF; point += 37) {
        if (point >= 0xD800 && point <= 0xDFFF) continue;
        const std::string text = encode(point);
        const CodePoint read = decode(text, 0);
        ASSERT_TRUE(read.valid && read.value == point && read.length == text.size()) << code_point_name(point);
    }
}

TEST(Utf8, NamesHaveOneSpelling) {
    for (const char32_t yes : {U'a', U'Z', U'_', U'研', U'é', U'Ⅰ', U'〇', U'𠀀', U'я'}) EXPECT_TRUE(is_name_start(yes)) << code_point_name(yes);
    EXPECT_FALSE(is_name_start(U'7'));
    EXPECT_TRUE(is_name_character(U'7'));
    for (const char32_t no : {U'Ａ', U'１', U'　', U'（', U'，', U'\u0301', U'\u200B', U'\u3164', U'\uF900', U'٣', U'-', U'·', U'‰'}) {
        EXPECT_FALSE(is_name_character(no)) << code_point_name(no);
    }
}

TEST(Utf8, MeasuresCells) {
    EXPECT_EQ(display_width(U'a'), 1);
    EXPECT_EQ(display_width(U'研'), 2);
    EXPECT_EQ(display_width(U'，'), 2);
    EXPECT_EQ(display_width(U'\u0301'), 0);
    EXPECT_EQ(display_width(U'Ⅰ'), 1);
    EXPECT_EQ(display_width("研发 R&D"), 8U);
    EXPECT_EQ(code_point_count("研发 R&D"), 6U);
    EXPECT_TRUE(holds_han("R&D 研"));
    EXPECT_FALSE(holds_han("R&D é ，"));
}

// ---- source ----

TEST(Source, CountsColumnsInCodePoints) {
    const SourceFile file("a.policy", "研发费用 = 1\r\nx\n");
    EXPECT_EQ(file.line_count(), 3U);
    EXPECT_EQ(file.line(1), "研发费用 = 1");
    EXPECT_EQ(file.line(2), "x");
    EXPECT_EQ(file.line(3), "");
    const Position position = file.position(13);
    EXPECT_EQ(position.line, 1U);
    EXPECT_EQ(position.column, 6U);
    EXPECT_EQ(file.position(18).line, 2U);
    EXPECT_EQ(file.position(1000).line, 3U);
}

TEST(Source, SpansAreTextAndJoin) {
    SourceSet sources;
    const FileId id = sources.add("a.policy", "one two three");
    const Span one{id, 0, 3};
    const Span two{id, 4, 7};
    EXPECT_EQ(sources.text(two), "two");
    EXPECT_EQ(sources.text(join(two, one)), "one two");
    EXPECT_EQ(join(Span{}, two), two);
    EXPECT_EQ(sources.text({id, 8, 99}), "three");
    EXPECT_EQ(sources.text(Span{}), "");
}

// ---- suggest ----

TEST(Suggest, FindsTheNearestName) {
    const std::vector<std::string> known{"revenue", "rd_staff", "rd_expense", "employees", "研发费用", "注册成立日期"};
    EXPECT_EQ(nearest("revenu", known), "revenue");
    EXPECT_EQ(nearest("reveneu", known), "revenue");
    EXPECT_EQ(nearest("RevEnue", known), "revenue");
    EXPECT_EQ(nearest("staff_rd", known), "rd_staff");
    EXPECT_EQ(nearest("rdstaff", known), "rd_staff");
    EXPECT_EQ(nearest("研发费", known), "研发费用");
    EXPECT_EQ(nearest("注册日期", known), std::nullopt);
    EXPECT_EQ(nearest("turnover", known), std::nullopt);
    EXPECT_EQ(nearest("x", known), std::nullopt);
}

TEST(Suggest, PrefersTheOneThatDiffersInCapitalsOnly) {
    const std::vector<std::string> known{"rates", "Rate"};
    EXPECT_EQ(nearest("rate", known), "Rate");
    EXPECT_EQ(nearest("A", std::vector<std::string>{"b", "a"}), "a");
}

TEST(Suggest, CountsASwapAsOneChange) {
    EXPECT_EQ(edit_distance(U"ab", U"ba"), 1U);
    EXPECT_EQ(edit_distance(U"", U"abc"), 3U);
    EXPECT_EQ(edit_distance(U"研发费用", U"研究费用"), 1U);
    EXPECT_EQ(edit_distance(U"kitten", U"sitting"), 3U);
}

// ---- the wording table ----

std::set<std::string> placeholders(std::string_view wording) {
    std::set<std::string> found;
    for (std::size_t at = 0; at + 2 < wording.size(); ++at) {
        const bool placeholder = wording[at] == '{' && wording[at + 1] >= '0' && wording[at + 1] <= '9' && wording[at + 2] == '}';
        if (placeholder) found.insert(std::string(wording.substr(at, 3)));
    }
    return found;
}

TEST(Wordings, AreUniqueAndComplete) {
    std::set<std::string_view> numbers;
    for (std::size_t i = 0; i < wording_count(); ++i) {
        const Wording& row = wording(static_cast<Code>(i));
        EXPECT_TRUE(numbers.insert(row.number).second) << row.number << " is used twice";
        EXPECT_EQ(row.number.size(), 5U);
        EXPECT_EQ(row.number[0], row.severity == Severity::Error ? 'E' : 'W') << row.number;
        EXPECT_FALSE(row.english.empty()) << row.number;
        EXPECT_TRUE(holds_han(row.chinese)) << row.number;
        EXPECT_FALSE(holds_han(row.english)) << row.number;
        EXPECT_NE(row.english.back(), '.') << row.number;
        EXPECT_FALSE(row.chinese.ends_with("。")) << row.number;
        EXPECT_FALSE(row.english[0] >= 'A' && row.english[0] <= 'Z') << row.number;
        EXPECT_EQ(row.english_help.empty(), row.chinese_help.empty()) << row.number;
        EXPECT_EQ(placeholders(row.english), placeholders(row.chinese)) << row.number;
        EXPECT_EQ(placeholders(row.english_help), placeholders(row.chinese_help)) << row.number;
    }
}

TEST(Wordings, NumberNamesTheCode) {
    EXPECT_EQ(wording(Code::money_compared_with_number).number, "E0302");
    EXPECT_EQ(wording(Code::money_compared_with_number).name, "money_compared_with_number");
}

// ---- diagnostics and the sink ----

TEST(Diagnostics, FillInTheirArguments) {
    Sink sink;
    Diagnostic& diagnostic = sink.report(Code::money_compared_with_number, {}, {"500万元"});
    EXPECT_EQ(message(diagnostic, Language::English), "money compared with a number");
    EXPECT_EQ(help(diagnostic, Language::Chinese), "金额请写作500万元");
    diagnostic.help_with({"3元"});
    EXPECT_EQ(help(diagnostic, Language::English), "write 3元 for an amount of money");
    diagnostic.no_help = true;
    EXPECT_EQ(help(diagnostic, Language::English), "");
}

TEST(Diagnostics, LeaveOutAHelpWhoseArgumentsAreMissing) {
    Sink sink;
    EXPECT_EQ(help(sink.report(Code::money_compared_with_number, {}), Language::English), "");
}

TEST(Diagnostics, KeepBracesThatAreNotArguments) {
    Sink sink;
    EXPECT_NE(help(sink.report(Code::expected_type, {}), Language::English).find("`one of { … }`"), std::string::npos);
}

TEST(Sinks, SortByPlaceAndDropRepetitions) {
    Sink sink;
    sink.report(Code::unclosed_text, {1, 5, 6});
    sink.report(Code::never_used, {0, 9, 10}, {"x"});
    EXPECT_TRUE(sink.has_errors());
    sink.report(Code::unclosed_text, {0, 9, 10});
    sink.report(Code::unclosed_text, {0, 9, 10});
    sink.report(Code::not_a_list, {}, {"a"});
    sink.report(Code::not_a_list, {}, {"b"});
    const std::vector<Diagnostic> sorted = sink.sorted();
    ASSERT_EQ(sorted.size(), 5U);
    EXPECT_EQ(sorted[0].code, Code::unclosed_text);
    EXPECT_EQ(sorted[1].code, Code::never_used);
    EXPECT_EQ(sorted[2].span.file, 1U);
    EXPECT_EQ(sink.error_count(), 4U);
}

TEST(Sinks, WarningsAreNotErrors) {
    Sink sink;
    sink.report(Code::never_used, {}, {"x"});
    EXPECT_FALSE(sink.has_errors());
    EXPECT_EQ(sink.error_count(), 0U);
}

// ---- rendering ----

Span find(const SourceSet& sources, FileId file, std::string_view what) {
    const std::size_t at = sources.file(file).text().find(what);
    EXPECT_NE(at, std::string_view::npos) << what;
    return {file, static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + what.size())};
}

struct Sample {
    SourceSet sources;
    FileId file;
    Sink sink;
    explicit Sample(std::string text) : file(sources.add("a.policy", std::move(text))) {}
    [[nodiscard]] Span at(std::string_view what) const { return find(sources, file, what); }
};

TEST(RenderText, LooksLikeTheLanguageReference) {
    Sample sample(std::string(30, '\n') + "  require small  revenue[-1] <= 500万\n");
    Diagnostic& diagnostic = sample.sink.report(Code::money_compared_with_number, sample.at("revenue[-1]"), {"500万元"});
    diagnostic.here("this is money", "这是金额").also(sample.at("500万"), "this is the number 5000000", "这是数字5000000");
    EXPECT_EQ(render_text(sample.sources, diagnostic, Language::English, Color::Off).text(),
              "a.policy:31:18: error: money compared with a number [E0302]\n"
              "   31 |   require small  revenue[-1] <= 500万\n"
              "      |                  ^^^^^^^^^^^    ^^^^^ this is the number 5000000\n"
              "      |                  this is money\n"
              "      = write 500万元 for an amount of money\n");
    EXPECT_EQ(render_text(sample.sources, diagnostic, Language::Chinese, Color::Off).text(),
              "a.policy:31:18: 错误: 金额与数字相比 [E0302]\n"
              "   31 |   require small  revenue[-1] <= 500万\n"
              "      |                  ^^^^^^^^^^^    ^^^^^ 这是数字5000000\n"
              "      |                  这是金额\n"
              "      = 金额请写作500万元\n");
}

TEST(RenderText, PlacesCaretsByCellsUnderChinese) {
    Sample sample("require 规模 营业收入 <= 五百万\n");
    const Diagnostic& diagnostic = sample.sink.report(Code::unknown_name, sample.at("营业收入"), {"营业收入"});
    // The column counts code points (12), the caret cells: 8 + 4 + 1.
    EXPECT_EQ(render_text(sample.sources, diagnostic, Language::Chinese, Color::Off).text(),
              "a.policy:1:12: 错误: `营业收入`没有声明 [E0401]\n"
              "    1 | require 规模 营业收入 <= 五百万\n"
              "      |              ^^^^^^^^\n"
              "      = 是否应为`营业收入`？\n");
}

TEST(RenderText, LeadsStrokesToLabelsBelow) {
    Sample sample("aa bb cc\n");
    Diagnostic& diagnostic = sample.sink.report(Code::unknown_name, sample.at("bb"), {"bb"});
    diagnostic.here("second", "二").also(sample.at("cc"), "third", "三").also(sample.at("aa"), "first", "一");
    EXPECT_EQ(render_text(sample.sources, diagnostic, Language::English, Color::Off).text(),
              "a.policy:1:4: error: `bb` is not declared [E0401]\n"
              "    1 | aa bb cc\n"
              "      | ^^ ^^ ^^ third\n"
              "      | |  second\n"
              "      | first\n"
              "      = did you mean `bb`?\n");
}

TEST(RenderText, ShowsOtherLinesInTheirOwnBlocks) {
    Sample sample("let x = 1\n\nlet y = 2\nlet x = 3\n");
    const FileId other = sample.sources.add("b.policy", "\tx : money\n");
    Diagnostic& diagnostic = sample.sink.report(Code::duplicate_name, {sample.file, 25, 26}, {"x"});
    diagnostic.here("again here", "此处重复").also({sample.file, 4, 5}, "first here", "首次声明").also(find(sample.sources, other, "x"), "", "");
    EXPECT_EQ(render_text(sample.sources, diagnostic, Language::English, Color::Off).text(),
              "a.policy:4:5: error: `x` is declared twice [E0403]\n"
              "    4 | let x = 3\n"
              "      |     ^ again here\n"
              "     --> a.policy:1:5\n"
              "    1 | let x = 1\n"
              "      |     ^ first here\n"
              "     --> b.policy:1:2\n"
              "    1 |     x : money\n"
              "      |     ^\n"
              "      = choose another name for one of them\n");
}

TEST(RenderText, CutsAtTheLineEndAndGivesAnEmptySpanOneCaret) {
    Sample sample("any of a\n  b\n");
    EXPECT_EQ(render_text(sample.sources, sample.sink.report(Code::expected_type, {sample.file, 4, 12}), Language::English, Color::Off).text()
                  .substr(0, 96),
              "a.policy:1:5: error: a type was expected here [E0207]\n"
              "    1 | any of a\n"
              "      |     ^^^^\n"
              "      = ");
    Diagnostic& empty = sample.sink.report(Code::expected_type, {sample.file, 8, 8});
    empty.no_help = true;
    EXPECT_EQ(render_text(sample.sources, empty, Language::English, Color::Off).text(),
              "a.policy:1:9: error: a type was expected here [E0207]\n"
              "    1 | any of a\n"
              "      |         ^\n");
}

TEST(RenderText, WorksWithoutAPlaceAndAtTheEndOfAnEmptyFile) {
    Sample sample("");
    EXPECT_EQ(render_text(sample.sources, sample.sink.report(Code::not_a_list, {}, {"x"}), Language::Chinese, Color::Off).text(),
              "错误: `x`不是列表 [E0313]\n");
    EXPECT_EQ(render_text(sample.sources, sample.sink.report(Code::never_used, {sample.file, 0, 0}, {"x"}), Language::Chinese, Color::Off).text(),
              "a.policy:1:1: 警告: `x`没有被用到 [W0002]\n"
              "    1 |\n"
              "      | ^\n");
}

TEST(RenderText, DoesNotLetTheSourceSteerTheTerminal) {
    Sample sample("a \x1b[31m b \xFF c\n");
    const std::string shown = render_text(sample.sources, sample.sink.report(Code::unknown_name, sample.at("c"), {"c"}), Language::English, Color::Off).text();
    EXPECT_EQ(shown.find('\x1b'), std::string::npos);
    EXPECT_NE(shown.find("    1 | a <U+001B>[31m b <0xFF> c\n      |                         ^\n"), std::string::npos) << shown;
}

TEST(RenderText, ColoursOnlyAddEscapes) {
    Sample sample("let x = 1\n");
    Diagnostic& diagnostic = sample.sink.report(Code::never_used, sample.at("x"), {"x"});
    diagnostic.here("here", "此处");
    std::string coloured = render_text(sample.sources, diagnostic, Language::English, Color::On).text();
    EXPECT_NE(coloured.find("\x1b[1;33m"), std::string::npos);
    for (std::size_t at = coloured.find('\x1b'); at != std::string::npos; at = coloured.find('\x1b')) {
        coloured.erase(at, coloured.find('m', at) - at + 1);
    }
    EXPECT_EQ(coloured, render_text(sample.sources, diagnostic, Language::English, Color::Off).text());
}

TEST(RenderJson, IsOneLineWithEveryMember) {
    Sample sample("x \"研\" 1\n");
    Diagnostic& diagnostic = sample.sink.report(Code::full_width_character, sample.at("\"研\""), {"“\"", "\\"});
    diagnostic.also(sample.at("1"), "one", "一").fix_with(sample.at("1"), "\"\\\n");
    EXPECT_EQ(render_json(sample.sources, diagnostic, Language::Chinese),
              R"({"code":"E0102","name":"full_width_character","severity":"error","message":"此处应为半角字符，而不是全角的`“\"`","label":"",)"
              R"("help":"写作`\\`","file":"a.policy","line":1,"column":3,"end_line":1,"end_column":6,)"
              R"("places":[{"file":"a.policy","line":1,"column":7,"end_line":1,"end_column":8,"label":"一"}],)"
              R"("fix":{"file":"a.policy","line":1,"column":7,"end_line":1,"end_column":8,"replacement":"\"\\\n"}})");
}

TEST(RenderJson, SaysNullWhereThereIsNoPlace) {
    Sample sample("");
    EXPECT_EQ(render_json(sample.sources, sample.sink.report(Code::not_a_list, {}, {"x\x01"}), Language::English),
              R"({"code":"E0313","name":"not_a_list","severity":"error","message":"`x<U+0001>` is not a list","label":"","help":"",)"
              R"("file":null,"places":[],"fix":null})");
}

// ---- layout ----

struct Laid {
    std::string source;
    Layout layout;
    std::vector<Diagnostic> told;
};

Laid laid(std::string source) {
    SourceSet sources;
    Sink sink;
    const FileId file = sources.add("a.policy", source);
    Layout layout = lay_out(sources, file, sink);
    EXPECT_EQ(layout.text.size(), source.size());
    return {std::move(source), std::move(layout), sink.sorted()};
}

std::string quiet(std::string source) {
    const Laid result = laid(std::move(source));
    for (const Diagnostic& each : result.told) ADD_FAILURE() << message(each, Language::English) << " in " << result.source;
    EXPECT_TRUE(result.layout.usable);
    return result.layout.text;
}

std::vector<std::string> numbers(const Laid& result) {
    std::vector<std::string> list;
    for (const Diagnostic& each : result.told) list.emplace_back(wording(each.code).number);
    return list;
}
using Numbers = std::vector<std::string>;

// The source with its fix-its applied.
std::string repaired(const Laid& result) {
    std::string text = result.source;
    for (auto each = result.told.rbegin(); each != result.told.rend(); ++each) {
        if (each->fix) text.replace(each->fix->span.begin, each->fix->span.end - each->fix->span.begin, each->fix->replacement);
    }
    return text;
}

TEST(Layout, BlanksCommentsMarksAndCarriageReturns) {
    EXPECT_EQ(quiet("let x = 1 # （注）\r\nlet y\n"), "let x = 1" + std::string(13, ' ') + "\nlet y\n");
    EXPECT_EQ(quiet("\xEF\xBB\xBFlet"), "   let");
    EXPECT_EQ(quiet("# only"), "      ");
    EXPECT_EQ(quiet("\"a # b\" \"“全角”，\""), "\"a # b\" \"“全角”，\"");
}

TEST(Layout, RefusesWhatIsNotUtf8) {
    const Laid result = laid("let x\n\xB8\xDF");
    EXPECT_FALSE(result.layout.usable);
    ASSERT_EQ(numbers(result), Numbers{"E0101"});
    EXPECT_EQ(result.told[0].span, (Span{0, 6, 7}));
    EXPECT_EQ(result.told[0].arguments[0], "0xB8");
}

TEST(Layout, MakesHabitualSignsPlain) {
    struct Case {
        std::string source, plain, fixed;
        std::size_t count;
    };
    const std::vector<Case> cases{
        {"f（a，b）", "f(  a,  b)  ", "f(a,b)", 3},
        {"a、b", "a,  b", "a,b", 1},
        {"x：y", "x:  y", "x:y", 1},
        {"｛a｝", "{  a}  ", "{a}", 2},
        {"a ≥ b ≤ c ≠ d", "a >=  b <=  c !=  d", "a >= b <= c != d", 3},
        {"a ＝ b", "a   = b", "a = b", 1},
        {"a ＞＝ b", "a     >= b", "a >= b", 1},
        {"a ＞= b", "a   >= b", "a >= b", 1},
        {"a >＝ b", "a >=   b", "a >= b", 1},
        {"a ！= b", "a   != b", "a != b", 1},
        {"a × b ÷ c", "a *  b /  c", "a * b / c", 2},
        {"a ＋ b", "a +   b", "a + b", 1},
        {"a ｜ b", "a |   b", "a | b", 1},
        {"【1】", "[  1]  ", "[1]", 2},
        {"１２％", "      12%", "12%", 1},
        {"５００万元", "      500万元", "500万元", 1},
        {"1２万元", "12万元  ", "12万元", 1},
        {"2018－01－01", "2018-01-01    ", "2018-01-01", 2},
        {"２０１８－０１－０１", std::string(20, ' ') + "2018-01-01", "2018-01-01", 1},
        {"０．７５", "        0.75", "0.75", 1},
        {"1…5", "1.. 5", "1..5", 1},
        {"1～5", "1.. 5", "1..5", 1},
        {"ａｂ", "    ab", "ab", 1},
    };
    for (const Case& each : cases) {
        const Laid result = laid(each.source);
        EXPECT_EQ(result.layout.text, each.plain) << each.source;
        EXPECT_EQ(repaired(result), each.fixed) << each.source;
        EXPECT_EQ(numbers(result), Numbers(each.count, "E0102")) << each.source;
        EXPECT_TRUE(result.layout.usable);
        EXPECT_EQ(quiet(each.fixed), each.fixed);
    }
}

TEST(Layout, NamesThePlainCharacter) {
    const Laid result = laid("f（a");
    EXPECT_EQ(message(result.told.at(0), Language::English), "full-width `（` where a plain character belongs");
    EXPECT_EQ(help(result.told.at(0), Language::Chinese), "写作`(`");
}

TEST(Layout, MakesFullWidthQuotesATextAndKeepsWhatIsInside) {
    const Laid result = laid("authority “科技部，（财政部）” x");
    EXPECT_EQ(result.layout.text, "authority   \"科技部，（财政部）\"   x");
    EXPECT_EQ(numbers(result), (Numbers{"E0102", "E0102"}));
    EXPECT_EQ(repaired(result), "authority \"科技部，（财政部）\" x");
    EXPECT_EQ(repaired(laid("a \"中文” | \"English\"")), "a \"中文\" | \"English\"");
    EXPECT_EQ(repaired(laid("a “中文\" | ‘English’")), "a \"中文\" | \"English\"");
}

TEST(Layout, MakesSpacesPlainAndTellsStrayCharacters) {
    const Laid spaces = laid("let　　x\u00A0= 1");
    EXPECT_EQ(spaces.layout.text, "let      x  = 1");
    EXPECT_EQ(numbers(spaces), (Numbers{"E0107", "E0107"}));
    EXPECT_EQ(repaired(spaces), "let    x = 1");
    const Laid stray = laid("a\u0301 ￥ \x01");
    EXPECT_EQ(numbers(stray), (Numbers{"E0106", "E0106", "E0106"}));
    EXPECT_EQ(stray.layout.text, "a" + std::string(8, ' '));
    EXPECT_EQ(quiet("研发费用 3‰ Ⅰ类"), "研发费用 3‰ Ⅰ类");
}

TEST(Layout, KnowsThatNothingIsNeededAtTheEndOfALine) {
    const Laid ends = laid("let x = 1；  # 注\nlet y = 2;\nlet z = 3。");
    EXPECT_EQ(numbers(ends), (Numbers{"E0105", "E0105", "E0105"}));
    EXPECT_EQ(ends.layout.text.substr(0, 12), "let x = 1   ");
    EXPECT_EQ(std::count(ends.layout.text.begin(), ends.layout.text.end(), '\n'), 2);
    const Laid middle = laid("given a = 1； b = 2; c = 3");
    EXPECT_EQ(numbers(middle), (Numbers{"E0108", "E0108"}));
    EXPECT_EQ(repaired(middle), "given a = 1, b = 2, c = 3");
    EXPECT_EQ(numbers(laid("{ given a = 1; }")), Numbers{"E0105"});
}

TEST(Layout, ClosesATextThatIsNotClosed) {
    const Laid plain = laid("let x = 1 \"成立\nlet y = 2 \"b\"\n");
    EXPECT_EQ(numbers(plain), Numbers{"E0103"});
    EXPECT_EQ(plain.told[0].span, (Span{0, 10, 11}));
    EXPECT_EQ(plain.layout.text, "let x = 1 \"成\"  \nlet y = 2 \"b\"\n");
    EXPECT_EQ(repaired(plain), "let x = 1 \"成立\"\nlet y = 2 \"b\"\n");
    EXPECT_EQ(laid("require a b \"标签  @ measures 1\n").layout.text, "require a b \"标签\" @ measures 1\n");
    EXPECT_EQ(laid("policy x for c \"标签 {\n").layout.text, "policy x for c \"标签\"{\n");
    EXPECT_EQ(laid("let x = 1 \"\nlet y").layout.text, "let x = 1  \nlet y");
    EXPECT_EQ(numbers(laid("let x = 1 “abc\n")), (Numbers{"E0102", "E0103"}));
    const Laid citation = laid("require a b @ \"财税 1\nlet y");
    EXPECT_EQ(numbers(citation), Numbers{"E0103"});
    EXPECT_EQ(citation.layout.text, "require a b @ \"财税 \"\nlet y");
    EXPECT_EQ(numbers(laid("x @ \"\ny")), Numbers{"E0103"});
}

TEST(Layout, TellsWhatNobodySees) {
    struct Case {
        std::string source;
        Numbers told;
    };
    const std::vector<Case> cases{
        {"x # \u202Eab\u202C", {"W0003", "W0003"}}, {"\"a\u2066b\"", {"W0003"}},       {"@ m\u200E 3", {"W0003"}},
        {"@ \"m\u061C\"", {"W0003"}},              {"\"a\u200B\u200Bb\"", {"W0004"}}, {"# \uFEFF", {"W0004"}},
        {"# a\u00ADb\uFE0F", {"W0004", "W0004"}},  {"# a\U000E0041", {"W0004"}},        {"# a\u2028require b", {"W0004"}},
        {"# a\rrequire b\r\n", {"W0004"}},         {"\"a\x1b[31m\"", {"W0004"}},        {"\"a\x7F\u0085\"", {"W0004", "W0004"}},
        {"a\u200Bb", {"E0107"}},                   {"a\u200Db", {"E0106"}},             {"a\u202Eb", {"E0106"}},
        {"a\uFE0F", {"E0106"}},                    {"# a\tb\r\n\"a\tb\"\r\n", {}},
    };
    for (const Case& each : cases) EXPECT_EQ(numbers(laid(each.source)), each.told) << value::visible(each.source);
    EXPECT_EQ(repaired(laid("\"a\u202E\u202Eb\"")), "\"ab\"");
    EXPECT_EQ(message(laid("# \u202E").told.at(0), Language::English).substr(0, 13), "U+202E turns ");
}

TEST(Layout, TellsNamesOfMixedScriptsOnce) {
    EXPECT_EQ(numbers(laid("ст\u0061ff = \u0441taff + \u0441taff")), (Numbers{"W0007", "W0007"}));
    EXPECT_EQ(numbers(laid("αlpha")), Numbers{"W0007"});
    EXPECT_EQ(message(laid("x = \u0441taff").told.at(0), Language::English), "`\u0441taff` mixes letters of different scripts: `\u0441` is U+0441, `t` is U+0074");
    for (const char* plain : {"研发费用GB", "R_and_D研发", "персонал", "αβγ", "カタかな漢字abc", "한국abc", "e\u0301", "ñandú", "x # \u0441taff", "\"\u0441taff\""}) {
        const Numbers told = numbers(laid(plain));
        EXPECT_EQ(std::count(told.begin(), told.end(), "W0007"), 0) << plain;
    }
}

// ---- names that look alike ----

TEST(LookAlikes, HaveTheSameSkeleton) {
    const std::vector<std::pair<const char*, const char*>> alike{{"staff", "st\u0430ff"}, {"\u0440\u0430\u0443", "pay"}, {"A", "\u0391"}, {"form", "forrn"},
                                                                  {"十年", "〸年"},        {"二级", "ニ级"},               {"x1", "xl"},     {"ﬀ_", "ﬀ_"}};
    for (const auto& [one, other] : alike) EXPECT_EQ(skeleton(one), skeleton(other)) << one << " " << other;
    EXPECT_NE(skeleton("staff"), skeleton("stuff"));
    EXPECT_NE(skeleton("研发"), skeleton("研究"));
    EXPECT_EQ(skeleton("employees_2"), skeleton("employees_2"));
}

// Every character of a name is in its composed form, and those that would compose with a neighbour are none of a name.
TEST(LookAlikes, NamesDoNotDifferInNormalisationOnly) {
    for (const char32_t decomposed : {U'\u0301', U'\u1100', U'\u1161', U'\u11A8', U'\u212B', U'\u2126', U'\uF900', U'\u3099'}) {
        EXPECT_FALSE(is_name_character(decomposed)) << code_point_name(decomposed);
    }
}

TEST(Layout, RefusesDeepNesting) {
    const std::string deepest = std::string(200, '(') + "1" + std::string(200, ')');
    EXPECT_EQ(quiet(deepest), deepest);
    const Laid refused = laid("(" + deepest + ")");
    EXPECT_FALSE(refused.layout.usable);
    ASSERT_EQ(numbers(refused), Numbers{"E0104"});
    EXPECT_EQ(refused.told[0].span.begin, 200U);
    EXPECT_TRUE(laid("\"" + std::string(500, '[') + "\" @ " + std::string(500, '(')).layout.usable);
    EXPECT_FALSE(laid(std::string(100'000, '{')).layout.usable);
}

// The entries of a source, one an item, with runs of blanks made one.
std::vector<std::string> entries(const std::string& source) {
    std::vector<std::string> list(1);
    for (const char character : quiet(source)) {
        if (character == '\n') {
            list.emplace_back();
        } else if (character != ' ' || (!list.back().empty() && list.back().back() != ' ')) {
            list.back() += character;
        }
    }
    for (std::string& each : list) {
        if (each.ends_with(' ')) each.pop_back();
    }
    std::erase(list, "");
    return list;
}
using Entries = std::vector<std::string>;

TEST(LayoutEntries, EndAtTheEndOfTheirLine) {
    EXPECT_EQ(entries("let a = 1\n\n  # note\nlet b = 2\n"), (Entries{"let a = 1", "let b = 2"}));
}

TEST(LayoutEntries, GoOnInsideRoundAndSquareBrackets) {
    EXPECT_EQ(entries("let a = sum(\n  x # first\n\n  for y in z\n)\nb"), (Entries{"let a = sum( x for y in z )", "b"}));
    EXPECT_EQ(entries("given l = [ { p = 1元,\n  q = 2 },\n { p = 3 }\n]\nexpect eligible"), (Entries{"given l = [ { p = 1元, q = 2 }, { p = 3 } ]", "expect eligible"}));
}

TEST(LayoutEntries, BracesDoNotJoinLines) {
    EXPECT_EQ(entries("vocabulary v {\n  a : bool\n  b : bool\n}\nx"), (Entries{"vocabulary v {", "a : bool", "b : bool", "}", "x"}));
}

TEST(LayoutEntries, GoOnBehindAnOperatorOrWord) {
    for (const char* end : {"+", "-", "*", "/", "=", "!=", "<", "<=", ">", ">=", "|", ",", ":", "and", "or", "not", "in", "then", "else", "if", "where", "when",
                            "unless", "otherwise", "for"}) {
        const std::string first = std::string("let a = b ") + end;
        EXPECT_EQ(entries(first + "  # why\n\n c"), Entries{first + " c"}) << end;
    }
    for (const char* end : {"..", "<..", "..<", "<..<", "1", "x", ")", "}", "order", "band"}) {
        const std::string first = std::string("let a = b ") + end;
        EXPECT_EQ(entries(first + "\n c"), (Entries{first, "c"})) << end;
    }
}

TEST(LayoutEntries, GoOnBeforeAnOperatorWordLabelOrCitation) {
    for (const char* begin : {"+ c", "- c", "* c", "/ c", "= c", "!= c", "< c", "<= c", "> c", ">= c", "| c", "and c", "or c", "then c", "else c", "where c", "when c",
                              "unless c", "otherwise c", "in c", "for c", "to c", "as of c", "because c", "needs c", "like c", "published c", "always",
                              "\"标签\"", "@ measures 11(1)"}) {
        EXPECT_EQ(entries(std::string("let a = b\n   ") + begin), Entries{std::string("let a = b ") + begin}) << begin;
    }
    for (const char* begin : {".. c", "<.. c", "<..< c", "order", "android", "in force 2016-01-01 ..", "published : date", "c", "3"}) {
        EXPECT_EQ(entries(std::string("let a = b\n   ") + begin), (Entries{"let a = b", begin})) << begin;
    }
}

TEST(LayoutEntries, OpenPeriodsEndTheirEntry) {
    EXPECT_EQ(entries("policy p for c \"x\" {\n  in force 2016-01-01 ..\n  let a = b\n}"), (Entries{"policy p for c \"x\" {", "in force 2016-01-01 ..", "let a = b", "}"}));
}

TEST(LayoutEntries, TablesAndParametersKeepTheirLines) {
    EXPECT_EQ(entries("table t(a, b) : int \"x\" {\n  a | b |\n  - | -\n  otherwise | 0\n  in {x,\n y} | max(1,\n 2)\n}\nlet c = d +\n e"),
              (Entries{"table t(a, b) : int \"x\" {", "a | b |", "- | -", "otherwise | 0", "in {x,", "y} | max(1, 2)", "}", "let c = d + e"}));
    EXPECT_EQ(entries("parameter p : one of { a, b }\n  \"x\" {\n  2008-01-01 ..\n  @ m\n}\nlet a = b\n + c"),
              (Entries{"parameter p : one of { a, b } \"x\" {", "2008-01-01 ..", "@ m", "}", "let a = b + c"}));
    EXPECT_EQ(entries("policy p {\n table t(a) : int { \n a | b\n - | 1\n }\n let c = d\n + e\n}"),
              (Entries{"policy p {", "table t(a) : int {", "a | b", "- | 1", "}", "let c = d + e", "}"}));
}

TEST(LayoutEntries, ABraceMayBeginALine) {
    EXPECT_EQ(entries("policy p for c \"x\"\n{\n a\n}"), (Entries{"policy p for c \"x\" {", "a", "}"}));
}

TEST(LayoutEntries, CitationsRunToTheEndOfTheirLine) {
    EXPECT_EQ(entries("require a b \"x\"\n @ \"财税〔2018〕99号 { # 一\" # note\n @ measures 11（1），\nlet c"),
              (Entries{"require a b \"x\" @ \"财税〔2018〕99号 { # 一\" @ measures 11（1），", "let c"}));
    EXPECT_EQ(entries("any of s \"x\" @ guide 6(（ {\n  a\n}"), (Entries{"any of s \"x\" @ guide 6(（ {", "a", "}"}));
    EXPECT_EQ(entries("require a b @ measures 1\nand c"), (Entries{"require a b @ measures 1", "and c"}));
}

TEST(LayoutEntries, AnUnfinishedEntryDoesNotSwallowTheNext) {
    EXPECT_EQ(entries("require a f(b\nrequire c d\nx\ny"), (Entries{"require a f(b", "require c d", "x", "y"}));
    EXPECT_EQ(entries("let a = b +\nexclude c d"), (Entries{"let a = b +", "exclude c d"}));
    EXPECT_EQ(entries("policy p {\nlet a = (b\n}\nc\nd"), (Entries{"policy p {", "let a = (b", "}", "c", "d"}));
    EXPECT_EQ(entries("let a = (b\nin force 2016-01-01 ..\nc"), (Entries{"let a = (b", "in force 2016-01-01 ..", "c"}));
}

}  // namespace
}  // namespace eligo::text
