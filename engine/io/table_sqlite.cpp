// A table or a view of an SQLite database, read in the database's own order and never written to.
#include <simdjson.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "../text/suggest.hpp"
#include "../vm/spelling.hpp"
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

// Memory that SQLite may have in all, for lists laid out by company as well. What would need more fails.
constexpr std::int64_t most_memory = 24 * 1024 * 1024;
// Rows with values that are too long, each of which costs another walk through the rows before it.
constexpr int most_long_rows = 100;

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
        sqlite3_hard_heap_limit64(most_memory);
        if (sqlite3_open_v2(place.path.c_str(), &database_, SQLITE_OPEN_READONLY, nullptr) != SQLITE_OK) return refuse_database(problems);
        hold_to_bounds();
        const auto tables = names("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%' ORDER BY rowid");
        if (!tables) return refuse_database(problems);
        std::string wanted = place.table;
        if (wanted.empty() && tables->size() == 1) wanted = tables->front();
        if (wanted.empty() || std::find(tables->begin(), tables->end(), wanted) == tables->end()) return refuse_table(problems, wanted, *tables, place.path);
        table_ = quoted_name(wanted);
        if (!prepare("*", 0)) return refuse_database(problems);
        const int columns = sqlite3_column_count(statement_);
        for (int i = 0; i < columns; ++i) {
            header_.emplace_back(sqlite3_column_name(statement_, i));
            places_.push_back(i);
        }
        count_rows(wanted);
        return true;
    }

    const std::vector<std::string>& header() const override { return header_; }

    // What nobody reads is not fetched, however large it is.
    void read_only(const std::vector<bool>& columns) override {
        std::string wanted;
        int count = 0;
        for (std::size_t i = 0; i < header_.size(); ++i) {
            places_[i] = columns[i] ? count++ : -1;
            if (columns[i]) wanted += (wanted.empty() ? "" : ", ") + table_ + "." + quoted_name(header_[i]);
        }
        columns_ = wanted.empty() ? "NULL" : wanted;
        if (prepare(columns_, 0)) return;
        // A column that its name does not lead to.
        columns_ = "*";
        for (std::size_t i = 0; i < header_.size(); ++i) places_[i] = columns[i] ? static_cast<int>(i) : -1;
        if (!prepare(columns_, 0)) fail();
    }

    bool next(Chunk& chunk) override {
        chunk.begin = position_;
        chunk.bytes.clear();
        chunk.lines.clear();
        while (!ended_ && !failure_ && chunk.bytes.size() < options_.chunk_bytes) {
            if (is_stopped()) break;
            const int status = sqlite3_step(statement_);
            if (status == SQLITE_DONE) {
                ended_ = true;
            } else if (status == SQLITE_ROW) {
                row(chunk);
            } else if (status == SQLITE_TOOBIG && ++long_rows_ <= most_long_rows) {
                refuse_row(chunk);
                if (!prepare(columns_, position_.rows)) fail();
            } else if (status == SQLITE_TOOBIG) {
                const std::string most = std::to_string(longest_row >> 20);
                fail("有超过" + most + " MiB的值；请用视图只取所需的列", "there are values of more than " + most + " MiB; take the columns that are needed by way of a view");
            } else if (status != SQLITE_INTERRUPT || !is_stopped()) {
                fail();
            }
        }
        chunk.end = position_;
        return !chunk.lines.empty() && !failure_;
    }

    const std::optional<Problem>& failure() const override { return failure_; }

    bool go_to(const Position& position) override {
        position_ = position;
        done_.store(position.rows);
        return prepare(columns_, position.rows);
    }

    std::unique_ptr<RowReader> reader() const override { return std::make_unique<PackedReader>(header_.size()); }
    Progress progress() const override { return {done_.load(std::memory_order_relaxed), in_all_}; }

private:
    bool is_stopped() const { return options_.stream.stop != nullptr && options_.stream.stop->load(); }

    // Whatever the file holds: views that never end, values as large as they can be said to be.
    void hold_to_bounds() {
        constexpr int steps = 10'000;
        const auto is_asked = [](void* flag) { return static_cast<const std::atomic<bool>*>(flag)->load(std::memory_order_relaxed) ? 1 : 0; };
        if (options_.stream.stop != nullptr) sqlite3_progress_handler(database_, steps, is_asked, const_cast<std::atomic<bool>*>(options_.stream.stop));
        sqlite3_limit(database_, SQLITE_LIMIT_LENGTH, static_cast<int>(longest_row));
        sqlite3_busy_timeout(database_, 5000);
        // A page cache of its own would grow to its limit; the system has one.
        sqlite3_exec(database_, "PRAGMA cache_size = -4096; PRAGMA mmap_size = 0; PRAGMA trusted_schema = OFF", nullptr, nullptr, nullptr);
    }

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

    void fail() {
        const std::string why = sqlite3_errmsg(database_);
        fail("读取数据库时出错：" + why, "reading the database failed: " + why);
    }
    void fail(std::string chinese, std::string english) {
        failure_ = malformed({}, std::move(chinese), std::move(english));
        failure_->kind = ProblemKind::CannotRead;
    }

    static bool refuse_table(std::vector<Problem>& problems, const std::string& wanted, const std::vector<std::string>& tables, const std::string& path) {
        constexpr std::size_t most = 20;  // that a person reads
        std::string all;
        for (std::size_t i = 0; i < std::min(tables.size(), most); ++i) all += (i == 0 ? "" : ", ") + clipped(tables[i]);
        if (tables.size() > most) all += ", …";
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

    // The rows behind so many: these are passed over without a look at what they hold.
    bool prepare(const std::string& columns, std::uint64_t behind) {
        sqlite3_finalize(statement_);
        statement_ = nullptr;
        std::string query = "SELECT " + columns + " FROM " + table_;
        if (behind > 0) query += " LIMIT -1 OFFSET " + std::to_string(behind);
        return sqlite3_prepare_v2(database_, query.c_str(), -1, &statement_, nullptr) == SQLITE_OK;
    }

    // For telling progress only, so a view, which would be worked out for it, is not counted.
    void count_rows(const std::string& table) {
        const auto tables = names("SELECT name FROM sqlite_master WHERE type = 'table'");
        if (!tables || std::find(tables->begin(), tables->end(), table) == tables->end()) return;
        sqlite3_stmt* statement = nullptr;
        const std::string query = "SELECT max(rowid) FROM " + table_;
        if (sqlite3_prepare_v2(database_, query.c_str(), -1, &statement, nullptr) != SQLITE_OK) return;
        if (sqlite3_step(statement) == SQLITE_ROW) in_all_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, sqlite3_column_int64(statement, 0)));
        sqlite3_finalize(statement);
    }

    void begin_row(Chunk& chunk) {
        ++position_.rows;
        position_.line = position_.rows + 1;
        done_.store(position_.rows, std::memory_order_relaxed);
        chunk.lines.push_back(position_.rows);
    }

    void row(Chunk& chunk) {
        const std::size_t before = chunk.bytes.size();
        begin_row(chunk);
        pack_row(chunk.bytes, header_.size());
        for (const int place : places_) {
            if (place < 0) {
                pack_cell(chunk.bytes, NodeKind::Absent, {});
            } else {
                cell(chunk.bytes, place);
            }
            if (chunk.bytes.size() - before > longest_row + header_.size() * 8) break;
        }
        if (chunk.bytes.size() - before <= longest_row + header_.size() * 8) return;
        chunk.bytes.resize(before);
        pack_refusal(chunk.bytes, row_too_long({}));
    }

    void refuse_row(Chunk& chunk) {
        begin_row(chunk);
        pack_refusal(chunk.bytes, row_too_long({}));
    }

    // SQL's null is a cell in which nothing stands. A number that the database keeps as floating point is taken as SQLite
    // writes it, with up to 15 digits: money belongs in text or whole numbers, as docs/screening.md says.
    void cell(std::string& bytes, int column) {
        const int type = sqlite3_column_type(statement_, column);
        if (type == SQLITE_NULL) return pack_cell(bytes, NodeKind::Absent, {});
        if (type == SQLITE_BLOB) return pack_cell(bytes, {"BLOB", NodeKind::Wrong, 0, CellFault::Blob});
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
        const std::string_view text(data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
        if (type == SQLITE_FLOAT) return pack_cell(bytes, NodeKind::Plain, without_point_zero(text));
        if (type == SQLITE_TEXT && !simdjson::validate_utf8(text.data(), text.size())) return pack_cell(bytes, {text, NodeKind::Wrong, 0, CellFault::NotText});
        const std::string_view shown = vm::trimmed(text);
        pack_cell(bytes, shown.empty() ? NodeKind::Absent : shown == "?" ? NodeKind::Null : NodeKind::Plain, shown);
    }

    static std::string_view without_point_zero(std::string_view text) { return text.ends_with(".0") ? text.substr(0, text.size() - 2) : text; }

    TableOptions options_;
    sqlite3* database_ = nullptr;
    sqlite3_stmt* statement_ = nullptr;
    std::string table_, columns_ = "*";  // as they stand in the query
    std::vector<int> places_;            // of the columns in it; -1 where one is not asked for
    int long_rows_ = 0;
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
