// What stands in an input, whatever its format: objects, lists and scalars as they were written, with their places. The
// formats are read into this, and profile.cpp alone knows what the keys mean. A number keeps its digits: nothing here
// turns it into anything else.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace eligo::io {

// Line and column from 1, the column in characters; line 0: not known.
struct Place {
    std::uint32_t line = 0, column = 0;
};

enum class NodeKind : std::uint8_t {
    Absent,  // an empty cell of CSV: its key is there, but nothing is said of the fact
    Null,    // given as unknown
    Bool,    // true, false
    Number,  // digits without quotes, in JSON
    Text,    // in quotes
    Plain,   // without quotes, of any type: CSV, YAML
    Wrong,   // a cell of a table that is not what it claims to be
    Object,
    Array,
};

struct Member;

struct Node {
    NodeKind kind = NodeKind::Null;
    std::string text;             // of scalars
    std::vector<Member> members;  // of objects, in the order of the input; a key may occur twice
    std::vector<Node> elements;   // of arrays
    Place place;
};

struct Member {
    std::string key;
    Place place;
    Node value;
};

}  // namespace eligo::io
