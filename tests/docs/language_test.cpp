// The examples of docs/language.md. A block `policy` is a whole source that compiles without a diagnostic and whose
// scenarios pass; a block `policy-error CODE` gives exactly that code; a block `fragment` or `text` is not run.
#include "blocks.hpp"
#include "compile_source.hpp"

#include <gtest/gtest.h>

#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace eligo::docs {
namespace {

struct Example {
    std::string kind;  // policy, policy-error
    std::string code;  // of policy-error
};

Example read_info(const std::string& info) {
    Example example;
    std::istringstream words(info);
    words >> example.kind >> example.code;
    return example;
}

std::vector<Block> examples() { return blocks_of(read_page(documents() / "language.md")); }

TEST(Language, HasExamples) {
    std::size_t right = 0, wrong = 0, scenarios = 0;
    for (const Block& block : examples()) {
        const std::string kind = read_info(block.info).kind;
        if (kind == "policy-error") ++wrong;
        if (kind != "policy") continue;
        ++right;
        scenarios += compile_source(block.text).scenarios;
    }
    EXPECT_GE(right, 12U);
    EXPECT_GE(wrong, 10U);
    EXPECT_GE(scenarios, 25U);
}

TEST(Language, ExamplesCompileAndTheirScenariosPass) {
    for (const Block& block : examples()) {
        if (read_info(block.info).kind != "policy") continue;
        const Compiled compiled = compile_source(block.text);
        EXPECT_TRUE(compiled.codes.empty()) << "line " << block.line << "\n" << compiled.told;
        EXPECT_TRUE(compiled.has_pack) << "line " << block.line;
        for (const std::string& failure : compiled.failures) ADD_FAILURE() << "line " << block.line << ": " << failure;
    }
}

TEST(Language, WrongExamplesGiveTheirCode) {
    for (const Block& block : examples()) {
        const Example example = read_info(block.info);
        if (example.kind != "policy-error") continue;
        const Compiled compiled = compile_source(block.text);
        EXPECT_EQ(compiled.codes, std::set<std::string>{example.code}) << "line " << block.line << "\n" << compiled.told;
    }
}

// A block that is neither run nor meant as output would be an example that nobody checks.
TEST(Language, BlocksAreOfKnownKinds) {
    const std::set<std::string> known{"policy", "policy-error", "fragment", "text"};
    for (const Block& block : examples())
        EXPECT_TRUE(known.contains(read_info(block.info).kind)) << "line " << block.line << ": " << block.info;
}

}  // namespace
}  // namespace eligo::docs
