#include "needs.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "../vm/profile_set.hpp"

namespace eligo::screen {
namespace {

using bytecode::Index;
using bytecode::Register;

// All that is ever looked at of a version: its verdict, its benefits, and for reasons its clauses.
std::vector<Register> roots_of(const bytecode::Version& version) {
    std::vector<Register> roots{version.day, version.in_force, version.verdict};
    for (const auto& clause : version.clauses) roots.push_back(clause.outcome);
    for (const auto& benefit : version.benefits) {
        roots.push_back(benefit.measure.value);
        if (benefit.when != bytecode::no_register) roots.push_back(benefit.when);
    }
    return roots;
}

class Collector {
public:
    Collector(const bytecode::Pack& pack, Index subject) : pack_(pack), subject_(subject) {}

    void version(const bytecode::Version& version) {
        const std::vector<Register> roots = roots_of(version);
        const vm::Plan plan = vm::make_plan(pack_, subject_, {.roots = roots});
        for (const vm::InputBinding& input : plan.inputs) value(subject_, values_, input.slot.column, input.slot.year_offset);
        const auto& program = pack_.subjects[subject_].program;
        for (const vm::LoopPlan& loop : plan.loops) {
            const bytecode::ListInput& list = program.lists[loop.list];
            auto& fields = lists_[list.column];
            for (const vm::InputBinding& field : loop.fields) value(list.element, fields, field.slot.column, field.slot.year_offset);
        }
    }

    void column(Index column) { value(subject_, values_, column, 0); }

    void finish(Needs& needs) const {
        for (const auto& [column, offsets] : values_) {
            needs.columns.push_back(column);
            needs.year_offsets.emplace_back();
            if (fact_of(pack_, subject_, column).yearly) needs.year_offsets.back().assign(offsets.begin(), offsets.end());
        }
        for (const auto& [column, fields] : lists_) {
            ListNeed need{column, fact_of(pack_, subject_, column).ref, {}};
            for (const auto& [field, offsets] : fields) need.fields.push_back(field);
            needs.lists.push_back(std::move(need));
        }
    }

private:
    using Values = std::map<Index, std::set<std::int32_t>>;

    // A fact whose range ends at another fact is read together with that one.
    void value(Index subject, Values& values, Index column, std::int32_t offset) {
        if (!values[column].insert(offset).second) return;
        const bytecode::Fact& fact = fact_of(pack_, subject, column);
        for (const Index bound : {fact.low_fact, fact.high_fact}) {
            if (bound == bytecode::none) continue;
            std::vector<Index> path = pack_.subjects[subject].columns[column].path;
            path.back() = bound;
            const Index other = vm::find_column(pack_, subject, path);
            if (other != bytecode::none) value(subject, values, other, offset);
        }
    }

    const bytecode::Pack& pack_;
    Index subject_;
    Values values_;
    std::map<Index, Values> lists_;
};

}  // namespace

const bytecode::Fact& fact_of(const bytecode::Pack& pack, Index subject, Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()];
}

bool may_be_in_force(const bytecode::Pack& pack, Index subject, const bytecode::Version& version, const vm::Question& question) {
    const auto& code = pack.subjects[subject].program.code;
    if (code[version.day].opcode != bytecode::Opcode::AsOf) return true;
    return version.from <= question.as_of && question.as_of <= version.to;
}

bool Needs::reads(Index column) const { return std::binary_search(columns.begin(), columns.end(), column) || list(column) != nullptr; }

const ListNeed* Needs::list(Index column) const {
    const auto found = std::find_if(lists.begin(), lists.end(), [column](const ListNeed& need) { return need.column == column; });
    return found == lists.end() ? nullptr : &*found;
}

Needs needs_of(const bytecode::Pack& pack, Index subject, std::span<const Index> policies, const vm::Question& question, std::span<const Index> further) {
    Collector collector(pack, subject);
    for (const Index policy : policies) {
        for (const auto& version : pack.policies[policy].versions) {
            if (may_be_in_force(pack, subject, version, question)) collector.version(version);
        }
    }
    for (const Index column : further) collector.column(column);
    Needs needs;
    needs.subject = subject;
    needs.policies.assign(policies.begin(), policies.end());
    needs.question = question;
    collector.finish(needs);
    return needs;
}

}  // namespace eligo::screen
