// Writing to the two streams.
#include "print.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace eligo::cli {
namespace {

bool output_failed = false;

void write(std::FILE* stream, std::string_view text) {
    if (text.empty()) return;
    errno = 0;
    const bool complete = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
    if (!complete && stream == stdout && errno != EPIPE) output_failed = true;
}

}  // namespace

void print(const VisibleText& lines) { write(stdout, lines.text()); }

void print_error(const VisibleText& lines) {
    std::fflush(stdout);  // so that both streams keep their order on one terminal
    write(stderr, lines.text());
}

void print_line(const VisibleText& line) { print(VisibleText(line).end_line()); }
void print_error_line(const VisibleText& line) { print_error(VisibleText(line).end_line()); }
void complain(const VisibleText& line) { print_error_line("eligo: " + line); }

void print_problem(const Settings& settings, const io::Problem& problem) {
    print_error_line(settings.json ? io::to_json(problem, settings.language) : io::say(problem, settings.language));
}

bool is_terminal(Stream stream) { return isatty(stream == Stream::Output ? STDOUT_FILENO : STDERR_FILENO) == 1; }

bool finish_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 && errno != EPIPE) output_failed = true;
    return !output_failed;
}

}  // namespace eligo::cli
