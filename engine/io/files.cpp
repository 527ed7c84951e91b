#include "files.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

namespace eligo::io {
namespace {

namespace fs = std::filesystem;

void cannot_read(const std::string& path, std::string chinese, std::string english, std::vector<Problem>& problems) {
    Problem problem;
    problem.kind = ProblemKind::CannotRead;
    problem.file = path;
    problem.chinese = std::move(chinese);
    problem.english = std::move(english);
    problems.push_back(std::move(problem));
}

constexpr std::size_t most_entries = 100'000;

void cannot_read(const std::string& path, std::vector<Problem>& problems) { cannot_read(path, "读取文件时出错", "reading the file failed", problems); }

// Nothing, and a problem, when there is none that could be read.
File open_file(const std::string& path, std::vector<Problem>& problems) {
    if (path == "-") return File(::fdopen(::dup(STDIN_FILENO), "rb"));
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        cannot_read(path, "没有这个文件", "there is no such file", problems);
        return nullptr;
    }
    if (fs::is_directory(status)) {
        cannot_read(path, "这是文件夹，不是文件", "this is a folder, not a file", problems);
        return nullptr;
    }
    File file(std::fopen(path.c_str(), "rbe"));
    if (!file) cannot_read(path, "无法打开文件，请检查读取权限", "the file cannot be opened; look at its permissions", problems);
    return file;
}

// The error code of an iteration that a folder in between could not be entered ends the walk; it is told, not thrown. Links to
// folders are not followed; what is called a policy and is no file is told when it is read.
std::vector<std::string> policies_in(const std::string& folder, std::vector<Problem>& problems) {
    std::vector<std::string> files;
    std::error_code error;
    std::size_t seen = 0;
    auto entry = fs::recursive_directory_iterator(folder, error);
    for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (++seen > most_entries) {
            const std::string most = std::to_string(most_entries);
            cannot_read(folder, "文件夹及其下级中的文件多于" + most + "个，不像是规则文件夹", "there are more than " + most + " files in this folder and those in it, which is no folder of rules", problems);
            return {};
        }
        std::error_code ignored;
        const bool is_folder = fs::is_directory(entry->symlink_status(ignored));
        if (entry->path().extension() == ".policy" && !is_folder) files.push_back(entry->path().generic_string());
    }
    if (error) cannot_read(folder, "无法读取文件夹：" + error.message(), "the folder cannot be read: " + error.message(), problems);
    std::sort(files.begin(), files.end());
    return files;
}

fs::path program_folder() {
    std::error_code error;
    const fs::path program = fs::read_symlink("/proc/self/exe", error);
    return error ? fs::path() : program.parent_path();
}

}  // namespace

File open_to_read_again(const std::string& path, std::vector<Problem>& problems) {
    File file = open_file(path, problems);
    std::error_code error;
    if (!file || (path != "-" && fs::is_regular_file(path, error))) return file;
    File copy(std::tmpfile());
    std::string piece(std::size_t{1} << 16, '\0');
    bool good = copy != nullptr;
    for (std::size_t got = 0; good && (got = std::fread(piece.data(), 1, piece.size(), file.get())) > 0;) good = std::fwrite(piece.data(), 1, got, copy.get()) == got;
    if (good && std::fflush(copy.get()) == 0 && std::ferror(file.get()) == 0) return copy;
    cannot_read(path, problems);
    return nullptr;
}

bool can_be_read_again(const std::string& path) {
    std::error_code error;
    const fs::file_type type = fs::status(path, error).type();
    return path != "-" && (type == fs::file_type::regular || type == fs::file_type::directory || type == fs::file_type::not_found);
}

std::vector<std::string> policy_files(const std::string& path, std::vector<Problem>& problems) {
    std::error_code error;
    if (!fs::is_directory(path, error)) return {path};
    const std::size_t before = problems.size();
    auto files = policies_in(path, problems);
    if (files.empty() && problems.size() == before) {
        cannot_read(path, "文件夹中没有.policy文件", "there is no .policy file in this folder", problems);
    }
    return files;
}

// Installed, the program lies in bin/ and what belongs to it in share/ beside that; in a build folder, further above.
std::string shipped_folder(const std::string& name) {
    constexpr int levels = 4;
    fs::path folder = program_folder();
    for (int level = 0; level < levels && !folder.empty(); ++level) {
        const fs::path shipped = folder / "share" / "eligo" / name;
        std::error_code error;
        if (fs::is_directory(shipped, error)) return fs::canonical(shipped, error).string();
        if (folder == folder.parent_path()) break;
        folder = folder.parent_path();
    }
    return {};
}

std::string default_rules_path() {
    if (const char* named = std::getenv("ELIGO_RULES"); named != nullptr && *named != '\0') return named;
    return shipped_folder("rules");
}

}  // namespace eligo::io
