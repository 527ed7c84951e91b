// Who may include whom: every #include below engine/ and include/ is held to one table.
//
// The arrows of the architecture also stand in target_link_libraries, but a header can be included without being
// linked, and what is never written down drifts. Here it is written down.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string, std::less<>>;

// The folders each folder may include besides itself. `eligo` is the public headers, include/eligo/.
const std::map<std::string, Names, std::less<>>& include_table() {
    static const Names whatever_they_show{"text", "value",    "syntax", "sema",  "bytecode", "codegen", "vm",   "columnar",
                                          "explain", "study", "scenario", "io", "screen", "api", "lsp", "book", "eligo"};
    static const std::map<std::string, Names, std::less<>> table{
        {"text", {"value"}},
        {"value", {}},
        {"syntax", {"text", "value"}},
        {"sema", {"syntax", "text", "value"}},
        {"bytecode", {"value"}},
        {"codegen", {"sema", "bytecode", "text", "value", "syntax"}},
        {"vm", {"bytecode", "value"}},
        {"columnar", {"bytecode", "value"}},
        {"explain", {"vm", "bytecode", "value"}},
        {"study", {"explain", "vm", "columnar", "bytecode", "value"}},
        {"scenario", {"explain", "vm", "columnar", "bytecode", "value", "sema", "codegen", "syntax", "text", "api"}},
        {"io", {"vm", "columnar", "bytecode", "value", "text"}},
        {"screen", {"io", "explain", "vm", "columnar", "bytecode", "value", "text"}},
        {"api", whatever_they_show},
        {"lsp", whatever_they_show},
        {"book", whatever_they_show},
        {"cli", whatever_they_show},
        {"eligo", {}},
    };
    return table;
}

// The runtime, the public headers and the text folder need nothing but the standard library and what is ours.
const Names& folders_of_the_standard_library() {
    static const Names folders{"text", "value", "bytecode", "vm", "columnar", "explain", "eligo"};
    return folders;
}

const Names& standard_headers() {
    static const Names headers{
        "algorithm", "any", "array", "atomic", "barrier", "bit", "bitset", "cassert", "cctype", "cerrno", "cfenv",
        "cfloat", "charconv", "chrono", "cinttypes", "climits", "clocale", "cmath", "codecvt", "compare", "complex",
        "concepts", "condition_variable", "coroutine", "csetjmp", "csignal", "cstdarg", "cstddef", "cstdint", "cstdio",
        "cstdlib", "cstring", "ctime", "cuchar", "cwchar", "cwctype", "deque", "exception", "execution", "filesystem",
        "format", "forward_list", "fstream", "functional", "future", "initializer_list", "iomanip", "ios", "iosfwd",
        "iostream", "istream", "iterator", "latch", "limits", "list", "locale", "map", "memory", "memory_resource",
        "mutex", "new", "numbers", "numeric", "optional", "ostream", "queue", "random", "ranges", "ratio", "regex",
        "scoped_allocator", "semaphore", "set", "shared_mutex", "source_location", "span", "sstream", "stack",
        "stdexcept", "stop_token", "streambuf", "string", "string_view", "syncstream", "system_error", "thread",
        "tuple", "type_traits", "typeindex", "typeinfo", "unordered_map", "unordered_set", "utility", "valarray",
        "variant", "vector", "version",
        // C's own, which eligo.h needs.
        "assert.h", "ctype.h", "errno.h", "inttypes.h", "limits.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h",
        "stdlib.h", "string.h", "time.h",
        // The compiler's own, for vector instructions; only kernels/ have a use for them.
        "arm_neon.h", "immintrin.h"};
    return headers;
}

struct Include {
    std::string name;
    bool quoted = false;
};

// Where a file lies: the folder of the table, and the folder within that, which is empty for its door headers.
struct Place {
    std::string folder;
    std::string inner;
};

std::optional<Place> place_of(const fs::path& from_root) {
    std::vector<std::string> parts;
    for (const fs::path& part : from_root.parent_path()) parts.push_back(part.string());
    if (parts.size() < 2) return std::nullopt;
    const bool is_public = parts[0] == "include" && parts[1] == "eligo";
    if (parts[0] != "engine" && !is_public) return std::nullopt;
    return Place{parts[1], parts.size() > 2 ? parts[2] : ""};
}

std::string_view trimmed(std::string_view text) {
    const std::size_t start = text.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string_view() : text.substr(start);
}

std::optional<Include> read_include(std::string_view line) {
    line = trimmed(line);
    if (line.empty() || line.front() != '#') return std::nullopt;
    line = trimmed(line.substr(1));
    if (line.substr(0, 7) != "include") return std::nullopt;
    line = trimmed(line.substr(7));
    const std::size_t end = line.empty() ? std::string_view::npos : line.find_first_of(">\"", 1);
    if (end == std::string_view::npos) return Include{std::string(line), true};  // no file: found nowhere
    return Include{std::string(line.substr(1, end - 1)), line.front() == '"'};
}

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// The file of ours that is meant, seen from the root: beside the including file, below engine/, below include/.
std::optional<fs::path> find_ours(const fs::path& root, const fs::path& file, const Include& include) {
    std::vector<fs::path> candidates;
    if (include.quoted) candidates.push_back(file.parent_path() / include.name);
    candidates.push_back(fs::path("engine") / include.name);
    candidates.push_back(fs::path("include") / include.name);
    for (const fs::path& candidate : candidates) {
        const fs::path path = candidate.lexically_normal();
        if (fs::is_regular_file(root / path)) return path;
    }
    return std::nullopt;
}

std::optional<std::string> objection_to_ours(const Place& from, const fs::path& included) {
    const auto to = place_of(included);
    if (!to) return "lies outside engine/ and include/";
    if (to->folder == from.folder) return std::nullopt;
    if (!include_table().at(from.folder).contains(to->folder)) return from.folder + " may not include " + to->folder;
    if (!to->inner.empty()) return to->folder + "/" + to->inner + " is not a door of " + to->folder;
    return std::nullopt;
}

std::optional<std::string> objection_to_foreign(const Place& from, const Include& include) {
    if (starts_with(include.name, "boost/")) {
        if (from.folder == "syntax" && from.inner == "grammar") return std::nullopt;
        return "Boost may appear only under engine/syntax/grammar/";
    }
    if (include.quoted) return "is found nowhere";
    if (folders_of_the_standard_library().contains(from.folder)) {
        return from.folder + " may include nothing foreign but the standard library";
    }
    return std::nullopt;
}

std::optional<std::string> objection(const fs::path& root, const fs::path& file, const Include& include) {
    const auto from = place_of(file);
    if (!from || !include_table().contains(from->folder)) return "its own folder is not in the table";
    if (!include.quoted && standard_headers().contains(include.name)) return std::nullopt;
    if (const auto ours = find_ours(root, file, include)) return objection_to_ours(*from, *ours);
    return objection_to_foreign(*from, include);
}

bool is_source(const fs::path& path) {
    const std::string extension = path.extension().string();
    return extension == ".cpp" || extension == ".hpp" || extension == ".h" || extension == ".c" || extension == ".def";
}

struct Survey {
    int files = 0;
    int includes = 0;
    std::vector<std::string> objections;
};

void survey_file(const fs::path& root, const fs::path& file, Survey& survey) {
    ++survey.files;
    std::ifstream stream(root / file);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        const auto include = read_include(line);
        if (!include) continue;
        ++survey.includes;
        if (const auto reason = objection(root, file, *include)) {
            survey.objections.push_back(file.generic_string() + ":" + std::to_string(number) + ": " + include->name +
                                        ": " + *reason);
        }
    }
}

Survey survey_tree(const fs::path& root) {
    std::vector<fs::path> files;
    for (const char* top : {"engine", "include"}) {
        if (!fs::exists(root / top)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            if (entry.is_regular_file() && is_source(entry.path())) files.push_back(entry.path().lexically_relative(root));
        }
    }
    std::sort(files.begin(), files.end());
    Survey survey;
    for (const fs::path& file : files) survey_file(root, file, survey);
    return survey;
}

TEST(IncludeTable, EveryIncludeIsInTheTable) {
    const Survey survey = survey_tree(ELIGO_SOURCE_DIR);
    for (const std::string& text : survey.objections) ADD_FAILURE() << text;
    // Enough was read for the silence to mean something.
    EXPECT_GT(survey.files, 10);
    EXPECT_GT(survey.includes, survey.files);
}

TEST(IncludeTable, TheTableHasNoCycleBelowTheFrontDoors) {
    std::set<std::string, std::less<>> settled;
    bool progress = true;
    while (progress) {
        progress = false;
        for (const auto& [folder, allowed] : include_table()) {
            if (settled.contains(folder)) continue;
            if (!std::includes(settled.begin(), settled.end(), allowed.begin(), allowed.end())) continue;
            settled.insert(folder);
            progress = true;
        }
    }
    for (const char* folder : {"text", "value", "syntax", "sema", "bytecode", "codegen", "vm", "columnar", "explain", "io"}) {
        EXPECT_TRUE(settled.contains(folder)) << folder;
    }
}

// A small tree of its own, in which one file at a time includes what it is told to.
class IncludeTableTree : public testing::Test {
protected:
    void SetUp() override {
        const testing::TestInfo& test = *testing::UnitTest::GetInstance()->current_test_info();
        root_ = fs::path(testing::TempDir()) / (std::string("eligo_include_table_") + test.name());
        fs::remove_all(root_);
        for (const auto& [folder, allowed] : include_table()) {
            if (folder != "eligo") write("engine/" + folder + "/door.hpp", "");
        }
        write("engine/syntax/grammar/cst.hpp", "");
        write("include/eligo/pack.hpp", "");
        write("tests/unit/secret.hpp", "");
    }
    void TearDown() override { fs::remove_all(root_); }

    void write(const std::string& path, const std::string& text) const {
        fs::create_directories((root_ / path).parent_path());
        std::ofstream(root_ / path) << text;
    }

    std::vector<std::string> objections_to(const std::string& file, const std::string& include) const {
        write(file, "// A line before.\n  #  include " + include + "\n");
        std::vector<std::string> objections = survey_tree(root_).objections;
        fs::remove(root_ / file);
        return objections;
    }

    fs::path root_;
};

struct Case {
    const char* file;
    const char* include;
};

TEST_F(IncludeTableTree, GoodIncludesPass) {
    for (const Case& good : {
             Case{"engine/value/a.cpp", "<vector>"},
             {"engine/value/a.cpp", "\"door.hpp\""},
             {"engine/text/a.cpp", "\"../value/door.hpp\""},
             {"engine/syntax/a.cpp", "\"../text/door.hpp\""},
             {"engine/syntax/a.cpp", "\"text/door.hpp\""},
             {"engine/syntax/a.cpp", "\"grammar/cst.hpp\""},
             {"engine/syntax/grammar/a.cpp", "\"../door.hpp\""},
             {"engine/syntax/grammar/a.cpp", "<boost/spirit/home/x3.hpp>"},
             {"engine/codegen/a.cpp", "\"../syntax/door.hpp\""},
             {"engine/explain/a.cpp", "\"vm/door.hpp\""},
             {"engine/scenario/a.cpp", "\"../api/door.hpp\""},
             {"engine/io/a.cpp", "<simdjson.h>"},
             {"engine/cli/a.cpp", "<eligo/pack.hpp>"},
             {"engine/cli/a.cpp", "\"../scenario/door.hpp\""},
             {"include/eligo/a.hpp", "\"pack.hpp\""},
             {"include/eligo/a.hpp", "<eligo/pack.hpp>"},
             {"include/eligo/a.h", "<stdint.h>"},
         }) {
        const auto objections = objections_to(good.file, good.include);
        EXPECT_TRUE(objections.empty()) << good.file << " " << good.include << ": " << objections.front();
    }
}

TEST_F(IncludeTableTree, BadIncludesAreNamedWithTheirPlace) {
    for (const Case& bad : {
             Case{"engine/value/a.cpp", "\"../text/door.hpp\""},
             {"engine/value/a.cpp", "\"text/door.hpp\""},
             {"engine/value/a.cpp", "<text/door.hpp>"},
             {"engine/value/a.cpp", "<fmt/format.h>"},
             {"engine/value/a.cpp", "<unistd.h>"},
             {"engine/value/a.cpp", "<boost/multiprecision/cpp_int.hpp>"},
             {"engine/text/a.cpp", "\"../syntax/door.hpp\""},
             {"engine/vm/a.cpp", "\"../columnar/door.hpp\""},
             {"engine/vm/a.hpp", "\"../sema/door.hpp\""},
             {"engine/bytecode/a.def", "\"../vm/door.hpp\""},
             {"engine/explain/a.cpp", "\"../text/door.hpp\""},
             {"engine/sema/a.cpp", "\"../codegen/door.hpp\""},
             {"engine/sema/a.cpp", "<boost/spirit/home/x3.hpp>"},
             {"engine/syntax/a.cpp", "<boost/spirit/home/x3.hpp>"},
             {"engine/api/a.cpp", "\"../syntax/grammar/cst.hpp\""},
             {"engine/api/a.cpp", "\"../cli/door.hpp\""},
             {"engine/cli/a.cpp", "\"../../tests/unit/secret.hpp\""},
             {"engine/cli/a.cpp", "\"nowhere.hpp\""},
             {"engine/cli/a.cpp", "SOME_MACRO"},
             {"engine/vm/a.cpp", "<eligo/pack.hpp>"},
             {"engine/utils/a.cpp", "<vector>"},
             {"include/eligo/a.hpp", "\"../../engine/value/door.hpp\""},
             {"include/eligo/a.hpp", "<value/door.hpp>"},
             {"include/eligo/a.hpp", "<boost/config.hpp>"},
             {"include/eligo/a.hpp", "<fmt/format.h>"},
         }) {
        const auto objections = objections_to(bad.file, bad.include);
        ASSERT_EQ(objections.size(), 1U) << bad.file << " " << bad.include;
        EXPECT_TRUE(starts_with(objections.front(), std::string(bad.file) + ":2: ")) << objections.front();
    }
}

}  // namespace
