// A workbook, a row at a time.
#include <fmt/format.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "../text/utf8.hpp"
#include "formats.hpp"
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

// What XML has no character for, and what would be read as such an escape, as ECMA-376 (22.9.2.19, ST_Xstring) escapes it.
bool is_no_text_of_xml(char32_t character) { return (character < 0x20 && character != '\t' && character != '\n') || character == 0xFFFE || character == 0xFFFF; }
bool is_escape_at(std::string_view text, std::size_t at) {
    constexpr std::size_t size = 7;  // _xHHHH_
    if (at + size > text.size() || text[at] != '_' || text[at + 1] != 'x' || text[at + size - 1] != '_') return false;
    return text.substr(at + 2, 4).find_first_not_of("0123456789ABCDEFabcdef") == std::string_view::npos;
}

struct ExcelText {
    std::string text;
    bool escaped = false, cut = false;
};
// A cell holds 32,767 units of UTF-16.
ExcelText excel_text(std::string_view from) {
    constexpr std::size_t most = 32'767;
    ExcelText to;
    std::size_t units = 0, end_before_last = 0;
    for (std::size_t at = 0; at < from.size();) {
        const text::CodePoint point = text::decode(from, at);
        std::string piece(from.substr(at, point.length));
        if (!point.valid) {
            piece = "\xEF\xBF\xBD";
            to.escaped = true;
        } else if (is_no_text_of_xml(point.value) || is_escape_at(from, at)) {
            piece = fmt::format("_x{:04X}_", static_cast<std::uint32_t>(point.value));
            // What looks like an escape is read again as it was.
            to.escaped = to.escaped || is_no_text_of_xml(point.value);
        }
        units += piece.size() > 4 ? piece.size() : point.value > 0xFFFF ? 2 : 1;
        if (units > most) {
            to.cut = true;
            to.text.resize(end_before_last);
            to.text += "…";
            return to;
        }
        if (units < most) end_before_last = to.text.size() + piece.size();
        to.text += piece;
        at += point.length;
    }
    return to;
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
            const auto column = static_cast<lxw_col_t>(i);
            lxw_error status = LXW_NO_ERROR;
            if (numeric_[i] && is_short_number(cells[i])) {
                widen(column, cells[i]);
                status = worksheet_write_number(sheet_, row_, column, std::strtod(std::string(cells[i]).c_str(), nullptr), nullptr);
            } else {
                status = write_text(row_, column, cells[i], nullptr);
            }
            if (status != LXW_NO_ERROR) return fail(status);
        }
        ++row_;
        return true;
    }

    std::vector<Problem> notes() const override {
        std::vector<Problem> notes;
        const auto note = [&](std::uint64_t cells, const std::string& chinese, const std::string& english) {
            if (cells == 0) return;
            notes.push_back(malformed({}, fmt::format("{} 个单元格{}", cells, chinese), fmt::format("{} {}", cells, cells == 1 ? "cell " + english : "cells " + english)));
            notes.back().file = destination_.named();
        };
        note(cut_, "超过 Excel 的 32767 个字符，只保留了开头；.csv、.ndjson 与 .db 保留全部", "longer than the 32,767 characters of Excel kept the beginning only; .csv, .ndjson and .db hold all of it");
        note(escaped_, "有 Excel 存不了的字符，写作 _xHHHH_", "with characters that a workbook cannot hold: these stand as _xHHHH_");
        return notes;
    }

    bool complete() override {
        if (failure_) return false;
        if (sheet_ == nullptr) new_sheet();
        close_sheet();
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
    bool fail(lxw_error status) {
        failure_ = malformed({}, std::string("无法写入：") + lxw_strerror(status), std::string("cannot be written: ") + lxw_strerror(status));
        failure_->kind = ProblemKind::CannotRead;
        failure_->file = destination_.named();
        return false;
    }
    lxw_error write_text(lxw_row_t row, lxw_col_t column, std::string_view cell, lxw_format* format) {
        const ExcelText shown = excel_text(cell);
        escaped_ += shown.escaped ? 1 : 0;
        cut_ += shown.cut ? 1 : 0;
        widen(column, shown.text);
        return worksheet_write_string(sheet_, row, column, shown.text.c_str(), format);
    }
    // As wide as the widest text of the sheet, within reason; a filter's button takes some of its head.
    void widen(lxw_col_t column, std::string_view text) {
        constexpr std::size_t most = 60;
        std::size_t& width = widths_[column];
        if (width < most && text.size() > width) width = std::max(width, std::min(most, text::display_width(text)));
    }
    void close_sheet() {
        if (sheet_ == nullptr) return;
        constexpr double margin = 3;
        for (std::size_t i = 0; i < widths_.size(); ++i) worksheet_set_column(sheet_, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), static_cast<double>(widths_[i]) + margin, nullptr);
        worksheet_autofilter(sheet_, 0, 0, row_ - 1, static_cast<lxw_col_t>(header_.size() - 1));
    }
    void new_sheet() {
        close_sheet();
        widths_.assign(header_.size(), 0);
        sheet_ = sheets_.emplace_back(workbook_add_worksheet(book_, nullptr));
        row_ = 0;
        for (std::size_t i = 0; i < header_.size(); ++i) write_text(0, static_cast<lxw_col_t>(i), header_[i], bold_);
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
    std::vector<std::size_t> widths_;  // of the sheet's columns, in characters
    std::uint64_t escaped_ = 0, cut_ = 0;  // cells
    int file_ = -1;  // the temporary one; the library opens it by its name
};

}  // namespace

std::unique_ptr<TableWriter> write_excel(const Destination& destination, const std::vector<std::string>& header, const std::vector<bool>& numeric) {
    return std::make_unique<ExcelWriter>(destination, header, numeric);
}

}  // namespace eligo::io
