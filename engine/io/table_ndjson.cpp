// NDJSON: a profile a line, each an object as JSON has it, lists and years included.
#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "formats.hpp"
#include "table.hpp"

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
    }

    bool next(TableRow& row) override {
        if (!next_line(row)) return false;
        read(row.source, row);
        return true;
    }

    bool next_flat(TableRow& row, std::vector<FlatValue>& values) override {
        if (!next_line(row)) return false;
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
            if (!scalar(field.value(), type, value)) return false;
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
        trees_ = read_json(source);
        if (trees_.problems.empty() && trees_.roots.size() != 1) trees_.problems.push_back(malformed({}, "每行应为一个JSON对象", "a line holds one JSON object"));
        if (trees_.problems.empty() && trees_.roots[0].kind != NodeKind::Object) trees_.problems.push_back(malformed(trees_.roots[0].place, "每行应为一个JSON对象", "a line holds one JSON object"));
        if (trees_.problems.empty()) {
            row.tree = &trees_.roots[0];
            return;
        }
        Problem& problem = trees_.problems[0];
        if (problem.found.empty()) problem.found = std::string(source.substr(0, std::min<std::size_t>(source.size(), 80)));
        while (!problem.found.empty() && problem.found.size() < source.size() && (static_cast<unsigned char>(source[problem.found.size()]) & 0xC0U) == 0x80U) problem.found.pop_back();
        row.problem = &problem;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::uint64_t line_ = 1;
    std::size_t begun_at_ = 0;  // of the row that was given last
    std::uint64_t begun_line_ = 1;
    Trees trees_;
    ondemand::parser parser_;
};

class NdjsonTable : public Table {
public:
    NdjsonTable(std::unique_ptr<ByteStream> stream, const TableOptions& options) : stream_(std::move(stream)), options_(options) {}

    // The keys of the first thousand rows, years and members spelled out, stand for a header.
    bool open(std::vector<Problem>& problems) {
        constexpr std::size_t looked_at = 256 * 1024;
        (void)fill(looked_at);
        if (failure_ || rest_.empty()) {
            problems.push_back(failure_ ? *failure_ : malformed({}, "输入是空的", "the input is empty"));
            return false;
        }
        Chunk first;
        const std::size_t last_line = rest_.rfind('\n');
        first.text.assign(std::string_view(rest_).substr(0, ended_ || last_line == std::string::npos ? rest_.size() : last_line + 1));
        NdjsonReader reader;
        reader.begin(first);
        TableRow row;
        std::set<std::string> known;
        for (int rows = 0; rows < 1000 && reader.next(row); ++rows) {
            if (row.tree != nullptr) keys(*row.tree, "", known);
        }
        return true;
    }

    const std::vector<std::string>& header() const override { return header_; }
    bool rows_are_trees() const override { return true; }

    bool next(Chunk& chunk) override {
        chunk.begin = position_;
        std::size_t wanted = options_.chunk_bytes;
        while (true) {
            (void)fill(wanted);
            if (failure_ || stopped_) return false;
            const std::size_t line = rest_.rfind('\n');
            const std::size_t end = ended_ ? rest_.size() : line == std::string::npos ? 0 : line + 1;
            if (end > 0) {
                chunk.text.assign(std::string_view(rest_).substr(0, end));
                rest_.erase(0, end);
                position_.offset += end;
                position_.line += kernels().survey(chunk.text.data(), end).feeds;
                chunk.end = position_;
                return true;
            }
            if (ended_) return false;
            constexpr std::size_t longest = 16 * 1024 * 1024;
            if (rest_.size() > longest) {
                failure_ = malformed({static_cast<std::uint32_t>(position_.line), 0}, "这一行超过16 MiB", "this line is longer than 16 MiB");
                return false;
            }
            wanted = rest_.size() * 2;
        }
    }

    const std::optional<Problem>& failure() const override { return failure_; }
    bool go_to(const Position& position) override {
        rest_.clear();
        ended_ = false;
        position_ = position;
        return stream_->go_to(position.offset);
    }
    std::unique_ptr<RowReader> reader() const override { return std::make_unique<NdjsonReader>(); }
    Progress progress() const override { return {stream_->bytes_read(), stream_->bytes_in_all()}; }
    std::vector<std::string> turned_from() const override { return stream_->turned_from(); }
    bool ends_without_line_end() const override { return ended_ && !stopped_ && no_line_end_; }

private:
    bool fill(std::size_t wanted) {
        while (rest_.size() < wanted && !ended_ && !failure_) {
            const std::size_t before = rest_.size();
            rest_.resize(wanted);
            const std::size_t got = stream_->read(rest_.data() + before, wanted - before);
            rest_.resize(before + got);
            if (got > 0) continue;
            failure_ = stream_->failure();
            ended_ = !failure_;
            // Reading that was stopped ends somewhere in a row, which is not the end of the input.
            stopped_ = options_.stream.stop != nullptr && options_.stream.stop->load();
            no_line_end_ = !rest_.empty() && rest_.back() != '\n';
        }
        return rest_.size() >= wanted;
    }

    void keys(const Node& object, const std::string& prefix, std::set<std::string>& known) {
        for (const Member& member : object.members) {
            const std::string key = prefix + member.key;
            if (member.value.kind == NodeKind::Object) {
                keys(member.value, key + ".", known);
            } else if (known.insert(key).second) {
                header_.push_back(key);
            }
        }
    }

    std::unique_ptr<ByteStream> stream_;
    TableOptions options_;
    std::vector<std::string> header_;
    std::string rest_;
    bool ended_ = false, no_line_end_ = false, stopped_ = false;
    Position position_;
    std::optional<Problem> failure_;
};

}  // namespace

std::unique_ptr<Table> open_ndjson(std::unique_ptr<ByteStream> stream, const TableOptions& options, std::vector<Problem>& problems) {
    auto table = std::make_unique<NdjsonTable>(std::move(stream), options);
    if (!table->open(problems)) return nullptr;
    return table;
}

}  // namespace eligo::io
