// One value, one text: benefits and lets of made-up policies, of 0 to 60 decimals, large and small, negative and open, in every
// output: `check` as text and as JSON, C and C++, rows of CSV, NDJSON, SQLite and Excel, columns of Arrow. Each is held to big
// rationals, worked out and written here from the profile alone.
#include <eligo/eligo.h>
#include <eligo/eligo.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "../unit/big_integer.hpp"
#include "../unit/compiled.hpp"
#include "book/screening_report.hpp"
#include "explain/json.hpp"
#include "explain/say.hpp"
#include "explain/why.hpp"
#include "io/profile.hpp"
#include "io/table.hpp"
#include "screen/screen.hpp"

namespace {

namespace fs = std::filesystem;
namespace bytecode = eligo::bytecode;
namespace explain = eligo::explain;
namespace io = eligo::io;
namespace screen = eligo::screen;
namespace value = eligo::value;
using eligo::test::BigInteger;
using eligo::test::BigRational;
using eligo::test::BorderNumbers;
using eligo::test::exact_text;

// ---- values, as this test works them out

struct Ends {
    BigRational low, high;
    [[nodiscard]] bool open() const { return low != high; }
};

Ends hull(const std::vector<BigRational>& numbers) { return {*std::min_element(numbers.begin(), numbers.end()), *std::max_element(numbers.begin(), numbers.end())}; }
Ends operator*(const Ends& a, const Ends& b) { return hull({a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high}); }
// The denominator is above zero.
Ends operator/(const Ends& a, const Ends& b) { return hull({a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high}); }

BigRational rounded(const BigRational& number, const BigRational& step) {
    const BigRational steps = number / step + BigRational(1, 2);
    return step * eligo::test::big_floor(boost::multiprecision::numerator(steps), boost::multiprecision::denominator(steps));
}

BigInteger power(unsigned base, std::size_t exponent) { return boost::multiprecision::pow(BigInteger(base), static_cast<unsigned>(exponent)); }

// ---- made-up policies

struct Fact {
    std::string name, type;
    int decimals;
    BigInteger low, high;  // whole
};

struct Shown {
    std::string name, type, source;
    bool is_let = false;
    BigRational factor = 1, step = 0;  // of the product; 0: not rounded
    std::vector<std::size_t> over, under;  // facts

    [[nodiscard]] Ends of(const std::vector<Ends>& row) const {
        Ends result{factor, factor};
        for (const std::size_t fact : over) result = result * row[fact];
        for (const std::size_t fact : under) result = result / row[fact];
        if (step == 0) return result;
        return {rounded(result.low, step), rounded(result.high, step)};
    }
    [[nodiscard]] std::size_t least() const { return type == "money" ? 2 : 0; }
    [[nodiscard]] std::string text(const BigRational& number) const { return exact_text(number, least()); }
};

struct Made {
    std::vector<Fact> facts;
    std::vector<Shown> shown;  // benefits and lets
    [[nodiscard]] std::string source() const;
};

std::string Made::source() const {
    std::string text = "vocabulary firm \"企业\" | \"Firm\" {\n";
    for (const Fact& fact : facts) {
        const std::string unit = fact.type == "money" ? "元" : "";
        text += "  " + fact.name + " : " + fact.type + " in " + fact.low.str() + unit + " .. " + fact.high.str() + unit + " \"" + fact.name + "\" | \"" + fact.name + "\"\n";
    }
    text += "}\npolicy p for firm \"政策\" | \"Policy\" {\n  in force 2016-01-01 ..\n";
    for (const Shown& each : shown) {
        const std::string label = " \"" + each.name + "\" | \"" + each.name + "\"\n";
        text += each.is_let ? "  let " + each.name + " = " + each.source + label : "  benefit " + each.name + " : " + each.type + " = " + each.source + label;
    }
    return text + "  require all true \"总是\" | \"Always\" @ \"一\"\n}\n";
}

class Maker {
public:
    explicit Maker(std::uint64_t seed) : numbers_(seed) {}

    Made make() {
        Made made;
        for (const char* type : {"number", "number", "percent", "money", "money", "int", "int"}) made.facts.push_back(fact(type, "f" + std::to_string(made.facts.size()), false));
        for (const char* type : {"number", "money", "int"}) made.facts.push_back(fact(type, "f" + std::to_string(made.facts.size()), true));
        for (int i = 0; i < 10; ++i) made.shown.push_back(benefit(made.facts, "b" + std::to_string(i)));
        for (int i = 0; i < 6; ++i) made.shown.push_back(let(made.facts, "l" + std::to_string(i)));
        return made;
    }

    // What a profile says of a fact: its text, and the ends that means.
    std::pair<std::string, Ends> given(const Fact& fact) {
        const BigRational low = drawn(fact), high = drawn(fact);
        if (low == high || numbers_.below(5) > 0) return {exact_text(low), {low, low}};
        const Ends ends{std::min(low, high), std::max(low, high)};
        return {exact_text(ends.low) + " .. " + exact_text(ends.high), ends};
    }

private:
    Fact fact(const std::string& type, const std::string& name, bool positive) {
        const int decimals = type == "int" ? 0 : type == "money" ? 2 : 6;
        // 64 bits of steps.
        const BigInteger most = power(10, 18 - static_cast<std::size_t>(decimals));
        const auto end = [&] { return BigInteger(power(10, numbers_.below(19 - static_cast<std::size_t>(decimals))) * (1 + numbers_.below(9))); };
        const BigInteger high = std::min(end(), most);
        return {name, type, decimals, positive ? BigInteger(1) : numbers_.below(3) == 0 ? BigInteger(0) : BigInteger(-std::min(end(), most)), high};
    }

    // At an end, beside it, of all digits or of few.
    BigRational drawn(const Fact& fact) {
        const BigInteger steps = power(10, static_cast<std::size_t>(fact.decimals));
        const BigInteger low = fact.low * steps, high = fact.high * steps;
        BigInteger number = eligo::test::to_big(numbers_.next(64));
        switch (numbers_.below(5)) {
            case 0: number = low + numbers_.below(3); break;
            case 1: number = high - numbers_.below(3); break;
            case 2: number = (number < 0 ? -1 : 1) * power(10, numbers_.below(19)); break;
            default: break;
        }
        number = low + (number - low) % (high - low + 1);
        if (number < low) number += high - low + 1;
        return BigRational(number, steps);
    }

    // As many facts as units of 64 bits and numbers of 128 bits hold.
    std::vector<std::size_t> factors(const std::vector<Fact>& facts, bool (*fits)(const Fact&), int& decimals, BigInteger& most) {
        std::vector<std::size_t> chosen;
        for (std::size_t tries = 1 + numbers_.below(4); tries > 0; --tries) {
            const std::size_t next = numbers_.below(facts.size());
            const Fact& fact = facts[next];
            const BigInteger greatest = std::max(BigInteger(abs(fact.low)), BigInteger(abs(fact.high))) * power(10, static_cast<std::size_t>(fact.decimals));
            if (!fits(fact) || std::count(chosen.begin(), chosen.end(), next) > 0 || decimals + fact.decimals > 18 || most * greatest > power(2, 110)) continue;
            decimals += fact.decimals;
            most *= greatest;
            chosen.push_back(next);
        }
        return chosen;
    }

    std::string product(const std::vector<Fact>& facts, const std::vector<std::size_t>& chosen) {
        std::string text;
        for (const std::size_t each : chosen) text += (text.empty() ? "" : " * ") + facts[each].name;
        return text.empty() ? "1" : text;
    }

    Shown benefit(const std::vector<Fact>& facts, const std::string& name) {
        Shown made;
        made.name = name;
        int decimals = 0;
        BigInteger most = 1;
        if (numbers_.below(3) == 0) return money(facts, made);
        made.type = numbers_.below(3) == 0 ? "percent" : "number";
        made.over = factors(facts, [](const Fact& fact) { return fact.type != "money"; }, decimals, most);
        made.source = product(facts, made.over);
        // A denominator of twos or fives: as many decimals as it has, up to what a unit holds.
        BigInteger denominator = power(10, static_cast<std::size_t>(decimals));
        const unsigned prime = numbers_.below(2) == 0 ? 2 : 5;
        std::size_t times = 0;
        for (const std::size_t wanted = numbers_.below(63); times < wanted && denominator * prime < power(2, 62); ++times) denominator *= prime;
        made.factor = BigRational(1 + numbers_.below(1000), power(prime, times));
        made.source += " * " + BigInteger(boost::multiprecision::numerator(made.factor)).str() + " / " + BigInteger(boost::multiprecision::denominator(made.factor)).str();
        return made;
    }

    Shown money(const std::vector<Fact>& facts, Shown made) {
        static const std::vector<std::pair<const char*, BigRational>> steps{{"0.01元", {1, 100}}, {"0.05元", {1, 20}}, {"1元", 1}, {"1000元", 1000}, {"1万元", 10'000}};
        made.type = "money";
        int decimals = 2;
        BigInteger most = power(10, 18);
        made.over = factors(facts, [](const Fact& fact) { return fact.type == "percent" || fact.type == "int"; }, decimals, most);
        made.over.push_back(numbers_.below(2) == 0 ? 3 : 4);
        const auto& [written, step] = steps[numbers_.below(steps.size())];
        made.step = step;
        made.factor = BigRational(1 + numbers_.below(100), 1 + numbers_.below(100));
        made.source = "round(" + product(facts, made.over) + " * " + BigInteger(boost::multiprecision::numerator(made.factor)).str() + " / " +
                      BigInteger(boost::multiprecision::denominator(made.factor)).str() + ", " + written + ")";
        return made;
    }

    Shown let(const std::vector<Fact>& facts, const std::string& name) {
        Shown made;
        made.name = name;
        made.is_let = true;
        made.factor = 1 + numbers_.below(12);
        const std::string times = BigInteger(boost::multiprecision::numerator(made.factor)).str();
        // By a number; of money by money, or by a number.
        const std::size_t kind = numbers_.below(3);
        made.over = {kind == 0 ? 0U : kind == 1 ? 3U : 4U};
        made.under = {kind == 0 ? 9U : kind == 1 ? 8U : 7U};
        made.type = kind == 2 ? "money" : "number";
        made.source = facts[made.over[0]].name + " * " + times + " / " + facts[made.under[0]].name;
        return made;
    }

    BorderNumbers numbers_;
};

// ---- what is printed, in this test's own words

std::string grouped(const std::string& number) {
    const std::size_t bar = number.find('/');
    if (bar != std::string::npos) return grouped(number.substr(0, bar)) + "/" + grouped(number.substr(bar + 1));
    const std::size_t first = number.starts_with('-') ? 1 : 0, end = std::min(number.find('.'), number.size());
    std::string text = number.substr(0, first);
    for (std::size_t i = first; i < end; ++i) text += (i > first && (end - i) % 3 == 0 ? "," : "") + std::string(1, number[i]);
    return text + number.substr(end);
}

// The exact part: of a quotient what stands behind its `(= `.
std::string said(const Shown& of, const BigRational& number) {
    const bool quotient = of.text(number).find('/') != std::string::npos;
    if (of.type == "percent") return grouped(exact_text(number * 100)) + "%";
    if (of.type != "money") return grouped(of.text(number)) + (quotient ? ")" : "");
    const std::string text = of.text(number);
    return grouped(text.ends_with(".00") ? text.substr(0, text.size() - 3) : text) + " yuan" + (quotient ? ")" : "");
}

// ---- one policy through every output

class Digits : public testing::Test {
protected:
    void SetUp() override {
        folder_ = fs::path(testing::TempDir()) / "eligo_digits";
        fs::remove_all(folder_);
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }

    fs::path folder_;
};

struct Row {
    std::map<std::string, std::string> given;
    std::vector<Ends> ends;  // of the facts
};

struct Rules {
    Made made;
    bytecode::Pack pack;
    std::optional<eligo::Pack> host;
    eligo_pack* c = nullptr;

    Rules() = default;
    Rules(const Rules&) = delete;
    Rules& operator=(const Rules&) = delete;
    ~Rules() { eligo_pack_free(c); }
};

std::string without_blanks(std::string text) {
    std::erase_if(text, [](unsigned char c) { return std::isspace(c) != 0; });
    return text;
}

std::string json_of(const std::string& name, const std::string& low, const std::string& high) {
    if (low == high) return "\"" + name + "\":\"" + low + "\"";
    return "\"" + name + "\":{\"from\":\"" + low + "\",\"to\":\"" + high + "\"}";
}

void check_explanation(const Rules& rules, const Row& row, const eligo::vm::Profile& profile) {
    const std::vector<bytecode::Index> policies{0};
    const explain::Answer answer = explain::answer(rules.pack, policies, profile, {value::day_from_civil(2018, 6, 1), value::last_day});
    const std::string json = without_blanks(explain::to_json(answer, explain::Language::English));
    const std::string text = explain::say(answer, {explain::Language::English, explain::Color::Off, &rules.pack}).text();
    for (const Shown& each : rules.made.shown) {
        const Ends ends = each.of(row.ends);
        const std::string low = each.text(ends.low), high = each.text(ends.high);
        EXPECT_NE(json.find(json_of(each.name, low, high)), std::string::npos) << json_of(each.name, low, high) << "\n" << json;
        const std::size_t at = text.find("    " + each.name + "  ");
        ASSERT_NE(at, std::string::npos) << each.name << "\n" << text;
        const std::string line = text.substr(at + 6 + each.name.size(), text.find('\n', at) - at - 6 - each.name.size());
        if (!ends.open()) {
            const bool quotient = low.find('/') != std::string::npos;
            EXPECT_EQ(quotient ? line.substr(line.find("(= ") + 3) : line, said(each, ends.low)) << line;
            EXPECT_EQ(quotient, line.starts_with("≈")) << line;
            continue;
        }
        // Ends that are out of all proportion are left out.
        const bool has_low = line.find(said(each, ends.low)) != std::string::npos, has_high = line.find(said(each, ends.high)) != std::string::npos;
        const bool left_out = line == "unknown" || (line.starts_with("at least ") && has_low) || (line.starts_with("at most ") && has_high);
        EXPECT_TRUE(left_out || (has_low && has_high && line.find(" to ") != std::string::npos)) << line << "\n" << said(each, ends.low) << "\n" << said(each, ends.high);
    }
}

void check_hosts(const Rules& rules, const Row& row) {
    eligo::Profile profile = rules.host->profile("firm");
    eligo_profile* c_profile = nullptr;
    eligo_policy* c_policy = nullptr;
    eligo_result* c_result = nullptr;
    ASSERT_EQ(eligo_profile_new(rules.c, "firm", &c_profile, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_policy_new(rules.c, "p", &c_policy, nullptr), ELIGO_OK);
    ASSERT_EQ(eligo_result_new(&c_result, nullptr), ELIGO_OK);
    for (const auto& [key, text] : row.given) {
        ASSERT_TRUE(profile.set(key, text).ok()) << key << " " << text;
        ASSERT_EQ(eligo_profile_set(c_profile, key.c_str(), text.c_str(), nullptr), ELIGO_OK);
    }
    const auto checked = rules.host->policy("p").check(profile, {.as_of = std::chrono::year(2018) / 6 / 1});
    const eligo_question question{sizeof(eligo_question), {2018, 6, 1}, {}};
    ASSERT_EQ(eligo_policy_check(c_policy, c_profile, &question, c_result, nullptr), ELIGO_OK);
    const auto explained = rules.host->policy("p").explain(profile, {.as_of = std::chrono::year(2018) / 6 / 1});
    std::size_t number = 0, let = 0;
    for (const Shown& each : rules.made.shown) {
        const Ends ends = each.of(row.ends);
        const std::string low = each.text(ends.low), high = each.text(ends.high);
        if (each.is_let) {
            ASSERT_LT(let, explained.lets.size());
            EXPECT_EQ(explained.lets[let].name, each.name);
            EXPECT_EQ(explained.lets[let].value.low, low);
            EXPECT_EQ(explained.lets[let++].value.high, high);
            continue;
        }
        const auto amount = checked.benefit(each.name);
        ASSERT_TRUE(amount.has_value());
        EXPECT_EQ(amount->low, low);
        EXPECT_EQ(amount->high, high);
        EXPECT_EQ(amount->open, ends.open());
        EXPECT_EQ(explained.benefits[number].value.low, low);
        EXPECT_EQ(explained.benefits[number].value.high, high);
        ASSERT_STREQ(eligo_result_benefit_name(c_result, number), each.name.c_str());
        EXPECT_STREQ(eligo_result_benefit_low(c_result, number), low.c_str());
        EXPECT_STREQ(eligo_result_benefit_high(c_result, number), high.c_str());
        std::int64_t fen_low = 0, fen_high = 0;
        if (eligo_result_benefit_fen(c_result, number, &fen_low, &fen_high) != 0) {
            EXPECT_EQ(each.type, "money");
            EXPECT_EQ(BigRational(fen_low, 100), ends.low);
            EXPECT_EQ(BigRational(fen_high, 100), ends.high);
        }
        ++number;
    }
    eligo_result_free(c_result);
    eligo_policy_free(c_policy);
    eligo_profile_free(c_profile);
}

// The cells of a table that was written, as eligo reads them.
std::vector<std::vector<std::string>> cells_of(const std::string& path) {
    std::vector<io::Problem> problems;
    const auto table = io::open_table(path, {}, problems);
    EXPECT_TRUE(table) << path;
    std::vector<std::vector<std::string>> result;
    if (!table) return result;
    const auto reader = table->reader();
    io::Chunk chunk;
    while (table->next(chunk)) {
        reader->begin(chunk);
        io::TableRow row;
        while (reader->next(row)) {
            std::vector<std::string> cells;
            for (const io::TableCell& cell : row.cells) cells.emplace_back(cell.text);
            result.push_back(std::move(cells));
        }
    }
    return result;
}

BigRational big_decimal(const std::string& text) {
    const std::size_t point = std::min(text.find('.'), text.size());
    std::string digits = text;
    if (point < digits.size()) digits.erase(point, 1);
    const bool negative = digits.starts_with('-');
    if (negative) digits.erase(0, 1);
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
    const BigRational number(BigInteger(digits), power(10, point < text.size() ? text.size() - point - 1 : 0));
    return negative ? BigRational(-number) : number;
}

// As an output of lines has it: the amount, and where it is open the ends between which it lies.
std::string json_columns(const std::string& name, const std::string& low, const std::string& high, bool may_be_open) {
    const bool open = low != high;
    std::string text = "\"" + name + "\":" + (open ? "null" : "\"" + low + "\"");
    if (!may_be_open) return text;
    return text + ",\"" + name + ".from\":" + (open ? "\"" + low + "\"" : "null") + ",\"" + name + ".to\":" + (open ? "\"" + high + "\"" : "null");
}

void check_tables(const Rules& rules, const std::vector<Row>& rows, const fs::path& folder, std::size_t& excel_numbers) {
    std::string csv = "company_id";
    for (const Fact& fact : rules.made.facts) csv += "," + fact.name;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        csv += "\n" + std::to_string(i);
        for (const Fact& fact : rules.made.facts) csv += "," + rows[i].given.at(fact.name);
    }
    const std::string input = (folder / "in.csv").string();
    std::ofstream(input, std::ios::binary) << csv << "\n";
    for (const std::string name : {"out.csv", "out.ndjson", "out.db", "out.xlsx"}) {
        screen::Request request;
        request.pack = &rules.pack;
        request.question.as_of = value::day_from_civil(2018, 6, 1);
        request.input = input;
        request.output = (folder / name).string();
        request.kind = *screen::output_kind_of(name);
        const auto outcome = screen::screen(request, {});
        ASSERT_EQ(outcome.ending, screen::Ending::Whole);
        ASSERT_EQ((*outcome.tally)[screen::TallyLayout::Written], static_cast<value::Int128>(rows.size()));
        std::vector<std::vector<std::string>> cells;
        std::vector<std::string> lines;
        if (name == "out.ndjson") {
            std::ifstream stream(request.output);
            for (std::string line; std::getline(stream, line);) lines.push_back(without_blanks(line));
            ASSERT_EQ(lines.size(), rows.size());
        } else {
            cells = cells_of(request.output);
            ASSERT_EQ(cells.size(), rows.size());
        }
        // A number of Excel has no decimals that are zeros.
        const auto check_cell = [&](const std::string& cell, const BigRational& number, const std::string& text) {
            if (name == "out.xlsx" && cell != text && big_decimal(cell) == number) {
                ++excel_numbers;
                EXPECT_EQ(cell, exact_text(number));
                return;
            }
            EXPECT_EQ(cell, text) << name;
        };
        for (std::size_t i = 0; i < rows.size(); ++i) {
            std::size_t column = 2;
            for (const Shown& each : rules.made.shown) {
                if (each.is_let) continue;
                const Ends ends = each.of(rows[i].ends);
                const std::string low = each.text(ends.low), high = each.text(ends.high);
                const auto& benefits = outcome.columns.at(0).benefits;
                const auto benefit = std::find_if(benefits.begin(), benefits.end(), [&](const auto& one) { return one.name == each.name; });
                ASSERT_NE(benefit, benefits.end());
                EXPECT_TRUE(benefit->may_be_open || !ends.open()) << each.name;
                if (name == "out.ndjson") {
                    const std::string json = json_columns("p." + each.name, low, high, benefit->may_be_open);
                    EXPECT_NE(lines[i].find(json), std::string::npos) << json << "\n" << lines[i];
                    continue;
                }
                const std::string cell = cells[i][column++];
                if (benefit->may_be_open) {
                    const std::string from = cells[i][column++], to = cells[i][column++];
                    if (ends.open()) {
                        EXPECT_EQ(cell, "") << name;
                        check_cell(from, ends.low, low);
                        check_cell(to, ends.high, high);
                        continue;
                    }
                    EXPECT_EQ(from + to, "") << name;
                }
                check_cell(cell, ends.low, low);
            }
        }
    }
}

// ---- Arrow

struct Columns {
    std::vector<std::vector<value::Int128>> values;
    std::vector<std::vector<std::uint8_t>> valid;
    std::vector<std::vector<const void*>> buffers;
    std::vector<std::string> formats;
    std::vector<ArrowSchema> schemas;
    std::vector<ArrowArray> arrays;
    std::vector<ArrowSchema*> schema_pointers;
    std::vector<ArrowArray*> array_pointers;
    const void* none = nullptr;
};

// Nothing is owned: everything lives in `columns`.
void release_schema(ArrowSchema* schema) { schema->release = nullptr; }
void release_array(ArrowArray* array) { array->release = nullptr; }

BigInteger limbs_of(const void* buffer, std::size_t row, std::size_t count) {
    std::vector<std::uint64_t> limbs(count);
    std::memcpy(limbs.data(), static_cast<const std::byte*>(buffer) + row * count * 8, count * 8);
    BigInteger number = 0;
    for (std::size_t i = count; i-- > 0;) number = (number << 64) + limbs[i];
    return limbs[count - 1] >> 63 == 0 ? number : BigInteger(number - (BigInteger(1) << (64 * count)));
}

void check_columns(const Rules& rules, const std::vector<Row>& rows, std::size_t& wide) {
    Columns columns;
    const std::size_t count = rules.made.facts.size();
    for (std::size_t f = 0; f < count; ++f) {
        const Fact& fact = rules.made.facts[f];
        auto& values = columns.values.emplace_back();
        auto& valid = columns.valid.emplace_back((rows.size() + 7) / 8);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const Ends& ends = rows[i].ends[f];
            if (!ends.open()) valid[i / 8] = static_cast<std::uint8_t>(valid[i / 8] | 1U << (i % 8));
            const BigRational steps = ends.low * power(10, static_cast<std::size_t>(fact.decimals));
            values.push_back(boost::multiprecision::numerator(steps).convert_to<std::int64_t>());
        }
        columns.buffers.push_back({valid.data(), values.data()});
        columns.formats.push_back("d:38," + std::to_string(fact.decimals));
    }
    const auto length = static_cast<std::int64_t>(rows.size());
    for (std::size_t f = 0; f < count; ++f) {
        columns.schemas.push_back({columns.formats[f].c_str(), rules.made.facts[f].name.c_str(), nullptr, ARROW_FLAG_NULLABLE, 0, nullptr, nullptr, release_schema, nullptr});
        columns.arrays.push_back({length, -1, 0, 2, 0, columns.buffers[f].data(), nullptr, nullptr, release_array, nullptr});
    }
    for (std::size_t f = 0; f < count; ++f) {
        columns.schema_pointers.push_back(&columns.schemas[f]);
        columns.array_pointers.push_back(&columns.arrays[f]);
    }
    ArrowSchema schema{"+s", "", nullptr, 0, static_cast<std::int64_t>(count), columns.schema_pointers.data(), nullptr, release_schema, nullptr}, out_schema{};
    ArrowArray array{length, 0, 0, 1, static_cast<std::int64_t>(count), &columns.none, columns.array_pointers.data(), nullptr, release_array, nullptr}, out_array{};
    constexpr std::string_view policies[] = {"p"};
    auto screening = eligo::Screening::make(*rules.host, policies, {.as_of = std::chrono::year(2018) / 6 / 1});
    ASSERT_TRUE(screening.has_value()) << screening.error().english;
    const auto done = screening.value().run(&schema, &array, &out_schema, &out_array);
    ASSERT_TRUE(done.has_value()) << done.error().english;
    std::size_t column = 1;
    for (const Shown& each : rules.made.shown) {
        if (each.is_let) continue;
        const ArrowSchema& described = *out_schema.children[column];
        const ArrowArray& of = *out_array.children[column++];
        int precision = 0, scale = 0, bits = 128;
        ASSERT_GE(std::sscanf(described.format, "d:%d,%d,%d", &precision, &scale, &bits), 2) << described.format;
        EXPECT_EQ(described.name, "p." + each.name);
        if (bits == 256) ++wide;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const bool settled = std::all_of(each.over.begin(), each.over.end(), [&](std::size_t fact) { return !rows[i].ends[fact].open(); });
            const bool is_valid = (static_cast<const std::uint8_t*>(of.buffers[0])[i / 8] >> (i % 8) & 1) != 0;
            // What is not given may still come to one and the same.
            if (settled) {
                EXPECT_TRUE(is_valid);
            }
            if (!is_valid) continue;
            const BigInteger amount = limbs_of(of.buffers[1], i, static_cast<std::size_t>(bits) / 64);
            EXPECT_LT(abs(amount), power(10, static_cast<std::size_t>(precision)));
            EXPECT_EQ(BigRational(amount, power(10, static_cast<std::size_t>(scale))), each.of(rows[i].ends).low) << described.format;
        }
    }
    out_schema.release(&out_schema);
    out_array.release(&out_array);
}

TEST_F(Digits, EveryOutputHasTheSameOnes) {
    std::size_t sources = 0, excel_numbers = 0, wide = 0, open = 0, negative = 0, quotients = 0, long_decimals = 0, beyond_doubles = 0, values = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        Maker maker(seed);
        Rules rules;
        rules.made = maker.make();
        const std::string source = rules.made.source();
        auto compiled = eligo::tests::compiled("made.policy", source);
        ASSERT_TRUE(compiled.pack) << compiled.told << source;
        ++sources;
        rules.pack = std::move(*compiled.pack);
        rules.host = eligo::compile({{"made.policy", source}}).pack;
        const char* const name = "made.policy";
        const char* const text = source.c_str();
        ASSERT_EQ(eligo_compile(&name, &text, 1, &rules.c, nullptr), ELIGO_OK);
        std::vector<Row> rows(24);
        for (Row& row : rows) {
            for (const Fact& fact : rules.made.facts) {
                auto [written, ends] = maker.given(fact);
                row.given[fact.name] = std::move(written);
                row.ends.push_back(std::move(ends));
            }
            io::Profiles read = io::read_profiles(rules.pack, [&] {
                std::string json = "{";
                for (const auto& [key, given] : row.given) json += (json.size() > 1 ? ", \"" : "\"") + key + "\": \"" + given + "\"";
                return json + "}";
            }(), io::Format::Json, "row.json");
            ASSERT_TRUE(read.ok()) << read.problems[0].english;
            check_explanation(rules, row, read.profiles.at(0));
            check_hosts(rules, row);
            for (const Shown& each : rules.made.shown) {
                const Ends ends = each.of(row.ends);
                const std::string low = each.text(ends.low);
                const std::size_t point = low.find('.');
                ++values;
                if (ends.open()) ++open;
                if (ends.low < 0) ++negative;
                if (low.find('/') != std::string::npos) ++quotients;
                if (point != std::string::npos && low.size() - point - 1 > 30) ++long_decimals;
                if (low.size() > 20) ++beyond_doubles;
            }
        }
        check_tables(rules, rows, folder_, excel_numbers);
        check_columns(rules, rows, wide);
        if (HasFailure()) FAIL() << source;
    }
    EXPECT_EQ(sources, 30U);
    for (const std::size_t seen : {excel_numbers, wide, open, negative, quotients, long_decimals, beyond_doubles}) EXPECT_GT(seen, 30U);
    std::printf("%zu values: %zu open, %zu negative, %zu quotients, %zu of more than 30 decimals, %zu of more than 20 digits; %zu columns of 256 bits, %zu numbers of Excel\n", values, open, negative, quotients,
                long_decimals, beyond_doubles, wide, excel_numbers);
}

// Amounts that no number of 128 bits holds, each or together: the best come first, a sum says that it is none.
TEST_F(Digits, BeyondAllSums) {
    const std::string source = R"(vocabulary firm "企业" | "Firm" {
  price : money in -50_000_000_000_000_000元 .. 50_000_000_000_000_000元 "价格" | "Price"
  count : int in 0 .. 9_000_000_000_000_000_000 "数量" | "Count"
}
policy p for firm "政策" | "Policy" {
  in force 2016-01-01 ..
  require all true "总是" | "Always" @ "一"
  benefit huge : money = price * count "金额" | "Amount" @ "一"
}
)";
    auto compiled = eligo::tests::compiled("made.policy", source);
    ASSERT_TRUE(compiled.pack) << compiled.told;
    std::ofstream(path("in.csv")) << "company_id,price,count\na,50000000000000000,9000000000000000000\nb,-50000000000000000,9000000000000000000\nc,49999999999999999.99,9000000000000000000\n"
                                     "d,0.5,999\n";
    {
        std::ofstream more(path("in.csv"), std::ios::app);
        for (const char* name : {"e", "f", "g", "h"}) more << name << ",50000000000000000,9000000000000000000\n";
    }
    const auto run = [&](const std::string& rows_of, const std::string& name, bool top) {
        screen::Request request;
        request.pack = &*compiled.pack;
        request.question.as_of = value::day_from_civil(2018, 6, 1);
        request.input = rows_of;
        request.output = path(name);
        request.kind = screen::OutputKind::Csv;
        request.detail = true;
        if (top) request.top = screen::Top{7, "p.huge"};
        std::string html;
        request.summaries.push_back({path(name) + ".html", "--report", [&](const screen::Outcome& done) {
            html = eligo::book::screening_report(done, {request.pack, request.question, "in.csv", name, "eligo screen", explain::Language::English});
            screen::Tally copy(*done.layout);
            EXPECT_TRUE(copy.set(done.tally->text()));
            EXPECT_EQ(copy.text(), done.tally->text());
            EXPECT_EQ(copy.sum(done.layout->sum(0, 0)).beyond, done.tally->sum(done.layout->sum(0, 0)).beyond);
            return html;
        }});
        const auto outcome = screen::screen(request, {});
        EXPECT_EQ(outcome.ending, screen::Ending::Whole);
        return html;
    };
    const std::string html = run(path("in.csv"), "all.csv", false);
    EXPECT_NE(html.find("more than can be added up"), std::string::npos);
    const auto all = cells_of(path("all.csv"));
    ASSERT_EQ(all.size(), 8U);
    EXPECT_EQ(all[0][2], "450000000000000000000000000000000000.00");
    EXPECT_EQ(all[2][2], "449999999999999999910000000000000000.00");
    EXPECT_EQ(all[3][2], "499.50");
    (void)run(path("in.csv"), "best.csv", true);
    std::string best;
    for (const auto& cells : cells_of(path("best.csv"))) best += cells[0];
    EXPECT_EQ(best, "aefghcd");
    // Two of them 128 bits hold.
    std::ofstream(path("two.csv")) << "company_id,price,count\na,50000000000000000,9000000000000000000\nb,0.5,3001\n";
    const std::string two = run(path("two.csv"), "two_out.csv", false);
    EXPECT_NE(two.find("<span title=\"450,000,000,000,000,000,000,000,000,000,001,500.50 yuan\">450,000,000,000,000,000,000,000,000.00 bn yuan</span>"), std::string::npos);
}

}  // namespace
