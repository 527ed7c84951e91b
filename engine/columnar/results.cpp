// What vm/checker.cpp does for one company, for 64 at a time. Tested by tests/engines/columnar.cpp.
#include "results.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "bits.hpp"
#include "kernels/kernels.hpp"

namespace eligo::columnar {
namespace {

using Words = const std::uint64_t*;

Words sure(const Lanes& lanes) { return static_cast<Words>(lanes.low); }
Words may(const Lanes& lanes) { return static_cast<Words>(lanes.high); }

// Bits 0 .. 7 as eight bytes of 0 or 1, bit 0 lowest.
std::uint64_t spread(std::uint64_t bits) {
    std::uint64_t bytes = bits & 0xFF;
    bytes = (bytes | bytes << 28) & 0x0000000F0000000FULL;
    bytes = (bytes | bytes << 14) & 0x0003000300030003ULL;
    return (bytes | bytes << 7) & 0x0101010101010101ULL;
}
// The lowest bit first, on any machine.
void put_bytes(std::uint64_t bytes, std::size_t count, void* to) {
    if constexpr (std::endian::native != std::endian::little) bytes = __builtin_bswap64(bytes);
    std::memcpy(to, &bytes, count);
}

// A byte a row: `one` + 2 * `two`, where `mask`; other rows are left alone.
void put_codes(std::uint64_t one, std::uint64_t two, std::uint64_t mask, std::size_t lanes, std::uint8_t* to) {
    if (mask == lanes_of_word(lanes)) {
        for (std::size_t i = 0; i < lanes; i += 8) put_bytes(spread(one >> i) + 2 * spread(two >> i), std::min<std::size_t>(8, lanes - i), to + i);
        return;
    }
    for (; mask != 0; mask &= mask - 1) {
        const int lane = std::countr_zero(mask);
        to[lane] = static_cast<std::uint8_t>((one >> lane & 1) + 2 * (two >> lane & 1));
    }
}

template <class T>
T amount_at(const Lanes& lanes, bool high, Form form, std::size_t lane) {
    const void* const memory = high ? lanes.high : lanes.low;
    if (form == Form::Truth) return static_cast<T>(static_cast<Words>(memory)[lane / 64] >> (lane % 64) & 1);
    if (form == Form::Wide) return static_cast<T>(static_cast<const Int128*>(memory)[lane]);
    return static_cast<T>(static_cast<const std::int64_t*>(memory)[lane]);
}

// The amounts of the rows in `mask`, 0 for those of them that have none.
template <class T>
void put_amounts(const Lanes& lanes, bool high, Form form, std::int64_t factor, std::uint64_t mask, std::uint64_t given, std::size_t first, std::size_t count, T* to) {
    for (std::size_t i = 0; i < count; ++i) {
        if ((mask >> i & 1) == 0) continue;
        to[i] = (given >> i & 1) != 0 ? static_cast<T>(amount_at<T>(lanes, high, form, first + i) * factor) : T{0};
    }
}

constexpr std::size_t most_words = 65'536 / 64;  // of a block

class Writer {
public:
    Writer(const Plan& plan, const Specialisation& made, std::size_t count, std::size_t at, bool past_cache)
        : code_(plan.code()), made_(made), count_(count), at_(at), past_cache_(past_cache) {}

    void write(std::size_t policy, const PolicyOutput& output) {
        const auto& versions = code_.roots[policy];
        if (versions.size() == 1 && is_always(versions.front().in_force)) {
            write_whole(versions.front(), output);
        } else {
            for (std::size_t first = 0; first < count_; first += 64) {
                const std::size_t lanes = std::min<std::size_t>(64, count_ - first);
                std::uint64_t undecided = lanes_of_word(lanes);
                for (std::uint32_t version = 0; version < versions.size() && undecided != 0; ++version)
                    undecided &= ~write_version(versions[version], version, undecided, first, lanes, output);
                write_nothing(undecided, first, lanes, output);
            }
        }
        for (const ClauseOutput& clause : output.clauses) write_clause(versions, clause);
    }

private:
    [[nodiscard]] bool is_always(NodeId id) const { return code_.nodes[id].constant && code_.nodes[id].low == 1; }

    // The one version is in force for every row: a word at a time, by kernels, and no row is looked at twice.
    void write_whole(const VersionRoots& roots, const PolicyOutput& output) const {
        const std::size_t words = (count_ + 63) / 64;
        const Lanes holds = made_.roots[roots.verdict];
        if (output.verdicts != nullptr)
            (past_cache_ ? kernels_.put_verdicts : kernels_.verdicts)(sure(holds), may(holds), count_, reinterpret_cast<std::uint8_t*>(output.verdicts) + at_);
        if (output.versions != nullptr) std::fill_n(output.versions + at_, count_, std::uint16_t{0});
        for (const auto& benefit : roots.benefits) {
            if (benefit.column >= output.amounts.size()) continue;
            std::uint64_t given[most_words], possible[most_words];
            for (std::size_t i = 0; i < words; ++i) {
                given[i] = benefit.always ? ~std::uint64_t{0} : sure(holds)[i];
                possible[i] = benefit.always ? ~std::uint64_t{0} : may(holds)[i];
                if (benefit.when == no_node) continue;
                given[i] &= sure(made_.roots[benefit.when])[i];
                possible[i] &= may(made_.roots[benefit.when])[i];
            }
            write_whole_amount(benefit, output.amounts[benefit.column], given, possible);
        }
    }

    void write_whole_amount(const VersionRoots::Benefit& benefit, const AmountOutput& output, const std::uint64_t* given, const std::uint64_t* possible) const {
        const Lanes amounts = made_.roots[benefit.value];
        AmountOutput rest = output;
        if (made_.forms[benefit.value] == Form::Number && benefit.factor == 1) {
            const auto put = [&](const void* from, std::int64_t* to) {
                if (to == nullptr) return;
                if (past_cache_) kernels_.put_amounts(possible, static_cast<const std::int64_t*>(from), count_, to + at_);
                else kernels_.select(possible, static_cast<const std::int64_t*>(from), 0, nullptr, 0, count_, to + at_);
            };
            put(amounts.low, output.low);
            put(amounts.high, output.high);
            rest.low = rest.high = nullptr;
        }
        for (std::size_t first = 0; first < count_; first += 64) {
            if (rest.low == nullptr && rest.high == nullptr && rest.wide_low == nullptr && rest.wide_high == nullptr && rest.given == nullptr) return;
            const std::size_t lanes = std::min<std::size_t>(64, count_ - first);
            const std::uint64_t rows = lanes_of_word(lanes);
            write_amount(benefit, rest, rows, given[first / 64] & rows, possible[first / 64] & rows, first, lanes);
        }
    }

    // The rows that the version decides: it is in force, or may be.
    std::uint64_t write_version(const VersionRoots& roots, std::uint32_t number, std::uint64_t undecided, std::size_t first, std::size_t lanes, const PolicyOutput& output) const {
        const std::size_t word = first / 64;
        const Lanes in_force = made_.roots[roots.in_force], holds = made_.roots[roots.verdict];
        const std::uint64_t rows = undecided & may(in_force)[word];
        if (rows == 0) return 0;
        const std::uint64_t certain = sure(in_force)[word];
        const std::uint64_t eligible = rows & certain & sure(holds)[word], ineligible = rows & certain & ~may(holds)[word];
        const std::uint64_t open = rows & ~eligible & ~ineligible;
        if (output.verdicts != nullptr) put_codes(ineligible, open, rows, lanes, reinterpret_cast<std::uint8_t*>(output.verdicts) + at_ + first);
        if (output.versions != nullptr)
            for (std::size_t i = 0; i < lanes; ++i)
                if ((rows >> i & 1) != 0) output.versions[at_ + first + i] = static_cast<std::uint16_t>(number);
        for (const auto& benefit : roots.benefits) {
            if (benefit.column >= output.amounts.size()) continue;
            // Nothing comes of a failed clause, also where it is open whether the policy is in force.
            std::uint64_t given = benefit.always ? rows & certain : eligible, possible = benefit.always ? rows : rows & may(holds)[word];
            if (benefit.when != no_node) {
                given &= sure(made_.roots[benefit.when])[word];
                possible &= may(made_.roots[benefit.when])[word];
            }
            write_amount(benefit, output.amounts[benefit.column], rows, given, possible, first, lanes);
        }
        // A benefit that another version has and this one has not.
        for (std::size_t i = 0; i < output.amounts.size(); ++i)
            if (std::none_of(roots.benefits.begin(), roots.benefits.end(), [&](const auto& benefit) { return benefit.column == i; })) write_no_amount(output.amounts[i], rows, first, lanes);
        return rows;
    }

    void write_amount(const VersionRoots::Benefit& benefit, const AmountOutput& output, std::uint64_t rows, std::uint64_t given, std::uint64_t possible, std::size_t first, std::size_t lanes) const {
        const Lanes amounts = made_.roots[benefit.value];
        const Form form = made_.forms[benefit.value];
        const std::size_t at = at_ + first;
        if (output.low != nullptr) put_amounts<std::int64_t>(amounts, false, form, benefit.factor, rows, possible, first, lanes, output.low + at);
        if (output.high != nullptr) put_amounts<std::int64_t>(amounts, true, form, benefit.factor, rows, possible, first, lanes, output.high + at);
        if (output.wide_low != nullptr) put_amounts<Int128>(amounts, false, form, benefit.factor, rows, possible, first, lanes, output.wide_low + at);
        if (output.wide_high != nullptr) put_amounts<Int128>(amounts, true, form, benefit.factor, rows, possible, first, lanes, output.wide_high + at);
        if (output.given != nullptr) put_codes(possible & ~given, given, rows, lanes, reinterpret_cast<std::uint8_t*>(output.given) + at);
    }

    void write_no_amount(const AmountOutput& output, std::uint64_t rows, std::size_t first, std::size_t lanes) const {
        for (std::size_t i = 0; i < lanes; ++i) {
            if ((rows >> i & 1) == 0) continue;
            const std::size_t at = at_ + first + i;
            if (output.low != nullptr) output.low[at] = 0;
            if (output.high != nullptr) output.high[at] = 0;
            if (output.wide_low != nullptr) output.wide_low[at] = 0;
            if (output.wide_high != nullptr) output.wide_high[at] = 0;
            if (output.given != nullptr) output.given[at] = Given::No;
        }
    }

    // Rows that no version decides.
    void write_nothing(std::uint64_t rows, std::size_t first, std::size_t lanes, const PolicyOutput& output) const {
        if (rows == 0) return;
        if (output.verdicts != nullptr) put_codes(rows, rows, rows, lanes, reinterpret_cast<std::uint8_t*>(output.verdicts) + at_ + first);
        if (output.versions != nullptr)
            for (std::size_t i = 0; i < lanes; ++i)
                if ((rows >> i & 1) != 0) output.versions[at_ + first + i] = 0;
        for (const AmountOutput& amounts : output.amounts) write_no_amount(amounts, rows, first, lanes);
    }

    void write_clause(const std::vector<VersionRoots>& versions, const ClauseOutput& output) const {
        if (output.version >= versions.size() || output.clause >= versions[output.version].clauses.size()) return;
        const Lanes outcome = made_.roots[versions[output.version].clauses[output.clause]];
        copy_bits(sure(outcome), output.certainly);
        copy_bits(may(outcome), output.possibly);
    }
    // Blocks begin at whole words.
    void copy_bits(Words from, std::uint64_t* to) const {
        if (to == nullptr) return;
        for (std::size_t first = 0; first < count_; first += 64) to[(at_ + first) / 64] = from[first / 64] & lanes_of_word(std::min<std::size_t>(64, count_ - first));
    }

    const Plan::Code& code_;
    const Specialisation& made_;
    std::size_t count_, at_;
    bool past_cache_;
    const Kernels& kernels_ = kernels();
};

}  // namespace

void write_results(const Plan& plan, const Specialisation& made, std::size_t count, std::size_t at, const Output& output, bool past_cache) {
    Writer writer(plan, made, count, at, past_cache);
    for (std::size_t i = 0; i < output.policies.size() && i < plan.code().roots.size(); ++i) writer.write(i, output.policies[i]);
}

}  // namespace eligo::columnar
