#include "read_value.hpp"

#include "../value/date.hpp"

namespace eligo::io {
namespace {

using bytecode::Kind;

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

ValueReader::ValueReader(const bytecode::Pack& pack, const bytecode::Fact& fact) : pack_(pack), fact_(fact), decimals_(decimals_of(fact.unit)) {}

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
    const std::int64_t* const found = met_.find(text);
    if (found == nullptr) return false;
    cell = {*found, *found, vm::CellState::Known};
    return true;
}

std::optional<vm::Problem> ValueReader::read(vm::Scalar scalar, std::string_view text, std::vector<std::string>& texts, vm::Cell& cell) {
    if (scalar == vm::Scalar::Plain) {
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
    if (worth_keeping && met_count_ < most_met && met_.find(text) == nullptr) {
        met_.add(text, cell.low);
        ++met_count_;
    }
    return problem;
}

std::size_t ValueReader::read_column(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint32_t* left) const {
    static_assert(static_cast<std::uint8_t>(vm::CellState::Absent) == cell_absent && static_cast<std::uint8_t>(vm::CellState::Known) == cell_known);
    auto* const bytes = reinterpret_cast<std::uint8_t*>(states);
    switch (fact_.kind) {
        case Kind::Number:
        case Kind::Money:
        case Kind::Months:
        case Kind::Days:
            if (decimals_ < 0) break;
            return kernels().read_decimals(cells, {decimals_, fact_.low, fact_.high}, values, bytes, left);
        case Kind::Date: return kernels().read_dates(cells, fact_.low, fact_.high, values, bytes, left);
        case Kind::Bool: return kernels().read_truths(cells, values, bytes, left);
        case Kind::Enum:
        case Kind::Code: return read_met(cells, values, states, left);
        case Kind::Text:
        case Kind::Record:
        case Kind::List: break;
    }
    for (std::size_t i = 0; i < cells.count; ++i) left[i] = static_cast<std::uint32_t>(i);
    return cells.count;
}

std::size_t ValueReader::read_met(const ColumnCells& cells, std::int64_t* values, vm::CellState* states, std::uint32_t* left) const {
    std::size_t left_count = 0;
    for (std::size_t i = 0; i < cells.count; ++i) {
        const std::uint32_t* const at = cells.ends + cells.rows[i] + cells.column;
        const std::uint32_t begin = at[0] + 1, size = at[1] - cells.behind - begin;
        left[left_count] = static_cast<std::uint32_t>(i);
        if (size == 0) {
            states[i] = vm::CellState::Absent;
            continue;
        }
        const std::int64_t* const found = met_.find({cells.text + begin, size});
        if (found == nullptr) {
            ++left_count;
            continue;
        }
        values[i] = *found;
        states[i] = vm::CellState::Known;
    }
    return left_count;
}

void MetTexts::add(std::string_view text, std::int64_t value) {
    if (2 * (used_ + 1) > entries_.size()) {
        std::vector<Entry> before(entries_.size() * 2);
        before.swap(entries_);
        used_ = 0;
        for (const Entry& entry : before) {
            if (entry.used) add(entry.text, entry.value);
        }
    }
    const Key key = key_of(text);
    std::size_t at = place_of(key);
    while (entries_[at].used) at = (at + 1) & (entries_.size() - 1);
    entries_[at] = {key, value, true, std::string(text)};
    ++used_;
}

}  // namespace eligo::io
