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

bool has_ending(std::string_view path, std::string_view ending) {
    return path.size() >= ending.size() && std::equal(ending.begin(), ending.end(), path.end() - static_cast<std::ptrdiff_t>(ending.size()),
                                                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b); });
}

namespace {

std::optional<TableFormat> format_by_ending(std::string_view path) {
    for (const std::string_view packed : {".gz", ".zst"}) {
        if (has_ending(path, packed)) path.remove_suffix(packed.size());
    }
    struct Ending {
        std::string_view text;
        TableFormat format;
    };
    constexpr std::array<Ending, 15> endings{{{".csv", TableFormat::Csv}, {".txt", TableFormat::Csv}, {".tsv", TableFormat::Tsv}, {".tab", TableFormat::Tsv},
        {".ndjson", TableFormat::Ndjson}, {".jsonl", TableFormat::Ndjson}, {".json", TableFormat::Ndjson}, {".db", TableFormat::Sqlite},
        {".sqlite", TableFormat::Sqlite}, {".sqlite3", TableFormat::Sqlite}, {".xlsx", TableFormat::Workbook},
        {".xlsm", TableFormat::Workbook}, {".xltx", TableFormat::Workbook}, {".xltm", TableFormat::Workbook}, {".ods", TableFormat::Workbook}}};
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
    if (begun.starts_with("PK\x03\x04")) return TableFormat::Workbook;
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
        case CellFault::NoResult: return {"公式没有保存计算结果；请用Excel或WPS打开文件，计算后保存", "this formula has no stored result: open the file in a spreadsheet program and save it there"};
        case CellFault::Error: return {"是公式的错误值，不是值", "this is the error of a formula and no value"};
        case CellFault::NoTruth: return {"单元格标为布尔值，但内容不是1、0、true或false", "this cell claims to be true or false and is neither 1, 0, true nor false"};
        case CellFault::NoNumber: return {"单元格标为数字，但内容不是数字", "this cell claims to be a number and is none"};
        case CellFault::NoDay: return {"单元格标为日期，但内容不是日期（超出范围，或为1900年2月29日）", "this cell claims to be a date and is none (out of range, or 29 February 1900)"};
        case CellFault::NoSuchText: return {"工作簿中没有此编号的共享文本", "the workbook has no shared text of this number"};
        case CellFault::NoSuchStyle: return {"工作簿中没有此单元格的样式，不知是数字还是日期", "the workbook has not the style of this cell, so that it may be a number or a date"};
        case CellFault::NoCharacter: return {"含有不代表任何字符的转义（_xHHHH_）", "there is an escape (_xHHHH_) that stands for no character"};
        case CellFault::UnknownType: return {"单元格的类型未知，或与内容不符", "the type of this cell is not known, or does not fit what it holds"};
        case CellFault::Merged: return {"属于合并单元格，其值只在左上角一格；请取消合并，并在每行填写", "this is a part of merged cells, whose value stands in the first of them: unmerge them and fill in every row"};
    }
    return {};
}

Problem problem_of(const TableCell& cell) {
    const FaultWords words = words_of(cell.fault);
    Problem problem = malformed({}, std::string(words.chinese), std::string(words.english));
    problem.found = cell.fault == CellFault::NotText ? as_text(cell.text) : clipped(cell.text);
    return problem;
}

Problem too_many_digits(const TableCell& cell) {
    Problem problem = malformed({}, "是超过15位的数字，表格软件不能保留全部位数；请把这一列存为文本", "this is a number of more than 15 digits, which spreadsheets do not keep: keep this column as text");
    problem.kind = ProblemKind::WrongType;
    problem.found = clipped(cell.text);
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
        place.format = format_by_ending(place.path) == TableFormat::Workbook ? TableFormat::Workbook : TableFormat::Sqlite;
        return place;
    }
    place.format = format_by_ending(input);
    return place;
}

std::unique_ptr<Table> open_table(const std::string& input, const TableOptions& options, std::vector<Problem>& problems) {
    // It chooses its instructions when it is first asked, and takes memory where running out of it ends the program.
    [[maybe_unused]] const bool chosen = simdjson::validate_utf8("", 0);
    TablePlace place = place_of(input);
    const auto by_content = format_by_content(place.path);
    if (by_content) place.format = by_content;
    const std::size_t before = problems.size();
    std::unique_ptr<Table> table;
    struct stat status{};
    const bool whole = place.format == TableFormat::Sqlite || place.format == TableFormat::Workbook;
    if (whole && ::stat(place.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
        problems.push_back(malformed({}, "数据库和工作簿须是文件，不能是文件夹、管道或设备", "a database or a workbook is a file: no folder, pipe or device"));
        problems.back().kind = ProblemKind::CannotRead;
    } else if (whole && !by_content && is_regular(place.path) && !ByteStream::open(place.path, options.stream, problems)) {
        // It is another file than its name says, and named.
    } else if (place.format == TableFormat::Sqlite) {
        table = open_sqlite(place, options, problems);
    } else if (place.format == TableFormat::Workbook) {
        table = open_workbook(place, options, problems);
    } else if (auto stream = ByteStream::open(place.path, options.stream, problems)) {
        table = open_text(std::move(stream), place.format, options, problems);
    }
    for (std::size_t i = before; i < problems.size(); ++i) {
        if (problems[i].file.empty()) problems[i].file = place.path;
    }
    return table;
}

}  // namespace eligo::io
