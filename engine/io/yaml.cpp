// YAML by yaml-cpp, which hands out scalars as they were written, so that numbers stay exact. Its events are taken rather
// than its tree: aliases are then copied under a limit, and a parser that stands still is noticed.
#include "formats.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <map>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

namespace eligo::io {
namespace {

constexpr std::size_t deepest = 64;
// Aliases can make a short text stand for a vast one.
constexpr std::size_t most_nodes = 1'000'000;

Place place_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Thrown through the parser, which knows no other way to be stopped, and caught in read_yaml.
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

class TreeBuilder : public YAML::EventHandler {
public:
    std::vector<Node> take() { return std::move(roots_); }

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

    void count(std::size_t nodes, Place place) {
        count_ += nodes;
        if (count_ > most_nodes) refuse(place, "内容过多", "this holds too much");
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
            count(size_of(node), node.place);  // kept twice, and once more for each anchor around it
            anchors_[anchor] = node;
        }
        if (stack_.empty()) {
            add_root(std::move(node));
        } else if (Frame& parent = stack_.back(); parent.node.kind == NodeKind::Array) {
            parent.node.elements.push_back(std::move(node));
        } else if (parent.key) {
            parent.node.members.push_back({parent.key->text, parent.key->place, std::move(node)});
            parent.key.reset();
        } else {
            if (node.kind == NodeKind::Object || node.kind == NodeKind::Array) refuse(node.place, "键须为文本", "a key is a text");
            parent.key = std::move(node);
        }
    }

    // A sequence at the top is a list of profiles.
    void add_root(Node node) {
        if (node.kind == NodeKind::Array) {
            for (Node& element : node.elements) roots_.push_back(std::move(element));
        } else {
            roots_.push_back(std::move(node));
        }
    }

    std::vector<Node> roots_;
    std::vector<Frame> stack_;
    std::map<YAML::anchor_t, Node> anchors_;
    std::size_t count_ = 0;
    std::optional<int> last_document_;
};

Trees read_documents(std::string_view text) {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    Trees trees;
    trees.roots = builder.take();
    if (trees.roots.empty()) trees.problems.push_back(malformed({}, "输入是空的", "the input is empty"));
    return trees;
}

}  // namespace

Trees read_yaml(std::string_view text) {
    text = without_byte_order_mark(text);
    if (auto problems = utf8_problems(text); !problems.empty()) return {{}, std::move(problems)};
    try {
        return read_documents(text);
    } catch (const YAML::Exception& exception) {
        return {{}, {malformed(place_of(exception.mark), "不是有效的YAML：" + exception.msg, "this is not YAML: " + exception.msg)}};
    } catch (Refusal& refusal) {
        return {{}, {std::move(refusal.problem)}};
    }
}

}  // namespace eligo::io
