#include "shown.hpp"

#include <cstdint>
#include <string_view>

#include "../value/code.hpp"
#include "../value/date.hpp"
#include "../value/exact_text.hpp"
#include "labels.hpp"

namespace eligo::explain {
namespace {

using bytecode::Kind;
using value::Int128;

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// Beside a quotient such as 1/3, which people cannot picture.
constexpr int near_decimals = 10;

value::Parts parts_of(const bytecode::Measure& measure, Int128 number, Int128 denominator = 1) { return {number, denominator, measure.unit.numerator, measure.unit.denominator}; }

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
    if (!is_numeric(measure.kind)) return text_of(pack, vm::Profile(), measure, value);
    return value::exact_text(parts_of(measure, value), bytecode::least_decimals(measure.kind));
}

Shown show_number(Kind kind, bool percent, const value::Parts& low, const std::optional<value::Parts>& high) {
    Shown shown;
    shown.state = Shown::State::Open;
    shown.kind = kind;
    shown.percent = percent;
    const auto put = [kind](const value::Parts& number, std::string& text, std::string& near) {
        text = value::exact_text(number, bytecode::least_decimals(kind));
        if (text.find('/') != std::string::npos) near = value::near_text(number, near_decimals);
    };
    put(low, shown.low, shown.low_near);
    if (high) put(*high, shown.high, shown.high_near);
    // As of 0 over a denominator that is open.
    if (!high || shown.high == shown.low) {
        shown.state = Shown::State::Known;
        shown.high.clear();
        shown.high_near.clear();
    }
    return shown;
}

Shown show_known(const bytecode::Pack& pack, const bytecode::Measure& measure, Int128 value) {
    if (is_numeric(measure.kind)) return show_number(measure.kind, measure.percent, parts_of(measure, value));
    Shown shown;
    shown.state = Shown::State::Known;
    shown.kind = measure.kind;
    shown.low = plain_text(pack, measure, value);
    shown.low_label = member_label(pack, measure, value);
    return shown;
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
        shown.low = shortened_text(text_of(pack, profile, measure, result.low));
        if (!result.known()) shown.high = text_of(pack, profile, measure, result.high);
        shown.low_label = member_label(pack, measure, result.low);
        return shown;
    }
    const vm::Result denominator = measure.denominator == bytecode::no_register ? vm::Result{1, 1} : frame.result(measure.denominator);
    const value::Parts low = parts_of(measure, result.low, denominator.low);
    if (result.known() && denominator.known()) return show_number(measure.kind, measure.percent, low);
    return show_number(measure.kind, measure.percent, low, parts_of(measure, result.high, denominator.high));
}

}  // namespace eligo::explain
