#include "made_rows.hpp"

#include <algorithm>
#include <set>

#include "../../engine/value/code.hpp"
#include "../../engine/vm/profile_set.hpp"

namespace eligo::oracle {
namespace {

using bytecode::Index;
using bytecode::Kind;
using vm::Cell;
using vm::CellState;

const bytecode::Fact& leaf(const bytecode::Pack& pack, Index subject, Index column) {
    const auto& described = pack.subjects[subject].columns[column];
    return pack.subjects[described.subject].facts[described.fact()];
}

enum class Manner : std::uint8_t { Low, High, Chance, Ranges, Open, Mixed };

class Filler {
public:
    Filler(const bytecode::Pack& pack, Manner manner, std::uint64_t seed) : pack_(pack), manner_(manner), random_(seed) {}

    void fill(vm::Row& row, Index subject) {
        for (Index i = 0; i < pack_.subjects[subject].columns.size(); ++i) {
            const bytecode::Fact& fact = leaf(pack_, subject, i);
            if (fact.kind == Kind::List) {
                fill_list(row, i, fact);
                continue;
            }
            // What is said of all years but those that are listed.
            if (fact.yearly && manner_ != Manner::Low && below(4) == 0) row.set(i, {0, 0, CellState::Unknown});
            for (std::int32_t back = fact.yearly ? -1 : 0; back < (fact.yearly ? 5 : 1); ++back) {
                const Cell cell = cell_of(fact);
                if (cell.state != CellState::Absent) vm::put(pack_, subject, row, i, made_year - back, cell);
            }
        }
    }

private:
    std::uint64_t below(std::uint64_t count) { return random_() % count; }

    void fill_list(vm::Row& row, Index column, const bytecode::Fact& fact) {
        vm::List& list = row.list(column);
        const bool open = manner_ == Manner::Open || (manner_ == Manner::Mixed && below(3) == 0);
        list.state = open ? CellState::Unknown : CellState::Known;
        if (open) return;
        const std::size_t count = std::min<std::size_t>(fact.up_to, manner_ == Manner::Low ? 1 : below(4));
        for (std::size_t i = 0; i < count; ++i) {
            list.rows.emplace_back(pack_, fact.ref);
            fill(list.rows.back(), fact.ref);
        }
    }

    std::int64_t value_of(const bytecode::Fact& fact) {
        // A text that the pack does not name would have to stand in the profile.
        if (fact.kind == Kind::Text) return static_cast<std::int64_t>(below(pack_.texts.size()));
        if (manner_ == Manner::Low) return fact.low;
        if (manner_ == Manner::High) return fact.high;
        const auto size = static_cast<std::uint64_t>(fact.high) - static_cast<std::uint64_t>(fact.low);
        std::uint64_t step = random_() >> below(64);
        if (below(4) == 0) step = size - std::min(size, below(3));
        if (size != ~std::uint64_t{0}) step %= size + 1;
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(fact.low) + step);
    }

    // Most numbers between two codes are none.
    static std::int64_t next_code(const bytecode::Fact& fact, std::int64_t value) {
        const auto exists = [&](std::int64_t number) { return !value::format_code(static_cast<value::Classification>(fact.ref), static_cast<std::int32_t>(number)).empty(); };
        while (value < fact.high && !exists(value)) ++value;
        while (!exists(value)) --value;
        return value;
    }

    Cell cell_of(const bytecode::Fact& fact) {
        const bool ordered = fact.kind == Kind::Number || fact.kind == Kind::Money || fact.kind == Kind::Date || fact.kind == Kind::Months || fact.kind == Kind::Days;
        const bool nameless = fact.kind == Kind::Text && pack_.texts.empty();
        const std::uint64_t chance = below(8);
        if (nameless || manner_ == Manner::Open || (manner_ == Manner::Mixed && chance < 2)) return {0, 0, CellState::Unknown};
        if (manner_ == Manner::Mixed && chance == 2) return {};
        const std::int64_t first = fact.kind == Kind::Code ? next_code(fact, value_of(fact)) : value_of(fact);
        if (!ordered || (manner_ != Manner::Ranges && !(manner_ == Manner::Mixed && chance == 3))) return {first, first, CellState::Known};
        const std::int64_t second = value_of(fact);
        if (first == second) return {first, first, CellState::Known};
        return {std::min(first, second), std::max(first, second), CellState::Range};
    }

    const bytecode::Pack& pack_;
    Manner manner_;
    std::mt19937_64 random_;
};

}  // namespace

std::vector<MadeRow> made_rows(const bytecode::Pack& pack, Index subject, std::uint64_t seed) {
    std::vector<MadeRow> rows;
    rows.push_back({vm::empty_profile(pack, subject), false});
    for (const Manner manner : {Manner::Low, Manner::High, Manner::Chance, Manner::Chance, Manner::Ranges, Manner::Open, Manner::Mixed, Manner::Mixed}) {
        MadeRow& made = rows.emplace_back(MadeRow{vm::empty_profile(pack, subject), manner == Manner::Low || manner == Manner::High || manner == Manner::Chance});
        Filler(pack, manner, seed * 16 + rows.size()).fill(made.profile.row, subject);
        made.profile.company_id = "c" + std::to_string(rows.size());
    }
    return rows;
}

// ---- columns

RowBatch::RowBatch(const bytecode::Pack& pack, Index subject, const std::vector<const vm::Row*>& rows) {
    batch_.subject = subject;
    batch_.rows = rows.size();
    for (Index i = 0; i < pack.subjects[subject].columns.size(); ++i) {
        const bytecode::Fact& fact = leaf(pack, subject, i);
        if (fact.kind == Kind::List) {
            add_list(pack, i, fact.ref, rows);
            continue;
        }
        std::set<std::int32_t> years{columnar::any_year};
        if (fact.yearly)
            for (const vm::Row* row : rows)
                for (const vm::YearCell& entry : row->years(i)) years.insert(entry.year);
        for (const std::int32_t year : years) {
            std::vector<Cell> cells;
            for (const vm::Row* row : rows) cells.push_back(year == columnar::any_year ? row->cell(i) : row->cell_in_year(i, year));
            add_column(i, year, cells);
        }
    }
}

columnar::Bits RowBatch::bits_of(const std::vector<Cell>& cells, CellState state) {
    std::vector<std::uint8_t>& bits = bits_.emplace_back(cells.size() / 8 + 9, 0);
    for (std::size_t i = 0; i < cells.size(); ++i)
        if (cells[i].state == state) bits[i / 8] = static_cast<std::uint8_t>(bits[i / 8] | (1U << (i % 8)));
    return {bits.data(), 0};
}

void RowBatch::add_column(Index column, std::int32_t year, const std::vector<Cell>& cells) {
    columnar::Column data;
    std::vector<std::int64_t>& low = numbers_.emplace_back();
    std::vector<std::int64_t>& high = numbers_.emplace_back();
    for (const Cell& cell : cells) {
        low.push_back(cell.low);
        high.push_back(cell.high);
    }
    data.values = data.low = low.data();
    data.high = high.data();
    if (!std::ranges::all_of(cells, [](const Cell& cell) { return cell.state == CellState::Known; })) data.known = bits_of(cells, CellState::Known);
    data.ranged = bits_of(cells, CellState::Range);
    data.unknown = bits_of(cells, CellState::Unknown);
    batch_.columns.push_back({column, year, data});
}

void RowBatch::add_list(const bytecode::Pack& pack, Index column, Index element, const std::vector<const vm::Row*>& rows) {
    std::vector<std::int64_t>& offsets = numbers_.emplace_back(1, 0);
    std::vector<Cell> states;
    std::vector<const vm::Row*> all;
    for (const vm::Row* row : rows) {
        for (const vm::Row& each : row->list(column).rows) all.push_back(&each);
        offsets.push_back(offsets.back() + static_cast<std::int64_t>(row->list(column).rows.size()));
        states.push_back({0, 0, row->list(column).state});
    }
    columnar::ListColumn list;
    list.column = column;
    list.long_offsets = offsets.data();
    list.known = bits_of(states, CellState::Known);
    list.elements = &elements_.emplace_back(std::make_unique<RowBatch>(pack, element, all))->batch();
    batch_.lists.push_back(list);
}

}  // namespace eligo::oracle
