#include "run_everything.hpp"

#include <deque>
#include <vector>

#include "../../engine/bytecode/image.hpp"
#include "../../engine/columnar/run.hpp"
#include "../../engine/explain/json.hpp"
#include "../../engine/explain/say.hpp"
#include "../../engine/explain/why.hpp"
#include "../../engine/value/date.hpp"
#include "../../engine/vm/profile_set.hpp"
#include "../../engine/vm/run.hpp"

namespace eligo::oracle {
namespace {

const bytecode::Fact& leaf(const bytecode::Pack& pack, const bytecode::Column& column) { return pack.subjects[column.subject].facts[column.fact()]; }

// All facts at the low end of what they may be, a list with one element: this goes the way of known values as far as it leads.
vm::Profile low_profile(const bytecode::Pack& pack, bytecode::Index subject, value::Day as_of) {
    vm::Profile profile = vm::empty_profile(pack, subject);
    for (bytecode::Index i = 0; i < pack.subjects[subject].columns.size(); ++i) {
        const bytecode::Column& column = pack.subjects[subject].columns[i];
        const bytecode::Fact& fact = leaf(pack, column);
        if (fact.kind == bytecode::Kind::List) {
            if (fact.up_to > 0) (void)vm::set_list(profile, pack.string(column.name), 1);
            continue;
        }
        if (fact.kind == bytecode::Kind::Text) continue;  // numbers a text that the profile would have to hold
        const vm::Cell cell{fact.low, fact.low, vm::CellState::Known};
        const std::int32_t year = value::year_of(as_of);
        for (std::int32_t back = 0; back < (fact.yearly ? 4 : 1); ++back) vm::put(pack, subject, profile.row, i, year - back, cell);
    }
    return profile;
}

// Lists with an element of which nothing is known.
vm::Profile open_profile(const bytecode::Pack& pack, bytecode::Index subject) {
    vm::Profile profile = vm::empty_profile(pack, subject);
    for (const bytecode::Column& column : pack.subjects[subject].columns)
        if (leaf(pack, column).kind == bytecode::Kind::List && leaf(pack, column).up_to > 0) (void)vm::set_list(profile, pack.string(column.name), 1);
    return profile;
}

constexpr value::Day asked_on = value::day_from_civil(2018, 6, 1);

// The same made-up subjects as three rows of columns: nothing said, nothing known, all at its low end; or the last of these three
// times, with bounds, which is the way of blocks in which all is known.
enum class Rows : std::uint8_t { Mixed, Low };
constexpr std::size_t row_count = 3;

class Columns {
public:
    Columns(const bytecode::Pack& pack, bytecode::Index subject, Rows rows) : pack_(pack), rows_(rows) {
        fill(batch_, subject);
        for (bytecode::Index i = 0; i < pack.subjects[subject].columns.size(); ++i) add_list(i, leaf(pack, pack.subjects[subject].columns[i]));
    }
    [[nodiscard]] const columnar::Batch& batch() const { return batch_; }

private:
    void fill(columnar::Batch& batch, bytecode::Index subject) {
        batch.subject = subject;
        batch.rows = row_count;
        for (bytecode::Index i = 0; i < pack_.subjects[subject].columns.size(); ++i) {
            const bytecode::Fact& fact = leaf(pack_, pack_.subjects[subject].columns[i]);
            if (fact.kind != bytecode::Kind::List && fact.kind != bytecode::Kind::Text) add_column(batch, i, fact);
        }
    }
    // A yearly fact is the same in all years.
    void add_column(columnar::Batch& batch, bytecode::Index column, const bytecode::Fact& fact) {
        columnar::Column data;
        data.values = numbers_.emplace_back(row_count, fact.low).data();
        if (rows_ == Rows::Mixed) {
            data.known = {&last_row, 0};
            data.unknown = {&middle_row, 0};
        } else {
            data.bounded = true;
            data.least = data.greatest = fact.low;
        }
        batch.columns.push_back({column, columnar::any_year, data});
    }
    // The first row's list is empty and the others have an element each, or one that nobody knows of.
    void add_list(bytecode::Index column, const bytecode::Fact& fact) {
        if (fact.kind != bytecode::Kind::List || fact.up_to == 0) return;
        columnar::ListColumn list;
        list.column = column;
        list.long_offsets = numbers_.emplace_back(std::vector<std::int64_t>{0, 0, 1, 2}).data();
        columnar::Batch& elements = elements_.emplace_back();
        fill(elements, fact.ref);
        list.elements = &elements;
        batch_.lists.push_back(list);
    }

    static constexpr std::uint8_t middle_row = 0b010, last_row = 0b100;
    const bytecode::Pack& pack_;
    Rows rows_;
    columnar::Batch batch_;
    std::deque<std::vector<std::int64_t>> numbers_;
    std::deque<columnar::Batch> elements_;
};

// All policies of a subject over blocks of rows, once for verdicts and amounts alone, once with the outcome of every clause.
std::size_t run_columns(const bytecode::Pack& pack, bytecode::Index subject, const std::vector<bytecode::Index>& policies) {
    std::size_t said = 0;
    for (const bool clauses : {false, true}) {
        const columnar::Plan plan(pack, subject, policies, {.as_of = asked_on, .clauses = clauses, .block_rows = 64});
        columnar::Memory memory(plan);
        for (const Rows rows : {Rows::Mixed, Rows::Low}) {
            const Columns columns(pack, subject, rows);
            columnar::Verdict verdicts[row_count];
            std::uint16_t versions[row_count];
            value::Int128 low[row_count], high[row_count];
            columnar::Given given[row_count];
            std::uint64_t certainly = 0, possibly = 0;
            columnar::Output output;
            for (std::size_t i = 0; i < policies.size(); ++i) {
                columnar::PolicyOutput& to = output.policies.emplace_back();
                to.verdicts = verdicts;
                to.versions = versions;
                for (std::size_t k = 0; k < plan.policies()[i].benefits.size(); ++k) to.amounts.push_back({.wide_low = low, .wide_high = high, .given = given});
                const auto& of_policy = pack.policies[policies[i]].versions;
                for (std::uint32_t version = 0; clauses && version < of_policy.size(); ++version)
                    for (std::uint32_t clause = 0; clause < of_policy[version].clauses.size(); ++clause) to.clauses.push_back({version, clause, &certainly, &possibly});
            }
            columnar::run(plan, memory, columns.batch(), 0, row_count, output);
            said += row_count;
        }
    }
    return said;
}

// One policy with what it needs to be checked, for several profiles.
class Runner {
public:
    Runner(const bytecode::Pack& pack, bytecode::Index policy) : pack_(pack), policy_(policy), checker_(pack, policy), memory_(checker_.memory()) {}

    std::size_t run(const vm::Profile& profile) {
        const vm::Question question{.as_of = asked_on};
        const vm::Outcome outcome = checker_.check(profile, question, memory_);
        if (outcome.verdict != vm::Verdict::NotInForce)
            for (std::size_t i = 0; i < checker_.policy().versions[outcome.version].benefits.size(); ++i) (void)checker_.benefit(memory_, outcome, i);
        const bytecode::Index policies[] = {policy_};
        const explain::Answer answer = explain::answer(pack_, policies, profile, question);
        std::size_t said = 0;
        for (const auto language : {explain::Language::Chinese, explain::Language::English}) {
            said += explain::to_json(answer, language).size();
            said += explain::say(answer, {.language = language, .pack = &pack_}).text().size();
        }
        return said;
    }

private:
    const bytecode::Pack& pack_;
    bytecode::Index policy_;
    vm::Checker checker_;
    vm::Checker::Memory memory_;
};

}  // namespace

std::size_t run_everything(const bytecode::Pack& pack, bytecode::Index policy, const vm::Profile& profile) { return Runner(pack, policy).run(profile); }

std::size_t run_everything(const bytecode::Pack& pack) {
    std::size_t said = bytecode::disassemble(pack).size();
    std::vector<std::vector<bytecode::Index>> by_subject(pack.subjects.size());
    for (bytecode::Index policy = 0; policy < pack.policies.size(); ++policy) {
        const bytecode::Index subject = pack.policies[policy].subject;
        by_subject[subject].push_back(policy);
        Runner runner(pack, policy);
        said += runner.run(vm::empty_profile(pack, subject));
        said += runner.run(open_profile(pack, subject));
        said += runner.run(low_profile(pack, subject, asked_on));
    }
    for (bytecode::Index subject = 0; subject < pack.subjects.size(); ++subject)
        if (!by_subject[subject].empty()) said += run_columns(pack, subject, by_subject[subject]);
    return said;
}

}  // namespace eligo::oracle
