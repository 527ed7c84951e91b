// Prints a table as eligo reads it: a JSON array for the header and one a row, with its line first; a cell is its text, null where
// nothing stands, or an object with its fault. Used by compare.py.
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/table.hpp"

namespace {

using namespace eligo;

std::string quoted(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') json += '\\';
        if (static_cast<unsigned char>(c) >= ' ') {
            json += c;
            continue;
        }
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        json += escape;
    }
    return json + "\"";
}

std::string json_of(const io::TableCell& cell) {
    if (cell.kind == io::NodeKind::Absent) return "null";
    if (cell.kind == io::NodeKind::Wrong) return "{\"fault\": " + quoted(io::words_of(cell.fault).english) + "}";
    return quoted(cell.text);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 2) return 2;
    std::vector<io::Problem> problems;
    const auto table = io::open_table(arguments[1], {}, problems);
    if (!table) {
        std::fprintf(stderr, "%s\n", problems.empty() ? "nothing" : problems[0].english.c_str());
        return 1;
    }
    std::string header = "[1";
    for (const std::string& name : table->header()) header += ", " + quoted(name);
    std::puts((header + "]").c_str());
    const auto reader = table->reader();
    for (io::Chunk chunk; table->next(chunk);) {
        reader->begin(chunk);
        for (io::TableRow row; reader->next(row);) {
            std::string json = "[" + std::to_string(row.line);
            if (row.problem != nullptr) json += ", {\"problem\": " + quoted(row.problem->english) + "}";
            else
                for (const io::TableCell& cell : row.cells) json += ", " + json_of(cell);
            std::puts((json + "]").c_str());
        }
    }
    return table->failure() ? 1 : 0;
}
