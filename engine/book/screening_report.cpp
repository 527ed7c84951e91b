#include "screening_report.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <eligo/version.hpp>

#include "../explain/amounts.hpp"
#include "../explain/say.hpp"
#include "../explain/shown.hpp"
#include "../value/date.hpp"
#include "../value/exact_text.hpp"
#include "../value/rational.hpp"
#include "html.hpp"

namespace eligo::book {
namespace {

using bytecode::Index;
using explain::Language;
using screen::GroupKind;
using screen::TallyLayout;
using value::Int128;
using vm::Verdict;

constexpr std::array<Verdict, 4> verdicts{Verdict::Eligible, Verdict::Ineligible, Verdict::Undetermined, Verdict::NotInForce};
constexpr std::array<std::string_view, 4> fills{fill_holds, fill_fails, fill_open, fill_out};

struct Words {
    std::string_view chinese, english;
};
// GB/T 4754-2017, sections A to T.
constexpr std::array<Words, 20> sections{{{"农、林、牧、渔业", "Agriculture, forestry, fishing"},
                                          {"采矿业", "Mining"},
                                          {"制造业", "Manufacturing"},
                                          {"电力、热力、燃气及水生产和供应业", "Electricity, heat, gas and water"},
                                          {"建筑业", "Construction"},
                                          {"批发和零售业", "Wholesale and retail"},
                                          {"交通运输、仓储和邮政业", "Transport, storage and post"},
                                          {"住宿和餐饮业", "Hotels and catering"},
                                          {"信息传输、软件和信息技术服务业", "Information, software and IT services"},
                                          {"金融业", "Finance"},
                                          {"房地产业", "Real estate"},
                                          {"租赁和商务服务业", "Leasing and business services"},
                                          {"科学研究和技术服务业", "Research and technical services"},
                                          {"水利、环境和公共设施管理业", "Water, environment and public facilities"},
                                          {"居民服务、修理和其他服务业", "Resident services, repair and others"},
                                          {"教育", "Education"},
                                          {"卫生和社会工作", "Health and social work"},
                                          {"文化、体育和娱乐业", "Culture, sports and entertainment"},
                                          {"公共管理、社会保障和社会组织", "Public administration and social organisations"},
                                          {"国际组织", "International organisations"}}};

std::string grouped(Int128 number) { return explain::say_number(value::to_string(number)); }

std::string thousandths(Int128 part, Int128 whole) {
    if (whole == 0) return "–";
    const Int128 tenths = (part * 2000 + whole) / (whole * 2);
    // What is there is not said to be nothing, and what is missing not to be all.
    if (tenths == 0 && part > 0) return "<0.1%";
    if (tenths == 1000 && part < whole) return ">99.9%";
    return value::to_string(tenths / 10) + "." + value::to_string(tenths % 10) + "%";
}

class Report {
public:
    Report(const screen::Outcome& outcome, const ReportContext& context) : outcome_(outcome), context_(context), pack_(*context.pack), tally_(*outcome.tally), layout_(*outcome.layout) {}

    std::string write() {
        const std::string title = in("筛查报告", "Screening report");
        body_ += "<h1>" + title + "</h1>\n<p class=\"soft\">" + escaped(subtitle()) + "</p>\n";
        tiles();
        overview();
        for (std::size_t p = 0; p < outcome_.columns.size(); ++p) policy(p);
        rejects();
        about();
        return page(chinese() ? "zh-CN" : "en", title + " · " + value::format_date(context_.question.as_of), body_);
    }

private:
    bool chinese() const { return context_.language == Language::Chinese; }
    std::string in(std::string_view in_chinese, std::string_view in_english) const { return std::string(chinese() ? in_chinese : in_english); }
    std::string in(const Words& words) const { return in(words.chinese, words.english); }
    std::string label(const bytecode::Label& label, const std::string& otherwise) const {
        for (const Index each : chinese() ? std::array{label.chinese, label.english} : std::array{label.english, label.chinese}) {
            if (each != bytecode::none && !pack_.string(each).empty()) return pack_.string(each);
        }
        return otherwise;
    }
    std::string verdict_name(Verdict verdict) const { return std::string(explain::say_verdict(static_cast<explain::Verdict>(verdict), context_.language)); }
    Int128 count(std::size_t policy, Verdict verdict) const { return tally_[layout_.verdict(policy, verdict)]; }
    Int128 all(std::size_t policy) const {
        Int128 sum = 0;
        for (const Verdict verdict : verdicts) sum += count(policy, verdict);
        return sum;
    }

    // The version whose words are shown: the one in force on the day, else the last.
    const bytecode::Version& version_of(std::size_t policy) const {
        const auto& versions = pack_.policies[outcome_.columns[policy].policy].versions;
        for (const auto& version : versions) {
            if (version.from <= context_.question.as_of && context_.question.as_of <= version.to) return version;
        }
        return versions.back();
    }
    std::string policy_label(std::size_t policy) const { return label(version_of(policy).label, outcome_.columns[policy].name); }

    // ---- tables

    struct Head {
        std::string text;
        bool number = false;
    };
    void table(const std::vector<Head>& heads, const std::string& rows, bool sortable = true) {
        body_ += std::string("<div class=\"wide\"><table") + (sortable ? " class=\"sortable\"" : "") + "><thead><tr>";
        for (const Head& head : heads) body_ += std::string("<th") + (head.number ? " data-n" : "") + ">" + isolated(head.text) + "</th>";
        body_ += "</tr></thead><tbody>\n" + rows + "</tbody></table></div>\n";
    }
    static std::string cell(std::string_view html) { return "<td>" + std::string(html) + "</td>"; }
    static std::string number(Int128 value) { return "<td class=\"n\" data-v=\"" + value::to_string(value) + "\">" + grouped(value) + "</td>"; }
    static std::string share(Int128 part, Int128 whole) {
        return "<td class=\"n\" data-v=\"" + value::to_string(whole == 0 ? Int128{0} : part * 1'000'000 / whole) + "\">" + thousandths(part, whole) + "</td>";
    }

    // ---- amounts

    // Money of many companies is read in 万 or 亿, in thousands or millions: the exact sum is told when one points at it.
    std::string money(Int128 sum, bytecode::Unit unit) const {
        bytecode::Measure measure;
        measure.kind = bytecode::Kind::Money;
        measure.unit = unit;
        const std::string exact = explain::plain_text(pack_, measure, sum);
        struct Magnitude {
            std::size_t zeros;
            Int128 size;
            Words words;
        };
        const std::array<Magnitude, 2> magnitudes = chinese() ? std::array<Magnitude, 2>{{{8, 100'000'000, {"亿元", ""}}, {4, 10'000, {"万元", ""}}}}
                                                              : std::array<Magnitude, 2>{{{9, 1'000'000'000, {"", " bn yuan"}}, {6, 1'000'000, {"", " m yuan"}}}};
        std::string shown;
        for (const Magnitude& magnitude : magnitudes) {
            if (sum < 0 || exact.find('.') <= magnitude.zeros) continue;
            shown = explain::say_number(value::near_text({sum, magnitude.size, unit.numerator, unit.denominator}, 2, 2)) + in(magnitude.words);
            break;
        }
        if (shown.empty()) shown = explain::say_money(exact, context_.language);
        return "<span title=\"" + explain::say_number(exact) + in("元", " yuan") + "\">" + escaped(shown) + "</span>";
    }

    bool is_money(std::size_t policy, std::size_t benefit) const { return measure_of(policy, benefit).kind == bytecode::Kind::Money; }
    const bytecode::Measure& measure_of(std::size_t policy, std::size_t benefit) const {
        const auto& versions = outcome_.columns[policy].benefits[benefit].versions;
        const auto found = std::find_if(versions.rbegin(), versions.rend(), [](const auto& in) { return in.number >= 0; });
        return found->measure;
    }
    std::string sum_of(const screen::Sum& sum, std::size_t policy, std::size_t benefit) const {
        if (sum.known == 0 && sum.open == 0) return "–";
        if (sum.beyond) return in("超出可累计的范围", "more than can be added up");
        const bytecode::Unit unit = measure_of(policy, benefit).unit;
        if (sum.low == sum.high) return money(sum.low, unit);
        return money(sum.low, unit) + in(" 至 ", " to ") + money(sum.high, unit);
    }

    // Benefits stand in one table, whatever their units: sorted by hundredths.
    std::string sum_cell(const screen::Sum& sum, std::size_t policy, std::size_t benefit, const std::string& shown) const {
        const bytecode::Unit unit = measure_of(policy, benefit).unit;
        return "<td class=\"n\" data-v=\"" + value::near_text({sum.low, 1, Int128{unit.numerator} * 100, unit.denominator}, 0) + "\">" + shown + "</td>";
    }

    // ---- parts

    std::string subtitle() const {
        std::string text = context_.input + in(" · 以 ", " · as of ") + value::format_date(context_.question.as_of) + in(" 为准", "");
        if (context_.question.known_on != value::last_day) text += in(" · 只用 ", " · with what was published by ") + value::format_date(context_.question.known_on) + in(" 前公布的规定", "");
        return text;
    }

    void tiles() {
        const auto tile = [&](Int128 value, std::string_view in_chinese, std::string_view in_english) { body_ += "<div class=\"tile\"><b>" + grouped(value) + "</b><span>" + in(in_chinese, in_english) + "</span></div>"; };
        const Int128 rows = tally_[TallyLayout::Rows], rejected = tally_[TallyLayout::Rejected], where_out = tally_[TallyLayout::WhereOut], where_open = tally_[TallyLayout::WhereOpen];
        body_ += "<div class=\"tiles\">";
        tile(rows, "读入的企业", rows == 1 ? "company read" : "companies read");
        tile(rows - rejected - where_out - where_open, "已判断", "answered");
        tile(rejected, "数据有误，未判断", "rejected: their data are wrong");
        if (where_out > 0) tile(where_out, "不符合 --where", "not selected by --where");
        if (where_open > 0) tile(where_open, "因缺数据，无法判断是否符合 --where", "of which --where cannot be told");
        body_ += "</div>\n";
    }

    void key() {
        body_ += "<div class=\"key\">";
        for (std::size_t i = 0; i < verdicts.size(); ++i) body_ += "<span>" + swatch(fills[i]) + escaped(verdict_name(verdicts[i])) + "</span>";
        body_ += "</div>\n";
    }

    std::string bar(const std::array<Int128, 4>& counts) const {
        std::vector<Part> parts;
        for (std::size_t i = 0; i < verdicts.size(); ++i) parts.push_back({counts[i], fills[i], verdict_name(verdicts[i])});
        return stacked_bar(parts);
    }

    void overview() {
        body_ += "<h2>" + in("各项政策", "The policies") + "</h2>\n";
        key();
        std::vector<Head> heads{{in("政策", "Policy")}, {""}};
        for (const Verdict verdict : verdicts) heads.push_back({verdict_name(verdict), true});
        heads.push_back({in("符合比例", "Share eligible"), true});
        std::string rows;
        for (std::size_t p = 0; p < outcome_.columns.size(); ++p) {
            std::array<Int128, 4> counts{};
            for (std::size_t i = 0; i < verdicts.size(); ++i) counts[i] = count(p, verdicts[i]);
            rows += "<tr>" + cell("<a href=\"#p" + std::to_string(p) + "\">" + isolated(policy_label(p)) + "</a>") + "<td style=\"width:26%\">" + bar(counts) + "</td>";
            for (const Int128 each : counts) rows += number(each);
            rows += share(counts[0], all(p)) + "</tr>\n";
        }
        table(heads, rows);
        body_ += "<p class=\"note\">" + in("“尚不能确定”是指已有的事实不足以得出结论；缺少的事实从不当作零或否。", "<em>Undetermined</em> means that the facts given do not settle it; a missing fact is never taken for zero or no.") + "</p>\n";
    }

    void policy(std::size_t p) {
        const bytecode::Version& version = version_of(p);
        body_ += "<h2 id=\"p" + std::to_string(p) + "\">" + isolated(policy_label(p)) + "</h2>\n";
        std::string line = "<code>" + isolated(outcome_.columns[p].name) + "</code>";
        if (const std::string authority = label(version.authority, ""); !authority.empty()) line += " · " + isolated(authority);
        body_ += "<p class=\"soft\">" + line + "</p>\n";
        if (count(p, Verdict::NotInForce) == all(p)) {
            body_ += "<p>" + in("这一天该政策未生效。", "The policy is not in force on that day.") + "</p>\n";
            return;
        }
        benefits(p);
        clauses(p);
        margins(p);
        missing(p);
        groups(p);
    }

    void benefits(std::size_t p) {
        std::string rows;
        for (std::size_t b = 0; b < outcome_.columns[p].benefits.size(); ++b) {
            const auto& benefit = outcome_.columns[p].benefits[b];
            const screen::Sum sum = tally_.sum(layout_.sum(p, b));
            rows += "<tr>" + cell(isolated(label(benefit.label, benefit.name)) + " <small>" + isolated(benefit.name) + "</small>") + number(sum.known) + number(sum.open);
            rows += sum_cell(sum, p, b, is_money(p, b) ? sum_of(sum, p, b) : "–") + "</tr>\n";
        }
        if (rows.empty()) return;
        body_ += "<h3>" + in("优惠", "Benefits") + "</h3>\n";
        table({{in("优惠", "Benefit")}, {in("金额已定（家）", "Companies, settled"), true}, {in("尚未定（家）", "Companies, still open"), true}, {in("合计", "Together"), true}}, rows);
    }

    const bytecode::Clause& clause_of(std::size_t p, const screen::ClauseCounter& counter) const { return pack_.policies[outcome_.columns[p].policy].versions[counter.version].clauses[counter.clause]; }

    // What excludes a company fails where it holds, which its own words alone do not say.
    std::string title(const bytecode::Clause& clause) const {
        const std::string name = isolated(label(clause.label, pack_.string(clause.name)));
        return clause.kind == bytecode::ClauseKind::Exclude ? in("排除情形：", "Excluded by: ") + name : name;
    }

    std::string citations(const bytecode::Clause& clause) const {
        std::string text;
        for (const Index each : clause.citations) text += (text.empty() ? "" : "; ") + pack_.string(each);
        return text;
    }

    // Those that fail most come first, each followed by what it holds.
    std::vector<screen::ClauseCounter> clauses_in_order(std::size_t p) const {
        const auto& all_clauses = layout_.clauses(p);
        std::vector<screen::ClauseCounter> top, result;
        const auto matters = [&](const screen::ClauseCounter& each) { return tally_[each.at] > 0 || tally_[each.at + 2] > 0; };
        for (const auto& counter : all_clauses) {
            if (clause_of(p, counter).parent == bytecode::none && matters(counter)) top.push_back(counter);
        }
        std::stable_sort(top.begin(), top.end(), [&](const auto& a, const auto& b) { return tally_[a.at] > tally_[b.at]; });
        for (const auto& counter : top) {
            result.push_back(counter);
            for (const auto& inner : all_clauses) {
                if (inner.version == counter.version && inner.clause != counter.clause && outermost(p, inner) == counter.clause && matters(inner)) result.push_back(inner);
            }
        }
        return result;
    }

    Index outermost(std::size_t p, const screen::ClauseCounter& counter) const {
        const auto& clauses = pack_.policies[outcome_.columns[p].policy].versions[counter.version].clauses;
        Index at = counter.clause;
        while (clauses[at].parent != bytecode::none) at = clauses[at].parent;
        return at;
    }

    void clauses(std::size_t p) {
        const std::vector<screen::ClauseCounter> counters = clauses_in_order(p);
        if (counters.empty()) return;
        const Int128 asked = all(p) - count(p, Verdict::NotInForce);
        std::string rows;
        for (const auto& counter : counters) {
            const bytecode::Clause& clause = clause_of(p, counter);
            const bool inner = clause.parent != bytecode::none;
            rows += "<tr>" + cell((inner ? "&emsp;" : "") + title(clause) + "<br><small>" + isolated(citations(clause)) + "</small>");
            rows += number(tally_[counter.at]) + share(tally_[counter.at], asked);
            rows += inner ? "<td class=\"n\" data-v=\"0\">–</td>" : number(tally_[counter.at + 1]);
            rows += number(tally_[counter.at + 2]) + "</tr>\n";
        }
        body_ += "<h3>" + in("哪些条款未通过", "Which clauses fail") + "</h3>\n";
        table({{in("条款", "Clause")}, {in("未通过", "Fail"), true}, {in("占比", "Share"), true}, {in("只差这一条", "Fail only this"), true}, {in("尚不能确定", "Open"), true}}, rows);
        body_ += "<p class=\"note\">" + in("“只差这一条”：其余条款都没有失败的企业。嵌套的条款（缩进）由其上一级决定，不单独计算。", "<em>Fail only this</em>: companies for which no other clause fails. A clause within a group (indented) decides nothing by itself.") + "</p>\n";
    }

    // ---- margins

    struct Sides {
        Int128 left = 0, right = 0;
    };

    void margins(std::size_t p) {
        std::string figures;
        for (const auto& counter : layout_.clauses(p)) {
            if (!counter.has_margins) continue;
            Int128 placed = 0;
            for (std::size_t i = 0; i < screen::margin_bars; ++i) placed += tally_[counter.margins + i];
            if (placed > 0) figures += figure(p, counter, placed);
        }
        if (figures.empty()) return;
        body_ += "<h3>" + in("离门槛有多远", "How far from the threshold") + "</h3>\n<div class=\"key\"><span>" + swatch(fill_holds) + in("通过一侧", "the side that passes") +
                 "</span><span>" + swatch(fill_fails) + in("未通过一侧", "the side that fails") + "</span><span class=\"soft\">" +
                 in("虚线为门槛；右上角为最高一格的家数", "the dashed line is the threshold; at the top right, the companies in the highest bar") + "</span></div>\n<div class=\"charts\">\n" + figures + "</div>\n";
    }

    std::string figure(std::size_t p, const screen::ClauseCounter& counter, Int128 placed) const {
        const bytecode::Clause& clause = clause_of(p, counter);
        const bytecode::Comparison& comparison = clause.comparisons.front();
        const bool dates = comparison.left.kind == bytecode::Kind::Date;
        const bool upper = comparison.relation == bytecode::Relation::Less || comparison.relation == bytecode::Relation::LessEqual;
        Histogram chart;
        for (std::size_t i = 0; i < screen::margin_bars; ++i) chart.bars.push_back(tally_[counter.margins + i]);
        chart.threshold = (screen::margin_bars - 1) / 2;
        chart.left_holds = upper != (clause.kind == bytecode::ClauseKind::Exclude);
        chart.bar_unit = in("家", "companies");
        chart.bar_unit_of_one = in("家", "company");
        const std::string threshold = threshold_text(comparison);
        const std::string months = in("个月", " months");
        if (dates) {
            chart.marks = {{0, "−10" + months}, {chart.threshold, in("门槛", "threshold")}, {chart.bars.size() - 1, "+10" + months + in("以上", " or more")}};
        } else {
            chart.marks = {{0, "0"}, {chart.threshold, in("门槛", "threshold")}, {chart.bars.size() - 1, in("2倍以上", "twice or more")}};
        }
        Int128 below = 0, near_below = tally_[counter.margins + chart.threshold - 1], near_above = tally_[counter.margins + chart.threshold];
        for (std::size_t i = 0; i < chart.threshold; ++i) below += chart.bars[i];
        // Who is exactly at the threshold stands on the side of those who fare alike.
        const bool at_is_below = comparison.relation == bytecode::Relation::LessEqual || comparison.relation == bytecode::Relation::Greater;
        chart.description = (at_is_below ? in("不超过门槛 ", "at or below the threshold ") : in("低于门槛 ", "below the threshold ")) + grouped(below) + (at_is_below ? in("，高于门槛 ", ", above ") : in("，达到或高于门槛 ", ", at or above ")) + grouped(placed - below);
        const std::string near = dates ? in("门槛前后一个月内：", "within a month of the threshold: ") : in("离门槛不到一成：", "within a tenth of the threshold: ");
        const std::string measured = isolated(pack_.string(comparison.left_text) + " " + std::string(relation(comparison.relation)) + " " + threshold);
        return "<figure><figcaption>" + title(clause) + "<br><code>" + measured + "</code></figcaption>" + histogram(chart) + "<p class=\"note\">" + near +
               (at_is_below ? in("不超过 ", "") : in("低于 ", "")) + grouped(near_below) + (at_is_below ? in(" 家，高于 ", " at or below, ") : in(" 家，达到或高于 ", " below, ")) + grouped(near_above) +
               (at_is_below ? in(" 家", " above") : in(" 家", " at or above")) + unplaced(counter, dates) + "</p></figure>\n";
    }

    std::string unplaced(const screen::ClauseCounter& counter, bool dates) const {
        const Int128 before = tally_[counter.margins + screen::margin_before], none = tally_[counter.margins + screen::margin_none];
        std::string text;
        if (before > 0) text += (dates ? in("；早于图中所示 ", "; earlier than shown: ") : in("；小于零 ", "; below zero: ")) + grouped(before) + in(" 家", "");
        if (none > 0) text += in("；数值未知或过大 ", "; value not known, or too large to place: ") + grouped(none) + in(" 家", "");
        return text;
    }

    static std::string_view relation(bytecode::Relation relation) {
        switch (relation) {
            case bytecode::Relation::Equal: return "=";
            case bytecode::Relation::NotEqual: return "≠";
            case bytecode::Relation::Less: return "<";
            case bytecode::Relation::LessEqual: return "≤";
            case bytecode::Relation::Greater: return ">";
            case bytecode::Relation::GreaterEqual: return "≥";
        }
        return "";
    }
    std::string threshold_text(const bytecode::Comparison& comparison) const { return pack_.string(comparison.right_text); }

    // ---- missing facts

    void missing(std::size_t p) {
        const auto& columns = pack_.subjects[pack_.policies[outcome_.columns[p].policy].subject].columns;
        std::vector<std::pair<Int128, Index>> waited;
        for (Index column = 0; column < columns.size(); ++column) {
            if (const Int128 count = tally_[layout_.missing(p, column)]; count > 0) waited.emplace_back(count, column);
        }
        if (waited.empty()) return;
        std::stable_sort(waited.begin(), waited.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
        const Int128 undetermined = count(p, Verdict::Undetermined);
        std::string rows;
        for (const auto& [count, column] : waited) {
            const bytecode::Fact& fact = pack_.subjects[columns[column].subject].facts[columns[column].fact()];
            const std::string& name = pack_.string(columns[column].name);
            rows += "<tr>" + cell(isolated(label(fact.label, name)) + " <small>" + isolated(name) + "</small>") + number(count) + share(count, undetermined) + number(tally_[layout_.missing(p, column) + 1]) + "</tr>\n";
        }
        body_ += "<h3>" + in("缺少哪些事实", "Which facts are missing") + "</h3>\n";
        table({{in("事实", "Fact")}, {in("等它的企业", "Companies that wait for it"), true}, {in("占尚不能确定的", "Of those undetermined"), true}, {in("补上它即可确定", "It alone would settle it"), true}}, rows);
    }

    // ---- groups

    std::string group_name(const screen::Grouping& grouping, std::size_t group) const {
        if (group + 1 == grouping.groups) return in("不详", "not known");
        switch (grouping.kind) {
            case GroupKind::Industry: return std::string(1, static_cast<char>('A' + group)) + " " + in(sections[group]);
            case GroupKind::Size: {
                if (group == 0) return in("不足10人", "fewer than 10");
                const std::string from = grouped(screen::size_bands[group - 1]);
                if (group == std::size(screen::size_bands)) return from + in("人以上", " or more");
                return from + in("至", " to ") + grouped(screen::size_bands[group] - 1) + in("人", "");
            }
            case GroupKind::Age: {
                if (group == 0) return in("不足1年", "under 1 year");
                const std::string from = std::to_string(screen::age_bands[group - 1] / 12);
                if (group == std::size(screen::age_bands)) return from + in("年以上", " years or more");
                return from + in("至", " to ") + std::to_string(screen::age_bands[group] / 12) + in("年", " years");
            }
        }
        return {};
    }

    Words title_of(GroupKind kind) const {
        switch (kind) {
            case GroupKind::Industry: return {"按行业", "By industry"};
            case GroupKind::Size: return {"按规模（职工人数）", "By size (people employed)"};
            case GroupKind::Age: return {"按成立年限", "By age"};
        }
        return {};
    }

    Words head_of(GroupKind kind) const {
        switch (kind) {
            case GroupKind::Industry: return {"行业", "Industry"};
            case GroupKind::Size: return {"职工人数", "People"};
            case GroupKind::Age: return {"成立年限", "Age"};
        }
        return {};
    }

    void groups(std::size_t p) {
        for (std::size_t g = 0; g < layout_.groupings().size(); ++g) group_table(p, g);
    }

    void group_table(std::size_t p, std::size_t g) {
        const screen::Grouping& grouping = layout_.groupings()[g];
        std::vector<std::size_t> amounts;
        for (std::size_t b = 0; b < outcome_.columns[p].benefits.size(); ++b) {
            if (is_money(p, b)) amounts.push_back(b);
        }
        std::string rows;
        std::size_t shown = 0;
        for (std::size_t group = 0; group < grouping.groups; ++group) {
            std::array<Int128, 4> counts{};
            Int128 whole = 0;
            for (std::size_t i = 0; i < verdicts.size(); ++i) whole += counts[i] = tally_[layout_.group_verdict(p, g, group, verdicts[i])];
            if (whole == 0) continue;
            ++shown;
            // Sorted by its order, not by its name.
            rows += "<tr><td" + std::string(grouping.kind == GroupKind::Industry ? "" : " class=\"k\"") + " data-v=\"" + std::string(1, static_cast<char>('a' + group)) + "\">" + isolated(group_name(grouping, group)) + "</td>" + number(whole) + "<td style=\"width:22%\">" + bar(counts) + "</td>" + number(counts[0]) + share(counts[0], whole) + number(counts[2]);
            for (const std::size_t b : amounts) {
                const screen::Sum sum = tally_.sum(layout_.group_sum(p, g, group, b));
                rows += sum_cell(sum, p, b, sum_of(sum, p, b));
            }
            rows += "</tr>\n";
        }
        if (shown < 2) return;
        std::vector<Head> heads{{in(head_of(grouping.kind))}, {in("企业", "Companies"), true}, {""}, {verdict_name(Verdict::Eligible), true}, {in("比例", "Share"), true}, {verdict_name(Verdict::Undetermined), true}};
        for (const std::size_t b : amounts) heads.push_back({label(outcome_.columns[p].benefits[b].label, outcome_.columns[p].benefits[b].name), true});
        body_ += "<h3>" + in(title_of(grouping.kind)) + "</h3>\n";
        table(heads, rows);
    }

    // ---- rejects

    Words problem_words(std::size_t kind) const {
        switch (static_cast<io::ProblemKind>(kind)) {
            case io::ProblemKind::CannotRead: return {"无法读取", "cannot be read"};
            case io::ProblemKind::Malformed: return {"行的结构有误（格数、引号、编码）", "the row has lost its shape (cells, quotes, encoding)"};
            case io::ProblemKind::UnknownKey: return {"没有这项事实", "no such fact"};
            case io::ProblemKind::WrongType: return {"不是这一类的值", "not a value of that kind"};
            case io::ProblemKind::OutOfRange: return {"超出范围", "outside the range"};
            case io::ProblemKind::TooManyDecimals: return {"小数位过多", "too many decimals"};
            case io::ProblemKind::EmptyRange: return {"范围为空", "an empty range"};
            case io::ProblemKind::Contradiction: return {"与另一项事实矛盾", "contradicts another fact"};
            case io::ProblemKind::Duplicate: return {"重复给出", "given twice"};
            case io::ProblemKind::TooManyElements: return {"列表过长", "a list that is too long"};
            case io::ProblemKind::BadYear: return {"年度有误", "no fiscal year"};
            case io::ProblemKind::BadPlace: return {"位置有误", "in the wrong place"};
        }
        return {};
    }

    void rejects() {
        body_ += "<h2>" + in("未判断的行", "Rows that were rejected") + "</h2>\n";
        const Int128 rejected = tally_[TallyLayout::Rejected];
        if (rejected == 0) {
            body_ += "<p>" + in("没有：每一行都已判断。", "None: every row was answered.") + "</p>\n";
        } else {
            struct Line {
                Int128 count;
                std::size_t kind, column;
            };
            std::vector<Line> lines;
            for (std::size_t kind = 0; kind < screen::problem_kinds; ++kind) {
                for (std::size_t column = 0; column <= layout_.table_columns(); ++column) {
                    if (const Int128 count = tally_[layout_.reject(kind, column)]; count > 0) lines.push_back({count, kind, column});
                }
            }
            std::stable_sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) { return a.count > b.count; });
            std::string rows;
            for (const Line& line : lines) {
                const bool known = line.column < outcome_.table_header.size();
                rows += "<tr>" + cell(known ? "<code>" + isolated(outcome_.table_header[line.column]) + "</code>" : "–") + cell(escaped(in(problem_words(line.kind)))) + number(line.count) + share(line.count, rejected) + "</tr>\n";
            }
            table({{in("列", "Column")}, {in("原因", "Reason")}, {in("行", "Rows"), true}, {in("占比", "Share"), true}}, rows);
        }
        if (!outcome_.rejects_path.empty()) body_ += "<p class=\"note\">" + in("逐行列在 ", "Each of them, with line, column, value and reason, is in ") + "<code>" + isolated(outcome_.rejects_path) + "</code>" + in("，附行号、列、值和原因。", ".") + "</p>\n";
        if (outcome_.orphans > 0) body_ += "<p class=\"note\">" + grouped(static_cast<Int128>(outcome_.orphans)) + in(" 行列表数据不属于表中的任何企业。", outcome_.orphans == 1 ? " row of a list belongs to no company of the table." : " rows of lists belong to no company of the table.") + "</p>\n";
    }

    void about() {
        body_ += "<h2>" + in("这份报告从何而来", "Where this report comes from") + "</h2>\n<dl class=\"facts\">";
        const auto fact = [&](std::string_view in_chinese, std::string_view in_english, const std::string& html) { body_ += "<dt>" + in(in_chinese, in_english) + "</dt><dd>" + html + "</dd>"; };
        fact("以哪一天为准", "As of", value::format_date(context_.question.as_of));
        fact("命令", "Command", "<code>" + isolated(context_.command) + "</code>");
        fact("输入", "Input", isolated(context_.input));
        if (!context_.output.empty()) fact("结果", "Verdicts", isolated(context_.output));
        fact("规则包（SHA-256）", "Pack (SHA-256)", "<code>" + outcome_.pack_hash + "</code>");
        fact("程序", "Program", "eligo " ELIGO_VERSION_STRING);
        body_ += "</dl>\n<p class=\"note\">" + in("数字都是精确计算的；只有为便于阅读而写作万、亿的金额和百分比是四舍五入的。结论供参考，不代替主管部门的认定。",
                                                    "Every number was computed exactly; only amounts shown in millions and percentages are rounded for reading. The verdicts inform and do not replace a decision of the authority.") + "</p>\n";
    }

    const screen::Outcome& outcome_;
    const ReportContext& context_;
    const bytecode::Pack& pack_;
    const screen::Tally& tally_;
    const TallyLayout& layout_;
    std::string body_;
};

}  // namespace

std::string screening_report(const screen::Outcome& outcome, const ReportContext& context) { return Report(outcome, context).write(); }

}  // namespace eligo::book
