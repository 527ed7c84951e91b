// A sheet of a workbook as a table: Excel (.xlsx) or OpenDocument (.ods).
#include <algorithm>
#include <atomic>
#include <utility>

#include "document_sheet.hpp"
#include "excel_sheet.hpp"
#include "formats.hpp"
#include "packed_rows.hpp"
#include "sheet_rows.hpp"

namespace eligo::io {
namespace {

class WorkbookTable : public Table, private RowTaker {
public:
    explicit WorkbookTable(const TableOptions& options) : options_(options) {}

    bool open(const TablePlace& place, std::vector<Problem>& problems) {
        auto package = Package::open(place.path, options_.stream.stop, problems);
        if (!package) return false;
        sheet_ = is_document(*package) ? open_document_sheet(std::move(package), place, problems) : open_excel_sheet(std::move(package), place, problems);
        if (!sheet_) return false;
        while (!has_header_ && sheet_->advance(*this)) {
        }
        return is_header_right(problems);
    }

    const std::vector<std::string>& header() const override { return header_; }

    void read_only(const std::vector<bool>& columns) override { is_read_ = columns; }

    bool next(Chunk& chunk) override {
        chunk.begin = position_;
        chunk.bytes.clear();
        chunk.lines.clear();
        chunk_ = &chunk;
        while (chunk.bytes.size() < options_.chunk_bytes && sheet_->advance(*this)) tell_progress();
        chunk.end = position_;
        chunk_ = nullptr;
        return !chunk.lines.empty() && !failure();
    }

    const std::optional<Problem>& failure() const override { return sheet_->failure(); }

    bool go_to(const Position& position) override {
        Chunk thrown_away;
        chunk_ = &thrown_away;
        stop_at_ = position.rows;
        bool more = true;
        while (position_.rows < position.rows && more) {
            thrown_away.bytes.clear();
            thrown_away.lines.clear();
            more = sheet_->advance(*this);
        }
        chunk_ = nullptr;
        stop_at_ = 0;
        return position_.rows == position.rows;
    }

    std::unique_ptr<RowReader> reader() const override { return std::make_unique<PackedReader>(header_.size()); }
    Progress progress() const override { return {done_.load(std::memory_order_relaxed), in_all_.load(std::memory_order_relaxed)}; }

private:
    void tell_progress() {
        const Progress progress = sheet_->progress();
        done_.store(progress.done, std::memory_order_relaxed);
        in_all_.store(progress.in_all, std::memory_order_relaxed);
    }

    // The first row in which anything stands is the header.
    bool take(const SheetRow& row) override {
        if (row.cells.empty() && !row.problem) return false;
        if (!has_header_) {
            take_header(row);
            return true;
        }
        ++position_.rows;
        position_.line = row.number + 1;
        chunk_->lines.push_back(row.number);
        if (row.problem) pack_refusal(chunk_->bytes, *row.problem);
        else pack(row, chunk_->bytes);
        return chunk_->bytes.size() >= options_.chunk_bytes || position_.rows == stop_at_;
    }

    // What stands beyond the header has no name, which makes the row a wrong one.
    void pack(const SheetRow& row, std::string& bytes) const {
        pack_row(bytes, std::max(header_.size(), row.cells.back().column + 1));
        auto next = row.cells.begin();
        for (std::size_t column = 0; column < header_.size(); ++column) {
            if (next == row.cells.end() || next->column != column) {
                pack_cell(bytes, NodeKind::Absent, {});
                continue;
            }
            if (is_read_[column]) pack_cell(bytes, {row.text_of(*next), next->kind, 0, next->fault, next->has_many_digits});
            else pack_cell(bytes, NodeKind::Absent, {});
            ++next;
        }
    }

    void take_header(const SheetRow& row) {
        has_header_ = true;
        position_.line = row.number + 1;
        const auto wrong = [&](std::size_t column, std::string chinese, std::string english) {
            if (!header_problem_) header_problem_ = malformed({static_cast<std::uint32_t>(row.number), static_cast<std::uint32_t>(column)}, std::move(chinese), std::move(english));
        };
        if (row.problem) return wrong(0, row.problem->chinese, row.problem->english);
        if (row.is_merged) return wrong(0, "标题行有合并单元格；请使第一行的每一列各有一个名称", "there are merged cells in the header: the first row must name each column in a cell of its own");
        header_.resize(row.cells.back().column + 1);
        for (const SheetCell& cell : row.cells) {
            if (cell.kind == NodeKind::Wrong) {
                const FaultWords words = words_of(cell.fault);
                wrong(cell.column + 1, "标题行：" + std::string(words.chinese), "the header: " + std::string(words.english));
            }
            header_[cell.column] = row.text_of(cell);
        }
        for (std::size_t i = 0; i < header_.size(); ++i) {
            if (header_[i].empty()) wrong(i + 1, "标题行的这一列没有名称", "this column of the header has no name");
        }
        is_read_.assign(header_.size(), true);
        sheet_->set_columns(header_.size());
    }

    bool is_header_right(std::vector<Problem>& problems) {
        if (sheet_->failure()) header_problem_ = sheet_->failure();
        if (header_problem_) {
            problems.push_back(*header_problem_);
            return false;
        }
        return has_header_ || refuse_to_read(problems, "工作表是空的", "the sheet is empty");
    }

    TableOptions options_;
    std::unique_ptr<Sheet> sheet_;
    bool has_header_ = false;
    std::optional<Problem> header_problem_;
    std::vector<std::string> header_;
    std::vector<bool> is_read_;
    Chunk* chunk_ = nullptr;  // that rows are packed into
    Position position_;
    std::uint64_t stop_at_ = 0;
    std::atomic<std::uint64_t> done_{0}, in_all_{0};
};

}  // namespace

std::unique_ptr<Table> open_workbook(const TablePlace& place, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<WorkbookTable>(options);
    if (!table->open(place, problems)) return nullptr;
    return table;
}

}  // namespace eligo::io
