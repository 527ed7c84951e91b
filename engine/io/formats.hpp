// The formats of a profile: text -> trees. Each has a file of its own.
#pragma once

#include <cstddef>
#include <functional>
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

// Bounds of one profile: bytes of JSON, and objects, lists and values in any format.
inline constexpr std::size_t longest_profile = std::size_t{4} << 20;
inline constexpr std::size_t most_values_of_profile = 250'000;

// Bytes of an input, at most so many; 0 at its end.
using ReadBytes = std::function<std::size_t(char* into, std::size_t size)>;
// Takes the tree of one profile after another, in their order; false ends the reading.
using TakeTree = std::function<bool(Node&& root)>;

// An object, or an array of objects, in memory; of at most so many objects, lists and values in all. `begin`: where the text stands.
[[nodiscard]] Trees read_json(std::string_view text, std::size_t most_values, Place begin = {1, 1});
// The same from an input however long, one element of the array after another. What is wrong comes back; it ends the reading.
[[nodiscard]] std::vector<Problem> each_json(const ReadBytes& read, const TakeTree& take);
// Whether a token is a number as JSON writes it.
[[nodiscard]] bool is_json_number(std::string_view token);
// A mapping, a sequence of them, or several documents. Scalars stay as they were written.
[[nodiscard]] std::vector<Problem> each_yaml(std::string_view text, const TakeTree& take);
// A header and one profile a row (RFC 4180). An empty cell is absent and `?` unknown; `revenue.2015` is a year of a
// yearly fact, `claims[0].paid_in` a fact of an element.
[[nodiscard]] std::vector<Problem> each_csv(std::string_view text, const TakeTree& take);

// Places of bytes of a text. Asked for one after another from front to back, the text is walked once.
class PlaceFinder {
public:
    explicit PlaceFinder(std::string_view text, Place begin = {1, 1}) : text_(text), begin_(begin), place_(begin) {}
    [[nodiscard]] Place place(std::size_t offset);

private:
    std::string_view text_;
    std::size_t offset_ = 0;
    Place begin_, place_;
};
// How bytes begin, at a length that a person reads, with a sign in place of each that is no UTF-8.
[[nodiscard]] std::string as_text(std::string_view bytes);
// Of a text that begins with a byte order mark, what follows it.
[[nodiscard]] std::string_view without_byte_order_mark(std::string_view text);
// Where the text stops being UTF-8, as a problem; none when all of it is.
[[nodiscard]] std::vector<Problem> utf8_problems(std::string_view text, Place begin = {1, 1});
[[nodiscard]] Problem malformed(Place place, std::string chinese, std::string english);

}  // namespace eligo::io
