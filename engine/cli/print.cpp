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

void print(std::string_view text) { write(stdout, text); }

void print_error(std::string_view text) {
    std::fflush(stdout);  // so that both streams keep their order on one terminal
    write(stderr, text);
}

void complain(std::string_view text) { print_error("eligo: " + std::string(text) + "\n"); }

bool is_terminal(Stream stream) { return isatty(stream == Stream::Output ? STDOUT_FILENO : STDERR_FILENO) == 1; }

bool finish_output() {
    errno = 0;
    if (std::fflush(stdout) != 0 && errno != EPIPE) output_failed = true;
    return !output_failed;
}

}  // namespace eligo::cli
