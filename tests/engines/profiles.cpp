#include "profiles.hpp"

#include <algorithm>
#include <set>

#include "../../engine/value/code.hpp"
#include "../../engine/vm/profile_set.hpp"

namespace eligo::oracle {
namespace {

using boost::multiprecision::cpp_int;
using sema::Id;
using sema::Kind;

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

Number constant_of(const sema::Type& type, const sema::Constant& constant) {
    return is_numeric(type.kind) ? number_of(constant.number) : Number(constant.integer);
}

Number steps_down(const Number& number, const Number& step) { return floor_of(number / step); }
Number snapped(const Number& number, const Number& step) { return steps_down(number, step) * step; }
Number snapped_up(const Number& number, const Number& step) { return -snapped(-number, step); }

Scalar known(Number number) { return {Scalar::State::Known, number, number, ""}; }

// ---- scenarios

class Filler {
public:
    Filler(const sema::Model& model, std::int32_t fiscal_year) : model_(model), fiscal_year_(fiscal_year) {}

    void give(Profile& profile, const sema::Given& given) const {
        Record* record = &profile.facts;
        Id subject = profile.subject;
        std::string prefix;
        for (std::size_t i = 0; i < given.path.steps.size(); ++i) {
            const auto& step = given.path.steps[i];
            const sema::Fact& fact = model_.subjects[subject].facts[step.fact];
            const bool last = i + 1 == given.path.steps.size();
            if (last && !step.element) return set(*record, prefix, subject, fact, step.year_offset.value_or(0), given.value);
            if (step.element) {
                List& list = record->lists[prefix + fact.name];
                list.known = true;
                if (list.elements.size() <= *step.element) list.elements.resize(*step.element + 1);
                record = &list.elements[*step.element];
                prefix.clear();
                if (last) return set_fields(*record, "", fact.type.ref, given.value);
            } else {
                prefix += fact.name + ".";
            }
            subject = fact.type.ref;
        }
    }

private:
    void set(Record& record, const std::string& prefix, Id subject, const sema::Fact& fact, std::int32_t offset, const sema::GivenValue& value) const {
        if (fact.type.kind == Kind::Record) return set_fields(record, prefix + fact.name + ".", fact.type.ref, value);
        if (fact.type.kind == Kind::List) {
            List list;
            list.known = value.form == sema::GivenValue::Form::List;
            for (const auto& element : value.elements) fill(list.elements.emplace_back(), "", fact.type.ref, element);
            record.lists[prefix + fact.name] = std::move(list);
            return;
        }
        const auto number = static_cast<Id>(&fact - model_.subjects[subject].facts.data());
        const std::string key = prefix + fact.name + (fact.type.yearly ? "." + std::to_string(fiscal_year_ + offset) : "");
        record.scalars[key] = scalar(subject, number, value);
    }

    void set_fields(Record& record, const std::string& prefix, Id subject, const sema::GivenValue& value) const {
        if (value.form == sema::GivenValue::Form::Unknown)
            for (const auto& fact : model_.subjects[subject].facts) set(record, prefix, subject, fact, 0, value);
        for (const auto& element : value.elements) fill(record, prefix, subject, element);
    }

    void fill(Record& record, const std::string& prefix, Id subject, const sema::GivenRecord& given) const {
        for (const auto& [fact, value] : given.fields) set(record, prefix, subject, model_.subjects[subject].facts[fact], 0, value);
    }

    Scalar scalar(Id subject, Id number, const sema::GivenValue& value) const {
        const sema::Type& type = model_.subjects[subject].facts[number].type;
        if (value.form == sema::GivenValue::Form::Unknown) return {Scalar::State::Unknown, 0, 0, ""};
        if (value.form == sema::GivenValue::Form::Constant) {
            Scalar result = known(constant_of(type, value.constant));
            result.text = value.constant.text;
            return result;
        }
        const Declared range = declared(model_, subject, number);
        const Number low = value.low ? snapped_up(constant_of(type, *value.low), range.step) : range.low;
        const Number high = value.high ? snapped(constant_of(type, *value.high), range.step) : range.high;
        return low == high ? known(low) : Scalar{Scalar::State::Range, low, high, ""};
    }

    const sema::Model& model_;
    std::int32_t fiscal_year_;
};

// ---- texts

// A finite decimal, as a person writes it.
std::string decimal(const Number& number) {
    std::string digits = cpp_int(abs(snapped(number * 1'000'000, 1).numerator())).str();
    digits.insert(0, digits.size() < 7 ? 7 - digits.size() : 0, '0');
    digits.insert(digits.size() - 6, 1, '.');
    while (digits.back() == '0') digits.pop_back();
    if (digits.back() == '.') digits.pop_back();
    return (number < 0 ? "-" : "") + digits;
}

std::string text_of(const sema::Model& model, const sema::Type& type, const Number& number) {
    const auto whole = small(number);
    switch (type.kind) {
        case Kind::Bool: return whole != 0 ? "true" : "false";
        case Kind::Date: return value::format_date(static_cast<value::Day>(whole));
        case Kind::Enum: return model.enumerations[type.ref].members[static_cast<std::size_t>(whole)].name;
        case Kind::Code: return value::format_code(static_cast<value::Classification>(type.ref), static_cast<std::int32_t>(whole));
        default: return decimal(number);
    }
}

std::string text_of(const sema::Model& model, const sema::Type& type, const Scalar& scalar) {
    if (scalar.state == Scalar::State::Range) return text_of(model, type, scalar.low) + " .. " + text_of(model, type, scalar.high);
    return type.kind == Kind::Text ? scalar.text : text_of(model, type, scalar.low);
}

// The fact that a key within a subject leads to ("company.revenue.2015").
const sema::Fact& fact_at(const sema::Model& model, Id subject, const std::string& key) {
    const std::string name = key.substr(0, key.find('.'));
    for (const auto& fact : model.subjects[subject].facts)
        if (fact.name == name) return fact.type.kind == Kind::Record ? fact_at(model, fact.type.ref, key.substr(name.size() + 1)) : fact;
    throw std::logic_error("no fact " + key);
}

void put(const sema::Model& model, vm::Profile& profile, Id subject, const Record& record, const std::string& prefix, std::string& problems) {
    const auto note = [&](const std::optional<vm::Problem>& problem) {
        if (problem) problems += problem->key + ": " + problem->found + ", expected " + problem->expected_english + "\n";
    };
    for (const auto& [key, scalar] : record.scalars) {
        if (scalar.state == Scalar::State::Absent) continue;
        if (scalar.state == Scalar::State::Unknown) note(vm::set_unknown(profile, prefix + key));
        else note(vm::set_value(profile, prefix + key, vm::Scalar::Plain, text_of(model, fact_at(model, subject, key).type, scalar)));
    }
    for (const auto& [key, list] : record.lists) {
        const Id element = fact_at(model, subject, key).type.ref;
        if (!list.known) {
            note(vm::set_unknown(profile, prefix + key));
            continue;
        }
        note(vm::set_list(profile, prefix + key, list.elements.size()));
        for (std::size_t i = 0; i < list.elements.size(); ++i) put(model, profile, element, list.elements[i], prefix + key + "[" + std::to_string(i) + "].", problems);
    }
}

void print(const sema::Model& model, Id subject, const Record& record, const std::string& prefix, std::string& text) {
    for (const auto& [key, scalar] : record.scalars) {
        if (scalar.state == Scalar::State::Absent) continue;
        text += "  " + prefix + key + " = " + (scalar.state == Scalar::State::Unknown ? "unknown" : text_of(model, fact_at(model, subject, key).type, scalar)) + "\n";
    }
    for (const auto& [key, list] : record.lists) {
        text += "  " + prefix + key + (list.known ? ": " + std::to_string(list.elements.size()) + " elements\n" : " = unknown\n");
        for (std::size_t i = 0; i < list.elements.size(); ++i) print(model, fact_at(model, subject, key).type.ref, list.elements[i], prefix + key + "[" + std::to_string(i) + "].", text);
    }
}

std::int32_t fiscal_year_of(const sema::Scenario& scenario) {
    std::int32_t year = value::year_of(scenario.as_of);
    for (const auto& given : scenario.givens)
        if (given.is_fiscal_year) year = static_cast<std::int32_t>(value::floor(given.value.constant.number));
    return year;
}

}  // namespace

Profile profile_of(const sema::Model& model, const sema::Scenario& scenario) {
    Profile profile;
    profile.subject = model.policies[scenario.policy].subject;
    profile.fiscal_year = fiscal_year_of(scenario);
    const Filler filler(model, *profile.fiscal_year);
    for (const auto& given : scenario.givens)
        if (!given.is_fiscal_year) filler.give(profile, given);
    return profile;
}

vm::Profile engine_profile(const sema::Model& model, const bytecode::Pack& pack, const Profile& profile, std::string& problems) {
    bytecode::Index subject = 0;
    while (pack.string(pack.subjects[subject].name) != model.subjects[profile.subject].name) ++subject;
    vm::Profile made = vm::empty_profile(pack, subject);
    made.fiscal_year = profile.fiscal_year;
    put(model, made, profile.subject, profile.facts, "", problems);
    return made;
}

std::string print(const sema::Model& model, const Profile& profile) {
    std::string text = profile.fiscal_year ? "  fiscal_year = " + std::to_string(*profile.fiscal_year) + "\n" : "";
    print(model, profile.subject, profile.facts, "", text);
    return text;
}

// ---- made-up profiles

Maker::Maker(const sema::Model& model, Id policy, std::uint32_t seed) : model_(model), policy_(policy), random_(seed) {
    for (const auto& scenario : model.scenarios)
        if (scenario.policy == policy) scenarios_.push_back(&scenario);
    std::map<Kind, std::set<Number>> found;
    const auto add = [&](const sema::Type& type, const sema::Constant& constant) { found[type.kind].insert(constant_of(type, constant)); };
    for (const auto& expr : model.exprs)
        if (expr.kind == sema::ExprKind::Constant && expr.type.kind != Kind::Text) add(expr.type, expr.constant);
    for (const auto& table : model.tables)
        for (const auto& row : table.rows)
            for (std::size_t i = 0; i < row.cells.size(); ++i)
                for (const auto& interval : row.cells[i].intervals)
                    for (const auto& end : {interval.low, interval.high})
                        if (end && end->text.empty()) add(model.variables[table.inputs[i]].type, *end);
    for (const auto& [kind, numbers] : found) constants_[kind].assign(numbers.begin(), numbers.end());
    for (const auto& version : model.policies[policy].versions) turns_.insert(turns_.end(), {version.in_force.from, version.in_force.to});
    for (const auto& parameter : model.parameters)
        for (const auto& entry : parameter.entries) {
            turns_.push_back(entry.period.from);
            if (entry.published) published_.push_back(*entry.published);
        }
    for (const auto& table : model.tables)
        for (const auto& row : table.rows)
            for (const auto& cell : row.cells)
                if (cell.published) published_.push_back(*cell.published);
    turns_.insert(turns_.end(), published_.begin(), published_.end());
    std::set<Read> all;
    reads_year_ = 2016;
    for (const auto& version : model.policies[policy].versions)
        for (Read& read : reads(model, policy, {std::max(version.in_force.from, value::day_from_civil(2000, 1, 1)), value::last_day}, reads_year_)) all.insert(std::move(read));
    reads_.assign(all.begin(), all.end());
    for (const Read& read : reads_) {
        if (!model.subjects[read.subject].facts[read.fact].type.yearly) continue;
        const std::int32_t offset = std::stoi(read.key.substr(read.key.rfind('.') + 1)) - reads_year_;
        first_read_ = std::min(first_read_, offset);
        last_read_ = std::max(last_read_, offset);
    }
}

const Maker::Sites& Maker::sites(std::int32_t fiscal_year) {
    const auto [found, added] = sites_.try_emplace(fiscal_year);
    Sites& sites = found->second;
    if (!added) return sites;
    for (const Read& read : reads_) {
        Site site{read.key, read.subject, read.fact};
        if (fact(site).type.yearly) {
            const std::size_t year = site.key.rfind('.') + 1;
            site.key.replace(year, std::string::npos, std::to_string(std::stoi(site.key.substr(year)) - reads_year_ + fiscal_year));
        }
        if (model_.subjects[read.subject].facts[read.fact].type.kind == Kind::List) sites.lists.emplace(read.key, site);
        else if (read.list.empty()) sites.own.push_back(site);
        else sites.elements[read.list].push_back(site);
    }
    // Bounds lean on earlier facts, so facts are made in the order of the vocabulary.
    const auto by_fact = [](const Site& a, const Site& b) { return a.fact < b.fact; };
    std::stable_sort(sites.own.begin(), sites.own.end(), by_fact);
    for (auto& [list, of_list] : sites.elements) std::stable_sort(of_list.begin(), of_list.end(), by_fact);
    return sites;
}

Case Maker::make() {
    Case made;
    if (!scenarios_.empty() && below(3) != 0) {
        const sema::Scenario& scenario = *scenarios_[below(static_cast<std::uint32_t>(scenarios_.size()))];
        made.profile = profile_of(model_, scenario);
        made.question = {scenario.as_of, scenario.known_on.value_or(value::last_day)};
        if (below(6) == 0) made.question.known_on = known_on(scenario.as_of);
        disturb(made);
        return made;
    }
    value::Day as_of = value::day_from_civil(2008 + static_cast<int>(below(22)), 1 + static_cast<int>(below(12)), 1 + static_cast<int>(below(28)));
    if (!turns_.empty() && below(3) == 0) as_of = std::clamp(turns_[below(static_cast<std::uint32_t>(turns_.size()))] + static_cast<value::Day>(below(3)) - 1, value::first_day, value::last_day);
    // Of a year before 1900 or after 2199 nobody can give anything.
    constexpr std::int32_t earlier = 2;
    if (value::year_of(as_of) - earlier + first_read_ < 1900 || value::year_of(as_of) + last_read_ > 2199) as_of = value::day_from_civil(2016, 6, 15);
    made.question.as_of = as_of;
    if (below(4) == 0) made.question.known_on = known_on(as_of);
    made.profile.subject = model_.policies[policy_].subject;
    made.profile.fiscal_year = value::year_of(as_of);
    if (below(6) == 0) made.profile.fiscal_year = *made.profile.fiscal_year - static_cast<std::int32_t>(below(earlier + 1));
    static constexpr Openness kinds[] = {Openness::Closed, Openness::Closed, Openness::Some, Openness::Some, Openness::Ranges, Openness::Most};
    const Openness openness = kinds[below(6)];
    const Sites& all = sites(*made.profile.fiscal_year);
    fill(made.profile.facts, all.own, as_of, openness);
    fill_lists(made.profile.facts, all, as_of, openness);
    return made;
}

// The day before something was published, that day or the day after; or some day before the one that is asked about.
value::Day Maker::known_on(value::Day as_of) {
    if (published_.empty() || below(3) == 0) return as_of - static_cast<value::Day>(below(400));
    return published_[below(static_cast<std::uint32_t>(published_.size()))] + static_cast<value::Day>(below(3)) - 1;
}

// Changes a few facts of a scenario's profile; now and then all of an element.
void Maker::disturb(Case& made) {
    static constexpr Openness kinds[] = {Openness::Closed, Openness::Closed, Openness::Some, Openness::Ranges, Openness::Most};
    const Openness openness = kinds[below(5)];
    const Sites& all = sites(*made.profile.fiscal_year);
    for (std::uint32_t changes = below(4); changes > 0 && !all.own.empty(); --changes) {
        const Site& site = all.own[below(static_cast<std::uint32_t>(all.own.size()))];
        made.profile.facts.scalars[site.key] = open_or_known(made.profile.facts, site, made.question.as_of, openness);
    }
    for (const auto& [key, list] : all.lists) {
        List& given = made.profile.facts.lists[key];
        const auto& fields = all.elements.find(key);
        if (below(12) == 0) given = {};
        if (!given.known || fields == all.elements.end()) continue;
        if (below(4) == 0 && given.elements.size() < std::min(5U, fact(list).type.up_to)) {
            Record twin = given.elements.empty() ? Record{} : given.elements[below(static_cast<std::uint32_t>(given.elements.size()))];
            if (twin.scalars.empty()) fill(twin, fields->second, made.question.as_of, openness);
            given.elements.push_back(std::move(twin));
        }
        for (Record& element : given.elements) {
            if (below(2) == 0) continue;
            const Site& site = fields->second[below(static_cast<std::uint32_t>(fields->second.size()))];
            element.scalars[site.key] = open_or_known(element, site, made.question.as_of, openness);
        }
    }
}

void Maker::fill(Record& record, const std::vector<Site>& sites, value::Day as_of, Openness openness) {
    for (const Site& site : sites) record.scalars[site.key] = open_or_known(record, site, as_of, openness);
}

void Maker::fill_lists(Record& record, const Sites& sites, value::Day as_of, Openness openness) {
    for (const auto& [key, site] : sites.lists) {
        List& list = record.lists[key];
        list.known = !(openness != Openness::Closed && below(10) == 0);
        if (!list.known) continue;
        list.elements.resize(std::min(below(5), fact(site).type.up_to));
        if (const auto fields = sites.elements.find(key); fields != sites.elements.end())
            for (Record& element : list.elements) fill(element, fields->second, as_of, openness);
    }
}

Scalar Maker::open_or_known(const Record& record, const Site& site, value::Day as_of, Openness openness) {
    const std::uint32_t chance = below(100);
    const bool has_default = fact(site).default_value != sema::no_expr;
    if (has_default && chance < 30) return {};
    const std::uint32_t open = openness == Openness::Closed ? 0 : openness == Openness::Some ? 12 : openness == Openness::Ranges ? 20 : 70;
    if (below(100) < open) {
        const Kind kind = fact(site).type.kind;
        const bool ranges = is_numeric(kind) || kind == Kind::Date;
        if (!ranges || below(openness == Openness::Ranges ? 4 : 2) == 0) return below(3) == 0 ? Scalar{} : Scalar{Scalar::State::Unknown, 0, 0, ""};
        const Number a = pick(record, site, as_of), b = pick(record, site, as_of);
        if (a != b) return {Scalar::State::Range, std::min(a, b), std::max(a, b), ""};
        return known(a);
    }
    Scalar result = known(pick(record, site, as_of));
    if (fact(site).type.kind == Kind::Text) result.text = below(2) == 0 ? "x" : "y";
    return result;
}

Declared Maker::within_bounds(const Record& record, const Site& site) const {
    Declared range = declared(model_, site.subject, site.fact);
    const std::string year = site.key.find_last_of('.') == std::string::npos ? "" : site.key.substr(site.key.find_last_of('.'));
    const std::string prefix = site.key.substr(0, site.key.rfind(fact(site).name));
    const auto bound = [&](Id other) -> const Scalar* {
        if (other == sema::no_id) return nullptr;
        const auto& other_fact = model_.subjects[site.subject].facts[other];
        const auto found = record.scalars.find(prefix + other_fact.name + (other_fact.type.yearly ? year : ""));
        return found != record.scalars.end() && (found->second.state == Scalar::State::Known || found->second.state == Scalar::State::Range) ? &found->second : nullptr;
    };
    if (const Scalar* low = bound(fact(site).low.fact)) range.low = std::max(range.low, low->low);
    if (const Scalar* high = bound(fact(site).high.fact)) range.high = std::min(range.high, high->low);
    return range;
}

Number Maker::pick(const Record& record, const Site& site, value::Day as_of) {
    const sema::Type& type = fact(site).type;
    const Declared range = within_bounds(record, site);
    switch (type.kind) {
        case Kind::Bool: return below(2);
        case Kind::Enum: return below(static_cast<std::uint32_t>(model_.enumerations[type.ref].members.size()));
        case Kind::Code: return pick_code(type);
        case Kind::Date: return pick_day(range, as_of);
        case Kind::Text: return 0;
        default: return pick_number(record, site, range);
    }
}

// A threshold, a share of another fact, or anything; on it or a step beside it.
Number Maker::pick_number(const Record& record, const Site& site, const Declared& range) {
    const Kind kind = fact(site).type.kind;
    Number number = 0;
    const std::uint32_t way = below(10);
    const auto& constants = constants_[kind];
    if (way < 3 && !constants.empty()) {
        number = constants[below(static_cast<std::uint32_t>(constants.size()))];
    } else if (way < 6 && !record.scalars.empty()) {
        auto other = record.scalars.begin();
        std::advance(other, below(static_cast<std::uint32_t>(record.scalars.size())));
        const auto& shares = constants_[Kind::Number];
        number = other->second.low * (shares.empty() ? Number(1) : shares[below(static_cast<std::uint32_t>(shares.size()))]);
    } else if (way < 7) {
        number = below(2) == 0 ? range.low : range.high;
    } else if (way < 9) {
        number = Number(below(1'000)) * (kind == Kind::Money ? Number(10'000 * (1 + below(1'000))) : Number(1));
    } else {
        number = between(range.low, range.high, range.step);
    }
    number = snapped(number, range.step) + Number(static_cast<int>(below(3)) - 1) * range.step * Number(below(2));
    return std::clamp(number, range.low, std::max(range.low, range.high));
}

Number Maker::pick_day(const Declared& range, value::Day as_of) {
    Number day = as_of;
    const std::uint32_t way = below(6);
    const auto& constants = constants_[Kind::Date];
    if (way == 0 && !constants.empty()) day = constants[below(static_cast<std::uint32_t>(constants.size()))];
    else if (way == 1) day = as_of - 365;
    else if (way == 2) day = value::add_months(as_of, -12 * static_cast<std::int32_t>(1 + below(4)));
    else if (way == 3) day = value::year_end(value::year_of(as_of) - static_cast<int>(below(5)));
    else if (way == 4) day = as_of - static_cast<value::Day>(below(4000));
    day += static_cast<int>(below(3)) - 1;
    return std::clamp(day, range.low, range.high);
}

Number Maker::pick_code(const sema::Type& type) {
    const auto& constants = constants_[Kind::Code];
    const auto classification = static_cast<value::Classification>(type.ref);
    if (!constants.empty() && below(2) == 0) {
        const auto code = static_cast<std::int32_t>(small(constants[below(static_cast<std::uint32_t>(constants.size()))]));
        const std::string text = value::format_code(classification, code);
        const auto inside = value::parse_code(classification, text + "1");
        if (inside && below(2) == 0) return *inside;
        // The last number below a code, with which a cell ends, need not be one.
        if (!text.empty()) return code;
    }
    static constexpr const char* others[] = {"A", "A01", "C", "C39", "C391", "C3911", "F", "F53", "I65", "M73", "T97"};
    return value::parse_code(classification, others[below(11)]).value_or(value::all_codes(classification).first);
}

Number Maker::between(const Number& low, const Number& high, const Number& step) {
    const cpp_int count = (steps_down(high - low, step) + 1).numerator();
    const cpp_int drawn = (cpp_int(random_()) << 32) + random_();
    return low + Number(cpp_int(drawn % count)) * step;
}

// ---- completions

Number Maker::settle(const Record& record, const Site& site, const Scalar& given) {
    Declared range = within_bounds(record, site);
    if (range.low > range.high) range = declared(model_, site.subject, site.fact);
    if (given.state == Scalar::State::Range) {
        const Number low = std::max(given.low, range.low), high = std::min(given.high, range.high);
        range.low = low <= high ? low : given.low;
        range.high = low <= high ? high : given.high;
    }
    const std::uint32_t way = below(4);
    if (way == 0) return range.low;
    if (way == 1) return range.high;
    if (fact(site).type.kind == Kind::Code) return pick_code(fact(site).type);
    return between(range.low, range.high, range.step);
}

void Maker::complete(Record& record, const std::vector<Site>& sites, const std::string& prefix, const std::vector<std::string>& named) {
    for (const Site& site : sites) {
        Scalar& scalar = record.scalars[site.key];
        const bool defaulted = scalar.state == Scalar::State::Absent && fact(site).default_value != sema::no_expr && std::find(named.begin(), named.end(), prefix + site.key) == named.end();
        if (scalar.state == Scalar::State::Known || defaulted) continue;
        scalar = known(settle(record, site, scalar));
        // The ends of the codes' numbers are no codes.
        if (fact(site).type.kind == Kind::Code) scalar = known(pick_code(fact(site).type));
    }
}

Case Maker::complete(const Case& open, const std::vector<std::string>& named) {
    Case closed = open;
    const Sites& all = sites(*open.profile.fiscal_year);
    complete(closed.profile.facts, all.own, "", named);
    for (const auto& [key, site] : all.lists) {
        List& list = closed.profile.facts.lists[key];
        const auto fields = all.elements.find(key);
        if (!list.known) {
            list.known = true;
            list.elements.resize(std::min(below(4), fact(site).type.up_to));
            if (fields != all.elements.end())
                for (Record& element : list.elements) fill(element, fields->second, open.question.as_of, Openness::Closed);
            // Named, its elements are given in full.
            if (fields != all.elements.end() && std::find(named.begin(), named.end(), key) != named.end()) {
                std::vector<std::string> keys;
                for (const Site& field : fields->second) keys.push_back(field.key);
                for (Record& element : list.elements) complete(element, fields->second, "", keys);
            }
        }
        if (fields != all.elements.end())
            for (std::size_t i = 0; i < list.elements.size(); ++i) complete(list.elements[i], fields->second, key + "[" + std::to_string(i) + "].", named);
    }
    return closed;
}

}  // namespace eligo::oracle
