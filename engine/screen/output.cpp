#include "output.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

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

constexpr std::size_t longest_decimal = 48;
constexpr Int128 small = 1'000'000'000'000'000;

void store_eight(char* to, std::uint64_t bytes) {
    static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");
    std::memcpy(to, &bytes, sizeof bytes);
}

// The eight digits of a number below 10^8, the first in the lowest byte, as numbers.
std::uint64_t eight_digits(std::uint32_t number) {
    const std::uint64_t fours = number / 10000 | static_cast<std::uint64_t>(number % 10000) << 32;
    const std::uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007F0000007FULL;
    const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const std::uint64_t tens = (twos * 103 >> 10) & 0x000F000F000F000FULL;
    return tens | (twos - 10 * tens) << 8;
}

// A whole number below 10^16 of 1 / 10^decimals with at least `least` decimals and no zeros behind those; behind it. Up to 32
// bytes are written.
char* put_decimal(char* out, std::int64_t number, int decimals, int least) {
    std::uint64_t magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    for (; decimals > least && magnitude % 10 == 0; --decimals) magnitude /= 10;
    if (number < 0) *out++ = '-';
    const std::uint64_t high = eight_digits(static_cast<std::uint32_t>(magnitude / 100'000'000)), low = eight_digits(static_cast<std::uint32_t>(magnitude % 100'000'000));
    char digits[40] = {};
    constexpr std::uint64_t zeros = 0x3030303030303030ULL;
    store_eight(digits, high | zeros);
    store_eight(digits + 8, low | zeros);
    store_eight(digits + 16, zeros);  // for decimals that are wanted but not there
    const int leading = high != 0 ? std::countr_zero(high) / 8 : low != 0 ? 8 + std::countr_zero(low) / 8 : 16;
    const char* const point = digits + 16 - decimals;
    const char* const begin = std::min<const char*>(digits + leading, point - 1);
    const auto whole = static_cast<std::size_t>(point - begin);
    std::memcpy(out, begin, 16);  // more than there is, so that it is one step
    out += whole;
    const int shown = std::max(decimals, least);
    if (shown == 0) return out;
    *out++ = '.';
    std::memcpy(out, point, 16);
    return out + shown;
}

// Words that are copied whole, whatever their length, each with a separator before it.
struct Word {
    char text[16];
    std::size_t size;
};
Word word_of(vm::Verdict verdict) {
    Word word{};
    const std::string text = "," + std::string(name_of(verdict));
    word.size = text.copy(word.text, sizeof word.text);
    return word;
}

constexpr auto needs_quotes = [] {
    std::array<bool, 256> table{};
    for (const char c : {',', '"', '\r', '\n'}) table[static_cast<unsigned char>(c)] = true;
    return table;
}();

// Whether a cell means itself as it is.
bool is_plain_cell(std::string_view text) {
    if (text.empty()) return true;
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    bool any = is_blank(text.front()) || is_blank(text.back());
    for (const char c : text) any |= needs_quotes[static_cast<unsigned char>(c)];
    return !any;
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
    if (is_plain_cell(text)) {
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
    for (const PolicyColumns& policy : columns) {
        auto& of_policy = decimals_.emplace_back();
        for (const BenefitColumn& benefit : policy.benefits) {
            auto& of_benefit = of_policy.emplace_back();
            for (const auto& version : benefit.versions) {
                const int decimals = is_numeric(version.measure.kind) ? decimals_of(version.measure.unit) : -1;
                of_benefit.push_back({decimals <= 15 ? decimals : -1, version.measure.kind == Kind::Money ? 2 : 0});
            }
        }
    }
}

void RowWriter::write(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results) {
    filled_from_ = nullptr;
    if (format_ == RowFormat::Csv) return csv(out, block, rows, results);
    for (const std::uint32_t row : rows) {
        line_.clear();
        ndjson(line_, block, row, results);
        out.append(line_);
    }
}

void RowWriter::append_amount(std::string& out, const bytecode::Measure& measure, Int128 value) const {
    const int decimals = decimals_of(measure.unit);
    if (is_numeric(measure.kind) && decimals >= 0 && decimals <= 15 && value > -small && value < small) {
        char text[longest_decimal];
        out.append(text, put_decimal(text, static_cast<std::int64_t>(value), decimals, measure.kind == Kind::Money ? 2 : 0));
        return;
    }
    out += explain::plain_text(pack_, measure, value);
}

void RowWriter::csv(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results) {
    static const Word words[] = {word_of(vm::Verdict::Eligible), word_of(vm::Verdict::Ineligible), word_of(vm::Verdict::Undetermined), word_of(vm::Verdict::NotInForce)};
    // What a row takes but for texts, which are of any length.
    std::size_t room = 64;
    for (const PolicyColumns& policy : columns_) room += sizeof words[0].text + policy.benefits.size() * (2 * longest_decimal + 8) + 8;
    char* to = nullptr;
    const auto make_room = [&](std::size_t more) {
        if (to != nullptr) out.set_size(static_cast<std::size_t>(to - out.data()));
        out.reserve(out.size() + more + room);
        to = out.data() + out.size();
    };
    const auto put_text = [&](std::string_view text) {
        make_room(text.size());
        std::memcpy(to, text.data(), text.size());
        to += text.size();
    };
    const auto put_amount = [&](const Decimal& decimal, const bytecode::Measure& measure, Int128 value) {
        if (decimal.decimals >= 0 && value > -small && value < small) {
            to = put_decimal(to, static_cast<std::int64_t>(value), decimal.decimals, decimal.least);
        } else {
            put_text(explain::plain_text(pack_, measure, value));
        }
    };
    // What is gone to for every row, without the way to it.
    struct ShownAmount {
        const columnar::Given* given;
        const std::int64_t *low, *high;  // nullptr: wide
        const Amounts* amounts;
        const Decimal* decimals;
        const BenefitColumn::InVersion* versions;
    };
    struct ShownPolicy {
        const columnar::Verdict* verdicts;
        const std::uint8_t* versions;
        std::size_t amounts_end;
    };
    std::vector<ShownPolicy> policies;
    std::vector<ShownAmount> amounts;
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results.policies[p];
        for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
            const Amounts& of = policy.amounts[b];
            amounts.push_back({of.given.data(), of.wide ? nullptr : of.low.data(), of.high.data(), &of, decimals_[p][b].data(), columns_[p].benefits[b].versions.data()});
        }
        policies.push_back({policy.verdicts.data(), policy.versions.data(), amounts.size()});
    }
    make_room(rows.size() * room);
    for (const std::uint32_t row : rows) {
        if (static_cast<std::size_t>(to - out.data()) + room > out.room()) make_room(room);
        const std::string_view company = block.company(row);
        if (company.size() <= 32 && is_plain_cell(company)) {
            std::memcpy(to, company.data(), company.size());
            to += company.size();
        } else {
            line_.clear();
            append_csv_cell(line_, company);
            put_text(line_);
        }
        for (std::size_t p = 0, a = 0; p < policies.size(); ++p) {
            const ShownPolicy& policy = policies[p];
            const columnar::Verdict verdict = policy.verdicts[row];
            const Word& word = words[static_cast<std::size_t>(verdict)];
            std::memcpy(to, word.text, sizeof word.text);
            to += word.size;
            for (; a < policy.amounts_end; ++a) {
                *to++ = ',';
                const ShownAmount& shown = amounts[a];
                const columnar::Given given = shown.given[row];
                if (given == columnar::Given::No) continue;
                const std::uint8_t version = policy.versions[row];
                // Nearly all amounts are known, narrow and not large.
                if (given == columnar::Given::Yes && shown.low != nullptr) {
                    const std::int64_t value = shown.low[row];
                    const Decimal& decimal = shown.decimals[version];
                    if (value == shown.high[row] && decimal.decimals >= 0 && value > -small && value < small) {
                        to = put_decimal(to, value, decimal.decimals, decimal.least);
                        continue;
                    }
                }
                const Amount amount = (*shown.amounts)[row];
                put_amount(shown.decimals[version], shown.versions[version].measure, amount.low);
                if (!amount.open()) continue;
                std::memcpy(to, " .. ", 4);
                to += 4;
                put_amount(shown.decimals[version], shown.versions[version].measure, amount.high);
            }
            if (reasons_ == Reasons::LeftOut) continue;
            line_ = ',';
            append_csv_cell(line_, reasons(block, row, p, static_cast<vm::Verdict>(verdict)));
            put_text(line_);
        }
        *to++ = '\n';
    }
    out.set_size(static_cast<std::size_t>(to - out.data()));
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
        const PolicyResults& policy = results.policies[p];
        out += ", ";
        out += json_keys_[key++];
        out += '"';
        out += name_of(policy.verdict(row));
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
        out += explain::json_string(reasons(block, row, p, policy.verdict(row)));
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
