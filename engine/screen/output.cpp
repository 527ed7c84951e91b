#include "output.hpp"

#include <algorithm>
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

// Sixteen bytes in registers, the first the lowest: what is stored and read again elsewhere in between waits for memory.
using Sixteen = value::UInt128;
constexpr Sixteen zeros = Sixteen{0x3030303030303030ULL} << 64 | 0x3030303030303030ULL;

void put_sixteen(char* to, Sixteen bytes) {
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

// A whole number below 10^16 of 1 / 10^decimals, at most 15 of them, with at least `least` decimals and no zeros behind those; behind
// it. Up to 34 bytes are written.
char* put_decimal(char* out, std::int64_t number, int decimals, int least) {
    std::uint64_t magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
    for (; decimals > least && magnitude % 10 == 0; --decimals) magnitude /= 10;
    if (number < 0) *out++ = '-';
    const std::uint64_t high = eight_digits(static_cast<std::uint32_t>(magnitude / 100'000'000)), low = eight_digits(static_cast<std::uint32_t>(magnitude % 100'000'000));
    const Sixteen digits = Sixteen{low} << 64 | high;
    const int leading = high != 0 ? std::countr_zero(high) / 8 : low != 0 ? 8 + std::countr_zero(low) / 8 : 16;
    const int point = 16 - decimals, begin = std::min(leading, point - 1);
    put_sixteen(out, digits >> (8 * begin) | zeros);
    out += point - begin;
    const int shown = std::max(decimals, least);
    if (shown == 0) return out;
    *out++ = '.';
    // Behind the last digit there are zeros: decimals that are wanted but not there.
    put_sixteen(out, (decimals == 0 ? Sixteen{0} : digits >> (8 * point)) | zeros);
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

// Of two times eight bytes side by side, as every machine of 64 bits has them in one register.
bool wants_quotes(std::uint64_t first, std::uint64_t last) {
    using Words = std::uint64_t __attribute__((vector_size(16)));
    using Bytes = unsigned char __attribute__((vector_size(16)));
    const auto bytes = reinterpret_cast<Bytes>(Words{first, last});
    const auto found = reinterpret_cast<Words>((bytes == ',') | (bytes == '"') | (bytes == '\r') | (bytes == '\n'));
    return (found[0] | found[1]) != 0;
}
bool wants_quotes(char c) { return c == ',' || c == '"' || c == '\r' || c == '\n'; }

std::uint64_t eight_at(const char* text) {
    std::uint64_t bytes = 0;
    std::memcpy(&bytes, text, sizeof bytes);
    return bytes;
}

// Whether a cell means itself as it is.
bool is_plain_cell(std::string_view text) {
    if (text.empty()) return true;
    const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
    if (is_blank(text.front()) || is_blank(text.back())) return false;
    if (text.size() < 8) return std::none_of(text.begin(), text.end(), [](char c) { return wants_quotes(c); });
    const std::uint64_t last = eight_at(text.data() + text.size() - 8);
    for (std::size_t at = 0; at + 8 <= text.size(); at += 8)
        if (wants_quotes(eight_at(text.data() + at), last)) return false;
    return true;
}

// Of up to 16 bytes, by two pieces that overlap; longer ones as they come.
void copy_short(char* to, std::string_view text) {
    if (text.size() < 8 || text.size() > 16) {
        std::memcpy(to, text.data(), text.size());
        return;
    }
    const std::uint64_t first = eight_at(text.data()), last = eight_at(text.data() + text.size() - 8);
    std::memcpy(to, &first, sizeof first);
    std::memcpy(to + text.size() - 8, &last, sizeof last);
}

char* put_word(char* to, const Word& word) {
    std::memcpy(to, word.text, sizeof word.text);
    return to + word.size;
}

// A text that cells of CSV are put into, which has room for what a row takes at most, but for texts, which are of any length. Where the
// next byte goes is handed on from one call to the next: kept in here, it would be read again behind every byte that is put.
class CsvText {
public:
    CsvText(io::PaddedText& out, std::size_t row_room) : out_(out), row_room_(row_room) {}

    char* begin(std::size_t rows) {
        out_.reserve(out_.size() + (rows + 1) * row_room_);
        return out_.data() + out_.size();
    }
    char* begin_row(char* to) { return static_cast<std::size_t>(to - out_.data()) + row_room_ > out_.room() ? with_room(to, row_room_) : to; }
    // What was put is there.
    void settle(const char* to) { out_.set_size(static_cast<std::size_t>(to - out_.data())); }

    char* put_text(char* to, std::string_view text) {
        to = with_room(to, text.size());
        std::memcpy(to, text.data(), text.size());
        return to + text.size();
    }
    char* put_cell(char* to, std::string_view text) {
        constexpr std::size_t within_a_row = 32;
        if (text.size() <= within_a_row && is_plain_cell(text)) {
            copy_short(to, text);
            return to + text.size();
        }
        quoted_.clear();
        append_csv_cell(quoted_, text);
        return put_text(to, quoted_);
    }

private:
    char* with_room(const char* to, std::size_t more) {
        settle(to);
        out_.reserve(out_.size() + more + row_room_);
        return out_.data() + out_.size();
    }

    io::PaddedText& out_;
    std::size_t row_room_;
    std::string quoted_;
};

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

// What is gone to for every row, without the way to it.
struct RowWriter::ShownAmount {
    const columnar::Given* given;
    const std::int64_t *low, *high;  // nullptr: wide
    const Amounts* amounts;
    const Decimal* decimals;
    const BenefitColumn::InVersion* versions;
};
struct RowWriter::ShownPolicy {
    const columnar::Verdict* verdicts;
    const std::uint8_t* versions;
    std::vector<ShownAmount> amounts;
};

std::vector<RowWriter::ShownPolicy> RowWriter::shown(const Results& results) const {
    std::vector<ShownPolicy> policies;
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results.policies[p];
        ShownPolicy& shown = policies.emplace_back();
        shown.verdicts = policy.verdicts.data();
        shown.versions = policy.versions.data();
        for (std::size_t b = 0; b < columns_[p].benefits.size(); ++b) {
            const Amounts& of = policy.amounts[b];
            shown.amounts.push_back({of.given.data(), of.wide ? nullptr : of.low.data(), of.high.data(), &of, decimals_[p][b].data(), columns_[p].benefits[b].versions.data()});
        }
    }
    return policies;
}

// What a row takes but for texts.
std::size_t RowWriter::csv_room() const {
    std::size_t room = 64;
    for (const PolicyColumns& policy : columns_) room += sizeof(Word::text) + policy.benefits.size() * (2 * longest_decimal + 8) + 8;
    return room;
}

void RowWriter::csv(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results) {
    static const Word words[] = {word_of(vm::Verdict::Eligible), word_of(vm::Verdict::Ineligible), word_of(vm::Verdict::Undetermined), word_of(vm::Verdict::NotInForce)};
    const std::vector<ShownPolicy> policies = shown(results);
    CsvText text(out, csv_room());
    char* to = text.begin(rows.size());
    for (const std::uint32_t row : rows) {
        to = text.begin_row(to);
        to = text.put_cell(to, block.company(row));
        for (std::size_t p = 0; p < policies.size(); ++p) {
            const ShownPolicy& policy = policies[p];
            const columnar::Verdict verdict = policy.verdicts[row];
            to = put_word(to, words[static_cast<std::size_t>(verdict)]);
            for (const ShownAmount& amount : policy.amounts) {
                *to++ = ',';
                if (amount.given[row] != columnar::Given::No) to = csv_amount(text, to, amount, row, policy.versions[row]);
            }
            if (reasons_ == Reasons::LeftOut) continue;
            *to++ = ',';
            to = text.put_cell(to, reasons(block, row, p, static_cast<vm::Verdict>(verdict)));
        }
        *to++ = '\n';
    }
    text.settle(to);
}

// Nearly all amounts are known, narrow and not large.
template <class Text>
char* RowWriter::csv_amount(Text& text, char* to, const ShownAmount& shown, std::size_t row, std::uint8_t version) const {
    const Decimal& decimal = shown.decimals[version];
    if (shown.given[row] == columnar::Given::Yes && shown.low != nullptr) {
        const std::int64_t value = shown.low[row];
        if (value == shown.high[row] && decimal.decimals >= 0 && value > -small && value < small) return put_decimal(to, value, decimal.decimals, decimal.least);
    }
    const auto put = [&](Int128 value) {
        if (decimal.decimals >= 0 && value > -small && value < small) return put_decimal(to, static_cast<std::int64_t>(value), decimal.decimals, decimal.least);
        return text.put_text(to, explain::plain_text(pack_, shown.versions[version].measure, value));
    };
    const Amount amount = (*shown.amounts)[row];
    to = put(amount.low);
    if (!amount.open()) return to;
    std::memcpy(to, " .. ", 4);
    to += 4;
    return put(amount.high);
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
