// Inputs that somebody made to take all memory, or all time, in every format: the program answers, refuses the row or the table,
// and stays below 64 MiB; whatever goes on for ever ends with a signal; and what fails in a thread is told.
// Broken when: something is kept as large as an input says it is, a loop asks nobody whether it is to stop, or a thread throws.
#include <gtest/gtest.h>

#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "program.hpp"

namespace eligo::screening {
namespace {

namespace fs = std::filesystem;

#if defined(__SANITIZE_ADDRESS__)
constexpr bool sanitized = true;
#else
constexpr bool sanitized = false;
#endif

constexpr std::size_t mebibyte = std::size_t{1} << 20;
constexpr long most_kib = 64 * 1024;

// A file that is written piece by piece, so that this process stays small.
class Out {
public:
    explicit Out(const fs::path& path) : file_(std::fopen(path.c_str(), "wb")) {}
    ~Out() { std::fclose(file_); }
    Out(const Out&) = delete;
    Out& operator=(const Out&) = delete;
    Out& operator<<(std::string_view text) {
        std::fwrite(text.data(), 1, text.size(), file_);
        return *this;
    }
    Out& repeat(std::string_view text, std::size_t count) {
        std::string piece;
        const std::size_t together = std::max<std::size_t>(1, mebibyte / text.size());
        for (std::size_t i = 0; i < together; ++i) piece += text;
        for (; count >= together; count -= together) *this << piece;
        for (; count > 0; --count) *this << text;
        return *this;
    }

private:
    std::FILE* file_;
};

void gzip(const fs::path& path, const std::function<void(gzFile)>& write) {
    gzFile file = gzopen(path.c_str(), "wb9");
    write(file);
    gzclose(file);
}

void sqlite(const fs::path& path, const std::vector<std::string>& queries) {
    sqlite3_hard_heap_limit64(0);  // of this process, where a table may have been read
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(path.c_str(), &database), SQLITE_OK);
    sqlite3_exec(database, "PRAGMA synchronous = OFF; PRAGMA cache_size = -2000", nullptr, nullptr, nullptr);
    for (const std::string& query : queries) EXPECT_EQ(sqlite3_exec(database, query.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
}

class Hostile : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / ("eligo_hostile_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
        fs::remove_all(folder_);
        fs::create_directories(folder_);
        Out(folder_ / "rules.policy") << "record claim \"项目\" | \"Claim\" {\n  paid : money in 0元 .. 1亿元 \"投入\" | \"Paid\"\n}\n"
                                         "vocabulary firm \"企业\" | \"Firm\" {\n  staff : int in 0 .. 1_000 \"人数\" | \"Staff\"\n  claims : list of claim up to 100 \"项目\" | \"Claims\"\n}\n"
                                         "policy small for firm \"小\" | \"Small\" {\n  in force 2000-01-01 ..\n  require few staff <= 50 \"少\" | \"Few\" @ \"1\"\n  benefit heads : int = staff always \"人\" | \"Heads\"\n}\n"
                                         "policy claimed for firm \"项目\" | \"Claims\" {\n  in force 2000-01-01 ..\n  require some sum(c.paid for c in claims) >= 1元 \"有\" | \"Some\" @ \"1\"\n}\n";
    }
    void TearDown() override { fs::remove_all(folder_); }

    Ran screen(const std::string& input, std::vector<std::string> more = {}, const Manner& manner = {}) const {
        std::vector<std::string> arguments{"screen", input, "--rules", "rules.policy", "--as-of", "2020-06-01", "--lang", "en", "--threads", "2", "-o", "out.csv"};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return run_program(folder_, arguments, manner);
    }
    static void holds_memory(const Ran& ran) { EXPECT_TRUE(sanitized || ran.peak_kib < most_kib) << ran.peak_kib << " KiB: " << ran.err.substr(0, 1000); }
    std::string rejects() const { return read_file(folder_ / "out.rejects.csv"); }
    fs::path path(const std::string& name) const { return folder_ / name; }

    fs::path folder_;
};

// One row of a table that is right but for it: A and B are answered, it is refused in its line, and C, behind it, is answered too.
struct Row {
    const char* name;
    const char* file;
    std::function<void(const fs::path&)> write;
    std::uint64_t line;
    const char* reason;
    friend std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }
};

constexpr const char* too_long = "this row is longer than 1 MiB and was not read";

const Row rows[] = {
    {"csv_cell", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\nA,10\nB,60\n").repeat("x", 100 * mebibyte) << ",1\nC,10\n"; }, 4, too_long},
    {"csv_cells", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\nA,10\nB,60\n").repeat(",", 100 * mebibyte) << "\nC,10\n"; }, 4, too_long},
    {"csv_a_little_too_long", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\nA,10\nB,60\n").repeat("x", mebibyte) << ",1\nC,10\n"; }, 4, too_long},
    {"csv_with_returns", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\r\nA,10\r\nB,60\r\n").repeat("x", 10 * mebibyte) << ",1\r\nC,10\r\n"; }, 4, too_long},
    {"gzip", "in.csv.gz",
     [](const fs::path& path) {
         gzip(path, [](gzFile file) {
             const std::string piece(mebibyte, 'x');
             gzputs(file, "company_id,staff\nA,10\nB,60\n");
             for (int i = 0; i < 200; ++i) gzwrite(file, piece.data(), static_cast<unsigned>(piece.size()));
             gzputs(file, ",1\nC,10\n");
         });
     },
     4, too_long},
    {"ndjson_text", "in.ndjson",
     [](const fs::path& path) { Out(path).operator<<("{\"company_id\": \"A\", \"staff\": 10}\n{\"company_id\": \"B\", \"staff\": 60}\n{\"company_id\": \"").repeat("x", 100 * mebibyte) << "\", \"staff\": 1}\n{\"company_id\": \"C\", \"staff\": 10}\n"; },
     3, too_long},
    {"ndjson_elements", "in.ndjson",
     [](const fs::path& path) { Out(path).operator<<("{\"company_id\": \"A\", \"staff\": 10}\n{\"company_id\": \"B\", \"staff\": 60}\n{\"claims\": [").repeat("{},", 340'000) << "{}]}\n{\"company_id\": \"C\", \"staff\": 10}\n"; },
     3, "this holds more objects, lists and values than a profile may have"},
    {"ndjson_depth", "in.ndjson",
     [](const fs::path& path) { Out(path).operator<<("{\"company_id\": \"A\", \"staff\": 10}\n{\"company_id\": \"B\", \"staff\": 60}\n{\"staff\": ").repeat("[", 500'000).repeat("]", 500'000) << "}\n{\"company_id\": \"C\", \"staff\": 10}\n"; },
     3, "this is nested too deeply"},
    {"sqlite_blob", "in.db",
     [](const fs::path& path) { sqlite(path, {"CREATE TABLE t (company_id, staff)", "INSERT INTO t VALUES ('A', 10), ('B', 60)", "INSERT INTO t VALUES (zeroblob(500000000), 1)", "INSERT INTO t VALUES ('C', 10)"}); }, 3, too_long},
    {"sqlite_text", "in.db",
     [](const fs::path& path) {
         sqlite(path, {"CREATE TABLE t (company_id, staff)", "INSERT INTO t VALUES ('A', 10), ('B', 60)", "INSERT INTO t VALUES (CAST(zeroblob(20000000) AS TEXT), 1)", "INSERT INTO t VALUES ('C', 10)"});
     },
     3, too_long},
    {"sqlite_small_blob", "in.db",
     [](const fs::path& path) { sqlite(path, {"CREATE TABLE t (company_id, staff)", "INSERT INTO t VALUES ('A', 10), ('B', 60)", "INSERT INTO t VALUES ('D', x'3130')", "INSERT INTO t VALUES ('C', 10)"}); }, 3, "bytes (a BLOB) are no value"},
    {"sqlite_no_utf8", "in.db",
     [](const fs::path& path) { sqlite(path, {"CREATE TABLE t (company_id, staff)", "INSERT INTO t VALUES ('A', 10), ('B', 60)", "INSERT INTO t VALUES (CAST(x'41FF' AS TEXT), 1)", "INSERT INTO t VALUES ('C', 10)"}); }, 3, "this is not UTF-8 text"},
};

class HostileRow : public Hostile, public testing::WithParamInterface<Row> {};

TEST_P(HostileRow, IsRefusedInItsLineAndNoOther) {
    const Row& row = GetParam();
    row.write(path(row.file));
    const Ran ran = screen(row.file, {"--policy", "small"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(read_file(path("out.csv")), "company_id,small,small.heads,small.heads.from,small.heads.to\nA,eligible,10,,\nB,ineligible,60,,\nC,eligible,10,,\n");
    EXPECT_NE(ran.err.find("4 rows as of 2020-06-01: 3 answered, 1 rejected"), std::string::npos) << ran.err;
    EXPECT_NE(rejects().find("\n" + std::to_string(row.line) + ","), std::string::npos) << rejects();
    EXPECT_NE(rejects().find(row.reason), std::string::npos) << rejects();
    EXPECT_LT(rejects().size(), 10'000U);
    holds_memory(ran);
}

INSTANTIATE_TEST_SUITE_P(All, HostileRow, testing::ValuesIn(rows), [](const auto& each) { return std::string(each.param.name); });

// Tables that are refused as a whole, or read as a whole.
struct Whole {
    const char* name;
    const char* file;
    std::function<void(const fs::path&)> write;
    int status;
    const char* said;
    friend std::ostream& operator<<(std::ostream& out, const Whole& whole) { return out << whole.name; }
};


void zstandard(const fs::path& path, int window, std::size_t megabytes) {
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, window);
    Out out(path);
    std::string packed(ZSTD_CStreamOutSize(), '\0');
    const auto put = [&](std::string_view text, ZSTD_EndDirective end) {
        ZSTD_inBuffer in{text.data(), text.size(), 0};
        std::size_t left = 1;
        while (left > 0) {
            ZSTD_outBuffer made{packed.data(), packed.size(), 0};
            left = ZSTD_compressStream2(context, &made, &in, end);
            ASSERT_EQ(ZSTD_isError(left), 0U);
            out << std::string_view(packed).substr(0, made.pos);
            if (end == ZSTD_e_continue && in.pos == in.size) return;
        }
    };
    put("company_id,staff\n", ZSTD_e_continue);
    std::string piece;
    while (piece.size() < mebibyte) piece += "C" + std::to_string(piece.size()) + ",10\n";
    for (std::size_t i = 0; i < megabytes; ++i) put(piece, ZSTD_e_continue);
    put("Z,10\n", ZSTD_e_end);
    ZSTD_freeCCtx(context);
}

const Whole wholes[] = {
    {"csv_header", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff").repeat(",c", 5'000'000) << "\nA,10\n"; }, 2, "the header is longer than 1 MiB"},
    {"csv_columns", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff").repeat(",c", 20'000) << "\nA,10\n"; }, 2, "there are more than 16384 columns"},
    {"csv_no_line_ends", "in.csv", [](const fs::path& path) { Out(path).repeat("x", 100 * mebibyte); }, 2, "the header is longer than 1 MiB"},
    {"csv_zeros", "in.csv", [](const fs::path& path) { Out(path).repeat(std::string_view("\0", 1), 100 * mebibyte); }, 2, "the header is longer than 1 MiB"},
    {"csv_line_ends", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\n").repeat("\n", 50 * mebibyte) << "A,10\n"; }, 0, "1 row as of 2020-06-01: 1 answered"},
    {"csv_returns", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\r").repeat("A,10\r", 4 * mebibyte); }, 0, "4,194,304 rows as of 2020-06-01: 4,194,304 answered, 0 rejected"},
    {"csv_quotes", "in.csv", [](const fs::path& path) { Out(path).operator<<("company_id,staff\n").repeat("\"\n", mebibyte); }, 0, "0 answered"},
    {"csv_long_ids", "in.csv",
     [](const fs::path& path) {
         Out out(path);
         out << "company_id,staff\n";
         for (int i = 0; i < 100; ++i) out.repeat("x", mebibyte - 100) << (i % 2 == 0 ? ",10\n" : ",none\n");
     },
     0, "100 rows as of 2020-06-01: 50 answered, 50 rejected"},
    {"gzip_members", "in.csv.gz",
     [](const fs::path& path) {
         gzip(path, [](gzFile file) { gzputs(file, "company_id,staff\nA,10\n"); });
         gzip(path.string() + ".empty", [](gzFile) {});
         const std::string whole = read_file(path), empty = read_file(path.string() + ".empty");
         Out(path).operator<<(whole).repeat(empty, 1'000'000);
     },
     0, "1 row as of 2020-06-01: 1 answered"},
    {"zstd_long_window", "in.csv.zst", [](const fs::path& path) { zstandard(path, 27, 60); }, 2, "zstd -dc --long=27 FILE | eligo screen -"},
    {"zstd_long_window_of_a_short_text", "in.csv.zst", [](const fs::path& path) { zstandard(path, 27, 1); }, 0, "answered, 0 rejected"},
    {"zstd_usual_window", "in.csv.zst", [](const fs::path& path) { zstandard(path, 23, 60); }, 0, "answered, 0 rejected"},
    {"ndjson_first_line", "in.ndjson", [](const fs::path& path) { Out(path).operator<<("{\"company_id\": \"").repeat("x", 100 * mebibyte) << "\"}\n{\"company_id\": \"A\", \"staff\": 10}\n"; }, 0, "2 rows as of 2020-06-01: 1 answered, 1 rejected"},
    {"ndjson_keys", "in.ndjson",
     [](const fs::path& path) {
         Out out(path);
         for (int i = 0; i < 100; ++i) {
             out << "{\"company_id\": \"A\", \"staff\": 10";
             for (int j = 0; j < 20'000; ++j) out << ", \"k" << std::to_string(i) << "_" << std::to_string(j) << "\": 1";
             out << "}\n";
         }
     },
     0, "100 rows as of 2020-06-01: 100 answered, 0 rejected"},
    {"ndjson_members", "in.ndjson",
     [](const fs::path& path) {
         Out out(path);
         for (int i = 0; i < 100; ++i) {
             out << "{\"company_id\": \"A\", \"staff\": 10";
             for (int j = 0; j < 20'000; ++j) out << ", \"k" << std::to_string(j % 1000) << "\": {\"m" << std::to_string(i) << "_" << std::to_string(j) << "\": 1}";
             out << "}\n";
         }
     },
     0, "100 rows as of 2020-06-01: 100 answered, 0 rejected"},
    {"sqlite_unread_blobs", "in.db",
     [](const fs::path& path) { sqlite(path, {"CREATE TABLE t (company_id, staff, photo)", "INSERT INTO t VALUES ('A', 10, zeroblob(100000000)), ('B', 10, zeroblob(100000000))"}); }, 0, "2 rows as of 2020-06-01: 2 answered, 0 rejected"},
    {"sqlite_made_values", "in.db",
     [](const fs::path& path) { sqlite(path, {"CREATE VIEW v (company_id, staff) AS SELECT 'A', 10 UNION ALL SELECT zeroblob(900000000), 10"}); }, 2, "there are values of more than 1 MiB"},
    {"sqlite_schema", "in.db",
     [](const fs::path& path) {
         std::vector<std::string> queries{"BEGIN"};
         std::string columns;
         for (int i = 0; i < 1500; ++i) columns += ", c" + std::to_string(i);
         for (int i = 0; i < 1000; ++i) queries.push_back("CREATE TABLE t" + std::to_string(i) + " (company_id" + columns + ")");
         queries.push_back("COMMIT");
         sqlite(path, queries);
     },
     2, "the SQLite database cannot be read: out of memory"},
    {"sqlite_many_tables", "in.db",
     [](const fs::path& path) {
         std::vector<std::string> queries{"BEGIN"};
         for (int i = 0; i < 2000; ++i) queries.push_back("CREATE TABLE t" + std::to_string(i) + " (company_id)");
         queries.push_back("COMMIT");
         sqlite(path, queries);
     },
     2, "say which table, as in in.db?table=t0; the database has: t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15, t16, t17, t18, t19, …"},
};

class HostileTable : public Hostile, public testing::WithParamInterface<Whole> {};

TEST_P(HostileTable, IsToldAndTakesLittleMemory) {
    const Whole& whole = GetParam();
    whole.write(path(whole.file));
    const Ran ran = screen(whole.file, {"--policy", "small"});
    EXPECT_EQ(ran.status, whole.status) << ran.err;
    EXPECT_NE(ran.err.find(whole.said), std::string::npos) << ran.err.substr(0, 2000);
    EXPECT_LT(ran.err.size(), 20'000U);
    holds_memory(ran);
}

INSTANTIATE_TEST_SUITE_P(All, HostileTable, testing::ValuesIn(wholes), [](const auto& each) { return std::string(each.param.name); });

// ---- what goes on for ever ends with a signal

struct Endless {
    const char* name;
    const char* input;
    std::function<void(const fs::path& folder)> write;
    std::vector<std::string> more;
    friend std::ostream& operator<<(std::ostream& out, const Endless& endless) { return out << endless.name; }
};

constexpr const char* numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'C' || i, 10 FROM n";

const Endless endless[] = {
    {"view", "in.db?table=v", [](const fs::path& folder) { sqlite(folder / "in.db", {std::string("CREATE VIEW v (company_id, staff) AS ") + numbers}); }, {}},
    {"view_without_rows", "in.db?table=v", [](const fs::path& folder) { sqlite(folder / "in.db", {std::string("CREATE VIEW v (company_id, staff) AS ") + numbers + " WHERE i < 0"}); }, {}},
    {"view_in_order", "in.db?table=v", [](const fs::path& folder) { sqlite(folder / "in.db", {std::string("CREATE VIEW v (company_id, staff) AS ") + numbers + " ORDER BY 1"}); }, {}},
    {"list", "in.csv",
     [](const fs::path& folder) {
         Out(folder / "in.csv") << "company_id,staff\nA,10\n";
         sqlite(folder / "list.db", {std::string("CREATE VIEW v (company_id, paid) AS ") + numbers});
     },
     {"--list", "claims=list.db?table=v"}},
    {"pipe_that_nobody_opens", "pipe", [](const fs::path& folder) { ASSERT_EQ(mkfifo((folder / "pipe").c_str(), 0600), 0); }, {}},
};

class HostileEndless : public Hostile, public testing::WithParamInterface<Endless> {};

TEST_P(HostileEndless, EndsWithASignal) {
    const Endless& one = GetParam();
    one.write(folder_);
    for (const int signal : {SIGINT, SIGTERM}) {
        Manner manner;
        manner.seconds = 2;
        manner.signal = signal;
        const Ran ran = screen(one.input, one.more, manner);
        EXPECT_EQ(ran.status, 130) << ran.err;
        EXPECT_NE(ran.err.find("interrupted"), std::string::npos) << ran.err;
        holds_memory(ran);
    }
}

INSTANTIATE_TEST_SUITE_P(All, HostileEndless, testing::ValuesIn(endless), [](const auto& each) { return std::string(each.param.name); });

// A pipe that somebody holds open and writes nothing into.
TEST_F(Hostile, PipeThatSaysNothing) {
    const fs::path pipe = path("pipe");
    ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
    std::FILE* const held = std::fopen(pipe.c_str(), "r+");
    ASSERT_NE(held, nullptr);
    Manner manner;
    manner.seconds = 1;
    manner.signal = SIGTERM;
    EXPECT_EQ(screen("pipe", {}, manner).status, 130);
    std::fclose(held);
}

// ---- lists

TEST_F(Hostile, OneCompanyWithAMillionElements) {
    {
        Out in(path("in.csv")), list(path("list.csv"));
        in << "company_id,staff\n";
        in.repeat("A,10\n", 20'000) << "B,10\n";
        list << "company_id,paid\nB,5\n";
        list.repeat("A,1\n", 1'000'000);
    }
    const Ran ran = screen("in.csv", {"--list", "claims=list.csv", "--policy", "claimed"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.err.find("20,001 rows as of 2020-06-01: 1 answered, 20,000 rejected"), std::string::npos) << ran.err;
    EXPECT_EQ(ran.err.find("belong"), std::string::npos) << "all rows of A were asked for: " << ran.err;
    EXPECT_NE(rejects().find("expected a list of at most 100 elements, here are more"), std::string::npos) << rejects().substr(0, 1000);
    holds_memory(ran);
}

TEST_F(Hostile, ListWithRowsThatAreTooLong) {
    Out(path("in.csv")) << "company_id,staff\nA,10\nB,10\nC,10\n";
    {
        Out list(path("list.csv"));
        list << "company_id,paid,note\nA,5,\nB,5,";
        list.repeat("x", 100 * mebibyte) << "\nC,5,\n";
    }
    const Ran ran = screen("in.csv", {"--list", "claims=list.csv", "--policy", "claimed"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_EQ(read_file(path("out.csv")), "company_id,claimed\nA,eligible\nC,eligible\n");
    EXPECT_NE(rejects().find(too_long), std::string::npos) << rejects();
    holds_memory(ran);
}

// ---- what is not the table

TEST_F(Hostile, TopOfManyLongRows) {
    {
        Out in(path("in.csv"));
        in << "company_id,staff\n";
        const std::string id(2'000, 'x');
        for (int i = 0; i < 100'000; ++i) in << id << std::to_string(i) << "," << std::to_string(i % 1000) << "\n";
    }
    Ran ran = screen("in.csv", {"--policy", "small", "--top", "100000", "heads"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    holds_memory(ran);
    const std::string out = read_file(path("out.csv"));
    EXPECT_TRUE(out.substr(out.find('\n') + 2001).starts_with("999,ineligible,999,,\n")) << out.substr(2020, 100);
    EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 100'001);
    ran = screen("in.csv", {"--policy", "small", "--top", "9999999", "heads"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.err.find("at most 100000; for more, write all of them"), std::string::npos) << ran.err;
}

TEST_F(Hostile, MapOfMillions) {
    Out(path("in.csv")) << "company_id,staff\nA,10\n";
    {
        Out map(path("map.csv"));
        for (int i = 0; i < 1'000'000; ++i) map << "c" << std::to_string(i) << ",staff\n";
    }
    const Ran ran = screen("in.csv", {"--map", "map.csv"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_NE(ran.err.find("map.csv:65537: a map has 65536 rows and 4 MiB at most"), std::string::npos) << ran.err;
    holds_memory(ran);
}

TEST_F(Hostile, RulesOfGigabytes) {
    Out(path("in.csv")) << "company_id,staff\nA,10\n";
    for (const std::string name : {"big.policy", "big.eligo"}) {
        std::FILE* const file = std::fopen(path(name).c_str(), "wb");
        ASSERT_EQ(ftruncate(fileno(file), off_t{3} << 30), 0);
        std::fclose(file);
        const Ran ran = run_program(folder_, {"screen", "in.csv", "--rules", name, "--lang", "en"});
        EXPECT_EQ(ran.status, 2);
        EXPECT_NE(ran.err.find("the file is too large"), std::string::npos) << ran.err;
        EXPECT_LT(ran.peak_kib, 160 * 1024);
    }
}

// ---- no memory, no threads

TEST_F(Hostile, WithoutMemoryOrThreadsIsToldAndNeverTheEndWithoutAWord) {
    if (sanitized) GTEST_SKIP() << "sanitizers reserve far more";
    {
        Out in(path("in.csv"));
        in << "company_id,staff\n";
        for (int i = 0; i < 200'000; ++i) in << "C" << std::to_string(i) << ",10\n";
    }
    ASSERT_EQ(screen("in.csv", {"--policy", "small"}).status, 0);
    const std::string whole = read_file(path("out.csv"));
    int failed = 0;
    for (rlim_t megabytes = 32; megabytes <= 400; megabytes += megabytes / 8) {
        for (const char* threads : {"1", "4", "64"}) {
            Manner manner;
            manner.before = [megabytes] {
                const rlimit limit{megabytes << 20, megabytes << 20};
                setrlimit(RLIMIT_AS, &limit);
            };
            fs::remove(path("out.csv"));
            const Ran ran = run_program(folder_, {"screen", "in.csv", "--rules", "rules.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", "small", "--threads", threads, "-o", "out.csv"}, manner);
            if (ran.status == 127) continue;  // there is not even room for the program
            if (ran.status == 0) {
                EXPECT_EQ(read_file(path("out.csv")), whole);
                continue;
            }
            ++failed;
            EXPECT_EQ(ran.status, 2) << megabytes << " MiB, " << threads << " threads: " << ran.err;
            const bool told = ran.err.find("there is not enough memory") != std::string::npos || ran.err.find("a thread cannot be started") != std::string::npos;
            EXPECT_TRUE(told) << megabytes << " MiB, " << threads << " threads: " << ran.err;
            EXPECT_FALSE(fs::exists(path("out.csv")));
        }
    }
    EXPECT_GT(failed, 3);
    // What was done is not lost.
    ASSERT_EQ(screen("in.csv", {"--policy", "small", "--resume"}).status, 0);
    EXPECT_EQ(read_file(path("out.csv")), whole);
}

// ---- check

TEST_F(Hostile, CheckOfManyProfilesTakesThemOneByOne) {
    {
        Out json(path("many.json"));
        json << "[";
        for (int i = 0; i < 200'000; ++i) json << (i == 0 ? "" : ",\n") << "{\"company_id\": \"C" << std::to_string(i) << "\", \"staff\": " << std::to_string(i % 100) << "}";
        json << "]\n";
    }
    const Ran ran = run_program(folder_, {"check", "many.json", "--rules", "rules.policy", "--as-of", "2020-06-01", "--lang", "en", "--policy", "small", "--brief"});
    EXPECT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.out.find("eligible"), std::string::npos);
    holds_memory(ran);
}

TEST_F(Hostile, CheckOfAProfileThatIsTooLarge) {
    {
        Out json(path("large.json"));
        json << "[{\"staff\": 10},\n {\"company_id\": \"";
        json.repeat("x", 100 * mebibyte) << "\"}]";
    }
    const Ran ran = run_program(folder_, {"check", "large.json", "--rules", "rules.policy", "--lang", "en"});
    EXPECT_EQ(ran.status, 2);
    EXPECT_EQ(ran.err, "large.json:2:2: a profile may have 4 MiB at most\n");
    EXPECT_EQ(ran.out, "") << "nothing is answered where anything is wrong";
    holds_memory(ran);
}

}  // namespace
}  // namespace eligo::screening
