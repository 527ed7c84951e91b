// YAML by yaml-cpp, which hands out scalars as they were written, so that numbers stay exact. Its events are taken rather
// than its tree: aliases are then copied under a limit, and a parser that stands still is noticed.
#include "formats.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <istream>
#include <streambuf>
#include <string>
#include <utility>

namespace eligo::io {
namespace {

constexpr std::size_t deepest = 64;

Place place_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Thrown through the parser, which knows no other way to be stopped, and caught in each_yaml.
struct Refusal {
    Problem problem;
};

[[noreturn]] void refuse(Place place, std::string chinese, std::string english) {
    throw Refusal{malformed(place, std::move(chinese), std::move(english))};
}

// Long texts count as several nodes.
std::size_t size_of_text(const std::string& text) { return text.size() / 64; }

std::size_t size_of(const Node& node) {
    std::size_t size = 1 + size_of_text(node.text);
    for (const Node& element : node.elements) size += size_of(element);
    for (const Member& member : node.members) size += size_of_text(member.key) + size_of(member.value);
    return size;
}

// Thrown through the parser when nobody wants further profiles.
struct Enough {};

class TreeBuilder : public YAML::EventHandler {
public:
    explicit TreeBuilder(const TakeTree& take) : take_(take) {}
    [[nodiscard]] bool is_empty() const { return is_empty_; }

    // On a sign that may begin no document the parser makes one empty document after the other, for ever.
    void OnDocumentStart(const YAML::Mark& mark) override {
        if (last_document_ == mark.pos) refuse(place_of(mark), "不是有效的YAML：此处的符号没有意义", "this is not YAML: the sign here has no meaning");
        last_document_ = mark.pos;
    }
    void OnDocumentEnd() override {}

    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { finish(scalar(mark, NodeKind::Null, ""), anchor); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
        const bool is_text = tag == "!" || tag == "tag:yaml.org,2002:str";
        finish(scalar(mark, is_text ? NodeKind::Text : NodeKind::Plain, value), anchor);
    }

    void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        const auto found = anchors_.find(anchor);
        if (found == anchors_.end()) refuse(place_of(mark), "别名引用了包含它自身的内容", "this alias stands inside what it stands for");
        count(size_of(found->second), place_of(mark));
        finish(Node(found->second), 0);
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        open(mark, NodeKind::Array, anchor);
    }
    void OnSequenceEnd() override { close(); }

    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
        open(mark, NodeKind::Object, anchor);
    }
    void OnMapEnd() override { close(); }

private:
    struct Frame {
        Node node;
        YAML::anchor_t anchor = 0;
        std::optional<Node> key;  // of a mapping, while its value is awaited
    };

    Node scalar(const YAML::Mark& mark, NodeKind kind, const std::string& text) {
        Node node;
        node.kind = kind;
        node.text = text;
        node.place = place_of(mark);
        count(1, node.place);
        return node;
    }

    // Aliases can make a short text stand for a vast one.
    void count(std::size_t nodes, Place place) {
        count_ += nodes;
        if (count_ > most_values_of_profile) refuse(place, "内容过多", "this holds too much");
    }

    void open(const YAML::Mark& mark, NodeKind kind, YAML::anchor_t anchor) {
        if (stack_.size() >= deepest) refuse(place_of(mark), "嵌套过深", "this is nested too deeply");
        stack_.push_back({scalar(mark, kind, ""), anchor, {}});
    }

    void close() {
        Frame frame = std::move(stack_.back());
        stack_.pop_back();
        finish(std::move(frame.node), frame.anchor);
    }

    void finish(Node node, YAML::anchor_t anchor) {
        if (anchor != 0) {
            // Kept twice, and once more for each anchor around it; as long as the document goes on.
            kept_ += size_of(node);
            if (kept_ > most_values_of_profile) refuse(node.place, "内容过多", "this holds too much");
            anchors_[anchor] = node;
        }
        if (stack_.empty()) {
            if (node.kind != NodeKind::Array) give(std::move(node));
        } else if (Frame& parent = stack_.back(); parent.node.kind == NodeKind::Array) {
            // A sequence at the top is a list of profiles.
            if (stack_.size() == 1) return give(std::move(node));
            parent.node.elements.push_back(std::move(node));
        } else if (parent.key) {
            parent.node.members.push_back({parent.key->text, parent.key->place, std::move(node)});
            parent.key.reset();
        } else {
            if (node.kind == NodeKind::Object || node.kind == NodeKind::Array) refuse(node.place, "键须为文本", "a key is a text");
            parent.key = std::move(node);
        }
    }

    void give(Node root) {
        is_empty_ = false;
        count_ = 0;
        if (!take_(std::move(root))) throw Enough();
    }

    const TakeTree& take_;
    bool is_empty_ = true;  // so far
    std::vector<Frame> stack_;
    std::map<YAML::anchor_t, Node> anchors_;
    std::size_t count_ = 0, kept_ = 0;  // of the profile at hand; for anchors
    std::optional<int> last_document_;
};

// Reads a text where it lies.
class TextBuffer : public std::streambuf {
public:
    explicit TextBuffer(std::string_view text) {
        char* const begin = const_cast<char*>(text.data());  // nothing is put back
        setg(begin, begin, begin + text.size());
    }
};

std::vector<Problem> each_document(std::string_view text, const TakeTree& take) {
    TextBuffer buffer(text);
    std::istream stream(&buffer);
    YAML::Parser parser(stream);
    TreeBuilder builder(take);
    while (parser.HandleNextDocument(builder)) {
    }
    if (builder.is_empty()) return {malformed({}, "输入是空的", "the input is empty")};
    return {};
}

}  // namespace

std::vector<Problem> each_yaml(std::string_view text, const TakeTree& take) {
    text = without_byte_order_mark(text);
    if (auto problems = utf8_problems(text); !problems.empty()) return problems;
    try {
        return each_document(text, take);
    } catch (const YAML::Exception& exception) {
        return {malformed(place_of(exception.mark), "不是有效的YAML：" + exception.msg, "this is not YAML: " + exception.msg)};
    } catch (Refusal& refusal) {
        return {std::move(refusal.problem)};
    } catch (const Enough&) {
        return {};
    }
}

}  // namespace eligo::io
