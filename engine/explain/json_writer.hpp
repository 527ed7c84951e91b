// Writes JSON: commas, indentation and escapes, nothing else. The caller keeps the order of keys and values.
// Tested by explain_test.cpp.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../value/json_string.hpp"

namespace eligo::explain {

using value::json_string;

class JsonWriter {
public:
    void begin_object() { open('{'); }
    void end_object() { close('}'); }
    void begin_array() { open('['); }
    void end_array() { close(']'); }
    void key(std::string_view name);
    void text(std::string_view value) { raw(json_string(value)); }
    void boolean(bool value) { raw(value ? "true" : "false"); }
    void null() { raw("null"); }
    // For counts and line numbers; amounts are texts.
    void number(std::int64_t value) { raw(std::to_string(value)); }
    // An array of texts, on one line.
    void texts(std::span<const std::string> values);
    void texts(std::span<const std::string_view> values);

    void text(std::string_view name, std::string_view value);
    void boolean(std::string_view name, bool value);
    void number(std::string_view name, std::int64_t value);
    // A number that is written in plain decimal notation already, however many digits it has.
    void digits(std::string_view name, std::string_view value);
    void texts(std::string_view name, std::span<const std::string> values);
    void texts(std::string_view name, std::span<const std::string_view> values);

    // What was written so far, which is then forgotten: it goes on behind that.
    [[nodiscard]] std::string so_far() { return std::exchange(out_, std::string()); }
    // What was written, closed by a line end.
    [[nodiscard]] std::string take();

private:
    template <class Text>
    [[nodiscard]] static std::string one_line(std::span<const Text> values);
    void raw(std::string_view value);
    void open(char bracket);
    void close(char bracket);
    void next_item();
    void new_line();

    std::string out_;
    std::vector<bool> has_items_;  // one an open bracket
    bool after_key_ = false;
};

}  // namespace eligo::explain
