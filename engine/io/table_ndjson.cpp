// NDJSON: a profile a line, each an object as JSON has it, lists and years included.
#include <algorithm>
#include <cstring>
#include <set>
#include <utility>

#include "formats.hpp"
#include "table.hpp"

namespace eligo::io {
namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

class NdjsonReader : public RowReader {
public:
    void begin(const Chunk& chunk) override {
        text_ = chunk.text.view();
        at_ = 0;
        line_ = chunk.begin.line;
    }

    bool next(TableRow& row) override {
        while (at_ < text_.size()) {
            const std::size_t end = std::min(text_.find('\n', at_), text_.size());
            const std::string_view source = text_.substr(at_, end - at_);
            at_ = std::min(end + 1, text_.size());
            const std::uint64_t line = line_++;
            if (is_blank(source)) continue;
            row = {};
            row.line = line;
            row.source = source;
            read(source, row);
            return true;
        }
        return false;
    }

private:
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
    Trees trees_;
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
