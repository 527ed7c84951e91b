// Types and constants in a reader's words.
#include "describe.hpp"

#include "../text/suggest.hpp"
#include "../value/date.hpp"
#include "../value/exactly.hpp"

namespace eligo::sema {

namespace {

constexpr std::size_t longest_list = 400;

// Chinese magnitudes are used when two decimals are enough: 1.25亿元, 500万元, but 12345.67元.
std::optional<std::string> in_magnitude(const value::Rational& yuan, std::int64_t magnitude, std::string_view name) {
    if (value::compare(yuan, value::Rational(magnitude)) < 0) return std::nullopt;
    const auto scaled = value::divide(yuan, value::Rational(magnitude));
    if (!scaled) return std::nullopt;
    const auto decimals = scaled->decimals();
    if (!decimals || *decimals > 2) return std::nullopt;
    return value::to_string(*scaled) + std::string(name);
}

}  // namespace

Words kind_words(const Model& model, const Type& type) {
    switch (type.kind) {
        case Kind::Error: return {"something unclear", "无法判定的内容"};
        case Kind::Bool: return {"a condition (yes or no)", "条件(是或否)"};
        case Kind::Number:
            if (type.percent) return {"a percentage", "百分比"};
            return {"a number", "数字"};
        case Kind::Money: return {"money", "金额"};
        case Kind::Date: return {"a date", "日期"};
        case Kind::Months: return {"a number of months", "月数"};
        case Kind::Days: return {"a number of days", "天数"};
        case Kind::Text: return {"a text", "文本"};
        case Kind::Enum: {
            const std::string members = member_list(model.enumerations[type.ref]);
            return {"one of { " + members + " }", "枚举 { " + members + " } 之一"};
        }
        case Kind::Code: {
            const std::string name(value::classification_name(static_cast<value::Classification>(type.ref)));
            return {"a code of " + name, name + " 分类代码"};
        }
        case Kind::Record: return {"a record of `" + model.subjects[type.ref].name + "`", "`" + model.subjects[type.ref].name + "` 记录"};
        case Kind::List: return {"a list of `" + model.subjects[type.ref].name + "`", "`" + model.subjects[type.ref].name + "` 列表"};
    }
    return {};
}

Words this_is(const Model& model, const Expr& expr) {
    if (expr.kind == ExprKind::Constant && expr.type.kind == Kind::Number && !expr.type.percent) {
        const std::string number = value::to_string(expr.constant.number);
        return {"this is the number " + number, "这是数字 " + number};
    }
    const Words words = kind_words(model, expr.type);
    return {"this is " + words.english, "这是" + words.chinese};
}

std::string spell_type(const Model& model, const Type& type) {
    std::string text = type.yearly ? "yearly " : "";
    switch (type.kind) {
        case Kind::Error: return text + "?";
        case Kind::Bool: return text + "bool";
        case Kind::Number: return text + (type.percent ? "percent" : type.whole ? "int" : "number");
        case Kind::Money: return text + "money";
        case Kind::Date: return text + "date";
        case Kind::Months: return text + "months";
        case Kind::Days: return text + "days";
        case Kind::Text: return text + "text";
        case Kind::Enum: return text.append("one of { ").append(member_list(model.enumerations[type.ref])).append(" }");
        case Kind::Code:
            return text.append("code ").append(value::classification_name(static_cast<value::Classification>(type.ref)));
        case Kind::Record: return text + model.subjects[type.ref].name;
        case Kind::List:
            return text + "list of " + model.subjects[type.ref].name + " up to " + std::to_string(type.up_to);
    }
    return text;
}

std::string spell_money(const value::Rational& yuan) {
    if (const auto text = in_magnitude(yuan, 1'000'000'000'000, "万亿元")) return *text;
    if (const auto text = in_magnitude(yuan, 100'000'000, "亿元")) return *text;
    if (const auto text = in_magnitude(yuan, 10'000, "万元")) return *text;
    return value::to_string(yuan) + "元";
}

std::string spell(const Model& model, const Type& type, const Constant& constant) {
    switch (type.kind) {
        case Kind::Bool: return constant.integer != 0 ? "true" : "false";
        case Kind::Number: return type.percent ? value::to_string(constant.number, 100) + "%" : value::to_string(constant.number);
        case Kind::Money: return spell_money(constant.number);
        case Kind::Date: return value::format_date(value::exactly<value::Day>(constant.integer).value());
        case Kind::Months: return value::to_string(constant.number) + " months";
        case Kind::Days: return value::to_string(constant.number) + " days";
        case Kind::Text: return "\"" + constant.text + "\"";
        case Kind::Enum: return model.enumerations[type.ref].members[static_cast<std::size_t>(constant.integer)].name;
        case Kind::Code:
            return value::format_code(static_cast<value::Classification>(type.ref), value::exactly<std::int32_t>(constant.integer).value());
        case Kind::Error:
        case Kind::Record:
        case Kind::List: break;
    }
    return "?";
}

std::string quoted(std::string_view text) {
    std::string result = "`";
    result += text;
    result += '`';
    return result;
}

std::string quoted(const Model& model, const Type& type) { return quoted(spell_type(model, type)); }

std::string member_list(const Enumeration& enumeration) {
    std::string text;
    for (const EnumMember& member : enumeration.members) {
        if (!text.empty()) text += ", ";
        // Nobody reads on; and where thousands of names are wrong, thousands of members would be said each time.
        if (text.size() > longest_list) return text + "…";
        text += member.name;
    }
    return text;
}

void suggest(text::Diagnostic& diagnostic, Span place, std::string_view wanted, const KnownNames& known) {
    std::optional<std::string> nearest;
    if (!diagnostic.no_guess) {
        const std::vector<std::string> names = known();
        diagnostic.compared += names.size();
        nearest = text::nearest(wanted, names);
    }
    if (!nearest) {
        diagnostic.no_help = true;
        return;
    }
    diagnostic.help_with({*nearest});
    diagnostic.fix_with(place, *nearest);
}

}  // namespace eligo::sema
