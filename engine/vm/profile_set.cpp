// Places in a profile by their keys, and what is put there.
#include "profile_set.hpp"

#include <algorithm>
#include <utility>

namespace eligo::vm {
namespace {

using bytecode::Fact;
using bytecode::Index;
using bytecode::Kind;
using bytecode::Pack;

// One name of a key, "claims[0]".
struct KeyPart {
    std::string_view name;
    std::optional<std::size_t> element;
};

// At most nine digits: more elements than that no list has, and fewer never overflow.
std::optional<std::size_t> parse_element(std::string_view digits) {
    if (digits.empty() || digits.size() > 9) return std::nullopt;
    std::size_t number = 0;
    for (const char digit : digits) {
        if (digit < '0' || digit > '9') return std::nullopt;
        number = number * 10 + static_cast<std::size_t>(digit - '0');
    }
    return number;
}

std::optional<KeyPart> parse_part(std::string_view text) {
    const std::size_t bracket = text.find('[');
    if (bracket == std::string_view::npos) return KeyPart{text, {}};
    if (!text.ends_with(']')) return std::nullopt;
    const auto element = parse_element(text.substr(bracket + 1, text.size() - bracket - 2));
    if (!element) return std::nullopt;
    return KeyPart{text.substr(0, bracket), element};
}

std::optional<std::vector<KeyPart>> parse_key(std::string_view key) {
    std::vector<KeyPart> parts;
    while (true) {
        const std::size_t dot = key.find('.');
        const auto part = parse_part(key.substr(0, dot));
        if (!part || part->name.empty()) return std::nullopt;
        parts.push_back(*part);
        if (dot == std::string_view::npos) return parts;
        key.remove_prefix(dot + 1);
    }
}

// A key understood: the elements of lists to go through, then a path of facts within the last row.
struct Place {
    struct Step {
        Index column = bytecode::none;
        std::size_t element = 0;
    };
    std::vector<Step> steps;
    Index subject = bytecode::none;  // of the last row
    std::vector<Index> path;
    Index fact_subject = bytecode::none;
    std::optional<std::int32_t> year;
};

const Fact& fact_of(const Pack& pack, const Place& place) { return pack.subjects[place.fact_subject].facts[place.path.back()]; }

struct Located {
    Place place;
    std::optional<Problem> problem;
};

Problem problem_with(ProblemKind kind, std::string_view key, Expectation expectation, std::string_view found = {}) {
    return {kind, std::string(key), std::string(found), std::move(expectation.chinese), std::move(expectation.english), {}};
}

Problem unknown_key(const Pack& pack, Index subject, std::string_view key) {
    const std::string& name = pack.string(pack.subjects[subject].name);
    return problem_with(ProblemKind::UnknownKey, key, {"“" + name + "”的一项事实", "a fact of " + name});
}

Problem too_many_elements(std::string_view key, const Fact& fact, std::size_t found) {
    const std::string most = std::to_string(fact.up_to);
    return problem_with(ProblemKind::TooManyElements, key, {"至多" + most + "个元素的列表", "a list of at most " + most + " elements"}, std::to_string(found));
}

// Goes down a key part by part. Nothing is changed on the way, so that a key that leads nowhere leaves no trace.
class Locator {
public:
    Locator(const Pack& pack, Index subject, std::string_view key) : pack_(pack), key_(key), current_(subject) { located_.place.subject = subject; }

    Located locate() {
        const auto parts = parse_key(key_);
        if (!parts) {
            located_.problem = unknown_key(pack_, current_, key_);
            return std::move(located_);
        }
        for (std::size_t i = 0; i < parts->size() && !located_.problem; ++i) {
            if (leaf_) {
                year((*parts)[i], i + 1 == parts->size());
            } else {
                step((*parts)[i], i + 1 == parts->size());
            }
        }
        return std::move(located_);
    }

private:
    void bad_place(Expectation expectation) { located_.problem = problem_with(ProblemKind::BadPlace, key_, std::move(expectation)); }

    void step(const KeyPart& part, bool last) {
        const Index number = find_fact(pack_, current_, part.name);
        if (number == bytecode::none) {
            located_.problem = unknown_key(pack_, current_, key_);
            return;
        }
        const Fact& fact = pack_.subjects[current_].facts[number];
        located_.place.fact_subject = current_;
        located_.place.path.push_back(number);
        if (part.element && fact.kind != Kind::List) return bad_place({"不带序号的键：" + std::string(part.name) + "不是列表", "no number: " + std::string(part.name) + " is not a list"});
        if (fact.kind == Kind::Record) {
            current_ = fact.ref;
        } else if (fact.kind == Kind::List) {
            list(part, fact, last);
        } else {
            leaf_ = true;
        }
    }

    void list(const KeyPart& part, const Fact& fact, bool last) {
        const std::string name(part.name);
        if (!part.element) {
            if (!last) bad_place({"写明是第几个元素：" + name + "[0]", "which element is meant: " + name + "[0]"});
            return;
        }
        if (last) return bad_place({"元素的一项事实：" + name + "[0].…", "a fact of the element: " + name + "[0].…"});
        if (*part.element >= fact.up_to) {
            located_.problem = too_many_elements(key_, fact, *part.element + 1);
            return;
        }
        Place& place = located_.place;
        place.steps.push_back({find_column(pack_, place.subject, place.path), *part.element});
        place.subject = current_ = fact.ref;
        place.path.clear();
    }

    void year(const KeyPart& part, bool last) {
        const Fact& fact = fact_of(pack_, located_.place);
        if (!fact.yearly || !last || part.element) return bad_place({"到此为止的键：其下没有别的内容", "a key that ends there: nothing lies below it"});
        located_.place.year = parse_year(part.name);
        if (!located_.place.year) {
            located_.problem = problem_with(ProblemKind::BadYear, key_, {"四位数的年度，1900至2199", "a fiscal year of four digits from 1900 to 2199"}, part.name);
        }
        leaf_ = true;
    }

    const Pack& pack_;
    std::string_view key_;
    Index current_;
    bool leaf_ = false;  // a fact that is neither record nor list was reached
    Located located_;
};

// Makes the elements on the way to a place, and takes them back unless they are kept: where there is no memory for all that
// was to be done, nothing was.
class Making {
public:
    Making() = default;
    Making(const Making&) = delete;
    Making& operator=(const Making&) = delete;
    ~Making() {
        for (; !grown_.empty(); grown_.pop_back()) {
            const Grown& last = grown_.back();
            last.list->rows.erase(last.list->rows.begin() + static_cast<std::ptrdiff_t>(last.rows), last.list->rows.end());
            last.list->state = last.state;
        }
    }
    void elements(const Pack& pack, Index element, List& list, std::size_t count) {
        grown_.push_back({&list, list.state, list.rows.size()});
        list.state = CellState::Known;
        while (list.rows.size() < count) list.rows.emplace_back(pack, element);
    }
    void keep() { grown_.clear(); }

private:
    struct Grown {
        List* list;
        CellState state;
        std::size_t rows;
    };
    std::vector<Grown> grown_;
};

// The row that holds the place; its elements are made when they are not there yet.
Row& make_row(Profile& profile, const Place& place, Making& making) {
    Row* row = &profile.row;
    Index subject = profile.subject;
    for (const Place::Step& step : place.steps) {
        const auto& column = profile.pack->subjects[subject].columns[step.column];
        const Index element = profile.pack->subjects[column.subject].facts[column.fact()].ref;
        List& list = row->list(step.column);
        making.elements(*profile.pack, element, list, step.element + 1);
        row = &list.rows[step.element];
        subject = element;
    }
    return *row;
}

Row* find_row(Profile& profile, const Place& place) {
    Row* row = &profile.row;
    for (const Place::Step& step : place.steps) {
        auto& rows = row->list(step.column).rows;
        if (step.element >= rows.size()) return nullptr;
        row = &rows[step.element];
    }
    return row;
}

// Columns at the place or, for a record, below it.
std::vector<Index> columns_at(const Pack& pack, Index subject, const std::vector<Index>& path) {
    std::vector<Index> result;
    const auto& columns = pack.subjects[subject].columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& whole = columns[i].path;
        if (whole.size() >= path.size() && std::equal(path.begin(), path.end(), whole.begin())) result.push_back(static_cast<Index>(i));
    }
    return result;
}

bool is_list(const Pack& pack, Index subject, Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()].kind == Kind::List;
}

std::optional<Problem> set_fiscal_year(Profile& profile, std::string_view text) {
    const auto year = parse_year(text);
    if (!year) return problem_with(ProblemKind::BadYear, "fiscal_year", {"四位数的年度，1900至2199", "a fiscal year of four digits from 1900 to 2199"}, text);
    profile.fiscal_year = year;
    return std::nullopt;
}

// Why a single value cannot stand at the place, if it cannot.
std::optional<Problem> objection_to_value(const Pack& pack, const Place& place, std::string_view key, std::string_view text) {
    const Fact& fact = fact_of(pack, place);
    if (fact.kind == Kind::Record || fact.kind == Kind::List) return problem_with(ProblemKind::WrongType, key, expectation_of(pack, fact), text);
    if (!fact.yearly || place.year) return std::nullopt;
    const std::string example = std::string(key) + ".2015";
    return problem_with(ProblemKind::BadPlace, key, {"写明年度：" + example, "which fiscal year is meant: " + example}, text);
}

}  // namespace

Index find_fact(const Pack& pack, Index subject, std::string_view name) {
    const auto& facts = pack.subjects[subject].facts;
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (pack.string(facts[i].name) == name) return static_cast<Index>(i);
    }
    return bytecode::none;
}

Index find_column(const Pack& pack, Index subject, const std::vector<Index>& path) {
    const auto& columns = pack.subjects[subject].columns;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        if (columns[i].path == path) return static_cast<Index>(i);
    }
    return bytecode::none;
}

void put(const Pack& pack, Index subject, Row& row, Index column, std::int32_t year, const Cell& cell) {
    const auto& described = pack.subjects[subject].columns[column];
    if (pack.subjects[described.subject].facts[described.fact()].yearly) {
        row.set_year(column, year, cell);
    } else {
        row.set(column, cell);
    }
}

void put_unknown(const Pack& pack, Index subject, Row& row, const std::vector<Index>& path) {
    for (const Index column : columns_at(pack, subject, path)) {
        row.set(column, {0, 0, CellState::Unknown});
        row.drop_years(column);
        if (is_list(pack, subject, column)) row.list(column) = {CellState::Unknown, {}};
    }
}

std::optional<Problem> set_value(Profile& profile, std::string_view key, Scalar scalar, std::string_view text) {
    if (key == "fiscal_year") return set_fiscal_year(profile, text);
    if (key == "company_id") {
        profile.company_id = text;
        return std::nullopt;
    }
    const Pack& pack = *profile.pack;
    Located located = Locator(pack, profile.subject, key).locate();
    if (located.problem) return located.problem;
    if (auto problem = objection_to_value(pack, located.place, key, text)) return problem;
    Cell cell;
    if (auto problem = read_cell(pack, fact_of(pack, located.place), scalar, text, profile.texts, cell)) {
        problem->key = key;
        return problem;
    }
    Making making;
    Row& row = make_row(profile, located.place, making);
    put(pack, located.place.subject, row, find_column(pack, located.place.subject, located.place.path), located.place.year.value_or(0), cell);
    making.keep();
    return std::nullopt;
}

std::optional<Problem> set_unknown(Profile& profile, std::string_view key) {
    if (key == "fiscal_year" || key == "company_id") return forget(profile, key);
    const Pack& pack = *profile.pack;
    Located located = Locator(pack, profile.subject, key).locate();
    if (located.problem) return located.problem;
    const Place& place = located.place;
    Making making;
    Row& row = make_row(profile, place, making);
    if (place.year) {
        put(pack, place.subject, row, find_column(pack, place.subject, place.path), *place.year, {0, 0, CellState::Unknown});
    } else {
        put_unknown(pack, place.subject, row, place.path);
    }
    making.keep();
    return std::nullopt;
}

std::optional<Problem> forget(Profile& profile, std::string_view key) {
    if (key == "fiscal_year") {
        profile.fiscal_year.reset();
        return std::nullopt;
    }
    if (key == "company_id") {
        profile.company_id.clear();
        return std::nullopt;
    }
    const Pack& pack = *profile.pack;
    Located located = Locator(pack, profile.subject, key).locate();
    if (located.problem) return located.problem;
    Row* row = find_row(profile, located.place);
    if (row == nullptr) return std::nullopt;
    const Row empty(pack, located.place.subject);
    for (const Index column : columns_at(pack, located.place.subject, located.place.path)) {
        if (located.place.year) {
            row->drop_year(column, *located.place.year);
            continue;
        }
        row->set(column, empty.cell(column));
        row->drop_years(column);
        if (is_list(pack, located.place.subject, column)) row->list(column) = {};
    }
    return std::nullopt;
}

std::optional<Problem> set_list(Profile& profile, std::string_view key, std::size_t count) {
    const Pack& pack = *profile.pack;
    Located located = Locator(pack, profile.subject, key).locate();
    if (located.problem) return located.problem;
    const Fact& fact = fact_of(pack, located.place);
    if (fact.kind != Kind::List) return problem_with(ProblemKind::WrongType, key, expectation_of(pack, fact), "a list");
    if (count > fact.up_to) return too_many_elements(key, fact, count);
    Making making;
    Row& row = make_row(profile, located.place, making);
    List& list = row.list(find_column(pack, located.place.subject, located.place.path));
    making.elements(pack, fact.ref, list, count);
    making.keep();
    list.rows.erase(list.rows.begin() + static_cast<std::ptrdiff_t>(count), list.rows.end());
    return std::nullopt;
}

}  // namespace eligo::vm
