#include "columns.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "../text/suggest.hpp"
#include "../vm/profile_set.hpp"
#include "files.hpp"
#include "formats.hpp"
#include "table.hpp"

namespace eligo::io {
namespace {

using bytecode::Index;
using bytecode::Kind;

// What a map of columns may have.
constexpr std::size_t most_mapped = 65'536, longest_map = std::size_t{4} << 20;

struct Sign {
    std::string_view wide, plain;
};
constexpr std::array<Sign, 16> signs{{{"（", "("}, {"）", ")"}, {"【", "("}, {"】", ")"}, {"［", "("}, {"］", ")"}, {"％", "%"}, {"；", ","}, {"’", "'"}, {"：", ":"}, {"，", ","}, {"、", ","}, {"　", ""}, {"．", "."}, {"－", "-"}, {"／", "/"}}};

// How a label is compared: plain signs, no blanks, small letters.
std::string plainly(std::string_view text) {
    std::string result;
    while (!text.empty()) {
        const auto sign = std::find_if(signs.begin(), signs.end(), [&](const Sign& each) { return text.starts_with(each.wide); });
        if (sign != signs.end()) {
            result += sign->plain;
            text.remove_prefix(sign->wide.size());
            continue;
        }
        const char c = text.front();
        text.remove_prefix(1);
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') continue;
        result += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return result;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// A label and the year beside it, wherever it stands: `销售收入.2015`, `2015年销售收入`, `Sales revenue (2015)`.
struct LabelAndYear {
    std::string label;
    std::string year;
};

void drop_signs_behind(std::string& text, std::size_t at) {
    if (at < text.size() && std::string_view(").:_-").find(text[at]) != std::string_view::npos) text.erase(at, 1);
}

// Each once: what follows may belong to the label, as in `2016年年末净资产`.
void drop_behind(std::string& text, std::size_t at) {
    for (const std::string_view each : {"年度", "年", ")", ".", "_", "-", ":"}) {
        if (!std::string_view(text).substr(at).starts_with(each)) continue;
        text.erase(at, each.size());
        return drop_signs_behind(text, at);
    }
}

std::optional<LabelAndYear> take_year(const std::string& text) {
    for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
        if (!std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(at) + 4, is_digit)) continue;
        if ((at > 0 && is_digit(text[at - 1])) || (at + 4 < text.size() && is_digit(text[at + 4]))) continue;
        if (!vm::parse_year(text.substr(at, 4))) continue;
        LabelAndYear result{text, text.substr(at, 4)};
        result.label.erase(at, 4);
        drop_behind(result.label, at);
        while (at > 0 && std::string_view("(._-:").find(result.label[at - 1]) != std::string_view::npos) result.label.erase(--at, 1);
        return result;
    }
    return std::nullopt;
}

// As a cell of CSV.
std::string quoted(std::string_view text) {
    if (text.find_first_of(",;\"\t\r\n") == std::string_view::npos) return std::string(text);
    std::string result = "\"";
    for (const char c : text) result += c == '"' ? "\"\"" : std::string(1, c);
    return result + "\"";
}

const bytecode::Fact& fact_of(const bytecode::Pack& pack, Index subject, Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()];
}

}  // namespace

ColumnFinder::ColumnFinder(const bytecode::Pack& pack, Index subject, ColumnMap map) : pack_(pack), subject_(subject), map_(std::move(map)) {
    const auto& columns = pack.subjects[subject].columns;
    std::map<std::string, int> uses;
    const auto labels_of = [&](Index column) {
        std::vector<std::string> labels;
        const bytecode::Label& label = fact_of(pack, subject, column).label;
        for (const Index each : {label.chinese, label.english}) {
            if (each != bytecode::none && !pack.string(each).empty()) labels.push_back(plainly(pack.string(each)));
        }
        return labels;
    };
    for (Index i = 0; i < columns.size(); ++i) {
        names_.emplace(pack.string(columns[i].name), i);
        for (const std::string& label : labels_of(i)) ++uses[label];
    }
    // A label that two facts have says nothing.
    for (Index i = 0; i < columns.size(); ++i) {
        for (std::string& label : labels_of(i)) {
            if (uses[label] == 1) labels_.emplace(std::move(label), i);
        }
    }
}

Target ColumnFinder::target_of(Index column, std::string_view year) const {
    const bytecode::Fact& fact = fact_of(pack_, subject_, column);
    if (fact.kind == Kind::List) return {TargetKind::List, column, 0};
    if (!fact.yearly) return {year.empty() ? TargetKind::Value : TargetKind::NoYear, column, 0};
    if (year.empty()) return {TargetKind::NeedsYear, column, 0};
    const auto parsed = vm::parse_year(year);
    return parsed ? Target{TargetKind::Value, column, *parsed} : Target{TargetKind::BadYear, column, 0};
}

Target ColumnFinder::by_name(std::string_view name) const {
    if (name == "company_id") return {TargetKind::CompanyId, bytecode::none, 0};
    if (name == "fiscal_year") return {TargetKind::FiscalYear, bytecode::none, 0};
    if (const auto found = names_.find(name); found != names_.end()) return target_of(found->second, {});
    const std::size_t dot = name.rfind('.');
    if (dot == std::string_view::npos) return {};
    const auto found = names_.find(name.substr(0, dot));
    return found == names_.end() ? Target{} : target_of(found->second, name.substr(dot + 1));
}

Target ColumnFinder::by_label(std::string_view name) const {
    const std::string plain = plainly(name);
    for (const std::string_view id : {"企业编号", "企业id", "统一社会信用代码", "companyid"}) {
        if (plain == id) return {TargetKind::CompanyId, bytecode::none, 0};
    }
    for (const std::string_view year : {"会计年度", "年度", "fiscalyear"}) {
        if (plain == year) return {TargetKind::FiscalYear, bytecode::none, 0};
    }
    if (const auto found = labels_.find(plain); found != labels_.end()) return target_of(found->second, {});
    const auto parts = take_year(plain);
    if (!parts) return {};
    if (const auto found = labels_.find(parts->label); found != labels_.end()) return target_of(found->second, parts->year);
    if (const auto found = names_.find(parts->label); found != names_.end()) return target_of(found->second, parts->year);
    return {};
}

Target ColumnFinder::find(std::string_view name) const {
    const auto split = split_unit(plainly(name));
    const ColumnUnit* const head = split ? split->unit : nullptr;
    if (const auto mapped = map_.find(name); mapped != map_.end()) {
        const auto& [fact, unit] = mapped->second;
        if (fact.empty()) return {TargetKind::LeftOut, bytecode::none, 0};
        return with_unit(by_either(fact), head, unit.empty() ? nullptr : find_unit(unit));
    }
    // Behind the name of a yearly fact a unit looks like a year that is none.
    const Target target = by_either(name), without = split ? by_either(split->name) : Target{};
    const bool is_unclear = target.kind == TargetKind::None || target.kind == TargetKind::BadYear;
    return with_unit(is_unclear && without.kind != TargetKind::None ? without : target, head, nullptr);
}

Target ColumnFinder::by_either(std::string_view name) const {
    const Target target = by_name(name);
    return target.kind == TargetKind::None ? by_label(name) : target;
}

// A unit is its own, or it is converted because the map says so; what is said otherwise is not guessed.
Target ColumnFinder::with_unit(Target target, const ColumnUnit* head, const ColumnUnit* mapped) const {
    if (target.kind != TargetKind::Value && target.kind != TargetKind::NeedsYear) return target;
    const bytecode::Fact& fact = fact_of(pack_, subject_, target.column);
    if (head != nullptr && fits(*head, fact) == UnitFits::NoUnit) head = nullptr;
    const auto is_wrong = [&](const ColumnUnit* unit) { return unit != nullptr && fits(*unit, fact) != UnitFits::Own && fits(*unit, fact) != UnitFits::Converted; };
    const auto refuse = [&](TargetKind kind, const ColumnUnit* unit) { return Target{kind, target.column, target.year, unit}; };
    if (is_wrong(mapped)) return refuse(TargetKind::WrongUnit, mapped);
    if (is_wrong(head)) return refuse(TargetKind::WrongUnit, head);
    const auto same = [](const ColumnUnit& a, const ColumnUnit& b) { return a.numerator == b.numerator && a.denominator == b.denominator; };
    if (head != nullptr && mapped != nullptr && !same(*head, *mapped)) return refuse(TargetKind::TwoUnits, head);
    if (head != nullptr && mapped == nullptr && fits(*head, fact) == UnitFits::Converted) return refuse(TargetKind::NeedsUnit, head);
    target.unit = mapped != nullptr && fits(*mapped, fact) == UnitFits::Converted ? mapped : nullptr;
    return target;
}

std::string ColumnFinder::key_of(const Target& target) const {
    if (target.kind == TargetKind::CompanyId) return "company_id";
    if (target.kind == TargetKind::FiscalYear) return "fiscal_year";
    if (target.column == bytecode::none) return {};
    const std::string& name = pack_.string(pack_.subjects[subject_].columns[target.column].name);
    return target.year == 0 ? name : name + "." + std::to_string(target.year);
}

std::optional<ColumnFinder::Mistake> ColumnFinder::mistake_of(const Target& target, std::string_view name) const {
    const std::string key = key_of(target);
    const std::string unit(target.unit == nullptr ? "" : target.unit->name);
    switch (target.kind) {
        case TargetKind::NeedsYear: return Mistake{ProblemKind::BadPlace, "这项事实按年度给出，列名应写明年度：" + key + ".2015", "this fact has a value for each fiscal year: write " + key + ".2015"};
        case TargetKind::NoYear: return Mistake{ProblemKind::BadPlace, "这项事实不分年度，列名应写作" + key, "this fact is not yearly: write " + key};
        case TargetKind::NeedsUnit: {
            const bool needs_year = target.year == 0 && fact_of(pack_, subject_, target.column).yearly;
            const std::string line = quoted(name) + "," + key + (needs_year ? ".2015" : "") + "," + unit;
            return Mistake{ProblemKind::BadPlace, "列名写明单位“" + unit + "”，请在 --map 的文件中写明：" + line, "the name says that it is in " + unit + ": write in a file for --map: " + line};
        }
        case TargetKind::WrongUnit: return Mistake{ProblemKind::BadPlace, "“" + unit + "”不是这项事实（" + key + "）的单位，无法换算；请换算后再导入", unit + " is no unit of this fact (" + key + ") and cannot be converted: give it in the fact's own"};
        case TargetKind::TwoUnits: return Mistake{ProblemKind::BadPlace, "列名写的单位是“" + unit + "”，--map 写的是另一个", "the name says that it is in " + unit + ", the map says another unit"};
        case TargetKind::BadYear: return Mistake{ProblemKind::BadYear, "应为四位数的年度，1900至2199", "expected a fiscal year of four digits from 1900 to 2199"};
        default: return std::nullopt;
    }
}

std::string ColumnFinder::nearest(std::string_view name) const {
    std::vector<std::string> known{"company_id", "fiscal_year"};
    for (const auto& [each, column] : names_) known.push_back(each);
    std::string year;
    if (const auto parts = take_year(std::string(name))) {
        year = "." + parts->year;
        const auto near = text::nearest(parts->label, known);
        return near && names_.contains(*near) && fact_of(pack_, subject_, names_.find(*near)->second).yearly ? *near + year : std::string();
    }
    return text::nearest(name, known).value_or("");
}

std::optional<ColumnMap> read_column_map(const std::string& path, std::vector<Problem>& problems) {
    TableOptions options;
    options.least_columns = 3;
    options.least_cells = 2;
    const auto table = open_table(path, options, problems);
    if (!table) return std::nullopt;
    std::vector<Problem> found;
    const auto refuse = [&](std::uint64_t line, const char* chinese, const char* english) { found.push_back(malformed({static_cast<std::uint32_t>(line), 0}, chinese, english)); };
    constexpr const char* chinese_shape = "对照表应有两列或三列：数据中的列名，事实的名称，单位";
    constexpr const char* english_shape = "a map has two columns or three: the name in the table, the fact, its unit";
    ColumnMap map;
    const auto add = [&](std::uint64_t line, std::string_view column, std::string_view fact, std::string_view unit) {
        const std::string plain = plainly(unit);
        if (!plain.empty() && find_unit(plain) == nullptr) return refuse(line, "不认识这个单位；可写元、千元、万元、百万元、亿元、%、‰、人、万人、个月、年、天等", "this is no unit that is known; there are 元, 千元, 万元, 百万元, 亿元, %, ‰, 人, 万人, months, years, days");
        if (!map.emplace(column, MappedColumn{std::string(fact), plain}).second) refuse(line, "这一列已经对照过", "this column is mapped twice");
    };
    const auto& header = table->header();
    if (header.size() < 2 || header.size() > 3 || table->rows_are_trees()) {
        refuse(1, chinese_shape, english_shape);
    } else {
        // The first row is a pair like the others, unless it is a heading.
        if (header[1] != "fact" && header[1] != "事实") add(1, header[0], header[1], header.size() == 3 ? header[2] : "");
        Chunk chunk;
        const auto reader = table->reader();
        bool goes_on = true;
        std::size_t bytes = 0;
        while (goes_on && found.size() < most_problems && table->next(chunk)) {
            reader->begin(chunk);
            for (TableRow row; goes_on && found.size() < most_problems && reader->next(row);) {
                if (row.problem != nullptr) {
                    found.push_back(*row.problem);
                    found.back().place.line = static_cast<std::uint32_t>(row.line);
                } else if (std::any_of(row.cells.begin(), row.cells.end(), [](const TableCell& cell) { return cell.kind == NodeKind::Wrong; })) {
                    refuse(row.line, chinese_shape, english_shape);
                } else if (map.size() == most_mapped || (bytes += row.cells[0].text.size() + row.cells[1].text.size()) > longest_map) {
                    const std::string most = std::to_string(most_mapped), longest = std::to_string(longest_map >> 20);
                    found.push_back(malformed({static_cast<std::uint32_t>(row.line), 0}, "对照表至多" + most + "行、" + longest + " MiB", "a map has " + most + " rows and " + longest + " MiB at most"));
                    goes_on = false;
                } else {
                    add(row.line, row.cells[0].text, row.cells[1].text, row.cells.size() == 3 ? row.cells[2].text : std::string_view());
                }
            }
        }
        // A file that was cut off would otherwise be a map of what is left of it.
        if (table->failure()) found.push_back(*table->failure());
    }
    for (Problem& problem : found) problem.file = path;
    if (found.size() >= most_problems) stop_telling(found, path);
    problems.insert(problems.end(), found.begin(), found.end());
    if (!found.empty()) return std::nullopt;
    return map;
}

}  // namespace eligo::io
