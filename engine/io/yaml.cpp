// YAML by yaml-cpp, which hands out scalars as they were written, so that numbers stay exact.
#include "formats.hpp"

#include <yaml-cpp/yaml.h>

#include <string>
#include <utility>

namespace eligo::io {
namespace {

constexpr int deepest = 64;
// Aliases can make a short text stand for a vast one.
constexpr std::size_t most_nodes = 1'000'000;

Place place_of(const YAML::Mark& mark) {
    if (mark.is_null()) return {};
    return {static_cast<std::uint32_t>(mark.line + 1), static_cast<std::uint32_t>(mark.column + 1)};
}

// Left by way of an exception that read_yaml catches: the tree is walked recursively.
struct Refusal {
    Problem problem;
};

class Reader {
public:
    Node read(const YAML::Node& yaml, int depth) {
        Node node;
        node.place = place_of(yaml.Mark());
        if (depth > deepest) throw Refusal{malformed(node.place, "嵌套过深", "this is nested too deeply")};
        if (++count_ > most_nodes) throw Refusal{malformed(node.place, "内容过多", "this holds too much")};
        switch (yaml.Type()) {
            case YAML::NodeType::Undefined:
            case YAML::NodeType::Null: node.kind = NodeKind::Null; break;
            case YAML::NodeType::Scalar:
                node.kind = yaml.Tag() == "!" ? NodeKind::Text : NodeKind::Plain;
                node.text = yaml.Scalar();
                break;
            case YAML::NodeType::Sequence:
                node.kind = NodeKind::Array;
                for (const auto& element : yaml) node.elements.push_back(read(element, depth + 1));
                break;
            case YAML::NodeType::Map: map(yaml, node, depth); break;
        }
        return node;
    }

private:
    void map(const YAML::Node& yaml, Node& node, int depth) {
        node.kind = NodeKind::Object;
        for (const auto& entry : yaml) {
            const Place place = place_of(entry.first.Mark());
            if (!entry.first.IsScalar()) throw Refusal{malformed(place, "键须为文本", "a key is a text")};
            node.members.push_back({entry.first.Scalar(), place, read(entry.second, depth + 1)});
        }
    }

    std::size_t count_ = 0;
};

void add_roots(Node node, std::vector<Node>& roots) {
    if (node.kind == NodeKind::Array) {
        for (Node& element : node.elements) roots.push_back(std::move(element));
    } else {
        roots.push_back(std::move(node));
    }
}

Trees read_documents(std::string_view text) {
    Trees trees;
    Reader reader;
    for (const YAML::Node& document : YAML::LoadAll(std::string(text))) add_roots(reader.read(document, 0), trees.roots);
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
