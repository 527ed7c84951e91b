#include "outputs.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <deque>
#include <fstream>
#include <set>
#include <utility>
#include <vector>

#include <eligo/batch.hpp>
#include <eligo/eligo.h>

#include "../../engine/api/capi.hpp"
#include "../../engine/api/pack_data.hpp"
#include "../../engine/bytecode/image.hpp"
#include "../../engine/explain/json.hpp"
#include "../../engine/explain/say.hpp"
#include "../../engine/io/table.hpp"
#include "../../engine/screen/lay_out.hpp"
#include "../../engine/screen/output.hpp"
#include "../unit/big_integer.hpp"

namespace eligo::oracle {
namespace {

using bytecode::Kind;
using test::BigInteger;
using test::BigRational;

constexpr explain::Language english = explain::Language::English;

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// ---- numbers in this folder's words

std::string exact(Kind kind, const Number& number) { return test::exact_text(number.big(), kind == Kind::Money ? 2 : 0); }

BigRational number_in(std::string text) {
    const std::size_t slash = text.find('/');
    if (slash != std::string::npos) return number_in(text.substr(0, slash)) / number_in(text.substr(slash + 1));
    const std::size_t point = text.find('.');
    const std::size_t decimals = point == std::string::npos ? 0 : text.size() - point - 1;
    if (point != std::string::npos) text.erase(point, 1);
    const bool negative = text.starts_with('-');
    const std::size_t first = std::min(text.find_first_not_of("-0"), text.size());
    const BigInteger digits(first == text.size() ? "0" : text.substr(first));
    return BigRational(negative ? BigInteger(-digits) : digits, boost::multiprecision::pow(BigInteger(10), static_cast<unsigned>(decimals)));
}

// As `check` says it, without the commas between thousands; of a quotient what stands behind the decimal near it.
std::string said(Kind kind, bool percent, const Number& number) {
    std::string text = exact(kind, number);
    const bool quotient = text.find('/') != std::string::npos;
    if (kind == Kind::Money) text = (text.ends_with(".00") ? text.substr(0, text.size() - 3) : text) + " yuan";
    if (percent && !quotient) text = test::exact_text(number.big() * 100) + "%";
    if (kind == Kind::Months) text += text == "1" ? " month" : " months";
    if (kind == Kind::Days) text += text == "1" ? " day" : " days";
    return quotient ? "(= " + text + ")" : text;
}

// Of one line whose cells are numbers and names.
std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at < line.size();) {
        const std::size_t end = std::min(line.find_first_of(",\n", at), line.size());
        cells.emplace_back(line.substr(at, end - at));
        at = end + 1;
    }
    return cells;
}

std::string json_of(const std::string& name, bool open, const std::string& low, const std::string& high) {
    if (!open) return "\"" + name + "\":\"" + low + "\"";
    return "\"" + name + "\":{\"from\":\"" + low + "\",\"to\":\"" + high + "\"}";
}

std::string without(std::string text, std::string_view characters) {
    std::erase_if(text, [&](char c) { return characters.find(c) != std::string_view::npos; });
    return text;
}

// ---- one row as columns of Arrow

struct Field {
    std::string name, format, bytes;
    std::vector<std::int64_t> numbers;
    std::vector<std::int32_t> days;
    std::uint8_t valid = 1;
    std::vector<const void*> buffers;
    ArrowSchema schema{};
    ArrowArray array{};
};
void let_go(ArrowSchema* schema) { schema->release = nullptr; }
void let_go(ArrowArray* array) { array->release = nullptr; }

// Nothing where a column cannot say what the profile does: a list, a range, what is not known although it has a default.
class ArrowRow {
public:
    ArrowRow(const bytecode::Pack& pack, const vm::Profile& profile) {
        const auto& columns = pack.subjects[profile.subject].columns;
        for (bytecode::Index i = 0; i < columns.size() && possible_; ++i) {
            const bytecode::Fact& fact = pack.subjects[columns[i].subject].facts[columns[i].fact()];
            possible_ = fact.kind != Kind::List;
            if (!possible_) break;
            add(pack, fact, pack.string(columns[i].name), profile.row.cell(i));
            if (!fact.yearly) continue;
            fields_.pop_back();
            possible_ = profile.row.cell(i).state != vm::CellState::Unknown;
            for (const vm::YearCell& entry : profile.row.years(i)) add(pack, fact, pack.string(columns[i].name) + "." + std::to_string(entry.year), entry.cell);
        }
        if (profile.fiscal_year) {
            Field& year = fields_.emplace_back();
            year.name = "fiscal_year";
            year.format = "i";
            year.days = {*profile.fiscal_year};
        }
        for (Field& field : fields_) finish(field);
        schema = {"+s", "", nullptr, 0, static_cast<std::int64_t>(schemas_.size()), schemas_.data(), nullptr, let_go, nullptr};
        array = {1, 0, 0, 1, static_cast<std::int64_t>(arrays_.size()), &nothing_, arrays_.data(), nullptr, let_go, nullptr};
    }
    [[nodiscard]] bool possible() const { return possible_; }

    ArrowSchema schema{};
    ArrowArray array{};

private:
    void add(const bytecode::Pack&, const bytecode::Fact& fact, const std::string& name, const vm::Cell& cell) {
        Field& field = fields_.emplace_back();
        field.name = name;
        const bool known = cell.state == vm::CellState::Known;
        possible_ = possible_ && (known || cell.state == vm::CellState::Absent) && (is_numeric(fact.kind) || fact.kind == Kind::Date || fact.kind == Kind::Bool);
        field.valid = known ? 1 : 0;
        if (fact.kind == Kind::Date) {
            field.format = "tdD";
            field.days = {static_cast<std::int32_t>(cell.low)};
            return;
        }
        std::size_t scale = 0;
        for (std::int64_t steps = fact.unit.denominator; steps > 1; steps /= 10) ++scale;
        field.format = fact.kind == Kind::Bool || scale == 0 ? "l" : "d:38," + std::to_string(scale) + ",64";
        field.numbers = {cell.low};
    }
    void finish(Field& field) {
        field.buffers = {field.valid != 0 ? nullptr : &field.valid, field.days.empty() ? static_cast<const void*>(field.numbers.data()) : field.days.data()};
        field.schema = {field.format.c_str(), field.name.c_str(), nullptr, ARROW_FLAG_NULLABLE, 0, nullptr, nullptr, let_go, nullptr};
        field.array = {1, field.valid != 0 ? 0 : 1, 0, 2, 0, field.buffers.data(), nullptr, nullptr, let_go, nullptr};
        schemas_.push_back(&field.schema);
        arrays_.push_back(&field.array);
    }

    std::deque<Field> fields_;
    std::vector<ArrowSchema*> schemas_;
    std::vector<ArrowArray*> arrays_;
    const void* nothing_ = nullptr;
    bool possible_ = true;
};

Number decimal_of(const void* buffer, std::size_t limbs, int scale) {
    std::vector<std::uint64_t> words(limbs);
    std::memcpy(words.data(), buffer, limbs * 8);
    BigInteger number = 0;
    for (std::size_t i = limbs; i-- > 0;) number = (number << 64) + words[i];
    if (words[limbs - 1] >> 63 != 0) number -= BigInteger(1) << static_cast<unsigned>(64 * limbs);
    return Number(number, BigInteger(boost::multiprecision::pow(BigInteger(10), static_cast<unsigned>(scale))));
}

std::chrono::year_month_day date_of(value::Day day) { return std::chrono::sys_days(std::chrono::days(day)); }

}  // namespace

struct Outputs::Kept {
    Kept(const Rules& of, sema::Id number) : rules(of), policy(number), pack(*of.pack), explainer(*of.pack, number, explain::unbounded), host(Pack::read(bytecode::write_image(*of.pack)).value()), c(host) {
        name = pack.string(pack.policies[policy].name);
        subject = pack.string(pack.subjects[pack.policies[policy].subject].name);
    }

    // What is expected of a benefit in the version in force.
    struct Expected {
        std::string name;
        Kind kind{};
        bool percent = false, always = false;
        const Amount* amount = nullptr;
        [[nodiscard]] std::string low() const { return exact(kind, amount->low); }
        [[nodiscard]] std::string high() const { return exact(kind, amount->high); }
        [[nodiscard]] bool open() const { return amount->given == Truth::Unknown || amount->low != amount->high; }
    };
    [[nodiscard]] std::vector<Expected> expected(const std::vector<std::pair<std::string, const bytecode::Measure*>>& measures, const std::map<std::string, Amount>& told) const {
        std::vector<Expected> result;
        for (const auto& [of, measure] : measures) {
            const auto amount = told.find(of);
            if (amount != told.end() && is_numeric(measure->kind)) result.push_back({of, measure->kind, measure->percent, amount->second.always, &amount->second});
        }
        return result;
    }

    std::string explained(const vm::Profile& given, const vm::Question& question, const Answer& told);
    std::string by_hosts(const vm::Profile& given, const vm::Question& question, const Answer& told);
    std::string by_rows(const vm::Profile& given, const vm::Question& question, const Answer& told);
    std::string by_columns(const vm::Profile& given, const vm::Question& question, const Answer& told);
    [[nodiscard]] std::vector<Expected> benefits(const Answer& told) const;

    const Rules& rules;
    sema::Id policy;
    const bytecode::Pack& pack;
    explain::Explainer explainer;
    Pack host;
    eligo_pack c;
    std::string name, subject;
    std::string header, rows;              // all that was written as CSV
    NumbersHeld held;
};

namespace {

std::string other(const std::string& where, const std::string& name, const std::string& expected, const std::string& found) {
    return where + ": " + name + " should be " + expected + ", it is " + found + "\n";
}

}  // namespace

// Benefits of one name have one kind in all versions.
std::vector<Outputs::Kept::Expected> Outputs::Kept::benefits(const Answer& told) const {
    std::vector<std::pair<std::string, const bytecode::Measure*>> measures;
    for (const auto& version : pack.policies[policy].versions)
        for (const auto& benefit : version.benefits)
            if (std::ranges::none_of(measures, [&](const auto& each) { return each.first == pack.string(benefit.name); })) measures.emplace_back(pack.string(benefit.name), &benefit.measure);
    return expected(measures, told.benefits);
}

// As data, as JSON, as text: benefits that are shown, and lets that have a value.
std::string Outputs::Kept::explained(const vm::Profile& given, const vm::Question& question, const Answer& told) {
    explain::Answer answer;
    answer.results.push_back(explainer.why(given, question));
    const explain::PolicyAnswer& result = answer.results.front();
    const std::string json = without(explain::to_json(answer, english), " \n"), text = without(explain::say(answer, {english, explain::Color::Off, &pack}).text(), ",");
    std::string wrong;
    // Labels may be alike, so that any line with that label will do.
    const auto has_line = [&](std::string_view label, const Amount& amount, const explain::Shown& shown) {
        const std::string begin = "    " + std::string(label) + "  ", low = said(shown.kind, shown.percent, amount.low), high = said(shown.kind, shown.percent, amount.high);
        for (std::size_t at = text.find(begin); at != std::string::npos; at = text.find(begin, at + 1)) {
            const std::string value = text.substr(at + begin.size(), text.find_first_of("@\n", at) - at - begin.size());
            const bool has_low = value.find(low) != std::string::npos, has_high = value.find(high) != std::string::npos;
            if (has_low && has_high) return true;
            // Ends out of all proportion are left out.
            if (shown.state == explain::Shown::State::Open && (value.starts_with("unknown") || (has_low && value.starts_with("at least")) || (has_high && value.starts_with("at most")))) return true;
        }
        return false;
    };
    const auto compare = [&](const std::string& of, const explain::Label& label, const Amount& amount, const explain::Shown& shown) {
        if (!is_numeric(shown.kind) || shown.state == explain::Shown::State::NoValue) return;
        ++held.shown;
        const std::string low = exact(shown.kind, amount.low), high = exact(shown.kind, amount.high);
        const bool open = shown.state == explain::Shown::State::Open;
        const std::string& shown_high = open ? shown.high : shown.low;
        // The compiler may see that a let lies within less.
        const bool differs = shown.low != low || shown_high != high;
        if (differs && amount.low != amount.high && amount.low.big() <= number_in(shown.low) && number_in(shown_high) <= amount.high.big()) {
            ++held.narrower;
            return;
        }
        if (shown.low != low || shown_high != high) wrong += other("the explanation", of, low + " .. " + high, shown.low + " .. " + shown_high);
        if (json.find(json_of(of, open, low, high)) == std::string::npos) wrong += other("JSON", of, json_of(of, open, low, high), "not there: " + json);
        if (!has_line(label.english, amount, shown)) wrong += other("the text", of, said(shown.kind, shown.percent, amount.low) + " to " + said(shown.kind, shown.percent, amount.high), "not there: " + text);
    };
    for (const auto& benefit : result.benefits) compare(benefit.name, benefit.label, told.benefits.at(benefit.name), benefit.shown);
    for (const auto& let : result.lets)
        if (const auto amount = told.lets.find(let.name); amount != told.lets.end() && amount->second.given == Truth::True) compare(let.name, let.label, amount->second, let.shown);
    return wrong;
}

std::string Outputs::Kept::by_hosts(const vm::Profile& given, const vm::Question& question, const Answer& told) {
    eligo_profile profile{host.profile(subject), subject};
    const_cast<detail::ProfileData*>(detail::Inside::data(profile.profile))->profile = given;
    Policy asked = host.policy(name);
    const CheckResult checked = asked.check(profile.profile, {date_of(question.as_of), date_of(question.known_on)});
    eligo_policy* c_policy = nullptr;
    eligo_result* c_result = nullptr;
    (void)eligo_policy_new(&c, name.c_str(), &c_policy, nullptr);
    (void)eligo_result_new(&c_result, nullptr);
    const auto day = [](value::Day of) {
        const auto date = date_of(of);
        return eligo_date{static_cast<int>(date.year()), static_cast<std::int32_t>(static_cast<unsigned>(date.month())), static_cast<std::int32_t>(static_cast<unsigned>(date.day()))};
    };
    const eligo_question c_question{sizeof(eligo_question), day(question.as_of), day(question.known_on)};
    std::string wrong;
    if (eligo_policy_check(c_policy, &profile, &c_question, c_result, nullptr) != ELIGO_OK) wrong += "C does not answer\n";
    for (const Expected& each : benefits(told)) {
        const auto amount = checked.benefit(each.name);
        if (amount.has_value() != (each.amount->given != Truth::False)) wrong += other("C++", each.name, each.low(), amount ? amount->low : "nothing");
        if (!amount) continue;
        ++held.hosts;
        if (amount->low != each.low() || amount->high != each.high()) wrong += other("C++", each.name, each.low() + " .. " + each.high(), amount->low + " .. " + amount->high);
        std::size_t number = 0;
        while (number < eligo_result_benefit_count(c_result) && each.name != eligo_result_benefit_name(c_result, number)) ++number;
        const char* const low = eligo_result_benefit_low(c_result, number);
        const char* const high = eligo_result_benefit_high(c_result, number);
        if (low == nullptr || high == nullptr || each.low() != low || each.high() != high) wrong += other("C", each.name, each.low() + " .. " + each.high(), low == nullptr ? "nothing" : low);
        std::int64_t fen = 0, fen_high = 0;
        if (eligo_result_benefit_fen(c_result, number, &fen, &fen_high) != 0 && (Number(fen, 100) != each.amount->low || Number(fen_high, 100) != each.amount->high)) wrong += other("C in fen", each.name, each.low(), std::to_string(fen));
    }
    eligo_result_free(c_result);
    eligo_policy_free(c_policy);
    return wrong;
}

std::string Outputs::Kept::by_rows(const vm::Profile& given, const vm::Question& question, const Answer& told) {
    const std::vector<bytecode::Index> policies{policy};
    const screen::Needs needs = screen::needs_of(pack, pack.policies[policy].subject, policies, question);
    const columnar::Plan plan = screen::plan_of(pack, needs, bytecode::none, screen::FiscalYears::ByRow, screen::Clauses::Untold);
    const auto columns = screen::columns_of(pack, needs, plan);
    screen::Block block(pack, needs);
    block.begin_row();
    block.set_profile(given);
    block.keep_row();
    block.spread_unknown_years();
    screen::Evaluator evaluator(plan, pack, needs, columns);
    screen::Results results;
    evaluator.evaluate(block, results);
    const std::uint32_t row[] = {0};
    io::PaddedText csv, ndjson;
    screen::RowWriter(pack, needs, columns, screen::RowFormat::Csv, screen::Reasons::LeftOut, english).write(csv, block, row, results);
    screen::RowWriter(pack, needs, columns, screen::RowFormat::Ndjson, screen::Reasons::LeftOut, english).write(ndjson, block, row, results);
    header = screen::csv_line(screen::output_header(columns, screen::Reasons::LeftOut));
    rows += csv.view();
    const std::string json = without(std::string(ndjson.view()), " \n");
    const std::vector<std::string> names = cells_of(header), cells = cells_of(csv.view());
    std::string wrong;
    for (const Expected& each : benefits(told)) {
        const std::string column = name + "." + each.name;
        const bool may_be_open = std::ranges::find(names, column + ".from") != names.end();
        // A verdict that is open shows no benefit but those that are given whatever it is.
        const bool given_at_all = each.amount->given != Truth::False && (told.verdict == Verdict::Eligible || each.always), open = each.open();
        if (given_at_all) ++held.rows;
        if (given_at_all && open && !may_be_open) wrong += other("CSV", column, "two columns for its ends", header);
        std::vector<std::pair<std::string, std::string>> wanted{{column, given_at_all && !open ? each.low() : ""}};
        if (may_be_open) {
            wanted.emplace_back(column + ".from", given_at_all && open ? each.low() : "");
            wanted.emplace_back(column + ".to", given_at_all && open ? each.high() : "");
        }
        for (const auto& [of, text] : wanted) {
            const auto at = static_cast<std::size_t>(std::ranges::find(names, of) - names.begin());
            if (at >= cells.size() || cells[at] != text) wrong += other("CSV", of, text, std::string(csv.view()));
            const std::string member = "\"" + of + "\":" + (text.empty() ? "null" : "\"" + text + "\"");
            if (json.find(member) == std::string::npos) wrong += other("NDJSON", of, member, json);
        }
    }
    return wrong;
}

std::string Outputs::Kept::by_columns(const vm::Profile& given, const vm::Question& question, const Answer& told) {
    ArrowRow row(pack, given);
    if (!row.possible()) return {};
    const std::string_view names[] = {name};
    auto screening = Screening::make(host, names, {date_of(question.as_of), date_of(question.known_on)});
    if (!screening) return screening.error().english.find("more than 76 digits") != std::string::npos ? "" : screening.error().english + "\n";
    ArrowSchema schema{};
    ArrowArray array{};
    const auto ran = screening.value().run(&row.schema, &row.array, &schema, &array);
    if (!ran) return ran.error().english + "\n";
    std::string wrong;
    for (const Expected& each : benefits(told)) {
        std::int64_t at = 1;
        while (at < schema.n_children && name + "." + each.name != schema.children[at]->name) ++at;
        int precision = 0, scale = 0, bits = 128;
        if (at == schema.n_children || std::sscanf(schema.children[at]->format, "d:%d,%d,%d", &precision, &scale, &bits) < 2) {
            wrong += other("Arrow", each.name, "a decimal", "not there");
            continue;
        }
        const bool known = (*static_cast<const std::uint8_t*>(array.children[at]->buffers[0]) & 1) != 0;
        if (known != (each.amount->given == Truth::True && !each.open())) wrong += other("Arrow", each.name, each.low(), known ? "known" : "null");
        if (!known) continue;
        ++held.columns;
        const Number number = decimal_of(array.children[at]->buffers[1], static_cast<std::size_t>(bits) / 64, scale);
        if (number != each.amount->low || abs(number.big()) >= boost::multiprecision::pow(BigInteger(10), static_cast<unsigned>(precision))) wrong += other("Arrow " + std::string(schema.children[at]->format), each.name, each.low(), number.str());
    }
    schema.release(&schema);
    array.release(&array);
    return wrong;
}

Outputs::Outputs(const Rules& rules, sema::Id policy) : kept_(std::make_unique<Kept>(rules, policy)) {}
Outputs::~Outputs() = default;

std::string Outputs::differences(const Case& made, const Answer& told) {
    if (told.verdict == Verdict::NotInForce) return {};
    std::string problems;
    const vm::Profile given = engine_profile(kept_->rules.model, kept_->pack, made.profile, problems);
    if (!problems.empty()) return "refused: " + problems;
    const vm::Question question{made.question.as_of, made.question.known_on};
    return kept_->explained(given, question, told) + kept_->by_hosts(given, question, told) + kept_->by_rows(given, question, told) + kept_->by_columns(given, question, told);
}

const NumbersHeld& Outputs::held() const { return kept_->held; }

std::string Outputs::tables(const std::string& folder) {
    if (kept_->rows.empty()) return {};
    const std::string collected = folder + "/rows.csv";
    std::ofstream(collected, std::ios::binary) << kept_->header << kept_->rows;
    const auto rows_of = [](const std::string& path) {
        std::vector<std::vector<std::string>> result;
        std::vector<io::Problem> problems;
        const auto table = io::open_table(path, {}, problems);
        const auto reader = table ? table->reader() : nullptr;
        io::Chunk chunk;
        while (table && table->next(chunk)) {
            reader->begin(chunk);
            io::TableRow row;
            while (reader->next(row)) {
                auto& cells = result.emplace_back();
                for (const io::TableCell& cell : row.cells) cells.emplace_back(cell.text);
            }
        }
        return result;
    };
    const auto expected = rows_of(collected);
    std::string wrong;
    for (const auto& [file, kind] : {std::pair("rows.db", screen::OutputKind::Sqlite), std::pair("rows.xlsx", screen::OutputKind::Excel)}) {
        const std::string path = folder + "/" + file;
        std::vector<io::Problem> problems;
        auto destinations = io::claim({{}, {{path, "-o", "", ""}}, "test"}, problems);
        if (!destinations) return problems.front().english;
        screen::Layout layout;
        layout.kind = kind;
        layout.table = "screening";
        layout.numeric.assign(static_cast<std::size_t>(std::ranges::count(kept_->header, ',')) + 1, true);
        std::vector<io::Problem> notes;
        if (const auto problem = screen::lay_out(collected, destinations->front(), layout, [] { return true; }, notes)) return problem->english;
        destinations.reset();
        const auto found = rows_of(path);
        if (found.size() != expected.size()) wrong += std::string(file) + " has " + std::to_string(found.size()) + " rows\n";
        for (std::size_t row = 0; row < std::min(found.size(), expected.size()); ++row)
            for (std::size_t i = 0; i < expected[row].size(); ++i) {
                // A number of Excel has no zeros at its end.
                std::string wanted = expected[row][i];
                const std::string& cell = found[row][i];
                if (cell == wanted) continue;
                if (kind == screen::OutputKind::Excel && wanted.find(' ') == std::string::npos && wanted.find('.') != std::string::npos) {
                    while (wanted.ends_with('0')) wanted.pop_back();
                    if (wanted.ends_with('.')) wanted.pop_back();
                }
                if (cell != wanted) wrong += std::string(file) + " has " + cell + " for " + expected[row][i] + "\n";
            }
    }
    return wrong;
}

}  // namespace eligo::oracle
