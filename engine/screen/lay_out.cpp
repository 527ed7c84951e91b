#include "lay_out.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <queue>
#include <string_view>
#include <utility>

#include "../explain/json_writer.hpp"
#include "../io/packed_file.hpp"
#include "../io/table.hpp"
#include "../io/table_writer.hpp"
#include "../value/exact_text.hpp"
#include "output.hpp"

namespace eligo::screen {
namespace {

using Texts = std::vector<std::string>;

// The N rows with the greatest amounts; of equal ones the earlier. Of each row it is kept where it stands, so that
// memory does not depend on how long rows are.
class Best {
public:
    explicit Best(std::uint64_t count) : count_(count) {}

    struct Place {
        std::uint64_t offset = 0;
        std::size_t size = 0;
    };

    void offer(std::string_view text, Place place) {
        const std::string amount(text);
        if (amount.empty() || amount.find_first_not_of("0123456789.", amount.starts_with('-') ? 1 : 0) != std::string::npos || count_ == 0) return;
        const Row row{amount, number_++, place};
        if (rows_.size() == count_ && !Better()(row, rows_.top())) return;
        rows_.push(row);
        if (rows_.size() > count_) rows_.pop();
    }

    std::vector<Place> take() {
        std::vector<Place> result;
        for (; !rows_.empty(); rows_.pop()) result.push_back(rows_.top().place);
        std::reverse(result.begin(), result.end());
        return result;
    }

private:
    struct Row {
        std::string amount;
        std::uint64_t number = 0;
        Place place;
    };
    struct Better {
        bool operator()(const Row& a, const Row& b) const {
            const auto order = value::compare_decimals(a.amount, b.amount);
            return order == std::strong_ordering::greater || (order == std::strong_ordering::equal && a.number < b.number);
        }
    };
    std::uint64_t count_;
    std::uint64_t number_ = 0;
    std::priority_queue<Row, std::vector<Row>, Better> rows_;  // the least of them on top
};

// As RowWriter writes a line: what is empty has no value.
std::string json_line(const Texts& header, const Texts& cells, const std::vector<bool>& numeric) {
    std::string line = "{";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        line += (i == 0 ? "" : ", ") + explain::json_string(header[i]) + ": ";
        line += numeric[i] && cells[i].empty() ? "null" : explain::json_string(cells[i]);
    }
    return line + "}\n";
}

std::string tsv_line(const Texts& cells, const std::vector<bool>& numeric, Cells style) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += '\t';
        append_tsv_cell(line, cells[i], numeric[i] ? Cells::AsTheyAre : style);
    }
    return line + "\n";
}

std::string csv_line(const Texts& cells, const std::vector<bool>& numeric, Cells style) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        append_csv_cell(line, cells[i], numeric[i] ? Cells::AsTheyAre : style);
    }
    return line + "\n";
}

// Rows as text, put together before they are written.
class TextWriter : public io::TableWriter {
public:
    TextWriter(const io::Destination& destination, const Layout& layout, Texts header) : destination_(destination), layout_(layout), header_(std::move(header)), no_amounts_(header_.size(), false) {
        if (!file_.create_temporary(destination, layout.packing)) fail();
        if (layout.kind != OutputKind::Ndjson) text_ = line_of(header_, no_amounts_);
    }
    bool row(std::span<const std::string_view> views) override {
        text_ += line_of(Texts(views.begin(), views.end()), layout_.numeric);
        constexpr std::size_t together = 256 * 1024;
        return text_.size() < together ? !failure_ : flush();
    }
    bool complete() override { return flush() && (file_.complete() || fail()); }
    bool finish() override { return !failure_ && (file_.finish() || fail()); }

private:
    [[nodiscard]] std::string line_of(const Texts& cells, const std::vector<bool>& numeric) const {
        switch (layout_.kind) {
            case OutputKind::Tsv: return tsv_line(cells, numeric, layout_.cells);
            case OutputKind::Ndjson: return json_line(header_, cells, numeric);
            default: return csv_line(cells, numeric, layout_.cells);
        }
    }
    bool fail() {
        if (!failure_) failure_ = io::cannot_write(destination_.named(), file_.error());
        return false;
    }
    bool flush() {
        if (failure_) return false;
        const bool good = file_.append(text_) || fail();
        text_.clear();
        return good;
    }

    const io::Destination& destination_;
    const Layout& layout_;
    Texts header_;
    std::vector<bool> no_amounts_;
    io::PackedFile file_;
    std::string text_;
};

std::unique_ptr<io::TableWriter> writer_for(const io::Destination& destination, const Layout& layout, const Texts& header) {
    switch (layout.kind) {
        case OutputKind::Sqlite: return io::write_sqlite(destination, layout.table, header);
        case OutputKind::Excel: return io::write_excel(destination, header, layout.numeric);
        case OutputKind::Csv:
        case OutputKind::Tsv:
        case OutputKind::Ndjson: break;
    }
    return std::make_unique<TextWriter>(destination, layout, header);
}

bool put(io::TableWriter& writer, const io::TableRow& row) {
    std::vector<std::string_view> views;
    for (const io::TableCell& cell : row.cells) views.push_back(cell.text);
    return writer.row(views);
}

// The rows at these places of the file, one after another.
std::optional<io::Problem> copy_best(const std::string& collected, const std::vector<Best::Place>& places, io::RowReader& reader, io::TableWriter& writer) {
    struct File {
        int number;
        ~File() { ::close(number); }
    } const file{::open(collected.c_str(), O_RDONLY | O_CLOEXEC)};
    io::Chunk chunk;
    io::TableRow row;
    for (const Best::Place& place : places) {
        chunk.text.clear();
        chunk.text.reserve(place.size);
        const ssize_t got = ::pread(file.number, chunk.text.data(), place.size, static_cast<off_t>(place.offset));
        if (got != static_cast<ssize_t>(place.size)) return io::cannot_write(collected, EIO);
        chunk.text.set_size(place.size);
        reader.begin(chunk);
        if (!reader.next(row) || row.problem != nullptr) return io::cannot_write(collected, EIO);
        if (!put(writer, row)) return writer.failure();
    }
    return std::nullopt;
}

// What the row is ranked by: where the amount is open, what it is at least.
std::string_view amount_of(const io::TableRow& row, const Layout& layout) {
    const std::string_view settled = row.cells[layout.top_column].text;
    return settled.empty() && layout.top_may_be_open ? row.cells[layout.top_column + 1].text : settled;
}

// What went wrong; nothing when all rows are there.
std::optional<io::Problem> copy(const std::string& collected, io::Table& table, const Layout& layout, io::TableWriter& writer) {
    std::optional<Best> best;
    if (layout.top) best.emplace(*layout.top);
    const auto reader = table.reader();
    io::Chunk chunk;
    while (!layout.stopped() && table.next(chunk)) {
        reader->begin(chunk);
        io::TableRow row;
        while (reader->next(row)) {
            // What was collected and cannot be read again would be left out in silence.
            if (row.problem != nullptr) return *row.problem;
            if (best) {
                best->offer(amount_of(row, layout), {chunk.begin.offset + static_cast<std::uint64_t>(row.source.data() - chunk.text.data()), row.source.size()});
            } else if (!put(writer, row)) {
                return writer.failure();
            }
        }
    }
    if (table.failure() || !best) return table.failure();
    return copy_best(collected, best->take(), *reader, writer);
}

// The text as it was collected, packed.
std::optional<io::Problem> pack(io::ByteStream& collected, const io::Destination& destination, const Layout& layout, const std::function<bool()>& before_seen) {
    io::PackedFile file;
    std::string piece(256 * 1024, '\0');
    bool good = file.create_temporary(destination, layout.packing);
    for (std::size_t got = 1; good && got > 0 && !layout.stopped();) {
        got = collected.read(piece.data(), piece.size());
        good = file.append({piece.data(), got});
    }
    if (collected.failure()) return collected.failure();
    good = good && file.complete();
    if (good && (!before_seen() || file.finish())) return std::nullopt;
    return io::cannot_write(destination.named(), file.error());
}

}  // namespace

std::optional<io::Problem> lay_out(const std::string& collected, const io::Destination& destination, const Layout& layout, const std::function<bool()>& before_seen, std::vector<io::Problem>& notes) {
    std::vector<io::Problem> problems;
    io::TableOptions options;
    options.stream.encoding = io::Encoding::Utf8;
    options.longest_row = std::size_t{1} << 30;  // we wrote it ourselves
    auto stream = io::ByteStream::open(collected, options.stream, problems);
    if (!stream) return io::cannot_write(destination.named(), EIO);
    if (layout.as_collected) return pack(*stream, destination, layout, before_seen);
    const auto table = io::open_csv(std::move(stream), ',', options, problems);
    if (!table) return io::cannot_write(destination.named(), EIO);
    const auto writer = writer_for(destination, layout, table->header());
    if (auto problem = copy(collected, *table, layout, *writer)) return problem;
    if (!writer->complete()) return writer->failure();
    notes = writer->notes();
    if (!before_seen() || writer->finish()) return std::nullopt;
    return writer->failure();
}

}  // namespace eligo::screen
