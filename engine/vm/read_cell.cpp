// From the text of a value, or of a range of values, to a cell: exact, or a problem that says what was expected.
#include "profile_set.hpp"
#include "spelling.hpp"

#include <algorithm>
#include <array>

#include "../value/code.hpp"
#include "../value/date.hpp"
#include "../value/exact_text.hpp"
#include "../value/int128.hpp"
#include "../value/rational.hpp"

namespace eligo::vm {
namespace {

using bytecode::Fact;
using bytecode::Kind;
using value::Int128;
using value::Rational;

bool same_but_for_capitals(std::string_view text, std::string_view lower) {
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b; });
}

// A value in whole units, or why it is none.
struct Reading {
    std::optional<Int128> value;
    ProblemKind problem = ProblemKind::WrongType;
};

Reading in_units(const Rational& number, bytecode::Unit unit) {
    const auto units = value::divide(number, Rational::of(unit.numerator, unit.denominator));
    if (!units) return {{}, ProblemKind::OutOfRange};
    if (!units->is_whole()) return {{}, ProblemKind::TooManyDecimals};
    return {units->numerator()};
}

Reading read_plain_number(const Fact& fact, std::string_view text) {
    const bool percent_sign = fact.percent && text.ends_with('%');
    if (percent_sign) text = trimmed(text.substr(0, text.size() - 1));
    auto number = value::parse_decimal(text);
    if (number && percent_sign) number = value::multiply(*number, Rational::of(1, 100));
    return number ? in_units(*number, fact.unit) : Reading{};
}

// The spellings of offices are looked at only where the plain one does not fit, and only in what is written without quotes: a cell, not
// a text of JSON.
Reading read_number(const Fact& fact, Scalar scalar, std::string_view text) {
    const Reading reading = read_plain_number(fact, text);
    if (reading.value || reading.problem != ProblemKind::WrongType || scalar != Scalar::Plain) return reading;
    const auto plain = plain_number(text, fact.kind == Kind::Money ? Currency::Yes : Currency::No);
    return plain ? read_plain_number(fact, *plain) : reading;
}

Reading read_date(Scalar scalar, std::string_view text) {
    auto day = value::parse_date(text);
    if (!day && scalar == Scalar::Plain) {
        if (const auto plain = plain_date(text)) day = value::parse_date(*plain);
    }
    return day ? Reading{Int128{*day}} : Reading{};
}

Reading read_single(const Fact& fact, Scalar scalar, std::string_view text) { return fact.kind == Kind::Date ? read_date(scalar, text) : read_number(fact, scalar, text); }

Reading read_member(const bytecode::Pack& pack, const Fact& fact, std::string_view text) {
    const auto& members = pack.enumerations[fact.ref].members;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (pack.string(members[i].name) == text) return {static_cast<Int128>(i)};
    }
    for (std::size_t i = 0; i < members.size(); ++i) {
        for (const bytecode::Index label : {members[i].label.chinese, members[i].label.english}) {
            if (label != bytecode::none && !text.empty() && pack.string(label) == text) return {static_cast<Int128>(i)};
        }
    }
    return {};
}

Reading read_code(const Fact& fact, std::string_view text) {
    const auto code = value::parse_code(static_cast<value::Classification>(fact.ref), text);
    return code ? Reading{Int128{*code}} : Reading{};
}

Reading read_truth(Scalar scalar, std::string_view text) {
    if (same_but_for_capitals(text, "true")) return {Int128{1}};
    if (same_but_for_capitals(text, "false")) return {Int128{0}};
    const auto truth = scalar == Scalar::Plain ? plain_truth(text) : std::nullopt;
    return truth ? Reading{Int128{*truth ? 1 : 0}} : Reading{};
}

Cell known(Int128 value) { return {static_cast<std::int64_t>(value), static_cast<std::int64_t>(value), CellState::Known}; }

// The number of a text: the pack's when its rules compare something with it, else the profile's own.
std::int64_t number_of_text(const bytecode::Pack& pack, std::string_view text, std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < pack.texts.size(); ++i) {
        if (pack.string(pack.texts[i]) == text) return static_cast<std::int64_t>(i);
    }
    const auto found = std::find(texts.begin(), texts.end(), text);
    const auto number = static_cast<std::int64_t>(pack.texts.size()) + (found - texts.begin());
    if (found == texts.end()) texts.emplace_back(text);
    return number;
}

// `lo .. hi`, `lo <.. hi`, `lo ..< hi`, `lo <..< hi`; an end that is not written is open.
struct RangeText {
    std::string_view low, high;
    bool lower_open = false, upper_open = false;
};

std::optional<RangeText> split_range(std::string_view text) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return std::nullopt;
    RangeText range{trimmed(text.substr(0, dots)), text.substr(dots + 2)};
    range.lower_open = range.low.ends_with('<');
    if (range.lower_open) range.low = trimmed(range.low.substr(0, range.low.size() - 1));
    range.upper_open = range.high.starts_with('<');
    if (range.upper_open) range.high.remove_prefix(1);
    range.high = trimmed(range.high);
    return range;
}

bool well_formed(const RangeText& range) {
    if (range.low.empty() && range.high.empty()) return false;
    return !(range.lower_open && range.low.empty()) && !(range.upper_open && range.high.empty());
}

bool within(const Fact& fact, Int128 value) { return fact.low <= value && value <= fact.high; }

std::optional<ProblemKind> read_range(const Fact& fact, Scalar scalar, const RangeText& text, Cell& cell) {
    if (!well_formed(text)) return ProblemKind::WrongType;
    Int128 low = fact.low, high = fact.high;
    if (!text.low.empty()) {
        const Reading reading = read_single(fact, scalar, text.low);
        if (!reading.value) return reading.problem;
        low = *reading.value;
        if (text.lower_open && value::fits_int64(low)) ++low;
    }
    if (!text.high.empty()) {
        const Reading reading = read_single(fact, scalar, text.high);
        if (!reading.value) return reading.problem;
        high = *reading.value;
        if (text.upper_open && value::fits_int64(high)) --high;
    }
    if (!text.low.empty() && !text.high.empty() && low > high) return ProblemKind::EmptyRange;
    if (!within(fact, low) || !within(fact, high)) return ProblemKind::OutOfRange;
    if (low == high) {
        cell = known(low);
    } else {
        cell = {static_cast<std::int64_t>(low), static_cast<std::int64_t>(high), CellState::Range};
    }
    return std::nullopt;
}

std::optional<ProblemKind> read_ordered(const Fact& fact, Scalar scalar, std::string_view text, Cell& cell) {
    if (const auto range = split_range(text)) return read_range(fact, scalar, *range, cell);
    const Reading reading = read_single(fact, scalar, text);
    if (!reading.value) return reading.problem;
    if (!within(fact, *reading.value)) return ProblemKind::OutOfRange;
    cell = known(*reading.value);
    return std::nullopt;
}

std::optional<ProblemKind> accept(const Reading& reading, Cell& cell) {
    if (!reading.value) return reading.problem;
    cell = known(*reading.value);
    return std::nullopt;
}

// A text in quotes is never a truth, a number or a truth never a text: whoever wrote it meant something else.
bool may_be_written(Kind kind, Scalar scalar) {
    if (kind == Kind::Bool) return scalar == Scalar::Bool || scalar == Scalar::Plain;
    if (kind == Kind::Text) return scalar == Scalar::Text || scalar == Scalar::Plain;
    return scalar != Scalar::Bool;
}

std::optional<ProblemKind> read(const bytecode::Pack& pack, const Fact& fact, Scalar scalar, std::string_view text, std::vector<std::string>& texts,
                                Cell& cell) {
    if (!may_be_written(fact.kind, scalar)) return ProblemKind::WrongType;
    text = trimmed(text);
    switch (fact.kind) {
        case Kind::Bool: return accept(read_truth(scalar, text), cell);
        case Kind::Enum: return accept(read_member(pack, fact, text), cell);
        case Kind::Code: return accept(read_code(fact, text), cell);
        case Kind::Text: cell = known(number_of_text(pack, text, texts)); return std::nullopt;
        case Kind::Number:
        case Kind::Money:
        case Kind::Date:
        case Kind::Months:
        case Kind::Days: return read_ordered(fact, scalar, text, cell);
        case Kind::Record:
        case Kind::List: break;
    }
    return ProblemKind::WrongType;
}

// ---- what is expected, in words

int decimals_of(bytecode::Unit unit) { return Rational::of(unit.numerator, unit.denominator).decimals().value_or(0); }

std::string range_end(const Fact& fact, std::int64_t value) {
    if (fact.kind == Kind::Date) return value::format_date(static_cast<value::Day>(value));
    const std::string number = value::exact_text({value, 1, Int128{fact.unit.numerator} * (fact.percent ? 100 : 1), fact.unit.denominator});
    return fact.percent ? number + "%" : number;
}

Expectation noun_of(const Fact& fact) {
    switch (fact.kind) {
        case Kind::Money: return {"金额（元）", "an amount of money in yuan"};
        case Kind::Date: return {"日期", "a date"};
        case Kind::Months: return {"整月数", "a whole number of months"};
        case Kind::Days: return {"整天数", "a whole number of days"};
        default: break;
    }
    if (fact.percent) return {"百分比", "a percentage"};
    return fact.whole ? Expectation{"整数", "a whole number"} : Expectation{"数", "a number"};
}

Expectation ordered_expectation(const Fact& fact) {
    const Expectation noun = noun_of(fact);
    const std::string low = range_end(fact, fact.low), high = range_end(fact, fact.high);
    Expectation expectation{low + "至" + high + "之间的" + noun.chinese, noun.english + " from " + low + " to " + high};
    if (fact.kind == Kind::Date) {
        expectation.chinese += "（写作2018-06-01）";
        expectation.english += ", written like 2018-06-01";
    } else if (fact.percent) {
        expectation.chinese += "（写作15%或0.15）";
        expectation.english += ", written like 15% or 0.15";
    }
    return expectation;
}

Expectation member_expectation(const bytecode::Pack& pack, const Fact& fact) {
    Expectation expectation{"以下之一：", "one of "};
    bool first = true;
    for (const auto& member : pack.enumerations[fact.ref].members) {
        if (!first) {
            expectation.chinese += "、";
            expectation.english += ", ";
        }
        first = false;
        const std::string& name = pack.string(member.name);
        expectation.english += name;
        expectation.chinese += name;
        if (member.label.chinese != bytecode::none && pack.string(member.label.chinese) != name) {
            expectation.chinese += "（" + pack.string(member.label.chinese) + "）";
        }
    }
    return expectation;
}

Expectation code_expectation(const Fact& fact) {
    const std::string name(value::classification_name(static_cast<value::Classification>(fact.ref)));
    return {"分类" + name + "的代码，写作C39", "a code of " + name + ", written like C39"};
}

Expectation decimals_expectation(const Fact& fact) {
    Expectation expectation = noun_of(fact);
    const int decimals = decimals_of(fact.unit);
    if (decimals == 0) {
        if (!fact.whole && fact.kind == Kind::Number) return {"整数", "a whole number"};
        return expectation;
    }
    const std::string count = std::to_string(decimals);
    expectation.chinese += "，小数至多" + count + "位";
    expectation.english += " with at most " + count + " decimals";
    if (fact.percent) {
        expectation.chinese += "（15%计作0.15）";
        expectation.english += " (15% counts as 0.15)";
    }
    return expectation;
}

Expectation expectation_for(ProblemKind kind, const bytecode::Pack& pack, const Fact& fact) {
    if (kind == ProblemKind::TooManyDecimals) return decimals_expectation(fact);
    if (kind == ProblemKind::EmptyRange) return {"范围的下限不大于上限", "a range whose lower end is not above its upper one"};
    return expectation_of(pack, fact);
}

// A value is repeated in a message at a length that can be read, cut between characters.
std::string as_found(std::string_view text) {
    constexpr std::size_t longest = 80;
    if (text.size() <= longest) return std::string(text);
    std::size_t end = longest;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    return std::string(text.substr(0, end)) + "…";
}

}  // namespace

std::optional<std::int32_t> parse_year(std::string_view text) {
    if (text.size() != 4 || !std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    std::int32_t year = 0;
    for (const char digit : text) year = year * 10 + (digit - '0');
    if (year < first_fiscal_year || year > last_fiscal_year) return std::nullopt;
    return year;
}

std::optional<Problem> read_cell(const bytecode::Pack& pack, const Fact& fact, Scalar scalar, std::string_view text, std::vector<std::string>& texts,
                                 Cell& cell) {
    const auto kind = read(pack, fact, scalar, text, texts, cell);
    if (!kind) return std::nullopt;
    Expectation expectation = expectation_for(*kind, pack, fact);
    return Problem{*kind, {}, as_found(text), std::move(expectation.chinese), std::move(expectation.english), {}};
}

Expectation expectation_of(const bytecode::Pack& pack, const Fact& fact) {
    switch (fact.kind) {
        case Kind::Bool: return {"true或false", "true or false"};
        case Kind::Text: return {"文本", "a text"};
        case Kind::Enum: return member_expectation(pack, fact);
        case Kind::Code: return code_expectation(fact);
        case Kind::Record: return {"含各项事实的对象", "an object with facts"};
        case Kind::List: return {"列表", "a list"};
        case Kind::Number:
        case Kind::Money:
        case Kind::Date:
        case Kind::Months:
        case Kind::Days: break;
    }
    return ordered_expectation(fact);
}

std::string plain_value(const bytecode::Pack& pack, const Fact& fact, std::int64_t value) {
    switch (fact.kind) {
        case Kind::Bool: return value != 0 ? "true" : "false";
        case Kind::Date: return value::format_date(static_cast<value::Day>(value));
        case Kind::Enum: return pack.string(pack.enumerations[fact.ref].members[static_cast<std::size_t>(value)].name);
        case Kind::Code: return value::format_code(static_cast<value::Classification>(fact.ref), static_cast<std::int32_t>(value));
        case Kind::Text: return static_cast<std::size_t>(value) < pack.texts.size() ? pack.string(pack.texts[static_cast<std::size_t>(value)]) : "";
        case Kind::Record:
        case Kind::List: return {};
        case Kind::Number:
        case Kind::Money:
        case Kind::Months:
        case Kind::Days: break;
    }
    return value::exact_text({value, 1, fact.unit.numerator, fact.unit.denominator}, bytecode::least_decimals(fact.kind));
}

}  // namespace eligo::vm
