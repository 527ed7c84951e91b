#include "checkpoint.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iterator>

#include "../io/checksum.hpp"

namespace eligo::screen {
namespace {

const std::string title = std::string(checkpoint_title) + " 2";

std::string sum_of(std::string_view text) {
    io::Checksum sum;
    sum.add(text);
    return std::to_string(sum.value());
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

std::string text_of(const Checkpoint& checkpoint) {
    std::string text = title;
    text += '\n';
    const auto line = [&text](std::string_view name, const std::string& value) { text += std::string(name) + "\t" + one_line(value) + "\n"; };
    for (const auto& [name, value] : checkpoint.same) line("same " + name, value);
    line("offset", std::to_string(checkpoint.position.offset));
    line("line", std::to_string(checkpoint.position.line));
    line("rows", std::to_string(checkpoint.position.rows));
    line("output", std::to_string(checkpoint.output_size));
    line("rejects", std::to_string(checkpoint.rejects_size));
    line("output sum", std::to_string(checkpoint.output_sum));
    line("rejects sum", std::to_string(checkpoint.rejects_sum));
    line("made", checkpoint.made);
    line("complete", checkpoint.complete ? "1" : "0");
    line("tally", checkpoint.tally);
    line("lists", checkpoint.lists);
    text += "sum\t" + sum_of(text) + "\n";
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
        else if (name == "output sum") right = read_number(value, checkpoint.output_sum);
        else if (name == "rejects sum") right = read_number(value, checkpoint.rejects_sum);
        else if (name == "made") checkpoint.made = value;
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

std::optional<Checkpoint> read_checkpoint(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) return std::nullopt;
    return checkpoint_of(std::string{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
}

std::optional<std::string> changed_since(const Checkpoint& before, const Checkpoint& now) {
    const auto missing_in = [](const Checkpoint& one, const Checkpoint& other) -> std::optional<std::string> {
        for (const auto& [name, value] : other.same) {
            const auto found = std::find_if(one.same.begin(), one.same.end(), [&name = name](const auto& each) { return each.first == name; });
            if (found == one.same.end() || one_line(found->second) != one_line(value)) return name;
        }
        return std::nullopt;
    };
    // Both ways: an option that is not given any more has changed as well.
    const auto changed = missing_in(before, now);
    return changed ? changed : missing_in(now, before);
}

}  // namespace eligo::screen
