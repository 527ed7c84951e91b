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

constexpr std::size_t longest_amount = 64;  // two numbers and what stands between them, but for those that are written elsewhere
constexpr Int128 small = 1'000'000'000'000'000;

// The eight digits of a number below 10^8, the first in the lowest byte, as numbers.
std::uint64_t eight_digits(std::uint32_t number) {
    const std::uint64_t fours = number / 10000 | static_cast<std::uint64_t>(number % 10000) << 32;
    const std::uint64_t hundreds = (fours * 10486 >> 20) & 0x0000007F0000007FULL;
    const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
    const std::uint64_t tens = (twos * 103 >> 10) & 0x000F000F000F000FULL;
    return tens | (twos - 10 * tens) << 8;
}

// How many digits a number below 10^19 has.
int digit_count(std::uint64_t number) {
    static constexpr std::uint64_t powers[] = {1,
                                               10,
                                               100,
                                               1'000,
                                               10'000,
                                               100'000,
                                               1'000'000,
                                               10'000'000,
                                               100'000'000,
                                               1'000'000'000,
                                               10'000'000'000,
                                               100'000'000'000,
                                               1'000'000'000'000,
                                               10'000'000'000'000,
                                               100'000'000'000'000,
                                               1'000'000'000'000'000,
                                               10'000'000'000'000'000,
                                               100'000'000'000'000'000,
                                               1'000'000'000'000'000'000};
    const int less = static_cast<int>(std::bit_width(number | 1)) * 1233 >> 12;  // log10 of 2, rounded down
    return less + (number >= powers[less] ? 1 : 0);
}

constexpr int most_decimals = 8;

// A number as a decimal. Its digits stand where they stand in every number of the column, so that nothing waits for how many there are.
struct DecimalText {
    static constexpr std::size_t longest = 32;
    char text[16 + longest]{};  // as many are copied, wherever it begins
    std::uint8_t begin = 0, end = 0;

    [[nodiscard]] char* put(char* to) const {
        std::memcpy(to, text + begin, longest);
        return to + (end - begin);
    }
    // Of a whole number of 1 / 10^decimals, less than `small` either way: at least `least` decimals and no zeros behind those.
    void write(std::int64_t number, int decimals, int least) {
        static_assert(std::endian::native == std::endian::little, "the first digit is the lowest byte");
        constexpr std::uint64_t zeros = 0x3030303030303030ULL;
        const std::uint64_t magnitude = number < 0 ? 0 - static_cast<std::uint64_t>(number) : static_cast<std::uint64_t>(number);
        const std::uint64_t first = eight_digits(static_cast<std::uint32_t>(magnitude / 100'000'000)), last = eight_digits(static_cast<std::uint32_t>(magnitude % 100'000'000));
        const auto put = [this](int at, std::uint64_t digits) {
            digits |= zeros;
            std::memcpy(text + at, &digits, sizeof digits);
        };
        put(0, first);
        put(8, last);
        const int point = 16 - decimals, first_digit = std::min(16 - digit_count(magnitude), point - 1);
        begin = static_cast<std::uint8_t>(first_digit - (number < 0 ? 1 : 0));
        if (number < 0) text[begin] = '-';
        int shown = decimals;
        if (decimals > least) shown -= std::min(decimals - least, std::countl_zero(last) / 8);
        shown = std::max(shown, least);
        // Behind the last digit there are zeros: decimals that are wanted but not there.
        put(point + 1, decimals == 0 ? 0 : last >> (8 * (8 - decimals)));
        text[point] = '.';
        end = static_cast<std::uint8_t>(shown == 0 ? point : point + 1 + shown);
    }
};

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

bool is_blank(char c) { return c == ' ' || c == '\t'; }

// Whether a cell means itself as it is.
bool is_plain_cell(std::string_view text) {
    if (text.empty()) return true;
    if (is_blank(text.front()) || is_blank(text.back())) return false;
    if (text.size() < 8) return std::none_of(text.begin(), text.end(), [](char c) { return wants_quotes(c); });
    const std::uint64_t last = eight_at(text.data() + text.size() - 8);
    for (std::size_t at = 0; at + 8 <= text.size(); at += 8)
        if (wants_quotes(eight_at(text.data() + at), last)) return false;
    return true;
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        out += c;
        if (c == '"') out += c;
    }
    out += '"';
}

// Full-width signs as well: spreadsheets of East Asia take them for the others.
bool begins_a_formula(std::string_view text) {
    if (text.empty()) return false;
    switch (text.front()) {
        case '=':
        case '+':
        case '-':
        case '@':
        case '\t':
        case '\r':
        case '\n': return true;
        case '\xEF': return text.starts_with("＝") || text.starts_with("＋") || text.starts_with("－") || text.starts_with("＠");
        default: return false;
    }
}

char* put_word(char* to, const Word& word) {
    std::memcpy(to, word.text, sizeof word.text);
    return to + word.size;
}

// A text that cells of CSV are put into, which has room for what a row takes at most, but for texts, which are of any length. Where the
// next byte goes is handed on from one call to the next: kept in here, it would be read again behind every byte that is put.
class CsvText {
public:
    CsvText(io::PaddedText& out, std::size_t row_room, Cells cells) : out_(out), row_room_(row_room), cells_(cells) {}

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
        if (cells_ == Cells::SafeInExcel && begins_a_formula(text)) return put_other_cell(to, text);
        // Of 8 to 16 bytes, by two pieces that overlap.
        if (text.size() - 8 <= 8) {
            const std::uint64_t first = eight_at(text.data()), last = eight_at(text.data() + text.size() - 8);
            if (!wants_quotes(first, last) && !is_blank(text.front()) && !is_blank(text.back())) {
                std::memcpy(to, &first, sizeof first);
                std::memcpy(to + text.size() - 8, &last, sizeof last);
                return to + text.size();
            }
        }
        // As the 18 of a credit code.
        constexpr std::size_t within_a_row = 32;
        if (text.size() <= within_a_row && is_plain_cell(text)) {
            std::memcpy(to, text.data(), text.size());
            return to + text.size();
        }
        return put_other_cell(to, text);
    }

private:
    char* put_other_cell(char* to, std::string_view text) {
        quoted_.clear();
        append_csv_cell(quoted_, text, cells_);
        return put_text(to, quoted_);
    }
    char* with_room(const char* to, std::size_t more) {
        settle(to);
        out_.reserve(out_.size() + more + row_room_);
        return out_.data() + out_.size();
    }

    io::PaddedText& out_;
    std::size_t row_room_;
    const Cells cells_;
    std::string quoted_;
};

}  // namespace

std::vector<std::string> output_header(const std::vector<PolicyColumns>& columns, Reasons reasons, const std::vector<Kept>& kept) {
    std::vector<std::string> header{"company_id"};
    for (const Kept& each : kept) header.push_back(each.name);
    for (const PolicyColumns& policy : columns) {
        header.push_back(policy.name);
        for (const BenefitColumn& benefit : policy.benefits) {
            const std::string name = policy.name + "." + benefit.name;
            header.push_back(name);
            if (!benefit.may_be_open) continue;
            for (const char* end : {".from", ".to"}) header.push_back(name + end);
        }
        if (reasons == Reasons::Added) header.push_back(policy.name + ".reasons");
    }
    return header;
}

void append_csv_cell(std::string& out, std::string_view text, Cells cells) {
    if (cells == Cells::SafeInExcel && begins_a_formula(text)) return append_csv_cell(out, "'" + std::string(text));
    if (is_plain_cell(text)) {
        out += text;
        return;
    }
    append_quoted(out, text);
}

void append_tsv_cell(std::string& out, std::string_view text, Cells cells) {
    if (cells == Cells::SafeInExcel && begins_a_formula(text)) return append_tsv_cell(out, "'" + std::string(text));
    const bool plain = text.find_first_of("\t\"\r\n") == std::string_view::npos && (text.empty() || !(is_blank(text.front()) || is_blank(text.back())));
    if (!plain) return append_quoted(out, text);
    out += text;
}

std::string csv_line(const std::vector<std::string>& texts, Cells cells) {
    std::string line;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) line += ',';
        append_csv_cell(line, texts[i], cells);
    }
    return line + "\n";
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
    if (is_numeric(measure.kind) && decimals >= 0 && decimals <= most_decimals && value > -small && value < small) {
        DecimalText text;
        text.write(static_cast<std::int64_t>(value), decimals, bytecode::least_decimals(measure.kind));
        out.append(text.text + text.begin, text.text + text.end);
        return;
    }
    out += explain::plain_text(pack_, measure, value);
}

namespace {

constexpr std::size_t rows_together = 64;

}  // namespace

// The amounts of a column in the rows at hand, and what is gone to for every row, without the way to it.
struct RowWriter::ShownAmount {
    const Amounts* amounts;
    const Decimal* decimals;
    const BenefitColumn::InVersion* versions;
    std::size_t ends;                  // separators behind it: of the columns that say between which an open amount lies
    DecimalText texts[rows_together];  // empty, where there is none
    bool otherwise[rows_together];     // what is no plain decimal
};
struct RowWriter::ShownPolicy {
    const columnar::Verdict* verdicts = nullptr;
    const std::uint16_t* versions = nullptr;
    std::vector<ShownAmount> amounts;
};

RowWriter::RowWriter(const bytecode::Pack& pack, const Needs& needs, const std::vector<PolicyColumns>& columns, RowFormat format, Reasons reasons, explain::Language language, Cells cells, const std::vector<Kept>& kept)
    : pack_(pack), needs_(needs), columns_(columns), format_(format), reasons_(reasons), language_(language), cells_(cells) {
    if (reasons == Reasons::Added) {
        for (const bytecode::Index policy : needs.policies) explainers_.emplace_back(pack, policy);
    }
    for (const std::string& name : output_header(columns, reasons, kept)) json_keys_.push_back(explain::json_string(name) + ": ");
    for (const PolicyColumns& policy : columns) {
        auto& of_policy = decimals_.emplace_back();
        for (const BenefitColumn& benefit : policy.benefits) {
            auto& of_benefit = of_policy.emplace_back();
            for (const auto& version : benefit.versions) {
                const int decimals = is_numeric(version.measure.kind) ? decimals_of(version.measure.unit) : -1;
                of_benefit.push_back({decimals <= most_decimals ? decimals : -1, bytecode::least_decimals(version.measure.kind)});
            }
        }
    }
}

RowWriter::~RowWriter() = default;

void RowWriter::look_at(const Results& results) {
    shown_.resize(columns_.size());
    for (std::size_t p = 0; p < columns_.size(); ++p) {
        const PolicyResults& policy = results.policies[p];
        ShownPolicy& shown = shown_[p];
        shown.verdicts = policy.verdicts.data();
        shown.versions = policy.versions.data();
        shown.amounts.resize(columns_[p].benefits.size());
        for (std::size_t b = 0; b < shown.amounts.size(); ++b) {
            shown.amounts[b].amounts = &policy.amounts[b];
            shown.amounts[b].decimals = decimals_[p][b].data();
            shown.amounts[b].versions = columns_[p].benefits[b].versions.data();
            shown.amounts[b].ends = columns_[p].benefits[b].may_be_open ? 2 : 0;
        }
    }
}

// What a row takes but for texts.
std::size_t RowWriter::csv_room(const Block& block) const {
    std::size_t room = 64 * (1 + block.kept_columns());
    for (const PolicyColumns& policy : columns_) room += sizeof(Word::text) + policy.benefits.size() * longest_amount + 8;
    return room;
}

// Nearly all amounts are known, narrow and not large. Which rows have one is hard to guess, so they are listed first.
void RowWriter::write_decimals(ShownAmount& of, const std::uint16_t* versions, std::span<const std::uint32_t> rows) {
    const columnar::Given* const given = of.amounts->given.data();
    std::uint8_t listed[rows_together];
    std::size_t count = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        of.otherwise[i] = false;
        of.texts[i].begin = of.texts[i].end = 0;
        listed[count] = static_cast<std::uint8_t>(i);
        count += given[rows[i]] != columnar::Given::No;
    }
    const std::int64_t *const low = of.amounts->low.data(), *const high = of.amounts->high.data();
    for (std::size_t k = 0; k < count; ++k) {
        const std::size_t i = listed[k];
        const std::uint32_t row = rows[i];
        const Decimal decimal = of.decimals[versions[row]];
        of.otherwise[i] = true;
        if (of.amounts->wide || given[row] != columnar::Given::Yes || decimal.decimals < 0) continue;
        const std::int64_t value = low[row];
        if (value != high[row] || value <= -small || value >= small) continue;
        of.texts[i].write(value, decimal.decimals, decimal.least);
        of.otherwise[i] = false;
    }
}

void RowWriter::csv(io::PaddedText& out, const Block& block, std::span<const std::uint32_t> rows, const Results& results) {
    static const Word words[] = {word_of(vm::Verdict::Eligible), word_of(vm::Verdict::Ineligible), word_of(vm::Verdict::Undetermined), word_of(vm::Verdict::NotInForce)};
    const Word* const word_of_verdict = words;
    look_at(results);
    CsvText text(out, csv_room(block), cells_);
    char* to = text.begin(rows.size());
    for (; !rows.empty(); rows = rows.subspan(std::min(rows_together, rows.size()))) {
        const std::size_t count = std::min(rows_together, rows.size());
        for (ShownPolicy& policy : shown_)
            for (ShownAmount& amount : policy.amounts) write_decimals(amount, policy.versions, rows.first(count));
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint32_t row = rows[i];
            to = text.begin_row(to);
            to = text.put_cell(to, block.company(row));
            for (std::size_t k = 0; k < block.kept_columns(); ++k) {
                *to++ = ',';
                to = text.put_cell(to, block.kept(k, row));
            }
            for (const ShownPolicy& policy : shown_) {
                const columnar::Verdict verdict = policy.verdicts[row];
                to = put_word(to, word_of_verdict[static_cast<std::size_t>(verdict)]);
                for (const ShownAmount& amount : policy.amounts) {
                    *to++ = ',';
                    if (amount.otherwise[i]) {
                        to = csv_amount(text, to, amount, row, policy.versions[row]);
                        continue;
                    }
                    to = amount.texts[i].put(to);
                    std::memset(to, ',', 2);
                    to += amount.ends;
                }
                if (reasons_ == Reasons::LeftOut) continue;
                *to++ = ',';
                to = text.put_cell(to, reasons(block, row, static_cast<std::size_t>(&policy - shown_.data()), static_cast<vm::Verdict>(verdict)));
            }
            *to++ = '\n';
        }
    }
    text.settle(to);
}

template <class Text>
char* RowWriter::csv_amount(Text& text, char* to, const ShownAmount& shown, std::size_t row, std::uint16_t version) const {
    const auto put = [&](Int128 value) {
        std::string written;
        append_amount(written, shown.versions[version].measure, value);
        return text.put_text(to, written);
    };
    const Amount amount = (*shown.amounts)[row];
    if (shown.ends == 0 || !amount.open()) {
        to = put(amount.low);
        return text.put_text(to, std::string_view(",,").substr(2 - shown.ends));
    }
    *to++ = ',';
    to = put(amount.low);
    to = text.put_text(to, ",");
    return put(amount.high);
}

void RowWriter::ndjson(std::string& out, const Block& block, std::size_t row, const Results& results) {
    std::size_t key = 0;
    out += '{';
    out += json_keys_[key++];
    out += explain::json_string(block.company(row));
    for (std::size_t k = 0; k < block.kept_columns(); ++k) {
        out += ", ";
        out += json_keys_[key++];
        out += explain::json_string(block.kept(k, row));
    }
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
            const Amount amount = policy.amounts[b][row];
            const auto put = [&](bool there, Int128 value) {
                if (!there) {
                    out += "null";
                    return;
                }
                out += '"';
                append_amount(out, columns_[p].benefits[b].versions[policy.versions[row]].measure, value);
                out += '"';
            };
            const bool given = amount.given != value::Truth::False, open = given && columns_[p].benefits[b].may_be_open && amount.open();
            put(given && !open, amount.low);
            if (!columns_[p].benefits[b].may_be_open) continue;
            for (const Int128 end : {amount.low, amount.high}) {
                out += ", ";
                out += json_keys_[key++];
                put(open, end);
            }
        }
        if (reasons_ == Reasons::LeftOut) continue;
        out += ", ";
        out += json_keys_[key++];
        out += explain::json_string(reasons(block, row, p, policy.verdict(row)));
    }
    out += "}\n";
}

constexpr std::size_t most_reasons = 50;  // told in one cell

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
    const auto and_more = [&](std::size_t count, bool at_least) {
        if (count > 0) text += chinese ? "，另有 " + std::to_string(count) + (at_least ? " 项以上" : " 项") : ", and " + std::to_string(count) + (at_least ? " or more" : " more");
        return std::move(text);
    };
    std::size_t told = 0;
    if (verdict == vm::Verdict::Ineligible) {
        for (const explain::Clause& clause : answer.clauses) {
            if (clause.outcome != value::Truth::False || ++told > most_reasons) continue;
            if (!text.empty()) text += chinese ? "；" : "; ";
            const std::string_view label = explain::pick(clause.label, language_);
            text += label.empty() ? std::string_view(clause.id) : label;
            if (!clause.citations.empty()) text += (chinese ? "（" : " (") + std::string(clause.citations.front()) + (chinese ? "）" : ")");
        }
        return and_more(told - std::min(told, most_reasons), answer.clauses_left_out > 0);
    }
    for (const std::string& path : answer.missing) {
        if (++told > most_reasons) continue;
        text += text.empty() ? (chinese ? "尚缺：" : "needs: ") : (chinese ? "、" : ", ");
        const explain::Label label = explain::label_of_path(pack_, answer.policy, path);
        const std::string_view shown = explain::pick(label, language_);
        text += shown.empty() ? path : std::string(shown) + (chinese ? "（" : " (") + path + (chinese ? "）" : ")");
    }
    return and_more(told - std::min(told, most_reasons) + answer.missing_left_out, answer.missing_cut_short);
}

std::string reject_header() { return "line,column,value,reason,position,company_id,table\n"; }

const std::string& reason_of(const Reject& reject, explain::Language language) { return language == explain::Language::Chinese ? reject.chinese : reject.english; }

std::string reject_line(const Reject& reject, explain::Language language, Cells cells) {
    return csv_line({std::to_string(reject.line), reject.column, reject.value, reason_of(reject, language), reject.position == 0 ? "" : std::to_string(reject.position), reject.company, reject.table}, cells);
}

}  // namespace eligo::screen
