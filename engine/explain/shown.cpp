#include "shown.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "../value/code.hpp"
#include "../value/date.hpp"
#include "../value/rational.hpp"

namespace eligo::explain {
namespace {

using bytecode::Kind;
using value::Int128;

constexpr int most_decimals = 10;  // shown of a number that has more

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// The magnitude numerator / denominator with all its decimals, or the first ones, the last rounded half up; at least
// `least` of them. UInt is wide enough for ten times the denominator.
template <class UInt>
std::string decimal_text(bool negative, UInt numerator, UInt denominator, int least, int most, bool& rounded) {
    char digits[64];
    char* const end = digits + sizeof digits;
    char* const point = digits + 48;  // whole digits grow to the left of it, decimals to the right
    UInt whole = numerator / denominator, rest = numerator % denominator;
    char* decimals_end = point;
    while (rest != 0 && decimals_end - point < most && decimals_end < end) {
        rest *= 10;
        *decimals_end++ = static_cast<char>('0' + static_cast<int>(rest / denominator));
        rest %= denominator;
    }
    if (rest != 0) {
        rounded = true;
        if (rest >= denominator - rest) {
            char* at = decimals_end;
            while (at > point && at[-1] == '9') *--at = '0';
            if (at > point) ++at[-1];
            else ++whole;
        }
    }
    while (decimals_end - point > least && decimals_end[-1] == '0') --decimals_end;
    while (decimals_end - point < least) *decimals_end++ = '0';
    char* begin = point;
    do {
        *--begin = static_cast<char>('0' + static_cast<int>(whole % 10));
        whole /= 10;
    } while (whole != 0);
    const std::string_view shown(begin, static_cast<std::size_t>(decimals_end - begin));
    std::string text;
    text.reserve(shown.size() + 2);
    // A number that rounds to zero has no sign.
    if (negative && shown.find_first_not_of('0') != std::string_view::npos) text += '-';
    text.append(begin, point);
    if (decimals_end != point) {
        text += '.';
        text.append(point, decimals_end);
    }
    return text;
}

std::string number_text(const bytecode::Measure& measure, Int128 number, Int128 denominator, bool& rounded) {
    const bool money = measure.kind == Kind::Money;
    const int least = money ? 2 : 0, most = money ? 2 : most_decimals;
    // Nearly every number is small enough for plain 64-bit division.
    constexpr Int128 small = std::numeric_limits<std::uint64_t>::max() / 10;  // the long division multiplies by ten
    if (const auto top = value::checked_mul(number, measure.unit.numerator), bottom = value::checked_mul(denominator, measure.unit.denominator);
        top && bottom && -small < *top && *top < small && *bottom < small)
        return decimal_text<std::uint64_t>(*top < 0, static_cast<std::uint64_t>(value::absolute(*top)), static_cast<std::uint64_t>(*bottom), least, most, rounded);
    // What no program that was compiled can come to, but one that was merely verified can: its magnitude is no Int128.
    number = std::max(number, -value::int128_max);
    denominator = std::max(denominator, -value::int128_max);
    // Reduced step by step, so that 128 bits do for everything a program can hold.
    Int128 unit_numerator = measure.unit.numerator, unit_denominator = measure.unit.denominator;
    Int128 common = value::gcd(number, unit_denominator);
    if (common > 1) {
        number /= common;
        unit_denominator /= common;
    }
    common = value::gcd(unit_numerator, denominator);
    if (common > 1) {
        unit_numerator /= common;
        denominator /= common;
    }
    common = value::gcd(number, denominator);
    if (common > 1) {
        number /= common;
        denominator /= common;
    }
    auto top = value::checked_mul(number, unit_numerator);
    auto bottom = value::checked_mul(denominator, unit_denominator);
    constexpr Int128 tenth = value::int128_max / 10;
    while (!top || !bottom || *bottom > tenth) {
        // Beyond what can be held: the last bits of both ends do not reach the decimals that are shown.
        rounded = true;
        number /= 2;
        denominator = std::max<Int128>(denominator / 2, 1);
        top = value::checked_mul(number, unit_numerator);
        bottom = value::checked_mul(denominator, unit_denominator);
    }
    return decimal_text<value::UInt128>(*top < 0, static_cast<value::UInt128>(value::absolute(*top)), static_cast<value::UInt128>(*bottom), least, most, rounded);
}

std::string text_of(const bytecode::Pack& pack, const vm::Profile& profile, const bytecode::Measure& measure, Int128 value) {
    const auto number = static_cast<std::int64_t>(value);
    switch (measure.kind) {
        case Kind::Bool: return number != 0 ? "true" : "false";
        case Kind::Date: return value::format_date(static_cast<value::Day>(number));
        case Kind::Enum: {
            const auto& members = pack.enumerations[measure.ref].members;
            return number >= 0 && static_cast<std::size_t>(number) < members.size() ? pack.string(members[static_cast<std::size_t>(number)].name) : std::string();
        }
        case Kind::Code: return value::format_code(static_cast<value::Classification>(measure.ref), static_cast<std::int32_t>(number));
        case Kind::Text: {
            const auto index = static_cast<std::size_t>(number);
            if (number < 0) return {};
            if (index < pack.texts.size()) return pack.string(pack.texts[index]);
            return index - pack.texts.size() < profile.texts.size() ? profile.texts[index - pack.texts.size()] : std::string();
        }
        default: return {};
    }
}

Label member_label(const bytecode::Pack& pack, const bytecode::Measure& measure, Int128 value) {
    if (measure.kind != Kind::Enum) return {};
    const auto& members = pack.enumerations[measure.ref].members;
    if (value < 0 || static_cast<std::size_t>(value) >= members.size()) return {};
    const auto& label = members[static_cast<std::size_t>(value)].label;
    return {label.chinese == bytecode::none ? std::string_view() : pack.string(label.chinese), label.english == bytecode::none ? std::string_view() : pack.string(label.english)};
}

}  // namespace

std::string plain_text(const bytecode::Pack& pack, const bytecode::Measure& measure, Int128 value) {
    bool rounded = false;
    return is_numeric(measure.kind) ? number_text(measure, value, 1, rounded) : text_of(pack, vm::Profile(), measure, value);
}

Shown show(const bytecode::Pack& pack, const vm::Profile& profile, const vm::Frame& frame, const bytecode::Measure& measure) {
    Shown shown;
    shown.kind = measure.kind;
    shown.percent = measure.percent;
    if (measure.defined != bytecode::no_register && frame.result(measure.defined).truth() == value::Truth::False) {
        shown.state = Shown::State::NoValue;
        return shown;
    }
    const vm::Result result = frame.result(measure.value);
    if (!is_numeric(measure.kind)) {
        if (!result.known() && measure.kind != Kind::Date) return shown;
        shown.state = result.known() ? Shown::State::Known : Shown::State::Open;
        shown.low = text_of(pack, profile, measure, result.low);
        shown.high = result.known() ? shown.low : text_of(pack, profile, measure, result.high);
        shown.low_label = member_label(pack, measure, result.low);
        return shown;
    }
    const vm::Result denominator = measure.denominator == bytecode::no_register ? vm::Result{1, 1} : frame.result(measure.denominator);
    shown.low = number_text(measure, result.low, std::max<Int128>(denominator.low, 1), shown.rounded);
    const bool known = result.known() && denominator.known();
    shown.high = known ? shown.low : number_text(measure, result.high, std::max<Int128>(denominator.high, 1), shown.rounded);
    shown.state = known ? Shown::State::Known : Shown::State::Open;
    return shown;
}

}  // namespace eligo::explain
