// Nothing may depend on itself: not a let, a table, a clause, a policy, nor a fact through its default. Nor may definitions
// be built upon one another without end: whoever comes after walks them to the ground. Lets that need each other's types
// are found earlier, in types.cpp. Tested by sema_test.cpp.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checking.hpp"

namespace eligo::sema {

using text::Code;

namespace {

enum class NodeKind : std::uint8_t { Fact, Let, Table, Clause, Policy };

struct Node {
    NodeKind kind = NodeKind::Let;
    Id id = no_id;             // of the let, table, clause, policy; the fact's number in its subject
    Id owner = no_id;          // the fact's subject, the clause's policy
    std::uint32_t version = 0;  // the clause's
    friend auto operator<=>(const Node&, const Node&) = default;
};

// Whose clauses a bare clause's name means.
struct Home {
    Id policy = no_id;
    std::uint32_t version = 0;
};

// Of one expression, and of all that it is built upon.
constexpr std::uint32_t deepest = 500;

class Walk {
public:
    explicit Walk(Checking& checking) : checking_(checking), model_(checking.model) {}

    // How deep it goes from here.
    std::uint32_t visit(const Node& node) {
        const auto [it, inserted] = states_.try_emplace(node, State{});
        if (!inserted) {
            if (it->second.progress == Progress::Running) report(node);
            return it->second.height;
        }
        if (path_.size() == deepest) return finish(node, deepest + 1);
        path_.push_back(node);
        const std::uint32_t around = std::exchange(height_, 0);
        follow(node);
        path_.pop_back();
        return finish(node, std::exchange(height_, around));
    }

private:
    struct State {
        Progress progress = Progress::Running;
        std::uint32_t height = 0;
    };

    // What is built upon something too deep is not told as well.
    std::uint32_t finish(const Node& node, std::uint32_t height) {
        if (height > deepest) {
            if (!depth_told_) checking_.sink.report(Code::nested_too_deep, described(node).second, {std::to_string(deepest)});
            depth_told_ = true;
        }
        states_[node] = {Progress::Done, height};
        return height;
    }

    void follow(const Node& node) {
        switch (node.kind) {
            case NodeKind::Fact: expression(model_.subjects[node.owner].facts[node.id].default_value, {}, node.owner); break;
            case NodeKind::Let: {
                const Let& let = model_.lets[node.id];
                expression(let.value, {let.policy, checking_.lets[node.id].version}, let.subject);
                break;
            }
            case NodeKind::Table: follow_table(node.id); break;
            case NodeKind::Clause: follow_clause(node); break;
            case NodeKind::Policy: follow_policy(node.id); break;
        }
    }

    void follow_table(Id id) {
        const Table& table = model_.tables[id];
        for (const TableRow& row : table.rows)
            for (const ExprId result : row.results) expression(result, {table.policy, checking_.tables[id].version}, table.subject);
    }

    void follow_clause(const Node& node) {
        const Policy& policy = model_.policies[node.owner];
        const Clause& clause = policy.versions[node.version].clauses[node.id];
        const Home home{node.owner, node.version};
        expression(clause.condition, home, policy.subject);
        expression(clause.guard, home, policy.subject);
        for (const Id child : clause.children) below({NodeKind::Clause, child, node.owner, node.version});
    }

    void follow_policy(Id id) {
        const Policy& policy = model_.policies[id];
        for (std::uint32_t number = 0; number < policy.versions.size(); ++number) {
            const Version& version = policy.versions[number];
            expression(version.assessed_on, {id, number}, policy.subject);
            for (const Id clause : version.top_clauses) below({NodeKind::Clause, clause, id, number});
            for (const Benefit& benefit : version.benefits) {
                expression(benefit.value, {id, number}, policy.subject);
                expression(benefit.when, {id, number}, policy.subject);
            }
        }
    }

    // Raises the height of what is being followed to what stands below it.
    void below(const Node& node) {
        const std::uint32_t height = visit(node) + 1;
        height_ = std::max(height_, height);
    }
    void expression(ExprId id, Home home, Id subject) { height_ = std::max(height_, height(id, home, subject)); }

    std::uint32_t height(ExprId id, Home home, Id subject) {
        if (id == no_expr) return 0;
        const Expr& expr = model_.exprs[id];
        std::uint32_t highest = 0;
        for (const ExprId argument : expr.args) highest = std::max(highest, height(argument, home, subject));
        highest = std::max({highest, height(expr.base, home, subject), height(expr.list, home, subject)});
        if (const auto used = node_of(expr, home, subject)) highest = std::max(highest, visit(*used));
        return highest + 1;
    }

    [[nodiscard]] std::optional<Node> node_of(const Expr& expr, Home home, Id subject) const {
        switch (expr.kind) {
            case ExprKind::Fact: {
                const Id owner = expr.base == no_expr ? subject : model_.exprs[expr.base].type.ref;
                if (owner == no_id || model_.subjects[owner].facts[expr.ref].default_value == no_expr) return std::nullopt;
                return Node{NodeKind::Fact, expr.ref, owner, 0};
            }
            case ExprKind::LetUse: return Node{NodeKind::Let, expr.ref, no_id, 0};
            case ExprKind::TableUse: return Node{NodeKind::Table, expr.ref, no_id, 0};
            case ExprKind::ClauseUse: return Node{NodeKind::Clause, expr.ref, home.policy, home.version};
            case ExprKind::PolicyUse: return Node{NodeKind::Policy, expr.ref, no_id, 0};
            default: return std::nullopt;
        }
    }

    [[nodiscard]] std::pair<std::string, Span> described(const Node& node) const {
        switch (node.kind) {
            case NodeKind::Fact: {
                const Fact& fact = model_.subjects[node.owner].facts[node.id];
                return {fact.name, fact.span};
            }
            case NodeKind::Let: return {model_.lets[node.id].name, model_.lets[node.id].span};
            case NodeKind::Table: return {model_.tables[node.id].name, model_.tables[node.id].span};
            case NodeKind::Clause: {
                const Clause& clause = model_.policies[node.owner].versions[node.version].clauses[node.id];
                return {clause.path, clause.span};
            }
            case NodeKind::Policy: return {model_.policies[node.id].name, model_.policies[node.id].span};
        }
        return {};
    }

    void report(const Node& node) {
        const auto first = std::ranges::find(path_, node);
        std::string way;
        for (auto it = first; it != path_.end(); ++it) way += described(*it).first + " → ";
        const auto [name, span] = described(node);
        auto& diagnostic = checking_.sink.report(node.kind == NodeKind::Fact && path_.end() - first == 1 ? Code::default_depends_on_itself : Code::cycle,
                                                 span, {name, way + name});
        for (auto it = first; it != path_.end(); ++it)
            if (*it != node) diagnostic.also(described(*it).second, "the way round leads through this", "循环经过此处");
    }

    Checking& checking_;
    const Model& model_;
    std::map<Node, State> states_;
    std::vector<Node> path_;
    std::uint32_t height_ = 0;  // of the node that is being followed, so far
    bool depth_told_ = false;
};

}  // namespace

void check_cycles(Checking& checking) {
    Walk walk(checking);
    const Model& model = checking.model;
    for (Id let = 0; let < model.lets.size(); ++let) walk.visit({NodeKind::Let, let, no_id, 0});
    for (Id table = 0; table < model.tables.size(); ++table) walk.visit({NodeKind::Table, table, no_id, 0});
    for (Id policy = 0; policy < model.policies.size(); ++policy) walk.visit({NodeKind::Policy, policy, no_id, 0});
    for (Id subject = 0; subject < model.subjects.size(); ++subject)
        for (Id fact = 0; fact < model.subjects[subject].facts.size(); ++fact)
            if (model.subjects[subject].facts[fact].default_value != no_expr) walk.visit({NodeKind::Fact, fact, subject, 0});
}

}  // namespace eligo::sema
