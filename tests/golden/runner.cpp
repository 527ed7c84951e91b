// Runs the folders of examples: every command-line case by the built program, every .policy by its pass, and compares
// with the expectation beside it. `golden_tests --update` rewrites the expectations; whether the new ones are right is
// then the question to ask of the diff.
//
//   cli/CASE/       args (one argument a line; `&&` begins a further command), stdin and other files where there are any;
//                   output, err and exit are the expectation. cli/shared is what several cases use.
//   PASS/good/      NAME.policy, and beside it what the pass makes of it: .ast, .model or .asm
//   PASS/bad/       NAME.policy, and beside it what is said about it in English (.diag) and Chinese (.zh.diag)
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "bytecode/image.hpp"
#include "codegen/generate.hpp"
#include "sema/check.hpp"
#include "syntax/parse.hpp"
#include "text/diagnostic.hpp"

namespace {

namespace fs = std::filesystem;
using eligo::text::Language;

bool update = false;

std::string read(const fs::path& path) {
    std::ifstream stream(path, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void expect_file(const fs::path& path, const std::string& actual) {
    if (update) {
        std::ofstream(path, std::ios::binary) << actual;
        return;
    }
    ASSERT_TRUE(fs::exists(path)) << path << " is not there; `golden_tests --update` writes it";
    EXPECT_EQ(read(path), actual) << path;
}

std::vector<fs::path> entries(const fs::path& folder) {
    std::vector<fs::path> paths;
    if (!fs::exists(folder)) return paths;
    for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
    std::sort(paths.begin(), paths.end());
    return paths;
}

// ---- the command line

struct Ran {
    int exit = 0;
    std::string output, errors;
};

void become(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& input, const fs::path& output, const fs::path& errors) {
    const int in = open(input.c_str(), O_RDONLY), out = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600),
              err = open(errors.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (in < 0 || out < 0 || err < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0 || chdir(folder.c_str()) != 0) _exit(126);
    for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG", "ELIGO_RULES", "NO_COLOR"}) unsetenv(name);
    setenv("TZ", "UTC", 1);
    std::vector<char*> raw{const_cast<char*>("eligo")};
    for (const std::string& argument : arguments) raw.push_back(const_cast<char*>(argument.c_str()));
    raw.push_back(nullptr);
    execv(ELIGO_PROGRAM, raw.data());
    _exit(127);
}

Ran run_program(const std::vector<std::string>& arguments, const fs::path& folder, const fs::path& input, const fs::path& scratch) {
    const fs::path output = scratch / "output", errors = scratch / "errors";
    const pid_t child = fork();
    if (child == 0) become(arguments, folder, input, output, errors);
    int status = 0;
    EXPECT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(output), read(errors)};
}

// The length of a pack says nothing about the command line and changes with every improvement of the compiler; so do
// times.
std::string without_sizes(const std::string& text) {
    static const std::regex size("[0-9]+( bytes| 字节)"), time_in_english("\\([0-9.]+ s, [0-9,]+ rows/s\\)"), time_in_chinese("（[0-9.]+秒，每秒 [0-9,]+ 行）");
    return std::regex_replace(std::regex_replace(std::regex_replace(text, size, "N$1"), time_in_english, "(N s, N rows/s)"), time_in_chinese, "（N秒，每秒 N 行）");
}

// One argument a line; a line `&&` begins the next command, which runs if the one before ended well.
std::vector<std::vector<std::string>> read_commands(const fs::path& path) {
    std::vector<std::vector<std::string>> commands(1);
    std::istringstream lines(read(path));
    for (std::string line; std::getline(lines, line);) {
        if (line == "&&") {
            commands.emplace_back();
        } else {
            commands.back().push_back(line);
        }
    }
    return commands;
}

// Works on a copy of the folder, so that what a command writes stays out of the sources; what several cases need stands
// in cli/shared, and beside the copy as well.
void run_command_line_case(const fs::path& folder) {
    const fs::path scratch = fs::temp_directory_path() / ("eligo_golden_" + std::to_string(getpid())) / folder.filename();
    fs::remove_all(scratch);
    fs::create_directories(scratch);
    fs::copy(folder, scratch / "case", fs::copy_options::recursive);
    fs::copy(folder.parent_path() / "shared", scratch / "shared", fs::copy_options::recursive);
    const fs::path input = fs::exists(folder / "stdin") ? folder / "stdin" : fs::path("/dev/null");
    Ran all;
    for (const auto& arguments : read_commands(folder / "args")) {
        const Ran one = run_program(arguments, scratch / "case", input, scratch);
        all.exit = one.exit;
        all.output += one.output;
        all.errors += one.errors;
        if (one.exit != 0) break;
    }
    fs::remove_all(scratch.parent_path());
    expect_file(folder / "output", without_sizes(all.output));
    expect_file(folder / "err", without_sizes(all.errors));
    expect_file(folder / "exit", std::to_string(all.exit) + "\n");
}

// ---- the passes

struct Compiled {
    eligo::text::SourceSet sources;
    eligo::text::Sink sink;
    std::string printed;  // empty when an earlier pass found an error
};

enum class Pass { Syntax, Sema, Bytecode };

Compiled compile(const fs::path& path, Pass pass) {
    Compiled result;
    const auto file = result.sources.add(path.filename().string(), read(path));
    std::vector<eligo::syntax::File> files{eligo::syntax::parse(result.sources, file, result.sink)};
    if (pass == Pass::Syntax) result.printed = eligo::syntax::print(files.front());
    if (pass == Pass::Syntax || result.sink.has_errors()) return result;
    const eligo::sema::Model model = eligo::sema::check(files, result.sources, result.sink);
    if (pass == Pass::Sema) result.printed = eligo::sema::print(model);
    if (pass == Pass::Sema || result.sink.has_errors()) return result;
    const auto pack = eligo::codegen::generate(model, result.sources, result.sink);
    if (pack) result.printed = eligo::bytecode::disassemble(*pack);
    return result;
}

std::string diagnostics(const Compiled& compiled, Language language) {
    std::string text;
    for (const eligo::text::Diagnostic& each : compiled.sink.sorted()) {
        if (!text.empty()) text += '\n';
        text += eligo::text::render_text(compiled.sources, each, language, eligo::text::Color::Off).text();
    }
    return text;
}

fs::path beside(fs::path path, const std::string& ending) { return path.replace_extension(ending); }

void run_good_case(const fs::path& path, Pass pass, const std::string& ending) {
    const Compiled compiled = compile(path, pass);
    ASSERT_EQ(diagnostics(compiled, Language::English), "") << path;
    expect_file(beside(path, ending), compiled.printed);
}

void run_bad_case(const fs::path& path, Pass pass) {
    const Compiled compiled = compile(path, pass);
    ASSERT_FALSE(compiled.sink.sorted().empty()) << path << " is found to be right";
    expect_file(beside(path, ".diag"), diagnostics(compiled, Language::English));
    expect_file(beside(path, ".zh.diag"), diagnostics(compiled, Language::Chinese));
}

// ---- all of them as tests

class Golden : public testing::Test {
public:
    explicit Golden(std::function<void()> body) : body_(std::move(body)) {}
    void TestBody() override { body_(); }

private:
    std::function<void()> body_;
};

void add(const std::string& suite, const std::string& name, const std::function<void()>& body) {
    testing::RegisterTest(suite.c_str(), name.c_str(), nullptr, nullptr, __FILE__, __LINE__, [body]() -> Golden* { return new Golden(body); });
}

void add_pass(const fs::path& root, const std::string& folder, Pass pass, const std::string& ending) {
    for (const fs::path& path : entries(root / folder / "good")) {
        if (path.extension() == ".policy") add("golden_" + folder + "_good", path.stem().string(), [=] { run_good_case(path, pass, ending); });
    }
    for (const fs::path& path : entries(root / folder / "bad")) {
        if (path.extension() == ".policy") add("golden_" + folder + "_bad", path.stem().string(), [=] { run_bad_case(path, pass); });
    }
}

void add_all(const fs::path& root) {
    for (const fs::path& folder : entries(root / "cli")) {
        if (fs::exists(folder / "args")) add("golden_cli", folder.filename().string(), [=] { run_command_line_case(folder); });
    }
    add_pass(root, "syntax", Pass::Syntax, ".ast");
    add_pass(root, "sema", Pass::Sema, ".model");
    add_pass(root, "bytecode", Pass::Bytecode, ".asm");
    // What code generation refuses; what it makes of right sources is under bytecode.
    add_pass(root, "codegen", Pass::Bytecode, ".asm");
}

}  // namespace

int main(int count, char** arguments) {
    testing::InitGoogleTest(&count, arguments);
    for (int i = 1; i < count; ++i) update = update || std::string_view(arguments[i]) == "--update";
    add_all(fs::path(ELIGO_SOURCE_DIR) / "tests" / "golden");
    return RUN_ALL_TESTS();
}
