// JSON by simdjson. Numbers are taken as the token that was written and never become a double.
#include "formats.hpp"

#include <simdjson.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

namespace eligo::io {
namespace {

namespace ondemand = simdjson::ondemand;

// Deeper than any profile by far, and shallow enough for the stack.
constexpr int deepest = 64;

std::string_view trimmed(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

// simdjson looks at a number only when asked for its value, which is what must not happen here.
class NumberGrammar {
public:
    explicit NumberGrammar(std::string_view text) : text_(text) {}
    bool holds() {
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return false;
        }
        return text_.empty();
    }

private:
    bool take(char wanted) {
        if (!text_.starts_with(wanted)) return false;
        text_.remove_prefix(1);
        return true;
    }
    bool digits() {
        std::size_t count = 0;
        while (count < text_.size() && text_[count] >= '0' && text_[count] <= '9') ++count;
        text_.remove_prefix(count);
        return count > 0;
    }
    std::string_view text_;
};

struct Words {
    const char* chinese;
    const char* english;
};

Words words_of(simdjson::error_code code) {
    switch (code) {
        case simdjson::EMPTY: return {"输入是空的", "the input is empty"};
        case simdjson::UNCLOSED_STRING: return {"不是有效的JSON：引号没有配对", "this is not JSON: a quote is not closed"};
        case simdjson::STRING_ERROR: return {"不是有效的JSON：引号内的转义有误", "this is not JSON: an escape in this text is wrong"};
        case simdjson::UNESCAPED_CHARS: return {"不是有效的JSON：引号内有换行或控制字符", "this is not JSON: a text holds a line end or a control character"};
        case simdjson::INCOMPLETE_ARRAY_OR_OBJECT: return {"不是有效的JSON：括号没有配对", "this is not JSON: a bracket is not closed"};
        case simdjson::CAPACITY: return {"输入过大", "the input is too large"};
        default: return {"不是有效的JSON：此处或紧接之前少了或多了逗号、冒号、引号或括号",
                         "this is not JSON: a comma, colon, quote or bracket is missing or superfluous here or just before"};
    }
}

// The opening quote that no other closes.
std::size_t unclosed_quote(std::string_view text) {
    std::size_t open = std::string_view::npos;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && open != std::string_view::npos) {
            ++at;
        } else if (text[at] == '"') {
            open = open == std::string_view::npos ? at : std::string_view::npos;
        }
    }
    return open;
}

class Reader {
public:
    Reader(std::string_view text, std::size_t most_values, Place begin) : text_(text), padded_(text), places_(text, begin), values_left_(most_values) {}

    Trees read() {
        ondemand::parser parser;
        ondemand::document document;
        if (const auto error = parser.iterate(padded_).get(document)) {
            refuse_all(error);
            return std::move(trees_);
        }
        document_ = &document;
        root(document);
        if (!trees_.problems.empty()) trees_.roots.clear();
        return std::move(trees_);
    }

private:
    void refuse_all(simdjson::error_code error) {
        const Words words = words_of(error);
        Place place;
        if (error == simdjson::UNCLOSED_STRING) place = places_.place(unclosed_quote(text_));
        trees_.problems.push_back(malformed(place, words.chinese, words.english));
    }

    void refuse(simdjson::error_code error) {
        if (!trees_.problems.empty()) return;
        const char* location = nullptr;
        if (document_->current_location().get(location)) location = padded_.data() + text_.size();
        refuse_at(location, words_of(error));
    }

    void refuse_at(const char* location, Words words) {
        if (!trees_.problems.empty()) return;
        trees_.problems.push_back(malformed(place(location), words.chinese, words.english));
    }

    Place place(const char* location) { return places_.place(static_cast<std::size_t>(location - padded_.data())); }

    void root(ondemand::document& document) {
        ondemand::json_type type{};
        if (const auto error = document.type().get(type)) return refuse(error);
        if (type != ondemand::json_type::object && type != ondemand::json_type::array) {
            return refuse_at(padded_.data(), {"应为一个JSON对象：{ \"事实\": 值, … }", "expected a JSON object: { \"fact\": value, … }"});
        }
        ondemand::value value;
        if (const auto error = document.get_value().get(value)) return refuse(error);
        auto node = read(value, 0);
        if (!node) return;
        const char* rest = nullptr;
        if (document.current_location().get(rest) != simdjson::OUT_OF_BOUNDS) {
            return refuse_at(rest, {"JSON在此之前已经结束，其后还有内容", "the JSON ends before this, but more follows"});
        }
        if (node->kind == NodeKind::Object) {
            trees_.roots.push_back(std::move(*node));
        } else {
            trees_.roots = std::move(node->elements);
        }
    }

    std::optional<Node> read(ondemand::value& value, int depth) {
        Node node;
        node.place = place(value.raw_json_token().data());
        if (depth > deepest) {
            refuse_at(value.raw_json_token().data(), {"嵌套过深", "this is nested too deeply"});
            return std::nullopt;
        }
        if (values_left_ == 0) {
            refuse_at(value.raw_json_token().data(), {"内容过多：对象、列表和值的总数超过上限", "this holds more objects, lists and values than a profile may have"});
            return std::nullopt;
        }
        --values_left_;
        ondemand::json_type type{};
        if (const auto error = value.type().get(type)) {
            refuse(error);
            return std::nullopt;
        }
        switch (type) {
            case ondemand::json_type::object: object(value, node, depth); break;
            case ondemand::json_type::array: array(value, node, depth); break;
            case ondemand::json_type::string: string(value, node); break;
            case ondemand::json_type::number:
            case ondemand::json_type::boolean:
            case ondemand::json_type::null: token(value, node, type); break;
        }
        if (!trees_.problems.empty()) return std::nullopt;
        return node;
    }

    void object(ondemand::value& value, Node& node, int depth) {
        node.kind = NodeKind::Object;
        ondemand::object object;
        if (const auto error = value.get_object().get(object)) return refuse(error);
        for (auto result : object) {
            ondemand::field field;
            if (const auto error = std::move(result).get(field)) return refuse(error);
            const char* key_location = field.key().raw() - 1;
            const Place key_place = place(key_location);
            std::string_view key;
            if (const auto error = field.unescaped_key().get(key)) return refuse_at(key_location, words_of(error));
            std::string key_text(key);
            auto child = read(field.value(), depth + 1);
            if (!child) return;
            node.members.push_back({std::move(key_text), key_place, std::move(*child)});
        }
    }

    void array(ondemand::value& value, Node& node, int depth) {
        node.kind = NodeKind::Array;
        ondemand::array array;
        if (const auto error = value.get_array().get(array)) return refuse(error);
        for (auto result : array) {
            ondemand::value element;
            if (const auto error = std::move(result).get(element)) return refuse(error);
            auto child = read(element, depth + 1);
            if (!child) return;
            node.elements.push_back(std::move(*child));
        }
    }

    void string(ondemand::value& value, Node& node) {
        node.kind = NodeKind::Text;
        const char* location = value.raw_json_token().data();
        std::string_view text;
        if (const auto error = value.get_string().get(text)) return refuse_at(location, words_of(error));
        node.text = text;
    }

    void token(ondemand::value& value, Node& node, ondemand::json_type type) {
        const std::string_view token = trimmed(value.raw_json_token());
        node.text = token;
        bool good = false;
        switch (type) {
            case ondemand::json_type::boolean:
                node.kind = NodeKind::Bool;
                good = token == "true" || token == "false";
                break;
            case ondemand::json_type::null:
                node.kind = NodeKind::Null;
                good = token == "null";
                break;
            default:
                node.kind = NodeKind::Number;
                good = is_json_number(token);
        }
        if (!good) {
            const std::string shown(token.substr(0, 40));
            if (trees_.problems.empty()) {
                trees_.problems.push_back(malformed(node.place, "不是有效的JSON：“" + shown + "”既不是数，也不是true、false或null",
                                                    "this is not JSON: \"" + shown + "\" is neither a number nor true, false or null"));
            }
        }
    }

    std::string_view text_;
    simdjson::padded_string padded_;
    PlaceFinder places_;
    std::size_t values_left_;
    ondemand::document* document_ = nullptr;
    Trees trees_;
};

}  // namespace

bool is_json_number(std::string_view token) { return NumberGrammar(token).holds(); }

Trees read_json(std::string_view text, std::size_t most_values, Place begin) {
    text = without_byte_order_mark(text);
    if (auto problems = utf8_problems(text, begin); !problems.empty()) return {{}, std::move(problems)};
    return Reader(text, most_values, begin).read();
}

}  // namespace eligo::io
