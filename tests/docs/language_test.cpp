// The examples of docs/language.md. A block `policy` is a whole source that compiles without a diagnostic and whose
// scenarios pass; a block `policy-error CODE` gives exactly that code. With `with NAME` a block leans on an earlier one,
// `policy as NAME`, whose text is put before its own.
#include "blocks.hpp"
#include "compile_source.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace eligo::docs {
namespace {

struct Example {
    std::string kind;      // policy, policy-error
    std::string code;      // of policy-error
    std::string declares;  // `as NAME`: blocks behind it may lean on this one
    std::string leans_on;  // `with NAME`
};

Example read_info(const std::string& info) {
    Example example;
    std::istringstream words(info);
    words >> example.kind;
    if (example.kind == "policy-error") words >> example.code;
    for (std::string word; words >> word;) {
        if (word == "as") words >> example.declares;
        if (word == "with") words >> example.leans_on;
    }
    return example;
}

std::vector<Block> examples() {
    std::vector<Block> found;
    std::map<std::string, std::string> declared;
    for (Block& block : blocks_of(read_page(documents() / "language.md"))) {
        const Example example = read_info(block.info);
        if (example.kind != "policy" && example.kind != "policy-error") continue;
        if (!example.declares.empty()) declared[example.declares] = block.text;
        if (!example.leans_on.empty()) block.text = declared.at(example.leans_on) + block.text;
        found.push_back(std::move(block));
    }
    return found;
}

TEST(Language, HasExamples) {
    std::size_t right = 0, wrong = 0, scenarios = 0;
    for (const Block& block : examples()) {
        const bool error = read_info(block.info).kind == "policy-error";
        ++(error ? wrong : right);
        if (!error) scenarios += compile_source(block.text).scenarios;
    }
    EXPECT_GE(right, 20U);
    EXPECT_GE(wrong, 10U);
    EXPECT_GE(scenarios, 20U);
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
    for (const Block& block : blocks_of(read_page(documents() / "language.md")))
        EXPECT_TRUE(known.contains(read_info(block.info).kind)) << "line " << block.line << ": " << block.info;
}

}  // namespace
}  // namespace eligo::docs
