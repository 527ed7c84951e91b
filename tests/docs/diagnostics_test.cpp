// The pages of docs/diagnostics: one for every row of engine/text/diagnostics.def and none besides, and their examples
// give what they say.
#include "blocks.hpp"
#include "compile_source.hpp"

#include "text/diagnostic.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace eligo::docs {
namespace {

namespace fs = std::filesystem;

std::set<std::string> rows() {
    std::set<std::string> numbers;
    for (std::size_t i = 0; i < text::wording_count(); ++i) numbers.emplace(text::wording(static_cast<text::Code>(i)).number);
    return numbers;
}

std::set<std::string> pages() {
    std::set<std::string> numbers;
    for (const auto& entry : fs::directory_iterator(documents() / "diagnostics"))
        if (entry.path().stem() != "README") numbers.insert(entry.path().stem().string());
    return numbers;
}

std::string page(const std::string& number) { return read_page(documents() / "diagnostics" / (number + ".md")); }

// What the examples lean on, as README.md shows it.
std::string declarations() {
    for (const Block& block : blocks_of(page("README")))
        if (block.info == "policy") return block.text;
    return {};
}

std::string whole_source(const Block& example) {
    if (example.info.ends_with(" file")) return declarations() + "\n" + example.text;
    return declarations() + "\npolicy example for company \"示例\" | \"Example\" {\n  in force 2016-01-01 ..\n" + example.text + "}\n";
}

TEST(DiagnosticPages, EveryRowHasAPage) {
    const auto written = pages();
    for (const std::string& row : rows()) EXPECT_TRUE(written.contains(row)) << row << " has no page";
}

TEST(DiagnosticPages, EveryPageHasARow) {
    const auto known = rows();
    for (const std::string& number : pages()) EXPECT_TRUE(known.contains(number)) << number << " is no diagnostic";
}

// The first line of a page names the code, the second paragraph says it in Chinese.
TEST(DiagnosticPages, BeginWithTheCodeAndSayItInChinese) {
    for (const std::string& number : pages()) {
        const std::string text = page(number);
        EXPECT_TRUE(text.starts_with("# " + number + ": ")) << number;
        const std::size_t begin = text.find("\n\n");
        const std::size_t end = text.find("\n\n", begin + 2);
        ASSERT_NE(end, std::string::npos) << number;
        EXPECT_TRUE(std::any_of(text.begin() + static_cast<std::ptrdiff_t>(begin), text.begin() + static_cast<std::ptrdiff_t>(end),
                                [](char byte) { return static_cast<unsigned char>(byte) >= 0xE4; }))
            << number;
    }
}

TEST(DiagnosticPages, DeclarationsCompile) {
    const Compiled compiled = compile_source(declarations());
    EXPECT_TRUE(compiled.has_pack) << compiled.told;
    EXPECT_TRUE(compiled.codes.empty()) << compiled.told;
}

TEST(DiagnosticPages, WrongExamplesGiveTheirCodeAndNoOther) {
    std::size_t examples = 0;
    for (const std::string& number : pages())
        for (const Block& block : blocks_of(page(number))) {
            if (!block.info.starts_with("wrong")) continue;
            ++examples;
            const Compiled compiled = compile_source(whole_source(block));
            EXPECT_EQ(compiled.codes, std::set<std::string>{number}) << compiled.told;
        }
    EXPECT_GT(examples, 100U);
}

TEST(DiagnosticPages, RepairedExamplesGiveNone) {
    for (const std::string& number : pages())
        for (const Block& block : blocks_of(page(number))) {
            if (!block.info.starts_with("right")) continue;
            const Compiled compiled = compile_source(whole_source(block));
            EXPECT_TRUE(compiled.codes.empty()) << number << "\n" << compiled.told;
            EXPECT_TRUE(compiled.has_pack) << number;
            for (const std::string& failure : compiled.failures) ADD_FAILURE() << number << ": " << failure;
        }
}

}  // namespace
}  // namespace eligo::docs
