// The program itself: killed at any moment and gone on with, interrupted, on a disk that is full, into a pipe that closes.
// ELIGO_KILLS says how often it is killed (default 10).
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <algorithm>
#include <filesystem>
#include <functional>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

// The most memory that a running program has held so far, in KiB; what its parent held before does not count.
long peak_of(pid_t child) {
    std::ifstream status("/proc/" + std::to_string(child) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmHWM:")) return std::atol(line.c_str() + 6);
    }
    return 0;
}

class ScreenProgram : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_program_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    // Companies under one small policy; every thirteenth row is wrong.
    void make(std::size_t rows) const {
        std::ofstream(folder_ / "rules.policy") << "vocabulary company \"企业\" | \"Company\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n  sales : money in 0元 .. 1亿元 \"销售额\" | \"Sales\"\n}\n"
                                                   "policy grant for company \"补助\" | \"Grant\" {\n  source rules \"示例\"\n  in force 2000-01-01 ..\n  require small staff <= 20 \"不超过20人\" | \"At most 20\" @ rules 1\n"
                                                   "  benefit amount : money = round(sales * 1/3, 0.01元) \"金额\" | \"Amount\" @ rules 2\n}\n";
        std::ofstream csv(folder_ / "in.csv");
        csv << "company_id,staff,sales,note\n";
        for (std::size_t i = 0; i < rows; ++i) csv << "C" << i << "," << (i % 13 == 0 ? "many" : std::to_string(i % 40)) << "," << (i * 7919) % 90'000'000 << ",\"a, b\"\n";
    }

    std::vector<std::string> command(std::vector<std::string> more) const {
        std::vector<std::string> all{"screen", "in.csv", "--rules", "rules.policy", "--as-of", "2020-01-01", "--lang", "en"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    pid_t start(const std::vector<std::string>& arguments, const std::function<void()>& before = nullptr) const {
        const pid_t child = fork();
        if (child != 0) return child;
        const int nothing = open("/dev/null", O_RDWR), errors = open((folder_ / "err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (chdir(folder_.c_str()) != 0 || dup2(nothing, 0) < 0 || dup2(nothing, 1) < 0 || dup2(errors, 2) < 0) _exit(126);
        if (before) before();
        std::vector<char*> raw{const_cast<char*>("eligo")};
        for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
        raw.push_back(nullptr);
        execv(ELIGO_PROGRAM, raw.data());
        _exit(127);
    }

    // Companies with a list; of its rows one in `every` belongs to a company of the table.
    void make_with_list(std::size_t companies, std::size_t elements, std::size_t every) const {
        std::ofstream(folder_ / "rules.policy") << "record project \"项目\" | \"Project\" {\n  cost : money in 0元 .. 1亿元 \"费用\" | \"Cost\"\n}\n"
                                                   "vocabulary company \"企业\" | \"Company\" {\n  projects : list of project up to 10_000 \"项目\" | \"Projects\"\n}\n"
                                                   "policy grant for company \"补助\" | \"Grant\" {\n  source rules \"示例\"\n  in force 2000-01-01 ..\n"
                                                   "  require spends sum(p.cost for p in projects) > 0元 \"有费用\" | \"Spends\" @ rules 1\n}\n";
        std::ofstream in(folder_ / "in.csv"), list(folder_ / "list.csv");
        in << "company_id\n";
        for (std::size_t i = 0; i < companies; ++i) in << "C" << i << "\n";
        list << "company_id,cost\n";
        for (std::size_t i = 0; i < elements; ++i) list << (i % every == 0 ? "C" : "none") << (i / every) % companies << "," << i % 1000 << ".50\n";
    }
    std::vector<std::string> command_with_list() const { return command({"--list", "projects=list.csv", "-o", "out.csv", "--threads", "2"}); }

    // The most memory that a run has held, in KiB.
    long peak_of_run(const std::vector<std::string>& arguments) const {
        const pid_t child = start(arguments);
        long most = 0;
        int status = 0;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));  // until it is the program
        while (waitpid(child, &status, WNOHANG) == 0) {
            most = std::max(most, peak_of(child));
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        }
        EXPECT_EQ(WEXITSTATUS(status), 0) << errors();
        return most;
    }

    static int wait_for(pid_t child) {
        int status = 0;
        EXPECT_EQ(waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    // Whether a child has ended; it can still be waited for.
    static bool has_ended(pid_t child) {
        siginfo_t information{};
        EXPECT_EQ(waitid(P_PID, static_cast<id_t>(child), &information, WEXITED | WNOHANG | WNOWAIT), 0);
        return information.si_pid != 0;
    }
    int run(const std::vector<std::string>& arguments) const { return wait_for(start(arguments)); }
    std::string errors() const { return read(folder_ / "err"); }

    fs::path folder_;
};

int kills() {
    const char* text = std::getenv("ELIGO_KILLS");
    return text == nullptr ? 10 : std::atoi(text);
}

// The rows of a database's table `screening`. Where a run is killed behind its last transaction, the next replaces the table in a
// database that is there already: the rows are the same, SQLite's own bookkeeping is not.
std::string rows_of(const fs::path& path) {
    sqlite3* database = nullptr;
    sqlite3_stmt* query = nullptr;
    std::string rows;
    if (sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK && sqlite3_prepare_v2(database, "SELECT * FROM screening ORDER BY rowid", -1, &query, nullptr) == SQLITE_OK) {
        while (sqlite3_step(query) == SQLITE_ROW) {
            for (int i = 0; i < sqlite3_column_count(query); ++i) {
                const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(query, i));
                rows += std::string(text == nullptr ? "NULL" : text) + "|";
            }
            rows += '\n';
        }
    }
    sqlite3_finalize(query);
    sqlite3_close(database);
    return rows;
}

// Every file that a finished run leaves, by what stands behind the stem.
std::map<std::string, std::string> all_files(const fs::path& folder, const std::string& stem) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(folder)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with(stem)) files[name.substr(stem.size())] = name.ends_with(".db") ? rows_of(entry.path()) : read(entry.path());
    }
    return files;
}

// In few words: the files are large, and comparing them line by line would take all memory.
std::string differences(const fs::path& folder, const std::string& one, const std::string& other) {
    auto left = all_files(folder, one), right = all_files(folder, other);
    std::string told;
    for (const auto& [name, text] : left) {
        if (!right.contains(name)) told += one + name + " is left; ";
        else if (right[name] != text) told += one + name + " differs from byte " + std::to_string(std::mismatch(text.begin(), text.end(), right[name].begin(), right[name].end()).first - text.begin()) + "; ";
    }
    for (const auto& [name, text] : right) {
        if (!left.contains(name)) told += one + name + " is missing; ";
    }
    return told;
}

TEST_F(ScreenProgram, GoesOnAfterBeingKilledAtAnyMoment) {
    std::mt19937 random(20181);
    for (const std::string ending : {"csv", "db"}) {
        const std::string whole = "whole." + ending, broken = "broken." + ending;
        // As many companies as keep this machine busy for some records of how far it has come, one each tenth of a second.
        long time = 0;
        for (std::size_t rows = 400'000; time < 400'000 && rows <= 12'800'000; rows *= 2) {
            make(rows);
            const auto begun = std::chrono::steady_clock::now();
            ASSERT_EQ(run(command({"-o", whole})), 0) << errors();
            time = static_cast<long>(std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - begun).count());
        }
        int killed = 0, gone_on = 0;
        const int wanted = ending == "csv" ? kills() : (kills() + 4) / 5;
        bool first = true;
        for (int attempt = 0; (killed < wanted || gone_on == 0) && attempt < wanted * 20 + 100; ++attempt) {
            const pid_t child = start(command({"-o", broken, "--resume"}));
            if (attempt == 0) {
                // The first one has something to go on from, whatever the machine's speed.
                while (!fs::exists(folder_ / (broken + ".resume")) && !has_ended(child)) std::this_thread::sleep_for(std::chrono::milliseconds(1));
            } else {
                std::this_thread::sleep_for(std::chrono::microseconds(std::uniform_int_distribution<long>(0, time * 11 / 10)(random)));
            }
            ::kill(child, SIGKILL);
            const int status = wait_for(child);
            if (status == 1000 + SIGKILL) ++killed;
            if (!first && errors().find("going on") != std::string::npos) ++gone_on;
            first = false;
            if (status == 0) {
                ASSERT_EQ(differences(folder_, "broken.", "whole."), "") << "after " << killed << " kills";
                for (const auto& entry : fs::directory_iterator(folder_)) {
                    if (entry.path().filename().string().starts_with("broken.")) fs::remove(entry.path());
                }
                first = true;
            } else {
                // A kill between the last file and the end leaves the output, which the next run then begins anew beside.
                const bool looks_whole = ending == "csv" && fs::exists(folder_ / broken);
                EXPECT_TRUE(!looks_whole || read(folder_ / broken) == read(folder_ / whole)) << "half an output looks whole";
            }
        }
        ASSERT_EQ(run(command({"-o", broken, "--resume"})), 0) << errors();
        EXPECT_EQ(differences(folder_, "broken.", "whole."), "");
        EXPECT_GE(killed, wanted);
        EXPECT_GT(gone_on, 0) << "no run was ever gone on with";
        for (const auto& entry : fs::directory_iterator(folder_)) {
            const std::string name = entry.path().filename().string();
            if (name.starts_with("broken.") || name.starts_with("whole.")) fs::remove(entry.path());
        }
    }
}

TEST_F(ScreenProgram, CtrlCEndsCleanlyAndCanBeGoneOnFrom) {
    make(2'000'000);
    ASSERT_EQ(run(command({"-o", "whole.csv", "--report", "whole.html"})), 0) << errors();
    const pid_t child = start(command({"-o", "broken.csv", "--report", "broken.html"}));
    while (!fs::exists(folder_ / "broken.csv.partial") || fs::file_size(folder_ / "broken.csv.partial") < 100'000) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ::kill(child, SIGINT);
    ASSERT_EQ(wait_for(child), 130) << errors();
    EXPECT_NE(errors().find("interrupted; --resume goes on from here"), std::string::npos) << errors();
    EXPECT_FALSE(fs::exists(folder_ / "broken.csv"));
    // Whole rows, and no more than the record says.
    EXPECT_TRUE(read(folder_ / "broken.csv.partial").ends_with("\n"));
    ASSERT_EQ(run(command({"-o", "broken.csv", "--report", "broken.html", "--resume"})), 0) << errors();
    EXPECT_EQ(read(folder_ / "broken.csv"), read(folder_ / "whole.csv"));
    EXPECT_EQ(read(folder_ / "broken.rejects.csv"), read(folder_ / "whole.rejects.csv"));
    std::string report = read(folder_ / "broken.html"), wanted = read(folder_ / "whole.html");
    for (std::string* each : {&report, &wanted}) {
        for (const std::string name : {"broken", "whole", " --resume"}) {
            for (std::size_t at = each->find(name); at != std::string::npos; at = each->find(name)) each->erase(at, name.size());
        }
    }
    EXPECT_EQ(report, wanted);
}

TEST_F(ScreenProgram, ChangedInputIsNotGoneOnWith) {
    make(2'000'000);
    const pid_t child = start(command({"-o", "out.csv"}));
    while (!fs::exists(folder_ / "out.csv.partial") || fs::file_size(folder_ / "out.csv.partial") < 100'000) std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ::kill(child, SIGINT);
    ASSERT_EQ(wait_for(child), 130) << errors();
    std::ofstream(folder_ / "in.csv", std::ios::app) << "C,1,1,x\n";
    ASSERT_EQ(run(command({"-o", "out.csv", "--resume"})), 2);
    EXPECT_NE(errors().find("cannot go on: `input` has changed since the interruption"), std::string::npos) << errors();
    EXPECT_TRUE(fs::exists(folder_ / "out.csv.partial"));
}

TEST_F(ScreenProgram, ADiskWithoutRoom) {
    make(400'000);
    ASSERT_EQ(run(command({"-o", "whole.csv"})), 0) << errors();
    const auto little_room = [] {
        const rlimit limit{1'000'000, 1'000'000};
        setrlimit(RLIMIT_FSIZE, &limit);
    };
    ASSERT_EQ(wait_for(start(command({"-o", "out.csv"}), little_room)), 2);
    EXPECT_NE(errors().find("out.csv: cannot be written: the file would be larger than is allowed"), std::string::npos) << errors();
    EXPECT_FALSE(fs::exists(folder_ / "out.csv"));
    ASSERT_EQ(run(command({"-o", "out.csv", "--resume"})), 0) << errors();
    EXPECT_EQ(read(folder_ / "out.csv"), read(folder_ / "whole.csv"));
}

TEST_F(ScreenProgram, AReaderThatGoesAway) {
    make(400'000);
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = start(command({}), [&] {
        dup2(ends[1], 1);
        ::close(ends[0]);
    });
    ::close(ends[1]);
    char some[100];
    EXPECT_GT(::read(ends[0], some, sizeof some), 0);
    ::close(ends[0]);
    // As with every program in a pipe: the signal ends it.
    EXPECT_EQ(wait_for(child), 1000 + SIGPIPE);
}

TEST_F(ScreenProgram, MemoryDoesNotGrowWithTheInput) {
    const auto peak = [&](std::size_t rows) {
        make(rows);
        return peak_of_run(command({"-o", "out.csv", "--threads", "2"}));
    };
    const long small = peak(600'000), large = peak(4'000'000);
    EXPECT_GT(small, 1024);
    EXPECT_LT(large, 64 * 1024) << "64 MiB";
    EXPECT_LT(large, small + 16 * 1024);
}

// Neither of companies' own elements, nor of those that belong to no company of the table.
TEST_F(ScreenProgram, MemoryDoesNotGrowWithLists) {
    make_with_list(1'000, 1'500'000, 2);
    const long most = peak_of_run(command_with_list());
    EXPECT_GT(most, 1024);
    EXPECT_LT(most, 64 * 1024) << "64 MiB";
    EXPECT_NE(errors().find("750,000 rows of lists belong to no company"), std::string::npos) << errors();
}

// However it ends, nothing stays behind in the folder for temporary files.
TEST_F(ScreenProgram, NoTemporaryFilesAreLeft) {
    make_with_list(1'000, 400'000, 1);
    const fs::path temporary = folder_ / "temporary";
    fs::create_directory(temporary);
    const auto into_it = [&] { setenv("TMPDIR", temporary.c_str(), 1); };
    for (const int wait : {30, 60, 120, 240}) {
        const pid_t child = start(command_with_list(), into_it);
        std::this_thread::sleep_for(std::chrono::milliseconds(wait));
        kill(child, SIGKILL);
        wait_for(child);
        EXPECT_TRUE(fs::is_empty(temporary)) << wait;
    }
    EXPECT_EQ(wait_for(start(command_with_list(), into_it)), 0) << errors();
    EXPECT_TRUE(fs::is_empty(temporary));
}

}  // namespace
