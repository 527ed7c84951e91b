// The commands that the documents show: each is understood by the program, and what can be run as it stands is run, in a folder
// that has the rules, the examples and the input files under the names that the documents give them.
#include "blocks.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace eligo::docs {
namespace {

namespace fs = std::filesystem;

struct Command {
    std::string page, words;  // behind `eligo`
};

std::string without_comment(std::string line) {
    const std::size_t comment = line.find("  #");
    if (comment != std::string::npos) line.resize(comment);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\\')) line.pop_back();
    return line;
}

// `$ eligo check …`, `build/release/engine/cli/eligo check …`: what stands behind the program, when a command does.
void add_command(const std::string& page, const std::string& text, std::vector<Command>& commands) {
    static const std::regex begins(R"(^(?:\$ )?(?:build/release/engine/cli/)?eligo ([a-z]+\b.*)$)");
    std::smatch found;
    const std::string line = without_comment(text);
    if (std::regex_match(line, found, begins)) commands.push_back({page, found[1]});
}

std::vector<Command> commands_of(const fs::path& page) {
    std::vector<Command> commands;
    const std::string name = page.filename().string(), text = read_page(page);
    for (const Block& block : blocks_of(text)) {
        std::istringstream lines(block.text);
        for (std::string line; std::getline(lines, line);) add_command(name, line, commands);
    }
    static const std::regex in_line("`([^`\n]+)`");
    for (auto each = std::sregex_iterator(text.begin(), text.end(), in_line); each != std::sregex_iterator(); ++each) add_command(name, (*each)[1], commands);
    return commands;
}

std::vector<Command> all_commands() {
    std::vector<fs::path> pages;
    const fs::path top = documents().parent_path();
    for (const char* name : {"README.md", "README.zh.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "rules/README.md", "tests/README.md", "bench/README.md", "examples/companies/README.md"}) pages.push_back(top / name);
    for (const auto& entry : fs::directory_iterator(documents())) {
        if (entry.path().extension() == ".md") pages.push_back(entry.path());
    }
    std::vector<Command> commands;
    for (const fs::path& page : pages) {
        const auto some = commands_of(page);
        commands.insert(commands.end(), some.begin(), some.end());
    }
    return commands;
}

// A word in capitals, in brackets, beyond ASCII or with an ellipsis stands for something that the reader puts there.
bool has_placeholder(const std::string& words) {
    static const std::regex capitals(R"((^|[ =])[A-Z]{2,}\b)");
    return words.find("[") != std::string::npos || std::regex_search(words, capitals) || std::any_of(words.begin(), words.end(), [](char c) { return static_cast<signed char>(c) < 0; });
}

class Commands : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_documents_" + std::to_string(getpid()));
        fs::create_directories(folder_);
        const fs::path top = documents().parent_path();
        for (const char* name : {"rules", "examples", "tests", "docs"}) fs::create_directory_symlink(top / name, folder_ / name);
        fs::copy_file(top / "examples/companies/qingpu_smart_building.json", folder_ / "company.json");
        std::ofstream(folder_ / "company.csv") << "company_id,registered_on,resident,employees\nA,2015-03-01,true,120\n";
        std::ofstream(folder_ / "companies.csv") << "company_id,registered_on,resident,employees\nA,2015-03-01,true,120\nB,2018-05-01,true,12\n";
        std::ofstream(folder_ / "projects.csv") << "company_id,personnel_labor\nA,1000\n";
        ASSERT_EQ(run("compile rules -o pack.eligo").status, 0);
    }
    void TearDown() override { fs::remove_all(folder_); }

    struct Ended {
        int status = -1;
        std::string said;
    };
    Ended run(const std::string& words) const {
        const std::string line = "cd '" + folder_.string() + "' && '" ELIGO_PROGRAM "' " + words + " 2>&1 < /dev/null";
        FILE* const pipe = popen(line.c_str(), "r");
        Ended ended;
        std::array<char, 4096> piece{};
        while (const std::size_t size = std::fread(piece.data(), 1, piece.size(), pipe)) ended.said.append(piece.data(), size);
        const int status = pclose(pipe);
        ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
        return ended;
    }

    fs::path folder_;
};

TEST_F(Commands, AreUnderstood) {
    std::map<std::string, std::string> helps;  // by verb
    std::size_t seen = 0;
    for (const Command& command : all_commands()) {
        ++seen;
        const std::string verb = command.words.substr(0, command.words.find(' '));
        auto [help, added] = helps.try_emplace(verb);
        if (added) {
            const Ended ended = run(verb + " --help");
            EXPECT_EQ(ended.status, 0) << command.page << ": eligo " << command.words << "\n" << ended.said;
            help->second = ended.said;
        }
        static const std::regex option("--[a-z][a-z-]*");
        for (auto each = std::sregex_iterator(command.words.begin(), command.words.end(), option); each != std::sregex_iterator(); ++each)
            EXPECT_NE(help->second.find(each->str()), std::string::npos) << command.page << ": eligo " << command.words << ": " << each->str();
    }
    EXPECT_GE(seen, 40U);
}

// Those that take an input or a choice need more than their name to be run.
TEST_F(Commands, RunAsTheyStand) {
    std::set<std::string> done;
    bool mutated = false;  // once is enough: the changes to the rules are the same ones
    for (const Command& command : all_commands()) {
        const bool mutates = command.words.find("--mutate") != std::string::npos;
        if (mutates && mutated) continue;
        mutated = mutated || mutates;
        const bool alone = command.words.find(' ') == std::string::npos;
        const bool needs_more = alone && command.words != "test" && command.words != "list" && command.words != "facts" && command.words != "schema";
        if (needs_more || has_placeholder(command.words) || !done.insert(command.words).second) continue;
        const Ended ended = run(command.words);
        EXPECT_EQ(ended.status, 0) << command.page << ": eligo " << command.words << "\n" << ended.said;
    }
    EXPECT_GE(done.size(), 15U);
}

}  // namespace
}  // namespace eligo::docs
