// A workbook, a row at a time.
#include <unistd.h>
#include <xlsxwriter.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "table_writer.hpp"

namespace eligo::io {
namespace {

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
    ExcelWriter(const Destination& destination, const std::vector<std::string>& header, const std::vector<bool>& numeric)
        : destination_(destination), header_(header), numeric_(numeric), file_(destination.create_temporary()) {
        if (file_ < 0) {
            failure_ = cannot_write(destination_.named(), errno);
            return;
        }
        lxw_workbook_options options{};
        options.constant_memory = LXW_TRUE;
        book_ = workbook_new_opt(destination_.temporary().c_str(), &options);
        if (book_ == nullptr) {
            failure_ = cannot_write(destination_.named(), errno);
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
        if (file_ < 0) return;
        ::close(file_);
        std::remove(destination_.temporary().c_str());
    }

    bool row(std::span<const std::string_view> cells) override {
        if (failure_) return false;
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

    bool complete() override {
        if (failure_) return false;
        if (sheet_ == nullptr) new_sheet();
        errno = 0;
        bool whole = true;
        // Rows stand in temporary files, and the library does not look whether they had room.
        for (const lxw_worksheet* sheet : sheets_) whole = std::fflush(sheet->optimize_tmpfile) == 0 && std::ferror(sheet->optimize_tmpfile) == 0 && whole;
        const int reason = errno;
        whole = workbook_close(std::exchange(book_, nullptr)) == LXW_NO_ERROR && whole;
        // Its own words are English only; why the system would not have it is what a person can mend.
        if (!whole) failure_ = cannot_write(destination_.named(), reason != 0 ? reason : errno != 0 ? errno : EIO);
        return whole;
    }

    bool finish() override {
        if (failure_) return false;
        if (destination_.put_in_place(destination_.temporary(), std::exchange(file_, -1))) return true;
        failure_ = cannot_write(destination_.named(), errno);
        std::remove(destination_.temporary().c_str());
        return false;
    }

private:
    void new_sheet() {
        sheet_ = sheets_.emplace_back(workbook_add_worksheet(book_, nullptr));
        row_ = 0;
        for (std::size_t i = 0; i < header_.size(); ++i) worksheet_write_string(sheet_, 0, static_cast<lxw_col_t>(i), header_[i].c_str(), bold_);
        worksheet_freeze_panes(sheet_, 1, 0);
        row_ = 1;
    }

    const Destination& destination_;
    std::vector<std::string> header_;
    std::vector<bool> numeric_;
    lxw_workbook* book_ = nullptr;
    std::vector<lxw_worksheet*> sheets_;
    lxw_worksheet* sheet_ = nullptr;  // the last of them
    lxw_format* bold_ = nullptr;
    lxw_row_t row_ = 0;
    int file_ = -1;  // the temporary one; the library opens it by its name
};

}  // namespace

std::unique_ptr<TableWriter> write_excel(const Destination& destination, const std::vector<std::string>& header, const std::vector<bool>& numeric) {
    return std::make_unique<ExcelWriter>(destination, header, numeric);
}

}  // namespace eligo::io
