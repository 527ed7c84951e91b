#include "table_writer.hpp"

#include <sqlite3.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "output_file.hpp"

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

// Amounts stay texts: SQLite's own numbers would be binary floating point, and its sums work on texts as well.
class SqliteWriter : public TableWriter {
public:
    SqliteWriter(std::string path, const std::vector<std::string>& header) : path_(std::move(path)), partial_(path_ + ".new") {
        std::remove(partial_.c_str());
        std::string columns, places;
        for (const std::string& name : header) {
            columns += (columns.empty() ? "" : ", ") + quoted_name(name) + " TEXT";
            places += places.empty() ? "?" : ", ?";
        }
        const bool open = sqlite3_open(partial_.c_str(), &database_) == SQLITE_OK && run("PRAGMA journal_mode = OFF") && run("PRAGMA synchronous = OFF") &&
                          run("PRAGMA cache_size = -8192") && run("CREATE TABLE screening (" + columns + ")") && run("BEGIN") &&
                          sqlite3_prepare_v2(database_, ("INSERT INTO screening VALUES (" + places + ")").c_str(), -1, &insert_, nullptr) == SQLITE_OK;
        if (!open) fail();
    }
    ~SqliteWriter() override {
        sqlite3_finalize(insert_);
        sqlite3_close(database_);
        if (!finished_) std::remove(partial_.c_str());
    }

    bool row(std::span<const std::string_view> cells) override {
        if (!failure_.empty()) return false;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const int place = static_cast<int>(i) + 1;
            if (cells[i].empty()) {
                sqlite3_bind_null(insert_, place);
            } else {
                sqlite3_bind_text(insert_, place, cells[i].data(), static_cast<int>(cells[i].size()), SQLITE_STATIC);
            }
        }
        const bool done = sqlite3_step(insert_) == SQLITE_DONE;
        if (!done) fail();
        sqlite3_reset(insert_);
        return done;
    }

    bool finish() override {
        if (!failure_.empty()) return false;
        sqlite3_finalize(insert_);
        insert_ = nullptr;
        if (!run("COMMIT") || sqlite3_close(database_) != SQLITE_OK) {
            fail();
            return false;
        }
        database_ = nullptr;
        std::FILE* file = std::fopen(partial_.c_str(), "rb");
        if (file != nullptr) {
            (void)fsync(fileno(file));
            std::fclose(file);
        }
        if (std::rename(partial_.c_str(), path_.c_str()) != 0) {
            failure_ = std::strerror(errno);
            return false;
        }
        sync_folder_of(path_);
        finished_ = true;
        return true;
    }

private:
    bool run(const std::string& query) { return sqlite3_exec(database_, query.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK; }
    void fail() { failure_ = sqlite3_errmsg(database_); }

    std::string path_, partial_;
    sqlite3* database_ = nullptr;
    sqlite3_stmt* insert_ = nullptr;
    bool finished_ = false;
};

// A number that a spreadsheet's cell holds exactly as it is written.
bool is_short_number(std::string_view text) {
    std::size_t digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] >= '0' && text[i] <= '9') {
            ++digits;
        } else if (text[i] != '.' && !(text[i] == '-' && i == 0)) {
            return false;
        }
    }
    return digits > 0 && digits <= 15;
}

// A sheet has room for 1,048,576 rows; what is more goes on in the next one, under a header of its own.
class ExcelWriter : public TableWriter {
public:
    ExcelWriter(std::string path, const std::vector<std::string>& header, const std::vector<bool>& numeric) : path_(std::move(path)), partial_(path_ + ".new"), header_(header), numeric_(numeric) {
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        book_ = workbook_new_opt(partial_.c_str(), &options);
        if (book_ == nullptr) {
            failure_ = std::strerror(errno);
            return;
        }
        // The moment of writing would make every file another one.
        lxw_doc_properties properties{};
        properties.created = 1'262'304'000;
        workbook_set_properties(book_, &properties);
        bold_ = workbook_add_format(book_);
        format_set_bold(bold_);
    }
    ~ExcelWriter() override {
        if (book_ != nullptr) (void)workbook_close(book_);
        if (!finished_) std::remove(partial_.c_str());
    }

    bool row(std::span<const std::string_view> cells) override {
        if (!failure_.empty()) return false;
        if (sheet_ == nullptr || row_ == LXW_ROW_MAX) new_sheet();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i].empty()) continue;
            const std::string text(cells[i]);
            const auto column = static_cast<lxw_col_t>(i);
            if (numeric_[i] && is_short_number(text)) {
                worksheet_write_number(sheet_, row_, column, std::strtod(text.c_str(), nullptr), nullptr);
            } else {
                worksheet_write_string(sheet_, row_, column, text.c_str(), nullptr);
            }
        }
        ++row_;
        return true;
    }

    bool finish() override {
        if (!failure_.empty()) return false;
        if (sheet_ == nullptr) new_sheet();
        const lxw_error status = workbook_close(book_);
        book_ = nullptr;
        if (status != LXW_NO_ERROR) {
            failure_ = lxw_strerror(status);
            return false;
        }
        if (std::rename(partial_.c_str(), path_.c_str()) != 0) {
            failure_ = std::strerror(errno);
            return false;
        }
        sync_folder_of(path_);
        finished_ = true;
        return true;
    }

private:
    void new_sheet() {
        sheet_ = workbook_add_worksheet(book_, nullptr);
        row_ = 0;
        for (std::size_t i = 0; i < header_.size(); ++i) worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(i), header_[i].c_str(), bold_);
        worksheet_freeze_panes(sheet_, 1, 0);
        row_ = 1;
    }

    std::string path_, partial_;
    std::vector<std::string> header_;
    std::vector<bool> numeric_;
    lxw_workbook* book_ = nullptr;
    lxw_worksheet* sheet_ = nullptr;
    lxw_format* bold_ = nullptr;
    lxw_row_t row_ = 0;
    bool finished_ = false;
};

}  // namespace

std::unique_ptr<TableWriter> write_sqlite(const std::string& path, const std::vector<std::string>& header) { return std::make_unique<SqliteWriter>(path, header); }
std::unique_ptr<TableWriter> write_excel(const std::string& path, const std::vector<std::string>& header, const std::vector<bool>& numeric) {
    return std::make_unique<ExcelWriter>(path, header, numeric);
}

}  // namespace eligo::io
