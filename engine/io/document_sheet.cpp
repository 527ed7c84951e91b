#include "document_sheet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "../vm/spelling.hpp"
#include "formats.hpp"
#include "sheet_choice.hpp"
#include "sheet_number.hpp"

namespace eligo::io {
namespace {

constexpr const char* content = "content.xml";
constexpr std::size_t most_sheets = 10'000, most_names = std::size_t{4} << 20;

bool is_no(std::string_view text) { return text == "false"; }

std::uint64_t repeated(const Attributes& attributes, std::string_view name) {
    const std::string_view text = attributes.find(name);
    std::uint64_t number = 1;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return std::max<std::uint64_t>(number, 1);
}

bool is_more_than_one(const Attributes& attributes, std::string_view name) { return repeated(attributes, name) > 1; }

// "PT12H30M05.5S": 12:30:05.
std::optional<std::string> time_of(std::string_view text) {
    if (!text.starts_with("PT")) return std::nullopt;
    text.remove_prefix(2);
    std::uint64_t parts[3] = {};
    constexpr std::string_view units = "HMS";
    std::size_t next = 0;
    while (!text.empty()) {
        std::uint64_t number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc{}) return std::nullopt;
        text.remove_prefix(static_cast<std::size_t>(end - text.data()));
        // Fractions of a second are left out, as no fact has them.
        if (text.starts_with('.') || text.starts_with(',')) text.remove_prefix(std::min(text.find('S'), text.size()));
        const std::size_t unit = text.empty() ? std::string_view::npos : units.find(text[0]);
        if (unit == std::string_view::npos || unit < next) return std::nullopt;
        parts[unit] = number;
        next = unit + 1;
        text.remove_prefix(1);
    }
    if (next == 0) return std::nullopt;
    return fmt::format("{:02}:{:02}:{:02}", parts[0], parts[1], parts[2]);
}

// The names of the sheets, which of them are hidden by their styles, and which are empty.
class NamesReader : public PartReader {
public:
    std::vector<SheetName> sheets;
    std::vector<bool> is_empty;
    bool is_workbook = false, fits = true;

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        if (depth == 3 && element == "spreadsheet") is_workbook = true;
        if (element == "style") style_ = attributes.find("name");
        if (element == "table-properties" && is_no(attributes.find("display"))) fits = fits && add_hidden();
        if (depth == 4 && element == "table") {
            size_ += attributes.find("name").size();
            fits = fits && sheets.size() < most_sheets && size_ < most_names;
            if (!fits) return;
            sheets.push_back({std::string(attributes.find("name")), true, hidden_.contains(attributes.find("style-name"))});
            is_empty.push_back(true);
        }
        if (element == "table-cell" && !is_empty.empty() && attributes.has("value-type")) is_empty.back() = false;
        if (element == "table-cell" && !is_empty.empty() && attributes.has("formula")) is_empty.back() = false;
    }

private:
    bool add_hidden() {
        size_ += style_.size();
        hidden_.insert(style_);
        return size_ < most_names && hidden_.size() < most_sheets;
    }
    std::set<std::string, std::less<>> hidden_;
    std::string style_;
    std::size_t size_ = 0;
};

// table > (groups of rows) > table-row > table-cell, covered-table-cell > text:p.
class RowsReader : public PartReader {
public:
    explicit RowsReader(std::size_t sheet) : sheet_(sheet) {}

    RowTaker* taker = nullptr;
    std::size_t columns = most_columns;  // beyond which merged cells are nobody's concern
    bool has_too_many = false;

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        if (depth == 4) in_sheet_ = element == "table" && met_++ == sheet_;
        if (!in_sheet_ || row_.problem) return;  // within a row that is refused, only its end matters
        if (cell_depth_ == 0 && element == "table-row") return begin_row(depth, attributes);
        if (row_depth_ == 0) return;
        if (depth == row_depth_ + 1 && (element == "table-cell" || element == "covered-table-cell")) return begin_cell(depth, element == "covered-table-cell", attributes);
        if (cell_depth_ > 0) begin_text(depth, element, attributes);
    }
    void end(int depth, std::string_view) override {
        if (depth == aside_depth_) aside_depth_ = 0;
        if (depth == paragraph_depth_) paragraph_depth_ = 0;
        if (cell_depth_ > 0 && depth == cell_depth_) {
            if (!row_.problem) end_cell();
            cell_depth_ = 0;
        }
        if (row_depth_ > 0 && depth == row_depth_) {
            row_depth_ = 0;
            end_row();
        }
    }
    void text(std::string_view text) override {
        if (paragraph_depth_ == 0 || aside_depth_ > 0 || row_.problem) return;
        add(text);
    }
    [[nodiscard]] bool is_enough() const override { return is_enough_; }

    // Gives what is left of a row that is repeated; false when nothing is.
    bool go_on() {
        is_enough_ = false;
        while (left_ > 0 && !is_enough_) give();
        return is_enough_;
    }
    [[nodiscard]] std::uint64_t last_row() const { return last_row_; }

private:
    void begin_row(int depth, const Attributes& attributes) {
        row_depth_ = depth;
        repeats_ = repeated(attributes, "number-rows-repeated");
        row_.clear(last_row_ + 1);
        next_column_ = 0;
    }

    void begin_cell(int depth, bool is_covered, const Attributes& attributes) {
        cell_depth_ = depth;
        columns_ = repeated(attributes, "number-columns-repeated");
        is_covered_ = is_covered;
        is_covering_ = is_more_than_one(attributes, "number-columns-spanned") || is_more_than_one(attributes, "number-rows-spanned");
        type_ = attributes.find_prefixed("office:value-type");
        is_error_ = attributes.find_prefixed("calcext:value-type") == "error";
        formula_ = attributes.find_prefixed("table:formula").substr(0, 200);
        has_text_ = has_paragraph_ = false;
        value_.clear();
        for (const char* const name : {"office:value", "office:date-value", "office:time-value", "office:boolean-value"}) {
            if (value_.empty()) value_ = attributes.find_prefixed(name);
        }
        text_.clear();
        if (const std::string_view whole = attributes.find_prefixed("office:string-value"); !whole.empty()) {
            has_text_ = true;
            add(whole);
        }
    }

    void begin_text(int depth, std::string_view element, const Attributes& attributes) {
        if (aside_depth_ > 0) return;
        // Notes, shapes and tables within a cell are no part of its text.
        const bool is_within = paragraph_depth_ > 0;
        if (!is_within && element != "p") {
            aside_depth_ = depth;
        } else if (!is_within) {
            if (std::exchange(has_paragraph_, true)) add("\n");
            paragraph_depth_ = depth;
        } else if (element == "s") {
            const std::uint64_t count = repeated(attributes, "c");
            if (count > longest_row) row_.problem = row_too_long({});
            else add(std::string(count, ' '));
        } else if (element == "tab") {
            add("\t");
        } else if (element == "line-break") {
            add("\n");
        } else if (element == "annotation" || element == "frame" || element == "ruby-text") {
            aside_depth_ = depth;
        }
    }

    void add(std::string_view text) {
        if (has_text_ && has_paragraph_) return;  // it is said already
        text_ += text;
        if (row_.text.size() + text_.size() > longest_row) row_.problem = row_too_long(text_.substr(0, 200));
    }

    void end_cell() {
        const std::size_t column = next_column_;
        row_.is_merged = row_.is_merged || is_covered_ || is_covering_;
        next_column_ += static_cast<std::size_t>(std::min<std::uint64_t>(columns_, most_columns + 1));
        const bool is_there = is_covered_ || !type_.empty() || !formula_.empty() || !vm::trimmed(text_).empty();
        if (!is_there) return;
        if (next_column_ > most_columns) return row_.refuse("本行的单元格多于工作表的列数", "this row has more cells than a sheet has columns", text_);
        for (std::size_t i = column; i < next_column_ && !row_.problem; ++i) {
            add_cell(i);
            if (row_.text.size() > longest_row) row_.problem = row_too_long(row_.text.substr(0, 200));
        }
    }

    void add_cell(std::size_t column) {
        const auto fault = [&](CellFault why, std::string_view found) { row_.add_fault(column, why, found); };
        if (is_covered_) return column < columns ? fault(CellFault::Merged, {}) : void();
        if (is_error_) return fault(CellFault::Error, vm::trimmed(text_));
        if (!formula_.empty() && type_.empty()) return fault(CellFault::NoResult, formula_);
        if (type_ == "string" || type_.empty()) return row_.add_value(column, text_);
        if (type_ == "float" || type_ == "percentage" || type_ == "currency") {
            const auto number = sheet_number(value_);
            return number ? row_.add_value(column, number->text, number->has_many_digits) : fault(CellFault::NoNumber, value_);
        }
        if (type_ == "boolean") return value_ == "true" || value_ == "false" ? row_.add_value(column, value_) : fault(CellFault::NoTruth, value_);
        if (type_ == "date" || type_ == "time") {
            const auto day = type_ == "date" ? day_of_iso(value_) : time_of(value_);
            return day ? row_.add_value(column, *day) : fault(CellFault::NoDay, value_);
        }
        fault(CellFault::UnknownType, type_);
    }

    // Empty rows, of which there are a million behind the last, are passed over.
    void end_row() {
        if (row_.cells.empty() && !row_.problem) {
            last_row_ += std::min<std::uint64_t>(repeats_, most_sheet_rows);
            return;
        }
        left_ = repeats_;
        while (left_ > 0 && !is_enough_) give();
    }
    void give() {
        --left_;
        row_.number = ++last_row_;
        has_too_many = has_too_many || row_.number > most_sheet_rows;
        if (has_too_many) left_ = 0;
        is_enough_ = has_too_many || taker->take(row_);
        if (left_ == 0) row_.problem.reset();
    }

    std::size_t sheet_, met_ = 0;
    bool in_sheet_ = false, is_enough_ = false;
    int row_depth_ = 0, cell_depth_ = 0, paragraph_depth_ = 0, aside_depth_ = 0;
    std::uint64_t last_row_ = 0, repeats_ = 1, left_ = 0, columns_ = 1;
    std::size_t next_column_ = 0;
    SheetRow row_;
    std::string type_, value_, text_, formula_;
    bool is_covered_ = false, is_covering_ = false, is_error_ = false, has_text_ = false, has_paragraph_ = false;
};

class DocumentSheet : public Sheet {
public:
    explicit DocumentSheet(std::unique_ptr<Package> package) : package_(std::move(package)) {}

    bool open(const TablePlace& place, std::vector<Problem>& problems) {
        if (package_->has("meta-inf/manifest.xml") && package_->may_hold("meta-inf/manifest.xml", "encryption-data")) {
            return refuse_to_read(problems, "工作簿有密码；请去掉密码后另存", "the workbook has a password; save it without one");
        }
        NamesReader names;
        if (!package_->read(content, names, ~std::uint64_t{0})) return refuse_to_read(problems, "工作簿已损坏或不完整", "the workbook is damaged or cut off");
        if (!names.is_workbook) return refuse_to_read(problems, "这是OpenDocument文件，但不是电子表格；请另存为 .xlsx、.ods 或 CSV", "this is an OpenDocument file, but no spreadsheet; save the table as .xlsx, .ods or CSV");
        if (!names.fits) return refuse_to_read(problems, "工作簿的工作表或样式过多", "the workbook has too many sheets or styles");
        const auto chosen = choose_sheet(names.sheets, place, [&](std::size_t i) { return names.is_empty[i]; }, problems);
        if (!chosen) return false;
        reader_ = std::make_unique<RowsReader>(*chosen);
        parsing_ = package_->parse(content, *reader_);
        return parsing_ != nullptr;
    }

    bool advance(RowTaker& taker) override {
        reader_->taker = &taker;
        if (reader_->go_on()) return !too_many();
        const bool more = parsing_->advance();
        if (parsing_->is_broken()) failure_ = malformed({static_cast<std::uint32_t>(reader_->last_row() + 1), 0}, "工作表已损坏或不完整", "the sheet is damaged or cut off");
        return more && !too_many();
    }
    void set_columns(std::size_t columns) override { reader_->columns = columns; }
    [[nodiscard]] const std::optional<Problem>& failure() const override { return failure_; }
    [[nodiscard]] Table::Progress progress() const override { return {parsing_->done(), parsing_->in_all()}; }

private:
    bool too_many() {
        if (reader_->has_too_many) failure_ = malformed({}, "工作表的行数超过1048576", "the sheet has more than 1048576 rows");
        return reader_->has_too_many;
    }

    std::unique_ptr<Package> package_;
    std::unique_ptr<RowsReader> reader_;
    std::unique_ptr<Package::Parsing> parsing_;
    std::optional<Problem> failure_;
};

}  // namespace

bool is_document(Package& package) { return package.has("mimetype") && package.has(content); }

std::unique_ptr<Sheet> open_document_sheet(std::unique_ptr<Package> package, const TablePlace& place, std::vector<Problem>& problems) {
    auto sheet = std::make_unique<DocumentSheet>(std::move(package));
    if (!sheet->open(place, problems)) return nullptr;
    return sheet;
}

}  // namespace eligo::io
