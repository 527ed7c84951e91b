// Texts, enumerations, parameters, subjects with their facts and columns. Tested by tests/unit/pack_test.cpp.
#include <algorithm>
#include <limits>
#include <numeric>

#include "../value/date.hpp"
#include "../value/utf8.hpp"
#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

using In = Place::In;
using I = Invariant;

bool stand_once(const std::vector<std::string>& texts) {
    std::vector<Index> order(texts.size());
    std::iota(order.begin(), order.end(), Index{0});
    std::ranges::sort(order, [&](Index a, Index b) { return texts[a] < texts[b]; });
    return std::ranges::adjacent_find(order, [&](Index a, Index b) { return texts[a] == texts[b]; }) == order.end();
}

bool is_day(value::Day day) { return value::first_day <= day && day <= value::last_day; }
bool is_ordered(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Date || kind == Kind::Months || kind == Kind::Days; }
bool is_nested(Kind kind) { return kind == Kind::Record || kind == Kind::List; }

// ---- parameters

void verify_entries(Verification& here, const Parameter& parameter) {
    const value::Range values = parameter.kind == Kind::Text ? value::Range{0, static_cast<value::Int128>(here.pack.texts.size()) - 1} : here.range_of_kind(parameter.kind, parameter.ref);
    std::int64_t low = 0, high = 0;
    for (std::size_t i = 0; i < parameter.entries.size(); ++i) {
        const ParameterEntry& entry = parameter.entries[i];
        here.require(is_day(entry.from) && is_day(entry.to) && is_day(entry.published) && entry.from <= entry.to, I::parameter_period);
        here.require(i == 0 || parameter.entries[i - 1].from <= entry.from, I::parameter_order);
        here.require(value::contains(values, entry.value), I::parameter_value);
        here.require_strings(entry.citations);
        low = i == 0 ? entry.value : std::min(low, entry.value);
        high = i == 0 ? entry.value : std::max(high, entry.value);
    }
    here.require(parameter.low == low && parameter.high == high, I::parameter_range);
}

// ---- facts

bool is_power_of_ten(std::int64_t number) {
    while (number > 1 && number % 10 == 0) number /= 10;
    return number == 1;
}

void verify_fact_range(Verification& here, const Fact& fact) {
    const value::Range range{fact.low, fact.high}, whole = here.range_of_kind(fact.kind, fact.ref);
    here.require(range.low <= range.high && range.low > std::numeric_limits<std::int64_t>::min() + 1, I::fact_range);
    const bool exactly = fact.kind != Kind::Date && !(is_ordered(fact.kind));
    here.require(exactly ? range == whole : value::contains(whole, range), I::fact_range_of_kind);
    const bool whole_unit = fact.unit == Unit{};
    here.require(whole_unit || ((fact.kind == Kind::Number || fact.kind == Kind::Money) && fact.unit.numerator == 1 && is_power_of_ten(fact.unit.denominator)), I::fact_unit);
}

void verify_default(Verification& here, const Fact& fact) {
    bool sound = fact.default_kind <= DefaultKind::Computed;
    if (is_nested(fact.kind)) sound = fact.default_kind == DefaultKind::None;
    if (sound && fact.default_kind == DefaultKind::Constant) {
        const std::int64_t high = fact.kind == Kind::Text ? static_cast<std::int64_t>(here.pack.texts.size()) - 1 : fact.high;
        sound = fact.low <= fact.default_value && fact.default_value <= high;
    }
    here.require(sound, I::fact_default);
}

void verify_fact(Verification& here, const Fact& fact) {
    if (!here.require_name(fact.name)) return;
    here.require_label(fact.label);
    if (!here.require_kind(fact.kind, fact.ref)) return;
    here.require_unit(fact.unit);
    verify_fact_range(here, fact);
    verify_default(here, fact);
    here.require(fact.change <= Change::Rising, I::fact_change);
    here.require(!fact.yearly || !is_nested(fact.kind), I::fact_years);
    here.require(fact.kind == Kind::List ? fact.up_to >= 1 && fact.up_to <= most_elements : fact.up_to == 0, I::list_length);
}

// How many facts a range leans on, by fact; of those that come before they are known.
void verify_bounds(Verification& here, const Subject& subject, Index number, std::vector<std::uint32_t>& depths) {
    const Fact& fact = subject.facts[number];
    depths.push_back(0);
    for (const Index bound : {fact.low_fact, fact.high_fact}) {
        if (bound == none) continue;
        if (!here.require(bound < number, I::fact_bound)) return;
        const Fact& other = subject.facts[bound];
        here.require(is_ordered(fact.kind) && other.kind == fact.kind && other.unit == fact.unit && (fact.yearly || !other.yearly), I::fact_bound);
        depths.back() = std::max(depths.back(), depths[bound] + 1);
    }
    here.require(depths.back() <= deepest_range, I::fact_bound_depth);
}

// ---- columns

// How many leaves a subject has, and how far the furthest is; found once a subject, whatever holds it.
class Leaves {
public:
    explicit Leaves(Verification& here) : here_(here), of_(here.pack.subjects.size()) {}

    struct Of {
        std::uint64_t count = 0;
        std::size_t depth = 0;
        bool lists = false;
        std::vector<Index> leading;  // the facts that are leaves or lead to some
        enum class State : std::uint8_t { New, Open, Done } state = State::New;
    };
    const Of& of(Index subject) {
        Of& found = of_[subject];
        if (found.state == Of::State::Done) return found;
        here_.stand({In::Subject, subject});
        // It is being looked at: a record that holds itself.
        if (!here_.require(found.state == Of::State::New && ++open_ <= longest_path, I::records_end)) return found;
        found.state = Of::State::Open;
        Of sum;
        const auto& facts = here_.pack.subjects[subject].facts;
        for (Index i = 0; i < facts.size(); ++i) {
            const Fact& fact = facts[i];
            if (fact.kind != Kind::Record) {
                sum.leading.push_back(i);
                sum.count = add(sum.count, 1);
                sum.depth = std::max<std::size_t>(sum.depth, 1);
                sum.lists = sum.lists || fact.kind == Kind::List;
                continue;
            }
            const Of& inner = of(fact.ref);
            if (!here_.sound()) return found;
            if (inner.count > 0) sum.leading.push_back(i);
            sum.count = add(sum.count, inner.count);
            sum.depth = std::max(sum.depth, inner.depth + 1);
            sum.lists = sum.lists || inner.lists;
        }
        here_.stand({In::Subject, subject});
        here_.require(sum.depth <= longest_path, I::records_end);
        --open_;
        sum.state = Of::State::Done;
        return found = std::move(sum);
    }

private:
    static std::uint64_t add(std::uint64_t a, std::uint64_t b) { return std::min<std::uint64_t>(a + b, std::uint64_t{1} << 32); }

    Verification& here_;
    std::vector<Of> of_;
    std::size_t open_ = 0;
};

// The columns of a subject are held to its facts one by one; there are as many of both.
class Columns {
public:
    Columns(Verification& here, Leaves& leaves, Index subject) : here_(here), leaves_(leaves), subject_(subject) {}

    void verify() {
        const auto& columns = here_.pack.subjects[subject_].columns;
        here_.stand({In::Subject, subject_});
        if (!here_.require(columns.size() == leaves_.of(subject_).count, I::columns_are_leaves)) return;
        path_.clear();
        walk(subject_, "");
    }

private:
    void walk(Index reached, const std::string& prefix) {
        const auto& facts = here_.pack.subjects[reached].facts;
        for (const Index i : leaves_.of(reached).leading) {
            if (!here_.sound()) return;
            path_.push_back(i);
            const std::string& name = here_.pack.strings[facts[i].name];
            if (facts[i].kind != Kind::Record) match(reached, prefix, name);
            else walk(facts[i].ref, prefix + name + ".");
            path_.pop_back();
        }
    }

    void match(Index reached, const std::string& prefix, const std::string& name) {
        const Column& column = here_.pack.subjects[subject_].columns[next_];
        here_.stand({In::Column, subject_, next_++});
        here_.require(column.path == path_ && column.subject == reached, I::columns_are_leaves);
        if (!here_.require_string(column.name)) return;
        const std::string& given = here_.pack.strings[column.name];
        here_.require(given.size() == prefix.size() + name.size() && given.starts_with(prefix) && given.ends_with(name), I::column_name);
    }

    Verification& here_;
    Leaves& leaves_;
    Index subject_, next_ = 0;
    std::vector<Index> path_;
};

void verify_lists(Verification& here, Leaves& leaves, Index number) {
    std::uint64_t values = 0;
    for (const Column& column : here.pack.subjects[number].columns) {
        const Fact& fact = here.leaf(column);
        if (fact.kind != Kind::List) continue;
        here.require(!leaves.of(fact.ref).lists, I::list_within_list);
        here.stand({In::Subject, number});
        values += std::uint64_t{fact.up_to} * leaves.of(fact.ref).count;
        if (!here.require(values <= most_list_values, I::list_values)) return;
    }
}

}  // namespace

void verify_texts(Verification& here) {
    here.stand({In::Texts});
    for (const std::string& text : here.pack.strings) here.require(!value::first_invalid(text), I::texts_are_utf8);
    here.require(stand_once(here.pack.strings), I::texts_stand_once);
    here.require_strings(here.pack.texts);
    here.require(Verification::all_differ(here.pack.texts), I::compared_texts_differ);
    for (Index i = 0; i < here.pack.enumerations.size() && here.sound(); ++i) {
        const auto& members = here.pack.enumerations[i].members;
        here.stand({In::Enumeration, i});
        here.require(!members.empty(), I::enumeration_has_members);
        for (const EnumMember& member : members) {
            here.require_name(member.name);
            here.require_label(member.label);
        }
        here.require_different(members, [](const EnumMember& member) { return member.name; }, I::members_differ);
    }
}

void verify_parameters(Verification& here) {
    for (Index i = 0; i < here.pack.parameters.size() && here.sound(); ++i) {
        const Parameter& parameter = here.pack.parameters[i];
        here.stand({In::Parameter, i});
        if (!here.require_name(parameter.name)) return;
        here.require_label(parameter.label);
        if (!here.require_kind(parameter.kind, parameter.ref) || !here.require(!is_nested(parameter.kind), I::parameter_kind)) return;
        here.require_unit(parameter.unit);
        verify_entries(here, parameter);
    }
    here.require_different(here.pack.parameters, [](const Parameter& parameter) { return parameter.name; }, I::parameters_differ);
}

// Facts of all subjects come before all columns, since a path runs through several subjects.
void verify_subjects(Verification& here) {
    const auto& subjects = here.pack.subjects;
    for (Index i = 0; i < subjects.size() && here.sound(); ++i) {
        const Subject& subject = subjects[i];
        here.stand({In::Subject, i});
        here.require_name(subject.name);
        here.require_label(subject.label);
        std::vector<std::uint32_t> depths;
        for (Index k = 0; k < subject.facts.size() && here.sound(); ++k) {
            here.stand({In::Fact, i, k});
            verify_fact(here, subject.facts[k]);
            if (here.sound()) verify_bounds(here, subject, k, depths);
        }
        here.stand({In::Subject, i});
        here.require_different(subject.facts, [](const Fact& fact) { return fact.name; }, I::facts_differ);
    }
    here.require_different(subjects, [](const Subject& subject) { return subject.name; }, I::subjects_differ);
    Leaves leaves(here);
    for (Index i = 0; i < subjects.size() && here.sound(); ++i) (void)leaves.of(i);
    for (Index i = 0; i < subjects.size() && here.sound(); ++i) Columns(here, leaves, i).verify();
    for (Index i = 0; i < subjects.size() && here.sound(); ++i) verify_lists(here, leaves, i);
}

}  // namespace eligo::bytecode
