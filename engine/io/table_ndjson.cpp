// NDJSON: a profile a line, each an object as JSON has it, lists and years included.
#include <simdjson.h>

#include <algorithm>
#include <set>
#include <utility>

#include "formats.hpp"
#include "table_text.hpp"

namespace eligo::io {
namespace {

namespace ondemand = simdjson::ondemand;

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

class NdjsonReader : public RowReader {
public:
    void begin(const Chunk& chunk) override {
        text_ = chunk.text.view();
        at_ = 0;
        line_ = chunk.begin.line;
        long_.begin(chunk);
    }

    bool next(TableRow& row) override {
        if (long_.is_all()) return long_.next(row);
        if (!next_line(row)) return false;
        read(row.source, row);
        return true;
    }

    bool next_flat(TableRow& row, std::vector<FlatValue>& values) override {
        if (long_.is_all() || !next_line(row)) return false;
        values.clear();
        if (flat(row.source, values)) return true;
        again();
        return false;
    }

    void again() override {
        at_ = begun_at_;
        line_ = begun_line_;
    }

private:
    bool next_line(TableRow& row) {
        while (at_ < text_.size()) {
            begun_at_ = at_;
            begun_line_ = line_;
            const std::size_t end = std::min(text_.find('\n', at_), text_.size());
            const std::string_view source = text_.substr(at_, end - at_);
            at_ = std::min(end + 1, text_.size());
            ++line_;
            if (is_blank(source)) continue;
            row = {};
            row.line = begun_line_;
            row.source = source;
            return true;
        }
        return false;
    }

    // Straight from the text. Whatever is not as it should be is left to `read`, which says what is wrong with it; so all of
    // the line is looked at, also what nobody asks for.
    bool flat(std::string_view source, std::vector<FlatValue>& values) {
        static_assert(text_margin >= simdjson::SIMDJSON_PADDING, "lines lie in a padded text");
        ondemand::document document;
        ondemand::object object;
        if (parser_.iterate(simdjson::padded_string_view(source.data(), source.size(), source.size() + text_margin)).get(document) || document.get_object().get(object)) return false;
        if (!members(object, {}, values)) return false;
        const char* rest = nullptr;
        return document.current_location().get(rest) == simdjson::OUT_OF_BOUNDS;
    }

    static bool members(ondemand::object& object, std::string_view above, std::vector<FlatValue>& values) {
        bool first = true;
        for (auto result : object) {
            ondemand::field field;
            std::string_view key;
            ondemand::json_type type{};
            if (std::move(result).get(field) || field.unescaped_key().get(key) || field.value().type().get(type)) return false;
            if (type == ondemand::json_type::object && above.empty() && !key.empty()) {
                ondemand::object inner;
                if (field.value().get_object().get(inner) || !members(inner, key, values)) return false;
                continue;
            }
            if (key.empty()) return false;
            FlatValue value = above.empty() ? FlatValue{key, {}, NodeKind::Null, {}, true} : FlatValue{above, key, NodeKind::Null, {}, first};
            if (values.size() == most_values || !scalar(field.value(), type, value)) return false;
            values.push_back(value);
            first = false;
        }
        return above.empty() || !first;
    }

    static bool scalar(ondemand::value& from, ondemand::json_type type, FlatValue& value) {
        if (type == ondemand::json_type::string) {
            value.kind = NodeKind::Text;
            return !from.get_string().get(value.text);
        }
        if (type == ondemand::json_type::object || type == ondemand::json_type::array) return false;
        std::string_view token = from.raw_json_token();
        token = token.substr(0, token.find_last_not_of(" \t\r\n") + 1);
        value.text = token;
        switch (type) {
            case ondemand::json_type::boolean:
                value.kind = NodeKind::Bool;
                if (token != "true" && token != "false") return false;
                break;
            case ondemand::json_type::null: return token == "null";
            default:
                value.kind = NodeKind::Number;
                if (!is_json_number(token)) return false;
        }
        return true;
    }

    void read(std::string_view source, TableRow& row) {
        if (source.size() > longest_row) {
            trees_ = {{}, {row_too_long(source)}};
        } else {
            trees_ = read_json(source, most_values);
        }
        if (trees_.problems.empty() && trees_.roots.size() != 1) trees_.problems.push_back(malformed({}, "每行应为一个JSON对象", "a line holds one JSON object"));
        if (trees_.problems.empty() && trees_.roots[0].kind != NodeKind::Object) trees_.problems.push_back(malformed(trees_.roots[0].place, "每行应为一个JSON对象", "a line holds one JSON object"));
        if (trees_.problems.empty()) {
            row.tree = &trees_.roots[0];
            return;
        }
        Problem& problem = trees_.problems[0];
        if (problem.found.empty()) problem.found = as_text(source);
        row.problem = &problem;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
    std::size_t begun_at_ = 0;  // of the row that was given last
    std::uint64_t begun_line_ = 1;
    LongRow long_;
    Trees trees_;
    ondemand::parser parser_;
};

class NdjsonTable : public TextTable {
public:
    NdjsonTable(std::unique_ptr<ByteStream> stream, const TableOptions& options) : TextTable(std::move(stream), options, "\n") {}

    // The keys of the first thousand rows, years and members spelled out, stand for a header.
    bool open(std::vector<Problem>& problems) {
        constexpr std::size_t looked_at = 256 * 1024;
        (void)fill(rest_, looked_at);
        if (failure_ || rest_.empty()) {
            problems.push_back(failure_ ? *failure_ : malformed({}, "输入是空的", "the input is empty"));
            return false;
        }
        Chunk first;
        first.text.assign(ended_ ? rest_.view() : rest_.view().substr(0, end_of_rows(rest_.view(), true)));
        NdjsonReader reader;
        reader.begin(first);
        TableRow row;
        std::set<std::string> known;
        for (int rows = 0; rows < 1000 && reader.next(row); ++rows) {
            if (row.tree != nullptr) keys(*row.tree, "", known);
        }
        return true;
    }

    bool rows_are_trees() const override { return true; }
    std::unique_ptr<RowReader> reader() const override { return std::make_unique<NdjsonReader>(); }

protected:
    std::size_t end_of_rows(std::string_view text, bool) const override { return text.rfind('\n') + 1; }

private:
    static constexpr std::size_t most_told = 2048;

    void keys(const Node& object, const std::string& prefix, std::set<std::string>& known) {
        for (const Member& member : object.members) {
            const std::string key = prefix + member.key;
            if (member.value.kind == NodeKind::Object) {
                keys(member.value, key + ".", known);
            } else if (header_.size() < most_told && known.insert(key).second) {
                header_.push_back(key);
            }
        }
    }
};

}  // namespace

std::unique_ptr<Table> open_ndjson(std::unique_ptr<ByteStream> stream, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<NdjsonTable>(std::move(stream), options);
    if (!table->open(problems)) return nullptr;
    return table;
}

}  // namespace eligo::io
