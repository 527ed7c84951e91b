// Where may be written: what is claimed, what is refused, and how a file gets its name.
#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "io/checksum.hpp"
#include "io/destination.hpp"
#include "io/output_file.hpp"

namespace {

namespace fs = std::filesystem;
namespace io = eligo::io;

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

class Destinations : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::canonical(testing::TempDir()) / ("eligo_destination_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    std::string write(const std::string& name, const std::string& bytes) const {
        std::ofstream(folder_ / name, std::ios::binary) << bytes;
        return path(name);
    }
    // What is said against it; empty when it may be written.
    static std::string refused(const std::vector<std::string>& inputs, const std::vector<io::Output>& outputs) {
        std::vector<io::Problem> problems;
        const auto claimed = io::claim({inputs, outputs, "eligo test"}, problems);
        EXPECT_EQ(claimed.has_value(), problems.empty());
        return problems.empty() ? "" : problems.front().file + ": " + problems.front().english;
    }
    std::string refused(const std::string& input, const std::string& output) const { return refused({path(input)}, {{path(output), "-o"}}); }
    std::vector<io::Destination> claim(const std::string& output) const {
        std::vector<io::Problem> problems;
        auto claimed = io::claim({{}, {{path(output), "-o", ".resume", "record"}}, "eligo test one"}, problems);
        EXPECT_TRUE(claimed) << (problems.empty() ? "" : problems.front().english);
        return std::move(*claimed);
    }
    std::vector<std::string> names() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::directory_iterator(folder_)) names.push_back(entry.path().filename().string());
        std::sort(names.begin(), names.end());
        return names;
    }

    fs::path folder_;
};

TEST_F(Destinations, AnInputIsNoOutputByWhateverName) {
    write("in.csv", "data");
    fs::create_symlink("in.csv", path("link.csv"));
    fs::create_symlink("link.csv", path("link_of_link.csv"));
    fs::create_hard_link(path("in.csv"), path("hard.csv"));
    fs::create_directory(path("folder"));
    fs::create_directory_symlink(".", path("here"));
    fs::create_hard_link(path("in.csv"), path("other.csv.partial"));
    fs::create_symlink("in.csv", path("third.csv.lock"));
    const std::string last = "is the same file as " + path("in.csv") + ", which is read and would be destroyed; name another file";
    for (const char* name : {"in.csv", "./in.csv", "folder/../in.csv", "link.csv", "link_of_link.csv", "hard.csv", "here/in.csv", "here/here/link.csv"})
        EXPECT_EQ(refused("in.csv", name), path(name) + ": -o " + last) << name;
    // Nor by a name that an output has until it is finished.
    EXPECT_EQ(refused("in.csv", "other.csv"), path("other.csv") + ": -o (" + path("other.csv.partial") + ") " + last);
    EXPECT_EQ(refused("in.csv", "third.csv"), path("third.csv") + ": -o (" + path("third.csv.lock") + ") " + last);
    EXPECT_EQ(refused("link.csv", "in.csv"), path("in.csv") + ": -o is the same file as " + path("link.csv") + ", which is read and would be destroyed; name another file");
    EXPECT_EQ(read(path("in.csv")), "data");
    EXPECT_EQ(names(), (std::vector<std::string>{"folder", "hard.csv", "here", "in.csv", "link.csv", "link_of_link.csv", "other.csv.partial", "third.csv.lock"}));
}

TEST_F(Destinations, TwoOutputsAreTwoFiles) {
    fs::create_symlink("new.csv", path("dangling.csv"));
    fs::create_directory_symlink(".", path("here"));
    const auto both = [&](const std::string& one, const std::string& other) { return refused({}, {{path(one), "-o", ".resume", "record"}, {path(other), "--report"}}); };
    // None of them is there yet.
    for (const char* name : {"new.csv", "./new.csv", "dangling.csv", "here/new.csv"}) EXPECT_EQ(both("new.csv", name), path(name) + ": -o and --report are the same file; name two files");
    for (const char* ending : {".partial", ".lock", ".resume"}) {
        EXPECT_EQ(both("new.csv", std::string("new.csv") + ending), path("new.csv") + ending + ": -o (" + path("new.csv") + ending + ") and --report are the same file; name two files");
    }
    EXPECT_EQ(both("new.html.lock", "new.html"), path("new.html") + ": -o and --report (" + path("new.html.lock") + ") are the same file; name two files");
    EXPECT_EQ(both("new.csv", "new.csv.html"), "");
    EXPECT_EQ(both("/dev/null", "/dev/null"), "");
    EXPECT_EQ(names(), (std::vector<std::string>{"dangling.csv", "here"}));
}

TEST_F(Destinations, WhatIsNoFileIsWrittenInPlace) {
    fs::create_symlink("/dev/null", path("to_device"));
    ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
    for (const std::string& name : {std::string("/dev/null"), std::string("/dev/stdout"), std::string("/dev/fd/2"), std::string("/proc/self/fd/2"), path("to_device"), path("pipe")}) {
        EXPECT_FALSE(io::leads_to_file(name)) << name;
    }
    for (const std::string& name : {path("new.csv"), std::string("/dev/shm/eligo.csv"), std::string("new.csv")}) EXPECT_TRUE(io::leads_to_file(name)) << name;
    auto claimed = claim("to_device");
    EXPECT_TRUE(io::write_whole(claimed.front(), "gone"));
    EXPECT_TRUE(fs::is_symlink(path("to_device")));
    EXPECT_EQ(names(), (std::vector<std::string>{"pipe", "to_device"}));
    std::vector<io::Problem> problems;
    const auto full = io::claim({{}, {{"/dev/full", "-o"}}, ""}, problems);
    ASSERT_TRUE(full);
    EXPECT_FALSE(io::write_whole(full->front(), "x"));
    EXPECT_EQ(errno, ENOSPC);
}

TEST_F(Destinations, AFileIsThereWholeOrNotAtAll) {
    {
        const auto claimed = claim("out.csv");
        io::OutputFile output;
        ASSERT_TRUE(output.create(claimed.front()));
        ASSERT_TRUE(output.append("one\n"));
        ASSERT_TRUE(output.append("two\n"));
        ASSERT_TRUE(claimed.front().replace_record("record"));
        EXPECT_EQ(names(), (std::vector<std::string>{"out.csv.lock", "out.csv.partial", "out.csv.resume"}));
        struct stat status{};
        ASSERT_EQ(stat(path("out.csv.partial").c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600U);
    }
    EXPECT_EQ(names(), (std::vector<std::string>{"out.csv.partial", "out.csv.resume"}));
    io::Checksum sum;
    sum.add("one\n");
    {
        const auto claimed = claim("out.csv");
        io::OutputFile output;
        ASSERT_TRUE(output.take_up(claimed.front(), 4, sum.value()));
        ASSERT_TRUE(output.append("three\n"));
        ASSERT_TRUE(output.finish());
    }
    EXPECT_EQ(read(path("out.csv")), "one\nthree\n");
    EXPECT_EQ(names(), (std::vector<std::string>{"out.csv", "out.csv.resume"}));
}

TEST_F(Destinations, WhatIsTakenUpMustBeWhatWasWritten) {
    io::Checksum sum;
    sum.add("one\ntwo\n");
    for (const char* now : {"one\ntwp\n", "one\n", "", "onf\nTwo\nthree\n"}) {
        write("out.csv.resume", "record");
        write("out.csv.partial", now);
        const auto claimed = claim("out.csv");
        io::OutputFile output;
        EXPECT_FALSE(output.take_up(claimed.front(), 8, sum.value())) << now;
        EXPECT_EQ(output.error(), ESTALE);
        output.close();
        EXPECT_EQ(read(path("out.csv.partial")), now);
    }
}

TEST_F(Destinations, ALinkStaysAndItsFileIsReplaced) {
    write("file.csv", "before");
    fs::create_directory(path("folder"));
    fs::create_symlink("../link2.csv", path("folder/link.csv"));
    fs::create_symlink(path("file.csv"), path("link2.csv"));
    ASSERT_EQ(chmod(path("file.csv").c_str(), 0640), 0);
    {
        const auto claimed = claim("folder/link.csv");
        EXPECT_EQ(claimed.front().path(), path("file.csv"));
        ASSERT_TRUE(io::write_whole(claimed.front(), "after"));
    }
    EXPECT_TRUE(fs::is_symlink(path("folder/link.csv")));
    EXPECT_TRUE(fs::is_symlink(path("link2.csv")));
    EXPECT_EQ(read(path("file.csv")), "after");
    struct stat status{};
    ASSERT_EQ(stat(path("file.csv").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
    // A new file has what the umask leaves.
    const mode_t mask = umask(027);
    {
        const auto claimed = claim("new.csv");
        ASSERT_TRUE(io::write_whole(claimed.front(), "new"));
    }
    umask(mask);
    ASSERT_EQ(stat(path("new.csv").c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0640U);
    EXPECT_EQ(names(), (std::vector<std::string>{"file.csv", "folder", "link2.csv", "new.csv"}));
}

TEST_F(Destinations, TheOwnerIsKept) {
    if (geteuid() != 0) GTEST_SKIP() << "only root may give files away";
    write("file.csv", "before");
    ASSERT_EQ(chown(path("file.csv").c_str(), 1234, 4321), 0);
    const auto claimed = claim("file.csv");
    ASSERT_TRUE(io::write_whole(claimed.front(), "after"));
    struct stat status{};
    ASSERT_EQ(stat(path("file.csv").c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 1234U);
    EXPECT_EQ(status.st_gid, 4321U);
}

TEST_F(Destinations, WhatIsPlantedIsNotFollowed) {
    write("victim", "victim");
    const auto said = [&](const std::string& name) { return refused({}, {{path(name), "-o", ".resume", "record"}}); };
    fs::create_symlink("victim", path("a.csv.partial"));
    fs::create_symlink("nowhere", path("b.csv.partial"));
    fs::create_hard_link(path("victim"), path("c.csv.partial"));
    ASSERT_EQ(mkfifo(path("d.csv.partial").c_str(), 0600), 0);
    write("e.csv.partial", "mine");
    fs::create_symlink("victim", path("f.csv.lock"));
    write("g.csv.lock", "mine");
    write("h.csv.resume", "mine");
    fs::create_symlink("victim", path("i.csv.resume"));
    const auto before = names();
    const std::string link = ": cannot be written: a link stands there, which is not followed; move it away";
    const std::string foreign = ": cannot be written: a file stands there that no interrupted run has left; move it away, or name another output";
    EXPECT_EQ(said("a.csv"), path("a.csv.partial") + link);
    EXPECT_EQ(said("b.csv"), path("b.csv.partial") + link);
    EXPECT_EQ(said("c.csv"), path("c.csv.partial") + ": cannot be written: that file has a second name (a hard link); move it away");
    EXPECT_EQ(said("d.csv"), path("d.csv.partial") + ": cannot be written: something stands there that is no file; move it away");
    EXPECT_EQ(said("e.csv"), path("e.csv.partial") + foreign);
    EXPECT_EQ(said("f.csv"), path("f.csv.lock") + link);
    EXPECT_EQ(said("g.csv"), path("g.csv.lock") + ": a lock belongs here, but there is another file already; move it away, or name another output");
    EXPECT_EQ(said("h.csv"), path("h.csv.resume") + foreign);
    EXPECT_EQ(said("i.csv"), path("i.csv.resume") + link);
    EXPECT_EQ(names(), before);
    EXPECT_EQ(read(path("victim")), "victim");
    for (const char* name : {"e.csv.partial", "g.csv.lock", "h.csv.resume"}) EXPECT_EQ(read(path(name)), "mine") << name;
    if (geteuid() != 0) return;
    write("j.csv.partial", "theirs");
    write("j.csv.resume", "record");
    ASSERT_EQ(chown(path("j.csv.partial").c_str(), 1234, 1234), 0);
    EXPECT_EQ(said("j.csv"), path("j.csv.partial") + ": cannot be written: that file belongs to someone else; move it away");
}

TEST_F(Destinations, ALockSaysWhoHoldsIt) {
    const auto held = claim("out.csv");
    const std::string said = refused({}, {{path("out.csv"), "-o"}});
    EXPECT_TRUE(said.starts_with(path("out.csv") + ": another run is writing it (process " + std::to_string(getpid()) + " on ")) << said;
    EXPECT_NE(said.find(": eligo test one); wait until it has ended, or name another file"), std::string::npos) << said;
    fs::create_symlink("out.csv", path("link.csv"));
    EXPECT_NE(refused({}, {{path("link.csv"), "-o"}}), "");
    EXPECT_EQ(names(), (std::vector<std::string>{"link.csv", "out.csv.lock"}));
}

// Of a run that was killed: its lock is nobody's, its temporary file goes, what can be gone on with stays.
TEST_F(Destinations, AKilledRunIsClearedAway) {
    const pid_t child = fork();
    if (child == 0) {
        const auto claimed = claim("out.csv");
        io::OutputFile partial, temporary;
        (void)!(partial.create(claimed.front()) && temporary.create_temporary(claimed.front()) && temporary.append("half"));
        _exit(0);  // nothing is cleared away
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_EQ(names().size(), 3U);
    const auto claimed = claim("out.csv");
    EXPECT_EQ(names(), (std::vector<std::string>{"out.csv.lock", "out.csv.partial"}));
}

TEST_F(Destinations, WhoForbidsWritingMeansIt) {
    if (geteuid() == 0) GTEST_SKIP() << "root may write everything";
    write("file.csv", "before");
    ASSERT_EQ(chmod(path("file.csv").c_str(), 0444), 0);
    EXPECT_EQ(refused({}, {{path("file.csv"), "-o"}}), path("file.csv") + ": cannot be written: writing there is not allowed");
}

TEST(Checksum, OfNothingIsThatOfAPieceOfNothing) {
    io::Checksum pieces;
    pieces.add({});
    pieces.add("eligible");
    pieces.add({});
    io::Checksum whole;
    whole.add("eligible");
    EXPECT_EQ(pieces.value(), whole.value());
    EXPECT_NE(pieces.value(), io::Checksum{}.value());
}

TEST(Checksum, TellsChangesInPiecesOfAnySize) {
    std::string text;
    for (int i = 0; i < 1000; ++i) text += std::to_string(i * i) + ",";
    io::Checksum whole;
    whole.add(text);
    for (const std::size_t piece : {1U, 7U, 31U, 32U, 33U, 1000U}) {
        io::Checksum sum;
        for (std::size_t at = 0; at < text.size(); at += piece) sum.add(std::string_view(text).substr(at, piece));
        EXPECT_EQ(sum.value(), whole.value()) << piece;
    }
    for (std::size_t at = 0; at < text.size(); at += 13) {
        std::string changed = text;
        changed[at] = static_cast<char>(changed[at] ^ 0x80);
        if (at + 8 < changed.size()) changed[at + 8] = static_cast<char>(changed[at + 8] ^ 0x80);
        io::Checksum sum;
        sum.add(changed);
        EXPECT_NE(sum.value(), whole.value()) << at;
    }
    io::Checksum longer;
    longer.add(text + std::string(1, '\0'));
    EXPECT_NE(longer.value(), whole.value());
}

}  // namespace
