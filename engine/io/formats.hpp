// The formats of a profile: text -> trees. Each has a file of its own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "problem.hpp"
#include "tree.hpp"

namespace eligo::io {

// What could be read, and what is wrong with the rest. A problem names no file: the caller knows it.
struct Trees {
    std::vector<Node> roots;  // one a profile
    std::vector<Problem> problems;
};

// An object, or an array of objects.
[[nodiscard]] Trees read_json(std::string_view text);
// Whether a token is a number as JSON writes it.
[[nodiscard]] bool is_json_number(std::string_view token);
// A mapping, a sequence of them, or several documents. Scalars stay as they were written.
[[nodiscard]] Trees read_yaml(std::string_view text);
// A header and one profile a row (RFC 4180). An empty cell is absent and `?` unknown; `revenue.2015` is a year of a
// yearly fact, `claims[0].paid_in` a fact of an element.
[[nodiscard]] Trees read_csv(std::string_view text);

// Places of bytes of a text. Asked for one after another from front to back, the text is walked once.
class PlaceFinder {
public:
    explicit PlaceFinder(std::string_view text) : text_(text) {}
    [[nodiscard]] Place place(std::size_t offset);

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    Place place_{1, 1};
};
// Of a text that begins with a byte order mark, what follows it.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);
// Where the text stops being UTF-8, as a problem; none when all of it is.
[[nodiscard]] std::vector<Problem> utf8_problems(std::string_view text);
[[nodiscard]] Problem malformed(Place place, std::string chinese, std::string english);

}  // namespace eligo::io
