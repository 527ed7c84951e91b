// What the program may write: nothing that it reads, nothing twice, nothing that another run is writing.
#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "io/byte_stream.hpp"

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

std::string unpacked(const fs::path& path) {
    std::vector<eligo::io::Problem> problems;
    const auto stream = eligo::io::ByteStream::open(path.string(), {eligo::io::Encoding::Utf8, nullptr}, problems);
    std::string text, piece(4096, '\0');
    for (std::size_t got = 1; stream && got > 0;) {
        got = stream->read(piece.data(), piece.size());
        text.append(piece, 0, got);
    }
    return stream && !stream->failure() ? text : "cannot be read";
}

class Outputs : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_outputs_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "rules");
        write("rules/firm.policy", "record claim \"项目\" | \"Claim\" {\n  cost : money in 0元 .. 1亿元 \"费用\" | \"Cost\"\n}\n"
                                   "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n  claims : list of claim up to 100 \"项目\" | \"Claims\"\n}\n"
                                   "policy small for firm \"小\" | \"Small\" {\n  source rules \"示例\"\n  in force 2000-01-01 ..\n  require few staff <= 20 \"不超过20人\" | \"At most 20\" @ rules 1\n"
                                   "  benefit amount : money = staff * 1元 \"金额\" | \"Amount\" @ rules 2\n}\n");
        write("in.csv", "company_id,staff\nA,10\nB,30\nC,many\n");
        write("amounts.csv", "small.amount,staff\n");  // an output that is read has a fact
        write("claims.csv", "company_id,cost\nA,10\n");
        write("map.csv", "列,事实\n人数,staff\n");
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, const std::string& bytes) const { std::ofstream(folder_ / name, std::ios::binary) << bytes; }

    static std::string line(std::string command) {
        const auto put = [&command](const std::string& name, const std::string& text) {
            for (std::size_t at = command.find(name); at != std::string::npos; at = command.find(name, at + text.size())) command.replace(at, name.size(), text);
        };
        put("SCREEN", "ELIGO screen");
        put("ELIGO screen", "ELIGO screen --rules rules --as-of 2020-01-01 --lang en --policy small");
        put("ELIGO", ELIGO_PROGRAM);
        return command;
    }
    // A command of the shell in the folder, in which ELIGO and SCREEN stand for the program.
    int run(const std::string& command) const {
        const int status = std::system(("cd '" + folder_.string() + "' && { " + line(command) + "; } > std.out 2> std.err").c_str());
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    std::string said() const { return read(folder_ / "std.err"); }
    std::string printed() const { return read(folder_ / "std.out"); }

    // All files, by their names: what is in them, or where they lead.
    std::map<std::string, std::string> all() const {
        std::map<std::string, std::string> files;
        for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
            const std::string name = entry.path().lexically_relative(folder_).string();
            if (name.starts_with("std.") || entry.is_directory()) continue;
            files[name] = entry.is_symlink() ? "-> " + fs::read_symlink(entry.path()).string() : entry.is_regular_file() ? read(entry.path()) : "no file";
        }
        return files;
    }
    // Refused with status 2 and these words; nothing has changed.
    void refused(const std::string& command, const std::string& words) const {
        const auto before = all();
        EXPECT_EQ(run(command), 2) << command << "\n" << said();
        EXPECT_NE(said().find(words), std::string::npos) << command << "\n" << said();
        EXPECT_EQ(all(), before) << command;
    }

    fs::path folder_;
};

TEST_F(Outputs, NoInputIsWritten) {
    fs::create_symlink("in.csv", folder_ / "link.csv");
    fs::create_hard_link(folder_ / "in.csv", folder_ / "hard.csv");
    fs::create_directory_symlink(folder_, folder_ / "here");
    fs::create_symlink("rules/firm.policy", folder_ / "firm.csv");
    write("in.rejects.csv", "company_id,staff\nA,10\n");
    const std::string same = "is the same file as ", end = ", which is read and would be destroyed; name another file";
    for (const char* name : {"in.csv", "./in.csv", "link.csv", "hard.csv", "here/in.csv", "rules/../in.csv"}) {
        refused(std::string("SCREEN in.csv -o ") + name, std::string(name) + ": -o " + same + "in.csv" + end);
        refused(std::string("SCREEN in.csv -o out.csv --rejects ") + name, std::string(name) + ": --rejects " + same + "in.csv" + end);
        refused(std::string("SCREEN in.csv -o out.csv --report ") + name, std::string(name) + ": --report " + same + "in.csv" + end);
        refused(std::string("SCREEN ") + name + " --resume -o in.csv", "in.csv: -o " + same + name + end);
    }
    refused("SCREEN in.csv --list claims=claims.csv -o claims.csv", "claims.csv: -o " + same + "claims.csv" + end);
    refused("SCREEN in.csv --list claims=claims.csv -o out.csv --rejects claims.csv", "--rejects " + same);
    refused("SCREEN in.csv --map map.csv -o out.csv --report map.csv", "--report " + same);
    refused("SCREEN in.csv --map map.csv -o map.csv", "-o " + same);
    refused("SCREEN in.csv -o firm.csv", "firm.csv: -o " + same + "rules/firm.policy" + end);
    refused("SCREEN in.csv -o out.csv --report rules/firm.policy", "--report " + same);
    // Under the default name as well.
    refused("SCREEN in.rejects.csv -o in.csv", "in.rejects.csv: --rejects " + same);
    // By way of the shell.
    refused("SCREEN - -o in.csv < in.csv", "in.csv: -o " + same + "-" + end);
    refused("SCREEN in.csv >> in.csv", "standard output " + same + "in.csv" + end);
    ASSERT_EQ(run("ELIGO compile rules -o pack.eligo"), 0) << said();
    refused("ELIGO compile pack.eligo -o pack.eligo --lang en", "-o " + same);
    refused("ELIGO compile rules -o rules/firm.policy --lang en", "-o " + same);
    refused("ELIGO  screen in.csv --policy small --lang en --rules pack.eligo -o out.csv --report pack.eligo", "--report " + same);
}

TEST_F(Outputs, TwoOutputsAreTwoFiles) {
    fs::create_symlink("new.csv", folder_ / "dangling.csv");
    for (const char* name : {"new.csv", "./new.csv", "dangling.csv", "new.csv.partial", "new.csv.lock", "new.csv.resume"}) {
        refused(std::string("SCREEN in.csv -o new.csv --rejects ") + name, "and --rejects are the same file; name two files");
        refused(std::string("SCREEN in.csv -o new.csv --report ") + name, "and --report are the same file; name two files");
    }
    refused("SCREEN in.csv -o new.csv --report new.html --rejects new.html", "--report and --rejects are the same file");
    refused("SCREEN in.csv -o new.csv --report new.rejects.csv", "--report and --rejects are the same file");
    refused("SCREEN in.csv -o new.csv --report - --rejects /dev/stdout", "--report and --rejects are the same file");
    refused("SCREEN in.csv --report -", "standard output and --report are the same file");
    EXPECT_EQ(run("SCREEN in.csv -o /dev/null --report /dev/null --rejects /dev/null"), 0) << said();
}

TEST_F(Outputs, OnlyWhatWasAskedForIsReplaced) {
    write("out.rejects.csv", "my own notes\n");
    refused("SCREEN in.csv -o out.csv", "out.rejects.csv: there is another file, which rejected rows do not replace; say with --rejects where they shall go");
    EXPECT_EQ(run("SCREEN in.csv -o out.csv --rejects out.rejects.csv"), 0) << said();
    EXPECT_TRUE(read(folder_ / "out.rejects.csv").starts_with("line,column,value,reason"));
    EXPECT_EQ(run("SCREEN in.csv -o out.csv"), 0) << said();
    for (const char* ending : {".partial", ".resume", ".lock"}) {
        write("new.csv" + std::string(ending), "my own notes\n");
        refused("SCREEN in.csv -o new.csv", "move it away, or name another output");
        refused("SCREEN in.csv -o new.csv --resume", "move it away, or name another output");
        fs::remove(folder_ / ("new.csv" + std::string(ending)));
        fs::create_symlink("in.csv", folder_ / ("linked.csv" + std::string(ending)));
        refused("SCREEN claims.csv -o linked.csv --resume", "a link stands there, which is not followed; move it away");
        fs::remove(folder_ / ("linked.csv" + std::string(ending)));
    }
}

TEST_F(Outputs, WhatIsNoFileIsWrittenInPlace) {
    fs::create_symlink("/dev/null", folder_ / "null.csv");
    ASSERT_EQ(run("mkfifo pipe && { cat pipe > piped & } && SCREEN in.csv -o out.csv --report pipe && wait"), 0) << said();
    EXPECT_TRUE(read(folder_ / "piped").starts_with("<!doctype html>"));
    EXPECT_EQ(all()["pipe"], "no file");
    ASSERT_EQ(run("SCREEN in.csv -o null.csv --report /dev/null"), 0) << said();
    EXPECT_EQ(all()["null.csv"], "-> /dev/null");
    ASSERT_EQ(run("SCREEN in.csv -o out.csv --report /dev/stdout"), 0) << said();
    EXPECT_TRUE(printed().starts_with("<!doctype html>"));
    ASSERT_EQ(run("ELIGO compile rules -o /dev/null --lang en"), 0) << said();
    ASSERT_EQ(run("ELIGO compile rules -o /dev/stdout --lang en"), 0) << said();
    write("printed.eligo", printed());
    EXPECT_EQ(run("ELIGO inspect printed.eligo"), 0) << said();
    ASSERT_EQ(run("ELIGO compile rules -o /dev/fd/3 --lang en 3> third.eligo && ELIGO inspect third.eligo"), 0) << said();
    for (const char* name : {"/dev/null", "/dev/stdout"}) EXPECT_FALSE(fs::is_regular_file(fs::symlink_status(name))) << name;
    ASSERT_EQ(run("mkfifo pipe.db pipe.xlsx"), 0);
    refused("SCREEN in.csv -o pipe.db", "pipe.db: cannot be written: a database can only be written as a file");
    refused("SCREEN in.csv -o pipe.xlsx", "pipe.xlsx: a workbook can only be written as a file");
}

TEST_F(Outputs, ThroughALinkTheFileIsReplaced) {
    write("real.csv", "before");
    fs::permissions(folder_ / "real.csv", fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("real.csv", folder_ / "link.csv");
    fs::create_symlink("not_yet.html", folder_ / "link.html");
    ASSERT_EQ(run("SCREEN in.csv -o link.csv --report link.html"), 0) << said();
    EXPECT_EQ(all()["link.csv"], "-> real.csv");
    EXPECT_EQ(all()["link.html"], "-> not_yet.html");
    EXPECT_EQ(read(folder_ / "real.csv"), "company_id,small,small.amount,small.amount.from,small.amount.to\nA,eligible,10.00,,\nB,ineligible,,,\n");
    EXPECT_TRUE(fs::is_regular_file(folder_ / "not_yet.html"));
    EXPECT_EQ(fs::status(folder_ / "real.csv").permissions(), fs::perms::owner_read | fs::perms::owner_write);
}

TEST_F(Outputs, ADatabaseKeepsItsOtherTables) {
    ASSERT_EQ(run("SCREEN in.csv -o out.db && SCREEN in.csv -o 'out.db?table=second' && SCREEN 'out.db?table=screening' --map amounts.csv -o other.db"), 0) << said();
    ASSERT_EQ(run("SCREEN in.csv -o out.db --explain && SCREEN 'out.db?table=second' --map amounts.csv && SCREEN 'out.db?table=screening' --map amounts.csv"), 0) << said();
    // The database that is read is no output, whatever the table.
    const std::string same = "is the same file as out.db, which is read and would be destroyed";
    for (const char* output : {"out.db", "./out.db", "out.db?table=new", "out.db?table=second"}) refused("SCREEN 'out.db?table=second' -o '" + std::string(output) + "'", same);
    refused("SCREEN in.csv --list 'claims=out.db?table=second' -o out.db", same);
    write("notes.db", "my own notes, longer than the sixteen bytes that a database begins with\n");
    refused("SCREEN in.csv -o notes.db", "notes.db: cannot be written: the file is no SQLite database and is not replaced; name another file");
    refused("SCREEN in.csv -o 'out.db?table=sqlite_mine'", "reserved");
}

TEST_F(Outputs, CompileChecksWithoutWriting) {
    ASSERT_EQ(run("ELIGO compile rules --check --lang en"), 0) << said();
    EXPECT_EQ(printed(), "the rules compile: 1 policy\n");
    refused("ELIGO compile rules --check -o x.eligo --lang en", "cannot be used together");
    refused("ELIGO compile rules --lang en", "say with -o FILE where to write the pack, or with --check that the rules are only checked");
    write("rules/wrong.policy", "policy wrong for firm \"x\" {\n");
    refused("ELIGO compile rules --check --lang en", "wrong.policy");
}

// Folders, the working one and the way to them are no part of a pack.
TEST_F(Outputs, PacksOfTheSameRulesAreTheSameBytes) {
    fs::create_directories(folder_ / "elsewhere/deep");
    fs::copy(folder_ / "rules", folder_ / "elsewhere/deep/copy");
    fs::create_directory_symlink("elsewhere/deep/copy", folder_ / "link");
    ASSERT_EQ(run("ELIGO compile rules -o a.eligo && ELIGO compile \"$PWD/elsewhere/deep/copy\" -o b.eligo && ELIGO compile link -o c.eligo && cd elsewhere/deep && ELIGO compile copy/firm.policy -o ../../d.eligo"), 0) << said();
    const std::string pack = read(folder_ / "a.eligo");
    EXPECT_FALSE(pack.empty());
    for (const char* name : {"b.eligo", "c.eligo", "d.eligo"}) EXPECT_EQ(read(folder_ / name), pack) << name;
    EXPECT_EQ(pack.find("firm.policy"), std::string::npos);
    ASSERT_EQ(run("sha256sum a.eligo"), 0);
    const std::string hash = printed().substr(0, 64);
    // By the sources or by the pack, with a selection or without.
    for (const char* command : {"SCREEN in.csv -o out.csv --report r.html --summary s.json", "SCREEN in.csv -o out.csv --where 'staff > 5' --report r.html --summary s.json",
                                "ELIGO  screen in.csv --rules a.eligo --as-of 2020-01-01 --lang en -o out.csv --report r.html --summary s.json"}) {
        ASSERT_EQ(run(command), 0) << said();
        EXPECT_NE(read(folder_ / "r.html").find(hash), std::string::npos) << command;
        EXPECT_NE(read(folder_ / "s.json").find("\"rules_sha256\": \"" + hash + "\""), std::string::npos) << command;
    }
}

TEST_F(Outputs, ColumnsAreKeptFromEveryFormat) {
    write("named.csv", "name,staff,company_id,区域\n\"Foo, \"\"Bar\"\"\",10,A,north\n  plain ,?,B,\nx,many,C,y\n,30,D,=1+1\n\"quoted\",5 .. 40,E,\"a\nb\"\n");
    const std::string header = "company_id,区域,name,small,small.amount,small.amount.from,small.amount.to\n";
    const std::string rows = "A,north,\"Foo, \"\"Bar\"\"\",eligible,10.00,,\nB,,plain,undetermined,,,\nD,=1+1,,ineligible,,,\nE,\"a\nb\",quoted,undetermined,,,\n";
    ASSERT_EQ(run("SCREEN named.csv --keep 区域 name --rejects no.csv"), 0) << said();
    EXPECT_EQ(printed(), header + rows);
    EXPECT_EQ(said().find("no facts"), std::string::npos) << said();
    ASSERT_EQ(run("SCREEN named.csv --keep 区域 --keep name --keep staff -o kept.db --rejects no.csv && SCREEN named.csv --keep 区域 --keep name --keep staff -o kept.xlsx --rejects no.csv"), 0) << said();
    write("named.ndjson", R"({"company_id": "A", "staff": 10, "name": "Foo, \"Bar\"", "区域": "north"}
{"company_id": "B", "staff": null, "name": "plain", "区域": null}
{"company_id": "C", "staff": "many", "name": "x", "区域": "y"}
{"company_id": "D", "staff": 30, "区域": "=1+1"}
{"company_id": "E", "staff": "5 .. 40", "name": "quoted", "区域": "a\nb"}
)");
    ASSERT_EQ(run("SCREEN named.ndjson --keep 区域 --keep name --rejects no.csv"), 0) << said();
    EXPECT_EQ(printed(), header + rows);
    // What was kept is there to be kept again.
    for (const char* again : {"kept.db", "kept.xlsx"}) {
        ASSERT_EQ(run("SCREEN " + std::string(again) + " --keep 区域 --keep name --rejects no.csv"), 0) << said();
        EXPECT_EQ(printed(), header + rows) << again;
    }
    // Values of profiles that are no texts, and members.
    write("trees.ndjson", R"({"company_id": "A", "staff": 10, "tags": [1, "x", null, {"a": true}], "n": 1.50, "b": true, "of": {"z": 1}}
{"company_id": "B", "staff": 10, "of": {"z": "2"}}
)");
    ASSERT_EQ(run("SCREEN trees.ndjson --keep tags n b of.z of --json"), 0) << said();
    EXPECT_TRUE(printed().starts_with(R"({"company_id": "A", "tags": "[1, \"x\", null, {\"a\": true}]", "n": "1.50", "b": "true", "of.z": "1", "of": "{\"z\": 1}", "small")")) << printed();
    EXPECT_NE(printed().find(R"({"company_id": "B", "tags": "", "n": "", "b": "", "of.z": "2", "of": "{\"z\": \"2\"}", "small")"), std::string::npos) << printed();
    refused("SCREEN named.csv --keep nam", "--keep: there is no column \"nam\"; did you mean \"name\"?");
    refused("SCREEN named.csv --keep name --keep name", "--keep: the output has a column \"name\" already");
    refused("SCREEN named.csv --keep company_id", "--keep: the output has a column \"company_id\" already");
    refused("SCREEN amounts.csv --keep small.amount", "--keep: the output has a column \"small.amount\" already");
}

TEST_F(Outputs, PackedOutputsHoldTheSame) {
    write("in.csv", "company_id,staff\nA,10\nB,30\nC,many\n\"tab\tline\",5 .. 9\n");
    ASSERT_EQ(run("SCREEN in.csv -o out.csv && SCREEN in.csv --json -o out.ndjson"), 0) << said();
    const std::string csv = read(folder_ / "out.csv"), ndjson = read(folder_ / "out.ndjson");
    EXPECT_NE(csv.find("tab\tline,eligible,,5.00,9.00\n"), std::string::npos) << csv;
    EXPECT_NE(ndjson.find("\"small.amount\": null, \"small.amount.from\": \"5.00\", \"small.amount.to\": \"9.00\"}"), std::string::npos) << ndjson;
    for (const auto& [output, wanted] : std::vector<std::pair<std::string, std::string>>{{"o.csv.gz", csv}, {"o.csv.zst", csv}, {"o.ndjson.gz", ndjson}, {"o.ndjson.zst", ndjson}}) {
        ASSERT_EQ(run("SCREEN in.csv -o " + output), 0) << said();
        const std::string once = read(folder_ / output);
        EXPECT_EQ(unpacked(folder_ / output), wanted) << output;
        EXPECT_TRUE(once.starts_with(output.ends_with(".gz") ? "\x1F\x8B" : "\x28\xB5\x2F\xFD")) << output;
        ASSERT_EQ(run("SCREEN in.csv -o " + output), 0) << said();
        EXPECT_EQ(read(folder_ / output), once) << output;
    }
    EXPECT_TRUE(fs::exists(folder_ / "o.rejects.csv"));
    EXPECT_FALSE(fs::exists(folder_ / "o.csv.rejects.csv"));
    for (const char* output : {"o.tsv", "o.tsv.gz", "o.tsv.zst"}) {
        ASSERT_EQ(run("SCREEN in.csv -o " + std::string(output)), 0) << said();
        EXPECT_EQ(unpacked(folder_ / output), "company_id\tsmall\tsmall.amount\tsmall.amount.from\tsmall.amount.to\nA\teligible\t10.00\t\t\nB\tineligible\t\t\t\n\"tab\tline\"\teligible\t\t5.00\t9.00\n") << output;
    }
    ASSERT_EQ(run("SCREEN in.csv --top 1 amount -o top.csv.gz"), 0) << said();
    EXPECT_EQ(unpacked(folder_ / "top.csv.gz"), "company_id,small,small.amount,small.amount.from,small.amount.to\nA,eligible,10.00,,\n");
    refused("SCREEN in.csv -o out.db.gz", "an output ends in");
    refused("SCREEN in.csv -o out.xlsx.zst", "an output ends in");
}

// Every ending of a run that has answered rows says of which day.
TEST_F(Outputs, TheDayIsSaid) {
    ASSERT_EQ(run("SCREEN in.csv --report r.html --summary s.json -o out.csv"), 0) << said();
    EXPECT_NE(said().find("3 rows as of 2020-01-01: 2 answered, 1 rejected"), std::string::npos) << said();
    EXPECT_NE(read(folder_ / "r.html").find("2020-01-01"), std::string::npos);
    EXPECT_TRUE(read(folder_ / "s.json").starts_with("{\n  \"as_of\": \"2020-01-01\",\n")) << read(folder_ / "s.json");
    ASSERT_EQ(run("TZ=Pacific/Kiritimati ELIGO  screen in.csv --rules rules --lang zh -o far.csv"), 0) << said();
    const auto day_of = [](const std::string& zone) {
        setenv("TZ", zone.c_str(), 1);
        tzset();
        const std::time_t now = std::time(nullptr);
        std::array<char, 16> text{};
        (void)std::strftime(text.data(), text.size(), "%Y-%m-%d", std::localtime(&now));
        unsetenv("TZ");
        tzset();
        return std::string(text.data());
    };
    EXPECT_NE(said().find("3 行，以 " + day_of("Pacific/Kiritimati") + " 为准："), std::string::npos) << said();
}

// All numbers of the report, and no others.
TEST_F(Outputs, TheSummaryHasTheNumbersOfTheReport) {
    ASSERT_EQ(run("SCREEN in.csv --summary s.json -o out.csv --report r.html"), 0) << said();
    const std::string json = read(folder_ / "s.json");
    EXPECT_TRUE(json.ends_with("}\n"));
    for (const char* part : {"\"read\": 3", "\"answered\": 2", "\"rejected\": 1", "\"eligible\": 1", "\"ineligible\": 1", "\"settled\": 1", "\"from\": \"10.00\"", "\"to\": \"10.00\"", "\"clause\": \"few\"", "\"fails_alone\": 1", "\"column\": \"staff\""}) {
        EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
    }
    ASSERT_EQ(run("SCREEN in.csv --summary again.json"), 0) << said();
    EXPECT_NE(read(folder_ / "again.json").find("\"read\": 3"), std::string::npos);
    refused("SCREEN in.csv --summary in.csv", "--summary is the same file as in.csv");
}

// Companies exactly at a threshold stand with those who fare alike.
TEST_F(Outputs, NoBarHoldsBothSidesOfAThreshold) {
    struct Clause {
        std::string name, condition;
        bool upper_holds;
    };
    const std::vector<Clause> clauses{{"ge", "require ge staff >= 50", true}, {"gt", "require gt staff > 50", true}, {"le", "require le staff <= 50", false}, {"lt", "require lt staff < 50", false}, {"xge", "exclude xge staff >= 50", false}, {"xgt", "exclude xgt staff > 50", false}, {"xle", "exclude xle staff <= 50", true}, {"xlt", "exclude xlt staff < 50", true}};
    std::string source = "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n}\npolicy small for firm \"小\" | \"Small\" {\n  source rules \"示例\"\n  in force 2000-01-01 ..\n";
    for (const Clause& clause : clauses) source += "  " + clause.condition + " \"条\" | \"Clause\" @ rules 1\n";
    write("rules/firm.policy", source + "}\n");
    std::string companies = "company_id,staff\n";
    for (int staff = 0; staff <= 120; ++staff) companies += std::to_string(staff) + "," + std::to_string(staff) + "\n";
    write("in.csv", companies);
    ASSERT_EQ(run("SCREEN in.csv --summary s.json --report r.html"), 0) << said();
    const std::string json = read(folder_ / "s.json");
    for (const Clause& clause : clauses) {
        const std::size_t at = json.find("\"clause\": \"" + clause.name + "\"");
        ASSERT_NE(at, std::string::npos);
        const auto number_behind = [&](const std::string& key) { return std::atoi(json.c_str() + json.find("\"" + key + "\": ", at) + key.size() + 4); };
        std::size_t bar = json.find("\"bars\": [", at) + 9;
        int below = 0, above = 0;
        for (int i = 0; i < 21; ++i) {
            while (json[bar] < '0' || json[bar] > '9') ++bar;
            (i < 10 ? below : above) += std::atoi(json.c_str() + bar);
            while (json[bar] >= '0' && json[bar] <= '9') ++bar;
        }
        EXPECT_EQ(below + above, 121) << clause.name;
        EXPECT_EQ(clause.upper_holds ? below : above, number_behind("fails")) << clause.name;
    }
    const std::string html = read(folder_ / "r.html");
    EXPECT_NE(html.find("at or below the threshold 51, above 70"), std::string::npos);
    EXPECT_NE(html.find("below the threshold 50, at or above 71"), std::string::npos);
}

// What a spreadsheet would run, and what stands in its place.
TEST_F(Outputs, CellsOfCsvAreTextsInExcel) {
    const std::string ids = "company_id,staff\n=1+1,10\n+A,10\n-5,10\n@x,10\n\"\t=2\",10\n＝3,10\n\"=a,\"\"b\"\"\",30\nplain-name-of-16,10\n'q,10\n=wrong,many\n";
    write("ids.csv", ids);
    ASSERT_EQ(run("SCREEN ids.csv -o out.csv --excel-safe"), 0) << said();
    const std::string safe = "'=1+1,eligible,10.00,,\n'+A,eligible,10.00,,\n'-5,eligible,10.00,,\n'@x,eligible,10.00,,\n'=2,eligible,10.00,,\n'＝3,eligible,10.00,,\n"
                             "\"'=a,\"\"b\"\"\",ineligible,,,\nplain-name-of-16,eligible,10.00,,\n'q,eligible,10.00,,\n";
    EXPECT_EQ(read(folder_ / "out.csv"), "company_id,small,small.amount,small.amount.from,small.amount.to\n" + safe);
    EXPECT_NE(read(folder_ / "out.rejects.csv").find(",'=wrong,"), std::string::npos) << read(folder_ / "out.rejects.csv");
    ASSERT_EQ(run("SCREEN ids.csv --excel-safe --top 2 amount -o top.csv"), 0) << said();
    EXPECT_EQ(read(folder_ / "top.csv"), "company_id,small,small.amount,small.amount.from,small.amount.to\n'=1+1,eligible,10.00,,\n'+A,eligible,10.00,,\n");
    ASSERT_EQ(run("SCREEN ids.csv -o plain.csv && SCREEN ids.csv --excel-safe -o out.ndjson && SCREEN ids.csv --excel-safe --keep staff -o out.db && SCREEN 'out.db?table=screening'"), 0) << said();
    EXPECT_TRUE(read(folder_ / "plain.csv").starts_with("company_id,small,small.amount,small.amount.from,small.amount.to\n=1+1,eligible,10.00,,\n+A,")) << read(folder_ / "plain.csv");
    EXPECT_TRUE(read(folder_ / "out.ndjson").starts_with("{\"company_id\": \"=1+1\"")) << read(folder_ / "out.ndjson");
    EXPECT_TRUE(printed().find("\n=1+1,") != std::string::npos) << printed();
}

TEST_F(Outputs, AmountsBelowZeroStayNumbers) {
    write("rules/firm.policy", "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n}\n"
                               "policy small for firm \"小\" | \"Small\" {\n  source rules \"示例\"\n  in force 2000-01-01 ..\n  require few staff <= 20 \"不超过20人\" | \"At most 20\" @ rules 1\n"
                               "  benefit amount : money = (staff - 15) * 1元 \"金额\" | \"Amount\" @ rules 2\n}\n");
    for (const char* options : {"", " --top 5 amount"}) {
        ASSERT_EQ(run("SCREEN in.csv -o out.csv --excel-safe" + std::string(options)), 0) << said();
        EXPECT_NE(read(folder_ / "out.csv").find("A,eligible,-5.00,,\n"), std::string::npos) << read(folder_ / "out.csv");
    }
}

// The report names the rules by what `sha256sum` says of the compiled pack, whatever is asked of them.
TEST_F(Outputs, PacksKnowNoFolderAndTheReportNamesThem) {
    ASSERT_EQ(run("mkdir -p b/deep && cp -r rules b/deep/laws && ELIGO compile rules -o a.eligo && ELIGO compile b/deep/laws/ -o b.eligo && ELIGO compile rules/firm.policy -o c.eligo && cd b/deep/laws && ELIGO compile . -o ../../../d.eligo"), 0) << said();
    for (const char* other : {"b.eligo", "c.eligo", "d.eligo"}) EXPECT_EQ(read(folder_ / "a.eligo"), read(folder_ / other)) << other;
    EXPECT_EQ(read(folder_ / "a.eligo").find("firm.policy"), std::string::npos);
    ASSERT_EQ(run("sha256sum < a.eligo | cut -d ' ' -f 1"), 0);
    const std::string hash = printed().substr(0, 64);
    for (const char* options : {"--rules rules", "--rules b/deep/laws", "--rules a.eligo", "--rules rules --where 'staff > 1'"}) {
        ASSERT_EQ(run("ELIGO  screen in.csv -o out.csv --report out.html --as-of 2020-01-01 " + std::string(options)), 0) << said();
        EXPECT_NE(read(folder_ / "out.html").find(hash), std::string::npos) << options;
    }
}

// ---- runs beside each other and after each other

class Runs : public Outputs {
protected:
    void SetUp() override {
        Outputs::SetUp();
        std::ofstream csv(folder_ / "in.csv");
        csv << "company_id,staff\n";
        for (int i = 0; i < 2'000'000; ++i) csv << "C" << i << "," << i % 40 << "\n";
        csv << "last,many\n";
    }
    // Started, and some way on.
    pid_t start(const std::string& command, const std::string& partial) const {
        const pid_t child = fork();
        if (child == 0) {
            execl("/bin/sh", "sh", "-c", ("cd '" + folder_.string() + "' && exec " + line(command) + " > first.out 2> first.err").c_str(), nullptr);
            _exit(127);
        }
        const fs::path grows = folder_ / partial;
        while (!fs::exists(grows) || fs::file_size(grows) < 100'000) std::this_thread::sleep_for(std::chrono::milliseconds(1));
        return child;
    }
    static int wait_for(pid_t child) {
        int status = 0;
        EXPECT_EQ(waitpid(child, &status, 0), child);
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
    }
    // Interrupted after the first checkpoint.
    void interrupt(const std::string& command) const {
        const pid_t child = start(command, "out.csv.partial");
        ::kill(child, SIGINT);
        ASSERT_EQ(wait_for(child), 130) << read(folder_ / "first.err");
        fs::remove(folder_ / "first.out");
        fs::remove(folder_ / "first.err");
    }
};

TEST_F(Runs, TheSecondOneIsToldWhoWrites) {
    const pid_t first = start("SCREEN in.csv -o out.csv --report out.html", "out.csv.partial");
    ::kill(first, SIGSTOP);
    const std::string holder = "another run is writing it (process " + std::to_string(first) + " on ";
    for (const char* options : {"-o out.csv", "-o out.csv --resume", "-o ./out.csv", "-o b.csv --rejects out.rejects.csv", "-o b.csv --report out.html", "-o b.csv --report out.csv"}) {
        refused("SCREEN claims.csv " + std::string(options), holder);
        EXPECT_NE(said().find("screen --rules rules --as-of 2020-01-01 --lang en --policy small in.csv -o out.csv --report out.html); wait until it has ended, or name another file"), std::string::npos) << said();
    }
    refused("ELIGO compile rules -o out.html --lang zh", "另一次运行正在写它");
    ::kill(first, SIGCONT);
    EXPECT_EQ(wait_for(first), 0) << read(folder_ / "first.err");
    ASSERT_EQ(run("SCREEN in.csv -o again.csv"), 0);
    EXPECT_EQ(read(folder_ / "out.csv"), read(folder_ / "again.csv"));
    for (const auto& [name, bytes] : all()) EXPECT_FALSE(name.ends_with(".lock") || name.ends_with(".partial") || name.ends_with(".resume")) << name;
}

TEST_F(Runs, AKilledOneLeavesNoLock) {
    const pid_t first = start("SCREEN in.csv -o out.csv --report out.html", "out.csv.partial");
    ::kill(first, SIGKILL);
    ASSERT_EQ(wait_for(first), 1000 + SIGKILL);
    EXPECT_TRUE(fs::exists(folder_ / "out.csv.lock"));
    ASSERT_EQ(run("SCREEN in.csv -o out.csv --report out.html"), 0) << said();
    for (const auto& [name, bytes] : all()) EXPECT_FALSE(name.find(".lock") != std::string::npos || name.ends_with(".partial")) << name;
}

TEST_F(Runs, ChangedBytesAreNotGoneOnFrom) {
    ASSERT_EQ(run("SCREEN in.csv -o whole.csv"), 0) << said();
    interrupt("SCREEN in.csv -o out.csv");
    const fs::path partial = folder_ / "out.csv.partial";
    const std::string before = read(partial);
    std::string changed = before;
    changed[changed.size() / 2] = static_cast<char>(changed[changed.size() / 2] ^ 1);
    write("out.csv.partial", changed);
    refused("SCREEN in.csv -o out.csv --resume", "out.csv.partial: cannot be written: the unfinished output is not as the interrupted run left it; without --resume it begins anew");
    write("out.csv.partial", before.substr(0, before.size() / 2));
    refused("SCREEN in.csv -o out.csv --resume", "is not as the interrupted run left it");
    fs::remove(partial);
    fs::create_symlink("in.csv", partial);
    refused("SCREEN in.csv -o out.csv --resume", "out.csv.partial");
    fs::remove(partial);
    write("out.csv.partial", before);
    // What is behind the record is nobody's.
    std::ofstream(partial, std::ios::app) << "C1,eligible\n";
    ASSERT_EQ(run("SCREEN in.csv -o out.csv --resume"), 0) << said();
    EXPECT_NE(said().find("going on"), std::string::npos) << said();
    EXPECT_EQ(read(folder_ / "out.csv"), read(folder_ / "whole.csv"));
}

TEST_F(Runs, WhatWasDoneOutlivesAStrictRun) {
    ASSERT_EQ(run("SCREEN in.csv -o whole.csv"), 0) << said();
    interrupt("SCREEN in.csv -o out.csv");
    const std::string record = read(folder_ / "out.csv.resume");
    EXPECT_EQ(run("SCREEN in.csv -o out.csv --strict --resume"), 2);
    EXPECT_NE(said().find("what an earlier run had done is still in "), std::string::npos) << said();
    EXPECT_FALSE(fs::exists(folder_ / "out.csv"));
    ASSERT_EQ(run("SCREEN in.csv -o out.csv --resume"), 0) << said();
    EXPECT_NE(said().find("going on"), std::string::npos) << said();
    EXPECT_EQ(read(folder_ / "out.csv"), read(folder_ / "whole.csv"));
    EXPECT_EQ(read(folder_ / "out.rejects.csv"), read(folder_ / "whole.rejects.csv"));
    // One that began anew has nothing to keep.
    fs::remove(folder_ / "out.csv");
    EXPECT_EQ(run("SCREEN in.csv -o out.csv --strict"), 2);
    for (const auto& [name, bytes] : all()) EXPECT_FALSE(name.starts_with("out.csv")) << name;
}

TEST_F(Runs, OptionsThatShapeTheOutputAreCompared) {
    interrupt("SCREEN in.csv -o out.csv --list claims=claims.csv");
    refused("SCREEN in.csv -o out.csv --resume", "`list claims` has changed since the interruption");
    refused("SCREEN in.csv -o out.csv --list claims=claims.csv --resume --explain", "`--explain` has changed since the interruption");
    refused("SCREEN in.csv -o out.csv --list claims=claims.csv --resume --encoding utf-8", "`--encoding` has changed since the interruption");
}

// A database that is there keeps its old table until the new one is whole.
TEST_F(Runs, AKilledRunLeavesTheOldTable) {
    write("few.csv", "company_id,staff\nA,10\n");
    ASSERT_EQ(run("SCREEN few.csv -o out.db && SCREEN few.csv -o 'out.db?table=other' && SCREEN 'out.db?table=screening' --map amounts.csv > old.txt"), 0) << said();
    const std::string before = read(folder_ / "old.txt");
    ASSERT_EQ(run("SCREEN in.csv -o whole.db && SCREEN 'whole.db?table=screening' --map amounts.csv > new.txt"), 0) << said();
    // While rows are collected, and while they are put in.
    bool in_transaction = false;
    for (int attempt = 0; attempt < 40 && !in_transaction; ++attempt) {
        const pid_t child = start("SCREEN in.csv -o out.db", "out.db.partial");
        while (attempt % 2 == 1 && !fs::exists(folder_ / "out.db-journal") && fs::exists(folder_ / "out.db.partial")) std::this_thread::sleep_for(std::chrono::microseconds(100));
        ::kill(child, SIGKILL);
        wait_for(child);
        in_transaction = fs::exists(folder_ / "out.db-journal");
        if (read(folder_ / "first.err").find("answered") != std::string::npos) break;
        ASSERT_EQ(run("SCREEN 'out.db?table=screening' --map amounts.csv > now.txt && SCREEN 'out.db?table=other' --map amounts.csv > other.txt"), 0) << said();
        EXPECT_EQ(read(folder_ / "now.txt"), before);
        EXPECT_EQ(read(folder_ / "other.txt"), before);
    }
    EXPECT_TRUE(in_transaction) << "no run was killed while it wrote the table";
    ASSERT_EQ(run("SCREEN in.csv -o out.db --resume && SCREEN 'out.db?table=screening' --map amounts.csv > now.txt && SCREEN 'out.db?table=other' --map amounts.csv > other.txt"), 0) << said();
    EXPECT_EQ(read(folder_ / "now.txt"), read(folder_ / "new.txt"));
    EXPECT_EQ(read(folder_ / "other.txt"), before);
}

}  // namespace
