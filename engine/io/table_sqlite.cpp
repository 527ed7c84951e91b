// A table or a view of an SQLite database, read in the database's own order and never written to.
#include <sqlite3.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "../text/suggest.hpp"
#include "../text/utf8.hpp"
#include "formats.hpp"
#include "packed_rows.hpp"

namespace eligo::io {
namespace {

std::string quoted_name(std::string_view name) {
    std::string text = "\"";
    for (const char c : name) {
        text += c;
        if (c == '"') text += c;
    }
    return text + "\"";
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

class SqliteTable : public Table {
public:
    explicit SqliteTable(const TableOptions& options) : options_(options) {}
    ~SqliteTable() override {
        sqlite3_finalize(statement_);
        sqlite3_close(database_);
    }

    bool open(const TablePlace& place, std::vector<Problem>& problems) {
        struct stat status{};
        if (::stat(place.path.c_str(), &status) != 0) return refuse(problems, "没有这个文件", "there is no such file");
        if (sqlite3_open_v2(place.path.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) return refuse_database(problems);
        sqlite3_busy_timeout(database_, 5000);
        // A page cache of its own would grow to its limit; the system has one.
        sqlite3_exec(database_, "PRAGMA cache_size = -4096; PRAGMA mmap_size = 0", nullptr, nullptr, nullptr);
        const auto tables = names("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
        if (!tables) return refuse_database(problems);
        std::string wanted = place.table;
        if (wanted.empty() && tables->size() == 1) wanted = tables->front();
        if (wanted.empty() || std::find(tables->begin(), tables->end(), wanted) == tables->end()) return refuse_table(problems, wanted, *tables, place.path);
        if (!prepare(wanted)) return refuse_database(problems);
        for (int i = 0; i < sqlite3_column_count(statement_); ++i) header_.emplace_back(sqlite3_column_name(statement_, i));
        count_rows(wanted);
        return true;
    }

    const std::vector<std::string>& header() const override { return header_; }

    bool next(Chunk& chunk) override {
        chunk.begin = position_;
        chunk.bytes.clear();
        chunk.lines.clear();
        while (!ended_ && chunk.bytes.size() < options_.chunk_bytes) {
            if (options_.stream.stop != nullptr && options_.stream.stop->load()) break;
            const int status = sqlite3_step(statement_);
            if (status == SQLITE_DONE) {
                ended_ = true;
            } else if (status == SQLITE_ROW) {
                row(chunk);
            } else {
                const std::string why = sqlite3_errmsg(database_);
                failure_ = malformed({}, "读取数据库时出错：" + why, "reading the database failed: " + why);
                failure_->kind = ProblemKind::CannotRead;
                return false;
            }
        }
        chunk.end = position_;
        return !chunk.lines.empty();
    }

    const std::optional<Problem>& failure() const override { return failure_; }

    bool go_to(const Position& position) override {
        for (std::uint64_t row = 0; row < position.rows; ++row) {
            if (sqlite3_step(statement_) != SQLITE_ROW) return false;
        }
        position_ = position;
        done_.store(position.rows);
        return true;
    }

    std::unique_ptr<RowReader> reader() const override { return std::make_unique<PackedReader>(header_.size()); }
    Progress progress() const override { return {done_.load(std::memory_order_relaxed), in_all_}; }

private:
    static bool refuse(std::vector<Problem>& problems, std::string chinese, std::string english) {
        Problem problem = malformed({}, std::move(chinese), std::move(english));
        problem.kind = ProblemKind::CannotRead;
        problems.push_back(std::move(problem));
        return false;
    }

    bool refuse_database(std::vector<Problem>& problems) {
        const std::string why = sqlite3_errmsg(database_);
        return refuse(problems, "无法读取SQLite数据库：" + why, "the SQLite database cannot be read: " + why);
    }

    static bool refuse_table(std::vector<Problem>& problems, const std::string& wanted, const std::vector<std::string>& tables, const std::string& path) {
        std::string all;
        for (const std::string& name : tables) all += (all.empty() ? "" : ", ") + name;
        if (tables.empty()) return refuse(problems, "数据库中没有表", "the database has no tables");
        if (wanted.empty()) {
            return refuse(problems, "请写明表名，如 " + path + "?table=" + tables.front() + "；数据库中有：" + all,
                          "say which table, as in " + path + "?table=" + tables.front() + "; the database has: " + all);
        }
        const auto near = text::nearest(wanted, tables);
        return refuse(problems, "数据库中没有表“" + wanted + "”" + (near ? "，是否应为“" + *near + "”？" : "；有：" + all),
                      "the database has no table \"" + wanted + "\"" + (near ? "; did you mean \"" + *near + "\"?" : "; it has: " + all));
    }

    std::optional<std::vector<std::string>> names(const char* query) {
        sqlite3_stmt* statement = nullptr;
        if (sqlite3_prepare_v2(database_, query, -1, &statement, nullptr) != SQLITE_OK) return std::nullopt;
        std::vector<std::string> result;
        while (sqlite3_step(statement) == SQLITE_ROW) result.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)));
        sqlite3_finalize(statement);
        return result;
    }

    bool prepare(const std::string& table) {
        const std::string query = "SELECT * FROM " + quoted_name(table);
        return sqlite3_prepare_v2(database_, query.c_str(), -1, &statement_, nullptr) == SQLITE_OK;
    }

    // For telling progress only, so a view, which would be worked out for it, is not counted.
    void count_rows(const std::string& table) {
        sqlite3_stmt* statement = nullptr;
        const std::string query = "SELECT max(rowid) FROM " + quoted_name(table);
        if (sqlite3_prepare_v2(database_, query.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
        if (sqlite3_step(statement) == SQLITE_ROW) in_all_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, sqlite3_column_int64(statement, 0)));
        sqlite3_finalize(statement);
    }

    void row(Chunk& chunk) {
        ++position_.rows;
        position_.line = position_.rows + 1;
        done_.store(position_.rows, std::memory_order_relaxed);
        chunk.lines.push_back(position_.rows);
        pack_row(chunk.bytes, header_.size());
        for (int i = 0; i < static_cast<int>(header_.size()); ++i) cell(chunk.bytes, i);
    }

    // SQL's null is a cell in which nothing stands. A number that the database keeps as floating point is taken as SQLite
    // writes it, with up to 15 digits: money belongs in text or whole numbers, as docs/screening.md says.
    void cell(std::string& bytes, int column) {
        if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return pack_cell(bytes, NodeKind::Absent, {});
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        const std::string_view text(data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
        if (sqlite3_column_type(statement_, column) == SQLITE_FLOAT) return pack_cell(bytes, NodeKind::Plain, without_point_zero(text));
        const std::string_view shown = trimmed(text);
        pack_cell(bytes, shown.empty() ? NodeKind::Absent : shown == "?" ? NodeKind::Null : NodeKind::Plain, shown);
    }

    static std::string_view without_point_zero(std::string_view text) { return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text; }

    TableOptions options_;
    sqlite3* database_ = nullptr;
    sqlite3_stmt* statement_ = nullptr;
    std::vector<std::string> header_;
    bool ended_ = false;
    Position position_;
    std::atomic<std::uint64_t> done_{0};
    std::uint64_t in_all_ = 0;
    std::optional<Problem> failure_;
};

}  // namespace

std::unique_ptr<Table> open_sqlite(const TablePlace& place, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<SqliteTable>(options);
    if (!table->open(place, problems)) return nullptr;
    return table;
}

}  // namespace eligo::io
