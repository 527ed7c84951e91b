// What the parts of the verifier share, and how a fault is put into words. Tested by tests/unit/pack_test.cpp.
#include <algorithm>

#include "../value/code.hpp"
#include "../value/date.hpp"
#include "verifying.hpp"

namespace eligo::bytecode {
namespace {

std::string grouped(std::uint64_t number) {
    std::string digits = std::to_string(number);
    for (std::size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, ",");
    return digits;
}

}  // namespace

std::string rule_of(const InvariantRow& invariant, bool chinese) {
    std::string text(chinese ? invariant.chinese : invariant.english);
    if (const std::size_t at = text.find("{}"); at != std::string::npos) text.replace(at, 2, grouped(invariant.limit));
    return text;
}

// What stands behind the first sign of a name is not looked at beyond ASCII: texts are UTF-8 by then, and which of its signs are
// letters only the compiler needs to know.
bool is_name(std::string_view text) {
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
    return !text.empty() && !(text.front() >= '0' && text.front() <= '9') && std::ranges::all_of(text, fits) && text != "company_id" && text != "fiscal_year";
}

void Verification::require_label(const Label& label) {
    for (const Index each : {label.chinese, label.english})
        if (each != none) require_string(each);
}

void Verification::require_strings(const std::vector<Index>& indices) {
    for (const Index index : indices) require_string(index);
}

bool Verification::require_name(Index index) { return require_string(index) && require(is_name(pack.strings[index]), Invariant::names_are_names); }

bool Verification::require_kind(Kind kind, Index ref) {
    bool exists = kind <= Kind::List;
    if (kind == Kind::Enum) exists = ref < pack.enumerations.size();
    if (kind == Kind::Code) exists = ref == 0;
    if (kind == Kind::Record || kind == Kind::List) exists = ref < pack.subjects.size();
    return require(exists, Invariant::kind_exists);
}

value::Range Verification::range_of_kind(Kind kind, Index ref) const {
    switch (kind) {
        case Kind::Bool: return {0, 1};
        case Kind::Enum: return {0, static_cast<value::Int128>(pack.enumerations[ref].members.size()) - 1};
        case Kind::Code: {
            const auto all = value::all_codes(static_cast<value::Classification>(ref));
            return {all.first, all.last};
        }
        case Kind::Text: return {0, 0x7FFFFFFF};
        case Kind::Date: return {value::first_day, value::last_day};
        case Kind::Record: case Kind::List: return {0, 0};
        case Kind::Number: case Kind::Money: case Kind::Months: case Kind::Days: break;
    }
    return {value::int128_min, value::int128_max};
}

bool Verification::all_differ(std::vector<Index> names) {
    std::ranges::sort(names);
    return std::ranges::adjacent_find(names) == names.end();
}

void Verification::refuse(Invariant invariant) {
    const InvariantRow& broken = row(invariant);
    const std::string name = " [" + std::string(broken.name) + "]";
    fault_ = {invariant, place_text(true) + "：" + rule_of(broken, true) + name, place_text(false) + ": " + rule_of(broken, false) + name};
}

// A name that is none is not repeated: it may be anything.
std::string Verification::shown(Index name) const {
    const bool tellable = name < pack.strings.size() && pack.strings[name].size() <= 200 && is_name(pack.strings[name]);
    return "`" + (tellable ? pack.strings[name] : std::string("?")) + "`";
}

std::string Verification::place_text(bool chinese) const {
    using In = Place::In;
    const auto number = [](Index index) { return std::to_string(index + 1); };
    const auto say = [&](const std::string& in_chinese, const std::string& in_english) { return chinese ? in_chinese : in_english; };
    const auto subject = [&] { return shown(pack.subjects[place_.first].name); };
    const auto policy = [&] { return say("政策", "policy ") + shown(pack.policies[place_.first].name); };
    const auto version = [&] { return policy() + say("，第" + number(place_.second) + "个版本", ", version " + number(place_.second)); };
    switch (place_.in) {
        case In::Texts: return say("文本", "texts");
        case In::Enumeration: return say("第" + number(place_.first) + "个枚举", "enumeration " + number(place_.first));
        case In::Parameter: return say("参数", "parameter ") + shown(pack.parameters[place_.first].name);
        case In::Subject: return say("主体", "subject ") + subject();
        case In::Fact: {
            const std::string name = shown(pack.subjects[place_.first].facts[place_.second].name);
            return say(subject() + "的事实" + name, "fact " + name + " of " + subject());
        }
        case In::Column: return say(subject() + "的第" + number(place_.second) + "列", "column " + number(place_.second) + " of " + subject());
        case In::Program: return say(subject() + "的程序", "program of " + subject());
        case In::Instruction: return say(subject() + "的程序，指令" + std::to_string(place_.second), "program of " + subject() + ", instruction " + std::to_string(place_.second));
        case In::Policy: return policy();
        case In::Version: return version();
        case In::Clause: return version() + say("，第" + number(place_.third) + "个条款", ", clause " + number(place_.third));
        case In::Benefit: return version() + say("，第" + number(place_.third) + "项优惠", ", benefit " + number(place_.third));
    }
    return {};
}

}  // namespace eligo::bytecode
