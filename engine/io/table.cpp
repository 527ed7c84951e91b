// Which format a table is in, and opening it.
#include "table.hpp"

#include <fcntl.h>
#include <simdjson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "formats.hpp"

namespace eligo::io {
namespace {

bool has_ending(std::string_view path, std::string_view ending) {
    return path.size() >= ending.size() && std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                                                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

std::optional<TableFormat> format_by_ending(std::string_view path) {
    for (const std::string_view packed : {".gz", ".zst"}) {
        if (has_ending(path, packed)) path.remove_suffix(packed.size());
    }
    struct Ending {
        std::string_view text;
        TableFormat format;
    };
    constexpr std::array<Ending, 11> endings{{{".csv", TableFormat::Csv}, {".txt", TableFormat::Csv}, {".tsv", TableFormat::Tsv}, {".tab", TableFormat::Tsv},
        {".ndjson", TableFormat::Ndjson}, {".jsonl", TableFormat::Ndjson}, {".json", TableFormat::Ndjson}, {".db", TableFormat::Sqlite},
        {".sqlite", TableFormat::Sqlite}, {".sqlite3", TableFormat::Sqlite}, {".xlsx", TableFormat::Excel}}};
    for (const Ending& ending : endings) {
        if (has_ending(path, ending.text)) return ending.format;
    }
    return std::nullopt;
}

bool is_regular(const std::string& path) {
    struct stat status{};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode);
}

std::string first_bytes(const std::string& path) {
    std::array<char, 16> bytes{};
    if (!is_regular(path)) return {};  // whoever writes into a pipe would take a look for the reading
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return {};
    const ssize_t got = ::pread(file, bytes.data(), bytes.size(), 0);
    ::close(file);
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
}

// What a file holds decides where its ending says nothing, or something else.
std::optional<TableFormat> format_by_content(const std::string& path) {
    if (path == "-") return std::nullopt;
    const std::string begun = first_bytes(path);
    if (begun.starts_with("SQLite format 3")) return TableFormat::Sqlite;
    if (begun.starts_with("PK\x03\x04")) return TableFormat::Excel;
    return std::nullopt;
}

// `{` begins no header that anyone would write.
std::unique_ptr<Table> open_text(std::unique_ptr<ByteStream> stream, std::optional<TableFormat> format, const TableOptions& options, std::vector<Problem>& problems) {
    if (format == TableFormat::Ndjson || (!format && stream->begins_with('{'))) return open_ndjson(std::move(stream), options, problems);
    return open_csv(std::move(stream), format == TableFormat::Tsv ? std::optional<char>('\t') : std::nullopt, options, problems);
}

}  // namespace

FaultWords words_of(CellFault fault) {
    switch (fault) {
        case CellFault::None: break;
        case CellFault::Blob: return {"是二进制数据（BLOB），不是值", "bytes (a BLOB) are no value"};
        case CellFault::NotText: return {"不是UTF-8文本", "this is not UTF-8 text"};
    }
    return {};
}

Problem problem_of(const TableCell& cell) {
    const FaultWords words = words_of(cell.fault);
    Problem problem = malformed({}, std::string(words.chinese), std::string(words.english));
    problem.found = cell.fault == CellFault::NotText ? as_text(cell.text) : clipped(cell.text);
    return problem;
}

Problem row_too_long(std::string_view begin) {
    const std::string most = std::to_string(longest_row >> 20);
    Problem problem = malformed({}, "本行超过" + most + " MiB，没有读取", "this row is longer than " + most + " MiB and was not read");
    problem.found = as_text(begin);
    return problem;
}

Problem too_many_columns(std::uint64_t line) {
    const std::string most = std::to_string(most_columns);
    return malformed({static_cast<std::uint32_t>(line), 0}, "列数超过" + most + "，不能作为企业表读取", "there are more than " + most + " columns: this is no table of companies");
}

TablePlace place_of(const std::string& input) {
    TablePlace place{input, {}, std::nullopt};
    constexpr std::string_view question = "?table=";
    if (const std::size_t at = input.rfind(question); at != std::string::npos && at > 0) {
        place.path = input.substr(0, at);
        place.table = input.substr(at + question.size());
        place.format = has_ending(place.path, ".xlsx") ? TableFormat::Excel : TableFormat::Sqlite;
        return place;
    }
    place.format = format_by_ending(input);
    return place;
}

std::unique_ptr<Table> open_table(const std::string& input, const TableOptions& options, std::vector<Problem>& problems) {
    // It chooses its instructions when it is first asked, and takes memory where running out of it ends the program.
    [[maybe_unused]] const bool chosen = simdjson::validate_utf8("", 0);
    TablePlace place = place_of(input);
    if (const auto format = format_by_content(place.path)) place.format = format;
    const std::size_t before = problems.size();
    std::unique_ptr<Table> table;
    struct stat status{};
    const bool whole = place.format == TableFormat::Sqlite || place.format == TableFormat::Excel;
    if (whole && ::stat(place.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        problems.push_back(malformed({}, "数据库和工作簿须是文件，不能是文件夹、管道或设备", "a database or a workbook is a file: no folder, pipe or device"));
        problems.back().kind = ProblemKind::CannotRead;
    } else if (place.format == TableFormat::Sqlite) {
        table = open_sqlite(place, options, problems);
    } else if (place.format == TableFormat::Excel) {
        table = open_excel(place, options, problems);
    } else if (auto stream = ByteStream::open(place.path, options.stream, problems)) {
        table = open_text(std::move(stream), place.format, options, problems);
    }
    for (std::size_t i = before; i < problems.size(); ++i) {
        if (problems[i].file.empty()) problems[i].file = place.path;
    }
    return table;
}

}  // namespace eligo::io
