// An answer for a terminal. Layout is by indentation alone, so that no width of a Han character has to be known.
#include "say.hpp"

#include <algorithm>
#include <cstddef>
#include <optional>
#include <vector>

#include "amounts.hpp"
#include "labels.hpp"

namespace eligo::explain {
namespace {

using bytecode::ClauseKind;
using bytecode::Kind;
using bytecode::Relation;
using value::Paint;
using value::Truth;
using value::VisibleText;

std::string_view relation_as_printed(Relation relation) {
    switch (relation) {
        case Relation::Equal: return "=";
        case Relation::NotEqual: return "≠";
        case Relation::Less: return "<";
        case Relation::LessEqual: return "≤";
        case Relation::Greater: return ">";
        case Relation::GreaterEqual: return "≥";
    }
    return "=";
}

Relation opposite(Relation relation) {
    switch (relation) {
        case Relation::Equal: return Relation::NotEqual;
        case Relation::NotEqual: return Relation::Equal;
        case Relation::Less: return Relation::GreaterEqual;
        case Relation::LessEqual: return Relation::Greater;
        case Relation::Greater: return Relation::LessEqual;
        case Relation::GreaterEqual: return Relation::Less;
    }
    return relation;
}

bool is_group(const Clause& clause) { return clause.kind != ClauseKind::Require && clause.kind != ClauseKind::Exclude; }

// Beyond these many digits an end of a range is that of a type and not of a company: nobody wants to read it.
std::size_t most_digits(const Shown& shown) {
    if (shown.kind == Kind::Money) return 12;
    return shown.percent ? 2 : 7;
}

bool is_beyond(const Shown& shown, std::string_view end, std::string_view near) {
    if (!near.empty()) end = near;
    if (shown.kind != Kind::Money && shown.kind != Kind::Number) return false;
    if (!end.empty() && end.front() == '-') end.remove_prefix(1);
    return end.substr(0, end.find('.')).size() > most_digits(shown);
}

bool is_nought(std::string_view end) { return end.find_first_not_of("0.") == std::string_view::npos; }

// A decimal, or what is no number.
std::string say_plain(const Shown& shown, const std::string& end, Language language) {
    const bool chinese = language == Language::Chinese;
    switch (shown.kind) {
        case Kind::Bool: return end == "true" ? (chinese ? "是" : "yes") : (chinese ? "否" : "no");
        case Kind::Number: return shown.percent ? say_percent(end) : say_number(end);
        case Kind::Money: return say_money(end, language);
        case Kind::Months: return say_number(end) + (chinese ? "个月" : end == "1" ? " month" : " months");
        case Kind::Days: return say_number(end) + (chinese ? "天" : end == "1" ? " day" : " days");
        case Kind::Enum: return pick(shown.low_label, language).empty() ? end : std::string(pick(shown.low_label, language));
        case Kind::Date:
        case Kind::Text:
        case Kind::Code:
        case Kind::Record:
        case Kind::List: return end;
    }
    return end;
}

// One end of a value: all its digits, or a decimal near the quotient that it is beside that quotient, "≈33.33% (= 1/3)".
std::string say_end(const Shown& shown, const std::string& end, const std::string& near, Language language) {
    if (near.empty()) return say_plain(shown, end, language);
    const std::string exact = shown.kind == Kind::Money ? say_money(end, language) : say_number(end);
    return "≈" + say_plain(shown, near, language) + (language == Language::Chinese ? "（= " + exact + "）" : " (= " + exact + ")");
}

// What may still be anything from 0 on is unknown to a reader; an end out of all proportion is left out.
std::string say_range(const Shown& shown, Language language) {
    const bool chinese = language == Language::Chinese;
    const bool no_high = is_beyond(shown, shown.high, shown.high_near), no_low = is_beyond(shown, shown.low, shown.low_near) || (no_high && is_nought(shown.low));
    if (no_low && no_high) return chinese ? "未知" : "unknown";
    const std::string low = say_end(shown, shown.low, shown.low_near, language), high = say_end(shown, shown.high, shown.high_near, language);
    if (no_high) return (chinese ? "至少 " : "at least ") + low;
    if (no_low) return (chinese ? "至多 " : "at most ") + high;
    return low + (chinese ? " 至 " : " to ") + high;
}

std::size_t decimals_of(const std::string& text) {
    const std::size_t point = text.find('.');
    return point == std::string::npos ? 0 : text.size() - point - 1;
}

std::string without_end_zeros(std::string text) {
    if (text.find('.') == std::string::npos) return text;
    while (text.back() == '0') text.pop_back();
    if (text.back() == '.') text.pop_back();
    return text;
}

// What is read beside a quotient, with as many decimals as people read: two of a percentage, or as many as its threshold has.
// Cutting, unlike rounding, never carries a number that is not negative across such a threshold; one that would seem to lie on
// it keeps its decimals.
Shown shortened(Shown shown, const Shown* threshold) {
    const std::string& border = threshold == nullptr || threshold->low_near.empty() ? (threshold == nullptr ? shown.low : threshold->low) : threshold->low_near;
    const auto cut = [&](std::string& text) {
        std::size_t keep = shown.percent ? 4 : 2;
        if (threshold != nullptr) keep = std::max(keep, decimals_of(border));
        if (text.empty() || text.front() == '-' || decimals_of(text) <= keep) return;
        std::string shorter = text.substr(0, text.find('.') + 1 + keep);
        const bool is_threshold = threshold != nullptr && without_end_zeros(shorter) == without_end_zeros(border);
        if (!is_threshold) text = shorter;
    };
    cut(shown.low_near);
    cut(shown.high_near);
    return shown;
}

std::string say_short(const Shown& shown, Language language) {
    return shown.low_near.empty() && shown.high_near.empty() ? say_value(shown, language) : say_value(shortened(shown, nullptr), language);
}

constexpr std::size_t most_in_labels = 4'000;  // bytes of a comparison's side

// Where a missing or assumed path is read, the label and value it is read with.
struct Reading {
    std::string path;
    const Value* value = nullptr;
};

void collect_readings(const std::vector<Clause>& clauses, const std::string& element, std::vector<Reading>& readings) {
    for (const Clause& clause : clauses) {
        const std::string inside = clause.is_element ? clause.id : element;
        for (const Value& value : clause.values) {
            readings.push_back({value.name, &value});
            if (!inside.empty()) readings.push_back({inside + "." + value.name, &value});
        }
        collect_readings(clause.clauses, inside, readings);
    }
}

// The year at the end of "revenue.2015".
std::string_view year_of_path(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos || path.size() - dot != 5) return {};
    const std::string_view year = path.substr(dot + 1);
    return year.find_first_not_of("0123456789") == std::string_view::npos ? year : std::string_view();
}

// The years of one yearly fact, told on one line.
struct MissingFact {
    std::string path;  // without the year
    std::vector<std::string> years;
    Label label;
};

class Speaker {
public:
    explicit Speaker(const Manner& manner) : manner_(manner) {}

    void answer(const Answer& answer);
    void result(const PolicyAnswer& result, value::Day as_of);
    void briefly(const Answer& answer);
    [[nodiscard]] VisibleText take() { return std::move(out_); }

private:
    [[nodiscard]] bool chinese() const { return manner_.language == Language::Chinese; }
    [[nodiscard]] std::string in(std::string_view zh, std::string_view en) const { return std::string(chinese() ? zh : en); }
    [[nodiscard]] std::string say(const Label& label) const { return shortened_text(pick(label, manner_.language)); }
    [[nodiscard]] VisibleText painted(Paint paint, VisibleText text) const { return manner_.color == value::Color::Off ? text : text.painted(paint, manner_.color); }
    [[nodiscard]] VisibleText dim(VisibleText text) const { return painted(Paint::Dim, std::move(text)); }
    [[nodiscard]] VisibleText bold(VisibleText text) const { return painted(Paint::Bold, std::move(text)); }
    [[nodiscard]] std::string joined(const std::vector<std::string_view>& parts) const;
    [[nodiscard]] VisibleText with_citations(VisibleText line, const std::vector<std::string_view>& citations) const;
    void line(std::size_t depth, const VisibleText& text);
    void title(const VisibleText& text);
    void left_out(std::size_t depth, std::size_t count);

    void head(const Answer& answer);
    [[nodiscard]] std::string why_briefly(const PolicyAnswer& result) const;
    [[nodiscard]] std::string first_few(const std::vector<std::string>& parts) const;
    [[nodiscard]] VisibleText mark(Truth outcome) const;
    [[nodiscard]] VisibleText verdict_line(const PolicyAnswer& result, value::Day as_of) const;
    void benefits(const PolicyAnswer& result);
    void lets(const PolicyAnswer& result);
    void missing(const PolicyAnswer& result);
    void assumed(const PolicyAnswer& result);
    void conflicts(const PolicyAnswer& result);
    [[nodiscard]] Label label_of(const PolicyAnswer& result, const std::vector<Reading>& readings, const std::string& path) const;
    [[nodiscard]] std::vector<MissingFact> missing_facts(const PolicyAnswer& result) const;
    [[nodiscard]] std::string in_years(const std::vector<std::string>& years) const;
    [[nodiscard]] std::string path_in_words(const std::string& path, const Label& label) const;

    void clause(const Clause& clause, std::size_t depth);
    [[nodiscard]] VisibleText clause_line(const Clause& clause) const;
    [[nodiscard]] std::string exclusion_outcome(const Clause& clause) const;
    [[nodiscard]] std::string group_words(const Clause& clause) const;
    [[nodiscard]] std::string notes(const Clause& clause) const;
    [[nodiscard]] std::string guard_words(const Clause& clause) const;
    void measures(const Clause& clause, std::size_t depth);
    void readings(const Clause& clause, std::size_t depth);
    [[nodiscard]] std::string in_labels(std::string_view source, const std::vector<Value>& values) const;
    [[nodiscard]] std::string measured(const Comparison& comparison, const Clause& clause) const;
    [[nodiscard]] std::string say_comparison(const Comparison& comparison, const Clause& clause) const;

    Manner manner_;
    VisibleText out_;
};

std::string Speaker::joined(const std::vector<std::string_view>& parts) const {
    std::string out;
    for (const std::string_view part : parts) {
        if (!out.empty()) out += in("；", "; ");
        out += part;
    }
    return out;
}

VisibleText Speaker::with_citations(VisibleText text, const std::vector<std::string_view>& citations) const {
    if (citations.empty()) return text;
    text += "  ";
    text += dim("@ " + joined(citations));
    return text;
}

void Speaker::line(std::size_t depth, const VisibleText& text) {
    out_ += std::string(2 * depth, ' ');
    (out_ += text).end_line();
}

void Speaker::title(const VisibleText& text) {
    out_.end_line();
    line(1, bold(text));
}

void Speaker::left_out(std::size_t depth, std::size_t count) {
    if (count == 0) return;
    const std::string number = say_number(std::to_string(count));
    line(depth, dim(in("……另有 " + number + " 项未列出", "… " + number + (count == 1 ? " more is left out" : " more are left out"))));
}

VisibleText Speaker::mark(Truth outcome) const {
    switch (outcome) {
        case Truth::True: return painted(Paint::Green, "✓");
        case Truth::False: return painted(Paint::Red, "✗");
        case Truth::Unknown: return painted(Paint::Yellow, "?");
    }
    return {};
}

void Speaker::head(const Answer& answer) {
    VisibleText head = answer.company_id.empty() ? VisibleText() : bold(answer.company_id) + "  ";
    const std::string known_on = answer.known_on ? value::format_date(*answer.known_on) : "";
    head += dim(in("截至 ", "as of ") + value::format_date(answer.as_of) + " · " +
                (known_on.empty() ? "" : in("仅计 " + known_on + " 及以前公布的规定", "as known on " + known_on) + " · ") +
                in(std::to_string(answer.fiscal_year) + " 财年", "fiscal year " + std::to_string(answer.fiscal_year)));
    line(0, head);
}

void Speaker::answer(const Answer& answer) {
    head(answer);
    for (const PolicyAnswer& each : answer.results) {
        out_.end_line();
        result(each, answer.as_of);
    }
}

std::string Speaker::first_few(const std::vector<std::string>& parts) const {
    constexpr std::size_t most = 3;
    std::string text;
    for (std::size_t i = 0; i < std::min(parts.size(), most); ++i) text += (i == 0 ? "" : in("、", ", ")) + parts[i];
    if (parts.size() > most) text += in(" 等 " + std::to_string(parts.size()) + " 项", " and " + std::to_string(parts.size() - most) + " more");
    return text;
}

std::string Speaker::why_briefly(const PolicyAnswer& result) const {
    std::vector<std::string> parts;
    switch (result.verdict) {
        case Verdict::Eligible:
            for (const Benefit& benefit : result.benefits) {
                if (benefit.shown.state == Shown::State::NoValue) continue;
                const std::string label = say(benefit.label);
                parts.push_back((label.empty() ? benefit.name : label) + " " + say_value(benefit.shown, manner_.language));
            }
            return first_few(parts);
        case Verdict::Ineligible:
            for (const Clause& clause : result.clauses) {
                if (clause.outcome == Truth::False) parts.push_back(say(clause.label));
            }
            return parts.empty() ? "" : in("未满足：", "fails: ") + first_few(parts);
        case Verdict::Undetermined:
            for (const MissingFact& fact : missing_facts(result)) parts.push_back(path_in_words(fact.path, fact.label) + in_years(fact.years));
            return parts.empty() ? "" : in("尚缺：", "needs: ") + first_few(parts);
        case Verdict::NotInForce: return {};
    }
    return {};
}

void Speaker::briefly(const Answer& answer) {
    head(answer);
    for (const PolicyAnswer& each : answer.results) {
        const std::string label = say(each.label), why = why_briefly(each);
        line(1, verdict_line(each, answer.as_of) + "  " + (label.empty() ? std::string(each.policy) : label) + (why.empty() ? VisibleText() : "  " + dim(why)));
    }
}

VisibleText Speaker::verdict_line(const PolicyAnswer& result, value::Day as_of) const {
    const std::string words(say_verdict(result.verdict, manner_.language));
    VisibleText text;
    switch (result.verdict) {
        case Verdict::Eligible: text = painted(Paint::BoldGreen, "✓ " + words); break;
        case Verdict::Ineligible: text = painted(Paint::BoldRed, "✗ " + words); break;
        case Verdict::Undetermined: text = painted(Paint::BoldYellow, "? " + words); break;
        case Verdict::NotInForce: text = dim("– " + words); break;
    }
    if (result.day == as_of) return text;
    const std::string day = value::format_date(result.day);
    return text + "  " + dim(in("以 " + day + " 为准", "judged as of " + day));
}

void Speaker::result(const PolicyAnswer& result, value::Day as_of) {
    const std::string label = say(result.label);
    line(0, (label.empty() ? VisibleText() : bold(label) + "  ") + dim(result.policy));
    line(1, verdict_line(result, as_of));
    benefits(result);
    if (!result.clauses.empty()) out_.end_line();
    for (const Clause& each : result.clauses) clause(each, 1);
    left_out(1, result.clauses_left_out);
    lets(result);
    missing(result);
    assumed(result);
    conflicts(result);
    if (result.left_out == 0) return;
    const std::string number = say_number(std::to_string(result.left_out));
    out_.end_line();
    line(1, dim(in("说明过长，略去了次要的内容，共 " + number + " 项；结论不受影响", "To stay readable, " + number + " of the less deciding parts are left out; the verdict rests on all of them")));
}

void Speaker::benefits(const PolicyAnswer& result) {
    for (const Benefit& benefit : result.benefits) {
        if (benefit.shown.state == Shown::State::NoValue) continue;
        const std::string label = say(benefit.label);
        const VisibleText text = (label.empty() ? benefit.name : label) + "  " + bold(say_value(benefit.shown, manner_.language));
        line(2, with_citations(text, benefit.citations));
    }
}

void Speaker::lets(const PolicyAnswer& result) {
    if (result.lets.empty()) return;
    title(in("计算所得", "Worked out"));
    for (const Value& let : result.lets) {
        line(2, say(let.label) + "  " + say_short(let.shown, manner_.language));
    }
}

const Value* find_reading(const std::vector<Reading>& readings, const std::string& path) {
    const auto found = std::find_if(readings.begin(), readings.end(), [&](const Reading& each) { return each.path == path; });
    return found == readings.end() ? nullptr : found->value;
}

std::vector<Reading> readings_of(const PolicyAnswer& result) {
    std::vector<Reading> readings;
    collect_readings(result.clauses, "", readings);
    return readings;
}

std::string base_of_path(const std::string& path) {
    return path.substr(0, path.size() - (year_of_path(path).empty() ? 0 : 5));
}

Label Speaker::label_of(const PolicyAnswer& result, const std::vector<Reading>& readings, const std::string& path) const {
    if (const Value* value = find_reading(readings, path)) return value->label;
    return manner_.pack == nullptr ? Label{} : label_of_path(*manner_.pack, result.policy, path);
}

std::vector<MissingFact> Speaker::missing_facts(const PolicyAnswer& result) const {
    const std::vector<Reading> readings = readings_of(result);
    std::vector<MissingFact> facts;
    for (const std::string& path : result.missing) {
        const std::string base = base_of_path(path), year(year_of_path(path));
        if (facts.empty() || year.empty() || facts.back().path != base) facts.push_back({base, {}, label_of(result, readings, path)});
        if (!year.empty()) facts.back().years.push_back(year);
    }
    return facts;
}

std::string Speaker::in_years(const std::vector<std::string>& years) const {
    std::string text;
    for (const std::string& year : years) text += (text.empty() ? "" : in("、", ", ")) + year;
    return text.empty() ? text : in("（" + text + " 年）", " (" + text + ")");
}

std::string Speaker::path_in_words(const std::string& path, const Label& label) const {
    const std::string year(year_of_path(path)), words = say(label);
    if (words.empty()) return path;
    return words + (year.empty() ? "" : in_years({year}));
}

void Speaker::missing(const PolicyAnswer& result) {
    if (result.missing.empty() && !result.missing_cut_short) return;
    const bool settles_amount = result.verdict == Verdict::Eligible;
    title(settles_amount ? in("确定金额尚需提供", "Still needed to settle the amount") : in("尚需提供", "Still needed"));
    for (const MissingFact& fact : missing_facts(result)) {
        const std::string words = say(fact.label);
        line(2, words.empty() ? VisibleText(fact.path + in_years(fact.years)) : words + in_years(fact.years) + "  " + dim(fact.path));
    }
    left_out(2, result.missing_left_out);
    if (result.missing_cut_short) line(2, dim(in("……还可能缺少其他事实，未逐一查找", "… more facts may be missing; not all of them were looked for")));
}

void Speaker::assumed(const PolicyAnswer& result) {
    if (result.assumed.empty()) return;
    const std::vector<Reading> readings = readings_of(result);
    std::string text;
    for (const std::string& path : result.assumed) {
        const Value* value = find_reading(readings, path);
        text += text.empty() ? "" : in("，", ", ");
        text += path_in_words(path, label_of(result, readings, path));
        if (value != nullptr) text += " = " + say_value(value->shown, manner_.language);
    }
    if (result.assumed_left_out > 0) text += in(" 等，另有 ", ", and ") + say_number(std::to_string(result.assumed_left_out)) + in(" 项", " more");
    out_.end_line();
    line(1, dim(in("按默认值计：", "Assumed by default: ") + text));
}

void Speaker::conflicts(const PolicyAnswer& result) {
    if (result.conflicts.empty()) return;
    out_.end_line();
    for (const Conflict& conflict : result.conflicts) {
        const std::string text = in("不能同时享受：", "Cannot be claimed together with ") + conflict.policy;
        line(1, with_citations(text, conflict.citations));
    }
}

std::string Speaker::group_words(const Clause& clause) const {
    switch (clause.kind) {
        case ClauseKind::AllOf: return in("全部满足", "all of");
        case ClauseKind::AnyOf: return in("满足其一", "any of");
        case ClauseKind::AtLeast: {
            const std::string number = std::to_string(clause.at_least);
            return in("至少满足 " + number + " 项", "at least " + number + " of");
        }
        case ClauseKind::Require:
        case ClauseKind::Exclude: return {};
    }
    return {};
}

// The label of an exclusion tells what must not be so; a mark alone would leave open whether it is.
std::string Speaker::exclusion_outcome(const Clause& clause) const {
    switch (clause.outcome) {
        case Truth::True: return in("：否", ": no");
        case Truth::False: return in("：是", ": yes");
        case Truth::Unknown: return in("：未知", ": unknown");
    }
    return {};
}

std::string Speaker::guard_words(const Clause& clause) const {
    if (clause.guard == bytecode::Guard::None) return {};
    const bool when = clause.guard == bytecode::Guard::When;
    switch (clause.guard_outcome) {
        case Truth::True:
            return when ? in("前提成立", "its condition holds") : in("豁免情形成立，不作要求", "not asked: its exemption holds");
        case Truth::False:
            return when ? in("前提不成立，不作要求", "not asked: its condition does not hold") : in("豁免情形不成立", "its exemption does not hold");
        case Truth::Unknown:
            return when ? in("前提是否成立未知", "whether its condition holds is unknown") : in("豁免情形是否成立未知", "whether its exemption holds is unknown");
    }
    return {};
}

std::string Speaker::notes(const Clause& clause) const {
    const std::string group = clause.is_element || !is_group(clause) ? "" : group_words(clause), guard = guard_words(clause);
    std::vector<std::string_view> parts;
    if (!group.empty()) parts.push_back(group);
    if (!guard.empty()) parts.push_back(guard);
    if (clause.open_by_rule) parts.push_back(chinese() ? "政策原文未作规定" : "left open by the policy's own text");
    if (parts.empty()) return {};
    return chinese() ? "（" + joined(parts) + "）" : " (" + joined(parts) + ")";
}

VisibleText Speaker::clause_line(const Clause& clause) const {
    const std::string label = say(clause.label);
    VisibleText text = (clause.asked ? mark(clause.outcome) : dim("–")) + " ";
    if (clause.is_element) return text + clause.id + (label.empty() ? "" : "  " + label);
    text += label.empty() ? clause.id : label;
    if (clause.kind == ClauseKind::Exclude && clause.asked) text += exclusion_outcome(clause);
    text += dim(notes(clause));
    return with_citations(text, clause.citations);
}

void Speaker::clause(const Clause& clause, std::size_t depth) {
    line(depth, clause_line(clause));
    if (!clause.asked) return;
    measures(clause, depth + 2);
    for (const Clause& child : clause.clauses) this->clause(child, depth + 1);
    left_out(depth + 1, clause.left_out);
}

void Speaker::measures(const Clause& clause, std::size_t depth) {
    for (const Comparison& comparison : clause.comparisons) line(depth, say_comparison(comparison, clause));
    if (clause.comparisons.empty() && clause.clauses.empty()) readings(clause, depth);
}

// A clause that only reads one truth has said it all with its mark.
void Speaker::readings(const Clause& clause, std::size_t depth) {
    if (clause.values.empty()) return;
    if (clause.values.size() == 1 && clause.values.front().shown.kind == Kind::Bool) return;
    std::string text;
    for (const Value& value : clause.values) {
        text += text.empty() ? "" : in("，", ", ");
        text += path_in_words(value.name, value.label) + " " + say_short(value.shown, manner_.language);
    }
    line(depth, text);
}

bool is_name_byte(char character) {
    const auto byte = static_cast<unsigned char>(character);
    return byte >= 0x80 || character == '_' || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

// What follows a number in the source, as it follows one in Chinese; empty where it is something else.
std::string_view unit_in_chinese(std::string_view word) {
    if (word == "months" || word == "month") return "个月";
    if (word == "days" || word == "day") return "天";
    return word == "years" || word == "year" ? "年" : "";
}

// A text of the source with the labels of what it reads in place of their names: "注册成立日期 + 12个月". Names stay where the
// labels would make a line that nobody reads.
std::string Speaker::in_labels(std::string_view source, const std::vector<Value>& values) const {
    std::string out;
    for (std::size_t begin = 0; begin < source.size();) {
        std::size_t end = begin;
        while (end < source.size() && is_name_byte(source[end])) ++end;
        if (end == begin) {
            out += source[begin++];
            continue;
        }
        const std::string_view name = source.substr(begin, end - begin);
        const auto read = std::find_if(values.begin(), values.end(), [&](const Value& value) {
            return name == std::string_view(value.name).substr(0, value.name.size() - (year_of_path(value.name).empty() ? 0 : 5));
        });
        const std::string_view unit = manner_.language == Language::Chinese && read == values.end() ? unit_in_chinese(name) : "";
        if (!unit.empty() && out.size() >= 2 && out.back() == ' ' && out[out.size() - 2] >= '0' && out[out.size() - 2] <= '9') {
            out.back() = unit.front();
            out += unit.substr(1);
            begin = end;
            continue;
        }
        const std::string label = read == values.end() || (begin > 0 && source[begin - 1] == '.') ? "" : say(read->label);
        out += label.empty() || out.size() + label.size() > most_in_labels ? std::string(name) : label;
        begin = end;
    }
    return out;
}

// Whether what is measured is a fact of which nothing is known: its declared range would tell a reader nothing.
bool is_unknown(const Comparison& comparison, const Clause& clause) {
    return std::any_of(clause.values.begin(), clause.values.end(), [&](const Value& value) {
        return value.shown.state == Shown::State::Unknown && !value.label.chinese.empty() && value.label.chinese == comparison.left_label.chinese;
    });
}

// The left side with its value: "研发费用占比 4.12%", or where it has no name of its own "a / b ≈4.12% (= 103/2501)".
std::string Speaker::measured(const Comparison& comparison, const Clause& clause) const {
    const std::string label = say(comparison.left_label);
    const Shown shown = is_unknown(comparison, clause) ? Shown{} : shortened(comparison.left, &comparison.right);
    const std::string value = say_value(shown, manner_.language);
    if (!label.empty()) return label + " " + value;
    if (comparison.left_text.empty() || comparison.left_text == value) return value;
    const std::string text = in_labels(comparison.left_text, clause.values);
    if (comparison.left.state != Shown::State::Known) return text + in("：", ": ") + value;
    return text + (comparison.left.low_near.empty() ? " = " : " ") + value;
}

std::string Speaker::say_comparison(const Comparison& comparison, const Clause& clause) const {
    const std::string left = measured(comparison, clause);
    const std::string right = say_value(comparison.right, manner_.language);
    if (comparison.outcome != Truth::Unknown) {
        const bool holds = comparison.outcome == Truth::True;
        const Relation relation = holds ? comparison.relation : opposite(comparison.relation);
        return left + " " + std::string(relation_as_printed(relation)) + " " + right;
    }
    const std::string must = clause.kind == ClauseKind::Exclude ? in("，不得 ", ", must not be ") : in("，需 ", ", must be ");
    return left + must + std::string(relation_as_printed(comparison.relation)) + " " + right;
}

}  // namespace

std::string_view say_verdict(Verdict verdict, Language language) {
    const bool chinese = language == Language::Chinese;
    switch (verdict) {
        case Verdict::Eligible: return chinese ? "符合条件" : "eligible";
        case Verdict::Ineligible: return chinese ? "不符合条件" : "ineligible";
        case Verdict::Undetermined: return chinese ? "尚不能确定" : "undetermined";
        case Verdict::NotInForce: return chinese ? "不在有效期" : "not in force";
    }
    return {};
}

std::string say_value(const Shown& shown, Language language) {
    const bool chinese = language == Language::Chinese;
    switch (shown.state) {
        case Shown::State::Known: return say_end(shown, shown.low, shown.low_near, language);
        case Shown::State::Open: return say_range(shown, language);
        case Shown::State::Unknown: return chinese ? "未知" : "unknown";
        case Shown::State::NoValue: return chinese ? "无值" : "no value";
    }
    return {};
}

value::VisibleText say(const PolicyAnswer& result, value::Day as_of, const Manner& manner) {
    Speaker speaker(manner);
    speaker.result(result, as_of);
    return speaker.take();
}

value::VisibleText say_briefly(const Answer& answer, const Manner& manner) {
    Speaker speaker(manner);
    speaker.briefly(answer);
    return speaker.take();
}

value::VisibleText say(const Answer& answer, const Manner& manner) {
    Speaker speaker(manner);
    speaker.answer(answer);
    return speaker.take();
}

}  // namespace eligo::explain
