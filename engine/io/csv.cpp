// CSV (RFC 4180): a header and one profile a row. Keys that name a year or an element grow into the objects and lists
// that JSON would have in their place.
#include "formats.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace eligo::io {
namespace {

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
        const std::size_t end = std::min(text_.find_first_of(",\r\n", at_), text_.size());
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

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

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

Node& member_of_kind(Node& object, const std::string& name, NodeKind kind, Place place) {
    const auto found = std::find_if(object.members.begin(), object.members.end(),
                                    [&](const Member& member) { return member.key == name && member.value.kind == kind; });
    if (found != object.members.end()) return found->value;
    Node node;
    node.kind = kind;
    node.place = place;
    object.members.push_back({name, place, std::move(node)});
    return object.members.back().value;
}

Node& element_of(Node& array, std::size_t number, Place place) {
    while (array.elements.size() <= number) {
        Node element;
        element.kind = NodeKind::Object;
        element.place = place;
        array.elements.push_back(std::move(element));
    }
    return array.elements[number];
}

Node scalar(const Cell& cell) {
    Node node;
    node.place = cell.place;
    node.text = trimmed(cell.text);
    node.kind = node.text.empty() ? NodeKind::Absent : node.text == "?" ? NodeKind::Null : NodeKind::Plain;
    return node;
}

// A leaf is always added, never replaced, so that a column given twice is seen by whoever reads the tree.
void insert(Node& root, const std::vector<KeyPart>& key, const Cell& cell) {
    Node* object = &root;
    for (std::size_t i = 0; i < key.size(); ++i) {
        const bool last = i + 1 == key.size();
        const KeyPart& part = key[i];
        if (part.element) {
            Node& array = member_of_kind(*object, part.name, NodeKind::Array, cell.place);
            object = &element_of(array, *part.element, cell.place);
            if (last) object->members.push_back({"", cell.place, scalar(cell)});
        } else if (last) {
            object->members.push_back({part.name, cell.place, scalar(cell)});
        } else {
            object = &member_of_kind(*object, part.name, NodeKind::Object, cell.place);
        }
    }
}

bool is_blank(const Record& record) { return record.cells.size() == 1 && trimmed(record.cells[0].text).empty() && !record.problem; }

class Table {
public:
    explicit Table(std::string_view text) : scanner_(text) {}

    Trees read() {
        header();
        while (trees_.problems.empty() && !scanner_.at_end()) {
            const Record record = scanner_.record();
            if (!is_blank(record)) rows_.push_back(record);
        }
        if (!trees_.problems.empty()) return std::move(trees_);
        if (rows_.empty()) trees_.problems.push_back(malformed({}, "标题行之后没有数据行", "no row follows the header"));
        for (const Record& record : rows_) row(record);
        return std::move(trees_);
    }

private:
    void header() {
        if (scanner_.at_end()) {
            trees_.problems.push_back(malformed({}, "输入是空的", "the input is empty"));
            return;
        }
        const Record record = scanner_.record();
        if (record.problem) trees_.problems.push_back(*record.problem);
        for (const Cell& cell : record.cells) {
            const std::string_view name = trimmed(cell.text);
            if (name.empty()) trees_.problems.push_back(malformed(cell.place, "标题行的这一列没有名称", "this column of the header has no name"));
            keys_.push_back(parse_key(name));
        }
    }

    void row(const Record& record) {
        if (record.problem) {
            trees_.problems.push_back(*record.problem);
            return;
        }
        if (record.cells.size() != keys_.size()) {
            trees_.problems.push_back(malformed(record.place, fmt::format("本行有{}格，标题行有{}列", record.cells.size(), keys_.size()),
                                                fmt::format("this row has {} cells, the header {} columns", record.cells.size(), keys_.size())));
            return;
        }
        Node root;
        root.kind = NodeKind::Object;
        root.place = record.place;
        for (std::size_t i = 0; i < keys_.size(); ++i) insert(root, keys_[i], record.cells[i]);
        trees_.roots.push_back(std::move(root));
    }

    Scanner scanner_;
    std::vector<std::vector<KeyPart>> keys_;
    std::vector<Record> rows_;
    Trees trees_;
};

}  // namespace

Trees read_csv(std::string_view text) {
    text = without_byte_order_mark(text);
    if (auto problems = utf8_problems(text); !problems.empty()) return {{}, std::move(problems)};
    return Table(text).read();
}

}  // namespace eligo::io
