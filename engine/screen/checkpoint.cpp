#include "checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "../io/output_file.hpp"

namespace eligo::screen {
namespace {

constexpr std::string_view title = "eligo screen checkpoint 1";

// FNV-1a: against a file that was cut or touched, not against anyone who means harm.
std::string checksum(std::string_view text) {
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return std::to_string(hash);
}

std::string one_line(std::string text) {
    for (char& c : text) {
        if (c == '\n' || c == '\r') c = ' ';
    }
    return text;
}

bool read_number(std::string_view text, std::uint64_t& number) {
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && rest == text.data() + text.size();
}

}  // namespace

std::string checkpoint_name(const std::string& output) { return output + ".resume"; }

std::string text_of(const Checkpoint& checkpoint) {
    std::string text(title);
    text += '\n';
    const auto line = [&text](std::string_view name, const std::string& value) { text += std::string(name) + "\t" + one_line(value) + "\n"; };
    for (const auto& [name, value] : checkpoint.same) line("same " + name, value);
    line("offset", std::to_string(checkpoint.position.offset));
    line("line", std::to_string(checkpoint.position.line));
    line("rows", std::to_string(checkpoint.position.rows));
    line("output", std::to_string(checkpoint.output_size));
    line("rejects", std::to_string(checkpoint.rejects_size));
    line("complete", checkpoint.complete ? "1" : "0");
    line("tally", checkpoint.tally);
    line("lists", checkpoint.lists);
    text += "sum\t" + checksum(text) + "\n";
    return text;
}

std::optional<Checkpoint> checkpoint_of(std::string_view text) {
    Checkpoint checkpoint;
    std::uint64_t complete = 0;
    for (std::size_t at = std::min(text.find('\n'), text.size() - 1) + 1; at < text.size();) {
        const std::size_t end = text.find('\n', at), tab = text.find('\t', at);
        if (end == std::string_view::npos || tab == std::string_view::npos || tab > end) return std::nullopt;
        const std::string_view name = text.substr(at, tab - at), value = text.substr(tab + 1, end - tab - 1);
        at = end + 1;
        bool right = true;
        if (name.starts_with("same ")) checkpoint.same.emplace_back(name.substr(5), value);
        else if (name == "offset") right = read_number(value, checkpoint.position.offset);
        else if (name == "line") right = read_number(value, checkpoint.position.line);
        else if (name == "rows") right = read_number(value, checkpoint.position.rows);
        else if (name == "output") right = read_number(value, checkpoint.output_size);
        else if (name == "rejects") right = read_number(value, checkpoint.rejects_size);
        else if (name == "complete") right = read_number(value, complete);
        else if (name == "tally") checkpoint.tally = value;
        else if (name == "lists") checkpoint.lists = value;
        if (!right) return std::nullopt;
    }
    checkpoint.complete = complete == 1;
    // A record is what would be written of it, to the last sign, and nothing else.
    if (text_of(checkpoint) != text) return std::nullopt;
    return checkpoint;
}

bool write_checkpoint(const std::string& path, const Checkpoint& checkpoint) { return io::replace_file(path, text_of(checkpoint)); }

std::optional<Checkpoint> read_checkpoint(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return std::nullopt;
    return checkpoint_of(std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
}

std::optional<std::string> changed_since(const Checkpoint& before, const Checkpoint& now) {
    for (const auto& wanted : now.same) {
        const auto found = std::find_if(before.same.begin(), before.same.end(), [&](const auto& each) { return each.first == wanted.first; });
        if (found == before.same.end() || found->second != one_line(wanted.second)) return wanted.first;
    }
    return std::nullopt;
}

}  // namespace eligo::screen
