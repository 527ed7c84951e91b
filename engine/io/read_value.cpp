#include "read_value.hpp"

#include <algorithm>
#include <numeric>

#include "../value/date.hpp"
#include "problem.hpp"

namespace eligo::io {
namespace {

using bytecode::Kind;

constexpr std::size_t narrow_count = 256;
constexpr std::size_t most_met = 4096;  // a wrong column must not fill the memory

bool is_digit(char c) { return c >= '0' && c <= '9'; }

int decimals_of(bytecode::Unit unit) {
    std::int64_t denominator = unit.denominator;
    int decimals = 0;
    while (denominator % 10 == 0) {
        denominator /= 10;
        ++decimals;
    }
    return unit.numerator == 1 && denominator == 1 && decimals <= 6 ? decimals : -1;
}

}  // namespace

ValueReader::ValueReader(const bytecode::Pack& pack, const bytecode::Fact& fact, const ColumnUnit* unit) : pack_(pack), fact_(fact), unit_(unit), decimals_(decimals_of(fact.unit)) {
    narrow_values_.reserve(narrow_count);  // and so stays where it is
    const bool has_default = fact.default_kind == bytecode::DefaultKind::Constant;
    met_.add("", has_default ? meaning_of(fact.default_value, vm::CellState::Absent) : MetTexts::Meaning{0, vm::CellState::Absent, 0, true});
}

bool ValueReader::within(std::int64_t value, vm::Cell& cell) const {
    if (value < fact_.low || value > fact_.high) return false;
    cell = {value, value, vm::CellState::Known};
    return true;
}

// At most 18 digits with the decimals, so that nothing overflows.
bool ValueReader::read_digits(std::string_view text, vm::Cell& cell) const {
    if (decimals_ < 0 || text.empty() || text.size() > 18 - static_cast<std::size_t>(decimals_)) return false;
    const char* at = text.data();
    const char* const end = at + text.size();
    const bool negative = *at == '-';
    if (negative) ++at;
    if (at == end || !is_digit(*at)) return false;
    if (*at == '0' && at + 1 < end && is_digit(at[1])) return false;  // how that is read is not ours to know
    std::int64_t value = 0;
    while (at < end && is_digit(*at)) value = value * 10 + (*at++ - '0');
    int left = decimals_;
    if (at < end) {
        if (*at != '.') return false;
        ++at;
        if (at == end) return false;
        while (at < end && is_digit(*at) && left > 0) {
            value = value * 10 + (*at++ - '0');
            --left;
        }
        while (at < end && *at == '0') ++at;
        if (at != end) return false;
    }
    while (left-- > 0) value *= 10;
    return within(negative ? -value : value, cell);
}

bool ValueReader::read_date(std::string_view text, vm::Cell& cell) const {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
    const auto day = value::parse_date(text);
    return day && within(*day, cell);
}

bool ValueReader::read_known(std::string_view text, vm::Cell& cell) const {
    const MetTexts::Meaning* const found = met_.find(text);
    if (found == nullptr || found->state != vm::CellState::Known) return false;
    cell = {found->value, found->value, vm::CellState::Known};
    return true;
}

std::optional<vm::Problem> ValueReader::read_in_unit(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell) {
    const std::string name(unit_->name);
    if (const auto own = in_own_unit(text, *unit_, fact_); own && scalar != vm::Scalar::Bool) {
        auto problem = vm::read_cell(pack_, fact_, vm::Scalar::Plain, *own, texts, cell);
        if (!problem) return problem;
        problem->found = clipped(text);
        problem->expected_chinese += "；本列的单位是" + name;
        problem->expected_english += "; this column is in " + name;
        return problem;
    }
    return vm::Problem{vm::ProblemKind::WrongType, {}, clipped(text), "数，本列的单位是" + name, "a number, as this column is in " + name, {}};
}

std::optional<vm::Problem> ValueReader::read(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell) {
    if (unit_ != nullptr) return read_in_unit(scalar, text, texts, cell);
    // What may be written so at all is vm::read_cell's to know, but for the usual.
    const bool usual = fact_.kind == Kind::Bool ? scalar == vm::Scalar::Plain || scalar == vm::Scalar::Bool : scalar != vm::Scalar::Bool;
    if (usual) {
        switch (fact_.kind) {
            case Kind::Number:
            case Kind::Money:
            case Kind::Months:
            case Kind::Days:
                if (read_digits(text, cell)) return std::nullopt;
                break;
            case Kind::Date:
                if (read_date(text, cell)) return std::nullopt;
                break;
            case Kind::Bool:
                if (text == "true" || text == "false") {
                    const std::int64_t value = text == "true";
                    cell = {value, value, vm::CellState::Known};
                    return std::nullopt;
                }
                break;
            case Kind::Enum:
            case Kind::Code:
                if (read_known(text, cell)) return std::nullopt;
                break;
            case Kind::Text:
            case Kind::Record:
            case Kind::List: break;
        }
    }
    auto problem = vm::read_cell(pack_, fact_, scalar, text, texts, cell);
    const bool worth_keeping = !problem && cell.state == vm::CellState::Known && (fact_.kind == Kind::Enum || fact_.kind == Kind::Code);
    if (worth_keeping && met_.size() < most_met && met_.find(text) == nullptr) met_.add(text, meaning_of(cell.low, vm::CellState::Known));
    return problem;
}

ValueReader::ColumnRead ValueReader::read_decimals(const ColumnCells& cells, std::int64_t* values, std::uint8_t* states, std::uint32_t* left) const {
    const DecimalsRead read = kernels().read_decimals(cells, {decimals_, fact_.low, fact_.high}, values, states, left);
    return {.left = read.left, .is_bounded = true, .least = read.least, .greatest = read.greatest};
}

ValueReader::ColumnRead ValueReader::read_column(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint8_t* narrow, std::uint32_t* left) const {
    static_assert(static_cast<std::uint8_t>(vm::CellState::Absent) == cell_absent && static_cast<std::uint8_t>(vm::CellState::Known) == cell_known);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(states);
    ColumnRead read{cells.count};
    if (unit_ != nullptr) {
        std::iota(left, left + cells.count, 0U);
        return read;
    }
    switch (fact_.kind) {
        case Kind::Number:
        case Kind::Money:
        case Kind::Months:
        case Kind::Days:
            if (decimals_ < 0) break;
            read = read_decimals(cells, values, bytes, left);
            break;
        case Kind::Date: read.left = kernels().read_dates(cells, fact_.low, fact_.high, values, bytes, left); break;
        case Kind::Bool: read.left = kernels().read_truths(cells, values, bytes, left); break;
        case Kind::Enum:
        case Kind::Code: return read_met(cells, values, states, narrow, left);
        case Kind::Text:
        case Kind::Record:
        case Kind::List: break;
    }
    if (read.left == cells.count) std::iota(left, left + cells.count, 0U);
    if (fact_.default_kind == bytecode::DefaultKind::Constant) {
        for (std::size_t i = 0; i < cells.count; ++i) values[i] = states[i] == vm::CellState::Absent ? fact_.default_value : values[i];
    }
    return read;
}

ValueReader::ColumnRead ValueReader::read_met(const ColumnCells& given, std::int64_t* values, vm::CellState* states, std::uint8_t* narrow, std::uint32_t* left) const {
    const ColumnCells cells = given;
    std::size_t left_count = 0, row = 0;
    bool is_narrow = true;
    const auto take = [&](const MetTexts::Meaning* found) {
        if (found == nullptr) {
            left[left_count++] = static_cast<std::uint32_t>(row);
            return;
        }
        values[row] = found->value;
        states[row] = found->state;
        narrow[row] = found->narrow;
        is_narrow &= found->is_narrow;
    };
    struct Text {
        const char* begin;
        std::uint32_t size;
    };
    const auto text_of = [&](std::size_t i) {
        const std::uint32_t* const at = cells.ends + cells.rows[i] + cells.column;
        const std::uint32_t begin = at[0] + 1, end = at[1] - cells.behind;
        return Text{cells.text + begin, end + 1 == begin ? 0 : end - begin};
    };
    // Codes are short, all of a column; how long names of members are is hard to guess.
    for (; row < cells.count; ++row) {
        const Text text = text_of(row);
        if (text.size > MetTexts::longest_of_a_word) break;
        take(met_.find_word(text.begin, text.size));
    }
    for (; row < cells.count; ++row) {
        const Text text = text_of(row);
        take(met_.find_padded(text.begin, text.size));
    }
    return {left_count, is_narrow};
}

std::optional<std::uint8_t> ValueReader::narrow(std::int64_t value) const {
    if (fact_.kind == Kind::Enum) return value < static_cast<std::int64_t>(narrow_count) ? std::optional(static_cast<std::uint8_t>(value)) : std::nullopt;
    const auto found = std::find(narrow_values_.begin(), narrow_values_.end(), value);
    return found == narrow_values_.end() ? std::nullopt : std::optional(static_cast<std::uint8_t>(found - narrow_values_.begin()));
}

MetTexts::Meaning ValueReader::meaning_of(std::int64_t value, vm::CellState state) {
    if (fact_.kind == Kind::Code && !narrow(value) && narrow_values_.size() < narrow_count) narrow_values_.push_back(value);
    const auto byte = narrow(value);
    return {value, state, byte.value_or(0), byte.has_value()};
}

void MetTexts::add(std::string_view text, const Meaning& meaning) {
    if (text.size() > longest) return;
    const Padded padded(text);
    const auto size = static_cast<std::uint32_t>(text.size());
    const std::uint64_t last = size > 8 ? eight(padded.text() + size - 8) : 0;
    entries_.push_back({piece(padded.text()), piece(padded.text() + sizeof(Piece)), meaning, mixed(eight(padded.text()), last, size), size});
    constexpr std::size_t slots_an_entry = 16;
    if (slots_.size() >= entries_.size() * slots_an_entry) return put(entries_.size() - 1);
    slots_.assign(slots_.size() * 4, 0);
    for (std::size_t i = 0; i < entries_.size(); ++i) put(i);
}

void MetTexts::put(std::size_t entry) {
    std::size_t at = entries_[entry].mixed & (slots_.size() - 1);
    while (slots_[at] != 0) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = static_cast<std::uint16_t>(entry + 1);
}

}  // namespace eligo::io
