// Which files the rules may be read from: every way out of the folders that were named, and what is no regular file.
#include "api/compile_internal.hpp"
#include "io/fence.hpp"
#include "text/diagnostic.hpp"

#include <eligo/compile.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

namespace eligo {
namespace {

namespace fs = std::filesystem;
using io::Refusal;

constexpr const char* vocabulary = "vocabulary company \"企业\" | \"Company\" { resident : bool \"居民企业\" | \"Resident\" }\n";
constexpr std::size_t most = 4'000'000;

std::string policy_that_imports(const std::string& path) {
    return "import \"" + path +
           "\"\npolicy p for company \"政策\" | \"Policy\" {\n  in force 2016-01-01 ..\n  require r resident \"居民\" | \"Resident\" @ \"办法 1\"\n}\n";
}

class FenceTest : public testing::Test {
protected:
    void SetUp() override {
        base_ = fs::path(testing::TempDir()) / ("eligo_fence_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(base_);
        write("outside/secret.policy", "TOP SECRET LINE\n");
        write("outside/company.policy", vocabulary);
        write("rules/company.policy", vocabulary);
        write("rules/inner/company.policy", vocabulary);
    }
    void TearDown() override { fs::remove_all(base_); }

    std::string path(const std::string& name) const { return (base_ / name).string(); }
    std::string write(const std::string& name, const std::string& text) const {
        fs::create_directories((base_ / name).parent_path());
        std::ofstream(base_ / name, std::ios::binary) << text;
        return path(name);
    }
    void link(const std::string& to, const std::string& name) const {
        fs::create_directories((base_ / name).parent_path());
        fs::create_symlink(to, base_ / name);
    }

    // The code of the first mistake when rules/small.policy imports a path; empty when all is well.
    std::string importing(const std::string& import) const {
        write("rules/small.policy", policy_that_imports(import));
        return first_code(compile_files(std::vector<std::string>{path("rules/small.policy")}));
    }
    static std::string first_code(const Compiled& compiled) {
        if (compiled.ok()) return {};
        std::string all;
        for (const Diagnostic& each : compiled.diagnostics) {
            for (const std::string* text : {&each.text_chinese, &each.text_english, &each.json_english}) EXPECT_EQ(text->find("TOP SECRET"), std::string::npos) << *text;
            if (all.empty()) all = each.code.empty() ? "problem: " + each.english : each.code;
        }
        return all;
    }
    static std::string compiling(const std::string& path) { return first_code(compile_files(std::vector<std::string>{path})); }

    fs::path base_;
};

TEST_F(FenceTest, WhatLiesWithinIsImported) {
    EXPECT_EQ(importing("company.policy"), "");
    EXPECT_EQ(importing("./inner/company.policy"), "");
    EXPECT_EQ(importing("inner/../company.policy"), "");
    EXPECT_EQ(importing("../rules/company.policy"), "");
    link("inner/company.policy", "rules/linked.policy");
    EXPECT_EQ(importing("linked.policy"), "") << "a link that stays within";
    link("rules", "alias");
    EXPECT_EQ(compiling(path("alias/small.policy")), "") << "the caller may name a link";
}

TEST_F(FenceTest, NoPathLeadsOut) {
    link(path("outside/company.policy"), "rules/absolute.policy");
    link("../outside/company.policy", "rules/relative.policy");
    link("../outside", "rules/folder");
    link("relative.policy", "rules/twice.policy");
    link("/", "rules/root");
    for (const std::string& import : {std::string("../outside/company.policy"), path("outside/company.policy"), std::string("inner/../../outside/company.policy"),
                                      std::string("none/../../outside/company.policy"), std::string("absolute.policy"), std::string("relative.policy"),
                                      std::string("folder/company.policy"), std::string("twice.policy"), "root" + path("outside/company.policy"),
                                      std::string("../outside/none.policy"), std::string("/nowhere/none.policy"), std::string("../rules2/company.policy")}) {
        EXPECT_EQ(importing(import), "E0920") << import;
    }
    write("rules2/company.policy", vocabulary);
    EXPECT_EQ(importing("../rules2/company.policy"), "E0920") << "a folder whose name only begins like it";
}

TEST_F(FenceTest, AnotherFolderThatWasNamedOpensIt) {
    const std::string small = write("rules/small.policy", policy_that_imports("../outside/company.policy"));
    fs::remove(base_ / "outside/secret.policy");
    EXPECT_EQ(first_code(compile_files(std::vector<std::string>{small, path("outside")})), "");
    EXPECT_EQ(first_code(compile_files(std::vector<std::string>{small, path("outside/company.policy")})), "");
}

TEST_F(FenceTest, OnlyPoliciesAreImported) {
    write("rules/notes.txt", "TOP SECRET LINE\n");
    EXPECT_EQ(importing("notes.txt"), "E0921");
    EXPECT_EQ(importing("/proc/self/environ"), "E0921");
    EXPECT_EQ(importing("inner"), "E0921");
    EXPECT_EQ(importing("-"), "E0921");
    EXPECT_EQ(importing(std::string("notes.txt\0.policy", 17)), "E0409") << "the system would stop reading the path at the NUL";
    EXPECT_EQ(importing("none.policy"), "E0409");
    fs::create_directories(base_ / "rules/folder.policy");
    EXPECT_EQ(importing("folder.policy"), "E0921");
    ASSERT_EQ(mkfifo(path("rules/pipe.policy").c_str(), 0600), 0);
    EXPECT_EQ(importing("pipe.policy"), "E0921") << "and does not wait for a writer";
    link("/dev/zero", "rules/zero.policy");
    EXPECT_EQ(importing("zero.policy"), "E0920");
    link("circle2.policy", "rules/circle.policy");
    link("circle.policy", "rules/circle2.policy");
    EXPECT_EQ(importing("circle.policy"), "E0922");
    std::ofstream(base_ / "rules/large.policy").close();
    fs::resize_file(base_ / "rules/large.policy", most + 1);
    EXPECT_EQ(importing("large.policy"), "E0922");
}

TEST_F(FenceTest, WhatIsNamedIsARegularFileOrAFolderOfThem) {
    ASSERT_EQ(mkfifo(path("pipe.policy").c_str(), 0600), 0);
    EXPECT_TRUE(compiling(path("pipe.policy")).starts_with("problem: this is a pipe"));
    EXPECT_TRUE(compiling("/dev/zero").starts_with("problem: this is a pipe"));
    link("circle.policy", "circle.policy");
    EXPECT_TRUE(compiling(path("circle.policy")).starts_with("problem: links lead in a circle"));
    std::ofstream(base_ / "large.policy").close();
    fs::resize_file(base_ / "large.policy", 5'000'000'000);
    EXPECT_TRUE(compiling(path("large.policy")).starts_with("problem: the file is too large"));
    ASSERT_EQ(mkfifo(path("pipe.eligo").c_str(), 0600), 0);
    link("/dev/zero", "zero.eligo");
    fs::rename(base_ / "large.policy", base_ / "large.eligo");
    for (const char* image : {"pipe.eligo", "zero.eligo", "large.eligo"}) EXPECT_TRUE(compiling(path(image)).starts_with("problem: ")) << image;
    const int listening = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
    ASSERT_EQ(chdir(base_.c_str()), 0);
    std::string("socket.policy").copy(address.sun_path, sizeof address.sun_path - 1);
    ASSERT_EQ(bind(listening, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    EXPECT_TRUE(compiling("socket.policy").starts_with("problem: this is a pipe, a socket"));
    close(listening);
}

TEST_F(FenceTest, AFolderThatWasNamedIsNoWayOut) {
    const std::string folder = path("rules");
    EXPECT_NE(compiling(folder), "") << "two vocabularies of one name";
    fs::remove_all(base_ / "rules/inner");
    EXPECT_EQ(compiling(folder), "");
    link("../outside", "rules/folder");
    EXPECT_EQ(compiling(folder), "") << "links to folders are not followed";
    link("..", "rules/up");
    link(".", "rules/here");
    EXPECT_EQ(compiling(folder), "") << "nor round and round";
    link("../outside/secret.policy", "rules/secret.policy");
    EXPECT_TRUE(compiling(folder).starts_with("problem: this link leads outside"));
    fs::remove(base_ / "rules/secret.policy");
    ASSERT_EQ(mkfifo(path("rules/pipe.policy").c_str(), 0600), 0);
    EXPECT_TRUE(compiling(folder).starts_with("problem: this is a pipe"));
    fs::remove(base_ / "rules/pipe.policy");
    link("circle.policy", "rules/circle.policy");
    EXPECT_TRUE(compiling(folder).starts_with("problem: links lead in a circle"));
}

// Rules in memory name each other and nothing else.
TEST_F(FenceTest, InMemoryNoFileIsRead) {
    const std::string real = path("rules/company.policy");
    EXPECT_EQ(first_code(compile({{path("rules/small.policy"), policy_that_imports("company.policy")}})), "E0409") << "there is such a file, but not among the sources";
    EXPECT_EQ(first_code(compile({{"small.policy", policy_that_imports(real)}})), "E0409");
    EXPECT_EQ(first_code(compile({{"small.policy", policy_that_imports("../company.policy")}})), "E0920");
    EXPECT_EQ(first_code(compile({{"small.policy", policy_that_imports("/proc/self/environ")}})), "E0921");
    EXPECT_EQ(first_code(compile({{"a/small.policy", policy_that_imports("../b/company.policy")}, {"b/company.policy", vocabulary}})), "");
}

// A folder on the way becomes a link while it is read, again and again: what lies outside is never read.
TEST_F(FenceTest, ALinkPutInTheWayMeanwhileIsNotFollowed) {
    write("rules/swapped/company.policy", "inside");
    write("outside/company.policy", "outside");
    fs::create_directory_symlink(base_ / "outside", base_ / "link");
    io::Fence fence;
    fence.allow(path("rules"));
    std::atomic<bool> done{false};
    std::thread swapping([&] {
        const std::string here = path("rules/swapped"), there = path("link");
        while (!done) {
            [[maybe_unused]] const int status = renameat2(AT_FDCWD, here.c_str(), AT_FDCWD, there.c_str(), RENAME_EXCHANGE);
        }
    });
    std::size_t inside = 0, refused = 0;
    for (int i = 0; i < 20'000; ++i) {
        const io::FileRead read = fence.read(path("rules/swapped/company.policy"), most);
        if (read.bytes) {
            ASSERT_EQ(*read.bytes, "inside");
            ++inside;
        } else {
            ++refused;
        }
    }
    done = true;
    swapping.join();
    EXPECT_GT(inside, 0U);
    EXPECT_GT(refused, 0U);
}

}  // namespace
}  // namespace eligo
