#include "unit.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "../value/exact_text.hpp"
#include "../value/rational.hpp"
#include "../vm/spelling.hpp"

namespace eligo::io {
namespace {

using bytecode::Kind;
using Of = ColumnUnit::Of;

// The longer of two stands before the one that it ends with.
constexpr std::array units{
    ColumnUnit{"万亿元", Of::Money, 1'000'000'000'000},
    ColumnUnit{"千万元", Of::Money, 10'000'000},
    ColumnUnit{"百万元", Of::Money, 1'000'000},
    ColumnUnit{"十万元", Of::Money, 100'000},
    ColumnUnit{"亿元", Of::Money, 100'000'000},
    ColumnUnit{"万元", Of::Money, 10'000},
    ColumnUnit{"千元", Of::Money, 1'000},
    ColumnUnit{"百元", Of::Money, 100},
    ColumnUnit{"亿美元", Of::Foreign},
    ColumnUnit{"万美元", Of::Foreign},
    ColumnUnit{"美元", Of::Foreign},
    ColumnUnit{"万港元", Of::Foreign},
    ColumnUnit{"港元", Of::Foreign},
    ColumnUnit{"港币", Of::Foreign},
    ColumnUnit{"万欧元", Of::Foreign},
    ColumnUnit{"欧元", Of::Foreign},
    ColumnUnit{"日元", Of::Foreign},
    ColumnUnit{"英镑", Of::Foreign},
    ColumnUnit{"外币", Of::Foreign},
    ColumnUnit{"元", Of::Money},
    ColumnUnit{"100millionyuan", Of::Money, 100'000'000},
    ColumnUnit{"billionyuan", Of::Money, 1'000'000'000},
    ColumnUnit{"millionyuan", Of::Money, 1'000'000},
    ColumnUnit{"10,000yuan", Of::Money, 10'000},
    ColumnUnit{"10000yuan", Of::Money, 10'000},
    ColumnUnit{"10kyuan", Of::Money, 10'000},
    ColumnUnit{"thousandyuan", Of::Money, 1'000},
    ColumnUnit{"1,000yuan", Of::Money, 1'000},
    ColumnUnit{"1000yuan", Of::Money, 1'000},
    ColumnUnit{"yuan", Of::Money},
    ColumnUnit{"rmbbillion", Of::Money, 1'000'000'000},
    ColumnUnit{"rmbmillion", Of::Money, 1'000'000},
    ColumnUnit{"rmbthousand", Of::Money, 1'000},
    ColumnUnit{"rmb'000", Of::Money, 1'000},
    ColumnUnit{"rmb10,000", Of::Money, 10'000},
    ColumnUnit{"rmb10k", Of::Money, 10'000},
    ColumnUnit{"rmb", Of::Money},
    ColumnUnit{"cnybillion", Of::Money, 1'000'000'000},
    ColumnUnit{"cnymillion", Of::Money, 1'000'000},
    ColumnUnit{"cnythousand", Of::Money, 1'000},
    ColumnUnit{"cny10,000", Of::Money, 10'000},
    ColumnUnit{"cny10k", Of::Money, 10'000},
    ColumnUnit{"cny", Of::Money},
    ColumnUnit{"usdmillion", Of::Foreign},
    ColumnUnit{"usd", Of::Foreign},
    ColumnUnit{"us$", Of::Foreign},
    ColumnUnit{"$", Of::Foreign},
    ColumnUnit{"hkd", Of::Foreign},
    ColumnUnit{"hk$", Of::Foreign},
    ColumnUnit{"eur", Of::Foreign},
    ColumnUnit{"€", Of::Foreign},
    ColumnUnit{"jpy", Of::Foreign},
    ColumnUnit{"gbp", Of::Foreign},
    ColumnUnit{"£", Of::Foreign},
    ColumnUnit{"万人", Of::Count, 10'000},
    ColumnUnit{"千人", Of::Count, 1'000},
    ColumnUnit{"百人", Of::Count, 100},
    ColumnUnit{"万个", Of::Count, 10'000},
    ColumnUnit{"万家", Of::Count, 10'000},
    ColumnUnit{"万件", Of::Count, 10'000},
    ColumnUnit{"人", Of::Count},
    ColumnUnit{"名", Of::Count},
    ColumnUnit{"位", Of::Count},
    ColumnUnit{"家", Of::Count},
    ColumnUnit{"项", Of::Count},
    ColumnUnit{"件", Of::Count},
    ColumnUnit{"户", Of::Count},
    ColumnUnit{"persons", Of::Count},
    ColumnUnit{"people", Of::Count},
    ColumnUnit{"个月", Of::Time},
    ColumnUnit{"个", Of::Count},
    ColumnUnit{"亿", Of::Anything, 100'000'000},
    ColumnUnit{"千万", Of::Anything, 10'000'000},
    ColumnUnit{"百万", Of::Anything, 1'000'000},
    ColumnUnit{"万", Of::Anything, 10'000},
    ColumnUnit{"千", Of::Anything, 1'000},
    ColumnUnit{"billions", Of::Anything, 1'000'000'000},
    ColumnUnit{"billion", Of::Anything, 1'000'000'000},
    ColumnUnit{"millions", Of::Anything, 1'000'000},
    ColumnUnit{"million", Of::Anything, 1'000'000},
    ColumnUnit{"thousands", Of::Anything, 1'000},
    ColumnUnit{"thousand", Of::Anything, 1'000},
    ColumnUnit{"'000", Of::Anything, 1'000},
    ColumnUnit{"000s", Of::Anything, 1'000},
    ColumnUnit{"%", Of::Share, 1, 100},
    ColumnUnit{"百分比", Of::Share, 1, 100},
    ColumnUnit{"percent", Of::Share, 1, 100},
    ColumnUnit{"‰", Of::Share, 1, 1000},
    ColumnUnit{"千分比", Of::Share, 1, 1000},
    ColumnUnit{"月", Of::Time},
    ColumnUnit{"months", Of::Time},
    ColumnUnit{"年", Of::Time, 12},
    ColumnUnit{"years", Of::Time, 12},
    ColumnUnit{"天", Of::Time, 1, 1, true},
    ColumnUnit{"日", Of::Time, 1, 1, true},
    ColumnUnit{"days", Of::Time, 1, 1, true},
};

void replace_all(std::string& text, std::string_view part, std::string_view by) {
    for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; at += by.size()) text.replace(at, part.size(), by);
}

bool is_sign_of(std::string_view signs, char c) { return signs.find(c) != std::string_view::npos; }

struct Span {
    std::size_t begin = 0, end = 0;
};

// A unit with the words beside it that change nothing of it.
Span with_words_beside(std::string_view text, Span unit) {
    constexpr std::array<std::string_view, 5> before{"单位:", "单位", "人民币", "unit:", "in"};
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view word : before) {
            if (!text.substr(0, unit.begin).ends_with(word)) continue;
            unit.begin -= word.size();
            again = true;
        }
    }
    constexpr std::string_view behind = "人民币";
    if (text.substr(unit.end).starts_with(behind)) unit.end += behind.size();
    return unit;
}

// Whether it stands by itself there. The usual units of money need no sign between the name and them.
bool stands_alone(std::string_view text, Span span, const ColumnUnit& unit) {
    if (span.begin == 0 || (span.end < text.size() && !is_sign_of("),.:_-", text[span.end]))) return false;
    if (is_sign_of("(,/:_-", text[span.begin - 1])) return true;
    return span.end == text.size() && unit.of == Of::Money && unit.numerator > 1 && unit.name.ends_with("元");
}

}  // namespace

const ColumnUnit* find_unit(std::string_view name) {
    const auto split = split_unit("x(" + std::string(name) + ")");
    return split && split->name == "x" ? split->unit : nullptr;
}

std::optional<NameAndUnit> split_unit(std::string_view name) {
    for (const ColumnUnit& unit : units) {
        for (std::size_t at = name.find(unit.name); at != std::string_view::npos; at = name.find(unit.name, at + 1)) {
            const Span span = with_words_beside(name, {at, at + unit.name.size()});
            if (!stands_alone(name, span, unit)) continue;
            std::string rest(name);
            rest.erase(span.begin, span.end - span.begin);
            for (const auto& [signs, by] : {std::pair<std::string_view, std::string_view>{"(,", "("}, {",)", ")"}, {"()", ""}}) replace_all(rest, signs, by);
            while (!rest.empty() && is_sign_of("/:_-,", rest.back())) rest.pop_back();
            return NameAndUnit{std::move(rest), &unit};
        }
    }
    return std::nullopt;
}

UnitFits fits(const ColumnUnit& unit, const bytecode::Fact& fact) {
    const auto when = [&](bool is_right) { return !is_right ? UnitFits::Not : unit.numerator == unit.denominator ? UnitFits::Own : UnitFits::Converted; };
    const bool is_number = fact.kind == Kind::Number && !fact.percent;
    switch (unit.of) {
        case Of::Money: return when(fact.kind == Kind::Money);
        case Of::Anything: return when(fact.kind == Kind::Money || is_number);
        case Of::Share: return when(fact.kind == Kind::Number && fact.percent);
        case Of::Foreign: return fact.kind == Kind::Money ? UnitFits::Not : UnitFits::NoUnit;
        case Of::Count: return is_number ? when(true) : UnitFits::NoUnit;
        case Of::Time:
            if (fact.kind != Kind::Months && fact.kind != Kind::Days) return UnitFits::NoUnit;
            return when(unit.is_days == (fact.kind == Kind::Days));
    }
    return UnitFits::Not;
}

namespace {

std::optional<std::string> one_in_own_unit(std::string_view text, const ColumnUnit& unit, const bytecode::Fact& fact) {
    if (text.empty()) return std::string();
    if (text.find("元") != std::string_view::npos) return std::nullopt;
    const auto plain = vm::plain_number(text, fact.kind == Kind::Money ? vm::Currency::Yes : vm::Currency::No);
    if (!plain) return std::nullopt;
    if (plain->ends_with('%')) return unit.of == Of::Share ? plain : std::nullopt;
    const auto number = value::parse_decimal(*plain);
    const auto product = number ? value::multiply(*number, value::Rational::of(unit.numerator, unit.denominator)) : std::nullopt;
    if (!product) return std::nullopt;
    return value::exact_text({product->numerator(), product->denominator(), 1, 1});
}

}  // namespace

std::optional<std::string> in_own_unit(std::string_view text, const ColumnUnit& unit, const bytecode::Fact& fact) {
    const std::size_t dots = text.find("..");
    if (dots == std::string_view::npos) return text.empty() ? std::nullopt : one_in_own_unit(vm::trimmed(text), unit, fact);
    std::string_view low = vm::trimmed(text.substr(0, dots)), high = text.substr(dots + 2);
    std::string sign = " ..";
    if (low.ends_with('<')) {
        low = vm::trimmed(low.substr(0, low.size() - 1));
        sign = " <..";
    }
    if (high.starts_with('<')) {
        high.remove_prefix(1);
        sign += '<';
    }
    const auto from = one_in_own_unit(low, unit, fact), to = one_in_own_unit(vm::trimmed(high), unit, fact);
    if (!from || !to) return std::nullopt;
    return *from + sign + " " + *to;
}

}  // namespace eligo::io
