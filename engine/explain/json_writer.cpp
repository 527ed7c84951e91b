// JSON's commas, indentation and escapes.
#include "json_writer.hpp"

#include <utility>

namespace eligo::explain {
void JsonWriter::new_line() {
    out_ += '\n';
    out_.append(2 * has_items_.size(), ' ');
}

void JsonWriter::next_item() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (has_items_.empty()) return;
    if (has_items_.back()) out_ += ',';
    has_items_.back() = true;
    new_line();
}

void JsonWriter::raw(std::string_view value) {
    next_item();
    out_ += value;
}

void JsonWriter::open(char bracket) {
    next_item();
    out_ += bracket;
    has_items_.push_back(false);
}

void JsonWriter::close(char bracket) {
    const bool had_items = has_items_.back();
    has_items_.pop_back();
    if (had_items) new_line();
    out_ += bracket;
}

void JsonWriter::key(std::string_view name) {
    next_item();
    out_ += json_string(name);
    out_ += ": ";
    after_key_ = true;
}

template <class Text>
std::string JsonWriter::one_line(std::span<const Text> values) {
    std::string line = "[";
    for (const Text& value : values) {
        if (line.size() > 1) line += ", ";
        line += json_string(value);
    }
    line += ']';
    return line;
}

void JsonWriter::texts(std::span<const std::string> values) { raw(one_line(values)); }
void JsonWriter::texts(std::span<const std::string_view> values) { raw(one_line(values)); }

void JsonWriter::text(std::string_view name, std::string_view value) {
    key(name);
    text(value);
}

void JsonWriter::boolean(std::string_view name, bool value) {
    key(name);
    boolean(value);
}

void JsonWriter::number(std::string_view name, std::int64_t value) {
    key(name);
    number(value);
}

void JsonWriter::digits(std::string_view name, std::string_view value) {
    key(name);
    raw(value);
}

void JsonWriter::texts(std::string_view name, std::span<const std::string> values) {
    key(name);
    texts(values);
}
void JsonWriter::texts(std::string_view name, std::span<const std::string_view> values) {
    key(name);
    texts(values);
}

std::string JsonWriter::take() {
    out_ += '\n';
    return std::exchange(out_, std::string());
}

}  // namespace eligo::explain
