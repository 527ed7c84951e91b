#include "policies.hpp"

#include <algorithm>

#include "../text/suggest.hpp"
#include "print.hpp"

namespace eligo::cli {

using bytecode::Index;
using bytecode::Pack;

namespace {

std::vector<std::string> policy_names(const Pack& pack) {
    std::vector<std::string> names;
    for (const bytecode::Policy& policy : pack.policies) names.push_back(pack.string(policy.name));
    return names;
}

}  // namespace

std::optional<std::vector<Index>> chosen_policies(const Settings& settings, const Pack& pack, const std::vector<std::string>& wanted) {
    const std::vector<std::string> names = policy_names(pack);
    std::vector<Index> chosen;
    bool all_found = true;
    for (const std::string& name : wanted) {
        const auto found = std::find(names.begin(), names.end(), name);
        if (found != names.end()) {
            chosen.push_back(static_cast<Index>(found - names.begin()));
            continue;
        }
        all_found = false;
        const auto near = text::nearest(name, names);
        const std::string hint = near ? settings.in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : "";
        complain(settings.in("没有政策 `" + name + "`", "there is no policy `" + name + "`") + hint);
    }
    if (!all_found) return std::nullopt;
    return chosen;
}

std::optional<Index> common_subject(const Settings& settings, const Pack& pack, const std::vector<Index>& chosen) {
    if (chosen.empty()) return bytecode::none;
    const bytecode::Policy& first = pack.policies[chosen.front()];
    for (const Index each : chosen) {
        const bytecode::Policy& policy = pack.policies[each];
        if (policy.subject == first.subject) continue;
        const std::string a = pack.string(first.name), b = pack.string(policy.name);
        complain(settings.in("政策 `" + a + "` 与 `" + b + "` 的对象不同，不能用同一份资料判断",
                             "the policies `" + a + "` and `" + b + "` are for different subjects; one profile cannot answer both"));
        return std::nullopt;
    }
    return first.subject;
}

}  // namespace eligo::cli
