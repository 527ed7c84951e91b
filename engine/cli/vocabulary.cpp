#include "vocabulary.hpp"

#include <algorithm>
#include <set>
#include <string_view>
#include <utility>

#include "../explain/answer.hpp"
#include "../explain/language.hpp"
#include "../screen/needs.hpp"
#include "../text/suggest.hpp"
#include "../value/code.hpp"
#include "../vm/profile_set.hpp"
#include "print.hpp"

namespace eligo::cli {

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;

namespace {

std::string_view string_or_nothing(const Pack& pack, Index index) { return index == bytecode::none ? std::string_view() : pack.string(index); }

bool has_order(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Date || kind == Kind::Months || kind == Kind::Days; }

// Marks what the policies read, in the subject that the policies are about and in those it reaches.
class Marker {
public:
    explicit Marker(const Pack& pack) : pack_(pack) {
        for (const bytecode::Subject& subject : pack.subjects) uses_.emplace_back(subject.facts.size());
    }

    void policy(Index number, const vm::Question& question) {
        const Index subject = pack_.policies[number].subject;
        const screen::Needs needs = screen::needs_of(pack_, subject, std::span(&number, 1), question);
        for (std::size_t i = 0; i < needs.columns.size(); ++i) column(subject, needs.columns[i], number, needs.year_offsets[i]);
        for (const screen::ListNeed& list : needs.lists) {
            column(subject, list.column, number, {});
            for (const Index field : list.fields) column(list.element, field, number, {});
        }
    }

    FactUses take() { return std::move(uses_); }

private:
    // Every fact on the way to the leaf is read as well: the records that lead to it.
    void column(Index subject, Index number, Index policy, const YearOffsets& years) {
        for (const Index fact : pack_.subjects[subject].columns[number].path) {
            mark(uses_[subject][fact], policy, years);
            subject = pack_.subjects[subject].facts[fact].kind == Kind::Record ? pack_.subjects[subject].facts[fact].ref : subject;
        }
    }
    static void mark(FactUse& use, Index policy, const YearOffsets& years) {
        if (use.policies.empty() || use.policies.back() != policy) use.policies.push_back(policy);
        std::set<std::int32_t> all(use.years.begin(), use.years.end());
        all.insert(years.begin(), years.end());
        use.years.assign(all.begin(), all.end());
    }

    const Pack& pack_;
    FactUses uses_;
};

}  // namespace

std::string label_text(const Settings& settings, const Pack& pack, const bytecode::Label& label) {
    const explain::Label both{string_or_nothing(pack, label.chinese), string_or_nothing(pack, label.english)};
    return std::string(explain::pick(both, settings.answer_language()));
}

std::string type_text(const Pack& pack, const Fact& fact) {
    const std::string yearly = fact.yearly ? "yearly " : "";
    switch (fact.kind) {
        case Kind::Bool: return yearly + "bool";
        case Kind::Number: return yearly + (fact.whole ? "int" : fact.percent ? "percent" : "number");
        case Kind::Money: return yearly + "money";
        case Kind::Date: return yearly + "date";
        case Kind::Months: return yearly + "months";
        case Kind::Days: return yearly + "days";
        case Kind::Text: return yearly + "text";
        case Kind::Enum: return yearly + "one of";
        case Kind::Code: return yearly + "code " + std::string(value::classification_name(static_cast<value::Classification>(fact.ref)));
        case Kind::Record: return pack.string(pack.subjects[fact.ref].name);
        case Kind::List: return "list of " + pack.string(pack.subjects[fact.ref].name) + " up to " + std::to_string(fact.up_to);
    }
    return {};
}

std::string range_text(const Pack& pack, Index subject, const Fact& fact) {
    if (!has_order(fact.kind)) return {};
    const auto end = [&](Index other, std::int64_t value) {
        return other == bytecode::none ? vm::plain_value(pack, fact, value) : pack.string(pack.subjects[subject].facts[other].name);
    };
    return end(fact.low_fact, fact.low) + " .. " + end(fact.high_fact, fact.high);
}

std::string_view unit_text(const Fact& fact) {
    switch (fact.kind) {
        case Kind::Money: return "yuan";
        case Kind::Months: return "months";
        case Kind::Days: return "days";
        default: return {};
    }
}

std::optional<std::string> default_text(const Pack& pack, const Fact& fact) {
    if (fact.default_kind != bytecode::DefaultKind::Constant) return std::nullopt;
    return vm::plain_value(pack, fact, fact.default_value);
}

std::vector<std::string> member_names(const Pack& pack, const Fact& fact) {
    std::vector<std::string> names;
    if (fact.kind != Kind::Enum) return names;
    for (const bytecode::EnumMember& member : pack.enumerations[fact.ref].members) names.push_back(pack.string(member.name));
    return names;
}

std::optional<Index> subject_named(const Settings& settings, const Pack& pack, const std::string& name) {
    std::vector<std::string> names;
    std::vector<std::size_t> policies(pack.subjects.size());
    for (const bytecode::Subject& subject : pack.subjects) names.push_back(pack.string(subject.name));
    for (const bytecode::Policy& policy : pack.policies) policies[policy.subject] += pack.subjects[policy.subject].is_record ? 0U : 1U;
    if (name.empty()) {
        if (!names.empty()) return static_cast<Index>(std::max_element(policies.begin(), policies.end()) - policies.begin());
        complain(settings.in("规则中没有词汇表", "the rules have no vocabulary"));
        return std::nullopt;
    }
    const auto found = std::find(names.begin(), names.end(), name);
    if (found != names.end()) return static_cast<Index>(found - names.begin());
    const auto near = text::nearest(name, names);
    complain(settings.in("没有词汇表或记录 `" + name + "`", "there is no vocabulary or record `" + name + "`") + (near ? settings.in("，您是要用 `" + *near + "` 吗？", "; did you mean `" + *near + "`?") : ""));
    return std::nullopt;
}

FactUses fact_uses(const Pack& pack, std::span<const Index> policies, const vm::Question& question) {
    Marker marker(pack);
    for (Index i = 0; i < pack.policies.size(); ++i) {
        if (policies.empty() || std::find(policies.begin(), policies.end(), i) != policies.end()) marker.policy(i, question);
    }
    return marker.take();
}

}  // namespace eligo::cli
