#include "batches.hpp"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

namespace eligo::oracle {
namespace {

using bytecode::Index;
using columnar::Element;

// The columns of a record by the keys that profiles use, "company.employees"; yearly ones without their year.
std::map<std::string, Index> columns_by_key(const bytecode::Pack& pack, Index subject) {
    std::map<std::string, Index> found;
    for (Index i = 0; i < pack.subjects[subject].columns.size(); ++i) found[pack.string(pack.subjects[subject].columns[i].name)] = i;
    return found;
}

const bytecode::Fact& fact_of(const bytecode::Pack& pack, Index subject, Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()];
}

template <class T>
bool fits(std::int64_t low, std::int64_t high) { return low >= std::numeric_limits<T>::min() && high <= static_cast<std::int64_t>(std::numeric_limits<T>::max()); }

}  // namespace

Batches::Batches(const sema::Model& model, const bytecode::Pack& pack, Index subject, const std::vector<const Profile*>& profiles, Layout layout, std::uint32_t seed)
    : model_(model), pack_(pack), layout_(layout), random_(seed) {
    std::vector<const Record*> records;
    for (const Profile* profile : profiles) {
        records.push_back(&profile->facts);
        fiscal_years_.push_back(*profile->fiscal_year);
    }
    batch_.fiscal_years = fiscal_years_.data();
    add_columns(batch_, subject, profiles.front()->subject, records);
    add_lists(batch_, subject, profiles.front()->subject, records);
}

void Batches::add_columns(columnar::Batch& batch, Index subject, sema::Id, const std::vector<const Record*>& records) {
    batch.subject = subject;
    batch.rows = records.size();
    const auto columns = columns_by_key(pack_, subject);
    std::set<std::string> keys;
    for (const Record* record : records)
        for (const auto& [key, scalar] : record->scalars) keys.insert(key);
    for (const std::string& key : keys) {
        auto found = columns.find(key);
        std::int32_t year = columnar::any_year;
        if (found == columns.end()) {
            found = columns.find(key.substr(0, key.rfind('.')));
            year = std::stoi(key.substr(key.rfind('.') + 1));
        }
        const bytecode::Fact& fact = fact_of(pack_, subject, found->second);
        std::vector<Cell> cells;
        for (const Record* record : records) {
            const auto at = record->scalars.find(key);
            cells.push_back(at == record->scalars.end() ? Cell{} : cell_of(fact, at->second));
        }
        batch.columns.push_back({found->second, year, column_of(fact, cells)});
    }
    std::shuffle(batch.columns.begin(), batch.columns.end(), random_);
}

void Batches::add_lists(columnar::Batch& batch, Index subject, sema::Id, const std::vector<const Record*>& records) {
    std::set<std::string> keys;
    for (const Record* record : records)
        for (const auto& [key, list] : record->lists) keys.insert(key);
    for (const std::string& key : keys) {
        const Index column = columns_by_key(pack_, subject).at(key);
        const Index element = fact_of(pack_, subject, column).ref;
        std::vector<const Record*> elements;
        std::vector<std::int64_t> offsets;
        std::vector<bool> known;
        // Elements before the first row's, which are nobody's.
        for (std::uint32_t i = layout_ == Layout::Mixed ? below(3) : 0; i > 0; --i) elements.push_back(rubbish_.emplace_back(std::make_unique<Record>()).get());
        offsets.push_back(static_cast<std::int64_t>(elements.size()));
        for (const Record* record : records) {
            const auto at = record->lists.find(key);
            known.push_back(at != record->lists.end() && at->second.known);
            if (known.back())
                for (const Record& one : at->second.elements) elements.push_back(&one);
            offsets.push_back(static_cast<std::int64_t>(elements.size()));
        }
        columnar::ListColumn list;
        list.column = column;
        auto& made = elements_.emplace_back(std::make_unique<columnar::Batch>());
        add_columns(*made, element, 0, elements);
        list.elements = made.get();
        if (by_chance(2)) {
            auto& bytes = keep(offsets.size() * 8);
            std::memcpy(bytes.data(), offsets.data(), bytes.size());
            list.long_offsets = reinterpret_cast<const std::int64_t*>(bytes.data());
        } else {
            auto& bytes = keep(offsets.size() * 4);
            for (std::size_t i = 0; i < offsets.size(); ++i) reinterpret_cast<std::int32_t*>(bytes.data())[i] = static_cast<std::int32_t>(offsets[i]);
            list.offsets = reinterpret_cast<const std::int32_t*>(bytes.data());
        }
        if (std::find(known.begin(), known.end(), false) != known.end()) list.known = bits_of(known);
        batch.lists.push_back(list);
    }
}

Batches::Cell Batches::cell_of(const bytecode::Fact& fact, const Scalar& scalar) {
    Cell cell{scalar.state};
    const auto units = [&](const Number& number) {
        if (fact.kind == bytecode::Kind::Text) {
            const auto found = std::find_if(pack_.texts.begin(), pack_.texts.end(), [&](Index text) { return pack_.string(text) == scalar.text; });
            if (found != pack_.texts.end()) return static_cast<std::int64_t>(found - pack_.texts.begin());
            // Not there: beyond them all, and each its own number, since facts are compared with each other too.
            const auto own = std::find(other_texts_.begin(), other_texts_.end(), scalar.text) - other_texts_.begin();
            if (static_cast<std::size_t>(own) == other_texts_.size()) other_texts_.push_back(scalar.text);
            return static_cast<std::int64_t>(pack_.texts.size()) + own;
        }
        return static_cast<std::int64_t>((number * Number(fact.unit.denominator, fact.unit.numerator)).numerator());
    };
    if (scalar.state == Scalar::State::Known) cell.low = cell.high = units(scalar.low);
    if (scalar.state == Scalar::State::Range) {
        cell.low = units(scalar.low);
        cell.high = units(scalar.high);
    }
    return cell;
}

columnar::Column Batches::column_of(const bytecode::Fact& fact, const std::vector<Cell>& cells) {
    columnar::Column column;
    std::vector<bool> known, ranged, unknown;
    std::vector<std::int64_t> values;
    auto& low = keep(cells.size() * 8);
    auto& high = keep(cells.size() * 8);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const Cell& cell = cells[i];
        known.push_back(cell.state == Scalar::State::Known);
        ranged.push_back(cell.state == Scalar::State::Range);
        unknown.push_back(cell.state == Scalar::State::Unknown);
        // A row that says nothing may hold anything.
        values.push_back(known.back() ? cell.low : static_cast<std::int64_t>(random_()) % 100);
        reinterpret_cast<std::int64_t*>(low.data())[i] = ranged.back() ? cell.low : -77;
        reinterpret_cast<std::int64_t*>(high.data())[i] = ranged.back() ? cell.high : -78;
    }
    const auto has = [](const std::vector<bool>& bits, bool bit) { return std::find(bits.begin(), bits.end(), bit) != bits.end(); };
    column.low = reinterpret_cast<const std::int64_t*>(low.data());
    column.high = reinterpret_cast<const std::int64_t*>(high.data());
    if (has(ranged, true) || by_chance(4)) column.ranged = bits_of(ranged);
    if (has(unknown, true) || by_chance(4)) column.unknown = bits_of(unknown);
    if (!has(known, true) && by_chance(2)) return column;  // no values at all
    if (has(known, false) || by_chance(4)) column.known = bits_of(known);
    store(column, fact, std::move(values), known);
    return column;
}

void Batches::store(columnar::Column& column, const bytecode::Fact& fact, std::vector<std::int64_t> values, const std::vector<bool>& known) {
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), greatest = std::numeric_limits<std::int64_t>::min();
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!known[i]) continue;
        least = std::min(least, values[i]);
        greatest = std::max(greatest, values[i]);
    }
    if (least <= greatest && layout_ != Layout::Plain && !by_chance(2)) {
        column.bounded = true;
        column.least = least;
        column.greatest = greatest;
    }
    if (least == greatest && by_chance(2)) {
        column.constant = true;
        values.assign(1, least);
    } else if (fact.kind == bytecode::Kind::Bool && !by_chance(3)) {
        std::vector<bool> bits;
        for (const std::int64_t value : values) bits.push_back(value != 0);
        const columnar::Bits stored = bits_of(bits);
        column.element = Element::Bit;
        column.values = stored.bytes;
        column.first_bit = stored.offset;
        return;
    } else if (by_chance(4)) {
        store_dictionary(column, values, known);
    } else if (layout_ != Layout::Plain) {
        for (const std::int64_t multiplier : {1'000'000, 100, 10})
            if (column.multiplier == 1 && std::all_of(values.begin(), values.end(), [&](std::int64_t value) { return value % multiplier == 0; })) {
                column.multiplier = multiplier;
                for (std::int64_t& value : values) value /= multiplier;
            }
    }
    store_elements(column, values);
}

void Batches::store_dictionary(columnar::Column& column, std::vector<std::int64_t>& values, const std::vector<bool>& known) {
    std::set<std::int64_t> entries;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (known[i]) entries.insert(values[i]);
    auto& bytes = keep(entries.size() * 8);
    std::size_t number = 0;
    std::map<std::int64_t, std::int64_t> index;
    for (const std::int64_t entry : entries) {
        reinterpret_cast<std::int64_t*>(bytes.data())[number] = entry;
        index[entry] = static_cast<std::int64_t>(number++);
    }
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = known[i] ? index.at(values[i]) : static_cast<std::int64_t>(entries.size() + below(100));
    column.dictionary = reinterpret_cast<const std::int64_t*>(bytes.data());
    column.dictionary_size = entries.size();
}

void Batches::store_elements(columnar::Column& column, const std::vector<std::int64_t>& values) {
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    std::vector<Element> possible{Element::Int64};
    if (layout_ != Layout::Plain) {
        if (fits<std::int32_t>(*least, *greatest)) possible.push_back(Element::Int32);
        if (fits<std::uint32_t>(*least, *greatest)) possible.push_back(Element::UInt32);
        if (fits<std::int16_t>(*least, *greatest)) possible.push_back(Element::Int16);
        if (fits<std::uint16_t>(*least, *greatest)) possible.push_back(Element::UInt16);
        if (fits<std::int8_t>(*least, *greatest)) possible.push_back(Element::Int8);
        if (fits<std::uint8_t>(*least, *greatest)) possible.push_back(Element::UInt8);
    }
    column.element = layout_ == Layout::Mixed ? possible[below(static_cast<std::uint32_t>(possible.size()))] : possible.back();
    const auto copy = [&]<class T>(T) {
        auto& bytes = keep(values.size() * sizeof(T));
        for (std::size_t i = 0; i < values.size(); ++i) reinterpret_cast<T*>(bytes.data())[i] = static_cast<T>(values[i]);
        column.values = bytes.data();
    };
    switch (column.element) {
        case Element::Int8: copy(std::int8_t{}); break;
        case Element::UInt8: copy(std::uint8_t{}); break;
        case Element::Int16: copy(std::int16_t{}); break;
        case Element::UInt16: copy(std::uint16_t{}); break;
        case Element::Int32: copy(std::int32_t{}); break;
        case Element::UInt32: copy(std::uint32_t{}); break;
        case Element::Int64: copy(std::int64_t{}); break;
        case Element::Bit: break;
    }
}

columnar::Bits Batches::bits_of(const std::vector<bool>& bits) {
    const std::size_t offset = layout_ == Layout::Mixed ? below(70) : 0;
    auto& bytes = keep((offset + bits.size() + 7) / 8);
    for (std::size_t i = 0; i < offset; ++i)
        if (below(2) != 0) bytes[i / 8] |= std::byte{1} << (i % 8);
    for (std::size_t i = 0; i < bits.size(); ++i)
        if (bits[i]) bytes[(offset + i) / 8] |= std::byte{1} << ((offset + i) % 8);
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), offset};
}

std::vector<std::byte>& Batches::keep(std::size_t bytes) { return *kept_.emplace_back(std::make_unique<std::vector<std::byte>>(bytes)); }

}  // namespace eligo::oracle
