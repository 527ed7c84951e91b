// Known values are copied a column at a time; the few rows that are not known are then looked at one by one.
// Tested by tests/engines/columnar.cpp.
#include "sources.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "bits.hpp"
#include "kernels/kernels.hpp"

namespace eligo::columnar {
namespace {

namespace domain = value::domain;

// What one row says of a fact.
enum class State : std::uint8_t { Known, Range, Unknown, Absent };

State state_of(const Column* column, std::size_t row) {
    if (column == nullptr) return State::Absent;
    if (column->values != nullptr && (!column->known.exists() || column->known.at(row))) return State::Known;
    if (column->ranged.exists() && column->ranged.at(row)) return State::Range;
    if (column->unknown.exists() && column->unknown.at(row)) return State::Unknown;
    return State::Absent;
}

template <class T>
std::int64_t element(const Column& column, std::size_t row) { return static_cast<std::int64_t>(static_cast<const T*>(column.values)[row]); }

std::int64_t raw_element(const Column& column, std::size_t row) {
    switch (column.element) {
        case Element::Int8: return element<std::int8_t>(column, row);
        case Element::UInt8: return element<std::uint8_t>(column, row);
        case Element::Int16: return element<std::int16_t>(column, row);
        case Element::UInt16: return element<std::uint16_t>(column, row);
        case Element::Int32: return element<std::int32_t>(column, row);
        case Element::UInt32: return element<std::uint32_t>(column, row);
        case Element::Int64: return element<std::int64_t>(column, row);
        case Element::Bit: return Bits{static_cast<const std::uint8_t*>(column.values), column.first_bit}.at(row);
    }
    return 0;
}

std::int64_t known_value(const Column& column, std::size_t row) {
    const std::int64_t raw = raw_element(column, column.constant ? 0 : row);
    if (column.dictionary != nullptr) {
        // Of a row that is not known the index may be anything.
        const auto index = static_cast<std::uint64_t>(raw);
        return index < column.dictionary_size ? column.dictionary[index] : 0;
    }
    return domain::multiply(raw, column.multiplier);
}

bool has_constant_default(const InputSource& source) { return source.fact->default_kind == bytecode::DefaultKind::Constant; }

// What is left to a fact that is not known.
Interval<std::int64_t> declared(const InputSource& source, const Lanes& low_bound, const Lanes& high_bound, std::size_t lane) {
    Interval<std::int64_t> range{source.fact->low, source.fact->high};
    if (low_bound.low != nullptr) range.low = domain::maximum(range.low, static_cast<const std::int64_t*>(low_bound.low)[lane]);
    if (high_bound.high != nullptr) range.high = domain::minimum(range.high, static_cast<const std::int64_t*>(high_bound.high)[lane]);
    return range.low <= range.high ? range : Interval<std::int64_t>{source.fact->low, source.fact->high};
}

// The value of a row that is not known.
Interval<std::int64_t> open_value(const Column* column, const InputSource& source, std::size_t row, Interval<std::int64_t> range) {
    switch (state_of(column, row)) {
        case State::Known: {
            const std::int64_t value = known_value(*column, row);
            return {value, value};
        }
        case State::Range: {
            const Interval<std::int64_t> given{column->low[row], column->high[row]};
            const Interval<std::int64_t> both{domain::maximum(given.low, range.low), domain::minimum(given.high, range.high)};
            return both.low <= both.high ? both : given;
        }
        case State::Absent:
            if (has_constant_default(source)) return {source.fact->default_value, source.fact->default_value};
            break;
        case State::Unknown: break;
    }
    return range;
}

const Column* column_in(const View& view, std::int32_t year) {
    for (const auto& [of, column] : view.years)
        if (of == year) return column;
    return view.other_years;
}

const Column* column_of_lane(const View& view, const InputSource& source, const LevelLanes& lanes, std::size_t lane) {
    return view.by_year ? column_in(view, lanes.years[lane] + source.year_offset) : view.column;
}

std::size_t row_of(const LevelLanes& lanes, std::size_t lane) { return lanes.rows.empty() ? lanes.first + lane : static_cast<std::size_t>(lanes.rows[lane]); }
bool is_any(const LevelLanes& lanes, std::size_t lane) { return !lanes.any.empty() && lanes.any[lane] != 0; }

void copy_values(const Column& column, std::size_t first, std::size_t count, std::int64_t* to) {
    if (column.constant || column.dictionary != nullptr) {
        for (std::size_t i = 0; i < count; ++i) to[i] = known_value(column, first + i);
        return;
    }
    const auto widen = [&]<class T>(void (*kernel)(const T*, std::size_t, std::int64_t, std::int64_t*)) { kernel(static_cast<const T*>(column.values) + first, count, column.multiplier, to); };
    switch (column.element) {
        case Element::Int8: return widen(kernels().widen_i8);
        case Element::UInt8: return widen(kernels().widen_u8);
        case Element::Int16: return widen(kernels().widen_i16);
        case Element::UInt16: return widen(kernels().widen_u16);
        case Element::Int32: return widen(kernels().widen_i32);
        case Element::UInt32: return widen(kernels().widen_u32);
        case Element::Int64:
        case Element::Bit:
            for (std::size_t i = 0; i < count; ++i) to[i] = known_value(column, first + i);
            return;
    }
}

// Visits the rows that are not known.
template <class Visit>
void each_open(const Column& column, std::size_t first, std::size_t count, Visit visit) {
    if (!column.known.exists()) return;
    for (std::size_t at = 0; at < count; at += 64) {
        const std::size_t lanes = std::min<std::size_t>(64, count - at);
        for (std::uint64_t open = ~bits_from(column.known, first + at, lanes) & lanes_of_word(lanes); open != 0; open &= open - 1)
            visit(at + static_cast<std::size_t>(std::countr_zero(open)));
    }
}

// Lane by lane: elements of lists, and rows with fiscal years of their own.
void read_lane_by_lane(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result, const Lanes& low_bound, const Lanes& high_bound) {
    auto* const low = static_cast<std::int64_t*>(result.low);
    auto* const high = static_cast<std::int64_t*>(result.high);
    for (std::size_t lane = 0; lane < lanes.count; ++lane) {
        const Interval<std::int64_t> value = is_any(lanes, lane)
                                                 ? Interval<std::int64_t>{source.fact->low, source.fact->high}
                                                 : open_value(column_of_lane(view, source, lanes, lane), source, row_of(lanes, lane), declared(source, low_bound, high_bound, lane));
        low[lane] = value.low;
        high[lane] = value.high;
    }
}

bool any_bit(const Bits& bits, std::size_t first, std::size_t count) {
    for (std::size_t at = 0; at < count; at += 64)
        if (bits_from(bits, first + at, std::min<std::size_t>(64, count - at)) != 0) return true;
    return false;
}
bool all_bits(const Bits& bits, std::size_t first, std::size_t count) {
    for (std::size_t at = 0; at < count; at += 64) {
        const std::size_t lanes = std::min<std::size_t>(64, count - at);
        if (bits_from(bits, first + at, lanes) != lanes_of_word(lanes)) return false;
    }
    return true;
}

// Words of a bitmap; whole bytes are copied.
void copy_bits(const Bits& bits, std::size_t row, std::size_t count, std::uint64_t* to) {
    std::size_t at = 0;
    if (std::endian::native == std::endian::little && (bits.offset + row) % 8 == 0) {
        at = count / 64 * 64;
        const std::uint8_t* const from = bits.bytes + (bits.offset + row) / 8;
        // What the next block will read, as kernels do with columns.
        for (std::size_t byte = 0; byte < at / 8; byte += 64) __builtin_prefetch(from + at / 8 + byte, 0, 2);
        std::memcpy(to, from, at / 8);
    }
    for (; at < count; at += 64) to[at / 64] = bits_from(bits, row + at, std::min<std::size_t>(64, count - at));
}

Openness openness_of(const Column* column, const InputSource& source, std::size_t first, std::size_t count) {
    if (column == nullptr) return has_constant_default(source) ? Openness::Defaulted : Openness::Plain;
    if (column->values != nullptr && (!column->known.exists() || all_bits(column->known, first, count))) return Openness::AllKnown;
    const bool ranged = column->ranged.exists() && any_bit(column->ranged, first, count);
    if (has_constant_default(source)) return ranged || (column->unknown.exists() && any_bit(column->unknown, first, count)) ? Openness::Complex : Openness::Defaulted;
    return ranged || source.low_bound != no_input || source.high_bound != no_input ? Openness::Complex : Openness::Plain;
}

}  // namespace

Interval<std::int64_t> range_of(Element element) {
    switch (element) {
        case Element::Int8: return {INT8_MIN, INT8_MAX};
        case Element::UInt8: return {0, UINT8_MAX};
        case Element::Int16: return {INT16_MIN, INT16_MAX};
        case Element::UInt16: return {0, UINT16_MAX};
        case Element::Int32: return {INT32_MIN, INT32_MAX};
        case Element::UInt32: return {0, UINT32_MAX};
        case Element::Int64: break;
        case Element::Bit: return {0, 1};
    }
    return {INT64_MIN, INT64_MAX};
}

void find_nothing(View& view, const InputSource& source, bool by_row) {
    view.column = view.other_years = nullptr;
    view.years.clear();
    view.by_year = by_row && source.yearly;
}

void offer_column(View& view, const InputSource& source, const BatchColumn& column, std::int32_t fiscal_year) {
    if (column.year == any_year) view.other_years = &column.data;
    else if (view.by_year) view.years.emplace_back(column.year, &column.data);
    else if (column.year == fiscal_year + source.year_offset) view.column = &column.data;
}

void settle_columns(View& view) {
    if (!view.by_year && view.column == nullptr) view.column = view.other_years;
}

Openness openness_of(const View& view, const InputSource& source, std::size_t first, std::size_t count) {
    if (!view.by_year) return openness_of(view.column, source, first, count);
    // A row may ask for any of the years, or for one that has no column.
    bool exact = is_exact(openness_of(view.other_years, source, first, count));
    for (const auto& [year, column] : view.years) exact = exact && is_exact(openness_of(column, source, first, count));
    return exact ? Openness::Defaulted : Openness::Complex;
}

bool is_in_place(const View& view, const InputSource& source) {
    return source.level == 0 && !view.by_year && view.column != nullptr && view.column->values != nullptr && !view.column->constant && view.column->element != Element::Bit;
}

void read_raw(const View& view, const LevelLanes& lanes, std::int64_t* to) {
    if (lanes.rows.empty()) return copy_values(*view.column, lanes.first, lanes.count, to);
    const Column& column = *view.column;
    const auto gather = [&]<class T>(const T* from) {
        constexpr std::size_t ahead = 24;  // rows: as many lie on lines of their own
        for (std::size_t i = 0; i < lanes.count; ++i) {
            if (i + ahead < lanes.count) __builtin_prefetch(from + lanes.rows[i + ahead]);
            to[i] = domain::multiply(static_cast<std::int64_t>(from[lanes.rows[i]]), column.multiplier);
        }
    };
    if (column.dictionary == nullptr) {
        if (column.element == Element::Int64 && column.multiplier == 1) return kernels().gather(static_cast<const std::int64_t*>(column.values) + lanes.first, lanes.parent.data(), lanes.count, to);
        switch (column.element) {
            case Element::Int8: return gather(static_cast<const std::int8_t*>(column.values));
            case Element::UInt8: return gather(static_cast<const std::uint8_t*>(column.values));
            case Element::Int16: return gather(static_cast<const std::int16_t*>(column.values));
            case Element::UInt16: return gather(static_cast<const std::uint16_t*>(column.values));
            case Element::Int32: return gather(static_cast<const std::int32_t*>(column.values));
            case Element::UInt32: return gather(static_cast<const std::uint32_t*>(column.values));
            case Element::Int64: return gather(static_cast<const std::int64_t*>(column.values));
            case Element::Bit: break;
        }
    }
    for (std::size_t i = 0; i < lanes.count; ++i) to[i] = known_value(*view.column, static_cast<std::size_t>(lanes.rows[i]));
}

void read_known(const View& view, const LevelLanes& lanes, std::uint64_t* to) {
    const Bits& known = view.column->known;
    if (!known.exists()) {
        std::fill_n(to, (lanes.count + 63) / 64, ~std::uint64_t{0});
    } else if (lanes.rows.empty()) {
        copy_bits(known, lanes.first, lanes.count, to);
    } else {
        std::uint64_t all[65'536 / 64];
        copy_bits(known, lanes.first, lanes.among, all);
        kernels().extract(all, lanes.chosen.data(), lanes.chosen.size(), to);
    }
}

void read_value(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result, const Lanes& low_bound, const Lanes& high_bound) {
    if (view.by_year || !lanes.rows.empty()) return read_lane_by_lane(view, source, lanes, result, low_bound, high_bound);
    auto* const low = static_cast<std::int64_t*>(result.low);
    auto* const high = static_cast<std::int64_t*>(result.high);
    const Column* const column = view.column;
    if (column == nullptr || column->values == nullptr) return read_lane_by_lane(view, source, lanes, result, low_bound, high_bound);
    copy_values(*column, lanes.first, lanes.count, low);
    if (!result.exact()) std::copy_n(low, lanes.count, high);
    each_open(*column, lanes.first, lanes.count, [&](std::size_t lane) {
        const Interval<std::int64_t> value = open_value(column, source, lanes.first + lane, declared(source, low_bound, high_bound, lane));
        low[lane] = value.low;
        high[lane] = value.high;
    });
}

void read_truth(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result) {
    auto* const sure = static_cast<std::uint64_t*>(result.low);
    auto* const may = static_cast<std::uint64_t*>(result.high);
    const Column* const column = view.column;
    const bool in_place = !view.by_year && lanes.rows.empty() && column != nullptr && column->values != nullptr && column->element == Element::Bit && !column->constant;
    if (in_place && !column->known.exists()) {
        copy_bits({static_cast<const std::uint8_t*>(column->values), column->first_bit}, lanes.first, lanes.count, sure);
        if (!result.exact()) std::memcpy(may, sure, (lanes.count + 63) / 64 * sizeof(std::uint64_t));
        return;
    }
    for (std::size_t at = 0; at < lanes.count; at += 64) {
        const std::size_t count = std::min<std::size_t>(64, lanes.count - at);
        std::uint64_t certainly = 0, possibly = 0, open = lanes_of_word(count);
        if (in_place) {
            const std::uint64_t known = column->known.exists() ? bits_from(column->known, lanes.first + at, count) : open;
            certainly = possibly = bits_from({static_cast<const std::uint8_t*>(column->values), column->first_bit}, lanes.first + at, count) & known;
            open &= ~known;
        }
        for (; open != 0; open &= open - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(open));
            const std::size_t lane = at + bit;
            const Interval<std::int64_t> range{source.fact->low, source.fact->high};
            const Interval<std::int64_t> value = is_any(lanes, lane) ? range : open_value(column_of_lane(view, source, lanes, lane), source, row_of(lanes, lane), range);
            certainly |= static_cast<std::uint64_t>(value.low != 0) << bit;
            possibly |= static_cast<std::uint64_t>(value.high != 0) << bit;
        }
        sure[at / 64] = certainly;
        may[at / 64] = possibly;
    }
}

void read_given(const View& view, const InputSource& source, const LevelLanes& lanes, const Lanes& result) {
    auto* const words = static_cast<std::uint64_t*>(result.low);
    for (std::size_t at = 0; at < lanes.count; at += 64) {
        const std::size_t count = std::min<std::size_t>(64, lanes.count - at);
        std::uint64_t given = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t lane = at + i;
            const bool said = is_any(lanes, lane) || has_constant_default(source) ||
                              state_of(column_of_lane(view, source, lanes, lane), row_of(lanes, lane)) != State::Absent;
            given |= static_cast<std::uint64_t>(said) << i;
        }
        words[at / 64] = given;
    }
}

}  // namespace eligo::columnar
