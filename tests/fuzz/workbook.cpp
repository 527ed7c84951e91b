// Any bytes as the parts of a workbook, put into an archive as they are, so that changes reach the reader and not the archive's
// checksums: lines `=== NAME` begin the parts. It is refused with a reason, or its rows come out, each with cells or a reason, and the
// same ones however the table is cut into chunks.
// Broken when: the reader trips over a workbook, or rows hang on where a chunk ends.
#include <minizip/zip.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../../engine/io/table.hpp"
#include "memory_file.hpp"
#include "target.hpp"

namespace {

using namespace eligo;

void write_archive(const std::string& path, std::string_view parts) {
    constexpr std::string_view sign = "\n=== ";
    zipFile const archive = zipOpen64(path.c_str(), APPEND_STATUS_CREATE);
    fuzz::require(archive != nullptr, "no archive");
    const std::string all = "\n" + std::string(parts);
    for (std::size_t at = all.find(sign); at != std::string::npos;) {
        const std::size_t name = at + sign.size(), line = std::min(all.find('\n', name), all.size());
        const std::size_t next = all.find(sign, line), begin = std::min(line + 1, std::min(next, all.size()));
        zipOpenNewFileInZip64(archive, all.substr(name, line - name).c_str(), nullptr, nullptr, 0, nullptr, 0, nullptr, 0, 0, 0);
        zipWriteInFileInZip(archive, all.data() + begin, static_cast<unsigned>(std::min(next, all.size()) - begin));
        zipCloseFileInZip(archive);
        at = next;
    }
    zipClose(archive, nullptr);
}

std::string words_of(const io::Problem& problem) {
    fuzz::require(!problem.english.empty() && !problem.chinese.empty(), "a problem without words");
    return problem.english;
}

std::string read_all(const std::string& path, std::size_t chunk_bytes) {
    io::TableOptions options;
    options.chunk_bytes = chunk_bytes;
    std::vector<io::Problem> problems;
    const auto table = io::open_table(path, options, problems);
    if (!table) {
        fuzz::require(!problems.empty(), "refused without a reason");
        return words_of(problems.front());
    }
    std::string text;
    for (const std::string& name : table->header()) {
        fuzz::require(!name.empty(), "a column without a name");
        text += name + "|";
    }
    const auto reader = table->reader();
    std::uint64_t last = 0;
    for (io::Chunk chunk; table->next(chunk);) {
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row);) {
            fuzz::require(row.line > 0 && row.line >= last, "a row that stands before the one before it");
            last = row.line;
            text += "\n" + std::to_string(row.line) + ": ";
            if (row.problem != nullptr) {
                text += words_of(*row.problem);
                continue;
            }
            fuzz::require(row.cells.size() == table->header().size(), "a row of another width");
            for (const io::TableCell& cell : row.cells) {
                const bool is_wrong = cell.kind == io::NodeKind::Wrong;
                fuzz::require(is_wrong == (cell.fault != io::CellFault::None), "a cell that is wrong without a reason, or with one and is not");
                fuzz::require(is_wrong || (cell.kind == io::NodeKind::Absent) == cell.text.empty(), "a cell without a text that is not absent");
                text += std::string(cell.text) + (is_wrong ? "!" : "") + "|";
            }
        }
    }
    // Rows of the chunk in which it fails are not given.
    return table->failure() ? words_of(*table->failure()) : text;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t most = 64 * 1024;
    if (size > most) return 0;
    const fuzz::MemoryFile file;
    write_archive(file.path(), fuzz::text_of(data, size));
    const std::string whole = read_all(file.path(), 256 * 1024);
    fuzz::require(whole == read_all(file.path(), 1), "other rows in pieces");
    return 0;
}
