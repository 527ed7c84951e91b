#include "output.hpp"

#include <algorithm>
#include <charconv>

#include "../explain/json_writer.hpp"
#include "../explain/labels.hpp"
#include "../explain/shown.hpp"

namespace eligo::screen {
namespace {

using bytecode::Kind;
using value::Int128;

// The numbers of vm::Verdict are those of explain::Verdict.
std::string_view name_of(vm::Verdict verdict) { return explain::verdict_name(static_cast<explain::Verdict>(verdict)); }

bool is_numeric(Kind kind) { return kind == Kind::Number || kind == Kind::Money || kind == Kind::Months || kind == Kind::Days; }

// 1 / 10^decimals; -1 when it is not.
int decimals_of(bytecode::Unit unit) {
    std::int64_t denominator = unit.denominator;
    int decimals = 0;
    while (denominator % 10 == 0) {
        denominator /= 10;
        ++decimals;
    }
    return unit.numerator == 1 && denominator == 1 ? decimals : -1;
}

// A whole number of 1 / 10^decimals with at least `least` decimals and no zeros behind those.
void append_decimal(std::string& out, std::int64_t number, int decimals, int least) {
    char digits[24];
    std::uint64_t magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    for (; decimals > least && magnitude % 10 == 0; --decimals) magnitude /= 10;
    for (; decimals < least; ++decimals) magnitude *= 10;
    if (number < 0) out += '-';
    const auto end = std::to_chars(digits, digits + sizeof digits, magnitude).ptr;
    const auto count = static_cast<int>(end - digits);
    if (decimals == 0) {
        out.append(digits, end);
        return;
    }
    if (count <= decimals) {
        out += "0.";
        out.append(static_cast<std::size_t>(decimals - count), '0');
        out.append(digits, end);
        return;
    }
    out.append(digits, end - decimals);
    out += '.';
    out.append(end - decimals, end);
}

}  // namespace

std::vector<std::string> output_header(const std::vector<PolicyColumns>& columns, Reasons reasons) {
    std::vector<std::string> header{"company_id"};
    for (const PolicyColumns& policy : columns) {
        header.push_back(policy.name);
        for (const BenefitColumn& benefit : policy.benefits) header.push_back(policy.name + "." + benefit.name);
        if (reasons == Reasons::Added) header.push_back(policy.name + ".reasons");
    }
    return header;
}

void append_csv_cell(std::string& out, std::string_view text) {
    const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos && (text.empty() || (text.front() != ' ' && text.back() != ' ' && text.front() != '\t' && text.back() != '\t'));
    if (plain) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        out += c;
        if (c == '"') out += c;
    }
    out += '"';
}

std::string csv_line(const std::vector<std::string>& cells) {
    std::string line;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) line += ',';
        append_csv_cell(line, cells[i]);
    }
    return line + "\n";
}

RowWriter::RowWriter(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, RowFormat format, Reasons reasons, explain::Language language)
    : pack_(pack), needs_(needs), columns_(columns), format_(format), reasons_(reasons), language_(language) {
    if (reasons == Reasons::Added) {
        for (const bytecode::Index policy : needs.policies) explainers_.emplace_back(pack, policy);
    }
    for (const std::string& name : output_header(columns, reasons)) json_keys_.push_back(explain::json_string(name) + ": ");
}

void RowWriter::write(std::string& out, const Block& block, std::size_t row, const Results& results) {
    filled_from_ = nullptr;
    if (format_ == RowFormat::Csv) {
        csv(out, block, row, results);
    } else {
        ndjson(out, block, row, results);
    }
}

void RowWriter::append_amount(std::string& out, const bytecode::Measure& measure, Int128 value) const {
    const int decimals = decimals_of(measure.unit);
    constexpr Int128 small = 1'000'000'000'000'000;
    if (is_numeric(measure.kind) && decimals >= 0 && value > -small && value < small) {
        return append_decimal(out, static_cast<std::int64_t>(value), decimals, measure.kind == Kind::Money ? 2 : 0);
    }
    out += explain::plain_text(pack_, measure, value);
}

void RowWriter::csv(std::string& out, const Block& block, std::size_t row, const Results& results) {
    append_csv_cell(out, block.company(row));
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results[p];
        out += ',';
        out += name_of(policy.verdicts[row]);
        for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
            out += ',';
            const Amount& amount = policy.amounts[b][row];
            if (amount.given == value::Truth::False) continue;
            const bytecode::Measure& measure = columns_[p].benefits[b].versions[policy.versions[row]].measure;
            append_amount(out, measure, amount.low);
            if (!amount.open()) continue;
            out += " .. ";
            append_amount(out, measure, amount.high);
        }
        if (reasons_ == Reasons::LeftOut) continue;
        out += ',';
        append_csv_cell(out, reasons(block, row, p, policy.verdicts[row]));
    }
    out += '\n';
}

void RowWriter::ndjson(std::string& out, const Block& block, std::size_t row, const Results& results) {
    std::size_t key = 0;
    out += '{';
    out += json_keys_[key++];
    out += explain::json_string(block.company(row));
    const auto quoted_amount = [&](const bytecode::Measure& measure, Int128 value) {
        out += '"';
        append_amount(out, measure, value);
        out += '"';
    };
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results[p];
        out += ", ";
        out += json_keys_[key++];
        out += '"';
        out += name_of(policy.verdicts[row]);
        out += '"';
        for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
            out += ", ";
            out += json_keys_[key++];
            const Amount& amount = policy.amounts[b][row];
            if (amount.given == value::Truth::False) {
                out += "null";
                continue;
            }
            const bytecode::Measure& measure = columns_[p].benefits[b].versions[policy.versions[row]].measure;
            if (!amount.open()) {
                quoted_amount(measure, amount.low);
                continue;
            }
            out += "{\"from\": ";
            quoted_amount(measure, amount.low);
            out += ", \"to\": ";
            quoted_amount(measure, amount.high);
            out += '}';
        }
        if (reasons_ == Reasons::LeftOut) continue;
        out += ", ";
        out += json_keys_[key++];
        out += explain::json_string(reasons(block, row, p, policy.verdicts[row]));
    }
    out += "}\n";
}

// The clauses that fail, with their articles; of what is open, the facts that are still needed.
std::string RowWriter::reasons(const Block& block, std::size_t row, std::size_t policy, vm::Verdict verdict) {
    if (verdict == vm::Verdict::NotInForce) return {};
    if (filled_from_ != &block || filled_row_ != row) {
        block.fill_profile(row, profile_);
        filled_from_ = &block;
        filled_row_ = row;
    }
    const bool chinese = language_ == explain::Language::Chinese;
    const explain::PolicyAnswer answer = explainers_[policy].why(profile_, needs_.question);
    std::string text;
    if (verdict == vm::Verdict::Ineligible) {
        for (const explain::Clause& clause : answer.clauses) {
            if (clause.outcome != value::Truth::False) continue;
            if (!text.empty()) text += chinese ? "；" : "; ";
            const std::string_view label = explain::pick(clause.label, language_);
            text += label.empty() ? std::string_view(clause.id) : label;
            if (!clause.citations.empty()) text += (chinese ? "（" : " (") + std::string(clause.citations.front()) + (chinese ? "）" : ")");
        }
        return text;
    }
    for (const std::string& path : answer.missing) {
        text += text.empty() ? (chinese ? "尚缺：" : "needs: ") : (chinese ? "、" : ", ");
        const explain::Label label = explain::label_of_path(pack_, answer.policy, path);
        const std::string_view shown = explain::pick(label, language_);
        text += shown.empty() ? path : std::string(shown) + (chinese ? "（" : " (") + path + (chinese ? "）" : ")");
    }
    return text;
}

std::string reject_header() { return "line,column,value,reason,position,company_id,table\n"; }

const std::string& reason_of(const Reject& reject, explain::Language language) { return language == explain::Language::Chinese ? reject.chinese : reject.english; }

std::string reject_line(const Reject& reject, explain::Language language) {
    return csv_line({std::to_string(reject.line), reject.column, reject.value, reason_of(reject, language), reject.position == 0 ? "" : std::to_string(reject.position), reject.company, reject.table});
}

}  // namespace eligo::screen
