// Classification codes as whole numbers.
//
// A code of gbt4754 is written with four places: section 1 .. 20, division 0 .. 97, group 0 .. 10, class 0 .. 10.
// In each place but the first, zero says that the code ends before it; a group or class digit d is therefore
// written d + 1, for 0 is a digit that the standard uses (B1200, T9700). So a code comes directly before all the
// codes below it, and these end where the next code of its own level begins.
//
// Sections and their divisions are those of GB/T 4754-2017. Below the division the digits are not checked against
// the standard: a group that it does not list is accepted.
// Tested by tests/unit/value_code_test.cpp.
#include "code.hpp"

#include <array>
#include <cstddef>

namespace eligo::value {

namespace {

struct Divisions {
    std::int32_t first = 0;
    std::int32_t last = 0;
};

constexpr std::array<Divisions, 20> sections{{
    {1, 5},    // A 农、林、牧、渔业
    {6, 12},   // B 采矿业
    {13, 43},  // C 制造业
    {44, 46},  // D 电力、热力、燃气及水生产和供应业
    {47, 50},  // E 建筑业
    {51, 52},  // F 批发和零售业
    {53, 60},  // G 交通运输、仓储和邮政业
    {61, 62},  // H 住宿和餐饮业
    {63, 65},  // I 信息传输、软件和信息技术服务业
    {66, 69},  // J 金融业
    {70, 70},  // K 房地产业
    {71, 72},  // L 租赁和商务服务业
    {73, 75},  // M 科学研究和技术服务业
    {76, 79},  // N 水利、环境和公共设施管理业
    {80, 82},  // O 居民服务、修理和其他服务业
    {83, 83},  // P 教育
    {84, 85},  // Q 卫生和社会工作
    {86, 90},  // R 文化、体育和娱乐业
    {91, 96},  // S 公共管理、社会保障和社会组织
    {97, 97},  // T 国际组织
}};

constexpr std::int32_t section_count = static_cast<std::int32_t>(sections.size());
// How many numbers a group, a division and a section take, each with all that is below it.
constexpr std::int32_t group_size = 11;
constexpr std::int32_t division_size = 11 * group_size;
constexpr std::int32_t section_size = (97 + 1) * division_size;

struct Places {
    std::int32_t section = 0;
    std::int32_t division = 0;
    std::int32_t group_place = 0;
    std::int32_t class_place = 0;
};

constexpr std::int32_t encode(const Places& places) {
    return places.section * section_size + places.division * division_size + places.group_place * group_size +
           places.class_place;
}

constexpr Places decode(std::int32_t code) {
    return {code / section_size, code % section_size / division_size, code % division_size / group_size,
            code % group_size};
}

constexpr CodeRange every_code{encode({1, 0, 0, 0}), encode({section_count + 1, 0, 0, 0}) - 1};

// How many numbers the code and those below it take.
std::int32_t size_of(const Places& places) {
    if (places.class_place != 0) return 1;
    if (places.group_place != 0) return group_size;
    if (places.division != 0) return division_size;
    return section_size;
}

bool are_digits(std::string_view text) {
    for (const char c : text) {
        if (c < '0' || c > '9') return false;
    }
    return true;
}

char digit_character(std::int32_t digit) { return static_cast<char>('0' + digit); }

}  // namespace

std::optional<Classification> find_classification(std::string_view name) {
    if (name == classification_name(Classification::Gbt4754)) return Classification::Gbt4754;
    return std::nullopt;
}

std::string_view classification_name(Classification classification) {
    switch (classification) {
        case Classification::Gbt4754: return "gbt4754";
    }
    return {};
}

std::optional<std::int32_t> parse_code(Classification, std::string_view text) {
    if (text.empty() || text.size() > 5 || text.size() == 2) return std::nullopt;
    if (text[0] < 'A' || text[0] >= 'A' + section_count || !are_digits(text.substr(1))) return std::nullopt;
    Places places;
    places.section = text[0] - 'A' + 1;
    if (text.size() > 2) {
        const Divisions& divisions = sections[static_cast<std::size_t>(text[0] - 'A')];
        places.division = (text[1] - '0') * 10 + (text[2] - '0');
        if (places.division < divisions.first || places.division > divisions.last) return std::nullopt;
    }
    if (text.size() > 3) places.group_place = text[3] - '0' + 1;
    if (text.size() > 4) places.class_place = text[4] - '0' + 1;
    return encode(places);
}

CodeRange codes_below(Classification, std::int32_t code) { return {code, code + size_of(decode(code)) - 1}; }

// A number between two codes, which an interval may end at, has no text: it gives the empty one.
std::string format_code(Classification classification, std::int32_t code) {
    if (code < every_code.first || code > every_code.last) return {};
    const Places places = decode(code);
    std::string text(1, static_cast<char>('A' + places.section - 1));
    if (places.division != 0) {
        text += digit_character(places.division / 10);
        text += digit_character(places.division % 10);
    }
    if (places.group_place != 0) text += digit_character(places.group_place - 1);
    if (places.class_place != 0) text += digit_character(places.class_place - 1);
    if (parse_code(classification, text) != code) return {};
    return text;
}

CodeRange all_codes(Classification) { return every_code; }

}  // namespace eligo::value
