// The table of a database: in one that is there, one transaction; a new one is made beside its place.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "formats.hpp"
#include "table_writer.hpp"

namespace eligo::io {
namespace {

std::string quoted_name(const std::string& name) {
    std::string text = "\"";
    for (const char c : name) {
        text += c;
        if (c == '"') text += c;
    }
    return text + "\"";
}

std::string create_table(const std::string& table, const std::vector<std::string>& header) {
    std::string columns;
    for (const std::string& name : header) columns += (columns.empty() ? "" : ", ") + quoted_name(name) + " TEXT";
    return "CREATE TABLE " + quoted_name(table) + " (" + columns + ")";
}

Problem problem_of(const Destination& destination, const std::string& chinese, const std::string& english) {
    Problem problem = malformed({}, "无法写入：" + chinese, "cannot be written: " + english);
    problem.kind = ProblemKind::CannotRead;
    problem.file = destination.named();
    return problem;
}

// What stands in a file of no bytes is an empty database.
bool is_database_already(const Destination& destination) {
    struct stat status{};
    return ::stat(destination.path().c_str(), &status) == 0 && status.st_size > 0;
}

class Database {
public:
    Database() = default;
    ~Database() { close(); }
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    bool open(const std::string& path, int flags) {
        const bool open = sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOFOLLOW, nullptr) == SQLITE_OK;
        if (handle_ != nullptr) sqlite3_busy_timeout(handle_, 5000);
        return open;
    }
    bool run(const std::string& query) { return sqlite3_exec(handle_, query.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK; }
    bool close() { return sqlite3_close(std::exchange(handle_, nullptr)) == SQLITE_OK; }
    [[nodiscard]] sqlite3* handle() const { return handle_; }

    // The first column of what is asked about one name; nothing on a failure.
    std::optional<std::vector<std::string>> texts(const char* query, const std::string& name) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(handle_, query, -1, &statement, nullptr) != SQLITE_OK) return std::nullopt;
        sqlite3_bind_text(statement, 1, name.data(), static_cast<int>(name.size()), SQLITE_STATIC);
        std::vector<std::string> result;
        int status = SQLITE_ROW;
        while ((status = sqlite3_step(statement)) == SQLITE_ROW) result.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
        sqlite3_finalize(statement);
        if (status != SQLITE_DONE) return std::nullopt;
        return result;
    }

    [[nodiscard]] Problem problem(const Destination& destination) const {
        const std::string why = sqlite3_errmsg(handle_);
        switch (sqlite3_errcode(handle_) & 0xFF) {
            case SQLITE_BUSY:
            case SQLITE_LOCKED: return problem_of(destination, "另一个程序正在使用这个数据库", "another program is using the database");
            case SQLITE_FULL: return cannot_write(destination.named(), ENOSPC);
            case SQLITE_READONLY: return cannot_write(destination.named(), EACCES);
            case SQLITE_NOTADB: return problem_of(destination, "这个文件不是 SQLite 数据库，不会被替换；请换一个文件名", "the file is no SQLite database and is not replaced; name another file");
            default: return problem_of(destination, why, why);
        }
    }

private:
    sqlite3* handle_ = nullptr;
};

// Amounts stay texts: SQLite's own numbers would be binary floating point, and its sums work on texts as well.
class SqliteWriter : public TableWriter {
public:
    SqliteWriter(const Destination& destination, std::string table, const std::vector<std::string>& header)
        : destination_(destination), table_(std::move(table)), is_new_(!is_database_already(destination)) {
        if (!(is_new_ ? open_new() : open_existing()) || !begin(header)) fail();
    }
    ~SqliteWriter() override {
        sqlite3_finalize(insert_);
        database_.close();  // what was not committed is rolled back
        if (file_ < 0) return;
        ::close(file_);
        std::remove(destination_.temporary().c_str());
    }

    bool row(std::span<const std::string_view> cells) override {
        if (failure_) return false;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const int place = static_cast<int>(i) + 1;
            if (cells[i].empty()) {
                sqlite3_bind_null(insert_, place);
            } else {
                sqlite3_bind_text(insert_, place, cells[i].data(), static_cast<int>(cells[i].size()), SQLITE_STATIC);
            }
        }
        if (sqlite3_step(insert_) != SQLITE_DONE) return fail();
        sqlite3_reset(insert_);
        return true;
    }

    bool complete() override {
        if (failure_) return false;
        sqlite3_finalize(std::exchange(insert_, nullptr));
        return put_back_what_stood_on_it() && (!is_new_ || commit());
    }

    bool finish() override {
        if (failure_) return false;
        if (!is_new_) return commit();
        if (destination_.put_in_place(destination_.temporary(), std::exchange(file_, -1))) return true;
        failure_ = cannot_write(destination_.named(), errno);
        std::remove(destination_.temporary().c_str());
        return false;
    }

private:
    bool commit() {
        if (!database_.run("COMMIT")) return fail();
        database_.close();
        return true;
    }
    bool fail() {
        if (!failure_) failure_ = database_.problem(destination_);
        return false;
    }

    // Nobody has it yet, so it needs no journal.
    bool open_new() {
        file_ = destination_.create_temporary();
        if (file_ < 0) {
            failure_ = cannot_write(destination_.named(), errno);
            return false;
        }
        return database_.open(destination_.temporary(), SQLITE_OPEN_READWRITE) && database_.run("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    }

    // Its journal is the database's own. Foreign keys of other tables are not followed while the table is replaced.
    bool open_existing() { return database_.open(destination_.path(), SQLITE_OPEN_READWRITE) && database_.run("PRAGMA foreign_keys = OFF"); }

    bool begin(const std::vector<std::string>& header) {
        std::string places = "?";
        for (std::size_t i = 1; i < header.size(); ++i) places += ", ?";
        if (!database_.run("PRAGMA cache_size = -8192") || !database_.run("BEGIN IMMEDIATE")) return false;
        const auto standing = database_.texts("SELECT sql FROM sqlite_master WHERE lower(tbl_name) = lower(?1) AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid", table_);
        if (!standing) return false;
        on_it_ = *standing;
        const std::string name = quoted_name(table_);
        return database_.run("DROP TABLE IF EXISTS " + name) && database_.run(create_table(table_, header)) &&
               sqlite3_prepare_v2(database_.handle(), ("INSERT INTO " + name + " VALUES (" + places + ")").c_str(), -1, &insert_, nullptr) == SQLITE_OK;
    }

    // Indexes and triggers went with the table that was there; they are someone's.
    bool put_back_what_stood_on_it() {
        for (const std::string& definition : on_it_) {
            if (database_.run(definition)) continue;
            const std::string why = sqlite3_errmsg(database_.handle());
            failure_ = problem_of(destination_, fmt::format("表 {} 上的索引或触发器不适合新的列（{}）；请先删除它：{}", table_, why, definition),
                                  fmt::format("an index or trigger on the table {} does not fit the new columns ({}); drop it first: {}", table_, why, definition));
            return false;
        }
        return true;
    }

    const Destination& destination_;
    const std::string table_;
    const bool is_new_;
    Database database_;
    sqlite3_stmt* insert_ = nullptr;
    std::vector<std::string> on_it_;
    int file_ = -1;  // of a new database, under its temporary name
};

// A journal without its database would be taken for that of the new one.
std::optional<Problem> why_no_new_database(const Destination& destination) {
    for (const char* ending : {"-journal", "-wal"}) {
        struct stat status{};
        if (::lstat((destination.path() + ending).c_str(), &status) == 0) return cannot_write(destination.named() + ending, EEXIST);
    }
    return std::nullopt;
}

}  // namespace

std::optional<Problem> why_no_table(const Destination& destination, const std::string& table, const std::vector<std::string>& header) {
    if (!destination.is_file()) return problem_of(destination, "数据库只能写成文件", "a database can only be written as a file");
    if (table.empty()) return problem_of(destination, "“?table=”后缺少表名", "a name is missing behind \"?table=\"");
    Database tried;
    if (!tried.open(":memory:", SQLITE_OPEN_READWRITE) || !tried.run(create_table(table, header))) return tried.problem(destination);
    if (!is_database_already(destination)) return why_no_new_database(destination);
    Database database;
    if (!database.open(destination.path(), SQLITE_OPEN_READONLY)) return database.problem(destination);
    const auto kinds = database.texts("SELECT type FROM sqlite_master WHERE lower(name) = lower(?1)", table);
    if (!kinds) return database.problem(destination);
    if (kinds->empty() || kinds->front() == "table") return std::nullopt;
    return problem_of(destination, fmt::format("{} 在数据库中是 {}，不是表；请用“?table=表名”写明另一个表", table, kinds->front()),
                      fmt::format("{} is a {} of the database and no table; name another table with \"?table=NAME\"", table, kinds->front()));
}

std::unique_ptr<TableWriter> write_sqlite(const Destination& destination, const std::string& table, const std::vector<std::string>& header) {
    return std::make_unique<SqliteWriter>(destination, table, header);
}

}  // namespace eligo::io
