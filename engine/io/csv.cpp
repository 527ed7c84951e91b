// CSV (RFC 4180): a header and one profile a row. Keys that name a year or an element grow into the objects and lists
// that JSON would have in their place.
#include "formats.hpp"

#include "../vm/spelling.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace eligo::io {
namespace {

// Deeper than any profile by far, and shallow enough for the stack.
constexpr std::ptrdiff_t deepest = 64;

struct Cell {
    std::string text;
    Place place;
};

struct Record {
    std::vector<Cell> cells;
    Place place;
    std::optional<Problem> problem;
};

class Scanner {
public:
    explicit Scanner(std::string_view text) : text_(text), places_(text) {}

    bool at_end() const { return at_ >= text_.size(); }

    Record record() {
        Record record;
        record.place = places_.place(at_);
        while (true) {
            record.cells.push_back(cell(record));
            if (at_end()) return record;
            if (text_[at_] != ',') break;
            ++at_;
        }
        line_end();
        return record;
    }

private:
    bool at_line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

    void line_end() {
        if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') ++at_;
        ++at_;
    }

    Cell cell(Record& record) {
        Cell cell{{}, places_.place(at_)};
        if (!at_end() && text_[at_] == '"') {
            quoted(cell, record);
        } else {
            plain(cell);
        }
        return cell;
    }

    void plain(Cell& cell) {
        std::size_t end = at_;
        while (end < text_.size() && text_[end] != ',' && text_[end] != '\r' && text_[end] != '\n') ++end;
        cell.text = text_.substr(at_, end - at_);
        at_ = end;
    }

    void quoted(Cell& cell, Record& record) {
        ++at_;
        while (true) {
            const std::size_t quote = text_.find('"', at_);
            if (quote == std::string_view::npos) {
                record.problem = malformed(cell.place, "引号没有配对", "this quote is not closed");
                at_ = text_.size();
                return;
            }
            cell.text += text_.substr(at_, quote - at_);
            at_ = quote + 1;
            if (at_end() || text_[at_] != '"') break;
            cell.text += '"';
            ++at_;
        }
        if (at_end() || text_[at_] == ',' || at_line_end()) return;
        record.problem = malformed(places_.place(at_), "引号之后应为逗号或换行", "a comma or the end of the line was expected after the quote");
        Cell rest;
        plain(rest);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    PlaceFinder places_;
};

struct KeyPart {
    std::string name;
    std::optional<std::size_t> element;
};

// Of "claims[0]"; anything else that holds brackets stays one name, which no fact has.
KeyPart parse_part(std::string_view text) {
    const std::size_t bracket = text.find('[');
    if (bracket == std::string_view::npos || !text.ends_with(']')) return {std::string(text), {}};
    const std::string_view digits = text.substr(bracket + 1, text.size() - bracket - 2);
    const bool number = !digits.empty() && digits.size() <= 4 && digits.find_first_not_of("0123456789") == std::string_view::npos;
    if (!number) return {std::string(text), {}};
    return {std::string(text.substr(0, bracket)), std::stoul(std::string(digits))};
}

std::vector<KeyPart> parse_key(std::string_view key) {
    std::vector<KeyPart> parts;
    while (true) {
        const std::size_t dot = key.find('.');
        parts.push_back(parse_part(key.substr(0, dot)));
        if (dot == std::string_view::npos) return parts;
        key.remove_prefix(dot + 1);
    }
}

Node scalar(const Cell& cell) {
    Node node;
    node.place = cell.place;
    node.text = vm::trimmed(cell.text);
    node.kind = node.text.empty() ? NodeKind::Absent : node.text == "?" ? NodeKind::Null : NodeKind::Plain;
    return node;
}

// Where the cells of a row belong in its tree. Worked out once from the header, since a search in every row would take
// the square of the columns.
class Shape {
public:
    Shape() { blank_.kind = NodeKind::Object; }

    // An element may be the next one of its list, no later: a far one would make all those before it, in every row.
    [[nodiscard]] std::optional<Problem> add(std::string_view name, Place place) {
        Path path;
        std::size_t above = 0;  // the container that the path leads to
        if (std::count(name.begin(), name.end(), '.') >= deepest) return malformed(place, "嵌套过深", "this is nested too deeply");
        const std::vector<KeyPart> key = parse_key(name);
        for (std::size_t i = 0; i < key.size(); ++i) {
            const bool last = i + 1 == key.size();
            const KeyPart& part = key[i];
            if (part.element) {
                above = container(path, above, part.name, NodeKind::Array);
                Node& array = at(blank_, path);
                if (*part.element > array.elements.size()) return gap(name, array.elements.size(), place);
                above = element(path, above, array, *part.element);
                if (last) leaf(path, "");
            } else if (last) {
                leaf(path, part.name);
            } else {
                above = container(path, above, part.name, NodeKind::Object);
            }
        }
        paths_.push_back(std::move(path));
        return std::nullopt;
    }

    [[nodiscard]] std::size_t columns() const { return paths_.size(); }

    [[nodiscard]] Node fill(const Record& record) const {
        Node root = blank_;
        root.place = record.place;
        for (std::size_t i = 0; i < paths_.size(); ++i) put(root, paths_[i], record.cells[i]);
        return root;
    }

private:
    using Path = std::vector<std::size_t>;  // of members and elements, from the root

    static Node& step(Node& node, std::size_t number) {
        return node.kind == NodeKind::Array ? node.elements[number] : node.members[number].value;
    }
    static Node& at(Node& root, const Path& path) {
        Node* node = &root;
        for (const std::size_t number : path) node = &step(*node, number);
        return *node;
    }

    // The container of a name below another, as its number; made when it is not there yet.
    std::size_t container(Path& path, std::size_t above, const std::string& name, NodeKind kind) {
        const auto [known, added] = containers_.try_emplace(std::to_string(above) + (kind == NodeKind::Array ? "[" : ".") + name);
        if (added) {
            Node& object = at(blank_, path);
            known->second = {containers_.size(), object.members.size()};
            object.members.emplace_back().key = name;
            object.members.back().value.kind = kind;
        }
        path.push_back(known->second.place);
        return known->second.number;
    }

    std::size_t element(Path& path, std::size_t above, Node& array, std::size_t number) {
        const auto [known, added] = containers_.try_emplace(std::to_string(above) + "#" + std::to_string(number));
        if (added) {
            known->second = {containers_.size(), number};
            array.elements.emplace_back().kind = NodeKind::Object;
        }
        path.push_back(number);
        return known->second.number;
    }

    // Always a new one, so that a column given twice is seen by whoever reads the tree.
    void leaf(Path& path, const std::string& name) {
        Node& object = at(blank_, path);
        path.push_back(object.members.size());
        object.members.emplace_back().key = name;
    }

    // Whatever lies above the cell and has no place yet begins with it.
    static void put(Node& root, const Path& path, const Cell& cell) {
        Node* node = &root;
        for (const std::size_t number : path) {
            if (node->kind == NodeKind::Object && node->members[number].place.line == 0) node->members[number].place = cell.place;
            node = &step(*node, number);
            if (node->place.line == 0) node->place = cell.place;
        }
        *node = scalar(cell);
    }

    static Problem gap(std::string_view name, std::size_t next, Place place) {
        const std::string column = clipped(name), expected = std::to_string(next);
        return malformed(place, "“" + column + "”之前应先有第" + expected + "号元素的列", "\"" + column + "\" comes before any column of element " + expected);
    }

    Node blank_;  // a row without its cells
    std::vector<Path> paths_;
    struct Container {
        std::size_t number = 0;  // from 1; 0 is the row itself
        std::size_t place = 0;   // in the container above
    };
    std::unordered_map<std::string, Container> containers_;  // by the number above, and a name or an element
};

bool is_blank(const Record& record) { return record.cells.size() == 1 && vm::trimmed(record.cells[0].text).empty() && !record.problem; }

class Table {
public:
    Table(std::string_view text, const TakeTree& take) : scanner_(text), take_(take) {}

    std::vector<Problem> each() {
        header();
        if (!problems_.empty()) return std::move(problems_);
        bool empty = true, wanted = true;
        while (wanted && !scanner_.at_end() && problems_.size() < most_problems) {
            const Record record = scanner_.record();
            if (is_blank(record)) continue;
            wanted = row(record);
            empty = false;
        }
        if (empty) problems_.push_back(malformed({}, "标题行之后没有数据行", "no row follows the header"));
        return std::move(problems_);
    }

private:
    void header() {
        if (scanner_.at_end()) {
            problems_.push_back(malformed({}, "输入是空的", "the input is empty"));
            return;
        }
        const Record record = scanner_.record();
        if (record.problem) problems_.push_back(*record.problem);
        for (const Cell& cell : record.cells) {
            if (problems_.size() >= most_problems) return;
            const std::string_view name = vm::trimmed(cell.text);
            if (name.empty()) problems_.push_back(malformed(cell.place, "标题行的这一列没有名称", "this column of the header has no name"));
            else if (const auto problem = shape_.add(name, cell.place)) problems_.push_back(*problem);
        }
    }

    // False: no further one is wanted.
    bool row(const Record& record) {
        if (record.problem) {
            problems_.push_back(*record.problem);
            return true;
        }
        if (record.cells.size() == shape_.columns()) return take_(shape_.fill(record));
        problems_.push_back(malformed(record.place, fmt::format("本行有{}格，标题行有{}列", record.cells.size(), shape_.columns()),
                                      fmt::format("this row has {} cells, the header {} columns", record.cells.size(), shape_.columns())));
        return true;
    }

    Scanner scanner_;
    const TakeTree& take_;
    Shape shape_;
    std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> each_csv(std::string_view text, const TakeTree& take) {
    text = without_byte_order_mark(text);
    if (auto problems = utf8_problems(text); !problems.empty()) return problems;
    return Table(text, take).each();
}

}  // namespace eligo::io
