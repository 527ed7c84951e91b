// Sets the cells of a profile from a scenario's `given` lines. Names lead from the model's facts to the pack's columns;
// amounts become whole multiples of the fact's unit, exactly or not at all.
#include "given.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "../value/date.hpp"
#include "../value/exactly.hpp"
#include "../value/rational.hpp"
#include "../vm/profile_set.hpp"

namespace eligo::scenario {
namespace {

using bytecode::Index;
using bytecode::Kind;
using sema::GivenValue;
using value::Rational;

// Where the next fact stands: a row of some subject, and the record facts passed on the way ("company.").
struct Here {
    vm::Row* row = nullptr;
    Index subject = bytecode::none;
    std::string prefix;
};

class Filler {
public:
    Filler(const sema::Model& model, vm::Profile& profile, std::int32_t fiscal_year, std::vector<Mismatch>& mismatches)
        : model_(model), pack_(*profile.pack), profile_(profile), fiscal_year_(fiscal_year), mismatches_(mismatches) {}

    void give(const sema::Given& given, sema::Id subject);

private:
    [[nodiscard]] std::optional<Index> column_named(const Here& here, const std::string& name) const;
    void set(Here here, sema::Id subject, const sema::Fact& fact, std::optional<std::int32_t> year_offset, const GivenValue& value);
    void set_list(vm::List& list, const sema::Fact& fact, const GivenValue& value);
    void set_fields(const Here& here, sema::Id subject, const GivenValue& value);
    [[nodiscard]] vm::Row& element_of(vm::List& list, std::uint32_t element, Index subject) const;
    [[nodiscard]] std::optional<vm::Cell> cell_for(const bytecode::Fact& fact, const GivenValue& value);
    [[nodiscard]] std::optional<std::int64_t> number_for(const bytecode::Fact& fact, const sema::Constant& constant);
    [[nodiscard]] std::int64_t text_number(const std::string& text);
    void refuse(const GivenValue& value, const std::string& name);

    const sema::Model& model_;
    const bytecode::Pack& pack_;
    vm::Profile& profile_;
    std::int32_t fiscal_year_;
    std::vector<Mismatch>& mismatches_;
};

bool counts_units(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

std::optional<Rational> in_units(const bytecode::Fact& fact, const sema::Constant& constant) {
    if (!counts_units(fact.kind)) return Rational(constant.integer);
    return value::divide(constant.number, Rational::of(fact.unit.numerator, fact.unit.denominator));
}

// The least and the greatest whole number of units within a range, both ends of which belong to it.
std::optional<vm::Cell> range_cell(const bytecode::Fact& fact, const GivenValue& value) {
    std::optional<std::int64_t> low = fact.low, high = fact.high;
    if (value.low) {
        const auto units = in_units(fact, *value.low);
        low = units ? value::exactly<std::int64_t>(value::ceil(*units)) : std::nullopt;
    }
    if (value.high) {
        const auto units = in_units(fact, *value.high);
        high = units ? value::exactly<std::int64_t>(value::floor(*units)) : std::nullopt;
    }
    if (!low || !high || *low > *high) return std::nullopt;
    return vm::Cell{*low, *high, *low == *high ? vm::CellState::Known : vm::CellState::Range};
}

bool within_range(const bytecode::Fact& fact, const vm::Cell& cell) {
    return fact.kind == Kind::Text || (fact.low <= cell.low && cell.high <= fact.high);
}

std::optional<Index> subject_named(const bytecode::Pack& pack, const std::string& name) {
    for (Index i = 0; i < pack.subjects.size(); ++i) {
        if (pack.string(pack.subjects[i].name) == name) return i;
    }
    return std::nullopt;
}

void Filler::refuse(const GivenValue& value, const std::string& name) {
    mismatches_.push_back({value.span, "给定的值不在 `" + name + "` 的取值范围内", "the given value is none that `" + name + "` can have"});
}

std::optional<Index> Filler::column_named(const Here& here, const std::string& name) const {
    const std::vector<bytecode::Column>& columns = pack_.subjects[here.subject].columns;
    const std::string wanted = here.prefix + name;
    for (Index i = 0; i < columns.size(); ++i) {
        if (pack_.string(columns[i].name) == wanted) return i;
    }
    return std::nullopt;
}

std::int64_t Filler::text_number(const std::string& text) {
    for (std::size_t i = 0; i < pack_.texts.size(); ++i) {
        if (pack_.string(pack_.texts[i]) == text) return value::exactly<std::int64_t>(i).value();
    }
    const auto known = std::find(profile_.texts.begin(), profile_.texts.end(), text);
    const auto number = static_cast<std::size_t>(known - profile_.texts.begin());
    if (known == profile_.texts.end()) profile_.texts.push_back(text);
    return value::exactly<std::int64_t>(pack_.texts.size() + number).value();
}

std::optional<std::int64_t> Filler::number_for(const bytecode::Fact& fact, const sema::Constant& constant) {
    if (fact.kind == Kind::Text) return text_number(constant.text);
    const auto units = in_units(fact, constant);
    return units ? value::exactly<std::int64_t>(*units) : std::nullopt;
}

std::optional<vm::Cell> Filler::cell_for(const bytecode::Fact& fact, const GivenValue& value) {
    if (value.form == GivenValue::Form::Unknown) return vm::Cell{0, 0, vm::CellState::Unknown};
    std::optional<vm::Cell> cell;
    if (value.form == GivenValue::Form::Range) {
        cell = range_cell(fact, value);
    } else if (const auto number = number_for(fact, value.constant)) {
        cell = vm::Cell{*number, *number, vm::CellState::Known};
    }
    return cell && within_range(fact, *cell) ? cell : std::nullopt;
}

vm::Row& Filler::element_of(vm::List& list, std::uint32_t element, Index subject) const {
    list.state = vm::CellState::Known;
    while (list.rows.size() <= element) list.rows.emplace_back(pack_, subject);
    return list.rows[element];
}

void Filler::set_list(vm::List& list, const sema::Fact& fact, const GivenValue& value) {
    list.rows.clear();
    list.state = value.form == GivenValue::Form::Unknown ? vm::CellState::Unknown : vm::CellState::Known;
    const auto element = subject_named(pack_, model_.subjects[fact.type.ref].name);
    if (!element) return;
    for (std::uint32_t i = 0; i < value.elements.size(); ++i) {
        const Here inside{&element_of(list, i, *element), *element, ""};
        GivenValue record;
        record.form = GivenValue::Form::Record;
        record.elements.push_back(value.elements[i]);
        record.span = value.span;
        set_fields(inside, fact.type.ref, record);
    }
}

// The fields of a record that are given; of one that is unknown, all of them.
void Filler::set_fields(const Here& here, sema::Id subject, const GivenValue& value) {
    const std::vector<sema::Fact>& facts = model_.subjects[subject].facts;
    if (value.form == GivenValue::Form::Unknown) {
        for (const sema::Fact& fact : facts) set(here, subject, fact, std::nullopt, value);
        return;
    }
    for (const sema::GivenRecord& record : value.elements) {
        for (const auto& [fact, field] : record.fields) set(here, subject, facts[fact], std::nullopt, field);
    }
}

void Filler::set(Here here, sema::Id subject, const sema::Fact& fact, std::optional<std::int32_t> year_offset, const GivenValue& value) {
    if (fact.type.kind == sema::Kind::Record) {
        here.prefix += fact.name + ".";
        return set_fields(here, fact.type.ref, value);
    }
    const auto column = column_named(here, fact.name);
    if (!column) return refuse(value, model_.subjects[subject].name + "." + fact.name);
    if (fact.type.kind == sema::Kind::List) return set_list(here.row->list(*column), fact, value);
    const bytecode::Column& place = pack_.subjects[here.subject].columns[*column];
    const bytecode::Fact& held = pack_.subjects[place.subject].facts[place.fact()];
    const auto cell = cell_for(held, value);
    if (!cell) return refuse(value, fact.name);
    vm::put(pack_, here.subject, *here.row, *column, fiscal_year_ + year_offset.value_or(0), *cell);
}

void Filler::give(const sema::Given& given, sema::Id subject) {
    Here here{&profile_.row, profile_.subject, ""};
    for (std::size_t i = 0; i < given.path.steps.size(); ++i) {
        const sema::PathStep& step = given.path.steps[i];
        const sema::Fact& fact = model_.subjects[subject].facts[step.fact];
        const bool is_last = i + 1 == given.path.steps.size();
        if (is_last && !step.element) return set(here, subject, fact, step.year_offset, given.value);
        subject = fact.type.ref;
        if (!step.element) {
            here.prefix += fact.name + ".";
            continue;
        }
        const auto column = column_named(here, fact.name);
        const auto element = subject_named(pack_, model_.subjects[subject].name);
        if (!column || !element) return refuse(given.value, fact.name);
        here = Here{&element_of(here.row->list(*column), *step.element, *element), *element, ""};
        if (is_last) return set_fields(here, subject, given.value);
    }
}

}  // namespace

std::int32_t fiscal_year_of(const sema::Scenario& scenario) {
    std::int32_t year = value::year_of(scenario.as_of);
    for (const sema::Given& given : scenario.givens) {
        if (given.is_fiscal_year) year = value::exactly<std::int32_t>(given.value.constant.number).value();
    }
    return year;
}

vm::Profile make_profile(const sema::Model& model, const bytecode::Pack& pack, const sema::Scenario& scenario, std::vector<Mismatch>& mismatches) {
    const sema::Id subject = model.policies[scenario.policy].subject;
    const auto found = subject_named(pack, model.subjects[subject].name);
    vm::Profile profile = vm::empty_profile(pack, found.value_or(0));
    const std::int32_t fiscal_year = fiscal_year_of(scenario);
    profile.fiscal_year = fiscal_year;
    Filler filler(model, profile, fiscal_year, mismatches);
    for (const sema::Given& given : scenario.givens) {
        if (!given.is_fiscal_year) filler.give(given, subject);
    }
    for (const vm::Problem& problem : vm::contradictions(profile)) {
        mismatches.push_back({scenario.span, "`" + problem.key + "` 与 `" + problem.other_key + "` 不可能同时成立",
                              "`" + problem.key + "` and `" + problem.other_key + "` cannot both be as given"});
    }
    return profile;
}

}  // namespace eligo::scenario
