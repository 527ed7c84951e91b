// Who may open a file for writing, give it a name or remove it: io/destination and what stands on it, and the few that this list
// names with their reasons. A command that went past them could replace what it reads, or what another run writes.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

// Calls that make, change, rename or remove a file, by any library that the engine is built with.
const std::regex& writing() {
    static const std::regex calls(R"((\b(fopen|fopen64|freopen|ofstream|fstream|creat|mkstemp|tmpfile|rename|renameat|unlink|truncate|copy_file|remove_all|resize_file|workbook_new|workbook_new_opt|gzopen|sqlite3_open|sqlite3_open_v2)\s*\()"
                                  R"(|std::remove\([a-z_]+(\(\))?(\.[a-z_]+\(\))*\.c_str|std::ofstream|std::fstream|fs::(rename|remove)\(|O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)))");
    return calls;
}

const std::map<std::string, std::string>& allowed() {
    static const std::map<std::string, std::string> files{
        {"io/destination.cpp", "where outputs are claimed and get their names"},
        {"io/run_lock.cpp", "the lock beside an output"},
        {"io/output_file.cpp", "a file that grows, of a claimed destination"},
        {"io/writer_sqlite.cpp", "a table of a claimed destination"},
        {"io/writer_excel.cpp", "a workbook of a claimed destination"},
        {"io/files.cpp", "profiles are read; those that come by a pipe, from a file without a name"},
        {"io/table_sqlite.cpp", "reads only"},
        {"io/excel_book.cpp", "texts of a workbook, in a file without a name"},
        {"screen/ids.cpp", "ids that memory has no room for, in a file without a name"},
        {"screen/children.cpp", "lists by company, in a file without a name"},
        {"screen/screen.cpp", "how an input begins; rows collected in a file without a name; what an earlier run left beside a claimed output"},
        {"api/pack.cpp", "the library's own Pack::load and Pack::save, where the host answers for the path"},
    };
    return files;
}

TEST(Writers, OnlyThoseThatAreNamed) {
    const fs::path engine = fs::path(ELIGO_SOURCE_DIR) / "engine";
    std::set<std::string> found;
    for (const auto& entry : fs::recursive_directory_iterator(engine)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream stream(entry.path());
        const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
        std::smatch match;
        if (!std::regex_search(text, match, writing())) continue;
        const std::string name = entry.path().lexically_relative(engine).generic_string();
        found.insert(name);
        EXPECT_TRUE(allowed().contains(name)) << name << " has `" << match.str() << "`: write by way of io::claim, or say in this test why not";
    }
    // The list is no longer than it must be, and the pattern finds what it is for.
    for (const auto& [name, why] : allowed()) EXPECT_TRUE(found.contains(name)) << name << " writes nothing";
}

}  // namespace
