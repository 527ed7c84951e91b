// Any bytes as a table of companies, as `eligo screen` opens one: the first byte says the format, the rest is the file, compressed
// and in another encoding if it likes. It is refused with a reason, or its rows come out, each with cells or a reason; text is cut
// into the same rows wherever the cuts fall, and rows of CSV that are found all at once are those that are read one by one.
// Broken when: a reader trips over a file, or loses or makes up a row.
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "../../engine/io/table.hpp"
#include "memory_file.hpp"
#include "target.hpp"

namespace {

using namespace eligo;

struct Read {
    std::string refused;            // a reason; then there is nothing else
    std::vector<std::string> rows;  // what is in them, or what is wrong with them
    std::vector<std::uint64_t> lines;
    std::string failure;
};

std::string words_of(const io::Problem& problem) {
    fuzz::require(!problem.english.empty() && !problem.chinese.empty(), "a problem without words");
    fuzz::require(problem.english.size() <= 2'000, "a message of " + std::to_string(problem.english.size()) + " bytes");
    return problem.english;
}

void add_tree(const io::Node& node, std::string& text) {
    text += node.text;
    text += '{';
    for (const auto& member : node.members) {
        text += member.key + ":";
        add_tree(member.value, text);
    }
    for (const io::Node& element : node.elements) add_tree(element, text);
    text += '}';
}

std::string shown(const io::TableRow& row, std::size_t columns, bool trees) {
    if (row.problem != nullptr) return "! " + words_of(*row.problem);
    std::string text;
    if (trees) {
        fuzz::require(row.tree != nullptr, "a row without a tree");
        add_tree(*row.tree, text);
        return text;
    }
    fuzz::require(row.cells.size() == columns, "a row of another width");
    for (const io::TableCell& cell : row.cells) text += std::to_string(static_cast<int>(cell.kind)) + std::string(cell.text) + "|";
    return text;
}

// The cells of a chunk all together, against `rows` from `first` on.
void compare_cells(const io::Table& table, const io::Chunk& chunk, const Read& read, std::size_t first) {
    const auto reader = table.reader();
    reader->begin(chunk);
    io::CellIndex index;
    if (!reader->find_cells(index)) return;
    fuzz::require(first + index.rows.size() == read.rows.size(), "another number of rows, all at once");
    std::size_t irregular = 0;
    const std::size_t columns = table.header().size();
    for (std::size_t number = 0; number < index.rows.size(); ++number) {
        std::string text;
        if (irregular < index.irregular.size() && index.irregular[irregular].row == number) {
            reader->go_to(index.irregular[irregular++].at, chunk.begin.line + index.lines[number]);
            io::TableRow row;
            fuzz::require(reader->next(row) && row.problem != nullptr, "nothing is wrong with an irregular row");
            text = shown(row, columns, false);
        } else {
            const std::uint32_t* const ends = index.ends.get() + index.rows[number];
            for (std::size_t i = 0; i < columns; ++i) {
                const std::uint32_t begin = ends[i] + 1, end = ends[i + 1] - (i + 1 == columns ? index.behind : 0);
                const io::TableCell cell = reader->cell(chunk.text.view().substr(begin, end - begin));
                text += std::to_string(static_cast<int>(cell.kind)) + std::string(cell.text) + "|";
            }
        }
        fuzz::require(text == read.rows[first + number], "another row, all at once: " + text + " and not " + read.rows[first + number]);
    }
}

Read read_all(const std::string& path, io::TableFormat format, std::size_t chunk_bytes) {
    io::TableOptions options;
    options.chunk_bytes = chunk_bytes;
    std::vector<io::Problem> problems;
    std::unique_ptr<io::Table> table;
    const io::TablePlace place{path, "companies", format};
    if (format == io::TableFormat::Sqlite) {
        table = io::open_sqlite(place, options, problems);
    } else if (format == io::TableFormat::Workbook) {
        table = io::open_workbook(place, options, problems);
    } else if (auto stream = io::ByteStream::open(path, options.stream, problems)) {
        if (format == io::TableFormat::Ndjson) table = io::open_ndjson(std::move(stream), options, problems);
        else table = io::open_csv(std::move(stream), format == io::TableFormat::Tsv ? std::optional('\t') : std::nullopt, options, problems);
    }
    Read read;
    for (const io::Problem& problem : problems) read.refused = words_of(problem);
    if (table == nullptr) {
        fuzz::require(!read.refused.empty(), "refused without a reason");
        return read;
    }
    read.refused.clear();
    const std::size_t columns = table->header().size();
    const auto reader = table->reader();
    for (io::Chunk chunk; table->next(chunk);) {
        const std::size_t first = read.rows.size();
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row);) {
            read.rows.push_back(shown(row, columns, table->rows_are_trees()));
            read.lines.push_back(row.line);
        }
        compare_cells(*table, chunk, read, first);
    }
    if (table->failure()) read.failure = words_of(*table->failure());
    return read;
}

// The text that a file holds, unpacked and as UTF-8; as much of it as is tried in pieces.
constexpr std::size_t most_in_pieces = 64 * 1024;
std::string text_in(const std::string& path) {
    std::vector<io::Problem> problems;
    std::string text(most_in_pieces + 1, '\0');
    std::size_t size = 0;
    if (const auto stream = io::ByteStream::open(path, {}, problems))
        for (std::size_t more = 1; more > 0 && size < text.size(); size += more) more = stream->read(text.data() + size, text.size() - size);
    text.resize(size);
    return text;
}

// A return alone ends a line for some and not for others, as far as a chunk goes.
bool has_lone_return(std::string_view text) {
    for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
        if (text.substr(at + 1, 1) != "\n") return true;
    return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    constexpr io::TableFormat formats[] = {io::TableFormat::Csv, io::TableFormat::Tsv, io::TableFormat::Ndjson, io::TableFormat::Sqlite, io::TableFormat::Workbook};
    const io::TableFormat format = formats[static_cast<std::size_t>(data[0] - 'a') % std::size(formats)];
    const fuzz::MemoryFile file(fuzz::text_of(data + 1, size - 1));
    const Read whole = read_all(file.path(), format, 256 * 1024);
    if (format == io::TableFormat::Sqlite || format == io::TableFormat::Workbook) return 0;
    const std::string text = text_in(file.path());
    if (text.size() > most_in_pieces) return 0;
    const Read pieces = read_all(file.path(), format, 1 + data[0] / 8);
    fuzz::require(whole.refused == pieces.refused && whole.failure == pieces.failure, "another reason in pieces: " + pieces.refused + pieces.failure + " and not " + whole.refused + whole.failure);
    if (has_lone_return(text)) return 0;
    fuzz::require(whole.rows == pieces.rows, "other rows in pieces");
    fuzz::require(whole.lines == pieces.lines, "rows of other lines in pieces");
    return 0;
}
