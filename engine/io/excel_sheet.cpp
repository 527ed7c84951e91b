#include "excel_sheet.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "../vm/spelling.hpp"
#include "excel_book.hpp"
#include "formats.hpp"
#include "sheet_choice.hpp"

namespace eligo::io {
namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && end == text.data() + text.size() && !text.empty() ? std::optional(number) : std::nullopt;
}

// "AB12": row 12 of column 27.
struct Reference {
    std::uint64_t row = 0;
    std::size_t column = 0;
};
std::optional<Reference> reference_of(std::string_view text) {
    Reference place;
    std::size_t at = 0;
    for (; at < text.size() && text[at] >= 'A' && text[at] <= 'Z' && place.column <= most_columns; ++at) place.column = place.column * 26 + static_cast<std::size_t>(text[at] - 'A') + 1;
    const auto row = whole_number(text.substr(at));
    if (place.column == 0 || place.column > most_columns || !row || *row == 0 || *row > most_sheet_rows) return std::nullopt;
    place.row = *row;
    --place.column;
    return place;
}

// The merged ranges, which stand behind the rows.
class MergesReader : public PartReader {
public:
    explicit MergesReader(MergedRanges& ranges) : ranges_(ranges) {}
    bool fits = true;

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        if (depth != 3 || element != "mergeCell") return;
        const std::string_view range = attributes.find("ref");
        const std::size_t colon = std::min(range.find(':'), range.size());
        const auto from = reference_of(range.substr(0, colon)), to = reference_of(range.substr(std::min(colon + 1, range.size())));
        if (!from || !to || (from->row == to->row && from->column == to->column)) return;
        fits = fits && ranges_.add({std::min(from->row, to->row), std::max(from->row, to->row), std::min(from->column, to->column), std::max(from->column, to->column)});
    }

private:
    MergedRanges& ranges_;
};

// Whether anything stands in a sheet.
class EmptinessReader : public PartReader {
public:
    bool has_values = false;
    void begin(int depth, std::string_view element, const Attributes&) override { has_values = has_values || (depth == 5 && (element == "v" || element == "is" || element == "f")); }
    bool is_enough() const override { return has_values; }
};

// A cell as it stands in the file.
struct RawCell {
    std::size_t column = 0;
    std::uint64_t style = 0;
    std::string type, value, formula;
    bool has_value = false, has_formula = false, has_text = false;
};

// sheetData > row > c > v, f, is; the text of `is` in t, or in runs r > t, beside which rPh is how it is read aloud.
class RowsReader : public PartReader {
public:
    RowsReader(const Book& book, MergedRanges merges) : book_(book), merges_(std::move(merges)) {}

    RowTaker* taker = nullptr;
    std::size_t columns = most_columns;  // beyond which merged cells are nobody's concern

    void begin(int depth, std::string_view element, const Attributes& attributes) override {
        into_ = nullptr;
        switch (depth) {
            case 2: in_rows_ = element == "sheetData"; break;
            case 3:
                in_row_ = in_rows_ && element == "row";
                if (in_row_) begin_row(attributes);
                break;
            case 4:
                in_cell_ = in_row_ && element == "c";
                if (in_cell_) begin_cell(attributes);
                break;
            case 5:
                if (in_cell_) begin_part(element);
                break;
            case 6:
                in_reading_ = element == "rPh";
                if (in_text_ && element == "t") into_ = &cell_.value;
                break;
            case 7:
                if (in_text_ && !in_reading_ && element == "t") into_ = &cell_.value;
                break;
            default: break;
        }
    }
    void end(int depth, std::string_view) override {
        into_ = nullptr;
        if (depth == 5) in_text_ = false;
        if (depth == 4 && std::exchange(in_cell_, false) && !row_.problem) {
            end_cell();
            if (row_.text.size() > longest_row) row_.problem = row_too_long(row_.text.substr(0, 200));
        }
        if (depth == 3 && std::exchange(in_row_, false)) end_row();
    }
    void text(std::string_view text) override {
        if (into_ == nullptr || row_.problem) return;
        constexpr std::size_t most_of_a_formula = 200;
        if (into_ == &cell_.formula) text = text.substr(0, most_of_a_formula - std::min(most_of_a_formula, into_->size()));
        into_->append(text);
        if (row_.text.size() + into_->size() > longest_row) row_.problem = row_too_long(into_->substr(0, 200));
    }
    [[nodiscard]] bool is_enough() const override { return is_enough_; }
    void go_on() { is_enough_ = false; }
    [[nodiscard]] std::uint64_t last_row() const { return last_row_; }

private:
    void begin_row(const Attributes& attributes) {
        const std::string_view written = attributes.find("r");
        const auto number = written.empty() ? std::optional(last_row_ + 1) : whole_number(written);
        const bool follows = number && *number > last_row_ && *number <= most_sheet_rows;
        row_.clear(follows ? *number : last_row_ + 1);
        if (follows) last_row_ = *number;
        else row_.refuse("行号不大于前一行的行号，或超过1048576", "the number of this row is not greater than that of the row before, or beyond 1048576", written);
        next_column_ = 0;
    }

    void begin_cell(const Attributes& attributes) {
        const std::string_view written = attributes.find("r"), style = attributes.find("s");
        cell_.column = next_column_;
        if (!written.empty()) {
            const auto place = reference_of(written);
            if (!place || place->row != row_.number) row_.refuse("单元格的位置不在本行中", "the place of this cell is not in its row", written);
            else cell_.column = place->column;
        }
        next_column_ = cell_.column + 1;
        if (cell_.column >= most_columns || row_.cells.size() > most_columns) row_.refuse("本行的单元格多于工作表的列数", "this row has more cells than a sheet has columns", written);
        cell_.style = style.empty() ? 0 : whole_number(style).value_or(no_style);
        cell_.type = attributes.has("t") ? attributes.find("t") : "n";
        cell_.value.clear();
        cell_.formula = "=";
        cell_.has_value = cell_.has_formula = cell_.has_text = false;
    }

    void begin_part(std::string_view element) {
        if (element == "v") {
            into_ = &cell_.value;
            cell_.has_value = true;
        } else if (element == "f") {
            into_ = &cell_.formula;
            cell_.has_formula = true;
        } else if (element == "is") {
            in_text_ = cell_.has_text = true;
        }
    }

    void end_cell() {
        const std::string_view value = vm::trimmed(cell_.value);
        const bool is_text = cell_.type == "inlineStr";
        if (!cell_.has_value && !cell_.has_formula && !cell_.has_text) return;
        if (is_text != cell_.has_text || (is_text && cell_.has_value)) return fault(CellFault::UnknownType, value);
        if (is_text) return add_text(cell_.value);
        // A formula's empty text is a result.
        const bool is_empty_text = value.empty() && cell_.has_value && cell_.type == "str";
        const bool has_no_result = book_.has_no_results && value == "0" && cell_.type == "n";
        if (cell_.has_formula && !is_empty_text && (value.empty() || has_no_result)) return fault(CellFault::NoResult, cell_.formula);
        if (cell_.type == "n") return add_number(value);
        if (cell_.type == "str") return add_text(cell_.value);
        if (cell_.type == "s") return add_shared_text(value);
        if (cell_.type == "b") return add_truth(value);
        if (cell_.type == "d") return add_date(day_of_iso(value), value);
        fault(cell_.type == "e" ? CellFault::Error : CellFault::UnknownType, value);
    }

    void fault(CellFault fault, std::string_view found) { row_.add_fault(cell_.column, fault, found); }

    void add_text(std::string_view raw) {
        text_.clear();
        append_text(text_, raw);
        add_read_text();
    }
    void add_read_text() {
        if (text_.find(no_text) == std::string::npos) return row_.add_value(cell_.column, text_);
        std::replace(text_.begin(), text_.end(), no_text, '?');
        fault(CellFault::NoCharacter, text_);
    }
    void add_shared_text(std::string_view value) {
        const auto number = whole_number(value);
        const auto found = number ? book_.texts.find(*number, text_) : SharedTexts::Found::No;
        if (found == SharedTexts::Found::No) return fault(CellFault::NoSuchText, value);
        if (found == SharedTexts::Found::TooLong) row_.problem = row_too_long({});
        else add_read_text();
    }
    void add_truth(std::string_view value) {
        const bool is_true = value == "1" || value == "true";
        if (!is_true && value != "0" && value != "false") return fault(CellFault::NoTruth, value);
        row_.add_value(cell_.column, is_true ? "true" : "false");
    }
    void add_number(std::string_view value) {
        if (value.empty()) return;
        const bool has_style = cell_.style < book_.kinds.size() || (cell_.style == 0 && book_.kinds.empty());
        if (!has_style) return fault(CellFault::NoSuchStyle, value);
        const NumberKind kind = book_.kinds.empty() ? NumberKind::Number : book_.kinds[cell_.style];
        if (kind != NumberKind::Number) return add_date(day_of_serial(value, kind, book_.from_1904), value);
        const auto number = sheet_number(value);
        if (!number) return fault(CellFault::NoNumber, value);
        row_.add_value(cell_.column, number->text, number->has_many_digits);
    }
    void add_date(const std::optional<std::string>& day, std::string_view value) {
        if (!day) return fault(CellFault::NoDay, value);
        row_.add_value(cell_.column, *day);
    }

    // Where a cell is a part of merged ones, it has no value of its own, whatever stands in it.
    void add_merged() {
        const std::vector<MergedRange>& ranges = merges_.in_row(row_.number);
        if (ranges.empty()) return;
        row_.is_merged = true;
        covered_.assign(columns, false);
        for (const MergedRange& range : ranges) {
            const std::size_t first = range.first_column + (row_.number == range.first_row ? 1 : 0);
            for (std::size_t column = first; column < std::min(range.last_column + 1, columns); ++column) covered_[column] = true;
        }
        std::erase_if(row_.cells, [this](const SheetCell& cell) { return cell.column < covered_.size() && covered_[cell.column]; });
        for (std::size_t column = 0; column < covered_.size(); ++column) {
            if (covered_[column]) row_.add_fault(column, CellFault::Merged, {});
        }
    }

    void end_row() {
        if (!row_.problem) add_merged();
        row_.put_in_order();
        is_enough_ = taker->take(row_);
    }

    static constexpr std::uint64_t no_style = ~std::uint64_t{0};

    const Book& book_;
    MergedRanges merges_;
    SheetRow row_;
    RawCell cell_;
    std::string text_;
    std::vector<bool> covered_;    // by column
    std::string* into_ = nullptr;  // of the cell, what is being read
    std::uint64_t last_row_ = 0;
    std::size_t next_column_ = 0;
    bool in_rows_ = false, in_row_ = false, in_cell_ = false, in_text_ = false, in_reading_ = false, is_enough_ = false;
};

class ExcelSheet : public Sheet {
public:
    explicit ExcelSheet(std::unique_ptr<Package> package) : package_(std::move(package)) {}

    bool open(const TablePlace& place, std::vector<Problem>& problems) {
        if (!book_.read(*package_, problems)) return false;
        std::vector<SheetName> names;
        for (const Book::Sheet& sheet : book_.sheets) names.push_back({sheet.name, sheet.is_table, sheet.is_hidden});
        const auto chosen = choose_sheet(names, place, [this](std::size_t i) { return is_empty(book_.sheets[i].part); }, problems);
        if (!chosen) return false;
        const std::string& part = book_.sheets[*chosen].part;
        MergedRanges merges;
        if (package_->may_hold(part, "mergeCell")) {
            MergesReader reader(merges);
            if (!package_->read(part, reader, ~std::uint64_t{0})) return damaged(problems);
            if (!reader.fits || !merges.finish()) return refuse_to_read(problems, "工作表的合并单元格过多或互相重叠", "the sheet has too many merged cells, or they lie upon each other");
        }
        reader_ = std::make_unique<RowsReader>(book_, std::move(merges));
        parsing_ = package_->parse(part, *reader_);
        return parsing_ != nullptr || damaged(problems);
    }

    bool advance(RowTaker& taker) override {
        reader_->taker = &taker;
        reader_->go_on();
        const bool more = parsing_->advance();
        if (parsing_->is_broken()) failure_ = malformed({static_cast<std::uint32_t>(reader_->last_row() + 1), 0}, "工作表已损坏或不完整", "the sheet is damaged or cut off");
        return more;
    }
    void set_columns(std::size_t columns) override { reader_->columns = columns; }
    [[nodiscard]] const std::optional<Problem>& failure() const override { return failure_; }
    [[nodiscard]] Table::Progress progress() const override { return {parsing_->done(), parsing_->in_all()}; }

private:
    static bool damaged(std::vector<Problem>& problems) { return refuse_to_read(problems, "工作表已损坏或不完整", "the sheet is damaged or cut off"); }

    bool is_empty(const std::string& part) {
        EmptinessReader reader;
        const auto parsing = package_->parse(part, reader);
        while (parsing != nullptr && !reader.has_values && parsing->advance()) {
        }
        return parsing != nullptr && !reader.has_values && !parsing->is_broken();
    }

    std::unique_ptr<Package> package_;
    Book book_;
    std::unique_ptr<RowsReader> reader_;
    std::unique_ptr<Package::Parsing> parsing_;
    std::optional<Problem> failure_;
};

}  // namespace

std::unique_ptr<Sheet> open_excel_sheet(std::unique_ptr<Package> package, const TablePlace& place, std::vector<Problem>& problems) {
    auto sheet = std::make_unique<ExcelSheet>(std::move(package));
    if (!sheet->open(place, problems)) return nullptr;
    return sheet;
}

}  // namespace eligo::io
