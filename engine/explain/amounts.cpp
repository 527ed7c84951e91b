// Grouping, percents and 万, 亿, 万亿 by moving digits about.
#include "amounts.hpp"

#include <cstddef>

namespace eligo::explain {
namespace {

struct Decimal {
    std::string sign, whole, fraction;
};

Decimal split(std::string_view text) {
    Decimal parts;
    if (!text.empty() && text.front() == '-') {
        parts.sign = "-";
        text.remove_prefix(1);
    }
    const std::size_t point = text.find('.');
    parts.whole = std::string(text.substr(0, point));
    if (point != std::string_view::npos) parts.fraction = std::string(text.substr(point + 1));
    return parts;
}

bool is_decimal(std::string_view text) {
    return !text.empty() && text.find_first_not_of("-.0123456789") == std::string_view::npos;
}

std::string grouped(std::string_view whole) {
    std::string out;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        if (i > 0 && (whole.size() - i) % 3 == 0) out += ',';
        out += whole[i];
    }
    return out;
}

std::string joined(const Decimal& parts) {
    return parts.sign + grouped(parts.whole) + (parts.fraction.empty() ? "" : "." + parts.fraction);
}

void drop_trailing_zeros(std::string& fraction) {
    while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
}

void drop_leading_zeros(std::string& whole) {
    const std::size_t first = whole.find_first_not_of('0');
    whole.erase(0, first == std::string::npos ? whole.size() - 1 : first);
}

std::size_t trailing_zeros(std::string_view whole) {
    const std::size_t last = whole.find_last_not_of('0');
    return last == std::string_view::npos ? 0 : whole.size() - 1 - last;
}

struct Magnitude {
    std::size_t zeros;
    std::string_view unit;
};
constexpr Magnitude magnitudes[] = {{12, "万亿元"}, {8, "亿元"}, {4, "万元"}};

std::string say_yuan_in_chinese(Decimal parts) {
    if (parts.fraction.empty()) {
        for (const Magnitude& magnitude : magnitudes) {
            if (trailing_zeros(parts.whole) < magnitude.zeros) continue;
            parts.whole.erase(parts.whole.size() - magnitude.zeros);
            return joined(parts) + std::string(magnitude.unit);
        }
    }
    return joined(parts) + "元";
}

}  // namespace

std::string say_number(std::string_view number) {
    const std::size_t bar = number.find('/');
    if (bar != std::string_view::npos) return say_number(number.substr(0, bar)) + "/" + say_number(number.substr(bar + 1));
    return is_decimal(number) ? joined(split(number)) : std::string(number);
}

std::string say_percent(std::string_view decimal) {
    if (!is_decimal(decimal)) return std::string(decimal);
    Decimal parts = split(decimal);
    if (parts.fraction.size() < 2) parts.fraction.resize(2, '0');
    parts.whole += parts.fraction.substr(0, 2);
    parts.fraction.erase(0, 2);
    drop_leading_zeros(parts.whole);
    drop_trailing_zeros(parts.fraction);
    return joined(parts) + "%";
}

std::string say_money(std::string_view yuan, Language language) {
    if (!is_decimal(yuan)) return say_number(yuan) + (language == Language::Chinese ? "元" : " yuan");
    Decimal parts = split(yuan);
    if (parts.fraction.find_first_not_of('0') == std::string::npos) parts.fraction.clear();
    return language == Language::Chinese ? say_yuan_in_chinese(parts) : joined(parts) + " yuan";
}

}  // namespace eligo::explain
